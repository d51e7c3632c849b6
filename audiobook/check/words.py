"""The times of words, as `formats/words_json.py` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from audiobook.check import read
from audiobook.check.finding import Account, Finder, Finding, Look, clock
from audiobook.model import Cue

ROUNDING = 1
"""ms by which times may overlap that were rounded on their own."""
_AGAIN = "Build the edition again."


def look(path: Path) -> Look:
    """Look at each sentence, and at the words in it."""
    finder = Finder(path)
    document = read.json_object(path)
    if document.get("version") != 1 or document.get("timing") not in ("exact", "estimated"):
        yield finder.error("", "It tells no version and timing that are known.", _AGAIN)
    sentences = _cues(document.get("sentences"), with_words=True)
    if not sentences:
        yield finder.error("", "There is no list of sentences with start, end and text.", _AGAIN)
        return Account(path)
    for number, (one, two) in enumerate(pairwise(sentences), start=2):
        if two.start < one.end:
            yield finder.error(f"sentence {number}", "It starts before the one above it has ended.", _AGAIN)
    for number, sentence in enumerate(sentences, start=1):
        yield from _sentence(finder, f"sentence {number}, at {clock(sentence.start)}", sentence)
    return Account(path, sentences=tuple(sentences))


def _sentence(finder: Finder, place: str, sentence: Cue) -> Iterator[Finding]:
    if sentence.end <= sentence.start or not sentence.text.strip():
        yield finder.error(place, "It has no length, or no text.", _AGAIN)
    edges = [edge for word in sentence.words for edge in (word.start, word.end)]
    if any(two < one - ROUNDING for one, two in pairwise([sentence.start, *edges, sentence.end])):
        yield finder.error(place, "The times of its words don't rise, or leave the sentence.", _AGAIN)


def _cues(value: object, *, with_words: bool) -> list[Cue] | None:
    """Read a list of sentences or words; None when one of them is none."""
    entries = read.objects(value)
    if entries is None:
        return None
    found = list(_each(entries, with_words))
    return found if len(found) == len(entries) else None


def _each(entries: list[dict[str, object]], with_words: bool) -> Iterator[Cue]:
    for entry in entries:
        start, end = (read.milliseconds(entry.get(key), 1.0) for key in ("start", "end"))
        text, words = entry.get("text"), _cues(entry.get("words", []), with_words=False) if with_words else []
        if start is not None and end is not None and isinstance(text, str) and words is not None:
            yield Cue(start, end, text, tuple(words))
