"""What the families decide, before it becomes edits."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probability from which on a change is made, per class; and from which on it is listed as a suspect."""

    s: float = 0.55
    possessive: float = 0.5
    plural: float = 0.2
    owners: float = 0.4
    """For s’, whichever it is of."""
    names: float = 0.97
    """For s’ of a name that mostly stands bare."""
    form: float = 0.55
    lead: float = 0.6
    accent: float = 0.3
    quote: float = 0.42
    dash: float = 0.7
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
        names = (
            "s",
            "possessive",
            "plural",
            "owners",
            "names",
            "form",
            "lead",
            "accent",
            "quote",
            "dash",
            "paragraph",
            "number",
        )
        return replace(self, **{name: max(getattr(self, name), self.cautious) for name in names})


LIGHT = Thresholds()
"""For the light scorer."""

NEURAL = Thresholds(
    possessive=0.4, owners=0.3, names=0.75, form=0.75, lead=0.3, accent=0.35, quote=0.45, dash=0.68, habit=0.3
)
"""For the mean of the neural and the light scorer."""
