"""Many texts, each in a worker of its own: what is whole is kept, all else is made, and no failure stops the rest.

Works through any `concurrent.futures` executor. Only a few texts are under way at once, however many there are, and
outcomes come in the order of the texts.
"""

from __future__ import annotations

import platform
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook import machine, output, pipeline, shelf
from audiobook.errors import AudiobookError, DiskFull, SourceError
from audiobook.items import Item
from audiobook.request import Request, fingerprint
from audiobook.shelf import Edition

UNDER_WAY = 2
"""Texts that are given out, for each worker: one that it builds and one that it goes on with."""
IN_ORDER = 32
"""Texts, for each worker, that may be done and wait for an earlier one to be told first."""
TRIES = 3
"""How often a text may end its worker before it is given up."""

Result = Edition | AudiobookError


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker gets: all that it needs, as it may be on another machine."""

    request: Request
    made_of: str
    """The request's fingerprint; the worker must come to the same."""
    mark: str
    """Name of a file in the request's folder `out`: a worker that sees it writes there itself."""
    before: dict[str, bytes]
    """Files of the edition that is there already, by their names, which a build looks at."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An edition from a worker that doesn't see the folder."""

    edition: Edition
    """In a folder of that worker's, which is gone."""
    files: dict[str, bytes]
    """By their paths in it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a text."""

    label: str
    """What the text is called: a path."""
    result: Result
    """Its edition, or why there is none."""
    notes: tuple[str, ...] = ()
    """What a person should know about where it comes from."""


def run(
    items: Iterable[Item | SourceError],
    template: Request,
    workers: int,
    start: Callable[[], Executor],
    again: bool = False,
) -> Generator[Outcome, None, None]:
    """Build every text as `template` has it, and yield what became of each, in their order.

    `start` gives an executor of so many workers; it is called again when they have broken down. A full disk ends it:
    the outcome that tells of it is followed by those of texts that were under way. With `again` nothing is kept.
    Closing the generator ends what is under way.
    """
    with output.mark(template.out) as mark:
        hands = _Workers(start, mark)
        try:
            yield from _Window(hands, workers, again).outcomes(asked(items, template))
        except BaseException:  # Ctrl-C, or nobody listens any more: then nobody waits for what is under way
            hands.renew()
            raise
    hands.close()


def asked(items: Iterable[Item | SourceError], template: Request) -> Iterator[Place]:
    """Read each text in its turn, and give its edition a folder name of its own, the same in every run."""
    names = output.Names()
    for item in items:
        if isinstance(item, SourceError):
            yield Place("", (), None, item)
            continue
        name = names.take(output.slug(template.metadata.title or item.name))
        try:
            metadata = item.told(template.metadata)
            yield Place(item.label, item.notes, replace(template, text=item.load(), name=name, metadata=metadata))
        except SourceError as error:
            yield Place(item.label, item.notes, None, error)


def work(job: Job) -> Result | Parcel:
    """Build in a worker, on one core: its neighbours build, too.

    Whatever goes wrong comes back as an error of ours: a text can end itself, but no other.
    """
    machine.share(1)
    machine.settle()
    try:
        if fingerprint(job.request) != job.made_of:
            raise AudiobookError(
                f"The worker on {platform.node()} would make another edition: "
                "audiobook, ffmpeg, a package or a voice is not the same as here. Install the same there."
            )
        if (job.request.out / job.mark).exists():
            return pipeline.build(job.request, lambda step: None)
        return _packed(job)
    except AudiobookError as error:
        return error
    except Exception as error:
        return AudiobookError(f"This is a fault of audiobook's, please report it: {type(error).__name__}: {error}")


def _packed(job: Job) -> Parcel:
    """Build in a folder of this machine's, and return the files."""
    with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
        request = replace(job.request, out=Path(folder))
        for name, content in job.before.items():
            output.write_whole(Path(folder) / request.name / name, content)
        edition = pipeline.build(request, lambda step: None)
        files = (path for path in edition.folder.rglob("*") if path.is_file())
        return Parcel(edition, {path.relative_to(edition.folder).as_posix(): path.read_bytes() for path in files})


def _unpacked(parcel: Parcel, request: Request) -> Result:
    """Put an edition where it belongs."""
    final = request.out / request.name
    try:
        with output.folder(final, last=shelf.record_name(final)) as folder:
            for name, content in parcel.files.items():
                output.write_whole(folder / name, content)
    except AudiobookError as error:
        return error
    return replace(parcel.edition, folder=final)


