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

    from extractor.readers.scan.ticks import find_loops

    page = np.full((300, 800), 250, np.uint8)
    half = (int(size[0] * K / 2), int(size[1] * K / 2))
    cv2.ellipse(page, (400, 150), half, 2, 0, 340, 60, 3)
    cv2.rectangle(page, (20, 20), (60, 60), 60, 2)  # a box is none
    [loop] = find_loops(page, K)
    assert loop[0] < 400 / K < loop[2] and loop[1] < 150 / K < loop[3]


@pytest.mark.parametrize("ring", [True, False])
def test_a_stroke_round_a_box_that_touches_the_words(ring: bool) -> None:
    import cv2
    import numpy as np

    from extractor.readers.scan.ticks import find_squares, judged

    page = np.full((200, 400), 250, np.uint8)
    cv2.rectangle(page, (80, 80), (106, 106), 60, 2)
    cv2.putText(page, "HE", (120, 106), 0, 1.0, 60, 3)
    if ring:
        cv2.ellipse(page, (93, 93), (34, 26), 0, 20, 340, 60, 3)
    squares = find_squares(page, np.zeros(page.shape, bool), K)
    judged(squares, page, page, K)
    assert [s.ringed for s in squares if abs(s.bbox[0] - 80 / K) < 1] == [ring]
