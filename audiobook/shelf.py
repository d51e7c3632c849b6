"""What lies beside an edition's files so that others can shelve it: a cover, and who made what, for two readers.

`cover.jpg` and `metadata.json` are what the server audiobookshelf looks for in a book's folder. `STEM.json` is our own
record: `audiobook feed` reads it, and so can any program.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from audiobook import cover, output
from audiobook.errors import SourceError
from audiobook.formats._text import chapter_title, one_line
from audiobook.model import Artefact, Cue, Recording

COVER = "cover.jpg"
METADATA = "metadata.json"
MARK = "audiobook edition"
"""In every record, so that one can be told from other JSON files."""
VERSION = 1
NAMESPACE = uuid.UUID("1d8bdb1f-7f0c-5ae6-9dcb-6a6c2b3e8b52")
"""Of editions' ids; any number that nobody else uses will do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter."""

    start_ms: int
    end_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a program needs to know of an edition. All texts are on one line."""

    id: str
    """A URN that stays the edition's own through every rebuild into the same folder."""
    title: str
    author: str
    """Empty when unknown."""
    narrator: str
    """Who speaks, said to be synthetic."""
    language: str
    """BCP 47."""
    published: str
    """ISO 8601: a year, a month or a day. Empty when unknown."""
    duration_ms: int
    chapters: tuple[Mark, ...]
    files: dict[str, str]
    """Names of the files beside the record, by format: "mp3", "vtt", …"""


def write(
    recording: Recording, source: str, artefacts: Iterable[Artefact], folder: Path, final: Path
) -> tuple[Artefact, ...]:
    """Write cover, metadata and record of an edition into `folder`, which will be `final`, and which is named like it.

    `source` is the text it was made from: it makes the id. An edition that is in `final` already hands on its id.
    Nothing here depends on the hour: the same text makes the same files.
    """
    picture = Artefact("cover", folder / COVER, notes=cover.notes(recording.book))
    output.write_whole(picture.path, cover.of(recording.book))
    metadata = Artefact("metadata", folder / METADATA)
    output.write_whole(metadata.path, _json(_metadata(recording)))
    record = Artefact("record", folder / f"{final.name}.json")
    files = {artefact.kind: artefact.path.name for artefact in (*artefacts, picture, metadata)}
    known = _record(recording, source, final / record.path.name, files)
    output.write_whole(record.path, _json({"format": MARK, "version": VERSION, **asdict(known)}))
    return picture, metadata, record


def read(path: Path) -> Record | None:
    """Return the record in a JSON file; None when it is something else. Raises SourceError for a broken record."""
    try:
        data = json.loads(output.read_text(path))
    except ValueError as error:
        raise SourceError(f"{path} is no JSON: {error}.\nBuild the edition again.") from error
    if not isinstance(data, dict) or data.pop("format", None) != MARK:
        return None
    try:
        if data.pop("version") != VERSION:
            raise ValueError("it is of another version")
        chapters = tuple(Mark(**chapter) for chapter in data.pop("chapters"))
        return _checked(Record(**data, chapters=chapters))
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path} is no record of an edition: {error}.\nBuild the edition again.") from error


def _checked(record: Record) -> Record:
    """Return a record whose values can be relied on. Raises ValueError."""
    texts = (record.id, record.title, record.author, record.narrator, record.language, record.published)
    if not all(isinstance(text, str) for text in texts) or not isinstance(record.duration_ms, int):
        raise ValueError("a value has the wrong type")
    for name in record.files.values():
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no name of a file")
    return record


def _record(recording: Recording, source: str, earlier: Path, files: dict[str, str]) -> Record:
    book = recording.book
    known = _earlier(earlier)
    return Record(
        id=known.id if known else uuid.uuid5(NAMESPACE, f"{earlier.stem}\n{source}").urn,
        title=one_line(book.title),
        author=one_line(book.author),
        narrator=one_line(recording.narrator),
        language=book.language,
        published=book.published,
        duration_ms=recording.duration,
        chapters=tuple(
            Mark(cue.start, cue.end, chapter_title(cue.text, number))
            for number, cue in enumerate(recording.chapters, 1)
        ),
        files=files,
    )


def _earlier(path: Path) -> Record | None:
    """Return the record of an earlier build; None for none, or when it is beyond reading: a build goes on without."""
    try:
        return read(path)
    except SourceError:
        return None


def _metadata(recording: Recording) -> dict[str, object]:
    """Return what audiobookshelf keeps of a book, under its names; times in seconds. It wins over tags and names."""
    book = recording.book
    author = one_line(book.author)
    year = re.match(r"\d{4}", book.published)
    return {
        "title": one_line(book.title),
        "authors": [author] if author else [],
        "narrators": [one_line(recording.narrator)],
        "publishedYear": year.group() if year else None,
        "publishedDate": book.published or None,
        "language": book.language,
        "chapters": [_seconds(index, cue) for index, cue in enumerate(recording.chapters)],
    }


def _seconds(index: int, cue: Cue) -> dict[str, object]:
    return {
        "id": index,
        "start": cue.start / 1000,
        "end": cue.end / 1000,
        "title": chapter_title(cue.text, index + 1),
    }


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
