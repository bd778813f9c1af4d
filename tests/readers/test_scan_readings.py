"""What a piece of a scanned line says, where the recogniser alone would be wrong or too sure."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from extractor.readers.scan.ocr import Read, available
from extractor.readers.scan.page import Upright
from extractor.readers.scan.pieces import Ink, Piece
from extractor.readers.scan.readings import read_pieces
from extractor.readers.scan.setting import set_lines

pytestmark = pytest.mark.skipif(not available(), reason="rapidocr is not installed")
K = 3.0
"""Pixels of a point."""
EM = 12.0


class _Engine:
    """Reads what it is told to, one answer after the other."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def read(self, pictures: list[Any]) -> list[Read]:
        return [_read(self.answers.pop(0)) for _ in pictures]


def _read(text: str, places: list[float] | None = None, width: float = 0.0) -> Read:
    n = max(len(text), 1)
    at = [p / width for p in places] if places else [(i + 0.5) / n for i in range(len(text))]
    return Read(text, tuple(at), (1.0,) * len(text))


def _page(width: int = 300, height: int = 60) -> tuple[Any, Any]:
    import numpy as np

    page = object.__new__(Upright)
    pixels = np.full((int(height * K), int(width * K)), 250, np.uint8)
    page.per_point, page.bare, page.even, page.pixels, page.seal = K, pixels, pixels, pixels, None
    page.read = {}
    return page, pixels


def _block(pixels: Any, x0: float, top: float, x1: float, bottom: float, ink: int = 30) -> None:
    pixels[round(top * K) : round(bottom * K), round(x0 * K) : round(x1 * K)] = ink


@pytest.mark.parametrize(
    ("dot", "over", "sure"),
    [
        (None, None, True),
        ((27.4, 28.8), None, False),  # a point that was not read
        ((31.0, 32.4), (31.0, 36.0), True),  # the end of a 5, below its upper stroke
    ],
)
def test_a_point_that_was_not_read(
    dot: tuple[float, float] | None, over: tuple[float, float] | None, sure: bool
) -> None:
    """A point stands free; what hangs below a stroke of its digit is the digit's own."""
    page, pixels = _page()
    for x in (20.0, 30.5, 37.0):
        _block(pixels, x, 20, x + 4.5 if x != 30.5 else x + 1.0, 29)
    if over:
        _block(pixels, over[0], 20, over[1], 21.2)
    if dot:
        _block(pixels, dot[0], 27.4, dot[1], 29)
    piece = Piece((15, 17, 48, 32), cell=0)
    read_pieces(page, [piece], [(10, 10, 60, 40)], _Engine("158", "158"))
    assert (piece.read.text, piece.sure >= 0.9) == ("158", sure)


@pytest.mark.parametrize(
    ("first", "second", "text"), [("i2", "12", "12"), ("1O", "10", "10"), ("C类", "C类", "C类")]
)
def test_letters_among_digits_are_digits_to_look_at(first: str, second: str, text: str) -> None:
    page, pixels = _page()
    for x in (20, 27):
        _block(pixels, x, 20, x + 4, 29)
    piece = Piece((15, 17, 48, 32), cell=0)
    read_pieces(page, [piece], [(10, 10, 60, 40)], _Engine(first, second))
    assert piece.read.text == text
    assert piece.sure < 0.9 or text == "C类"


def test_a_character_that_was_skipped() -> None:
    """市工业 read as 市业: there is room and ink for one more, which is read again."""
    page, pixels = _page()
    _block(pixels, 20, 20, 20 + 8 * EM, 31)
    text = "莱阳市业和信息"
    places = [EM * (n + 0.5 + (n > 2)) for n in range(len(text))]
    piece = Piece((20, 18, 20 + 8 * EM, 33))
    engine = _Engine(text, "市工业")
    engine.read = lambda pictures, read=engine.read: (  # type: ignore[method-assign]
        [_read(text, places, 8 * EM)] if engine.answers[0] == text and engine.answers.pop(0)
        else read(pictures)
    )  # fmt: skip
    read_pieces(page, [piece], [], engine)
    assert piece.read.text == "莱阳市工业和信息"
    assert piece.sure <= 0.5


