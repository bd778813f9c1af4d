"""The one word at the top of a submission, from what the checks found and people decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from extractor.storing.desk import Tally
from extractor.storing.records import Decision, ReviewedFinding, Stored, Summary
from models.wording import Bilingual, say

Word = Literal["unmet", "mend", "open", "met", "unchecked"]

DECISIVE = ("criterion", "deadline", "validity")
"""Families whose errors mean that the programme's conditions are not met; the errors of the
others are mended by the applicant."""


def verdict(stored: Stored) -> Word:
    """unmet, mend (to be corrected and handed in again), open (a person must still look), met,
    or unchecked (nothing could be checked)."""
    tallies = [
        Tally(r.finding.rule.split(".")[0], r.finding.severity, _state(r), 1)
        for r in stored.findings
    ]
    return word(stored.summary, tallies)


def word(summary: Summary, tallies: Iterable[Tally]) -> Word:
    """The same from the bare numbers of a queue row."""
    if not summary.processed or summary.checks_total == 0:
        return "unchecked"
    standing = [t for t in tallies if t.state != "dismiss"]
    errors = [t for t in standing if t.severity == "error"]
    if any(t.family in DECISIVE for t in errors):
        return "unmet"
    if errors:
        return "mend"
    undecided = any(t.severity == "warning" and t.state != "confirm" for t in standing)
    return "open" if summary.unchecked or summary.needs_look or undecided else "met"


def _state(reviewed: ReviewedFinding) -> str:
    last = ruling(reviewed)
    return "open" if last is None or last.fingerprint != reviewed.fingerprint else last.verdict


def stands(reviewed: ReviewedFinding) -> bool:
    """A finding counts until somebody dismissed it on the evidence that stands there now."""
    return _state(reviewed) != "dismiss"


def settled(reviewed: ReviewedFinding) -> bool:
    """Somebody has confirmed it, dismissed it or asked, on the evidence that stands there now."""
    return _state(reviewed) != "open"


def ruling(reviewed: ReviewedFinding) -> Decision | None:
    """The last decision; a note says nothing for or against, so the one before it counts."""
    return next((d for d in reversed(reviewed.decisions) if d.verdict != "note"), None)


def words(verdict: Word) -> Bilingual:
    """What the screen calls it."""
    return {
        "unmet": say("Not met"),
        "mend": say("To be corrected"),
        "open": say("To be looked at"),
        "met": say("Met"),
        "unchecked": say("Could not be checked"),
    }[verdict]
