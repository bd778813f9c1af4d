"""Cover pages in columns, labels over their cell's edge, cells over two pages, endless pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.readers.pdf.reader import read_pdf
from models.types import Document, Paragraph, Table
from tests.readers import pdf_build as b

AWKWARD = Path(__file__).parents[3] / "shared" / "awkward" / "pdf"


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


# ------------------------------------------------------------------ cover pages


def _cover(sheet: b.Sheet, middle: bool) -> None:
    """A borderless table of two columns; the third label wraps, and so does the last value."""
    rows = [("集群名称：", "威海市荣成市海洋食品特色产业集群"), ("所属地区：", "威海市荣成市"),
            ("申报时间：", "2024年4月23日")]  # fmt: skip
    for i, (label, value) in enumerate(rows):
        sheet.text(57, 200 + 25 * i, label, 11)
        sheet.text(240, 200 + 25 * i, value, 11)
    sheet.text(57, 275, "县级行政区划中小企业主管部门（盖\n章）：", 11)
    sheet.text(240, 275 + 7.7 * middle, "荣成市工业和信息化局", 11)
    sheet.text(57, 320, "运营管理机构：", 11)
    sheet.text(240, 320, "荣成市海洋食品产业园区\n服务中心", 11)


@pytest.mark.parametrize("middle", [False, True])
def test_cover_page_in_two_columns(tmp_path: Path, middle: bool) -> None:
    sheet = b.Sheet(tmp_path / "cover_two_columns.pdf")
    _cover(sheet, middle)
    found = [text.replace("： ", "：") for text in paragraphs(read_pdf(sheet.save()))]
    assert found == [
        "集群名称：威海市荣成市海洋食品特色产业集群", "所属地区：威海市荣成市",
        "申报时间：2024年4月23日",
        "县级行政区划中小企业主管部门（盖\n章）：\n荣成市工业和信息化局",
        "运营管理机构：\n荣成市海洋食品产业园区\n服务中心",
    ]  # fmt: skip


@pytest.mark.parametrize("under", [False, True])
def test_value_that_wraps_on_a_cover_page(tmp_path: Path, under: bool) -> None:
    """To the line's beginning, or hanging under the value."""
    sheet = b.Sheet(tmp_path / "cover_wrapped.pdf")
    sheet.text(230, 150, "申报表", 24)
    sheet.text(118, 240, "集群名称：荣成海洋食品产业集群", 14)
    label = "主管部门（盖章）："
    sheet.text(118, 272, label + "荣成市工业和信息化局荣成市工业和信息", 14)
    sheet.text(118 + 14 * len(label) * under, 303, "化局", 14)
    sheet.text(118, 335, "申报时间：2024年4月23日", 14)
    assert paragraphs(read_pdf(sheet.save()))[2:] == [
        label + "荣成市工业和信息化局荣成市工业和信息\n化局", "申报时间：2024年4月23日",
    ]  # fmt: skip


def test_lines_of_a_cover_page_that_stay_apart(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "cover_plain.pdf")
    lines = [
        "附件2",
        "申报单位：示例园区管理委员会",
        "二〇二四年四月",
        "联系人：",
        "山东省工业和信息化厅",
    ]
    for i, line in enumerate(lines):
        sheet.text(118, 150 + 28 * i, line, 14)
    assert paragraphs(read_pdf(sheet.save())) == lines


# ------------------------------------------------------------------ cells


@pytest.mark.parametrize("label", ["研发经费占比（%）", "研发经费投入强度（亿元）"])
@pytest.mark.parametrize("over", [3, 6, 13])
def test_label_that_runs_over_its_cells_edge(tmp_path: Path, label: str, over: float) -> None:
    sheet = b.Sheet(tmp_path / "label_over_edge.pdf")
    width = sum(5.0 if c == "%" else 10.0 for c in label)
    xs = [60, 63 + width - over, 300, 400]
    cells = [(1, 1, 1, 1, label), (1, 2, 1, 1, "      7.28"), (1, 3, 1, 1, "8.10"),
             (2, 1, 1, 1, "数量"), (2, 2, 1, 1, "85"), (2, 3, 1, 1, "90")]  # fmt: skip
    b.table(sheet, xs, [100, 120, 140], cells)
    (table,) = [block for block in read_pdf(sheet.save()).blocks if isinstance(block, Table)]
    assert [c.text.strip() for c in table.cells] == [label, "7.28", "8.10", "数量", "85", "90"]


def test_cells_without_any_padding_stay_apart(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "no_padding.pdf")
    b.table(sheet, [60, 100, 140, 180], [100, 120, 140],
            [(r, c, 1, 1, "") for r in (1, 2) for c in (1, 2, 3)])  # fmt: skip
    for y, row in ((114, ("集群产值", "主导产业", "企业数量")), (134, ("45.60", "31.15", "85"))):
        for x, text in zip((60, 100, 140), row, strict=True):
            sheet.text(x, y, text, 10)
    (table,) = [block for block in read_pdf(sheet.save()).blocks if isinstance(block, Table)]
    assert [c.text for c in table.cells] == [
        "集群产值", "主导产业", "企业数量", "45.60", "31.15", "85",
    ]  # fmt: skip


