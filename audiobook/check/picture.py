"""How large a picture is, from its first bytes: nothing is decoded, so nothing can blow up."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from audiobook.check.finding import Finder, Finding

SMALLEST, LARGEST = 1400, 3000
"""Pixels of a cover's side that podcast directories take (Apple: artwork)."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""JPEG markers whose segment holds the size: start of frame."""


def size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG or PNG in pixels; None for anything else."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack_from(">II", data, 16)
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return None


def cover(finder: Finder, data: bytes | None) -> Iterator[Finding]:
    """Yield what is wrong with a cover; None stands for one that is missing."""
    if data is None:
        yield finder.warning("cover", "There is no cover picture.", "Build the edition again: it draws one.")
        return
    found = size(data)
    if found is None:
        yield finder.error("cover", "The cover is no JPEG and no PNG.", "Give a JPEG or PNG with --cover.")
    elif found[0] != found[1] or not SMALLEST <= found[0] <= LARGEST:
        yield finder.error(
            "cover",
            f"The cover has {found[0]} by {found[1]} pixels; directories take squares of {SMALLEST} to {LARGEST}.",
            "Give a square picture with --cover, or none: then one is drawn.",
        )


def _jpeg(data: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker in _SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return None
