"""Figures that fit only in another unit: 456000 where 亿元 is asked, a share written as 0.72.

The limits stand in programmes/common/plausibility.yaml. Nothing is corrected: the figure is
marked for a person to look at, and what it would be in the other unit is suggested.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from models.form import Form
from models.loading import strict_yaml
from models.programme import PROGRAMMES
from models.rules.figures import figure_name, plain, with_unit
from models.types import Answer, Application
from models.wording import Bilingual, say

LIMITS = PROGRAMMES / "common" / "plausibility.yaml"

# A figure may grow several times over between years.
_ALIKE = Decimal(10)


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that fits only in another unit."""

    answer: Answer
    message: Bilingual
    why_look: Bilingual
    suggestion: str
    """The figure in the unit asked for; empty where several other units fit."""


def suspicions(form: Form, application: Application) -> Application:
    """The application, its figures that fit only in another unit marked needs_look.

    Doing it twice changes nothing. `models.check.check` does it itself; the pipeline does it so
    that what it stores and shows carries the mark too.
    """
    found = {id(slip.answer): slip.why_look for slip in slips(form, application)}
    if not found:
        return application
    answers = tuple(
        replace(a, needs_look=True, why_look=found[id(a)], confidence=min(a.confidence, 0.5))
        if id(a) in found
        else a
        for a in application.answers
    )
    return replace(application, answers=answers)


def slips(form: Form, application: Application) -> tuple[Slip, ...]:
    """Every figure that fits only in another unit, in the order of the application."""
    found: dict[tuple[str, str | None], Slip] = {}
    # A person who has looked has decided.
    figures = [
        a
        for a in application.answers
        if a.state == "given" and isinstance(a.value, Decimal) and form.has(a.field)
        if a.evidence.how != "person"
    ]
    for search in (_beyond_limits, _beyond_whole, _apart_from_years, _fractions):
        rest = [a for a in figures if (a.field, a.period) not in found]
        for slip in search(form, rest):
            found.setdefault((slip.answer.field, slip.answer.period), slip)
    return tuple(
        found[a.field, a.period]
        for a in figures
        if (a.field, a.period) in found and _ours(a, found[a.field, a.period])
    )


def _ours(answer: Answer, slip: Slip) -> bool:
    """Not a figure that already needs a look for another reason."""
    return not answer.needs_look or answer.why_look == slip.why_look


def limits() -> dict[str, Any]:
    """The data of programmes/common/plausibility.yaml."""
    return _data()


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = strict_yaml.read(LIMITS).data
    return data


def _value(answer: Answer) -> Decimal:
    assert isinstance(answer.value, Decimal)
    return answer.value


def _beyond_limits(form: Form, figures: list[Answer]) -> Iterable[Slip]:
    for answer in figures:
        limit = _data()["limits"].get(answer.field)
        if not limit:
            continue
        low, high = Decimal(str(limit["from"])), Decimal(str(limit["to"]))
        unit = form.field(answer.field).unit or ""
        others = [_value(a) for a in figures if a.field == answer.field and a is not answer]
        sound = [v for v in others if low <= v <= high]
        if _value(answer) <= high:
            continue
        candidates = [c for c in _in_units(answer, unit) if low <= c[1] <= high]
        if len(candidates) > 1:
            candidates = [c for c in candidates if all(_apart(c[1], s) <= _ALIKE for s in sound)]
        if candidates:
            yield _slip(form, answer, candidates, say("it is more than there can be"))


def _beyond_whole(form: Form, figures: list[Answer]) -> Iterable[Slip]:
    values = {(a.field, a.period): _value(a) for a in figures}
    for rule in _data()["against"]:
        for answer in figures:
            whole = values.get((rule["whole"], answer.period))
            if answer.field != rule["part"] or whole is None or whole <= 0:
                continue
            limit = whole * rule["times"]
            if _value(answer) > limit:
                unit = form.field(answer.field).unit or ""
                least = Decimal(str(_data()["limits"][answer.field]["from"]))
                candidates = [c for c in _in_units(answer, unit) if least <= c[1] <= limit]
                if candidates:
                    yield _slip(form, answer, candidates, say("it is more than there can be"))


def _apart_from_years(form: Form, figures: list[Answer]) -> Iterable[Slip]:
    for answer in figures:
        apart = _data()["compared"].get(answer.field)
        if apart is None or _value(answer) <= 0:
            continue
        others = [_value(a) for a in figures if a.field == answer.field and a is not answer]
        # Two other years that are alike: which one of two is wrong cannot be told.
        if len(others) < 2 or min(others) <= 0 or max(others) > min(others) * _ALIKE:
            continue
        if min(_apart(_value(answer), o) for o in others) < apart:
            continue
        unit = form.field(answer.field).unit or ""
        candidates = [
            c for c in _in_units(answer, unit) if all(_apart(c[1], o) <= _ALIKE for o in others)
        ]
        if candidates:
            yield _slip(form, answer, candidates, say("its other years are of another magnitude"))


def _fractions(form: Form, figures: list[Answer]) -> Iterable[Slip]:
    always, together = (_data()["fractions"][k] for k in ("always", "together"))
    shares = [a for a in figures if a.field in (*always, *together)]
    small = [a for a in shares if 0 < _value(a) <= 1]
    for answer in small:
        if answer.field in always:
            why = say("no such share is that small")
        elif any(a.field == answer.field and _value(a) > 5 for a in shares):
            why = say("its other years are of another magnitude")
        elif any(a.field != answer.field for a in small):
            why = say("other shares of the form are written as fractions too")
        else:
            continue
        yield _slip(form, answer, [(None, _value(answer) * 100)], why)


def _in_units(answer: Answer, unit: str) -> list[tuple[str | None, Decimal]]:
    """(other unit, what the figure would be in the unit asked for)."""
    # Another unit that the applicant wrote himself has been converted, and is no slip.
    written = unicodedata.normalize("NFKC", answer.raw).replace(unit, "")
    if any(word in written for word in ("亿", "万", "千", "元", "亩", "顷", "米", "里")):
        return []
    factors = _data()["units"].get(unit, {})
    return [(name, _value(answer) / Decimal(str(n))) for name, n in factors.items()]


def _apart(a: Decimal, b: Decimal) -> Decimal:
    return max(a / b, b / a) if a > 0 and b > 0 else Decimal("Infinity")


def _slip(
    form: Form, answer: Answer, candidates: list[tuple[str | None, Decimal]], why: Bilingual
) -> Slip:
    field = form.field(answer.field)
    name, stated = figure_name(field, answer.period), with_unit(_value(answer), field.unit or "")
    readings = [f"{_short(v)} {field.unit}" for _, v in candidates]
    if candidates[0][0] is None:
        message = say(
            "{figure} is stated as {stated}, and {why}: it fits only as a fraction of one, "
            "that is {value}%",
            figure=name,
            stated=stated,
            why=why,
            value=_short(candidates[0][1]),
        )
    else:
        message = say(
            "{figure} is stated as {stated}, and {why}: it fits only in another unit "
            "({units}, that is {values})",
            figure=name,
            stated=stated,
            why=why,
            units=" / ".join(u or "" for u, _ in candidates),
            values=" / ".join(readings),
        )
    suggestion = _short(candidates[0][1]) if len(candidates) == 1 else ""
    why_look = say("{stated} fits only in another unit", stated=stated)
    return Slip(answer, message, why_look, suggestion)


def _short(value: Decimal) -> str:
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