def test_cell_over_two_pages_stands_where_it_begins(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "cell_over_pages.pdf")
    said = "集群围绕主导产业强链补链延链强链补链延链强链补"
    b.table(sheet, [60, 190, 430], [740, 770], [(1, 1, 1, 1, "情况"), (1, 2, 1, 1, said)])
    sheet.page()
    b.table(sheet, [60, 190, 430], [70, 90], [(1, 1, 1, 1, ""), (1, 2, 1, 1, "链，成效明显。")])
    (table,) = [block for block in read_pdf(sheet.save()).blocks if isinstance(block, Table)]
    cell = table.cells[-1]
    assert cell.text == said + "\n链，成效明显。"
    assert (cell.page, cell.bbox) == (1, pytest.approx((190, 740, 430, 770), abs=1))
    assert cell.place.startswith("第1页")


# ------------------------------------------------------------------ sizes


@pytest.mark.parametrize("size", [(595.0, 56_700.0), (14_400.0, 14_400.0), (30.0, 30.0)])
def test_very_long_and_huge_pages(tmp_path: Path, size: tuple[float, float]) -> None:
    """A web page printed as one page of 20 m: read, with its places, without a huge picture."""
    sheet = b.Sheet(tmp_path / "long_page.pdf", size)
    rows = max(1, int(min(size[1], 56_000) // 400))
    for i in range(rows):
        sheet.text(2, 12 + 400 * i, f"{i} 45.60", 6)
        if size[0] > 100:
            b.table(sheet, [60, 180, 300], [100 + 400 * i, 120 + 400 * i],
                    [(1, 1, 1, 1, "总产值"), (1, 2, 1, 1, f"{i}.60")])  # fmt: skip
    document = read_pdf(sheet.save())
    assert not document.problems
    assert document.page_sizes[0] == pytest.approx(size, abs=0.1)
    found = [c.text for t in document.blocks if isinstance(t, Table) for c in t.cells]
    assert found.count("总产值") == (rows if size[0] > 100 else 0)


# ------------------------------------------------------------------ what other tools try


OUTCOMES: dict[str, tuple[str, ...]] = {
    "bug_544880": ("file.damaged",), "encrypted_hello_world_r6": ("file.encrypted",),
    "libreoffice-writer-password": ("file.encrypted",), "r6-user-password": ("file.encrypted",),
    "ocr_test": ("file.unreadable",), "indirect-rotation": ("file.unreadable",),
    "ink_annot": ("file.unreadable",), "polygon_annot": ("file.unreadable",),
}  # fmt: skip
"""Of the files that are not simply read."""
HOLDS: dict[str, str] = {
    "r6-owner-password": "pdf encryption test", "r3-empty-password": "pdf encryption test",
    "missing_info": "without /Info key", "cropped_text": "dbye, world!",
    "rotated_text_90": "Goodbye,", "libreoffice-form": "Alice", "multiple_form_types": "Epsilon",
    "bad_annots_entry": "Test Form", "commented": "The Crazy Ones", "pdflatex-forms": "Submit",
    "annotation_stamp_with_ap": "universal file format", "form": "foo",
}  # fmt: skip
TICKED: dict[str, list[bool]] = {
    "click_form": [True, False, False, False, True, False, False, True],
    "multiple_form_types": [False, True],
}


@pytest.mark.skipif(not AWKWARD.exists(), reason="the awkward documents are not here")
@pytest.mark.parametrize("path", sorted(AWKWARD.glob("*.pdf")), ids=lambda p: p.stem)
def test_outcome_of_other_tools_awkward_files(path: Path) -> None:
    document = read_pdf(path)
    assert tuple(p.rule for p in document.problems) == OUTCOMES.get(path.stem, ())
    assert document.readable is (path.stem not in OUTCOMES)
    words = [c.text for t in document.blocks for c in (t.cells if isinstance(t, Table) else (t,))]
    assert HOLDS.get(path.stem, "") in "\n".join(words).replace("\n", " ")
    if path.stem in TICKED:
        assert [m.ticked for m in document.marks()] == TICKED[path.stem]


@pytest.mark.parametrize(("factor", "tables"), [(1.0, 1), (0.985, 1), (0.97, 1), (0.9, 2)])
def test_a_table_on_sheets_scanned_at_another_width(factor: float, tables: int) -> None:
    from extractor.readers.pdf.flow import flow
    from extractor.readers.pdf.items import FlowCell, FlowTable, Item
    from extractor.readers.pdf.tags import Tags

    def part(page: int, top: float, bottom: float, scale: float) -> FlowTable:
        xs = [60 * scale, 154 * scale, 296 * scale, 413 * scale, 531 * scale]
        cells = [FlowCell(0, n, 1, 1, [], []) for n in range(4)]
        return FlowTable(xs, 1, cells, [(page, (xs[0], top, xs[-1], bottom))])

    pages: list[list[Item]] = [[part(1, 700, 790, 1.0)], [part(2, 60, 200, factor)]]
    joined = flow(pages, [(595, 842)] * 2, Tags(None))
    assert len(joined) == tables
    assert all(isinstance(t, FlowTable) and t.columns == 4 for t in joined)
