"""What one submission came to, and the same as the JSON of the contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from models.rules.digest import Digest
from models.rules.packaged import SURE
from models.types import (
    Answer,
    Application,
    Attached,
    Bbox,
    Cell,
    Check,
    Document,
    Evidence,
    Finding,
    Listing,
    Mark,
    Mention,
    Table,
    TickAnswer,
)
from models.wording import Bilingual

SCHEMA = 1
KINDS = ("docx", "doc", "pdf", "image", "xlsx", "text")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a submission, as it was read."""

    name: str
    sha256: str
    role: str
    kind: str
    pages: int | None = None
    ocr_pages: int = 0
    size: int = 0
    read: bool = False
    """A reader made something of it."""
    path: Path | None = None
    """Where its bytes are now; not kept."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one submission came to."""

    submission: str
    path: str
    location: str
    programme: str | None
    on: str
    """The ISO date the checks were made for."""
    files: tuple[FileRecord, ...] = ()
    application: Application | None = None
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    programme_version: str = ""
    """A short hash of the programme and its form, as they were when the checks ran."""
    processed: bool = field(default=True)
    """False where not one file could be read, or the work itself broke off."""
    digest: Digest | None = None
    """What is kept of it for comparing it with others; None without a programme and a form."""


# ------------------------------------------------------------------ hecha review --json


def submission_json(result: Result) -> dict[str, Any]:
    """The contract's object for one submission; every key is there."""
    application = result.application or Application(form="")
    figures, texts = _figures_and_texts(application)
    return {
        "schema": SCHEMA,
        "submission": result.submission,
        "path": result.path,
        "programme": result.programme,
        "files": [
            {
                "file": f.name,
                "sha256": f.sha256,
                "role": f.role,
                "kind": _kind(f.kind),
                "pages": f.pages,
                "ocr_pages": f.ocr_pages,
            }
            for f in result.files
        ],
        "figures": figures,
        "ticks": [_tick(t) for t in application.ticks],
        "texts": texts,
        "narratives": [
            {
                "field": n.field,
                "state": n.state,
                "characters": n.characters,
                "characters_no_spaces": n.characters_no_spaces,
                "limit": n.limit,
                "text": n.text,
                "confidence": n.confidence,
                "needs_look": n.needs_look,
                "source": source(n.evidence),
            }
            for n in application.narratives
        ],
        "mentions": [_mention(m) for m in application.mentions],
        "attachments": [_attached(a) for a in application.attached],
        "listings": [_listing(x) for x in application.listings],
        "checks": [_check(c) for c in result.checks],
        "findings": [_finding(f) for f in result.findings],
    }


def _figures_and_texts(
    application: Application,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    numbers = _number_fields(application.form)
    figures, texts = [], []
    for a in application.answers:
        common = {"field": a.field, "period": a.period, "state": a.state}
        sure = {"confidence": a.confidence, "needs_look": a.needs_look}
        value = number(a.value) if a.state == "given" else None
        if _is_number(a, numbers):
            figures.append(
                {**common, "value": value, "unit": a.unit, "raw": a.raw, **sure,
                 "source": source(a.evidence)}
            )  # fmt: skip
        else:
            texts.append(
                {**common, "value": value, "raw": a.raw, **sure, "source": source(a.evidence)}
            )
    return figures, texts


def _number_fields(form: str) -> dict[str, bool]:
    from models.form import load_form

    try:
        return {f.id: f.type in ("number", "integer") for f in load_form(form).fields}
    except KeyError:
        return {}


def _is_number(a: Answer, numbers: dict[str, bool]) -> bool:
    return numbers.get(a.field, a.unit is not None or isinstance(a.value, Decimal))


def _tick(t: TickAnswer) -> dict[str, Any]:
    return {
        "field": t.field,
        "state": t.state,
        "needs_look": t.needs_look,
        "options": [
            {"text": o.text, "ticked": o.ticked, "confidence": o.confidence} for o in t.options
        ],
        "source": source(t.evidence),
    }


def _mention(m: Mention) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "field": m.field,
        "period": m.period,
        "value": number(m.quantity.value),
        "unit": m.quantity.unit or None,
        "raw": m.raw,
        "in": m.within,
        "needs_look": not m.sure,
        "source": source(m.evidence),
    }
    if m.quantity.approximate:
        entry["from"], entry["to"] = number(m.quantity.low), number(m.quantity.high)
    return entry


