"""Contractions that are no words without their apostrophe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.model import Edit
from audiobook.repair.damage import Damage

PRECEDENCE = 30

# Left out on purpose: what is a word of its own (its, were, well, ill, hell, shell, shed, wed, id, cant, wont, lets),
# "hed" (a name), and "whore".
FORMS = """
ain't aren't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't oughtn't
shan't shouldn't wasn't weren't wouldn't
they're you're
I've you've we've they've could've should've would've might've must've who've
you'll they'll it'll that'll there'll who'll what'll
you'd they'd it'd
I'm he's she's that's there's here's where's what's who's how's
everyone's someone's anyone's everybody's somebody's nobody's
o'clock y'all ma'am
""".split()

BARE = {form.replace("'", "").lower(): form.index("'") for form in FORMS}
WORD = re.compile(rf"(?<![\w'’])(?:{'|'.join(sorted(BARE))})(?![\w'’])", re.IGNORECASE)
# "I" is always a capital, so these are read as contractions only with theirs: "ive" and "im" are something else.
WITH_CAPITAL_I = frozenset({"im", "ive"})
NAME_BEFORE = re.compile(r"[^\W\d_]*[A-ZÀ-Þ][\w’'-]* \Z")
NAME_AFTER = re.compile(r"(?: [A-ZÀ-Þ]|-)")


def propose(text: str, damage: Damage) -> Iterator[Edit]:
    """Yield the apostrophe for each such word, unless the text has kept most of its apostrophes."""
    if not damage.english:
        return
    found = [match for match in WORD.finditer(text) if not _is_name(text, match)]
    if damage.apostrophes >= len(found):
        return
    for match in found:
        bare = match.group()
        place = BARE[bare.lower()]
        after = f"{bare[:place]}\N{RIGHT SINGLE QUOTATION MARK}{bare[place:]}"
        yield Edit(match.start(), match.end(), bare, after, "contractions.no_word", 0.99)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Tell "Jony Ive" and "Im Kwon-taek" from what somebody says."""
    if match.group().lower() not in WITH_CAPITAL_I:
        return False
    if match.group()[0] != "I":
        return True
    before = text[max(0, match.start() - 40) : match.start()]
    return bool(NAME_BEFORE.search(before) or NAME_AFTER.match(text, match.end()))
