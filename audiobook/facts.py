"""The facts file: the lost numbers of a text, for a person to fill in.

    [[number]]
    sentence = "Since late {year}, the town has kept two boats."
    place = 11
    kind = "year"
    value = ""
    source = ""

`sentence` shows the gap in braces, other gaps as "[year missing]"; `place` is a code point of the source text.
An entry fits where the letters around its gap are the same: signs don't count, so that a file which a person has
filled still fits when a later version repairs more of them. One that fits nowhere, or in two places while its
`place` is neither, is an error.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from audiobook import repair
from audiobook.errors import EditConflict, SourceError
from audiobook.model import Gap, GapKind, Repaired
from audiobook.repair import Options
from audiobook.repair.numbers import MARK

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Key = tuple[str, str]
KEY_LENGTH = 40
"""Letters on each side of a gap that must agree."""
SHOWN = 160
"""Code points of the sentence that are shown on each side of a gap, at most."""
LONGEST_VALUE = 40
"""Code points: a number, perhaps in words, never a sentence."""
SHAPES: Mapping[str, tuple[str, str]] = {
    "year": (r"\d{3,4}", "a year such as 1968"),
    "decade": (r"\d{2,4}", "a decade without its s, such as 1960"),
    "ordinal": (r"\d+", "digits without st, nd, rd or th, such as 19"),
}
SENTENCE_START = re.compile(r"\n|(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“(\[]*[^\W_a-z])")
SENTENCE_STOP = re.compile(r"\n|(?<=[.!?…])(?=[\"”’)\]]*(?:\s|\Z))")
KEYS = frozenset({"sentence", "place", "kind", "value", "source"})
HEADER = """\
# Numbers that this text has lost. None of them was guessed.
# Write each one that you know between the quotes after "value", and where you found it after "source".
# If the kind is wrong, mend it: year, decade, ordinal, age, count, amount or number.
# Then build again with --facts and the name of this file. Leave what you don't know empty.
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of a facts file."""

    sentence: str
    place: int
    """Code point in the source."""
    kind: str
    value: str
    """Empty when it is still unknown."""
    source: str
    """Where the person found it."""


def restore(text: str, options: Options, path: Path | None) -> tuple[Repaired, tuple[Fact, ...]]:
    """Repair a text, and put in the numbers that a facts file supplies."""
    repaired = repair.repair(text, options)
    if path is None:
        return repaired, ()
    known = load(path)
    return repair.supply(repaired, values(known, repaired, path)), known


def load(path: Path) -> tuple[Fact, ...]:
    """Read a facts file. Raises SourceError when it can't be read, EditConflict when an entry is not one."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"The facts file {path} can't be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditConflict(f"The facts file {path} is not valid TOML: {error}.") from error
    entries = table.get("number", [])
    unknown = set(table) - {"number"}
    if unknown or not isinstance(entries, list):
        raise EditConflict(f"The facts file {path} may hold only [[number]] entries, not {sorted(unknown)}.")
    return tuple(_fact(entry, number, path) for number, entry in enumerate(entries, 1))


def values(facts: tuple[Fact, ...], repaired: Repaired, path: Path) -> dict[int, str]:
    """Map the position of each gap that a fact fills to its value. Raises EditConflict where a fact doesn't fit."""
    sentences = contexts(repaired)
    places: defaultdict[Key, list[int]] = defaultdict(list)
    for gap in repaired.gaps:
        places[_key(sentences[gap.position])].append(gap.position)
    found: dict[int, str] = {}
    for number, fact in enumerate(facts, 1):
        place = _place(fact, number, places, path)
        if place in found:
            raise EditConflict(f"{path}: entry {number} fills the same gap as an earlier one: {fact.sentence!r}.")
        if fact.value:
            found[place] = fact.value
    return found


def dump(repaired: Repaired, facts: tuple[Fact, ...] = ()) -> str:
    """Return the facts file of a text, with what `facts` already know."""
    known = {(_key(fact.sentence), fact.value): fact for fact in facts}
    sentences = contexts(repaired)
    entries = [_entry(gap, sentences[gap.position], known) for gap in repaired.gaps]
    return HEADER + "".join(entries)


