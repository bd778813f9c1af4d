"""What a reviewer says stands on the paper, in place of what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.form import Field, load_form
from models.types import Answer, Application, Evidence, NarrativeAnswer, Option, TickAnswer
from models.values import read_date, read_number, read_text
from models.wording import Bilingual, say
from models.writing.counting import count_characters

Value = str | Mapping[str, bool]
"""The text as it stands on the paper (45.60, 无, nothing), or each option with its tick."""


class CorrectionRefused(Exception):
    """A correction that cannot be what stands in that field; `message` says why."""

    def __init__(self, message: Bilingual) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Correction:
    """`before` is what the tool had read: where a new reading differs, the correction is void.

    `after` None takes earlier corrections of the field back.
    """

    field: str
    period: str | None
    before: Any
    after: Value | None


def reading(application: Application, field: str, period: str | None) -> Any:
    """What was read in a field, as comparable JSON; None where the form has no such place."""
    if tick := application.tick(field):
        return {o.text: o.ticked for o in tick.options}
    if narrative := application.narrative(field):
        return narrative.text
    answer = application.answer(field, period)
    return None if answer is None else answer.raw


def apply(application: Application, corrections: Iterable[Correction]) -> Application:
    """The application with the corrections in place, the last of a field counting.

    A corrected answer is sure (confidence 1, evidence.how "person", nothing left to look at).
    Corrections of another reading than this one are passed over. Raises CorrectionRefused.
    """
    last = {(c.field, c.period): c for c in corrections}
    for c in last.values():
        if c.after is not None and reading(application, c.field, c.period) == c.before:
            application = _one(application, c, c.after)
    return application


def _one(application: Application, c: Correction, after: Value) -> Application:
    field = _field(application, c.field)
    if tick := application.tick(c.field):
        fixed = _tick(tick, after)
        ticks = tuple(fixed if t.field == c.field else t for t in application.ticks)
        return replace(application, ticks=ticks)
    if isinstance(after, Mapping):
        raise CorrectionRefused(say("{field} is not a question with boxes", field=field.name))
    if narrative := application.narrative(c.field):
        text = _narrative(narrative, after)
        texts = tuple(text if n.field == c.field else n for n in application.narratives)
        return replace(application, narratives=texts)
    answer = application.answer(c.field, c.period)
    if answer is None:
        raise CorrectionRefused(say("the form has no field {field}", field=field.name))
    figure = _answer(field, answer, after)
    places = ((a.field, a.period) == (c.field, c.period) for a in application.answers)
    answers = (figure if here else a for here, a in zip(places, application.answers, strict=True))
    return replace(application, answers=tuple(answers))


def _field(application: Application, id: str) -> Field:
    try:
        return load_form(application.form).field(id)
    except KeyError:
        raise CorrectionRefused(say("the form has no field {field}", field=id)) from None


def _answer(field: Field, answer: Answer, typed: str) -> Answer:
    answer = replace(
        answer,
        raw=typed,
        evidence=_person(answer.evidence, typed),
        confidence=1.0,
        needs_look=False,
        why_look=None,
    )
    if field.type in ("number", "integer"):
        number = read_number(typed, field.unit, integer=field.integer, falling=field.falling)
        if number.state == "unreadable":
            raise _refused(field, typed, number.reason)
        value = number.quantity.value if number.quantity is not None else None
        return replace(
            answer, state=number.state, value=value, quantity=number.quantity, unit=field.unit
        )
    if field.type == "date":
        date = read_date(typed)
        if date.state == "unreadable":
            raise _refused(field, typed, date.reason)
        return replace(answer, state=date.state, value=date.iso)
    state, text = read_text(typed)
    return replace(answer, state=state, value=text if state == "given" else None)


def _refused(field: Field, typed: str, why: Bilingual | None) -> CorrectionRefused:
    message = say("“{typed}” is no value for {field}", typed=typed, field=field.name)
    if why is not None:
        message = Bilingual(f"{message.zh}：{why.zh}", f"{message.en}: {why.en}")
    return CorrectionRefused(message)


def _tick(tick: TickAnswer, after: Value) -> TickAnswer:
    options = {o.text for o in tick.options}
    if not isinstance(after, Mapping) or set(after) != options:
        raise CorrectionRefused(say("a tick is needed for each of the question's options"))
    fixed = tuple(
        Option(o.text, bool(after[o.text]), 1.0, _person(o.evidence, o.evidence.raw))
        for o in tick.options
    )
    where = _person(tick.evidence, tick.evidence.raw)
    return replace(
        tick, state="given", options=fixed, needs_look=False, evidence=where, why_look=None
    )


def _narrative(narrative: NarrativeAnswer, text: str) -> NarrativeAnswer:
    characters, no_spaces = count_characters(text)
    return replace(
        narrative,
        state="given" if text.strip() else "blank",
        text=text,
        characters=characters,
        characters_no_spaces=no_spaces,
        evidence=_person(narrative.evidence, text),
        confidence=1.0,
        needs_look=False,
        why_look=None,
    )


def _person(evidence: Evidence, raw: str) -> Evidence:
    return replace(evidence, raw=raw, how="person")
