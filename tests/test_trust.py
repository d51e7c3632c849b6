"""What comes in is read and spoken, and no more: it runs, opens and fetches nothing, and writes nowhere else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents import NAV, docx, epub, packed, paragraph

WATCHED = Path(__file__).with_name("watched.py")
SECRET = "what stands in no text"  # noqa: S105  # a mark to be looked for
ADDRESS = "http://127.0.0.1:9/"
"""An address that would be connected to before anybody could say that nobody listens there."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a secret beside the folder in which the program is run."""
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "here").mkdir()
    return tmp_path


def hostile(place: Path) -> dict[str, str | bytes]:
    """Return texts, pages and books that ask for a program, the secret, the network, or a file elsewhere."""
    secret, away = place / "secret.txt", "../../evil"
    asks = (
        f"$(touch {place}/ran) `touch {place}/ran`; touch {place}/ran | {{{{7*7}}}} %s file://{secret} {ADDRESS} {away}"
    )
    page = (
        f"<!DOCTYPE html><title>{away}</title><link rel=stylesheet href={ADDRESS}a.css><base href={ADDRESS}>"
        f"<meta property=og:title content='{away}'><meta name=author content='$(touch {place}/ran)'>"
        f"<meta http-equiv=refresh content='0;url={ADDRESS}'><script src={ADDRESS}a.js>fetch('{ADDRESS}')</script>"
        f"<p>Una {asks}<img src=file://{secret}><iframe src=file://{secret}></iframe><object data={secret}></object>"
        f"<svg><image href={secret} /></svg><video src={ADDRESS}></video>"
    )
    outside = f'<!DOCTYPE html [<!ENTITY a SYSTEM "file://{secret}">]>'
    picture = (
        "<w:p><w:r><w:t>Una</w:t></w:r></w:p><w:p><w:r><w:pict xmlns:v='urn:schemas-microsoft-com:vml' "
        "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>"
        f"<v:imagedata r:link='rId9' src='{secret}'/></w:pict></w:r></w:p>"
    )
    relations = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId9' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/image' TargetMode='External' "
        f"Target='file://{secret}'/></Relationships>"
    )
    return {
        "text.txt": f"ffconcat version 1.0\nfile '{secret}'\n#EXTM3U\n\n# {away}\n\n{asks}\n\n"
        f"<audio src='{ADDRESS}'/> <?php system('touch {place}/ran') ?> [[h@'loU]]\n",
        "page.html": page,
        "book.epub": epub(
            {"one.xhtml": page, "two.xhtml": f"<p>&a;<img src='{secret}'/></p>"}, {"OEBPS/nav.xhtml": outside + NAV}
        ),
        "outside.epub": epub({"../../../secret.txt": "<p>x</p>"}),
        "slip.epub": epub({"one.xhtml": "<p>x</p>"}, {"../../evil.txt": "x"}),
        "word.docx": docx(
            paragraph(asks) + picture,
            {"word/_rels/document.xml.rels": relations},
        ),
        "entity.docx": docx("", {"word/document.xml": outside + "<x>&a;</x>"}),
        "table.csv": f'id,text\n{away},"Una {asks}"\n/etc/evil,Una waits.\n',
        "link.zip": packed({"a.txt": "x"}),
    }


