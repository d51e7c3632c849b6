"""audiobook cache: the sentences that are kept."""

from __future__ import annotations

import click

from audiobook.errors import AudiobookError


@click.command()
@click.option("--clear", is_flag=True, help="Delete the kept sentences.")
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
def cache(clear: bool, as_json: bool) -> None:
    """Show, or clear, the sentences that are kept from earlier builds.

    \b
    Examples:
      audiobook cache
      audiobook cache --clear
    """
    from audiobook import report
    from audiobook.kept import LIMIT, Kept, folder

    kept = Kept(folder())
    if clear:
        try:
            kept.clear()
        except OSError as error:
            raise AudiobookError(f"The kept sentences can't be deleted: {error}") from error
    click.echo(report.cache(kept.folder, kept.held(), LIMIT, as_json))
