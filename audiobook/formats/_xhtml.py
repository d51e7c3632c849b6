"""What the texts of EPUB and DAISY have in common: XHTML of a book's blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from audiobook.formats import _language
from audiobook.formats._overlay import Block, Sentence
from audiobook.formats._xml import Element, element

NAMESPACE = "http://www.w3.org/1999/xhtml"
_TAGS = {"title": "h1", "heading": "h1", "subheading": "h2"}


def paragraph(
    block: Block, language: str, attributes: Mapping[str, str], heard: Callable[[Sentence], Element]
) -> Element:
    """Return a block as a heading or a paragraph. `heard` gives the element of a sentence that has a sound."""
    known = {"id": block.id, **_language.against(block.text, language), **attributes}
    words: list[Element | str] = []
    for sentence in block.sentences:
        words += [" "] if words else []
        words += [sentence.text if sentence.begin is None else heard(sentence)]
    return element(_TAGS.get(block.kind, "p"), known, *words)


def root(language: str, attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of a whole document in a language."""
    return {"xmlns": NAMESPACE, "lang": language, "xml:lang": language, **attributes}


def lines(elements: Iterable[Element]) -> Iterator[Element | str]:
    """Put each on a line of its own."""
    for each in elements:
        yield "\n"
        yield each
    yield "\n"
