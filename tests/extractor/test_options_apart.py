"""Options whose boxes stand in cells of their own, and questions answered without any box."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractor.locating.locate import locate
from extractor.locating.marks import normalise_marks
from models.form import load_form
from models.types import Document
from tests.extractor.grids import document, grid

SHANDONG = load_form("shandong-2024")
BANNED = "集群主导产业是否属于国家规定的禁止、限制和淘汰类产业"
SHARED = "集群已开展的产业链资源协同协作工作"
SHARING = next(f for f in SHANDONG.fields if f.id == "sharing_actions").options
AREA = ["集群占地面积(平方公里)", "42.22"]


def told(application, field):
    tick = application.tick(field)
    return [o.ticked for o in tick.options], tick.needs_look


def banned(*cells):
    rows = [[*AREA, *["<"] * (len(cells) - 1)], [BANNED, *cells]]
    return told(locate(document("一、基本情况", rows), SHANDONG), "restricted_industry")


@pytest.mark.parametrize(
    "cells",
    [
        ["是", "", "否", "√"],
        ["", "是", "√", "否"],
        ["是", "□", "否", "☑"],
        ["□", "是", "■", "否"],
    ],
)
def test_boxes_in_cells_beside_the_words(cells):
    assert banned(*cells) == ([False, True], False)


def test_boxes_in_the_row_below_the_words():
    rows = [[*AREA, "<"], [BANNED, "是", "否"], ["^", "√", ""]]
    application = locate(document("一、基本情况", rows), SHANDONG)
    assert told(application, "restricted_industry") == ([True, False], False)


def test_nothing_ticked_in_the_cells_beside_the_words_asks_for_a_look():
    assert banned("是", "", "否", "")[1]


def test_the_chosen_answer_alone_asks_for_a_look_and_says_it():
    assert banned("否", "<", "<", "<") == ([False, True], True)


def nested(outer, inner):
    """A document with a row whose second cell holds a table, as a reader hands it over."""
    text = "\n".join("\t".join(c for c in row if c) for row in inner)
    clean, marks = normalise_marks(text)
    table = grid([["集群产业链强链补链情况 (200 字以内)", "已绘制图谱。"], [outer, "…"]])
    cells = tuple(replace(c, text=clean, marks=marks) if c.text == "…" else c for c in table.cells)
    inside = replace(grid(inner, 2), nested=True)
    return Document("申报表.docx", "docx", (replace(table, cells=cells), inside))


def test_options_in_a_nested_table_one_to_a_row():
    boxes = "☑□☑□□"
    rows = [[b + o] for b, o in zip(boxes, SHARING, strict=True)]
    application = locate(nested(SHARED, rows), SHANDONG)
    assert told(application, "sharing_actions") == ([True, False, True, False, False], False)


def test_options_in_a_nested_table_with_a_column_of_ticks():
    rows = [["√" if n == 3 else "", o] for n, o in enumerate(SHARING)]
    application = locate(nested(SHARED, rows), SHANDONG)
    assert told(application, "sharing_actions") == ([False, False, False, True, False], False)


def test_the_year_said_again_over_each_column_is_over_the_merged_cell_below():
    years = [y for year in ("2021年", "2022年", "2023年") for y in [year] * 2]
    rows = [
        ["年度", *years],
        ["集群中小企业近三年研发投入强度 (%)", "2.41", "<", "2.52", "<", "2.63", "<"],
    ]
    application = locate(document("三、创新能力情况", rows), SHANDONG)
    assert [str(application.answer("rd_intensity", y).value) for y in SHANDONG.years] == [
        "2.41",
        "2.52",
        "2.63",
    ]


def test_full_circles_are_ticks_where_other_questions_are_marked_so():
    actions = "\n".join(f"●{o}" for o in SHARING)
    rows = [[BANNED, "○是  ●否"], [SHARED, actions]]
    application = locate(document("二、主导产业情况", rows), SHANDONG)
    assert told(application, "sharing_actions") == ([True] * 5, False)
    alone = locate(document("二、主导产业情况", rows[1:]), SHANDONG)
    assert told(alone, "sharing_actions")[1]


def test_brackets_of_one_option_below_a_page_break():
    actions = [f"[√]{SHARING[0]}", *(f"[  ]{o}" for o in SHARING[1:4])]
    rows = [[SHARED, "\n".join(actions)], ["", f"[  ]{SHARING[4]}"]]
    table = grid(rows)
    cells = [replace(c, page=c.row, bbox=(0, 0, 1, 1)) for c in table.cells]
    whole = Document("申报表.pdf", "pdf", (replace(table, cells=tuple(cells)),))
    application = locate(whole, SHANDONG)
    assert told(application, "sharing_actions") == ([True, *[False] * 4], False)


def test_many_options_below_their_question_each_with_a_cell_for_its_tick():
    services = next(f for f in SHANDONG.fields if f.id == "services")
    ticks = [n in (0, 2, 4, 5) for n in range(len(services.options))]
    label = services.path[-1]
    rows = [["集群发展环境情况 (200 字以内)", "运行平稳。", "<"], [label, f"{label}：", "<"]]
    rows += [["^", o, "√" if on else ""] for o, on in zip(services.options, ticks, strict=True)]
    application = locate(document("七、治理和服务水平", rows), SHANDONG)
    assert told(application, "services") == (ticks, False)


def test_a_tick_at_the_start_of_a_line_for_the_words_that_end_the_line_above():
    _, marks = normalise_marks("第一产业□  第二产业\n√  第三产业□", wrapped=True)
    assert [m.ticked for m in marks] == [False, True, False]
    assert [m.label for m in marks] == ["第一产业", "第二产业", "第三产业"]


def test_options_in_a_table_below_the_line_that_asks_for_them():
    boxes = [("☑" if n in (0, 3) else "☐") + text for n, text in enumerate(SHARING)]
    rows = [boxes[0:2], boxes[2:4], [boxes[4], ""]]
    found = locate(
        document("二、主导产业情况", SHARED + "：", rows, "（注：勾选需提供佐证材料）"), SHANDONG
    )
    assert told(found, "sharing_actions") == ([True, False, False, True, False], False)
