"""Voice profiles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiobook import engines, voice
from audiobook.errors import VoiceError
from audiobook.model import Announce, Pauses, Voice
from tests.speech import raw

WHOLE = """
description = "For a test"
engine = "tone"
id = "high"
rate = 100
pitch = 10
volume = 20
[pauses]
sentence = 1
paragraph = 2
chapter = 3
dash = 4
quotation = 5
[announce]
opening = true
chapters = true
[quotation]
id = "low"
rate = 120
pitch = 60
"""


def written(folder: Path, text: str) -> str:
    """Write a profile; gives the name to load it by."""
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return str(folder / "mine.toml")


def test_every_field(tmp_path: Path) -> None:
    """A profile says everything there is to a voice; its name is the file's."""
    told = (Pauses(1, 2, 3, 4, 5), Announce(opening=True, chapters=True))
    expected = Voice("mine", "tone", "high", "For a test", 100, 10, 20, *told)
    quotation = replace(expected, id="low", rate=120, pitch=60)
    assert voice.load(written(tmp_path, WHOLE)) == replace(expected, quotation=quotation)


def test_only_what_is_needed(tmp_path: Path) -> None:
    """All but engine and id may be left out."""
    assert voice.load(written(tmp_path, 'engine = "tone"\nid = ""')) == Voice("mine", "tone", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("speed = 3", r"mine\.toml: the key speed is unknown.*rate"),
        ("rate = 79", "rate must be a whole number from 80 to 450, not 79"),
        ("rate = 451", "rate"),
        ("rate = 170.5", "rate"),
        ("rate = true", "rate"),
        ('rate = "fast"', "rate"),
        ("pitch = 101", "pitch must be a whole number from 0 to 100"),
        ("volume = -1", "volume"),
        ("id = 3", "id must be text on one line"),
        ('id = "a\\nb"', "id must be text on one line"),
        ("description = []", "description"),
        ("pauses = 3", "pauses must be a table"),
        ("[pauses]\nsentence = 10001", r"pauses\.sentence must be a whole number from 0 to 10000"),
        ("[pauses]\nline = 1", r"the key pauses\.line is unknown"),
        ("[lexicon]\na = 1", "the key lexicon is unknown"),
        ("[announce]\nopening = 1", r"announce\.opening must be true or false, not 1"),
        ("[quotation]\nengine = 'tone'", r"the key quotation\.engine is unknown"),
    ],
)
def test_a_slip_of_the_pen(tmp_path: Path, line: str, says: str) -> None:
    """An unknown key, a wrong type or a value out of range is an error that names file and key."""
    base = {"engine": '"tone"', "id": '"low"'}
    text = "\n".join(f"{key} = {value}" for key, value in base.items() if not line.startswith(key))
    with pytest.raises(VoiceError, match=says) as error:
        voice.load(written(tmp_path, f"{text}\n{line}"))
    assert "mine.toml" in str(error.value)


@pytest.mark.parametrize("text", ["", 'engine = "tone"', 'id = ""', "engine =", "\x00", "[[["])
def test_no_profile(tmp_path: Path, text: str) -> None:
    """A file that lacks engine or id, or is no TOML, is an error that names the file."""
    with pytest.raises(VoiceError, match=r"mine\.toml"):
        voice.load(written(tmp_path, text))


def test_not_utf_8(tmp_path: Path) -> None:
    """A file in another encoding is an error, and so is one that isn't there, or a folder."""
    (tmp_path / "mine.toml").write_bytes(b'engine = "\xff"')
    (tmp_path / "folder.toml").mkdir()
    for name in ("mine", "missing", "folder"):
        with pytest.raises(VoiceError, match=name):
            voice.load(str(tmp_path / f"{name}.toml"))


@pytest.mark.parametrize("name", ["nobody", "", ".", "../voices/default", "/etc/passwd", "de\0fault", "x" * 300])
def test_no_such_profile(name: str) -> None:
    """A name that isn't there, or is a path, is an error that lists the profiles there are."""
    with pytest.raises(VoiceError, match=r"british, default.*slow"):
        voice.load(name)


def test_a_profile_of_ones_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder "voices" where one works adds profiles, and hides those of the same name."""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mine.toml").write_text(WHOLE)
    (tmp_path / "voices" / "slow.toml").write_text(WHOLE)
    monkeypatch.chdir(tmp_path)
    assert {"british", "default", "mine", "slow"} <= set(voice.names())
    assert voice.load("slow").engine == "tone"


@pytest.mark.parametrize("profile", voice.profiles(), ids=lambda profile: profile.name)
def test_shipped_profiles_speak(profile: Voice) -> None:
    """Every profile that comes with the package has a description, and its engine has its voice."""
    assert profile.description
    engine = engines.load(profile.engine)
    if missing := engine.available():
        pytest.skip(missing)
    for each in filter(None, (profile, profile.quotation)):
        assert 1 < engine.speak(raw("It was a bright cold day."), each).seconds < 5


def test_shipped_profiles_differ() -> None:
    """The slow voice takes at least a fifth longer than the plain one, and the British one sounds different."""
    sounds = {
        name: engines.load("pyttsx3").speak(raw("Half past four in the laboratory."), voice.load(name))
        for name in ("default", "slow", "british")
    }
    assert sounds["slow"].seconds > 1.2 * sounds["default"].seconds
    assert sounds["british"] != sounds["default"]
    assert voice.load("slow").pauses.sentence > voice.load("default").pauses.sentence
