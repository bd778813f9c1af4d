"""Uploads on their way: kept on disk at once, reviewed in a process of their own.

Each upload is a folder beside the database, inbox/<id>/, with the papers as they came and a
job.json that says how far the work is; a refresh, a second tab or a restart loses nothing.

    python -m review_ui.inbox <database> <id>      does the work of one upload
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from review_ui import grouping

if TYPE_CHECKING:
    from extractor.storing.store import Store
    from extractor.submission.package import Submission

State = Literal["waiting", "running", "done", "failed"]
SILENT_SECONDS = 60
"""A running job writes at least every second; one that is silent this long has died."""
KEPT = 20
MEMBERS = 12
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)


@dataclass(frozen=True, slots=True)
class Job:
    """One upload. `groups` are (submission, number of its files); `results` their ids."""

    id: str
    state: State
    created: str
    groups: list[tuple[str, int]] = field(default_factory=list)
    programme: str | None = None
    on: str = ""
    done: int = 0
    results: list[tuple[str, int]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Names of submissions of which nothing could be read or kept."""
    why: str = ""
    beat: float = 0.0
    members: list[list[str]] = field(default_factory=list)
    """The first files of each group, as they are called."""
    paths: list[str] = field(default_factory=list)
    """Where each group lies under papers/; empty for one inside a zip, which cannot be moved."""
    known: list[tuple[str, str, int]] = field(default_factory=list)
    """(group, submission, id) of what was reviewed before, to the byte."""
    began: float = 0.0
    now: str = ""
    """What is being read."""
    page: tuple[int, int] = (0, 0)
    """Which of its pages, of how many."""
    pages: int = 0
    """Pages read so far."""
    doubles: list[tuple[str, int, str, str]] = field(default_factory=list)
    """(submission, id, words in Chinese, in English) of what turned out to be handed in twice."""

    @property
    def total(self) -> int:
        return len(self.groups)

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None where it is too early to tell."""
        if self.done < 2 or not self.began:
            return None
        return max(0.0, (self.beat - self.began) / self.done * (self.total - self.done))

    @property
    def dead(self) -> bool:
        """It was running and nothing has been heard of it."""
        return self.state == "running" and time.time() - self.beat > SILENT_SECONDS


def folder_of(database: Path) -> Path:
    return database.parent / "inbox"


def stage(database: Path, uploads: Sequence[tuple[str, BinaryIO]], now: str) -> Job:
    """Writes what was uploaded under safe names; the job, waiting to be started.

    A name with slashes (of an uploaded folder) keeps its folders; loose files that belong together
    are put into one. OSError where the disk is full.
    """
    id, papers = room(database, now)
    taken: set[str] = set()
    for name, stream in uploads:
        target = papers / free_name(safe_name(name), taken)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            stream.seek(0)
            shutil.copyfileobj(stream, out, 1 << 20)
    grouping.gather(papers)
    return waiting(database, Job(id, "waiting", now))


def room(database: Path, now: str) -> tuple[str, Path]:
    """A new upload's id and the folder its papers go into."""
    id = f"{now[:19].replace(':', '').replace('-', '')}-{uuid.uuid4().hex[:8]}"
    papers = folder_of(database) / id / "papers"
    papers.mkdir(parents=True, mode=0o700)
    return id, papers


def waiting(database: Path, job: Job) -> Job:
    """The job with its groups as they lie there now, written down."""
    from extractor.identity import content_of
    from extractor.readers.zips import own_room
    from extractor.storing.store import Store
    from extractor.submission.package import find_submissions

    folder = folder_of(database) / job.id
    papers = folder / "papers"
    with own_room() as room:
        found = find_submissions(_entries(papers), room)
        contents = [content_of(s) for s in found]
    with Store(database) as store:
        before = store.desk.same_content([c for c in contents if c])
    job = replace(
        job,
        groups=[(s.name, len(s.files)) for s in found],
        members=[[f.name for f in s.files[:MEMBERS]] for s in found],
        paths=[_shown(s.path, papers) if Path(s.path).exists() else "" for s in found],
        known=[
            (s.name, *before[c]) for s, c in zip(found, contents, strict=True) if c in before
        ],
    )  # fmt: skip
    _write(folder, job)
    return job


