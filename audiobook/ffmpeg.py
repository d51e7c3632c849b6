"""The one door to ffmpeg: finds a program that can do what is needed, runs it, turns its failures into ours."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from audiobook.errors import DiskFull, EncodeError

QUIET = ("-nostdin", "-hide_banner", "-nostats")
"""Never read the terminal, never redraw a progress line."""
ONE_THREAD = ("-threads", "1", "-filter_threads", "1")
"""Speech in one channel gives threads nothing to share, and they cost CPU time."""
_ENCODERS = ("libmp3lame", "aac", "libopus", "flac")
_TRIAL = (
    *("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=0.1"),
    *("-af", "alimiter=level=0:latency=1,ebur128=framelog=info,aresample=96000,astats"),
    *(part for encoder in _ENCODERS for part in ("-c:a", encoder, "-ar", "48000", "-f", "null", "-")),
)
"""A tenth of a second through everything that this package asks of ffmpeg: an old or trimmed program fails here."""
_SECOND = 44_100
"""Samples."""
_TRIAL_SECONDS = 20
"""A program that takes longer for a tenth of a second of silence is no use."""
_LOOK = 0.01
"""Seconds between two looks at programs that run."""
_LAST_WORDS = 3
"""Lines of ffmpeg's own complaint that go into a message."""


def find() -> str:
    """Path of an ffmpeg with the encoders and filters needed: the system's own, else the one in imageio-ffmpeg.

    Raises EncodeError, with the line that installs one, when there is none.
    """
    return _found()[0]


def version() -> str:
    """What ffmpeg says of itself, such as "ffmpeg version 7.0.2-static …". Raises as `find` does."""
    return _found()[1]


@functools.cache
def _found() -> tuple[str, str]:
    """Path and version."""
    for program in _candidates():
        if said := tried(program):
            return program, said
    raise EncodeError(
        "No ffmpeg that encodes MP3, AAC, Opus and FLAC was found on PATH or in the package imageio-ffmpeg.\n"
        "Install one with: pip install imageio-ffmpeg"
    )


def tried(program: str) -> str:
    """What an ffmpeg that has the encoders and filters needed says of itself, after one short run (0.1 s or less).

    Empty for one that can't do what is needed.
    """
    command = [program, "-nostdin", "-nostats", *_TRIAL]
    try:
        trial = subprocess.run(command, capture_output=True, timeout=_TRIAL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    first, _, _ = trial.stderr.decode("utf-8", "replace").partition("\n")
    return first.strip() if trial.returncode == 0 else ""


def run(arguments: Sequence[str], *, log: str = "error") -> str:
    """Run ffmpeg with these arguments and return what it wrote to stderr at the given log level.

    Raises EncodeError with ffmpeg's last words when it fails, DiskFull when the disk is full.
    """
    return run_all([arguments], log=log)[0]


def run_all(commands: Sequence[Sequence[str]], *, jobs: int = 1, log: str = "error") -> list[str]:
    """Run ffmpeg once for each command, `jobs` of them at a time, and return what each wrote, in their order.

    Raises as `run` does. Whatever ends this early, an error or Ctrl-C, ends every ffmpeg that is still running.
    """
    said = [""] * len(commands)
    running: dict[int, _Process] = {}
    waiting = deque(enumerate(commands))
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                number, command = waiting.popleft()
                running[number] = _Process.start(command, log)
            # Where others wait for its core, it is the first to end that counts; else all must end.
            number = _first_to_end(running) if waiting else next(iter(running))
            said[number] = running[number].result()
            running.pop(number).close()
    finally:
        for process in running.values():
            process.close()
    return said


def _first_to_end(running: Mapping[int, _Process]) -> int:
    """Wait until a program has ended, and give its number."""
    while True:
        for number, process in running.items():
            if process.has_ended():
                return number
        time.sleep(_LOOK)


@dataclass(frozen=True, slots=True)
class _Process:
    """A running ffmpeg. Its words go into a file, because nobody empties a pipe while others are waited for."""

    process: subprocess.Popen[bytes]
    words: IO[bytes]

    @classmethod
    def start(cls, arguments: Sequence[str], log: str) -> _Process:
        command = [find(), *QUIET, *ONE_THREAD, "-v", log, *arguments]
        words = tempfile.TemporaryFile()  # noqa: SIM115 -- it lives as long as the program; close() closes it
        try:
            return cls(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=words), words)
        except OSError as error:
            words.close()
            raise EncodeError(f"ffmpeg could not be started: {error}") from error

    def has_ended(self) -> bool:
        """Tell whether it runs no more."""
        return self.process.poll() is not None

    def result(self) -> str:
        """Wait for the end, and return the words or raise what they tell."""
        code = self.process.wait()
        self.words.seek(0)
        words = self.words.read().decode("utf-8", "replace")
        _refuse_full_disk(words)
        if code != 0:
            raise EncodeError(f"ffmpeg failed (exit code {code}):\n{_last_words(words)}")
        return words

    def close(self) -> None:
        """End the program if it still runs."""
        self.process.kill()
        self.process.wait()
        self.words.close()


def as_file(path: Path) -> str:
    """The path in a form that ffmpeg takes for a file, whatever it holds: "a:b.mp3" would be a protocol."""
    return f"file:{path}"


def decoded(path: Path) -> list[str]:
    """Arguments that make ffmpeg read an encoded sound, and hand it on a second at a time.

    Read as usual, each of its pieces (26 ms in an MP3) wakes several threads, which costs more than to decode it.
    One thread decodes: with more, ffmpeg 9.0's amovie crashes on one FLAC in twenty (docs/design-notes.md).
    """
    name = re.sub(r"([\\':])", r"\\\1", as_file(path))
    name = re.sub(r"([\\'\[\],;])", r"\\\1", name)
    return ["-f", "lavfi", "-i", f"amovie=filename={name}:dec_threads=1,asetnsamples=n={_SECOND}:p=0"]


def _candidates() -> Iterator[str]:
    """Programs worth trying, the system's first; imageio-ffmpeg is imported only when that one will not do."""
    system = shutil.which("ffmpeg")
    if system is not None:
        yield system
    try:
        import imageio_ffmpeg

        yield imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):  # RuntimeError: the package is there, its program is not
        return


def _refuse_full_disk(words: str) -> None:
    """Raise when ffmpeg ran out of space; some versions report that and still exit with 0."""
    if "No space left on device" in words:
        raise DiskFull("The disk is full: ffmpeg could not write the sound.\nFree some space and try again.")


def _last_words(words: str) -> str:
    """The end of ffmpeg's complaint, without blank lines."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_WORDS:]) or "It gave no reason."
