"""Which upright lines are walls: strokes of characters are as long in a low row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from extractor.readers.pdf.pages import Rule
from extractor.readers.scan.faint import inside_cell
from models.types import Bbox

LONE = 60.0
"""Points of an upright line that no line across begins or ends, at least, in all its parts."""
LOST_PART = 100.0
"""Points between two parts of a broken line, at most."""
TOUCH = 2.1
"""Points that an end of a short wall lies from the line it ends at, at most."""
LOW, SHORT = 18.0, 1.2
"""Points that a row is high, at most, in which a character's strokes may be taken for a wall; and
of paper between such a stroke and the lines across, at least."""
CUT = 2.0
"""Points that walls differ by, at most, that the page's end cuts off in one row."""
UNDRAWN = 4.0
"""Points of a wall between two lines across that are not drawn where it is none, at least."""
APART = 3.0
"""Times the shorter of two parts that they lie apart, at most."""
LONG_PART = 40.0
"""Points of an unbroken part of a line of which the rest is pale or dotted, at least."""
INK = 205
"""Grey levels, on an even white ground, below which a pixel is ink."""


def to_rows(
    even: Any, found: Sequence[tuple[Rule, Any]], per_point: float
) -> list[tuple[Rule, Any]]:
    """The lines without those ends of upright ones that are a character's stroke in a low row:
    there is paper between it and the lines across."""
    across = [r for r, _ in found if r.horizontal and r.end - r.start >= LONG_PART]
    k = per_point
    out: list[tuple[Rule, Any]] = []
    for rule, (own, mask) in found:
        start, end = rule.start, rule.end
        if not rule.horizontal:
            stops = sorted(
                b.at for b in across
                if b.start - 3 <= rule.at <= b.end + 3 and start - 3.5 < b.at < end + 3.5
            )  # fmt: skip
            part = even[:, max(round((rule.at - 0.7) * k), 0) : round((rule.at + 0.7) * k) + 1]
            if len(stops) > 1 and _interrupted(part, stops[-2], stops[-1], k):
                end = stops[-2]
            if len(stops) > 1 and end > stops[0] and _interrupted(part, stops[0], stops[1], k):
                start = stops[1]
        if end - start < rule.end - rule.start:
            if end - start < TOUCH:
                continue
            rows = slice(max(own[0].start, round(start * k)), min(own[0].stop, round(end * k) + 1))
            if mask.ndim == 2:
                mask = mask[rows.start - own[0].start : rows.stop - own[0].start]
            rule, own = Rule(False, rule.at, start, end), (rows, own[1])
        out.append((rule, (own, mask)))
    return out


def _interrupted(part: Any, top: float, bottom: float, per_point: float) -> bool:
    """Whether between two lines across, in a low row, a line has paper beside one of them."""
    return bottom - top < LOW and _paper(part, top, bottom, per_point, SHORT)


def _paper(part: Any, top: float, bottom: float, per_point: float, least: float) -> bool:
    """Whether a line has paper between two lines across, of so many points at least."""
    import numpy as np

    drawn = (part[round(top * per_point) : round(bottom * per_point) + 1] < INK).any(axis=1)
    away = max(round(least * per_point), 2)
    gaps = np.convolve(~drawn, np.ones(away), "valid") >= away
    return bool(gaps.any())


def crossed(
    even: Any, rules: Sequence[Rule], boxes: Sequence[Bbox], per_point: float
) -> list[tuple[Rule, float, float]]:
    """The upright lines that go on in a row where they are strokes of its words: lines of text run
    across them there, they are not drawn whole, and no wall goes on behind that row; each with
    the ends of the row."""
    k = per_point
    across = [r for r in rules if r.horizontal and r.end - r.start >= LONG_PART]
    upright = [r for r in rules if not r.horizontal]
    found: list[tuple[Rule, float, float]] = []
    for rule in upright:
        x = rule.at
        stops = sorted(b.at for b in across if b.start - 3 <= x <= b.end + 3)
        line = [r for r in upright if abs(r.at - x) <= 1.5]
        for top, bottom in pairwise(stops):
            if bottom - top < LOW or min(rule.end, bottom) - max(rule.start, top) < TOUCH:
                continue
            goes_on = [any(r.start < y - TOUCH and r.end > y + TOUCH for r in line)
                       for y in (top, bottom)]  # fmt: skip
            inside = [b for b in boxes if top < (b[1] + b[3]) / 2 < bottom]
            over = [b for b in inside if b[0] + (b[3] - b[1]) / 2 < x < b[2] - (b[3] - b[1]) / 2]
            ends = [b for b in inside if min(abs(b[0] - x), abs(b[2] - x)) < 0.3 * (b[3] - b[1])]
            drawn = sum(max(min(r.end, bottom) - max(r.start, top), 0.0) for r in line)
            if len(over) <= 2 * len(ends) or all(goes_on):
                continue
            part = even[:, max(round((x - 0.7) * k), 0) : round((x + 0.7) * k) + 1]
            broken = (
                len(over) > 1
                and not any(goes_on)
                and _paper(part, top + 2, bottom - 2, k, SHORT / 2)
            )
            if broken or drawn < bottom - top - UNDRAWN:
                found.append((rule, top, bottom))
    return found


