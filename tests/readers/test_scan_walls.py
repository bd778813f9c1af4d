"""Walls that are pale, dotted or lost in places, and what only looks like one."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.readers.scan.ocr import available

pytestmark = pytest.mark.skipif(not available(), reason="rapidocr is not installed")
K = 200 / 72
"""Pixels of a point."""
ROWS, COLUMNS = (60, 84, 108, 150), (60, 160, 260, 400)


def _table(wall: str = "drawn") -> Any:
    """A table of three columns and rows; the wall at x = 160 is of this kind in the last row."""
    import cv2
    import numpy as np

    page = np.full((int(230 * K), int(460 * K)), 250, np.uint8)

    def line(x0: float, y0: float, x1: float, y1: float, ink: int = 40) -> None:
        cv2.line(page, (round(x0 * K), round(y0 * K)), (round(x1 * K), round(y1 * K)), ink, 2)

    for y in ROWS:
        line(COLUMNS[0], y, COLUMNS[-1], y)
    for x in COLUMNS:
        line(x, ROWS[0], x, ROWS[-2] if x == 160 else ROWS[-1])
    if wall == "drawn":
        line(160, 108, 160, 150)
    elif wall == "pale":
        line(160, 108, 160, 150, 205)
    elif wall == "dotted":
        for y in range(108, 150, 4):
            line(160, y, 160, y + 2)
    elif wall == "words":  # characters whose strokes stand above one another
        for y in (116, 130):
            cv2.putText(page, "HHEEH", (int(130 * K), int((y + 9) * K)), 0, 1.1, 40, 3)
    elif wall == "streak":  # dust on the scanner's glass
        line(210, 0, 210, 230, 205)
    return page


def _walls(page: Any) -> list[Any]:
    from extractor.readers.scan.faint import faint_walls
    from extractor.readers.scan.lines import find_lines

    rules, _ = find_lines(page, K)
    return [*rules, *faint_walls(page, rules, K)]


@pytest.mark.parametrize(
    ("wall", "seen"),
    [
        ("drawn", True),
        ("pale", True),
        ("dotted", True),
        ("missing", False),
        ("words", False),
        ("streak", False),
    ],
)
def test_a_wall_of_which_a_part_is_faint(wall: str, seen: bool) -> None:
    from extractor.readers.pdf.tables import find_grids

    [grid] = find_grids(_walls(_table(wall)), 460, 230)
    last = sorted((c for c in grid.cells if c.row == 2), key=lambda c: c.column)
    assert [c.column_span for c in last] == ([1, 1, 1] if seen else [2, 1])


@pytest.mark.parametrize("margin", [2.4, 3.0, 5.4])
def test_words_underlined_from_wall_to_wall(margin: float) -> None:
    """Lines under the words of a cell are no rows, and strokes that stand on them no walls."""
    import cv2

    from extractor.readers.pdf.tables import find_grids

    page = _table()
    left, right = 260 + margin, 400 - margin
    for y in (124, 140):
        cv2.putText(page, "HHEEHHEEH", (int((left + 2) * K), int((y - 2) * K)), 0, 1.1, 40, 3)
        cv2.line(page, (round(left * K), round(y * K)), (round(right * K), round(y * K)), 40, 2)
    rules = _walls(page)
    assert not [r for r in rules if r.horizontal and 110 < r.at < 148]
    [grid] = find_grids(rules, 460, 230)
    assert len([c for c in grid.cells if c.row == 2]) == 3
    assert len(grid.ys) == len(ROWS)


def test_level_strokes_of_bold_words_are_no_line_below_them() -> None:
    """They are neither a row of the table nor taken off the words as an underline."""
    import cv2

    from extractor.readers.scan.lines import find_lines

    page = _table()
    y = 132
    for x in range(268, 390, 12):
        cv2.line(
            page, (int((x + 5) * K), int((y - 5) * K)), (int((x + 5) * K), int((y + 5) * K)), 40, 4
        )
        cv2.line(
            page, (int((x + 9) * K), int((y - 5) * K)), (int((x + 9) * K), int((y + 5) * K)), 40, 4
        )
    cv2.line(page, (int(268 * K), int(y * K)), (int(392 * K), int(y * K)), 40, 3)
    rules, taken = find_lines(page, K)
    assert not [r for r in rules if r.horizontal and 112 < r.at < 146]
    assert not taken[int(y * K), int(300 * K)]


@pytest.mark.parametrize("drum", [False, True])
@pytest.mark.parametrize("slant", [0.0, 0.012, -0.012])
def test_a_streak_of_the_glass_leans_on_a_page_put_level(slant: float, drum: bool) -> None:
    """One of the printer's drum runs with the print."""
    import cv2

    from extractor.readers.scan.faint import faint_walls
    from extractor.readers.scan.lines import find_lines

    page = _table()
    leans = 0.0 if drum else slant
    ends = (round((330 - 115 * leans) * K), 0), (round((330 + 115 * leans) * K), int(230 * K))
    cv2.line(page, *ends, 205, 2)
    rules, _ = find_lines(page, K)
    found = [*rules, *faint_walls(page, rules, K, slant)]
    assert not [r for r in found if not r.horizontal and 322 < r.at < 338]


