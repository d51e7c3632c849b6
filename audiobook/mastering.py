"""Levels a recording: one constant gain, and a limiter for the peaks. Nothing that pumps.

The target is that of a profile, measured after ITU-R BS.1770 on the file as a listener decodes it.
The right gain cannot be had from the samples alone: encoders change the level, and the limiter takes more from some
voices than from others. So gain and limiter are rehearsed on stretches from all over the recording, which is
cheap; the sound is encoded once and measured; and only when that misses is it encoded again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audiobook import ffmpeg, loudness
from audiobook.errors import EncodeError
from audiobook.loudness import NO_SOUND, UNMEASURABLE, Heard, Stretch
from audiobook.model import Loudness


@dataclass(frozen=True, slots=True)
class Profile:
    """What a recording is levelled to."""

    target: float
    """Integrated loudness in LUFS; or RMS in dB, where `by_rms`."""
    highest_peak: float = -1.0
    """dBTP."""
    tolerance: float = 0.5
    """LU or dB around `target`, either way: the promise to listeners."""
    by_rms: bool = False
    """Whether the level is the RMS of the whole file, pauses and all, and no loudness."""
    bit_rate: int = 64_000
    """Bits a second of an MP3 or AAC stream."""
    room_tone: float | None = None
    """dB RMS of the noise under everything, so that no pause is digital silence; None for none."""

    @property
    def unit(self) -> str:
        """What its level is measured in."""
        return "dB RMS" if self.by_rms else "LUFS"

    def level(self, heard: Loudness) -> float:
        """What counts of a measurement, in `unit`."""
        return heard.integrated if heard.rms is None else heard.rms


PROFILES = {
    "podcast": Profile(-16.0),  # Apple Podcasts: -16 ±1 LUFS, at most -1 dBTP
    "mono19": Profile(-19.0),  # one channel at -19 plays in both as loud as stereo at -16
    "broadcast": Profile(-23.0),  # EBU R 128
    # ACX: -23 to -18 dB RMS, peaks of at most -3 dB, a noise floor of at most -60 dB, 192 kbit/s
    "acx": Profile(-20.5, -3.0, tolerance=2.5, by_rms=True, bit_rate=192_000, room_tone=-72.0),
}
"""What `--master` knows, and where its figures come from."""


@dataclass(frozen=True, slots=True)
class Codec:
    """What an encoder does to levels."""

    sample_rate: int
    """Hz, at which it takes the sound."""
    loss: float
    """LU that the decoded sound lies below the samples."""
    overshoot: float
    """dB that its peaks may come out above the limiter; the limiter first stands so far below the highest peak."""


MP3 = Codec(44_100, loss=0.45, overshoot=0.3)
"""LAME multiplies its input by 0.95. That more than makes up for what it adds to peaks."""
AAC = Codec(44_100, loss=0.0, overshoot=0.8)
OPUS = Codec(48_000, loss=0.15, overshoot=1.1)
FLAC = Codec(44_100, loss=0.0, overshoot=0.3)
"""True peaks stand between the samples that a limiter sees."""

SWIFT = 32
"""Ffmpeg reads a tenth of a second of raw sound at a time, and each piece wakes four of its threads. A sound that seems
so many times as fast comes in pieces of three seconds: 0.06 CPU seconds less for five minutes. Not for FLAC:
its encoder takes the size of the first piece for that of its blocks."""
_KEPT_IN_HAND = 0.2
"""LU or dB: so much closer than its tolerance a file must come to a profile's target."""
_PEAK_ERROR = 0.1
"""dB that a true peak may be read too low: 0.01 on the speech of six voices, 0.2 on white noise at the limiter."""
_PINK = -17.0
"""dB RMS of ffmpeg's pink noise at its full amplitude."""
_SUM = "amix=inputs=2:duration=first:normalize=0"
_LARGEST_GAIN = 40.0
"""dB: what needs more than this is no speech."""
_STRETCHES = range(20, 101)
"""Parts of the recording, evenly spread, on which gain and limiter are tried; how many depends on its length."""
_STRETCH = 2
"""Seconds of each. Twenty come within 0.12 LU of the whole (standard deviation; 0.3 in one of fifty), a hundred
within 0.05; half as many that last twice as long miss by more."""
_PART = 50
"""Seconds of the recording for each."""
_LOSSES = (0.1, 0.6)
"""LU that the limiter takes for each dB by which the peaks would stand above its ceiling: most voices lie between."""
_NARROWEST = 0.5
"""dB between two gains that are tried: closer, what a dB yields would be lost in the noise."""
_YIELDS = (0.3, 1.0)
"""LU that one more dB of gain brings, at least and at most; 0.4 to 0.75 was measured on ten voices."""
_SURE = 1.0
"""dB beyond the gains that were tried up to which the line through them is trusted."""
_REHEARSALS = 3
_YIELD = 0.6
"""LU that one more dB of gain brings while the limiter works; 0.4 to 0.75 was measured on ten voices."""
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

    def input(self, start: int = 0, end: int | None = None, speed: int = 1) -> list[str]:
        """Arguments that make ffmpeg read this sound, or the samples from `start` up to `end`.

        At another speed than 1, `at_its_rate` must be the first filter.
        """
        last = self.frames if end is None else min(end, self.frames)
        file = f"subfile,,start,{2 * start},end,{2 * last},,:{ffmpeg.as_file(self.path)}"
        return ["-f", "s16le", "-ar", str(speed * self.sample_rate), "-ac", "1", "-i", file]

    @property
    def at_its_rate(self) -> str:
        """The filter that undoes a speed."""
        return f"asetrate={self.sample_rate}"


