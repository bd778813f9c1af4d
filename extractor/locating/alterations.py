"""What of the blank form is missing, reworded or added in the filled one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from extractor.locating.labels import CLEAR, Vocabulary, core, fold, in_order
from extractor.locating.matching import Key, Match
from extractor.locating.option_grid import in_pieces
from extractor.locating.options import added_options, removed_options
from extractor.locating.slots import Laid
from models.form import Field, Form
from models.types import Alteration, Cell, Evidence

SHORTEST = 4
"""Characters of a label that may be a shortening."""
KNOWN = 3
"""A table in which so many of the form's fields were found is one of the form's tables."""


def find_alterations(
    form: Form,
    laid: Laid,
    matches: dict[Key, list[Match]],
    words: Vocabulary,
    whole: bool = True,
) -> Iterator[Alteration]:
    """Rows and options that are gone or new, and labels that are worded otherwise.

    Where some pages could not be read (not `whole`), nothing is called missing.

    Differences of spacing, punctuation, brackets, numbering, units and the order of the words
    are none. The target table may be added to: the form itself invites that.
    """
    altered = _altered(form, laid, matches, words)
    yield from (a for a in altered if whole or a.kind != "missing")


def _altered(
    form: Form, laid: Laid, matches: dict[Key, list[Match]], words: Vocabulary
) -> Iterator[Alteration]:
    notes = "".join(fold(note) for note in form.notes)
    for field in form.fields:
        found = [m for key, ms in matches.items() if key[0] == field.id for m in ms]
        if not found:
            if not (field.type == "narrative" or field.printed):
                yield Alteration("missing", field.label, field=field.id)
            continue
        if field.type == "ticks":
            pieces = in_pieces(field, [m.slot for m in found])
            for option in removed_options(field, pieces):
                yield Alteration("missing", option, field=field.id, evidence=pieces[0][2])
            for option in added_options(field, pieces):
                if fold(option) in notes:
                    continue
                yield Alteration("added", option, field=field.id, evidence=pieces[0][2])
        else:
            for period in form.periods(field.id):
                if field.years and (field.id, period) not in matches:
                    yield Alteration("missing", f"{field.label} {period}", field=field.id)
        label = found[0].label.heading
        scanned = found[0].slot.evidence.how == "ocr"
        unlike = bool(label.labels) and label.labels[0][1] < CLEAR
        if (
            unlike
            and _reworded(field, label.text)
            and not (scanned and _misread(field, label.text))
        ):
            yield Alteration(
                "reworded",
                field.path[-1],
                " ".join(label.text.split()),
                field.id,
                found[0].slot.evidence,
            )
    yield from _added_rows(form, laid, matches, words)


def _reworded(field: Field, typed: str) -> bool:
    """Whether a label says something else, and not the same in fewer words or with a unit."""
    printed, said = [core(path[-1]) for path in field.paths], core(typed)
    shorter = len(said) >= SHORTEST and any(in_order(said, p) for p in printed)
    same = any(p in fold(typed) or fuzz.ratio(p, said) >= CLEAR for p in printed)
    return not (same or shorter)


def _misread(field: Field, typed: str) -> bool:
    """Whether a recognised label is the printed one but for a letter taken for another."""
    said = core(typed)
    return any(
        len(said) == len(p) and sum(a != b for a, b in zip(said, p, strict=True)) == 1
        for p in (core(path[-1]) for path in field.paths)
    )


def _added_rows(
    form: Form, laid: Laid, matches: dict[Key, list[Match]], words: Vocabulary
) -> Iterator[Alteration]:
    """Rows with a label of their own that is none of the form's, in tables of the form."""
    answered: dict[int, set[int]] = {}
    targets: set[int] = set()
    for (id, _), found in matches.items():
        for m in found:
            answered.setdefault(m.slot.table, set()).add(m.slot.row)
            if form.field(id).columns:
                targets.add(m.slot.table)
    for table, rows in answered.items():
        if table < 0 or table in targets or len(rows) < KNOWN:
            continue
        for number, cells in laid.own_rows.get(table, {}).items():
            if number in rows or number < min(rows):
                continue  # what stands above the first answer is the table's heading
            if (cell := _own_label(cells, words)) is not None:
                where = Evidence(page=cell.page, bbox=cell.bbox, place=cell.place, raw=cell.text)
                yield Alteration("added", " ".join(cell.text.split()), evidence=where)


def _own_label(cells: list[Cell], words: Vocabulary) -> Cell | None:
    """The label of a row the form does not have: short words first, then what was filled in."""
    cells = [c for c in cells if not re.fullmatch(r"[\s\d.、（）()]*", c.text) or c is cells[-1]]
    if len(cells) < 2 or cells[0].column > 2 or any(c.row_span > 1 for c in cells[:1]):
        return None
    label, rest = cells[0], cells[1:]
    if any(c.marks or len(c.text) > 60 for c in cells):
        return None
    known = [words.read(c.text) for c in cells]
    if any(h is not None and (h.names_field or h.year or h.column) for h in known):
        return None
    own = known[0] is None or fold(label.text) in ("备注", "说明", "合计")
    ideographs = sum("一" <= c <= "鿿" for c in label.text)
    filled = any(any(ch.isalnum() for ch in c.text) for c in rest)
    return label if own and 2 <= ideographs <= 30 and filled else None
