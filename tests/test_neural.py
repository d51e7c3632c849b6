"""How the opinions of the two scorers become one."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime")
np = pytest.importorskip("numpy")


@pytest.mark.parametrize(
    ("name", "odds", "owner"),
    [
        ("Firas Fayyads", (0.5, 0.9), 1),  # not "Fira’s Fayyad’s"
        ("Firas Fayyads", (0.9, 0.9), 1),
        ("Keatss Odes", (0.9, 0.5), 0),  # the first of two s is no plural's
    ],
)
def test_one_owner_in_a_name(name: str, odds: tuple[float, float], owner: int) -> None:
    """Of two capitalised words that both seem possessives only one is."""
    from audiobook.repair import neural, view

    whether = np.array(odds)
    neural._last_of_name(view.read(name), whether)
    assert [chance > 0.5 for chance in whether] == [place == owner for place in range(2)]
