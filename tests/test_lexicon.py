"""Pronunciation lexicons: how they are read, and what they do to an utterance."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook import lexicon, voice
from audiobook.errors import VoiceError
from audiobook.lexicon import Lexicon, Saying
from audiobook.model import Token, Utterance
from tests.conftest import ROOT

HEAD = '<lexicon version="1.0" alphabet="ipa" xml:lang="en-US" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">'


def read(folder: Path, lexemes: str, head: str = HEAD, tail: str = "</lexicon>") -> Lexicon:
    """Read a lexicon with these entries."""
    file = folder / "own.pls"
    file.write_text(f"{head}\n{lexemes}\n{tail}", encoding="utf-8")
    return lexicon.load(file)


def lexeme(word: str, said: str) -> str:
    return f"<lexeme><grapheme>{word}</grapheme>{said}</lexeme>"


def utterance(text: str) -> Utterance:
    return Utterance(tuple(Token(word.group(), word.start(), word.end()) for word in re.finditer(r"\S+", text)))


KNOWN = Lexicon(
    {
        "Fayyad": Saying(ipa=("faɪˈjɑːd",)),
        "Niamh": Saying(alias=("Neeve",)),
        "vérité": Saying(ipa=("ˌvɛɹɪˈteɪ",)),
        "cinéma vérité": Saying(ipa=("ˈsɪnəmə", "ˌvɛɹɪˈteɪ")),
        "White Helmets": Saying(alias=("rescue", "workers", "of", "Fayyad")),
        "us": Saying(ipa=("ˈʌs",)),
        "O'Hare": Saying(ipa=("oʊˈhɛɹ",)),
        "Luis": Saying(ipa=("luˈiːs",)),
        "Al-Hadi": Saying(ipa=("ælˈhɑːdi",)),
    },
    longest=2,
)


# ---- Reading


def test_a_lexeme_may_have_several_graphemes(tmp_path: Path) -> None:
    """Each of them is said the same way; other elements tell nothing."""
    known = read(
        tmp_path,
        '<meta name="author" content="me"/><metadata><x xmlns="urn:x"><y/></x></metadata>'
        "<lexeme><grapheme>Firas</grapheme><grapheme> Feras </grapheme>"
        "<phoneme>fɪˈrɑːs</phoneme><example>Firas went.</example></lexeme>",
    )
    assert known.sayings == {"Firas": Saying(ipa=("fɪɹˈɑːs",)), "Feras": Saying(ipa=("fɪɹˈɑːs",))}


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ("<phoneme>a</phoneme><phoneme>e</phoneme>", Saying(ipa=("a",))),
        ('<phoneme>a</phoneme><phoneme prefer="true">e</phoneme>', Saying(ipa=("e",))),
        ("<alias>word of mouth</alias><phoneme>e</phoneme>", Saying(alias=("word", "of", "mouth"))),
        ('<phoneme prefer="false">a</phoneme><alias prefer="true">word</alias>', Saying(alias=("word",))),
        ("<phoneme>k æ t</phoneme>", Saying(ipa=("kæt",))),
        ("<phoneme><!-- so --> kæ&#x2D0; </phoneme>", Saying(ipa=("kæː",))),
        ("<alias>salt &amp; pepper</alias>", Saying(alias=("salt", "&", "pepper"))),
    ],
)
def test_the_first_way_wins_unless_another_is_preferred(tmp_path: Path, ways: str, said: Saying) -> None:
    """As the specification has it (section 4.9)."""
    assert read(tmp_path, lexeme("x", ways)).sayings["x"] == said


def test_the_first_lexeme_wins_and_roles_are_passed_over(tmp_path: Path) -> None:
    """No engine here tells a verb from a noun, so that an entry for one of them would be wrong for the other."""
    entries = lexeme("read", "<phoneme>rɛd</phoneme>").replace("<lexeme>", '<lexeme role="x:verb">')
    entries += lexeme("read", "<phoneme>riːd</phoneme>") + lexeme("read", "<phoneme>rɛd</phoneme>")
    assert read(tmp_path, entries).sayings["read"] == Saying(ipa=("ɹiːd",))


def test_a_prefix_and_other_encodings_are_read(tmp_path: Path) -> None:
    """What XML allows."""
    head = HEAD.replace("<lexicon", "<p:lexicon").replace("xmlns=", "xmlns:p=")
    entry = "<p:lexeme><p:grapheme>Zoë</p:grapheme><p:phoneme>ˈzoʊi</p:phoneme></p:lexeme>"
    file = tmp_path / "own.pls"
    file.write_bytes(f'<?xml version="1.0" encoding="UTF-16"?>{head}{entry}</p:lexicon>'.encode("utf-16"))
    assert "Zoë" in lexicon.load(file)


LAUGHS = '<!DOCTYPE lexicon [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        (LAUGHS + HEAD + lexeme("x", "<alias>&b;</alias>") + "</lexicon>", 1, "no document type"),
        (f'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}</lexicon>', 1, "no document type"),
        (f'<!DOCTYPE l SYSTEM "http://example.org/l.dtd">{HEAD}</lexicon>', 1, "no document type"),
        (HEAD + "\n<lexeme><grapheme>x</grapheme></lexeme></lexicon>", 2, "neither <phoneme> nor <alias>"),
        (HEAD + "\n<lexeme><phoneme>a</phoneme></lexeme></lexicon>", 2, "no <grapheme>"),
        (
            HEAD + "\n\n" + lexeme("x", "<phoneme>faJ{d</phoneme>") + "</lexicon>",
            3,
            "'x' can't be said as 'faJ{d': 'J'",
        ),
        (HEAD + lexeme("x", "<phoneme> </phoneme>") + "</lexicon>", 1, "this <phoneme> has no letter"),
        (HEAD + lexeme("–", "<phoneme>a</phoneme>") + "</lexicon>", 1, "this <grapheme> has no letter"),
        (HEAD + lexeme("a b", "<phoneme>eɪbiː</phoneme>") + "</lexicon>", 1, "has 2 words"),
        (HEAD.replace('"ipa"', '"x-sampa"') + "</lexicon>", 1, "'x-sampa' is unknown"),
        (HEAD.replace('alphabet="ipa"', "") + "</lexicon>", 1, "the alphabet is missing"),
        (HEAD + lexeme("x", '<phoneme alphabet="x-sampa">a</phoneme>') + "</lexicon>", 1, "'x-sampa' is unknown"),
        (HEAD.replace("2005/01", "2005/02") + "</lexicon>", 1, "not of this namespace"),
        ("<lexicon/>", 1, "not of this namespace"),
        (HEAD.replace('"1.0"', '"2.0"') + "</lexicon>", 1, "version must be 1.0"),
        (HEAD + "<grapheme>x</grapheme></lexicon>", 1, "can't stand in <lexicon>"),
        (HEAD + "\n<word/></lexicon>", 2, "can't stand in <lexicon>"),
        (HEAD + "\n<lexeme>", 2, "not well-formed XML"),
        ("", 1, "not well-formed XML"),
        (HEAD + lexeme("x", "<alias>&nbsp;</alias>") + "</lexicon>", 1, "not well-formed XML"),
    ],
)
def test_a_broken_lexicon(tmp_path: Path, file: str, line: int, fault: str) -> None:
    """The message names file, line and fault."""
    path = tmp_path / "own.pls"
    path.write_text(file, encoding="utf-8")
    with pytest.raises(VoiceError) as caught:
        lexicon.load(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ") and fault in str(caught.value)


def test_files_that_are_no_lexicon(tmp_path: Path) -> None:
    """A file that isn't there, or is far too long."""
    with pytest.raises(VoiceError, match=r"none.pls can't be read: No such file"):
        lexicon.load(tmp_path / "none.pls")
    (tmp_path / "long.pls").write_bytes(b" " * (lexicon.LONGEST + 1))
    with pytest.raises(VoiceError, match="more than 1,000,000 bytes"):
        lexicon.load(tmp_path / "long.pls")


