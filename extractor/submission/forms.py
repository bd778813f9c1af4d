"""Which of a submission's documents is the filled form, and which are other copies of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.workers import Step
from models.form import load_form
from models.types import Application, Document

FORM_KINDS = ("docx", "doc", "pdf", "image")
"""Kinds of file that can hold the filled form, the one whose figures count first."""

A_FORM = 0.15
"""The share of a form's fields that a document must have a place for to be that form."""

A_VERSION, A_PART = 0.8, 0.2
"""Of what the best document holds of the form: how much the same form in another file holds at
least, and how much of it a file that calls itself the form, of which pages are missing."""
FORM = "application_form"


def find_application(
    programme: str | None, documents: Sequence[Document], step: Step
) -> tuple[Application, frozenset[str]]:
    """The filled form and the names of the files that hold it.

    Every Word and PDF file is looked through; the one where most of the form's fields are
    found is the form. Where a Word file holds about as much as that, its figures count.
    """
    empty = Application(form="")
    if programme is None:
        return empty, frozenset()
    from extractor.locating.locate import coverage, locate
    from extractor.submission.roles import role_of
    from models.programme import load_programme
    from models.rules.plausibility import suspicions
    from models.rules.versions import said

    form = load_form(load_programme(programme).form)
    read = locate
    if form.report:
        from extractor.evaluation.report import read_report as read
    found = []
    for document in documents:
        if document.readable and document.kind in FORM_KINDS:
            step(document.file)
            application = read(document, form)
            found.append((coverage(application, form), document, application))
    step("")
    most = max((share for share, _, _ in found), default=0.0)
    if most < A_FORM:
        return _row_alone(documents) or Application(form=form.id), frozenset()
    versions = [entry for entry in found if entry[0] >= A_VERSION * most]
    filled = max(said(application) for _, _, application in versions)
    versions.sort(  # a blank copy of the form beside it is never the form
        key=lambda e: (said(e[2]) < filled / 2, FORM_KINDS.index(e[1].kind), -e[0])
    )
    first = suspicions(form, versions[0][2])
    others = [other for _, _, other in versions[1:]]
    parts = [entry for entry in found if A_PART * most <= entry[0] < A_VERSION * most]
    others += [other for _, document, other in parts if role_of(document).role == FORM]
    application = replace(first, versions=tuple(others))
    return application, frozenset(document.file for _, document, _ in versions)


def _row_alone(documents: Sequence[Document]) -> Application | None:
    """The one row of a summary table that came without a form: it is all that is known."""
    from extractor.submission.summary import summary_rows

    rows = [row for d in documents if d.readable for row in summary_rows(d)]
    return rows[0] if len(rows) == 1 else None
