"""Files as programs see them that nobody here wrote. They lie beside the checkout on some machines only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import feed, formats, source, voice
from audiobook.formats import mp3
from audiobook.model import Recording
from audiobook.pipeline import build
from audiobook.request import Request
from tests.conftest import SAMPLE, SHARED
from tests.recordings import book, motley, recording

JUDGES = SHARED / "judges"
HOME = Path(os.environ.get("JUDGE_HOME", "~/.judges")).expanduser()

pytestmark = [
    pytest.mark.skipif(not JUDGES.is_dir(), reason="the judges do not lie beside this checkout"),
    pytest.mark.skipif(not (HOME / "venv").is_dir(), reason=f"the judges' tools are not installed in {HOME}"),
]

TITLES = {
    "one": ["The only one"],
    "seven": [f"Part {n}" for n in "ABCDEFG"],
    "hostile": ["& < > \" ' : / = ; # \\", "آخر الرجال", "😀", "line\nbreak", " "],
    "long": ["x" * 300, "آخر الرجال " * 30],
    "many": [f"Chapter no. {n}" for n in range(1, 301)],
}


@pytest.fixture(scope="module", params=TITLES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Recording, Path]:
    """A recording, and the folder in which every format of it lies."""
    folder = tmp_path_factory.mktemp(request.param)
    one = recording(book(TITLES[request.param], title="Rock & <Roll>: “é” 😀"), folder)
    for name in formats.names():
        formats.load(name).write(one, folder, "x")
    return one, folder


def passes(judge: str, *arguments: object) -> None:
    """Run a judge; its whole finding is shown when it is not content."""
    runner = "bash" if judge.endswith(".sh") else sys.executable
    done = subprocess.run(
        [runner, str(JUDGES / judge), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode == 2:
        pytest.skip(f"{judge} could not run: {done.stdout[-200:]}{done.stderr[-200:]}")
    assert done.returncode == 0, done.stdout + done.stderr


def plan(of: Recording, path: Path) -> Path:
    """What the MP3 is meant to hold, in the judge's form."""
    chapters = [[cue.start / 1000, cue.text] for cue in mp3.marks(of)]
    title = of.book.title
    document = {"title": title, "album": title, "artist": of.book.author, "duration": of.duration / 1000}
    path.write_text(json.dumps({**document, "chapters": chapters}), encoding="utf-8")
    return path


def test_mp3_judge(made: tuple[Recording, Path], tmp_path: Path) -> None:
    """mp3val, ffprobe, eyeD3, music-metadata and mediainfo find the stream, tags and chapters as planned."""
    of, folder = made
    passes("judge_mp3.sh", folder / "x.mp3", "--plan", plan(of, tmp_path / "plan.json"))


def test_m4b_judge(made: tuple[Recording, Path], tmp_path: Path) -> None:
    """ffprobe, exiftool and AtomicParsley find one AAC stream, both lists of chapters, tags and cover as planned."""
    of, folder = made
    if any(len(cue.text.encode()) > 255 for cue in of.chapters):
        pytest.skip("Nero's list has 255 bytes for a title, and the judge wants both lists to be the same")
    passes("judge_m4b.sh", folder / "x.m4b", "--plan", plan(of, tmp_path / "plan.json"))


def test_captions_judge(made: tuple[Recording, Path]) -> None:
    """webvtt-parser and node-webvtt, both strict, find conforming WebVTT within the sound's length."""
    of, folder = made
    passes("judge_vtt.py", folder / "x.vtt", "--duration", of.duration / 1000)


def test_chapters_judge(made: tuple[Recording, Path]) -> None:
    """The chapters file follows the specification's rules."""
    of, folder = made
    passes("judge_vtt.py", folder / "x.chapters.json", "--duration", of.duration / 1000)


