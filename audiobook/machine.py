"""What the machine has, and how much of it this process takes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

_most: int | None = None


def cores() -> int:
    """Give how many cores this process may use: so many threads or programs can really run at once."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(there, _most or there)


def share(most: int) -> None:
    """Have this process use at most so many cores from now on: others like it are at work beside it."""
    global _most
    _most = most


def give_back() -> None:
    """Return freed memory to the system. glibc keeps it for the next need; programs that we start could use it now."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
