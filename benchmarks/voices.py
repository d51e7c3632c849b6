"""How much longer than its engine and encoder a build takes, how much CPU time and memory: ratios of one run.

    python benchmarks/voices.py [default piper kokoro] [--text FILE] [--runs 3] [--svg docs/voices.svg]

Beside each voice stand the bare engine and the bare encoder, split evenly over two processes (`bare.py`), and beside
the default, eSpeak NG, the script that people write first (`usual.py`). Times are the best of the runs. Memory is that
of all processes of a build together, read every 50 ms. Python keeps compiled modules, as it does where a package was
installed; the first run makes them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

HERE = Path(__file__).parent
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


@dataclass(frozen=True)
class Run:
    """What some processes took together."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of all processes."""
    memory: float
    """MB, at the most."""


@dataclass(frozen=True)
class Row:
    """A voice, measured."""

    voice: str
    bare: Run
    ours: Run
    again: Run
    """The same build when one paragraph was edited."""
    usual: Run | None


def run(*commands: Sequence[str], **environment: str) -> Run:
    """Run commands side by side."""
    before, start, most = os.times(), time.monotonic(), 0.0
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    going = [subprocess.Popen(c, env={**inherited, **environment}, **silent) for c in commands]  # type: ignore[call-overload]
    while any(process.poll() is None for process in going):
        most = max(most, sum(map(_memory, _family(os.getpid()))))
        time.sleep(0.05)
    wall, after = time.monotonic() - start, os.times()
    if failed := [command for process, command in zip(going, commands, strict=True) if process.returncode]:
        sys.exit(f"This failed: {failed}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, most)


def _family(pid: int) -> Iterator[int]:
    """All descendants of a process, but for forks that have not started their own program: their memory is its."""
    try:
        own = Path(f"/proc/{pid}/cmdline").read_bytes()
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                if Path(f"/proc/{child}/cmdline").read_bytes() != own:
                    yield child
                    yield from _family(child)
    except OSError:
        return


def _memory(pid: int) -> float:
    """Memory in MB, what processes share counted once (PSS); 0 for a process that has ended."""
    try:
        sizes = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in sizes.splitlines() if line.startswith("Pss:")) / 1000


def measure(voice: str, text: Path, runs: int, folder: Path) -> Row:
    """Measure a voice; the best of some runs, taken in turns."""
    edited = folder / "edited.txt"
    paragraphs = text.read_text(encoding="utf-8").split("\n\n")
    paragraphs[len(paragraphs) // 2] += " This sentence is new."
    edited.write_text("\n\n".join(paragraphs), encoding="utf-8")
    python = sys.executable
    bare = [[python, str(HERE / "bare.py"), voice, str(text), f"{folder}/{n}.mp3", FFMPEG, str(n), "2"] for n in (0, 1)]
    usual = [python, str(HERE / "usual.py"), str(text), f"{folder}/usual.mp3", FFMPEG]
    build = [python, "-m", "audiobook", "build", "--voice", voice, "--title", "a", "-o", str(folder)]
    kept = {"AUDIOBOOK_CACHE": str(folder / "kept"), "PATH": ""}  # without a system's ffmpeg: all use the same
    alone, ours, again, first = [], [], [], []
    for _ in range(runs):
        shutil.rmtree(folder / "kept", ignore_errors=True)
        alone.append(run(*bare))
        ours.append(run([*build, str(text)], **kept))
        again.append(run([*build, str(edited)], **kept))
        if voice == "default":
            first.append(run(usual))
    return Row(voice, best(alone), best(ours), best(again), best(first) if first else None)


def best(runs: Sequence[Run]) -> Run:
    """The least of each: what else ran on the machine only ever adds."""
    return Run(min(one.wall for one in runs), min(one.cpu for one in runs), max(one.memory for one in runs))


def table(rows: Sequence[Row]) -> str:
    """The figures as Markdown."""
    lines = [
        "| voice | engine and encoder alone | audiobook | ratio | CPU ratio | memory | after one edit | usual script |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        usual = f"{row.usual.wall:.1f} s" if row.usual else ""
        lines.append(
            f"| {row.voice} | {row.bare.wall:.1f} s | {row.ours.wall:.1f} s | {row.ours.wall / row.bare.wall:.2f} "
            f"| {row.ours.cpu / row.bare.cpu:.2f} | {row.ours.memory:.0f} MB "
            f"| {row.again.wall / row.ours.wall:.0%} | {usual} |"
        )
    return "\n".join(lines)


def plot(rows: Sequence[Row]) -> str:
    """Wall times as bars in an SVG, each voice on its own scale; the figures stand beside the bars."""
    parts, y = [], 40
    for row in rows:
        bars = [("engine and encoder alone", row.bare), ("audiobook", row.ours), ("after one edit", row.again)]
        bars += [("the usual script", row.usual)] if row.usual else []
        longest = max(bar.wall for _, bar in bars)
        parts.append(f'<text x="10" y="{y}" font-weight="bold">{row.voice}</text>')
        for name, bar in bars:
            y += 24
            fill = "#2a6" if name == "audiobook" else "#999"
            width = 380 * bar.wall / longest
            parts.append(f'<text x="190" y="{y}" text-anchor="end">{name}</text>')
            parts.append(f'<rect x="200" y="{y - 13}" width="{width:.0f}" height="17" fill="{fill}"/>')
            parts.append(f'<text x="{206 + width:.0f}" y="{y}">{bar.wall:.1f} s</text>')
        y += 40
    said = "; ".join(f"{r.voice}: alone {r.bare.wall:.1f} s, audiobook {r.ours.wall:.1f} s" for r in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {y}" font-family="sans-serif" font-size="14" '
        f'role="img"><title>Time to build one review, in seconds</title><desc>{said}</desc>'
        f'<rect width="680" height="{y}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description="Ratios of a build to its engine and encoder alone.")
    parser.add_argument("voices", nargs="*", default=["default", "piper", "kokoro"])
    parser.add_argument("--text", type=Path, default=HERE / "review.txt")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(voice, arguments.text, arguments.runs, Path(folder)) for voice in arguments.voices]
    print(table(rows))
    if arguments.svg:
        arguments.svg.write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
