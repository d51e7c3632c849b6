"""Word documents (.docx). The one door of mammoth, which turns their styles into HTML."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import mammoth

from audiobook.errors import SourceError
from audiobook.reading import FURNITURE, NOTES, Document, furniture, markup, notes, told, tree, xml
from audiobook.reading.archive import Archive

CONTENTS = "[Content_Types].xml"
PROPERTIES = "docProps/core.xml"
# A title is the heading of the whole.
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""
# "!" leaves out: Word's list of contents.
WITHOUT_CONTENTS = "\n".join(
    f"p[style-name='{name} {level}'] => !" for name in ("toc", "TOC") for level in range(1, 10)
)


def read(label: str, archive: Archive, keep: frozenset[str]) -> Document:
    """Read a document. Raises SourceError when it is broken or locked."""
    page = tree.parse(
        label, _html(label, _text_alone(archive), STYLES if FURNITURE in keep else STYLES + WITHOUT_CONTENTS)
    )
    left_out = notes.back_links(page) | furniture.hidden(page)
    count = 0
    if NOTES not in keep:
        marks, count = notes.find({"": page})
        left_out |= marks
    pieces = notes.without_empty_titles(markup.blocks(page, left_out)) if count else markup.blocks(page, left_out)
    properties = xml.parse(label, archive.read(PROPERTIES) if PROPERTIES in archive.names else b"<none/>")
    # Word's dates tell when a file was made and saved, which is not when the text was published.
    return Document(
        markup.joined(pieces),
        title=told.line(properties.first("title").text),
        author=told.line(properties.first("creator").text),
        language=told.language(properties.first("language").text),
        description=told.line(properties.first("description").text),
        notes=told.left_out(count),
    )


def _text_alone(archive: Archive) -> io.BytesIO:
    """Return the document without pictures, macros or objects: each part looked at before anybody else reads it."""
    safe = io.BytesIO()
    with zipfile.ZipFile(safe, "w") as written:
        for name in sorted(archive.names):
            if name == CONTENTS or name.endswith(".rels") or (name.startswith("word/") and name.endswith(".xml")):
                content = archive.read(name)
                xml.parse(f"{archive.label}, part {name}", content, doctype=False)
                written.writestr(name, content)
    safe.seek(0)
    return safe


def _html(label: str, document: io.BytesIO, styles: str) -> str:
    try:
        return str(
            mammoth.convert_to_html(
                document, style_map=styles, convert_image=_no_image, external_file_access=False
            ).value
        )
    # What a broken document raises there is anything from KeyError to RecursionError.
    except Exception as error:
        raise SourceError(
            f"{label} is a broken Word document ({error!r}). Open it in a word processor, save it anew."
        ) from error


def _no_image(image: Any) -> list[Any]:
    return []
