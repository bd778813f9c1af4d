"""A programme's conditions applied to an application."""

from __future__ import annotations

from models.operators import Verdict, join, judge
from models.programme import Criterion
from models.rules.claims import claimed_rank
from models.rules.figures import Figures
from models.types import Application, Check, Evidence, Finding, Severity
from models.wording import say


def run_criterion(
    criterion: Criterion, figures: Figures, application: Application
) -> list[tuple[Check, Finding | None]]:
    """One check per place the condition looks at, with the finding of each that is not met."""
    years = figures.form.years
    places: list[tuple[tuple[str | None, ...], Severity]]
    if criterion.years is None:
        # One period: that of the form's heading, or none.
        periods = figures.periods(criterion.fields[0])
        places = [((period,), criterion.severity) for period in periods]
    elif criterion.years == "all":
        places = [(years, criterion.severity)]
    else:
        chosen = {"each": years, "last": years[-1:], "earlier": years[:-1]}[criterion.years]
        places = [
            ((y,), criterion.severity if y == years[-1] else criterion.severity_earlier)
            for y in chosen
        ]
    return [_at(criterion, periods, severity, figures, application) for periods, severity in places]


def _at(
    criterion: Criterion,
    periods: tuple[str | None, ...],
    severity: Severity,
    figures: Figures,
    application: Application,
) -> tuple[Check, Finding | None]:
    verdict = join(
        tuple(
            judge(condition, periods, figures, application, criterion.none_is_zero)
            for condition in criterion.conditions
        )
    )
    check = Check(
        rule=criterion.rule,
        fields=verdict.fields,
        outcome=verdict.outcome,
        because=verdict.because if verdict.outcome == "unchecked" else None,
        evidences=verdict.evidences,
        stated=verdict.stated,
        computed=verdict.computed,
        required=verdict.required,
        citation=criterion.citation,
    )
    if verdict.outcome != "not_met":
        return check, None
    return check, _finding(criterion, verdict, severity, application)


def _finding(
    criterion: Criterion, verdict: Verdict, severity: Severity, application: Application
) -> Finding:
    assert verdict.message is not None
    message, evidences = verdict.message, verdict.evidences
    claim = _claim(criterion, application)
    if claim:
        severity = "warning"
        words, evidence = claim
        message = say(
            "{message}. The narrative claims “{claim}”, a rank for which the condition may be "
            "relaxed ({article}): a person decides",
            message=message,
            claim=words,
            article=criterion.relaxation.citation.article if criterion.relaxation else "",
        )
        evidences = (*evidences, evidence)
    actual = verdict.computed or verdict.stated
    return Finding(
        rule=criterion.rule,
        severity=severity,
        fields=verdict.fields,
        message=message,
        expected=verdict.required,
        actual=actual,
        citation=criterion.citation,
        evidences=evidences,
        formula=_formula(verdict),
    )


def _formula(verdict: Verdict) -> str:
    return f"{verdict.stated} → {verdict.computed}" if verdict.computed else ""


def _claim(criterion: Criterion, application: Application) -> tuple[str, Evidence] | None:
    if criterion.relaxation is None:
        return None
    narrative = application.narrative(criterion.relaxation.claimed_in)
    words = narrative and claimed_rank(narrative.text, criterion.relaxation)
    return (words, narrative.evidence) if narrative and words else None
