"""Signs written in another's code: "&rsquo;" from a page, "â€™" from UTF-8 that was read as Windows-1252.

Unlike what the scraper deletes, these leave a mark where they were, so no odds are needed. They are read before all
else: a text that has its signs again shows the other families what it has not lost.
"""

from __future__ import annotations

import html
import re

from audiobook.model import Edit
from audiobook.repair import stand_ins
from audiobook.repair.spacing import BYTE_ORDER_MARK
from audiobook.repair.stand_ins import LOST

_ENTITY = r"&(?:amp;|#38;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_RUN = re.compile(rf"(?:{_ENTITY}|[^\x00-\x7f{LOST}{BYTE_ORDER_MARK}])+")
_SURE = 0.99
"""Estimated: no body of such texts with their truth was at hand."""


def find(text: str, language: str) -> list[Edit]:
    """Edits that put signs in the place of their stand-ins; those of English words only in English (BCP 47).

    What would make markup of words ("&lt;b&gt;") stays as it is: a text that shows a tag means the tag.
    """
    made = [edit for run in _RUN.finditer(text) if (edit := _decoded(run))]
    made += [Edit(*space.span(), space.group(), "", "encoding.space", _SURE) for space in _SPACE.finditer(text)]
    if language.lower().partition("-")[0] == "en":
        made += stand_ins.find(text)
    return made


def _decoded(run: re.Match[str]) -> Edit | None:
    """A run of entities and signs beyond ASCII, read as it was meant."""
    meant = re.sub(_ENTITY, _entity, run.group())
    rule = "encoding.entity" if meant != run.group() else "encoding.mojibake"
    for _ in range(2):  # some texts went through it twice
        meant = _MOJIBAKE.sub(_character, meant)
    if meant == run.group():
        return None
    if stand_ins.is_apostrophe(run.string, run.start(), run.end(), meant):
        meant = "’"  # "I&acute;m"
    return Edit(run.start(), run.end(), run.group(), meant, rule, _SURE)


def _entity(found: re.Match[str]) -> str:
    meant = html.unescape(f"&{found[1]};")
    is_text = meant.isprintable() or meant == "\N{NO-BREAK SPACE}"
    return meant if is_text and len(meant) == 1 and meant not in (LOST, "<", ">") else found.group()


_HIGH = "\x80-\xbf" + "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
"""What the later bytes of a character in UTF-8 look like in Windows-1252, or in Latin-1."""
_MOJIBAKE = re.compile(
    f"[\xc2-\xdf][{_HIGH}]|[\xe0-\xef][{_HIGH}]{{2}}|[\xf0-\xf4][{_HIGH}]{{3}}|\xe2\u20ac(?=[\\s.,;:!?)]|$)"
)
_SPACE = re.compile("(?<=[a-z.,;:!?)])\xc2 ?(?= )")
"""What is left of a no-break space when that, too, has become a plain one."""
_MEANT = re.compile("[\xa0-\u024f\u2010-\u203a\u20ac\u2122\ufb00-\ufb06\U0001f300-\U0001faff]")
"""What a review may hold; "É" and a no-break space before "»" are none of it."""


def _character(found: re.Match[str]) -> str:
    if len(found.group()) == 2 and found.group()[0] == "\xe2":
        return "\N{RIGHT DOUBLE QUOTATION MARK}"  # its last byte is nothing in Windows-1252, and was dropped
    try:
        meant = b"".join(_byte(sign) for sign in found.group()).decode("utf-8")
    except UnicodeDecodeError:
        return found.group()
    return meant if _MEANT.fullmatch(meant) else found.group()


def _byte(sign: str) -> bytes:
    return sign.encode("latin-1") if ord(sign) < 0x100 else sign.encode("cp1252")
