"""A thousand texts: how time and memory grow, what a second worker brings, and what an unchanged run costs.

    python benchmarks/scale.py FOLDER [--speed 24] [--runs 3] [--svg docs/scale.svg] [--csv scale.csv]

FOLDER holds the texts. The second worker is held against two plain encoders side by side on the same machine, in
turns. Memory is that of all processes of a build together, read twice a second: RSS as tools like top add it up, and
PSS, which counts what processes share once. Ratios count; wall times are those of the machine it ran on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
BUILD = [sys.executable, "-m", "audiobook", "build", "--voice", "default"]
EVERY = 0.5
"""Seconds between two readings of memory."""


@dataclass(frozen=True)
class Point:
    """How a run stood when a text was told."""

    texts: int
    seconds: float
    rss: float
    """MB, the most since the text before."""
    pss: float
    """MB, the most since the text before."""


def encoders(count: int, folder: Path) -> float:
    """Seconds that so many encoders take side by side over five minutes of noise each."""
    sound = ["-f", "lavfi", "-i", "anoisesrc=r=22050:d=300:a=0.1", "-c:a", "libmp3lame", "-b:a", "64k", "-y"]
    start = time.monotonic()
    command = [FFMPEG, "-v", "error", "-nostdin", "-threads", "1", "-filter_threads", "1", *sound]
    going = [subprocess.Popen([*command, f"{folder}/{n}.mp3"]) for n in range(count)]
    if any(process.wait() for process in going):
        sys.exit("ffmpeg failed.")
    return time.monotonic() - start


def ours(texts: Sequence[Path], jobs: int, folder: Path) -> float:
    """Seconds that a build of these texts takes from nothing."""
    for used in ("out", "kept"):
        shutil.rmtree(folder / used, ignore_errors=True)
    start = time.monotonic()
    build = [*BUILD, "--jobs", str(jobs), "-o", str(folder / "out"), *map(str, texts)]
    subprocess.run(build, check=True, env=environment(folder), stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def environment(folder: Path) -> dict[str, str]:
    """Sentences are kept in a folder of the run's own."""
    return {**os.environ, "AUDIOBOOK_CACHE": str(folder / "kept")}


def grown(source: Path, folder: Path, jobs: int = 2) -> Iterator[Point]:
    """Build a whole folder, and yield how it stands after each text."""
    build = [*BUILD, "--jobs", str(jobs), "-o", str(folder / "out"), str(source)]
    start = time.monotonic()
    process = subprocess.Popen(build, env=environment(folder), stdout=subprocess.PIPE, text=True)
    watch = Watch(process.pid)
    texts = 0
    for line in process.stdout or ():
        if line.startswith(("Made ", "Kept ")):
            texts += 1
            yield Point(texts, time.monotonic() - start, *watch.most())
    if process.wait():
        sys.exit("The build failed.")


class Watch(threading.Thread):
    """Reads the memory of a process and all its descendants until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._lock = threading.Lock()
        self._rss = self._pss = 0.0
        self.start()

    def run(self) -> None:
        """Read until nothing is left of the process."""
        while sizes := [memory(pid) for pid in (self._pid, *family(self._pid))]:
            with self._lock:
                self._rss = max(self._rss, sum(rss for rss, _ in sizes))
                self._pss = max(self._pss, sum(pss for _, pss in sizes))
            time.sleep(EVERY)

    def most(self) -> tuple[float, float]:
        """The most in MB since the last time it was asked for."""
        with self._lock:
            told = self._rss, self._pss
            self._rss = self._pss = 0.0
        return told


def family(pid: int) -> Iterator[int]:
    """All descendants of a process, but for forks that have not started their own program: their memory is its."""
    try:
        own = Path(f"/proc/{pid}/cmdline").read_bytes()
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                if Path(f"/proc/{child}/cmdline").read_bytes() != own or age(child) > 1:
                    yield child
                    yield from family(child)
    except OSError:
        return


def age(pid: int) -> float:
    """Seconds since a process began."""
    began = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began


def memory(pid: int) -> tuple[float, float]:
    """RSS and PSS in MB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines[1:]}
    return sizes.get("Rss", 0.0), sizes.get("Pss", 0.0)


