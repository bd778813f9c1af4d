"""Rows that a page break cut, drawn as two by the producer of the PDF."""

from __future__ import annotations

from dataclasses import replace

from extractor.locating.labels import vocabulary
from extractor.locating.seams import sew, sewn_blocks, under_years
from models.types import Line
from tests.extractor.grids import grid

WORDS = vocabulary("shandong-2024")


def paged(rows, first_of_second_page):
    table = grid(rows)
    cells = tuple(
        replace(c, page=2 if c.row >= first_of_second_page else 1, bbox=(0, 0, 1, 1))
        for c in table.cells
    )
    return replace(table, cells=cells)


def texts(table):
    return [c.text for c in table.cells]


def test_rest_of_a_narrative_without_its_label():
    table = paged(
        [["集群质量品牌建设情况 (200 字以内)", "推广先进质量管理方法，培育"], ["", "区域品牌。"]], 2
    )
    assert texts(sew(table, WORDS)) == [
        "集群质量品牌建设情况 (200 字以内)",
        "推广先进质量管理方法，培育\n区域品牌。",
    ]


def test_rest_of_tick_boxes():
    table = paged([["集群已提供的中小企业公共服务", "☑信息服务\n□创业辅导"], ["", "□创新支持"]], 2)
    sewn = sew(table, WORDS)
    assert texts(sewn)[-1] == "☑信息服务\n☐创业辅导\n☐创新支持"
    assert len(sewn.cells[-1].marks) == 3


def test_two_labels_at_a_pages_end_are_not_one():
    """The first fills its line; the second, over several rows of years, seems to be its rest."""
    first, second = "建立了集群碳排放监测机制", "近三年单位产值二氧化碳排放量（吨二氧化碳/万元）"
    rows = [
        [f"{first}\n{second}", "☑是 □否", "<"],
        ["^", "2021年", "0.86"],
        ["^", "2022年", "0.79"],
    ]
    table = paged(rows, 2)
    label = table.cells[0]
    at = len(first) + 1
    lines = (Line(0, len(first), 1, (0, 0, 1, 1)), Line(at, len(label.text), 2, (0, 0, 1, 1)))
    cells = (replace(label, lines=lines), *table.cells[1:])
    sewn = sew(replace(table, cells=cells), WORDS)
    assert [(c.text, c.row, c.row_span, c.page) for c in sewn.cells if c.column == 1] == [
        (first, 1, 1, 1), (second, 2, 2, 2),
    ]  # fmt: skip


def test_a_row_of_figures_is_never_sewn_to_the_one_above():
    rows = [["集群总产值（亿元）", "45.60", "53.10"], ["", "12", "13"]]
    assert sew(paged(rows, 2), WORDS) == paged(rows, 2)


def test_a_cell_that_begins_with_a_label_of_its_own_is_a_row_of_its_own():
    rows = [
        ["数字化新模式新业态推广情况", "智能制造、工业互联网建设情况介绍如下"],
        ["", "集群已开展的数字化新模式新业态推广工作：\n☑开展了智能制造推广"],
    ]
    assert sew(paged(rows, 2), WORDS) == paged(rows, 2)


def test_one_page_is_left_alone():
    rows = [["集群质量品牌建设情况", "推广先进质量管理方法，培育"], ["", "区域品牌。"]]
    assert sew(paged(rows, 9), WORDS) == paged(rows, 9)


def test_more_boxes_beside_a_blank_label_on_the_same_page():
    rows = [["集群已提供的中小企业公共服务", "☑信息服务"], ["", "□创业辅导\n☑创新支持"]]
    sewn = sew(paged(rows, 9), WORDS)
    assert texts(sewn)[-1] == "☑信息服务\n☐创业辅导\n☑创新支持"


def test_boxes_beside_a_label_of_their_own_on_the_same_page():
    rows = [["集群已提供的中小企业公共服务", "☑信息服务"], ["工业软件应用率稳步提升", "☑是 □否"]]
    assert sew(paged(rows, 9), WORDS) == paged(rows, 9)


def test_a_row_of_a_year_beside_a_blank_label():
    rows = [
        ["", "2021年", "1.02"],
        ["近三年单位产值二氧化碳排放量", "2022年", "0.96"],
        ["", "2023年", "0.90"],
        ["大宗工业固废综合利用率（%）", "91.25", ""],
    ]
    label, *_ = (c for c in sew(grid(rows), WORDS).cells if c.text.startswith("近三年"))
    assert (label.row, label.row_span) == (1, 3)
    assert sew(grid(rows[3:]), WORDS) == grid(rows[3:])


