"""EPUB 2 and 3 without DRM: the chapters in their order, and the book's metadata."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from audiobook.errors import SourceError
from audiobook.reading import FURNITURE, NOTES, Document, furniture, markup, notes, plain, told, tree, xml
from audiobook.reading.archive import Archive, joined, leaves
from audiobook.reading.tree import Element
from audiobook.xml import Element as Part

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
RIGHTS = {
    "META-INF/rights.xml": "Adobe",
    "META-INF/sinf.xml": "Apple",
    "META-INF/license.lcpl": "Readium LCP",
}
# Fonts may be garbled against copying; that is no lock on the text.
FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
XML_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")


def read(label: str, archive: Archive, keep: frozenset[str]) -> Document:
    """Read a book. Raises SourceError when it is broken or locked."""
    _check_rights(label, archive)
    path = _package_path(label, archive)
    package = xml.parse(f"{label}, part {path}", archive.read(path))
    pages, guesses = _pages(label, archive, package, posixpath.dirname(path), keep)
    if not pages:
        raise SourceError(f"{label} holds no page of text: it may be a book of pictures, or an audiobook.")
    left_out: set[Element] = set()
    for page in pages.values():
        left_out |= furniture.hidden(page) | notes.back_links(page)
        left_out |= furniture.lists(page) if FURNITURE not in keep else set()
    count = 0
    if NOTES not in keep:
        marks, count = notes.find(pages)
        left_out |= marks
    titles = _titles(label, archive, package, posixpath.dirname(path))
    pieces = [
        piece for name, page in pages.items() for piece in _chapter(markup.blocks(page, left_out), titles.get(name, ""))
    ]
    text = markup.joined(notes.without_empty_titles(pieces) if count else pieces)
    return _with_metadata(package, text, (*guesses, *told.left_out(count)))


def _check_rights(label: str, archive: Archive) -> None:
    for name, maker in RIGHTS.items():
        if name in archive.names:
            raise SourceError(_locked(label, f"by {maker} ({name})"))
    if ENCRYPTION in archive.names:
        for one in xml.parse(label, archive.read(ENCRYPTION)).all("EncryptedData"):
            method = one.first("EncryptionMethod").attributes.get("Algorithm", "")
            if method not in FONTS:
                part = told.line(one.first("CipherReference").attributes.get("URI", ""))
                raise SourceError(_locked(label, f"({ENCRYPTION}: {part[:80] or 'a part'} is encrypted)"))


def _locked(label: str, how: str) -> str:
    return (
        f"{label} is protected against copying (DRM) {how}, and can't be read.\n"
        "Get it from a shop that sells it without."
    )


def _package_path(label: str, archive: Archive) -> str:
    container = xml.parse(f"{label}, part {CONTAINER}", archive.read(CONTAINER))
    path = container.first("rootfile").attributes.get("full-path", "")
    if leaves(path):
        raise SourceError(f"{label} points outside of itself, to {path[:80]!r}: made to do harm.")
    return path


def _items(package: Part, folder: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the manifest: each part's name in the archive and its attributes, by id."""
    return {
        item.attributes.get("id", ""): (joined(folder, item.attributes.get("href", "")), item.attributes)
        for item in package.first("manifest").all("item")
    }


def _pages(
    label: str, archive: Archive, package: Part, folder: str, keep: frozenset[str]
) -> tuple[dict[str, Element], list[str]]:
    """Return the pages in their order, and what was guessed to read them.

    Those out of the order hold notes and such, and the contents are furniture.
    """
    items = _items(package, folder)
    pages: dict[str, Element] = {}
    guesses: list[str] = []
    for reference in package.first("spine").all("itemref"):
        name, item = items.get(reference.attributes.get("idref", ""), ("", {}))
        if name in pages or item.get("media-type", "").strip().lower() not in PAGES:
            continue
        if "nav" in item.get("properties", "").split() and FURNITURE not in keep:
            continue
        if leaves(name):
            raise SourceError(f"{label} points outside of itself, to {name[:80]!r}: made to do harm.")
        raw = archive.read(name)
        text, guessed = plain.decode(f"{label}, part {name}", raw, plain.declared(raw, XML_ENCODING))
        guesses += guessed
        pages[name] = tree.parse(f"{label}, part {name}", tree.from_xhtml(text))
    return pages, guesses


def _titles(label: str, archive: Archive, package: Part, folder: str) -> dict[str, str]:
    """Return the title that the contents give each page; the first counts. EPUB 3 has them in HTML, EPUB 2 in XML."""
    items = _items(package, folder).values()
    found: dict[str, str] = {}
    for name, item in items:
        if name not in archive.names:
            continue
        raw = archive.read(name) if _is_contents(item) else b""
        if not raw:
            continue
        links = _nav(label, raw) if "nav" in item.get("properties", "").split() else _ncx(label, raw)
        for link, title in links:
            found.setdefault(joined(posixpath.dirname(name), link), title)
    return found


def _is_contents(item: dict[str, str]) -> bool:
    return "nav" in item.get("properties", "").split() or item.get("media-type") == "application/x-dtbncx+xml"


def _nav(label: str, raw: bytes) -> Iterable[tuple[str, str]]:
    page = tree.parse(label, tree.from_xhtml(plain.decode(label, raw)[0]))
    contents = (one for one in page.elements() if one.tag == "nav" and "toc" in notes.kinds(one))
    return [(one.get("href"), one.text()) for nav in contents for one in nav.elements() if one.tag == "a"]


def _ncx(label: str, raw: bytes) -> Iterable[tuple[str, str]]:
    points = xml.parse(label, raw).all("navPoint")
    return [(point.first("content").attributes.get("src", ""), told.line(point.first("text").text)) for point in points]


def _chapter(pieces: list[str], title: str) -> list[str]:
    """Give a page without headings the title that the contents have for it, unless its first words are that."""
    if not pieces or not title or any(markup.level(piece) for piece in pieces):
        return pieces
    same = _folded(pieces[0]) == _folded(title)
    return [markup.heading(title), *pieces[same:]]


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _with_metadata(package: Part, text: str, remarks: tuple[str, ...]) -> Document:
    data = package.first("metadata")
    creators = [told.line(one.text) for one in data.all("creator") if one.attributes.get("role", "aut") == "aut"]
    dates = sorted(data.all("date"), key=lambda one: one.attributes.get("event", "publication") != "publication")
    return Document(
        text,
        title=told.line(data.first("title").text),
        author=", ".join(filter(None, creators)),
        published=next(
            filter(None, (told.date(one.text) for one in dates if one.attributes.get("event") != "modification")), ""
        ),
        language=told.language(data.first("language").text),
        description=told.line(tree.parse("", data.first("description").text).text()),
        notes=remarks,
    )
