"""Read a PDF with a text layer: text and tables in reading order, each with its place.

pdfium looks first, cheaply and sturdily (encrypted? damaged? which pages have text at all?);
pdfplumber's device then reads the pages. Nothing a file holds makes `read_pdf` raise.
"""

from __future__ import annotations

import hashlib
import logging
import warnings
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from extractor.readers.opening import LIMITS as FILE_LIMITS
from extractor.readers.pdf.blocks import blocks_of
from extractor.readers.pdf.boxes import place_boxes
from extractor.readers.pdf.cover import entries
from extractor.readers.pdf.fields import read_fields
from extractor.readers.pdf.flow import flow
from extractor.readers.pdf.furniture import without_address, without_furniture
from extractor.readers.pdf.items import Item, drawn_cells, page_items, slim
from extractor.readers.pdf.layers import Layers
from extractor.readers.pdf.look import Look
from extractor.readers.pdf.pages import PageContent, on_page, read_page
from extractor.readers.pdf.plain import plain_lines
from extractor.readers.pdf.quick import quick_page, without_text
from extractor.readers.pdf.sight import Sight, look_at_symbols
from extractor.readers.pdf.survey import Opened, close, may_hold_form
from extractor.readers.pdf.symbols import plain_symbols
from extractor.readers.pdf.tags import Tags
from extractor.readers.pdf.text import TextLine
from extractor.readers.pdf.turn import as_seen, sideways, turned_page
from models.types import Document, Problem
from models.wording import say

