"""A podcast feed of the editions in a folder: RSS 2.0 with Apple's and the podcast namespace, and an index page.

The feed is made of the editions' records and of the feed that was there: an episode keeps the date that listeners were
told first. Made again after an edition was added, it changes in that edition's lines only.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from audiobook import cover, output, shelf, xml
from audiobook.errors import SourceError
from audiobook.formats._text import one_line
from audiobook.markup import GENERATOR, clock, document, own_language, safe
from audiobook.shelf import Record

NAME = "feed.xml"
INDEX = "index.html"
MEDIA = ("podcast", "audiobook")
"""What a feed may be (podcast namespace, medium): episodes, or one book."""
SOUNDS = {"mp3": "audio/mpeg", "m4b": "audio/mp4"}
"""Formats that podcast apps play, with their media types; the first that an edition has is the one in the feed."""
TRANSCRIPTS = {"vtt": "text/vtt", "srt": "application/x-subrip"}
CHAPTERS = "application/json+chapters"

_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Namespace of podcast:guid, as the podcast namespace says."""
_FORBIDDEN = re.compile("[\ufffe\uffff]")
"""What XML 1.0 forbids (2.2, Char) besides controls and surrogates, which `one_line` takes out."""

for prefix, namespace in {"atom": _ATOM, "itunes": _ITUNES, "podcast": _PODCAST}.items():
    ElementTree.register_namespace(prefix, namespace)


@dataclass(frozen=True, slots=True)
class Channel:
    """What a person says of the whole feed."""

    base: str
    """URL of the folder, with a slash at its end, as `base_url` returns it."""
    title: str = ""
    """Empty for the folder's name."""
    author: str = ""
    description: str = ""
    image: Path | None = None
    """A picture of the user's; None draws one."""
    language: str = "en"
    """BCP 47."""
    explicit: bool = False
    """Whether any edition is not for children."""
    medium: str = MEDIA[0]


@dataclass(frozen=True, slots=True)
class Episode:
    """An edition that can be heard, in its folder."""

    record: Record
    folder: Path
    """Relative to the feed's."""
    sound: str
    """One of `SOUNDS`."""
    size: int
    """Bytes of the sound file."""
    date: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """What was made."""

    url: str
    episodes: tuple[Episode, ...]
    """Newest first."""
    files: tuple[Path, ...]
    notes: tuple[str, ...]
    """What a person should know: editions without sound, a page that was left alone."""


