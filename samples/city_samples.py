"""The invented applications on the tables of Weifang and Liaocheng."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from samples.books import city_figures
from samples.cities import city_form
from samples.clusters import CLUSTERS
from samples.entries import BLANK, Filled, Habits, Written, none, number
from samples.filling import Finding, Sample, day, lengthen, slots_of, text
from samples.prose import INTRODUCTION, written

D = Decimal
FLOORS = {"weifang-2021": 70, "weifang-2021-growing": 50, "liaocheng-2021": 30}
OUTPUTS = {
    "商用车零部件": "车桥总成", "花卉装备": "智能温室", "安防用品": "防护鞋",
    "磁电装备": "磁选机", "纺织印染": "印染布", "葱姜食品": "速冻姜制品",
    "密度板": "中密度板", "金属护栏": "波形护栏", "光电线缆": "电力电缆",
}  # fmt: skip
UNITS = ("万套", "万平方米", "万双", "台", "万米", "吨", "万立方米", "万吨", "千米")


def fill(
    short: str,
    programme: str,
    year: str,
    filed: Written,
    figures: dict[str, Decimal | int] | None = None,
    claim: str = "",
) -> Filled:
    """A table filled in with care; `figures` replaces some of the cluster's own."""
    cluster = CLUSTERS[short]
    share = "market_share_" + ("provincial" if "liaocheng" in programme else "national")
    own = city_figures(short, FLOORS[programme], share, year)
    own |= figures or {}
    cells = {key: number(value) for key, value in own.items()}
    raws = {key.split("@")[0]: cell.raw for key, cell in cells.items()}
    slots = slots_of(cluster, raws | {"year": year, "claim": claim})
    index = list(OUTPUTS).index(short)
    cells |= {
        "applicant": text(cluster.operator),
        "region_county": text(cluster.county),
        "filing_date": filed,
        "cluster_name": text(cluster.name),
        "main_product": text(OUTPUTS[short]),
        "main_product_output": text(f"{36 + 11 * index}{UNITS[index]}"),
    }
    introduction = written(INTRODUCTION, short, slots)
    return Filled(cells, {}, {"introduction": introduction}, {"year": year})


def _sample(
    kind: str,
    short: str,
    programme: str,
    filled: Filled,
    *findings: Finding,
    habits: Habits | None = None,
    printer: str = "soffice",
    file: str = "申请表",
) -> Sample:
    habits = habits or Habits()
    form = "liaocheng-2021" if "liaocheng" in programme else "weifang-2021"
    county = CLUSTERS[short].county
    # a county of one character keeps its title: 冠县
    place = county[:-1] if len(county) > 2 else county
    return Sample(
        f"{place}{short}（{kind}）",
        file,
        programme,
        form,
        filled,
        habits,
        city_form(form, filled, habits),
        findings,
        printer,
    )


def _weifang_defects() -> Sample:
    changes = {
        "area": D("112.30"),
        "enterprises": 66,
        "enterprises_above_scale": 27,
        "enterprises_in_park": 88,
        "employees": 6120,
        "revenue@2025": D("68.40"),
        "profit@2025": D("4.86"),
        "honours": 13,
        "honours_brands": 6,
        "honours_trademarks": 3,
        "honours_titles": 2,
    }
    filed = day("2026年6月18日", "2026-06-18")
    filled = fill("花卉装备", "weifang-2021", "2025", filed, changes)
    filled.cells["tax@2025"] = BLANK
    text = filled.narratives["introduction"].replace("从业人员6120人", "从业人员6210人")
    filled.narratives["introduction"] = _without_tax(text)
    lengthen(filled, CLUSTERS["花卉装备"], "introduction", "intro", 3080)
    honours = ("honours", "honours_brands", "honours_trademarks", "honours_titles")
    return _sample(
        "有差错",
        "花卉装备",
        "weifang-2021",
        filled,
        Finding("criterion.area-limit", "error", ("area",)),
        Finding("criterion.enterprise-floor", "error", ("enterprises",)),
        Finding("criterion.revenue-floor", "error", ("revenue@2025",)),
        Finding("arithmetic.parts-sum", "error", honours),
        Finding("arithmetic.subset", "error", ("enterprises_in_park", "enterprises")),
        Finding("agreement.narrative", "error", ("employees",)),
        Finding("blank.required", "error", ("tax@2025",)),
        Finding("length.over-limit", "warning", ("introduction",)),
        Finding("validity.expired", "error", ("filing_date",)),
    )