@dataclass(slots=True)
class Place:
    """A text in the order in which outcomes are told."""

    label: str
    notes: tuple[str, ...]
    request: Request | None
    """None when there is nothing to build."""
    result: Result | None = None
    future: Future[Result | Parcel] | None = None

    def failure(self) -> AudiobookError:
        """Return why there is nothing to build."""
        assert isinstance(self.result, AudiobookError)  # noqa: S101  it is there from the start
        return self.result


class _Workers:
    """An executor, and another one when that is broken."""

    def __init__(self, start: Callable[[], Executor], mark: str) -> None:
        self._start = start
        self._mark = mark
        self._executor: Executor | None = None  # nobody is called up when everything is kept

    def submit(self, request: Request) -> Future[Result | Parcel]:
        self._executor = self._executor or self._start()
        job = Job(request, fingerprint(request), self._mark, _looked_at(request.out / request.name))
        return self._executor.submit(work, job)

    def renew(self) -> None:
        """Let go of workers of which one has died."""
        if self._executor:
            self._executor.shutdown(wait=False)
        self._executor = None

    def close(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=True)


class _Window:
    """The texts that are under way, and those that are done and not told yet."""

    def __init__(self, workers: _Workers, width: int, again: bool) -> None:
        self._workers = workers
        self._again = again
        self._width = width
        self._places: deque[Place] = deque()
        self._full_disk = False

    def outcomes(self, asked: Iterator[Place]) -> Iterator[Outcome]:
        for place in asked:
            self._add(place)
            yield from self._told()
            while self._is_full():
                self._wait()
                yield from self._told()
            if self._full_disk:
                break
        while self._places:
            self._wait()
            yield from self._told()

    def _add(self, place: Place) -> None:
        self._places.append(place)
        if place.request:
            place.result = None if self._again else _kept(place.request)
            place.future = None if place.result else self._submitted(place.request)

    def _submitted(self, request: Request) -> Future[Result | Parcel]:
        try:
            return self._workers.submit(request)
        except (BrokenExecutor, OSError) as error:  # one died while it began: told of like one that is under way
            broken: Future[Result | Parcel] = Future()
            broken.set_exception(BrokenExecutor(str(error)))
            return broken

    def _is_full(self) -> bool:
        under_way = sum(place.result is None for place in self._places)
        return under_way >= UNDER_WAY * self._width or len(self._places) >= IN_ORDER * self._width

    def _told(self) -> Iterator[Outcome]:
        """Yield what can be told in order."""
        while self._places and (result := self._places[0].result):
            place = self._places.popleft()
            yield Outcome(place.label, result, place.notes)

    def _wait(self) -> None:
        """Wait until something under way is done."""
        under_way = {place.future: place for place in self._places if place.result is None and place.future}
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        if any(isinstance(future.exception(), BrokenExecutor) for future in done if not future.cancelled()):
            self._retry([place for place in under_way.values() if not _is_well(place.future)])
        for future in done:
            place = under_way[future]
            place.result = place.result or _result(future, place.request)
            if isinstance(place.result, DiskFull):
                self._full_disk = True

    def _retry(self, places: list[Place]) -> None:
        """Build again, one by one, what was under way when a worker died: so the one that ends it is found out."""
        self._workers.renew()
        for place in places:
            place.result = self._alone(place)

    def _alone(self, place: Place) -> Result:
        assert place.request  # noqa: S101  what is under way was asked for
        for _ in range(TRIES):
            future = self._submitted(place.request)
            if not isinstance(future.exception(), BrokenExecutor):
                return _result(future, place.request)
            self._workers.renew()
        return AudiobookError(
            f"{place.label} ended the process that built it {TRIES} times: perhaps there is too little memory.\n"
            "Build it by itself to see more, or with --jobs 1."
        )


def _looked_at(folder: Path) -> dict[str, bytes]:
    """Return the files of an earlier edition that a build looks at: its record, and what a person has filled in."""
    names = (shelf.record_name(folder), f"{folder.name}.facts.toml")
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def _is_well(future: Future[Result | Parcel] | None) -> bool:
    return bool(future and future.done() and not future.cancelled() and not future.exception())


def _result(future: Future[Result | Parcel], request: Request | None) -> Result:
    """Return what a worker brought back; what the executor says went wrong becomes an error of ours."""
    if future.cancelled():
        return AudiobookError("It was not built: the run had been stopped.")
    if error := future.exception():
        return AudiobookError(f"The worker failed: {type(error).__name__}: {error}")
    brought = future.result()
    if not isinstance(brought, Parcel):
        return brought
    assert request  # noqa: S101  nothing is brought that was not asked for
    return _unpacked(brought, request)


def _kept(request: Request) -> Result | None:
    """Return the edition that is there already, if it is whole and was made of the same."""
    try:
        return pipeline.kept(request)
    except AudiobookError as error:
        return error
