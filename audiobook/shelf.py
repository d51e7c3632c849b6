"""What lies beside an edition's files so that others can shelve it: a cover, and who made what, for two readers.

`cover.jpg` and `metadata.json` are what the server audiobookshelf looks for in a book's folder. `STEM.json` is our own
record: `audiobook feed` reads it, and so can any program.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from audiobook import cover, output
from audiobook.errors import AudiobookError, SourceError
from audiobook.formats._text import chapter_title, one_line
from audiobook.model import Artefact, Cue, Gap, Loudness, Recording, Repaired
from audiobook.shingles import are_akin

TRANSCRIPT = "transcript"
FACTS = "facts"
"""The one kind of file that a person is asked to change."""
COVER = "cover.jpg"
METADATA = "metadata.json"
MARK = "audiobook edition"
"""In every record, so that one can be told from other JSON files."""
VERSION = 1
BLOCK = 1024 * 1024
"""Bytes that are hashed at a time."""
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
    voice: str
    """The profile's name."""
    repair_model: str
    """Which one read the text: "light" or "neural"."""
    edits: dict[str, int]
    """How many repairs there are, by rule."""
    gaps: tuple[Gap, ...]
    """Numbers that the text has lost."""
    loudness: Loudness | None
    """Of the first file with sound; None when there is none."""
    made_of: str
    """Fingerprint of all that decided the result (`audiobook.request`)."""
    sha256: dict[str, str]
    """Of each file, also of those in folders, by its path; but for the facts, which a person may fill in."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition on the shelf, as a build leaves it."""

    folder: Path
    record: Record
    spoken: int = 0
    """Clips that were synthesised for it in this build; the rest were kept from earlier ones."""
    kept: bool = False
    """Whether it was there already, whole and made of the same."""
    notes: tuple[str, ...] = ()
    """What a person should know: merged chapter marks, a paragraph without a word, …"""


def write(
    recording: Recording, repaired: Repaired, artefacts: Iterable[Artefact], made_of: str, folder: Path, final: Path
) -> Record:
    """Write cover, metadata and record of an edition into `folder`, which will be `final`, and which is named like it.

    The text it was made from makes the id. An edition that is in `final` already hands on its id. Nothing here depends
    on the hour: the same text makes the same files.
    """
    picture = Artefact("cover", folder / COVER)
    output.write_whole(picture.path, cover.of(recording.book))
    metadata = Artefact("metadata", folder / METADATA)
    output.write_whole(metadata.path, _json(_metadata(recording)))
    known = record_in(final)
    written = [*artefacts, picture, metadata]
    record = _record(recording, repaired, known, final.name, written, made_of, _sums(written))
    told = {"format": MARK, "version": VERSION, **asdict(record)}
    output.write_whole(folder / record_name(final), _json(told))
    return record


def record_name(folder: Path) -> str:
    """Name the record of the edition in a folder. It comes last: with it an edition is whole."""
    return f"{folder.name}.json"


def record_in(folder: Path) -> Record | None:
    """Return the record of the edition in a folder; None for none, or for one that is beyond reading."""
    try:
        return read(folder / record_name(folder))
    except SourceError:
        return None


def refuse_another(folder: Path, text: str) -> None:
    """Raise AudiobookError when the edition in a folder was made of another text, not of another version of this."""
    record = record_in(folder)
    transcript = folder / record.files.get(TRANSCRIPT, "") if record else folder
    if transcript.is_file() and not are_akin(before := output.read_text(transcript), text):
        raise AudiobookError(
            f"{folder} holds the edition of another text, which begins: {' '.join(before.split())[:60]}…\n"
            "Give this one another --title, or another folder with -o; with --again it takes that one's place."
        )


def whole(folder: Path, made_of: str) -> Edition | None:
    """Return the edition in a folder if it was made of just that, and every file is there to the byte; else None."""
    record = record_in(folder)
    if not record or record.made_of != made_of:
        return None
    there = all((folder / name).exists() for name in record.files.values())
    same = there and all(_sum(folder / name) == told for name, told in record.sha256.items())
    return Edition(folder, record, kept=True) if same else None


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
        gaps = tuple(Gap(**gap) for gap in data.pop("gaps"))
        heard = data.pop("loudness")
        return _checked(Record(**data, chapters=chapters, gaps=gaps, loudness=heard and Loudness(**heard)))
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path} is no record of an edition: {error}.\nBuild the edition again.") from error


def _checked(record: Record) -> Record:
    """Return a record whose values can be relied on. Raises ValueError."""
    texts = (record.id, record.title, record.author, record.narrator, record.language, record.published, record.made_of)
    if not all(isinstance(text, str) for text in texts) or not isinstance(record.duration_ms, int):
        raise ValueError("a value has the wrong type")
    for name in record.files.values():
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no name of a file")
    for name in record.sha256:
        if name.partition("/")[0] not in record.files.values() or ".." in name.split("/"):
            raise ValueError(f"{name!r} is no file of this edition")
    return record


def _record(
    recording: Recording,
    repaired: Repaired,
    known: Record | None,
    name: str,
    artefacts: Sequence[Artefact],
    made_of: str,
    sha256: dict[str, str],
) -> Record:
    book = recording.book
    return Record(
        id=known.id if known else uuid.uuid5(NAMESPACE, f"{name}\n{repaired.source}").urn,
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
        files={artefact.kind: artefact.path.name for artefact in artefacts},
        voice=recording.voice.name,
        repair_model=repaired.model,
        edits=dict(sorted(Counter(edit.rule for edit in repaired.edits).items())),
        gaps=repaired.gaps,
        loudness=next((artefact.loudness for artefact in artefacts if artefact.loudness), None),
        made_of=made_of,
        sha256=sha256,
    )


def _sums(artefacts: Iterable[Artefact]) -> dict[str, str]:
    """Hash every file of an edition, also those in folders."""
    paths = [artefact.path for artefact in artefacts if artefact.kind != FACTS]
    files = [(path, inner) for path in paths for inner in ([path] if path.is_file() else sorted(path.rglob("*")))]
    return {inner.relative_to(path.parent).as_posix(): _sum(inner) for path, inner in files if inner.is_file()}


def _sum(path: Path) -> str:
    """Hash a file; empty when it can't be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
    except OSError:
        return ""
    return found.hexdigest()


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
