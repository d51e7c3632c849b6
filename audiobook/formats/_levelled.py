"""The levelled sound as an MP3 without tags, encoded once for all formats that hold it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from audiobook import machine, mastering
from audiobook.formats._mp3_stream import Stream
from audiobook.model import Loudness, Recording


def mp3(recording: Recording) -> tuple[Path, Loudness]:
    """Give the file, encoded now or by an earlier format, and what it measures when decoded.

    It lies beside the samples, under their name; whoever deletes those deletes this.
    Raises EncodeError when the sound can't be encoded or levelled.
    """
    path = recording.pcm.with_suffix(".mp3")
    measured = path.with_suffix(".json")
    if not measured.exists():
        sound = mastering.Sound(recording.pcm, recording.sample_rate, recording.frames)
        stream = Stream(sound, path, machine.cores())
        loudness = mastering.master(sound, stream.encode, machine.cores())
        stream.join()
        measured.write_text(json.dumps(asdict(loudness)), encoding="utf-8")
    return path, Loudness(**json.loads(measured.read_text(encoding="utf-8")))
