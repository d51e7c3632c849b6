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
    "m/s": "meter_a_second meters_a_second",
    "dB": "decibel decibels",
    "kW": "kilowatt kilowatts",
    "MW": "megawatt megawatts",
    "bn": "billion billion",
    "mn": "million million",
    "tn": "trillion trillion",
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
"""For one and for many. "g" and "in" are not here: they may be a model's name and a word."""
COUNTED = (
    "people viewers readers listeners users subscribers followers fans members copies views streams downloads tickets "
    "albums books records votes voters refugees children women men households homes jobs workers pounds dollars euros "
    "visitors admissions tonnes tons barrels residents inhabitants citizens"
).split()
"""What there are millions of: "3.5m viewers". Before all else "m" stays a letter, as it may be meters."""
DOTTED = ("min", "mins", "sec", "secs", "hr", "hrs", "lb", "lbs", "oz", "ft")
UNIT = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
MILLION = rf"m(?=[ ](?:{'|'.join(COUNTED)})\b)"
MEASURE = re.compile(
    rf"(?P<minus>{MINUS}?){STARTS}(?P<low>{NUMBER})(?:[%°]?{TO}(?P<high>{NUMBER}))?"
    rf"(?P<space>[ -]?)(?P<unit>{UNIT}|{MILLION})(?![\w²³])(?P<dot>\.(?=[ ][a-z]))?"
)
HEIGHT = re.compile(
    rf"""{STARTS}(?:
        (?P<feet>\d)['’′](?:(?P<inches>1[01]|\d)[\"”″]?|[ ](?P<inches2>1[01]|\d)[\"”″])
      | (?P<feet3>\d{{1,3}})[ -]?(?:ft|feet|foot)\.?[ -]?(?P<inches3>1[01]|\d)[ -]?in(?:s|ches)?
    )(?!\w)""",
    re.VERBOSE,
)


def _measure(found: re.Match[str], speller: Speller) -> str:
    one, many = _forms(found["unit"])
    number = speller.number(found["low"]) + (f" to {speller.number(found['high'])}" if found["high"] else "")
    # "35mm" and "90-min" stand before what they measure: "35mm film".
    adjective = found["space"] == "-" or (found["unit"] == "mm" and not found["space"])
    single = adjective or (found["low"] == "1" and not found["high"])
    return f"{'minus ' if found['minus'] else ''}{number} {one if single else many}{_dot(found)}"


def _forms(unit: str) -> tuple[str, str]:
    one, many = NAMES.get(unit, "million million").split()
    return one.replace("_", " "), many.replace("_", " ")


def _dot(found: re.Match[str]) -> str:
    """The full stop of "min." is dropped within a sentence, that of "35mm." is not the unit's."""
    return "." if found["dot"] and found["unit"] not in DOTTED else ""


def _height(found: re.Match[str], speller: Speller) -> str:
    feet, inches = filter(None, found.groups())
    return f"{speller.whole(feet)} foot {speller.whole(inches)}"


measure = matching(MEASURE, _measure)
height = matching(HEIGHT, _height)
