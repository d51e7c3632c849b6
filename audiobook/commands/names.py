"""audiobook names: the names of a text, and how they will be said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook import console
from audiobook.commands.options import PATH, chosen, repair_options, voice_options

if TYPE_CHECKING:
    from audiobook.model import Clip


@click.command()
@click.argument("source")
@voice_options
@click.option("--pls", type=PATH, metavar="FILE", help="Add the words to this lexicon, for you to mend.")
@click.option("--play", is_flag=True, help="Say each word aloud, as it will be heard.")
@click.option("-o", "--out", type=PATH, help="Folder for the sound of each word, as WAV files.")
@repair_options
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
    options = chosen(language, without, min_confidence, model, spellings)
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
