"""The order of the product, in one function."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from audiobook import (
    book,
    cover,
    edits,
    engines,
    facts,
    ffmpeg,
    formats,
    languages,
    machine,
    output,
    repairs,
    shelf,
    sound,
    source,
    speak,
)
from audiobook.book import Metadata
from audiobook.engines import Engine
from audiobook.errors import AudiobookError
from audiobook.model import Artefact, Book, Recording, Repaired, Spoken, Step
from audiobook.repair import view
from audiobook.repair.explain import explain
from audiobook.request import Request, fingerprint
from audiobook.shelf import Edition

WORDS = ("words_vtt", "words_json")
"""What is made besides when the words' times are asked for."""
SOUND = "_sound.pcm"
"""The samples, while formats are made of them; no edition's own file can have such a name."""
SPEAKING = 0.9
"""The share of the time that goes by until everything is spoken, with the voices for which anybody waits."""
Progress = Callable[[Step], None]


def build(request: Request, progress: Progress) -> Edition:
    """Make an edition of a text.

    Raises the children of AudiobookError; the output folder then is as it was.
    """
    profile = request.voice
    engine = engines.load(profile.engine)
    threading.Thread(target=_head_start, args=(engine,), daemon=True).start()
    text = source.parse(request.text, request.keep)
    progress(Step("Repairing the text", 0.0))
    options = replace(request.options, language=request.options.language or text.language)
    repaired, known = facts.restore(text.text, options, request.facts)
    machine.give_back()  # the repair takes the most memory of all steps
    edition = book.parse(repaired.text, _metadata(request.metadata, text), text.name)
    profile, foreign = languages.suited(profile, edition.language, chosen=request.chosen)
    engine = engines.load(profile.engine)
    final = request.folder or request.out / output.slug(edition.title)
    name = final.name
    if not request.replaces:
        shelf.refuse_another(final, repaired.text)
    with output.folder(final, last=shelf.record_name(final)) as folder:
        speaker = speak.Speaker(engine, profile, lexicon=request.lexicon)
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
        record = shelf.write(recording, repaired, artefacts, fingerprint(request), folder, final)
        for used in folder.glob(SOUND.replace(".pcm", ".*")):
            used.unlink()
    notes = (
        *text.document.notes,
        *filter(None, [foreign]),
        *speaker.notes,
        *(note for artefact in artefacts for note in artefact.notes),
        *cover.notes(edition),
    )
    return Edition(final, record, speaker.synthesised, notes=notes)


def kept(request: Request) -> Edition | None:
    """Return the edition that an earlier build made of the same text in the same way, if all of it is there."""
    edition = shelf.whole(request.folder, fingerprint(request)) if request.folder else None
    if edition and not request.facts and "facts" in edition.record.files:
        waiting = edition.folder / edition.record.files["facts"]
        return replace(edition, notes=(_unused(waiting),) if facts.is_filled(waiting) else ())
    return edition


def _head_start(engine: Engine) -> None:
    """Start programs that will be needed while the text is repaired; what goes wrong comes up again in its place."""
    with contextlib.suppress(AudiobookError):
        engine.version()
        ffmpeg.find()


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
        shelf.TRANSCRIPT: (f"{name}.txt", repaired.text),
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
        return Artefact("facts", path, notes=(_unused(final),))
    output.write_whole(path, facts.dump(repaired, known))
    return Artefact("facts", path)


def _unused(facts_file: Path) -> str:
    return f"{facts_file} holds numbers that this build didn't use; add --facts {facts_file}."
