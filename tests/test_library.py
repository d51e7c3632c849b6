"""What programs may use."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import audiobook
from audiobook.errors import SourceError
from tests.conftest import ROOT, SAMPLE


def test_a_text_is_repaired() -> None:
    repaired = audiobook.repair_text("Theyre up early, since  . The sea doesnt sleep, and they dont complain.")
    assert repaired.text.startswith("They’re up early")
    assert "doesn’t" in repaired.text
    assert all(repaired.source[edit.start : edit.end] == edit.before for edit in repaired.edits)


def test_another_language_keeps_its_words() -> None:
    assert audiobook.repair_text("Il dont parle.", "fr").edits == ()


def test_an_edition_is_built(tmp_path: Path) -> None:
    edition = audiobook.build(SAMPLE, tmp_path, voice="default", title="Salt", author="A. Reviewer", formats=["vtt"])
    assert edition.folder == tmp_path / "salt"
    assert (edition.folder / edition.record.files["vtt"]).read_text("utf-8").startswith("WEBVTT")


def test_what_goes_wrong_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no file"):
        audiobook.build(tmp_path / "none.txt", tmp_path)


def test_the_readmes_lines_run(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    done = subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "doesn’t" in done.stdout
