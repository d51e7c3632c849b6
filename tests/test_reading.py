"""Reading web pages, EPUBs and Word documents, and refusing those that are locked, broken or made to do harm."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import mammoth
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobook import chunk
from audiobook.errors import SourceError
from audiobook.reading import FURNITURE, NOTES, Document
from audiobook.source import read
from tests.documents import CONTAINER, docx, epub, packed, paragraph, xhtml

ALL = frozenset({NOTES, FURNITURE})
Open = Callable[..., Document]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Return a function that reads bytes as a file."""

    def document(raw: str | bytes, keep: frozenset[str] = frozenset(), name: str = "file") -> Document:
        path = tmp_path / name
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return read(str(path), keep).document

    return document


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html lang=en>{head}<body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h1>A <em>b</em></h1><p>One.\n  Two&nbsp;three.<p>Four", "# A b\n\nOne. Two three.\n\nFour"),
        ("<p>a<br>b<br><br>c", "a\nb\n\nc"),
        ("<p>won&shy;der<wbr>ful <a href=x>link</a><span>ed</span>", "wonderful linked"),
        ("<ul><li>one<li>two<ol><li>three</ol></ul>", "one\n\ntwo\n\nthree"),
        ("<blockquote><p>said</p></blockquote><q>so</q>", "said\n\n“so”"),
        ("<table><tr><th>Name<th>Year<tr><td><p>Una</p><td>1998</table>", "Name, Year\n\nUna, 1998"),
        ("<table><tr><td><p>a</p><p>b</p><td><h2>c</h2></table>", "a\n\nb\n\n## c"),
        ("<figure><img alt=no src=x.png><figcaption>A ferry.</figcaption></figure>", "A ferry."),
        (
            "<pre># no heading\n\n  x</pre><p># nor this</p><p>a<br>---",
            "    # no heading\n\nx\n\n    # nor this\n\na\n    ---",
        ),
        ("a<hr>b", "a\n\n* * *\n\nb"),
        ("10<sup>2</sup> H<sub>2</sub>O 1<sup>st</sup>", "10² H2O 1st"),
        ("<h2>Learning C#</h2>x", "## Learning C# #\n\nx"),
        ("<script>x</script><style>x</style><!-- x --><template>x</template><p hidden>x<p>y", "y"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt></ruby>", "漢"),
    ],
)
def test_structure(opened: Open, body: str, text: str) -> None:
    """Paragraphs, headings, lists, tables and lines come through; what is not for the ear doesn't."""
    assert opened(page(body)).text == text + "\n"


def test_a_heading_is_what_it_was(opened: Open) -> None:
    """What is a heading on the page is one in the book, and nothing else is."""
    text = opened(page("<h1>In C#</h1><p># one<pre># two\n===</pre><h2># three</h2>four")).text
    assert [piece.text for piece in chunk.split(text) if piece.heading] == ["In C#", "# three"]


SITE = page(
    """<header><a href=/>Site</a></header><nav>Menu</nav>
    <main><article><h1>The Ferry</h1><p>It has lost its school, its bank and most of its young people.
    <div class="share-links">Share this</div><aside>Read also</aside>
    <p>The calm of the storm, when it comes, is long.</p>
    <ul><li><a>One link</a><li><a>Two links</a><li><a>Three links</a></ul></article>
    <section id=comments><p>First!</p></section></main><footer>All rights reserved</footer>""",
    '<title>The Ferry - Site</title><meta property=og:title content="The Ferry"><meta name=author content="Una Quirke">'
    '<meta property=article:published_time content="2019-03-08T10:00:00Z"><meta name=description content="On a town.">',
)


def test_an_article_without_its_site(opened: Open) -> None:
    """Menus, footers, asides, comments and rows of links are left out, unless they are asked for."""
    document = opened(SITE)
    assert document.text == (
        "# The Ferry\n\nIt has lost its school, its bank and most of its young people.\n\n"
        "The calm of the storm, when it comes, is long.\n"
    )
    kept = opened(SITE, ALL).text
    assert all(words in kept for words in ("Menu", "Share this", "Read also", "Two links", "First!", "All rights"))


