"""The light model's file: one compressed blob of words, classes and small integer weights.

Layout after decompression: length of the header (4 bytes, little-endian), the header (JSON: name and length of every
section, and the models' scales), the sections one after another. Built by `train_light.py`.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from typing import Any

from audiobook.repair.accents import AccentTable
from audiobook.repair.features import Lexicon
from audiobook.repair.sparse import FIELD_BITS, SparseModel

FILE = "light.bin"
"""Name of the model's file, beside this module."""
_NO_KEY = bytes(set(range(256)) - {*range(ord("a"), ord("z") + 1), ord("\n")})
"""Bytes that a form's skeleton lacks: it is the form's plain small letters."""
_MARKED = {bit: bytes(bool(mark & bit) for mark in range(256)) for bit in (1, 2)}
"""Tables that tell of each mark whether it has the bit."""


_FIELDS = 64 // FIELD_BITS
"""Fields of a 64-bit number."""
_ZERO = 128
"""What a weight of 0 becomes when weights are shifted into the positive."""
_POSITIVE = bytes((byte + _ZERO) % 256 for byte in range(256))
"""That shift, for a weight as a byte."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the light tier knows."""

    lexicon: Lexicon
    accents: AccentTable
    models: Mapping[str, SparseModel]


@functools.cache
def load() -> Tables:
    """The tables that come with the package."""
    return decode(importlib.resources.files(__package__).joinpath(FILE).read_bytes())


def decode(blob: bytes) -> Tables:
    """Tables from the bytes of a model file."""
    raw = zlib.decompress(blob)
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    sections: dict[str, bytes] = {}
    at = 4 + length
    for name, size in header["sections"]:
        sections[name] = raw[at : at + size]
        at += size
    models = {name: _model(spec, sections, name) for name, spec in header["models"].items()}
    return Tables(_lexicon(sections, header["gaps"]), _accents(sections), models)


def _lexicon(sections: Mapping[str, bytes], gaps: list[str]) -> Lexicon:
    words = sections["words"].decode("ascii").split("\n")
    return Lexicon(
        {word: i for i, word in enumerate(words, start=1)},
        b"\0" + sections["frequency"],
        b"\0" + sections["apostrophe"],
        b"\xff" + sections["company"],
        b"\xff" + sections["grammar"],
        {gap: i for i, gap in enumerate(gaps, start=1)},
    )


def _accents(sections: Mapping[str, bytes]) -> AccentTable:
    """Forms, and by their skeletons the form for a capitalised word (mark 1), for a small one (2), or both (3)."""
    forms = sections["forms"].decode("utf8").split("\n")
    keys = sections["forms"].translate(None, _NO_KEY).decode("ascii").split("\n")
    rows = list(range(1, len(forms) + 1))  # once, for both columns to share
    capital, small = (
        dict(zip(compress(keys, marked), compress(rows, marked), strict=True))
        for marked in (sections["marks"].translate(_MARKED[bit]) for bit in (1, 2))
    )
    return AccentTable(["", *forms], array("H", [0]) + _integers("H", sections["traits"]), capital, small)


def _integers(code: str, data: bytes) -> array[int]:
    """Integers that were written little-endian, all low bytes first, then all second bytes, and so on."""
    numbers = array(code)
    size = numbers.itemsize
    count = len(data) // size
    woven = bytearray(len(data))
    for k in range(size):
        woven[k::size] = data[k * count : (k + 1) * count]
    numbers.frombytes(bytes(woven))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _model(spec: Mapping[str, Any], sections: Mapping[str, bytes], name: str) -> SparseModel:
    keys = accumulate(_integers("q", sections[f"{name}.keys"]))
    planes = [sections[f"{name}.{label}"] for label in spec["labels"]]
    weights = array("b", planes[0]) if len(planes) == 1 else _packed(planes)
    return SparseModel(tuple(spec["labels"]), dict(zip(keys, weights, strict=True)), tuple(spec["bias"]), spec["scale"])


def _packed(planes: Sequence[bytes]) -> Iterator[int]:
    """Sum up each feature's weights, the k-th of them shifted by k fields.

    Shifted into the positive, weights side by side are bytes side by side, which need no arithmetic.
    """
    fields = [_words(planes[k : k + _FIELDS]) for k in range(0, len(planes), _FIELDS)]
    shift = sum(_ZERO << FIELD_BITS * k for k in range(_FIELDS * len(fields)))
    if len(fields) == 1:
        return (low - shift for low in fields[0])
    low, high = fields
    return ((b << FIELD_BITS * _FIELDS) + a - shift for a, b in zip(low, high, strict=True))


def _words(planes: Sequence[bytes]) -> array[int]:
    """Lay up to `_FIELDS` weights, shifted into the positive, side by side in one 64-bit number."""
    size = FIELD_BITS // 8
    count = len(planes[0])
    woven = bytearray(_POSITIVE[:1] + bytes(size - 1)) * (count * _FIELDS)
    for k, plane in enumerate(planes):
        woven[size * k :: size * _FIELDS] = plane.translate(_POSITIVE)
    numbers = array("Q", bytes(woven))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
