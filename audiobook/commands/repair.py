"""audiobook repair: the repaired text, or what was changed in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook import console
from audiobook.commands.options import PATH, chosen, repair_options

if TYPE_CHECKING:
    from audiobook.reading import Document


@click.command()
@click.argument("source")
@click.option("-o", "--out", type=PATH, help="File for the text; else standard output.")
@click.option("--edits", "edit_list", type=PATH, help="File for the edit list, as JSON Lines.")
@click.option("--explain", is_flag=True, help="Print each edit instead of the text.")
@click.option("--revert", type=PATH, metavar="EDITS", help="Undo: SOURCE is a repaired text, EDITS its edit list.")
@click.option("--suspects", is_flag=True, help="Print what may be damage, too, but was not changed.")
@repair_options
def repair(
    source: str,
    out: Path | None,
    edit_list: Path | None,
    explain: bool,
    revert: Path | None,
    suspects: bool,
    facts_file: Path | None,
    language: str,
    keep: tuple[str, ...],
    without: tuple[str, ...],
    min_confidence: float,
    model: str,
    spellings: Path | None,
) -> None:
    """Print the repaired text of SOURCE, or what was changed in it.

    With --explain a line for each edit: line:column, before, after, rule, confidence, and why.

    \b
    Examples:
      audiobook repair --explain review.txt
      audiobook repair review.txt -o repaired.txt --edits review.edits.jsonl
      audiobook repair repaired.txt --revert review.edits.jsonl
    """
    from audiobook import edits, facts, machine, output, report
    from audiobook.repair.explain import reasons
    from audiobook.source import read

    machine.settle()
    read_in = read(source, frozenset(keep))
    text = read_in.text
    if revert:
        _deliver(edits.revert(text, edits.load(output.read_text(revert))), out)
        return
    options = chosen(language or read_in.language, without, min_confidence, model, spellings)
    repaired, _ = facts.restore(text, options, facts_file)
    if edit_list:
        output.write_whole(edit_list, edits.dump(repaired.edits))
    for shown in [repaired.edits] * explain + [repaired.suspects] * suspects:
        for (line, column, edit), why in zip(edits.lines(text, shown), reasons(shown, text), strict=True):
            click.echo(f"{line}:{column}  {report.change(edit, text)}  {why}")
    if out or not (explain or suspects):
        _deliver(repaired.text, out)
    _say_how_read(read_in.document, out)
    console.say(report.repairs(repaired.edits))
    if report.missing(repaired.gaps):
        console.say(f"{report.missing(repaired.gaps)}, and none was invented.")


def _say_how_read(document: Document, out: Path | None) -> None:
    """Pass on what reading had to say; beside `out` goes the text that the edits were made to, if no file holds it."""
    from audiobook import output

    for note in document.notes:
        console.say(f"Note: {note}")
    if out and document.converted:
        as_read = out.with_name(f"{out.stem}.source.txt")
        output.write_whole(as_read, document.text)
        console.say(f"{as_read} holds the text as it was read; undoing the edits leads back to it.")


def _deliver(text: str, out: Path | None) -> None:
    """Write a text to a file or to standard output, as bytes: no system may change its line ends."""
    from audiobook import output

    if out:
        output.write_whole(out, text)
    else:
        sys.stdout.buffer.write(text.encode("utf-8"))
