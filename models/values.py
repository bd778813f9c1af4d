"""Text as people write it → quantity, date, text or none-mark. Refuses rather than guesses.

A Reading is `sure` only where the text can mean one thing. What may be meant otherwise (words
beside the number, a footnote mark, a gap between digits) is offered with `sure=False` and the
reason; what can mean two things alike (1,5; 10-12; 45.6吨 where money is asked) is unreadable.
Nothing here raises on any str.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    Inexact,
    localcontext,
)
from fractions import Fraction

from models.types import Quantity, State
from models.wording import Bilingual, say
from models.writing.dates import DateReading, read_date
from models.writing.folding import is_blank, is_none_mark, normalise
from models.writing.numerals import NotANumber
from models.writing.stated import Figure, figure_of
from models.writing.units import Unit, asked, factor_between

__all__ = [
    "DateReading",
    "Reading",
    "is_none_mark",
    "normalise",
    "read_date",
    "read_in_unit",
    "read_number",
    "read_text",
    "written_decimals",
]


_AMPLE = Context(prec=100)
"""Holds any product of a number and its multiples exactly."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`quantity` is in the unit asked, and only where `state` is given.

    `sure` False: a person must verify the value; `reason` says why, as it says why a text is
    unreadable.
    """

    state: State
    quantity: Quantity | None
    sure: bool
    reason: Bilingual | None


def read_number(
    raw: str, unit: str | None, *, integer: bool = False, falling: bool = False
) -> Reading:
    """A cell's text → the one quantity it states, in the form's `unit` (亿元, 件/万人 …).

    `integer`: the field counts whole things, so that a number written out is exact.
    `falling`: the field asks how much something fell (降低率): 下降3.2% is then +3.2.
    `low` and `high` enclose every number that is rounded to what is written.
    """
    if is_blank(raw, unit):
        return Reading("blank", None, True, None)
    if is_none_mark(raw):
        return Reading("none", None, True, None)
    try:
        with localcontext(_AMPLE):
            figure = figure_of(raw, unit)
            factor = _factor(figure, unit)
            return _given(figure, factor, unit or "", integer, falling)
    except NotANumber as refusal:
        return Reading("unreadable", None, False, refusal.reason)


def read_in_unit(
    raw: str, unit: str | None, written: str, *, integer: bool = False, falling: bool = False
) -> Reading | None:
    """A bare number whose unit stands elsewhere (a label, a column, a caption) → the asked unit.

    `written` is that unit. None where it changes nothing: the text names a unit of its own or is
    no number, or `written` means what is asked.
    """
    plain = read_number(raw, unit, integer=integer, falling=falling)
    if plain.state != "given" or any(c.isalpha() or c == "%" for c in normalise(raw)):
        return None
    other = read_number(raw + written, unit, integer=integer, falling=falling)
    return other if other.state == "given" and other.quantity != plain.quantity else None


def written_decimals(raw: str) -> int | None:
    """How many decimals the one number of a text is written with; None where there is none."""
    if is_blank(raw) or is_none_mark(raw):
        return None
    try:
        with localcontext(_AMPLE):
            return figure_of(raw).number.decimals
    except NotANumber:
        return None


def read_text(raw: str, *, lines: bool = False) -> tuple[State, str]:
    """A short text with its white space tidied, and whether it is given, a none-mark or blank.

    A line break between two Chinese characters is the cell's edge and goes; with `lines` line
    breaks stay (a name per line). The characters are left as they are written.
    """
    if is_blank(raw):
        return "blank", ""
    text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", raw)
    text = re.sub(r"[\u200b\ufeff\u00ad]", "", text)
    text = re.sub(r"[^\S\n]+", " ", text).strip(" \n_＿")
    text = re.sub(r" *\n[ \n]*", "\n", text)
    if not lines:
        text = re.sub(r"(?<=[\u2e80-\uffef])\n|\n(?=[\u2e80-\uffef])", "", text)
        text = text.replace("\n", " ")
    return "none" if is_none_mark(raw) else "given", text


# ------------------------------------------------------------------ into the form's unit


def _factor(figure: Figure, unit: str | None) -> Fraction:
    """What the digits are multiplied by to stand in the form's unit. Raises NotANumber."""
    other = say("the unit written is of another kind than the form's")
    written = figure.unit
    wanted = asked(normalise(unit)) if unit else None
    if figure.per and written:
        written = Unit(f"{written.kind}/person", written.factor / figure.per)
    if wanted is None:
        if unit and (written or figure.money):
            raise NotANumber(other)
        if written:
            figure.suspect(say("the form asks for no unit here"))
        return Fraction(figure.by)
    form, times = wanted
    if figure.money and (form.kind != "money" or (written and written.kind != "money")):
        raise NotANumber(other)
    if written is None:
        return Fraction(figure.by) * _unwritten(figure, form, times)
    factor = factor_between(written, form, times)
    if factor is None and form.kind.startswith(written.kind + "/"):
        figure.suspect(say("only a part of the unit is written"))
        factor = written.factor
    if factor is None:
        raise NotANumber(other)
    return factor * figure.by


