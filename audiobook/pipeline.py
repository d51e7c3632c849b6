"""The order of the product, in one function."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from urllib.parse import quote

from audiobook import (
    book,
    edits,
    engines,
    facts,
    ffmpeg,
    formats,
    languages,
    lexicon,
    output,
    repairs,
    shelf,
    sound,
    source,
    speak,
    voice,
)
from audiobook.book import Metadata
from audiobook.engines import Engine
from audiobook.errors import AudiobookError
from audiobook.model import Artefact, Book, Edition, Recording, Repaired, Spoken, Step, Voice
from audiobook.repair import Options, view
from audiobook.repair.explain import explain

FORMATS = ("chapters", "mp3", "vtt")
"""What is made unless other formats are asked for."""
WORDS = ("words_vtt", "words_json")
"""What is made besides when the words' times are asked for."""
SOUND = "_sound.pcm"
"""The samples, while formats are made of them; no edition's own file can have such a name."""
SPEAKING = 0.9
"""The share of the time that goes by until everything is spoken, with the voices for which anybody waits."""
Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for: one text, made into one edition."""

    source: str
    """A file, or "-" for standard input."""
    out: Path = Path("out")
    """The edition goes into a folder of its own in here."""
    voice: str = voice.AUTO
    """A profile's name or file, or `voice.AUTO`."""
    lexicon: Path | None = None
    """Pronunciations for this text; those of the project count, too."""
    opening: bool | None = None
    """Whether title, author and the synthetic voice are announced; None leaves it to the profile."""
    formats: tuple[str, ...] = FORMATS
    """Of `formats.names()`."""
    words: bool = False
    """Whether to write the times of the words, too."""
    master: str = "podcast"
    """How loud it is made: a profile of `audiobook.mastering`."""
    metadata: Metadata = field(default_factory=Metadata)
    facts: Path | None = None
    """Numbers that a person supplies."""
    options: Options = field(default_factory=Options)
    """How to repair; when its language is empty, the document's own is taken, or else English."""
    keep: frozenset[str] = frozenset()
    """What is not to be left out of a page or book, of `reading.KEEPABLE`."""


def build(request: Request, progress: Progress, taken: frozenset[str] = frozenset()) -> Edition:
    """Make an edition of a text. `taken` are the folder names that this run has used already.

    Raises the children of AudiobookError; the output folder then is as it was.
    """
    profile = _profile(request)
    engine = engines.load(profile.engine)
    threading.Thread(target=_head_start, args=(engine,), daemon=True).start()
    text = source.read(request.source, request.keep)
    options = replace(request.options, language=request.options.language or text.language)
    repaired, known = facts.restore(text.text, options, request.facts)
    edition = book.parse(repaired.text, _metadata(request.metadata, text), text.name)
    profile, foreign = languages.suited(profile, edition.language, chosen=request.voice != voice.AUTO)
    engine = engines.load(profile.engine)
    name = _name(request, edition, taken)
    final = request.out / name
    with output.folder(final) as folder:
        speaker = speak.Speaker(engine, profile, lexicon=lexicon.find(request.lexicon))
        spoken = _told(speaker.sentences(edition), edition, progress)
        with contextlib.redirect_stdout(sys.stderr):  # an engine may be anyone's: results alone go to standard output
            joined = sound.join(edition, profile, engine.narrator(profile), spoken, folder / SOUND)
        recording = replace(joined, master=request.master)
        kinds = formats.chosen(request.formats + WORDS * request.words)
        artefacts = [
            *_formats(kinds, recording, folder, name, progress),
            *_records(repaired, known, recording, folder, final, f"{quote(name)}.html" if "html" in kinds else ""),
            *_as_read(text, folder / f"{name}.source.txt"),
        ]
        artefacts += shelf.write(recording, text.text, artefacts, folder, final)
        for used in folder.glob(SOUND.replace(".pcm", ".*")):
            used.unlink()
    artefacts = [replace(artefact, path=final / artefact.path.name) for artefact in artefacts]
    notes = (
        *text.document.notes,
        *filter(None, [foreign]),
        *speaker.notes,
        *(note for artefact in artefacts for note in artefact.notes),
    )
    return Edition(edition, repaired, recording, tuple(artefacts), speaker.synthesised, notes)


