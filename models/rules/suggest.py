"""The single change of one figure that would make the figures agree, where there is just one.

Considered are slips of the hand: two neighbouring digits swapped, the decimal point moved, 万元
for 亿元; one digit replaced, lost or doubled. In a scan, digits that look alike come first. A
change must make every relation of the figure agree. Where several changes are equally simple,
none is suggested: that would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.form import Field
from models.rules.arithmetic import Place, Relation
from models.rules.figures import Figures, as_written, plain
from models.rules.misread import taken_for
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
    found: list[Change] = []
    wrong = {id(r) for r in relations if r.recompute(known).agrees is False}
    for place in dict.fromkeys(o for o in failing.operands if o in known):
        field = figures.form.field(place[0])
        concerned = [r for r in relations if place in r.operands]
        for text in _slips(plain(known[place].value), field):
            quantity = as_written(Decimal(text), field)
            if not _nearer(place, quantity.value, known):
                continue
            after = {**known, place: quantity}
            outcomes = [(r, r.recompute(after).agrees) for r in concerned]
            if any(agrees is False for _, agrees in outcomes):
                continue
            explains = tuple(r for r, agrees in outcomes if agrees and id(r) in wrong)
            if any(r is failing for r in explains):
                found.append(Change(place, text, explains))
    found = _misreadings(found, known, figures) or found
    most = max((len(c.explains) for c in found), default=0)
    changes = {(c.place, Decimal(c.text)): c for c in found if len(c.explains) == most}
    return next(iter(changes.values())) if len(changes) == 1 else None


def _misreadings(
    found: list[Change], known: Mapping[Place, Quantity], figures: Figures
) -> list[Change]:
    """The changes that undo what a recogniser does: in a scan they are likelier than slips."""
    out = []
    for change in found:
        answer = figures.answer(*change.place)
        if answer is not None and answer.evidence.how == "ocr":
            read = [plain(known[change.place].value)]
            read += re.findall(r"\d[\d.]*", answer.raw)[:1]
            texts = {change.text, _as_form_asks(change.text, figures, change.place)}
            if any(taken_for(text, old) for text in texts for old in read):
                out.append(change)
    return out


def _as_form_asks(text: str, figures: Figures, place: Place) -> str:
    """A number with as many decimals as the form asks for (45.6 → 45.60)."""
    if figures.form.field(place[0]).integer or "." not in text:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def _slips(text: str, field: Field) -> Iterator[str]:
    """The numbers that a single slip of the hand turns into this one."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    seen = {text}
    for candidate in (*_moves(digits, field), *_edits(digits)):
        whole = candidate.partition(".")[0]
        if (len(whole) > 1 and whole.startswith("0")) or not whole:
            continue
        if sign + candidate not in seen:
            seen.add(sign + candidate)
            yield sign + candidate


def _moves(digits: str, field: Field) -> Iterator[str]:
    for i in range(len(digits) - 1):
        if digits[i] != digits[i + 1] and "." not in digits[i : i + 2]:
            yield digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    for i in range(1, len(digits) - 1):
        if digits[i] == "." and digits[i - 1] != digits[i + 1]:  # 51.30 typed as 50.31 … 53.10
            yield digits[: i - 1] + digits[i + 1] + "." + digits[i - 1] + digits[i + 2 :]
    if not field.integer:
        steps = {1, 2, _UNIT_STEP.get(field.unit or "", 1)}
        for step in sorted(steps | {-s for s in steps}):
            yield plain(Decimal(digits).scaleb(step))


def _edits(digits: str) -> Iterator[str]:
    for i, old in enumerate(digits):
        if old == ".":
            continue
        for new in "0123456789":
            if new != old:
                yield digits[:i] + new + digits[i + 1 :]
        if digits[i + 1 : i + 2] == old:  # doubled
            yield digits[:i] + digits[i + 1 :]
    for i in range(len(digits) + 1):  # lost
        for new in "0123456789":
            if digits[i - 1 : i] != "." or digits[i : i + 1]:
                yield digits[:i] + new + digits[i:]


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


def point_moved(
    place: Place, low: Decimal | None, high: Decimal | None, figures: Figures
) -> str | None:
    """A figure outside its range with the point moved so that it is like its other years.

    None where it has no other years, or more than one place of the point does.
    """
    value = figures.get(*place).value
    others = [figures.get(place[0], p) for p in figures.periods(place[0]) if p != place[1]]
    known = [f.value for f in others if f.quantity and f.value > 0]
    if not known or value <= 0 or figures.form.field(place[0]).integer:
        return None
    found = [
        moved
        for moved in (value.scaleb(-1), value.scaleb(-2))
        if (low is None or moved >= low) and (high is None or moved <= high)
        if all(_distance(moved, other) < 2 for other in known)
    ]
    return plain(found[0].normalize()) if len(found) == 1 else None
