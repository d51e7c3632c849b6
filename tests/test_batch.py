"""Many texts: each has its outcome, in order, and no failure stops the rest."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import batch, machine, output, pipeline, source, voice
from audiobook.batch import Job, Outcome, Parcel, run
from audiobook.errors import AudiobookError, DiskFull, SourceError
from audiobook.items import Item
from audiobook.request import Request
from audiobook.shelf import Edition
from tests.conftest import ROOT

TONE = ROOT / "tests" / "golden" / "tone.toml"
COMMAND = [sys.executable, "-m", "audiobook", "build", "--voice", str(TONE), "--format", "chapters,vtt"]


@pytest.fixture(autouse=True)
def all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers share the machine; here they are threads of the process that runs the tests."""
    monkeypatch.setattr(machine, "share", lambda most: None)


def texts(folder: Path, count: int) -> list[Item]:
    """So many short texts in a folder."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"Una keeps the key of room {number}.\n\nNiall keeps the boat.\n")
    return [Item(str(folder / f"{number}.txt"), str(number)) for number in range(count)]


def template(out: Path) -> Request:
    return Request(source.File("", "", b""), out, voice.load(str(TONE)), formats=("chapters", "vtt"))


def editions(out: Path) -> dict[str, bytes]:
    """Every file under a folder, with what is left of unfinished work, but for the report of the run."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != "report.json"
    }


class Threads:
    """An executor of threads that counts what is under way, and has a worker die where it is told to."""

    def __init__(self, deaths: dict[str, int] | None = None) -> None:
        self.started = 0
        self.most = 0
        self.deaths = deaths or {}
        self._under_way: list[Future[batch.Result]] = []

    def __call__(self) -> Executor:
        self.started += 1
        return _Threads(self)

    def count(self, future: Future[batch.Result]) -> None:
        self._under_way = [other for other in self._under_way if not other.done()] + [future]
        self.most = max(self.most, len(self._under_way))


class _Threads(ThreadPoolExecutor):
    def __init__(self, told: Threads) -> None:
        super().__init__(2)
        self._told = told
        self._broken_down = False

    def submit(self, work: Callable[..., object], job: Job) -> Future[batch.Result]:  # type: ignore[override]
        deadly = self._told.deaths.get(job.request.name, 0)
        if deadly or self._broken_down:
            self._broken_down = True
            self._told.deaths[job.request.name] = max(deadly - 1, 0)
            future: Future[batch.Result] = Future()
            future.set_exception(BrokenProcessPool("a process ended"))
        else:
            future = super().submit(work, job)  # type: ignore[arg-type]
        self._told.count(future)
        return future


def names(outcomes: list[Outcome]) -> list[str]:
    return [o.result.folder.name if isinstance(o.result, Edition) else type(o.result).__name__ for o in outcomes]


def test_outcomes_come_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long each takes, they are told in the order of the texts, and few are under way at once."""
    monkeypatch.setattr(batch, "work", slow_first(batch.work))
    pool = Threads()
    told = list(run(texts(tmp_path / "in", 12), template(tmp_path / "out"), 2, pool))
    assert names(told) == [str(number) for number in range(12)]
    assert (pool.started, pool.most) == (1, 2 * batch.UNDER_WAY)


def slow_first(work: Callable[[Job], batch.Result | Parcel]) -> Callable[[Job], batch.Result | Parcel]:
    def slow(job: Job) -> batch.Result | Parcel:
        time.sleep(0.3 * (job.request.name == "0"))
        return work(job)

    return slow


def test_bad_texts_stop_nobody(tmp_path: Path) -> None:
    """A place without a text, a file that isn't there, one that is no text: each is told in its turn."""
    one, two = texts(tmp_path / "in", 2)
    (tmp_path / "in" / "bad.txt").write_bytes(b"\0\1")
    bad: list[Item | SourceError] = [
        SourceError("No such place."),
        Item("none.txt", "none"),
        Item(str(tmp_path / "in" / "bad.txt"), "bad"),
    ]
    told = list(run([one, *bad, two], template(tmp_path / "out"), 1, Threads()))
    assert names(told) == ["0", "SourceError", "SourceError", "SourceError", "1"]


def test_a_fault_of_ours_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody thought of becomes that text's error."""
    monkeypatch.setattr(pipeline, "build", lambda request, progress: 1 / 0)
    (only,) = run(texts(tmp_path / "in", 1), template(tmp_path / "out"), 1, Threads())
    assert isinstance(only.result, AudiobookError) and "ZeroDivisionError" in str(only.result)


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    """What was under way is built again; a text that ends every worker is given up, and only that one."""
    pool = Threads({"1": 1, "3": batch.TRIES + 1})
    told = list(run(texts(tmp_path / "in", 8), template(tmp_path / "out"), 2, pool))
    assert names(told) == ["0", "1", "2", "AudiobookError", "4", "5", "6", "7"]
    assert "ended the process that built it 3 times" in str(told[3].result)


