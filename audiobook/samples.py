"""What a voice sounds like: ten seconds of each, to choose by ear."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from audiobook import engines, output
from audiobook.model import Clip, Voice
from audiobook.spoken import utter

TEXT = (
    "The ferry leaves at seven, whatever the weather. Nobody on the pier says a word; "
    "they have all made this crossing before, and the tide waits for no one."
)
"""About ten seconds at 170 words a minute."""


def write(voice: Voice, folder: Path) -> Path:
    """Have a voice say `TEXT` into NAME.wav.

    Raises VoiceError, EngineError, or AudiobookError when the file can't be written.
    """
    path = folder / f"{voice.name}.wav"
    output.write_whole(path, wav(engines.load(voice.engine).speak(utter(TEXT), voice)))
    return path


def wav(clip: Clip) -> bytes:
    """Return a clip as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.sample_rate)
        file.writeframes(clip.pcm)
    return content.getvalue()
