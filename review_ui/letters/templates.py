"""The standard templates of the office's letters, as .docx with docxtpl's tags.

An office saves one (`hecha notice --template-out FILE.docx`), puts its own heading and seal line
in, and gives it back with --template. What the tags stand for is said in notices.py.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

BODY = "仿宋"
HEADING = "黑体"


def correction() -> bytes:
    """补正通知书: what is to be corrected or supplied, item by item."""
    page = _page()
    _line(page, "补正通知书", 22, HEADING, centred=True)
    _line(page, "{{ addressee }}：", indent=False)
    _line(
        page,
        "你单位报送的{{ cluster }}《{{ programme }}》申报材料收悉。"
        "经审核，以下{{ count }}项需要补正：",
    )
    for title, name in (
        ("{{ heading_correct }}", "to_correct"),
        ("{{ heading_supply }}", "to_supply"),
    ):
        _line(page, f"{{%p if {name} %}}")
        _line(page, title, font=HEADING)
        _line(page, f"{{%p for item in {name} %}}")
        _line(page, "{{ item.number }}．{{ item.what }}")
        _line(page, "{%p if item.place %}")
        _line(page, "位置：{{ item.place }}")
        _line(page, "{%p endif %}")
        _line(page, "{%p if item.basis %}")
        _line(page, "依据：{{ item.basis }}")
        _line(page, "{%p endif %}")
        _line(page, "{%p if item.note %}")
        _line(page, "说明：{{ item.note }}")
        _line(page, "{%p endif %}")
        _line(page, "{%p endfor %}")
        _line(page, "{%p endif %}")
    _line(
        page, "请于      年   月   日前补正后重新报送，并附书面说明。逾期未补正的，按有关规定处理。"
    )
    _line(page, "")
    _line(page, "{{ office }}", right=True)
    _line(page, "{{ date }}", right=True)
    return _bytes(page)


def opinion() -> bytes:
    """审核意见表: what was checked, what was found, what was decided, and by whom."""
    page = _page()
    _line(page, "审核意见表", 22, HEADING, centred=True)
    table = page.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    for left, one, right, two in (
        ("集群名称", "{{ cluster }}", "申报项目", "{{ programme }}"),
        ("所在地区", "{{ region }}", "运营管理机构", "{{ operator }}"),
        ("核查日期", "{{ checked_on }}", "核查结论", "{{ verdict }}"),
        (
            "核查规则",
            "共{{ total }}项，已核查{{ run }}项，未能核查{{ unchecked }}项",
            "待人工核对数据",
            "{{ needs_look }}项",
        ),
    ):
        cells = table.add_row().cells
        for cell, words, bold in zip(cells, (left, one, right, two), (1, 0, 1, 0), strict=True):
            _cell(cell, words, bool(bold))
    _line(page, "一、核查发现", font=HEADING)
    found = page.add_table(rows=1, cols=5)
    found.style = "Table Grid"
    for cell, words in zip(
        found.rows[0].cells, ("序号", "问题", "依据", "处理意见", "审核人"), strict=True
    ):
        _cell(cell, words, True)
    for tags in (
        ("{%tr for item in items %}", "", "", "", ""),
        (
            "{{ item.number }}",
            "{{ item.what }}",
            "{{ item.basis }}",
            "{{ item.decision }}{{ item.note_line }}",
            "{{ item.who }}",
        ),
        ("{%tr endfor %}", "", "", "", ""),
    ):
        for cell, words in zip(found.add_row().cells, tags, strict=True):
            _cell(cell, words)
    _widths(found, (1.2, 6.4, 4.2, 2.8, 1.8))
    _rows_stay_whole(found)
    _line(page, "二、未能核查的事项", font=HEADING)
    _line(page, "{%p for item in unchecked_items %}")
    _line(page, "{{ item.number }}．{{ item.what }}")
    _line(page, "{%p endfor %}")
    _line(page, "三、审核意见", font=HEADING)
    for _ in range(3):
        _line(page, "")
    _line(page, "审核人（签字）：                复核人（签字）：", indent=False)
    _line(page, "年    月    日", right=True)
    return _bytes(page)


# ------------------------------------------------------------------ pieces


def _rows_stay_whole(table: Any) -> None:
    """No row is cut by the end of a page; the first stands on every page again."""
    from docx.oxml import OxmlElement

    for n, row in enumerate(table.rows):
        kept = row._tr.get_or_add_trPr()
        kept.append(OxmlElement("w:cantSplit"))
        if n == 0:
            kept.append(OxmlElement("w:tblHeader"))


def _page() -> Document:
    from docx import Document as new
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page: Any = new()
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2.8)
    section.left_margin = section.right_margin = Cm(2.3)
    normal = page.styles["Normal"]
    normal.font.name = BODY
    normal.font.size = Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    return page  # type: ignore[no-any-return]


def _line(
    page: Document,
    words: str,
    size: float = 14,
    font: str = BODY,
    *,
    centred: bool = False,
    right: bool = False,
    indent: bool = True,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = page.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing, form.space_after, form.space_before = 1.4, Pt(0), Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.space_after = Pt(14)
    elif right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif indent:
        form.first_line_indent = Pt(2 * size)
    _run(paragraph, words, size, font)


def _run(paragraph: Any, words: str, size: float, font: str, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(words)
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _cell(cell: Any, words: str, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    _run(paragraph, words, 10.5, HEADING if bold else BODY, bold)


def _widths(table: Any, centimetres: tuple[float, ...]) -> None:
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table.columns, centimetres, strict=True):
        column.width = Cm(width)  # the grid, which LibreOffice goes by
    for row in table.rows:
        for cell, width in zip(row.cells, centimetres, strict=True):
            cell.width = Cm(width)


def _bytes(page: Document) -> bytes:
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()
