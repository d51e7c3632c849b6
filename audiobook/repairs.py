"""What was repaired, for a person to read and hear: one page without scripts, and the same as data.

The running text is marked for the eye alone: its `<ins>` have the role "none", so a screen reader reads a paragraph in
one breath, as the recording does, and says at its end which repairs were in it. Only lost numbers are `<mark>`, which
is announced: they are few, and they are what a person has to look at.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from audiobook import report
from audiobook.formats.html import anchor
from audiobook.markup import clock, document, own_language, safe, words_attributes
from audiobook.model import Chapter, Chunk, Cue, Edit, Gap, GapKind, Recording, Repaired

Span = tuple[int, int]
"""First code point and one past the last, in the transcript."""
Why = Callable[[Edit], str]
"""Says in a sentence why an edit was made, or was not; empty when it can't tell."""

KINDS: Mapping[GapKind, str] = {
    "year": "Year",
    "decade": "Decade",
    "ordinal": "Place in a row, such as first or second",
    "age": "Age",
    "count": "Count",
    "amount": "Amount",
    "number": "Number of unknown kind",
}
LEGEND = """<p>Repairs are underlined, lost numbers highlighted. A ¶ opens a paragraph that was put back; a thin bar
stands where something was taken out. Under each paragraph, a link leads to its repairs in the list.</p>"""
LONGEST_WORD = 40
"""Code points of a word that are shown on each side of a change inside it."""
LEFT_PART = re.compile(r"\w+ {0,2}\Z")
RIGHT_PART = re.compile(r" {0,2}\w+")


@dataclass(frozen=True, slots=True)
class Placed:
    """An edit, made or only suspected, with its place in the transcript and in the recording."""

    number: int
    """From 1, in the order of the text."""
    edit: Edit
    span: Span
    """What the edit put in; of a suspect, what it would replace."""
    sentence: Span
    """The sentence that holds it; for a change between two, the later one."""
    cue: Cue
    """That sentence's caption."""
    gap: Gap | None = None
    """Of an edit that marks or fills a lost number."""


def page(
    repaired: Repaired, recording: Recording, why: Why | None = None, suspects: Sequence[Edit] = (), sound: str = ""
) -> str:
    """Return the whole page. `sound` is the URL of the page that plays the recording, where there is one.

    `recording` was made from `repaired.text`; ValueError when it was not.
    """
    made = repairs(repaired, recording.transcript)
    doubted = doubts(repaired, recording.transcript, suspects)
    sections = {
        "numbers": ("Lost numbers", _gaps(repaired, made, words_attributes(recording), sound)),
        "suspects": ("Suspects", _suspects(repaired, doubted, why, recording, sound)),
        "text": ("The text", _text(repaired, recording, made)),
        "repairs": ("All repairs", _list(repaired, made, why, sound)),
    }
    shown = {name: section for name, section in sections.items() if section[1]}
    links = "\n".join(f'<li><a href="#{name}">{title}</a></li>' for name, (title, _) in shown.items())
    bodies = "\n".join(f'<h2 id="{name}">{title}</h2>\n{body}' for name, (title, body) in shown.items())
    title = recording.book.title
    body = f"""<header>
<p class="what">What was repaired in</p>
<h1{words_attributes(recording)}>{safe(title)}</h1>
{_summary(repaired, recording)}
<nav aria-label="On this page">
<ul>
{links}
</ul>
</nav>
</header>
<main>
{bodies}
</main>"""
    return document(f"Repairs: {title}", own_language(recording.book.language), body, STYLE)


