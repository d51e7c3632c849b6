"""Parquet, a batch of rows at a time. Needs pyarrow, which `pip install audiobook[parquet]` brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import source
from audiobook.errors import SourceError
from audiobook.tables import LONGEST_ROW, Columns, Row, Rows, broken, row, settled

if TYPE_CHECKING:
    import pyarrow
    from pyarrow.parquet import ParquetFile

BATCH = 64
"""Rows that are decoded at a time."""
BUFFER = 1024 * 1024
"""Bytes that are read at a time."""


def read(path: Path, columns: Columns) -> Rows:
    """Open the table; as `tables.rows`. Raises SourceError also when pyarrow is missing."""
    with _open(path) as file:
        names = file.schema_arrow.names
    chosen, notes = settled(path, names, columns)
    return Rows(_rows(path, chosen), chosen, notes)


def _open(path: Path) -> ParquetFile:
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise SourceError(
            f"{path} is a Parquet file, and what reads those is not installed.\n"
            "Install it with: pip install audiobook[parquet]"
        ) from error
    try:
        # Opened here, for pyarrow would take some names for addresses on a network.
        return ParquetFile(pyarrow.OSFile(str(path)), buffer_size=BUFFER, pre_buffer=False)
    except _faults() as error:
        if isinstance(error, OSError) and error.errno:
            raise source.unreadable(path, error) from error
        raise SourceError(f"{path} is no Parquet file, or a broken one: {_brief(error)}. Fetch it anew.") from error


def _rows(path: Path, columns: Columns) -> Iterator[Row | SourceError]:
    wanted = [name for name in astuple(columns) if name]
    with _open(path) as file:
        start = 1
        for group in range(file.num_row_groups):
            yield from _group(path, file, group, start, columns, wanted)
            start += file.metadata.row_group(group).num_rows


def _group(
    path: Path, file: ParquetFile, group: int, start: int, columns: Columns, wanted: list[str]
) -> Iterator[Row | SourceError]:
    """Yield the rows of a group. Where one is damaged, so is what follows, up to the next group."""
    number = start
    try:
        for batch in file.iter_batches(BATCH, row_groups=[group], columns=wanted, use_threads=False):
            for index in range(batch.num_rows):
                yield _row(path, number, batch, index, columns)
                number += 1
    except _faults() as error:
        last = start + file.metadata.row_group(group).num_rows - 1
        yield SourceError(f"{path}, rows {number} to {last}: they are damaged: {_brief(error)}.")


def _row(path: Path, number: int, batch: pyarrow.RecordBatch, index: int, columns: Columns) -> Row | SourceError:
    try:
        values = {name: batch.column(name)[index].as_py() for name in batch.schema.names}
    except _faults() as error:
        return broken(path, number, f"its values can't be read: {_brief(error)}.")
    if sum(len(value) for value in values.values() if isinstance(value, str)) > LONGEST_ROW:
        return broken(path, number, f"it has more than {LONGEST_ROW:,} signs.")
    return row(path, number, values, columns)


def _faults() -> tuple[type[Exception], ...]:
    """Return what pyarrow raises for damage; the sizes that a damaged file tells may be more than there is memory."""
    from pyarrow import ArrowException

    return ArrowException, OSError, ValueError, OverflowError, MemoryError


def _brief(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200].rstrip(".")
