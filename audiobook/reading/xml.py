"""XML without entities: nothing is expanded, nothing else is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from audiobook.errors import SourceError

DEEPEST = 200
"""Elements in each other; what a word processor writes has some thirty."""


@dataclass(slots=True, eq=False)
class Tag:
    """An element with its text; the text between its children is part of it."""

    name: str
    """Without its namespace."""
    attributes: dict[str, str]
    """Names without their namespaces."""
    children: list[Tag] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> list[Tag]:
        """Return every element of this name below this one, in order."""
        found: list[Tag] = []
        for child in self.children:
            found += [child] * (child.name == name) + child.all(name)
        return found

    def first(self, name: str) -> Tag:
        """Return the first element of this name below this one, or an empty one."""
        return next(iter(self.all(name)), Tag(name, {}))


def parse(label: str, raw: bytes, doctype: bool = True) -> Tag:
    """Return the root. Raises SourceError, with `label`, for broken XML, and for entities of its own.

    A document type may be named unless `doctype` is false; it is never read.
    """
    top = Tag("", {})
    open_tags = [top]
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_tags) > DEEPEST:
            raise SourceError(f"{label} is nested more than {DEEPEST} levels deep, as no such file is by right.")
        tag = Tag(_local(name), {_local(key): value for key, value in attributes.items()})
        open_tags[-1].children.append(tag)
        open_tags.append(tag)

    def end(_: str) -> None:
        open_tags.pop()

    def text(characters: str) -> None:
        open_tags[-1].text += characters

    def refuse(*_: object) -> None:
        raise SourceError(
            f"{label} declares XML entities, which can be made to swell or to read other files; they are refused.\n"
            "Save the file anew with a word processor or an e-book program."
        )

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.EntityDeclHandler = refuse
    if not doctype:
        parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise SourceError(f"{label} is broken: {error}. Fetch or save it anew.") from error
    return top.children[0]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
