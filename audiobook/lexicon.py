"""How words are said: W3C pronunciation lexicons (PLS 1.0, https://www.w3.org/TR/pronunciation-lexicon/).

    <lexicon version="1.0" alphabet="ipa" xml:lang="en-US" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
      <lexeme><grapheme>Fayyad</grapheme><phoneme>faɪˈjɑːd</phoneme></lexeme>
      <lexeme><grapheme>Kilbrannan</grapheme><alias>kill brannan</alias></lexeme>
    </lexicon>

An entry holds for the word as it is written, with a capital at the start of a sentence and, from five letters on,
in capitals; for its possessive and its plural in -s; and as a part of a hyphenated word. Of several entries for one
word the first counts, and of several ways to say it the first, or the first with prefer="true". Entries with a role
are passed over: they hold for one part of speech, and no engine here tells which.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn
from xml.parsers import expat

from audiobook import core, ipa, voice
from audiobook.errors import VoiceError
from audiobook.model import Token, Utterance

FILE = "lexicon.pls"
"""Name of the lexicon in each folder of voice profiles."""
NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
LONGEST = 1_000_000
"""Bytes of a lexicon, at most: some 10,000 entries."""
SHORTEST_CAPITALS = 5
"""Letters from which a word in capitals is taken for the word, and not for initials such as "US"."""

_XML = "http://www.w3.org/XML/1998/namespace"
_PARENTS = {
    "lexicon": {""},
    "lexeme": {"lexicon"},
    "grapheme": {"lexeme"},
    "phoneme": {"lexeme"},
    "alias": {"lexeme"},
    "example": {"lexeme"},
    "meta": {"lexicon"},
    "metadata": {"lexicon"},
}
_PART = re.compile(r"[^-\u2010\u2011–—]+[–—]*")
_POSSESSIVE = re.compile(r"(.+)'s\Z", re.IGNORECASE)
_PLURAL = re.compile(r"(.{2,}[^\Ws_])s\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saying:
    """How a word, or a few, are said: by `ipa` or, where that is empty, by `alias`."""

    ipa: tuple[str, ...] = ()
    """A transcription for each word, as `audiobook.ipa.normal` returns it."""
    alias: tuple[str, ...] = ()
    """The words to be said instead."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and how they are said."""

    sayings: Mapping[str, Saying] = field(default_factory=lambda: MappingProxyType({}))
    """By the words as they are written, in NFC with straight apostrophes, a space between two."""
    longest: int = 0
    """Words of the longest entry."""
    digest: str = ""
    """SHA-256 of the entries; empty when there are none."""

    def __contains__(self, word: str) -> bool:
        return self.saying(word) is not None

    def __reduce__(self) -> tuple[Callable[[dict[str, Saying]], Lexicon], tuple[dict[str, Saying]]]:
        """Go to another process, where a read-only view can't."""
        return _lexicon, (dict(self.sayings),)

    def apply(self, utterance: Utterance) -> Utterance:
        """Say the words that are known as they are said: with `Token.ipa` set, or with the words of the alias instead.

        Signs around a word stay, and every token keeps the place in the sentence that it stands for. The words of an
        alias may have transcriptions of their own, but no aliases.
        """
        return Utterance(tuple(_said(utterance.tokens, self))) if self.sayings else utterance

    def saying(self, words: str) -> Saying | None:
        """Look up words as they stand in a text: as they are, in other capitals, or with an s at their end."""
        written = _written(words)
        found = _cased(written, self)
        if found:
            return found
        if stem := _POSSESSIVE.match(written) or _PLURAL.match(written):
            found = _cased(stem[1], self)
            return found and _with_s(found, "'" in written[len(stem[1]) :])
        return None


def load(path: Path) -> Lexicon:
    """Read a lexicon. Raises VoiceError naming the file, the line and what to do."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise VoiceError(f"The lexicon {path} can't be read: {error.strerror or error}.") from error
    if len(raw) > LONGEST:
        raise VoiceError(f"The lexicon {path} has more than {LONGEST:,} bytes. Keep the words that the book needs.")
    return _lexicon(_Reader(path).read(raw))


def find(own: Path | None) -> Lexicon:
    """Read a book's own lexicon, if any, and those beside the voice profiles; the book's wins, then the user's."""
    beside = [folder / FILE for folder in voice.folders() if (folder / FILE).is_file()]
    return merged(*map(load, [own, *beside] if own else beside))


