"""Tables nested in the cells of others, and the cells' text without theirs."""

from __future__ import annotations

from extractor.locating.nesting import without_nested
from models.types import Cell, Line, Table


def test_cells_whose_lines_stand_side_by_side_are_left_out_by_their_place():
    """A page's lines run through the nested table: 合作渠道 建成境外 / 展会 网络."""
    texts = [
        "到2026年再上新台阶，见下表。",
        "合作渠道以 建成境外",
        "展会为主 营销网络",
        "分年推进。",
    ]
    tops = [100, 120, 132, 160]
    at, lines = 0, []
    for text, top in zip(texts, tops, strict=True):
        lines.append(Line(at, at + len(text), 8, (80, top, 300, top + 10)))
        at += len(text) + 1
    outer = Cell(
        1, 1, 1, 1, text="\n".join(texts), page=8, bbox=(65, 90, 530, 700), lines=tuple(lines)
    )
    cells = (
        Cell(1, 1, 1, 1, text="合作渠道以\n展会为主"),
        Cell(1, 2, 1, 1, text="建成境外\n营销网络"),
    )
    inner = Table(rows=1, columns=2, page=8, bbox=(80, 118, 400, 145), nested=True, cells=cells)
    left, holds, over = without_nested([outer], [inner])
    assert left[id(outer)] == "到2026年再上新台阶，见下表。\n分年推进。"
    assert holds == {id(outer): [0]} and over == []
