"""Every way a tick box can stand in text → one Mark.

Readers give the text of one cell or paragraph; what comes back has one ☑ or ☐ per box and the
marks in the same order. A mark that the reader recognised itself (content control, form field,
drawing, ink) is handed over in `given`, and stands in the text as the character PLACED; text
out of a file goes through `without_sentinels` first, so that no file can smuggle one in.

What can be read off the letters alone: box glyphs, a tick typed beside or instead of a box,
brackets, radio circles. What only looks like a box stays text: instructions (在□内打“√”), dates
(二〇二四年), fill-in squares (□□□□), bullets, roots. The doubtful ones carry a low confidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractor.locating.glyphs import glyph_of, symbol_font
from extractor.locating.signs import PLACED, Sign, line_bounds, signs, within
from models.types import TICKED, UNTICKED, Mark

DRAWN = ("drawing", "ink")
"""Ways of marks that were seen as shapes: an empty one is a printed box, not a control's no."""

_PRIVATE = re.compile("[\uf020-\uf0ff]")

__all__ = [
    "PLACED", "Found", "find_marks", "glyph_of", "normalise_marks", "symbol_font",
    "without_sentinels", "written",
]  # fmt: skip


def without_sentinels(text: str) -> str:
    """`text` as it came out of a file, without characters that mean something to this module."""
    return text.replace(PLACED, "").replace("\ufdd1", "").replace("\ufdd2", "")


@dataclass(slots=True)
class Found:
    """One box: the characters raw[start:end] of the text given, and its mark."""

    start: int
    end: int
    mark: Mark
    dropped: list[tuple[int, int]] = field(default_factory=list)
    """Characters elsewhere that belong to this box (the tick of `□是√`), left out of the text."""


def normalise_marks(
    text: str, given: Sequence[Mark] = (), *, wrapped: bool = False
) -> tuple[str, tuple[Mark, ...]]:
    """Text with one ☑ or ☐ per tick box, and the marks in that order.

    `given` are the marks the reader recognised itself, one for each PLACED in the text. With
    `wrapped` a newline may be a mere line wrap (PDF), and a box's words go on over it. A box
    whose state cannot be told (ticked None) stands as ☐. The two always agree in number.
    """
    return written(text, find_marks(text, given, wrapped=wrapped))


def written(text: str, found: Sequence[Found]) -> tuple[str, tuple[Mark, ...]]:
    """The text with ☑ or ☐ for each box found in it, and the marks."""
    edits = [(f.start, f.end, TICKED if f.mark.ticked else UNTICKED) for f in found]
    edits += [(start, end, "") for f in found for start, end in f.dropped]
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [_harmless(text[at:start]), new]
        at = end
    parts.append(_harmless(text[at:]))
    return "".join(parts), tuple(f.mark for f in found)


def _harmless(text: str) -> str:
    """Text between boxes: a ☑ or ☐ that is spoken of must not count as one."""
    return text.replace(TICKED, "√").replace(UNTICKED, "□").replace(PLACED, "")


