"""Which voice can speak the language of a text."""

from __future__ import annotations

import re
from dataclasses import replace

from audiobook import engines, voice
from audiobook.model import EngineVoice, Voice

MANY = voice.BEST[-1]
"""The profile whose engine has voices for a hundred languages."""
UNKNOWN = "und"
SAME = {"zh": "cmn", "no": "nb", "iw": "he", "in": "id", "tl": "fil"}
"""Tags that an engine may know by another name."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)


def suited(profile: Voice, language: str, *, chosen: bool) -> tuple[Voice, str]:
    """Give the profile that speaks a text's language, and what a person should know of it, or "".

    `language` is a tag of BCP 47. A profile that was `chosen` by a person is kept, and a mismatch told; else a voice
    of that language takes the place of one of another.
    """
    spoken = _language(profile, language)
    if _base(spoken) in (_base(language), UNKNOWN, "") or _base(language) == UNKNOWN:
        return profile, ""
    other = _of_language(language)
    if other is None:
        return profile, f"No voice here speaks {language}; the voice {profile.name}, made for {spoken}, reads the text."
    if chosen:
        better = f"Leave out --voice, and eSpeak NG's voice {other.name} speaks it."
        return profile, f"The voice {profile.name} speaks {spoken}, but the text is in {language}. {better}"
    many = voice.load(MANY)
    found = replace(many, name=f"{many.name}-{other.language}", id=other.id, description=other.name)
    instead = f"so eSpeak NG's voice {other.name} speaks this text, which is in {language}."
    return found, f"The voice {profile.name} speaks {spoken} only, {instead}"


def _language(profile: Voice, expected: str) -> str:
    """Give the language of a profile's voice; "" when its engine doesn't tell."""
    name = profile.id.partition("+")[0]  # eSpeak NG's voices may have a variant: "en-us+f3"
    if _TAG.fullmatch(name) and _base(name) == _base(expected):
        return name  # the engine need not be asked, which takes a process
    there = engines.load(profile.engine).voices()
    return next((each.language for each in there if each.id == name), "" if name else there[0].language)


def _of_language(language: str) -> EngineVoice | None:
    """Find the voice for a language: its region's if there is one, else the plainest."""
    wanted = language.lower().replace("_", "-")
    base = _base(wanted)
    there = {each.language.lower(): each for each in reversed(engines.load(voice.load(MANY).engine).voices())}
    own = voice.load(MANY).id.partition("+")[0]
    regions = sorted((tag for tag in there if _base(tag) == base), key=lambda tag: (tag != own, tag))
    found = next((tag for tag in (wanted, base, f"{base}-{base}", *regions) if tag in there), None)
    return there[found] if found else None


def _base(tag: str) -> str:
    base = tag.lower().replace("_", "-").partition("-")[0]
    return SAME.get(base, base)
