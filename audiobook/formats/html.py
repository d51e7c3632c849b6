"""A page to listen with: the browser's own player, the chapters, and the text, followed sentence by sentence.

Sentences are plain text, not buttons: a screen reader would say "button" after each, braille would show it, and a
keyboard would need a thousand presses to cross a book. So each paragraph has one link, its time, which plays from
there and leads into the sound file where no script runs. Two buttons beside the player go on or back a sentence, and
a click on a sentence plays it. The sentence that is heard is marked with aria-current, and so are its paragraph's
link and its chapter. Nothing speaks up by itself: a live region would talk over the voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from audiobook.formats._readalong import Line, Paragraph, paragraphs
from audiobook.formats._text import chapter_title
from audiobook.markup import clock, document, own_language, safe, words_attributes
from audiobook.model import Artefact, Cue, Recording

MOST_OPEN = 12
"""Chapters whose list is open from the start."""


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.html. It plays `stem`.mp3, which is made with it (`formats.NEEDS`)."""
    path = folder / f"{stem}.html"
    path.write_text(page(recording, quote(f"{stem}.mp3")), encoding="utf-8", newline="\n")
    return Artefact("html", path)


def anchor(cue: Cue) -> str:
    """Return where a page has a sentence: `stem`.html#t12345 opens there, and has the player ready at 12.345 s."""
    return f"t{cue.start}"


def page(recording: Recording, sound: str) -> str:
    """Return the whole page. `sound` is the URL of the sound file, as seen from the page."""
    title = recording.book.title
    words = words_attributes(recording)
    chapters = groupby(paragraphs(recording), attrgetter("chapter"))
    text = "\n".join(_chapter(recording, index, chapter, sound, words) for index, chapter in chapters)
    body = f"""<header>
<h1{words}>{safe(title)}</h1>
{_about(recording, sound)}
</header>
<section class="player" aria-label="Player">
<audio controls preload="metadata" src="{sound}" aria-label="{safe(title)}, read aloud"></audio>
<div class="tools" hidden>
<button type="button" data-step="-1">Previous sentence</button>
<button type="button" data-step="1">Next sentence</button>
<label>Speed <select>{_speeds()}</select></label>
</div>
</section>
{_contents(recording, words)}<main>
{text}
</main>"""
    return document(title, own_language(recording.book.language), body, STYLE, SCRIPT)


def _about(recording: Recording, sound: str) -> str:
    book = recording.book
    author = f"By <bdi>{safe(book.author)}</bdi>. " if book.author.strip() else ""
    return (
        f'<p class="what">{author}Spoken by <bdi>{safe(recording.narrator)}</bdi>, {clock(recording.duration)}.</p>\n'
        f'<p class="what screen"><a href="{sound}" download>Download the MP3</a></p>'
    )


def _speeds() -> str:
    speeds = ("0.75", "1", "1.25", "1.5", "2", "2.5", "3")
    return "".join(f"<option{' selected' if speed == '1' else ''}>{speed}</option>" for speed in speeds)


def _contents(recording: Recording, words: str) -> str:
    """Return the list of chapters; empty for one chapter."""
    count = len(recording.chapters)
    if count < 2:
        return ""
    items = "\n".join(
        f'<li><a href="#c{number}"><span{words}>{safe(chapter_title(cue.text, number))}</span></a>'
        f' <span class="time">{clock(cue.start)}</span></li>'
        for number, cue in enumerate(recording.chapters, 1)
    )
    opened = " open" if count <= MOST_OPEN else ""
    return f"""<nav aria-label="Chapters">
<details{opened}>
<summary>{count} chapters</summary>
<ol>
{items}
</ol>
</details>
</nav>
"""


def _chapter(recording: Recording, index: int, inside: Iterable[Paragraph], sound: str, words: str) -> str:
    """Return a chapter; one without a heading of its own gets its title above it, set back."""
    parts = list(inside)
    number = index + 1
    lines = [f'<section id="c{number}" data-from="{recording.chapters[index].start / 1000:.3f}">']
    if not any(part.chunk and part.chunk.heading for part in parts):
        title = safe(chapter_title(recording.chapters[index].text, number))
        lines.append(f'<h2 class="opening"{words}>{title}</h2>')
    return "\n".join([*lines, *(_paragraph(part, sound, words) for part in parts), "</section>"])


def _paragraph(part: Paragraph, sound: str, words: str) -> str:
    """Return a paragraph with the link that plays it; one without a sound has none."""
    text = " ".join(_sentence(line) for line in part.lines)
    kind = "h2" if part.chunk and part.chunk.heading else "p"
    style = "words" if part.chunk else "words announced"
    start = next((line.cue.start for line in part.lines if line.cue), None)
    return f'<div class="part">\n{_from(start, sound)}<{kind} class="{style}"{words}>{text}</{kind}>\n</div>'


def _from(start: int | None, sound: str) -> str:
    if start is None:
        return ""
    seconds = f"{start / 1000:.3f}"
    return (
        f'<a class="from" href="{sound}#t={seconds}" data-start="{seconds}">'
        f'<span class="unseen">Play from </span>{clock(start)}</a>\n'
    )


