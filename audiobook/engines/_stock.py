"""pyttsx3's stock drivers, for Windows (sapi5) and macOS (nsss).

UNTESTED on those platforms: written from pyttsx3 2.99's source and its users' reports. What is known of
the drivers: a second `runAndWait` in one process may hang or speak the wrong text, so each sentence gets
a process of its own; they print to standard output, so that goes to standard error; `runAndWait` may
return before the file is written, so the file is waited for; nsss writes AIFF whatever the file's name.

This module is also the script that runs in that process, `python -I _stock.py`, with its task on standard
input: {"path": […], "driver"} to list voices, and "text", "file", "voice", "rate", "volume" to speak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

if __name__ != "__main__":  # as a script it has nothing but the standard library and pyttsx3
    from audiobook.engines._samples import read
    from audiobook.engines._words import spread
    from audiobook.errors import EngineError, VoiceError
    from audiobook.model import Clip, EngineVoice, Utterance, Voice

STILL_SECONDS = 0.3
"""A file that hasn't grown for so long is whole."""


def driver() -> str:
    """Give pyttsx3's name for the platform's own driver."""
    return "nsss" if sys.platform == "darwin" else "sapi5"


def voices() -> list[EngineVoice]:
    """List every voice of the platform."""
    return [EngineVoice(*voice) for voice in _run({}, 60)]


def speak(utterance: Utterance, voice: Voice) -> Clip:
    """Give the sound; the times of its words are estimated. Pitch is not for these drivers to set."""
    task = {"voice": _find(voice.id, voices()) if voice.id else "", "rate": voice.rate}
    task["volume"] = voice.volume / 100
    with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
        file = Path(folder) / ("clip.aiff" if driver() == "nsss" else "clip.wav")
        _run(task | {"text": utterance.text, "file": str(file)}, seconds_for(len(utterance.text)))
        clip = read(file)
    return replace(clip, words=spread(utterance.tokens, 0, len(clip.pcm) // 2), exact=False)


def seconds_for(length: int) -> float:
    """Give the time that speaking so many code points may take, in seconds: these drivers may speak in real time."""
    return 30 + length / 5


def _find(wanted: str, there: list[EngineVoice]) -> str:
    """Find the platform's id for a voice, given that id, its name, or a language tag such as "en-us"."""
    for voice in there:
        if wanted in (voice.id, voice.name):
            return voice.id
    language = _language(wanted)
    for voice in there:
        if _language(voice.language) == language:
            return voice.id
    some = ", ".join(voice.id for voice in there[:8])
    raise VoiceError(f"This computer has no voice {wanted!r}. It has: {some}.")


def _language(tag: str) -> str:
    """Spell a language tag in one way, without private parts and variants: "en_GB", "en-gb-x-rp+f3" → "en-gb"."""
    return tag.replace("_", "-").lower().partition("+")[0].partition("-x-")[0]


def _run(task: dict[str, Any], seconds: float) -> Any:
    """Have a process of its own do a task; gives what it answers."""
    task = {"path": sys.path, "driver": driver()} | task
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"pyttsx3 ({driver()}) took more than {seconds:.0f} seconds.") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()[-300:]
        raise EngineError(f"pyttsx3 ({driver()}) failed: {words or f'exit status {done.returncode}'}")
    return json.loads(done.stdout)


def _main() -> None:
    """Do the task on standard input, and answer on standard output, where nothing else may go."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    task = json.loads(sys.stdin.buffer.read())
    sys.path[:] = task["path"]
    import pyttsx3

    engine = pyttsx3.init(task["driver"])
    json.dump(_save(engine, task) if "text" in task else _list(engine), answers)
    answers.close()


def _list(engine: Any) -> list[tuple[str, str, str]]:
    """List id, name and language of every voice."""
    return [(v.id, v.name or v.id, str((v.languages or ["und"])[0])) for v in engine.getProperty("voices")]


def _save(engine: Any, task: dict[str, Any]) -> str:
    """Speak the text into the file, and wait until it is whole."""
    if task["voice"]:
        engine.setProperty("voice", task["voice"])
    engine.setProperty("rate", task["rate"])
    engine.setProperty("volume", task["volume"])
    engine.save_to_file(task["text"], task["file"])
    engine.runAndWait()
    file, size = Path(task["file"]), -1
    while not file.exists() or file.stat().st_size != size:  # ended by our parent, if need be
        size = file.stat().st_size if file.exists() else -1
        time.sleep(STILL_SECONDS)
    return str(file)


if __name__ == "__main__":
    _main()
