"""PDF forms as other offices print them, each case named after what is unusual in it."""

from __future__ import annotations

from pathlib import Path

from extractor.readers.pdf.reader import read_pdf
from models.types import Paragraph, Table
from tests.readers import pdf_build as b


def tables(document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def texts(table: Table) -> list[str]:
    return [c.text for c in table.cells]


def test_figures_drawn_twice_a_little_lower_are_one(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for y in (100, 101.5):
        sheet.text(60, y, "122.42", 9.5)
    assert [p.text for p in read_pdf(sheet.save()).blocks] == ["122.42"]


def test_a_footnote_number_is_no_digit_of_the_figure(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(60, 100, "12.85", 12, "Helvetica")
    sheet.text(60 + 30.1, 95, "1", 7, "Helvetica")
    assert [p.text for p in read_pdf(sheet.save()).blocks] == ["12.85¹"]


def test_what_a_browser_prints_round_the_page_is_no_row_of_the_table(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    height = sheet.height
    spans = [(1, 1, 1, 1, "集群总产值（亿元）"), (1, 2, 1, 1, "61.10")]
    b.table(sheet, [60, 300, 480], [60, height - 60], spans)
    sheet.text(24, 20, "11/21/26, 2:15 PM", 8)
    sheet.text(300, 20, "申报表", 8)
    sheet.text(24, height - 16, "https://sme.example/apply/35", 8)
    sheet.text(550, height - 16, "4/8", 8)
    document = read_pdf(sheet.save())
    assert texts(tables(document)[0]) == ["集群总产值（亿元）", "61.10"]
    assert not [p for p in document.blocks if isinstance(p, Paragraph)]


def test_a_circle_filled_by_its_own_thick_line_is_ticked(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for n, (words, on) in enumerate((("第一产业", False), ("第二产业", True), ("第三产业", False))):
        x, y = 66 + 90 * n, sheet.height - 96
        sheet.canvas.setLineWidth(3.4 if on else 0.7)
        sheet.canvas.circle(x, y, 3.2 if on else 4.2, stroke=1, fill=0)
        sheet.text(x + 8, 100, words, 10.5)
    marks = list(read_pdf(sheet.save()).marks())
    assert [m.ticked for m in marks] == [False, True, False]


def test_labels_on_grey_without_any_line(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    rows = [("企业上云比例 (%)", "45.13"), ("集群中小企业工业互联网平\n台应用普及率 (%)", "30.08")]
    rows += [("大宗工业固废综合利用率\n（%）", "91.72"), ("工业用水重复利用率（%）", "93.98")]
    y = 100.0
    for label, value in rows:
        high = 14.0 * (label.count("\n") + 1) + 4
        sheet.canvas.setFillColorRGB(0.9, 0.9, 0.9)
        sheet.canvas.rect(60, sheet.height - y - high, 150, high - 1, stroke=0, fill=1)
        sheet.canvas.setFillColorRGB(0, 0, 0)
        for n, line in enumerate(label.split("\n")):
            sheet.text(63, y + 12 + 14 * n, line, 10.5)
        sheet.text(330, y + high / 2 + 4, value, 10.5)
        y += high
    (table,) = tables(read_pdf(sheet.save()))
    told = {c.row: c.text for c in table.cells if c.column == 1}
    assert [text.replace("\n", "") for text in told.values()] == [
        label.replace("\n", "") for label, _ in rows
    ]
    assert [c.text for c in table.cells if c.column > 1 and c.text] == [v for _, v in rows]