def as_json(
    repaired: Repaired, recording: Recording, why: Why | None = None, suspects: Sequence[Edit] = ()
) -> dict[str, object]:
    """Return what `page` shows, as a value for JSON. Times are in ms; places are code points, half-open."""
    made = repairs(repaired, recording.transcript)
    return {
        "title": recording.book.title,
        "language": recording.book.language,
        "duration_ms": recording.duration,
        "summary": report.repairs(repaired.edits),
        "missing": sum(gap.value is None for gap in repaired.gaps),
        "gaps": [
            {
                "kind": one.gap.kind,
                "value": one.gap.value,
                "origin": one.gap.origin,
                "repair": one.number,
                **_where(one),
            }
            for one in made
            if one.gap
        ],
        "suspects": [_entry(one, why) for one in doubts(repaired, recording.transcript, suspects)],
        "repairs": [_entry(one, why) for one in made],
        "chapters": [{"title": cue.text, "start_ms": cue.start, "end_ms": cue.end} for cue in recording.chapters],
    }


def repairs(repaired: Repaired, captions: Sequence[Cue]) -> tuple[Placed, ...]:
    """Return every edit that was made, with its place in transcript and recording."""
    gaps = {gap.position: gap for gap in repaired.gaps}
    found = _placed(repaired, captions, repaired.edits, inserted(repaired.edits))
    return tuple(replace(one, gap=gaps.get(one.edit.start)) if family(one.edit) == "numbers" else one for one in found)


def doubts(repaired: Repaired, captions: Sequence[Cue], suspects: Sequence[Edit]) -> tuple[Placed, ...]:
    """Return edits that were not made, with the places that they would have changed."""
    if not suspects:
        return ()
    return tuple(_placed(repaired, captions, suspects, carried(repaired.edits, suspects)))


def inserted(edits: Sequence[Edit]) -> list[Span]:
    """Return where each edit's `after` stands once all are made. `edits` are in order and don't overlap."""
    shifts = accumulate((len(edit.after) - len(edit.before) for edit in edits), initial=0)
    return [
        (edit.start + shift, edit.start + shift + len(edit.after)) for edit, shift in zip(edits, shifts, strict=False)
    ]


def carried(made: Sequence[Edit], others: Iterable[Edit]) -> list[Span]:
    """Return where what `others` would replace stands once `made` are made; inside one of these, its start."""
    ends = [edit.end for edit in made]
    shifts = list(accumulate((len(edit.after) - len(edit.before) for edit in made), initial=0))

    def new(place: int) -> int:
        behind = bisect_right(ends, place)
        return min([place, *(edit.start for edit in made[behind : behind + 1])]) + shifts[behind]

    return [(new(edit.start), new(edit.end)) for edit in others]


def spans(text: str, parts: Iterable[str]) -> list[Span]:
    """Return where each of `parts` stands in `text`, which holds them in this order; white space doesn't count.

    What lies between them has no words: the signs of a heading, a line such as "* * *". Raises ValueError for a part
    that is not there.
    """
    places = array("L", (place for place, character in enumerate(text) if not character.isspace()))
    bare = "".join(text.split())
    found: list[Span] = []
    end = 0
    for part in parts:
        wanted = "".join(part.split())
        start = bare.index(wanted, end)
        end = start + len(wanted)
        found.append((places[start], places[end - 1] + 1))
    return found


def holders(spans: Sequence[Span], places: Iterable[int]) -> list[int]:
    """Return for each place which of the spans holds it: an index; the next one's between two, the last's after all."""
    ends = [end for _, end in spans]
    return [min(bisect_right(ends, place), len(ends) - 1) for place in places]


def change(edit: Edit, source: str) -> tuple[str, str]:
    """Return an edit's two sides in words, with the rest of the word that it lies in: "nights" and "night’s".

    What was put between words is shown with both: "early the" and "early [year missing] the".
    """
    left, right = _neighbours(edit, source) if edit.before.strip() or edit.after.strip() else ("", "")
    before, after = (report.visible(left + side + right) for side in (edit.before, edit.after))
    return before.strip(), after.strip()


def signs(edit: Edit) -> str:
    """Name the signs of an edit that has no letters, which many voices pass over: "apostrophe to semicolon"."""
    named = [_signs(side) for side in (edit.before, edit.after)]
    if any(character.isalnum() for character in edit.before + edit.after):
        return ""
    return " to ".join(name for name in named if name)


