"""When each word of an utterance is heard, from what an engine tells of it; engines tell more or less."""

from __future__ import annotations

from collections.abc import Sequence

from audiobook.model import Token, Word


def timed(tokens: Sequence[Token], begins: Sequence[int | None], until: int) -> tuple[Word, ...]:
    """Give a word for each token, each up to the next.

    `begins` are first samples, None where the engine told none: such tokens share the time since the last known
    begin with it, by their letters. `until` is the end of the last word, in samples. Times never run backwards.
    """
    known = [index for index, begin in enumerate(begins) if begin is not None or index == 0]
    words: list[Word] = []
    for first, last in zip(known, [*known[1:], len(tokens)], strict=True):
        begin = _within(begins[first], words, until)
        end = _within(begins[last] if last < len(tokens) else until, words, until)
        words += spread(tokens[first:last], begin, max(begin, end))
    return tuple(words)


def spread(tokens: Sequence[Token], begin: int, until: int) -> tuple[Word, ...]:
    """Share a stretch of samples among tokens by the number of their letters and digits, and one for each space."""
    weights = [1 + sum(character.isalnum() for character in token.text) for token in tokens]
    edges = [begin]
    for done in range(1, len(tokens) + 1):
        edges.append(begin + (until - begin) * sum(weights[:done]) // sum(weights))
    return tuple(Word(token.start, token.end, edges[index], edges[index + 1]) for index, token in enumerate(tokens))


def _within(sample: int | None, words: Sequence[Word], until: int) -> int:
    """Keep a begin between the last word's begin and the end."""
    return min(max(sample or 0, words[-1].begin if words else 0), until)
