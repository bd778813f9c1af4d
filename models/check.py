"""check(programme, application, on): every rule that is due, with its outcome and findings."""

from __future__ import annotations

from models.form import Form, load_form
from models.programme import Programme
from models.rules.agreement import agreement_checks
from models.rules.agreement_prose import agreement_prose
from models.rules.arithmetic_checks import arithmetic_checks
from models.rules.criteria import run_criterion
from models.rules.figures import Figures, figure_name, reference, with_unit
from models.rules.form_checks import form_checks
from models.rules.jumps import jump_checks
from models.rules.outcomes import Outcomes
from models.rules.package_checks import package_checks
from models.rules.plausibility import slips, suspicions
from models.types import Application, Check, Finding, Report

RULE = "plausibility.unit-slip"


def check(programme: Programme, application: Application, on: str) -> Report:
    """Every rule of the programme that is due for this application.

    One Check per rule and place it looks at, and for each that is not met one Finding with the
    same rule and fields. A figure that is blank, could not be read or needs a look leaves its
    rules unchecked, with the reason. `on` is the ISO date the check is made for; it is carried in
    the report, and nothing reads today's date.
    """
    form = load_form(programme.form)
    checks: list[Check] = []
    findings: list[Finding] = []
    for result, finding in _run(programme, form, application):
        if result is not None:
            checks.append(result)
        if finding is not None:
            findings.append(finding)
    return Report(programme.id, on, tuple(checks), tuple(findings))


def _run(programme: Programme, form: Form, application: Application) -> Outcomes:
    # First what makes a figure unfit for the rules after it: a fault is reported once.
    yield from _slips(form, application)
    application = suspicions(form, application)
    figures = Figures(form, application)
    arithmetic = list(arithmetic_checks(form, figures))
    for criterion in programme.criteria:
        yield from run_criterion(criterion, figures, application)
    yield from arithmetic
    yield from agreement_checks(form, figures, application)
    accused = {f.suggestion_field for _, f in arithmetic if f is not None}
    yield from jump_checks(form, figures, accused)
    yield from form_checks(programme, form, application)
    yield from agreement_prose(form, application)
    yield from package_checks(programme, form, application)


def _slips(form: Form, application: Application) -> Outcomes:
    found = slips(form, application)
    if not found:
        yield Check(RULE, (), "met"), None
    for slip in found:
        answer, field = slip.answer, form.field(slip.answer.field)
        fields = (reference(answer.field, answer.period),)
        stated = with_unit(answer.raw.strip(), field.unit or "")
        yield (
            Check(RULE, fields, "not_met", None, (answer.evidence,), stated),
            Finding(
                rule=RULE,
                severity="warning",
                fields=fields,
                message=slip.message,
                expected=field.unit or "",
                actual=stated,
                evidences=(answer.evidence,),
                suggestion=slip.suggestion,
                suggestion_field=fields[0] if slip.suggestion else "",
            ),
        )


__all__ = ["check", "figure_name", "suspicions"]
