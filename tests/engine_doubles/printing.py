"""Prints to standard output while it speaks."""

from __future__ import annotations

from collections.abc import Sequence

from audiobook.engines.tone import narrator, version, voices
from audiobook.engines.tone import speak as hum
from audiobook.model import Clip, Voice

__all__ = ["narrator", "speak", "version", "voices"]


def speak(sentences: Sequence[str], voice: Voice) -> list[Clip]:
    print("Audio saved to somewhere")  # noqa: T201
    return hum(sentences, voice)
