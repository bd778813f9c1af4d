"""What one applicant writes into a form, with what it means; and how he goes about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from models.form import Form

Value = Decimal | str | None


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a cell, and what the truth about it is."""

    raw: str
    value: Value
    state: str = "given"


BLANK = Written("", None, "blank")


def number(value: Decimal | int | str) -> Written:
    """As the form wants it: two places where there are decimals."""
    if isinstance(value, int):
        return Written(str(value), Decimal(value))
    value = Decimal(value)
    return Written(str(value), value)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def none(raw: str = "无") -> Written:
    return Written(raw, None, "none")


@dataclass
class Filled:
    """Keys are field or field@period; a key with # after it is a second place of the field."""

    cells: dict[str, Written] = field(default_factory=dict)
    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    """Words that are no field: the year of a heading, a line on the cover."""

    def raw(self, key: str) -> str:
        if key not in self.cells and "#" in key:
            key = key.split("#")[0]
        return self.cells.get(key, BLANK).raw


@dataclass(frozen=True)
class Habits:
    """How this applicant fills a form in."""

    hand: str = "glyph"
    below: bool = False
    """Narratives stand below their label, over the whole width."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Printed label → the label as this applicant's copy has it."""
    brackets: str = ""
    """full or half: every bracket of a label in that width."""
    years: tuple[str, ...] = ("2021", "2022", "2023")
    dropped: frozenset[str] = frozenset()
    """Fields whose row the applicant deleted."""
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field id → the cells of a row of his own after it."""
    guidance: bool = True
    """The printed guidance of the plan is left standing."""
    cover_table: bool = False
    """The cover is a table of two columns."""
    own_targets: tuple[tuple[str, str, str, str], ...] = ()


class Pen:
    """Writes one applicant's words into one form's cells."""

    def __init__(self, form: Form, filled: Filled, habits: Habits) -> None:
        self.form, self.filled, self.habits = form, filled, habits

    def printed(self, text: str) -> str:
        """A printed label as this copy has it."""
        text = self.habits.words.get(text, text)
        if self.habits.brackets == "full":
            text = text.replace("(", "（").replace(")", "）")
        elif self.habits.brackets == "half":
            text = text.replace("（", "(").replace("）", ")")
        return text

    def label(self, id: str) -> str:
        return self.printed(self.form.field(id).path[-1])

    def raw(self, key: str) -> str:
        return self.filled.raw(key)

    def boxes(self, id: str, per_line: int = 1, gap: str = "    ") -> str:
        """The options of a question with their boxes."""
        chosen = self.filled.ticks.get(id, ())
        options = [
            ("☑" if option in chosen else "☐") + option for option in self.form.field(id).options
        ]
        lines = [options[i : i + per_line] for i in range(0, len(options), per_line)]
        return "\n".join(gap.join(line) for line in lines)

    def narrative(self, id: str) -> str:
        return self.filled.narratives.get(id, "")
