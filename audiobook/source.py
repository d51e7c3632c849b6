"""Bytes → text. Nothing is guessed in silence and nothing is normalised: a repair can be undone to the byte."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from audiobook.errors import SourceError

STANDARD_INPUT = "-"
# Control characters that no text editor writes; NUL among them.
BINARY = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b")


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it came."""

    name: str
    """The file's name without its extension; "untitled" for standard input."""
    label: str
    """What messages call it: the path, or "standard input"."""
    text: str


def read(path: str) -> Source:
    """Read a UTF-8 text from a file, or from standard input for "-".

    Raises SourceError when there is no such file, it can't be read, isn't text, or has nothing to say.
    """
    if path == STANDARD_INPUT:
        return _source("untitled", "standard input", sys.stdin.buffer.read())
    return _source(Path(path).stem, path, _bytes(Path(path)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}. Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise SourceError(f"{path} is a folder. Name the text files in it, such as {path}/*.txt.") from error
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror or error}.") from error


def _source(name: str, label: str, raw: bytes) -> Source:
    text = _decode(label, raw)
    if not any(character.isalnum() for character in text):
        raise SourceError(f"{label} has nothing to say: it holds no letter and no digit.")
    return Source(name, label, text)


def _decode(label: str, raw: bytes) -> str:
    binary = next((place for place, byte in enumerate(raw) if byte in BINARY), None)
    if binary is not None:
        raise SourceError(
            f"{label} is not text: byte {binary + 1} is a control character (value {raw[binary]}).\n"
            "Give a plain text or Markdown file in UTF-8."
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{label} is not UTF-8 text: line {line}, byte {error.start + 1} has the value {raw[error.start]}.\n"
            f"If it is Latin-1 or Windows text, convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE"
        ) from error
