"""Papers handed in, and which of them are one submission."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from review_ui import grouping, inbox

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


def test_the_watched_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, drop = tmp_path / "hecha.db", tmp_path / "来件"
    monkeypatch.setenv("HECHA_INBOX", str(drop))
    assert inbox.take_in(database, NOW) is None
    (drop / "甲").mkdir(parents=True)
    old = time.time() - 60
    for path in (drop / "甲" / "申报表.pdf", drop / "乙集群.pdf", drop / "还在复制.pdf"):
        path.write_bytes(b"x")
        os.utime(path, (old, old))
    os.utime(drop / "还在复制.pdf")
    os.utime(drop / "甲", (old, old))
    (drop / "走开").symlink_to("/etc")
    assert [p.name for p in inbox.lying(drop)] == ["乙集群.pdf", "甲"]
    job = inbox.take_in(database, NOW)
    assert job is not None and sorted(job.groups) == [("乙集群", 1), ("甲", 1)]
    assert (drop / "taken" / job.id / "甲" / "申报表.pdf").exists()
    assert inbox.lying(drop) == [] and (drop / "还在复制.pdf").exists()
