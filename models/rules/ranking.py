"""Clusters beside one another by indicator, with the rank of each: material for a discussion.

No weights are invented. A person may enter some; the order that they make is the weighted mean of
the ranks, over the indicators a cluster states, and says how many these are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models.form import Field, Form
from models.types import Answer, Application


@dataclass(frozen=True, slots=True)
class Standing:
    """One cluster's figure of an indicator. `rank` 1 is the largest figure; equal figures share
    a rank and the next is left out (1, 2, 2, 4). None where there is no figure to rank."""

    cluster: str
    answer: Answer | None
    value: Decimal | None
    rank: int | None
    needs_look: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    field: Field
    period: str | None
    standings: tuple[Standing, ...]
    """In the order of the clusters."""

    @property
    def ref(self) -> str:
        return f"{self.field.id}@{self.period}" if self.period else self.field.id


@dataclass(frozen=True, slots=True)
class Place:
    """Where the weights put a cluster."""

    cluster: str
    mean_rank: Fraction | None
    """Weighted mean of its ranks, 1 the best; None where it states no weighted indicator."""
    counted: int
    """Weighted indicators it states, of `of`."""
    of: int


def indicators(
    form: Form, applications: Sequence[tuple[str, Application]], last_only: bool = True
) -> tuple[Indicator, ...]:
    """Every number the form asks for, of all clusters; of yearly figures the last year, or all.

    A figure that could not be read has no rank; one that needs a look has one and says so.
    无 counts as 0 where whole things are counted.
    """
    found = []
    for field in form.fields:
        if field.type not in ("number", "integer"):
            continue
        periods = form.periods(field.id)
        if field.year_in_heading:
            periods = (None,)
        for period in periods[-1:] if last_only and field.years else periods:
            found.append(Indicator(field, period, _ranked(field, period, applications)))
    return tuple(found)


def _ranked(
    field: Field, period: str | None, applications: Sequence[tuple[str, Application]]
) -> tuple[Standing, ...]:
    answers = [(name, _answer(field, period, a)) for name, a in applications]
    values = [_value(field, answer) for _, answer in answers]
    known = sorted((v for v in values if v is not None), reverse=True)
    return tuple(
        Standing(
            name,
            answer,
            value,
            known.index(value) + 1 if value is not None else None,
            answer is not None and answer.needs_look,
        )
        for (name, answer), value in zip(answers, values, strict=True)
    )


def _answer(field: Field, period: str | None, application: Application) -> Answer | None:
    if field.year_in_heading:
        dated = [a for a in application.answers if a.field == field.id and a.state != "absent"]
        return max(dated, key=lambda a: a.period or "", default=None)
    return application.answer(field.id, period)


def _value(field: Field, answer: Answer | None) -> Decimal | None:
    if answer is None:
        return None
    if answer.state == "none" and field.integer:
        return Decimal(0)
    return answer.value if isinstance(answer.value, Decimal) else None


def order(table: Sequence[Indicator], weights: Mapping[str, Decimal]) -> tuple[Place, ...]:
    """The clusters in the order that the weights (by `Indicator.ref`) make, best first.

    Weights of 0 or less, and of indicators not in the table, count for nothing. Clusters with
    nothing to rank come last; equal ones stay in the order of the table.
    """
    weighted = [(i, Fraction(weights[i.ref])) for i in table if weights.get(i.ref, 0) > 0]
    names = [s.cluster for s in table[0].standings] if table else []
    places = []
    for n, name in enumerate(names):
        ranks = [(i.standings[n].rank, w) for i, w in weighted]
        stated = [(rank, w) for rank, w in ranks if rank is not None]
        total = sum((w for _, w in stated), Fraction(0))
        mean = sum((rank * w for rank, w in stated), Fraction(0)) / total if total else None
        places.append(Place(name, mean, len(stated), len(weighted)))
    return tuple(sorted(places, key=lambda p: (p.mean_rank is None, p.mean_rank or 0)))
