"""The PDF reader: every border a producer draws, every way text and boxes hide in a PDF."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.colors import Color, black, lightgrey, white
from reportlab.lib.pdfencrypt import StandardEncryption

from extractor.readers.pdf.blocks import blocks_of
from extractor.readers.pdf.furniture import without_furniture
from extractor.readers.pdf.glyphs import Glyph, plain
from extractor.readers.pdf.items import Item, page_items
from extractor.readers.pdf.pages import PageContent
from extractor.readers.pdf.reader import PdfLimits, read_pdf
from extractor.readers.pdf.symbols import plain_symbols
from extractor.readers.pdf.text import TextLine
from models.types import Document, Paragraph, Table
from tests.readers import pdf_build as b

HERE = Path(__file__).parent / "pdfs"
AWKWARD = Path(__file__).parents[3] / "shared" / "awkward" / "pdf"

XS = [60, 180, 260, 340, 420]
YS = [100, 120, 140, 175, 195, 215]
SPANS: list[b.Span] = [
    (1, 1, 1, 1, "年度"), (1, 2, 1, 1, "2021年"), (1, 3, 1, 1, "2022年"), (1, 4, 1, 1, "2023年"),
    (2, 1, 1, 1, "集群总产值"), (2, 2, 1, 1, "45.60"), (2, 3, 1, 1, "52.10"), (2, 4, 1, 1, "61.07"),
    (3, 1, 2, 1, "标准情况"), (3, 2, 1, 3, "围绕主导产业"), (4, 2, 1, 2, "国际"), (4, 4, 1, 1, "5"),
    (5, 1, 1, 2, "是否达到"), (5, 3, 1, 2, "是 否"),
]  # fmt: skip


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(table: Table) -> list[b.Span]:
    return sorted((c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells)


def rules(document: Document) -> list[str]:
    return [problem.rule for problem in document.problems]


def form(sheet: b.Sheet, **options: object) -> None:
    sheet.text(60, 80, "二、主导产业情况")
    b.table(sheet, XS, YS, SPANS, **options)  # type: ignore[arg-type]
    sheet.text(60, 250, "三、创新能力情况")


# ------------------------------------------------------------------ tables


@pytest.mark.parametrize("border", b.BORDERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("sides", ["trbl", "tb", "trl", "tbl", "tbr", "rbl"])
def test_grid_whatever_draws_it(tmp_path: Path, border: b.Border, sides: str) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    form(sheet, border=border, sides=sides)
    document = read_pdf(sheet.save())
    assert [grid(t) for t in tables(document)] == [sorted(SPANS)]
    assert paragraphs(document) == ["二、主导产业情况", "三、创新能力情况"]
    assert not document.problems


@pytest.mark.parametrize("inset", [0.5, 1.5, 2, 3, 5])
def test_cells_framed_one_by_one(tmp_path: Path, inset: float) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    form(sheet, inset=inset)
    assert [grid(t) for t in tables(read_pdf(sheet.save()))] == [sorted(SPANS)]


def test_shaded_and_white_cells_and_underlines_are_no_lines(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.rect(60, 100, 420, 120, fill=lightgrey, stroke=False)
    sheet.rect(185, 123, 255, 137, fill=white, stroke=False)
    form(sheet)
    sheet.line(190, 160, 300, 160)  # an underline to be filled in
    sheet.line(60, 252, 160, 252)
    assert [grid(t) for t in tables(read_pdf(sheet.save()))] == [sorted(SPANS)]


def test_table_ruled_across_only(tmp_path: Path) -> None:
    """Columns by the blank strips through all lines; prose between two rules stays prose."""
    sheet = b.Sheet(tmp_path / "a.pdf")
    rows = [("指标", "2021年", "2022年"), ("总产值", "45.60", "52.10"), ("企业数量", "70", "85")]
    for y in (100, 120, 160):
        sheet.line(60, y, 420, y)
    for i, row in enumerate(rows):
        for x, text in zip((64, 200, 320), row, strict=True):
            sheet.text(x, 114 + 20 * i, text, 10)
    sheet.line(60, 300, 420, 300)
    sheet.text(64, 320, "集群围绕主导产业强链补链延链，成效明显\n进一步提升 两化融合水平")
    sheet.line(60, 350, 420, 350)
    document = read_pdf(sheet.save())
    (table,) = tables(document)
    assert [c.text for c in table.cells] == [text for row in rows for text in row]
    assert (table.rows, table.columns) == (3, 3)
    assert "".join(paragraphs(document)).startswith("集群围绕")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [False, True])
def test_turned_and_cropped_pages(tmp_path: Path, turn: int, crop: bool) -> None:
    """What is upright on the screen reads the same, and stands at the same place of the page."""
    wide, high = (b.A4[1], b.A4[0]) if turn in (90, 270) else b.A4  # as the file has it
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.canvas.setPageRotation(turn)
    if crop:
        sheet.canvas.setCropBox((30, 20, wide - 10, high - 40))
    upright = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, wide, 0),
               180: (-1, 0, 0, -1, wide, high), 270: (0, -1, 1, 0, 0, high)}  # fmt: skip
    sheet.canvas.transform(*upright[turn])
    form(sheet)
    document = read_pdf(sheet.save())
    (table,) = tables(document)
    assert grid(table) == sorted(SPANS)
    left, top = {0: (30, 40), 90: (20, 30), 180: (10, 20), 270: (40, 10)}[turn] if crop else (0, 0)
    assert table.bbox == pytest.approx((60 - left, 100 - top, 420 - left, 215 - top), abs=1.5)
    wide, high = wide - 40 * crop, high - 60 * crop
    size = (high, wide) if turn in (90, 270) else (wide, high)
    assert document.page_sizes[0] == pytest.approx(size, abs=0.1)


@pytest.mark.parametrize("name", sorted(p.stem for p in HERE.glob("*.json")))
def test_tables_over_pages_against_their_source(name: str) -> None:
    """The grid that Word or HTML was given comes back, rows cut by page breaks made whole."""
    wanted = {(r, c): (rs, cs, text) for r, c, rs, cs, text in
              json.loads((HERE / f"{name}.json").read_text("utf-8"))}  # fmt: skip
    (table,) = tables(read_pdf(HERE / f"{name}.pdf"))
    found = {(c.row, c.column): (c.row_span, c.column_span, re.sub(r"\s", "", c.text))
             for c in table.cells}  # fmt: skip
    assert found == wanted
    assert table.rows == max(r + span[0] - 1 for (r, _), span in wanted.items())


def test_libreoffice_borders_and_nested_table() -> None:
    document = read_pdf(HERE / "libreoffice_borders_nested_landscape.pdf")
    first, *styled, last = tables(document)
    around = {c.text for c in first.cells}
    assert {"类别", "主持", "参与", "国际", "国家", "标准数量情况", "15560"} <= around
    assert [(t.rows, t.columns, len(t.cells)) for t in styled] == [(3, 3, 8)] * 7
    assert last.columns == 7 and last.rows == 2  # heading row alone on its landscape page
    assert paragraphs(document)[-1] == "面积 10 km2，共 3 项"
    assert "姓    名：某某   年   月   日" in paragraphs(document)


@pytest.mark.parametrize(
    ("upper", "lower", "rows"),
    [
        # label blank, the text above runs on and has no full stop: one row
        ([("情况", "集群围绕主导产业强链补链延链强链补链延链强链补")], [("", "链，成效明显。")], 2),
        # a row of its own, though its label is blank: the row above is done
        ([("情况", "成效明显。")], [("", "另有一项工作。")], 3),
        # figures never run on
        ([("总产值", "45.60")], [("", "52.10")], 3),
        # a bracket closes over the break
        ([("产业链强链补链延链（200", "集群围绕主导产业强链补链延链强链补链延链强链补")],
         [("字以内）", "链，成效明显。")], 2),
        ([("总产值", "45.60")], [("企业数量", "70")], 3),
        ([("总产值", "45.60")], [("企业数量", "（需提供清单）")], 3),
    ],
)  # fmt: skip
def test_row_cut_by_page_break(
    tmp_path: Path, upper: list[tuple[str, str]], lower: list[tuple[str, str]], rows: int
) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 190, 430]
    label, text = upper[0]
    b.table(sheet, xs, [700, 750, 770], [(1, 1, 1, 1, "年度"), (1, 2, 1, 1, "2023年"),
                                         (2, 1, 1, 1, label), (2, 2, 1, 1, text)])  # fmt: skip
    sheet.page()
    label, text = lower[0]
    b.table(sheet, xs, [70, 90], [(1, 1, 1, 1, label), (1, 2, 1, 1, text)])
    (table,) = tables(read_pdf(sheet.save()))
    assert table.rows == rows
    if rows == 2:
        cell = table.cells[-1]
        assert cell.text == upper[0][1] + "\n" + lower[0][1]
        assert [line.page for line in cell.lines] == [1, 2]


def test_a_label_ended_by_its_unit_does_not_run_on_into_the_merged_one_below(
    tmp_path: Path,
) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 131, 300, 430]
    b.table(sheet, xs, [730, 750, 780], [
        (1, 1, 1, 1, "年度"), (1, 2, 1, 1, "2022年"), (1, 3, 1, 1, "2023年"),
        (2, 1, 1, 1, "近三年研发\n费增速（%）"), (2, 2, 1, 1, "13.33"), (2, 3, 1, 1, "15.13"),
    ])  # fmt: skip
    sheet.page()
    b.table(sheet, xs, [70, 90, 110], [
        (1, 1, 2, 1, "集群中小企\n业主持标准"), (1, 2, 1, 1, "国际"), (1, 3, 1, 1, "国家"),
        (2, 2, 1, 1, "1"), (2, 3, 1, 1, "2"),
    ])  # fmt: skip
    (table,) = tables(read_pdf(sheet.save()))
    assert [c.text for c in table.cells if c.column == 1][1:] == [
        "近三年研发\n费增速（%）", "集群中小企\n业主持标准",
    ]  # fmt: skip


def test_a_remark_below_a_figure_begins_the_next_page(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 131, 430]
    b.table(sheet, xs, [730, 750, 770], [
        (1, 1, 1, 1, "年度"), (1, 2, 1, 1, "2023年"),
        (2, 1, 1, 1, "有效发明专利"), (2, 2, 1, 1, "423"),
    ])  # fmt: skip
    sheet.page()
    b.table(sheet, xs, [70, 110, 130], [
        (1, 1, 1, 1, "的拥有量\n（件）"), (1, 2, 1, 1, "（需提供清单）"),
        (2, 1, 1, 1, "其他"), (2, 2, 1, 1, "无"),
    ])  # fmt: skip
    (table,) = tables(read_pdf(sheet.save()))
    assert [c.text for c in table.cells if c.row == 2] == [
        "有效发明专利\n的拥有量\n（件）", "423\n（需提供清单）",
    ]  # fmt: skip


def test_a_unit_that_begins_a_page_ends_the_label_before_it(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 190, 300, 430]
    b.table(sheet, xs, [730, 750, 780], [
        (1, 1, 1, 1, "其他"), (1, 2, 1, 2, "无"),
        (2, 1, 1, 1, "近三年单位产值排\n放量"), (2, 2, 1, 1, "2021年"), (2, 3, 1, 1, "0.74"),
    ])  # fmt: skip
    sheet.page()
    b.table(sheet, xs, [70, 90, 110], [
        (1, 1, 2, 1, "（吨/万元）"), (1, 2, 1, 1, "2022年"), (1, 3, 1, 1, "0.71"),
        (2, 2, 1, 1, "2023年"), (2, 3, 1, 1, "0.67"),
    ])  # fmt: skip
    (table,) = tables(read_pdf(sheet.save()))
    [label] = [c for c in table.cells if "单位产值" in c.text]
    assert (label.text, label.row_span) == ("近三年单位产值排\n放量\n（吨/万元）", 3)


def test_a_few_points_of_a_row_on_the_next_page(tmp_path: Path) -> None:
    """The row before the break ends in them; the row below them is one of its own."""
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 190, 430]
    b.table(sheet, xs, [700, 730], [(1, 1, 1, 1, "企业上云比例"), (1, 2, 1, 1, "79.00")])
    for x in xs:
        sheet.line(x, 730, x, 757)
    sheet.text(64, 748, "工业软件应用率稳步提升")
    sheet.text(194, 748, "是")
    sheet.page()
    for x in xs:
        sheet.line(x, 72.4, x, 140)
    for y, x in ((78, 60), (110, 190), (140, 60)):
        sheet.line(x, y, 430, y)
    sheet.line(310, 78, 310, 140)
    sheet.text(64, 105, "工业软件采购金额")
    for x, y, text in (
        (194, 98, "2022年"),
        (320, 98, "2023年"),
        (194, 130, "14.8"),
        (320, 130, "16.5"),
    ):
        sheet.text(x, y, text)
    (table,) = tables(read_pdf(sheet.save()))
    labels = [c.text for c in table.cells if c.column == 1]
    assert labels == ["企业上云比例", "工业软件应用率稳步提升", "工业软件采购金额"]


def test_a_label_with_its_colon_and_its_value_are_one_cell(tmp_path: Path) -> None:
    """An edge of the rows above runs through the blank between them."""
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60, 150, 200, 300, 430]
    b.table(sheet, xs, [70, 90, 130], [
        (1, 1, 1, 1, "团体"), (1, 2, 1, 1, "3"), (1, 3, 1, 1, "12"), (1, 4, 1, 1, "7"),
        (2, 1, 1, 1, "平台"), (2, 2, 1, 3, ""),
    ])  # fmt: skip
    for y, label, value in ((105, "数量：", "1个"), (122, "名称：", "机床产品检验检测中心")):
        sheet.text(155, y, label)
        sheet.text(206, y, value)
    (table,) = tables(read_pdf(sheet.save()))
    [cell] = [c for c in table.cells if "数量" in c.text]
    assert cell.column_span == 3
    assert "机床产品检验检测中心" in cell.text


def test_repeated_heading_is_dropped_and_other_tables_stay_apart(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    head = [(1, 1, 1, 1, "序号"), (1, 2, 1, 1, "名称")]
    b.table(sheet, [60, 120, 400], [720, 740, 760],
            [*head, (2, 1, 1, 1, "1"), (2, 2, 1, 1, "甲")])  # fmt: skip
    sheet.page()
    b.table(sheet, [60, 120, 400], [70, 90, 110],
            [*head, (2, 1, 1, 1, "2"), (2, 2, 1, 1, "乙")])  # fmt: skip
    sheet.text(60, 140, "另一张表")
    b.table(sheet, [60, 120, 400], [160, 180], [(1, 1, 1, 1, "丙"), (1, 2, 1, 1, "丁")])
    first, second = tables(read_pdf(sheet.save()))
    assert [c.text for c in first.cells] == ["序号", "名称", "1", "甲", "2", "乙"]
    assert [c.place for c in first.cells][-1] == "第2页 表1 行3 列2"
    assert [c.text for c in second.cells] == ["丙", "丁"]


def test_page_furniture_is_dropped(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for number in range(1, 5):
        sheet.text(60, 40, "示例集群申报材料", 9)
        sheet.text(280, 810, f"— {number} —", 9)
        sheet.text(60, 100, f"附件 {number}")
        sheet.text(60, 130, f"正文{number}。")
        sheet.page()
    wanted = [line for n in range(1, 5) for line in (f"附件 {n}", f"正文{n}。")]
    assert paragraphs(read_pdf(sheet.save())) == wanted


def test_a_scans_header_is_furniture_however_the_paper_was_drawn_in_or_it_was_read() -> None:
    header = "示例县工业和信息化局申报材料"
    drawn = ((header, 44), (header, 57), ("示例具工业和信息化局申报材料", 49), (header[:10], 62))

    def line(text: str, base: float, page: int) -> TextLine:
        return TextLine(text, [], page, (60, base - 10, 60 + 10 * len(text), base + 2), base, 10)

    pages: list[list[Item]] = [
        [line(text, base, n), line(f"第{n}段正文。", 120, n), line(f"一{n}-", 800, n)]
        for n, (text, base) in enumerate(drawn, 1)
    ]
    sizes = [(595.0, 842.0)] * len(pages)
    wanted = [items[1:2] for items in pages]
    assert without_furniture(pages, sizes, recognised=True) == wanted
    assert without_furniture(pages, sizes) != wanted


# ------------------------------------------------------------------ text


def test_what_nobody_sees_is_left_out(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(60, 100, "看得见")
    sheet.canvas.saveState()
    text = sheet.canvas.beginText(60, 700)
    text.setFont(b.FONT, 12)
    text.setTextRenderMode(3)
    text.textLine("隐形文字")
    sheet.canvas.drawText(text)
    sheet.canvas.restoreState()
    sheet.canvas.setFillColor(white)
    sheet.text(60, 200, "白底白字")
    sheet.rect(55, 285, 200, 305, fill=black, stroke=False)
    sheet.canvas.setFillColor(white)
    sheet.text(60, 300, "黑底白字")
    sheet.canvas.setFillColor(black)
    sheet.text(60, 350, "极小的字", 0.2)
    sheet.text(-300, 400, "页外")
    assert paragraphs(read_pdf(sheet.save())) == ["看得见", "黑底白字"]


def test_bold_drawn_twice_is_read_once(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for shift in (0, 0.3):
        sheet.text(60 + shift, 100, "总产值1144.00亿元")
    assert paragraphs(read_pdf(sheet.save())) == ["总产值1144.00亿元"]


def test_spaces_superscripts_and_turned_text(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(60, 100, "面积", 12)
    sheet.text(87, 100, "35 km", 12, "Helvetica")
    sheet.text(121, 95, "2", 7, "Helvetica")
    sheet.text(60, 130, "姓   名")
    sheet.text(60, 160, "左")
    sheet.text(140, 160, "右")
    sheet.canvas.saveState()
    sheet.canvas.translate(300, sheet.height - 300)
    sheet.canvas.rotate(90)
    sheet.canvas.setFont(b.FONT, 12)
    sheet.canvas.drawString(0, 0, "产业集群简介")
    sheet.canvas.drawString(0, -16, "第二行")
    sheet.canvas.restoreState()
    assert paragraphs(read_pdf(sheet.save())) == [
        "面积35 km2", "姓   名", "左 右", "产业集群简介", "第二行",
    ]  # fmt: skip


def test_radicals_become_ideographs_and_nothing_else_changes() -> None:
    assert plain("⼀⼆、⽴⻓⻔⻋⾼") == "一二、立长门车高"
    assert plain("１２％（㎡）①") == "１２％（㎡）①"


def test_wrapped_lines_are_one_paragraph_and_keep_every_character(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    body = "集群围绕主导产业强链补链延链，" * 12
    lines = ["　　" + body[:33], *(body[33 + i * 35 : 68 + i * 35] for i in range(4)), body[173:]]
    sheet.text(84, 60, "集群名称：________")
    sheet.text(84, 90, "县级行政区划中小企业主管部门（盖章）：________")
    sheet.text(84, 120, "\n".join(lines))
    sheet.text(84, 300, "　　另起一段。")
    found = paragraphs(read_pdf(sheet.save()))
    assert found[:2] == ["集群名称：________", "县级行政区划中小企业主管部门（盖章）：________"]
    assert found[2] == "\n".join(line for line in lines if line)
    assert found[3:] == ["　　另起一段。"]


_TEXTS = st.text("集群产值 0123456789.%（）abc", max_size=9)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(_TEXTS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_no_character_is_lost_or_doubled(tmp_path: Path, rows: list[list[str]]) -> None:
    if not any(text.strip() for row in rows for text in row):
        return
    sheet = b.Sheet(tmp_path / "a.pdf")
    spans = [(r + 1, c + 1, 1, 1, t) for r, row in enumerate(rows) for c, t in enumerate(row)]
    b.table(sheet, [60, 200, 340, 480], [100 + 20 * i for i in range(len(rows) + 1)], spans)
    (table,) = tables(read_pdf(sheet.save()))
    assert grid(table) == sorted((r, c, 1, 1, t.rstrip(" ")) for r, c, _, _, t in spans)
    for cell in table.cells:
        assert "".join(cell.text[s.start : s.end] for s in cell.lines) == cell.text


# ------------------------------------------------------------------ tick boxes


def ticks(document: Document) -> list[tuple[bool | None, str, str]]:
    return [(m.ticked, m.how, m.label) for m in document.marks()]


def test_boxes_drawn_by_chromium() -> None:
    document = read_pdf(HERE / "chromium_drawn_boxes.pdf")
    assert ticks(document) == [
        (True, "drawing", "第一产业"), (False, "drawing", "第二产业"),
        (True, "drawing", "是"), (False, "drawing", "否"),
        (False, "drawing", "甲"), (True, "drawing", "乙"), (True, "drawing", "丙"),
        (True, "glyph", "丁"),
    ]  # fmt: skip
    assert tables(document)[0].cells[1].text == "☑第一产业 ☐第二产业 ☑是 ☐否"
    assert all(m.bbox and m.page == 1 and m.place for m in document.marks())


@pytest.mark.parametrize(
    ("font", "char", "ticked"),
    [
        ("ABCDEE+Wingdings-Regular", "\uf0fe", True),
        ("ABCDEE+Wingdings2", "\uf0a3", False),
        ("Wingdings 2", "R", True),
        ("ABCDEE+CIDFont+F3", "\uf0fe", True),
        ("ABCDEE+CIDFont+F3", "\uf0a8", False),
        ("BAAAAA+DejaVuSans", "\uf0fe", None),
        ("SimSun", "\uf0a8", None),
    ],
)
def test_symbol_fonts_and_the_lack_of_them(font: str, char: str, ticked: bool | None) -> None:
    glyphs = [
        Glyph(c, 60 + 12 * i, 90, 72 + 12 * i, 102, 100, 12, font if c == char else "SimSun")
        for i, c in enumerate(char + "是")
    ]
    content = PageContent(1, 595, 842, glyphs)
    plain_symbols(content)
    (paragraph,) = blocks_of(page_items(content), [(595, 842)])
    assert isinstance(paragraph, Paragraph)
    assert [(m.ticked, m.label) for m in paragraph.marks] == [(ticked, "是")]


def _boxes(sheet: b.Sheet, y: float) -> None:
    for x, word in ((100, "是"), (160, "否")):
        sheet.rect(x, y - 10, x + 10, y)
        sheet.text(x + 13, y - 1, word)


def test_drawn_boxes_ticked_by_pen_glyph_and_filling(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for y in (100, 130, 160, 190):
        _boxes(sheet, y)
    sheet.line(101, 95, 104, 99)
    sheet.line(104, 99, 111, 88)
    sheet.text(160, 129, "√")
    sheet.rect(102, 152, 108, 158, fill=black)
    found = [m.ticked for m in read_pdf(sheet.save()).marks()]
    assert found == [True, False, False, True, True, False, False, False]


def test_squares_of_a_table_are_no_boxes(tmp_path: Path) -> None:
    """Small cells that touch or hold words; a square that no words belong to."""
    sheet = b.Sheet(tmp_path / "a.pdf")
    xs = [60 + 16 * i for i in range(9)]
    b.table(sheet, xs, [100, 116], [(1, i + 1, 1, 1, str(i)) for i in range(8)], size=8)
    sheet.rect(400, 400, 410, 410)
    document = read_pdf(sheet.save())
    assert [c.text for c in tables(document)[0].cells] == list("01234567")
    assert not list(document.marks())


def test_form_fields(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    forms = sheet.canvas.acroForm
    for x, name, on in ((100, "a", True), (170, "b", False)):
        forms.checkbox(name=name, x=x, y=sheet.height - 110, size=12, checked=on)
        sheet.text(x + 16, 108, "是" if on else "否")
    sheet.text(60, 140, "名称：", 12)
    forms.textfield(name="n", value="sample 45.60", x=100, y=sheet.height - 144, width=200,
                    height=16, fontSize=10)  # fmt: skip
    document = read_pdf(sheet.save())
    assert ticks(document) == [(True, "form-field", "是"), (False, "form-field", "否")]
    assert "名称：sample 45.60" in [p.replace("： ", "：") for p in paragraphs(document)]


def test_pen_stroke_over_a_printed_box(tmp_path: Path) -> None:
    from pypdfium2 import raw  # only pdfium writes ink here

    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(100, 100, "□是  □否", 14)
    path = sheet.save()
    import ctypes

    import pypdfium2 as pdfium

    pdf = pdfium.PdfDocument(path)
    page = pdf[0]
    ink = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_INK)
    y = b.A4[1] - 96
    points = (raw.FS_POINTF * 3)(
        raw.FS_POINTF(102, y), raw.FS_POINTF(106, y - 5), raw.FS_POINTF(113, y + 7)
    )
    raw.FPDFAnnot_AddInkStroke(ink, points, 3)
    rect = raw.FS_RECTF(101, y + 8, 114, y - 6)
    raw.FPDFAnnot_SetRect(ink, ctypes.byref(rect))
    raw.FPDFPage_CloseAnnot(ink)
    pdf.save(str(tmp_path / "ink.pdf"))
    document = read_pdf(tmp_path / "ink.pdf")
    assert ticks(document) == [(True, "annotation", "是"), (False, "glyph", "否")]
    assert paragraphs(document) == ["☑是  ☐否"]


def test_typed_annotations(tmp_path: Path) -> None:
    """What a reviewer's PDF tool types onto the page: a tick over a box, a figure in a cell."""
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(100, 100, "□是  □否", 14)
    b.table(sheet, [60, 180, 300], [140, 160], [(1, 1, 1, 1, "总产值"), (1, 2, 1, 1, "")])
    high = sheet.height
    for text, x, y in (("√", 103, 101), ("45.60", 186, 156)):
        rect = [x, high - y, x + 8 * len(text), high - y + 12]
        sheet.canvas.freeTextAnnotation(text, "/Helv 10 Tf", rect)
    document = read_pdf(sheet.save())
    assert ticks(document) == [(True, "annotation", "是"), (False, "glyph", "否")]
    assert [c.text for c in tables(document)[0].cells] == ["总产值", "45.60"]


