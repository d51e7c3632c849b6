"""Fit the lines that set the confidence of edits right, and print them for `audiobook/repair/confidence.py`.

    python fit_confidence.py GOLD

GOLD is a folder of damaged texts with their truth (corrupt.py's JSON) that no scorer was trained on. Every rule gets a
rising line of few knots; the error with lines fitted on other texts (five parts) says whether the line is worth it.
"""

from __future__ import annotations

import argparse
import json
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import labels
import numpy as np

from audiobook.model import Edit
from audiobook.repair import confidence, decoder, models, view

RULES = ("apostrophes.possessive", "apostrophes.plural", "accents", "dashes.space", "numbers", "paragraphs", "quotes")
PARTS = 5
LEAST = 40
"""Edits behind a knot, at least."""
PULL = 10
"""Edits that are taken to have been as right as they said, beside those counted."""

Case = tuple[float, bool, int]
"""What an edit said, whether it was right, and the number of its text."""


def is_right(edit: Edit, seen: view.View, truth: labels.Labelled) -> bool:
    """Whether an edit (or a suspect) gives back what was lost at its place."""
    family, _, name = edit.rule.partition(".")
    if family in ("apostrophes", "accents"):
        gold = truth.words[bisect_right(seen.starts, edit.start) - 1].gold
        return edit.after == gold if family == "apostrophes" else edit.after.lower() in gold.lower()
    i = bisect_right(seen.ends, edit.start)
    marks = truth.open if name == "open" else truth.close
    lost = {"quotes": marks, "dashes": truth.dash, "numbers": truth.number, "paragraphs": truth.paragraph}[family]
    return lost[i] > 0


def collect(gold: Path, model: models.Model) -> dict[str, list[Case]]:
    """All edits and suspects of the rules on the development texts."""
    found: dict[str, list[Case]] = defaultdict(list)
    for k, path in enumerate(sorted(gold.glob("*.json"))):
        truth = labels.from_gold(json.loads(path.read_text(encoding="utf8")))
        seen = view.read(truth.damaged)
        pen = decoder.decode(seen, model.score, model.thresholds)
        for edit in (*pen.edits, *pen.suspects):
            rule = next((r for r in RULES if edit.rule.startswith(r)), None)
            if rule is not None:
                found[rule].append((edit.confidence, is_right(edit, seen, truth), k))
    return found


def line(cases: Sequence[Case]) -> confidence.Knots:
    """A rising line: groups of neighbouring cases, joined until none is less often right than the one below it."""
    ordered = sorted(cases)
    size = max(LEAST, len(ordered) // 8)
    cuts = [*range(0, max(len(ordered) - size, 0) + 1, size), len(ordered)]
    groups: list[tuple[float, float, int]] = []  # sums of what was said and of what was right, and how many
    for a, b in pairwise(cuts):
        part = ordered[a:b]
        groups.append((sum(c for c, _, _ in part), sum(ok for _, ok, _ in part), len(part)))
        while len(groups) > 1 and _height(groups[-2]) >= _height(groups[-1]):
            last = groups.pop()
            groups[-1] = tuple(map(sum, zip(groups[-1], last, strict=True)))  # type: ignore[assignment]
    return tuple((round(g[0] / g[2], 3), round(_height(g), 3)) for g in groups)


def _height(group: tuple[float, float, int]) -> float:
    said, right, count = group
    return (right + PULL * said / count) / (count + PULL)


def error(said: Sequence[float], cases: Sequence[Case]) -> float:
    """Mean distance between what groups of edits said and how often they were right (ten groups)."""
    order = np.argsort(said)
    parts = np.array_split(order, 10)
    right = np.array([ok for _, ok, _ in cases], float)
    told = np.asarray(said, float)
    return float(sum(abs(told[p].mean() - right[p].mean()) * len(p) for p in parts if len(p)) / len(cases))


def held_out(cases: Sequence[Case]) -> list[float]:
    """What each edit would say with a line fitted on other texts."""
    lines = [line([c for c in cases if c[2] % PARTS != part]) for part in range(PARTS)]
    return [confidence.height(said, lines[k % PARTS]) for said, _, k in cases]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Fit the lines of confidence.")
    parser.add_argument("gold", type=Path)
    gold = parser.parse_args().gold
    for name in ("light", "neural"):
        for rule, cases in sorted(collect(gold, models.load(name)).items()):
            if len(cases) >= 2 * LEAST:
                before, after = error([c for c, _, _ in cases], cases), error(held_out(cases), cases)
                sys.stdout.write(f"{name} {rule}: {len(cases)} edits, error {before:.3f}, held out {after:.3f}\n")
                if after < before - 0.01:
                    sys.stdout.write(f'    "{rule}": {line(cases)},\n')


if __name__ == "__main__":
    main()
