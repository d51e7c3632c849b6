"""What became of the texts of one run: counted, and written down one by one in `report.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audiobook import output, report
from audiobook.batch import Outcome
from audiobook.errors import AudiobookError, DiskFull

FILE = "report.json"
MARK = "audiobook report"
VERSION = 1


@dataclass(slots=True)
class Tally:
    """How many texts came to what, so far."""

    made: int = 0
    kept: int = 0
    failed: int = 0
    duration_ms: int = 0
    """Of all editions, made or kept."""
    exit_code: int = 0
    """Of the first failure."""
    stopped: str = ""
    """Why the run didn't come to its end; empty when it did."""

    def count(self, outcome: Outcome) -> None:
        """Take in one more."""
        result = outcome.result
        if isinstance(result, AudiobookError):
            self.failed += 1
            self.exit_code = self.exit_code or result.exit_code
            self.stopped = self.stopped or (str(result) if isinstance(result, DiskFull) else "")
            return
        self.made += not result.kept
        self.kept += result.kept
        self.duration_ms += result.record.duration_ms


def counted(outcomes: Iterable[Outcome], out: Path, tally: Tally) -> Iterator[Outcome]:
    """Pass outcomes on, count them, and write the report as they come; it appears in `out` when all have been told."""
    with output.growing(out / FILE) as file:
        file.write(f'{{"format": {json.dumps(MARK)}, "version": {VERSION}, "texts": [')
        separator = "\n"
        for outcome in outcomes:
            tally.count(outcome)
            file.write(separator + json.dumps(as_json(outcome), ensure_ascii=False))
            separator = ",\n"
            yield outcome
        counts = {"made": tally.made, "kept": tally.kept, "failed": tally.failed}
        end = {**counts, "duration_s": tally.duration_ms / 1000, "stopped": tally.stopped}
        file.write(f'\n], "summary": {json.dumps(end, ensure_ascii=False)}}}\n')


def as_json(outcome: Outcome) -> dict[str, object]:
    """Return an outcome as a value for JSON."""
    result = outcome.result
    if isinstance(result, AudiobookError):
        return {"source": outcome.label, "result": "failed", "error": str(result), "exit_code": result.exit_code}
    told = report.as_json(replace(result, notes=outcome.notes + result.notes))
    state = "kept" if result.kept else "made"
    return {"source": outcome.label, "result": state, "folder": str(result.folder), **told}


def summary(tally: Tally, out: Path) -> str:
    """Return what became of all in a few sentences."""
    counts = [f"made {tally.made}", f"kept {tally.kept}", f"failed {tally.failed}"]
    texts = tally.made + tally.kept + tally.failed
    lines = [f"{texts} {'text' if texts == 1 else 'texts'}: {', '.join(counts)}."]
    if tally.duration_ms:
        lines.append(f"{report.length(tally.duration_ms)} of sound in {out}.")
    if tally.stopped:
        lines.append(f"Stopped: {tally.stopped}\nRun the same command again to go on: what is whole is kept.")
    else:
        lines.append(f"{out / FILE} tells of each.")
    return "\n".join(lines)
