"""Book and voice → clips: every sentence is spoken by the engine, or was before and is kept.

Several threads speak ahead of what is asked for, as many as there are cores; what comes out is in the order of the
text. Engines work outside of Python's lock, so that the cores are really used.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from audiobook import engines, kept, machine, phrases, voice
from audiobook.engines import Engine
from audiobook.errors import AudiobookError, EngineError, NoSound, VoiceError
from audiobook.kept import Kept
from audiobook.lexicon import Lexicon
from audiobook.model import Announce, Book, Chapter, Chunk, Clip, Phrase, Spoken, Utterance, Voice
from audiobook.spoken import shifted, utter, worded

LETTERS_A_WORD = 5
"""What "words a minute" counts as a word; eSpeak NG keeps to it within a third for all plain prose."""
SHORTEST = 1 / 3
"""Part of the nominal time below which sound is missing. Of 2,500 English sentences at 80 to 450 words a
minute none took less than 0.70 of it, and the worst that could be thought of ("Through thought though.")
0.54; made-up consonants ("schtschrmpfs") came down to 0.43."""
LOST = "\N{REPLACEMENT CHARACTER}"
"""What a decoder writes for bytes that are no text."""
AHEAD = 4
"""Sentences that may be spoken or waiting, for each thread: enough to keep all busy, and memory small."""


def choose(name: str) -> Voice:
    """Give the profile of that name; for `voice.AUTO` the best one whose engine is installed.

    Raises `VoiceError` for a profile that isn't there, or whose engine is not installed, with the line that
    installs it.
    """
    if name == voice.AUTO:
        there = (voice.load(best) for best in voice.BEST)
        return next(profile for profile in there if not engines.load(profile.engine).available())
    profile = voice.load(name)
    if missing := engines.load(profile.engine).available():
        raise VoiceError(f"The voice {name} needs the engine {profile.engine}, which can't speak here.\n{missing}")
    return profile


class _Made(NamedTuple):
    """What a thread brings back."""

    clip: Clip
    is_new: bool
    """Whether the engine spoke; else the clip was kept."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A sentence that is being spoken."""

    chapter: int
    chunk: Chunk
    text: str
    clips: tuple[tuple[phrases.Part, Future[_Made]], ...]
    """Of the parts that have something to say."""
    last: bool
    """Whether it is its chunk's last."""


class Speaker:
    """An engine with a voice and its kept clips; speaks a book and counts what that took."""

    def __init__(
        self, engine: Engine, voice: Voice, cache: Path | None = None, lexicon: Lexicon | None = None, jobs: int = 0
    ) -> None:
        """Clips are kept in `cache`, by default `kept.folder()`; `jobs` threads speak, by default as many as cores."""
        self.synthesised = 0
        """Clips that the engine has made for sentences so far; the others were kept."""
        self.notes: list[str] = []
        """What a person should know: which lines hold something that isn't spoken."""
        self._engine = engine
        self._voice = voice
        self._kept = Kept(cache or kept.folder())
        self._lexicon = lexicon or Lexicon()
        self._jobs = jobs or machine.cores()
        self._version = engine.version()

    def sentences(self, book: Book) -> Iterator[Spoken]:
        """Speak a book: its sentences come in their order, and only a few of them are held in memory.

        Raises `VoiceError`; `EngineError` naming chapter and line when the engine fails, or gives too
        little sound for a text.
        """
        pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="speak")
        try:
            yield from self._heard(book, _ahead(self._started(pool, book), AHEAD * self._jobs))
        finally:
            # Whoever stops listening, or presses Ctrl-C, doesn't wait for sentences that nobody will hear.
            pool.shutdown(wait=False, cancel_futures=True)
        if self.synthesised:
            self._kept.trim()
        if self._kept.fault:
            self.notes.append(f"Spoken sentences can't be kept in {self._kept.folder}: {self._kept.fault}.")

    def _started(self, pool: ThreadPoolExecutor, book: Book) -> Iterator[_Pending]:
        """Have sentence after sentence spoken."""
        for chapter, chunk in _with_announcements(book, self._voice.announce):
            cut = list(phrases.cut(chunk, self._voice))
            for number, (text, parts) in enumerate(cut, start=1):
                said = [(part, self._utterance(text, part, book.language)) for part in parts]
                clips = tuple((part, pool.submit(self._clip, u, part.quoted)) for part, u in said if u.tokens)
                yield _Pending(chapter, chunk, text, clips, last=number == len(cut))

    def _heard(self, book: Book, under: Iterator[_Pending]) -> Iterator[Spoken]:
        """Wait for each sentence in its turn; a chunk of which nothing is heard comes as one scene break."""
        silent = True
        lost: list[int] = []
        for sentence in under:
            with _placed(book.chapters[sentence.chapter], sentence.chunk):
                spoken = self._phrases(sentence)
            silent &= not spoken
            if spoken or (sentence.last and silent):
                yield Spoken(sentence.chapter, sentence.chunk, sentence.text if spoken else "", spoken)
            if not spoken:
                self.notes.append(f"Line {sentence.chunk.line}: {sentence.text[:60]!r} has no words and is not spoken.")
            silent |= sentence.last
            lost += [sentence.chunk.line] * sentence.text.count(LOST)
        if lost:
            of_text = "sign of the text is" if len(lost) == 1 else "signs of the text are"
            self.notes.append(f"{len(lost)} {of_text} lost (U+FFFD, first in line {lost[0]}); nothing is spoken there.")

    def _phrases(self, sentence: _Pending) -> tuple[Phrase, ...]:
        """Wait for a sentence's clips. Not every voice has a name for every sign ("❦"); words it must not lose."""
        heard: list[Phrase] = []
        for part, made in sentence.clips:
            try:
                clip, is_new = made.result()
            except NoSound:
                if worded(sentence.text[part.start : part.end]):
                    raise
                continue
            self.synthesised += is_new
            heard.append(Phrase(part.pause if heard else 0, clip))
        if unsaid := [word for phrase in heard for word in _unsaid(sentence.text, phrase.clip)]:
            self.notes.append(f"Line {sentence.chunk.line}: this voice can't say {', '.join(unsaid)}.")
        return tuple(heard)

    def _utterance(self, text: str, part: phrases.Part, language: str) -> Utterance:
        """Give what is to be said for a part of a sentence."""
        return self._lexicon.apply(shifted(utter(text[part.start : part.end], language), part.start))

    def _clip(self, utterance: Utterance, quoted: bool) -> _Made:
        """Give the kept clip, or a new one, which is then kept. Runs in a thread."""
        voice = self._voice.quotation if quoted and self._voice.quotation else self._voice
        name = kept.key(self._version, voice, utterance)
        clip = self._kept.get(name, utterance)
        if clip is not None:
            return _Made(clip, is_new=False)
        clip = self._synthesise(utterance, voice)
        _check(utterance, clip, voice)
        self._kept.put(name, clip)
        return _Made(clip, is_new=True)

    def _synthesise(self, utterance: Utterance, voice: Voice) -> Clip:
        """Have the engine speak. It may be anyone's: what goes wrong in it must come out as an error of ours."""
        try:
            return self._engine.speak(utterance, voice)
        except AudiobookError:
            raise
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            raise EngineError(f"The engine {voice.engine} failed: {words}") from error


