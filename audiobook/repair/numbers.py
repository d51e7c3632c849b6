"""Lost numbers: where one stood, and of what kind. Never its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from audiobook.repair.decisions import Thresholds
from audiobook.repair.pen import Pen
from audiobook.repair.scores import KINDS, Scores
from audiobook.repair.view import PLACEHOLDER, View

MARK = {
    "year": "[year missing]",
    "decade": "[decade missing]",
    "ordinal": "[ordinal missing]",
    "age": "[age missing]",
    "count": "[number missing]",
    "amount": "[amount missing]",
    "number": "[number missing]",
}

_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sept sep oct nov dec".split()
)

_HOLE = re.compile(
    r"(?<=\()(?=\)|[ .,])"  # an empty bracket
    r"|(?<=\$)(?![\w$])|(?<=[^\n#]#)(?![\w$#])|(?<= )(?=%)"  # a sign without its figure, but no heading's
    r"|(?<= )(?=[,!?')-]|[.:;](?![.()\-]))"  # a space before a mark, but not before "..." or ":)"
    r"|(?<= )(?= )"  # two spaces
    r"|(?<=-)(?=[ ,.)])"  # a hyphen that joins nothing
    r"|(?<=[,.])(?=,)"
)
"""Where in a gap a number may be missing."""


_BEFORE_A_YEAR = frozenset("since late early mid circa spring summer autumn fall winter".split())
_RANGE = {"between": ("and",), "from": ("to", "until")}
"""Words around two years: "between  and ,", "from  to ,"."""
_ENDS = re.compile(r" [,.;:!?)']")

_SIGN = re.compile(r"(?:^|[ (])%|\$(?=[ .,;:!?)]|$)")
"""A sign of money or of a share that has lost its figure."""
_SURE = 0.98

_AGREED = 0.9
"""Mean probability of a letter’s places from which on they speak for the others."""

_TABLE = re.compile("- +-")
"""Two hyphens with nothing but spaces between them: the empty cells of a table, not two lost numbers."""

_ATTACHED = frozenset("s st nd rd th d am pm mm km m k f x S D F K M".split())
"""What may follow a figure without a space."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A lost number in a gap."""

    gap: int
    kind: str
    confidence: float


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, Lost], dict[int, Lost]]:
    """Gaps that lack a number, and gaps near the line."""
    found: dict[int, Lost] = {}
    near: dict[int, Lost] = {}
    shared = _of_letters(view, scores)
    tabular = any(_TABLE.search(gap) for gap in view.gaps)
    for i, p in enumerate(scores.number):
        if p > 0 and _SIGN.search(view.gaps[i]):
            p = max(p, _SURE)
        if i in shared:
            p = max(p, shared[i])
        if p < limits.number * limits.suspect or (tabular and " - " in view.gaps[i]):
            continue
        lost = Lost(i, kind_of(view, scores, i), p)
        (found if p >= limits.number else near)[i] = lost
    return found, near


def is_attached(word: str) -> bool:
    """Whether the word may follow a figure without a space: "F" of "18F", and "Fs" of "18F’s"."""
    return word in _ATTACHED or _owner(word) != ""


def _owner(word: str) -> str:
    """The capital letter of which the word is the possessive or the plural, else nothing."""
    return word[0] if len(word) == 2 and word[0].isupper() and word[0] in _ATTACHED and word[1] == "s" else ""


def _of_letters(view: View, scores: Scores) -> dict[int, float]:
    """One letter, one verdict: if nearly every "F" lacks its "18", so does every "Fs". Words and their confidence."""
    own = {i: letter for i, word in enumerate(view.words) if (letter := _owner(word))}
    said = {letter: [scores.number[i] for i, w in enumerate(view.words) if w == letter] for letter in own.values()}
    means = {letter: sum(ps) / len(ps) for letter, ps in said.items() if len(ps) > 1}
    return {i: means[letter] for i, letter in own.items() if means.get(letter, 0) >= _AGREED}


def kind_of(view: View, scores: Scores, i: int) -> str:
    """The likeliest kind, or plain "number" where nobody can say."""
    kinds = scores.kind.get(i)
    told = _told(view, i)
    if told:
        return told
    if not kinds:
        return "number"
    best = max(range(len(KINDS)), key=lambda k: kinds[k])
    return KINDS[best]


def _told(view: View, i: int) -> str:
    """Return the kind that the signs and words right beside the gap leave no doubt of, else nothing."""
    gap = view.gaps[i]
    before = view.words[i - 1].lower() if i else ""
    if _SIGN.search(gap):
        return "amount"
    if before == "aged":
        return "age"
    if before in _BEFORE_A_YEAR and _ENDS.match(gap):
        return "year"
    return "year" if _starts_range(view, i, before) or _ends_range(view, i, before) else ""


