"""Tables nested in the cells of others: which stand where, and the cells' text without theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.types import BOXES, Cell, Mark, Paragraph, Table

Numbered = tuple[int, Table]
"""A table, and which block of the document it is."""


def typed(part: Paragraph | Cell) -> str:
    """What was typed: the text without the numbers the word processor counts by itself, which
    Word does not count as characters either."""
    text, at = [], 0
    for start, end in part.numbering:
        text.append(part.text[at:start])
        at = end
    return "".join([*text, part.text[at:]]) if text else part.text


def leading_nested(blocks: tuple[object, ...]) -> tuple[Table, ...]:
    nested: list[Table] = []
    for block in blocks:
        if not (isinstance(block, Table) and block.nested):
            break
        nested.append(block)
    return tuple(nested)


def by_depth(inside: tuple[Numbered, ...]) -> tuple[list[Numbered], list[tuple[Numbered, ...]]]:
    """Of tables nested in a table those that stand in it itself, and the ones inside each."""
    nested: list[Numbered] = []
    deeper: list[list[Numbered]] = []
    for number, table in inside:
        parts = [typed(c) for c in table.cells if typed(c).strip()]
        if nested and any(_less(typed(c), parts) is not None for c in nested[-1][1].cells):
            deeper[-1].append((number, table))
        else:
            nested.append((number, table))
            deeper.append([])
    return nested, [tuple(d) for d in deeper]


def without_nested(
    cells: Iterable[Cell], nested: Sequence[Table]
) -> tuple[dict[int, str], dict[int, list[int]], list[int]]:
    """Each cell's text less that of the tables nested in it, which tables those are, and the
    tables whose text was found in no cell."""
    texts = {id(c): typed(c) for c in cells}
    holds: dict[int, list[int]] = {}
    left_over: list[int] = []
    for number, table in enumerate(nested):
        parts = [typed(c) for c in table.cells if typed(c).strip()]
        for cell in cells:
            rest = _less(texts[id(cell)], parts)
            if rest is None:
                rest = _outside(cell, table, texts[id(cell)])
            if rest is not None:
                texts[id(cell)] = rest
                holds.setdefault(id(cell), []).append(number)
                break
        else:
            left_over.append(number)
    return texts, holds, left_over


def _less(text: str, parts: list[str]) -> str | None:
    """The text without the parts, which stand in it in this order; None where they do not."""
    start = text.find(parts[0]) if parts else -1
    while start >= 0:
        at = start
        for part in parts:
            hit = text.find(part, at)
            if hit < 0 or text[at:hit].strip():
                break
            at = hit + len(part)
        else:
            return text[:start].rstrip() + "\n" + text[at:].lstrip()
        start = text.find(parts[0], start + 1)
    return None


def _outside(cell: Cell, table: Table, text: str) -> str | None:
    """The text without the lines that lie in the table on the page, whose cells' lines stand side
    by side in it; None where none does, or where another table has been taken out of it."""
    if table.bbox is None or text != cell.text:
        return None
    x0, top, x1, bottom = table.bbox
    kept, at, found = [], 0, False
    for line in cell.lines:
        left, upper, right, lower = line.bbox
        inside = x0 - 2 <= left and right <= x1 + 2 and top <= (upper + lower) / 2 <= bottom
        if inside and line.page == table.page:
            kept.append(text[at : line.start].rstrip("\n"))
            at, found = line.end, True
    return "".join([*kept, text[at:]]) if found else None


def own_marks(text: str, marks: tuple[Mark, ...], inside: Sequence[Table]) -> tuple[Mark, ...]:
    """The marks of a cell whose own `text` is what is left without the tables inside it."""
    kept = list(marks)
    for table in inside:
        nested = [(m.ticked, m.how) for c in table.cells for m in c.marks]
        for at in range(len(kept) - len(nested) + 1):
            if nested and [(m.ticked, m.how) for m in kept[at : at + len(nested)]] == nested:
                del kept[at : at + len(nested)]
                break
    return tuple(kept[: sum(c in BOXES for c in text)])
