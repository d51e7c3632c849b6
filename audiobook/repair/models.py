"""Which scorer reads the text: the light one, which is always there, or the neural one beside it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audiobook.errors import AudiobookError
from audiobook.repair import confidence
from audiobook.repair.confidence import Knots
from audiobook.repair.decisions import LIGHT, NEURAL, Thresholds
from audiobook.repair.light import LightScorer
from audiobook.repair.scores import Scorer, Scores
from audiobook.repair.view import View

NAMES = ("auto", "light", "neural")
"""`auto` takes the neural model where it is installed."""


@dataclass(frozen=True, slots=True)
class Model:
    """A scorer, with the thresholds that were tuned for it."""

    name: str
    """In words, for reports."""
    open: Callable[[], Scorer]
    """Gives its scorer; opening it takes time, so it is done once, for the first text that needs it."""
    thresholds: Thresholds
    confidence: Mapping[str, Knots]
    """Lines that set the confidence of its edits right, by rule or family."""

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        return self.open().score(view)


def load(name: str) -> Model:
    """Give the model of that name. Raises AudiobookError with the line that installs it when it isn't there."""
    if name == "neural" and not is_installed():
        raise AudiobookError("The neural repair model is not installed. Install it with: pip install audiobook[neural]")
    if name == "light" or not is_installed():
        return Model("light", _light, LIGHT, confidence.LIGHT)
    return Model("neural", _neural, NEURAL, confidence.NEURAL)


@cache
def _light() -> Scorer:
    return LightScorer()


@cache
def _neural() -> Scorer:
    from audiobook.repair.neural import MixedScorer

    return MixedScorer.load(_light)


def is_installed() -> bool:
    """Tell whether the neural model can be used: its packages and its file are there."""
    packages = all(importlib.util.find_spec(package) for package in ("numpy", "onnxruntime"))
    return packages and (Path(__file__).parent / "neural_model" / "model.onnx").is_file()
