"""The page: sound, chapters and a transcript that works by keyboard alone. What runs in a browser is not run here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from audiobook.check import read
from audiobook.check.finding import Account, Broken, Finder, Finding, Look
from audiobook.model import Cue

CONTRAST = 4.5
"""Least ratio of text to its ground (WCAG 2.2, 1.4.3)."""

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_IMPLIED = frozenset("html head body p li dt dd tr td th thead tbody tfoot option optgroup rt rp colgroup".split())
"""Elements that may end without an end tag (HTML, 13.1.2.4)."""
_DEEPEST = 500
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*(?:;|$)")
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*(?:;|$)")
_NO_OUTLINE = re.compile(r"outline(?:-style)?\s*:\s*(?:none|0)\b")
_AGAIN = "Build the edition again."


@dataclass(slots=True)
class Node:
    """An element; grows while the page is read."""

    name: str
    attributes: dict[str, str]
    line: int
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The text within, white space evened."""
        return " ".join("".join(self.text).split())


def look(path: Path) -> Look:
    """Look at the document, its style, the player and the transcript, in this order."""
    finder = Finder(path)
    parsed = _Page()
    try:
        parsed.feed(read.text(path))
        parsed.close()
    except (AssertionError, RecursionError) as error:  # html.parser asserts on some half-written declarations
        raise Broken("It is not HTML that a browser would read.", _AGAIN) from error
    parsed.finish()
    for line, what in parsed.faults:
        yield finder.error(f"line {line}", what, "Open and close every element in its place.")
    yield from _document(finder, parsed.nodes)
    yield from _links(finder, parsed.nodes)
    yield from _style(finder, parsed.nodes)
    sounds = [node for node in parsed.nodes if node.name == "audio"]
    for node in sounds:
        yield from _player(finder, path, node)
    yield from _media(finder, path, parsed.nodes)
    cues = [node for node in parsed.nodes if "data-start" in node.attributes]
    if sounds and not cues:
        yield finder.error("transcript", "No sentence of it leads to its place in the sound (data-start).", _AGAIN)
    yield from _cues(finder, cues)
    sentences = tuple(_said(parsed.nodes)) or tuple(_timed(cues))
    return Account(path, chapters=tuple(_chapters(parsed.nodes)), sentences=sentences)


def _document(finder: Finder, nodes: list[Node]) -> Iterator[Finding]:
    if not any(node.name == "html" and node.attributes.get("lang", "").strip() for node in nodes):
        yield finder.error("html", "It doesn't tell its language: a screen reader may use the wrong voice.", _AGAIN)
    for name, what in (("title", "title"), ("h1", "main heading")):
        if not any(node.name == name and node.words for node in nodes):
            yield finder.error("html", f"It has no {what}.", _AGAIN)
    for node in nodes:
        if node.name == "img" and "alt" not in node.attributes:
            yield finder.error(
                f"line {node.line}", "A picture has no text for those who can't see it.", "Give it an alt attribute."
            )
        if node.name == "button" and not (node.words or node.attributes.get("aria-label", "").strip()):
            yield finder.error(f"line {node.line}", "A button has no name to be read aloud.", "Give it a text.")


def _links(finder: Finder, nodes: list[Node]) -> Iterator[Finding]:
    ids = [node.attributes["id"] for node in nodes if "id" in node.attributes]
    known = set(ids)
    if len(known) < len(ids):
        yield finder.error("html", "Two elements have the same id.", "Give each its own.")
    for node in nodes:
        href = node.attributes.get("href", "")
        if node.name == "a" and len(href) > 1 and href.startswith("#") and unquote(href[1:]) not in known:
            yield finder.error(f"line {node.line}", f"The link {href[:60]} leads nowhere.", _AGAIN)


def _style(finder: Finder, nodes: list[Node]) -> Iterator[Finding]:
    for node in nodes:
        if node.name != "style":
            continue
        for rule in "".join(node.text).split("}"):
            selector, _, rules = rule.rpartition("{")
            name = " ".join(selector.split())[-60:]
            if ":focus" in selector and _NO_OUTLINE.search(rules):
                yield finder.error(f"style {name}", "It hides where the keyboard is.", "Leave the outline visible.")
            colour, ground = _COLOUR.search(rules), _GROUND.search(rules)
            if colour and ground and (ratio := contrast(colour[1], ground[1])) < CONTRAST:
                yield finder.error(
                    f"style {name}", f"Text stands out by {ratio:.1f} to 1 only; {CONTRAST} is the least.",
                    "Choose a darker text or a lighter ground.",
                )  # fmt: skip


