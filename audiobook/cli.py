"""The command line: parse, call, print; nothing else."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from audiobook import __version__, console
from audiobook.errors import AudiobookError, SourceError

if TYPE_CHECKING:
    from audiobook.batch import Outcome
    from audiobook.items import Item
    from audiobook.model import Clip, Voice
    from audiobook.reading import Document
    from audiobook.repair import Options
    from audiobook.request import Request

FAULTY = 8
"""Exit code when a check has found an error; errors.py has the others."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 + SIGINT."""
GO_ON = "Interrupted. Finished sentences are kept; run the same command to go on."
DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def _shaped(pattern: re.Pattern[str], example: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return a check that an option's value has a shape."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if value and not pattern.fullmatch(value):
            raise click.BadParameter(f"{value!r} is not it; write it like {example}.")
        return value

    return check


def _formats(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Read a list of formats."""
    from audiobook import formats

    try:
        return formats.chosen(value.split(","))
    except KeyError as error:
        known = ", ".join([*formats.names(), *formats.ALIASES, formats.ALL])
        raise click.BadParameter(f"There is no format {error}. There are: {known}.") from error


PATH = click.Path(path_type=Path)
FAMILIES = "accents apostrophes contractions dashes encoding numbers paragraphs quotes semicolons spacing".split()
"""Families of damage: `repair.FAMILIES`, which would take time to import."""
MASTERS = ("podcast", "mono19", "broadcast", "acx")
"""What sound can be mastered for: the names of `mastering.PROFILES`, which would take time to import."""
Command = TypeVar("Command", bound=Callable[..., object])


def _voice_options(command: Command) -> Command:
    """Add the options that say how a text is spoken."""
    voice = click.option(
        "--voice",
        default="auto",
        envvar="AUDIOBOOK_VOICE",
        metavar="NAME",
        help="audiobook voices lists them.  [the best]",
    )
    lexicon = click.option("--lexicon", type=PATH, help="How names and words of this text are said (PLS).")
    return voice(lexicon(command))


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


def _repair_options(command: Command) -> Command:
    """Add the options that build and repair share."""
    for option in reversed(
        (
            click.option(
                "--facts", "facts_file", type=PATH, help="Facts file with the numbers that the text has lost."
            ),
            click.option(
                "--language",
                default="",
                callback=_shaped(LANGUAGE, "en or en-GB"),
                help="Of the text.  [its own, or en]",
            ),
            click.option(
                "--keep",
                multiple=True,
                type=click.Choice(["notes", "furniture"]),
                help="Of a page or book: footnotes, or what stands around the text.",
            ),
            click.option("--without", multiple=True, metavar="FAMILY", help=f"Leave alone: {', '.join(FAMILIES)}."),
            click.option(
                "--min-confidence", default=0.0, type=click.FloatRange(0, 1), help="Least, for a repair.  [0]"
            ),
            click.option(
                "--model", default="auto", type=click.Choice(["auto", "light", "neural"]), help="For repair.  [auto]"
            ),
            click.option(
                "--spellings", type=PATH, help="File with names and words as they are spelled, accents and all."
            ),
        )
    ):
        command = option(command)
    return command


def _options(
    language: str, without: tuple[str, ...], min_confidence: float, model: str, spellings: Path | None
) -> Options:
    from audiobook import output
    from audiobook.repair import Options

    unknown = [name for name in without if name.partition(".")[0] not in FAMILIES]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(FAMILIES)}.", param_hint="--without")
    own = tuple(output.read_text(spellings).split()) if spellings else ()
    return Options(language, frozenset(without), min_confidence, model, own)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="audiobook", message="%(prog)s %(version)s")
def cli() -> None:
    """Repair scraped text, speak it offline, and make a chaptered MP3 of it.

    \b
    Examples:
      audiobook build review.txt
      audiobook repair --explain review.txt
      audiobook names review.txt
      audiobook voices
      audiobook feed out --base-url https://example.org/reviews/
    """


@cli.command()
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
@_voice_options
@click.option("--opening/--no-opening", default=None, help="Say title, author, and that the voice is synthetic.")
@click.option("--words", is_flag=True, help="Write the time of each word, as captions and JSON.")
@click.option("--title", default="", help="Title; else a heading, or the name the text repeats most.")
@click.option("--author", default="", help="Who wrote the text.")
@click.option(
    "--date", default="", callback=_shaped(DATE, "2024, 2024-05 or 2024-05-31"), help="When it was published."
)
@click.option("--cover", type=PATH, help="Picture; without one a cover is drawn.")
@_repair_options
@click.option("--jobs", default=0, type=click.IntRange(0), metavar="N", help="Texts built at once.  [a core each]")
@click.option("--cluster", default="", metavar="ADDRESS", help="Build on a Dask cluster; local starts one here.")
@click.option("--dry-run", is_flag=True, help="Make nothing; estimate length, time and disk.")
@click.option("--again", is_flag=True, help="Make anew also what is there, whole and made of the same.")
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
        options=_options(language, without, min_confidence, model, spellings),
        keep=frozenset(keep),
    )
    columns = Columns(text_column, title_column, author_column, date_column, id_column)
    texts = items.found(_named(sources, files_from), columns, out)
    if dry_run:
        _estimate(texts, request, jobs, again, as_json)
        return
    if items.is_one(sources) and not files_from and not cluster:
        _build_one(replace(request, text=source.load(sources[0])), again, as_json, console.is_plain(plain))
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
        console.say(GO_ON)
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


def _base_url(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read the URL of a folder on the web."""
    from audiobook import feed

    try:
        return feed.base_url(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not it, {error}; write it like https://example.org/talks/.") from error


@cli.command()
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--base-url", required=True, callback=_base_url, help="Where DIR will lie on the web.")
@click.option("--title", default="", help="Of the feed.  [the name of DIR]")
@click.option("--author", default="", help="Who makes the feed.")
@click.option("--description", default="", help="What the feed is about.")
@click.option("--image", type=PATH, help="Picture; without one it is drawn.")
@click.option("--language", default="en", callback=_shaped(LANGUAGE, "en or en-GB"), help="Of the feed.  [en]")
@click.option("--explicit", is_flag=True, help="Say that it is not for children.")
@click.option("--medium", default="podcast", type=click.Choice(["podcast", "audiobook"]), help="What it is.  [podcast]")
@click.option("-o", "--out", "name", default="feed.xml", metavar="NAME", help="Name of the feed in DIR.  [feed.xml]")
def feed(
    folder: Path,
    base_url: str,
    title: str,
    author: str,
    description: str,
    image: Path | None,
    language: str,
    explicit: bool,
    medium: str,
    name: str,
) -> None:
    """Make a podcast feed and an index page of the editions in DIR.

    Put DIR on the web as it is, and subscribe to the address that is printed.

    \b
    Examples:
      audiobook feed out --base-url https://example.org/reviews/
      audiobook feed out --base-url https://example.org/reviews/ --title "Reviews" --author "A. Writer"
    """
    from audiobook.feed import Channel, make

    if Path(name).name != name or not name.endswith(".xml"):
        raise click.BadParameter("Give a name that ends in .xml; the feed lies in DIR.", param_hint="--out")
    made = make(folder, Channel(base_url, title, author, description, image, language, explicit, medium), name)
    for note in made.notes:
        console.say(f"Note: {note}")
    count = len(made.episodes)
    files = ", ".join(path.name for path in made.files)
    click.echo(f"Made a feed of {count} {'edition' if count == 1 else 'editions'} in {folder}: {files}.")
    click.echo(f"Its address: {made.url}")


@cli.command()
@click.argument("source")
@click.option("-o", "--out", type=PATH, help="File for the text; else standard output.")
@click.option("--edits", "edit_list", type=PATH, help="File for the edit list, as JSON Lines.")
@click.option("--explain", is_flag=True, help="Print each edit instead of the text.")
@click.option("--revert", type=PATH, metavar="EDITS", help="Undo: SOURCE is a repaired text, EDITS its edit list.")
@click.option("--suspects", is_flag=True, help="Print what may be damage, too, but was not changed.")
@_repair_options
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
    options = _options(language or read_in.language, without, min_confidence, model, spellings)
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


@cli.command()
@click.option("--engine", metavar="NAME", help="List the voices that this engine has.")
@click.option("--samples", type=PATH, metavar="DIR", help="Write ten seconds of every profile that can speak here.")
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
def voices(engine: str | None, samples: Path | None, as_json: bool) -> None:
    """List the voice profiles, or an engine's own voices, with their licences.

    \b
    Examples:
      audiobook voices
      audiobook voices --samples out/samples
      audiobook voices --engine pyttsx3
    """
    from audiobook import report, voice

    if engine:
        from audiobook.engines import load

        for line in report.engine_voices(load(engine).voices(), as_json):
            click.echo(line)
        return
    profiles = voice.profiles()
    if samples:
        _write_samples(profiles, samples)
        return
    for line in report.profiles(profiles, as_json):
        click.echo(line)


def _write_samples(profiles: list[Voice], folder: Path) -> None:
    from audiobook import engines
    from audiobook.samples import write

    for profile in profiles:
        if missing := engines.load(profile.engine).available():
            console.say(f"{profile.name} can't speak here: {missing}")
        else:
            click.echo(str(write(profile, folder)))


@cli.command()
@click.option("--clear", is_flag=True, help="Delete the kept sentences.")
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
def cache(clear: bool, as_json: bool) -> None:
    """Show, or clear, the sentences that are kept from earlier builds.

    \b
    Examples:
      audiobook cache
      audiobook cache --clear
    """
    from audiobook import report
    from audiobook.kept import LIMIT, Kept, folder

    kept = Kept(folder())
    if clear:
        try:
            kept.clear()
        except OSError as error:
            raise AudiobookError(f"The kept sentences can't be deleted: {error}") from error
    click.echo(report.cache(kept.folder, kept.held(), LIMIT, as_json))


@cli.command()
@click.argument("source")
@_voice_options
@click.option("--pls", type=PATH, metavar="FILE", help="Add the words to this lexicon, for you to mend.")
@click.option("--play", is_flag=True, help="Say each word aloud, as it will be heard.")
@click.option("-o", "--out", type=PATH, help="Folder for the sound of each word, as WAV files.")
@_repair_options
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
def names(
    source: str,
    voice: str,
    lexicon: Path | None,
    pls: Path | None,
    play: bool,
    out: Path | None,
    facts_file: Path | None,
    language: str,
    keep: tuple[str, ...],
    without: tuple[str, ...],
    min_confidence: float,
    model: str,
    spellings: Path | None,
    as_json: bool,
) -> None:
    """List the names and unknown words of SOURCE, and how the voice will say them.

    \b
    Examples:
      audiobook names review.txt
      audiobook names review.txt --pls review.pls
      audiobook names review.txt --lexicon review.pls --play
    """
    from dataclasses import asdict

    from audiobook import engines, facts, report
    from audiobook.languages import suited
    from audiobook.lexicon import find
    from audiobook.names import add_to_lexicon, listed, utterance
    from audiobook.source import read
    from audiobook.speak import choose
    from audiobook.voice import AUTO

    read_in = read(source, frozenset(keep))
    language = language or read_in.language
    profile, foreign = suited(choose(voice), language, chosen=voice != AUTO)
    if foreign:
        console.say(f"Note: {foreign}")
    engine = engines.load(profile.engine)
    known = find(lexicon)
    options = _options(language, without, min_confidence, model, spellings)
    repaired, _ = facts.restore(read_in.text, options, facts_file)
    found = listed(repaired.text, engine, profile, known)
    if as_json:
        click.echo(json.dumps([asdict(name) for name in found], ensure_ascii=False))
    for number, name in enumerate(found, 1):
        if not as_json:
            click.echo(report.name_line(name))
        if play or out:
            _let_hear(engine.speak(utterance(name.word, known), profile), f"{number:03}-{name.word}", play, out)
    if pls:
        console.say(report.added(add_to_lexicon(pls, found), pls))


def _let_hear(clip: Clip, name: str, play: bool, out: Path | None) -> None:
    """Play a word, or write its sound into a folder, or both."""
    from audiobook import output, player, samples

    if out:
        output.write_whole(out / f"{output.slug(name)}.wav", samples.wav(clip))
    if play:
        player.play(samples.wav(clip))


@cli.command()
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option(
    "--master", default="podcast", type=click.Choice([*MASTERS, "any"]), help="How loud it should be.  [podcast]"
)
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@click.option("--plain", is_flag=True, help="Progress as whole lines, for screen readers.")
def check(files: tuple[Path, ...], master: str, as_json: bool, plain: bool) -> None:
    """Check what was made: sound, chapters, tags, loudness, captions, and whether all agree.

    FILE is the folder of an edition, or a file in it: MP3, M4B, Opus, FLAC, EPUB, captions, chapters, a feed, a page.
    Ends with exit code 8 when there is an error.

    \b
    Examples:
      audiobook check out/review
      audiobook check review.mp3 review.vtt
    """
    from audiobook import report
    from audiobook.check import check as checked
    from audiobook.check.level import TARGETS

    with console.progress(console.is_plain(plain)) as progress:
        outcome = checked(files, TARGETS[master], progress)
    for line in report.findings(outcome, as_json):
        click.echo(line)
    if outcome.errors:
        sys.exit(FAULTY)


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


def main() -> None:
    """Run the command line and exit with the code that the error's class carries."""
    try:
        cli.main(standalone_mode=False)
    except AudiobookError as error:
        console.error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        console.say(GO_ON)
        # Not sys.exit: that waits for the threads to finish sentences that nobody will hear.
        os._exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has stopped: nothing more to say, and nowhere to say it.
        sys.stderr.close()
        sys.exit(1)