def contexts(repaired: Repaired) -> dict[int, str]:
    """Map the position of each gap to its sentence, the gap itself in braces: "Since late {year}, the town"."""
    blank = {gap.position: MARK[gap.kind] for gap in repaired.gaps}
    # The sentence as it reads while every number is missing, so that a filled file still fits.
    parts: list[str] = []
    starts: dict[int, int] = {}
    position = length = 0
    for edit in repaired.edits:
        is_gap = edit.start in blank and edit.rule.startswith("numbers.")
        after = blank[edit.start] if is_gap else edit.after
        parts += repaired.source[position : edit.start], after
        length += edit.start - position
        if is_gap:
            starts[edit.start] = length
        length += len(after)
        position = edit.end
    text = "".join((*parts, repaired.source[position:]))
    return {gap.position: _sentence(text, starts[gap.position], gap) for gap in repaired.gaps}


def is_filled(path: Path) -> bool:
    """Tell whether a facts file holds a value: a person's work, not to be overwritten."""
    try:
        return any(fact.value for fact in load(path))
    except SourceError:
        return False
    except EditConflict:
        return True


def _sentence(text: str, start: int, gap: Gap) -> str:
    """Return the sentence around a gap, long ones cut at a space and marked with an ellipsis."""
    end = start + len(MARK[gap.kind])
    before = SENTENCE_START.split(text[max(0, start - 4 * SHOWN) : start])[-1]
    after = SENTENCE_STOP.split(text[end : end + 4 * SHOWN])[0]
    if len(before) > SHOWN:
        before = "… " + before[-SHOWN:].partition(" ")[2]
    if len(after) > SHOWN:
        after = after[:SHOWN].rpartition(" ")[0] + " …"
    return " ".join(f"{before}{{{gap.kind}}}{after}".split())


def _entry(gap: Gap, sentence: str, known: Mapping[tuple[Key, str], Fact]) -> str:
    fact = known.get((_key(sentence), gap.value or ""))
    fields = {
        "sentence": sentence,
        "place": gap.position,
        "kind": fact.kind if fact else gap.kind,
        "value": gap.value or "",
        "source": fact.source if fact else "",
    }
    # JSON's strings and integers are TOML's.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items()]
    return "\n[[number]]\n" + "".join(lines)


def _place(fact: Fact, number: int, places: Mapping[Key, list[int]], path: Path) -> int:
    candidates = places.get(_key(fact.sentence), [])
    if fact.place in candidates:
        return fact.place
    if len(candidates) == 1:
        return candidates[0]
    problem = "is not in this text" if not candidates else f"is in this text {len(candidates)} times"
    raise EditConflict(
        f"{path} doesn't fit this text: the sentence of entry {number} {problem}: {fact.sentence!r}.\n"
        "Build once without --facts, and fill in the facts file which that writes."
    )


def _key(sentence: str) -> Key:
    """Return the ASCII letters next to the gap on each side: what no repair ever changes."""
    before, _, after = re.sub(r"\[\w+ missing\]", "", sentence).partition("{")
    after = after.partition("}")[2]
    return re.sub(r"[^A-Za-z]", "", before)[-KEY_LENGTH:], re.sub(r"[^A-Za-z]", "", after)[:KEY_LENGTH]


def _fact(entry: Any, number: int, path: Path) -> Fact:
    where = f"{path}: entry {number}"
    if not isinstance(entry, dict) or not {"sentence", "value"} <= set(entry) <= KEYS:
        raise EditConflict(f"{where} needs sentence and value, and may have place, kind and source.")
    kind = entry.get("kind", "number")
    if kind not in get_args(GapKind):
        raise EditConflict(f"{where}: {kind!r} is no kind; use one of {', '.join(get_args(GapKind))}.")
    value = entry["value"]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not isinstance(entry["sentence"], str):
        raise EditConflict(f"{where}: sentence must be a text, and value a text or a whole number.")
    place = entry.get("place", -1)
    return Fact(
        entry["sentence"],
        place if isinstance(place, int) else -1,
        kind,
        _checked(value.strip(), kind, where),
        str(entry.get("source", "")),
    )


def _checked(value: str, kind: str, where: str) -> str:
    shape, wanted = SHAPES.get(kind, (r"(?=.*\w).+", "a number"))
    if value and not (re.fullmatch(shape, value) and value.isprintable() and len(value) <= LONGEST_VALUE):
        raise EditConflict(f"{where}: {value!r} is not {wanted}. Mend the value, or the kind.")
    return value
