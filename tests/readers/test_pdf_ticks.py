"""Boxes ticked by pictures, rings and lines; form fields and annotations that disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.colors import black

from extractor.readers.pdf.reader import read_pdf
from models.types import Document, Mark, Paragraph, Table
from tests.readers import pdf_build as b


def marks(document: Document) -> dict[str, Mark]:
    return {mark.label: mark for mark in document.marks()}


def texts(document: Document) -> list[str]:
    found: list[str] = []
    for block in document.blocks:
        cells = block.cells if isinstance(block, Table) else (block,)
        found += [cell.text for cell in cells if cell.text]
    return found


def doubtful(mark: Mark) -> bool:
    return mark.ticked is None or mark.confidence < 0.9


def picture(path: Path, ticked: bool, box: bool = True) -> str:
    """A picture of a tick box, or of the tick alone on a transparent ground."""
    image = Image.new("RGBA", (40, 40), (255, 255, 255, 255 if box else 0))
    pen = ImageDraw.Draw(image)
    if box:
        pen.rectangle((3, 3, 36, 36), outline="black", width=3)
    if ticked:
        pen.line((8, 20, 16, 32, 34, 6), fill="black", width=5)
    name = path / f"{ticked}{box}.png"
    image.save(name)
    return str(name)


# ------------------------------------------------------------------ pictures


def test_tick_scanned_over_a_printed_box(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(100, 100, "□是  □否", 14)
    tick = picture(tmp_path, True, box=False)
    sheet.canvas.drawImage(tick, 101, sheet.height - 101, 14, 14, mask="auto")
    found = marks(read_pdf(sheet.save()))
    assert (found["是"].ticked, found["是"].how) == (True, "picture")
    assert found["是"].confidence < 0.9
    assert (found["否"].ticked, found["否"].confidence >= 0.9) == (False, True)


@pytest.mark.parametrize("down", [False, True])
def test_boxes_that_are_pictures_are_looked_at(tmp_path: Path, down: bool) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for i, word in enumerate(("是", "否", "不适用")):
        x, y = (100, 100 + 20 * i) if down else (100 + 60 * i, 100)
        sheet.canvas.drawImage(picture(tmp_path, i == 0), x, sheet.height - y - 1, 11, 11)
        sheet.text(x + 13, y, word)
    found = marks(read_pdf(sheet.save()))
    assert {word: mark.ticked for word, mark in found.items()} == {
        "是": True, "否": False, "不适用": False,
    }  # fmt: skip
    assert all(mark.how == "picture" and mark.confidence > 0.9 for mark in found.values())


@pytest.mark.parametrize("crossed", [False, True])
def test_boxes_drawn_as_four_lines(tmp_path: Path, crossed: bool) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    for x, word in ((100, "是"), (140, "否"), (180, "不适用")):
        for a, c, e, f in ((0, 0, 8, 0), (8, 0, 8, 8), (8, 8, 0, 8), (0, 8, 0, 0)):
            sheet.line(x + a, 92 + c, x + e, 92 + f)
        sheet.text(x + 10, 100, word, 10)
    if crossed:
        sheet.line(141.5, 93.5, 146.5, 98.5)
        sheet.line(141.5, 98.5, 146.5, 93.5)
    found = marks(read_pdf(sheet.save()))
    assert {w: m.ticked for w, m in found.items()} == {"是": False, "否": crossed, "不适用": False}


def test_pictures_before_lines_are_bullets(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    bullet = picture(tmp_path, False)
    for i, line in enumerate(("强链补链", "数字化升级", "绿色低碳")):
        sheet.canvas.drawImage(bullet, 100, sheet.height - 101 - 24 * i, 10, 10)
        sheet.text(114, 100 + 24 * i, line)
    assert not list(read_pdf(sheet.save()).marks())


def test_inline_pictures(tmp_path: Path) -> None:
    def inline(x: float, bits: str) -> str:
        return (f"q 10 0 0 10 {x} 199 cm BI /W 8 /H 8 /BPC 8 /CS /G /F /AHx ID "
                f"{bits * 32}> EI Q ")  # fmt: skip

    content = (
        inline(50, "00ff") + b.shown("yes", 63, 200) + inline(100, "ffff") + b.shown("no", 113, 200)
    )
    found = marks(read_pdf(b.raw(tmp_path / "inline.pdf", content)))
    assert set(found) == {"yes", "no"} and all(map(doubtful, found.values()))


# ------------------------------------------------------------------ rings and lines


def _line_of_options(sheet: b.Sheet, boxed: bool) -> dict[str, tuple[float, float]]:
    """Draws 是 and 否 with or without boxes; where each word stands."""
    at = {}
    for x, word in ((100.0, "是"), (160.0, "否")):
        sheet.text(x, 100, ("□" if boxed else "") + word, 12)
        at[word] = (x + 12 * boxed, x + 12 * boxed + 12)
    return at


@pytest.mark.parametrize("boxed", [True, False])
@pytest.mark.parametrize("word", ["是", "否"])
@pytest.mark.parametrize("size", [3, 9])
def test_ring_round_an_option(tmp_path: Path, boxed: bool, word: str, size: float) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    x0, x1 = _line_of_options(sheet, boxed)[word]
    sheet.canvas.ellipse(x0 - size, sheet.height - 104, x1 + size, sheet.height - 86)
    found = marks(read_pdf(sheet.save()))
    assert word in found and found[word].ticked is None and doubtful(found[word])
    assert all(mark.ticked is False for label, mark in found.items() if label != word)


@pytest.mark.parametrize("y", [103, 96])
@pytest.mark.parametrize("boxed", [True, False])
def test_line_under_or_through_an_option(tmp_path: Path, y: float, boxed: bool) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    x0, x1 = _line_of_options(sheet, boxed)["否"]
    sheet.line(x0 - 1, y, x1 + 1, y)
    found = marks(read_pdf(sheet.save()))
    assert doubtful(found["否"])
    if boxed:
        assert not doubtful(found["是"])


def test_lines_of_a_form_raise_no_doubt(tmp_path: Path) -> None:
    """Cell edges, blanks to fill in, underlined headings, ringed numbers, text in round frames."""
    sheet = b.Sheet(tmp_path / "a.pdf")
    b.table(sheet, [60, 180, 260], [100, 116, 132],
            [(1, 1, 1, 1, "□是 □否"), (1, 2, 1, 1, "总产值"), (2, 1, 1, 1, "□其他："),
             (2, 2, 1, 1, "45.60")])  # fmt: skip
    sheet.text(60, 160, "□其他：        （请注明）")
    sheet.line(110, 162, 160, 162)
    sheet.text(60, 200, "一、集群概况")
    sheet.line(60, 202, 132, 202)
    sheet.text(60, 230, "3 强链补链")
    sheet.canvas.circle(63, sheet.height - 226, 7)
    sheet.canvas.roundRect(58, sheet.height - 274, 120, 18, 6)
    sheet.text(64, 270, "示例集群")
    document = read_pdf(sheet.save())
    assert [m.ticked for m in document.marks()] == [False] * 4
    assert not any(map(doubtful, document.marks()))


def test_typed_tick_that_is_struck_out(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(100, 100, "■是  □否", 14)
    sheet.line(113, 95, 130, 95)
    found = marks(read_pdf(sheet.save()))
    assert doubtful(found["是"]) and not doubtful(found["否"])


# ------------------------------------------------------------------ form fields


def _widget(states: str, value: str, shown: str, kind: str = "/FT /Btn", rect: str = "") -> str:
    appearance = " ".join(f"/{s} 7 0 R" for s in states.split())
    normal = f"/AP << /N << {appearance} >> >>" if states else ""
    return (f"<< /Type /Annot /Subtype /Widget /Rect [{rect or '50 198 62 210'}] {kind} {normal} "
            f"/T (a) {value} {shown} /F 4 >>")  # fmt: skip


@pytest.mark.parametrize(
    ("states", "value", "shown", "ticked", "sure"),
    [
        ("Yes Off", "/V /Yes", "/AS /Yes", True, True),
        ("Yes Off", "/V /Off", "/AS /Off", False, True),
        ("#E6#98#AF Off", "/V /#E6#98#AF", "/AS /#E6#98#AF", True, True),
        ("0 Off", "/V /0", "/AS /0", True, True),
        ("2", "/V /2", "/AS /2", True, True),
        ("Yes Off", "", "/AS /Off", False, True),
        ("Yes Off", "/V /Yes", "/AS /Off", False, False),
        ("Yes Off", "/V /Off", "/AS /Yes", True, False),
        ("Yes Off", "/V /On", "/AS /On", False, False),
        ("Yes Off", "/V /Yes", "", True, True),
        ("", "/V /Yes", "/AS /Yes", True, True),
    ],
)
def test_check_box_states(
    tmp_path: Path, states: str, value: str, shown: str, ticked: bool, sure: bool
) -> None:
    path = b.raw(
        tmp_path / "box.pdf", b.shown("agreed", 66, 200),
        (_widget(states, value, shown), b.stream("/Subtype /Form /BBox [0 0 1 1]", "")),
        page="/Annots [6 0 R]", catalog="/AcroForm << /Fields [6 0 R] >>",
    )  # fmt: skip
    (mark,) = read_pdf(path).marks()
    assert (mark.ticked, mark.label, mark.how) == (ticked, "agreed", "form-field")
    assert (mark.confidence >= 0.9) is sure


def test_radios_of_a_group_and_combo_and_text_fields(tmp_path: Path) -> None:
    radio = "<< /FT /Btn /Ff 32768 /T (r) /V /b /Kids [9 0 R 10 0 R] >>"
    extra = (
        radio, b.stream("/Subtype /Form /BBox [0 0 1 1]", ""), "<<>>",
        "<< /Type /Annot /Subtype /Widget /Parent 6 0 R /Rect [50 198 62 210] "
        "/AP << /N << /a 7 0 R /Off 7 0 R >> >> /AS /Off /F 4 >>",
        "<< /Type /Annot /Subtype /Widget /Parent 6 0 R /Rect [120 198 132 210] "
        "/AP << /N << /b 7 0 R /Off 7 0 R >> >> /AS /b /F 4 >>",
        "<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /Rect [100 148 200 164] /T (c) "
        "/Opt [[(1) (national)] [(2) (provincial)]] /V (2) /F 4 >>",
        "<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [100 98 200 114] /T (t) /V (45.60) /F 4 "
        "/AP << /N 13 0 R >> >>",
        b.stream("/Subtype /Form /BBox [0 0 100 16] /Resources << /Font << /F1 5 0 R >> >>",
                 "/Tx BMC BT /F1 12 Tf 2 4 Td (45.60) Tj ET EMC"),
        "<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [100 58 200 74] /T (u) "
        "/V <FEFF5C714E1C> /F 4 >>",
    )  # fmt: skip
    content = "\n".join([
        b.shown("first", 66, 200), b.shown("second", 136, 200), b.shown("level:", 50, 152),
        b.shown("total:", 50, 102), b.shown("place:", 50, 62),
    ])  # fmt: skip
    path = b.raw(
        tmp_path / "fields.pdf", content, extra,
        page="/Annots [9 0 R 10 0 R 11 0 R 12 0 R 14 0 R]",
        catalog="/AcroForm << /Fields [6 0 R 11 0 R 12 0 R 14 0 R] >>",
    )  # fmt: skip
    document = read_pdf(path)
    assert [(m.label, m.ticked) for m in document.marks()] == [("first", False), ("second", True)]
    assert not any(map(doubtful, document.marks()))
    lines = [t.replace(" ", "") for t in texts(document)]
    assert lines[1:] == ["level:provincial", "total:45.60", "place:山东"]


# ------------------------------------------------------------------ annotations


def _annotated(tmp_path: Path, annotations: list[str], draw: Any = None) -> Document:
    """A form with options and a cell, and these annotations (y from the bottom, 300 high)."""
    sheet = b.Sheet(tmp_path / "plain.pdf", (400, 300))
    sheet.text(50, 50, "□是  □否", 14)
    b.table(sheet, [50, 150, 300], [100, 120, 140],
            [(1, 1, 1, 1, "总产值"), (1, 2, 1, 1, "99.99"), (2, 1, 1, 1, "数量"),
             (2, 2, 1, 1, "")])  # fmt: skip
    path = sheet.save()
    data = path.read_bytes()
    # an incremental update: the page again, with annotations
    import re

    page = re.search(rb"(\d+) 0 obj\s*<<(?:(?!endobj).)*?/Type /Page\b(?!s).*?endobj", data, re.S)
    root = re.search(rb"/Root (\d+ 0 R)", data)
    start = re.findall(rb"startxref\s+(\d+)", data)
    assert page and root and start
    added = b"/Annots [" + "\n".join(annotations).encode("utf-8") + b"] /Type /Page"
    body = page.group().replace(b"/Type /Page", added, 1)
    at = len(data) + 1
    table = b"xref\n%d 1\n%010d 00000 n \n" % (int(page.group(1)), at)
    data += b"\n" + body + b"\n"
    end = len(data)
    data += table + b"trailer << /Size 99 /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF" % (
        root.group(1), start[-1], end,
    )  # fmt: skip
    path.write_bytes(data)
    return read_pdf(path)


def test_figures_typed_over_the_form(tmp_path: Path) -> None:
    """Into a blank cell; over a printed figure with a white ground, which hides it."""
    document = _annotated(tmp_path, [
        "<< /Type /Annot /Subtype /FreeText /Rect [160 163 220 177] /Contents (86)"
        " /DA (/Helv 10 Tf) >>",
        "<< /Type /Annot /Subtype /FreeText /Rect [152 182 220 198] /C [1 1 1]"
        " /RC (<body><p>45.60</p></body>) /DA (/Helv 10 Tf) >>",
    ])  # fmt: skip
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [c.text for c in table.cells] == ["总产值", "45.60", "数量", "86"]


def test_white_patch_as_an_annotation_hides(tmp_path: Path) -> None:
    square = "<< /Type /Annot /Subtype /Square /Rect [152 182 290 198] /IC [1 1 1] >>"
    assert texts(_annotated(tmp_path, [square])) == ["☐是  ☐否", "总产值", "数量"]


@pytest.mark.parametrize("kind", ["Highlight", "StrikeOut", "Underline", "Squiggly"])
def test_words_marked_by_annotations(tmp_path: Path, kind: str) -> None:
    quads = "64 260 78 260 64 246 78 246"
    found = marks(_annotated(tmp_path, [
        f"<< /Type /Annot /Subtype /{kind} /Rect [64 246 78 260] /QuadPoints [{quads}] >>"
    ]))  # fmt: skip
    assert doubtful(found["是"]) and not doubtful(found["否"])


@pytest.mark.parametrize("kind", ["Circle", "Ink"])
def test_ring_drawn_as_an_annotation(tmp_path: Path, kind: str) -> None:
    ink = "/InkList [[60 250 70 262 84 250 70 242 60 250]]" if kind == "Ink" else ""
    found = marks(_annotated(tmp_path, [
        f"<< /Type /Annot /Subtype /{kind} /Rect [60 242 84 262] {ink} >>"
    ]))  # fmt: skip
    assert doubtful(found["是"]) and not doubtful(found["否"])


def test_hidden_annotations_are_not_read(tmp_path: Path) -> None:
    document = _annotated(tmp_path, [
        "<< /Type /Annot /Subtype /FreeText /Rect [160 163 220 177] /Contents (86) /F 2 >>",
        "<< /Type /Annot /Subtype /Text /Rect [160 163 180 177] /Contents (77) >>",
        "<< /Subtype 3 >>", "null", "<< /Type /Annot /Subtype /Ink /Rect (x) >>",
    ])  # fmt: skip
    assert texts(document) == ["☐是  ☐否", "总产值", "99.99", "数量"]


def test_drawn_tick_over_a_typed_box_asks_for_a_look(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(100, 100, "□是  □否", 14)
    path = sheet.canvas.beginPath()
    path.moveTo(102, sheet.height - 95)
    path.lineTo(106, sheet.height - 100)
    path.lineTo(114, sheet.height - 88)
    sheet.canvas.setStrokeColor(black)
    sheet.canvas.drawPath(path)
    document = read_pdf(sheet.save())
    found = marks(document)
    assert (found["是"].ticked, found["是"].how, doubtful(found["是"])) == (True, "drawing", True)
    assert [p.text for p in document.blocks if isinstance(p, Paragraph)] == ["☑是  ☐否"]


@pytest.mark.parametrize("kind", ["Stamp", "Ink"])
def test_stamp_and_signature_over_words_make_no_box(tmp_path: Path, kind: str) -> None:
    ink = "/InkList [[52 184 60 196 70 186 82 197 90 184]]" if kind == "Ink" else ""
    document = _annotated(tmp_path, [
        f"<< /Type /Annot /Subtype /{kind} /Rect [50 182 92 199] {ink} >>"
    ])  # fmt: skip
    assert texts(document) == ["☐是  ☐否", "总产值", "99.99", "数量"]
