"""What a whole package says beside its form: its papers, lists, summary rows and attachments.

The one place that completes an Application. Each part is found by a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from extractor.locating.labels import vocabulary
from extractor.prose.mentions import with_mentions
from extractor.submission.appended import appended
from extractor.submission.attachments import answers
from extractor.submission.lists import listings
from extractor.submission.materials import NARRATING, material_answers
from extractor.submission.namings import with_namings
from extractor.submission.roles import Role, role_of
from extractor.submission.summary import own_rows
from models.form import Form, load_form
from models.programme import Programme, load_programme
from models.rules.packaged import SURE
from models.types import Application, Document, Paper

UNREAD = ("file.unreadable", "file.garbled-text")


def complete(
    application: Application,
    programme: str | None,
    documents: Sequence[Document],
    holders: frozenset[str],
    step: Callable[[str], None] = lambda name: None,
) -> tuple[Application, tuple[Paper, ...]]:
    """The application with everything the other papers of its submission say; every paper.

    `documents` are all files of the submission, `holders` the names of those that hold the form;
    `step` hears the file that is looked into.
    """
    told: list[tuple[Document, Role]] = []
    for d in documents:
        step(d.file)
        told.append((d, _role(d, application.form if d.file in holders else "")))
    papers = tuple(_paper(document, role) for document, role in told)
    application = replace(application, papers=papers)
    if not application.form or not load_form(application.form).report:
        application = with_mentions(application, [(role.role, d) for d, role in told], step)
    step("")
    application = with_namings(application, [(role.role, d) for d, role in told])
    if programme is None:
        return application, papers
    rules = load_programme(programme)
    form = load_form(rules.form)
    if application.form not in ("", form.id):
        return application, papers  # a row of a summary table: there is no form to hold against it
    if application.answers:
        behind = [p for d, role in told for p in _behind(d, role, form, d.file in holders)]
        parted = {d.file for d, _ in behind} | holders
        whole = [d for d, _ in told if d.file not in parted]
        found, lists = listings(form, application, [*whole, *(d for d, _ in behind)])
        application = replace(application, listings=found)
        told = [(d, _supported(rules, role, d.file in lists)) for d, role in told]
        papers = tuple(_paper(document, role) for document, role in told)
        told += behind
        tables = [d for d, role in told if d.readable and _holds(role, "summary_table")]
        application = replace(application, summaries=own_rows(form, application, tables))
    materials = tuple(material_answers(rules, application, told))
    evidence = tuple(answers(form, application, told)) if application.answers else ()
    answered: dict[str, list[str]] = {}
    for entry in materials:
        answered.setdefault(entry.evidence.file, []).append(entry.claim.removeprefix("material: "))
    papers = tuple(replace(p, materials=tuple(answered.get(p.file, ()))) for p in papers)
    asked = {f"material: {m.id}" for m in rules.materials if m.role == "evidence"}
    told_of = [*evidence, *(a for a in materials if a.claim in asked)]
    named = {a.evidence.file for a in materials if a.claim not in asked and a.strength >= SURE}
    proving = {a.evidence.file for a in told_of if a.strength >= SURE} - named
    papers = tuple(
        replace(p, role="evidence") if p.role == "other" and p.file in proving else p
        for p in papers
    )
    return replace(application, papers=papers, attached=(*materials, *evidence)), papers


def _role(document: Document, form: str) -> Role:
    """What a file is; `form` is the form it holds filled in, whose own print begins no paper."""
    role = role_of(document, holder=bool(form))
    if not form:
        return role
    if load_form(form).report:
        return replace(role, role="self_evaluation")
    form_print = vocabulary(form)
    own = [
        s
        for s in role.signs
        if form_print.section(s.title) is None and not form_print.read(s.title)
    ]
    return replace(role, signs=tuple(own))


def _behind(
    document: Document, role: Role, form: Form, holder: bool
) -> list[tuple[Document, Role]]:
    """The papers behind a form, a letter or a plan in the same file."""
    if form.report or not document.readable or role.role not in NARRATING:
        return []
    return list(appended(document, role, form.id if holder else ""))


def _holds(role: Role, kind: str) -> bool:
    return role.role == kind or any(s.role == kind and s.strength >= 0.6 for s in role.signs)


def _supported(rules: Programme, role: Role, counted: bool) -> Role:
    """A list that no figure counts is evidence; a table that the programme asks for by name
    (情况表) is what it is asked for."""
    if role.role != "list":
        return role
    asked = [m for m in rules.materials if m.role == "other"]
    if any(w in role.title for m in asked for w in m.words):
        return replace(role, role="other")
    return role if counted else replace(role, role="evidence")


def _paper(document: Document, role: Role) -> Paper:
    pages = {
        int(number)
        for p in document.problems
        if p.rule in UNREAD and document.pages
        for number in re.findall(r"\d+", p.place)
    }
    return Paper(
        file=document.file,
        kind=document.kind,
        role=role.role,
        title=role.title,
        confidence=role.confidence,
        read=document.readable,
        unread_pages=tuple(sorted(pages)) if document.readable else (),
    )
