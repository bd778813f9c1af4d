"""Walls that are pale, dotted or broken: looked for where the lines that were found leave gaps.

A line of text has blanks above and below it; what runs from wall to wall without a break, or in
even dashes, is a wall, however pale it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from extractor.readers.pdf.pages import Rule
from models.types import Bbox

NEAR = 2.5
"""Points that lines of one wall lie apart at most."""
LEAST = 7.0
"""Points between two walls, at least, for a third to be looked for across."""
BESIDE = 2.0
"""Points beside a line at which there is paper."""
PALEST, DARK = 10, 50
"""Grey levels that a line is darker than the paper beside it: throughout, and in its dashes."""
MOST_BESIDE, SOME_BESIDE = 0.4, 0.12
"""Parts of a line's length with ink beside it, at most: where other rows have the same wall, and
where none has. Text keeps away from walls; the strokes of characters stand among strokes."""
WHOLE, DASHED = 0.93, 0.35
"""Parts of its length that an unbroken line has ink on, and one of dashes or dots at least."""
GAP, PERIOD, END = 4.5, 9.0, 2.6
"""Points of the gap between two dashes, from dash to dash, and at the ends, at most."""
SHORT = 10.0
"""Points of a wall that two dashes are enough for."""
MARGIN, STREAK = 40.0, 0.5
"""Points above and below all tables where a streak of the scanner's glass goes on, and the part
of them it is seen in."""
EDGE = 3
"""Level lines that end at one place, at least, for the edge of a table to be there."""
LOWEST_ROW = 11.0
"""Points of a row at least, where a page is full of them."""
PAPER_EDGE = 15.0
"""Points beside the picture's edge where no table ends, but the paper may."""
TALLEST_ROW, TALL_ROW = 60.0, 200.0
"""Points of a row, at most, through which a lost wall is drawn; between two lines alike."""
FREE = 4.0
"""Points that a line may end before a wall that it runs to."""
ENOUGH = 0.6
"""The part of a wall that is known, from which on it need not be looked for."""


def faint_walls(
    even: Any, rules: Sequence[Rule], per_point: float, slant: float = 0.0
) -> list[Rule]:
    """Lines between lines: upright ones from one level line to the next, and level ones where
    the other columns have one. `rules` are those that were found; points.

    `slant`: by how much of its length a line that ran straight down the scan leans to the right
    now that the page is upright; so do the streaks of the scanner's glass.
    """
    if sum(r.horizontal for r in rules) < 2:
        return []
    found: list[Rule] = []
    seen = {False: _Seen(even, per_point, slant), True: _Seen(even.T, per_point, -slant)}
    for horizontal in (False, True, False, True):
        found += _across([*rules, *found], horizontal, seen[horizontal])
    return found


def whole(even: Any, rules: Sequence[Rule], per_point: float) -> list[Rule]:
    """What is missing of broken lines. A line of a table ends at a wall or at the table's edge:
    one that ends in the middle of a cell goes on to the next wall, or to where it goes on itself,
    over bare paper and for less than it is drawn. Rows that all end at one place, where no wall
    is drawn, have a wall there."""
    level = len({round(r.at) for r in rules if r.horizontal})
    if level * LOWEST_ROW > even.shape[0] / per_point:
        return []  # the grain of the desk the page lay on
    out = _borders(rules, even.shape[1] / per_point)
    for horizontal in (True, False, True, False):
        known = [*rules, *out]
        own = [r for r in known if r.horizontal == horizontal]
        edge = even.shape[1 if horizontal else 0] / per_point - PAPER_EDGE
        walls = [r for r in known if r.horizontal != horizontal and PAPER_EDGE < r.at < edge]
        for rule in own:
            cross = sorted(w.at for w in walls if w.start - FREE <= rule.at <= w.end + FREE)
            line = [r for r in own if abs(r.at - rule.at) <= NEAR]
            if not any(r.start - FREE <= x <= r.end + FREE for x in cross for r in line):
                continue  # underlining
            drawn = sum(b - a for a, b in _joined(sorted((r.start, r.end) for r in line)))
            for end, sign in ((rule.start, -1.0), (rule.end, 1.0)):
                if any(abs(x - end) <= FREE for x in cross):
                    continue
                stops = [*cross, *(r.start if sign > 0 else r.end for r in line)]
                far = min(((s - end) * sign for s in stops if (s - end) * sign > 0), default=0.0)
                if not FREE < far <= drawn:
                    continue
                first, last = sorted((end, end + sign * far))
                if any(r.start < last - 0.5 and first + 0.5 < r.end for r in line):
                    continue  # goes on a little beside it
                if _bare(even if horizontal else even.T, rule.at, first, last, per_point):
                    out.append(Rule(horizontal, rule.at, first, last))
                    own.append(out[-1])
    return out


