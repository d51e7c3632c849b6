"""The square picture that players show: a person's own, made to fit, or one drawn from title and author.

A drawn cover uses only the font inside Pillow, so it is the same on every machine. That font has ASCII and a little
more; accents are drawn as strokes. A line with letters of another script is left out whole, because boxes or half a
title would mislead; the bars then stand alone, a title without words.
"""

from __future__ import annotations

import functools
import hashlib
import io
import unicodedata
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from audiobook.errors import EncodeError
from audiobook.model import Book

SIDE: Final = 1400
"""Pixels of a drawn cover; the least that Apple Podcasts takes."""
LARGEST_SIDE: Final = 3000
"""Pixels; the most that Apple Podcasts takes."""
MOST_PIXELS: Final = 64_000_000
"""Of a person's picture, unpacked: more is taken for a decompression bomb."""

Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont
Stroke = tuple[tuple[float, float], ...]

PALETTE: Final[tuple[tuple[Colour, Colour], ...]] = (
    ((17, 34, 64), (244, 162, 97)),
    ((38, 20, 54), (233, 116, 133)),
    ((12, 48, 48), (233, 196, 106)),
    ((58, 18, 24), (244, 178, 120)),
    ((24, 40, 24), (168, 208, 120)),
    ((30, 30, 38), (126, 190, 230)),
)
"""Ground and bars; a title always gets the same pair."""
INK: Final[Colour] = (255, 249, 236)
"""Of all letters: at least 12:1 on every ground."""
QUIET_INK: Final[Colour] = (216, 210, 200)
"""Of the author's name: at least 7:1 (WCAG 2.2, 1.4.6)."""

_MARGIN = 120
_TITLE_TOP, _TITLE_HEIGHT = 130, 640
_BARS_MIDDLE, _BARS_HEIGHT = 960, 260
_AUTHOR_TOP, _AUTHOR_HEIGHT = 1170, 130
_SIZES = (168, 148, 130, 114, 100, 88, 78, 68, 60, 52)
_AUTHOR_SIZES = (66, 58, 50, 44)
_LEADING = 1.18
"""Distance of two lines, in font sizes."""
_QUALITY = 88

_PLAIN = str.maketrans(
    {
        "\N{LATIN SMALL LETTER SHARP S}": "ss",
        "\N{LATIN SMALL LETTER AE}": "ae",
        "\N{LATIN CAPITAL LETTER AE}": "AE",
        "\N{LATIN SMALL LIGATURE OE}": "oe",
        "\N{LATIN CAPITAL LIGATURE OE}": "OE",
        "\N{LATIN SMALL LETTER O WITH STROKE}": "o",
        "\N{LATIN CAPITAL LETTER O WITH STROKE}": "O",
        "\N{LATIN SMALL LETTER L WITH STROKE}": "l",
        "\N{LATIN CAPITAL LETTER L WITH STROKE}": "L",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{MODIFIER LETTER APOSTROPHE}": "\N{RIGHT SINGLE QUOTATION MARK}",
        "\N{DOUBLE LOW-9 QUOTATION MARK}": "\N{LEFT DOUBLE QUOTATION MARK}",
        "\N{SINGLE LOW-9 QUOTATION MARK}": "\N{LEFT SINGLE QUOTATION MARK}",
    }
)
"""Letters that neither the font has nor an accent makes, as they are written where type lacks them."""

_ABOVE: Final[dict[str, tuple[Stroke, ...]]] = {
    "\N{COMBINING ACUTE ACCENT}": (((-0.05, 0), (0.09, -0.14)),),
    "\N{COMBINING GRAVE ACCENT}": (((0.05, 0), (-0.09, -0.14)),),
    "\N{COMBINING CIRCUMFLEX ACCENT}": (((-0.13, 0), (0, -0.13), (0.13, 0)),),
    "\N{COMBINING CARON}": (((-0.13, -0.13), (0, 0), (0.13, -0.13)),),
    "\N{COMBINING TILDE}": (((-0.15, -0.03), (-0.06, -0.09), (0.06, -0.03), (0.15, -0.09)),),
    "\N{COMBINING MACRON}": (((-0.14, -0.05), (0.14, -0.05)),),
    "\N{COMBINING BREVE}": (((-0.12, -0.13), (-0.06, -0.03), (0.06, -0.03), (0.12, -0.13)),),
    "\N{COMBINING DIAERESIS}": (((-0.11, -0.05), (-0.11, -0.05)), ((0.11, -0.05), (0.11, -0.05))),
    "\N{COMBINING DOT ABOVE}": (((0, -0.05), (0, -0.05)),),
    "\N{COMBINING RING ABOVE}": (((0, 0), (0.08, -0.08), (0, -0.16), (-0.08, -0.08), (0, 0)),),
    "\N{COMBINING DOUBLE ACUTE ACCENT}": (((-0.13, 0), (-0.04, -0.14)), ((0.05, 0), (0.14, -0.14))),
}
"""Strokes above a letter, in font sizes: from the middle of the letter to the right, from its top downwards."""
_BELOW: Final[dict[str, tuple[Stroke, ...]]] = {
    "\N{COMBINING CEDILLA}": (((0.01, 0.01), (0.05, 0.09), (-0.06, 0.16)),),
    "\N{COMBINING OGONEK}": (((0.08, 0.0), (0.02, 0.08), (0.10, 0.14)),),
    "\N{COMBINING COMMA BELOW}": (((0.02, 0.07), (-0.03, 0.17)),),
}
"""Strokes below the base line."""


