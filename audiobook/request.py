"""What a build is asked for, with everything that it names read in; and the fingerprint of all that decides its result.

A request can go to another process or machine: only a voice that is a file of its own, and a facts file, must be there.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from audiobook import engines, ffmpeg, formats, languages, output, source, voice
from audiobook.book import Metadata
from audiobook.lexicon import Lexicon
from audiobook.model import Voice
from audiobook.repair import Options, models

PACKAGE = Path(__file__).parent
PACKAGES = ("mammoth", "mutagen", "numpy", "onnxruntime", "pillow", "pydub", "selectolax")
"""Of others: what bytes in an edition come from, beside engines and ffmpeg, which tell their versions themselves."""
VOICE_FILES = (".bin", ".onnx")
"""How the voices end that are files of a person's own: Kokoro's and Piper's. No profile can have another file read."""


@dataclass(frozen=True, slots=True)
class Request:
    """One text, to be made into one edition."""

    text: source.File
    out: Path
    """The edition goes into a folder of its own in here."""
    voice: Voice
    chosen: bool = True
    """Whether a person chose that voice; else one that speaks the text's language may take its place."""
    name: str = ""
    """Of that folder; empty where it comes from the title that was asked for, the file, or the text."""
    lexicon: Lexicon = field(default_factory=Lexicon)
    formats: tuple[str, ...] = formats.USUAL
    """Of `formats.names()`."""
    words: bool = False
    """Whether to write the times of the words, too."""
    master: str = "podcast"
    """How loud it is made: a profile of `audiobook.mastering`."""
    metadata: Metadata = field(default_factory=Metadata)
    facts: Path | None = None
    """Numbers that a person supplies."""
    options: Options = field(default_factory=Options)
    """How to repair; when its language is empty, the document's own is taken, or else English."""
    replaces: bool = True
    """Whether the edition of another text may go that is in its folder."""
    keep: frozenset[str] = frozenset()
    """What is not to be left out of a page or book, of `reading.KEEPABLE`."""

    @property
    def folder(self) -> Path | None:
        """Where the edition goes; None when only the text can tell, which is then not read yet."""
        file = "" if self.text.label == source.STANDARD_INPUT_LABEL else self.text.name
        known = self.metadata.title or file
        name = self.name or (output.slug(known) if known else "")
        return self.out / name if name else None


def fingerprint(request: Request) -> str:
    """Return a hash (SHA-256) of everything on which the bytes of the edition depend, but for the folder's name.

    No net is loaded for it. Raises AudiobookError where engine or ffmpeg can't be asked.
    """
    profiles = [request.voice] if request.chosen else [request.voice, voice.load(languages.MANY)]
    voices = [each for profile in profiles for each in (profile, profile.quotation) if each]
    metadata = request.metadata
    decides = {
        **versions(profile.engine for profile in profiles),
        "repair": [models.load(request.options.model).name, asdict(request.options)],
        "text": [_hash(request.text.raw), request.text.name, request.text.ending],
        "voice": [[asdict(each), _file(each.id) if each.id.endswith(VOICE_FILES) else ""] for each in voices],
        "lexicon": request.lexicon.digest,
        "formats": formats.chosen(request.formats),
        "words": request.words,
        "master": request.master,
        "metadata": {**asdict(metadata), "cover": _hash(metadata.cover or b"")},
        "facts": _file(str(request.facts)) if request.facts else "",
        "keep": request.keep,
    }
    return _hash(json.dumps(decides, sort_keys=True, default=sorted).encode())


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of what makes editions here: this program, ffmpeg, these engines, and other packages."""
    python = "{}.{}".format(*sys.version_info)
    others = {name: _version(name) for name in PACKAGES}
    return {
        "audiobook": _program(),
        **{name: engines.load(name).version() for name in names},
        "ffmpeg": ffmpeg.version(),
        "python": python,
        **others,
    }


@cache
def _program() -> str:
    """Hash this package, its tables and nets too: a version's number says nothing in a checkout that is worked on."""
    files = (path for path in PACKAGE.rglob("*") if "__pycache__" not in path.parts and path.is_file())
    named = sorted((path.relative_to(PACKAGE).as_posix(), path) for path in files)
    return _hash("".join(f"{name} {_hash_of(path)}\n" for name, path in named).encode())


@cache
def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _file(path: str) -> str:
    """Hash a file that is named where something else may be, too; empty when there is none."""
    try:
        stat = Path(path).stat()
        return _content(path, stat.st_size, stat.st_mtime_ns)
    except (OSError, ValueError):  # ValueError: no path at all, for its NUL
        return ""


@cache
def _content(path: str, size: int, changed: int) -> str:
    return _hash_of(Path(path))


def _hash_of(path: Path) -> str:
    """Read it in pieces: a net of 22 MB in one costs as much time again, for the memory that it takes."""
    digest = hashlib.sha256()
    piece = bytearray(1 << 16)
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(piece):
            digest.update(memoryview(piece)[:size])
    return digest.hexdigest()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
