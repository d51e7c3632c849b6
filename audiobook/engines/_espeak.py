"""The parent's end of the processes in which eSpeak NG speaks, and a pool of them; `_espeak_server` is the other.

A thread takes an idle process that has the right settings, or starts one, and gives it back. So there are as many
as threads speak at once, and none waits for another.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
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

from audiobook import core, ipa
from audiobook.engines._words import timed
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Clip, EngineVoice, Token, Utterance

SCRIPT = Path(__file__).with_name("_espeak_server.py")
START_SECONDS = 30.0
"""How long the speaking process may take to get ready, on a machine that is busy."""
MARGIN_SECONDS = 10.0
"""A child ends itself when its time is over; after this much more its whole process is ended."""
MOST_IDLE = 8
"""Processes that are kept for the next text; beyond, the one that waited longest is ended."""
Settings = dict[str, Any]
"""`voice`, `rate`, `pitch`, `volume`: what a process keeps to. Others need another, as none may have a history."""


def speak(utterance: Utterance, settings: Settings) -> Clip:
    """Speak in a process of the pool; raises `EngineError`, or `VoiceError` for a voice that isn't there."""
    with _borrowed(settings) as server:
        return server.speak(utterance)


def said(words: Sequence[str], settings: Settings) -> list[str]:
    """Give how each word is said, in IPA; raises as `speak` does."""
    with _borrowed(settings) as server:
        return server.said(words)


@functools.lru_cache(maxsize=1)
def voices() -> list[EngineVoice]:
    """List the voices that can speak."""
    with contextlib.closing(Server()) as server:
        return server.voices()


@functools.lru_cache(maxsize=1)
def version() -> str:
    """Give the version, such as "1.52.0"."""
    with _borrowed(None) as server:
        return str(server.about["version"])


class Server:
    """The parent's end of a speaking process; the frames are described in `_espeak_server`."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Start it and wait until it is ready; raises `EngineError`."""
        self.settings = settings
        """What it speaks with; None while it has not been asked to."""
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

    def speak(self, utterance: Utterance) -> Clip:
        """Have an utterance spoken."""
        text, places = _written(utterance)
        frames = self._asked({"text": text, "phonemes": "[[" in text}, len(text))
        rate = self.about["sample_rate"]
        samples = len(frames[b"S"]) // 2
        begins = _begins(places, [(place, ms * rate // 1000) for place, ms in json.loads(frames[b"W"])])
        return Clip(frames[b"S"], rate, timed(utterance.tokens, begins, samples))

    def said(self, words: Sequence[str]) -> list[str]:
        """Have words put into IPA."""
        frames = self._asked({"said": list(words)}, sum(map(len, words)))
        answer: list[str] = json.loads(frames[b"P"])
        return answer

    def _asked(self, request: dict[str, Any], length: int) -> dict[bytes, bytes]:
        """Have a request answered; gives the frames by their kinds."""
        seconds = seconds_for(length)
        with self._ended_on_error():
            self._write({**request, "seconds": seconds, "settings": self.settings})
            frames = dict(self._frames(time.monotonic() + seconds + MARGIN_SECONDS))
            if b"V" in frames:
                raise VoiceError(_unknown(str((self.settings or {})["voice"])))
        _check_end(frames, seconds)
        return frames

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
            [sys.executable, "-I", "-S", str(SCRIPT), *sys.path],
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


def _check_end(frames: dict[bytes, bytes], seconds: float) -> None:
    """Raise `EngineError` unless the child did what it was asked for."""
    if b"E" in frames:
        raise EngineError(f"eSpeak NG failed: {frames[b'E'].decode(errors='replace')}")
    status = int(frames[b"X"])
    if status == -signal.SIGALRM:
        raise EngineError(f"eSpeak NG took more than {seconds:.0f} seconds over one sentence.")
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


def seconds_for(length: int) -> float:
    """Give the time that speaking so many code points may take, in seconds: far more than a busy machine needs."""
    return 30 + length / 50


def _written(utterance: Utterance) -> tuple[str, list[int]]:
    """Give the text as eSpeak NG gets it, and where each token starts in it."""
    places: list[int] = []
    text = ""
    for token in utterance.tokens:
        text += " " if text else ""
        places.append(len(text))
        text += _marked(token)
    return text, places


def _marked(token: Token) -> str:
    """Give a token as eSpeak NG gets it; a transcription stands for its core, and after a space.

    Right behind a quotation mark or a bracket, [[ would make the word silent.
    """
    before, word, after = core.split(token.text)
    if not token.ipa or not word:
        return _clean(token.text)
    return f"{_clean(before)} [[{ipa.espeak(token.ipa)}]]{_clean(after)}".lstrip()


def _clean(text: str) -> str:
    """NUL would end the text for C, a lone surrogate has no bytes, and [[ would start phonemes."""
    return text.replace("\0", " ").replace("[[", "((").encode("utf-8", "replace").decode()


def _begins(places: Sequence[int], events: Sequence[tuple[int, int]]) -> list[int | None]:
    """Give each token the sample of the first event within it; events come in order, some tokens have none."""
    begins: list[int | None] = [None] * len(places)
    token = 0
    for place, sample in events:
        while token + 1 < len(places) and place >= places[token + 1]:
            token += 1
        if begins[token] is None and place >= places[token]:
            begins[token] = sample
    return begins


# ---- the pool


_lock = threading.Lock()
_idle: list[Server] = []


@contextlib.contextmanager
def _borrowed(settings: Settings | None) -> Iterator[Server]:
    """Take a process from the pool, or start one; one that had to be ended doesn't come back."""
    server = _taken(settings) or Server()
    server.settings = server.settings or settings
    try:
        yield server
    finally:
        if server.alive():
            _give_back(server)


def _give_back(server: Server) -> None:
    with _lock:
        _idle.append(server)
        spare = _idle.pop(0) if len(_idle) > MOST_IDLE else None
    if spare:
        spare.close()


def _taken(settings: Settings | None) -> Server | None:
    """Take an idle process out of the pool that has these settings, or none yet."""
    with _lock:
        for server in [*_idle]:
            if not settings or server.settings in (None, settings):
                _idle.remove(server)
                if server.alive():
                    return server
                server.close()
    return None


def close() -> None:
    """End the idle processes."""
    with _lock:
        while _idle:
            _idle.pop().close()


def _forget() -> None:
    """In a process that was forked off: leave them to the parent, and start others when needed."""
    global _lock
    _lock = threading.Lock()
    while _idle:
        _idle.pop().abandon()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
