# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import struct
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.mp3 import MP3, BitrateMode

from audiobook import ffmpeg, mastering
from audiobook.errors import EncodeError
from audiobook.formats import _mp3_stream
from audiobook.formats._mp3_stream import FRAME, Stream, first_frame, segments
from audiobook.mastering import MP3 as CODEC
from audiobook.mastering import Profile, Setting, Sound
from tests.recordings import noise

PODCAST, ACX = mastering.PROFILES["podcast"], mastering.PROFILES["acx"]
RATES = [22_050, 24_000, 16_000, 48_000]


def swelling(folder: Path, rate: int, seconds: float) -> Sound:
    """Noise that swells and fades every two seconds, as uneven as speech, at any rate."""
    second = noise(1, 3000) + noise(1, 15000) + noise(0.3, 100)
    frames = int(seconds * rate)
    path = folder / "sound.pcm"
    path.write_bytes((second * (2 * frames // len(second) + 1))[: 2 * frames])
    return Sound(path, rate, frames)


def encoded(sound: Sound, target: Path, jobs: int = 2, profile: Profile = PODCAST) -> bytes:
    stream = Stream(sound, target, profile.bit_rate, jobs)
    stream.encode(mastering.levelling(Setting(6.0, -1.3), profile, CODEC), range(len(segments(stream.sound))))
    stream.join()
    return target.read_bytes()


def frames(stream: bytes) -> list[bytes]:
    """Every frame of a stream of 64 kbit/s at 44.1 kHz; there must be nothing else in it."""
    found = []
    while stream:
        assert stream[:2] == b"\xff\xfb" and stream[2] & 0xFD == 0x50
        size = 208 + (stream[2] >> 1 & 1)
        assert len(stream) >= size
        found.append(stream[:size])
        stream = stream[size:]
    return found


def decoded(path: Path) -> bytes:
    """16-bit samples at 44.1 kHz, without the encoder's delay and padding."""
    command = [ffmpeg.find(), "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize(("rate", "profile"), [*((rate, PODCAST) for rate in RATES), (24_000, ACX)])
def test_segments_join_to_what_one_encoder_writes(
    rate: int, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte: no click, no lag and no lost frame, wherever the sound was cut; room tone is the same, too."""
    sound = swelling(tmp_path, rate, 24.3)
    monkeypatch.setattr(_mp3_stream, "_PAIR", 8.0)
    assert len(segments(sound)) == 8
    joined = encoded(sound, tmp_path / "joined.mp3", profile=profile)
    monkeypatch.setattr(_mp3_stream, "_SHORT", 1e9)
    assert len(segments(sound)) == 1
    assert encoded(sound, tmp_path / "whole.mp3", profile=profile) == joined


def test_bytes_do_not_depend_on_the_number_of_programs(tmp_path: Path) -> None:
    """One core or many: the same file, and nothing beside it."""
    sound = swelling(tmp_path, 24_000, 21)
    assert len(segments(sound)) == 2
    assert encoded(sound, tmp_path / "one.mp3", jobs=1) == encoded(sound, tmp_path / "more.mp3", jobs=3)
    assert {path.name for path in tmp_path.iterdir()} == {"sound.pcm", "one.mp3", "more.mp3"}


@pytest.mark.parametrize("seconds", [0.001, 0.02, 0.3, 1.28, 5.0, 20.0, 21.76])
@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_the_header_tells_how_long_the_sound_is(seconds: float, rate: int, tmp_path: Path) -> None:
    """Frames, bytes, delay and padding: what is decoded is as long as what was encoded, to the sample."""
    sound = swelling(tmp_path, rate, seconds)
    path = tmp_path / "s.mp3"
    stream = encoded(sound, path)
    first, *rest = frames(stream)
    assert struct.unpack_from(">4sIII", first, 21) == (b"Info", 15, len(rest), len(stream))
    assert len(decoded(path)) // 2 == pytest.approx(sound.frames * 44_100 / rate, abs=1)
    info: Any = MP3(path).info
    assert info.length == pytest.approx(seconds, abs=2 * FRAME / 44_100)


@pytest.mark.parametrize("seconds", [1.28, 21.76])
def test_the_header_is_right_at_a_higher_bit_rate(seconds: float, tmp_path: Path) -> None:
    """192 kbit/s throughout, and to the sample as long as what was encoded."""
    sound = swelling(tmp_path, 24_000, seconds)
    path = tmp_path / "s.mp3"
    encoded(sound, path, profile=ACX)
    info: Any = MP3(path).info
    assert info.bitrate_mode == BitrateMode.CBR
    assert info.bitrate == pytest.approx(192_000, rel=0.001)  # mutagen divides bytes by seconds
    assert len(decoded(path)) // 2 == pytest.approx(sound.frames * 44_100 / 24_000, abs=1)


def test_the_header_ends_with_its_checksum() -> None:
    """CRC-16 of all that stands before it, as LAME writes it; its value for "123456789" is the standard one."""
    frame = first_frame(Sound(Path("none"), 44_100, 44_100), 64_000, 8_569)
    assert _mp3_stream._crc(b"123456789") == 0xBB3D
    assert int.from_bytes(frame[175:177], "big") == _mp3_stream._crc(frame[:175])
    assert len(frame) == 208


@given(st.integers(0, 10**9), st.sampled_from([8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000]))
def test_segments_cover_the_sound(count: int, rate: int) -> None:
    """They follow on one another, none is longer than five minutes and a cycle, and short sounds are not cut."""
    found = segments(Sound(Path("none"), rate, count))
    assert found[0].start == 0 and [part.is_last for part in found] == [False] * (len(found) - 1) + [True]
    assert all(one.end == other.start for one, other in pairwise(found))
    seconds = count / rate
    assert len(found) == 1 if seconds < 20 else len(found) % 2 == 0
    assert max(part.end - part.start for part in found) * 1.28 <= 300 + 1.28
    assert 0 <= seconds - found[-1].end * 1.28 < 1.28 + 1e-6


def test_a_rate_without_a_grid_is_encoded_in_one_piece(tmp_path: Path) -> None:
    """At a rate that 25 does not divide no cycle is a whole number of samples."""
    sound = swelling(tmp_path, 22_051, 25)
    assert len(segments(sound)) == 1
    encoded(sound, tmp_path / "s.mp3")
    assert len(decoded(tmp_path / "s.mp3")) // 2 == pytest.approx(25 * 44_100, abs=1)


def test_an_encoder_with_other_frames_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames that do not lie on the grid must not be joined to noise."""
    sound = swelling(tmp_path, 24_000, 21)
    stream = Stream(sound, tmp_path / "s.mp3", PODCAST.bit_rate, 2)
    stream.encode(mastering.levelling(Setting(6.0, -1.3), PODCAST, CODEC), range(len(segments(stream.sound))))
    second = tmp_path / f"s.{segments(sound)[1].start}.mp3"
    second.write_bytes(second.read_bytes()[1:])
    with pytest.raises(EncodeError, match="none are expected"):
        stream.join()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="takes minutes there")
def test_a_long_recording_keeps_its_time(tmp_path: Path) -> None:
    """47 minutes at 24 kHz: ten segments, and every sample there."""
    sound = swelling(tmp_path, 24_000, 47 * 60)
    assert len(segments(sound)) == 10
    encoded(sound, tmp_path / "s.mp3")
    assert len(decoded(tmp_path / "s.mp3")) // 2 == pytest.approx(47 * 60 * 44_100, abs=1)