def test_a_page_tells_of_itself(opened: Open) -> None:
    """Title, author, date, language and description are taken over."""
    found = opened(SITE)
    assert (found.title, found.author, found.published) == ("The Ferry", "Una Quirke", "2019-03-08")
    assert (found.language, found.description) == ("en", "On a town.")


def test_large_furniture_is_the_text(opened: Open) -> None:
    """An element that holds most of the page's words is no furniture, whatever its name."""
    assert opened(page("<div class=sidebar><p>All of the text is in here.</p></div><p>x")).text.startswith("All of")


NOTED = page(
    """<p>A claim<sup><a href="#n1" id=r1>1</a></sup> and another<a href="#n2"><sup>[2]</sup></a>.</p>
    <h2>Notes</h2><ol><li id=n1>The first note. <a href="#r1">↩</a><li><p id=n2>The second note.</p></ol>"""
)


def test_notes_are_left_out_and_counted(opened: Open) -> None:
    """Marks, notes and the heading above them go, and a person is told; --keep notes keeps all."""
    document = opened(NOTED)
    assert document.text == "A claim and another.\n"
    assert document.notes == ("2 notes were left out; --keep notes keeps them.",)
    kept = opened(NOTED, ALL)
    assert "The second note." in kept.text and "## Notes" in kept.text and kept.notes == ()


def test_a_link_to_a_chapter_is_no_note(opened: Open) -> None:
    """What a raised link leads to stays when it is more than a note."""
    text = opened(page("<p>See<sup><a href='#c'>2</a></sup>.<div id=c><h2>Two</h2><p>A chapter.</div>")).text
    assert text == "See.\n\n## Two\n\nA chapter.\n"


BOOK = {
    "one.xhtml": "<p>THE FERRY</p><p>Una keeps<a href='notes.xhtml#n' epub:type='noteref'>1</a> the key.</p><a/>",
    "two.xhtml": "<p>Niall keeps the boat.</p><aside epub:type='footnote'>Or kept it.</aside>",
    "three.xhtml": "<h2>Three</h2><p>They wait.</p>",
    "notes.xhtml": "<h1>Notes</h1><p><a id='n'/>Since 1998.</p>",
}


def test_epub(opened: Open) -> None:
    """Chapters come in their order, titled by themselves or by the contents; notes elsewhere in the book are found."""
    document = opened(epub(BOOK))
    assert document.text == (
        "# The Ferry\n\nUna keeps the key.\n\n# The Storm\n\nNiall keeps the boat.\n\n## Three\n\nThey wait.\n"
    )
    assert (document.title, document.author, document.published) == (
        "The Salt & the Road",
        "Ines Maréchal",
        "2019-03-08",
    )
    assert (document.language, document.description) == ("en-GB", "On a town.")
    kept = opened(epub(BOOK), ALL).text
    assert "Contents" in kept and "Since 1998." in kept and "Or kept it." in kept


