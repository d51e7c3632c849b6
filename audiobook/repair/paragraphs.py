"""Paragraph breaks that became runs of spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.model import Edit
from audiobook.repair.damage import Damage

PRECEDENCE = 10

# After a sentence's end, with its closing signs, and before a new sentence.
RUN = re.compile(r"(?<=[.!?…\"'”’)\]])( {2,})(?=[\"'“‘(\[]*[^\W\d_a-zß-ÿ])")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")


def propose(text: str, damage: Damage) -> Iterator[Edit]:
    """Yield a break for each run of spaces between two sentences; a text with line breaks keeps its own."""
    if not damage.breaks or not damage.break_spaces:
        return
    for match in RUN.finditer(text):
        run = match.group(1)
        if len(run) >= damage.break_spaces and SENTENCE_END.search(text, max(0, match.start() - 8), match.start()):
            yield Edit(match.start(1), match.end(1), run, "\n\n", "paragraphs.run", 0.99)
