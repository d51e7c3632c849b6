"""The shelf: what lies beside an edition, and the feed that is made of it."""

from __future__ import annotations

import io
import json
import os
import uuid
from datetime import datetime, timezone
from difflib import ndiff
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from audiobook import feed, shelf
from audiobook.errors import SourceError
from audiobook.feed import Channel
from audiobook.model import Artefact, Repaired
from tests.recordings import book, recording

IT = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
POD = "{https://podcastindex.org/namespace/1.0}"
BASE = "https://example.org/talks/"
SIDE = ("chapters", "html", "mp3", "srt", "vtt")
SUFFIXES = {"chapters": "chapters.json"}


def edition(
    shelves: Path, name: str, title: str = "A Book", source: str = "text", kinds: tuple[str, ...] = SIDE
) -> shelf.Record:
    """Put an edition on the shelf whose files have a few bytes each."""
    folder = shelves / name
    folder.mkdir(parents=True, exist_ok=True)
    made = recording(book(["One", "Two"], title), folder)
    made.pcm.unlink()
    artefacts = [Artefact(kind, folder / f"{name}.{SUFFIXES.get(kind, kind)}") for kind in kinds]
    for artefact in artefacts:
        artefact.path.write_bytes(b"x" * 1234)
    shelf.write(made, Repaired(source, source, (), ()), artefacts, "", folder, folder)
    record = shelf.read(folder / f"{name}.json")
    assert record
    return record


def items(shelves: Path) -> list[ElementTree.Element]:
    return ElementTree.parse(shelves / "feed.xml").getroot().findall("channel/item")  # noqa: S314 -- our own file


def test_a_rebuilt_edition_keeps_its_id(tmp_path: Path) -> None:
    """Another title or a mended text makes no new episode; another text under another name does."""
    first = edition(tmp_path, "one")
    again = edition(tmp_path, "one", "Another title", "mended")
    assert again.id == first.id
    assert again.title == "Another title"
    assert edition(tmp_path, "two").id != first.id


def test_a_record_knows_no_hour(tmp_path: Path) -> None:
    """Nothing in it tells the day, so that builds can be compared by their bytes."""
    edition(tmp_path, "one")
    assert datetime.now(timezone.utc).strftime("%Y-%m-%d") not in (tmp_path / "one" / "one.json").read_text("utf-8")


def test_an_episode_without_a_date_keeps_the_one_that_was_told(tmp_path: Path) -> None:
    """First it is that of the build; after a rebuild, the one in the feed that is there."""
    record = tmp_path / "one" / "one.json"
    for built in (1_700_000_000, 1_800_000_000):
        edition(tmp_path, "one")
        record.write_text(record.read_text("utf-8").replace("2017-02-03", ""), encoding="utf-8")
        os.utime(record, (built, built))
        feed.make(tmp_path, Channel(BASE))
        assert items(tmp_path)[0].findtext("pubDate") == "Tue, 14 Nov 2023 22:13:20 +0000"


@pytest.mark.parametrize(
    "content", [b"", b"<rss", b"\xff", b"<rss><item><guid>x</guid><pubDate>soon</pubDate></item></rss>"]
)
def test_a_feed_that_cant_be_read_is_made_anew(content: bytes, tmp_path: Path) -> None:
    edition(tmp_path, "one")
    (tmp_path / "feed.xml").write_bytes(content)
    feed.make(tmp_path, Channel(BASE))
    assert len(items(tmp_path)) == 1


def test_an_id_needs_no_memory(tmp_path: Path) -> None:
    """The same text under the same name gets the same id in another folder, too; a lost record costs nothing."""
    assert edition(tmp_path / "a", "one").id == edition(tmp_path / "b", "one").id
    first = edition(tmp_path, "one")
    (tmp_path / "one" / "one.json").write_text("{", encoding="utf-8")
    assert edition(tmp_path, "one").id == first.id


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '{"format": "audiobook edition"}',
        '{"format": "audiobook edition", "version": 2, "chapters": []}',
        '{"format": "audiobook edition", "version": 1, "chapters": [1]}',
    ],
)
def test_a_broken_record_is_named(content: str, tmp_path: Path) -> None:
    """The error says which file, and what to do."""
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"x\.json.*\n.*again"):
        shelf.read(path)


def test_a_record_leads_out_of_no_folder(tmp_path: Path) -> None:
    """A record from elsewhere can't bring a file of the person's into the feed."""
    edition(tmp_path, "one")
    path = tmp_path / "one" / "one.json"
    path.write_text(path.read_text("utf-8").replace('"one.mp3"', '"../../secret.mp3"'), encoding="utf-8")
    with pytest.raises(SourceError, match="no name of a file"):
        shelf.read(path)


