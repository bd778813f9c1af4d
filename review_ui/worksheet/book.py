"""The reviewer's worksheet: every stored submission in one XLSX, to filter, decide and print."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.storing.store import Store
from models.wording import text
from review_ui.console import UsageError
from review_ui.worksheet.cells import add_styles, clean

if TYPE_CHECKING:
    from openpyxl import Workbook

LONGEST_NAME = 31
"""Characters of a sheet's name."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\t\n]+")


def write_worksheet(store: Store, path: Path, submissions: Sequence[int] | None = None) -> None:
    """Writes the worksheet of these submissions (ids; None for all) to `path`.

    A summary sheet, a findings sheet, a figures sheet; where there is something for them, sheets
    of clusters side by side, of papers and evidence, of disputed cells as pictures; and one sheet
    on A4 for each submission, in the order given (by name where None). All text is text, never a
    formula. The file is written whole or not at all. Raises KeyError for an unknown id, and
    UsageError where the file
    cannot be written (open in another program, no such folder, disk full).
    """
    from openpyxl import Workbook

    from review_ui.worksheet.further import write_comparison, write_crops, write_evidence
    from review_ui.worksheet.printed import write_sheet
    from review_ui.worksheet.tables import write_figures, write_findings, write_summary

    ids = [s.id for s in store.list_submissions()] if submissions is None else submissions
    reviews = [store.load_submission(id) for id in dict.fromkeys(ids)]
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book)
    lists = [
        text("Summary sheet"), text("Findings sheet"), text("Figures sheet"), text("Comparison"),
        text("Evidence sheet"), text("Disputed cells"),
    ]  # fmt: skip
    names = sheet_names([s.summary.name for s in reviews], lists)
    sheets = {s.summary.id: name for s, name in zip(reviews, names, strict=True)}
    write_summary(book, reviews, sheets)
    write_findings(book, reviews, sheets)
    write_figures(book, reviews, sheets)
    write_comparison(book, reviews, sheets)
    write_evidence(book, reviews, sheets)
    write_crops(book, store, reviews, sheets)
    for stored in reviews:
        write_sheet(book, stored, sheets[stored.summary.id])
    _save(book, Path(path))


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Legal names, no two alike (nor alike but for case), as near to the wanted as can be.

    >>> sheet_names(["寿光/种苗", "寿光:种苗", "'a'"], ["汇总"])
    ['寿光 种苗', '寿光 种苗 (2)', 'a']
    """
    # Excel keeps History for itself
    used = {"history", *(t.casefold() for t in taken)}
    names = []
    for words in wanted:
        base = " ".join(_FORBIDDEN.sub(" ", clean(words)).split()).strip("' ") or "—"
        name, n = _cut(base, LONGEST_NAME), 1
        while name.casefold() in used:
            n += 1
            ending = f" ({n})"
            name = _cut(base, LONGEST_NAME - len(ending)) + ending
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(name: str, most: int) -> str:
    """Cut to a length as Excel counts it (in UTF-16)."""
    raw = name.encode("utf-16-le")[: most * 2]
    return raw.decode("utf-16-le", errors="ignore").strip("' ")


def _save(book: Workbook, path: Path) -> None:
    """Whole or not at all: written beside the file, then put in its place."""
    book.properties.creator = "hecha"
    book.properties.title = text("Review worksheet")
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        try:
            with new.open("wb") as out:
                book.save(out)
            os.replace(new, path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(text("{path} cannot be written: {why}", path=path, why=why)) from error
