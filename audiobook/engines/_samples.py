"""Reads the sound files that the platforms' voices write: WAV, and AIFF from macOS.

The standard library read AIFF until Python 3.12 (`aifc`). AIFF: "Audio Interchange File Format", Apple,
1989; AIFF-C: draft of 1991.
"""

from __future__ import annotations

import math
import struct
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

from audiobook.errors import EngineError
from audiobook.model import Clip


def read(path: Path) -> Clip:
    """Read 16-bit mono sound; raises `EngineError` for all else, and for a file that is cut off."""
    try:
        data = path.read_bytes()
        return _aiff(data) if data.startswith(b"FORM") else _wav(path)
    except (OSError, EOFError, wave.Error, struct.error, KeyError, OverflowError) as error:
        raise EngineError(f"The voice left no sound that can be read: {error!r}") from error


def _wav(path: Path) -> Clip:
    with wave.open(str(path)) as sound:
        _check(sound.getnchannels(), sound.getsampwidth() * 8)
        return _whole(sound.readframes(sound.getnframes()), sound.getnframes(), sound.getframerate())


def _aiff(data: bytes) -> Clip:
    """Read a FORM of type AIFF or AIFC: big-endian samples, but for AIFF-C's compression type "sowt"."""
    chunks = dict(_chunks(data[12:]))
    channels, frames, bits = struct.unpack_from(">hIh", chunks[b"COMM"])
    _check(channels, bits)
    compression = chunks[b"COMM"][18:22] if data[8:12] == b"AIFC" else b"NONE"
    if compression not in (b"NONE", b"twos", b"sowt"):
        raise EngineError(f"The voice wrote compressed sound: {compression!r}")
    offset = struct.unpack_from(">I", chunks[b"SSND"])[0]
    samples = array("h", chunks[b"SSND"][8 + offset :][: frames * 2])
    if compression != b"sowt":
        samples.byteswap()
    return _whole(samples.tobytes(), frames, _extended(chunks[b"COMM"][8:18]))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give id and content of each chunk; they start at even places."""
    while len(data) >= 8:
        name, size = struct.unpack_from(">4sI", data)
        yield name, data[8 : 8 + size]
        data = data[8 + size + size % 2 :]


def _extended(number: bytes) -> int:
    """Read an 80-bit IEEE 754 extended float as a whole number: here a sample rate in Hz."""
    exponent, mantissa = struct.unpack(">HQ", number)
    return round(math.ldexp(mantissa, exponent - 16383 - 63))


def _check(channels: int, bits: int) -> None:
    if (channels, bits) != (1, 16):
        raise EngineError(f"The voice wrote {channels} channels of {bits} bits; 1 of 16 is wanted.")


def _whole(pcm: bytes, frames: int, sample_rate: int) -> Clip:
    if len(pcm) != frames * 2:
        raise EngineError("The voice left a sound that is cut off.")
    return Clip(pcm=pcm, sample_rate=sample_rate)