Encode = Callable[[str, Sequence[int]], Sequence[Stretch]]
"""Encodes parts of the sound, by number, through ffmpeg's filters, given as text, and says where each can be heard."""


def master(sound: Sound, encode: Encode, profile: Profile, codec: Codec, jobs: int, parts: int = 1) -> Loudness:
    """Have `sound` encoded at the profile's level, and return what the result measures when it is decoded.

    `parts` is how many there are; `jobs`, how many programs may run at once: nothing else depends on it. A sound too
    short or too quiet to have a loudness is levelled by its peak and comes back with `integrated` at or below
    `UNMEASURABLE`; bangs between silences, which no gain brings to the level, and peaks that a codec makes anew each
    time, come back quieter. Raises EncodeError when ffmpeg fails.
    """
    with excerpt(sound) as stretches:
        setting = rehearse(stretches, profile, codec, jobs)
    heard: dict[int, Heard] = {}

    def hear(setting: Setting, some: Sequence[int]) -> Loudness:
        encoded = encode(levelling(setting, profile, codec), some)
        heard.update(zip(some, loudness.each(encoded, jobs, rms=profile.by_rms), strict=True))
        return loudness.together([heard[part] for part in range(parts)])

    some: Sequence[int] = range(parts)
    for _ in range(_TRIES):
        whole, tried = hear(setting, some), setting
        if is_right(whole, profile):
            return whole
        some = [part for part in heard if heard[part].peak > profile.highest_peak - _PEAK_ERROR]
        if len(some) < parts and not is_off(whole, profile, _KEPT_IN_HAND):
            setting = limited(setting, whole, profile)
        else:
            some, setting = range(parts), corrected(setting, whole, profile)
    for _ in range(_TRIES):
        if whole.true_peak <= profile.highest_peak:
            return whole
        tried = turned_down(tried, whole, profile)
        whole = hear(tried, range(parts))
    if whole.true_peak > profile.highest_peak:
        raise EncodeError(
            f"The sound could not be levelled: its peaks came to {whole.true_peak:.1f} dBTP, "
            f"and at most {profile.highest_peak:.0f} dBTP is allowed."
        )
    return whole


