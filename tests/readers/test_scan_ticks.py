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
    import numpy as np

    from extractor.readers.scan.ticks import find_squares

    page = _page(border, stroke, shine=235)
    [square] = find_squares(page, np.zeros(page.shape, bool), K)
    assert abs(square.bbox[0] - 60 / K) < 1 and square.ticked is (stroke is not None)
    assert square.pale is (border > 185) and (square.sure > 0.9) is not square.pale


def test_strokes_beyond_a_pale_border() -> None:
    import cv2
    import numpy as np

    from extractor.readers.scan.ticks import Place, crossed_squares, find_squares

    page = _page(205, 90)
    cv2.line(page, (75, 87), (110, 50), 90, 3)
    found = find_squares(page, np.zeros(page.shape, bool), K)
    places = [Place((50 / K, 40 / K, 130 / K, 110 / K), [34 / K])]
    squares = [*found, *crossed_squares(page, K, places, found)]
    assert [s.ticked for s in squares] == [True]
