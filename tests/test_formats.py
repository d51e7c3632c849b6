# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from mutagen.mp3 import MP3, BitrateMode

from audiobook import ffmpeg, formats, loudness
from audiobook.errors import AudiobookError, EncodeError
from audiobook.formats import _iso639, _tags, mp3, vtt
from audiobook.formats._readalong import paragraphs
from audiobook.formats._text import one_line
from audiobook.model import Artefact, Clip, Cue, Loudness, Recording
from tests.recordings import RATE, book, hum, recording

HOSTILE = ["& < > \" ' : /", "x" * 300, "آخر الرجال", "😀 emoji", "line\nbreak", " ", "a\x00b --> c", "\ud800"]
SHORT = Clip(hum(0.05), RATE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A recording whose titles and sentences are all that text can be."""
    folder = tmp_path_factory.mktemp("hostile")
    made = recording(book(HOSTILE, title="../etc: <b>&\n" + "t" * 300, author="\x00"), folder)
    captions = tuple(replace(cue, text=HOSTILE[n % 5] + " said.") for n, cue in enumerate(made.captions))
    return replace(made, captions=captions)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A recording with more chapters than an MP3's table of contents can count."""
    return recording(book([f"Chapter no. {n}" for n in range(1, 301)]), tmp_path_factory.mktemp("many"), SHORT)


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recording(book([f"Part {n}" for n in "ABCDEFG"]), tmp_path_factory.mktemp("seven"))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recording(book(["The only one"]), tmp_path_factory.mktemp("one"))


@pytest.fixture(params=["one", "seven", "many", "hostile"])
def each(request: pytest.FixtureRequest) -> Recording:
    made: Recording = request.getfixturevalue(request.param)
    return made


def content(made: Artefact) -> dict[str, bytes]:
    """What was written, by name: the one file, or all of a folder's."""
    files = sorted(made.path.iterdir()) if made.path.is_dir() else [made.path]
    return {path.name: path.read_bytes() for path in files}


def chap_frames(path: Path) -> list[Any]:
    """CHAP frames in the order in which they stand in the file."""
    tags: Any = MP3(path).tags
    return list(tags.getall("CHAP"))


def test_the_folder_is_the_registry() -> None:
    """Every module in the folder is a format but those that start with "_"."""
    folder = Path(formats.__file__).parent
    assert formats.names() == tuple(sorted(path.stem for path in folder.glob("[a-z]*.py")))
    assert {"mp3", "vtt", "chapters"} <= set(formats.names())


def test_an_unknown_format_is_not_imported() -> None:
    """Only what is in the folder is loaded; a table beside the formats is none."""
    for name in ("flv", "_text", "../mp3"):
        with pytest.raises(KeyError):
            formats.load(name)


@pytest.mark.parametrize("name", formats.names())
def test_every_format_writes_one_thing_where_it_should(name: str, each: Recording, tmp_path: Path) -> None:
    """A format takes any recording, writes one file or folder of files under the stem, and says which."""
    made = formats.load(name).write(each, tmp_path, "a b ü")
    assert list(tmp_path.iterdir()) == [made.path]
    assert made.kind == name
    assert made.path.name.startswith("a b ü-" if made.path.is_dir() else "a b ü.")
    assert all(content(made).values())


@pytest.mark.parametrize("name", formats.names())
def test_every_format_repeats_its_bytes(name: str, seven: Recording, tmp_path: Path) -> None:
    """The same recording gives the same file, whatever the folder and the time."""
    files = []
    for folder in (tmp_path / "one", tmp_path / "another folder"):
        folder.mkdir()
        files.append(content(formats.load(name).write(seven, folder, "x")))
    assert files[0] == files[1]


@pytest.mark.parametrize("name", formats.names())
def test_no_format_tells_where_it_was_made(name: str, seven: Recording, tmp_path: Path) -> None:
    """No file holds the path of a folder on the machine that made it."""
    data = b"".join(content(formats.load(name).write(seven, tmp_path, "x")).values())
    for path in (str(tmp_path), str(seven.pcm.parent)):
        assert path.encode() not in data
        assert path.encode("utf-16-le") not in data


@pytest.mark.parametrize("name", formats.names())
def test_a_folder_that_is_gone_is_an_error_of_ours_or_the_system(name: str, seven: Recording, tmp_path: Path) -> None:
    """Nothing is skipped in silence when the file can't be written."""
    with pytest.raises((AudiobookError, OSError)):
        formats.load(name).write(seven, tmp_path / "gone", "x")


def test_all_formats_tell_the_same_times(each: Recording, tmp_path: Path) -> None:
    """CHAP frames, the chapters file and the captions agree, for they read one clock."""
    marks = mp3.marks(each)
    mp3_times = [(c.start_time, c.end_time) for c in chap_frames(mp3.write(each, tmp_path, "x").path)]
    assert mp3_times == [(cue.start, cue.end) for cue in marks]
    listed = json.loads(formats.load("chapters").write(each, tmp_path, "x").path.read_text("utf-8"))["chapters"]
    times = [(round(c["startTime"] * 1000), round(c["endTime"] * 1000)) for c in listed]
    assert times == [(cue.start, cue.end) for cue in each.chapters]
    assert {start for start, _ in mp3_times} <= {start for start, _ in times}
    captions = formats.load("vtt").write(each, tmp_path, "x").path.read_text("utf-8")
    starts = re.findall(r"^([\d:.]+) --> ([\d:.]+)$", captions, re.MULTILINE)
    assert starts == [(vtt.timestamp(cue.start), vtt.timestamp(cue.end)) for cue in each.captions]
    page = formats.load("html").write(each, tmp_path, "x").path.read_text("utf-8")
    heard = [line.cue.start for paragraph in paragraphs(each) for line in paragraph.lines if line.cue]
    assert list(map(int, re.findall(r'class="said" id="t(\d+)"', page))) == heard
    subrip = formats.load("srt").write(each, tmp_path, "x").path.read_text("utf-8")
    assert {f"\n{start.replace('.', ',')} --> " in subrip for start, _ in starts} == {True}


def test_mp3_chapters_are_whole_and_in_order(each: Recording, tmp_path: Path) -> None:
    """CHAP frames stand in time order in the file, contiguous, first at 0, last at the end, each with its title."""
    frames = chap_frames(mp3.write(each, tmp_path, "x").path)
    assert frames[0].start_time == 0
    assert frames[-1].end_time == each.duration
    assert all(earlier.end_time == later.start_time for earlier, later in pairwise(frames))
    assert len({frame.element_id for frame in frames}) == len(frames) <= 255
    assert all(str(frame.sub_frames["TIT2"]).strip() for frame in frames)


def test_mp3_has_one_top_level_ordered_contents(each: Recording, tmp_path: Path) -> None:
    """Without such a table, with a title, some players list no chapter at all."""
    tags: Any = MP3(mp3.write(each, tmp_path, "x").path).tags
    (table,) = tags.getall("CTOC")
    assert int(table.flags) == 3
    assert table.child_element_ids == [frame.element_id for frame in tags.getall("CHAP")]
    assert str(table.sub_frames["TIT2"]) == "Contents"


def test_mp3_stream_is_what_players_seek_in(seven: Recording, tmp_path: Path) -> None:
    """Mono, constant 64 kbit/s, 44.1 kHz, an Info header, ID3v2.3 without padding and without ID3v1."""
    path = mp3.write(seven, tmp_path, "x").path
    info: Any = MP3(path).info
    assert (info.channels, info.sample_rate, info.bitrate_mode) == (1, 44100, BitrateMode.CBR)
    assert info.bitrate == pytest.approx(64000, rel=0.02)  # mutagen divides bytes by seconds
    data = path.read_bytes()
    size = int.from_bytes(bytes(data[6:10]), "big")
    audio = 10 + sum((size >> 8 * n & 127) << 7 * n for n in range(4))
    assert data[:4] == b"ID3\x03"
    assert data[audio] == 0xFF
    assert b"Info" in data[audio : audio + 200]
    assert b"TAG" not in data[-128:-124]


def test_mp3_lasts_as_long_as_the_recording(seven: Recording, tmp_path: Path) -> None:
    """Decoded, it has the recording's samples within one MP3 frame: nothing is cut at either end."""
    path = mp3.write(seven, tmp_path, "x").path
    command = [ffmpeg.find(), "-v", "error", "-i", str(path), "-map", "0:a", "-f", "s16le", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    assert len(decoded) // 2 == pytest.approx(seven.frames * 44100 / seven.sample_rate, abs=1152)


def test_mp3_sound_stands_where_the_captions_say(seven: Recording, tmp_path: Path) -> None:
    """The encoder's and the limiter's delays are taken out: sound starts within 20 ms of its caption."""
    path = mp3.write(seven, tmp_path, "x").path
    filters = "silencedetect=noise=-40dB:duration=0.05"
    words = ffmpeg.run(["-i", str(path), "-map", "0:a", "-af", filters, "-f", "null", "-"], log="info")
    starts = [float(found) * 1000 for found in re.findall(r"silence_end: ([\d.]+)", words)][: len(seven.captions)]
    assert starts == pytest.approx([cue.start for cue in seven.captions], abs=20)


def test_mp3_is_levelled(seven: Recording, tmp_path: Path) -> None:
    """The artefact's loudness is that of the decoded file: -16 LUFS within 0.5, true peak at most -1 dBTP."""
    made = mp3.write(seven, tmp_path, "x")
    measured = loudness.measure([loudness.Stretch(["-i", str(made.path)])], jobs=1)
    assert made.loudness is not None
    assert made.loudness.integrated == pytest.approx(measured.integrated, abs=0.05)
    assert made.loudness.true_peak == pytest.approx(measured.true_peak, abs=0.1)
    assert measured.integrated == pytest.approx(-16, abs=0.5)
    assert measured.true_peak <= -1


def test_mp3_tags_say_what_it_is(seven: Recording, tmp_path: Path) -> None:
    """Title, album, author, narrator, date, genre, language, a comment about machine and voice, and a square cover."""
    tags: Any = MP3(mp3.write(seven, tmp_path, "x").path).tags
    texts = {name: str(tags[name]) for name in ("TIT2", "TALB", "TPE1", "TCOM", "TCON", "TLAN", "TDRC")}
    assert texts == {
        "TIT2": "A Book",
        "TALB": "A Book",
        "TPE1": "Ann Author",
        "TCOM": "Hum (synthetic sound)",
        "TCON": "Audiobook",
        "TLAN": "eng",
        "TDRC": "2017-02-03",
    }
    (comment,) = tags.getall("COMM")
    assert comment.lang == "eng"
    assert "synthetic" in str(comment) and "repaired by machine" in str(comment)
    (picture,) = tags.getall("APIC")
    assert (picture.mime, picture.type) == ("image/jpeg", 3)


@pytest.mark.parametrize("published", ["", "soon", "1912-"])
def test_mp3_has_no_date_when_none_is_known(seven: Recording, tmp_path: Path, published: str) -> None:
    """No date is made up, and one that is none is left out."""
    undated = replace(seven, book=replace(seven.book, published=published, author="", language="tlh-x"))
    tags: Any = MP3(mp3.write(undated, tmp_path, "x").path).tags
    assert "TDRC" not in tags
    assert str(tags["TPE1"]) == _tags.UNKNOWN_AUTHOR
    assert str(tags["TLAN"]) == "tlh"


def test_mp3_shares_marks_beyond_255(many: Recording, tmp_path: Path) -> None:
    """300 chapters become 255 marks of one or two, at true starts, and the artefact tells."""
    made = mp3.write(many, tmp_path, "x")
    frames = chap_frames(made.path)
    assert len(frames) == 255
    assert any("300 chapters" in note for note in made.notes)
    titles = [str(frame.sub_frames["TIT2"]) for frame in frames]
    assert sum(title.endswith(" (and 1 more)") for title in titles) == 45
    assert not any("more)" in title and "and 1 " not in title for title in titles)


def test_mp3_has_no_notes_when_there_is_nothing_to_say(seven: Recording, tmp_path: Path) -> None:
    """An ordinary file comes without notes."""
    assert mp3.write(seven, tmp_path, "x").notes == ()


def test_mp3_that_came_out_wrong_is_not_delivered(
    seven: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read back: chapters in a wrong order end in an error."""
    monkeypatch.setattr(mp3, "_put_in_order", lambda path: None)
    uneven = replace(seven, chapters=tuple(replace(c, text="x" * (9 - n)) for n, c in enumerate(seven.chapters)))
    with pytest.raises(EncodeError, match="read back"):
        mp3.write(uneven, tmp_path, "x")


def test_mp3_too_short_to_measure_says_so(one: Recording, tmp_path: Path) -> None:
    """A recording without a loudness carries a note."""
    pcm = tmp_path / "s.pcm"
    pcm.write_bytes(hum(0.3))
    tiny = replace(one, pcm=pcm, frames=RATE * 3 // 10, chapters=(Cue(0, 300, "A"),), captions=())
    assert "too short or too quiet" in " ".join(mp3.write(tiny, tmp_path, "x").notes)


def test_mp3_of_silence_is_possible(one: Recording, tmp_path: Path) -> None:
    """Digital silence has no level to correct, and still gives a file."""
    pcm = tmp_path / "s.pcm"
    pcm.write_bytes(bytes(one.frames * 2))
    assert mp3.write(replace(one, pcm=pcm), tmp_path, "x").loudness == Loudness(-70.0, loudness.NO_SOUND)


def test_captions_hold_hostile_text(hostile: Recording, tmp_path: Path) -> None:
    """Marks of the format are escaped, and no line break or arrow within a sentence ends a cue."""
    text = formats.load("vtt").write(hostile, tmp_path, "x").path.read_text("utf-8")
    blocks = text.split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert len(blocks) == len(hostile.captions) + 1
    for block in blocks[1:]:
        _, words = block.rstrip("\n").split("\n")
        assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", words)
        assert words.strip()


def test_a_word_is_not_timed_inside_another(one: Recording, tmp_path: Path) -> None:
    """The word "a" also stands in "road", and a word may come twice; each time stands before its own word."""
    said = enumerate(("The", "road,", "a", "very", "very", "film."), 1)
    words = tuple(Cue(200 * n, 200 * n + 200, text) for n, text in said)
    made = replace(one, captions=(Cue(0, 1400, "The road, a very very film.", words),))
    text = formats.load("words_vtt").write(made, tmp_path, "x").path.read_text("utf-8")
    assert "<00:00:00.400>road, <00:00:00.600>a <00:00:00.800>very <00:00:01.000>very <00:00:01.200>film." in text


def test_chapters_file_is_of_version_one_point_two(hostile: Recording, tmp_path: Path) -> None:
    """Numbers for times in seconds, a title on one line for each, and only keys of the specification."""
    document = json.loads(formats.load("chapters").write(hostile, tmp_path, "x").path.read_text("utf-8"))
    assert document["version"] == "1.2.0"
    assert [set(each) for each in document["chapters"]] == [{"startTime", "endTime", "title"}] * len(HOSTILE)
    titles = [each["title"] for each in document["chapters"]]
    assert titles == [
        "& < > \" ' : /",
        "x" * 300,
        "آخر الرجال",
        "😀 emoji",
        "line break",
        "Chapter 6",
        "a b --> c",
        "Chapter 8",
    ]


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [(0, "00:00:00.000"), (61_001, "00:01:01.001"), (3_599_999, "00:59:59.999"), (360_000_000, "100:00:00.000")],
)
def test_timestamps(milliseconds: int, written: str) -> None:
    """Hours, minutes, seconds and ms, with hours beyond two digits for long books."""
    assert vtt.timestamp(milliseconds) == written


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "eng"),
        ("en-GB", "eng"),
        ("DE_at", "deu"),
        ("ar", "ara"),
        ("haw", "haw"),
        ("", "und"),
        ("qq", "und"),
        ("x-y", "und"),
    ],
)
def test_languages(tag: str, code: str) -> None:
    """BCP 47 becomes ISO 639-2; what has no code there is undetermined."""
    assert _iso639.three_letters(tag) == code


@pytest.mark.parametrize(("text", "line"), [(" a \n\t b ", "a b"), ("a\x00b", "a b"), ("\ud800", ""), ("é😀", "é😀")])
def test_one_line(text: str, line: str) -> None:
    """White space is evened, what no tag can hold is gone, everything else stays."""
    assert one_line(text) == line
