"""The worksheet's further sheets: clusters side by side, papers and evidence, disputed cells."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.storing.records import ReviewedFinding, Stored
from extractor.storing.store import Store
from models.form import load_form
from models.rules.figures import figure_name
from models.rules.packaged import SURE
from models.rules.ranking import indicators
from models.types import Bbox, Evidence
from models.wording import text
from review_ui import pictures, verdict
from review_ui.console import severity_word
from review_ui.names import role_name, rule_name
from review_ui.support import claim_name, doubtful
from review_ui.worksheet.cells import CENTRE, DOUBT, FAINT, LINK, TEXT, Value, fit, put
from review_ui.worksheet.tables import begin, end, link
from review_ui.worksheet.words import (
    NOTHING,
    SEVERITY_STYLES,
    cluster_name,
    form_of,
    place,
    programme_of,
    spoken,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_PICTURES = 300
"""In one worksheet; more make it slow to open."""
PER_FINDING = 3
WIDEST, TALLEST = 330, 120
"""Pixels of a picture in the sheet."""


# ------------------------------------------------------------------ clusters side by side


def write_comparison(book: Workbook, reviews: Sequence[Stored], sheets: Mapping[int, str]) -> None:
    """A row per cluster, a column per indicator, the ranks in a second block; a sheet per form.

    Nothing where there are no two clusters to be compared. A figure that needs a look is yellow.
    """
    by_form: dict[str, list[Stored]] = defaultdict(list)
    for stored in reviews:
        application = stored.result.application
        if application is not None and application.answers:
            by_form[application.form].append(stored)
    for id, group in by_form.items():
        if len(group) < 2:
            continue
        form = load_form(id)
        told = [(str(s.summary.id), s.result.application) for s in group]
        table = indicators(form, [(name, a) for name, a in told if a is not None])
        table = tuple(i for i in table if any(s.value is not None for s in i.standings))
        names = [str(figure_name(i.field, i.period)) for i in table]
        units = [
            f"{name} ({i.field.unit})" if i.field.unit else name
            for name, i in zip(names, table, strict=True)
        ]
        columns: list[tuple[str, float]] = [
            (text("No."), 6), (text("submission"), 22), (text("name of the cluster"), 26),
            *((u, 14) for u in units),
            *((text("rank: {name}", name=n), 9) for n in names),
        ]  # fmt: skip
        title = text("Comparison")
        sheet = book.create_sheet(title if len(by_form) == 1 else f"{title} {form.title}"[:31])
        begin(sheet, columns, "D2")
        for n, stored in enumerate(group):
            row: list[tuple[Value, str]] = [
                (n + 1, LINK), (stored.summary.name, TEXT), (cluster_name(stored), TEXT)
            ]  # fmt: skip
            standings = [i.standings[n] for i in table]
            row += [
                (NOTHING if s.value is None else s.value, DOUBT if s.needs_look else CENTRE)
                for s in standings
            ]
            row += [(NOTHING if s.rank is None else s.rank, CENTRE) for s in standings]
            for column, (value, style) in enumerate(row, 1):
                put(sheet, n + 2, column, value, style)
            fit(sheet, n + 2, [w for _, w in columns])
            link(sheet, n + 2, sheets[stored.summary.id])
        end(sheet, columns, len(group), pages=0)


# ------------------------------------------------------------------ papers and evidence


def write_evidence(book: Workbook, reviews: Sequence[Stored], sheets: Mapping[int, str]) -> None:
    """Which attachment answers which claim, and what every paper is; nothing without papers."""
    columns: list[tuple[str, float]] = [
        (text("No."), 6), (text("submission"), 22), (text("paper"), 34),
        (text("kind of paper"), 16), (text("answers the claim"), 40), (text("where it stands"), 20),
        (text("match"), 10), (text("remark"), 36),
    ]  # fmt: skip
    rows: list[tuple[Stored, list[tuple[Value, str]]]] = []
    for stored in reviews:
        for line in _matches(stored):
            rows.append((stored, line))
    if not rows:
        return
    sheet = book.create_sheet(text("Evidence sheet"))
    begin(sheet, columns, "D2")
    for n, (stored, line) in enumerate(rows, 1):
        cells: list[tuple[Value, str]] = [(n, LINK), (stored.summary.name, TEXT), *line]
        for column, (value, style) in enumerate(cells, 1):
            put(sheet, n + 1, column, value, style)
        fit(sheet, n + 1, [w for _, w in columns])
        link(sheet, n + 1, sheets[stored.summary.id])
    end(sheet, columns, len(rows))


def _matches(stored: Stored) -> Iterator[list[tuple[Value, str]]]:
    application = stored.result.application
    if application is None:
        return
    form = form_of(application)
    answering: dict[str, list[tuple[str, Evidence, float, str]]] = defaultdict(list)
    for a in application.attached:
        claim = str(claim_name(a.claim, form, programme_of(stored)))
        answering[a.evidence.file].append((claim, a.evidence, a.strength, spoken(a.why)))
    known = {p.file: p for p in application.papers}
    for file in dict.fromkeys([*known, *answering]):
        paper = known.get(file)
        role = str(role_name(paper.role)) if paper is not None else ""
        doubt = paper is not None and doubtful(paper, application.attached)
        if not answering[file]:
            remark = "" if paper is None or paper.read else text("could not be read")
            yield [
                (file, TEXT), (role, DOUBT if doubt else CENTRE), (NOTHING, FAINT), ("", TEXT),
                ("", CENTRE), (remark, TEXT),
            ]  # fmt: skip
        for claim, e, strength, why in answering[file]:
            sure = text("sure") if strength >= SURE else text("to be judged")
            yield [
                (file, TEXT), (role, DOUBT if doubt else CENTRE), (claim, TEXT), (place(e), TEXT),
                (sure, CENTRE if strength >= SURE else DOUBT), (why, TEXT),
            ]  # fmt: skip


# ------------------------------------------------------------------ disputed cells as pictures


def write_crops(
    book: Workbook, store: Store, reviews: Sequence[Stored], sheets: Mapping[int, str]
) -> None:
    """What stands on the paper where a finding that stands looks, as small pictures (no Word)."""
    columns: list[tuple[str, float]] = [
        (text("No."), 6), (text("submission"), 20), (text("severity"), 8),
        (text("name of the rule"), 18), (text("explanation"), 44), (text("where it stands"), 18),
        (text("as it stands on the paper"), 48),
    ]  # fmt: skip
    disputed = list(islice((d for s in reviews for d in _disputed(s)), MOST_PICTURES))
    drawn = _drawn(store, disputed)
    if not drawn:
        return
    sheet = book.create_sheet(text("Disputed cells"))
    begin(sheet, columns, "C2")
    row = 1
    for n, (stored, r, e) in enumerate(disputed):
        if n not in drawn:
            continue
        row += 1
        f = r.finding
        cells: list[tuple[Value, str]] = [
            (row - 1, LINK), (stored.summary.name, TEXT),
            (severity_word(f.severity), SEVERITY_STYLES[f.severity]),
            (str(rule_name(f.rule)), TEXT), (spoken(f.message), TEXT),
            (f"{e.file}\n{place(e)}", TEXT), ("", TEXT),
        ]  # fmt: skip
        for column, (value, style) in enumerate(cells, 1):
            put(sheet, row, column, value, style)
        fit(sheet, row, [w for _, w in columns])
        image = _image(drawn[n])
        needed = image.height * 0.75 + 6
        height = sheet.row_dimensions[row].height or 0
        sheet.row_dimensions[row].height = min(400, max(height, needed))
        sheet.add_image(image, f"G{row}")
        link(sheet, row, sheets[stored.summary.id])
    end(sheet, columns, row - 1)


_Disputed = tuple[Stored, ReviewedFinding, Evidence]


def _disputed(stored: Stored) -> Iterator[_Disputed]:
    for r in stored.findings:
        if r.finding.severity == "notice" or not verdict.stands(r):
            continue
        seen = 0
        for e in dict.fromkeys(r.finding.evidences):
            if e.page and e.bbox and seen < PER_FINDING:
                seen += 1
                yield stored, r, e


def _drawn(store: Store, disputed: Sequence[_Disputed]) -> dict[int, bytes]:
    """By the place in the list, the picture; those that cannot be drawn are left out."""
    wanted: dict[Path, list[int]] = defaultdict(list)
    for n, (stored, _, e) in enumerate(disputed):
        for file in stored.result.files:
            if file.name == e.file and file.kind in ("pdf", "image") and file.sha256:
                wanted[store.file_path(file.sha256)].append(n)
    tasks: list[tuple[Path, list[tuple[int, Bbox]]]] = []
    for path, places in wanted.items():
        boxes = [disputed[n][2] for n in places]
        tasks.append((path, [(e.page, e.bbox) for e in boxes if e.page and e.bbox]))
    found: dict[int, bytes] = {}
    for places, made in zip(wanted.values(), pictures.crops_of(tasks), strict=True):
        for n, picture in zip(places, made, strict=False):
            if picture is not None:
                found[n] = picture.data
    return found


def _image(data: bytes) -> Any:
    """No wider or taller than its cell, drawn at twice that for print."""
    from openpyxl.drawing.image import Image
    from PIL import Image as Pillow

    with Pillow.open(io.BytesIO(data)) as opened:
        picture = opened.convert("L")
        picture.thumbnail((2 * WIDEST, 2 * TALLEST))
        out = io.BytesIO()
        picture.save(out, "PNG", optimize=True)
        width, height = picture.size
    image = Image(out)
    scale = min(1.0, WIDEST / width, TALLEST / height)
    image.width, image.height = round(width * scale), round(height * scale)
    return image
