"""Marks of emphasis fall silent: "*very*" → "very"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching

# Not inside a word: f**k, 5*3; but M*A*S*H is said as a word, and an underscore is a space.
MARKS = re.compile(r"(?<![\w*`])[*_`]+|(?<=[\w*`])(?<![*`])[*`][*_`]*(?![\w*`])|_+|(?<=[A-Z])\*(?=[A-Z])")

rule = matching(MARKS, lambda found, _: " " if found[0].strip("_") == "" else "")