def test_other_json_files_are_passed_over(tmp_path: Path) -> None:
    """A JSON file of a person's is no edition."""
    (tmp_path / "x.json").write_text("[1]", encoding="utf-8")
    assert shelf.read(tmp_path / "x.json") is None


def test_audiobookshelf_finds_names_and_chapters(tmp_path: Path) -> None:
    """The metadata file has the server's own keys, times in seconds, and the cover is a JPEG it looks for by name."""
    edition(tmp_path, "one")
    told = json.loads((tmp_path / "one" / "metadata.json").read_text("utf-8"))
    assert (told["title"], told["authors"], told["publishedYear"]) == ("A Book", ["Ann Author"], "2017")
    assert told["narrators"] == ["Hum (synthetic sound)"]
    assert [chapter["title"] for chapter in told["chapters"]] == ["One", "Two"]
    assert [chapter["id"] for chapter in told["chapters"]] == [0, 1]
    assert told["chapters"][0]["start"] == 0
    assert told["chapters"][0]["end"] == told["chapters"][1]["start"] < 5
    assert Image.open(tmp_path / "one" / "cover.jpg").format == "JPEG"


def test_an_episode_has_all_that_apps_ask_for(tmp_path: Path) -> None:
    """Exact bytes, the type, the length, chapters, captions and a page, under the addresses they will have."""
    record = edition(tmp_path, "one", "Rock & <Roll>")
    feed.make(tmp_path, Channel(BASE))
    (item,) = items(tmp_path)
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.attrib == {"url": f"{BASE}one/one.mp3", "length": "1234", "type": "audio/mpeg"}
    assert item.findtext("title") == "Rock & <Roll>"
    assert item.findtext("guid") == record.id
    assert item.findtext("link") == f"{BASE}one/one.html"
    assert item.findtext(f"{IT}duration") == str(round(record.duration_ms / 1000))
    assert [each.get("url") for each in item.findall(f"{POD}chapters")] == [f"{BASE}one/one.chapters.json"]
    transcripts = [(each.get("url"), each.get("type")) for each in item.findall(f"{POD}transcript")]
    assert transcripts == [(f"{BASE}one/one.vtt", "text/vtt"), (f"{BASE}one/one.srt", "application/x-subrip")]
    assert "0:00:00 One\n" in (item.findtext("description") or "")


def test_the_channel_says_what_a_person_said(tmp_path: Path) -> None:
    """Title, author, description, language, medium; explicit is true or false; the guid is the namespace's."""
    edition(tmp_path, "one")
    said = Channel("https://podnews.net/", "T", "A", "D & d", None, "en-GB", True, "audiobook")
    feed.make(tmp_path, said, "rss.xml")
    top = ElementTree.parse(tmp_path / "rss.xml").getroot().find("channel")  # noqa: S314 -- our own file
    assert top is not None
    tags = ("title", f"{IT}author", "description", "language", f"{IT}explicit", f"{POD}medium")
    assert [top.findtext(tag) for tag in tags] == ["T", "A", "D & d", "en-GB", "true", "audiobook"]
    own = top.find("{http://www.w3.org/2005/Atom}link")
    assert own is not None and own.get("href") == "https://podnews.net/rss.xml"
    # The example of the podcast namespace's own documentation.
    assert str(uuid.uuid5(feed._FEEDS, "podnews.net/rss")) == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_the_artwork_is_what_directories_take(tmp_path: Path) -> None:
    """A square RGB JPEG of 1400 to 3000 px, drawn or made of a person's picture."""
    edition(tmp_path, "one")
    Image.new("RGBA", (300, 200), (9, 9, 9, 9)).save(tmp_path / "own.png")
    for image in (None, tmp_path / "own.png"):
        feed.make(tmp_path, Channel(BASE, image=image))
        picture = Image.open(io.BytesIO((tmp_path / "feed.jpg").read_bytes()))
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert picture.width == picture.height
        assert 1400 <= picture.width <= 3000


def test_another_episode_changes_nothing_else(tmp_path: Path) -> None:
    """Made again the feed has the same bytes; with one more edition all its lines are still there, in their order."""
    edition(tmp_path, "one")
    edition(tmp_path, "three")
    names = [path.name for path in feed.make(tmp_path, Channel(BASE)).files]
    before = {name: (tmp_path / name).read_bytes() for name in names}
    feed.make(tmp_path, Channel(BASE))
    assert {name: (tmp_path / name).read_bytes() for name in names} == before
    edition(tmp_path, "two")
    feed.make(tmp_path, Channel(BASE))
    for name in ("feed.xml", "index.html"):
        old, new = (text.decode().splitlines() for text in (before[name], (tmp_path / name).read_bytes()))
        assert not [line for line in ndiff(old, new) if line.startswith("-")]
        assert len(new) > len(old)
    assert (tmp_path / "feed.opml").read_bytes() == before["feed.opml"]


