"""A chapters file for podcast apps (podcast namespace, JSON Chapters 1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from audiobook.check import marks, read
from audiobook.check.finding import Account, Finder, Finding, Look
from audiobook.model import Cue

KEYS = {"startTime", "endTime", "title", "img", "url", "toc", "location"}
"""All that the specification knows of a chapter."""

_SECONDS = 1000.0
_AGAIN = "Build the edition again."


def look(path: Path) -> Look:
    """Look at version and chapters."""
    finder = Finder(path)
    document = read.json_object(path)
    version = document.get("version")
    if not isinstance(version, str) or not re.fullmatch(r"1\.\d+\.\d+", version):
        yield finder.error("version", "There is no version such as 1.2.0.", _AGAIN)
    entries = read.objects(document.get("chapters"))
    if not entries:
        yield finder.error("", "There is no list of chapters.", _AGAIN)
        return Account(path)
    whole = True
    for number, entry in enumerate(entries, start=1):
        for finding in _entry(Finder(path), f"chapter {number}", entry):
            whole = False
            yield finding
    if not whole:
        return Account(path)
    chapters = tuple(_cues(entries))
    yield from marks.in_order(finder, chapters, None)
    return Account(path, chapters=chapters)


def _entry(finder: Finder, place: str, entry: dict[str, object]) -> Iterator[Finding]:
    if read.milliseconds(entry.get("startTime"), _SECONDS) is None:
        yield finder.error(place, "Its startTime is no number of seconds.", "Write seconds, such as 5.332.")
    if "endTime" in entry and read.milliseconds(entry["endTime"], _SECONDS) is None:
        yield finder.error(place, "Its endTime is no number of seconds.", "Write seconds, such as 5.332.")
    if not isinstance(entry.get("title", ""), str):
        yield finder.error(place, "Its title is no text.", "Put it in quotation marks.")
    for key in ("img", "url"):
        if key in entry and not re.match(r"https?://", str(entry[key])):
            yield finder.error(place, f"Its {key} is no full address.", "Begin it with https://.")
    if unknown := set(entry) - KEYS:
        yield finder.error(place, f"It has a key that no app knows: {min(unknown)[:40]}.", "Take it out.")


def _cues(entries: Sequence[dict[str, object]]) -> Iterator[Cue]:
    """Yield the chapters; one without an end lasts to the next, the last one for a moment."""
    starts = [read.milliseconds(entry["startTime"], _SECONDS) or 0 for entry in entries]
    for entry, start, following in zip(entries, starts, [*starts[1:], starts[-1] + 1], strict=True):
        end = read.milliseconds(entry.get("endTime"), _SECONDS)
        yield Cue(start, following if end is None else end, str(entry.get("title", "")))