def _unsaid(text: str, clip: Clip) -> Iterator[str]:
    """Yield the words of a sentence that are not heard, such as those of another script; signs alone don't count."""
    for word in clip.words:
        written = text[word.start : word.end]
        if word.begin == word.until and any(map(str.isalnum, written)):
            yield repr(written[:40])


Item = TypeVar("Item")


def _ahead(items: Iterator[Item], count: int) -> Iterator[Item]:
    """Keep `count` items taken ahead of the one that is given."""
    waiting: deque[Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > count:
            yield waiting.popleft()
    yield from waiting


def _with_announcements(book: Book, announce: Announce) -> Iterator[tuple[int, Chunk]]:
    """Give the chunks with the indexes of their chapters, and what is said besides."""
    if announce.opening:
        author = f" by {book.author}" if book.author else ""
        yield 0, _announcement(f"{book.title}{author}.".replace("..", "."), "Spoken by a synthetic voice.")
    for index, chapter in enumerate(book.chapters):
        if announce.chapters:
            yield index, _announcement(f"Part {index + 1} of {len(book.chapters)}.")
        for chunk in chapter.chunks:
            yield index, chunk


def _announcement(*sentences: str) -> Chunk:
    return Chunk(0, " ".join(sentences), 0, sentences)


@contextlib.contextmanager
def _placed(chapter: Chapter, chunk: Chunk) -> Iterator[None]:
    """Say in every engine's error where in the book it happened."""
    try:
        yield
    except EngineError as error:
        place = f"Chapter {chapter.title!r}, line {chunk.line}"
        raise type(error)(f"{error}\n{place}. Nothing was left out: the build has stopped.") from error


def _check(utterance: Utterance, clip: Clip, voice: Voice) -> None:
    """Raise `EngineError` unless the text has sound, enough of it, and its words their times."""
    if len(clip.words) != len(utterance.tokens):
        raise EngineError(f"The engine {voice.engine} gave {len(clip.words)} words for {len(utterance.tokens)}.")
    if not any(clip.pcm):
        raise NoSound(f"The engine {voice.engine} gave no sound for {utterance.text!r}.")
    needed = _nominal_seconds(utterance.text, voice.rate)
    if clip.seconds < SHORTEST * needed:
        raise EngineError(
            f"The engine {voice.engine} gave {clip.seconds:.2f} s of sound for {utterance.text[:60]!r}, "
            f"which takes about {needed:.1f} s to say."
        )


def _nominal_seconds(text: str, rate: int) -> float:
    """Give the time that a text takes at so many words a minute, by its letters and digits."""
    return sum(character.isalnum() for character in text) / LETTERS_A_WORD * 60 / rate
