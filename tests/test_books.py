"""EPUB and DAISY: the text in step with the sound. What their own validators find is in test_judges.py."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest

from audiobook import ffmpeg
from audiobook.formats import _language, _levelled, _publication, daisy, epub
from audiobook.formats._overlay import sections, segments
from audiobook.formats._xml import document, element
from audiobook.model import Pauses, Recording
from tests.recordings import ARABIC, MOTLEY, book, motley, recording

Element = ElementTree.Element
XHTML = "{http://www.w3.org/1999/xhtml}"
SMIL = "{http://www.w3.org/ns/SMIL}"
OPF = "{http://www.idpf.org/2007/opf}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A recording with all that a book can have; it starts with an announcement, and without a heading."""
    return motley(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def archive(made: Recording, tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    return ZipFile(epub.write(made, tmp_path_factory.mktemp("epub"), "x").path)


@pytest.fixture(scope="module")
def disc(made: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return daisy.write(made, tmp_path_factory.mktemp("daisy"), "x").path


def xml(data: bytes) -> Element:
    return ElementTree.fromstring(data)  # noqa: S314 -- it was written a moment ago, by ourselves


def parts(archive: ZipFile, suffix: str) -> list[tuple[str, Element]]:
    """The archive's XML files with this suffix that are part of the text, in their order."""
    names = sorted(name for name in archive.namelist() if name.endswith(suffix) and "/text-" in name)
    return [(name, xml(archive.read(name))) for name in names]


def package(archive: ZipFile) -> Element:
    return xml(archive.read("EPUB/package.opf"))


def meta(archive: ZipFile, name: str) -> list[str]:
    """The texts of a property that refines nothing."""
    found = package(archive).iter(f"{OPF}meta")
    return [each.text or "" for each in found if each.get("property") == name and not each.get("refines")]


def milliseconds(clock: str | None) -> int:
    """Read "00:01:02.345" or "npt=62.345s"."""
    seconds = 0.0
    for part in (clock or "").removeprefix("npt=").removesuffix("s").split(":"):
        seconds = seconds * 60 + float(part)
    return round(seconds * 1000)


def by_id(root: Element) -> dict[str, Element]:
    found = [each for each in root.iter() if each.get("id")]
    ids = {each.get("id") or "": each for each in found}
    assert len(ids) == len(found), "an id stands twice"
    return ids


def clips_of_epub(archive: ZipFile) -> list[tuple[str, int, int]]:
    """The text, start and end of each clip; every reference is looked up."""
    found = []
    for _, overlay in parts(archive, ".smil"):
        for par in overlay.iter(f"{SMIL}par"):
            text, audio = par
            file, name = (text.get("src") or "").split("#")
            at = by_id(xml(archive.read(f"EPUB/{file}")))[name]
            assert f"EPUB/{audio.get('src')}" in archive.namelist()
            times = milliseconds(audio.get("clipBegin")), milliseconds(audio.get("clipEnd"))
            found.append(("".join(at.itertext()), *times))
    return found


def clips_of_daisy(disc: Path) -> list[tuple[str, int, int]]:
    """The same, for a talking book."""
    ids = by_id(html(disc / "content.html"))
    found = []
    for path in sorted(disc.glob("s0*.smil")):
        for par in html(path).iter("par"):
            text, audio = par
            at = ids[(text.get("src") or "").removeprefix("content.html#")]
            assert (disc / (audio.get("src") or "?")).is_file()
            times = milliseconds(audio.get("clip-begin")), milliseconds(audio.get("clip-end"))
            found.append(("".join(at.itertext()), *times))
    return found


def html(path: Path) -> Element:
    return xml(path.read_bytes())


def metas(root: Element) -> dict[str, str]:
    return {each.get("name") or "": each.get("content") or "" for each in root.iter(f"{XHTML}meta")}


@pytest.fixture(params=["epub", "daisy"])
def clips(request: pytest.FixtureRequest, archive: ZipFile, disc: Path) -> list[tuple[str, int, int]]:
    return clips_of_epub(archive) if request.param == "epub" else clips_of_daisy(disc)


def test_clips_cover_all_of_the_sound(clips: list[tuple[str, int, int]], made: Recording) -> None:
    """The first clip starts at 0, each ends where the next one starts, and the last ends with the sound."""
    assert clips[0][1] == 0
    assert clips[-1][2] == made.duration
    assert all(earlier[2] == later[1] for earlier, later in pairwise(clips))
    assert all(begin < end for _, begin, end in clips)


def test_sentences_start_with_their_captions(clips: list[tuple[str, int, int]], made: Recording) -> None:
    """Every caption has a clip that starts when it does, on an element that holds its words and no others."""
    starts = {(text, begin) for text, begin, _ in clips}
    assert {(cue.text, cue.start) for cue in made.captions} <= starts


def test_chapters_start_with_their_marks(clips: list[tuple[str, int, int]], made: Recording) -> None:
    """The silence before a chapter's first sentence is a clip of its own, so that its start is that of all formats."""
    assert {cue.start for cue in made.chapters} <= {begin for _, begin, _ in clips}
    assert len(clips) == len(made.captions) + len(made.chapters)


def test_sound_stands_where_the_clips_say(archive: ZipFile, made: Recording, tmp_path: Path) -> None:
    """Decoded, each sentence of the EPUB's own sound starts within 20 ms of its clip."""
    path = Path(archive.extract("EPUB/sound.mp3", tmp_path))
    words = ffmpeg.run(
        ["-i", str(path), "-af", "silencedetect=noise=-40dB:duration=0.05", "-f", "null", "-"], log="info"
    )
    heard = [float(found) * 1000 for found in re.findall(r"silence_end: ([\d.]+)", words)][: len(made.captions)]
    captions = {(cue.text, cue.start) for cue in made.captions}
    begins = [begin for text, begin, _ in clips_of_epub(archive) if (text, begin) in captions]
    assert heard == pytest.approx(begins, abs=20)


def test_sound_is_the_levelled_mp3(archive: ZipFile, disc: Path, made: Recording) -> None:
    """Both hold the stream that all formats share, byte for byte."""
    stream = _levelled.mp3(made)[0].read_bytes()
    assert archive.read("EPUB/sound.mp3") == stream
    assert (disc / "sound.mp3").read_bytes() == stream


def test_a_short_silence_has_no_clip(tmp_path: Path) -> None:
    """Where a voice leaves next to no pause, a chapter starts with its first sentence: players stumble on less."""
    hasty = recording(book(["One", "Two"]), tmp_path, pauses=Pauses(0, 0, 20))
    first, second = (segments(section) for section in sections(hasty))
    assert first[0].id.startswith("b")
    assert second[0].id.startswith("s")
    assert second[0].begin == hasty.chapters[1].start == first[-1].end


LINES = [
    "h1: The & <Book>",
    "p: Spoken by a machine.",
    "p: One. Two?",
    "h1: & < > \" ' : /",
    "p: A <b>bold</b> word. “R&D.”",
    f"p: {ARABIC}.",
    "p: * * *",
    "p: Part 3 of 3.",
    "h1: 😀",
    f"h2: {'x' * 300}",
]
"""The whole text, with the tags of its blocks."""


def lines(body: Element) -> list[str]:
    blocks = [each for each in body.iter() if each.tag.removeprefix(XHTML) in ("h1", "h2", "p")]
    return [f"{each.tag.removeprefix(XHTML)}: {''.join(each.itertext())}" for each in blocks]


def test_all_text_is_there_in_order(archive: ZipFile, disc: Path) -> None:
    """Title, headings, announcements, breaks and every sentence, unharmed, whatever signs they have."""
    assert [line for _, root in parts(archive, ".xhtml") for line in lines(root)] == LINES
    assert lines(html(disc / "content.html")) == LINES


def test_text_against_the_book_is_marked(archive: ZipFile, disc: Path) -> None:
    """An Arabic sentence in an English book runs from right to left, and no English voice is to read it."""
    (_, _), (_, second), (_, _) = parts(archive, ".xhtml")
    for root in (second, html(disc / "content.html")):
        turned = [each for each in root.iter() if each.get("dir") == "rtl"]
        assert ["".join(each.itertext()) for each in turned] == [f"{ARABIC}."]
        assert turned[0].get("lang") == turned[0].get(XML_LANG) == "und"
        assert (root.get("lang"), root.get(XML_LANG), root.get("dir")) == ("en-GB", "en-GB", "ltr")


def test_a_book_from_right_to_left(tmp_path: Path) -> None:
    """An Arabic book turns its pages and its lines that way, and marks none of its own text."""
    arabic = recording(replace(book([ARABIC], title=ARABIC, author=ARABIC), language="ar"), tmp_path)
    archive = ZipFile(epub.write(arabic, tmp_path, "x").path)
    (spine,) = package(archive).iter(f"{OPF}spine")
    assert spine.get("page-progression-direction") == "rtl"
    ((_, text),) = parts(archive, ".xhtml")
    content = html(daisy.write(arabic, tmp_path, "x").path / "content.html")
    for root in (text, content):
        assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
        assert [each.get("dir") for each in root.iter(f"{XHTML}h1")] == [None]


def test_a_document_starts_with_each_heading(archive: ZipFile) -> None:
    """What is before the first heading has a document, too; each is named after its heading."""
    titles = [root.findtext(f"{XHTML}head/{XHTML}title") for _, root in parts(archive, ".xhtml")]
    assert titles == ["The & <Book>", "& < > \" ' : /", "😀"]


def test_a_text_without_headings_stays_in_one_piece(tmp_path: Path) -> None:
    """Its chapters are its paragraphs: a page for each would be no book."""
    archive = ZipFile(epub.write(recording(book(["One", "Two", "Three"]), tmp_path), tmp_path, "x").path)
    ((name, _),) = parts(archive, ".xhtml")
    contents = xml(archive.read("EPUB/nav.xhtml"))
    links = [link.get("href") or "" for link in contents.iter(f"{XHTML}a")]
    assert [link.split("#")[0] for link in links] == [Path(name).name] * 3


def test_epub_contents_lead_to_the_chapters(archive: ZipFile) -> None:
    """Every link of the table of contents hits what it names."""
    contents = xml(archive.read("EPUB/nav.xhtml"))
    for link in contents.iter(f"{XHTML}a"):
        file, _, name = (link.get("href") or "").partition("#")
        root = xml(archive.read(f"EPUB/{file}"))
        assert not name or name in by_id(root)
    assert [link.text for link in contents.iter(f"{XHTML}a")] == [chapter.title for chapter in MOTLEY.chapters]


def test_epub_durations_add_up(archive: ZipFile, made: Recording) -> None:
    """Each overlay says how long it is, and together they are as long as the sound."""
    found = [each for each in package(archive).iter(f"{OPF}meta") if each.get("property") == "media:duration"]
    (total,) = (milliseconds(each.text) for each in found if not each.get("refines"))
    shares = {each.get("refines"): milliseconds(each.text) for each in found if each.get("refines")}
    overlays = {f"#{each.get('media-overlay')}" for each in package(archive).iter(f"{OPF}item")} - {"#None"}
    assert set(shares) == overlays
    assert sum(shares.values()) == total == made.duration


def test_epub_says_what_is_true(archive: ZipFile) -> None:
    """Who it is for, that the voice is synthetic and the text repaired; no more than level A is claimed."""
    assert set(meta(archive, "schema:accessMode")) == {"textual", "auditory"}
    assert set(meta(archive, "schema:accessModeSufficient")) == {"textual", "auditory"}
    assert "synchronizedAudioText" in meta(archive, "schema:accessibilityFeature")
    assert meta(archive, "schema:accessibilityHazard") == ["none"]
    (summary,) = meta(archive, "schema:accessibilitySummary")
    assert "synthetic" in summary and "repaired by machine" in summary
    assert meta(archive, "dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.1 Level A"]
    assert meta(archive, "media:narrator") == ["Hum (synthetic sound)"]
    assert not meta(archive, "a11y:certifierCredential")


def test_epub_is_an_archive_as_readers_want_it(archive: ZipFile) -> None:
    """The type first, everything stored, and no day but the archive's first: the same bytes on every machine."""
    entries = archive.infolist()
    assert (entries[0].filename, archive.read("mimetype")) == ("mimetype", b"application/epub+zip")
    assert {(entry.compress_type, entry.extra) for entry in entries} == {(ZIP_STORED, b"")}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_epub_marks_sentences_in_light_and_dark(archive: ZipFile) -> None:
    """The class that readers set has its colours twice; blocks, which only hold silence, don't flash."""
    style = archive.read("EPUB/style.css").decode()
    assert style.count(f"span.{epub.ACTIVE} {{") == style.count(epub.ACTIVE) == 2
    assert "prefers-color-scheme: dark" in style


def test_daisy_contents_lead_to_the_sound(disc: Path) -> None:
    """The book's heading is first, then every chapter's, each at the start of its SMIL file."""
    contents = html(disc / "ncc.html")
    headings = list(contents.iter(f"{XHTML}h1"))
    assert headings[0].get("class") == "title"
    assert ["".join(each.itertext()) for each in headings] == [MOTLEY.title, *(c.title for c in MOTLEY.chapters)]
    places = [link.get("href") or "" for link in contents.iter(f"{XHTML}a")]
    assert [place.split("#")[0] for place in places] == ["s0001.smil", "s0001.smil", "s0002.smil", "s0003.smil"]
    for place in places:
        file, name = place.split("#")
        assert by_id(html(disc / file))[name].tag == "par"
    assert len(set(places)) == len(places)


def test_daisy_has_no_second_heading_for_a_book_of_one_name(tmp_path: Path) -> None:
    """A book whose first chapter is called like itself has one heading for both."""
    one = recording(book(["A Book", "Two"], title="A Book"), tmp_path)
    contents = html(daisy.write(one, tmp_path, "x").path / "ncc.html")
    assert ["".join(each.itertext()) for each in contents.iter(f"{XHTML}h1")] == ["A Book", "Two"]
    assert metas(contents)["ncc:tocItems"] == "2"


def test_daisy_numbers_are_right(disc: Path, made: Recording) -> None:
    """Files, headings and times are what is there."""
    known = metas(html(disc / "ncc.html"))
    assert int(known["ncc:files"]) == len(list(disc.iterdir()))
    assert int(known["ncc:tocItems"]) == len(MOTLEY.chapters) + 1
    assert milliseconds(known["ncc:totalTime"]) == pytest.approx(made.duration, abs=500)
    lengths = []
    for path, chapter in zip(sorted(disc.glob("s0*.smil")), made.chapters, strict=True):
        (sequence,) = html(path).iter("seq")
        lengths.append(milliseconds(sequence.get("dur")))
        elapsed = {each.get("name"): each.get("content") for each in html(path).iter("meta")}["ncc:totalElapsedTime"]
        assert milliseconds(elapsed) == pytest.approx(chapter.start, abs=500)
    assert sum(lengths) == made.duration


def test_daisy_text_leads_back_to_the_sound(disc: Path) -> None:
    """A sentence that is chosen in the text is found in the sound."""
    links = [link.get("href") or "" for link in html(disc / "content.html").iter(f"{XHTML}a")]
    for link in links:
        file, name = link.split("#")
        (text,) = (par[0] for par in html(disc / file).iter("par") if par.get("id") == name)
        assert (text.get("src") or "") == f"content.html#{name.removeprefix('par-')}"


def test_a_silent_chapter_has_a_clip(tmp_path: Path) -> None:
    """A chapter of nothing but "* * *" is a break, and the pause that is heard for it."""
    quiet = recording(book(["One", "* * *", "Three"]), tmp_path)
    section = sections(quiet)[1]
    assert [(block.kind, block.text) for block in section.blocks] == [("break", "* * *")]
    assert [(clip.begin, clip.end) for clip in segments(section)] == [(section.begin, section.end)]


@pytest.mark.parametrize(
    ("written", "tag"),
    [("en", "en"), ("en_GB", "en-GB"), (" de-CH-1996 ", "de-CH-1996"), ("tlh-x", "und"), ("", "und"), ("x y", "und")],
)
def test_language_tags(written: str, tag: str) -> None:
    """What is no well-formed tag is a language that isn't known."""
    assert _language.tag(written) == tag


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("ar-Latn", "ltr"),
        ("arn", "ltr"),
        ("pa-Arab-PK", "rtl"),
        ("und", "ltr"),
    ],
)
def test_directions(tag: str, direction: str) -> None:
    """A language runs as it is mostly written, or as its script does when the tag names one."""
    assert _language.direction(tag) == direction


@pytest.mark.parametrize(
    ("published", "said", "day"),
    [
        ("2019-03-08", "2019-03-08", "2019-03-08"),
        ("2019-03", "2019-03", "2019-03-01"),
        ("2019", "2019", "2019-01-01"),
        ("2019-02-31", "", "1980-01-01"),
        ("soon", "", "1980-01-01"),
        ("", "", "1980-01-01"),
    ],
)
def test_dates(published: str, said: str, day: str) -> None:
    """Only days that exist are told; what must have a day gets the first that fits."""
    dated = replace(MOTLEY, published=published)
    assert (_publication.published(dated), _publication.first_day(dated)) == (said, day)


def test_a_book_keeps_its_name() -> None:
    """The identifier is the same when the text is repaired better, and another for another book."""
    assert _publication.identifier(replace(MOTLEY, chapters=())) == _publication.identifier(MOTLEY)
    assert _publication.identifier(replace(MOTLEY, title="Another")) != _publication.identifier(MOTLEY)


def test_xml_is_always_well_formed() -> None:
    """Signs that mean something in XML are escaped, and those that it can't hold are left out."""
    written = document(
        element("a", {"b": "<&>\"'\x00"}, "x < y & z \x1f\ud800\uffff", element("c"), "]]>"), "<!DOCTYPE a>"
    )
    root = xml(written)
    assert (root.get("b"), root.text, root[0].tail) == ("<&>\"'", "x < y & z ", "]]>")
