"""M4B, Opus and FLAC: what independent readers find in them, and where the sound stands when it is decoded."""

# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from audiobook import ffmpeg, formats, loudness
from audiobook.errors import EncodeError
from audiobook.formats import _tags, _vorbis, m4b, vtt
from audiobook.formats._text import one_line
from audiobook.model import Clip, Cue, Recording
from tests.recordings import RATE, book, hum, recording

KINDS = ("m4b", "opus", "flac")
TITLES = ["& < > \" ' : / = ; # \\", "x" * 300, "آخر الرجال " * 30, "😀" * 70, "line\nbreak", " ", "\\", "[CHAPTER]"]
needs_ffprobe = pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recording(book(TITLES, title="../etc: <b>&"), tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    clip = Clip(hum(0.05), RATE)
    return recording(book([f"Chapter no. {n}" for n in range(1, 301)]), tmp_path_factory.mktemp("many"), clip)


@pytest.fixture(params=["hostile", "many"])
def each(request: pytest.FixtureRequest) -> Recording:
    made: Recording = request.getfixturevalue(request.param)
    return made


def probed(path: Path) -> list[tuple[int, int, str]]:
    """Start and end in ms and title of each chapter, as ffprobe lists them."""
    command = ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["chapters"]
    return [(*(round(float(c[f"{t}_time"]) * 1000) for t in ("start", "end")), c["tags"]["title"]) for c in found]


@needs_ffprobe
def test_m4b_chapters_are_found_by_ffprobe(each: Recording, tmp_path: Path) -> None:
    """QuickTime's track: every mark with its whole title, contiguous, whatever signs stand in it."""
    marks = _tags.marks(each, m4b.MOST_CHAPTERS)
    assert probed(m4b.write(each, tmp_path, "x").path) == [(cue.start, cue.end, cue.text) for cue in marks]


def test_m4b_chapters_stand_in_neros_list(each: Recording, tmp_path: Path) -> None:
    """Mutagen reads chpl alone: the same starts, and titles whole up to 255 bytes, never cut within a letter."""
    file: Any = MP4(m4b.write(each, tmp_path, "x").path)
    marks = _tags.marks(each, m4b.MOST_CHAPTERS)
    assert [round(chapter.start * 1000) for chapter in file.chapters] == [cue.start for cue in marks]
    for chapter, cue in zip(file.chapters, marks, strict=True):
        title = chapter.title.rstrip()
        if len(cue.text.encode()) <= 255:
            assert title == cue.text
        else:
            assert title.endswith("…") and cue.text.startswith(title[:-1])
            assert 248 <= len(title.encode()) <= 255


@needs_ffprobe
@pytest.mark.parametrize("kind", ["opus", "flac"])
def test_vorbis_chapters_are_found_by_ffprobe(each: Recording, kind: str, tmp_path: Path) -> None:
    """All chapters, to the ms, with whole titles: three digits are enough for 999."""
    marks = _vorbis.marks(each)
    assert len(marks) == len(each.chapters)
    found = probed(formats.load(kind).write(each, tmp_path, "x").path)
    assert [(start, title) for start, _, title in found] == [(cue.start, cue.text) for cue in marks]


def test_vorbis_chapters_are_numbered_from_one(hostile: Recording) -> None:
    """Xiph's extension: CHAPTER001 with hours, minutes, seconds and ms, and its name beside it."""
    comments = _vorbis.comments(hostile)
    assert (comments["CHAPTER001"], comments["CHAPTER001NAME"]) == ("00:00:00.000", TITLES[0])
    assert comments["CHAPTER002"] == vtt.timestamp(hostile.chapters[1].start)
    assert comments["CHAPTER006NAME"] == "Chapter 6"


@pytest.mark.parametrize("kind", ["mp3", *KINDS])
def test_sound_stands_where_the_captions_say(kind: str, many: Recording, tmp_path: Path) -> None:
    """Decoded, every one of 600 sentences starts within 20 ms of its caption: no priming, no pre-skip, no drift."""
    path = formats.load(kind).write(many, tmp_path, "x").path
    filters = "silencedetect=noise=-30dB:duration=0.05"
    words = ffmpeg.run(["-i", str(path), "-map", "0:a", "-af", filters, "-f", "null", "-"], log="info")
    starts = [float(found) * 1000 for found in re.findall(r"silence_end: ([\d.]+)", words)][: len(many.captions)]
    assert starts == pytest.approx([cue.start for cue in many.captions], abs=20)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("master", "target"), [("podcast", -16), ("mono19", -19), ("broadcast", -23)])
def test_every_format_holds_to_the_profile(
    kind: str, master: str, target: float, hostile: Recording, tmp_path: Path
) -> None:
    """The decoded file has the profile's loudness, and the artefact says so."""
    made = formats.load(kind).write(replace(hostile, master=master), tmp_path, "x")
    measured = loudness.measure([loudness.Stretch(["-i", str(made.path)])], jobs=1)
    assert made.loudness is not None
    assert made.loudness.integrated == pytest.approx(measured.integrated, abs=0.05)
    assert measured.integrated == pytest.approx(target, abs=0.5)
    assert measured.true_peak <= -1
    assert made.notes == ()


