"""Excel workbooks (.xlsx, .xlsm): one Table a sheet, its cells as the sheet shows them.

openpyxl streams the values; what its streaming leaves out (merged cells, hidden rows, formulas
without a stored value) is read from the sheet's own XML. What is hidden is left out and said,
as hidden text in a Word file is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractor.readers.opening import LIMITS, ReadError, damaged, digest, problem
from extractor.readers.unpacking import Package, open_ooxml
from models.types import Block, Cell, Document, Paragraph, Problem, Table
from models.wording import say

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_NAMELESS = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)


def read_xlsx(path: Path, name: str | None = None) -> Document:
    """What the sheets of a workbook show, in their order; kind "xlsx".

    A sheet with a name of its own is preceded by that name as a paragraph. Row and column
    numbers are the sheet's own. Where nothing can be read the document has no blocks and a
    problem that says why; nothing is raised.
    """
    name = name or path.name
    document = Document(name, "xlsx", sha256=digest(path))
    try:
        blocks, problems = _read(path)
    except ReadError as error:
        return Document(name, "xlsx", problems=(error.problem,), sha256=document.sha256)
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises whatever a strange file makes it raise
        why = damaged(type(error).__name__).problem
        return Document(name, "xlsx", problems=(why,), sha256=document.sha256)
    if not blocks and not problems:
        problems.append(problem("file.unreadable", say("The workbook is empty"), "warning"))
    return Document(name, "xlsx", tuple(blocks), tuple(problems), sha256=document.sha256)


# ------------------------------------------------------------------ the workbook


@dataclass(slots=True)
class _Frame:
    """What the XML of a sheet says beside its values."""

    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Top left cell → rows and columns it spans."""
    covered: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    uncounted: int = 0
    """Formulas whose value is not stored."""


def _read(path: Path) -> tuple[list[Block], list[Problem]]:
    from openpyxl import load_workbook

    blocks: list[Block] = []
    problems: list[Problem] = []
    # by its bytes: kept files have no ending, and openpyxl refuses a path without one
    with open_ooxml(path, whole=True) as package, path.open("rb") as stream:
        frames = _frames(package)
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            left = [LIMITS.cells, LIMITS.characters]
            for number, sheet in enumerate(book.worksheets, start=1):
                title = sheet.title.strip()
                if sheet.sheet_state != "visible":
                    message = say("Sheet “{sheet}” is hidden; it was left out", sheet=title)
                    problems.append(
                        problem("file.hidden-text", message, "notice", f"工作表“{title}”")
                    )
                    continue
                frame = frames.get(sheet.title, _Frame())
                table = _table(sheet, f"工作表“{title}”", frame, left)
                if table is None:
                    continue
                if not _NAMELESS.fullmatch(title):
                    blocks.append(Paragraph(title, place=f"工作表{number}"))
                blocks.append(table)
                problems += _told(title, frame, table)
            if left[0] <= 0:
                message = say(
                    "The workbook holds more than {limit} cells; only the first were read",
                    limit=LIMITS.cells,
                )
                problems.append(problem("file.too-large", message, "warning"))
            elif left[1] <= 0:
                message = say(
                    "The workbook holds more than {limit} characters; only the first were read",
                    limit=LIMITS.characters,
                )
                problems.append(problem("file.too-large", message, "warning"))
        finally:
            book.close()
    return blocks, problems


def _told(title: str, frame: _Frame, table: Table) -> Iterator[Problem]:
    place = f"工作表“{title}”"
    hidden = [r for r in frame.hidden_rows if r <= table.rows]
    if hidden:
        message = say(
            "{count} rows of sheet “{sheet}” are hidden; they were left out",
            count=len(hidden), sheet=title,
        )  # fmt: skip
        yield problem("file.hidden-text", message, "warning", place)
    if frame.uncounted:
        message = say(
            "{count} formulas in sheet “{sheet}” carry no value; open the file in Excel or WPS, "
            "save it and review it again",
            count=frame.uncounted, sheet=title,
        )  # fmt: skip
        yield problem("file.unreadable", message, "notice", place)


# ------------------------------------------------------------------ one sheet


