"""The screen shows a scan with its boxes where the ink is, however the page lay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from extractor.locating.locate import locate
from extractor.readers.scan.ocr import available
from extractor.readers.scan.reader import read_scan
from models.form import load_form
from models.types import Bbox
from review_ui import pictures
from samples.scanning import Scanner

pytestmark = pytest.mark.skipif(not available(), reason="rapidocr is not installed")
SAMPLE = Path(__file__).parents[2] / "samples" / "printed" / "临朐磁电装备（成长型，清洁）"
FIGURE, FIELD = "83.20", "area"
NEAR = 3.0


@dataclass(frozen=True)
class BlueFigure(Scanner):
    """A scanner for a page on which one figure is printed in blue, to be found again."""

    at: Bbox = (0.0, 0.0, 0.0, 0.0)

    def _laid(self, pixels: Any, chance: Any) -> Any:
        x0, top, x1, bottom = (round(v * self.dpi / 72) for v in self.at)
        part = pixels[top - 2 : bottom + 2, x0 - 2 : x1 + 2]
        part[part.min(axis=2) < 150] = (190, 30, 30)
        return super()._laid(pixels, chance)


def _figure(pdf: Path) -> Bbox:
    with pdfium.PdfDocument(pdf) as document:
        page = document[1]
        text = page.get_textpage()
        start = text.get_text_range().index(FIGURE)
        boxes = [text.get_charbox(i) for i in range(start, start + len(FIGURE))]
        tall = page.get_height()
    return (
        min(b[0] for b in boxes), tall - max(b[3] for b in boxes),
        max(b[2] for b in boxes), tall - min(b[1] for b in boxes),
    )  # fmt: skip


def _ink(picture: pictures.Picture) -> Bbox:
    """Where the blue ink is on what the screen shows, in points."""
    import io

    import numpy as np
    from PIL import Image

    image = Image.open(io.BytesIO(picture.data))
    pixels = np.asarray(image.convert("RGB")).astype(int)
    blue = pixels[:, :, 2] - pixels[:, :, :2].max(axis=2) > 60
    ys, xs = np.nonzero(blue)
    k = picture.width / image.width
    return (xs.min() * k, ys.min() * k, (xs.max() + 1) * k, (ys.max() + 1) * k)


@pytest.mark.parametrize(
    ("kind", "lies"),
    [
        pytest.param("pdf", {"quarters": 1, "skew": 2.5}, id="on its side, crooked"),
        pytest.param("tif", {"quarters": 2, "skew": -1.8}, id="upside down, a picture file"),
        pytest.param("jpg", {"photo": 0.03, "dpi": 200}, id="photographed"),
    ],
)
def test_a_figures_box_is_round_its_ink(kind: str, lies: dict[str, Any], tmp_path: Path) -> None:
    source = next(SAMPLE.glob("*.pdf"))
    scanner = BlueFigure(**{"dpi": 150, "noise": 4.0, **lies}, at=_figure(source))
    scan = scanner.save(source, tmp_path / f"scan.{kind}", [2])
    document = read_scan(scan, scan.name, kind="pdf" if kind == "pdf" else "image")
    answer = locate(document, load_form("weifang-2021")).answer(FIELD)
    assert answer is not None and str(answer.value) == FIGURE and answer.evidence.page == 1
    # not in a worker: a fork of this process would count the recogniser's memory as its own
    [picture] = pictures._draw_pages(scan, [1], lambda *_: None)
    assert (picture.width, picture.height) == pytest.approx(document.page_sizes[0], abs=0.6)
    x0, top, x1, bottom = _ink(picture)
    box = answer.evidence.bbox
    assert box is not None
    assert box[0] - NEAR <= x0 and x1 <= box[2] + NEAR
    assert box[1] - NEAR <= top and bottom <= box[3] + NEAR
    around = [
        line.bbox
        for block in document.blocks
        for cell in getattr(block, "cells", ())
        for line in cell.lines
        if cell.text[line.start : line.end] == FIGURE
    ]
    assert len(around) == 1
    for own, ink in zip(around[0], (x0, top, x1, bottom), strict=True):
        assert abs(own - ink) < 2 * NEAR  # and no wider than that


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(1654, 2339), (1241, 1754), (2481, 3508), (1653, 2340)])
def test_a_page_that_one_picture_fills_has_its_very_pixels(
    size: tuple[int, int], turn: int, tmp_path: Path
) -> None:
    """At every resolution, though its size in points is rounded, and turned."""
    import numpy as np
    from PIL import Image

    from extractor.readers.scan.image import PagePicture, pictures
    from extractor.readers.zips import SourceFile
    from extractor.submission.image_sets import assemble

    drawn = np.random.default_rng(7).integers(0, 256, (size[1], size[0]), np.uint8)
    Image.fromarray(drawn).save(tmp_path / "1.png", dpi=(size[0] / 8.27, size[0] / 8.27))
    part = SourceFile("1.png", tmp_path / "1.png", None, ())
    pdf = tmp_path / "set.pdf"
    assemble(SourceFile("set.pdf", part.path, None, (part,)), tmp_path, lambda f, _: f.path, pdf)
    pdf.write_bytes(pdf.read_bytes().replace(b"/Rotate 0 ", f"/Rotate {turn} ".encode()))
    [page] = pictures(pdf, "pdf", None)
    assert isinstance(page, PagePicture)
    assert np.array_equal(page.pixels[:, :, 0], np.rot90(drawn, -turn // 90))


@pytest.mark.parametrize("strips", [1, 6])
def test_a_page_of_strips_or_layers_comes_out_in_its_own_density(
    strips: int, tmp_path: Path
) -> None:
    """Scanners store a page in strips; others a coarse picture below a fine one of its words."""
    import numpy as np
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    from extractor.readers.scan.image import PagePicture, pictures

    paper = np.full((2338, 1654), 255, np.uint8)
    paper[::40] = 0
    width, height = 1654 * 72 / 200, 2338 * 72 / 200
    canvas = Canvas(str(tmp_path / "a.pdf"), (width, height))
    below = Image.fromarray(np.full((1169, 827), 240, np.uint8))
    canvas.drawImage(ImageReader(below), 0, 0, width, height)
    for n, rows in enumerate(np.array_split(paper, strips)):
        top = sum(len(r) for r in np.array_split(paper, strips)[: n + 1]) * 72 / 200
        picture = ImageReader(Image.fromarray(rows))
        canvas.drawImage(picture, 0, height - top, width, len(rows) * 72 / 200)
    canvas.save()
    [page] = pictures(tmp_path / "a.pdf", "pdf", None)
    assert isinstance(page, PagePicture)
    assert page.pixels.shape[:2] == (2338, 1654)