def merged(*lexicons: Lexicon) -> Lexicon:
    """Make one of several lexicons; where two know a word, the earlier wins."""
    sayings: dict[str, Saying] = {}
    for lexicon in reversed(lexicons):
        sayings.update(lexicon.sayings)
    return _lexicon(sayings)


def _lexicon(sayings: dict[str, Saying]) -> Lexicon:
    entries = sorted((words, saying.ipa, saying.alias) for words, saying in sayings.items())
    digest = hashlib.sha256(json.dumps(entries).encode()).hexdigest() if entries else ""
    return Lexicon(MappingProxyType(sayings), max((words.count(" ") + 1 for words in sayings), default=0), digest)


# ---- Saying


def _said(tokens: tuple[Token, ...], lexicon: Lexicon) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        count, saying = _match(tokens, at, lexicon)
        run = tokens[at : at + count]
        if saying:
            yield from _replaced(run, saying, lexicon)
        else:
            yield from _by_parts(run[0], lexicon)
        at += count


def _match(tokens: tuple[Token, ...], at: int, lexicon: Lexicon) -> tuple[int, Saying | None]:
    """Give how many tokens the longest entry takes here, with its saying; one token and None when there is none."""
    words = _run(tokens[at : at + lexicon.longest])
    for count in range(len(words), 0, -1):
        if saying := lexicon.saying(" ".join(words[:count])):
            return count, saying
    return 1, None


def _run(tokens: tuple[Token, ...]) -> list[str]:
    """Give the cores of the tokens up to the first that can't belong to the words before it: a sign parts them."""
    words: list[str] = []
    for token in tokens:
        before, word, after = core.split(token.text)
        if not word or token.ipa or (words and before):
            break
        words.append(word)
        if after:
            break
    return words


def _replaced(run: tuple[Token, ...], saying: Saying, lexicon: Lexicon) -> Iterator[Token]:
    if saying.ipa:
        for token, said in zip(run, saying.ipa, strict=True):
            yield replace(token, text=unicodedata.normalize("NFC", token.text), ipa=said)
        return
    before, after = core.split(run[0].text)[0], core.split(run[-1].text)[2]
    last = len(saying.alias) - 1
    for number, word in enumerate(saying.alias):
        text = before * (number == 0) + word + after * (number == last)
        known = lexicon.saying(word)
        yield Token(text, run[0].start, run[-1].end, known.ipa[0] if known and known.ipa else "")


def _by_parts(token: Token, lexicon: Lexicon) -> Iterator[Token]:
    """Give a token for each part of a hyphenated word of which a part is known; else the token itself."""
    parts = [] if token.ipa else _PART.findall(token.text)
    sayings = [_part(part, lexicon) for part in parts]
    if len(parts) < 2 or not any(sayings):
        yield token
        return
    for part, saying in zip(parts, sayings, strict=True):
        piece = replace(token, text=part)
        yield from _replaced((piece,), saying, lexicon) if saying else (piece,)


def _part(part: str, lexicon: Lexicon) -> Saying | None:
    _, word, _ = core.split(part)
    return lexicon.saying(word) if word else None


def _written(words: str) -> str:
    """Give words as they are looked up."""
    if not words.isascii():
        words = unicodedata.normalize("NFC", words).translate({0x2019: "'", 0x2018: "'", 0x2BC: "'"})
    return words


def _cased(written: str, lexicon: Lexicon) -> Saying | None:
    sayings = lexicon.sayings
    return next((sayings[form] for form in _forms(written) if form in sayings), None)


def _forms(written: str) -> Iterator[str]:
    """Yield words as they are, then as they would be without the capitals of a sentence's start or of a heading."""
    yield written
    if written.isupper() and sum(map(str.isalpha, written)) >= SHORTEST_CAPITALS:
        low = written.lower()
        yield " ".join(word[:1].upper() + word[1:] for word in low.split(" "))
        yield low
    elif written[:1].isupper() and not written.isupper():
        yield written[:1].lower() + written[1:]
        if " " in written:
            yield written.lower()


def _with_s(saying: Saying, possessive: bool) -> Saying:
    if saying.ipa:
        return Saying(ipa=(*saying.ipa[:-1], ipa.with_s(saying.ipa[-1])))
    return Saying(alias=(*saying.alias[:-1], saying.alias[-1] + ("’s" if possessive else "s")))


# ---- Reading


