"""The report of repairs: where each one is heard, and a page that anyone can read."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audiobook import book, edits, markup, repairs
from audiobook.book import Metadata
from audiobook.chunk import split
from audiobook.model import Cue, Edit, Recording, Repaired, Voice
from audiobook.repair import Options, repair, supply
from audiobook.spoken import speakable
from tests.conftest import SAMPLE

SECOND = 1000
RATE = 8000
VOID = frozenset({"link", "meta", "br", "hr"})
DAMAGED = 'Since late , it doesnt rain. Theyre "glad" , all of them.  Nobody saw it\' the s were dry. Its over.'
TEXT = st.text(st.sampled_from(list("aB.!?\n #*=—“”'é1آ\u00a0\x85 \ud800<&")), min_size=1, max_size=80)


def heard(repaired: Repaired, title: str = "A Book", language: str = "en") -> Recording:
    """A recording of a text in which every sentence takes a second, and the pause after it another."""
    made = book.parse(repaired.text, Metadata(title=title, language=language), "file")
    captions: list[Cue] = []
    marks: list[tuple[int, str]] = []
    for chapter in made.chapters:
        marks.append((2 * SECOND * len(captions), chapter.title))
        for sentence in (sentence for chunk in chapter.chunks for sentence in chunk.sentences if speakable(sentence)):
            start = 2 * SECOND * len(captions)
            captions.append(Cue(start, start + SECOND, sentence))
    end = 2 * SECOND * len(captions)
    starts = [start for start, _ in marks] + [end]
    chapters = tuple(Cue(start, stop, marks[n][1]) for n, (start, stop) in enumerate(pairwise(starts)))
    voice = Voice("test", "none", "")
    return Recording(made, voice, "Hum (synthetic)", Path("none"), RATE, end * RATE // 1000, chapters, tuple(captions))


def paged(text: str, title: str = "A Book", language: str = "en") -> str:
    repaired = repair(text, Options(language))
    return repairs.page(repaired, heard(repaired, title, language))


def plain(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


class Page(HTMLParser):
    """What stands on a page: its elements with their attributes and texts, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append((tag, self.elements[-1][2]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, texts in self.open:
            texts.append(data)

    def texts(self, tag: str, kind: str | None = None) -> list[str]:
        """The text of each element of a name, and of a class where one is given."""
        return ["".join(texts) for name, attrs, texts in self.elements if name == tag and attrs.get("class") == kind]

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs, _ in self.elements if (value := attrs.get(attribute)) is not None]


@st.composite
def repaired_texts(draw: st.DrawFn) -> Repaired:
    """A text with words, and edits at random places of it."""
    source = draw(TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    made = tuple(
        Edit(
            start,
            end,
            source[start:end],
            draw(st.sampled_from(["", "’", "\n\n", "[year missing]", "x. Y"])),
            "a.b",
            0.9,
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    made = tuple(edits.in_order(made))
    text = edits.apply(source, made)
    assume(any(speakable(sentence) for chunk in split(text) for sentence in chunk.sentences))
    return Repaired(source, text, made, ())


@given(repaired_texts())
def test_every_caption_is_found_in_order(repaired: Repaired) -> None:
    """Each sentence has its own stretch of the transcript, after the one before, and says the same."""
    captions = heard(repaired).captions
    found = repairs.spans(repaired.text, (cue.text for cue in captions))
    assert [plain(repaired.text[start:end]) for start, end in found] == [plain(cue.text) for cue in captions]
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert all(not repaired.text[place].isspace() for start, end in found for place in (start, end - 1))


@given(repaired_texts())
def test_every_repair_is_heard_within_the_recording(repaired: Repaired) -> None:
    """Each edit has a time within the sound, never before that of the edit before it."""
    recording = heard(repaired)
    starts = [one.cue.start for one in repairs.repairs(repaired, recording.captions)]
    assert len(starts) == len(repaired.edits)
    assert starts == sorted(starts)
    assert all(0 <= start < recording.duration for start in starts)


@given(repaired_texts())
def test_every_repair_stands_where_it_says(repaired: Repaired) -> None:
    """The transcript holds each edit's words at the place that was worked out for it."""
    places = repairs.inserted(repaired.edits)
    assert [repaired.text[start:end] for start, end in places] == [edit.after for edit in repaired.edits]


@given(repaired_texts(), st.data())
def test_what_was_left_stands_where_it_says(repaired: Repaired, data: st.DataObject) -> None:
    """The transcript still holds a suspect's words at its place, when no repair has touched them."""
    start = data.draw(st.integers(0, len(repaired.source)))
    end = data.draw(st.integers(start, len(repaired.source)))
    assume(all(edit.end <= start or edit.start >= end for edit in repaired.edits))
    ((first, last),) = repairs.carried(repaired.edits, [Edit(start, end, repaired.source[start:end], "", "a.b", 0.5)])
    if not any(edit.start == edit.end == end for edit in repaired.edits):
        assert repaired.text[first:last] == repaired.source[start:end]


def test_a_suspect_inside_a_repair_stands_at_its_start() -> None:
    """Where a repair has taken a suspect's words, the repair's place is the nearest."""
    made = (Edit(2, 6, "cdef", "X", "a.b", 0.9),)
    assert repairs.carried(made, [Edit(3, 4, "d", "", "a.b", 0.5), Edit(6, 7, "g", "", "a.b", 0.5)]) == [(2, 2), (3, 4)]


def test_another_texts_recording_is_refused() -> None:
    """A sentence that the transcript doesn't hold is an error, not a wrong time."""
    with pytest.raises(ValueError, match="not found"):
        repairs.spans("One. Two.", ["One.", "Three."])


def test_signs_between_sentences_are_passed_over() -> None:
    """A heading's signs, a scene break and white space of any kind lie between what is spoken."""
    text = "# One #\n\n* * *\n\n  Two\n words.\u00a0Three."
    found = repairs.spans(text, ["One", "Two words.", "Three."])
    assert [text[start:end] for start, end in found] == ["One", "Two\n words.", "Three."]


def test_a_repair_is_heard_with_its_sentence() -> None:
    """A word's time is its sentence's; a paragraph break's that of what it opens."""
    repaired = repair(SAMPLE.read_text("utf-8"))
    for one in repairs.repairs(repaired, heard(repaired).captions):
        if one.edit.after.strip():
            assert one.edit.after in one.cue.text
        first = one.sentence[0]
        if "\n" in one.edit.after:
            assert one.span[1] == first


@pytest.mark.parametrize(
    ("milliseconds", "shown"), [(0, "0:00:00"), (1999, "0:00:01"), (3_723_004, "1:02:03"), (360_000_000, "100:00:00")]
)
def test_times_are_rounded_down(milliseconds: int, shown: str) -> None:
    """A jump to a time never comes after what it leads to."""
    assert markup.clock(milliseconds) == shown


@pytest.mark.parametrize(
    ("edit", "source", "words", "named"),
    [
        (Edit(3, 3, "", "’", "a.b", 0.9), "Onas tin", ("Onas", "Ona’s"), "apostrophe"),
        (Edit(1, 2, "'", ";", "a.b", 0.9), "b' c", ("b'", "b;"), "apostrophe to semicolon"),
        (Edit(0, 0, "", "“", "a.b", 0.9), "Were off", ("Were", "“Were"), "left double quotation mark"),
        (Edit(1, 2, " ", " — ", "a.b", 0.9), "a b", ("a b", "a — b"), "em dash"),
        (Edit(1, 2, " ", "", "a.b", 0.9), "b ,", ("1 space", "nothing"), ""),
        (Edit(2, 4, "  ", "\n\n", "a.b", 0.9), "a.  B", ("2 spaces", "paragraph break"), ""),
        (Edit(4, 4, "", "[decade missing]", "a.b", 0.9), "the s.", ("the s", "the [decade missing]s"), ""),
        (Edit(3, 3, "", "[year missing]", "a.b", 0.9), "in  to", ("in  to", "in [year missing] to"), ""),
        (Edit(2, 2, "", "[year missing]", "a.b", 0.9), ". ()", ("nothing", "[year missing]"), ""),
        (Edit(6, 7, "s", "’s", "a.b", 0.9), "in mens now", ("mens", "men’s"), ""),
        (Edit(0, 3, "caf", "café", "a.b", 0.9), "caf", ("caf", "café"), ""),
    ],
)
def test_a_change_is_told_with_its_word(edit: Edit, source: str, words: tuple[str, str], named: str) -> None:
    """A lone sign is shown in its word, and named, for many voices pass over it."""
    assert repairs.change(edit, source) == words
    assert repairs.signs(edit) == named


def test_gaps_come_first_and_all_is_linked() -> None:
    """The lost numbers stand before the text; every link leads somewhere, and every repair has a place and an entry."""
    repaired = repair(DAMAGED)
    html = repairs.page(repaired, heard(repaired))
    page = Page(html)
    assert page.texts("h2") == ["Lost numbers", "The text", "All repairs"]
    names = page.values("id")
    assert len(names) == len(set(names))
    targets = [link.removeprefix("#") for link in page.values("href") if link != "data:,"]
    assert set(targets) <= set(names)
    numbers = range(1, len(repaired.edits) + 1)
    assert {f"{kind}{number}" for kind in "tr" for number in numbers} <= set(names)
    assert {f"t{number}" for number in numbers} <= set(targets)


def test_a_lost_number_stands_in_its_sentence_with_its_time() -> None:
    """A gap's entry says its kind, that it is missing, when it is heard, and shows it in its sentence."""
    page = Page(paged("It rained. Since late , nobody came."))
    (entry,) = page.texts("ol", "cards")
    assert "Year, still missing, spoken at\N{NO-BREAK SPACE}0:00:02" in entry
    assert page.texts("p", "quote") == ["Since late [year missing], nobody came."]
    assert page.texts("mark") == ["[year missing]"] * 2
    assert ("PT2.000S", "2000") in zip(page.values("datetime"), page.values("data-start"), strict=True)
    assert any("none was invented" in line for line in page.texts("p"))


def test_a_supplied_number_is_said_to_be_supplied() -> None:
    """A person's number is shown in the text, and as a person's."""
    found = repair("Since late , all is dry, and  <b>men left.")
    repaired = supply(found, {found.gaps[0].position: "1998"})
    page = Page(repairs.page(repaired, heard(repaired)))
    (entry,) = page.texts("ol", "cards")
    assert "Year, supplied by a person: 1998" in entry
    assert page.texts("p", "quote")[0].startswith("Since late 1998, all")
    as_data = repairs.as_json(repaired, heard(repaired))["gaps"]
    assert isinstance(as_data, list)
    assert (as_data[0]["value"], as_data[0]["origin"]) == ("1998", "facts")


@given(repaired_texts())
def test_the_page_holds_the_whole_text(repaired: Repaired) -> None:
    """Nothing of the transcript is lost on the page, whatever it holds and wherever the repairs lie."""
    page = Page(repairs.page(repaired, heard(repaired)))
    shown = [
        "".join(texts) for tag, attrs, texts in page.elements if tag in {"p", "span"} and _is_paragraph(attrs.get("id"))
    ]
    pieces = [chunk.text for chunk in split(repaired.text)]
    assert [plain(text) for text in shown] == [plain(_allowed(text)) for text in pieces]


@pytest.mark.parametrize(
    "hostile",
    [
        "</p><script>alert(1)</script>",
        "a\x00b\x08\x7f\x9f",
        "\ud800 x \udfff",
        "&amp; &#0; &lt;",
        "\uffff\U0001fffe",
        '" x=',
    ],
)
def test_hostile_text_stays_text(hostile: str) -> None:
    """Nothing in a text or a title becomes mark-up, and the page can always be written as UTF-8."""
    text = f"It doesnt {hostile} rain since late , they say {hostile}."
    html = paged(text, title=hostile)
    html.encode("utf-8")
    page = Page(html)
    assert not {"script"} & {tag for tag, _, _ in page.elements}
    assert not markup.FORBIDDEN.search(html)
    assert plain(_allowed(repair(text).text)) in plain("".join(page.texts("p", "words")))
    assert page.texts("h1") == [_allowed(hostile).strip() or _allowed(hostile)]


def test_the_page_needs_nothing_else() -> None:
    """No script, no picture, no address: the page is whole in itself."""
    html = paged(DAMAGED)
    assert not re.search(
        r"<script|<link(?! rel=.icon. href=.data:,.>)|<img|<iframe|src=|url\(|@import|https?:|\son\w+=", html
    )


def test_a_screen_reader_reads_a_paragraph_in_one_breath() -> None:
    """In the text only lost numbers are announced; other repairs have no role, and no link of their own."""
    html = paged(DAMAGED)
    page = Page(html)
    assert all(attrs.get("role") == "none" for tag, attrs, _ in page.elements if tag == "ins")
    paragraphs = re.findall(r'<p class="words".*?</p>', html, re.DOTALL)
    assert paragraphs
    assert not any("<a " in paragraph for paragraph in paragraphs)
    assert html.count('<p class="see">') <= len(paragraphs)


def test_chapters_have_headings_once() -> None:
    """A chapter's heading is its title with its repairs marked, and isn't told again as a paragraph."""
    repaired = repair("# It doesnt end\n\nOne.\n\n# B\n\nTwo.")
    recording = heard(repaired)
    page = Page(repairs.page(repaired, recording))
    times = ["0:00:00", "0:00:04"]
    assert page.texts("h3") == [f"{cue.text} {at}" for cue, at in zip(recording.chapters, times, strict=True)]
    assert page.texts("p", "words") == ["One.", "Two."]
    assert page.texts("ins") == ["doesn’t"]


def test_a_title_without_letters_still_makes_a_heading() -> None:
    """No heading is empty: a paragraph of full stops has none to lend."""
    assert Page(paged("One.\n\n...\n\nTwo.")).texts("h3", "opening") == [
        "One 0:00:00",
        "Paragraph 2 0:00:02",
        "Two 0:00:02",
    ]


def test_a_whole_text_makes_a_short_page() -> None:
    """Without a repair the page says so, and shows the text."""
    page = Page(paged("It’s dry. All is well."))
    assert any("the text shows no damage" in line for line in page.texts("p"))
    assert page.texts("h2") == ["The text"]
    assert page.texts("p", "words") == ["It’s dry. All is well."]


def test_the_authors_words_have_their_language_and_direction() -> None:
    """English signs on the page, the author's words in theirs, from right to left where they run so."""
    page = Page(paged("آخر الرجال. هنا", title="آخر", language="ar"))
    words = [attrs for _, attrs, _ in page.elements if attrs.get("class") == "words"]
    assert page.values("lang") == ["en", "ar", "ar", "ar"]
    assert words[0]["dir"] == "auto"
    assert Page(paged("All is dry.", language="en-GB")).values("lang") == ["en-GB"]


def test_suspects_and_reasons_are_told() -> None:
    """What was not changed is listed with its sentence; every entry says why, when that is known."""
    repaired = repair("All is dry. It doesnt rain, <its over.", Options(without=frozenset({"apostrophes"})))
    start = repaired.source.index("its")
    suspect = Edit(start, start + 3, "its", "it’s", "contractions.context", 0.6)
    recording = heard(repaired)
    html = repairs.page(repaired, recording, lambda edit: f"For “{edit.after}” & all.", (suspect,))
    page = Page(html)
    assert page.texts("h2") == ["Suspects", "The text", "All repairs"]
    assert (
        "its, perhaps it’s, contraction, 60% sure, spoken at\N{NO-BREAK SPACE}0:00:02. For “it’s” & all."
        in page.texts("ol", "cards")[0]
    )
    assert page.texts("mark") == ["its"]
    assert (
        "doesnt, now doesn’t, contraction, 99% sure, spoken at\N{NO-BREAK SPACE}0:00:02. For “doesn’t” & all."
        in page.texts("ol", "repairs")[0]
    )
    listed = repairs.as_json(repaired, recording, lambda edit: edit.rule, (suspect,))["suspects"]
    assert isinstance(listed, list)
    assert (listed[0]["reason"], listed[0]["start_ms"]) == ("contractions.context", 2 * SECOND)


def test_the_data_says_what_the_page_says() -> None:
    """As data, every repair has its words, places and times, and goes through JSON unharmed."""
    repaired = repair(SAMPLE.read_text("utf-8"))
    recording = heard(repaired)
    data = json.loads(json.dumps(repairs.as_json(repaired, recording)))
    assert [one["rule"] for one in data["repairs"]] == [edit.rule for edit in repaired.edits]
    for one in data["repairs"]:
        source, transcript = one["source"], one["transcript"]
        assert repaired.source[source["start"] : source["end"]] == one["before"]
        assert repaired.text[transcript["start"] : transcript["end"]] == one["after"]
    assert [data["repairs"][gap["repair"] - 1]["rule"] for gap in data["gaps"]] == [
        f"numbers.{gap.kind}" for gap in repaired.gaps
    ]
    assert data["missing"] == len(repaired.gaps)
    page = Page(repairs.page(repaired, recording))
    listed = re.findall(r"at\s(\d+:\d\d:\d\d)", page.texts("ol", "repairs")[0])
    assert listed == [markup.clock(one["start_ms"]) for one in data["repairs"]]


def test_five_thousand_repairs_cost_ten_times_five_hundred() -> None:
    """Size and time grow as the text does."""
    few, many = (_repeated(number) for number in (500, 5000))
    (small, short), (large, long) = _measured(few), _measured(many)
    assert 8 < large / small < 12
    assert long < 40 * short + 0.2


def test_colours_can_be_told_apart() -> None:
    """Words reach 7:1 and lines 3:1 against what they stand on, in the light and in the dark (WCAG 2.2)."""
    for scheme in re.findall(r":root \{(.*?)\}", markup.STYLE, re.DOTALL)[:2]:
        colours = dict(re.findall(r"--([\w-]+): (#\w{6})", scheme))
        for words, grounds in {"ink": "paper card mend lost", "soft": "paper card", "link": "paper card"}.items():
            assert all(_contrast(colours[words], colours[ground]) >= 7 for ground in grounds.split())
        for line, ground in {"mend-line": "mend", "lost-line": "lost"}.items():
            assert _contrast(colours[line], colours[ground]) >= 3
            assert _contrast(colours[line], colours["paper"]) >= 3


def _is_paragraph(name: str | None) -> bool:
    return bool(name and re.fullmatch(r"p\d+", name))


def _allowed(text: str) -> str:
    """A text with what HTML forbids replaced, as a browser shows it."""
    return markup.FORBIDDEN.sub(lambda found: " " if found.group().isspace() else "\N{REPLACEMENT CHARACTER}", text)


def _repeated(number: int) -> Repaired:
    """A text with so many repairs, ten in a paragraph."""
    paragraph = "It doesnt rain on any of us. " * 9 + "It doesnt rain here.\n\n"
    repaired = repair(paragraph * (number // 10))
    assert len(repaired.edits) == number
    return repaired


def _measured(repaired: Repaired) -> tuple[int, float]:
    """The size of a page, in characters, and the time that it takes, in seconds of this process."""
    recording = heard(repaired)
    begun = time.process_time()
    size = len(repairs.page(repaired, recording))
    return size, time.process_time() - begun


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels: Sequence[float] = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
