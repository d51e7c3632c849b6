"""pyttsx3, on the driver that belongs to the platform.

Linux: pyttsx3's binding of eSpeak NG, in a process of its own (`_espeak_server`). Its stock driver is not
used there: it returns before the sound exists, reads beyond the text and mixes utterances up.
Windows (SAPI 5) and macOS (NSSpeechSynthesizer): the stock drivers, see `_stock`. They are untested.

A voice id is eSpeak NG's name for a voice, with a variant if wanted ("en-us+f3"). Where it reads as a
language tag ("en-us", "en-gb-x-rp") it works on every platform: the stock drivers take it for the first
voice of that language. Empty stands for American English on Linux, elsewhere for the platform's default.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.metadata
import json
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from audiobook.engines import _stock
from audiobook.errors import EngineError, NoSound, VoiceError
from audiobook.model import Clip, EngineVoice, Voice

FORKING = sys.platform.startswith("linux")
"""Elsewhere forking is missing (Windows) or unsafe beside the system's frameworks (macOS)."""
DEFAULT_ID = "en-us"
SERVER = Path(__file__).with_name("_espeak_server.py")
START_SECONDS = 30.0
"""How long the speaking process may take to get ready, on a machine that is busy."""
MARGIN_SECONDS = 10.0
"""A child ends itself when its time is over; after this much more its whole process is ended."""


def speak(sentences: Sequence[str], voice: Voice) -> list[Clip]:
    """Speak the sentences of one paragraph; see `audiobook.engines.Engine`."""
    if not sentences:
        return []
    # NUL would end the text for C, and a lone surrogate has no bytes.
    texts = [s.replace("\0", " ").encode("utf-8", "replace").decode() for s in sentences]
    clips = _speak_forked(texts, voice) if FORKING else _stock.speak(texts, voice, seconds_for(texts))
    for sentence, clip in zip(sentences, clips, strict=True):
        if not any(clip.pcm):
            raise NoSound(f"The engine pyttsx3 gave no sound for {sentence!r}.")
    return clips


@functools.lru_cache(maxsize=1)
def voices() -> list[EngineVoice]:
    """List the voices of eSpeak NG, or of the platform."""
    if not FORKING:
        return _stock.voices()
    with contextlib.closing(_Server()) as server:
        return server.voices()


def version() -> str:
    """Name eSpeak NG and its version, or pyttsx3, its version and its driver."""
    if not FORKING:
        return f"pyttsx3 {importlib.metadata.version('pyttsx3')} {_stock.driver()} on {sys.platform}"
    with _lock:
        return f"eSpeak NG {(_current or _server()).about['version']}"


def narrator(voice: Voice) -> str:
    """Name engine and voice, such as "eSpeak NG 1.52.0, voice en-us (synthetic voice)"."""
    if not FORKING:
        return f"{_stock.driver().upper()}, voice {voice.id or 'default'} (synthetic voice)"
    return f"{version()}, voice {voice.id or DEFAULT_ID} (synthetic voice)"


def seconds_for(texts: Sequence[str]) -> float:
    """Give the time that speaking may take, in seconds: far more than a busy machine needs."""
    return 30 + sum(map(len, texts)) / 50


# ---- eSpeak NG in a process of its own


def _speak_forked(texts: list[str], voice: Voice) -> list[Clip]:
    with _lock:
        settings = _settings(voice)
        return _server(settings).speak(texts, settings)


def _settings(voice: Voice) -> dict[str, Any]:
    """Give what a speaking process keeps to: other settings need another, as none may have a history."""
    return {
        "voice": voice.id or DEFAULT_ID,
        "rate": voice.rate,
        "pitch": voice.pitch,
        "volume": voice.volume,
    }


