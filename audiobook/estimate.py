"""What a run would bring and cost, before anything is repaired, spoken or written: sound, time, disk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from audiobook import formats, machine, pipeline, sound, source
from audiobook.batch import Place
from audiobook.errors import AudiobookError
from audiobook.request import Request
from audiobook.speak import LETTERS_A_WORD

CORE_SECONDS = {"kokoro": 0.72, "piper": 0.14, "pyttsx3": 0.016, "tone": 0.01}
"""Of one core, for a second of sound, by engine: what docs/voices.md measured for whole builds."""
BYTES = {"mp3": 8_000, "epub": 8_000, "daisy": 8_000, "m4b": 8_000, "opus": 4_300, "flac": 25_000}
"""For a second of sound, by format; the others hold text alone."""
ACX_BYTES = 24_000
"""The same for an MP3 at 192 kbit/s."""
BESIDE = 200_000
"""Bytes of the other files of an edition: cover, texts, captions, reports."""
_SENTENCE = re.compile(r"[.!?…]+[\"”’)\]]*\s")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(slots=True)
class Estimate:
    """What was found so far."""

    to_make: int = 0
    kept: int = 0
    """Texts whose editions are there, whole and made of the same."""
    failed: int = 0
    """Texts that can't be read."""
    duration_s: float = 0
    """Seconds of sound to be made."""
    seconds: float | None = 0
    """Wall time on all cores that are used; None where nobody knows how fast the engine is."""
    bytes: int = 0
    """On the disk, of what is to be made."""


def estimated(places: Iterable[Place], estimate: Estimate, workers: int, again: bool) -> Iterable[AudiobookError]:
    """Look at every text, add it to the estimate, and yield what is wrong with those that can't be read."""
    for place in places:
        try:
            if place.request is None:
                raise place.failure()
            if not again and pipeline.kept(place.request):
                estimate.kept += 1
            else:
                _add(place.request, estimate, workers)
        except AudiobookError as error:
            estimate.failed += 1
            yield error


def _add(request: Request, estimate: Estimate, workers: int) -> None:
    seconds = _sound(source.parse(request.text, request.keep).text, request)
    cost = CORE_SECONDS.get(request.voice.engine)
    estimate.to_make += 1
    estimate.duration_s += seconds
    estimate.bytes += BESIDE + round(seconds * sum(_bytes(kind, request) for kind in formats.chosen(request.formats)))
    spent = estimate.seconds
    estimate.seconds = None if cost is None or spent is None else spent + seconds * cost / min(workers, machine.cores())


def _sound(text: str, request: Request) -> float:
    """Seconds that a text will last: its letters and digits at the voice's pace, and the pauses between sentences."""
    pauses = request.voice.pauses
    words = sum(map(str.isalnum, text)) / LETTERS_A_WORD
    paragraphs, sentences = len(_PARAGRAPH.findall(text)), len(_SENTENCE.findall(text))
    silence = sentences * pauses.sentence + paragraphs * (pauses.paragraph - pauses.sentence)
    return words * 60 / request.voice.rate + (silence + sound.LEAD_IN + sound.TAIL) / 1000


def _bytes(kind: str, request: Request) -> int:
    return ACX_BYTES if kind == "mp3" and request.master == "acx" else BYTES.get(kind, 0)
