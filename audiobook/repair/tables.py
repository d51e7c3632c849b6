"""The light model's file: one compressed blob of words, classes and small integer weights.

Layout after decompression: length of the header (4 bytes, little-endian), the header (JSON: name and length of every
section, and the models' scales), the sections one after another. Built by `train_light.py`.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
import struct
import sys
import zlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from audiobook.repair.accents import AccentTable
from audiobook.repair.features import Lexicon
from audiobook.repair.sparse import FIELD_BITS, SparseModel

FILE = "light.bin"
"""Name of the model's file, beside this module."""


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
    text = sections["forms"].decode("utf8")
    forms = text.split("\n")
    keys = re.sub("[^a-z\n]", "", text).split("\n")
    marks = sections["marks"]
    traits = _integers("H", sections["traits"])
    capital = {key: i for i, (key, m) in enumerate(zip(keys, marks, strict=True), start=1) if m & 1}
    small = {key: i for i, (key, m) in enumerate(zip(keys, marks, strict=True), start=1) if m & 2}
    return AccentTable(["", *forms], [0, *traits], capital, small)


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
    keys = list(accumulate(_integers("q", sections[f"{name}.keys"])))
    planes = [sections[f"{name}.{label}"] for label in spec["labels"]]
    if len(planes) == 1:
        weights = dict(zip(keys, array("b", planes[0]), strict=True))
    else:
        columns = [array("b", plane) for plane in planes]
        packed = list(columns[0])
        for k, column in enumerate(columns[1:], start=1):
            shift = FIELD_BITS * k
            packed = [p + (w << shift) for p, w in zip(packed, column, strict=True)]
        weights = dict(zip(keys, packed, strict=True))
    return SparseModel(tuple(spec["labels"]), weights, tuple(spec["bias"]), spec["scale"])
