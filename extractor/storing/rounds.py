"""The part of the store that compares: what stands unchanged, and the submissions of one round."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from extractor.storing import rows
from extractor.storing.migrations import transaction
from extractor.storing.plain import from_plain
from extractor.storing.records import corrected
from models.programme import load_programme, programme_ids
from models.rules.digest import Digest
from models.types import Finding

if TYPE_CHECKING:
    from sqlite_utils import Database


class Rounds:
    """What Store adds to itself here; it has the connection."""

    @functools.cached_property
    def _db(self) -> Database:
        raise NotImplementedError

    def _event(self, submission: int | None, what: str, detail: str) -> None:
        raise NotImplementedError

    def unchanged(
        self, location: str, name: str, content: str, tool_version: str, options: str
    ) -> int | None:
        """The submission that stands there with the same files, made by the same tool with the
        same options from the same programme; None where it must be reviewed (again)."""
        row = rows.first(
            self._db.query(
                rows.UNCHANGED, [location, name, content, content, tool_version, options]
            )
        )
        if row is None:
            return None
        programme = row["programme"]
        version = load_programme(programme).version if programme in programme_ids() else ""
        return int(row["id"]) if row["programme_version"] == version else None

    def seen_at(self, submission: int, path: str) -> None:
        """The path under which it was named on the command line this time."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE submissions SET path = ? WHERE id = ? AND path <> ?",
                [path, submission, path],
            )

    def rounds(self, submissions: Collection[int]) -> list[str]:
        """The rounds that any of these submissions belong to."""
        found = self._db.query("SELECT submission_id, round FROM digests")
        return sorted({r["round"] for r in found if r["submission_id"] in submissions})

    def digests(self, round: str) -> list[tuple[int, str, Digest]]:
        """(submission, the batch of its last run, digest) of a round, oldest submission first."""
        found = self._db.query(rows.DIGESTS, [round])
        return [(r["id"], r["batch"], from_plain(Digest, json.loads(r["data"]))) for r in found]

    def digest_before(self, identity: str, year: int) -> Digest | None:
        """The same cluster's digest of the last round before that year."""
        found = self._db.table("digests").rows_where(
            "identity = ? AND year < ?", [identity, year], order_by="year DESC", limit=1
        )
        row = rows.first(found)
        return None if row is None else from_plain(Digest, json.loads(row["data"]))

    def narrative(self, submission: int, field: str) -> str:
        """One narrative as it was read; empty where there is none."""
        row = rows.first(self._db.query(rows.NARRATIVE, [submission, field]))
        return "" if row is None else str(json.loads(row["data"])["text"])

    def set_batch_findings(self, found: Mapping[int, Sequence[Finding]]) -> None:
        """The findings these submissions have because of others, in place of the earlier ones."""
        with transaction(self._db):
            for id, findings in found.items():
                run = rows.last_run(self._db, id)
                if tuple(findings) != rows.batch_findings_of(self._db, run):
                    application = corrected(
                        rows.application_of(self._db, run), rows.corrections_of(self._db, id)
                    )
                    rows.put_batch_findings(self._db, run, application, findings)
                    self._event(id, "compared", "")
