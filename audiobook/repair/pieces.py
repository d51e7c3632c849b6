"""What the encoder reads: words and gaps as WordPiece pieces with features, cut into windows.

The encoder is uncased, sees no white space and reads a few hundred words at a time. Capitals, spacing, and what the
whole document says (does "Fayyad" stand alone elsewhere?) reach it as features, added to its embeddings. Training
imports this module too, so both sides see the same input. Needs numpy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

MAX_WORD_PIECES = 8
"""Longer words are cut: their tail says little, and a line of noise must not fill a window."""
MAX_GAP_PIECES = 6
"""Longer runs of punctuation are cut."""


class WordPiece:
    """The uncased WordPiece tokenizer of BERT: greedy, longest match first."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.cls, self.sep = self.ids["[CLS]"], self.ids["[SEP]"]
        self.pad, self.unknown, self.mask = self.ids["[PAD]"], self.ids["[UNK]"], self.ids["[MASK]"]

    def word(self, word: str) -> list[int]:
        """Pieces of a word."""
        return self._greedy(word.lower())[:MAX_WORD_PIECES]

    def gap(self, gap: str) -> list[int]:
        """Pieces of the punctuation in a gap; white space has none."""
        return [self.ids.get(c, self.unknown) for c in gap if not c.isspace()][:MAX_GAP_PIECES]

    def _greedy(self, part: str) -> list[int]:
        pieces: list[int] = []
        start = 0
        while start < len(part):
            head = "##" if start else ""
            for end in range(min(len(part), start + 20), start, -1):
                number = self.ids.get(head + part[start:end])
                if number is not None:
                    break
            else:
                return [self.unknown]
            pieces.append(number)
            start = end
        return pieces


# ---- the input: features beside the pieces ------------------------------------------------------------------------

FEATURES: tuple[tuple[str, int], ...] = (
    ("shape", 6),
    ("mark", 23),
    ("spaces", 6),
    ("trace", 9),
    ("count", 8),
    ("stem", 8),
    ("capital", 9),
    ("with_s", 4),
    ("left_pair", 6),
    ("right_pair", 6),
    ("contractions", 6),
    ("long_gaps", 6),
    ("length", 6),
)
"""Name and number of values of each feature of a word and the gap before it. 0 means that no word begins here."""
OFFSETS = np.concatenate(([0], np.cumsum([size for _, size in FEATURES])[:-1])).astype(np.int64)
"""First row of each feature in the table of feature rows."""
ROWS = sum(size for _, size in FEATURES)
WORD_ROWS = int(OFFSETS[10])
"""Rows before this one belong to words and gaps, the rest to the whole document."""

SURE_CONTRACTIONS = frozenset(
    "dont doesnt didnt isnt wasnt arent werent havent hasnt hadnt couldnt wouldnt shouldnt theyre youre theyve youve "
    "weve ive im theyll youll youd theyd thats whats theres heres hes shes itll aint mustnt neednt oclock".split()
)
"""Words that are nothing but contractions; their rate says whether the author contracts at all."""


def _bucket(count: int, edges: Sequence[int]) -> int:
    """How many of the rising `edges` the count reaches."""
    for place, edge in enumerate(edges):
        if count < edge:
            return place
    return len(edges)


def _shape(word: str) -> int:
    if word.islower():
        return 1
    if len(word) == 1:
        return 3
    if word.isupper():
        return 4
    return 2 if word[0].isupper() and word[1:].islower() else 5


_MARK_CLASSES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (11, re.compile(r"\(\W*\)")),
    (12, re.compile(r"\$")),
    (14, re.compile(r"\.\.")),
    (10, re.compile(r"[)\]]")),
    (9, re.compile(r"[(\[]")),
    (4, re.compile(r"[.!?]")),
    (7, re.compile(r"'")),
    (6, re.compile(r":")),
    (5, re.compile(r",")),
    (8, re.compile(r"-")),
    (19, re.compile(r"/")),
    (20, re.compile(r"[%#&@]")),
    (21, re.compile(r"\S")),
)
"""Value of the feature "mark" by what the gap holds; the first that fits."""


def _mark(gap: str) -> int:
    if not gap:
        return 3
    return next((number for number, pattern in _MARK_CLASSES if pattern.search(gap)), 2)


