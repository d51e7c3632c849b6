"""A text in another language than English gets a voice that speaks it, or a word about why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from audiobook import languages, voice
from audiobook.cli import cli
from audiobook.model import Voice

GERMAN = "Der Fluss ist breit. Im Jahr 1984 kam Jürgen mit drei Booten."


@pytest.mark.parametrize(
    ("language", "identity"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("fr", "roa/fr"),
        ("pt-BR", "pt-br"),
        ("pt_br", "pt-br"),
        ("zh", "cmn"),
        ("no", "nb"),
    ],
)
def test_a_voice_of_the_language_takes_the_place_of_the_best(language: str, identity: str) -> None:
    """The region counts where eSpeak NG knows it; else the plainest voice of the language is taken."""
    profile, note = languages.suited(voice.load("piper"), language, chosen=False)
    assert (profile.engine, profile.id) == ("pyttsx3", identity)
    assert note.startswith("The voice piper speaks en-US only, so eSpeak NG's voice ")


@pytest.mark.parametrize("name", ["default", "british", "piper", "kokoro", "kokoro-emma"])
@pytest.mark.parametrize("language", ["en", "en-GB", "EN-us"])
def test_english_is_for_any_english_voice(name: str, language: str) -> None:
    """A British voice reads American text, and nobody is told."""
    assert languages.suited(voice.load(name), language, chosen=False) == (voice.load(name), "")


def test_a_voice_of_no_known_language_is_not_judged() -> None:
    """A hum speaks none, and nobody can tell what a text in "und" is."""
    hum = Voice("hum", "tone", "")
    assert languages.suited(hum, "en", chosen=True) == (hum, "")
    assert languages.suited(voice.load("piper"), "und", chosen=False) == (voice.load("piper"), "")


def test_english_by_a_foreign_voice() -> None:
    """The default voice is what is offered, and not the first of many Englishes."""
    note = languages.suited(Voice("mine", "pyttsx3", "de"), "en", chosen=True)[1]
    assert note.endswith("eSpeak NG's voice English (America) speaks it.")


def test_a_voice_that_was_chosen_stays() -> None:
    """It reads as it can, and a person is told what would speak the language."""
    profile, note = languages.suited(voice.load("kokoro"), "de", chosen=True)
    assert profile == voice.load("kokoro")
    assert note.startswith("The voice kokoro speaks en-US, but the text is in de. ")
    assert note.endswith("Leave out --voice, and eSpeak NG's voice German speaks it.")


def test_a_language_that_no_voice_speaks_is_told() -> None:
    """The text is read all the same."""
    profile, note = languages.suited(voice.load("default"), "tlh", chosen=False)
    assert profile.name == "default"
    assert note.startswith("No voice here speaks tlh")


def test_a_build_speaks_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the language has to be said."""
    monkeypatch.delenv("AUDIOBOOK_VOICE")
    (tmp_path / "a.txt").write_text(GERMAN, encoding="utf-8")
    told = CliRunner().invoke(
        cli, ["build", str(tmp_path / "a.txt"), "--language", "de", "-o", str(tmp_path / "out"), "--format", "vtt"]
    )
    assert told.exit_code == 0
    assert "voice de (synthetic voice)" in told.stdout
    assert "eSpeak NG's voice German speaks this text" in told.stderr
