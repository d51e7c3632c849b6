"""Fit how the neural and the light scorer are weighed against each other, class by class, and write mix.json.

    python fit_mix.py GOLD FOLDER

GOLD is a folder of damaged texts with their truth (corrupt.py's JSON) that neither scorer was trained on; FOLDER holds
model.onnx and vocabulary.txt and gets mix.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import labels
import numpy as np

from audiobook.repair import neural, view
from audiobook.repair.forms import AMBIGUOUS_S
from audiobook.repair.light import LightScorer
from audiobook.repair.scores import Scores

PULL = 1.0
"""Strength of the pull towards the plain mean (weights of one half): it holds the rare classes, whose cases are few."""
PLURAL_BIAS = 0.6
"""Added where ’s or s’ is decided: both scorers are shy of the rare s’; value by F1 on the development texts."""
GAPS = ("open", "close", "dash", "paragraph", "number")
CLASSES = ("its", "possessive", "plural", "form", "lead", "accent", *GAPS, "inside")


def cases(name: str, truth: labels.Labelled, a: Scores, b: Scores) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The neural opinion, the light one and the truth, where the light scorer has an opinion."""
    apos = np.array(truth.apos)
    if name in ("its", "possessive", "plural"):
        (whether_a, which_a), (whether_b, which_b) = neural.s_opinions(a), neural.s_opinions(b)
        lost = np.isin(apos, (labels.S, labels.SP))
        if name == "plural":
            kept = (whether_b > 0) & lost
            return which_a[kept], np.maximum(which_b[kept], neural.SMALLEST), apos[kept] == labels.SP
        its = np.array([w.text.lower() in AMBIGUOUS_S for w in truth.words], bool)
        kept = (whether_b > 0) & (its if name == "its" else ~its)
        return whether_a[kept], whether_b[kept], lost[kept]
    said_a, said_b = np.array(getattr(a, name)), np.array(getattr(b, name))
    if name in ("form", "lead"):
        true = apos == (labels.FORM if name == "form" else labels.LEAD)
    else:
        true = np.array(getattr(truth, name)) > 0
    kept = said_b > 0
    return said_a[kept], said_b[kept], true[kept]


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method, pulled towards the plain mean."""
    mean = np.array([0.5, 0.5, 0.0])
    w = mean.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (p - y) + PULL * (w - mean)
        w = w - np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + PULL * np.eye(3), slope)
    return w


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Fit the weights of the two scorers.")
    parser.add_argument("gold", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    light, net = LightScorer(), neural.NeuralScorer.load(args.folder)
    scored: list[tuple[labels.Labelled, Scores, Scores]] = []
    for path in sorted(args.gold.glob("*.json")):
        truth = labels.from_gold(json.loads(path.read_text(encoding="utf8")))
        seen = view.read(truth.damaged)
        scored.append((truth, net.score(seen), light.score(seen)))
    shares: dict[str, list[float]] = {}
    for name in CLASSES:
        a, b, y = (np.concatenate(part) for part in zip(*(cases(name, *s) for s in scored), strict=True))
        x = np.stack([neural.logits(a), neural.logits(b), np.ones(len(a))], 1).astype(float)
        shares[name] = [round(float(k), 4) for k in fit(x, y.astype(float))]
    shares["plural"][2] = round(shares["plural"][2] + PLURAL_BIAS, 4)
    (args.folder / "mix.json").write_text(json.dumps(shares, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
