# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen import id3, mp4

from audiobook import ffmpeg, formats
from audiobook.check import Outcome, archive, check, page, read, sound
from audiobook.check import id3 as tag_reader
from audiobook.check import level as levels
from audiobook.check.finding import Broken, clock
from audiobook.errors import SourceError
from audiobook.model import Pauses, Recording
from tests import broken
from tests.recordings import RATE, book, hum, noise, recording, silence

PODCAST, ANY = levels.TARGETS["podcast"], levels.ANY
WRITTEN = ("chapters", "mp3", "vtt", "words_json", "words_vtt")
FAST = ("-movflags", "+faststart")
Break = Callable[[Path], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recording, Path]:
    """A recording of three chapters, and the folder with its edition."""
    folder = tmp_path_factory.mktemp("made")
    titles = ["Part A", "Part B", "Part C"]
    of = recording(book(titles), tmp_path_factory.mktemp("sound"), pauses=Pauses(400, 700, 900))
    for name in WRITTEN:
        formats.load(name).write(of, folder, "x")
    text = "\n\n".join(chunk.text for chapter in of.book.chapters for chunk in chapter.chunks)
    (folder / "x.txt").write_text(text, encoding="utf-8")
    return of, folder


@pytest.fixture
def edition(made: tuple[Recording, Path], tmp_path: Path) -> Path:
    """A copy of the edition, to be broken."""
    return Path(shutil.copytree(made[1], tmp_path / "edition"))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of MP3 without a tag."""
    return encoded(tmp_path_factory.mktemp("three") / "a.mp3", hum(3)).read_bytes()


@pytest.fixture(scope="module")
def m4b(made: tuple[Recording, Path]) -> Callable[..., Path]:
    """Makes M4B files of the recording with ffmpeg and mutagen, right ones unless told otherwise."""
    of, _ = made

    def make(folder: Path, *, options: tuple[str, ...] = FAST, kind: str = "ipod",
             chapters: int | None = None, stik: int = 2, title: str = "A", cover: bool = True) -> Path:  # fmt: skip
        listing = folder / "list"
        marks = [(cue.start, cue.end, cue.text) for cue in of.chapters]
        if chapters is not None:
            marks = [(3 * number, 3 * number + 3, "C") for number in range(chapters)]
        entries = (f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={s}\nEND={e}\ntitle={t}\n" for s, e, t in marks)
        listing.write_text(";FFMETADATA1\n" + "".join(entries), encoding="utf-8")
        path = folder / "x.m4b"
        raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", str(of.pcm), "-i", str(listing)]
        ffmpeg.run([*raw, "-map", "0:a", "-map_chapters", "1", "-ar", "44100", *options, "-f", kind, "-y", str(path)])
        tags: Any = mp4.MP4(path)
        tags["\xa9nam"], tags["\xa9ART"], tags["\xa9alb"], tags["stik"] = title, "Ann", "A Book", [stik]
        if cover:
            tags["covr"] = [mp4.MP4Cover(broken.picture(1400))]
        tags.save()
        return path

    return make


def encoded(path: Path, pcm: bytes, *options: str) -> Path:
    """Encode samples as what the path's suffix says."""
    raw = path.with_suffix(".pcm")
    raw.write_bytes(pcm)
    ffmpeg.run(["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", str(raw), "-id3v2_version", "0", *options,
                "-y", str(path)])  # fmt: skip
    raw.unlink()
    return path


def checked(*paths: Path, target: levels.Target = ANY) -> Outcome:
    return check(paths, target, lambda step: None)


def found(*paths: Path, target: levels.Target = ANY) -> str:
    """All findings, a line each."""
    return "\n".join(f"{each.severity} {each.place}: {each.what}" for each in checked(*paths, target=target).findings)


# ---- What is right


def test_a_good_edition_has_no_finding(edition: Path) -> None:
    """What a build makes passes, loudness included."""
    outcome = checked(edition, target=PODCAST)
    assert outcome.findings == ()
    assert len(outcome.files) == len(WRITTEN) + 1