@pytest.mark.parametrize("kind", ["mp3", *KINDS])
def test_acx_is_measured_and_leaves_no_silence(kind: str, hostile: Recording, tmp_path: Path) -> None:
    """The artefact tells RMS and noise floor, both as ACX asks, and the lead-in is room tone."""
    made = formats.load(kind).write(replace(hostile, master="acx"), tmp_path, "x")
    assert made.loudness and made.loudness.rms is not None and made.loudness.floor is not None
    assert -23 <= made.loudness.rms <= -18
    assert made.loudness.true_peak <= -3
    assert -80 <= made.loudness.floor <= -60
    assert made.notes == ()


def test_acx_tells_of_what_it_does_not_take(hostile: Recording, tmp_path: Path) -> None:
    """A file of more than two hours, or a noisy one, is made all the same, with a note."""
    from audiobook.formats import _levelled
    from audiobook.model import Loudness

    long = replace(hostile, master="acx", frames=RATE * 7_300)
    told = _levelled.notes(long, Loudness(-20.0, -3.5, -20.0, -55.0))
    assert "at most 120 minutes; this one lasts 121" in told[0]
    assert "noise floor of at most -60 dB; it is -55.0" in told[1]
    assert "reaches -30.0 dB RMS only" in _levelled.notes(long, Loudness(-29.0, -3.5, -30.0, -72.0))[0]


def test_m4b_tags_say_what_it_is(hostile: Recording, tmp_path: Path) -> None:
    """On the shelf of audiobooks, with author, narrator, date, language, cover, and that a machine made it."""
    file: Any = MP4(m4b.write(hostile, tmp_path, "x").path)
    texts = {name: file[name][0] for name in ("©nam", "©alb", "©ART", "aART", "©wrt", "©nrt", "©day", "©gen")}
    assert texts == {
        "©nam": "../etc: <b>&",
        "©alb": "../etc: <b>&",
        "©ART": "Ann Author",
        "aART": "Ann Author",
        "©wrt": "Hum (synthetic sound)",
        "©nrt": "Hum (synthetic sound)",
        "©day": "2017-02-03",
        "©gen": "Audiobook",
    }
    assert file["stik"] == [2]
    assert bytes(file["----:com.apple.iTunes:LANGUAGE"][0]) == b"eng"
    assert "synthetic" in file["©cmt"][0]
    assert file["covr"][0].startswith(b"\xff\xd8")


def test_m4b_can_be_streamed(hostile: Recording, tmp_path: Path) -> None:
    """The contents stand before the sound, also after tagging."""
    data = m4b.write(hostile, tmp_path, "x").path.read_bytes()
    assert data[4:11] == b"ftypM4A"
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(("kind", "reader"), [("opus", OggOpus), ("flac", FLAC)])
def test_vorbis_tags_say_what_it_is(kind: str, reader: Any, hostile: Recording, tmp_path: Path) -> None:
    """Title, author, narrator, date, genre, language, a comment about machine and voice, and the cover."""
    file = reader(formats.load(kind).write(hostile, tmp_path, "x").path)
    names = ("title", "album", "artist", "performer", "composer", "date", "genre", "language")
    assert [file[name] for name in names] == [
        ["../etc: <b>&"],
        ["../etc: <b>&"],
        ["Ann Author"],
        ["Hum (synthetic sound)"],
        ["Hum (synthetic sound)"],
        ["2017-02-03"],
        ["Audiobook"],
        ["eng"],
    ]
    assert "synthetic" in file["description"][0]
    stored = file["metadata_block_picture"][0] if kind == "opus" else None
    picture = Picture(base64.b64decode(stored)) if stored else file.pictures[0]
    assert (picture.mime, picture.type) == ("image/jpeg", 3)


def test_flac_is_without_loss(hostile: Recording, tmp_path: Path) -> None:
    """16 bits at 44.1 kHz, as many samples as the recording has, and the checksum in its header is that of them."""
    file: Any = FLAC(formats.load("flac").write(hostile, tmp_path, "x").path)
    assert (file.info.sample_rate, file.info.bits_per_sample, file.info.channels) == (44_100, 16, 1)
    assert file.info.total_samples == pytest.approx(hostile.frames * 44_100 / RATE, abs=1)
    assert file.info.md5_signature != 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_bundled_ffmpeg_encodes_it(
    kind: str, hostile: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users have it; a system's ffmpeg, which goes before it, is often of another age."""
    monkeypatch.setenv("PATH", "")
    ffmpeg._found.cache_clear()
    try:
        assert formats.load(kind).write(hostile, tmp_path, "x").path.stat().st_size > 0
    finally:
        ffmpeg._found.cache_clear()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_length_is_not_delivered(kind: str, hostile: Recording, tmp_path: Path) -> None:
    """The file is read back: one that is shorter than the clock says ends in an error."""
    clock = replace(hostile, chapters=(Cue(0, 60_000, "A"),))
    wrong = replace(clock, pcm=tmp_path / "s.pcm", frames=RATE * 60)
    wrong.pcm.write_bytes(hostile.pcm.read_bytes())
    with pytest.raises(EncodeError, match="lasts"):
        formats.load(kind).write(wrong, tmp_path, "x")


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_titles_survive_ffmpegs_metadata(titles: list[str]) -> None:
    """Unescaped as ffmpeg documents it, line by line, each title is what was put in."""
    cues = [Cue(0, 1, one_line(title)) for title in titles]
    written = m4b.metadata(cues)
    found = re.findall(r"^title=((?:\\.|[^\\\n\0])*)\0$", written, re.MULTILINE | re.DOTALL)
    assert [re.sub(r"\\(.)", r"\1", title, flags=re.DOTALL) for title in found] == [cue.text for cue in cues]
