"""A podcast feed: RSS 2.0 with the namespaces of iTunes and of Podcasting 2.0, and the files beside it."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from audiobook.check import picture, read, sound, xml
from audiobook.check.finding import Account, Broken, Finder, Finding, Look
from audiobook.xml import Element

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
MEDIUMS = "podcast music video film audiobook newsletter blog publisher course mixed".split()
"""Values of podcast:medium; each but mixed also as a list, with an L at its end."""
TYPES = {
    "mp3": {"audio/mpeg"},
    "m4a": {"audio/x-m4a", "audio/mp4"},
    "m4b": {"audio/x-m4a", "audio/mp4"},
    "opus": {"audio/ogg", "audio/opus"},
    "flac": {"audio/flac", "audio/x-flac"},
}
"""Types of an enclosure, by the end of its address."""
CHAPTERS = {"application/json+chapters", "application/json"}
TRANSCRIPTS = set(
    "text/vtt application/x-subrip application/srt text/srt application/json text/html text/plain".split()
)

_DEMUXERS = {"mp3": "mp3", "m4a": "mov", "m4b": "mov", "opus": "ogg", "flac": "flac"}
_NEAR = 1500
"""ms that a duration in whole seconds may differ from the sound's."""
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_AGAIN = "Make the feed again with audiobook feed."


def look(path: Path) -> Look:
    """Look at the channel, then at each episode; where its files lie beside the feed, at these, too."""
    finder = Finder(path)
    root = xml.parse(read.raw(path), "")
    channels = root.inside("channel")
    if root.name != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        raise Broken("It is no RSS 2.0 feed with one channel.", _AGAIN)
    channel = channels[0]
    yield from _channel(finder, channel)
    items = channel.inside("item")
    if not items:
        yield finder.error("", "There is no episode in it.", "Build an edition first.")
    yield from _guids(finder, items)
    for item in items:
        yield from _item(finder, item)
    return Account(path)


def _channel(finder: Finder, channel: Element) -> Iterator[Finding]:
    for name in ("title", "description", "link", "language"):
        if not _value(channel, name):
            yield finder.error("channel", f"{name} is missing or empty.", _AGAIN)
    language = _value(channel, "language")
    if language and not re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*", language):
        yield finder.error("channel", f"{language[:40]} is no language.", "Write it like en or en-GB.")
    if not any(link.get("rel") == "self" for link in _named(channel, "link", ATOM)):
        yield finder.error("channel", "It doesn't tell its own address (atom:link, rel self).", _AGAIN)
    if not any(category.get("text") for category in _named(channel, "category", ITUNES)):
        yield finder.error("channel", "itunes:category is missing.", _AGAIN)
    yield from _explicit(finder, "channel", channel, needed=True)
    yield from _artwork(finder, channel)
    yield from _podcasting(finder, channel)


def _podcasting(finder: Finder, channel: Element) -> Iterator[Finding]:
    medium = _value(channel, "medium", PODCAST)
    if medium and medium not in MEDIUMS and medium.removesuffix("L") not in MEDIUMS[:-1]:
        yield finder.error("channel", f"podcast:medium is {medium[:40]!r}, which no app knows.", "Write audiobook.")
    guid = _value(channel, "guid", PODCAST)
    if guid and not re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", guid):
        yield finder.error("channel", "podcast:guid is no UUID of version 5.", _AGAIN)


def _artwork(finder: Finder, channel: Element) -> Iterator[Finding]:
    """Yield what is wrong with the channel's picture, and with its file where that lies beside the feed."""
    address = next((image.get("href") for image in _named(channel, "image", ITUNES)), "")
    if not re.fullmatch(r"https?://\S+\.(jpe?g|png)", address):
        yield finder.error(
            "channel", "itunes:image is missing, or no full address of a .jpg or .png.", "Give the feed a picture."
        )
        return
    if file := _beside(finder.file, address):
        yield from picture.cover(finder, read.raw(file))


def _guids(finder: Finder, items: list[Element]) -> Iterator[Finding]:
    counted = Counter(_value(item, "guid") for item in items)
    for guid, count in counted.items():
        if not guid:
            yield finder.error("episodes", f"{count} without a guid: apps show them twice after a change.", _AGAIN)
        elif count > 1:
            yield finder.error("episodes", f"{count} share the guid {guid[:60]}: apps show one of them.", _AGAIN)


def _item(finder: Finder, item: Element) -> Iterator[Finding]:
    title = _value(item, "title")
    place = f"episode {title[:60]!r}" if title else f"line {item.line}"
    if not title:
        yield finder.error(place, "The episode has no title.", _AGAIN)
    yield from _explicit(finder, place, item, needed=False)
    yield from _date(finder, place, _value(item, "pubDate"))
    for name, types in (("chapters", CHAPTERS), ("transcript", TRANSCRIPTS)):
        for element in _named(item, name, PODCAST):
            yield from _side_file(finder, place, element, types)
    yield from _enclosure(finder, place, item)


