"""Modernised copies of old texts: "it is" → "it’s", "the film has become" → "the film’s become".

Most open text is older or more formal than a review of today. A copy with the contractions that its author might
have made today gives the rare ones (he’ll, she’d, we’d, noun + ’s) as many examples as the common ones.
"""

from __future__ import annotations

import random
import re

_PARTICIPLE = r"(?:been|become|gone|come|done|made|seen|taken|given|got|had|lost|found|left|begun|grown|\w+ed|\w+en)"
_NOT = {
    "do": "don’t", "does": "doesn’t", "did": "didn’t", "is": "isn’t", "are": "aren’t", "was": "wasn’t",
    "were": "weren’t", "has": "hasn’t", "have": "haven’t", "had": "hadn’t", "would": "wouldn’t",
    "could": "couldn’t", "should": "shouldn’t", "will": "won’t", "can": "can’t", "must": "mustn’t",
}  # fmt: skip
_GOES_ON = r"(?= [a-zA-Z])(?! (?:and|or|but|to|that|which|as|than|because|if|when)\b)"
_ADVERB = r"(?:never |always |not |just |better |already |all |also )?"
_DONE = rf"(?= {_ADVERB}{_PARTICIPLE}\b)"
_WHO = r"\b(I|[Hh]e|[Ss]he|[Ww]e|[Yy]ou|[Tt]hey)"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"\b([Ll])et us\b(?= [a-z])", r"\1et’s"),
        (r"\bI am\b" + _GOES_ON, "I’m"),
        (r"\b(I|[Ww]e|[Tt]hey|[Yy]ou) have\b" + _DONE, r"\1’ve"),
        (r"\b([Ww]e|[Tt]hey|[Yy]ou) are\b" + _GOES_ON, r"\1’re"),
        (r"\b(I|[Hh]e|[Ss]he|[Ww]e|[Yy]ou|[Tt]hey|[Ii]t) (?:will|shall)\b(?= [a-z])(?! not\b)", r"\1’ll"),
        (_WHO + r" would\b(?= [a-z])(?! not\b)", r"\1’d"),
        (_WHO + r" had\b" + _DONE, r"\1’d"),
        (r"\b([Ii]t|[Hh]e|[Ss]he|[Tt]hat|[Tt]here|[Ww]hat|[Ww]ho|[Hh]ere) is\b" + _GOES_ON, r"\1’s"),
        (r"\b([Ii]t|[Hh]e|[Ss]he|[Tt]hat|[Tt]here|[Ww]ho) has\b" + _DONE, r"\1’s"),
        (r"\b([Oo])ne is\b" + _GOES_ON, r"\1ne’s"),
    )
)

_NEGATIVE = re.compile(
    r"\b(" + "|".join(f"[{v[0].upper()}{v[0]}]{v[1:]}" for v in _NOT) + r") ?not\b(?= [a-z])(?! only\b)"
)
_NOUN = re.compile(
    r"\b((?:[Tt]he|[Aa]|[Tt]his|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Mm]y|[Ee]very) (?:[a-z]+ )?[a-z]{3,}[a-rt-z]"
    rf"|[A-Z][a-z]{{2,}}[a-rt-z]) (?:is|has(?= {_PARTICIPLE}\b))" + _GOES_ON
)


def modernise(text: str, seed: int) -> str:
    """A copy of a clean text with contractions at a rate of its own."""
    rnd = random.Random(seed)
    rate = rnd.choice((0.35, 0.7, 0.95))

    def sometimes(m: re.Match[str], new: str, p: float) -> str:
        return new if rnd.random() < p else m.group()

    for pattern, to in _RULES:
        text = pattern.sub(lambda m, to=to: sometimes(m, m.expand(to), rate), text)  # type: ignore[misc]
    text = _NEGATIVE.sub(lambda m: sometimes(m, _negative(m.group(1)), rate), text)
    return _NOUN.sub(lambda m: sometimes(m, f"{m.group(1)}’s", rate / 3), text)


def _negative(verb: str) -> str:
    form = _NOT[verb.lower()]
    return form.capitalize() if verb[0].isupper() else form
