"""The command line as a person meets it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audiobook import formats, mastering, repair
from audiobook.commands import options
from tests.conftest import ROOT, SAMPLE
from tests.documents import epub

COMMAND = [sys.executable, "-m", "audiobook"]


def run(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the real command off a terminal."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


def test_build_says_what_it_made(tmp_path: Path) -> None:
    """The result is the last word, on standard output, and names every file that is there."""
    done = run("build", SAMPLE, "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("Made “The Salt Road”: 5 chapters, 2 minutes ")
    made = sorted(path.name for path in (tmp_path / "the-salt-road").iterdir())
    assert sorted(lines[-1].partition(": ")[2].rstrip(".").split(", ")) == made
    assert b"\r" not in done.stderr and b"\x1b" not in done.stderr
    assert b"Repairing the text, 0 %" in done.stderr


def test_json_is_one_object(tmp_path: Path) -> None:
    """With --json standard output is one JSON object that agrees with the files."""
    done = run("build", SAMPLE, "-o", tmp_path, "--json")
    result = json.loads(done.stdout)
    assert (result["title"], len(result["chapters"]), len(result["gaps"])) == ("The Salt Road", 5, 7)
    assert {gap["value"] for gap in result["gaps"]} == {None}
    assert abs(result["loudness"]["integrated_lufs"] + 16) <= 0.5 and result["loudness"]["true_peak_dbtp"] <= -1
    assert result["chapters"][-1]["end_ms"] == round(result["duration_s"] * 1000)
    assert all(Path(path).is_file() for path in result["files"].values())
    edits = [json.loads(line) for line in Path(result["files"]["edits"]).read_text(encoding="utf-8").splitlines()]
    assert sum(result["edits"].values()) == len(edits)


def test_facts_speak_only_what_changed(tmp_path: Path) -> None:
    """Numbers that a person fills in are used, and only their paragraphs are spoken anew."""
    kept = str(tmp_path / "kept")  # another test may have had the same number spoken
    run("build", SAMPLE, "-o", tmp_path, AUDIOBOOK_CACHE=kept)
    facts = tmp_path / "the-salt-road" / "the-salt-road.facts.toml"
    filled = facts.read_text(encoding="utf-8").replace('value = ""', 'value = "1998"', 1)
    facts.write_text(filled, encoding="utf-8")
    result = json.loads(run("build", SAMPLE, "-o", tmp_path, "--json", "--facts", facts, AUDIOBOOK_CACHE=kept).stdout)
    assert result["clips_spoken"] == 1
    assert [gap["value"] for gap in result["gaps"]] == ["1998"] + [None] * 6
    assert "Since early 1998, the ferry" in Path(result["files"]["transcript"]).read_text(encoding="utf-8")
    assert facts.read_text(encoding="utf-8") == filled


def test_a_filled_facts_file_is_not_overwritten(tmp_path: Path) -> None:
    """A build that doesn't use the numbers a person has filled in leaves their file alone, and says so."""
    run("build", SAMPLE, "-o", tmp_path)
    facts = tmp_path / "the-salt-road" / "the-salt-road.facts.toml"
    filled = facts.read_text(encoding="utf-8").replace('value = ""', 'value = "1998"', 1)
    facts.write_text(filled, encoding="utf-8")
    done = run("build", SAMPLE, "-o", tmp_path)
    assert facts.read_text(encoding="utf-8") == filled
    assert b"add --facts" in done.stderr


def test_repair_and_revert(tmp_path: Path) -> None:
    """The source comes back byte for byte from the repaired text and the edit list."""
    repaired, edits = tmp_path / "repaired.txt", tmp_path / "edits.jsonl"
    assert run("repair", SAMPLE, "-o", repaired, "--edits", edits).returncode == 0
    assert repaired.read_bytes() != SAMPLE.read_bytes()
    assert run("repair", repaired, "--revert", edits).stdout == SAMPLE.read_bytes()


def test_repair_reads_and_writes_streams() -> None:
    """Text goes through a pipe, its line ends untouched."""
    done = run("repair", "-", stdin=b"They dont know.\r\n\r\nIm here.\r\n")
    assert done.stdout.decode() == "They don’t know.\r\n\r\nI’m here.\r\n"