def test_good_samples_have_no_finding(tmp_path: Path, three: bytes, m4b: Callable[..., Path]) -> None:
    """Nor has a right file of any other kind."""
    (tmp_path / "a.mp3").write_bytes(three)
    feed = tmp_path / "feed.xml"
    feed.write_text(broken.FEED.replace("SIZE", str(len(three))), encoding="utf-8")
    for name in ("a.vtt", "a.chapters.json"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    html = tmp_path / "a.html"
    html.write_text(broken.PAGE, encoding="utf-8")
    book_files = broken.epub(tmp_path / "b.epub", three), broken.daisy(tmp_path / "c", three), m4b(tmp_path)
    assert found(feed, html, *book_files) == ""


@pytest.mark.parametrize("suffix", [".opus", ".flac"])
def test_opus_and_flac(tmp_path: Path, suffix: str) -> None:
    """Both pass with tags and chapters, and are told what they lack without."""
    tags = {"title": "A", "artist": "B", "album": "C", "CHAPTER000": "00:00:00.000", "CHAPTER000NAME": "One"}
    options = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
    rate = ("-ar", "48000")
    assert found(encoded(tmp_path / f"good{suffix}", hum(1), *rate, *options)) == ""
    bare = found(encoded(tmp_path / f"bare{suffix}", hum(1), *rate))
    assert "no chapters" in bare and "tag title is missing" in bare


# ---- MP3


def with_tag(change: Callable[[Any], None], version: int = 3) -> Break:
    """Change the tag of the edition's MP3."""

    def do(folder: Path) -> None:
        tag: Any = id3.ID3(folder / "x.mp3", translate=False)
        change(tag)
        tag.save(folder / "x.mp3", v1=0, v2_version=version)

    return do


def with_bytes(change: Callable[[bytes], bytes]) -> Break:
    """Change the bytes of the edition's MP3."""

    def do(folder: Path) -> None:
        path = folder / "x.mp3"
        path.write_bytes(change(path.read_bytes()))

    return do


def moved(number: int, start: int, end: int) -> Callable[[Any], None]:
    """Move a chapter by ms."""

    def do(tag: Any) -> None:
        chapter = tag.getall("CHAP")[number]
        chapter.start_time += start
        chapter.end_time += end

    return do


def named(number: int, title: str) -> Callable[[Any], None]:
    """Give a chapter another title."""
    return lambda tag: tag.getall("CHAP")[number].sub_frames.add(id3.TIT2(encoding=1, text=title))


def flags(value: int) -> Callable[[Any], None]:
    """Set the flags of the table of contents."""
    return lambda tag: setattr(tag.getall("CTOC")[0], "flags", value)


def crowded(tag: Any) -> None:
    """Put 300 chapters in."""
    for number in range(300):
        tag.add(id3.CHAP(element_id=f"n{number}", start_time=number, end_time=number + 1,
                         start_offset=2**32 - 1, end_offset=2**32 - 1, sub_frames=[]))  # fmt: skip


def covered(data: bytes) -> Callable[[Any], None]:
    def do(tag: Any) -> None:
        tag.delall("APIC")
        tag.add(id3.APIC(encoding=0, mime="image/jpeg", type=3, desc="Cover", data=data))

    return do


def pictured(tag: Any) -> None:
    """Give a chapter a picture."""
    tag.getall("CHAP")[1].sub_frames.add(id3.APIC(encoding=0, mime="image/png", type=0, desc="", data=b"x" * 200))


def without_tag(data: bytes) -> bytes:
    return data[10 + sum((data[6 + n] & 127) << 7 * (3 - n) for n in range(4)) :]


@pytest.mark.parametrize(
    ("breaking", "finding"),
    [
        (with_bytes(lambda data: data[:-5000] + bytes(3000) + data[-2000:]), "error byte .*damaged at one place"),
        (with_bytes(lambda data: data[:-5000]), "missing"),
        (with_bytes(lambda data: data[:-5000]), "Its header tells of .* frames, and there are"),
        (with_bytes(lambda data: data.replace(b"Info", b"none", 1)), "lacks the header"),
        (with_bytes(without_tag), "no ID3v2 tag"),
        (with_bytes(lambda data: data[:3] + b"\2" + data[4:]), "ID3v2.2"),
        (with_bytes(lambda data: data[:6] + b"\x7f\x7f\x7f\x7f" + data[10:]), "longer than the file"),
        (with_bytes(lambda data: b"ID3\3\0\0\0\0\0\0" + bytes(1000)), "no MP3 sound"),
        (with_bytes(lambda data: b"ID3\3\0\0\0\0\0\0" + b"\xff" * 30_000), "Most of it is no MP3"),
        (with_bytes(lambda data: b""), "It is empty"),
        (with_tag(lambda tag: None, version=4), "ID3v2.4"),
        (with_tag(pictured, version=4), "players that use ffmpeg see 2 of them"),
        (with_tag(lambda tag: tag.delall("TIT2")), "tag title is missing"),
        (with_tag(lambda tag: tag.delall("TLAN")), "warning tags: The language"),
        (with_tag(lambda tag: tag.delall("APIC")), "warning cover: There is no cover"),
        (with_tag(covered(broken.picture(600))), "600 by 600 pixels"),
        (with_tag(covered(broken.picture(600, "PNG"))), "600 by 600 pixels"),
        (with_tag(covered(b"GIF89a")), "no JPEG and no PNG"),
        (with_tag(lambda tag: tag.delall("CHAP")), "no chapters"),
        (with_tag(lambda tag: tag.delall("CTOC")), "no table of contents"),
        (with_tag(flags(1)), "no table of contents"),
        (with_tag(flags(2)), "flag that says that its chapters are in order"),
        (with_tag(lambda tag: tag.getall("CTOC")[0].child_element_ids.pop()), "doesn't list all chapters"),
        (with_tag(moved(0, 100, 0)), "not at the beginning"),
        (with_tag(moved(0, 0, -100)), "a gap of 100 ms"),
        (with_tag(moved(0, 0, 100)), "an overlap of 100 ms"),
        (with_tag(moved(2, 0, 200)), "after the sound, which ends"),
        (with_tag(moved(2, 60_000, 60_000)), "after the sound has ended"),
        (with_tag(moved(2, 0, -600)), "the rest has none"),
        (with_tag(moved(1, 60_000, 0)), "ends before it starts"),
        (with_tag(named(2, "")), "no title"),
        (with_tag(named(0, "A title that mutagen puts last")), "not after the one before it"),
        (with_tag(crowded), "marks, and this format counts 255"),
    ],
)
def test_broken_mp3s(edition: Path, breaking: Break, finding: str) -> None:
    """Each thing that can be wrong with an MP3 is found."""
    breaking(edition)
    assert re.search(finding, found(edition / "x.mp3"))


def test_a_varying_bit_rate_is_found(tmp_path: Path) -> None:
    """Players miss chapters in such a file."""
    path = encoded(tmp_path / "a.mp3", hum(1) + silence(1) + noise(1), "-q:a", "7")
    assert "bit rate varies" in found(path)


def test_a_rate_that_few_players_expect_is_found(tmp_path: Path) -> None:
    """32 kHz is one."""
    assert "32000 Hz" in found(encoded(tmp_path / "a.mp3", hum(1), "-ar", "32000"))


@pytest.mark.parametrize("silent", ["x.vtt", "x.srt"])
def test_words_that_come_twice_are_held_against_the_nearer(tmp_path: Path, silent: str) -> None:
    """A title that one file shows in silence, and all announce, doesn't look out of step, whichever file it is."""
    shown = "00:00:00.000 --> 00:00:00.600\nThe Title\n\n"
    said = "00:00:00.600 --> 00:00:01.500\nThe Title.\n\n00:00:02.000 --> 00:00:03.000\nIt rains.\n"
    for name in ("x.vtt", "x.srt"):
        cues = (shown if name == silent else "") + said
        blocks = [f"{number}\n{cue}" for number, cue in enumerate(cues.rstrip("\n").split("\n\n"), start=1)]
        text = "\n\n".join(blocks) + "\n"
        content = f"WEBVTT\n\n{text}" if name == "x.vtt" else re.sub(r"(:\d\d)\.(\d{3})", r"\1,\2", text)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert "It starts at" not in found(tmp_path)


@pytest.mark.parametrize("titled", ["x.vtt", "x.srt"])
def test_a_title_that_a_later_chapter_has_again_is_held_against_the_nearer(tmp_path: Path, titled: str) -> None:
    """The book's title, shown by one file alone, doesn't look like the chapter of that name further on."""
    for name in ("x.vtt", "x.srt"):
        title = ["0.000 --> 00:00:00.600\nThe Title"] if name == titled else []
        cues = [*title, "0.600 --> 00:00:01.500\nIt rains.", "2.000 --> 00:00:03.000\nThe Title"]
        text = "\n\n".join(f"{number}\n00:00:0{cue}" for number, cue in enumerate(cues, start=1)) + "\n"
        content = f"WEBVTT\n\n{text}" if name == "x.vtt" else re.sub(r"(:\d\d)\.(\d{3})", r"\1,\2", text)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert "It starts at" not in found(tmp_path)


def test_announcements_are_not_taken_for_text(tmp_path: Path) -> None:
    """An opening whose words come again later in the text doesn't make what stands between them look lost."""
    (tmp_path / "x.txt").write_text("One of a kind is the night at sea. Then comes The Salt Road.\n", encoding="utf-8")
    lines = ["The Salt Road.", "Spoken by a synthetic voice.", "One of a kind is the night at sea."]
    lines.append("Then comes The Salt Road.")
    cues = "\n".join(f"00:0{n}.000 --> 00:0{n}.900\n{line}\n" for n, line in enumerate(lines))
    (tmp_path / "x.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    assert "missing" not in found(tmp_path)


def test_sound_that_cannot_be_decoded_is_found(edition: Path) -> None:
    """Ffmpeg's own words come with it."""
    path = edition / "x.mp3"
    data = bytearray(path.read_bytes())
    for place in range(len(data) - 20_000, len(data) - 2000, 7):
        data[place] ^= 0xFF
    path.write_bytes(data)
    assert "ffmpeg says" in found(path)


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    """A file named .mp3 is opened as MP3: it can't make ffmpeg open other files."""
    path = tmp_path / "a.mp3"
    path.write_text(f"#EXTM3U\n#EXTINF:1,\n{tmp_path}/secret.mp3\n", encoding="utf-8")
    with pytest.raises(Broken):
        sound.hear(path, "mp3")


def test_a_tag_of_too_many_frames_is_refused(tmp_path: Path) -> None:
    """A tag can't make a million values."""
    frames = b"TXXX" + bytes(6)
    body = frames * (tag_reader.MOST_FRAMES + 1)
    size = bytes(len(body) >> 7 * (3 - n) & 127 for n in range(4))
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\3\0\0" + size + body)
    assert "more frames than a player would read" in found(path)


# ---- Loudness


@pytest.mark.parametrize(
    ("gain", "target", "finding"),
    [
        (1.0, "podcast", ""),
        (0.3, "podcast", "too quiet"),
        (3.0, "podcast", "too loud"),
        (3.9, "podcast", "peaks reach"),
        (0.7, "mono19", ""),
        (1.0, "mono19", "too loud"),
        (0.45, "broadcast", ""),
        (0.3, "any", ""),
    ],
)
def test_loudness(tmp_path: Path, gain: float, target: str, finding: str) -> None:
    """The decoded file is measured against what was asked for; "any" asks for nothing."""
    path = encoded(tmp_path / "a.mp3", hum(2, 8300 * gain))
    lines = [line for line in found(path, target=levels.TARGETS[target]).splitlines() if "loudness" in line]
    assert finding in "\n".join(lines) and bool(lines) == bool(finding)


def test_a_sound_too_short_for_a_loudness_is_told(tmp_path: Path) -> None:
    """It is a warning, since nobody can mend it."""
    assert "warning loudness" in found(encoded(tmp_path / "a.mp3", hum(0.2)), target=PODCAST)


def room(before: float = 0.7, after: float = 2.0, floor: float = 3, peak: float = 4000) -> bytes:
    """A voice between two silences with a little noise."""
    return noise(before, floor) + hum(20, peak) + noise(after, floor)


@pytest.mark.parametrize(
    ("pcm", "kbits", "rate", "findings"),
    [
        (room(), "192k", "44100", []),
        (room(), "128k", "44100", ["bit rate is 128"]),
        (room(), "192k", "48000", ["sample rate is 48000"]),
        (room(before=0.1), "192k", "44100", ["voice starts after"]),
        (room(after=0.5), "192k", "44100", ["After the voice"]),
        (room(floor=60), "192k", "44100", ["noise floor"]),
        (room(peak=700), "192k", "44100", ["RMS level"]),
        (room(peak=30000), "192k", "44100", ["RMS level", "peak is"]),
    ],
)
def test_acx(tmp_path: Path, pcm: bytes, kbits: str, rate: str, findings: list[str]) -> None:
    """ACX's rules: level, peak, floor, room tone, bit rate, sample rate."""
    path = encoded(tmp_path / "a.mp3", pcm, "-b:a", kbits, "-ar", rate)
    told = [line for line in found(path, target=levels.TARGETS["acx"]).splitlines() if "ACX" in line]
    assert [finding for finding in findings if not any(finding in line for line in told)] == []
    assert bool(told) == bool(findings)


# ---- M4B


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ({"options": ()}, "stand after the sound"),
        ({"chapters": 0}, "no chapters"),
        ({"stik": 0}, "not marked as an audiobook"),
        ({"kind": "mov"}, "brand is 'qt'"),
        ({"options": ("-movflags", "+faststart+disable_chpl")}, "chpl. is missing"),
        ({"chapters": 300}, "300 marks"),
        ({"title": " "}, "tag title is missing"),
        ({"cover": False}, "no cover picture"),
        ({"options": ("-c:a", "alac")}, "AAC-LC plays everywhere"),
    ],
)
def test_broken_m4bs(tmp_path: Path, m4b: Callable[..., Path], wrong: dict[str, Any], finding: str) -> None:
    """Each thing that can be wrong with an M4B is found."""
    assert re.search(finding, found(m4b(tmp_path, **wrong)))


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda data: data[:-9000], "bytes are missing"),
        (lambda data: data.replace(b"chap", b"chop"), "No chapter track is referred to"),
        (lambda data: data[: data.index(b"chpl") + 12] + b"\2" + data[data.index(b"chpl") + 13 :], "has 2, and"),
        (lambda data: data[:200], "one of its main parts"),
        (lambda data: struct.pack(">I4s", 3, b"ftyp") + data, "shorter than its own name"),
        (lambda data: struct.pack(">I4s", 8, b"free") * 10_001 + data, "more parts"),
    ],
)
def test_m4bs_with_broken_bytes(
    tmp_path: Path, m4b: Callable[..., Path], change: Callable[[bytes], bytes], finding: str
) -> None:
    """So is damage to its boxes."""
    path = m4b(tmp_path)
    path.write_bytes(change(path.read_bytes()))
    assert re.search(finding, found(path))