def _table(sheet: Any, place: str, frame: _Frame, left: list[int]) -> Table | None:
    """The visible cells of a sheet; None where it is empty. `left` counts cells and characters."""
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    cells: list[Cell] = []
    last_row = last_column = 0
    for number, row in enumerate(sheet.iter_rows(max_col=LIMITS.columns), start=1):
        if left[1] <= 0:
            break
        if number > LIMITS.rows or left[0] <= 0:
            left[0] = 0
            break
        if number in frame.hidden_rows:
            continue
        for column, cell in enumerate(row, start=1):
            value = cell.value
            spans = frame.merged.get((number, column))
            if (value is None and spans is None) or (number, column) in frame.covered:
                continue
            text = shown(value, cell.number_format if value is not None else "")
            rows, columns = spans or (1, 1)
            left[0] -= 1
            left[1] -= len(text)
            cells.append(
                Cell(number, column, rows, columns, text, place=f"{place} 行{number} 列{column}")
            )
            if text.strip():
                last_row = max(last_row, number + rows - 1)
                last_column = max(last_column, column + columns - 1)
    if not last_row:
        return None
    kept = tuple(c for c in cells if c.row <= last_row and c.column <= last_column)
    return Table(last_row, last_column, kept, place=place)


def _frames(package: Package) -> dict[str, _Frame]:
    """The frames of the sheets by their names."""
    main = package.main_part()
    relations = package.relations(main)
    found = {}
    for sheet in package.xml(main).iter(f"{_MAIN}sheet"):
        relation = relations.get(sheet.get(f"{_R}id") or "")
        if relation is not None and not relation.external and relation.target in package:
            found[sheet.get("name") or ""] = _frame(package, relation.target)
    return found


def _frame(package: Package, part: str) -> _Frame:
    frame = _Frame()
    root = package.xml(part)
    for row in root.iter(f"{_MAIN}row"):
        if row.get("hidden") in ("1", "true") and (row.get("r") or "").isdigit():
            frame.hidden_rows.add(int(row.get("r") or 0))
        for cell in row:
            if cell.find(f"{_MAIN}f") is not None and not cell.findtext(f"{_MAIN}v"):
                frame.uncounted += cell.get("t") != "str"
    for merge in root.iter(f"{_MAIN}mergeCell"):
        found = _REFERENCE.fullmatch((merge.get("ref") or "").upper())
        if not found or not found[3]:
            continue
        top, bottom = int(found[2]), min(int(found[4]), LIMITS.rows)
        first, last = _column(found[1]), min(_column(found[3]), LIMITS.columns)
        if (bottom - top + 1) * (last - first + 1) > LIMITS.cells or bottom < top or last < first:
            continue
        frame.merged[top, first] = (bottom - top + 1, last - first + 1)
        if len(frame.covered) < LIMITS.cells:
            frame.covered |= {
                (r, c)
                for r in range(top, bottom + 1)
                for c in range(first, last + 1)
                if (r, c) != (top, first)
            }
    return frame


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# ------------------------------------------------------------------ values as they are shown


def shown(value: object, number_format: str = "") -> str:
    """A value as the sheet shows it: 0.725 in 0.00% is 72.50%, a day is 2023-05-01.

    A number of many digits (a patent number) is given whole, whatever its column's width.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime, date, time)):
        return _moment(value, number_format)
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _moment(value: datetime | date | time, number_format: str) -> str:
    if isinstance(value, time):
        return value.isoformat()
    letters = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()
    day = value.date() if isinstance(value, datetime) else value
    text = day.isoformat()
    if letters and "d" not in letters and "y" in letters:
        text = text[:7] if "m" in letters else text[:4]
    if isinstance(value, datetime) and value.time() != time(0) and "h" in letters:
        text += value.strftime(" %H:%M")
    return text


_GENERAL = ("", "general", "@")


def _number(value: int | float, number_format: str) -> str:
    if isinstance(value, float) and value != value:
        return ""
    exact = Decimal(repr(value))
    plain = format(exact.normalize(), "f") if exact else "0"
    section = number_format[:255].split(";")[0]  # as long as Excel lets one be
    prefix, suffix, pattern = _pattern(section)
    if section.lower() in _GENERAL or not pattern or set(pattern) & set("eE/?"):
        return plain
    if "%" in suffix + pattern:
        exact, suffix = exact * 100, suffix if "%" in suffix else suffix + "%"
    digits = pattern.replace("%", "")
    places = len(digits.split(".", 1)[1].replace(",", "")) if "." in digits else 0
    places = min(places, 30)  # as many as Excel shows
    comma = "," if "," in digits.split(".")[0].rstrip(",") else ""
    return f"{prefix}{exact:{comma}.{places}f}{suffix}"


def _pattern(section: str) -> tuple[str, str, str]:
    """What is printed before and behind the digits of a number format, and their pattern."""
    section = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    words = re.sub(r'"([^"]*)"|\\(.)', lambda m: m[1] or m[2] or "", section)
    bare = re.sub(r'"([^"]*)"|\\(.)', lambda m: "\0" * len(m[1] or m[2] or ""), section)
    found = re.search(r"[#0?][#0?,.]*(?:[eE][+-][0#]+)?%?", bare)
    if found is None:
        return "", "", ""
    return words[: found.start()], words[found.end() :], found[0]
