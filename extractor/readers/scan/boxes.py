"""Squares in a line → its tick boxes: which they are, and what pixels and recogniser say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.scan.mouths import ends, is_mouth, starts
from extractor.readers.scan.setting import Line
from extractor.readers.scan.ticks import CLOSED, EMPTY, LEAST, SMALLEST, TICKED, Square, alike
from models.types import Bbox, Mark

BOX_DOUBTED = 0.8
"""How sure the recogniser is of a box that its pixels may outvote, at most."""
EXPECTED = 0.8
"""How sure the tick of a box is of which only those above and below it tell."""
BLACK, BLOTTED = 0.9, 0.8
"""The part of a box's inside that is ink where it was blackened, and how sure it is that this
ticks it: it may be a tick taken back."""
_BRACKETS = "()（）"
TICKS = "☑✓✔√■☒▣✅⊠◼●◉⊙⦿"
EMPTIES = "□☐▢口囗○◯"
_ROUND = "O0o〇Q"
"""What a circle is sometimes read as."""
_MISREAD = "区囗回図团凶因田日曰VvNZ凹乙AM又叉义乂文Xx×"
"""What a ticked box is sometimes read as."""
_OPEN = "乙又叉义乂文×"
"""Those of them that have nothing like a frame of their own, as letters have none so wide."""
_FRAMED = "国园团因回困圆固图围圈田由甲申电目日曰旦白自百四西面画酉囚囤區区医匠匹巨臣且"
"""Characters that have one."""


@dataclass(slots=True)
class Known:
    """What of a page helps to tell its boxes."""

    sides: list[float]
    """The sides of its tick boxes."""
    above: dict[int, str]
    """The last character of the line over each line (by id)."""
    worded: set[int]
    """The lines (by id) in which boxes may stand."""
    optional: set[int]
    """The cells in which boxes were read or plainly stand."""


def boxes_in(
    line: Line, near: Sequence[Square], sures: dict[int, float], known: Known
) -> tuple[list[tuple[Square, Mark]], list[Glyph], bool]:
    """The boxes of a line, the glyphs that they do not stand in for, and whether something like a
    box is in it that is none of these."""
    piece, size, glyphs = line.piece, line.size, line.glyphs
    placed: list[tuple[Square, Mark]] = []
    odd = False
    for square in sorted(
        near,
        key=lambda s: (
            not (s.aligned or s.expected),
            s.guessed and not alike(s.side, known.sides),
            s.pale,
        ),
    ):
        if square.pale and id(piece) not in known.worded:
            continue
        if any(_touch(square, other, -0.05 * size) for other, _ in placed):
            continue
        if not square.aligned and any(
            o.aligned and side_by_side([square.bbox, o.bbox], glyphs, size) for o, _ in placed
        ):
            continue  # beside a box of a column it is a part of its tick
        own = alike(square.side, known.sides)
        under = [g for g in chars_under(square, line, own) if g in glyphs]
        if _is_stroke(square, under, line, [s for s, _ in placed], own):
            continue
        if any(
            is_mouth(square, g, glyphs, near, piece, size, known.sides, known.above[id(piece)])
            for g in under
        ):
            continue
        if square.circle and any(_in_latin(g, line.glyphs) for g in under):
            continue
        behind = [g for g in glyphs if g.x0 >= (square.bbox[0] + square.bbox[2]) / 2]
        if next((g.text for g in behind if g not in under), "") in ("%", "％"):
            continue  # the bracket of a unit, with a streak across
        read = [(g, sures[id(g)]) for g in under]
        begins = _begins(square, bool(under), line, known)
        if square.guessed and not own:  # beside a box: its border and a stroke of the word
            begins = begins and not any(_touch(square, s, 0.1 * size) for s, _ in placed)
        if square.expected:
            sure = min(square.sure, EXPECTED)
            told: Mark | None = Mark(square.ticked, square.how, sure, bbox=square.bbox)
        else:
            told = _told(square, read, line, known.sides, begins)
        if told is None and _is_blot(square, read, glyphs, size, known.sides):
            told = Mark(True, square.how, BLOTTED, bbox=square.bbox)
        if told is None:
            bare = not under and not line.covers(square.bbox[0], square.bbox[2])
            odd = odd or (bare and not square.pale and square.edges >= CLOSED)
            continue
        glyphs = [g for g in glyphs if g not in under]
        placed.append((square, told))
    return placed, glyphs, odd


def _is_stroke(
    square: Square, under: Sequence[Glyph], line: Line, placed: Sequence[Square], own: bool
) -> bool:
    """Whether a pale square beside a box that is plainly drawn is a part of a character; `own`
    where it is as large as the page's boxes."""
    if not square.pale or square.expected or not any(not other.pale for other in placed):
        return False
    if any(g.text in EMPTIES + TICKS for g in under):
        return False
    bare = own and not chars_under(square, line)
    bare = bare and not line.covers(square.bbox[0], square.bbox[2])
    edge = starts(square, line.piece, line.size) or ends(square, line.piece, line.size)
    return not (bare and edge) or any(_touch(square, s, 0.3 * line.size) for s in placed)


def _begins(square: Square, read: bool, line: Line, known: Known) -> bool:
    """Whether an option begins where a square stands; `read` where characters were read there."""
    # the only option of its page shows by itself what a box is there
    lone = not known.sides and line.piece.cell >= 0 and not read
    lone = lone and square.edges >= 0.97 and not square.pale
    optional = lone or line.piece.cell in known.optional
    return optional and starts(square, line.piece, line.size)


def _told(
    square: Square, under: Sequence[tuple[Glyph, float]], line: Line, sides: Sequence[float],
    begins: bool = False,
) -> Mark | None:  # fmt: skip
    """What a square's pixels and the recogniser's character there say; None: no tick box.

    Where words of a cell with other boxes begin, ☑ may be of another type and size than those.
    """
    size = line.size
    if not max(LEAST * size, SMALLEST) <= square.side <= 1.45 * size:
        return None
    known = alike(square.side, sides)
    said: bool | None = None
    doubt, doubted = 1.0, False
    for glyph, sure in under:
        char = glyph.text
        doubted = doubted or sure < BOX_DOUBTED
        if char in TICKS:
            said = True
        elif char in EMPTIES:
            said = bool(said)
        elif square.circle and known and char in _ROUND:
            doubt = 0.85
        elif char in _BRACKETS and sure >= 0.9:
            return None
        elif char.isalnum() or char in "%％":
            plain = known and begins and square.edges >= CLOSED and char not in _FRAMED
            most = 0.9 if plain or char in _MISREAD else 0.5
            if not (plain and (char in _OPEN or char.isascii())) and (not known or sure >= most):
                return None  # a character with a frame of its own
            doubt = 0.85
    if not under:
        covered = line.covers(square.bbox[0], square.bbox[2])
        other = begins and square.edges >= CLOSED and square.inside >= TICKED
        if covered or (not known and not other and square.inside > EMPTY):
            return None
        doubt = 1.0 if known and not chars_under(square, line) else 0.85
    mark = Mark(square.ticked, square.how, min(square.sure, doubt), bbox=square.bbox)
    if mark.ticked is None:
        return mark
    if said is None:
        return replace(mark, confidence=min(mark.confidence, 0.92))
    if said != mark.ticked:
        # a bold stroke is no speck, whatever the recogniser took the box for
        bold = mark.ticked and square.inside >= 2 * TICKED
        # and where there is nothing but paper there is no stroke
        blank = square.inside == 0.0 and mark.confidence > 0.95 and doubted
        ticked = True if bold else False if blank else None
        return replace(mark, ticked=ticked, confidence=0.5 if ticked is None else 0.6)
    return mark


def _in_latin(glyph: Glyph, glyphs: Sequence[Glyph]) -> bool:
    """Whether a round character is a letter or 0: the O of ISO9001."""
    at = glyphs.index(glyph)
    beside = [g.text for g in (*glyphs[max(at - 1, 0) : at], *glyphs[at + 1 : at + 2])]
    latin = len(beside) == 2 and all(c.isascii() and c.isalnum() for c in beside)
    return glyph.text in _ROUND and latin


def _is_blot(
    square: Square, under: Sequence[tuple[Glyph, float]], line: Sequence[Glyph], size: float,
    sides: Sequence[float],
) -> bool:  # fmt: skip
    """Whether a box was blackened, its border and all, so that it is no longer as large as the
    page's others; beside words, for a blot beside a figure is dirt."""
    if square.circle or square.inside < BLACK or not sides:
        return False
    if square.side > 1.45 * size or not 0.9 * min(sides) <= square.side <= 1.7 * max(sides):
        return False
    others = [g for g in line if all(g is not u for u, _ in under)]
    words = any(g.text >= "\u3400" for g in others)
    return words and all(sure < 0.6 or g.text in TICKS for g, sure in under)


def is_plain(square: Square, sides: Sequence[float]) -> bool:
    """Whether a square is a box of the page for certain, by its border and size."""
    drawn = square.edges >= CLOSED and not square.pale and not square.guessed
    return drawn and alike(square.side, sides)


def side_by_side(squares: Sequence[Bbox], glyphs: Sequence[Glyph], size: float) -> bool:
    """Whether two boxes stand beside one another with nothing between: a seal's strokes among the
    words are taken for boxes, and any box there may be one."""
    boxes = sorted(squares)
    middles = [(g.x0 + g.x1) / 2 for g in glyphs]
    return any(
        b[0] - a[2] < 0.6 * size and not any(a[0] < x < b[2] for x in middles)
        for a, b in pairwise(boxes)
    )


def chars_under(square: Square, line: Line, own: bool = False) -> list[Glyph]:
    """The characters read where a square stands; a word's character, where it was seen there.

    An ideograph whose middle is beyond the border of a square that is one of the page's `own`
    boxes by its size stands beside that.
    """
    x0, _, x1, _ = square.bbox
    reach = 0.2 * square.side

    def meets(x: float, reach: float = reach) -> bool:
        return x0 - reach < x < x1 + reach

    return [
        g for g, seen in zip(line.glyphs, line.seen_at(), strict=True)
        if meets(seen, 0.0 if own and _is_word_char(g.text) else reach)
        or (g.text in TICKS + EMPTIES and meets((g.x0 + g.x1) / 2))
    ]  # fmt: skip


def _is_word_char(char: str) -> bool:
    return char in _BRACKETS or (char >= "\u3400" and char not in TICKS + EMPTIES + _MISREAD)


def _touch(square: Square, other: Square, gap: float) -> bool:
    """Whether no more than a gap parts two squares of a line."""
    return square.bbox[0] < other.bbox[2] + gap and other.bbox[0] < square.bbox[2] + gap
