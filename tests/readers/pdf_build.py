"""Small PDFs drawn with reportlab, for the tests of the PDF reader.

The y axis runs down from the page's top here, as it does in what the reader returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
A4 = (595.28, 841.89)
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Span = tuple[int, int, int, int, str]
"""Row, column (from 1), row span, column span, text."""


class Sheet:
    """A canvas whose y runs downwards; every drawing method takes points from the top left."""

    def __init__(self, path: Path, size: tuple[float, float] = A4, **options: object) -> None:
        self.path, (self.width, self.height) = path, size
        self.canvas = Canvas(str(path), pagesize=size, **options)  # type: ignore[arg-type]

    def text(self, x: float, y: float, text: str, size: float = 12, font: str = FONT) -> None:
        """Text whose first baseline is at y, one line for each line of it, 1.4 apart."""
        self.canvas.setFont(font, size)
        for i, line in enumerate(text.split("\n")):
            self.canvas.drawString(x, self.height - y - 1.4 * size * i, line)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def rect(
        self, x0: float, y0: float, x1: float, y1: float, *, fill: object = None,
        stroke: bool = True, width: float = 0.5,
    ) -> None:  # fmt: skip
        if fill is not None:
            self.canvas.setFillColor(fill)
        self.canvas.setLineWidth(width)
        self.canvas.rect(
            x0, self.height - y1, x1 - x0, y1 - y0, stroke=int(stroke), fill=int(fill is not None)
        )
        self.canvas.setFillGray(0)

    def page(self) -> None:
        self.canvas.showPage()

    def save(self) -> Path:
        self.canvas.save()
        return self.path


Border = Callable[[Sheet, float, float, float, float], None]
"""Draws one side of a cell from (x0, y0) to (x1, y1)."""


def stroke(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    sheet.line(x0, y0, x1, y1)


def hairline(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    sheet.line(x0, y0, x1, y1, 0)


def thin_rect(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    sheet.rect(x0 - 0.25, y0 - 0.25, x1 + 0.25, y1 + 0.25, fill="black", stroke=False)


def double(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    dx, dy = (0.0, 1.2) if y0 == y1 else (1.2, 0.0)
    sheet.line(x0 - dx, y0 - dy, x1 - dx, y1 - dy)
    sheet.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def dashed(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    sheet.canvas.setDash(3, 3)
    sheet.line(x0, y0, x1, y1)
    sheet.canvas.setDash()


def pieces(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    """Dashes drawn one by one, as some producers do."""
    length = max(x1 - x0, y1 - y0)
    for at in range(0, int(length), 6):
        end = min(at + 3, length)
        if y0 == y1:
            sheet.line(x0 + at, y0, x0 + end, y0)
        else:
            sheet.line(x0, y0 + at, x0, y0 + end)
    sheet.line(x1, y1, x1 - (x1 > x0), y1 - (y1 > y0))


def crooked(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    """Each side a little beside where it belongs, and a little short."""
    slip = ((x0 * 7 + y0 * 13 + x1 * 3 + y1) % 3 - 1) * 0.9
    if y0 == y1:
        sheet.line(x0 + 1, y0 + slip, x1 - 1, y1 + slip)
    else:
        sheet.line(x0 + slip, y0 + 1, x1 + slip, y1 - 1)


BORDERS = (stroke, hairline, thin_rect, double, dashed, pieces, crooked)


def table(
    sheet: Sheet, xs: Sequence[float], ys: Sequence[float], spans: Iterable[Span], *,
    border: Border = stroke, sides: str = "trbl", inset: float = 0.0, size: float = 10,
) -> None:  # fmt: skip
    """Cells with their texts; `sides` leaves out outer borders, `inset` parts the cells' frames."""
    for row, column, down, across, text in spans:
        x0, y0 = xs[column - 1] + inset, ys[row - 1] + inset
        x1, y1 = xs[column - 1 + across] - inset, ys[row - 1 + down] - inset
        edges = {
            "t": (x0, y0, x1, y0, row > 1),
            "b": (x0, y1, x1, y1, row - 1 + down < len(ys) - 1),
            "l": (x0, y0, x0, y1, column > 1),
            "r": (x1, y0, x1, y1, column - 1 + across < len(xs) - 1),
        }
        for side, (a, b, c, d, inner) in edges.items():
            if inner or side in sides:
                border(sheet, a, b, c, d)
        sheet.text(x0 + 3, y0 + size + 2, text, size)


def raw(path: Path, content: str, extra: Sequence[str] = (), *, resources: str = "",
        catalog: str = "", page: str = "", size: tuple[int, int] = (400, 300)) -> Path:  # fmt: skip
    """A PDF of one page written to the letter; object 1 to 5 are the catalog, the page tree, the
    page, its content and Helvetica as /F1, `extra` are 6 and following."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> {resources} >> {page} >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *extra,
    ]
    out, offsets = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{o:010d} 00000 n \n" for o in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    start = out.rindex("xref\n0 ")
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    path.write_bytes(out.encode("latin-1"))
    return path


def stream(dictionary: str, content: str) -> str:
    """The body of a stream object."""
    return f"<< {dictionary} /Length {len(content)} >>\nstream\n{content}\nendstream"


def shown(text: str, x: float, y: float, size: float = 12) -> str:
    """Operators that show a text, y upwards."""
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"
