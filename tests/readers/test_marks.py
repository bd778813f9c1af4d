"""Every way a tick box can stand in text; one row a convention seen in a form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.locating.glyphs import glyph_of, symbol_font
from extractor.locating.marks import PLACED, find_marks, normalise_marks, without_sentinels
from models.types import BOXES, TICKED, Mark


def ticks(text: str, given: tuple[Mark, ...] = ()) -> list[tuple[str, bool | None]]:
    """(label, ticked) of the boxes of a text."""
    return [(m.label, m.ticked) for m in normalise_marks(text, given)[1]]


YES, NO = [("是", True), ("否", False)], [("是", False), ("否", True)]


@pytest.mark.parametrize(
    ("text", "clean", "expected"),
    [
        # box glyphs
        ("☑是 □否", "☑是 ☐否", YES),
        ("□是 ☑否", "☐是 ☑否", NO),
        ("■是 □否", "☑是 ☐否", YES),
        ("☒是 ☐否", "☑是 ☐否", YES),
        ("⊠是 ▢否", "☑是 ☐否", YES),
        ("✅是 ⬜否", "☑是 ☐否", YES),
        ("🗹是 ◻否", "☑是 ☐否", YES),
        ("口是 ☑否", "☐是 ☑否", NO),
        # a tick beside the box
        ("□√是 □否", "☑是 ☐否", YES),
        ("√□是 □否", "☑是 ☐否", YES),
        ("□ √ 是  □ 否", "☑ 是  ☐ 否", YES),
        ("□是 √□否", "☐是 ☑否", NO),
        ("□是√ □否", "☑是 ☐否", YES),
        ("□否 □是√", "☐否 ☑是", [("否", False), ("是", True)]),
        ("□v是 □否", "☑是 ☐否", YES),
        # a tick instead of the box
        ("□ 是 √ 否", "☐ 是 ☑ 否", NO),
        ("√是 □否", "☑是 ☐否", YES),
        ("√是　否", "☑是　否", [("是", True)]),
        ("是√ 否", "是☑ 否", [("是", True)]),
        ("√", "☑", [("", True)]),
        # behind the words
        ("是□ 否√", "是☐ 否☑", NO),
        ("是 ☑ 否 ☐", "是 ☑ 否 ☐", YES),
        ("是□否☑", "是☐否☑", NO),
        ("是□√否□", "是☑否☐", YES),
        ("√是□ 否□", "是☑ 否☐", YES),
        # brackets
        ("（√）是 （ ）否", "☑是 ☐否", YES),
        ("是（√）否（ ）", "是☑否☐", YES),
        ("[x]是 [ ]否", "☑是 ☐否", YES),
        ("【√】是【 】否", "☑是☐否", YES),
        ("（）是（）否", "☐是☐否", [("是", False), ("否", False)]),
        # radio circles
        ("〇是 ●否", "☐是 ☑否", NO),
        ("◉是 ○否", "☑是 ☐否", YES),
        ("○是 ●否\n●不适用", "☐是 ☑否\n☑不适用", [*NO, ("不适用", True)]),
        ("是否：○是 ○否", "是否：☐是 ☐否", [("是", False), ("否", False)]),
        # crosses
        ("□×是 □√否", "☐是 ☑否", NO),
        ("√是 ×否", "☑是 ☐否", YES),
        # private-use characters whose font is not known
        ("\uf052是 \uf0a3否", "☑是 ☐否", YES),
        ("\uf0fe是 \uf0a8否", "☑是 ☐否", YES),
        # variation selectors belong to the sign
        ("☑\ufe0f是 □否", "☑是 ☐否", YES),
        # a question before the options
        ("是否达标：□是 ☑否", "是否达标：☐是 ☑否", NO),
        # an instruction in the same line
        ("类型（请在□内打√）：☑是 □否", "类型（请在□内打√）：☑是 ☐否", YES),
    ],
)
def test_each_convention_reads_as_one_mark_per_box(
    text: str, clean: str, expected: list[tuple[str, bool]]
) -> None:
    out, marks = normalise_marks(text)
    assert out == clean
    assert [(m.label, m.ticked) for m in marks] == expected


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("√所有学生 □研究生 □本科生", ["所有学生", "研究生", "本科生"]),
        ("☑按85%□按70%□不享受", ["按85%", "按70%", "不享受"]),
        ("( √ ) 重点项目 (  )一般项目", ["重点项目", "一般项目"]),
        ("第一产业√、第二产业□、第三产业□", ["第一产业", "第二产业", "第三产业"]),
        ("☑是 □否 □非高耗能行业，不适用", ["是", "否", "非高耗能行业，不适用"]),
        (
            "☑绘制产业链图谱，开展产业链培育\n□建立风险防范机制",
            ["绘制产业链图谱，开展产业链培育", "建立风险防范机制"],
        ),
    ],
)
def test_labels_are_the_words_of_the_box_and_the_first_is_ticked(
    text: str, labels: list[str]
) -> None:
    assert ticks(text) == [(label, n == 0) for n, label in enumerate(labels)]


@pytest.mark.parametrize(
    "text",
    [
        "请在对应结果中打“√”",
        "在□内打√",
        "请在相应的□中划√",
        "注：勾选√后需提供佐证材料",
        "（“√”表示符合，“×”表示不符合）",
        "二〇二四年五月二十日",
        "○○市○○县",
        "一〇五人",
        "统一社会信用代码：□□□□□□□□□□",
        "●加强产业链培育\n●提升创新能力",
        "长3×宽5米，共100×20户",
        "√2约等于1.41",
        "潍坊市（ ）",
        "口径一致，人口增长",
        "",
    ],
)
def test_what_only_looks_like_a_box_stays_text(text: str) -> None:
    assert normalise_marks(text) == (text, ())


def test_a_spoken_of_box_glyph_does_not_count_as_one() -> None:
    assert normalise_marks("请用“☑”选择，或打☑") == ("请用“√”选择，或打√", ())


@pytest.mark.parametrize(
    ("text", "at_most"),
    [
        ("□是√□否", 0.6),  # either box could be meant
        ("☑是 ☒否", 0.6),  # a cross beside a tick: no, or ticked as well
        ("□×是 □否", 0.6),
        ("√是　否", 0.8),  # no box left anywhere
        ("王□明", 0.6),  # a character the font did not have
        ("■" + "集群围绕主导产业开展强链补链工作，成效显著。" * 4, 0.6),  # a bullet
        ("〇是\n●否", 0.8),
        ("□是 □否\n√", 0.5),  # a tick laid over the boxes, in a text box for instance
    ],
)
def test_the_doubtful_are_not_sure(text: str, at_most: float) -> None:
    marks = normalise_marks(text)[1]
    assert marks and min(m.confidence for m in marks) <= at_most


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("☑是", "glyph"), ("□ 是 √ 否", "replaced"), ("（√）是（ ）否", "brackets"),
        ("●是 ○否", "radio"),
    ],
)  # fmt: skip
def test_how_a_mark_was_told(text: str, how: str) -> None:
    assert how in {m.how for m in normalise_marks(text)[1]}


def test_a_readers_own_marks_keep_their_place_among_the_rest() -> None:
    own = (Mark(True, "content-control", 0.99), Mark(False, "form-field", 0.99))
    text, marks = normalise_marks(f"☑甲 {PLACED}乙 □丙 {PLACED}丁", own)
    assert text == "☑甲 ☑乙 ☐丙 ☐丁"
    assert [(m.label, m.how) for m in marks] == [
        ("甲", "glyph"), ("乙", "content-control"), ("丙", "glyph"), ("丁", "form-field"),
    ]  # fmt: skip


def test_a_tick_typed_beside_an_empty_control_is_doubtful() -> None:
    text, (mark,) = normalise_marks(f"{PLACED}√是", (Mark(False, "content-control", 0.99),))
    assert text == "☑是" and mark.ticked and mark.confidence < 0.9


def test_a_file_cannot_smuggle_in_a_readers_mark() -> None:
    assert without_sentinels(f"{PLACED}是") == "是"
    assert normalise_marks(f"{PLACED}是") == ("是", ())


def test_wrapped_lines_keep_an_options_words_together() -> None:
    text = "☑ 形成产业链技术难点清单\n或创新项目库 □ 其他"
    assert normalise_marks(text, wrapped=True)[1][0].label == "形成产业链技术难点清单或创新项目库"
    assert normalise_marks(text)[1][0].label == "形成产业链技术难点清单"


def test_found_marks_tell_where_they_stand() -> None:
    text = "是否：□√是 □否"
    assert [text[f.start : f.end] for f in find_marks(text)] == ["□√", "□"]


@pytest.mark.parametrize(
    ("char", "font", "expected"),
    [
        ("þ", "Wingdings", "☑"), ("\uf0fe", "Wingdings", "☑"), ("¨", "Wingdings", "☐"),
        ("o", "Wingdings", "□"), ("ü", "Wingdings", "✔"), ("R", "Wingdings 2", "☑"),
        ("\uf052", "Wingdings 2", "☑"), ("£", "Wingdings 2", "□"), ("P", "Wingdings 2", "✓"),
        ("a", "Webdings", "✔"), ("R", "ABCDEF+Wingdings-2", "☑"), ("\uf052", "", "☑"),
        ("4", "ZapfDingbats", "✔"), ("R", "宋体", "R"), ("R", "", "R"), ("\uf0d6", "Symbol", "√"),
        ("\ue0a2", "Segoe UI Symbol", "☑"), ("☑", "MS Gothic", "☑"),
        ("\uf0a3", "AAAAAA+OpenSymbol", "□"), ("\uf052", "AAAAAA+OpenSymbol", "☑"),
        ("\uf0a8", "AAAAAA+OpenSymbol", "☐"), ("\uf0a2", "AAAAAA+OpenSymbol", "\uf0a2"),
    ],
)  # fmt: skip
def test_glyphs_of_symbol_fonts(char: str, font: str, expected: str) -> None:
    assert glyph_of(char, font) == expected


@pytest.mark.parametrize(
    ("font", "is_one"),
    [
        ("Wingdings 2", True),
        ("Symbol", True),
        ("宋体", False),
        ("Noto Sans Symbols", False),
        ("Segoe UI Symbol", False),
    ],
)
def test_symbol_fonts(font: str, is_one: bool) -> None:
    assert symbol_font(font) == is_one


_ALPHABET = "□☐■☑☒√✓×vV口○●〇（）() [x]是否年二\n　，。：“”打在内5\ufe0f\uf052\uf0a8" + PLACED


@given(st.text(alphabet=_ALPHABET, max_size=30), st.lists(st.booleans(), max_size=4))
@settings(max_examples=400, deadline=None)
def test_as_many_boxes_in_the_text_as_marks_beside_it(text: str, states: list[bool]) -> None:
    given_marks = [Mark(s, "content-control", 0.99) for s in states]
    out, marks = normalise_marks(text, given_marks)
    boxes = [c for c in out if c in BOXES]
    assert [c == TICKED for c in boxes] == [bool(m.ticked) for m in marks]
    assert normalise_marks(text, given_marks, wrapped=True)[0] == out


def test_circles_beside_one_that_the_reader_saw_ticked() -> None:
    own = (Mark(True, "glyph", 0.95),)
    assert ticks(f"○共享设备\n{PLACED}共享物流\n○共享人力", own) == [
        ("共享设备", False), ("共享物流", True), ("共享人力", False),
    ]  # fmt: skip


def test_empty_brackets_before_every_line() -> None:
    text = "（ ）引入了服务商\n（ ）开展了诊断\n（注：需提供材料）"
    assert ticks(text) == [("引入了服务商", False), ("开展了诊断", False)]
