"""Word files (ISO 29500 WordprocessingML) as a Document: the final text, in reading order.

python-docx passes over content controls, insertions, text boxes and symbols, and repeats merged
cells; so the XML itself is walked. Text that is deleted or hidden is left out and reported.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lxml import etree

from extractor.marks import normalise_marks
from extractor.opening import LIMITS, Package, ReadError, digest, open_ooxml, too_large
from extractor.readers.docx_grid import Grid, lay_grid
from extractor.readers.docx_text import Notes, Raw, TextReader
from extractor.readers.ooxml import MC, Numbering, Styles, W, val
from models.types import Block, Cell, Document, Paragraph, Problem, Table
from models.wording import say

_WRAPPERS = {f"{W}{n}" for n in ("sdtContent", "customXml", "ins", "moveTo", "smartTag")}
SHOWN = 5
"""How many tracked changes a finding quotes."""


def read_docx(path: Path, name: str | None = None) -> Document:
    """What a .docx, .docm or .dotx says. A file that cannot be read gives a Document without
    blocks, whose problem says why; nothing is raised."""
    name = name or path.name
    try:
        with open_ooxml(path) as package:
            blocks, problems = _Reader(package).read()
    except ReadError as error:
        return Document(name, "docx", problems=(error.problem,))
    except RecursionError:
        too_deep = too_large(say("its tables or controls are nested too deeply"))
        return Document(name, "docx", problems=(too_deep.problem,))
    return Document(name, "docx", tuple(blocks), tuple(problems), sha256=digest(path))


class _Reader:
    def __init__(self, package: Package) -> None:
        main = package.main_part()
        self.root = package.xml(main)
        relations = package.relations(main)
        parts = {r.type: r.target for r in relations.values() if not r.external}
        self.styles = Styles(_part(package, parts.get("styles")))
        numbering = Numbering(_part(package, parts.get("numbering")))
        self.comments = _part(package, parts.get("comments"))
        self.headers = [
            root
            for r in relations.values()
            if r.type == "header" and not r.external
            for root in [_part(package, r.target)]
            if root is not None
        ]
        self.notes = Notes()
        self.text = TextReader(self.styles, numbering, self.notes)
        self.blocks: list[Block] = []
        self.paragraphs = 0
        self.tables = 0
        self.cells = 0
        self.characters = 0

    def read(self) -> tuple[list[Block], list[Problem]]:
        for header in self.headers:
            for table in header.iterchildren(f"{W}tbl"):
                self._table(table, "")
        body = self.root.find(f"{W}body")
        self._walk(self.root if body is None else body)
        return self.blocks, self._problems()

    def _walk(self, container: etree._Element) -> None:
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child)
            elif tag == f"{W}tbl":
                self._table(child, "")
            elif tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    self._walk(content)
            elif tag in _WRAPPERS:
                self._walk(child)
            elif tag == f"{MC}AlternateContent":
                self._walk(chosen(child))

    def _paragraph(self, element: etree._Element) -> None:
        raw = self.text.paragraph(element)
        for part in (raw, *raw.boxes):
            if not part.text.strip():
                continue
            self.paragraphs += 1
            text, marks = _marked(part.trimmed())
            place = f"段落{self.paragraphs}"
            marks = tuple(replace(m, place=place) for m in marks)
            self._add(Paragraph(text, marks, place=place))
        for table in raw.tables:
            self._table(table, "")

    def _table(self, element: etree._Element, within: str) -> None:
        grid = lay_grid(element)
        if within:
            number = within
        else:
            self.tables += 1
            number = str(self.tables)
        at = len(self.blocks)
        self._add(Table(0, 0, ()))
        nested: list[tuple[etree._Element, str]] = []
        cells = self._cells(grid, number, nested)
        self.blocks[at] = Table(
            grid.rows, grid.columns, tuple(cells), place=f"表{number}", nested=bool(within)
        )
        for inner, path in nested:
            self._table(inner, path)

    def _cells(
        self, grid: Grid, number: str, nested: list[tuple[etree._Element, str]]
    ) -> list[Cell]:
        cells = []
        for slot in grid.cells:
            self.cells += 1
            if self.cells > LIMITS.cells:
                raise too_large(say("it has more than {count} table cells", count=LIMITS.cells))
            raw = Raw()
            self._cell_text(slot.element, raw, number, nested)
            text, marks = _marked(raw.trimmed())
            place = f"表{number} 行{slot.row} 列{slot.column}"
            marks = tuple(replace(m, place=place) for m in marks)
            self._count(text)
            cells.append(
                Cell(
                    slot.row, slot.column, slot.row_span, slot.column_span, text, marks, place=place
                )
            )
        return cells

    def _cell_text(
        self,
        container: etree._Element,
        out: Raw,
        number: str,
        nested: list[tuple[etree._Element, str]],
    ) -> None:
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                raw = self.text.paragraph(child)
                for part in (raw, *raw.boxes):
                    out.add_line(part)
                for table in raw.tables:
                    self._nested(table, out, number, nested)
            elif tag == f"{W}tbl":
                self._nested(child, out, number, nested)
            elif tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    self._cell_text(content, out, number, nested)
            elif tag in _WRAPPERS:
                self._cell_text(child, out, number, nested)
            elif tag == f"{MC}AlternateContent":
                self._cell_text(chosen(child), out, number, nested)

    def _nested(
        self,
        table: etree._Element,
        out: Raw,
        number: str,
        nested: list[tuple[etree._Element, str]],
    ) -> None:
        """A table in a cell: its text goes into the cell's, itself becomes a block of its own."""
        path = f"{number}.{len(nested) + 1}"
        nested.append((table, path))
        before = self.notes.frozen()
        for slot in lay_grid(table).cells:
            inner = Raw()
            self._cell_text(slot.element, inner, path, [])
            out.add_line(inner.trimmed())
        self.notes.restore(before)  # it is read again as a block, and counted then

    # ------------------------------------------------------------------ limits and problems

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        if isinstance(block, Paragraph):
            self._count(block.text)
        if len(self.blocks) > LIMITS.blocks:
            raise too_large(say("it has more than {count} paragraphs", count=LIMITS.blocks))

    def _count(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > LIMITS.characters:
            raise too_large(say("it has more than {count} characters", count=LIMITS.characters))

    def _problems(self) -> list[Problem]:
        problems = []
        if self.notes.inserted or self.notes.deleted:
            old = "；".join(t for t in self.notes.deleted[:SHOWN]) or "—"
            new = "；".join(t for t in self.notes.inserted[:SHOWN]) or "—"
            problems.append(
                Problem(
                    "file.tracked-changes",
                    say(
                        "The file carries tracked changes that nobody accepted; the final text was "
                        "read. Deleted: {old}. Inserted: {new}",
                        old=old,
                        new=new,
                    ),
                )
            )
        if self.notes.hidden:
            problems.append(
                Problem(
                    "file.hidden-text",
                    say(
                        "The file carries hidden text, which was left out: {text}",
                        text="；".join(self.notes.hidden[:SHOWN]),
                    ),
                )
            )
        written = [] if self.comments is None else list(self.comments.iterfind(f"{W}comment"))
        if written:
            said = ["".join(c.itertext(f"{W}t")).strip()[:60] for c in written[:SHOWN]]
            problems.append(
                Problem(
                    "file.comments",
                    say(
                        "The file carries {count} comments: {text}",
                        count=len(written),
                        text="；".join(said),
                    ),
                    severity="notice",
                )
            )
        return problems


def _marked(raw: Raw) -> tuple[str, tuple]:  # type: ignore[type-arg]
    return normalise_marks(raw.text, raw.marks)


def _part(package: Package, name: str | None) -> etree._Element | None:
    """A part that the document can do without: where it is broken, it is as if missing."""
    if name is None or name not in package:
        return None
    try:
        return package.xml(name)
    except ReadError:
        return None


def chosen(alternate: etree._Element) -> etree._Element:
    """The branch of an mc:AlternateContent that counts: the first choice, else the fallback."""
    for tag in (f"{MC}Choice", f"{MC}Fallback"):
        branch = alternate.find(tag)
        if branch is not None:
            return branch
    return alternate


__all__ = ["chosen", "read_docx", "val"]
