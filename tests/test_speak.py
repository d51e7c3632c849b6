"""From a book to its clips: what is kept, what is noted, and what stops a build."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import engines, kept, pipeline, source, speak, voice
from audiobook.errors import EngineError, NoSound, VoiceError
from audiobook.kept import Kept
from audiobook.model import Announce, Book, Chapter, Chunk, Pauses, Spoken, Token, Utterance, Voice
from audiobook.request import Request
from audiobook.speak import AHEAD, Speaker
from tests.speech import clip, raw

QUICK = ("pyttsx3", "tone")
"""Engines that are always there, and take no time."""
VOICE = Voice(name="test", engine="tone", id="low")
SAID = raw("a b")
CLIP = clip(100, words=2)


def book(*paragraphs: str) -> Book:
    """A book of one chapter; "|" parts sentences, and each paragraph is on the second line after the last."""
    chunks = tuple(
        Chunk(number, text.replace("|", " "), 2 * number - 1, tuple(text.split("|")))
        for number, text in enumerate(paragraphs, start=1)
    )
    return Book("A Book", "", "en", "", (Chapter("The Only One", chunks),))


def speaker(cache: Path, voice: Voice = VOICE) -> Speaker:
    return Speaker(engines.load(voice.engine), voice, cache)


def heard(mine: Speaker, *paragraphs: str) -> list[Spoken]:
    return list(mine.sentences(book(*paragraphs)))


def spoken(cache: Path, *paragraphs: str, voice: Voice = VOICE) -> list[Spoken]:
    return heard(speaker(cache, voice), *paragraphs)


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the folder of misbehaving engines count as one of the package's."""
    folder = str(Path(__file__).with_name("engine_doubles"))
    monkeypatch.setattr(engines, "__path__", [*engines.__path__, folder])
    yield


def double(name: str) -> Voice:
    return replace(VOICE, engine=name)


# ---- what comes out


def test_in_order(tmp_path: Path) -> None:
    """Every sentence comes once, in order, with its sound."""
    found = spoken(tmp_path, "One.|And two.", "The [year missing] third.")
    assert [(s.chapter, s.chunk.number, s.text) for s in found] == [
        (0, 1, "One."),
        (0, 1, "And two."),
        (0, 2, "The [year missing] third."),
    ]
    assert [[round(p.clip.seconds * 170 / 12) for p in s.phrases] for s in found] == [[3], [6], [19]]


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_any_number_of_threads(tmp_path: Path, jobs: int) -> None:
    """However many speak at once, the same comes out, in the same order."""
    text = [f"This is sentence {number}.|And one more." for number in range(30)]
    mine = Speaker(engines.load("tone"), VOICE, tmp_path / str(jobs), jobs=jobs)
    assert heard(mine, *text) == spoken(tmp_path / "again", *text)


def test_words_are_places_in_the_sentence(tmp_path: Path) -> None:
    """A word's time belongs to the author's word, however it is said."""
    (found,) = spoken(tmp_path, "In 1984 it rained.")
    words = {found.text[word.start : word.end] for word in found.phrases[0].clip.words}
    assert words == {"In", "1984", "it", "rained."}


def test_a_few_sentences_ahead(tmp_path: Path) -> None:
    """Only a few sentences are spoken before they are asked for, however long the book."""
    mine = Speaker(engines.load("tone"), VOICE, tmp_path, jobs=2)
    next(mine.sentences(book(*(f"Sentence {number}." for number in range(500)))))
    assert 0 < len(list(tmp_path.glob("*.clip"))) <= 2 * AHEAD + 3


def test_scene_breaks(tmp_path: Path) -> None:
    """A paragraph without words comes as a break, a sentence without words is left out, and both are noted."""
    mine = speaker(tmp_path)
    found = heard(mine, "One.", "* * *", "Two.|***")
    assert [(s.chunk.number, s.text, len(s.phrases)) for s in found] == [(1, "One.", 1), (2, "", 0), (3, "Two.", 1)]
    assert mine.notes == [
        "Line 3: '* * *' has no words and is not spoken.",
        "Line 5: '***' has no words and is not spoken.",
    ]
    assert mine.synthesised == 2


