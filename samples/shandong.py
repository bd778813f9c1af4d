# ruff: noqa: E501
"""山东省特色产业集群申报表 (附件2) as printed, with one applicant's entries."""

from __future__ import annotations

from models.form import load_form
from samples.entries import Filled, Habits, Pen
from samples.paper import Block, C, Grid, PageBreak, Para, head, lined

TICK_NOTE = "（注：勾选需提供佐证材料）"
LIST_NOTE = "（需提供清单及佐证材料）"
PATTERN = "(XX市XX县(市、区)XX特色产业集群)"

INSTRUCTIONS = """1. 集群应如实填报所附各表。要求文字简洁，数据准确、详实，并提供必要的清单及佐证材料。\
填报数据将依权限对相关部门和单位开放共享，仅供审核验证和查阅用。
2. 各必填栏目不得空缺，无相关情况时应填写“无”；数据有小数时，保留小数点后 2 位。
3. 集群运营管理机构是指对产业集群集中运营管理的产业园区管委会、园区运营企业或公共服务机构等法人主体，\
基础建设单位不可作为集群运营管理机构。
4. 佐证材料包括主管部门、第三方机构出具的证明或申报主体自我声明。
5. 财务数据应以企业该年度会计报表期末数为准。
6. 未注明填报年度的，请填写截止到 2023 年底的数据。
7. 主导产品按获得的产品收入占比或重要程度从高到低填写。
8. 集群内中小企业从业人员数是指集群内所有中小企业从业人员期末数之和。从业人员期末人数，为上年度末在企业\
工作，并取得工资或其他形式劳动报酬的人员数，是在岗职工、劳务派遣人员及其他从业人员之和。从业人员以上年度末\
数据为定量依据。
9. 企业研发费用是指企业研发活动中发生的相关费用，具体按照财政部、国家税务总局、科技部《关于完善研究开发费用\
税前加计扣除政策的通知》（财税[2015]119 号）有关规定进行归集。"""

PLAN_HEADINGS = {
    "basics": "一、集群基本情况简介",
    "results": "二、发展成效",
    "problems": "三、存在的问题",
    "future": "四、未来三年特色产业集群发展规划",
    "idea": "(一) 总体思路",
    "goals": "(二) 发展目标",
    "three_years": "1. 三年总体目标",
    "stages": "2. 阶段性目标",
    "stage_2024": "(1) 2024 年度",
    "stage_2025": "(2) 2025 年度",
    "stage_2026": "(3) 2026 年度",
    "tasks": "(三) 重点任务",
    "support": "(四) 保障措施",
}
"""The plan's printed headings, in order; they are part of the plan's text."""

_HINTS = dict(zip(("basics", "results", "three_years"), (1, 2, 3), strict=True))
DECLARATION = """本单位承诺此次申报山东省特色产业集群的申请材料(包括附件资料)真实、合法。如有不实之处，\
本单位愿意负相应责任，并承担由此产生的一切后果。"""


def shandong(filled: Filled, habits: Habits) -> list[Block]:
    """The whole form: cover, 填报说明 and the nine sections."""
    pen = Pen(load_form("shandong-2024"), filled, habits)
    return [
        *_cover(pen),
        PageBreak(),
        Para("填报说明", "heading", "center"),
        Para(INSTRUCTIONS, "body"),
        PageBreak(),
        Para("一、基本情况", "heading"),
        _basics(pen),
        Para("二、主导产业情况", "heading"),
        _industry(pen),
        Para("三、创新能力情况", "heading"),
        _innovation(pen),
        Para("四、数字化升级情况", "heading"),
        _digital(pen),
        Para("五、绿色化转型情况", "heading"),
        _green(pen),
        Para("六、开放合作情况", "heading"),
        _cooperation(pen),
        Para("七、治理和服务水平", "heading"),
        _governance(pen),
        Para("八、未来三年特色产业集群发展规划", "heading"),
        *_plan(pen),
        Para("九、真实性声明及推荐意见", "heading"),
        _signatures(pen),
    ]


