"""Word files (ISO 29500 WordprocessingML) as a Document: the final text, in reading order.

python-docx passes over content controls, insertions, text boxes and symbols, and repeats merged
cells; so the XML itself is walked (docx_text) and the grid laid here (docx_grid).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree

from extractor.locating.marks import PLACED, normalise_marks
from extractor.readers.docx.drawings import A, Pictures, V, controls
from extractor.readers.docx.emphasis import doubt_near, doubted_block, settled
from extractor.readers.docx.grid import lay_grid
from extractor.readers.docx.raw import Item, Raw, RawTable, Remark, typed_apart
from extractor.readers.docx.story import StoryReader
from extractor.readers.ooxml import Numbering, Styles, W
from extractor.readers.opening import (
    LIMITS,
    ReadError,
    check_size,
    damaged,
    digest,
    problem,
    refusal,
    sniff,
    too_large,
)  # fmt: skip
from extractor.readers.unpacking import Package, Relation, open_ooxml
from models.types import BOXES, Block, Cell, Document, Mark, Paragraph, Problem, Table
from models.wording import Bilingual, say

SHOWN = 5
"""How many changes, hidden texts or comments a finding quotes."""
_FILLED_IN = re.compile(r"^[^：:]{1,20}[：:]\s*\S")
_BULLET_BOXES, _BULLET_TICKS = "☐□❏❐❑❒", "☑☒✓✔■"


def read_docx(path: Path, name: str | None = None) -> Document:
    """What a .docx, .docm or .dotx says. A file that cannot be read gives a Document without
    blocks, whose problem says why; nothing is raised."""
    name = name or path.name
    try:
        check_size(path)
        kind = sniff(path)
        if kind != "docx":
            raise refusal(kind)
        with open_ooxml(path) as package:
            blocks, problems = _Reader(package).read()
    except ReadError as error:
        return Document(name, "docx", problems=(error.problem,), sha256=digest(path))
    except RecursionError:
        deep = too_large(say("its tables or controls are nested too deeply"))
        return Document(name, "docx", problems=(deep.problem,), sha256=digest(path))
    return Document(name, "docx", tuple(blocks), tuple(problems), sha256=digest(path))


class _Reader:
    def __init__(self, package: Package) -> None:
        main = package.main_part()
        self.root = package.xml(main)
        if self.root.tag != f"{W}document":
            raise damaged(say("{part} is no Word text", part=main), main)
        parts = [r for r in package.relations(main).values() if not r.external]
        targets = {r.type: r.target for r in parts}
        self.lost: list[str] = []
        self.package = package
        self.comments = self._part(targets.get("comments"))
        self.notes = [self._part(targets.get(kind)) for kind in ("footnotes", "endnotes")]
        self.headers = [self._part(t) for t in _each(parts, "header")]
        self.footers = [self._part(t) for t in _each(parts, "footer")]
        self.reader = StoryReader(
            Styles(self._part(targets.get("styles"))),
            Numbering(self._part(targets.get("numbering"))),
            controls(package, main),
            Pictures(package, main),
        )
        self.blocks: list[Block] = []
        self.over: list[int] = []  # where something is drawn over a paragraph without a box
        self.paragraphs = self.tables = self.characters = 0

    def _part(self, name: str | None) -> etree._Element | None:
        """A part that the text can do without; where it is broken the reviewer is told."""
        if name is None or name not in self.package:
            return None
        try:
            return self.package.xml(name)
        except ReadError:
            self.lost.append(name)
            return None

    def read(self) -> tuple[list[Block], list[Problem]]:
        body = self.root.find(f"{W}body")
        items = [] if body is None else self.reader.story(body)
        # what a page repeats is no part of the text, unless it is part of the form
        for where, parts in (("页眉", self.headers), ("页脚", self.footers)):
            for root in parts:
                found = [] if root is None else self.reader.story(root)
                self._emit([i for i in found if _form_content(i, where)], where)
            if where == "页眉":
                self._emit(items, "")
        for at in self.over:  # it may lie over boxes of the paragraph or table above or below
            beside = [at, at + 1]
            while beside[0] > 0 and _nested(self.blocks[beside[0]]):
                beside.insert(0, beside[0] - 1)
            for n in beside:
                if 0 <= n < len(self.blocks):
                    self.blocks[n] = doubted_block(self.blocks[n])
        return self.blocks, self._problems()

    # ------------------------------------------------------------------ items to blocks

    def _emit(self, items: list[Item], where: str) -> None:
        """Blocks of a story's items; those of header and footer count by themselves."""
        paragraphs = tables = 0
        for item in items:
            if isinstance(item, RawTable):
                tables += 1
                if not where:
                    self.tables += 1
                self._table(item, f"{where}表{tables if where else self.tables}", nested=False)
                continue
            raw = item.trimmed()
            if raw.text:
                paragraphs += 1
                self.paragraphs += not where
            place = f"{where}段落{paragraphs if where else self.paragraphs}"
            _place(raw.remarks, place)
            if raw.text or raw.spans:
                text, marks, over = self._marked(raw, place)
                text, numbering = typed_apart(text)
                if over and not where:
                    self.over += [len(self.blocks) - 1] + ([len(self.blocks)] if text else [])
                if text:
                    self.blocks.append(Paragraph(text, marks, place=place, numbering=numbering))

    def _table(self, table: RawTable, place: str, nested: bool) -> str:
        """Adds the table, then those nested in it; comes back with all its text, one line a
        row, where ☑ and ☐ are those of the cells."""
        rows, columns, slots = lay_grid(table.rows)
        _place(table.remarks, place)
        at = len(self.blocks)
        self.blocks.append(Table(0, 0, ()))
        cells: list[Cell] = []
        drawn_over: list[int] = []
        inside = 0
        for slot in slots:
            here = f"{place} 行{slot.row} 列{slot.column}"
            _place(_remarks(slot.cell.content), here)
            for covered in slot.covered:
                self._cover(covered.content, here)
            raw = Raw()
            signs = _bullets([i for i in slot.cell.content if isinstance(i, Raw)])
            for item in slot.cell.content:
                if isinstance(item, RawTable):
                    inside += 1
                    raw.add_line(self._nested(item, f"{place}.{inside}"))
                else:
                    sign = signs.get(id(item))
                    line = Raw() if sign is None else Raw(PLACED, [sign])
                    line.add(item if sign is not None else item.trimmed())
                    line.remarks = []  # they have their place
                    raw.add_line(line)
            text, marks, over = self._marked(raw, here)
            text, numbering = typed_apart(text)
            if over:
                drawn_over.append(len(cells))
            cells.append(
                Cell(
                    slot.row,
                    slot.column,
                    slot.row_span,
                    slot.column_span,
                    text,
                    marks,
                    place=here,
                    numbering=numbering,
                )
            )
        for n in drawn_over:
            cells = doubt_near(cells, n)
        self.blocks[at] = Table(rows, columns, tuple(cells), place=place, nested=nested)
        return place

    def _nested(self, table: RawTable, place: str) -> Raw:
        """The table as a block of its own, and its text for the cell it stands in."""
        at = len(self.blocks)
        self._table(table, place, nested=True)
        block = self.blocks[at]
        out, row = Raw(), 0
        assert isinstance(block, Table)
        for cell in block.cells:
            text = "".join(PLACED if c in BOXES else c for c in cell.text)
            out.add_line(Raw(text, list(cell.marks)), "\t" if cell.row == row else "\n")
            row = cell.row
        return out

    def _cover(self, content: list[Item], place: str) -> None:
        """Text in a cell that is merged into another is not shown, so it is hidden text."""
        for item in content:
            if isinstance(item, Raw) and item.text.strip():
                self.reader.text.remarks.append(Remark("hidden", item.text, place=place))

    def _marked(self, raw: Raw, place: str) -> tuple[str, tuple[Mark, ...], bool]:
        raw = raw.trimmed()
        self.characters += len(raw.text)
        if self.characters > LIMITS.characters:
            raise too_large(say("it has more than {count} characters", count=LIMITS.characters))
        text, marks, over = settled(raw)
        at_home = (replace(m, place=place, label=typed_apart(m.label)[0]) for m in marks)
        return text, tuple(at_home), over

    # ------------------------------------------------------------------ problems

    def _problems(self) -> list[Problem]:
        out: list[Problem] = []
        remarks = self.reader.text.remarks
        if changes := [r for r in remarks if r.kind == "change"]:
            message = say(
                "The Word file carries {count} changes that nobody accepted or rejected; they "
                "were read as accepted. Old → new: {changes}",
                count=len(changes),
                changes=_quoted(f"{_short(r.old)}→{_short(r.new)}" for r in changes),
            )
            out.append(_told("file.tracked-changes", message, changes))
        if struck := [r for r in remarks if r.kind == "struck"]:
            message = say(
                "The Word file carries text that is struck out; it was left out: {text}",
                text=_quoted(_short(r.old) for r in struck),
            )
            out.append(_told("file.tracked-changes", message, struck))
        if hidden := [r for r in remarks if r.kind == "hidden"]:
            message = say(
                "The Word file carries hidden text, which nobody sees; it was left out: {text}",
                text=_quoted(_short(r.old) for r in hidden),
            )
            out.append(_told("file.hidden-text", message, hidden))
        comments = [] if self.comments is None else list(self.comments.iterfind(f"{W}comment"))
        if comments:
            said = ["".join(t.text or "" for t in c.iter(f"{W}t")) for c in comments]
            message = say(
                "The Word file carries {count} comments: {text}",
                count=len(comments),
                text=_quoted(_short(s) for s in said),
            )
            out.append(problem("file.comments", message, "notice"))
        if notes := [text for part in self.notes if part is not None for text in _notes(part)]:
            message = say(
                "The Word file carries {count} footnotes or endnotes; as in Word they are not "
                "counted: {text}",
                count=len(notes),
                text=_quoted(_short(s) for s in notes),
            )
            out.append(problem("file.comments", message, "notice"))
        if self.reader.embedded:
            message = say(
                "{count} documents are embedded in the Word file and were not read. Open it in "
                "Word, save it again and review it again.",
                count=self.reader.embedded,
            )
            out.append(problem("file.unsupported", message, "warning"))
        if not self.blocks and any(True for _ in self.root.iter(f"{A}blip", f"{V}imagedata")):
            message = say(
                "The Word file holds pictures and no text, and pictures in Word files are not "
                "read. Save it as a PDF and review that."
            )
            out.append(problem("file.unreadable", message))
        for part in self.lost:
            message = say(
                "{part} in the Word file is damaged; list numbers, hidden text or headers may "
                "have been read wrongly.",
                part=part,
            )
            out.append(problem("file.damaged", message, "warning", part))
        return out