def test_docx(opened: Open) -> None:
    """Headings, tables and metadata of a Word document; its contents and notes only when asked for."""
    raw = docx(
        paragraph("The Salt Road", "STitle")
        + paragraph("The Ferry 1", "Stoc1")
        + paragraph("The Ferry", "Sheading1")
        + paragraph("Una keeps the key", more='<w:r><w:footnoteReference w:id="2"/></w:r>')
        + f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>"
        + "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    )
    document = opened(raw)
    assert document.text == "# The Salt Road\n\n# The Ferry\n\nUna keeps the key\n\na, b\n"
    assert (document.title, document.author, document.language) == ("The Salt Road", "A. Writer", "en-US")
    assert "The Ferry 1" in opened(raw, ALL).text and "A note." in opened(raw, ALL).text


@pytest.mark.parametrize(
    ("raw", "text", "told"),
    [
        (b"caf\xe9 \x93so\x94", "café “so”", "line 1, byte 4 has the value 233. It was read as Windows-1252"),
        ("naïve".encode("utf-16"), "naïve", ""),
        (b"\xef\xbb\xbfna\xc3\xafve", "\ufeffnaïve", ""),
        (b"<!DOCTYPE html><meta charset=iso-8859-2><p>\xb1", "ą\n", ""),
        (b"<!DOCTYPE html><meta charset=utf-8><p>caf\xe9 au lait", "café au lait\n", "Windows-1252"),
    ],
)
def test_encodings(opened: Open, raw: bytes, text: str, told: str) -> None:
    """Marks and declarations count; what had to be guessed is told, with its place."""
    document = opened(raw)
    assert document.text == text
    assert [told in note for note in document.notes] == [True] * bool(told)


def test_a_guess_within_a_book_is_told(opened: Open) -> None:
    """A page of an EPUB that is in Windows-1252 without saying so is read, and named."""
    document = opened(epub(BOOK, {"OEBPS/three.xhtml": b"<html><body><p>caf\xe9</p></body></html>"}))
    assert "café" in document.text
    (guess,) = [note for note in document.notes if "Windows-1252" in note]
    assert "part OEBPS/three.xhtml" in guess


def test_a_book_of_parts_in_many_encodings(opened: Open) -> None:
    """Each part is read in its own, and only what was guessed is told."""
    parts = {
        "OEBPS/one.xhtml": xhtml("<p>naïve one</p>").encode("utf-16"),
        "OEBPS/two.xhtml": "<html><body><p>naïve two</p></body></html>".encode("cp1252"),
        "OEBPS/three.xhtml": b"\xef\xbb\xbf" + xhtml("<p>naïve three</p>").encode(),
    }
    document = opened(epub(BOOK, parts))
    assert [f"naïve {number}" in document.text for number in ("one", "two", "three")] == [True] * 3
    assert [note.partition("part ")[2].split()[0] for note in document.notes] == ["OEBPS/two.xhtml"]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LOCK = (
    "<encryption><EncryptedData><EncryptionMethod Algorithm='{}'/><CipherReference URI='OEBPS/one.xhtml'/>"
    "</EncryptedData></encryption>"
)
HARMFUL = {
    "a part would swell": (epub(BOOK, {"OEBPS/one.xhtml": b" " * 20_000_000}), "would swell from"),
    "a name leads outside": (epub(BOOK, {"../../up.xhtml": "x"}), "points outside of it"),
    "a name is absolute": (epub(BOOK, {"C:\\up": "x"}), "points outside of it"),
    "the package is outside": (
        epub(BOOK, {"META-INF/container.xml": CONTAINER.replace("OEBPS/book.opf", "../../etc/passwd")}),
        "points outside of itself",
    ),
    "entities swell": (epub(BOOK, {"META-INF/container.xml": LAUGHS + "<x>&b;</x>"}), "declares XML entities"),
    "an entity is a file": (docx("", {"word/document.xml": OUTSIDE + "<x>&a;</x>"}), "declares XML entities"),
    "Word has a document type": (docx("", {"word/styles.xml": "<!DOCTYPE x><x/>"}), "declares XML entities"),
    "elements without end": (docx("<w:p>" * 5000 + "</w:p>" * 5000), "levels deep"),
    "a page without end": (page("<div>" * 100_000 + "x"), "stand open in each other"),
    "DRM": (epub(BOOK, {"META-INF/encryption.xml": LOCK.format("aes256")}), "DRM.*one.xhtml is encrypted"),
    "Adobe's DRM": (epub(BOOK, {"META-INF/rights.xml": "<rights/>"}), "DRM.*by Adobe"),
    "cut off": (epub(BOOK)[:-200], "is broken, or not all of it is here"),
    "a chapter is missing": (packed({"META-INF/container.xml": CONTAINER}), "its part 'OEBPS/book.opf' is missing"),
    "an archive of anything": (packed({"a.txt": "x"}), "neither an EPUB nor a Word document"),
    "Word without text": (docx("", {"word/document.xml": "<x"}), "word/document.xml is broken"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old Word document \(.doc\)"),
    "locked Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    "PDF": (b"%PDF-1.7\n", "a PDF"),
    "RTF": (rb"{\rtf1 x}", "a Rich Text file"),
    "Kindle": (b"x" * 60 + b"BOOKMOBI", "a Kindle book"),
    "a web archive": (b"From: <Saved by Blink>\nMIME-Version: 1.0\n", "a web archive"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_harmful_and_broken_files(opened: Open, case: str) -> None:
    """What is locked, broken or made to do harm is refused at once, in words that name the file and say what to do."""
    raw, complaint = HARMFUL[case]
    started = time.process_time()
    with pytest.raises(SourceError, match=re.compile(f"file.*{complaint}", re.DOTALL)) as caught:
        opened(raw)
    assert time.process_time() - started < 2
    assert str(caught.value).count("\n") <= 2


def test_a_locked_archive(opened: Open) -> None:
    """A part that is locked with a password says so."""
    raw = bytearray(epub(BOOK))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(mark), bytes(raw)):
            raw[found.start() + offset] |= 1
    with pytest.raises(SourceError, match="locked with a password"):
        opened(bytes(raw))


def test_garbled_fonts_are_no_lock(opened: Open) -> None:
    """A book whose fonts alone are encrypted is read."""
    lock = LOCK.format("http://www.idpf.org/2008/embedding")
    assert "Una keeps" in opened(epub(BOOK, {"META-INF/encryption.xml": lock})).text


def test_entities_in_a_page_stay_harmless(opened: Open) -> None:
    """A page's own entities are never expanded nor opened."""
    book = epub(BOOK, {"OEBPS/one.xhtml": OUTSIDE.replace("x", "html", 1) + xhtml("<p>&a; Una</p>")})
    assert "root:" not in opened(book).text


SEEDS = (SITE.encode(), NOTED.encode(), epub(BOOK), docx(paragraph("One", "Sheading1") + paragraph("two")))


@settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), min_size=1, max_size=6))
def test_any_bytes(opened: Open, seed: bytes, changes: list[tuple[float, bytes]]) -> None:
    """Damage anywhere gives a text or our own error, in bounded time."""
    raw = bytearray(seed)
    for place, put in changes:
        start = int(place * len(raw))
        raw[start : start + len(put)] = put
    _read_or_refuse(opened, bytes(raw))