def contrast(one: str, two: str) -> float:
    """Ratio of two colours, as three or six hexadecimal digits, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted(map(_luminance, (one, two)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _player(finder: Finder, path: Path, node: Node) -> Iterator[Finding]:
    place = f"player, line {node.line}"
    if "controls" not in node.attributes:
        yield finder.error(place, "It lacks the browser's own controls.", "Give audio the attribute controls.")
    if "autoplay" in node.attributes:
        yield finder.error(place, "It starts by itself, over the voice of a screen reader.", "Take autoplay out.")
    if not any(node.attributes.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title")):
        yield finder.error(place, "It has no name to be read aloud.", "Give it an aria-label.")


def _media(finder: Finder, path: Path, nodes: list[Node]) -> Iterator[Finding]:
    """Yield an error for each file of sound or captions that the page names and that isn't there."""
    for node in nodes:
        source = node.attributes.get("src", "")
        if node.name not in ("audio", "source", "track", "img") or not source:
            continue
        if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", source) and not _exists(path.parent, source):
            yield finder.error(f"line {node.line}", f"{source[:80]} is not beside the page.", _AGAIN)


def _exists(folder: Path, source: str) -> bool:
    try:
        return (folder / unquote(re.split("[?#]", source)[0])).is_file()
    except (OSError, ValueError):
        return False


def _cues(finder: Finder, cues: list[Node]) -> Iterator[Finding]:
    for node in cues:
        place = f"line {node.line}"
        if node.name not in ("button", "a"):
            yield finder.error(place, f"A sentence is no button but a {node.name}: no keyboard reaches it.", _AGAIN)
        if _seconds(node.attributes["data-start"]) is None:
            yield finder.error(place, "data-start is no number of seconds.", _AGAIN)
    for one, two in pairwise(_timed(cues)):
        if two.start < one.start:
            yield finder.error("transcript", f"{two.text[:60]!r} starts before the sentence above it.", _AGAIN)


def _said(nodes: list[Node]) -> Iterator[Cue]:
    """Yield the sentences of a page whose paragraphs, and not its sentences, have the links."""
    for node in nodes:
        start = re.fullmatch(r"t(\d{1,10})", node.attributes.get("id", ""))
        if start and node.attributes.get("class") == "said":
            end = _seconds(node.attributes.get("data-end", ""))
            yield Cue(int(start[1]), int(start[1]) if end is None else end, node.words)


def _timed(cues: list[Node]) -> Iterator[Cue]:
    for node in cues:
        start = _seconds(node.attributes["data-start"])
        end = _seconds(node.attributes.get("data-end", ""))
        if start is not None:
            yield Cue(start, start if end is None else end, node.words)


def _seconds(written: str) -> int | None:
    """Read seconds as ms."""
    plain = re.fullmatch(r"\d{1,7}(?:\.\d{1,9})?", written.strip())
    return round(float(plain[0]) * 1000) if plain else None


def _chapters(nodes: list[Node]) -> Iterator[Cue]:
    """Yield what links within the page lead to: the chapter starts with the first sentence at or after the target."""
    starts: dict[str, int] = {}
    waiting: list[str] = []
    for node in nodes:
        if "id" in node.attributes and re.fullmatch("h[1-6]|section|article|div|li", node.name):
            waiting.append(node.attributes["id"])
            begins = _seconds(node.attributes.get("data-from", ""))
            if begins is not None:
                starts[waiting.pop()] = begins
        start = _seconds(node.attributes.get("data-start", ""))
        if start is not None:
            starts.update((name, start) for name in waiting)
            waiting = []
    in_list = [node for node in nodes if node.name == "a" and node.attributes.get("href", "").startswith("#")]
    for node in in_list:
        target = unquote(node.attributes["href"][1:])
        if target in starts:
            yield Cue(starts[target], starts[target], node.words)


class _Page(HTMLParser):
    """Elements in their order, with their text, and what is not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[Node] = []
        self.faults: list[tuple[int, str]] = []
        self._open: list[Node] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.getpos()[0])
        self.nodes.append(node)
        if tag in _VOID:
            return
        if tag in _IMPLIED and self._open and self._open[-1].name == tag:
            self._open.pop()
        if len(self._open) >= _DEEPEST:
            raise Broken("Its elements are nested deeper than any page's.", _AGAIN)
        self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not any(node.name == tag for node in self._open):
            self._fault(f"</{tag[:20]}> closes nothing.")
            return
        while (node := self._open.pop()).name != tag:
            self._left_open(node)

    def handle_data(self, data: str) -> None:
        for node in self._open:
            if node.name not in ("html", "body", "main", "section", "article"):
                node.text.append(data)

    def finish(self) -> None:
        """Note what is still open at the end."""
        while self._open:
            self._left_open(self._open.pop())

    def _left_open(self, node: Node) -> None:
        if node.name not in _IMPLIED:
            self._fault(f"<{node.name[:20]}> of line {node.line} is not closed.")

    def _fault(self, what: str) -> None:
        self.faults.append((self.getpos()[0], what))
