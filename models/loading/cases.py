"""The cases of a programme: figures in, outcome out, without any document.

cases.yaml gives for each rule a list of cases: the fields with their values (a list for a field
asked every year; nothing for a blank cell or an unticked question), `expect` with the outcome
(met, not_met, unchecked; a list where the rule looks at several years), and where wanted the
`severity` of what is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.form import Form
from models.loading import strict_yaml
from models.operators import operand_value, same_option
from models.programme import Condition, Criterion
from models.rules.criteria import run_criterion
from models.rules.figures import Figures
from models.types import (
    NOWHERE,
    Answer,
    Application,
    NarrativeAnswer,
    Option,
    TickAnswer,
)
from models.values import read_number
from models.writing.counting import count_characters

WORDS = ("expect", "severity", "note")
"""The keys of a case that are not fields."""

OUTCOMES = ("met", "not_met", "unchecked")


@dataclass(frozen=True, slots=True)
class Case:
    rule: str
    line: int
    values: dict[str, Any]
    expect: tuple[str, ...]
    severity: tuple[str, ...]

    def concerns(self, criterion: Criterion) -> bool:
        return criterion.rule == self.rule and any(f in self.values for f in criterion.fields)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a cases.yaml whose form `models.loading.validation` has found good."""
    content = strict_yaml.read(path)
    return tuple(
        Case(
            rule,
            content.line((rule, i)),
            {k: v for k, v in entry.items() if k not in WORDS},
            _several(entry.get("expect")),
            _several(entry.get("severity")),
        )
        for rule, several in (content.data or {}).items()
        for i, entry in enumerate(several)
    )


def _several(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else () if value is None else (value,)


def run_case(
    criterion: Criterion, form: Form, case: Case
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The outcomes of a criterion, one per place, and the severities of what is found."""
    application = application_of(form, case.values)
    results = run_criterion(criterion, Figures(form, application), application)
    return (
        tuple(check.outcome for check, _ in results),
        tuple(finding.severity for _, finding in results if finding),
    )


def application_of(form: Form, values: dict[str, Any]) -> Application:
    """An application with these answers; fields that are not named are absent."""
    answers: list[Answer] = []
    ticks: list[TickAnswer] = []
    narratives: list[NarrativeAnswer] = []
    for id, value in values.items():
        field = form.field(id)
        if field.type == "ticks":
            chosen = value if isinstance(value, list) else [] if value is None else [value]
            options = tuple(
                Option(o, any(same_option(o, str(c)) for c in chosen), 1.0, NOWHERE)
                for o in field.options
            )
            ticks.append(TickAnswer(id, "given", options, False, NOWHERE))
        elif field.type == "narrative":
            count, no_spaces = count_characters(str(value))
            narratives.append(
                NarrativeAnswer(id, "given", str(value), count, no_spaces, field.limit, NOWHERE)
            )
        else:
            periods = form.periods(id)
            several = value if isinstance(value, list) else [value] * len(periods)
            for period, one in zip(periods, several, strict=False):
                raw = "" if one is None else str(one)
                read = read_number(raw, field.unit, integer=field.integer)
                number = read.quantity.value if read.quantity else None
                answers.append(
                    Answer(
                        id,
                        period,
                        read.state,
                        number,
                        raw,
                        1.0,
                        read.state != "blank" and not read.sure,
                        NOWHERE,
                        field.unit,
                        read.quantity,
                    )
                )
    return Application(form.id, tuple(answers), tuple(ticks), tuple(narratives))


def stated_values(condition: Condition, form: Form, case: Case, years: str | None) -> list[Decimal]:
    """What the left-hand side of a comparison comes to in a case, at every place."""
    figures = Figures(form, application_of(form, case.values))
    periods = form.periods(condition.fields[0])
    places = [periods] if years == "all" else [(p,) for p in periods]
    result = []
    for place in places:
        used = [figures.get(f, p, none_is_zero=True) for f in condition.fields for p in place]
        if used and all(f.quantity for f in used):
            value = operand_value(condition, tuple(used))
            if value is not None:
                result.append(value)
    return result
