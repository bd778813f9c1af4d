"""Document + form → answers with evidence, by the form's printed labels.

`locate` reads one document as one form; `coverage` says how much of a form a document holds,
which tells forms from attachments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from extractor.locating.alterations import find_alterations
from extractor.locating.doubts import (
    Standing,
    blank_beside_prose,
    doubted,
    lost_boxes,
    unanswered,
)
from extractor.locating.labels import CLEAR, fold, vocabulary
from extractor.locating.matching import Key, Match, match
from extractor.locating.misread import reread
from extractor.locating.narratives import read_narratives
from extractor.locating.option_grid import in_pieces
from extractor.locating.options import read_options
from extractor.locating.slots import Slot, lay_out
from models.form import Field, Form
from models.types import Answer, Application, Document, Evidence, Naming, TickAnswer
from models.values import Reading, is_none_mark, read_date, read_in_unit, read_number, read_text
from models.wording import Bilingual, say

ALIKE = 70.0
"""How like a doubtful text, of 100, the same is where it was surely recognised."""
A_FORM = 0.05
"""A document in which fewer of the fields were found is another paper."""


def locate(document: Document, form: Form) -> Application:
    """Everything the document answers of the form; what it does not hold is `absent`."""
    words = vocabulary(form.id)
    laid = lay_out(document, words)
    matches = match(laid, words)
    seen = frozenset(m.how for slot in laid.slots for m in slot.marks)
    answers: list[Answer] = []
    ticks: list[TickAnswer] = []
    for field in form.fields:
        if field.type == "ticks":
            ticks.append(_ticks(field, matches.get((field.id, None), []), seen))
        elif field.type != "narrative":
            answers += _figures(form, field, matches, document)
    answers = reread(_ones_among_numerals(_split_lines(form, answers)), document)
    answers = doubted(form, answers, laid, matches)
    narratives = read_narratives(document, form, laid, matches, words)
    narratives = blank_beside_prose(narratives, laid, matches)
    if len(matches) >= A_FORM * len(form.fields):
        standing = Standing(laid, words)
        answers, ticks, narratives = unanswered(form, answers, ticks, narratives, standing)
        ticks = lost_boxes(form, ticks, laid, matches)
    doubtful = {a.field for a in answers if a.state == "absent" and a.needs_look}
    doubtful |= {t.field for t in ticks if t.state == "absent" and t.needs_look}
    whole = not any(p.rule in ("file.unreadable", "file.garbled-text") for p in document.problems)
    return Application(
        form=form.id,
        answers=tuple(answers),
        ticks=tuple(ticks),
        narratives=tuple(narratives),
        alterations=tuple(
            a
            for a in find_alterations(form, laid, matches, words, whole)
            if a.kind != "missing" or a.field not in doubtful
        ),
        problems=tuple((document.file, p) for p in document.problems),
        namings=tuple(_again(form, matches)),
    )


def coverage(application: Application, form: Form) -> float:
    """The share of the form's fields that the document has a place for, 0 to 1."""
    present = {a.field for a in application.answers if a.state != "absent"}
    present |= {t.field for t in application.ticks if t.state != "absent"}
    present |= {n.field for n in application.narratives if n.state != "absent"}
    return len(present) / len(form.fields) if form.fields else 0.0


# ---------------------------------------------------------------------- figures and texts


def _figures(
    form: Form, field: Field, matches: dict[Key, list[Match]], document: Document
) -> list[Answer]:
    found = {key[1]: m[0] for key, m in matches.items() if key[0] == field.id and m}
    if field.year_in_heading:
        periods: list[str | None] = sorted(found, key=str) or [None]
    else:
        asked = list(form.periods(field.id))
        periods = asked + sorted((p for p in found if p not in asked), key=str)
    return [_answer(field, period, found.get(period), document) for period in periods]


def _answer(field: Field, period: str | None, found: Match | None, document: Document) -> Answer:
    if found is None:
        where = Evidence(file=document.file)
        # on a scan its label may only have been misread
        scanned = 2 * document.ocr_pages > (document.pages or 0)
        why = say("its label was not found on the scanned pages") if scanned else None
        return Answer(
            field.id, period, "absent", None, "", 0.5 if scanned else 0.9, scanned, where,
            field.unit, None, why,
        )  # fmt: skip
    readings = [
        (slot, read_slot(field, period, slot, found)) for slot in (found.slot, *found.rivals)
    ]
    written = [(s, a) for s, a in readings if a.state in ("given", "unreadable", "none")]
    if not written:
        return readings[0][1]
    given = [(s, a) for s, a in written if a.state == "given"]
    answer = (given or written)[0][1]
    if field.type == "text" and answer.evidence.how == "ocr":
        return _surer(field, answer, found)
    if len({str(a.value) for _, a in given}) > 1:
        return replace(
            answer,
            needs_look=True,
            confidence=0.5,
            why_look=say("several different values stand under this label"),
        )
    return answer