def family(edit: Edit) -> str:
    """Return the module that proposed an edit: "contractions"."""
    return edit.rule.partition(".")[0]


def _placed(
    repaired: Repaired, captions: Sequence[Cue], edits: Sequence[Edit], places: Sequence[Span]
) -> Iterator[Placed]:
    sentences = spans(repaired.text, (cue.text for cue in captions))
    held = holders(sentences, (start for start, _ in places))
    for number, (edit, span, index) in enumerate(zip(edits, places, held, strict=True), 1):
        yield Placed(number, edit, span, sentences[index], captions[index])


def _neighbours(edit: Edit, source: str) -> tuple[str, str]:
    left = LEFT_PART.search(source[max(0, edit.start - LONGEST_WORD) : edit.start])
    right = RIGHT_PART.match(source, edit.end, edit.end + LONGEST_WORD)
    before, after = (found.group() if found else "" for found in (left, right))
    if edit.before:  # it brings words of its own
        return before[before.rfind(" ") + 1 :], after.partition(" ")[0]
    return before, after


def _entry(one: Placed, why: Why | None) -> dict[str, object]:
    edit = one.edit
    return {
        "number": one.number,
        "before": edit.before,
        "after": edit.after,
        "rule": edit.rule,
        "family": _family(edit),
        "confidence": edit.confidence,
        "reason": why(edit) if why else "",
        "source": {"start": edit.start, "end": edit.end},
        **_where(one),
    }


def _where(one: Placed) -> dict[str, object]:
    return {
        "transcript": {"start": one.span[0], "end": one.span[1]},
        "start_ms": one.cue.start,
        "end_ms": one.cue.end,
        "sentence": one.cue.text,
    }


def _signs(text: str) -> str:
    return ", ".join(
        "apostrophe" if sign == "\N{RIGHT SINGLE QUOTATION MARK}" else unicodedata.name(sign, "sign").lower()
        for sign in text
        if not sign.isspace()
    )


def _family(edit: Edit) -> str:
    name = family(edit)
    return report.FAMILIES.get(name, (name, name))[0]


def _summary(repaired: Repaired, recording: Recording) -> str:
    lines = [
        report.repairs(repaired.edits),
        *([f"{report.missing(repaired.gaps)}, and none was invented."] if report.missing(repaired.gaps) else []),
        f"Spoken by {recording.narrator}. Times count from the start of the recording.",
    ]
    return "\n".join(f"<p>{safe(line)}</p>" for line in lines)


def _time(cue: Cue) -> str:
    seconds = f"{cue.start // 1000}.{cue.start % 1000:03}"
    return f'<time datetime="PT{seconds}S" data-start="{cue.start}">{clock(cue.start)}</time>'


def _heard(cue: Cue, sound: str) -> str:
    """Return when a sentence is heard, to end one with; where there is a page that plays it, as a link to there."""
    time = f"at&nbsp;{_time(cue)}"
    return f'<a href="{sound}#{anchor(cue)}">hear&nbsp;it&nbsp;{time}</a>' if sound else f"spoken {time}"


def _gaps(repaired: Repaired, made: Iterable[Placed], words: str, sound: str) -> str:
    """Return the lost numbers as a list; empty for none."""
    items = "\n".join(_gap(repaired, one, one.gap, words, sound) for one in made if one.gap)
    return f'<ol class="cards">\n{items}\n</ol>' if items else ""


def _gap(repaired: Repaired, one: Placed, gap: Gap, words: str, sound: str) -> str:
    state = "still missing" if gap.value is None else f"supplied by a person: <b><bdi>{safe(gap.value)}</bdi></b>"
    return (
        f'<li><p><a href="#t{one.number}">{KINDS[gap.kind]}</a>, {state}, {_heard(one.cue, sound)}</p>\n'
        f'<p class="quote"{words}>{_quoted(repaired.text, one)}</p></li>'
    )