# ---- Texts


CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.500\nEasy to <00:00.500>hold.\n\n00:01.500 --> 00:03.000\nIt &amp; lasts.\n"
SUBTITLES = "1\n00:00:00,000 --> 00:00:01,500\nEasy to hold.\n\n2\n00:00:01,500 --> 00:00:03,000\nIt lasts.\n"
CHAPTERS = json.dumps(
    {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "A"}, {"startTime": 1.5, "title": "B"}]}
)
WORD = {"start": 0, "end": 500, "text": "Easy"}
WORDS = json.dumps(
    {"version": 1, "timing": "exact", "sentences": [{"start": 0, "end": 1500, "text": "Easy.", "words": [WORD]}] * 1}
)
LATER = json.dumps(json.loads(WORDS)["sentences"][0])


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.vtt", CAPTIONS), ("a.srt", SUBTITLES), ("a.chapters.json", CHAPTERS), ("a.words.json", WORDS)],
)
def test_good_texts(tmp_path: Path, name: str, text: str) -> None:
    """Those that are broken below are right as they are."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert found(tmp_path / name) == ""


@pytest.mark.parametrize(
    ("name", "text", "old", "new", "finding"),
    [
        ("a.vtt", CAPTIONS, "WEBVTT", "VTT", "error line 1: It doesn't begin with WEBVTT"),
        ("a.vtt", CAPTIONS, "WEBVTT\n", "WEBVTT\nLanguage: en\n", "line 2: There is no blank line"),
        ("a.vtt", CAPTIONS, "00:01.500 --> 00:03.000", "00:01,500 --> 00:03,000", "line 6: There is no time"),
        ("a.vtt", CAPTIONS, "00:03.000", "00:01.000", "caption 2, at 0:01.500: It ends before it starts"),
        ("a.vtt", CAPTIONS, "00:00.000", "00:02.000", "caption 2, at 0:01.500: It starts before the one above"),
        ("a.vtt", CAPTIONS, "00:01.500 -->", "00:01.200 -->", "warning caption 2.*before the one above it has ended"),
        ("a.vtt", CAPTIONS, "&amp;", "&", "line 7: A sign of the format"),
        ("a.vtt", CAPTIONS, "&amp;", "<", "line 7: A sign of the format"),
        ("a.vtt", CAPTIONS, "It &amp; lasts.", "", "caption 2, at 0:01.500: It is empty"),
        ("a.vtt", CAPTIONS, "<00:00.500>", "<00:02.500>", "line 4: The times of its words"),
        ("a.vtt", CAPTIONS, "<00:00.500>hold", "ho<00:00.500>ld", "line 4: A time stands inside a word"),
        ("a.vtt", CAPTIONS, CAPTIONS[8:], "", "no captions"),
        ("a.srt", SUBTITLES, "\n2\n", "\n7\n", "line 5: The cue should have the number 2"),
        ("a.srt", SUBTITLES, "00:00:00,000 -->", "00:00:00.000 ->", "line 2: There is no time"),
        ("a.chapters.json", CHAPTERS, "}]}", "", "not JSON"),
        ("a.chapters.json", CHAPTERS, "1.5", "NaN", "not JSON"),
        ("a.chapters.json", CHAPTERS, CHAPTERS, "[" * 200_000, "not JSON|no JSON object"),
        ("a.chapters.json", CHAPTERS, CHAPTERS, "[]", "no JSON object"),
        ("a.chapters.json", CHAPTERS, "1.2.0", "2", "no version"),
        ("a.chapters.json", CHAPTERS, '"chapters"', '"marks"', "no list of chapters"),
        ("a.chapters.json", CHAPTERS, "1.5", '"0:01"', "chapter 2: Its startTime"),
        ("a.chapters.json", CHAPTERS, "1.5", "1e999", "chapter 2: Its startTime"),
        ("a.chapters.json", CHAPTERS, '"B"', '"B", "endTime": true', "Its endTime"),
        ("a.chapters.json", CHAPTERS, '"B"', "7", "Its title is no text"),
        ("a.chapters.json", CHAPTERS, '"B"', '"B", "img": "b.jpg"', "Its img is no full address"),
        ("a.chapters.json", CHAPTERS, '"B"', '"B", "length": 1', "no app knows: length"),
        ("a.words.json", WORDS, '"exact"', '"guessed"', "version and timing"),
        ("a.words.json", WORDS, '"sentences"', '"cues"', "no list of sentences"),
        ("a.words.json", WORDS, '"end": 500', '"end": 9000', "sentence 1.*times of its words"),
        ("a.words.json", WORDS, '"text": "Easy."', '"text": ""', "no length, or no text"),
        ("a.words.json", WORDS, "}]}]}", "}]}, " + LATER + "]}", "sentence 2: It starts before"),
        ("a.txt", "text", "text", " ", "It is empty"),
        ("a.html", broken.PAGE, ' lang="en"', "", "tell its language"),
        ("a.html", broken.PAGE, "<title>A</title>", "<title></title>", "no title"),
        ("a.html", broken.PAGE, "<h1>A</h1>", "", "no main heading"),
        ("a.html", broken.PAGE, ' alt=""', "", "picture has no text"),
        ("a.html", broken.PAGE, "It lasts.</button>", "</button>", "button has no name"),
        ("a.html", broken.PAGE, "<main>", '<main id="c">', "same id"),
        ("a.html", broken.PAGE, "#c", "#d", "leads nowhere"),
        ("a.html", broken.PAGE, "3px solid blue", "none", "hides where the keyboard is"),
        ("a.html", broken.PAGE, "color: #111;", "color: #aaa;", "2.3 to 1"),
        ("a.html", broken.PAGE, "color: #eee", "color: #333", "stands out by"),
        ("a.html", broken.PAGE, " controls", "", "lacks the browser's own controls"),
        ("a.html", broken.PAGE, " controls", " controls autoplay", "starts by itself"),
        ("a.html", broken.PAGE, ' aria-label="A, audio"', "", "no name to be read aloud"),
        ("a.html", broken.PAGE, "a.mp3", "b.mp3", "b.mp3 is not beside the page"),
        ("a.html", broken.PAGE, "data-start", "data-begin", "No sentence of it leads"),
        ("a.html", broken.PAGE, "button", "span", "no button but a span"),
        ("a.html", broken.PAGE, '"1.5" data-end="3"', '"0:01" data-end="3"', "no number of seconds"),
        ("a.html", broken.PAGE, 'data-start="0"', 'data-start="2"', "starts before the sentence above it"),
        ("a.html", broken.PAGE, "</section>", "", "<section> of line 6 is not closed"),
        ("a.html", broken.PAGE, "</nav>", "</nav></b>", "</b> closes nothing"),
        ("a.html", broken.PAGE, "<main>", "<main>" + "<div>" * 600, "nested deeper"),
    ],
)  # fmt: skip
def test_broken_texts(tmp_path: Path, name: str, text: str, old: str, new: str, finding: str) -> None:
    """Each thing that can be wrong with captions, chapters, words and pages is found."""
    (tmp_path / "a.mp3").touch()
    (tmp_path / name).write_text(broken.changed(text, old, new), encoding="utf-8")
    assert re.search(finding, found(tmp_path / name))


@pytest.mark.parametrize("name", ["a.vtt", "a.srt", "a.txt", "a.html", "a.chapters.json"])
def test_texts_that_are_none(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no UTF-8 are told by their line, and a file without an end is not read to it."""
    (tmp_path / name).write_bytes(b"a\nb\xff")
    assert "line 2: It is not UTF-8" in found(tmp_path / name)
    monkeypatch.setattr(read, "LONGEST", 2)
    monkeypatch.setattr(read.raw, "__defaults__", (2,))
    monkeypatch.setattr(read.text, "__defaults__", (2,))
    assert "more than 2 bytes" in found(tmp_path / name)


