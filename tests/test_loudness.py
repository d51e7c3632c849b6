from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook import ffmpeg, loudness
from audiobook.loudness import Stretch
from tests.recordings import RATE, hum, noise, silence

RAW = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i")


def by_ffmpeg(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak as one run of ffmpeg's own meter sums them up."""
    words = ffmpeg.run([*RAW, str(path), "-af", "ebur128=peak=true", "-f", "null", "-"], log="info")
    found = re.search(r"Summary:.*?I:\s+(\S+).*?Peak:\s+(\S+)", words, re.DOTALL)
    assert found
    return float(found[1]), float(found[2])


def test_many_files_measure_as_one(tmp_path: Path) -> None:
    """Loud, faint and silent parts, read in stretches with run-in and run-out, come to what one meter says."""
    parts = [hum(3), noise(4, 500), silence(3), hum(2, peak=3000), noise(5)]
    whole = tmp_path / "whole"
    whole.write_bytes(b"".join(parts))
    one = Stretch([*RAW, str(whole)], 0.0, 6.0)
    middle = Stretch(["-ss", "5", *RAW, str(whole)], 1.0, 7.0)
    last = Stretch(["-ss", "11", *RAW, str(whole)], 1.0)
    measured = loudness.measure([one, middle, last], jobs=2)
    assert (measured.integrated, measured.true_peak) == pytest.approx(by_ffmpeg(whole), abs=0.1)
    assert measured.integrated == pytest.approx(loudness.measure([Stretch([*RAW, str(whole)])], 1).integrated, abs=0.05)


def test_run_in_does_not_count(tmp_path: Path) -> None:
    """Only the blocks within the stretch are summed up, and only its own peaks count."""
    path = tmp_path / "s"
    path.write_bytes(hum(4, peak=20000) + hum(4, peak=2000) + hum(4, peak=20000))
    inner = loudness.measure([Stretch([*RAW, str(path)], 4.5, 7.5)], jobs=1)
    assert inner.true_peak == pytest.approx(20 * math.log10(2000 / 32768), abs=0.3)
    path.write_bytes(hum(4, peak=2000))
    assert inner.integrated == pytest.approx(loudness.of_samples([*RAW, str(path)]).integrated, abs=0.1)


def test_silence_has_no_loudness(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_bytes(silence(2))
    measured = loudness.of_samples([*RAW, str(path)])
    assert (measured.integrated, measured.true_peak) == (loudness.UNMEASURABLE, loudness.NO_SOUND)


@given(st.floats(-60, 0), st.integers(1, 50))
def test_a_steady_sound_is_as_loud_as_each_block(level: float, count: int) -> None:
    assert loudness.integrated([level] * count) == pytest.approx(level)


@given(st.lists(st.floats(-69, 0), min_size=1), st.lists(st.floats(-200, -70)))
def test_silence_between_changes_nothing(loud: list[float], silent: list[float]) -> None:
    """The absolute gate: what is below -70 LUFS does not count, wherever it stands."""
    assert loudness.integrated(silent + loud) == pytest.approx(loudness.integrated(loud))


def test_what_is_far_below_the_rest_does_not_count() -> None:
    """The relative gate stands 10 LU below the mean of what passes the absolute one."""
    assert loudness.integrated([-20.0] * 10 + [-40.0] * 10) == pytest.approx(-20)
    assert loudness.integrated([-20.0] * 10 + [-29.0] * 10) == pytest.approx(10 * math.log10((10**-2 + 10**-2.9) / 2))


def test_rms_and_floor_are_those_of_the_stretch(tmp_path: Path) -> None:
    """A sine's RMS lies 3 dB below its peak; the floor is the quietest half second; run-in doesn't count."""
    path = tmp_path / "s"
    path.write_bytes(hum(2, peak=30000) + hum(4, peak=8192) + hum(4, peak=819.2))
    measured = loudness.measure([Stretch([*RAW, str(path)], 2.0)], jobs=1, rms=True)
    assert measured.rms == pytest.approx(10 * math.log10((10**-1.505 + 10**-3.505) / 2), abs=0.3)
    assert measured.floor == pytest.approx(-35.05, abs=0.2)
    assert loudness.of_samples([*RAW, str(path)]).rms is None
