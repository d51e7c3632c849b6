"""Tables → their texts, a row at a time: CSV, JSON Lines and Parquet. A module in this folder is a kind of table.

However many rows there are, no more than a few are held. A row that is broken comes out as a SourceError, and the rest
goes on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from audiobook.errors import SourceError
from audiobook.reading import plain, told

CSV = frozenset({".csv", ".tsv"})
JSON_LINES = frozenset({".jsonl", ".ndjson"})
PARQUET = ".parquet"
TEXT = "text"
"""The column that is taken for the texts when nobody names one."""
LONGEST_ROW = 16_000_000
"""Code points of a row, all its columns together."""
SHOWN = 30
"""Columns that a message names at most."""
_UNPAIRED = re.compile("[\ud800-\udfff]")
"""Halves of code points: bytes that fit no encoding come out as these, and JSON can spell them."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns that count. Empty: there is none."""

    text: str = ""
    """When empty, the only column is taken, or the one named "text", and that is told."""
    title: str = ""
    author: str = ""
    date: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A text from a table, and what its row tells about it. What it doesn't tell is empty."""

    number: int
    """From 1; a line of headings is not counted, nor is an empty line."""
    text: str
    """As it stands in the table, to the character."""
    title: str = ""
    author: str = ""
    published: str = ""
    """ISO 8601: a year, a month or a day."""
    id: str = ""
    notes: tuple[str, ...] = ()
    """What a person should know about this row."""


class Rows(Iterator[Row | SourceError]):
    """The rows of a table, once, in their order; an error stands where a row can't be read."""

    def __init__(self, stream: Iterator[Row | SourceError], columns: Columns, notes: tuple[str, ...]) -> None:
        self._stream = stream
        self.columns = columns
        """As asked for, with the column of the texts that was chosen."""
        self.notes = notes
        """What was assumed, for a person to know."""

    def __next__(self) -> Row | SourceError:
        return next(self._stream)


def is_table(path: Path) -> bool:
    """Tell a table by its name."""
    return path.suffix.lower() in {*CSV, *JSON_LINES, PARQUET}


def rows(path: Path, columns: Columns) -> Rows:
    """Open a table, of a kind that `is_table` knows.

    Raises SourceError at once when it can't be read, when a column is missing, or when it can't be told which one holds
    the texts; what is wrong with a row comes out in its place.
    """
    # Each kind is imported where it is needed: nobody shall wait for a library of tables who has none.
    kind = path.suffix.lower()
    if kind in JSON_LINES:
        from audiobook.tables import json_lines

        return json_lines.read(path, columns)
    if kind == PARQUET:
        from audiobook.tables import parquet

        return parquet.read(path, columns)
    from audiobook.tables import delimited

    return delimited.read(path, columns)


def settled(path: Path, names: Sequence[str], columns: Columns) -> tuple[Columns, tuple[str, ...]]:
    """Return the columns with the one of the texts filled in, and a note when it had to be chosen.

    Raises SourceError for a column that isn't there, or is there twice.
    """
    if not columns.text:
        text = next((name for name in names if name.casefold() == TEXT), names[0] if len(names) == 1 else "")
        if not text:
            raise SourceError(f"{path}: which column holds the texts? Say it with --text-column.\n{_there(names)}")
        note = f'{path}: the texts were taken from the column "{text}"; --text-column takes another.'
        return settled(path, names, replace(columns, text=text))[0], (note,)
    for field in fields(columns):
        name = getattr(columns, field.name)
        if name and name not in names:
            raise SourceError(f'{path} has no column "{name}".\n{_there(names)}')
        if name and list(names).count(name) > 1:
            raise SourceError(f'{path} has more than one column named "{name}". Give each a name of its own.')
    return columns, ()


def row(path: Path, number: int, values: Mapping[str, object], columns: Columns) -> Row | SourceError:
    """Make a row of its values by column; what is None is missing."""
    try:
        return _row(values, columns, number)
    except ValueError as error:
        return broken(path, number, str(error))


def broken(path: Path, number: int, fault: str) -> SourceError:
    """Return the error for a row."""
    return SourceError(f"{path}, row {number}: {fault}")


def _row(values: Mapping[str, object], columns: Columns, number: int) -> Row:
    text = values.get(columns.text)
    if not isinstance(text, str):
        what = "is empty" if text is None else f"holds {_kind(text)}, and no text"
        raise ValueError(f'its column "{columns.text}" {what}.')
    if _UNPAIRED.search(text):
        raise ValueError(f'its column "{columns.text}" holds signs that are none, in no encoding that was tried.')
    if control := plain.BINARY_SIGN.search(text):
        raise ValueError(f'its column "{columns.text}" holds a control character (value {ord(control[0])}).')
    if not any(character.isalnum() for character in text):
        raise ValueError(f'its column "{columns.text}" has nothing to say: it holds no letter and no digit.')
    title, author, date, own = (
        _line(values, name) for name in (columns.title, columns.author, columns.date, columns.id)
    )
    published = told.date(date)
    unread = f'row {number}: the date "{date}" is not written like 2024-05-31, and was left out.'
    return Row(number, text, title, author, published, own, (unread,) if date and not published else ())


def _line(values: Mapping[str, object], column: str) -> str:
    """Return what a column tells, in one line."""
    value = values.get(column) if column else None
    if value is None or value != value:  # which is how tables of numbers write "none"
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | datetime.date):
        raise ValueError(f'its column "{column}" holds {_kind(value)}, and no text.')
    return _UNPAIRED.sub("\ufffd", told.line(value.isoformat() if isinstance(value, datetime.date) else str(value)))


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _there(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return (
        f"There {'is' if len(names) == 1 else 'are'}: {', '.join(name[: SHOWN * 2] for name in names[:SHOWN])}{more}."
    )
