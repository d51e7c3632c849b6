"""JSON Lines (https://jsonlines.org): an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TextIO

from audiobook.errors import SourceError
from audiobook.tables import Columns, Row, Rows, broken, lines, row, settled

FIRST = 100
"""Rows in which columns are looked for: one that is empty may be left out of a row."""


def read(path: Path, columns: Columns) -> Rows:
    """Open the table; as `tables.rows`."""
    name, guessed = lines.encoding(path)
    chosen, notes = settled(path, _names(path, name), columns)
    return Rows(_rows(path, name, chosen), chosen, guessed + notes)


def _names(path: Path, name: str) -> list[str]:
    names: dict[str, None] = {}
    with lines.opened(path, name) as file:
        for _, found in zip(range(FIRST), _objects(file), strict=False):
            if isinstance(found, dict):
                names |= dict.fromkeys(found)
    if not names:
        raise SourceError(f'{path} is no JSON Lines: none of its first lines is an object, such as {{"text": "…"}}.')
    return list(names)


def _rows(path: Path, name: str, columns: Columns) -> Iterator[Row | SourceError]:
    with lines.opened(path, name) as file:
        for number, found in enumerate(_objects(file), 1):
            yield broken(path, number, found) if isinstance(found, str) else row(path, number, found, columns)


def _objects(file: TextIO) -> Iterator[dict[str, object] | str]:
    """Yield the object of each line, or what is wrong with it."""
    for number in count(1):
        try:
            line = lines.line(file)
        except lines.TooLong as error:
            yield str(error)
            continue
        except (OSError, UnicodeDecodeError) as error:
            yield f"the rest can't be read: {error}."
            return
        if not line:
            return
        if line.strip():
            yield _object(line, number)


def _object(line: str, number: int) -> dict[str, object] | str:
    try:
        found = json.loads(line.rstrip("\r\n"))
    except json.JSONDecodeError as error:
        return f"line {number} is no JSON: {error.msg.removesuffix(' at')} at column {error.colno}."
    except (ValueError, RecursionError):  # a number of thousands of digits; a list in a list in a list
        return f"line {number} holds what no table does: a number or a nesting without end."
    return found if isinstance(found, dict) else f'line {number} is no object, such as {{"text": "…"}}.'
