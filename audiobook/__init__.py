"""Repairs scraped text, speaks it offline and makes a chaptered, tagged, levelled MP3.

A handful of names for programs; each imports what it needs when it is called. Nothing in the package imports them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobook.model import Repaired
    from audiobook.shelf import Edition

__version__ = "0.1.0"


def repair_text(text: str, language: str = "en") -> Repaired:
    """Repair a text: what comes back holds the new text, every edit, and the numbers that are missing.

    `language` is a BCP 47 tag.
    """
    from audiobook.repair import Options, repair

    return repair(text, Options(language))


def build(
    source: str | Path,
    out: str | Path = "out",
    *,
    voice: str = "auto",
    title: str = "",
    author: str = "",
    formats: Sequence[str] = ("chapters", "mp3", "vtt"),
    again: bool = False,
) -> Edition:
    """Make an edition of a text file, page, EPUB or Word document, in a folder of its own in `out`.

    `voice` is a profile's name or file. With `again`, it may take the place of an edition of another text. Raises the
    children of `audiobook.errors.AudiobookError`; `out` then is as it was.
    """
    from audiobook import pipeline, request, speak
    from audiobook.book import Metadata
    from audiobook.source import load
    from audiobook.voice import AUTO

    asked = request.Request(
        text=load(str(source)),
        out=Path(out),
        voice=speak.choose(voice),
        chosen=voice != AUTO,
        formats=tuple(formats),
        replaces=again,
        metadata=Metadata(title, author),
    )
    return pipeline.build(asked, progress=lambda step: None)
