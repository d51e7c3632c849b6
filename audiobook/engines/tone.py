"""An engine that hums: a pure tone for each utterance, as long as reading its letters aloud would take.

For tests and for trying out pauses and formats in no time. It takes the way of every other engine.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from sys import byteorder

from audiobook.engines._words import spread
from audiobook.errors import NoSound, VoiceError
from audiobook.model import Clip, EngineVoice, Utterance, Voice

SAMPLE_RATE = 22050
"""Hz."""
LETTERS_A_WORD = 5
"""What "words a minute" counts as a word."""
LICENCE = "GPL-3.0-or-later"
REPEATABLE = True
PERIODS = {"low": 100, "high": 50}
"""Voice id to the length of one wave in samples, at pitch 50."""


def available() -> str:
    """It is always there."""
    return ""


def speak(utterance: Utterance, voice: Voice) -> Clip:
    """Hum; see `audiobook.engines.Engine`."""
    return _clip(utterance, _wave(_period(voice), voice.volume), voice.rate)


def said(words: Sequence[str], voice: Voice) -> list[str]:
    """Give the words back: a hum says none."""
    return list(words)


def voices() -> list[EngineVoice]:
    """List the two: "low" at 220 Hz and "high" at 441 Hz."""
    return [EngineVoice(id=name, name=f"A {name} hum", language="und") for name in PERIODS]


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


def _clip(utterance: Utterance, wave: bytes, rate: int) -> Clip:
    """Give a whole number of waves, so that the sound ends at zero and does not click."""
    letters = sum(character.isalnum() for character in utterance.text)
    if not letters or not any(wave):
        raise NoSound(f"The engine tone gave no sound for {utterance.text!r}.")
    seconds = letters / LETTERS_A_WORD * 60 / rate
    pcm = wave * math.ceil(seconds * SAMPLE_RATE * 2 / len(wave))
    return Clip(pcm, SAMPLE_RATE, spread(utterance.tokens, 0, len(pcm) // 2))