def base_url(text: str) -> str:
    """Return the URL of a folder on the web with a slash at its end. Raises ValueError for what can be none."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it does not start with https:// and a host")
    if parts.query or parts.fragment or parts.username or re.search(r"[\s<>\"]", text):
        raise ValueError("it has more than a host and a path")
    host = parts.netloc.encode("idna").decode("ascii")
    return f"{parts.scheme}://{host}{quote(parts.path.rstrip('/'), safe='/%')}/"


def make(folder: Path, channel: Channel, name: str = NAME) -> Feed:
    """Write the feed of a folder's editions into it, with artwork, OPML and an index page.

    Raises SourceError when there is nothing to hear, or a record's file is gone; EncodeError for a bad picture.
    """
    episodes, notes = _episodes(folder, _told(folder / name))
    stem = Path(name).stem
    title = one_line(channel.title or folder.resolve().name) or "Audio editions"
    url = channel.base + quote(name)
    artwork = cover.prepare(channel.image) if channel.image else cover.draw(title, channel.author)
    files: dict[str, str | bytes] = {
        name: _xml(_rss(channel, title, url, channel.base + quote(f"{stem}.jpg"), episodes)),
        f"{stem}.opml": _xml(_opml(title, url)),
        f"{stem}.jpg": artwork,
    }
    if _is_ours(folder / INDEX):
        files[INDEX] = _index(channel, title, quote(name), episodes)
    else:
        notes = (*notes, f"{folder / INDEX} is not one of ours, so it was left alone.")
    for file, content in files.items():
        output.write_whole(folder / file, content)
    return Feed(url, episodes, tuple(folder / file for file in files), notes)


def _told(feed: Path) -> dict[str, datetime]:
    """Return when each episode of an earlier feed counts as published, by its guid; nothing for no feed of ours."""
    try:
        items = list(xml.parse(feed.read_bytes()).all("item"))
        dates = ((item.first("guid").text, parsedate_to_datetime(item.first("pubDate").text)) for item in items)
        return {guid: date.astimezone(timezone.utc) for guid, date in dates}
    except (OSError, xml.Fault, ValueError):
        return {}


def _episodes(folder: Path, told: dict[str, datetime]) -> tuple[tuple[Episode, ...], tuple[str, ...]]:
    """Return the editions in a folder's folders, newest first, and notes on those without a sound.

    `told` has the dates of an earlier feed, by id.
    """
    episodes, notes = [], []
    for path in sorted(folder.glob("*/*.json")):
        record = shelf.read(path) if "." not in path.stem else None
        if record is None:
            continue
        date = _published(record) or told.get(record.id) or _built(path)
        if found := _episode(record, path.parent, folder, date):
            episodes.append(found)
        else:
            notes.append(f"{path.parent} has no {' and no '.join(SOUNDS)}, so it is not in the feed.")
    if not episodes:
        raise SourceError(
            f"There is no edition to be heard in {folder}.\nBuild one first: audiobook build … -o {folder}"
        )
    return tuple(sorted(episodes, key=lambda each: (each.date, each.folder.name), reverse=True)), tuple(notes)


def _episode(record: Record, edition: Path, folder: Path, date: datetime) -> Episode | None:
    for sound in SOUNDS:
        if name := record.files.get(sound):
            try:
                size = (edition / name).stat().st_size
            except OSError as error:
                raise SourceError(
                    f"{edition / name} is gone. Build the edition again, or delete its folder."
                ) from error
            return Episode(record, edition.relative_to(folder), sound, size, date)
    return None


def _published(record: Record) -> datetime | None:
    """Return when the author says that it was published, at noon so that it is that day everywhere."""
    if not record.published:
        return None
    year, month, day = (*map(int, record.published.split("-")), 1, 1)[:3]
    return datetime(year, month, day, 12, tzinfo=timezone.utc)


def _built(record: Path) -> datetime:
    """Return when an edition was built, to the second."""
    return datetime.fromtimestamp(int(record.stat().st_mtime), timezone.utc)


def _rss(channel: Channel, title: str, url: str, artwork: str, episodes: Iterable[Episode]) -> ElementTree.Element:
    root = ElementTree.Element("rss", version="2.0")
    top = ElementTree.SubElement(root, "channel")
    _add(top, "title", title)
    _add(top, "link", channel.base)
    _add(top, f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=url)
    _add(top, "description", channel.description or "Texts, read aloud by synthetic voices.")
    _add(top, "language", channel.language)
    _add(top, "generator", "audiobook")
    if channel.author:
        _add(top, f"{{{_ITUNES}}}author", channel.author)
    _add(top, f"{{{_ITUNES}}}image", href=artwork)
    _add(_add(top, f"{{{_ITUNES}}}category", text="Arts"), f"{{{_ITUNES}}}category", text="Books")
    _add(top, f"{{{_ITUNES}}}explicit", str(channel.explicit).lower())
    _add(top, f"{{{_PODCAST}}}guid", str(uuid.uuid5(_FEEDS, url.partition("://")[2].rstrip("/"))))
    _add(top, f"{{{_PODCAST}}}medium", channel.medium)
    for episode in episodes:
        _item(top, channel.base, episode)
    return root


def _item(top: ElementTree.Element, base: str, episode: Episode) -> None:
    record = episode.record

    def url(kind: str) -> str:
        return base + _path(episode, kind)

    item = _add(top, "item")
    _add(item, "title", record.title or episode.folder.name)
    _add(item, "guid", record.id, isPermaLink="false")
    _add(item, "pubDate", format_datetime(episode.date))
    if "html" in record.files:
        _add(item, "link", url("html"))
    _add(item, "description", "\n".join(_description(record)))
    _add(item, "enclosure", url=url(episode.sound), length=str(episode.size), type=SOUNDS[episode.sound])
    _add(item, f"{{{_ITUNES}}}duration", str(round(record.duration_ms / 1000)))
    if record.author:
        _add(item, f"{{{_ITUNES}}}author", record.author)
    _add(item, f"{{{_ITUNES}}}image", href=url("cover"))
    if "chapters" in record.files:
        _add(item, f"{{{_PODCAST}}}chapters", url=url("chapters"), type=CHAPTERS)
    for kind, media in TRANSCRIPTS.items():
        if kind in record.files:
            _add(item, f"{{{_PODCAST}}}transcript", url=url(kind), type=media, language=record.language, rel="captions")


def _description(record: Record) -> Iterator[str]:
    """Yield an episode's notes, a line each: who, and the chapters, whose times many apps turn into links."""
    yield " ".join([*([f"By {record.author}."] if record.author else []), f"Spoken by {record.narrator}."])
    if len(record.chapters) > 1:
        yield from (f"{clock(chapter.start_ms)} {chapter.title}" for chapter in record.chapters)


