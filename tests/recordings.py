"""Recordings made of hums and noise, for tests of what comes after speech. No engine is needed."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from sys import byteorder

from audiobook import sound
from audiobook.engines._words import spread
from audiobook.model import Book, Chapter, Chunk, Clip, Pauses, Phrase, Recording, Spoken, Voice
from tests.speech import raw

RATE = 22050
"""Hz."""


def samples(values: Iterable[float]) -> bytes:
    """Pack values of -32768 to 32767 as 16-bit little-endian samples."""
    packed = array("h", (max(-32768, min(32767, round(value))) for value in values))
    if byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def hum(seconds: float, peak: float = 8000, rate: int = RATE) -> bytes:
    """A tone of 440 Hz that begins and ends at its full height."""
    return samples(peak * math.cos(2 * math.pi * 440 * i / rate) for i in range(int(seconds * rate)))


def noise(seconds: float, deviation: float = 3000) -> bytes:
    """White noise, always the same."""
    dice = random.Random(1)  # noqa: S311 -- noise to measure, no secret
    return samples(dice.gauss(0, deviation) for _ in range(int(seconds * RATE)))


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def chapter(number: int, title: str, sentences: tuple[str, ...]) -> Chapter:
    return Chapter(title, (Chunk(number, " ".join(sentences), number, sentences),))


def book(titles: Iterable[str], title: str = "A Book", author: str = "Ann Author") -> Book:
    """A book whose chapters have two sentences each, but "* * *" has none."""
    chapters = (
        chapter(number, name, () if name == "* * *" else (f"One of {number}.", f"Two of {number}."))
        for number, name in enumerate(titles, start=1)
    )
    return Book(title, author, "en-GB", "2017-02-03", tuple(chapters))


def spoken(of: Book, clip: Clip | None = None) -> Iterator[Spoken]:
    """Every sentence of a book, all with the same sound, which its words share."""
    clip = clip or Clip(silence(0.05) + hum(0.2) + silence(0.08), RATE)
    for index, each in enumerate(of.chapters):
        for chunk in each.chunks:
            for sentence in chunk.sentences:
                words = spread(raw(sentence).tokens, 0, len(clip.pcm) // 2)
                yield Spoken(index, chunk, sentence, (Phrase(0, replace(clip, words=words)),))
            if not chunk.sentences:
                yield Spoken(index, chunk, "", ())


def recording(of: Book, folder: Path, clip: Clip | None = None, pauses: Pauses | None = None) -> Recording:
    """The book as a recording whose samples lie in `folder`."""
    voice = Voice("test", "none", "", pauses=pauses or Pauses(100, 200, 300))
    return sound.join(of, voice, "Hum (synthetic sound)", spoken(of, clip), folder / "sound.pcm")


ARABIC = "آخر الرجال"
MOTLEY = Book(
    "The & <Book>",
    "Ann “Q” Author",
    "en-GB",
    "2017-02",
    (
        Chapter("Before", (Chunk(1, "One. Two?", 1, ("One.", "Two?")),)),
        Chapter(
            "& < > \" ' : /",
            (
                Chunk(2, "& < > \" ' : /", 3, ("& < > \" ' : /",), heading=True),
                Chunk(3, "A <b>bold</b> word. “R&D.”", 5, ("A <b>bold</b> word.", "“R&D.”")),
                Chunk(4, f"{ARABIC}.", 9, (f"{ARABIC}.",)),
                Chunk(5, "* * *", 7, ("* * *",)),
            ),
        ),
        Chapter(
            "😀: x…", (Chunk(6, "😀", 11, ("😀",), heading=True), Chunk(7, "x" * 300, 13, ("x" * 300,), heading=True))
        ),
    ),
)
"""A book with all that a book can have: no heading at first, two at last, signs that mean something in XML, a break."""
ANNOUNCED = ("Spoken by a machine.", "", "Part 3 of 3.")
"""What is said before each of its chapters."""


def motley(folder: Path) -> Recording:
    """That book as a recording whose samples lie in `folder`; "* * *" has no sound."""
    voice = Voice("test", "none", "", pauses=Pauses(100, 200, 300))
    return sound.join(MOTLEY, voice, "Hum (synthetic sound)", _announced(MOTLEY), folder / "sound.pcm")


def _announced(of: Book) -> Iterator[Spoken]:
    clip = Clip(silence(0.05) + hum(0.2) + silence(0.08), RATE)
    for index, (chapter, announced) in enumerate(zip(of.chapters, ANNOUNCED, strict=True)):
        chunks = (Chunk(0, announced, 0, (announced,)), *chapter.chunks) if announced else chapter.chunks
        for chunk in chunks:
            for sentence in chunk.sentences:
                yield Spoken(index, chunk, sentence, () if sentence == "* * *" else (Phrase(0, clip),))
