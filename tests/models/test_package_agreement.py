"""Evidence, lists and summary rows against the form."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from models.check import check
from models.programme import load_programme
from models.types import (
    Answer,
    Application,
    Attached,
    Evidence,
    Finding,
    ListedRow,
    Listing,
    Mention,
    NarrativeAnswer,
    Option,
    Paper,
    Quantity,
    Report,
    TickAnswer,
)
from tests.models.applications import SOUND, application

FORM = Paper("申报表.docx", "docx", "application_form")
EVIDENCE = Paper("证.docx", "docx", "evidence")
SCAN = Paper("扫描.pdf", "pdf", "evidence", read=False)
TABLE = Paper("汇总表.docx", "docx", "summary_table")
A, B = "开展通用生产设备共享", "开展人力资源共享"


def made(**parts: Any) -> Application:
    sound = application("shandong-2024", SOUND)
    there = Evidence("申报表.docx", place="表2 行9")
    options = tuple(Option(o, True, 1.0, there) for o in (A, B))
    tick = TickAnswer("sharing_actions", "given", options, False, there)
    ticks = tuple(t for t in sound.ticks if t.field != tick.field)
    parts = {"papers": (FORM, EVIDENCE), "ticks": (*ticks, tick)} | parts
    return replace(sound, **parts)


def run(**parts: Any) -> Report:
    return check(load_programme("shandong-2024"), made(**parts), "2024-05-01")


def told(report: Report, rule: str) -> list[Finding]:
    return [f for f in report.findings if f.rule == rule and "invention_patents" not in f.fields]


def outcome(report: Report, rule: str, *fields: str) -> list[str]:
    return [c.outcome for c in report.checks if c.rule == rule and c.fields == fields]


def attached(option: str, strength: float, file: str = "证.docx") -> Attached:
    return Attached(f"sharing_actions: {option}", Evidence(file, place="段落1"), strength)


# ------------------------------------------------------------------ evidence


@pytest.mark.parametrize(
    ("strengths", "severity"),
    [((0.9, 0.9), None), ((0.9, 0.5), "warning"), ((0.9, 0.0), "error"), ((0.5, 0.0), "error"),
     ((0.6, 0.6), None)],
)  # fmt: skip
def test_each_ticked_action_wants_a_paper(
    strengths: tuple[float, float], severity: str | None
) -> None:
    found = tuple(attached(o, s) for o, s in zip((A, B), strengths, strict=True) if s)
    report = run(attached=found)
    findings = told(report, "evidence.missing")
    assert [f.severity for f in findings] == ([severity] if severity else [])
    if severity:
        assert findings[0].fields == ("sharing_actions",) and B in findings[0].message.zh
        assert findings[0].evidences[0].place == "表2 行9"
    if severity == "warning":
        assert "证.docx" in [e.file for e in findings[0].evidences]


def test_the_best_paper_counts() -> None:
    found = (attached(A, 0.4), attached(A, 0.9, "甲.docx"), attached(B, 0.7))
    assert told(run(attached=found), "evidence.missing") == []


def test_what_could_not_be_read_may_be_the_evidence() -> None:
    report = run(papers=(FORM, EVIDENCE, SCAN), attached=(attached(A, 0.9),))
    assert told(report, "evidence.missing") == []
    assert outcome(report, "evidence.missing", "sharing_actions") == ["unchecked"]


def test_without_any_evidence_the_missing_material_says_so_once() -> None:
    report = run(papers=(FORM, TABLE))
    assert told(report, "evidence.missing") == []
    missing = [f.expected for f in report.findings if f.rule == "material.missing"]
    assert "佐证材料" in missing


def test_a_count_above_nought_wants_its_list() -> None:
    [finding] = [f for f in run().findings if f.fields == ("invention_patents",)]
    assert (finding.rule, finding.severity) == ("evidence.missing", "error")
    there = Attached("invention_patents", Evidence("清单.xlsx"), 0.95)
    assert not [f for f in run(attached=(there,)).findings if f.fields == ("invention_patents",)]


# ------------------------------------------------------------------ lists


def rows(count: int, doubled: int = 0, number: bool = True) -> tuple[ListedRow, ...]:
    def row(n: int, status: Any) -> ListedRow:
        where = Evidence("清单.xlsx", place=f"行{n + 2}")
        return ListedRow(f"名{n}", f"ZL{n}" if number else "", status, where)

    return (
        *(row(n, "counted") for n in range(count)),
        *(row(n + count, "doubled") for n in range(doubled)),
    )


def listing(found: tuple[ListedRow, ...], **changes: Any) -> Listing:
    where = Evidence("清单.xlsx", place="行3")
    return replace(Listing("little_giants", "2023", "小巨人名单", found, where), **changes)


@pytest.mark.parametrize(
    ("one", "severity"),
    [
        (listing(rows(3)), None),
        (listing(rows(2)), "error"),
        (listing(rows(4)), "error"),
        (listing(rows(2), sure=False), "warning"),
        (listing(rows(2, doubled=1)), "error"),
        (listing(rows(2, doubled=1, number=False)), "error"),  # one firm's name twice
        (listing(rows(3, doubled=1)), "notice"),
        (listing(()), "error"),
    ],
)
def test_the_rows_of_a_list_are_held_against_the_form(one: Listing, severity: str | None) -> None:
    findings = told(run(listings=(one,)), "agreement.list-count")
    assert [f.severity for f in findings] == ([severity] if severity else [])
    for finding in findings:
        assert finding.fields == ("little_giants@2023",)
        assert {e.file for e in finding.evidences} == {"清单.xlsx", "a.docx"}
        if any(r.status == "doubled" for r in one.rows):
            assert one.rows[-1].evidence.place in finding.message.zh


def test_a_list_that_counts_several_figures_together() -> None:
    refs = ("little_giants@2022", "little_giants@2023")
    assert told(run(listings=(listing(rows(5), fields=refs),)), "agreement.list-count") == []
    [finding] = told(run(listings=(listing(rows(6), fields=refs),)), "agreement.list-count")
    assert finding.fields == refs


def test_none_on_the_form_is_nought() -> None:
    one = listing(rows(1), field="champions", period="2023")
    [finding] = told(run(listings=(one,)), "agreement.list-count")
    assert (finding.expected, finding.actual) == ("0", "1")


# ------------------------------------------------------------------ the summary table

HERE = Evidence("汇总表.docx", place="表1 行2 列7")


def mention(field: str, value: str, period: str | None = "2023", **changes: Any) -> Mention:
    number = Decimal(value)
    quantity = Quantity(number, number, number, "", **changes)
    return Mention(field, period, quantity, f"{value}家", "summary_table", HERE)


def row(*mentions: Mention, industry: str = "蔬菜种苗", characters: int = 200) -> Application:
    answers = (Answer("leading_industry", None, "given", industry, industry, 1.0, False, HERE),)
    text = NarrativeAnswer("summary", "given", "字", characters, characters, 300, HERE)
    return Application("shandong-2024-summary", answers, narratives=(text,), mentions=mentions)


def summary(*rows: Application) -> list[tuple[str, str, tuple[str, ...]]]:
    report = run(summaries=rows, papers=(FORM, EVIDENCE, TABLE))
    wanted = ("agreement.summary-table", "length.over-limit")
    return [(f.rule, f.severity, f.fields) for f in report.findings if f.rule in wanted]


def test_a_row_that_agrees() -> None:
    assert (
        summary(row(mention("little_giants", "3"), mention("invention_patents", "1286", None)))
        == []
    )


def test_a_figure_of_the_introduction_that_differs() -> None:
    assert summary(row(mention("little_giants", "5"))) == [
        ("agreement.summary-table", "error", ("little_giants@2023",))
    ]
    assert summary(row(mention("little_giants", "5", approximate=True))) == [
        ("agreement.summary-table", "warning", ("little_giants@2023",))
    ]


def test_a_leading_industry_that_nothing_speaks_of() -> None:
    assert summary(row(industry="种苗产业")) == []
    assert summary(row(industry="石油装备")) == [
        ("agreement.summary-table", "warning", ("leading_industry",))
    ]


@pytest.mark.parametrize(("characters", "over"), [(299, 0), (300, 0), (301, 1)])
def test_the_introduction_s_length(characters: int, over: int) -> None:
    assert [r for r, _, _ in summary(row(characters=characters))] == ["length.over-limit"] * over


def test_a_table_without_this_cluster_is_for_a_person_to_look_at() -> None:
    assert summary() == [("agreement.summary-table", "warning", ("cluster_name",))]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("近三年集群中小企业主持制定国家和行业标准6项。", False),
        ("近三年主持制定国家标准和行业标准 7 项。", True),
        ("近三年主持国家、行业标准共6项", False),
        ("近三年主持或参与制定国家和行业标准9项。", False),
    ],
)
def test_the_standards_that_were_led(words: str, wrong: bool) -> None:
    led = {"standards_led_national": ["1", "2", "0"], "standards_led_industry": ["1", "1", "1"]}
    text = NarrativeAnswer("summary", "given", words, 20, 20, 300, HERE)
    base = made(summaries=(replace(row(), narratives=(text,)),), papers=(FORM, EVIDENCE, TABLE))
    stated = application("shandong-2024", SOUND | led)
    report = check(
        load_programme("shandong-2024"), replace(base, answers=stated.answers), "2024-05-01"
    )
    found = [f for f in report.findings if f.rule == "agreement.summary-table"]
    assert bool(found) is wrong
    assert all(f.severity == "error" and len(f.fields) == 6 for f in found)
