"""The long form of `test_hostile`: python -m tests.fuzz NAME [-runs=100000 and other options of libFuzzer].

atheris looks for inputs that lead to lines of the program which none has reached before. It stops at the first one that
raises anything but our own errors, takes more than 20 s, or more than 1 GB, and says where it has put that input.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["audiobook", "tomllib"]):
    from audiobook import reading, tables
    from audiobook.errors import AudiobookError
    from tests.hostile import TARGETS

    # What the program imports where it is needed, it would import without being watched.
    for package in (reading, tables):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)

CORPUS = Path("build/fuzz")
"""Inputs that lead somewhere new are kept here, a folder for each way in."""


def main() -> None:
    """Fuzz one way in."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)

    def take(raw: bytes) -> None:
        with contextlib.suppress(AudiobookError):
            target.take(raw)

    longest = max(512, *(2 * len(seed) for seed in target.seeds))
    bounds = ["-timeout=20", "-rss_limit_mb=1024", f"-max_len={longest}", f"-artifact_prefix={CORPUS}/{name}-"]
    atheris.Setup([sys.argv[0], *bounds, *options, str(corpus)], take)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
