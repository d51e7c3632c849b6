"""The script that people write first: pyttsx3 to a file, a file a paragraph, and pydub to join and encode them.

    python usual.py TEXT OUT.mp3 FFMPEG

As it is written everywhere, but for what it needs to run without a system's eSpeak, and a process a paragraph: in one
process pyttsx3 2.99 loses files.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def save(paragraph: str, file: str) -> None:
    """Speak one paragraph into a WAV file."""
    import espeakng_loader

    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    import pyttsx3

    engine = pyttsx3.init()
    engine.setProperty("rate", 170)
    engine.save_to_file(paragraph, file)
    engine.runAndWait()
    while not Path(file).exists():  # it returns before the file is there
        time.sleep(0.02)


def main(text: str, out: str, ffmpeg: str) -> None:
    """Speak every paragraph, join, encode."""
    from pydub import AudioSegment

    AudioSegment.converter = ffmpeg
    whole = AudioSegment.empty()
    with tempfile.TemporaryDirectory() as folder:
        for number, paragraph in enumerate(Path(text).read_text(encoding="utf-8").split("\n\n")):
            file = f"{folder}/{number}.wav"
            subprocess.run([sys.executable, __file__, "--save", paragraph, file], check=True, stdout=subprocess.DEVNULL)
            whole += AudioSegment.from_wav(file) + AudioSegment.silent(700)
        whole.export(out, format="mp3", bitrate="64k")


if __name__ == "__main__":
    save(*sys.argv[2:]) if sys.argv[1] == "--save" else main(*sys.argv[1:])
