"""Small files that are right, to be broken one by one in tests of the check."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PIL import Image

EPUB_TEXTS = {
    "META-INF/container.xml": """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="E/p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>""",
    "E/p.opf": """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="u">urn:x:1</dc:identifier>
<dc:title>A</dc:title><dc:language>en</dc:language><meta property="dcterms:modified">2026-11-22T00:00:00Z</meta>
<meta property="media:duration" refines="#s">3s</meta><meta property="media:duration">0:00:03.000</meta>
<meta property="media:narrator">Hum</meta><meta property="media:active-class">on</meta>
<meta property="schema:accessMode">textual</meta><meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">synchronizedAudioText</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Text with sound.</meta>
<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.1 Level AA</meta></metadata>
<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="c" href="c.xhtml" media-type="application/xhtml+xml" media-overlay="s"/>
<item id="s" href="c.smil" media-type="application/smil+xml"/><item id="a" href="a.mp3" media-type="audio/mpeg"/>
<item id="p" href="p.jpg" media-type="image/jpeg" properties="cover-image"/></manifest>
<spine><itemref idref="c"/></spine></package>""",
    "E/nav.xhtml": """<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"
xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol><li><a href="c.xhtml#h">Design</a></li>
</ol></nav></body></html>""",
    "E/c.xhtml": """<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" lang="en"><body><h1 id="h">Design</h1>
<p><span id="t">Easy to hold.</span></p><img src="p.jpg" alt=""/></body></html>""",
    "E/c.smil": """<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>
<par id="a"><text src="c.xhtml#h"/><audio src="a.mp3" clipBegin="0:00:00.000" clipEnd="0:00:01.000"/></par>
<par id="b"><text src="c.xhtml#t"/><audio src="a.mp3" clipBegin="1s" clipEnd="3000ms"/></par></body></smil>""",
}
"""An EPUB with three seconds of sound."""

DAISY_TEXTS = {
    "ncc.html": """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title><meta name="dc:title" content="A"/>
<meta name="dc:creator" content="B"/><meta name="dc:date" content="2026-11-22"/>
<meta name="dc:identifier" content="x"/><meta name="dc:language" content="en"/>
<meta name="dc:format" content="Daisy 2.02"/><meta name="dc:publisher" content="B"/>
<meta name="ncc:charset" content="utf-8"/><meta name="ncc:pageFront" content="0"/>
<meta name="ncc:pageNormal" content="0"/><meta name="ncc:pageSpecial" content="0"/>
<meta name="ncc:tocItems" content="2"/><meta name="ncc:totalTime" content="0:00:03"/></head><body>
<h1 class="title" id="t"><a href="a.smil#t1">A</a></h1><h1 id="d"><a href="a.smil#t2">Design</a></h1></body></html>""",
    "a.smil": """<smil><body><seq><par id="p1"><text id="t1" src="ncc.html#t"/>
<audio id="a1" src="a.mp3" clip-begin="npt=0.000s" clip-end="npt=1.000s"/></par>
<par id="p2"><text id="t2" src="ncc.html#d"/>
<audio id="a2" src="a.mp3" clip-begin="npt=1.000s" clip-end="npt=3.000s"/></par></seq></body></smil>""",
}
"""A DAISY 2.02 book with three seconds of sound."""

FEED = """<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Aloud</title><link>https://example.org/</link><atom:link rel="self" href="https://example.org/feed.xml"/>
<description>Spoken.</description><language>en</language><itunes:category text="Technology"/>
<itunes:explicit>false</itunes:explicit><itunes:image href="https://example.org/cover.jpg"/>
<podcast:medium>audiobook</podcast:medium><podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
<item><title>One</title><guid isPermaLink="false">urn:x:1</guid><pubDate>Sun, 22 Nov 2026 00:00:00 +0000</pubDate>
<itunes:duration>3</itunes:duration><enclosure url="https://example.org/a.mp3" length="SIZE" type="audio/mpeg"/>
<podcast:chapters url="https://example.org/a.chapters.json" type="application/json+chapters"/>
<podcast:transcript url="https://example.org/a.vtt" type="text/vtt"/></item></channel></rss>"""
"""A feed with one episode; SIZE stands for the bytes of its sound."""

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A</title><style>body { color: #111; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } }
:focus-visible { outline: 3px solid blue }</style></head><body><main><h1>A</h1>
<audio controls src="a.mp3" aria-label="A, audio"></audio><nav><ol><li><a href="#c">Design</a></ol></nav>
<section><h2 id="c">Design</h2><p><button data-start="0" data-end="1.5">Easy to hold.</button>
<button data-start="1.5" data-end="3">It lasts.</button></p><img src="data:," alt=""></section></main></body></html>"""
"""A page with a player of a.mp3."""


def picture(side: int, kind: str = "JPEG") -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (side, side)).save(file, kind)
    return file.getvalue()


def epub(path: Path, sound: bytes, changes: dict[str, tuple[str, str]] | None = None, packed: bool = False) -> Path:
    """Write the EPUB, with one text changed in each file named; `packed` compresses what may not be."""
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip", method)
        for name, text in EPUB_TEXTS.items():
            archive.writestr(name, changed(text, *(changes or {}).get(name, ("", ""))), zipfile.ZIP_DEFLATED)
        archive.writestr("E/a.mp3", sound, zipfile.ZIP_DEFLATED)
        archive.writestr("E/p.jpg", b"")
    return path


def daisy(folder: Path, sound: bytes, changes: dict[str, tuple[str, str]] | None = None) -> Path:
    """Write the DAISY book, with one text changed in each file named."""
    folder.mkdir()
    for name, text in DAISY_TEXTS.items():
        (folder / name).write_text(changed(text, *(changes or {}).get(name, ("", ""))), encoding="utf-8")
    (folder / "a.mp3").write_bytes(sound)
    return folder


def changed(text: str, old: str, new: str) -> str:
    """Replace a text, which must be there."""
    assert old in text, old
    return text.replace(old, new)
