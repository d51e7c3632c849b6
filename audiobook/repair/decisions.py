"""What the families decide, before it becomes edits."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probability from which on a change is made, per class; and from which on it is listed as a suspect."""

    s: float = 0.55
    possessive: float = 0.5
    plural: float = 0.6
    """Share of s’ in the odds of both from which on it is s’ that was lost, if either was."""
    owners: float = 0.2
    """For s’, whichever it is of."""
    quality: float = 0.2
    """For s’ of a name that an adjective and its noun follow."""
    known: float = 0.15
    """For ’s of a name that the document shows without its s."""
    names: float = 0.97
    """For s’ of a name that mostly stands bare."""
    form: float = 0.55
    lead: float = 0.6
    accent: float = 0.3
    quote: float = 0.42
    dash: float = 0.75
    habit: float = 0.5
    """Mean probability of a dash behind the colons at paragraphs' ends from which on it is the printer's habit."""
    paragraph: float = 0.6
    number: float = 0.5
    suspect: float = 0.6
    """A suspect's probability is at least this share of the class's threshold."""
    cautious: float = 0.97
    """Threshold of every class where the text shows no sure damage and some intact signs."""

    def careful(self) -> Thresholds:
        """The same, with every class at `cautious` or above."""
        names = (field.name for field in fields(self) if field.name not in _SHARES)
        return replace(self, **{name: max(getattr(self, name), self.cautious) for name in names})


_SHARES = frozenset(("plural", "habit", "suspect", "cautious"))
"""Fields that are no threshold of a change."""

LIGHT = Thresholds()
"""For the light scorer."""

NEURAL = Thresholds(
    possessive=0.45,
    plural=0.8,
    quality=0.05,
    names=0.75,
    form=0.75,
    lead=0.3,
    accent=0.25,
    quote=0.55,
    dash=0.73,
    habit=0.3,
)
"""For the mean of the neural and the light scorer."""
