"""Lines of text as they were read → glyphs like those of a digital page, tick boxes among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.scan.frames import Place
from extractor.readers.scan.mouths import MOUTH, ends, is_mouth, is_word, starts
from extractor.readers.scan.pieces import Piece
from extractor.readers.scan.setting import Line, set_lines
from extractor.readers.scan.ticks import (
    CLOSED,
    EMPTY,
    LEAST,
    SMALLEST,
    TICKED,
    Square,
    alike,
)
from models.types import Bbox, Mark

BOX_DOUBTED = 0.8
"""How sure the recogniser is of a box that its pixels may outvote, at most."""
LOOPED = 0.8
"""How sure it is that an option with a loop drawn round it is chosen."""
EXPECTED = 0.8
"""How sure the tick of a box is of which only those above and below it tell."""
BLACK, BLOTTED = 0.9, 0.8
"""The part of a box's inside that is ink where it was blackened, and how sure it is that this
ticks it: it may be a tick taken back."""
_BRACKETS = "()（）"
_POINTS = ".,，．%％+-—"
_TICKED = "☑✓✔√■☒▣✅⊠◼●◉⊙⦿"
_EMPTY = "□☐▢口囗○◯"
_ROUND = "O0o〇Q"
"""What a circle is sometimes read as."""
_MISREAD = "区囗回図团凶因田日曰VvNZ凹乙AM又叉义乂文Xx×"
"""What a ticked box is sometimes read as."""
_OPEN = "乙又叉义乂文×"
"""Those of them that have nothing like a frame of their own, as letters have none so wide."""
_FRAMED = "国园团因回困圆固图围圈田由甲申电目日曰旦白自百四西面画酉囚囤區区医匠匹巨臣且"
"""Characters that have one."""


def glyphs_of(
    pieces: Sequence[Piece], squares: Sequence[Square], loops: Sequence[Bbox] = ()
) -> list[tuple[Glyph, float]]:
    """The page's glyphs, each with its certainty; squares stand in for what was read there, and
    `loops` drawn round them tick them."""
    lines = set_lines(pieces)
    homes = {id(s): _homes(s, pieces) for s in squares}
    sides = _sides(lines, squares)
    free = list(squares)
    out: list[tuple[Glyph, float]] = []
    littered: set[int] = set()
    """Cells (or lines outside cells) in which strokes of something else are taken for boxes."""
    homes_of: list[int] = []
    above, worded = _lines_above(pieces), _worded(pieces)
    optional = {p.cell for p in pieces if any(c in _EMPTY + _TICKED for c in p.read.text)} - {-1}
    for line in lines:  # and those in which a box stands that was read as nothing
        for square in squares:
            if line.piece in homes[id(square)] and _plain(square, sides) and not (
                _under(square, line) or line.covers(square.bbox[0], square.bbox[2])
            ):  # fmt: skip
                optional |= {line.piece.cell} - {-1}
    for line in lines:
        piece, size, glyphs = line.piece, line.size, line.glyphs
        home = piece.cell if piece.cell >= 0 else -id(piece)
        sures = dict(zip(map(id, glyphs), _solid_sures(piece), strict=True))
        near = sorted(
            (s for s in free if piece in homes[id(s)]),
            key=lambda s: (
                not (s.aligned or s.expected),
                s.guessed and not alike(s.side, sides),
                s.pale,
            ),
        )
        placed: list[tuple[Square, Mark]] = []
        odd = False
        for square in near:
            if square.pale and id(piece) not in worded:
                continue
            if any(_touch(square, other, -0.05 * size) for other, _ in placed):
                continue
            if not square.aligned and any(
                o.aligned and _side_by_side([square.bbox, o.bbox], glyphs, size) for o, _ in placed
            ):
                continue  # beside a box of a column it is a part of its tick
            own = alike(square.side, sides)
            under = [g for g in _under(square, line, own) if g in glyphs]
            plain = any(not other.pale for other, _ in placed)
            bare = own and not _under(square, line)
            bare = bare and not line.covers(square.bbox[0], square.bbox[2])
            bare = bare and (starts(square, piece, size) or ends(square, piece, size))
            bare = bare and not any(_touch(square, other, 0.3 * size) for other, _ in placed)
            boxlike = bare or any(g.text in _EMPTY + _TICKED for g in under)
            if square.pale and plain and not boxlike and not square.expected:
                continue  # beside a box that is plainly drawn it is a part of a character
            if any(
                is_mouth(square, g, glyphs, near, piece, size, sides, above[id(piece)])
                for g in under
            ):
                continue
            read = [(g, sures[id(g)]) for g in under]
            # the only option of its page shows by itself what a box is there
            lone = not sides and piece.cell >= 0 and not under
            lone = lone and square.edges >= 0.97 and not square.pale
            begins = (lone or piece.cell in optional) and starts(square, piece, size)
            if square.guessed and not own:  # beside a box: its border and a stroke of the word
                begins = begins and not any(_touch(square, s, 0.1 * size) for s, _ in placed)
            if square.expected:
                told: Mark | None = Mark(
                    square.ticked, square.how, min(square.sure, EXPECTED), bbox=square.bbox
                )
            else:
                told = _told(square, read, line, sides, begins)
            if told is None and _is_blot(square, read, glyphs, size, sides):
                told = Mark(True, square.how, BLOTTED, bbox=square.bbox)
            if told is None:
                odd = odd or (
                    not square.pale
                    and not under
                    and not line.covers(square.bbox[0], square.bbox[2])
                    and square.edges >= 0.9
                )
                continue
            free.remove(square)
            glyphs = [g for g in glyphs if g not in under]
            placed.append((square, told))
        if _side_by_side([s.bbox for s, _ in placed], glyphs, size):
            littered.add(home)
        for square, mark in placed:
            if square.ringed or any(_encloses(loop, square) for loop in loops):
                mark = replace(mark, ticked=True, how="ink", confidence=LOOPED)
            if odd:  # something like a box in this line that is none of these
                mark = replace(mark, confidence=min(mark.confidence, 0.8))
            out.append((_placed(square, mark, line.base, size), 1.0))
        # a tick that stands for itself is as sure as the recogniser is of it
        out += [
            (g, min(piece.sure, sures[id(g)]) if g.text in _TICKED else piece.sure) for g in glyphs
        ]
        homes_of += [home] * (len(out) - len(homes_of))
    return [
        (_doubted(g) if home in littered and g.mark else g, sure)
        for (g, sure), home in zip(out, homes_of, strict=True)
    ]


def _plain(square: Square, sides: Sequence[float]) -> bool:
    """Whether a square is a box of the page for certain, by its border and size."""
    drawn = square.edges >= CLOSED and not square.pale and not square.guessed
    return drawn and alike(square.side, sides)


def _side_by_side(squares: Sequence[Bbox], glyphs: Sequence[Glyph], size: float) -> bool:
    """Whether two boxes stand beside one another with nothing between: a seal's strokes among the
    words are taken for boxes, and any box there may be one."""
    boxes = sorted(squares)
    middles = [(g.x0 + g.x1) / 2 for g in glyphs]
    return any(
        b[0] - a[2] < 0.6 * size and not any(a[0] < x < b[2] for x in middles)
        for a, b in pairwise(boxes)
    )


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


def _under(square: Square, line: Line, own: bool = False) -> list[Glyph]:
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
        or (g.text in _TICKED + _EMPTY and meets((g.x0 + g.x1) / 2))
    ]  # fmt: skip


def _is_word_char(char: str) -> bool:
    return char in _BRACKETS or (char >= "\u3400" and char not in _TICKED + _EMPTY + _MISREAD)


def _touch(square: Square, other: Square, gap: float) -> bool:
    """Whether no more than a gap parts two squares of a line."""
    return square.bbox[0] < other.bbox[2] + gap and other.bbox[0] < square.bbox[2] + gap


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
            under = _under(square, line)
            if not under and not line.covers(square.bbox[0], square.bbox[2]):
                bare.append(square.side)
            for glyph in under:
                char = glyph.text
                if char in MOUTH:
                    if not is_word(glyph, glyphs, size):
                        mouths.append(square.side)
                elif char in _TICKED or char in _EMPTY:
                    out.append(square.side)
    # one character by itself says little of what the page's boxes are like
    out += [s for s in mouths if sum(abs(s - o) <= 0.06 * s for o in [*out, *mouths]) >= 2]
    alike = [s for s in bare if sum(abs(s - o) <= 0.06 * s for o in bare) >= 3]
    return out + alike


def _homes(square: Square, pieces: Sequence[Piece]) -> list[Piece]:
    """The lines a square may belong to: those it stands in, else those it stands beside."""
    x, y = (square.bbox[0] + square.bbox[2]) / 2, (square.bbox[1] + square.bbox[3]) / 2
    around = [p for p in pieces if p.bbox[0] <= x <= p.bbox[2] and p.bbox[1] <= y <= p.bbox[3]]
    return around or [p for p in pieces if _meets(square.bbox, p.bbox)]


def _meets(box: Bbox, piece: Bbox) -> bool:
    """Whether a box stands in a line of text, or directly before or after it."""
    y = (box[1] + box[3]) / 2
    tall = piece[3] - piece[1]
    if not piece[1] < y < piece[3]:
        return False
    return piece[0] - 0.8 * tall < box[2] and box[0] < piece[2] + 0.8 * tall


def _told(
    square: Square, under: Sequence[tuple[Glyph, float]], line: Line, sides: Sequence[float],
    begins: bool = False,
) -> Mark | None:  # fmt: skip
    """What a square's pixels and the recogniser's character there say; None: no tick box.

    Where words of a cell with other boxes begin, ☑ may be of another type and size than those.
    """
    size = line.size
    if not LEAST * size <= square.side <= 1.45 * size:
        return None
    known = alike(square.side, sides)
    said: bool | None = None
    doubt, doubted = 1.0, False
    for glyph, sure in under:
        char = glyph.text
        doubted = doubted or sure < BOX_DOUBTED
        if char in _TICKED:
            said = True
        elif char in _EMPTY:
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
        doubt = 1.0 if known and not _under(square, line) else 0.85
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
    return words and all(sure < 0.6 or g.text in _TICKED for g, sure in under)


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
