"""Train the neural repair scorer: MiniLM-L6, fine-tuned whole on texts damaged the way the scraper damages them.

    python train_neural.py CORPUS OUT --base MINILM --dev DEV.json --steps 4000 [--minutes 60] [--init RUN/last.pt]

CORPUS is a folder of clean UTF-8 texts (*.txt, paragraphs parted by blank lines); DEV.json lists the file names that
are held out. MINILM is the folder with model.safetensors and vocab.txt. Every epoch damages the texts anew: whole or
in part (so that the model also meets text that still has its apostrophes), cut into documents of other lengths.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import labels
import numpy as np
import torch
from encoder import LAYERS, RepairNet, load_pretrained, mean
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional
from train_augment import modernise

from audiobook.repair import pieces
from audiobook.repair.neural import NeuralScorer

PIECES = 2048
"""Pieces in a batch."""
WINDOW = NeuralScorer.window
"""Most pieces in a window."""
EDGE = 6
"""Words at a cut edge of a window that are not learned from: their context is missing."""

MODERN = 0.35
"""Share of documents that are modernised."""

SHARES = (
    ("films_", 1.0), ("pg_", 1.0), ("g-k-", 1.0), ("e-m-", 1.0), ("wiki_", 0.7), ("p-g-", 0.5), ("18f_", 0.5),
    ("extra-afaq", 0.5), ("extra-sky", 0.4), ("extra-naev", 0.5), ("extra-sotu", 0.25),
)  # fmt: skip
"""How often a file is read per epoch, by the start of its name: what is closest to a review counts most."""

APOS_WEIGHTS = (1.0, 1.0, 3.0, 1.5, 3.0)
MARK_WEIGHTS = (1.5, 1.5, 2.5, 0.5, 0.1)
"""Open, close, dash, paragraph, inside."""
ACCENT_WEIGHT, NUMBER_WEIGHT = 1.2, 0.8


# ---- data ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Example:
    """An encoded document with its labels, one row per word and one for the end of the text."""

    doc: pieces.Encoded
    low: list[str]
    """The damaged words in lower case."""
    words: np.ndarray
    """(n + 1, 2): apostrophe class or -1, accent."""
    marks: np.ndarray
    """(n + 1, 5): open, close, dash, paragraph, inside."""
    numbers: np.ndarray
    """(n + 1,)"""


def example(encoder: pieces.Encoder, truth: labels.Labelled) -> Example:
    """Encode a labelled document."""
    low = [w.text.lower() for w in truth.words]
    doc = encoder([w.text for w in truth.words], truth.gaps)
    words = np.array([[*truth.apos, -1], [*truth.accent, 0]]).T
    marks = np.array([truth.open, truth.close, truth.dash, truth.paragraph, [*truth.inside, 0]]).T
    return Example(doc, low, words, marks.astype(np.float32), np.array(truth.number))


def cut(text: str, rnd: random.Random) -> Iterator[str]:
    """Cut a text at paragraph breaks into documents of 300 to 3,000 words: what a document says of itself varies."""
    part: list[str] = []
    size, goal = 0, math.exp(rnd.uniform(math.log(300), math.log(3000)))
    for paragraph in text.split("\n\n"):
        part.append(paragraph)
        size += len(paragraph.split())
        if size >= goal:
            yield "\n\n".join(part)
            part, size, goal = [], 0, math.exp(rnd.uniform(math.log(300), math.log(3000)))
    if size > 20:
        yield "\n\n".join(part)


def examples_of(job: tuple[str, int]) -> list[Example]:
    """Damage and encode one file; runs in a worker."""
    path, seed = job
    rnd = random.Random(seed)
    text = Path(path).read_text(encoding="utf8").strip()
    made: list[Example] = []
    for part in cut(text, rnd):
        if rnd.random() < MODERN:
            part = modernise(part, rnd.randrange(2**31))
        made.append(example(_encoder, labels.damage(part, rnd.randrange(2**31))))
    return made


_encoder: pieces.Encoder
"""Each worker's own; set before the workers start."""


def epoch(pool: multiprocessing.pool.Pool, files: Sequence[Path], seed: int) -> list[Example]:
    """All documents of one epoch."""
    rnd = random.Random(seed)
    jobs: list[tuple[str, int]] = []
    for path in files:
        share = next((s for start, s in SHARES if path.name.startswith(start)), 1.0)
        times = int(share) + (rnd.random() < share % 1)
        jobs += [(str(path), rnd.randrange(2**31)) for _ in range(times)]
    return [e for made in pool.imap(examples_of, jobs, chunksize=8) for e in made]


Cut = tuple[Example, pieces.Window]