def without_strokes(rules: list[Rule]) -> list[Rule]:
    """Short lines count only as parts of walls: upright ones between lines across, going on
    from a wall, or several one above the other; level ones between upright ones, or in line
    with a longer one."""
    upright = [r for r in rules if not r.horizontal]
    long = [r for r in rules if r.horizontal and r.end - r.start >= LONG_PART]
    walls = [r.at for r in upright if r.end - r.start >= 30]

    def touches(x: float, y: float, near: float = 3.5) -> bool:
        return any(abs(a.at - y) <= near and a.start - 3 <= x <= a.end + 3 for a in borders)

    def level(rule: Rule) -> bool:
        if rule.end - rule.start >= LONG_PART or any(abs(rule.at - r.at) <= 2 for r in long):
            return True
        return all(
            any(abs(u.at - x) <= 3.5 and u.start - 3 <= rule.at <= u.end + 3 for u in upright)
            for x in (rule.start, rule.end)
        )

    def wall(rule: Rule) -> bool:
        if _in_parts(rule, [r for r in upright if abs(r.at - rule.at) <= 1.5], borders):
            return True
        ends = touches(rule.at, rule.start), touches(rule.at, rule.end)
        if rule.end - rule.start >= 30:
            return any(ends) or rule.end - rule.start >= LONE
        if all(ends) and any(abs(rule.at - x) <= 2.5 for x in walls):
            return True
        # in a low row a character's strokes come near both lines
        near = [touches(rule.at, y, TOUCH) for y in (rule.start, rule.end)]
        return all(near) or (near[1] and cut(rule, True)) or (near[0] and cut(rule, False))

    def cut(rule: Rule, top: bool) -> bool:
        """Whether walls end where this one does: the page's end cuts their row. No line runs
        across behind it, as below strokes of words that walls of the row above go on in."""
        end = rule.start if top else rule.end
        side = -1 if top else 1
        if any((b.at - end) * side > CUT and b.start <= rule.at <= b.end for b in borders):
            return False
        far = [w for w in tall if abs((w.start if top else w.end) - end) <= CUT]
        return len(far) > 1

    across = [r for r in rules if r.horizontal and level(r)]
    tall = [r for r in upright if r.end - r.start >= 30]
    borders = [r for r in across if not inside_cell(r, tall)]  # words are underlined
    kept = {id(r) for r in across}
    return [r for r in rules if (id(r) in kept if r.horizontal else wall(r))]


def _in_parts(rule: Rule, line: list[Rule], borders: list[Rule]) -> bool:
    """Whether a line is one of the parts of a long broken one: strokes of characters are short,
    and seldom stand in line; one far below a wall is none of it, nor one in a row where the wall
    ends."""
    stops = [b.at for b in borders if b.start - 3 <= rule.at <= b.end + 3]

    chains: list[list[Rule]] = []
    for part in sorted(line, key=lambda r: r.start):
        last = chains[-1][-1] if chains else None
        shorter = min(r.end - r.start for r in (last or part, part))
        apart = part.start - last.end if last is not None else 0.0
        ends = last is not None and apart > 3.5 and any(
            last.end - 3.5 <= y <= part.start + 3.5 for y in stops
        )  # fmt: skip
        if last is not None and not ends and apart <= min(LOST_PART, APART * shorter):
            chains[-1].append(part)
        else:
            chains.append([part])
    chain = next(c for c in chains if any(r is rule for r in c))
    sizes = [r.end - r.start for r in chain]
    dense = sum(sizes) >= 0.4 * (chain[-1].end - chain[0].start)
    return dense and sum(sizes) >= LONE and max(sizes) >= 30
