"""What the rules say of an application: checks, findings and the programme's version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.readers.losses import problem_finding
from models.form import load_form
from models.programme import Programme
from models.types import Application, Check, Finding
from models.wording import Bilingual, say


def check_application(
    programme: str | None, application: Application, on: str
) -> tuple[tuple[Check, ...], tuple[Finding, ...], str]:
    """Checks, findings and the programme's version; also for corrected applications.

    Without a programme there are no checks, and one finding says so.
    """
    about_files = tuple(problem_finding(file, p) for file, p in application.problems)
    if programme is None:
        return (), (*about_files, _programme_unknown()), ""
    from models.check import check
    from models.programme import load_programme

    rules = load_programme(programme)
    of_form = application.form in ("", rules.form)  # else a row of a summary table, nothing more
    report = check(rules, application if of_form else Application(rules.form), on)
    if not application.answers or not of_form:
        unchecked = _nothing_checked(report.checks, say("no filled form was found"))
        return unchecked, (_form_missing(rules), *about_files), rules.version
    if _empty(application):
        unchecked = _nothing_checked(report.checks, say("the form is not filled in"))
        return unchecked, (_form_blank(application), *about_files), rules.version
    told = {(f.rule, e.file) for f in report.findings for e in f.evidences}
    rest = tuple(f for f in about_files if (f.rule, f.evidences[0].file) not in told)
    return report.checks, (*report.findings, *rest), rules.version


def _nothing_checked(checks: Sequence[Check], because: Bilingual) -> tuple[Check, ...]:
    """What would have been checked, had there been something to check."""
    return tuple(replace(c, outcome="unchecked", because=because) for c in checks)


def _empty(application: Application) -> bool:
    """Whether this is the blank form: no figure, text, tick or narrative in it at all."""
    written = any(a.state in ("given", "none", "unreadable") for a in application.answers)
    ticked = any(o.ticked for t in application.ticks for o in t.options)
    return not (written or ticked or any(n.state == "given" for n in application.narratives))


def _form_blank(application: Application) -> Finding:
    return Finding(
        rule="blank.required",
        severity="error",
        fields=(),
        message=say("The form is blank: nothing has been filled in."),
        evidences=tuple(a.evidence for a in application.answers[:1]),
    )


def _form_missing(programme: Programme) -> Finding:
    form = next((m for m in programme.materials if m.role == "application_form"), None)
    return Finding(
        rule="material.missing",
        severity="error",
        fields=(),
        message=say(
            "No filled form of this programme ({form}) was found among the documents.",
            form=load_form(programme.form).title,
        ),
        citation=form.citation if form else None,
    )


def _programme_unknown() -> Finding:
    return Finding(
        rule="file.programme-unknown",
        severity="error",
        fields=(),
        message=say(
            "The documents do not tell which programme this is an application for. Nothing was "
            "checked; name the programme with --programme."
        ),
    )
