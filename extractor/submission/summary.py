"""The recommendation summary table: one row a cluster, and which row is this application's.

The table may stand on its side, go on over several tables, or serve a whole batch: each row goes
to its cluster by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from extractor.locating.labels import Vocabulary, vocabulary
from extractor.locating.locate import coverage, locate
from extractor.locating.narratives import joined
from extractor.prose.mentions import stated
from models.form import Field, Form, load_form
from models.types import (
    Answer,
    Application,
    Cell,
    Document,
    Evidence,
    Mention,
    NarrativeAnswer,
    Table,
)
from models.values import is_none_mark, read_date, read_text
from models.writing.counting import count_characters
from models.writing.naming import cluster_name, folded, region_stem, same_operator

SUMMARY = "shandong-2024-summary"
ENOUGH = 3
"""So many of the table's headings make a row or column of them."""
SAME = 70.0
"""Names at least so similar (rapidfuzz ratio without places and 特色产业集群) are one cluster's."""
ALONE = 40.0
"""The same where the table has one row only."""
_GUIDANCE = re.compile(r"[(（]\s*集群主导产业链条描述.{0,200}?等[。.]?\s*[)）]", re.DOTALL)


def summary_rows(document: Document) -> list[Application]:
    """Every row of the summary tables in a document, as an application of the summary's form."""
    words, form = vocabulary(SUMMARY), load_form(SUMMARY)
    found: list[Application] = []
    columns: dict[int, Field] = {}
    for table in document.blocks:
        if not isinstance(table, Table) or table.nested:
            continue
        rows, columns = _rows(table, words, columns)
        found += [_application(document, form, row) for row in rows]
    if not found:
        whole = locate(document, form)
        if coverage(whole, form) >= 0.6:
            found = [whole]
    return [f for f in found if _named(f)]


def own_rows(
    form: Form, application: Application, tables: Sequence[Document]
) -> tuple[Application, ...]:
    """This cluster's rows of the summary tables, with the figures their introductions state."""
    own, county, operator = (
        _value(application, f) for f in ("cluster_name", "region_county", "operator")
    )
    latest = form.years[-1] if form.years else None
    result = []
    for document in tables:
        rows = summary_rows(document)
        scored = [(_likeness(own, county, operator, row), row) for row in rows]
        best = max((score for score, _ in scored), default=0.0)
        least = ALONE if len(rows) == 1 else SAME
        for score, row in scored:
            if score >= max(least, best - 1) or (len(rows) == 1 and not own):
                result.append(replace(row, mentions=tuple(_mentions(row, form, latest, own))))
    return tuple(result)


def _named(row: Application) -> bool:
    name = row.answer("cluster_name")
    return name is not None and name.state == "given"


def _value(application: Application, field: str) -> str:
    answer = application.answer(field)
    return str(answer.value) if answer is not None and answer.state == "given" else ""


def _likeness(own: str, county: str, operator: str, row: Application) -> float:
    """How surely a row is this cluster's, 0 to 100."""
    places = tuple(p for p in (county, _value(row, "region_county")) if p)
    one = cluster_name(own, places)
    other = cluster_name(_value(row, "cluster_name"), places)
    if folded(own) == folded(_value(row, "cluster_name")):
        return 100.0
    score = fuzz.ratio(one.core, other.core)
    there = _value(row, "region_county")
    if county and there and region_stem(county) != region_stem(there):
        return min(score, SAME - 1)
    runs, stems = _value(row, "operator"), tuple(map(region_stem, places))
    if operator and runs and there and same_operator(operator, runs, stems):
        return max(score, 90.0)  # the same body of the same county, whatever the name
    return score


def _mentions(row: Application, form: Form, latest: str | None, own: str) -> Iterator[Mention]:
    for narrative in row.narratives:
        for one in stated(narrative.text, form, latest, own):
            evidence = replace(narrative.evidence, raw=one.raw)
            yield Mention(
                one.field, one.period, one.quantity, one.raw, "summary_table", evidence, one.sure
            )


