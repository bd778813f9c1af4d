"""Lines of a table without ruling lines → its rows, and the cells of each.

What is one cell (a label that wraps, a list of options) and what are two rows is told for the
whole table at once: by the distances between lines, by how far they fill their column, and by
what stands in the middle of what. Lines that are drawn across are edges of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.readers.pdf.pages import Rule
from extractor.readers.pdf.pieces import Piece, Strip, ruled
from extractor.readers.pdf.text import room_needed

DOUBT = 0.9
"""What it costs to part a row from its neighbours, from which on it is doubtful."""
SHORT = 4
"""Letters of a line that is no part of a label that wraps."""
MOST_STRIPS = 60
"""Lines of one row."""

LIST = re.compile(r"^\s*(?:[□☑☒■√✓☐○●◉▢◻（(注]|[\d一二三四五六七八九十]{1,3}[.、．](?!\d))")
LETTER = re.compile("[A-Za-z\u3400-\u9fff]")


@dataclass(slots=True)
class Link:
    """Two pieces one above the other that may be lines of one cell."""

    upper: Piece
    lower: Piece
    pitch: float
    said: bool | None
    """What the file says, or a line drawn between them."""
    full: bool
    """The upper one leaves no room for what the lower one begins with, or both are a list's."""
    wraps: bool = False
    """The lower one goes on with the words of the upper one."""
    tight: bool = False
    """Words as near to one another as the lines of a cell are."""


@dataclass(slots=True)
class Atom:
    """The pieces of one cell."""

    x0: float
    top: float
    x1: float
    bottom: float
    pieces: list[Piece]
    sure: bool = True
    rows: tuple[float, float] = (0.0, 0.0)
    """The upper and lower edge of the row or rows it stands in."""

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)


# ------------------------------------------------------------------ lines of one cell


def links_of(pieces: list[Piece], across: Sequence[Rule]) -> list[Link]:
    """Each piece with the one below it in its column."""
    ordered = sorted(pieces, key=lambda p: p.base)
    links: list[Link] = []
    for i, upper in enumerate(ordered):
        for lower in ordered[i + 1 :]:
            if lower.base - upper.base > 3 * max(upper.size, lower.size):
                break
            if lower.x0 >= upper.x1 or upper.x0 >= lower.x1 or lower.base - upper.base < 1:
                continue
            size = max(upper.size, lower.size)
            said: bool | None = None
            if upper.cell is not None and lower.cell is not None:
                said = upper.cell == lower.cell
            elif ruled(upper.base, lower.top, lower, across) or not _set_alike(upper, lower, size):
                said = False
            pitch = (lower.base - upper.base) / size
            links.append(Link(upper, lower, pitch, said, _full(upper, lower, pieces)))
            break
    usual = min((k.pitch for k in links if k.full and k.said is not False), default=1.0)
    for k in links:
        words = LETTER.search(k.upper.text) and LETTER.search(k.lower.text)
        listed = LIST.match(k.lower.text) and (words or k.lower.text[0] in "（(注")
        k.full = k.full and k.pitch <= 1.3 * usual
        k.wraps = k.full and (not LIST.match(k.lower.text) or k.lower.text[0] in "（(")
        k.full = k.full or bool(listed)
        k.tight = bool(words) and k.pitch <= 1.15 * usual
    return links


def _set_alike(a: Piece, b: Piece, em: float) -> bool:
    """Both begin, end or are centred at the same place, or the first is indented."""
    if -0.6 * em <= a.x0 - b.x0 <= 2.6 * em or abs(a.x1 - b.x1) <= 0.6 * em:
        return True
    return abs(a.x0 + a.x1 - b.x0 - b.x1) <= 1.2 * em


def _full(upper: Piece, lower: Piece, pieces: list[Piece]) -> bool:
    """Whether the upper one leaves no room for what the lower one begins with."""
    if not (LETTER.search(upper.text) and LETTER.search(lower.text)):
        return False  # figures do not wrap
    column = [
        p for p in pieces if p.x0 < upper.x1 and upper.x0 < p.x1 and abs(p.x0 - upper.x0) < 90
    ]
    room = max(p.x1 - p.x0 for p in column) - (upper.x1 - upper.x0)
    return room < (room_needed(lower.text) + 0.6) * upper.size


