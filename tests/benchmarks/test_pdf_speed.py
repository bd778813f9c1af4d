"""The whole review of a PDF form against pdfplumber alone on the tables of the same pages."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from extractor.pipeline import review_file
from tests.benchmarks.conftest import Goal, Measured, least
from tests.readers import pdf_build as b

PDFS = Path(__file__).parents[1] / "readers" / "pdfs"
PRINTED = Path(__file__).parents[2] / "samples" / "printed"


def _form(path: Path) -> Path:
    """A form of 15 pages: figures, options, long cells, and prose below."""
    sheet = b.Sheet(path)
    xs = [60, 180, 300, 420, 535]
    for page in range(15):
        spans: list[b.Span] = []
        ys = [60.0]
        for row in range(1, 24):
            ys.append(ys[-1] + (60 if row % 8 == 0 else 20))
            label = (row, 1, 1, 1, f"集群中小企业指标{row}")
            if row % 8 == 0:
                text = "\n".join(["集群围绕主导产业强链补链延链，成效明显，获得认可"] * 4)
                spans += [label, (row, 2, 1, 3, text)]
            elif row % 5 == 0:
                spans += [label, (row, 2, 1, 3, "☑是 □否 □非高耗能行业，不适用")]
            else:
                spans += [label, *((row, c, 1, 1, f"{page * row}.{c}0") for c in (2, 3, 4))]
        b.table(sheet, xs, ys, spans)
        sheet.text(60, ys[-1] + 30, "\n".join(["规划文字集群围绕主导产业强链补链延链" * 2] * 3))
        sheet.page()
    return sheet.save()


@pytest.mark.benchmark
@pytest.mark.parametrize(
    "name",
    ["15 pages", "printed sample", "chromium_table_over_pages", "libreoffice_rows_cut_untagged"],
)
def test_speed_against_pdfplumber(name: str, tmp_path: Path, measured: Measured) -> None:
    import pdfplumber

    path = PDFS / f"{name}.pdf"
    if name == "15 pages":
        path = _form(tmp_path / "a.pdf")
    elif name == "printed sample":
        path = sorted(PRINTED.glob("*/*.pdf"))[0]
    logging.getLogger("pdfminer").setLevel(logging.ERROR)

    def peer() -> None:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_tables()
                page.close()

    review_file(path)  # warm
    theirs, ours = least(peer, lambda: review_file(path))
    detail = f"{ours:.3f} s, pdfplumber's extract_tables {theirs:.3f} s"
    measured(f"review of a PDF form ({name})", ours / theirs, Goal(1), detail)
    assert ours < 2 * theirs
