"""Tick boxes → the options of a question, ticked or not, each with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from extractor.locating.labels import fold, loose
from models.form import Field
from models.types import BOXES, Evidence, Mark, Option
from models.wording import Bilingual, say

SURE = 0.9
"""A mark less certain than this needs a look."""

SEEN = ("replaced", "glyph", "brackets")
"""Ways to mark a box that its place before the words of a printed option makes certain."""

Piece = tuple[str, tuple[Mark, ...], Evidence]


def read_options(
    field: Field, pieces: Sequence[Piece], seen: frozenset[str] = frozenset()
) -> tuple[tuple[Option, ...], bool, Bilingual | None]:
    """The options of a question, from the cells it was answered in.

    In: the field, (text, marks, place) of each cell, in reading order, and the ways in which
    boxes are `seen` to be marked elsewhere in the document. Out: one Option per
    printed option in the form's order (ticked None where its box was not found), whether a
    person must look, and why.
    """
    if (sole := _sole_answer(field, pieces)) is not None:
        return sole
    seen |= {m.how for _, marks, _ in pieces for m in marks}
    best: list[tuple[float, Mark | None, Evidence]] = [
        (0.0, None, pieces[0][2] if pieces else Evidence()) for _ in field.options
    ]
    for text, marks, evidence in _joined(pieces):
        for number, (score, mark, where) in enumerate(_pair(field.options, text, marks, evidence)):
            if score > best[number][0]:
                best[number] = (score, mark, where)
    # A tick without a box is a guess to who reads the cell alone; that it stands exactly before
    # (or behind) the words of a printed option, as every other mark of the question does, is not.
    paired = [score for score, mark, _ in best if mark is not None]
    fits = len(paired) == len(field.options) and min(paired) >= 85
    options, doubts = [], []
    for label, (score, mark, where) in zip(field.options, best, strict=True):
        if mark is None:
            bare = _in_bare_brackets(label, pieces, seen)
            options.append(bare or Option(label, None, 0.0, where))
            continue
        sure = mark.confidence
        if fits and sure >= 0.5 and mark.how in SEEN and mark.ticked is not None:
            sure = max(sure, 0.95)
        confidence = min(sure, 0.99 if score >= 85 else 0.8)
        place = replace(where, bbox=mark.bbox or where.bbox, page=mark.page or where.page)
        options.append(Option(label, mark.ticked, confidence, place))
        if mark.ticked is None or confidence < SURE:
            doubts.append(label)
    options, doubts = _only_one_ticked(field, pieces, options, doubts)
    found = [o for o in options if o.ticked is not None]
    total = sum(len(m) for _, m, _ in pieces)
    lost = [o.text for o in options if o.ticked is None and o.text not in doubts]
    if lost and not doubts and found:
        # An option whose words are gone altogether was removed from the form: it is not ticked.
        words = fold("".join(text for text, _, _ in pieces))
        gone = [t for t in lost if len(fold(t)) > 2 and not _stands_in(fold(t), words)]
        options = [
            replace(o, ticked=False, confidence=0.8) if o.text in gone else o for o in options
        ]
        doubts = [t for t in lost if t not in gone]
        if gone and not doubts:
            why = say("the option “{option}” does not stand here any more", option=gone[0])
            return tuple(options), True, why
    elif lost:
        doubts += lost
    if not doubts and field.one_of and total > len(found):
        strays = _strays(pieces, [mark for _, mark, _ in best if mark is not None])
        doubts = [m.label or field.options[0] for m in strays if m.ticked]
    if not total and not found:
        return tuple(options), True, say("no tick box was found in this cell")
    if doubts:
        return (
            tuple(options),
            True,
            say("whether “{option}” is ticked could not be told for certain", option=doubts[0]),
        )
    return tuple(options), False, None


_BARE = r"(?:[\[［【〔(（][\s　]{0,6}[\])）】］〕]|(?P<off>[○◯〇])|(?P<on>[●◉]))[\s　]*"


def _in_bare_brackets(option: str, pieces: Sequence[Piece], seen: frozenset[str]) -> Option | None:
    """An option behind brackets with nothing in them, or behind a circle.

    Alone these could be anything; where others are marked so they are a box.
    """
    before = re.compile(rf"(?:^|\n|\s){_BARE}" + loose(option).pattern)
    for text, _, evidence in pieces:
        m = before.search(text)
        if m is None:
            continue
        circle = m["off"] or m["on"]
        if ("radio" if circle else "brackets") in seen:
            return Option(option, m["on"] is not None, 0.92, evidence)
    return None


Told = tuple[tuple[Option, ...], bool, Bilingual | None]


def _sole_answer(field: Field, pieces: Sequence[Piece]) -> Told | None:
    """The words of one option and nothing else (否): chosen from a list, or the others deleted."""
    written = [p for p in pieces if p[0].strip()]
    if not field.one_of or len(written) != 1:
        return None
    text, marks, evidence = written[0]
    said = fold(_unboxed(text))
    if said not in map(fold, field.options) or len(marks) > 1 or any(m.ticked for m in marks):
        return None
    options = tuple(Option(o, fold(o) == said, 0.8, evidence) for o in field.options)
    why = say("only “{option}” stands here, the other options do not", option=text.strip())
    return options, True, why


def removed_options(field: Field, pieces: Sequence[Piece]) -> list[str]:
    """Printed options whose words no longer stand in the cell."""
    words = fold("".join(text for text, _, _ in pieces))
    if not words or _sole_answer(field, pieces) is not None:
        return []
    return [o for o in field.options if not _stands_in(fold(o), words)]


def _only_one_ticked(
    field: Field, pieces: Sequence[Piece], options: list[Option], doubts: list[str]
) -> tuple[list[Option], list[str]]:
    """`是   √否`: every box was taken out but the tick's, and the tick touches one option.

    The options are then told, where all their words still stand and there is one tick only.
    """
    marks = [m for _, ms, _ in pieces for m in ms]
    text = "".join(t for t, _, _ in pieces)
    if not field.one_of or len(marks) != 1 or not marks[0].ticked or len(pieces) != 1:
        return options, doubts
    at = next(i for i, c in enumerate(text) if c in BOXES)
    ticked = [o for o in options if o.ticked]
    one_side = _touches(text, at, +1) != _touches(text, at, -1)
    if len(ticked) != 1 or not one_side or marks[0].confidence < 0.7:
        return options, doubts
    words = fold(_unboxed(text))
    if not all(fold(o) in words for o in field.options):
        return options, doubts
    sure = 0.92
    told = [replace(o, ticked=o is ticked[0], confidence=sure) for o in options]
    return told, []


def added_options(field: Field, pieces: Sequence[Piece]) -> list[str]:
    """Options with a box of their own that the blank form does not have."""
    added = []
    for text, marks, _ in _joined(pieces):
        labels = [fold(m.label) for m in marks]
        for mark, words in zip(marks, labels, strict=True):
            near = [o for o in field.options if _stands_in(words, fold(o)) or fold(o) in words]
            close = max((fuzz.partial_ratio(words, fold(o)) for o in field.options), default=0)
            if len(words) > 1 and not near and close < 60 and mark.label.strip() in text:
                added.append(mark.label.strip())
    return added


def _stands_in(option: str, words: str) -> bool:
    if option in words:
        return True
    return len(option) > 4 and fuzz.partial_ratio(option, words) >= 78


def _joined(pieces: Sequence[Piece]) -> list[tuple[str, tuple[Mark, ...], Evidence]]:
    """Cells that hold boxes alone are read together with the words beside them, and the parts
    of a cell that a page break cut together with each other."""
    alone = [not fold(_unboxed(text)) or not marks for text, marks, _ in pieces]
    pages = {evidence.page for _, _, evidence in pieces}
    if len(pieces) > 1 and (any(alone) or len(pages) > 1):
        text = "\n".join(t for t, _, _ in pieces)
        marks = tuple(m for _, ms, _ in pieces for m in ms)
        return [(text, marks, pieces[0][2])]
    return list(pieces)


def _unboxed(text: str) -> str:
    return re.sub(f"[{BOXES}]", "", text)


def _pair(
    options: tuple[str, ...], text: str, marks: tuple[Mark, ...], evidence: Evidence
) -> list[tuple[float, Mark | None, Evidence]]:
    """(score, mark, place) of each option in one text.

    Boxes stand before their words or behind them; the side on which the words match the
    options better is the side meant.
    """
    nothing: list[tuple[float, Mark | None, Evidence]] = [(0.0, None, evidence)] * len(options)
    at = [m.start() for m in re.finditer(f"[{BOXES}]", text)][: len(marks)]
    if not at:
        return nothing
    edges = [*at, len(text)]
    after = [text[edges[n] + 1 : edges[n + 1]] for n in range(len(at))]
    before = [text[(at[n - 1] + 1 if n else 0) : at[n]] for n in range(len(at))]
    results = []
    for texts, side in ((after, "after"), (before, "before")):
        scores = [[_similar(o, t, side) for t in texts] for o in options]
        pairs: list[tuple[float, Mark | None, Evidence]] = list(nothing)
        taken: set[int] = set()
        ranked = sorted(
            ((s, -i, -j) for i, row in enumerate(scores) for j, s in enumerate(row) if s >= 70),
            reverse=True,
        )
        for score, i, j in ranked:
            if -j in taken or pairs[-i][1] is not None:
                continue
            taken.add(-j)
            pairs[-i] = (score, marks[-j], evidence)
        results.append(pairs)
    totals = [sum(score for score, _, _ in pairs) for pairs in results]
    totals[0] += 15 * sum(_touches(text, i, +1) for i in at)
    totals[1] += 15 * sum(_touches(text, i, -1) for i in at)
    if abs(totals[0] - totals[1]) < 1 and len(at) > 1:
        # 是□ 否□ against □是 □否: whatever stands outermost decides.
        return results[1] if before[0].strip() and not after[-1].strip() else results[0]
    return results[0] if totals[0] >= totals[1] else results[1]


def _touches(text: str, at: int, side: int) -> bool:
    """Whether a box touches the words on one side of it and is set apart on the other."""
    here, there = text[at + side : at + side + 1], text[max(at - side, 0) : max(at - side, 0) + 1]
    if at - side < 0:
        there = ""
    return bool(here.strip()) and here not in BOXES and not there.strip()


def _similar(option: str, text: str, side: str) -> float:
    """How well the words beside a box are the option, 0 to 100."""
    wanted, words = fold(option), fold(text)
    if not words:
        return 0.0
    if wanted == words:
        return 100.0
    if side == "after" and _set_apart(option, text):
        return 99.0  # whatever stands behind it
    if len(wanted) <= 2:
        if words.startswith(wanted) if side == "after" else words.endswith(wanted):
            return 90.0 - min(len(words) - len(wanted), 15)
        return 0.0
    near = words[: len(wanted) + 4] if side == "after" else words[-len(wanted) - 4 :]
    if near.startswith(wanted) if side == "after" else near.endswith(wanted):
        return 99.0
    return max(fuzz.ratio(wanted, words), 0.97 * fuzz.partial_ratio(wanted, near) - 2)


def _set_apart(option: str, text: str) -> bool:
    """Whether a text begins with an option's words and a gap behind them."""
    return bool(re.match(loose(option).pattern + r"(?:[ \u3000]{2}|[\t\n\u3000])", text.lstrip()))


def _strays(pieces: Sequence[Piece], used: list[Mark]) -> list[Mark]:
    ids = {id(m) for m in used}
    return [m for _, ms, _ in pieces for m in ms if id(m) not in ids]
