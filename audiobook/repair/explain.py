"""Why an edit was made, in words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from audiobook.model import Edit
from audiobook.repair import forms
from audiobook.repair.view import View, read

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def explain(edit: Edit, source: str, view: View | None = None) -> str:
    """One sentence on why this edit of this source was made (or, for a suspect, was considered)."""
    view = view or read(source)
    family, _, name = edit.rule.partition(".")
    say = _REASONS.get(family)
    return say(edit, view, name) if say else f"a rule of the family {family} found it"


def reasons(edits: Iterable[Edit], source: str) -> list[str]:
    """Why each edit of a source was made, or considered."""
    view = read(source)
    return [explain(edit, source, view) for edit in edits]


def _times(n: int) -> str:
    return "once" if n == 1 else "twice" if n == 2 else f"{_NUMBERS[n] if n < len(_NUMBERS) else n} times"


def _word(edit: Edit, view: View) -> tuple[int, str]:
    """The word that an edit touches."""
    last = bisect_right(view.starts, edit.start) - 1
    for i in range(max(last - 1, 0), last + 1):
        if view.starts[i] <= edit.start <= view.ends[i] and edit.end <= view.ends[i]:
            return i, view.words[i]
    return -1, ""


def _beside(view: View, i: int) -> str:
    """The word with its neighbours, as they stand."""
    return " ".join(view.words[max(i - 1, 0) : i + 2])


def _contraction(edit: Edit, view: View, name: str) -> str:
    _, word = _word(edit, view)
    form = forms.SURE.get(word.lower()) or forms.LEADING.get(word.lower())
    if form is None:
        return f"‘{word}’ has a capital inside, as a name does that lost an apostrophe after its particle"
    return f"‘{word}’ is no word; ‘{forms.with_case(form, word)}’ is"


def _apostrophe(edit: Edit, view: View, name: str) -> str:
    i, word = _word(edit, view)
    if name in ("contraction", "leading"):
        return f"in “{_beside(view, i)}” the words around ‘{word}’ ask for the short form, not for the word ‘{word}’"
    if name == "its":
        return f"in “{_beside(view, i)}” the words around ‘{word}’ ask for the form with an apostrophe"
    stem = word[:-1]
    alone = view.count(stem)
    if name == "plural":
        return f"‘{word}’ is a plural, and in “{_beside(view, i)}” something belongs to them"
    if word[:1].isupper() and alone:
        return f"‘{stem}’ stands alone {_times(alone)} in this text, so ‘{word}’ in “{_beside(view, i)}” is ‘{stem}’s’"
    return f"in “{_beside(view, i)}” the words around ‘{word}’ make it ‘{stem}’s’ rather than a plural or a verb"


def _accent(edit: Edit, view: View, name: str) -> str:
    if name == "user":
        return f"‘{edit.after}’ is on your own list of words, and ‘{edit.before}’ is what is left of it"
    return f"‘{edit.before}’ is what is left of ‘{edit.after}’ when letters with accents are deleted"


def _number(edit: Edit, view: View, name: str) -> str:
    around = _around(edit, view)
    kind = "number" if name in ("count", "number") else name
    article = "an" if kind[0] in "aeiou" else "a"
    return (
        f"no digit is left in this text, and the space in “{around}” shows that {article} {kind} fell out; "
        "its value is unknown"
    )


def _around(edit: Edit, view: View) -> str:
    source = view.source
    return source[max(edit.start - 20, 0) : edit.end + 20].strip().replace("\n", " ")


def _semicolon(edit: Edit, view: View, name: str) -> str:
    return "a straight apostrophe before a space, in a text that has no other apostrophes, was a semicolon"


def _paragraph(edit: Edit, view: View, name: str) -> str:
    return f"a run of {len(edit.before)} spaces after the end of a sentence was the end of a paragraph"


def _spacing(edit: Edit, view: View, name: str) -> str:
    return "a space too many, left by the damage"


def _quote(edit: Edit, view: View, name: str) -> str:
    side = "opens" if name == "open" else "closes"
    return f"speech or a title {side} here: “{_around(edit, view)}”; the mark at its other end was found too"


def _dash(edit: Edit, view: View, name: str) -> str:
    if name == "range":
        return (
            f"the gap in “{_around(edit, view)}” is a space wider than one lost number leaves: two, with a dash between"
        )
    if name == "spaced":
        return f"three spaces inside a sentence, in “{_around(edit, view)}”, are what a dash with spaces leaves"
    return f"the sentence breaks off and starts again in “{_around(edit, view)}”, where a dash left one space"


_ENCODINGS = {
    "entity": "‘{0}’ is how a web page writes ‘{1}’",
    "mojibake": "‘{0}’ is what ‘{1}’ looks like when its encoding, UTF-8, is taken for another",
    "space": "‘{0}’ is what is left of a space without a break when its encoding, UTF-8, is taken for another",
    "accent": "‘{0}’ is ‘{1}’ with its accents, and what stands in their place is where they were",
    "apostrophe": "between these letters, ‘{0}’ stands where an apostrophe was",
    "dash": "between these words or numbers, ‘{0}’ stands where a dash was",
    "quote": "‘{0}’ stands where speech or a title is set off; the mark at its other end is lost in the same way",
}


def _encoding(edit: Edit, view: View, name: str) -> str:
    return _ENCODINGS[name].format(edit.before, edit.after)


_REASONS = {
    "encoding": _encoding,
    "contractions": _contraction,
    "apostrophes": _apostrophe,
    "accents": _accent,
    "numbers": _number,
    "semicolons": _semicolon,
    "paragraphs": _paragraph,
    "spacing": _spacing,
    "quotes": _quote,
    "dashes": _dash,
}