def test_explain() -> None:
    """Each edit is a line: place, before, after, rule, confidence, and why."""
    lines = run("repair", "--explain", "--model", "light", SAMPLE).stdout.decode().splitlines()
    assert lines[0].startswith("1:13  nothing → [year missing]  numbers.year  1.00  no digit is left in this text")
    assert any(line.startswith("1:293  nights → night’s  apostrophes.possessive  ") for line in lines)
    assert any(line.endswith("‘doesnt’ is no word; ‘doesn’t’ is") for line in lines)


def test_suspects() -> None:
    """What is near the line is listed, and nothing else is printed."""
    lines = run("repair", "--suspects", "--model", "light", SAMPLE).stdout.decode().splitlines()
    assert lines and all(re.match(r"1:\d+  .+ → .+  [a-z]+\.[a-z]+  0\.\d\d  ", line) for line in lines)


def test_switches_of_repair(tmp_path: Path) -> None:
    """Families can be left alone, a least confidence set, and names given with their accents."""
    names = tmp_path / "names.txt"
    names.write_text("Tomás\n", encoding="utf-8")
    plain = run("repair", SAMPLE, "--without", "quotes", "--without", "accents").stdout.decode()
    assert "“" not in plain and "cinma" in plain and "doesn’t" in plain
    sure = run("repair", SAMPLE, "--min-confidence", "0.98").stdout.decode()
    assert "doesn’t" in sure and "night’s" not in sure
    assert "Tomás Quirke" in run("repair", SAMPLE, "--spellings", names).stdout.decode()
    assert run("repair", SAMPLE, "--without", "spelling").returncode == 2


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", 3, b"nothing to say"),
        (b"  \n ", 3, b"nothing to say"),
        (b"\x00\x01\x02", 3, b"not text"),
        ("привет".encode("koi8-r"), 3, b"not UTF-8"),
        (b"PK\x03\x04", 3, b"is broken"),
    ],
)
def test_bad_text(tmp_path: Path, content: bytes, code: int, words: bytes) -> None:
    """A text that can't be used ends with its own exit code, an error in words, and no output."""
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    done = run("build", path, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (code, b"")
    assert done.stderr.startswith(b"Error: ") and words in done.stderr
    assert not (tmp_path / "out").exists()


def test_other_errors(tmp_path: Path) -> None:
    """Wrong names and values end with the exit code of their kind."""
    assert run("build", tmp_path / "none.txt").returncode == 3
    assert run("build", SAMPLE, "--voice", "nobody", "-o", tmp_path).returncode == 5
    assert run("build", SAMPLE, "--facts", SAMPLE, "-o", tmp_path).returncode == 4
    assert run("build", SAMPLE, "--cover", SAMPLE, "-o", tmp_path).returncode == 7
    assert run("build", SAMPLE, "--date", "soon", "-o", tmp_path).returncode == 2
    assert run("build", SAMPLE, "-o", SAMPLE).returncode == 1
    assert run("repair", SAMPLE, "--revert", SAMPLE).returncode == 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ["a/b:c", "x" * 300, "🎬", "مراجعة", "   ", "../../up", 'A & B < "C"'])