for _noisy in ("pdfminer", "pdfplumber", "pypdfium2"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What a PDF may ask of the machine."""

    pages: int = FILE_LIMITS.pdf_pages
    thorough: int = 60
    """Pages after these are read the quick way where nothing is drawn on them."""
    segments: int = 1
    """Lines drawn on one of these later pages from which it is read with care all the same."""
    plain: bool = False
    """Those that are not are read line by line."""
    characters: int = FILE_LIMITS.page_characters
    objects: int = FILE_LIMITS.page_objects


LIMITS = PdfLimits()
ATTACHMENT = PdfLimits(thorough=0, segments=16, plain=True)
"""Of a paper that is no form only pages with tables are read with care: a letterhead's line or a
frame are fewer lines than a table of two columns has."""
DRAWN_CELLS = 3
"""Cells of a page whose text is drawn, as outlines or pictures, until it counts as not read."""


def read_pdf(
    path: Path, name: str | None = None, limits: PdfLimits = LIMITS, sparing: bool = False
) -> Document:
    """The paragraphs and tables of a PDF; without blocks and with a problem where it has none.

    `sparing`: one that holds no form is read quickly, but for its tables. `name` is the file's
    name for people where the path's own is not it. Never raises for anything the file holds.
    """
    name = name or path.name
    document = Document(name, "pdf")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return replace(document, problems=(_damaged(),))
    document = replace(document, sha256=digest)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, document, limits, sparing)
    except (Exception, RecursionError):
        return replace(document, blocks=(), problems=(*document.problems, _damaged()))


def _damaged() -> Problem:
    return Problem("file.damaged", say("The PDF is damaged and cannot be opened"), "error")


# ------------------------------------------------------------------ the whole file


def _read(path: Path, document: Document, limits: PdfLimits, sparing: bool) -> Document:
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
    with quick, ExitStack() as stack:
        if not len(quick):
            problem = Problem("file.damaged", say("The PDF has no pages"), "error")
            return replace(document, pages=0, problems=(problem,))
        opened = Opened(quick)
        stack.callback(opened.close)
        careful = limits
        if sparing and not may_hold_form(opened):
            limits = ATTACHMENT
        try:
            full = pdfplumber.open(path)
        except Exception:  # pdfium mends what pdfminer gives up on; lines are lost then
            full = None
        reading = _Reading(limits, Layers(full))
        pages = _Pages(full)
        stack.callback(pages.close)
        sizes: list[tuple[float, float]] = []
        found: list[list[Item]] = []
        tags = Tags(full)
        for number in range(1, min(len(quick), limits.pages) + 1):
            page = reading.page(opened, number, pages)
            sizes.append((page.width, page.height))
            tags.page(number, page.struct_parents)
            lines = reading.lines.pop(number, None)
            page.glyphs = without_address(page.glyphs, page.height)
            try:
                items = page_items(page, tags) if lines is None else list[Item](lines)
            except Exception:  # one page's lines cost that page
                reading.lost(number)
                items = []
            if drawn_cells(items, page) >= DRAWN_CELLS:
                reading.misread(number)
                items = []
            found.append(entries(items))
            if number > limits.thorough:
                slim(found[-1])
        if limits is not careful and reading.garbled:
            # words that nobody can read do not say that it is no form
            return _read(path, document, careful, False)
        whole = flow(without_furniture(found, sizes), sizes, tags, reading.gaps)
        blocks = as_seen(blocks_of(whole, sizes), reading.turned)
        for number, (_, width, height) in reading.turned.items():
            sizes[number - 1] = (width, height)
        problems = reading.problems()
        if len(quick) > limits.pages:
            message = say(
                "The PDF has {pages} pages; only the first {limit} were read",
                pages=len(quick), limit=limits.pages,
            )  # fmt: skip
            problems.append(Problem("file.too-large", message))
        if not blocks and not problems:
            problems.append(
                Problem("file.unreadable", say("The PDF shows no text at all"), "warning")
            )
        return replace(
            document, pages=len(quick), page_sizes=tuple(sizes), blocks=tuple(blocks),
            problems=tuple(problems),
        )  # fmt: skip


class _Pages:
    """pdfplumber's pages, which are looked for only when one is asked for."""

    def __init__(self, full: Any) -> None:
        self._full, self._file = full, full
        self._sought = False

    def get(self, number: int) -> Any:
        """The page, or None where pdfminer does not find it."""
        self._sought = True
        try:
            pages = self._full.pages
        except Exception:
            self._full = None
            return None
        return pages[number - 1] if number <= len(pages) else None

    def close(self) -> None:
        """pdfplumber's own closing first looks for all the pages."""
        if self._sought:
            self._file.close()
        elif self._file is not None:
            self._file.stream.close()


class _Reading:
    """Reads page after page, and keeps what was wrong with them."""

    def __init__(self, limits: PdfLimits, layers: Layers) -> None:
        self._limits = limits
        self._layers = layers
        self._look = Look()
        self._misread = False
        self._scans: list[int] = []
        self._garbled: list[int] = []
        self._crowded: list[int] = []
        self._read = 0
        self.turned: dict[int, tuple[int, float, float]] = {}
        self.lines: dict[int, list[TextLine]] = {}
        """The lines of pages that were read line by line."""
        self._broken: list[int] = []

    def page(self, quick: Opened, number: int, pages: _Pages) -> PageContent:
        """What stands on a page; `pages` are pdfplumber's.

        A page whose text layer is not what it shows comes back without anything on it: a figure
        that is missing is asked for, a wrong one is believed.
        """
        self._misread = False
        content = self._page(quick, number, pages)
        self._read += 1
        if self._misread:
            self._garbled.append(number)
            content = PageContent(number, content.width, content.height)
        elif without_text(content):
            self._scans.append(number)
        return content

    def misread(self, number: int) -> None:
        """Say that a page shows something else than its text."""
        self._garbled.append(number)

    def lost(self, number: int) -> None:
        """Say that nothing could be made of what stands on a page."""
        self._broken.append(number)

    @property
    def garbled(self) -> bool:
        """Whether a page's text was found not to be what it shows."""
        return bool(self._garbled)

    @property
    def gaps(self) -> list[int]:
        """The pages whose text was not read."""
        return sorted({*self._scans, *self._garbled, *self._broken})

    def _page(self, quick: Opened, number: int, pages: _Pages) -> PageContent:
        import pypdfium2.raw as raw  # type: ignore[import-untyped]

        content = PageContent(number, 595.0, 842.0)
        try:
            page, text = quick.page(number)
        except Exception:
            self._broken.append(number)
            return content
        try:
            content.width, content.height = page.get_size()
            objects = raw.FPDFPage_CountObjects(page.raw)
            least = self._limits.segments
            careful = number <= self._limits.thorough or bool(
                self._layers or _lines(page, objects, least)
            )
            text = text or page.get_textpage()
            if objects > self._limits.objects or text.count_chars() > self._limits.characters:
                self._crowded.append(number)
                careful = False
            full = pages.get(number) if careful else None
            if full is not None:
                try:
                    content = read_page(full, self._layers)
                    if degrees := sideways(content):
                        self.turned[number] = (degrees, content.width, content.height)
                        page.set_rotation((page.get_rotation() + degrees) % 360)
                        full.close()
                        full = turned_page(full, degrees)
                        content = read_page(full, self._layers)
                    self._misread = self._look.misread(page, content)
                    if abs(content.width - page.get_width()) > 2:
                        raise ValueError("another page")
                    plain_symbols(content)
                    notes = read_fields(full, partial(on_page, full), self._layers)
                    sight = Sight(page, content)
                    look_at_symbols(content, sight)
                    place_boxes(content, notes, sight)
                    return content
                except Exception:
                    content = PageContent(number, *page.get_size())
                    self._broken.append(number)
                finally:
                    full.close()
            if self._limits.plain and (lines := plain_lines(page, number, text)) is not None:
                self.lines[number] = lines
                return content
            content = quick_page(page, content, self._limits.characters)
            self._misread = self._look.misread(page, content, painted=False)
            plain_symbols(content)
            return content
        except Exception:
            self._broken.append(number)
            return content
        finally:
            close(page, text)

    def problems(self) -> list[Problem]:
        """One problem for each kind; `place` lists its pages, for programs too."""
        if len(self._broken) == self._read:
            return [_damaged()]
        return [
            Problem(rule, message, "warning", pages[0], "第" + "、".join(map(str, pages)) + "页")
            for rule, message, pages in (
                (
                    "file.unreadable",
                    say(
                        "Page {pages} holds no text layer (a scan or outlined letters) "
                        "and was not read as text",
                        pages=_ranges(self._scans),
                    ),
                    self._scans,
                ),
                (
                    "file.garbled-text",
                    say(
                        "Page {pages}: the text layer is garbled and is not what the page shows",
                        pages=_ranges(self._garbled),
                    ),
                    self._garbled,
                ),
                (
                    "file.too-large",
                    say("Page {pages} holds too much to be read", pages=_ranges(self._crowded)),
                    self._crowded,
                ),
                (
                    "file.damaged",
                    say(
                        "Page {pages} is damaged and was not read in full",
                        pages=_ranges(self._broken),
                    ),
                    self._broken,
                ),
            )
            if pages
        ]


def _lines(page: Any, objects: int, least: int) -> bool:
    """Whether at least so many lines are drawn on a page, or anybody wrote on it."""
    import pypdfium2.raw as raw

    if raw.FPDFPage_GetAnnotCount(page.raw):
        return True
    written = False
    drawn = 0
    for index in range(objects):
        item = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(item)
        written = written or kind == raw.FPDF_PAGEOBJ_TEXT
        if kind == raw.FPDF_PAGEOBJ_FORM:
            return True
        if kind == raw.FPDF_PAGEOBJ_PATH:
            drawn += max(raw.FPDFPath_CountSegments(item), 1)
            if drawn >= least:
                return True
        if kind == raw.FPDF_PAGEOBJ_IMAGE and written and least == 1:
            return True  # it may lie over the text
    return False


def _ranges(numbers: list[int]) -> str:
    """3, 5-7: numbers for people."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and n == parts[-1][-1] + 1:
            parts[-1].append(n)
        else:
            parts.append([n])
    return "、".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)
