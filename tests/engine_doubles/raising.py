"""Fails with an exception of its own, at the word "crash"."""

from __future__ import annotations

from collections.abc import Sequence

from audiobook.engines.tone import narrator, version, voices
from audiobook.engines.tone import speak as hum
from audiobook.model import Clip, Voice

__all__ = ["narrator", "speak", "version", "voices"]


def speak(sentences: Sequence[str], voice: Voice) -> list[Clip]:
    if any("crash" in sentence for sentence in sentences):
        raise ZeroDivisionError("the voice box is on fire")
    return hum(sentences, voice)
