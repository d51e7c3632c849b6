"""An EPUB 3 with Media Overlays: its container, its package, and sound that fits the text."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audiobook.check import smil, sound, xml
from audiobook.check.archive import Archive
from audiobook.check.finding import Account, Broken, Finder, Finding, Look
from audiobook.model import Cue
from audiobook.xml import Element

ACCESSIBILITY = (
    "schema:accessMode",
    "schema:accessModeSufficient",
    "schema:accessibilityFeature",
    "schema:accessibilityHazard",
    "schema:accessibilitySummary",
)
"""What EPUB Accessibility 1.1 asks to be told, so that a reader can know before opening."""

_DEMUXERS = {"audio/mpeg": "mp3", "audio/mp4": "mov"}
"""The core types of sound (EPUB 3.3, 3.2)."""
_OVERLAY, _DOCUMENT = "application/smil+xml", "application/xhtml+xml"
_TOLD = 100
"""ms that a told duration may differ from that of the clips."""
_AGAIN = "Build the edition again."


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the manifest."""

    id: str
    path: str
    """From the top of the archive."""
    kind: str
    """Media type."""
    overlay: str
    """Id of the overlay."""
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """What the package document says."""

    root: Element
    items: dict[str, Item]
    """By id."""
    spine: tuple[str, ...]
    """Ids, in reading order."""

    def told(self, name: str) -> list[Element]:
        """Give the meta elements with this property."""
        return [meta for meta in self.root.all("meta") if meta.get("property") == name]


def look(path: Path) -> Look:
    """Look at the container, the package, each document, then at text and sound together."""
    finder = Finder(path)
    with Archive.opened(path) as archive:
        yield from _container(finder, archive)
        package = _package(archive)
        yield from _metadata(finder, package)
        yield from _files(finder, archive, package)
        documents = _documents(archive, package)
        for name, root in documents.items():
            yield from _document(finder, name, root)
        found = _pairs(archive, package)
        if not found:
            yield finder.error("", "It has no Media Overlays: the text is there, but silent.", _AGAIN)
            return Account(path)
        yield from _texts(finder, found, documents)
        yield from smil.clips_fit(finder, found, _durations(archive, package, found))
    placed = smil.placed(found)
    yield from _told_durations(finder, package, found, placed)
    return Account(
        path,
        sentences=tuple(smil.sentences(placed, documents)),
        chapters=tuple(_chapters(package, documents, placed)),
    )


