"""What the machine has, and how much of it this process takes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

_most: int | None = None
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def cores() -> int:
    """Give how many cores this process may use: so many threads or programs can really run at once."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(there, _most or there)


def share(most: int) -> None:
    """Have this process use at most so many cores from now on: others like it are at work beside it."""
    global _most
    _most = most


def settle() -> None:
    """Set up this process, which must be ours alone, for what we do: call it before there are threads, or numpy.

    All threads get one heap. With one each, memory that a thread gave back is of no use to the others: a worker grew
    from 164 to 204 MB over 80 short texts, and a text of 420 paragraphs took 30 MB more (docs/scale.md). It costs no
    time that could be measured. numpy's OpenBLAS, for which we have no work, starts no threads: 0.05 CPU seconds.
    Work for the processor is scheduled as such, here and in the programs that we start: ffmpeg's threads then hand on
    many packets at a time, where each would interrupt the encoder (0.2 of 1.2 CPU seconds for 5 minutes of sound).
    """
    _glibc("mallopt", _ARENA_MAX, 1)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandbox may forbid it, and musl has neither
            if os.sched_getscheduler(0) == os.SCHED_OTHER:
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def give_back() -> None:
    """Return freed memory to the system. glibc keeps it for the next need; programs that we start could use it now."""
    _glibc("malloc_trim", 0)


def _glibc(function: str, *numbers: int) -> None:
    """Call a function of glibc's; where there is another C library, nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), function)(*numbers)
