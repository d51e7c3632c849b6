"""Write the trained net as ONNX: fewer pieces, int8 embeddings, int8 weights (per channel, dynamic activations).

    python export_neural.py RUN/last.pt [RUN/last.pt ...] FOLDER --base MINILM [--float]

Of several runs, each of which began with weights of those before, the mean of their weights is written; one that is
named twice counts twice. FOLDER gets model.onnx and vocabulary.txt, which is all that pieces.py reads.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from encoder import RepairNet, mean
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from audiobook.repair import pieces
from audiobook.repair.neural import NeuralScorer

KEPT_SIGNS = frozenset("—…£€æøßðþœłđ")
"""Beyond ASCII, the only letters and signs that reach the tokenizer in number."""


def kept_pieces(vocabulary: list[str]) -> list[int]:
    """Pieces that English text can come to: no other scripts, none of the unused places."""
    keep: list[int] = []
    for number, piece in enumerate(vocabulary):
        special = piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
        plain = all(c.isascii() or c in KEPT_SIGNS for c in piece) and not piece.startswith("[unused")
        if special or plain:
            keep.append(number)
    return keep


class SmallEmbedding(nn.Module):
    """Piece embeddings in int8, each with a scale of its own."""

    table: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("table", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, pieces: Tensor) -> Tensor:
        """Embeddings of pieces."""
        return self.table[pieces].float() * self.scale[pieces]


def export(runs: Sequence[Path], folder: Path, base: Path, *, as_float: bool) -> None:
    """Write model.onnx and vocabulary.txt."""
    vocabulary = (base / "vocab.txt").read_text(encoding="utf8").rstrip("\n").split("\n")
    net = RepairNet(len(vocabulary), pieces.ROWS, pieces.WORD_ROWS)
    net.load_state_dict(mean(runs))
    net.eval()
    keep = kept_pieces(vocabulary)
    table = net.pieces.weight.detach()[keep]
    net.pieces = nn.Embedding.from_pretrained(table) if as_float else SmallEmbedding(table)  # type: ignore[assignment]
    net.positions = nn.Embedding.from_pretrained(net.positions.weight.detach()[: NeuralScorer.window].clone())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary[k] for k in keep), encoding="utf8")
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        write_onnx(net, plain)
        if as_float:
            (folder / "model.onnx").write_bytes(plain.read_bytes())
        else:
            quantize_dynamic(
                plain,
                folder / "model.onnx",
                per_channel=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gemm"],
            )


def write_onnx(net: nn.Module, path: Path) -> None:
    """Trace the net into an ONNX file with free numbers of windows, pieces and words."""
    names = ["pieces", "attention", "features", "first", "before"]
    sizes = {name: {0: "windows", 1: "words" if name in ("first", "before") else "pieces"} for name in names}
    sizes |= {name: {0: "windows", 1: "words"} for name in ("words", "marks", "numbers")}
    sample = torch.randint(5, 2000, (2, 40))
    first = torch.arange(1, 31).repeat(2, 1)
    example = (sample, torch.ones_like(sample), torch.zeros(2, 40, pieces.ROWS), first, first - 1)
    torch.onnx.export(
        net,
        example,
        str(path),
        input_names=names,
        output_names=["words", "marks", "numbers"],
        dynamic_axes=sizes,
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))


def main() -> None:
    """The command line."""
    p = argparse.ArgumentParser(description="Write the trained net as ONNX.")
    p.add_argument("runs", type=Path, nargs="+")
    p.add_argument("folder", type=Path)
    p.add_argument("--base", type=Path, required=True)
    p.add_argument("--float", action="store_true", help="no quantising, to compare with")
    args = p.parse_args()
    export(args.runs, args.folder, args.base, as_float=args.float)


if __name__ == "__main__":
    main()
