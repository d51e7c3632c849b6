"""Sound for a person who is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiobook import player
from audiobook.errors import AudiobookError

WAV = b"RIFF"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows plays without a program")


@posix
def test_a_player_gets_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first program of the list that is there is run with a WAV file."""
    _program(tmp_path, f'cat "$1" > "{tmp_path}/heard"', monkeypatch)
    player.play(WAV)
    assert (tmp_path / "heard").read_bytes() == WAV


@posix
def test_a_machine_without_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do instead."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AudiobookError, match=r"no sound player .* into a folder with -o"):
        player.play(WAV)
    _program(tmp_path, "echo no device >&2; exit 1", monkeypatch)
    with pytest.raises(AudiobookError, match=r"aplay failed: no device\. .* with -o"):
        player.play(WAV)


def _program(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "aplay"
    file.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{does}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
