"""Pixels → the ruling lines of a page, as those that a digital page draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.readers.pdf.pages import Rule
from extractor.readers.scan.walls import INK, LONG_PART, to_rows, without_strokes

ACROSS, DOWN = 20.0, 13.0
"""Points that a line goes on for at least; strokes of characters are shorter."""
THICKEST = 4.5
ENOUGH = 2.1
"""Pixels to a point on which broken lines are looked for."""
DASH_GAP, LEAST_DASHED = 4.5, 34.0
"""Points between the dashes of a line at most, and its own length at least."""
BEND = 0.8
"""Points that the middle of a short line may be out of line with its ends."""
MARGIN, INDENT = 0.8, 7.0
"""Points of paper between an underline and a cell's wall, at least, and how near to the wall."""
STANDS, HANGS, LETTERED = 6.0, 3.5, 0.3
"""Points above an underline in which its words have ink, points below it in which they have none,
and the part of its length that has."""
EDGE = 12.0
"""Points from a picture's edge within which a sheet's own edge may show."""


def find_lines(even: Any, per_point: float) -> tuple[list[Rule], Any]:
    """The lines of an upright page in points, and the pixels they take up."""
    import cv2
    import numpy as np

    found: list[tuple[Rule, Any]] = []
    for horizontal in (True, False):
        long = ACROSS if horizontal else DOWN
        runs = _long_runs(even, long * per_point, per_point, horizontal)
        for (x, y, w, h), mask in _runs_apart(runs):
            area, length = int(np.count_nonzero(mask)), w if horizontal else h
            if area / length > THICKEST * per_point or length < 0.9 * long * per_point:
                continue
            if _bent(mask, per_point, horizontal):
                continue
            middle = _middle(mask, x, y, horizontal) / per_point
            for part in _drawn_parts(even, (x, y, w, h), per_point, horizontal):
                start, size = (part[0], part[2]) if horizontal else (part[1], part[3])
                rule = Rule(horizontal, middle, start / per_point, (start + size) / per_point)
                left, top, right, bottom = part[0], part[1], part[0] + part[2], part[1] + part[3]
                own = (slice(top, bottom), slice(left, right))
                found.append((rule, (own, mask[top - y : bottom - y, left - x : right - x])))
    found += _dashed(even, per_point, [r for r, _ in found])
    found = to_rows(even, found, per_point)
    under, through = _of_words(even, [r for r, _ in found], per_point)
    found = [f for f in found if all(f[0] is not r for r in through)]
    words = {id(r) for r in under}
    kept = {id(r) for r in without_strokes([r for r, _ in found if id(r) not in words])}
    taken = np.zeros(even.shape, np.uint8)
    for rule, (own, mask) in found:
        if id(rule) in kept or id(rule) in words:
            taken[own] |= np.asarray(mask, np.uint8)
    taken = cv2.dilate(taken, np.ones((3, 3), np.uint8))
    return [r for r, _ in found if id(r) in kept], taken > 0


def without_edges(rules: list[Rule], width: float, height: float) -> list[Rule]:
    """The lines without those along the picture's edges that no line within the page ends at:
    the edges of the sheet."""

    def far(rule: Rule) -> bool:
        side = height if rule.horizontal else width
        return EDGE < rule.at < side - EDGE

    inner = [r for r in rules if far(r)]
    return [
        r for r in rules
        if far(r) or any(
            i.horizontal != r.horizontal
            and r.start - 3 <= i.at <= r.end + 3
            and min(abs(i.start - r.at), abs(i.end - r.at)) <= 3.5
            for i in inner
        )
    ]  # fmt: skip


