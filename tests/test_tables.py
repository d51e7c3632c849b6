"""Reading tables: every row comes through as it is, or as an error that names it; and memory stays where it is."""

from __future__ import annotations

import datetime
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from audiobook import tables
from audiobook.errors import SourceError
from audiobook.tables import Columns, Row, Rows, delimited

TEXT = Columns(text="text")
ALL = Columns("text", "name", "by", "day", "key")
Open = Callable[..., Rows]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Return a function that opens bytes as a table of a kind."""

    def table(raw: str | bytes, columns: Columns = TEXT, kind: str = "csv") -> Rows:
        path = tmp_path / f"table.{kind}"
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return tables.rows(path, columns)

    return table


def texts(rows: Rows) -> list[str]:
    """Return the text of each row, or what is wrong with it, without the folder."""
    return [row.text if isinstance(row, Row) else str(row).partition("table.")[2] for row in rows]


@pytest.mark.parametrize("name", ["a.csv", "a.TSV", "a.jsonl", "a.ndjson", "a.parquet", "a.txt", "csv", "a.csv.html"])
def test_a_table_is_told_by_its_name(name: str) -> None:
    """Five endings are tables."""
    assert tables.is_table(Path(name)) == (name[:2] == "a." and name not in ("a.txt", "a.csv.html"))


CSV = 'key,text,name,by,day\r\n7,"One, ""two""\r\n\r\nthree é",A  Title,A. Writer,2019-03-08T10:00\r\n\r\n8,four,,,\r\n'
JSON = (
    '{"key": 7, "text": "One, \\"two\\"\\r\\n\\r\\nthree é", '
    '"name": "A  Title", "by": "A. Writer", "day": "2019-03-08T10"}'
    '\n\n{"key": 8, "text": "four", "name": null, "more": [1]}'
)


@pytest.mark.parametrize(
    ("kind", "raw"), [("csv", CSV), ("tsv", CSV.replace(",", "\t").replace("One\t", "One,")), ("jsonl", JSON)]
)
def test_rows_come_through_as_they_are(opened: Open, kind: str, raw: str) -> None:
    """Text to the character, the rest in one line; empty lines are no rows."""
    assert list(opened(raw, ALL, kind)) == [
        Row(1, 'One, "two"\r\n\r\nthree é', "A Title", "A. Writer", "2019-03-08", "7"),
        Row(2, "four", id="8"),
    ]


@pytest.mark.parametrize(
    ("raw", "columns", "text", "notes"),
    [
        ("text\nOne", Columns(), "One", ['taken from the column "text"']),
        ("review\nOne", Columns(), "One", ['taken from the column "review"']),
        ("id;text\n1;One, two", TEXT, "One, two", ["parted by semicolons"]),
        ("id|text\n1|One", TEXT, "One", ["parted by bars"]),
        ("text\nOne; two", TEXT, "One; two", []),
        ("id,text\n1,One; two", TEXT, "One; two", []),
        ("a;b,text\n1;2,One; two", TEXT, "One; two", []),
        ("\ufefftext\nOne", TEXT, "One", []),
        ("text\nOne é".encode("utf-16"), TEXT, "One é", []),
        ("text\nOne “é”".encode("cp1252"), TEXT, "One “é”", ["It was read as Windows-1252"]),
        ("text\rOne\r", TEXT, "One", []),
    ],
)
def test_what_is_assumed_is_told(opened: Open, raw: str | bytes, columns: Columns, text: str, notes: list[str]) -> None:
    """Column, delimiter and encoding are found where they can't be mistaken, and a person is told."""
    rows = opened(raw, columns)
    assert texts(rows) == [text]
    assert len(rows.notes) == len(notes) and all(map(lambda told, note: told in note, notes, rows.notes))
    assert rows.columns.text


