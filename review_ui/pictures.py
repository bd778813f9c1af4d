"""What stands on the paper, as pictures and HTML: PDF pages with boxes, Word tables as read.

Papers nobody vouches for are opened in a worker that can be killed, never in the screen's own
process. Text out of them is escaped, always.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from extractor.workers import Step, Task, WorkLimits, run
from models.types import Bbox, Cell, Document, Evidence, Paragraph, Table

SCALE = 2.0
"""Pixels per point of a page picture."""
CROP_SCALE = 2.5
PIXELS = 12e6
"""A page may be metres wide; no picture is larger than this."""
LIMITS = WorkLimits(step_seconds=30, task_seconds=60, memory=1 << 30)
CELLS = 4000
"""Of a Word file, more than this are not drawn at once."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG and the size of what it shows, in points."""

    data: bytes
    width: float
    height: float

    @property
    def uri(self) -> str:
        kind = "png" if self.data.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(self.data).decode()}"


@dataclass(frozen=True, slots=True)
class Marked:
    """An evidence to be shown: its number for people, and whether it is the chosen one."""

    number: int
    evidence: Evidence
    chosen: bool = False


# ------------------------------------------------------------------ PDF


def page_pictures(path: Path, pages: Sequence[int]) -> list[Picture]:
    """The pages (from 1) of a PDF or a picture file, drawn in a worker; [] where that failed."""
    return list(_in_worker(_draw_pages, (path, tuple(pages))) or ())


def crops_of(
    wanted: Sequence[tuple[Path, Sequence[tuple[int, Bbox]]]],
) -> list[list[Picture | None]]:
    """What stands in each (page, box) of each file with a little around it; an empty list for a
    file where that failed. Two files at a time."""
    found: list[list[Picture | None]] = [[] for _ in wanted]
    tasks = (Task(_draw_crops, (path, tuple(p)), n) for n, (path, p) in enumerate(wanted))
    for done in run(tasks, jobs=2, limits=LIMITS):
        if done is not None and done.result is not None:
            found[done.task.tag] = done.result
    return found


def image_picture(path: Path) -> Picture | None:
    """A picture file, as a screen can show it; None where that failed."""
    made: Picture | None = _in_worker(_draw_image, (path,))
    return made


def _in_worker(function: Any, arguments: tuple[Any, ...]) -> Any:
    for done in run([Task(function, arguments)], limits=LIMITS):
        if done is not None:
            return done.result
    return None


def _draw_pages(path: Path, pages: Sequence[int], step: Step) -> list[Picture]:
    pictures = []
    for number in pages:
        step(str(number))
        drawn = drawn_page(path, number, SCALE)
        if drawn is not None:
            pictures.append(_packed(*drawn))
    return pictures


def drawn_page(path: Path, number: int, most: float) -> tuple[Any, float, float] | None:
    """A page of a PDF or a picture file as an image of at most `most` pixels per point, with
    its size in points; None where there is no such page."""
    with path.open("rb") as file:
        is_pdf = b"%PDF" in file.read(1024)
    if not is_pdf:
        return _drawn_frame(path, number, most)
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        if not 1 <= number <= len(pdf):
            return None
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(most, (PIXELS / max(width * height, 1)) ** 0.5)
        return page.render(scale=scale, may_draw_forms=True).to_pil(), width, height


def _drawn_frame(path: Path, number: int, most: float) -> tuple[Any, float, float] | None:
    from itertools import islice

    from extractor.readers.scan.image import frames

    for image, dpi in islice(frames(path), number - 1, number) if number > 0 else ():
        width, height = image.width * 72 / dpi, image.height * 72 / dpi
        scale = min(most, dpi / 72, (PIXELS / max(width * height, 1)) ** 0.5)
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        return image.convert("RGB").resize(size), width, height
    return None


