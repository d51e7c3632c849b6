"""Words that lose an apostrophe, and where it goes back."""

from __future__ import annotations

_NEGATIVE = "do does did is are was were has have had would could should must might need ought dare ai sha ma"
_PRONOUNS_LL = "they you it that there who what this these those"
_SHORT = {
    "im": "i’m", "ive": "i’ve", "youre": "you’re", "youve": "you’ve", "theyre": "they’re", "theyve": "they’ve",
    "weve": "we’ve", "youd": "you’d", "theyd": "they’d", "itd": "it’d", "whod": "who’d", "thered": "there’d",
    "couldve": "could’ve", "shouldve": "should’ve", "wouldve": "would’ve", "mightve": "might’ve",
    "mustve": "must’ve", "whove": "who’ve", "oclock": "o’clock", "maam": "ma’am", "yall": "y’all",
    "howd": "how’d",
    "whered": "where’d", "therere": "there’re", "whatre": "what’re",
    "neer": "ne’er", "eer": "e’er", "oer": "o’er", "whateer": "whate’er", "whoeer": "whoe’er", "thatd": "that’d",
    "dyou": "d’you", "cmon": "c’mon", "mam": "ma’am",
}  # fmt: skip
_PRONOUNS_S = (
    "that he she who what there here where how everything something nothing someone everyone anyone nobody somebody "
    "everybody anything anybody"
)


def _sure() -> dict[str, str]:
    table = {f"{verb}nt": f"{verb}n’t" for verb in _NEGATIVE.split()}
    table |= {f"{word}ll": f"{word}’ll" for word in _PRONOUNS_LL.split()}
    table |= {f"{word}s": f"{word}’s" for word in _PRONOUNS_S.split()}
    table |= _SHORT
    for word in ("shant", "mant", "neer", "mam"):
        table.pop(word, None)
    return table | {"shant": "shan’t"}


SURE = _sure()
"""Lower-case skeletons that are no English words, and their forms. "hed" (a band), "whore" and "neer" are left out."""

AMBIGUOUS = {
    "were": "we’re", "well": "we’ll", "ill": "I’ll", "id": "I’d", "hell": "he’ll", "shell": "she’ll",
    "shed": "she’d", "wed": "we’d", "cant": "can’t", "wont": "won’t", "hed": "he’d",
}  # fmt: skip
"""Words in their own right that may also have lost an apostrophe elsewhere than beside a final s."""

LEADING = {"em": "’em", "tis": "’tis", "twas": "’twas", "twere": "’twere", "twould": "’twould", "twill": "’twill"}
"""Words that may have lost an apostrophe in front."""

SURE_LEADING = frozenset(("tis", "twas", "twere", "twould"))
"""Of those, the ones that are no words otherwise."""

AMBIGUOUS_S = ("its", "lets", "ones", "others", "whys")
"""Words of which the form in ’s and the form without are both common."""


def with_case(form: str, word: str) -> str:
    """The form, with the capitals of the word: "theyre" → "they’re", "DONT" → "DON’T", "ill" → "i’ll"."""
    letters = iter(word)
    return "".join(c if c == "’" else next(letters) for c in form)


NUMBER = {w: i for i, w in enumerate([*AMBIGUOUS, *LEADING, *AMBIGUOUS_S], start=1)}
"""A small number for every word that has a say of its own in the apostrophe model."""
