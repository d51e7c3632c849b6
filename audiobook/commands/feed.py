"""audiobook feed: a podcast feed of the editions in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from audiobook import console
from audiobook.commands.options import LANGUAGE, PATH, shaped


def _base_url(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read the URL of a folder on the web."""
    from audiobook import feed

    try:
        return feed.base_url(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not it, {error}; write it like https://example.org/talks/.") from error


@click.command()
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--base-url", required=True, callback=_base_url, help="Where DIR will lie on the web.")
@click.option("--title", default="", help="Of the feed.  [the name of DIR]")
@click.option("--author", default="", help="Who makes the feed.")
@click.option("--description", default="", help="What the feed is about.")
@click.option("--image", type=PATH, help="Picture; without one it is drawn.")
@click.option("--language", default="en", callback=shaped(LANGUAGE, "en or en-GB"), help="Of the feed.  [en]")
@click.option("--explicit", is_flag=True, help="Say that it is not for children.")
@click.option("--medium", default="podcast", type=click.Choice(["podcast", "audiobook"]), help="What it is.  [podcast]")
@click.option("-o", "--out", "name", default="feed.xml", metavar="NAME", help="Name of the feed in DIR.  [feed.xml]")
def feed(
    folder: Path,
    base_url: str,
    title: str,
    author: str,
    description: str,
    image: Path | None,
    language: str,
    explicit: bool,
    medium: str,
    name: str,
) -> None:
    """Make a podcast feed and an index page of the editions in DIR.

    Put DIR on the web as it is, and subscribe to the address that is printed.

    \b
    Examples:
      audiobook feed out --base-url https://example.org/reviews/
      audiobook feed out --base-url https://example.org/reviews/ --title "Reviews" --author "A. Writer"
    """
    from audiobook.feed import Channel, make

    if Path(name).name != name or not name.endswith(".xml"):
        raise click.BadParameter("Give a name that ends in .xml; the feed lies in DIR.", param_hint="--out")
    made = make(folder, Channel(base_url, title, author, description, image, language, explicit, medium), name)
    for note in made.notes:
        console.say(f"Note: {note}")
    count = len(made.episodes)
    files = ", ".join(path.name for path in made.files)
    click.echo(f"Made a feed of {count} {'edition' if count == 1 else 'editions'} in {folder}: {files}.")
    click.echo(f"Its address: {made.url}")
