"""Repaired text → book: chapters, their titles, and the title of the whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audiobook import chunk
from audiobook.model import Book, Chapter, Chunk

LONGEST_TITLE = 60
"""Code points of a chapter title that is taken from a paragraph's opening words."""

SHORTEST_TITLE = 30
"""Code points before a comma that may end such a title."""
WORD = re.compile(r"\[\w+ missing\]\S*|\[[^\]]*\Z|\S+")

SMALL_WORDS = frozenset(
    "a an and are as at but by de del der des di du for from her his if in is its la le les of on or over so than"
    " that the their this to und van von was were when which while who whose with".split()
)
NAME_JOINERS = frozenset(
    "& a an and at by de del der des di du for from in la le les of on or the to und van von with".split()
)
LOOKED_THROUGH = 100_000
"""Code points in which a repeated name is looked for; a text that is longer has named itself by then."""
PLACEHOLDER = re.compile(r"\[\w+ missing\]")
TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|&|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the user says about a text; what is empty is taken from the text, or stays unknown."""

    title: str = ""
    author: str = ""
    published: str = ""
    """ISO 8601 date, month or year."""
    language: str = "en"
    """BCP 47; when empty, a build takes the document's own, or else English."""
    cover: bytes | None = None
    """A picture of the user's, as `cover.prepare` returns it; None draws one."""
    description: str = ""
    """What the text is about."""


def parse(text: str, metadata: Metadata, fallback: str) -> Book:
    """Make a book of a repaired text that holds at least one letter or digit.

    `fallback` names it when neither the user, nor a heading, nor a repeated name does.
    """
    chunks = chunk.split(text)
    return Book(
        title=metadata.title.strip() or _heading(chunks) or repeated_name(text) or _readable(fallback),
        author=metadata.author.strip(),
        language=metadata.language,
        published=metadata.published,
        chapters=tuple(_chapters(chunks)),
        cover=metadata.cover,
        description=metadata.description,
    )


def _chapters(chunks: tuple[Chunk, ...]) -> Iterator[Chapter]:
    """Yield a chapter for each heading, or for each paragraph where there is no heading."""
    has_headings = any(piece.heading for piece in chunks)
    group: list[Chunk] = []
    for piece in chunks:
        # Two headings in a row, a title and its first part, share a chapter: neither would have a text of its own.
        starts = piece.heading and not (group and all(earlier.heading for earlier in group))
        if group and (starts or not has_headings):
            yield _chapter(group)
            group = []
        group.append(piece)
    yield _chapter(group)


def _chapter(chunks: list[Chunk]) -> Chapter:
    headings = [piece.text for piece in chunks if piece.heading]
    title = ": ".join(headings) if headings else opening(chunks[0].text)
    return Chapter(title, tuple(chunks))


def opening(text: str) -> str:
    """Return a paragraph's first words as a title, cut where a reader would pause."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_TITLE:
        return words.rstrip(".,;:")
    head = words[: LONGEST_TITLE + 1]
    sentence = re.match(r".{8,}?[^.][.!?](?=[\"”’)]* )", head)
    if sentence:
        return sentence.group().rstrip(".")
    pauses = [pause.start() for pause in re.finditer(r"[,;:](?= )|—", head) if pause.start() >= SHORTEST_TITLE]
    return (head[: pauses[-1]] if pauses else _whole_words(head)) + "…"


def _whole_words(head: str) -> str:
    """Cut before the last word, a gap's mark is one, and don't end on a small one."""
    kept = WORD.findall(head)[:-1] or [head[:LONGEST_TITLE]]
    while len(kept) > 1 and kept[-1].strip("“”\"'(").lower() in SMALL_WORDS:
        kept.pop()
    return " ".join(kept).rstrip(",;:—–")


def repeated_name(text: str) -> str:
    """Return the name of several words that the text repeats most, at least three times; else nothing.

    Long names win over short ones: each repetition counts a name's words less one. A review names its subject
    again and again, and a film's title is longer than a person's name.
    """
    counts = Counter(name for run in _name_runs(text[:LOOKED_THROUGH]) for name in set(_names_in(run)))
    scored = [(count * (len(name.split()) - 1), len(name), name) for name, count in counts.items() if count >= 3]
    return max(scored, default=(0, 0, ""))[2]


def _name_runs(text: str) -> Iterator[list[str]]:
    """Yield runs of capitalised words, joined by small ones: "Though The Salt Road"."""
    run: list[str] = []
    for token in TOKEN.findall(PLACEHOLDER.sub(".", text)):
        if token[0].isupper() or (run and token in NAME_JOINERS):
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _names_in(run: list[str]) -> Iterator[str]:
    """Yield each part of a run that starts and ends with a capital and has two words or more."""
    capitals = [index for index, word in enumerate(run[:30]) if word[0].isupper()]
    for first in capitals:
        for last in capitals:
            if last > first:
                yield " ".join(run[first : last + 1])


def _heading(chunks: Iterable[Chunk]) -> str:
    return next((piece.text for piece in chunks if piece.heading), "")


def _readable(name: str) -> str:
    return " ".join(re.sub(r"[-_]+", " ", name).split()) or "Untitled"
