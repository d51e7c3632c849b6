"""Batches that are killed: run again, they finish with the same bytes as if nothing had been."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from audiobook.output import UNFINISHED
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="looks for processes where Linux shows them"
)

TONE = ("--voice", str(ROOT / "tests" / "golden" / "tone.toml"), "--format", "chapters,vtt")
SPOKEN = ("--voice", "default")
SENTENCES = (
    "Una keeps the key of the old school by the harbour, and nobody has asked her for it.",
    "Niall, who mended the boat twice, says that the third winter will be the last.",
    "The lighthouse was sold; its lamp went to a museum in the capital.",
    "They dont speak of the ferry, or of the people who left with it.",
)


def texts(folder: Path, count: int, sentences: int) -> Path:
    """A folder with so many texts, none like another; two share a name."""
    chance = random.Random(1)  # noqa: S311 -- the same texts in every run
    for number in range(count):
        file = folder / ("a/0.txt" if number == 1 else f"{number}.txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        words = [f"{chance.choice(SENTENCES)} That was day {chance.randrange(9999)}." for _ in range(sentences)]
        file.write_text("\n\n".join(words), encoding="utf-8")
    return folder


def started(source: Path, out: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """A batch of two workers; it keeps its sentences beside its results."""
    command = [sys.executable, "-m", "audiobook", "build", str(source), "-o", str(out), "--jobs", "2", *options]
    environment = {**os.environ, "AUDIOBOOK_CACHE": f"{out}-kept"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished(source: Path, out: Path, options: Sequence[str]) -> float:
    """Run a batch to its end, and return how many seconds that took."""
    start = time.monotonic()
    process = started(source, out, options)
    told, said = process.communicate(timeout=1200)
    assert process.returncode == 0, told + said
    return time.monotonic() - start


def files(out: Path) -> dict[str, bytes]:
    """Every file of the editions by its path; what is not finished has no final name yet."""
    found = (path for path in out.rglob("*") if path.is_file() and path.name != "report.json")
    return {name: path.read_bytes() for path in found if UNFINISHED not in (name := str(path.relative_to(out)))}


def left(out: Path) -> list[Path]:
    return list(out.rglob(f"{UNFINISHED}*"))


def family(pid: int) -> Iterator[int]:
    """All descendants of a process."""
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from family(child)
    except OSError:
        return


def workers(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that build."""
    return [pid for pid in family(process.pid) if b"spawn_main" in command_of(pid)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def are_gone(pids: Sequence[int]) -> bool:
    """Tell whether processes end within some seconds; those that wait to be buried have ended."""
    deadline = time.monotonic() + 20
    while any(command_of(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def check_kills(folder: Path, count: int, sentences: int, kills: int, options: Sequence[str], seed: int) -> None:
    """Kill a batch so often at random moments; then let it finish, and hold it against one that nobody disturbed.

    Each run gets at most its share of the time, so that there is work left for the last.
    """
    chance = random.Random(seed)  # noqa: S311
    source = texts(folder / "in", count, sentences)
    seconds = finished(source, folder / "whole", options)
    wanted = files(folder / "whole")
    out = folder / "killed"
    at_work = 0
    for _ in range(kills):
        process = started(source, out, options)
        time.sleep(chance.uniform(0.3, 1.0) * seconds / kills)
        children = list(family(process.pid))
        at_work += process.poll() is None
        process.kill()
        process.communicate()
        assert are_gone(children), "a process goes on after its batch was killed"
        torn = [name for name, content in files(out).items() if wanted.get(name) != content]
        assert torn == []
    assert at_work == kills and len(files(out)) < len(wanted)
    finished(source, out, options)
    assert files(out) == wanted
    assert left(out) == []


def test_a_killed_batch_goes_on(tmp_path: Path) -> None:
    """Two kills of six texts: no process goes on, no file is torn, and in the end all bytes are as they should be."""
    check_kills(tmp_path, count=6, sentences=30, kills=2, options=TONE, seed=1)


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    """The batch goes on with another one, and tells nothing of it."""
    source = texts(tmp_path / "in", 6, 3)
    finished(source, tmp_path / "whole", TONE)
    process = started(source, tmp_path / "out", TONE)
    while not (there := workers(process)):
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(there[0], signal.SIGKILL)
    told, said = process.communicate(timeout=120)
    assert process.returncode == 0, told + said
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert left(tmp_path / "out") == []


def test_an_interrupted_batch_ends_at_once(tmp_path: Path) -> None:
    """Ctrl-C ends it with its processes, keeps what is whole, and says how to go on."""
    process = started(texts(tmp_path / "in", 40, 40), tmp_path / "out", TONE)
    assert process.stdout
    assert process.stdout.readline().startswith(b"Made ")
    children = list(family(process.pid))
    process.send_signal(signal.SIGINT)
    started_to_end = time.monotonic()
    _, said = process.communicate(timeout=20)
    assert time.monotonic() - started_to_end < 5
    assert process.returncode == 130
    assert said.decode().splitlines()[-1].startswith("Interrupted.") and b"Traceback" not in said
    assert len(children) > 2 and are_gone(children)
    assert (tmp_path / "out" / "0" / "0.json").is_file()


def check_cluster(folder: Path, count: int, sentences: int, options: Sequence[str]) -> None:
    """Kill a worker of a cluster in the middle of a run, and hold the result against a run of one machine."""
    pytest.importorskip("distributed")
    source = texts(folder / "in", count, sentences)
    finished(source, folder / "whole", options)
    process = started(source, folder / "out", (*options, "--cluster", "local"))
    assert process.stdout
    assert process.stdout.readline().startswith(b"Made ")
    there = [pid for pid in family(process.pid) if b"spawn_main" in command_of(pid)]
    os.kill(chosen_worker(there), signal.SIGKILL)
    told, said = process.communicate(timeout=1200)
    assert process.returncode == 0, told + said
    assert files(folder / "out") == files(folder / "whole")
    assert left(folder / "out") == []


def chosen_worker(pids: Sequence[int]) -> int:
    """The process that builds most: it runs a speaking or encoding program, or has taken the most time."""

    def ticks(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    return max(pids, key=ticks)


def test_a_cluster_that_loses_a_worker(tmp_path: Path) -> None:
    """Dask gives its text to another one, and the bytes are those of a run on one machine."""
    check_cluster(tmp_path, count=6, sentences=30, options=TONE)


@pytest.mark.soak
def test_a_cluster_that_loses_a_worker_of_many_texts(tmp_path: Path) -> None:
    """The same with speech and MP3."""
    check_cluster(tmp_path, count=30, sentences=40, options=SPOKEN)


@pytest.mark.soak
def test_twenty_kills_of_forty_texts(tmp_path: Path) -> None:
    """The same with speech and MP3, as a user has it."""
    check_kills(tmp_path, count=40, sentences=40, kills=20, options=SPOKEN, seed=2)
