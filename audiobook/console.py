"""How the command line speaks: whole lines for those who listen, a bar for those who look.

Standard output carries the result alone. Rules and sources: docs/design-notes.md, "How does the command line speak?"
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from audiobook.errors import AudiobookError
from audiobook.model import Step

GO_ON = "Interrupted. Finished sentences are kept; run the same command to go on."
EVERY = 5.0
"""Seconds between two lines of progress."""


def is_plain(asked: bool) -> bool:
    """Tell whether to write whole lines only: asked for, not a terminal, or a terminal that says it can't."""
    environment = os.environ
    return bool(
        asked
        or not sys.stderr.isatty()
        or environment.get("ACCESSIBLE", "0") not in ("", "0")
        or environment.get("TERM") == "dumb"
        or "NO_COLOR" in environment
    )


def say(line: str) -> None:
    """Write a line for people to standard error."""
    click.echo(line, err=True)


def error(problem: AudiobookError) -> None:
    """Write what went wrong, where, and what to do."""
    say(f"Error: {problem}")


@contextmanager
def progress(plain: bool) -> Iterator[Callable[[Step], None]]:
    """Give a function that shows steps: as lines, or as a bar."""
    if plain:
        lines = _Lines()
        try:
            yield lines
        finally:
            lines.end()
        return
    with click.progressbar(length=1000, file=sys.stderr, show_pos=False, show_eta=True) as bar:

        def show(step: Step) -> None:
            bar.label = step.doing
            bar.update(round(step.done * 1000) - bar.pos)

        yield show


class _Lines:
    """Steps as lines: the first at once, then every few seconds the newest, so that a long step is told of, too."""

    def __init__(self) -> None:
        self._newest: Step | None = None
        self._ended = threading.Event()
        self._ticks = threading.Thread(target=self._tick, daemon=True)

    def __call__(self, step: Step) -> None:
        if self._ticks.ident is None:
            _say_step(step)
            self._ticks.start()
        else:
            self._newest = step

    def end(self) -> None:
        """Say nothing more."""
        self._ended.set()

    def _tick(self) -> None:
        while not self._ended.wait(EVERY):
            newest, self._newest = self._newest, None
            if newest:
                _say_step(newest)


def _say_step(step: Step) -> None:
    say(f"{step.doing}, {step.done:.0%}".replace("%", " %"))