def _head_start(engine: Engine) -> None:
    """Start programs that will be needed while the text is repaired; what goes wrong comes up again in its place."""
    with contextlib.suppress(AudiobookError):
        engine.version()
        ffmpeg.find()


def _profile(request: Request) -> Voice:
    """Return the voice profile with what the request changes in it."""
    profile = speak.choose(request.voice)
    if request.opening is None:
        return profile
    return replace(profile, announce=replace(profile.announce, opening=request.opening))


def _metadata(asked: Metadata, text: source.Source) -> Metadata:
    """Fill in from the document what the user didn't say."""
    return replace(
        asked,
        title=asked.title or text.document.title,
        author=asked.author or text.document.author,
        published=asked.published or text.document.published,
        language=asked.language or text.language,
        description=asked.description or text.document.description,
    )


def _name(request: Request, edition: Book, taken: frozenset[str]) -> str:
    """Return the edition's folder name: from the title that was asked for, else the file, else the text."""
    file = "" if request.source == source.STANDARD_INPUT else Path(request.source).stem
    first = output.slug(request.metadata.title or file or edition.title)
    numbered = (f"{first}-{number}" for number in count(2))
    return next(name for name in chain([first], numbered) if name not in taken)


def _told(spoken: Iterable[Spoken], edition: Book, progress: Progress) -> Iterator[Spoken]:
    """Pass the chunks on, and tell how far the speaking has come."""
    letters = sum(len(chunk.text) for chapter in edition.chapters for chunk in chapter.chunks)
    chapters = len(edition.chapters)
    done = 0
    progress(Step(f"Speaking chapter 1 of {chapters}", 0.0))
    for piece in spoken:
        done += len(piece.text)
        progress(Step(f"Speaking chapter {piece.chapter + 1} of {chapters}", min(SPEAKING, SPEAKING * done / letters)))
        yield piece


def _formats(
    kinds: tuple[str, ...], recording: Recording, folder: Path, name: str, progress: Progress
) -> Iterator[Artefact]:
    for number, kind in enumerate(kinds):
        progress(Step(f"Writing the {kind} file", SPEAKING + (1 - SPEAKING) * number / len(kinds)))
        yield formats.load(kind).write(recording, folder, name)


def _records(
    repaired: Repaired, known: tuple[facts.Fact, ...], recording: Recording, folder: Path, final: Path, sound: str
) -> Iterator[Artefact]:
    """Write the transcript, the edit list, the report of repairs and the facts file. `sound` as for `repairs.page`."""
    name = final.name
    why = partial(explain, source=repaired.source, view=view.read(repaired.source))
    data = repairs.as_json(repaired, recording, why, repaired.suspects)
    texts = {
        "transcript": (f"{name}.txt", repaired.text),
        "edits": (f"{name}.edits.jsonl", edits.dump(repaired.edits)),
        "repairs": (f"{name}.repairs.html", repairs.page(repaired, recording, why, repaired.suspects, sound)),
        "repairs_data": (f"{name}.repairs.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n"),
    }
    for kind, (file, text) in texts.items():
        output.write_whole(folder / file, text)
        yield Artefact(kind, folder / file)
    if repaired.gaps:
        yield _facts(repaired, known, folder / f"{name}.facts.toml", final / f"{name}.facts.toml")


def _as_read(text: source.Source, path: Path) -> Iterator[Artefact]:
    """Write the text as it was read from a page, a book or another encoding: the edit list's places are in it."""
    if text.document.converted:
        output.write_whole(path, text.text)
        note = f"{path.name} holds the text as it was read from {text.label}; undoing the edits leads back to it."
        yield Artefact("source", path, notes=(note,))


def _facts(repaired: Repaired, known: tuple[facts.Fact, ...], path: Path, final: Path) -> Artefact:
    """Write the facts file, but never over one that a person has filled in and that this build didn't use."""
    if not known and facts.is_filled(final):
        return Artefact(
            "facts", path, notes=(f"{final} holds numbers that this build didn't use; add --facts {final}.",)
        )
    output.write_whole(path, facts.dump(repaired, known))
    return Artefact("facts", path)
