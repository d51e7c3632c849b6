"""Facts files: the numbers that a person supplies."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook import facts
from audiobook.errors import EditConflict, SourceError
from audiobook.repair import Options, repair, supply

TEXT = "Since late , the town is quiet. It shrank between  and , over  years ago. Since late , the town is quiet."


def test_lists_every_gap_with_its_sentence(tmp_path: Path) -> None:
    """The file names each gap in its sentence, ready to fill."""
    entries = facts.load(_write(tmp_path, facts.dump(repair(TEXT))))
    assert [(entry.sentence, entry.kind, entry.value) for entry in entries] == [
        ("Since late {year}, the town is quiet.", "year", ""),
        ("It shrank between {year} and [year missing], over [number missing] years ago.", "year", ""),
        ("It shrank between [year missing] and {year}, over [number missing] years ago.", "year", ""),
        ("It shrank between [year missing] and [year missing], over {count} years ago.", "count", ""),
        ("Since late {year}, the town is quiet.", "year", ""),
    ]


def test_filled_values_reach_the_text(tmp_path: Path) -> None:
    """Values go into their own gaps, also where a sentence is there twice; empty ones stay missing."""
    filled = _fill(facts.dump(repair(TEXT)), ["", "1998", "2004", "seventy", "2012"])
    repaired, _ = facts.restore(TEXT, Options(), _write(tmp_path, filled))
    assert repaired.text == (
        "Since late [year missing], the town is quiet. It shrank between 1998 and 2004, over seventy years ago."
        " Since late 2012, the town is quiet."
    )


def test_a_filled_file_is_written_again_as_it_is(tmp_path: Path) -> None:
    """What a person filled in, and where they found it, is kept in the next facts file."""
    filled = _fill(facts.dump(repair(TEXT)), ["1997", "1998", "2004", "70", "2012"])
    filled = filled.replace('source = ""', 'source = "the harbour book"')
    repaired, known = facts.restore(TEXT, Options(), _write(tmp_path, filled))
    assert facts.dump(repaired, known) == filled


def test_the_kind_may_be_mended(tmp_path: Path) -> None:
    """A person who knows better than the guess says so."""
    text = facts.dump(repair("Since late , all is quiet.")).replace('"year"', '"number"')
    repaired, _ = facts.restore("Since late , all is quiet.", Options(), _write(tmp_path, _fill(text, ["May"])))
    assert repaired.text == "Since late May, all is quiet."


def test_a_fact_survives_other_repairs(tmp_path: Path) -> None:
    """The letters around a gap decide, so a file still fits when the marks in its sentence were repaired."""
    filled = _fill(facts.dump(repair("They said, since late , its quiet.")), ["1998"])
    marked = filled.replace("its quiet", "it’s quiet").replace("They said", "“They” said")
    repaired, _ = facts.restore("They said, since late , its quiet.", Options(), _write(tmp_path, marked))
    assert "1998" in repaired.text


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('sentence = "Never {year} was it so."\nvalue = "1998"', "entry 1 is not in this text"),
        ('sentence = "Since late {year}, the town is quiet."\nvalue = "1998"', "is in this text 2 times"),
        ('sentence = "Since late {year}, the town is quiet."\nplace = 11\nkind = "year"\nvalue = "soon"', "not a year"),
        ('sentence = "x"\nkind = "mood"\nvalue = "1"', "'mood' is no kind"),
        ('value = "1998"', "needs sentence and value"),
        ('sentence = "x"\nvalue = 1.5', "a text or a whole number"),
        ('sentence = "x"\nvalue = "1\\u0000"', "not a number"),
        ('sentence = "x"\nvalue = "1"\nmood = "glad"', "needs sentence and value"),
    ],
)
def test_what_does_not_fit_says_where(tmp_path: Path, entry: str, complaint: str) -> None:
    """A facts file for another text, or with a slip in it, is an error that names the entry."""
    with pytest.raises(EditConflict, match=complaint):
        facts.restore(TEXT, Options(), _write(tmp_path, f"[[number]]\n{entry}\n"))


def test_one_gap_is_filled_once(tmp_path: Path) -> None:
    """Two entries for the same gap are an error, not a race."""
    entry = '[[number]]\nsentence = "Since late {year}, the town is quiet."\nplace = 11\nvalue = "1998"\n'
    with pytest.raises(EditConflict, match="entry 2 fills the same gap"):
        facts.restore(TEXT, Options(), _write(tmp_path, entry * 2))


def test_broken_files(tmp_path: Path) -> None:
    """No TOML, other tables, and no file at all are told apart."""
    with pytest.raises(EditConflict, match="not valid TOML"):
        facts.load(_write(tmp_path, "not = [toml"))
    with pytest.raises(EditConflict, match="only"):
        facts.load(_write(tmp_path, "[other]\nvalue = 1"))
    with pytest.raises(SourceError, match="can't be read"):
        facts.load(tmp_path / "none.toml")


def test_filled_in_or_not(tmp_path: Path) -> None:
    """A file with a value, or one that can't be understood, is a person's work."""
    empty = facts.dump(repair(TEXT))
    assert not facts.is_filled(_write(tmp_path, empty))
    assert facts.is_filled(_write(tmp_path, _fill(empty, ["1998", "", "", "", ""])))
    assert facts.is_filled(_write(tmp_path, "half a thou"))
    assert not facts.is_filled(tmp_path / "none.toml")


def test_real_review(real_review: str, tmp_path: Path) -> None:
    """All five gaps of the real review take a value."""
    path = _write(tmp_path, _fill(facts.dump(repair(real_review)), ["2012", "2015", "2016", "2014", "70"]))
    repaired, _ = facts.restore(real_review, Options(), path)
    assert all(words in repaired.text for words in ("between 2015 and 2016, never", "in 2014; and", "over 70 years"))
    assert supply(repair(real_review), {}).text != repaired.text


def _write(folder: Path, text: str) -> Path:
    path = folder / "facts.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _fill(text: str, values: list[str]) -> str:
    parts = text.split('\nvalue = ""\n')
    assert len(parts) == len(values) + 1
    filled = parts[0]
    for value, part in zip(values, parts[1:], strict=True):
        filled += f'\nvalue = "{value}"\n{part}'
    return filled
