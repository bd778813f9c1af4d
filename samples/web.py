"""Blocks → one HTML page, for the PDF files that a browser prints."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from samples.paper import HANDS, LEFT, RIGHT, Block, Grid, PageBreak, Para, Ticks

_CSS = """
@page { size: A4; margin: 22mm 20mm }
body { font: 10.5pt/1.5 "WenQuanYi Zen Hei", "Noto Sans CJK SC", sans-serif; margin: 0 }
p { margin: 0 } p.title { font-size: 22pt; font-weight: bold; margin: 60pt 0 45pt }
p.heading { font-size: 15pt; font-weight: bold; margin: 15pt 0 8pt; break-after: avoid }
p.subheading { font-size: 13pt; font-weight: bold; margin: 8pt 0 4pt; break-after: avoid }
p.body { font-size: 12pt; text-indent: 2em; line-height: 1.7 }
p.line { font-size: 14pt; margin: 8pt 0 8pt 30pt }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td { border: 0.5pt solid black; padding: 2pt 4pt; height: 18pt; overflow-wrap: anywhere }
.center { text-align: center } .right { text-align: right }
u { white-space: pre-wrap } .break { break-after: page }
"""


def _inline(text: str, hand: Ticks) -> str:
    signs = {"☑": hand.ticked, "☐": hand.unticked, LEFT: "<u>", RIGHT: "</u>"}
    return "".join(signs.get(char, escape(char)) for char in text)


def _table(grid: Grid, hand: Ticks) -> str:
    total = sum(grid.widths)
    columns = "".join(f'<col style="width:{w / total:.2%}">' for w in grid.widths)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td colspan="{cell.span}" rowspan="{cell.rows}" class="{cell.align}">'
            + "<br>".join(_inline(line, hand) for line in cell.text.split("\n"))
            + "</td>"
            for cell in row
        )
        + "</tr>"
        for row in grid.rows
    )
    return f"<table><colgroup>{columns}</colgroup>{rows}</table>"


def to_html(blocks: Iterable[Block], hand: str = "glyph", title: str = "") -> str:
    """The blocks as a page; boxes are always characters here."""
    ticks = HANDS[hand]
    if ticks.kind != "text":
        ticks = HANDS["glyph"]
    body = []
    for block in blocks:
        if isinstance(block, Grid):
            body.append(_table(block, ticks))
        elif isinstance(block, PageBreak):
            body.append('<div class="break"></div>')
        elif isinstance(block, Para):
            body.extend(
                f'<p class="{block.style} {block.align}">{_inline(line, ticks) or "&nbsp;"}</p>'
                for line in block.text.split("\n")
            )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}'
        f"</title><style>{_CSS}</style></head><body>{''.join(body)}</body></html>"
    )
