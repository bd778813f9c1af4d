"""A form on paper, before it becomes Word or HTML: paragraphs, grids and page breaks.

In every text a newline starts a paragraph, ☑ and ☐ are tick boxes (drawn in the hand of the
`Ticks` given), and LEFT … RIGHT stands on a printed line.
"""

from __future__ import annotations

from dataclasses import dataclass

LEFT, RIGHT = "\ue000", "\ue001"


def lined(text: str, width: int = 12) -> str:
    """The text on a printed line of at least `width` half-width spaces."""
    room = max(0, width - 2 * len(text))
    return f"{LEFT}{' ' * (room // 2)}{text}{' ' * (room - room // 2)}{RIGHT}"


@dataclass(frozen=True, slots=True)
class Ticks:
    """How a person ticks: what stands for a ticked and for an unticked box."""

    name: str
    ticked: str
    unticked: str
    kind: str = "text"
    """text, control (a Word content control) or symbol (two code points of Wingdings)."""


HANDS = {
    hand.name: hand
    for hand in (
        Ticks("blank", "□", "□"),
        Ticks("glyph", "☑", "□"),
        Ticks("replaced", "√", "□"),
        Ticks("beside", "□√", "□"),
        Ticks("solid", "■", "□"),
        Ticks("brackets", "（√）", "（ ）"),
        Ticks("square", "[√]", "[ ]"),
        Ticks("radio", "●", "○"),
        Ticks("control", "☒", "☐", "control"),
        Ticks("symbol", "F0FE", "F0A8", "symbol"),
    )
}


@dataclass(frozen=True, slots=True)
class Para:
    text: str
    style: str = "body"
    """title, heading, subheading, body (first line indented), line (a line of the cover), note."""
    align: str = "left"


@dataclass(frozen=True, slots=True)
class C:
    """A cell; a cell covered by the rows of one above is left out, as in HTML."""

    text: str = ""
    span: int = 1
    rows: int = 1
    align: str = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    widths: tuple[int, ...]
    """Relative column widths."""
    rows: tuple[tuple[C, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = Para | Grid | PageBreak


def head(text: str, span: int = 1, rows: int = 1) -> C:
    return C(text, span, rows, "center")


def laid_out(grid: Grid) -> list[list[tuple[C, bool]]]:
    """Each row's cells from left to right; the flag says that the cell goes on from above.

    Raises ValueError where the cells of a row do not fill the grid.
    """
    width = len(grid.widths)
    open_above: dict[int, tuple[C, int]] = {}
    result = []
    for number, row in enumerate(grid.rows, 1):
        waiting = list(row)
        line: list[tuple[C, bool]] = []
        column = 0
        while column < width:
            if column in open_above:
                cell, left = open_above.pop(column)
                line.append((cell, True))
            elif waiting:
                cell, left = waiting.pop(0), 0
                left = cell.rows
                line.append((cell, False))
            else:
                raise ValueError(f"row {number} ends at column {column} of {width}")
            if left > 1:
                open_above[column] = (cell, left - 1)
            column += cell.span
        if waiting or column != width:
            raise ValueError(f"row {number} is wider than the grid: {row}")
        # rows still open below keep their place for the next line
        result.append(line)
    return result
