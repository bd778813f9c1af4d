"""What a piece of a scanned line says, where the recogniser alone would be wrong or too sure."""

from __future__ import annotations

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
