"""The lines of a large file, in whatever encoding, each with an end to it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from audiobook import source
from audiobook.reading import plain
from audiobook.tables import LONGEST_ROW

SAMPLE = 1024 * 1024
"""Bytes at the beginning by which a table's encoding is told."""
SKIPPED = 64 * 1024
"""Code points that are read at a time where a line is too long."""


class TooLong(ValueError):
    """A line has no end within the bound; the file stands at the next line."""


def encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """Tell a table's encoding by its beginning, with a note when it was not UTF-8 and had to be guessed.

    Raises SourceError when the file can't be read, or in no encoding that is known.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(SAMPLE)
    except OSError as error:
        raise source.unreadable(path, error) from error
    return plain.encoding(str(path), beginning, whole=len(beginning) < SAMPLE)


@contextmanager
def opened(path: Path, name: str) -> Iterator[TextIO]:
    """Open a table as text, its line ends as they are. A byte that fits no sign comes out as half a code point."""
    # UTF-16's own halves are the only thing that can be wrong with it before the end of the file.
    errors = "surrogatepass" if codecs.lookup(name).name.startswith("utf-16") else "surrogateescape"
    with path.open("r", encoding=name, errors=errors, newline="") as file:
        yield file


def line(file: TextIO) -> str:
    """Return the next line with its end; nothing at the end of the file. Raises TooLong, and has passed the line."""
    found = file.readline(LONGEST_ROW)
    if len(found) < LONGEST_ROW or found.endswith(("\n", "\r")):
        return found
    while (more := file.readline(SKIPPED)) and not more.endswith(("\n", "\r")):
        pass
    raise TooLong(f"it has more than {LONGEST_ROW:,} signs.")
