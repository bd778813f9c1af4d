"""plausibility.jump: a year out of line with the other years and with the fields that move along.

Two shapes are told: a middle year far off both its neighbours, and one step between two years
that no other year and no companion takes part in. What counts as far, per field, stands in
programmes/common/plausibility.yaml. Honest growth goes on from year to year, or its companions
grow too; small counts are let alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from models.form import Form
from models.rules.figures import Figure, Figures, listed, plain, reference, with_unit
from models.rules.outcomes import Outcomes, result
from models.rules.plausibility import limits
from models.types import Answer
from models.wording import Bilingual, say

RULE = "plausibility.jump"
_ALIKE = Decimal("1.5")
"""A point moved by one place is suggested where the years are then within this of each other."""


@dataclass(frozen=True, slots=True)
class _Jump:
    culprit: Figure
    """The middle year that is off, or the later year of a step."""
    other: Figure
    """The year it is compared with."""


def jump_checks(form: Form, figures: Figures, accused: Collection[str] = ()) -> Outcomes:
    """One check per yearly field that the data names; `accused` figures have a finding already
    (field@period) and make none here."""
    for rule in limits()["jumps"]:
        if not form.has(rule["field"]) or len(form.years) < 3:
            continue
        series = [figures.get(rule["field"], year) for year in form.years]
        refs = tuple(f.ref for f in series)
        sources = tuple(a for f in series if (a := figures.answer(f.field.id, f.period)))
        troubles = [f.trouble for f in series if f.trouble]
        if troubles:
            yield result(RULE, refs, None, because=listed(troubles), sources=sources)
            continue
        jump = _spike(series, rule) or _step(series, rule, figures)
        stated = ", ".join(f.stated for f in series)
        if jump is None or jump.culprit.ref in accused or jump.other.ref in accused:
            yield result(RULE, refs, None, sources=sources, actual=stated)
            continue
        fields = (jump.culprit.ref, *(r for r in refs if r != jump.culprit.ref))
        yield result(
            RULE, fields, _message(jump, series), "warning",
            sources=_first(jump.culprit, sources), actual=stated,
        )  # fmt: skip


def _first(culprit: Figure, sources: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple(sorted(sources, key=lambda a: reference(a.field, a.period) != culprit.ref))


def change(before: Decimal, after: Decimal) -> Decimal:
    """How many times more (or, below one, less) it became; both above zero."""
    return after / before


def _size(ratio: Decimal) -> Decimal:
    return max(ratio, 1 / ratio)


def _counts(figures: list[Figure], least: Decimal) -> bool:
    """Whether changes between these say anything."""
    return all(f.value > 0 for f in figures) and max(f.value for f in figures) >= least


def _spike(series: list[Figure], rule: dict[str, Any]) -> _Jump | None:
    times, least = Decimal(str(rule["times"])), Decimal(str(rule["least"]))
    for before, middle, after in zip(series, series[1:], series[2:], strict=False):
        three = [before, middle, after]
        if not _counts(three, least):
            continue
        into, out = change(before.value, middle.value), change(middle.value, after.value)
        opposite = (into > 1) != (out > 1)
        if opposite and _size(into) >= times and _size(out) >= times:
            return _Jump(middle, before)
    return None


def _step(series: list[Figure], rule: dict[str, Any], figures: Figures) -> _Jump | None:
    times, least = Decimal(str(rule["times"])), Decimal(str(rule["least"]))
    pairs = list(pairwise(series))
    if not _counts(series, least):
        return None
    steps = [(change(a.value, b.value), a, b) for a, b in pairs]
    for n, (ratio, a, b) in enumerate(steps):
        rest = [r for m, (r, _, _) in enumerate(steps) if m != n]
        # the others go the same way at more than a third of the pace: it grows like that
        if _size(ratio) < times or any(_along(r, ratio, 3) for r in rest):
            continue
        moves = _companions(rule["with"], a.period, b.period, figures)
        if any(_along(m, ratio, 2) for m in moves):
            continue
        if not moves and _size(ratio) < times * times:
            continue
        return _Jump(b, a)
    return None


def _along(ratio: Decimal, jump: Decimal, root: int) -> bool:
    """Whether a ratio goes the jump's way at least as far as the jump's root."""
    return (ratio > 1) == (jump > 1) and _size(ratio) ** root >= _size(jump)


def _companions(
    fields: list[str], before: str | None, after: str | None, figures: Figures
) -> list[Decimal]:
    found = []
    for field in fields:
        if not figures.form.has(field):
            continue
        a, b = figures.get(field, before), figures.get(field, after)
        if a.quantity and b.quantity and a.value > 0 and b.value > 0:
            found.append(change(a.value, b.value))
    return found


def _message(jump: _Jump, series: list[Figure]) -> Bilingual:
    years = ", ".join(f"{f.period}: {f.stated}" for f in series)
    message = say(
        "{figure} is out of line with the other years and with the figures that move with it "
        "({years}); ask whether it is right",
        figure=jump.culprit.name,
        years=years,
    )
    moved = _moved(jump, series)
    if moved is None:
        return message
    figure, value = moved
    return say(
        "{message}; {figure} of {value} would be in line",
        message=message,
        figure=figure.name,
        value=value,
    )


def _moved(jump: _Jump, series: list[Figure]) -> tuple[Figure, str] | None:
    """The one figure of the jump whose point is off by a place, put right."""
    found = []
    for figure in (jump.culprit, jump.other):
        others = [f.value for f in series if f is not figure]
        if max(others) > min(others) * _ALIKE:
            continue
        for value in (figure.value.scaleb(1), figure.value.scaleb(-1)):
            if all(_size(change(o, value)) <= _ALIKE for o in others):
                found.append((figure, with_unit(plain(value), figure.unit)))
    return found[0] if len(found) == 1 else None
