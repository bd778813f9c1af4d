"""The database: runs, decisions that stay, corrections, many writers."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.output import FileRecord, Result
from extractor.storing import migrations
from extractor.storing.plain import from_plain, to_plain
from extractor.storing.store import Conflict, KeptEarlier, Store, StoreError, default_path
from models.types import (
    Alteration,
    Answer,
    Application,
    Check,
    Citation,
    Evidence,
    Finding,
    NarrativeAnswer,
    Option,
    Problem,
    Quantity,
    TickAnswer,
)
from models.wording import Bilingual

ROOT = Path(__file__).parents[1]
WORDS = Bilingual(zh="话", en="words")
WHERE = Evidence("申报表.docx", None, None, "表3 行2 列2", "38.20")


def figure(raw: str, field: str = "total_output", period: str | None = "2021") -> Answer:
    value = Decimal(raw)
    quantity = Quantity(value, value - Decimal("0.005"), value + Decimal("0.005"), "亿元")
    evidence = replace(WHERE, raw=raw)
    return Answer(field, period, "given", value, raw, 0.99, False, evidence, "亿元", quantity, None)


def application(raw: str = "38.20") -> Application:
    return Application(
        form="shandong-2024",
        answers=(figure(raw), replace(figure("50"), period="2022", needs_look=True)),
        ticks=(
            TickAnswer(
                "violations",
                "given",
                (Option("是", True, 0.9, WHERE), Option("否", False, 0.9, WHERE)),
                True,
                WHERE,
                WORDS,
            ),
        ),
        narratives=(NarrativeAnswer("plan", "given", "规划", 2, 2, 3000, WHERE),),
        alterations=(Alteration("missing", "某行", field="smes"),),
        problems=(("a.docx", Problem("file.comments", WORDS)),),
    )


def finding(raw: str = "38.20", **changes: object) -> Finding:
    told = Finding(
        rule="criterion.output-floor",
        severity="error",
        fields=("total_output@2021",),
        message=WORDS,
        expected="≥ 40 亿元",
        actual=f"{raw} 亿元",
        citation=Citation("办法", "第四条", "不低于40亿元"),
        evidences=(replace(WHERE, raw=raw),),
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def result(
    files: dict[str, bytes], tmp_path: Path, raw: str = "38.20", name: str = "甲", **changes: object
) -> Result:
    records = []
    for file, data in files.items():
        path = tmp_path / f"{hashlib.sha256(data).hexdigest()[:8]}-{file}"
        path.write_bytes(data)
        records.append(
            FileRecord(
                file, hashlib.sha256(data).hexdigest(), "application_form", "docx", None, 0,
                len(data), True, path,
            )
        )  # fmt: skip
    made = Result(
        submission=name,
        path=f"in/{name}",
        location=f"/in/{name}",
        programme="shandong-2024",
        on="2024-04-20",
        files=tuple(records),
        application=application(raw),
        checks=(
            Check("criterion.output-floor", ("total_output@2021",), "not_met"),
            Check("criterion.area-limit", ("area",), "unchecked", WORDS),
        ),
        findings=(finding(raw),),
        programme_version="v1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    ticks = itertools.count()
    with Store(
        tmp_path / "db" / "hecha.db", now=lambda: f"2024-01-01T00:00:{next(ticks):02}"
    ) as opened:
        yield opened


def recheck(programme, app, on):  # type: ignore[no-untyped-def]
    """A stand-in for the rules: output below 40 is a finding."""
    answer = app.answer("total_output", "2021")
    below = answer.value is not None and answer.value < 40
    return (), ((finding(answer.raw),) if below else ()), "v1"


# ------------------------------------------------------------------ what goes in comes out


def test_a_result_comes_back_whole(store: Store, tmp_path: Path) -> None:
    given_in = result({"申报表.docx": b"1"}, tmp_path)
    stored = store.load_submission(store.save_result(given_in, tool_version="0.1.0"))
    files = tuple(replace(f, path=None) for f in given_in.files)
    assert stored.result == replace(given_in, files=files)
    assert stored.as_read == given_in.application
    s = stored.summary
    assert (s.errors, s.warnings, s.notices, s.unchecked) == (1, 0, 0, 1)
    assert (s.checks_run, s.checks_total, s.needs_look, s.findings, s.decided) == (1, 2, 2, 1, 0)
    assert store.list_submissions() == [s]
    assert store.file_bytes(files[0].sha256) == b"1"
    assert store.file_path(files[0].sha256).parent.name == files[0].sha256[:2]


@pytest.mark.parametrize("sha", ["0" * 64, "../../../etc/passwd", ""])
def test_no_such_file(store: Store, sha: str) -> None:
    with pytest.raises(KeyError):
        store.file_bytes(sha)


@given(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(),
    st.one_of(st.none(), st.tuples(*[st.floats(0, 900)] * 4)),
)
def test_plain_loses_nothing(value: Decimal, text: str, bbox: tuple[float, ...] | None) -> None:
    quantity = Quantity(value, value, value, "%", True)
    evidence = Evidence(text, 3, bbox, text, text, "ocr")  # type: ignore[arg-type]
    answer = Answer("f", None, "given", value, text, 0.5, True, evidence, None, quantity, WORDS)
    again = from_plain(Answer, to_plain(answer))
    assert again == answer and str(again.value) == str(value)
    assert isinstance(again.why_look, Bilingual)


def test_plain_passes_over_what_it_does_not_know() -> None:
    assert from_plain(Evidence, {"file": "a", "newer": 1}) == Evidence("a")


# ------------------------------------------------------------------ which submission it is


def test_the_same_bytes_update(store: Store, tmp_path: Path) -> None:
    first = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    assert store.save_result(result({"a.docx": b"1"}, tmp_path), "b2") == first
    moved = replace(result({"b.docx": b"1"}, tmp_path), submission="乙", location="/else/乙")
    assert store.save_result(moved, "b3") == first
    assert [s.name for s in store.list_submissions()] == ["乙"]
    assert store._db.execute("SELECT count(*) FROM runs").fetchone()[0] == 1
    failed = replace(moved, processed=False, application=None, checks=(), findings=())
    with pytest.raises(KeptEarlier) as kept:  # a broken reader takes no good run away
        store.save_result(failed, "b4", insist=True)
    assert kept.value.submission == first
    assert store.load_submission(first).summary.processed


def test_a_run_that_reads_fewer_files_is_not_kept(store: Store, tmp_path: Path) -> None:
    both = result({"a.docx": b"1", "b.pdf": b"2"}, tmp_path)
    first = store.save_result(both, "b1")
    less = replace(both, files=(both.files[0], replace(both.files[1], read=False)))
    with pytest.raises(KeptEarlier):
        store.save_result(less, "b2")
    assert all(f.read for f in store.load_submission(first).result.files)
    assert store.save_result(less, "b3", insist=True) == first
    assert not all(f.read for f in store.load_submission(first).result.files)


def test_changed_bytes_at_the_same_place_are_a_new_run(store: Store, tmp_path: Path) -> None:
    first = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    again = store.save_result(result({"a.docx": b"2"}, tmp_path, "41.00"), "b2")
    assert again == first
    assert store.load_submission(first).result.application == application("41.00")
    runs = store._db.execute("SELECT count(*) FROM runs").fetchone()[0]
    assert runs == 2 and len(store.list_submissions()) == 1


def test_two_folders_with_the_same_papers_are_two(store: Store, tmp_path: Path) -> None:
    pair = [
        replace(result({"a.docx": b"1"}, tmp_path), submission=n, location=f"/in/{n}")
        for n in "甲乙"
    ]
    ids = [store.save_result(r, "b1") for r in pair]
    assert len(set(ids)) == 2
    assert [store.save_result(r, "b2") for r in pair] == ids
    elsewhere = [replace(r, location=f"/new{r.location}") for r in pair]
    assert [store.save_result(r, "b3") for r in elsewhere] == ids


def test_other_papers_elsewhere_are_another(store: Store, tmp_path: Path) -> None:
    a = store.save_result(result({"a.docx": b"1"}, tmp_path), "b")
    b = store.save_result(result({"a.docx": b"2"}, tmp_path, name="乙"), "b")
    assert a != b and store.find("乙") == [b] and store.find("丙") == []


def test_unreadable_ones_without_files_do_not_melt_together(store: Store, tmp_path: Path) -> None:
    ids = {
        store.save_result(result({}, tmp_path, name=n, processed=False), f"b{n}") for n in "甲乙"
    }
    assert len(ids) == 2


# ------------------------------------------------------------------ decisions


def decide(store: Store, id: int, verdict: str = "dismiss", **more: object) -> int:
    [f] = store.load_submission(id).findings
    return store.add_decision(
        id, f.key, verdict, "审核员", f.fingerprint, **more  # type: ignore[arg-type]
    )  # fmt: skip


def test_decisions_are_kept_over_runs_and_told_when_outdated(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    decide(store, id, note="已核实")
    store.save_result(result({"a.docx": b"1"}, tmp_path), "b2")
    [f] = store.load_submission(id).findings
    assert f.decision is not None and f.decision.note == "已核实" and not f.outdated
    assert store.list_submissions()[0].decided == 1
    store.save_result(result({"a.docx": b"2"}, tmp_path, "39.00"), "b3")
    [f] = store.load_submission(id).findings
    assert f.outdated and store.list_submissions()[0].decided == 0


@pytest.mark.parametrize(
    ("change", "outdated"),
    [
        ({}, False),
        ({"programme_version": "v2"}, True),
        ({"findings": (finding(message=Bilingual("新", "new")),)}, False),
        ({"findings": (finding(severity="warning"),)}, True),
        ({"findings": (finding(evidences=(replace(WHERE, place="表4"),)),)}, True),
        ({"findings": (finding(evidences=(replace(WHERE, bbox=(1, 2, 3, 4)),)),)}, False),
        ({"application": application("38.2")}, True),
        ({"on": "2024-05-01"}, False),
    ],
)
def test_what_makes_a_decision_old(
    store: Store, tmp_path: Path, change: dict[str, object], outdated: bool
) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    decide(store, id)
    store.save_result(result({"a.docx": b"1"}, tmp_path, **change), "b2")
    assert store.load_submission(id).findings[0].outdated is outdated


def test_a_decision_on_older_evidence_is_refused(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    [seen] = store.load_submission(id).findings
    store.save_result(result({"a.docx": b"2"}, tmp_path, "39.00"), "b2")
    with pytest.raises(Conflict):
        store.add_decision(id, seen.key, "confirm", "甲", seen.fingerprint)
    assert store.add_decision(id, seen.key, "confirm", "甲", seen.fingerprint, force=True)


def test_two_people_do_not_overwrite_each_other(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    first = decide(store, id)
    with pytest.raises(Conflict):
        decide(store, id, "confirm")
    second = decide(store, id, "confirm", seen=first)
    [f] = store.load_submission(id).findings
    assert [d.id for d in f.decisions] == [first, second]
    assert f.decision is not None and f.decision.verdict == "confirm"


def test_no_such_finding_and_no_such_verdict(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    with pytest.raises(KeyError):
        store.add_decision(id, "no|such", "confirm", "甲", "")
    with pytest.raises(ValueError):
        decide(store, id, "maybe")


def test_a_decision_whose_finding_is_gone_is_kept(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    decide(store, id)
    store.save_result(result({"a.docx": b"2"}, tmp_path, "45.00", findings=()), "b2")
    assert [d.verdict for d in store.load_submission(id).earlier] == ["dismiss"]


@pytest.mark.parametrize("table", ["decisions", "corrections"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET who = 'x'", "DELETE FROM {}"])
def test_what_people_said_cannot_be_changed(
    store: Store, tmp_path: Path, table: str, sql: str
) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    decide(store, id)
    store.add_correction(id, "total_output", "2021", "39.20", "甲", recheck=recheck)
    with pytest.raises(sqlite3.IntegrityError):
        store._db.execute(sql.format(table))


@pytest.mark.parametrize("table", ["decisions", "corrections"])
def test_what_people_said_cannot_be_replaced(store: Store, tmp_path: Path, table: str) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    decide(store, id)
    store.add_correction(id, "total_output", "2021", "39.20", "甲", recheck=recheck)
    [said] = store._db.table(table).rows
    with pytest.raises(sqlite3.IntegrityError):
        store._db.table(table).insert({**said, "who": "乙"}, replace=True)
    assert list(store._db.table(table).rows) == [said]


def test_findings_of_one_rule_and_place_have_keys_of_their_own(
    store: Store, tmp_path: Path
) -> None:
    twice = (finding(), finding(), finding(fields=(), evidences=(Evidence("a.pdf"),)))
    id = store.save_result(result({"a.docx": b"1"}, tmp_path, findings=twice))
    keys = [f.key for f in store.load_submission(id).findings]
    assert keys == [
        "criterion.output-floor|total_output@2021",
        "criterion.output-floor|total_output@2021|2",
        "criterion.output-floor|a.pdf",
    ]


# ------------------------------------------------------------------ corrections


def test_a_correction_runs_the_checks_again(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    store.add_correction(
        id, "total_output", "2021", "456000万元", "甲", "看错小数点", recheck=recheck
    )
    stored = store.load_submission(id)
    assert stored.result.application is not None
    answer = stored.result.application.answer("total_output", "2021")
    assert answer is not None and answer.value == Decimal("45.6")
    assert (answer.raw, answer.evidence.how, answer.confidence) == ("456000万元", "person", 1.0)
    assert answer.evidence.place == WHERE.place and not answer.needs_look
    assert stored.findings == () and stored.summary.errors == 0
    assert stored.as_read == application()
    [c] = stored.corrections
    assert (c.before, c.after, c.who, c.why, c.applied) == (
        "38.20", "456000万元", "甲", "看错小数点", True,
    )  # fmt: skip


def test_the_real_rules_run_on_a_correction(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    store.add_correction(id, "total_output", "2021", "41.00", "甲")
    summary = store.load_submission(id).summary
    assert summary.checks_total > 2


def test_ticks_and_texts_are_corrected_too(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    store.add_correction(id, "violations", None, {"是": False, "否": True}, "甲", recheck=recheck)
    store.add_correction(id, "plan", None, "新规划2024", "甲", recheck=recheck)
    app = store.load_submission(id).result.application
    assert app is not None
    tick, plan = app.tick("violations"), app.narrative("plan")
    assert tick is not None and [o.ticked for o in tick.options] == [False, True]
    assert not tick.needs_look and tick.why_look is None
    assert plan is not None and (plan.characters, plan.characters_no_spaces) == (4, 7)
    assert store.load_submission(id).summary.needs_look == 1


@pytest.mark.parametrize(
    ("field", "period", "value"),
    [
        ("total_output", "2021", "很多"),
        ("total_output", "2021", {"是": True}),
        ("total_output", "1999", "40"),
        ("no_such", None, "40"),
        ("violations", None, {"是": True}),
        ("violations", None, "是"),
    ],
)
def test_a_correction_that_is_no_value_writes_nothing(
    store: Store, tmp_path: Path, field: str, period: str | None, value: object
) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    with pytest.raises(StoreError):
        store.add_correction(id, field, period, value, "甲", recheck=recheck)  # type: ignore[arg-type]
    assert store.load_submission(id).corrections == ()


def test_a_correction_can_be_taken_back_and_replaced(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    for value in ("45", "39", None):
        store.add_correction(id, "total_output", "2021", value, "甲", recheck=recheck)
    stored = store.load_submission(id)
    assert stored.result.application == application()
    assert [f.finding.actual for f in stored.findings] == ["38.20 亿元"]
    assert [c.applied for c in stored.corrections] == [False, False, False]


@pytest.mark.parametrize(("raw", "applied"), [("38.20", True), ("39.10", False)])
def test_a_correction_lasts_while_the_same_is_read(
    store: Store, tmp_path: Path, raw: str, applied: bool
) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    store.add_correction(id, "total_output", "2021", "45.00", "甲", recheck=recheck)
    store.save_result(result({"a.docx": b"2"}, tmp_path, raw), "b2")
    stored = store.load_submission(id)
    assert stored.corrections[0].applied is applied
    answer = stored.result.application.answer("total_output", "2021")  # type: ignore[union-attr]
    assert answer is not None and answer.raw == ("45.00" if applied else raw)


def test_when_the_rules_break_nothing_is_written(store: Store, tmp_path: Path) -> None:
    def broken(programme, app, on):  # type: ignore[no-untyped-def]
        raise RuntimeError

    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    with pytest.raises(RuntimeError):
        store.add_correction(id, "total_output", "2021", "45", "甲", recheck=broken)
    stored = store.load_submission(id)
    assert stored.corrections == () and len(stored.findings) == 1


def test_history(store: Store, tmp_path: Path) -> None:
    id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    decide(store, id, note="属实")
    store.add_correction(id, "total_output", "2021", "45", "乙", "笔误", recheck=recheck)
    history = store.history(id)
    assert [(h["what"], h["who"]) for h in history] == [
        ("reviewed", ""), ("decided", "审核员"), ("corrected", "乙"),
    ]  # fmt: skip
    assert history[1]["detail"]["note"] == "属实"
    assert history[2]["detail"] == {
        "field": "total_output", "period": "2021", "before": "38.20", "after": "45", "why": "笔误",
    }  # fmt: skip


# ------------------------------------------------------------------ all or nothing


def everything(path: Path) -> list[str]:
    """What another process sees in the database."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


