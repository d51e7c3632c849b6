"""The way for Windows and macOS, as far as it can be tested without them."""

from __future__ import annotations

import struct
import wave
from array import array
from pathlib import Path

import pytest

from audiobook.engines import _stock
from audiobook.engines._samples import read
from audiobook.errors import EngineError, VoiceError
from audiobook.model import EngineVoice, Voice
from tests.speech import raw

SAMPLES = array("h", [0, 1, -2, 300, -32768, 32767])
THERE = [
    EngineVoice("com.apple.Amelie", "Amelie", "fr_CA"),
    EngineVoice("com.apple.Alex", "Alex", "en_US"),
    EngineVoice("HKEY\\HAZEL", "Microsoft Hazel", "en-GB"),
]


def aiff(kind: bytes, compression: bytes = b"") -> bytes:
    """Write an AIFF by hand: 22,050 Hz is 1.345… x 2^14."""
    swapped = array("h", SAMPLES)
    if not compression.startswith(b"sowt"):
        swapped.byteswap()
    rate = struct.pack(">HQ", 16383 + 14, 22050 << (63 - 14))
    common = struct.pack(">hIh", 1, len(SAMPLES), 16) + rate + compression
    sound = struct.pack(">II", 0, 0) + swapped.tobytes()
    chunks = b"".join(
        name + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)
        for name, data in ((b"COMM", common), (b"ODD ", b"odd"), (b"SSND", sound))
    )
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + kind + chunks


@pytest.mark.parametrize(
    "data", [aiff(b"AIFF"), aiff(b"AIFC", b"NONE\0\0"), aiff(b"AIFC", b"sowt\0\0")], ids=["AIFF", "NONE", "sowt"]
)
def test_aiff(tmp_path: Path, data: bytes) -> None:
    """AIFF and both byte orders of AIFF-C give the samples and the rate."""
    (tmp_path / "a.aiff").write_bytes(data)
    clip = read(tmp_path / "a.aiff")
    assert (array("h", clip.pcm), clip.sample_rate) == (SAMPLES, 22050)


def wav(path: Path, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, 22050, 0, "NONE", ""))
        file.writeframes(SAMPLES.tobytes())
    return path


def test_wav(tmp_path: Path) -> None:
    """WAV gives the samples and the rate."""
    clip = read(wav(tmp_path / "a.wav"))
    assert (array("h", clip.pcm), clip.sample_rate) == (SAMPLES, 22050)


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"ID3 something else", aiff(b"AIFF")[:-4], aiff(b"AIFC", b"ima4\0\0"), aiff(b"AIFF")[:30]],
)
def test_no_sound_file(tmp_path: Path, data: bytes) -> None:
    """A file that is empty, cut off, compressed or something else is an error."""
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(EngineError):
        read(tmp_path / "a")


def test_stereo_and_missing_files(tmp_path: Path) -> None:
    """Two channels are refused, and so is a file that isn't there."""
    with pytest.raises(EngineError, match="2 channels"):
        read(wav(tmp_path / "a.wav", channels=2))
    with pytest.raises(EngineError):
        read(tmp_path / "missing")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("en-us", "com.apple.Alex"),
        ("en-us+klatt4", "com.apple.Alex"),
        ("en-gb-x-rp", "HKEY\\HAZEL"),
        ("Amelie", "com.apple.Amelie"),
        ("HKEY\\HAZEL", "HKEY\\HAZEL"),
    ],
)
def test_a_voice_by_id_name_or_language(wanted: str, found: str) -> None:
    """The profiles that come with the package work with a platform's voices, as their ids are languages too."""
    assert _stock._find(wanted, THERE) == found


def test_a_voice_that_is_not_there() -> None:
    """A language that no voice speaks is an error that names voices there are."""
    with pytest.raises(VoiceError, match=r"'de'.*com\.apple\.Alex"):
        _stock._find("de", THERE)


def test_voices_come_from_pyttsx3(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of voices comes through a process that runs pyttsx3: here its dummy driver."""
    monkeypatch.setattr(_stock, "driver", lambda: "dummy")
    assert len(_stock.voices()) >= 2


def test_a_driver_that_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When no file appears, the wait has an end and an error, or the driver's own words."""
    monkeypatch.setattr(_stock, "driver", lambda: "dummy")
    monkeypatch.setattr(_stock, "seconds_for", lambda length: 1.5)
    with pytest.raises(EngineError, match="dummy"):
        _stock.speak(raw("Hello."), Voice("test", "pyttsx3", ""))


def test_a_driver_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that can't start, such as another platform's, is an error with its own words."""
    monkeypatch.setattr(_stock, "driver", lambda: "nsss")
    with pytest.raises(EngineError, match="nsss"):
        _stock.voices()
