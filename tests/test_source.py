"""Reading texts, and refusing what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.errors import SourceError
from audiobook.source import read


def test_nothing_is_normalised(tmp_path: Path) -> None:
    """Line ends, byte order mark and runs of spaces come through as they are."""
    path = tmp_path / "a text.txt"
    path.write_bytes(b"\xef\xbb\xbfOne  two\r\nthree\r")
    source = read(str(path))
    assert (source.name, source.text) == ("a text", "\ufeffOne  two\r\nthree\r")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "nothing to say"),
        (b" \n\t ", "nothing to say"),
        ("*** — …".encode(), "nothing to say"),
        (b"abc\x00def", "byte 4 is a control character"),
        (b"\x89PNG\r\n\x1a\n", "not text"),
        ("one\ncafés".encode() + b"\xe9", "line 2, byte 11 has the value 233"),
        ("привет".encode("koi8-r"), "line 1, byte 1 has the value 208; and it is no Windows-1252"),
        ("text".encode("utf-16")[:-1], "begins as UTF-16-LE text, and breaks off at byte 7"),
    ],
)
def test_what_is_no_text_says_where(tmp_path: Path, content: bytes, complaint: str) -> None:
    """Empty, binary and damaged texts, and unknown encodings, are errors that name the place."""
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=complaint):
        read(str(path))


def test_missing_and_folder(tmp_path: Path) -> None:
    """A missing file and a folder are told apart."""
    with pytest.raises(SourceError, match="There is no file"):
        read(str(tmp_path / "none.txt"))
    with pytest.raises(SourceError, match="is a folder"):
        read(str(tmp_path))
