"""When each word is heard, as JSON: what a page, a reading app or a program needs to follow the voice."""

from __future__ import annotations

import json
from pathlib import Path

from audiobook.model import Artefact, Cue, Recording


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.words.json: a list of sentences with their words, all times in ms from the start."""
    path = folder / f"{stem}.words.json"
    data = {
        "version": 1,
        "timing": "exact" if recording.exact else "estimated",
        "sentences": [_timed(cue) | {"words": [_timed(word) for word in cue.words]} for cue in recording.captions],
    }
    path.write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return Artefact("words_json", path)


def _timed(cue: Cue) -> dict[str, object]:
    return {"start": cue.start, "end": cue.end, "text": cue.text}
