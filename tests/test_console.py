"""How progress is told to those who listen."""

from __future__ import annotations

import time

import pytest

from audiobook import console
from audiobook.model import Step


def test_of_quick_steps_only_the_first_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A short build does not chatter."""
    with console.progress(plain=True) as progress:
        for done in range(100):
            progress(Step(f"Speaking chapter {done}", done / 100))
    assert capsys.readouterr().err == "Speaking chapter 0, 0 %\n"


def test_a_long_step_is_told_though_it_came_right_after_another(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits hears what for, once."""
    monkeypatch.setattr(console, "EVERY", 0.05)
    with console.progress(plain=True) as progress:
        progress(Step("Speaking chapter 1 of 1", 0.0))
        progress(Step("Writing the mp3 file", 0.9))
        time.sleep(0.3)
    assert capsys.readouterr().err == "Speaking chapter 1 of 1, 0 %\nWriting the mp3 file, 90 %\n"
