"""The rows of the tables as objects, and objects as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extractor.output import FileRecord, Result
from extractor.storing.plain import from_plain, to_plain
from extractor.storing.records import (
    Decision,
    StoredCorrection,
    Summary,
    counts,
    fingerprint,
    keyed,
    to_json,
)
from models.rules.batch_checks import BATCH_RULES
from models.rules.digest import Digest
from models.types import Answer, Application, Check, Finding, NarrativeAnswer, TickAnswer

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]

SUMMARY = """
SELECT s.id, s.name, s.path, s.location, s.run_id, r.programme, r.checked_on, r.at,
  r.processed, r.errors, r.warnings, r.notices, r.unchecked, r.checks_run, r.checks_total,
  r.needs_look,
  (SELECT count(*) FROM findings f WHERE f.run_id = s.run_id) AS findings,
  (SELECT count(*) FROM findings f JOIN decisions d ON d.submission_id = s.id AND d.key = f.key
    AND d.id = (SELECT max(l.id) FROM decisions l WHERE l.submission_id = s.id AND l.key = f.key)
    WHERE f.run_id = s.run_id AND d.fingerprint = f.fingerprint
      AND d.verdict IN ('confirm', 'dismiss')) AS decided
FROM submissions s JOIN runs r ON r.id = s.run_id
"""

HISTORY = """
SELECT at, '' AS who, what, detail, id, 0 AS kind FROM events WHERE submission_id = :s
UNION ALL
SELECT at, who, 'decided', json_object('key', key, 'verdict', verdict, 'note', note), id, 2
  FROM decisions WHERE submission_id = :s
UNION ALL
SELECT at, who, 'corrected', json_object('field', field, 'period', period,
  'before', json(before), 'after', json(after), 'why', why), id, 1
  FROM corrections WHERE submission_id = :s
UNION ALL
SELECT at, made_by, 'desk', json_object('what', what, 'who', who, 'note', note), id, 3
  FROM assignments WHERE submission_id = :s
ORDER BY at, kind, id
"""

UNCHANGED = """
SELECT s.id, r.programme, r.programme_version FROM submissions s JOIN runs r ON r.id = s.run_id
WHERE s.location = ? AND s.name = ? AND s.content = ? AND r.content = ? AND r.tool_version = ?
  AND r.options = ? AND r.processed
"""

DIGESTS = """
SELECT s.id, r.batch, d.data FROM digests d JOIN submissions s ON s.id = d.submission_id
JOIN runs r ON r.id = s.run_id WHERE d.round = ? ORDER BY s.id
"""

NARRATIVE = """
SELECT a.data FROM answers a JOIN submissions s ON s.run_id = a.run_id
WHERE s.id = ? AND a.kind = 'narrative' AND a.field = ?
"""

# ------------------------------------------------------------------ reading


def first(rows: Iterable[Row]) -> Row | None:
    return next(iter(rows), None)


def same_submission(db: Database, result: Result, content: str, batch: str) -> int | None:
    """The submission that this is another run of; see Store.save_result."""
    fresh = (
        "NOT EXISTS (SELECT 1 FROM runs r WHERE r.submission_id = submissions.id "
        "AND r.batch = :batch AND :batch <> '')"
    )
    told = {
        "content": content, "location": result.location, "name": result.submission, "batch": batch,
    }  # fmt: skip
    for where in (
        "content = :content AND location = :location AND name = :name",
        f"content = :content AND :content <> '' AND {fresh}",
        f"location = :location AND name = :name AND {fresh}",
    ):
        row = first(db.table("submissions").rows_where(where, told, order_by="id", limit=1))
        if row is not None:
            return int(row["id"])
    return None


def reads_less(db: Database, submission: int, content: str, result: Result) -> bool:
    """Whether the last run of the same papers could read a file that this one cannot."""
    run = last_run(db, submission)
    if run["content"] != content or not run["processed"]:
        return False
    read = {f.sha256 for f in files_of(db, run) if f.read}
    return not result.processed or not read <= {f.sha256 for f in result.files if f.read}


def last_run(db: Database, submission: int) -> Row:
    """Raises KeyError where there is no such submission."""
    row = first(
        db.query(
            "SELECT r.*, s.name FROM runs r JOIN submissions s ON s.run_id = r.id WHERE s.id = ?",
            [submission],
        )
    )
    if row is None:
        raise KeyError(submission)
    return row


def rows_of(db: Database, table: str, run: Row) -> list[Row]:
    """What the table holds of a run, in its order."""
    return list(db.table(table).rows_where("run_id = ?", [run["id"]], order_by="position"))


def application_of(db: Database, run: Row) -> Application:
    """What the tool read, without anybody's corrections."""
    rest = from_plain(Application, json.loads(run["rest"]).get("application") or {"form": ""})
    groups: dict[str, list[Any]] = {"answer": [], "tick": [], "narrative": []}
    kinds = {"answer": Answer, "tick": TickAnswer, "narrative": NarrativeAnswer}
    for row in rows_of(db, "answers", run):
        groups[row["kind"]].append(from_plain(kinds[row["kind"]], json.loads(row["data"])))
    return replace(
        rest,
        answers=tuple(groups["answer"]),
        ticks=tuple(groups["tick"]),
        narratives=tuple(groups["narrative"]),
    )


