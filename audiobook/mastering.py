"""Levels a recording: one constant gain, and a limiter for the peaks. Nothing that pumps.

The target is that of podcast directories, measured after ITU-R BS.1770 on the file as a listener decodes it.
The right gain cannot be had from the samples alone: LAME scales its input by 0.95, and the limiter takes more from
some voices than from others. So gain and limiter are rehearsed on stretches from all over the recording, which is
cheap; the sound is encoded once and measured; and only when that misses is it encoded again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audiobook import ffmpeg, loudness
from audiobook.errors import EncodeError
from audiobook.loudness import NO_SOUND, UNMEASURABLE, Stretch
from audiobook.model import Loudness

TARGET = -16.0
"""Integrated loudness in LUFS (Apple Podcasts: -16 ±1)."""
TOLERANCE = 0.3
"""LU around `TARGET` that is left alone; the promise to listeners is ±0.5."""
HIGHEST_PEAK = -1.0
"""dBTP."""
SAMPLE_RATE = 44_100
"""Hz, of every encoded file."""

_CODEC_LOSS = 0.45
"""LU that an MP3 comes out below its samples: LAME multiplies its input by 0.95."""
_PEAK_ERROR = 0.1
"""dB that a true peak may be read too low: 0.01 on the speech of six voices, 0.2 on white noise at the limiter."""
_FIRST_CEILING = -1.3
"""dBFS at which the limiter first stands. LAME's scaling more than makes up for what the codec adds to peaks."""
_LARGEST_GAIN = 40.0
"""dB: what needs more than this is no speech."""
_STRETCHES = 10
"""Parts of the recording, evenly spread, on which gain and limiter are tried."""
_STRETCH = 4
"""Seconds of each."""
_REHEARSALS = 4
_REHEARSED_WELL = 0.15
"""LU from the target at which rehearsing stops."""
_YIELD = 0.6
"""LU that one more dB of gain brings while the limiter works; 0.4 to 0.75 was measured on ten voices."""
_TYPICAL_LOSS = 0.25
"""LU that the limiter takes for each dB by which the peaks would stand above its ceiling."""
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """What is done to the samples."""

    gain: float
    """dB, the same from the first sample to the last."""
    ceiling: float
    """dBFS, where the limiter stands."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Raw samples on disk: 16-bit signed little-endian mono."""

    path: Path
    sample_rate: int
    """Hz."""
    frames: int

    def input(self, start: int = 0, end: int | None = None) -> list[str]:
        """Arguments that make ffmpeg read this sound, or the samples from `start` up to `end`."""
        last = self.frames if end is None else min(end, self.frames)
        file = f"subfile,,start,{2 * start},end,{2 * last},,:{ffmpeg.as_file(self.path)}"
        return ["-f", "s16le", "-ar", str(self.sample_rate), "-ac", "1", "-i", file]


Encode = Callable[[str], Sequence[Stretch]]
"""Encodes the sound through ffmpeg's filters, given as text, and says where the result can be heard, to be measured."""


def master(sound: Sound, encode: Encode, jobs: int) -> Loudness:
    """Have `sound` encoded at the right level, and return what the result measures when it is decoded.

    `jobs` is how many programs may run at once; nothing else depends on it. A sound too short or too quiet to have a
    loudness is levelled by its peak and comes back with `integrated` at or below `UNMEASURABLE`; bangs between
    silences, which no gain brings to the level, come back quieter. Raises EncodeError when ffmpeg fails.
    """
    with excerpt(sound) as stretches:
        setting = rehearse(stretches)
    for _ in range(_TRIES):
        heard = loudness.measure(encode(levelling(setting)), jobs)
        if is_right(heard):
            return heard
        setting = corrected(setting, heard)
    if heard.true_peak <= HIGHEST_PEAK:
        return heard
    raise EncodeError(
        f"The sound could not be levelled: its peaks came to {heard.true_peak:.1f} dBTP, "
        f"and at most {HIGHEST_PEAK:.0f} dBTP is allowed."
    )


@contextmanager
def excerpt(sound: Sound) -> Iterator[Sound]:
    """Give stretches from all over a long sound, in a file that goes away; a short one stands for itself."""
    stretch = _STRETCH * sound.sample_rate
    if sound.frames <= 2 * _STRETCHES * stretch:
        yield sound
        return
    path = sound.path.with_name(f"{sound.path.name}.excerpt")
    with sound.path.open("rb") as whole, path.open("wb") as part:
        for number in range(_STRETCHES):
            whole.seek(2 * ((2 * number + 1) * sound.frames // (2 * _STRETCHES) - stretch // 2))
            part.write(whole.read(2 * stretch))
    yield Sound(path, sound.sample_rate, _STRETCHES * stretch)
    path.unlink()


def rehearse(sound: Sound) -> Setting:
    """The setting that should come out right, from the loudness of the samples and a trial of the limiter."""
    raw = loudness.of_samples(sound.input())
    room = _FIRST_CEILING - raw.true_peak
    if raw.integrated <= UNMEASURABLE:
        silent = raw.true_peak <= NO_SOUND
        return Setting(0.0 if silent else min(room, _LARGEST_GAIN), _FIRST_CEILING)
    gain = min(TARGET + _CODEC_LOSS - raw.integrated, _LARGEST_GAIN)
    if gain <= room:
        return Setting(gain, _FIRST_CEILING)
    return _rehearse_limiter(sound, Setting(gain, _FIRST_CEILING), raw.integrated + gain, over=gain - room)


def _rehearse_limiter(sound: Sound, plain: Setting, wanted: float, over: float) -> Setting:
    """Raise the gain by what the limiter takes; `wanted` in LUFS, `over` is how far the peaks stand out, in dB."""
    setting = Setting(min(plain.gain + _TYPICAL_LOSS * over, _LARGEST_GAIN), plain.ceiling)
    for _ in range(_REHEARSALS):
        missing = wanted - loudness.of_samples(sound.input(), levelling(setting)).integrated
        if abs(missing) <= _REHEARSED_WELL:
            break
        setting = Setting(min(setting.gain + missing / _YIELD, _LARGEST_GAIN), setting.ceiling)
    return setting


def is_right(heard: Loudness) -> bool:
    """Whether a decoded file keeps the promise; where there is no loudness to measure, only its peak counts."""
    level = heard.integrated <= UNMEASURABLE or abs(heard.integrated - TARGET) <= TOLERANCE + 1e-6
    return level and heard.true_peak <= HIGHEST_PEAK - _PEAK_ERROR


def corrected(setting: Setting, heard: Loudness) -> Setting:
    """The next setting after a miss: the ceiling comes down by the peak's excess, the gain makes up for both."""
    excess = heard.true_peak - HIGHEST_PEAK + _PEAK_ERROR
    lower = excess + 0.1 if excess > 0 else 0.0
    if heard.integrated <= UNMEASURABLE:
        return Setting(setting.gain - lower, setting.ceiling - lower)
    missing = TARGET - heard.integrated
    limiting = missing > 0 and heard.true_peak > setting.ceiling - 1.0
    step = missing / _YIELD if limiting else missing
    return Setting(min(setting.gain + step + 0.3 * lower, _LARGEST_GAIN), setting.ceiling - lower)


def levelling(setting: Setting) -> str:
    """Ffmpeg's filters for a setting: the wanted rate first, because a limiter before a resampler limits nothing."""
    limit = 10 ** (setting.ceiling / 20)
    limiter = f"alimiter=level=0:limit={limit:.4f}:attack=5:release=50:latency=1"
    return f"aresample={SAMPLE_RATE},volume={setting.gain:.2f}dB,{limiter}"