def _notes(part: etree._Element) -> Iterator[str]:
    """The texts of footnotes or endnotes, without the lines that part them from the page."""
    for note in part:
        text = "".join(t.text or "" for t in note.iter(f"{W}t")).strip()
        if text and note.get(f"{W}type") in (None, "normal"):
            yield text


def _nested(block: Block) -> bool:
    return isinstance(block, Table) and block.nested


def _each(relations: Iterable[Relation], kind: str) -> list[str]:
    return list(dict.fromkeys(r.target for r in relations if r.type == kind))


def _form_content(item: Item, where: str) -> bool:
    """Whether something in a header or footer belongs to the form: it has a box, a filled-in
    line, or is a table of more than a logo and a title."""
    if isinstance(item, Raw):
        text, marks = normalise_marks(item.text, item.marks)
        return bool(marks) or (where == "页眉" and _FILLED_IN.match(text.strip()) is not None)
    texts = [_plain(c.content) for row in item.rows for c in row.cells]
    filled = [t for t in texts if t.strip()]
    return len(filled) >= 4 or any(normalise_marks(t)[1] or PLACED in t for t in filled)


def _plain(content: Sequence[Item]) -> str:
    return "\n".join(
        i.text
        if isinstance(i, Raw)
        else "\n".join(_plain(c.content) for r in i.rows for c in r.cells)
        for i in content
    )