def _cover(pen: Pen) -> list[Block]:
    blocks: list[Block] = [
        Para("附件 2", "note"),
        Para("山东省特色产业集群申报表", "title", "center"),
    ]
    names = [
        ("集群名称", pen.raw("cluster_name")),
        ("所属地区", ""),
        ("县级行政区划中小企业主管部门", pen.raw("county_authority")),
        ("集群运营管理机构", pen.raw("operator")),
        ("申报时间", pen.raw("filing_date")),
        ("联系人及联系电话", pen.raw("contact")),
    ]
    city, county = pen.raw("region_city"), pen.raw("region_county")
    if pen.habits.cover_table:
        where = f"{city}市{county}"
        rows = [
            (head(pen.printed(label)), C(where if label == "所属地区" else value))
            for label, value in names
        ]
        blocks.append(Grid((2, 3), tuple(rows)))
    else:
        for label, value in names:
            seal = " (盖章)" if "主管部门" in label else ""
            if label == "所属地区":
                value = f"{lined(city, 12)}市{lined(county, 12)}县 (市、区)"
            else:
                value = lined(value, 30)
            blocks.append(Para(f"{pen.printed(label)}{seal}：{value}", "line"))
            if label == "集群名称":
                blocks.append(Para("(XX 市 XX 县 (市、区) XX 特色产业集群)", "note", "center"))
    blocks.append(Para("\n\n山东省工业和信息化厅 制", "line", "center"))
    return blocks


def _basics(pen: Pen) -> Grid:
    name = pen.raw("cluster_name#table") or PATTERN
    rows: list[tuple[C, ...]] = [(C(f"{pen.printed('集群名称')}：{name}", 4),)]
    for who, field in (("authority", "county_authority"), ("operator", "operator")):
        title = "县级行政区划中小企业主管部门" if who == "authority" else "集群运营管理机构"
        rows.append((head(pen.printed(title)), C(pen.raw(f"{field}#table"), 3)))
        rows.append(
            (
                head(pen.printed("联系人")),
                C(pen.raw(f"{who}_contact"), 1, 1, "center"),
                head(pen.printed("联系方式")),
                C(pen.raw(f"{who}_phone"), 1, 1, "center"),
            )
        )
    rows.append((head(pen.label("area")), C(pen.raw("area"), 3, 1, "center")))
    for id in (
        "industry_sector",
        "restricted_industry",
        "serious_incidents",
        "violations",
        "energy_benchmark",
        "water_benchmark",
    ):
        rows.append((head(pen.label(id), 2), C(pen.boxes(id, 3), 2)))
    return Grid((3, 2, 2, 3), tuple(rows))


def _narrative_rows(pen: Pen, id: str, span: int) -> list[tuple[C, ...]]:
    """The label and the applicant's words: side by side, or one below the other."""
    if pen.habits.below:
        return [(C(pen.label(id), span + 1),), (C(pen.narrative(id), span + 1),)]
    return [(head(pen.label(id)), C(pen.narrative(id), span))]


def _actions_row(pen: Pen, id: str, span: int) -> tuple[C, ...]:
    return (head(pen.label(id)), C(f"{pen.boxes(id)}\n{TICK_NOTE}", span))


def _industry(pen: Pen) -> Grid:
    years = pen.habits.years
    rows: list[tuple[C, ...]] = [(head("年度"), *(head(f"{year} 年") for year in years))]
    for field in pen.form.fields:
        if field.section != "二、主导产业情况" or field.id in pen.habits.dropped:
            continue
        if field.years:
            values = [C(pen.raw(f"{field.id}@{year}"), 1, 1, "center") for year in years]
            rows.append((head(pen.label(field.id)), *values))
        elif field.type == "narrative":
            rows += _narrative_rows(pen, field.id, 3)
        elif field.type == "ticks":
            rows.append(_actions_row(pen, field.id, 3))
        else:
            rows.append((head(pen.label(field.id)), C(pen.raw(field.id), 3, 1, "center")))
        if field.id in pen.habits.added:
            rows.append(tuple(head(text) for text in pen.habits.added[field.id]))
    return Grid((4, 2, 2, 2), tuple(rows))


