"""Figures recognised in a scan that the other figures contradict, and what they were taken for.

A recogniser is sure of a seven that is a one: only the arithmetic tells. So a figure of a scan
that does not agree with others asks for a look. The checks use it all the same: without it the
disagreement itself would go unsaid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from models.types import Answer, Application, Finding
from models.wording import Bilingual, say

ALIKE = tuple(frozenset(group) for group in ("17", "068", "38", "56"))
"""Digits that are taken for one another."""
UNSURE = 0.6


def disagreeing() -> Bilingual:
    """Why a scanned figure that the arithmetic contradicts asks for a look."""
    return say("it was recognised in a scan and does not agree with other figures")


def usable_all_the_same(answer: object) -> bool:
    """Whether nothing but the arithmetic speaks against a figure."""
    return isinstance(answer, Answer) and answer.why_look == disagreeing()


def doubted(application: Application, findings: Iterable[Finding]) -> Application:
    """The application, scanned figures that arithmetic contradicts marked needs_look.

    Where one change of a figure makes all agree, it is that figure; else all that a failing
    relation is about. Doing it twice changes nothing.
    """
    places: set[str] = set()
    for f in findings:
        if f.rule.startswith("arithmetic."):
            places.update([f.suggestion_field] if f.suggestion_field else f.fields)
    answers = tuple(
        replace(a, needs_look=True, confidence=min(a.confidence, UNSURE), why_look=disagreeing())
        if _place(a) in places and _recognised(a) and not a.needs_look
        else a
        for a in application.answers
    )
    return application if answers == application.answers else replace(application, answers=answers)


def _recognised(answer: Answer) -> bool:
    return answer.evidence.how == "ocr" and isinstance(answer.value, Decimal)


def _place(answer: Answer) -> str:
    return answer.field if answer.period is None else f"{answer.field}@{answer.period}"


def taken_for(written: str, read: str) -> bool:
    """Whether a recogniser may have read `read` where `written` stands: one digit for another
    that looks like it, or the decimal point lost."""
    if len(written) == len(read):
        pairs = [{a, b} for a, b in zip(written, read, strict=True) if a != b]
        return len(pairs) == 1 and any(pairs[0] <= group for group in ALIKE)
    return "." in written and "." not in read and written.replace(".", "") == read
