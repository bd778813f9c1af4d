"""Tables of a PDF that no line, or only some lines, are drawn for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from extractor.readers.pdf.reader import read_pdf
from models.types import Paragraph, Table
from tests.readers import pdf_build as b

Spot = tuple[float, float, str]
"""Left edge (or the middle, where it is set centred) and baseline of a text."""

YEARS: list[Spot] = [
    (110, 100, "年度"), (300, 100, "2021年"), (390, 100, "2022年"), (480, 100, "2023年"),
    (110, 124, "集群总产值（亿元）"), (300, 124, "45.60"), (390, 124, "52.10"), (480, 124, "61.07"),
]  # fmt: skip


def sheet(path: Path, spots: Sequence[Spot], rules: Sequence[float] = (), size: float = 10) -> Path:
    page = b.Sheet(path / "a.pdf")
    for x, y, text in spots:
        for i, line in enumerate(text.split("\n")):
            page.text(x - size * _ems(line) / 2, y + 1.3 * size * i, line, size)
    for y in rules:
        page.line(60, y, 530, y)
    return page.save()


def _ems(text: str) -> float:
    return sum(0.5 if c < "\u2e80" else 1.0 for c in text)


def tables(path: Path) -> list[Table]:
    return [t for t in read_pdf(path).blocks if isinstance(t, Table)]


def rows(table: Table) -> list[list[str]]:
    """The texts of each row that are not blank."""
    return [
        [c.text for c in table.cells if c.row == r and c.text.strip()]
        for r in range(1, table.rows + 1)
    ]


WRAPPED: list[Spot] = [
    *YEARS,
    (110, 142, "集群内中小企业产值占集群总\n产值比例（%）"),
    (300, 148.5, "83.37"), (390, 148.5, "84.03"),
    (480, 148.5, "84.27"),
    (110, 168, "集群主导产业产值占集群总\n产值比例（%）"),
    (300, 174.5, "78.17"), (390, 174.5, "78.69"),
    (480, 174.5, "79.02"),
]  # fmt: skip


def test_a_numbered_heading_above_a_table_without_numbers_is_no_row_of_it(tmp_path: Path) -> None:
    (table,) = tables(sheet(tmp_path, [(90, 84, "1. 三年总体目标"), *WRAPPED]))
    assert rows(table)[0] == ["年度", "2021年", "2022年", "2023年"]


def test_labels_that_wrap_with_their_figures_beside_the_middle(tmp_path: Path) -> None:
    (table,) = tables(sheet(tmp_path, WRAPPED))
    assert rows(table) == [
        ["年度", "2021年", "2022年", "2023年"],
        ["集群总产值（亿元）", "45.60", "52.10", "61.07"],
        ["集群内中小企业产值占集群总\n产值比例（%）", "83.37", "84.03", "84.27"],
        ["集群主导产业产值占集群总\n产值比例（%）", "78.17", "78.69", "79.02"],
    ]


def test_each_figure_stands_under_its_year(tmp_path: Path) -> None:
    (table,) = tables(sheet(tmp_path, [*YEARS, (110, 148, "集群企业数量"), (480, 148, "189")]))
    year = next(c for c in table.cells if c.text == "2023年")
    lone = next(c for c in table.cells if c.text == "189")
    assert year.column <= lone.column <= year.column + year.column_span - 1
    assert all(
        c.text == "" for c in table.cells if c.row == lone.row and 1 < c.column < lone.column
    )


def test_a_label_over_rows_of_its_own(tmp_path: Path) -> None:
    spots = [
        *YEARS,
        (300, 148, "2021年"), (390, 148, "2022年"), (480, 148, "2023年"),
        (110, 158, "工业软件采购金额（万元）"),
        (300, 168, "1179.02"), (390, 168, "1320.27"), (480, 168, "1566.10"),
        (110, 192, "集群企业数量"), (300, 192, "173"), (390, 192, "183"), (480, 192, "189"),
    ]  # fmt: skip
    (table,) = tables(sheet(tmp_path, spots))
    label = next(c for c in table.cells if c.text.startswith("工业软件"))
    assert label.row_span == 2
    spend = next(c for c in table.cells if c.text == "1320.27")
    assert label.row <= spend.row <= label.row + label.row_span - 1
    assert next(c for c in table.cells if c.text == "183").row == label.row + 2


def test_options_below_one_another_are_one_cell(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    for x, y, text in YEARS:
        page.text(x - 10 * _ems(text) / 2, y, text, 10)
    options = ["■绘制产业链图谱，开展产业链培育", "□联合集群上下游企业", "■开展供应链风险评估工作"]
    for i, option in enumerate(options):
        page.text(230, 150 + 16 * i, option, 10)
    page.text(70, 166, "已开展的强链补链工作", 10)
    page.text(70, 214, "是否高于行业平均水平", 10)
    page.text(230, 214, "■是 □否", 10)
    (table,) = tables(page.save())
    listed = next(c for c in table.cells if "绘制" in c.text)
    assert listed.text == "\n".join(options).replace("■", "☑").replace("□", "☐")
    assert [m.ticked for m in listed.marks] == [True, False, True]
    label = next(c for c in table.cells if "强链" in c.text)
    assert label.row == listed.row and label.column < listed.column


def test_three_lines_across_and_none_down(tmp_path: Path) -> None:
    (table,) = tables(sheet(tmp_path, WRAPPED, rules=(86, 106, 190)))
    assert rows(table)[2][0] == "集群内中小企业产值占集群总\n产值比例（%）"
    assert table.rows == 4


def test_lines_across_part_rows_that_stand_close(tmp_path: Path) -> None:
    spots = [
        *YEARS, (110, 137, "集群企业数量"), (300, 137, "173"), (390, 137, "183"), (480, 137, "189"),
    ]  # fmt: skip
    (table,) = tables(sheet(tmp_path, spots, rules=(86, 106, 127, 141)))
    assert rows(table)[2] == ["集群企业数量", "173", "183", "189"]


PROSE = "本集群围绕主导产业强链补链延链，持续推进技术改造和品牌建设，带动就业成效明显"


@pytest.mark.parametrize(
    "lines",
    [
        [PROSE] * 12,
        [f"{n}、{PROSE}" for n in range(1, 9)],
        [f"（{n}）  {PROSE}" for n in range(1, 9)],
        ["申报单位：              某某公司", "联系人：    甲某", "联系方式：      000-0000"],
        [PROSE, "                                     2024年4月20日"],
    ],
    ids=["prose", "numbered", "numbered, spaced", "entries of a cover", "date to the right"],
)
def test_running_text_is_no_table(lines: list[str], tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    for i, line in enumerate(lines):
        page.text(60, 80 + 18 * i, line, 12)
    blocks = read_pdf(page.save()).blocks
    assert all(isinstance(block, Paragraph) for block in blocks)


def test_a_cover_filled_in_behind_its_colons_is_no_table(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    spots = [
        (60, 80, "所属地区：示例"), (170, 80, "市"), (200, 80, "样板"), (250, 80, "县（市、区）"),
        (60, 108, "县级中小企业主管部门（盖章）："), (260, 108, "样板县工业和信息化局"),
        (60, 136, "集群运营管理机构："), (190, 136, "样板县产业园服务中心"),
        (60, 164, "联系人及联系电话：甲某"), (220, 164, "000-0000"),
    ]  # fmt: skip
    for x, y, text in spots:
        page.text(x, y, text, 12)
    blocks = read_pdf(page.save()).blocks
    assert all(isinstance(block, Paragraph) for block in blocks)


def test_two_columns_of_prose_are_no_table(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    for i in range(20):
        page.text(60, 80 + 15 * i, PROSE[: 20 if i % 7 != 6 else 9], 10)
        page.text(310, 80 + 15 * i, PROSE[10 : 30 if i % 5 != 4 else 20], 10)
    document = read_pdf(page.save())
    for table in document.blocks:
        if isinstance(table, Table):  # at most one row, each column whole
            assert table.rows == 1


def test_a_list_of_options_goes_on_over_the_page_break(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    for x, y, text in YEARS:
        page.text(x - 10 * _ems(text) / 2, y + 600, text, 10)
    page.text(230, 750, "■绘制产业链图谱，开展产业链培育", 10)
    page.text(70, 758, "已开展的强链补链工作", 10)
    page.text(230, 766, "□联合集群上下游企业", 10)
    page.page()
    page.text(230, 70, "■开展供应链风险评估工作", 10)
    page.text(60, 120, PROSE, 12)
    (table,) = tables(page.save())
    listed = next(c for c in table.cells if "绘制" in c.text)
    assert listed.text.endswith("☑开展供应链风险评估工作")


def ruled(path: Path, without: set[tuple[float, float, float, float]]) -> Path:
    """Two rows of four columns with all their lines but some."""
    page = b.Sheet(path / "a.pdf")
    xs, ys = (60.0, 180.0, 300.0, 420.0, 530.0), (80.0, 110.0, 140.0)
    lines = [(x, y0, x, y1) for x in xs for y0, y1 in ((80.0, 110.0), (110.0, 140.0))]
    lines += [(x0, y, x1, y) for y in ys for x0, x1 in pairwise(xs)]
    for line in lines:
        if line not in without:
            page.line(*line)
    for row, words in enumerate((("总数", "规模以上企业", "从业人员", "研发"), "1234")):
        for x, word in zip(xs, words, strict=False):
            page.text(x + 10, 100 + 30 * row, word, 10)
    return page.save()


@pytest.mark.parametrize(
    "without",
    [
        {(180.0, 80.0, 180.0, 110.0)},
        {(180.0, 80.0, 180.0, 110.0), (300.0, 80.0, 300.0, 110.0)},
        {(530.0, 80.0, 530.0, 110.0), (420.0, 80.0, 530.0, 80.0)},
        {(530.0, 80.0, 530.0, 110.0), (530.0, 110.0, 530.0, 140.0), (420.0, 80.0, 530.0, 80.0)},
        {(60.0, 80.0, 60.0, 110.0), (60.0, 80.0, 180.0, 80.0)},
    ],
    ids=["wall", "two walls", "corner", "side", "first corner"],
)
def test_lines_that_are_missing_here_and_there(
    without: set[tuple[float, float, float, float]], tmp_path: Path
) -> None:
    (table,) = tables(ruled(tmp_path, without))
    assert rows(table) == [["总数", "规模以上企业", "从业人员", "研发"], ["1", "2", "3", "4"]]


@pytest.mark.parametrize("words", ["□是          □否", "2024 年          4 月    20 日"])
def test_what_is_spaced_in_a_merged_cell_stays_together(words: str, tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    spans = [(1, 1, 1, 1, "指标"), (1, 2, 1, 1, "2021年"), (1, 3, 1, 1, "2022年"),
             (2, 1, 1, 1, "填报"), (2, 2, 1, 2, "")]  # fmt: skip
    b.table(page, [60, 180, 300, 420], [80, 110, 140], spans)
    for n, part in enumerate(words.split("    ", 1)):
        page.text(200 + 130 * n, 130, part.strip(), 10)
    (table,) = tables(page.save())
    assert len([c for c in table.cells if c.row == 2]) == 2


def test_years_set_flush_with_the_first_of_their_columns(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    page.text(60, 100, "年度", 10)
    page.text(60, 150, "制修订标准数量", 10)
    for n, year in enumerate(("2021年", "2022年", "2023年")):
        left = 170 + 120 * n
        page.text(left, 100, year, 10)
        for i, words in enumerate(
            (("类别", "主持", "参与"), ("国际", "1", "2"), ("国家", "3", "4"))
        ):
            for x, word in zip((left, left + 45, left + 85), words, strict=True):
                page.text(x, 125 + 25 * i, word, 10)
    (table,) = tables(page.save())
    years = [c for c in table.cells if c.text.endswith("年")]
    assert [(c.column, c.column_span) for c in years] == [(2, 3), (5, 3), (8, 3)]
    led = [c.column for c in table.cells if c.text == "3"]
    assert led == [3, 6, 9]


def test_a_wall_that_is_drawn_nowhere(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    spans = [(r, c, 1, 2 if c == 2 else 1, "") for r in range(1, 5) for c in (1, 2, 4)]
    b.table(page, [60, 200, 290, 380, 470], [80, 105, 130, 155, 180], spans)
    for i, row in enumerate(
        (("年度", "2021年", "2022年", "2023年"), ("总产值", "45.60", "52.10", "61.07"),
         ("企业", "220", "219", "258"), ("增速", "", "219", "3"))
    ):  # fmt: skip
        for x, word in zip((70, 225, 315, 405), row, strict=True):
            page.text(x, 97 + 25 * i, word, 10)
    (table,) = tables(page.save())
    assert table.columns == 4
    lone = next(c for c in table.cells if c.row == 4 and c.text == "219")
    assert (lone.column, lone.column_span) == (3, 1)


def test_figures_far_apart_are_not_one(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    page.text(60, 100, "集群企业数量 220", 10)
    page.text(160, 100, "219", 10)
    (paragraph,) = read_pdf(page.save()).blocks
    assert isinstance(paragraph, Paragraph) and "220  219" in paragraph.text


def test_years_and_figures_over_columns_that_few_walls_part(tmp_path: Path) -> None:
    """Over three columns each, of which only the rows below have all walls."""
    page = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 160] + [160 + 43 * n for n in range(1, 7)]
    for y in (80, 105, 130, 155, 180, 205):
        page.line(xs[0], y, xs[-1], y)
    for x in (xs[0], xs[1], xs[-1]):
        page.line(x, 80, x, 205)
    for x in (xs[3], xs[5], xs[6]):
        page.line(x, 130, x, 205)
    for y, label in ((97, "年度"), (122, "研发投入强度"), (147, "标准数量")):
        page.text(63, y, label, 10)
    for n, (year, share) in enumerate((("2021年", "3.58"), ("2022年", "3.67"))):
        left = xs[1 + 3 * n]
        page.text(left + 3, 97, year, 10)
        page.text(left + 64.5 - 10, 122, share, 10)
        for i, words in enumerate(
            (("类别", "主持", "参与"), ("国际", "1", "2"), ("国家", "3", "4"))
        ):
            for k, word in enumerate(words):
                page.text(left + 3 + 43 * k, 147 + 25 * i, word, 10)
    (table,) = tables(page.save())
    share = {c.text: c for c in table.cells if c.row == 2}
    assert (share["3.58"].column, share["3.58"].column_span) == (2, 3)
    assert (share["3.67"].column, share["3.67"].column_span) == (5, 3)
    assert [c.column for c in table.cells if c.text in ("2021年", "2022年")] == [2, 5]


def test_a_wall_told_by_the_lines_around_the_table(tmp_path: Path) -> None:
    """One row with walls, in which one is missing; what stands above and below tells where."""
    page = b.Sheet(tmp_path / "a.pdf")
    for i, (label, value) in enumerate(
        (("集群名称", "某县粉丝产业集群"), ("主管部门", "某县工业局"), ("占地面积", "59.95"))
    ):
        page.text(60, 60 + 80 * (i > 1) + 25 * i, label, 10)
        page.text(300, 60 + 80 * (i > 1) + 25 * i, value, 10)
    b.table(page, [57, 150, 400, 540], [110, 130], [(1, n, 1, 1, "") for n in (1, 2, 3)])
    for x, word in zip(
        (60, 153, 300, 403), ("联系人", "吴例秋", "联系方式", "0537-000"), strict=True
    ):
        page.text(x, 124, word, 10)
    cells = [c.text for t in tables(page.save()) for c in t.cells]
    assert [c for c in cells if c in ("联系人", "吴例秋", "联系方式", "0537-000")] == [
        "联系人",
        "吴例秋",
        "联系方式",
        "0537-000",
    ]


def test_figures_of_two_rows_that_stand_far_apart(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    spans = [(r, c, 1, 1, "") for r in (1, 2) for c in (1, 2, 3)]
    b.table(page, [57, 180, 420, 540], [80, 105, 130], spans)
    rows = (("采购金额", "2021年", "2022年", "2023年"), ("万元", "1662.07", "1822.82", "2171.34"))
    for i, row in enumerate(rows):
        for x, word in zip((60, 190, 310, 430), row, strict=True):
            page.text(x, 97 + 25 * i, word, 10)
    (table,) = tables(page.save())
    assert [c.text for c in table.cells] == [word for row in rows for word in row]


def test_labels_between_the_two_rows_they_stand_for(tmp_path: Path) -> None:
    """国际 stands beside the middle of 主持 and 参与, below a label over all of them."""
    spots: list[Spot] = [(110, 100, "年度")]
    spots += [
        (x, 100, f"{year}年") for x, year in zip((330, 410, 490), (2021, 2022, 2023), strict=True)
    ]
    for n, level in enumerate(("国际", "国家", "行业", "团体")):
        spots.append((175, 142 + 48 * n, level))
        for m, part in enumerate(("主持数量", "参与数量")):
            y = 130 + 48 * n + 24 * m
            spots.append((250, y, part))
            spots += [(x, y, str(6 * n + 3 * m + k)) for k, x in enumerate((330, 410, 490))]
    spots.append((100, 196, "中小企业\n主持或参\n与制修订\n标准数量"))
    (table,) = tables(sheet(tmp_path, spots))
    assert table.rows == 9
    for n, level in enumerate(("国际", "国家", "行业", "团体")):
        (label,) = (c for c in table.cells if c.text == level)
        assert (label.row, label.row_span) == (2 + 2 * n, 2)
    assert [r[-3:] for r in rows(table)[1:3]] == [["0", "1", "2"], ["3", "4", "5"]]


PROSE = "集群围绕主导产业形成原料供应、精深加工、装备配套和销售服务相衔接的链条，骨"
LADDER: list[Spot] = [
    (120, 100, "集群质量品牌建设情况"),
    (296, 130, PROSE), (130, 143, "干企业签订长期协议。"),
    (110, 180, "集群已开展的\n质量品牌工作"),
    (300, 170, "□开展了先进质量管理"), (300, 184, "■开展了质量诊断服务"),
    (300, 198, "□建立了宣贯等机制"),
    (110, 226, "企业上云比例"), (268, 226, "46.36"),
]  # fmt: skip


def test_rows_are_cut_where_lines_go_across_and_nowhere_else(tmp_path: Path) -> None:
    (table,) = tables(sheet(tmp_path, LADDER, (86, 112, 152, 210, 236)))
    assert rows(table) == [
        ["集群质量品牌建设情况"],
        [PROSE + "\n干企业签订长期协议。"],
        [
            "集群已开展的\n质量品牌工作",
            "☐开展了先进质量管理\n☑开展了质量诊断服务\n☐建立了宣贯等机制",
        ],
        ["企业上云比例", "46.36"],
    ]


GROUPS: list[Spot] = [
    (110, 100, "总数"), (200, 100, "142"), (300, 100, "规模以上企业"), (400, 100, "50"),
    (470, 100, "园区企业"), (520, 100, "110"),
    (300, 124, "2022年经济效益"),
    (110, 148, "营业收入"), (200, 148, "176.20"), (300, 148, "利润"), (400, 148, "9.57"),
    (470, 148, "税金"), (520, 148, "5.56"),
    (110, 172, "公共服务平台"), (440, 172, "14"),
    (110, 196, "电子商务"), (200, 196, "5"), (300, 196, "其他"), (440, 196, "—"),
]  # fmt: skip


def test_rows_between_lines_have_no_blank_cells_beside_what_is_set_to_their_middle(
    tmp_path: Path,
) -> None:
    (table,) = tables(sheet(tmp_path, GROUPS, (84, 108, 132, 156, 180, 204)))
    assert [[c.text for c in table.cells if c.row == r] for r in (2, 4, 5)] == [
        ["2022年经济效益"], ["公共服务平台", "14"], ["电子商务", "5", "其他", "—"],
    ]  # fmt: skip


def test_one_row_between_lines_as_long_as_those_of_a_table(tmp_path: Path) -> None:
    low = [(110, 300, "审核意见\n（单位盖章）"), (440, 306, "年  月  日")]
    _, last = tables(sheet(tmp_path, [*GROUPS, *low], (84, 108, 132, 156, 180, 204, 285, 325)))
    assert rows(last) == [["审核意见\n（单位盖章）", "年  月  日"]]


def test_a_row_that_one_line_down_goes_on_into(tmp_path: Path) -> None:
    """No line at the table's edges: the first row's only line is the one between its cells."""
    page = b.Sheet(tmp_path / "a.pdf")
    for n, (label, value) in enumerate(
        [("集群名称", "示例集群"), ("占地面积", "12.5"), ("户数", "9")]
    ):
        page.text(70, 100 + 24 * n, label, 10)
        page.text(220, 100 + 24 * n, value, 10)
    for y in (108, 132):
        page.line(60, y, 530, y)
    page.line(200, 84, 200, 156)
    (table,) = tables(page.save())
    assert rows(table) == [["集群名称", "示例集群"], ["占地面积", "12.5"], ["户数", "9"]]


def test_names_that_are_underlined_stay_in_one_cell(tmp_path: Path) -> None:
    page = b.Sheet(tmp_path / "a.pdf")
    spans = [(1, 1, 1, 1, "省级创新平台"), (2, 1, 1, 1, "其他平台")]
    b.table(page, [60, 200, 420], [80, 130, 160], [*spans, (1, 2, 1, 1, ""), (2, 2, 1, 1, "")])
    for n, line in enumerate(
        ["山东省机床产业研究院、山东省机床技术创新中心", "山东省机床工程研究中心"]
    ):
        page.text(204, 100 + 16 * n, line, 10)
        page.line(204, 101.5 + 16 * n, 204 + 10 * len(line), 101.5 + 16 * n)
    (table,) = tables(page.save())
    assert rows(table)[0] == [
        "省级创新平台",
        "山东省机床产业研究院、山东省机床技术创新中心\n山东省机床工程研究中心",
    ]