def _innovation(pen: Pen) -> Grid:
    years = pen.habits.years
    rows: list[tuple[C, ...]] = [(head("年度"), *(head(f"{year} 年", 3) for year in years))]
    for id in ("rd_intensity", "rd_growth"):
        values = [C(pen.raw(f"{id}@{year}"), 3, 1, "center") for year in years]
        rows.append((head(pen.label(id)), *values))
    standards = pen.printed(
        "集群中小企业近三年主持（起草单位排名前三位）或参与制修订标准数量情况（需提供清单）"
    )
    heads = [head(text) for _ in years for text in ("类别", "主持数量", "参与数量")]
    rows.append((head(standards, 1, 5), *heads))
    for word, level in (
        ("国际", "international"),
        ("国家", "national"),
        ("行业", "industry"),
        ("团体", "association"),
    ):
        row = []
        for year in years:
            row.append(head(word))
            for part in ("led", "joined"):
                row.append(C(pen.raw(f"standards_{part}_{level}@{year}"), 1, 1, "center"))
        rows.append(tuple(row))
    platforms = pen.printed("创新平台建设情况 (需提供清单及佐证材料)")
    for i, level in enumerate(("national", "provincial", "other")):
        id = f"innovation_platforms_{level}"
        title = head(pen.printed(pen.form.field(id).path[0]), 3)
        text = f"数量：{lined(pen.raw(id), 8)}个\n名称：{lined(pen.raw(id + '_names'), 12)}"
        first = (head(platforms, 1, 3),) if i == 0 else ()
        rows.append((*first, title, C(text, 6)))
    for id in (
        "employees",
        "rd_staff_share",
        "pct_applications",
        "invention_patent_cagr",
        "invention_patents_per_10k",
    ):
        rows.append((head(pen.label(id)), C(pen.raw(id), 9, 1, "center")))
        if id in pen.habits.added:
            label, value = pen.habits.added[id]
            rows.append((head(label), C(value, 9, 1, "center")))
    patents = f"{pen.raw('invention_patents')}\n{LIST_NOTE}"
    rows.append((head(pen.label("invention_patents")), C(patents, 9, 1, "center")))
    return Grid((6, *(2, 2, 2) * 3), tuple(rows))


def _digital(pen: Pen) -> Grid:
    rows: list[tuple[C, ...]] = []
    for id in ("cloud_share", "industrial_internet_share"):
        rows.append((head(pen.label(id)), C(pen.raw(id), 3, 1, "center")))
    rows.append(
        (head(pen.label("software_rate_rising")), C(pen.boxes("software_rate_rising", 2), 3))
    )
    years = pen.habits.years
    rows.append((head(pen.label("software_spend"), 1, 2), *(head(f"{y} 年") for y in years)))
    rows.append(tuple(C(pen.raw(f"software_spend@{y}"), 1, 1, "center") for y in years))
    rows += _narrative_rows(pen, "digital_summary", 3)
    rows.append(_actions_row(pen, "digital_actions", 3))
    rows.append(
        (
            head(pen.printed("数字化新模式新业态推广情况"), 1, 2),
            C(f"{pen.label('new_models_summary')}\n{pen.narrative('new_models_summary')}", 3),
        )
    )
    text = f"{pen.label('new_models_actions')}：\n{pen.boxes('new_models_actions')}\n{TICK_NOTE}"
    rows.append((C(text, 3),))
    return Grid((4, 2, 2, 2), tuple(rows))


def _green(pen: Pen) -> Grid:
    years = pen.habits.years
    rows: list[tuple[C, ...]] = [
        (
            head(pen.label("carbon_monitoring")),
            C(f"{pen.boxes('carbon_monitoring', 2)} （如涉及，需提供佐证材料）", 2),
        )
    ]
    for i, year in enumerate(years):
        first = (head(pen.label("co2_intensity"), 1, 4),) if i == 0 else ()
        value = C(pen.raw(f"co2_intensity@{year}"), 1, 1, "center")
        rows.append((*first, head(f"{year} 年"), value))
    rows.append((C("（注：单位产值二氧化碳排放量需提供计算公式）", 2),))
    for id in ("energy_intensity_cut", "solid_waste_use", "water_reuse"):
        rows.append((head(pen.label(id)), C(pen.raw(id), 2, 1, "center")))
        question = f"{id.removesuffix('_use')}_above_average"
        if pen.form.has(question):
            rows.append((head(pen.label(question)), C(pen.boxes(question, 3), 2)))
    rows += _narrative_rows(pen, "green_summary", 2)
    rows.append(_actions_row(pen, "green_actions", 2))
    counts = "\n".join(
        f"{pen.label(id)}{lined(pen.raw(id), 10)}"
        for id in (
            "green_factories",
            "green_parks",
            "green_supply_chain_enterprises",
            "green_products",
        )
    )
    level = head(pen.printed("集群绿色制造体系建设水平"))
    rows.append((level, C(f"{counts}\n（注：需提供清单及佐证材料）", 2)))
    return Grid((4, 2, 4), tuple(rows))


