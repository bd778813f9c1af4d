"""Documents for tests, drawn as text: a row a list.

"<" widens the cell to the left, "^" the one above.
"""

from __future__ import annotations

from extractor.locating.marks import normalise_marks
from models.types import Block, Cell, Document, Paragraph, Table


def grid(rows: list[list[str]], number: int = 1) -> Table:
    """A table from rows of equal length; marks are recognised as a reader would."""
    width = max(len(r) for r in rows)
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            columns = 1
            while c + columns < len(row) and row[c + columns] == "<":
                columns += 1
            depth = 1
            while r + depth < len(rows) and rows[r + depth][c] == "^":
                depth += 1
            clean, marks = normalise_marks(text)
            place = f"表{number} 行{r + 1} 列{c + 1}"
            cells.append(Cell(r + 1, c + 1, depth, columns, clean, marks, place=place))
    return Table(len(rows), width, tuple(cells), place=f"表{number}")


def document(*parts: str | list[list[str]], file: str = "申报表.docx") -> Document:
    """Paragraphs (str) and tables (rows) as one Word document."""
    blocks: list[Block] = []
    for n, part in enumerate(parts, 1):
        if isinstance(part, str):
            text, marks = normalise_marks(part)
            blocks.append(Paragraph(text, marks, place=f"段落{n}"))
        else:
            blocks.append(grid(part, n))
    return Document(file=file, kind="docx", blocks=tuple(blocks))