def _draw_crops(path: Path, places: Sequence[tuple[int, Bbox]], step: Step) -> list[Picture | None]:
    pictures: list[Picture | None] = []
    drawn: dict[int, Any] = {}
    for number, bbox in places:
        step(str(number))
        if number not in drawn:
            drawn = {number: drawn_page(path, number, CROP_SCALE)}
        if drawn[number] is None:
            pictures.append(None)
            continue
        image, width, height = drawn[number]
        x0, top, x1, bottom = bbox
        around = (
            max(0.0, min(x0, x1) - 6),
            max(0.0, min(top, bottom) - 4),
            min(width, max(x0, x1) + 6),
            min(height, max(top, bottom) + 4),
        )
        if around[2] - around[0] < 1 or around[3] - around[1] < 1:
            pictures.append(None)
            continue
        part = image.crop(tuple(round(v * image.width / width) for v in around))
        pictures.append(_packed(part, around[2] - around[0], around[3] - around[1]))
    return pictures


def _draw_image(path: Path, step: Step) -> Picture | None:
    drawn = drawn_page(path, 1, SCALE)
    return None if drawn is None else _packed(*drawn)


def _packed(image: Any, width: float, height: float) -> Picture:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=84, subsampling=0)
    return Picture(out.getvalue(), width, height)


def page_html(
    picture: Picture, marked: Sequence[Marked], label: str, address: str = ""
) -> str:  # fmt: skip
    """The picture with a numbered box over each evidence that has one on this page.

    `address` is where the browser gets the picture; without one it is put into the page.
    """
    boxes = "".join(_box(m, picture) for m in marked if m.evidence.bbox is not None)
    # the size is known before the picture is: nothing jumps when it comes
    size = f'width="{picture.width:.0f}" height="{picture.height:.0f}"'
    image = f'<img src="{escape(address or picture.uri)}" {size} alt="{escape(label)}">'
    return f'<div class="page">{image}{boxes}</div>'


def _box(m: Marked, picture: Picture) -> str:
    assert m.evidence.bbox is not None
    x0, top, x1, bottom = m.evidence.bbox
    left, right = sorted((x0, x1))
    upper, lower = sorted((top, bottom))
    style = (
        f"left:{100 * left / picture.width:.3f}%;top:{100 * upper / picture.height:.3f}%;"
        f"width:{100 * (right - left) / picture.width:.3f}%;"
        f"height:{100 * (lower - upper) / picture.height:.3f}%"
    )
    kind = "box chosen" if m.chosen else "box"
    return f'<div class="{kind}" data-n="{m.number}" style="{style}"><b>{m.number}</b></div>'


# ------------------------------------------------------------------ Word and the like


def document_html(document: Document, marked: Sequence[Marked]) -> str:
    """The document as it was read, tables with their spans, the evidences marked."""
    wanted = [m for m in marked if m.evidence.file in ("", document.file)]
    blocks = _near(document.blocks, wanted)
    places = {p for b in document.blocks for p in _places(b)}
    at: dict[str, list[Marked]] = {}
    for m in wanted:
        at.setdefault(_nearest(m.evidence.place, places), []).append(m)
    parts = [_paragraph(b, at) if isinstance(b, Paragraph) else _table(b, at) for b in blocks]
    return f'<div class="paper">{"".join(parts)}</div>'


def row_html(document: Document, evidence: Evidence) -> str:
    """Where an evidence stands, without the rest of the paper: the row of its table under the
    table's first row, its cell marked; or its paragraph. '' where there is no such place."""
    places = {p for b in document.blocks for p in _places(b)}
    place = _nearest(evidence.place, places)
    marked = [Marked(0, evidence, True)]
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if place and block.place == place:
                return f'<div class="paper">{_paragraph(block, {place: marked})}</div>'
            continue
        cell = next((c for c in block.cells if c.place == place), None)
        if cell is not None:
            rows = sorted({1, max(cell.row - 1, 1), cell.row})
            return _rows_of(block, rows, {id(cell): marked})
    return ""


def _rows_of(table: Table, rows: Sequence[int], at: Mapping[int, list[Marked]]) -> str:
    """Some rows of a table, cells that reach into them from above among them."""
    body, drawn = "", set()
    for n in rows:
        tds = ""
        for c in sorted(table.cells, key=lambda c: c.column):
            if not c.row <= n < c.row + c.row_span or id(c) in drawn:
                continue
            drawn.add(id(c))
            span = sum(c.row <= r < c.row + c.row_span for r in rows)
            tds += _cell(replace(c, row_span=span), at.get(id(c), []))
        body += f"<tr>{tds}</tr>"
    return f'<table class="grid">{body}</table>'


