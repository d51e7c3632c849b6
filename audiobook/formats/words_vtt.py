"""Captions as WebVTT with a time for each word, for players that mark the word that is heard (W3C WebVTT, 3.1)."""

from __future__ import annotations

import re
from pathlib import Path

from audiobook.formats import vtt
from audiobook.formats._text import one_line
from audiobook.model import Artefact, Cue, Recording


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.words.vtt."""
    path = folder / f"{stem}.words.vtt"
    vtt.save(path, (vtt.block(cue, _marked(cue)) for cue in recording.captions))
    return Artefact("words_vtt", path)


def _marked(cue: Cue) -> str:
    """Put its time before each word: times in a cue must rise, and lie within it."""
    text = one_line(cue.text)
    parts: list[str] = []
    place, after, last = 0, 0, cue.start
    for word in cue.words:
        # Whole words only: "a" also stands in "road".
        found = re.compile(rf"(?<!\w){re.escape(one_line(word.text))}(?!\w)").search(text, after)
        if not found:
            continue
        after = found.end()
        if last < word.start < cue.end:
            parts += [vtt.escaped(text[place : found.start()]), f"<{vtt.timestamp(word.start)}>"]
            place, last = found.start(), word.start
    return "".join([*parts, vtt.escaped(text[place:])])