def _surer(field: Field, answer: Answer, found: Match) -> Answer:
    """A recognised text, read where the form asks for it a second time (cover and table) if that
    is surer there; what the two do not agree on asks for a look."""
    both = [read_slot(field, None, slot, found) for slot in found.again]
    said = fold(str(answer.value))
    other = next((a for a in both if a.state == "given" and not a.needs_look), None)
    if other is None or said == fold(str(other.value)):
        return other if other is not None and answer.needs_look else answer
    text = fold(str(other.value))
    cut = said in text or text in said  # one of them runs on in a line that was not found
    if answer.needs_look and not cut and fuzz.ratio(said, text) >= ALIKE:
        return other
    best = other if answer.needs_look or len(said) < len(text) else answer
    why = say("several different values stand under this label")
    return replace(best, needs_look=True, confidence=0.5, why_look=why)


_NAMES = ("cluster_name", "region_county", "operator")


def _again(form: Form, matches: dict[Key, list[Match]]) -> Iterator[Naming]:
    """The names that the form asks for a second time (cover and table)."""
    for field in form.fields:
        if field.id in _NAMES and field.printed is None:
            for found in matches.get((field.id, None), []):
                for slot in found.again:
                    answer = read_slot(field, None, slot, found)
                    named = any("\u3400" <= c <= "\u9fff" for c in str(answer.value))
                    if answer.state == "given" and named and not answer.needs_look:
                        yield Naming(field.id, str(answer.value), "table", answer.evidence)


SURE = 0.9
"""Characters recognised in a picture with less certainty ask for a look."""


def read_slot(field: Field, period: str | None, slot: Slot, found: Match) -> Answer:
    """One slot read as the field's type. `raw` is what stands there, to the letter."""
    answer = _read_slot(field, period, slot, found)
    scanned = slot.evidence.how == "ocr"
    doubtful = scanned and (bool(slot.marks) or answer.state == "unreadable")  # 龙口 as 龙☐
    if slot.sure >= SURE and not doubtful:
        return replace(answer, confidence=min(answer.confidence, slot.sure))
    return replace(
        answer,
        confidence=min(answer.confidence, slot.sure),
        needs_look=True,
        why_look=answer.why_look or _unsure(slot),
    )


def _unsure(slot: Slot) -> Bilingual:
    if slot.evidence.how == "ocr":
        return say("the recognition of this scan is not sure of it")
    return say("no line is drawn here that tells which row it stands in")


def _read_slot(field: Field, period: str | None, slot: Slot, found: Match) -> Answer:
    raw = slot.text.strip()
    if field.type in ("number", "integer"):
        raw = _unwrapped(slot)
    evidence = slot.evidence
    confidence, why = _sureness(found)
    if field.type == "date":
        date = read_date(raw)
        return Answer(
            field.id, period, date.state, date.iso, raw,
            confidence if date.sure else min(confidence, 0.7),
            (not date.sure and date.state == "given") or why is not None,
            evidence, None, None, date.reason if not date.sure else why,
        )  # fmt: skip
    if field.type == "text":
        state, text = read_text(_unspread(raw) if slot.evidence.page is not None else raw)
        return Answer(
            field.id, period, state, text if state == "given" else None, raw,
            confidence, why is not None, evidence, None, None, why,
        )  # fmt: skip
    reading = _number(field, raw, found)
    value = reading.quantity.value if reading.quantity is not None else None
    doubt = why if reading.sure else reading.reason or why
    loose = reading.state == "unreadable" and slot.table < 0  # what stands below a label, perhaps
    return Answer(
        field.id, period, reading.state, value, raw,
        confidence if reading.sure else min(confidence, 0.7),
        (reading.state == "given" and not reading.sure) or why is not None or loose,
        evidence, field.unit, reading.quantity,
        doubt if reading.state in ("given", "unreadable") else None,
    )  # fmt: skip


def _number(field: Field, raw: str, found: Match) -> Reading:
    """A number with the unit of its label where the label asks for another one than the form."""
    reading = read_number(raw, field.unit, integer=field.integer, falling=field.falling)
    years = (h.heading.unit for h in found.slot.heads if h.heading.year and not h.heading.labels)
    asked = found.label.heading.unit or next((u for u in years if u), None)
    if reading.state != "given" or asked is None or fold(asked) == fold(field.unit or ""):
        return reading
    other = read_in_unit(raw, field.unit, asked, integer=field.integer, falling=field.falling)
    if other is None:
        return reading
    why = say("the label asks for {unit}, the form does not", unit=asked)
    return replace(other, sure=False, reason=why)


