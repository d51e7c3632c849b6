"""Small web pages, EPUBs and Word documents, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
<dc:title>The Salt &amp; the Road</dc:title><dc:creator>Ines Maréchal</dc:creator>
<dc:creator opf:role="ill">A. Painter</dc:creator><dc:date>2019-03-08T00:00:00Z</dc:date>
<dc:language>en-GB</dc:language><dc:description>&lt;p&gt;On a town.&lt;/p&gt;</dc:description></metadata>
<manifest>{manifest}</manifest><spine>{spine}</spine></package>"""
NAV = (
    '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><h1>Contents</h1><ol>'
    '<li><a href="one.xhtml">The Ferry</a></li><li><a href="two.xhtml#top">The Storm</a></li></ol></nav></body></html>'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive of these parts."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return raw.getvalue()


def xhtml(body: str) -> str:
    """Return a page of an EPUB."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


def epub(pages: Mapping[str, str], more: Mapping[str, str | bytes] = {}, nav: str = NAV) -> bytes:
    """Return an EPUB with these pages, in this order."""
    manifest = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>' for number, name in enumerate(pages)
    )
    manifest += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    spine = '<itemref idref="nav"/>' + "".join(f'<itemref idref="i{number}"/>' for number in range(len(pages)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE.format(manifest=manifest, spine=spine),
        "OEBPS/nav.xhtml": nav,
        **{f"OEBPS/{name}": xhtml(page) for name, page in pages.items()},
    }
    return packed({**parts, **more})


def paragraph(text: str, style: str = "", more: str = "") -> str:
    """Return a paragraph of a Word document."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r>{more}</w:p>"


def docx(body: str, more: Mapping[str, str | bytes] = {}) -> bytes:
    """Return a Word document with headings, and a footnote "A note." with the id 2."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name in ("heading 1", "heading 2", "Title", "toc 1")
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations({"styles": "styles.xml", "footnotes": "footnotes.xml"}),
        "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {WORD}>{styles}</w:styles>",
        "word/footnotes.xml": (
            f'<w:footnotes {WORD}><w:footnote w:id="2">{paragraph("A note.")}</w:footnote></w:footnotes>'
        ),
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title>The Salt Road</dc:title><dc:creator>A. Writer</dc:creator><dc:language>en-US</dc:language>"
            "</cp:coreProperties>"
        ),
    }
    return packed({**parts, **more})


def _relations(targets: Mapping[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )
