"""Lines of text as they were read → glyphs like those of a digital page, tick boxes among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.scan.boxes import (
    EMPTIES,
    TICKS,
    Known,
    boxes_in,
    chars_under,
    is_plain,
    side_by_side,
)
from extractor.readers.scan.frames import Place
from extractor.readers.scan.mouths import MOUTH, is_word
from extractor.readers.scan.pieces import Piece
from extractor.readers.scan.setting import Line, set_lines
from extractor.readers.scan.ticks import (
    LEAST,
    SMALLEST,
    Square,
)
from models.types import Bbox, Mark

LOOPED = 0.8
"""How sure it is that an option with a loop drawn round it is chosen."""
_POINTS = ".,，．%％+-—"


def glyphs_of(
    pieces: Sequence[Piece], squares: Sequence[Square], loops: Sequence[Bbox] = ()
) -> list[tuple[Glyph, float]]:
    """The page's glyphs, each with its certainty; squares stand in for what was read there, and
    `loops` drawn round them tick them."""
    lines = set_lines(pieces)
    homes = {id(s): {id(p) for p in _homes(s, pieces)} for s in squares}
    sides = _sides(lines, squares)
    optional = _optional(lines, squares, homes, sides)
    known = Known(sides, _lines_above(pieces), _worded(pieces), optional)
    free = list(squares)
    out: list[tuple[Glyph, float]] = []
    littered: set[int] = set()
    """Cells (or lines outside cells) in which strokes of something else are taken for boxes."""
    homes_of: list[int] = []
    for line in lines:
        piece, size = line.piece, line.size
        home = piece.cell if piece.cell >= 0 else -id(piece)
        sures = dict(zip(map(id, line.glyphs), _solid_sures(piece), strict=True))
        near = [s for s in free if id(piece) in homes[id(s)]]
        placed, glyphs, odd = boxes_in(line, near, sures, known)
        free = [s for s in free if all(s is not other for other, _ in placed)]
        if side_by_side([s.bbox for s, _ in placed], glyphs, size):
            littered.add(home)
        for square, mark in placed:
            if square.ringed or any(_encloses(loop, square) for loop in loops):
                mark = replace(mark, ticked=True, how="ink", confidence=LOOPED)
            if odd:
                mark = replace(mark, confidence=min(mark.confidence, 0.8))
            out.append((_placed(square, mark, line.base, size), 1.0))
        # a tick that stands for itself is as sure as the recogniser is of it
        out += [
            (g, min(piece.sure, sures[id(g)]) if g.text in TICKS else piece.sure) for g in glyphs
        ]
        homes_of += [home] * (len(out) - len(homes_of))
    return [
        (_doubted(g) if home in littered and g.mark else g, sure)
        for (g, sure), home in zip(out, homes_of, strict=True)
    ]


def _optional(
    lines: Sequence[Line], squares: Sequence[Square], homes: dict[int, set[int]],
    sides: Sequence[float],
) -> set[int]:  # fmt: skip
    """The cells in which a box was read, or one stands plainly that was read as nothing."""
    pieces = [line.piece for line in lines]
    read = {p.cell for p in pieces if any(c in EMPTIES + TICKS for c in p.read.text)}
    plain = [s for s in squares if is_plain(s, sides)]
    seen = {
        line.piece.cell for line in lines for s in plain
        if id(line.piece) in homes[id(s)] and not chars_under(s, line)
        and not line.covers(s.bbox[0], s.bbox[2])
    }  # fmt: skip
    return (read | seen) - {-1}


def _doubted(glyph: Glyph) -> Glyph:
    """A box of which nobody knows whether it is one."""
    assert glyph.mark is not None
    return replace(glyph, mark=replace(glyph.mark, confidence=min(glyph.mark.confidence, 0.5)))


def places_of_boxes(
    pieces: Sequence[Piece], squares: Sequence[Square], loops: Sequence[Bbox] = ()
) -> list[Place]:
    """Where tick boxes may stand that strokes cross.

    In every line boxes of the page's own sizes; and then boxes of the usual sizes wherever a
    line has room that was read as nothing: a tick may close a part of a box.
    """
    lines = set_lines(pieces)
    drawn = [s for s in squares if not s.circle]
    sides = sorted({round(s, 1) for s in _sides(lines, drawn)})
    sides = [s for n, s in enumerate(sides) if not n or s - sides[n - 1] > 0.2]
    out = [Place(loop, sides) for loop in loops if sides]
    rooms: list[Place] = []
    worded = _worded(pieces)
    for line in lines:
        size = line.size
        if id(line.piece) not in worded:
            continue  # what looks like a frame is a part of the figure
        x0, top, x1, bottom = line.piece.bbox
        reach = 0.5 * size
        if sides:
            fit = [s for s in sides if max(LEAST * size, SMALLEST) <= s <= 1.45 * size]
            if fit:  # a box that a stroke crosses may stand before the line, a blank apart
                wide = max(fit) + 0.9 * size
                out.append(Place((x0 - wide, top - reach, x1 + wide, bottom + reach), fit))
        ends = [e for x, half in line.spans() for e in (x - half, x + half)]
        edges = [x0 - 0.3 * size, *ends, x1 + 0.3 * size]
        fit = [size * part for part in (0.58, 0.65, 0.72, 0.8, 0.88, 0.96)]
        rooms += [
            Place((a - 0.3 * size, top - reach, b + 0.3 * size, bottom + reach), fit, True)
            for a, b in zip(edges[::2], edges[1::2], strict=True)
            if b - a >= 0.5 * size
        ]
    return out + rooms


def _worded(pieces: Sequence[Piece]) -> set[int]:
    """The lines (by id) but those that stand in their cell with figures alone: tick boxes belong
    to words."""
    worded = {p.cell for p in pieces if not _is_figure(p.read.text)}
    return {id(p) for p in pieces if not _is_figure(p.read.text) or p.cell in worded}


def _is_figure(text: str) -> bool:
    """Whether a line says a figure and nothing else."""
    said = "".join(text.split())
    return any(c.isdigit() for c in said) and all(c.isdigit() or c in _POINTS for c in said)


def _encloses(loop: Bbox, square: Square) -> bool:
    """Whether a loop goes round a square, and is not the outline of a character with it."""
    x0, top, x1, bottom = square.bbox
    tall = loop[3] - loop[1] >= 1.25 * square.side
    return tall and loop[0] < (x0 + x1) / 2 < loop[2] and loop[1] < (top + bottom) / 2 < loop[3]


def _solid_sures(piece: Piece) -> list[float]:
    """How sure the recogniser is of each character but blanks."""
    pairs = zip(piece.read.text, piece.read.sures, strict=True)
    return [s for c, s in pairs if not c.isspace()]


def _sides(lines: Sequence[Line], squares: Sequence[Square]) -> list[float]:
    """The sides of the page's tick boxes: of squares that the recogniser took for boxes too,
    and of those, several alike, that stand where no character was read."""
    out: list[float] = []
    bare: list[float] = []
    mouths: list[float] = []
    for line in lines:
        piece, size, glyphs = line.piece, line.size, line.glyphs
        for square in squares:
            if (
                not _meets(square.bbox, piece.bbox)
                or not LEAST * size <= square.side <= 1.45 * size
            ):
                continue
            under = chars_under(square, line)
            if not under and not line.covers(square.bbox[0], square.bbox[2]):
                bare.append(square.side)
            for glyph in under:
                char = glyph.text
                if char in MOUTH:
                    if not is_word(glyph, glyphs, size):
                        mouths.append(square.side)
                elif char in TICKS or char in EMPTIES:
                    out.append(square.side)
    # one character by itself says little of what the page's boxes are like
    out += [s for s in mouths if sum(abs(s - o) <= 0.06 * s for o in [*out, *mouths]) >= 2]
    alike = [s for s in bare if sum(abs(s - o) <= 0.06 * s for o in bare) >= 3]
    return out + alike


def _homes(square: Square, pieces: Sequence[Piece]) -> list[Piece]:
    """The lines a square may belong to: those it stands in, else those it stands beside."""
    x, y = (square.bbox[0] + square.bbox[2]) / 2, (square.bbox[1] + square.bbox[3]) / 2
    around = [p for p in pieces if p.bbox[0] <= x <= p.bbox[2] and p.bbox[1] <= y <= p.bbox[3]]
    if any(p.read.text.strip() for p in around):
        return around
    # several boxes that a pen has joined are a piece that says nothing: their words are beside it
    beside = [p for p in pieces if p.read.text.strip() and _meets(square.bbox, p.bbox)]
    return beside or around or [p for p in pieces if _meets(square.bbox, p.bbox)]


def _meets(box: Bbox, piece: Bbox) -> bool:
    """Whether a box stands in a line of text, or directly before or after it."""
    y = (box[1] + box[3]) / 2
    tall = piece[3] - piece[1]
    if not piece[1] < y < piece[3]:
        return False
    return piece[0] - 0.8 * tall < box[2] and box[0] < piece[2] + 0.8 * tall


def _lines_above(pieces: Sequence[Piece]) -> dict[int, str]:
    """The last character of the line over each line, in its cell or its paragraph; "" if none."""
    out: dict[int, str] = {}
    for piece in pieces:
        x0, top, x1, bottom = piece.bbox
        over = [
            p for p in pieces
            if p.cell == piece.cell and p.read.text.strip() and p.bbox[0] < x1 and x0 < p.bbox[2]
            and top - 1.2 * (bottom - top) < (p.bbox[1] + p.bbox[3]) / 2 < top
        ]  # fmt: skip
        last = max(over, key=lambda p: p.bbox[3], default=None)
        out[id(piece)] = last.read.text.strip()[-1] if last else ""
    return out


def _placed(square: Square, mark: Mark, base: float, size: float) -> Glyph:
    """The box as a glyph of its line, with the blank that a printed one has on both sides. Only
    its place along the line is its own."""
    x0, _, x1, _ = square.bbox
    side = min(max(0.5 * (size - x1 + x0), 0.0), 0.08 * size)
    x0, x1 = x0 - side, x1 + side
    return Glyph("□", x0, base - 0.88 * size, x1, base + 0.12 * size, base, size, mark=mark)
