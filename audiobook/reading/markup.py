"""A tree of elements → text as `chunk` reads it: paragraphs between blank lines, Markdown headings, no other signs."""

from __future__ import annotations

import re
from collections.abc import Container

from audiobook.chunk import MARKDOWN_HEADING, UNDERLINE
from audiobook.reading.tree import Element

# What is no text, or none for the ear. A figure's caption is the author's and stays; a picture's description goes.
SILENT = frozenset(
    "annotation annotation-xml audio button canvas datalist dialog embed head iframe input map noscript object rp rt"
    " script select style svg template textarea video".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " header hgroup html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
HEADING = re.compile(r"h[1-6]")
SPACE = re.compile(r"[ \t\n\r\f\v\xa0\u2028\u2029]+")
# Hints for typesetting inside a word, and a byte order mark that strayed: no voice and no dictionary knows them.
UNHEARD = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff"))
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LONGEST_CELL = 200
"""Code points of a table's cell that is read in a row; a table with longer ones lays out a page."""
SCENE_BREAK = "* * *"


def blocks(element: Element, left_out: Container[Element] = frozenset()) -> list[str]:
    """Return headings and paragraphs, without the elements that are left out."""
    writer = _Writer(left_out)
    writer.write(element)
    writer.end()
    return writer.blocks


def heading(text: str, level: int = 1) -> str:
    """Return a Markdown heading; `level` from 1 to 6."""
    # A sign at the end would be taken for the heading's own closing one.
    return f"{'#' * level} {text}{' #' if text.endswith('#') else ''}"


def level(block: str) -> int:
    """Return the level of a heading, or 0 for a paragraph."""
    found = MARKDOWN_HEADING.match(block)
    return len(found[1]) if found else 0


def joined(pieces: list[str]) -> str:
    """Return the text of some blocks."""
    return "\n\n".join(pieces) + "\n" if pieces else ""


class _Writer:
    """Walks a tree, and gathers its blocks."""

    def __init__(self, left_out: Container[Element]) -> None:
        self.blocks: list[str] = []
        self._left_out = left_out
        self._line: list[str] = []

    def write(self, element: Element) -> None:
        if element.tag in SILENT or element in self._left_out:
            return
        if HEADING.fullmatch(element.tag):
            self._heading(element)
        elif element.tag == "table":
            self.end()
            self._table(element)
        elif element.tag == "pre":
            self.end()
            self._line.append("".join(_preformatted(element)))
            self.end()
        elif element.tag in BLOCKS:
            self.end()
            self._children(element)
            self.end()
        else:
            self._inline(element)

    def end(self) -> None:
        """End a paragraph; two line breaks in a row have ended others before."""
        text = re.sub(r" *\n *", "\n", "".join(self._line))
        self._line = []
        for paragraph in re.split(r"\n{2,}", text):
            lines = [SPACE.sub(" ", line).strip() for line in paragraph.split("\n")]
            if any(lines):
                self.blocks.append("\n".join(_plain(line) for line in lines if line))

    def _children(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._line.append(SPACE.sub(" ", child.translate(UNHEARD)))
            else:
                self.write(child)

    def _inline(self, element: Element) -> None:
        if element.tag == "br":
            self._line.append("\n")
        elif element.tag == "hr":
            self.end()
            self.blocks.append(SCENE_BREAK)
        elif element.tag == "q":
            self._line.append("“")
            self._children(element)
            self._line.append("”")
        elif element.tag == "sup":
            start = len(self._line)
            self._children(element)
            raised = "".join(self._line[start:])
            self._line[start:] = [raised.translate(SUPERSCRIPTS) if raised.isdecimal() else raised]
        else:
            self._children(element)

    def _heading(self, element: Element) -> None:
        self.end()
        text = " ".join(" ".join(_inside(element, self._left_out)).split())
        if text:
            self.blocks.append(heading(text, int(element.tag[1])))

    def _table(self, table: Element) -> None:
        """Write a table row by row; one that only lays out a page, cell by cell."""
        for part in table.children:
            if not isinstance(part, Element) or part in self._left_out:
                continue
            if part.tag == "tr":
                self._row(part)
            elif part.tag in ("thead", "tbody", "tfoot"):
                self._table(part)
            else:
                self.write(part)

    def _row(self, row: Element) -> None:
        cells = [blocks(cell, self._left_out) for cell in row.children if isinstance(cell, Element)]
        if all(
            len(cell) <= 1 and all(len(text) <= LONGEST_CELL and not level(text) for text in cell) for cell in cells
        ):
            read = ", ".join(text.strip().replace("\n", " ") for cell in cells for text in cell)
            self.blocks += [_plain(read)] if read else []
        else:
            self.blocks += [text for cell in cells for text in cell]


def _inside(element: Element, left_out: Container[Element]) -> list[str]:
    """Return the paragraphs of a heading, which has none by right."""
    return blocks(Element("div", {}, element.children), left_out)


def _preformatted(element: Element) -> list[str]:
    parts: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(re.sub(r"\r\n?", "\n", child).translate(UNHEARD))
        elif child.tag not in SILENT:
            parts += ["\n"] if child.tag == "br" else _preformatted(child)
    return parts


def _plain(line: str) -> str:
    """Keep a line of the text from being read as Markdown's sign of a heading: as in Markdown, by four spaces."""
    return f"    {line}" if MARKDOWN_HEADING.match(line) or UNDERLINE.match(line) else line