@contextmanager
def excerpt(sound: Sound) -> Iterator[Sound]:
    """Give stretches from all over a long sound, in a file that goes away; a short one stands for itself."""
    stretch = _STRETCH * sound.sample_rate
    count = min(max(_STRETCHES.start, sound.frames // (_PART * sound.sample_rate)), _STRETCHES[-1])
    if sound.frames <= 2 * count * stretch:
        yield sound
        return
    path = sound.path.with_name(f"{sound.path.name}.excerpt")
    with sound.path.open("rb") as whole, path.open("wb") as part:
        for number in range(count):
            whole.seek(2 * ((2 * number + 1) * sound.frames // (2 * count) - stretch // 2))
            part.write(whole.read(2 * stretch))
    yield Sound(path, sound.sample_rate, count * stretch)
    path.unlink()


def rehearse(sound: Sound, profile: Profile, codec: Codec, jobs: int) -> Setting:
    """The setting that should come out right, from the level of the samples and trials of the limiter."""
    raw = loudness.of_samples(sound.input(), rms=profile.by_rms)
    ceiling = profile.highest_peak - codec.overshoot
    room = ceiling - raw.true_peak
    if profile.level(raw) <= UNMEASURABLE:
        silent = raw.true_peak <= NO_SOUND
        return Setting(0.0 if silent else min(room, _LARGEST_GAIN), ceiling)
    gain = min(profile.target + codec.loss - profile.level(raw), _LARGEST_GAIN)
    if gain <= room:
        return Setting(gain, ceiling)
    low, high = (gain + loss * (gain - room) for loss in _LOSSES)
    return Setting(_limited_gain(sound, profile, codec, (low, max(high, low + _NARROWEST)), jobs), ceiling)


def _limited_gain(sound: Sound, profile: Profile, codec: Codec, gains: tuple[float, float], jobs: int) -> float:
    """The gain in dB with a limiter at work: on the line through two that are tried side by side."""
    ceiling, wanted = profile.highest_peak - codec.overshoot, profile.target + codec.loss
    for _ in range(_REHEARSALS):
        low, high = gains
        trials = [f"{sound.at_its_rate},{levelling(Setting(gain, ceiling), profile, codec)}" for gain in gains]
        tried = loudness.through_filters(sound.input(speed=SWIFT), trials, jobs, rms=profile.by_rms)
        below, above = map(profile.level, tried)
        gain = low + (wanted - below) / min(max((above - below) / (high - low), _YIELDS[0]), _YIELDS[1])
        if low - _SURE <= gain <= high + _SURE or gain >= _LARGEST_GAIN:
            break
        gains = gain - _NARROWEST, gain + _NARROWEST
    return min(gain, _LARGEST_GAIN)


def is_right(heard: Loudness, profile: Profile) -> bool:
    """Whether a decoded file keeps the promise; where there is no level to measure, only its peak counts."""
    return not is_off(heard, profile, _KEPT_IN_HAND) and heard.true_peak <= profile.highest_peak - _PEAK_ERROR


def is_off(heard: Loudness, profile: Profile, kept_in_hand: float = 0.0) -> bool:
    """Whether a decoded file has a level, and misses the profile's."""
    level = profile.level(heard)
    return level > UNMEASURABLE and abs(level - profile.target) > profile.tolerance - kept_in_hand + 1e-6


def limited(setting: Setting, heard: Loudness, profile: Profile) -> Setting:
    """The setting for those parts whose peaks alone miss: the limiter comes down, the gain stays that of the rest."""
    return Setting(setting.gain, setting.ceiling - (heard.true_peak - profile.highest_peak + 2 * _PEAK_ERROR))


def corrected(setting: Setting, heard: Loudness, profile: Profile) -> Setting:
    """The next setting after a miss: the ceiling comes down by the peak's excess.

    The gain comes down with it while the level stays right so, which is sure to work; else it makes up for both.
    """
    excess = heard.true_peak - profile.highest_peak + _PEAK_ERROR
    lower = excess + 0.1 if excess > 0 else 0.0
    missing = profile.target - profile.level(heard)
    if profile.level(heard) <= UNMEASURABLE or 0 < lower <= profile.tolerance - _KEPT_IN_HAND - missing:
        return Setting(setting.gain - lower, setting.ceiling - lower)
    limiting = missing > 0 and heard.true_peak > setting.ceiling - 1.0
    step = missing / _YIELD if limiting else missing
    return Setting(min(setting.gain + step + 0.3 * lower, _LARGEST_GAIN), setting.ceiling - lower)


def turned_down(setting: Setting, heard: Loudness, profile: Profile) -> Setting:
    """The setting that brings the peaks down whatever becomes of the level: all of the sound by their excess."""
    lower = heard.true_peak - profile.highest_peak + 2 * _PEAK_ERROR
    return Setting(setting.gain - lower, setting.ceiling - lower)


def levelling(setting: Setting, profile: Profile, codec: Codec) -> str:
    """Ffmpeg's filters for a setting: the wanted rate first, because a limiter before a resampler limits nothing."""
    limit = 10 ** (setting.ceiling / 20)
    limiter = f"alimiter=level=0:limit={limit:.4f}:attack=5:release=50:latency=1"
    level = f"aresample={codec.sample_rate},volume={setting.gain:.2f}dB"
    if profile.room_tone is None:
        return f"{level},{limiter}"
    return f"{level}[voice];{_room_tone(profile.room_tone, codec.sample_rate)}[room];[voice][room]{_SUM},{limiter}"


def _room_tone(level: float, rate: int) -> str:
    """Pink noise without end. It comes again every 1.28 s, so that it is the same in every segment of an MP3."""
    amplitude = 10 ** ((level - _PINK) / 20)
    return f"anoisesrc=r={rate}:c=pink:seed=1:a={amplitude:.6f}:d=1.28,aloop=loop=-1:size={rate * 32 // 25}"
