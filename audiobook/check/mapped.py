"""A file as bytes that are read only where they are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path

from audiobook.check.finding import Broken


@contextmanager
def mapped(path: Path) -> Iterator[mmap]:
    """Give a file's bytes. Raises Broken when it is empty or can't be read."""
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            yield data
    except ValueError as error:
        raise Broken("It is empty.", "Build the edition again.") from error
    except OSError as error:
        raise Broken(f"It can't be read: {error.strerror or error}.", "Look at the file's permissions.") from error
