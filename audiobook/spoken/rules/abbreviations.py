"""Abbreviations: "Dr. Jones" → "Doctor Jones", "St. John St." → "Saint John Street", "No. 5" → "number five".

Those that engines say as they are written ("U.S.", "BBC") are left to them. Initials lose their full stops, at which
a voice would end its sentence.
"""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.rules.roman import KINGS
from audiobook.spoken.spelling import Speller
from audiobook.spoken.written import BEGINS, is_last

BEFORE_NAME = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Messrs": "Messieurs",
    "Dr": "Doctor",
    "Drs": "Doctors",
    "Prof": "Professor",
    "Rev": "Reverend",
    "Gen": "General",
    "Adm": "Admiral",
    "Maj": "Major",
    "Cpl": "Corporal",
    "Col": "Colonel",
    "Capt": "Captain",
    "Lt": "Lieutenant",
    "Sgt": "Sergeant",
    "Gov": "Governor",
    "Sen": "Senator",
    "Pres": "President",
    "Hon": "Honorable",
    "Fr": "Father",
    "St": "Saint",
    "Mt": "Mount",
    "Ft": "Fort",
}
UNDOTTED = ("Mr", "Mrs", "Dr")
"""British style sets no full stop after these."""
AFTER_NAME = {
    "Dr": "Drive",
    "St": "Street",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Jr": "Junior",
    "Sr": "Senior",
    "Bros": "Brothers",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Corp": "Corporation",
    "Co": "Company",
}
BEFORE_NUMBER = {
    "No": "number",
    "no": "number",
    "Nos": "numbers",
    "nos": "numbers",
    "p": "page",
    "pp": "pages",
    "vol": "volume",
    "Vol": "Volume",
    "ch": "chapter",
    "Ch": "Chapter",
    "chs": "chapters",
    "pt": "part",
    "Pt": "Part",
    "bk": "book",
    "Bk": "Book",
    "Sc": "Scene",
    "Ep": "Episode",
    "ep": "episode",
    "Op": "Opus",
    "op": "opus",
    "para": "paragraph",
    "fig": "figure",
    "Fig": "Figure",
    "ca": "circa",
    "c": "circa",
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sept": "September",
    "Sep": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
ANYWHERE = {
    "vs": "versus",
    "etc": "et cetera",
    "e.g": "for example",
    "i.e": "that is",
    "cf": "compare",
    "approx": "approximately",
    "ph.d": "P H D",
    "dept": "department",
    "feat": "featuring",
}


def _any(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in words)


TITLE = re.compile(
    rf"(?<![\w.])(?P<this>(?P<a>{_any(BEFORE_NAME)})\.|(?P<b>{'|'.join(UNDOTTED)}))"
    r"(?=[ ](?:(?:and|&)[ ](?:Mrs?|Ms|Dr)\b|[“\"‘']?[^\W\d_a-z]))"
)
NAME_ENDS = re.compile(rf"(?<![\w.])[A-Z0-9][\w’'-]{{0,30}},?[ ](?P<this>(?P<a>{_any(AFTER_NAME)})\.)(?!\w)")
NUMBER_COMES = re.compile(rf"(?<![\w.])(?P<a>{_any(BEFORE_NUMBER)})\.[ ]?(?=\d|\[\w+[ ]missing\]|[IVX]{{1,5}}\b)")
ALONE = re.compile(rf"(?<![\w.])(?P<a>{_any(ANYWHERE)})\.(?![\w])|(?<![\w.])(?P<b>vs)(?=[ ])", re.IGNORECASE)
INITIAL = re.compile(
    r"(?<![\w.])(?:[A-Z][a-z’'-]{1,30}[ ])?(?P<this>(?P<a>[A-HJ-UWYZ])\.)"
    rf"(?=[ ](?:[A-Z]\.|(?!{BEGINS}\b)[A-Z][\w’'-]))"
)
NUMERAL_INITIAL = re.compile(
    rf"(?<![\w.])(?:{'|'.join(KINGS)})[ ](?P<this>(?P<a>[VX])\.)"
    rf"(?=[ ](?!{BEGINS}\b)[A-Z][\w’'-])"
)
LETTERS = re.compile(r"(?<![\w&])(?P<this>[A-Z]{2,3})&[A-Z]\b")
WITH = re.compile(r"(?<!\S)w/(?P<out>o)?(?=[ ]|$)")


def _title(found: re.Match[str], _: Speller) -> str:
    return BEFORE_NAME[found["a"] or found["b"]]


def _name_ends(found: re.Match[str], _: Speller) -> str:
    return AFTER_NAME[found["a"]] + _full_stop(found)


def _number_comes(found: re.Match[str], _: Speller) -> str:
    return f"{BEFORE_NUMBER[found['a']]} "


def _alone(found: re.Match[str], _: Speller) -> str:
    return ANYWHERE[(found["a"] or found["b"]).lower()] + (_full_stop(found) if found["a"] else "")


def _full_stop(found: re.Match[str]) -> str:
    return "." if is_last(found) else ""


title = matching(TITLE, _title)
name_ends = matching(NAME_ENDS, _name_ends)
number_comes = matching(NUMBER_COMES, _number_comes)
alone = matching(ALONE, _alone)
initial = matching(INITIAL, lambda found, _: f"{found['a']} ")
numeral_initial = matching(NUMERAL_INITIAL, lambda found, _: f"{found['a']} ")
letters = matching(LETTERS, lambda found, _: "".join(f"{letter}." for letter in found["this"]))
with_ = matching(WITH, lambda found, _: "without" if found["out"] else "with")
