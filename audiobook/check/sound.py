"""What ffmpeg hears in a file: how long it is, where it is silent, what is damaged; and the chapters and tags it sees.

Many players are built on ffmpeg, so what it doesn't see they don't show. Each file is opened as what its name says
and as nothing else, and no other file or address is: a playlist that is named .mp3 leads nowhere.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audiobook import ffmpeg
from audiobook.check.finding import Broken, Finder, Finding
from audiobook.errors import EncodeError
from audiobook.model import Cue

SILENCE = 200
"""ms from which a pause counts as silence."""
_QUIET = "-50dB"
_FIRST_SOUND = ("-map", "0:a:0", "-c", "copy")
"""In Ogg the tags are those of the stream."""
_HOURS = 200
"""Of sound, at most, are listened to."""
_STREAM = re.compile(r"Stream #0:\d+\S*: Audio: ([^\n]*)")
_SAMPLES = re.compile(r"Number of samples: (\d+)")
_COMPLAINT = re.compile(r"\[(?:error|fatal|panic)\] (.*)")
_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LEVELS = "measure_perchannel=none:measure_overall=RMS_level+Peak_level+Number_of_samples"
MOST_SHOWN = 80
"""Letters of a foreign program's words that go into a message."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound as a listener decodes it."""

    codec: str
    """As ffmpeg names it, with its profile: "mp3", "aac (LC)"."""
    sample_rate: int
    """Hz."""
    duration: int
    """ms, rounded down, from the number of decoded samples."""
    rms: float
    """dB of the whole; -inf for digital silence."""
    peak: float
    """dB of the highest sample."""
    silences: tuple[tuple[int, int], ...]
    """ms."""
    complaints: tuple[str, ...]
    """What ffmpeg said was damaged."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What ffmpeg reads beside the sound."""

    tags: dict[str, str]
    """By name in lower case."""
    chapters: tuple[Cue, ...]
    """In the order in which they stand in the file."""


def source(path: Path, demuxer: str) -> list[str]:
    """Arguments that make ffmpeg read this file as this kind, and nothing else from anywhere."""
    return ["-protocol_whitelist", "file", "-f", demuxer, "-t", str(_HOURS * 3600), "-i", ffmpeg.as_file(path)]


def hear(path: Path, demuxer: str) -> Heard:
    """Decode the whole sound. Raises Broken when there is none."""
    filters = f"silencedetect=noise={_QUIET}:d={SILENCE / 1000},astats={_LEVELS}"
    try:
        words = ffmpeg.run(
            [*source(path, demuxer), "-map", "0:a:0", "-af", filters, "-f", "null", "-"], log="level+info"
        )
    except EncodeError as error:
        raise Broken(
            f"Its sound can't be decoded: {_shown(str(error).splitlines()[-1])}", "Build the edition again."
        ) from error
    stream, samples = _STREAM.search(words), _SAMPLES.findall(words)
    rate = re.search(r"(\d+) Hz", stream[1]) if stream else None
    if stream is None or rate is None or not samples or int(samples[-1]) == 0:
        raise Broken("There is no sound in it.", "Build the edition again.")
    duration = int(samples[-1]) * 1000 // int(rate[1])
    return Heard(
        stream[1].split(" (mp4a")[0].split(",")[0],
        int(rate[1]),
        duration,
        _level("RMS", words),
        _level("Peak", words),
        tuple(_silences(words, duration)),
        tuple(_COMPLAINT.findall(words)),
    )


def labels(path: Path, demuxer: str) -> Labels:
    """Read tags and chapters. Raises Broken when ffmpeg can't open the file."""
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "labels"
        # Without -copyts, chapters are moved by the delay of the encoder.
        command = ["-copyts", *source(path, demuxer), *_FIRST_SOUND, "-f", "ffmetadata", "-y", ffmpeg.as_file(listing)]
        try:
            ffmpeg.run(command)
            return _labels(listing.read_text(encoding="utf-8", errors="replace"))
        except EncodeError as error:
            reason = _shown(str(error).splitlines()[-1])
            raise Broken(f"It can't be opened: {reason}", "Build the edition again.") from error


def damage(finder: Finder, heard: Heard) -> Iterator[Finding]:
    """Yield an error when something could not be decoded."""
    if heard.complaints:
        yield finder.error(
            "",
            f"Its sound is damaged; ffmpeg says: {_shown(heard.complaints[0])}",
            "Copy the file anew from where it came, or build the edition again.",
        )


def tagged(finder: Finder, tags: dict[str, str], *needed: str) -> Iterator[Finding]:
    """Yield an error for each tag that players sort by and that is not there."""
    for name in needed:
        if not tags.get(name, "").strip():
            yield finder.error(
                "tags", f"The tag {name} is missing or empty.", "Build the edition again, with --title and --author."
            )


def _level(name: str, words: str) -> float:
    found = re.findall(rf"{name} level dB: (\S+)", words)
    return float(found[-1]) if found else float("-inf")


def _silences(words: str, duration: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each silence; one that lasts to the end of the sound ends with it."""
    start = None
    for edge, seconds in re.findall(r"silence_(start|end): (-?[\d.]+)", words):
        moment = max(0, round(float(seconds) * 1000))
        if edge == "start":
            start = moment
        elif start is not None:
            yield start, moment
            start = None
    if start is not None:
        yield start, duration


def _labels(listing: str) -> Labels:
    """Read ffmpeg's metadata format: "key=value" with backslashes before signs, sections in brackets."""
    tags: dict[str, str] = {}
    chapters: list[dict[str, str]] = []
    here = tags
    for line in re.split(r"(?<!\\)\n", listing):
        if line == "[STREAM]":
            here = tags
        elif line == "[CHAPTER]":
            here = {}
            chapters.append(here)
        elif not line.startswith((";", "[")):
            key, _, value = line.partition("=")
            here[_UNESCAPED.sub(r"\1", key).lower()] = _UNESCAPED.sub(r"\1", value)
    return Labels(tags, tuple(map(_chapter, chapters)))


def _chapter(entry: dict[str, str]) -> Cue:
    over, _, under = entry.get("timebase", "1/1").partition("/")
    try:
        scale = 1000 * int(over) / int(under)
        return Cue(round(int(entry["start"]) * scale), round(int(entry["end"]) * scale), entry.get("title", ""))
    except (KeyError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise Broken("A chapter in it has no times.", "Build the edition again.") from error


def _shown(words: str) -> str:
    """The start of a foreign program's words."""
    return words.strip()[:MOST_SHOWN].rstrip(".") + "."
