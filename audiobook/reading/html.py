"""HTML pages: the article, its metadata, and none of the site around it."""

from __future__ import annotations

import re

from audiobook.reading import FURNITURE, NOTES, Document, furniture, markup, notes, plain, told, tree
from audiobook.reading.tree import Element

# Dublin Core in HTML, Open Graph, schema.org's microdata, and what pages made of Word or TeX carry. The first counts.
TITLES = ("og:title", "dc.title", "dcterms.title", "twitter:title")
AUTHORS = ("author", "dc.creator", "dcterms.creator", "article:author", "parsely-author", "sailthru.author")
DATES = (
    "article:published_time",
    "datepublished",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "dc.date.issued",
    "date",
)
LANGUAGES = ("dc.language", "dcterms.language", "og:locale", "content-language")
DESCRIPTIONS = ("description", "og:description", "dc.description", "dcterms.description")
CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


def read(label: str, raw: bytes, keep: frozenset[str]) -> Document:
    """Read a page. Raises SourceError for one that is too large or broken."""
    html, said = plain.decode(label, raw, plain.declared(raw, CHARSET))
    page = tree.parse(label, html)
    text, left = article(page, keep)
    return _with_metadata(page, text, (*said, *left))


def article(page: Element, keep: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Return a page's text, and notes on what was left out."""
    root = page if FURNITURE in keep else furniture.article(page)
    left_out = furniture.hidden(root) | notes.back_links(root)
    if FURNITURE not in keep:
        left_out |= furniture.find(root)
    count = 0
    if NOTES not in keep:
        marks, count = notes.find({"": root})
        left_out |= marks
    left_out.discard(root)
    pieces = notes.without_empty_titles(markup.blocks(root, left_out)) if count else markup.blocks(root, left_out)
    return markup.joined(pieces), told.left_out(count)


def _with_metadata(page: Element, text: str, said: tuple[str, ...]) -> Document:
    meta: dict[str, str] = {}
    for one in page.elements():
        name = one.get("property") or one.get("name") or one.get("http-equiv") or one.get("itemprop")
        value = one.get("content") or one.get("datetime")
        if one.tag in ("meta", "time") and name and value.strip():
            meta.setdefault(name.strip().lower(), value)
    named = next((one.text() for one in page.elements() if one.tag == "title"), "")
    authors = [name for name in (told.line(meta.get(each, "")) for each in AUTHORS) if not name.startswith("http")]
    return Document(
        text,
        title=_first(meta, TITLES) or told.line(named),
        author=next(filter(None, authors), ""),
        published=told.date(_first(meta, DATES)),
        language=told.language(page.get("lang") or page.get("xml:lang") or _first(meta, LANGUAGES)),
        description=_first(meta, DESCRIPTIONS),
        notes=said,
    )


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((told.line(meta[name]) for name in names if told.line(meta.get(name, ""))), "")