# ---- Feed, EPUB, DAISY


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("</title>", "</titel>", "not well-formed"),
        ("<rss", '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss', "declares a document type"),
        ("<rss", "<!DOCTYPE r><rss", "declares a document type"),
        ('version="2.0"', 'version="1.0"', "no RSS 2.0"),
        ("<language>en</language>", "", "language is missing"),
        (">en<", ">English, please<", "is no language"),
        ('rel="self"', 'rel="next"', "tell its own address"),
        ("<itunes:category", "<category", "itunes:category"),
        (">false<", ">no<", "neither true nor false"),
        ("cover.jpg", "cover", "itunes:image is missing"),
        (">audiobook<", ">audiobok<", "no app knows"),
        ("-5cef-", "-4cef-", "no UUID"),
        ("item>", "entry>", "There is no episode"),
        (">urn:x:1<", "><", "without a guid"),
        ("</item>", "</item><item><title>Two</title><guid>urn:x:1</guid></item>", "2 share the guid"),
        ("<title>One</title>", "", "episode has no title"),
        (">Sun,", ">Mon,", "says Mon, but that day is a Sunday"),
        ("22 Nov 2026", "yesterday", "pubDate is missing"),
        ("<enclosure", "<closure", "nothing to play"),
        ('length="SIZE"', 'length="abc"', "no number of bytes"),
        ('length="SIZE"', 'length="7"', "length is 7"),
        ("audio/mpeg", "audio/mp4", "don't fit each other"),
        ("a.mp3", "b.mp3", "b.mp3 is not beside the feed"),
        ("duration>3<", "duration>9<", "is 9 s, but a.mp3 lasts 3 s"),
        ("duration>3<", "duration>long<", "no time"),
        ('url="https://example.org/a.vtt" ', "", "transcript lacks its address"),
        ("application/json+chapters", "text/chapters", "chapters lacks its address"),
        ("a.vtt", "b.vtt", "b.vtt is not beside the feed"),
    ],
)
def test_broken_feeds(tmp_path: Path, three: bytes, old: str, new: str, finding: str) -> None:
    """Each thing that can be wrong with a feed is found, against the files beside it, too."""
    (tmp_path / "a.mp3").write_bytes(three)
    text = broken.changed(broken.FEED, old, new).replace("SIZE", str(len(three)))
    (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
    for name in ("a.vtt", "a.chapters.json"):
        (tmp_path / name).touch()
    assert re.search(finding, found(tmp_path / "feed.xml"))


def test_a_small_picture_of_a_feed_is_found(tmp_path: Path) -> None:
    """Its file is looked at where it lies beside the feed."""
    (tmp_path / "cover.jpg").write_bytes(broken.picture(100))
    (tmp_path / "feed.xml").write_text(broken.FEED, encoding="utf-8")
    assert "100 by 100 pixels" in found(tmp_path / "feed.xml")


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("E/p.opf", "<dc:language>en</dc:language>", "", "dc:language is missing"),
        ("E/p.opf", "dcterms:modified", "modified", "dcterms:modified is missing"),
        ("E/p.opf", "schema:accessibilityHazard", "hazard", "missing: schema:accessibilityHazard"),
        ("E/p.opf", "dcterms:conformsTo", "conforms", "missing: dcterms:conformsTo"),
        ("E/p.opf", "media:narrator", "narrator", "warning package: media:narrator"),
        ("E/p.opf", "p.jpg", "q.jpg", "E/q.jpg is listed, but not in the book"),
        ("E/p.opf", 'idref="c"', 'idref="d"', "names 'd', which isn't listed"),
        ("E/p.opf", 'properties="nav"', "", "no table of contents"),
        ("E/p.opf", ' media-overlay="s"', "", "no Media Overlays"),
        ("E/p.opf", 'refines="#s">3s', 'refines="#s">9s', "of E/c.smil is 9000 ms"),
        ("E/p.opf", ">0:00:03.000<", "><", "missing for the whole book"),
        ("E/p.opf", "audio/mpeg", "audio/wav", "none that readers play"),
        ("E/c.xhtml", ' lang="en"', "", "E/c.xhtml: It doesn't tell its language"),
        ("E/c.xhtml", ' alt=""', "", "picture has no text"),
        ("E/c.xhtml", "Easy to hold.", "", "'E/c.xhtml#t' is empty"),
        ("E/c.xhtml", "<body>", "<body>&nbsp;", "not well-formed|uses the entity"),
        ("E/c.xhtml", "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "b">]>', "declares a document type"),
        ("E/c.smil", "c.xhtml#t", "c.xhtml#nosuch", "'E/c.xhtml#nosuch' isn't there"),
        ("E/c.smil", 'clipEnd="3000ms"', 'clipEnd="0s"', "clip 2: It ends before it starts"),
        ("E/c.smil", 'clipEnd="3000ms"', 'clipEnd="9s"', "clip 2: It ends at 0:09.000, after its sound"),
        ("E/c.smil", 'clipEnd="3000ms"', 'clipEnd="2s"', "E/a.mp3: From 0:02.000 to its end"),
        ("E/c.smil", 'clipEnd="3000ms"', 'clipEnd="soon"', "clip 2: Its clip has no times"),
        ("E/c.smil", 'clipBegin="1s"', 'clipBegin="1.5s"', "leaves a gap"),
        ("E/c.smil", 'clipBegin="1s"', 'clipBegin="0.5s"', "starts before the one before it ends"),
        ("E/c.smil", '<audio src="a.mp3" clipBegin="1s" clipEnd="3000ms"/>', "", "clip 2: It has no sound"),
        ("E/c.smil", "a.mp3", "../../b.mp3", "It isn't in the book|none that readers play"),
        ("META-INF/container.xml", "E/p.opf", "../../../etc/passwd", "It isn't in the book"),
    ],
)
def test_broken_epubs(tmp_path: Path, three: bytes, file: str, old: str, new: str, finding: str) -> None:
    """Each thing that can be wrong with an EPUB is found."""
    assert re.search(finding, found(broken.epub(tmp_path / "a.epub", three, {file: (old, new)})))


