"""audiobook voices: the profiles, what engines have, samples of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook import console
from audiobook.commands.options import PATH

if TYPE_CHECKING:
    from audiobook.model import Voice


@click.command()
@click.option("--engine", metavar="NAME", help="List the voices that this engine has.")
@click.option("--samples", type=PATH, metavar="DIR", help="Write ten seconds of every profile that can speak here.")
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
def voices(engine: str | None, samples: Path | None, as_json: bool) -> None:
    """List the voice profiles, or an engine's own voices, with their licences.

    \b
    Examples:
      audiobook voices
      audiobook voices --samples out/samples
      audiobook voices --engine pyttsx3
    """
    from audiobook import report, voice

    if engine:
        from audiobook.engines import load

        for line in report.engine_voices(load(engine).voices(), as_json):
            click.echo(line)
        return
    profiles = voice.profiles()
    if samples:
        _write_samples(profiles, samples)
        return
    for line in report.profiles(profiles, as_json):
        click.echo(line)


def _write_samples(profiles: list[Voice], folder: Path) -> None:
    from audiobook import engines
    from audiobook.samples import write

    for profile in profiles:
        if missing := engines.load(profile.engine).available():
            console.say(f"{profile.name} can't speak here: {missing}")
        else:
            click.echo(str(write(profile, folder)))
