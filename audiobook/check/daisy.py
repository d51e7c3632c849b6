"""A DAISY 2.02 book: the folder with ncc.html, SMIL files and sound, as players for blind readers take it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from audiobook.check import read, smil, sound, xml
from audiobook.check.finding import Account, Broken, Finder, Finding, Look, clock
from audiobook.model import Cue
from audiobook.xml import Element

NCC = "ncc.html"
"""The navigation control centre, by which a folder is known as a DAISY book."""
NEEDED = (
    "dc:title dc:creator dc:date dc:identifier dc:language dc:format dc:publisher ncc:charset ncc:pageFront "
    "ncc:pageNormal ncc:pageSpecial ncc:tocItems ncc:totalTime"
).split()
"""What the specification asks for in ncc.html (DAISY 2.02, 2.1.3)."""

_TOTAL = 2000
"""ms that the told total may differ: it is often in whole seconds."""
_HEADING = re.compile(r"h[1-6]")
_AGAIN = "Build the edition again."


def look(path: Path) -> Look:
    """Look at ncc.html, then at each SMIL file and its sound, then at both together."""
    finder = Finder(path)
    documents: dict[str, Element] = {}
    ncc = _read(path, NCC, documents)
    yield from _metadata(finder, ncc)
    headings = [each for each in ncc.all() if _HEADING.fullmatch(each.name)]
    if not headings or headings[0].name != "h1" or headings[0].get("class") != "title":
        yield finder.error(NCC, "Its first heading is not an h1 of the class title.", _AGAIN)
    links = [link for link in ncc.all("a") if link.get("href")]
    files = dict.fromkeys(smil.resolved(NCC, link.get("href")).partition("#")[0] for link in links)
    roots = {file: _read(path, file, documents) for file in files}
    found = [pair for file, root in roots.items() for pair in smil.pairs(root, file, "clip-begin", "clip-end")]
    ids = {f"{file}#{each.get('id')}" for file, root in roots.items() for each in root.all() if each.get("id")}
    for link in links:
        if smil.resolved(NCC, link.get("href")) not in ids:
            yield finder.error(f"{NCC}, line {link.line}", f"The link {link.get('href')[:80]} leads nowhere.", _AGAIN)
    yield from _texts(finder, path, found, documents)
    yield from smil.clips_fit(finder, found, _durations(path, found))
    placed = smil.placed(found)
    yield from _total(finder, ncc, placed)
    return Account(
        path,
        chapters=tuple(_chapters(headings, placed)),
        sentences=tuple(smil.sentences(placed, documents)),
    )


def _read(folder: Path, name: str, documents: dict[str, Element]) -> Element:
    """Read a document once. Raises Broken when it isn't in the book's folder."""
    if name not in documents:
        documents[name] = xml.parse(read.raw(_file(folder, name)), name, doctype=True)
    return documents[name]


def _file(folder: Path, name: str) -> Path:
    """Find a file of the book; players ignore whether a name is in capitals. No name leads out of the folder."""
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise Broken("It isn't in the book.", _AGAIN, name[:80])
    return path


def _metadata(finder: Finder, ncc: Element) -> Iterator[Finding]:
    told = {meta.get("name").lower(): meta.get("content") for meta in ncc.all("meta")}
    missing = [name for name in NEEDED if not told.get(name.lower(), "").strip()]
    if missing:
        yield finder.error(NCC, f"It lacks metadata: {', '.join(missing)}.", _AGAIN)
    if told.get("dc:format", "").lower() not in ("", "daisy 2.02"):
        yield finder.error(NCC, "dc:format is not Daisy 2.02.", _AGAIN)


def _texts(finder: Finder, folder: Path, found: list[smil.Pair], documents: dict[str, Element]) -> Iterator[Finding]:
    for name in dict.fromkeys(pair.text.partition("#")[0] for pair in found if pair.text):
        _read(folder, name, documents)
    ids = {f"{name}#{each.get('id')}" for name, root in documents.items() for each in root.all() if each.get("id")}
    for pair in found:
        if pair.text not in ids:
            yield finder.error(pair.place, f"Its text {pair.text[:80]!r} isn't there.", _AGAIN)
        if not pair.sound:
            yield finder.error(pair.place, "It has no sound.", _AGAIN)


def _durations(folder: Path, found: list[smil.Pair]) -> dict[str, int]:
    names = dict.fromkeys(pair.sound for pair in found if pair.sound)
    return {name: sound.hear(_file(folder, name), "mp3").duration for name in names}


def _total(finder: Finder, ncc: Element, placed: smil.Placed) -> Iterator[Finding]:
    written = next((meta.get("content") for meta in ncc.all("meta") if meta.get("name") == "ncc:totalTime"), "")
    told = smil.milliseconds(written)
    if told is None or abs(told - placed.length) > _TOTAL:
        yield finder.error(
            NCC, f"ncc:totalTime is {written[:20]!r}, but the clips last {clock(placed.length)}.", _AGAIN
        )


def _chapters(headings: list[Element], placed: smil.Placed) -> Iterator[Cue]:
    """Yield the headings that can be heard, with their times.

    The book's own heading comes first (DAISY 2.02, 2.1.1), and its clip is often but the silence before the first
    chapter: that chapter begins with it.
    """
    starts = sorted(placed.starts.values())
    title = -1
    for heading in headings:
        for link in heading.all("a"):
            start = placed.starts.get(smil.resolved(NCC, link.get("href")))
            if start is None:
                continue
            if heading.get("class") == "title":
                title = start
            elif title >= 0 and not any(title < other < start for other in starts):
                start, title = title, -1
            yield Cue(start, start, heading.text)
