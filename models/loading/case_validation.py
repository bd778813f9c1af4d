"""A criterion has cases at its number, just under and just over it, and they come out as told."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from models.form import Form
from models.loading import strict_yaml
from models.loading.cases import (
    OUTCOMES,
    WORDS,
    Case,
    application_of,
    read_cases,
    run_case,
    stated_values,
)
from models.operators import same_option
from models.programme import Condition, Criterion, ProgrammeError
from models.wording import Bilingual, say

HUNDREDTH = Decimal("0.01")


def check_cases(
    path: Path, criteria: list[tuple[Criterion, int]], form: Form
) -> list[ProgrammeError]:
    """What is wrong with the cases.yaml beside a programme file, for the criteria it states.

    `criteria` come with their lines in the programme file.
    """
    file = path.parent / "cases.yaml"
    if not criteria:
        return []
    if not file.is_file():
        return [ProgrammeError(str(path), 1, say("cases.yaml, with the cases, is missing"))]
    content = strict_yaml.read(file)
    errors = [ProgrammeError(str(file), f.line, f.message) for f in content.faults]
    errors += [] if errors else _form(file, content, {c.rule for c, _ in criteria}, form)
    if errors:
        return errors
    cases = read_cases(file)
    for criterion, line in criteria:
        own = [case for case in cases if case.concerns(criterion)]
        missing = [m for c in criterion.conditions for m in _missing(c, criterion, own, form)]
        errors += [
            ProgrammeError(
                str(path), line, say("{rule} has no case {which}", rule=criterion.rule, which=m)
            )
            for m in dict.fromkeys(missing)
        ]
        errors += [e for case in own for e in _run(file, criterion, case, form)]
    return errors


def _form(
    file: Path, content: strict_yaml.Content, rules: set[str], form: Form
) -> list[ProgrammeError]:
    errors: list[ProgrammeError] = []

    def error(place: tuple[Any, ...], message: Bilingual) -> None:
        errors.append(ProgrammeError(str(file), content.line(place), message))

    if not isinstance(content.data, dict):
        error((), say("keys and values are expected here"))
        return errors
    for rule, entries in content.data.items():
        if rule not in rules:
            error((rule,), say("there is no criterion {rule}", rule=rule))
        if not isinstance(entries, list):
            error((rule,), say("a list is expected here"))
            continue
        for i, entry in enumerate(entries):
            if not isinstance(entry, dict):
                error((rule, i), say("keys and values are expected here"))
                continue
            for key in entry:
                if key not in WORDS and not form.has(key):
                    error(
                        (rule, i, key),
                        say("the form {form} has no field “{field}”", form=form.id, field=key),
                    )
            expect = entry.get("expect")
            for one in expect if isinstance(expect, list) else [expect]:
                if one not in OUTCOMES:
                    error((rule, i), say("“expect” must be met, not_met or unchecked"))
    return errors


def _run(file: Path, criterion: Criterion, case: Case, form: Form) -> list[ProgrammeError]:
    outcomes, severities = run_case(criterion, form, case)
    expected = case.expect * len(outcomes) if len(case.expect) == 1 else case.expect
    if outcomes != expected:
        came, told = ", ".join(outcomes), ", ".join(expected)
        message = say("the case comes out as {came}, not {told}", came=came, told=told)
        return [ProgrammeError(str(file), case.line, message)]
    wanted = case.severity * len(severities) if len(case.severity) == 1 else case.severity
    if case.severity and severities != wanted:
        came, told = ", ".join(severities), ", ".join(wanted)
        message = say("the case comes out as {came}, not {told}", came=came, told=told)
        return [ProgrammeError(str(file), case.line, message)]
    return []


def _missing(
    condition: Condition, criterion: Criterion, cases: list[Case], form: Form
) -> list[Bilingual]:
    """Which of the cases that a condition needs are not there."""
    if condition.operator == "ticked":
        return _missing_ticks(condition, cases, form)
    if condition.operator == "falls_every_year":
        return _missing_steps(condition, cases, form)
    number = condition.number or Decimal(0)
    counts = all(form.field(f).integer for f in condition.fields)
    step = Decimal(1) if counts and condition.operand in ("field", "sum_of") else HUNDREDTH
    values = [v for case in cases for v in stated_values(condition, form, case, criterion.years)]
    missing = []
    if number not in values:
        missing.append(say("at {number}", number=number))
    if not any(number - step <= v < number for v in values):
        missing.append(say("just under {number}", number=number))
    if not any(number < v <= number + step for v in values):
        missing.append(say("just over {number}", number=number))
    return missing


def _missing_ticks(condition: Condition, cases: list[Case], form: Form) -> list[Bilingual]:
    field = form.field(condition.fields[0])
    chosen = [case.values[field.id] for case in cases if field.id in case.values]
    missing = [
        say("with “{option}” ticked", option=option)
        for option in field.options
        if not any(same_option(option, str(c)) for c in chosen)
    ]
    return missing if None in chosen else [*missing, say("with nothing ticked")]


def _missing_steps(condition: Condition, cases: list[Case], form: Form) -> list[Bilingual]:
    steps: list[Decimal] = []
    for case in cases:
        answers = application_of(form, case.values).answers
        values = [a.value for a in answers if a.field == condition.fields[0]]
        numbers = [v for v in values if isinstance(v, Decimal)]
        steps += [b - a for a, b in pairwise(numbers)]
    missing = []
    if Decimal(0) not in steps:
        missing.append(say("with two years alike"))
    if not any(-HUNDREDTH <= s < 0 for s in steps):
        missing.append(say("with a fall of one hundredth"))
    if not any(0 < s <= HUNDREDTH for s in steps):
        missing.append(say("with a rise of one hundredth"))
    return missing
