"""Forms filled in with care, for the samples to be made from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from models.form import load_form
from samples.books import Books, shandong_figures
from samples.clusters import Cluster
from samples.counting import characters
from samples.entries import BLANK, Filled, Habits, Written, number
from samples.paper import Block
from samples.prose import EXTRA, PLAN, SUMMARIES, written
from samples.shandong import plan_text

FORM = "shandong-2024"


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    folder: str
    file: str
    """Without its ending."""
    programme: str
    form: str
    filled: Filled
    habits: Habits
    blocks: list[Block]
    findings: tuple[Finding, ...]
    printer: str = "soffice"
    """What makes the PDF: soffice from the Word file, or chromium from HTML."""


def slots_of(cluster: Cluster, raws: dict[str, str]) -> dict[str, str]:
    place = {"city": cluster.city, "county": cluster.county, "short": cluster.short}
    return cluster.words | place | {"operator": cluster.operator} | raws


def fill(
    cluster: Cluster,
    books: Books,
    person: str,
    filed: Written,
    changes: dict[str, Decimal | int] | None = None,
) -> Filled:
    """A form filled in with care; `changes` stand on the form and in the prose alike."""
    own = shandong_figures(books) | (changes or {})
    figures = {key: number(value) for key, value in own.items()}
    raws = {key: cell.raw for key, cell in figures.items()}
    slots = slots_of(cluster, raws)
    cells = dict(figures)
    names = {
        "national": ("国家级某某{short}技术研究推广中心",),
        "provincial": ("省级某某{short}工程研究中心", "省级某某{short}技术创新中心"),
        "other": ("某某{short}市级重点实验室", "某某{short}检测服务站", "某某{short}设计中心"),
    }
    for level, templates in names.items():
        list_of = [name.format(short=cluster.short) for name in templates]
        cells[f"innovation_platforms_{level}"] = number(len(list_of))
        cells[f"innovation_platforms_{level}_names"] = text("、".join(list_of))
    cells |= {
        "cluster_name": text(cluster.name),
        "region_city": text(cluster.city.removesuffix("市")),
        "region_county": text(cluster.county[:-1]),
        "county_authority": text(cluster.authority),
        "operator": text(cluster.operator),
        "filing_date": filed,
        "contact": text(f"{person}某某 0000-0000000"),
        "authority_contact": text(f"{person}某某"),
        "authority_phone": text("0000-0000000"),
        "operator_contact": text(f"{person}某"),
        "operator_phone": text("000-00000000"),
    }
    narratives = {id: written(t, cluster.short + id, slots) for id, t in SUMMARIES.items()}
    narratives["plan"] = written(PLAN, cluster.short, slots)
    exports = f"出口增长率{raws['export_growth']}%"
    extra = {
        "开放合作2023": f"{exports}，境外分支机构{raws['overseas_branches']}个",
        "开放合作2026": "出口市场更加多元",
        "治理和服务2023": "服务平台覆盖集群企业",
        "治理和服务2026": "服务事项全部线上办理",
    }
    return Filled(cells, _ticks(cluster), narratives, extra)


def text(raw: str) -> Written:
    return Written(raw, raw) if raw else BLANK


def day(raw: str, iso: str) -> Written:
    return Written(raw, iso)


def _ticks(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    ticks = {
        "industry_sector": ("第一产业" if cluster.short == "蔬菜种苗" else "第二产业",),
        "restricted_industry": ("否",),
        "serious_incidents": ("否",),
        "violations": ("否",),
        "energy_benchmark": ("非高耗能行业，不适用",),
        "water_benchmark": ("非高用水行业，不适用",),
        "software_rate_rising": ("是",),
        "carbon_monitoring": ("是",),
        "solid_waste_above_average": ("是",),
        "water_reuse_above_average": ("是",),
    }
    for field in load_form(FORM).fields:
        if field.type == "ticks" and field.id not in ticks:
            skip = len(cluster.short) + len(field.id)
            ticks[field.id] = tuple(
                option for i, option in enumerate(field.options) if (i + skip) % 3
            )
    return ticks


def lengthen(filled: Filled, cluster: Cluster, field: str, key: str, over: int) -> None:
    """Adds paragraphs of nothing much until the text is longer than `over`."""
    months, counts = "一二三四五六七八九", "三四五六七八九"
    for i in range(60):
        whole = filled.narratives[field]
        if characters(plan_text(whole) if field == "plan" else whole) > over:
            return
        slots = slots_of(cluster, {"month": months[i % 9], "n": counts[(i + 2) % 7]})
        filled.narratives[field] += ("\n" if over > 300 else "") + written(
            EXTRA[i % len(EXTRA)], f"{key}{i}", slots
        )