_SPREAD = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000\n]+(?=[\u3400-\u9fff])")


def _unspread(text: str) -> str:
    """A line on a page whose characters the layout spread out, closed up again."""
    return _SPREAD.sub("", text)


def _unwrapped(slot: Slot) -> str:
    """A figure that a narrow cell of a page broke over two lines, whole again.

    The first line must fill the cell: two figures written below each other do not.
    """
    text, box = slot.text.strip(), slot.evidence.bbox
    if "\n" not in text or box is None or len(slot.lines) < 2:
        return text
    first = slot.lines[0].bbox
    size = max(first[3] - first[1], 1.0)
    if (box[2] - box[0]) - (first[2] - first[0]) < 2.2 * size:
        return text.replace("\n", "")
    return text


def _sureness(found: Match) -> tuple[float, Bilingual | None]:
    """How sure it is that the slot belongs to the field, and what speaks against it."""
    if found.wording < CLEAR - 4:
        return 0.8, say("the label reads “{label}”", label=found.label.heading.text.strip())
    if any(head.guessed for head in found.slot.heads):
        return 0.8, say("no heading says which year or target this column is")
    if found.score < 75:
        return 0.85, say("the headings round this cell are not those of the form")
    return 0.99, None


# ---------------------------------------------------------------------- ticks


def _ticks(field: Field, found: Sequence[Match], seen: frozenset[str]) -> TickAnswer:
    if not found:
        return TickAnswer(field.id, "absent", (), False, Evidence())
    ordered = sorted(found, key=lambda m: m.slot.order)
    pieces = in_pieces(field, [m.slot for m in ordered])
    options, look, why = read_options(field, pieces, seen)
    if not look and ordered[0].wording < CLEAR - 4:
        look = True
        why = say("the label reads “{label}”", label=ordered[0].label.heading.text.strip())
    if not any(marks for _, marks, _ in pieces) and is_none_mark("".join(p[0] for p in pieces)):
        return TickAnswer(field.id, "none", options, look, pieces[0][2], why)
    return TickAnswer(field.id, "given", options, look, pieces[0][2], why)


# ---------------------------------------------------------------------- printed lines


_NUMERALS = re.compile(r"[〇零一二三四五六七八九十百千万]+")


def _ones_among_numerals(answers: list[Answer]) -> list[Answer]:
    """A lone 一 may be a dash; where other counts are written 二, 三 or 十二 it is the number."""
    numerals = [a for a in answers if a.raw != "一" and _NUMERALS.fullmatch(a.raw)]
    if len(numerals) < 2:
        return answers
    return [
        replace(a, needs_look=False, confidence=0.95, why_look=None)
        if a.raw == "一" and a.state == "given" and isinstance(a.value, Decimal)
        else a
        for a in answers
    ]


def _split_lines(form: Form, answers: list[Answer]) -> list[Answer]:
    """Fields that share one printed line (所属地区：__市__县) are read out of it together."""
    for printed in {f.printed for f in form.fields if f.printed}:
        ids = [f.id for f in form.fields if f.printed == printed]
        told = [a for a in answers if a.field in ids and a.state not in ("absent", "blank")]
        if not told or len({(a.raw, a.evidence.place) for a in told}) == len(ids):
            continue  # each in a row of its own
        holder = told[0]
        parts = split_region(holder.raw)
        answers = [
            replace(
                a,
                state="given" if parts[ids.index(a.field)] else "blank",
                value=parts[ids.index(a.field)] or None,
                raw=holder.raw,
                evidence=holder.evidence,
                confidence=holder.confidence,
                needs_look=holder.needs_look,
                why_look=holder.why_look,
            )
            if a.field in ids
            else a
            for a in answers
        ]
    return answers


def split_region(raw: str) -> tuple[str, str]:
    """City and county of a line such as 潍坊市寿光市 or __潍坊__ 市 __寿光__ 县（市、区）.

    >>> split_region("山东省 潍坊 市 寿光市 县(市、区)")
    ('潍坊市', '寿光市')
    """
    text = re.sub(r"[\s_＿]+", "", raw)
    text = re.sub(r"^(?:山东省|山东)", "", text)
    text = re.sub(r"(?:县[(（]市[、,，]?区|[(（]县[、,，]?市[、,，]?区).*$", "", text)
    if "市" not in text:
        parts = re.sub(r"[_＿]+", " ", raw).split()
        return (parts[0], "".join(parts[1:])) if len(parts) > 1 else ("", text)
    city, county = text.split("市", 1)
    if not city:
        return "", county
    return city + "市", county.removeprefix("、").strip("，,/／")
