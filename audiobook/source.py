"""A file of whatever kind → its text. What is text already comes through to the byte, so that a repair can be undone.

The kind is told by a file's first bytes; its name counts only for a page that doesn't begin as one.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from audiobook.errors import SourceError
from audiobook.reading import Document, plain

STANDARD_INPUT = "-"
STANDARD_INPUT_LABEL = "standard input"
ENGLISH = "en"
PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
PAGE_NAMES = frozenset({".html", ".htm", ".xhtml"})
LARGEST = 128 * 2**20
"""Bytes that are taken for one text; a long novel has a hundredth of it."""
BEGINNING = 4096
"""Bytes in which a file's kind is looked for."""
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
# What is known and not read: how it begins, what it is, and what to do.
REFUSED = (
    (re.compile(rb"%PDF-"), "a PDF, which holds places on paper and no paragraphs", "Save it as text or .docx first."),
    (re.compile(rb"\{\\rtf"), "a Rich Text file", "Save it as .docx, HTML or text in a word processor."),
    (re.compile(rb".{60}BOOKMOBI", re.S), "a Kindle book", "Convert it to EPUB first; one with DRM can't be read."),
    (
        re.compile(rb"(?:[\w-]+: [^\n]*\n|[ \t][^\n]*\n)*?MIME-Version:", re.I),
        "a mail or a web archive",
        "Save the page as HTML.",
    ),
)


@dataclass(frozen=True, slots=True)
class File:
    """A text before it is read, wherever it came from."""

    name: str
    """The file's name without its extension; "untitled" for standard input."""
    label: str
    """What messages call it: the path, or "standard input"."""
    raw: bytes = field(repr=False)
    ending: str = ""
    """The name's extension, in small letters: ".html"."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it came, and what its file tells about it."""

    name: str
    """The file's name without its extension; "untitled" for standard input."""
    label: str
    """What messages call it: the path, or "standard input"."""
    document: Document

    @property
    def text(self) -> str:
        """The text; places of edits are places in it."""
        return self.document.text

    @property
    def language(self) -> str:
        """BCP 47: the document's own, or else English."""
        return self.document.language or ENGLISH


def read(path: str, keep: frozenset[str] = frozenset()) -> Source:
    """Read a text, a web page, an EPUB or a Word document from a file, or from standard input for "-".

    `keep` names what is not to be left out, of `reading.KEEPABLE`. Raises SourceError when there is no such file, it
    can't be read, isn't of these kinds, is locked or made to do harm, or has nothing to say.
    """
    return parse(load(path), keep)


def load(path: str) -> File:
    """Take a file's bytes, or those of standard input for "-". Raises SourceError when they can't be had."""
    if path == STANDARD_INPUT:
        return File("untitled", STANDARD_INPUT_LABEL, _bounded(STANDARD_INPUT_LABEL, sys.stdin.buffer))
    return File(Path(path).stem, path, _bytes(Path(path)), Path(path).suffix.lower())


def parse(file: File, keep: frozenset[str] = frozenset()) -> Source:
    """Read the text out of a file's bytes; `keep` and errors as for `read`."""
    document = _document(file.label, file.raw, file.ending, keep)
    if not any(character.isalnum() for character in document.text):
        raise SourceError(f"{file.label} has nothing to say: it holds no letter and no digit.")
    return Source(file.name, file.label, document)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(str(path), file)
    except OSError as error:
        raise unreadable(path, error) from error


def _bounded(label: str, file: BinaryIO) -> bytes:
    """Read a file, but not one without end, such as a device."""
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise SourceError(f"{label} has more than {LARGEST // 2**20} MiB, as no text does. Cut it into several.")
    return raw


def unreadable(path: Path, error: OSError) -> SourceError:
    """Return the error for a file that the system doesn't give."""
    if isinstance(error, FileNotFoundError):
        return SourceError(f"There is no file {path}. Check the name and the folder.")
    if isinstance(error, IsADirectoryError):
        return SourceError(f"{path} is a folder. Name the text files in it, such as {path}/*.txt.")
    return SourceError(f"{path} can't be read: {error.strerror or error}.")


def _document(label: str, raw: bytes, ending: str, keep: frozenset[str]) -> Document:
    if raw.startswith(ZIP):
        return _archive(label, raw, keep)
    _refuse(label, raw)
    beginning = plain.beginning(raw, BEGINNING)
    if PAGE.match(beginning) or (ending in PAGE_NAMES and beginning.lstrip().startswith(b"<")):
        # Imported where it is needed: a plain text shall not wait for a parser of pages.
        from audiobook.reading import html

        return html.read(label, raw, keep)
    return plain.read(label, raw, keep)


def _archive(label: str, raw: bytes, keep: frozenset[str]) -> Document:
    from audiobook.reading import archive

    opened = archive.Archive(label, raw)
    if "META-INF/container.xml" in opened.names:
        from audiobook.reading import epub

        return epub.read(label, opened, keep)
    if "word/document.xml" in opened.names or "_rels/.rels" in opened.names:
        from audiobook.reading import docx

        return docx.read(label, opened, keep)
    raise SourceError(
        f"{label} is a ZIP archive, and neither an EPUB nor a Word document (.docx).\n"
        "Unpack it, and name the texts in it; save an OpenDocument text as .docx."
    )


def _refuse(label: str, raw: bytes) -> None:
    if raw.startswith(OLE):
        if LOCKED in raw:
            raise SourceError(f"{label} is locked with a password. Save a copy without one.")
        raise SourceError(f"{label} is an old Word document (.doc). Open it in a word processor and save it as .docx.")
    for pattern, what, advice in REFUSED:
        if pattern.match(raw[:BEGINNING]):
            raise SourceError(f"{label} is {what}. {advice}")
