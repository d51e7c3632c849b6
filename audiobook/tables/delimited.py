"""CSV (RFC 4180) and its kin: values between commas, or else semicolons, tabs or bars."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from audiobook.errors import SourceError
from audiobook.tables import LONGEST_ROW, Columns, Row, Rows, broken, lines, row, settled

COMMA = ","
DELIMITERS = {COMMA: "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
FIRST = 20
"""Rows by which the delimiter is told."""


def read(path: Path, columns: Columns) -> Rows:
    """Open the table; as `tables.rows`. Its first line holds the names of the columns."""
    # One setting for the whole process. What bounds a row here is `_Lines`, for quotes can hide many lines.
    csv.field_size_limit(LONGEST_ROW + 1)
    name, guessed = lines.encoding(path)
    delimiter, assumed = ("\t", ()) if path.suffix.lower() == ".tsv" else _delimiter(path, name)
    names = _names(path, name, delimiter)
    chosen, notes = settled(path, names, columns)
    return Rows(_rows(path, name, delimiter, chosen), chosen, guessed + assumed + notes)


def _delimiter(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Take commas, unless they don't part the first rows evenly and exactly one other sign does."""
    even = [delimiter for delimiter in DELIMITERS if _parts_evenly(path, name, delimiter)]
    if len(even) != 1 or even == [COMMA]:
        return COMMA, ()
    return even[0], (f"{path}: its values were taken to be parted by {DELIMITERS[even[0]]}.",)


def _parts_evenly(path: Path, name: str, delimiter: str) -> bool:
    with lines.opened(path, name) as file:
        widths = {len(found) if isinstance(found, list) else 0 for found in islice(_records(file, delimiter), FIRST)}
    return len(widths) == 1 and min(widths) > 1


def _names(path: Path, name: str, delimiter: str) -> list[str]:
    with lines.opened(path, name) as file:
        first = next(_records(file, delimiter), None)
    if not isinstance(first, list):
        raise SourceError(f"{path} has no line with the names of its columns: {first or 'it is empty.'}")
    return [column.strip() for column in first]


def _rows(path: Path, name: str, delimiter: str, columns: Columns) -> Iterator[Row | SourceError]:
    with lines.opened(path, name) as file:
        records = _records(file, delimiter)
        names = [column.strip() for column in next(records)]
        for number, found in enumerate(records, 1):
            if isinstance(found, str):
                yield broken(path, number, found)
            elif len(found) != len(names):
                yield broken(
                    path, number, f"it has {len(found)} values for {len(names)} columns; a quote may be amiss."
                )
            else:
                yield row(path, number, dict(zip(names, found, strict=True)), columns)


def _records(file: TextIO, delimiter: str) -> Iterator[list[str] | str]:
    """Yield the values of each row, or what is wrong with it. Empty lines are none."""
    given = _Lines(file)
    reader = csv.reader(given, delimiter=delimiter, strict=True)
    while True:
        given.begin()
        try:
            found = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"{given.place}: {error}. A quote inside a value is written twice, and one that opens must close."
            given.go_back()
        except lines.TooLong as error:
            yield f"{given.place}: {error}"
            given.go_back()
        except (OSError, UnicodeDecodeError) as error:
            yield f"{given.place}: the rest can't be read: {error}."
            return
        else:
            if found:
                yield found


class _Lines(Iterator[str]):
    """Lines for a reader that asks for as many as a row needs; those that it took in vain can be given again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._row: list[str] = []
        self._waiting: list[str] = []
        """Lines to be given again, the last first."""
        self._length = 0
        self._number = 0
        self._again = 0
        """Number of the last line that was given again."""

    def begin(self) -> None:
        """Begin a row."""
        self._row.clear()
        self._length = 0

    @property
    def place(self) -> str:
        """Where the row is."""
        first = self._number - len(self._row) + 1
        return f"line {first}" if len(self._row) < 2 else f"lines {first} to {self._number}"

    def go_back(self) -> None:
        """Give all but the row's first line again: a quote that never closes shall cost one row.

        A line is given again but once, or a file of such quotes would take a time that grows with its square.
        """
        once = max(self._again - self._number, 1 - len(self._row))
        if once < 0:
            self._waiting += self._row[: once - 1 : -1]
            self._again = self._number
            self._number += once

    def __next__(self) -> str:
        self._number += 1
        try:
            line = self._waiting.pop() if self._waiting else lines.line(self._file)
        except lines.TooLong:
            self._row.append("\n")
            raise
        if not line:
            self._number -= 1
            raise StopIteration
        self._row.append(line)
        self._length += len(line)
        if self._length > LONGEST_ROW:
            raise lines.TooLong(f"it has more than {LONGEST_ROW:,} signs.")
        return line
