from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiobook import ffmpeg, machine
from audiobook.errors import AudiobookError, EncodeError

SILENCE = ("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=2")


@pytest.fixture(autouse=True)
def fresh_search() -> Iterator[None]:
    ffmpeg._found.cache_clear()
    yield
    ffmpeg._found.cache_clear()


def program(folder: Path, body: str) -> Path:
    """A program of this name in a folder that is put on PATH."""
    path = folder / "ffmpeg"
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="Windows starts no scripts by their first line")


def test_the_program_found_encodes_mp3() -> None:
    """What find() returns is a real ffmpeg that lists libmp3lame."""
    listed = subprocess.run([ffmpeg.find(), "-hide_banner", "-encoders"], capture_output=True, text=True, check=True)
    assert "libmp3lame" in listed.stdout


@needs_scripts
def test_a_system_program_that_can_do_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program on PATH that passes the trial is used before the one in the package."""
    mine = program(tmp_path, "import sys; print('ffmpeg version of mine', file=sys.stderr)")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (ffmpeg.find(), ffmpeg.version()) == (str(mine), "ffmpeg version of mine")


@needs_scripts
def test_a_system_program_that_cannot_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffmpeg without the encoder or a filter is left alone, and the package's is used."""
    broken = program(tmp_path, "raise SystemExit(1)")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg.find() != str(broken)
    assert ffmpeg.tried(ffmpeg.find())


@needs_scripts
def test_the_search_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial costs time, so a second question starts no program."""
    tally = tmp_path / "tally"
    program(tmp_path, f"import sys; open({str(tally)!r}, 'a').write('x'); print('ffmpeg', file=sys.stderr)")
    monkeypatch.setenv("PATH", str(tmp_path))
    ffmpeg.find()
    ffmpeg.version()
    assert tally.read_text() == "x"


def test_without_any_program_the_pip_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on PATH and nothing in the package: the error says how to get one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nowhere"))
    with pytest.raises(EncodeError, match="pip install imageio-ffmpeg"):
        ffmpeg.find()


def test_a_failure_carries_the_last_words(tmp_path: Path) -> None:
    """What ffmpeg said stands in the error."""
    with pytest.raises(EncodeError, match="No such file or directory"):
        ffmpeg.run(["-i", ffmpeg.as_file(tmp_path / "missing.wav"), "-f", "null", "-"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_called_by_its_name() -> None:
    """Running out of space is not an encoding error, and says what to do."""
    with pytest.raises(AudiobookError, match="disk is full") as caught:
        ffmpeg.run([*SILENCE, "-f", "s16le", "-y", ffmpeg.as_file(Path("/dev/full"))])
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("name", ["a:b.wav", "-y.wav", "a b%03d.wav", "ü 'x'.wav", "[a],b;c=d.wav", "حلب.wav"])
def test_any_file_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Names that look like a protocol or an option to ffmpeg are written as they are."""
    monkeypatch.chdir(tmp_path)
    ffmpeg.run([*SILENCE, "-f", "wav", "-y", ffmpeg.as_file(Path(name))])
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert "8000 Hz" in ffmpeg.run([*ffmpeg.decoded(Path(name)), "-f", "null", "-"], log="info")


def test_nothing_goes_to_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither ffmpeg's log nor its words reach the terminal; they are returned."""
    words = ffmpeg.run([*SILENCE, "-f", "null", "-"], log="info")
    assert "lavfi" in words
    assert capfd.readouterr() == ("", "")


def test_many_runs_answer_in_order() -> None:
    """Each command's words stand at its own place, whichever ends first."""
    sounds = ("r=48000:d=600", "r=8000:d=1", "r=16000:d=1")  # the first takes longest
    commands = [["-f", "lavfi", "-i", f"anullsrc={sound}", "-f", "null", "-"] for sound in sounds]
    words = ffmpeg.run_all(commands, jobs=2, log="info")
    assert [rate in each for rate, each in zip(("48000 Hz", "8000 Hz", "16000 Hz"), words, strict=True)] == [True] * 3


ENDLESS = ["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]


def test_one_failure_ends_the_others() -> None:
    """Programs that would run for ever are ended when another one fails."""
    started = time.monotonic()
    with pytest.raises(EncodeError):
        ffmpeg.run_all([["-i", "missing", "-f", "null", "-"], ENDLESS, ENDLESS], jobs=3)
    assert time.monotonic() - started < 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_every_program(tmp_path: Path) -> None:
    """An interrupt of Python alone, as a supervisor sends it, leaves no ffmpeg behind and takes no second."""
    mark = str(tmp_path / "out.wav")
    code = f"""
from audiobook import ffmpeg
ffmpeg.run_all([["-re", "-f", "lavfi", "-i", "anullsrc", "-y", {mark!r}]] * 2, jobs=2)
"""
    python = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 20
    while not Path(mark).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    asked = time.monotonic()
    python.send_signal(signal.SIGINT)
    assert python.wait(10) != 0
    assert time.monotonic() - asked < 2
    with pytest.raises(ProcessLookupError):
        os.killpg(python.pid, 0)


def test_cores_are_those_that_may_be_used() -> None:
    """At least one, and no more than the machine has."""
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)
