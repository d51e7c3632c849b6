"""An ID3v2 tag, read from its bytes (ID3v2.3 and 2.4, and the Chapter Frame Addendum 1.0).

Not with the library that wrote it: two readers that agree are worth more than one that agrees with itself. Compressed
and encrypted frames are passed over, so a small tag can't become a large one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

from audiobook.check.finding import Broken
from audiobook.model import Cue

HEADER = 10
"""Bytes of the tag's own header, and of each frame's."""
LARGEST = 64_000_000
"""Bytes of a tag, at most."""
MOST_FRAMES = 5_000

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_PACKED = {3: 0x00C0, 4: 0x000C}
"""Flags of frames that are compressed or encrypted, by version."""
_TOP_LEVEL, _ORDERED = 2, 1


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a tag."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Chapter:
    """A CHAP frame: its id, and what it marks."""

    id: str
    cue: Cue


@dataclass(frozen=True, slots=True)
class Contents:
    """A CTOC frame."""

    top_level: bool
    ordered: bool
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with its frames in the order in which they stand."""

    version: int
    """The 3 of ID3v2.3."""
    size: int
    """Bytes up to the sound."""
    frames: tuple[Frame, ...]

    def text(self, name: str) -> str:
        """Give the text of the first frame with this name; empty without one."""
        return next((_text(frame.data) for frame in self.frames if frame.name == name), "")

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in the order in which they stand in the file."""
        return tuple(_chapter(frame.data, self.version) for frame in self.frames if frame.name == "CHAP")

    @property
    def contents(self) -> tuple[Contents, ...]:
        """The tables of contents."""
        return tuple(_contents(frame.data) for frame in self.frames if frame.name == "CTOC")

    @property
    def cover(self) -> bytes | None:
        """The first picture; None without one."""
        return next((_picture(frame.data) for frame in self.frames if frame.name == "APIC"), None)


def read(data: mmap) -> Tag | None:
    """Read the tag at the start of a file; None without one. Raises Broken when it can't be followed."""
    head = data[:HEADER]
    if len(head) < HEADER or head[:3] != b"ID3":
        return None
    version, flags, size = head[3], head[5], _synchsafe(head[6:])
    if version not in (3, 4):
        raise _broken(f"Its tag is ID3v2.{version}, which most players don't read.")
    if HEADER + size > min(len(data), LARGEST):
        raise _broken("Its tag says that it is longer than the file.")
    body = data[HEADER : HEADER + size]
    if flags & 0x80 and version == 3:
        body = body.replace(b"\xff\x00", b"\xff")
    return Tag(version, HEADER + size, tuple(_frames(_after_extension(body, flags), version)))


def _frames(body: bytes, version: int) -> Iterator[Frame]:
    place = count = 0
    while place + HEADER <= len(body) and body[place]:
        count += 1
        if count > MOST_FRAMES:
            raise _broken("Its tag has more frames than a player would read.")
        head = body[place : place + HEADER]
        size = _synchsafe(head[4:8]) if version == 4 else int.from_bytes(head[4:8], "big")
        place += HEADER + size
        if place > len(body):
            raise _broken("A frame of its tag is longer than the tag.")
        if not int.from_bytes(head[8:], "big") & _PACKED[version]:
            yield Frame(head[:4].decode("latin-1"), body[place - size : place])


def _after_extension(body: bytes, flags: int) -> bytes:
    """Leave out the extended header, which says nothing that is needed here."""
    return body[4 + int.from_bytes(body[:4], "big") :] if flags & 0x40 else body


def _synchsafe(size: bytes) -> int:
    """Read a number of 7 bits a byte."""
    value = 0
    for byte in size:
        value = value << 7 | byte & 0x7F
    return value


def _text(data: bytes) -> str:
    encoding = _ENCODINGS.get(data[0], "latin-1") if data else "latin-1"
    return data[1:].decode(encoding, "replace").rstrip("\0")


def _chapter(data: bytes, version: int) -> Chapter:
    name, rest = _name(data)
    if len(rest) < 16:
        raise _broken("A chapter of its tag has no times.")
    start, end = (int.from_bytes(rest[place : place + 4], "big") for place in (0, 4))
    inner = Tag(version, 0, tuple(_frames(rest[16:], version)))
    return Chapter(name, Cue(start, end, inner.text("TIT2")))


def _contents(data: bytes) -> Contents:
    _, rest = _name(data)
    if len(rest) < 2:
        raise _broken("The table of contents in its tag is cut off.")
    names = rest[2:].split(b"\0")[: rest[1]]
    children = tuple(name.decode("latin-1") for name in names)
    return Contents(bool(rest[0] & _TOP_LEVEL), bool(rest[0] & _ORDERED), children)


def _name(data: bytes) -> tuple[str, bytes]:
    """Cut an element's id off, which ends with a zero."""
    name, _, rest = data.partition(b"\0")
    return name.decode("latin-1"), rest


def _picture(data: bytes) -> bytes:
    """Give the picture behind encoding, type of file, kind and description."""
    _, _, rest = data[1:].partition(b"\0")
    wide = data[:1] in (b"\1", b"\2")
    place = 1
    while wide and place + 1 < len(rest) and rest[place : place + 2] != b"\0\0":
        place += 2
    return rest[place + 2 :] if wide else rest[1:].partition(b"\0")[2]


def _broken(what: str) -> Broken:
    return Broken(what, "Build the edition again.", "tags")
