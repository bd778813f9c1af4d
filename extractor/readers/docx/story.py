"""Block content of a Word file: paragraphs, raw tables and text boxes in reading order.

Everything is read once, in the document's order, because fields, list numbers and content
controls run on over paragraphs.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from extractor.readers.docx.drawings import Control, Pictures
from extractor.readers.docx.raw import Item, Raw, RawCell, RawRow, RawTable
from extractor.readers.docx.text import COME, GONE, THROUGH, TextReader
from extractor.readers.docx.xml import chosen, outermost, words
from extractor.readers.ooxml import MC, Numbering, Styles, W, children, integer, toggled, val
from extractor.readers.opening import LIMITS, too_large
from models.wording import say


class StoryReader:
    """Reads block containers (body, cell, text box, header) of one document."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        controls: Mapping[str, Control] | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        self.text = TextReader(styles, numbering, controls, pictures)
        self.embedded = 0
        """Foreign documents embedded in it (w:altChunk), which are not read."""
        self._cells = 0

    def story(self, parent: etree._Element) -> list[Item]:
        """The paragraphs and tables of a container, those of its text boxes in place."""
        items: list[Item] = []
        with self.text.apart():
            self._blocks(parent, items)
        return items

    def _blocks(self, parent: etree._Element, items: list[Item]) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                before = items[-1] if items else None
                if isinstance(before, Raw) and before.goes_on:
                    items[-1] = self.text.paragraph(child, before)
                else:
                    items.append(self.text.paragraph(child))
                for drawing in self.text.drawn():
                    for content in outermost(drawing, f"{W}txbxContent"):
                        items += self.story(content)
            elif tag == f"{W}tbl":
                items.append(self._table(child))
            elif tag == f"{W}sdt":
                with self.text.control(child) as content:
                    self._blocks(content, items)
            elif tag in THROUGH:
                self._blocks(child, items)
            elif tag in COME:
                with self.text.insertion():
                    self._blocks(child, items)
            elif tag in GONE:
                self.text.deleted(child)
            elif tag == f"{MC}AlternateContent":
                self._blocks(chosen(child), items)
            elif tag == f"{W}altChunk":
                self.embedded += 1
            if len(items) > LIMITS.blocks:
                raise too_large(say("it has more than {count} paragraphs", count=LIMITS.blocks))

    # ------------------------------------------------------------------ tables

    def _table(self, element: etree._Element) -> RawTable:
        table = RawTable()
        self._rows(element, table)
        if len(table.rows) > LIMITS.rows:
            raise too_large(say("a table has more than {count} rows", count=LIMITS.rows))
        return table

    def _rows(self, parent: etree._Element, table: RawTable) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}tr":
                self._row(child, table)
            elif tag == f"{W}sdt":
                with self.text.control(child) as content:
                    self._rows(content, table)
            elif tag in THROUGH or tag in COME:
                self._rows(child, table)
            elif tag in GONE:
                self.text.deleted(child, table.remarks)
            elif tag == f"{MC}AlternateContent":
                self._rows(chosen(child), table)

    def _row(self, element: etree._Element, table: RawTable) -> None:
        row, properties = RawRow(), element.find(f"{W}trPr")
        if properties is not None:
            if properties.find(f"{W}del") is not None:
                self.text.deleted(element, table.remarks)
                return
            if toggled(properties, "hidden"):
                self.text.remark("hidden", words(element), table.remarks)
                return
            row.before = max(integer(val(properties.find(f"{W}gridBefore"))), 0)
            row.after = max(integer(val(properties.find(f"{W}gridAfter"))), 0)
            row.before_width = _twips(properties.find(f"{W}wBefore")) or 0
        self._row_cells(element, row)
        if row.cells:
            table.rows.append(row)

    def _row_cells(self, parent: etree._Element, row: RawRow) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}tc":
                row.cells.append(self._cell(child))
            elif tag == f"{W}sdt":
                with self.text.control(child) as content:
                    self._row_cells(content, row)
            elif tag in THROUGH or tag in COME:
                self._row_cells(child, row)
            elif tag == f"{MC}AlternateContent":
                self._row_cells(chosen(child), row)

    def _cell(self, element: etree._Element) -> RawCell:
        self._cells += 1
        if self._cells > LIMITS.cells:
            raise too_large(say("it has more than {count} table cells", count=LIMITS.cells))
        own = children(element.find(f"{W}tcPr"))
        vertical = _merge(own.get(f"{W}vMerge"))
        tracked = own.get(f"{W}cellMerge")
        if tracked is not None:
            state = tracked.get(f"{W}vMerge", "")
            vertical = {"cont": "continue", "rest": "restart"}.get(state, vertical)
        if f"{W}cellDel" in own:
            lost = Raw()
            self.text.deleted(element, lost.remarks)
            content: list[Item] = [lost]
        else:
            content = self.story(element)
        return RawCell(
            content,
            min(max(integer(val(own.get(f"{W}gridSpan")), 1), 1), LIMITS.columns),
            _twips(own.get(f"{W}tcW")),
            vertical,
            _merge(own.get(f"{W}hMerge")),
        )


def _merge(element: etree._Element | None) -> str:
    return "" if element is None else val(element, "continue") or "continue"


def _twips(width: etree._Element | None) -> int | None:
    if width is None or width.get(f"{W}type", "dxa") != "dxa":
        return None
    return integer(width.get(f"{W}w")) or None
