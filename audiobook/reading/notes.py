"""Footnotes and endnotes: the marks in the text, the notes that they lead to, and the headings above them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urldefrag

from audiobook.reading.markup import level
from audiobook.reading.tree import Element

Pages = Mapping[str, Element]
"""The pages of a book by their paths; a page that stands alone has an empty one."""
Family = Mapping[Element, Element]
"""Each element's parent."""

# EPUB Structural Semantics 1.1 and WAI-ARIA for digital publishing have the same names.
MARKS = frozenset({"noteref"})
HOLDERS = frozenset("footnote footnotes endnote endnotes rearnote rearnotes note notes".split())
MARK_CLASS = re.compile(r"(?:foot|end)?note-?(?:ref|anchor|mark|number)s?|fn-?ref|reference")
HOLDER_CLASS = re.compile(
    r"(?:foot|end)-?notes?(?:-(?:list|text|area|definition))?|reflist|references|mw-references-wrap"
)
BACK_CLASS = re.compile(r"(?:foot|end)?note-?back(?:ref|link)?|mw-cite-backlink")
MARK = re.compile(r"[\[(]?(?:\d{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§¶#]{1,4})[\])]?", re.IGNORECASE)
# What a note can be; what has headings, or is longer, is a part of the book that is only linked to.
NOTE_TAGS = frozenset("aside blockquote dd div li p section tr".split())
LONGEST_NOTE = 5_000
"""Code points."""
TITLES = re.compile(r"#+ (?:foot ?|end ?)?notes|#+ references|#+ (?:fuß|end)noten|#+ anmerkungen", re.IGNORECASE)


def kinds(element: Element) -> set[str]:
    """Return what an element says it is, by EPUB's or WAI-ARIA's names."""
    said = f"{element.get('epub:type')} {element.get('role')}".lower().split()
    return {kind.removeprefix("doc-") for kind in said}


def classes(element: Element) -> list[str]:
    """Return the classes and the id of an element."""
    return f"{element.get('class')} {element.get('id')}".lower().replace("_", "-").split()


def find(pages: Pages) -> tuple[set[Element], int]:
    """Return the elements that are notes or lead to them, and how many notes there are."""
    parents = {child: parent for page in pages.values() for parent, child in _families(page)}
    places = {
        (path, name): one
        for path, page in pages.items()
        for one in page.elements()
        if (name := one.get("id") or one.get("name"))
    }
    found: set[Element] = set()
    notes: set[Element] = set()
    for path, page in pages.items():
        for element in page.elements():
            if is_mark(element, parents.get(element)):
                found.add(element)
                notes |= _led_to(element, path, places, parents)
            elif _is_holder(element):
                found.add(element)
                notes.add(element)
    return found | notes, len(notes)


def back_links(page: Element) -> set[Element]:
    """Return the links from notes back to the text: an arrow is nothing to hear."""
    return {one for one in page.elements() if _has_class(one, BACK_CLASS) or "backlink" in kinds(one)}


def is_mark(element: Element, parent: Element | None) -> bool:
    """Return whether an element is the mark of a note."""
    if kinds(element) & MARKS:
        return True
    if element.tag == "sup":
        return _has_class(element, MARK_CLASS)
    if element.tag != "a" or "#" not in element.get("href") or not MARK.fullmatch(element.text()):
        return False
    raised = (parent is not None and parent.tag == "sup") or any(
        isinstance(child, Element) and child.tag == "sup" for child in element.children
    )
    return raised or _has_class(element, MARK_CLASS)


def without_empty_titles(blocks: list[str]) -> list[str]:
    """Leave out titles such as "Notes" that have nothing below them any more."""
    kept: list[str] = []
    for block in reversed(blocks):
        below = level(kept[-1]) if kept else 1
        if not (TITLES.fullmatch(block) and below and below <= level(block)):
            kept.append(block)
    return kept[::-1]


def _families(element: Element) -> Iterator[tuple[Element, Element]]:
    for one in element.elements():
        for child in one.children:
            if isinstance(child, Element):
                yield one, child


def _is_holder(element: Element) -> bool:
    return element.tag != "body" and (bool(kinds(element) & HOLDERS) or _has_class(element, HOLDER_CLASS))


def _has_class(element: Element, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(name) for name in classes(element))


def _led_to(mark: Element, path: str, places: Mapping[tuple[str, str], Element], parents: Family) -> set[Element]:
    """Return the note that a mark leads to, if there is one."""
    links = [mark, *(one for one in mark.elements() if one.tag == "a")]
    file, place = next((urldefrag(link.get("href")) for link in links if "#" in link.get("href")), ("", ""))
    there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file))) if file else path
    target = places.get((there, unquote(place)))
    while target is not None and target.tag not in NOTE_TAGS:
        target = parents.get(target)
    while target is not None and (parent := parents.get(target)) is not None and parent.tag in ("li", "aside"):
        target = parent
    if target is None or not _is_short(target) or any(one is mark for one in target.elements()):
        return set()
    return {target}


def _is_short(note: Element) -> bool:
    return len(note.text()) <= LONGEST_NOTE and not any(re.fullmatch("h[1-6]", one.tag) for one in note.elements())
