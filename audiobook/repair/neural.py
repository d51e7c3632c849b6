"""The neural scorer: a small encoder (MiniLM-L6, fine-tuned, int8), and its mean with the light scorer.

    scorer = MixedScorer(LightScorer(), NeuralScorer.load())
    scores = scorer.score(view)

Needs numpy and onnxruntime, which `pip install audiobook[neural]` brings. The model folder holds the net, its
vocabulary, and the weights of the mean; nothing is downloaded.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiobook.repair.pieces import Batch, Encoder, Floats, collate, windows
from audiobook.repair.scores import Scorer, Scores
from audiobook.repair.view import View

if TYPE_CHECKING:
    import onnxruntime

MODEL = Path(__file__).parent / "neural_model"
"""Folder with model.onnx, vocabulary.txt and mix.json."""

APOSTROPHES, MARKS, NUMBERS = 5, 5, 7
"""Outputs: apostrophe classes of a word (none, s, plural, form, lead); marks of a gap (open, close, dash, paragraph, and
whether the word after it is inside quotes, which helped training and is not used); numbers (none and six kinds)."""


class NeuralScorer:
    """Scores a view with the encoder, window by window."""

    window = 256
    """Pieces read at once, as in training."""
    margin = 64
    """Pieces that neighbouring windows share; half of them are context for each."""

    def __init__(self, encoder: Encoder, session: onnxruntime.InferenceSession) -> None:
        self.encoder = encoder
        self._session = session

    @classmethod
    def load(cls, folder: Path = MODEL, threads: int = 1) -> NeuralScorer:
        """Open the model in a folder; `threads` is the number of cores it may use."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        return cls(Encoder((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")), session)

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        doc = self.encoder(view.words, view.gaps)
        n = len(doc) + 1  # the end of the text counts as a word
        whole = [np.zeros((n, k), np.float32) for k in (APOSTROPHES + 1, MARKS, NUMBERS)]
        for w in windows(doc, self.window, self.margin):
            parts = self._run(collate(self.encoder, [(doc, w)]))
            kept = slice(w.keep_from - w.start, w.keep_to - w.start)
            for array, part in zip(whole, parts, strict=True):
                array[w.keep_from : w.keep_to] = part[0, kept]
        return as_scores(*whole)

    def _run(self, batch: Batch) -> list[Any]:
        feed = {
            "pieces": batch.pieces,
            "attention": batch.attention,
            "features": batch.features,
            "first": batch.first,
            "before": batch.before,
        }
        outputs: list[Any] = self._session.run(["words", "marks", "numbers"], feed)
        return outputs


def as_scores(words: Floats, marks: Floats, numbers: Floats) -> Scores:
    """The net's outputs (logits) for the n words of a document and its end, as probabilities."""
    n = len(words) - 1
    apostrophe = _softmax(words[:n, :APOSTROPHES]).T
    mark = _sigmoid(marks).T
    number = _softmax(numbers)
    there = 1 - number[:, 0]
    kinds = number[:, 1:] / np.maximum(there, 1e-9)[:, None]
    return Scores(
        *(row.tolist() for row in apostrophe[1:]),
        accent=_sigmoid(words[:n, APOSTROPHES]).tolist(),
        inside=mark[4][:n].tolist(),
        open=mark[0].tolist(),
        close=mark[1].tolist(),
        dash=mark[2].tolist(),
        paragraph=mark[3].tolist(),
        number=there.tolist(),
        kind=kinds.tolist(),
    )


def _sigmoid(x: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-x))
    return out


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    out: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return out


@dataclass(frozen=True, slots=True)
class Share:
    """How two opinions on one class become one: sigmoid(neural * a + light * b + bias), a and b their logits."""

    neural: float
    light: float
    bias: float


class MixedScorer:
    """Asks a neural and a light scorer, and weighs what they say, class by class."""

    def __init__(self, light: Scorer, neural: Scorer, shares: dict[str, Share]) -> None:
        self._light = light
        self._neural = neural
        self._shares = shares

    @classmethod
    def load(cls, light: Scorer, folder: Path = MODEL) -> MixedScorer:
        """The light scorer together with the neural model in a folder."""
        told = json.loads((folder / "mix.json").read_text(encoding="utf-8")) if (folder / "mix.json").exists() else {}
        return cls(light, NeuralScorer.load(folder), {name: Share(*weights) for name, weights in told.items()})

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        return mix(self._light.score(view), self._neural.score(view), self._shares)


def mix(light: Scores, neural: Scores, shares: dict[str, Share]) -> Scores:
    """One opinion from two. A class without a share is the neural scorer's alone."""
    out: dict[str, Any] = {}
    for name in (f.name for f in fields(Scores)):
        a, b = getattr(neural, name), getattr(light, name)
        if name == "kind":
            out[name] = [_mean(x, y) for x, y in zip(a, b, strict=True)]
        elif name in shares:
            out[name] = _weigh(a, b, shares[name])
        else:
            out[name] = a
    return Scores(**out)


def _weigh(a: Sequence[float], b: Sequence[float], share: Share) -> list[float]:
    x = share.neural * _logits(a) + share.light * _logits(b) + share.bias
    return [float(p) for p in _sigmoid(x)]


def _logits(p: Sequence[float]) -> Floats:
    held = np.clip(np.asarray(p, np.float32), 1e-5, 1 - 1e-5)
    out: Floats = np.log(held / (1 - held))
    return out


def _mean(a: Sequence[float], b: Sequence[float]) -> Sequence[float]:
    """Geometric mean of two opinions on the kind of a number; the light one may have none."""
    if not b:
        return a
    parts = [math.sqrt(max(x, 1e-6) * max(y, 1e-6)) for x, y in zip(a, b, strict=True)]
    total = sum(parts)
    return [p / total for p in parts]
