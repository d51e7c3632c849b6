"""The International Phonetic Alphabet, and how eSpeak NG is made to say it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook import ipa
from audiobook.repair import tables

SIGNS = [*ipa.SOUNDS, ipa.MAIN_STRESS, ipa.SECOND_STRESS, ipa.LONG]

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="eSpeak NG speaks on Linux alone")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("faɪˈjɑːd", "faɪjˈɑːd"),
        ("/faɪ'jɑ:d/", "faɪjˈɑːd"),
        ("[ˈt͡ʃɛɹi]", "tʃˈɛɹi"),
        ("ʤæz", "dʒæz"),
        ("gʊd", "ɡʊd"),
        ("ˈbɝdə˞", "bˈɜːdɚ"),
        ("ɪç", "ɪç"),
        ("ˈveːʁite", "vˈeːʁite"),
        ("ə.ˈlɛp.oʊ", "əlˈɛpoʊ"),
        ("ˈpʰɛd̪ɾo", "pˈɛdɾo"),
        ("bɔ̃", "bɔ̃"),
        ("ˈbʌˌtn̩", "bˈʌtˌn̩"),
    ],
)
def test_one_spelling(written: str, read: str) -> None:
    """What people write in many ways is read as one."""
    assert ipa.normal(written) == read


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("fAj", "'A'"),
        ("faɪ jɑːd", "' '"),
        ("ma5", "'5'"),
        ("", "no sound"),
        ("ˈː", "no sound"),
        ("a\u0321", "PALATALIZED"),
    ],
)
def test_what_is_no_ipa(written: str, fault: str) -> None:
    """A sign that is none of the alphabet's is named."""
    with pytest.raises(ValueError, match=fault):
        ipa.normal(written)


@pytest.mark.parametrize(
    ("said", "mnemonics"),
    [
        ("faɪˈjɑːd", "f|aI|j|'A:|d"),  # the stress stands before the vowel, not before the syllable
        ("ˌmɑɹeɪˈʃɑːl", "m|,A:|r|eI|S|'A:|l"),
        ("hɑɹt", "h|'A@|t"),  # one vowel, so it is stressed
        ("əˈɡoʊ", "@|g|'oU"),
        ("dəlaɪt", "d|@|l|'aI|t"),  # no stress is marked: the first vowel that can bear one
        ("mɪdəl", "m|'I|d|@L"),
        ("mɪəɹ̩", "m|'i@|3"),
        ("hɒtʃɒt", "h|'0|tS|0|t"),
        ("ˌsɪnəˈmɑ", "s|,I|n|@|m|'A:"),
    ],
)
def test_mnemonics(said: str, mnemonics: str) -> None:
    """Each sound becomes one phoneme, parted from the next."""
    assert ipa.espeak(ipa.normal(said)) == mnemonics


@pytest.mark.parametrize(
    ("word", "ending"),
    [("ˈæn", "z"), ("ˈdʒɛɹɪk", "s"), ("ˈluːɪs", "ɪz"), ("ˈmɑːʃ", "ɪz"), ("ˈɹɪtʃ", "ɪz"), ("ˈjuː", "z")],
)
def test_an_s_at_the_end(word: str, ending: str) -> None:
    """The s of a possessive sounds as what it follows."""
    assert ipa.with_s(word) == word + ending


@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=8).map("".join))
def test_no_sound_is_lost(written: str) -> None:
    """Every transcription that is read stays as it is when read again, and has a phoneme for each of its sounds."""
    try:
        read = ipa.normal(written)
    except ValueError:
        assert not set(written) - set(ipa.MAIN_STRESS + ipa.SECOND_STRESS + ipa.LONG)
        return
    assert ipa.normal(read) == read
    phonemes = ipa.espeak(read).split("|")
    assert all(phonemes) and sum(phoneme.startswith("'") for phoneme in phonemes) <= read.count(ipa.MAIN_STRESS) + 1


@on_linux
def test_espeak_says_what_it_is_told() -> None:
    """English words, transcribed by eSpeak NG and given back to it as mnemonics, are the same sounds again."""
    known = tables.load().lexicon
    words = [word for word, number in known.number.items() if len(word) > 2 and known.frequency[number] >= 6]
    chosen = random.Random(1).sample(words, 150)  # noqa: S311  a sample, not a secret
    said = _trace(chosen)
    again = _trace([f"[[{ipa.espeak(ipa.normal(''.join(way.split())))}]]" for way in said])
    equal = sum(a == b for a, b in zip(said, again, strict=True))
    assert equal >= 0.97 * len(said), [pair for pair in zip(said, again, strict=True) if pair[0] != pair[1]]


@on_linux
def test_espeak_knows_every_mnemonic() -> None:
    """None of the phonemes is unknown to a voice: eSpeak NG would drop the rest of the word."""
    words = [f"[[p|'I|{ipa.espeak(sound).lstrip(chr(39))}|z|i:]]" for sound in ipa.SOUNDS]
    for voice in ("en-us", "en-gb-x-rp"):
        assert [word for word, said in zip(words, _trace(words, voice), strict=True) if said[-1] not in "iː"] == []


def _trace(texts: list[str], voice: str = "en-us") -> list[str]:
    """Have eSpeak NG speak each text and write down its sounds, in a process that ends with it."""
    code = Path(__file__).with_name("espeak_trace.py")
    done = subprocess.run(
        [sys.executable, str(code), voice],
        input=json.dumps(texts),
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    found: list[str] = json.loads(done.stdout)
    return found


@on_linux
def test_a_lexicon_is_heard() -> None:
    """A transcription changes the sound, also behind a quotation mark, and the word keeps its time."""
    from audiobook.engines import pyttsx3
    from audiobook.model import Token, Utterance, Voice

    voice = Voice(name="x", engine="pyttsx3", id="en-us")
    tokens = [Token("He", 0, 2), Token("said", 3, 7), Token("“(Khaled),”", 8, 19), Token("twice.", 20, 26)]
    said = [replace(token, ipa="kˈɑːlɛd") if "K" in token.text else token for token in tokens]
    plain, told = (pyttsx3.speak(Utterance(tuple(each)), voice) for each in (tokens, said))
    silent = pyttsx3.speak(Utterance((*tokens[:2], tokens[3])), voice)
    assert plain.pcm != told.pcm and told.seconds > silent.seconds + 0.3
    assert [(word.start, word.end) for word in told.words] == [(0, 2), (3, 7), (8, 19), (20, 26)]
    assert all(word.until - word.begin > 0.1 * told.sample_rate for word in told.words)
