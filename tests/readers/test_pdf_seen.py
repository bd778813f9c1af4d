"""What a PDF holds and does not show: layers, clips, covers, text layers that tell stories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import reportlab
from reportlab.lib.colors import black, white
from reportlab.pdfbase import pdfmetrics, ttfonts

from extractor.readers.pdf.reader import PdfLimits, read_pdf
from models.types import Document, Paragraph, Table
from tests.readers import pdf_build as b

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def texts(document: Document) -> list[str]:
    found: list[str] = []
    for block in document.blocks:
        cells = block.cells if isinstance(block, Table) else (block,)
        found += [cell.text for cell in cells if cell.text]
    return found


def rules(document: Document) -> list[str]:
    return [problem.rule for problem in document.problems]


# ------------------------------------------------------------------ layers

LAYERS = ("<< /Type /OCG /Name (shown) >>", "<< /Type /OCG /Name (other) >>")
CONTENT = (
    b.shown("always", 50, 250)
    + "\n/OC /On BDC /Span << /MCID 0 >> BDC " + b.shown("45.60", 50, 200) + " EMC EMC"
    + "\n/OC /Off BDC " + b.shown("99.99", 50, 150) + " 200 148 10 10 re S EMC"
    + "\n" + b.shown("end", 50, 50) + " /X1 Do"
)  # fmt: skip


@pytest.mark.parametrize(
    ("config", "properties", "seen"),
    [
        ("/OFF [7 0 R]", "/On 6 0 R /Off 7 0 R", ["45.60"]),
        ("/BaseState /OFF /ON [6 0 R]", "/On 6 0 R /Off 7 0 R", ["45.60"]),
        ("", "/On 6 0 R /Off 7 0 R", ["45.60", "99.99", "hundred"]),
        ("/OFF [6 0 R 7 0 R]", "/On 6 0 R /Off 7 0 R", []),
        ("/OFF [7 0 R]", "/On 9 0 R /Off 10 0 R", ["45.60"]),
        ("/OFF [7 0 R]", "/On 11 0 R /Off 12 0 R", ["45.60"]),
        ("/OFF [7 0 R]", "/On << /Type /OCMD /OCGs 6 0 R >> /Off << /Type /OCMD /OCGs 7 0 R >>",
         ["45.60"]),
        ("/OFF 3 /ON (x) /AS [1 2]", "/On 6 0 R /Off 7 0 R", ["45.60", "99.99", "hundred"]),
    ],
)  # fmt: skip
def test_layers_that_are_off_are_not_read(
    tmp_path: Path, config: str, properties: str, seen: list[str]
) -> None:
    """Groups, membership dictionaries with a policy or an expression, forms with /OC."""
    extra = (
        *LAYERS,
        b.stream("/Type /XObject /Subtype /Form /BBox [0 0 400 300] /OC 7 0 R "
                 "/Resources << /Font << /F1 5 0 R >> >>", b.shown("hundred", 50, 100)),
        "<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AnyOn >>",
        "<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AllOn >>",
        "<< /Type /OCMD /VE [/Or 6 0 R 7 0 R] >>",
        "<< /Type /OCMD /VE [/And 6 0 R [/Not [/Not 7 0 R]]] >>",
    )  # fmt: skip
    path = b.raw(
        tmp_path / "layers.pdf", CONTENT, extra,
        resources=f"/Properties << {properties} >> /XObject << /X1 8 0 R >>",
        catalog=f"/OCProperties << /OCGs [6 0 R 7 0 R] /D << {config} >> >>",
    )  # fmt: skip
    for limits in (PdfLimits(), PdfLimits(thorough=0)):
        document = read_pdf(path, limits=limits)
        words = " ".join(texts(document)).split()
        assert words == ["always", *seen, "end"] or sorted(words) == sorted(
            ["always", *seen, "end"]
        )
        assert not document.problems


# ------------------------------------------------------------------ clipped, covered, transparent


def test_text_clipped_away_is_not_read(tmp_path: Path) -> None:
    content = (
        "q 40 190 100 30 re W n " + b.shown("45.60", 50, 200) + b.shown("99.99", 50, 150) + " Q "
        + b.shown("after", 50, 100)
        + " q 0 0 m 40 0 l 20 40 l h W n " + b.shown("77.77", 200, 200) + " Q /X1 Do"
    )  # fmt: skip
    form = b.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 90] /Resources << /Font << /F1 5 0 R >> >>",
        b.shown("inside", 50, 50) + b.shown("outside", 250, 50),
    )
    path = b.raw(tmp_path / "clip.pdf", content, (form,), resources="/XObject << /X1 6 0 R >>")
    assert texts(read_pdf(path)) == ["45.60", "after", "inside"]


def test_text_clipped_to_its_own_ink_is_read(tmp_path: Path) -> None:
    """Cairo clips what it paints to the ink: of a mark at the top of its line a sliver."""
    content = (
        "q 50 210 5 1.5 re W n " + b.shown("^", 50, 200) + " Q q 50 213 40 9 re W n "
        + b.shown("99.99", 50, 200) + " Q " + b.shown("kept", 50, 100)
    )  # fmt: skip
    assert texts(read_pdf(b.raw(tmp_path / "ink.pdf", content))) == ["^", "kept"]


def test_a_watermark_set_askew_is_no_text_of_the_cells_below_it(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.canvas.saveState()
    sheet.canvas.translate(100, sheet.height - 200)
    sheet.canvas.rotate(30)
    sheet.canvas.setFillGray(0.85)
    sheet.text(0, sheet.height, "内部资料 2024 请勿外传", 30)
    sheet.canvas.restoreState()
    cells = [(r, c, 1, 1, t) for r, c, t in
             ((1, 1, "总产值"), (1, 2, "45.60"), (2, 1, "企业数量"), (2, 2, "70"))]  # fmt: skip
    b.table(sheet, [60, 250, 500], [60, 140, 220], cells)
    assert texts(read_pdf(sheet.save())) == ["总产值", "45.60", "企业数量", "70"]


@pytest.mark.parametrize(
    ("state", "covered"), [("", True), ("/ca 0.4", False), ("/BM /Multiply", False)]
)
def test_text_painted_over(tmp_path: Path, state: str, covered: bool) -> None:
    """A white or black patch hides what it covers, a see-through one (a highlighter) does not."""
    content = "\n".join([
        b.shown("99.99", 50, 200), b.shown("secret", 50, 150), b.shown("kept", 50, 100),
        "/G1 gs 1 1 1 rg 45 195 60 16 re f 0 g 45 145 60 16 re f",
        "0 0 1 rg 52 100 20 3 re f", "0 g", b.shown("45.60", 60, 200),
    ])  # fmt: skip
    path = b.raw(tmp_path / "patch.pdf", content, resources=f"/ExtGState << /G1 << {state} >> >>")
    found = "".join(texts(read_pdf(path)))
    assert ("secret" not in found and found.startswith("45.60kept")) is covered
    assert "kept" in found


def test_ring_shaped_clip_does_not_cover(tmp_path: Path) -> None:
    """Borders drawn by filling the page through a ring: the text within stays."""
    content = (
        b.shown("45.60", 50, 200)
        + " q 40 190 100 30 re 41 191 98 28 re W* n 0 0 400 300 re f Q"
    )  # fmt: skip
    assert texts(read_pdf(b.raw(tmp_path / "ring.pdf", content))) == ["45.60"]


def test_cells_filled_with_white_over_text_and_text_behind_a_picture(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "patch.png"
    Image.new("RGB", (60, 20), (200, 220, 240)).save(picture)
    sheet = b.Sheet(tmp_path / "a.pdf")
    cells = [(1, 1, 1, 1, "total"), (1, 2, 1, 1, "99.99"), (2, 1, 1, 1, "count"), (2, 2, 1, 1, "7")]
    b.table(sheet, [60, 180, 300], [100, 120, 140], cells)
    sheet.rect(181, 101, 299, 119, fill=white, stroke=False)
    sheet.text(200, 114, "45.60", 10)
    sheet.canvas.drawImage(str(picture), 181, sheet.height - 139, 118, 18)
    document = read_pdf(sheet.save())
    assert texts(document) == ["total", "45.60", "count"]


# ------------------------------------------------------------------ text layers that are wrong


def _vera(monkeypatch: pytest.MonkeyPatch, change: dict[str, str]) -> str:
    """A font whose ToUnicode map tells other characters than it shows."""
    plain = ttfonts.makeToUnicodeCMap

    def lying(name: str, subset: list[Any]) -> Any:
        return plain(name, [ord(change.get(chr(c), chr(c))) for c in subset])

    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", lying)
    name = "Vera" + str(abs(hash(tuple(change.items()))))
    pdfmetrics.registerFont(ttfonts.TTFont(name, str(VERA)))
    return name


SHIFTED = {str(i): str((i + 1) % 10) for i in range(10)}


@pytest.mark.parametrize(
    ("change", "garbled"),
    [
        ({}, False),
        (SHIFTED, True),
        ({"4": "5", "5": "4"}, True),
        ({str(i): "\ue000" for i in range(10)}, True),
        ({str(i): "ABCDEFGHIJ"[i] for i in range(10)}, None),
    ],
)
@pytest.mark.parametrize("size", [8, 11, 24])
def test_digits_mapped_to_other_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], garbled: bool | None,
    size: int,
) -> None:  # fmt: skip
    """The page shows 45.60 and the layer says 56.71: no figure of it is given."""
    font = _vera(monkeypatch, change)
    sheet = b.Sheet(tmp_path / "wrong_tounicode.pdf")
    sheet.text(60, 80, "集群总产值")
    for i, figure in enumerate(("45.60", "61.07", "70 85 92 13")):
        sheet.text(200, 100 + 30 * i, figure, size, font)
    sheet.page()
    sheet.text(60, 80, "第二页 2023")
    document = read_pdf(sheet.save())
    found = "".join(texts(document))
    assert "第二页 2023" in found
    if garbled:
        assert rules(document) == ["file.garbled-text"]
        assert document.problems[0].place == "第1页"
        assert found == "第二页 2023"
    elif garbled is False:
        assert not document.problems and "45.60" in found
    else:
        assert "45.60" not in found


@pytest.mark.parametrize("size", [9, 14])
@pytest.mark.parametrize(
    ("shown", "said"),
    [tuple(pair) for pair in ("60", "08", "38", "83", "17", "25", "94", "52", "69", "31")],
)
def test_one_digit_mapped_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str, said: str, size: int
) -> None:
    """Two codes of the font then claim to be one digit: each is looked at for itself."""
    font = _vera(monkeypatch, {shown: said})
    sheet = b.Sheet(tmp_path / "a.pdf")
    for i, figure in enumerate(("12.34", "56.78", "90.12", "34.56", "78.90")):
        sheet.text(200, 100 + 30 * i, figure, size, font)
    document = read_pdf(sheet.save())
    assert rules(document) == ["file.garbled-text"]
    assert not document.blocks


@pytest.mark.parametrize("change", ["cid as unicode", "another page of the code"])
def test_ideographs_nobody_writes(tmp_path: Path, change: str) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    said = "集群围绕主导产业强链补链延链成效明显获得认可中小企业数量" * 2
    shift = 0x17 if change == "cid as unicode" else 0x1000
    wrong = "".join(chr(0x4E00 + (ord(c) * 31 + shift) % 0x5100) for c in said)
    sheet.text(60, 100, wrong[:28] + "\n" + wrong[28:])
    sheet.page()
    sheet.text(60, 100, said[:28] + "\n" + said[28:])
    document = read_pdf(sheet.save())
    assert rules(document) == ["file.garbled-text"] and document.problems[0].place == "第1页"
    assert all(block.page == 2 for block in document.blocks)


def test_names_and_rare_characters_are_no_garbage(tmp_path: Path) -> None:
    sheet = b.Sheet(tmp_path / "a.pdf")
    lines = [
        "罘罳鼋鼍街道办事处",
        "邹平市、临朐县、莒县、郯城县、鄄城县、茌平区",
        "臺灣體育用品產業鏈調查報告",
    ]
    sheet.text(60, 100, "\n".join(lines * 3))
    assert not read_pdf(sheet.save()).problems


def test_text_without_ink_is_not_read(tmp_path: Path) -> None:
    """Of the colour of what is behind it, on the far side of a shape: only looking tells."""
    font = "VeraPlain"
    pdfmetrics.registerFont(ttfonts.TTFont(font, str(VERA)))
    sheet = b.Sheet(tmp_path / "a.pdf")
    sheet.text(60, 80, "total 45.60 and some more words of the page", 12, font)
    sheet.rect(55, 88, 200, 108, fill=black, stroke=False)
    sheet.text(60, 102, "99.99", 12, font)
    assert "".join(texts(read_pdf(sheet.save()))) == "total 45.60 and some more words of the page"


def test_table_does_not_go_on_over_a_page_that_was_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = _vera(monkeypatch, SHIFTED)
    sheet = b.Sheet(tmp_path / "a.pdf")
    for page in range(3):
        b.table(sheet, [60, 200, 400], [60, 400, 760],
                [(1, 1, 1, 1, f"label {page}"), (1, 2, 1, 1, "x"), (2, 1, 1, 1, "more"),
                 (2, 2, 1, 1, "y")])  # fmt: skip
        if page == 1:
            sheet.text(220, 200, "45.60 12.37", 12, font)
        sheet.page()
    document = read_pdf(sheet.save())
    assert [block.page for block in document.blocks] == [1, 3]
    assert not any(isinstance(block, Paragraph) for block in document.blocks)


def test_letters_that_are_outlines(tmp_path: Path) -> None:
    """No text and no picture, and not blank."""
    content = []
    for i in range(40):
        x, y = 40 + 14 * (i % 20), 200 - 30 * (i // 20)
        content.append(f"{x} {y} m {x + 4} {y + 12} {x + 8} {y - 2} {x + 10} {y + 9} c "
                       f"{x + 3} {y + 2} l h f")  # fmt: skip
    document = read_pdf(b.raw(tmp_path / "outlines.pdf", "\n".join(content)))
    assert rules(document) == ["file.unreadable"] and document.problems[0].page == 1
    assert not document.blocks


@pytest.mark.parametrize("how", ["outlines", "pictures"])
@pytest.mark.parametrize("cells", [1, 4])
def test_figures_drawn_beside_typed_labels(tmp_path: Path, how: str, cells: int) -> None:
    """Cells that look filled in and hold no character: the page is named, none of it is given.

    One such cell may hold a signature.
    """
    from PIL import Image

    figure = tmp_path / "figure.png"
    Image.new("L", (60, 20), 90).save(figure)
    sheet = b.Sheet(tmp_path / "drawn_figures.pdf")
    ys = [100.0 + 20 * i for i in range(6)]
    spans: list[b.Span] = [(r, 1, 1, 1, f"指标{r}") for r in range(1, 6)]
    b.table(sheet, [60, 180, 300], ys, [*spans, *((r, 2, 1, 1, "") for r in range(1, 6))])
    for i in range(cells):
        y = sheet.height - 115 - 20 * i
        if how == "pictures":
            sheet.canvas.drawImage(str(figure), 190, y, 30, 10)
            continue
        for x in (190, 198):
            path = sheet.canvas.beginPath()
            path.moveTo(x, y)
            path.curveTo(x + 1, y + 4, x + 1, y + 6, x + 2, y + 8)
            path.curveTo(x + 5, y + 8, x + 6, y + 5, x + 6, y + 2)
            path.lineTo(x + 3, y)
            path.close()
            sheet.canvas.drawPath(path, fill=1, stroke=0)
    document = read_pdf(sheet.save())
    assert rules(document) == (["file.garbled-text"] if cells > 2 else [])
    assert document.readable is (cells < 3)


@pytest.mark.parametrize("corners", ["400 300 0 0", "0 300 400 0", "400 0 0 300", "-9 -9 391 291"])
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_page_whose_corners_stand_in_another_order(
    corners: str, turn: int, tmp_path: Path
) -> None:
    page = f"/MediaBox [{corners}] /Rotate {turn}"
    path = b.raw(tmp_path / "corners.pdf", b.shown("38.20", 60, 200), page=page)
    assert texts(read_pdf(path)) == ["38.20"]
