"""What anybody may hand to the program, and the way each takes in: any bytes at all must end in a result or our error.

`tests/test_hostile.py` tries some on every run; `make fuzz` tries 100,000 of each.
"""

from __future__ import annotations

import atexit
import importlib.util
import io
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from audiobook import book, edits, facts, lexicon, source, tables, voice
from audiobook.book import Metadata
from audiobook.errors import AudiobookError
from audiobook.reading import FURNITURE, NOTES
from audiobook.repair import Options, repair
from audiobook.repair.explain import reasons
from audiobook.spoken import utter
from audiobook.tables import Columns
from tests.documents import docx, epub, packed, paragraph

MEMORY = Path("/dev/shm")  # noqa: S108  # where there is such a folder: a file a thousand times a second is no work for a disk
FOLDER = Path(tempfile.mkdtemp(prefix="hostile-", dir=MEMORY if MEMORY.is_dir() else None))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
KEEP = frozenset({NOTES, FURNITURE})
LIGHT = Options(model="light")
TEXT = (
    "It hasnt rained since  , and Unas boat lay on the citys quay   Nobody went.\n\n"
    "# The Ferry\r\nMr. A. Cole said “so” ( ).\n"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A way in."""

    take: Callable[[bytes], None]
    """Takes the bytes in. Raises AudiobookError for what is refused."""
    seeds: tuple[bytes, ...]
    """What to begin with."""


def _file(raw: bytes, name: str) -> Path:
    path = FOLDER / name
    path.write_bytes(raw)
    return path


def _source(name: str) -> Callable[[bytes], None]:
    def take(raw: bytes) -> None:
        path = str(_file(raw, name))
        text = source.read(path, KEEP if len(raw) % 2 else frozenset()).text
        assert any(map(str.isalnum, text))

    return take


BOOK = {
    "OEBPS/one.xhtml": b"<html><body><h1>One</h1><p>Una<a href='#n' epub:type='noteref'>1</a>"
    b"<aside id='n'>note</aside>",
    "OEBPS/nav.xhtml": b"<html><body><nav epub:type='toc'><ol><li><a href='one.xhtml#x'>One</a></ol></nav>"
    b"</body></html>",
    "OEBPS/book.opf": b"<package xmlns='http://www.idpf.org/2007/opf'><manifest><item id='a' href='one.xhtml' "
    b"media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/></spine></package>",
    "META-INF/container.xml": b"<container><rootfiles><rootfile full-path='OEBPS/book.opf'/></rootfiles></container>",
    "META-INF/encryption.xml": b"<encryption><EncryptedData><CipherReference URI='OEBPS/one.xhtml'/></EncryptedData>"
    b"</encryption>",
}
WORD = {
    "word/document.xml": b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
    b"<w:p><w:pPr><w:pStyle w:val='Sheading1'/></w:pPr><w:r><w:t>One</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r>"
    b"<w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
    "word/styles.xml": b"<w:styles xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:style "
    b"w:type='paragraph' w:styleId='Sheading1'><w:name w:val='heading 1'/></w:style></w:styles>",
    "word/footnotes.xml": b"<w:footnotes xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
    b"<w:footnote w:id='2'><w:p><w:r><w:t>n</w:t></w:r></w:p></w:footnote></w:footnotes>",
    "docProps/core.xml": b"<cp:coreProperties xmlns:cp='x' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>T</dc:title>"
    b"</cp:coreProperties>",
    "_rels/.rels": b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship "
    b"Id='a' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' "
    b"Target='word/document.xml'/></Relationships>",
}


def _archive(name: str, whole: Callable[[Mapping[str, bytes]], bytes], parts: Mapping[str, bytes]) -> Target:
    """Put the bytes in the place of a part, which the first one chooses: an archive's sums would stop the rest."""
    names = list(parts)
    read = _source(name)

    def take(raw: bytes) -> None:
        read(whole({names[raw[0] % len(names)]: raw[1:]} if raw else {}))

    return Target(take, tuple(bytes([number]) + content for number, content in enumerate(parts.values())))


def _epub(parts: Mapping[str, bytes]) -> bytes:
    return epub({"one.xhtml": "<p>Una keeps<a href='#n'>1</a> the key.</p><p id='n'>Since 1998.</p>"}, parts)


def _docx(parts: Mapping[str, bytes]) -> bytes:
    return docx(paragraph("The Ferry", "Sheading1") + paragraph("Una keeps the key"), parts)


def _repair(raw: bytes) -> None:
    text = raw.decode("utf-8", "ignore")
    repaired = repair(text, LIGHT)
    assert edits.apply(text, repaired.edits) == repaired.text
    assert edits.revert(repaired.text, edits.load(edits.dump(repaired.edits))) == text
    assert sum(1 for _ in reasons(repaired.suspects, text)) == len(repaired.suspects)
    if not any(map(str.isalnum, text)):
        return
    made = book.parse(repaired.text, Metadata(), "fuzz")
    spoken = [sentence for chapter in made.chapters for chunk in chapter.chunks for sentence in chunk.sentences]
    for sentence in spoken:
        utter(sentence, "en")
    known = facts.load(_file(facts.dump(repaired).encode(), "own.toml"))
    assert facts.values(known, repaired, FOLDER) == {}


LOST = repair("It hasnt rained since  , and Una waits.", LIGHT)


def _facts(raw: bytes) -> None:
    known = facts.load(_file(raw, "facts.toml"))
    facts.values(known, LOST, FOLDER)


def _profile(raw: bytes) -> None:
    voice.load(str(_file(raw, "voice.toml")))


def _lexicon(raw: bytes) -> None:
    known = lexicon.load(_file(raw, "own.pls"))
    known.apply(utter("Una Quirke's Salt-Road isn't at 5, UNA said.", "en"))


def _edits(raw: bytes) -> None:
    edits.revert("The citys quay", edits.load(raw.decode("utf-8", "ignore")))


def _table(kind: str) -> Callable[[bytes], None]:
    def take(raw: bytes) -> None:
        path = _file(raw, f"table.{kind}")
        for row in tables.rows(path, Columns("text", "a", "b", "c", "d") if len(raw) % 2 else Columns()):
            assert isinstance(row, AudiobookError) or any(map(str.isalnum, row.text))

    return take


PAGE = (
    b"<!DOCTYPE html><html lang=en><title>t</title><meta charset=utf-8><body><h1>A <em>b</em></h1><p>x<sup>"
    b"<a href='#n'>1</a></sup><table><tr><td>a<td>b</table><ul><li>c</ul><pre># d\n</pre><aside id=n>e</aside>"
    b"&amp;&#0;&nbsp;<!-- f -->"
)


def _parquet() -> dict[str, Target]:
    """Return the way in for Parquet, where what reads it is installed."""
    if not importlib.util.find_spec("pyarrow"):
        return {}
    import pyarrow
    from pyarrow import parquet

    rows = pyarrow.table(
        {"text": ["One é", None, "three"], "a": ["x", "y", None], "b": [1, 2, 3], "c": ["2019", "", ""]}
    )
    raw = io.BytesIO()
    parquet.write_table(rows.append_column("d", [[1.5, None, 2.0]]), raw, compression="none", row_group_size=2)
    return {"parquet": Target(_table("parquet"), (raw.getvalue(),))}


TARGETS: Mapping[str, Target] = {
    "text": Target(
        _source("fuzz.txt"),
        (TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("utf-16-le"), TEXT.encode("cp1252"), b"%PDF-", b"{\\rtf1"),
    ),
    "html": Target(_source("fuzz.html"), (PAGE,)),
    "epub": _archive("fuzz.epub", _epub, BOOK),
    "docx": _archive("fuzz.docx", _docx, WORD),
    "archive": Target(_source("fuzz"), (_epub({}), _docx({}), packed({"a": "b"}))),
    "repair": Target(_repair, (TEXT.encode(),)),
    "facts": Target(
        _facts,
        (
            b'[[number]]\nsentence = "It hasnt rained since {year}, and Una waits."\nplace = 22\n'
            b'kind = "year"\nvalue = "1998"\n',
        ),
    ),
    "profile": Target(
        _profile,
        (
            b'engine = "espeak"\nid = "gmw/en"\nrate = 170\n'
            b"[pauses]\nsentence = 300\n[quotation]\nrate = 150\n[announce]\nopening = true\n",
        ),
    ),
    "lexicon": Target(
        _lexicon,
        (
            b'<lexicon version="1.0" alphabet="ipa" xml:lang="en" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">'
            b"<lexeme><grapheme>Una</grapheme><phoneme>\xcb\x88u\xcb\x90n\xc9\x99</phoneme></lexeme><lexeme><grapheme>Salt"
            b"</grapheme><alias>white sand</alias></lexeme></lexicon>",
        ),
    ),
    "edits": Target(
        _edits,
        (b'{"start": 4, "end": 8, "before": "city", "after": "citys", "rule": "a.b", "confidence": 0.5}\n',),
    ),
    "csv": Target(
        _table("csv"), (b'd,text,a,b,c\n7,"One ""x""\n\ny",A,B,2019\n\n8,two,,,\n', b"text;a\nOne;b\n", b"text\nOne\n")
    ),
    "jsonl": Target(
        _table("jsonl"), (b'{"text": "One \\u00e9", "a": null, "b": 1.5, "c": "2019-03-08", "d": 7}\n[1]\n',)
    ),
    **_parquet(),
}