def training_cuts(examples: Sequence[Example], rnd: random.Random) -> list[Cut]:
    """Windows that cover every document once, beginning at a random phase."""
    cuts: list[Cut] = []
    for e in examples:
        total, start = len(e.doc.first), 0
        room = rnd.randint(48, WINDOW - 2)
        while start < total:
            end = int(np.searchsorted(e.doc.begin[1:], e.doc.begin[start] + room, side="right"))
            stop = min(total, max(start + 1, end))
            cuts.append((e, pieces.Window(start, stop, start, stop)))
            start, room = stop, WINDOW - 2
    return cuts


def batches(cuts: list[Cut], rnd: random.Random) -> list[list[Cut]]:
    """Windows of like length together, about PIECES pieces a batch, in random order."""
    rnd.shuffle(cuts)
    cuts = sorted(cuts, key=lambda c: -(_length(c) // 16))  # stable: random within a length
    groups: list[list[Cut]] = []
    longest = 0
    for c in cuts:
        if not groups or (len(groups[-1]) + 1) * longest > PIECES + 64:
            groups.append([])
            longest = _length(c)
        groups[-1].append(c)
    rnd.shuffle(groups)
    return groups


def _length(c: Cut) -> int:
    e, w = c
    end = len(e.doc.pieces) if w.stop == len(e.doc.first) else int(e.doc.begin[w.stop])
    return end - int(e.doc.begin[w.start]) + 2


@dataclass(slots=True)
class Tensors:
    """A batch for the net, with its labels; `weight` is 0 where nothing is learned."""

    inputs: tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
    words: Tensor
    marks: Tensor
    numbers: Tensor
    weight: Tensor


def tensors(encoder: pieces.Encoder, group: Sequence[Cut]) -> Tensors:
    """Collate windows and their labels."""
    b = pieces.collate(encoder, [(e.doc, w) for e, w in group])
    shape = b.first.shape
    words = np.zeros((*shape, 2), np.int64)
    words[:, :, 0] = -1
    marks = np.zeros((*shape, 5), np.float32)
    numbers = np.zeros(shape, np.int64)
    weight = np.zeros(shape, np.float32)
    for k, (e, w) in enumerate(group):
        n = w.stop - w.start
        words[k, :n] = e.words[w.start : w.stop]
        marks[k, :n] = e.marks[w.start : w.stop]
        numbers[k, :n] = e.numbers[w.start : w.stop]
        weight[k, :n] = 1
        if w.start > 0:
            weight[k, : min(EDGE, n // 4)] = 0
        if w.stop < len(e.doc.first):
            weight[k, n - min(EDGE, n // 4) : n] = 0
    inputs = tuple(torch.from_numpy(x) for x in (b.pieces, b.attention, b.features, b.first, b.before))
    return Tensors(inputs, *(torch.from_numpy(x) for x in (words, marks, numbers, weight)))  # type: ignore[arg-type]


# ---- learning -----------------------------------------------------------------------------------------------------


def losses(outputs: tuple[Tensor, Tensor, Tensor], t: Tensors) -> Tensor:
    """The parts of the loss: apostrophe, accent, five marks, number."""
    words, marks, numbers = (x.float() for x in outputs)
    weight = t.weight
    total = weight.sum().clamp(min=1)
    real = weight * (t.words[:, :, 0] >= 0)
    apos = functional.cross_entropy(
        words[:, :, :5].transpose(1, 2), t.words[:, :, 0], torch.tensor(APOS_WEIGHTS), ignore_index=-1, reduction="none"
    )
    truth = t.words[:, :, 1].float()
    accent = functional.binary_cross_entropy_with_logits(words[:, :, 5], truth, 1 + truth, reduction="none")
    mark = functional.binary_cross_entropy_with_logits(marks, t.marks, reduction="none")
    number = functional.cross_entropy(numbers.transpose(1, 2), t.numbers, reduction="none")
    parts = [(apos * weight).sum(), (accent * real).sum() * ACCENT_WEIGHT]
    parts += [(mark[:, :, k] * weight).sum() * MARK_WEIGHTS[k] for k in range(5)]
    parts.append((number * weight).sum() * NUMBER_WEIGHT)
    return torch.stack(parts) / total


def parameter_groups(net: RepairNet, top: float, fixed: int) -> list[dict[str, object]]:
    """Learning rates: new parts high, the encoder falling towards its lower layers, piece embeddings fixed.

    With `fixed` above 0 that many of the lowest layers, and all below them, are fixed too.
    """
    groups: list[dict[str, object]] = []
    below = ("positions.", "norm.", "word_rows", "document_rows", *(f"layers.{k}." for k in range(fixed)))
    for name, p in net.named_parameters():
        if name.startswith("pieces.") or (fixed and name.startswith(below)):
            p.requires_grad_(False)
            continue
        if name.startswith("layers."):
            rate = top * 0.85 ** (LAYERS - 1 - int(name.split(".")[1]))
        elif name.startswith(("positions.", "norm.")):
            rate = top * 0.85**LAYERS
        else:
            rate = top * {"document_rows": 0.3, "word_rows": 2.0}.get(name, 4.0)
        decay = 0.01 if p.dim() > 1 and not name.endswith("_rows") else 0.0
        groups.append({"params": [p], "lr": rate, "peak": rate, "weight_decay": decay})
    return groups


def hide_pieces(inputs: tuple[Tensor, ...], mask: int, rate: float, generator: torch.Generator) -> None:
    """Replace a few pieces by [MASK], in place: a brake on learning texts by heart."""
    pieces, attention = inputs[0], inputs[1]
    hidden = (torch.rand(pieces.shape, generator=generator) < rate) & (attention == 1)
    hidden[:, 0] = False
    pieces[hidden] = mask


# ---- judging ------------------------------------------------------------------------------------------------------

AMBIGUOUS = frozenset("its were well ill id hell shell shed wed lets cant wont ones others".split())


def predict(net: RepairNet, encoder: pieces.Encoder, e: Example) -> list[np.ndarray]:
    """The net's outputs for one document, from windows side by side."""
    n = len(e.doc.first)
    whole = [np.zeros((n, k), np.float32) for k in (6, 5, 7)]
    cuts = list(pieces.windows(e.doc, WINDOW, NeuralScorer.margin))
    for at in range(0, len(cuts), 8):
        group = cuts[at : at + 8]
        b = pieces.collate(encoder, [(e.doc, w) for w in group])
        inputs = [torch.from_numpy(x) for x in (b.pieces, b.attention, b.features, b.first, b.before)]
        outputs = [x.float().numpy() for x in net(*inputs)]
        for k, w in enumerate(group):
            for array, part in zip(whole, outputs, strict=True):
                array[w.keep_from : w.keep_to] = part[k, w.keep_from - w.start : w.keep_to - w.start]
    return whole


def judge(pairs: Sequence[tuple[Example, list[np.ndarray]]]) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 per class with every line at one half."""
    count: dict[str, list[int]] = {}

    def add(name: str, true: np.ndarray, said: np.ndarray) -> None:
        c = count.setdefault(name, [0, 0, 0])
        c[0] += int((true & said).sum())
        c[1] += int((~true & said).sum())
        c[2] += int((true & ~said).sum())

    for e, (words, marks, numbers) in pairs:
        n = len(e.doc)
        apos, best = e.words[:n, 0], words[:n, :5].argmax(1)
        amb = np.array([low in AMBIGUOUS for low in e.low], bool)
        add("ambiguous", (apos > 0) & amb, (best > 0) & amb)
        poss, said = np.isin(apos, (1, 2)) & ~amb, np.isin(best, (1, 2)) & ~amb
        add("s_any", poss, said)
        add("plural", (apos == 2) & ~amb, (best == 2) & ~amb)
        add("form", np.isin(apos, (3, 4)) & ~amb, np.isin(best, (3, 4)) & ~amb)
        add("accent", e.words[:n, 1] > 0, words[:n, 5] > 0)
        for k, name in enumerate(("open", "close", "dash", "paragraph")):
            add(name, e.marks[:, k] > 0, marks[:, k] > 0)
        found = numbers.argmax(1)
        add("number", e.numbers > 0, found > 0)
        add("kind", (e.numbers > 0) & (e.numbers == found), (e.numbers > 0) & (found > 0))
    rows: dict[str, tuple[float, float, float]] = {}
    for name, (tp, fp, fn) in count.items():
        rows[name] = (tp / max(1, tp + fp), tp / max(1, tp + fn), 2 * tp / max(1, 2 * tp + fp + fn))
    return rows


def evaluate(net: RepairNet, encoder: pieces.Encoder, dev: Sequence[Example]) -> str:
    """One line of figures for the log."""
    net.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        rows = judge([(e, predict(net, encoder, e)) for e in dev])
    net.train()
    return " ".join(f"{name} {f:.3f}({p:.2f},{r:.2f})" for name, (p, r, f) in rows.items())


# ---- the run ------------------------------------------------------------------------------------------------------


class Run:
    """One training run: the net, its optimiser, and where it stands."""

    def __init__(self, args: argparse.Namespace, vocabulary: Sequence[str]) -> None:
        torch.set_num_threads(args.threads)
        torch.manual_seed(args.seed)
        self.args = args
        self.encoder = pieces.Encoder(vocabulary)
        self.net = RepairNet(len(vocabulary), pieces.ROWS, pieces.WORD_ROWS, args.dropout)
        load_pretrained(self.net, load_file(args.base / "model.safetensors"))
        if args.init:
            self.net.load_state_dict(mean(args.init))
        self.optimiser = torch.optim.AdamW(parameter_groups(self.net, args.rate, args.fixed), fused=True)
        self._masking = torch.Generator().manual_seed(args.seed)
        self._start = self._saved = time.monotonic()
        self.steps = 0
        self.mean = torch.zeros(8)

    @property
    def done(self) -> float:
        """Share of the run that is over, by steps or by the clock, whichever is ahead."""
        minutes = (time.monotonic() - self._start) / 60
        return max(self.steps / self.args.steps, minutes / self.args.minutes)

    def learn(self, group: Sequence[Cut]) -> None:
        """One step."""
        scale = min(1.0, self.steps / self.args.warm_up) * max(0.0, 1 - self.done)
        for g in self.optimiser.param_groups:
            g["lr"] = g["peak"] * scale
        t = tensors(self.encoder, group)
        hide_pieces(t.inputs, self.encoder.tokens.mask, self.args.hide, self._masking)
        with torch.autocast("cpu", torch.bfloat16):
            outputs = self.net(*t.inputs)
        parts = losses(outputs, t)
        parts.sum().backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        self.mean += (parts.detach() - self.mean) / min(100, self.steps)

    def report(self, dev: Sequence[Example]) -> None:
        """Print how it goes, now and then; keep the weights, now and then."""
        if self.steps % 50 == 0:
            pace = (time.monotonic() - self._start) / self.steps
            parts = " ".join(f"{v * 1000:.1f}" for v in self.mean.tolist())
            print(f"{self.steps} {self.done:.3f} loss {self.mean.sum():.4f} [{parts}] {pace:.2f} s/step", flush=True)
        if time.monotonic() - self._saved > self.args.save_minutes * 60:
            self._saved = time.monotonic()
            self.keep(dev[::4])

    def keep(self, dev: Sequence[Example]) -> None:
        """Save the weights and judge them."""
        save(self.net, self.args.out / "last.pt")
        print("dev", evaluate(self.net, self.encoder, dev), flush=True)


def train(args: argparse.Namespace) -> None:
    """The whole run."""
    global _encoder
    vocabulary = (args.base / "vocab.txt").read_text(encoding="utf8").rstrip("\n").split("\n")
    _encoder = pieces.Encoder(vocabulary)
    held_out = sorted(json.loads(args.dev.read_text(encoding="utf8")))
    folders = [args.corpus, *args.more]
    texts = sorted((p for folder in folders for p in folder.glob("*.txt")), key=lambda path: path.name)
    files = [p for p in texts if p.name not in held_out]
    dev = [example(_encoder, labels.damage((args.corpus / n).read_text(encoding="utf8"), 7)) for n in held_out]
    args.out.mkdir(parents=True, exist_ok=True)
    rnd = random.Random(args.seed)
    with multiprocessing.get_context("fork").Pool(args.threads) as pool:  # before PyTorch starts threads of its own
        run = Run(args, vocabulary)
        run.net.train()
        for number in itertools.count(1):
            examples = epoch(pool, files, args.seed * 1000 + number)
            groups = batches(training_cuts(examples, rnd), rnd)
            print(f"epoch {number}: {len(examples)} documents, {len(groups)} steps", flush=True)
            for group in groups:
                if run.done >= 1:
                    run.keep(dev)
                    return
                run.learn(group)
                run.report(dev)


def save(net: RepairNet, path: Path) -> None:
    """Write the weights whole or not at all."""
    part = path.with_suffix(".part")
    torch.save(net.state_dict(), part)
    part.replace(path)


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    p = argparse.ArgumentParser(description="Train the neural repair scorer.")
    p.add_argument("corpus", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--base", type=Path, required=True, help="folder with model.safetensors and vocab.txt")
    p.add_argument("--dev", type=Path, required=True, help="JSON list of file names to hold out")
    p.add_argument("--more", type=Path, nargs="+", default=(), help="more folders of clean texts")
    p.add_argument("--init", type=Path, nargs="+", help="weights to go on from; of several, their mean")
    p.add_argument("--steps", type=int, default=5000)
    p.add_argument("--minutes", type=float, default=1e6, help="end by then, whatever the number of steps")
    p.add_argument("--save-minutes", type=float, default=10)
    p.add_argument("--rate", type=float, default=2.5e-4, help="peak learning rate of the top layer")
    p.add_argument("--warm-up", type=int, default=150)
    p.add_argument("--dropout", type=float, default=0.1)
    p.add_argument("--fixed", type=int, default=0, help="lowest layers that learn no more")
    p.add_argument("--hide", type=float, default=0.03)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    return p.parse_args(argv)


if __name__ == "__main__":
    train(arguments(sys.argv[1:]))