MARKUP = st.lists(
    st.sampled_from(
        "<p> <div> <table> <tr> <td> <b> <a> <sup> </p> </div> </b> <svg> <br> <pre> <h1> <li> x # &#0; <!--".split()
    ),
    max_size=60,
).map("".join)


@settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MARKUP)
def test_any_markup(opened: Open, body: str) -> None:
    """Any page and any part of a book give a text or our own error."""
    _read_or_refuse(opened, page(body).encode())
    _read_or_refuse(opened, epub({"one.xhtml": body}))
    _read_or_refuse(opened, docx(body))


def _read_or_refuse(opened: Open, raw: bytes) -> None:
    try:
        assert opened(raw).text.strip()
    except SourceError as error:
        assert "file" in str(error)


def test_a_word_document_reaches_its_reader_without_pictures(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only parts of text that were looked at are handed on, whatever else the file holds."""
    seen: list[list[str]] = []
    convert = mammoth.convert_to_html

    def spy(document: io.BytesIO, **options: object) -> object:
        seen.append(zipfile.ZipFile(document).namelist())
        return convert(document, **options)

    monkeypatch.setattr(mammoth, "convert_to_html", spy)
    opened(docx(paragraph("x"), {"word/media/a.png": b"x", "word/vbaProject.bin": b"x"}))
    assert len(seen[0]) == 6 and not any(name.endswith((".png", ".bin")) for name in seen[0])
