"""The application tables of Weifang and Liaocheng, and Shandong's summary table (附件1)."""

from __future__ import annotations

from models.form import load_form
from samples.entries import Filled, Habits, Pen
from samples.paper import Block, C, Grid, PageBreak, Para, head, lined

_CITY = {
    "weifang-2021": ("附件1", "潍坊市中小企业特色产业集群", "潍 坊 市 工 业 和 信 息 化 局 制"),
    "liaocheng-2021": ("附件", "聊城市特色产业集群", "聊 城 市 工 业 和 信 息 化 局 制"),
}
_APPROVAL = {
    "weifang-2021": "各县市区、开发区工信部门审核意见",
    "liaocheng-2021": "各县(市、区)工业和信息化局(市属开发区经发局)部门审核意见",
}
_HONOURS = ("honours_brands", "honours_trademarks", "honours_titles")
_PLATFORMS = tuple(
    f"service_platform_{kind}" for kind in ("rd", "testing", "logistics", "ecommerce", "other")
)


def city_form(form: str, filled: Filled, habits: Habits) -> list[Block]:
    """`form` is weifang-2021 or liaocheng-2021; extra['year'] is the year of the heading."""
    pen = Pen(load_form(form), filled, habits)
    number, name, printer = _CITY[form]
    lines = [
        (pen.label("applicant"), pen.raw("applicant")),
        (pen.label("region_county"), pen.raw("region_county")),
        (pen.label("filing_date"), pen.raw("filing_date") or "     年    月    日"),
    ]
    if "kind" in filled.extra:
        lines.append(("申报类别", filled.extra["kind"]))
    cover: list[Block]
    if habits.cover_table:
        cover = [Grid((2, 3), tuple((head(a), C(b)) for a, b in lines))]
    else:
        cover = [Para(f"{label}：{lined(value, 30)}", "line") for label, value in lines]
    return [
        Para(number, "note"),
        Para(f"{name}\n申 请 表", "title", "center"),
        *cover,
        Para(f"\n\n{printer}", "line", "center"),
        PageBreak(),
        Para(f"{name}申请表", "heading", "center"),
        Para(f"申报单位（盖章）：{pen.raw('applicant#table')}", "note"),
        Para("单位：平方公里、亿元、户、人、个", "note", "right"),
        _table(form, pen),
    ]


def _values(pen: Pen, *ids: str) -> list[C]:
    period = f"@{pen.filled.extra['year']}" if "year" in pen.filled.extra else ""
    return [
        C(pen.raw(id + period if pen.form.field(id).year_in_heading else id), 2, 1, "center")
        for id in ids
    ]


def _table(form: str, pen: Pen) -> Grid:
    share = "market_share_provincial" if form == "liaocheng-2021" else "market_share_national"
    year = pen.filled.extra.get("year", "**")
    rows: list[tuple[C, ...]] = [
        (
            head(pen.label("cluster_name"), 4),
            C(pen.raw("cluster_name"), 8, 1, "center"),
            head(pen.label("area"), 4),
            C(pen.raw("area"), 4, 1, "center"),
        ),
        (
            head(pen.printed("企业户数"), 6),
            head(pen.label("employees"), 2, 3),
            head(pen.printed("主导产品情况"), 6),
            head(pen.printed(f"{year}年经济效益"), 6),
        ),
        (
            head(pen.label("enterprises"), 2, 2),
            head("其中", 4),
            *(
                head(pen.label(id), 2, 2)
                for id in ("main_product", "main_product_output", share, "revenue", "profit", "tax")
            ),
        ),
        (head(pen.label("enterprises_above_scale"), 2), head(pen.label("enterprises_in_park"), 2)),
        tuple(
            _values(
                pen,
                "enterprises",
                "enterprises_above_scale",
                "enterprises_in_park",
                "employees",
                "main_product",
                "main_product_output",
                share,
                "revenue",
                "profit",
                "tax",
            )
        ),
        *_honours(form, pen),
        *_platforms(form, pen),
    ]
    if pen.habits.added:
        for label, value in pen.habits.added.values():
            rows.append((head(label, 6), C(value, 14)))
    if pen.habits.below:
        rows.append((C(pen.label("introduction"), 20, 1, "center", True),))
        rows.append((C(pen.narrative("introduction"), 20),))
    else:
        label = pen.label("introduction")
        if form == "weifang-2021":
            # printed downwards, one character a line
            label = "\n".join(label)
        rows.append((head(label, 2), C(pen.narrative("introduction"), 18)))
    seal = f"\n\n\n{' ' * 60}（章）\n\n{' ' * 52}年    月    日"
    rows.append((head(_APPROVAL[form], 4), C(seal, 16)))
    return Grid((1,) * 20, tuple(rows))


