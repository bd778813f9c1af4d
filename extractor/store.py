"""The review database: what was read and checked, what people decided, the original files.

All SQL stands here (the tables in migrations.py). One SQLite file in WAL mode, so that several
processes can read while one writes; the files lie beside it by content hash (files/ab/abcd…).
Plain sqlite3: sqlite-utils would import pandas with Streamlit installed, a third of a second
at every start, and before its version 4 commits after each insert.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from extractor import corrections, filing
from extractor.corrections import Correction, CorrectionRefused, Value
from extractor.migrations import StoreError, connect
from extractor.output import Result
from extractor.plain import from_plain, to_plain
from extractor.records import (
    SUMMARY,
    VERDICTS,
    Conflict,
    Decision,
    ReviewedFinding,
    Stored,
    StoredCorrection,
    Summary,
    Verdict,
    content_hash,
    corrected,
    counts,
    file_of,
    fingerprint,
    keyed,
    rest_of,
    summary_of,
    to_json,
    with_applied,
)
from models.types import (
    Answer,
    Application,
    Check,
    Finding,
    NarrativeAnswer,
    TickAnswer,
)
from models.wording import say

__all__ = [
    "Conflict",
    "Decision",
    "ReviewedFinding",
    "Store",
    "StoreError",
    "Stored",
    "StoredCorrection",
    "Summary",
    "default_path",
]

Recheck = Callable[
    [str | None, Application, str], tuple[tuple[Check, ...], tuple[Finding, ...], str]
]


def default_path() -> Path:
    """hecha.db in the user's data folder; HECHA_HOME overrides the folder."""
    home = os.environ.get("HECHA_HOME")
    if home:
        return Path(home) / "hecha.db"
    from platformdirs import user_data_path

    return user_data_path("hecha", appauthor=False) / "hecha.db"


