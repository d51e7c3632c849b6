"""The names and unknown words of a text, and how a voice will say them: what to put into a lexicon before a build."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol
from xml.sax.saxutils import escape

from audiobook import chunk, ipa, lexicon, output
from audiobook.errors import VoiceError
from audiobook.lexicon import Lexicon
from audiobook.model import Token, Utterance, Voice
from audiobook.repair import tables

COMMON = 8
"""Frequency bucket of the vocabulary (Zipf's scale 4.5) from which an engine is trusted to know a capitalised word."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDING = re.compile(r"['’](?:s|ve|ll|re|d|m)?\Z")
_PLACEHOLDER = re.compile(r"\[\w+ missing\]")
_OPENS = re.compile(r"(?:^|[.!?:…—–(])[\s\"'“‘(\[]*\Z|[\"“]\Z")
"""What stands before a word that begins with a capital in any case."""
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "est", "ness", "less", "ful", "y", "ish", "like", "wise")
_BEGINNINGS = ("un", "re", "non", "out", "over", "under", "sub", "pre", "co", "anti", "mid", "super")
_CLOSING = "</lexicon>"
_EMPTY = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- How the words of a text are said. Mend what is wrong: a phoneme is in the International Phonetic Alphabet; or put
     an alias instead, plain words that sound right: <alias>kill brannan</alias>. Take out what is right already. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="en" xmlns="{lexicon.NAMESPACE}">
{_CLOSING}
"""


class Says(Protocol):
    """What of an engine is needed here."""

    def said(self, words: Sequence[str], voice: Voice) -> list[str]:
        """Tell how each word will be said on its own, in the International Phonetic Alphabet."""


@dataclass(frozen=True, slots=True)
class Found:
    """A name or an unknown word in a text."""

    word: str
    kind: Literal["name", "word"]
    """A name is written with a capital inside a sentence, or is unknown and never without one."""
    count: int
    line: int
    """Where it first stands, from 1."""


@dataclass(frozen=True, slots=True)
class Name(Found):
    """The same, with how it will be said."""

    ipa: str
    """How the engine would say it by itself."""
    lexicon: str
    """How the lexicon has it said: a transcription or other words; empty when it doesn't know the word."""


def listed(text: str, engine: Says, voice: Voice, known: Lexicon) -> list[Name]:
    """List the names and unknown words of a text, names first, the likeliest to be said wrong before others."""
    words = find(text)
    said = engine.said([found.word for found in words], voice) if words else []
    return [
        Name(found.word, found.kind, found.count, found.line, way, _way(found.word, known))
        for found, way in zip(words, said, strict=True)
    ]


def find(text: str) -> list[Found]:
    """Find the names and unknown words of a text; ordinary words, words in capitals and numbers are none."""
    counts: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for word, opens in _words(text):
        counts[word] += 1
        inside[word] += not opens
    found = []
    for word, count in counts.items():
        kind = _kind(word, bool(inside[word]), counts)
        if kind:
            found.append(Found(word, kind, count, _line(text, word)))
    return sorted(found, key=lambda item: (item.kind != "name", _bucket(item.word) > 0, -item.count, item.line))


def utterance(word: str, known: Lexicon) -> Utterance:
    """Give what a voice is to say for a word alone."""
    return known.apply(Utterance((Token(word, 0, len(word)),)))


def add_to_lexicon(path: Path, names: Sequence[Name]) -> int:
    """Write the names into a lexicon, to be mended by a person; tell how many it lacked.

    What stands in it already stays, to the byte. Raises VoiceError when it is not a lexicon, `AudiobookError` when
    it can't be written.
    """
    there = lexicon.load(path) if path.exists() else Lexicon()
    text = output.read_text(path) if path.exists() else _EMPTY
    new = [name for name in names if name.word not in there]
    head, closing, tail = text.rpartition(_CLOSING)
    if not closing:
        raise VoiceError(f"{path} doesn't end in {_CLOSING}, so that nothing can be added. Name another file.")
    if new:
        output.write_whole(path, head + "".join(map(_lexeme, new)) + closing + tail)
    return len(new)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each word without its ’s, and whether it begins something, so that its capital tells nothing."""
    for piece in chunk.split(text):
        for sentence in piece.sentences:
            plain = _PLACEHOLDER.sub(" ", sentence)
            for match in _WORD.finditer(plain):
                opens = piece.heading or bool(_OPENS.search(plain, 0, match.start()))
                for part in _parts(_ENDING.sub("", match.group())):
                    yield part, opens


def _parts(word: str) -> list[str]:
    """Cut a hyphenated word, but for a name such as "Jean-Luc"."""
    parts = word.split("-")
    return [word] if all(part[0].isupper() for part in parts) else parts


def _kind(word: str, inside: bool, counts: Counter[str]) -> Literal["name", "word"] | None:
    """Tell a name from an unknown word; None for what an engine can be trusted with."""
    if len(word) < 2 or word.removesuffix("s").isupper():  # "UN", "DVDs": said letter by letter
        return None
    if word[0].isupper() and not counts[word.lower()]:
        unknown = not _is_known(word.lower())
        return "name" if unknown or (inside and _bucket(word) < COMMON) else None
    return "word" if word.islower() and not _is_known(word) else None


def _is_known(word: str) -> bool:
    """Tell whether the vocabulary has a word in small letters, or what it is made of."""
    vocabulary = tables.load().lexicon.number
    plain = word.replace("’", "").replace("'", "")
    stems = {plain, *(plain.removeprefix(beginning) for beginning in _BEGINNINGS)}
    for _ in range(2):  # "shape-less-ness"
        stems |= {stem.removesuffix(ending) + silent for stem in stems for ending in _ENDINGS for silent in ("", "e")}
    return any(stem in vocabulary for stem in stems if len(stem) > 2 or stem == plain)


def _bucket(word: str) -> int:
    """Give how common a word is: 0 unknown, 1 to 15 by Zipf's scale in half steps from 1.0."""
    known = tables.load().lexicon
    return known.frequency[known.number.get(word.lower(), 0)]


def _line(text: str, word: str) -> int:
    place = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    return text.count("\n", 0, place.start() if place else 0) + 1


def _way(word: str, known: Lexicon) -> str:
    saying = known.saying(word)
    return " ".join(saying.ipa or saying.alias) if saying else ""


def _lexeme(name: Name) -> str:
    return f"  <lexeme><grapheme>{escape(name.word)}</grapheme>{_phoneme(name.lexicon or name.ipa)}</lexeme>\n"


def _phoneme(way: str) -> str:
    """Give an element for a way to say a word: an alias when it isn't in the alphabet, as not all engines know it."""
    try:
        ipa.normal("".join(way.split()))
    except ValueError:
        return f"<alias>{escape(way)}</alias>"
    return f"<phoneme>{escape(way)}</phoneme>"
