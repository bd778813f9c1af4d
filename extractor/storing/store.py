"""The review database: what was read and checked, what people decided, the original files.

Reached through sqlite-utils; the tables are in migrations.py, their rows in rows.py. One SQLite
file in WAL mode, so that several processes can read while one writes; the files lie beside it by
content hash (files/ab/abcd…).
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.batch import digest_result
from extractor.output import Result
from extractor.storing import corrections, filing, rows
from extractor.storing.corrections import Correction, CorrectionRefused, Value
from extractor.storing.migrations import StoreError, connect, transaction, wrap
from extractor.storing.plain import from_plain
from extractor.storing.records import (
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
    rest_of,
    to_json,
    with_applied,
)
from extractor.storing.rounds import Rounds
from models.types import Application, Check, Finding
from models.wording import say

if TYPE_CHECKING:
    from sqlite_utils import Database

    from extractor.storing.desk import Desk

__all__ = [
    "Conflict", "Decision", "KeptEarlier", "ReviewedFinding", "Store", "StoreError", "Stored",
    "StoredCorrection", "Summary", "default_path",
]  # fmt: skip

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


def pages_folder(database: Path) -> Path:
    """Where recognised pages are kept: beside the database."""
    return database.parent / "hecha-pages"


def local_now() -> str:
    """The time with its offset, to the second; the one clock of the store."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


class KeptEarlier(StoreError):
    """An earlier run read more of the same papers, and stays; `submission` is its id."""

    def __init__(self, submission: int) -> None:
        super().__init__(
            say("fewer of its files could be read than before; what was stored is kept")
        )
        self.submission = submission