class _Server:
    """The parent's end of a speaking process; the frames are described in `_espeak_server`."""

    def __init__(self) -> None:
        """Start it and wait until it is ready; raises `EngineError`."""
        self.settings: dict[str, Any] | None = None
        """What it speaks with, once it has spoken."""
        self._process, self._words = _started()
        with self._ended_on_error():
            kind, content = self._frame(time.monotonic() + START_SECONDS)
            if kind != b"R":
                raise EngineError(f"eSpeak NG does not start: {content.decode(errors='replace')}{_INSTALL}")
            self.about: dict[str, Any] = json.loads(content)
            """`version` and `sample_rate`, in Hz."""

    def alive(self) -> bool:
        """Tell whether it can be asked."""
        return self._process.poll() is None

    def voices(self) -> list[EngineVoice]:
        """Have the voices listed; that is its last deed."""
        with self._ended_on_error():
            self._write({})
            return [EngineVoice(*v) for v in json.loads(self._frame(time.monotonic() + START_SECONDS)[1])]

    def speak(self, texts: list[str], settings: dict[str, Any]) -> list[Clip]:
        """Have a paragraph spoken: a clip for each text."""
        self.settings = settings
        seconds = seconds_for(texts)
        with self._ended_on_error():
            self._write({"sentences": texts, "seconds": seconds, "settings": settings})
            frames = list(self._frames(time.monotonic() + seconds + MARGIN_SECONDS))
            if frames[0][0] == b"V":
                raise VoiceError(_unknown(settings["voice"]))
        _check_end(frames, seconds)
        rate = self.about["sample_rate"]
        return [Clip(pcm=content, sample_rate=rate) for kind, content in frames if kind == b"S"]

    def close(self) -> None:
        """End it, whatever it is doing."""
        if self._process.returncode is None:  # else its number may be another's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.abandon()

    def abandon(self) -> None:
        """Let go of it without ending it: in a fork it is the parent's."""
        for stream in (self._process.stdin, self._process.stdout, self._words):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    @contextlib.contextmanager
    def _ended_on_error(self) -> Iterator[None]:
        """End it when an exchange breaks off, be it by Ctrl-C: what it says next would be out of step."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _write(self, request: dict[str, Any]) -> None:
        assert self._process.stdin  # noqa: S101  it was asked for above
        content = json.dumps(request).encode()
        left = memoryview(struct.pack("<I", len(content)) + content)
        try:
            while left:
                left = left[self._process.stdin.write(left) :]
        except OSError as error:
            raise EngineError(f"eSpeak NG has ended: {self._last_words() or error}") from error

    def _frames(self, deadline: float) -> Iterator[tuple[bytes, bytes]]:
        """Read the frames of one answer, up to its last."""
        kind = b""
        while kind not in (b"X", b"V"):
            kind, content = self._frame(deadline)
            yield kind, content

    def _frame(self, deadline: float) -> tuple[bytes, bytes]:
        kind, length = struct.unpack("<cI", self._read(5, deadline))
        return kind, self._read(length, deadline)

    def _read(self, count: int, deadline: float) -> bytes:
        """Exactly so many bytes, before `time.monotonic()` passes the deadline."""
        assert self._process.stdout  # noqa: S101  it was asked for above
        parts, ready = [], select.poll()  # not select.select: that fails beyond 1024 open files
        ready.register(self._process.stdout, select.POLLIN)
        while count:
            if not ready.poll(max(0, deadline - time.monotonic()) * 1000):
                raise EngineError("eSpeak NG did not answer in time.")
            part = os.read(self._process.stdout.fileno(), count)
            if not part:
                raise EngineError(f"eSpeak NG has ended: {self._last_words() or 'it said nothing.'}")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _last_words(self) -> str:
        """Give the end of what it wrote to standard error."""
        self._words.seek(0)
        return self._words.read()[-300:].decode(errors="replace").strip()


def _started() -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Start the process; gives it with the file that its standard error goes to."""
    try:
        words = tempfile.TemporaryFile()  # noqa: SIM115  a pipe that nobody reads would fill up
        process = subprocess.Popen(
            # -S: what site does takes time, and the import path goes along instead.
            [sys.executable, "-I", "-S", str(SERVER), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            bufsize=0,
            start_new_session=True,  # so that it and its child can be ended together
        )
    except OSError as error:
        raise EngineError(f"eSpeak NG's process can't be started: {error}") from error
    return process, words


_INSTALL = "\nInstall it with: pip install pyttsx3 espeakng-loader"


def _check_end(frames: list[tuple[bytes, bytes]], seconds: float) -> None:
    """Raise `EngineError` unless the child spoke everything."""
    for kind, content in frames:
        if kind == b"E":
            raise EngineError(f"eSpeak NG failed: {content.decode(errors='replace')}")
    status = int(frames[-1][1])
    if status == -signal.SIGALRM:
        raise EngineError(f"eSpeak NG took more than {seconds:.0f} seconds over one paragraph.")
    if status < 0:
        raise EngineError(f"eSpeak NG crashed: {signal.strsignal(-status)} (signal {-status}).")
    if status:  # the C library may call exit()
        raise EngineError(f"eSpeak NG gave up with exit status {status}.")


def _unknown(name: str) -> str:
    """Word the message for a voice that isn't there, with some of its language that are."""
    ids = [voice.id for voice in voices()]
    near = [i for i in ids if i.split("-")[0] == name.split("-")[0].lower()] or [i for i in ids if i.startswith("en")]
    return (
        f"eSpeak NG has no voice {name!r}. It has: {', '.join(near[:8])}, …\n"
        "See them all with: audiobook voices --engine pyttsx3"
    )


_lock = threading.Lock()
_current: _Server | None = None


def _server(settings: dict[str, Any] | None = None) -> _Server:
    """Give the running server, or a new one if its settings are others. Call with the lock held."""
    global _current
    if _current and (_current.settings not in (None, settings) or not _current.alive()):
        _close()
    if not _current:
        _current = _Server()
    return _current


def _close() -> None:
    """End the running server, if any."""
    global _current
    if _current:
        _current.close()
    _current = None


def _forget() -> None:
    """In a process that was forked off: leave the server to the parent, and start one when needed."""
    global _current, _lock
    _lock = threading.Lock()
    if _current:
        _current.abandon()
    _current = None


atexit.register(_close)
if FORKING:
    os.register_at_fork(after_in_child=_forget)
