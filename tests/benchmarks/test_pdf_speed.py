"""The PDF reader's time against what pdfplumber alone needs for the tables of the same pages."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.readers.pdf.reader import read_pdf
from tests.readers import pdf_build as b

PDFS = Path(__file__).parents[1] / "readers" / "pdfs"


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


def _least(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


@pytest.mark.benchmark
@pytest.mark.parametrize(
    "name", ["15 pages", "chromium_table_over_pages", "libreoffice_rows_cut_untagged"]
)
def test_speed_against_pdfplumber(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pdfplumber

    path = _form(tmp_path / "a.pdf") if name == "15 pages" else PDFS / f"{name}.pdf"
    logging.getLogger("pdfminer").setLevel(logging.ERROR)

    def peer() -> None:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_tables()
                page.close()

    read_pdf(path)  # warm
    theirs, ours = _least(peer), _least(lambda: read_pdf(path))
    with capsys.disabled():
        print(f"\n{name}: {ours:.3f} s, pdfplumber {theirs:.3f} s, ratio {ours / theirs:.2f}")
    assert ours < 1.5 * theirs
