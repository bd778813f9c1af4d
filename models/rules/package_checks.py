"""Rules about the package as a whole: its materials, its evidence, its lists, its summary row.

What could not be read may be what is missing: then a rule is unchecked and names the files.
"""

from __future__ import annotations

from models.form import Form
from models.programme import Material, Programme
from models.rules.evidence_checks import EVIDENCE, evidence_checks
from models.rules.list_checks import list_checks
from models.rules.outcomes import Outcomes
from models.rules.packaged import SURE, not_read, only_the_form, strongest, unread
from models.rules.summary_checks import summary_checks
from models.types import Application, Attached, Check, Evidence, Finding, Outcome, Severity
from models.wording import Bilingual, say

MATERIAL = "material.missing"


def package_checks(programme: Programme, form: Form, application: Application) -> Outcomes:
    """Every rule about the package that is due for the application."""
    if not application.answers:
        return
    if only_the_form(application):
        yield from _form_alone(programme, form, application)
        return
    yield from _materials(programme, application)
    yield from evidence_checks(form, application)
    yield from list_checks(form, application)
    yield from summary_checks(form, application)


def _form_alone(programme: Programme, form: Form, application: Application) -> Outcomes:
    because = say("only the form was handed in")
    others = [m for m in programme.materials if m.required and m.role != "application_form"]
    if others:
        yield Check(MATERIAL, (), "unchecked", because), None
    if any(f.evidence or f.list for f in form.fields):
        yield Check(EVIDENCE, (), "unchecked", because), None
    if others and application.papers:
        message = say(
            "Only the form was handed in; whether the other {count} materials are there was not "
            "checked",
            count=len(others),
        )
        yield None, Finding(MATERIAL, "notice", (), message)


def _materials(programme: Programme, application: Application) -> Outcomes:
    asked = [m for m in programme.materials if m.required]
    files = unread(application.papers)
    for material in asked:
        best = strongest(application, f"material: {material.id}")
        if material.role == "application_form" or (best and best.strength >= SURE):
            yield _outcome(material, found=best), None
        elif files:
            yield _outcome(material, because=not_read(files), found=best), None
        elif best is None or best.strength < 0.3:
            message = say(
                "{material} is missing: no paper of the package is it", material=material.name
            )
            yield _outcome(material, message), _finding(material, "error", message, best)
        else:
            message = say(
                "{material} does not stand as a paper of its own; it may be what stands in "
                "{file}{place}",
                material=material.name,
                file=best.evidence.file,
                place=f" {best.evidence.place}" if best.evidence.place else "",
            )
            if best.why:
                message = say("{message} ({why})", message=message, why=best.why)
            yield _outcome(material, message), _finding(material, "warning", message, best)


def _outcome(
    material: Material,
    message: Bilingual | None = None,
    *,
    because: Bilingual | None = None,
    found: Attached | None = None,
) -> Check:
    outcome: Outcome = "unchecked" if because else "not_met" if message else "met"
    if because:
        because = say("{material}: {why}", material=material.name, why=because)
    evidences = (found.evidence,) if found else ()
    return Check(
        MATERIAL, (), outcome, because, evidences,
        stated=found.evidence.file if found else "", required=material.name,
        citation=material.citation,
    )  # fmt: skip


def _finding(
    material: Material, severity: Severity, message: Bilingual, found: Attached | None
) -> Finding:
    evidences: tuple[Evidence, ...] = (found.evidence,) if found else ()
    return Finding(
        MATERIAL, severity, (), message,
        expected=material.name, actual=found.evidence.file if found else "",
        citation=material.citation, evidences=evidences,
    )  # fmt: skip
