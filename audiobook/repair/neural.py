"""The neural scorer: a small encoder (MiniLM-L6, fine-tuned, int8), and its mean with the light scorer.

    scorer = MixedScorer(LightScorer(), NeuralScorer.load())
    scores = scorer.score(view)

Needs numpy and onnxruntime, which `pip install audiobook[neural]` brings. The model folder holds the net, its
vocabulary, and the weights of the mean; nothing is downloaded.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiobook import machine
from audiobook.repair.forms import AMBIGUOUS_S
from audiobook.repair.pieces import Encoded, Encoder, Floats, Window, collate, windows
from audiobook.repair.scores import Scorer, Scores
from audiobook.repair.view import View

if TYPE_CHECKING:
    import onnxruntime

MODEL = Path(__file__).parent / "neural_model"
"""Folder with model.onnx, vocabulary.txt and mix.json."""

APOSTROPHES, MARKS, NUMBERS = 5, 5, 7
"""Outputs: apostrophe classes of a word (none, s, plural, form, lead); marks of a gap (open, close, dash, paragraph,
and whether the word after it is inside quotes); numbers (none and six kinds)."""

SMALLEST = 1e-3
"""Probabilities are held this far from 0 and 1 before they are weighed: past that, neither scorer is to be trusted."""


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
        # To optimise the graph takes 0.07 CPU seconds, three times as long as to open it, and makes it no faster.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.enable_cpu_mem_arena = False  # as quick without, and what a long text took is given back
        options.enable_mem_pattern = False  # as quick without; for each length of window it claims 24 MB more
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        return cls(Encoder((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")), session)

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        doc = self.encoder(view.words, view.gaps)
        n = len(doc) + 1  # the end of the text counts as a word
        whole = [np.zeros((n, k), np.float32) for k in (APOSTROPHES + 1, MARKS, NUMBERS)]
        cuts = list(windows(doc, self.window, self.margin))
        # A window at a time on each core: the net works outside of Python's lock, and every window by itself.
        with ThreadPoolExecutor(machine.cores(), thread_name_prefix="repair") as pool:
            for w, parts in zip(cuts, pool.map(lambda cut: self._run(doc, cut), cuts), strict=True):
                kept = slice(w.keep_from - w.start, w.keep_to - w.start)
                for array, part in zip(whole, parts, strict=True):
                    array[w.keep_from : w.keep_to] = part[0, kept]
        return as_scores(*whole)

    def _run(self, doc: Encoded, cut: Window) -> list[Any]:
        batch = collate(self.encoder, [(doc, cut)])
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
    _, s, plural, form, lead = _softmax(words[:n, :APOSTROPHES]).T
    mark = _sigmoid(marks).T
    number = _softmax(numbers)
    there = 1 - number[:, 0]
    return Scores(
        s=_row(s),
        plural=_row(plural),
        form=_row(form),
        lead=_row(lead),
        accent=_row(_sigmoid(words[:n, APOSTROPHES])),
        open=_row(mark[0]),
        close=_row(mark[1]),
        dash=_row(mark[2]),
        paragraph=_row(mark[3]),
        number=_row(there),
        inside=_row(mark[4][:n]),
        kind={int(i): (number[i, 1:] / there[i]).tolist() for i in np.flatnonzero(there > SMALLEST)},
    )


def _row(values: Floats) -> array[float]:
    return array("f", values.tobytes())


def _sigmoid(x: Floats) -> Floats:
    out: Floats = np.float32(1) / (np.float32(1) + np.exp(-x))
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
    def load(cls, light: Callable[[], Scorer], folder: Path = MODEL) -> MixedScorer:
        """The light scorer, which is made while the neural model in a folder is opened: that leaves Python's lock."""
        told = json.loads((folder / "mix.json").read_text(encoding="utf-8"))
        with ThreadPoolExecutor(1) as pool:
            neural = pool.submit(NeuralScorer.load, folder)
            return cls(light(), neural.result(), {name: Share(*weights) for name, weights in told.items()})

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        with ThreadPoolExecutor(1) as pool:
            light = pool.submit(self._light.score, view)  # Python's part of the work, while the net leaves its lock
            neural = self._neural.score(view)
        return mix(view, light.result(), neural, self._shares)