class Store(Rounds):
    """One connection to the database; open one per thread. Usable as a context manager.

    Raises StoreError where the file is of a newer version, no database of ours, or cannot be
    opened.
    """

    def __init__(
        self, path: str | Path, now: Callable[[], str] = local_now, threads: bool = False
    ) -> None:  # fmt: skip
        self.path = Path(path)
        self.now = now
        self._connection = connect(self.path, threads)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def busy(self) -> bool:
        """Whether a transaction is open that nobody has ended."""
        return self._connection.in_transaction

    @functools.cached_property
    def _db(self) -> Database:
        """Made when first asked for: workers forked before that stay clear of its imports."""
        return wrap(self._connection)

    @property
    def desk(self) -> Desk:
        """Who is where, who took what, who may log in."""
        from extractor.storing.desk import Desk

        return Desk(self._db, self.now)

    # -------------------------------------------------------------- results

    def save_result(
        self,
        result: Result,
        batch: str = "",
        tool_version: str = "",
        options: str = "",
        insist: bool = False,
    ) -> int:
        """Keeps the files and writes the result as a new run, in one transaction; the id.

        The submission is the one that stood at the same place with the same content; else one
        with the same content; else one of the same name at the same place, whose papers have
        changed; else a new one. The two middle ones only where the batch (one name per call of
        the command) has not brought that submission already: two folders with the same papers
        are two submissions. An earlier run of the same papers gives way, but for one that read
        more of them: then nothing is written and KeptEarlier raised, unless `insist` and at least
        one file was read. Corrections people made are carried over and the checks run with them,
        where the same was read again. `options` is what the command was asked for.
        """
        for file in result.files:
            filing.keep(self.path.parent, file)
        content = content_hash(result)
        at = self.now()
        with transaction(self._db):
            where = {
                "name": result.submission, "path": result.path, "location": result.location,
                "content": content, "updated_at": at,
            }  # fmt: skip
            id = rows.same_submission(self._db, result, content, batch)
            if id is None:
                id = self._insert("submissions", **where, created_at=at)
            elif rows.reads_less(self._db, id, content, result) and not (
                insist and result.processed
            ):
                raise KeptEarlier(id)
            run = self._insert(
                "runs",
                submission_id=id, batch=batch, at=at, checked_on=result.on,
                programme=result.programme, programme_version=result.programme_version,
                tool_version=tool_version, options=options, content=content,
                processed=result.processed, **counts(result), rest=to_json(rest_of(result)),
            )  # fmt: skip
            self._db.table("submissions").update(id, {**where, "run_id": run})
            rows.insert_files(self._db, run, result.files)
            rows.insert_answers(self._db, run, result.application)
            rows.insert_outcome(self._db, run, result)
            rows.put_digest(self._db, id, result.digest)
            if result.processed:  # the same papers read again; runs of other papers are kept
                self._db.table("runs").delete_where(
                    "submission_id = ? AND content = ? AND id <> ?", [id, content, run]
                )
            self._event(id, "reviewed", f"{result.programme or ''} {result.on}".strip())
            if rows.corrections_of(self._db, id):
                self._apply_corrections(id)
        return id

    def list_submissions(self) -> list[Summary]:
        """Every submission with its counts, by name."""
        found = self._db.query(f"{rows.SUMMARY} ORDER BY s.name, s.id")
        return [rows.summary_of(row) for row in found]

    def find(self, name: str) -> list[int]:
        """The ids of the submissions of that name."""
        found = self._db.table("submissions").rows_where("name = ?", [name], order_by="id")
        return [row["id"] for row in found]

    def load_submission(self, id: int) -> Stored:
        """All of a submission. Raises KeyError where there is none of that id."""
        with self._db.atomic():  # one state of the database, whoever writes meanwhile
            row = rows.first(self._db.query(f"{rows.SUMMARY} WHERE s.id = ?", [id]))
            if row is None:
                raise KeyError(id)
            run = rows.last_run(self._db, id)
            as_read = rows.application_of(self._db, run)
            made = rows.corrections_of(self._db, id)
            checks = rows.checks_of(self._db, run)
            files = rows.files_of(self._db, run)
            decisions = rows.decisions_of(self._db, id)
            found = rows.rows_of(self._db, "findings", run)
        summary = rows.summary_of(row)
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
        with transaction(self._db):
            found = self._db.query(
                "SELECT f.fingerprint, "
                "(SELECT max(d.id) FROM decisions d WHERE d.submission_id = s.id AND d.key = f.key)"
                " AS last FROM submissions s JOIN findings f ON f.run_id = s.run_id "
                "WHERE s.id = ? AND f.key = ?",
                [submission, key],
            )
            row = rows.first(found)
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
        seen: int | None = -1,
    ) -> int:
        """Says what stands on the paper in one field, and runs the checks again; its id.

        `value` is the text as it stands there, each option with its tick, or None to take
        corrections of the field back. `seen` is the id of the last correction of the field that
        the person saw (None for none; -1 not to ask). Raises StoreError where that is no value of
        the field, Conflict where somebody corrected it meanwhile, and KeyError for no such
        submission; then nothing is written.
        """
        with transaction(self._db):
            if seen != -1:
                made = [
                    c.id
                    for c in rows.corrections_of(self._db, submission)
                    if (c.field, c.period) == (field, period)
                ]
                if max(made, default=None) != seen:
                    raise Conflict(say("somebody else has corrected this figure; look at it again"))
            as_read = rows.application_of(self._db, rows.last_run(self._db, submission))
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
        with transaction(self._db):
            self._event(submission, what, detail)

    def history(self, submission: int) -> list[dict[str, Any]]:
        """What happened to a submission, oldest first: at, who, what and detail.

        `what` is reviewed, corrected, decided or what was logged; `detail` holds a verdict with
        its finding's key and note, or a field with its value before and after.
        """
        return [
            {
                "at": r["at"],
                "who": r["who"],
                "what": r["what"],
                "detail": json.loads(r["detail"]) if r["kind"] else r["detail"],
            }
            for r in self._db.query(rows.HISTORY, {"s": submission})
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

    def _insert(self, table: str, **row: Any) -> int:
        return int(self._db.table(table).insert(row).last_pk or 0)

    def _event(self, submission: int | None, what: str, detail: str) -> None:
        self._insert("events", at=self.now(), submission_id=submission, what=what, detail=detail)

    def _apply_corrections(self, submission: int, recheck: Recheck | None = None) -> None:
        """Runs the checks of the last run again on what was read and corrected."""
        if recheck is None:
            from extractor.checking import check_application

            recheck = check_application
        run = rows.last_run(self._db, submission)
        made = rows.corrections_of(self._db, submission)
        as_read = rows.application_of(self._db, run)
        application = corrected(as_read, made)
        checks, findings, version = recheck(run["programme"], application, run["checked_on"])
        others = rows.batch_findings_of(self._db, run)
        result = Result(
            submission=run["name"], path="", location="", programme=run["programme"],
            on=run["checked_on"], application=application, checks=checks,
            findings=(*findings, *others), programme_version=version,
            files=rows.files_of(self._db, run),
        )  # fmt: skip
        rows.insert_outcome(self._db, run["id"], result)
        # passages are compared as they stand on the paper
        kept = replace(result, application=replace(application, narratives=as_read.narratives))
        rows.put_digest(self._db, submission, digest_result(kept))
        self._db.table("runs").update(run["id"], {**counts(result), "programme_version": version})