def test_broken_archives(tmp_path: Path, three: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is an archive that is none, packed where it may not be, protected, or a bomb."""
    path = tmp_path / "a.epub"
    path.write_bytes(b"PK")
    assert "no ZIP archive" in found(path)
    assert "mimetype: It is not the first entry" in found(broken.epub(path, three, packed=True))
    with zipfile.ZipFile(broken.epub(path, three), "a") as book_file:
        book_file.writestr("META-INF/encryption.xml", "")
    assert "encrypted" in found(path)
    assert "more than any sound holds" in found(broken.epub(path, bytes(3_000_000)))
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    assert "more parts" in found(broken.epub(path, three))
    monkeypatch.undo()
    monkeypatch.setattr(archive, "LONGEST", 100)
    assert "more than 100 bytes" in found(broken.epub(path, three))


def test_a_deep_document_is_refused(tmp_path: Path) -> None:
    """Elements in elements come to an end."""
    path = tmp_path / "feed.xml"
    path.write_text("<rss>" * 100_000, encoding="utf-8")
    assert "levels deep" in found(path)


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("ncc.html", 'name="dc:title"', 'name="title"', "lacks metadata: dc:title"),
        ("ncc.html", "Daisy 2.02", "DAISY 3", "dc:format is not"),
        ("ncc.html", ' class="title"', "", "first heading is not an h1"),
        ("ncc.html", "a.smil#t2", "a.smil#t9", "a.smil#t9 leads nowhere"),
        ("ncc.html", "a.smil#t2", "b.smil#t2", "b.smil: It isn't in the book"),
        ("ncc.html", "0:00:03", "0:10:00", "ncc:totalTime is '0:10:00'"),
        ("ncc.html", '"xhtml1-transitional.dtd"', '"x" [<!ENTITY a "b">]', "declares a document type"),
        ("a.smil", "ncc.html#d", "ncc.html#e", "'ncc.html#e' isn't there"),
        ("a.smil", "npt=3.000s", "npt=9.000s", "after its sound"),
        ("a.smil", "npt=3.000s", "npt=0.500s", "ends before it starts"),
        ("a.smil", "a.mp3", "b.mp3", "b.mp3: It isn't in the book"),
        ("a.smil", 'clip-end="npt=3.000s"', "", "no times that can be read"),
    ],
)
def test_broken_daisy_books(tmp_path: Path, three: bytes, file: str, old: str, new: str, finding: str) -> None:
    """Each thing that can be wrong with a DAISY book is found."""
    assert re.search(finding, found(broken.daisy(tmp_path / "book", three, {file: (old, new)})))


# ---- Against each other


def in_file(name: str, change: Callable[[str], str]) -> Break:
    """Change a text of the edition."""

    def do(folder: Path) -> None:
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return do


def late(milliseconds: int) -> Callable[[str], str]:
    """Move all captions."""

    def do(text: str) -> str:
        times = r"00:00:(\d\d)\.(\d{3})"
        return re.sub(times, lambda found: f"00:00:{(int(found[1] + found[2]) + milliseconds) / 1000:06.3f}", text)

    return do


@pytest.mark.parametrize(
    ("breaking", "finding"),
    [
        (in_file("x.chapters.json", lambda text: re.sub(r'(Time": )([1-9])', r"\g<1>1\2", text)), "and at .* in"),
        (in_file("x.words.vtt", late(25)), "error sentence “One of 1.”: It starts at 0:00.625"),
        (in_file("x.chapters.json", lambda text: text.replace("Part", "Piece")), "Only 0 of its 3 chapters"),
        (in_file("x.vtt", late(400)), r"half: Its sentences start \d+ ms (after|before) the voice"),
        (in_file("x.vtt", lambda s: re.sub(r"[\d:.]+\nTwo of 3", "00:09:00.000\nTwo of 3", s)), "after x.mp3, which"),
        (in_file("x.txt", lambda text: text + "\n\nThis was never said by anybody.\n"), "at the end: 2. letters"),
        (in_file("x.txt", lambda text: text.replace("Two", "Nobody has ever said this. Two")), "before 0:"),
        (with_tag(lambda tag: moved(0, 0, 400)(tag) or moved(1, 400, 0)(tag)), "middle of a sentence|starts at"),
    ],
)  # fmt: skip
def test_editions_that_disagree(edition: Path, breaking: Break, finding: str) -> None:
    """Times that differ by more than 20 ms, words out of step, and missing text are found between files."""
    breaking(edition)
    assert re.search(finding, found(edition))


def test_times_within_twenty_milliseconds_agree(edition: Path) -> None:
    """Nobody hears a difference of 20 ms."""
    in_file("x.words.vtt", late(20))(edition)
    assert found(edition) == ""


def test_sound_without_captions_is_found(edition: Path) -> None:
    """Sound that goes on for more than a breath without a caption is a missing part."""
    encoded(edition / "x.flac", hum(9))
    assert "There is sound in x.flac, but no text here" in found(edition)
    assert re.search("It lasts .*, and x.flac 0:09.000", found(edition))


def test_editions_side_by_side_are_not_compared(edition: Path) -> None:
    """Files belong together by their names up to the first dot."""
    in_file("x.vtt", late(400))(edition)
    (edition / "x.vtt").rename(edition / "y.vtt")
    assert found(edition) == ""


def test_folders_that_lack_something(tmp_path: Path, edition: Path) -> None:
    """A folder without sound is an error; sound without text is a warning."""
    (tmp_path / "captions").mkdir()
    shutil.copy(edition / "x.vtt", tmp_path / "captions")
    shutil.copytree(edition, tmp_path / "sound", ignore=lambda _, names: [each for each in names if ".mp3" not in each])
    assert "There is no sound in this folder" in found(tmp_path / "captions")
    assert "sound without any text" in found(tmp_path / "sound")


def test_files_that_cannot_be_checked(tmp_path: Path) -> None:
    """What isn't there stops the check; a kind that isn't known is an error of that file."""
    with pytest.raises(SourceError, match="nothing at"):
        checked(tmp_path / "none.mp3")
    (tmp_path / "a.lrc").touch()
    assert "This kind of file can't be checked" in found(tmp_path / "a.lrc")


def test_findings_alike_are_counted(tmp_path: Path) -> None:
    """Three of a kind are told, and how many more there are."""
    text = "WEBVTT\n" + "".join(f"\n00:{n:02}.000 --> 00:{n:02}.000\nText\n" for n in range(9))
    (tmp_path / "a.vtt").write_text(text, encoding="utf-8")
    assert len(checked(tmp_path / "a.vtt").findings) == 3
    assert "There are 6 more like this." in found(tmp_path / "a.vtt")


@given(st.sampled_from(["a.vtt", "a.srt", "a.chapters.json", "a.words.json", "a.txt", "a.html", "a.xml", "a.epub"]),
       st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))  # fmt: skip
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_answered_in_words(tmp_path: Path, name: str, data: bytes) -> None:
    """No file, whatever is in it, ends the check in an error of its own."""
    (tmp_path / name).write_bytes(data)
    checked(tmp_path / name)


@given(st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_to_good_files_is_answered_in_words(made: tuple[Recording, Path], tmp_path: Path, three: bytes,
                                                   data: st.DataObject) -> None:  # fmt: skip
    """Nor does one that was right once, with bytes changed and its end cut off."""
    broken.epub(tmp_path / "a.epub", three)
    shutil.copy(made[1] / "x.mp3", tmp_path / "a.mp3")
    path = tmp_path / data.draw(st.sampled_from(["a.epub", "a.mp3"]))
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, min(2000, len(content) - 1)), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    checked(path)


@given(st.text(max_size=300))
def test_any_style_and_clock_are_read(text: str) -> None:
    """Small readers take any text."""
    assert 1 <= page.contrast("000", "fff") <= 21.01
    assert clock(3_723_450) == "1:02:03.450"
    assert read.milliseconds(text, 1.0) is None


def test_the_command(edition: Path) -> None:
    """All well ends with 0; an error ends with 8, in words or as JSON, on standard output."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "audiobook", "check", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = run(str(edition))
    assert (good.returncode, good.stdout) == (0, "Checked 6 files: all is well.\n")
    (edition / "x.vtt").write_text("WEBVTT\n\n1\n", encoding="utf-8")
    bad = run(str(edition / "x.vtt"))
    assert bad.returncode == 8
    assert bad.stdout.splitlines()[0].startswith(f"Error in {edition / 'x.vtt'}, line 3: There is no time")
    assert bad.stdout.splitlines()[-1] == "Checked 1 file: 2 errors, 0 warnings."
    told = json.loads(run(str(edition / "x.vtt"), "--json").stdout)
    assert (told["errors"], len(told["findings"])) == (2, 2)
    assert set(told["findings"][0]) == {"severity", "file", "place", "what", "how_to_mend"}
    assert run(str(edition / "none")).returncode == 3


def test_nothing_in_a_file_steers_the_terminal(tmp_path: Path) -> None:
    """Signs that a terminal would obey are not passed on."""
    from audiobook import report

    (tmp_path / "a.chapters.json").write_text(CHAPTERS.replace('"B"', '"B", "\\u001b[2J": 1'), encoding="utf-8")
    lines = list(report.findings(checked(tmp_path / "a.chapters.json"), as_json=False))
    assert "[2J" in lines[0] and "\x1b" not in "".join(lines)


def test_a_finding_stands_for_itself(tmp_path: Path) -> None:
    """Every finding has a sentence for what is wrong, and one for what to do."""
    (tmp_path / "a.vtt").write_text("x", encoding="utf-8")
    (finding,) = checked(tmp_path / "a.vtt").findings
    assert finding.what.endswith(".") and finding.how_to_mend.endswith(".")
    assert replace(finding, place="") != finding
