"""The single change of one figure that would make the figures agree, where there is just one.

Considered are slips of the hand: two neighbouring digits swapped, the decimal point moved, 万元
for 亿元; one digit replaced, lost or doubled. A change must make every relation of the figure
agree. Where several changes are equally simple, none is suggested: that would be a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.arithmetic import Place, Relation
from models.figures import Figures, as_written, plain
from models.form import Field
from models.types import Quantity

_UNIT_STEP = {"亿元": 4, "万元": 4, "元": 4, "吨": 4}


@dataclass(frozen=True, slots=True)
class Change:
    """`place` should read `text` rather than what is stated."""

    place: Place
    text: str
    explains: tuple[Relation, ...]
    """The failing relations that agree after the change."""


def single_change(
    failing: Relation,
    relations: tuple[Relation, ...],
    known: Mapping[Place, Quantity],
    figures: Figures,
) -> Change | None:
    """The one change that makes a failing relation and all others of its figure agree."""
    if not failing.pins:
        return None
    found: list[tuple[int, int, Change]] = []
    wrong = {id(r) for r in relations if r.recompute(known).agrees is False}
    for place in dict.fromkeys(o for o in failing.operands if o in known):
        field = figures.form.field(place[0])
        concerned = [r for r in relations if place in r.operands]
        for tier, text in _slips(plain(known[place].value), field):
            quantity = as_written(Decimal(text), field)
            if not _nearer(place, quantity.value, known):
                continue
            after = {**known, place: quantity}
            outcomes = [(r, r.recompute(after).agrees) for r in concerned]
            if any(agrees is False for _, agrees in outcomes):
                continue
            explains = tuple(r for r, agrees in outcomes if agrees and id(r) in wrong)
            if any(r is failing for r in explains):
                found.append((-len(explains), tier, Change(place, text, explains)))
    best = min((f[:2] for f in found), default=None)
    changes = {(c.place, Decimal(c.text)): c for *rank, c in found if tuple(rank) == best}
    return next(iter(changes.values())) if len(changes) == 1 else None


def _slips(text: str, field: Field) -> Iterator[tuple[int, str]]:
    """(0 for the commoner kind, the number it would have been) for every single slip."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    seen = {text}
    for tier, candidate in (*_moves(digits, field), *_edits(digits)):
        whole = candidate.partition(".")[0]
        if (len(whole) > 1 and whole.startswith("0")) or not whole:
            continue
        if sign + candidate not in seen:
            seen.add(sign + candidate)
            yield tier, sign + candidate


def _moves(digits: str, field: Field) -> Iterator[tuple[int, str]]:
    for i in range(len(digits) - 1):
        if digits[i] != digits[i + 1] and "." not in digits[i : i + 2]:
            yield 0, digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    for i in range(1, len(digits) - 1):
        if digits[i] == "." and digits[i - 1] != digits[i + 1]:  # 51.30 typed as 50.31 … 53.10
            yield 0, digits[: i - 1] + digits[i + 1] + "." + digits[i - 1] + digits[i + 2 :]
    if not field.integer:
        steps = {1, 2, _UNIT_STEP.get(field.unit or "", 1)}
        for step in sorted(steps | {-s for s in steps}):
            yield 0, plain(Decimal(digits).scaleb(step))


def _edits(digits: str) -> Iterator[tuple[int, str]]:
    for i, old in enumerate(digits):
        if old == ".":
            continue
        for new in "0123456789":
            if new != old:
                yield 1, digits[:i] + new + digits[i + 1 :]
        if digits[i + 1 : i + 2] == old:  # doubled
            yield 1, digits[:i] + digits[i + 1 :]
    for i in range(len(digits) + 1):  # lost
        for new in "0123456789":
            if digits[i - 1 : i] != "." or digits[i : i + 1]:
                yield 1, digits[:i] + new + digits[i:]


def _nearer(place: Place, value: Decimal, known: Mapping[Place, Any]) -> bool:
    """A change of magnitude is believed only where it brings a figure nearer to its other years."""
    others = [q.value for (f, p), q in known.items() if f == place[0] and p != place[1]]
    stated = known[place].value
    if not others or any(v <= 0 for v in (*others, value, stated)):
        return True
    if _distance(value, stated) < 5:
        return True
    middle = sorted(others)[len(others) // 2]
    return _distance(value, middle) < _distance(stated, middle)


def _distance(a: Decimal, b: Decimal) -> Decimal:
    return max(a / b, b / a)
