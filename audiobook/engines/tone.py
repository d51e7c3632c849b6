"""An engine that hums: a pure tone for each sentence, as long as reading its letters aloud would take.

For tests and for trying out pauses and formats in no time. It takes the way of every other engine.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from sys import byteorder

from audiobook.errors import NoSound, VoiceError
from audiobook.model import Clip, EngineVoice, Voice

SAMPLE_RATE = 22050
"""Hz."""
LETTERS_A_WORD = 5
"""What "words a minute" counts as a word."""
PERIODS = {"low": 100, "high": 50}
"""Voice id to the length of one wave in samples, at pitch 50."""


def speak(sentences: Sequence[str], voice: Voice) -> list[Clip]:
    """Hum each sentence; see `audiobook.engines.Engine`."""
    wave = _wave(_period(voice), voice.volume)
    return [_clip(sentence, wave, voice.rate) for sentence in sentences]


def voices() -> list[EngineVoice]:
    """List the two: "low" at 220 Hz and "high" at 441 Hz."""
    return [EngineVoice(id=name, name=f"A {name} hum", language="und") for name in PERIODS]


def said(words: Sequence[str], voice: Voice) -> list[str]:
    """Give the words themselves: a hum has no sounds of speech."""
    _period(voice)
    return list(words)


def version() -> str:
    """Name and version; the version rises whenever a sound changes."""
    return "tone 1"


def narrator(voice: Voice) -> str:
    """Say who hums."""
    return f"Tone, voice {voice.id or 'low'} (synthetic sound, no speech)"


def _period(voice: Voice) -> int:
    """Give the length of one wave in samples: shorter, so higher, the greater the pitch (0 to 100)."""
    try:
        return PERIODS[voice.id or "low"] * (150 - voice.pitch) // 100
    except KeyError:
        raise VoiceError(f"The engine tone has no voice {voice.id!r}. It has: low, high.") from None


def _wave(period: int, volume: int) -> bytes:
    """Draw one sine wave of `period` samples, at most half of full scale."""
    peak = 0.5 * 32767 * volume / 100
    samples = array("h", (round(peak * math.sin(2 * math.pi * i / period)) for i in range(period)))
    if byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def _clip(sentence: str, wave: bytes, rate: int) -> Clip:
    """Give a whole number of waves, so that the sound ends at zero and does not click."""
    letters = sum(character.isalnum() for character in sentence)
    if not letters or not any(wave):
        raise NoSound(f"The engine tone gave no sound for {sentence!r}.")
    seconds = letters / LETTERS_A_WORD * 60 / rate
    return Clip(pcm=wave * math.ceil(seconds * SAMPLE_RATE * 2 / len(wave)), sample_rate=SAMPLE_RATE)
