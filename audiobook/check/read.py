"""Files of text, read with a bound and as UTF-8, and JSON, read strictly."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import NoReturn

from audiobook.check.finding import Broken

LONGEST = 32_000_000
"""Bytes of a text file, at most: the captions of some 300 hours."""
LATEST = 1_000_000_000
"""ms: no time in a recording is later (some eleven days)."""


def raw(path: Path, most: int = LONGEST) -> bytes:
    """Read a file of at most `most` bytes. Raises Broken when it is longer or can't be read."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Broken(f"It can't be read: {error.strerror or error}.", "Look at the file's permissions.") from error
    if len(data) > most:
        raise Broken(f"It has more than {most:,} bytes, too many for a file of its kind.", "Build it again.")
    return data


def text(path: Path, most: int = LONGEST) -> str:
    """Read a text without its byte order mark. Raises Broken when it is too long or no UTF-8."""
    return decoded(raw(path, most))


def decoded(data: bytes) -> str:
    """Decode UTF-8 without its byte order mark, line ends as line feeds. Raises Broken with the line of a bad byte."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Broken("It is not UTF-8.", "Save it as UTF-8.", f"line {line}") from error


def json_object(path: Path) -> dict[str, object]:
    """Read a JSON object. Raises Broken for anything else, and for the numbers that JSON doesn't know."""
    try:
        document = json.loads(text(path), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Broken(f"It is not JSON: {error.msg}.", "Build it again.", f"line {error.lineno}") from error
    except (ValueError, RecursionError) as error:
        raise Broken("It is not JSON that a player would read.", "Build it again.") from error
    if not isinstance(document, dict):
        raise Broken("It holds no JSON object.", "Build it again.")
    return document


def objects(value: object) -> list[dict[str, object]] | None:
    """Return a list of JSON objects as one; None when the value is anything else."""
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    return None


def milliseconds(value: object, unit: float) -> int | None:
    """Return a JSON number of `unit` ms as ms; None when it is no time that a recording can have."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not math.isfinite(value) or not 0 <= value * unit <= LATEST:
        return None
    return round(value * unit)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
