"""The page to listen with: what stands on it. What it does in a browser is in test_judges.py."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import formats, markup
from audiobook.formats import html, srt
from audiobook.model import Book, Chapter, Chunk, Cue, Recording
from tests.recordings import book, recording
from tests.test_repairs import Page


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Two chapters: one with a heading, a scene break and an announcement before it, one with a title alone."""
    one = recording(_book(()), tmp_path_factory.mktemp("page"))
    said = Cue(0, one.captions[0].start, "Chapter one.", announced=True)
    return replace(one, book=_book(("* * *",)), captions=(said, *one.captions))


def _book(scene_break: tuple[str, ...]) -> Book:
    """A book whose scene break is left out of what is spoken when it has no sentence."""
    heading = Chunk(1, "The Ferry", 1, ("The Ferry",), heading=True)
    pause = Chunk(2, "* * *", 3, scene_break)
    chapters = (
        Chapter("The Ferry", (heading, pause, Chunk(3, "It left. Late.", 5, ("It left.", "Late.")))),
        Chapter("He & she…", (Chunk(4, "He & she went.", 7, ("He & she went.",)),)),
    )
    return Book("A <Book>", "Ann", "en-GB", "2017", chapters)


@pytest.fixture(scope="module")
def page(made: Recording) -> str:
    return html.page(made, "x.mp3")


def sentences(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<span class="said" id="(\w+)" data-end="[\d.]+">(.*?)</span>', page)


def test_every_sentence_is_there_with_its_time(made: Recording, page: str) -> None:
    """Each caption is an element that can be linked to, in the order in which they are heard."""
    assert sentences(page) == [(f"t{cue.start}", markup.safe(cue.text)) for cue in made.captions]
    assert [html.anchor(cue) for cue in made.captions] == [name for name, _ in sentences(page)]


def test_paragraphs_are_played_by_links_that_work_without_a_script(made: Recording, page: str) -> None:
    """Each paragraph with a sound has one link, into the sound file; a scene break has none."""
    links = re.findall(r'<a class="from" href="([^"]+)" data-start="([\d.]+)">(.*?)</a>', page)
    starts = [made.captions[number].start for number in (0, 1, 2, 4)]
    assert links == [
        (
            f"x.mp3#t={start / 1000:.3f}",
            f"{start / 1000:.3f}",
            f'<span class="unseen">Play from </span>{markup.clock(start)}',
        )
        for start in starts
    ]
    assert "* * *" in page


def test_its_headings_are_the_chapters(page: str) -> None:
    """A chapter's own heading is not told twice; a title without one stands above its text; what is said is marked."""
    assert [re.sub(r"<.*?>", "", heading) for heading in re.findall(r"<h2.*?</h2>", page)] == [
        "The Ferry",
        "He &amp; she…",
    ]
    assert re.search(r'<p class="words announced" dir="auto"><span [^>]+>Chapter one.</span></p>', page)


def test_its_chapter_list_leads_to_them(page: str) -> None:
    """Every chapter is in the list, with a link to its place."""
    assert re.findall(r'<li><a href="#(c\d)">', page) == ["c1", "c2"]
    assert re.findall(r'<section id="(c\d)" ', page) == ["c1", "c2"]


def test_one_chapter_needs_no_list(tmp_path: Path) -> None:
    """A list of one is left out, and a long one is closed until it is wanted."""
    assert "<nav" not in html.page(recording(book(["Only"]), tmp_path), "x.mp3")
    assert "<details open>" in html.page(recording(book("ab"), tmp_path), "x.mp3")
    assert "<details>" in html.page(recording(book("abcdefghijklmn"), tmp_path), "x.mp3")


def test_it_asks_nothing_of_the_network(page: str) -> None:
    """The sound beside it is the only thing from outside the file."""
    addresses = [value for name in ("href", "src") for value in Page(page).values(name)]
    assert {value for value in addresses if not value.startswith(("#", "x.mp3"))} == {"data:,"}
    assert not re.search(r"url\(|@import|https?:|\son\w+=|\sstyle=", page)


def test_its_policy_allows_its_own_script_and_style_alone(page: str) -> None:
    """The hashes in the policy are those of what stands in the page."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    for kind in ("script", "style"):
        (content,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert f"{kind}-src {markup._hash(content)};" in policy[1]


def test_the_sound_comes_with_the_page() -> None:
    """Who asks for the page alone gets the MP3 that it plays, too."""
    assert formats.chosen(["html"]) == ("html", "mp3")
    assert formats.chosen(["vtt"]) == ("vtt",)


def test_a_name_is_an_address(made: Recording, tmp_path: Path) -> None:
    """Spaces, signs and letters of any script in the file's name are escaped in the page."""
    text = html.write(made, tmp_path, "ü & # 1").path.read_text("utf-8")
    assert 'src="%C3%BC%20%26%20%23%201.mp3"' in text


def test_long_captions_are_shown_in_parts() -> None:
    """SubRip has two lines of 32 letters at a time, each part from its first word; nothing of the text is lost."""
    text = "Since early spring the ferry town of Kilbrannan has lost its school, its bank and its people."
    words = tuple(Cue(1000 + 100 * n, 1090 + 100 * n, word.strip(",.")) for n, word in enumerate(text.split()))
    parts = list(srt.parts(Cue(1000, 3000, text, words)))
    assert " ".join(part.text for part in parts).split() == text.split()
    assert [(part.start, part.end) for part in parts] == [(1000, 2100), (2100, 3000)]
    assert all(len(line) <= srt.LINE for part in parts for line in part.text.split("\n"))
    assert all(part.text.count("\n") < srt.LINES for part in parts)


def test_captions_without_word_times_stay_whole() -> None:
    """Where no time is known none is made up."""
    text = "word " * 30
    (only,) = srt.parts(Cue(1000, 3000, text))
    assert (only.start, only.end, only.text.split()) == (1000, 3000, text.split())


def test_subrip_counts_and_writes_times_with_commas(made: Recording, tmp_path: Path) -> None:
    """Blocks are numbered from 1, and no blank line stands inside one."""
    blocks = srt.write(made, tmp_path, "x").path.read_text("utf-8").rstrip("\n").split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == [str(n) for n in range(1, len(made.captions) + 1)]
    assert blocks[0].split("\n")[1] == f"00:00:00,000 --> 00:00:00,{made.captions[0].end:03}"


@pytest.mark.parametrize(
    ("title", "shown"),
    [("A <B>", "A &lt;B&gt;"), ("word " * 60, "word " * 12 + "word…"), ("x" * 300, "x" * 69 + "…")],
    ids=["short", "many words", "one word"],
)
def test_a_long_title_is_cut_for_the_tab(title: str, shown: str) -> None:
    """A screen reader reads it whenever the page comes up; the heading has all of it."""
    assert f"<title>{shown}</title>" in markup.document(title, "en", "", "")
