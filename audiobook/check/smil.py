"""Text and sound side by side, as EPUB (SMIL 3.0, Media Overlays) and DAISY 2.02 (SMIL 1.0) both have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiobook.check.finding import Broken, Finder, Finding, clock
from audiobook.model import Cue
from audiobook.xml import Element

BEYOND = 100
"""ms that a clip may end after its decoded sound."""
JOIN = 2
"""ms between two clips that rounding explains."""
UNUSED = 500
"""ms at the end of a sound that may belong to no clip."""

_UNITS = {"h": 3_600_000.0, "min": 60_000.0, "s": 1000.0, "ms": 1.0, "": 1000.0}
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)")
_COUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|min|s|ms|)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A stretch of sound and the text that is shown with it."""

    file: str
    """The document it stands in."""
    place: str
    """Where it stands, in words."""
    ids: tuple[str, ...]
    """By which it, or its text, can be referred to: "file#id"."""
    text: str
    """Where its text stands: "file#id"."""
    sound: str
    """File of its sound; empty for none."""
    begin: int
    """ms into the sound."""
    end: int
    """ms into the sound."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Pairs on the clock of the whole recording: files of sound one after the other, as they are first heard."""

    starts: dict[str, int]
    """ms from the start of the recording at which a pair, or its text, is first heard, by its ids."""
    pairs: tuple[tuple[int, Pair], ...]
    """ms from the start of the recording, with each pair that has sound."""
    length: int
    """ms of all clips together."""


def milliseconds(value: str) -> int | None:
    """Read a clock value of SMIL ("0:00:05.332", "5.332s", "npt=5.332s") as ms; None for none."""
    written = value.strip().removeprefix("npt=")
    if found := _CLOCK.fullmatch(written):
        hours, minutes, seconds = int(found[1] or 0), int(found[2]), float(found[3])
        return round((hours * 3600 + minutes * 60 + seconds) * 1000)
    if found := _COUNT.fullmatch(written):
        return round(float(found[1]) * _UNITS[found[2]])
    return None


def pairs(root: Element, file: str, begin: str, end: str) -> Iterator[Pair]:
    """Yield the pairs of a document; `begin` and `end` name the attributes with a clip's times.

    Several clips in one pair, in a row, count as one. Raises Broken for a clip without times.
    """
    for number, par in enumerate(root.all("par"), start=1):
        place = f"{file}, clip {number}"
        texts = list(par.all("text"))
        clips = [(clip.get("src"), _clip(clip, begin, end, place)) for clip in par.all("audio")]
        named = [f"{file}#{each.get('id')}" for each in (par, *texts) if each.get("id")]
        target = resolved(file, texts[0].get("src")) if texts else ""
        source = resolved(file, clips[0][0]) if clips else ""
        first = clips[0][1][0] if clips else 0
        last = clips[-1][1][1] if clips else 0
        yield Pair(file, place, (*named, target), target, source, first, last)


def resolved(file: str, reference: str) -> str:
    """Give a reference that stands in `file` as a path from the top of the book, with its "#id"."""
    path, _, fragment = reference.partition("#")
    parts = file.split("/")[:-1] if path else file.split("/")
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) + (f"#{fragment}" if fragment else "")


def clips_fit(finder: Finder, found: Sequence[Pair], durations: dict[str, int]) -> Iterator[Finding]:
    """Yield what is wrong with clips: each within its sound, one after the other, over the whole of it."""
    last: dict[str, int] = {}
    for pair in found:
        if not pair.sound or pair.sound not in durations:
            continue
        if pair.end <= pair.begin:
            yield finder.error(pair.place, "It ends before it starts, or has no length.", "Build the edition again.")
        elif pair.end > durations[pair.sound] + BEYOND:
            yield finder.error(
                pair.place,
                f"It ends at {clock(pair.end)}, after its sound, which lasts {clock(durations[pair.sound])}.",
                "Build the edition again.",
            )
        elif abs(pair.begin - last.get(pair.sound, 0)) > JOIN:
            kind = "starts before the one before it ends" if pair.begin < last.get(pair.sound, 0) else "leaves a gap"
            yield finder.error(pair.place, f"It {kind}, at {clock(pair.begin)}.", "Build the edition again.")
        last[pair.sound] = pair.end
    for name, end in last.items():
        if durations[name] - end > UNUSED:
            yield finder.error(
                name, f"From {clock(end)} to its end at {clock(durations[name])} it has no text.",
                "Build the edition again.",
            )  # fmt: skip


def placed(found: Sequence[Pair]) -> Placed:
    """Put pairs on the clock of the whole recording."""
    lengths: dict[str, int] = {}
    for pair in found:
        if pair.sound:
            lengths[pair.sound] = max(lengths.get(pair.sound, 0), pair.end)
    offsets, total = {}, 0
    for name, length in lengths.items():
        offsets[name] = total
        total += length
    with_sound = tuple((offsets[pair.sound] + pair.begin, pair) for pair in found if pair.sound)
    starts: dict[str, int] = {}
    for start, pair in with_sound:
        for name in pair.ids:
            starts.setdefault(name, start)
    return Placed(starts, with_sound, sum(pair.end - pair.begin for _, pair in with_sound))


def _clip(clip: Element, begin: str, end: str, place: str) -> tuple[int, int]:
    times = milliseconds(clip.get(begin) or "0"), milliseconds(clip.get(end))
    if times[0] is None or times[1] is None:
        raise Broken("Its clip has no times that can be read.", "Build the edition again.", place)
    return times[0], times[1]


def sentences(placed: Placed, documents: dict[str, Element]) -> Iterator[Cue]:
    """Yield what is read, with its times; a clip on a block whose sentences have their own is the silence before."""
    there = {f"{name}#{each.get('id')}": each for name, root in documents.items() for each in root.all()}
    read = {pair.text for _, pair in placed.pairs}
    for start, pair in placed.pairs:
        name, _, own = pair.text.partition("#")
        element = there.get(pair.text)
        inside = element.all() if element else ()
        if any(f"{name}#{each.get('id')}" in read for each in inside if each.get("id") not in ("", own)):
            continue
        yield Cue(start, start + pair.end - pair.begin, element.text if element else "")
