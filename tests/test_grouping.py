"""Papers handed in, and which of them are one submission."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from review_ui import grouping, inbox, watching

NOW = "2024-05-06T07:08:09+08:00"


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["寿光种苗申报表.docx", "寿光种苗-推荐函.pdf"],
         [["寿光种苗申报表.docx", "寿光种苗-推荐函.pdf"]]),
        (["1.申报表（寿光种苗）.pdf", "2.清单（寿光种苗）.xlsx"],
         [["1.申报表（寿光种苗）.pdf", "2.清单（寿光种苗）.xlsx"]]),
        (["寿光种苗.docx", "寿光种苗.pdf", "青州花卉.docx"], [["寿光种苗.docx", "寿光种苗.pdf"]]),
        (["申报表.docx", "推荐函.pdf", "附件1 清单.xlsx"],
         [["申报表.docx", "推荐函.pdf", "附件1 清单.xlsx"]]),
        # general names beside a named one: whose they are cannot be told
        (["申报表.docx", "推荐函.pdf", "寿光种苗申报表.docx"], []),
        # two forms of the same kind are two clusters, or two versions a person must judge
        (["寿光种苗申报表.docx", "寿光种苗申报表（2）.docx"], []),
        (["申报表.pdf", "申报表 (2).pdf"], []),
        (["甲.pdf", "乙.pdf"], []),
        (["寿光种苗.pdf", "寿光种业.pdf"], []),
        ([], []),
    ],
)  # fmt: skip
def test_loose_files_of_one_cluster(names: list[str], groups: list[list[str]]) -> None:
    assert grouping.suggested(names) == groups


def staged(database: Path, *names: str) -> inbox.Job:
    return inbox.stage(database, [(n, io.BytesIO(n.encode())) for n in names], NOW)


def test_groups_are_shown_and_corrected(tmp_path: Path) -> None:
    database = tmp_path / "hecha.db"
    job = staged(
        database,
        "寿光种苗申报表.docx",
        "寿光种苗推荐函.pdf",
        "别的集群.pdf",
        "甲/表.pdf",
        "甲/单.pdf",
    )
    assert sorted(job.groups) == [("别的集群", 1), ("寿光种苗", 2), ("甲", 2)]
    names = [name for name, _ in job.groups]
    assert sorted(job.members[names.index("寿光种苗")]) == [
        "寿光种苗推荐函.pdf", "寿光种苗申报表.docx",
    ]  # fmt: skip
    inbox.put_together(database, job.id, [names.index("别的集群"), names.index("寿光种苗")])
    (job,) = inbox.jobs(database)
    assert sorted(job.groups) == [("寿光种苗", 3), ("甲", 2)]
    inbox.take_apart(database, job.id, range(2))
    (job,) = inbox.jobs(database)
    assert sorted(count for _, count in job.groups) == [1, 1, 1, 1, 1]
    inbox.put_together(database, job.id, [7, 99])  # a stale screen
    assert inbox.jobs(database) == [job]


def test_what_leads_out_of_the_upload_is_not_moved(tmp_path: Path) -> None:
    papers, other = tmp_path / "papers", tmp_path / "other.pdf"
    papers.mkdir()
    other.write_bytes(b"x")
    (papers / "a.pdf").write_bytes(b"x")
    grouping.together(papers, [papers / "a.pdf", papers / ".." / "other.pdf"])
    grouping.apart(papers, papers / "..")
    assert other.exists() and (papers / "a.pdf").exists()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [time.time()]
    monkeypatch.setattr(watching.time, "time", lambda: now[0])
    monkeypatch.setattr(watching, "_seen", {})
    monkeypatch.setattr(watching, "_told", {})
    return now


def put(drop: Path, now: list[float], *names: str) -> None:
    for name in names:
        (drop / name).parent.mkdir(parents=True, exist_ok=True)
        (drop / name).write_bytes(name.encode())
    for path in (drop, *drop.rglob("*")):
        os.utime(path, (now[0], now[0]))


def look(database: Path) -> tuple[watching.Lying, inbox.Job | None]:
    return watching.poll(database, NOW, None, "2024-05-06")


def test_the_watched_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    database, drop = tmp_path / "hecha.db", tmp_path / "来件"
    monkeypatch.setenv("HECHA_INBOX", str(drop))
    assert look(database) == (watching.Lying(), None)  # there is no such folder yet
    clock[0] += 60
    put(drop, clock, "甲/申报表.pdf", "乙集群.pdf")
    (drop / "走开").symlink_to("/etc")
    for _ in range(2):  # somebody is still copying: all of it waits
        assert look(database) == (watching.Lying(coming=["乙集群.pdf", "甲"]), None)
        clock[0] += 4
    put(drop, clock, "甲/清单.pdf")
    assert look(database)[1] is None
    # an old file that has only just come: it brought its time with it
    clock[0] += 60
    (drop / "丙集群.pdf").write_bytes(b"x")
    os.utime(drop / "丙集群.pdf", (0, 0))
    assert look(database)[1] is None
    clock[0] += 60
    job = look(database)[1]
    assert job is not None and job.state == "waiting"  # nothing runs before it was looked at
    assert sorted(job.groups) == [("丙集群", 1), ("乙集群", 1), ("甲", 2)]
    assert (drop / "taken" / job.id / "甲" / "申报表.pdf").exists()
    assert look(database) == (watching.Lying(), None) and inbox.jobs(database) == [job]


def test_the_review_begins_by_itself_only_where_somebody_chose_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    database, drop = tmp_path / "hecha.db", tmp_path / "drop"
    begun: list[tuple[object, ...]] = []
    monkeypatch.setattr(inbox, "start", lambda *what: begun.append(what))
    for chosen in (True, False):
        watching.set_automatic(database, chosen)
        assert watching.automatic(database) is chosen
        put(drop, clock, f"{chosen}.pdf")
        look(database)
        clock[0] += 60
        job = look(database)[1]
        assert job is not None
        assert begun == ([(database, job.id, None, "2024-05-06")] if chosen else [])
        begun.clear()
        clock[0] += 60


def test_a_full_disk_leaves_the_papers_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    database, drop = tmp_path / "hecha.db", tmp_path / "drop"
    put(drop, clock, "甲/申报表.pdf", "乙集群.pdf")
    look(database)
    clock[0] += 60

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching.shutil, "copytree", full)
    with pytest.raises(OSError, match="No space"):
        look(database)
    assert sorted(p.name for p in drop.iterdir()) == ["taken", "乙集群.pdf", "甲"]
    assert inbox.jobs(database) == [] and not list((drop / "taken").iterdir())


def test_two_screens_take_a_batch_in_once(tmp_path: Path, clock: list[float]) -> None:
    database, drop = tmp_path / "hecha.db", tmp_path / "drop"
    put(drop, clock, "甲/申报表.pdf")
    assert watching.take_in(database, ["甲"], NOW) is not None
    assert watching.take_in(database, ["甲"], NOW) is None  # the other process was faster
    assert len(inbox.jobs(database)) == 1
