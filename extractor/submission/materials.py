"""Which paper of a submission is which document of the programme's list of materials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.locating.labels import fold
from extractor.submission.roles import Role
from extractor.submission.sections import sections, words
from models.programme import Material, Programme
from models.types import Application, Attached, Cell, Document, Evidence, Table
from models.wording import say

SURE = 0.6
"""From here on nobody would doubt that the paper is the one asked for."""
_FORMATS = {"pdf": ("pdf",), "word": ("docx", "doc")}
NARRATING = frozenset(
    ("application_form", "recommendation_letter", "plan", "introduction", "self_evaluation",
     "declaration", "summary_table")
)  # fmt: skip
"""Papers that speak of everything: a word in them supports nothing."""


def material_answers(
    programme: Programme, application: Application, papers: Sequence[tuple[Document, Role]]
) -> Iterator[Attached]:
    """For each document that the programme asks for the papers that may be it, and how surely."""
    for material in programme.materials:
        claim = f"material: {material.id}"
        for document, role in papers:
            if material.format and document.kind not in _FORMATS[material.format]:
                continue
            if material.role in ("evidence", "other"):
                found = _supporting(material, document, role)
            else:
                found = _titled(material, document, role)
            if found is not None:
                strength, evidence = found
                yield Attached(claim, evidence, strength)
        own = application.narrative(material.role)
        if own is not None and own.state == "given":
            why = say("it stands in the form itself, not as a paper of its own")
            yield Attached(claim, own.evidence, 0.5, why)


def _titled(material: Material, document: Document, role: Role) -> tuple[float, Evidence] | None:
    start = Evidence(document.file, raw=role.title)
    if role.role == material.role:
        if not document.readable:
            return 0.5, start
        sign = next((s for s in role.signs if s.role == material.role), None)
        return max(SURE if role.confidence > 0.45 else 0.5, role.confidence), (
            sign.evidence if sign else start
        )
    if material.format:  # a paper of its own in that kind of file, not one inside another
        return None
    signs = [s for s in role.signs if s.role == material.role]
    if material.role == "declaration":  # a promise of quality or safety is another one
        signs = [s for s in signs if "真实" in s.title] if "真实" in words(document) else []
    best = max(signs, key=lambda s: s.strength, default=None)
    return (best.strength, best.evidence) if best else None


def _supporting(
    material: Material, document: Document, role: Role
) -> tuple[float, Evidence] | None:
    if role.role in NARRATING:
        return None
    start = Evidence(document.file, raw=role.title)
    if not material.words:
        if role.role in ("evidence", "list"):
            return (0.9 if document.readable else 0.5), start
        return None
    asked = [fold(w) for w in material.words]
    named = any(w in fold(document.file) for w in asked)
    if not document.readable:
        return (0.5, start) if named else None
    for part in sections(document):
        title = fold(part.title)
        if any(w in title for w in asked):
            return (0.9 if part.first else 0.7), part.evidence
    for cell in _table_titles(document):  # the title of a sheet stands in its first row
        if any(w in fold(cell.text) for w in asked):
            return 0.9, Evidence(document.file, cell.page, cell.bbox, cell.place, cell.text)
    text = words(document)
    said = sum(text.count(w) for w in asked)
    if named or said >= 2:
        return (0.65 if named and said >= 2 else 0.5), start
    return (0.35, start) if said else None


def _table_titles(document: Document) -> Iterator[Cell]:
    """The cells that stand alone in the first row of a table of several columns."""
    for block in document.blocks:
        if isinstance(block, Table) and block.columns > 1 and not block.nested:
            first = [c for c in block.cells if c.row == 1 and c.text.strip()]
            if len(first) == 1:
                yield first[0]
