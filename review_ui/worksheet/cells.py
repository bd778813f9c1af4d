"""Cells that stay text, wrapped text that is not cut in print, and the styles of the worksheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from models.wording import language, text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST = 32767
"""Characters that a cell can hold (as UTF-16 counts them)."""
HIGHEST = 409.0
"""Points that a row can be high."""
LINE = 15.0
"""Points of a line of 10 point text, with room for the fonts of other systems."""
PRECISE = 15
"""Digits a spreadsheet keeps of a number."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a typed text for a formula (the wide ones where people type
Chinese)."""

Value = str | int | Decimal | None


# ------------------------------------------------------------------ text that stays text


def clean(words: str) -> str:
    """What XML can hold of a text, cut with a mark where it is longer than a cell.

    >>> clean("a\\x00b\\r\\nc")
    'ab\\nc'
    """
    kept = _ILLEGAL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    if _length(kept) <= LONGEST:
        return kept
    mark = text("… (cut here: the text is longer than a cell can hold)")
    room = LONGEST - _length(mark)
    cut = kept.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return cut + mark


def _length(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def put(sheet: Worksheet, row: int, column: int, value: Value, style: str = "hecha text") -> Cell:
    """Writes a value into a cell: text as text whatever it begins with, a number as a number."""
    cell = sheet.cell(row, column)
    cell.style = style
    if isinstance(value, str):
        words = clean(value)
        if not words:
            return cell  # empty, so that a filter finds it among the blanks
        cell.value = words
        # openpyxl takes = for a formula and #N/A for an error
        cell.data_type = "s"
        if value.startswith(_FORMULA) or words.startswith(_FORMULA):
            cell.quotePrefix = True
    elif isinstance(value, Decimal):
        _put_number(cell, value)
    elif value is not None:
        cell.value = value
    return cell


def _put_number(cell: Cell, value: Decimal) -> None:
    """As a number with the decimals it is written with; as text where it would lose digits."""
    exponent = value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    precise = value.is_finite() and len(value.as_tuple().digits) <= PRECISE
    if not precise or abs(value.adjusted()) > PRECISE or places > PRECISE:
        cell.value = str(value)
        cell.data_type = "s"
        return
    cell.value = value
    cell.number_format = f"0.{'0' * places}" if places else "0"


# ------------------------------------------------------------------ how much room text takes


def units(words: str) -> int:
    """Width in half Chinese characters. Marks that Chinese fonts draw wide (“ ≥ …) count two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1
        for c in words
    )


def wrapped(words: str, width: float) -> list[str]:
    """The lines into which a column `width` wide breaks a text.

    >>> wrapped("一二三 abc", 5)
    ['一二', '三 ', 'abc']
    """
    return [line for line, _ in _broken(words, width)]


def pieces(words: str, width: float, most: int) -> list[str]:
    """A text in parts of at most `most` lines each, for the rows it is continued in."""
    lines = _broken(words, width)
    parts = [lines[i : i + most] for i in range(0, len(lines), most)]
    return ["".join(line + "\n" * ends for line, ends in part).rstrip("\n") for part in parts]


def _broken(words: str, width: float) -> list[tuple[str, bool]]:
    """Each line, and whether the text itself ends the line there."""
    lines: list[tuple[str, bool]] = []
    for paragraph in words.split("\n"):
        line, used = "", 0
        for token in re.findall(r"[!-~]+ ?|.", paragraph):
            for part in _parts(token, width):
                size = units(part)
                if line and used + size > width:
                    lines.append((line, False))
                    line, used = "", 0
                line, used = line + part, used + size
        lines.append((line, True))
    return lines


def _parts(token: str, width: float) -> list[str]:
    """A word, or where it is wider than the column, pieces that are not."""
    most = max(int(width), 1)
    return [token[i : i + most] for i in range(0, len(token), most)]


def height(texts: Iterable[tuple[str, float]], least: int = 1) -> float:
    """Points that a row needs for its (text, column width) pairs.

    Spreadsheets do not fit rows to merged cells, and LibreOffice and Excel differ in the rest,
    so every row is given its height.
    """
    lines = max((_count(words, width - 1.5) for words, width in texts), default=1)
    return min(HIGHEST, max(lines, least) * LINE + 3)


def _count(words: str, width: float) -> int:
    if 2 * len(words) <= width and "\n" not in words:
        return 1
    return len(_broken(words, width))


def fit(sheet: Worksheet, row: int, widths: Sequence[float], most: float = HIGHEST) -> None:
    """Gives a row without merged cells the height its texts need."""
    cells = [sheet.cell(row, i) for i in range(1, len(widths) + 1)]
    shown = [
        ("" if c.value is None else str(c.value), w) for c, w in zip(cells, widths, strict=True)
    ]
    sheet.row_dimensions[row].height = min(most, height(shown))


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    from openpyxl.utils import get_column_letter

    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width


# ------------------------------------------------------------------ how it looks

GOOD, BAD, DOUBT, FAINT = "hecha good", "hecha bad", "hecha doubt", "hecha faint"
HEAD, LABEL, SECTION, TITLE = "hecha head", "hecha label", "hecha section", "hecha title"
TEXT, TOP, CENTRE, LINK, PLAIN = (
    "hecha text", "hecha top", "hecha centre", "hecha link", "hecha plain",
)  # fmt: skip


def add_styles(book: Workbook) -> None:
    """The named styles that `put` is given; all wrap, all but PLAIN and TITLE have a border."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    font = "Calibri" if language() == "en" else "宋体"
    thin = Side(style="thin", color="A6A6A6")
    box = Border(left=thin, right=thin, top=thin, bottom=thin)

    def add(
        name: str, fill: str = "", ink: str = "000000", bold: bool = False, size: int = 10,
        across: str = "left", down: str = "center", border: bool = True, underline: bool = False,
    ) -> None:  # fmt: skip
        style = NamedStyle(name)
        style.font = Font(
            name=font, size=size, bold=bold, color=ink, underline="single" if underline else None
        )
        style.alignment = Alignment(horizontal=across, vertical=down, wrap_text=True)
        if fill:
            style.fill = PatternFill("solid", start_color=fill, end_color=fill)
        if border:
            style.border = box
        book.add_named_style(style)

    add(TEXT)
    add(TOP, down="top")
    add(CENTRE, across="center")
    add(LINK, ink="1F4E9E", across="center", underline=True)
    add(HEAD, "D9E2F0", bold=True, across="center")
    add(LABEL, "F2F2F2", bold=True, across="center")
    add(SECTION, "EDEDED", bold=True)
    add(TITLE, bold=True, size=16, across="center", border=False)
    add(PLAIN, border=False)
    add(GOOD, "D5EBD7", "14532D", across="center")
    add(BAD, "F8CFCF", "8B0A0A", bold=True, across="center")
    add(DOUBT, "FCEFC2", "6B4B00", across="center")
    add(FAINT, "F2F2F2", "595959", across="center")


def print_on_a4(sheet: Worksheet, header_row: int) -> None:
    """A4 landscape, as wide as the page, the heading row on every page, page x of y below."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header_row}:{header_row}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.45
    margins.top, margins.bottom, margins.header, margins.footer = 0.75, 0.65, 0.35, 0.3
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = text("Page {n} of {all}", n="&P", all="&N")


def header_text(words: str, most: int = 70) -> str:
    """A text for a page's header: one line, not too long, & doubled (it begins a code there)."""
    line = " ".join(clean(words).split())
    if len(line) > most:
        line = line[: most - 1] + "…"
    return line.replace("&", "&&")