def _honours(form: str, pen: Pen) -> list[tuple[C, ...]]:
    """Weifang prints the kinds above their values, Liaocheng beside them."""
    count = C(pen.raw("honours"), 2, 1, "center")
    if form == "liaocheng-2021":
        kinds = [cell for id in _HONOURS for cell in (head(pen.label(id), 2), C(pen.raw(id), 2))]
        return [(head(pen.label("honours"), 4), C(count.text, 2), head("其中", 2), *kinds)]
    return [
        (
            head(pen.label("honours"), 4, 2),
            C(count.text, 2, 2, "center"),
            head("其中", 2, 2),
            *(head(pen.label(id), 4) for id in _HONOURS),
        ),
        tuple(C(pen.raw(id), 4, 1, "center") for id in _HONOURS),
    ]


def _platforms(form: str, pen: Pen) -> list[tuple[C, ...]]:
    start = (head(pen.label("service_platform_count"), 4),)
    count = pen.raw("service_platform_count")
    if form == "liaocheng-2021":
        kinds = [
            cell
            for id in _PLATFORMS
            for cell in (head(pen.label(id), 2), C(pen.raw(id), 1, 1, "center"))
        ]
        # fifteen columns for five kinds, and one for the count
        return [(head(start[0].text, 3), C(count, 1, 1, "center"), head("其中"), *kinds)]
    spans = (2, 2, 2, 3, 3)
    return [
        (
            head(start[0].text, 4, 2),
            C(count, 2, 2, "center"),
            head("其中", 2, 2),
            *(head(pen.label(id), span) for id, span in zip(_PLATFORMS, spans, strict=True)),
        ),
        tuple(
            C(pen.raw(id), span, 1, "center") for id, span in zip(_PLATFORMS, spans, strict=True)
        ),
    ]


def summary_table(rows: tuple[Filled, ...] = ()) -> list[Block]:
    """附件1 推荐汇总表, one row a cluster; without rows the blank table with its guidance."""
    form = load_form("shandong-2024-summary")
    hint = (
        "（集群主导产业链条描述，行业地位，荣誉称号等。2023 年，集群总产值，中小企业数量，"
        "专精特新中小企业数量，专精特新“小巨人”企业数量，制造业单项冠军数量。近三年集群中小企业主持制定国家和行业标准数量，"
        "中小企业有效发明专利数量，万人发明专利拥有量等。）"
    )
    ids = [f.id for f in form.fields if f.type != "narrative"]
    heads = ("序号", *(f.label for f in form.fields))
    body = [
        (
            head(str(number)),
            *(head(filled.raw(id)) for id in ids),
            C(filled.narratives.get("summary", "")),
        )
        for number, filled in enumerate(rows, 1)
    ] or [(*(C() for _ in range(6)), C(hint)), (C(),) * 7, (C(),) * 7]
    return [
        Para("附件 1", "note"),
        Para("2024 年度山东省特色产业集群推荐汇总表", "heading", "center"),
        Para("市级中小企业主管部门：（盖章）", "note"),
        Para("联系人和手机：", "note"),
        Grid((2, 4, 4, 3, 3, 3, 9), (tuple(head(text) for text in heads), *body)),
    ]