def speed(texts: Sequence[Path], runs: int, folder: Path) -> str:
    """What a second worker brings, beside what it brings to bare encoders."""
    bare, mine = [], []
    for _ in range(runs):
        bare.append(2 * encoders(1, folder) / encoders(2, folder))
        mine.append(ours(texts, 1, folder) / ours(texts, 2, folder))
    return (
        f"| {len(texts)} texts: two workers against one | {statistics.median(mine):.2f} ({told(mine)}) |\n"
        f"| two encoders against one, in turns with that | {statistics.median(bare):.2f} ({told(bare)}) |"
    )


def told(values: Sequence[float]) -> str:
    """Ratios in a line."""
    return ", ".join(f"{value:.2f}" for value in values)


def table(points: Sequence[Point], again: float) -> str:
    """The figures as Markdown."""

    def most(first: int, last: int) -> Point:
        return max(points[max(first, 0) : last], key=lambda point: point.rss)

    rows = [f"| {len(points)} texts, two workers | {points[-1].seconds / 60:.0f} min |"]
    for last in (100, len(points)):
        rows.append(f"| memory, the 50 texts up to text {last} | {megabytes(most(last - 50, last))} |")
    peak = most(0, len(points))
    rows.append(f"| memory at the most | {megabytes(peak)} |")
    rows.append(f"| the same run again, nothing changed | {again:.1f} s |")
    return "\n".join(rows)


def megabytes(point: Point) -> str:
    """Memory of all processes in words."""
    return f"{point.rss:.0f} MB; what they share counted once, {point.pss:.0f} MB"


def plot(points: Sequence[Point]) -> str:
    """Time and memory against texts, as SVG."""
    width, height, left, top = 640, 220, 70, 30
    across = len(points)

    def curve(values: Sequence[float], most: float, down: float) -> str:
        places = [
            f"{left + width * point.texts / across:.1f},{down + height * (1 - value / most):.1f}"
            for point, value in zip(points, values, strict=True)
        ]
        return " ".join(places)

    minutes = [point.seconds / 60 for point in points]
    window = 10
    rss = [max(p.rss for p in points[max(0, n - window) : n + 1]) for n in range(across)]
    panels = (("minutes", minutes, "#1f5fa8"), ("MB of all processes (RSS)", rss, "#b3541e"))
    parts = []
    for number, (name, values, colour) in enumerate(panels):
        down, most = top + number * (height + 70), 1.1 * max(values)
        axis = f"M{left} {down}V{down + height}H{left + width}"
        parts += [
            f'<text x="{left}" y="{down - 10}">{name}</text>',
            f'<path d="{axis}" fill="none" stroke="#555"/>',
            f'<polyline points="{curve(values, most, down)}" fill="none" stroke="{colour}" stroke-width="2"/>',
        ]
        for share in (0, 0.25, 0.5, 0.75, 1):
            y = down + height * (1 - share)
            parts.append(f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{most * share:.0f}</text>')
            x = left + width * share
            parts.append(f'<text x="{x:.0f}" y="{down + height + 18}" text-anchor="middle">{across * share:.0f}</text>')
    size = f'width="{left + width + 40}" height="{top + 2 * (height + 70)}"'
    style = 'font-family="sans-serif" font-size="13" fill="#222"'
    alt = f"Time and memory of a batch against the number of texts, up to {across}."
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    label = f'role="img" aria-label="{alt}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style} {label}>{background}{"".join(parts)}</svg>\n'


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speed", type=int, default=24, help="texts for the comparison of workers; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print("| what | measured |\n|---|---|")
        if given.speed:
            print(speed(sorted(given.folder.glob("*.txt"))[: given.speed], given.runs, folder), flush=True)
            shutil.rmtree(folder / "out")
        points = []
        for point in grown(given.folder, folder):
            points.append(point)
            if given.csv:
                given.csv.write_text("".join(f"{p.texts},{p.seconds:.1f},{p.rss:.0f},{p.pss:.0f}\n" for p in points))
        start = time.monotonic()
        list(grown(given.folder, folder))
        print(table(points, time.monotonic() - start))
        if given.svg:
            given.svg.write_text(plot(points), encoding="utf-8")


if __name__ == "__main__":
    main()
