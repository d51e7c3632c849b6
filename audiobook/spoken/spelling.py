"""Numbers in English words."""

from __future__ import annotations

from dataclasses import dataclass

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "_ ten twenty thirty forty fifty sixty seventy eighty ninety".split()
POWERS = " thousand million billion trillion quadrillion quintillion sextillion septillion octillion".split(" ")
"""Of a thousand."""
LARGEST = 1000 ** len(POWERS) - 1
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LONGEST_PLAIN = 6
"""Digits in a row that are a quantity. A longer row is a number on a card, unless it is round."""


@dataclass(frozen=True, slots=True)
class Speller:
    """How numbers are worded.

    What is written is given as a string of digits, with or without commas or spaces between thousands.
    """

    british: bool = False
    """Whether "and" comes before the tens: "one hundred and four"."""

    def cardinal(self, number: int) -> str:
        """Word 0 to LARGEST: "one thousand two hundred four"."""
        words: list[str] = []
        for power in reversed(range(len(POWERS))):
            group = number // 1000**power % 1000
            if group:
                link = "and " if self.british and words and power == 0 and group < 100 else ""
                words.append(f"{link}{self._hundreds(group)} {POWERS[power]}".strip())
        return " ".join(words) or ONES[0]

    def ordinal(self, number: int) -> str:
        """Word 0 to LARGEST: "twenty-second"."""
        return _ordinal(self.cardinal(number))

    def year(self, year: int) -> str:
        """Word 1000 to 2999: "nineteen oh five", "two thousand nine", "twenty fifteen"."""
        century, rest = divmod(year, 100)
        if year % 1000 < 10:
            return self.cardinal(year)
        if not rest:
            return f"{pair(century)} hundred"
        return f"{pair(century)} {two_digits(f'{rest:02}')}"

    def whole(self, written: str) -> str:
        """Word a whole number as it is written: a quantity if it looks like one, else digit by digit."""
        digits = written.replace(",", "").replace(" ", "")
        grouped = digits != written or digits.endswith("000")
        if len(digits) > 1 and digits.startswith(("0", "٠")):
            return one_by_one(digits)
        if (len(digits) <= LONGEST_PLAIN or grouped) and len(digits) <= 3 * len(POWERS):
            return self.cardinal(int(digits))
        return one_by_one(digits)

    def number(self, written: str) -> str:
        """Word a number that may have a fraction: "1,204.50" is "one thousand two hundred four point five zero"."""
        whole, point, fraction = written.partition(".")
        words = [self.whole(whole)] if whole else []
        return " ".join([*words, "point", one_by_one(fraction)]) if point else " ".join(words)

    def _hundreds(self, number: int) -> str:
        hundreds, rest = divmod(number, 100)
        words = [f"{ONES[hundreds]} hundred"] if hundreds else []
        if hundreds and rest and self.british:
            words.append("and")
        return " ".join([*words, pair(rest)] if rest else words)


def pair(number: int) -> str:
    """Word 0 to 99: "forty-two"."""
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens]}-{ONES[ones]}" if ones else TENS[tens]


def two_digits(digits: str) -> str:
    """Word one or two digits of a year, a date or a clock: "05" is "oh five"."""
    number = int(digits)
    if len(digits) == 2 and number < 10:
        return f"oh {ONES[number]}" if number else "zero zero"
    return pair(number)


def one_by_one(digits: str) -> str:
    """Word each digit; what is no digit is passed over."""
    return " ".join(ONES[int(digit)] for digit in digits if digit.isdecimal())


def plural(words: str) -> str:
    """Put the last word in the plural: "nineteen seventies"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}{'es' if words.endswith('x') else 's'}"


def _ordinal(words: str) -> str:
    """Put the last word of a number into its ordinal form."""
    head, last = _cut_last(words)
    if last.endswith("y"):
        return f"{head}{last[:-1]}ieth"
    return head + ORDINALS.get(last, f"{last}th")


def _cut_last(words: str) -> tuple[str, str]:
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    return words[:cut], words[cut:]
