"""Where results go: safe names, and files that appear under their final name only when they are whole."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sqlite3
import tempfile
import time
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TextIO

from audiobook.errors import AudiobookError, DiskFull, SourceError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

LONGEST_SLUG = 80
"""Bytes in UTF-8: file systems allow 255 for a name, and some shells and cloud folders far less for a path."""
STALE = 24 * 60 * 60
"""Seconds after which an unfinished folder belongs to a build that was killed, where no lock can tell."""
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


class Names:
    """The folder names of one run, each given away once; on the disk, for there may be millions."""

    def __init__(self) -> None:
        # A file without a name, which goes when it is closed; it need not outlive anything.
        self._taken = sqlite3.connect("", isolation_level=None)
        self._taken.execute("PRAGMA journal_mode = OFF")
        self._taken.execute("CREATE TABLE taken (name TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID")

    def take(self, name: str) -> str:
        """Give the name itself, or with the first number that makes it another: "x", "x-2", "x-3"."""
        count = self._count(name) + 1
        free = name
        if count > 1:
            while self._count(f"{name}-{count}"):
                count += 1
            free = f"{name}-{count}"
            self._taken.execute("INSERT INTO taken VALUES (?, 1)", (free,))
        self._taken.execute("INSERT OR REPLACE INTO taken VALUES (?, ?)", (name, count))
        return free

    def _count(self, name: str) -> int:
        row = self._taken.execute("SELECT count FROM taken WHERE name = ?", (name,)).fetchone()
        return row[0] if row else 0


@contextmanager
def folder(final: Path, last: str = "") -> Iterator[Path]:
    """Give an empty folder to write into; move its files and folders to `final` when the block ends well, `last` last.

    The folder lies inside `final`, so that a move is a rename. A folder takes the place of an older one as a whole:
    nothing of that stays. What goes wrong with the disk becomes an AudiobookError that says so.
    """
    try:
        final.mkdir(parents=True, exist_ok=True)
        sweep(final, f"{UNFINISHED}*")
        with _locked_folder(final) as unfinished:
            try:
                yield unfinished
                for path in sorted(unfinished.iterdir(), key=lambda path: (path.name == last, path)):
                    _replace(path, final / path.name)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
                _remove_if_empty(final)
    except OSError as error:
        raise _complaint(final, error) from error


@contextmanager
def _locked_folder(final: Path) -> Iterator[Path]:
    """Make an unfinished folder and hold a lock on it: whoever finds it unlocked knows that its build was killed."""
    while True:
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=final))
        handle = _lock(unfinished, wait=True)
        if unfinished.exists():  # else somebody swept it away before it was locked
            break
        _close(handle)
    try:
        yield unfinished
    finally:
        _close(handle)


@contextmanager
def growing(path: Path) -> Iterator[TextIO]:
    """Give a file to write a text into, as it comes; it appears under its name when the block ends well."""
    handle = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent, f"{UNFINISHED}*-{path.name}")
        unfinished = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                handle = _lock(unfinished)
                yield file
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
            _close(handle)
            _remove_if_empty(path.parent)
    except OSError as error:
        raise _complaint(path, error) from error


@contextmanager
def mark(folder: Path) -> Iterator[str]:
    """Leave an empty file in a folder while the block runs, and give its name: who finds it sees the same folder."""
    path = folder / f"{UNFINISHED}{uuid.uuid4().hex}-mark"
    sweep(folder, f"{UNFINISHED}*-mark")
    write_whole(path, b"")
    handle = _lock(path)
    try:
        yield path.name
    finally:
        path.unlink(missing_ok=True)
        _close(handle)


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
        raise _complaint(path, error) from error


def read_text(path: Path) -> str:
    """Read a UTF-8 file as it is. Raises SourceError when it can't be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read: {error}.") from error


def _complaint(final: Path, error: OSError) -> AudiobookError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            f"The disk is full: {final} can't be written. Free some space, or choose another folder with -o."
        )
    return AudiobookError(f"{final} can't be written: {error.strerror or error}. Choose another folder with -o.")


def sweep(folder: Path, pattern: str) -> None:
    """Remove what killed runs left behind in a folder, by a pattern for its names; others may still be at work."""
    for left in folder.glob(pattern):
        if _is_abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def _is_abandoned(left: Path) -> bool:
    """Tell whether nobody holds the lock; by its age where there are no locks."""
    try:
        handle = _lock(left)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return False
    _close(handle)
    return handle is not None or time.time() - left.stat().st_mtime > STALE


def _lock(path: Path, wait: bool = False) -> int | None:
    """Lock a file or folder until the handle is closed or the process ends; None where the system has no such locks.

    Raises BlockingIOError when another process has it and we don't wait.
    """
    if fcntl is None:
        return None
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:  # some network file systems
        os.close(handle)
        return None
    return handle


def _close(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _remove_if_empty(final: Path) -> None:
    try:
        final.rmdir()
    except OSError:
        return
