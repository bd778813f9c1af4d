"""`hecha backup` and `hecha restore`: the database and the papers it keeps, in one file.

The file is a zip, not packed further: hecha.db, taken by SQLite's own online backup while others
may write, the original files under files/, and backup.json, which says what it is. Every part is
checked before anything is replaced.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from extractor.storing.filing import path_of
from extractor.storing.migrations import (
    BUSY_SECONDS,
    STEPS,
    StoreError,
    StoreUnusable,
    cannot_write,
    copy_database,
    not_newer,
    patience,
)
from models.wording import say

FORMAT = 1
_DATABASE, _ABOUT = "hecha.db", "backup.json"
_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    format: int
    version: int
    """The shape of its database, as `migrations.STEPS` counts."""
    at: str
    submissions: int
    files: int
    missing: int
    """Papers that the database names and that were not kept beside it."""
    sha256: str
    """Of the database in it."""


# ------------------------------------------------------------------ out


def back_up(database: Path, target: Path) -> Backup:
    """Writes the database and the papers it keeps into `target`, whole or not at all.

    Raises StoreError where the database is none of ours or of a newer version, where `target` is
    there and is no backup, or cannot be written.
    """
    if target.exists() and not _is_backup(target):
        raise StoreError(
            say("{file} is there and is no backup; name another file", file=str(target))
        )
    with _told_plainly(target), _room(target) as room:
        copy = room / _DATABASE
        with contextlib.closing(_opened(database)) as connection:
            version = _known(connection, database)
            copy_database(connection, copy)
        names, submissions = _named_in(copy)
        kept = [name for name in names if path_of(database.parent, name).is_file()]
        about = Backup(
            FORMAT, version, datetime.now().astimezone().isoformat(timespec="seconds"),
            submissions, len(kept), len(names) - len(kept), _hash(copy),
        )  # fmt: skip
        whole = room / "backup.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_ABOUT, json.dumps(asdict(about)))
            archive.write(copy, _DATABASE)
            for name in kept:
                archive.write(path_of(database.parent, name), f"files/{name[:2]}/{name}")
        with whole.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(whole, target)
    return about


# ------------------------------------------------------------------ back


def restore(source: Path, database: Path) -> tuple[Backup, Path | None]:
    """Puts a backup in the place of the database; what it holds, and the copy of what it replaced.

    The papers of both are kept. Raises StoreError, and changes nothing, where the backup is
    damaged, of a newer version or none, or the database is in use.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with _told_plainly(database), _room(database) as room:
        about = _unpacked(source, room)
        kept = _set_aside(database)
        for name in _files_in(room):
            target = path_of(database.parent, name)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(room / "files" / name[:2] / name, target)
        try:
            with (
                contextlib.closing(sqlite3.connect(room / _DATABASE)) as new,
                contextlib.closing(_opened(database)) as old,
            ):
                # in one transaction: others see the one or the other
                new.backup(old, progress=patience())
        except BaseException:
            if kept is not None and database.exists():
                kept.unlink(missing_ok=True)
            raise
    return about, kept


def _unpacked(source: Path, room: Path) -> Backup:
    """The parts of a backup in the room, each of them checked."""
    try:
        with zipfile.ZipFile(source) as archive:
            about = Backup(**json.loads(archive.read(_ABOUT)))
            if about.format > FORMAT or about.version > len(STEPS):
                raise StoreError(not_newer(source))
            for info in archive.infolist():
                if info.filename == _DATABASE or _FILE.fullmatch(info.filename):
                    archive.extract(info, room)
                    told = info.filename.rsplit("/", 1)[-1]
                    right = about.sha256 if info.filename == _DATABASE else told
                    if _hash(room / info.filename) != right:
                        raise zipfile.BadZipFile(info.filename)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, RuntimeError,
            NotImplementedError) as error:  # fmt: skip
        raise _broken(source) from error
    try:
        with contextlib.closing(sqlite3.connect(room / _DATABASE)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            version = _known(connection, source)
    except sqlite3.Error as error:
        raise _broken(source) from error
    if not sound or version != about.version or len(_files_in(room)) != about.files:
        raise _broken(source)
    return about


def _set_aside(database: Path) -> Path | None:
    """A copy of the database that is to be replaced; one that is broken is moved away itself."""
    if not database.exists():
        return None
    at = datetime.now().strftime("%Y%m%dT%H%M%S")
    kept = database.with_name(f"{database.name}.before-restore-{at}")
    n = 1
    while kept.exists():
        n += 1
        kept = database.with_name(f"{database.name}.before-restore-{at}-{n}")
    try:
        with contextlib.closing(_opened(database)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # nobody is writing
            connection.execute("PRAGMA schema_version")
            connection.rollback()
            copy_database(connection, kept)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # it is in use, or the disk is full
        os.replace(database, kept)
        for more in ("-wal", "-shm"):
            database.with_name(database.name + more).unlink(missing_ok=True)
    return kept


# ------------------------------------------------------------------ parts of both


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(database, timeout=BUSY_SECONDS, isolation_level=None)


def _known(connection: sqlite3.Connection, path: Path) -> int:
    """The version of a database of ours. Raises StoreError for any other."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        raise StoreError(not_newer(path))
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if version < 1 or not {"submissions", "runs", "decisions"} <= tables:
        raise StoreError(say("{file} is a database of another program", file=path.name))
    return version


def _named_in(database: Path) -> tuple[list[str], int]:
    """The hashes of the papers that a database names, and how many submissions it holds."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT DISTINCT sha256 FROM files ORDER BY sha256")
        names = [row[0] for row in rows if re.fullmatch("[0-9a-f]{64}", row[0])]
        return names, connection.execute("SELECT count(*) FROM submissions").fetchone()[0]


def _is_backup(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return _ABOUT in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _files_in(room: Path) -> list[str]:
    return sorted(p.name for p in (room / "files").glob("*/*"))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _broken(source: Path) -> StoreError:
    return StoreError(say("{file} is no sound backup; nothing was changed", file=str(source)))


def _full() -> StoreUnusable:
    return StoreUnusable(say("the disk is full; nothing more can be stored"))


@contextlib.contextmanager
def _room(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards."""
    room = Path(tempfile.mkdtemp(prefix=".hecha-", dir=beside.absolute().parent))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextlib.contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    """What the disk or SQLite raises, as one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        if "I/O" in str(error) and shutil.disk_usage(path.absolute().parent).free < 1 << 16:
            raise _full() from error
        raise cannot_write(error) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        why: Any = error.strerror or type(error).__name__
        raise StoreUnusable(
            say("{path} cannot be written: {why}", path=str(path), why=why)
        ) from error
