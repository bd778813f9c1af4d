"""The watched folder: batches too large for a browser are put there and taken in from there."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from extractor.submission.package import ignored
from review_ui import grouping, inbox
from review_ui.inbox import Job, free_name, safe_name

AT_REST_SECONDS = 5.0
"""What was changed later than this may still be being copied."""
TAKEN = "taken"
AUTOMATIC = "automatic"
MOST_LOOKED_AT = 20_000
LOOK_AGAIN_SECONDS = 2.0
"""Every open screen asks; the folder is looked at so often at the most."""


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies in the folder: at rest, and what may still be being copied."""

    resting: list[str] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)


_lock = Lock()
_seen: dict[Path, tuple[tuple[object, ...], float]] = {}
"""What lay in each folder when it was last looked at, and since when it lies so."""
_told: dict[Path, tuple[float, Lying]] = {}


def watched(database: Path) -> Path:
    """The folder beside the database, or where HECHA_INBOX says."""
    named = os.environ.get("HECHA_INBOX")
    return Path(named) if named else database.parent / "drop"


def automatic(database: Path) -> bool:
    """Whether what was put there is reviewed without anybody having looked at the grouping."""
    return (inbox.folder_of(database) / AUTOMATIC).exists()


def set_automatic(database: Path, on: bool) -> None:
    """OSError where it cannot be written down."""
    sign = inbox.folder_of(database) / AUTOMATIC
    if on:
        sign.parent.mkdir(parents=True, exist_ok=True)
        sign.touch()
    else:
        sign.unlink(missing_ok=True)


def lying(folder: Path) -> Lying:
    """What lies there. A copy may bring its old time with it, so what lies there must also have
    been seen lying so, all of it, for some seconds."""
    found = Lying()
    state: list[object] = []
    entries: list[tuple[str, float]] = []
    for entry in _entries(folder):
        try:
            below = [entry, *_below(entry)]
            stats = [p.stat(follow_symlinks=False) for p in below]
        except OSError:  # it is just being moved
            found.coming.append(entry.name)
            continue
        state += [(str(p), s.st_size, s.st_mtime_ns) for p, s in zip(below, stats, strict=True)]
        entries.append((entry.name, max(s.st_mtime for s in stats)))
    now = time.time()
    known = _seen.get(folder)
    since = known[1] if known is not None and known[0] == tuple(state) else now
    _seen[folder] = tuple(state), since
    still = now - since >= AT_REST_SECONDS and not found.coming
    for name, newest in entries:
        rests = still and now - newest > AT_REST_SECONDS
        (found.resting if rests else found.coming).append(name)
    return found


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        e
        for e in sorted(folder.iterdir(), key=lambda p: p.name)
        if e.name != TAKEN and not ignored(e.name) and not e.is_symlink()
    ]


def _below(entry: Path) -> list[Path]:
    return list(entry.rglob("*"))[:MOST_LOOKED_AT] if entry.is_dir() else []


def poll(database: Path, now: str, programme: str | None, on: str) -> tuple[Lying, Job | None]:
    """Looks into the folder. Once everything in it rests it becomes an upload that waits with its
    grouping shown; only where somebody has chosen so the review begins by itself.

    OSError where the papers cannot be kept; they then lie in the folder as before.
    """
    folder = watched(database)
    with _lock:
        last = _told.get(folder)
        if last is not None and 0 <= time.time() - last[0] < LOOK_AGAIN_SECONDS:
            return last[1], None
        there = lying(folder)
        _told[folder] = time.time(), there
        if not there.resting or there.coming:
            return there, None
        _told[folder] = time.time(), Lying()
        job = take_in(database, there.resting, now)
    if job is not None and automatic(database):
        inbox.start(database, job.id, programme, on)
    return Lying(), job


def take_in(database: Path, names: list[str], now: str) -> Job | None:
    """Makes an upload of these entries of the folder; the originals go into its sub-folder of what
    was taken. None where another process was faster."""
    folder = watched(database)
    id, papers = inbox.room(database, now)
    kept = folder / TAKEN / id
    kept.mkdir(parents=True)
    mine: list[Path] = []
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            os.rename(folder / name, kept / name)  # whoever moves it has it
            mine.append(kept / name)
    try:
        taken: set[str] = set()
        for entry in mine:
            target = papers / free_name(safe_name(entry.name), taken)
            if entry.is_dir():
                shutil.copytree(entry, target, symlinks=True, ignore=_no_links)
            else:
                shutil.copy2(entry, target)
        if mine:
            grouping.gather(papers)
            return inbox.waiting(database, Job(id, "waiting", now))
    except Exception:
        for entry in mine:
            os.rename(entry, folder / entry.name)
        _drop(papers.parent, kept)
        raise
    _drop(papers.parent, kept)
    return None


def _drop(upload: Path, kept: Path) -> None:
    shutil.rmtree(upload, ignore_errors=True)
    with contextlib.suppress(OSError):
        kept.rmdir()


def _no_links(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if (Path(folder) / n).is_symlink()]