@pytest.mark.parametrize(("top", "kept"), [(84, True), (118, False)])
def test_a_stroke_below_where_a_wall_ends(top: float, kept: bool) -> None:
    """A part of a broken wall stands in the wall's row; in the merged one below it is a stroke."""
    from extractor.readers.pdf.pages import Rule
    from extractor.readers.scan.walls import _in_parts

    borders = [Rule(True, y, 60, 400) for y in (60, 108, 150)]
    wall = Rule(False, 160, 60, 76 if kept else 108)
    part = Rule(False, 160.4, top, top + 24)
    more = [Rule(False, 160, 20, 59)]
    assert _in_parts(part, [*more, wall, part], borders) is kept


def test_a_seals_rim_is_no_wall() -> None:
    import cv2

    page = _table()
    cv2.circle(page, (int(310 * K), int(160 * K)), int(56 * K), 60, 4)
    uprights = sorted({round(r.at) for r in _walls(page) if not r.horizontal})
    assert all(any(abs(x - c) <= 1 for c in COLUMNS) for x in uprights)


@pytest.mark.parametrize("size", [(50, 17), (20, 19), (180, 18)])
def test_a_loop_round_an_option(size: tuple[int, int]) -> None:
    import cv2
    import numpy as np

    from extractor.readers.scan.loops import find_loops, strokes
    from extractor.readers.scan.ticks import INK

    page = np.full((300, 800), 250, np.uint8)
    half = (int(size[0] * K / 2), int(size[1] * K / 2))
    cv2.ellipse(page, (400, 150), half, 2, 0, 340, 60, 3)
    cv2.rectangle(page, (20, 20), (60, 60), 60, 2)  # a box is none
    [loop] = find_loops(strokes(page, INK), K)
    assert loop[0] < 400 / K < loop[2] and loop[1] < 150 / K < loop[3]


@pytest.mark.parametrize("ring", [True, False])
def test_a_stroke_round_a_box_that_touches_the_words(ring: bool) -> None:
    import cv2
    import numpy as np

    from extractor.readers.scan.loops import strokes
    from extractor.readers.scan.ticks import INK, find_squares, judged

    page = np.full((200, 400), 250, np.uint8)
    cv2.rectangle(page, (80, 80), (106, 106), 60, 2)
    cv2.putText(page, "HE", (120, 106), 0, 1.0, 60, 3)
    if ring:
        cv2.ellipse(page, (93, 93), (34, 26), 0, 20, 340, 60, 3)
    squares = find_squares(page, strokes(page, INK), K)
    judged(squares, page, page, K)
    assert [s.ringed for s in squares if abs(s.bbox[0] - 80 / K) < 1] == [ring]


def _lines(*lines: tuple[float, float, float, float]) -> Any:
    import cv2
    import numpy as np

    page = np.full((int(400 * K), int(460 * K)), 250, np.uint8)
    for x0, y0, x1, y1 in lines:
        cv2.line(page, (round(x0 * K), round(y0 * K)), (round(x1 * K), round(y1 * K)), 40, 2)
    return page


