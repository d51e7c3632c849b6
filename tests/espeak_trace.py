"""Speaks texts, given as a JSON list, with eSpeak NG and writes down the sounds in IPA; markup in [[…]] is heard.

What an engine has to do so that a transcription is spoken, at its smallest.
"""

from __future__ import annotations

import ctypes
import json
import sys
import tempfile

import espeakng_loader

SYNCHRONOUS, DONT_EXIT, BY_CHARACTER, UTF8, PHONEMES, IPA = 2, 0x8000, 1, 1, 0x100, 2


def main() -> None:
    """Print a list with the sounds of each text."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), DONT_EXIT)
    library.espeak_SetVoiceByName(sys.argv[1].encode())
    silent = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(lambda *_: 0)
    library.espeak_SetSynthCallback(silent)
    print(json.dumps([_sounds(library, text) for text in json.load(sys.stdin)]))  # noqa: T201  that is its work


def _sounds(library: ctypes.CDLL, text: str) -> str:
    c = ctypes.CDLL(None)
    c.fopen.restype = ctypes.c_void_p
    with tempfile.NamedTemporaryFile() as file:
        stream = ctypes.c_void_p(c.fopen(file.name.encode(), b"w"))
        library.espeak_SetPhonemeTrace(IPA, stream)
        raw = text.encode()
        size = ctypes.c_size_t(len(raw) + 1)
        library.espeak_Synth(raw, size, 0, BY_CHARACTER, 0, UTF8 | PHONEMES, None, None)
        library.espeak_SetPhonemeTrace(0, None)
        c.fclose(stream)
        return " ".join(file.read().decode().split())


if __name__ == "__main__":
    main()
