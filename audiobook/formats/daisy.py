"""A talking book for the players and phones of blind readers: DAISY 2.02, full text and full audio.

A folder: ncc.html is where players start and finds each chapter, a SMIL file a chapter says what is heard when,
content.html has the text, and one MP3 the sound (https://daisy.org/activities/standards/daisy/daisy-2/).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from audiobook.formats import _language, _levelled, _publication
from audiobook.formats._overlay import Block, Section, Segment, Sentence, sections, segments
from audiobook.formats._tags import UNKNOWN_AUTHOR
from audiobook.formats._text import one_line
from audiobook.formats._xhtml import lines, paragraph, root
from audiobook.formats._xml import Element, document, element
from audiobook.model import Artefact, Book, Recording

SOUND = "sound.mp3"
TEXT = "content.html"
CONTENTS = "ncc.html"
ORDER = "master.smil"
UNKNOWN_PUBLISHER = "Unknown publisher"
"""The standard asks for a publisher; who made this book with a program is for them to say."""
FORMAT = "Daisy 2.02"
GENERATOR = "audiobook"

_HTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)
_SMIL = '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-SMIL/SMIL10.dtd">'


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write the folder `stem`-daisy: contents, text, a SMIL file a chapter and one with their order, and the MP3.

    Raises EncodeError when the sound can't be encoded or levelled.
    """
    sound, loudness = _levelled.mp3(recording)
    chapters = sections(recording)
    path = folder / f"{stem}-daisy"
    path.mkdir()
    (path / CONTENTS).write_bytes(document(_contents(recording, chapters), _HTML))
    (path / TEXT).write_bytes(document(_text(recording.book, chapters), _HTML))
    (path / ORDER).write_bytes(document(_order(recording, chapters), _SMIL, indented=True))
    for number, section in enumerate(chapters, start=1):
        (path / _file(number)).write_bytes(document(_chapter(recording.book, section), _SMIL, indented=True))
    shutil.copyfile(sound, path / SOUND)
    return Artefact("daisy", path, loudness)


def clock(milliseconds: int) -> str:
    """Return a time as "00:01:02", rounded to whole seconds."""
    minutes, second = divmod(round(milliseconds / 1000), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}"


def _file(number: int) -> str:
    """Return the SMIL file of a chapter, counted from 1; short names, for old players."""
    return f"s{number:04}.smil"


def _contents(recording: Recording, chapters: tuple[Section, ...]) -> Element:
    """Return the navigation control centre: what it is, and a heading for each place to go to."""
    entries = list(_entries(recording.book, chapters))
    files = len(chapters) + len((SOUND, TEXT, CONTENTS, ORDER))
    described = [*_descriptions(recording), *_numbers(recording, files, len(entries))]
    return _page(recording.book, {}, [_meta(name, content) for name, content in described], entries)


def _descriptions(recording: Recording) -> Iterator[tuple[str, str]]:
    book = recording.book
    yield "dc:title", _publication.title(book)
    yield "dc:creator", one_line(book.author) or UNKNOWN_AUTHOR
    yield "dc:publisher", UNKNOWN_PUBLISHER
    yield "dc:date", _publication.published(book) or _publication.FIRST_DAY
    yield "dc:format", FORMAT
    yield "dc:identifier", _publication.identifier(book)
    yield "dc:language", _language.tag(book.language)
    yield "dc:description", _publication.origin(recording)
    yield "ncc:narrator", one_line(recording.narrator)
    yield "ncc:generator", GENERATOR


def _numbers(recording: Recording, files: int, entries: int) -> Iterator[tuple[str, str]]:
    yield "ncc:charset", "utf-8"
    yield "ncc:multimediaType", "audioFullText"
    yield "ncc:depth", "1"
    yield "ncc:files", str(files)
    for kind in ("Front", "Normal", "Special"):
        yield f"ncc:page{kind}", "0"
    yield "ncc:tocItems", str(entries)
    yield "ncc:totalTime", clock(recording.duration)


