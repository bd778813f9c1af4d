"""How a line of text is set: its type size, its baseline, and the place of each character.

The recogniser tells a character's place to about a third of its width; the blanks in the ink
tell exactly where what stands apart begins and ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.scan.pieces import Piece

BLANK = 0.6
"""Ems without ink that part what stands apart."""
ASTRAY = 0.45
"""Ems that the recogniser's place of a character may be off."""
LEVEL = 0.22
"""Ems that the baselines of one row of text may differ by."""
FULL = 0.3
"""Ems of blank on the outer side of a bracket from which on it is full-width."""
THINNED = 0.36
"""The part of a line's box that its ink is high, up to which thin strokes were lost."""
_HALF_BLANK = "，。、：；！？）】》」”’"
"""Marks whose ink is on the left of the room they take up."""
_FLAT = "一二三四口日曰工"
_LOW = set("，。、．.,_…")


@dataclass(slots=True)
class Line:
    """A piece of text as it is set; size and base are points."""

    piece: Piece
    size: float
    base: float
    glyphs: list[Glyph]

    def seen_at(self) -> list[float]:
        """The middle of each glyph where the recogniser saw it; glyphs are drawn out to touch."""
        x0, _, x1, _ = self.piece.bbox
        pairs = zip(self.piece.read.at, self.piece.read.text, strict=True)
        return [x0 + at * (x1 - x0) for at, c in pairs if not c.isspace()]

    def spans(self) -> list[tuple[float, float]]:
        """The middle and the half of the width of each glyph where the recogniser saw it."""
        return [
            (x, (0.5 if _wide(g.text) or g.text in "%mMW" else 0.27) * self.size)
            for x, g in zip(self.seen_at(), self.glyphs, strict=True)
        ]

    def covers(self, x0: float, x1: float) -> bool:
        """Whether characters take up most of this stretch, or leave no room there for more."""
        spans = self.spans()
        shared = sum(max(0.0, min(x1, x + half) - max(x0, x - half)) for x, half in spans)
        if shared > 0.5 * (x1 - x0):
            return True
        middle = (x0 + x1) / 2
        before = max((s for s in spans if s[0] <= middle), default=None)
        after = min((s for s in spans if s[0] > middle), default=None)
        if before is None or after is None:
            return False
        return after[0] - after[1] - before[0] - before[1] < 0.6 * (x1 - x0)


def set_lines(pieces: Sequence[Piece]) -> list[Line]:
    """Each piece with its size, its baseline and its glyphs; one baseline for those of one row."""
    usual = _usual_size(pieces)
    sizes = [_size(p, usual) for p in pieces]
    bases = _levelled([_base(p, s) for p, s in zip(pieces, sizes, strict=True)], sizes)
    return [Line(p, s, b, _spread(p, s, b)) for p, s, b in zip(pieces, sizes, bases, strict=True)]


def _pitch(piece: Piece) -> float | None:
    """The usual step between ideographs that follow one another."""
    width = piece.bbox[2] - piece.bbox[0]
    places = list(zip(piece.read.text, piece.read.at, strict=True))
    steps = [
        (b[1] - a[1]) * width for a, b in pairwise(places) if a[0] >= "\u3400" and b[0] >= "\u3400"
    ]
    return median(steps) if len(steps) >= 4 else None


def _usual_size(pieces: Sequence[Piece]) -> float:
    """The size of most of the page's text; 0 where there is too little of it."""
    sizes = [(p, len(piece.read.text)) for piece in pieces if (p := _pitch(piece)) is not None]
    weighted = [p for p, n in sizes for _ in range(n)]
    return median(weighted) if weighted else 0.0


def _size(piece: Piece, usual: float) -> float:
    """The type size of a line; near the usual one it is that, as heights of boxes vary."""
    tall = piece.bbox[3] - piece.bbox[1]
    by_height = _by_height(piece) or 0.92 * tall
    pitch = _pitch(piece)
    own = pitch or by_height
    if own > 1.3 * tall:
        own = by_height  # spread out over its line
    few = piece.cell >= 0 and pitch is None and not piece.read.text.isascii()
    if few and own > 1.22 * usual > 0:
        own = usual  # a stroke of a pen makes a few words no higher
    return usual if usual and 0.8 * usual <= own <= 1.22 * usual else own


def _by_height(piece: Piece) -> float | None:
    """The type size by the height of a line's ink; None where its characters do not tell it."""
    text = "".join(piece.read.text.split())
    if piece.ink is None or not text:
        return None
    tall = piece.ink.bottom - piece.ink.top
    if tall <= THINNED * (piece.bbox[3] - piece.bbox[1]):
        return None
    if any(c >= "\u3400" and c not in _FLAT for c in text):
        return tall / 0.9
    return tall / 0.7 if any(c.isdigit() for c in text) and text.isascii() else None


def _base(piece: Piece, size: float) -> float:
    """The baseline, by the middle of the ink; of the box where the ink says nothing of it."""
    top, bottom = piece.bbox[1], piece.bbox[3]
    if piece.ink is not None and not set(piece.read.text) <= _LOW:
        high, low = piece.ink.top, piece.ink.bottom
        if low - high <= 1.2 * size:
            top, bottom = high, low
    return (top + bottom) / 2 + 0.38 * size


