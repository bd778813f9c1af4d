"""A task may crash, hang or eat memory: it costs itself and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from extractor import pipeline
from extractor.pipeline import Options, review_all
from extractor.readers.zips import SourceFile, own_room
from extractor.submission.package import Submission
from extractor.workers import Done, Step, Task, WorkLimits, run
from models.types import Application, Document, Paragraph, Problem
from models.wording import Bilingual

QUICK = WorkLimits(step_seconds=3.0, task_seconds=15.0, memory=400 << 20)


def work(what: str, step: Step) -> str:
    step(what)
    match what:
        case "exit":
            os._exit(9)
        case "hang":
            while True:
                pass
        case "sleep":
            time.sleep(60)
        case "memory":
            hoard = []
            while True:
                hoard.append(bytearray(20 << 20))
                time.sleep(0.01)
        case "raise":
            raise ValueError("bad")
        case "noise":
            print("noise on stdout")
            print("noise on stderr", file=sys.stderr)
            os.write(1, b"noise on 1\n")
            os.write(2, b"noise on 2\n")
        case "lambda":
            return lambda: None  # type: ignore[return-value]
        case "steps":
            for i in range(4):
                step(f"step {i}")
                time.sleep(1.0)
    return what.upper()


def outcomes(whats: list[str], jobs: int = 2) -> dict[str, Done]:
    tasks = [Task(work, (w,), w) for w in whats]
    return {d.task.tag: d for d in run(tasks, jobs, QUICK) if d is not None}


@pytest.mark.parametrize(
    ("what", "failure"),
    [
        ("exit", "crashed"),
        ("hang", "timeout"),
        ("sleep", "timeout"),
        ("memory", "memory"),
        ("raise", "crashed"),
        ("lambda", "crashed"),
    ],
)
def test_a_bad_task_costs_only_itself(what: str, failure: str) -> None:
    done = outcomes(["a", what, "b", "c"])
    assert {k: d.failure for k, d in done.items()} == {
        "a": None, what: failure, "b": None, "c": None,
    }  # fmt: skip
    assert done[what].step == what
    assert [done[k].result for k in "abc"] == ["A", "B", "C"]


def test_the_clock_of_a_step_starts_anew() -> None:
    assert outcomes(["steps"])["steps"].result == "STEPS"


def test_workers_are_used_again() -> None:
    tasks = [Task(pid, ()) for _ in range(6)]
    pids = {d.result for d in run(tasks, 2) if d is not None}
    assert 1 <= len(pids) <= 2 and os.getpid() not in pids


def pid(step: Step) -> int:
    return os.getpid()


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert outcomes(["noise"])["noise"].failure is None
    assert capfd.readouterr() == ("", "")


def test_a_retry_takes_the_place_of_a_failure() -> None:
    def retry(done: Done) -> Task | None:
        return Task(work, ("second",), "retried")

    done = [d for d in run([Task(work, ("exit",))], 1, QUICK, retry) if d is not None]
    assert [d.result for d in done] == ["SECOND"]


def test_stopping_early_leaves_no_process() -> None:
    import psutil

    before = {c.pid for c in psutil.Process().children()}
    iterator = run([Task(work, ("sleep",)) for _ in range(3)], 2)
    assert next(iterator) is None
    begun = {c.pid for c in psutil.Process().children()} - before
    assert len(begun) == 2
    iterator.close()  # type: ignore[attr-defined]
    assert not [p for p in begun if psutil.pid_exists(p)]


def test_tasks_are_taken_when_a_worker_is_free() -> None:
    taken: list[int] = []

    def tasks():  # type: ignore[no-untyped-def]
        for i in range(10):
            taken.append(i)
            yield Task(work, ("x",), i)

    for d in run(tasks(), 1, QUICK):
        if d is not None:
            assert len(taken) <= d.task.tag + 2


def test_spawned_workers_do_not_run_the_parents_script(tmp_path: Path) -> None:
    """As on Windows, and under Streamlit, whose script has no main guard."""
    script = tmp_path / "script.py"
    script.write_text(
        """
