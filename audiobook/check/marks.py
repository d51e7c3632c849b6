"""Rules for chapters that hold in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from audiobook.check.finding import Finder, Finding, clock
from audiobook.model import Cue

MOST = 255
"""Chapter marks that the tables of MP3 and M4B can count: they have one byte for it."""
BEYOND = 100
"""ms by which a mark may end after the decoded sound: encoders pad their last frames."""
UNNAMED = 500
"""ms at the end of the sound that may belong to no chapter."""
JOIN = 2
"""ms between the end of a chapter and the start of the next that rounding explains."""

_AGAIN = "Build the edition again."


def in_order(finder: Finder, chapters: Sequence[Cue], duration: int | None) -> Iterator[Finding]:
    """Yield what is wrong with chapters in the order in which they stand in a file; `duration` in ms when known."""
    if not chapters:
        yield finder.error("", "It has no chapters, so listeners can't find their way.", _AGAIN)
        return
    if chapters[0].start > JOIN and chapters[0].start == min(chapter.start for chapter in chapters):
        yield finder.error(
            "chapter 1", f"It starts at {clock(chapters[0].start)}, not at the beginning of the sound.", _AGAIN
        )
    for number, chapter in enumerate(chapters, start=1):
        yield from _alone(finder, number, chapter, duration)
    yield from _in_a_row(finder, chapters)
    if duration is not None and duration - max(chapter.end for chapter in chapters) > UNNAMED:
        end = clock(max(chapter.end for chapter in chapters))
        yield finder.error(
            "chapters", f"The last one ends at {end}, but the sound at {clock(duration)}: the rest has none.", _AGAIN
        )


def few_enough(finder: Finder, chapters: Sequence[Cue]) -> Iterator[Finding]:
    """Yield an error when there are more marks than an MP3 or M4B can count."""
    if len(chapters) > MOST:
        yield finder.error(
            "chapters",
            f"There are {len(chapters)} marks, and this format counts {MOST}: players drop the others.",
            "Let neighbours share a mark, as audiobook build does.",
        )


def _alone(finder: Finder, number: int, chapter: Cue, duration: int | None) -> Iterator[Finding]:
    place = f"chapter {number}"
    if not chapter.text.strip():
        yield finder.error(place, "It has no title: a screen reader has nothing to say.", "Give it a title.")
    if chapter.end <= chapter.start:
        yield finder.error(place, "It ends before it starts, or has no length.", _AGAIN)
    if duration is not None and chapter.start >= duration:
        yield finder.error(
            place, f"It starts at {clock(chapter.start)}, after the sound has ended at {clock(duration)}.", _AGAIN
        )
    elif duration is not None and chapter.end > duration + BEYOND:
        yield finder.error(
            place, f"It ends at {clock(chapter.end)}, after the sound, which ends at {clock(duration)}.", _AGAIN
        )


def _in_a_row(finder: Finder, chapters: Sequence[Cue]) -> Iterator[Finding]:
    for number, (one, two) in enumerate(pairwise(chapters), start=2):
        place = f"chapter {number}"
        if two.start <= one.start:
            yield finder.error(
                place,
                f"It starts at {clock(two.start)}, not after the one before it in the file, at {clock(one.start)}.",
                "Write the chapters in the order of time: many players list them as they stand.",
            )
        elif abs(two.start - one.end) > JOIN:
            kind = "a gap" if two.start > one.end else "an overlap"
            yield finder.error(
                place, f"Between it and the one before it is {kind} of {abs(two.start - one.end)} ms.", _AGAIN
            )
