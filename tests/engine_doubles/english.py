"""Can't say a word of another script, and leaves it out without a complaint."""

from __future__ import annotations

from dataclasses import replace

from audiobook.engines.tone import LICENCE, REPEATABLE, available, narrator, said, version, voices
from audiobook.engines.tone import speak as hum
from audiobook.model import Clip, Utterance, Voice

__all__ = ["LICENCE", "REPEATABLE", "available", "narrator", "said", "speak", "version", "voices"]


def speak(utterance: Utterance, voice: Voice) -> Clip:
    clip = hum(utterance, voice)
    heard = zip(clip.words, utterance.tokens, strict=True)
    return replace(
        clip, words=tuple(word if token.text.isascii() else replace(word, until=word.begin) for word, token in heard)
    )
