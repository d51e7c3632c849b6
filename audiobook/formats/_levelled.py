"""The levelled sound, encoded: what every format that holds sound begins with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from audiobook import ffmpeg, machine, mastering
from audiobook.formats._mp3_stream import Stream, segments
from audiobook.loudness import UNMEASURABLE, Stretch
from audiobook.mastering import Codec, Profile, Sound
from audiobook.model import Loudness, Recording

REPEATABLE = ("-fflags", "+bitexact", "-flags:a", "+bitexact")
"""The same file from the same sound: nothing in it of the machine, the hour or ffmpeg's version."""
_ACX = "acx"
_LONGEST_FOR_ACX = 120
"""Minutes of a file."""
_FLOOR_FOR_ACX = -60.0
"""dB RMS."""


def mp3(recording: Recording) -> tuple[Path, Loudness]:
    """Give an MP3 without tags, encoded now or by an earlier format, and what it measures when decoded.

    It lies beside the samples, under their name; whoever deletes those deletes this.
    Raises EncodeError when the sound can't be encoded or levelled.
    """
    path = recording.pcm.with_suffix(f".{recording.master}.mp3")
    measured = path.with_suffix(".json")
    if not measured.exists():
        sound, profile, jobs = _sound(recording), profile_of(recording), machine.cores()
        stream = Stream(sound, path, profile.bit_rate, jobs)
        loudness = mastering.master(sound, stream.encode, profile, mastering.MP3, jobs, len(segments(sound)))
        stream.join()
        measured.write_text(json.dumps(asdict(loudness)), encoding="utf-8")
    return path, Loudness(**json.loads(measured.read_text(encoding="utf-8")))


def encode(
    recording: Recording, path: Path, codec: Codec, encoding: Sequence[str], inputs: Sequence[str] = ()
) -> Loudness:
    """Encode into `path` in one piece, and return what it measures when decoded.

    `encoding` are ffmpeg's arguments for the file, `inputs` those for what it takes besides the sound.
    Raises EncodeError when the sound can't be encoded or levelled.
    """
    sound = _sound(recording)

    def encoded(levelling: str, _: Sequence[int]) -> list[Stretch]:
        ffmpeg.run([*sound.input(), *inputs, "-map", "0:a", "-af", levelling, *encoding, "-y", ffmpeg.as_file(path)])
        return [Stretch(ffmpeg.decoded(path))]

    return mastering.master(sound, encoded, profile_of(recording), codec, jobs=1)


def profile_of(recording: Recording) -> Profile:
    """The recording's mastering profile."""
    return mastering.PROFILES[recording.master]


def notes(recording: Recording, loudness: Loudness) -> tuple[str, ...]:
    """Tell what a file could not reach, if anything."""
    profile = profile_of(recording)
    level = profile.level(loudness)
    told = []
    if level <= UNMEASURABLE:
        told.append("The sound is too short or too quiet to have a loudness; it was levelled by its peak.")
    elif mastering.is_off(loudness, profile):
        told.append(f"The sound reaches {level:.1f} {profile.unit} only: its peaks allow no more.")
    return (*told, *(_acx(recording, loudness) if recording.master == _ACX else ()))


def _acx(recording: Recording, loudness: Loudness) -> list[str]:
    """Tell of what ACX asks for beyond the level."""
    told = []
    if recording.duration > _LONGEST_FOR_ACX * 60_000:
        minutes = recording.duration // 60_000
        told.append(f"ACX takes files of at most {_LONGEST_FOR_ACX} minutes; this one lasts {minutes}.")
    if loudness.floor is not None and loudness.floor > _FLOOR_FOR_ACX:
        told.append(f"ACX asks for a noise floor of at most {_FLOOR_FOR_ACX:.0f} dB; it is {loudness.floor:.1f} dB.")
    return told


def _sound(recording: Recording) -> Sound:
    return Sound(recording.pcm, recording.sample_rate, recording.frames)