LIKELY = 0.2
"""From here on a possessive counts when the words of one name are weighed against each other."""


def mix(view: View, light: Scores, neural: Scores, shares: dict[str, Share]) -> Scores:
    """One opinion from two. A 0 of the light scorer means that it has none, and the neural one's stands."""
    s, plural = _mixed_s(view, light, neural, shares)
    mixed: dict[str, Any] = {
        name: _row(weigh(getattr(neural, name), getattr(light, name), shares[name]))
        for name in ("form", "lead", "accent", "open", "close", "dash", "paragraph", "number", "inside")
    }
    kind = {i: _mean(neural.kind.get(i), light.kind.get(i)) for i in neural.kind.keys() | light.kind.keys()}
    return Scores(s=_row(s), plural=_row(plural), kind=kind, **mixed)


def _mixed_s(view: View, light: Scores, neural: Scores, shares: dict[str, Share]) -> tuple[Floats, Floats]:
    """’s and s’: first whether there was an apostrophe at all, then on which side of the s."""
    (whether_a, which_a), (whether_b, which_b) = s_opinions(neural), s_opinions(light)
    its = np.array([word.lower() in AMBIGUOUS_S for word in view.words], bool)
    noun = weigh(whether_a, whether_b, shares["possessive"])
    whether = np.where(its, weigh(whether_a, whether_b, shares["its"]), noun)
    _last_of_name(view, whether)
    which = np.where(whether_b > 0, weigh(which_a, np.maximum(which_b, SMALLEST), shares["plural"]), which_a)
    return whether * (1 - which), whether * which


def _last_of_name(view: View, whether: Floats) -> None:
    """Of a name in several words only the last is a possessive: "Firas Fayyads" is not "Fira’s Fayyad’s". In place.

    Of two s at its end one is no plural's: "Keatss Odes" is "Keats’s Odes", where the first is the possessive.
    """
    for i in np.flatnonzero(whether[:-1] > LIKELY):
        both = view.words[i][0].isupper() and view.words[i + 1][0].isupper() and view.gaps[i + 1] == " "
        if both and whether[i + 1] > LIKELY:
            first, last = (i + 1, i) if view.words[i].endswith("ss") else (i, i + 1)
            whether[first] = min(whether[first], 1 - whether[last])


def s_opinions(scores: Scores) -> tuple[Floats, Floats]:
    """The probability that a word lost ’s or s’, and, given that, that it lost s’."""
    s, plural = np.array(scores.s, np.float32), np.array(scores.plural, np.float32)
    return np.minimum(s + plural, 1), plural / np.maximum(s + plural, 1e-9)


def weigh(neural: Sequence[float] | Floats, light: Sequence[float] | Floats, share: Share) -> Floats:
    """Two opinions as one, place by place."""
    a, b = np.asarray(neural, np.float32), np.asarray(light, np.float32)
    weight_a, weight_b, bias = (np.float32(x) for x in (share.neural, share.light, share.bias))
    out: Floats = np.where(b > 0, _sigmoid(weight_a * logits(a) + weight_b * logits(b) + bias), a)
    return out


def logits(p: Floats) -> Floats:
    """Log odds of probabilities, none farther out than those of SMALLEST."""
    held = np.clip(p, SMALLEST, 1 - SMALLEST)
    out: Floats = np.log(held / (1 - held))
    return out


def _mean(a: Sequence[float] | None, b: Sequence[float] | None) -> Sequence[float]:
    """Geometric mean of two opinions on the kind of a number; one of them may be missing."""
    if not (a and b):
        return a or b or ()
    parts = [math.sqrt(max(x, 1e-6) * max(y, 1e-6)) for x, y in zip(a, b, strict=True)]
    total = sum(parts)
    return [p / total for p in parts]
