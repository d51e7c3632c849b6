"""Chapters as podcast players fetch them: JSON Chapters 1.2 of the podcast namespace, times in seconds."""

from __future__ import annotations

import json
from pathlib import Path

from audiobook.formats._text import chapter_title
from audiobook.model import Artefact, Recording

VERSION = "1.2.0"


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.chapters.json with every chapter; this format knows no limit."""
    chapters = [
        {
            "startTime": cue.start / 1000,
            "endTime": cue.end / 1000,
            "title": chapter_title(cue.text, number),
        }
        for number, cue in enumerate(recording.chapters, start=1)
    ]
    path = folder / f"{stem}.chapters.json"
    document = json.dumps({"version": VERSION, "chapters": chapters}, ensure_ascii=False, indent=1)
    path.write_text(document + "\n", encoding="utf-8", newline="\n")
    return Artefact("chapters", path)
