"""Bytes → text. UTF-8 comes through as it is; another encoding is never guessed in silence."""

from __future__ import annotations

import codecs
import re

from audiobook.errors import SourceError
from audiobook.reading import Document

# Control characters that no text editor writes; NUL among them.
BINARY = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b")
BINARY_SIGN = re.compile(f"[{''.join(map(re.escape, map(chr, sorted(BINARY))))}]")
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""Byte order marks, and what they tell."""
WESTERN = "cp1252"
"""What HTML's standard reads for Latin-1, too."""
FOREIGN = 0.3
"""The share of letters beyond ASCII from which a text is none of a Western language."""
DECLARABLE = 4096
"""Bytes in which a page names its encoding; HTML's standard looks at 1,024."""
# A letter as UTF-8 has it, or a byte beyond ASCII that is part of none.
UTF_8 = re.compile(rb"([\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})|[\x80-\xff]")
# Of Python's encodings those of the Encoding Standard; others are for other things, or change what is no letter.
KNOWN = re.compile(
    r"iso8859-\d+|cp(?:125\d|866|874|932|949)|koi8-[ru]|shift_jis|euc_(?:jp|kr)|gb(?:k|2312|18030)|big5|mac-\w+"
)


def read(label: str, raw: bytes, keep: frozenset[str]) -> Document:
    """Read a plain text or Markdown, without changing a character; `keep` has no meaning here.

    Raises SourceError for bytes that are no text, or in an encoding that can't be told.
    """
    marked = _marked(raw)
    if marked != "utf-8" and marked:
        text, notes = decode(label, raw)
        return Document(text, notes=notes)
    _check_text(label, raw)
    text, notes = decode(label, raw)
    if raw.startswith(codecs.BOM_UTF8):
        text = f"\ufeff{text}"
    return Document(text, notes=notes, converted=bool(notes))


def decode(label: str, raw: bytes, encoding: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the text of bytes without a byte order mark, and notes on how it was read.

    The mark counts first, then `encoding`, which the file itself declares, then UTF-8, and Windows-1252 at last, which
    is told. Raises SourceError, with `label`, where none fits.
    """
    marked = _marked(raw)
    if marked:
        mark = next(mark for mark, name in MARKS.items() if name == marked)
        return _strict(label, raw[len(mark) :], marked), ()
    if encoding:
        text = raw.decode(encoding, errors="replace")
        lost = text.count("\ufffd")
        return text, (f"{label} says that it is {encoding}, and {lost} of its signs are not.",) if lost else ()
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _western(label, raw, error)


def encoding(label: str, raw: bytes, whole: bool) -> tuple[str, tuple[str, ...]]:
    """Return the name of the encoding in which a file begins that declares none, and notes on how it was told.

    `raw` is the file, or if not `whole` its beginning. Otherwise as `decode`; the codec takes a byte order mark off.
    """
    if marked := _marked(raw):
        return ("utf-8-sig" if marked == "utf-8" else "utf-16"), ()
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=whole)
    except UnicodeDecodeError as error:
        return WESTERN, _western(label, raw, error)[1]
    return "utf-8", ()


def declared(raw: bytes, pattern: re.Pattern[bytes]) -> str:
    """Return the encoding that a file's first lines name, if Python knows it as one of text; else nothing."""
    found = pattern.search(raw, 0, DECLARABLE)
    name = found[1].decode("ascii", "ignore") if found else ""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return ""
    # What is called Latin-1 or ASCII on the web is Windows-1252, says the Encoding Standard.
    if known in ("iso8859-1", "ascii"):
        return WESTERN
    # UTF-8 is tried anyhow, and what claims it wrongly is told.
    return known if KNOWN.fullmatch(known) else ""


def _marked(raw: bytes) -> str:
    return next((name for mark, name in MARKS.items() if raw.startswith(mark)), "")


def _strict(label: str, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{label} begins as {encoding.upper()} text, and breaks off at byte {error.start + 1}: {error.reason}.\n"
            "Save it anew as UTF-8."
        ) from error


def _western(label: str, raw: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[str, ...]]:
    line = raw.count(b"\n", 0, error.start) + 1
    place = f"line {line}, byte {error.start + 1} has the value {raw[error.start]}"
    text = _as_western(raw)
    if text is None:
        raise SourceError(
            f"{label} is not UTF-8 text: {place}; and it is no Windows-1252 (Latin-1) either.\n"
            "Convert it: iconv -f ITS-ENCODING -t UTF-8 FILE"
        ) from error
    note = (
        f"{label} is not UTF-8: {place}. It was read as Windows-1252 (Latin-1). "
        "If letters are wrong, convert it: iconv -f ITS-ENCODING -t UTF-8 FILE"
    )
    return text, (note,)


def _as_western(raw: bytes) -> str | None:
    """Return the text that Windows-1252 gives, unless it can't be meant: damaged UTF-8, or another script."""
    found = [bool(match[1]) for match in UTF_8.finditer(raw)]
    if 2 * sum(found) >= len(found):
        return None
    try:
        text = raw.decode(WESTERN)
    except UnicodeDecodeError:
        return None
    letters = [character for character in text if character.isalpha()]
    beyond = sum(not character.isascii() for character in letters)
    return None if beyond > max(1, FOREIGN * len(letters)) else text


def _check_text(label: str, raw: bytes) -> None:
    binary = next((place for place, byte in enumerate(raw) if byte in BINARY), None)
    if binary is not None:
        raise SourceError(
            f"{label} is not text: byte {binary + 1} is a control character (value {raw[binary]}).\n"
            "Give a plain text or Markdown file in UTF-8, a web page, an EPUB or a Word document (.docx)."
        )