def of(book: Book) -> bytes:
    """Return the cover of a book as a JPEG: the person's picture when there is one, else a drawn one."""
    return draw(book.title, book.author) if book.cover is None else book.cover


def notes(book: Book) -> tuple[str, ...]:
    """Tell a person that a drawn cover shows no title."""
    if book.cover is not None or drawable(book.title):
        return ()
    return ("The drawn cover shows no title, as its font lacks these letters; a picture of yours goes with --cover.",)


@functools.lru_cache(maxsize=2)  # several formats of an edition hold it
def draw(title: str, author: str) -> bytes:
    """Return a JPEG of 1400 x 1400 px with title, bars like those of a sound, and author. Takes any text."""
    seed = hashlib.sha256(title.encode("utf-8", "replace")).digest()
    ground, accent = PALETTE[seed[0] % len(PALETTE)]
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(picture)
    shown = drawable(title)
    if shown:
        _write(pen, shown, _SIZES, (_TITLE_TOP, _TITLE_HEIGHT), INK, ground)
        _bars(pen, seed, (_BARS_MIDDLE, _BARS_HEIGHT), accent)
    else:
        _bars(pen, seed, (SIDE // 2 - 60, 800), accent)
    _write(pen, drawable(author), _AUTHOR_SIZES, (_AUTHOR_TOP, _AUTHOR_HEIGHT), QUIET_INK, ground)
    return _jpeg(picture)


def drawable(text: str) -> str:
    """Return what can be drawn of a text, decomposed (NFD); empty when a letter or digit of it can't be drawn.

    Signs such as emoji are left out, since the words read on without them.
    """
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).translate(_PLAIN))
    kept = []
    for letter in letters:
        if letter in _ABOVE or letter in _BELOW or _has_glyph(letter):
            kept.append(letter)
        elif letter.isspace():
            kept.append(" ")
        elif unicodedata.category(letter)[0] in "LNM" and not _is_invisible(letter):
            return ""
    words = " ".join("".join(kept).split())
    return words if any(letter.isalnum() for letter in words) else ""


def prepare(file: Path) -> bytes:
    """Return a person's picture as a square JPEG of 1400 to 3000 px: turned as its camera says, padded, never cropped.

    Raises EncodeError, naming the file and what is wanted, when it is no picture, broken, or far too large.
    """
    wanted = "Give a JPEG or PNG picture, best a square of 1400 to 3000 pixels."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower, and an error
            with Image.open(file) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise EncodeError(f"The cover is too large, {picture.width} x {picture.height}: {file}\n{wanted}")
                return _jpeg(_squared(picture))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:  # SyntaxError: a broken PNG
        raise EncodeError(f"The cover can't be read: {file}\n{wanted}") from error


def _squared(picture: Image.Image) -> Image.Image:
    """Return a picture turned upright, without transparency, on a square of its own edge's colour."""
    upright = ImageOps.exif_transpose(picture)
    whole = upright.convert("RGBA")
    flat = Image.new("RGB", whole.size, (255, 255, 255))
    flat.paste(whole, mask=whole.getchannel("A"))
    side = min(max(*flat.size, SIDE), LARGEST_SIDE)
    corner = flat.getpixel((0, 0))
    return ImageOps.pad(flat, (side, side), color=corner if isinstance(corner, tuple) else None)


def _jpeg(picture: Image.Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=_QUALITY, optimize=True)
    return packed.getvalue()


def _bars(pen: ImageDraw.ImageDraw, seed: bytes, place: tuple[int, int], colour: Colour) -> None:
    """Draw a bar for each byte of the seed, low at both ends. `place`: middle line and height in px."""
    middle, height = place
    step = (SIDE - 2 * _MARGIN) / len(seed)
    width = step * 0.5
    for number, byte in enumerate(seed):
        swell = 1 - abs(2 * (number + 0.5) / len(seed) - 1) ** 2
        half = max(height / 2 * (0.15 + 0.85 * byte / 255) * swell, width / 2)
        left = _MARGIN + number * step + (step - width) / 2
        pen.rounded_rectangle((left, middle - half, left + width, middle + half), width / 2, fill=colour)