@pytest.mark.parametrize("how", ["ABORT", "ROLLBACK"])
@pytest.mark.parametrize(
    "where",
    [
        "INSERT ON runs", "UPDATE ON submissions", "INSERT ON files", "INSERT ON answers",
        "DELETE ON checks", "INSERT ON checks", "INSERT ON findings", "DELETE ON runs",
        "INSERT ON events", "UPDATE ON runs",
    ],
)  # fmt: skip
def test_a_failure_halfway_leaves_nothing(
    store: Store, tmp_path: Path, where: str, how: str
) -> None:
    made = result({"a.docx": b"1"}, tmp_path)
    id = store.save_result(made, "b1")
    store.add_correction(id, "total_output", "2021", "39.20", "甲", recheck=recheck)
    before = everything(store.path)
    store._db.execute(
        f"CREATE TEMP TRIGGER fault AFTER {where} BEGIN SELECT RAISE({how}, 'fault'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="fault"):
        store.save_result(made, "b2")
    assert everything(store.path) == before
    assert not store._db.conn.in_transaction
    store._db.execute("DROP TRIGGER temp.fault")
    assert store.save_result(made, "b2") == id
    assert everything(store.path) != before


def test_a_killed_process_leaves_nothing(store: Store, tmp_path: Path) -> None:
    store.save_result(result({"a.docx": b"1"}, tmp_path), "b1")
    before = everything(store.path)
    script = (
        "import os, sys\n"
        "from extractor.storing import rows, store\n"
        "from extractor.output import Result\n"
        "rows.insert_outcome = lambda *_: os._exit(9)\n"
        "store.Store(sys.argv[1]).save_result(Result('乙', '乙', '/乙', None, '2024-01-01'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(store.path)], cwd=ROOT)
    assert done.returncode == 9
    assert everything(store.path) == before


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("INSERT INTO decisions SELECT 9, submission_id, key, 'maybe', note, fingerprint, who, at "
         "FROM decisions", "no such verdict"),
        ("UPDATE runs SET checked_on = NULL", "NOT NULL"),
        ("UPDATE findings SET run_id = NULL", "NOT NULL"),
        ("UPDATE runs SET submission_id = 99", "FOREIGN KEY"),
        ("INSERT INTO checks SELECT * FROM checks", "UNIQUE"),
        ("DELETE FROM submissions", "FOREIGN KEY"),
    ],
)  # fmt: skip
def test_the_database_itself_refuses(store: Store, tmp_path: Path, sql: str, message: str) -> None:
    decide(store, store.save_result(result({"a.docx": b"1"}, tmp_path)))
    before = everything(store.path)
    with pytest.raises(sqlite3.IntegrityError, match=message):
        store._db.execute(sql)
    assert everything(store.path) == before


