"""Plain text for the console: tables that line up with Chinese in them, programmes, documents."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.wording import text

if TYPE_CHECKING:
    from models.programme import Programme
    from models.types import Document
    from models.types import Table as TableBlock
    from review_ui.worksheet.taking_in import Import
    from review_ui.worksheet.taking_in import Row as ImportRow

DONE, STRICT, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: of the contract, and the shell's own for Ctrl-C."""


class UsageError(Exception):
    """What was typed cannot be done; the message says why."""


# what moves the cursor, changes the console or turns the direction of writing
_TURNING = (
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
_UNSEEN = {c: 0x2400 + c for c in range(32) if chr(c) not in "\n\t"}
_UNSEEN |= {0x7F: 0x2421} | dict.fromkeys([*range(0x80, 0xA0), *map(ord, _TURNING)], 0xFFFD)
_ESCAPED = {c: f"\\u{c:04x}" for c in _UNSEEN if c > 31}


def plain(words: str) -> str:
    """Words of strangers for a console: control signs are shown (␛), not obeyed."""
    return words.translate(_UNSEEN)


def json_line(value: object) -> str:
    """A value as one line of JSON whose every sign is harmless on a console; nothing is lost."""
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)


def width(words: str) -> int:
    """Columns on a console: two for a wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in words
    )


def table(rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> str:
    """Rows in columns that line up, two spaces between them; `numbers` are set to the right."""
    cells = [[plain(str(c)).replace("\n", "⏎") for c in row] for row in rows]
    widths = [max(width(c) for c in column) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = []
        for i, cell in enumerate(row):
            space = " " * (widths[i] - width(cell))
            padded.append(space + cell if i in numbers else cell + space)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def severity_word(severity: str) -> str:
    """error, warning or notice in the person's language."""
    return {"error": text("error"), "warning": text("warning")}.get(severity) or text("notice")


def page_words(name: str, done: int, of: int) -> str:
    """What is being worked on: a file, and of a scan how many of its pages are read."""
    if not name:
        return text("reviewing")
    name = plain(name)
    return text("{file}, page {n} of {all}", file=name, n=done, all=of) if of else name


def imported_text(found: Import, late: Sequence[ImportRow], dry_run: bool) -> str:
    """What a worksheet brings, a line per row, and the sums."""
    from review_ui.worksheet.words import decision_words

    words = decision_words()
    failed = {(r.submission, r.key): r for r in late}
    lines = []
    for r in found.rows:
        row = failed.get((r.submission, r.key), r)
        before = words.get(row.before, text("not decided yet"))
        after = words[row.verdict] if row.verdict else row.key
        about = row.finding.rule if row.finding is not None else row.key
        what = text("refused: {why}", why=row.why) if row.state == "refused" else row.note
        lines.append([text("row {n}", n=row.number), row.name, about, f"{before} → {after}", what])
    sums = text(
        "{n} to take in, {refused} refused, {unchanged} unchanged",
        n=len(found.changes) - len(late), refused=len(found.refused) + len(late),
        unchanged=found.unchanged,
    )  # fmt: skip
    if not dry_run:
        sums = text(
            "{n} taken in, {refused} refused, {unchanged} unchanged",
            n=len(found.changes) - len(late), refused=len(found.refused) + len(late),
            unchanged=found.unchanged,
        )  # fmt: skip
    return "\n".join(filter(None, [table(lines) if lines else "", sums]))


def programme_text(programme: Programme) -> str:
    """A programme with each criterion, its article and the words it rests on."""
    lines = [
        f"{programme.id}  {programme.name}",
        text("regulation: {title}", title=f"{programme.title} {programme.number}".strip()),
        text("form: {form}", form=programme.form),
        "",
    ]
    for c in programme.criteria:
        lines.append(f"{c.rule}  {c.citation.article}  {severity_word(c.severity)}")
        lines.append(f"    “{c.citation.quote}”")
    if programme.materials:
        lines += ["", text("materials:")]
        lines += [f"    {m.name}  {m.citation.article}" for m in programme.materials]
    if programme.deadline is not None:
        lines.append(text("deadline: {date}", date=programme.deadline.date.isoformat()))
    if programme.quota is not None:
        lines.append(text("at most {n} clusters from one city", n=programme.quota.clusters))
    return "\n".join(lines)


def document_text(document: Document) -> str:
    """What the reader saw, for a person: paragraphs, tables as grids of cells, tick boxes."""
    pages = "" if document.pages is None else text(", {n} pages", n=document.pages)
    from models.types import Table

    lines = [f"== {document.file} ({document.kind}{pages})"]
    lines += [f"!! {p.rule}  {p.message}" for p in document.problems]
    for block in document.blocks:
        where = _where(block.page, block.place)
        if isinstance(block, Table):
            lines += ["", f"{where}  {block.rows} × {block.columns}".strip(), *_grid(block), ""]
        elif block.text.strip():
            lines.append(f"{where}  {block.text}" if where else block.text)
    return plain("\n".join(lines))


def _where(page: int | None, place: str) -> str:
    where = place or (text("page {n}", n=page) if page is not None else "")
    return f"[{where}]" if where else ""


def _grid(block: TableBlock) -> list[str]:
    rows: dict[int, list[str]] = {}
    for cell in block.cells:
        said = cell.text.replace("\n", "⏎")
        rows.setdefault(cell.row, []).append(f"{cell.column}: {said}")
    return [f"  {row:>3} | " + " | ".join(cells) for row, cells in sorted(rows.items())]