def _borders(rules: Sequence[Rule], width: float) -> list[Rule]:
    """The sides of tables that have none: from one level line to the next, where both end there
    and it is no farther than a row, or there is a wall between them elsewhere."""
    level = [r for r in rules if r.horizontal]
    walls = [r for r in rules if not r.horizontal]
    lines: list[tuple[float, float, float]] = []
    for at in _merged({r.at for r in level}):
        own = [r for r in level if abs(r.at - at) <= NEAR]
        if own:
            lines.append((at, min(r.start for r in own), max(r.end for r in own)))
    out: list[Rule] = []
    for end in (1, 2):
        for x in _merged({line[end] for line in lines}):
            own_ends = [line for line in lines if abs(line[end] - x) <= NEAR]
            if len(own_ends) < EDGE or any(abs(w.at - x) <= 2 * NEAR for w in walls):
                continue
            if not PAPER_EDGE < x < width - PAPER_EDGE:
                continue
            rows = list(pairwise(own_ends))
            walled = [
                any(
                    w.start < bottom - NEAR and top + NEAR < w.end
                    and max(a[0], b[0]) < w.at < min(a[1], b[1])
                    for w in walls
                )
                for (top, *a), (bottom, *b) in rows
            ]  # fmt: skip
            if sum(walled) < 0.5 * len(rows):
                continue  # lines to write on
            for ((top, *a), (bottom, *b)), inner in zip(rows, walled, strict=True):
                alike = abs(a[0] - b[0]) <= NEAR and abs(a[1] - b[1]) <= NEAR
                most = TALL_ROW if alike and len(own_ends) > EDGE else TALLEST_ROW
                if inner or bottom - top <= most:
                    out.append(Rule(False, x, top, bottom))
            # a row that the page's end cuts has walls, and no line to close it
            for at, *ends in (own_ends[0], own_ends[-1]):
                over = [w for w in walls if w.start - FREE < at < w.end + FREE]
                own = [w for w in over if ends[0] < w.at < ends[1]]
                if at == own_ends[0][0] and own and (top := min(w.start for w in own)) < at - FREE:
                    out.append(Rule(False, x, top, at))
                if at == own_ends[-1][0] and own and (low := max(w.end for w in own)) > at + FREE:
                    out.append(Rule(False, x, at, low))
    return out


def between(even: Any, rules: Sequence[Rule], texts: Sequence[Bbox], k: float) -> list[Rule]:
    """Upright walls that are lost for one row, where the rows above and below have them and
    there is text on both sides. For pages whose lines are known to be broken: elsewhere cells
    may be merged."""
    level = [r for r in rules if r.horizontal]
    upright = [r for r in rules if not r.horizontal]
    out: list[Rule] = []
    for at in _merged({r.at for r in upright}):
        spans = _joined(sorted((r.start, r.end) for r in upright if abs(r.at - at) <= NEAR))
        for (_, top), (bottom, _) in pairwise(spans):
            ends = [
                any(abs(r.at - y) <= FREE and r.start - FREE <= at <= r.end + FREE for r in level)
                for y in (top, bottom)
            ]  # fmt: skip
            row = [t for t in texts if top < (t[1] + t[3]) / 2 < bottom]
            sides = any(t[0] < at - 2 * FREE for t in row), any(t[2] > at + 2 * FREE for t in row)
            if bottom - top > TALL_ROW or not all(ends) or not all(sides):
                continue
            # a bit of the wall may be left
            if _bare(even.T, at, top + 1.5, bottom - 1.5, k, FREE):
                out.append(Rule(False, at, top, bottom))
    return out


def _bare(even: Any, at: float, first: float, last: float, k: float, away: float = BESIDE) -> bool:
    """Whether there is paper above and below a level stretch, but for specks."""
    for near, far in ((-away, -1.2), (1.2, away)):
        strip = even[round((at + near) * k) : round((at + far) * k) + 1,
                     round(first * k) : round(last * k)]  # fmt: skip
        if not strip.size or float((strip.min(axis=0) < 255 - DARK).mean()) > SOME_BESIDE:
            return False
    return True