def find_marks(text: str, given: Sequence[Mark] = (), *, wrapped: bool = False) -> list[Found]:
    """The boxes of a text in order, with the raw characters they take up."""
    guessed: set[int] = set()

    def guess(m: re.Match[str]) -> str:
        glyph = glyph_of(m[0], "")
        if glyph != m[0]:
            guessed.add(m.start())
        return glyph

    plain = _PRIVATE.sub(guess, text)
    tokens = signs(plain, given)
    if not tokens:
        return []
    lines = line_bounds(plain)
    whole = sum(_side(plain, within(tokens, a, b), a, b) for a, b in lines)
    lone = _lone(tokens)
    told: list[tuple[list[Sign], int, int, bool]] = []
    for a, b in lines:
        inside = within(tokens, a, b)
        if inside:
            after = (_side(plain, inside, a, b) or whole) < 0
            start = a
            if wrapped and after and _begins_for_line_before(plain, inside[0], tokens, a):
                lead, inside, start = inside[0], inside[1:], plain.rfind("\n", 0, a - 1) + 1
                lead.on_left, lead.confidence = True, min(lead.confidence, 0.9)
                boxes = [lead, *_joined(plain, inside, lead.end, b, after=after, lone=lone)]
            else:
                boxes = _joined(plain, inside, a, b, after=after, lone=lone)
            told.append((boxes, start, len(plain) if wrapped else b, after))
    spans = sorted(s for boxes, *_ in told for t in boxes for s in [(t.start, t.end), *t.dropped])
    borders = [a for a, _ in spans], [b for _, b in spans]
    found: list[Found] = []
    for boxes, a, b, after in told:
        found += _labelled(plain, boxes, borders, a, b, after)
    stray = any(t.stray for boxes, *_ in told for t in boxes)
    for f in found:
        if stray:
            f.mark = replace(f.mark, confidence=min(f.mark.confidence, 0.5))
        if f.start in guessed:
            f.mark = replace(f.mark, confidence=min(f.mark.confidence, 0.85))
    return found


# ------------------------------------------------------------------ from tokens to boxes


def _side(text: str, tokens: list[Sign], start: int, end: int) -> float:
    """Above 0 where boxes stand before their words, below 0 where after."""
    score = 0.0
    for t in tokens:
        weight = 1.0 if t.kind == "box" else 0.5
        before, after = text[start : t.start], text[t.end : end]
        at_start, at_end = not before.strip(), not after.strip(" \t　\u00a0。；;，,、)）")
        if at_start and at_end:
            continue
        if t is tokens[0] and at_start:
            score += 2 * weight
        if t is tokens[-1] and at_end and text[start : tokens[0].start].strip():
            score -= 2 * weight
        if t is tokens[-1] and at_end and tokens[0].kind == "tick" and t.kind == "box":
            score -= 2 * weight  # √是□ 否□
        free_left = not before[-1:].strip() or before[-1:] in "：:、，,；;/（("
        free_right = not after[:1].strip() or after[:1] in "、，,；;/。）)"
        if free_left and not free_right:
            score += weight
        if free_right and not free_left:
            score -= weight
    return score


def _begins_for_line_before(text: str, t: Sign, tokens: list[Sign], start: int) -> bool:
    """Whether a tick at a line's start stands in place of the box of the words before it, which
    ended the line above: 第一产业□ 第二产业 / √ 第三产业□."""
    if t.kind != "tick" or start == 0 or text[start : t.start].strip():
        return False
    above = [o for o in tokens if o.end < start]
    return bool(above) and above[-1].kind == "box" and bool(text[above[-1].end : start].strip())


def _lone(tokens: list[Sign]) -> bool:
    return not any(t.kind == "box" for t in tokens)


def _joined(
    text: str, tokens: list[Sign], start: int, end: int, *, after: bool, lone: bool
) -> list[Sign]:
    """One token per box: each tick or cross joined to its box, or standing in place of one."""
    boxes = [t for t in tokens if t.kind == "box"]
    some_tick = any(t.kind == "tick" or (t.ticked and not t.crossed) for t in tokens)
    out: list[Sign] = list(boxes)
    for n, t in enumerate(tokens):
        if t.kind == "box":
            continue
        at = bisect_left(boxes, t.start, key=lambda b: b.start)
        prev, following = (boxes[at - 1] if at else None), (boxes[at] if at < len(boxes) else None)
        box, sure = _own_box(text, t, prev, following, start, end, after=after)
        if box is not None:
            _tick_box(box, t, sure, some_tick)
            if sure <= 0.6:  # the other one it could have meant is as doubtful
                for other in (prev, following):
                    if other is not None:
                        other.confidence = min(other.confidence, sure)
            continue
        before, behind = tokens[max(n - 1, 0) : n], tokens[n + 1 : n + 2]
        left = text[before[0].end if before else start : t.start]
        right = text[t.end : behind[0].start if behind else end]
        t.on_left = after
        if not left.strip() and not right.strip():
            if lone and len(tokens) == 1:
                t.how, t.confidence = "glyph", 0.9  # a cell that holds the tick alone
            elif not lone and len(tokens) == 1:
                t.stray = True
        elif lone:
            t.confidence = min(t.confidence, 0.7)
            t.sole = True
        elif (after and not left.strip()) or (not after and not right.strip()):
            t.on_left, t.confidence = not after, min(t.confidence, 0.75)  # 是√ □否
        out.append(t)
    return sorted(out, key=lambda t: t.start)


