"""Whether files are what players, listeners and norms need; said in words. Nothing is changed.

A module is a kind of file: its `look` yields findings, and returns what the file tells of the recording. Bytes are
read strictly, with bounds, and never believed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook import ffmpeg
from audiobook.check import (
    agree,
    captions,
    chapters,
    daisy,
    epub,
    feed,
    level,
    m4b,
    mp3,
    page,
    transcript,
    vorbis,
    words,
)
from audiobook.check.finding import Account, Broken, Finder, Finding, Look
from audiobook.errors import EncodeError, SourceError
from audiobook.model import Step

KINDS: dict[str, Callable[[Path], Look]] = {
    "chapters.json": chapters.look,
    "words.json": words.look,
    ".vtt": captions.vtt,
    ".srt": captions.srt,
    ".txt": transcript.look,
    ".epub": epub.look,
    ".xml": feed.look,
    ".rss": feed.look,
    ".html": page.look,
}
"""What looks at a file, by the end of its name."""
SOUNDS: dict[str, Callable[[Path, level.Target], Look]] = {
    ".mp3": mp3.look,
    ".m4b": m4b.look,
    ".m4a": m4b.look,
    ".opus": vorbis.look,
    ".flac": vorbis.look,
}
"""The same, of those that have a loudness."""
ALIKE = 3
"""Findings of one file that differ in numbers only and are told one by one; the rest is counted."""
_OWN = (".source.txt", ".repairs.html", ".facts.toml", ".edits.jsonl", ".repairs.json")
"""Ends of files that belong to an edition but not to its listeners."""
Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to."""

    files: tuple[Path, ...]
    """Files, and folders of DAISY books, that were looked at."""
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)


def check(paths: Sequence[Path], target: level.Target, progress: Progress) -> Outcome:
    """Look at each file, then at what lacks beside it, then at the files of each edition together.

    Files with the same name up to the first dot, in one folder, are one edition. Raises SourceError when there is
    nothing at a path, EncodeError without ffmpeg.
    """
    ffmpeg.find()
    files = _files(paths)
    findings: list[Finding] = []
    accounts: dict[tuple[Path, str], list[Account]] = defaultdict(list)
    for number, file in enumerate(files):
        progress(Step(f"Checking {file.name}", number / len(files)))
        found, account = _looked(file, target)
        findings += _few(found)
        accounts[_edition(file)].append(account)
    for path in paths:
        findings += _lacking(path, files)
    for edition in accounts.values():
        findings += _few(list(agree.compared(edition)))
    return Outcome(tuple(files), tuple(findings))


def _files(paths: Sequence[Path]) -> list[Path]:
    """Name the files that are asked for, each once; of a folder those that are known, in its folders, too."""
    files: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise SourceError(f"There is nothing at {path}.\nName a file, or the folder of an edition.")
        files.update(dict.fromkeys(_within(path) if path.is_dir() else [path]))
    return list(files)


def _within(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that a listener gets, by their names; a DAISY book counts as one."""
    if (folder / daisy.NCC).is_file():
        yield folder
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise SourceError(f"The folder {folder} can't be read: {error.strerror or error}.") from error
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from _within(path)
        elif _kind(path) and not path.name.endswith(_OWN) and (path.suffix != ".xml" or _is_feed(path)):
            yield path


def _is_feed(path: Path) -> bool:
    """Tell a feed from other XML, such as a list of subscriptions, by its start."""
    with path.open("rb") as file:
        return b"<rss" in file.read(4000)


def _kind(path: Path) -> str:
    """Give the known end of a file's name; empty when there is none."""
    name = path.name.lower()
    return next((end for end in (*KINDS, *SOUNDS) if name.endswith(end)), "")


def _looked(file: Path, target: level.Target) -> tuple[list[Finding], Account]:
    """Look at a file; what stops that is a finding, too."""
    findings: list[Finding] = []
    look = _look(file, target)
    while True:
        try:
            findings.append(next(look))
        except StopIteration as end:
            account: Account = end.value
            return findings, account
        except Broken as broken:
            return [*findings, broken.finding(file)], Account(file)
        except (EncodeError, OSError) as error:
            stopped = Finder(file).error("", f"It can't be read to its end: {error}", "Build the edition again.")
            return [*findings, stopped], Account(file)


def _look(file: Path, target: level.Target) -> Look:
    kind = _kind(file)
    if file.is_dir():
        return (yield from daisy.look(file))
    if kind in SOUNDS:
        return (yield from SOUNDS[kind](file, target))
    if kind in KINDS:
        return (yield from KINDS[kind](file))
    raise Broken("This kind of file can't be checked.", f"Name files that end in {', '.join((*KINDS, *SOUNDS))}.")


def _few(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Pass on the first few of findings that differ in numbers only; the last of them tells how many there are."""
    alike: dict[tuple[Path, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        alike[finding.file, re.sub(r"\d+|“.*?”", "", finding.what)].append(finding)
    for same in alike.values():
        yield from same[: ALIKE - 1]
        if len(same) >= ALIKE:
            more = len(same) - ALIKE
            last = same[ALIKE - 1]
            yield replace(last, what=f"{last.what} There are {more} more like this.") if more else last


def _edition(file: Path) -> tuple[Path, str]:
    """Tell to which edition a file belongs."""
    return file.resolve().parent, re.sub(r"[-_]?daisy\d*$", "", file.name.partition(".")[0])


def _lacking(path: Path, files: Sequence[Path]) -> Iterator[Finding]:
    """Yield what a listener misses in a folder that was named."""
    if not path.is_dir():
        return
    finder = Finder(path)
    kinds = {_kind(file) or daisy.NCC for file in files if file == path or path in file.parents}
    if not kinds & {*SOUNDS, daisy.NCC, ".epub"}:
        yield finder.error("", "There is no sound in this folder.", "Build an edition into it.")
    elif kinds <= set(SOUNDS):
        yield finder.warning(
            "", "There is sound without any text: no captions, no transcript.", "Build with --format all."
        )