def _across(rules: Sequence[Rule], horizontal: bool, seen: _Seen) -> list[Rule]:
    """Lines one way between those of the other way."""
    own = [r for r in rules if r.horizontal == horizontal]
    walls = sorted((r for r in rules if r.horizontal != horizontal), key=lambda r: r.at)
    if not horizontal:
        walls = [w for w in walls if not inside_cell(w, own)]
    ats = _merged({r.at for r in own})
    out: list[Rule] = []

    def add(at: float, first: float, second: float) -> None:
        drawn = sum(
            min(r.end, second) - max(r.start, first)
            for r in [*own, *out]
            if abs(r.at - at) <= NEAR and r.start < second and first < r.end
        )
        height = (first + second) / 2
        ends = walls[0].at, walls[-1].at
        if drawn < ENOUGH * (second - first) and not seen.beyond(*ends, at, height):
            out.append(Rule(horizontal, at, first, second))

    for first, second, low, high in _bands(walls):
        if second - first < LEAST:
            continue
        here = [a for a in ats if low - NEAR <= a <= high + NEAR]
        fresh = [] if horizontal else seen.lines(first, second, low, high)
        for at in [x for x in fresh if all(abs(x - a) > NEAR for a in here)]:
            add(at, first, second)
        for at in here:
            for x in seen.near(first, second, at):
                add(x, first, second)
    # a wall goes on beyond the last line across it: the corner of a table
    stops = _merged({w.at for w in walls})
    for at in ats:
        spans = _joined(sorted((r.start, r.end) for r in [*own, *out] if abs(r.at - at) <= NEAR))
        for first, second in pairwise(stops):
            near = any(abs(first - e) <= NEAR or abs(second - s) <= NEAR for s, e in spans)
            if near and second - first >= LEAST:
                for x in seen.near(first, second, at):
                    add(x, first, second)
    return out


def inside_cell(level: Rule, upright: Sequence[Rule]) -> bool:
    """Whether a level line stands free between two walls, as words are underlined."""
    beside = [w.at for w in upright if w.start - FREE <= level.at <= w.end + FREE]
    left, right = level.start - FREE, level.end + FREE
    if any(left <= x <= right for x in beside):
        return False
    return any(x < left for x in beside) and any(x > right for x in beside)


def _bands(walls: Sequence[Rule]) -> list[tuple[float, float, float, float]]:
    """(one wall, the next, from, to): where two parallel walls face one another."""
    ats = _merged({w.at for w in walls})
    reach = {at: sorted((w.start, w.end) for w in walls if abs(w.at - at) <= NEAR) for at in ats}
    out: list[tuple[float, float, float, float]] = []
    for n, at in enumerate(ats):
        for start, end in _joined(reach[at]):
            left = [(start, end)]
            for other in ats[n + 1 :]:
                rest: list[tuple[float, float]] = []
                for a, b in left:
                    hits = [
                        (max(a, s), min(b, e)) for s, e in _joined(reach[other]) if s < b and a < e
                    ]
                    out += [(at, other, x, y) for x, y in hits if y - x > 1]
                    edges = [a, *(v for hit in hits for v in hit), b]
                    rest += [(x, y) for x, y in zip(edges[::2], edges[1::2], strict=True) if y > x]
                left = rest
                if not left:
                    break
    return out


def _merged(ats: set[float]) -> list[float]:
    groups: list[list[float]] = []
    for at in sorted(ats):
        if groups and at - groups[-1][-1] <= NEAR:
            groups[-1].append(at)
        else:
            groups.append([at])
    return [sum(g) / len(g) for g in groups]


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for start, end in spans:
        if out and start - out[-1][1] <= NEAR:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