def test_lost_signs(tmp_path: Path) -> None:
    """A listener is told that the text has holes that no repair could fill, and where they begin."""
    mine = speaker(tmp_path)
    heard(mine, "One.", "A h\ufffdle.|And a s\ufffdc\ufffdnd.")
    assert mine.notes == ["3 signs of the text are lost (U+FFFD, first in line 3); nothing is spoken there."]


@pytest.mark.parametrize("engine", QUICK)
def test_a_sign_without_a_name(tmp_path: Path, engine: str) -> None:
    """A sign that the voice has no name for is noted, not an error; the words beside it are spoken."""
    mine = speaker(tmp_path, Voice(name="test", engine=engine, id=""))
    found = heard(mine, "❦", "Two words.|❧")
    assert [s.text for s in found] == ["", "Two words."]
    assert len(mine.notes) == 2


# ---- phrases and announcements

QUOTING = replace(VOICE, quotation=replace(VOICE, id="high"), pauses=Pauses(quotation=120))


def test_quotations_have_their_own_voice(tmp_path: Path) -> None:
    """A quotation is spoken by the second voice, with a pause on either side, also when it runs over sentences."""
    first, second = spoken(tmp_path, "He said: “I was never there.|Ask anyone in town,” and left.", voice=QUOTING)
    assert [phrase.pause for phrase in first.phrases] == [0, 120]
    assert [phrase.pause for phrase in second.phrases] == [0, 120]
    plain = spoken(tmp_path, "He said:|“I was never there.|Ask anyone in town,”|and left.")
    high = spoken(tmp_path, "“I was never there.|Ask anyone in town,”", voice=replace(VOICE, id="high"))
    sounds = [phrase.clip.pcm for sentence in (first, second) for phrase in sentence.phrases]
    assert sounds == [made.phrases[0].clip.pcm for made in (plain[0], *high, plain[3])]


def test_titles_are_no_quotations(tmp_path: Path) -> None:
    """A title in quotation marks is said by the same voice in the same breath."""
    (found,) = spoken(tmp_path, "Her “Salt Road” is long.", voice=QUOTING)
    assert len(found.phrases) == 1


def test_a_pause_at_dashes(tmp_path: Path) -> None:
    """Where the profile has a pause for dashes the sentence is cut there; every word is still heard."""
    voice = replace(VOICE, pauses=Pauses(dash=200))
    (found,) = spoken(tmp_path, "The hall—cold, dark – was well-lit once.", voice=voice)
    assert [phrase.pause for phrase in found.phrases] == [0, 200, 200]
    heard = [found.text[word.start : word.end] for phrase in found.phrases for word in phrase.clip.words]
    assert [
        word.strip("—–,. ") for word in heard if word.strip("—– ")
    ] == "The hall cold dark was well-lit once".split()


def test_announcements(tmp_path: Path) -> None:
    """Title, author and the synthetic voice are announced when the profile says so, and so are chapters."""
    mine = speaker(tmp_path, replace(VOICE, announce=Announce(opening=True, chapters=True)))
    found = list(mine.sentences(replace(book("One."), author="A. Writer")))
    assert [(s.chunk.number, s.text) for s in found] == [
        (0, "A Book by A. Writer."),
        (0, "Spoken by a synthetic voice."),
        (0, "Part 1 of 1."),
        (1, "One."),
    ]


