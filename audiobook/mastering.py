"""Levels a recording: one constant gain, and a limiter for the peaks. Nothing that pumps.

The target is that of podcast directories, measured after ITU-R BS.1770 on the file as a listener decodes it.
The right gain cannot be had from the samples alone: LAME scales its input by 0.95, and the limiter takes more from
some voices than from others. So gain and limiter are rehearsed on stretches from all over the recording, which is
cheap; the sound is encoded once and measured; and only when that misses is it encoded again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audiobook import ffmpeg
from audiobook.errors import EncodeError
from audiobook.model import Loudness

TARGET = -16.0
"""Integrated loudness in LUFS (Apple Podcasts: -16 ±1)."""
TOLERANCE = 0.3
"""LU around `TARGET` that is left alone; the promise to listeners is ±0.5."""
HIGHEST_PEAK = -1.0
"""dBTP."""
UNMEASURABLE = -70.0
"""LUFS: the absolute gate of BS.1770. Silence, or a sound shorter than one block of 0.4 s, reads as this or less."""
NO_SOUND = -120.0
"""dB: the peak of digital silence, which has none; JSON knows no infinity."""
SAMPLE_RATE = 44_100
"""Hz, of every encoded file."""

_CODEC_LOSS = 0.45
"""LU that an MP3 comes out below its samples: LAME multiplies its input by 0.95."""
_FIRST_CEILING = -1.2
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

    def input(self) -> list[str]:
        """Arguments that make ffmpeg read this sound."""
        return ["-f", "s16le", "-ar", str(self.sample_rate), "-ac", "1", "-i", ffmpeg.as_file(self.path)]


def master(pcm: Path, sample_rate: int, frames: int, encoding: Sequence[str], target: Path) -> Loudness:
    """Encode raw 16-bit mono samples at the right level into `target` and return what the decoded file measures.

    `encoding` are ffmpeg's arguments that choose codec, rate and container. A sound too short or too quiet to have a
    loudness is levelled by its peak and comes back with `integrated` at or below `UNMEASURABLE`; bangs between
    silences, which no gain brings to the level, come back quieter. Raises EncodeError when ffmpeg fails.
    """
    sound = Sound(pcm, sample_rate, frames)
    with excerpt(sound, target.with_name(f"{target.name}.excerpt")) as stretches:
        setting = rehearse(stretches)
    for _ in range(_TRIES):
        encode(sound, setting, encoding, target)
        heard = measure(["-i", ffmpeg.as_file(target)], true_peak=True)
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
def excerpt(sound: Sound, path: Path) -> Iterator[Sound]:
    """Give stretches from all over a long sound, in a file that goes away; a short one stands for itself."""
    stretch = _STRETCH * sound.sample_rate
    if sound.frames <= 2 * _STRETCHES * stretch:
        yield sound
        return
    with sound.path.open("rb") as whole, path.open("wb") as part:
        for number in range(_STRETCHES):
            whole.seek(2 * ((2 * number + 1) * sound.frames // (2 * _STRETCHES) - stretch // 2))
            part.write(whole.read(2 * stretch))
    yield Sound(path, sound.sample_rate, _STRETCHES * stretch)
    path.unlink()


def rehearse(sound: Sound) -> Setting:
    """The setting that should come out right, from the loudness of the samples and a trial of the limiter."""
    raw = measure(sound.input(), true_peak=False)
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
        missing = wanted - measure(sound.input(), true_peak=False, before=_levelling(setting)).integrated
        if abs(missing) <= _REHEARSED_WELL:
            break
        setting = Setting(min(setting.gain + missing / _YIELD, _LARGEST_GAIN), setting.ceiling)
    return setting


def encode(sound: Sound, setting: Setting, encoding: Sequence[str], target: Path) -> None:
    """Write `sound` at this setting, mono, at 44.1 kHz, without metadata of ffmpeg's own: the bytes repeat."""
    repeatable = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    form = ["-ac", "1", "-ar", str(SAMPLE_RATE), *repeatable, *encoding]
    ffmpeg.run([*sound.input(), "-af", _levelling(setting), *form, "-y", ffmpeg.as_file(target)])


def measure(source: Sequence[str], *, true_peak: bool, before: str = "") -> Loudness:
    """Integrated loudness and peak of a source, after BS.1770; the peak that of samples, or the true peak."""
    meter = f"ebur128=framelog=verbose:peak={'true' if true_peak else 'sample'}"
    chain = f"{before},{meter}" if before else meter
    words = ffmpeg.run([*source, "-map", "0:a", "-af", chain, "-f", "null", "-"], log="info")
    summary = words.rpartition("Summary:")[2]
    integrated = re.search(r"\bI:\s+(\S+) LUFS", summary)
    peak = re.search(r"\bPeak:\s+(\S+) dBFS", summary)
    if integrated is None or peak is None:
        raise EncodeError("ffmpeg measured no loudness; its ebur128 filter gave no summary.")
    return Loudness(float(integrated[1]), max(float(peak[1]), NO_SOUND))


def is_right(heard: Loudness) -> bool:
    """Whether a decoded file keeps the promise; where there is no loudness to measure, only its peak counts."""
    level = heard.integrated <= UNMEASURABLE or abs(heard.integrated - TARGET) <= TOLERANCE + 1e-6
    return level and heard.true_peak <= HIGHEST_PEAK


def corrected(setting: Setting, heard: Loudness) -> Setting:
    """The next setting after a miss: the ceiling comes down by the peak's excess, the gain makes up for both."""
    lower = max(heard.true_peak - HIGHEST_PEAK + 0.1, 0.0) if heard.true_peak > HIGHEST_PEAK else 0.0
    if heard.integrated <= UNMEASURABLE:
        return Setting(setting.gain - lower, setting.ceiling - lower)
    missing = TARGET - heard.integrated
    limiting = missing > 0 and heard.true_peak > setting.ceiling - 1.0
    step = missing / _YIELD if limiting else missing
    return Setting(min(setting.gain + step + 0.3 * lower, _LARGEST_GAIN), setting.ceiling - lower)


def _levelling(setting: Setting) -> str:
    """Ffmpeg's filters for a setting: the wanted rate first, because a limiter before a resampler limits nothing."""
    limit = 10 ** (setting.ceiling / 20)
    limiter = f"alimiter=level=0:limit={limit:.4f}:attack=5:release=50:latency=1"
    return f"aresample={SAMPLE_RATE},volume={setting.gain:.2f}dB,{limiter}"