def test_subrip_judge(made: tuple[Recording, Path]) -> None:
    """The strict reader srt finds whole cues within the sound's length."""
    of, folder = made
    passes("judge_vtt.py", folder / "x.srt", "--duration", of.duration / 1000)


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample as an edition, and a feed of it."""
    folder = tmp_path_factory.mktemp("shelved")
    request = Request(
        source.load(str(SAMPLE)), folder, voice.load("default"), formats=("chapters", "html", "mp3", "srt", "vtt")
    )
    build(request, lambda step: None)
    feed.make(folder, feed.Channel("https://example.org/reviews/", "Rock & <Roll>"))
    return folder


def test_page_judge(shelved: Path) -> None:
    """Nu, html-validate, axe and HTML_CodeSniffer find no fault, and in Chromium keyboard, sync and reflow hold."""
    passes("judge_html.sh", shelved / "the-salt-road" / "the-salt-road.html")


@pytest.mark.parametrize("name", ["index.html", "the-salt-road/the-salt-road.repairs.html"])
def test_other_pages_judge(shelved: Path, name: str) -> None:
    """The index page and the report of repairs are valid and accessible, too."""
    passes("judge_html.sh", shelved / name)


@pytest.mark.slow
def test_hostile_page_judge(made: tuple[Recording, Path]) -> None:
    """Titles of any kind, one chapter or 300, leave the page valid and accessible."""
    passes("judge_html.sh", made[1] / "x.html", "--no-player")


def test_feed_judge(shelved: Path) -> None:
    """Parsers of podcast apps read all of the feed, and it agrees with the files."""
    passes("judge_feed.py", shelved / "feed.xml", "--media", shelved / "the-salt-road")


@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node.js")
def test_what_the_page_does(shelved: Path) -> None:
    """In a real Chromium the page plays, marks and follows sentences, by keyboard and by a link from the report."""
    command = ["node", str(Path(__file__).with_name("page.mjs")), str(HOME / "node"), str(shelved / "the-salt-road")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        pytest.skip(f"no browser: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {step: seen for step, seen in found.items() if seen is not True} == {}
    assert len(found) == 9


@pytest.mark.parametrize("kind", ["mp3", "m4b", "opus", "flac"])
def test_loudness_judge(made: tuple[Recording, Path], kind: str) -> None:
    """Both ffmpeg and pyloudnorm find the level, and it is that of podcasts."""
    passes("judge_loudness.py", made[1] / f"x.{kind}", "--profile", "podcast")


@pytest.mark.parametrize(
    ("master", "profile"), [("mono19", "podcast-mono19"), ("broadcast", "r128"), ("acx", "acx")], ids=str
)
def test_mastering_judge(made: tuple[Recording, Path], master: str, profile: str, tmp_path: Path) -> None:
    """The MP3 holds to the profile that was asked for; of ACX also bit rate, room tone and noise floor."""
    passes("judge_loudness.py", mp3.write(replace(made[0], master=master), tmp_path, "x").path, "--profile", profile)


@pytest.fixture(scope="module")
def readalong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the books of a text that has headings, announcements, a break and an Arabic sentence."""
    folder = tmp_path_factory.mktemp("readalong")
    one = motley(folder)
    for name in ("epub", "daisy"):
        formats.load(name).write(one, folder, "x")
    return folder


def test_readalong_judges(readalong: Path) -> None:
    """Both books of a text with headings are as their standards ask."""
    passes("judge_epub.sh", readalong / "x.epub")
    passes("judge_daisy.py", readalong / "x-daisy")


SOME = ["hostile", pytest.param("many", marks=pytest.mark.slow)]
"""Recordings for judges that take a quarter of a minute each, and minutes for many chapters."""


@pytest.mark.parametrize("made", SOME, indirect=True)
def test_epub_judge(made: tuple[Recording, Path]) -> None:
    """EPUBCheck has neither an error nor a warning, Ace finds no barrier, and the clips lie inside the sound."""
    passes("judge_epub.sh", made[1] / "x.epub")


@pytest.mark.parametrize("made", SOME, indirect=True)
def test_daisy_judge(made: tuple[Recording, Path]) -> None:
    """References and times are right; with DAISY's schemas in the folder DAISY_RNG, every file is valid by them."""
    passes("judge_daisy.py", made[1] / "x-daisy")
