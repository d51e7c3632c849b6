"""What was named on the command line → the texts in it, one by one: files, folders, patterns, tables, lists of files.

A stream: nothing here holds all of them, and each file is read when its turn has come.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook import source, tables
from audiobook.book import Metadata
from audiobook.errors import SourceError
from audiobook.tables import Columns, Row

TEXTS = frozenset({".docx", ".epub", ".htm", ".html", ".markdown", ".md", ".text", ".txt", ".xhtml"})
"""Endings of the files that are taken from a folder. A file that is named by itself may have any."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text, not read yet unless a table gave it."""

    label: str
    """What messages call it: the path, or table and row."""
    name: str
    """What its edition is called after where nobody gives a title."""
    row: Row | None = None
    """Of a table."""
    notes: tuple[str, ...] = ()
    """What a person should know about where it comes from."""

    def load(self) -> source.File:
        """Take its bytes. Raises SourceError when they can't be had."""
        if self.row:
            return source.File(self.row.title or self.name, self.label, self.row.text.encode())
        return source.load(self.label)

    def told(self, metadata: Metadata) -> Metadata:
        """Return what is said of all texts, with what a table's row says of this one in its stead."""
        if not self.row:
            return metadata
        return replace(
            metadata,
            title=self.row.title or metadata.title,
            author=self.row.author or metadata.author,
            published=self.row.published or metadata.published,
        )


def is_one(sources: tuple[str, ...]) -> bool:
    """Tell whether that is one text by itself, and no folder, pattern or table of many."""
    if len(sources) != 1 or _is_pattern(sources[0]):
        return False
    path = Path(sources[0])
    return not path.is_dir() and not tables.is_table(path)


def found(sources: Iterable[str], columns: Columns, out: Path) -> Iterator[Item | SourceError]:
    """Yield the texts of files, folders, patterns and tables in their order, and an error for each place without one.

    A folder is walked in the order of its names, but for what begins with a dot, and for `out`: results are no texts.
    Its tables are read only where a column is named, for many a folder has tables of other things.
    """
    for named in sources:
        path = Path(named)
        if named == source.STANDARD_INPUT:
            yield Item(named, "untitled")
        elif _is_pattern(named):
            matches = sorted(glob.glob(named, recursive=True))  # noqa: PTH207 -- pathlib has none for a whole path
            yield from found(matches, columns, out) if matches else [SourceError(f"No file fits the pattern {named}.")]
        elif path.is_dir():
            yield from _walked(path, columns, out)
        elif tables.is_table(path):
            yield from _rows(path, columns)
        else:
            yield Item(named, path.stem)


def _rows(table: Path, columns: Columns) -> Iterator[Item | SourceError]:
    """Yield a table's rows, each named by its id, else by its title, else by its number."""
    try:
        rows = tables.rows(table, columns)
    except SourceError as error:
        yield error
        return
    notes = rows.notes
    for row in rows:
        if isinstance(row, SourceError):
            yield row
        else:
            name = row.id or row.title or f"{table.stem} {row.number}"
            yield Item(f"{table}, row {row.number}", name, row, notes + row.notes)
            notes = ()


def listed(file: Iterable[bytes]) -> Iterator[str]:
    """Yield the paths in a list, one a line; blank lines are none."""
    for line in file:
        if path := line.rstrip(b"\r\n"):
            yield os.fsdecode(path)


def _is_pattern(named: str) -> bool:
    """Tell whether a name is a pattern that the shell didn't resolve, such as "*.txt", and no file's own name."""
    return glob.has_magic(named) and not Path(named).exists()


def _walked(folder: Path, columns: Columns, out: Path) -> Iterator[Item | SourceError]:
    """Yield the texts in a folder, or an error when there is none."""
    is_empty = True
    for path in _files(folder, out.resolve()):
        if isinstance(path, SourceError):
            yield path
        elif tables.is_table(path) and columns != Columns():
            yield from _rows(path, columns)
        elif path.suffix.lower() in TEXTS:
            yield Item(str(path), path.stem)
        else:
            continue
        is_empty = False
    if is_empty:
        yield SourceError(f"The folder {folder} holds no text: no file that ends in {', '.join(sorted(TEXTS))}.")


def _files(folder: Path, out: Path) -> Iterator[Path | SourceError]:
    """Yield the files under a folder, in the order of their names."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield SourceError(f"The folder {folder} can't be read: {error.strerror or error}.")
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield path
        elif path.resolve() != out:
            yield from _files(path, out)