def test_the_earlier_lexicon_wins() -> None:
    """A book's own words come before the project's."""
    own = Lexicon({"Fayyad": Saying(alias=("Fye", "odd"))}, 1)
    both = lexicon.merged(own, KNOWN)
    assert both.sayings["Fayyad"].alias and "Niamh" in both and both.longest == 2
    assert lexicon.merged() == Lexicon({}, 0)


def test_lexicons_lie_beside_the_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the folder one works in wins over the one that comes with the program."""
    monkeypatch.chdir(tmp_path)
    assert lexicon.find(None).sayings["Khaled"].ipa == ("kˈɑːlɛd",)
    (tmp_path / "voices").mkdir()
    read(tmp_path / "voices", lexeme("Khaled", "<alias>Carl Ed</alias>"))
    (tmp_path / "voices" / "own.pls").rename(tmp_path / "voices" / lexicon.FILE)
    assert lexicon.find(None).sayings["Khaled"].alias == ("Carl", "Ed")
    assert lexicon.find(None).sayings["Mahmoud"].ipa
    assert "lexicon" not in voice.names()


def test_ours_holds_no_word_twice() -> None:
    """An entry that never counts would mislead whoever mends it."""
    file = ROOT / "voices" / lexicon.FILE
    words = re.findall(r"<grapheme>(.*?)</grapheme>", file.read_text(encoding="utf-8"))
    assert sorted(words) == sorted(lexicon.load(file).sayings)


# ---- Saying


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“Fayyad,” she said.", "“Fayyad,”=faɪˈjɑːd she said."),
        ("Fayyad’s and Fayyad's", "Fayyad’s=faɪˈjɑːdz and Fayyad's=faɪˈjɑːdz"),
        ("the Fayyads’ house", "the Fayyads’=faɪˈjɑːdz house"),
        ("Luis’s Luis’", "Luis’s=luˈiːsɪz Luis’=luˈiːs"),
        ("FAYYAD SPEAKS", "FAYYAD=faɪˈjɑːd SPEAKS"),
        ("fayyad", "fayyad"),
        ("Vérité! VÉRITÉ", "Vérité!=ˌvɛɹɪˈteɪ VÉRITÉ=ˌvɛɹɪˈteɪ"),
        ("ve\u0301rite\u0301", "vérité=ˌvɛɹɪˈteɪ"),
        ("Us, us and US.", "Us,=ˈʌs us=ˈʌs and US."),
        ("O’Hare O'Hare", "O’Hare=oʊˈhɛɹ O'Hare=oʊˈhɛɹ"),
        ("of cinéma vérité.", "of cinéma=ˈsɪnəmə vérité.=ˌvɛɹɪˈteɪ"),
        ("Cinéma Vérité", "Cinéma=ˈsɪnəmə Vérité=ˌvɛɹɪˈteɪ"),
        ("cinéma, vérité", "cinéma, vérité=ˌvɛɹɪˈteɪ"),
        ("(Niamh) Niamh’s", "(Neeve) Neeve’s"),
        ("The “White Helmets,”", "The “rescue workers of Fayyad,”=faɪˈjɑːd"),
        ("White, Helmets", "White, Helmets"),
        ("a Fayyad-led cast", "a Fayyad=faɪˈjɑːd led cast"),
        ("anti-Fayyad, pro-Fayyad", "anti Fayyad,=faɪˈjɑːd pro Fayyad=faɪˈjɑːd"),
        ("him—Fayyad—who", "him— Fayyad—=faɪˈjɑːd who"),
        ("Al-Hadi’s", "Al-Hadi’s=ælˈhɑːdiz"),
        ("well-known names", "well-known names"),
        ("— … 7 %", "— … 7 %"),
    ],
)
def test_what_is_said(text: str, said: str) -> None:
    """A word is known in its other shapes; "=" shows a transcription."""
    tokens = KNOWN.apply(utterance(text)).tokens
    assert " ".join(token.text + (f"={token.ipa}" if token.ipa else "") for token in tokens) == said


def test_an_alias_stands_for_the_words_it_replaces() -> None:
    """Each of its words has the place of all that it stands for."""
    tokens = KNOWN.apply(utterance("the White Helmets came")).tokens
    assert [(token.start, token.end) for token in tokens] == [(0, 3), *[(4, 17)] * 4, (18, 22)]


def test_a_token_that_is_transcribed_stays() -> None:
    """Who set its sounds knew better."""
    token = Token("Fayyad", 0, 6, "ˈfæd")
    assert KNOWN.apply(Utterance((token,))).tokens == (token,)


WORDS = st.sampled_from(
    ["Fayyad", "Fayyad’s", "cinéma", "vérité", "“White", "Helmets,”", "Niamh-led", "—", "the", "us", "x—Fayyad", "'"]
)


@given(st.lists(WORDS | st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), max_size=12))
def test_no_word_is_lost(words: list[str]) -> None:
    """Every place of the sentence that was said still is, in the same order, and no token is empty or has a space."""
    before = utterance(" ".join(words))
    after = KNOWN.apply(before)
    places = [(token.start, token.end) for token in after.tokens]
    assert places == sorted(places)
    assert {place for token in before.tokens for place in range(token.start, token.end)} <= {
        place for start, end in places for place in range(start, end)
    }
    assert all(token.text and not re.search(r"\s", token.text) for token in after.tokens)
    assert Lexicon().apply(before) is before
