"""An M4B: its boxes (ISO 14496-12, QuickTime File Format), both lists of chapters, tags and sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

from audiobook.check import level, marks, picture, sound
from audiobook.check.finding import Account, Broken, Finder, Finding, Look
from audiobook.check.mapped import mapped

DEMUXER = "mov"
AUDIOBOOK = 2
"""Value of `stik` by which Apple Books puts a file on the right shelf."""

_BRANDS = (b"M4A ", b"M4B ", b"mp42")
_PARENTS = {b"moov", b"trak", b"udta", b"meta", b"ilst", b"tref", b"stik", b"covr"}
_MOST_BOXES = 10_000
_DEEPEST = 8
_COVER_LIMIT = 64_000_000
_AGAIN = "Build the edition again."


@dataclass(frozen=True, slots=True)
class Box:
    """A box and where its content lies."""

    path: tuple[bytes, ...]
    """Names from the outermost to its own."""
    start: int
    """First byte of the content in the file."""
    end: int
    """One past the last; beyond the file for a box that is cut off."""


def look(path: Path, target: level.Target) -> Look:
    """Look at boxes, tags, chapters and sound, in this order; the sound should keep to `target`."""
    finder = Finder(path)
    with mapped(path) as data:
        boxes = list(_boxes(data))
        yield from _layout(finder, data, boxes)
        cover = _content(data, boxes, b"covr")
        shelf = _content(data, boxes, b"stik")
        nero = _nero(data, boxes)
    if shelf is None or int.from_bytes(shelf, "big") != AUDIOBOOK:
        yield finder.error("tags", "It is not marked as an audiobook (stik): Apple Books takes it for music.", _AGAIN)
    yield from picture.cover(finder, cover)
    heard = sound.hear(path, DEMUXER)
    yield from sound.damage(finder, heard)
    if heard.codec != "aac (LC)":
        yield finder.error("", f"Its sound is {heard.codec}; AAC-LC plays everywhere.", _AGAIN)
    labels = sound.labels(path, DEMUXER)
    yield from sound.tagged(finder, labels.tags, "title", "artist", "album")
    yield from marks.in_order(finder, labels.chapters, heard.duration)
    yield from marks.few_enough(finder, labels.chapters)
    if labels.chapters:
        yield from _both_lists(finder, boxes, nero, len(labels.chapters))
    yield from level.kept(finder, path, DEMUXER, target, heard)
    return Account(path, heard.duration, heard.silences, labels.chapters)


def _layout(finder: Finder, data: mmap, boxes: list[Box]) -> Iterator[Finding]:
    tops = {box.path[0]: box for box in boxes if len(box.path) == 1}
    if b"ftyp" not in tops or b"moov" not in tops or b"mdat" not in tops:
        raise Broken("It is no MP4 file, or one of its main parts is missing.", _AGAIN)
    brand = data[tops[b"ftyp"].start : tops[b"ftyp"].start + 4]
    if brand not in _BRANDS:
        name = brand.decode("latin-1").strip()
        yield finder.error("", f"Its brand is {name!r}, that of a film: players may not take it for a book.", _AGAIN)
    if tops[b"moov"].start > tops[b"mdat"].start:
        yield finder.error(
            "",
            "Chapters and tags stand after the sound, so a player must load all of it before it starts.",
            "Write it with ffmpeg's -movflags +faststart.",
        )
    if any(box.end > len(data) for box in tops.values()):
        missing = max(box.end for box in tops.values()) - len(data)
        yield finder.error(
            "", f"The file is cut off: {missing} bytes are missing.", "Copy the file anew from where it came."
        )


def _both_lists(finder: Finder, boxes: list[Box], nero: int | None, chapters: int) -> Iterator[Finding]:
    if not any(box.path[-2:] == (b"tref", b"chap") for box in boxes):
        yield finder.error("chapters", "No chapter track is referred to: Apple's players show no chapters.", _AGAIN)
    if nero is None:
        yield finder.error("chapters", "Nero's list (chpl) is missing: older players show no chapters.", _AGAIN)
    elif nero != min(chapters, marks.MOST):
        yield finder.error(
            "chapters", f"Nero's list (chpl) has {nero}, and the chapter track {chapters}: players differ.", _AGAIN
        )


def _boxes(data: mmap) -> Iterator[Box]:
    """Yield the boxes that matter here, with those inside them. Raises Broken when there are too many."""
    waiting: list[tuple[tuple[bytes, ...], int, int]] = [((), 0, len(data))]
    count = 0
    while waiting:
        parents, place, end = waiting.pop()
        while place + 8 <= end:
            count += 1
            if count > _MOST_BOXES:
                raise Broken("It has more parts than a player would read.", _AGAIN)
            box = _box(data, parents, place)
            yield box
            if box.path[-1] in _PARENTS and len(box.path) < _DEEPEST:
                # "meta" alone has a version and flags before what it holds.
                waiting.append((box.path, box.start + 4 * (box.path[-1] == b"meta"), min(box.end, end)))
            place = box.end


def _box(data: mmap, parents: tuple[bytes, ...], place: int) -> Box:
    size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
    head = 8
    if size == 1:
        size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
    elif size == 0:
        size = len(data) - place
    if size < head:
        raise Broken("One of its parts is shorter than its own name.", _AGAIN, f"byte {place}")
    return Box((*parents, name), place + head, place + size)


def _content(data: mmap, boxes: list[Box], name: bytes) -> bytes | None:
    """Give the value of a tag: what stands in its "data" box after type and country."""
    for box in boxes:
        if box.path[-3:] == (b"ilst", name, b"data"):
            return data[box.start + 8 : min(box.end, box.start + _COVER_LIMIT)]
    return None


def _nero(data: mmap, boxes: list[Box]) -> int | None:
    """Count the chapters of Nero's list; None without one. Its count stands after version, flags and four bytes."""
    for box in boxes:
        if box.path[-1] == b"chpl":
            return int.from_bytes(data[box.start + 8 : box.start + 9], "big")
    return None
