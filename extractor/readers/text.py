"""Plain texts (.txt, .csv): lines as paragraphs; what is divided into columns as one Table."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path

from extractor.readers.opening import LIMITS, ReadError, check_size, damaged, digest
from models.types import Block, Cell, Document, Paragraph, Table
from models.wording import say

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = "\t,;|"


def read_text_file(path: Path, name: str | None = None) -> Document:
    """The lines of a text in UTF-8, UTF-16 or GBK, kind "text"; nothing is raised.

    Where most lines are divided into the same number of columns, it is read as a table.
    """
    name = name or path.name
    try:
        check_size(path)
        with path.open("rb") as file:
            text = _decoded(file.read(LIMITS.characters))
    except ReadError as error:
        return Document(name, "text", problems=(error.problem,), sha256=digest(path))
    except OSError:
        unopened = damaged(say("it cannot be opened")).problem
        return Document(name, "text", problems=(unopened,), sha256=digest(path))
    blocks = _table(text) or [
        Paragraph(line.strip(), place=f"行{number}")
        for number, line in enumerate(text.splitlines()[: LIMITS.blocks], start=1)
        if line.strip()
    ]
    return Document(name, "text", tuple(blocks), sha256=digest(path))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        for cut in range(4):  # the last character may be cut off at the limit
            try:
                return data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return data.decode("gb18030", "replace")


def _table(text: str) -> list[Block]:
    for delimiter in _DELIMITERS:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            rows = list(itertools.islice(lines, LIMITS.rows))
        except csv.Error:  # a field without an end
            continue
        widths = [len(row) for row in rows if row]
        common = max(set(widths), key=widths.count) if widths else 0
        if len(widths) < 2 or common < 2 or widths.count(common) < 0.8 * len(widths):
            continue
        cells = tuple(
            Cell(r, c, 1, 1, value.strip(), place=f"行{r} 列{c}")
            for r, row in enumerate(rows, start=1)
            for c, value in enumerate(row[: LIMITS.columns], start=1)
        )[: LIMITS.cells]
        width = max((len(row) for row in rows), default=0)
        return [Table(len(rows), min(width, LIMITS.columns), cells, place="表1")]
    return []