def test_titles_that_are_no_file_names(tmp_path: Path, title: str) -> None:
    """Whatever the title, the result lands in one folder inside -o."""
    done = run("build", "-", "--title", title, "-o", tmp_path / "out", "--json", stdin=b"Una keeps the key.")
    assert done.returncode == 0, done.stderr
    files = [Path(path) for path in json.loads(done.stdout)["files"].values()]
    assert {path.parent.parent for path in files} == {tmp_path / "out"}
    assert all(path.is_file() for path in files)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_one_bad_text_does_not_stop_the_others(tmp_path: Path) -> None:
    """Every text is built, and the exit code tells that one failed; equal names stay apart."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("Una keeps the key.")
    (tmp_path / "x.txt").write_text("Niall keeps the boat.")
    done = run("build", tmp_path / "x.txt", tmp_path / "none.txt", tmp_path / "a" / "x.txt", "-o", tmp_path / "out")
    assert done.returncode == 3
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.json", "x", "x-2"]
    assert "Una" in (tmp_path / "out" / "x-2" / "x-2.txt").read_text()
    assert [line.partition(":")[0] for line in done.stdout.decode().splitlines()][:3] == [
        f"Made {tmp_path / 'out' / 'x'}",
        f"Made {tmp_path / 'out' / 'x-2'}",
        "3 texts",
    ]
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert [text["result"] for text in report["texts"]] == ["made", "failed", "made"]
    assert report["summary"] | {"made": 2, "kept": 0, "failed": 1} == report["summary"]


def test_many_texts(tmp_path: Path) -> None:
    """A table and a list are built a line of JSON a text; the second time all of it is kept."""
    (tmp_path / "reviews.csv").write_text("id,body,film\n17,Una keeps the key.,Heat\n18,Niall keeps the boat.,Heat\n")
    (tmp_path / "x.txt").write_text("Aoife keeps the light.")
    columns = ("--text-column", "body", "--title-column", "film", "--id-column", "id", "--files-from", "-")
    options = ("--voice", TONE, "--format", "chapters", "--json", "-o", tmp_path / "out")
    for result in ("made", "kept"):
        done = run("build", tmp_path / "reviews.csv", *columns, *options, stdin=f"{tmp_path / 'x.txt'}\n".encode())
        assert done.returncode == 0, done.stderr
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(text["result"], Path(text["folder"]).name) for text in told] == [
            (result, "17"),
            (result, "18"),
            (result, "x"),
        ]
        assert [text["title"] for text in told] == ["Heat", "Heat", "x"]


def test_an_edition_that_is_there_is_kept(tmp_path: Path) -> None:
    """Building the same again says that it was kept; --again makes it, and so does any change of what decides it."""
    text = tmp_path / "x.txt"
    text.write_text("Una keeps the key.")
    build = ("build", text, "--voice", TONE, "--format", "chapters", "-o", tmp_path / "out")
    for more, word in (
        ((), "Made"),
        ((), "Kept"),
        (("--again",), "Made"),
        (("--author", "A. B."), "Made"),
        ((), "Made"),
    ):
        assert run(*build, *more).stdout.decode().startswith(f"{word} “x”: 1 chapter, ")
    text.write_text("Una keeps the keys.")
    assert run(*build).stdout.decode().startswith("Made")


def test_another_text_does_not_take_an_edition_s_place(tmp_path: Path) -> None:
    """Two texts of one name are told apart, and nothing is lost; a new version of one text is what it was."""
    text, other = tmp_path / "a" / "review.txt", tmp_path / "b" / "review.txt"
    for path, content in ((text, SAMPLE), (other, ROOT / "benchmarks" / "review.txt")):
        path.parent.mkdir()
        shutil.copyfile(content, path)
    build = ("--voice", TONE, "--format", "chapters", "-o", tmp_path / "out")
    transcript = tmp_path / "out" / "review" / "review.txt"
    assert run("build", text, *build).returncode == 0
    before = transcript.read_bytes()
    refused = run("build", other, *build)
    assert (refused.returncode, transcript.read_bytes()) == (1, before)
    for words in (b"another text, which begins: ", b"--title", b"-o", b"--again"):
        assert words in refused.stderr
    text.write_text("A new beginning.\n\n" + text.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("build", text, *build).returncode == 0
    assert transcript.read_bytes().startswith(b"A new beginning.")
    assert run("build", other, *build, "--again").returncode == 0
    assert transcript.read_bytes().startswith((ROOT / "benchmarks" / "review.txt").read_bytes()[:40])


def test_dry_run(tmp_path: Path) -> None:
    """The estimate comes near to what is made then, nothing is written, and what is there already is not counted."""
    build = ("build", SAMPLE, "-o", tmp_path / "out")
    told = json.loads(run(*build, "--dry-run", "--json").stdout)
    assert not (tmp_path / "out").exists()
    made = json.loads(run(*build, "--json").stdout)
    size = sum(path.stat().st_size for path in (tmp_path / "out" / "the-salt-road").iterdir())
    assert (told["to_make"], told["kept"], told["failed"]) == (1, 0, 0)
    assert 0.75 < told["duration_s"] / made["duration_s"] < 1.25
    assert 0.6 < told["bytes"] / size < 1.6
    again = run(*build, tmp_path / "none.txt", "--dry-run")
    assert again.returncode == 3 and b"none.txt" in again.stderr
    assert again.stdout.decode() == "0 texts to be made, 1 there already, 1 that can't be read.\n"


def test_the_same_bytes_again(tmp_path: Path) -> None:
    """Two builds at once, on caches of their own and on one core or two, make the same files."""
    made = []
    for name, cores in (("a", "0"), ("b", "0,1")):
        pinned = ["taskset", "-c", cores] if shutil.which("taskset") else []
        command = [*pinned, *COMMAND, "build", str(SAMPLE), "-o", str(tmp_path / name), "--words"]
        made.append(subprocess.Popen(command, env={**os.environ, "AUDIOBOOK_CACHE": str(tmp_path / f"{name}-kept")}))
    assert [process.wait(timeout=120) for process in made] == [0, 0]
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "the-salt-road").iterdir()} for name in "ab"
    )
    assert first == second


def test_builds_that_share_what_is_kept(tmp_path: Path) -> None:
    """Builds at the same time in one cache don't disturb each other, and the next one speaks nothing."""
    kept = {**os.environ, "AUDIOBOOK_CACHE": str(tmp_path / "kept")}
    commands = [[*COMMAND, "build", str(SAMPLE), "--json", "-o", str(tmp_path / name)] for name in "abc"]
    together = [subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL) for command in commands]
    assert [process.wait(timeout=120) for process in together] == [0, 0, 0]
    again = subprocess.run(commands[0], env=kept, capture_output=True, check=True)
    assert json.loads(again.stdout)["clips_spoken"] == 0
    assert not list((tmp_path / "kept").glob("*.part"))


