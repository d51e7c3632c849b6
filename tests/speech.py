"""Utterances and clips for tests of what lies between text and sound."""

from __future__ import annotations

import re

from audiobook.model import Clip, Token, Utterance, Voice, Word


def raw(text: str, **ipa: str) -> Utterance:
    """The words of a text as they are, each a token: what an engine gets when nothing prepares the text for it.

    `ipa` tells how some of them are said.
    """
    found = re.finditer(r"\S+", text)
    return Utterance(
        tuple(Token(word[0], word.start(), word.end(), ipa.get(word[0].strip(".,“”"), "")) for word in found)
    )


def voice(engine: str, **fields: int | str) -> Voice:
    """A voice of an engine with some settings."""
    return Voice(**{"name": "test", "engine": engine, "id": "", **fields})  # type: ignore[arg-type]


def same_words(words: tuple[Word, ...], text: str) -> list[str]:
    """The parts of the text that words stand for."""
    return [text[word.start : word.end] for word in words]


def clip(samples: int = 100, words: int = 0, sample_rate: int = 22050) -> Clip:
    """A clip with so many samples, shared by so many words of one letter, each after a space."""
    edges = [samples * number // max(words, 1) for number in range(words + 1)]
    timed = (Word(2 * n, 2 * n + 1, edges[n], edges[n + 1]) for n in range(words))
    return Clip(b"\1\0" * samples, sample_rate, tuple(timed))
