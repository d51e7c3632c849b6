"""The values that walk through the program, all frozen. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

GapKind = Literal["year", "decade", "ordinal", "age", "count", "amount", "number"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the text; the only way in which text ever changes."""

    start: int
    """First code point in the source that is replaced."""
    end: int
    """One past the last; equal to `start` for an insertion."""
    before: str
    """What stood there: `source[start:end]`."""
    after: str
    """What stands there now."""
    rule: str
    """Who proposed it: "module.name"."""
    confidence: float
    """0 to 1: how often a proposal like this is right."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A number that the text has lost. It is never guessed."""

    position: int
    """Code point in the source where the number stood."""
    kind: GapKind
    """What sort of number, as far as the words around it tell."""
    value: str | None = None
    """The number, when a person supplied it."""
    origin: Literal["none", "facts"] = "none"
    """Where the value came from."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """The outcome of a repair: the text, and everything that was done to it."""

    source: str
    text: str
    edits: tuple[Edit, ...]
    """In the order of their places."""
    gaps: tuple[Gap, ...]
    """In the order of their places."""
    suspects: tuple[Edit, ...] = ()
    """What may be damage, too, but not surely enough to be changed; may overlap."""
    model: str = ""
    """Which model read the text: "light" or "neural"."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A paragraph or a heading: the unit that is spoken."""

    number: int
    """From 1, through the whole book; 0 for an announcement, which the author did not write."""
    text: str
    """The author's words, as they stand in the transcript."""
    line: int
    """Line of the transcript on which it starts, from 1; 0 for an announcement."""
    sentences: tuple[str, ...]
    """The text cut at sentence ends; joined by single spaces they are `text` with its white space evened."""
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled run of chunks."""

    title: str
    chunks: tuple[Chunk, ...]
    """At least one; a heading is the first of them."""


@dataclass(frozen=True, slots=True)
class Book:
    """A text that is ready to be spoken."""

    title: str
    author: str
    """Empty when unknown."""
    language: str
    """BCP 47, such as "en" or "en-GB"."""
    published: str
    """ISO 8601: a year, a month or a day. Empty when unknown."""
    chapters: tuple[Chapter, ...]
    cover: bytes | None = None
    """A picture of the user's, as `cover.prepare` returns it; None draws one."""
    description: str = ""
    """What the text is about, as its file tells; empty when unknown."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence in ms between the end of one sound and the start of the next."""

    sentence: int = 350
    paragraph: int = 700
    chapter: int = 1200
    dash: int = 0
    """Where a dash parts two words; 0 leaves it to the voice."""
    quotation: int = 0
    """Before and after a quotation; 0 leaves it to the voice."""


@dataclass(frozen=True, slots=True)
class Announce:
    """What is said that the author did not write. It is in the captions, never in the transcript."""

    opening: bool = False
    """Title, author, and that the voice is synthetic, before all else."""
    chapters: bool = False
    """The number of each chapter, before it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A profile: which engine speaks, with which voice, and how."""

    name: str
    """The profile's name: the file is voices/NAME.toml."""
    engine: str
    """The module in `audiobook.engines`."""
    id: str
    """The engine's own name for the voice; empty for its default."""
    description: str = ""
    rate: int = 170
    """Words a minute."""
    pitch: int = 50
    """0 to 100, for engines that can."""
    volume: int = 100
    """0 to 100; the finished recording is levelled all the same."""
    pauses: Pauses = Pauses()
    announce: Announce = Announce()
    quotation: Voice | None = None
    """Who speaks quotations, of the same engine; None for the same voice."""


@dataclass(frozen=True, slots=True)
class EngineVoice:
    """A voice that an engine has."""

    id: str
    name: str
    language: str
    """BCP 47, or the engine's own code."""
    licence: str = ""
    """An SPDX expression or a few words; empty when the engine's own covers its voices."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as a voice is to say it, with the signs around it, such as "“seventy," for "“70,"."""

    text: str
    """Never empty, without white space, and free of markup of any engine."""
    start: int
    """First code point of the sentence that this stands for."""
    end: int
    """One past the last. Several tokens may stand for the same words of the author's: "nineteen", "ninety"."""
    ipa: str = ""
    """How the word is said, as `ipa.normal` writes it, when a lexicon tells; else the engine decides."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a voice is to say in one go: a sentence, or a part of one."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The tokens, a space between them."""
        return " ".join(token.text for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Word:
    """When a word is heard."""

    start: int
    """First code point of the sentence, as in `Token`."""
    end: int
    """One past the last."""
    begin: int
    """First sample of the clip."""
    until: int
    """One past the last; at least `begin`."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound for one utterance."""

    pcm: bytes
    """16-bit signed little-endian mono."""
    sample_rate: int
    """Hz."""
    words: tuple[Word, ...] = ()
    """In the order of time, not overlapping; one for each token. One without length is not heard."""
    exact: bool = True
    """Whether the times of the words are the engine's own; else they are estimated from letters."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.pcm) / 2 / self.sample_rate


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is spoken in one go; most sentences have one."""

    pause: int
    """Silence before it in ms, beside that between sentences."""
    clip: Clip


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence with its sound, and where it stands."""

    chapter: int
    """Index into `Book.chapters`, from 0."""
    chunk: Chunk
    text: str
    """The sentence as it stands in the transcript; the words of its clips are places in it."""
    phrases: tuple[Phrase, ...]
    """Empty when the whole chunk has no sound: a scene break such as "* * *"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of the recording with its text. Chapters and captions are both cues, as in WebVTT."""

    start: int
    """ms from the start of the recording."""
    end: int
    """ms from the start of the recording; after `start`."""
    text: str
    words: tuple[Cue, ...] = ()
    """Of a caption: its words as they stand in `text`, in the order of time, within it and not overlapping."""
    announced: bool = False
    """Of a caption: whether it is an announcement, and none of the author's sentences."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measured on the decoded file, after ITU-R BS.1770."""

    integrated: float
    """LUFS."""
    true_peak: float
    """dBTP."""
    rms: float | None = None
    """dB, over the whole file, pauses and all; None where the mastering profile doesn't ask for it."""
    floor: float | None = None
    """dB RMS of the quietest half second; None as `rms`."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The whole book as sound, with one clock for all that is written from it."""

    book: Book
    voice: Voice
    narrator: str
    """Who speaks, said to be synthetic."""
    pcm: Path
    """Raw 16-bit signed little-endian mono samples."""
    sample_rate: int
    """Hz."""
    frames: int
    """Samples in `pcm`."""
    chapters: tuple[Cue, ...]
    """Contiguous; the first starts at 0, the last ends with the sound."""
    captions: tuple[Cue, ...]
    """A cue a sentence, in order, not overlapping; announcements among them."""
    exact: bool = True
    """Whether the times of all words are the engine's own; else some are estimated."""
    master: str = "podcast"
    """How its files are levelled: a profile of `audiobook.mastering`."""

    @property
    def transcript(self) -> tuple[Cue, ...]:
        """The captions that the author wrote."""
        return tuple(cue for cue in self.captions if not cue.announced)

    @property
    def duration(self) -> int:
        """Length in ms, rounded down: no cue may end after the sound."""
        return self.frames * 1000 // self.sample_rate


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file that was written, or a folder that players take as one thing."""

    kind: str
    """The format's name: "mp3", "vtt", …"""
    path: Path
    loudness: Loudness | None = None
    """Of sound files."""
    notes: tuple[str, ...] = ()
    """What a person should know about this file, such as chapter marks that had to be merged."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a build has come."""

    doing: str
    """In words: "Speaking chapter 3 of 7"."""
    done: float
    """0 to 1."""
