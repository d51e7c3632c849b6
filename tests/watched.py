"""Runs the command line, and writes down what it does to the world: python watched.py LOG ARGUMENT...

A line of JSON for each event of Python's audit hooks (PEP 578) that starts a program, opens a connection, or opens,
makes, moves or removes a file. What a started program does is not seen.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn")
FILES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")


def main() -> None:
    """Watch, and run."""
    log, *arguments = sys.argv[1:]
    stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def watch(event: str, values: tuple[Any, ...]) -> None:
        if (
            event in STARTS
            or event in FILES
            or event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib."))
        ):
            told = [
                value if isinstance(value, int) else [*map(str, value)] if isinstance(value, list) else str(value)
                for value in values
            ]
            os.write(stream, (json.dumps([event, *told]) + "\n").encode())

    from audiobook.cli import main as run

    sys.addaudithook(watch)
    sys.argv[1:] = arguments
    run()


if __name__ == "__main__":
    main()
