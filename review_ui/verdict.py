"""The one word at the top of a submission, from what the checks found and people decided."""

from __future__ import annotations

from typing import Literal

from extractor.records import Decision, ReviewedFinding, Stored
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
        r.finding.severity == "warning" and stands(r) and not _settled(r) for r in stored.findings
    )
    return "open" if summary.unchecked or summary.needs_look or undecided else "met"


def stands(reviewed: ReviewedFinding) -> bool:
    """A finding counts until somebody dismissed it on the evidence that stands there now."""
    last = ruling(reviewed)
    return last is None or last.verdict != "dismiss" or last.fingerprint != reviewed.fingerprint


def ruling(reviewed: ReviewedFinding) -> Decision | None:
    """The last decision; a note says nothing for or against, so the one before it counts."""
    return next((d for d in reversed(reviewed.decisions) if d.verdict != "note"), None)


def _settled(reviewed: ReviewedFinding) -> bool:
    last = ruling(reviewed)
    return (
        last is not None and last.verdict == "confirm" and last.fingerprint == reviewed.fingerprint
    )


def words(verdict: Word) -> Bilingual:
    """What the screen calls it."""
    return {
        "unmet": say("Not met"),
        "mend": say("To be corrected"),
        "open": say("To be looked at"),
        "met": say("Met"),
        "unchecked": say("Could not be checked"),
    }[verdict]
