"""What pieces of text say: each is read, figures and doubtful words a second time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import mean, median
from typing import Any

from extractor.readers.scan.ocr import Engine, Read
from extractor.readers.scan.page import Upright
from extractor.readers.scan.pieces import FAINT, Piece, inked
from models.types import Bbox

AGREED, HALF, ALONE, TORN = 0.97, 0.85, 0.8, 0.5
"""How sure a figure is: two readings agree; they agree, not without doubt; one reading only;
two readings differ."""
LONGEST_TWICE = 28
"""Characters of a line that is read twice for the figures in it; longer ones are prose."""
LONGEST_WORDS, DOUBTED = 40, 0.97
"""Characters of a line of words that is read again, at most, and how sure the recogniser is of
the worst of them where it is not."""
SKIPPED = 1.65
"""Times the usual step between two ideographs that they stand apart where one is missing."""
DOUBTED_COLON = 0.9
"""How sure the recogniser is of a colon between words that may be a semicolon, at most."""
_COLON = re.compile("(?<=[\u3400-\u9fff]{3})([:：])(?=[\u3400-\u9fff])")
_BOXES = "☑✓✔√■☒□☐▢○◯口囗回"
_FIGURE = re.compile(r"[0-9.,%+\-]")
_NUMBER = re.compile(r"[0-9０-９.,，．%％+\-—]+")
BARS = ("一", "-", "—", "_", "|", "l", "I", "丨", "'", ".", "·", "、")
_LEVEL = "一-—–－_ー﹣~"
_STROKES = _LEVEL + "1|lI丨/／丿\\'、,."
_LOOKS = str.maketrans(
    {"，": ",", "。": ".", "．": ".", "—": "-", "–": "-", "－": "-", "−": "-", "一": "-",
     "％": "%", "＋": "+", "·": "."}
)  # fmt: skip
_COUNTED = re.compile(r"(?:^|(?<=[:：]))\s*([oO〇Q二]?)\s*(?=[个家项户件人]\s*(?:[（(,，;；。]|$))")
"""Where a count stands before its unit that was not read, or not as a figure."""
_NOTHING = re.compile(
    r"(?:(?<=[\u3400-\u9fff][量数额率])[:：]?\s*|^\s*)([一二LlIJ|丨丿])(?=$|\s*[（(]需)"
)
"""A dash or a slash in place of a figure, behind its label or before its remark, read as a numeral
or a letter."""
_ALMOST_COUNT = re.compile(r"[0-9oO]{1,5}")
_ALMOST = re.compile(r"(?=.*[0-9])(?=.*[iIl|oO])[0-9iIl|oO.,，．]+")
"""A figure with letters in it that look like digits."""
_LETTERS = str.maketrans("iIl|oO", "111100")
_DIGITS = "0123456789０１２３４５６７８９.．,，-—%％"


def read_pieces(page: Upright, pieces: list[Piece], cells: Sequence[Bbox], engine: Engine) -> None:
    """Reads every piece, and figures a second time by themselves."""
    fresh = [p.bbox for p in pieces if p.bbox not in page.read]
    reads = engine.read([page.crop(box, page.bare) for box in fresh])
    known = {**page.read, **dict(zip(fresh, reads, strict=True))}
    for piece in pieces:
        piece.read = known[piece.bbox]
        piece.sure = _plainly(piece.read, listed=piece.cell >= 0)
    _read_mute(page, pieces, cells, engine)
    every = _rows(pieces)
    rows = [r for r in every if _worth(r)]
    _read_words(page, [r for r in every if not _worth(r) and _doubted(r)], cells, engine)
    crops = [_row_box(page, row, cells) for row in rows]
    again = engine.read([page.crop(b, page.smooth) for b in crops])
    sealed = [(i, b) for i, b in enumerate(crops) if page.sealed(b) > 0.01]
    third = engine.read([page.crop(b, page.pixels) for _, b in sealed])
    under = {i: (read, page.sealed(b)) for (i, b), read in zip(sealed, third, strict=True)}
    for index, (row, second) in enumerate(zip(rows, again, strict=True)):
        sure = _agreement(row, second)
        if index in under:
            read, part = under[index]
            same = figures(read.text) == figures("".join(p.read.text for p in row))
            sure = min(sure, (AGREED if part < 0.12 else HALF) if same else TORN)
        sure = min(sure, _points_told(page, row))
        if len(row) == 1 and row[0].cell >= 0:
            sure = lone_stroke(page, row[0], cells[row[0].cell], second.text, sure)
        for piece in row:
            piece.sure = min(sure, 1.0 if sure < AGREED else AGREED)
            if piece.cell >= 0 and _ALMOST.fullmatch(piece.read.text):
                piece.read = replace(piece.read, text=piece.read.text.translate(_LETTERS))
                piece.sure = min(piece.sure, HALF)
    _read_skipped(page, pieces, engine)
    _read_counted(page, pieces, engine)


def _read_mute(
    page: Upright, pieces: Sequence[Piece], cells: Sequence[Bbox], engine: Engine
) -> None:
    """Reads pieces outside cells again, in place, that said nothing and have ink: a single
    character that an underline or much paper distracts from. Cells are looked through later."""
    mute = [p for p in pieces if p.cell < 0 and not p.read.text.strip() and inked(page, p.bbox)]
    close = engine.read([page.crop(_row_box(page, [p], cells), page.smooth) for p in mute])
    again = engine.read([page.crop(p.bbox, page.smooth) for p in mute])
    for piece, read, other in zip(mute, close, again, strict=True):
        if read.text == other.text and min(read.sure, other.sure) >= 0.75:
            piece.read, piece.sure = read, _plainly(read)


def _read_skipped(page: Upright, pieces: Sequence[Piece], engine: Engine) -> None:
    """Reads again, in place, where there is ink between two ideographs and room for one more: the
    recogniser now and then skips a character. Such a line is never sure."""
    spots: list[tuple[Piece, int, Bbox]] = []
    for piece in pieces:
        x0, top, x1, bottom = piece.bbox
        places = [x0 + at * (x1 - x0) for at in piece.read.at]
        steps = [
            (n, a, b) for n, (a, b) in enumerate(pairwise(places))
            if min(piece.read.text[n], piece.read.text[n + 1]) >= "\u3400"
        ]  # fmt: skip
        if len(steps) < 4:
            continue
        # places come in coarse steps: their mean is better than any one of them
        usual = 1.5 * median(b - a for _, a, b in steps)
        pitch = mean(b - a for _, a, b in steps if b - a <= usual)
        for n, a, b in reversed(steps):
            room = (a + 0.5 * pitch, top, b - 0.5 * pitch, bottom)
            if b - a > SKIPPED * pitch and page.ink(room).any(axis=0).mean() >= 0.3:
                spots.append((piece, n, (a - 0.6 * pitch, top, b + 0.6 * pitch, bottom)))
    found = engine.read([page.crop(box, page.bare) for _, _, box in spots])
    for (piece, n, _), again in zip(spots, found, strict=True):
        read, text = piece.read, again.text.strip()
        piece.sure = min(piece.sure, TORN)
        if len(text) == 3 and text[0] + text[2] == read.text[n : n + 2]:
            piece.read = Read(
                read.text[: n + 1] + text[1] + read.text[n + 1 :],
                (*read.at[: n + 1], (read.at[n] + read.at[n + 1]) / 2, *read.at[n + 1 :]),
                (*read.sures[: n + 1], again.sure, *read.sures[n + 1 :]),
            )


def _read_counted(page: Upright, pieces: Sequence[Piece], engine: Engine) -> None:
    """Reads again, in place and without the line it was written on, what stands before the unit of
    a count and was not read as one: 数量：0个 as 数量：个, an underlined — as 二; and a dash behind
    a label in its line, read as 一. Never sure."""
    for piece in pieces:
        read, (left, top, right, bottom) = piece.read, piece.bbox
        found = _COUNTED.search(read.text) or _NOTHING.search(read.text)
        if found is None or piece.cell < 0:
            continue
        em = 0.75 * (bottom - top)
        places = [left + at * (right - left) for at in read.at]
        more = found.end() < len(places)
        x0 = places[found.start(1) - 1] + 0.4 * em if found.start(1) else left
        x1 = places[found.end()] - 0.55 * em if more else right + 0.2 * em
        box = (x0, top, x1, bottom + 0.2 * em)
        if x1 - x0 < 0.3 * em or any(
            p is not piece and p.cell == piece.cell and p.bbox[0] < x1 and x0 < p.bbox[2]
            and top < (p.bbox[1] + p.bbox[3]) / 2 < bottom
            for p in pieces
        ):  # fmt: skip
            continue
        # the lower stroke of a 二 is no wider than the character
        least = (1.15 if found.group(1) == "二" else 0.8) * em * page.per_point
        part = _not_underlined(page.part(box, page.even), least)
        shape = _shape(part < 150, page.per_point)
        said = {"level": "—", "slash": "/"}.get(shape or "")
        if said is None and more and (part < 150).any():
            again = engine.read([part[:, :, None].repeat(3, axis=2)])[0].text.strip()
            said = again.translate(_LETTERS) if _ALMOST_COUNT.fullmatch(again) else None
        if said is None:
            continue
        start, end = found.span(1)
        at = ((x0 + x1) / 2 - left) / (right - left)
        piece.read = Read(
            read.text[:start] + said + read.text[end:],
            (*read.at[:start], *[at] * len(said), *read.at[end:]),
            (*read.sures[:start], *[ALONE] * len(said), *read.sures[end:]),
        )
        piece.sure = min(piece.sure, ALONE)


def _not_underlined(part: Any, least: float) -> Any:
    """A grey picture of part of a line without the line drawn below its words, of so many pixels
    at least."""
    dark = part < 150
    height, across = len(dark), max(int(dark.any(axis=0).sum()), 1)
    rows = [
        y for y in range(int(0.68 * height), height)
        if dark[y].sum() >= max(0.75 * across, least)
    ]  # fmt: skip
    if not rows:
        return part
    out = part.copy()
    out[max(rows[0] - 1, 0) :] = 255
    return out


def _read_words(
    page: Upright, rows: Sequence[list[Piece]], cells: Sequence[Bbox], engine: Engine
) -> None:
    """Reads rows of words again of which a character is in doubt, and says how sure they are."""
    again = engine.read([page.crop(_row_box(page, row, cells), page.smooth) for row in rows])
    for row, second in zip(rows, again, strict=True):
        reads = [p.read for p in row]
        same = _words("".join(r.text for r in reads)) == _words(second.text)
        worst = min([_least_sure(r) for r in reads] + [_least_sure(second)])
        sure = 0.99 if same and worst >= 0.75 else HALF if same and worst >= 0.5 else TORN
        for piece in row:
            piece.sure = min(piece.sure, sure)


def _doubted(row: Sequence[Piece]) -> bool:
    """Whether a short row says words of which the recogniser doubts a character."""
    text = "".join(p.read.text for p in row)
    if not 2 <= len(text) <= LONGEST_WORDS or any(c in _BOXES for c in text):
        return False
    return any(_least_sure(p.read) < DOUBTED for p in row)


def _least_sure(read: Read) -> float:
    """How sure the recogniser is of the most doubtful letter; marks are seldom of weight."""
    pairs = zip(read.text, read.sures, strict=True)
    return min((s for c, s in pairs if c.isalpha()), default=1.0)


def _words(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _plainly(read: Read, *, listed: bool = False) -> float:
    """How sure words are that were read once; `listed`: they may be several names."""
    if not read.text:
        return 0.0
    if any(c.isdigit() for c in read.text):
        worst = read.worst(_DIGITS)
        sure = 0.9 if worst >= 0.96 else HALF if worst >= 0.7 else TORN
        return min(sure, HALF) if _least_sure(read) < 0.7 else sure
    colons = _COLON.finditer(read.text) if listed else ()
    if any(read.sures[m.start(1)] < DOUBTED_COLON for m in colons):
        return HALF  # of names one behind the other: a semicolon
    return 0.99 if read.sure >= 0.9 else HALF if read.sure >= 0.75 else TORN


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces of one cell at one height together, from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.cell, p.bbox[1] + p.bbox[3])):
        last = rows[-1][-1] if rows else None
        if last is not None and piece.cell == last.cell >= 0:
            middle = (piece.bbox[1] + piece.bbox[3]) / 2
            if last.bbox[1] < middle < last.bbox[3]:
                rows[-1].append(piece)
                continue
        rows.append([piece])
    return [sorted(row, key=lambda p: p.bbox[0]) for row in rows]


def _worth(row: Sequence[Piece]) -> bool:
    """Whether a row says figures, or so little that it may be one misread."""
    text = "".join(p.read.text for p in row)
    if row[0].cell < 0 and len(text) > LONGEST_TWICE:
        return False
    if any(c.isdigit() for c in text):
        return len(text) <= LONGEST_TWICE
    return row[0].cell >= 0 and len(text.strip()) <= 2


def _row_box(page: Upright, row: Sequence[Piece], cells: Sequence[Bbox]) -> Bbox:
    """The ink of a whole row of a cell, by itself and not by what was found before."""
    top, bottom = min(p.bbox[1] for p in row), max(p.bbox[3] for p in row)
    x0, x1 = row[0].bbox[0] - 3, max(p.bbox[2] for p in row) + 3
    if row[0].cell >= 0:
        cell = cells[row[0].cell]
        x0, x1 = cell[0] + 1.5, cell[2] - 1.5
        top, bottom = max(top, cell[1] + 1), min(bottom, cell[3] - 1)
    import numpy as np

    ink = page.ink((x0, top, x1, bottom))
    k = page.per_point
    columns, lines = np.flatnonzero(ink.sum(axis=0) > 1), np.flatnonzero(ink.sum(axis=1) > 1)
    if not len(columns) or not len(lines):
        return (row[0].bbox[0], top, row[-1].bbox[2], bottom)
    tall = (lines[-1] - lines[0] + 1) / k
    pad = 0.22 * tall + 0.8
    return (
        max(x0 + columns[0] / k - 1.6 * pad, x0), max(top + lines[0] / k - pad, top - 1),
        min(x0 + (columns[-1] + 1) / k + 1.6 * pad, x1),
        min(top + (lines[-1] + 1) / k + pad, bottom + 1),
    )  # fmt: skip


def figures(text: str) -> str:
    """What of a text is figures, written one way."""
    plain = unicodedata.normalize("NFKC", text.translate(_LOOKS))
    if any(c.isdigit() for c in plain):
        return "".join(_FIGURE.findall(plain)).strip(".,-")
    return "".join(plain.split())


def _apart(row: Sequence[Piece]) -> bool:
    """Whether several figures stand apart in one cell, as where the wall between them is lost."""
    return any(
        b.bbox[0] - a.bbox[2] > 1.2 * (a.bbox[3] - a.bbox[1])
        and _NUMBER.fullmatch(a.read.text.strip())
        and _NUMBER.fullmatch(b.read.text.strip())
        for a, b in pairwise(row)
    )


def _agreement(row: Sequence[Piece], second: Read) -> float:
    """How sure a row's figures are after their second reading."""
    first = "".join(p.read.text for p in row)
    if figures(first) != figures(second.text) or _apart(row):
        return TORN
    if first.strip() in BARS:
        return ALONE  # a dash, a one in Chinese, or what is left of a line
    worst = min(min(p.read.worst(_DIGITS) for p in row), second.worst(_DIGITS))
    if not any(c.isdigit() for c in first):
        worst = min(min(p.read.worst() for p in row), second.worst())
    return AGREED if worst >= 0.75 else HALF if worst >= 0.5 else 0.7


