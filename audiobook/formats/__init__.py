"""Files that are made from a recording. A module in this folder is a format; its name is the format's name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, cast

from audiobook.model import Artefact, Recording

USUAL = ("chapters", "mp3", "vtt")
"""What is made unless other formats are asked for."""
ALL = "all"
ALIASES = {"json": "chapters"}
"""Other names for formats."""
NEEDS = {"html": "mp3"}
"""What a format plays or points to, and is never made without."""


class Format(Protocol):
    """What a module here offers."""

    def write(self, recording: Recording, folder: Path, stem: str) -> Artefact:
        """Write the recording into `folder`, as a file or a folder whose name starts with `stem`, and say where.

        The same recording gives the same bytes. All times are the recording's own. Names and titles may hold any
        text. Raises EncodeError when the file cannot be made, AudiobookError when the disk is full.
        """
        ...  # pragma: no cover


def names() -> tuple[str, ...]:
    """Every format in the folder, by name. Modules that start with "_" are tables, not formats."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def chosen(wanted: Iterable[str]) -> tuple[str, ...]:
    """Give the names of formats that are wanted, each once, in the order of `names()`; "all" stands for every one.

    What one of them needs comes with it.

    Raises KeyError for a name that is not there.
    """
    there = names()
    asked = {ALIASES.get(name, name) for name in wanted}
    for name in asked - {ALL, *there}:
        raise KeyError(name)
    asked |= {needed for name, needed in NEEDS.items() if name in asked}
    return tuple(name for name in there if name in asked or ALL in asked)


def load(name: str) -> Format:
    """Import a format, and only this one. Raises KeyError for a name that is not in `names()`."""
    if name not in names():
        raise KeyError(name)
    return cast(Format, importlib.import_module(f"{__name__}.{name}"))
