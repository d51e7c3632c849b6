"""The International Phonetic Alphabet: read strictly, and put into the phonemes of eSpeak NG's English voices.

A transcription is broad: detail that no English voice can say (aspiration, tone of a vowel, syllable dots) is left
out, and a sound that English lacks is said as its nearest. After: Handbook of the International Phonetic Association,
1999; https://github.com/espeak-ng/espeak-ng/blob/master/docs/phonemes.md and phsource/ph_english_us.
"""

from __future__ import annotations

import re
import unicodedata

MAIN_STRESS = "ˈ"
SECOND_STRESS = "ˌ"
LONG = "ː"

_SPELLINGS = {
    **dict.fromkeys("'’ʹ´", MAIN_STRESS),
    ":": LONG,
    "g": "ɡ",
    "r": "ɹ",  # dictionaries of English write r for the sound that other languages have to tell from their own
    "ʧ": "tʃ",
    "ʤ": "dʒ",
    "ɫ": "l",
    "ɝ": "ɜː",
    "ə˞": "ɚ",
    "ɜ˞": "ɜː",
    "c\N{COMBINING CEDILLA}": "ç",  # what NFD makes of it
}
"""What people write, and what it stands for."""

_DETAIL = frozenset(
    ".‿ˑʰʱʷʲˠˤⁿˡʼ˞ʕ"
    "\N{COMBINING DOUBLE INVERTED BREVE}\N{COMBINING DOUBLE BREVE BELOW}"  # the ties of tʃ
    "\N{COMBINING BRIDGE BELOW}\N{COMBINING LEFT ANGLE ABOVE}\N{COMBINING RING BELOW}\N{COMBINING CARON BELOW}"
    "\N{COMBINING INVERTED BREVE BELOW}\N{COMBINING BREVE}\N{COMBINING UP TACK BELOW}\N{COMBINING DOWN TACK BELOW}"
    "\N{COMBINING PLUS SIGN BELOW}\N{COMBINING MINUS SIGN BELOW}\N{COMBINING DIAERESIS}\N{COMBINING TILDE BELOW}"
)
"""Signs that are left out."""


def _table(pairs: str) -> dict[str, str]:
    """Map sounds to eSpeak NG's mnemonics; written as pairs, a space between any two."""
    words = unicodedata.normalize("NFD", pairs).split()
    return dict(zip(words[::2], words[1::2], strict=True))


_CONSONANTS = (
    {"ç": "C"}
    | _table(
        "p p  b b  t t  d d  k k  ɡ g  f f  v v  θ T  ð D  s s  z z  ʃ S  ʒ Z  h h  m m  n n  ŋ N  l l  ɹ r  j j  w w "
        "tʃ tS  dʒ dZ  ʔ ?  ɾ t#  ʍ w#  x x  ɬ l#"
    )
    | _table(  # English lacks these: the nearest
        "χ x  ɣ Q  ħ h  ɦ h  ʁ r  ʀ r  ɻ r  ɽ r  ɺ r  ɸ f  β B  ʋ v  ɱ m  ɲ n^  ɳ n  ɴ N  ʎ l^  ɭ l  ɮ l  ʟ l "
        "ʈ t  ɖ d  c c  ɟ J  q q  ɢ g  ʝ j  ɰ w  ɥ w  ʂ S  ʐ Z  ɕ S  ʑ Z  ɓ b  ɗ d  ɠ g"
    )
)
_VOWELS = _table(
    "iː i:  i i  ɪ I  ᵻ I#  ɛ E  æ a  ɑː A:  ɑ A:  ɒ 0  ɔː O:  ɔ O2  ʊ U  uː u:  u u:  ʌ V  ə @  ɐ a#  ɜː 3:  ɚ 3 "
    "eɪ eI  aɪ aI  ɔɪ OI  oʊ oU  əʊ oU  aʊ aU  iə i@  ɪə i@  eə e@  ɛə e@  ʊə U@  aɪə aI@  aɪɚ aI3  iəʊ i|oU  ɪəʊ I|oU "
    "l̩ @L  n̩ n-  m̩ m-  ɹ̩ 3"
) | _table(  # as above; the a of other languages is that of "pasta", which is not the same in all voices
    "a A#  aː A:  e E  eː eI  ɛː E  ɪː I  o oU  oː oU  ɜ 3:  ɑ̃ A~  ã A~  ɔ̃ O~  õ O~  ɛ̃ a|n  œ̃ V|n "
    "y u:  ʏ U  ø 3:  œ 3:  ɨ I  ʉ u:  ɯ u:  ɤ V  ɘ @  ɵ @  ɞ V  ɶ a"
)
_BEFORE_NO_VOWEL = _table(
    "ɑːɹ A@  ɑɹ A@  ɔːɹ O@  ɔɹ O@  oːɹ o@  oɹ o@  ɛɹ e@  ɛəɹ e@  eəɹ e@  ɪɹ i@3  ɪəɹ i@3  ʊɹ U@  ʊəɹ U@ "
    "ɜːɹ 3:  ɜɹ 3:  əɹ 3  aɪəɹ aI3  əl @L"
)
"""Vowels with the r or l after them: one sound to eSpeak NG, and a British voice says it without the r."""

