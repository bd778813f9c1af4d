"""What the store gives out, and what makes a finding the same one in the next run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from extractor.output import Result
from extractor.storing import corrections
from extractor.storing.corrections import Correction, CorrectionRefused
from extractor.storing.migrations import StoreError
from extractor.storing.plain import to_plain
from models.types import Answer, Application, Finding, NarrativeAnswer, TickAnswer

Verdict = Literal["confirm", "dismiss", "ask", "note"]
VERDICTS: tuple[Verdict, ...] = ("confirm", "dismiss", "ask", "note")


class Conflict(StoreError):
    """What the person saw is no longer what stands there: look again, or force it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided about one finding. The last of a key counts."""

    id: int
    key: str
    verdict: Verdict
    note: str
    fingerprint: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """`before` as read by the tool (raw text, or option → ticked), `after` as the person says."""

    id: int
    field: str
    period: str | None
    before: Any
    after: Any
    who: str
    at: str
    why: str
    applied: bool
    """The present reading is still the one it corrects, and no later correction took its place."""


@dataclass(frozen=True, slots=True)
class ReviewedFinding:
    """A finding with its stable key, what it rests on, and what people decided about it."""

    key: str
    fingerprint: str
    finding: Finding
    decisions: tuple[Decision, ...]

    @property
    def decision(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def outdated(self) -> bool:
        """The decision was made on older evidence."""
        return self.decision is not None and self.decision.fingerprint != self.fingerprint


@dataclass(frozen=True, slots=True)
class Summary:
    """One row of the queue."""

    id: int
    name: str
    path: str
    programme: str | None
    on: str
    at: str
    """When the last run was made."""
    processed: bool
    errors: int
    warnings: int
    notices: int
    unchecked: int
    checks_run: int
    checks_total: int
    needs_look: int
    findings: int
    decided: int
    """Findings whose last decision was made on the evidence that stands there now."""


@dataclass(frozen=True, slots=True)
class Stored:
    """All of one submission, as its last run and the people left it."""

    summary: Summary
    result: Result
    """With the corrections in its application."""
    as_read: Application
    findings: tuple[ReviewedFinding, ...]
    """In the order of result.findings."""
    earlier: tuple[Decision, ...]
    """Decisions about findings that no longer stand."""
    corrections: tuple[StoredCorrection, ...]


# ------------------------------------------------------------------ keys and fingerprints


def keyed(findings: Iterable[Finding]) -> list[tuple[str, Finding]]:
    """Each finding with a key that stays the same from run to run: its rule and its fields.

    A finding about no field goes by its file, or by what is expected (a document that is
    missing); several of one rule and place are numbered.
    """
    seen: Counter[str] = Counter()
    result = []
    for f in findings:
        files = ",".join(sorted({e.file for e in f.evidences}))
        # of several about the same fields, the other submission tells which is which
        between = f.rule.startswith(("duplicate.", "similarity."))
        place = files if between else ",".join(f.fields) or files or f.expected
        key = f"{f.rule}|{place}"
        seen[key] += 1
        result.append((f"{key}|{seen[key]}" if seen[key] > 1 else key, f))
    return result


def fingerprint(f: Finding, result: Result) -> str:
    """A hash of what a reviewer of the finding sees: programme version, figures, evidence.

    Not of its wording, nor of where on the page to the point.
    """
    application = result.application or Application(form="")
    told = [
        result.programme, result.programme_version, f.rule, f.severity, f.expected, f.actual,
        f.formula, f.suggestion, to_plain(f.citation),
        [[e.file, e.page, e.place, e.raw] for e in f.evidences],
        [_said(application, name) for name in f.fields],
    ]  # fmt: skip
    return hashlib.sha256(to_json(told).encode()).hexdigest()[:32]


def _said(application: Application, name: str) -> Any:
    field, _, period = name.partition("@")
    answer = application.answer(field, period or None)
    if answer is not None:
        return [answer.state, answer.raw, to_plain(answer.value)]
    return corrections.reading(application, field, period or None)


# ------------------------------------------------------------------ sums


def counts(result: Result) -> dict[str, int]:
    """The numbers of a queue row."""
    severities = Counter(f.severity for f in result.findings)
    unchecked = sum(c.outcome == "unchecked" for c in result.checks)
    application = result.application or Application(form="")
    everything: tuple[Answer | TickAnswer | NarrativeAnswer, ...] = (
        *application.answers,
        *application.ticks,
        *application.narratives,
    )
    return {
        "errors": severities["error"],
        "warnings": severities["warning"],
        "notices": severities["notice"],
        "unchecked": unchecked,
        "checks_run": len(result.checks) - unchecked,
        "checks_total": len(result.checks),
        "needs_look": sum(a.needs_look for a in everything),
    }


def content_hash(result: Result) -> str:
    """The hash of the set of its files; empty where there is none."""
    return hash_of({f.sha256 for f in result.files if f.sha256})


def hash_of(files: set[str]) -> str:
    """One hash of the hashes of some files."""
    hashes = sorted(files)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest() if hashes else ""


def to_json(value: Any) -> str:
    """Short, and the Chinese readable in the database."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# ------------------------------------------------------------------ what was read and corrected


def rest_of(result: Result) -> dict[str, Any]:
    """What of a result has no table of its own."""
    application = result.application or Application(form="")
    rest = replace(application, answers=(), ticks=(), narratives=())
    return {"application": to_plain(rest)}


def corrected(as_read: Application, made: Sequence[StoredCorrection]) -> Application:
    """The application with what people corrected in it."""
    wanted = [Correction(c.field, c.period, c.before, c.after) for c in made]
    try:
        return corrections.apply(as_read, wanted)
    except CorrectionRefused:  # a newer version of the form; what was read then stands
        return as_read


def with_applied(
    as_read: Application, made: Sequence[StoredCorrection]
) -> tuple[StoredCorrection, ...]:
    """The corrections, each saying whether it is in force."""
    last = {(c.field, c.period): c.id for c in made}
    return tuple(
        replace(
            c,
            applied=c.after is not None
            and last[c.field, c.period] == c.id
            and corrections.reading(as_read, c.field, c.period) == c.before,
        )
        for c in made
    )