def _own_box(
    text: str,
    t: Sign,
    prev: Sign | None,
    following: Sign | None,
    start: int,
    end: int,
    *,
    after: bool,
) -> tuple[Sign | None, float]:
    """The box a tick belongs to and how sure that is, or none where it replaces a box."""
    left = text[prev.end if prev else start : t.start]
    right = text[t.end : following.start if following else end]
    if prev and not left:
        if following and not right and after is False:
            return (prev, 0.6)
        return (prev, 0.97)
    if following and not right:
        # □是√□否 could be either; □是 √□否 and √□是 could not
        if not left or left[-1:].isspace() or (after and prev is None):
            return (following, 0.95)
        if prev is None:
            return (following, 0.9)
        return (following, 0.55)
    if prev and not left.strip():
        return (prev, 0.93)
    if following and not right.strip():
        if left and not left[-1:].isspace():  # □是√ □否: it touches the words before it
            return (prev, 0.85) if prev and not after else (None, 0.0)
        return (following, 0.93 if not left.strip() else 0.6)
    if not after and prev and not right.strip():
        return (prev, 0.85)  # □否 □是√ at the end of the line
    if after and following and not left.strip():
        return (following, 0.85)  # √是□ 否□
    return (None, 0.0)


def _tick_box(box: Sign, t: Sign, sure: float, some_tick: bool) -> None:
    if t.kind == "cross":
        box.ticked, sure = (False, min(sure, 0.8)) if some_tick else (True, min(sure, 0.6))
    else:
        if box.given and box.given.how not in DRAWN and box.ticked is False:
            sure = min(sure, 0.85)  # the control says no, a typed tick says yes
        box.ticked = True
    box.confidence = min(box.confidence, sure)
    lo, hi = min(box.start, t.start), max(box.end, t.end)
    if t.start - box.end <= 3 and box.start - t.end <= 3 and sure != 0.85:
        box.start, box.end = lo, hi
    else:
        box.dropped.append((t.start, t.end))


def _labelled(
    text: str,
    boxes: list[Sign],
    borders: tuple[list[int], list[int]],
    start: int,
    end: int,
    after: bool,
) -> list[Found]:
    """The boxes of a line with their words; `borders` are starts and ends of all boxes."""
    out = []
    starts, ends = borders
    for t in boxes:
        at, behind = bisect_left(starts, t.start), bisect_left(starts, t.end)
        left = max(start, ends[at - 1]) if at else start
        right = min(end, starts[behind]) if behind < len(starts) else end
        on_left = after if t.on_left is None else t.on_left
        words = text[left : t.start] if on_left else text[t.end : right]
        if t.given and t.given.label and not words.strip():
            words = t.given.label
        label = _words(words, on_left)
        if t.sole and label:
            label = label.split()[-1 if on_left else 0]
        base = t.given or Mark(ticked=None, how=t.how, confidence=0.0)
        mark = replace(base, ticked=t.ticked, confidence=t.confidence, label=label)
        out.append(Found(t.start, t.end, mark, t.dropped))
    return out


def _words(text: str, on_left: bool) -> str:
    """The option's words out of what stands between two boxes."""
    parts = re.split(r"\t+| {3,}|\u3000{2,}", text.strip(" \t\u3000\u00a0\n"))
    words = parts[-1] if on_left else parts[0]
    if on_left:
        words = re.split(r"[：:？?]", words)[-1]
    return re.sub(r"\s*\n\s*", "", words).strip(" \t\u3000\u00a0、，,；;/。")
