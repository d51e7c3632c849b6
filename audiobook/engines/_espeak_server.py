"""A process of its own in which eSpeak NG speaks; `audiobook.engines.pyttsx3` starts it as a script.

eSpeak NG keeps state from one text to the next, so the same text comes out differently the second time;
it isn't safe to use from several threads, and it may end the process it runs in. So this process
initialises it, sets a voice and never speaks: for each paragraph it forks a child that does. Every
paragraph thus meets the very same state, and a crash loses a child only.

Runs under `python -I -S`, with the import path as arguments, and imports nothing of ours: that is quick
to start. On standard input come requests: a length (4 bytes, little-endian), then JSON:
    {"sentences": [...], "seconds": time allowed, "settings": {voice, rate, pitch, volume}}
The settings of the first request stay. A request without sentences asks for the list of voices; it
must be the only one. On standard output go frames: a kind (1 byte), a length (4 bytes), the content:
    R  ready: {"version", "sample_rate"}; the first
    L  the voices: [[id, name, language], ...]
    V  the voice is not there
    S  a sentence: 16-bit signed little-endian mono samples
    E  an error: its text
    X  the child has ended: its exit status, negative for a signal; the last frame of an answer
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import struct
import sys
from typing import Any, BinaryIO

DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report missing data instead of ending the process
BUFFER_MS = 1000  # how much sound a callback brings; large, as each one costs a call into Python
SAMPLE_BYTES = 2
CLEAR_OF_MARKUP = 1  # espeakCHARS_UTF8 alone: neither SSML nor [[phonemes]] are read out of an author's text


def main() -> None:
    """Serve until standard input ends."""
    answers = _keep_standard_output()
    try:
        espeak = _binding()
        sample_rate = _initialise(espeak)
    except Exception as error:  # whatever it is, the other side must hear of it
        _send(answers, b"E", f"{type(error).__name__}: {error}".encode())
        return
    about = {"version": espeak.Info(None).decode(), "sample_rate": sample_rate}
    _send(answers, b"R", json.dumps(about).encode())
    _serve(espeak, answers)


def _keep_standard_output() -> BinaryIO:
    """Give standard output as a stream of our own; what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _binding() -> Any:
    """pyttsx3's own binding of eSpeak NG, on the library of the espeakng-loader wheel when that is there.

    The binding asks the loader for "libespeak-ng.so.1" by name; glibc answers with a library of that
    name that is loaded already, wherever it came from. Without the wheel a system's library is found.
    """
    with contextlib.suppress(ImportError, OSError):  # OSError: the wheel's library is for another libc
        import espeakng_loader

        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    from pyttsx3.drivers import _espeak

    return _espeak


def _initialise(espeak: Any) -> int:
    """Start eSpeak NG so that it hands over its sound before it returns; gives the sample rate in Hz."""
    data = os.environ.get("ESPEAK_DATA_PATH")
    sample_rate: int = espeak.Initialize(
        espeak.AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS, data.encode() if data else None, DONT_EXIT
    )
    if sample_rate <= 0:  # 0, not the documented -1, when the data is missing
        raise RuntimeError("eSpeak NG did not find its data")
    return sample_rate


def _prepare(espeak: Any, settings: dict[str, Any]) -> bool:
    """Set the voice and how it speaks; gives False when there is no such voice."""
    for parameter in ("rate", "pitch", "volume"):
        espeak.SetParameter(getattr(espeak, parameter.upper()), settings[parameter], 0)
    return _set_voice(espeak, settings["voice"])


def _set_voice(espeak: Any, name: str) -> bool:
    """Set a voice; eSpeak NG refuses unknown names, but takes an unknown variant ("en-us+x") in silence."""
    if ".." in name or espeak.SetVoiceByName(name.encode("utf-8", "replace")) != espeak.EE_OK:
        return False
    _, plus, variant = name.partition("+")
    return not plus or _identifier(espeak).endswith(plus + variant)


