"""A linear model over sparse features, several labels at once, in plain integers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat

FIELD_BITS = 16
"""Every label's sum has a field of so many bits in one integer: a feature is looked up once for all labels."""

_HALF = 1 << (FIELD_BITS - 1)
_MASK = (1 << FIELD_BITS) - 1


_NONE = repeat(0)
"""The weight of a feature that is not known."""


def sigmoid(x: float) -> float:
    """The logistic function, safe for large |x|."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def logit(p: float) -> float:
    """The inverse of `sigmoid`, held within ±14."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class SparseModel:
    """Logistic regression with int8 weights."""

    labels: tuple[str, ...]
    weights: Mapping[int, int]
    """Feature to its weights, one field of FIELD_BITS per label, summed with their signs."""
    bias: tuple[float, ...]
    scale: float
    """What one unit of a weight is worth, in logits."""

    def logits(self, keys: Iterable[int]) -> list[float]:
        """One logit per label."""
        total = sum(map(self.weights.get, keys, _NONE))
        out: list[float] = []
        for bias in self.bias:
            field = (total + _HALF & _MASK) - _HALF
            out.append(bias + field * self.scale)
            total = total - field >> FIELD_BITS
        return out

    def logit(self, keys: Iterable[int]) -> float:
        """The logit of the only label."""
        return self.bias[0] + self.scale * sum(map(self.weights.get, keys, _NONE))
