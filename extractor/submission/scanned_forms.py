"""Scanned copies of a form that was found in another file: which are worth recognising.

A package is commonly the form in Word and the same form printed, sealed and scanned. To
recognise a page costs seconds, and evidence is scanned too: so of the few scans that may be the
form the first page is recognised, of those whose names say so the second too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from extractor.locating.recognise import is_part_of
from extractor.readers.reading import Scanning, recognised, unread_pages
from extractor.submission.roles import by_name
from models.programme import load_programme
from models.types import Document

MOST_FILES = 3
"""Scans looked into, those first whose names call them the form, then the longest."""
FIRST_PAGES = 2
"""Pages looked at of a file that calls itself the form: the first may be a cover or a letter."""
_FORM = "application_form"


def scanned_copies(
    read: Sequence[tuple[Document, Path | None]], programme: str, passed: Collection[str],
    scanning: Scanning, step: Callable[[str, int, int], None],
) -> list[int]:  # fmt: skip
    """The indices of the files without text whose first pages say that they are the form.

    `passed` names files not to look into; `step` hears the file that is looked into.
    """
    asked = [
        (n, document, path)
        for n, (document, path) in enumerate(read)
        if path is not None and document.file not in passed and _may_be(document)
    ]
    asked.sort(key=lambda entry: (*_unlikely(entry[1]), entry[0]))
    form = load_programme(programme).form
    out: list[int] = []
    for n, document, path in asked[:MOST_FILES]:
        step(document.file, 0, 1)
        for pages in range(1, (FIRST_PAGES if by_name(document.file) == _FORM else 1) + 1):
            seen = recognised(document, path, "auto", scanning, first=pages)
            if is_part_of(seen, form):
                out.append(n)
                break
    return sorted(out)


def _may_be(document: Document) -> bool:
    """Whether a file shows nearly nothing but pictures of pages."""
    if document.kind == "image":  # a photograph by itself is evidence, whatever it shows
        return by_name(document.file) == _FORM
    if document.kind != "pdf" or not document.pages:
        return False
    return 2 * len(unread_pages(document, "auto")) > document.pages


def _unlikely(document: Document) -> tuple[int, int]:
    """Sorts names that say another paper last, long files first."""
    named = by_name(document.file)
    return (0 if named == _FORM else 1 if named in (None, "evidence") else 2), -(
        document.pages or 1
    )
