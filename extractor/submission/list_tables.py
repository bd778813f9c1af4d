"""The rows of attached lists, whatever they are written in: what is a row and what is not.

Left out: titles and headings (also where they are repeated on every page), sub-headings, totals,
remarks, rows that hold nothing but their serial number. A table may go on without its headings,
and two columns of a list may stand beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractor.locating.labels import fold
from extractor.submission.sections import bare, place_of, sections
from extractor.submission.split_rows import split_rows
from models.types import Cell, Document, Evidence, Paragraph, Table

_SERIAL_HEAD = re.compile(r"^(?:序号|编号|序|no|项次|行号)$")
_SERIAL = re.compile(r"^\W*(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[①-⑳])\W*$")
_GROUP_SERIAL = re.compile(r"^\W*[一二三四五六七八九十]{1,3}\W*$")
_HEAD_WORD = re.compile(
    r"序号|编号|名称|专利号|标准号|级别|类别|类型|单位|企业|时间|日期|年度|年份|备注|数量|姓名|地址|机构|国家"
    r"|地区|排名|角色|方式|权人|发明人|主体|证书|文号|有效期|产品|平台|荣誉|商标|项目|是否|内容|所属|状态|依托"
)
_TOTAL = re.compile(r"^(?:合计|小计|总计|共计|累计|总数|合计数|本页小计|本页合计)")
_REMARK = re.compile(
    r"^(?:注|备注|说明|填表|制表|审核|负责人|填报|联系人|联系电话|单位[:：(（]|数据截[至止]|以下空白|以上|共\d+[条项件家个]"
    r"|[.．…·—-]+$|此处盖章|盖章|公章|\(?盖章|第\d+页)"
)
_NUMBERED = re.compile(r"^\s*[（(]?\s*(\d{1,3})\s*[)）、.．:：]\s*([^\d\s].*)$")
HEADER_WITHIN = 8
"""A list's headings stand among its first rows."""


@dataclass(frozen=True, slots=True)
class Row:
    cells: dict[int, str]
    """Column → text; a cell that spans several rows is in each of them."""
    group: str
    """The sub-heading above it (一、国家标准)."""
    evidence: Evidence

    @property
    def text(self) -> str:
        return " ".join(t for t in self.cells.values() if t).replace("\n", "")


@dataclass(slots=True)
class Listed:
    """One list as it stands in a document."""

    document: Document
    titles: tuple[str, ...]
    """What is written over it, nearest first: title row, sheet or section, document, file."""
    heads: dict[int, str]
    """Column → its folded heading."""
    rows: list[Row] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)
    page: int | None = None

    def read_through(self) -> bool:
        """Whether no row can have been lost or parted on a page: its own numbers run on.

        What is no page, and a list that numbers nothing, is as it stands.
        """
        columns = [c for c, head in self.heads.items() if _SERIAL_HEAD.match(head)]
        said = ["".join(row.cells.get(c, "") for c in columns) for row in self.rows]
        if self.document.kind != "pdf" or not any(said):
            return True
        numbers = [int(re.sub(r"\D", "", text) or 0) for text in said]
        runs_on = all(n in (before + 1, 1) for before, n in pairwise([0, *numbers]))
        return runs_on or sorted(numbers) == list(range(1, len(numbers) + 1))


def lists_in(document: Document) -> Iterator[Listed]:
    """Every table with headings, and every numbered run of paragraphs, that may be a list."""
    parts = sections(document)
    whole = parts[0].title if parts and parts[0].title else ""
    before: Listed | None = None
    for part in parts:
        lines = [line for line in part.title.split("\n") if line]
        titles = tuple(dict.fromkeys((*reversed(lines), *whole.split("\n"), _stem(document.file))))
        if lines and _EXPLAINS.search(fold(bare(lines[-1]))):
            continue
        for table in part.tables:
            found = _listed(document, table, titles, before)
            if found is before:
                continue
            if before is not None:
                yield before
            before = found
    if before is not None:
        yield before
    yield from _paragraphs(document, whole)


