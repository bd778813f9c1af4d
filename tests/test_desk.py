"""Who is where, who took what, and what the queue counts."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from extractor.output import Result
from extractor.storing import desk as desks
from extractor.storing.desk import Desk
from extractor.storing.migrations import StoreError
from extractor.storing.records import Conflict
from extractor.storing.store import Store
from models.types import Answer, Application, Evidence, Finding
from models.wording import Bilingual

ROOT = Path(__file__).parents[1]


def result(name: str = "甲", *rules: str) -> Result:
    found = tuple(
        Finding(rule, "error", ("area",), Bilingual(rule, rule), actual=rule) for rule in rules
    )
    answer = Answer("area", None, "given", None, "98.60", 1.0, False, Evidence("a.pdf", 1))
    return Result(
        submission=name, path=name, location=name, programme="weifang-2021", on="2022-09-01",
        application=Application("weifang-2021", (answer,)), checks=(), findings=found,
        processed=True,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "hecha.db") as opened:
        opened.save_result(result("甲", "criterion.area-limit", "blank.required"))
        opened.save_result(result("乙", "blank.required"))
        yield opened


def test_others_are_seen_while_they_are_here(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    desk, now = store.desk, [1000.0]
    monkeypatch.setattr(desks.time, "time", lambda: now[0])
    desk.here(1, "one", "甲")
    desk.here(1, "two", "乙")
    assert (desk.others(1, "one"), desk.others(1, "two")) == (["乙"], ["甲"])
    desk.here(2, "two", "乙")  # the same tab has gone on to another submission
    assert desk.others(1, "one") == [] and desk.everywhere() == {1: ["甲"], 2: ["乙"]}
    now[0] += desks.HERE_SECONDS + 1
    assert desk.others(2, "one") == [] and desk.everywhere() == {}
    desk.here(999, "one", "甲")  # no such submission: nothing is kept
    assert desk.everywhere() == {}


Step = tuple[str, str, str]


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ([("take", "甲", "")], ("take", "甲")),
        ([("take", "甲", ""), ("hand", "甲", "乙")], ("hand", "乙")),
        ([("take", "甲", ""), ("second", "甲", ""), ("take", "乙", "")], ("take", "乙")),
        ([("take", "甲", ""), ("second", "甲", ""), ("take", "甲", "")], None),
        ([("take", "甲", ""), ("second", "甲", ""), ("done", "甲", "")], None),
        ([("take", "甲", ""), ("second", "甲", ""), ("done", "乙", "")], ("done", "乙")),
        ([("take", "甲", ""), ("release", "甲", ""), ("take", "甲", "")], ("take", "甲")),
    ],
)
def test_the_way_over_the_desks(
    store: Store, steps: list[Step], last: tuple[str, str] | None
) -> None:
    desk: Desk = store.desk
    seen = None
    try:
        for what, by, who in steps:
            seen = desk.assign(1, what, by, who, seen=seen)  # type: ignore[arg-type]
    except StoreError:
        assert last is None
    else:
        step = desk.assignments()[1]
        assert last == (step.what, step.who)


def test_the_second_to_take_it_is_told(store: Store) -> None:
    store.desk.assign(1, "take", "甲")
    with pytest.raises(StoreError):
        store.desk.assign(1, "take", "乙")
    assert store.desk.assignments()[1].who == "甲"


def test_the_second_to_correct_is_told(store: Store) -> None:
    def no_check(*_: Any) -> Any:
        return (), (), ""

    store.add_correction(1, "area", None, "98.70", "甲", "看错", no_check, seen=None)
    with pytest.raises(Conflict):
        store.add_correction(1, "area", None, "98.80", "乙", "看错", no_check, seen=None)
    made = store.load_submission(1).corrections
    assert [(c.after, c.who) for c in made] == [("98.70", "甲")]
    store.add_correction(1, "area", None, "98.80", "乙", "看错", no_check, seen=made[-1].id)


def test_what_the_queue_counts_is_what_stands(store: Store) -> None:
    def states(id: int) -> dict[tuple[str, str], int]:
        return {(t.family, t.state): t.count for t in store.desk.standings()[id]}

    before = store.desk.stamp(), store.desk.stamp(2)
    assert states(1) == {("criterion", "open"): 1, ("blank", "open"): 1}
    r = store.load_submission(1).findings[0]
    store.add_decision(1, r.key, "dismiss", "甲", r.fingerprint, "因")
    store.add_decision(1, r.key, "note", "甲", r.fingerprint, "又", seen=1)
    assert states(1) == {("criterion", "dismiss"): 1, ("blank", "open"): 1}
    assert (store.desk.stamp() != before[0], store.desk.stamp(2) == before[1]) == (True, True)
    store.save_result(result("甲", "criterion.area-limit"))  # the same papers, read again
    assert states(1) == {("criterion", "dismiss"): 1}
    assert store.desk.by_rule({1, 2})[0]["rule"] == "blank.required"
    assert store.desk.by_person({1})[0]["decisions"] == 2


def test_steps_are_only_added_to(store: Store) -> None:
    store.desk.assign(1, "take", "甲")
    for statement in ("DELETE FROM assignments", "UPDATE assignments SET who = '乙'"):
        with pytest.raises(Exception, match="only added to"):
            store._db.execute(statement)


# ------------------------------------------------------------------ kill -9 at any moment

WRITER = """
import sys
from pathlib import Path
from extractor.storing.store import Store
from tests.test_store import recheck, result
database, room, n = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with Store(database) as store:
    while True:
        n += 1
        papers = {"a.docx": b"%d a" % n * 900, "b.pdf": b"%d b" % n * 900}
        made = result(papers, room, f"3{n % 10}.{n // 10:02}", name=f"\u96c6\u7fa4{n % 2}")
        id = store.save_result(made, "batch")
        print("saved", n, flush=True)
        r = store.load_submission(id).findings[0]
        seen = r.decision.id if r.decision else None
        store.add_decision(id, r.key, "confirm", "reviewer", r.fingerprint, f"d{n}", seen)
        print("decided", n, flush=True)
        store.add_correction(
            id, "total_output", "2021", "39.99", "reviewer", f"c{n}", recheck=recheck)
        print("corrected", n, flush=True)
        last = store.desk.assignments().get(id)
        store.desk.assign(id, "take", "reviewer", note=f"t{n}", seen=last.id if last else None)
        print("taken", n, flush=True)
