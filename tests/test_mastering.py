from __future__ import annotations

import math
import re
import subprocess
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest

from audiobook import ffmpeg, loudness, mastering
from audiobook.loudness import Heard, Stretch
from audiobook.mastering import FLAC, MP3, PROFILES, Setting, Sound
from audiobook.model import Loudness
from tests.recordings import RATE, hum, noise, samples, silence

PODCAST, ACX = PROFILES["podcast"], PROFILES["acx"]


def bursts(seconds: float, deviation: float) -> bytes:
    """Noise that swells ten times from a whisper, as uneven as speech."""
    steps = [noise(seconds / 30, deviation * part) for part in (0.05, 1, 0.3)]
    return b"".join(steps) * 10


def mastered(pcm: bytes, folder: Path, encodes: list[str] | None = None, profile: str = "podcast") -> Loudness:
    """Level a sound into s.mp3, by one plain run of ffmpeg, and note the filters of each encode."""
    source = folder / "s.pcm"
    source.write_bytes(pcm)
    sound = Sound(source, RATE, len(pcm) // 2)
    target = str(folder / "s.mp3")

    def encode(levelling: str, _: Sequence[int]) -> list[Stretch]:
        if encodes is not None:
            encodes.append(levelling)
        form = ["-c:a", "libmp3lame", "-b:a", "64k", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        ffmpeg.run([*sound.input(), "-af", levelling, *form, "-y", target])
        return [Stretch(["-i", target])]

    return mastering.master(sound, encode, PROFILES[profile], MP3, jobs=1)


def heard(path: Path) -> tuple[float, float]:
    """Loudness and true peak by another way than the product's: decoded to samples first, then measured."""
    decoded = path.with_suffix(".wav")
    subprocess.run([ffmpeg.find(), "-v", "error", "-y", "-i", path, decoded], check=True)
    words = subprocess.run(
        [ffmpeg.find(), "-nostats", "-i", decoded, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr.rpartition("Summary:")[2]
    loudness, peak = re.search(r"I:\s+(\S+)", words), re.search(r"Peak:\s+(\S+)", words)
    assert loudness and peak
    return float(loudness[1]), float(peak[1])


@pytest.mark.parametrize(
    "pcm",
    [hum(5), hum(5, peak=32000), hum(5, peak=100), noise(5), noise(5, 15000), bursts(9, 4000), bursts(9, 12000)],
    ids=["hum", "loud hum", "faint hum", "noise", "clipped noise", "bursts", "clipped bursts"],
)
def test_the_decoded_file_keeps_the_promise(pcm: bytes, tmp_path: Path) -> None:
    """-16 LUFS within 0.5 and true peaks of at most -1 dBTP, measured on the decoded file, whatever came in."""
    reported = mastered(pcm, tmp_path)
    measured, peak = heard(tmp_path / "s.mp3")
    assert measured == pytest.approx(-16, abs=0.5)
    assert peak <= -1.0
    assert reported.integrated == pytest.approx(measured, abs=0.1)
    assert reported.true_peak == pytest.approx(peak, abs=0.25)


@pytest.mark.parametrize(("profile", "target"), [("podcast", -16), ("mono19", -19), ("broadcast", -23)])
def test_profiles_keep_their_loudness(profile: str, target: float, tmp_path: Path) -> None:
    """Each comes out at its own level, with peaks of at most -1 dBTP."""
    mastered(bursts(9, 4000), tmp_path, profile=profile)
    measured, peak = heard(tmp_path / "s.mp3")
    assert measured == pytest.approx(target, abs=0.5)
    assert peak <= -1.0


@pytest.mark.parametrize("pcm", [bursts(9, 4000), bursts(9, 12000), hum(5, peak=100)], ids=["faint", "loud", "hum"])
def test_acx_is_measured_by_rms(pcm: bytes, tmp_path: Path) -> None:
    """-23 to -18 dB RMS over all of it, peaks of at most -3 dB, and pauses that are quiet but not silent."""
    quiet = silence(1.5)
    reported = mastered(quiet + pcm + quiet, tmp_path, profile="acx")
    decoded = array("h", subprocess.run(
        [ffmpeg.find(), "-v", "error", "-i", tmp_path / "s.mp3", "-f", "s16le", "-"], capture_output=True, check=True
    ).stdout)  # fmt: skip
    rms = level(decoded)
    assert -23 <= rms <= -18
    assert max(map(abs, decoded)) <= 32768 * 10 ** (-3 / 20)
    assert reported.rms == pytest.approx(rms, abs=0.3)
    room = level(decoded[4410:30000])
    assert -80 <= room <= -65
    assert reported.floor == pytest.approx(room, abs=2)


def level(decoded: array[int]) -> float:
    """RMS of 16-bit samples in dB of full scale."""
    return 10 * math.log10(sum(value * value for value in decoded) / len(decoded) / 32768**2)


def test_speech_like_sound_is_encoded_once(tmp_path: Path) -> None:
    """The rehearsal finds the gain, so that the costly part runs a single time."""
    encodes: list[str] = []
    mastered(bursts(9, 8000), tmp_path, encodes)
    assert len(encodes) == 1


def test_silence_stays_silent(tmp_path: Path) -> None:
    """Digital silence has no loudness; it is encoded as it is, and its peak is a number that JSON can hold."""
    assert mastered(silence(2), tmp_path) == Loudness(-70.0, loudness.NO_SOUND)


def test_a_sound_too_short_to_measure_is_levelled_by_its_peak(tmp_path: Path) -> None:
    """Below 0.4 s there is no loudness block: the peak is brought near the limit, and the result says so."""
    result = mastered(hum(0.3, peak=500), tmp_path)
    assert result.integrated <= loudness.UNMEASURABLE
    assert -4 <= result.true_peak <= -1


def test_bangs_between_silences_come_out_quieter(tmp_path: Path) -> None:
    """What can't be loud enough without breaking the peak limit keeps the limit."""
    clicks = samples(20000 * (i % RATE < 20) for i in range(RATE * 5))
    result = mastered(clicks, tmp_path)
    assert mastering.is_off(result, PODCAST) and result.true_peak <= PODCAST.highest_peak


def test_peaks_that_no_limiter_holds_are_turned_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a codec makes peaks anew each time, the sound comes out quieter, and the build goes on."""
    peaks = (-0.5, 0.1, 0.2, -1.1)
    encodes: list[str] = []
    monkeypatch.setattr(loudness, "each", lambda *_, **__: [Heard([-19.0], [], peaks[len(encodes) - 1])])
    assert mastered(noise(5), tmp_path, encodes).true_peak == -1.1
    gains = [float(re.findall(r"volume=(\S+?)dB", levelling)[0]) for levelling in encodes]
    assert gains[3] - gains[2] == pytest.approx(-1.4)


def test_peaks_that_come_right_at_the_last_try_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last encode counts like any other."""
    peaks = (-0.5, 0.1, 0.2, 0.3, 0.4, -6.3)
    encodes: list[str] = []
    monkeypatch.setattr(loudness, "each", lambda *_, **__: [Heard([-19.0], [], peaks[len(encodes) - 1])])
    assert mastered(noise(5), tmp_path, encodes).true_peak == -6.3


def test_a_peak_in_one_part_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In ten hours some peak gets past the limiter; its part is encoded again, at the same gain, limited lower."""
    source = tmp_path / "s.pcm"
    source.write_bytes(noise(5))
    asked: list[tuple[str, list[int]]] = []

    def encode(levelling: str, parts: Sequence[int]) -> list[Stretch]:
        asked.append((levelling, list(parts)))
        return [Stretch(()) for _ in parts]

    def each(stretches: Sequence[Stretch], *_: object, **__: object) -> list[Heard]:
        peaks = [-1.4, -1.4, -0.4, -1.4] if len(stretches) == 4 else [-1.2]
        return [Heard([-16.0], [], peak) for peak in peaks]

    monkeypatch.setattr(loudness, "each", each)
    sound = Sound(source, RATE, source.stat().st_size // 2)
    assert mastering.master(sound, encode, PODCAST, MP3, jobs=2, parts=4).true_peak == -1.2
    (first, everything), (again, some) = asked
    assert (everything, some) == ([0, 1, 2, 3], [2])
    gains, limits = (re.findall(pattern, first + again) for pattern in (r"volume=([-\d.]+)", r"limit=([\d.]+)"))
    assert gains[0] == gains[1]
    assert float(limits[1]) == pytest.approx(float(limits[0]) * 10 ** (-0.8 / 20), abs=1e-4)


def test_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the time, the program's version or the folder gets into the file."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in ("a", "b"):
        mastered(noise(1), tmp_path / folder)
    assert (tmp_path / "a" / "s.mp3").read_bytes() == (tmp_path / "b" / "s.mp3").read_bytes()


def test_no_gain_changes_over_time(tmp_path: Path) -> None:
    """One constant gain: a loud and a faint half keep their distance of 12 dB."""
    mastered(hum(3, peak=8000) + hum(3, peak=2000), tmp_path)
    halves = []
    for start in ("0.5", "3.5"):
        part = ["-ss", start, "-t", "2", "-i", str(tmp_path / "s.mp3")]
        halves.append(loudness.of_samples(part).integrated)
    assert halves[0] - halves[1] == pytest.approx(12, abs=0.3)


@pytest.mark.parametrize(
    ("measured", "right"),
    [
        (Loudness(-16.0, -1.4), True),
        (Loudness(-16.3, -1.1), True),
        (Loudness(-16.4, -1.4), False),
        (Loudness(-15.6, -1.4), False),
        (Loudness(-16.0, -1.0), False),
        (Loudness(-70.0, -5.0), True),
        (Loudness(-70.0, -0.5), False),
    ],
)
def test_what_is_right(measured: Loudness, right: bool) -> None:
    """Loudness within 0.3 LU and peaks that are surely below -1 dBTP; without a loudness only the peak counts."""
    assert mastering.is_right(measured, PODCAST) is right


def test_a_peak_too_high_brings_the_limiter_down() -> None:
    """The ceiling falls by more than the excess, and the gain rises to make up for it."""
    better = mastering.corrected(Setting(5.0, -1.2), Loudness(-16.0, -0.5), PODCAST)
    assert better.ceiling <= -1.7
    assert better.gain > 5.0


def test_a_level_to_spare_is_given_up_for_the_peak() -> None:
    """What may come out quieter is turned down as a whole, which is sure to bring its peak down."""
    better = mastering.corrected(Setting(5.0, -3.3), Loudness(-15.0, -2.5, -20.0, -70.0), ACX)
    assert better.gain - 5.0 == pytest.approx(better.ceiling + 3.3) == pytest.approx(-0.7)


def test_a_miss_in_loudness_moves_the_gain_towards_the_target() -> None:
    """Too quiet gets more gain, too loud less; free of the limiter exactly as much as is missing."""
    assert mastering.corrected(Setting(5.0, -1.2), Loudness(-17.0, -8.0), PODCAST) == Setting(6.0, -1.2)
    assert mastering.corrected(Setting(5.0, -1.2), Loudness(-15.0, -1.4), PODCAST) == Setting(4.0, -1.2)
    assert mastering.corrected(Setting(5.0, -1.2), Loudness(-17.0, -1.4), PODCAST).gain > 6.0


def test_a_profile_without_room_tone_adds_nothing() -> None:
    """Only where a profile asks for it noise is mixed in, and at a codec's own rate."""
    assert "anoisesrc" not in mastering.levelling(Setting(0.0, -1.3), PODCAST, FLAC)
    assert "anoisesrc=r=48000" in mastering.levelling(Setting(0.0, -3.3), ACX, mastering.OPUS)
