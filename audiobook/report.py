"""What was made, in words that make sense when read aloud, and as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import engines, speak, voice
from audiobook.kept import Held
from audiobook.model import Edit, EngineVoice, Gap, Loudness, Voice
from audiobook.shelf import Edition, Record, record_name

if TYPE_CHECKING:  # a build needs neither, and they take a tenth of a second
    from audiobook.check import Outcome
    from audiobook.names import Name

# A rule's module in words, for one and for many.
FAMILIES = {
    "accents": ("word with its accents", "words with their accents"),
    "apostrophes": ("apostrophe", "apostrophes"),
    "contractions": ("contraction", "contractions"),
    "dashes": ("dash", "dashes"),
    "encoding": ("miscoded sign put right", "miscoded signs put right"),
    "numbers": ("lost number marked or filled in", "lost numbers marked or filled in"),
    "paragraphs": ("paragraph break", "paragraph breaks"),
    "quotes": ("quotation mark", "quotation marks"),
    "semicolons": ("semicolon", "semicolons"),
    "spacing": ("stray space removed", "stray spaces removed"),
}

WORD_END = re.compile(r"[\w'’-]*[,.!?]?\Z")
WORD_START = re.compile(r"[\w'’-]*")


def as_json(edition: Edition) -> dict[str, object]:
    """Return the edition as a value for JSON; times in ms, loudness in LUFS and dBTP."""
    record = edition.record
    return {
        "title": record.title,
        "author": record.author,
        "language": record.language,
        "voice": record.voice,
        "narrator": record.narrator,
        "duration_s": record.duration_ms / 1000,
        "chapters": [asdict(chapter) for chapter in record.chapters],
        "repair_model": record.repair_model,
        "edits": record.edits,
        "gaps": [
            {"place": gap.position, "kind": gap.kind, "value": gap.value, "origin": gap.origin} for gap in record.gaps
        ],
        "loudness": _loudness(record.loudness),
        "files": {kind: str(edition.folder / name) for kind, name in record.files.items()},
        "kept": edition.kept,
        "clips_spoken": edition.spoken,
        "notes": list(edition.notes),
    }


def in_words(edition: Edition) -> str:
    """Return the edition in a few sentences, a line each."""
    files = ", ".join([*edition.record.files.values(), record_name(edition.folder)])
    lines = [
        f"{'Kept' if edition.kept else 'Made'} “{edition.record.title}”: {_extent(edition.record)}, "
        f"spoken by {edition.record.narrator}.",
        *["It was made of the same text in the same way, and is whole; --again makes it anew."] * edition.kept,
        repaired(edition.record.edits),
        *_missing(edition),
        f"Files in {edition.folder}: {files}.",
    ]
    return "\n".join(lines)


def line(edition: Edition) -> str:
    """Return the edition in one line, for one of many."""
    record = edition.record
    lost = missing(record.gaps)
    return (
        f"{'Kept' if edition.kept else 'Made'} {edition.folder}: “{record.title}”, {_extent(record)}"
        f"{f'; {lost}' if lost else ''}."
    )


def estimate(found: Mapping[str, float | None], out: Path) -> str:
    """Return what a run would bring and cost, in a few sentences; `found` as in `estimate.Estimate`."""
    to_make, kept, failed = (int(found[name] or 0) for name in ("to_make", "kept", "failed"))
    lines = [f"{_count(to_make, 'text', 'texts')} to be made, {kept} there already, {failed} that can't be read."]
    if to_make:
        takes = f" in about {length(round((found['seconds'] or 0) * 1000))}" if found["seconds"] is not None else ""
        size = (found["bytes"] or 0) / 1e6
        lines.append(f"About {length(round((found['duration_s'] or 0) * 1000))} of sound{takes}.")
        lines.append(f"About {size:,.0f} MB in {out}. Nothing was made.")
    return "\n".join(lines)


def repairs(edits: Iterable[Edit]) -> str:
    """Return what was repaired, in one sentence."""
    return repaired(Counter(edit.rule for edit in edits))


def repaired(rules: Mapping[str, int]) -> str:
    """Return how often each rule has repaired something, in one sentence by families."""
    families: Counter[str] = Counter()
    for rule, count in rules.items():
        families[rule.partition(".")[0]] += count
    named = [_count(count, *FAMILIES.get(family, (family, family))) for family, count in families.most_common()]
    return f"Repaired: {', '.join(named)}." if named else "Repaired: nothing; the text shows no damage."


def change(edit: Edit, source: str) -> str:
    """Return an edit in a line, with the word it stands in; what can't be seen or heard has a name."""
    before, after = edit.before, edit.after
    if after and not (before + after).isspace() and not after.startswith("["):
        left = WORD_END.search(source, max(0, edit.start - 40), edit.start)
        right = WORD_START.match(source, edit.end)
        head, tail = left.group() if left else "", right.group() if right else ""
        before, after = head + before + tail, head + after + tail
    return f"{visible(before)} → {visible(after)}  {edit.rule}  {edit.confidence:.2f}"


def missing(gaps: Iterable[Gap]) -> str:
    """Return how many numbers are still missing, in words; empty for none."""
    count = sum(gap.value is None for gap in gaps)
    return f"{_count(count, 'number is', 'numbers are')} missing from the text" if count else ""


