"""The figures of an application as the rules use them: usable, or unusable with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal

from models.form import Field, Form, english_name, short_label
from models.rules.misread import usable_all_the_same
from models.types import (
    NOWHERE,
    Answer,
    Application,
    Evidence,
    NarrativeAnswer,
    Quantity,
    TickAnswer,
)
from models.wording import Bilingual, say


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the form: `quantity`, or `trouble`, which says why it cannot be used."""

    ref: str
    """`field` or `field@period`."""
    name: Bilingual
    """With its year."""
    field: Field
    period: str | None
    quantity: Quantity | None
    trouble: Bilingual | None
    evidence: Evidence = NOWHERE

    @property
    def unit(self) -> str:
        return self.field.unit or ""

    @property
    def value(self) -> Decimal:
        """Raises ValueError where the figure cannot be used."""
        if self.quantity is None:
            raise ValueError(self.ref)
        return self.quantity.value

    @property
    def stated(self) -> str:
        return with_unit(self.value, self.unit) if self.quantity else ""


class Figures:
    """The figures of one application. `doubts` makes a figure unusable: {ref: why}."""

    def __init__(self, form: Form, application: Application) -> None:
        self.form = form
        self.doubts: dict[str, Bilingual] = {}
        self._answers: dict[str, list[Answer]] = {}
        for answer in application.answers:
            self._answers.setdefault(answer.field, []).append(answer)

    def periods(self, field: str) -> tuple[str | None, ...]:
        """The periods of a field: the form's, or the one that stands in the form's heading."""
        if self.form.field(field).year_in_heading:
            return tuple(a.period for a in self._answers.get(field, ())) or (None,)
        return self.form.periods(field)

    def answer(self, field: str, period: str | None) -> Answer | None:
        found = self._answers.get(field, ())
        return next((a for a in found if a.period == period), None)

    def get(self, field: str, period: str | None, *, none_is_zero: bool = False) -> Figure:
        """The figure; where `none_is_zero`, 无 stands for the count 0."""
        entry = self.form.field(field)
        ref, name = reference(field, period), figure_name(entry, period)
        answer = self.answer(field, period)
        quantity, trouble = _usable(answer, name, none_is_zero, entry)
        trouble = self.doubts.get(ref, trouble)
        return Figure(
            ref=ref,
            name=name,
            field=entry,
            period=period,
            quantity=None if trouble else quantity,
            trouble=trouble,
            evidence=answer.evidence if answer else NOWHERE,
        )


def _usable(
    answer: Answer | None, name: Bilingual, none_is_zero: bool, field: Field
) -> tuple[Quantity | None, Bilingual | None]:
    if answer is None:
        return None, absent(name)
    if answer.state == "none" and none_is_zero and not answer.needs_look:
        return Quantity(Decimal(0), Decimal(0), Decimal(0), field.unit or ""), None
    trouble = unusable(answer, name)
    if trouble:
        return None, trouble
    if not isinstance(answer.value, Decimal):
        return None, say("{figure} could not be read", figure=name)
    return answer.quantity or as_written(answer.value, field), None


def absent(name: Bilingual) -> Bilingual:
    return say("the form has no place for {figure}", figure=name)


def unusable(answer: Answer | TickAnswer | NarrativeAnswer, name: Bilingual) -> Bilingual | None:
    """Why a rule cannot use an answer; None where it can."""
    if answer.state == "absent":
        why = answer.why_look
        return needs_look(name, why) if answer.needs_look and why else absent(name)
    if answer.needs_look and not usable_all_the_same(answer):
        return needs_look(name, answer.why_look)
    if answer.state == "blank":
        return say("{field} is blank", field=name)
    if answer.state == "none":
        return say("{figure} is stated as none", figure=name)
    if answer.state == "unreadable":
        return say("{figure} could not be read", figure=name)
    return None


def listed(parts: list[Bilingual]) -> Bilingual:
    """Several parts in one sentence."""
    return Bilingual(zh="；".join(p.zh for p in parts), en="; ".join(p.en for p in parts))


def needs_look(name: Bilingual, why: Bilingual | None) -> Bilingual:
    """Why a rule does not use something that a person has to look at first."""
    if why is None:
        return say("{figure} must be looked at first", figure=name)
    return say("{figure} must be looked at first: {why}", figure=name, why=why)


def as_written(value: Decimal, field: Field) -> Quantity:
    """The range of numbers that are written as this one; a count is exact."""
    exponent = value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    half = Decimal(0) if field.integer else Decimal(5).scaleb(-places - 1)
    return Quantity(value, value - half, value + half, field.unit or "")


def reference(field: str, period: str | None) -> str:
    return f"{field}@{period}" if period else field


def field_name(field: Field) -> Bilingual:
    """The printed label, without the headings that say nothing (其中, **年经济效益)."""
    parts = [p for p in field.path if p != "其中" and "**" not in p] or [field.path[-1]]
    zh = " ".join(short_label(p).removeprefix("其中：") for p in parts)
    return Bilingual(zh=zh, en=english_name(field.id))


def figure_name(field: Field, period: str | None) -> Bilingual:
    """2022年集群总产值, total output 2022."""
    name = field_name(field)
    if period is None:
        return name
    return Bilingual(zh=f"{period}年{name.zh}", en=f"{name.en} {period}")


def plain(value: Decimal) -> str:
    """A number without exponent, its written places kept.

    >>> plain(Decimal("38.20")), plain(Decimal("4.56E+2"))
    ('38.20', '456')
    """
    return format(value, "f")


def rounded(value: Decimal, places: int = 2) -> str:
    """A number that was worked out, for people."""
    if value.adjusted() > 30:
        return f"{value:.3E}"
    return format(value.quantize(Decimal(1).scaleb(-places), context=Context(prec=60)), "f")


def with_unit(value: Decimal | str, unit: str) -> str:
    """38.20 亿元, 12.35%."""
    text = value if isinstance(value, str) else plain(value)
    return f"{text}%" if unit == "%" else f"{text} {unit}".rstrip()
