"""The contract of `audiobook.engines.Engine`, on every engine in the folder; then what is special to each."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobook import engines
from audiobook.engines import Engine
from audiobook.engines import _espeak as speaking
from audiobook.engines.pyttsx3 import FORKING
from audiobook.errors import EngineError, NoSound, VoiceError
from audiobook.model import Clip
from audiobook.spoken import utter, worded
from tests.speech import raw, same_words, voice

SHORT = "The lamp went out."
FIRST = "Nobody in the hall said a single word about it until the morning came."
SECOND = "He was twenty, she was forty."
forking = pytest.mark.skipif(not FORKING, reason="eSpeak NG's own process is for Linux")


def say(engine: Engine | str, text: str, **fields: int | str) -> Clip:
    """Speak a text as it is."""
    name = engine if isinstance(engine, str) else engine.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    return engines.load(name).speak(raw(text), voice(name, **fields))


def digest(name: str, text: str) -> str:
    """Speak, and give a short name for the samples. At the top of the module, so that processes find it."""
    clip = say(name, text)
    return hashlib.sha256(clip.pcm + repr((clip.sample_rate, clip.words, clip.exact)).encode()).hexdigest()


@pytest.fixture(params=engines.names())
def name(request: pytest.FixtureRequest) -> str:
    """Every engine that can speak here."""
    if missing := engines.load(request.param).available():
        pytest.skip(missing)
    if request.param == "kokoro" and request.node.get_closest_marker("much"):
        pytest.skip("it takes minutes with this engine; test_engines_neural.py has a shorter form")
    return str(request.param)


@pytest.fixture
def engine(name: str) -> Engine:
    return engines.load(name)


# ---- the contract


def test_whole_clips(engine: Engine) -> None:
    """A clip has all of its sound: the longer text lasts longer."""
    short, long = say(engine, SHORT), say(engine, FIRST)
    assert 0.5 < short.seconds < 3
    assert 3 < long.seconds < 10
    assert any(short.pcm)
    assert len(long.pcm) % 2 == 0


def test_a_word_for_each_token(engine: Engine) -> None:
    """Every token has its time, in order, without overlap, within the clip; and none is endless or all but nothing."""
    clip = say(engine, FIRST)
    assert same_words(clip.words, FIRST) == FIRST.split()
    times = [time for word in clip.words for time in (word.begin, word.until)]
    assert times == sorted(times)
    assert times[0] >= 0 and times[-1] <= len(clip.pcm) // 2
    seconds = [(word.until - word.begin) / clip.sample_rate for word in clip.words]
    assert min(seconds) > 0.02 and max(seconds) < 1.5


@pytest.mark.parametrize("text", ["…", "—", "?!", "( )"])
def test_no_sound_is_an_error(engine: Engine, text: str) -> None:
    """A text without a word raises, and never comes back as silence."""
    with pytest.raises(NoSound):
        say(engine, text)


def test_unknown_voice(engine: Engine, name: str) -> None:
    """A voice that isn't there is an error that names one that is."""
    with pytest.raises(VoiceError, match="nonesuch") as error:
        say(engine, FIRST, id="nonesuch")
    assert any(there.id in str(error.value) for there in engine.voices())
    assert say(engine, FIRST)


def test_voices_can_be_named(engine: Engine) -> None:
    """The ids in the list of voices are different, and can be spoken with."""
    voices = engine.voices()
    assert len({there.id for there in voices}) == len(voices) > 0
    for there in (voices[0], voices[-1]):
        assert say(engine, "Four 4", id=there.id).seconds > 0.2


