"""Small books, whole: what goes in, and every text that comes out.

`pytest tests/test_golden.py --save-golden` writes the files anew; then a person reads the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audiobook import source, voice
from audiobook.book import Metadata
from audiobook.pipeline import build
from audiobook.repair import Options
from audiobook.request import Request
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
GOLD = re.compile(r"golden\.(?:txt|source\.txt|vtt|chapters\.json|edits\.jsonl|facts\.toml)")
BOOKS = sorted(path.parent for path in GOLDEN.glob("*/in.*"))


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_golden_book(book: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Transcript, captions, chapters, edits and facts come out as a person has read them."""
    wanted = Request(
        source.load(str(next(book.glob("in.*")))),
        tmp_path,
        voice.load(str(GOLDEN / "tone.toml")),
        metadata=Metadata(title="golden"),
        options=Options(model="light"),
    )
    build(wanted, lambda step: None)
    made = {path.name: path.read_bytes() for path in (tmp_path / "golden").iterdir() if GOLD.fullmatch(path.name)}
    if request.config.getoption("--save-golden"):
        for name, content in made.items():
            (book / name).write_bytes(content)
    kept = {path.name: path.read_bytes() for path in book.iterdir() if path.stem != "in"}
    assert made == kept
