"""What every HTML page of ours shares: the shell, the colours, and text made safe.

A page is one file, and asks nothing of the network: its policy allows its own style and script alone, by their hashes.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import escape

from audiobook.model import Recording

# What HTML forbids in a text (WHATWG HTML, 13.2.3.5): controls, surrogates, noncharacters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
LONGEST_TITLE = 70
"""Code points of a page's title; its heading has all of it."""
GENERATOR = '<meta name="generator" content="audiobook">'
"""In every page, so that one of ours can be told from a person's own."""


def document(title: str, language: str, body: str, style: str, script: str = "") -> str:
    """Return a whole page. `title` is text, `body` HTML; `style` comes after the shared one."""
    style, script = (STYLE + style).strip(), script.strip()
    running = f"<script>{script}</script>\n" if script else ""
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">
<meta name="color-scheme" content="light dark">
{GENERATOR}
<title>{safe(_short(title))}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
{body}
{running}</body>
</html>
"""


def _short(title: str) -> str:
    """Return a title that fits a browser's tab, and that a screen reader is soon done with."""
    line = " ".join(title.split())
    if len(line) <= LONGEST_TITLE:
        return line
    cut = line[: LONGEST_TITLE - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def safe(text: str) -> str:
    """Return any text as HTML that says the same; what HTML forbids becomes a space or U+FFFD."""
    allowed = FORBIDDEN.sub(lambda found: " " if found.group().isspace() else "\N{REPLACEMENT CHARACTER}", text)
    return escape(allowed)


def clock(milliseconds: int) -> str:
    """Return a time as a person reads it: "0:01:02", rounded down."""
    minutes, second = divmod(milliseconds // 1000, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}"


def own_language(language: str) -> str:
    """Return the language of a page's own words: English, the book's kind of it where that is English too."""
    return language if language.partition("-")[0].lower() == "en" else "en"


def words_attributes(recording: Recording) -> str:
    """Return the attributes of an element that holds the author's words."""
    language = recording.book.language
    return ' dir="auto"' if own_language(language) == language else f' dir="auto" lang="{escape(language)}"'


def _policy(style: str, script: str) -> str:
    """Return a Content Security Policy: no script and no style but ours, and no connection to anywhere.

    Media have no rule, which rules out a default: browsers and checkers differ on what is at home with a local file.
    """
    none = " ".join(f"{kind}-src 'none';" for kind in ("connect", "font", "frame", "manifest", "object", "worker"))
    running = _hash(script) if script else "'none'"
    return f"script-src {running}; style-src {_hash(style)}; img-src data:; {none} base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


# Colours are at least 7:1 for words and 3:1 for lines, in both schemes (WCAG 2.2, 1.4.6 and 1.4.11).
STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --ink: #22252b; --soft: #484d56; --line: #dcd9d0; --card: #f3f1ea;
  --link: #1d4f7c; --mend: #e3edf3; --mend-line: #3d7aa5; --lost: #fbe6b0; --lost-line: #a06a00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #e6e4de; --soft: #b0b4bc; --line: #363a42; --card: #1e2126;
    --link: #9cc8ec; --mend: #1f303d; --mend-line: #5f9cc7; --lost: #4b3a10; --lost-line: #d9a93a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 2rem; }
body {
  margin: 0 auto; max-width: 44rem; padding: 3rem 1.25rem 6rem; overflow-wrap: anywhere;
  background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif;
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--mend-line); outline-offset: 2px; }
h1, h2, .words, .quote { font-family: Charter, "Bitstream Charter", Georgia, Cambria, serif; }
h1 { font-size: 2.25rem; line-height: 1.2; margin: 0 0 1.5rem; }
h2 {
  font-size: 1.5rem; line-height: 1.3; margin: 3.5rem 0 1rem; padding-top: 1.25rem; border-top: 1px solid var(--line);
}
time {
  color: var(--soft); font-size: .875rem; font-weight: 400; font-variant-numeric: tabular-nums; white-space: nowrap;
}
a time { color: inherit; }
header p { margin: .25rem 0; }
.what { color: var(--soft); }
.words { font-size: 1.1875rem; line-height: 1.7; margin: 1.25rem 0 .25rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:target { outline: 2px solid var(--lost-line); outline-offset: 3px; border-radius: .15em; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --link: #000; --card: #fff; --line: #999; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  a { text-decoration: none; }
  h2, h3 { break-after: avoid; }
  li { break-inside: avoid; }
}
"""
