"""The texts in what is named: files, folders, patterns, lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.book import Metadata
from audiobook.errors import SourceError
from audiobook.items import Item, found, is_one, listed
from audiobook.tables import Columns


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with texts at two levels, and what is none; it is the working folder."""
    for name in ("b.txt", "a/x.txt", "a/Y.MD", "c.html", "picture.jpg", ".hidden.txt", ".git/z.txt", "out/b/b.txt"):
        (tmp_path / "corpus" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "corpus" / name).write_text("Una keeps the key.")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "corpus"


def labels(*sources: str, out: str = "out") -> list[str]:
    return [item.label if isinstance(item, Item) else str(item) for item in found(sources, Columns(), Path(out))]


@pytest.mark.usefixtures("corpus")
def test_a_folder_is_walked_in_order() -> None:
    """Texts of the kinds that are read, by name, folders among them; hidden ones and results are left out."""
    assert labels("corpus", out="corpus/out") == ["corpus/a/Y.MD", "corpus/a/x.txt", "corpus/b.txt", "corpus/c.html"]


@pytest.mark.usefixtures("corpus")
def test_files_come_in_the_order_in_which_they_are_named() -> None:
    """A file may have any ending, and one that isn't there is found out when it is read."""
    assert labels("corpus/picture.jpg", "none.txt", "corpus/b.txt") == [
        "corpus/picture.jpg",
        "none.txt",
        "corpus/b.txt",
    ]
    with pytest.raises(SourceError, match=r"There is no file none\.txt"):
        Item("none.txt", "none").load()


def test_patterns(corpus: Path) -> None:
    """A pattern that the shell left alone is resolved, unless a file is called so; one that fits nothing is told."""
    assert labels("corpus/**/*.txt", out="corpus/out")[:2] == ["corpus/a/x.txt", "corpus/b.txt"]
    assert labels("corpus/[xyz].md") == ["No file fits the pattern corpus/[xyz].md."]
    (corpus / "[xyz].md").write_text("Una.")
    assert labels("corpus/[xyz].md") == ["corpus/[xyz].md"]


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    """Nothing found is an error in words, and not a success."""
    (only,) = found([str(tmp_path)], Columns(), tmp_path / "out")
    assert isinstance(only, SourceError) and "holds no text" in str(only)


@pytest.mark.usefixtures("corpus")
def test_one_text_is_no_batch() -> None:
    """A file by itself is one text, also when it isn't there; a folder, a pattern or two files are many."""
    assert [is_one((name,)) for name in ("corpus/b.txt", "none.txt", "-", "corpus", "*.txt")] == [True] * 3 + [
        False
    ] * 2
    assert not is_one(("corpus/b.txt", "corpus/c.html"))


def test_a_list_of_files() -> None:
    """A path a line, to the byte; line ends of any system, and blank lines."""
    assert list(listed([b"a.txt\n", b"\n", b" b c.txt\r\n", "é.txt".encode()])) == ["a.txt", " b c.txt", "é.txt"]


def test_rows_of_a_table(tmp_path: Path) -> None:
    """Each row is a text with its own title and author; a broken one is an error in its place."""
    table = tmp_path / "reviews.csv"
    table.write_text("id,film,text,by\n7,Heat,Una keeps the key.,A. B.\n8,Up,,C. D.\n,,Niall keeps the boat.,\n")
    first, broken, last = found([str(table)], Columns("text", "film", "by", "", "id"), tmp_path)
    assert isinstance(broken, SourceError) and "row 2" in str(broken)
    assert isinstance(first, Item) and isinstance(last, Item)
    assert (first.label, first.name, last.name) == (f"{table}, row 1", "7", "reviews 3")
    assert first.load().raw == b"Una keeps the key."
    assert first.told(Metadata(author="Everybody")).author == "A. B."
    assert last.told(Metadata(author="Everybody")).author == "Everybody"


def test_tables_in_a_folder_are_read_where_a_column_is_named(tmp_path: Path) -> None:
    """A folder of texts may have a table of other things beside them."""
    (tmp_path / "a.txt").write_text("Una.")
    (tmp_path / "b.csv").write_text("words\nNiall.\n")
    assert len(list(found([str(tmp_path)], Columns(), tmp_path / "out"))) == 1
    assert len(list(found([str(tmp_path)], Columns("words"), tmp_path / "out"))) == 2