@pytest.mark.parametrize(("answers", "text"), [(("", "局", "局"), "局"), (("", "局", "居"), "")])
def test_a_lone_character_that_said_nothing(answers: tuple[str, ...], text: str) -> None:
    page, pixels = _page()
    _block(pixels, 20, 20, 31, 31)
    piece = Piece((18, 17, 36, 36))
    read_pieces(page, [piece], [], _Engine(*answers))
    assert piece.read.text == text


@pytest.mark.parametrize(
    ("text", "wide", "set_as"),
    [
        ("(1)2024年", "()", "（1）2024年"),
        ("（1）2024年", "", "(1)2024年"),
        ("目标(2023)年度", "()", "目标（2023）年度"),
        ("投入(R&D)经费", "", "投入(R&D)经费"),
        ("(一)总体思路", "()", "（一）总体思路"),
        ("R&D(2)", "()", "R&D(2)"),  # nothing Chinese beside it
    ],
)
def test_brackets_are_as_wide_as_their_room(text: str, wide: str, set_as: str) -> None:
    """Of the brackets in `wide` the outer half of an em is blank; others are half an em wide."""
    x, places, inked = 50.0, [], []
    for char in text:
        full = bool(wide) if char in "()（）" else char >= "\u3400"
        room = EM if full else EM / 2
        left, right = x + 0.05 * EM, x + room - 0.05 * EM
        if char in "()（）":
            left, right = (right - 3, right) if char in "(（" else (left, left + 3)
        places.append(x + room / 2)
        inked.append((left, right))
        x += room
    runs = [inked[0]]
    for left, right in inked[1:]:
        if left - runs[-1][1] > 2.5:
            runs.append((left, right))
        else:
            runs[-1] = (runs[-1][0], right)
    at = tuple((p - 50) / (x - 50) for p in places)
    piece = Piece((50, 100, x, 115), Read(text, at, (0.99,) * len(text)), -1, 0.99)
    piece.ink = Ink(101, 113, tuple(runs))
    [line] = set_lines([piece])
    assert "".join(g.text for g in line.glyphs) == set_as


def test_boxes_over_one_line_are_one() -> None:
    from extractor.readers.scan.page import as_lines

    line, half, tail = (73.0, 445.0, 205.0, 459.0), (73.0, 440.0, 131.0, 451.0), (73, 461, 205, 475)
    assert as_lines([line, half, tail]) == [(73, 440, 205, 459), tail]


@pytest.mark.parametrize(
    ("end", "wall", "boxes", "begins"),
    [
        (97, 100, ((18, 99), (94, 165)), 101),  # what the second takes along is the first's end
        (86, 93, ((18, 107), (102, 165)), 102),  # the first takes a stroke of the second along
    ],
)
def test_a_box_that_reaches_over_the_wall_takes_no_text_along(
    end: float, wall: float, boxes: tuple[tuple[float, float], ...], begins: int
) -> None:
    from extractor.readers.scan.pieces import cut

    page, pixels = _page()
    _block(pixels, 20, 20, end, 31)
    _block(pixels, 105, 20, 160, 31)
    cells = [(10.0, 10.0, wall, 40.0), (wall, 10.0, 200.0, 40.0)]
    pieces = cut(page, [(x0, 18, x1, 33) for x0, x1 in boxes], cells)
    assert sorted((p.cell, round(p.bbox[0])) for p in pieces) == [(0, 18), (1, begins)]


@pytest.mark.parametrize(("figure", "kept"), [(False, 2), (True, 3)])
def test_the_last_stroke_of_a_line_out_of_its_box_is_no_one(figure: bool, kept: int) -> None:
    """问 ends in an upright stroke: where the box of the next cell takes that along, it is no 1."""
    from extractor.readers.scan.pieces import cut

    page, pixels = _page()
    _block(pixels, 20, 20, 80, 31)
    _block(pixels, 91, 20, 92.4, 31) if figure else _block(pixels, 83.6, 20, 84.6, 31)
    _block(pixels, 105, 20, 160, 31)
    cells = [(10.0, 10.0, 93.0, 40.0), (93.0, 10.0, 200.0, 40.0)]
    assert len(cut(page, [(18, 18, 84, 33), (82, 18, 165, 33)], cells)) == kept