def put_together(database: Path, id: str, groups: Sequence[int]) -> None:
    """Makes one submission of these groups (by their number) of a waiting upload."""
    job = _read(folder_of(database) / id)
    if job is None or job.state != "waiting":
        return
    papers = folder_of(database) / id / "papers"
    chosen = [papers / job.paths[n] for n in groups if n < len(job.paths) and job.paths[n]]
    grouping.together(papers, chosen)
    waiting(database, job)


def take_apart(database: Path, id: str, groups: Sequence[int]) -> None:
    """Makes each file of these groups a submission of its own."""
    job = _read(folder_of(database) / id)
    if job is None or job.state != "waiting":
        return
    papers = folder_of(database) / id / "papers"
    for n in groups:
        if n < len(job.paths) and job.paths[n]:
            grouping.apart(papers, papers / job.paths[n])
    waiting(database, job)


# ------------------------------------------------------------------ all of them


def jobs(database: Path) -> list[Job]:
    """The uploads that are known, the newest first."""
    folder = folder_of(database)
    if not folder.is_dir():
        return []
    found: list[Job] = []
    for name in sorted(os.listdir(folder), reverse=True):  # they begin with the time
        if len(found) == KEPT:
            break
        if (job := _read_again(folder / name)) is not None:
            found.append(job)
    return found


_last: dict[Path, tuple[int, Job]] = {}
"""Each job.json as it was last read: every screen asks for it with every key pressed."""


def _read_again(folder: Path) -> Job | None:
    try:
        written = (folder / "job.json").stat().st_mtime_ns
    except OSError:
        return None
    known = _last.get(folder)
    if known is None or known[0] != written:
        job = _read(folder)
        if job is None:
            return None
        known = _last[folder] = (written, job)
    return known[1]


def start(database: Path, id: str, programme: str | None, on: str) -> None:
    """Begins (or begins again) the work on an upload in a process of its own."""
    folder = folder_of(database) / id
    job = _read(folder)
    if job is None or (job.state == "running" and not job.dead) or job.state == "done":
        return
    job = replace(
        job, state="running", programme=programme, on=on, beat=time.time(), began=time.time(),
        done=0, pages=0, now="", page=(0, 0), results=[], failed=[], doubles=[], why="",
    )  # fmt: skip
    _write(folder, job)
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    subprocess.Popen(
        [sys.executable, "-m", "review_ui.inbox", str(database.absolute()), id],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("HECHA_DEBUG") == "1" else subprocess.DEVNULL,
        start_new_session=True,
    )


def discard(database: Path, id: str) -> None:
    """Forgets an upload that is not being worked on. What was stored of it stays."""
    job = _read(folder_of(database) / id)
    if job is not None and (job.state != "running" or job.dead):
        shutil.rmtree(folder_of(database) / job.id, ignore_errors=True)


def safe_name(name: str) -> str:
    """A relative path of harmless parts: readable as before, and never leading out.

    >>> safe_name("../a<b>.docx"), safe_name("C:\\\\x\\\\con.pdf"), safe_name("申报/表.docx")
    ('a_b_.docx', 'C_/x/_con.pdf', '申报/表.docx')
    """
    parts = []
    for part in name.replace("\\", "/").split("/"):
        clean = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in part)
        clean = clean.strip().rstrip(". ")
        if clean.strip("."):
            stem, ending = os.path.splitext(clean)
            while len((stem + ending).encode()) > 180 and stem:
                stem = stem[:-1]
            clean = stem + ending[:20]
            parts.append(f"_{clean}" if _RESERVED.match(clean) else clean)
    return "/".join(parts[-12:]) or "_"


def free_name(name: str, taken: set[str]) -> str:
    stem, ending = os.path.splitext(name)
    unique, n = name, 1
    while unique.lower() in taken:
        n += 1
        unique = f"{stem} ({n}){ending}"
    taken.add(unique.lower())
    return unique


def _entries(papers: Path) -> list[Path]:
    return sorted(papers.iterdir(), key=lambda p: p.name)


def _write(folder: Path, job: Job) -> None:
    new = folder / f"job.{os.getpid()}.new"
    new.write_text(json.dumps(asdict(job), ensure_ascii=False), encoding="utf-8")
    os.replace(new, folder / "job.json")