def _near(blocks: Sequence[Any], marked: Sequence[Marked]) -> Sequence[Any]:
    """All blocks, or of a very long paper those around the first evidence."""
    sizes = [len(b.cells) if isinstance(b, Table) else 1 for b in blocks]
    if sum(sizes) <= CELLS:
        return blocks
    places = {m.evidence.place for m in marked}
    here = next((i for i, b in enumerate(blocks) if places & set(_places(b))), 0)
    begin, end, total = here, here, sizes[here]
    while end + 1 < len(blocks) and total + sizes[end + 1] <= CELLS:
        end += 1
        total += sizes[end]
    while begin > 0 and total + sizes[begin - 1] <= CELLS:
        begin -= 1
        total += sizes[begin]
    return blocks[begin : end + 1]


def _places(block: Paragraph | Table) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.place]
    rows = (f"{block.place} 行{c.row}" for c in block.cells if block.place)
    return [block.place, *rows, *(c.place for c in block.cells)]


def _nearest(place: str, places: set[str]) -> str:
    """The place itself or, for one inside it (a box in a cell), the one that leads to it."""
    if place in places:
        return place
    words = place.split()
    for n in range(len(words) - 1, 0, -1):
        if (shorter := " ".join(words[:n])) in places:
            return shorter
    return place


def _paragraph(p: Paragraph, at: dict[str, list[Marked]]) -> str:
    if not p.text.strip():
        return ""
    here = at.get(p.place, []) if p.place else []
    return f"<p{_class(here)}>{_badges(here)}{_lines(p.text, here)}</p>"


def _table(t: Table, at: dict[str, list[Marked]]) -> str:
    rows: dict[int, list[Cell]] = {}
    for c in t.cells:
        rows.setdefault(c.row, []).append(c)
    here = at.get(t.place, []) if t.place else []
    body = ""
    for n in range(1, t.rows + 1):
        whole = at.get(f"{t.place} 行{n}", []) if t.place else []
        cells = sorted(rows.get(n, ()), key=lambda c: c.column)
        tds = (
            _cell(c, at.get(c.place, []) if c.place else [], whole, first=k == 0)
            for k, c in enumerate(cells)
        )
        body += f"<tr>{''.join(tds)}</tr>"
    nested = " nested" if t.nested else ""
    return f'{_badges(here)}<table class="grid{nested}"{_chosen(here)}>{body}</table>'


def _cell(
    c: Cell, here: Sequence[Marked], row: Sequence[Marked] = (), first: bool = True
) -> str:  # fmt: skip
    """`row` are the evidences of its whole row; the first cell bears their numbers."""
    spans = (f' rowspan="{min(c.row_span, 2000)}"' if c.row_span > 1 else "") + (
        f' colspan="{min(c.column_span, 200)}"' if c.column_span > 1 else ""
    )
    badges = _badges([*row, *here] if first else here)
    return f"<td{spans}{_class([*row, *here])}>{badges}{_lines(c.text, here)}</td>"


def _class(here: Sequence[Marked]) -> str:
    if not here:
        return ""
    return ' class="hit chosen"' if any(m.chosen for m in here) else ' class="hit"'


def _chosen(here: Sequence[Marked]) -> str:
    return ' data-chosen="1"' if any(m.chosen for m in here) else ""


def _badges(here: Sequence[Marked]) -> str:
    return "".join(f'<b class="badge">{m.number}</b>' for m in here if m.number)


def _lines(text: str, here: Sequence[Marked]) -> str:
    """Escaped, line by line; in a longer text the evidence's own words stand out."""
    raw = next((m.evidence.raw.strip() for m in here if m.chosen), "")
    shown = escape(text)
    if raw and raw != text.strip() and text.count(raw) == 1:
        before, _, after = text.partition(raw)
        shown = f"{escape(before)}<mark>{escape(raw)}</mark>{escape(after)}"
    shown = re.sub(r"([☑☐])", r'<span class="tick">\1</span>', shown)
    return re.sub(r"\r\n?|\n", "<br>", shown)
