"""The form's figures against one another: by interval, and the single change that mends them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from applications import SOUND, SOUND_WEIFANG, application
from hypothesis import given
from hypothesis import strategies as st

from models.check import check
from models.operators import yearly_growth
from models.programme import load_programme

GROWTH = "arithmetic.leading-growth"
CAGR = "arithmetic.leading-cagr"
PATENTS = "arithmetic.patents-per-10k"
SUBSET = "arithmetic.subset"
PARTS = "arithmetic.parts-sum"
RANGE = "arithmetic.share-range"


def shandong(**changes):
    made = application("shandong-2024", SOUND, **changes)
    return check(load_programme("shandong-2024"), made, "2024-05-01")


def weifang(**changes):
    made = application("weifang-2021", SOUND_WEIFANG, **changes)
    return check(load_programme("weifang-2021"), made, "2022-05-01")


def found(report, family="arithmetic."):
    return [(f.rule, f.fields[0]) for f in report.findings if f.rule.startswith(family)]


def years(field, *values):
    return {field: list(values)}


def test_a_sound_application_has_no_arithmetic_finding():
    assert found(shandong()) == []
    assert found(weifang()) == []


# 51.30 × 73% ÷ (45.60 × 72%) − 1 = 14.0625% …; each figure stands for what rounds to it.
@pytest.mark.parametrize(
    ("stated", "fires"),
    [
        ("14.06", False),
        ("14.1", False),
        ("14", False),
        # the ranges of 51.30, 45.60, 73.00 and 72.00 let the growth be 14.02… to 14.10…
        ("14.03", False),
        ("14.10", False),
        ("14.01", True),
        ("14.12", True),
        ("14.2", True),
        ("15", True),
        ("-14.06", True),
    ],
)
def test_leading_growth_by_interval(stated, fires):
    report = shandong(leading_output_growth=["12.00", stated, "20.68"], leading_output_cagr="无")
    assert (found(report) != []) == fires


@pytest.mark.parametrize(
    ("output", "fires"),
    [
        (["45.6", "51.3", "61.1"], False),  # fewer digits, wider ranges
        (["46", "51", "61"], False),
        (["45.60", "51.30", "61.07"], False),
        (["45.60", "50.30", "61.07"], True),
    ],
)
def test_rougher_figures_are_given_more_room(output, fires):
    report = shandong(total_output=output)
    assert (GROWTH in {rule for rule, _ in found(report)}) == fires


# Rates 12.00, 14.06, 20.68: geometric 15.52, plain mean 15.58; ends 17.32.
@pytest.mark.parametrize(
    ("stated", "fires"),
    [
        ("15.52", False),
        ("15.58", False),
        ("17.32", False),
        ("17.3", False),
        ("16", False),
        ("15.54", True),
        ("15.61", True),
        ("18", True),
        ("15.4", True),
    ],
)
def test_leading_cagr_accepts_three_methods(stated, fires):
    report = shandong(leading_output_cagr=stated)
    assert (found(report) == [(CAGR, "leading_output_cagr")]) == fires
    if fires:
        (finding,) = [f for f in report.findings if f.rule == CAGR]
        for value in ("15.52%", "17.32%", "15.58%"):
            assert value in finding.message.en and value in finding.message.zh
            assert value in finding.formula


def test_leading_cagr_needs_all_three_to_be_refused():
    report = shandong(leading_output_cagr="30", total_output=[None, "51.30", "61.07"])
    (one,) = [c for c in report.checks if c.rule == CAGR]
    assert one.outcome == "unchecked" and "total output 2021 is blank" in one.because.en
    report = shandong(leading_output_cagr="15.58", total_output=[None, "51.30", "61.07"])
    (one,) = [c for c in report.checks if c.rule == CAGR]
    assert one.outcome == "met"


@pytest.mark.parametrize(
    ("ratio", "patents", "employees", "fires"),
    [
        ("826.48", "1286", "15560", False),
        ("826.5", "1286", "15560", False),
        ("826", "1286", "15560", False),
        ("826.47", "1286", "15560", True),
        ("826.49", "1286", "15560", True),
        ("8.26", "1286", "15560", True),
        ("826.48", "1286", "1.556万人", False),
        ("830", "1286", "1.55万人", False),  # 15450 to 15550 … 15500 within
        ("0", "无", "15560", False),
        ("826.48", "1286", "0", None),
        ("826.48", "1286", "无", None),
    ],
)
def test_patents_per_ten_thousand(ratio, patents, employees, fires):
    report = shandong(
        invention_patents_per_10k=ratio, invention_patents=patents, employees=employees
    )
    (one,) = [c for c in report.checks if c.rule == PATENTS]
    if fires is None or patents == "无":
        assert one.outcome == "unchecked" and one.because
    else:
        assert (one.outcome == "not_met") == fires


@pytest.mark.parametrize(
    ("field", "values", "place"),
    [
        ("smes", ["270", "301", "310"], "smes@2022"),
        ("specialised_smes", ["20", "25", "311"], "specialised_smes@2023"),
        ("little_giants", ["271", "2", "3"], "little_giants@2021"),
        ("innovative_smes", ["40", "50", "311"], "innovative_smes@2023"),
        ("champions", ["0", "0", "321"], "champions@2023"),
        ("hightech_enterprises", ["281", "35", "40"], "hightech_enterprises@2021"),
    ],
)
def test_a_part_larger_than_its_whole(field, values, place):
    assert found(shandong(**{field: values})) == [(SUBSET, place)]


def test_a_part_as_large_as_its_whole_is_no_fault():
    assert found(shandong(smes=["280", "300", "320"])) == []
    # a high-tech enterprise or a champion need not be an SME
    assert found(shandong(hightech_enterprises=["275", "295", "315"])) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"enterprises_above_scale": "121"}, (SUBSET, "enterprises_above_scale")),
        ({"enterprises_in_park": "121"}, (SUBSET, "enterprises_in_park")),
        ({"honours": "7"}, (PARTS, "honours")),
        ({"honours_brands": "无"}, (PARTS, "honours")),
        ({"service_platform_count": "6"}, (PARTS, "service_platform_count")),
        ({"profit": "85.62", "tax": "3"}, (RANGE, "profit")),
        ({"market_share_national": "100.01"}, (RANGE, "market_share_national")),
        ({"enterprises_in_park": "-5"}, (RANGE, "enterprises_in_park")),
    ],
)
def test_weifang_relations(changes, place):
    assert found(weifang(**changes)) == [place]


@pytest.mark.parametrize(
    "changes",
    [
        {"enterprises_above_scale": "120"},
        {"honours": "5", "honours_titles": "无"},
        {
            "honours": "无",
            "honours_brands": "无",
            "honours_trademarks": "0",
            "honours_titles": "无",
        },
        {"profit": "85.60"},
        {"profit": "85.6"},
        {"profit": "85.61"},  # 85.605 is written either way
        {"profit": "-3.20"},
        {"market_share_national": "100"},
    ],
)
def test_weifang_relations_hold(changes):
    assert found(weifang(**changes)) == []


def test_a_blank_part_leaves_the_sum_unchecked():
    report = weifang(honours_brands=None)
    sums = [c for c in report.checks if c.rule == PARTS and c.fields[0] == "honours"]
    assert [c.outcome for c in sums] == ["unchecked"]
    assert sums[0].because.en == "well-known brands is blank"
    assert sums[0].because.zh == "“名牌产品”未填写"


def test_profit_and_revenue_of_the_year_in_the_heading():
    made = application("weifang-2021", SOUND_WEIFANG, profit="90.00", revenue="85.00")
    from dataclasses import replace

    answers = tuple(
        replace(a, period="2020") if a.field in ("revenue", "profit", "tax") else a
        for a in made.answers
    )
    report = check(load_programme("weifang-2021"), replace(made, answers=answers), "2022-01-01")
    (finding,) = [f for f in report.findings if f.rule == RANGE]
    assert finding.fields == ("profit@2020", "revenue@2020")
    assert [c.fields for c in report.checks if c.rule == "criterion.revenue-floor"] == [
        ("revenue@2020",)
    ]


@pytest.mark.parametrize(
    ("field", "value", "fires"),
    [
        ("cloud_share", "100", False),
        ("cloud_share", "100.00", False),
        ("cloud_share", "100.01", True),
        ("cloud_share", "0", False),
        ("cloud_share", "-0.01", True),
        ("rd_growth", "-5.00", False),  # growth rates may be negative, or over 100
        ("rd_growth", "150.00", False),
        ("fdi_growth", "-20", False),
        ("rd_intensity", "0.80", False),
        ("rd_intensity", "-0.80", True),
        ("software_spend", "-1", True),
        ("energy_intensity_cut", "-3", False),
        ("energy_intensity_cut", "101", True),
        ("pct_applications", "-1", True),
    ],
)
def test_ranges(field, value, fires):
    assert (
        (RANGE, field) in [(r, f.partition("@")[0]) for r, f in found(shandong(**{field: value}))]
    ) == fires


# ------------------------------------------------------------------ suggestions


@pytest.mark.parametrize(
    ("field", "wrong", "suggestion"),
    [
        # two digits swapped
        ("total_output", ["45.60", "53.10", "61.07"], "total_output@2022: 53.10 → 51.30"),
        ("total_output", ["54.60", "51.30", "61.07"], "total_output@2021: 54.60 → 45.60"),
        ("invention_patents", "1268", "invention_patents: 1268 → 1286"),
        ("leading_output_cagr", "51.52", "leading_output_cagr: 51.52 → 15.52"),
        # one digit replaced
        ("total_output", ["45.60", "57.30", "61.07"], "total_output@2022: 57.30 → 51.30"),
        ("employees", "15860", "employees: 15860 → 15560"),
        # the decimal point moved
        ("total_output", ["45.60", "5.13", "61.07"], "total_output@2022: 5.13 → 51.3"),
        ("total_output", ["45.60", "513.0", "61.07"], "total_output@2022: 513.0 → 51.30"),
        # a digit doubled, a digit lost
        ("invention_patents", "12286", "invention_patents: 12286 → 1286"),
        ("invention_patents", "126", "invention_patents: 126 → 1286"),
        ("employees", "1556", None),  # or a patent count, or the ratio: a point moved
        # the share rather than the total
        ("leading_output_share", ["72.00", "37.00", "74.00"],
         "leading_output_share@2022: 37.00 → 73.00"),
        # too far off for one change
        ("total_output", ["45.60", "83.92", "61.07"], None),
    ],
)  # fmt: skip
def test_the_single_change(field, wrong, suggestion):
    report = shandong(**{field: wrong})
    findings = [f for f in report.findings if f.rule.startswith("arithmetic.")]
    assert findings
    if suggestion is None:
        assert {f.suggestion for f in findings} == {""}
        return
    # one fault, one finding: what follows from it is unchecked and says so
    assert [f.suggestion for f in findings] == [suggestion]
    assert findings[0].suggestion_field == suggestion.partition(":")[0]
    follow = [c for c in report.checks if c.because and "it follows from" in c.because.en]
    assert all(c.outcome == "unchecked" for c in follow)


def test_several_equally_simple_changes_are_no_suggestion():
    (finding,) = [f for f in weifang(honours="7").findings if f.rule == PARTS]
    assert finding.suggestion == ""


def test_a_share_out_of_range_is_like_its_other_years():
    report = shandong(sme_output_share=["75.00", "760.00", "77.00"])
    (finding,) = [f for f in report.findings if f.rule == RANGE]
    assert finding.suggestion == "sme_output_share@2022: 760.00 → 76"


def test_a_finding_shows_operands_result_and_every_source():
    (finding,) = [f for f in shandong(invention_patents="1268").findings if f.rule == PATENTS]
    assert finding.formula == "1268 ÷ 15560 × 10000 = 814.91 件/万人"
    assert finding.fields == ("invention_patents_per_10k", "invention_patents", "employees")
    assert len(finding.evidences) == 3
    assert finding.severity == "error"
    assert finding.actual == "826.48 件/万人" and finding.expected == "814.91 件/万人"


# ------------------------------------------------------------------ laws

FIGURE = st.decimals("1", "999", places=2)
SHARE = st.decimals("1", "100", places=2)


@given(st.tuples(FIGURE, SHARE, FIGURE, SHARE))
def test_true_figures_rounded_never_fire(figures):
    total, share, before, share_before = figures
    growth = ((total * share) / (before * share_before) - 1) * 100
    report = shandong(
        total_output=[str(before), str(total), None],
        leading_output_share=[str(share_before), str(share), None],
        leading_output_growth=[None, str(growth.quantize(Decimal("0.01"))), None],
    )
    checks = [c for c in report.checks if c.rule == GROWTH and "2022" in c.fields[0]]
    assert [c.outcome for c in checks] == ["met"] or any(
        f.rule == "plausibility.unit-slip" for f in report.findings
    )


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_rounded_ratios_never_fire(patents, employees):
    ratio = (Decimal(patents) / employees * 10000).quantize(Decimal("0.01"))
    report = shandong(
        invention_patents_per_10k=str(ratio),
        invention_patents=str(patents),
        employees=str(employees),
    )
    assert PATENTS not in {f.rule for f in report.findings}


def test_yearly_growth():
    assert yearly_growth(Decimal(100), Decimal(121), 2) == 10
    assert yearly_growth(Decimal(100), Decimal("133.1"), 3) == 10
    assert yearly_growth(Decimal(0), Decimal(1), 2) is None
