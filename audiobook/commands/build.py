"""audiobook build: audio editions of one text, or of many."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook import console
from audiobook.commands.options import MASTERS, PATH, Command, chosen, repair_options, shaped, voice_options
from audiobook.errors import INTERRUPTED, AudiobookError, SourceError

if TYPE_CHECKING:
    from audiobook.batch import Outcome
    from audiobook.items import Item
    from audiobook.request import Request

DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def _formats(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read a list of formats."""
    from audiobook import formats

    try:
        return formats.chosen(value.split(","))
    except KeyError as error:
        known = ", ".join([*formats.names(), *formats.ALIASES, formats.ALL])
        raise click.BadParameter(f"There is no format {error}. There are: {known}.") from error


def _column_options(command: Command) -> Command:
    """Add the options that say what is where in tables."""
    for name, what in (
        ("id", "what its folder is called after"),
        ("date", "when it was published"),
        ("author", "its author"),
        ("title", "its title"),
        ("text", "the text of each row.  [text, or the only one]"),
    ):
        option = click.option(f"--{name}-column", default="", metavar="NAME", help=f"Column of a table: {what}")
        command = option(command)
    return command


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "--files-from", type=PATH, metavar="FILE", help="Build what this file names, a path a line; - is standard input."
)
@_column_options
@click.option("-o", "--out", type=PATH, default="out", help="Folder for the results.  [default: out]")
@click.option(
    "--format",
    "kinds",
    default="chapters,mp3,vtt",
    metavar="LIST",
    callback=_formats,
    help="Of mp3, m4b, opus, flac, epub, daisy, html, vtt, srt, chapters; or all.  [chapters,mp3,vtt]",
)
@click.option(
    "--master",
    default="podcast",
    type=click.Choice(MASTERS),
    help="How loud, and for whom.  [podcast]",
)
@voice_options
@click.option("--opening/--no-opening", default=None, help="Say title, author, and that the voice is synthetic.")
@click.option("--words", is_flag=True, help="Write the time of each word, as captions and JSON.")
@click.option("--title", default="", help="Title; else a heading, or the name the text repeats most.")
@click.option("--author", default="", help="Who wrote the text.")
@click.option("--date", default="", callback=shaped(DATE, "2024, 2024-05 or 2024-05-31"), help="When it was published.")
@click.option("--cover", type=PATH, help="Picture; without one a cover is drawn.")
@repair_options
@click.option("--jobs", default=0, type=click.IntRange(0), metavar="N", help="Texts built at once.  [a core each]")
@click.option("--cluster", default="", metavar="ADDRESS", help="Build on a Dask cluster; local starts one here.")
@click.option("--dry-run", is_flag=True, help="Make nothing; estimate length, time and disk.")
@click.option("--again", is_flag=True, help="Make anew also what is there: of the same, or of another text.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON, a line for each text.")
@click.option("--plain", is_flag=True, help="Progress as whole lines, for screen readers.")
def build(
    sources: tuple[str, ...],
    files_from: Path | None,
    text_column: str,
    title_column: str,
    author_column: str,
    date_column: str,
    id_column: str,
    out: Path,
    kinds: tuple[str, ...],
    master: str,
    voice: str,
    lexicon: Path | None,
    opening: bool | None,
    words: bool,
    title: str,
    author: str,
    date: str,
    cover: Path | None,
    facts_file: Path | None,
    language: str,
    keep: tuple[str, ...],
    without: tuple[str, ...],
    min_confidence: float,
    model: str,
    spellings: Path | None,
    jobs: int,
    cluster: str,
    dry_run: bool,
    again: bool,
    as_json: bool,
    plain: bool,
) -> None:
    """Make an audio edition of each text: MP3, transcript, captions, chapters.

    SOURCE is a text or Markdown file, a web page, an EPUB or a Word document (.docx), a folder or a pattern of them, or
    - for standard input. What is there already, whole and made of the same, is kept.

    \b
    Examples:
      audiobook build review.txt
      audiobook build reviews/ -o editions
      audiobook build review.txt --title "The Salt Road" --author "A. Writer"
      audiobook build review.txt --facts out/review/review.facts.toml
      cat review.txt | audiobook build - --title Review
    """
    from audiobook import items, machine, source, speak
    from audiobook.book import Metadata
    from audiobook.lexicon import find
    from audiobook.request import Request
    from audiobook.tables import Columns
    from audiobook.voice import AUTO

    machine.settle()
    if not sources and not files_from:
        raise click.UsageError("Name a text, a folder or a list of files.")
    profile = speak.choose(voice)
    request = Request(
        text=source.File("", "", b""),
        out=out,
        voice=profile if opening is None else replace(profile, announce=replace(profile.announce, opening=opening)),
        chosen=voice != AUTO,
        lexicon=find(lexicon),
        formats=kinds,
        words=words,
        master=master,
        metadata=Metadata(title, author, date, language, _prepared(cover)),
        facts=facts_file,
        options=chosen(language, without, min_confidence, model, spellings),
        keep=frozenset(keep),
    )
    columns = Columns(text_column, title_column, author_column, date_column, id_column)
    texts = items.found(_named(sources, files_from), columns, out)
    if dry_run:
        _estimate(texts, request, jobs, again, as_json)
        return
    if items.is_one(sources) and not files_from and not cluster:
        request = replace(request, text=source.load(sources[0]), replaces=again)
        _build_one(request, again, as_json, console.is_plain(plain))
        return
    if title or facts_file:
        raise click.UsageError("--title and --facts belong to one text; build the texts one by one.")
    _build_many(texts, request, jobs, cluster, again, as_json)