def _without_tax(text: str) -> str:
    for word in ("，税金", "，上缴税金"):
        if word in text:
            start = text.index(word)
            return text[:start] + text[text.index("亿元", start) + 2 :]
    return text


def _weifang_untidy() -> Sample:
    own = city_figures("安防用品", 70, "market_share_national", "2021")
    changes = {
        "employees": 8600,
        "honours": own["honours_brands"] + own["honours_trademarks"],
    }
    filled = fill("安防用品", "weifang-2021", "2021", day("2022-3-18", "2022-03-18"), changes)
    cells = filled.cells
    revenue = cells["revenue@2021"]
    cells |= {
        "area": replace(cells["area"], raw=f"{cells['area'].raw}km²".translate(_WIDE)),
        "enterprises": _as(cells["enterprises"], "{}户"),
        "enterprises_above_scale": _as(cells["enterprises_above_scale"], "{} 户"),
        "employees": Written("约8600人", D(8600)),
        "revenue@2021": replace(revenue, raw=f"{revenue.value * 10000:.0f}万元"),
        "profit@2021": _as(cells["profit@2021"], "{}亿元"),
        "market_share_national": _as(cells["market_share_national"], "{}％左右"),
        "honours_titles": none(),
    }
    habits = Habits(
        below=True,
        cover_table=True,
        words={
            "产业集群名称": "产 业 集 群\n名     称",
            "产业集群区域面积": "产业集群区域面积（平方公里）",
            "从业人员数量": "从业人员\n数量（人）",
            "填报日期": "填 报 日 期",
        },
        added={"service_platform_other": ("备   注", "数据来源为企业报表汇总")},
    )
    return _sample(
        "不规范",
        "安防用品",
        "weifang-2021",
        filled,
        Finding("format.altered", "warning"),
        habits=habits,
    )


_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def _as(cell: Written, way: str) -> Written:
    return replace(cell, raw=way.format(cell.raw))


def _growing_defects() -> Sample:
    changes = {
        "enterprises": 58,
        "enterprises_above_scale": 23,
        "enterprises_in_park": 41,
        "employees": 4380,
        "revenue@2021": D("47.20"),
        "profit@2021": D("61.20"),
        "tax@2021": D("1.83"),
        "service_platform_count": 7,
        "service_platform_rd": 2,
        "service_platform_testing": 1,
        "service_platform_logistics": 2,
        "service_platform_ecommerce": 3,
        "service_platform_other": 1,
    }
    claim = "主导产业营业收入居全省同行业第一位。"
    filed = day("2022年4月6日", "2022-04-06")
    filled = fill("纺织印染", "weifang-2021-growing", "2021", filed, changes, claim)
    platforms = ("rd", "testing", "logistics", "ecommerce", "other")
    fields = tuple(f"service_platform_{kind}" for kind in platforms)
    return _sample(
        "成长型，有差错",
        "纺织印染",
        "weifang-2021-growing",
        filled,
        Finding("criterion.revenue-floor", "warning", ("revenue@2021",)),
        Finding("arithmetic.share-range", "error", ("profit@2021", "revenue@2021")),
        Finding("arithmetic.parts-sum", "error", ("service_platform_count", *fields)),
        file="申请表（成长型产业集群）",
    )


def _growing_untidy() -> Sample:
    own = city_figures("葱姜食品", 50, "market_share_national", "2021")
    platforms = own["service_platform_count"] - own["service_platform_ecommerce"]
    above, park = 31, 56
    changes = {
        "enterprises": 78,
        "enterprises_above_scale": above,
        "enterprises_in_park": park,
        "service_platform_count": platforms,
    }
    filed = day("二〇二二年三月二十一日", "2022-03-21")
    filled = fill("葱姜食品", "weifang-2021-growing", "2021", filed, changes)
    cells = filled.cells
    cells |= {
        "enterprises": Written("七十八户", D(78)),
        "enterprises_above_scale": Written("三十一", D(above)),
        "enterprises_in_park": Written("56（户）", D(park)),
        "employees": replace(cells["employees"], raw=f"{cells['employees'].value:,}"),
        "revenue@2021": _as(cells["revenue@2021"], "{} 亿"),
        "tax@2021": _as(cells["tax@2021"], "约{}"),
        "service_platform_ecommerce": none("／"),
    }
    filled.extra["kind"] = "成长型产业集群（C类）"
    return _sample("成长型，不规范", "葱姜食品", "weifang-2021-growing", filled, printer="chromium")


