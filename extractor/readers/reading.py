"""One file, whatever kind it is, as a Document: the right reader, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor.readers.opening import ReadError, digest, problem
from models.types import Document, Problem, Table
from models.wording import say


@dataclass(frozen=True, slots=True)
class Scanning:
    """How scanned pages are read."""

    cache: Path | None = None
    """A folder for what was recognised before, under the pages' own pixels."""
    threads: int | None = None
    """Processors it may keep busy; None: all that the process may use."""


def read_file(path: Path, name: str, ocr: str = "auto", sparing: bool = False) -> Document:
    """What one file says. Whatever is wrong with it stands in the document's problems.

    `sparing`: a PDF that holds no form is read quickly, but for its tables.
    """
    return recognised(_storable(_printed(path, name, sparing)), path, ocr)


def recognised(
    document: Document, path: Path, ocr: str, scanning: Scanning = Scanning(),
    progress: Callable[[int, int], None] | None = None, first: int | None = None,
) -> Document:  # fmt: skip
    """A document read without recognition, with its pages recognised that ask for it.

    `ocr` is auto, off or force; `progress` hears the page done and how many there are; of the
    pages that ask for it only the `first` so many are recognised. The same document comes back
    where no page asks for it. Never raises for what the file holds.
    """
    if not to_recognise(document, ocr):
        return document
    try:
        from extractor.readers.opening import mislabelled
        from extractor.readers.scan.reader import read_scan, with_scans

        more: dict[str, Any] = {
            "cache": scanning.cache, "threads": scanning.threads, "progress": progress,
        }  # fmt: skip
        if document.kind == "image":
            some = range(1, first + 1) if first is not None else None
            scan = read_scan(path, document.file, some, kind="image", **more)
            wrong_name = mislabelled(document.file, "image")
            return replace(scan, problems=(*scan.problems, *filter(None, [wrong_name])))
        return with_scans(document, path, unread_pages(document, ocr)[:first], **more)
    except MemoryError:
        raise
    except Exception as error:
        return replace(document, problems=(*document.problems, _unread(error)))


def to_recognise(document: Document, ocr: str) -> bool:
    """Whether some page of it is to be recognised."""
    return bool(unread_pages(document, ocr)) or (document.kind == "image" and ocr != "off")


def _printed(path: Path, name: str, sparing: bool = False) -> Document:
    from extractor.readers.opening import check_size, mislabelled, refusal, sniff

    kind = "other"
    try:
        check_size(path)
        kind = sniff(path)
        if kind == "docx":
            from extractor.readers.docx.reader import read_docx

            document = read_docx(path, name)
        elif kind == "pdf":
            from extractor.readers.pdf.reader import read_pdf

            document = read_pdf(path, name, sparing=sparing)
        elif kind == "xlsx":
            from extractor.readers.xlsx import read_xlsx

            document = read_xlsx(path, name)
        elif kind == "text":
            from extractor.readers.text import read_text_file

            document = read_text_file(path, name)
        elif kind in ("doc", "rtf", "odf", "xls"):
            from extractor.readers.converted import read_converted

            document = read_converted(path, name)
        else:
            raise refusal(kind)
        wrong_name = mislabelled(name, kind)
        if wrong_name is not None:
            document = replace(document, problems=(*document.problems, wrong_name))
    except ReadError as error:
        document = Document(name, kind, problems=(error.problem,))
    except MemoryError:
        raise
    except Exception as error:
        document = Document(name, kind, problems=(_unread(error),))
    return document if document.sha256 else replace(document, sha256=digest(path))


def _storable(document: Document) -> Document:
    """Half a character (a lone surrogate, which a workbook or a font may name) can be stored and
    printed nowhere: it becomes �, one for one."""
    try:
        for block in document.blocks:
            texts = (c.text for c in block.cells) if isinstance(block, Table) else (block.text,)
            "".join(texts).encode()
        return document
    except UnicodeEncodeError:
        blocks = tuple(
            replace(b, cells=tuple(replace(c, text=_whole(c.text)) for c in b.cells))
            if isinstance(b, Table)
            else replace(b, text=_whole(b.text))
            for b in document.blocks
        )
        return replace(document, blocks=blocks)


def _whole(text: str) -> str:
    return "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text)


def _unread(error: Exception) -> Problem:
    why = say(
        "The file could not be read ({why}). Ask the applicant to save it again.",
        why=type(error).__name__,
    )
    return problem("file.unreadable", why)


def unread_pages(document: Document, ocr: str) -> list[int]:
    """The pages to be recognised: those without text, or with another than they show; with
    `force` all of them, with `off` none."""
    if ocr == "off" or document.pages is None:
        return []
    if ocr == "force":
        return list(range(1, document.pages + 1))
    told = (p for p in document.problems if p.rule in ("file.unreadable", "file.garbled-text"))
    return sorted({int(n) for p in told for n in re.findall(r"\d+", p.place)})


def opened(document: Document) -> bool:
    """A reader could make something of the file, were it only that nothing stands in it."""
    return document.readable or not any(p.severity == "error" for p in document.problems)