def _cooperation(pen: Pen) -> Grid:
    branches = f"{lined(pen.raw('overseas_branches'), 8)}个 （需提供清单及相关佐证材料）"
    return Grid(
        (4, 6),
        (
            *_narrative_rows(pen, "cooperation_summary", 1),
            _actions_row(pen, "cooperation_actions", 1),
            (head(pen.label("overseas_branches")), C(branches)),
        ),
    )


def _governance(pen: Pen) -> Grid:
    def question(id: str, title: str, per_line: int) -> tuple[C, ...]:
        text = f"{pen.label(id)}：\n{pen.boxes(id, per_line)}\n{TICK_NOTE}"
        return (head(pen.printed(title)), C(text))

    return Grid(
        (4, 6),
        (
            *_narrative_rows(pen, "governance_summary", 1),
            _actions_row(pen, "governance_actions", 1),
            question("service_platforms", "集群中小企业公共服务平台建设情况", 1),
            question("services", "集群提供中小企业公共服务情况", 3),
        ),
    )


def _plan(pen: Pen) -> list[Block]:
    """The plan's paragraphs (written as `## key` before each part) and the target table."""
    guidance = pen.form.guidance_of("plan") if pen.habits.guidance else ()
    blocks: list[Block] = [Para(guidance[0], "body")] if guidance else []
    parts = plan_parts(pen.narrative("plan"))
    for key, title in PLAN_HEADINGS.items():
        blocks.append(Para(title, "subheading"))
        if guidance and key in _HINTS:
            blocks.append(Para(guidance[_HINTS[key]], "body"))
        if parts.get(key):
            blocks.append(Para(parts[key], "body"))
        if key == "three_years":
            blocks.append(_targets(pen))
    return blocks


def plan_parts(plan: str) -> dict[str, str]:
    """`## key` lines split the applicant's text by the printed headings it stands under."""
    parts: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in plan.split("\n"):
        if line.startswith("## "):
            lines = parts.setdefault(line[3:], [])
        elif line:
            lines.append(line)
    return {key: "\n".join(lines) for key, lines in parts.items()}


def plan_text(plan: str) -> str:
    """The plan as it stands on paper, printed headings included, guidance and table not."""
    parts = plan_parts(plan)
    return "\n".join(
        line for key, title in PLAN_HEADINGS.items() for line in (title, parts.get(key, "")) if line
    )


def _targets(pen: Pen) -> Grid:
    rows: list[tuple[C, ...]] = [
        tuple(head(text) for text in ("方向", "指标", "2023 年基准值", "2026 年目标值"))
    ]

    def direction(name: str, ids: tuple[str, ...]) -> None:
        indicators = [(pen.label(id), pen.raw(f"{id}@2023"), pen.raw(f"{id}@2026")) for id in ids]
        own = [row[1:] for row in pen.habits.own_targets if row[0] == name]
        indicators += own or [("……", "", "")]
        for i, (indicator, now, then) in enumerate(indicators):
            first = (head(name, 1, len(indicators)),) if i == 0 else ()
            rows.append((*first, head(indicator), C(now, 1, 1, "center"), C(then, 1, 1, "center")))

    direction("主导产业", ("target_output_growth", "target_quality_smes"))
    direction("创新", ("target_rd_spend", "target_invention_patents"))
    direction("数字化", ("target_industrial_internet_share",))
    direction("绿色化", ("target_co2", "target_energy_intensity"))
    for name in ("开放合作", "治理和服务"):
        now, then = (pen.filled.extra.get(f"{name}{y}", "") for y in ("2023", "2026"))
        rows.append((head(name), head("定性描述"), C(now), C(then)))
    rows.append((head("其它"), C(), C(), C()))
    return Grid((2, 4, 3, 3), tuple(rows))


def _signatures(pen: Pen) -> Grid:
    date = "年    月    日"
    return Grid(
        (2, 7),
        (
            (
                head("真实性声明"),
                C(
                    f"{DECLARATION}\n\n县级行政区划中小企业主管部门负责人(签字)：\n\n"
                    f"县级行政区划中小企业主管部门(公章)：\n\n{' ' * 48}{date}"
                ),
            ),
            (
                head("市级中小企业主管部门推荐意见"),
                C(f"\n\n\n{' ' * 30}推荐单位(公章)：\n\n{' ' * 48}{date}"),
            ),
        ),
    )
