"""A process of its own in which eSpeak NG speaks; `audiobook.engines.pyttsx3` starts it as a script.

eSpeak NG keeps state from one text to the next, so the same text comes out differently the second time;
it isn't safe to use from several threads, and it may end the process it runs in. So this process
initialises it, sets a voice and never speaks: for each text it forks a child that does. Every text thus
meets the very same state, and a crash loses a child only.

Runs under `python -I -S`, with the import path as arguments, and imports nothing of ours: that is quick
to start. On standard input come requests: a length (4 bytes, little-endian), then JSON:
    {"text", "phonemes": whether [[phonemes]] are in it, "seconds": time allowed, "settings"}
    {"said": [word, ...], "seconds", "settings": {voice, rate, pitch, volume}}
The settings of the first request stay. An empty request asks for the list of voices; it must be the only
one. On standard output go frames: a kind (1 byte), a length (4 bytes), the content:
    R  ready: {"version", "sample_rate"}; the first
    L  the voices: [[id, name, language], ...]
    V  the voice is not there
    W  the words of the text: [[place of a character, from 0, ms since the start], ...]
    S  its sound: 16-bit signed little-endian mono samples
    P  the words asked for, in IPA: [ipa, ...]
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
from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO

DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report missing data instead of ending the process
BUFFER_MS = 1000  # how much sound a callback brings; large, as each one costs a call into Python
SAMPLE_BYTES = 2
CLEAR_OF_MARKUP = 1  # espeakCHARS_UTF8 alone: neither SSML nor [[phonemes]] are read out of an author's text
PHONEMES = 0x100  # espeakPHONEMES: [[…]] are phonemes; only for texts that we have put some into
IPA = 2  # of espeak_TextToPhonemes


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
        if _set_voice(espeak, chosen) and any(_synthesise(espeak, "hello 1", CLEAR_OF_MARKUP)[0]):
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
        if not request:
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
    """In the child: do what is asked for, then end; a child that takes too long is ended by its own alarm."""
    signal.setitimer(signal.ITIMER_REAL, request["seconds"])
    status = 1
    try:
        frames = list(_frames(espeak, request))
        # The alarm must wait: half a frame would put everything after it out of step.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        for kind, content in frames:
            _send(answers, kind, content)
        status = 0
    except BaseException as error:
        with contextlib.suppress(OSError):  # nobody reads any more: the parent is gone
            _send(answers, b"E", f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(status)


def _frames(espeak: Any, request: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    """Give what answers a request."""
    if "said" in request:
        yield b"P", json.dumps([_in_ipa(espeak, word) for word in request["said"]]).encode()
        return
    flags = CLEAR_OF_MARKUP | (PHONEMES if request["phonemes"] else 0)
    samples, words = _synthesise(espeak, request["text"], flags)
    yield b"W", json.dumps(words).encode()
    yield b"S", samples


def _in_ipa(espeak: Any, word: str) -> str:
    """Give how a word is said, in IPA; the library hands over clause by clause."""
    convert = espeak.dll.espeak_TextToPhonemes
    convert.restype = ctypes.c_char_p
    text = ctypes.c_char_p(word.encode())
    clauses = []
    while text.value:
        clauses.append(convert(ctypes.byref(text), CLEAR_OF_MARKUP, IPA) or b"")
    return b" ".join(clauses).decode().strip()


def _synthesise(espeak: Any, text: str, flags: int) -> tuple[bytes, list[tuple[int, int]]]:
    """Give the samples of a text, and for each word its place in the text and its ms in the sound."""
    parts: list[bytes] = []
    words: list[tuple[int, int]] = []
    errors: list[BaseException] = []

    def keep(samples: Any, length: int, events: Any) -> int:
        try:
            if samples and length > 0:
                parts.append(ctypes.string_at(samples, length * SAMPLE_BYTES))
            words.extend(_words(espeak, events))
        except BaseException as error:  # ctypes would print it and go on
            errors.append(error)
        return len(errors)  # anything but 0 ends the synthesis

    espeak.SetSynthCallback(keep)
    raw = text.encode()
    # Not espeak.Synth: it claims a buffer ten times as long as the text, and that is read.
    code = espeak.cSynth(raw, len(raw) + 1, 0, espeak.POS_CHARACTER, 0, flags, None, None)
    if errors:
        raise errors[0]
    if code != espeak.EE_OK:
        raise RuntimeError(f"espeak_Synth returned {code}")
    return b"".join(parts), words


def _words(espeak: Any, events: Any) -> Iterator[tuple[int, int]]:
    """Read the word events of one callback; their list ends with one of type 0."""
    for index in count():
        event = events[index]
        if not event.type:
            return
        if event.type == espeak.EVENT_WORD:
            yield event.text_position - 1, event.audio_position  # the library counts characters from 1


def _send(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    """Write a frame, whole: a raw stream may take a part of what it is given."""
    left = memoryview(kind + struct.pack("<I", len(content)) + content)
    while left:
        left = left[stream.write(left) :]


if __name__ == "__main__":
    sys.path += sys.argv[1:]
    main()
    os._exit(0)  # eSpeak NG needs no farewell, and the interpreter's takes time
