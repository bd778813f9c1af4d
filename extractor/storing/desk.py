"""The desk: who sits at which submission, who took it over, who may log in. SQL only.

What people decide about findings is in the store; here stands what keeps several people from
stepping on each other's toes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from extractor.storing.migrations import StoreError, transaction
from extractor.storing.plain import from_plain
from extractor.storing.records import corrected
from extractor.storing.rows import application_of, batch_findings_of, corrections_of, first
from models.types import Answer, Application, Finding
from models.wording import say

if TYPE_CHECKING:
    from sqlite_utils import Database

HERE_SECONDS = 45.0
"""One who was seen so lately is still there; a screen says every 10 seconds that it is."""

What = Literal["take", "hand", "second", "done", "release"]
WHATS: tuple[What, ...] = ("take", "hand", "second", "done", "release")
Role = Literal["reviewer", "lead"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One step of a submission's way over the desks; the last one counts.

    take: `who` works on it. hand: given to `who`. second: `who` has finished and another person
    is to go over it. done: `who` finished the second review. release: back on the pile.
    """

    id: int
    submission: int
    what: What
    who: str
    note: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings of a family and severity stand how: open, confirm, dismiss, ask."""

    family: str
    severity: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the checks was made on."""

    as_read: Application
    programme: str | None
    on: str
    version: str
    """Of the programme, then."""
    others: tuple[Finding, ...]
    """The findings it has because of other submissions."""


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    role: Role
    at: str


STANDINGS = """
SELECT s.id, substr(f.rule, 1, instr(f.rule, '.') - 1) AS family, f.severity,
  CASE WHEN d.fingerprint = f.fingerprint THEN d.verdict ELSE 'open' END AS state,
  count(*) AS count
FROM submissions s JOIN findings f ON f.run_id = s.run_id
LEFT JOIN decisions d ON d.id = (SELECT max(l.id) FROM decisions l
  WHERE l.submission_id = s.id AND l.key = f.key AND l.verdict <> 'note')
GROUP BY s.id, family, f.severity, state
"""

BY_RULE = """
SELECT s.id, f.rule,
  sum(d.id IS NULL OR d.fingerprint <> f.fingerprint) AS open,
  sum(d.id IS NOT NULL AND d.fingerprint = f.fingerprint AND d.verdict = 'confirm') AS confirm,
  sum(d.id IS NOT NULL AND d.fingerprint = f.fingerprint AND d.verdict = 'dismiss') AS dismiss,
  sum(d.id IS NOT NULL AND d.fingerprint = f.fingerprint AND d.verdict = 'ask') AS ask
FROM submissions s JOIN findings f ON f.run_id = s.run_id
LEFT JOIN decisions d ON d.id = (SELECT max(l.id) FROM decisions l
  WHERE l.submission_id = s.id AND l.key = f.key AND l.verdict <> 'note')
WHERE f.severity <> 'notice'
GROUP BY s.id, f.rule
"""

LAST_STEPS = """
SELECT a.id, a.submission_id AS submission, a.what, a.who, a.note, a.made_by AS by, a.at
FROM assignments a
WHERE a.id = (SELECT max(l.id) FROM assignments l WHERE l.submission_id = a.submission_id)
"""

STAMP = """
SELECT (SELECT max(id) FROM runs), (SELECT max(id) FROM decisions),
  (SELECT max(id) FROM corrections), (SELECT max(id) FROM events),
  (SELECT max(id) FROM assignments), (SELECT count(*) FROM submissions)
"""
STAMP_OF_ONE = """
SELECT (SELECT run_id FROM submissions WHERE id = :s),
  (SELECT max(id) FROM decisions WHERE submission_id = :s),
  (SELECT max(id) FROM corrections WHERE submission_id = :s),
  (SELECT max(id) FROM events WHERE submission_id = :s)
"""