def _explicit(finder: Finder, place: str, element: Element, *, needed: bool) -> Iterator[Finding]:
    value = _value(element, "explicit", ITUNES)
    if value not in ("true", "false") and (needed or value):
        yield finder.error(place, "itunes:explicit is neither true nor false.", "Write one of the two.")


def _date(finder: Finder, place: str, written: str) -> Iterator[Finding]:
    try:
        date = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        yield finder.error(place, "pubDate is missing, or no date such as Sun, 22 Nov 2026 00:00:00 +0000.", _AGAIN)
        return
    if written[:3] in _DAYS and written[:3] != _DAYS[date.weekday()]:
        day = calendar.day_name[date.weekday()]
        yield finder.error(place, f"pubDate says {written[:3]}, but that day is a {day}.", _AGAIN)


def _side_file(finder: Finder, place: str, element: Element, types: set[str]) -> Iterator[Finding]:
    address = element.get("url")
    if not re.match(r"https?://", address) or element.get("type") not in types:
        yield finder.error(place, f"podcast:{element.name} lacks its address or a type that apps know.", _AGAIN)
    elif _beside(finder.file, address) is None and _has_media(finder.file):
        yield finder.error(place, f"{_base(address)} is not beside the feed.", "Build it, and make the feed again.")


def _enclosure(finder: Finder, place: str, item: Element) -> Iterator[Finding]:
    enclosures = item.inside("enclosure")
    if len(enclosures) != 1 or not all(enclosures[0].get(key) for key in ("url", "length", "type")):
        yield finder.error(place, "It has no enclosure with url, length and type: nothing to play.", _AGAIN)
        return
    address, length = enclosures[0].get("url"), enclosures[0].get("length")
    if not re.fullmatch(r"[1-9]\d{0,14}", length):
        yield finder.error(place, "The enclosure's length is no number of bytes.", _AGAIN)
    suffix = urlsplit(address).path.rpartition(".")[2].lower() if _is_address(address) else ""
    if enclosures[0].get("type") not in TYPES.get(suffix, set()):
        yield finder.error(place, "The enclosure's address and its type don't fit each other.", _AGAIN)
        return
    file = _beside(finder.file, address)
    if file is None and _has_media(finder.file):
        yield finder.error(place, f"{_base(address)} is not beside the feed.", "Build it, and make the feed again.")
    elif file:
        yield from _file(finder, place, item, length, file)


def _file(finder: Finder, place: str, item: Element, length: str, file: Path) -> Iterator[Finding]:
    """Hold an episode against its sound."""
    size = file.stat().st_size
    if length.isascii() and length.isdigit() and length != str(size):
        yield finder.error(place, f"The enclosure's length is {length}; {file.name} has {size} bytes.", _AGAIN)
    duration = _value(item, "duration", ITUNES)
    if not re.fullmatch(r"\d{1,7}|(\d{1,4}:)?\d{1,2}:\d{2}", duration):
        yield finder.error(place, "itunes:duration is missing, or no time.", _AGAIN)
        return
    told = 0
    for part in duration.split(":"):
        told = told * 60 + int(part)
    heard = sound.hear(file, _DEMUXERS[file.suffix[1:].lower()]).duration
    if abs(told * 1000 - heard) > _NEAR:
        yield finder.error(
            place, f"itunes:duration is {told} s, but {file.name} lasts {heard / 1000:.0f} s.", _AGAIN
        )  # fmt: skip


def _named(element: Element, name: str, space: str) -> list[Element]:
    return [child for child in element.inside(name) if child.space == space]


def _value(element: Element, name: str, space: str = "") -> str:
    return next((child.text for child in _named(element, name, space)), "")


def _is_address(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def _base(address: str) -> str:
    """Give the name of the file at an address; empty when there is none that may lie beside the feed."""
    name = unquote(urlsplit(address).path.rpartition("/")[2]) if _is_address(address) else ""
    return "" if {"/", "\\", "\0"} & set(name) or name in (".", "..") else name


def _beside(feed: Path, address: str) -> Path | None:
    """Find the file of an address in the feed's folder or in a folder there: editions have one each."""
    name = _base(address)
    if not name:
        return None
    parts = unquote(urlsplit(address).path).split("/")
    near = [feed.parent / name, *([feed.parent / parts[-2] / name] if len(parts) > 1 and _is_plain(parts[-2]) else [])]
    return next((file for file in near if file.is_file()), None)


def _is_plain(name: str) -> bool:
    return bool(name) and name not in (".", "..") and not {"/", "\\", "\0"} & set(name)


def _has_media(feed: Path) -> bool:
    """Whether any sound lies beside the feed; where none does, it stands alone and its files are elsewhere."""
    return any(file.suffix[1:].lower() in TYPES for file in feed.parent.glob("*.*")) or any(
        file.suffix[1:].lower() in TYPES for file in feed.parent.glob("*/*.*")
    )