def _option(pixels: Any, top: float) -> None:
    """A box and a word of 11 points' type, their strokes thin."""
    for side in ((20, top, 29, top + 0.7), (20, top + 8.3, 29, top + 9)):
        _block(pixels, *side)
    for side in ((20, top, 20.7, top + 9), (28.3, top, 29, top + 9)):
        _block(pixels, *side)
    for at in (0.0, 3.0, 6.0, 9.0):
        _block(pixels, 33, top + at, 43, top + at + 0.7)
    _block(pixels, 37.6, top, 38.4, top + 9.7)


@pytest.mark.parametrize(
    ("stroke", "lines"),
    [((18, 28, 40, 6), 2), (None, 2), ((24, 36, 40, 8), 1)],
    ids=["a tick through both", "close to one another", "a stroke below one line"],
)
def test_lines_that_a_pens_stroke_joins_are_told_apart(
    stroke: tuple[float, ...] | None, lines: int
) -> None:
    import cv2

    from extractor.readers.scan.pieces import in_rows

    page, pixels = _page()
    _option(pixels, 12)
    if lines == 2:
        _option(pixels, 26)
    if stroke is not None:
        a, b, c, d = (round(v * K) for v in stroke)
        cv2.line(pixels, (a, b), (c, d), 60, round(2 * K))
    rows = in_rows(page, Piece((14, 9, 52, 38), cell=0), 13.0)
    assert len(rows) == lines
    if lines == 2:
        assert 21 < rows[0].bbox[3] == rows[1].bbox[1] < 26
    assert len(in_rows(page, Piece((14, 9, 52, 38)), 13.0)) == 1  # a title of large type


@pytest.mark.parametrize(("gap", "lines"), [(1.0, 2), (0.0, 1)])
def test_the_last_character_of_a_wrapped_label_is_a_line(gap: float, lines: int) -> None:
    """It has little ink beside the line above it; what hangs on to that is a stroke."""
    from extractor.readers.scan.pieces import in_rows

    page, pixels = _page()
    for n in range(9):
        _block(pixels, 20 + 11 * n, 12, 29 + 11 * n, 22)
    _block(pixels, 20, 22 + gap, 22, 32)
    rows = in_rows(page, Piece((18, 10, 122, 34), cell=0), 13.0)
    assert len(rows) == lines


def test_a_box_over_two_cells_is_cut_at_their_wall() -> None:
    from extractor.readers.scan.pieces import cut

    page, pixels = _page()
    _option(pixels, 12)
    _option(pixels, 32)
    usual = [(200.0, 10.0 + n, 260.0, 23.0 + n) for n in (0, 20)]
    for box in usual:
        _block(pixels, 202, box[1] + 2, 258, box[3] - 2)
    cells = [(10.0, 8.0, 100.0, 27.0), (10.0, 27.0, 100.0, 48.0)]
    pieces = cut(page, [(14, 10, 52, 44), *usual], cells)
    assert sorted((p.cell, round(p.bbox[1])) for p in pieces if p.cell >= 0) == [(0, 10), (1, 27)]


def test_slices_of_a_seal_along_the_sheets_edge_are_no_text() -> None:
    from extractor.readers.scan.pieces import on_sheet

    boxes = {
        "一是加强组织领导。": (70, 100, 520, 112),
        "X": (584, 380, 590, 386),
        "1": (290, 800, 297, 812),
    }
    pieces = [Piece(box, _read(text)) for text, box in boxes.items()]
    left, right = on_sheet(pieces, 595.0)
    assert [p.read.text for p in pieces if left <= p.bbox[2] and p.bbox[0] <= right] == [
        "一是加强组织领导。", "1",
    ]  # fmt: skip


