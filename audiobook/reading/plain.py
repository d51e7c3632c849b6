"""Bytes → text. UTF-8 comes through as it is; another encoding is never guessed in silence."""

from __future__ import annotations

import codecs
import re

from audiobook.errors import SourceError
from audiobook.reading import Document

# Control characters that no text editor writes; NUL among them.
BINARY = "[\\x00-\\x08\\x0e-\\x1a\\x1c-\\x1f]"
BINARY_BYTE, BINARY_SIGN = re.compile(BINARY.encode()), re.compile(BINARY)
# Byte order marks, and what they tell; those of UTF-32 begin as those of UTF-16 do.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
HALF_EMPTY = 0.75
"""The share of NULs among every other byte from which a text without a byte order mark is told to be UTF-16."""
BEGINNING = 4096
"""Bytes that are looked at for signs which no text has."""
WESTERN = "cp1252"
NEW_LINE = b"\n"
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
    if not _told(raw).startswith(("utf-16", "utf-32")) and (control := BINARY_BYTE.search(raw)):
        raise SourceError(_no_text(label, f"byte {control.start() + 1}", control[0][0]))
    name, notes = encoding(label, raw)
    is_utf_8 = name.startswith("utf-8")
    is_damaged = is_utf_8 and bool(notes)
    text = raw.decode("utf-8", "replace") if is_damaged else _strict(label, raw, "utf-8" if is_utf_8 else name)
    if sign := BINARY_SIGN.search(text):
        raise SourceError(_no_text(label, f"sign {sign.start() + 1}", ord(sign[0])))
    return Document(text, notes=notes, converted=is_damaged or not is_utf_8)


def beginning(raw: bytes, count: int) -> bytes:
    """Return the first `count` bytes as they would be in an encoding that holds ASCII."""
    name = _told(raw)
    return raw[:count].decode(name, "ignore").encode("utf-8", "replace") if name else raw[:count]


def decode(label: str, raw: bytes, encoding_declared: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the text of bytes without a byte order mark, and notes on how it was read.

    The mark counts first, then `encoding_declared` by the file itself; else it is told as in `encoding`. Raises
    SourceError, with `label`, where none fits.
    """
    if encoding_declared and not _marked(raw):
        text = raw.decode(encoding_declared, errors="replace")
        lost = text.count("\ufffd")
        note = f"{label} says that it is {encoding_declared}, and {lost} of its signs are not."
        return text, (note,) if lost else ()
    name, notes = encoding(label, raw)
    return _strict(label, raw, name), notes


def encoding(label: str, raw: bytes, whole: bool = True) -> tuple[str, tuple[str, ...]]:
    """Tell the encoding of a file that declares none, and give notes on what was assumed.

    A byte order mark counts first, and the codec that is named takes it off; then UTF-8; then UTF-16, if nearly every
    other byte is 0; UTF-8 with bytes that are broken; and Windows-1252 at last. The last three are told. `raw` is the
    file, or if not `whole` its beginning. Raises SourceError, with `label`, where none fits.
    """
    if marked := _marked(raw):
        return ("utf-8-sig" if marked == "utf-8" else marked[:6]), ()
    if wide := _wide(raw):
        note = (
            f"{label} has no byte order mark. It was read as {wide.upper()}, for nearly every other byte of it is 0. "
            "If letters are wrong, convert it: iconv -f ITS-ENCODING -t UTF-8 FILE"
        )
        return wide, (note,)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=whole)
    except UnicodeDecodeError as error:
        place = (
            f"line {raw.count(NEW_LINE, 0, error.start) + 1}, byte {error.start + 1} has the value {raw[error.start]}"
        )
        if broken := _broken(raw):
            return "utf-8", (_damaged(label, place, broken),)
        return WESTERN, (_western(label, raw, place),)
    return "utf-8", ()


def _told(raw: bytes) -> str:
    """Name the encoding that a byte order mark tells, or that every other byte does."""
    return _marked(raw) or _wide(raw)


def _wide(raw: bytes) -> str:
    """Name the kind of UTF-16 that bytes without a mark are in, if they surely are."""
    if b"\0" not in raw:
        return ""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if min(even, odd) or max(even, odd) < HALF_EMPTY * (len(raw) // 2):
        return ""
    name = "utf-16-be" if even else "utf-16-le"
    return "" if BINARY_SIGN.search(raw[:BEGINNING].decode(name, "ignore")) else name


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


def _strict(label: str, raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{label} begins as {name.upper()} text, and breaks off at byte {error.start + 1}: {error.reason}.\n"
            "Save it anew as UTF-8."
        ) from error


def _broken(raw: bytes) -> int:
    """Count the bytes that are no UTF-8, in a file whose letters beyond ASCII mostly are; 0 for any other file."""
    found = [bool(match[1]) for match in UTF_8.finditer(raw)]
    return len(found) - sum(found) if 2 * sum(found) >= len(found) else 0


def _damaged(label: str, place: str, count: int) -> str:
    """Return a note that a file is read as UTF-8, and that some of its bytes are not."""
    stand = "such byte stands" if count == 1 else "such bytes stand"
    lost = "\N{REPLACEMENT CHARACTER} (U+FFFD), which is a sign that is lost."
    return f"{label} is damaged UTF-8: {place}. {count} {stand} in the text as {lost}"


def _western(label: str, raw: bytes, place: str) -> str:
    """Return a note that a file is read as Windows-1252. Raises SourceError if it can't be that either."""
    if not _is_western(raw):
        raise SourceError(
            f"{label} is not UTF-8 text: {place}; and it is no Windows-1252 (Latin-1) either.\n"
            "Convert it: iconv -f ITS-ENCODING -t UTF-8 FILE"
        )
    return (
        f"{label} is not UTF-8: {place}. It was read as Windows-1252 (Latin-1). "
        "If letters are wrong, convert it: iconv -f ITS-ENCODING -t UTF-8 FILE"
    )


def _is_western(raw: bytes) -> bool:
    """Tell whether what Windows-1252 makes of bytes can be meant, and is not another script."""
    try:
        text = raw.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    letters = [character for character in text if character.isalpha()]
    beyond = sum(not character.isascii() for character in letters)
    return beyond <= max(1, FOREIGN * len(letters))


def _no_text(label: str, place: str, value: int) -> str:
    return (
        f"{label} is not text: {place} is a control character (value {value}).\n"
        "Give a plain text or Markdown file in UTF-8, a web page, an EPUB or a Word document (.docx)."
    )
