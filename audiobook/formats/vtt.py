"""Captions as WebVTT (W3C): a cue a sentence, in the words of the transcript."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from audiobook.formats._text import one_line
from audiobook.model import Artefact, Cue, Recording

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""WebVTT 3.1, cue text: "&" and "<" may not stand for themselves, and ">" could complete an arrow."""


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.vtt."""
    path = folder / f"{stem}.vtt"
    save(path, (block(cue, escaped(one_line(cue.text))) for cue in recording.captions))
    return Artefact("vtt", path)


def save(path: Path, blocks: Iterable[str]) -> None:
    """Write cues under the header. Nothing stands between it and the first cue: strict readers refuse it."""
    path.write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8", newline="\n")


def block(cue: Cue, text: str) -> str:
    """Return a cue with this text, which is markup."""
    return f"{timestamp(cue.start)} --> {timestamp(cue.end)}\n{text}\n"


def escaped(text: str) -> str:
    """Return text as markup."""
    return text.translate(_ENTITIES)


def timestamp(milliseconds: int) -> str:
    """Return a time as WebVTT writes it: "00:01:02.345"; hours grow beyond two digits."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}.{rest:03}"