def test_standard_output_stays_clean(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing goes to standard output, whoever writes there, not even when it goes wrong."""
    say(engine, FIRST)
    engine.voices()
    with pytest.raises(NoSound):
        say(engine, "…")
    assert capfd.readouterr().out == ""


def test_who_speaks(engine: Engine, name: str) -> None:
    """The version can be part of a key, the narrator is said to be synthetic, and there is a licence."""
    assert engine.version() == engine.version() != ""
    assert "synthetic" in engine.narrator(voice(name))
    assert engine.LICENCE


def test_how_words_are_said(engine: Engine, name: str) -> None:
    """Every word that is asked for comes back in some spelling of its sound."""
    said = engine.said(["lamp", "cinéma vérité", "Aleppo"], voice(name))
    assert len(said) == 3 and all(said)


@pytest.mark.much
def test_no_memory_of_other_texts(name: str) -> None:
    """What a text sounds like does not depend on what was spoken before it."""
    first, second = digest(name, FIRST), digest(name, SECOND)
    assert digest(name, SECOND) == second
    assert digest(name, FIRST) == first
    assert digest(name, FIRST) == first


@pytest.mark.much
@pytest.mark.parametrize("start", ["spawn", "fork"])
def test_any_process(name: str, start: str) -> None:
    """Processes that run side by side, and each in its own order, give the same bytes as this one."""
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this platform can't {start}")
    expected = [digest(name, FIRST), digest(name, SECOND)]
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        jobs = [pool.submit(digest, name, text) for text in (SECOND, FIRST, FIRST, SECOND)]
        found = [job.result(timeout=60) for job in jobs]
    assert found == [expected[1], expected[0], expected[0], expected[1]]
    assert digest(name, FIRST) == expected[0]


@pytest.mark.much
def test_any_thread(name: str) -> None:
    """Threads may share an engine."""
    expected = {text: digest(name, text) for text in (FIRST, SECOND)}
    with ThreadPoolExecutor(3) as pool:
        texts = [FIRST, SECOND] * 4
        assert list(pool.map(lambda text: digest(name, text), texts)) == [expected[text] for text in texts]


@pytest.mark.much
def test_settings_are_heard(engine: Engine) -> None:
    """A lower rate takes longer, and volume changes the sound; no setting sticks."""
    plain = say(engine, FIRST)
    assert say(engine, FIRST, rate=120).seconds > plain.seconds * 1.2
    assert say(engine, FIRST, rate=240).seconds < plain.seconds / 1.2
    assert max(say(engine, FIRST, volume=40).pcm[1::2]) > 0
    assert say(engine, FIRST) == plain


def test_pitch_is_heard_or_refused(engine: Engine) -> None:
    """Another pitch changes the sound; an engine that can't do that says so."""
    try:
        assert say(engine, FIRST, pitch=80) != say(engine, FIRST)
    except VoiceError as error:
        assert "pitch" in str(error)


def test_no_volume_is_no_sound(engine: Engine) -> None:
    """A voice that is turned off gives no sound, which is an error like any other."""
    with pytest.raises(NoSound):
        say(engine, FIRST, volume=0)


@pytest.mark.parametrize("text", ["one\0two", "a\ud800b", "[[h@l'oU]] you", "x < y & <b>z", "x" * 300, "-v 3"])
@pytest.mark.much
def test_hostile_text(engine: Engine, text: str) -> None:
    """Text that trips programs up is spoken like any other, to its end."""
    bare, followed = say(engine, text), say(engine, f"{text} and then some more was said")
    assert followed.seconds > bare.seconds + 0.5


@pytest.mark.much
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(max_codepoint=0x24F), max_size=80).filter(worded))
def test_any_latin_text(engine: Engine, name: str, text: str) -> None:
    """Whatever has a letter or a digit and was made ready for a voice has sound, and a word for each token."""
    utterance = utter(text)
    assert len(engine.speak(utterance, voice(name)).words) == len(utterance.tokens)


def test_unknown_engine() -> None:
    """An engine that isn't there is an error that names those that are."""
    with pytest.raises(VoiceError, match=r"'siren'.*pyttsx3.*tone"):
        engines.load("siren")
    with pytest.raises(VoiceError):
        engines.load("_stock")


# ---- eSpeak NG in a process of its own


@pytest.fixture
def fresh() -> Iterator[None]:
    """Start the test, and the one after it, without a speaking process."""
    speaking.close()
    speaking.version.cache_clear()
    yield
    speaking.close()


def child_of(pid: int) -> int:
    """Wait for a process to have a child; gives the child's number."""
    for _ in range(500):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError("there was no child")


def server_pid() -> int:
    return speaking._idle[-1]._process.pid


@forking
@pytest.mark.usefixtures("fresh")
def test_a_crash_is_an_error() -> None:
    """When eSpeak NG crashes over a paragraph, that is an error with the signal's name, and the next one is fine."""
    expected = digest("pyttsx3", FIRST)

    def crash() -> None:
        os.kill(child_of(server_pid()), signal.SIGSEGV)

    threading.Thread(target=crash).start()
    with pytest.raises(EngineError, match="Segmentation fault"):
        say("pyttsx3", f"{FIRST} " * 2000)
    assert digest("pyttsx3", FIRST) == expected


@forking
@pytest.mark.usefixtures("fresh")
def test_the_server_may_die() -> None:
    """When the speaking process has died, another takes its place, and sounds the same."""
    expected = digest("pyttsx3", FIRST)
    died = server_pid()
    os.kill(died, signal.SIGKILL)
    time.sleep(0.1)
    assert digest("pyttsx3", FIRST) == expected
    assert server_pid() != died