def _unwritten(figure: Figure, form: Unit, times: int) -> Fraction:
    """The factor of a number without a unit: the form's, unless 万 or 亿 says more."""
    if figure.number.plain and figure.by == 1:
        return Fraction(1)
    if form.kind == "money":
        if not re.search(r"[万亿]$", figure.number.multiple) and figure.by == 1:
            raise NotANumber(say("it is not certain which unit is meant"))
        return 1 / (form.factor * times)
    if form.kind == "share":
        raise NotANumber(say("the unit written is of another kind than the form's"))
    if form.kind not in ("thing", "person", "mass"):
        figure.suspect(say("it is not certain which unit is meant"))
    return Fraction(1)


def _given(figure: Figure, factor: Fraction, unit: str, integer: bool, falling: bool) -> Reading:
    number = figure.number
    half = number.step / 2
    whole = number.value == number.value.to_integral_value()
    if integer and whole and number.step <= 1:
        number, half = replace(number, value=number.value.to_integral_value()), Decimal(0)
    value = _scaled(number.value, factor, ROUND_HALF_EVEN)
    low = _scaled(number.value - half, factor, ROUND_FLOOR)
    high = _scaled(number.value + half, factor, ROUND_CEILING)
    if _negative(figure, unit, falling):
        value, low, high = -value, -high, -low
    if integer and value != value.to_integral_value():
        figure.suspect(say("a whole number is asked"))
    quantity = Quantity(value, low, high, unit, figure.approximate)
    return Reading("given", quantity, figure.doubt is None, figure.doubt)


def _negative(figure: Figure, unit: str, falling: bool) -> bool:
    """Whether the value is below zero: by its sign, or by 下降 and 增长 where a rate is asked."""
    if figure.way and normalise(unit) not in ("%", "‰"):
        raise NotANumber(say("a change is stated, not the figure itself"))
    if figure.way == "down" and figure.sign:
        raise NotANumber(say("it is not certain whether the number is negative"))
    if not falling:
        return figure.way == "down" or figure.sign == "minus"
    if figure.way == "up" or figure.sign:
        figure.suspect(say("it is not certain whether a fall or a rise is meant"))
    return (figure.way == "up") != (figure.sign == "minus")


def _scaled(number: Decimal, factor: Fraction, rounding: str) -> Decimal:
    """The product, exact where a decimal can hold it, else to 28 digits rounded as told."""
    if factor == 1:
        return number
    exact = Fraction(number) * factor
    context = Context(prec=80, rounding=rounding)
    result = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    if context.flags[Inexact]:
        result = Context(prec=28, rounding=rounding).plus(result)
    return Decimal(format(result.normalize(context), "f"))