def test_the_best_voice_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name the best installed voice is taken; by name, one whose engine is missing is an error."""
    monkeypatch.setattr(voice, "BEST", ("slow", "default"))
    assert speak.choose("auto").name == "slow"
    pyttsx3 = engines.load("pyttsx3")
    monkeypatch.setattr(pyttsx3, "available", lambda: "Install it with: pip install it")
    with pytest.raises(VoiceError, match=r"engine pyttsx3(.|\n)*pip install it"):
        speak.choose("default")


# ---- kept clips


def test_spoken_once(tmp_path: Path) -> None:
    """A second build speaks nothing, a changed sentence alone is spoken anew, and all sounds the same."""
    first = spoken(tmp_path, "One.|And two.", "Three.")
    again = speaker(tmp_path)
    assert heard(again, "One.|And two.", "Three.") == first
    assert again.synthesised == 0
    changed = speaker(tmp_path)
    assert heard(changed, "One.|And two.", "Four.")[:2] == first[:2]
    assert changed.synthesised == 1


@pytest.mark.parametrize("change", [{"id": "high"}, {"rate": 171}, {"pitch": 51}, {"volume": 99}])
def test_another_voice_is_another_sound(change: dict[str, int | str]) -> None:
    """Whatever changes the sound changes the key; the profile's name and pauses don't."""
    other = replace(VOICE, **change)  # type: ignore[arg-type]
    assert kept.key("1", other, SAID) != kept.key("1", VOICE, SAID)
    assert kept.key("2", VOICE, SAID) != kept.key("1", VOICE, SAID)
    assert kept.key("1", VOICE, raw("ab")) != kept.key("1", VOICE, SAID)
    assert kept.key("1", VOICE, Utterance((Token("a", 0, 1, "ɑː"), Token("b", 2, 3)))) != kept.key("1", VOICE, SAID)
    assert kept.key("1", replace(VOICE, name="x", description="y"), SAID) == kept.key("1", VOICE, SAID)
    assert kept.key("1", VOICE, raw("   a b")) == kept.key("1", VOICE, SAID)


def test_kept_whole(tmp_path: Path) -> None:
    """What was kept comes back, sample rates and all, and nothing else lies in the folder."""
    store = Kept(tmp_path / "new" / "folder")
    store.put("k", CLIP)
    assert store.get("k", SAID) == CLIP
    assert store.get("other", SAID) is None
    assert [file.name for file in store.folder.iterdir()] == ["k.clip"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:-1] + b"\xff",
        lambda data: b"",
        lambda data: b"[]\n",
        lambda data: b"\xff\xfe" + data,
        lambda data: data.replace(b'"k"', b'"j"'),
        lambda data: data.replace(b"clip 2", b"clip 9"),
        lambda data: data.replace(b"[[0, 50], ", b"["),
        lambda data: data.replace(b"200,", b'"x",'),
        lambda data: b'{"format": 3}\n',
    ],
)
def test_torn_files_are_made_anew(tmp_path: Path, damage: object) -> None:
    """A file that was cut off, changed, or is something else counts as none, and is replaced."""
    store = Kept(tmp_path)
    store.put("k", CLIP)
    path = tmp_path / "k.clip"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert store.get("k", SAID) is None
    store.put("k", CLIP)
    assert store.get("k", SAID) == CLIP


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """Where nothing can be kept the build goes on, and a note says why."""
    (tmp_path / "file").write_text("")
    mine = speaker(tmp_path / "file")
    assert len(heard(mine, "One.", "Two.")) == 2
    assert mine.synthesised == 2
    assert [note for note in mine.notes if "can't be kept" in note and "file" in note]


def test_no_half_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing breaks off, as on a full disk, neither a file nor its beginnings stay."""

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    store = Kept(tmp_path)
    store.put("k", CLIP)
    assert store.fault == "No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_oldest_used_goes_first(tmp_path: Path) -> None:
    """Beyond the limit, what was used longest ago is deleted, with a tenth to spare; reading counts as use."""
    store = Kept(tmp_path)
    names = "abcdefghijkl"
    for age, name in enumerate(names):
        store.put(name, CLIP)
        os.utime(tmp_path / f"{name}.clip", (1000 + age, 1000 + age))
    store.get("a", SAID)
    size = (tmp_path / "a.clip").stat().st_size
    store.trim(limit=12 * size)
    assert len(list(tmp_path.iterdir())) == 12
    store.trim(limit=10 * size)
    assert "".join(name for name in names if store.get(name, SAID)) == "aefghijkl"


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """Only our files are deleted, and of the unfinished ones only those that nobody is writing any more."""
    for name in ("mine.txt", "new.part", "old.part"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder").mkdir()
    day = time.time() - 2 * kept.STALE_SECONDS
    os.utime(tmp_path / "old.part", (day, day))
    Kept(tmp_path).trim()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder", "mine.txt", "new.part"]


def test_where_clips_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """AUDIOBOOK_CACHE names the folder; without it, it is one of the user's cache."""
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path))
    assert kept.folder() == tmp_path
    monkeypatch.delenv("AUDIOBOOK_CACHE")
    assert kept.folder().name == "clips"
    assert "audiobook" in str(kept.folder()).lower()


# ---- what stops a build