"""


def killed(database: Path, room: Path, start: int, acts: int, wait: float) -> set[tuple[str, int]]:
    """Lets a process write for some acts and a moment, kills it hard; the acts it had told of."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(database), str(room), str(start)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    told = [writer.stdout.readline() for _ in range(acts)]
    with suppress(subprocess.TimeoutExpired):
        writer.wait(wait)
    writer.kill()
    told += writer.stdout.readlines()
    assert writer.wait() == -signal.SIGKILL
    return {(what, int(n)) for what, n in (t.split() for t in told if t.endswith("\n"))}


def whole(store: Store) -> None:
    """Each submission is of one pair of papers: figures, finding and files of the same number."""
    assert store._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert store._db.execute("PRAGMA foreign_key_check").fetchall() == []
    for summary in store.list_submissions():
        stored = store.load_submission(summary.id)
        read = [store.file_bytes(f.sha256).split()[0] for f in stored.result.files]
        assert len(read) == 2 and read[0] == read[1], read
        n = int(read[0])
        raw = f"3{n % 10}.{n // 10:02}"
        assert stored.result.application is not None
        answers = [a.raw for a in stored.result.application.answers]
        corrected = any(c.applied for c in stored.corrections)
        assert answers == ["39.99" if corrected else raw, "50"]
        (finding,) = stored.findings
        assert finding.finding.actual == f"{answers[0]} 亿元"
        assert corrected or len(stored.result.checks) == 2


def test_kill_9_loses_nothing_that_was_told_and_leaves_nothing_half(tmp_path: Path) -> None:
    database, at = tmp_path / "db" / "hecha.db", random.Random(20)
    told: set[tuple[str, int]] = set()
    for _ in range(10):
        begun = max((n for _, n in told), default=0)
        told |= killed(database, tmp_path, begun + 10, at.randrange(1, 9), at.random() / 50)
        with Store(database) as store:
            whole(store)
            asked = {
                "decided": ("note", "decisions", "d"), "corrected": ("why", "corrections", "c"),
                "taken": ("note", "assignments", "t"),
            }  # fmt: skip
            for what, (column, table, letter) in asked.items():
                kept = {r[0] for r in store._db.execute(f"SELECT {column} FROM {table}")}
                assert {f"{letter}{n}" for act, n in told if act == what} <= kept
    assert {act for act, _ in told} == {"saved", "decided", "corrected", "taken"}
