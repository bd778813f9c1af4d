"""A worksheet that comes back: decisions and notes a reviewer filled in are taken in.

Each row of the findings sheet carries, hidden, which finding it is, the fingerprint of what the
reviewer saw, and the last decision known then. A row is refused where any of that has changed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from extractor.storing.migrations import StoreError
from extractor.storing.records import ReviewedFinding, Verdict
from extractor.storing.store import Store
from models.types import Finding
from models.wording import Bilingual, say, text
from review_ui.console import UsageError
from review_ui.worksheet.cells import clean
from review_ui.worksheet.tables import HIDDEN
from review_ui.worksheet.words import decision_note, ruling

LARGEST = 80 << 20
MOST_ROWS = 100_000
State = Literal["change", "refused"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says something new. `why` tells why it is refused."""

    number: int
    """Of the row in the sheet."""
    state: State
    submission: int
    name: str
    finding: Finding | None
    key: str
    fingerprint: str
    seen: int | None
    verdict: Verdict | None
    note: str
    before: str
    """The verdict so far; empty where nobody has decided."""
    before_note: str = ""
    why: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Import:
    rows: tuple[Row, ...]
    unchanged: int

    @property
    def changes(self) -> list[Row]:
        return [r for r in self.rows if r.state == "change"]

    @property
    def refused(self) -> list[Row]:
        return [r for r in self.rows if r.state == "refused"]


def read_worksheet(store: Store, path: Path) -> Import:
    """What taking the worksheet in would change. Writes nothing.

    Raises UsageError where it is no worksheet of ours.
    """
    rows: list[Row] = []
    unchanged = 0
    taken: dict[tuple[int, str], tuple[Verdict | None, str]] = {}
    loaded: dict[int, tuple[str, dict[str, ReviewedFinding]] | None] = {}
    for cells in _cells(path):
        if cells.submission not in loaded:
            loaded[cells.submission] = _findings(store, cells.submission)
        known = loaded[cells.submission]
        row = _judged(cells, known)
        if row is None:
            unchanged += 1
            continue
        place = (row.submission, row.key)
        if row.state == "change" and taken.setdefault(place, (row.verdict, row.note)) != (
            row.verdict, row.note,
        ):  # fmt: skip
            row = _refused(row, say("the same finding stands in two rows, decided differently"))
        rows.append(row)
    return Import(tuple(rows), unchanged)


def take_in(store: Store, found: Import, who: str) -> list[Row]:
    """Adds the decisions; the rows that were refused only now, somebody having been faster."""
    late = []
    for row in found.changes:
        assert row.verdict is not None
        try:
            store.add_decision(
                row.submission, row.key, row.verdict, who, row.fingerprint, row.note, row.seen
            )
        except StoreError as error:
            late.append(_refused(row, error.message))
        except KeyError:
            late.append(_refused(row, say("this finding no longer stands")))
    return late


# ------------------------------------------------------------------ one row


@dataclass(frozen=True, slots=True)
class _Cells:
    number: int
    submission: int
    key: str
    fingerprint: str
    seen: int | None
    name: str
    decision: str
    note: str


_Known = tuple[str, dict[str, ReviewedFinding]]


def _findings(store: Store, id: int) -> _Known | None:
    try:
        stored = store.load_submission(id)
    except KeyError:
        return None
    return stored.summary.name, {r.key: r for r in stored.findings}


