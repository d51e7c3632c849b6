"""Two versions of a text, and two texts."""

from __future__ import annotations

import pytest

from audiobook.shingles import are_akin
from tests.conftest import ROOT, SAMPLE

REVIEW = SAMPLE.read_text(encoding="utf-8")
CLEAN = SAMPLE.with_suffix(".clean.txt").read_text(encoding="utf-8")
OTHER = (ROOT / "benchmarks" / "review.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "version",
    [
        REVIEW,
        CLEAN,
        REVIEW.upper(),
        REVIEW + OTHER,
        "\n".join(REVIEW.split()[::-1]) + REVIEW[: len(REVIEW) // 4],
        REVIEW[: len(REVIEW) // 3],
        REVIEW.replace("the", "a"),
        "Una keeps the key.",
        "",
    ],
)
def test_versions_of_a_text(version: str) -> None:
    """What was repaired, cut, added to or rewritten here and there is still the same text; so may be a mere line."""
    assert are_akin(REVIEW, version)
    assert are_akin(version, REVIEW)


@pytest.mark.parametrize("times", [1, 400])
def test_another_text(times: int) -> None:
    """What two texts have in common is next to nothing, also where only a share of it is looked at."""
    assert not are_akin(REVIEW * times, OTHER * times)
    assert are_akin(REVIEW * times, CLEAN * times)


def test_scripts_without_spaces() -> None:
    """Letters alone count, so texts are told apart in every script."""
    one = "".join(chr(0x4E00 + 7 * n % 2000) for n in range(400))
    other = "".join(chr(0x4E00 + 11 * n % 2000) for n in range(400))
    assert are_akin(one, one[:100] + "。" + one[150:])
    assert not are_akin(one, other)
