"""Reads English number words back into numbers. Knows nothing of the module that words them."""

from __future__ import annotations

import re

SMALL = {
    "zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
LARGE = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15,
    "quintillion": 10**18, "sextillion": 10**21, "septillion": 10**24,
}  # fmt: skip


def number(words: str) -> int:
    """Read a cardinal."""
    total = group = 0
    for word in re.split(r"[ -]", words):
        if word == "hundred":
            group *= 100
        elif word in LARGE:
            total, group = total + group * LARGE[word], 0
        elif word != "and":
            group += SMALL[word]
    return total + group


def year(words: str) -> int:
    """Read a year: a cardinal, or two pairs of digits."""
    if re.search("hundred|thousand", words):
        return number(words)
    century, *rest = words.split(" ")
    return number(century) * 100 + number(" ".join(rest))


def decimal(words: str) -> str:
    """Read a cardinal, "point" and digits."""
    whole, _, digits = words.partition(" point ")
    return f"{number(whole)}.{''.join(str(SMALL[digit]) for digit in digits.split())}"


def coins(words: str) -> int:
    """Read an amount of money, in its hundredths."""
    pattern = r"(?:(?P<notes>.+?) (?:dollar|pound|euro)s?)?(?: and )?(?:(?P<coins>\S+) (?:cents?|penny|pence))?"
    found = re.fullmatch(pattern, words)
    assert found, words
    return number(found["notes"] or "zero") * 100 + number(found["coins"] or "zero")