def _liaocheng_defects() -> Sample:
    changes = {
        "area": D("118.60"),
        "enterprises": 27,
        "enterprises_above_scale": 33,
        "enterprises_in_park": 20,
        "employees": 2860,
        "service_platform_count": 12,
        "service_platform_rd": 2,
        "service_platform_testing": 2,
        "service_platform_logistics": 2,
        "service_platform_ecommerce": 2,
        "service_platform_other": 2,
    }
    filed = day("2021年8月20日", "2021-08-20")
    filled = fill("金属护栏", "liaocheng-2021", "2020", filed, changes)
    revenue = filled.cells["revenue@2020"]
    filled.cells |= {
        "revenue@2020": number(int(revenue.value * 10000)),
        "main_product_output": BLANK,
    }
    platforms = ("rd", "testing", "logistics", "ecommerce", "other")
    fields = tuple(f"service_platform_{kind}" for kind in platforms)
    return _sample(
        "有差错",
        "金属护栏",
        "liaocheng-2021",
        filled,
        Finding("criterion.area-limit", "error", ("area",)),
        Finding("criterion.enterprise-floor", "error", ("enterprises",)),
        Finding("arithmetic.subset", "error", ("enterprises_above_scale", "enterprises")),
        Finding("arithmetic.parts-sum", "error", ("service_platform_count", *fields)),
        Finding("plausibility.unit-slip", "warning", ("revenue@2020",)),
        Finding("blank.required", "error", ("main_product_output",)),
        Finding("validity.expired", "error", ("filing_date",)),
    )


def _liaocheng_untidy() -> Sample:
    own = city_figures("光电线缆", 30, "market_share_provincial", "2020")
    changes = {"honours": own["honours_brands"] + own["honours_titles"]}
    filled = fill("光电线缆", "liaocheng-2021", "2020", day("2021.10.15", "2021-10-15"), changes)
    cells = filled.cells
    employees = cells["employees"]
    cells |= {
        "area": _as(cells["area"], "{}平方千米"),
        "enterprises": replace(cells["enterprises"], raw=cells["enterprises"].raw.translate(_WIDE)),
        "enterprises_in_park": _as(cells["enterprises_in_park"], "{}家"),
        "employees": replace(employees, raw=f"{employees.value:,}".translate(_WIDE)),
        "market_share_provincial": _as(cells["market_share_provincial"], "{}%"),
        "profit@2020": _as(cells["profit@2020"], "{}亿"),
        "honours_trademarks": none("—"),
    }
    habits = Habits(
        words={
            "产业集群简介": "产 业\n集 群\n简 介",
            "从业人员数量": "从 业 人 员 数 量",
            "所在县（市、区）": "所在县(市、区)",
        }
    )
    return _sample("不规范", "光电线缆", "liaocheng-2021", filled, habits=habits)


def city_samples() -> list[Sample]:
    filed = day("2022年3月16日", "2022-03-16")
    growing = fill("磁电装备", "weifang-2021-growing", "2021", filed)
    growing.extra["kind"] = "成长型产业集群（C类）"
    liaocheng = fill("密度板", "liaocheng-2021", "2020", day("2021年10月12日", "2021-10-12"))
    return [
        _sample(
            "清洁",
            "商用车零部件",
            "weifang-2021",
            fill("商用车零部件", "weifang-2021", "2021", filed),
        ),
        _weifang_defects(),
        _weifang_untidy(),
        _sample("成长型，清洁", "磁电装备", "weifang-2021-growing", growing),
        _growing_defects(),
        _growing_untidy(),
        _sample("清洁", "密度板", "liaocheng-2021", liaocheng, printer="chromium"),
        _liaocheng_defects(),
        _liaocheng_untidy(),
    ]