def profiles(voices: Sequence[Voice], as_json: bool) -> Iterator[str]:
    """Yield a line for each profile, or all as one line of JSON."""
    auto = speak.choose(voice.AUTO)
    if as_json:
        told = [{"licence": engines.licence(each), "missing": engines.load(each.engine).available()} for each in voices]
        yield json.dumps([asdict(each) | more for each, more in zip(voices, told, strict=True)], ensure_ascii=False)
        return
    for each in voices:
        missing = engines.load(each.engine).available()
        state = f" Not installed. {missing}" if missing else " Taken when no --voice is given." if each == auto else ""
        pace = f"{each.rate} words a minute, engine {each.engine}, voice {each.id or 'its default'}"
        yield f"{each.name}: {each.description or 'no description'} ({pace}; {engines.licence(each)}).{state}"


def engine_voices(voices: Sequence[EngineVoice], as_json: bool) -> Iterator[str]:
    """Yield a line for each voice of an engine, or all as one line of JSON."""
    if as_json:
        yield json.dumps([asdict(each) for each in voices], ensure_ascii=False)
        return
    for each in voices:
        licence = f", {each.licence}" if each.licence else ""
        yield f"{each.id}: {each.name}, language {each.language}{licence}"


def cache(folder: Path, held: Held, limit: int, as_json: bool) -> str:
    """Return what is kept from earlier builds, in words or as JSON; `limit` in bytes."""
    if as_json:
        return json.dumps({"folder": str(folder), "clips": held.clips, "bytes": held.size, "limit_bytes": limit})
    kept = _count(held.clips, "sentence is", "sentences are")
    return f"{kept} kept in {folder}: {held.size / 1e6:.0f} MB of at most {limit / 1e6:.0f} MB."


def name_line(name: Name) -> str:
    """Return a name of a text, and how it will be said, as a line."""
    kind = "name" if name.kind == "name" else "unknown word"
    times = "once" if name.count == 1 else _count(name.count, "time", "times")
    where = f"in line {name.line}" if name.count == 1 else f"first in line {name.line}"
    said = f"the lexicon says {name.lexicon}" if name.lexicon else f"said {name.ipa or 'in an unknown way'}"
    return f"{name.word}: {kind}, {times}, {where}; {said}."


def added(count: int, lexicon: Path) -> str:
    """Return how many words a lexicon got, and what to do with it."""
    if not count:
        return f"{lexicon} has all these words already."
    words = _count(count, "word", "words")
    return f"Added {words} to {lexicon}. Mend what is wrong there, then build with --lexicon {lexicon}."


def _loudness(heard: Loudness | None) -> dict[str, float] | None:
    """Return what was measured of the first file with sound; None when none was asked for."""
    if heard is None:
        return None
    told = {"integrated_lufs": heard.integrated, "true_peak_dbtp": heard.true_peak}
    more = {"rms_db": heard.rms, "noise_floor_db": heard.floor}
    return told | {name: value for name, value in more.items() if value is not None}


def _extent(record: Record) -> str:
    return f"{_count(len(record.chapters), 'chapter', 'chapters')}, {length(record.duration_ms)}"


def _missing(edition: Edition) -> list[str]:
    words = missing(edition.record.gaps)
    if not words:
        return []
    facts = edition.folder / edition.record.files["facts"]
    return [f"{words}, and none was invented. To supply them, fill in {facts} and build again with --facts {facts}."]


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def visible(text: str) -> str:
    """Return a text as it is, or in words when it can't be seen or heard."""
    if not text:
        return "nothing"
    if text.isspace():
        return "paragraph break" if "\n" in text else _count(len(text), "space", "spaces")
    return text if text.isprintable() else ascii(text)


def length(duration: int) -> str:
    """Return ms in words: "1 hour 4 minutes 7 seconds"."""
    minutes, seconds = divmod(max(1, round(duration / 1000)), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "hour", "hours"), (minutes, "minute", "minutes"), (seconds, "second", "seconds")]
    return " ".join(_count(*part) for part in parts if part[0])


def findings(outcome: Outcome, as_json: bool) -> Iterator[str]:
    """Yield a line for each finding of a check and one that sums up, or all as one line of JSON."""
    warnings = len(outcome.findings) - outcome.errors
    if as_json:
        told = [{**asdict(finding), "file": str(finding.file)} for finding in outcome.findings]
        looked_at = [str(file) for file in outcome.files]
        counts = {"errors": outcome.errors, "warnings": warnings}
        yield json.dumps({"files": looked_at, **counts, "findings": told}, ensure_ascii=False)
        return
    for finding in outcome.findings:
        place = f", {finding.place}" if finding.place else ""
        line = f"{finding.severity.capitalize()} in {finding.file}{place}: {finding.what} {finding.how_to_mend}"
        # A file may be anyone's: nothing in it may steer the terminal.
        yield "".join(letter if letter.isprintable() else " " for letter in line)
    files = _count(len(outcome.files), "file", "files")
    if not outcome.findings:
        yield f"Checked {files}: all is well."
        return
    yield f"Checked {files}: {_count(outcome.errors, 'error', 'errors')}, {_count(warnings, 'warning', 'warnings')}."
