"""The README is true: its commands run, and what it says is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from audiobook import voice
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_commands_run(tmp_path: Path) -> None:
    """Every audiobook command of the README ends well, one after the other, in a folder with the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith("audiobook ")]
    assert len(commands) >= 7
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)


def test_its_table_of_files_is_whole(tmp_path: Path) -> None:
    """The files that the README lists are those that a build makes."""
    source = str(ROOT / "examples" / "the-salt-road.txt")
    subprocess.run([sys.executable, "-m", "audiobook", "build", source, "-o", str(tmp_path)], check=True)
    table = README.partition("It writes into")[2].partition("`--format`")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    listed = [name for row in rows for name in re.findall("`([^`]+)`", row)]
    assert sorted(listed) == sorted(path.name for path in (tmp_path / "the-salt-road").iterdir())


def test_its_links_lead_somewhere() -> None:
    """Every file that the README links to is there."""
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links and all((ROOT / link).is_file() for link in links)


def test_its_profile_is_one(tmp_path: Path) -> None:
    """The profile that the README shows has every key that there is, and loads."""
    (shown,) = re.findall(r"```toml\n(description.*?)```", README, re.DOTALL)
    (tmp_path / "shown.toml").write_text(shown, encoding="utf-8")
    loaded = voice.load(str(tmp_path / "shown.toml"))
    assert loaded.quotation and loaded.announce.opening
    assert set(re.findall(r"^(\w+) = ", shown, re.MULTILINE)) >= {
        *voice.PAUSES,
        *voice.ANNOUNCE,
        "engine",
        "id",
        "rate",
    }
