"""An MP3: its frames, its ID3 tag, its chapters as players find them, its sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audiobook.check import id3, level, marks, mpeg, picture, sound
from audiobook.check.finding import Account, Finder, Finding, Look
from audiobook.check.mapped import mapped

DEMUXER = "mp3"
_RATES = (22_050, 24_000, 44_100, 48_000)
"""Hz that every player expects."""
_AGAIN = "Build the edition again."


def look(path: Path, target: level.Target) -> Look:
    """Look at frames, tag, chapters and sound, in this order; the sound should keep to `target`."""
    finder = Finder(path)
    with mapped(path) as data:
        tag = id3.read(data)
        stream = mpeg.walk(data, tag.size if tag else 0)
    yield from _frames(finder, stream)
    heard = sound.hear(path, DEMUXER)
    yield from sound.damage(finder, heard)
    if heard.sample_rate not in _RATES:
        yield finder.warning("", f"Its sample rate is {heard.sample_rate} Hz, which few players expect.", _AGAIN)
    chapters = tuple(chapter.cue for chapter in tag.chapters) if tag else ()
    yield from _tag(finder, tag)
    yield from marks.in_order(finder, chapters, heard.duration)
    yield from marks.few_enough(finder, chapters)
    if tag and chapters:
        yield from _contents(finder, tag)
        yield from _seen(finder, len(chapters), len(sound.labels(path, DEMUXER).chapters))
    yield from level.kept(finder, path, DEMUXER, target, heard)
    yield from level.constant(finder, target, stream.kbits)
    return Account(path, heard.duration, heard.silences, chapters)


def _frames(finder: Finder, stream: mpeg.Stream) -> Iterator[Finding]:
    copy = "Copy the file anew from where it came, or build the edition again."
    if stream.junk:
        places = f"{len(stream.junk)} places" if len(stream.junk) > 1 else "one place"
        yield finder.error(f"byte {stream.junk[0]}", f"The sound is damaged at {places}, first here.", copy)
    if stream.missing:
        yield finder.error("", f"The file ends in the middle of a frame; {stream.missing} bytes are missing.", copy)
    if not stream.has_header:
        yield finder.error(
            "", "It lacks the header (Info) that tells its length, so players guess it and seek wrongly.", _AGAIN
        )
    elif stream.promised is not None and stream.promised != stream.frames:
        yield finder.error(
            "",
            f"Its header tells of {stream.promised} frames, and there are {stream.frames}: sound is missing or added.",
            copy,
        )
    if len(stream.kbits) > 1:
        yield finder.error(
            "", "Its bit rate varies, so players miss its chapters by seconds.", "Encode it with a constant bit rate."
        )


def _tag(finder: Finder, tag: id3.Tag | None) -> Iterator[Finding]:
    if tag is None:
        yield finder.error("tags", "It has no ID3v2 tag: no title, no author, no chapters.", _AGAIN)
        return
    if tag.version != 3:
        yield finder.error(
            "tags",
            f"The tag is ID3v2.{tag.version}; players that use ffmpeg lose long chapters in it.",
            "Write it as ID3v2.3.",
        )
    tags = {"title": tag.text("TIT2"), "artist": tag.text("TPE1"), "album": tag.text("TALB")}
    yield from sound.tagged(finder, tags, *tags)
    if not tag.text("TLAN"):
        yield finder.warning("tags", "The language is not told.", "Build the edition again, with --language.")
    yield from picture.cover(finder, tag.cover)


def _contents(finder: Finder, tag: id3.Tag) -> Iterator[Finding]:
    """Yield what is wrong with the table of contents, without which some players list no chapter."""
    place = "table of contents"
    tops = [table for table in tag.contents if table.top_level]
    if len(tops) != 1:
        count = "no table" if not tops else f"{len(tops)} tables"
        yield finder.error(
            place,
            f"There is {count} of contents with the top-level flag, where one should be: some players list nothing.",
            _AGAIN,
        )
        return
    if not tops[0].ordered:
        yield finder.error(place, "It lacks the flag that says that its chapters are in order.", _AGAIN)
    in_time = sorted(tag.chapters, key=lambda chapter: chapter.cue.start)
    if list(tops[0].children) != [chapter.id for chapter in in_time]:
        yield finder.error(place, "It doesn't list all chapters, each once, in the order of time.", _AGAIN)


def _seen(finder: Finder, written: int, seen: int) -> Iterator[Finding]:
    if written != seen:
        yield finder.error(
            "chapters", f"The tag holds {written}, and players that use ffmpeg see {seen} of them.", _AGAIN
        )
