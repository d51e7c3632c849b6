"""What can go wrong, and the exit code that says so.

AudiobookError            1  anything of ours, also a disk that may not be written
├── DiskFull              1  there is no space left
├── SourceError           3  the text can't be read, or has nothing to say
├── EditConflict          4  an edit list or facts file doesn't fit this text
├── VoiceError            5  no such voice, or the engine lacks it; a lexicon that can't be read
├── EngineError           6  the engine failed
│   └── NoSound           6  the engine gave no sound for a text
└── EncodeError           7  the audio could not be encoded or tagged

`audiobook check` ends with 8 when it has found an error: that is its result, and no exception.

A message says what went wrong, where, and what to do, in one to three lines.
"""

FAULTY = 8
"""Exit code of a check that has found an error."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 + SIGINT."""


class AudiobookError(Exception):
    """The root of every error that this package raises on purpose."""

    exit_code = 1


class DiskFull(AudiobookError):
    """There is no space left: whatever is tried next will fail, too."""


class SourceError(AudiobookError):
    """The text can't be read, or has nothing to say."""

    exit_code = 3


class EditConflict(AudiobookError):
    """An edit list or a facts file doesn't fit this text."""

    exit_code = 4


class VoiceError(AudiobookError):
    """No such voice profile, the engine lacks the voice it names, or a lexicon can't be read."""

    exit_code = 5


class EngineError(AudiobookError):
    """The speech engine failed; the message holds its own words."""

    exit_code = 6


class NoSound(EngineError):
    """The engine gave no sound for a text."""


class EncodeError(AudiobookError):
    """The audio could not be encoded, measured or tagged."""

    exit_code = 7