_VOCALIC = _VOWELS | _BEFORE_NO_VOWEL
SOUNDS = (*_CONSONANTS, *_VOCALIC)
"""Every sound that `normal` lets through, besides the stresses and the length of another."""
_WEAK = frozenset(("@", "3", "a#", "I#", "@L", "n-", "m-"))
"""Phonemes that can't bear a stress."""


def _alternatives(table: dict[str, str]) -> str:
    """Word a pattern for any key, the longest first."""
    return "|".join(map(re.escape, sorted(table, key=len, reverse=True)))


_SYLLABIC = "\N{COMBINING VERTICAL LINE BELOW}"
_SOUND = re.compile(
    rf"(?P<vowel>(?:{_alternatives(_BEFORE_NO_VOWEL)})(?!{_SYLLABIC}|[ˈˌ]?(?:{_alternatives(_VOWELS)}))|{_alternatives(_VOWELS)})"
    rf"|(?P<consonant>{_alternatives(_CONSONANTS)})"
    rf"|(?P<stress>[{MAIN_STRESS}{SECOND_STRESS}])"
    rf"|(?P<long>{LONG})"
)
_EARLY_STRESS = re.compile(
    rf"(?P<stress>[{MAIN_STRESS}{SECOND_STRESS}])"
    rf"(?P<onset>(?:(?!{_alternatives(_VOWELS)})(?:{_alternatives(_CONSONANTS)}|{LONG}))+)(?={_alternatives(_VOWELS)})"
)
_ESPEAK_STRESS = {MAIN_STRESS: "'", SECOND_STRESS: ","}


def normal(transcription: str) -> str:
    """Give a word's transcription in one spelling: broad, decomposed (NFD, but for ç), no ties, r as ɹ.

    A stress stands right before its vowel, as engines write it ("faɪjˈɑːd"), not before the syllable ("faɪˈjɑːd").
    Slashes or brackets around it are taken off. Raises ValueError naming the first sign that is none of the alphabet's.
    """
    text = unicodedata.normalize("NFD", transcription.strip())
    if text[:1] + text[-1:] in ("//", "[]") and len(text) > 1:
        text = text[1:-1]
    for written, meant in _SPELLINGS.items():
        text = text.replace(written, meant)
    text = "".join(sign for sign in text if sign not in _DETAIL)
    at = 0
    while found := _SOUND.match(text, at):
        at = found.end()
    if at < len(text):
        raise ValueError(f"{_named(text[at])} is no sign of the International Phonetic Alphabet")
    if not any(sign.isalpha() and sign != LONG for sign in text.strip(MAIN_STRESS + SECOND_STRESS)):
        raise ValueError("there is no sound in it")
    return _EARLY_STRESS.sub(r"\g<onset>\g<stress>", text)


def espeak(transcription: str) -> str:
    """Give a word, as `normal` returns it, in the mnemonics that eSpeak NG's English voices take between [[ and ]].

    Phonemes are parted by "|", so that two are never read as one. A word without a main stress gets it on its first
    vowel that can bear one.
    """
    phonemes: list[str] = []
    vowels: list[int] = []
    pending = ""
    for sound in _SOUND.finditer(transcription):
        kind, symbol = str(sound.lastgroup), sound.group()
        if kind == "stress":
            pending = _ESPEAK_STRESS[symbol]
        elif kind == "vowel":
            vowels.append(len(phonemes))
            phonemes.append(pending + _VOCALIC[symbol])
            pending = ""
        elif kind == "consonant":
            phonemes.append(_CONSONANTS[symbol])
    if vowels and not any(phoneme.startswith("'") for phoneme in phonemes):
        place = _stressed(phonemes, vowels)
        phonemes[place] = "'" + phonemes[place].lstrip(",")
    return "|".join(phonemes)


def _stressed(phonemes: list[str], vowels: list[int]) -> int:
    """Choose the vowel that bears the main stress where none is marked."""
    half = [place for place in vowels if phonemes[place].startswith(",")]
    strong = [place for place in vowels if phonemes[place] not in _WEAK]
    return (half or strong or vowels)[0]


def with_s(transcription: str) -> str:
    """Give a word, as `normal` returns it, with the s of a possessive or a plural."""
    last = transcription.rstrip(LONG)
    if last.endswith(("s", "z", "ʃ", "ʒ")):
        return transcription + "ɪz"
    return transcription + ("s" if last.endswith(("p", "t", "k", "f", "θ", "ɸ", "x", "ç", "χ", "q", "c")) else "z")


def _named(sign: str) -> str:
    """Name a sign for a message: what can't be seen alone gets its name."""
    return repr(sign) if not unicodedata.combining(sign) else f"{unicodedata.name(sign, ascii(sign))} ({sign!a})"
