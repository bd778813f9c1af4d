"""The operators of the programme files: what each compares, and what it says when it fails.

| YAML | meets the condition |
| --- | --- |
| at_least: 70 | 70 or more (以上, 不低于, 不少于) |
| more_than: 70 | more than 70 (高于, 超过) |
| at_most: 100 | 100 or less (以内, 以下, 不超过) |
| less_than: 100 | less than 100 (低于, 不满) |
| falls_every_year: field | each year's figure is smaller than the year before's |
| ticked: [是] | the one option ticked is one of these |

The left-hand side of a comparison is `field`, `sum_of` several fields, the `average_of` a field's
years, or `growth_of` a field: its yearly growth from the first year to the last, in per cent.
The figure is compared as it is stated. One stated as approximate (约) may meet a condition; where
it does not, the condition is unchecked.
"""

from __future__ import annotations

import operator
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from models.form import Form
from models.interval import Interval
from models.programme import Condition
from models.rules.figures import (
    Figure,
    Figures,
    absent,
    field_name,
    listed,
    plain,
    rounded,
    unusable,
    with_unit,
)
from models.types import Application, Evidence, Outcome
from models.wording import Bilingual, say

COMPARE = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}
SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one condition at one place."""

    outcome: Outcome
    fields: tuple[str, ...]
    evidences: tuple[Evidence, ...]
    because: Bilingual | None = None
    stated: str = ""
    computed: str = ""
    required: str = ""
    message: Bilingual | None = None
    """What a reviewer is told where it is not met."""


def judge(
    condition: Condition,
    periods: tuple[str | None, ...],
    figures: Figures,
    application: Application,
    none_is_zero: bool = False,
) -> Verdict:
    """One condition over the figures of these periods (one period, or all for a series)."""
    if condition.operator == "ticked":
        return _ticked(condition, figures.form, application)
    used = tuple(
        figures.get(field, period, none_is_zero=none_is_zero and figures.form.field(field).integer)
        for field in condition.fields
        for period in periods
    )
    if condition.operator == "falls_every_year":
        return _falls(used)
    return _compare(condition, used)


def join(verdicts: tuple[Verdict, ...]) -> Verdict:
    """any_of: met where one is met, not met where none is, else unchecked."""
    if len(verdicts) == 1:
        return verdicts[0]
    outcomes = [v.outcome for v in verdicts]
    met = "met" in outcomes
    outcome: Outcome = "met" if met else "unchecked" if "unchecked" in outcomes else "not_met"
    return Verdict(
        outcome=outcome,
        fields=tuple(dict.fromkeys(f for v in verdicts for f in v.fields)),
        evidences=tuple(dict.fromkeys(e for v in verdicts for e in v.evidences)),
        because=None if met else listed([v.because for v in verdicts if v.because]),
        stated="; ".join(v.stated for v in verdicts if v.stated),
        computed="; ".join(v.computed for v in verdicts if v.computed),
        required=" | ".join(v.required for v in verdicts),
        message=say(
            "none of the alternatives is met: {list}",
            list=listed([v.message for v in verdicts if v.message]),
        ),
    )


def _compare(condition: Condition, used: tuple[Figure, ...]) -> Verdict:
    number, unit = condition.number or Decimal(0), _unit(condition, used)
    threshold = with_unit(number, unit)
    required = f"{SIGNS[condition.operator]} {threshold}"
    fields, evidences = tuple(f.ref for f in used), tuple(f.evidence for f in used)
    passes = COMPARE[condition.operator]
    troubles = [f.trouble for f in used if f.trouble]
    known = [f for f in used if not f.trouble]
    stated = ", ".join(f.stated for f in known)
    if troubles:
        # What is known of a sum of counts can be enough: no count is below 0.
        enough = (
            condition.operand == "sum_of"
            and condition.operator in ("at_least", "more_than")
            and all(f.field.integer for f in used)
            and passes(sum((f.value for f in known), Decimal(0)), number)
        )
        if enough:
            return Verdict("met", fields, evidences, stated=stated, required=required)
        return Verdict(
            "unchecked", fields, evidences, listed(troubles), stated=stated, required=required
        )
    value = operand_value(condition, used)
    if value is None:
        why = say("{figure} is not above 0, so no growth can be worked out", figure=used[0].name)
        return Verdict("unchecked", fields, evidences, why, stated=stated, required=required)
    derived = condition.operand != "field"
    shown = with_unit(rounded(value) if derived and unit == "%" else plain(value), unit)
    computed = shown if derived else ""
    if passes(value, number):
        return Verdict("met", fields, evidences, None, stated, computed, required)
    vague = [f.name for f in used if f.quantity and f.quantity.approximate]
    if vague:
        why = say("{figure} is stated as an approximate figure", figure=listed(vague))
        return Verdict("unchecked", fields, evidences, why, stated, computed, required)
    message = _shortfall(condition.operator, _subject(condition, used), shown, threshold)
    return Verdict("not_met", fields, evidences, None, stated, computed, required, message)


def operand_value(condition: Condition, used: tuple[Figure, ...]) -> Decimal | None:
    values = [f.value for f in used]
    if condition.operand == "average_of":
        return sum(values, Decimal(0)) / len(values)
    if condition.operand == "growth_of":
        return yearly_growth(values[0], values[-1], len(values) - 1)
    return sum(values, Decimal(0))


def yearly_growth(first: Decimal, last: Decimal, years: int) -> Decimal | None:
    """The compound yearly growth in per cent; None where there is none to be worked out.

    >>> yearly_growth(Decimal(100), Decimal(121), 2) == 10
    True
    """
    if first <= 0 or last < 0 or years < 1:
        return None
    ratio = Interval.of(last) / Interval.of(first)
    return ((ratio.root(years) - 1) * 100).middle


def _unit(condition: Condition, used: tuple[Figure, ...]) -> str:
    return "%" if condition.operand == "growth_of" else used[0].unit if used else ""


def _subject(condition: Condition, used: tuple[Figure, ...]) -> Bilingual:
    if condition.operand == "field":
        return used[0].name
    if condition.operand == "sum_of":
        return say(
            "the sum of {figures}",
            figures=Bilingual(
                zh="、".join(f.name.zh for f in used), en=", ".join(f.name.en for f in used)
            ),
        )
    name = field_name(used[0].field)
    span = {"first": used[0].period, "last": used[-1].period}
    if condition.operand == "average_of":
        return say("the average of {field} from {first} to {last}", field=name, **span)
    return say("the yearly growth of {field} from {first} to {last}", field=name, **span)


def _shortfall(op: str, subject: Bilingual, value: str, threshold: str) -> Bilingual:
    params = {"subject": subject, "value": value, "threshold": threshold}
    if op == "at_least":
        return say("{subject} is {value}; at least {threshold} is required", **params)
    if op == "more_than":
        return say("{subject} is {value}; more than {threshold} is required", **params)
    if op == "at_most":
        return say("{subject} is {value}; at most {threshold} is allowed", **params)
    return say("{subject} is {value}; less than {threshold} is required", **params)


def _falls(used: tuple[Figure, ...]) -> Verdict:
    fields, evidences = tuple(f.ref for f in used), tuple(f.evidence for f in used)
    required = " > ".join(f.period or "" for f in used)
    known = [f for f in used if not f.trouble]
    stated = with_unit(" → ".join(plain(f.value) for f in known), used[0].unit)
    # Over a year that is not known too: what falls every year is smaller at the end.
    failing = [(a, b) for a, b in pairwise(known) if b.value >= a.value]
    rising = [b for _, b in failing]
    vague = [f.name for f in known if f.quantity and f.quantity.approximate]
    troubles = [f.trouble for f in used if f.trouble]
    if rising and not vague:
        years = [f.period or "" for f in rising]
        message = say(
            "{field} does not fall every year ({figures}): it did not fall in {years}",
            field=field_name(used[0].field),
            figures=stated,
            years=Bilingual(zh="、".join(years), en=", ".join(years)),
        )
        # only the years that show it
        shown = tuple(f for f in known if any(f in pair for pair in failing))
        fields, evidences = tuple(f.ref for f in shown), tuple(f.evidence for f in shown)
        return Verdict("not_met", fields, evidences, None, stated, "", required, message)
    if troubles:
        return Verdict("unchecked", fields, evidences, listed(troubles), stated, "", required)
    if rising:
        why = say("{figure} is stated as an approximate figure", figure=listed(vague))
        return Verdict("unchecked", fields, evidences, why, stated, "", required)
    return Verdict("met", fields, evidences, None, stated, "", required)


def _ticked(condition: Condition, form: Form, application: Application) -> Verdict:
    field = form.field(condition.fields[0])
    name, fields = field_name(field), condition.fields
    required = " / ".join(condition.options)
    answer = application.tick(field.id)
    if answer is None:
        return Verdict("unchecked", fields, (), absent(name), required=required)
    chosen = [o for o in answer.options if o.ticked]
    stated = " / ".join(o.text for o in chosen)
    evidences = tuple(o.evidence for o in chosen) or (answer.evidence,)
    because = unusable(answer, name)
    if because:
        pass
    elif any(o.ticked is None for o in answer.options):
        because = say("whether a box of {field} is ticked could not be told", field=name)
    elif not chosen:
        because = say("no option of {field} is ticked", field=name)
    elif len(chosen) > 1:
        because = say("more than one option of {field} is ticked", field=name)
    elif not any(same_option(chosen[0].text, o) for o in field.options):
        because = say("the ticked option of {field} is not one of the form's", field=name)
    if because:
        return Verdict("unchecked", fields, evidences, because, stated, "", required)
    if any(same_option(chosen[0].text, o) for o in condition.options):
        return Verdict("met", fields, evidences, None, stated, "", required)
    message = say(
        "{field} is ticked “{ticked}”; “{required}” is required",
        field=name,
        ticked=stated,
        required=required,
    )
    return Verdict("not_met", fields, evidences, None, stated, "", required, message)


def same_option(a: str, b: str) -> bool:
    """Whether two option texts are the same but for width, spaces and punctuation.

    >>> same_option("非高耗能行业,不适用", "非高耗能行业，不适用")
    True
    """
    return _letters(a) == _letters(b)


def _letters(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return "".join(c for c in normal if unicodedata.category(c)[0] in "LN")
