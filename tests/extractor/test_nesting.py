"""Tables nested in the cells of others, and the cells' text without theirs."""

from __future__ import annotations

from dataclasses import replace

from extractor.locating.locate import locate
from extractor.locating.nesting import without_nested
from models.form import load_form
from models.types import Cell, Document, Line, Paragraph, Table
from tests.extractor.grids import document, grid

SHANDONG = load_form("shandong-2024")


def test_cells_whose_lines_stand_side_by_side_are_left_out_by_their_place():
    """A page's lines run through the nested table: 合作渠道 建成境外 / 展会 网络."""
    texts = [
        "到2026年再上新台阶，见下表。",
        "合作渠道以 建成境外",
        "展会为主 营销网络",
        "分年推进。",
    ]
    tops = [100, 120, 132, 160]
    at, lines = 0, []
    for text, top in zip(texts, tops, strict=True):
        lines.append(Line(at, at + len(text), 8, (80, top, 300, top + 10)))
        at += len(text) + 1
    outer = Cell(
        1, 1, 1, 1, text="\n".join(texts), page=8, bbox=(65, 90, 530, 700), lines=tuple(lines)
    )
    cells = (
        Cell(1, 1, 1, 1, text="合作渠道以\n展会为主"),
        Cell(1, 2, 1, 1, text="建成境外\n营销网络"),
    )
    inner = Table(rows=1, columns=2, page=8, bbox=(80, 118, 400, 145), nested=True, cells=cells)
    left, holds, over = without_nested([outer], [inner])
    assert left[id(outer)] == "到2026年再上新台阶，见下表。\n分年推进。"
    assert holds == {id(outer): [0]} and over == []


LED_OR_JOINED = "集群中小企业近三年主持（起草单位排名前三位）或参与制修订标准数量情况（需提供清单）"
YEARS = ["年度", "2021年", "2022年", "2023年"]


def _counts(year: int) -> list[list[str]]:
    levels = ("国际", "国家", "行业", "团体")
    rows = [[level, str(10 * year + n), str(n)] for n, level in enumerate(levels)]
    return [["类别", "主持数量", "参与数量"], *rows]


def test_a_small_table_below_each_year():
    small = [grid(_counts(year), 2) for year in (1, 2, 3)]
    texts = ["\n".join("\t".join(row) for row in _counts(year)) for year in (1, 2, 3)]
    outer = grid([YEARS, ["集群中小企业近三年研发投入强度(%)", "3.1", "3.2", "3.3"],
                  [LED_OR_JOINED, *texts]])  # fmt: skip
    blocks = (Paragraph("三、创新能力情况"), outer, *(replace(t, nested=True) for t in small))
    application = locate(Document("申报表.docx", "docx", blocks=blocks), SHANDONG)
    for year in (1, 2, 3):
        led = application.answer("standards_led_national", str(2020 + year))
        joined = application.answer("standards_joined_association", str(2020 + year))
        assert (led.value, joined.value) == (10 * year + 1, 3)


def test_labels_said_once_a_year_are_surer_than_the_column_of_the_year():
    """The headings' columns were cut elsewhere: 2022年 stands over the last column of 2023."""
    groups = [str(v) for year in (3, 2, 1) for v in ("国家", year, year + 5)]
    rows = [
        ["年度", "2023年", "<", "2022年", "<", "<", "2021年", "<", "<", ""],
        [LED_OR_JOINED, *["类别", "主持数量", "参与数量"] * 3],
        ["^", *groups],
    ]
    application = locate(document("三、创新能力情况", rows), SHANDONG)
    for year in (1, 2, 3):
        assert application.answer("standards_led_national", f"{2020 + year}").value == year
        assert application.answer("standards_joined_national", f"{2020 + year}").value == year + 5
