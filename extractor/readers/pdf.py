"""Read a PDF with a text layer: text and tables in reading order, each with its place.

pdfium looks first, cheaply and sturdily (encrypted? damaged? which pages have text at all?);
pdfplumber's device then reads the pages. Nothing a file holds makes `read_pdf` raise.
"""

from __future__ import annotations

import hashlib
import logging
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor.marks import (
    PLACED,
    find_marks,
    glyph_of,
    normalise_marks,
    symbol_font,
    without_sentinels,
)
from extractor.readers.pdf_flow import flow
from extractor.readers.pdf_furniture import without_furniture
from extractor.readers.pdf_items import FlowTable, Item, page_items
from extractor.readers.pdf_pages import PageContent, read_page
from extractor.readers.pdf_tags import Tags
from extractor.readers.pdf_text import TextLine
from models.types import Bbox, Block, Cell, Document, Line, Mark, Paragraph, Problem, Table
from models.wording import say

for _noisy in ("pdfminer", "pdfplumber", "pypdfium2"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What a PDF may ask of the machine."""

    pages: int = 2000
    characters: int = 60_000
    """On one page; beyond it the page is not read."""
    objects: int = 60_000
    """Drawn objects on one page, likewise."""
    bytes: int = 500_000_000


LIMITS = PdfLimits()


def read_pdf(path: Path, name: str | None = None, limits: PdfLimits = LIMITS) -> Document:
    """The paragraphs and tables of a PDF; without blocks and with a problem where it has none.

    `name` is the file's name for people where the path's own is not it. Never raises for
    anything the file holds.
    """
    name = name or path.name
    document = Document(name, "pdf")
    try:
        data = path.read_bytes()
    except OSError:
        return replace(document, problems=(_damaged(),))
    document = replace(document, sha256=hashlib.sha256(data).hexdigest())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, document, limits)
    except (Exception, RecursionError):
        return replace(document, blocks=(), problems=(*document.problems, _damaged()))


def _damaged() -> Problem:
    return Problem("file.damaged", say("The PDF is damaged and cannot be opened"), "error")


# ------------------------------------------------------------------ the whole file


def _read(path: Path, document: Document, limits: PdfLimits) -> Document:
    import pdfplumber
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    try:
        quick = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            problem = Problem(
                "file.encrypted", say("The PDF asks for a password and was not read"), "error"
            )
            return replace(document, problems=(problem,))
        return replace(document, problems=(_damaged(),))
    try:
        look = _look(quick, limits)
    finally:
        quick.close()
    if not look:
        return replace(document, pages=0, problems=(_damaged(),))
    with pdfplumber.open(path) as opened:
        contents = _contents(opened, look, limits)
        sizes = [(c.width, c.height) for c in contents]
        pages = without_furniture([page_items(c) for c in contents], sizes)
        tags = Tags(opened)
        for content in contents:
            tags.page(content.number, content.struct_parents)
        items = flow(pages, sizes, tags)
    blocks = _blocks(items)
    return replace(document, pages=len(look), page_sizes=tuple(sizes), blocks=tuple(blocks))


@dataclass(slots=True)
class _Glance:
    width: float
    height: float
    characters: int
    objects: int


def _look(document: Any, limits: PdfLimits) -> list[_Glance]:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    glances: list[_Glance] = []
    for index in range(min(len(document), limits.pages)):
        page = document[index]
        width, height = page.get_size()
        text = page.get_textpage()
        glances.append(
            _Glance(width, height, text.count_chars(), raw.FPDFPage_CountObjects(page.raw))
        )
        text.close()
        page.close()
    return glances


def _contents(opened: Any, look: list[_Glance], limits: PdfLimits) -> list[PageContent]:
    contents: list[PageContent] = []
    for number, glance in enumerate(look, 1):
        content = PageContent(number, glance.width, glance.height)
        if 0 < glance.characters <= limits.characters and glance.objects <= limits.objects:
            page = opened.pages[number - 1]
            content = read_page(page)
            page.close()
        for glyph in content.glyphs:
            glyph.text = without_sentinels(glyph.text)
            if len(glyph.text) == 1 and symbol_font(glyph.font):
                glyph.text = glyph_of(glyph.text, glyph.font)
        contents.append(content)
    return contents


# ------------------------------------------------------------------ blocks


def _blocks(items: list[Item]) -> list[Block]:
    blocks: list[Block] = []
    paragraphs = tables = 0
    for item in items:
        if isinstance(item, TextLine):
            paragraphs += 1
            place = f"第{item.page}页 段落{paragraphs}"
            text, marks, lines = compose([item], place)
            blocks.append(Paragraph(text, marks, item.page, item.bbox, place, lines))
            continue
        for table, nested in [(item, False), *((t, True) for t in item.inner)]:
            tables += 1
            blocks.append(_table(table, tables, nested))
    return blocks


def _table(table: FlowTable, number: int, nested: bool) -> Table:
    cells: list[Cell] = []
    for cell in table.cells:
        page, box = cell.boxes[0]
        if cell.lines and cell.lines[0].page != page:
            page, box = next(b for b in cell.boxes if b[0] == cell.lines[0].page)
        place = f"第{page}页 表{number} 行{cell.row + 1} 列{cell.column + 1}"
        text, marks, lines = compose(cell.lines, place)
        cells.append(
            Cell(
                cell.row + 1, cell.column + 1, cell.row_span, cell.column_span,
                text, marks, page, _rounded(box), place, lines,
            )
        )  # fmt: skip
    page, box = table.boxes[0]
    place = f"第{page}页 表{number}"
    cells.sort(key=lambda c: (c.row, c.column))
    return Table(table.rows, table.columns, tuple(cells), page, _rounded(box), place, nested)


def _rounded(box: Bbox) -> Bbox:
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def compose(lines: list[TextLine], place: str) -> tuple[str, tuple[Mark, ...], tuple[Line, ...]]:
    """Text of visual lines with its tick boxes as ☑ and ☐, the marks, and where each line is."""
    raw: list[str] = []
    owners: list[tuple[Any, int]] = []
    given: list[Mark] = []
    for i, line in enumerate(lines):
        if i:
            raw.append("\n")
            owners.append((None, line.page))
        for char, glyph in zip(line.text, line.glyphs, strict=True):
            if glyph is not None and glyph.mark is not None:
                char = PLACED
                given.append(glyph.mark)
            raw.append(char)
            owners.append((glyph, line.page))
    before = "".join(raw)
    found = find_marks(before, given, wrapped=True)
    text = before
    shift = list(range(len(before) + 1))
    marks: list[Mark] = []
    if found:
        text, _ = normalise_marks(before, given, wrapped=True)
        width = [1] * len(before)
        for f in found:
            width[f.start : f.end] = [1] + [0] * (f.end - f.start - 1)
            for a, b in f.dropped:
                width[a:b] = [0] * (b - a)
            glyph, page = owners[f.start]
            box = glyph.bbox if glyph is not None else f.mark.bbox
            marks.append(
                replace(f.mark, page=page, bbox=_rounded(box) if box else None, place=place)
            )
        at = 0
        for i, w in enumerate(width):
            shift[i] = at
            at += w
        shift[len(before)] = at
    spans: list[Line] = []
    at = 0
    for line in lines:
        end = at + len(line.text)
        spans.append(Line(shift[at], shift[end], line.page, _rounded(line.bbox)))
        at = end + 1
    return text, tuple(marks), tuple(spans)
