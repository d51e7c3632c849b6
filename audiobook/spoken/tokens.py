"""Clean text and its readings → tokens: words with the signs around them, and where they come from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from audiobook.model import Token
from audiobook.spoken.clean import Clean
from audiobook.spoken.reading import Reading

LONGEST_TOKEN = 40
"""Letters or digits in a row that an engine is given; a longer run may keep it busy for minutes."""
MOST_SIGNS = 3
"""The same sign in a row; more say nothing more."""

_LONG = re.compile(rf"(\w{{{LONGEST_TOKEN}}})(?=\w)")
_RUN = re.compile(rf"([^\w\s])\1{{{MOST_SIGNS},}}")
_WORD = re.compile(r"(?P<space>[\s<>]+)|[^\s<>—]*—+|[^\s<>—]+")
_PAUSE = re.compile(r"[,.;:!?…—–]+|(?:-+)\Z")


def tokens(clean: Clean, readings: Iterable[Reading]) -> Iterator[Token]:
    """Yield the tokens. A reading stands apart from letters and digits that it touches: "MP3" is two words."""
    builder = _Builder()
    for piece in _pieces(clean, readings):
        builder.add(*piece)
    builder.end()
    for text, start, end in builder.done:
        for part in [text] if len(text) <= LONGEST_TOKEN else _LONG.sub(r"\1 ", text).split():
            yield Token(part, start, end)


def is_named(character: str) -> bool:
    """Tell whether a voice can say it: a letter, a digit, or a sign that has a name ("%", "€", "☎")."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("So", "Sc") or character in "&%@"


def _pieces(clean: Clean, readings: Iterable[Reading]) -> Iterator[tuple[str, int, int, bool]]:
    """Yield text without white space or all of it, where it comes from, and whether a rule gave it."""
    at = 0
    for reading in readings:
        yield from _plain(clean, at, reading.start)
        start, end = clean.places[reading.start], clean.places[reading.end]
        for word in _WORD.finditer(reading.said):
            yield word[0], start, end, True
        at = reading.end
    yield from _plain(clean, at, len(clean.text))


def _plain(clean: Clean, start: int, end: int) -> Iterator[tuple[str, int, int, bool]]:
    for word in _WORD.finditer(clean.text, start, end):
        yield word[0], clean.places[word.start()], clean.places[word.end()], False


class _Builder:
    """Gathers pieces into words."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int, int]] = []
        self._parts: list[str] = []
        self._start = self._end = 0
        self._read = False
        """Whether the last piece was given by a rule."""

    def add(self, text: str, start: int, end: int, read: bool) -> None:
        """Add a piece to the word under way, or end that word."""
        if text[0] in " <>":
            self.end()
            return
        if self._parts and (read or self._read) and self._parts[-1][-1].isalnum() and text[0].isalnum():
            self.end()
        if not self._parts:
            self._start = start
        self._parts.append(text)
        self._end = max(end, self._end)
        self._read = read
        if text.endswith("—"):
            self.end()

    def end(self) -> None:
        """End the word under way. Signs alone are no word: of them only a pause is left, at the word before."""
        text = _plain_signs("".join(self._parts))
        self._parts.clear()
        if any(map(is_named, text)):
            self.done.append((text, self._start, self._end))
        elif text and self.done:
            self._pause(text)

    def _pause(self, signs: str) -> None:
        pause = _PAUSE.search(signs)
        word, start, end = self.done[-1]
        if pause and word[-1].isalnum():
            self.done[-1] = (word + pause[0][:MOST_SIGNS].replace("--", "—").replace("-", "—"), start, end)


def _plain_signs(text: str) -> str:
    """Take doubled brackets, which engines take for phonemes, and endless runs of a sign out of a word."""
    if text.isalnum():
        return text
    text = _RUN.sub(lambda run: run[1] * MOST_SIGNS, text)
    return re.sub(r"\[\[+", "(", re.sub(r"\]\]+", ")", text))
