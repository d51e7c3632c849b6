from __future__ import annotations

import subprocess
import sys
import tracemalloc
from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook import sound
from audiobook.errors import EngineError, NoSound
from audiobook.model import Chunk, Clip, Cue, Pauses, Phrase, Recording, Spoken, Voice, Word
from tests.recordings import RATE, book, chapter, hum, recording, samples, silence, spoken

CLIP = Clip(silence(0.05) + hum(0.2) + silence(0.08), RATE)
PHRASES = (Phrase(0, CLIP),)


def trimmed(clip: Clip) -> bytes:
    return sound.faded(clip, sound.sounding(clip))


def loud(pcm: bytes) -> list[tuple[int, int]]:
    """First and one-past-last sample of each run of sound; fewer than 20 ms of quiet do not end it."""
    values = array("h", pcm)
    places = [place for place, value in enumerate(values) if abs(value) > 300]
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(places), 1) if b - a > RATE // 50), len(places)]
    return [(places[first], places[last - 1] + 1) for first, last in pairwise(cuts)]


def ms(position: float) -> float:
    return position * 1000 / RATE


def test_captions_stand_on_their_sound(tmp_path: Path) -> None:
    """Each caption starts and ends within 20 ms of what is heard, and its text is the transcript's."""
    made = recording(book(["A", "B"]), tmp_path)
    runs = loud(made.pcm.read_bytes())
    assert [cue.text for cue in made.captions] == ["One of 1.", "Two of 1.", "One of 2.", "Two of 2."]
    assert len(runs) == 4
    for cue, (start, end) in zip(made.captions, runs, strict=True):
        assert cue.start == pytest.approx(ms(start), abs=20)
        assert cue.end == pytest.approx(ms(end), abs=20)


def test_pauses_are_those_of_the_voice(tmp_path: Path) -> None:
    """Between sentences, paragraphs and chapters stands the silence that the profile asks for."""
    first = chapter(1, "A", ("a", "b")).chunks[0]
    second = chapter(2, "A", ("c",)).chunks[0]
    third = chapter(3, "B", ("d",)).chunks[0]
    pieces = [
        Spoken(0, first, "a", PHRASES),
        Spoken(0, first, "b", PHRASES),
        Spoken(0, second, "c", PHRASES),
        Spoken(1, third, "d", PHRASES),
    ]
    voice = Voice("test", "none", "", pauses=Pauses(150, 400, 900))
    made = sound.join(book(["A", "B"]), voice, "Hum", pieces, tmp_path / "s.pcm")
    gaps = [later.start - earlier.end for earlier, later in pairwise(made.captions)]
    assert gaps == [pytest.approx(150, abs=1), pytest.approx(400, abs=1), pytest.approx(900, abs=1)]
    assert made.captions[0].start == sound.LEAD_IN
    assert made.duration - made.captions[-1].end == pytest.approx(sound.TAIL, abs=1)


def test_a_chapter_starts_in_the_pause_before_its_first_sound(tmp_path: Path) -> None:
    """A jump to a chapter lands in silence, at most a tenth of a second before the voice."""
    made = recording(book(["A", "B", "C"]), tmp_path)
    runs = loud(made.pcm.read_bytes())
    for cue, (before, after) in zip(made.chapters[1:], [(1, 2), (3, 4)], strict=True):
        assert ms(runs[before][1]) < cue.start <= ms(runs[after][0])
        assert ms(runs[after][0]) - cue.start <= sound.HEADROOM + 20


def test_chapters_cover_the_recording(tmp_path: Path) -> None:
    """The first starts at 0, each ends where the next starts, the last ends with the sound."""
    made = recording(book(["A", "B", "C"]), tmp_path)
    assert made.chapters[0].start == 0
    assert all(earlier.end == later.start for earlier, later in pairwise(made.chapters))
    assert made.chapters[-1].end == made.duration
    assert made.frames * 2 == made.pcm.stat().st_size