def test_cache(tmp_path: Path) -> None:
    """What is kept can be seen and cleared, and other files in its folder stay."""
    run("build", SAMPLE, "-o", tmp_path / "out", AUDIOBOOK_CACHE=str(tmp_path / "kept"))
    (tmp_path / "kept" / "mine.txt").write_text("mine")
    held = json.loads(run("cache", "--json", AUDIOBOOK_CACHE=str(tmp_path / "kept")).stdout)
    assert held["clips"] > 10 and held["bytes"] > 1e6
    done = run("cache", "--clear", AUDIOBOOK_CACHE=str(tmp_path / "kept"))
    assert done.stdout.startswith(b"0 sentences are kept in ")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "text",
    [
        '<speak><break time="9s"/>Una</speak> & [[h@l\'oU]] keeps <b>the key.',
        "-v 3 --help\n\n- Una\n\n-",
        "Una\u00ad keeps\ufeff the \u202ekey\u202c\u200b.",
        "مرحبا بالعالم. 你好，世界。 Una.",
        "😀" * 50 + " Una 🎬🎬",
        "word " * 800,
        "x" * 1500,
        "1" * 300 + " €€€ $$$ 1,2,3,4/5/6--7...8",
    ],
)
def test_hostile_text(tmp_path: Path, text: str) -> None:
    """Text that trips programs up becomes an edition like any other: nothing is injected, nothing hangs."""
    done = run("build", "-", "--title", "x", "-o", tmp_path, "--json", stdin=text.encode())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["duration_s"] > 1.5
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C ends it at once with 130, and leaves no half file."""
    text = tmp_path / "long.txt"
    text.write_text("\n\n".join(f"This is paragraph {number} of a long text." for number in range(3000)))
    process = subprocess.Popen([*COMMAND, "build", text, "-o", tmp_path / "out"], stderr=subprocess.PIPE)
    assert process.stderr
    process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert b"Interrupted" in process.stderr.read()
    assert not list(tmp_path.rglob("*.mp3")) and not list((tmp_path / "out").rglob("*"))


def test_help_is_quick_and_has_examples() -> None:
    """Every command explains itself with examples."""
    for command in ([], ["build"], ["repair"], ["names"], ["voices"]):
        done = run(*command, "--help")
        assert done.returncode == 0 and b"Examples:" in done.stdout and b"\x1b" not in done.stdout


def test_masters_are_the_profiles() -> None:
    """The command line knows every mastering profile by name."""
    assert tuple(mastering.PROFILES) == options.MASTERS


def test_help_names_what_can_be_asked_for() -> None:
    """Families of damage and formats are those there are."""
    assert tuple(options.FAMILIES) == repair.FAMILIES
    listed = run("build", "--help").stdout.decode()
    assert all(name in listed for name in formats.names() if not name.startswith("words"))


def test_help_loads_nothing_heavy() -> None:
    """Start-up brings in click and nothing else that costs time."""
    code = (
        "import sys; sys.argv = ['audiobook', '--help']\n"
        "import atexit; from audiobook.cli import main\n"
        "atexit.register(lambda: print(sorted({'pydub', 'mutagen', 'PIL', 'pyttsx3', 'ctypes'} & set(sys.modules))))\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.splitlines()[-1] == b"[]"


def test_voices() -> None:
    """Profiles and the engine's own voices are listed, in words and as JSON."""
    assert b"british: " in run("voices").stdout
    assert {"default", "slow", "british"} <= {voice["name"] for voice in json.loads(run("voices", "--json").stdout)}
    assert any("en" in voice["language"] for voice in json.loads(run("voices", "--engine", "pyttsx3", "--json").stdout))
    assert run("voices", "--engine", "none").returncode == 5


