"""Marks of emphasis fall silent: "*very*" → "very"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching

# Not inside a word: f**k, snake_case. Between numbers an asterisk multiplies.
MARKS = re.compile(r"(?<![\w*`])[*_`]+|(?<=[\w*`])(?<![*`])[*`][*_`]*(?![\w*`])|_+")

rule = matching(MARKS, lambda found, _: " " if found[0].strip("_") == "" else "")