def _write(
    pen: ImageDraw.ImageDraw,
    text: str,
    sizes: Sequence[int],
    place: tuple[int, int],
    ink: Colour,
    ground: Colour,
) -> None:
    """Write a text from the left, as large as fits. `place`: top and height in px."""
    top, height = place
    font, lines = _fitted(text, sizes, height)
    for number, line in enumerate(lines):
        _write_line(pen, (_MARGIN, top + number * font.size * _LEADING), line, font, ink, ground)


def _fitted(text: str, sizes: Sequence[int], height: int) -> tuple[Font, list[str]]:
    """Return the largest font in which the text fits, and its lines; in the smallest it ends with "…"."""
    for size in sizes:
        font, most = _font(size), int(height / (size * _LEADING))
        lines = _wrapped(text, font)
        if len(lines) <= most and not any(word not in " ".join(lines) for word in text.split()):
            return font, lines
    return font, lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1].rstrip()[:-1] + "…"]


def _wrapped(text: str, font: Font) -> list[str]:
    """Break a text into lines that fit between the margins; a word wider than that is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, font) <= SIDE - 2 * _MARGIN:
            lines[-1] = longer
            continue
        pieces = _cut(word, font)
        lines.extend(pieces)
    return [line for line in lines if line]


def _cut(word: str, font: Font) -> list[str]:
    """Cut a word into pieces that fit between the margins; accents stay with their letters."""
    pieces = [""]
    for letter in word:
        if not _is_accent(letter) and _width(pieces[-1] + letter, font) > SIDE - 2 * _MARGIN:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _write_line(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    line: str,
    font: Font,
    ink: Colour,
    ground: Colour,
) -> None:
    """Write the letters of a line at once, for their kerning, then the accents over them."""
    left, top = place
    pen.text((left, top), _without_accents(line), ink, font)
    base = ""
    for letter in line:
        if not _is_accent(letter):
            base += letter
            raised = False
            continue
        start, end = _width(base[:-1], font), _width(base, font)
        box = font.getbbox(base[-1])
        middle = left + (start + end) / 2
        if letter in _BELOW:
            _strokes(pen, _BELOW[letter], (middle, top + font.getmetrics()[0]), font, ink)
            continue
        height = top + box[1] - 0.07 * font.size
        if base[-1] in "ij" and not raised:
            height = _take_dot(pen, (left + start, left + end, top + box[1]), font, ground)
        elif raised:
            height -= 0.17 * font.size
        _strokes(pen, _ABOVE[letter], (middle, height), font, ink)
        raised = True


def _take_dot(pen: ImageDraw.ImageDraw, dot: tuple[float, float, float], font: Font, ground: Colour) -> float:
    """Paint over the dot of an i or j (`dot`: left, right, top in px); return where an accent may end, in px."""
    left, right, top = dot
    x_height = font.getbbox("x")[1] - font.getbbox("i")[1]
    pen.rectangle((left, top - 2, right, top + x_height * 0.8), fill=ground)
    return top + x_height - 0.07 * font.size


def _strokes(
    pen: ImageDraw.ImageDraw, strokes: Sequence[Stroke], origin: tuple[float, float], font: Font, ink: Colour
) -> None:
    """Draw strokes with round ends."""
    half = font.size * 0.035
    for stroke in strokes:
        points = [(origin[0] + x * font.size, origin[1] + y * font.size) for x, y in stroke]
        pen.line(points, ink, round(2 * half), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=ink)


def _width(text: str, font: Font) -> float:
    return font.getlength(_without_accents(text))


def _without_accents(text: str) -> str:
    return "".join(letter for letter in text if not _is_accent(letter))


def _is_accent(letter: str) -> bool:
    return letter in _ABOVE or letter in _BELOW


def _is_invisible(letter: str) -> bool:
    """Whether a mark only chooses the look of the sign before it, such as that of an emoji."""
    return unicodedata.name(letter, "").startswith("VARIATION SELECTOR") or letter == "\N{COMBINING ENCLOSING KEYCAP}"


@functools.cache
def _font(size: int) -> Font:
    """Return the font inside Pillow at a size in px; Pillow without FreeType has only a bitmap."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise EncodeError("This Pillow can't draw letters: it was built without FreeType. Give a picture with --cover.")
    return font


@functools.cache
def _has_glyph(letter: str) -> bool:
    """Whether the font has this letter: what it lacks all looks like one box."""
    if not letter.isprintable():
        return False
    return letter == " " or _drawn(letter) != _drawn("\uffff")


@functools.cache
def _drawn(letter: str) -> bytes:
    return bytes(_font(60).getmask(letter))