# ------------------------------------------------------------------ files nobody vouches for


def test_encrypted_files(tmp_path: Path) -> None:
    for user, readable in (("geheim", False), ("", True)):
        sheet = b.Sheet(tmp_path / "a.pdf", encrypt=StandardEncryption(user, "owner"))
        sheet.text(60, 100, "集群")
        document = read_pdf(sheet.save())
        assert document.readable is readable
        assert rules(document) == ([] if readable else ["file.encrypted"])


def test_scan_outlines_and_wrong_ocr_text_below_a_picture(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "scan.png"
    Image.new("RGB", (200, 280), (250, 240, 230)).save(picture)
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.canvas.drawImage(str(picture), 0, 0, *b.A4)
    sheet.page()
    sheet.text(60, 100, "错误的识别文字")
    sheet.canvas.drawImage(str(picture), 0, 0, *b.A4)
    sheet.page()
    for i in range(12):  # letters as outlines
        path = sheet.canvas.beginPath()
        path.moveTo(60 + i * 14, 700)
        path.curveTo(64 + i * 14, 712, 70 + i * 14, 690, 72 + i * 14, 705)
        path.lineTo(66 + i * 14, 690)
        path.close()
        sheet.canvas.drawPath(path, fill=1, stroke=0)
    sheet.page()
    sheet.page()  # really blank: no problem
    sheet.text(60, 100, "有文字层")
    document = read_pdf(sheet.save())
    assert paragraphs(document) == ["有文字层"]
    (problem,) = document.problems
    assert (problem.rule, problem.severity, problem.place) == (
        "file.unreadable", "warning", "第1、2、3页",
    )  # fmt: skip


def test_garbled_text_layer(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(60, 100, "ÖÐ¹úÉ½¶«Ê¡²úÒµ¼¯Èº" * 3, 12, "Helvetica")
    assert rules(read_pdf(sheet.save())) == ["file.garbled-text"]


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"%PDF-1.4\n1 0 obj\n<<>>\n%%EOF"]
)
def test_no_pdf_at_all(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    document = read_pdf(path, "申报表.pdf")
    assert (document.file, document.blocks, rules(document)) == ("申报表.pdf", (), ["file.damaged"])
    assert rules(read_pdf(tmp_path / "missing.pdf")) == ["file.damaged"]


def test_limits(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for i in range(4):
        form(sheet)
        sheet.text(300, 500, f"页{i}")
        sheet.page()
    path = sheet.save()
    document = read_pdf(path, limits=PdfLimits(pages=2))
    assert rules(document) == ["file.too-large"] and document.pages == 4
    document = read_pdf(path, limits=PdfLimits(objects=3))
    assert rules(document) == ["file.too-large"]
    assert "45.60" in str(document.blocks)


def test_quick_way_reads_the_same_text(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for turn, name in ((0, "甲乙"), (0, "丙丁"), (90, "戊己"), (180, "庚辛"), (270, "壬癸")):
        sheet.canvas.setPageRotation(turn)
        sheet.text(60, 100, f"{name}集群围绕主导产业，2023年总产值61.07亿元（见附件1）")
        sheet.text(60, 130, f"{name}第二段 two words")
        sheet.page()
    path = sheet.save()
    full = read_pdf(path)
    quick = read_pdf(path, limits=PdfLimits(thorough=1))
    # the full way turns the pages that stand on their side, and so reads their lines in order
    told = [sorted(d.blocks, key=lambda block: (block.page, block.text)) for d in (quick, full)]
    for one, other in zip(*told, strict=True):
        assert one.text == other.text
        assert one.bbox == pytest.approx(other.bbox, abs=2.5)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_table_drawn_sideways_on_an_upright_page(tmp_path: Path, turn: int) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    width, height = 595.28, 841.89
    sheet.canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[turn])
    sheet.canvas.rotate(turn)
    spans = [(1, 1, 1, 1, "集群总产值（亿元）"), (1, 2, 1, 1, "45.60"), (1, 3, 1, 1, "53.10"),
             (2, 1, 1, 1, "集群企业数量"), (2, 2, 1, 1, "200"), (2, 3, 1, 1, "210"),
             (3, 1, 1, 1, "其中：集群中小企业数量"), (3, 2, 1, 1, "190"),
             (3, 3, 1, 1, "205")]  # fmt: skip
    b.table(sheet, [60, 250, 330, 410], [300, 330, 360, 390], spans)
    document = read_pdf(sheet.save())
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    cells = {(c.row, c.column): c for c in table.cells}
    assert cells[1, 2].text == "45.60" and cells[3, 3].text == "205"
    # the box stands where the cell is seen: the width of a cell is its height on the page
    x0, top, x1, bottom = cells[1, 1].bbox
    size = (30, 190) if turn in (90, 270) else (190, 30)
    assert (x1 - x0, bottom - top) == pytest.approx(size, abs=1.5)
    assert 0 <= x0 < x1 <= width and 0 <= top < bottom <= height
    assert document.page_sizes == (pytest.approx((width, height), abs=1),)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    source = tmp_path / "source.pdf"
    if not source.exists():
        sheet = b.Sheet(source, pageCompression=0)
        form(sheet)
        sheet.canvas.acroForm.checkbox(name="a", x=100, y=100, size=12, checked=True)
        sheet.save()
    raw = bytearray(source.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(1, len(raw))) :]
    path = tmp_path / "mutated.pdf"
    path.write_bytes(bytes(raw))
    document = read_pdf(path)
    assert document.blocks or document.problems


@pytest.mark.skipif(not AWKWARD.exists(), reason="the awkward documents are not here")
@pytest.mark.parametrize("path", sorted(AWKWARD.glob("*.pdf")), ids=lambda p: p.stem)
def test_other_tools_awkward_files(path: Path) -> None:
    document = read_pdf(path)
    assert document.blocks or document.problems
    assert all(p.rule.startswith("file.") for p in document.problems)


def test_transparent_colour_does_not_hide(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.canvas.setFillColor(Color(0.9, 0.2, 0.2))
    sheet.text(60, 100, "红字")
    assert paragraphs(read_pdf(sheet.save())) == ["红字"]