@pytest.mark.parametrize(
    ("kind", "raw", "columns", "complaint"),
    [
        (
            "csv",
            "id,body\n1,One",
            Columns(),
            r"which column holds the texts\? Say it with --text-column.\nThere are: id, body.",
        ),
        ("csv", "id,body\n1,One", TEXT, 'has no column "text".\nThere are: id, body.'),
        ("csv", "text,text\n1,One", TEXT, 'more than one column named "text"'),
        ("csv", "id,text\n1,One", Columns("text", title="name"), 'has no column "name"'),
        ("csv", "", TEXT, "no line with the names of its columns"),
        ("csv", '"text\n1,One', TEXT, "no line with the names of its columns: lines 1 to 2"),
        ("csv", b"text\n\x81\x8d", TEXT, "is not UTF-8 text: line 2"),
        ("jsonl", '{"id": 1}\n{"body": ""}', TEXT, 'has no column "text".\nThere are: id, body.'),
        ("jsonl", "[1]\n", TEXT, "is no JSON Lines"),
        ("jsonl", "", TEXT, "is no JSON Lines"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_at_once(
    opened: Open, kind: str, raw: str | bytes, columns: Columns, complaint: str
) -> None:
    """A missing column, or a table without a head, is an error before the first row, and names what there is."""
    with pytest.raises(SourceError, match=complaint):
        opened(raw, columns, kind)


def test_a_missing_table(tmp_path: Path) -> None:
    """No file, or a folder, is told as for a text."""
    (tmp_path / "folder.csv").mkdir()
    for name, complaint in (("none.csv", "There is no file"), ("folder.csv", "is a folder")):
        with pytest.raises(SourceError, match=complaint):
            tables.rows(tmp_path / name, TEXT)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (b"1,2,3", "row 2: it has 3 values for 2 columns"),
        (b"1", "row 2: it has 1 values for 2 columns"),
        (b'1,"open', "row 2: lines 3 to 4: unexpected end of data. A quote inside"),
        (b'1,"a "b" c"', "row 2: line 3: ',' expected after '\"'"),
        (b"1,", 'row 2: its column "text" has nothing to say'),
        (b"1,a\x00b", "row 2: "),
        (b"1,a\xff", 'row 2: its column "text" holds signs that are none'),
    ],
)
def test_a_broken_row_of_csv_costs_itself_alone(
    opened: Open, monkeypatch: pytest.MonkeyPatch, row: bytes, complaint: str
) -> None:
    """An error names file and row, and the rows around it come through."""
    monkeypatch.setattr("audiobook.tables.lines.SAMPLE", 10)  # or the byte that isn't UTF-8 would tell of Windows-1252
    first, second, third = texts(opened(b"id,text\n1,One\n" + row + b"\n3,Three\n"))
    assert (first, third) == ("One", "Three")
    assert second.startswith(f"csv, {complaint}")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (b'{"text": "a', "line 2 is no JSON: Unterminated string"),
        (b"[1]", "line 2 is no object"),
        (b"[" * 100_000, "line 2 holds what no table does"),
        (b'{"text": 1' + b"0" * 5000 + b"}", "line 2 holds what no table does"),
        (b'{"name": "x"}', 'its column "text" is empty'),
        (b'{"text": ["x"]}', 'its column "text" holds a list, and no text'),
        (b'{"text": "x", "name": {}}', 'its column "name" holds an object, and no text'),
        (b'{"text": "x \\ud800"}', 'its column "text" holds signs that are none'),
        (b'{"text": "x \\u0000"}', 'its column "text" holds a control character (value 0)'),
        (b'{"text": "\xff"}', 'its column "text" holds signs that are none'),
    ],
)
def test_a_broken_row_of_json_costs_itself_alone(
    opened: Open, monkeypatch: pytest.MonkeyPatch, row: bytes, complaint: str
) -> None:
    """As in CSV."""
    monkeypatch.setattr("audiobook.tables.lines.SAMPLE", 10)
    columns = Columns("text", "name" if b"name" in row else "")
    table = opened(b'{"text": "One", "name": ""}\n' + row + b'\n{"text": "Three"}', columns, "jsonl")
    first, second, third = texts(table)
    assert (first, third) == ("One", "Three")
    assert second.startswith(f"jsonl, row 2: {complaint}")


def test_a_quote_that_never_closes_costs_its_row_alone(opened: Open) -> None:
    """The lines that it swallowed are read again."""
    found = texts(opened('id,text\n1,"One\n' + "2,Two\n" * 300))
    assert "lines 2 to 302: unexpected end of data" in found[0]
    assert found[1:] == ["Two"] * 300


