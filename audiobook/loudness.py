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
_BLOCK = re.compile(r"\bt:\s*(\S+)\s+TARGET:.*?\bM:\s*(\S+)")
_WINDOW = re.compile(r"pts_time:(\S+)\n.*RMS_level=(\S+)")
_TO_MIDDLE = 0.25
"""Seconds from the start of a window, the time that ffmpeg prints, to its middle."""
_PEAK = re.compile(r"\bPeak level dB: (\S+)")
_BLOCKS = "ebur128=framelog=info"
_WINDOWS = (
    "asetnsamples=n=22050:p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,"
    "ametadata=print:key=lavfi.astats.Overall.RMS_level"
)
"""RMS of each half second at 44.1 kHz; takes half as long again as all the rest."""
_PEAKS = "astats=measure_perchannel=none:measure_overall=Peak_level"
_OVERSAMPLED = f"aresample={2 * 44_100}:internal_sample_fmt=fltp,aformat=fltp,{_PEAKS}"
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


def measure(stretches: Sequence[Stretch], jobs: int, *, rms: bool = False) -> Loudness:
    """Integrated loudness and true peak of all stretches together; with `rms` their RMS and noise floor, too.

    `jobs` of them are read at a time. The peak is that of the sources as a whole, run-in and all.
    Raises EncodeError when ffmpeg fails.
    """
    through = _WINDOWS if rms else "anull"
    commands = [_command(each.source, _OVERSAMPLED, through) for each in stretches]
    return _loudness(ffmpeg.run_all(commands, jobs=jobs, log="info"), stretches)


def of_samples(source: Sequence[str], *, rms: bool = False) -> Loudness:
    """Loudness of a source; its peak is that of the samples."""
    return through_filters(source, ["anull"], 1, rms=rms)[0]


def through_filters(
    source: Sequence[str], filters: Sequence[str], jobs: int, *, rms: bool = False
) -> tuple[Loudness, ...]:
    """Loudness of a source through each of ffmpeg's `filters`, `jobs` at a time; the peaks are those of the samples."""
    commands = [_command(source, _PEAKS, f"{each},{_WINDOWS}" if rms else each) for each in filters]
    return tuple(_loudness([words], [Stretch(source)]) for words in ffmpeg.run_all(commands, jobs=jobs, log="info"))


def _loudness(words: Sequence[str], stretches: Sequence[Stretch]) -> Loudness:
    """Put together what ffmpeg said of each stretch."""
    each = list(zip(words, stretches, strict=True))
    blocks = [block for words, stretch in each for block in _blocks(words, stretch)]
    windows = [window for words, stretch in each for window in _windows(words, stretch)]
    level, peak = integrated(blocks), max(_peak(words) for words, _ in each)
    return Loudness(level, peak, _rms(windows), min(windows)) if windows else Loudness(level, peak)


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


def _command(source: Sequence[str], peaks: str, through: str) -> list[str]:
    return [*source, "-map", "0:a", "-af", f"{through},{_BLOCKS},{peaks}", "-c:a", "pcm_f32le", "-f", "null", "-"]


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