def _points_told(page: Upright, row: Sequence[Piece]) -> float:
    """Whether a figure has as many points in ink as were read; 1 where that cannot be said."""
    import cv2
    import numpy as np

    text = "".join(p.read.text for p in row).strip()
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"[0-9][0-9.,]*%?", plain) or "," in plain or len(row) > 1:
        return 1.0
    gray = page.part(row[0].bbox, page.bare)
    ink = page.ink(row[0].bbox).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    parts = [tuple(int(v) for v in s) for s in stats[1:count]]
    tall = [p for p in parts if p[3] > 3.5 * page.per_point]
    if not tall:
        return 1.0
    height = max(p[3] for p in tall)
    base = max(p[1] + p[3] for p in tall)
    left, right = min(p[0] for p in tall), max(p[0] + p[2] for p in tall)
    dots = [
        p
        for p in parts
        if p[2] <= 0.32 * height and p[3] <= 0.32 * height
        and p[4] >= max(0.006 * height * height, 2)
        and p[1] + p[3] / 2 > base - 0.3 * height and p[1] < base + 0.1 * height
        and left < p[0] < right
        # the end of a 5 or a 9 that a thin stroke has lost stands below the rest of the digit
        and not (gray[max(base - height, 0) : p[1] - 1, p[0] : p[0] + p[2]] < FAINT).any()
    ]  # fmt: skip
    if "." in plain:  # others are specks; the recogniser seldom invents a point
        return 1.0 if row[0].read.worst(".．") >= 0.85 else HALF
    return HALF if dots else 1.0


