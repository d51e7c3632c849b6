"""Edit lists: the only way in which text changes, forwards and back.

Both directions check the text that they find, so an edit list never touches a text it wasn't made for.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, replace
from itertools import takewhile

from audiobook.errors import EditConflict
from audiobook.model import Edit

OPENING = ("\N{LEFT DOUBLE QUOTATION MARK}", "\N{LEFT SINGLE QUOTATION MARK}")


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits by place; insertions at one place in an order of their own, opening quotation marks last.

    So a list means the same in whatever order it comes.
    """
    return sorted(edits, key=lambda edit: (edit.start, edit.end, edit.after[:1] in OPENING, edit.after))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made. Raises EditConflict where an edit doesn't find its `before`."""
    parts: list[str] = []
    position = 0
    for edit in in_order(edits):
        if text[edit.start : edit.end] != edit.before or edit.start < position:
            raise EditConflict(_conflict(text, edit.start, edit, edit.before))
        parts += text[position : edit.start], edit.after
        position = edit.end
    return "".join((*parts, text[position:]))


def revert(text: str, edits: Iterable[Edit]) -> str:
    """Return the text as it was before `apply`. Raises EditConflict where an edit doesn't find its `after`."""
    parts: list[str] = []
    position = 0
    shift = 0
    for edit in in_order(edits):
        start = edit.start + shift
        end = start + len(edit.after)
        if text[start:end] != edit.after or start < position:
            raise EditConflict(_conflict(text, start, edit, edit.after))
        parts += text[position:start], edit.before
        position = end
        shift += len(edit.after) - len(edit.before)
    return "".join((*parts, text[position:]))


def follow(first: Iterable[Edit], second: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return one list for a text that does what `first` does, and then `second` on its outcome; see `onto`."""
    made = [*first]
    return tuple(in_order((*made, *onto(made, second))))


def onto(first: Iterable[Edit], second: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits of `second`, which are for a text after `first`, as edits of that text before it.

    One that meets a text which `first` has put in is cut down to what it changes; if that lies inside such a text, it
    is left out: an edit answers for its own words.
    """
    made = deque(in_order(first))
    shift = 0
    for edit in in_order(second):
        while made and made[0].start + shift + len(made[0].after) <= edit.start:
            done = made.popleft()
            shift += len(done.after) - len(done.before)
        if not made or made[0].start + shift >= edit.end:
            yield replace(edit, start=edit.start - shift, end=edit.end - shift)
        elif least := _beside(made, _least(edit), shift):
            yield least


def _beside(made: Iterable[Edit], edit: Edit, shift: int) -> Edit | None:
    """Return the edit as one of the text before those that were made; None where it meets what they put in."""
    for one in made:
        if edit.end <= one.start + shift:
            break
        if edit.start < one.start + shift + len(one.after):
            return None
        shift += len(one.after) - len(one.before)
    return replace(edit, start=edit.start - shift, end=edit.end - shift)


def _least(edit: Edit) -> Edit:
    """Return an edit without what stays the same at its beginning and its end."""
    start = _same(edit.before, edit.after)
    before, after = edit.before[start:], edit.after[start:]
    end = _same(before[::-1], after[::-1])
    before, after = before[: len(before) - end], after[: len(after) - end]
    return replace(edit, start=edit.start + start, end=edit.end - end, before=before, after=after)


def _same(one: str, other: str) -> int:
    """Count the signs at the beginning that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def dump(edits: Iterable[Edit]) -> str:
    """Return the edits as JSON Lines, an edit a line, keys as in `Edit`."""
    return "".join(json.dumps(asdict(edit), ensure_ascii=False) + "\n" for edit in edits)


def load(lines: str) -> tuple[Edit, ...]:
    """Read what `dump` wrote. Raises EditConflict naming the line that can't be read."""
    # Not splitlines: it also cuts at U+2028 and others that JSON leaves as they are.
    numbered = enumerate(lines.split("\n"), 1)
    return tuple(_edit(line, number) for number, line in numbered if line.strip())


def lines(text: str, edits: Iterable[Edit]) -> Iterator[tuple[int, int, Edit]]:
    """Yield line, column (both from 1, in the source) and edit, in order of place."""
    line, start, position = 1, 0, 0
    for edit in in_order(edits):
        line += text.count("\n", position, edit.start)
        start = max(start, text.rfind("\n", position, edit.start) + 1)
        position = edit.start
        yield line, edit.start - start + 1, edit


def _edit(line: str, number: int) -> Edit:
    try:
        values = json.loads(line)
        if set(values) != {field.name for field in fields(Edit)}:
            raise ValueError(f"an edit has the keys {', '.join(field.name for field in fields(Edit))}")
        edit = Edit(
            int(values["start"]),
            int(values["end"]),
            str(values["before"]),
            str(values["after"]),
            str(values["rule"]),
            float(values["confidence"]),
        )
        if not 0 <= edit.start <= edit.end or edit.end - edit.start != len(edit.before):
            raise ValueError("start, end and before don't agree")
    except (TypeError, ValueError) as error:
        raise EditConflict(f"Line {number} of the edit list can't be read: {error}.") from error
    return edit


def _conflict(text: str, start: int, edit: Edit, wanted: str) -> str:
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    found = text[start : start + max(len(wanted), 1)]
    return (
        f"The edit list doesn't fit this text: at line {line}, column {column}, "
        f"rule {edit.rule} expects {wanted!r} and finds {found!r}.\n"
        "Use the edit list that was written together with this text."
    )