def _entries(book: Book, chapters: tuple[Section, ...]) -> Iterator[Element]:
    """Yield a heading for the book, and one for each chapter but a first one of the book's own name."""
    title = _publication.title(book)
    yield _entry("title", title, _place(1, segments(chapters[0])[0]), {"class": "title"})
    for number, section in enumerate(chapters, start=1):
        clips = segments(section)
        if number > 1:
            yield _entry(f"h{number}", section.title, _place(number, clips[0]))
        elif section.title != title:
            # The book's own heading has the first clip, which is the silence before the first sentence.
            yield _entry("h1", section.title, _place(1, clips[min(1, len(clips) - 1)]))


def _entry(name: str, text: str, place: str, attributes: dict[str, str] | None = None) -> Element:
    return element("h1", {"id": name, **(attributes or {})}, element("a", {"href": place}, text))


def _place(number: int, clip: Segment) -> str:
    return f"{_file(number)}#{_par(clip.id)}"


def _par(name: str) -> str:
    """Return the name of what is heard at a sentence or block."""
    return f"par-{name}"


def _text(book: Book, chapters: tuple[Section, ...]) -> Element:
    """Return the text. Each sentence leads back to its sound: by that, players find what was chosen in the text."""
    blocks = [
        _paragraph(book, block, number) for number, section in enumerate(chapters, start=1) for block in section.blocks
    ]
    return _page(book, {"dir": _language.direction(_language.tag(book.language))}, [], blocks)


def _page(book: Book, attributes: dict[str, str], metas: list[Element], blocks: list[Element]) -> Element:
    charset = element("meta", {"http-equiv": "Content-type", "content": "text/html; charset=utf-8"})
    head = element("head", {}, *lines([element("title", {}, _publication.title(book)), charset, *metas]))
    known = root(_language.tag(book.language), attributes)
    return element("html", known, head, element("body", {}, *lines(blocks)))


def _paragraph(book: Book, block: Block, chapter: int) -> Element:
    def heard(sentence: Sentence) -> Element:
        back = element("a", {"href": f"{_file(chapter)}#{_par(sentence.id)}"}, sentence.text)
        return element("span", {"id": sentence.id}, back)

    attributes = {"class": block.kind} if block.kind in ("title", "announcement", "break") else {}
    return paragraph(block, _language.tag(book.language), attributes, heard)


def _order(recording: Recording, chapters: tuple[Section, ...]) -> Element:
    """Return the file that lists the SMIL files in their order."""
    metas = {
        "dc:format": FORMAT,
        "dc:identifier": _publication.identifier(recording.book),
        "dc:title": _publication.title(recording.book),
        "ncc:generator": GENERATOR,
        "ncc:timeInThisSmil": clock(recording.duration),
    }
    refs = (
        element("ref", {"id": f"smil-{number}", "title": section.title, "src": _file(number)})
        for number, section in enumerate(chapters, start=1)
    )
    return element("smil", {}, _head(metas), element("body", {}, *refs))


def _chapter(book: Book, section: Section) -> Element:
    length = section.end - section.begin
    metas = {
        "dc:format": FORMAT,
        "dc:identifier": _publication.identifier(book),
        "dc:title": _publication.title(book),
        "ncc:generator": GENERATOR,
        "ncc:timeInThisSmil": clock(length),
        "ncc:totalElapsedTime": clock(section.begin),
        "title": section.title,
    }
    pars = (_clip(clip) for clip in segments(section))
    sequence = element("seq", {"dur": f"{length / 1000:.3f}s"}, *pars)
    return element("smil", {}, _head(metas), element("body", {}, sequence))


def _head(metas: dict[str, str]) -> Element:
    layout = element("layout", {}, element("region", {"id": "text"}))
    return element("head", {}, *(_meta(name, content) for name, content in metas.items()), layout)


def _meta(name: str, content: str) -> Element:
    return element("meta", {"name": name, "content": content})


def _clip(clip: Segment) -> Element:
    times = {"clip-begin": _npt(clip.begin), "clip-end": _npt(clip.end)}
    return element(
        "par",
        {"id": _par(clip.id), "endsync": "last"},
        element("text", {"id": f"text-{clip.id}", "src": f"{TEXT}#{clip.id}"}),
        element("audio", {"id": f"sound-{clip.id}", "src": SOUND, **times}),
    )


def _npt(milliseconds: int) -> str:
    """Return a time as SMIL 1.0 counts it in a sound: "npt=62.345s"."""
    return f"npt={milliseconds / 1000:.3f}s"