def _suspects(repaired: Repaired, doubted: Sequence[Placed], why: Why | None, recording: Recording, sound: str) -> str:
    """Return the edits that were not made as a list; empty for none."""
    if not doubted:
        return ""
    chunks = [chunk for chapter in recording.book.chapters for chunk in chapter.chunks]
    held = holders(spans(repaired.text, (chunk.text for chunk in chunks)), (one.span[0] for one in doubted))
    words = words_attributes(recording)
    items = "\n".join(
        f"<li><p>{_change(repaired, one, f'p{chunks[index].number}', 'perhaps')}{_details(one, why, sound)}</p>\n"
        f'<p class="quote"{words}>{_quoted(repaired.text, one)}</p></li>'
        for one, index in zip(doubted, held, strict=True)
    )
    return f'<p>Near the line, so they were left as they are.</p>\n<ol class="cards">\n{items}\n</ol>'


def _quoted(text: str, one: Placed) -> str:
    """Return the sentence around a place, the place itself marked."""
    first, last = one.sentence
    start, end = (min(max(place, first), last) for place in one.span)
    marked = f"<mark>{safe(text[start:end])}</mark>" if start < end else ""
    return safe(text[first:start]) + marked + safe(text[end:last])


def _list(repaired: Repaired, made: Iterable[Placed], why: Why | None, sound: str) -> str:
    """Return all repairs as a list; empty for none."""
    items = "\n".join(
        f'<li id="r{one.number}">{_change(repaired, one, f"t{one.number}")}{_details(one, why, sound)}</li>'
        for one in made
    )
    return f'<ol class="repairs">\n{items}\n</ol>' if items else ""


def _change(repaired: Repaired, one: Placed, target: str, joined: str = "now") -> str:
    """Return both sides as a link. A word joins them: an arrow would be read as "right arrow", or not at all."""
    before, after = (f"<bdi>{safe(side)}</bdi>" for side in change(one.edit, repaired.source))
    return f'<a href="#{target}">{before}, {joined} {after}</a>'


def _details(one: Placed, why: Why | None, sound: str) -> str:
    """Return what else there is to know of an edit, as the rest of a sentence."""
    named, kind = signs(one.edit), _family(one.edit)
    words = [word for word in (named, "" if kind in named else kind, _sure(one.edit.confidence)) if word]
    reason = why(one.edit) if why else ""
    because = f' <span class="why">{safe(reason)}</span>' if reason else ""
    return f'<span class="details">, {safe(", ".join(words))}, {_heard(one.cue, sound)}.{because}</span>'


def _sure(confidence: float) -> str:
    """Return a confidence in per cent, rounded down: only what is certain is 100% sure."""
    return f"{int(confidence * 100 + 1e-9)}% sure"


def _text(repaired: Repaired, recording: Recording, made: Sequence[Placed]) -> str:
    """Return the whole transcript, chapter by chapter, with its repairs marked."""
    chunks = [chunk for chapter in recording.book.chapters for chunk in chapter.chunks]
    places = spans(repaired.text, (chunk.text for chunk in chunks))
    inside: defaultdict[int, list[Placed]] = defaultdict(list)
    for one, index in zip(made, holders(places, (one.span[0] for one in made)), strict=True):
        inside[chunks[index].number].append(one)
    marked = {
        chunk.number: _marked(repaired.text, span, inside[chunk.number])
        for chunk, span in zip(chunks, places, strict=True)
    }
    words = words_attributes(recording)
    chapters = zip(recording.book.chapters, recording.chapters, strict=True)
    bodies = (_chapter(chapter, cue, marked, inside, words) for chapter, cue in chapters)
    return "\n".join([*([LEGEND] if made else []), *bodies])


def _chapter(
    chapter: Chapter, cue: Cue, marked: Mapping[int, str], inside: Mapping[int, Sequence[Placed]], words: str
) -> str:
    headings = [chunk for chunk in chapter.chunks if chunk.heading]
    title = ": ".join(f'<span id="p{chunk.number}">{marked[chunk.number]}</span>' for chunk in headings)
    # A title that was taken from the first words stands above them once more, so it is set back.
    kind = "" if headings else ' class="opening"'
    first = chapter.chunks[0].number
    lines = [f"<h3{kind}{words}>{title or safe(chapter.title) or f'Paragraph {first}'} {_time(cue)}</h3>"]
    lines += (_see(inside[chunk.number]) for chunk in headings)
    lines += (_paragraph(chunk, marked, inside, words) for chunk in chapter.chunks if not chunk.heading)
    return "\n".join(line for line in lines if line)