def _runs_apart(runs: Any) -> Iterator[tuple[tuple[int, int, int, int], Any]]:
    """The parts of a picture that hang together, each with its left, top, width and height, and
    which pixels of that box it takes. OpenCV's own statistics of them go through all the blank
    paper, and take four times as long."""
    import cv2

    _, labels = cv2.connectedComponents(runs)
    outlines, nested = cv2.findContours(runs, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    boxes = {}
    for n, outline in enumerate(outlines):
        if nested[0][n][3] < 0:  # others are round holes
            x, y = outline[0][0]
            boxes[int(labels[y, x])] = cv2.boundingRect(outline)
    for index, (x, y, w, h) in sorted(boxes.items()):
        yield (x, y, w, h), labels[y : y + h, x : x + w] == index


def _middle(mask: Any, x: int, y: int, horizontal: bool) -> float:
    """Where the middle of a run is, down the page or across it, by its pixels."""
    import numpy as np

    taken = np.count_nonzero(mask, axis=1 if horizontal else 0)
    places = np.arange(len(taken)) + (y if horizontal else x)
    return int((taken * places).sum()) / int(taken.sum())


def _dashed(even: Any, per_point: float, solid: list[Rule]) -> list[tuple[Rule, Any]]:
    """Lines of dashes or dots: thin, long, evenly broken, with nothing beside them."""
    import cv2
    import numpy as np

    factor = min(1.0, ENOUGH / per_point)
    k = factor * per_point
    full = even.shape
    if factor < 1:
        even = cv2.resize(even, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = (even < INK).astype(np.uint8)
    out: list[tuple[Rule, Any]] = []
    for horizontal in (True, False):

        def bar(n: float, along: bool, horizontal: bool = horizontal) -> Any:
            size = max(round(n * k), 1)
            return np.ones((1, size) if along == horizontal else (size, 1), np.uint8)

        thin = ink & ~cv2.dilate(
            cv2.morphologyEx(ink, cv2.MORPH_OPEN, bar(2.4, False)), bar(1, True)
        )
        closed = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, bar(DASH_GAP, True))
        runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, bar(LEAST_DASHED, True))
        for (x, y, w, h), mask in _runs_apart(runs):
            thick = h if horizontal else w
            if thick > 2.4 * k or not _alone(even, x, y, w, h, k, horizontal):
                continue
            at = _middle(mask, x, y, horizontal) / k
            start, end = (x / k, (x + w) / k) if horizontal else (y / k, (y + h) / k)
            if any(
                r.horizontal == horizontal
                and abs(r.at - at) < 2
                and r.start < end
                and start < r.end
                for r in solid
            ):
                continue
            top, left = int(y / factor), int(x / factor)
            bottom, right = (
                min(int((y + h) / factor) + 1, full[0]),
                min(int((x + w) / factor) + 1, full[1]),
            )
            own = (slice(top, bottom), slice(left, right))
            out.append((Rule(horizontal, at, start, end), (own, np.True_)))
    return out


def _alone(even: Any, x: int, y: int, w: int, h: int, k: float, horizontal: bool) -> bool:
    """Whether there is paper on both sides of a broken line but where other lines cross it, and
    its ink comes in many short bits."""
    import numpy as np

    pad = round(3 * k)
    part = even[max(y - pad, 0) : y + h + pad, x : x + w] if horizontal else (
        even[y : y + h, max(x - pad, 0) : x + w + pad].T
    )  # fmt: skip
    ink = part < INK
    thick, length = (h, w) if horizontal else (w, h)
    if ink.shape[0] < thick + 2 * pad:
        return False
    near = round(1.2 * k)
    above, below = ink[: pad - near], ink[pad + thick + near :]
    beside = float((above.any(axis=0) | below.any(axis=0)).mean())
    own = ink[pad : pad + thick].any(axis=0)
    bits = int(np.count_nonzero(own[1:] & ~own[:-1]))
    return beside < 0.15 and bits >= length / (14 * k) and 0.25 < float(own.mean()) < 0.97


