"""A read-along book: EPUB 3.3 with Media Overlays, every sentence in step with the sound (W3C).

A document for each chapter that has a heading, so that it starts on a page of its own; a text without headings stays
in one piece, with its parts in the table of contents. All documents share one MP3: cut in pieces it would need an
encoder's delay for each.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from audiobook import cover
from audiobook.formats import _language, _levelled, _publication
from audiobook.formats._overlay import Block, Kind, Section, Segment, Sentence, sections, segments
from audiobook.formats._text import one_line
from audiobook.formats._xhtml import lines, paragraph, root
from audiobook.formats._xml import Element, document, element
from audiobook.formats.vtt import timestamp
from audiobook.model import Artefact, Book, Recording

SOUND = "sound.mp3"
ACTIVE = "-epub-media-overlay-active"
"""The class that a reader puts on what is heard."""
CONFORMS_TO = "EPUB Accessibility 1.1 - WCAG 2.1 Level A"
"""Not AA: that asks for the language of every foreign phrase (3.1.2), which no program here knows."""
FEATURES = (
    "synchronizedAudioText",
    "structuralNavigation",
    "tableOfContents",
    "readingOrder",
    "displayTransformability",
)
"""Of the Schema.org Accessibility Properties vocabulary."""

STYLE = f"""\
body {{ line-height: 1.5; }}
.announcement {{ font-style: italic; }}
.break {{ text-align: center; }}
/* Sentences only: the silence before a chapter lies on a whole block, which would flash. */
span.{ACTIVE} {{ background-color: #ffe680; color: #000000; }}
@media (prefers-color-scheme: dark) {{
  span.{ACTIVE} {{ background-color: #5c4a00; color: #ffffff; }}
}}
"""
_CONTAINER = "urn:oasis:names:tc:opendocument:xmlns:container"
_DC = "http://purl.org/dc/elements/1.1/"
_OPF = "http://www.idpf.org/2007/opf"
_OPS = "http://www.idpf.org/2007/ops"
_SMIL = "http://www.w3.org/ns/SMIL"
_ROLES: dict[Kind, str] = {"announcement": "note", "break": "separator"}


@dataclass(frozen=True, slots=True)
class _Document:
    """A file of text, with its overlay."""

    name: str
    """Without a suffix."""
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """Its file."""
        return f"{self.name}.xhtml"

    @property
    def overlay(self) -> str:
        """Its overlay's file."""
        return f"{self.name}.smil"

    @property
    def title(self) -> str:
        """Its heading."""
        return self.heading.text or self.sections[0].title

    @property
    def heading(self) -> Block:
        """The one at its start, which may follow an announcement."""
        return next(block for block in self.sections[0].blocks if block.kind in ("title", "heading"))

    @property
    def duration(self) -> int:
        """How much of the sound it holds, in ms."""
        return self.sections[-1].end - self.sections[0].begin


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.epub: text, overlays, table of contents, cover, and the levelled MP3 of all of it.

    Raises EncodeError when the sound can't be encoded or levelled.
    """
    path = folder / f"{stem}.epub"
    sound, loudness = _levelled.mp3(recording)
    documents = _documents(sections(recording))
    with ZipFile(path, "w") as archive:
        # OCF 3.3, 4.2.2: the first file tells what the archive is, and isn't compressed. Nothing is: the sound is
        # by far the most of it, and uncompressed files are the same bytes on every machine.
        _add(archive, "mimetype", b"application/epub+zip")
        _add(archive, "META-INF/container.xml", document(_container(), indented=True))
        _add(archive, "EPUB/package.opf", document(_package(recording, documents), indented=True))
        _add(archive, "EPUB/nav.xhtml", document(_contents(recording.book, documents), "<!DOCTYPE html>"))
        _add(archive, "EPUB/style.css", STYLE.encode())
        _add(archive, "EPUB/cover.jpg", cover.of(recording.book))
        for each in documents:
            _add(archive, f"EPUB/{each.text}", document(_text(recording.book, each), "<!DOCTYPE html>"))
            _add(archive, f"EPUB/{each.overlay}", document(_overlay(each), indented=True))
        _add_file(archive, f"EPUB/{SOUND}", sound)
    return Artefact("epub", path, loudness)


def _documents(chapters: tuple[Section, ...]) -> tuple[_Document, ...]:
    """Begin a document with each chapter that has a heading; those without one stay with what is before them."""
    groups: list[list[Section]] = []
    for section in chapters:
        if section.has_heading or not groups:
            groups.append([])
        groups[-1].append(section)
    return tuple(_Document(f"text-{number:04}", tuple(group)) for number, group in enumerate(groups, start=1))


def _container() -> Element:
    file = {"full-path": "EPUB/package.opf", "media-type": "application/oebps-package+xml"}
    files = element("rootfiles", {}, element("rootfile", file))
    return element("container", {"version": "1.0", "xmlns": _CONTAINER}, files)


def _package(recording: Recording, documents: tuple[_Document, ...]) -> Element:
    language = _language.tag(recording.book.language)
    metadata = (*_descriptions(recording), *_times(recording, documents), *_access(recording))
    return element(
        "package",
        {"xmlns": _OPF, "version": "3.0", "unique-identifier": "id", "xml:lang": language},
        element("metadata", {"xmlns:dc": _DC}, *metadata),
        element("manifest", {}, *_manifest(documents)),
        element(
            "spine",
            {"page-progression-direction": _language.direction(language)},
            *(element("itemref", {"idref": each.name}) for each in documents),
        ),
    )


def _descriptions(recording: Recording) -> Iterator[Element]:
    """Yield what it is and whose it is."""
    book = recording.book
    title, author, published = _publication.title(book), one_line(book.author), _publication.published(book)
    yield element("dc:identifier", {"id": "id"}, _publication.identifier(book))
    yield element("dc:title", {"dir": "auto"}, title)
    yield element("dc:language", {}, _language.tag(book.language))
    if author:
        yield element("dc:creator", {"id": "author", "dir": "auto"}, author)
        yield element("meta", {"property": "role", "refines": "#author", "scheme": "marc:relators"}, "aut")
    if published:
        yield element("dc:date", {}, published)
    yield element("dc:description", {"xml:lang": "en"}, _publication.origin(recording))
    yield _meta("dcterms:modified", f"{_publication.first_day(book)}T00:00:00Z")


def _times(recording: Recording, documents: tuple[_Document, ...]) -> Iterator[Element]:
    """Yield what readers need to play along (EPUB 3.3, 9.3.5)."""
    yield _meta("media:duration", timestamp(recording.duration))
    for each in documents:
        refined = {"property": "media:duration", "refines": f"#{each.name}-overlay"}
        yield element("meta", refined, timestamp(each.duration))
    yield _meta("media:narrator", one_line(recording.narrator))
    yield _meta("media:active-class", ACTIVE)


def _access(recording: Recording) -> Iterator[Element]:
    """Yield for whom it is (EPUB Accessibility 1.1). Text or sound alone is enough: each has all of the book."""
    for mode in ("textual", "auditory"):
        yield _meta("schema:accessMode", mode)
        yield _meta("schema:accessModeSufficient", mode)
    for feature in FEATURES:
        yield _meta("schema:accessibilityFeature", feature)
    yield _meta("schema:accessibilityHazard", "none")
    summary = (
        "All of the text is in step with a recording of it, sentence by sentence. "
        f"{_publication.origin(recording)} There are no pictures but the cover."
    )
    yield element("meta", {"property": "schema:accessibilitySummary", "xml:lang": "en"}, summary)
    yield _meta("dcterms:conformsTo", CONFORMS_TO)
    yield element(
        "meta", {"property": "a11y:certifiedBy", "xml:lang": "en"}, "audiobook, the program that made this book"
    )


def _meta(name: str, content: str) -> Element:
    return element("meta", {"property": name}, content)


def _manifest(documents: tuple[_Document, ...]) -> Iterator[Element]:
    xhtml = "application/xhtml+xml"
    yield _item("nav", "nav.xhtml", xhtml, properties="nav")
    yield _item("style", "style.css", "text/css")
    yield _item("cover", "cover.jpg", "image/jpeg", properties="cover-image")
    yield _item("sound", SOUND, "audio/mpeg")
    for each in documents:
        yield _item(each.name, each.text, xhtml, **{"media-overlay": f"{each.name}-overlay"})
        yield _item(f"{each.name}-overlay", each.overlay, "application/smil+xml")


def _item(name: str, file: str, kind: str, **more: str) -> Element:
    return element("item", {"id": name, "href": file, "media-type": kind, **more})


def _contents(book: Book, documents: tuple[_Document, ...]) -> Element:
    """Return the table of contents; what stands there besides the titles is in English."""
    heading = element("h1", {"id": "contents", "lang": "en", "xml:lang": "en"}, "Contents")
    entries = (_entry(book, each, section) for each in documents for section in each.sections)
    attributes = {"epub:type": "toc", "role": "doc-toc", "aria-labelledby": "contents"}
    body = element("nav", attributes, heading, element("ol", {}, *lines(entries)))
    return _page(book, _publication.title(book), body)


def _entry(book: Book, at: _Document, section: Section) -> Element:
    place = at.text if section is at.sections[0] else f"{at.text}#{section.blocks[0].id}"
    attributes = _language.against(section.title, _language.tag(book.language))
    return element("li", {}, element("a", {"href": place, **attributes}, section.title))


def _text(book: Book, of: _Document) -> Element:
    blocks = [block for section in of.sections for block in section.blocks]
    attributes = {"id": of.name, "epub:type": "chapter", "role": "doc-chapter", "aria-labelledby": of.heading.id}
    body = element("section", attributes, *lines(_paragraph(book, block) for block in blocks))
    return _page(book, of.title, body)


def _page(book: Book, title: str, body: Element) -> Element:
    language = _language.tag(book.language)
    style = element("link", {"rel": "stylesheet", "type": "text/css", "href": "style.css"})
    return element(
        "html",
        root(language, {"xmlns:epub": _OPS, "dir": _language.direction(language)}),
        element("head", {}, element("title", {}, title), style),
        element("body", {}, body),
    )


def _paragraph(book: Book, block: Block) -> Element:
    attributes = {"class": block.kind, "role": _ROLES[block.kind]} if block.kind in _ROLES else {}
    return paragraph(block, _language.tag(book.language), attributes, _sentence)


def _sentence(sentence: Sentence) -> Element:
    return element("span", {"id": sentence.id}, sentence.text)


def _overlay(of: _Document) -> Element:
    clips = [segment for section in of.sections for segment in segments(section)]
    attributes = {"id": "all", "epub:textref": f"{of.text}#{of.name}", "epub:type": "chapter"}
    return element(
        "smil",
        {"xmlns": _SMIL, "xmlns:epub": _OPS, "version": "3.0"},
        element("body", {}, element("seq", attributes, *(_clip(of, clip) for clip in clips))),
    )


def _clip(of: _Document, clip: Segment) -> Element:
    times = {"clipBegin": timestamp(clip.begin), "clipEnd": timestamp(clip.end)}
    return element(
        "par",
        {"id": f"par-{clip.id}"},
        element("text", {"src": f"{of.text}#{clip.id}"}),
        element("audio", {"src": SOUND, **times}),
    )


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_info(name), content)


def _add_file(archive: ZipFile, name: str, path: Path) -> None:
    info = _info(name)
    info.file_size = path.stat().st_size  # from this, the archive knows whether it needs 64-bit sizes
    with path.open("rb") as source, archive.open(info, "w") as copy:
        shutil.copyfileobj(source, copy)


def _info(name: str) -> ZipInfo:
    """Return a file's entry: the same day, system and rights for every file on every machine."""
    info = ZipInfo(name)
    info.create_system = 3  # Unix, as the rights are
    info.external_attr = 0o100644 << 16
    return info
