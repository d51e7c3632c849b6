"""What many tests share: the case files, and the folders that lie beside the checkout on some machines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "examples" / "the-salt-road.txt"


settings.register_profile("untimed", deadline=None)  # machines are busy; what must be quick has a test of its own
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that writes golden files anew."""
    parser.addoption("--save-golden", action="store_true", help="write what is made into tests/golden")


def cases(file: Path) -> list[tuple[str, str]]:
    """Read a case file: a text, and below it, after an arrow, what becomes of it; without that line it stays.

    "¶" stands for a blank line, and lines that start with "#" are comments.
    """
    found: list[tuple[str, str]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.replace("¶", "\n\n").replace("\\ufeff", "\ufeff")
        if line.startswith("→ "):
            found[-1] = (found[-1][0], text[2:])
        elif line.strip() and not line.startswith("#"):
            found.append((text, text))
    return found


@pytest.fixture(scope="session")
def real_review() -> str:
    """The real damaged review, which is in copyright and no part of the project."""
    path = SHARED / "reviews" / "last-men-in-aleppo.txt"
    if not path.is_file():
        pytest.skip("the real review does not lie beside this checkout")
    return path.read_bytes().decode("utf-8")


@pytest.fixture(autouse=True)
def own_cache_and_voice(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the clips of tests apart from those of the person who runs them, and take the voice that is always there."""
    monkeypatch.setenv("AUDIOBOOK_VOICE", "default")
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path_factory.getbasetemp() / "clips"))
