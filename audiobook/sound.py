"""Puts clips and pauses on one timeline, and makes the clock that everything else reads.

pydub works on a clip at a time; the samples stream to disk. Times come from adding whole samples, never seconds, so
nothing drifts however long the book.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
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

LEAD_IN = 600
"""Silence before the first sound, in ms: some players swallow the first tenths of a second, ACX asks for 0.5 to 1 s."""
TAIL = 1100
"""Silence after the last sound, in ms: ACX asks for 1 to 5 s. A codec's smear takes some ms of either."""
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
    captions: list[Cue] = field(default_factory=list)
    exact: bool = True
    """Whether the times of all words so far are the engine's own."""

    def begin_chapter(self, title: str) -> None:
        """Mark a chapter within the silence owed before its first sound; the first starts with the recording."""
        silence = self._samples(self.gap)
        mark = self.position + silence - min(self._samples(HEADROOM), silence // 2)
        self.marks.append((mark if self.marks else 0, title))

    def add_sentence(self, piece: Spoken) -> None:
        """Write a sentence after the silence owed, with the pauses that its phrases ask for, and caption it."""
        self.add_silence()
        start = self.position
        words: list[Cue] = []
        for phrase in piece.phrases:
            self.owe(phrase.pause)
            self.add_silence()
            words += self._add_clip(piece.text, phrase.clip)
        caption = self._cue(start, self.position, piece.text)
        self.captions.append(replace(caption, words=tuple(words), announced=not piece.chunk.number))

    def _add_clip(self, text: str, clip: Clip) -> Iterator[Cue]:
        """Write a clip without its silent edges; gives the words of the text, each at its time."""
        if clip.sample_rate != self.sample_rate:
            raise EngineError(
                f"The engine changed its sample rate from {self.sample_rate} to {clip.sample_rate} Hz within one "
                f"recording,\nat: {text[:80]}"
            )
        kept = sounding(clip)
        if len(kept) < self._samples(SHORTEST_CLIP):
            raise NoSound(f"The engine gave no sound for: {text[:80]}")
        origin = self.position - kept.start
        self._write(faded(clip, kept))
        self.exact &= clip.exact
        # What is said in several words ("nineteen ninety") may be one of the author's.
        for (first, last), said in groupby(clip.words, key=lambda word: (word.start, word.end)):
            times = [max(kept.start, min(time, kept.stop)) for word in said for time in (word.begin, word.until)]
            yield self._cue(origin + times[0], origin + times[-1], text[first:last])

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
        return tuple(chapters), tuple(self.captions)

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
    if not opening or not opening[-1].phrases:
        raise NoSound(f"There is nothing to hear in: {book.title[:80]}")
    with pcm.open("wb") as out:
        timeline = Timeline(out, opening[-1].phrases[0].clip.sample_rate)
        _lay_out(timeline, book, voice.pauses, chain(opening, pieces))
    chapters, captions = timeline.cues()
    rate, frames = timeline.sample_rate, timeline.position
    return Recording(book, voice, narrator, pcm, rate, frames, chapters, captions, timeline.exact)


def _up_to_first_sound(pieces: Iterator[Spoken]) -> list[Spoken]:
    """Take the pieces up to the first one that has a clip: only that one tells the sample rate."""
    taken: list[Spoken] = []
    for piece in pieces:
        taken.append(piece)
        if piece.phrases:
            break
    return taken


def _lay_out(timeline: Timeline, book: Book, pauses: Pauses, pieces: Iterable[Spoken]) -> None:
    """Write every piece with the pauses around it, then the tail."""
    before: Spoken | None = None
    for piece in pieces:
        if before:  # before the first piece, the lead-in is owed
            timeline.owe(_pause(before, piece, pauses))
        if not before or piece.chapter != before.chapter:
            timeline.begin_chapter(book.chapters[piece.chapter].title)
        if piece.phrases:
            timeline.add_sentence(piece)
        else:
            _add_break(timeline, pauses)
        before = piece
    timeline.owe(TAIL)
    timeline.add_silence()


def _pause(before: Spoken, after: Spoken, pauses: Pauses) -> int:
    """Silence between two pieces, in ms."""
    if before.chapter != after.chapter:
        return pauses.chapter
    return pauses.sentence if before.chunk is after.chunk else pauses.paragraph


def _add_break(timeline: Timeline, pauses: Pauses) -> None:
    """Write a scene break: a pause of its own on top of those around it."""
    timeline.add_silence()
    timeline.owe(max(pauses.paragraph, SHORTEST_BREAK))
    timeline.add_silence()


def sounding(clip: Clip) -> range:
    """Return the samples of a clip between its silent edges.

    A clip that is below the threshold throughout is left whole: a whisper is not silence.
    """
    segment = _segment(clip.pcm, clip.sample_rate)
    length = len(segment)  # pydub counts in ms
    lead = detect_leading_silence(segment, _SILENCE, _STEP)
    samples = len(clip.pcm) // _BYTES
    if lead >= length:
        return range(samples)
    trail = detect_leading_silence(segment.reverse(), _SILENCE, _STEP)
    first = max(lead - _KEPT_EDGE, 0) * clip.sample_rate // 1000
    last = samples - max(trail - _KEPT_EDGE, 0) * clip.sample_rate // 1000
    return range(first, last)


def faded(clip: Clip, kept: range) -> bytes:
    """Return these samples of a clip with short fades."""
    segment = _segment(clip.pcm[_BYTES * kept.start : _BYTES * kept.stop], clip.sample_rate)
    if len(segment) < SHORTEST_CLIP:
        return bytes(segment.raw_data)
    return bytes(segment.fade_in(_FADE_IN).fade_out(_FADE_OUT).raw_data)


def _segment(pcm: bytes, sample_rate: int) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=_BYTES, frame_rate=sample_rate, channels=1)