def _judged(c: _Cells, known: _Known | None) -> Row | None:
    """None where the row says nothing new."""
    reviewed = known[1].get(c.key) if known is not None and known[0] == c.name else None
    made = ruling(reviewed) if reviewed is not None else None
    verdict = _verdicts().get(_folded(c.decision))
    before = made.verdict if made is not None else ""
    note = decision_note(reviewed) if reviewed is not None else ""
    if not _folded(c.decision) and (not before or not c.note):
        if not c.note:
            return None
        verdict = "note"  # a remark without a decision
    said = verdict or _folded(c.decision)
    if reviewed is not None and said == before and _folded(c.note) == _folded(note):
        return None
    if verdict == before and verdict is not None and not c.note:
        return None
    row = Row(
        c.number, "change", c.submission, c.name, reviewed.finding if reviewed else None, c.key,
        c.fingerprint, c.seen, verdict, c.note, before, note,
    )  # fmt: skip
    if reviewed is None:
        return _refused(row, say("this finding no longer stands"))
    if verdict is None:
        return _refused(row, say("“{word}” is no decision", word=c.decision))
    if reviewed.fingerprint != c.fingerprint:
        return _refused(row, say("its figures have changed since the worksheet was written"))
    last = reviewed.decision.id if reviewed.decision is not None else None
    if last != c.seen:
        return _refused(row, say("somebody has decided since the worksheet was written"))
    if verdict in ("dismiss", "ask") and not c.note:
        return _refused(row, say("a reason is missing in the column for notes"))
    return row


def _refused(row: Row, why: Bilingual) -> Row:
    return replace(row, state="refused", why=why)


def _verdicts() -> dict[str, Verdict]:
    """What may stand in the column, in both languages, as the drop-down and the screen say it."""
    words: tuple[tuple[Verdict, tuple[Bilingual, ...]], ...] = (
        ("confirm", (say("finding confirmed"), say("Confirmed"), say("Confirm"))),
        ("dismiss", (say("finding dismissed"), say("Dismissed"), say("Dismiss"))),
        ("ask", (say("applicant to explain"), say("Applicant asked"), say("Ask the applicant"))),
        ("note", (say("note only"), say("Note"), say("Note only"))),
    )
    return {
        _folded(said): verdict for verdict, several in words for both in several for said in both
    }


def _folded(words: str) -> str:
    return "".join(words.split()).casefold()


# ------------------------------------------------------------------ the file


def _cells(path: Path) -> Iterator[_Cells]:
    """The rows of every sheet that has our hidden columns, wherever its columns now stand."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _not_too_large(path)
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, InvalidFileException) as error:
        raise UsageError(text("{path} is no Excel workbook (.xlsx)", path=path.name)) from error
    ours = False
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS)
            heads = [str(v or "") for v in next(rows, ())]
            if not set(HIDDEN) <= set(heads):
                continue
            ours = True
            columns = _columns(heads, path)
            for number, row in enumerate(rows, 2):
                if (cells := _row(number, row, columns)) is not None:
                    yield cells
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise UsageError(text("{path} is damaged", path=path.name)) from error
    finally:
        book.close()
    if not ours:
        raise UsageError(
            text("{path} is no worksheet written by this program", path=path.name)
        )  # fmt: skip


def _not_too_large(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        if sum(i.file_size for i in packed.infolist()) > 5 * LARGEST:
            raise UsageError(text("{path} is too large for a worksheet", path=path.name))
    if path.stat().st_size > LARGEST:
        raise UsageError(text("{path} is too large for a worksheet", path=path.name))


def _columns(heads: Sequence[str], path: Path) -> dict[str, int]:
    found = {name: heads.index(name) for name in HIDDEN}
    for name, words in (
        ("name", say("submission")),
        ("decision", say("reviewer's decision")),
        ("note", say("reviewer's note")),
    ):
        at = next((n for n, h in enumerate(heads) if _folded(h) in map(_folded, words)), None)
        if at is None:
            raise UsageError(
                text("{path}: the column “{name}” is missing", path=path.name, name=str(words))
            )
        found[name] = at
    return found


def _row(number: int, row: Sequence[Any], columns: dict[str, int]) -> _Cells | None:
    said = {
        name: clean("" if at >= len(row) or row[at] is None else str(row[at])).strip()
        for name, at in columns.items()
    }
    id, seen = said[HIDDEN[0]].partition(".")[0], said[HIDDEN[3]].partition(".")[0]
    if not (id.isascii() and id.isdigit() and said[HIDDEN[1]]):
        return None  # a row that somebody added
    last = int(seen) if seen.isascii() and seen.isdigit() else 0
    return _Cells(
        number, int(id), said[HIDDEN[1]], said[HIDDEN[2]], last or None, said["name"],
        said["decision"], said["note"],
    )  # fmt: skip
