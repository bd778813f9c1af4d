"""The rules about a package: its materials."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.check import check
from models.programme import load_programme
from models.types import Application, Attached, Evidence, Paper, Report
from tests.models.applications import SOUND, SOUND_WEIFANG, application

FORM = Paper("申报表.docx", "docx", "application_form")
OTHER = Paper("附件.docx", "docx", "evidence")
SCAN = Paper("扫描件.pdf", "pdf", "evidence", read=False)
NOT_READ = ("扫描件.pdf", "汇编.pdf（第3、4页）")
PAGES = Paper("汇编.pdf", "pdf", "evidence", unread_pages=(3, 4))


def of(material: str, strength: float = 0.9, file: str = "附件.docx") -> Attached:
    return Attached(f"material: {material}", Evidence(file, place="段落1"), strength)


def run(programme: str, *papers: Paper, attached: tuple[Attached, ...] = ()) -> Report:
    rules = load_programme(programme)
    sound = SOUND if rules.form == "shandong-2024" else SOUND_WEIFANG
    if rules.form == "liaocheng-2021":
        sound = {k: v for k, v in sound.items() if k != "market_share_national"}
    made = replace(application(rules.form, sound), papers=papers, attached=attached)
    return check(rules, made, "2024-05-01")


def told(report: Report) -> list[tuple[str, str]]:
    return [(f.severity, f.expected) for f in report.findings if f.rule == "material.missing"]


def outcomes(report: Report) -> list[str]:
    return [c.outcome for c in report.checks if c.rule == "material.missing"]


@pytest.mark.parametrize("papers", [(FORM,), (FORM, replace(FORM, file="申报表.pdf", kind="pdf"))])
def test_of_the_form_alone_nothing_is_called_missing(papers: tuple[Paper, ...]) -> None:
    report = run("shandong-2024", *papers)
    assert told(report) == [("notice", "")]
    assert outcomes(report) == ["unchecked"]


@pytest.mark.parametrize("programme", ["shandong-2024", "weifang-2021", "liaocheng-2021"])
def test_each_required_material_that_is_not_there_is_one_finding(programme: str) -> None:
    asked = [m for m in load_programme(programme).materials if m.required]
    report = run(programme, FORM, OTHER)
    missing = [m for m in asked if m.role != "application_form"]
    assert told(report) == [("error", m.name) for m in missing]
    assert all(f.citation for f in report.findings if f.rule == "material.missing")
    everything = tuple(of(m.id) for m in asked)
    assert told(run(programme, FORM, OTHER, attached=everything)) == []


def test_a_material_that_is_not_asked_for_is_not_missing() -> None:
    assert "其他证明材料" not in [name for _, name in told(run("weifang-2021", FORM, OTHER))]


@pytest.mark.parametrize(
    ("strength", "severity"), [(0.2, "error"), (0.5, "warning"), (0.59, "warning"), (0.6, None)]
)
def test_a_weak_match_is_for_a_person_to_judge(strength: float, severity: str | None) -> None:
    rest = (of("recommendation_letter"), of("evidence"))
    report = run("shandong-2024", FORM, OTHER, attached=(*rest, of("summary_table", strength)))
    assert [s for s, _ in told(report)] == ([severity] if severity else [])
    if severity == "warning":
        [finding] = [f for f in report.findings if f.rule == "material.missing"]
        assert "附件.docx" in finding.message.zh and finding.evidences[0].place == "段落1"


@pytest.mark.parametrize(("paper", "shown"), [*zip((SCAN, PAGES), NOT_READ, strict=True)])
def test_what_could_not_be_read_may_be_it(paper: Paper, shown: str) -> None:
    report = run("shandong-2024", FORM, OTHER, paper, attached=(of("evidence"),))
    assert told(report) == []
    assert outcomes(report) == ["met", "unchecked", "unchecked", "met"]
    reasons = [c.because for c in report.checks if c.rule == "material.missing" and c.because]
    assert all(shown in r.zh for r in reasons)


def test_nothing_is_due_without_a_form() -> None:
    report = check(load_programme("shandong-2024"), Application("shandong-2024"), "2024-05-01")
    assert not [c for c in report.checks if c.rule == "material.missing"]
