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
        ("привет".encode("koi8-r"), "line 1, byte 1 has the value 208; and it is no Windows-1252"),
        ("text".encode("utf-16")[:-1], "begins as UTF-16 text, and breaks off at byte 9"),
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


@pytest.mark.parametrize(
    ("raw", "text", "told"),
    [
        ("naïve".encode("utf-16"), "naïve", ""),
        ("naïve".encode("utf-32"), "naïve", ""),
        ("naïve “so”".encode("utf-16-le"), "naïve “so”", "was read as UTF-16-LE, for nearly every other byte"),
        ("naïve “so”".encode("utf-16-be"), "naïve “so”", "was read as UTF-16-BE"),
        ("naïve “so”".encode("cp1252"), "naïve “so”", "was read as Windows-1252"),
        ("naïve".encode("latin-1"), "naïve", "was read as Windows-1252 (Latin-1)"),
        (
            "one\ncafés".encode() + b"\xe9",
            "one\ncafés\ufffd",
            "line 2, byte 11 has the value 233. 1 such byte stands in",
        ),
        (b"one\r\ntwo\rthree", "one\r\ntwo\rthree", ""),
        (b"no line end", "no line end", ""),
    ],
)
def test_what_is_assumed_of_an_encoding_is_told(tmp_path: Path, raw: bytes, text: str, told: str) -> None:
    """A byte order mark is believed, UTF-8 is the rule, and anything else is told with the way out."""
    path = tmp_path / "file.txt"
    path.write_bytes(raw)
    document = read(str(path)).document
    assert document.text == text
    assert [told in note for note in document.notes] == [True] * bool(told)
    assert document.converted == (raw != text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_page_in_wide_signs_is_a_page(tmp_path: Path, encoding: str) -> None:
    """A page's tags are not read out, whatever it is written in."""
    path = tmp_path / "file"
    path.write_bytes("<!DOCTYPE html><p>One".encode(encoding))
    assert read(str(path)).text == "One\n"


@pytest.mark.parametrize(
    "raw", [b"abc\x00def\x00", "привет, мир".encode("utf-16-le"), b"\xff\xfea\x00\x00\x00", b"\xef\xbb\xbf\xff"]
)
def test_no_other_encoding_is_guessed(tmp_path: Path, raw: bytes) -> None:
    """Some bytes of 0 make no UTF-16, and what breaks its own mark is no text."""
    path = tmp_path / "file.txt"
    path.write_bytes(raw)
    with pytest.raises(SourceError, match=r"is not text|breaks off"):
        read(str(path))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_a_file_without_end_is_refused() -> None:
    """A device would fill the memory."""
    with pytest.raises(SourceError, match="has more than 128 MiB, as no text does"):
        read("/dev/zero")
