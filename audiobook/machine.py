"""What the machine has."""

from __future__ import annotations

import os


def cores() -> int:
    """Give how many cores this process may use: so many threads or programs can really run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
