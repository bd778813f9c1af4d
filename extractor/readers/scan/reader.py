"""Read a scan: pages of a PDF without a text layer, or a picture, as any other document.

A page is put upright, its ruling lines and tick boxes are found in its pixels, its text is
recognised, and figures are read twice. What the two readings do not agree on comes with a low
`sure`. Nothing a file holds makes `read_scan` raise.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from extractor.readers.opening import LIMITS
from extractor.readers.pdf.blocks import blocks_of
from extractor.readers.pdf.flow import flow
from extractor.readers.pdf.furniture import without_furniture
from extractor.readers.pdf.items import page_grids, page_items
from extractor.readers.pdf.pages import PageContent
from extractor.readers.pdf.tables import find_grids
from extractor.readers.pdf.tags import Tags
from extractor.readers.scan.cache import Cache
from extractor.readers.scan.columns import in_columns
from extractor.readers.scan.frames import Place, crossed_squares
from extractor.readers.scan.glyphs import glyphs_of, places_of_boxes
from extractor.readers.scan.image import PagePicture, Unreadable, pictures, sizes
from extractor.readers.scan.loops import find_loops, strokes
from extractor.readers.scan.missed import missed, without_dust
from extractor.readers.scan.ocr import Desk, Engine, available, processors
from extractor.readers.scan.page import upright
from extractor.readers.scan.pieces import cells_of, cut, housed, measured, on_sheet
from extractor.readers.scan.place import ScannedPage, on_paper
from extractor.readers.scan.readings import read_pieces
from extractor.readers.scan.ticks import INK, find_squares, judged
from models.types import Document, Problem
from models.wording import say


def read_scan(
    path: Path, name: str, pages: Sequence[int] | None = None, kind: str = "pdf", *,
    cache: Path | None = None, threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Document:  # fmt: skip
    """The paragraphs and tables of scanned pages, with how sure each of them is.

    `pages` counts from 1 (None: all); `kind` is pdf or image (JPEG, PNG, TIFF of many pages).
    Boxes are points of the page as it is shown, from its top left; a picture's pixels count
    72 / dpi points, at 150 dpi where it tells none. `cache` is a folder for what was read
    before; `threads` are the processors it may keep busy (None: all that the process may use);
    `progress` hears how many pages are done and how many there are. Never raises for anything
    the file holds.
    """
    document = Document(name, kind)
    try:
        with path.open("rb") as file:
            document = replace(document, sha256=hashlib.file_digest(file, "sha256").hexdigest())
        paper = sizes(path, kind)
    except (OSError, Unreadable):
        return replace(document, problems=(_damaged(),))
    document = replace(document, pages=len(paper), page_sizes=tuple(paper))
    if not available():
        why = say("Scanned pages cannot be read here: rapidocr is not installed")
        return replace(document, problems=(Problem("file.unreadable", why),))
    every = range(1, len(paper) + 1)
    wanted = sorted({n for n in (every if pages is None else pages) if n in every})
    problems: list[Problem] = []
    if len(wanted) > LIMITS.scanned_pages:
        message = say(
            "{pages} scanned pages; only the first {limit} were read",
            pages=len(wanted), limit=LIMITS.scanned_pages,
        )  # fmt: skip
        problems.append(Problem("file.too-large", message))
        wanted = wanted[: LIMITS.scanned_pages]
    try:
        read, broken = _pages(path, kind, wanted, cache, threads, progress)
    except Unreadable:
        return replace(document, problems=(_damaged(),))
    problems += [
        Problem(
            "file.unreadable", say("Scanned page {page} could not be read", page=n), "warning", n,
            f"第{n}页",
        )
        for n in broken
    ]  # fmt: skip
    contents = [_content(p) for p in read]
    frames = [(c.width, c.height) for c in contents]
    found = without_furniture([page_items(c) for c in contents], frames, recognised=True)
    items = flow(found, frames, Tags(None))
    blocks = on_paper(blocks_of(items, frames), read)
    if read and not blocks:
        why = say("No text could be recognised in the scan")
        problems.append(Problem("file.unreadable", why))
    return replace(document, blocks=tuple(blocks), problems=tuple(problems), ocr_pages=len(read))


def _damaged() -> Problem:
    return Problem("file.damaged", say("The picture is damaged and cannot be opened"), "error")


def _pages(
    path: Path, kind: str, wanted: Sequence[int], folder: Path | None, threads: int | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[ScannedPage], list[int]]:  # fmt: skip
    """The pages as they were read, and the numbers of those that could not be.

    Several are read at once, each by a recogniser of its own; only as many pictures are held.
    """
    cache = Cache(folder)
    read: list[ScannedPage] = []
    broken: list[int] = []
    usable = threads or processors()
    abreast = max(1, min(usable, len(wanted), LIMITS.scanned_abreast))
    desk = Desk(usable // abreast)
    waiting: deque[Future[ScannedPage | int]] = deque()

    def take() -> None:
        page = waiting.popleft().result()
        if isinstance(page, int):
            broken.append(page)
        else:
            read.append(page)
        if progress is not None:
            progress(len(read) + len(broken), len(wanted))

    with ThreadPoolExecutor(abreast) as pool:
        for picture in pictures(path, kind, wanted):
            waiting.append(pool.submit(_page, picture, cache, desk))
            if len(waiting) > abreast:
                take()
        while waiting:
            take()
    cache.tidy()
    return read, broken


def _page(picture: PagePicture | int, cache: Cache, desk: Desk) -> ScannedPage | int:
    """One page, out of the cache where it was read before; its number where it is broken."""
    if isinstance(picture, int):
        return picture
    try:
        key = cache.key(picture)
        page = cache.get(key, picture.number)
        if page is None:
            with desk.engine() as reader:
                page = read_picture(picture, reader)
            cache.put(key, page)
        return page
    except Exception:  # one page of many must not cost the others
        return picture.number


def read_picture(picture: PagePicture, reader: Engine) -> ScannedPage:
    """What stands on one page's picture."""
    page, boxes = upright(picture, reader)
    dark = strokes(page.bare, INK)
    squares = find_squares(page.bare, dark, page.per_point)
    loops = find_loops(dark, page.per_point)
    del dark  # as large as all else that is known of a page
    drawn = cells_of(find_grids(page.rules, page.width, page.height))
    lines = cut(page, boxes, drawn)
    read_pieces(page, lines, drawn, reader)
    without_dust(page, lines)
    for line in lines:
        line.ink = measured(page, line)
    searched: list[Place] = []
    for _ in range(2):  # the first boxes tell what the others are like
        places = [p for p in places_of_boxes(lines, squares, loops) if p not in searched]
        searched += places
        more = crossed_squares(page.even, page.per_point, places, squares)
        squares += more
        if not more:
            break
    # the text tells walls that are not drawn, and whole tables
    known = PageContent(
        picture.number, page.width, page.height, [g for g, _ in glyphs_of(lines, squares)],
        list(page.rules),
    )  # fmt: skip
    cells = cells_of([grid for grids in page_grids(known) for grid in grids])
    housed(lines, cells)
    found, unread = missed(page, lines, cells, [s.bbox for s in squares if not s.guessed], reader)
    if found:
        without_dust(page, found)
        for line in found:
            line.ink = measured(page, line)
        lines += found
        places = [p for p in places_of_boxes(lines, squares, loops) if p not in searched]
        squares += crossed_squares(page.even, page.per_point, places, squares)
    left, right = on_sheet(lines, page.width)
    lines = [p for p in lines if left <= p.bbox[2] and p.bbox[0] <= right]
    squares = [s for s in squares if left <= s.bbox[2] and s.bbox[0] <= right]
    seen = [g.mark.bbox for g, _ in glyphs_of(lines, squares, loops) if g.mark and g.mark.bbox]
    in_columns(lines, squares, seen, page.even, page.per_point)
    judged(squares, page.even, page.bare, page.per_point)
    pairs = glyphs_of(lines, squares, loops)
    return ScannedPage(
        picture.number, page.width, page.height, [g for g, _ in pairs], [s for _, s in pairs],
        page.rules, unread, page.back, (picture.width, picture.height),
    )  # fmt: skip


def _content(page: ScannedPage) -> PageContent:
    return PageContent(page.number, page.width, page.height, list(page.glyphs), list(page.rules))


def with_scans(
    document: Document, path: Path, pages: Sequence[int], *, cache: Path | None = None,
    threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Document:  # fmt: skip
    """A PDF's document with these pages recognised; the others stay as they were read.

    Where no recogniser is installed the problem that names the pages stays.
    """
    if not available():
        return document
    scan = read_scan(path, document.file, pages, cache=cache, threads=threads, progress=progress)
    own = [b for b in document.blocks if (b.page or 0) not in set(pages)]
    kept = tuple(p for p in document.problems if p.rule != "file.unreadable")
    return replace(
        document,
        blocks=tuple(sorted([*own, *scan.blocks], key=lambda b: b.page or 0)),
        ocr_pages=scan.ocr_pages,
        problems=(*kept, *scan.problems),
    )
