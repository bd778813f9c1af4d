"""What a hand did to options without touching a box: struck one out, underlined one, drew over.

All of it is weaker than a box: a mark told this way asks for a look, unless all alternatives but
one are struck out or deleted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, permutations

from extractor.locating.marks import PLACED, Found, find_marks, normalise_marks, written
from extractor.readers.docx.raw import DELETED, ON, OVER, STRUCK, TICK, Raw, Span
from models.types import Block, Cell, Mark, Paragraph

_WORDS = re.compile(r"[^\s/／、|｜;；,，.。()（）]+")
_GLUED = re.compile(r"是否|有无")
_QUESTION = re.compile(r"[:：?？]")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_COMMAS = ("，", ",")
_SLASHES = re.compile(r"\s*[/／|｜]\s*")
_PAIRS = {("是", "否"), ("有", "没有"), ("对", "错"), ("已", "未"), ("有", "无"), ("Yes", "No")}
_NOT = ("不", "未", "非", "无", "没", "没有", "否")
LONGEST, MOST = 15, 6
"""Letters of an alternative, and how many there are."""
NEARBY = 2
"""Rows: a drawing is anchored close to where it shows, often in the very cell."""
EMPHASIS, UNKNOWN, PUT_ON, KEPT = 0.6, 0.4, 0.9, 0.92


def settled(raw: Raw) -> tuple[str, tuple[Mark, ...], bool]:
    """The text of a cell or paragraph, its marks, and whether something is drawn over it that
    none of its own boxes takes up.

    Where one of a few alternatives without boxes is set off, or all the others are struck out,
    each of them gets a box. A drawing over a line puts the boxes of that line in doubt.
    """
    if not raw.spans:
        return (*normalise_marks(raw.text, raw.marks), False)
    found = find_marks(raw.text, raw.marks)
    drawn = [s for s in raw.spans if s.kind in (OVER, TICK, ON) and not _put_on(s, raw, found)]
    if not found and (told := _alternatives(raw)) is not None:
        return (*normalise_marks(told.text, told.marks), False)
    for span in drawn if found else ():
        begin = raw.text.rfind("\n", 0, span.start) + 1
        end = raw.text.find("\n", span.start)
        end = len(raw.text) if end < 0 else end
        line = [f for f in found if begin <= f.start <= end]
        for f in line or found:
            f.mark = doubted(f.mark)
    if any(s.kind == STRUCK and find_marks(s.cut) for s in raw.spans):
        for f in found:  # an option is struck out: the one kept may be the answer, ticked or not
            f.mark = replace(f.mark, confidence=min(f.mark.confidence, EMPHASIS))
    if not found and any(s.kind == TICK for s in drawn):  # over nothing that looks like a box
        lone = Raw(raw.text.strip(), list(raw.marks))
        lone.add_line(Raw(PLACED, [Mark(True, "drawing", 0.5)]))
        return (*normalise_marks(lone.text, lone.marks), True)
    return (*written(raw.text, found), bool(drawn) and not found)


def _put_on(span: Span, raw: Raw, found: Sequence[Found]) -> bool:
    """Ticks the box that a drawing is placed on, in place; whether there is one."""
    if span.kind != ON:
        return False
    after = (f for f in found if f.start >= span.start)
    box = next((f for f in after if not raw.text[span.start : f.start].strip(" \u3000")), None)
    if box is None or box.mark.ticked:
        return False
    box.mark = replace(box.mark, ticked=True, how="drawing", confidence=PUT_ON)
    return True


def doubted(mark: Mark) -> Mark:
    """The mark of a box that something may be drawn over: an empty one may be ticked by it."""
    sure = min(mark.confidence, EMPHASIS if mark.ticked else UNKNOWN)
    return replace(mark, ticked=mark.ticked or None, how="drawing", confidence=sure)


def doubt_near(cells: Sequence[Cell], at: int) -> list[Cell]:
    """The cells of a table where something is drawn over the cell at an index, which has no box
    of its own: it may lie over the boxes of its row, else of the rows nearby."""
    top, behind = cells[at].row, cells[at].row + cells[at].row_span
    near: set[int] = set()
    for reach in (0, NEARBY):
        near = near or {
            n for n, c in enumerate(cells)
            if n != at and c.marks
            and c.row < behind + reach and c.row + c.row_span > top - reach
        }  # fmt: skip
    return [
        replace(c, marks=tuple(map(doubted, c.marks))) if n in near else c
        for n, c in enumerate(cells)
    ]


def doubted_block(block: Block) -> Block:
    """A paragraph or table beside which something is drawn that may lie over its boxes."""
    if isinstance(block, Paragraph):
        return replace(block, marks=tuple(map(doubted, block.marks)))
    cells = tuple(replace(c, marks=tuple(map(doubted, c.marks))) for c in block.cells)
    return replace(block, cells=cells)


# ------------------------------------------------------------------ without boxes


def _alternatives(raw: Raw) -> Raw | None:
    """The text with a box before each alternative, where it is nothing but short alternatives
    and the way they are set off tells which is meant; else None."""
    if len(raw.text) > LONGEST * MOST * 2:
        return None
    text, kinds = _laid_out(raw)
    asked = [m.end() for m in _QUESTION.finditer(text)]
    start = next((at for at in reversed(asked) if _parts(text, at)), 0)
    parts = _parts(text, start)
    words = [text[a:b] for a, b in parts]
    if not 2 <= len(parts) <= MOST or any(
        len(w) > LONGEST or any(c.isdigit() for c in w) for w in words
    ):
        return None
    answer = _answer(text, kinds, parts, words)
    if answer is None:
        if not _opposed(words) or not any(s.kind in (OVER, TICK) for s in raw.spans):
            return None
        answer = [Mark(None, "drawing", UNKNOWN)] * len(parts)
    out, at = Raw(marks=[replace(m, label=w) for m, w in zip(answer, words, strict=True)]), 0
    for a, b in parts:
        out.text += text[at:a] + PLACED + text[a:b]
        at = b
    out.text += text[at:]
    return out


def _laid_out(raw: Raw) -> tuple[str, list[frozenset[str]]]:
    """The text with struck-out words back in their places, and how each letter is set off."""
    kinds: list[frozenset[str]] = [frozenset()] * len(raw.text)
    for span in raw.spans:
        for i in range(span.start, min(span.end, len(kinds))):
            kinds[i] |= {span.kind}
    text = raw.text
    cuts: dict[int, str] = {}
    for span in raw.spans:  # words in several runs are one
        cuts[span.start] = cuts.get(span.start, "") + span.cut
    for start in sorted((s for s in cuts if cuts[s]), reverse=True):
        at, cut = min(start, len(text)), cuts[start]
        before = " " if text[at - 1 : at].strip() and cut[:1].strip() else ""
        behind = " " if text[at : at + 1].strip() and cut[-1:].strip() else ""
        text = text[:at] + before + cut + behind + text[at:]
        struck = [frozenset({STRUCK})] * len(cut)
        kinds[at:at] = [frozenset[str]()] * len(before) + struck + [frozenset[str]()] * len(behind)
    return text, kinds


def _parts(text: str, start: int) -> list[tuple[int, int]]:
    """Where the alternatives stand from `start` on; none where there are not several."""
    if glued := _GLUED.fullmatch(text.strip()):
        at = text.index(glued[0])
        return [(at, at + 1), (at + 1, at + 2)]
    bare = _BRACKETED.sub(lambda m: " " * len(m[0]), text)
    parts = [m.span() for m in _WORDS.finditer(bare, start)]
    if len(parts) < 2:
        parts = [m.span() for m in _WORDS.finditer(text, start)]
    gaps = [text[a[1] : b[0]] for a, b in pairwise(parts)]
    if any(gap not in _COMMAS for gap in gaps):  # 是/否/非工业集群，不适用: three, not four
        joined: list[tuple[int, int]] = parts[:1]
        for gap, part in zip(gaps, parts[1:], strict=True):
            if gap in _COMMAS:
                joined[-1] = (joined[-1][0], part[1])
            else:
                joined.append(part)
        parts = joined
    return parts if len(parts) > 1 else []


def _answer(
    text: str, kinds: list[frozenset[str]], parts: list[tuple[int, int]], words: list[str]
) -> list[Mark] | None:
    """A mark for each alternative, told by what is struck out and by what is set off."""
    choice = _opposed(words) or _of_a_kind(words, parts, text)
    if not choice:
        return None
    told: set[tuple[bool | None, ...]] = set()
    all_kinds = frozenset().union(*kinds)
    for kind in sorted(all_kinds - {DELETED}):
        shares = [sum(kind in k for k in kinds[a:b]) / (b - a) for a, b in parts]
        hit = [share == 1 for share in shares]
        if any(0 < share < 1 for share in shares) or not any(hit) or all(hit):
            continue
        if kind == STRUCK:
            kept = True if hit.count(False) == 1 else None
            told.add(tuple(False if out else kept for out in hit))
        elif hit.count(True) == 1:
            told.add(tuple(hit))
    if not told:
        return None
    if len(told) > 1:  # one is underlined, another bold: which of them is meant?
        return [Mark(None, "annotation", UNKNOWN)] * len(parts)
    answer = told.pop()
    sure = KEPT if all_kinds <= {STRUCK, DELETED} and True in answer else EMPHASIS
    return [Mark(meant, "annotation", UNKNOWN if meant is None else sure) for meant in answer]


def _opposed(words: list[str]) -> bool:
    """Whether two of the words are a yes and its no, so that they can only be a choice."""
    return any(
        (a, b) in _PAIRS or any(b == no + a for no in _NOT) for a, b in permutations(words, 2)
    )


def _of_a_kind(words: list[str], parts: list[tuple[int, int]], text: str) -> bool:
    """国家级/省级/市级: with a stroke between them, and ending alike."""
    gaps = [text[parts[n][1] : parts[n + 1][0]] for n in range(len(parts) - 1)]
    short = all(2 <= len(w) <= 6 for w in words)
    return short and len({w[-1] for w in words}) == 1 and all(map(_SLASHES.fullmatch, gaps))