_LIST = re.compile(
    r"(?:清单|名单|名录|一览表|明细表?|台账|统计表|登记表|目录)(?:[(（].{0,12}[)）])?$"
)


_EXPLAINS = re.compile(r"(?:填[表报写]|使用|编制)?说明$|注意事项$|^(?:封面|目录|首页)$")


def _stem(file: str) -> str:
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file.replace("\\", "/").rsplit("/", 1)[-1])


def _listed(
    document: Document, table: Table, titles: tuple[str, ...], before: Listed | None
) -> Listed | None:
    table = split_rows(table, lambda line: bool(_SERIAL.match(line)))
    grid = _Grid(table)
    first, last = grid.header()
    how = "ocr" if document.ocr_pages or document.kind == "image" else "text"

    def place(row: int) -> Evidence:
        cell = grid.first_of(row)
        where = f"{table.place} 行{row}" if table.place else f"行{row}"
        page = cell.page if cell else table.page
        bbox = cell.bbox if cell else None
        return Evidence(document.file, page, bbox, where, grid.text_of(row)[:120], how)

    if first is None:
        goes_on = before is not None and grid.width == max(before.heads, default=0)
        if before is None or not goes_on:
            return before
        found, start = before, 1
    else:
        above = [t for r in range(1, first) for t in grid.distinct(r)]
        heads = grid.heads(first, last)
        found = Listed(document, (*reversed(above), *titles), heads, [], place(first), table.page)
        start = last + 1
    blocks = _side_by_side(found.heads)
    group = ""
    header = {fold(t) for t in found.heads.values()}
    for row in range(start, grid.height + 1):
        cells, own = grid.row(row), grid.distinct(row)
        if not own or {fold(t) for t in own} <= header or _left_out(own):
            continue
        if title := _group(own, cells, grid, row, found.heads):
            group = title
            continue
        for block in blocks:
            part = {c: t for c, t in cells.items() if c in block}
            if _filled(part, found.heads, grid.own(row)):
                found.rows.append(Row(part, group, place(row)))
    return found


def _left_out(own: Sequence[str]) -> bool:
    """A total, a remark or a line of dots."""
    said = [fold(t) or t for t in own if not _SERIAL.match(t)][:2]
    if not said:
        return True
    return bool(
        _TOTAL.match(said[0]) or _REMARK.match(own[0].strip()) or set(own[0]) <= set("….·-— ")
    )


def _group(
    own: Sequence[str], cells: dict[int, str], grid: _Grid, row: int, heads: dict[int, str]
) -> str:
    """The sub-heading that a row is; "" where it is none."""
    words = [t for t in own if not _SERIAL.match(t)]
    if len(words) != 1 or grid.width < 3:
        return ""
    spanned = grid.widest(row) * 2 > grid.width
    lettered = len(own) == 2 and bool(_GROUP_SERIAL.match(own[0]))
    alone = len(own) == 1 and not any(_SERIAL.match(t) for t in own)
    return words[0] if (spanned or lettered or alone) and len(words[0]) <= 60 else ""


def _filled(cells: dict[int, str], heads: dict[int, str], own: set[int]) -> bool:
    """Whether a row holds more than its serial number and what goes on from the row above."""
    said = [c for c, t in cells.items() if c in own and t.strip()]
    words = [c for c in said if not _SERIAL_HEAD.match(heads.get(c, ""))]
    if len(words) == 1 and len(heads) > 1 and _SERIAL.match(cells[words[0]]):
        return words[0] != min(cells)
    return any(fold(cells[c]) or cells[c].strip() in "√✓☑" for c in words)


def _side_by_side(heads: dict[int, str]) -> list[set[int]]:
    """The columns of each list where two stand beside each other under repeated headings."""
    columns = sorted(heads)
    starts = [c for c in columns if _SERIAL_HEAD.match(heads[c])]
    if len(starts) < 2:
        return [set(columns)]
    ends = [*starts[1:], columns[-1] + 1]
    return [{c for c in columns if a <= c < b} for a, b in zip(starts, ends, strict=True)]


