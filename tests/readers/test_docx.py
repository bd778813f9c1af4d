"""Word files, one test for each awkward thing that real ones hold."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from extractor.readers.docx.reader import read_docx
from extractor.readers.ooxml import counting, number
from models.types import BOXES, Document, Paragraph, Table
from tests.readers.build import (
    NAMESPACES,
    box,
    char,
    docx,
    drawing,
    field,
    level,
    numbered,
    numbering,
    p,
    part,
    r,
    sdt,
    styles,
    tbl,
    tc,
    text_box,
    tr,
)

AWKWARD = Path(__file__).parents[3] / "shared" / "awkward"
RESTART, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


@pytest.fixture
def read(tmp_path: Path):
    """Writes blocks (or a whole document) as a Word file and reads it."""

    def reading(*blocks: str, **more: str) -> Document:
        document = read_docx(docx(tmp_path / "申报表.docx", *blocks, **more))
        for block in document.blocks:
            for holder in [block] if isinstance(block, Paragraph) else block.cells:
                assert sum(c in BOXES for c in holder.text) == len(holder.marks)
        return document

    return reading


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def table(document: Document, at: int = 0) -> Table:
    return [b for b in document.blocks if isinstance(b, Table)][at]


def grid(found: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in found.cells]


def ticks(document: Document) -> list[tuple[str, bool | None, str]]:
    return [(m.label, m.ticked, m.how) for m in document.marks()]


def rules(document: Document) -> list[str]:
    return [problem.rule for problem in document.problems]


# ------------------------------------------------------------------ order and places


def test_blocks_come_in_reading_order_with_places_counted_from_one(read) -> None:
    found = read(p("甲"), p(""), tbl(tr("a", "b")), p("乙"), tbl(tr("c")))
    assert [(b.place, getattr(b, "text", "")) for b in found.blocks] == [
        ("段落1", "甲"), ("表1", ""), ("段落2", "乙"), ("表2", ""),
    ]  # fmt: skip
    assert [c.place for c in table(found).cells] == ["表1 行1 列1", "表1 行1 列2"]
    assert found.kind == "docx" and found.readable and len(found.sha256) == 64


def test_paragraphs_of_a_cell_stand_on_lines_of_their_own(read) -> None:
    assert (
        table(read(tbl(tr(tc(p("集"), p("群"), p(""), p("名称")))))).cells[0].text == "集\n群\n名称"
    )


def test_inner_spacing_stays_and_outer_goes(read) -> None:
    assert texts(read(p("　 集群　名称  （个） "))) == ["集群　名称  （个）"]


# ------------------------------------------------------------------ grids


def test_merged_cells_come_once_with_their_spans(read) -> None:
    found = table(
        read(
            tbl(
                tr(tc("标题", properties=span(3))),
                tr(tc("甲", properties=RESTART), "1", "2"),
                tr(tc("", properties=GOES_ON), "3", "4"),
                grid=3,
            )
        )
    )
    assert (found.rows, found.columns) == (3, 3)
    assert grid(found) == [
        (1, 1, 1, 3, "标题"), (2, 1, 2, 1, "甲"), (2, 2, 1, 1, "1"), (2, 3, 1, 1, "2"),
        (3, 2, 1, 1, "3"), (3, 3, 1, 1, "4"),
    ]  # fmt: skip


def test_a_merge_that_goes_on_from_nothing_begins_there(read) -> None:
    found = table(
        read(tbl(tr(tc("甲", properties=GOES_ON), "1"), tr(tc("", properties=GOES_ON), "2")))
    )
    assert grid(found) == [(1, 1, 2, 1, "甲"), (1, 2, 1, 1, "1"), (2, 2, 1, 1, "2")]


def test_a_merge_below_an_unmerged_cell_is_a_cell_as_in_word(read) -> None:
    found = table(read(tbl(tr("38.20", "a"), tr(tc("", properties=GOES_ON), "b"))))
    assert (1, 1, 1, 1, "38.20") in grid(found) and (2, 1, 1, 1, "") in grid(found)


def test_text_in_a_covered_cell_is_hidden_text(read) -> None:
    found = read(
        tbl(tr(tc("甲", properties=RESTART), "1"), tr(tc("38.2", properties=GOES_ON), "2"))
    )
    assert "38.2" not in "".join(c.text for c in table(found).cells)
    assert rules(found) == ["file.hidden-text"] and "38.2" in found.problems[0].message.zh


def test_the_old_horizontal_merge(read) -> None:
    one, on = '<w:hMerge w:val="restart"/>', '<w:hMerge w:val="continue"/>'
    found = table(
        read(tbl(tr(tc("甲", properties=one), tc("", properties=on), "乙"), tr("1", "2", "3")))
    )
    assert grid(found)[:2] == [(1, 1, 1, 2, "甲"), (1, 3, 1, 1, "乙")]


def test_columns_left_out_before_and_after_a_row(read) -> None:
    found = table(
        read(
            tbl(
                tr("a", "b", "c"),
                tr("d", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
            )
        )
    )
    assert grid(found)[-1] == (2, 2, 1, 1, "d") and found.columns == 3


def test_a_grid_that_lies_does_not_count(read) -> None:
    found = table(read(tbl(tr("a", "b"), tr("c", "d"), grid=7)))
    assert (found.rows, found.columns) == (2, 2)


def test_grid_columns_no_cell_ends_at_are_none(read) -> None:
    wide = [tc(t, properties=span(4)) for t in "abcd"]
    assert grid(table(read(tbl(tr(*wide[:2]), tr(*wide[2:]), grid=8))))[3] == (2, 2, 1, 1, "d")


def test_columns_by_width_where_spans_are_missing(read) -> None:
    found = table(
        read(
            tbl(
                tr(tc("标题", width=6000)),
                tr(tc("甲", width=2000), tc("乙", width=4000)),
                tr(tc("1", width=2010), tc("2", width=1990), tc("3", width=2000)),
            )
        )
    )
    assert found.columns == 3
    assert grid(found) == [
        (1, 1, 1, 3, "标题"), (2, 1, 1, 1, "甲"), (2, 2, 1, 2, "乙"),
        (3, 1, 1, 1, "1"), (3, 2, 1, 1, "2"), (3, 3, 1, 1, "3"),
    ]  # fmt: skip


def test_rows_of_different_length_without_widths(read) -> None:
    found = table(read(tbl(tr("a", "b", "c"), tr("d"))))
    assert (found.rows, found.columns) == (2, 3) and grid(found)[-1] == (2, 1, 1, 1, "d")


def test_a_nested_table_is_a_block_and_part_of_the_cells_text(read) -> None:
    inner = tbl(tr("☑是", "□否"), tr(tc(p("内"), tbl(tr("最里")), p("")), "x"))
    found = read(tbl(tr("甲", tc(p("前"), inner, p("后")))), tbl(tr("乙")))
    places = [(b.place, b.nested) for b in found.blocks if isinstance(b, Table)]
    assert places == [("表1", False), ("表1.1", True), ("表1.1.1", True), ("表2", False)]
    assert table(found).cells[1].text == "前\n☑是\t☐否\n内\n最里\tx\n后"
    assert [c.text for c in table(found, 1).cells] == ["☑是", "☐否", "内\n最里", "x"]
    assert len(list(found.marks())) == 2


# ------------------------------------------------------------------ content controls


@pytest.mark.parametrize(
    ("value", "sign", "ticked", "sure"),
    [
        ("1", "☒", True, True), ("true", "☒", True, True), ("on", "☑", True, True),
        ("0", "☐", False, True), ("false", "☐", False, True), (None, "☐", False, True),
        ("1", "☐", False, False), ("0", "☒", True, False), ("1", "", True, True),
    ],
)  # fmt: skip
def test_the_sign_of_a_check_box_control_is_what_is_seen(read, value, sign, ticked, sure) -> None:
    found = read(p(sdt(r(sign), box(value)), "是"))
    (mark,) = found.marks()
    assert (mark.ticked, mark.how, mark.label) == (ticked, "content-control", "是")
    assert (mark.confidence >= 0.9) == sure
    assert texts(found) == ["☑是" if ticked else "☐是"]


@pytest.mark.parametrize("around", ["run", "paragraph", "cell", "row", "table"])
def test_check_box_controls_around_anything(read, around) -> None:
    inner = r("☒")
    for name, wrap in (("run", str), ("paragraph", p), ("cell", tc), ("row", tr), ("table", tbl)):
        inner = wrap(inner) if name != "run" else inner
        if name == around:
            inner = sdt(inner, box("1"))
        if name == "paragraph" and around in ("run", "paragraph"):
            break
    assert ticks(read(inner)) == [("", True, "content-control")]


def test_a_symbol_in_a_wingdings_control(read) -> None:
    sym = '<w:sym w:font="Wingdings" w:char="F0FE"/>'
    state = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    (mark,) = read(p(sdt(r(inner=sym), state), "是")).marks()
    assert mark.ticked and mark.confidence >= 0.9


@pytest.mark.parametrize("around", ["run", "paragraph", "cell"])
def test_a_prompt_is_blank(read, around) -> None:
    prompt, style = "单击或点击此处输入文字。", "<w:showingPlcHdr/>"
    cell = {
        "run": tc(p(sdt(r(prompt), style))),
        "paragraph": tc(sdt(p(prompt), style)),
        "cell": sdt(tc(prompt), style),
    }[around]
    assert [c.text for c in table(read(tbl(tr("名称", cell)))).cells] == ["名称", ""]


def test_text_entered_under_a_flag_left_on_stays(read) -> None:
    assert texts(read(p(sdt(r("456.70"), "<w:showingPlcHdr/>")))) == ["456.70"]


def test_what_a_drop_down_shows(read) -> None:
    assert texts(read(p(sdt(r("第二产业"), "<w:dropDownList/>")))) == ["第二产业"]


# ------------------------------------------------------------------ fields

YES = '<w:ffData><w:checkBox><w:default w:val="0"/>{}</w:checkBox></w:ffData>'


@pytest.mark.parametrize(
    ("state", "ticked"),
    [
        ("<w:checked/>", True), ('<w:checked w:val="1"/>', True), ('<w:checked w:val="on"/>', True),
        ('<w:checked w:val="true"/>', True), ('<w:checked w:val="0"/>', False),
        ('<w:checked w:val="off"/>', False), ("", False),
    ],
)  # fmt: skip
def test_legacy_form_check_boxes(read, state, ticked) -> None:
    found = read(p(field(" FORMCHECKBOX ", data=YES.format(state)), "是"))
    assert ticks(found) == [("是", ticked, "form-field")]


def test_a_legacy_box_follows_its_default(read) -> None:
    data = '<w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData>'
    assert ticks(read(p(field("FORMCHECKBOX", "", data), "是"))) == [("是", True, "form-field")]


@pytest.mark.parametrize(
    ("code", "ticked"),
    [
        (r"EQ \o\ac(□,√)", True), (r"eq \o(□;√)", True), (r"EQ \o\ac(□, )", False),
        (r"EQ \x(√)", True), (r"EQ \o\al(○,√)", True),
    ],
)  # fmt: skip
def test_a_tick_printed_over_a_box(read, code, ticked) -> None:
    assert ticks(read(p(field(code), "是"))) == [("是", ticked, "field-code")]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (field(" PAGE ", "3"), "3"),
        (field(" FORMTEXT ", "45.60"), "45.60"),
        (field(" FORMTEXT ", "\u2002\u2002\u2002"), ""),
        (field(' SYMBOL 254 \\f "Wingdings" \\s 12 '), "☑"),
        (field(r" EQ \o\ac(○,3) "), "3"),
        (field(r" EQ \f(1,2) "), "1/2"),
        (field(" MACROBUTTON NoMacro 请填写 "), "请填写"),
        (field(" REF a ", "外" ) + "", "外"),
        (char("begin") + r(inner="<w:instrText>IF </w:instrText>") + field("PAGE", "9")
         + char("separate") + r("结果") + char("end"), "结果"),
        ('<w:fldSimple w:instr=" DATE ">' + r("2024年5月") + "</w:fldSimple>", "2024年5月"),
        (field("FORMDROPDOWN", data='<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry '
         'w:val="甲"/><w:listEntry w:val="乙"/></w:ddList></w:ffData>'), "乙"),
    ],
)  # fmt: skip
def test_fields_print_their_result_never_their_code(read, xml, text) -> None:
    assert "".join(texts(read(p(xml)))) == text


def test_a_field_without_an_end_swallows_nothing(read) -> None:
    broken = p("甲", char("begin"), r(inner="<w:instrText>PAGE</w:instrText>"))
    assert texts(read(broken, p("乙"))) == ["甲", "乙"]


# ------------------------------------------------------------------ changes, the hidden, comments


def ins(*runs: str) -> str:
    return f'<w:ins w:id="1" w:author="a">{"".join(runs)}</w:ins>'


def gone(text: str) -> str:
    return f'<w:del w:id="2" w:author="a"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def test_tracked_changes_read_as_accepted_and_told_with_their_place(read) -> None:
    found = read(p("产值"), tbl(tr("总产值", tc(p(gone("38.20"), ins(r("45.60")), "亿元")))))
    assert table(found).cells[1].text == "45.60亿元"
    (problem,) = found.problems
    assert (problem.rule, problem.place) == ("file.tracked-changes", "表1 行1 列2")
    assert "“38.20”→“45.60”" in problem.message.zh


def test_a_deleted_row_is_left_out_and_told(read) -> None:
    found = read(tbl(tr("1"), tr("2", properties='<w:del w:id="1"/>'), tr("3")))
    assert grid(table(found)) == [(1, 1, 1, 1, "1"), (2, 1, 1, 1, "3")]
    assert rules(found) == ["file.tracked-changes"] and "2" in found.problems[0].message.zh


def test_a_deleted_paragraph_mark_joins_two_paragraphs(read) -> None:
    first = p("45", properties='<w:rPr><w:del w:id="1"/></w:rPr>')
    assert texts(read(first, p(".60"), p("次段"))) == ["45.60", "次段"]


def test_moved_text_stands_where_it_was_moved_to(read) -> None:
    moved = f'<w:moveFrom w:id="1">{r("甲")}</w:moveFrom>'
    found = read(p(moved, "乙"), p(f'<w:moveTo w:id="2">{r("甲")}</w:moveTo>'))
    assert texts(found) == ["乙", "甲"]


@pytest.mark.parametrize("how", ["run", "character style", "paragraph style", "row"])
def test_hidden_text_is_left_out_and_told(read, how) -> None:
    looks = styles(
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>',
        '<w:style w:type="paragraph" w:styleId="b"><w:rPr><w:vanish/></w:rPr></w:style>',
        '<w:style w:type="paragraph" w:styleId="hp"><w:basedOn w:val="b"/></w:style>',
    )
    block = {
        "run": p("甲", r("99.9", "<w:vanish/>")),
        "character style": p("甲", r("99.9", '<w:rStyle w:val="h"/>')),
        "paragraph style": p("甲") + p("99.9", properties='<w:pStyle w:val="hp"/>'),
        "row": tbl(tr("甲"), tr("99.9", properties="<w:hidden/>")),
    }[how]
    found = read(block, styles=looks)
    assert "99.9" not in str(found.blocks)
    assert rules(found) == ["file.hidden-text"] and "99.9" in found.problems[0].message.zh


def test_shown_where_hidden_is_switched_off_again(read) -> None:
    assert texts(read(p(r("45.60", '<w:vanish w:val="0"/>')))) == ["45.60"]


def test_a_struck_figure_does_not_run_into_the_one_that_counts(read) -> None:
    found = read(p(r("38.20", "<w:strike/>"), "45.60"), p(r("旧条款", "<w:dstrike/>")))
    assert texts(found) == ["45.60", "旧条款"]
    assert rules(found) == ["file.tracked-changes"] and "38.20" in found.problems[0].message.zh


def test_comments_are_counted_and_quoted(read) -> None:
    comments = part("comments", f'<w:comment w:id="1">{p("数据待核实")}</w:comment>')
    found = read(p("甲"), comments=comments)
    assert rules(found) == ["file.comments"] and "数据待核实" in found.problems[0].message.zh


def test_footnotes_are_told_and_not_counted(read) -> None:
    notes = part(
        "footnotes",
        f'<w:footnote w:type="separator" w:id="-1">{p("——")}</w:footnote>'
        f'<w:footnote w:id="1">{p("按规模以上口径统计")}</w:footnote>',
    )
    found = read(p("甲"), footnotes=notes)
    assert texts(found) == ["甲"]
    assert rules(found) == ["file.comments"] and found.problems[0].severity == "notice"
    assert "按规模以上口径统计" in found.problems[0].message.zh


# ------------------------------------------------------------------ letters


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (r(inner='<w:sym w:font="Wingdings 2" w:char="F052"/>') + r("是"), "☑是"),
        (r(inner='<w:sym w:font="Wingdings" w:char="00A8"/>') + r("是"), "☐是"),
        (r("þ", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>') + r("是"), "☑是"),
        (r("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>') + r("是"), "☑是"),
        (r("√", '<w:bdr w:val="single"/>') + r("是"), "☑是"),
        (r("是", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "是"),
        (r("a", inner="<w:tab/>") + r("b"), "a\tb"),
        (r("a", inner="<w:br/>") + r("b"), "a\nb"),
        (r("a", inner="<w:noBreakHyphen/>") + r("b"), "a-b"),
        (r("a", inner="<w:softHyphen/>") + r("b\u00adc\u200bd\ufeff"), "abcd"),
        (r(inner=f"<w:ruby><w:rt>{r('jí')}</w:rt><w:rubyBase>{r('集')}</w:rubyBase></w:ruby>"),
         "集"),
        (r("a", inner='<w:footnoteReference w:id="1"/>'), "a"),
        (f"<w:hyperlink>{r('链')}</w:hyperlink><w:smartTag>{r('接')}</w:smartTag>", "链接"),
        ("<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r>"
         "</m:den></m:f></m:oMath>", "a/b"),
    ],
)  # fmt: skip
def test_letters_as_they_print(read, run, text) -> None:
    assert texts(read(p(run))) == [text]


def test_a_figure_in_a_symbol_font_is_not_read_as_one(read) -> None:
    (text,) = texts(read(p(r("45", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'))))
    assert "45" not in text


RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (["38.20", r("1", RAISED)], "38.20[1]"),  # never 38.201
        (["38.20", r("②", RAISED)], "38.20②"),
        (["38.20", r(inner='<w:footnoteReference w:id="2"/>')], "38.20"),
        (["面积（km", r("2", RAISED), "）"], "面积（km2）"),
        (["第", r("1", RAISED), "次"], "第1次"),
        (["3×10", r("4", RAISED)], "3×10[4]"),
    ],
)
def test_a_notes_sign_is_no_digit_of_the_figure(read, runs, text) -> None:
    note = part("footnotes", f'<w:footnote w:id="2">{p("见附件 99.9")}</w:footnote>')
    found = read(tbl(tr("营业收入", tc(p(*runs)))), footnotes=note)
    assert table(found).cells[1].text == text and "99.9" not in str(found.blocks)


def test_a_notes_sign_by_its_style(read) -> None:
    raised = f'<w:style w:type="character" w:styleId="a"><w:rPr>{RAISED}</w:rPr></w:style>'
    line = p("38.20", r("1", '<w:rStyle w:val="a"/>'))
    assert texts(read(line, styles=styles(raised))) == ["38.20[1]"]


def test_a_form_in_the_header(read) -> None:
    found = read(
        p("填报说明"),
        header=part(
            "hdr", p("申报单位：某某集群"), tbl(tr("营业收入", "38.20", "是否", "☑是 □否"))
        ),
    )
    assert texts(found) == ["申报单位：某某集群", "填报说明"]
    assert table(found).cells[1].text == "38.20" and ticks(found)[0][:2] == ("是", True)


def test_a_wingdings_style(read) -> None:
    look = styles(
        '<w:style w:type="character" w:styleId="x"><w:rPr><w:rFonts w:ascii="Wingdings" '
        'w:hAnsi="Wingdings"/></w:rPr></w:style>'
    )
    assert texts(read(p(r("þ", '<w:rStyle w:val="x"/>'), "是"), styles=look)) == ["☑是"]


def test_a_readers_sentinel_in_the_file_is_no_mark(read) -> None:
    assert texts(read(p("\ufdd0是"))) == ["是"]


# ------------------------------------------------------------------ text boxes, other branches


def test_a_text_box_is_read_once_and_where_it_stands(read) -> None:
    found = read(p("甲", text_box(p("框内"), tbl(tr("x")))), p("乙"))
    assert [getattr(b, "text", b.place) for b in found.blocks] == ["甲", "框内", "表1", "乙"]


def test_a_tick_in_a_text_box_over_a_cell_is_not_sure(read) -> None:
    found = read(tbl(tr(tc(p("□是 □否", text_box(p("√")))))))
    assert all(m.confidence <= 0.6 for m in found.marks())


def test_of_alternatives_one_that_says_something(read) -> None:
    choices = (
        '<mc:AlternateContent><mc:Choice Requires="x"><w:r/></mc:Choice>'
        f"<mc:Fallback>{r('后备')}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read(p(choices))) == ["后备"]


def test_embedded_documents_are_told(read) -> None:
    assert rules(read(p("甲"), '<w:altChunk r:id="rId9"/>')) == ["file.unsupported"]


# ------------------------------------------------------------------ list numbers


def test_numbered_headings(read) -> None:
    lists = numbering(
        level(0, "chineseCountingThousand", "%1、"), level(1, "decimal", "%1.%2", "<w:isLgl/>")
    )
    found = read(
        p("基本情况", properties=numbered(1)), p("甲", properties=numbered(1, 1)),
        p("主导产业", properties=numbered(1)), p("乙", properties=numbered(1, 1)),
        p("重来", properties=numbered(2)), numbering=lists,
    )  # fmt: skip
    assert texts(found) == ["一、基本情况", "1.1 甲", "二、主导产业", "2.1 乙", "一、重来"]


def test_numbers_by_the_paragraphs_style(read) -> None:
    look = styles(
        '<w:style w:type="paragraph" w:styleId="h2"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    lists = numbering(
        level(0, "decimal", "%1."), level(1, "decimal", "（%2）", '<w:pStyle w:val="h2"/>')
    )
    found = read(p("甲", properties='<w:pStyle w:val="h2"/>'), styles=look, numbering=lists)
    assert texts(found) == ["（1）甲"]


def test_number_zero_takes_a_paragraph_out_of_the_list(read) -> None:
    lists = numbering(level(0, "decimal", "%1."))
    assert texts(read(p("甲", properties=numbered(0)), numbering=lists)) == ["甲"]


def test_bullets_are_nothing_unless_they_are_boxes(read) -> None:
    font = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    other = (
        '<w:abstractNum w:abstractNumId="7">' + level(0, "bullet", "\uf0fe", font)
        + '</w:abstractNum><w:abstractNum w:abstractNumId="8">' + level(0, "bullet", "\uf06c", font)
        + "</w:abstractNum>"
    )  # fmt: skip
    lists = numbering(level(0, "bullet", "\uf0a8", font), more=other).replace(
        "</w:numbering>",
        '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="8"><w:abstractNumId w:val="8"/></w:num></w:numbering>',
    )
    options = tc(p("是", properties=numbered(1)), p("否", properties=numbered(7)))
    found = read(p("一点", properties=numbered(8)), tbl(tr(options)), numbering=lists)
    assert texts(found) == ["一点"]
    assert [(m.label, m.ticked) for m in found.marks()] == [("是", False), ("否", True)]


@pytest.mark.parametrize(
    ("n", "form", "text"),
    [
        (3, "decimal", "3"), (3, "decimalZero", "03"), (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"), (21, "chineseCounting", "二十一"),
        (10, "japaneseCounting", "十"),
        (20, "ideographDigital", "二〇"), (3, "ideographTraditional", "丙"), (2, "none", ""),
        (12, "decimalEnclosedCircle", "⑫"), (3, "chineseLegalSimplified", "叁"),
        (12, "decimalFullWidth", "１２"), (2, "ordinal", "2nd"),
    ],
)  # fmt: skip
def test_list_numbers(n: int, form: str, text: str) -> None:
    assert number(n, form) == text


def test_counting_as_one_counts_in_chinese() -> None:
    assert [counting(n) for n in (1, 10, 11, 20, 101, 110, 1001, 2024)] == [
        "一", "十", "十一", "二十", "一百零一", "一百一十", "一千零一", "二千零二十四",
    ]  # fmt: skip


# ------------------------------------------------------------------ headers, packages, producers


def test_headers_count_only_where_they_hold_a_form(read) -> None:
    header = part("hdr", p("某某单位文件"), p("申报编号：SD-7"), tbl(tr("标志", "标题")))
    form = part("hdr", tbl(tr("编号", "1"), tr("市", "乙市")))
    assert texts(read(p("正文"), header=header)) == ["申报编号：SD-7", "正文"]
    found = read(tbl(tr("甲")), header=form)
    assert [b.place for b in found.blocks] == ["页眉表1", "表1"]
    assert texts(read(p("正文"), footer=part("ftr", p("第", field("PAGE", "1"), "页")))) == ["正文"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.docx", "document"), ("a.docm", "document.macroEnabled"), ("a.dotx", "template")],
)
def test_macro_files_and_templates(tmp_path: Path, name: str, kind: str) -> None:
    assert texts(read_docx(docx(tmp_path / name, p("甲"), kind=kind))) == ["甲"]


def test_a_main_part_of_another_name(read) -> None:
    assert texts(read(p("甲"), main="doc/main7.xml")) == ["甲"]


def test_the_strict_namespace(read) -> None:
    strict = NAMESPACES.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    xml = f"<w:document {strict}><w:body>{p('甲')}</w:body></w:document>"
    assert texts(read(document=xml)) == ["甲"]


def test_a_broken_styles_part_is_told_and_the_text_read(read) -> None:
    found = read(p("甲"), styles="<w:styles")
    assert texts(found) == ["甲"] and rules(found) == ["file.damaged"]


def test_an_empty_document_is_no_fault(read) -> None:
    found = read(p(""))
    assert (found.blocks, found.problems) == ((), ())


def test_a_document_of_pictures_alone_is_told(read) -> None:
    found = read(p(drawing(400, 600, over=False)))
    assert found.blocks == () and [x.severity for x in found.problems] == ["error"]
    assert rules(found) == ["file.unreadable"] and "PDF" in found.problems[0].message.zh


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ("<w:document", "file.damaged"), ("<html/>", "file.damaged"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "file.damaged"),
    ],
)  # fmt: skip
def test_a_broken_main_part_is_one_problem(read, document, rule) -> None:
    found = read(document=document)
    assert (found.blocks, rules(found)) == ((), [rule])


def test_tables_nested_without_end(read) -> None:
    xml = p("底")
    for _ in range(120):
        xml = tbl(tr(tc(xml, p(""))))
    found = read(xml)
    assert found.readable or rules(found)[0].startswith("file.")


def test_what_python_docx_writes(tmp_path: Path) -> None:
    import docx as python_docx

    made = python_docx.Document()
    made.add_heading("一、基本情况")
    shape = made.add_table(rows=3, cols=3)
    shape.cell(0, 0).merge(shape.cell(1, 1)).text = "合并"
    shape.cell(2, 2).text = "☑是 □否"
    made.save(str(tmp_path / "a.docx"))
    found = read_docx(tmp_path / "a.docx")
    assert texts(found) == ["一、基本情况"]
    assert grid(table(found))[0] == (1, 1, 2, 2, "合并") and len(list(found.marks())) == 2


# ------------------------------------------------------------------ other projects' awkward files

needs_awkward = pytest.mark.skipif(not AWKWARD.is_dir(), reason="no shared/awkward here")


def awkward(pattern: str) -> list[Path]:
    return sorted(AWKWARD.glob(pattern)) if AWKWARD.is_dir() else []


@needs_awkward
@pytest.mark.parametrize("path", awkward("word/*.docx"), ids=lambda path: path.stem)
def test_no_awkward_file_raises(path: Path) -> None:
    found = read_docx(path)
    assert found.blocks or found.problems or path.stem == "nested_paragraphs_in_header"


@needs_awkward
@pytest.mark.parametrize("path", awkward("xml/*.xml"), ids=lambda path: path.stem)
def test_hostile_xml_is_one_problem(tmp_path: Path, path: Path) -> None:
    bad = tmp_path / "a.docx"
    docx(bad, document=path.read_text("utf-8"))
    assert rules(read_docx(bad)) == ["file.damaged"]


@needs_awkward
@pytest.mark.parametrize("stem", ["RP001-Tracked-Revisions-01", "RP009-Deleted-Table-Row"])
def test_changes_read_as_their_accepted_twin(stem: str) -> None:
    changed, twin = (read_docx(AWKWARD / "word" / f"{stem}{end}.docx") for end in ("", "-Accepted"))
    assert str(changed.blocks) == str(twin.blocks)
    assert rules(changed) == ["file.tracked-changes"] and not twin.problems


@needs_awkward
def test_known_boxes_of_awkward_files() -> None:
    def states(stem: str) -> list[bool | None]:
        return [m.ticked for m in read_docx(AWKWARD / "word" / f"{stem}.docx").marks()]

    assert states("checked-true-false") == [False] * 4 + [True] * 4
    assert states("unchecked_drop0") == [False] and states("checked_drop1") == [True]
    assert (len(states("HC006-Test-01")), sum(map(bool, states("HC006-Test-01")))) == (21, 1)
    encrypted = read_docx(AWKWARD / "word" / "document-with-password.docx")
    assert rules(encrypted) == ["file.encrypted"]


def test_every_cut_of_a_file_is_one_problem(tmp_path: Path) -> None:
    whole = docx(tmp_path / "a.docx", *[p(f"第{n}段") for n in range(40)]).read_bytes()
    for end in range(0, len(whole), 97):
        (tmp_path / "b.docx").write_bytes(whole[:end])
        found = read_docx(tmp_path / "b.docx")
        assert not found.blocks and len(found.problems) == 1


def test_an_encrypted_entry(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", p("甲"))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as z:
        at = z.getinfo("word/document.xml").header_offset
    data[at + 6] |= 1
    central = data.rindex(b"word/document.xml") - 46
    data[central + 8] |= 1
    path.write_bytes(bytes(data))
    assert rules(read_docx(path))[0] in ("file.encrypted", "file.damaged")
