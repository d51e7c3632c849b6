"""Sound for a person who is there, through the machine's own player."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from audiobook.errors import AudiobookError

PLAYERS = ("paplay", "pw-play", "aplay", "afplay")
"""Programs that play a WAV file: of PulseAudio, PipeWire, ALSA and macOS. Windows needs none."""
SECONDS = 60
"""How long one clip may play."""
_ELSEWHERE = "Write the sounds into a folder with -o, and play them on a machine that has one."


def play(wav: bytes) -> None:
    """Play a WAV file, given by its content, to its end. Raises AudiobookError when this machine can't."""
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(wav, winsound.SND_MEMORY)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "word.wav"
        file.write_bytes(wav)
        _run(_player(), file)


def _player() -> str:
    player = next(filter(None, map(shutil.which, PLAYERS)), None)
    if player is None:
        raise AudiobookError(f"This machine has no sound player ({', '.join(PLAYERS)}). {_ELSEWHERE}")
    return player


def _run(player: str, file: Path) -> None:
    try:
        done = subprocess.run([player, file], capture_output=True, check=False, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AudiobookError(f"The sound player {player} doesn't work: {error}. {_ELSEWHERE}") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()[:1]
        raise AudiobookError(f"The sound player {player} failed: {(words or ['it said nothing'])[0]}. {_ELSEWHERE}")