class Desk:
    """Made by Store.desk; lives as long as the store's connection."""

    def __init__(self, db: Database, now: Callable[[], str]) -> None:
        self._db = db
        self._now = now

    def stamp(self, submission: int | None = None) -> tuple[int | None, ...]:
        """Changes whenever something about the submission (or any) is added."""
        if submission is None:
            return tuple(self._db.execute(STAMP).fetchone())
        return tuple(self._db.execute(STAMP_OF_ONE, {"s": submission}).fetchone())

    def standings(self) -> dict[int, list[Tally]]:
        """By submission, how its findings stand; what was decided on other evidence is open."""
        found: dict[int, list[Tally]] = {}
        for row in self._db.query(STANDINGS):
            found.setdefault(row.pop("id"), []).append(Tally(**row))
        return found

    def cities(self) -> dict[int, tuple[str, str]]:
        """(city, name of the cluster) of each submission, as its form says."""
        found = self._db.query(
            "SELECT submission_id AS id, coalesce(json_extract(data, '$.city'), '') AS city, "
            "coalesce(json_extract(data, '$.cluster'), '') AS cluster FROM digests"
        )
        return {r["id"]: (r["city"], r["cluster"]) for r in found}

    def by_rule(self, submissions: Collection[int]) -> list[dict[str, Any]]:
        """Each rule with findings: rule, submissions, findings, and how many stand how; the
        commonest first."""
        found: dict[str, dict[str, Any]] = {}
        for row in self._db.query(BY_RULE):
            if row["id"] not in submissions:
                continue
            nothing = {"submissions": 0, "findings": 0, "open": 0}
            nothing |= {"confirm": 0, "dismiss": 0, "ask": 0}
            entry = found.setdefault(row["rule"], {"rule": row["rule"], **nothing})
            entry["submissions"] += 1
            for state in ("open", "confirm", "dismiss", "ask"):
                entry[state] += row[state]
                entry["findings"] += row[state]
        order = sorted(found.values(), key=lambda e: (-e["submissions"], -e["findings"], e["rule"]))
        return order

    def by_person(self, submissions: Collection[int]) -> list[dict[str, Any]]:
        """Each reviewer: who, submissions, decisions, corrections."""
        found: dict[str, dict[str, Any]] = {}
        for table in ("decisions", "corrections"):
            for row in self._db.query(f"SELECT who, submission_id AS id FROM {table}"):
                if row["id"] in submissions:
                    start = {"who": row["who"], "ids": set(), "decisions": 0, "corrections": 0}
                    entry = found.setdefault(row["who"], start)
                    entry["ids"].add(row["id"])
                    entry[table] += 1
        return [{**e, "submissions": len(e["ids"])} for _, e in sorted(found.items())]

    def notes(self, verdict: str) -> list[str]:
        """The reasons written most often with this verdict of late, the commonest first."""
        found = self._db.query(
            "SELECT note FROM (SELECT id, note FROM decisions WHERE verdict = ? AND note <> '' "
            "ORDER BY id DESC LIMIT 200) GROUP BY note "
            "ORDER BY count(*) DESC, max(id) DESC LIMIT 8",
            [verdict],
        )
        return [str(r["note"]) for r in found]

    def applications(self) -> dict[int, Application]:
        """The answers of every submission, with what people corrected; nothing else of it."""
        forms = {
            r["id"]: r["form"] or ""
            for r in self._db.query(
                "SELECT s.id, json_extract(r.rest, '$.application.form') AS form "
                "FROM submissions s JOIN runs r ON r.id = s.run_id"
            )
        }
        answers: dict[int, list[Answer]] = {id: [] for id in forms}
        for row in self._db.query(
            "SELECT s.id, a.data FROM submissions s JOIN answers a ON a.run_id = s.run_id "
            "WHERE a.kind = 'answer' ORDER BY a.run_id, a.position"
        ):
            answers[row["id"]].append(from_plain(Answer, json.loads(row["data"])))
        found = {id: Application(form, tuple(answers[id])) for id, form in forms.items()}
        for row in self._db.query("SELECT DISTINCT submission_id AS id FROM corrections"):
            made = corrections_of(self._db, row["id"])
            found[row["id"]] = corrected(found[row["id"]], made)
        return found

    def with_versions(self) -> set[int]:
        """The submissions whose form was handed in more than once (Word and PDF)."""
        found = self._db.query(
            "SELECT s.id FROM submissions s JOIN runs r ON r.id = s.run_id "
            "WHERE json_array_length(r.rest, '$.application.versions') > 0"
        )
        return {r["id"] for r in found}

    def findings(self, *prefixes: str) -> list[tuple[int, Finding]]:
        """(submission, finding) of the rules that begin so, by submission."""
        return [
            (r["id"], from_plain(Finding, json.loads(r["data"])))
            for r in self._db.query(
                "SELECT s.id, f.rule, f.data FROM submissions s "
                "JOIN findings f ON f.run_id = s.run_id ORDER BY s.id, f.position"
            )
            if r["rule"].startswith(prefixes)
        ]

    def same_content(self, contents: Sequence[str]) -> dict[str, tuple[str, int]]:
        """(name, id) of the submission whose files have that hash of all, for those known."""
        found = self._db.query("SELECT content, name, id FROM submissions ORDER BY id DESC")
        wanted = set(contents)
        return {r["content"]: (r["name"], r["id"]) for r in found if r["content"] in wanted}

    def run_at(self, submission: int, at: str) -> Run:
        """The last run made by that time, of those kept; else the first that is kept."""
        found = list(
            self._db.query("SELECT * FROM runs WHERE submission_id = ? ORDER BY id", [submission])
        )
        if not found:
            raise KeyError(submission)
        run = next((r for r in reversed(found) if r["at"] <= at), found[0])
        return Run(
            application_of(self._db, run), run["programme"], run["checked_on"],
            run["programme_version"], batch_findings_of(self._db, run),
        )  # fmt: skip

    # -------------------------------------------------------------- presence

    def here(self, submission: int, session: str, who: str) -> None:
        """Says that this session looks at this submission now, and at no other."""
        with transaction(self._db):
            table = self._db.table("presence")
            table.delete_where("session = ? AND submission_id <> ?", [session, submission])
            table.delete_where("at < ?", [time.time() - 20 * HERE_SECONDS])
            if first(self._db.query("SELECT 1 FROM submissions WHERE id = ?", [submission])):
                row = {"submission_id": submission, "session": session, "who": who}
                table.upsert({**row, "at": time.time()}, pk=("submission_id", "session"))

    def others(self, submission: int, session: str) -> list[str]:
        """Who else is looking at it now; an unnamed one is an empty text."""
        found = self._db.query(
            "SELECT DISTINCT who FROM presence WHERE submission_id = ? AND session <> ? "
            "AND at > ? ORDER BY who",
            [submission, session, time.time() - HERE_SECONDS],
        )
        return [str(r["who"]) for r in found]

    def everywhere(self) -> dict[int, list[str]]:
        """Who is looking at what now."""
        found: dict[int, list[str]] = {}
        for r in self._db.query(
            "SELECT DISTINCT submission_id, who FROM presence WHERE at > ? ORDER BY who",
            [time.time() - HERE_SECONDS],
        ):
            found.setdefault(r["submission_id"], []).append(r["who"])
        return found

    # -------------------------------------------------------------- assignments

    def assignments(self) -> dict[int, Assignment]:
        """The last step of each submission that has any."""
        return {a.submission: a for a in (Assignment(**r) for r in self._db.query(LAST_STEPS))}

    def assign(
        self, submission: int, what: What, by: str, who: str = "", note: str = "",
        seen: int | None = None,
    ) -> int:  # fmt: skip
        """Adds a step; its id. `seen` is the id of the last one the person saw.

        Raises StoreError where somebody was faster, or where the second review would be made by
        the person who made the first.
        """
        if what not in WHATS:
            raise ValueError(what)
        with transaction(self._db):
            last = first(self._db.query(f"{LAST_STEPS} AND a.submission_id = ?", [submission]))
            if (last["id"] if last else None) != seen:
                raise StoreError(say("somebody else has taken or passed on this application"))
            if last and last["what"] in ("second", "done") and what in ("take", "done"):
                who_now = who or by
                if who_now in self.first_reviewers(submission):
                    raise StoreError(say("the second review is for another person"))
            row = {
                "submission_id": submission, "what": what, "who": who or by, "note": note,
                "made_by": by, "at": self._now(),
            }  # fmt: skip
            return int(self._db.table("assignments").insert(row).last_pk or 0)

    def first_reviewers(self, submission: int) -> set[str]:
        """Who has finished a first review of it."""
        found = self._db.query(
            "SELECT who FROM assignments WHERE submission_id = ? AND what = 'second'", [submission]
        )
        return {r["who"] for r in found}

    def steps(self, submission: int) -> Sequence[Assignment]:
        """All steps of a submission, oldest first."""
        found = self._db.query(
            "SELECT id, submission_id AS submission, what, who, note, made_by AS by, at "
            "FROM assignments WHERE submission_id = ? ORDER BY id",
            [submission],
        )
        return [Assignment(**r) for r in found]

    # -------------------------------------------------------------- accounts

    def accounts(self) -> list[Account]:
        found = self._db.query("SELECT name, role, at FROM users ORDER BY name")
        return [Account(**r) for r in found]

    def put_account(self, name: str, password: str, role: Role) -> None:
        """Adds an account or gives it a new password (a hash) and role; its logins end."""
        with transaction(self._db):
            row = {"name": name, "password": password, "role": role, "at": self._now()}
            self._db.table("users").upsert(row, pk="name")
            self._db.table("logins").delete_where("name = ?", [name])

    def remove_account(self, name: str) -> bool:
        """Whether there was one. What the person decided stays, with the name."""
        with transaction(self._db):
            known = bool(list(self._db.query("SELECT 1 FROM users WHERE name = ?", [name])))
            self._db.table("users").delete_where("name = ?", [name])
            self._db.table("logins").delete_where("name = ?", [name])
        return known

    def password_of(self, name: str) -> str | None:
        row = first(self._db.query("SELECT password FROM users WHERE name = ?", [name]))
        return None if row is None else str(row["password"])

    def begin_login(self, token: str, name: str) -> None:
        """`token` is a hash of what the browser holds."""
        with transaction(self._db):
            now = time.time()
            row = {"token": token, "name": name, "seen": now, "began": now}
            self._db.table("logins").insert(row)

    def login(self, token: str, idle: float, longest: float) -> Account | None:
        """Whose login it is; None where it is unknown, idle or old. Looking keeps it awake."""
        now = time.time()
        row = first(
            self._db.query(
                "SELECT u.name, u.role, u.at, l.seen, l.began FROM logins l "
                "JOIN users u ON u.name = l.name WHERE l.token = ?",
                [token],
            )
        )
        if row is None or now - row["seen"] > idle or now - row["began"] > longest:
            return None
        if now - row["seen"] > 30:
            with transaction(self._db):
                self._db.table("logins").update(token, {"seen": now})
        return Account(row["name"], row["role"], row["at"])

    def end_login(self, token: str) -> None:
        with transaction(self._db):
            self._db.table("logins").delete_where("token = ?", [token])
