"""The form's narratives: what the applicant wrote, without what the blank form prints there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.locating.labels import CLEAR, Vocabulary, core
from extractor.locating.matching import Key, Match, rows_of_targets
from extractor.locating.slots import Laid
from models.form import Field, Form
from models.types import Cell, Document, Evidence, NarrativeAnswer
from models.values import is_none_mark
from models.wording import say
from models.writing.counting import count_characters

LONG = 1000
"""A narrative with a higher limit has a section of its own, with headings and tables."""
PROSE = 20
"""Shorter text beside a narrative in its row is a remark (见附件), in a column for such."""
HEADS = 60
"""Characters of the target table's first row."""
WRITTEN = 150
"""Text of this length in the cell beside the label is the narrative itself."""
_SEAL = re.compile(r"[(（](?:盖章|公章|签章|章|签字|签名)[)）]|(?:盖章|公章|签字)\s*[:：]")
_LIMIT = re.compile(
    r"^\s*(?:[(（]?\s*(?:不超过|限)?\s*\d{2,4}\s*字\s*(?:以内|左右|以下)?|字?\s*以内)\s*[)）]?\s*[:：]?"
)


SURE = 0.9
"""A cell recognised with less certainty may hold more than was found in it."""


def read_narratives(
    document: Document,
    form: Form,
    laid: Laid,
    matches: dict[Key, list[Match]],
    words: Vocabulary,
) -> list[NarrativeAnswer]:
    """One answer for each narrative of the form."""
    result = list(_each(document, form, laid, matches, words))
    if not document.ocr_pages:
        return result
    why = say("it was recognised in a scan; the count may be a little off")
    return [_with_look(n, why) if n.state == "given" else n for n in result]


def _each(
    document: Document,
    form: Form,
    laid: Laid,
    matches: dict[Key, list[Match]],
    words: Vocabulary,
) -> Iterator[NarrativeAnswer]:
    for field in form.fields:
        if field.type != "narrative":
            continue
        found = sorted(matches.get((field.id, None), []), key=lambda m: m.slot.order)
        if (field.limit or 0) > LONG:
            yield _section(document, form, field, laid, matches, words)
        else:
            yield _cell(document, field, found, words)


def _cell(
    document: Document, field: Field, found: Sequence[Match], words: Vocabulary
) -> NarrativeAnswer:
    if not found:
        return _narrative(field, "", Evidence(file=document.file), absent=True)
    long = {(m.slot.table, m.slot.row) for m in found if len(m.slot.text) >= PROSE}
    parts = (
        _flowing(document, m.slot.text.strip())
        for m in found
        if len(m.slot.text) >= PROSE or m.slot.table < 0 or (m.slot.table, m.slot.row) not in long
    )
    text = "\n".join(part for part in parts if part)
    doubt = found[0].wording < CLEAR - 4
    answer = _narrative(field, _own(text, field, words), found[0].slot.evidence)
    if answer.state == "blank" and min(m.slot.sure for m in found) < SURE:
        return _with_look(answer, say("the recognition of this scan is not sure of it"))
    if doubt:
        label = found[0].label.heading.text.strip()
        why = say("the label reads “{label}”", label=label)
        return _with_look(answer, why)
    return answer


def _with_look(answer: NarrativeAnswer, why: object) -> NarrativeAnswer:
    from dataclasses import replace

    return replace(answer, needs_look=True, confidence=0.8, why_look=why)  # type: ignore[arg-type]


