"""audiobook check: what was made, held against the standards and against itself."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audiobook import console
from audiobook.commands.options import MASTERS, PATH
from audiobook.errors import FAULTY


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option(
    "--master", default="podcast", type=click.Choice([*MASTERS, "any"]), help="How loud it should be.  [podcast]"
)
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@click.option("--plain", is_flag=True, help="Progress as whole lines, for screen readers.")
def check(files: tuple[Path, ...], master: str, as_json: bool, plain: bool) -> None:
    """Check what was made: sound, chapters, tags, loudness, captions, and whether all agree.

    FILE is the folder of an edition, or a file in it: MP3, M4B, Opus, FLAC, EPUB, captions, chapters, a feed, a page.
    Ends with exit code 8 when there is an error.

    \b
    Examples:
      audiobook check out/review
      audiobook check review.mp3 review.vtt
    """
    from audiobook import report
    from audiobook.check import check as checked
    from audiobook.check.level import TARGETS

    with console.progress(console.is_plain(plain)) as progress:
        outcome = checked(files, TARGETS[master], progress)
    for line in report.findings(outcome, as_json):
        click.echo(line)
    if outcome.errors:
        sys.exit(FAULTY)