# ------------------------------------------------------------------ the table


def _rows(
    table: Table, words: Vocabulary, before: dict[int, Field]
) -> tuple[list[dict[str, Cell]], dict[int, Field]]:
    """The clusters of a table, each with its cells by field, and the columns' fields."""
    at: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        for r in range(cell.row, cell.row + cell.row_span):
            for c in range(cell.column, cell.column + cell.column_span):
                at.setdefault(r, {}).setdefault(c, cell)
    for row in range(1, min(table.rows, 8) + 1):
        columns = _fields(at.get(row, {}), words)
        if len(columns) >= ENOUGH:
            return list(_below(at, row, columns)), columns
    for column in (1, 2):
        fields = _fields({r: cells[column] for r, cells in at.items() if column in cells}, words)
        if len(fields) >= ENOUGH:
            return list(_beside(at, column, fields, table.columns)), {}
    if before and table.columns >= max(before):
        return list(_below(at, 0, before)), before
    return [], {}


def _fields(cells: dict[int, Cell], words: Vocabulary) -> dict[int, Field]:
    found: dict[int, Field] = {}
    for place, cell in cells.items():
        heading = words.read(cell.text)
        for key, _ in heading.labels if heading else ():
            for id in words.last.get(key, ()):
                if all(f.id != id for f in found.values()):
                    found.setdefault(place, words.form.field(id))
    return found


def _below(
    at: dict[int, dict[int, Cell]], header: int, columns: dict[int, Field]
) -> Iterator[dict[str, Cell]]:
    for row in sorted(r for r in at if r > header):
        cells = {f.id: at[row][c] for c, f in columns.items() if c in at[row]}
        own = [c for c in cells.values() if c.row == row]
        if own and len({id(c) for c in cells.values()}) > 1:
            yield cells


def _beside(
    at: dict[int, dict[int, Cell]], labels: int, fields: dict[int, Field], width: int
) -> Iterator[dict[str, Cell]]:
    for column in range(labels + 1, width + 1):
        cells = {f.id: at[r][column] for r, f in fields.items() if column in at.get(r, {})}
        if any(c.column == column and c.text.strip() for c in cells.values()):
            yield cells


def _application(document: Document, form: Form, cells: dict[str, Cell]) -> Application:
    answers, narratives = [], []
    for field in form.fields:
        cell = cells.get(field.id)
        if cell is None:
            continue
        flowing = document.kind in ("pdf", "image")
        text = joined(cell.text) if flowing else cell.text
        how = "ocr" if document.ocr_pages or document.kind == "image" else "text"
        place = Evidence(document.file, cell.page, cell.bbox, cell.place, cell.text[:200], how)
        if field.type == "narrative":
            narratives.append(_narrative(field, _GUIDANCE.sub("", text).strip(), place))
        else:
            answers.append(_answer(field, text.strip(), place, cell.sure))
    return Application(form.id, tuple(answers), narratives=tuple(narratives))


def _answer(field: Field, text: str, place: Evidence, sure: float) -> Answer:
    look = sure < 0.9
    if field.type == "date":
        date = read_date(text)
        doubt = date.state == "given" and not date.sure
        return Answer(
            field.id, None, date.state, date.iso, text, sure, look or doubt, place,
            why_look=date.reason if doubt else None,
        )  # fmt: skip
    state, value = read_text(text)
    given = value if state == "given" else None
    return Answer(field.id, None, state, given, text, sure, look, place)


def _narrative(field: Field, text: str, place: Evidence) -> NarrativeAnswer:
    characters, letters = count_characters(text)
    given = bool(text) and not is_none_mark(text)
    read = place.how == "ocr"  # of a scan, a character may be wrong
    return NarrativeAnswer(
        field.id, "given" if given else "none" if text else "blank", text, characters, letters,
        field.limit, place, confidence=0.8 if read else 1.0, needs_look=read,
    )  # fmt: skip
