"""Puts clips and pauses on one timeline, and makes the clock that everything else reads.

pydub works on a clip at a time; the samples stream to disk. Times come from adding whole samples, never seconds, so
nothing drifts however long the book.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from audiobook.errors import EngineError, NoSound
from audiobook.model import Book, Clip, Cue, Pauses, Recording, Spoken, Voice

os.environ.setdefault("PATH", os.defpath)  # pydub can't be imported without one
with warnings.catch_warnings():
    # pydub looks for ffmpeg when imported and warns when PATH has none; it is only given raw samples here.
    warnings.filterwarnings("ignore", message="Couldn't find ff", category=RuntimeWarning)
    # pydub 0.25.1 has a "\(" in a plain string, which Python 3.12 and later mention when they compile it.
    warnings.filterwarnings("ignore", category=SyntaxWarning, module="pydub")
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*audioop")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

LEAD_IN = 500
"""Silence before the first sound, in ms: some players swallow the first tenths of a second."""
TAIL = 1000
"""Silence after the last sound, in ms."""
HEADROOM = 100
"""How long before its first sound a chapter's mark stands, in ms, so that a jump to it never cuts into a word."""
SHORTEST_BREAK = 100
"""ms of silence that a chunk without a sound, such as "* * *", gets even where the voice has no pauses."""
SHORTEST_CLIP = 10
"""ms: less is a click, not speech, and could not carry a caption."""

_SILENCE = -50.0
"""dBFS (RMS): the edges of a clip below this are taken off."""
_STEP = 5
"""ms that are looked at together when an edge is searched."""
_KEPT_EDGE = 10
"""ms of silence that stay at either edge, so that a soft consonant keeps its onset."""
_FADE_IN = 3
_FADE_OUT = 5
"""ms: a cut inside a wave clicks; this hides it, and is too short to hear."""
_BYTES = 2
"""Of a sample."""