def test_a_run_takes_what_was_read_with_it(store: Store, tmp_path: Path) -> None:
    store.save_result(result({"a.docx": b"1"}, tmp_path))
    store._db.table("runs").delete_where()
    for table in ("files", "answers", "checks", "findings"):
        assert store._db.table(table).count == 0


# ------------------------------------------------------------------ the file itself


def test_opening_a_database_does_not_load_pandas(tmp_path: Path) -> None:
    """The review opens it before it forks the workers."""
    path = tmp_path / "hecha.db"
    Store(path).close()
    script = (
        "import sys\n"
        "from extractor.storing.store import Store\n"
        "with Store(sys.argv[1]): print(*{m.split('.')[0] for m in sys.modules})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not {"sqlite_utils", "pandas", "numpy"} & set(done.stdout.split())


def test_a_file_that_changed_meanwhile_is_not_kept(store: Store, tmp_path: Path) -> None:
    made = result({"a.docx": b"1"}, tmp_path)
    assert made.files[0].path is not None
    made.files[0].path.write_bytes(b"2")
    with pytest.raises(StoreError):
        store.save_result(made)
    assert store.list_submissions() == []
    assert [p for p in (tmp_path / "db" / "files").rglob("*") if p.is_file()] == []


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hecha.db"
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database at all, just text " * 50, None])
def test_what_is_no_database_of_ours_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "hecha.db"
    if content is None:
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE theirs (x)")
        db.close()
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError):
        Store(path)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store(tmp_path)


