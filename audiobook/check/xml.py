"""XML of an edition, read as strictly as any; what is wrong with it becomes a finding."""

from __future__ import annotations

from audiobook import xml
from audiobook.check.finding import Broken

LONGEST = 8_000_000
"""Bytes of a document, at most."""
_MEND = "Build it again."


def parse(data: bytes, where: str, *, doctype: bool = False) -> xml.Element:
    """Read a document as `audiobook.xml.parse` does; `where` names it. Raises Broken."""
    if len(data) > LONGEST:
        raise Broken(f"It has more than {LONGEST:,} bytes, too many for its kind.", _MEND, where)
    try:
        return xml.parse(data, doctype=doctype)
    except xml.Fault as fault:
        line = f"line {fault.line}" if fault.line else ""
        raise Broken(fault.what, _MEND, ", ".join(filter(None, (where, line)))) from fault