@dataclass
class Timeline:
    """Samples on their way to disk, and where things came to stand. One recording's only mutable state."""

    out: BinaryIO
    sample_rate: int
    """Hz."""
    position: int = 0
    """Samples written."""
    gap: int = LEAD_IN
    """Silence still owed before the next sound, in ms."""
    marks: list[tuple[int, str]] = field(default_factory=list)
    """First sample and title of each chapter."""
    captions: list[tuple[int, int, str]] = field(default_factory=list)
    """First sample, one past the last, and text of each sentence."""

    def begin_chapter(self, title: str) -> None:
        """Mark a chapter within the silence owed before its first sound; the first starts with the recording."""
        silence = self._samples(self.gap)
        mark = self.position + silence - min(self._samples(HEADROOM), silence // 2)
        self.marks.append((mark if self.marks else 0, title))

    def add_sentence(self, text: str, clip: Clip) -> None:
        """Write the silence owed and a trimmed clip, and note where it came to stand."""
        if clip.sample_rate != self.sample_rate:
            raise EngineError(
                f"The engine changed its sample rate from {self.sample_rate} to {clip.sample_rate} Hz within one "
                f"recording,\nat: {text[:80]}"
            )
        pcm = trimmed(clip)
        if len(pcm) < self._samples(SHORTEST_CLIP) * _BYTES:
            raise NoSound(f"The engine gave no sound for: {text[:80]}")
        self.add_silence()
        start = self.position
        self._write(pcm)
        self.captions.append((start, self.position, text))

    def owe(self, pause: int) -> None:
        """Owe a pause, in ms, before whatever comes next."""
        self.gap = pause

    def add_silence(self) -> None:
        """Write the silence that is owed."""
        self._write(bytes(self._samples(self.gap) * _BYTES))
        self.gap = 0

    def cues(self) -> tuple[tuple[Cue, ...], tuple[Cue, ...]]:
        """Chapters, each up to the next, and captions."""
        ends = [start for start, _ in self.marks[1:]] + [self.position]
        chapters = [self._cue(start, end, title) for (start, title), end in zip(self.marks, ends, strict=True)]
        return tuple(chapters), tuple(self._cue(*caption) for caption in self.captions)

    def _cue(self, start: int, end: int, text: str) -> Cue:
        """Times in ms, both rounded down: what touched in samples touches in ms, and nothing ends after the sound."""
        return Cue(start * 1000 // self.sample_rate, end * 1000 // self.sample_rate, text)

    def _samples(self, milliseconds: int) -> int:
        return milliseconds * self.sample_rate // 1000

    def _write(self, pcm: bytes) -> None:
        self.out.write(pcm)
        self.position += len(pcm) // _BYTES


def join(book: Book, voice: Voice, narrator: str, spoken: Iterable[Spoken], pcm: Path) -> Recording:
    """Write the whole book's samples to `pcm` as they come, and return the recording with its clock.

    `spoken` comes in the order of the book. Raises NoSound when nothing in it has a sound, or a clip has none, and
    EngineError when the sample rate changes. Memory does not grow with the sound.
    """
    pieces = iter(spoken)
    opening = _up_to_first_sound(pieces)
    if not opening or not opening[-1].clips:
        raise NoSound(f"There is nothing to hear in: {book.title[:80]}")
    with pcm.open("wb") as out:
        timeline = Timeline(out, opening[-1].clips[0].sample_rate)
        _lay_out(timeline, book, voice.pauses, chain(opening, pieces))
    chapters, captions = timeline.cues()
    rate, frames = timeline.sample_rate, timeline.position
    return Recording(book, voice, narrator, pcm, rate, frames, chapters, captions)


def _up_to_first_sound(pieces: Iterator[Spoken]) -> list[Spoken]:
    """Take the pieces up to the first one that has a clip: only that one tells the sample rate."""
    taken: list[Spoken] = []
    for piece in pieces:
        taken.append(piece)
        if piece.clips:
            break
    return taken


def _lay_out(timeline: Timeline, book: Book, pauses: Pauses, pieces: Iterable[Spoken]) -> None:
    """Write every piece with the pauses around it, then the tail."""
    chapter = None
    for piece in pieces:
        if chapter is not None:  # before the first piece, the lead-in is owed
            timeline.owe(pauses.paragraph if piece.chapter == chapter else pauses.chapter)
        if piece.chapter != chapter:
            chapter = piece.chapter
            timeline.begin_chapter(book.chapters[chapter].title)
        _add(timeline, piece, pauses)
    timeline.owe(TAIL)
    timeline.add_silence()


def _add(timeline: Timeline, piece: Spoken, pauses: Pauses) -> None:
    """Write a piece's sentences; a scene break is a pause of its own on top of those around it."""
    if not piece.clips:
        timeline.add_silence()
        timeline.owe(max(pauses.paragraph, SHORTEST_BREAK))
        timeline.add_silence()
    for number, (text, clip) in enumerate(zip(piece.sentences, piece.clips, strict=True)):
        if number:
            timeline.owe(pauses.sentence)
        timeline.add_sentence(text, clip)


def trimmed(clip: Clip) -> bytes:
    """Return a clip's samples without its silent edges and with short fades.

    A clip that is below the threshold throughout is left whole: a whisper is not silence.
    """
    segment = AudioSegment(data=clip.pcm, sample_width=_BYTES, frame_rate=clip.sample_rate, channels=1)
    length = len(segment)  # pydub counts in ms
    lead = detect_leading_silence(segment, _SILENCE, _STEP)
    if lead < length:
        trail = detect_leading_silence(segment.reverse(), _SILENCE, _STEP)
        segment = segment[max(lead - _KEPT_EDGE, 0) : length - max(trail - _KEPT_EDGE, 0)]
    faded = segment.fade_in(_FADE_IN).fade_out(_FADE_OUT) if len(segment) >= SHORTEST_CLIP else segment
    pcm: bytes = faded.raw_data
    return pcm