@pytest.mark.parametrize(("answers", "found", "unread"), [(("2", "2"), 1, 0), (("2", "7"), 0, 1)])
def test_a_figure_behind_a_label_that_was_not_found(
    answers: tuple[str, str], found: int, unread: int
) -> None:
    """Its stroke is broken: the halves are read as one, or the cell asks for a look."""
    from extractor.readers.scan.missed import missed

    page, pixels = _page(400, 120)
    labels = ["绿色工厂数量4", "绿色工业园区数量0", "绿色供应链管理企业数量", "绿色设计产品数量12"]
    pieces = []
    for n, text in enumerate(labels * 2):
        top = 12 + 13 * n
        _block(pixels, 20, top, 20 + 11 * len(text), top + 10)
        box = (19.0, top - 1.0, 21.0 + 11 * len(text), top + 11.0)
        pieces.append(Piece(box, _read(text), 0, 0.97))
    _block(pixels, 170, 39, 175, 43)
    _block(pixels, 170, 44, 175, 48)
    got, left = missed(page, pieces, [(10, 8, 390, 118)], [], _Engine(*answers))
    assert (len(got), len(left)) == (found, unread)
    assert all(p.read.text == "2" for p in got)


@pytest.mark.parametrize(
    ("drawn", "answers", "said"),
    [
        ("tick", ("(W", "√)"), "（√）"),
        ("nothing", ("（", "(2"), "（）"),
        ("speck", ("（", "(2"), None),
        ("one bracket", ("（", "L2"), None),
    ],
)
def test_brackets_behind_an_option_that_were_not_found(
    drawn: str, answers: tuple[str, str], said: str | None
) -> None:
    """They are read as nearly anything: the ink between them tells."""
    import cv2

    from extractor.readers.scan.missed import missed

    page, pixels = _page(400, 60)
    options = [("创业辅导（√）", 12.0), ("信息服务", 30.0)]
    pieces = []
    for text, top in options:
        _block(pixels, 20, top, 20 + 11 * len(text), top + 10)
        box = (19.0, top - 1.0, 21.0 + 11 * len(text), top + 11.0)
        pieces.append(Piece(box, _read(text), 0, 0.97))
    ends = ((75, 0), (95, 180)) if drawn != "one bracket" else ((75, 0),)
    for x, turn in ends:
        centre = (round((x + (3 if not turn else -3)) * K), round(35 * K))
        cv2.ellipse(pixels, centre, (7, 16), turn, 110, 250, 30, 3)
    if drawn == "tick":
        cv2.line(pixels, (round(80 * K), round(35 * K)), (round(84 * K), round(40 * K)), 30, 4)
        cv2.line(pixels, (round(84 * K), round(40 * K)), (round(90 * K), round(29 * K)), 30, 4)
    elif drawn == "speck":
        _block(pixels, 83, 33, 85, 37)
    got, _ = missed(page, pieces, [(10, 8, 390, 58)], [], _Engine(*answers))
    assert [p.read.text for p in got] == ([said] if said else [])


def test_words_beside_a_tick_that_the_detector_took_for_its_end() -> None:
    """The stroke belongs to its box; what is left over is read by itself."""
    import cv2

    from extractor.readers.scan.missed import missed

    page, pixels = _page(400, 120)
    _block(pixels, 40, 42, 50, 52)
    box = (70.0, 42.0, 80.0, 52.0)
    x0, y0, x1, y1 = (round(v * K) for v in box)
    cv2.rectangle(pixels, (x0, y0), (x1, y1), 30, 2)
    ends = [(66, 44), (74, 51), (92, 26)]
    for (a, b), (c, d) in pairwise(ends):
        cv2.line(pixels, (round(a * K), round(b * K)), (round(c * K), round(d * K)), 30, 4)
    _block(pixels, 83, 43, 92, 53)
    piece = Piece((38.0, 41.0, 52.0, 53.0), _read("是"), 0, 0.97)
    got, left = missed(page, [piece], [(10, 8, 390, 118)], [box], _Engine("否", "否"))
    assert [p.read.text for p in got] == ["否"] and not left
    assert got[0].bbox[0] > 80