def _paragraphs(document: Document, whole: str) -> Iterator[Listed]:
    """Runs of paragraphs 1. 2. 3. under a title that says list, as lists of one column."""
    found: Listed | None = None
    for block in document.blocks:
        for line in block.text.split("\n") if isinstance(block, Paragraph) else ("",):
            match = _NUMBERED.match(line)
            if found is not None and match and int(match[1]) == len(found.rows) + 1:
                where = place_of(document, block)
                found.rows.append(Row({1: match[1], 2: match[2]}, "", replace(where, raw=line)))
                continue
            if found is not None and found.rows and len(found.rows) >= 2:
                yield found
            found = None
            if _LIST.search(fold(bare(line))):
                titles = tuple(dict.fromkeys((line, *whole.split("\n"), _stem(document.file))))
                heads = {1: "序号", 2: "名称"}
                found = Listed(document, titles, heads, [], place_of(document, block))
    if found is not None and len(found.rows) >= 2:
        yield found


class _Grid:
    """A table by its places; merged cells stand in each place they cover."""

    def __init__(self, table: Table) -> None:
        self.height, self.width = table.rows, table.columns
        self._at: dict[int, dict[int, Cell]] = {}
        for cell in table.cells:
            for r in range(cell.row, min(cell.row + cell.row_span, table.rows + 1)):
                for c in range(cell.column, min(cell.column + cell.column_span, table.columns + 1)):
                    self._at.setdefault(r, {}).setdefault(c, cell)

    def row(self, row: int) -> dict[int, str]:
        return {c: cell.text.strip() for c, cell in sorted(self._at.get(row, {}).items())}

    def own(self, row: int) -> set[int]:
        """The columns whose cell begins in this row."""
        return {c for c, cell in self._at.get(row, {}).items() if cell.row == row}

    def _begun(self, row: int) -> list[Cell]:
        cells = self._at.get(row, {})
        return [cell for c, cell in sorted(cells.items()) if cell.row == row and cell.column == c]

    def distinct(self, row: int) -> list[str]:
        """The texts of the cells that begin in this row, from left to right."""
        return [cell.text.strip() for cell in self._begun(row) if cell.text.strip()]

    def widest(self, row: int) -> int:
        """Columns of the widest cell with text that begins in this row."""
        return max((c.column_span for c in self._begun(row) if c.text.strip()), default=0)

    def first_of(self, row: int) -> Cell | None:
        return next(iter(self._begun(row)), None)

    def text_of(self, row: int) -> str:
        return " ".join(t.replace("\n", "") for t in self.distinct(row))

    def header(self) -> tuple[int | None, int]:
        """The first and last row of the headings; (None, 0) where there are none."""
        for row in range(1, min(self.height, HEADER_WITHIN) + 1):
            texts = self.distinct(row)
            if not self._heading(texts) or (self.width > 1 and len(texts) < 2):
                continue
            last = row
            begun = self._begun(row)
            if any(c.row_span > 1 for c in begun) and any(c.row_span == 1 for c in begun):
                below = self.distinct(row + 1)
                if below and all(len(t) <= 16 and not _SERIAL.match(t) for t in below):
                    last = row + max(c.row_span for c in begun) - 1
            return row, last
        return None, 0

    def _heading(self, texts: Sequence[str]) -> bool:
        known = [t for t in texts if len(fold(t)) <= 22 and _HEAD_WORD.search(fold(t))]
        plain = all(len(fold(t)) <= 30 and not re.search(r"\d{5}", t) for t in texts)
        numbers = sum(bool(_SERIAL.match(t)) for t in texts)
        enough = len(known) >= 2 if self.width > 1 else bool(known) and len(texts[0]) <= 12
        return enough and plain and not numbers and 2 * len(known) >= len(texts)

    def heads(self, first: int, last: int) -> dict[int, str]:
        found: dict[int, str] = {}
        for column in range(1, self.width + 1):
            cells = [self._at.get(r, {}).get(column) for r in range(first, last + 1)]
            texts = dict.fromkeys(fold(c.text) for c in cells if c is not None)
            found[column] = "".join(texts)
        return found
