"""agreement.narrative: what sentences state against the form's figure of the same year."""

from __future__ import annotations

from models.form import Form
from models.interval import Interval
from models.rules.figures import Figure, Figures, with_unit
from models.rules.outcomes import Outcomes
from models.types import NOWHERE, Application, Check, Finding, Mention
from models.wording import Bilingual, say

RULE = "agreement.narrative"


def agreement_prose(form: Form, application: Application) -> Outcomes:
    """One check for each mention of a figure the form has a place for.

    Both are compared as the ranges of numbers that are written so, the mention's with all that
    约, 近 or 超过 can mean. Where they share no number: an error, or a warning where the mention
    is approximate or only likely to be of this figure. An unusable figure leaves it unchecked.
    """
    figures = Figures(form, application)
    for mention in application.mentions:
        if form.has(mention.field):
            yield _compared(mention, figures)


def _compared(mention: Mention, figures: Figures) -> tuple[Check, Finding | None]:
    figure = _figure(mention, figures)
    fields = (figure.ref,)
    evidences = tuple(e for e in (figure.evidence, mention.evidence) if e != NOWHERE)
    if figure.quantity is None:
        return Check(RULE, fields, "unchecked", figure.trouble, evidences, mention.raw), None
    expected = with_unit(figure.quantity.value, figure.unit)
    agree = _agree(figure, mention)
    check = Check(
        RULE, fields, "met" if agree else "not_met", None, evidences, mention.raw,
        required=expected,
    )  # fmt: skip
    if agree:
        return check, None
    sure = mention.sure and not mention.quantity.approximate
    finding = Finding(
        rule=RULE,
        severity="error" if sure else "warning",
        fields=fields,
        message=_message(mention, figure, expected, figures.form),
        expected=expected,
        actual=mention.raw,
        evidences=evidences,
    )
    return check, finding


def _figure(mention: Mention, figures: Figures) -> Figure:
    """The form's figure that is meant. Where no year is told: one that agrees, else the last."""
    field = figures.form.field(mention.field)
    periods = (mention.period,) if mention.period else figures.periods(mention.field)
    found = [figures.get(mention.field, p, none_is_zero=field.integer) for p in periods]
    return next((f for f in found if _agree(f, mention)), found[-1])


def _agree(figure: Figure, mention: Mention) -> bool:
    """Whether one number can be both; 突破606件 beside 606 names the very number."""
    stated, said = figure.quantity, mention.quantity
    if stated is None:
        return False
    if said.approximate and said.value == stated.value:
        return True
    return Interval.from_quantity(stated).overlaps(Interval.from_quantity(said))


def _message(mention: Mention, figure: Figure, expected: str, form: Form) -> Bilingual:
    if mention.sure:
        return say(
            "{figure} is {expected} on the form, and {where} says “{raw}”",
            figure=figure.name,
            expected=expected,
            where=_where(mention, form),
            raw=mention.raw,
        )
    return say(
        "{figure} is {expected} on the form; {where} says “{raw}”, which seems to be the same "
        "figure",
        figure=figure.name,
        expected=expected,
        where=_where(mention, form),
        raw=mention.raw,
    )


def _where(mention: Mention, form: Form) -> Bilingual:
    if form.has(mention.within):
        return form.field(mention.within).name
    papers = {
        "plan": say("the plan"),
        "introduction": say("the introduction"),
        "self_evaluation": say("the self-evaluation"),
    }
    return papers.get(mention.within) or say("a paper of the package")
