"""The command line: its commands are in `audiobook.commands`, a file each."""

from __future__ import annotations

import os
import sys

import click

from audiobook import __version__, console
from audiobook.commands.build import build
from audiobook.commands.cache import cache
from audiobook.commands.check import check
from audiobook.commands.feed import feed
from audiobook.commands.names import names
from audiobook.commands.repair import repair
from audiobook.commands.voices import voices
from audiobook.errors import INTERRUPTED, AudiobookError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="audiobook", message="%(prog)s %(version)s")
def cli() -> None:
    """Repair scraped text, speak it offline, and make a chaptered MP3 of it.

    \b
    Examples:
      audiobook build review.txt
      audiobook repair --explain review.txt
      audiobook names review.txt
      audiobook voices
      audiobook feed out --base-url https://example.org/reviews/
    """


for command in (build, cache, check, feed, names, repair, voices):
    cli.add_command(command)


def main() -> None:
    """Run the command line and exit with the code that the error's class carries."""
    try:
        cli.main(standalone_mode=False)
    except AudiobookError as error:
        console.error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        console.say(console.GO_ON)
        # Not sys.exit: that waits for the threads to finish sentences that nobody will hear.
        os._exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has stopped: nothing more to say, and nowhere to say it.
        sys.stderr.close()
        sys.exit(1)
