"""Rules about the form as a paper: blanks, choices, lengths, writing, dates and the files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from models.form import Form
from models.programme import Programme
from models.rules.date_checks import date_checks
from models.rules.figures import (
    absent,
    field_name,
    figure_name,
    listed,
    needs_look,
    reference,
    unusable,
)
from models.rules.outcomes import Outcomes, result
from models.types import (
    Alteration,
    Answer,
    Application,
    Citation,
    Evidence,
    Finding,
    NarrativeAnswer,
)
from models.values import written_decimals
from models.wording import Bilingual, say


def form_checks(programme: Programme, form: Form, application: Application) -> Outcomes:
    """Every rule about the form itself that is due for the application."""
    yield from _files(application)
    yield from _altered(application)
    yield from _blanks(form, application)
    yield from _parts(form, application)
    yield from _unreadable(form, application)
    yield from _choices(form, application)
    yield from _lengths(form, application)
    yield from _decimals(form, application)
    yield from _name_pattern(form, application)
    yield from date_checks(programme, form, application)


def _instruction(form: Form, key: str) -> Citation | None:
    """The form's own instruction (填报说明) of that name."""
    entry = (form.instructions or {}).get(key)
    if not entry:
        return None
    document = (form.instructions or {}).get("document", form.title)
    return Citation(document, entry["article"], entry["quote"])


def _files(application: Application) -> Outcomes:
    for file, problem in application.problems:
        message = problem.message
        if file not in message.zh:
            message = Bilingual(zh=f"{file}：{message.zh}", en=f"{file}: {message.en}")
        evidence = Evidence(file=file, page=problem.page, place=problem.place)
        yield None, Finding(problem.rule, problem.severity, (), message, evidences=(evidence,))


def _altered(application: Application) -> Outcomes:
    parts = application.alterations
    if not parts:
        yield result("format.altered", (), None)
        return
    said: dict[str, Callable[[Alteration], Bilingual]] = {
        "missing": lambda a: say("missing: “{what}”", what=a.what),
        "added": lambda a: say("added: “{what}”", what=a.what),
        "reworded": lambda a: say("reworded: “{what}” to “{found}”", what=a.what, found=a.found),
    }
    changes = listed([said[a.kind](a) for a in parts])
    message = say("the form is not the blank form: {list}", list=changes)
    fields = tuple(dict.fromkeys(a.field for a in parts if a.field))
    yield result("format.altered", fields, message, "warning", sources=parts)


def _blanks(form: Form, application: Application) -> Outcomes:
    citation = _instruction(form, "blank")
    narratives = {n.field: n for n in application.narratives}
    answers = {(a.field, a.period): a for a in application.answers}
    told = any(a.state == "given" for a in application.answers)
    for field in form.fields:
        if not field.required or field.type == "ticks" or field.parts:
            continue
        if field.type == "narrative":
            given: list[Answer | NarrativeAnswer | None] = [narratives.get(field.id)]
        elif field.year_in_heading:
            given = [a for a in application.answers if a.field == field.id] or [None]
        else:
            given = [answers.get((field.id, p)) for p in form.periods(field.id)]
        periods = form.periods(field.id)
        for i, answer in enumerate(given):
            period = getattr(answer, "period", periods[i] if i < len(periods) else None)
            ref, name = reference(field.id, period), figure_name(field, period)
            because = None
            if answer is None or (answer.state == "absent" and not answer.why_look):
                because = absent(name)
            elif answer.state in ("absent", "blank") and answer.needs_look:
                because = needs_look(name, answer.why_look)
            blank = answer is not None and answer.state == "blank"
            message = None
            if form.report and told and because is not None and not blank:
                unstated = say(
                    "the report states no figure for {field} as at {day}",
                    field=name,
                    day=form.as_of,
                )
                yield result("blank.required", (ref,), unstated, "warning", citation=citation)
                continue
            if blank:
                message = say("{field} is blank", field=name)
                if citation:
                    message = say(
                        "{field} is blank; where there is nothing to report, 无 is to be written",
                        field=name,
                    )
            yield result(
                "blank.required",
                (ref,),
                message,
                because=because,
                sources=(answer,) if answer else (),
                citation=citation,
            )


def _parts(form: Form, application: Application) -> Outcomes:
    """What a narrative must name (承担单位, 主要内容, 带动作用), and which of it is missing."""
    citation = _instruction(form, "parts")
    written = any(n.parts is not None for n in application.narratives)
    for field in form.fields:
        if not field.parts:
            continue
        answer, name = application.narrative(field.id), field_name(field)
        because, message, severity = None, None, "error"
        if answer is None or answer.state == "absent":
            # Nothing found may be nothing written, or written where nobody would look for it.
            because, severity = (None if written else absent(name)), "warning"
            message = say("no typical project was found for {field}", field=name)
        elif answer.needs_look or answer.parts is None:
            because = needs_look(name, answer.why_look)
        elif missing := [p for p in field.parts if p not in answer.parts]:
            message = say(
                "the typical project for {field} does not name its {parts}",
                field=name,
                parts="、".join(missing),
            )
        yield result(
            "blank.required",
            (field.id,),
            message,
            severity,  # type: ignore[arg-type]
            because=because,
            sources=(answer,) if answer else (),
            expected="、".join(field.parts),
            actual="、".join(answer.parts or ()) if answer else "",
            citation=citation,
        )