TONE = "tests/golden/tone.toml"


def test_a_book_is_read_in(tmp_path: Path) -> None:
    """What the book tells of itself is taken over where nothing else was said, and its text lies beside the results."""
    book = tmp_path / "book.epub"
    book.write_bytes(epub({"one.xhtml": "<p>They dont know.<sup><a href='#n'>1</a></sup></p><p id='n'>A note.</p>"}))
    done = run("build", book, "-o", tmp_path / "out", "--voice", TONE, "--author", "B. Writer", "--json")
    result = json.loads(done.stdout)
    assert (result["title"], result["author"], result["language"]) == ("The Salt & the Road", "B. Writer", "en-GB")
    assert b"Note: 1 note was left out; --keep notes keeps it" in done.stderr
    made = tmp_path / "out" / "book"
    assert (made / "book.source.txt").read_text() == "# The Ferry\n\nThey dont know.\n"
    back = run("repair", made / "book.txt", "--revert", made / "book.edits.jsonl")
    assert back.stdout == (made / "book.source.txt").read_bytes()


def test_repair_of_a_page(tmp_path: Path) -> None:
    """The text that a page gave is written beside the repaired one, and undoing leads back to it."""
    repaired, edits = tmp_path / "repaired.txt", tmp_path / "edits.jsonl"
    page = b"<!DOCTYPE html><p>They dont know.<nav>Menu</nav>"
    done = run("repair", "-", "-o", repaired, "--edits", edits, stdin=page)
    assert repaired.read_text() == "They don’t know.\n"
    assert b"repaired.source.txt holds the text as it was read" in done.stderr
    assert run("repair", repaired, "--revert", edits).stdout == (tmp_path / "repaired.source.txt").read_bytes()


def test_names(tmp_path: Path) -> None:
    """Names are listed in sentences, with what the lexicon says of them, or as JSON."""
    done = run("names", SAMPLE, "--voice", TONE)
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "Maréchal: name, 2 times, first in line 1; the lexicon says mˌɑɹeɪʃˈɑːl."
    assert "Kilbrannan: name, once, in line 1; said Kilbrannan." in lines
    assert "vérité: unknown word, once, in line 3; the lexicon says vˌɛɹɪtˈeɪ." in lines
    listed = json.loads(run("names", SAMPLE, "--voice", TONE, "--json").stdout)
    assert [name["word"] for name in listed] == [line.partition(":")[0] for line in lines]
    assert listed[0] | {"count": 2, "line": 1, "kind": "name"} == listed[0]


