"""Captions as SubRip, for players and directories that read no WebVTT.

Podcast apps show at most two lines of 32 letters (podcast namespace, transcripts), so a long sentence is shown in
parts, each from the time of its first word.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from audiobook.formats import vtt
from audiobook.formats._readalong import placed
from audiobook.formats._text import one_line
from audiobook.model import Artefact, Cue, Recording

LINE = 32
"""Letters in a line; a longer word has a line for itself."""
LINES = 2


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.srt."""
    path = folder / f"{stem}.srt"
    cues = (part for cue in recording.captions for part in parts(cue))
    blocks = (f"{number}\n{_times(cue)}\n{cue.text}\n" for number, cue in enumerate(cues, 1))
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")
    return Artefact("srt", path)


def parts(cue: Cue) -> Iterator[Cue]:
    """Yield a caption in parts of two lines, without a gap between; a part without a time of its own joins the last."""
    words = list(placed(cue))
    begins, shown = [cue.start], [""]
    place = 0
    for screen in _screens(one_line(cue.text)):
        end = place + len(screen)
        begin = next((start for at, start in words if place <= at < end), 0)
        if place and begin > begins[-1]:
            begins.append(begin)
            shown.append(screen)
        else:
            shown[-1] = f"{shown[-1]}\n{screen}".strip()
        place = end + 1
    for (begin, end), text in zip(pairwise([*begins, cue.end]), shown, strict=True):
        yield Cue(begin, end, text)


def _screens(text: str) -> list[str]:
    """Cut a text on one line into pairs of lines; joined by white space they are the text."""
    lines = textwrap.wrap(text, LINE, break_long_words=False, break_on_hyphens=False)
    return ["\n".join(lines[first : first + LINES]) for first in range(0, len(lines), LINES)]


def _times(cue: Cue) -> str:
    return " --> ".join(vtt.timestamp(time).replace(".", ",") for time in (cue.start, cue.end))