def _completed(page: Any) -> list[Any]:
    from extractor.readers.scan.faint import whole

    rules = _walls(page)
    return [*rules, *whole(page, rules, K)]


def test_a_line_that_ends_in_the_middle_of_a_cell_goes_on() -> None:
    from extractor.readers.pdf.tables import find_grids

    level = [(60, y, 400, y) for y in (60, 90, 150)]
    broken = [(60, 120, 130, 120), (185, 120, 240, 120), (300, 120, 400, 120)]
    upright = [(x, 60, x, 150) for x in (60, 160, 260, 400)]
    [grid] = find_grids(_completed(_lines(*level, *broken, *upright)), 460, 400)
    assert [(c.row, c.row_span, c.column_span) for c in grid.cells] == [
        (row, 1, 1) for row in range(3) for _ in range(3)
    ]


def test_a_line_that_ends_at_a_wall_ends_there() -> None:
    from extractor.readers.pdf.tables import find_grids

    level = [(60, y, 400, y) for y in (60, 90, 150)]
    upright = [(x, 60, x, 150) for x in (60, 160, 260, 400)]
    [grid] = find_grids(_completed(_lines(*level, (160, 120, 260, 120), *upright)), 460, 400)
    spans = sorted((c.column, c.row, c.row_span) for c in grid.cells)
    assert spans == [(0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 1, 1), (1, 2, 1), (2, 0, 1), (2, 1, 2)]


def test_a_table_without_sides_has_them_and_lines_to_write_on_have_none() -> None:
    from extractor.readers.pdf.tables import find_grids

    level = [(60, y, 400, y) for y in (60, 90, 120, 150)]
    table = _completed(_lines(*level, (160, 60, 160, 150), (260, 60, 260, 150)))
    sides = sorted({round(r.at) for r in table if not r.horizontal})
    assert len(sides) == 4 and all(
        abs(a - b) <= 2 for a, b in zip(sides, (60, 160, 260, 400), strict=True)
    )
    [grid] = find_grids(table, 460, 400)
    assert len(grid.cells) == 9
    assert not [r for r in _completed(_lines(*level)) if not r.horizontal]


def test_a_wall_lost_for_one_row_has_text_on_both_sides() -> None:
    from extractor.readers.scan.faint import between

    level = [(60, y, 400, y) for y in (60, 90, 120, 150)]
    upright = [(60, 60, 60, 150), (400, 60, 400, 150), (200, 60, 200, 90), (200, 120, 200, 150)]
    page = _lines(*level, *upright)
    rules = _walls(page)
    apart = [(100.0, 99.0, 150.0, 111.0), (260.0, 99.0, 310.0, 111.0)]
    [found] = between(page, rules, apart, K)
    assert abs(found.at - 200) < 1 and abs(found.start - 90) < 3 and abs(found.end - 120) < 3
    assert not between(page, rules, apart[:1], K)


def test_parts_of_a_broken_wall_that_touch_no_line() -> None:
    level = [(60, y, 400, y) for y in (60, 360)]
    sides = [(60, 60, 60, 360), (400, 60, 400, 360)]
    parts = [(200, a, 200, b) for a, b in ((75, 120), (150, 175), (250, 270), (310, 330))]
    assert 200 in {round(r.at) for r in _completed(_lines(*level, *sides, *parts))}


def _cell(
    row: int, column: int, text: str, box: tuple[float, ...], *lines: tuple[float, ...]
) -> Any:
    from models.types import Cell, Line

    at = 0
    spans = []
    for part, line in zip(text.split("\n"), lines, strict=True):
        spans.append(Line(at, at + len(part), 1, line))
        at += len(part) + 1
    return Cell(row, column, 1, 1, text, bbox=box, page=1, lines=tuple(spans))


