"""Blocks → .docx, written as plain OOXML so that the same blocks always give the same parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from samples.paper import HANDS, LEFT, RIGHT, Block, C, Grid, PageBreak, Para, Ticks, laid_out

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_TEXT_WIDTH = 9026  # A4 less its margins, in twentieths of a point
_MOMENT = (2024, 4, 1, 8, 0, 0)

_PARTS = {
    "[Content_Types].xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>""",  # noqa: E501
    "_rels/.rels": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""",  # noqa: E501
    "word/_rels/document.xml.rels": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>""",  # noqa: E501
}


def _style(name: str, font: str, half_points: int, paragraph: str = "", run: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>"
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
        f'{run}<w:sz w:val="{half_points}"/></w:rPr></w:style>'
    )


_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{_W}">'
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" '
    'w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/><w:sz w:val="21"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + _style("title", "黑体", 44, '<w:spacing w:before="1200" w:after="900"/>', "<w:b/>")
    + _style("heading", "黑体", 30, '<w:keepNext/><w:spacing w:before="300" w:after="160"/>')
    + _style("subheading", "黑体", 26, '<w:keepNext/><w:spacing w:before="120" w:after="80"/>')
    + _style(
        "body", "宋体", 24, '<w:spacing w:line="360" w:lineRule="auto"/><w:ind w:firstLine="480"/>'
    )
    + _style("line", "宋体", 28, '<w:spacing w:before="160" w:after="160"/><w:ind w:left="600"/>')
    + _style("note", "宋体", 21)
    + _style("cell", "宋体", 21, '<w:spacing w:before="20" w:after="20"/>')
    + "</w:styles>"
)


def _run(text: str, *, bold: bool = False, line: bool = False, font: str = "") -> str:
    if not text:
        return ""
    props = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>' if font else ""
    props += "<w:b/>" if bold else ""
    props += '<w:u w:val="single"/>' if line else ""
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _box(ticked: bool, hand: Ticks) -> str:
    sign = hand.ticked if ticked else hand.unticked
    if hand.kind == "symbol":
        return f'<w:r><w:sym w:font="Wingdings" w:char="{sign}"/></w:r>'
    if hand.kind == "control":
        return (
            f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(ticked)}"/>'
            '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
            f"<w:sdtContent>{_run(sign, font='MS Gothic')}</w:sdtContent></w:sdt>"
        )
    return _run(sign)


def _runs(text: str, hand: Ticks, bold: bool) -> str:
    out, plain, line = [], "", False
    for char in text:
        if char in "☑☐" + LEFT + RIGHT:
            out.append(_run(plain, bold=bold, line=line))
            plain = ""
            if char in "☑☐":
                out.append(_box(char == "☑", hand))
            else:
                line = char == LEFT
        else:
            plain += char
    out.append(_run(plain, bold=bold, line=line))
    return "".join(out)


def _paragraphs(text: str, style: str, align: str, hand: Ticks, bold: bool = False) -> str:
    side = "" if align == "left" else f'<w:jc w:val="{align}"/>'
    return "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr>{_runs(line, hand, bold)}</w:p>'
        for line in text.split("\n")
    )


def _cell(cell: C, width: int, goes_on: bool, hand: Ticks) -> str:
    props = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.span > 1:
        props += f'<w:gridSpan w:val="{cell.span}"/>'
    if cell.rows > 1:
        props += "<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>'
    props += '<w:vAlign w:val="center"/>'
    text = "" if goes_on else cell.text
    inside = _paragraphs(text, "cell", cell.align, hand, cell.bold)
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{inside}</w:tc>"


def _table(grid: Grid, hand: Ticks) -> str:
    total = sum(grid.widths)
    widths = [w * _TEXT_WIDTH // total for w in grid.widths]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    out = [
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        + "</w:tblGrid>"
    ]
    for row in laid_out(grid):
        out.append('<w:tr><w:trPr><w:trHeight w:val="440" w:hRule="atLeast"/></w:trPr>')
        column = 0
        for cell, goes_on in row:
            out.append(_cell(cell, sum(widths[column : column + cell.span]), goes_on, hand))
            column += cell.span
        out.append("</w:tr>")
    out.append("</w:tbl>")
    return "".join(out)


def document_xml(blocks: Iterable[Block], hand: str) -> str:
    """word/document.xml of the blocks, ticked by the hand of that name."""
    ticks = HANDS[hand]
    body = []
    after_table = False
    for block in blocks:
        if isinstance(block, Grid):
            # Word joins two tables that touch
            body.append("<w:p/>" if after_table else "")
            body.append(_table(block, ticks))
        elif isinstance(block, PageBreak):
            body.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        elif isinstance(block, Para):
            body.append(_paragraphs(block.text, block.style, block.align, ticks))
        after_table = isinstance(block, Grid)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_W}" xmlns:w14="{_W14}" xmlns:mc="{_MC}" mc:Ignorable="w14">'
        f"<w:body>{''.join(body)}<w:p/>"
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" '
        'w:bottom="1440" w:left="1440" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
        "</w:body></w:document>"
    )


def to_docx(blocks: Iterable[Block], hand: str = "glyph") -> bytes:
    """The blocks as the bytes of a Word file; the same blocks give the same bytes."""
    parts = _PARTS | {"word/styles.xml": _STYLES, "word/document.xml": document_xml(blocks, hand)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return buffer.getvalue()
