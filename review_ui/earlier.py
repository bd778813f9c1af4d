"""A submission as it stood at an earlier point of its history, worked out from what is kept.

Decisions and corrections are only ever added, and runs on other papers are kept; so any state can
be worked out again. The rules are today's: where a programme was changed since, that is said.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.checking import check_application
from extractor.output import Result
from extractor.storing.records import (
    ReviewedFinding,
    Stored,
    corrected,
    counts,
    fingerprint,
    keyed,
    with_applied,
)
from extractor.storing.store import Store
from models.types import Answer, Application, TickAnswer

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Earlier:
    stored: Stored
    """As it stood then, as far as findings, decisions and figures go."""
    other_rules: bool
    """The programme's file has another version now."""


def as_of(store: Store, stored: Stored, entry: int) -> Earlier:
    """The state after the entry of that index (from 0) in Store.history."""
    history = store.history(stored.summary.id)[: entry + 1]
    corrections = stored.corrections[: sum(e["what"] == "corrected" for e in history)]
    at = history[-1]["at"] if history else ""
    run = store.desk.run_at(stored.summary.id, at)
    application = corrected(run.as_read, corrections)
    checks, findings, version = check_application(run.programme, application, run.on)
    result = Result(
        submission=stored.summary.name, path="", location="", programme=run.programme, on=run.on,
        application=application, checks=checks, findings=(*findings, *run.others),
        programme_version=version, files=stored.result.files,
    )  # fmt: skip
    every = [*(d for r in stored.findings for d in r.decisions), *stored.earlier]
    every.sort(key=lambda d: d.id)
    decisions = every[: sum(e["what"] == "decided" for e in history)]
    reviewed = tuple(
        ReviewedFinding(
            key, fingerprint(f, result), f, tuple(d for d in decisions if d.key == key)
        )
        for key, f in keyed(result.findings)
    )  # fmt: skip
    sums = counts(result)
    summary = replace(
        stored.summary, programme=run.programme, on=run.on, at=at, findings=len(reviewed), **sums
    )
    then = replace(
        stored, summary=summary, result=result, as_read=run.as_read, findings=reviewed, earlier=(),
        corrections=with_applied(run.as_read, corrections),
    )  # fmt: skip
    return Earlier(then, version != run.version)


def differences(then: Application, now: Application) -> list[tuple[str, str, str]]:
    """(field or field@period, what stood there, what stands there now) where they differ."""
    found = []
    for a in now.answers:
        old = then.answer(a.field, a.period)
        before, after = _shown(old), _shown(a)
        if before != after:
            found.append((f"{a.field}@{a.period}" if a.period else a.field, before, after))
    for t in now.ticks:
        before, after = _ticked(then.tick(t.field)), _ticked(t)
        if before != after:
            found.append((t.field, before, after))
    for n in now.narratives:
        text = then.narrative(n.field)
        if text is not None and text.text != n.text:
            found.append((n.field, text.text, n.text))
    return found


def _shown(a: Answer | None) -> str:
    if a is None:
        return ""
    return a.raw.strip() if a.state in ("given", "unreadable") else a.state


def _ticked(t: TickAnswer | None) -> str:
    return "" if t is None else "；".join(o.text for o in t.options if o.ticked)


def history_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV that Excel opens as UTF-8; nothing in it can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in row])
    return out.getvalue().encode("utf-8-sig")