def local_now() -> str:
    """The time with its offset, to the second; the one clock of the store."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


class Store:
    """One connection to the database; open one per thread. Usable as a context manager.

    Raises StoreError where the file is of a newer version, no database of ours, or cannot be
    opened.
    """

    def __init__(self, path: str | Path, now: Callable[[], str] = local_now) -> None:
        self.path = Path(path)
        self.now = now
        self._db = connect(self.path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # -------------------------------------------------------------- results

    def save_result(self, result: Result, batch: str = "", tool_version: str = "") -> int:
        """Keeps the files and writes the result as a new run, in one transaction; the id.

        The submission is the one that stood at the same place with the same content; else one
        with the same content; else one of the same name at the same place, whose papers have
        changed; else a new one. The two middle ones only where the batch (one name per call of
        the command) has not brought that submission already: two folders with the same papers
        are two submissions. An earlier run of the same papers gives way. Corrections people
        made are carried over and the checks run with them, where the same was read again.
        """
        for file in result.files:
            filing.keep(self.path.parent, file)
        content = content_hash(result)
        at = self.now()
        with self._transaction():
            id = self._same(result, content, batch)
            if id is None:
                id = self._insert(
                    "submissions",
                    name=result.submission, path=result.path, location=result.location,
                    content=content, created_at=at, updated_at=at,
                )  # fmt: skip
            run = self._insert(
                "runs",
                submission_id=id, batch=batch, at=at, checked_on=result.on,
                programme=result.programme, programme_version=result.programme_version,
                tool_version=tool_version, content=content, processed=result.processed,
                **counts(result), rest=to_json(rest_of(result)),
            )  # fmt: skip
            self._db.execute(
                "UPDATE submissions SET name = ?, path = ?, location = ?, content = ?, "
                "run_id = ?, updated_at = ? WHERE id = ?",
                (result.submission, result.path, result.location, content, run, at, id),
            )
            for position, f in enumerate(result.files):
                row = {**to_plain(replace(f, path=None))}
                defaults = {"pages": None, "ocr_pages": 0, "size": 0, "read": False}
                self._insert("files", run_id=run, position=position, **{**defaults, **row})
            self._insert_answers(run, result.application)
            self._insert_outcome(run, result)
            if result.processed:  # the same papers read again; runs of other papers are kept
                self._db.execute(
                    "DELETE FROM runs WHERE submission_id = ? AND content = ? AND id <> ?",
                    (id, content, run),
                )
            self._event(id, "reviewed", f"{result.programme or ''} {result.on}".strip())
            if self._corrections(id):
                self._apply_corrections(id)
        return id

    def list_submissions(self) -> list[Summary]:
        """Every submission with its counts, by name."""
        rows = self._db.execute(f"{SUMMARY} ORDER BY s.name, s.id")
        return [summary_of(row) for row in rows]

    def find(self, name: str) -> list[int]:
        """The ids of the submissions of that name."""
        rows = self._db.execute("SELECT id FROM submissions WHERE name = ? ORDER BY id", (name,))
        return [row["id"] for row in rows]

    def load_submission(self, id: int) -> Stored:
        """All of a submission. Raises KeyError where there is none of that id."""
        with self._snapshot():
            row = self._db.execute(f"{SUMMARY} WHERE s.id = ?", (id,)).fetchone()
            if row is None:
                raise KeyError(id)
            summary = summary_of(row)
            run = self._db.execute("SELECT * FROM runs WHERE id = ?", (row["run_id"],)).fetchone()
            as_read = self._application(run)
            made = self._corrections(id)
            checks = self._load("checks", run["id"], Check)
            files = tuple(file_of(r) for r in self._rows("files", run["id"]))
            decisions = self._decisions(id)
            found = self._rows("findings", run["id"])
        reviewed = tuple(
            ReviewedFinding(
                r["key"],
                r["fingerprint"],
                from_plain(Finding, json.loads(r["data"])),
                tuple(d for d in decisions if d.key == r["key"]),
            )
            for r in found
        )
        keys = {r.key for r in reviewed}
        result = Result(
            submission=summary.name,
            path=summary.path,
            location=row["location"],
            programme=summary.programme,
            on=summary.on,
            files=files,
            application=corrected(as_read, made),
            checks=checks,
            findings=tuple(r.finding for r in reviewed),
            programme_version=run["programme_version"],
            mentions=tuple(json.loads(run["rest"]).get("mentions", ())),
            processed=summary.processed,
        )
        return Stored(
            summary=summary,
            result=result,
            as_read=as_read,
            findings=reviewed,
            earlier=tuple(d for d in decisions if d.key not in keys),
            corrections=with_applied(as_read, made),
        )

    # -------------------------------------------------------------- what people do

    def add_decision(
        self,
        submission: int,
        key: str,
        verdict: Verdict,
        who: str,
        fingerprint: str,
        note: str = "",
        seen: int | None = None,
        force: bool = False,
    ) -> int:
        """Adds a decision about a finding; its id.

        `fingerprint` is the finding's as the person saw it, `seen` the id of the last decision
        about it that the person saw. Raises Conflict where the finding rests on other evidence
        by now or somebody decided in between (unless `force`), KeyError for no such finding.
        """
        if verdict not in VERDICTS:
            raise ValueError(verdict)
        with self._transaction():
            row = self._db.execute(
                "SELECT f.fingerprint, "
                "(SELECT max(d.id) FROM decisions d WHERE d.submission_id = s.id AND d.key = f.key)"
                " AS last FROM submissions s JOIN findings f ON f.run_id = s.run_id "
                "WHERE s.id = ? AND f.key = ?",
                (submission, key),
            ).fetchone()
            if row is None:
                raise KeyError(key)
            if not force and row["fingerprint"] != fingerprint:
                raise Conflict(say("the evidence of this finding has changed; look at it again"))
            if not force and row["last"] is not None and row["last"] != seen:
                raise Conflict(say("somebody else has decided on this finding; look at it again"))
            return self._insert(
                "decisions",
                submission_id=submission, key=key, verdict=verdict, note=note,
                fingerprint=fingerprint, who=who, at=self.now(),
            )  # fmt: skip

    def add_correction(
        self,
        submission: int,
        field: str,
        period: str | None,
        value: Value | None,
        who: str,
        why: str = "",
        recheck: Recheck | None = None,
    ) -> int:
        """Says what stands on the paper in one field, and runs the checks again; its id.

        `value` is the text as it stands there, each option with its tick, or None to take
        corrections of the field back. Raises StoreError where that is no value of the field,
        and KeyError for no such submission; then nothing is written.
        """
        with self._transaction():
            run = self._run(submission)
            as_read = self._application(run)
            before = corrections.reading(as_read, field, period)
            after = dict(value) if isinstance(value, Mapping) else value
            try:
                corrections.apply(as_read, [Correction(field, period, before, after)])
            except CorrectionRefused as refused:
                raise StoreError(refused.message) from refused
            id = self._insert(
                "corrections",
                submission_id=submission, field=field, period=period, before=to_json(before),
                after=to_json(after), who=who, at=self.now(), why=why,
            )  # fmt: skip
            self._apply_corrections(submission, recheck)
            return id

    def log(self, what: str, detail: str = "", submission: int | None = None) -> None:
        """Adds a line to the log of events."""
        with self._transaction():
            self._event(submission, what, detail)

    def history(self, submission: int) -> list[dict[str, Any]]:
        """What happened to a submission, oldest first: at, who, what and detail.

        `what` is reviewed, corrected, decided or what was logged; `detail` holds a verdict with
        its finding's key and note, or a field with its value before and after.
        """
        rows = self._db.execute(
            """
            SELECT at, '' AS who, what, detail, id, 0 AS kind FROM events WHERE submission_id = :s
            UNION ALL
            SELECT at, who, 'decided', json_object('key', key, 'verdict', verdict, 'note', note),
              id, 2 FROM decisions WHERE submission_id = :s
            UNION ALL
            SELECT at, who, 'corrected', json_object('field', field, 'period', period,
              'before', json(before), 'after', json(after), 'why', why), id, 1
              FROM corrections WHERE submission_id = :s
            ORDER BY at, kind, id
            """,
            {"s": submission},
        )
        return [
            {
                "at": r["at"],
                "who": r["who"],
                "what": r["what"],
                "detail": json.loads(r["detail"]) if r["kind"] else r["detail"],
            }
            for r in rows
        ]

    # -------------------------------------------------------------- files

    def file_path(self, sha256: str) -> Path:
        """Where the file of that hash is kept (whether it is there or not)."""
        return filing.path_of(self.path.parent, sha256)

    def file_bytes(self, sha256: str) -> bytes:
        """The file's bytes. Raises KeyError where it was not kept."""
        try:
            return self.file_path(sha256).read_bytes()
        except OSError as error:
            raise KeyError(sha256) from error

    # -------------------------------------------------------------- inside

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, with the write lock from the start, so that no read turns stale."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def _insert(self, table: str, **row: Any) -> int:
        """Table and column names are ours, values are bound."""
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        cursor = self._db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
        )
        return int(cursor.lastrowid or 0)

    def _event(self, submission: int | None, what: str, detail: str) -> None:
        self._insert("events", at=self.now(), submission_id=submission, what=what, detail=detail)

    def _same(self, result: Result, content: str, batch: str) -> int | None:
        """The submission that this is another run of."""
        fresh = (
            "NOT EXISTS (SELECT 1 FROM runs r WHERE r.submission_id = submissions.id "
            "AND r.batch = :batch AND :batch <> '')"
        )
        for where in (
            "content = :content AND location = :location AND name = :name",
            f"content = :content AND :content <> '' AND {fresh}",
            f"location = :location AND name = :name AND {fresh}",
        ):
            row = self._db.execute(
                f"SELECT id FROM submissions WHERE {where} ORDER BY id LIMIT 1",
                {
                    "content": content,
                    "location": result.location,
                    "name": result.submission,
                    "batch": batch,
                },
            ).fetchone()
            if row is not None:
                return int(row["id"])
        return None

    def _insert_answers(self, run: int, application: Application | None) -> None:
        if application is None:
            return
        groups: Sequence[tuple[str, Sequence[Answer | TickAnswer | NarrativeAnswer]]] = (
            ("answer", application.answers),
            ("tick", application.ticks),
            ("narrative", application.narratives),
        )
        for kind, group in groups:
            for position, a in enumerate(group):
                self._insert(
                    "answers",
                    run_id=run, kind=kind, position=position, field=a.field,
                    period=getattr(a, "period", None), state=a.state, needs_look=a.needs_look,
                    data=to_json(to_plain(a)),
                )  # fmt: skip

    def _insert_outcome(self, run: int, result: Result) -> None:
        for position, c in enumerate(result.checks):
            self._insert(
                "checks",
                run_id=run, position=position, rule=c.rule, outcome=c.outcome,
                data=to_json(to_plain(c)),
            )  # fmt: skip
        for position, (key, f) in enumerate(keyed(result.findings)):
            self._insert(
                "findings",
                run_id=run, position=position, key=key, rule=f.rule, severity=f.severity,
                fingerprint=fingerprint(f, result), data=to_json(to_plain(f)),
            )  # fmt: skip

    def _apply_corrections(self, submission: int, recheck: Recheck | None = None) -> None:
        """Runs the checks of the last run again on what was read and corrected."""
        if recheck is None:
            from extractor.pipeline import check_application

            recheck = check_application
        run = self._run(submission)
        application = corrected(self._application(run), self._corrections(submission))
        checks, findings, version = recheck(run["programme"], application, run["checked_on"])
        result = Result(
            submission="", path="", location="", programme=run["programme"],
            on=run["checked_on"], application=application, checks=checks, findings=findings,
            programme_version=version,
        )  # fmt: skip
        self._db.execute("DELETE FROM checks WHERE run_id = ?", (run["id"],))
        self._db.execute("DELETE FROM findings WHERE run_id = ?", (run["id"],))
        self._insert_outcome(run["id"], result)
        changed = {**counts(result), "programme_version": version}
        columns = ", ".join(f"{name} = ?" for name in changed)
        self._db.execute(f"UPDATE runs SET {columns} WHERE id = ?", (*changed.values(), run["id"]))

    def _run(self, submission: int) -> sqlite3.Row:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT r.* FROM runs r JOIN submissions s ON s.run_id = r.id WHERE s.id = ?",
            (submission,),
        ).fetchone()
        if row is None:
            raise KeyError(submission)
        return row

    def _rows(self, table: str, run: int) -> list[sqlite3.Row]:
        return self._db.execute(
            f"SELECT * FROM {table} WHERE run_id = ? ORDER BY position", (run,)
        ).fetchall()

    def _load(self, table: str, run: int, kind: type[Any]) -> tuple[Any, ...]:
        return tuple(from_plain(kind, json.loads(r["data"])) for r in self._rows(table, run))

    def _application(self, run: sqlite3.Row) -> Application:
        rest = from_plain(Application, json.loads(run["rest"]).get("application") or {"form": ""})
        groups: dict[str, list[Any]] = {"answer": [], "tick": [], "narrative": []}
        kinds = {"answer": Answer, "tick": TickAnswer, "narrative": NarrativeAnswer}
        for row in self._rows("answers", run["id"]):
            groups[row["kind"]].append(from_plain(kinds[row["kind"]], json.loads(row["data"])))
        return replace(
            rest,
            answers=tuple(groups["answer"]),
            ticks=tuple(groups["tick"]),
            narratives=tuple(groups["narrative"]),
        )

    def _decisions(self, submission: int) -> list[Decision]:
        rows = self._db.execute(
            "SELECT id, key, verdict, note, fingerprint, who, at FROM decisions "
            "WHERE submission_id = ? ORDER BY id",
            (submission,),
        )
        return [Decision(**dict(row)) for row in rows]

    def _corrections(self, submission: int) -> list[StoredCorrection]:
        rows = self._db.execute(
            "SELECT * FROM corrections WHERE submission_id = ? ORDER BY id", (submission,)
        )
        return [
            StoredCorrection(
                r["id"],
                r["field"],
                r["period"],
                json.loads(r["before"]),
                json.loads(r["after"]),
                r["who"],
                r["at"],
                r["why"],
                False,
            )
            for r in rows
        ]
