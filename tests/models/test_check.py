"""What the checks say of an application: outcomes, findings, and what is not said twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from applications import SOUND, SOUND_EVALUATION, SOUND_WEIFANG, application, looked

from models.check import check
from models.form import load_form
from models.programme import load_programme, programme_ids
from models.rules.claims import claimed_rank
from models.rules.form_checks import fits_pattern
from models.rules.plausibility import suspicions
from models.types import (
    Alteration,
    Answer,
    Application,
    Bilingual,
    Evidence,
    NarrativeAnswer,
    Problem,
)

# contract/rules.md, the families that one application's own answers decide
DUE = """
criterion.area-limit criterion.enterprise-floor criterion.revenue-floor criterion.output-floor
criterion.sme-output-share criterion.leading-output-share criterion.output-growth
criterion.quality-enterprises criterion.rd-growth criterion.invention-patent-growth
criterion.invention-patents-per-10k criterion.industrial-internet criterion.software-rising
criterion.co2-falling criterion.energy-benchmark criterion.water-benchmark
criterion.restricted-industry criterion.serious-incidents criterion.violations
arithmetic.leading-growth arithmetic.leading-cagr arithmetic.patents-per-10k arithmetic.subset
arithmetic.parts-sum arithmetic.share-range
length.over-limit blank.required choice.none-ticked choice.several-ticked
format.decimals format.name-pattern format.altered format.unreadable
plausibility.unit-slip plausibility.jump agreement.target-baseline deadline.late validity.expired
material.missing evidence.missing
""".split()  # noqa: SIM905


def run(programme="shandong-2024", on="2024-05-01", made=None, **changes):
    form = load_programme(programme).form
    sound = {"shandong-2024": SOUND, "shandong-2022-evaluation": SOUND_EVALUATION}.get(
        form, SOUND_WEIFANG
    )
    if form == "liaocheng-2021":
        sound = {k: v for k, v in sound.items() if k != "market_share_national"}
    made = made or application(form, sound, **changes)
    return check(load_programme(programme), made, on)


def findings(report, rule=""):
    """Flat tuples; blank cells that no test is about left out."""
    return [(f.rule, f.severity, *f.fields) for f in report.findings if f.rule.startswith(rule)]


def outcomes(report, rule):
    return [c.outcome for c in report.checks if c.rule == rule]


def test_every_rule_is_due_somewhere():
    due = {c.rule for id in programme_ids() for c in run(id).checks}
    assert due == set(DUE)


@pytest.mark.parametrize("id", programme_ids())
def test_a_sound_application_meets_every_condition(id):
    changes = {"filing_date": "2022-03-01"} if "shandong" not in id else {}
    report = run(id, **changes)
    assert findings(report) == []
    assert report.on == "2024-05-01" and report.programme == id
    met = {c.outcome for c in report.checks if c.rule.startswith("criterion.")}
    assert met == ({"met"} if load_programme(id).criteria else set())


@pytest.mark.parametrize("id", programme_ids())
def test_an_application_without_answers_is_unchecked_not_failed(id):
    report = check(load_programme(id), Application(load_programme(id).form), "2024-01-01")
    assert report.findings == ()
    done = [c for c in report.checks if c.outcome == "met"]
    assert {c.rule for c in done} <= {"format.altered", "format.unreadable", "format.decimals",
                                      "plausibility.unit-slip"}  # fmt: skip
    for one in report.checks:
        if one.outcome == "unchecked":
            assert one.because.zh and one.because.en
            assert re.search("[一-鿿]", one.because.zh)


def test_each_failing_check_has_one_finding():
    report = run(
        total_output=["38.20", "39.00", "61.07"],
        sme_output_share=["60.00", "76.00", "60.00"],
        champions=["0", "0", "0"],
        little_giants=["0", "0", "0"],
        specialised_smes=["0", "0", "0"],
        innovative_smes=["0", "0", "0"],
        hightech_enterprises=["0", "0", "9"],
        violations="是",
        filing_date="2024-05-03",
        cluster_name="寿光市蔬菜种苗特色产业集群",
        restricted_industry=["是", "否"],
        software_rate_rising=None,
    )
    failed = [(c.rule, c.fields) for c in report.checks if c.outcome == "not_met"]
    assert failed == [(f.rule, f.fields) for f in report.findings]
    assert len(set(failed)) == len(failed)
    for finding in report.findings:
        assert re.search("[一-鿿]", finding.message.zh), finding
        assert finding.message.en != finding.message.zh
        assert finding.evidences or finding.rule.startswith(("criterion.vio", "choice."))


CRITERIA = [
    ({"area": "120"}, ("criterion.area-limit", "warning", "area")),
    ({"sme_output_share": ["69.99", "76", "77"]},
     ("criterion.sme-output-share", "warning", "sme_output_share@2021")),
    ({"sme_output_share": ["75", "76", "69.99"]},
     ("criterion.sme-output-share", "error", "sme_output_share@2023")),
    ({"industrial_internet_share": "14.99"},
     ("criterion.industrial-internet", "error", "industrial_internet_share")),
    ({"invention_patent_cagr": "14.99"},
     ("criterion.invention-patent-growth", "error", "invention_patent_cagr")),
    ({"energy_benchmark": "否"}, ("criterion.energy-benchmark", "error", "energy_benchmark")),
    ({"water_benchmark": "否"}, ("criterion.water-benchmark", "error", "water_benchmark")),
    ({"software_rate_rising": "否"},
     ("criterion.software-rising", "error", "software_rate_rising")),
    ({"restricted_industry": "是"},
     ("criterion.restricted-industry", "error", "restricted_industry")),
    ({"serious_incidents": "是"}, ("criterion.serious-incidents", "error", "serious_incidents")),
    ({"co2_intensity": ["0.42", "0.42", "0.35"]},
     ("criterion.co2-falling", "error", "co2_intensity@2021", "co2_intensity@2022")),
    ({"co2_intensity": ["0.42", "0.42", "0.42"]},
     ("criterion.co2-falling", "error", *(f"co2_intensity@{y}" for y in (2021, 2022, 2023)))),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "finding"), CRITERIA)
def test_one_fault_one_finding(changes, finding):
    report = run(**changes)
    assert findings(report) == [finding]
    citation = report.findings[0].citation
    assert citation.document == load_programme("shandong-2023-draft").title
    assert citation.article.startswith("第四条") and citation.quote


def test_the_words_of_a_finding():
    report = run(total_output=["38.20", "51.30", "61.07"])
    finding = next(f for f in report.findings if f.rule == "criterion.output-floor")
    assert finding.message == Bilingual(
        zh="2021年集群总产值为38.20 亿元，应不低于40 亿元（含本数）",
        en="total output 2021 is 38.20 亿元; at least 40 亿元 is required",
    )
    assert (finding.expected, finding.actual) == ("≥ 40 亿元", "38.20 亿元")
    assert finding.evidences[0].place == "total_output 2021"


@pytest.mark.parametrize(
    ("field", "period", "changes"),
    [
        ("industrial_internet_share", None, {"state": "blank", "value": None, "quantity": None}),
        ("industrial_internet_share", None, {"state": "absent", "value": None, "quantity": None}),
        ("industrial_internet_share", None, {"state": "none", "value": None, "quantity": None}),
        ("industrial_internet_share", None,
         {"state": "unreadable", "value": None, "quantity": None, "raw": "约一成"}),
        ("industrial_internet_share", None, {"needs_look": True}),
        ("energy_benchmark", None, {"needs_look": True}),
        ("energy_benchmark", None, {"state": "absent"}),
    ],
)  # fmt: skip
def test_what_was_not_read_is_never_not_met(field, period, changes):
    made = application("shandong-2024", SOUND, industrial_internet_share="3", energy_benchmark="否")
    report = run(made=looked(made, field, period, **changes))
    ours = [c for c in report.checks if c.rule.startswith("criterion.") and field in c.fields]
    assert [c.outcome for c in ours] == ["unchecked"]
    assert field not in {x for f in report.findings for x in f.fields if "criterion" in f.rule}


def test_an_approximate_figure_may_meet_and_is_never_refused():
    for value, outcome in (("20", "met"), ("3", "unchecked")):
        made = application("shandong-2024", SOUND, industrial_internet_share=value)
        answer = made.answer("industrial_internet_share")
        vague = replace(answer.quantity, approximate=True)
        report = run(made=looked(made, "industrial_internet_share", quantity=vague))
        assert outcomes(report, "criterion.industrial-internet") == [outcome]


def test_a_box_that_could_not_be_told_leaves_the_question_open():
    made = application("shandong-2024", SOUND, violations=None)
    tick = made.tick("violations")
    options = (replace(tick.options[0], ticked=None), tick.options[1])
    report = run(made=looked(made, "violations", options=options))
    assert [c.outcome for c in report.checks if c.fields == ("violations",)] == ["unchecked"] * 3
    assert findings(report) == []


# ------------------------------------------------------------------ relaxation

CLAIMS = [
    # Weifang: first in the province, or among the first in the country
    ("主导产业营业收入居全省同行业第一位", True, True),
    ("集群主导产业营业收入居全省同行业首位", True, True),
    ("2020年主导产业实现营业收入52.3亿元，位居全国同行业前列", True, True),
    ("营业收入排名全省第一", True, True),
    ("主营业务收入在全省同行业中排名第1位", True, True),
    ("营业收入52亿元，同比增长12%，居全省同行业第一位", True, True),
    ("营业收入、利润均居全省同行业第一位", True, True),
    ("主导产业营业收入位列全国同行业第三位", True, True),
    ("年销售收入稳居山东省同行业榜首", True, True),
    ("营业收入连续三年稳居全国第一", True, True),
    ("集群企业营业收入总额居全省第一名", True, True),
    ("居全省同行业营业收入第一位", True, True),
    ("营业收入居 全省 同行业 第 一 位", True, True),
    # Liaocheng: first in the city, or among the first in the province
    ("营业收入居全市同行业第一位", False, True),
    ("营业收入居全省同行业前列", False, True),
    ("营业收入居全省同行业第二位", False, True),
    ("营业收入居全市同行业前列", False, False),
    # targets, wishes, the past
    ("力争营业收入居全省同行业第一位", False, False),
    ("目标是到2025年营业收入居全省第一", False, False),
    ("营业收入有望跻身全国同行业前列", False, False),
    ("计划三年内实现营业收入居全省第一位", False, False),
    ("努力使营业收入进入全国同行业前列", False, False),
    ("营业收入曾居全省同行业第一位", False, False),
    # denials
    ("营业收入尚未居全省第一", False, False),
    ("营业收入未进入全国前列", False, False),
    ("营业收入与全省第一位仍有差距", False, False),
    ("营业收入仅次于全省第一位的集群", False, False),
    # something else's rank
    ("产量居全省第一位", False, False),
    ("营业收入52亿元，产量居全省第一", False, False),
    ("营业收入52亿元，利润居全国第一", False, False),
    ("营业收入增速居全省第一", False, False),
    ("龙头企业营业收入居全省同行业第一位", False, False),
    ("某某公司营业收入居全国第一", False, False),
    ("主要产品市场占有率居全国前列", False, False),
    ("营业收入52亿元，建成全省第一个示范园", False, False),
    ("营业收入60亿元，入选全国第一批试点", False, False),
    ("营业收入居全省同行业第十一位", False, False),
]


@pytest.mark.parametrize(("words", "weifang", "liaocheng"), CLAIMS)
def test_claims_of_a_rank(words, weifang, liaocheng):
    text = f"集群位于某县。{words}。全县经济发展良好。"
    for id, claimed in (("weifang-2021", weifang), ("liaocheng-2021", liaocheng)):
        clause = load_programme(id).criteria[-1].relaxation
        assert (claimed_rank(text, clause) == (words or None)) == claimed


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"revenue": "60"}, "criterion.revenue-floor"),
        ({"enterprises": "60", "enterprises_above_scale": "9", "enterprises_in_park": "9"},
         "criterion.enterprise-floor"),
        ({"area": "130"}, "criterion.area-limit"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("id", ["weifang-2021", "weifang-2021-growing", "liaocheng-2021"])
def test_a_claimed_rank_makes_it_a_warning_that_says_so(id, changes, rule):
    low = {"revenue": "20"} if "revenue" in changes else changes
    low = {k: "20" if k == "enterprises" else v for k, v in low.items()}
    low |= {"profit": "1", "tax": "1"}
    field = next(iter(changes))
    assert findings(run(id, **low), rule) == [(rule, "error", field)]
    claim = "主导产业营业收入居全国同行业第一位"
    report = run(id, **low, introduction=f"集群特色鲜明。{claim}。")
    assert findings(report, rule) == [(rule, "warning", field)]
    (finding,) = [f for f in report.findings if f.rule == rule]
    assert claim in finding.message.zh and claim in finding.message.en
    assert "第四条（二）" in finding.message.zh
    assert finding.citation.quote


# ------------------------------------------------------------------ unit slips

SLIPS = [
    ({"total_output": ["456000", "513000", "610700"]},
     {"total_output@2021": "45.6", "total_output@2022": "51.3", "total_output@2023": "61.07"}),
    ({"total_output": ["45.60", "513000", "61.07"]}, {"total_output@2022": "51.3"}),
    ({"total_output": ["45.60", "5130000000", "61.07"]}, {"total_output@2022": "51.3"}),
    ({"total_output": ["4560000", "5130000", "6107000"]},
     {"total_output@2021": "456", "total_output@2022": "513", "total_output@2023": "610.7"}),
    ({"leading_output_share": ["0.72", "0.73", "0.74"]},
     {f"leading_output_share@{y}": v for y, v in ((2021, "72"), (2022, "73"), (2023, "74"))}),
    ({"leading_output_share": ["72.00", "0.73", "74.00"]}, {"leading_output_share@2022": "73"}),
    ({"sme_output_share": ["75", "76", "0.77"]}, {"sme_output_share@2023": "77"}),
    ({"cloud_share": "0.85", "industrial_internet_share": "0.45"},
     {"cloud_share": "85", "industrial_internet_share": "45"}),
    ({"area": "85500000"}, {"area": "85.5"}),
    ({"software_spend": ["5200000", "610", "700"]}, {"software_spend@2021": "520"}),
    ({"software_spend": ["520", "0.061", "700"]}, {"software_spend@2022": "610"}),
    ({"co2_intensity": ["0.42", "0.40", "350"]}, {"co2_intensity@2023": "0.35"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "suggested"), SLIPS)
def test_a_figure_that_fits_only_in_another_unit(changes, suggested):
    report = run(**changes)
    slips = [f for f in report.findings if f.rule == "plausibility.unit-slip"]
    assert {f.fields[0]: f.suggestion for f in slips} == suggested
    assert all(f.severity == "warning" for f in slips)
    # its consequences are not reported as further faults
    assert findings(report) == [("plausibility.unit-slip", "warning", ref) for ref in suggested]
    for one in report.checks:
        if set(one.fields) & set(suggested) and one.rule.startswith(("criterion", "arithmetic")):
            assert one.outcome in ("unchecked", "met")
            if one.rule.startswith("criterion") and len(one.fields) == 1:
                assert one.outcome == "unchecked"


@pytest.mark.parametrize(
    "changes",
    [
        {"rd_intensity": ["0.80", "0.90", "1.10"]},
        {"rd_growth": ["0.50", "12", "25"]},
        {"rd_staff_share": "0.90"},
        {"industrial_internet_share": "15"},
        {"cloud_share": "0.85"},  # alone, it may be what it says
        {"software_spend": ["0", "610", "700"]},
        {"software_spend": ["5.00", "61.00", "700"]},
        {"area": "120"},
        {"area": "850"},
        {"total_output": ["45.6亿元", "513000万元", "61.07"]},
    ],
)
def test_an_unusual_figure_is_not_accused(changes):
    assert findings(run(**changes), "plausibility") == []


def test_weifang_amounts_in_ten_thousands():
    assert findings(run("weifang-2021", revenue="856000")) == [
        ("plausibility.unit-slip", "warning", "revenue")
    ]
    report = run("weifang-2021", profit="85600")
    assert findings(report) == [("plausibility.unit-slip", "warning", "profit")]
    assert report.findings[0].suggestion == "8.56"


def test_suspicions_mark_the_figure_and_change_nothing_twice():
    form = load_form("shandong-2024")
    made = application("shandong-2024", SOUND, total_output=["45.60", "513000", "61.07"])
    once = suspicions(form, made)
    answer = once.answer("total_output", "2022")
    assert answer.needs_look and answer.why_look.zh and answer.value == 513000
    assert suspicions(form, once) == once
    assert run(made=once).findings == run(made=made).findings
    # a person who has looked has decided
    person = replace(made.answer("total_output", "2022").evidence, how="person")
    assert (
        suspicions(form, looked(made, "total_output", "2022", evidence=person))
        .answer("total_output", "2022")
        .needs_look
        is False
    )


def test_a_figure_in_doubt_for_another_reason_is_not_accused():
    made = application("shandong-2024", SOUND, total_output=["45.60", "513000", "61.07"])
    made = looked(made, "total_output", "2022", needs_look=True)
    assert findings(run(made=made)) == []


def test_a_share_out_of_range_is_reported_once():
    report = run(leading_output_share=["72.00", "73.00", "174.00"])
    assert findings(report) == [("arithmetic.share-range", "error", "leading_output_share@2023")]
    (one,) = [c for c in report.checks if c.rule == "criterion.leading-output-share"
              and c.fields == ("leading_output_share@2023",)]  # fmt: skip
    assert one.outcome == "unchecked" and "outside" in one.because.en


# ------------------------------------------------------------------ the form as a paper


def test_blank_cells():
    report = run(employees=None, invention_patents="无")
    assert findings(report) == [("blank.required", "error", "employees")]
    (finding,) = report.findings
    assert finding.citation.quote.startswith("各必填栏目不得空缺")
    assert finding.message.zh == "“集群内中小企业从业人员数量”未填写；无相关情况的，应填写“无”"
    unsure = looked(application("shandong-2024", SOUND, employees=None), "employees",
                    needs_look=True)  # fmt: skip
    assert findings(run(made=unsure)) == []


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        ("第二产业", []),
        (None, ["choice.none-ticked"]),
        (["第一产业", "第二产业"], ["choice.several-ticked"]),
    ],
)
def test_choices(ticked, expected):
    report = run(industry_sector=ticked)
    assert [f.rule for f in report.findings] == expected
    assert run(chain_actions=None).findings == ()


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(200, []), (201, [("length.over-limit", "warning", "chain_summary")])],
)
def test_length(characters, expected):
    made = application("shandong-2024", SOUND)
    made = looked(made, "chain_summary", characters=characters, characters_no_spaces=230)
    report = run(made=made)
    assert findings(report) == expected
    if expected:
        for words in report.findings[0].message:
            assert "201" in words and "230" in words and "200" in words
    assert findings(run(made=looked(made, "chain_summary", needs_look=True))) == []


def test_decimals_are_one_notice():
    report = run(
        rd_intensity=["3.1", "3.10", "3"], fdi_growth="2.125", employees="15560", area="85.5万亩"
    )
    (finding,) = [f for f in report.findings if f.rule == "format.decimals"]
    assert finding.severity == "notice"
    assert set(finding.fields) == {"rd_intensity@2021", "fdi_growth", "area"}
    assert finding.citation.quote.startswith("数据有小数时")
    assert "format.decimals" not in {c.rule for c in run("weifang-2021").checks}


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("潍坊市寿光市蔬菜种苗特色产业集群", True),
        ("济南市平阴县玫瑰特色产业集群", True),
        ("山东省潍坊市昌乐县乐器特色产业集群", True),
        ("青岛市黄岛区（西海岸新区）海洋装备特色产业集群", True),
        ("潍坊市 昌邑市 石化装备 特色产业集群", True),
        ("寿光市蔬菜种苗特色产业集群", False),
        ("潍坊市寿光蔬菜种苗特色产业集群", False),
        ("潍坊市寿光市特色产业集群", False),
        ("潍坊市寿光市蔬菜种苗产业集群", False),
        ("蔬菜种苗", False),
    ],
)
def test_name_pattern(name, fits):
    for pattern in ("XX市XX县(市、区)XX特色产业集群", "XX市XX县（市、区）XX特色产业集群"):
        assert fits_pattern(name, pattern) == fits
    expected = [] if fits else [("format.name-pattern", "warning", "cluster_name")]
    assert findings(run(cluster_name=name)) == expected


def test_an_altered_form_is_one_finding():
    made = application("shandong-2024", SOUND)
    parts = (
        Alteration("missing", "企业上云比例 (%)", field="cloud_share"),
        Alteration("reworded", "是", "有", field="violations"),
        Alteration("added", "备注"),
    )
    report = run(made=replace(made, alterations=parts))
    assert findings(report) == [("format.altered", "warning", "cloud_share", "violations")]
    assert report.findings[0].message.zh == (
        "申报表与空白表样不一致：缺少“企业上云比例 (%)”；“是”改成了“有”；增加了“备注”"
    )


def test_unreadable_cells():
    made = application("shandong-2024", SOUND)
    made = looked(made, "employees", state="unreadable", value=None, quantity=None, raw="见附件")
    report = run(made=made)
    assert findings(report) == [("format.unreadable", "warning", "employees")]
    assert report.findings[0].message.zh == "集群内中小企业从业人员数量填写的是“见附件”，不是整数"
    assert outcomes(report, "arithmetic.patents-per-10k") == ["unchecked"]


def test_problems_of_files_become_findings():
    made = application("shandong-2024", SOUND)
    problem = Problem("file.comments", Bilingual("有批注", "it has comments"), "warning", page=3)
    report = run(made=replace(made, problems=(("申报表.docx", problem),)))
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("file.comments", "warning")
    assert finding.message.zh == "申报表.docx：有批注"
    assert finding.evidences == (Evidence("申报表.docx", page=3),)


@pytest.mark.parametrize(
    ("programme", "filed", "rule", "outcome"),
    [
        ("shandong-2024", "2024-04-26", "deadline.late", "met"),
        ("shandong-2024", "2024-04-27", "deadline.late", "not_met"),
        ("shandong-2024", "2024-03", "deadline.late", "met"),
        ("shandong-2024", "2024-04", "deadline.late", "unchecked"),
        ("shandong-2024", "2024-05", "deadline.late", "not_met"),
        ("shandong-2024", "2025", "deadline.late", "not_met"),
        ("shandong-2024", "", "deadline.late", "unchecked"),
        ("weifang-2021", "2021-05-09", "validity.expired", "not_met"),
        ("weifang-2021", "2021-05-10", "validity.expired", "met"),
        ("weifang-2021", "2026-05-09", "validity.expired", "met"),
        ("weifang-2021", "2026-05-10", "validity.expired", "not_met"),
        ("weifang-2021", "2026-05", "validity.expired", "unchecked"),
        ("weifang-2021", "2026-06", "validity.expired", "not_met"),
        ("weifang-2021-growing", "2026-05-10", "validity.expired", "not_met"),
        ("liaocheng-2021", "2021-08-31", "validity.expired", "not_met"),
        ("liaocheng-2021", "2026-08-31", "validity.expired", "met"),
        ("shandong-2023-draft", "2024-04-26", "validity.expired", "unchecked"),
        ("shandong-2023-draft", "", "validity.expired", "unchecked"),
    ],
)
def test_dates(programme, filed, rule, outcome):
    report = run(programme, filing_date=filed)
    assert outcomes(report, rule) == [outcome]
    assert (rule in {f.rule for f in report.findings}) == (outcome == "not_met")
    other = {"deadline.late": "validity.expired", "validity.expired": "deadline.late"}[rule]
    assert outcomes(report, other) == []


def test_nothing_reads_the_clock_or_writes():
    for file in Path(load_programme.__wrapped__.__code__.co_filename).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\b(today|now)\(\)", text), file
    first, second = run(on="1999-01-01"), run(on=str(date.max))
    assert first.findings == second.findings and first.checks == second.checks


def test_wild_answers_never_raise():
    for raw in ("9" * 29, "0." + "0" * 25 + "1", "-" + "9" * 20, "0", "0.00", "∞", "1e5"):
        for programme in ("shandong-2024", "weifang-2021"):
            form = load_form(load_programme(programme).form)
            numbers = [f.id for f in form.fields if f.type in ("number", "integer")]
            run(programme, made=application(form.id, dict.fromkeys(numbers, raw)))
    odd = (
        Answer("nothing_such", None, "given", "x", "x", 1.0, False, Evidence()),
        Answer("area", None, "given", "text", "text", 1.0, False, Evidence()),
        Answer("filing_date", None, "given", "2024-13-45", "", 1.0, False, Evidence()),
    )
    narrative = NarrativeAnswer("plan", "blank", "", 0, 0, None, Evidence())
    run(made=Application("shandong-2024", odd, (), (narrative,)))


# ------------------------------------------------------------------ reports without a form

PARTS = ("承担单位", "主要内容", "带动作用")
PROJECTS = [f.id for f in load_form("shandong-2022-evaluation").fields if f.parts]


def report_with(projects, **changes):
    made = application("shandong-2022-evaluation", SOUND_EVALUATION, **changes)
    narratives = tuple(
        NarrativeAnswer(field, "given", "……", 2, 2, None, Evidence("a.docx"), parts=parts)
        for field, parts in projects.items()
    )
    return run("shandong-2022-evaluation", made=replace(made, narratives=narratives))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (PARTS, []),
        (PARTS[:2], [("blank.required", "error", "typical_project_brand")]),
        ((), [("blank.required", "error", "typical_project_brand")]),
        (None, []),
    ],
)
def test_a_typical_project_names_its_three_parts(parts, expected):
    report = report_with({**dict.fromkeys(PROJECTS, PARTS), "typical_project_brand": parts})
    assert findings(report, "blank") == expected
    if expected:
        message = next(f.message for f in report.findings if f.rule == "blank.required")
        assert all((p in message.zh) == (p not in parts) for p in PARTS)


def test_a_typical_project_that_was_not_found_is_for_a_person_to_look_for():
    report = report_with(dict.fromkeys(PROJECTS[:4], PARTS))
    assert findings(report, "blank") == [("blank.required", "warning", PROJECTS[4])]


def test_an_indicator_that_the_report_does_not_state_is_a_warning():
    rest = {k: v for k, v in SOUND_EVALUATION.items() if k != "gazelles"}
    made = application("shandong-2022-evaluation", rest)
    report = run("shandong-2022-evaluation", made=made)
    assert findings(report, "blank") == [("blank.required", "warning", "gazelles")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"enterprises_over_1bn": "41"}, []),
        ({"enterprises_over_1bn": "42"}, [("enterprises_over_1bn", "enterprises_over_100m")]),
        ({"enterprises_over_100m": "97"}, [("enterprises_over_100m", "enterprises_above_scale")]),
    ],
)
def test_the_enterprises_of_a_size_are_among_those_of_a_smaller_one(changes, expected):
    report = run("shandong-2022-evaluation", **changes)
    assert [tuple(f[2:]) for f in findings(report, "arithmetic.subset")] == expected