_RUNS = re.compile(" +")
_TRACES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (5, re.compile(r"\(\W*\)|\[\W*\]")),
    (4, re.compile(r"[$£€](?![\d(])")),
    (3, re.compile(r"(?:^| )-")),
    (6, re.compile(r"[,.:] ?[,.:](?!\.)")),
    (2, re.compile(r" [,.;:!?')%]")),
    (7, re.compile(r"[,;:]$")),
    (8, re.compile(r"\S {2,}$")),
)


def _trace(gap: str) -> int:
    """The kind of hole that a lost number leaves in a gap."""
    if gap in (" ", ", ", ". ", ""):
        return 1
    return next((number for number, pattern in _TRACES if pattern.search(gap)), 1)


def _gap_features(gap: str) -> tuple[int, int, int]:
    longest = max(map(len, _RUNS.findall(gap)), default=0)
    return _mark(gap), 1 + min(longest, 4), _trace(gap)


class Evidence:
    """What a whole document says about its words and its damage."""

    def __init__(self, words: Sequence[str], gaps: Sequence[str]) -> None:
        self.low = [word.lower() for word in words]
        self.counts = Counter(self.low)
        self.lower = {word for word in words if word.islower()}
        self.names = {
            low
            for low, word, gap in zip(self.low, words, gaps, strict=False)
            if word[0].isupper() and (gap == " " or gap == ", ")
        }
        self.pairs = Counter(zip(self.low, self.low[1:], strict=False))
        self.constant = self._document(words, gaps)

    def _document(self, words: Sequence[str], gaps: Sequence[str]) -> list[int]:
        total = max(1, len(words))
        sure = sum(self.counts[word] for word in SURE_CONTRACTIONS)
        long_gaps = sum("  " in gap and gap.strip(" ") != "" for gap in gaps)
        return [
            1 + _bucket(sure * 10000 // total, (1, 15, 50, 120)),
            1 + _bucket(long_gaps * 1000 // total, (1, 8, 20, 40)),
            1 + _bucket(len(words), (150, 400, 1000, 2500)),
        ]

    def word(self, i: int) -> list[int]:
        """The features of word `i` that the document's own words give: count, stem, capital, with_s, pairs."""
        low = self.low[i]
        counts = self.counts
        has_s = len(low) > 2 and low[-1] == "s"
        stem = low[:-1] if has_s else low
        alone = counts.get(stem, 0) if has_s else 0
        base = stem if alone else low
        left = self.pairs[self.low[i - 1], low] if i else 0
        right = self.pairs[low, self.low[i + 1]] if i + 1 < len(self.low) else 0
        return [
            1 + _bucket(counts[low], (1, 2, 3, 5, 9, 17)),
            2 + _bucket(alone, (1, 2, 3, 5, 9)) if has_s else 1,
            1 + (base in self.names) + 2 * (base in self.lower) + 4 * (low in self.lower),
            1 + _bucket(counts.get(low + "s", 0), (1, 2)),
            1 + _bucket(left, (1, 2, 3, 5)),
            1 + _bucket(right, (1, 2, 3, 5)),
        ]


@dataclass(slots=True)
class Encoded:
    """A document as the encoder reads it: a row of pieces, and where each word begins."""

    pieces: Ints
    """Piece ids, without [CLS]; the last one is the [SEP] that stands for the end of the text."""
    features: Bytes
    """Value of each feature of each word, shape (words + 1, features); the last row is the end of the text."""
    first: Ints
    """Place in `pieces` of each word's first piece, and of the end; words + 1 entries."""
    begin: Ints
    """Place in `pieces` where the gap before each word begins; words + 1 entries."""

    def __len__(self) -> int:
        """Number of words."""
        return len(self.first) - 1


class Encoder:
    """Turns a document into pieces and features."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.tokens = WordPiece(vocabulary)

    def __call__(self, words: Sequence[str], gaps: Sequence[str]) -> Encoded:
        """Encode the words of a document and the gaps around them, of which there is one more."""
        evidence = Evidence(words, gaps)
        # Few different ones make up most of a text. They are forgotten with it: in a batch, they would pile up.
        word_pieces = {word: self.tokens.word(word) for word in set(words)}
        gap_pieces = {gap: self.tokens.gap(gap) for gap in set(gaps)}
        gap_features = {gap: _gap_features(gap) for gap in set(gaps)}
        pieces: list[int] = []
        first: list[int] = []
        begin: list[int] = []
        rows = bytearray()  # as lists of numbers they took a third of a kilobyte a word
        for i, word in enumerate(words):
            begin.append(len(pieces))
            pieces += gap_pieces[gaps[i]]
            first.append(len(pieces))
            pieces += word_pieces[word]
            rows += bytes((_shape(word), *gap_features[gaps[i]], *evidence.word(i), *evidence.constant))
        begin.append(len(pieces))
        pieces += gap_pieces[gaps[-1]]
        first.append(len(pieces))
        pieces.append(self.tokens.sep)
        rows += bytes((0, *gap_features[gaps[-1]], *[0] * 6, *evidence.constant))
        if words:
            rows[1] = 1
        return Encoded(
            np.array(pieces, np.int64),
            np.frombuffer(rows, np.uint8).reshape(-1, len(FEATURES)),
            np.array(first, np.int64),
            np.array(begin, np.int64),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document that the encoder reads at once."""

    start: int
    """First word."""
    stop: int
    """One past the last word; the end of the text counts as a word."""
    keep_from: int
    """First word whose scores come from this window: the words before it are context."""
    keep_to: int


def windows(doc: Encoded, pieces: int, margin: int) -> Iterator[Window]:
    """Cut a document into windows of at most `pieces` pieces that share about `margin` pieces with each neighbour."""
    total = len(doc.first)
    ends = np.append(doc.begin[1:], len(doc.pieces))  # where each word ends in pieces
    room = pieces - 2  # [CLS] and [SEP]
    start = kept = 0
    while True:
        stop = max(start + 1, int(np.searchsorted(ends, doc.begin[start] + room, side="right")))
        if stop >= total:
            yield Window(start, total, kept, total)
            return
        keep_to = int(np.searchsorted(ends, ends[stop - 1] - margin // 2))
        keep_to = min(stop, max(kept + 1, keep_to))
        yield Window(start, stop, kept, keep_to)
        kept = keep_to
        start = max(start + 1, int(np.searchsorted(doc.begin, doc.begin[kept] - margin // 2)))
        start = min(start, kept)


@dataclass(slots=True)
class Batch:
    """Windows side by side, padded."""

    pieces: Ints
    """(windows, pieces)"""
    attention: Ints
    """(windows, pieces): 1 where a piece is."""
    features: Floats
    """(windows, pieces, ROWS): 1 for each feature row of the word that begins here."""
    first: Ints
    """(windows, words): place of each word's first piece."""
    before: Ints
    """(windows, words): place of the first piece of the word before, or of [CLS]."""


def collate(encoder: Encoder, cuts: Sequence[tuple[Encoded, Window]]) -> Batch:
    """Put windows into arrays."""
    tokens = encoder.tokens
    spans = [(int(doc.begin[w.start]), _window_end(doc, w)) for doc, w in cuts]
    long = max(b - a for a, b in spans) + 2
    wide = max(w.stop - w.start for _, w in cuts)
    n = len(cuts)
    batch = Batch(
        np.full((n, long), tokens.pad, np.int64),
        np.zeros((n, long), np.int64),
        np.zeros((n, long, ROWS), np.float32),
        np.zeros((n, wide), np.int64),
        np.zeros((n, wide), np.int64),
    )
    for k, ((doc, w), (a, b)) in enumerate(zip(cuts, spans, strict=True)):
        whole = w.stop == len(doc.first)  # its last piece is the [SEP] already
        size = b - a + 1 + (not whole)
        batch.pieces[k, 0] = tokens.cls
        batch.pieces[k, 1 : b - a + 1] = doc.pieces[a:b]
        batch.pieces[k, size - 1] = tokens.sep
        batch.attention[k, :size] = 1
        first = doc.first[w.start : w.stop] - a + 1
        batch.first[k, : len(first)] = first
        batch.before[k, 1 : len(first)] = first[:-1]
        rows = np.zeros((len(first), ROWS), np.float32)
        np.put_along_axis(rows, doc.features[w.start : w.stop] + OFFSETS, 1.0, axis=1)
        batch.features[k, first] = rows
    return batch


def _window_end(doc: Encoded, w: Window) -> int:
    return len(doc.pieces) if w.stop == len(doc.first) else int(doc.begin[w.stop])
