"""Measures: "35mm" → "thirty-five millimeter", "120 min" → "one hundred twenty minutes", "10–20%" → "… percent"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller
from audiobook.spoken.written import MINUS, NUMBER, STARTS, TO

NAMES = {
    "%": "percent percent",
    "°": "degree degrees",
    "°C": "degree_Celsius degrees_Celsius",
    "°F": "degree_Fahrenheit degrees_Fahrenheit",
    "mm": "millimeter millimeters",
    "cm": "centimeter centimeters",
    "km": "kilometer kilometers",
    "km/h": "kilometer_an_hour kilometers_an_hour",
    "kph": "kilometer_an_hour kilometers_an_hour",
    "mph": "mile_an_hour miles_an_hour",
    "fps": "frame_a_second frames_a_second",
    "m²": "square_meter square_meters",
    "km²": "square_kilometer square_kilometers",
    "m³": "cubic_meter cubic_meters",
    "kg": "kilogram kilograms",
    "mg": "milligram milligrams",
    "lb": "pound pounds",
    "lbs": "pound pounds",
    "oz": "ounce ounces",
    "ft": "foot feet",
    "ml": "milliliter milliliters",
    "min": "minute minutes",
    "mins": "minute minutes",
    "sec": "second seconds",
    "secs": "second seconds",
    "hr": "hour hours",
    "hrs": "hour hours",
    "Hz": "hertz hertz",
    "kHz": "kilohertz kilohertz",
    "MHz": "megahertz megahertz",
    "GHz": "gigahertz gigahertz",
    "KB": "kilobyte kilobytes",
    "kB": "kilobyte kilobytes",
    "MB": "megabyte megabytes",
    "GB": "gigabyte gigabytes",
    "TB": "terabyte terabytes",
}
"""For one and for many. "m", "g" and "in" are not here: they may be a million, a model's name and a word."""
DOTTED = ("min", "mins", "sec", "secs", "hr", "hrs", "lb", "lbs", "oz", "ft")
UNIT = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
MEASURE = re.compile(
    rf"(?P<minus>{MINUS}?){STARTS}(?P<low>{NUMBER})(?:[%°]?{TO}(?P<high>{NUMBER}))?"
    rf"(?P<space>[ -]?)(?P<unit>{UNIT})(?![\w²³])(?P<dot>\.(?=[ ][a-z]))?"
)
HEIGHT = re.compile(rf"{STARTS}(?P<feet>\d)['’′](?P<inches>1[01]|\d)[\"”″]?(?!\w)")


def _measure(found: re.Match[str], speller: Speller) -> str:
    one, many = _forms(found["unit"])
    number = speller.number(found["low"]) + (f" to {speller.number(found['high'])}" if found["high"] else "")
    # "35mm" and "90-min" stand before what they measure: "35mm film".
    adjective = found["space"] == "-" or (found["unit"] == "mm" and not found["space"])
    single = adjective or (found["low"] == "1" and not found["high"])
    return f"{'minus ' if found['minus'] else ''}{number} {one if single else many}{_dot(found)}"


def _forms(unit: str) -> tuple[str, str]:
    one, many = NAMES[unit].split()
    return one.replace("_", " "), many.replace("_", " ")


def _dot(found: re.Match[str]) -> str:
    """The full stop of "min." is dropped within a sentence, that of "35mm." is not the unit's."""
    return "." if found["dot"] and found["unit"] not in DOTTED else ""


def _height(found: re.Match[str], speller: Speller) -> str:
    return f"{speller.whole(found['feet'])} foot {speller.whole(found['inches'])}"


measure = matching(MEASURE, _measure)
height = matching(HEIGHT, _height)
