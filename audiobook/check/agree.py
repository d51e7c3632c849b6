"""Files of one edition against each other: the same times, nothing of the sound or the text left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from audiobook.check.finding import Account, Finder, Finding, clock
from audiobook.model import Cue

AGREED = 21
"""ms by which starts may differ: 20 that nobody hears, and one of rounding."""
SAME_LENGTH = 150
"""ms by which sounds of one recording may differ: encoders pad their first and last frames."""
UNCAPTIONED = 1500
"""ms of sound that may pass without a caption, such as a breath."""
IN_STEP = 150
"""ms by which captions may, in the middle, start before or after the voice."""

_PAUSE = 300
"""ms between two captions from which the voice's start can be heard."""
_NEAR = 1000
"""ms around a caption in which the voice's start is looked for."""
_ENOUGH = 3
"""Starts of the voice from which a middle means something."""
_LOOK = 4
"""Sentences that are looked at to tell an announcement from one of the text's."""
_LETTERS = 20
"""Letters and digits of a transcript that may go missing unnoticed: a scene break, a heading's number."""
_AGAIN = "Build the edition again, so that all its files come from one recording."


def compared(accounts: Sequence[Account]) -> Iterator[Finding]:
    """Yield where the files of one edition differ."""
    sounds = [account for account in accounts if account.duration is not None]
    timed = [account for account in accounts if account.sentences]
    marked = [account for account in accounts if account.chapters]
    yield from _lengths(sounds)
    for account in marked[1:]:
        yield from _starts(marked[0], account, marked[0].chapters, account.chapters, "chapter")
    for account in timed[1:]:
        yield from _starts(timed[0], account, timed[0].sentences, account.sentences, "sentence")
    for account in timed:
        for sound in sounds:
            yield from _against_sound(account, sound)
        for transcript in (each for each in accounts if each.text):
            yield from _whole(account, transcript)
    if marked and timed:
        yield from _between(marked[0], timed[0])


def _lengths(sounds: list[Account]) -> Iterator[Finding]:
    for sound in sounds[1:]:
        one, other = sounds[0].duration or 0, sound.duration or 0
        if abs(one - other) > SAME_LENGTH:
            yield Finder(sound.file).error(
                "", f"It lasts {clock(other)}, and {sounds[0].file.name} {clock(one)}.", _AGAIN
            )


def _starts(one: Account, two: Account, first: Sequence[Cue], second: Sequence[Cue], kind: str) -> Iterator[Finding]:
    """Yield one error for all starts that differ, with the first of them."""
    pairs = list(_matched(first, second))
    apart = [(a, b) for a, b in pairs if abs(a.start - b.start) > AGREED]
    if apart:
        a, b = apart[0]
        more = f", and {len(apart) - 1} more differ" if len(apart) > 1 else ""
        yield Finder(two.file).error(
            f"{kind} “{b.text[:40]}”",
            f"It starts at {clock(b.start)} here, and at {clock(a.start)} in {one.file.name}{more}.",
            _AGAIN,
        )
    elif kind == "chapter" and 2 * len(pairs) < min(len(first), len(second)):
        yield Finder(two.file).warning(
            "chapters", f"Only {len(pairs)} of its {len(second)} chapters have the titles of {one.file.name}.", _AGAIN
        )


def _matched(first: Sequence[Cue], second: Sequence[Cue]) -> Iterator[tuple[Cue, Cue]]:
    """Pair cues with the same words, in order; those that only one of both has are passed over."""
    places = _places(second)
    again = _places(first)
    here = 0
    for number, cue in enumerate(first):
        words = _letters(cue.text)
        known = places.get(words, [])
        # The same words may come twice, such as a title that is shown in silence and then announced.
        near = known[bisect_left(known, here) :][:2]
        if near:
            place = min(near, key=lambda place: abs(second[place].start - cue.start))
            later = again[words][bisect_right(again[words], number) :][:1]
            if any(_is_nearer(first[each], cue, second[place]) for each in later):
                continue
            yield cue, second[place]
            here = place + 1


def _places(cues: Sequence[Cue]) -> dict[str, list[int]]:
    """Return where the same words stand, in order."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, cue in enumerate(cues):
        places[_letters(cue.text)].append(place)
    return places


def _is_nearer(later: Cue, cue: Cue, other: Cue) -> bool:
    """Tell whether a later cue with the same words stands nearer to the other file's."""
    return abs(later.start - other.start) < abs(cue.start - other.start)


