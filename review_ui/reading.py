"""`hecha read`: what the reader sees in a document, as text, JSON or boxes on page pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.output import document_json
from extractor.pipeline import read_all
from extractor.readers.reading import opened
from extractor.workers import Step, Task, run
from models.types import Bbox, Document, Table
from models.wording import text
from review_ui.console import DONE, FAILED, UsageError, document_text, json_line
from review_ui.pictures import drawn_page

if TYPE_CHECKING:
    from PIL.Image import Image

SCALE = 2.0
"""Pixels per point of a page picture: 144 dpi."""
CELL, PARAGRAPH, TICKED, UNTICKED, UNSURE = "#4a7fb5", "#9aa0a6", "#1a8f3c", "#c0392b", "#e69f00"


def read_files(files: Sequence[Path], as_json: bool, png: Path | None) -> int:
    """Prints each file's document; exit status 3 where not one could be read."""
    for path in files:
        if not path.exists():
            raise UsageError(text("{path} does not exist", path=path))
        if path.is_dir():
            raise UsageError(text("{path} is a folder; read takes files", path=path))
    any_read = False
    for path, document in zip(files, read_all([(p, p.name) for p in files]), strict=True):
        any_read = any_read or opened(document)
        if as_json:
            print(json_line(document_json(document)), flush=True)
        else:
            print(document_text(document), flush=True)
        if png is not None:
            _draw(path, document, png)
    return DONE if any_read else FAILED


def _draw(path: Path, document: Document, folder: Path) -> None:
    if document.kind not in ("pdf", "image"):
        message = text(
            "{file}: page pictures are made of PDFs and picture files only", file=document.file
        )
        print(f"hecha: {message}", file=sys.stderr)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for done in run([Task(draw_pages, (path, document, folder))]):
        if done is not None and done.failure is not None:
            message = text("{file}: its pages could not be drawn", file=document.file)
            print(f"hecha: {message}", file=sys.stderr)


def draw_pages(path: Path, document: Document, folder: Path, step: Step) -> None:
    """Writes <name>-p001.png … into the folder, the boxes of the document drawn on each page."""
    for page in range(1, (document.pages or 0) + 1):
        step(f"{page}")
        picture = page_picture(path, page, list(boxes(document, page)))
        if picture is None:
            continue
        picture.save(folder / f"{Path(document.file).stem}-p{page:03d}.png")


def boxes(document: Document, page: int) -> Iterator[tuple[Bbox, str, int]]:
    """(bbox, colour, line width) of what stands on a page: paragraphs, cells, tick boxes."""
    for block in document.blocks:
        if isinstance(block, Table):
            for cell in block.cells:
                if cell.page == page and cell.bbox is not None:
                    yield cell.bbox, CELL, 1
        elif block.page == page and block.bbox is not None:
            yield block.bbox, PARAGRAPH, 1
    for mark in document.marks():
        if mark.page == page and mark.bbox is not None:
            colour = UNSURE if mark.ticked is None else TICKED if mark.ticked else UNTICKED
            yield mark.bbox, colour, 3


def page_picture(
    path: Path, page: int, marked: Sequence[tuple[Bbox, str, int]] = (), scale: float = SCALE
) -> Image | None:
    """A page (from 1) of a PDF or a picture file with boxes drawn on it; points from the page's
    top left. None where there is no such page."""
    from PIL import ImageDraw

    drawn = drawn_page(path, page, scale)
    if drawn is None:
        return None
    picture: Image = drawn[0].convert("RGB")
    scale = picture.width / drawn[1]
    pen = ImageDraw.Draw(picture)
    for bbox, colour, line in marked:
        x0, top, x1, bottom = (v * scale for v in bbox)
        pen.rectangle(
            (min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom)),
            outline=colour,
            width=line,
        )
    return picture
