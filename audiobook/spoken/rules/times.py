"""Times of day: "7:30" → "seven thirty", "10am" → "ten a.m."; and ratios: "1.85:1" → "one point eight five to one"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, pair, two_digits
from audiobook.spoken.written import BEGINS, ENDS, NUMBER, STARTS, after, before

NOON = 12
HALF = r"(?P<half>[AaPp])(?:\.[ ]?[Mm]\.|[Mm]\b(?!\.\w))"
CLOCK = re.compile(
    rf"""{STARTS}(?:
        (?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?:[ ]?{HALF}|{ENDS}(?!\w))
      | (?P<h2>1[0-2]|0?[1-9])(?:\.(?P<m2>[0-5]\d))?[ ]?{HALF.replace("half", "half2")}
    )""",
    re.VERBOSE,
)
SPAN = re.compile(
    r"(?<![\w.,:/])(?:\d{1,2}(?:[:.]\d\d)?(?:[ ]?[AaPp]\.?[Mm]\.?)?(?P<this>[ ]?[-–][ ]?)"
    r"(?=\d{1,2}(?:[:.]\d\d)?[ ]?[AaPp]\.?[Mm]\b|(?<=:\d\d.)\d{1,2}:\d\d(?![\d:])))"
)
NAME_BEFORE = re.compile(rf"(?<!\w)(?!{BEGINS}\b)[A-Z][a-z]+[ ]\Z")
RATIO = re.compile(rf"{STARTS}(?P<a>{NUMBER}):(?P<b>{NUMBER})(?!\w){ENDS}")


def _clock(found: re.Match[str], _: Speller) -> str:
    hour, minute = found["h"] or found["h2"], found["m"] or found["m2"]
    half = found["half"] or found["half2"]
    words = [_hour(hour)]
    if found["s"]:
        words += [two_digits(minute), two_digits(found["s"])]
    elif minute:
        words.append(_minute(minute, int(hour), bool(half)))
    said = " ".join(filter(None, words))
    if not half:
        return said
    # Where "a.m." ends the sentence, one full stop stands for both.
    return f"{said} {half.lower()}.m{'' if after(found).startswith('.') else '.'}"


def _hour(digits: str) -> str:
    return pair(int(digits)) if int(digits) else two_digits(digits)


def _minute(digits: str, hour: int, half: bool) -> str:
    if int(digits):
        return two_digits(digits)
    if half:
        return ""
    return "o'clock" if 1 <= hour <= NOON else "hundred" if hour > NOON else "zero zero"


def _ratio(found: re.Match[str], speller: Speller) -> str:
    name = NAME_BEFORE.search(before(found))  # a verse, as in "Matthew 5:3", or a score
    return f"{speller.number(found['a'])}{' ' if name else ' to '}{speller.number(found['b'])}"


clock = matching(CLOCK, _clock)
span = matching(SPAN, lambda _, __: " to ")
ratio = matching(RATIO, _ratio)