def _starts_range(view: View, i: int, before: str) -> bool:
    joins = i + 1 < len(view.words) and view.words[i] in _RANGE.get(before, ())
    return joins and view.gaps[i] == "  " and bool(_ENDS.match(view.gaps[i + 1]))


def _ends_range(view: View, i: int, before: str) -> bool:
    joins = i > 1 and before in _RANGE.get(view.words[i - 2].lower(), ())
    return joins and view.gaps[i - 1] == "  " and bool(_ENDS.match(view.gaps[i]))


def places(gap: str) -> list[int]:
    """Offsets in a gap's text where a number fell out; a run of spaces counts once."""
    spots: list[int] = []
    before = -1
    for m in _HOLE.finditer(gap):
        at = m.start()
        if before < 0 or gap[before:at].strip(" "):  # or else it is the same hole, seen twice
            spots.append(at)
        before = at
    return spots


_SPACES = re.compile(" +")
_UNITS = frozenset("million billion trillion thousand percent per C F".split())
"""What may follow a sign of money or measure that fell out with its figure, as the sign's own space stays behind."""


def ranges(gap: str, following: str) -> list[int]:
    """Offsets in a gap's text of the spaces that were a dash between two numbers: "a   record" was "a 16–7 record".

    A single number leaves one space before a mark, two before a word, and none inside an opening bracket.
    `following` is the word after the gap.
    """
    found: list[int] = []
    for m in _SPACES.finditer(gap):
        bracketed = gap[m.start() - 1 : m.start()] == "("
        after = gap[m.end() : m.end() + 1]
        decimal = after == "." and gap.endswith(" ") and following[:1].islower()
        if after in _CLOSING and not decimal and not (after == "" and following in _UNITS):
            left_by_one = (1 if after else 2) - bracketed
            if len(m.group()) == left_by_one + 1:
                found.append(m.start() + (not bracketed))
    return found


_CLOSING = ("", ",", ".", ";", ":", "!", "?", "'", ")")


def kinds_in(view: View, lost: Lost, count: int) -> list[str]:
    """Kinds for several holes in one gap: "March  , ," lacks a day and then a year."""
    if count < 2:
        return [lost.kind]
    before = view.words[lost.gap - 1].lower() if lost.gap else ""
    if before in _MONTHS:
        return ["count", "year", *["count"] * (count - 2)]
    return [lost.kind] * count


def write(pen: Pen, lost: Lost, run: tuple[int, int] | None, *, in_pairs: bool) -> list[int]:
    """Mark the numbers that fell out of a gap; returns their offsets in it.

    `run` is the run of spaces that ends a paragraph there, if one does. `in_pairs` allows for a dash between two.
    """
    view, i = pen.view, lost.gap
    start, text = pen.gap(i)
    if PLACEHOLDER.search(text) or re.search(r"\w", text) or _is_markdown(text, i):
        return []
    following = view.words[i] if i < len(view.words) else ""
    spots = _spots(text, following, run)
    if not spots:
        return []
    if in_pairs and run is None and i and following:
        for at in ranges(text, following):
            pen.edit(start + at, start + at + 1, "–", "dashes.range", lost.confidence)
            spots = sorted({*spots, at, at + 1})
    for at, kind in zip(spots, kinds_in(view, lost, len(spots)), strict=True):
        pen.edit(start + at, start + at, MARK[kind], f"numbers.{kind}", lost.confidence)
    return spots


def _spots(text: str, following: str, run: tuple[int, int] | None) -> list[int]:
    """Offsets in a gap's text of the numbers that it lost."""
    head = text if run is None else text[: run[0]] + " "
    spots = places(head)
    if run is not None:
        spots = [at for at in spots if at < len(head)] if spots else [run[1] - 1]
    orphan = following != "" and is_attached(following)
    closes_up = orphan and not any(text[at:] in ("", "-") for at in spots) and (not text or text[-1] in " -($@")
    return [len(text)] if closes_up and (text == " " or not spots) else spots


def _is_markdown(text: str, i: int) -> bool:
    """Tell the sign of a heading, a list or a quotation from one that has lost its figure."""
    line = r"(?:\A|\n)" if i == 0 else r"\n"
    return bool(re.search(rf"{line}[ \t]*(?:[#>*+-]+ |#+ [^\w\s-]*)\Z", text))


def suspect(pen: Pen, near: Mapping[int, Lost]) -> None:
    """List numbers near the line."""
    for i, lost in near.items():
        start, text = pen.gap(i)
        spots = places(text)
        if spots and not PLACEHOLDER.search(text):
            at = start + spots[0]
            pen.suspect(at, at, MARK[lost.kind], f"numbers.{lost.kind}", lost.confidence)