@pytest.mark.parametrize(
    ("figure", "sure"),
    [
        ((220, 66, 250, 76), True),
        ((220, 72, 250, 82), True),  # level with both lines of its label
        ((220, 88, 250, 98), False),  # between two labels
        ((300, 66, 330, 76), False),  # out of its column
    ],
)
def test_a_figure_without_walls_is_sure_where_its_place_tells_its_row(
    figure: tuple[float, ...], sure: bool
) -> None:
    from extractor.readers.scan.place import _level

    first = _cell(
        1, 1, "集群中小企业\n数量", (60, 60, 200, 90), (62, 64, 150, 74), (62, 78, 90, 88)
    )
    second = _cell(2, 1, "从业人员数量", (60, 90, 200, 120), (62, 100, 150, 110))
    others = [
        _cell(row, 2, "37", (200, y, 350, y + 30), (220, y + 6, 250, y + 16))
        for row, y in ((2, 90), (3, 120), (4, 150), (5, 180), (6, 210))
    ]
    own = _cell(1, 2, "25", (200, 60, 350, 90), figure)
    assert (id(own) in _level([first, own, second, *others])) is sure
    torn = _cell(3, 2, "11\n12", (200, 120, 350, 150), (220, 122, 250, 132), (220, 136, 250, 146))
    assert id(own) not in _level([first, own, second, *others, torn])


def test_strokes_over_an_underline_are_no_wall() -> None:
    import cv2

    frame = [(60, 60, 400, 60), (60, 120, 400, 120), (60, 60, 60, 120), (400, 60, 400, 120)]
    page = _lines(*frame, (110, 100, 300, 100))
    cv2.line(page, (round(150 * K), round(60 * K)), (round(150 * K), round(100 * K)), 205, 2)
    assert not [r for r in _walls(page) if not r.horizontal and abs(r.at - 150) < 4]


def test_strokes_of_characters_between_near_lines_are_no_wall() -> None:
    """In a row hardly higher than its text a stroke comes near both lines, below a wall or not."""
    level = [(60, y, 400, y) for y in (60, 160, 177)]
    sides = [(60, 60, 60, 177), (400, 60, 400, 177)]
    strokes = [(x, 162.4, x, 175.2) for x in (150, 200, 320)]
    page = _lines(*level, *sides, (200, 60, 200, 160), *strokes)
    low = [r for r in _completed(page) if not r.horizontal and r.start > 150 and r.end < 180]
    assert not [r for r in low if abs(r.at - 150) < 4 or abs(r.at - 320) < 4]


def test_a_stroke_over_an_underline_far_below_a_wall_is_none_of_it() -> None:
    level = [(60, y, 400, y) for y in (60, 160, 240, 300)]
    sides = [(60, 60, 60, 300), (400, 60, 400, 300)]
    page = _lines(*level, *sides, (200, 60, 200, 160), (110, 275, 300, 275), (200, 261, 200, 275))
    assert not [r for r in _walls(page) if not r.horizontal and abs(r.at - 200) < 4 and r.end > 200]


def test_a_row_that_the_pages_end_cuts_has_its_short_walls() -> None:
    from extractor.readers.pdf.tables import find_grids

    page = _lines(
        *((60, y, 400, y) for y in (96, 130, 170, 210)),
        *((x, 70, x, 210) for x in (60, 200, 400)),
        *((x, 70, x, 96) for x in (130, 260, 330)),
    )
    [grid] = find_grids(_walls(page), 460, 230)
    assert sum(c.row == 0 for c in grid.cells) == 5


