"""kill -9 at any moment: no decision is lost, no submission is stored by halves, and the same call
takes up where it was.

    pytest -m hard_stops tests/test_hard_stops.py --kills 100

kills a hundred times; a handful of kills is part of every run.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from extractor.output import submission_json
from extractor.pipeline import Options, review_submission
from extractor.storing.store import Store
from extractor.submission.package import find_submissions
from review_ui import inbox

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / "samples/applications").glob("*/*.docx"))[:4]
ON = "2024-04-20"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX systems")

DECIDING = """
import random, sys, time
from extractor.storing.store import Conflict, Store
rng = random.Random(sys.argv[2])
with Store(sys.argv[1]) as store:
    while True:
        for s in store.list_submissions():
            findings = store.load_submission(s.id).findings
            for f in rng.sample(findings, min(2, len(findings))):
                seen = f.decision.id if f.decision else None
                try:
                    id = store.add_decision(s.id, f.key, rng.choice(("confirm", "ask")), "甲",
                                            f.fingerprint, "", seen)
                    print(id, flush=True)
                except (Conflict, KeyError):  # reviewed again meanwhile
                    pass
        time.sleep(0.02)
"""
"""What the screen does: decisions about what is stored, each told once it is committed."""


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:  # type: ignore[type-arg]
    """What each submission comes to where nobody disturbs it."""
    folder = batch(tmp_path_factory.mktemp("truth"))
    room = tmp_path_factory.mktemp("room")
    options = Options(on=ON, ocr="off")
    return {
        s.name: told(submission_json(review_submission(s, options, room)))
        for s in find_submissions([folder], room)
    }


def told(made: dict) -> dict:  # type: ignore[type-arg]
    """A result without what depends on the place and on the others of its batch."""
    findings = [
        f for f in made["findings"]
        if not f["rule"].startswith(("duplicate", "similarity", "quota"))
    ]  # fmt: skip
    return {**made, "path": "", "findings": findings}


def batch(folder: Path) -> Path:
    for n, form in enumerate(FORMS):
        target = folder / "in" / f"{n}号" / "申请表.docx"
        target.parent.mkdir(parents=True)
        shutil.copy(form, target)
    return folder / "in"


def started(*command: str, home: Path, heard: bool = False) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HECHA_HOME": str(home), "HECHA_LANG": "en"}
    return subprocess.Popen(
        [sys.executable, *command], env=env, text=True, start_new_session=True,
        stdout=subprocess.PIPE if heard else subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def workers_of(pid: int) -> list[int]:
    with contextlib.suppress(psutil.Error):
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    return []


# ------------------------------------------------------------------ what must hold at any time


def whole(database: Path, truth: dict[str, dict], told_ids: set[int]) -> int:  # type: ignore[type-arg]
    """Checks the database as it lies there; how many submissions it holds."""
    if not database.exists():
        assert not told_ids
        return 0
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    with Store(database) as store:
        stored = store.list_submissions()
        assert len({s.name for s in stored}) == len(stored)
        for s in stored:
            loaded = store.load_submission(s.id)
            assert told(submission_json(loaded.result)) == truth[s.name]
            for file in loaded.result.files:
                assert store.file_path(file.sha256).stat().st_size == file.size
        made = {r["id"] for r in store._db.query("SELECT id FROM decisions")}
        assert told_ids <= made  # none that was told as made is lost
    return len(stored)


class Office:
    """A batch in progress, somebody who decides beside it, and somebody who pulls the plug."""

    def __init__(self, folder: Path, truth: dict[str, dict], seed: int) -> None:  # type: ignore[type-arg]
        self.folder, self.truth = folder, truth
        self.rng = random.Random(seed)
        self.home = folder / "home"
        self.database = self.home / "hecha.db"
        self.papers = batch(folder)
        self.decided: set[int] = set()
        self.kills: Counter[str] = Counter()

    @contextlib.contextmanager
    def deciding(self) -> Iterator[subprocess.Popen[str]]:
        if not self.database.exists():
            Store(self.database).close()
        one = started("-c", DECIDING, str(self.database), str(self.rng.random()), home=self.home,
                      heard=True)  # fmt: skip
        try:
            yield one
        finally:
            kill(one.pid)
            out, _ = one.communicate()
            # a line that was cut off was not told
            self.decided |= {int(line) for line in out.split("\n")[:-1] if line}

    def review(self, heard: bool = False) -> subprocess.Popen[str]:
        return started(
            "-m", "review_ui.cli", "review", str(self.papers), "--jobs", "2", "--ocr", "off",
            "--on", ON, "--json", home=self.home, heard=heard,
        )  # fmt: skip

    def upload(self) -> subprocess.Popen[str]:
        """The inbox's process, on an upload that is there or a new one."""
        waiting = [j for j in inbox.jobs(self.database) if j.state != "done"]
        if not waiting:
            uploads = [(f"{p.parent.name}/{p.name}", p.open("rb"))
                       for p in sorted(self.papers.rglob("*.docx"))]  # fmt: skip
            waiting = [inbox.stage(self.database, uploads, "2024-05-06T07:08:09+08:00")]
            for _, stream in uploads:
                stream.close()
        folder = inbox.folder_of(self.database) / waiting[0].id
        job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        job |= {"state": "running", "on": ON, "beat": 0.0}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        return started("-m", "review_ui.inbox", str(self.database), waiting[0].id, home=self.home)

    def stored(self) -> int:
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as db:
            return int(db.execute("SELECT count(*) FROM runs").fetchone()[0])

    def pull(self, whom: str) -> None:
        """One kill at a random moment of a run."""
        begin: Callable[[], subprocess.Popen[str]]
        begin = self.upload if whom.startswith("inbox") else self.review
        with self.deciding() as clerk:
            running = begin()
            before, more = self.stored(), self.rng.randrange(4)
            while self.stored() < before + more and running.poll() is None:
                time.sleep(0.02)
            until = time.monotonic() + self.rng.uniform(0, 2)
            while time.monotonic() < until and running.poll() is None:
                time.sleep(0.01)
            workers = workers_of(running.pid)
            if whom == "screen":
                kill(clerk.pid)
            elif whom.endswith("worker"):
                if workers:
                    kill(self.rng.choice(workers))
            else:
                kill(running.pid)
            alive = running.poll() is None and not whom.endswith(("parent", "inbox"))
            if alive and self.rng.random() < 0.5:  # it goes on without the one that was killed
                running.wait(120)
            else:
                kill(running.pid)
                running.wait(10)
            running.communicate()
        self.kills[whom] += 1
        gone = time.monotonic() + 10
        while time.monotonic() < gone and any(map(psutil.pid_exists, workers)):
            time.sleep(0.02)
        assert not any(map(psutil.pid_exists, workers)), "a worker outlived its parent"

    def finish(self) -> int:
        """The same call once more, to the end; how many it took over from before."""
        there = whole(self.database, self.truth, self.decided)
        done = self.review(heard=True)
        out, _ = done.communicate(timeout=200)
        assert done.returncode == 0
        assert {json.loads(line)["submission"] for line in out.splitlines()} == set(self.truth)
        whole(self.database, self.truth, self.decided)
        return there