def _brackets(link: Link) -> bool:
    """A bracket opened in the line above is closed in the one below."""
    upper, lower = link.upper.text, link.lower.text
    open_in = sum(upper.count(c) for c in "（(") - sum(upper.count(c) for c in "）)")
    return open_in > 0 and sum(lower.count(c) for c in "）)") > sum(lower.count(c) for c in "（(")


def rows_of(strips: list[Strip], links: list[Link], edge: float) -> list[tuple[list[Piece], bool]]:
    """The strips put together as rows, in the way that explains the page best, and whether each
    is sure.

    `edge`: how far right the first column reaches.
    """
    at = {id(p): i for i, s in enumerate(strips) for p in s.pieces}
    cuts = [0.0] * (len(strips) + 1)
    """What it costs to begin a row with a strip."""
    for k in links:
        if k.said is True or (k.wraps and k.said is None):
            price = 5.0 if k.said else 1.5 if _brackets(k) else 0.5
            for i in range(at[id(k.upper)] + 1, at[id(k.lower)] + 1):
                cuts[i] += price
    below = {id(k.upper): k for k in links}
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(strips) + 1):
        options = []
        pieces: list[Piece] = []
        for start in range(end - 1, max(-1, end - MOST_STRIPS), -1):
            pieces = strips[start].pieces + pieces
            begun = best[start][0] + (cuts[start] if start else 0.0)
            options.append((begun + _row_cost(pieces, below, edge), -start))
        cost, start = min(options)
        best.append((cost, -start))
    rows: list[tuple[list[Piece], bool]] = []
    end = len(strips)
    while end:
        start = best[end][1]
        pieces = [p for s in strips[start:end] for p in s.pieces]
        doubt = (cuts[start] if start else 0.0) + (cuts[end] if end < len(strips) else 0.0)
        rows.insert(0, (pieces, doubt < DOUBT))
        end = start
    return rows


def _row_cost(pieces: list[Piece], below: dict[int, Link], edge: float) -> float:
    """How unlikely it is that these pieces are one row of a table."""
    columns: list[list[Piece]] = []
    right = 0.0
    for piece in sorted(pieces, key=lambda p: p.x0):
        if columns and piece.x0 < right:
            columns[-1].append(piece)
        else:
            columns.append([piece])
        right = max(right, piece.x1)
    cost = 0.5 * (len(columns) == 1) + 0.5 * (columns[0][0].x0 > edge)
    spans = [(min(p.top for p in c), max(p.bottom for p in c)) for c in columns]
    top, bottom = max(spans, key=lambda s: s[1] - s[0])
    em = max(p.size for p in pieces)
    for a, b in spans:
        off = min(abs(a + b - top - bottom) / 2, abs(a - top)) / em
        cost += min(2.0, 2 * max(0.0, off - 0.25))
    here = {id(p) for p in pieces}
    pairs: dict[tuple[int, int], list[Link]] = {}
    wide: dict[int, bool] = {}
    for column in columns:
        made = [k for p in column if (k := below.get(id(p))) and id(k.lower) in here]
        least = min((k.pitch for k in made), default=0.0)
        for k in made:
            pairs.setdefault(_bases(k), []).append(k)
            wide[id(k)] = k.pitch > 1.2 * least
        lines = sorted(p.base for p in column)
        cost += 0.7 * sum(b - a > 3 * em for a, b in pairwise(lines))
    for same in pairs.values():
        if _inner(same):
            cost += 0.6
        else:
            cost += sum(
                (0.3 if k.tight else 0.7) * (not k.full)
                + 2.0 * (k.said is False)
                + 0.5 * wide[id(k)]
                for k in same
            )
            cost += 0.3 * (len(same) - 1)
    return cost


def _bases(link: Link) -> tuple[int, int]:
    return link.upper.line, link.lower.line


def _inner(same: list[Link]) -> bool:
    """Whether these, side by side, part two rows within a row."""
    return sum(not (k.full or k.said or k.tight) for k in same) > 1


