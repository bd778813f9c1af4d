"""Tick boxes in pixels: thin borders that a scanner has left pale."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.readers.scan.ocr import available

pytestmark = pytest.mark.skipif(not available(), reason="rapidocr is not installed")
K = 200 / 72
"""Pixels of a point."""


def _page(border: int, stroke: int | None, shine: int = 255) -> Any:
    """A box of 12 points, perhaps a tick in it, and the same box shining through beside it."""
    import cv2
    import numpy as np

    page = np.full((160, 400), 255, np.uint8)
    cv2.rectangle(page, (60, 60), (93, 93), border, 1)
    if stroke is not None:
        cv2.line(page, (66, 76), (75, 87), stroke, 3)
        cv2.line(page, (75, 87), (90, 66), stroke, 3)
    cv2.rectangle(page, (260, 60), (293, 93), shine, 1)
    return page


@pytest.mark.parametrize("border", [90, 170, 205])
@pytest.mark.parametrize("stroke", [None, 90])
def test_pale_borders_are_boxes_but_ask_for_a_look(border: int, stroke: int | None) -> None:

    from extractor.readers.scan.loops import strokes
    from extractor.readers.scan.ticks import INK, find_squares

    page = _page(border, stroke, shine=235)
    [square] = find_squares(page, strokes(page, INK), K)
    assert abs(square.bbox[0] - 60 / K) < 1 and square.ticked is (stroke is not None)
    assert square.pale is (border > 185) and (square.sure > 0.9) is not square.pale


def test_strokes_beyond_a_pale_border() -> None:
    import cv2

    from extractor.readers.scan.frames import Place, crossed_squares
    from extractor.readers.scan.loops import strokes
    from extractor.readers.scan.ticks import INK, find_squares

    page = _page(205, 90)
    cv2.line(page, (75, 87), (110, 50), 90, 3)
    found = find_squares(page, strokes(page, INK), K)
    places = [Place((50 / K, 40 / K, 130 / K, 110 / K), [34 / K])]
    squares = [*found, *crossed_squares(page, K, places, found)]
    assert [s.ticked for s in squares] == [True]


def _crossed(side: int, strokes: list[tuple[int, int, int, int]], border: int = 190) -> Any:
    """A box whose left upper corner is at 100, 60, with strokes from and to points beside that."""
    import cv2
    import numpy as np

    page = np.full((160, 400), 255, np.uint8)
    cv2.rectangle(page, (100, 60), (100 + side, 60 + side), border, 1)
    for x0, y0, x1, y1 in strokes:
        cv2.line(page, (100 + x0, 60 + y0), (100 + x1, 60 + y1), 90, 4)
    return page


def test_a_tick_that_closes_a_smaller_square_leaves_the_box_as_large_as_the_others() -> None:
    import cv2

    from extractor.readers.scan.frames import Place, crossed_squares

    page = _crossed(24, [(-2, 12, 8, 22), (8, 22, 30, -8)])
    cv2.rectangle(page, (103, 60), (119, 76), 150, 1)  # darker, of two strokes and the border
    where = (90 / K, 45 / K, 140 / K, 100 / K)
    rooms = Place(where, [16 / K, 24 / K], True)
    [guess] = crossed_squares(page, K, [rooms], [])
    assert guess.side < 20 / K
    [box] = crossed_squares(page, K, [Place(where, [24 / K]), rooms], [])
    assert abs(box.side - 25 / K) < 0.5 and box.ticked
    # and where the size was told by a later look only
    [box] = crossed_squares(page, K, [Place(where, [24 / K])], [guess])
    assert abs(box.side - 25 / K) < 0.5 and box.ticked


def test_a_cross_that_makes_a_frame_with_the_next_character_hides_no_box() -> None:
    import cv2

    from extractor.readers.scan.frames import Place, crossed_squares

    page = _crossed(24, [(-4, -2, 27, 26), (-4, 26, 27, -2)], border=195)
    for line in ((119, 61, 143, 61), (119, 83, 143, 83), (119, 61, 119, 83), (142, 61, 142, 83)):
        cv2.line(page, line[:2], line[2:], 120, 1)
    place = Place((90 / K, 45 / K, 160 / K, 100 / K), [24 / K])
    found = crossed_squares(page, K, [place], [])
    assert any(abs(s.bbox[0] - 100 / K) < 0.8 and s.ticked for s in found)


@pytest.mark.parametrize(
    ("stroke", "ticked"),
    [
        ([(-6, 18, 8, 33), (8, 33, 37, 5)], True),  # low, through two of its corners
        ([(-10, 32, 34, 26)], None),  # along its lower side: that of the box below
    ],
)
def test_a_stroke_through_the_corner_of_a_box_ticks_it_but_asks_for_a_look(
    stroke: list[tuple[int, int, int, int]], ticked: bool | None
) -> None:
    from extractor.readers.scan.frames import Place, crossed_squares
    from extractor.readers.scan.ticks import judged

    page = _crossed(24, stroke, border=150)
    [square] = crossed_squares(page, K, [Place((90 / K, 40 / K, 140 / K, 105 / K), [24 / K])], [])
    assert square.inside <= 0.025
    judged([square], page, page, K)
    assert square.ticked is ticked and square.sure < 0.9


@pytest.mark.parametrize(
    ("own", "told"),
    [(None, [True, False]), ((-8, 4, -2, 30), [True, None])],  # its own stroke, beside its inside
)
def test_the_tick_of_the_next_box_does_not_tick_the_box_it_touches(
    own: tuple[int, int, int, int] | None, told: list[bool | None]
) -> None:
    import cv2

    from extractor.readers.scan.frames import Place, crossed_squares
    from extractor.readers.scan.ticks import judged

    strokes = [(-4, -26, 2, 4)] if own else []
    page = _crossed(24, strokes, border=150)
    cv2.rectangle(page, (100, 100), (123, 123), 90, 1)
    cv2.line(page, (104, 110), (111, 118), 60, 4)
    cv2.line(page, (111, 118), (124, 80), 60, 4)  # up to the lower border of the upper box
    place = Place((80 / K, 30 / K, 150 / K, 140 / K), [24 / K])
    squares = sorted(crossed_squares(page, K, [place], []), key=lambda s: -s.bbox[1])
    judged(squares, page, page, K)
    assert [s.ticked for s in squares] == told
    if not own:
        assert squares[1].sure > 0.9


@pytest.mark.parametrize(
    ("first", "sure", "told"),
    [
        ("", 1.0, [False, True, False, False]),  # nothing was read there
        ("屋", 0.6, [False, True, False, False]),
        ("屋", 0.98, [False, False, False]),  # a word's first character
    ],
)
def test_a_scribble_in_a_column_of_boxes_is_one_of_them(
    first: str, sure: float, told: list[bool]
) -> None:
    """Its border is gone under the strokes: the boxes above and below tell that it is there."""
    import cv2
    import numpy as np

    from extractor.readers.scan.columns import in_columns
    from extractor.readers.scan.frames import crossed_squares
    from extractor.readers.scan.glyphs import glyphs_of, places_of_boxes
    from extractor.readers.scan.loops import strokes
    from extractor.readers.scan.ocr import Read
    from extractor.readers.scan.pieces import Piece
    from extractor.readers.scan.ticks import INK, find_squares, judged

    page = np.full((400, 600), 255, np.uint8)
    pieces = []
    for n in range(4):
        y = 60 + 50 * n
        scribbled = n == 1
        text = (first if scribbled else "□") + "一个选项"
        sures = (sure if scribbled else 1.0,) * (len(text) - 4) + (1.0,) * 4
        if scribbled:
            for k in range(6):
                cv2.line(page, (98, y + 2 + 4 * k), (126, y + 1 + 4 * k), 60, 3)
        if not scribbled or first:
            cv2.rectangle(page, (100, y), (123, y + 23), 60, 2)
        left = 130 if scribbled and not first else 96
        box = (left / K, (y - 5) / K, 270 / K, (y + 29) / K)
        places = [112.0][: len(text) - 4] + [150.0 + 33 * i for i in range(4)]
        at = tuple((x - left) / (270 - left) for x in places)
        pieces.append(Piece(box, Read(text, at, sures), 0, 0.99))
    squares = find_squares(page, strokes(page, INK), K)
    squares += crossed_squares(page, K, places_of_boxes(pieces, squares), squares)
    seen = [g.mark.bbox for g, _ in glyphs_of(pieces, squares) if g.mark and g.mark.bbox]
    in_columns(pieces, squares, seen, page, K)
    judged(squares, page, page, K)
    marks = sorted((g.base, g.mark) for g, _ in glyphs_of(pieces, squares) if g.mark)
    assert [m.ticked for _, m in marks] == told
