"""How loud a sound is, against what its listeners' shelf asks for; always of the decoded file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audiobook import ffmpeg, loudness
from audiobook.check.finding import Finder, Finding
from audiobook.check.sound import Heard, source
from audiobook.loudness import UNMEASURABLE, Stretch
from audiobook.model import Loudness

_MASTER = "Build the edition again with the mastering that you want, or check it with --master and the one it has."


@dataclass(frozen=True, slots=True)
class Target:
    """What a shelf asks of loudness and peaks."""

    name: str
    loudness: float | None
    """LUFS; None where something else is asked, or nothing."""
    tolerance: float = 1.0
    """LU around it."""
    true_peak: float = -1.0
    """dBTP, at most."""
    acx: bool = False
    """Whether ACX's rules hold: RMS, peak, noise floor, room tone, bit rate."""


ANY = Target("any", None)
"""Loudness is not judged."""
TARGETS = {
    target.name: target
    for target in (
        Target("podcast", -16.0),  # Apple Podcasts, audio requirements
        Target("mono19", -19.0),  # a mono file that plays as loud as a stereo file at -16
        Target("broadcast", -23.0, 0.5),  # EBU R 128
        Target("acx", None, acx=True),  # ACX audio submission requirements
        ANY,
    )
}
"""By name."""

RMS = (-23.0, -18.0)
"""dB, of the whole (ACX)."""
PEAK = -3.0
"""dB of the highest sample, at most (ACX)."""
FLOOR = -60.0
"""dB RMS of the quietest half second that is no digital silence, at most (ACX)."""
BEFORE, AFTER = (500, 1050), (1000, 5050)
"""ms without voice at the start and at the end (ACX: 0.5 to 1 s, 1 to 5 s)."""
LONGEST = 120 * 60_000
"""ms (ACX)."""
KBITS, HERTZ = 192, 44_100
"""At least, and exactly (ACX)."""
_DIGITAL_SILENCE = -140.0
"""dB: below it stand no samples at all."""
_ROUNDING = 0.05
"""dB of a figure that is told with one decimal."""
_WINDOW = re.compile(r"lavfi\.astats\.Overall\.RMS_level=(\S+)")


def kept(finder: Finder, path: Path, demuxer: str, target: Target, heard: Heard) -> Iterator[Finding]:
    """Yield what misses the target."""
    if target.acx:
        yield from _acx(finder, path, demuxer, heard)
    elif target.loudness is not None:
        measured = loudness.measure([Stretch(source(path, demuxer))], jobs=1)
        yield from _bs1770(finder, target, target.loudness, measured)


def constant(finder: Finder, target: Target, kbits: frozenset[int]) -> Iterator[Finding]:
    """Yield an error when an MP3's bit rate is too low for the target."""
    if target.acx and min(kbits) < KBITS:
        yield finder.error(
            "", f"Its bit rate is {min(kbits)} kbit/s; ACX asks for {KBITS} at least.", "Build it with --master acx."
        )


def _bs1770(finder: Finder, target: Target, wanted: float, measured: Loudness) -> Iterator[Finding]:
    if measured.integrated <= UNMEASURABLE:
        yield finder.warning("loudness", "It is too short or too quiet to have a loudness.", "Listen to it.")
    elif abs(measured.integrated - wanted) > target.tolerance + _ROUNDING:
        word = "loud" if measured.integrated > wanted else "quiet"
        yield finder.error(
            "loudness",
            f"It is too {word}: {measured.integrated:.1f} LUFS, where {target.name} asks for "
            f"{wanted:.0f} within {target.tolerance:g}.",
            _MASTER,
        )
    if measured.true_peak > target.true_peak + _ROUNDING:
        yield finder.error(
            "loudness",
            f"Its peaks reach {measured.true_peak:.1f} dBTP and may distort; "
            f"{target.name} allows {target.true_peak:.0f}.",
            _MASTER,
        )


def _acx(finder: Finder, path: Path, demuxer: str, heard: Heard) -> Iterator[Finding]:
    floor = _floor(path, demuxer, heard.sample_rate)
    before, after = _room(heard)
    rules = (
        (RMS[0] <= heard.rms <= RMS[1], f"Its RMS level is {heard.rms:.1f} dB; ACX asks for -23 to -18."),
        (heard.peak <= PEAK + _ROUNDING, f"Its peak is {heard.peak:.1f} dB; ACX allows {PEAK:.0f}."),
        (floor <= FLOOR, f"Its noise floor is {floor:.1f} dB; ACX allows {FLOOR:.0f}."),
        (BEFORE[0] <= before <= BEFORE[1], f"The voice starts after {before} ms; ACX asks for 500 to 1000."),
        (AFTER[0] <= after <= AFTER[1], f"After the voice come {after} ms; ACX asks for 1000 to 5000."),
        (heard.sample_rate == HERTZ, f"Its sample rate is {heard.sample_rate} Hz; ACX asks for {HERTZ}."),
        (heard.duration <= LONGEST, "It lasts more than 120 minutes, which is ACX's limit."),
    )
    for holds, what in rules:
        if not holds:
            yield finder.error("loudness", what, "Build the edition again with --master acx.")


def _floor(path: Path, demuxer: str, sample_rate: int) -> float:
    """RMS in dB of the quietest half second that is not digital silence; very low when there is none."""
    filters = (
        f"asetnsamples=n={sample_rate // 2}:p=0,astats=metadata=1:reset=1:measure_perchannel=none,"
        "ametadata=mode=print:key=lavfi.astats.Overall.RMS_level"
    )
    words = ffmpeg.run([*source(path, demuxer), "-map", "0:a:0", "-af", filters, "-f", "null", "-"], log="info")
    windows = [float(found) for found in _WINDOW.findall(words)[:-1]]
    return min((window for window in windows if window > _DIGITAL_SILENCE), default=_DIGITAL_SILENCE)


def _room(heard: Heard) -> tuple[int, int]:
    """Silence before the voice and after it, in ms."""
    if not heard.silences:
        return 0, 0
    first, last = heard.silences[0], heard.silences[-1]
    before = first[1] if first[0] == 0 else 0
    after = last[1] - last[0] if last[1] >= heard.duration - 1 else 0
    return before, after