def _section(
    document: Document,
    form: Form,
    field: Field,
    laid: Laid,
    matches: dict[Key, list[Match]],
    words: Vocabulary,
) -> NarrativeAnswer:
    """A narrative with a section of its own: all text from its label to the next section.

    The target table is left out, as are the label itself and the printed guidance.
    """
    labels = {core(p[-1]) for p in field.paths}
    starts = [
        order
        for order, heading, _, _ in laid.labels
        if any(key in labels for key, _ in heading.labels)
    ]
    inline = sorted(matches.get((field.id, None), []), key=lambda m: m.slot.order)
    starts += [m.label.order for m in inline if m.label.direction == "inline"]
    if not starts:
        where = Evidence(file=document.file)
        return _narrative(field, "", where, absent=True)
    start = min(starts)
    targets = rows_of_targets(matches, form.fields)
    owned = {
        m.slot.order
        for key, found in matches.items()
        if key[0] != field.id
        for m in found
        if not form.field(key[0]).columns
    }
    last = max(owned, default=0)
    label_orders = {
        order: heading
        for order, heading, _, _ in laid.labels
        if any(key in words.closing or key in labels for key, _ in heading.labels)
    }
    parts: list[str] = []
    first: Evidence | None = None
    left_out = _target_rows(laid, targets, start)
    left_out |= {
        (table, row)
        for table, rows in laid.own_rows.items()
        for row, cells in rows.items()
        if _heads_targets("\t".join(c.text.replace("\n", "") for c in cells), words)
    }
    beside = [m.slot for m in inline if m.label.direction == "left"]
    if sum(len(slot.text) for slot in beside) >= WRITTEN:
        own = [s for s in beside if (s.table, s.row) not in left_out]
        text = "\n".join(_flowing(document, s.text.strip("\n")) for s in own)
        text = _own(text, field, words)
        return _narrative(field, text, beside[0].evidence)
    for order, section, text, evidence, part, table in laid.stretches:
        if order < start:
            continue
        if order > start and (section == "" or order in owned):
            if section == "" or (order in owned and table >= 0 and order <= last):
                break
            continue
        if order > start and len(text) < WRITTEN and _SEAL.search(text):
            break
        if isinstance(part, Cell) and (table, part.row) in left_out:
            continue
        if order == start:
            kept = next(
                (
                    m.slot.text
                    for m in inline
                    if m.slot.order == start and m.label.direction == "inline"
                ),
                "",
            )
        elif order in label_orders and not parts:
            continue  # the label again: the section's title, then the cell's
        else:
            kept = "\n".join(x for x in text.split("\n") if not _heads_targets(x, words))
        if kept.strip():
            parts.append(_flowing(document, kept.strip("\n")))
            first = first or evidence
    where = first or next((e for o, _, _, e, _, _ in laid.stretches if o >= start), Evidence())
    return _narrative(field, _own("\n".join(parts), field, words), where)


def _heads_targets(text: str, words: Vocabulary) -> bool:
    """Whether a line says nothing but what the target table's columns are: its first row, at the
    end of the page before."""
    if len(text) > HEADS:
        return False
    columns = 0
    for field in (f for f in re.split(r"\s{2,}|[\t\n]|(?<!\d)\s|\s(?!年)", text) if f.strip()):
        heading = words.read(field)
        if heading is None or not heading.generic:
            return False
        columns += heading.column is not None
    return columns > 1


def _target_rows(laid: Laid, targets: dict[int, set[int]], start: int) -> set[tuple[int, int]]:
    """(table, row) of the target table. In a table that also holds prose or the narrative's
    label, the rows from the targets' heading on that are divided into columns are left out; a
    table of nothing else is left out whole."""
    left_out: set[tuple[int, int]] = set()
    for table, rows in targets.items():
        columns: dict[int, set[int]] = {}
        prose = False
        for order, _, text, _, part, number in laid.stretches:
            if number == table and isinstance(part, Cell):
                prose = prose or order <= start or len(text) >= WRITTEN
                for row in range(part.row, part.row + part.row_span):
                    columns.setdefault(row, set()).add(part.column)
        first = min(rows) - 2
        left_out |= {
            (table, row) for row, c in columns.items() if not prose or (row >= first and len(c) > 2)
        }
    return left_out


def _own(text: str, field: Field, words: Vocabulary) -> str:
    """A text without the blank form's print."""
    for pattern in words.guidance(field.id):
        text = pattern.sub("", text)
    text = _LIMIT.sub("", words.without_notes(text), count=1)
    return re.sub(r"\n[ \t　]*(?=\n)", "", text).strip("\n")


def _narrative(
    field: Field, text: str, evidence: Evidence, absent: bool = False
) -> NarrativeAnswer:
    characters, without_spaces = count_characters(text)
    bare = re.sub(r"[\s_＿]", "", text)
    state = "absent" if absent else "blank" if not bare else "given"
    if state == "given" and is_none_mark(bare):
        state = "none"
    return NarrativeAnswer(
        field=field.id,
        state=state,  # type: ignore[arg-type]
        text=text.strip(),
        characters=characters if state == "given" else 0,
        characters_no_spaces=without_spaces if state == "given" else 0,
        limit=field.limit,
        evidence=evidence,
    )


def _flowing(document: Document, text: str) -> str:
    """A paragraph's or a cell's text without the line breaks of the page it stands on."""
    return joined(text) if document.kind in ("pdf", "image") else text


_BROKEN = re.compile(r"(?<=[0-9A-Za-z.,%+/&-])\n(?=[0-9A-Za-z.,%+/&-])")


def joined(text: str) -> str:
    """Visual lines made one: a number cut by the line's end is whole again.

    Two words of a Latin text keep the space between them.
    """

    def join(m: re.Match[str]) -> str:
        left, right = text[m.start() - 1], text[m.end()]
        if left.isalpha() and right.isalpha():
            return " "
        return ""

    return _BROKEN.sub(join, text)