def watched(place: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[list[object]]]:
    """Run the program and return how it ended, and what it did to the world."""
    log = place / "log"
    command = [sys.executable, str(WATCHED), str(log), *arguments]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "AUDIOBOOK_CACHE": str(place / "cache"),
        "TMPDIR": str(_made(place / "tmp")),
    }
    ended = subprocess.run(
        command, cwd=place / "here", env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return ended, [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def test_hostile_texts_are_read_and_spoken_and_no_more(place: Path) -> None:
    """Files that ask for all there is to get: every one is built or refused, and gets nothing of it."""
    for name, content in hostile(place).items():
        (place / "here" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    sources = sorted(hostile(place))
    ended, events = watched(
        place,
        "build",
        *sources,
        "--id-column",
        "id",
        "--author",
        f"$(touch {place}/ran)",
        "--format",
        "mp3,m4b,epub,html",
    )
    assert ended.returncode == 3, ended.stderr  # some are refused, and the others are made all the same
    assert len(list((place / "here" / "out").glob("*/*.mp3"))) == 6, ended.stderr
    assert set(_programs(events)) == {"ffmpeg", "_espeak_server.py"}
    assert Path("book.epub") in _opened(events)
    assert [event for event in events if str(event[0]).startswith(("socket.", "urllib.", "http."))] == []
    assert [path for path in _opened(events) if path.name == "secret.txt"] == []
    own = [place / "here" / "out", place / "tmp", place / "cache", Path("/dev")]
    assert [path for path in _changed(events, place / "here") if not any(map(path.is_relative_to, own))] == []
    assert {path.name for path in place.iterdir()} == {"here", "secret.txt", "cache", "tmp", "log"}
    assert {path.name for path in (place / "here").iterdir()} == {"out", *sources}
    for path in (place / "here" / "out").rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("option", "name", "content", "code"),
    [
        ("--lexicon", "own.pls", '<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><lexicon>&a;</lexicon>', 5),
        ("--lexicon", "own.pls", '<?xml-stylesheet href="{address}"?><lexicon version="1.0" alphabet="ipa" '
         'xml:lang="en" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" xmlns:xi="http://www.w3.org/2001/XInclude">'
         '<xi:include href="{secret}" parse="text"/></lexicon>', 5),
        ("--facts", "own.toml", '[[number]]\nsentence = "a {{year}} b"\nvalue = "$(touch {place}/ran)"\n', 4),
        ("--voice", "own.toml", 'engine = "os"\nid = "system"\n', 5),
        ("--voice", "own.toml", 'engine = "../../evil"\nid = "x"\n', 5),
        ("--voice", "own.toml", 'engine = "pyttsx3"\nid = "../../../../../..{secret}"\n', 5),
        ("--voice", "own.toml", 'engine = "pyttsx3"\nid = "{secret}"\n', 5),
        ("--spellings", "own.txt", "$(touch {place}/ran) file://{secret} {address}", 0),
    ],
)  # fmt: skip
def test_hostile_settings(place: Path, option: str, name: str, content: str, code: int) -> None:
    """A lexicon, a facts file, a profile or a list of spellings is data, whatever it asks for."""
    secret = place / "secret.txt"
    here = place / "here"
    (here / name).write_text(content.format(secret=secret, place=place, address=ADDRESS), encoding="utf-8")
    (here / "text.txt").write_text("Una waits for  , and says so.", encoding="utf-8")
    ended, events = watched(place, "build", "text.txt", option, name, "--format", "chapters")
    assert ended.returncode == code, ended.stderr
    assert set(_programs(events)) <= {"ffmpeg", "_espeak_server.py"}
    assert [event for event in events if str(event[0]).startswith(("socket.", "urllib.", "http."))] == []
    assert secret not in _opened(events) and not (place / "ran").exists()
    assert SECRET not in ended.stderr


@pytest.mark.parametrize("voice", ["default", pytest.param("auto", marks=pytest.mark.slow)])
def test_a_build_in_a_network_without_interfaces(place: Path, voice: str) -> None:
    """Every format is made where no network is, also with the best voice and the best model that are there."""
    alone = _without_network()
    (place / "here" / "text.txt").write_text("Amlies boat  isnt here.", encoding="utf-8")
    command = [
        *alone,
        sys.executable,
        "-m",
        "audiobook",
        "build",
        "text.txt",
        "--format",
        "all",
        "--voice",
        voice,
        "--words",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AUDIOBOOK_CACHE": str(place / "cache")}
    ended = subprocess.run(
        command, cwd=place / "here", env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert (place / "here" / "out" / "text" / "text.mp3").stat().st_size > 5000


def _without_network() -> list[str]:
    """Return the command that runs another in a network namespace of its own, where not even loopback is up."""
    unshare = shutil.which("unshare")
    for options in (["--net"], ["--user", "--map-root-user", "--net"]):
        if unshare and subprocess.run([unshare, *options, "true"], capture_output=True, check=False).returncode == 0:
            return [unshare, *options]
    pytest.skip("no network namespace can be made here: that takes Linux, `unshare`, and the right to")


def _programs(events: list[list[object]]) -> Iterator[str]:
    """Yield what was started: a program's name, or the script's that Python was started with."""
    for event, *values in events:
        if event == "subprocess.Popen":
            command = [str(word) for word in values[1]] if isinstance(values[1], list) else [str(values[1])]
            script = next((word for word in command if word.endswith(".py")), command[0])
            yield Path(script).name.partition("-")[0]
        elif str(event).startswith(("os.exec", "os.system", "os.posix_spawn", "os.spawn", "pty.")):
            yield f"{event} {values}"


def _opened(events: list[list[object]]) -> list[Path]:
    return [Path(str(values[0])) for event, *values in events if event == "open"]


def _changed(events: list[list[object]], here: Path) -> Iterator[Path]:
    """Yield what was written, made, moved or removed."""
    for event, *values in events:
        if event == "open":
            if isinstance(values[2], int) and values[2] & WRITES and isinstance(values[0], str):
                yield here / values[0]
        elif str(event).startswith("os.") and not str(event).startswith(("os.exec", "os.posix_spawn")):
            names = values[:2] if event in ("os.rename", "os.link", "os.symlink") else values[:1]
            yield from (here / str(name) for name in names)