def _bent(own: Any, per_point: float, horizontal: bool) -> bool:
    """Whether a run is a part of a circle, such as a seal's rim; a page's own bend is less."""
    import numpy as np

    long = own if horizontal else own.T
    places = np.arange(long.shape[0])[:, None]
    ends = max(long.shape[1] // 6, 1)

    def at(part: Any) -> float:
        return float((part * places).sum() / max(int(part.sum()), 1))

    middle = long.shape[1] // 2
    off = (
        at(long[:, max(middle - ends, 0) : middle + ends])
        - (at(long[:, :ends]) + at(long[:, -ends:])) / 2
    )
    return bool(abs(off) > max(BEND * per_point, 0.01 * long.shape[1]))


def _drawn_parts(
    even: Any, box: tuple[int, int, int, int], per_point: float, horizontal: bool
) -> list[tuple[int, int, int, int]]:
    """A run that is drawn throughout; else the long parts of it that are, where it goes on pale
    or dotted."""
    import numpy as np

    x, y, w, h = box
    if _drawn(even, x, y, w, h, per_point, horizontal):
        return [box]
    length = w if horizontal else h
    if length < 2 * LONG_PART * per_point:
        return []
    part = even[y : y + h, x : x + w]
    profile = part.min(axis=0 if horizontal else 1)
    ink = np.flatnonzero(profile < (float(np.percentile(profile, 20)) + 255) / 2)
    if not len(ink):
        return []
    breaks = np.flatnonzero(np.diff(ink) > 0.8 * per_point)
    out: list[tuple[int, int, int, int]] = []
    for first, last in zip([ink[0], *ink[breaks + 1]], [*ink[breaks], ink[-1]], strict=True):
        start, size = int(first), int(last - first + 1)
        if size < LONG_PART * per_point:
            continue
        own = (x + start, y, size, h) if horizontal else (x, y + start, w, size)
        if _drawn(even, *own, per_point, horizontal):
            out.append(own)
    return out


def _drawn(even: Any, x: int, y: int, w: int, h: int, per_point: float, horizontal: bool) -> bool:
    """Whether a run is inked throughout and stands free on one side: no row of characters."""
    import cv2
    import numpy as np

    pad = round(2.6 * per_point) + 2
    top, left = max(y - pad, 0), max(x - pad, 0)
    part = even[top : y + h + pad, left : x + w + pad]
    if not horizontal:
        part, x, y, w, h, top, left = part.T, y, x, h, w, left, top
    short = max(round(0.7 * per_point), 1) | 1  # of two bytes, OpenCV 5.0.0 makes 255 a 0
    smooth = cv2.blur(part, (short, 1))
    first, start = y - top, x - left
    profile = smooth[first : first + h, start : start + w].min(axis=0)
    level = (float(np.median(profile)) + 255) / 2
    ends = round(1.3 * per_point)  # smoothed, a run goes on a little beyond its ink
    blank = int((profile[ends : max(w - ends, ends + 1)] > level).sum())
    long = w >= 60 * per_point
    if blank > max(
        (0.12 if long and not horizontal else 0.04) * w, (0.5 if horizontal else 1.6) * per_point
    ):
        return False  # blanks between characters whose strokes happen to be level
    ink = smooth < INK
    near, far = max(round(1.1 * per_point), 2), max(round(2.2 * per_point), 4)
    above = ink[max(first - far, 0) : max(first - near, 1), start : start + w]
    below = ink[first + h + near : first + h + far, start : start + w]
    if not above.size or not below.size:
        return True  # along the picture's edge
    crossed = above.all(axis=0) & below.all(axis=0)
    if crossed.all():
        return False
    most = 0.26 if long and blank <= 0.04 * w else 0.16
    return min(float(side[:, ~crossed].mean()) for side in (above, below)) < most


def _long_runs(even: Any, length: float, per_point: float, horizontal: bool) -> Any:
    """Pixels of straight runs of ink; small breaks and a slope of a pixel do not end them."""
    import cv2
    import numpy as np

    def bar(n: float) -> Any:
        n = max(round(n), 1)
        return np.ones((1, n) if horizontal else (n, 1), np.uint8)

    along = max(round(2.5 * per_point), 3)
    smooth = cv2.blur(even, (along, 1) if horizontal else (1, along))
    ink = (smooth < INK).astype(np.uint8)
    thick = cv2.dilate(ink, np.ones((3, 1) if horizontal else (1, 3), np.uint8))
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, bar(1.5 * per_point))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, bar(length))
    near: Any = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    return opened & near


def _of_words(even: Any, rules: list[Rule], per_point: float) -> tuple[list[Rule], list[Rule]]:
    """Level lines under the words of a cell: they end short of its walls, and words stand on them.
    Words that fill their line leave only the cell's margin free. And those through words, level
    strokes of bold type."""
    k = per_point
    walls = [r for r in rules if not r.horizontal and r.end - r.start >= 30]

    def parted(rule: Rule, wall: float, side: int) -> bool:
        x0, x1 = sorted((round((wall + 0.8 * side) * k), round((wall + INDENT * side) * k)))
        y0, y1 = round((rule.at - 1) * k), round((rule.at + 1) * k) + 1
        bare = (even[max(y0, 0) : y1, max(x0, 0) : x1] >= INK).all(axis=0)
        return int(bare.sum()) >= MARGIN * k

    under: list[Rule] = []
    through: list[Rule] = []
    for rule in rules:
        if not rule.horizontal or rule.end - rule.start < LONG_PART:
            continue
        beside = [w.at for w in walls if w.start < rule.at < w.end]
        left = [x for x in beside if x <= rule.start + 2]
        right = [x for x in beside if x >= rule.end - 2]
        if not left or not right or len(left) + len(right) < len(beside):
            continue
        # small gaps are closed where lines are looked for: the pixels tell whether it ends short
        if not parted(rule, max(left), 1) or not parted(rule, min(right), -1):
            continue
        y0, y1 = round((rule.at - STANDS) * k), round((rule.at - 1.5) * k)
        across = slice(round(rule.start * k), round(rule.end * k))
        ink = even[max(y0, 0) : max(y1, 1), across] < INK
        below = even[round((rule.at + 1.5) * k) : round((rule.at + HANGS) * k), across] < INK
        if ink.size and float(ink.any(axis=0).mean()) >= LETTERED:
            free = not below.size or float(below.any(axis=0).mean()) < LETTERED
            (under if free else through).append(rule)
    return under, through
