"""What the neural engines share: sessions of ONNX Runtime, and the way from phonemes to a clip.

numpy and onnxruntime come with an engine's extra, so they are imported when a voice speaks, not before.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from audiobook.errors import EngineError, NoSound
from audiobook.model import Clip, Token, Utterance, Word

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]

P = ParamSpec("P")
T = TypeVar("T")

EDGE_SECONDS = 0.03
"""Near-silence that is left at both ends of a sound: nets pad it with up to half a second."""
QUIET = 10 ** (-50 / 20)
"""Amplitude (of 1) up to which a sound counts as silence: −50 dBFS."""
CLAUSE_SECONDS = 0.12
"""Silence that is put in where a long sentence was cut at a sign."""
SIGNS = frozenset(";:,.!?—…)”")
"""After which a long sentence is best cut."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a net made of phonemes."""

    samples: Floats
    """Mono, −1 to 1."""
    edges: Integers
    """The sample at which each phoneme begins, and the one at which the last ends."""


def missing(packages: Sequence[str], extra: str) -> str:
    """Say which of an engine's packages can't be found, and how to install them; empty when none."""
    lacking = [name.replace("_", "-") for name in packages if importlib.util.find_spec(name) is None]
    return f'{", ".join(lacking)} missing: pip install "audiobook[{extra}]"' if lacking else ""


def once(load: Callable[P, T]) -> Callable[P, T]:
    """Make a loader load each thing once, whichever thread asks first, and keep the last two."""
    kept = cast("Callable[P, T]", functools.lru_cache(maxsize=2)(load))
    lock = threading.Lock()

    @functools.wraps(load)
    def locked(*args: P.args, **kwargs: P.kwargs) -> T:
        with lock:
            return kept(*args, **kwargs)

    return locked


def session(model: bytes, *, optimised: bool = True) -> onnxruntime.InferenceSession:
    """Open a model on one core: whole sentences are spread over cores, which keeps every byte the same.

    To have its graph `optimised` takes time, and pays only where it then runs faster.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings about the model are its maker's
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(net: onnxruntime.InferenceSession, feed: dict[str, Any]) -> list[Any]:
    """Run a net, and hand its working memory back: kept, it would grow to the longest sentence per thread."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    outputs: list[Any] = net.run(None, feed, options)
    return outputs


def with_output(model: bytes, tensor: str) -> bytes:
    """Make an inner tensor of an ONNX model an output, after the others.

    A protocol buffer may follow another of its kind and is merged with it: a second `graph` (field 7 of
    ModelProto) with one `output` (12 of GraphProto) that has a `name` (1 of ValueInfoProto) adds that output.
    """
    return model + _field(7, _field(12, _field(1, tensor.encode())))


def _field(number: int, content: bytes) -> bytes:
    """Write a length-delimited field of a protocol buffer."""
    size, length = b"", len(content)
    while length > 127:
        size += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + content


def plain_text(text: str) -> str:
    """Take out of a token what no phonemizer can take: white space, control characters and lone surrogates."""
    return "".join(c for c in text if unicodedata.category(c)[0] not in "CZ")


def clip(
    utterance: Utterance,
    phonemes: Sequence[Sequence[str]],
    speak: Callable[[Sequence[str]], Sound],
    *,
    sample_rate: int,
    volume: int,
    most: int,
    exact: bool = True,
) -> Clip:
    """Speak an utterance whose every token has its phonemes, with signs and the space that follows.

    The net is given at most so many phonemes at once as `most` says; `exact` tells whether each has its right owner.
    Raises `NoSound`.
    """
    import numpy as np

    owners = [index for index, own in enumerate(phonemes) for _ in own]
    line = [phoneme for own in phonemes for phoneme in own]
    if not volume or not any(map(str.isalpha, line)):
        raise NoSound(f"There is no sound for {utterance.text[:60]!r}.")
    samples: list[Floats] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for part in cut(line, most):
        sound = trimmed(speak(part), sample_rate)
        edges = (sound.edges + at).tolist()
        spans += itertools.pairwise(edges)
        pause = round(CLAUSE_SECONDS * sample_rate) if _ends_clause(part) and len(spans) < len(line) else 0
        samples += [sound.samples, np.zeros(pause, np.float32)]
        at += len(sound.samples) + pause
    pcm = np.clip(np.concatenate(samples) * np.float32(volume / 100), -1, 1) * np.float32(32767)
    if not pcm.any():
        raise NoSound(f"There is no sound for {utterance.text[:60]!r}.")
    return Clip(pcm.astype("<i2").tobytes(), sample_rate, _words(utterance.tokens, owners, line, spans), exact)


def cut(line: Sequence[str], most: int) -> list[Sequence[str]]:
    """Cut phonemes into parts of at most so many: after a sign and a space, else a space, else anywhere."""
    parts: list[Sequence[str]] = []
    while len(line) > most:
        ends = range(most, most // 2, -1)
        spaces = [end for end in ends if line[end - 1] == " "]
        end = next((end for end in spaces if line[end - 2] in SIGNS), (spaces or ends)[0])
        parts.append(line[:end])
        line = line[end:]
    return [*parts, line] if line else parts


def _ends_clause(part: Sequence[str]) -> bool:
    return len(part) > 1 and part[-1] == " " and part[-2] in SIGNS


def trimmed(sound: Sound, sample_rate: int) -> Sound:
    """Cut the near-silence at both ends down to `EDGE_SECONDS`."""
    import numpy as np

    loud = np.flatnonzero(np.abs(sound.samples) > QUIET)
    if not len(loud):
        return sound
    edge = round(EDGE_SECONDS * sample_rate)
    start, end = max(0, int(loud[0]) - edge), min(len(sound.samples), int(loud[-1]) + 1 + edge)
    return Sound(sound.samples[start:end], np.clip(sound.edges - start, 0, end - start))


def _words(
    tokens: Sequence[Token], owners: Sequence[int], line: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[Word, ...]:
    """Give the time of each token, from its first letter to its last; one without a letter has none, and no length."""
    times: dict[int, tuple[int, int]] = {}
    for owner, phoneme, (begin, until) in zip(owners, line, spans, strict=True):
        if phoneme.isalpha():
            times[owner] = (times.get(owner, (begin, until))[0], until)
    words: list[Word] = []
    for index, token in enumerate(tokens):
        last = words[-1].until if words else 0
        words.append(Word(token.start, token.end, *times.get(index, (last, last))))
    return tuple(words)


def checked(phonemes: str, known: Callable[[str], bool], word: str, engine: str) -> str:
    """Give the phonemes of a lexicon's word; raises `EngineError` naming the first that the engine lacks."""
    for phoneme in phonemes:
        if not known(phoneme):
            raise EngineError(
                f"{engine} can't say {phoneme!r} (U+{ord(phoneme):04X}) in the pronunciation of {word!r}. "
                "Write it with sounds of English."
            )
    return phonemes
