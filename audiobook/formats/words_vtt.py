"""Captions as WebVTT with a time for each word, for players that mark the word that is heard (W3C WebVTT, 3.1)."""

from __future__ import annotations

from pathlib import Path

from audiobook.formats import vtt
from audiobook.formats._readalong import placed
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
    place = 0
    for begin, start in placed(cue):
        parts += [vtt.escaped(text[place:begin]), f"<{vtt.timestamp(start)}>"]
        place = begin
    return "".join([*parts, vtt.escaped(text[place:])])
