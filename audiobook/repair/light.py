"""The light scorer: sparse linear models over words, classes and the document's own evidence. Pure Python."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping

from audiobook.repair import accents, features, forms, templates
from audiobook.repair.features import PAD, Reading
from audiobook.repair.scores import Scores, nothing
from audiobook.repair.sparse import SparseModel, sigmoid
from audiobook.repair.tables import Tables, load
from audiobook.repair.view import View


class LightScorer:
    """Scores a view with the tables that come with the package."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables = load() if tables is None else tables

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        scores = nothing(len(view.words))
        reading = features.read(view, self.tables.lexicon)
        models = self.tables.models
        _apostrophes(reading, scores, models)
        _between(reading, scores, models["between"])
        _inside(reading, scores, models["inside"])
        _numbers(reading, scores, models["number"])
        _paragraphs(reading, scores, models["paragraph"])
        self._accents(reading, scores, models["accent"])
        return scores

    def _accents(self, r: Reading, scores: Scores, model: SparseModel) -> None:
        table = self.tables.accents
        for i, row, length in accents.prepare(r, table):
            scores.accent[i] = sigmoid(model.logit(accents.features(r, table, i + PAD, row, length)))


def _apostrophes(r: Reading, scores: Scores, models: Mapping[str, SparseModel]) -> None:
    form, own, either_s = models["form"], models["own"], models["apostrophe"]
    is_candidate, apostrophe = templates.is_candidate, templates.apostrophe
    for i, low in enumerate(r.lower[PAD : PAD + r.count]):
        if not is_candidate(low):
            continue
        keys = apostrophe(r, i + PAD)
        if low in forms.AMBIGUOUS:
            scores.form[i] = sigmoid(form.logit(keys))
        elif low in forms.LEADING:
            scores.lead[i] = sigmoid(form.logit(keys))
        elif low in forms.NUMBER:
            scores.s[i] = sigmoid(own.logit(keys))
        else:
            s, plural = either_s.logits(keys)
            scores.s[i], scores.plural[i] = sigmoid(s), sigmoid(plural)


def _between(r: Reading, scores: Scores, model: SparseModel) -> None:
    templates.prepare_between(r)
    between, logits = templates.between, model.logits
    for i in range(r.count + 1):
        o, c, d = logits(between(r, i + PAD))
        if o > -7:
            scores.open[i] = sigmoid(o)
        if c > -7:
            scores.close[i] = sigmoid(c)
        if d > -7:
            scores.dash[i] = sigmoid(d)


def _inside(r: Reading, scores: Scores, model: SparseModel) -> None:
    spans = templates.segments(r)
    templates.prepare_segments(r, spans)
    for k, (a, b) in enumerate(spans):
        scores.inside[a:b] = array("d", [sigmoid(model.logit(templates.segment(r, k, spans)))]) * (b - a)


def _numbers(r: Reading, scores: Scores, model: SparseModel) -> None:
    for i, gap in enumerate(r.view.gaps):
        if templates.may_lack_number(gap, r.lower[i + PAD]):
            there, *kinds = model.logits(templates.number(r, i + PAD))
            scores.number[i] = sigmoid(there)
            top = max(kinds)
            parts = [math.exp(k - top) for k in kinds]
            total = sum(parts)
            scores.kind[i] = [p / total for p in parts]


def _paragraphs(r: Reading, scores: Scores, model: SparseModel) -> None:
    gaps = r.view.gaps
    for i in range(1, r.count):
        if "  " in gaps[i]:
            scores.paragraph[i] = sigmoid(model.logit(templates.paragraph(r, i + PAD)))
