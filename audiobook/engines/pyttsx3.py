"""pyttsx3, on the driver that belongs to the platform.

Linux: pyttsx3's binding of eSpeak NG, in processes of its own (`_espeak`). Its stock driver is not used
there: it returns before the sound exists, reads beyond the text and mixes utterances up.
Windows (SAPI 5) and macOS (NSSpeechSynthesizer): the stock drivers, see `_stock`. They are untested.

A voice id is eSpeak NG's name for a voice, with a variant if wanted ("en-us+f3"). Where it reads as a
language tag ("en-us", "en-gb-x-rp") it works on every platform: the stock drivers take it for the first
voice of that language. Empty stands for American English on Linux, elsewhere for the platform's default.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from collections.abc import Sequence

from audiobook.engines import _espeak, _stock
from audiobook.errors import NoSound
from audiobook.model import Clip, EngineVoice, Utterance, Voice

LICENCE = "GPL-3.0-or-later (eSpeak NG), MPL-2.0 (pyttsx3)"
FORKING = sys.platform.startswith("linux")
"""Elsewhere forking is missing (Windows) or unsafe beside the system's frameworks (macOS)."""
REPEATABLE = FORKING
DEFAULT_ID = "en-us"


def available() -> str:
    """Say what is missing; the library itself is looked for when it speaks."""
    return "" if importlib.util.find_spec("pyttsx3") else "It needs a package: pip install pyttsx3 espeakng-loader"


def speak(utterance: Utterance, voice: Voice) -> Clip:
    """Speak; see `audiobook.engines.Engine`."""
    clip = _espeak.speak(utterance, _settings(voice)) if FORKING else _stock.speak(utterance, voice)
    if not any(clip.pcm):
        raise NoSound(f"The engine pyttsx3 gave no sound for {utterance.text!r}.")
    return clip


def said(words: Sequence[str], voice: Voice) -> list[str]:
    """Give how each word is said, in IPA; the platforms' own voices don't tell, so for them the words come back."""
    return _espeak.said(words, _settings(voice)) if FORKING else list(words)


def voices() -> list[EngineVoice]:
    """List the voices of eSpeak NG, or of the platform."""
    return _espeak.voices() if FORKING else _stock.voices()


def version() -> str:
    """Name eSpeak NG and its version, or pyttsx3, its version and its driver."""
    if not FORKING:
        return f"pyttsx3 {importlib.metadata.version('pyttsx3')} {_stock.driver()} on {sys.platform}"
    return f"eSpeak NG {_espeak.version()}"


def narrator(voice: Voice) -> str:
    """Name engine and voice, such as "eSpeak NG 1.52.0, voice en-us (synthetic voice)"."""
    if not FORKING:
        return f"{_stock.driver().upper()}, voice {voice.id or 'default'} (synthetic voice)"
    return f"{version()}, voice {voice.id or DEFAULT_ID} (synthetic voice)"


def _settings(voice: Voice) -> _espeak.Settings:
    return {
        "voice": voice.id or DEFAULT_ID,
        "rate": voice.rate,
        "pitch": voice.pitch,
        "volume": voice.volume,
    }