class _Reader:
    """Reads one file with expat, which opens no other; a document type, the door to entities, is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sayings: dict[str, Saying] = {}
        self._open: list[str] = []
        """Names of the elements that are open; what is of another namespace stands as "*"."""
        self._alphabet = ""
        self._text: list[str] = []
        self._attributes: dict[str, str] = {}
        self._graphemes: list[str] = []
        self._ways: list[tuple[bool, Callable[[str], Saying]]] = []
        """Whether it is preferred, and how a grapheme is said, for each way to say the lexeme."""
        self._role = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append

    def read(self, raw: bytes) -> dict[str, Saying]:
        try:
            self._parser.Parse(raw, True)
        except expat.ExpatError as error:
            raise VoiceError(
                f"{self.path}, line {error.lineno}: this is not well-formed XML: {expat.ErrorString(error.code)}.\n"
                "Mend it there, or just before."
            ) from error
        return self.sayings

    def _document_type(self, *_: object) -> None:
        self._fail("a lexicon may have no document type. Take the line <!DOCTYPE …> out.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        parent = self._open[-1] if self._open else ""
        if parent in ("*", "metadata"):
            self._open.append("*")  # metadata may hold anything
            return
        if namespace != NAMESPACE:
            self._fail(f'<{local}> is not of this namespace. Begin with <lexicon xmlns="{NAMESPACE}" …>.')
        if parent not in _PARENTS.get(local, ()):
            self._fail(f"<{local}> can't stand {f'in <{parent}>' if parent else 'at the top'}.")
        self._open.append(local)
        self._attributes = attributes
        self._text.clear()
        if local == "lexicon":
            self._lexicon(attributes)
        elif local == "lexeme":
            self._graphemes, self._ways, self._role = [], [], "role" in attributes

    def _lexicon(self, attributes: dict[str, str]) -> None:
        if attributes.get("version") != "1.0":
            self._fail('the version must be 1.0: <lexicon version="1.0" …>.')
        self._alphabet = attributes.get("alphabet", "")
        self._check_alphabet(self._alphabet)

    def _end(self, _: str) -> None:
        local = self._open.pop()
        if local == "grapheme":
            self._graphemes.append(self._content("grapheme"))
        elif local in ("phoneme", "alias"):
            self._check_alphabet(self._attributes.get("alphabet", self._alphabet))
            preferred = self._attributes.get("prefer") == "true"
            read = partial(self._saying, local, self._content(local), self._parser.CurrentLineNumber)
            self._ways.append((preferred, read))
        elif local == "lexeme":
            self._lexeme()

    def _lexeme(self) -> None:
        if not self._graphemes:
            self._fail("this lexeme has no <grapheme>: the word as it is written.")
        if not self._ways:
            self._fail(f"{self._graphemes[0]!r} has neither <phoneme> nor <alias>: how it is said.")
        for grapheme in self._graphemes:
            # All are read, so that a slip in the second way is found, too.
            sayings = [(preferred, read(grapheme)) for preferred, read in self._ways]
            best = next((saying for preferred, saying in sayings if preferred), sayings[0][1])
            if not self._role:
                self.sayings.setdefault(_written(grapheme), best)

    def _saying(self, element: str, content: str, line: int, grapheme: str) -> Saying:
        if element == "alias":
            return Saying(alias=tuple(content.split()))
        words, said = grapheme.split(), content.split()
        if len(words) == 1:
            said = ["".join(said)]  # the specification allows spaces between sounds
        if len(words) != len(said):
            self._fail(f"{grapheme!r} has {len(words)} words, but {content!r} {len(said)}. Say one for each.", line)
        try:
            return Saying(ipa=tuple(map(ipa.normal, said)))
        except ValueError as error:
            self._fail(f"{grapheme!r} can't be said as {content!r}: {error}.", line)

    def _content(self, local: str) -> str:
        content = " ".join("".join(self._text).split())
        cores = [word for _, word, _ in map(core.split, content.split()) if word]
        if not cores:
            self._fail(f"this <{local}> has no letter.")
        if local == "grapheme":
            return " ".join(cores)
        return content

    def _check_alphabet(self, alphabet: str) -> None:
        if alphabet != "ipa":
            asked = f"the alphabet {alphabet!r} is unknown" if alphabet else "the alphabet is missing"
            self._fail(f'{asked}. Transcribe in the International Phonetic Alphabet: alphabet="ipa".')

    def _fail(self, fault: str, line: int | None = None) -> NoReturn:
        raise VoiceError(f"{self.path}, line {line or self._parser.CurrentLineNumber}: {fault}")
