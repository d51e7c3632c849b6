"""Text → chunks: paragraphs and headings, and the sentences in them. No text is ever dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from audiobook.model import Chunk

LONGEST_SENTENCE = 400
"""Code points. Longer ones are cut at a sign or a space: engines slow down, swell or drop text on endless input."""

MARKDOWN_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+")
UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})[ \t]*\Z")

SENTENCE_END = re.compile(
    r"""(?<=[.!?…])[\"'”’)\]]*      # the end, with its closing signs
        (?P<space>\s+)
        (?=[\"'“‘(\[]*[^\W_a-zß-ÿ]|\[\w+[ ]missing\])  # a capital, a digit, a letter without case, a lost number
    """,
    re.VERBOSE,
)
# What ends in a full stop without ending a sentence: titles, Latin, initials.
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|cf|No|Vol|Gen|Col|Capt|Lt|Sgt|Rev|Hon|Messrs|Mme|Mlle|e\.g|i\.e)"
    r"|(?<![\w.])[A-Z](?:\.[A-Z])*)\.\Z"
)
BREAKABLE = re.compile(r"[;:—–,)\]”] | (?=[—–(\[“])| ")


def split(text: str) -> tuple[Chunk, ...]:
    """Cut a text into paragraphs and headings.

    Blank lines part paragraphs. Without any, each line is one, unless the lines were wrapped: then they belong
    together.
    """
    blocks = _blocks(text)
    return tuple(
        Chunk(number, block, line, sentences(block), heading) for number, (line, block, heading) in enumerate(blocks, 1)
    )


def sentences(text: str) -> tuple[str, ...]:
    """Cut a paragraph into sentences of at most LONGEST_SENTENCE code points, white space evened to one space."""
    even = " ".join(text.split())
    return tuple(part for sentence in _sentences(even) for part in _parts(sentence))


def _blocks(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield line (from 1), text and whether it is a heading."""
    lines = list(enumerate(re.split(r"\r\n|\n|\r", text), 1))
    wrapped = _is_wrapped([line for _, line in lines])
    for blank, group in groupby(lines, key=lambda numbered: not numbered[1].strip()):
        if not blank:
            yield from _stanza(list(group), wrapped)


def _stanza(lines: list[tuple[int, str]], wrapped: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield the headings and paragraphs of a run of lines that has no blank one."""
    paragraph: list[tuple[int, str]] = []
    index = 0
    while index < len(lines):
        number, line = lines[index]
        markdown = _markdown_heading(line)
        underlined = not paragraph and index + 1 < len(lines) and UNDERLINE.match(lines[index + 1][1])
        if markdown or underlined:
            yield from _paragraph(paragraph)
            paragraph = []
            yield number, markdown or line.strip(), True
            index += 2 if underlined and not markdown else 1
            continue
        if paragraph and not wrapped:
            yield from _paragraph(paragraph)
            paragraph = []
        paragraph.append((number, line))
        index += 1
    yield from _paragraph(paragraph)


def _markdown_heading(line: str) -> str:
    """Return the text of a heading in Markdown; nothing for another line, or for a heading without text."""
    signs = MARKDOWN_HEADING.match(line)
    return line[signs.end() :].rstrip(" \t").rstrip("#").rstrip(" \t") if signs else ""


def _paragraph(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    if lines:
        yield lines[0][0], "\n".join(line.strip() for _, line in lines), False


def _is_wrapped(lines: list[str]) -> bool:
    """Tell lines of one paragraph from paragraphs of one line."""
    if any(not line.strip() for line in "\n".join(lines).strip().split("\n")):
        return True
    followed = [line.rstrip() for line in lines[:-1] if line.strip()]
    return any(line and line[-1] not in ".!?…:\"'”’)]=-#" for line in followed if not line.startswith("#"))


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        if not ABBREVIATION.search(text, max(start, match.start() - 12), match.start()):
            yield text[start : match.start("space")]
            start = match.end()
    if start < len(text):
        yield text[start:]


def _parts(sentence: str) -> Iterator[str]:
    """Cut an endless sentence after a sign, else at a space, else where it must be."""
    start = 0
    while len(sentence) - start > LONGEST_SENTENCE:
        cut = _cut(sentence, start)
        yield sentence[start:cut].rstrip()
        # White space is even here, so there is one space at most.
        start = cut + (sentence[cut] == " ")
    if start < len(sentence):
        yield sentence[start:]


def _cut(sentence: str, start: int) -> int:
    longest = start + LONGEST_SENTENCE
    places = list(BREAKABLE.finditer(sentence, start + LONGEST_SENTENCE // 2, longest))
    signs = [place.end() for place in places if place.group() != " "]
    spaces = [place.end() for place in places]
    return (signs or spaces or [longest])[-1]