VICTIMS = ("parent", "worker", "screen")


def test_a_few_kills(tmp_path: Path, truth) -> None:  # type: ignore[no-untyped-def]
    office = Office(tmp_path, truth, seed=1)
    for whom in VICTIMS:
        office.pull(whom)
        whole(office.database, truth, office.decided)
    office.finish()


def test_an_upload_whose_process_is_killed_goes_on(tmp_path: Path, truth) -> None:  # type: ignore[no-untyped-def]
    office = Office(tmp_path, truth, seed=2)
    office.pull("inbox")
    before = whole(office.database, truth, office.decided)
    running = office.upload()
    assert running.wait(120) == 0
    running.communicate()
    [job] = inbox.jobs(office.database)
    assert (job.state, job.done, job.failed, len(job.results)) == (
        "done",
        len(FORMS),
        [],
        len(FORMS),
    )
    assert whole(office.database, truth, office.decided) == len(truth) >= before


@pytest.mark.hard_stops
@pytest.mark.timeout(0)
def test_many_kills(tmp_path: Path, truth, pytestconfig, capsys) -> None:  # type: ignore[no-untyped-def]
    wanted = pytestconfig.getoption("--kills")
    kills: Counter[str] = Counter()
    kept = decided = rounds = 0
    rng = random.Random(time.time())
    while sum(kills.values()) < wanted:
        rounds += 1
        uploading = rng.random() < 0.4
        victims = ("inbox", "inbox worker", "screen") if uploading else VICTIMS
        office = Office(tmp_path / str(rounds), truth, seed=rng.randrange(10**9))
        for _ in range(rng.randint(1, 6)):
            office.pull(rng.choice(victims))
            whole(office.database, truth, office.decided)
        if not uploading:
            kept += office.finish()
        decided += len(office.decided)
        kills += office.kills
        shutil.rmtree(office.folder)
        with capsys.disabled():
            print(f"\n{sum(kills.values())} kills {dict(kills)}, {decided} decisions, {kept} kept")
