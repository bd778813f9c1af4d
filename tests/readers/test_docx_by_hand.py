"""Boxes that are no letters, and answers given without a box: never missing, never sure."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from extractor.readers.docx.reader import read_docx
from models.types import BOXES, Document, Paragraph
from tests.readers.build import (
    box,
    docx,
    drawing,
    field,
    p,
    part,
    r,
    sdt,
    tbl,
    tc,
    text_box,
    tr,
    vml,
)

AX = 'xmlns:ax="http://schemas.microsoft.com/office/2006/activeX"'
PICTURE = drawing(11, 11, over=False)
SHAPE = drawing(11, 11, over=False, picture=False)
VML_PICTURE = vml("width:10.5pt;height:10.5pt", '<v:imagedata r:id="rId9"/>')
DRAWN_TICK = drawing(14, 12, over=True, picture=False)
DRAWN_LINE = vml("position:absolute", kind='line from="1pt,2pt" to="12pt,9pt"').replace(
    '</v:line from="1pt,2pt" to="12pt,9pt">', "</v:line>"
)
TICK_BOX = drawing(40, 30, over=True, words="√")
OLD_TICK_BOX = vml(
    "position:absolute;width:30pt;height:25pt",
    f"<v:textbox><w:txbxContent>{p('√')}</w:txbxContent></v:textbox>",
)


@pytest.fixture
def read(tmp_path: Path):
    def reading(*blocks: str, **more) -> Document:
        document = read_docx(docx(tmp_path / "申报表.docx", *blocks, **more))
        for block in document.blocks:
            for holder in [block] if isinstance(block, Paragraph) else block.cells:
                assert sum(c in BOXES for c in holder.text) == len(holder.marks)
        return document

    return reading


def ticks(document: Document) -> list[tuple[str, bool | None]]:
    return [(m.label, m.ticked) for m in document.marks()]


def sure(document: Document) -> float:
    return max((m.confidence for m in document.marks()), default=0.0)


def text(document: Document) -> str:
    return "\n".join(
        b.text if isinstance(b, Paragraph) else "|".join(c.text for c in b.cells)
        for b in document.blocks
    )


# ------------------------------------------------------------------ pictures and drawings


@pytest.mark.parametrize("picture", [PICTURE, SHAPE, VML_PICTURE])
@pytest.mark.parametrize("in_cell", [True, False])
def test_a_picture_of_a_box(read, picture, in_cell) -> None:
    line = p(picture, "是 ", picture, "否")
    found = read(tbl(tr("是否小微企业", tc(line)))) if in_cell else read(line)
    assert ticks(found) == [("是", None), ("否", None)] and sure(found) < 0.9
    assert {m.how for m in found.marks()} == {"picture"}


def test_a_picture_of_a_box_is_looked_at(read) -> None:
    """One with something in it, an empty one, and one that nobody can tell."""
    parts = {}
    for key, inside in (("rId8", True), ("rId9", False)):
        image, data = Image.new("L", (30, 30), 255), BytesIO()
        ImageDraw.Draw(image).rectangle((2, 2, 27, 27), outline=0, width=2)
        if inside:
            ImageDraw.Draw(image).line([(7, 15), (13, 22), (23, 7)], fill=0, width=3)
        image.save(data, "PNG")
        parts[key] = ("image", data.getvalue())
    parts["rId7"] = ("image", b"no picture at all")
    full, unknown = (PICTURE.replace("rId9", key) for key in ("rId8", "rId7"))
    found = read(p(full, "甲 ", PICTURE, "乙 ", VML_PICTURE, "丙 ", unknown, "丁"), related=parts)
    assert ticks(found) == [("甲", True), ("乙", False), ("丙", False), ("丁", None)]
    assert [m.confidence > 0.9 for m in found.marks()] == [True, True, True, False]


def placed(run: str, across: str, x: float, y: float) -> str:
    """A drawing laid over the line, moved by so many points from what it is anchored to."""
    spots = "".join(
        f'<wp:position{axis} relativeFrom="{by}"><wp:posOffset>{int(12700 * far)}</wp:posOffset>'
        f"</wp:position{axis}>"
        for axis, by, far in (("H", across, x), ("V", "line", y))
    )
    return run.replace("<wp:anchor>", f"<wp:anchor>{spots}")


TYPED_TICK = drawing(18, 20, over=True, words="√")
CHAR = "position:absolute;width:18pt;height:20pt;mso-position-horizontal-relative:char;"
OLD_TICK = vml(
    CHAR + "mso-position-vertical-relative:line;margin-left:-2pt;margin-top:-4pt",
    f"<v:textbox><w:txbxContent>{p('√')}</w:txbxContent></v:textbox>",
)


@pytest.mark.parametrize(
    ("tick", "told"),
    [
        (placed(DRAWN_TICK, "character", 0, 0), True),
        (placed(TYPED_TICK, "character", 1, -2), True),
        (OLD_TICK, True),
        (placed(DRAWN_TICK, "column", 40, 0), False),
        (placed(DRAWN_TICK, "character", 40, 0), False),
    ],
)
def test_a_tick_placed_on_the_letter_it_is_anchored_at(read, tick, told) -> None:
    found = read(tbl(tr("行业", tc(p("□第一产业 ", tick, "□第二产业 □第三产业")))))
    if told:
        assert ticks(found) == [("第一产业", False), ("第二产业", True), ("第三产业", False)]
        assert min(m.confidence for m in found.marks()) >= 0.9
    else:
        assert [m.ticked for m in found.marks()] == [None] * 3


@pytest.mark.parametrize(
    "run",
    [
        drawing(300, 200, over=False),  # a photograph
        drawing(60, 12, over=False),  # a signature
        drawing(150, 150, over=True),  # a seal
        drawing(70, 28, over=True),  # a signature laid over
        drawing(200, 60, over=True, words="（盖章）"),
        vml("position:absolute;width:400pt;height:200pt"),  # a watermark
        r(inner='<w:object><v:shape style="width:10pt;height:10pt"/><o:OLEObject xmlns:o='
                '"urn:schemas-microsoft-com:office:office"/></w:object>'),
    ],
)  # fmt: skip
def test_what_is_no_box_and_no_tick(read, run) -> None:
    found = read(tbl(tr("营业收入", tc(p("38.20", run))), tr("选项", "☑是 □否")))
    assert ticks(found) == [("是", True), ("否", False)]
    assert min(m.confidence for m in found.marks()) >= 0.9 and "|38.20" in text(found)


@pytest.mark.parametrize("tick", [DRAWN_TICK, DRAWN_LINE, TICK_BOX, OLD_TICK_BOX])
@pytest.mark.parametrize("where", ["line", "cell", "row", "table", "paragraph", "beside"])
def test_something_drawn_over_empty_boxes(read, tick, where) -> None:
    options = p("□是 □否", tick if where in ("line", "paragraph") else "")
    if where == "line":
        found = read(tbl(tr("是否", tc(options)), tr("甲", "☑是 □否")))
    elif where == "cell":
        found = read(tbl(tr("是否", tc(p(tick), options)), tr("甲", "☑是 □否")))
    elif where == "row":
        found = read(tbl(tr(tc(p("是否", tick)), tc(options)), tr("甲", "☑是 □否")))
    elif where == "table":
        found = read(tbl(tr(tc(p("填表", tick)), "说明"), tr("是否", tc(options))))
    elif where == "paragraph":
        found = read(options)
    else:
        found = read(p(tick), tbl(tr("是否", tc(options))))
    drawn = [m for m in found.marks() if m.label in ("是", "否")]
    doubtful, sure = drawn[:2], drawn[2:]
    assert [(m.label, m.ticked) for m in doubtful] == [("是", None), ("否", None)]
    assert {m.how for m in doubtful} == {"drawing"}
    assert all(m.confidence < 0.9 for m in doubtful) and all(m.confidence >= 0.9 for m in sure)


def test_a_drawn_tick_does_not_untick_a_box(read) -> None:
    found = read(tbl(tr("是否", tc(p("☑是 □否", DRAWN_TICK)))))
    assert ticks(found) == [("是", True), ("否", None)] and sure(found) < 0.9


def test_a_tick_in_a_text_box_where_no_box_is(read) -> None:
    found = read(tbl(tr("甲级", tc(p(TICK_BOX))), tr("乙级", "")))
    assert [(m.ticked, m.how) for m in found.marks()] == [(True, "drawing")] and sure(found) < 0.9


def test_a_logo_in_the_header_casts_no_doubt(read) -> None:
    found = read(p("□是 ☑否"), header=part("hdr", p(drawing(30, 30, over=True))))
    assert min(m.confidence for m in found.marks()) >= 0.9


# ------------------------------------------------------------------ ActiveX


def active(properties: str, kind: str = "8BD21D40-EC42-11CE-9E0D-00AA006002F3") -> str:
    return f'<ax:ocx {AX} ax:classid="{{{kind}}}">{properties}</ax:ocx>'


def ax(name: str, value: str) -> str:
    return f'<ax:ocxPr ax:name="{name}" ax:value="{value}"/>'


CONTROL = r(inner='<w:object><w:control r:id="ax1" w:name="CheckBox1"/></w:object>')


@pytest.mark.parametrize(
    ("part_xml", "ticked"),
    [
        (active(ax("Value", "1")), True),
        (active(ax("Value", "0")), False),
        (active(""), None),  # the binary form
        (active(ax("Value", "1"), "8BD21D50-EC42-11CE-9E0D-00AA006002F3"), True),
        ("<broken", None),
    ],
)
def test_an_activex_check_box(read, part_xml, ticked) -> None:
    found = read(tbl(tr("甲", tc(p(CONTROL, "是")))), related={"ax1": ("control", part_xml)})
    assert ticks(found) == [("是", ticked)] and (ticked is None) == (sure(found) < 0.9)


def test_an_activex_caption_is_the_label_and_other_controls_are_no_boxes(read) -> None:
    named = active(ax("Value", "1") + ax("Caption", "国家级"))
    assert ticks(read(p(CONTROL), related={"ax1": ("control", named)})) == [("国家级", True)]
    box = active("", "8BD21D10-EC42-11CE-9E0D-00AA006002F3")
    assert ticks(read(p(CONTROL, "备注"), related={"ax1": ("control", box)})) == []


# ------------------------------------------------------------------ answers without a box

SET_OFF = {
    "bold": "<w:b/>",
    "underlined": '<w:u w:val="single"/>',
    "shaded": '<w:shd w:val="clear" w:fill="D9D9D9"/>',
    "highlighted": '<w:highlight w:val="yellow"/>',
    "dotted": '<w:em w:val="dot"/>',
    "framed": "<w:bdr/>",
}


@pytest.mark.parametrize("look", SET_OFF.values(), ids=SET_OFF)
def test_an_answer_set_off_without_a_box(read, look) -> None:
    found = read(tbl(tr("是否新型产业", tc(p("是 / ", r("否", look))))))
    assert ticks(found) == [("是", False), ("否", True)]
    assert {m.how for m in found.marks()} == {"annotation"} and sure(found) <= 0.6
    assert "☐是 / ☑否" in text(found)


def test_an_answer_in_a_circle(read) -> None:
    found = read(tbl(tr("甲", tc(p(field("eq \\o\\ac(○,是)", ""), "　否　不适用")))))
    assert ticks(found) == [("是", True), ("否", False), ("不适用", False)] and sure(found) <= 0.6


def test_a_drawn_ring_round_one_of_two(read) -> None:
    found = read(tbl(tr("甲", tc(p("是　否", drawing(20, 18, over=True, picture=False))))))
    assert ticks(found) == [("是", None), ("否", None)]


STRIKE = "<w:strike/>"


def deleted(words: str) -> str:
    return f'<w:del w:id="1" w:author="a"><w:r><w:delText>{words}</w:delText></w:r></w:del>'


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (p("是 ", r("否", STRIKE)), [("是", True), ("否", False)]),
        (p(r("是", STRIKE), r("否")), [("是", False), ("否", True)]),
        (p("是") + p(r("否", STRIKE)), [("是", True), ("否", False)]),
        (p("国家级/", r("省级", STRIKE)), [("国家级", True), ("省级", False)]),
        (p("有", r("无", STRIKE)), [("有", True), ("无", False)]),
        (
            p(r("是 / 否 / ", STRIKE), "非工业集群，不适用"),
            [("是", False), ("否", False), ("非工业集群，不适用", True)],
        ),
        (p(r("是", STRIKE), " 否（如涉及，需提供材料）"), [("是", False), ("否", True)]),
        (p(deleted("是"), " / 否"), [("是", False), ("否", True)]),
        (
            p("是 / ", deleted("否 / 非工业"), deleted("集群，不适用")),
            [("是", True), ("否", False), ("非工业集群，不适用", False)],
        ),
        (p(deleted("否"), "是"), [("否", False), ("是", True)]),
    ],
)
def test_the_only_alternative_that_is_kept(read, cell, told) -> None:
    found = read(tbl(tr("甲", f"<w:tc><w:tcPr/>{cell}</w:tc>")))
    assert [(m.label.split("（")[0], m.ticked) for m in found.marks()] == told
    assert all(m.confidence >= 0.9 for m in found.marks())


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (p(r("是/", STRIKE), "否/不适用"), [("是", False), ("否", None), ("不适用", None)]),
        (p(r("是", "<w:b/>"), "否"), [("是", True), ("否", False)]),
        (p(r("是", "<w:b/>"), " ", r("否", SET_OFF["underlined"])), [("是", None), ("否", None)]),
        (p("（", r("是", "<w:b/>"), "/否）"), [("是", True), ("否）", False)]),
        (p("□是 ", r("☑否", STRIKE)), [("是", False)]),
        (p("□国家级 ", r("□省级", STRIKE)), [("国家级", False)]),
        (
            p(sdt(r("☐"), box("0")), "是", sdt(r("☒", STRIKE), box("1")), r("否", STRIKE)),
            [("是", False)],
        ),
        (p("是否达标：", r("是", "<w:b/>"), " 否"), [("是", True), ("否", False)]),
    ],
)
def test_one_of_a_few_alternatives(read, cell, told) -> None:
    found = read(tbl(tr("甲", f"<w:tc><w:tcPr/>{cell}</w:tc>")))
    assert ticks(found) == told and sure(found) <= 0.6


@pytest.mark.parametrize(
    "cell",
    [
        p(r("是否", "<w:b/>")),  # a label
        p(r("是 否", "<w:b/>")),  # all of it
        p("是 否"),
        p(r("主导产业", "<w:b/>"), " 营业收入"),
        p(r("数量", "<w:b/>"), "/金额"),
        p("集群是否", r("已经", "<w:b/>"), "完成，如果不是，说明原因。"),
        p(r("38.20", "<w:u/>"), " 45.60"),
        p(r("单位：", "<w:b/>"), "万元"),
        p("是", r("　　", SET_OFF["underlined"]), "否"),
        p(r("2", "<w:b/>"), "/3"),
    ],
)
def test_emphasis_that_is_no_answer(read, cell) -> None:
    assert ticks(read(tbl(tr("甲", f"<w:tc><w:tcPr/>{cell}</w:tc>")))) == []


def test_a_text_box_with_words_keeps_them(read) -> None:
    assert text(read(p("甲"), p(text_box(p("□是 ☑否"))))) == "甲\n☐是 ☑否"