def test_a_full_disk_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told once or for what was under way, not a thousand times, and what is not tried is not told."""
    monkeypatch.setattr(pipeline, "build", no_space_from("3", pipeline.build))
    told = names(list(run(texts(tmp_path / "in", 50), template(tmp_path / "out"), 2, Threads())))
    assert told[:4] == ["0", "1", "2", "DiskFull"]
    assert len(told) <= 3 + 2 * batch.UNDER_WAY + 1
    monkeypatch.undo()
    again = list(run(texts(tmp_path / "in", 50), template(tmp_path / "out"), 2, Threads()))
    assert names(again) == [str(number) for number in range(50)]
    assert isinstance(again[0].result, Edition) and again[0].result.kept


def no_space_from(name: str, build: Callable[..., Edition]) -> Callable[..., Edition]:
    def building(request: Request, progress: Callable[..., None]) -> Edition:
        if int(request.name) >= int(name):
            raise DiskFull("The disk is full.")
        return build(request, progress)

    return building


def test_ten_million_texts_are_not_held(tmp_path: Path) -> None:
    """Texts are taken as they are needed: whoever stops listening has had a few read, not all."""
    taken = 0

    def endless() -> Iterator[Item]:
        nonlocal taken
        (item,) = texts(tmp_path / "in", 1)
        while True:
            taken += 1
            yield item

    outcomes = run(endless(), template(tmp_path / "out"), 2, Threads())
    for _ in range(5):
        next(outcomes)
    outcomes.close()
    assert taken <= 5 + 2 * batch.UNDER_WAY


def test_names_stay_apart() -> None:
    """Equal names get numbers, in order, which no other name has."""
    given = output.Names()
    assert [given.take(name) for name in ("x", "x", "x-2", "y", "x", "x-2")] == [
        "x",
        "x-2",
        "x-2-2",
        "y",
        "x-3",
        "x-2-3",
    ]


def test_a_second_run_keeps_what_is_whole(tmp_path: Path) -> None:
    """The same texts in the same way are kept, without a worker; what was touched or lost is made again."""
    asked, items = template(tmp_path / "out"), texts(tmp_path / "in", 4)
    list(run(items, asked, 2, Threads()))
    first, pool = editions(tmp_path / "out"), Threads()
    assert all(isinstance(o.result, Edition) and o.result.kept for o in run(items, asked, 2, pool))
    assert pool.started == 0
    (tmp_path / "out" / "0" / "0.vtt").write_text("torn")
    (tmp_path / "out" / "1" / "1.json").unlink()
    (tmp_path / "out" / "2" / "cover.jpg").unlink()
    again = list(run(items, asked, 2, Threads()))
    assert [o.result.kept for o in again if isinstance(o.result, Edition)] == [False, False, False, True]
    assert editions(tmp_path / "out") == first


def test_a_worker_that_does_not_see_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its editions come back as bytes, and are the same; also what they take over from the one that was there."""
    items = texts(tmp_path / "in", 3)
    list(run(items, template(tmp_path / "out"), 2, Threads()))
    first = editions(tmp_path / "out")
    (tmp_path / "out" / "1" / "1.json").write_bytes(first["1/1.json"].replace(b"urn:uuid:", b"urn:uuid:own-"))
    monkeypatch.setattr(batch, "work", from_afar(batch.work))
    told = list(run(items, template(tmp_path / "out"), 2, Threads(), again=True))
    assert [o.result.folder for o in told if isinstance(o.result, Edition)] == [tmp_path / "out" / n for n in "012"]
    again = editions(tmp_path / "out")
    assert b"urn:uuid:own-" in again["1/1.json"]
    again["1/1.json"] = first["1/1.json"]
    assert again == first


def from_afar(work: Callable[[Job], batch.Result | Parcel]) -> Callable[[Job], batch.Result | Parcel]:
    def working(job: Job) -> batch.Result | Parcel:
        return work(replace(job, mark="not to be seen"))

    return working


def test_a_worker_with_other_versions_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its bytes would pass for those of this machine."""

    def elsewhere(job: Job) -> batch.Result | Parcel:
        return work(replace(job, made_of="of another ffmpeg"))

    work = batch.work
    monkeypatch.setattr(batch, "work", elsewhere)
    (only,) = run(texts(tmp_path / "in", 1), template(tmp_path / "out"), 1, Threads())
    assert "would make another edition" in str(only.result)
    assert editions(tmp_path / "out") == {}
