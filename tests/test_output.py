"""Output: safe names, and files that are whole or not there."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import AudiobookError
from audiobook.output import LONGEST_SLUG, UNFINISHED, folder, slug, write_whole


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Salt Road", "the-salt-road"),
        ("AC/DC: Live!", "ac-dc-live"),
        ("../../etc/passwd", "etc-passwd"),
        ("Amélie à Orléans", "amelie-a-orleans"),
        ("مراجعة الفيلم", "مراجعة-الفيلم"),
        ("🎬🎬", "untitled"),
        ("   ", "untitled"),
        ("", "untitled"),
        ("CON", "text-con"),
        ("nul.txt", "nul-txt"),
        ("x" * 300, "x" * LONGEST_SLUG),
    ],
)
def test_slug(name: str, expected: str) -> None:
    """Names become safe and stay readable, in any script."""
    assert slug(name) == expected


@given(st.text())
def test_any_name_gives_a_safe_slug(name: str) -> None:
    """Whatever the name, the slug is one plain name that every file system takes."""
    safe = slug(name)
    assert re.fullmatch(r"[\w-]+", safe) and not safe.startswith("-")
    assert len(safe.encode("utf-8")) <= LONGEST_SLUG + len("text-")
    assert slug(safe) == safe


def test_files_appear_when_all_are_whole(tmp_path: Path) -> None:
    """Until the block ends, nothing has its final name; then everything has."""
    final = tmp_path / "a" / "b"
    with folder(final) as unfinished:
        (unfinished / "x.txt").write_text("x")
        assert not (final / "x.txt").exists()
    assert [path.name for path in final.iterdir()] == ["x.txt"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """When a build fails, what it made is gone, and what was there before is as it was."""
    with pytest.raises(ZeroDivisionError), folder(tmp_path / "new") as unfinished:
        (unfinished / "x.txt").write_text("x")
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", ["a folder", "a file"])
def test_a_folder_takes_the_place_of_an_older_one(tmp_path: Path, before: str) -> None:
    """A folder that is made anew replaces the old one whole: no file of that is left beside the new ones."""
    final = tmp_path / "edition"
    if before == "a folder":
        (final / "book").mkdir(parents=True)
        (final / "book" / "old.txt").write_text("old")
    else:
        final.mkdir()
        (final / "book").write_text("old")
    with folder(final) as unfinished:
        (unfinished / "book").mkdir()
        (unfinished / "book" / "new.txt").write_text("new")
    assert [path.name for path in final.iterdir()] == ["book"]
    assert [path.name for path in (final / "book").iterdir()] == ["new.txt"]


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    """A full disk is an error in words, not a traceback."""
    with pytest.raises(AudiobookError, match="disk is full"), folder(tmp_path / "new"):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """A file where the folder should be is an error that names it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(AudiobookError, match="can't be written"), folder(tmp_path / "file" / "x"):
        pass


def test_write_whole(tmp_path: Path) -> None:
    """A file is replaced as a whole, and no unfinished one is left."""
    path = tmp_path / "x.txt"
    write_whole(path, "one\r\n")
    write_whole(path, "two\r\n")
    assert path.read_bytes() == b"two\r\n"
    assert not list(tmp_path.glob(f"{UNFINISHED}*"))
