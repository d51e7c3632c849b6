"""Signs that are said, and those that are silent: "R&B" → "R and B", "and/or" → "and or", "#5" → "number five"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching

SAID = (
    (r"&lt;", "less than"),
    (r"&gt;", "greater than"),
    (r"&(?:amp;)?", "and"),
    (r"@(?=\w)|(?<= )@(?= )|(?<=\w)@", "at"),
    (r"№", "number"),
    (r"\$(?=\d)", "dollars"),
    (r"£(?=\d)", "pounds"),
    (r"€(?=\d)", "euros"),
    (r"#(?=\d|\[\w+[ ]missing\])", "number"),
    (r"#(?=[^\W\d_])", "hashtag"),
    (r"%", "percent"),
    (r"‰", "per mille"),
    (r"(?<=[\w)] )−(?= [\w(])|(?<=[\w)])−(?=\d)", "minus"),
    (r"(?<=\w)\^(?=-?\d)", "to the power of"),
    (r"(?<=[\w+])\+|(?<=[\w)] )\+(?= [\w(])|\+(?=\d)", "plus"),
    (r"(?<=[\w)])=(?=[\w(])|(?<=[\w)] )=(?= [\w(-])", "equals"),
    (r"(?<=\d)\*(?=\d)|(?<=\d )\*(?= \d)|×", "times"),
    (r"÷", "divided by"),
    (r"±", "plus or minus"),
    (r"≈|(?<!\S)~(?=\$?\d)", "about"),
    (r"(?<=[\w)] )<(?= [\w(-])|(?<![\w])<(?=\d)|(?<=\d)<(?=\d)", "less than"),
    (r"(?<=[\w)] )>(?= [\w(-])|(?<!\S)>(?=\d)|(?<=\d)>(?=\d)", "greater than"),
    (r"≤", "at most"),
    (r"≥", "at least"),
    (r"§", "section"),
    (r"°", "degrees"),
    (r"©", "copyright"),
    (r"[/|\\^~•·]", ""),
)
"""A sign with what is around it, and its words. "+++" and "= = =" part scenes, so they are silent."""
SIGN = re.compile("|".join(f"({pattern})" for pattern, _ in SAID))

rule = matching(SIGN, lambda found, _: f" {SAID[(found.lastindex or 0) - 1][1]} ")
