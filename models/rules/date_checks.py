"""Rules about when the application was filed."""

from __future__ import annotations

import calendar
from datetime import date

from models.form import Form
from models.programme import Programme
from models.rules.figures import absent, field_name, unusable
from models.rules.outcomes import Outcomes, result
from models.types import Application, Check, Citation, Finding, Severity
from models.wording import Bilingual, say


def date_checks(programme: Programme, form: Form, application: Application) -> Outcomes:
    """validity.expired and deadline.late, where the programme has such dates."""
    if programme.in_force:
        force = programme.in_force
        rule, ends = "validity.expired", (force.begin, force.end)
        if force.begin is None or force.end is None:
            why = say("{document} leaves the dates it is in force open", document=programme.title)
            yield result(rule, ("filing_date",), None, because=why, citation=force.citation)
        else:
            message = say(
                "the filing date {date} lies outside the dates in which {document} is in force "
                "({begin} to {end})",
                date=_iso(application, "filing_date"),
                document=programme.title,
                begin=force.begin,
                end=force.end,
            )
            yield _dated(rule, "filing_date", form, application, ends, message, force.citation)
    if programme.deadline:
        due = programme.deadline
        message = say(
            "the filing date {date} is after the deadline {deadline}",
            date=_iso(application, due.field),
            deadline=due.date,
        )
        yield _dated(
            "deadline.late",
            due.field,
            form,
            application,
            (None, due.date),
            message,
            due.citation,
            due.severity,
        )


def _iso(application: Application, field: str) -> str:
    answer = application.answer(field)
    return str(answer.value) if answer and answer.value else ""


def _dated(
    rule: str,
    field: str,
    form: Form,
    application: Application,
    ends: tuple[date | None, date | None],
    message: Bilingual,
    citation: Citation,
    severity: Severity = "error",
) -> tuple[Check, Finding | None]:
    """Whether a date lies within these days; one of a month only where the whole month does."""
    answer = application.answer(field)
    name = field_name(form.field(field)) if form.has(field) else Bilingual(field, field)
    because, outside = None, False
    if answer is None or (because := unusable(answer, name)):
        because = because or absent(name)
    elif (span := _span(str(answer.value or ""))) is None:
        because = say("{figure} could not be read", figure=name)
    else:
        begin, end = ends[0] or date.min, ends[1] or date.max
        outside = span[1] < begin or span[0] > end
        if not outside and not begin <= span[0] <= span[1] <= end:
            because = say(
                "{figure} names no day, and only part of {date} is within the dates",
                figure=name,
                date=answer.value,
            )
    expected = f"{ends[0]} – {ends[1]}" if ends[0] else f"≤ {ends[1]}"
    return result(
        rule,
        (field,),
        message if outside else None,
        severity,
        because=because,
        sources=(answer,) if answer else (),
        expected=expected,
        actual=_iso(application, field),
        citation=citation,
    )


def _span(iso: str) -> tuple[date, date] | None:
    """The first and the last day of an ISO date, month or year."""
    parts = iso.split("-")
    try:
        year, month, day = (int(p) for p in (*parts, "0", "0")[:3])
        if day:
            return date(year, month, day), date(year, month, day)
        last = month or 12
        return date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1])
    except ValueError:
        return None