def _paragraph(chunk: Chunk, marked: Mapping[int, str], inside: Mapping[int, Sequence[Placed]], words: str) -> str:
    return f'<p class="words" id="p{chunk.number}"{words}>{marked[chunk.number]}</p>\n{_see(inside[chunk.number])}'


def _see(within: Sequence[Placed]) -> str:
    """Return a link from a paragraph to its repairs in the list; empty for none."""
    if not within:
        return ""
    first, last = within[0].number, within[-1].number
    words = f"Repair {first}" if first == last else f"Repairs {first} to {last}"
    return f'<p class="see"><a href="#r{first}">{words}</a></p>'


def _marked(text: str, span: Span, within: Iterable[Placed]) -> str:
    """Return a stretch of the text with its repairs marked. None of its words is lost, wherever the repairs lie."""
    parts: list[str] = []
    position, last = span
    for one in within:
        start = min(max(one.span[0], position), last)
        end = min(max(one.span[1], start), last)
        parts += safe(text[position:start]), _mark(one, text[start:end])
        position = end
    return "".join((*parts, safe(text[position:last])))


def _mark(one: Placed, shown: str) -> str:
    """Return a repair in the running text: what can't be seen gets a sign, and only lost numbers are announced."""
    place = f'id="t{one.number}"'
    if family(one.edit) == "numbers":
        return f"<mark {place}>{safe(shown)}</mark>"
    if shown.strip():
        return f'<ins role="none" {place}>{safe(shown)}</ins>'
    if "\n" in one.edit.after:
        return f'<span class="break" {place}></span>{safe(shown)}'
    return f'<span class="cut" {place}></span>{safe(shown)}'


STYLE = """
h3 { font-size: 1.125rem; line-height: 1.4; margin: 2.5rem 0 .5rem; }
h3.opening { font-size: .875rem; font-weight: 500; color: var(--soft); margin-bottom: .25rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; list-style: none; margin: 1.5rem 0 0; padding: 0; }
nav a { display: inline-block; padding: .25rem 0; }
h3 + .words { margin-top: .25rem; }
.see { font-size: .875rem; margin: 0 0 1.5rem; }
.see a { color: var(--soft); display: inline-block; padding: .25rem 0; }
ins {
  text-decoration: underline 2px var(--mend-line); text-underline-offset: .18em; text-decoration-skip-ink: none;
  background: var(--mend); border-radius: .15em; padding: .05em .08em;
}
mark {
  background: var(--lost); color: inherit; border-bottom: 2px solid var(--lost-line); border-radius: .15em;
  padding: .05em .15em;
}
/* The second content has an empty text for screen readers; browsers that don't know it keep the first. */
.break::before {
  content: "¶"; content: "¶" / ""; color: var(--link); margin-inline-end: .35em; font: .85em system-ui, sans-serif;
}
.cut { border-inline-start: 2px solid var(--mend-line); margin-inline: .05em; }
.cards { list-style-position: inside; padding: 0; }
.cards li { background: var(--card); border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 .75rem; }
.cards li p:first-child { display: inline; }
.quote { font-size: 1.0625rem; margin: .35rem 0 0; }
.cards a bdi + bdi, .repairs a bdi + bdi { font-weight: 600; }
.repairs { padding-inline-start: 3.25rem; }
.repairs li { margin: 0 0 .35rem; padding: .15rem .25rem; }
.repairs li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
.details { color: var(--soft); font-size: .9375rem; }
.why { display: block; }
h2:target { outline: none; }
@media print {
  .see { display: none; }
  .cards li { border: 1px solid var(--line); }
}
"""