def _read(folder: Path) -> Job | None:
    try:
        data: dict[str, Any] = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        known = {f.name for f in fields(Job)}
        job = Job(**{k: v for k, v in data.items() if k in known})
        return replace(
            job,
            groups=[(str(n), int(c)) for n, c in job.groups],
            results=[(str(n), int(i)) for n, i in job.results],
            members=[[str(f) for f in m] for m in job.members],
            known=[(str(g), str(n), int(i)) for g, n, i in job.known],
            page=(int(job.page[0]), int(job.page[1])),
            doubles=[(str(n), int(i), str(zh), str(en)) for n, i, zh, en in job.doubles],
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None


# ------------------------------------------------------------------ the process that works


def work(database: Path, id: str) -> None:
    """Reviews and stores every submission of an upload, job.json telling how far it is."""
    from extractor.batch import compare
    from extractor.identity import made_by
    from extractor.pipeline import Options, review_all
    from extractor.readers.reading import Scanning
    from extractor.readers.zips import own_room
    from extractor.storing.migrations import StoreError
    from extractor.storing.store import KeptEarlier, Store, pages_folder
    from extractor.submission.package import find_submissions
    from review_ui.arguments import tool_version

    folder = folder_of(database) / id
    job = _read(folder)
    if job is None:
        return
    papers = folder / "papers"
    try:
        with own_room() as room:
            found = find_submissions(_entries(papers), room / "zips")
            # people know the upload's own folders, not where it lies here
            shown = [replace(s, path=_shown(s.path, papers)) for s in found]
            processors = max(1, min(4, (os.cpu_count() or 2) - 1))
            scanning = Scanning(cache=pages_folder(database))
            options = Options(job.programme, job.on, scanning=scanning)
            reading: dict[str, Any] = {"now": "", "page": (0, 0)}
            tool, asked = made_by(tool_version()), json.dumps([job.programme, job.on])
            shown, before = _begun(database, shown, tool, asked)
            job = replace(job, done=len(before), results=before)

            def heard(index: int, name: str, done: int, of: int) -> None:
                reading.update(now=f"{shown[index].name}: {name}" if name else "", page=(done, of))

            for item in review_all(shown, options, room, processors, watch=heard):
                if item is not None:
                    index, result = item
                    try:
                        with Store(database) as store:  # closed while workers are forked
                            stored = store.save_result(result, id, tool, asked)
                        job.results.append((result.submission, stored))
                    except KeptEarlier as kept:
                        job.results.append((result.submission, kept.submission))
                    except StoreError:
                        job.failed.append(result.submission)
                    if not result.processed and result.submission not in job.failed:
                        job.failed.append(result.submission)
                    read = sum(f.pages or 1 for f in result.files if f.read)
                    job = replace(job, done=job.done + 1, pages=job.pages + read)
                    shutil.rmtree(room / f"{index:05d}", ignore_errors=True)
                if item is not None or time.time() - job.beat > 1:
                    job = replace(job, beat=time.time(), **reading)
                    _write(folder, job)
            with Store(database) as store:
                compare(store, [stored for _, stored in job.results])
                job = replace(job, doubles=_doubles(store, job))
        job = replace(job, state="done")
        shutil.rmtree(papers, ignore_errors=True)  # the store has them by content now
    except Exception as error:
        message = getattr(error, "message", None)
        why = str(message) if message is not None else f"{type(error).__name__}: {error}"
        job = replace(job, state="failed", why=why)
    _write(folder, replace(job, beat=time.time()))


def _begun(
    database: Path, found: Sequence[Submission], tool: str, asked: str
) -> tuple[list[Submission], list[tuple[str, int]]]:
    """What is still to do of an upload, and (name, id) of what was stored of it before the work
    was broken off."""
    from extractor.identity import content_of
    from extractor.storing.store import Store

    todo, done = [], []
    with Store(database) as store:
        for s in found:
            id = None
            if store.find(s.name) and (content := content_of(s)):
                id = store.unchanged(s.location, s.name, content, tool, asked)
            if id is None:
                todo.append(s)
            else:
                done.append((s.name, id))
    return todo, done


def _doubles(store: Store, job: Job) -> list[tuple[str, int, str, str]]:
    names = {id: name for name, id in job.results}
    found = store.desk.findings("duplicate.submission")
    return [(names[id], id, f.message.zh, f.message.en) for id, f in found if id in names]


def _shown(path: str, papers: Path) -> str:
    try:
        return Path(path).relative_to(papers).as_posix()
    except ValueError:
        return path


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