@pytest.mark.parametrize("angle", [-0.9, 0.8, 0.9, None])
def test_a_crooked_page_is_no_photograph(angle: float | None) -> None:
    """Turned by an angle, lines run no more together than on paper; a camera held aslant is put
    right."""
    import cv2
    import numpy as np

    from extractor.readers.scan.image import PagePicture
    from extractor.readers.scan.photo import flat

    wide, high = 1170, 1650
    page = np.full((high, wide), 250, np.uint8)
    for y in range(200, 1450, 110):
        cv2.line(page, (180, y), (990, y), 60, 2)
    for x, top, low in ((180, 200, 1410), (300, 640, 1080), (480, 200, 1410), (640, 860, 1080)):
        cv2.line(page, (x, top), (x, low), 60, 2)
    if angle is None:
        corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        near = np.array([[60, 40], [1110, 0], [wide, high], [0, 1600]], np.float32)
        matrix = cv2.getPerspectiveTransform(corners, near)
    else:
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1)
        matrix = np.vstack([turn, [0, 0, 1]])
    seen = cv2.warpPerspective(page, matrix, (wide, high), borderValue=250)
    put = flat(PagePicture(1, cv2.cvtColor(seen, cv2.COLOR_GRAY2BGR), 595, 842))
    assert np.allclose(put.back, np.eye(3)) == (angle is not None)
    onto = np.linalg.inv(put.back) @ matrix  # from the page as drawn to the page put flat
    ends = np.array([[[180, 200], [990, 200], [180, 1410], [990, 1410]]], np.float32)
    a, b, c, d = cv2.perspectiveTransform(ends, onto)[0]
    for one, other in ((b - a, d - c), (c - a, d - b)):
        ways = [float(np.arctan2(w[1], w[0])) for w in (one, other)]
        assert abs(ways[0] - ways[1]) < 0.004


def test_strokes_below_a_line_that_walls_of_the_row_above_go_on_in() -> None:
    """Words stand close under a line across: where their strokes prolong the walls above, no
    page's end cuts these."""
    level = [(60, y, 400, y) for y in (60, 120, 190, 250)]
    sides = [(60, 60, 60, 250), (400, 60, 400, 250)]
    years = [(x, 60, x, 133.4) for x in (200, 300)]
    strokes = [(x, 120, x, 133.4) for x in (110, 150, 230, 330)]
    page = _lines(*level, *sides, *years, *strokes)
    low = [r for r in _walls(page) if not r.horizontal and r.start > 100 and r.end < 180]
    assert not low


def test_the_edges_of_the_sheet_are_no_table() -> None:
    from extractor.readers.scan.lines import without_edges

    sheet = [(3, 4, 456, 4), (3, 4, 3, 396), (456, 4, 456, 396)]
    table = [(60, y, 400, y) for y in (100, 160)] + [(x, 100, x, 160) for x in (60, 400)]
    rules = without_edges(_walls(_lines(*sheet, *table)), 460, 400)
    assert {round(r.at) for r in rules} == {60, 100, 160, 400}
    cropped = [(4, y, 456, y) for y in (100, 160)] + [(x, 100, x, 160) for x in (4, 456)]
    rules = without_edges(_walls(_lines(*cropped)), 460, 400)
    assert {round(r.at) for r in rules} == {4, 100, 160, 456}


@pytest.mark.parametrize(("ink", "told"), [(140, True), (40, False)])
def test_a_round_seal_of_a_grey_scan_is_paler_than_print(ink: int, told: bool) -> None:
    import cv2
    import numpy as np

    from extractor.readers.scan.image import without_grey_seals

    print_only = np.full((int(300 * K), int(400 * K)), 250, np.uint8)
    cv2.putText(print_only, "37.57  3.19", (int(140 * K), int(150 * K)), 0, 1.6, 30, 3)
    page = print_only.copy()
    middle = (int(200 * K), int(140 * K))
    cv2.circle(page, middle, int(56 * K), ink, 6)
    cv2.circle(page, middle, int(12 * K), ink, -1)
    page = np.minimum(page, print_only)
    clear, where = without_grey_seals(page, K)
    assert (where is not None) is told
    if told:
        seal = (page < 200) & (print_only > 240)
        assert (clear[seal] > 200).mean() > 0.9 and where[seal].mean() > 0.9
        assert (clear[print_only < 60] < 100).mean() > 0.95
    else:
        assert np.array_equal(clear, page)


def test_other_rings_and_words_are_no_seals() -> None:
    import cv2
    import numpy as np

    from extractor.readers.scan.image import without_grey_seals

    page = np.full((int(300 * K), int(400 * K)), 250, np.uint8)
    cv2.ellipse(page, (int(200 * K), int(140 * K)), (int(90 * K), int(20 * K)), 0, 0, 360, 140, 4)
    cv2.circle(page, (int(80 * K), int(80 * K)), int(14 * K), 140, 4)
    for y in range(40, 290, 14):
        cv2.putText(page, "HOMES OF CHEESE 2023", (int(20 * K), int(y * K)), 0, 1.1, 90, 2)
    assert without_grey_seals(page, K)[1] is None