def lone_stroke(page: Upright, piece: Piece, cell: Bbox, again: str, sure: float) -> float:
    """How sure a cell's only character is where it is a single stroke: a dash, a slash, a one.

    The recogniser knows strokes by their context, and here is none: what the stroke is, its
    slope says. A dash read as 一 becomes a dash, a slash read as 1 a slash.
    """
    text = piece.read.text.strip()
    if len(text) != 1 or text not in _STROKES:
        return sure
    shape = _stroke(page, cell)
    if shape is None:
        return sure
    said = {text, again.strip()[:1]}
    if shape == "level":
        piece.read = Read("—", piece.read.at[:1] or (0.5,), piece.read.sures[:1] or (0.5,))
        return AGREED if said <= set(_LEVEL) else ALONE
    if shape == "slash":
        piece.read = Read("/", piece.read.at[:1] or (0.5,), piece.read.sures[:1] or (0.5,))
        return AGREED if said <= {"/", "／", "丿"} else ALONE
    return sure if text in "1" and said == {"1"} else min(sure, ALONE)


def _stroke(page: Upright, cell: Bbox) -> str | None:
    """What the only ink in a cell is: level, slash or upright; None where it is more."""
    inner = (cell[0] + 1.5, cell[1] + 1.5, cell[2] - 1.5, cell[3] - 1.5)
    return _shape(page.ink(inner), page.per_point)


def _shape(dark: Any, per_point: float) -> str | None:
    """What the only stroke of some ink is: level in its middle, slash or upright."""
    import cv2
    import numpy as np

    # a thin dash is broken by its paper's grain
    k, bridge = per_point, np.ones((1, max(round(1.5 * per_point), 1)), np.uint8)
    ink = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, bridge)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    parts = [i for i in range(1, count) if max(stats[i][2], stats[i][3]) >= 2.0 * k]
    if len(parts) != 1:
        return None
    x, y, w, h, _ = (int(v) for v in stats[parts[0]])
    if w >= 3.2 * h:
        off = abs(y + h / 2 - len(ink) / 2) / k
        return "level" if w >= 3 * k and h <= 2.6 * k and off < 6 else None
    if h < 1.3 * w or h < 4 * k:
        return None
    ys, xs = np.nonzero(labels[y : y + h, x : x + w] == parts[0])
    slope, start = np.polyfit(ys, xs, 1)
    straight = float(np.abs(xs - (slope * ys + start)).mean()) < 0.16 * h
    return "slash" if slope < -0.2 and straight else "upright"
