"""The one word at the top of a submission, from what the checks found and people decided."""

from __future__ import annotations

from typing import Literal

from extractor.store import ReviewedFinding, Stored
from models.wording import Bilingual, say

Word = Literal["unmet", "mend", "open", "met", "unchecked"]

DECISIVE = ("criterion", "deadline", "validity")
"""Families whose errors mean that the programme's conditions are not met; the errors of the
others are mended by the applicant."""


def verdict(stored: Stored) -> Word:
    """unmet, mend (to be corrected and handed in again), open (a person must still look), met,
    or unchecked (nothing could be checked)."""
    summary = stored.summary
    if not summary.processed or summary.checks_total == 0:
        return "unchecked"
    errors = [r for r in stored.findings if r.finding.severity == "error" and stands(r)]
    if any(r.finding.rule.split(".")[0] in DECISIVE for r in errors):
        return "unmet"
    if errors:
        return "mend"
    undecided = any(
        r.finding.severity == "warning" and stands(r) and (r.decision is None or r.outdated)
        for r in stored.findings
    )
    return "open" if summary.unchecked or summary.needs_look or undecided else "met"


def stands(reviewed: ReviewedFinding) -> bool:
    """A finding counts until somebody dismissed it on the evidence that stands there now."""
    last = _ruling(reviewed)
    return last != "dismiss" or reviewed.outdated


def _ruling(reviewed: ReviewedFinding) -> str:
    """A note says nothing for or against, so the last other decision counts."""
    rulings = [d.verdict for d in reviewed.decisions if d.verdict != "note"]
    return rulings[-1] if rulings else ""


def words(verdict: Word) -> Bilingual:
    """What the screen calls it."""
    return {
        "unmet": say("Not met"),
        "mend": say("To be corrected"),
        "open": say("To be looked at"),
        "met": say("Met"),
        "unchecked": say("Could not be checked"),
    }[verdict]