def test_quotes_that_never_close_are_read_in_a_time_that_grows_with_the_file(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, a line is given to the reader twice at most."""
    given = 0
    next_line = delimited._Lines.__next__

    def counted(lines: delimited._Lines) -> str:
        nonlocal given
        given += 1
        return next_line(lines)

    rows = opened("id,text\n" + 'a","\n' * 3000)
    monkeypatch.setattr(delimited._Lines, "__next__", counted)
    assert all(isinstance(row, SourceError) for row in rows)
    assert given < 6100


def test_endless_rows(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row beyond the bound is passed over, and named, in one line or in many."""
    for module in ("lines", "delimited"):
        monkeypatch.setattr(f"audiobook.tables.{module}.LONGEST_ROW", 50)
    many = '2,"' + "a\n" * 40 + '",\n'
    found = texts(opened("id,text\n1,One\n2," + "x" * 200_000 + "\n" + many + "3,Three\n"))
    assert found[0] == "One" and found[-1] == "Three"
    assert "row 2: line 3: it has more than 50 signs." in found[1] and "row 3: lines 4 to" in found[2]
    assert texts(opened('{"text":"One"}\n{"text":"' + "x" * 200_000 + '"}\n{"text":"Three"}', TEXT, "jsonl")) == [
        "One",
        "jsonl, row 2: it has more than 50 signs.",
        "Three",
    ]


def test_dates_are_not_guessed(opened: Open) -> None:
    """A date in another notation is left out, and told."""
    (row,) = opened("text,day\nOne,3/8/2019", Columns("text", date="day"))
    assert isinstance(row, Row) and row.published == "" and "3/8/2019" in row.notes[0]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_rows(opened: Open, kind: str) -> None:
    """A row is forgotten when the next one is read."""
    line = "1," + "word " * 200 if kind == "csv" else json.dumps({"text": "word " * 200})
    peaks = []
    for count in (1000, 10_000):
        rows = opened(("id,text\n" if kind == "csv" else "") + f"{line}\n" * count, TEXT, kind)
        tracemalloc.start()
        assert sum(isinstance(row, Row) for row in rows) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_parquet_without_pyarrow(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that installs what is missing is told."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SourceError, match=r"pip install audiobook\[parquet\]"):
        opened(b"PAR1", TEXT, "parquet")


class TestParquet:
    def _table(self, path: Path, columns: dict[str, list[object]], group: int = 1000) -> Path:
        pyarrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(
            pyarrow.table(columns), path, row_group_size=group, compression="none", use_dictionary=False
        )
        return path

    def test_rows(self, tmp_path: Path) -> None:
        """Texts, numbers, dates and empty cells come through."""
        path = self._table(
            tmp_path / "table.parquet",
            {
                "text": ["One\n\ntwo é", None, "three"],
                "key": [7, 8, 9],
                "day": [datetime.datetime(2019, 3, 8, 10), None, datetime.datetime(2020, 1, 1)],
                "name": ["A", None, "C"],
            },
        )
        first, second, third = tables.rows(path, Columns("text", "name", date="day", id="key"))
        assert first == Row(1, "One\n\ntwo é", "A", "", "2019-03-08", "7")
        assert isinstance(second, SourceError) and 'row 2: its column "text" is empty' in str(second)
        assert third == Row(3, "three", "C", "", "2020-01-01", "9")

    def test_missing_columns(self, tmp_path: Path) -> None:
        """They are told at once, with those there are."""
        path = self._table(tmp_path / "table.parquet", {"body": ["One"], "key": [1]})
        with pytest.raises(SourceError, match="There are: body, key"):
            tables.rows(path, TEXT)

    def test_damage_costs_its_group_alone(self, tmp_path: Path) -> None:
        """The rows of other groups come through, under their own numbers."""
        path = self._table(tmp_path / "table.parquet", {"text": [f"text {n}" for n in range(1, 31)]}, group=10)
        raw = bytearray(path.read_bytes())
        at = pytest.importorskip("pyarrow.parquet").read_metadata(path).row_group(1).column(0).data_page_offset
        raw[at : at + 10] = b"\xff" * 10
        path.write_bytes(raw)
        found = list(tables.rows(path, TEXT))
        assert [row.number for row in found if isinstance(row, Row)] == [*range(1, 11), *range(21, 31)]
        assert ["rows 11 to 20: they are damaged" in str(row) for row in found if not isinstance(row, Row)] == [True]

    @pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
    def test_what_is_none(self, tmp_path: Path, raw: bytes) -> None:
        """It is refused at once."""
        pytest.importorskip("pyarrow")
        (tmp_path / "table.parquet").write_bytes(raw)
        with pytest.raises(SourceError, match="is no Parquet file, or a broken one"):
            tables.rows(tmp_path / "table.parquet", TEXT)
