"""Where results go: safe names, and files that appear under their final name only when they are whole."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiobook.errors import AudiobookError, SourceError

LONGEST_SLUG = 80
"""Bytes in UTF-8: file systems allow 255 for a name, and some shells and cloud folders far less for a path."""
STALE = 24 * 60 * 60
"""Seconds after which an unfinished folder belongs to a build that was killed."""
UNFINISHED = ".unfinished-"
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: no file may have these names, with any ending.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


def slug(name: str) -> str:
    """Return a name that is safe as a file name on every system: letters and digits of any script, and "-"."""
    plain = "".join(_plain(character) for character in unicodedata.normalize("NFKC", name).casefold())
    safe = re.sub(r"-+", "-", re.sub(r"[^\w]|_", "-", plain)).strip("-")
    short = safe.encode("utf-8")[:LONGEST_SLUG].decode("utf-8", "ignore").strip("-")
    if RESERVED.match(short):
        short = f"text-{short}"
    return short or "untitled"


def _plain(character: str) -> str:
    """Take a Latin letter's accent off; leave other scripts as they are."""
    base = unicodedata.normalize("NFKD", character)[0]
    if base.isascii():
        return base
    return character if unicodedata.category(character)[0] in "LMN" else "-"


@contextmanager
def folder(final: Path) -> Iterator[Path]:
    """Give an empty folder to write into; move its files and folders to `final` when the block ends well.

    The folder lies inside `final`, so that a move is a rename. A folder takes the place of an older one as a whole:
    nothing of that stays. What goes wrong with the disk becomes an AudiobookError that says so.
    """
    try:
        final.mkdir(parents=True, exist_ok=True)
        _sweep(final)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=final))
        try:
            yield unfinished
            for path in sorted(unfinished.iterdir()):
                _replace(path, final / path.name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            _remove_if_empty(final)
    except OSError as error:
        raise AudiobookError(_complaint(final, error)) from error


def _replace(new: Path, old: Path) -> None:
    """Rename, also over a folder that is not empty; that one goes with the unfinished folder."""
    if old.is_dir() or (new.is_dir() and old.exists()):
        old.rename(new.with_name(f"{UNFINISHED}{new.name}"))
    new.replace(old)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write bytes, or a text as UTF-8; the file has its old content or all of the new, never a part."""
    unfinished = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise AudiobookError(_complaint(path, error)) from error


def read_text(path: Path) -> str:
    """Read a UTF-8 file as it is. Raises SourceError when it can't be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read: {error}.") from error


def _complaint(final: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: {final} can't be written. Free some space, or choose another folder with -o."
    return f"{final} can't be written: {error.strerror or error}. Choose another folder with -o."


def _sweep(final: Path) -> None:
    """Remove what a killed build left behind; a younger one may still be at work."""
    for left in final.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > STALE:
            shutil.rmtree(left, ignore_errors=True)


def _remove_if_empty(final: Path) -> None:
    try:
        final.rmdir()
    except OSError:
        return
