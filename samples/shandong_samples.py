"""The invented applications on the Shandong form: clean, with defects, untidy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from samples.books import YEARS, keep, shandong_figures
from samples.clusters import CLUSTERS
from samples.entries import BLANK, Filled, Habits, Written, none, number, rounded
from samples.filling import FORM, Finding, Sample, day, fill, lengthen, text
from samples.shandong import shandong

D = Decimal


def _sample(
    folder: str,
    programme: str,
    filled: Filled,
    habits: Habits,
    *findings: Finding,
    printer: str = "soffice",
) -> Sample:
    blocks = shandong(filled, habits)
    return Sample(folder, "申报表", programme, FORM, filled, habits, blocks, findings, printer)


def _clean(short: str, programme: str, output: str, **kind: str) -> Sample:
    cluster = CLUSTERS[short]
    filled = fill(cluster, keep(short, output), "甲", day("2024年4月18日", "2024-04-18"))
    place = cluster.county.removesuffix("市")
    habits = Habits(hand=kind.pop("hand", "glyph"))
    return _sample(f"{place}{short}（清洁）", programme, filled, habits, **kind)


def _below_the_criteria() -> Sample:
    """The books themselves fall short; the form is honest about it."""
    cluster = CLUSTERS["轴承"]
    good = keep("轴承", "28.5")
    shares = (D("0.9021"), D("0.8713"), D("0.8404"), D("0.8137"))
    rates = (D("0.7154"), D("0.7083"), D("0.6931"))
    rd = tuple(good.rd[0] * D(str(1 + 0.079 * i)) for i in range(4))
    first = good.patents[0]
    books = replace(
        good,
        leading=tuple(t * s for t, s in zip(good.output, shares, strict=True)),
        sme_output=tuple(t * s for t, s in zip(good.output[1:], rates, strict=True)),
        rd=rd,
        patents=(first, int(first * 1.1), int(first * 1.21), int(first * 1.34)),
        co2=(*good.co2[:2], good.co2[1] * D("1.23")),
        on_internet=int(good.counts["smes"][2] * 0.126),
        single=good.single | {"area": D("112.40")},
    )
    filled = fill(cluster, books, "乙", day("2024年5月8日", "2024-05-08"))
    filled.ticks |= {"energy_benchmark": ("否",), "serious_incidents": ("是",)}
    rising = ("co2_intensity@2022", "co2_intensity@2023")
    return _sample(
        "临清轴承（不达标）",
        FORM,
        filled,
        Habits(hand="replaced"),
        Finding("criterion.output-floor", "error", ("total_output@2021",)),
        Finding("criterion.output-floor", "error", ("total_output@2022",)),
        Finding("criterion.sme-output-share", "error", ("sme_output_share@2023",)),
        Finding("criterion.output-growth", "error", ("leading_output_cagr",)),
        Finding("criterion.rd-growth", "error", tuple(f"rd_growth@{y}" for y in YEARS)),
        Finding("criterion.invention-patent-growth", "error", ("invention_patent_cagr",)),
        Finding("criterion.industrial-internet", "error", ("industrial_internet_share",)),
        Finding("criterion.co2-falling", "error", rising),
        Finding("criterion.energy-benchmark", "error", ("energy_benchmark",)),
        Finding("criterion.serious-incidents", "error", ("serious_incidents",)),
        Finding("criterion.area-limit", "warning", ("area",)),
        Finding("deadline.late", "error", ("filing_date",)),
    )


def _carelessly_filled() -> Sample:
    """Healthy books, copied out carelessly."""
    cluster, books = CLUSTERS["调味品"], keep("调味品", "52")
    true = shandong_figures(books)
    cagr = true["leading_output_cagr"] + 27
    changes = {
        "leading_output_cagr": cagr,
        "target_output_growth@2023": cagr,
        "target_output_growth@2026": cagr + 1,
        "invention_patents_per_10k": true["invention_patents_per_10k"] + 90,
        "enterprises@2021": true["smes@2021"],
        "smes@2021": true["enterprises@2021"],
        "target_invention_patents@2023": true["invention_patents"] + 36,
        "rd_staff_share": true["rd_staff_share"].quantize(D("0.1")),
        "software_spend@2022": int(true["software_spend@2022"] * 10000),
        "cloud_share": D("168.42"),
    }
    filed = day("2024年4月22日", "2024-04-22")
    filled = fill(cluster, books, "丙", filed, changes)
    cells = filled.cells
    enterprises = cells["enterprises@2023"].raw
    wrong = str(int(enterprises) + 40)
    filled.narratives["plan"] = filled.narratives["plan"].replace(
        f"集群企业数量{enterprises}户", f"集群企业数量{wrong}户"
    )
    cells |= {
        "innovation_platforms_other": number(4),
        "cluster_name#table": text(cluster.name.replace("调味品", "调味料")),
        "export_growth": BLANK,
        "pct_applications": Written("详见附件", None, "unreadable"),
    }
    filled.ticks |= {"water_benchmark": (), "industry_sector": ("第一产业", "第二产业")}
    lengthen(filled, cluster, "chain_summary", "long", 225)
    patents = ("invention_patents_per_10k", "invention_patents", "employees")
    return _sample(
        "乐陵调味品（填报差错）",
        FORM,
        filled,
        Habits(hand="control"),
        Finding("arithmetic.leading-cagr", "error", ("leading_output_cagr",)),
        Finding("arithmetic.patents-per-10k", "error", patents),
        Finding("arithmetic.subset", "error", ("smes@2021", "enterprises@2021")),
        Finding("arithmetic.share-range", "error", ("cloud_share",)),
        Finding("agreement.target-baseline", "error", ("target_invention_patents@2023",)),
        Finding("agreement.narrative", "error", ("enterprises@2023",)),
        Finding("agreement.platform-names", "error", ("innovation_platforms_other",)),
        Finding("agreement.name", "warning", ("cluster_name",)),
        Finding("length.over-limit", "warning", ("chain_summary",)),
        Finding("blank.required", "error", ("export_growth",)),
        Finding("choice.none-ticked", "error", ("water_benchmark",)),
        Finding("choice.several-ticked", "error", ("industry_sector",)),
        Finding("plausibility.unit-slip", "warning", ("software_spend@2022",)),
        Finding("format.unreadable", "warning", ("pct_applications",)),
        Finding("format.decimals", "notice"),
    )


def _draft_defects() -> Sample:
    cluster = CLUSTERS["休闲食品"]
    good = keep("休闲食品", "43")
    shares = (D("0.7403"), D("0.7321"), D("0.7264"), D("0.6872"))
    few = {
        "specialised_smes": (1, 1, 2),
        "little_giants": (0, 0, 0),
        "champions": (0, 0, 0),
        "hightech_enterprises": (2, 2, 3),
        "innovative_smes": (2, 3, 3),
    }
    books = replace(
        good,
        leading=tuple(t * s for t, s in zip(good.output, shares, strict=True)),
        patents=(7, 9, 11, 13),
        counts=good.counts | few,
    )
    # the two-year compound rate, so that only the growth of 2023 is out of line
    cagr = rounded(((books.leading[3] / books.leading[1]) ** D("0.5") - 1) * 100)
    growth = shandong_figures(books)["leading_output_growth@2023"]
    changes = {
        "leading_output_cagr": cagr,
        "target_output_growth@2023": cagr,
        "leading_output_growth@2023": growth + D("9.09"),
    }
    filed = day("2024年4月16日", "2024-04-16")
    filled = fill(cluster, books, "丁", filed, changes)
    filled.cells["cluster_name"] = text("沂水休闲食品产业集群")
    filled.ticks |= {
        "restricted_industry": ("是",),
        "violations": ("是",),
        "water_benchmark": ("否",),
        "software_rate_rising": ("否",),
    }
    filled.narratives["green_summary"] = ""
    lengthen(filled, cluster, "plan", "plan", 3060)
    ids = ("champions", "little_giants", "specialised_smes", "innovative_smes")
    quality = tuple(f"{id}@2023" for id in (*ids, "hightech_enterprises"))
    return _sample(
        "沂水休闲食品（有差错）",
        "shandong-2023-draft",
        filled,
        Habits(hand="beside"),
        Finding("criterion.leading-output-share", "error", ("leading_output_share@2023",)),
        Finding("criterion.output-growth", "error", ("leading_output_cagr",)),
        Finding("criterion.quality-enterprises", "error", quality),
        Finding("criterion.invention-patents-per-10k", "error", ("invention_patents_per_10k",)),
        Finding("criterion.restricted-industry", "error", ("restricted_industry",)),
        Finding("criterion.violations", "error", ("violations",)),
        Finding("criterion.water-benchmark", "error", ("water_benchmark",)),
        Finding("criterion.software-rising", "error", ("software_rate_rising",)),
        Finding("arithmetic.leading-growth", "error", ("leading_output_growth@2023",)),
        Finding("format.name-pattern", "warning", ("cluster_name",)),
        Finding("blank.required", "error", ("green_summary",)),
        Finding("length.over-limit", "warning", ("plan",)),
    )


_WIDE = str.maketrans("0123456789.%,-", "０１２３４５６７８９．％，－")


def _rewritten(filled: Filled, ways: dict[str, str]) -> None:
    """The same figures in another hand: the cell as `ways` has it, {} standing for the number."""
    for key, way in ways.items():
        cell = filled.cells[key]
        raw = f"{D(cell.raw):,}" if "," in way else cell.raw
        raw = way.replace(",", "").replace("{}", raw)
        filled.cells[key] = replace(cell, raw=raw)


def _untidy() -> Sample:
    """A clerk with an old input method: full-width digits, units in the cells, a row of his own."""
    cluster = CLUSTERS["木制品"]
    changes = {"overseas_branches": 2, "pct_applications": 12}
    filed = day("2024.4.19", "2024-04-19")
    filled = fill(cluster, keep("木制品", "61"), "戊", filed, changes)
    cells = filled.cells
    for year in YEARS:
        cell = cells[f"total_output@{year}"]
        cells[f"total_output@{year}"] = replace(cell, raw=cell.raw.translate(_WIDE))
        share = cells[f"sme_output_share@{year}"]
        cells[f"sme_output_share@{year}"] = replace(share, raw=f"{share.raw}%")
        for part in ("led", "joined"):
            key = f"standards_{part}_international@{year}"
            cells[key] = none()
    _rewritten(
        filled,
        {
            "enterprises@2021": "{}户",
            "enterprises@2022": "{}户",
            "enterprises@2023": "{}户",
            "area": "约{}平方公里",
            "employees": "{},人",
            "rd_staff_share": " {} ％",
            "invention_patents": "{} 件",
            "leading_output_cagr": "{}％",
            "target_rd_spend@2023": "{}万元",
            "target_invention_patents@2026": "≥{}",
            "energy_intensity_cut": "下降{}%",
            "software_spend@2023": "{},",
            "target_co2@2023": "{},吨",
        },
    )
    cells |= {
        "innovation_platforms_national": none(),
        "innovation_platforms_national_names": none(),
        "overseas_branches": Written("两", D(2)),
        "fdi_growth": none("/"),
        "pct_applications": Written("十二", D(12)),
    }
    filled.extra["开放合作2023"] = "产品外销多个国家，境外分支机构2个"
    words = {
        "联系人": "联 系 人",
        "联系方式": "联系电话",
        "集群总产值（亿元）": "集群总产值 （单位：亿元）",
        "集群占地面积(平方公里)": "集群占地面积（km²）",
        "集群产业链强链补链情况 (200 字以内)": "集群产业链强链、补链情况（200字以内）",
        "集群质量品牌建设情况（200 字以内）": "集群质量品牌建设情况",
        "企业上云比例 (%)": "企业上云比例（％）",
    }
    habits = Habits(
        hand="solid",
        below=True,
        words=words,
        brackets="full",
        guidance=False,
        added={"champions": ("主导产业相关的省级瞪羚企业数量", "3", "4", "6")},
        own_targets=(
            ("主导产业", "省级以上品牌数量（个）", "9", "15"),
            ("创新", "技术合同成交额（万元）", "860.00", "1500.00"),
        ),
    )
    return _sample(
        "曹县木制品（不规范）",
        FORM,
        filled,
        habits,
        Finding("format.altered", "warning"),
    )


def _untidy_draft() -> Sample:
    """Another clerk: newest year first, the cover as a table, Wingdings ticks, a row deleted."""
    cluster = CLUSTERS["铝型材"]
    books = keep("铝型材", "88")
    changes = {
        "rd_staff_share": shandong_figures(books)["rd_staff_share"].quantize(D("0.1")),
        "green_parks": 1,
    }
    filed = day("二〇二四年四月十七日", "2024-04-17")
    filled = fill(cluster, books, "己", filed, changes)
    cells = filled.cells
    for i, year in enumerate(YEARS):
        # to the last 万元, as the books have it
        exact = books.output[i + 1]
        cells[f"total_output@{year}"] = Written(f"{exact * 10000:.0f}万元", exact)
        for id in ("enterprises", "smes"):
            cells[f"{id}@{year}"] = replace(
                cells[f"{id}@{year}"], raw=f"{cells[f'{id}@{year}'].raw} 家"
            )
        cells[f"standards_led_international@{year}"] = none("—")
    _rewritten(
        filled,
        {
            "employees": "{},",
            "invention_patents_per_10k": "{}件",
            "invention_patent_cagr": "+{}%",
            "water_reuse": "{}%",
            "rd_staff_share": "{}%",
            "cloud_share": "{}  %",
            "target_co2@2023": "{},",
            "target_co2@2026": "{},",
            "target_industrial_internet_share@2026": "{}%以上",
        },
    )
    cells |= {
        "fdi_growth": Written("", None, "absent"),
        "green_parks": Written("一", D(1)),
        "authority_phone": text("０００－００００００００"),
    }
    filled.ticks |= {"energy_benchmark": ("是",)}
    habits = Habits(
        hand="symbol",
        words={
            "年度": "年 度",
            "联系方式": "联系方式（手机）",
            "集群企业数量": "集群企业数量（户）",
            "创新平台建设情况 (需提供清单及佐证材料)": "创新平台建设情况",
        },
        brackets="half",
        years=("2023", "2022", "2021"),
        dropped=frozenset({"fdi_growth"}),
        cover_table=True,
    )
    return _sample(
        "邹平铝型材（不规范）",
        "shandong-2023-draft",
        filled,
        habits,
        Finding("format.altered", "warning"),
        Finding("format.decimals", "notice"),
    )


def shandong_samples() -> list[Sample]:
    return [
        _clean("蔬菜种苗", FORM, "45"),
        _below_the_criteria(),
        _carelessly_filled(),
        _untidy(),
        _clean("石材机械", "shandong-2023-draft", "57", printer="chromium", hand="square"),
        _draft_defects(),
        _untidy_draft(),
    ]
