"""The frames of an MP3, walked one by one (ISO 11172-3, 2.4; ISO 13818-3 for the lower rates)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

from audiobook.check.finding import Broken

_KBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Hz, by the version's two bits: MPEG-1, 2, 2.5."""
_FALSE_STARTS = 20_000
"""Bytes that look like a frame and are none, at which a file is no MP3: random bytes have one in some thousand."""
_INFO_WITHIN = 40
"""Bytes of the first frame in which the Info or Xing header begins."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame's place, size and rates."""

    start: int
    """Byte in the file."""
    size: int
    """Bytes."""
    kbits: int
    sample_rate: int
    """Hz."""


@dataclass(frozen=True, slots=True)
class Stream:
    """All frames of a file together."""

    frames: int
    """Those with sound: not the first, when it holds the header."""
    kbits: frozenset[int]
    """Bit rates of frames with sound; one for a constant rate."""
    junk: tuple[int, ...]
    """Bytes in the file at which something stands that is no frame."""
    missing: int
    """Bytes that the last frame lacks."""
    promised: int | None
    """Frames that the Info or Xing header tells; None without such a header, or when it doesn't tell."""
    has_header: bool


def walk(data: mmap, start: int) -> Stream:
    """Walk the frames from byte `start` on. Raises Broken when there is none."""
    end = _without_id3v1(data)
    frames, kbits, junk = 0, set(), []
    place, missing = start, 0
    first: Frame | None = None
    for frame in _frames(data, start, end):
        if frame.start != place:
            junk.append(place)
        place = frame.start + frame.size
        missing = max(0, place - end)
        if first is None:
            first = frame
            continue
        frames += 1
        kbits.add(frame.kbits)
    if first is None:
        raise Broken("There is no MP3 sound in it.", "Build the edition again.")
    if place < end:
        junk.append(place)
    has_header, promised = _header(data[first.start : first.start + first.size])
    if not has_header:
        frames += 1
        kbits.add(first.kbits)
    return Stream(frames, frozenset(kbits), tuple(junk), missing, promised, has_header)


def _frames(data: mmap, start: int, end: int) -> Iterator[Frame]:
    """Yield frames; after something else, go on at the next two in a row."""
    place, lost, tries = start, False, 0
    while 0 <= place < end:
        frame = _frame(data, place)
        if frame and (not lost or _frame(data, place + frame.size)):
            yield frame
            place, lost = place + frame.size, False
            continue
        lost = True
        tries += 1
        if tries > _FALSE_STARTS:
            raise Broken("Most of it is no MP3 sound.", "Build the edition again.")
        place = data.find(b"\xff", place + 1, end)


def _frame(data: mmap, place: int) -> Frame | None:
    """Read the four bytes of a frame's header; None when they are none, or not of layer III."""
    head = data[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, kbits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or kbits in (0, 15) or rate == 3:
        return None
    hertz = _RATES[version][rate]
    bits = _KBITS[1 if version == 3 else 2][kbits]
    size = (144_000 if version == 3 else 72_000) * bits // hertz + (head[2] >> 1 & 1)
    return Frame(place, size, bits, hertz)


def _header(frame: bytes) -> tuple[bool, int | None]:
    """Tell whether a frame is the header that holds no sound, and how many frames it promises."""
    for name in (b"Info", b"Xing"):
        place = frame.find(name, 4, _INFO_WITHIN + 4)
        if place >= 0:
            told = frame[place + 7 : place + 8] and frame[place + 7] & 1
            return True, int.from_bytes(frame[place + 8 : place + 12], "big") if told else None
    return False, None


def _without_id3v1(data: mmap) -> int:
    """Where the frames end: before the old tag of 128 bytes, if there is one."""
    return len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