def test_words_stand_within_their_caption(tmp_path: Path) -> None:
    """Words have the times that the engine gave, moved to where the clip came to stand, its silent edges gone."""
    words = (Word(0, 3, 0, RATE // 10), Word(4, 6, RATE // 10, RATE // 5), Word(4, 6, RATE // 5, RATE // 2))
    phrases = (Phrase(0, Clip(CLIP.pcm, RATE, words)), Phrase(500, CLIP))
    piece = Spoken(0, chapter(1, "A", ("One of 1.",)).chunks[0], "One of 1.", phrases)
    (caption,) = sound.join(book(["A"]), Voice("test", "none", ""), "Hum", [piece], tmp_path / "s.pcm").captions
    assert [word.text for word in caption.words] == ["One", "of"]
    one, of = caption.words
    assert (one.start, one.end) == (caption.start, of.start)
    assert of.start - one.start == pytest.approx(100 - 50 + 10, abs=6)  # 50 ms of silence before, of which 10 stay
    assert caption.end - of.end == pytest.approx(500 + 200 + 20, abs=12)


def test_announcements_are_no_transcript(tmp_path: Path) -> None:
    """What is announced has a caption, and is told apart from what the author wrote."""
    announced = Spoken(0, Chunk(0, "A Book.", 0, ("A Book.",)), "A Book.", PHRASES)
    of = book(["A"])
    made = sound.join(of, Voice("test", "none", ""), "Hum", [announced, *spoken(of)], tmp_path / "s.pcm")
    assert [cue.text for cue in made.captions] == ["A Book.", "One of 1.", "Two of 1."]
    assert [cue.text for cue in made.transcript] == ["One of 1.", "Two of 1."]
    assert made.chapters[0].start == 0


def test_a_scene_break_is_a_longer_pause(tmp_path: Path) -> None:
    """A chunk without sound adds a paragraph's pause, and no caption."""
    of = book(["A"])
    pieces, more = list(spoken(of)), list(spoken(book(["A"])))
    broken = Spoken(0, chapter(9, "A", ()).chunks[0], "", ())
    voice = Voice("test", "none", "", pauses=Pauses(100, 250, 300))
    plain = sound.join(of, voice, "Hum", [*pieces, *more], tmp_path / "p.pcm")
    longer = sound.join(of, voice, "Hum", [*pieces, broken, *more], tmp_path / "l.pcm")
    assert longer.duration - plain.duration == pytest.approx(500, abs=2)
    assert len(longer.captions) == len(plain.captions)


def test_silent_edges_go_and_ten_milliseconds_stay() -> None:
    """A clip keeps its sound and 10 ms at either side, to the step in which it is searched."""
    kept = len(trimmed(Clip(silence(0.3) + hum(0.5) + silence(0.4), RATE))) / 2 / RATE
    assert kept == pytest.approx(0.5 + 0.02, abs=0.012)


def test_edges_are_faded() -> None:
    """A clip that starts and ends at full height gets ends near zero, so that nothing clicks, and the same middle."""
    before = array("h", hum(0.3))
    after = array("h", trimmed(Clip(before.tobytes(), RATE)))
    assert max(map(abs, after[:5])) < 500
    assert max(map(abs, after[-5:])) < 500
    assert after[500:-500] == before[500 : len(after) - 500]


def test_a_whisper_is_left_whole() -> None:
    """A clip that is below the threshold throughout is not taken for silence."""
    faint = hum(0.3, peak=40)
    assert len(trimmed(Clip(faint, RATE))) == pytest.approx(len(faint), abs=2 * RATE / 1000)


def test_another_sample_rate_is_refused(tmp_path: Path) -> None:
    """An engine that changes its rate within a recording fails, with the sentence where it did."""
    of = book(["A"])
    chunk = of.chapters[0].chunks[0]
    other = (Phrase(0, Clip(hum(0.2, rate=24000), 24000)),)
    pieces = [Spoken(0, chunk, "One of 1.", PHRASES), Spoken(0, chunk, "Two of 1.", other)]
    with pytest.raises(EngineError, match=r"22050 to 24000 Hz(.|\n)*Two of 1"):
        sound.join(of, Voice("test", "none", ""), "Hum", pieces, tmp_path / "s.pcm")


@pytest.mark.parametrize("pcm", [b"", samples([9000] * 20)], ids=["empty", "one millisecond"])
def test_a_clip_without_sound_is_refused(pcm: bytes, tmp_path: Path) -> None:
    """A sentence never gets an empty caption; the error names it."""
    with pytest.raises(NoSound, match="One of 1"):
        recording(book(["A"]), tmp_path, clip=Clip(pcm, RATE))


@pytest.mark.parametrize("titles", [[], ["* * *"]], ids=["no chapter", "only a scene break"])
def test_nothing_to_hear_is_refused(titles: list[str], tmp_path: Path) -> None:
    """A book without any sound makes no recording, and leaves no file."""
    with pytest.raises(NoSound):
        recording(book(titles), tmp_path)
    assert not list(tmp_path.iterdir())


@settings(max_examples=40, deadline=None)
@given(
    titles=st.lists(st.sampled_from(["A", "* * *"]), min_size=1, max_size=12).filter(lambda t: "A" in t),
    pauses=st.builds(Pauses, st.integers(0, 50), st.integers(0, 60), st.integers(0, 90)),
    rate=st.sampled_from([8000, 16000, 22050, 24000, 44100]),
)
def test_the_clock_holds_for_any_book(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], pauses: Pauses, rate: int
) -> None:
    """Chapters are whole, contiguous and not empty, captions ascend without overlap, whatever the pauses and rate."""
    made = recording(book(titles), tmp_path_factory.mktemp("s"), Clip(hum(0.03, rate=rate), rate), pauses)
    assert [cue.text for cue in made.chapters] == titles
    assert made.chapters[0].start == 0
    assert made.chapters[-1].end == made.duration
    assert all(earlier.end == later.start for earlier, later in pairwise(made.chapters))
    assert all(earlier.end <= later.start for earlier, later in pairwise(made.captions))
    assert all(cue.start < cue.end <= made.duration for cue in (*made.chapters, *made.captions))


def test_times_do_not_drift() -> None:
    """After 20,000 sentences a caption still stands on its sample, to the millisecond."""

    class Counter:
        """A file that only counts."""

        def write(self, pcm: bytes) -> int:
            return len(pcm)

    line = sound.Timeline(Counter(), 22050)  # type: ignore[arg-type]
    pcm = trimmed(CLIP)
    for _ in range(20_000):
        line.owe(7)
        line.add_silence()
        line._write(pcm)
    line.begin_chapter("End")
    exact = 20_000 * (7 * 22050 // 1000 + len(pcm) // 2)
    assert line.position == exact
    assert line._cue(exact, exact, "").start == exact * 1000 // 22050


def test_memory_does_not_grow_with_the_sound(tmp_path: Path) -> None:
    """A recording ten times as long needs no more memory than its cues."""

    def peak(chapters: int) -> int:
        of = book(["A"] * chapters)
        tracemalloc.start()
        made = sound.join(of, Voice("test", "none", ""), "Hum", fresh(chapters), tmp_path / "s.pcm")
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert made.pcm.stat().st_size > chapters * 80_000
        return used

    def fresh(chapters: int) -> Iterator[Spoken]:
        for each in spoken(book(["A"] * chapters)):
            yield Spoken(each.chapter, each.chunk, each.text, (Phrase(0, Clip(bytes(CLIP.pcm), RATE)),))

    assert peak(200) < peak(20) + 300_000


def test_importing_says_nothing_without_ffmpeg(tmp_path: Path) -> None:
    """The warning of pydub about a missing ffmpeg stays away, and other warnings are left alone."""
    code = "import warnings, audiobook.sound; warnings.warn('mine', RuntimeWarning)"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": str(tmp_path), "SYSTEMROOT": "", "PYTHONPATH": str(Path(sound.__file__).parents[1])},
    )
    assert "ffmpeg" not in done.stderr
    assert "mine" in done.stderr
    assert done.stdout == ""


def test_times_in_milliseconds_are_rounded_down(tmp_path: Path) -> None:
    """No cue ends after the sound: a length of 999.9 ms counts as 999."""
    made = recording(book(["A"]), tmp_path)
    cut = Recording(made.book, made.voice, made.narrator, made.pcm, 44100, 44099, (Cue(0, 999, "A"),), ())
    assert cut.duration == 999