def _sentence(line: Line) -> str:
    """Return a sentence; that it tells its end is for programs."""
    if line.cue is None:
        return safe(line.text)
    return f'<span class="said" id="{anchor(line.cue)}" data-end="{line.cue.end / 1000:.3f}">{safe(line.text)}</span>'


STYLE = """
html { scroll-padding-bottom: 25vh; }
body { max-width: 50rem; }
h2 { margin: 0; padding: 0; border: 0; }
h2.opening { margin-inline-start: 6rem; font: 500 .875rem/1.4 system-ui, sans-serif; color: var(--soft); }
main section { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.player { margin: 1.5rem 0; padding: .75rem 0; background: var(--paper); border-bottom: 1px solid var(--line); }
audio { display: block; width: 100%; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem .75rem; margin-top: .75rem; align-items: center; }
.tools[hidden] { display: none; }
button, select {
  font: inherit; font-size: .9375rem; color: var(--ink); background: var(--card); padding: .3rem .75rem;
  border: 1px solid var(--soft); border-radius: .35rem;
}
button:hover { border-color: var(--link); color: var(--link); }
nav ol { padding-inline-start: 2.5rem; }
nav li { padding: .15rem 0; }
.time { color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; padding: .25rem 0; }
.part { display: grid; grid-template-columns: 5rem 1fr; gap: 0 1rem; margin: 1.25rem 0; }
.part > * { margin: 0; }
.from {
  grid-column: 1; justify-self: end; padding: .35rem 0; font-size: .875rem; font-variant-numeric: tabular-nums;
  align-self: start;
}
.words { grid-column: 2; }
h2.words { font-size: 1.5rem; line-height: 1.3; }
.announced { font-style: italic; color: var(--soft); }
.said { border-radius: .15em; padding: .1em 0; cursor: pointer; scroll-margin-top: 1rem; }
.said:hover { text-decoration: underline 1px var(--soft); text-underline-offset: .2em; }
.said[aria-current] {
  background: var(--mend); box-shadow: 0 .12em 0 var(--mend-line);
  -webkit-box-decoration-break: clone; box-decoration-break: clone;
}
a[aria-current] { font-weight: 600; text-decoration-thickness: 2px; }
@media (min-height: 32rem) {
  .player { position: sticky; top: 0; z-index: 1; }
  html { scroll-padding-top: 9rem; }
}
@media (max-width: 34rem) {
  .part { display: block; }
  h2.opening { margin-inline-start: 0; }
}
@media (forced-colors: active) { .said[aria-current] { outline: 2px solid Highlight; } }
@media print {
  .player, .from, .screen { display: none; }
  .part { display: block; }
  h2.opening { margin-inline-start: 0; }
  .said[aria-current] { background: none; box-shadow: none; }
}
"""

SCRIPT = """
"use strict";
const audio = document.querySelector("audio");
const tools = document.querySelector(".tools");
const sentences = [...document.querySelectorAll(".said")];
const starts = sentences.map((sentence) => sentence.id.slice(1) / 1000);
let current = -1;

// The last sentence that has begun; -1 before the first. A player may stop a hair before the time it was sent to.
function heard() {
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= audio.currentTime + 0.01) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function mark(index, on) {
  const sentence = sentences[index];
  if (!sentence) return;
  const set = (element, value) => {
    if (element && on) element.setAttribute("aria-current", value); else element?.removeAttribute("aria-current");
  };
  set(sentence, "location");
  set(sentence.closest(".part").querySelector(".from"), "true");
  set(document.querySelector(`nav a[href="#${sentence.closest("section").id}"]`), "location");
}

function inView(index) {
  const box = sentences[index]?.getBoundingClientRect();
  return box && box.bottom > 0 && box.top < innerHeight;
}

// Who has scrolled away reads elsewhere, and is left there.
function follow() {
  const index = heard();
  if (index === current) return;
  const followed = !audio.paused && inView(current);
  mark(current, false);
  mark(index, true);
  current = index;
  if (followed) sentences[index]?.scrollIntoView({ block: "nearest" });
}

function hear(seconds) {
  audio.currentTime = seconds;
  audio.play().catch(() => {});  // the player itself says when it has no sound
}

// A link from elsewhere, such as "hear it" beside a repair: ready to play, but silent until a person says so.
function open() {
  const place = /^#t(\\d+)$/.exec(location.hash);
  if (!place) return;
  audio.currentTime = place[1] / 1000;
  audio.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const target = event.target;
  const link = target.closest("[data-start]");
  const chapter = target.closest("nav a");
  const sentence = target.closest(".said");
  if (link) {
    event.preventDefault();
    hear(link.dataset.start);
  } else if (chapter) {
    const first = document.querySelector(`${chapter.hash} [data-start]`);
    if (first) hear(first.dataset.start);
  } else if (sentence && getSelection().isCollapsed) {
    hear(starts[sentences.indexOf(sentence)]);
  } else if (target.dataset.step) {
    const index = Math.max(0, Math.min(heard() + Number(target.dataset.step), starts.length - 1));
    hear(starts[index]);
  }
});
tools.querySelector("select").addEventListener("change", (event) => { audio.playbackRate = event.target.value; });
audio.addEventListener("timeupdate", follow);
audio.addEventListener("seeking", follow);
addEventListener("hashchange", open);
addEventListener("load", open);  // not before: going to the sentence takes the focus away
tools.hidden = false;
"""