class _Seen:
    """How much darker than the paper on both sides each pixel is, for lines that run down."""

    def __init__(self, even: Any, per_point: float, slant: float = 0.0) -> None:
        self._even, self._k, self._slant = even, per_point, slant
        self._found: dict[tuple[float, float, float, float], list[float]] = {}

    def _dark(self, top: float, bottom: float, left: float, right: float) -> tuple[Any, Any, int]:
        """The contrast of a band's pixels, the part of each column that has ink beside it, and
        the band's first column; walls are left out."""
        import cv2
        import numpy as np

        k = self._k
        pad = round(2 * BESIDE * k)
        x0, x1 = max(round(left * k) - pad, 0), min(round(right * k) + pad, self._even.shape[1])
        y0, y1 = round((top + 1.2) * k), round((bottom - 1.2) * k)
        part = np.ascontiguousarray(self._even[max(y0, 0) : max(y1, 0), x0:x1])
        if part.size == 0:
            return np.zeros((0, 0), np.float32), np.zeros(0), x0
        short = max(round(0.6 * k), 1)
        part = cv2.blur(part.astype(np.float32), (1, short))
        away = max(round(BESIDE * k), 2)
        paper = cv2.blur(part, (short, 1))
        sides = np.minimum(np.roll(paper, away, 1), np.roll(paper, -away, 1))
        dark = sides - part
        dark[:, :away] = dark[:, -away:] = 0
        far = round(1.5 * away)
        close = np.minimum(sides, np.minimum(np.roll(paper, far, 1), np.roll(paper, -far, 1)))
        return dark, np.mean(close < 255 - DARK, axis=0), x0

    def lines(self, top: float, bottom: float, left: float, right: float) -> list[float]:
        """Where lines run all the way from one wall to the other."""
        place = top, bottom, left, right
        if place not in self._found:
            self._found[place] = self._lines(*place)
        return self._found[place]

    def _lines(self, top: float, bottom: float, left: float, right: float) -> list[float]:
        import numpy as np

        dark, beside, x0 = self._dark(top, bottom, left, right)
        if dark.size == 0 or dark.shape[0] < 4:
            return []
        known = right - left <= 2 * NEAR
        some = self._score(dark) & (beside <= (MOST_BESIDE if known else SOME_BESIDE))
        told = [x for x in np.flatnonzero(some) if self._is_line(dark, int(x), known)]
        groups: list[list[int]] = []
        for x in told:
            if groups and x - groups[-1][-1] <= max(round(self._k), 2):
                groups[-1].append(int(x))
            else:
                groups.append([int(x)])
        middles = [(x0 + sum(g) / len(g) + 0.5) / self._k for g in groups]
        return [x for x in middles if left <= x <= right]

    def beyond(self, top: float, bottom: float, at: float, height: float) -> bool:
        """Whether a line that stands at `at` at this height goes on above or below all walls: a
        streak of the scanner's glass, or of the printer's drum, which runs with the print."""
        end = self._even.shape[0] / self._k
        return any(
            self._goes_on(first, second, at + slant * ((first + second) / 2 - height))
            for first, second in ((max(top - MARGIN, 0), top), (bottom, min(bottom + MARGIN, end)))
            for slant in {self._slant, 0.0}
        )

    def _goes_on(self, first: float, second: float, at: float) -> bool:
        import numpy as np

        dark, _, x0 = self._dark(first, second, at - 1, at + 1)
        if dark.shape[0] < 4 * self._k:
            return False
        x = round(at * self._k) - x0
        near = dark[:, max(x - 2, 0) : x + 3]
        return float(np.mean(near.max(axis=1) > PALEST)) >= STREAK

    def near(self, top: float, bottom: float, at: float) -> list[float]:
        """Where a line runs from wall to wall at this place, or a little beside it."""
        found = self.lines(top, bottom, at - NEAR, at + NEAR)
        return sorted(found, key=lambda x: abs(x - at))[:1]

    def _score(self, dark: Any) -> Any:
        """Columns worth looking at: dark for a good part of their length."""
        import numpy as np

        return np.mean(dark > PALEST, axis=0) >= DASHED

    def _is_line(self, dark: Any, x: int, known: bool) -> bool:
        """Whether a column of a band is a line: unbroken, or of dashes where other rows have the
        same wall; in one row alone strokes of two lines of text stand in line now and then."""
        import numpy as np

        near = dark[:, max(x - 1, 0) : x + 2]
        if float(np.mean(near.max(axis=1) > PALEST)) >= WHOLE:
            return float(np.mean(dark[:, x] > PALEST)) >= 0.8
        if not known:
            return False
        ink = np.flatnonzero(near.max(axis=1) > DARK)
        k, height = self._k, dark.shape[0]
        if len(ink) < DASHED * height:
            return False
        gaps = np.diff([-1, *ink, height]) - 1
        dashes = int(np.count_nonzero(gaps[1:-1] > 0)) + 1
        least = 2 if height < SHORT * k else 3
        if gaps.max() > GAP * k or dashes < max(height / (PERIOD * k), least):
            return False
        return bool(max(gaps[0], gaps[-1]) <= END * k)
