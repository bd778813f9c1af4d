"""Two places of one submission against each other: versions, names, platforms, the target table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from applications import SOUND, application, looked

from models.check import check
from models.form import load_form
from models.programme import load_programme
from models.rules.agreement import names_written
from models.rules.passages import changed_passages
from models.types import Answer, Application, Evidence, Naming, NarrativeAnswer, Option
from models.writing.naming import cluster_name, same_cluster_name, same_operator, same_region

FORM = "shandong-2024"


def made(**changes):
    return application(FORM, SOUND, **changes)


def other(application: Application, file="a.pdf") -> Application:
    """The same as another file holds it."""

    def moved(answer):
        return replace(answer, evidence=replace(answer.evidence, file=file, page=1))

    return replace(
        application,
        answers=tuple(map(moved, application.answers)),
        ticks=tuple(map(moved, application.ticks)),
        narratives=tuple(map(moved, application.narratives)),
    )


def run(application, rule):
    report = check(load_programme(FORM), application, "2024-05-01")
    found = [f for f in report.findings if f.rule == rule]
    return found, [c for c in report.checks if c.rule == rule]


def versions(one, two):
    return run(replace(one, versions=(other(two),)), "agreement.versions")


def told(found):
    return [(f.severity, *f.fields) for f in found]


# ------------------------------------------------------------------ versions


def test_the_same_twice_is_no_difference():
    found, checks = versions(made(), made())
    assert not found
    assert {c.outcome for c in checks} == {"met"}
    assert {"total_output@2022", "energy_benchmark", "chain_summary", "cluster_name"} <= {
        c.fields[0] for c in checks
    }


@pytest.mark.parametrize(
    ("field", "one", "two", "severity"),
    [
        ("area", "45.60", "45.6", None),
        ("area", "45.60", "45.60平方公里", None),
        ("area", "45.60", "45.61", "error"),
        ("area", "45.60", "46.50", "error"),
        ("area", "45.62", "45.6", "warning"),  # rounded: one number can be both
        ("invention_patents", "1286", "1,286", None),
        ("invention_patents", "1286", "1268", "error"),
        ("invention_patents", "1286", "", "error"),
        ("pct_applications", "无", "0", None),
        ("pct_applications", "无", "/", None),
        ("pct_applications", "无", "", "warning"),
        ("pct_applications", "无", "3", "error"),
        ("co2_intensity", ["0.42", "0.40", "0.35"], ["0.42", "0.40", "0.53"], "error"),
    ],
)
def test_figures_of_two_versions(field, one, two, severity):
    found, _ = versions(made(**{field: one}), made(**{field: two}))
    place = f"{field}@2023" if isinstance(one, list) else field
    assert told(found) == ([(severity, place)] if severity else [])
    if severity:
        assert [e.file for e in found[0].evidences] == ["a.docx", "a.pdf"]


@pytest.mark.parametrize("side", [0, 1])
def test_a_figure_to_be_looked_at_is_unchecked(side):
    pair = [made(area="45.60"), made(area="54.60")]
    pair[side] = looked(pair[side], "area", needs_look=True)
    found, checks = versions(*pair)
    assert not found
    (one,) = [c for c in checks if c.fields == ("area",)]
    assert one.outcome == "unchecked" and one.because is not None


def test_a_person_s_correction_is_told_as_one():
    one = made(area="45.60")
    mine = [
        replace(a, evidence=replace(a.evidence, how="person")) if a.field == "area" else a
        for a in one.answers
    ]
    found, _ = versions(replace(one, answers=tuple(mine)), made(area="54.60"))
    assert "a.docx（经审核更正）中为45.60" in found[0].message.zh


def test_an_unreadable_figure_is_unchecked():
    found, checks = versions(made(area="45.60"), made(area="详见附件"))
    assert not found
    assert [c.outcome for c in checks if c.fields == ("area",)] == ["unchecked"]


def test_another_box_ticked():
    found, _ = versions(made(), made(energy_benchmark="否"))
    assert told(found) == [("error", "energy_benchmark")]


def test_a_box_that_cannot_be_told_is_unchecked():
    options = (Option("否", None, 0.5, Evidence()),)
    two = looked(made(), "violations", options=options)
    found, checks = versions(made(), two)
    assert not found
    assert [c.outcome for c in checks if c.fields == ("violations",)] == ["unchecked"]


@pytest.mark.parametrize(
    ("field", "one", "two", "severity"),
    [
        ("operator", "寿光市某某（集团）中心", "寿光市某某(集团)中心 ", None),
        ("operator", "寿光市某某中心", "寿光市某某服务中心", "warning"),
        ("region_county", "寿光", "寿光市", None),
        ("region_county", "寿光市", "青州市", "warning"),
        ("filing_date", "2024-04-20", "2024-04-21", "warning"),
        ("cluster_name", SOUND["cluster_name"], "潍坊市寿光市蔬菜种子特色产业集群", "warning"),
    ],
)
def test_texts_of_two_versions(field, one, two, severity):
    found, _ = versions(made(**{field: one}), made(**{field: two}))
    assert told(found) == ([(severity, field)] if severity else [])


@pytest.mark.parametrize(
    ("one", "two", "shown"),
    [
        ("一、总产值61.07亿元，\n增长12%。", "总产值６１.０７亿元,增长 12％。", None),
        ("专精特新“小巨人”企业5家", "专精特新\"小巨人\"企业 5 家", None),
        ("CO-2减排", "CO2减排", None),
        ("1,286件", "1286件", None),
        ("1.夯实基础\n2.补链", "夯实基础\n补链", None),
        ("总产值61.07亿元", "总产值67.01亿元", ("总产值【61.07】亿元", "总产值【67.01】亿元")),
        ("总产值61.07亿元", "总产值6107亿元", ("总产值【61.07】亿元", "总产值【6107】亿元")),
        ("增长-3.2%", "增长3.2%", ("增长【-3.2%】", "增长【3.2%】")),
        ("5家，稳步推进", "5家，快速推进", ("5家，【稳步】推进", "5家，【快速】推进")),
        ("建成平台。", "建成平台。另有实验室。", ("建成平台。【】", "建成平台。【另有实验室】。")),
    ],
)  # fmt: skip
def test_passages(one, two, shown):
    passages = changed_passages(one, two)
    assert [(p.one, p.other) for p in passages] == ([shown] if shown else [])


def test_a_changed_number_is_shown_before_changed_wording():
    one = "甲" * 30 + "稳步" + "乙" * 30 + "12家" + "丙" * 30
    two = "甲" * 30 + "快速" + "乙" * 30 + "21家" + "丙" * 30
    assert [p.numbers for p in changed_passages(one, two)] == [True, False]


def test_a_numeral_is_a_number():
    one, two = "产品远销二十多个国家，市场稳定", "产品远销三十多个国家，市场活跃"
    assert [p.numbers for p in changed_passages(one, two)] == [True, False]


def test_a_narrative_shows_the_changed_passage_and_not_the_whole():
    long = "集群产业链完整，" * 40
    found, _ = versions(
        made(chain_summary=long + "引进项目5个。"), made(chain_summary=long + "引进项目6个。")
    )
    assert told(found) == [("warning", "chain_summary")]
    assert "【5】" in found[0].message.zh and "【6】" in found[0].message.zh
    assert len(found[0].message.zh) < 150


def test_a_blank_version_says_so_once():
    found, _ = versions(made(), application(FORM, {}))
    assert told(found) == [("error",)]


def test_a_version_without_some_parts_says_so_once():
    found, _ = versions(made(), without("total_output", "smes", "enterprises"))
    assert [(f.severity, len(f.fields)) for f in found] == [("warning", 9)]
    # fewer may only have been misread
    found, checks = versions(made(), without("total_output", "smes"))
    assert not found
    assert not [c for c in checks if c.fields[0].startswith("total_output")]


def without(*fields):
    one = made()
    return replace(
        one,
        answers=tuple(
            replace(a, state="absent", value=None, quantity=None) if a.field in fields else a
            for a in one.answers
        ),
    )


def test_many_blanks_of_a_version_are_said_once():
    blank = {"total_output": ["", "", ""], "smes": ["", "", ""], "area": "99.00"}
    found, _ = versions(made(), made(**blank))
    assert [(f.severity, len(f.fields)) for f in found] == [("error", 1), ("warning", 6)]


# ------------------------------------------------------------------ names of platforms


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("甲中心、乙实验室；丙平台", (3, 3, False)),
        ("甲中心，乙实验室,丙平台。", (3, 3, False)),
        ("1.甲中心\n2.乙实验室\n3.丙平台", (3, 3, False)),
        ("1、甲中心 2、乙实验室", (2, 2, False)),
        ("（1）甲中心（2）乙实验室", (2, 2, False)),
        ("①甲中心②乙实验室", (2, 2, False)),
        ("甲中心\n乙实验室", (1, 2, False)),
        ("甲中心 乙实验室", (1, 2, False)),
        ("甲中心和乙实验室", (1, 2, False)),
        ("甲研发和检测中心", (1, 1, False)),
        ("甲中心（省级、2021年认定，市级）、乙实验室", (2, 2, False)),
        ("甲中心、乙实验室等", (2, 2, True)),
        ("甲中心、乙实验室等5个", (2, 2, True)),
        ("检测中心3个、实验室2个", (5, 5, False)),
        ("详见附件5清单", (0, 0, True)),
        ("3D打印创新中心", (1, 1, False)),
        ("建有甲中心、乙实验室，由丙公司、丁公司分别承担建设和运行任务。", (2, 2, False)),
        ("甲中心，由丙公司牵头；乙实验室，依托丁公司建设", (2, 2, False)),
        ("建有甲中心（某地），由丙公\n司承担建设和运\n行任务。", (1, 1, False)),
        ("甲中心；依托乙公司建设的丙实验室", (2, 2, False)),
        ("", (0, 0, False)),
    ],
)
def test_names_are_counted(text, counted):
    assert names_written(text) == counted


def platforms(count, names):
    fields = {"innovation_platforms_other": count, "innovation_platforms_other_names": names}
    one = made(**fields)
    if names == "无":
        one = looked(one, "innovation_platforms_other_names", state="none", value=None)
    found, checks = run(one, "agreement.platform-names")
    (one,) = [c for c in checks if "innovation_platforms_other" in c.fields]
    return one.outcome, [f.severity for f in found]


@pytest.mark.parametrize(
    ("count", "names", "outcome"),
    [
        ("3", "甲中心、乙实验室、丙平台", ("met", [])),
        ("2", "甲中心、乙实验室、丙平台", ("not_met", ["error"])),
        ("4", "甲中心、乙实验室、丙平台", ("not_met", ["error"])),
        ("2", "甲中心\n乙实验室", ("met", [])),
        ("4", "甲中心、乙实验室等", ("met", [])),
        ("1", "甲中心、乙实验室等", ("not_met", ["warning"])),
        ("无", "无", ("met", [])),
        ("2", "无", ("not_met", ["error"])),
        ("无", "甲中心", ("not_met", ["error"])),
        ("2", "详见附件", ("unchecked", [])),
        ("2", "", ("unchecked", [])),
        ("若干", "甲中心", ("unchecked", [])),
    ],
)
def test_platforms_stated_and_named(count, names, outcome):
    assert platforms(count, names) == outcome


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("潍坊市寿光市蔬菜种苗特色产业集群", "山东省潍坊市寿光市蔬菜种苗特色产业集群", True),
        ("潍坊市寿光市蔬菜种苗特色产业集群", "寿光蔬菜种苗产业集群", True),
        ("潍坊市寿光市蔬菜种苗特色产业集群", "寿光市“蔬菜种苗”中小企业特色产业集群", True),
        ("潍坊市寿光市蔬菜种苗特色产业集群", "潍坊市 寿光市 蔬菜种苗 特色产业集群", True),
        ("潍坊市寿光市蔬菜种苗特色产业集群", "潍坊市蔬菜种苗特色产业集群", True),
        ("潍坊市寿光市蔬菜种苗特色产业集群", "潍坊市寿光市蔬菜种子特色产业集群", False),
        ("潍坊市寿光市蔬菜种苗特色产业集群", "潍坊市寿光市蔬菜特色产业集群", False),
        ("寿光市蔬菜种苗特色产业集群", "青州市蔬菜种苗特色产业集群", False),
    ],
)
def test_names_of_clusters(one, two, same):
    known = ("潍坊市", "寿光市")
    assert same_cluster_name(cluster_name(one, known), cluster_name(two, known)) is same


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("寿光", "寿光市", True),
        ("曹", "曹县", True),
        ("山东省潍坊市寿光市", "寿光", True),
        ("潍坊高新区", "潍坊市高新技术产业开发区", False),  # the city is told apart by its 市 only
        ("高新区", "潍坊市高新技术产业开发区", True),
        ("寿光市", "青州市", False),
    ],
)
def test_regions(one, two, same):
    assert same_region(one, two) is same


def test_operators():
    places = ("潍坊", "寿光")
    assert same_operator("寿光市某某中心", "山东省潍坊市寿光市某某中心", places)
    assert same_operator("某某中心", "寿光市某某中心", places)
    assert not same_operator("寿光市某某中心", "寿光市某某服务中心", places)


@pytest.mark.parametrize(
    ("field", "text", "fires"),
    [
        ("cluster_name", "寿光市蔬菜种苗特色产业集群", False),
        ("cluster_name", "寿光市蔬菜种子特色产业集群", True),
        ("region_county", "寿光", False),
        ("region_county", "青州市", True),
        ("operator", "某某中心", False),
        ("operator", "某某公司", True),
    ],
)
def test_names_in_another_place(field, text, fires):
    one = made(region_city="潍坊市", region_county="寿光市", operator="寿光市某某中心")
    row = Application(
        "shandong-2024-summary",
        answers=(Answer(field, None, "given", text, text, 1.0, False, Evidence("汇总.xlsx")),),
    )
    for places in (
        {"summaries": (row,)},
        {"namings": (Naming(field, text, "table", Evidence("汇总.xlsx")),)},
    ):
        found, _ = run(replace(one, **places), "agreement.name")
        assert told(found) == ([("warning", field)] if fires else [])
        if fires:
            assert [e.file for e in found[0].evidences] == ["a.docx", "汇总.xlsx"]


# ------------------------------------------------------------------ the target table


@pytest.mark.parametrize(
    ("field", "target", "fires"),
    [
        ("target_invention_patents", "1286", False),
        ("target_invention_patents", "1286件", False),
        ("target_invention_patents", "1322", True),
        ("target_industrial_internet_share", "45", False),  # 44.5 to 45.5 holds 45.00
        ("target_industrial_internet_share", "45.4", True),
        ("target_industrial_internet_share", "54.00", True),
    ],
)
def test_the_target_tables_first_year(field, target, fires):
    found, checks = run(made(**{field: [target, "9999"]}), "agreement.target-baseline")
    assert told(found) == (
        [("error", f"{field}@2023", field.removeprefix("target_"))] if fires else []
    )
    assert len(checks) == 2


# ------------------------------------------------------------------ jumps

FLAT = {
    "total_output": ["50.00", "53.00", "57.00"],
    "enterprises": ["280", "300", "320"],
    "smes": ["270", "290", "310"],
    "leading_output_growth": ["", "", ""],
}


@pytest.mark.parametrize(
    ("changes", "fires"),
    [
        ({}, []),
        ({"enterprises": ["280", "30", "320"]}, ["enterprises@2022"]),
        ({"enterprises": ["280", "3000", "320"]}, ["enterprises@2022"]),
        ({"total_output": ["50.00", "53.00", "107.00"]}, ["total_output@2023"]),
        ({"total_output": ["50.00", "53.00", "94.00"]}, []),
        ({"total_output": ["50.00", "53.00", "95.50"]}, ["total_output@2023"]),
        ({"total_output": ["5.30", "53.00", "57.00"]}, ["total_output@2022"]),
        # it grows like that every year
        ({"total_output": ["50.00", "95.00", "180.00"]}, []),
        # and its companions grow along
        (
            {
                "total_output": ["50.00", "53.00", "106.00"],
                "enterprises": ["280", "300", "450"],
                "smes": ["270", "290", "440"],
            },
            [],
        ),
        # employees, that is firms, doubling while output falls
        (
            {"enterprises": ["280", "300", "600"], "total_output": ["50.00", "53.00", "48.00"]},
            ["enterprises@2023"],
        ),
        # small counts jump by themselves
        ({"hightech_enterprises": ["1", "2", "9"]}, []),
        ({"hightech_enterprises": ["30", "3", "36"]}, ["hightech_enterprises@2022"]),
        ({"software_spend": ["100.00", "110.00", "900.00"]}, []),  # 万元: a small sum
        ({"software_spend": ["1100.00", "1300.00", "6400.00"]}, []),
        ({"software_spend": ["1100.00", "1300.00", "6500.00"]}, ["software_spend@2023"]),
        ({"co2_intensity": ["0.42", "4.00", "0.35"]}, ["co2_intensity@2022"]),
        ({"rd_intensity": ["0.00", "3.10", "3.20"]}, []),
    ],
)
def test_jumps(changes, fires):
    found, _ = run(made(**FLAT | changes), "plausibility.jump")
    assert [f.fields[0] for f in found] == fires
    assert {f.severity for f in found} <= {"warning"}


def test_a_jump_of_one_place_suggests_the_other_place():
    found, _ = run(made(**FLAT | {"enterprises": ["280", "30", "320"]}), "plausibility.jump")
    assert "300" in found[0].message.zh


def test_a_figure_that_cannot_be_read_makes_no_jump():
    one = looked(
        made(**FLAT | {"enterprises": ["280", "3000", "320"]}),
        "enterprises",
        "2022",
        needs_look=True,
    )
    found, checks = run(one, "plausibility.jump")
    assert not found
    assert [c.outcome for c in checks if c.fields[0] == "enterprises@2021"] == ["unchecked"]


def test_what_arithmetic_accuses_already_is_no_jump_too():
    sound = run(made(total_output=["45.60", "513.0", "61.07"]), "plausibility.jump")[0]
    assert sound == []


def test_every_field_of_the_data_exists():
    from models.rules.plausibility import limits

    form = load_form(FORM)
    for rule in limits()["jumps"]:
        assert form.field(rule["field"]).years
        assert all(form.field(f).years for f in rule["with"])
        assert Decimal(str(rule["times"])) > 1


def test_narratives_of_scans_are_unchecked():
    one = made()
    text = NarrativeAnswer(
        "chain_summary", "given", "另一段文字。", 6, 6, 200, Evidence("a.pdf"), needs_look=True
    )
    two = replace(one, narratives=(text,))
    found, checks = versions(one, two)
    assert not found
    assert [c.outcome for c in checks if c.fields == ("chain_summary",)] == ["unchecked"]