import threading, time
print("script")
threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
from pathlib import Path
from extractor import workers
from extractor.pipeline import read_all
assert workers._method() == "spawn"
[document] = read_all([(Path(__file__), "x.py")])
print(document.kind, [p.rule for p in document.problems])
""",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[1])
    said = subprocess.run(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": root},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert said.stdout == "script\ntext []\n", said.stderr


def pages(name: str, step: Step) -> str:
    for n in range(1, 4):
        step(name, n, 3)
    if name == "bad":
        os._exit(9)
    return name


def test_pages_are_told_and_the_file_is_blamed() -> None:
    heard: list[tuple[str, int, int]] = []

    def watch(task: Task, name: str, done: int, of: int) -> None:
        heard.append((name, done, of))

    tasks = [Task(pages, ("good",)), Task(pages, ("bad",))]
    done = [d for d in run(tasks, 1, QUICK, watch=watch) if d is not None]
    assert [(d.failure, d.step) for d in done] == [(None, "good"), ("crashed", "bad")]
    assert heard == [(name, n, 3) for name in ("good", "bad") for n in (1, 2, 3)]


# ------------------------------------------------------------------ submissions in workers


def reader(path: Path, name: str, ocr: str = "auto", sparing: bool = False) -> Document:
    if "exit" in name:
        os._exit(9)
    if "hang" in name:
        time.sleep(60)
    return Document(name, "text", (Paragraph("x"),), sha256="0" * 64)


def submission(tmp_path: Path, name: str, *files: str) -> Submission:
    sources = []
    for f in files:
        (tmp_path / f).write_bytes(b"x")
        sources.append(SourceFile(f, tmp_path / f))
    return Submission(name, name, str(tmp_path / name), tuple(sources))


def test_a_file_that_kills_its_worker_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "read_file", reader)
    monkeypatch.setattr(pipeline, "_recognise", lambda submission, documents: None)
    batch = [
        submission(tmp_path, "good", "a.txt"),
        submission(tmp_path, "partly", "exit.txt", "b.txt", "hang.txt"),
        submission(tmp_path, "bad", "exit2.txt"),
    ]
    options = Options(on="2024-01-01")
    results = dict(r for r in review_all(batch, options, tmp_path, 2, QUICK) if r is not None)
    assert [results[i].processed for i in range(3)] == [True, True, False]
    broken = [(f.rule, f.evidences[0].file) for f in results[1].findings if f.evidences]
    assert broken == [("file.unreadable", "exit.txt"), ("file.unreadable", "hang.txt")]
    assert [f.read for f in results[1].files] == [False, True, False]


def test_a_break_after_reading_costs_the_submission_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "read_file", reader)
    monkeypatch.setattr(pipeline, "_recognise", lambda submission, documents: os._exit(3))
    batch = [submission(tmp_path, "x", "a.txt")]
    [(_, result)] = [
        r for r in review_all(batch, Options(on="2024-01-01"), tmp_path, 1, QUICK) if r is not None
    ]
    assert [f.rule for f in result.findings] == ["file.unreadable"]
    assert not result.processed and result.files[0].name == "a.txt"


def test_what_is_wrong_with_an_attachment_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photograph is worth knowing, a broken file worth asking; the form's own is an error."""

    def reads(path: Path, name: str, ocr: str = "auto", sparing: bool = False) -> Document:
        rule = {"a": "file.unsupported", "b": "file.damaged"}.get(name[0])
        wrong = (Problem(rule, Bilingual("", ""), "error"),) if rule else ()
        return Document(name, "pdf", () if rule else (Paragraph("x"),), wrong)

    monkeypatch.setattr(pipeline, "read_file", reads)
    monkeypatch.setattr(
        pipeline,
        "find_application",
        lambda programme, documents, step: (
            Application(form="weifang-2021"),
            frozenset({"form.pdf"}),
        ),
    )
    made = submission(tmp_path, "x", "form.pdf", "a.jpg", "b.pdf")
    result = pipeline.review_submission(made, Options("weifang-2021", "2024-01-01"), tmp_path)
    told = {f.rule: f.severity for f in result.findings if f.rule.startswith("file.")}
    assert told == {"file.unsupported": "notice", "file.damaged": "warning"}


def test_a_file_that_cannot_be_read_costs_one_finding(tmp_path: Path) -> None:
    made = submission(tmp_path, "x", "a.docx")
    (tmp_path / "a.docx").write_bytes(bytes(range(256)))
    result = pipeline.review_submission(made, Options(on="2024-01-01"), tmp_path)
    assert [f.rule for f in result.findings if f.severity == "error"] == ["file.unsupported"]
    assert not result.processed and result.programme is None


def test_what_the_parent_holds_is_not_the_workers_memory():
    """Workers are forked: the parent's pages are theirs too, but not what their task took."""
    held = bytearray(QUICK.memory + (100 << 20))
    held[:: 1 << 12] = b"x" * len(held[:: 1 << 12])
    done = outcomes(["a", "b"])
    assert {k: d.failure for k, d in done.items()} == {"a": None, "b": None}
    del held


def test_the_room_of_a_killed_worker_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    [done] = [d for d in run([Task(in_a_room, ())], 1, QUICK) if d is not None]
    assert done.failure == "timeout"
    assert list(tmp_path.iterdir()) == []


def in_a_room(step: Step) -> None:
    with own_room() as room:
        (room / "profile").mkdir()
        time.sleep(60)