@pytest.mark.usefixtures("doubles")
@pytest.mark.parametrize("engine", ["short", "losing", "silent", "raising"])
def test_no_edition_without_its_sound(tmp_path: Path, engine: str) -> None:
    """A build whose engine fails leaves no folder, and its error has the exit code of the engines."""
    (tmp_path / "voice.toml").write_text(f'engine = "{engine}"\nid = "low"\n')
    (tmp_path / "text.txt").write_text("A crash of waves went over the quiet waters of the bay.\n")
    request = Request(
        source.load(str(tmp_path / "text.txt")), tmp_path / "out", voice.load(str(tmp_path / "voice.toml"))
    )
    with pytest.raises(EngineError) as error:
        pipeline.build(request, lambda step: None)
    assert error.value.exit_code == 6
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.usefixtures("doubles")
@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("short", r"gave 0\.0\d s of sound for 'Quiet waters.', which takes about 0\.8 s"),
        ("losing", "gave 1 words for 2"),
        ("silent", "gave no sound for 'Quiet waters.'"),
        ("raising", "ZeroDivisionError: the voice box is on fire"),
    ],
)
def test_too_little_sound(tmp_path: Path, engine: str, says: str) -> None:
    """Missing or far too short sound, or an engine that breaks, is an error with chapter and line."""
    text = "A crash of waves." if engine == "raising" else "Quiet waters."
    with pytest.raises(EngineError, match=says) as error:
        spoken(tmp_path, text, voice=double(engine))
    assert "Chapter 'The Only One', line 1" in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("doubles")
def test_words_that_a_voice_can_not_say(tmp_path: Path) -> None:
    """Words that a voice leaves out are named with their line; a dash alone is no word."""
    mine = speaker(tmp_path, double("english"))
    heard(mine, "He said مرحبا — twice.")
    assert mine.notes == ["Line 1: this voice can't say 'مرحبا'."]


@pytest.mark.usefixtures("doubles")
def test_what_was_spoken_before_is_kept(tmp_path: Path) -> None:
    """A build that stops keeps what it has spoken, names the line where it stopped, and goes on from there."""
    mine = speaker(tmp_path, double("raising"))
    with pytest.raises(EngineError, match="line 3"):
        heard(mine, "Quiet.", "A crash.")
    again = speaker(tmp_path, double("raising"))
    heard(again, "Quiet.", "Quiet again.")
    assert again.synthesised == 1


@pytest.mark.usefixtures("doubles")
def test_an_engine_that_prints(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What an engine prints goes to standard error."""
    (tmp_path / "voice.toml").write_text('engine = "printing"\nid = "low"\n')
    (tmp_path / "text.txt").write_text("Quiet waters.\n")
    request = Request(
        source.load(str(tmp_path / "text.txt")), tmp_path / "out", voice.load(str(tmp_path / "voice.toml"))
    )
    assert pipeline.build(request, lambda step: None).spoken == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "Audio saved" in err


def test_a_voice_that_is_not_there(tmp_path: Path) -> None:
    """An unknown voice stops the build as a voice error, which has an exit code of its own."""
    with pytest.raises(VoiceError, match="low, high"):
        spoken(tmp_path, "One.", voice=replace(VOICE, id="shrill"))


def test_no_sound_stays_no_sound(tmp_path: Path) -> None:
    """The error for a text without sound keeps its kind when the place is added."""
    with pytest.raises(NoSound, match="line 1"):
        spoken(tmp_path, "One.", voice=replace(VOICE, volume=0))


@pytest.mark.parametrize("engine", QUICK)
@pytest.mark.parametrize("rate", [80, 170, 450])
def test_no_false_alarm(tmp_path: Path, engine: str, rate: int) -> None:
    """Words that are quick to say for their letters, and noises, are not taken for lost sound."""
    quick = "Through thought though.|Shh!|Hmmmmmm.|I.|Aaaaaaaaaaaaaaaargh!|schtschrmpfs|[year missing]|e e e e"
    assert len(spoken(tmp_path, quick, voice=Voice(name="test", engine=engine, id="", rate=rate))) == 8


def test_same_bytes_as_ever(tmp_path: Path) -> None:
    """The double's sound is pinned: a change of it must raise its version, or kept clips would lie."""
    sound = hashlib.sha256(spoken(tmp_path, "One.")[0].phrases[0].clip.pcm).hexdigest()
    assert (engines.load("tone").version(), sound[:8]) == ("tone 1", "bae097fa")
