"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from audiobook.repair import Options

PATH = click.Path(path_type=Path)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
FAMILIES = "accents apostrophes contractions dashes encoding numbers paragraphs quotes semicolons spacing".split()
"""Families of damage: `repair.FAMILIES`, which would take time to import."""
MASTERS = ("podcast", "mono19", "broadcast", "acx")
"""What sound can be mastered for: the names of `mastering.PROFILES`, which would take time to import."""
Command = TypeVar("Command", bound=Callable[..., object])


def shaped(pattern: re.Pattern[str], example: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return a check that an option's value has a shape."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if value and not pattern.fullmatch(value):
            raise click.BadParameter(f"{value!r} is not it; write it like {example}.")
        return value

    return check


def voice_options(command: Command) -> Command:
    """Add the options that say how a text is spoken."""
    voice = click.option(
        "--voice",
        default="auto",
        envvar="AUDIOBOOK_VOICE",
        metavar="NAME",
        help="audiobook voices lists them.  [the best]",
    )
    lexicon = click.option("--lexicon", type=PATH, help="How names and words of this text are said (PLS).")
    return voice(lexicon(command))


def repair_options(command: Command) -> Command:
    """Add the options that build and repair share."""
    for option in reversed(
        (
            click.option(
                "--facts", "facts_file", type=PATH, help="Facts file with the numbers that the text has lost."
            ),
            click.option(
                "--language",
                default="",
                callback=shaped(LANGUAGE, "en or en-GB"),
                help="Of the text.  [its own, or en]",
            ),
            click.option(
                "--keep",
                multiple=True,
                type=click.Choice(["notes", "furniture"]),
                help="Of a page or book: footnotes, or what stands around the text.",
            ),
            click.option("--without", multiple=True, metavar="FAMILY", help=f"Leave alone: {', '.join(FAMILIES)}."),
            click.option(
                "--min-confidence", default=0.0, type=click.FloatRange(0, 1), help="Least, for a repair.  [0]"
            ),
            click.option(
                "--model", default="auto", type=click.Choice(["auto", "light", "neural"]), help="For repair.  [auto]"
            ),
            click.option(
                "--spellings", type=PATH, help="File with names and words as they are spelled, accents and all."
            ),
        )
    ):
        command = option(command)
    return command


def chosen(
    language: str, without: tuple[str, ...], min_confidence: float, model: str, spellings: Path | None
) -> Options:
    """Return what was chosen. Raises BadParameter for a family that there is not, SourceError for no list."""
    from audiobook import output
    from audiobook.repair import Options

    unknown = [name for name in without if name.partition(".")[0] not in FAMILIES]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(FAMILIES)}.", param_hint="--without")
    own = tuple(output.read_text(spellings).split()) if spellings else ()
    return Options(language, frozenset(without), min_confidence, model, own)