def test_runs_that_surround_others_come_apart() -> None:
    """As OpenCV tells them: round another, at the picture's edge, and touching at a corner."""
    import cv2
    import numpy as np

    from extractor.readers.scan.lines import _middle, _runs_apart

    runs = np.zeros((60, 90), np.uint8)
    cv2.rectangle(runs, (10, 10), (60, 50), 1, 2)
    cv2.rectangle(runs, (20, 20), (40, 40), 1, 1)
    runs[30, 25:35] = runs[0, :30] = runs[40:, -1] = 1
    runs[55, 5:9] = runs[56, 9:12] = 1
    count, labels, stats, middles = cv2.connectedComponentsWithStats(runs)
    found = list(_runs_apart(runs))
    assert [box for box, _ in found] == [tuple(s[:4]) for s in stats[1:].tolist()]
    for index, ((x, y, w, h), mask) in enumerate(found, 1):
        assert (mask == (labels[y : y + h, x : x + w] == index)).all()
        middle = [_middle(mask, x, y, horizontal) for horizontal in (False, True)]
        assert middle == middles[index].tolist()
    assert len(found) == count - 1
    assert not list(_runs_apart(np.zeros((9, 9), np.uint8)))


@pytest.mark.parametrize(("drawn", "ends"), [(False, 100), (True, 114)])
def test_a_wall_ends_where_a_low_rows_words_begin(drawn: bool, ends: int) -> None:
    """The stroke of a character stands under the wall of the row above, a point from both lines."""
    import cv2
    import numpy as np

    from extractor.readers.scan.lines import find_lines

    page = np.full((round(150 * K), round(300 * K)), 255, np.uint8)

    def line(x0: float, y0: float, x1: float, y1: float) -> None:
        a, b, c, d = (round(v * K) for v in (x0, y0, x1, y1))
        cv2.line(page, (a, b), (c, d), 40, 2)

    for y in (20, 60, 100, 114):
        line(20, y, 280, y)
    for x in (20, 280):
        line(x, 20, x, 114)
    line(150, 20, 150, 100)
    line(150, 100, 150, 114) if drawn else line(150, 102, 150, 112)
    rules, taken = find_lines(page, K)
    [wall] = [r for r in rules if not r.horizontal and abs(r.at - 150) < 2]
    assert abs(wall.start - 20) < 2 and abs(wall.end - ends) < 2
    assert bool(taken[round(107 * K), round(150 * K)]) is drawn  # the stroke is read


@pytest.mark.parametrize(
    ("parts", "line", "ends"),
    [
        ([(60, 123), (140, 152)], (80, 240), True),  # words of one cell, two strokes of them
        ([(60, 123), (140, 152)], (162, 240), False),  # words of the cell behind the wall
        ([(60, 152)], (80, 240), False),  # drawn whole, however the words were boxed
        ([(60, 123), (140, 190)], (80, 240), False),  # the wall goes on in the row below
        ([(112, 125), (127, 148)], (148, 172), True),  # 主持 and 数量 below one another
    ],
)
def test_a_wall_goes_on_as_strokes_of_the_words_below_it(
    parts: list[tuple[float, float]], line: tuple[float, float], ends: bool
) -> None:
    import numpy as np

    from extractor.readers.pdf.pages import Rule
    from extractor.readers.scan.walls import crossed

    across = [Rule(True, y, 40, 400) for y in (60, 110, 150)]
    wall = [Rule(False, 160, a, b) for a, b in parts]
    boxes = [(line[0], 114.0 + n, line[1], 127.0 + n) for n in (0, 4, 8)]
    boxes.append((80, 134, 158, 147))  # a short last line
    page = np.full((int(200 * K), int(420 * K)), 250, np.uint8)
    for a, b in parts:
        page[round(a * K) : round(b * K), round(159.5 * K) : round(160.5 * K)] = 40
    found = crossed(page, [*across, *wall], boxes, K)
    assert found == ([(w, 110, 150) for w in wall] if ends else [])
