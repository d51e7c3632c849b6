"""Amounts of money: "$12.50" → "twelve dollars and fifty cents", "€3m" → "three million euros"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, pair
from audiobook.spoken.written import ENDS, MINUS, NUMBER, TO, after

UNITS = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "", ""),
    "₩": ("won", "won", "", ""),
    "₽": ("ruble", "rubles", "", ""),
    "₴": ("hryvnia", "hryvnias", "", ""),
    "¢": ("cent", "cents", "", ""),
}
"""The sign, its unit for one and for many, and the hundredth of it."""
LARGE = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
SHORT = {"hr": "hour", "wk": "week", "mo": "month", "yr": "year"}
CENTS = r"\d{1,3},\d\d(?!\d)"
"""A comma before the cents, as on the Continent."""
SIGN = f"[{''.join(UNITS)}]"
THING = re.compile(
    r"[ ](?:bill|blockbuster|budget|business|check|coin|comedy|deal|drama|epic|film|fine|gross|house|industry|loan|"
    r"lawsuit|movie|note|opening|picture|prize|production|project|question|reward|sequel|thriller|ticket|tip)\b"
)
"""What has a price before it: "a $20 bill" is "a twenty dollar bill"."""
SCALE = r"(?:(?:[ ]|(?P<joined>-))(?P<scale>hundred|thousand|million|billion|trillion)\b|(?P<short>[kmb]|bn|tn|mn)\b)"
BEFORE = re.compile(
    rf"""(?P<minus>{MINUS}?)(?<![\w])(?P<land>(?:US|A|C|NZ|HK|AU|CA)?)(?P<sign>{SIGN})[ ]?(?P<minus2>[-−]?)
    (?P<low>{NUMBER}|{CENTS}|\.\d\d)(?:(?P<to>{TO})(?:{SIGN})?(?P<high>{NUMBER}))?(?:{SCALE}|{ENDS})(?P<one>-(?=[a-z]))?""",
    re.VERBOSE | re.IGNORECASE,
)
AFTER = re.compile(rf"(?<![\w])(?<!\d[.,:/])(?P<low>{NUMBER}|{CENTS})[ ]?(?P<sign>{SIGN})(?![\d])")
PER = re.compile(rf"{SIGN}[ ]?{NUMBER}(?:{SCALE})?(?P<this>/(?:(?P<time>hr|wk|mo|yr)\b)?)(?=[a-z]|\b)")


def _before(found: re.Match[str], speller: Speller) -> str:
    unit = UNITS[found["sign"]]
    minus = "minus " if found["minus"] or found["minus2"] else ""
    land = f"{found['land']} " if found["land"] else ""
    scale = found["scale"] or _scale(found["short"])
    low = found["low"]
    adjective = found["one"] or found["joined"] or ((scale or "." not in low) and THING.match(after(found)))
    if not (scale or found["high"] or adjective):
        return minus + _coins(low, land, unit, speller)
    amount = " ".join(filter(None, [_range(low, found["high"], speller), scale]))
    name = unit[0] if adjective else unit[1]
    return f"{minus}{amount} {land}{name}{found['one'] or ''}"


def _scale(short: str | None) -> str:
    return LARGE.get(short.lower().replace("mn", "m"), "") if short else ""


def _range(low: str, high: str | None, speller: Speller) -> str:
    return speller.number(low) + (f" to {speller.number(high)}" if high else "")


def _coins(written: str, land: str, unit: tuple[str, str, str, str], speller: Speller) -> str:
    """Word an amount without a "million"; two places behind the point are cents."""
    one, many, cent, cents = unit
    written = re.sub(r"\A(\d+),(\d\d)\Z", r"\1.\2", written)
    whole, _, fraction = written.partition(".")
    whole = whole or "0"
    if len(fraction) != 2 or not cent:
        return f"{speller.number(written)} {land}{one if written == '1' else many}"
    coins = f"{pair(int(fraction))} {land if whole == '0' else ''}{cent if int(fraction) == 1 else cents}"
    if whole == "0" and int(fraction):
        return coins
    notes = f"{speller.whole(whole)} {land}{one if whole == '1' else many}"
    return f"{notes} and {coins}" if int(fraction) else notes


def _after(found: re.Match[str], speller: Speller) -> str:
    return _coins(found["low"], "", UNITS[found["sign"]], speller)


per = matching(PER, lambda found, _: f" per {SHORT.get(found['time'] or '', '')} ")
sign_first = matching(BEFORE, _before)
sign_last = matching(AFTER, _after)
