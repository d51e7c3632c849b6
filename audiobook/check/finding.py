"""What a look into a file yields: what is wrong with it, and what it tells of the recording."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audiobook.errors import AudiobookError
from audiobook.model import Cue

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a listener would meet."""

    severity: Severity
    """An error breaks a norm, a player or a promise; a warning does not, but a person should know."""
    file: Path
    place: str
    """Where in the file, in words, such as "chapter 3" or "line 12"; empty for the file as a whole."""
    what: str
    """What is wrong: a sentence."""
    how_to_mend: str
    """What to do: a sentence."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a file tells of the recording, to be held against what the others tell. All times in ms from the start."""

    file: Path
    duration: int | None = None
    """Of the decoded sound; None for a file without one."""
    silences: tuple[tuple[int, int], ...] = ()
    """Where the decoded sound is silent for `sound.SILENCE` and longer."""
    chapters: tuple[Cue, ...] = ()
    sentences: tuple[Cue, ...] = ()
    text: str = ""
    """Of a transcript: all of it."""


Look = Generator[Finding, None, Account]
"""Findings as they are made, and at the end the account."""


class Broken(AudiobookError):
    """A file, or a part of one, that can't be read any further."""

    def __init__(self, what: str, how_to_mend: str, place: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.how_to_mend = how_to_mend
        self.place = place

    def finding(self, file: Path) -> Finding:
        """Give what stopped the reading as an error of `file`."""
        return Finding("error", file, self.place, self.what, self.how_to_mend)


@dataclass(frozen=True, slots=True)
class Finder:
    """Makes findings of one file."""

    file: Path

    def error(self, place: str, what: str, how_to_mend: str) -> Finding:
        """Give an error."""
        return Finding("error", self.file, place, what, how_to_mend)

    def warning(self, place: str, what: str, how_to_mend: str) -> Finding:
        """Give a warning."""
        return Finding("warning", self.file, place, what, how_to_mend)


def clock(milliseconds: float) -> str:
    """Return a time as it is read aloud well: "1:02:03.450", or "2:03.450" below an hour."""
    seconds, rest = divmod(round(milliseconds), 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    head = f"{hours}:{minute:02}" if hours else f"{minute}"
    return f"{head}:{second:02}.{rest:03}"