def _against_sound(account: Account, sound: Account) -> Iterator[Finding]:
    finder = Finder(account.file)
    duration = sound.duration or 0
    late = [cue for cue in account.sentences if cue.end > duration + SAME_LENGTH]
    if late:
        yield finder.error(
            f"sentence “{late[0].text[:40]}”",
            f"It ends at {clock(late[0].end)}, after {sound.file.name}, which lasts {clock(duration)}.",
            _AGAIN,
        )
    for start, end in _unheard(account.sentences, sound):
        yield finder.error(
            f"{clock(start)} to {clock(end)}", f"There is sound in {sound.file.name}, but no text here.", _AGAIN
        )
    yield from _in_step(finder, account.sentences, sound)


def _unheard(sentences: Sequence[Cue], sound: Account) -> Iterator[tuple[int, int]]:
    """Yield stretches between sentences in which there is more than a breath of sound."""
    edges = sorted((cue.start, cue.end) for cue in sentences)
    free, last = [], 0
    for start, end in [*edges, (sound.duration or 0, sound.duration or 0)]:
        if start > last:
            free.append((last, start))
        last = max(last, end)
    for start, end in free:
        silent = sum(max(0, min(end, until) - max(start, begin)) for begin, until in sound.silences)
        if end - start - silent > UNCAPTIONED:
            yield start, end


def _in_step(finder: Finder, sentences: Sequence[Cue], sound: Account) -> Iterator[Finding]:
    """Yield an error when, in the first or the second half, captions mostly start before or after the voice."""
    voices = [end for _, end in sound.silences]
    offsets = list(_offsets(sentences, voices))
    middle = len(offsets) // 2
    for half, name in ((offsets[:middle], "first half"), (offsets[middle:], "second half")):
        if len(half) >= _ENOUGH and abs(shift := median(half)) > IN_STEP:
            word = "after" if shift > 0 else "before"
            yield finder.error(
                name, f"Its sentences start {abs(shift):.0f} ms {word} the voice in {sound.file.name}.", _AGAIN
            )


def _offsets(sentences: Sequence[Cue], voices: Sequence[int]) -> Iterator[int]:
    """Yield for each sentence after a pause how many ms it starts after the nearest start of the voice."""
    before = Cue(0, -_PAUSE, "")
    for one, two in pairwise([before, *sentences]):
        place = bisect_left(voices, two.start)
        near = [two.start - voice for voice in voices[max(0, place - 1) : place + 1]]
        if two.start - one.end >= _PAUSE and near and abs(nearest := min(near, key=abs)) <= _NEAR:
            yield nearest


def _whole(account: Account, transcript: Account) -> Iterator[Finding]:
    """Yield an error for each stretch of the transcript that the sentences pass over."""
    text = _letters(transcript.text)
    spoken = [_letters(cue.text) for cue in account.sentences]
    here = 0
    for number, (cue, words) in enumerate(zip(account.sentences, spoken, strict=True)):
        found = text.find(words, here) if words else -1
        if found < 0 or _is_ahead(found, here, text, spoken[number + 1 : number + 1 + _LOOK]):
            continue  # an announcement, which no author wrote, though the text may hold the same words further on
        yield from _missing(account, transcript, text[here:found], f"before {clock(cue.start)}")
        here = found + len(words)
    yield from _missing(account, transcript, text[here:], "at the end")


def _is_ahead(found: int, here: int, text: str, following: Sequence[str]) -> bool:
    """Tell whether a sentence seems found so far ahead that one of those after it stands before it."""
    return found - here > _LETTERS and any(here <= text.find(words, here) < found for words in following if words)


def _missing(account: Account, transcript: Account, letters: str, place: str) -> Iterator[Finding]:
    if len(letters) > _LETTERS:
        yield Finder(account.file).error(
            place,
            f"{len(letters)} letters of {transcript.file.name} are missing here, from “{letters[:30]}” on.",
            _AGAIN,
        )


def _between(marked: Account, timed: Account) -> Iterator[Finding]:
    """Yield an error for each chapter that starts in the middle of a sentence."""
    starts = [cue.start for cue in timed.sentences]
    for number, chapter in enumerate(marked.chapters, start=1):
        place = bisect_left(starts, chapter.start - AGREED) - 1
        if place >= 0 and timed.sentences[place].end > chapter.start + AGREED:
            yield Finder(marked.file).error(
                f"chapter {number}",
                f"It starts at {clock(chapter.start)}, in the middle of a sentence of {timed.file.name}.",
                _AGAIN,
            )


def _letters(text: str) -> str:
    """Letters and digits alone, without regard to capitals: what no format changes."""
    return "".join(filter(str.isalnum, text.casefold()))
