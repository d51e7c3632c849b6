"""XML that cannot come out broken: elements are built as values, and the standard library writes them down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

Element = ElementTree.Element

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, escaped or not (XML 1.0, 2.2)."""


def element(name: str, attributes: Mapping[str, str] | None = None, *children: Element | str) -> Element:
    """Return an element with attributes, texts and elements in it.

    Names are written as they stand, with their prefix; a namespace is an attribute like any other.
    """
    made = Element(name, {key: _legal(value) for key, value in (attributes or {}).items()})
    for child in children:
        if isinstance(child, str):
            _add_text(made, _legal(child))
        else:
            made.append(child)
    return made


def document(root: Element, doctype: str = "", *, indented: bool = False) -> bytes:
    """Return a whole document in UTF-8.

    Only what has no text beside its elements may be indented: white space would be added to the text.
    """
    if indented:
        ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="utf-8"?>\n' + (f"{doctype}\n" if doctype else "")
    return (head + ElementTree.tostring(root, encoding="unicode") + "\n").encode()


def _add_text(parent: Element, text: str) -> None:
    """Put text after what is in the element already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("", text)
