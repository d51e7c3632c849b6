"""Tells two versions of one text from two texts, by the runs of letters that they share (Broder 1997, shingles)."""

from __future__ import annotations

import zlib

LENGTH = 12
"""Letters and digits of a shingle: two or three words. Two English reviews share one in a hundred, if that."""
MOST = 20_000
"""Shingles that are looked at, about; of a longer text a share of them, chosen by what they hold."""
FEWEST = 100
"""In a text with fewer, one new word can be all the difference."""
KINSHIP = 0.1
"""Share of the shorter text's shingles from which on both are versions of one."""


def are_akin(one: str, other: str) -> bool:
    """Tell whether two texts may be versions of one; texts of less than some twenty words may always be."""
    step = 1 + max(len(one), len(other)) // MOST
    first, second = shingles(one, step), shingles(other, step)
    fewer = min(len(first), len(second))
    return fewer * step < FEWEST or len(first & second) >= KINSHIP * fewer


def shingles(text: str, step: int = 1) -> set[int]:
    """Hash every run of `LENGTH` letters and digits, whatever stands between them, and keep one in `step`."""
    letters = "".join(filter(str.isalnum, text.casefold()))
    hashes = (zlib.crc32(letters[at : at + LENGTH].encode()) for at in range(len(letters) - LENGTH + 1))
    return {found for found in hashes if found % step == 0}
