"""Fails with an exception of its own, at the word "crash"."""

from __future__ import annotations

from audiobook.engines.tone import LICENCE, REPEATABLE, available, narrator, said, version, voices
from audiobook.engines.tone import speak as hum
from audiobook.model import Clip, Utterance, Voice

__all__ = ["LICENCE", "REPEATABLE", "available", "narrator", "said", "speak", "version", "voices"]


def speak(utterance: Utterance, voice: Voice) -> Clip:
    if "crash" in utterance.text:
        raise ZeroDivisionError("the voice box is on fire")
    return hum(utterance, voice)