def test_the_rest_of_a_label_below_its_row_of_years():
    rows = [
        ["工业软件采购金额 (万", "2021 年", "2022 年", "2023 年"],
        ["元)", "621.14", "678.40", "776.67"],
    ]
    label, *years = sew(paged(rows, 2), WORDS).cells[:4]
    assert (label.row_span, label.text) == (2, "工业软件采购金额 (万\n元)")
    assert [c.text for c in years] == ["2021 年", "2022 年", "2023 年"]


def test_figures_below_years_that_begin_a_column_earlier():
    table = paged(
        [["工业软件采购金额 (万元)", "", "2021年", "2022年"], ["", "981.18", "", "1108.7"]], 2
    )
    wide = replace(table, cells=tuple(
        replace(c, column_span=2) if c.text == "981.18" else c for c in table.cells
        if (c.row, c.column) != (2, 3)
    ))  # fmt: skip
    sewn = sew(wide, WORDS)
    assert {c.text: c.column for c in sewn.cells if c.row == 2} == {"981.18": 3, "1108.7": 4}


TABBED = [
    ["年度", "", "2021年", "2022年", "2023年", "", ""],
    ["集群总产值（亿元）", "<", "71.62", "81.86", "93.10", "", ""],
    ["集群主导产业产值占集群总产值比例（%）", "<", "<", "<", "83.02", "85.46", "87.33"],
]


def test_figures_set_with_tabs_stand_under_the_years_in_their_order():
    put = under_years(grid(TABBED), WORDS)
    moved = {c.text: (c.column, c.sure) for c in put.cells if c.row == 3 and c.column > 1}
    assert moved == {"83.02": (3, 0.8), "85.46": (4, 0.8), "87.33": (5, 0.8)}
    assert under_years(grid(TABBED[:2]), WORDS) == grid(TABBED[:2])


def test_a_row_that_lacks_a_figure_is_left_where_it_stands():
    rows = [TABBED[0], [*TABBED[2][:6], ""]]
    assert under_years(grid(rows), WORDS) == grid(rows)


def test_a_row_cut_in_its_label_and_its_text_beside_a_name_down_the_margin():
    rows = [
        ["", "数字化服务总体情况", "集群建成5G基站60座，骨干企业实现千兆光纤接入。引入数字"],
        ["况", "(200 字以内)", "化服务商9家，提供轻量化改造方案。"],
        ["^", "集群已开展的数字化服务工作", "☑引入了数字化系统解决方案服务商"],
    ]
    table = paged(rows, 2)
    cut = replace(table, cells=tuple(c for c in table.cells if (c.row, c.column) != (1, 1)))
    assert texts(sew(cut, WORDS))[:2] == [
        "数字化服务总体情况\n(200 字以内)",
        "集群建成5G基站60座，骨干企业实现千兆光纤接入。引入数字\n化服务商9家，提供轻量化改造方案。",
    ]


def test_a_row_cut_into_two_tables_of_other_columns():
    """Where the columns change at the page's end, the reader takes the rest for a new table."""
    upper = paged([["集群质量品牌建设情况 (200 字以内)"], ["推广先进质量管理方法，培育企业。"]], 9)
    lower = paged([["区域品牌由集群公用。", "<", "<"], ["年度", "2021年", "2022年"]], 1)
    first, second = sewn_blocks([upper, lower], WORDS)
    assert texts(first)[-1] == "推广先进质量管理方法，培育企业。\n区域品牌由集群公用。"
    assert texts(second) == ["年度", "2021年", "2022年"]
    boxes = paged([["集群提供中小企业公共服务情况", "☑信息服务", "<"]], 9)
    rest = paged([["", "☐创业辅导"]], 1)
    first, second = sewn_blocks([boxes, rest], WORDS)
    assert texts(first)[-1] == "☑信息服务\n☐创业辅导" and not second.cells


def test_tables_with_a_row_of_their_own_first_are_left_alone():
    upper = paged([["企业上云比例(%)", "46.36"]], 9)
    for row in (
        ["集群总产值（亿元）", "45.60"],
        ["", "12"],
        ["集群质量品牌建设情况 (200 字以内)", ""],
    ):
        blocks = [upper, paged([row], 1)]
        assert sewn_blocks(blocks, WORDS) == blocks


def test_a_label_cut_in_two_takes_its_answer_along():
    """The rest of it is nearly a label too, and the rest of the answer begins with one."""
    rows = [
        ["省级制造业创新中心或省级创新", "数量：4个"],
        ["平台名称及数量", "名称：甲重点实验室、乙技术中心"],
        ["其他平台名称及数量", "数量：1个\n名称：丙设计中心"],
    ]
    assert texts(sew(paged(rows, 2), WORDS)) == [
        "省级制造业创新中心或省级创新\n平台名称及数量", "数量：4个\n名称：甲重点实验室、乙技术中心",
        "其他平台名称及数量", "数量：1个\n名称：丙设计中心",
    ]  # fmt: skip