def _prepared(cover: Path | None) -> bytes | None:
    if cover is None:
        return None
    from audiobook.cover import prepare  # takes a library of pictures, which a batch's first process can do without

    return prepare(cover)


def _build_one(request: Request, again: bool, as_json: bool, plain: bool) -> None:
    from audiobook import pipeline, report

    edition = None if again else pipeline.kept(request)
    if not edition:
        with console.progress(plain) as progress:
            edition = pipeline.build(request, progress)
    for note in edition.notes:
        console.say(f"Note: {note}")
    click.echo(json.dumps(report.as_json(edition), ensure_ascii=False) if as_json else report.in_words(edition))


def _named(sources: tuple[str, ...], files_from: Path | None) -> Iterator[str]:
    """Yield what was named as arguments, then what a list of files names."""
    from audiobook import items

    yield from sources
    if files_from and str(files_from) == "-":
        yield from items.listed(sys.stdin.buffer)
    elif files_from:
        try:
            with files_from.open("rb") as file:
                yield from items.listed(file)
        except OSError as error:
            raise SourceError(f"The list {files_from} can't be read: {error.strerror or error}.") from error


def _build_many(
    texts: Iterable[Item | SourceError], request: Request, jobs: int, cluster: str, again: bool, as_json: bool
) -> None:
    """Build every text, also after one has failed, and end with the first failure's exit code."""
    from contextlib import closing
    from functools import partial

    from audiobook import batch, machine, pool
    from audiobook.cluster import Cluster
    from audiobook.tally import Tally, counted, summary

    if cluster:  # whose workers stand elsewhere
        request = replace(request, out=request.out.absolute())
    executor = Cluster(cluster) if cluster else None
    workers = executor.workers if executor else jobs or machine.cores()
    start = (lambda: executor) if executor else partial(pool.Local, workers)
    tally = Tally()
    outcomes = batch.run(texts, request, workers, start, again)
    try:
        with closing(outcomes):  # the workers end, whatever ends this
            for outcome in counted(outcomes, request.out, tally):
                _tell(outcome, as_json)
    except KeyboardInterrupt:
        console.say(console.GO_ON)
        sys.exit(INTERRUPTED)  # in an orderly way: nothing is at work here any more, and locks are to be given back
    told = summary(tally, request.out)
    console.say(told) if as_json else click.echo(told)
    if tally.exit_code:
        sys.exit(tally.exit_code)


def _estimate(texts: Iterable[Item | SourceError], request: Request, jobs: int, again: bool, as_json: bool) -> None:
    """Say what a build of these texts would bring and cost."""
    from dataclasses import asdict

    from audiobook import batch, estimate, machine, report

    found = estimate.Estimate()
    code = 0
    for error in estimate.estimated(batch.asked(texts, request), found, jobs or machine.cores(), again):
        console.error(error)
        code = code or error.exit_code
    click.echo(json.dumps(asdict(found)) if as_json else report.estimate(asdict(found), request.out))
    if code:
        sys.exit(code)


def _tell(outcome: Outcome, as_json: bool) -> None:
    """Write what became of a text."""
    from audiobook import report, tally

    result = outcome.result
    if as_json:
        click.echo(json.dumps(tally.as_json(outcome), ensure_ascii=False))
    elif isinstance(result, AudiobookError):
        console.error(result)
    else:
        for note in outcome.notes + result.notes:
            console.say(f"Note: {result.folder}: {note}")
        click.echo(report.line(result))
