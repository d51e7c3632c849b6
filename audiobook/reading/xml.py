"""XML of a book or a Word file, read as strictly as any; what is wrong with it is told with what to do."""

from __future__ import annotations

from audiobook import xml
from audiobook.errors import SourceError

MOST = 5_000_000
"""Elements: a word processor writes several for each word."""


def parse(label: str, raw: bytes, doctype: bool = True) -> xml.Element:
    """Return the root, as `audiobook.xml.parse` does. Raises SourceError, with `label`."""
    try:
        return xml.parse(raw, doctype=doctype, most=MOST)
    except xml.Fault as fault:
        if fault.is_hostile:
            raise SourceError(
                f"{label} declares XML entities, which can be made to swell or to read other files; they are refused.\n"
                "Save the file anew with a word processor or an e-book program."
            ) from fault
        place = f" in line {fault.line}" if fault.line else ""
        raise SourceError(f"{label} is broken{place}: {fault.what} Fetch or save it anew.") from fault
