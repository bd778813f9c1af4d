"""口 in recognised text: the character, or an empty box that was read as one."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.scan.pieces import Piece
from extractor.readers.scan.ticks import Square, alike

MOUTH = "口囗"
_WORDS_BEFORE = "出进人港路窗入关缺胃户门井海接端风创领河山道闸岔龙周营汉家虎湖溪牙泊渡"
_WORDS_AFTER = "径岸碑号感罩腔味头语粮令袋子述腹服供"


def is_mouth(
    square: Square, glyph: Glyph, line: Sequence[Glyph], near: Sequence[Square], piece: Piece,
    size: float, sides: Sequence[float], above: str,
) -> bool:  # fmt: skip
    """Whether 口 is the character, and not an empty box that was read as one.

    A box begins an option: it stands at the start of a line, behind a blank or a mark. Between
    two characters that it touches it is a box only beside a box of the same size that does; at
    the start of a line that another runs over into, only where the page has such boxes.
    """
    if glyph.text not in MOUTH:
        return False
    if is_word(glyph, line, size):
        return True
    if square.ticked:
        return False
    known = alike(square.side, sides)
    before = [g for g in line if g.x0 < glyph.x0 and g is not glyph]
    if not before:
        return not known and above >= "\u3400"
    if starts(square, piece, size):
        return False
    if known and ends(square, piece, size):  # 是□ 否□
        return False
    return not any(
        s is not square and abs(s.side - square.side) <= 0.08 * square.side
        and starts(s, piece, size)
        for s in near
    )  # fmt: skip


def starts(square: Square, piece: Piece, size: float) -> bool:
    """Whether a square stands where an option begins: no character touches it from the left."""
    left = [(x, c) for x, c in _places(piece) if x < square.bbox[0]]
    if not left:
        return True
    x, char = max(left)
    return char < "\u3400" or square.bbox[0] - (x + 0.5 * size) > 0.3 * size


def ends(square: Square, piece: Piece, size: float) -> bool:
    """Whether no character touches a square from the right."""
    right = [(x, c) for x, c in _places(piece) if x > square.bbox[2]]
    if not right:
        return True
    x, char = min(right)
    return char < "\u3400" or x - 0.5 * size - square.bbox[2] > 0.3 * size


def _places(piece: Piece) -> list[tuple[float, str]]:
    """The middle of each character where the recogniser saw it: glyphs are drawn out to touch."""
    x0, _, x1, _ = piece.bbox
    pairs = zip(piece.read.at, piece.read.text, strict=True)
    return [(x0 + at * (x1 - x0), c) for at, c in pairs if not c.isspace()]


def is_word(glyph: Glyph, line: Sequence[Glyph], size: float) -> bool:
    """Whether 口 is part of a word: 出口, 人口, 口径."""
    before = [g for g in line if g.x1 <= glyph.x0 + 0.3 * size and g is not glyph]
    after = [g for g in line if g.x0 >= glyph.x1 - 0.3 * size and g is not glyph]
    left = before[-1].text if before and glyph.x0 - before[-1].x1 < 0.4 * size else ""
    right = after[0].text if after and after[0].x0 - glyph.x1 < 0.4 * size else ""
    return (left in _WORDS_BEFORE if left else False) or (right in _WORDS_AFTER if right else False)
