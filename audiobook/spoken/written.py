"""How numbers are written: the pieces that the patterns of the rules are made of.

A clean text has no white space but spaces. Every pattern starts where no number is under way, so that a long
run of digits is looked at once.
"""

from __future__ import annotations

import re

STARTS = r"(?<![\w])(?<!\d[.,:/])"
"""No word or number is under way."""
ENDS = r"(?!\d)(?![.,:/]\d)"
"""The number is over."""
WHOLE = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[ ]\d{3})*[ ](?:\d{3}[ ]\d{3}|000)(?![\d])|\d+)"
"""Thousands are parted by commas, or by spaces where that is plain: "1 234 567" and "45 000", but not "45 230"."""
NUMBER = rf"{WHOLE}(?:\.\d+)?"
MINUS = r"(?:(?<![\w)\]%°$£€])[-−])"
"""A sign before a number, not a hyphen after a word."""
TO = r"(?:[-‑]|[ ]?[–—][ ]?)"
"""Between the ends of a range."""
APOSTROPHE = "['’‘]"
MONTHS = "January February March April May June July August September October November December".split()
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)(?!\w)"
BEGINS = "(?:The|He|She|It|In|An?|At|On|But|And|They|We|You|This|That|His|Her)"
"""Words with a capital that begin a sentence, rather than being a name."""
CLOSED = re.compile(r"[\s\"'”’)\]*_]*\Z")
"""What may follow the last sign of a sentence."""


def value(written: str) -> float:
    """Give the number that is written with digits, a point and group commas."""
    return float(plain(written))


def plain(written: str) -> str:
    """Take out what parts the thousands."""
    return written.replace(",", "").replace(" ", "")


def before(found: re.Match[str], length: int = 30) -> str:
    """Give what stands before a match."""
    return found.string[max(0, found.start() - length) : found.start()]


def after(found: re.Match[str], length: int = 30) -> str:
    """Give what stands after a match."""
    return found.string[found.end() : found.end() + length]


def is_last(found: re.Match[str]) -> bool:
    """Tell whether a match ends the sentence, so that its full stop is the sentence's, too."""
    return CLOSED.match(found.string, found.end()) is not None
