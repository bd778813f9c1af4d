"""One file, whatever kind it is, as a Document: the right reader, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from extractor.opening import ReadError, digest, problem
from models.types import Document
from models.wording import say


def read_file(path: Path, name: str, ocr: str = "auto") -> Document:
    """What one file says. Whatever is wrong with it stands in the document's problems."""
    from extractor.opening import check_size, mislabelled, refusal, sniff

    kind = "other"
    try:
        check_size(path)
        kind = sniff(path)
        if kind == "docx":
            from extractor.readers.docx import read_docx

            document = read_docx(path, name)
        elif kind == "pdf":
            from extractor.readers.pdf import read_pdf

            document = read_pdf(path, name)
            if pages := unread_pages(document, ocr):
                from extractor.readers.scan import with_scans

                document = with_scans(document, path, pages)
        elif kind == "image" and ocr != "off":
            from extractor.readers.scan import read_scan

            document = read_scan(path, name, kind="image")
        elif kind in ("doc", "rtf", "odf"):
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
        why = say(
            "The file could not be read ({why}). Ask the applicant to save it again.",
            why=type(error).__name__,
        )
        document = Document(name, kind, problems=(problem("unreadable", why),))
    return document if document.sha256 else replace(document, sha256=digest(path))


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
