"""XML as a small tree, read strictly: no entity is expanded, nothing is fetched, and there is an end to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

DEEPEST = 200
"""Elements in each other; what programs write has some thirty."""
_XML = "http://www.w3.org/XML/1998/namespace"


class Fault(Exception):
    """What is wrong with a document; whoever reads it knows what a person can do about that."""

    def __init__(self, what: str, line: int = 0, is_hostile: bool = False) -> None:
        super().__init__(what)
        self.what = what
        """A sentence."""
        self.line = line
        """From 1; 0 for the whole."""
        self.is_hostile = is_hostile
        """Whether it declares what can be made to swell, or to read other files."""


@dataclass(slots=True)
class Element:
    """An element; grows while it is read, and stays as it is afterwards."""

    name: str
    """Without its namespace."""
    space: str
    """The namespace; empty for none."""
    attributes: dict[str, str]
    """By name, without namespaces but for "xml:lang"."""
    line: int
    children: list[Element | str] = field(default_factory=list)

    def all(self, name: str = "") -> Iterator[Element]:
        """Yield this element and all within it, in the order of the text; only those of a name when one is given."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            if not name or element.name == name:
                yield element
            waiting.extend(child for child in reversed(element.children) if isinstance(child, Element))

    def first(self, name: str) -> Element:
        """Give the first element of a name within this one, or an empty one."""
        return next(self.all(name), Element(name, "", {}, 0))

    def inside(self, name: str) -> list[Element]:
        """Give the children of a name."""
        return [child for child in self.children if isinstance(child, Element) and child.name == name]

    def get(self, attribute: str) -> str:
        """Give an attribute; empty without it."""
        return self.attributes.get(attribute, "")

    @property
    def text(self) -> str:
        """All text within, white space evened."""
        parts: list[str] = []
        waiting: list[Element | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                waiting.extend(reversed(node.children))
        return " ".join("".join(parts).split())


def parse(data: bytes, *, doctype: bool = False, most: int = 500_000) -> Element:
    """Read a document of at most so many elements; `doctype` allows a document type that declares nothing itself.

    Raises Fault for what is not well-formed, for declarations, and for more elements than asked for, or deeper ones.
    """
    reader = _Reader(doctype, most)
    try:
        return reader.read(data)
    except expat.ExpatError as error:
        raise Fault(f"It is not well-formed: {expat.ErrorString(error.code)}.", error.lineno) from error
    except (ValueError, LookupError) as error:  # an encoding that Python lacks
        raise Fault("Its encoding is unknown.") from error


class _Reader:
    def __init__(self, doctype: bool, most: int) -> None:
        self._doctype = doctype
        self._most = most
        self._open: list[Element] = []
        self._root: Element | None = None
        self._count = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._declare
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.SkippedEntityHandler = self._entity

    def read(self, data: bytes) -> Element:
        self._parser.Parse(data, True)
        if self._root is None:
            raise self._fault("It is empty.")
        return self._root

    def _declare(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal or not self._doctype:
            raise self._fault("It declares a document type, which may hide other files in it.", is_hostile=True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > self._most:
            raise self._fault("It has more elements than a reader would take.")
        if len(self._open) >= DEEPEST:
            raise self._fault(f"It is nested more than {DEEPEST} levels deep, as no such file is by right.")
        space, _, local = name.rpartition(" ")
        element = Element(local, space, dict(map(_attribute, attributes.items())), self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].children.append(text)

    def _entity(self, name: str, parameter: bool) -> None:
        raise self._fault(f"It uses the entity {name[:40]}, which isn't declared in it.")

    def _fault(self, what: str, is_hostile: bool = False) -> Fault:
        return Fault(what, self._parser.CurrentLineNumber, is_hostile)


def _attribute(item: tuple[str, str]) -> tuple[str, str]:
    space, _, local = item[0].rpartition(" ")
    return (f"xml:{local}" if space == _XML else local), item[1]
