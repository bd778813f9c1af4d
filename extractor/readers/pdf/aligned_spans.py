"""Which rows and columns the labels of a table without lines stand for, by where they are set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from extractor.readers.pdf.pieces import Piece
from extractor.readers.pdf.rows import LIST, Link

LONGEST = 16
"""Letters of a heading over columns."""
_ENTRY = re.compile("[：:□☐☑☒■√]")
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?!\d)")
_CJK = re.compile("[\u3400-\u9fff]")
WORDS = re.compile("[A-Za-z\u3400-\u9fff]{2}")


@dataclass(slots=True)
class Taken:
    """The rows top..bottom and columns left..right of a cell, and what stands in it."""

    top: int
    left: int
    bottom: int
    right: int
    x0: float
    x1: float
    y0: float
    y1: float
    text: str
    pieces: list[Piece]
    sure: bool = True


def fill_out(columns: int, taken: list[Taken], em: float) -> None:
    """The one value of a row, and the last of several that is set to the middle of the room
    behind its label, is all of that room.

    Below headings of years it may be one year's as well, and stays where it is.
    """
    rows = _rows(taken)
    yearly = [
        top for (top, _), row in rows.items()
        if len(row) > 1 and any(_YEAR.search(t.text[:LONGEST]) for t in row)
    ]  # fmt: skip
    for (top, bottom), row in rows.items():
        if len(row) < 2 or bottom - top > 1 or any(y < top for y in yearly):
            continue
        if any(t.top < bottom and top < t.bottom for t in taken if t not in row):
            continue
        label, value = row[-2:]
        if len(row) == 2 and not label.left:
            fills = value.left != label.right
        else:
            fills = value.left > label.right and _strays(value, label, taken, em)
        if fills:
            value.left, value.right = label.right, columns


def _strays(value: Taken, label: Taken, taken: list[Taken], em: float) -> bool:
    """Whether a value apart from its label is set like nothing else in the column it stands in."""
    column = [t for t in taken if t is not value and t.left == value.left]
    if not column or not _is_heading(label.text):
        return False
    begins = abs(_where(column, True) - value.x0)
    return min(begins, abs(_where(column, False) - (value.x0 + value.x1) / 2)) > 0.8 * em


def alone(xs: Sequence[float], taken: list[Taken], em: float) -> None:
    """What stands alone in its row, from the left on or in the middle of the table, is as wide."""
    for (top, bottom), row in _rows(taken).items():
        if len(row) > 1 or any(
            t is not row[0] and t.top < bottom and top < t.bottom for t in taken
        ):
            continue
        text = row[0]
        centred = abs((xs[0] + xs[-1]) / 2 - (text.x0 + text.x1) / 2) <= em
        if centred or (not text.left and text.right > 1):
            text.left, text.right = 0, len(xs) - 1


def _rows(taken: list[Taken]) -> dict[tuple[int, int], list[Taken]]:
    """What stands in the same rows, from left to right."""
    rows: dict[tuple[int, int], list[Taken]] = {}
    for t in sorted(taken, key=lambda t: t.left):
        rows.setdefault((t.top, t.bottom), []).append(t)
    return rows


def widen(columns: int, taken: list[Taken], em: float) -> None:
    """Headings over the columns below that have none of their own: set to their middle."""
    held = [[t for t in taken if t.left == c and t.right == c + 1] for c in range(columns)]
    for row in _rows(taken).values():
        if len(row) < 2 or not all(_is_heading(t.text) for t in row):
            continue
        if len(row) > 2 and _share_out(row[1:], row[0].right, held, em):
            continue
        for n, heading in enumerate(row[1:], 1):
            first = row[n - 1].right
            last = row[n + 1].left if n + 1 < len(row) else columns
            _widen_one(heading, first, last, taken, em)


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST and bool(_CJK.search(text)) and not _ENTRY.search(text)


def _share_out(headings: list[Taken], first: int, held: list[list[Taken]], em: float) -> bool:
    """Headings at even distances (years) over the columns that are theirs; whether they are so.

    `held` are the texts of each column. The headings begin where their first columns do, or
    stand in the middle of all of them.
    """
    steps = [b.x0 - a.x0 for a, b in pairwise(headings)]
    if max(steps) - min(steps) > 0.15 * max(steps):
        return False
    step = sum(steps) / len(steps)
    others = [[t for t in column if t not in headings] for column in held]
    starts = [median(t.x0 for t in column) if column else None for column in others]
    flush = all(
        any(x is not None and abs(x - h.x0) <= 0.35 * em for x in starts[first:]) for h in headings
    )
    for by_start in (False, True) if flush else (False,):
        reach: list[tuple[int, int]] = []
        for heading in headings:
            low = heading.x0 - 0.6 * em if by_start else (heading.x0 + heading.x1 - step) / 2
            own = [
                c
                for c, column in enumerate(others)
                if c >= first and column and low <= _where(column, by_start) < low + step
            ]
            if own:
                reach.append((min(own), max(own) + 1))
        if len(reach) < len(headings) or any(b[0] < a[1] for a, b in pairwise(reach)):
            continue
        if not by_start and flush and len({b - a for a, b in reach}) > 1:
            continue
        for heading, (left, right) in zip(headings, reach, strict=True):
            heading.left, heading.right = left, right
        return True
    return False


def _where(column: list[Taken], by_start: bool) -> float:
    return median(t.x0 if by_start else (t.x0 + t.x1) / 2 for t in column)


def _widen_one(heading: Taken, first: int, last: int, taken: list[Taken], em: float) -> None:
    """Over the most columns of first..last in whose middle it stands: of all that is below, or
    of what is right below."""
    spans = [
        (a, b) for a in range(first, heading.left + 1) for b in range(heading.right, last + 1)
    ]  # fmt: skip
    for nearest in (False, True):
        fits: list[tuple[int, int, int]] = []
        for a, b in spans:
            below = [t for t in taken if t.top >= heading.bottom and a <= t.left and t.right <= b]
            if nearest:
                top = min((t.top for t in below), default=0)
                below = [t for t in below if t.top == top]
            if below:
                middle = (min(t.x0 for t in below) + max(t.x1 for t in below)) / 2
                if abs(middle - (heading.x0 + heading.x1) / 2) <= 0.8 * em:
                    fits.append((b - a, a, b))
        if fits and max(fits)[0] > heading.right - heading.left:
            _, heading.left, heading.right = max(fits)
            return


def spread(
    ys: list[float], taken: list[Taken], links: list[Link], em: float,
    rungs: Sequence[float] = (),
) -> None:  # fmt: skip
    """Labels of the first column, and of the second below such a one, over the rows beside them
    that have none of their own.

    A label is set to the middle of its rows, or to their top; one that wraps may have been taken
    for two. Rows that hold nothing but such labels are left out of `ys`, in place. No label
    reaches over one of the `rungs`.
    """
    wraps = {(id(k.upper), id(k.lower)) for k in links if k.full and not LIST.match(k.lower.text)}
    cuts = [0, *(min(range(len(ys)), key=lambda i: abs(ys[i] - y)) for y in rungs), len(ys) - 1]
    for column in (0, 1):
        _spread_column(column, sorted(set(cuts)), taken, wraps, em)
    for r in reversed(range(len(ys) - 1)):
        begun = [t for t in taken if t.top <= r < t.bottom]
        if len(ys) > 3 and begun and all(t.bottom - t.top > 1 for t in begun):
            ys[r : r + 2] = [(ys[r] + ys[r + 1]) / 2]
            for t in taken:
                t.top -= t.top > r
                t.bottom -= t.bottom > r


def _spread_column(
    column: int, cuts: list[int], taken: list[Taken], wraps: set[tuple[int, int]], em: float
) -> None:
    """Gives the labels of one column their rows, in place; none reaches over one of the `cuts`."""
    labels = sorted((t for t in taken if t.left == column), key=lambda t: t.top)
    over = {
        id(t): (max(c for c in cuts if c <= t.top), min(c for c in cuts if c >= t.bottom))
        for t in labels
    }
    if column:  # 国际 | 主持, 国际 | 参与 below a label of the first column
        spans = [t for t in taken if t.left < column and t.bottom - t.top > 1]
        over = {
            id(t): (s.top, s.bottom) for t in labels for s in spans
            if s.right == column and s.top <= t.top and t.bottom <= s.bottom
        }  # fmt: skip
        labels = [t for t in labels if id(t) in over]
    others = [t for t in taken if t.left > column]
    n = 0
    while n < len(labels):
        label = labels[n]
        low, high = over[id(label)]
        first = max(low, labels[n - 1].bottom) if n else low
        if _at_top(label, others, em):
            first = label.top
        best: tuple[int, int, int] | None = None
        for m in range(n, min(n + 4, len(labels))):
            if m > n and not any(
                (id(p), id(q)) in wraps
                for p in labels[m - 1].pieces for q in labels[m].pieces
            ):  # fmt: skip
                break
            if m > n and all(
                _apart(others, t, t.top, t.bottom) <= 0.5 * em for t in labels[n : m + 1]
            ):
                continue
            last = min(high, labels[m + 1].top) if m + 1 < len(labels) else high
            whole = replace(label, y1=labels[m].y1)
            fits = [
                (b - a, a, b) for a in range(first, label.top + 1)
                for b in range(labels[m].bottom, last + 1)
                if _apart(others, whole, a, b) <= 0.7 * em
            ]  # fmt: skip
            if fits and (best is None or m > n):
                best = (m, *max(fits)[1:])
        if best is not None and WORDS.search(label.text):
            m, label.top, label.bottom = best
            for t in labels[n + 1 : m + 1]:
                label.y1, label.text = t.y1, label.text + t.text
                label.pieces = [*label.pieces, *t.pieces]
                taken.remove(t)
            del labels[n + 1 : m + 1]
        n += 1


def _at_top(label: Taken, others: list[Taken], em: float) -> bool:
    """Whether a label begins on the first line of a longer text beside it: set to the top."""
    lines = {p.base for p in label.pieces}
    for t in others:
        beside = {p.base for p in t.pieces}
        longer = t.top == label.top and len(lines) < len(beside)
        if longer and abs(min(beside) - min(lines)) <= 0.15 * em:
            return True
    return False


def _apart(others: list[Taken], label: Taken, top: int, bottom: int) -> float:
    """How far a label stands from the middle of what is beside it in these rows."""
    beside = [t for t in others if top <= t.top and t.bottom <= bottom]
    if not beside:
        return 0.0
    middle = (min(t.y0 for t in beside) + max(t.y1 for t in beside)) / 2
    return abs(middle - (label.y0 + label.y1) / 2)
