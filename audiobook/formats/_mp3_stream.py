"""The sound of an MP3: encoded in segments, on all cores at once, and joined to what one encoder would have written.

49 frames of 1152 samples are one cycle: at 44.1 kHz it lasts 1.28 s, a whole number of samples at every rate that 25
divides; its frames are 10,240 bytes at 64 kbit/s, 30,720 at 192, after which LAME pads the same frames again; and the
resampler is back at its first phase. Segments begin and end on this grid. Each is encoded with a cycle of the sound
before it, in which resampler, limiter and encoder come to the state that they would be in, and a cycle after it; both
are cut off. Without the bit reservoir no frame needs bits of the frame before. Where segments end depends on the sound
alone, so that the bytes are the same on every machine.
"""

from __future__ import annotations

import math
import shutil
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from audiobook import ffmpeg
from audiobook.errors import EncodeError
from audiobook.loudness import Stretch
from audiobook.mastering import MP3, SWIFT, Sound

FRAME = 1152
"""Samples (MPEG-1 layer III)."""

_CYCLE_FRAMES = 49
_CYCLE = _CYCLE_FRAMES * FRAME / MP3.sample_rate
"""Seconds."""
_SHORT = 20.0
"""Seconds below which a sound is encoded in one piece: two programs would cost more than they save."""
_PAIR = 600.0
"""Seconds that two segments last at most. Their number is even, because so is the number of cores of most machines."""
_LAME_DELAY = 576
"""Samples that LAME puts before the sound, said in the header so that players leave them out."""
_SYNC = b"\xff\xfb"
"""How a frame of MPEG-1 layer III without checksum begins."""
_BIT_RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s, as a header numbers them, from 1 (MPEG-1 layer III)."""
_ONE_CHANNEL = 0xC4
"""The last byte of a header: one channel, an original."""
_SIDE_INFORMATION = 17
"""Bytes, of one channel."""
_ENCODING = (
    *("-c:a", "libmp3lame", "-reservoir", "0"),
    # LAME's fast setting: 1.1 CPU-s for five minutes where its default takes 1.7 (docs/design-notes.md).
    *("-compression_level", "7"),
    *("-ac", "1", "-ar", str(MP3.sample_rate), "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"),
    *("-write_xing", "0", "-id3v2_version", "0", "-write_id3v1", "0", "-f", "mp3"),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of cycles, encoded in a file of its own."""

    start: int
    """First cycle."""
    end: int
    """One past the last."""
    is_last: bool
    """Whether it goes on to the end of the sound, past its last whole cycle."""

    @property
    def run_in(self) -> int:
        """Cycles that are encoded before it and cut off."""
        return min(self.start, 1)


def segments(sound: Sound) -> tuple[Segment, ...]:
    """Equal parts of at most five minutes; one only when the sound is short or its rate has no grid."""
    seconds = sound.frames / sound.sample_rate
    cycles = int(seconds / _CYCLE)
    alone = seconds < _SHORT or sound.sample_rate % 25 != 0
    count = 1 if alone else 2 * math.ceil(seconds / _PAIR)
    borders = [cycles * number // count for number in range(count + 1)]
    return tuple(Segment(start, end, end == cycles) for start, end in pairwise(borders))


@dataclass(frozen=True, slots=True)
class Stream:
    """The MP3 of a sound, first in parts, then as one file without tags."""

    sound: Sound
    target: Path
    bit_rate: int
    """Bits a second: one of MPEG-1 layer III."""
    jobs: int
    """How many encoders may run at once."""

    def encode(self, levelling: str, numbers: Sequence[int]) -> list[Stretch]:
        """Encode the segments of these numbers, through ffmpeg's filters `levelling`, and say where each is heard."""
        there = segments(self.sound)
        parts = [there[number] for number in numbers]
        ffmpeg.run_all([self._command(part, levelling) for part in parts], jobs=self.jobs)
        return [self._stretch(part) for part in parts]

    def join(self) -> None:
        """Make one file of the parts that `encode` left, and delete them. Raises EncodeError when one is no MP3."""
        with self.target.open("wb") as file:
            file.write(first_frame(self.sound, self.bit_rate, 0))
            for segment in segments(self.sound):
                _append(self._path(segment), segment, cycle_bytes(self.bit_rate), file)
            size = file.tell()
            file.seek(0)
            file.write(first_frame(self.sound, self.bit_rate, size))

    def _command(self, segment: Segment, levelling: str) -> list[str]:
        rate = self.sound.sample_rate
        cycle = rate * 32 // 25
        end = None if segment.is_last else cycle * (segment.end + 1)
        source = self.sound.input(cycle * (segment.start - segment.run_in), end, SWIFT)
        encoding = [*_ENCODING, "-b:a", str(self.bit_rate)]
        filters = f"{self.sound.at_its_rate},{levelling}"
        return [*source, "-af", filters, *encoding, "-y", ffmpeg.as_file(self._path(segment))]

    def _stretch(self, segment: Segment) -> Stretch:
        start = segment.run_in * _CYCLE
        end = math.inf if segment.is_last else start + (segment.end - segment.start) * _CYCLE
        return Stretch(ffmpeg.decoded(self._path(segment)), start, end)

    def _path(self, segment: Segment) -> Path:
        return self.target.with_name(f"{self.target.stem}.{segment.start}.mp3")


def cycle_bytes(bit_rate: int) -> int:
    """Bytes of a cycle of frames."""
    return bit_rate // 8 * 32 // 25


def _append(path: Path, segment: Segment, size: int, file: BinaryIO) -> None:
    """Add what a segment stands for, in cycles of `size` bytes without run-in and run-out, and delete its file."""
    with path.open("rb") as part:
        part.seek(segment.run_in * size)
        for _ in range(segment.start, segment.end):
            cycle = part.read(size)
            if (len(cycle) < size and not segment.is_last) or not cycle.startswith(_SYNC):
                raise EncodeError(f"ffmpeg's MP3 encoder put its frames where none are expected: {path.name}")
            file.write(cycle)
        if segment.is_last:
            shutil.copyfileobj(part, file)
    path.unlink()


def first_frame(sound: Sound, bit_rate: int, size: int) -> bytes:
    """The frame without sound that tells players how long the rest is: Xing's, with LAME's extension.

    `size` is that of the file in bytes, this frame included. The checksum of the music stays 0: nothing reads it.
    """
    length = 144 * bit_rate // MP3.sample_rate
    frames = max(round((size - length) * _CYCLE_FRAMES / cycle_bytes(bit_rate)), 0)
    samples = sound.frames * MP3.sample_rate // sound.sample_rate
    padding = max(frames * FRAME - _LAME_DELAY - samples, 0)
    table = bytes(256 * percent // 100 for percent in range(100))
    xing = struct.pack(">4sIII100sI", b"Info", 0b1111, frames, size, table, 0)
    gaps = (_LAME_DELAY << 12 | min(padding, 0xFFF)).to_bytes(3, "big")
    lame = struct.pack(">9s11xB3s4xIH", b"Lavf lame", min(bit_rate // 1000, 0xFF), gaps, size, 0)
    header = _SYNC + bytes([(_BIT_RATES.index(bit_rate // 1000) + 1) << 4, _ONE_CHANNEL])
    frame = header + bytes(_SIDE_INFORMATION) + xing + lame
    return (frame + _crc(frame).to_bytes(2, "big")).ljust(length, b"\0")


def _crc(data: bytes) -> int:
    """CRC-16/ARC, as LAME's extension has it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
