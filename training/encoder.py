"""The encoder that train_neural.py trains: BERT as in MiniLM-L6, with feature rows added to its embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN = 384
LAYERS = 6
HEADS = 12
INNER = 1536
GAP_INNER = 256


class SharedDropout(nn.Module):
    """Dropout with one mask for all positions of a window: as good a brake here, and far cheaper on a CPU."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Drop."""
        if not self.training or self.rate == 0:
            return x
        keep = 1 - self.rate
        mask = torch.empty(x.shape[0], 1, x.shape[2], dtype=x.dtype).bernoulli_(keep) / keep
        return x * mask


class Layer(nn.Module):
    """One layer of BERT: attention, then two linear steps, each added to what came in."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = SharedDropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`bias` is added to the attention: very low where there is only padding."""
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        # Written out: PyTorch's fused attention is twice as slow backwards in bfloat16 on a CPU.
        weights = (q * (HIDDEN // HEADS) ** -0.5) @ k.transpose(-1, -2) + bias.to(q.dtype)
        heads = weights.softmax(-1) @ v
        x = self.norm1(x + self.drop(self.out(heads.transpose(1, 2).reshape(b, n, HIDDEN))))
        return self.norm2(x + self.drop(self.down(functional.gelu(self.up(x)))))


class RepairNet(nn.Module):
    """Logits for words (5 apostrophe classes, accent), gap marks and lost numbers."""

    def __init__(self, vocabulary: int, rows: int, word_rows: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        # Features of a word start small but not at nothing, so that they are felt at once. Those of the document are
        # the same at every word: there they start at nothing and learn slowly, or they would drown the words.
        self.word_rows = nn.Parameter(torch.randn(HIDDEN, word_rows) * 0.02)
        self.document_rows = nn.Parameter(torch.zeros(HIDDEN, rows - word_rows))
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.drop = SharedDropout(dropout)
        self.word_head = nn.Linear(HIDDEN, 6)
        self.gap_left = nn.Linear(HIDDEN, GAP_INNER)
        self.gap_right = nn.Linear(HIDDEN, GAP_INNER)
        self.mark_head = nn.Linear(GAP_INNER, 5)
        self.number_head = nn.Linear(GAP_INNER, 7)
        # Almost nothing is lost at almost every place: start from there.
        with torch.no_grad():
            for head, usual in ((self.word_head, (4, 0, 0, 0, 0, -6)), (self.number_head, (4, 0, 0, 0, 0, 0, 0))):
                head.weight.mul_(0.3)
                head.bias.copy_(torch.tensor(usual))
            self.mark_head.weight.mul_(0.3)
            self.mark_head.bias.copy_(torch.tensor((-4, -4, -4, -4, -2)))

    def forward(
        self, pieces: Tensor, attention: Tensor, features: Tensor, first: Tensor, before: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The inputs are those of `pieces.Batch`."""
        rows = torch.cat((self.word_rows, self.document_rows), 1)
        x = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]] + functional.linear(features, rows)
        x = self.drop(self.norm(x))
        bias = ((1 - attention) * -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        right = x.gather(1, first[:, :, None].expand(-1, -1, HIDDEN))
        left = x.gather(1, before[:, :, None].expand(-1, -1, HIDDEN))
        gap = self.drop(functional.gelu(self.gap_left(left) + self.gap_right(right)))
        return self.word_head(self.drop(right)), self.mark_head(gap), self.number_head(gap)


def load_pretrained(net: RepairNet, weights: dict[str, Tensor]) -> None:
    """Copy MiniLM's weights in. Its token type 0 is added to the positions."""
    e = "embeddings."
    with torch.no_grad():
        net.pieces.weight.copy_(weights[e + "word_embeddings.weight"])
        token_type = weights[e + "token_type_embeddings.weight"][0]
        net.positions.weight.copy_(weights[e + "position_embeddings.weight"] + token_type)
        _copy(net.norm, weights, e + "LayerNorm")
        for k, layer in enumerate(net.layers):
            at = f"encoder.layer.{k}."
            for part in ("weight", "bias"):
                joined = [weights[f"{at}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                getattr(layer.qkv, part).copy_(torch.cat(joined))
            _copy(layer.out, weights, at + "attention.output.dense")
            _copy(layer.norm1, weights, at + "attention.output.LayerNorm")
            _copy(layer.up, weights, at + "intermediate.dense")
            _copy(layer.down, weights, at + "output.dense")
            _copy(layer.norm2, weights, at + "output.LayerNorm")


def _copy(module: nn.Linear | nn.LayerNorm, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[name + ".weight"])
    module.bias.copy_(weights[name + ".bias"])


def mean(runs: Sequence[Path]) -> dict[str, Tensor]:
    """The mean of the weights of several runs. After Wortsman and others, "Model soups", 2022."""
    weights = [torch.load(run) for run in runs]
    return {name: sum(w[name].float() for w in weights) / len(weights) for name in weights[0]}