def test_a_line_that_was_read_to_put_the_page_upright_is_not_read_again() -> None:
    page, pixels = _page()
    _block(pixels, 20, 20, 50, 31)
    boxes = [(18.0, 17.0, 60.0, 33.0), (80.0, 17.0, 120.0, 33.0)]
    page.read = {boxes[0]: _read("集群名称")}
    pieces = [Piece(box) for box in boxes]
    read_pieces(page, pieces, [], _Engine("申报单位"))
    assert [p.read.text for p in pieces] == ["集群名称", "申报单位"]


def test_a_line_is_read_alike_beside_any_other() -> None:
    """Lines padded to a longer one's width come out otherwise, figures among them."""
    import cv2
    import numpy as np

    from extractor.readers.scan.ocr import Engine

    def line(text: str) -> Any:
        picture = np.full((48, 26 * len(text) + 20, 3), 255, np.uint8)
        cv2.putText(picture, text, (10, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (30, 30, 30), 2)
        return picture

    engine = Engine(1)
    alone = engine.read([line("12.5%")])
    beside = engine.read([line("12.5%"), line("31415926535 of 27182818284590 and 16180")])
    assert alone == beside[:1]
    assert alone[0].text == "12.5%"


@pytest.mark.parametrize(
    ("drawn", "read", "again", "said"),
    [
        ("dash", "数量：二个", [], "数量：—个"),
        ("two", "数量：二个", ["二"], "数量：二个"),  # the numeral itself
        ("slash", "数量：个", [], "数量：/个"),
        ("nought", "数量：o个", ["O"], "数量：0个"),
        ("nought", "数量：个（需提供清单）", ["12"], "数量：12个（需提供清单）"),
        ("nought", "数量：个", ["名"], "数量：个"),  # no figure either
        ("nothing", "数量：个", [], "数量：个"),
        ("dash", "总数量一", [], "总数量—"),
        ("broken dash", "总数量一", [], "总数量—"),
        ("dash", "数量：一", [], "数量：—"),
        ("slash", "总数量L", [], "总数量/"),
        ("dash", "总数量一（需提供清单）", [], "总数量—（需提供清单）"),
    ],
)
def test_a_count_on_its_line_before_its_unit(
    drawn: str, read: str, again: list[str], said: str
) -> None:
    import cv2

    from extractor.readers.scan.readings import _read_counted

    page, pixels = _page()
    places = [20.0, 32.0, 42.0, *([58.0] if "：个" not in read else [])]
    places += [78.0] if "一（" in read else []
    places += [76.0] if "个" in read else []
    places += [88.0 + 12 * n for n in range(len(read) - len(places))]
    width = places[-1] + 6 - 14
    if drawn == "two":
        _block(pixels, 55, 20.5, 61, 21.3)
        _block(pixels, 53, 29, 63, 29.8)
    else:
        _block(pixels, 48, 30, 70, 30.8)
    if "：一" in read:
        _block(pixels, 41, 20, 42.5, 21.5)
        _block(pixels, 41, 26, 42.5, 27.5)
    if drawn == "dash":
        _block(pixels, 53, 23.5, 64, 24.3)
    elif drawn == "broken dash":  # thin, on grained paper
        _block(pixels, 53, 23.6, 56, 24.1)
        _block(pixels, 57, 23.6, 64, 24.1)
    elif drawn == "slash":
        cv2.line(pixels, (round(55 * K), round(28 * K)), (round(60 * K), round(19 * K)), 30, 2)
    elif drawn == "nought":
        cv2.ellipse(pixels, (round(58 * K), round(24 * K)), (8, 13), 0, 0, 360, 30, 2)
    piece = Piece((14.0, 16.0, 14.0 + width, 31.5), Read(), 0)
    piece.read = _read(read, [x - 14 for x in places], width)
    piece.sure = 0.99
    _read_counted(page, [piece], _Engine(*again))  # type: ignore[arg-type]
    assert piece.read.text == said and (piece.sure < 0.9) == (said != read)
    assert len(piece.read.at) == len(piece.read.sures) == len(said)
