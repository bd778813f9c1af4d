"""Figures stated in sentences: quantity, year, unit and subject, matched to the form's fields."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extractor.prose.facets import Stated
from extractor.prose.reading import Reader
from extractor.prose.text import folded, sentences
from extractor.prose.words import tokens
from extractor.readers.opening import LIMITS
from models.form import Form, load_form
from models.loading.called import vocabulary
from models.types import (
    Application,
    Bbox,
    Cell,
    Document,
    Evidence,
    Line,
    Mention,
    Paragraph,
    Table,
)

__all__ = ["Stated", "mentions", "stated", "with_mentions"]

PAPERS = ("plan", "introduction", "self_evaluation")
"""Roles of papers whose prose is about the cluster."""
_PROSE = 15
"""A cell with at least so many characters and a clause in it is prose."""


def mentions(
    form: Form, application: Application, papers: Sequence[tuple[str, Document]],
    step: Callable[[str], None] = lambda name: None,
) -> tuple[Mention, ...]:  # fmt: skip
    """What the application's narratives and the papers of the package state of the cluster.

    `papers` are (role, document) of the package; the form's own document among them serves to
    say where in it a narrative's sentence stands. A figure said of a year that the form does not
    ask for is no mention.
    """
    latest, own = _latest(form, application), _own(application)
    periods = {f.id: _periods(form, application, f.id) for f in form.fields}
    places = {document.file: _Places(document) for _, document in papers}
    found: list[Mention] = []
    for narrative in application.narratives:
        if narrative.state != "given":
            continue
        step(narrative.evidence.file)
        known = places.get(narrative.evidence.file)
        for one in stated(narrative.text, form, latest, own):
            found_at = known.of(one.raw, narrative.text) if known else None
            evidence = found_at or replace(narrative.evidence, raw=one.raw)
            sure = one.sure and not narrative.needs_look
            found.append(_mention(one, narrative.field, evidence, sure))
    for role, document in papers:
        if role in PAPERS:
            step(document.file)
            known = places[document.file]
            for text in _texts(document):
                for one in stated(text, form, latest, own):
                    evidence = known.of(one.raw, text) or Evidence(document.file, raw=one.raw)
                    found.append(_mention(one, role, evidence, one.sure and known.sure))
    return tuple(m for m in found if m.period is None or m.period in periods[m.field])


def with_mentions(
    application: Application, papers: Sequence[tuple[str, Document]],
    step: Callable[[str], None] = lambda name: None,
) -> Application:  # fmt: skip
    """The application with what its prose and the papers' states; itself where no form is."""
    if not application.answers:
        return application
    form = load_form(application.form)
    return replace(application, mentions=mentions(form, application, papers, step))


def _mention(one: Stated, within: str, evidence: Evidence, sure: bool) -> Mention:
    return Mention(one.field, one.period, one.quantity, one.raw, within, evidence, sure)


def _latest(form: Form, application: Application) -> str | None:
    """The year of the figures that are asked once: the form's last, that of its day, or the
    one that the applicant wrote into the form's heading."""
    if form.years:
        return form.years[-1]
    if form.as_of:
        return form.as_of[:4]
    written = {
        a.period for a in application.answers
        if a.period and form.has(a.field) and form.field(a.field).year_in_heading
    }  # fmt: skip
    return written.pop() if len(written) == 1 else None


def _own(application: Application) -> str:
    name = application.answer("cluster_name")
    return str(name.value) if name and name.state == "given" else ""


def _periods(form: Form, application: Application, field: str) -> set[str | None]:
    if form.field(field).year_in_heading:
        return {a.period for a in application.answers if a.field == field}
    return set(form.periods(field))


def _texts(document: Document) -> Iterator[str]:
    """The document's prose: runs of paragraphs as one text each, and cells of sentences."""
    run: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            run.append(block.text)
            continue
        for cell in block.cells if not block.nested else ():
            if len(cell.text) >= _PROSE and re.search(r"[，。；,;]", cell.text):
                run.append(cell.text)
    if run:
        yield "\n".join(run)


class _Places:
    """Where the words of one document stand."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sure = not document.ocr_pages
        """What was recognised in a picture is for a person to judge."""
        self._parts: list[tuple[Paragraph | Cell, str, list[int]]] | None = None
        self._whole = "", ""
        """The text asked for last, and without its white space."""

    def of(self, raw: str, text: str) -> Evidence | None:
        """The evidence of words of a text; None where they do not stand in one piece."""
        if self._whole[0] != text:
            self._whole = text, _bare(text)
        words, whole = _bare(raw), self._whole[1]
        holding = [entry for entry in self._all() if words and words in entry[1]]
        if not holding:
            return None
        inside = (entry for entry in holding if entry[1] in whole)
        around = (entry for entry in holding if whole in entry[1])
        part, bare, kept = next(inside, None) or next(around, None) or holding[0]
        at = bare.index(words)
        start, end = kept[at], kept[at + len(words) - 1] + 1
        lines = [x for x in part.lines if x.start < end and start < x.end]
        page, bbox = _around(lines, part)
        how = "ocr" if part.sure < 1 else "text"
        return Evidence(self.document.file, page, bbox, part.place, raw, how)

    def _all(self) -> list[tuple[Paragraph | Cell, str, list[int]]]:
        """Paragraphs and cells with their text without white space, and where it came from."""
        if self._parts is None:
            self._parts = []
            for block in self.document.blocks:
                for part in block.cells if isinstance(block, Table) else (block,):
                    kept = [n for n, c in enumerate(part.text) if not c.isspace()]
                    self._parts.append((part, "".join(part.text[n] for n in kept), kept))
        return self._parts


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _around(lines: Sequence[Line], part: Paragraph | Cell) -> tuple[int | None, Bbox | None]:
    """The page and the box of lines, of those on the first line's page; else the whole part's."""
    if not lines:
        return part.page, part.bbox
    page = lines[0].page
    boxes = [x.bbox for x in lines if x.page == page]
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return page, (min(x0), min(top), max(x1), max(bottom))


def stated(text: str, form: Form, latest: str | None = None, own: str = "") -> list[Stated]:
    """Every figure that a text states of the cluster, in the order they stand.

    `latest` is the year of the form's figures that are asked once (default: the form's last
    year); `own` the cluster's name. What is said of a province, a county, one firm, another
    cluster or a year to come is left out, as is what cannot be told for certain enough.
    """
    text = text[: LIMITS.prose_characters]
    latest = latest or (form.years[-1] if form.years else None)
    known = vocabulary(form)
    plain = folded(text, known.bracketed)
    found = tokens(plain.text, known)
    starts = [t.start for t in found]
    reader = Reader(form, known, plain.text, latest, own)
    result: list[Stated] = []
    for sentence in sentences(plain.text):
        several = found[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        for one in reader.sentence(sentence, several):
            result.append(_in_place(one, text, plain.places))
    return result


def _in_place(one: Stated, text: str, places: Sequence[int]) -> Stated:
    start, end = places[one.start], places[one.end - 1] + 1
    return replace(one, raw=text[start:end].strip(), start=start, end=end)
