"""Build the vocabulary: words, how common they are, and which company they keep.

Each word gets a frequency bucket (wordfreq), an apostrophe bucket (how much commoner "father's" is than "fathers"
in wordfreq), and a class of words that stand in the same places (k-means over reduced neighbour counts of CORPUS).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize
from wordfreq import get_frequency_dict, zipf_frequency

CLASSES = 250
COARSE = 40
CONTEXTS = 1500
"""The commonest words, each a dimension to the left and to the right of a word."""


def common_words(limit: int) -> list[str]:
    """The commonest English words of wordfreq that are plain letters."""
    seen: dict[str, float] = {}
    for word, freq in get_frequency_dict("en", "large").items():
        if re.fullmatch("[a-z]+", word):
            seen[word] = freq
    return sorted(seen, key=lambda w: -seen[w])[:limit]


def zipf_bucket(word: str) -> int:
    """0 for an unknown word, else 1 to 15 in half steps of Zipf's scale from 1.0."""
    z = zipf_frequency(word, "en", "large")
    return 0 if z <= 0 else max(1, min(15, round((z - 1.0) * 2) + 1))


def apostrophe_bucket(word: str) -> int:
    """0 where it says nothing, else 1 to 15: log10 of "X's" over "Xs", in half steps around 8."""
    if not word.endswith("s") or len(word) < 3:
        return 0
    plain = zipf_frequency(word, "en", "large")
    owned = zipf_frequency(word[:-1] + "'s", "en", "large")
    if plain <= 0 and owned <= 0:
        return 0
    return max(1, min(15, round((max(owned, 0.8) - max(plain, 0.8)) * 2) + 8))


def neighbour_classes(documents: list[list[str]], vocabulary: list[str], seed: int) -> tuple[dict[str, int], list[int]]:
    """Class of every word seen five times or more, and the coarse class of every class."""
    counts = Counter(w for doc in documents for w in doc)
    rows = [w for w in vocabulary if counts[w] >= 5]
    row = {w: i for i, w in enumerate(rows)}
    context = {w: i for i, (w, _) in enumerate(counts.most_common(CONTEXTS))}
    pairs: Counter[tuple[int, int]] = Counter()
    for doc in documents:
        for k in range(1, len(doc)):
            a, b = doc[k - 1], doc[k]
            if a in row and b in context:
                pairs[row[a], context[b]] += 1
            if b in row and a in context:
                pairs[row[b], CONTEXTS + context[a]] += 1
    ij = np.array(list(pairs), dtype=np.int64)
    values = np.array(list(pairs.values()), dtype=np.float64)
    matrix = sparse.csr_matrix((values, (ij[:, 0], ij[:, 1])), shape=(len(rows), 2 * CONTEXTS))
    total = matrix.sum()
    left = np.asarray(matrix.sum(1)).ravel()
    down = np.asarray(matrix.sum(0)).ravel() ** 0.75
    down *= total / down.sum()
    coo = matrix.tocoo()
    pmi = np.log(coo.data * total / (left[coo.row] * down[coo.col]))
    keep = pmi > 0
    ppmi = sparse.csr_matrix((pmi[keep], (coo.row[keep], coo.col[keep])), shape=matrix.shape)
    vectors = normalize(TruncatedSVD(80, random_state=seed).fit_transform(ppmi))
    weights = np.sqrt(np.array([counts[w] for w in rows], dtype=np.float64))
    fine = KMeans(CLASSES, n_init=1, random_state=seed, max_iter=60).fit(vectors, sample_weight=weights)
    mass = np.bincount(fine.labels_, weights=weights, minlength=CLASSES)
    coarse = KMeans(COARSE, n_init=3, random_state=seed).fit(fine.cluster_centers_, sample_weight=mass)
    return {w: int(c) for w, c in zip(rows, fine.labels_, strict=True)}, [int(c) for c in coarse.labels_]


_REDUCED = {"NNP": "NP", "NNPS": "NP", "VBP": "VB", "JJR": "JJR", "JJS": "JJS", "RBR": "RB", "RBS": "RB"}
_KINDS = {
    "NOUN": ("NN", "NNS"),
    "VERB": ("VB", "VBZ", "VBD", "VBN", "VBG"),
    "ADJ": ("JJ", "JJR", "JJS"),
    "ADV": ("RB",),
}


def grammar(vocabulary: list[str], limit: int = 150) -> tuple[dict[str, int], list[str]]:
    """Grammatical class of every word that Brill's lexicon or the SPECIALIST tables of lemminflect know.

    A class is the tag that Brill saw most and every tag the word can have: "NN|NN,VB" for "benefit". The commonest
    `limit` classes of the vocabulary are kept whole; the rest fall back to Brill's tag alone.
    """
    import lemminflect

    brill = _brill()
    names: dict[str, tuple[str, str]] = {}
    for word in vocabulary:
        tags = _tags(lemminflect, word)
        first = brill.get(word) or brill.get(word.capitalize()) or brill.get(word.upper()) or ""
        if first or tags:
            names[word] = (f"{first}|{','.join(sorted(tags))}", first or min(tags))
    common = Counter(full for full, _ in names.values())
    kept = {full for full, n in common.most_common(limit) if n >= 3}
    chosen = {w: full if full in kept else short for w, (full, short) in names.items()}
    labels = sorted(set(chosen.values()))
    number = {label: i for i, label in enumerate(labels)}
    return {w: number[label] for w, label in chosen.items()}, labels


def _tags(lemminflect: Any, word: str) -> set[str]:
    found: set[str] = set()
    for upos, lemmas in lemminflect.getAllLemmas(word).items():
        if upos not in _KINDS:
            continue
        for lemma in lemmas:
            forms = lemminflect.getAllInflections(lemma, upos)
            found |= {tag for tag, words in forms.items() if word in words and tag in _KINDS[upos]}
    return found


def _brill() -> dict[str, str]:
    """Brill's lexicon (MIT), as textblob carries it: word and the tag seen most."""
    import textblob

    path = Path(textblob.__file__).parent / "en" / "en-lexicon.txt"
    lexicon: dict[str, str] = {}
    for line in path.read_text(encoding="utf8").splitlines():
        word, _, tag = line.partition(" ")
        if line.startswith(";;;") or not re.fullmatch("[A-Za-z]+", word):
            continue
        tag = tag.split()[0] if tag else ""
        if tag and tag[0].isalpha():
            lexicon.setdefault(word, _REDUCED.get(tag, tag))
    return lexicon
