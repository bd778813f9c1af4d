"""Scans of sample forms against what the forms say."""

from __future__ import annotations

import json
import re
import socket
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractor.locating.locate import locate
from extractor.readers.pdf.reader import read_pdf
from extractor.readers.scan.ocr import available
from extractor.readers.scan.reader import read_scan
from models.form import load_form
from models.types import Cell, Document, Evidence, Paragraph, Table
from samples.scanning import Scanner

PRINTED = Path(__file__).parents[2] / "samples" / "printed"
pytestmark = pytest.mark.skipif(not available(), reason="rapidocr is not installed")
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models come with the wheel: nothing may be fetched."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _sample(start: str) -> tuple[Path, Json]:
    folder = next(p for p in sorted(PRINTED.iterdir()) if p.name.startswith(start))
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    return next(folder.glob("*.pdf")), expected


def _page(pdf: Path, pages: list[int], out: Path) -> Document:
    """The same pages as the digital file has them: which fields stand on them."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(pdf) as source, pdfium.PdfDocument.new() as part:
        part.import_pages(source, [n - 1 for n in pages])
        part.save(out)
    return read_pdf(out)


def sureness(document: Document, evidence: Evidence) -> float:
    """How sure the text is that an answer was read from."""
    found = [1.0]
    box = evidence.bbox
    if box is None:
        return 1.0
    for block in document.blocks:
        holders: list[Cell | Paragraph] = (
            [block] if isinstance(block, Paragraph) else list(block.cells)
        )
        for holder in holders:
            if holder.page == evidence.page and holder.bbox == box:
                found.append(holder.sure)
            for line in holder.lines:
                x = (line.bbox[0] + line.bbox[2]) / 2
                y = (line.bbox[1] + line.bbox[3]) / 2
                if line.page == evidence.page and box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                    found.append(line.sure)
    return min(found)


CASES = [
    pytest.param("寿光", "shandong-2024", [3, 7], Scanner(seal=True), id="200 dpi, sealed, skewed"),
    pytest.param(
        "临朐", "weifang-2021", [2], Scanner(quarters=2, seal=False, grey=True, noise=12),
        id="upside down, grey, noisy",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "form_id", "pages", "scanner"), CASES)
def test_figures_and_ticks(
    sample: str, form_id: str, pages: list[int], scanner: Scanner, tmp_path: Path
) -> None:
    source, expected = _sample(sample)
    form = load_form(form_id)
    document = read_scan(scanner.save(source, tmp_path / "scan.pdf", pages), "scan.pdf")
    assert document.ocr_pages == len(pages) and not document.problems
    there = locate(_page(source, pages, tmp_path / "digital.pdf"), form)
    got = locate(document, form)
    truth = {(f["field"], f["period"]): f for f in expected["figures"]}
    asked = right = 0
    for answer in there.answers:
        want = truth.get((answer.field, answer.period))
        if want is None or answer.state == "absent":
            continue
        asked += 1
        read = got.answer(answer.field, answer.period)
        wanted = None if want["value"] is None else Decimal(str(want["value"]))
        if read is not None and (read.state, read.value) == (want["state"], wanted):
            right += 1
        elif read is not None and read.state in ("given", "blank", "none"):
            told = read.needs_look or sureness(document, read.evidence) < 0.9
            assert told, f"{answer.field} {answer.period}: {read.raw!r}, and nobody is told"
    assert asked and right >= 0.95 * asked
    for ticks in there.ticks:
        read_ticks = got.tick(ticks.field)
        if ticks.state == "absent" or read_ticks is None:
            continue
        want_ticks = {re.sub(r"\s", "", o.text): o.ticked for o in ticks.options}
        for option in read_ticks.options:
            if option.ticked is not None and option.confidence >= 0.9:
                assert option.ticked == want_ticks.get(re.sub(r"\s", "", option.text))


def test_boxes_stand_on_the_page_as_shown(tmp_path: Path) -> None:
    """A page scanned lying on its side: its boxes are those of the page as it is shown."""
    import pypdfium2 as pdfium

    source, _ = _sample("寿光")
    scanner = Scanner(dpi=150, quarters=1, seal=False)
    path = scanner.save(source, tmp_path / "scan.pdf", [4])
    document = read_scan(path, "scan.pdf")
    with pdfium.PdfDocument(path) as pdf:
        assert document.page_sizes == (tuple(pdf[0].get_size()),)
        page = pdf[0].render(scale=2).to_numpy()[:, :, :3].min(axis=2)
    width, height = document.page_sizes[0]
    assert width > height
    lines = [
        line
        for block in document.blocks
        if isinstance(block, Table)
        for cell in block.cells
        for line in cell.lines
        if len(cell.text) > 6
    ]
    assert len(lines) > 10
    for line in lines:
        x0, top, x1, bottom = line.bbox
        assert 0 <= x0 < x1 <= width and 0 <= top < bottom <= height
        inked = (page[int(top * 2) : int(bottom * 2), int(x0 * 2) : int(x1 * 2)] < 140).mean()
        assert inked > 0.04, line


def test_second_review_is_read_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = _sample("临朐")
    picture = tmp_path / "扫描.jpg"
    Scanner(dpi=150).save(source, picture, [2])
    first = read_scan(picture, picture.name, kind="image", cache=tmp_path / "cache")

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("extractor.readers.scan.reader.read_picture", refuse)
    again = read_scan(picture, picture.name, kind="image", cache=tmp_path / "cache")
    assert again == first and first.blocks
    assert first.page_sizes[0] == pytest.approx((595, 842), abs=1)


@pytest.mark.parametrize("kind", ["pdf", "image"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n broken"])
def test_damaged_files_are_told(kind: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    document = read_scan(path, "x", kind=kind)
    assert [p.rule for p in document.problems] == ["file.damaged"] and not document.blocks


def test_a_blank_page_says_nothing(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "blank.png"
    Image.new("RGB", (1240, 1754), "white").save(path)
    document = read_scan(path, path.name, kind="image")
    assert not document.blocks and document.ocr_pages == 1
    assert [p.rule for p in document.problems] == ["file.unreadable"]