def test_a_migration_keeps_a_copy_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hecha.db"
    with Store(path) as store:
        id = store.save_result(result({"a.docx": b"1"}, tmp_path))
    released = migrations.STEPS
    good = "ALTER TABLE runs ADD COLUMN extra TEXT NOT NULL DEFAULT '';"
    for bad in (True, False):
        step = good + ("\nSELECT no_such_thing();\n" if bad else "")
        monkeypatch.setattr(migrations, "STEPS", (*released, step))
        monkeypatch.setattr(migrations.migrate, "__defaults__", (migrations.STEPS,))
        if bad:
            with pytest.raises(StoreError):
                Store(path)
            continue
        with Store(path) as store:
            assert len(store.load_submission(id).findings) == 1
            assert store._db.execute("PRAGMA user_version").fetchone()[0] == len(released) + 1
    copy = sqlite3.connect(tmp_path / f"hecha.db.version-{len(released)}")
    assert copy.execute("PRAGMA user_version").fetchone()[0] == len(released)
    assert copy.execute("SELECT count(*) FROM submissions").fetchone()[0] == 1
    copy.close()


def test_many_writers(tmp_path: Path) -> None:
    path = tmp_path / "new" / "hecha.db"
    errors: list[BaseException] = []

    def writer(n: int) -> None:
        try:
            with Store(path) as store:
                for i in range(5):
                    name = f"{n}-{i}"
                    made = result({"a.docx": name.encode()}, tmp_path, name=name)
                    id = store.save_result(made, f"b{n}")
                    decide(store, id)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=writer, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert errors == []
    with Store(path) as store:
        assert sum(s.decided for s in store.list_submissions()) == 20


def test_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HECHA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "hecha.db"
    monkeypatch.delenv("HECHA_HOME")
    assert default_path().name == "hecha.db"
