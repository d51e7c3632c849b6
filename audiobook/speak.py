"""Book and voice → clips: every paragraph is spoken by the engine, or was before and is kept."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from audiobook import kept
from audiobook.engines import Engine
from audiobook.errors import AudiobookError, EngineError, NoSound
from audiobook.kept import Kept
from audiobook.model import Book, Chapter, Chunk, Clip, Spoken, Voice
from audiobook.spoken import speakable, utter, worded

LETTERS_A_WORD = 5
"""What "words a minute" counts as a word; eSpeak NG keeps to it within a third for all plain prose."""
SHORTEST = 1 / 3
"""Part of the nominal time below which sound is missing. Of 2,500 English sentences at 80 to 450 words a
minute none took less than 0.70 of it, and the worst that could be thought of ("Through thought though.")
0.54; made-up consonants ("schtschrmpfs") came down to 0.43."""


class Speaker:
    """An engine with a voice and its kept clips; speaks a book and counts what that took."""

    def __init__(self, engine: Engine, voice: Voice, cache: Path | None = None) -> None:
        """Clips are kept in `cache`, by default `audiobook.kept.folder()`."""
        self.synthesised = 0
        """Chunks that the engine has spoken; the others were kept."""
        self.notes: list[str] = []
        """What a person should know: which lines hold something that isn't spoken."""
        self._engine = engine
        self._voice = voice
        self._kept = Kept(cache or kept.folder())
        self._version = engine.version()

    def chunks(self, book: Book) -> Iterator[Spoken]:
        """Speak a book, a chunk at a time: only one is ever held in memory.

        Raises `VoiceError`; `EngineError` naming chapter and line when the engine fails, or gives too
        little sound for a text.
        """
        for index, chapter in enumerate(book.chapters):
            for chunk in chapter.chunks:
                with _placed(chapter, chunk):
                    done = self._chunk(index, chunk)
                yield done
        self._kept.trim()
        if self._kept.fault:
            self.notes.append(f"Spoken paragraphs can't be kept in {self._kept.folder}: {self._kept.fault}.")

    def _chunk(self, chapter: int, chunk: Chunk) -> Spoken:
        """Speak the sentences of a chunk that have something to say."""
        sentences = [sentence for sentence in chunk.sentences if speakable(sentence)]
        try:
            clips = self._clips(sentences)
        except NoSound:
            # Not every voice has a name for every sign ("❦"). Words it must not lose.
            words_only = [sentence for sentence in sentences if worded(sentence)]
            if words_only == sentences:
                raise
            sentences = words_only
            clips = self._clips(sentences)
        for silent in (sentence for sentence in chunk.sentences if sentence not in sentences):
            self.notes.append(f"Line {chunk.line}: {silent[:60]!r} has no words and is not spoken.")
        return Spoken(chapter, chunk, tuple(sentences), tuple(clips))

    def _clips(self, sentences: Sequence[str]) -> Sequence[Clip]:
        """Give a clip for each sentence: the kept ones, or new ones, which are then kept."""
        texts = [utter(sentence).text for sentence in sentences]
        if not texts:
            return ()
        name = kept.key(self._version, self._voice, texts)
        clips = self._kept.get(name)
        if clips is None:
            clips = self._synthesise(texts)
            _check(texts, clips, self._voice)
            self._kept.put(name, clips)
            self.synthesised += 1
        return clips

    def _synthesise(self, texts: Sequence[str]) -> list[Clip]:
        """Have the engine speak. It may be anyone's: what it prints must not get among our results."""
        try:
            with contextlib.redirect_stdout(sys.stderr):
                return self._engine.speak(texts, self._voice)
        except AudiobookError:
            raise
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            raise EngineError(f"The engine {self._voice.engine} failed: {words}") from error


@contextlib.contextmanager
def _placed(chapter: Chapter, chunk: Chunk) -> Iterator[None]:
    """Say in every engine's error where in the book it happened."""
    try:
        yield
    except EngineError as error:
        place = f"Chapter {chapter.title!r}, line {chunk.line}"
        raise type(error)(f"{error}\n{place}. Nothing was left out: the build has stopped.") from error


def _check(texts: Sequence[str], made: Sequence[Clip], voice: Voice) -> None:
    """Raise `EngineError` unless every text has sound, and enough of it."""
    if len(made) != len(texts):
        raise EngineError(f"The engine {voice.engine} gave {len(made)} clips for {len(texts)} sentences.")
    for text, clip in zip(texts, made, strict=True):
        if not any(clip.pcm):
            raise NoSound(f"The engine {voice.engine} gave no sound for {text!r}.")
        needed = _nominal_seconds(text, voice.rate)
        if clip.seconds < SHORTEST * needed:
            raise EngineError(
                f"The engine {voice.engine} gave {clip.seconds:.2f} s of sound for {text[:60]!r}, "
                f"which takes about {needed:.1f} s to say."
            )


def _nominal_seconds(text: str, rate: int) -> float:
    """Give the time that a text takes at so many words a minute, by its letters and digits."""
    return sum(character.isalnum() for character in text) / LETTERS_A_WORD * 60 / rate
