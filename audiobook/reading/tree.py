"""HTML → a tree of elements and texts. The one door of selectolax, which parses as the HTML standard has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from audiobook.errors import SourceError

LARGEST = 16 * 1024 * 1024
"""Code points of one page."""
DEEPEST = 300
"""Elements that may stand open at once: the parser's time grows with the square of it."""
FLAT = 120
"""Levels of the tree; what lies deeper hangs from the last, so that walking it by recursion is safe."""
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)")
# Void elements, and those that the standard lets end by themselves.
UNCOUNTED = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody tfoot colgroup"
    " option optgroup rp rt html head body".split()
)
# XML closes an empty element in its own tag; HTML would leave it open, and hang all that follows into it.
SELF_CLOSED = re.compile(r"""<([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/>""")
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page."""

    tag: str
    """In lower case."""
    attributes: dict[str, str]
    """Names in lower case; an attribute without a value has an empty one."""
    children: list[Node] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute, or nothing."""
        return self.attributes.get(name, "")

    def elements(self) -> Iterator[Element]:
        """Yield this element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.elements()

    def text(self) -> str:
        """Return all text in it, its white space evened."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()


Node: TypeAlias = "Element | str"


def parse(label: str, html: str) -> Element:
    """Return the page's root. Raises SourceError, with `label`, for a page that is too large or nested too deep."""
    if len(html) > LARGEST:
        raise SourceError(f"{label} is too large for a page: {len(html):,} characters. Split it; {LARGEST:,} will do.")
    _check_depth(label, html)
    root = LexborHTMLParser(html).root
    return _grown(root) if root is not None else Element("html", {})


def from_xhtml(xhtml: str) -> str:
    """Return XHTML as HTML that means the same."""
    opened = SELF_CLOSED.sub(r"<\1\2></\1>", xhtml)
    return CDATA.sub(lambda match: match[1].replace("&", "&amp;").replace("<", "&lt;"), opened)


def _check_depth(label: str, html: str) -> None:
    depth = 0
    for closing, name in TAG.findall(html):
        if name.lower() not in UNCOUNTED:
            depth = max(0, depth + (-1 if closing else 1))
        if depth > DEEPEST:
            raise SourceError(
                f"{label} is broken, or made to do harm: more than {DEEPEST} elements stand open in each other.\n"
                "Open it in a browser or a word processor and save it anew, or save it as plain text."
            )


def _grown(root: LexborNode) -> Element:
    """Copy the parser's tree, without comments."""
    top = Element("html", _attributes(root))
    path = [top]
    depth = 0  # of the node's parent, from 0
    node = root.first_child
    while node is not None:
        parent = path[min(depth, FLAT)]
        tag = node.tag or ""
        if tag == "-text":
            parent.children.append(node.text_lexbor())
        elif tag[:1].isalpha():
            element = Element(tag.lower(), _attributes(node))
            parent.children.append(element)
            del path[min(depth, FLAT) + 1 :]
            path.append(element)
            if node.first_child is not None:
                node, depth = node.first_child, depth + 1
                continue
        while node is not None and node.next is None and depth:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    return top


def _attributes(node: LexborNode) -> dict[str, str]:
    return {name.lower(): value or "" for name, value in node.attributes.items()}