def test_names_make_a_lexicon(tmp_path: Path) -> None:
    """The lexicon that is written can be mended and used; it is told what was added."""
    pls = tmp_path / "own.pls"
    done = run("names", SAMPLE, "--voice", TONE, "--pls", pls)
    assert f"to {pls}. Mend what is wrong there" in done.stderr.decode()
    mended = pls.read_text(encoding="utf-8").replace("<alias>Kilbrannan</alias>", "<alias>kill brannan</alias>")
    pls.write_text(mended, encoding="utf-8")
    again = run("names", SAMPLE, "--voice", TONE, "--pls", pls, "--lexicon", pls)
    assert "the lexicon says kill brannan." in again.stdout.decode()
    assert b"has all these words already" in again.stderr and pls.read_text(encoding="utf-8") == mended
    assert run("names", SAMPLE, "--voice", TONE, "--lexicon", SAMPLE).returncode == 5


def test_names_as_sounds(tmp_path: Path) -> None:
    """Each word is a WAV file, numbered as it is listed, for machines that can play it."""
    done = run("names", SAMPLE, "--voice", TONE, "-o", tmp_path / "sounds")
    assert done.returncode == 0, done.stderr
    files = sorted(path.name for path in (tmp_path / "sounds").iterdir())
    assert files[0] == "001-marechal.wav" and len(files) == len(done.stdout.splitlines())


def test_repairs_are_heard_where_there_is_a_page(tmp_path: Path) -> None:
    """The report of repairs links into the page that plays them when both are made, and only then."""
    for kinds, linked in (("html", True), ("vtt", False)):
        done = run("build", SAMPLE, "--voice", TONE, "--format", kinds, "-o", tmp_path / kinds)
        assert done.returncode == 0, done.stderr
        folder = tmp_path / kinds / "the-salt-road"
        report = (folder / "the-salt-road.repairs.html").read_text(encoding="utf-8")
        targets = set(re.findall(r'href="the-salt-road\.html#(t\d+)"', report))
        assert bool(targets) == linked
        if linked:
            page = (folder / "the-salt-road.html").read_text(encoding="utf-8")
            assert targets <= set(re.findall(r'id="(t\d+)"', page))
            assert (folder / "the-salt-road.mp3").is_file()


def test_feed_tells_its_address(tmp_path: Path) -> None:
    """A built folder becomes a feed with one command; the result says what was made, and where it will be found."""
    assert run("build", SAMPLE, "--voice", TONE, "-o", tmp_path).returncode == 0
    done = run("feed", tmp_path, "--base-url", "https://example.org/r", "--title", "T")
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.decode().splitlines()
    assert first == f"Made a feed of 1 edition in {tmp_path}: feed.xml, feed.opml, feed.jpg, index.html."
    assert last == "Its address: https://example.org/r/feed.xml"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 2, "--base-url"),
        (("--base-url", "example.org"), 2, "https://example.org/talks/"),
        (("--base-url", "https://a.example/", "-o", "../feed.xml"), 2, "lies in DIR"),
        (("--base-url", "https://a.example/", "-o", "index.html"), 2, "ends in .xml"),
        (("--base-url", "https://a.example/", "--language", "English!"), 2, "en-GB"),
        (("--base-url", "https://a.example/"), 3, "Build one first"),
    ],
)
def test_feed_says_what_is_wrong(options: tuple[str, ...], code: int, words: str, tmp_path: Path) -> None:
    """Options are checked before anything is read, and nothing is written."""
    done = run("feed", tmp_path, *options)
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_the_smallest_file_is_as_loud_as_any(real_review: str, tmp_path: Path) -> None:
    """Of the real review libopus once made a click that no limiter holds, and all of it was turned down by 6 dB."""
    text = tmp_path / "review.txt"
    text.write_text(real_review, encoding="utf-8")
    made = run("build", text, "--voice", "default", "--format", "opus", "--json", "-o", tmp_path / "out")
    assert b"Note" not in made.stderr
    record = json.loads((tmp_path / "out" / "review" / "review.json").read_text(encoding="utf-8"))
    assert abs(record["loudness"]["integrated"] + 16) <= 0.5 and record["loudness"]["true_peak"] <= -1
