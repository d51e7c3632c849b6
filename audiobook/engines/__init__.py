"""Speech engines: every module of this folder is one, but for those whose name starts with "_".

Adding an engine is adding a file; nothing is listed anywhere. What it must offer is the protocol below.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Protocol, cast

from audiobook.errors import EngineError, VoiceError
from audiobook.model import Clip, EngineVoice, Utterance, Voice


class Engine(Protocol):
    """What a module of this folder offers. Nothing of it may write to standard output.

    Several threads may call it at once, and do: that is how both cores are kept busy. The work itself must
    therefore happen outside of Python's lock, in native code or in another process.
    """

    LICENCE: str
    """Of the engine: an SPDX expression."""
    REPEATABLE: bool
    """Whether the same utterance, voice and `version` give the same bytes, whatever was spoken before and
    in whichever thread or process."""

    def available(self) -> str:
        """Say what is missing, with the line that installs it; empty when the engine can speak. Quick."""

    def speak(self, utterance: Utterance, voice: Voice) -> Clip:
        """Speak: the whole sound, with a `Word` for each token; one that the voice can't say has no length.

        Raises `NoSound` when the utterance yields no sound, `VoiceError` for a voice the engine lacks,
        naming some it has, or a setting that it can't do, `EngineError` with the engine's own words for all else.
        """

    def said(self, words: Sequence[str], voice: Voice) -> list[str]:
        """Give how each word is said on its own, in the International Phonetic Alphabet."""

    def voices(self) -> list[EngineVoice]:
        """List every voice that `Voice.id` may name; at least one."""

    def version(self) -> str:
        """Name what makes the sound, such as "eSpeak NG 1.52.0": a change makes kept clips void."""

    def narrator(self, voice: Voice) -> str:
        """Say who speaks, and that it is synthetic; for the tags of a recording."""


def names() -> list[str]:
    """Names of the engines there are, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def licence(voice: Voice) -> str:
    """Give the licences of a voice and its engine."""
    engine = load(voice.engine)
    own = "" if engine.available() else next((v.licence for v in engine.voices() if v.id == voice.id and v.licence), "")
    return f"voice {own}, engine {engine.LICENCE}" if own else engine.LICENCE


def load(name: str) -> Engine:
    """Give the engine of that name; raises `VoiceError` naming those there are."""
    if name not in names():
        raise VoiceError(f"There is no speech engine {name!r}. There are: {', '.join(names())}.")
    try:
        return cast(Engine, importlib.import_module(f"{__name__}.{name}"))
    except ImportError as error:
        raise EngineError(f"The speech engine {name!r} can't be loaded: {error}") from error
