"""口 in recognised text: the character, or an empty box that was read as one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from extractor.readers.scan.glyphs import glyphs_of, places_of_boxes
from extractor.readers.scan.ocr import Read
from extractor.readers.scan.pieces import Ink, Piece
from extractor.readers.scan.setting import set_lines
from extractor.readers.scan.ticks import Square

EM = 12.0
NARROW = 0.3
"""Ems of a blank."""


def _line(text: str, top: float, box: float, mouth: float) -> tuple[Piece, list[Square]]:
    """A line of a cell, □ and 口 both read as 口, with the squares seen in its pixels; `box` and
    `mouth` are their sides in ems."""
    x, at, squares, read = 50.0, [], [], ""
    for char in text:
        wide = NARROW * EM if char == " " else EM
        if char in "□口":
            side = (box if char == "□" else mouth) * EM
            left, high = x + (EM - side) / 2, top + (1.2 * EM - side) / 2
            squares.append(Square((left, high, left + side, high + side), 0.0, 0.0, 1.0))
        read += "口" if char == "□" else char
        at.append(x + wide / 2)
        x += wide
    box_of = (50.0, top, x, top + 1.2 * EM)
    places = tuple((a - 50.0) / (x - 50.0) for a in at)
    return Piece(box_of, Read(read, places, (0.99,) * len(read)), 0, 0.99), squares


def _seen(lines: list[str], box: float = 0.8, mouth: float = 0.74) -> str:
    made = [_line(text, 100 + n * 1.5 * EM, box, mouth) for n, text in enumerate(lines)]
    pairs = glyphs_of([p for p, _ in made], [s for _, squares in made for s in squares])
    glyphs = sorted((g for g, _ in pairs), key=lambda g: (g.base, g.x0))
    rows: dict[float, str] = {}
    for g in glyphs:
        row = next((b for b in rows if abs(b - g.base) < 0.5 * EM), g.base)
        rows[row] = rows.get(row, "") + ("☐" if g.mark else g.text)
    return "\n".join(rows.values())


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        (["龙口市海洋食品产业园"], "龙口市海洋食品产业园"),
        (["位于老河口市与汉口之间"], "位于老河口市与汉口之间"),
        (["集群坐落于莱口镇北部"], "集群坐落于莱口镇北部"),
        (
            ["近三年集群主导产品出", "口贸易额累计增长率"],
            "近三年集群主导产品出\n口贸易额累计增长率",
        ),
        (["□是 □否"], "☐是☐否"),
        (["□是□否"], "☐是☐否"),
        (["是□ 否□"], "是☐否☐"),
        (["是否位于龙口市：□是 □否"], "是否位于龙口市：☐是☐否"),
        (["□设立境外机构", "□参加国际展会"], "☐设立境外机构\n☐参加国际展会"),
        (["□市级 □省级", "□其他"], "☐市级☐省级\n☐其他"),
    ],
)
def test_a_mouth_is_no_box(lines: list[str], seen: str) -> None:
    assert _seen(lines) == seen


def test_a_mouth_as_large_as_the_boxes_stays_a_character_within_a_word() -> None:
    assert _seen(["莱口镇", "□是 □否"], box=0.8, mouth=0.8) == "莱口镇\n☐是☐否"


def test_boxes_that_a_pen_has_joined_belong_to_the_words_beside_them() -> None:
    """The detector made one piece of the two, which says nothing."""
    pieces, squares = [], []
    for n, text in enumerate(["□合作机制", "□合作关系"]):
        piece, drawn = _line(text, 100 + n * 1.5 * EM, 0.8, 0.8)
        x0, top, x1, bottom = piece.bbox
        at = tuple((a * (x1 - x0) - EM) / (x1 - x0 - EM) for a in piece.read.at[1:])
        read = Read(text[1:], at, piece.read.sures[1:])
        pieces.append(Piece((x0 + EM, top, x1, bottom), read, 0, 0.99))
        squares += [replace(s, inside=0.3) for s in drawn]
    third, more = _line("□参加 □其他", 140.0, 0.8, 0.8)
    joined = Piece((48.0, 98.0, 62.0, 134.0), Read(), 0, 0.0)
    pairs = glyphs_of([joined, *pieces, third], [*squares, *more])
    ticked = [g.mark.ticked for g, _ in pairs if g.mark]
    assert sorted(map(str, ticked)) == ["False", "False", "True", "True"]


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        ("增速O%）", 0),
        ("通过ISO9001认证", 0),
        ("已通过HO2认证", 0),
        ("O是 O否", 2),
        ("是O 否O", 2),
        ("O3户以上", 1),
    ],
)
def test_a_round_letter_within_a_latin_word_is_no_box(text: str, boxes: int) -> None:
    first, squares = _line("□一 □二", 100.0, 0.8, 0.8)
    second, drawn = _line(text.replace("O", "□"), 120.0, 0.8, 0.8)
    second.read = Read(text, second.read.at, second.read.sures)
    circles = [replace(s, circle=True) for s in drawn]
    pairs = glyphs_of([first, second], [*squares, *circles])
    assert sum(1 for g, _ in pairs if g.mark and g.mark.bbox in [s.bbox for s in drawn]) == boxes


@pytest.mark.parametrize(
    ("text", "sure", "ems", "ticked"),
    [
        ("□是 牆否", 0.4, 0.98, True),  # blackened beyond its border, read as some character
        ("□是 图否", 0.95, 0.98, None),  # a bold character that was read well
        ("□是 牆12", 0.4, 0.98, None),  # dirt before a figure
        ("□是 牆否", 0.4, 1.4, None),  # far larger than the page's boxes
    ],
)
def test_a_blackened_box_is_ticked_but_asks_for_a_look(
    text: str, sure: float, ems: float, ticked: bool | None
) -> None:
    lines = [_line(line, top, 0.8, 0.8) for line, top in [("□一 □二", 100.0), (text, 120.0)]]
    piece, squares = lines[1]
    if text.endswith("12"):  # a line of its own
        piece, squares = _line(text[3:], 120.0, 0.8, 0.8)
    at = piece.read.text.index(text[3])
    sures = tuple(sure if n == at else 0.99 for n in range(len(piece.read.text)))
    piece.read = Read(piece.read.text, piece.read.at, sures)
    x0, _, x1, _ = piece.bbox
    middle, side = x0 + piece.read.at[at] * (x1 - x0), ems * EM
    blot = Square((middle - side / 2, 121.0, middle + side / 2, 121.0 + side), 1.0, 0.0, 1.0)
    pairs = glyphs_of([lines[0][0], piece], [*lines[0][1], *squares, blot])
    marks = [g.mark for g, _ in pairs if g.mark and g.mark.bbox == blot.bbox]
    assert [(m.ticked, m.confidence) for m in marks] == ([(True, 0.8)] if ticked else [])


class _Page:
    """A page with upright strokes of 10 points and one speck."""

    per_point = 2.0

    def __init__(self, strokes: list[float], speck: tuple[float, float]) -> None:
        import numpy as np

        self._ink = np.zeros((60, 300), bool)
        for x in strokes:
            self._ink[20:40, round(x * 2) : round(x * 2) + 6] = True
        x, y = (round(v * 2) for v in speck)
        self._ink[y - 2 : y + 2, x - 2 : x + 2] = True

    def ink(self, box: tuple[float, ...]) -> Any:
        x0, top, x1, bottom = (int(v * 2) for v in box)
        return self._ink[top:bottom, x0:x1]


@pytest.mark.parametrize(
    ("text", "speck", "left"),
    [
        (".12", (8, 15), "12"),  # far before the figure
        (".12", (16.5, 12), "12"),  # close, but above the line
        (".12", (17.5, 19.2), ".12"),  # it may be a point whose digit is lost
        ("2年.", (50, 13), "2年"),
        ("12", (8, 15), "12"),
    ],
)
def test_a_speck_beside_a_figure_is_no_point(
    text: str, speck: tuple[float, float], left: str
) -> None:
    from extractor.readers.scan.missed import without_dust

    at = tuple((n + 0.5) / len(text) for n in range(len(text)))
    piece = Piece((5.0, 5.0, 60.0, 25.0), Read(text, at, (0.9,) * len(text)), 0)
    without_dust(_Page([20, 27], speck), [piece])  # type: ignore[arg-type]
    assert piece.read.text == left and len(piece.read.at) == len(left)


def _beside(texts: list[str], cell: int, top: float) -> list[Piece]:
    """Lines of one cell; of their thin strokes only a bit is dark."""
    out = []
    for n, text in enumerate(texts):
        box = (50.0, top + 14 * n, 50.0 + 10 * len(text), top + 14 * n + 11)
        at = tuple((i + 0.5) / len(text) for i in range(len(text)))
        ink = Ink(box[1] + 4, box[1] + 6.5, ((52.0, 54.0),))
        out.append(Piece(box, Read(text, at, (0.99,) * len(text)), cell, 0.9, ink))
    return out


@pytest.mark.parametrize(
    ("cell", "places"),
    [(["2"], False), (["13.50"], False), (["是  否"], True), (["共 3  家"], True)],
)
def test_no_box_is_looked_for_beside_a_lone_figure(cell: list[str], places: bool) -> None:
    words = _beside(["集群工业总产值及其增长"], 0, 100.0)
    boxes = [p.bbox for p in places_of_boxes([*words, *_beside(cell, 1, 200.0)], [])]
    assert any(b[1] > 150 for b in boxes) is places


def test_parts_of_thin_strokes_do_not_tell_the_size_of_a_line() -> None:
    lines = set_lines([*_beside(["集群工业总产值及其增长"], 0, 100.0), *_beside(["2"], 1, 200.0)])
    assert [round(line.size) for line in lines] == [10, 10]
    # and no scrap of a stroke is as small a box
    places = places_of_boxes(_beside(["a  b"], 1, 200.0), [])
    assert places and all(side >= 5 for p in places for side in p.sides)


def _square(piece: Piece, at: float, side: float = 0.8 * EM, **more: Any) -> Square:
    """A square whose middle is that many points from the left of a line."""
    x, y = piece.bbox[0] + at, (piece.bbox[1] + piece.bbox[3]) / 2
    box = (x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    return Square(box, **{"inside": 0.0, "beyond": 0.0, "edges": 1.0, "usual": True, **more})


@pytest.mark.parametrize(
    ("text", "at", "ticked"),
    [
        ("□是     否", 5.9 * NARROW * EM + 1.5 * EM, True),  # a wide blank before the option
        ("□是过否", 3.2 * EM, None),  # no room: a part of a character
    ],
)
def test_a_pale_box_with_a_tick_beside_a_plain_empty_one(
    text: str, at: float, ticked: bool | None
) -> None:
    piece, [plain] = _line(text, 100.0, 0.8, 0.8)
    pale = _square(piece, at, inside=0.5, beyond=0.3, pale=True, shade=0.5)
    other, boxes = _line("□一 □二", 130.0, 0.8, 0.8)
    pairs = glyphs_of([piece, other], [plain, pale, *boxes])
    marks = [g.mark for g, _ in pairs if g.mark and g.mark.bbox == pale.bbox]
    assert [m.ticked for m in marks] == ([True] if ticked else [])


def test_strokes_between_a_box_and_its_words_or_before_a_bracket_are_no_box() -> None:
    piece, [plain] = _line("□否", 100.0, 0.8, 0.8)
    between = _square(piece, 1.05 * EM, inside=0.1, beyond=0.75, pale=True)
    piece.read = Read("□否", (0.25, 0.95), (0.9, 1.0))
    label, _ = _line("占地面积(公里)", 130.0, 0.8, 0.8)
    last = _square(label, 7.4 * EM, inside=0.3, beyond=0.2)
    other, boxes = _line("□一 □二", 160.0, 0.8, 0.8)
    pairs = glyphs_of([piece, label, other], [plain, between, last, *boxes])
    assert [g.mark.bbox for g, _ in pairs if g.mark] == [s.bbox for s in (plain, *boxes)]


@pytest.mark.parametrize(
    ("char", "sure", "boxed"),
    [("又", 0.6, True), ("V", 0.97, True), ("因", 0.6, True), ("因", 0.97, False)],
)
def test_a_crossed_box_that_was_read_as_a_character(char: str, sure: float, boxed: bool) -> None:
    other, boxes = _line("□一 □二", 130.0, 0.8, 0.8)
    piece, _ = _line(f"{char}是", 100.0, 0.8, 0.8)
    piece.read = Read(piece.read.text, piece.read.at, (sure, 0.99))
    cross = _square(piece, 0.5 * EM, inside=0.8, beyond=0.1, shade=0.9)
    marks = [g.mark for g, _ in glyphs_of([piece, other], [cross, *boxes]) if g.mark]
    found = [m for m in marks if m.bbox == cross.bbox]
    assert [(m.ticked, m.confidence) for m in found] == ([(True, 0.85)] if boxed else [])


@pytest.mark.parametrize(("sure", "told"), [(0.6, False), (0.97, None)])
def test_an_empty_box_that_was_read_as_a_ticked_one(sure: float, told: bool | None) -> None:
    """Beside crossed boxes the recogniser sees crosses where there is paper."""
    piece, [box] = _line("□是", 100.0, 0.8, 0.8)
    piece.read = Read("☑是", piece.read.at, (sure, 0.99))
    [mark] = [g.mark for g, _ in glyphs_of([piece], [box]) if g.mark]
    assert mark.ticked is told and mark.confidence < 0.9


def test_a_stroke_beside_a_box_of_a_column_is_no_second_one() -> None:
    made = [_line("□一个", 100.0 + 20 * n, 0.8, 0.8) for n in range(3)]
    pieces, squares = [p for p, _ in made], [s for _, found in made for s in found]
    for square in squares:
        square.inside, square.aligned = 0.5, True
    stroke = _square(pieces[1], 1.15 * EM, 0.75 * EM, inside=0.6, beyond=0.5)
    marks = [g.mark for g, _ in glyphs_of(pieces, [stroke, *squares]) if g.mark]
    assert [m.ticked for m in marks] == [True] * 3 and min(m.confidence for m in marks) > 0.5


@pytest.mark.parametrize("inside", [0.2, 0.0])
def test_the_only_option_of_a_page_tells_by_itself_what_a_box_is(inside: float) -> None:
    piece, _ = _line("获得了集体商标", 100.0, 0.8, 0.8)
    box = _square(piece, -0.5 * EM, 0.7 * EM, inside=inside)
    [mark] = [g.mark for g, _ in glyphs_of([piece], [box]) if g.mark]
    assert mark.ticked == bool(inside)


def test_a_smaller_square_in_a_box_is_no_other_box() -> None:
    piece, [plain] = _line("□是  否", 100.0, 0.8, 0.8)
    other, boxes = _line("□一 □二", 130.0, 0.8, 0.8)
    box = _square(piece, 2.5 * EM, inside=0.5, beyond=0.3, pale=True, shade=0.5)
    inner = _square(piece, 2.4 * EM, 0.55 * EM, inside=0.02, guessed=True)
    pairs = glyphs_of([piece, other], [plain, inner, box, *boxes])
    assert sum(g.mark is not None for g, _ in pairs if g.base < 120) == 2


@pytest.mark.parametrize(
    ("size", "read", "told"),
    [
        (0.86, "否是", True),  # the place of a word beside a cross may be off
        (0.6, "□是", True),  # ☑ of another type than the other boxes
        (0.6, "人是", None),  # no box in this cell
    ],
)
def test_a_box_at_the_start_of_an_option(size: float, read: str, told: bool | None) -> None:
    other, boxes = _line("□一 □二", 130.0, 0.86, 0.86)
    other.cell = 1
    beside, plain = _line(read, 100.0, 0.86, 0.86)
    x0, top, x1, bottom = beside.bbox
    beside.bbox = (x0 + 5 * EM, top, x1 + 5 * EM, bottom)
    box = (x0 + 5.07 * EM, top + 0.1 * EM, x0 + 5.93 * EM, top + 0.96 * EM)
    plain = [Square(box, 0.0, 0.0, 1.0) for _ in plain]
    width = 2 * EM
    seen = (0.5 + 0.68 * size) * EM if size > 0.8 else 1.5 * EM
    piece = Piece((x0, top, x0 + width, bottom), Read("是", (seen / width,), (1.0,)), 0, 0.99)
    mark = _square(piece, 0.5 * EM, size * EM, inside=0.5, beyond=0.2, shade=0.6)
    pairs = glyphs_of([piece, beside, other], [mark, *plain, *boxes])
    found = [g.mark for g, _ in pairs if g.mark and g.mark.bbox == mark.bbox]
    assert [(m.ticked, m.confidence) for m in found] == ([(True, 0.85)] if told else [])


@pytest.mark.parametrize(("strokes", "left"), [([20.0, 27.0], "无"), ([8.0, 20.0, 27.0], "☑无")])
def test_a_box_read_where_there_is_nothing_but_paper(strokes: list[float], left: str) -> None:
    from extractor.readers.scan.missed import without_dust

    piece = Piece((5.0, 5.0, 60.0, 25.0), Read("☑无", (0.1, 0.35), (0.7, 0.99)), 0)
    without_dust(_Page(strokes, (55, 13)), [piece])  # type: ignore[arg-type]
    assert piece.read.text == left and len(piece.read.at) == len(left)
