"""Lines of a cover page that belong together: labels and values set in two columns, or wrapped.

A cover page is often a table without any line: a label that wraps stands above its own second
line, a value above its, and read across they mix. Told by where the lines begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.items import Item
from extractor.readers.pdf.text import TextLine, lay_out

_COLON = "：:"
_NEAR = 2.5
"""Points between the beginnings of lines of one column."""
_ROW = 2.4
"""Ems between the baselines of two lines of one entry, at most."""
_MOST_LABEL = 3
"""Lines of one label."""


def entries(items: Sequence[Item]) -> list[Item]:
    """A page's items; on a page without tables, each label and its value follow one another.

    Lines that belong to the one before them are `joined`.
    """
    lines = [item for item in items if isinstance(item, TextLine)]
    if len(lines) < len(items) or len(lines) < 3 or any(line.turn for line in lines):
        return list(items)
    column = _value_column(lines)
    if column is not None:
        lines = _in_columns(lines, *column)
    for above, line in pairwise(lines):
        line.joined = line.joined or _continues(above, line, lines)
    return list(lines)


# ------------------------------------------------------------------ two columns


def _value_column(lines: Sequence[TextLine]) -> tuple[float, float] | None:
    """Where labels and where values begin: alike in three lines that have a label and a gap."""
    found: list[tuple[float, float]] = []
    for line in lines:
        for i, glyph in enumerate(line.glyphs[1:], 1):
            if line.glyphs[i - 1] is None and glyph is not None:
                if line.text[: i - 1].rstrip().endswith(tuple(_COLON)):
                    found.append((line.bbox[0], glyph.x0))
                break
    if len(found) < 3:
        return None
    left, start = median(f[0] for f in found), median(f[1] for f in found)
    alike = [f for f in found if abs(f[0] - left) <= _NEAR and abs(f[1] - start) <= _NEAR]
    return (left, start) if len(alike) >= 3 and len(alike) * 3 >= 2 * len(found) else None


def _in_columns(lines: Sequence[TextLine], left: float, start: float) -> list[TextLine]:
    out: list[TextLine] = []
    at = 0
    while at < len(lines):
        taken, entry = _entry(lines[at:], left, start)
        out += entry or [lines[at]]
        at += taken or 1
    return out


def _entry(lines: Sequence[TextLine], left: float, start: float) -> tuple[int, list[TextLine]]:
    """The label's lines and then the value's, of the entry that begins here, and how many lines
    they took; (0, []) where none does or it needs no putting in order."""
    labels: list[TextLine] = []
    values: list[TextLine] = []
    for count, line in enumerate(lines):
        parts = _split(line, left, start)
        done = bool(labels) and labels[-1].text.endswith(tuple(_COLON))
        near = not count or line.base - lines[count - 1].base <= _ROW * line.size
        if parts is None or not near or (done and parts[0] is not None):
            break
        label, value = parts
        if label is None and not labels:
            break
        if label is not None:
            labels.append(label)
        if value is not None:
            values.append(value)
        if len(labels) > _MOST_LABEL:
            return 0, []
    else:
        count = len(lines)
    whole = bool(labels) and labels[-1].text.endswith(tuple(_COLON))
    if not whole or len(labels) + len(values) < 3 or not values:
        return 0, []
    entry = [*labels, *values]
    for line in entry[1:]:
        line.joined = True
    return count, entry


def _split(
    line: TextLine, left: float, start: float
) -> tuple[TextLine | None, TextLine | None] | None:
    """The parts of a line in the label's and in the value's column; None where it is of neither."""
    glyphs = [g for g in line.glyphs if g is not None]
    labels = _unique(g for g in glyphs if (g.x0 + g.x1) / 2 < start - 1)
    values = _unique(g for g in glyphs if (g.x0 + g.x1) / 2 >= start - 1)
    label = next(iter(lay_out(labels, line.page)), None)
    value = next(iter(lay_out(values, line.page)), None)
    if label is not None and abs(label.bbox[0] - left) > _NEAR:
        return None
    if value is not None and abs(value.bbox[0] - start) > _NEAR:
        return None
    return (label, value) if label is not None or value is not None else None


def _unique(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Glyphs once each: one that draws two characters stands twice in its line."""
    return list({id(g): g for g in glyphs}.values())


# ------------------------------------------------------------------ one column


def _continues(above: TextLine, line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Whether a line goes on with the value of the entry above it."""
    size = above.size
    gap = line.base - above.base
    if abs(line.size - size) > 0.12 * size or not 0.8 * size < gap <= _ROW * size:
        return False
    if any(c in line.text for c in _COLON) or not any(c in above.text for c in _COLON):
        return False
    colon = min(above.text.index(c) for c in _COLON if c in above.text)
    value = next((g for g in above.glyphs[colon + 1 :] if g is not None and g.text.strip()), None)
    if value is None:
        return False
    begins = line.bbox[0]
    if abs(begins - value.x0) <= 0.3 * size and begins > above.bbox[0] + 2 * size:
        return True  # under the value
    widest = all(other.bbox[2] <= above.bbox[2] + 0.5 * size for other in lines)
    long = above.bbox[2] - above.bbox[0] >= 18 * size
    return (
        widest and long and abs(begins - above.bbox[0]) <= 0.3 * size
        and line.bbox[2] < above.bbox[2] - size
    )  # fmt: skip