def atoms_of(row: list[Piece], links: list[Link], sure: bool = True) -> list[Atom]:
    """The cells of a row: lines above each other in one column are one, but for rows in the row."""
    here = {id(p) for p in row}
    made = [k for k in links if id(k.upper) in here and id(k.lower) in here]
    pairs: dict[tuple[int, int], list[Link]] = {}
    for k in sorted(made, key=lambda k: k.upper.x0):
        pairs.setdefault(_bases(k), []).append(k)
    inner = {
        id(k)
        for same in pairs.values()
        if _inner(same)
        for k in same
        if not (k.said or (k.full and len(k.upper.text) > SHORT))
    }
    parent = {id(p): p for p in row}

    def root(p: Piece) -> Piece:
        while parent[id(p)] is not p:
            p = parent[id(p)]
        return p

    for k in made:
        if k.said or (k.said is None and id(k) not in inner):
            parent[id(root(k.lower))] = root(k.upper)
    groups: dict[int, list[Piece]] = {}
    for piece in row:
        groups.setdefault(id(root(piece)), []).append(piece)
    return [
        Atom(
            min(p.x0 for p in g), min(p.top for p in g),
            max(p.x1 for p in g), max(p.bottom for p in g), g, sure,
        )
        for g in groups.values()
    ]  # fmt: skip


# ------------------------------------------------------------------ where they are cut


def _bands(atoms: Iterable[Atom]) -> list[list[Atom]]:
    """Atoms by height, those that overlap together."""
    bands: list[list[Atom]] = []
    low = 0.0
    for atom in sorted(atoms, key=lambda a: a.top):
        if bands and atom.top < low - 1.0:
            bands[-1].append(atom)
            low = max(low, atom.bottom)
        else:
            bands.append([atom])
            low = atom.bottom
    return bands


def _rivers(atoms: Iterable[Atom]) -> list[tuple[float, float]]:
    """Blank strips between atoms, through all of them."""
    found: list[tuple[float, float]] = []
    right: float | None = None
    for atom in sorted(atoms, key=lambda a: a.x0):
        if right is not None and atom.x0 > right:
            found.append((right, atom.x0))
        right = atom.x1 if right is None else max(right, atom.x1)
    return found


def place_rows(atoms: list[Atom], top: float, bottom: float, across: Sequence[Rule]) -> None:
    """Gives each atom the edges of its rows, by cutting across where all allow it, else down."""
    bands = _bands(atoms)
    if len(bands) > 1:
        edge = top
        for band, following in zip(bands, [*bands[1:], None], strict=True):
            low = bottom
            if following is not None:
                end, start = max(a.bottom for a in band), min(a.top for a in following)
                ruled = [r.at for r in across if end - 2 <= r.at <= start + 2]
                low = ruled[0] if ruled else (end + start) / 2
            place_rows(band, edge, low, across)
            edge = low
        return
    best: tuple[int, float] | None = None
    for x0, x1 in _rivers(atoms):
        parts = [a for a in atoms if a.x1 <= x0], [a for a in atoms if a.x0 >= x1]
        cut = sum(len(_rivers(p)) + 1 for p in parts if len(_bands(p)) > 1)
        if best is None or cut > best[0]:
            best = (cut, x0)
    if best is None or not best[0]:
        for atom in atoms:
            atom.rows = (top, bottom)
        return
    place_rows([a for a in atoms if a.x1 <= best[1]], top, bottom, across)
    place_rows([a for a in atoms if a.x1 > best[1]], top, bottom, across)


def column_edges(atoms: list[Atom]) -> list[float]:
    """The fewest upright lines that part all neighbours, each in the middle of its strip."""
    gaps: list[tuple[float, float]] = []
    for a in atoms:
        right = [
            b for b in atoms
            if b.x0 >= a.x1 and b.top < a.bottom - 1 and a.top < b.bottom - 1
        ]  # fmt: skip
        if right or (right := _beside_its_middle(a, atoms)):
            gaps.append((a.x1, min(b.x0 for b in right)))
    edges: list[float] = []
    left = sorted(gaps, key=lambda g: g[1])
    while left:
        at = left[0][1]
        hit = [g for g in left if g[0] <= at]
        edges.append((max(g[0] for g in hit) + at) / 2)
        left = [g for g in left if g[0] > at]
    return edges


def _beside_its_middle(label: Atom, atoms: list[Atom]) -> list[Atom]:
    """What stands right of a label that is set between its rows: above and below, not beside."""
    near = 3 * max(p.size for p in label.pieces)
    middle = label.top + label.bottom
    around = [
        a for a in atoms if a is not label and abs(a.top + a.bottom - middle) <= 2 * near
        and a.bottom - a.top <= near
    ]  # fmt: skip
    if any(a.x0 < label.x1 and label.x0 < a.x1 for a in around):
        return []
    right = [a for a in around if a.x0 >= label.x1]
    upper = [a for a in right if a.top + a.bottom < middle]
    return right if upper and len(upper) < len(right) else []