def _attached(a: Attached) -> dict[str, Any]:
    return {
        "claim": a.claim,
        "strength": a.strength,
        "needs_look": a.strength < SURE,
        "why": None if a.why is None else bilingual(a.why),
        "source": source(a.evidence),
    }


def _listing(x: Listing) -> dict[str, Any]:
    return {
        "field": x.field,
        "period": x.period,
        "fields": list(x.fields),
        "title": x.title,
        "count": x.count,
        "needs_look": not x.sure,
        "source": source(x.evidence),
        "rows": [
            {
                "text": r.text,
                "number": r.number or None,
                "status": r.status,
                "why": None if r.why is None else bilingual(r.why),
                "source": source(r.evidence),
            }
            for r in x.rows
        ],
    }


def _check(c: Check) -> dict[str, Any]:
    entry: dict[str, Any] = {"rule": c.rule, "fields": list(c.fields), "outcome": c.outcome}
    if c.because is not None:
        entry["because"] = bilingual(c.because)
    return entry


def _finding(f: Finding) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "rule": f.rule,
        "severity": f.severity,
        "fields": list(f.fields),
        "expected": f.expected or None,
        "actual": f.actual or None,
        "message": bilingual(f.message),
        "citation": None
        if f.citation is None
        else {
            "document": f.citation.document,
            "article": f.citation.article,
            "quote": f.citation.quote,
        },
        "sources": [source(e) for e in f.evidences],
    }
    if f.formula:
        entry["formula"] = f.formula
    if f.suggestion:
        entry["suggestion"] = _suggestion(f.suggestion)
    return entry


def _suggestion(text: str) -> int | float | str | None:
    """A figure as a number (45.6), anything else in words."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return number(value) if value.is_finite() else text


def source(e: Evidence) -> dict[str, Any]:
    """Where something stands: file, page, bbox, place."""
    return {
        "file": e.file or None,
        "page": e.page,
        "bbox": box(e.bbox),
        "place": e.place or None,
    }


def box(bbox: Bbox | None) -> list[float] | None:
    """Points to a hundredth, which is finer than any printer."""
    return None if bbox is None else [round(float(x), 2) for x in bbox]


def bilingual(words: Bilingual) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def number(value: Decimal | str | None) -> int | float | str | None:
    """A Decimal as the JSON number that prints as it: 45.60 → 45.6, 70 → 70."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _kind(kind: str) -> str:
    return kind if kind in KINDS else "other"


# ------------------------------------------------------------------ hecha read --json


def document_json(document: Document) -> dict[str, Any]:
    """The contract's object for one file that was only read."""
    return {
        "schema": SCHEMA,
        "file": document.file,
        "kind": _kind(document.kind),
        "pages": document.pages,
        "blocks": [
            _table(b)
            if isinstance(b, Table)
            else {
                "type": "paragraph",
                "text": b.text,
                "page": b.page,
                "bbox": box(b.bbox),
                "place": b.place or None,
            }
            for b in document.blocks
        ],
        "marks": _marks(document.marks()),
        "problems": [{"rule": p.rule, "message": bilingual(p.message)} for p in document.problems],
    }


def _table(t: Table) -> dict[str, Any]:
    return {
        "type": "table",
        "rows": t.rows,
        "columns": t.columns,
        "page": t.page,
        "bbox": box(t.bbox),
        "place": t.place or None,
        "cells": [_cell(c) for c in t.cells],
    }


def _cell(c: Cell) -> dict[str, Any]:
    return {
        "row": c.row,
        "column": c.column,
        "row_span": c.row_span,
        "column_span": c.column_span,
        "text": c.text,
        "page": c.page,
        "bbox": box(c.bbox),
    }


def _marks(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    return [
        {
            "ticked": m.ticked,
            "how": m.how,
            "confidence": m.confidence,
            "label": m.label,
            "page": m.page,
            "bbox": box(m.bbox),
            "place": m.place or None,
        }
        for m in marks
    ]