def _container(finder: Finder, archive: Archive) -> Iterator[Finding]:
    first = archive.entries[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.extra:
        yield finder.error(
            "mimetype",
            "It is not the first entry, or is compressed: readers don't see that this is an EPUB.",
            "Store it first, and as it is.",
        )
    elif archive.read("mimetype").strip() != b"application/epub+zip":
        yield finder.error("mimetype", "It doesn't say application/epub+zip.", _AGAIN)
    if "META-INF/encryption.xml" in archive.names:
        raise Broken("It is encrypted, or has encrypted parts.", "Check the book without its protection.")


def _package(archive: Archive) -> Package:
    container = xml.parse(archive.read("META-INF/container.xml"), "META-INF/container.xml")
    file = next((each.get("full-path") for each in container.all("rootfile")), "")
    root = xml.parse(archive.read(file), file)
    items = {each.get("id"): _item(each, file) for each in root.all("item")}
    return Package(root, items, tuple(each.get("idref") for each in root.all("itemref")))


def _item(element: Element, package: str) -> Item:
    return Item(
        element.get("id"),
        smil.resolved(package, element.get("href")),
        element.get("media-type"),
        element.get("media-overlay"),
        tuple(element.get("properties").split()),
    )


def _metadata(finder: Finder, package: Package) -> Iterator[Finding]:
    for name in ("identifier", "title", "language"):
        if not any(each.text for each in package.root.all(name)):
            yield finder.error("package", f"dc:{name} is missing or empty.", _AGAIN)
    if not package.told("dcterms:modified"):
        yield finder.error("package", "dcterms:modified is missing.", _AGAIN)
    missing = [name for name in ACCESSIBILITY if not package.told(name)]
    if not any(each.get("property") == "dcterms:conformsTo" for each in package.root.all()):
        missing.append("dcterms:conformsTo")
    if missing:
        yield finder.error(
            "package",
            f"It doesn't tell how accessible it is; missing: {', '.join(missing)}.",
            "Build the edition again: blind readers choose by it.",
        )
    for name in ("media:active-class", "media:narrator"):
        if not package.told(name):
            yield finder.warning("package", f"{name} is missing.", _AGAIN)


def _files(finder: Finder, archive: Archive, package: Package) -> Iterator[Finding]:
    for item in package.items.values():
        if item.path not in archive.names:
            yield finder.error("package", f"{item.path[:80]} is listed, but not in the book.", _AGAIN)
    for name in package.spine:
        if name not in package.items:
            yield finder.error("package", f"The reading order names {name[:40]!r}, which isn't listed.", _AGAIN)
    for wanted, what in (("nav", "table of contents"), ("cover-image", "cover")):
        if not any(wanted in item.properties for item in package.items.values()):
            yield finder.error("package", f"It has no {what}.", _AGAIN)


def _documents(archive: Archive, package: Package) -> dict[str, Element]:
    """Read all documents, those of the reading order first and in it."""
    order = [*package.spine, *package.items]
    paths = [package.items[name].path for name in order if name in package.items and _is_document(package.items[name])]
    there = dict.fromkeys(path for path in paths if path in archive.names)
    return {path: xml.parse(archive.read(path), path, doctype=True) for path in there}


def _is_document(item: Item) -> bool:
    return item.kind == _DOCUMENT


def _document(finder: Finder, name: str, root: Element) -> Iterator[Finding]:
    if not (root.get("xml:lang") or root.get("lang")):
        yield finder.error(name, "It doesn't tell its language: a screen reader may use the wrong voice.", _AGAIN)
    for image in root.all("img"):
        if "alt" not in image.attributes:
            yield finder.error(
                f"{name}, line {image.line}", "A picture has no text for those who can't see it.",
                "Give it an alt attribute; an empty one if it only adorns.",
            )  # fmt: skip


def _pairs(archive: Archive, package: Package) -> list[smil.Pair]:
    """Read the overlays in reading order."""
    overlays = [package.items[name].overlay for name in package.spine if name in package.items]
    paths = dict.fromkeys(package.items[name].path for name in overlays if name in package.items)
    return [
        pair
        for path in paths
        if path in archive.names
        for pair in smil.pairs(xml.parse(archive.read(path), path), path, "clipBegin", "clipEnd")
    ]


def _texts(finder: Finder, found: list[smil.Pair], documents: dict[str, Element]) -> Iterator[Finding]:
    texts = _by_id(documents)
    for pair in found:
        if pair.text not in texts:
            yield finder.error(pair.place, f"Its text {pair.text[:80]!r} isn't there.", _AGAIN)
        elif not texts[pair.text]:
            yield finder.error(pair.place, f"Its text {pair.text[:80]!r} is empty.", _AGAIN)
        if not pair.sound:
            yield finder.error(pair.place, "It has no sound.", _AGAIN)


def _by_id(documents: dict[str, Element]) -> dict[str, str]:
    """Give the text of every element that has an id, by "file#id", and that of each file by its name."""
    texts = {name: root.text for name, root in documents.items()}
    for name, root in documents.items():
        texts.update({f"{name}#{each.get('id')}": each.text for each in root.all() if each.get("id")})
    return texts


def _durations(archive: Archive, package: Package, found: list[smil.Pair]) -> dict[str, int]:
    """Decode every sound that is referred to, and give its ms by its path. Raises Broken for one that isn't there."""
    kinds = {item.path: item.kind for item in package.items.values()}
    durations = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in dict.fromkeys(pair.sound for pair in found if pair.sound):
            if kinds.get(path) not in _DEMUXERS:
                raise Broken("It is referred to as sound, but is none that readers play.", _AGAIN, path[:80])
            file = archive.extract(path, Path(folder) / "sound")
            durations[path] = sound.hear(file, _DEMUXERS[kinds[path]]).duration
    return durations


def _told_durations(finder: Finder, package: Package, found: list[smil.Pair], placed: smil.Placed) -> Iterator[Finding]:
    told = {meta.get("refines").removeprefix("#"): meta.text for meta in package.told("media:duration")}
    real: Counter[str] = Counter()
    for pair in found:
        real[pair.file] += pair.end - pair.begin
    for item in package.items.values():
        if item.kind == _OVERLAY:
            yield from _told(finder, item.path, told.get(item.id, ""), real[item.path])
    yield from _told(finder, "the whole book", told.get("", ""), placed.length)


def _told(finder: Finder, of: str, written: str, real: int) -> Iterator[Finding]:
    told = smil.milliseconds(written)
    if told is None:
        yield finder.error("package", f"media:duration is missing for {of}.", _AGAIN)
    elif abs(told - real) > _TOLD:
        yield finder.error("package", f"media:duration of {of} is {told} ms, but its clips last {real} ms.", _AGAIN)


def _chapters(package: Package, documents: dict[str, Element], placed: smil.Placed) -> Iterator[Cue]:
    """Yield what the table of contents lists, with the time at which it is first heard."""
    heard: dict[str, int] = {}
    for start, pair in placed.pairs:
        heard.setdefault(pair.text.partition("#")[0], start)
    path = next((item.path for item in package.items.values() if "nav" in item.properties), "")
    tables = [nav for nav in documents[path].all("nav") if nav.get("type") == "toc"] if path in documents else []
    for link in tables[0].all("a") if tables else ():
        target = smil.resolved(path, link.get("href"))
        start_of = placed.starts.get(target, heard.get(re.sub("#.*", "", target)))
        if start_of is not None:
            yield Cue(start_of, start_of, link.text)
