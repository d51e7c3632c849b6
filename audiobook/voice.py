"""Voice profiles: voices/NAME.toml → `Voice`."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from audiobook.errors import VoiceError
from audiobook.model import Announce, Pauses, Voice

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = Path(__file__).parent
AUTO = "auto"
"""Stands for the first of `BEST` that can speak here."""
BEST = ("kokoro", "piper", "default")
"""Profiles, the best first; the last is always there."""
Keys: TypeAlias = dict[str, "range | type[bool] | None"]
PROFILE: Keys = {
    "engine": None,
    "id": None,
    "description": None,
    "rate": range(80, 451),  # what eSpeak NG can do
    "pitch": range(101),
    "volume": range(101),
}
"""Keys of a profile, with what each may be: a whole number of a range, true or false, or text. As in `Voice`."""
PAUSES: Keys = dict.fromkeys(("sentence", "paragraph", "chapter", "dash", "quotation"), range(10_001))
"""The same for its table of pauses; ms."""
QUOTATION: Keys = {key: PROFILE[key] for key in ("id", "rate", "pitch")}
"""The same for its table about quotations."""
ANNOUNCE: Keys = {"opening": bool, "chapters": bool}
"""The same for its table about what is announced."""
TABLES = {"pauses": PAUSES, "quotation": QUOTATION, "announce": ANNOUNCE}
_NAME = re.compile(r"[^\W_][\w-]{0,63}")


def load(name: str) -> Voice:
    """Read the profile of that name, or the file when `name` ends in ".toml".

    Raises `VoiceError` naming the profiles there are, or the file and the key that is wrong.
    """
    if name.endswith(".toml"):
        return _read(Path(name))
    if _NAME.fullmatch(name):
        for folder in folders():
            if (folder / f"{name}.toml").is_file():
                return _read(folder / f"{name}.toml")
    raise VoiceError(
        f"There is no voice profile {name!r}. There are: {', '.join(names())}.\n"
        "A profile of your own is a file voices/NAME.toml."
    )


def names() -> list[str]:
    """Names of the profiles that can be found, sorted."""
    found = {file.stem for folder in folders() for file in folder.glob("*.toml")}
    return sorted(name for name in found if _NAME.fullmatch(name))


def profiles() -> list[Voice]:
    """Every profile that can be found, in the order of their names."""
    return [load(name) for name in names()]


def folders() -> list[Path]:
    """Where profiles are looked for: the user's, those in the wheel, those of a checkout; the first wins."""
    return [Path("voices"), PACKAGE / "voices", PACKAGE.parent / "voices"]


def _read(file: Path) -> Voice:
    """Read a profile strictly: a slip of the pen is an error, not a setting that does nothing."""
    table = _parse(file)
    parts = {name: _part(file, table, name, keys) for name, keys in TABLES.items()}
    checked = _checked(file, "", table, PROFILE)
    for key in ("engine", "id"):
        if key not in checked:
            raise VoiceError(f"{file}: the key {key} is missing.")
    voice = Voice(file.stem, **checked, pauses=Pauses(**parts["pauses"]), announce=Announce(**parts["announce"]))
    return replace(voice, quotation=replace(voice, **parts["quotation"])) if parts["quotation"] else voice


def _part(file: Path, table: dict[str, Any], name: str, keys: Keys) -> dict[str, Any]:
    """Take a table out of a profile; without it there are the defaults."""
    part = table.pop(name, {})
    if not isinstance(part, dict):
        raise VoiceError(f"{file}: {name} must be a table: [{name}]")
    return _checked(file, f"{name}.", part, keys)


def _parse(file: Path) -> dict[str, Any]:
    """Read a TOML file."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise VoiceError(f"The voice profile {file} can't be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VoiceError(f"The voice profile {file} is not valid TOML: {error}") from error


def _checked(file: Path, prefix: str, table: dict[str, Any], keys: Keys) -> dict[str, Any]:
    """Give the table when all its keys are known and all its values fit; `prefix` names it in messages."""
    for key, value in table.items():
        if key not in keys:
            raise VoiceError(f"{file}: the key {prefix}{key} is unknown. Known are: {', '.join(keys)}.")
        if fault := _fault(value, keys[key]):
            raise VoiceError(f"{file}: {prefix}{key} must be {fault}, not {value!r}.")
    return table


def _fault(value: object, allowed: range | type[bool] | None) -> str:
    """Say what a value must be, when it isn't; None allows any line of text."""
    if allowed is None:
        return "" if isinstance(value, str) and value.isprintable() else "text on one line"
    if not isinstance(allowed, range):
        return "" if isinstance(value, bool) else "true or false"
    # True is a whole number to Python, but "rate = true" is a mistake.
    fits = isinstance(value, int) and not isinstance(value, bool) and value in allowed
    return "" if fits else f"a whole number from {allowed[0]} to {allowed[-1]}"
