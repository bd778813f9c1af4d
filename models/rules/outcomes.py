"""A check with the finding that stands for it, built in one place."""

from __future__ import annotations

from collections.abc import Iterator

from models import types
from models.types import (
    NOWHERE,
    Alteration,
    Answer,
    Check,
    Citation,
    Finding,
    NarrativeAnswer,
    Severity,
    TickAnswer,
)
from models.wording import Bilingual

Outcomes = Iterator[tuple[Check | None, Finding | None]]
"""Checks with their findings; a finding alone where it stands for no check."""

Outcome = tuple[Check, Finding | None]

Source = Answer | TickAnswer | NarrativeAnswer | Alteration


def result(
    rule: str,
    fields: tuple[str, ...],
    message: Bilingual | None,
    severity: Severity = "error",
    *,
    because: Bilingual | None = None,
    sources: tuple[Source, ...] = (),
    expected: str = "",
    actual: str = "",
    citation: Citation | None = None,
) -> Outcome:
    """Met without a message, not met with one, unchecked with a `because`."""
    outcome: types.Outcome = "unchecked" if because else "not_met" if message else "met"
    evidences = tuple(dict.fromkeys(s.evidence for s in sources if s.evidence != NOWHERE))
    check = Check(
        rule, fields, outcome, because, evidences, actual, required=expected, citation=citation
    )
    if message is None or because is not None:
        return check, None
    finding = Finding(rule, severity, fields, message, expected, actual, citation, evidences)
    return check, finding
