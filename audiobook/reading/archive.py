"""ZIP archives, as EPUB and Word files are, read in memory. Nothing is unpacked to a disk."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from urllib.parse import unquote

from audiobook.errors import SourceError

MOST_PARTS = 20_000
LARGEST_PART = 32 * 1024 * 1024
"""Bytes of a part that is read; pictures and fonts are not."""
LARGEST = 64 * 1024 * 1024
"""Bytes of all parts that are read."""
SMALL = 1024 * 1024
"""Bytes up to which a part may be packed however well."""
RATIO = 150
"""How many times larger than packed a part may be; text comes to 3 to 20."""
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What the norms of EPUB and of Word files allow."""


class Archive:
    """The parts of an archive, by name."""

    def __init__(self, label: str, raw: bytes) -> None:
        """Open it. Raises SourceError for one that is broken, too large, or has parts that point outside of it."""
        self.label = label
        self._left = LARGEST
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            parts = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
            raise self.broken(error) from error
        if len(parts) > MOST_PARTS:
            raise SourceError(f"{label} holds {len(parts):,} parts; no book has more than {MOST_PARTS:,}.")
        for part in parts:
            if leaves(part.filename):
                raise SourceError(
                    f"{label} holds a part named {part.filename[:80]!r}, which points outside of it: made to do harm.\n"
                    "Nothing was unpacked. Get the file from another source."
                )
        self.names = frozenset(part.filename for part in parts)

    def read(self, name: str) -> bytes:
        """Return a part's bytes. Raises SourceError when it is missing, broken, locked, or packed to swell."""
        try:
            part = self._zip.getinfo(name)
        except KeyError:
            raise SourceError(f"{self.label} is broken: its part {name[:80]!r} is missing. Fetch it anew.") from None
        self._check(part)
        try:
            with self._zip.open(part) as opened:
                content = opened.read(part.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise self.broken(error) from error
        self._left -= len(content)
        return content

    def broken(self, error: Exception) -> SourceError:
        """Return the error for an archive that can't be read."""
        return SourceError(f"{self.label} is broken, or not all of it is here: {error}. Fetch or save it anew.")

    def _check(self, part: zipfile.ZipInfo) -> None:
        if part.flag_bits & ENCRYPTED:
            raise SourceError(f"{self.label} is locked with a password. Save a copy without one.")
        if part.compress_type not in METHODS:
            raise SourceError(f"{self.label} is packed in a way that its norm doesn't allow. Save it anew.")
        size = part.file_size
        if size > min(LARGEST_PART, self._left) or (size > SMALL and size > RATIO * max(1, part.compress_size)):
            raise SourceError(
                f"{self.label}: its part {part.filename[:80]!r} would swell from {part.compress_size:,} to {size:,} "
                "bytes, as no text does: made to do harm, or no book."
            )


def leaves(name: str) -> bool:
    """Return whether a part's name points outside of its archive."""
    path = name.replace("\\", "/")
    return path.startswith("/") or path[1:2] == ":" or ".." in path.split("/")


def joined(folder: str, link: str) -> str:
    """Return the name of the part that a link leads to, seen from a folder of the archive."""
    return posixpath.normpath(posixpath.join(folder, unquote(link.partition("#")[0])))
