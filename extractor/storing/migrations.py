"""Opening the database, and its shape: one step after the other, none changed once released.

The version stands in user_version. sqlite_utils.Migrations would commit its own table before its
first step, so that two processes opening a new database meet there, and passes over steps that
it does not know, where a database of a newer version must be refused.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.wording import Bilingual, say

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_SECONDS = 30


def _first(db: Database) -> None:
    """Submissions, their runs with all that was read and found, and what people said of them."""
    _create(
        db, "submissions",
        {
            "id": int, "name": str, "path": str, "location": str, "content": str, "run_id": int,
            "created_at": str, "updated_at": str,
        },
        nullable=["run_id"],
        indexes=[["content"], ["location"], ["name"]],
    )  # fmt: skip
    _create(
        db, "runs",
        {
            "id": int, "submission_id": int, "batch": str, "at": str, "checked_on": str,
            "programme": str, "programme_version": str, "tool_version": str, "content": str,
            "processed": int, "errors": int, "warnings": int, "notices": int, "unchecked": int,
            "checks_run": int, "checks_total": int, "needs_look": int, "rest": str,
        },
        nullable=["programme"],
        parent=("submission_id", "submissions", "CASCADE"),
        indexes=[["submission_id"], ["batch"]],
    )  # fmt: skip
    of_run = ("run_id", "runs", "CASCADE")
    _create(
        db, "files",
        {
            "run_id": int, "position": int, "name": str, "sha256": str, "role": str, "kind": str,
            "pages": int, "ocr_pages": int, "size": int, "read": int,
        },
        pk=("run_id", "position"), nullable=["pages"], parent=of_run,
    )  # fmt: skip
    _create(
        db, "answers",
        {
            "run_id": int, "kind": str, "position": int, "field": str, "period": str,
            "state": str, "needs_look": int, "data": str,
        },
        pk=("run_id", "kind", "position"), nullable=["period"], parent=of_run,
    )  # fmt: skip
    _create(
        db, "checks",
        {"run_id": int, "position": int, "rule": str, "outcome": str, "data": str},
        pk=("run_id", "position"), parent=of_run,
    )  # fmt: skip
    _create(
        db, "findings",
        {
            "run_id": int, "position": int, "key": str, "rule": str, "severity": str,
            "fingerprint": str, "data": str,
        },
        pk=("run_id", "position"), parent=of_run,
    )  # fmt: skip
    kept = ("submission_id", "submissions", "RESTRICT")
    _create(
        db, "decisions",
        {
            "id": int, "submission_id": int, "key": str, "verdict": str, "note": str,
            "fingerprint": str, "who": str, "at": str,
        },
        parent=kept, indexes=[["submission_id", "key"]],
    )  # fmt: skip
    _create(
        db, "corrections",
        {
            "id": int, "submission_id": int, "field": str, "period": str, "before": str,
            "after": str, "who": str, "at": str, "why": str,
        },
        nullable=["period"], parent=kept, indexes=[["submission_id"]],
    )  # fmt: skip
    _create(
        db, "events",
        {"id": int, "at": str, "submission_id": int, "what": str, "detail": str},
        nullable=["submission_id"], indexes=[["submission_id"]],
    )  # fmt: skip
    for table in ("decisions", "corrections"):
        for action in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are only added to'); END"
            )
    db.execute(
        "CREATE TRIGGER decisions_verdict BEFORE INSERT ON decisions "
        "WHEN new.verdict NOT IN ('confirm', 'dismiss', 'ask', 'note') "
        "BEGIN SELECT RAISE(ABORT, 'no such verdict'); END"
    )


def _second(db: Database) -> None:
    """What is kept of each submission for comparing it with others, and the options of a run."""
    db.table("runs").add_column("options", str, not_null_default="")
    _create(
        db, "digests",
        {
            "submission_id": int, "round": str, "year": int, "identity": str, "data": str,
        },
        pk="submission_id", parent=("submission_id", "submissions", "CASCADE"),
        indexes=[["round"], ["identity"]],
    )  # fmt: skip


def _desk(db: Database) -> None:
    """Who sits at which submission, who took it, and who may log in."""
    _create(
        db, "presence",
        {"submission_id": int, "session": str, "who": str, "at": float},
        pk=("submission_id", "session"), parent=("submission_id", "submissions", "CASCADE"),
    )  # fmt: skip
    _create(
        db, "assignments",
        {
            "id": int, "submission_id": int, "what": str, "who": str, "note": str, "made_by": str,
            "at": str,
        },
        parent=("submission_id", "submissions", "RESTRICT"), indexes=[["submission_id"]],
    )  # fmt: skip
    for action in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER assignments_no_{action.lower()} BEFORE {action} ON assignments "
            "BEGIN SELECT RAISE(ABORT, 'assignments are only added to'); END"
        )
    _create(
        db, "users",
        {"name": str, "password": str, "role": str, "at": str},
        pk="name",
    )  # fmt: skip
    _create(
        db, "logins",
        {"token": str, "name": str, "seen": float, "began": float},
        pk="token", parent=None,
    )  # fmt: skip


def _create(
    db: Database,
    table: str,
    columns: dict[str, type],
    pk: str | tuple[str, ...] = "id",
    nullable: Collection[str] = (),
    parent: tuple[str, str, str] | None = None,
    indexes: Sequence[Sequence[str]] = (),
) -> None:
    """`parent` is the column that names the row it belongs to, that row's table, and what
    becomes of it when that row goes. Every column but the nullable ones must be given.
    """
    from sqlite_utils.db import ForeignKey

    keys = []
    if parent is not None:
        column, other, on_delete = parent
        keys.append(ForeignKey(table, column, other, "id", on_delete=on_delete))
    needed = [c for c in columns if c not in nullable and c != pk]
    made = db.table(table).create(columns, pk=pk, not_null=needed, foreign_keys=keys)
    for index in indexes:
        made.create_index(index)


Step = str | Callable[["Database"], None]
"""SQL, or a function that is given the database."""

STEPS: tuple[Step, ...] = (_first, _second, _desk)
"""Step n brings a database of user_version n to n + 1."""


class StoreError(Exception):
    """The store cannot do what is asked; `message` says why, for people."""

    def __init__(self, message: Bilingual) -> None:
        super().__init__(message.en)
        self.message = message


class StoreUnusable(StoreError):
    """The database itself is of no use now: locked, no longer writable, the disk full."""


def connect(path: Path, threads: bool = False) -> sqlite3.Connection:
    """An open database of the present shape, made where there is none; `threads` may hand it on
    to one another. Raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not threads
        )
    except (OSError, sqlite3.Error) as error:
        raise _cannot_open(path, error) from error
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path)
        _with_patience(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        connection.execute("PRAGMA synchronous = FULL")  # a decision outlives a power cut
    except sqlite3.Error as error:
        connection.close()
        raise _cannot_open(path, error) from error
    except StoreError:
        connection.close()
        raise
    return connection


def wrap(connection: sqlite3.Connection) -> Database:
    """The connection as sqlite-utils knows it. Replacing a row fires the triggers of deleting it.

    Imported only here, when it is needed: sqlite-utils imports pandas where that is installed
    (Streamlit brings it), a quarter of a second.
    """
    from sqlite_utils import Database

    return Database(connection, execute_plugins=False)


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing, with the write lock from the start, so that no read turns stale.

    Database.atomic takes the lock at the first write only, when another process may have
    written since the first read. What sqlite-utils does inside becomes savepoints of this.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.commit()
    except sqlite3.OperationalError as error:
        _undone(db)
        raise cannot_write(error) from error
    except BaseException:
        _undone(db)
        raise


def _undone(db: Database) -> None:
    """A full disk may have ended the transaction by itself."""
    with contextlib.suppress(sqlite3.Error):
        if db.conn.in_transaction:
            db.rollback()


def cannot_write(error: Exception) -> StoreUnusable:
    """What went wrong with the database file, in one sentence."""
    why = str(error)
    if "locked" in why or "busy" in why:
        return StoreUnusable(
            say("the database is in use by another program; close that and try again")
        )
    if "full" in why:
        return StoreUnusable(say("the disk is full; nothing more can be stored"))
    return StoreUnusable(say("the database cannot be written: {why}", why=why))


def migrate(connection: sqlite3.Connection, path: Path, steps: tuple[Step, ...] = STEPS) -> None:
    """Brings the database to the present shape; a copy of an older one is kept beside it.

    Raises StoreError for a database of a newer version, or one that is not ours.
    """
    version = _version(connection, path, steps)
    if version == len(steps):
        return
    if version > 0:
        copy_database(connection, path.with_name(f"{path.name}.version-{version}"))
    db = wrap(connection)
    with transaction(db):
        version = _version(connection, path, steps)  # another process may have been here first
        if version == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise StoreError(say("{file} is a database of another program", file=path.name))
        for step in steps[version:]:
            if callable(step):
                step(db)
            else:
                db.executescript(step)
        db.execute(f"PRAGMA user_version = {len(steps)}")


def _version(connection: sqlite3.Connection, path: Path, steps: Sequence[Step]) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise StoreError(not_newer(path))
    return version


def not_newer(path: Path) -> Bilingual:
    """What is said of a database or a backup of a version that this program does not know."""
    return say(
        "{file} was written by a newer version of hecha; update the program to open it",
        file=path.name,
    )


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """A copy by SQLite's online backup, under its name only once it is whole; one that is there
    already stays."""
    if target.exists():
        return
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}-")
    os.close(handle)
    try:
        with contextlib.closing(sqlite3.connect(part)) as copy:
            connection.backup(copy, progress=patience())
        os.replace(part, target)
    except BaseException:
        os.unlink(part)
        raise


def patience() -> Callable[[int, int, int], None]:
    """For sqlite3's backup, which would wait for a locked database for ever."""
    until = time.monotonic() + BUSY_SECONDS

    def waited(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    return waited


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


def _cannot_open(path: Path, error: Exception) -> StoreUnusable:
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return StoreUnusable(say("{file} is not a database", file=str(path)))
    return StoreUnusable(say("{file} cannot be opened: {why}", file=str(path), why=str(error)))