def _levelled(bases: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """One baseline for all that nearly share one."""
    out = list(bases)
    row: list[int] = []
    for i in [*sorted(range(len(bases)), key=lambda i: bases[i]), None]:
        if i is not None and (not row or bases[i] - bases[row[0]] <= LEVEL * sizes[row[0]]):
            row.append(i)
            continue
        for n in row:
            out[n] = median(bases[m] for m in row)
        row = [] if i is None else [i]
    return out


def _wide(char: str) -> bool:
    return char >= "\u2e80" or char in "“”‘’…—·"


def _spread(piece: Piece, size: float, base: float) -> list[Glyph]:
    """A glyph for each character, next to one another where no blank was seen."""
    x0, _, x1, _ = piece.bbox
    width = x1 - x0
    chars = [
        (char, x0 + at * width) for char, at in zip(piece.read.text, piece.read.at, strict=True)
    ]
    _set_brackets(piece, chars, size)
    blanks = {i for i, (c, _) in enumerate(chars) if c.isspace()}
    solid = [i for i in range(len(chars)) if i not in blanks]
    half = {i: (0.5 if _wide(chars[i][0]) else 0.27) * size for i in solid}
    edges = {i: [chars[i][1] - half[i], chars[i][1] + half[i]] for i in solid}
    if solid:
        edges[solid[0]][0] = max(edges[solid[0]][0], x0)
        edges[solid[-1]][1] = min(edges[solid[-1]][1], x1)
    apart = _by_ink(piece, chars, solid, edges, size)
    out: list[Glyph] = []
    for a, b in pairwise(solid):
        seen = b - a > 1  # the recogniser saw a blank
        wide = _wide(chars[a][0]) or _wide(chars[b][0])
        gap = edges[b][0] - edges[a][1]
        least = BLANK if a in apart and _wide(chars[a][0]) == _wide(chars[b][0]) else 0.85
        if gap >= least * size or (seen and not wide):
            if gap < 0.25 * size:
                middle = (edges[a][1] + edges[b][0]) / 2
                edges[a][1], edges[b][0] = middle - 0.13 * size, middle + 0.13 * size
            continue
        middle = (edges[a][1] + edges[b][0]) / 2
        edges[a][1] = edges[b][0] = middle
    for i in solid:
        left, right = edges[i]
        out.append(
            Glyph(
                chars[i][0], left, base - 0.88 * size, max(right, left + 0.05 * size),
                base + 0.12 * size, base, size,
            )
        )  # fmt: skip
    return out


def _set_brackets(piece: Piece, chars: list[tuple[str, float]], size: float) -> None:
    """Makes round brackets as wide as the room they take up, in place, among ideographs: the
    recogniser tells full-width and half-width ones apart by chance. One at the line's end is as
    wide as its partner."""
    if piece.ink is None or not any(c >= "\u3400" and not c.isspace() for c, _ in chars):
        return
    blanks = [(a[1], b[0]) for a, b in pairwise(piece.ink.runs) if b[0] - a[1] >= FULL * size]
    solid = [i for i, (c, _) in enumerate(chars) if not c.isspace()]
    opened: list[int] = []
    pairs: dict[int, int] = {}
    full: dict[int, bool] = {}
    for n, i in enumerate(solid):
        if chars[i][0] not in "()（）":
            continue
        opening = chars[i][0] in "(（"
        if opening:
            opened.append(i)
        elif opened:
            pairs[i] = opened.pop()
            pairs[pairs[i]] = i
        beside = n - 1 if opening else n + 1
        if 0 <= beside < len(solid):
            x, y = sorted((chars[i][1], chars[solid[beside]][1]))
            full[i] = any(x - 0.2 * size < (a + b) / 2 < y + 0.2 * size for a, b in blanks)
    for i in [i for i in solid if chars[i][0] in "()（）"]:
        wide = full.get(i, full.get(pairs.get(i, -1)))
        if wide is not None:
            own = "（）" if wide else "()"
            chars[i] = (own[0] if chars[i][0] in "(（" else own[1], chars[i][1])


def _by_ink(
    piece: Piece, chars: Sequence[tuple[str, float]], solid: Sequence[int],
    edges: dict[int, list[float]], size: float,
) -> set[int]:  # fmt: skip
    """Puts the edges of characters beside blanks where the ink has them; those before a blank."""
    if piece.ink is None or not solid:
        return set()
    runs: list[list[float]] = []
    for left, right in piece.ink.runs:
        if runs and left - runs[-1][1] < BLANK * size:
            runs[-1][1] = right
        else:
            runs.append([left, right])
    if not runs:
        return set()

    def home(x: float) -> int:
        return min(range(len(runs)), key=lambda n: max(runs[n][0] - x, x - runs[n][1], 0.0))

    homes = [home(chars[i][1]) for i in solid]
    apart: set[int] = set()
    for n, i in enumerate(solid):
        left, right = runs[homes[n]]
        own = "".join(chars[m][0] for m, h in zip(solid, homes, strict=True) if h == homes[n])
        side = 0.05 * size  # of blank that belongs to a character
        if len(own) == 1 and _wide(own):
            side = min(max((len(own) * size - right + left) / 2, side), 0.3 * size)
        elif own.isdigit():
            side = min(max((len(own) * 0.5 * size - right + left) / 2, side), 0.2 * size)
        first = n == 0 or homes[n - 1] != homes[n]
        last = n + 1 == len(solid) or homes[n + 1] != homes[n]
        fits_left = first and abs(left - side - edges[i][0]) <= ASTRAY * size
        if fits_left:
            edges[i][0] = left - side
        if last and chars[i][0] in _HALF_BLANK:
            edges[i][1] = max(edges[i][1], edges[i][0] + size)
        elif last and abs(right + side - edges[i][1]) <= ASTRAY * size:
            edges[i][1] = right + side
            apart.add(i)
        if first and n and not fits_left:
            apart.discard(solid[n - 1])
    return apart
