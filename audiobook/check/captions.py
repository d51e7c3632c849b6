"""Captions: WebVTT (W3C), with and without the times of words, and SubRip."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from audiobook.check import read
from audiobook.check.finding import Account, Finder, Finding, Look, clock
from audiobook.model import Cue

_TIME = r"(?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMING = re.compile(rf"({_TIME})[ \t]+-->[ \t]+({_TIME})(?:[ \t]+[a-z]+:\S+)*[ \t]*")
_SRT_TIMING = re.compile(r"(\d{2,4}:[0-5]\d:[0-5]\d,\d{3}) --> (\d{2,4}:[0-5]\d:[0-5]\d,\d{3})")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|v|lang)(?:\.[^\s<>.]+)*(?:[ \t][^<>]*)?>")
_WORD_TIME = re.compile(rf"<({_TIME})>")
_ENTITY = re.compile(r"&(?:amp|lt|gt|lrm|rlm|nbsp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_INSIDE_WORD = re.compile(rf"\w<{_TIME}>\w")
_SETTLED = ("NOTE", "STYLE", "REGION")
_AGAIN = "Build the edition again."


def vtt(path: Path) -> Look:
    """Look at WebVTT: the header, each cue, then their order."""
    finder = Finder(path)
    blocks = _blocks(read.text(path))
    if not blocks or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", blocks[0][1][0]):
        yield finder.error("line 1", "It doesn't begin with WEBVTT, so no player takes it.", _AGAIN)
        return Account(path)
    if len(blocks[0][1]) > 1:
        yield finder.error(
            "line 2", "There is no blank line after WEBVTT: strict players refuse the file.", "Put a blank line there."
        )
    cues: list[Cue] = []
    for line, block in blocks[1:]:
        if not block[0].startswith(_SETTLED):
            yield from _vtt_cue(finder, line, block, cues)
    yield from _in_order(finder, cues)
    return Account(path, sentences=tuple(cues))


def srt(path: Path) -> Look:
    """Look at SubRip: each cue with its number, then their order."""
    finder = Finder(path)
    cues: list[Cue] = []
    for number, (line, block) in enumerate(_blocks(read.text(path)), start=1):
        yield from _srt_cue(finder, line, number, block, cues)
    yield from _in_order(finder, cues)
    return Account(path, sentences=tuple(cues))


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Cut at blank lines; each block comes with the number of its first line."""
    blocks: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            fresh = True
        elif fresh:
            blocks.append((number, [line]))
            fresh = False
        else:
            blocks[-1][1].append(line)
    return blocks


def _vtt_cue(finder: Finder, line: int, block: list[str], cues: list[Cue]) -> Iterator[Finding]:
    """Add a block's cue to `cues`, and yield what is wrong with it."""
    at = 0 if "-->" in block[0] else 1
    timing = _TIMING.fullmatch(block[at]) if at < len(block) else None
    if timing is None:
        yield finder.error(
            f"line {line}", "There is no time that WebVTT knows: 00:00:01.000 --> 00:00:02.500.", "Write it like this."
        )
        return
    markup = " ".join(block[at + 1 :])
    cue = Cue(_time(timing[1]), _time(timing[2]), _plain(markup))
    cues.append(cue)
    yield from _markup(finder, f"line {line + at + 1}", markup)
    yield from _word_times(finder, f"line {line + at + 1}", markup, cue)


def _markup(finder: Finder, place: str, markup: str) -> Iterator[Finding]:
    bare = _TAG.sub("", _WORD_TIME.sub("", markup))
    if "-->" in bare or "<" in bare or "&" in _ENTITY.sub("", bare):
        yield finder.error(
            place, "A sign of the format stands in the text as itself: players drop what follows.",
            "Write &amp;, &lt; and &gt; for them.",
        )  # fmt: skip


def _word_times(finder: Finder, place: str, markup: str, cue: Cue) -> Iterator[Finding]:
    times = [_time(found) for found in _WORD_TIME.findall(markup)]
    if times and any(two <= one for one, two in pairwise([cue.start, *times, cue.end])):
        yield finder.error(place, "The times of its words don't rise, or leave the cue.", _AGAIN)
    if _INSIDE_WORD.search(markup):
        yield finder.error(place, "A time stands inside a word, so the word is marked in two halves.", _AGAIN)


def _srt_cue(finder: Finder, line: int, number: int, block: list[str], cues: list[Cue]) -> Iterator[Finding]:
    """Add a block's cue to `cues`, and yield what is wrong with it."""
    if block[0].strip() != str(number):
        yield finder.error(f"line {line}", f"The cue should have the number {number}.", "Count from 1, without gaps.")
    timing = _SRT_TIMING.fullmatch(block[1].strip()) if len(block) > 1 else None
    if timing is None:
        yield finder.error(
            f"line {line + 1}", "There is no time that SubRip knows: 00:00:01,000 --> 00:00:02,500.", "Write it so."
        )
        return
    cues.append(Cue(_time(timing[1]), _time(timing[2]), " ".join(block[2:]).strip()))


def _in_order(finder: Finder, cues: Sequence[Cue]) -> Iterator[Finding]:
    if not cues:
        yield finder.error("", "There are no captions in it.", _AGAIN)
    for number, cue in enumerate(cues, start=1):
        place = f"caption {number}, at {clock(cue.start)}"
        if cue.end <= cue.start:
            yield finder.error(place, "It ends before it starts.", "Put its end after its start.")
        if not cue.text:
            yield finder.error(place, "It is empty.", "Give it its sentence, or take it out.")
    for number, (one, two) in enumerate(pairwise(cues), start=2):
        place = f"caption {number}, at {clock(two.start)}"
        if two.start < one.start:
            yield finder.error(place, "It starts before the one above it.", "Put captions in the order of time.")
        elif two.start < one.end:
            yield finder.warning(place, "It starts before the one above it has ended.", _AGAIN)


def _plain(markup: str) -> str:
    """Give the text that a reader sees."""
    return html.unescape(_TAG.sub("", _WORD_TIME.sub("", markup))).strip()


def _time(written: str) -> int:
    """Read a time that a pattern has matched, in ms."""
    *hours, minutes, seconds = re.split(r"[:]", written.replace(",", "."))
    whole, _, thousandths = seconds.partition(".")
    return ((int(hours[0]) if hours else 0) * 3600 + int(minutes) * 60 + int(whole)) * 1000 + int(thousandths)
