"""Pictures of tick boxes: an outline with or without something in it."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from extractor.readers.box_picture import ticked

Points = list[tuple[int, int]]
TICK: Points = [(8, 16), (14, 24), (25, 6)]


def box(side: int = 32, *, rim: int = 2, round_: bool = False, ink: str = "black") -> Image.Image:
    picture = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(picture)
    shape = draw.ellipse if round_ else draw.rectangle
    shape((3, 3, side - 4, side - 4), outline=ink, width=rim)
    return picture


def with_tick(picture: Image.Image, points: Points = TICK, width: int = 3) -> Image.Image:
    at = [(x * picture.width // 32, y * picture.height // 32) for x, y in points]
    ImageDraw.Draw(picture).line(at, fill="red", width=width)
    return picture


EMPTY = {
    "plain": box(),
    "large": box(300, rim=12),
    "tiny": box(12, rim=1),
    "grey": box(ink="#888888"),
    "round": box(round_=True),
    "thick": box(rim=5),
    "at the very edge": box().crop((3, 3, 29, 29)),
    "see-through": box().convert("RGBA"),
    "palette": box().convert("P"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_in_the_box(name: str) -> None:
    assert ticked(EMPTY[name]) is False


@pytest.mark.parametrize("name", EMPTY)
def test_a_tick_in_the_box(name: str) -> None:
    picture = EMPTY[name].convert("RGB").copy()
    assert ticked(with_tick(picture, width=max(1, picture.width // 12))) is True


@pytest.mark.parametrize(
    "picture",
    [
        with_tick(box(), [(4, 16), (14, 26), (31, 0)]),
        with_tick(with_tick(box(), [(6, 6), (25, 25)]), [(6, 25), (25, 6)]),
    ],
    ids=["over the edge", "cross"],
)
def test_other_marks_in_the_box(picture: Image.Image) -> None:
    assert ticked(picture) is True


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (32, 32), "white"),
        Image.new("RGB", (32, 32), "black"),
        Image.new("L", (2, 2), 0),
        with_tick(Image.new("RGB", (32, 32), "white")),
        box(ink="#f0f0f0"),
    ],
    ids=["blank", "black", "no size", "a tick alone", "hardly there"],
)
def test_no_box_to_be_told(picture: Image.Image) -> None:
    assert ticked(picture) is None