def checks_of(db: Database, run: Row) -> tuple[Check, ...]:
    return tuple(from_plain(Check, json.loads(r["data"])) for r in rows_of(db, "checks", run))


def files_of(db: Database, run: Row) -> tuple[FileRecord, ...]:
    files = []
    for row in rows_of(db, "files", run):
        del row["run_id"], row["position"]
        files.append(FileRecord(**{**row, "read": bool(row["read"])}))
    return tuple(files)


def summary_of(row: Row) -> Summary:
    """A row of SUMMARY as the object."""
    data = dict(row)
    for name in ("run_id", "location"):
        del data[name]
    return Summary(on=data.pop("checked_on"), processed=bool(data.pop("processed")), **data)


def decisions_of(db: Database, submission: int) -> list[Decision]:
    rows = db.table("decisions").rows_where(
        "submission_id = ?",
        [submission],
        order_by="id",
        select="id, key, verdict, note, fingerprint, who, at",
    )
    return [Decision(**row) for row in rows]


def corrections_of(db: Database, submission: int) -> list[StoredCorrection]:
    """All that were made, in their order; none said to be in force yet."""
    rows = db.table("corrections").rows_where(
        "submission_id = ?",
        [submission],
        order_by="id",
        select="id, field, period, before, after, who, at, why",
    )
    return [
        StoredCorrection(
            **{**r, "before": json.loads(r["before"]), "after": json.loads(r["after"])},
            applied=False,
        )
        for r in rows
    ]


# ------------------------------------------------------------------ writing


def insert_files(db: Database, run: int, files: Sequence[FileRecord]) -> None:
    defaults = {"pages": None, "ocr_pages": 0, "size": 0, "read": False}
    db.table("files").insert_all(
        {"run_id": run, "position": n, **defaults, **to_plain(replace(f, path=None))}
        for n, f in enumerate(files)
    )


def insert_answers(db: Database, run: int, application: Application | None) -> None:
    if application is None:
        return
    groups: Sequence[tuple[str, Sequence[Answer | TickAnswer | NarrativeAnswer]]] = (
        ("answer", application.answers),
        ("tick", application.ticks),
        ("narrative", application.narratives),
    )
    db.table("answers").insert_all(
        {
            "run_id": run, "kind": kind, "position": n, "field": a.field,
            "period": getattr(a, "period", None), "state": a.state, "needs_look": a.needs_look,
            "data": to_json(to_plain(a)),
        }
        for kind, group in groups
        for n, a in enumerate(group)
    )  # fmt: skip


def insert_outcome(db: Database, run: int, result: Result) -> None:
    """The checks and findings of a run, in place of those that stood there."""
    for table in ("checks", "findings"):
        db.table(table).delete_where("run_id = ?", [run])
    db.table("checks").insert_all(
        {
            "run_id": run, "position": n, "rule": c.rule, "outcome": c.outcome,
            "data": to_json(to_plain(c)),
        }
        for n, c in enumerate(result.checks)
    )  # fmt: skip
    insert_findings(db, run, result)


def insert_findings(db: Database, run: int, result: Result) -> None:
    db.table("findings").insert_all(
        {
            "run_id": run, "position": n, "key": key, "rule": f.rule, "severity": f.severity,
            "fingerprint": fingerprint(f, result), "data": to_json(to_plain(f)),
        }
        for n, (key, f) in enumerate(keyed(result.findings))
    )  # fmt: skip


# ------------------------------------------------------------------ submissions of one round


def put_digest(db: Database, submission: int, digest: Digest | None) -> None:
    """The submission's digest in place of the one that stood there."""
    db.table("digests").delete_where("submission_id = ?", [submission])
    if digest is not None:
        db.table("digests").insert(
            {
                "submission_id": submission, "round": digest.round, "year": digest.year,
                "identity": digest.identity, "data": to_json(to_plain(digest)),
            }
        )  # fmt: skip


def batch_findings_of(db: Database, run: Row) -> tuple[Finding, ...]:
    """The findings of a run that it has because of other submissions."""
    return tuple(
        from_plain(Finding, json.loads(r["data"]))
        for r in rows_of(db, "findings", run)
        if r["rule"].startswith(BATCH_RULES)
    )


def put_batch_findings(
    db: Database, run: Row, application: Application, found: Sequence[Finding]
) -> None:
    """These, in place of those the run had because of other submissions; its counts follow."""
    own = [
        from_plain(Finding, json.loads(r["data"]))
        for r in rows_of(db, "findings", run)
        if not r["rule"].startswith(BATCH_RULES)
    ]
    result = Result(
        submission="", path="", location="", programme=run["programme"], on=run["checked_on"],
        application=application, checks=(), findings=(*own, *found),
        programme_version=run["programme_version"],
    )  # fmt: skip
    db.table("findings").delete_where("run_id = ?", [run["id"]])
    insert_findings(db, run["id"], result)
    sums = {k: v for k, v in counts(result).items() if k in ("errors", "warnings", "notices")}
    db.table("runs").update(run["id"], sums)
