"""Sound for a person who is there."""

from __future__ import annotations

import io
import os
import wave
from pathlib import Path

import pytest

from audiobook import player
from audiobook.errors import AudiobookError
from audiobook.model import Clip

CLIP = Clip(pcm=b"\1\0\2\0", sample_rate=22050)
posix = pytest.mark.skipif(os.name == "nt", reason="Windows plays without a program")


def test_wav() -> None:
    """The file holds the samples as they are."""
    with wave.open(io.BytesIO(player.wav(CLIP))) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 22050)
        assert sound.readframes(9) == CLIP.pcm


@posix
def test_a_player_gets_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first program of the list that is there is run with a WAV file."""
    _program(tmp_path, f'cat "$1" > "{tmp_path}/heard"', monkeypatch)
    player.play(CLIP)
    assert (tmp_path / "heard").read_bytes() == player.wav(CLIP)


@posix
def test_a_machine_without_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do instead."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AudiobookError, match=r"no sound player .* into a folder with -o"):
        player.play(CLIP)
    _program(tmp_path, "echo no device >&2; exit 1", monkeypatch)
    with pytest.raises(AudiobookError, match=r"aplay failed: no device\. .* with -o"):
        player.play(CLIP)


def _program(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "aplay"
    file.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{does}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