def _opml(title: str, url: str) -> ElementTree.Element:
    """Return a list of subscriptions with this one feed, for apps that take such lists (OPML 2.0)."""
    root = ElementTree.Element("opml", version="2.0")
    _add(_add(root, "head"), "title", title)
    _add(_add(root, "body"), "outline", type="rss", text=title, title=title, xmlUrl=url)
    return root


def _add(parent: ElementTree.Element, tag: str, words: str = "", **attributes: str) -> ElementTree.Element:
    """Append an element with text and attributes, cleaned of what XML forbids."""
    child = ElementTree.SubElement(parent, tag, {name: _allowed(value) for name, value in attributes.items()})
    child.text = "\n".join(_allowed(line) for line in words.split("\n")) or None
    return child


def _allowed(text: str) -> str:
    return one_line(_FORBIDDEN.sub(" ", text))


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _path(episode: Episode, kind: str) -> str:
    """Return the URL of an edition's file, as seen from the feed's folder."""
    return quote((episode.folder / episode.record.files[kind]).as_posix())


def _is_ours(index: Path) -> bool:
    """Whether an index page may be written: there is none, or one that was written here."""
    return not index.exists() or GENERATOR in output.read_text(index)


def _index(channel: Channel, title: str, feed: str, episodes: Iterable[Episode]) -> str:
    """Return a page that lists the editions, for people without a podcast app."""
    about = f"<p>{safe(channel.description)}</p>\n" if channel.description else ""
    items = "\n".join(_entry(episode) for episode in episodes)
    body = f"""<header>
<h1 dir="auto">{safe(title)}</h1>
{about}<p><a href="{feed}">Subscribe in a podcast app</a>: give it the address of this link.</p>
</header>
<main>
{items}
</main>"""
    return document(title, own_language(channel.language), body, STYLE)


def _entry(episode: Episode) -> str:
    record = episode.record
    links = {
        "html": "Listen and read along",
        episode.sound: f"Download the {episode.sound.upper()}",
        "transcript": "Text",
    }
    items = "\n".join(
        f'<li><a href="{_path(episode, kind)}">{words}<span class="unseen">: {safe(record.title)}</span></a></li>'
        for kind, words in links.items()
        if kind in record.files
    )
    author = f"By <bdi>{safe(record.author)}</bdi>. " if record.author else ""
    day = f"{episode.date:%Y-%m-%d}"
    return f"""<article>
<h2 dir="auto" lang="{safe(record.language)}">{safe(record.title or episode.folder.name)}</h2>
<p class="what">{author}Spoken by <bdi>{safe(record.narrator)}</bdi>, {clock(record.duration_ms)}.
<time datetime="{day}">{day}</time></p>
<ul>
{items}
</ul>
</article>"""


STYLE = """
article ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; margin: .5rem 0; padding: 0; }
article a { display: inline-block; padding: .25rem 0; }
article p { margin: .25rem 0; }
"""
