"""The database's shape, one step after the other; a step once released is never changed."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from models.wording import Bilingual, say

_FIRST = """
CREATE TABLE submissions (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  location TEXT NOT NULL,
  content TEXT NOT NULL,
  run_id INTEGER,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX submissions_content ON submissions (content);
CREATE INDEX submissions_location ON submissions (location);
CREATE INDEX submissions_name ON submissions (name);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  batch TEXT NOT NULL,
  at TEXT NOT NULL,
  checked_on TEXT NOT NULL,
  programme TEXT,
  programme_version TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  content TEXT NOT NULL,
  processed INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  notices INTEGER NOT NULL,
  unchecked INTEGER NOT NULL,
  checks_run INTEGER NOT NULL,
  checks_total INTEGER NOT NULL,
  needs_look INTEGER NOT NULL,
  rest TEXT NOT NULL
);
CREATE INDEX runs_submission ON runs (submission_id);
CREATE INDEX runs_batch ON runs (batch);

CREATE TABLE files (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  role TEXT NOT NULL,
  kind TEXT NOT NULL,
  pages INTEGER,
  ocr_pages INTEGER NOT NULL,
  size INTEGER NOT NULL,
  read INTEGER NOT NULL,
  PRIMARY KEY (run_id, position)
) WITHOUT ROWID;

CREATE TABLE answers (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  position INTEGER NOT NULL,
  field TEXT NOT NULL,
  period TEXT,
  state TEXT NOT NULL,
  needs_look INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run_id, kind, position)
) WITHOUT ROWID;

CREATE TABLE checks (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  rule TEXT NOT NULL,
  outcome TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) WITHOUT ROWID;

CREATE TABLE findings (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) WITHOUT ROWID;

-- what people decided and corrected is only ever added to
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE RESTRICT,
  key TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('confirm', 'dismiss', 'ask', 'note')),
  note TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE INDEX decisions_key ON decisions (submission_id, key);

CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,
  submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE RESTRICT,
  field TEXT NOT NULL,
  period TEXT,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX corrections_submission ON corrections (submission_id);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  submission_id INTEGER,
  what TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX events_submission ON events (submission_id);

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added to'); END;
CREATE TRIGGER decisions_kept BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added to'); END;
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are only added to'); END;
CREATE TRIGGER corrections_kept BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are only added to'); END;
"""

BUSY_SECONDS = 30

STEPS = (_FIRST,)
"""Step n brings a database of user_version n to n + 1."""


class StoreError(Exception):
    """The store cannot do what is asked; `message` says why, for people."""

    def __init__(self, message: Bilingual) -> None:
        super().__init__(message.en)
        self.message = message


def connect(path: Path) -> sqlite3.Connection:
    """An open database of the present shape, made where there is none. Raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _cannot_open(path, error) from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        migrate(db, path)
        _with_patience(lambda: db.execute("PRAGMA journal_mode = WAL"))
        db.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error as error:
        db.close()
        raise _cannot_open(path, error) from error
    except StoreError:
        db.close()
        raise
    return db


def migrate(db: sqlite3.Connection, path: Path, steps: tuple[str, ...] = STEPS) -> None:
    """Brings the database to the present shape; a copy of an older one is kept beside it.

    Raises StoreError for a database of a newer version, or one that is not ours.
    """
    version = _version(db)
    if version == len(steps):
        return
    if version > len(steps):
        raise StoreError(
            say(
                "{file} was written by a newer version of hecha; update the program to open it",
                file=path.name,
            )
        )
    if version > 0:
        _copy(db, path.with_name(f"{path.name}.version-{version}"))
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _version(db)  # another process may have been here first
        if version == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise StoreError(say("{file} is a database of another program", file=path.name))
        for step in range(version, len(steps)):
            for statement in _statements(steps[step]):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(steps)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _copy(db: sqlite3.Connection, target: Path) -> None:
    if not target.exists():
        with contextlib.closing(sqlite3.connect(target)) as copy:
            db.backup(copy)


def _statements(script: str) -> list[str]:
    """executescript would commit the transaction it runs in, so a script is cut up first."""
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


def _with_patience(action: Callable[[], object]) -> None:
    """Switching to WAL does not wait for another process by itself."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            action()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _cannot_open(path: Path, error: Exception) -> StoreError:
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return StoreError(say("{file} is not a database", file=str(path)))
    return StoreError(say("{file} cannot be opened: {why}", file=str(path), why=str(error)))
