"""Names and unknown words of a text, and how they get into a lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import lexicon, names, output, voice
from audiobook.errors import VoiceError
from audiobook.lexicon import Lexicon, Saying
from audiobook.model import Voice
from audiobook.names import Name
from tests.conftest import ROOT

VOICE = voice.load("default")


def texts() -> list[tuple[str, str]]:
    """Read the case file; "#" before a capital letter is a comment unless a blank line, "¶", follows in its line."""
    found: list[tuple[str, str]] = []
    for line in (ROOT / "tests" / "cases" / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("→"):
            found[-1] = (found[-1][0], line[1:].strip())
        elif "¶" in line or not line.startswith("#"):
            found.append((line.replace("¶", "\n\n"), ""))
    return found


class Speller:
    """An engine that says every word letter by letter."""

    def said(self, words: Sequence[str], voice: Voice) -> list[str]:
        return [" ".join(word.lower()) for word in words]


@pytest.mark.parametrize(("text", "listed"), texts())
def test_what_is_a_name(text: str, listed: str) -> None:
    """Names come before words, those that no list knows before others."""
    found = names.find(text)
    kinds = [", ".join(f"{item.word} {item.count}" for item in found if item.kind == kind) for kind in ("name", "word")]
    assert "; ".join(filter(None, kinds)) == listed


def test_a_name_is_told_with_its_line_and_how_it_is_said() -> None:
    """The line is the first; what the lexicon knows stands beside what the engine says."""
    known = Lexicon({"Quirke": Saying(ipa=("ˈkwɜːk",)), "Ostend": Saying(alias=("Oss", "tend"))}, 1)
    text = "It is late.\nTomás Quirke’s boat\nleft Ostend.\n\nTomás slept."
    assert names.listed(text, Speller(), VOICE, known) == [
        Name("Tomás", "name", 2, 2, "t o m á s", ""),
        Name("Quirke", "name", 1, 2, "q u i r k e", "ˈkwɜːk"),
        Name("Ostend", "name", 1, 3, "o s t e n d", "Oss tend"),
    ]
    assert names.listed("It is late.", Speller(), VOICE, known) == []


def test_a_word_alone_is_said_as_the_lexicon_says() -> None:
    """What is played is what the book will have."""
    known = Lexicon({"Ostend": Saying(alias=("Oss", "tend"))}, 1)
    assert names.utterance("Ostend", known).text == "Oss tend"
    assert names.utterance("Quirke", known).text == "Quirke"


NAMES = [
    Name("Tomás", "name", 2, 2, "tˈɑːməs", ""),
    Name("Quirke", "name", 1, 2, "kwˈɜːk", "kwˈɔːk"),
    Name("S&M", "name", 1, 3, "S and M", ""),
]


def test_a_new_lexicon_can_be_read(tmp_path: Path) -> None:
    """It holds what the lexicon says, else what the engine says, and words where that is no IPA."""
    file = tmp_path / "own.pls"
    assert names.add_to_lexicon(file, NAMES) == 3
    assert lexicon.load(file).sayings == {
        "Tomás": Saying(ipa=("tˈɑːməs",)),
        "Quirke": Saying(ipa=("kwˈɔːk",)),
        "S&M": Saying(alias=("S", "and", "M")),
    }


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    """Only words that the lexicon lacks are added, before its end; a second time there are none."""
    file = tmp_path / "own.pls"
    names.add_to_lexicon(file, NAMES[:1])
    mine = (
        output.read_text(file).replace("tˈɑːməs", "təmˈɑːs").replace("\n</lexicon>\n", "\n\n<!-- mine --></lexicon> ")
    )
    file.write_text(mine, encoding="utf-8")
    assert names.add_to_lexicon(file, [*NAMES, replace(NAMES[0], word="Tomás’s")]) == 2
    both = output.read_text(file)
    assert both.startswith(mine.removesuffix("</lexicon> ")) and both.endswith("</lexicon> ")
    assert lexicon.load(file).sayings["Tomás"].ipa == ("təmˈɑːs",)
    assert names.add_to_lexicon(file, NAMES) == 0
    assert output.read_text(file) == both


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """A file that is no lexicon, or one whose end is written otherwise, is not touched."""
    file = tmp_path / "own.pls"
    file.write_text("notes", encoding="utf-8")
    with pytest.raises(VoiceError, match="not well-formed"):
        names.add_to_lexicon(file, NAMES)
    prefixed = f'<p:lexicon version="1.0" alphabet="ipa" xmlns:p="{lexicon.NAMESPACE}"></p:lexicon>'
    file.write_text(prefixed, encoding="utf-8")
    with pytest.raises(VoiceError, match="Name another file"):
        names.add_to_lexicon(file, NAMES)
    assert file.read_text(encoding="utf-8") == prefixed
