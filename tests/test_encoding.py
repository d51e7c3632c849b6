"""Signs in another's place: texts that went through a page or a wrong encoding come back as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiobook import edits
from audiobook.repair import Options, accents, encoding, repair

WORDS = st.sampled_from(
    "the ferry café vérité Amélie’s naïve Zürich £5 20° o’clock don’t “stop” — … ‘no’ 1990–95 😀".split()
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
ANYTHING = st.lists(
    st.sampled_from([*"&#;\ufffd?`´ abcs\n", "&amp;", "&#8217;", "Ã", "©", "â€™", "â", "€", "caf", "don", "t", "s"]),
    max_size=30,
).map("".join)


@given(TEXTS)
def test_utf8_that_was_read_as_windows_1252_comes_back(text: str) -> None:
    """Every byte that Windows-1252 has a sign for, and those that Latin-1 has."""
    damaged = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8"))
    assert repair(damaged, Options(model="light")).text == text


@given(TEXTS)
def test_entities_come_back(text: str) -> None:
    """By number, as pages have them."""
    damaged = text.encode("ascii", "xmlcharrefreplace").decode()
    assert repair(damaged, Options(model="light")).text == text


@given(ANYTHING)
def test_nothing_is_made_up(text: str) -> None:
    """A sign takes the place of its stand-in; the letters beside it stay, and undoing leads back."""
    made = encoding.find(text, "en")
    for edit in made:
        if edit.rule not in ("encoding.entity", "encoding.mojibake"):
            assert accents.skeleton(edit.before) == accents.skeleton(edit.after)
            assert len(edit.after) <= len(edit.before) + 1
    assert edits.revert(edits.apply(text, made), made) == text


def test_in_another_language_no_english_word_is_assumed() -> None:
    """What no language decides is put right all the same."""
    assert repair("l\ufffdt, d?s, Stra&szlig;e, Ã¼ber", Options(language="de")).text == "l\ufffdt, d?s, Straße, über"
