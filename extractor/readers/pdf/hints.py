"""What is drawn round, under or through words: an option chosen or struck out by hand.

Nobody can say for sure what a ring, an underline or a highlighter means, so none of them ticks a
box: they make the box beside the words doubtful, and a ring round words without a box makes one
whose state cannot be told. A reviewer then looks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import PageContent
from models.types import Bbox

_YES_NO = {"是", "否", "有", "无", "不是", "没有", "达到", "未达到"}
RING, THROUGH, UNDER = "ring", "through", "under"
MOST, MOST_LINES = 400, 2000
"""Hints of one page that are followed, short lines that are looked at."""
_LARGEST = 40.0
"""Type, in points, that options are set in."""


@dataclass(slots=True)
class Hint:
    """`bbox` is that of the ring or the line; highlighted words count as struck through."""

    bbox: Bbox
    kind: str


class Markable(Protocol):
    """A tick box that has a place and can be doubted."""

    @property
    def bbox(self) -> Bbox: ...

    def doubt(self, untold: bool) -> None:
        """Lowers its confidence; `untold`: its state cannot be told at all."""


def follow(
    hints: Sequence[Hint], boxes: Sequence[Markable], content: PageContent
) -> list[list[Glyph]]:
    """Doubts the boxes that hints bear on.

    Comes back with the words that have a hint and no box, as glyphs from left to right.
    """
    loose: list[list[Glyph]] = []
    for hint in hints[:MOST]:
        words = _words(hint, content.glyphs)
        if not words:
            continue
        owner = _owner(hint, words, boxes)
        if owner is not None:
            owner.doubt(hint.kind == RING)
            continue
        text = "".join(g.text for g in words)
        first = words[0]
        if any(g.mark for g in words) or text.isdigit() or len(words) > 14:
            continue
        alone = text in _YES_NO and (hint.kind != UNDER or _others(first, words, content.glyphs))
        if hint.kind == RING or alone:
            loose.append(words)
    return loose


def line_hints(content: PageContent) -> list[Hint]:
    """Short horizontal lines through or closely under words."""
    lines = [
        r for r in content.rules if r.horizontal and 6 <= r.end - r.start <= 160
    ]  # longer ones are the table's
    if not lines or len(lines) > MOST_LINES:
        return []
    upright = [r for r in content.rules if not r.horizontal]
    written = sorted(
        (g for g in content.glyphs if not g.turn and g.text.isalnum() and g.size <= _LARGEST),
        key=lambda g: g.base,
    )
    bases = [g.base for g in written]
    hints: list[Hint] = []
    for rule in lines:
        near = written[
            bisect_left(bases, rule.at - 0.3 * _LARGEST) : bisect_right(
                bases, rule.at + 0.7 * _LARGEST
            )
        ]
        over = [
            g for g in near
            if rule.start - 1 <= (g.x0 + g.x1) / 2 <= rule.end + 1
            and g.base - 0.7 * g.size < rule.at < g.base + 0.3 * g.size
        ]  # fmt: skip
        if not over or rule.end - rule.start > sum(g.x1 - g.x0 for g in over) + over[0].size:
            continue  # a blank to be filled in
        if any(
            (abs(u.at - rule.start) < 3 or abs(u.at - rule.end) < 3)
            and u.start - 3 <= rule.at <= u.end + 3
            for u in upright
        ):
            continue  # a cell's edge
        through = rule.at < over[0].base - 0.2 * over[0].size
        hints.append(Hint((rule.start, rule.at, rule.end, rule.at), THROUGH if through else UNDER))
    return hints


def _words(hint: Hint, glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The glyphs a hint bears on, from left to right; none where they are of several lines."""
    x0, top, x1, bottom = hint.bbox
    found: list[Glyph] = []
    for g in glyphs:
        if g.turn or g.text.isspace() or not x0 - 1 <= (g.x0 + g.x1) / 2 <= x1 + 1:
            continue
        if hint.kind == RING or bottom - top > 3:
            near = top <= (g.top + g.bottom) / 2 <= bottom
        else:
            near = g.base - 0.7 * g.size < top < g.base + 0.3 * g.size
        if near:
            found.append(g)
    if not found:
        return found
    size = max(g.size for g in found)
    bases = [g.base for g in found]
    if max(bases) - min(bases) > 0.5 * size or bottom - top > 3.5 * size:
        return []
    return sorted(found, key=lambda g: g.x0)


def _owner(hint: Hint, words: Sequence[Glyph], boxes: Sequence[Markable]) -> Markable | None:
    """The box that belongs to the words: among them, or the nearest before them on their line."""
    first, last = words[0], words[-1]
    best: Markable | None = None
    nearest = 1.8 * first.size
    for box in boxes:
        x0, top, x1, bottom = box.bbox
        middle = (top + bottom) / 2
        if not first.base - 1.2 * first.size < middle < first.base + 0.5 * first.size:
            continue
        if first.x0 - 1 <= (x0 + x1) / 2 <= last.x1 + 1:
            return box
        gap = first.x0 - x1
        if -2 <= gap < nearest:
            best, nearest = box, gap
    return best


def _others(first: Glyph, words: Sequence[Glyph], glyphs: Iterable[Glyph]) -> bool:
    """Whether another answer to choose stands on the line of these words."""
    own = {id(g) for g in words}
    return any(
        id(g) not in own and g.text in _YES_NO and abs(g.base - first.base) < 0.4 * first.size
        for g in glyphs
    )