def _bullets(paragraphs: list[Raw]) -> dict[int, Mark]:
    """List bullets that are boxes to tick, by paragraph; a ✔ only beside such boxes."""
    signs = {id(p): p.bullet for p in paragraphs if p.bullet and p.text.strip()}
    if not any(s in _BULLET_BOXES for s in signs.values()):
        signs = {k: s for k, s in signs.items() if s in "☑☒"}
    return {
        k: Mark(s in _BULLET_TICKS, "glyph", 0.85)
        for k, s in signs.items()
        if s in _BULLET_BOXES + _BULLET_TICKS
    }


def _remarks(content: list[Item]) -> list[Remark]:
    return [r for item in content for r in item.remarks]


def _place(remarks: list[Remark], place: str) -> None:
    for remark in remarks:
        remark.place = remark.place or place


def _told(rule: str, message: Bilingual, remarks: list[Remark]) -> Problem:
    return problem(rule, message, "warning", remarks[0].place)


def _quoted(texts: Iterable[str]) -> str:
    all_of_them = [t for t in texts if t]
    return "；".join(all_of_them[:SHOWN]) + ("……" if len(all_of_them) > SHOWN else "")


def _short(text: str) -> str:
    clean = " ".join(text.replace(PLACED, "□").split())
    clean = clean if len(clean) <= 40 else clean[:39] + "…"
    return f"“{clean}”" if clean else "∅"
