from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from audiobook import cover
from audiobook.errors import EncodeError
from tests.recordings import book

TITLES = [
    "Dune",
    "Cinéma vérité: señor Ångström’s naïve œuvre, Čapek, í and ğ",
    "A very long title " * 17,
    "W" * 300,
    "word\nnext\tline",
    "Hello 😀 ❤️ World",
    "آخر الرجال في حلب",
    "",
    "   ",
    "& < > \" ' : / \\",
]


def opened(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    image.load()
    return image


def is_plain(picture: Image.Image) -> bool:
    """Whether all pixels have one colour, but for what JPEG does to it."""
    return all(max(band.tobytes()) - min(band.tobytes()) < 12 for band in picture.split())


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("title", TITLES)
def test_a_drawn_cover_is_what_directories_take(title: str) -> None:
    """A square RGB JPEG of 1400 px, for any title, of less than half a megabyte."""
    packed = cover.draw(title, title)
    picture = opened(packed)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (1400, 1400))
    assert len(packed) < 500_000


@pytest.mark.parametrize("title", TITLES)
def test_nothing_is_drawn_into_the_margins(title: str) -> None:
    """Title and author stay inside, however long: 100 px at each side are plain ground."""
    picture = opened(cover.draw(title, title))
    ground = picture.getpixel((5, 5))
    assert isinstance(ground, tuple)
    for box in [(0, 0, 100, 1400), (1300, 0, 1400, 1400), (0, 0, 1400, 80), (0, 1320, 1400, 1400)]:
        assert is_plain(picture.crop(box))


@pytest.mark.parametrize(("ground", "_bars"), cover.PALETTE)
@pytest.mark.parametrize("ink", [cover.INK, cover.QUIET_INK])
def test_letters_stand_out(ground: tuple[int, int, int], _bars: object, ink: tuple[int, int, int]) -> None:
    """Every pair of ink and ground has a contrast of at least 7:1 (WCAG 2.2, 1.4.6)."""
    assert (luminance(ink) + 0.05) / (luminance(ground) + 0.05) >= 7


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dune", "Dune"),
        ("Hello 😀 ❤️ World", "Hello World"),
        ("1984 – a review", "1984 - a review"),
        ("Straße", "Strasse"),
        ("a\u200bb\x00c", "abc"),
        ("حلب", ""),
        ("Dune 沙丘", ""),
        ("😀", ""),
        ("* * *", ""),
    ],
)
def test_what_is_drawn_of_a_text(text: str, shown: str) -> None:
    """Signs may go, letters may not: a line with letters that the font lacks is left out whole."""
    assert cover.drawable(text) == shown


def test_accents_are_drawn() -> None:
    """An é doesn't come out as a plain e."""
    plain, accented = (opened(cover.draw("x", author)) for author in ("resume", "résumé"))
    assert plain.tobytes() != accented.tobytes()
    assert cover.drawable("é") == "e\N{COMBINING ACUTE ACCENT}"


def test_no_box_is_drawn() -> None:
    """A title that can't be drawn leaves the picture of an empty one, but for its own colours and bars."""
    for title in ("沙丘", "حلب", "דונה"):
        assert is_plain(opened(cover.draw(title, "")).crop((0, 80, 1400, 160)))


def test_the_same_title_gives_the_same_picture() -> None:
    """A drawn cover doesn't depend on the day or the machine; another title looks different."""
    assert cover.draw("Dune", "A") == cover.draw("Dune", "A")
    assert cover.draw("Dune", "A") != cover.draw("Duna", "A")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_makes_a_cover(title: str, author: str) -> None:
    """No title or author is refused, whatever code points it holds."""
    assert opened(cover.draw(title, author)).size == (1400, 1400)


def saved(folder: Path, image: Image.Image, name: str = "c.png", **more: object) -> Path:
    image.save(folder / name, **more)  # type: ignore[arg-type]
    return folder / name


@pytest.mark.parametrize(
    ("size", "side"), [((300, 200), 1400), ((1400, 1400), 1400), ((2000, 1000), 2000), ((3500, 3500), 3000)]
)
def test_a_picture_is_made_square_without_cropping(size: tuple[int, int], side: int, tmp_path: Path) -> None:
    """The side is the longer one within 1400 to 3000 px; both ends of the picture are still there."""
    image = Image.new("RGB", size, (10, 120, 10))
    image.paste((200, 10, 10), (0, 0, size[0] // 2, size[1]))
    made = opened(cover.prepare(saved(tmp_path, image)))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (side, side))
    left, right = made.getpixel((5, side // 2)), made.getpixel((side - 5, side // 2))
    assert isinstance(left, tuple) and isinstance(right, tuple)
    assert left[0] > 150 > right[0]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read(mode: str, tmp_path: Path) -> None:
    """Grey, palette, transparent and print pictures all become RGB."""
    name = "c.tif" if mode == "CMYK" else "c.png"
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0)).convert(mode) if mode != "I;16" else Image.new(mode, (50, 50))
    assert opened(cover.prepare(saved(tmp_path, image, name))).mode == "RGB"


def test_transparency_becomes_white(tmp_path: Path) -> None:
    """What shows nothing shows white, not black."""
    made = opened(cover.prepare(saved(tmp_path, Image.new("RGBA", (1400, 1400), (0, 0, 0, 0)))))
    assert made.getpixel((700, 700)) == (255, 255, 255)


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    """EXIF orientation 6: what is stored at the left is at the top."""
    image = Image.new("RGB", (1400, 1400), (255, 255, 255))
    image.paste((255, 0, 0), (0, 0, 200, 1400))
    exif = Image.Exif()
    exif[0x0112] = 6
    made = opened(cover.prepare(saved(tmp_path, image, "c.jpg", exif=exif)))
    top, left = made.getpixel((700, 100)), made.getpixel((100, 700))
    assert isinstance(top, tuple) and isinstance(left, tuple)
    assert top[1] < 100 < left[1]


def bomb(folder: Path) -> Path:
    """A PNG of a few bytes that says it is 100,000 x 100,000 px."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    path = folder / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")
    )
    return path


def broken(folder: Path) -> Path:
    path = saved(folder, Image.effect_noise((300, 300), 50))
    path.write_bytes(path.read_bytes()[:5000])
    return path


def text(folder: Path) -> Path:
    (folder / "c.png").write_text("not a picture")
    return folder / "c.png"


@pytest.mark.parametrize("make", [bomb, broken, text, lambda folder: folder, lambda folder: folder / "missing.png"])
def test_what_is_no_picture_is_refused(make: object, tmp_path: Path) -> None:
    """A bomb, a broken file, a text, a folder, nothing: the error names the file and what is wanted."""
    path = make(tmp_path)  # type: ignore[operator]
    with pytest.raises(EncodeError, match="JPEG or PNG") as caught:
        cover.prepare(path)
    assert str(path) in str(caught.value)


def test_a_person_s_picture_comes_before_a_drawn_one(tmp_path: Path) -> None:
    """A book with a cover gets that one, a book without gets a drawn one."""
    plain = book(["A"])
    own = cover.prepare(saved(tmp_path, Image.new("RGB", (1400, 1400), (9, 9, 9))))
    assert cover.of(plain) == cover.draw(plain.title, plain.author)
    assert cover.of(replace(plain, cover=own)) == own


def test_a_cover_without_its_title_is_told() -> None:
    """A person who can't see it would not know."""
    assert cover.notes(book(["One"], title="Dune 😀")) == ()
    assert "shows no title" in cover.notes(book(["One"], title="آخر الرجال في حلب"))[0]
    assert cover.notes(replace(book(["One"], title="東京"), cover=b"")) == ()