def _unreadable(form: Form, application: Application) -> Outcomes:
    found = [a for a in application.answers if a.state == "unreadable" and form.has(a.field)]
    if not found:
        yield result("format.unreadable", (), None)
    for answer in found:
        field = form.field(answer.field)
        kinds = {
            "number": say("a number"),
            "integer": say("a whole number"),
            "date": say("a date"),
        }
        name, kind = figure_name(field, answer.period), kinds.get(field.type, say("a text"))
        message = say(
            "{figure} reads “{raw}”, which is not {kind}", figure=name, raw=answer.raw, kind=kind
        )
        if answer.why_look:
            message = say("{message} ({why})", message=message, why=answer.why_look)
        yield result(
            "format.unreadable",
            (reference(answer.field, answer.period),),
            message,
            "warning",
            sources=(answer,),
            actual=answer.raw,
        )


def _choices(form: Form, application: Application) -> Outcomes:
    for field in form.fields:
        if field.type != "ticks" or not field.one_of:
            continue
        answer, name = application.tick(field.id), field_name(field)
        because = unusable(answer, name) if answer else absent(name)
        options = answer.options if answer else ()
        ticked = [o for o in options if o.ticked]
        unknown = any(o.ticked is None for o in options)
        sources = (answer,) if answer else ()
        words = " / ".join(o.text for o in ticked)
        unsure = say("whether a box of {field} is ticked could not be told", field=name)
        common = {"sources": sources, "expected": "1", "actual": words or "0"}
        none = None if ticked else say("no option of {field} is ticked", field=name)
        yield result(
            "choice.none-ticked",
            (field.id,),
            none,
            because=because or (unsure if unknown and not ticked else None),
            **common,  # type: ignore[arg-type]
        )
        several = None
        if len(ticked) > 1:
            several = say(
                "{field} has {count} options ticked ({options}); exactly one is asked for",
                field=name,
                count=len(ticked),
                options=words,
            )
        yield result(
            "choice.several-ticked",
            (field.id,),
            several,
            because=because or (unsure if unknown and not several else None),
            **common,  # type: ignore[arg-type]
        )


def _lengths(form: Form, application: Application) -> Outcomes:
    for field in form.fields:
        if field.type != "narrative" or not field.limit:
            continue
        answer, name = application.narrative(field.id), field_name(field)
        because, message = None, None
        if answer is None or (because := unusable(answer, name)):
            because = because or absent(name)
        elif answer.characters > field.limit:
            message = say(
                "{field} has {count} characters ({other} as characters without spaces); "
                "the limit is {limit}",
                field=name,
                count=answer.characters,
                other=answer.characters_no_spaces,
                limit=field.limit,
            )
        yield result(
            "length.over-limit",
            (field.id,),
            message,
            because=because,
            sources=(answer,) if answer else (),
            expected=f"≤ {field.limit}",
            actual=str(answer.characters) if answer else "",
            severity="warning",  # too much was written, nothing is missing or contradicted
        )


def _decimals(form: Form, application: Application) -> Outcomes:
    """数据有小数时，保留小数点后2位: whole numbers are as they should be."""
    entry = (form.instructions or {}).get("decimals")
    if not entry:
        return
    places = int(entry["places"])
    found: list[Answer] = []
    for answer in application.answers:
        if not form.has(answer.field) or form.field(answer.field).type != "number":
            continue
        if answer.state != "given" or answer.needs_look or not isinstance(answer.value, Decimal):
            continue
        if written_decimals(answer.raw) not in (0, places, None):
            found.append(answer)
    message = None
    if found:
        shown = [
            say(
                "{figure} “{raw}”",
                figure=figure_name(form.field(a.field), a.period),
                raw=a.raw.strip(),
            )
            for a in found
        ]
        message = say(
            "{count} figures with decimals are not written with {places} of them: {list}",
            count=len(found),
            places=places,
            list=listed(shown),
        )
    yield result(
        "format.decimals",
        tuple(reference(a.field, a.period) for a in found),
        message,
        "notice",
        sources=tuple(found),
        expected="0.00",
        citation=_instruction(form, "decimals"),
    )


def _name_pattern(form: Form, application: Application) -> Outcomes:
    for field in form.fields:
        if not field.pattern:
            continue
        answer, name = application.answer(field.id), field_name(field)
        because, message = None, None
        if answer is None or (because := unusable(answer, name)):
            because = because or absent(name)
        elif not fits_pattern(str(answer.value), field.pattern):
            message = say(
                "{field} “{value}” is not of the form {pattern}",
                field=name,
                value=answer.value,
                pattern=field.pattern,
            )
        yield result(
            "format.name-pattern",
            (field.id,),
            message,
            "warning",
            because=because,
            sources=(answer,) if answer else (),
            expected=field.pattern,
            actual=str(answer.value or "") if answer else "",
        )


def fits_pattern(name: str, pattern: str) -> bool:
    """Whether a name follows a printed pattern: XX is any words, 县(市、区) one of the three.

    >>> fits_pattern("潍坊市寿光市蔬菜种苗特色产业集群", "XX市XX县(市、区)XX特色产业集群")
    True
    >>> fits_pattern("寿光市蔬菜种苗特色产业集群", "XX市XX县(市、区)XX特色产业集群")
    False
    """
    expression = ""
    for part in re.split(r"(X+|.\([^)]*\))", _plain(pattern)):
        if re.fullmatch("X+", part):
            expression += ".+?"
        elif part.endswith(")") and "(" in part:
            choices = [part[0], *re.split("[、,/]", part[2:-1])]
            expression += f"(?:{'|'.join(map(re.escape, choices))})"
        else:
            expression += re.escape(part)
    return re.fullmatch(expression, _plain(name)) is not None


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