def test_guids_don_t_hang_on_the_address(tmp_path: Path) -> None:
    """A feed that moves keeps its episodes."""
    edition(tmp_path, "one")
    found = []
    for base in (BASE, "http://elsewhere.example:8080/"):
        feed.make(tmp_path, Channel(base))
        found.append(items(tmp_path)[0].findtext("guid"))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("published", "day"),
    [("2019", "Tue, 01 Jan 2019"), ("2019-05", "Wed, 01 May 2019"), ("2019-05-31", "Fri, 31 May 2019")],
)
def test_the_date_is_the_authors(published: str, day: str, tmp_path: Path) -> None:
    """The date that was given counts, at noon; without one that of the first build."""
    edition(tmp_path, "one")
    path = tmp_path / "one" / "one.json"
    path.write_text(path.read_text("utf-8").replace("2017-02-03", published), encoding="utf-8")
    feed.make(tmp_path, Channel(BASE))
    assert items(tmp_path)[0].findtext("pubDate") == f"{day} 12:00:00 +0000"


def test_newest_episodes_come_first(tmp_path: Path) -> None:
    """The feed is in the order of the dates."""
    for number, published in enumerate(["2018", "", "2020-01-01", "2019-07"]):
        edition(tmp_path, f"n{number}")
        path = tmp_path / f"n{number}" / f"n{number}.json"
        path.write_text(path.read_text("utf-8").replace("2017-02-03", published), encoding="utf-8")
    feed.make(tmp_path, Channel(BASE))
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in items(tmp_path)]
    assert len(dates) == 4
    assert all(earlier >= later for earlier, later in pairwise(dates))


def test_an_edition_without_sound_is_named(tmp_path: Path) -> None:
    """It can't be in a feed, and the person is told; when nothing is left to hear, that is an error."""
    edition(tmp_path, "silent", kinds=("vtt",))
    with pytest.raises(SourceError, match="no edition to be heard"):
        feed.make(tmp_path, Channel(BASE))
    edition(tmp_path, "loud")
    (note,) = feed.make(tmp_path, Channel(BASE)).notes
    assert "silent" in note


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    """No feed promises a file that is not there."""
    edition(tmp_path, "one")
    (tmp_path / "one" / "one.mp3").unlink()
    with pytest.raises(SourceError, match=r"one\.mp3 is gone"):
        feed.make(tmp_path, Channel(BASE))


def test_a_persons_own_index_page_is_left_alone(tmp_path: Path) -> None:
    """Only a page that was written here is written over."""
    edition(tmp_path, "one")
    (tmp_path / "index.html").write_text("<p>Mine", encoding="utf-8")
    made = feed.make(tmp_path, Channel(BASE))
    assert (tmp_path / "index.html").read_text("utf-8") == "<p>Mine"
    assert "index.html" in made.notes[0]


def test_hostile_titles_stay_titles(tmp_path: Path) -> None:
    """What XML forbids is gone, what it escapes is escaped, in the feed, the list and the index page."""
    edition(tmp_path, "آخر", "</title> ]]> & \x00\ufffe “é” 😀 \ud800")
    feed.make(tmp_path, Channel(BASE, "<T> & \x01\uffff", "\x02", "]]>"))
    assert items(tmp_path)[0].findtext("title") == "</title> ]]> & “é” 😀"
    enclosure = items(tmp_path)[0].find("enclosure")
    assert enclosure is not None
    assert enclosure.get("url") == f"{BASE}%D8%A2%D8%AE%D8%B1/%D8%A2%D8%AE%D8%B1.mp3"
    ElementTree.parse(tmp_path / "feed.opml")  # noqa: S314 -- our own file
    assert "&lt;/title&gt; ]]&gt; &amp;" in (tmp_path / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://a.example", "https://a.example/"),
        ("http://a.example:8080/b c%20d/é/".replace(" c", "c"), "http://a.example:8080/bc%20d/%C3%A9/"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x/"),
    ],
)
def test_addresses(given: str, base: str) -> None:
    """A slash ends them, and letters of any script are written as addresses have them."""
    assert feed.base_url(given) == base


@pytest.mark.parametrize(
    "given",
    [
        "",
        "example.org",
        "ftp://a.example/",
        "https://",
        "https://a b/",
        "https://a/?x=1",
        "https://a/#x",
        "https://u:p@a/",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="it "):
        feed.base_url(given)