def _voices(espeak: Any) -> list[tuple[str, str, str]]:
    """List id, name and language of the voices that can speak; an id is the language where that sets it."""
    there = [
        (voice.identifier.decode(), voice.name.decode().strip(), voice.languages[1:].decode())
        for voice in espeak.ListVoices()  # the first byte of the languages is a priority
    ]
    listed = []
    for identifier, name, language in there:
        chosen = next(i for i in (language, identifier) if i == identifier or _sets(espeak, i, identifier))
        # Some come without their dictionary: eSpeak NG sets them, and is silent.
        if _set_voice(espeak, chosen) and any(_synthesise(espeak, "hello 1")):
            listed.append((chosen, name, language))
    return listed


def _sets(espeak: Any, name: str, identifier: str) -> bool:
    """Tell whether a name sets the voice of that identifier."""
    return _set_voice(espeak, name) and _identifier(espeak) == identifier


def _identifier(espeak: Any) -> str:
    """Give the identifier of the voice that is set, such as "gmw/en-US+f3"."""
    return str(espeak.GetCurrentVoice().contents.identifier.decode())


def _serve(espeak: Any, answers: BinaryIO) -> None:
    """Fork a child for each request, and say how it ended."""
    prepared = False
    while (request := _request()) is not None:
        if "sentences" not in request:
            _send(answers, b"L", json.dumps(_voices(espeak)).encode())
            return
        if not prepared and not _prepare(espeak, request["settings"]):
            _send(answers, b"V", b"")
            return
        prepared = True
        child = os.fork()
        if not child:
            _answer(espeak, answers, request)
        _, status = os.waitpid(child, 0)
        _send(answers, b"X", str(os.waitstatus_to_exitcode(status)).encode())


def _request() -> dict[str, Any] | None:
    """Read the next request; None at the end."""
    head = os.read(0, 4)
    if len(head) < 4:
        return None
    left, parts = struct.unpack("<I", head)[0], []
    while left:
        parts.append(os.read(0, left))
        if not parts[-1]:
            return None
        left -= len(parts[-1])
    request: dict[str, Any] = json.loads(b"".join(parts))
    return request


def _answer(espeak: Any, answers: BinaryIO, request: dict[str, Any]) -> None:
    """In the child: speak the sentences, then end; a child that takes too long is ended by its own alarm."""
    signal.setitimer(signal.ITIMER_REAL, request["seconds"])
    status = 1
    try:
        for sentence in request["sentences"]:
            samples = _synthesise(espeak, sentence)
            # The alarm must wait: half a frame would put everything after it out of step.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
            _send(answers, b"S", samples)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
        status = 0
    except BaseException as error:
        with contextlib.suppress(OSError):  # nobody reads any more: the parent is gone
            _send(answers, b"E", f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(status)


def _synthesise(espeak: Any, sentence: str) -> bytes:
    """Give the samples of one sentence."""
    parts: list[bytes] = []
    errors: list[BaseException] = []

    def keep(samples: Any, count: int, _events: Any) -> int:
        try:
            if samples and count > 0:
                parts.append(ctypes.string_at(samples, count * SAMPLE_BYTES))
        except BaseException as error:  # ctypes would print it and go on
            errors.append(error)
        return len(errors)  # anything but 0 ends the synthesis

    espeak.SetSynthCallback(keep)
    raw = sentence.encode()
    # Not espeak.Synth: it claims a buffer ten times as long as the text, and that is read.
    code = espeak.cSynth(raw, len(raw) + 1, 0, espeak.POS_CHARACTER, 0, CLEAR_OF_MARKUP, None, None)
    if errors:
        raise errors[0]
    if code != espeak.EE_OK:
        raise RuntimeError(f"espeak_Synth returned {code}")
    return b"".join(parts)


def _send(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    """Write a frame, whole: a raw stream may take a part of what it is given."""
    left = memoryview(kind + struct.pack("<I", len(content)) + content)
    while left:
        left = left[stream.write(left) :]


if __name__ == "__main__":
    sys.path += sys.argv[1:]
    main()
    os._exit(0)  # eSpeak NG needs no farewell, and the interpreter's takes time
