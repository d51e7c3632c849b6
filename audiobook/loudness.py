"""Loudness after ITU-R BS.1770, of a sound that may lie in several files.

Ffmpeg weighs the sound and gives the loudness of every block of 0.4 s; blocks start 0.1 s apart. The mean over the
blocks, past the two gates of BS.1770, is taken here: that is what makes it one figure for many files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audiobook import ffmpeg
from audiobook.errors import EncodeError
from audiobook.model import Loudness

UNMEASURABLE = -70.0
"""LUFS: the absolute gate of BS.1770. Silence, or a sound shorter than one block of 0.4 s, reads as this or less."""
NO_SOUND = -120.0
"""dB: the peak of digital silence, which has none; JSON knows no infinity."""

_RELATIVE_GATE = -10.0
"""LU from the mean of what passes the absolute gate."""
_OFFSET = -0.691
"""dB in BS.1770's formula: it makes 0 LUFS of a full-scale sine of 997 Hz in the left channel."""
_TO_CENTRE = 0.2
"""Seconds from the centre of a block to its end, the time that ffmpeg prints."""
_BLOCK = re.compile(r" t: *(\S+) +TARGET:\S+ LUFS +M: *(\S+)")
_WINDOW = re.compile(r"pts_time:(\S+)\n.*RMS_level=(\S+)")
_TO_MIDDLE = 0.25
"""Seconds from the start of a window, the time that ffmpeg prints, to its middle."""
_PEAK = re.compile(r"Peak level dB: (\S+)")
_BLOCKS = "ebur128=framelog=info"
_WINDOWS = (
    "asetnsamples=n=22050:p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,"
    "ametadata=print:key=lavfi.astats.Overall.RMS_level"
)
"""RMS of each half second at 44.1 kHz; takes half as long again as all the rest."""
_PEAKS = "astats=measure_perchannel=none:measure_overall=Peak_level"
_OVERSAMPLED = f"aresample={2 * 44_100}:internal_sample_fmt=fltp,aformat=fltp"
"""True peaks. Speech engines give 24 kHz at most: twice the rate of the file is more than four times what the sound
itself needs, so this reads as BS.1770 asks and takes half the time of ebur128's own meter at 192 kHz."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sound, as ffmpeg can read it."""

    source: Sequence[str]
    """Ffmpeg's arguments for its input."""
    start: float = 0.0
    """Seconds into the source at which the part begins; what stands before was only run-in."""
    end: float = math.inf
    """Seconds into the source at which the part ends."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was measured of a stretch."""

    blocks: Sequence[float]
    """Loudness in LUFS of each block whose centre lies in it."""
    windows: Sequence[float]
    """RMS in dB of each half second whose middle lies in it; empty where nobody asked."""
    peak: float
    """Of what lies in it: dBTP, or dBFS where only samples were read."""


def measure(stretches: Sequence[Stretch], jobs: int, *, rms: bool = False) -> Loudness:
    """Integrated loudness and true peak of all stretches together; see `each`."""
    return together(each(stretches, jobs, rms=rms))


def each(stretches: Sequence[Stretch], jobs: int, *, rms: bool = False) -> list[Heard]:
    """Measure stretches, `jobs` of them at a time; with `rms` for their RMS and noise floor, too.

    Raises EncodeError when ffmpeg fails.
    """
    through = _WINDOWS if rms else "anull"
    commands = [_command(stretch, _OVERSAMPLED, through) for stretch in stretches]
    said = ffmpeg.run_all(commands, jobs=jobs, log="info")
    return [_heard(words, stretch) for words, stretch in zip(said, stretches, strict=True)]


def together(heard: Sequence[Heard]) -> Loudness:
    """Loudness and peak of stretches that follow one another."""
    level = integrated(block for one in heard for block in one.blocks)
    peak = max(one.peak for one in heard)
    windows = [window for one in heard for window in one.windows]
    return Loudness(level, peak, _rms(windows), min(windows)) if windows else Loudness(level, peak)


def of_samples(source: Sequence[str], *, rms: bool = False) -> Loudness:
    """Loudness of a source; its peak is that of the samples."""
    return through_filters(source, ["anull"], 1, rms=rms)[0]


def through_filters(
    source: Sequence[str], filters: Sequence[str], jobs: int, *, rms: bool = False
) -> tuple[Loudness, ...]:
    """Loudness of a source through each of ffmpeg's `filters`, `jobs` at a time; the peaks are those of the samples."""
    whole = Stretch(source)
    commands = [_command(whole, "anull", f"{through},{_WINDOWS}" if rms else through) for through in filters]
    said = ffmpeg.run_all(commands, jobs=jobs, log="info")
    return tuple(together([_heard(words, whole)]) for words in said)


def _heard(words: str, stretch: Stretch) -> Heard:
    return Heard(_blocks(words, stretch), _windows(words, stretch), _peak(words))


def integrated(blocks: Iterable[float]) -> float:
    """Gated mean in LUFS of the blocks' loudness; `UNMEASURABLE` when none is loud enough."""
    loud = [block for block in blocks if block > UNMEASURABLE]
    if not loud:
        return UNMEASURABLE
    gate = _mean(loud) + _RELATIVE_GATE
    return _mean([block for block in loud if block > gate])


def _mean(blocks: Sequence[float]) -> float:
    """The loudness of the blocks' mean energy."""
    energy = math.fsum(10 ** ((block - _OFFSET) / 10) for block in blocks) / len(blocks)
    return _OFFSET + 10 * math.log10(energy)


def _rms(windows: Sequence[float]) -> float:
    """The level of the windows' mean energy, in dB as they are."""
    return 10 * math.log10(math.fsum(10 ** (window / 10) for window in windows) / len(windows))


def _command(stretch: Stretch, resampled: str, through: str) -> list[str]:
    """Measure blocks through the filters `through`, and peaks where the sound is `resampled` besides.

    Peaks are read within the stretch: a run-in that begins amid speech has some of its own, which nobody will hear.
    A block past its end, as ffmpeg stops there, and blocks are told when they end.
    """
    end = stretch.end + 2 * _TO_CENTRE
    within = f"atrim=start={stretch.start}" + (f":end={end}" if math.isfinite(end) else "")
    filters = f"{through},{_BLOCKS},{resampled},{within},{_PEAKS}"
    return [*stretch.source, "-map", "0:a", "-af", filters, "-c:a", "pcm_f32le", "-f", "null", "-"]


def _blocks(words: str, stretch: Stretch) -> list[float]:
    """Loudness of each block whose centre lies in the stretch."""
    found = ((float(time) - _TO_CENTRE, float(loudness)) for time, loudness in _BLOCK.findall(words))
    return [loudness for centre, loudness in found if stretch.start <= centre < stretch.end]


def _windows(words: str, stretch: Stretch) -> list[float]:
    """RMS in dB of each half second whose middle lies in the stretch."""
    found = ((float(time) + _TO_MIDDLE, float(level)) for time, level in _WINDOW.findall(words))
    return [max(level, NO_SOUND) for middle, level in found if stretch.start <= middle < stretch.end]


def _peak(words: str) -> float:
    found = _PEAK.findall(words)
    if not found:
        raise EncodeError("ffmpeg measured no peak; its astats filter said nothing.")
    return max(float(found[-1]), NO_SOUND)