@forking
@pytest.mark.usefixtures("fresh")
def test_an_endless_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that takes too long is an error, and the same process goes on with the next."""
    expected = digest("pyttsx3", FIRST)
    pid = server_pid()
    monkeypatch.setattr(speaking, "seconds_for", lambda length: 0.05)
    with pytest.raises(EngineError, match="took more than"):
        say("pyttsx3", f"{FIRST} " * 2000)
    monkeypatch.undo()
    assert digest("pyttsx3", FIRST) == expected
    assert server_pid() == pid


@forking
@pytest.mark.usefixtures("fresh")
def test_a_hanging_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A speaking process that does not answer is ended, and another takes its place."""
    expected = digest("pyttsx3", FIRST)
    hanging = server_pid()
    os.kill(hanging, signal.SIGSTOP)
    monkeypatch.setattr(speaking, "seconds_for", lambda length: 0.1)
    monkeypatch.setattr(speaking, "MARGIN_SECONDS", 0.1)
    with pytest.raises(EngineError, match="did not answer in time"):
        digest("pyttsx3", FIRST)
    monkeypatch.undo()
    assert not Path(f"/proc/{hanging}").exists()
    assert digest("pyttsx3", FIRST) == expected


@forking
@pytest.mark.usefixtures("fresh")
def test_eSpeak_missing(monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802
    """Without pyttsx3 or eSpeak NG the error says what to install."""
    monkeypatch.setattr(sys, "path", [p for p in sys.path if "site-packages" not in p])
    with pytest.raises(EngineError, match=r"does not start(.|\n)*pip install pyttsx3 espeakng-loader"):
        engines.load("pyttsx3").version()


@forking
def test_no_environment_and_nothing_left_behind() -> None:
    """It speaks without any environment variable, and its process ends with the program."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from audiobook.engines import pyttsx3\n"
        "from audiobook.model import Token, Utterance, Voice\n"
        "pyttsx3.speak(Utterance((Token('Hello', 0, 5),)), Voice('test', 'pyttsx3', 'en-us'))\n"
        "print(pyttsx3._espeak._idle[0]._process.pid)"
    )
    root = str(Path(engines.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code, root], env={}, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    assert not Path(f"/proc/{done.stdout.strip()}").exists()


@forking
def test_a_killed_program_leaves_nothing_behind() -> None:
    """When the program is killed outright, its speaking process ends by itself."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from audiobook.engines import pyttsx3\n"
        "pyttsx3.version()\n"
        "print(pyttsx3._espeak._idle[0]._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    root = str(Path(engines.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", code, root], capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL
    left = Path(f"/proc/{done.stdout.strip()}/status")
    for _ in range(200):
        if not left.exists() or "State:\tZ" in left.read_text():  # a zombie waits for its new parent only
            return
        time.sleep(0.01)
    raise AssertionError("the speaking process still runs")


@forking
@pytest.mark.usefixtures("fresh")
def test_ctrl_c() -> None:
    """An interruption in the middle of a paragraph ends the speaking, and leaves nothing for the next one."""
    expected = digest("pyttsx3", FIRST)
    pid = server_pid()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            say("pyttsx3", f"{FIRST} " * 2000)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not Path(f"/proc/{pid}").exists()
    assert digest("pyttsx3", FIRST) == expected


@forking
@pytest.mark.parametrize("unknown", ["en-us+nonesuch", "../en-us", "en-us+../../en", "\ud800"])
def test_voices_that_eSpeak_takes_in_silence(unknown: str) -> None:  # noqa: N802
    """Variants and paths that eSpeak NG ignores without a word are errors too."""
    with pytest.raises(VoiceError):
        say("pyttsx3", FIRST, id=unknown)


@forking
def test_no_markup() -> None:
    """Neither SSML nor phonemes are read out of an author's text: both would swallow words."""
    plain = say("pyttsx3", "one two three and four")
    tag = say("pyttsx3", "one <b two & three and four")
    phonemes = say("pyttsx3", "one [[two]] three and four")
    assert tag.seconds > plain.seconds * 0.9
    assert phonemes.seconds > plain.seconds * 0.9


def test_the_hum_follows_the_letters() -> None:
    """The hum of 50 letters at 100 words a minute takes 6 seconds."""
    assert say("tone", "ab " * 25, rate=100).seconds == pytest.approx(6, abs=0.01)
