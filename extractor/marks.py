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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractor.glyphs import glyph_of, symbol_font
from models.types import TICKED, UNTICKED, Mark

__all__ = [
    "PLACED", "Found", "find_marks", "glyph_of", "normalise_marks", "symbol_font",
    "without_sentinels", "written",
]  # fmt: skip

PLACED = "\ufdd0"
"""Stands for a mark that the reader hands over itself; a Unicode non-character."""

_EMPTY = "□☐▢◻❏❐❑❒⬜◽▫🔲🗆"
_FILLED = "■☑◼⬛◾▣✅🗹🔳"
_CROSSED = "☒⊠⌧🗵🗷❎"
_TICKS = "√✓✔🗸"
_WEAK_TICKS = "vVνⅴ∨˅ˇ"  # a tick only inside or touching a box
_CROSSES = "×✗✘✕✖╳❌🗴"
_RADIO_OFF = "○◯〇⚪"
_RADIO_ON = "●◉⊙◎🔘⚫"
_BOXLIKE = "口囗"  # characters typed, or read by OCR, for a box

_SPACE = r"[ \t\u00a0\u2000-\u200b\u3000]"
_OPEN, _CLOSE = r"[(（\[［【〔]", r"[)）\]］】〕]"
_NUMERAL = "0123456789０１２３４５６７８９一二三四五六七八九十百千零年"

_TOKEN = re.compile(
    rf"(?P<bracket>{_OPEN}{_SPACE}*"
    rf"(?P<inside>[{_TICKS}{_CROSSES}{_FILLED}{_WEAK_TICKS}xXⅩ●]?){_SPACE}*{_CLOSE})"
    rf"|(?P<placed>{PLACED})|(?P<empty>[{_EMPTY}])|(?P<filled>[{_FILLED}])"
    rf"|(?P<crossed>[{_CROSSED}])|(?P<tick>[{_TICKS}])|(?P<cross>[{_CROSSES}])"
    rf"|(?P<off>[{_RADIO_OFF}])|(?P<on>[{_RADIO_ON}])"
    rf"|(?<=[{_EMPTY}])(?P<weak>[{_WEAK_TICKS}])(?![A-Za-z0-9])"
    rf"|(?:(?<=^)|(?<=[\s{_FILLED}]))(?P<boxlike>[{_BOXLIKE}])(?=\S)",
    re.MULTILINE,
)
_ANY = re.compile(
    f"[{PLACED}{_EMPTY}{_FILLED}{_CROSSED}{_TICKS}{_CROSSES}{_RADIO_OFF}{_RADIO_ON}\uf020-\uf0ff]"
    rf"|{_OPEN}{_SPACE}*[xXvV]?{_SPACE}*{_CLOSE}"
)

_QUOTES = "“”\"‘’'「」『』＂"
_MARKISH = f"[{_EMPTY}{_FILLED}{_CROSSED}{_TICKS}{_CROSSES}{_RADIO_OFF}{_RADIO_ON}]"
# Where a box or tick is spoken of, not set. Each match covers marks that are none.
_SPOKEN = re.compile(
    rf"[{_QUOTES}]{_SPACE}*(?:{_MARKISH}{_SPACE}*)+[{_QUOTES}]"
    rf"|(?:打|划|画|勾|填写?|标注?|标记|(?<!适)用|以|写|打上|画上)(?:上|入|个|一个|成)?"
    rf"{_SPACE}*[(（\[【{_QUOTES}]*{_SPACE}*[{_TICKS}{_CROSSES}{_FILLED}]"
    rf"(?:{_SPACE}*[/或、]{_SPACE}*[{_TICKS}{_CROSSES}])?"
    rf"|在[^，。；：\n]{{0,12}}?(?:{_OPEN}{_SPACE}*{_CLOSE}|{_MARKISH})"
    rf"[^，。；：\n{_EMPTY}{_TICKS}]{{0,3}}?[内中里上处前后]"
    rf"|{_MARKISH}{_SPACE}*[{_QUOTES}]?(?:表示|代表|为选中|即为|内打|内划|内画|中打|里打)"
    rf"|{_OPEN}?[{_TICKS}]{_SPACE}*[/或、]{_SPACE}*[{_CROSSES}]{_CLOSE}?"
)
_NOTE = re.compile(
    r"^\s*(?:注|备注|说明|填表说明|提示|请)\s*[：:1-9]?.*"
    r"(?:勾选|打勾|[打划画]\s*[“\"]?[√✓✔])"
)
_SQUARES = re.compile(rf"[{_EMPTY}](?:{_SPACE}?[{_EMPTY}]){{2,}}")


def without_sentinels(text: str) -> str:
    """`text` as it came out of a file, without characters that mean something to this module."""
    return text.replace(PLACED, "")


@dataclass(slots=True)
class Found:
    """One box: the characters raw[start:end] of the text given, and its mark."""

    start: int
    end: int
    mark: Mark
    dropped: list[tuple[int, int]] = field(default_factory=list)
    """Characters elsewhere that belong to this box (the tick of `□是√`), left out of the text."""


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    kind: str  # box, tick, cross
    ticked: bool | None
    how: str
    confidence: float
    bracket: bool = False
    given: Mark | None = None
    crossed: bool = False
    dropped: list[tuple[int, int]] = field(default_factory=list)
    stray: bool = False  # alone in its line, boxes in others: whose it is nobody can tell
    sole: bool = False  # no box near it: its words are the ones it touches
    on_left: bool | None = None  # its words stand to its left, whatever the line's convention


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
    """The text with the boxes found in it put in the convention's letters, and their marks."""
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
    if not _ANY.search(text):
        return []
    plain = "".join(glyph_of(c, "") if "\uf020" <= c <= "\uf0ff" else c for c in text)
    guessed = {i for i, c in enumerate(text) if plain[i] != c}
    tokens = _tokens(plain, given)
    tokens = _only_real(plain, tokens)
    if not tokens:
        return []
    lines = _lines(plain)
    whole = sum(_side(plain, _within(tokens, a, b), a, b) for a, b in lines)
    lone = _lone(tokens)
    told: list[tuple[list[_Token], int, int, bool]] = []
    for a, b in lines:
        inside = _within(tokens, a, b)
        if inside:
            after = (_side(plain, inside, a, b) or whole) < 0
            boxes = _joined(plain, inside, a, b, after=after, lone=lone)
            told.append((boxes, a, len(plain) if wrapped else b, after))
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


# ------------------------------------------------------------------ from letters to tokens


def _tokens(text: str, given: Sequence[Mark]) -> list[_Token]:
    spoken = [m.span() for m in _SPOKEN.finditer(text)]
    spoken += [m.span() for m in _SQUARES.finditer(text)]
    spoken += [(a, b) for a, b in _lines(text) if _NOTE.match(text[a:b])]
    queue = iter(given)
    out: list[_Token] = []
    for m in _TOKEN.finditer(text):
        s, e = m.span()
        if m["placed"]:
            mark = next(queue, None)
            if mark is not None:
                out.append(_Token(s, e, "box", mark.ticked, mark.how, mark.confidence, given=mark))
            continue
        if any(a <= s < b for a, b in spoken):
            continue
        while e < len(text) and text[e] in "\ufe0e\ufe0f":
            e += 1
        if m["bracket"]:
            out.append(_bracket(s, e, m["inside"]))
        elif m["empty"] or m["boxlike"]:
            out.append(_Token(s, e, "box", False, "glyph", 0.97 if m["empty"] else 0.7))
        elif m["filled"]:
            out.append(_Token(s, e, "box", True, "glyph", 0.97))
        elif m["crossed"]:
            out.append(_Token(s, e, "box", True, "glyph", 0.93, crossed=True))
        elif m["tick"]:
            out.append(_Token(s, e, "tick", True, "replaced", 0.93))
        elif m["weak"]:
            out.append(_Token(s, e, "tick", True, "replaced", 0.8))
        elif m["cross"]:
            out.append(_Token(s, e, "cross", False, "replaced", 0.7))
        else:
            out.append(_Token(s, e, "box", bool(m["on"]), "radio", 0.9))
    return out


def _bracket(start: int, end: int, inside: str) -> _Token:
    if not inside:
        return _Token(start, end, "box", False, "brackets", 0.95, bracket=True)
    if inside in _CROSSES:
        return _Token(start, end, "box", True, "brackets", 0.6, bracket=True, crossed=True)
    sure = 0.95 if inside in _TICKS + _FILLED else 0.85
    return _Token(start, end, "box", True, "brackets", sure, bracket=True)


def _only_real(text: str, tokens: list[_Token]) -> list[_Token]:
    """Without what only looks like a box, seen against the rest of the cell."""
    squares = [t for t in tokens if t.kind == "box" and not t.bracket and t.how != "radio"]
    ticks = [t for t in tokens if t.kind == "tick"]
    keep: list[_Token] = [t for t in tokens if t.how not in ("radio", "brackets")]
    keep = [t for t in keep if t.kind != "cross" or _cross_counts(text, t, squares, ticks)]
    keep += _real_radios(text, [t for t in tokens if t.how == "radio" and not t.given])
    keep += [t for t in tokens if t.given and t.how in ("radio", "brackets")]
    keep += _real_brackets(text, [t for t in tokens if t.bracket], bool(squares))
    keep.sort(key=lambda t: t.start)
    if not any(t.kind == "box" for t in keep):
        several = _row_of_ticks(text, [t for t in keep if t.kind == "tick"])
        keep = [t for t in keep if t.kind == "cross" or several or _tick_counts(text, t)]
        if not any(t.kind == "tick" for t in keep):
            return []
    if all(text[t.start] in _BOXLIKE for t in keep):
        return []  # 口 is a box only in company of a true box or tick in the same cell
    return _doubted(text, keep)


def _cross_counts(text: str, t: _Token, squares: list[_Token], ticks: list[_Token]) -> bool:
    """A × is a mark touching a box, or standing as √ does elsewhere; never between numbers."""
    before, after = text[t.start - 1 : t.start], text[t.end : t.end + 1]
    if any(s.end == t.start or s.start == t.end for s in squares):
        return True
    if before.isdigit() or after.isdigit():
        return False
    return bool(ticks) and (not before.strip() or not after.strip())


def _real_radios(text: str, radios: list[_Token]) -> list[_Token]:
    alone = [
        t
        for t in radios
        if text[t.start - 1 : t.start] not in [*_NUMERAL, text[t.start]]
        and text[t.end : t.end + 1] not in [*_NUMERAL, text[t.start]]
    ]
    lines = [(a, b, _within(alone, a, b)) for a, b in _lines(text)]
    if {t.ticked for t in alone} != {True, False}:
        return [  # ○是 ○否, none of them set; a ● without a ○ is a bullet
            replace(t, confidence=0.7)
            for a, b, here in lines
            if len(here) >= 2 and not any(t.ticked for t in here) and b - a <= 30 * len(here)
            for t in here
        ]
    together = any({t.ticked for t in here} == {True, False} for _, _, here in lines)
    real: list[_Token] = []
    for a, b, here in lines:
        first = [
            t for t in here[:1] if not text[a : t.start].strip() or not text[t.end : b].strip()
        ]
        # one to a line they may be bullets of two levels, the more so before whole sentences
        sure = 0.9 if together else 0.5 if "。" in text[a:b] else 0.8
        real += [replace(t, confidence=sure) for t in (here if len(here) >= 2 else first)]
    return real if {t.ticked for t in real} == {True, False} else []


def _real_brackets(text: str, brackets: list[_Token], squares: bool) -> list[_Token]:
    """（ ） is a box where a sibling holds a tick, or several stand in one short line."""
    ticked = [t for t in brackets if t.ticked]
    if squares:  # □是（√）: the brackets only carry the tick
        return [replace(t, kind="tick", how="replaced") for t in ticked if not t.crossed]
    narrow = [t for t in brackets if t.ticked or t.end - t.start <= 6]
    if ticked:
        if len(brackets) == 1:
            narrow = [replace(t, confidence=min(t.confidence, 0.6)) for t in narrow]
        return narrow
    out: list[_Token] = []
    for a, b in _lines(text):
        here = _within(narrow, a, b)
        if len(here) >= 2 and b - a <= 24 * len(here):
            out += [replace(t, confidence=0.7) for t in here]
    return out


def _row_of_ticks(text: str, ticks: list[_Token]) -> bool:
    """Several ticks, each before (or behind) words of its own: every box was replaced by √."""
    if len(ticks) < 2:
        return False
    starts, ends = [t.start for t in ticks], [t.end for t in ticks]
    words = [text[a:b] for a, b in zip([0, *ends], [*starts, len(text)], strict=True)]
    if any(w[:1].isdigit() for w in words[1:]) or any("。" in w for w in words):
        return False
    before, between, behind = words[0].strip(), words[1:-1], words[-1].strip()
    named = all(any(c.isalnum() for c in w) for w in between)
    lead = not before or before.endswith((":", "："))
    return named and ((lead and bool(behind)) or (bool(before) and not behind))


def _tick_counts(text: str, t: _Token) -> bool:
    """Whether a tick in a text without any box is one: not a root, not in a running sentence."""
    if text[t.end : t.end + 1].isdigit() or text[t.end : t.end + 1] in ("(", "（"):
        return False
    a, b = next((a, b) for a, b in _lines(text) if a <= t.start <= b)
    edge = not text[a : t.start].strip() or not text[t.end : b].strip()
    return b - a <= 30 or (edge and b - a <= 80)


def _doubted(text: str, tokens: list[_Token]) -> list[_Token]:
    """Lower confidence where a box may be a bullet or a missing glyph, or signs contradict."""
    boxes = [t for t in tokens if t.kind == "box"]
    some_ticked = any(t.ticked and not t.crossed for t in tokens)
    empty = any(t.ticked is False for t in boxes)
    line_ends = [b for _, b in _lines(text)]
    in_line = Counter(line_ends[bisect_left(line_ends, t.start)] for t in boxes)
    for t in boxes:
        if t.given:
            continue
        b = line_ends[bisect_left(line_ends, t.start)]
        alone_in_line = in_line[b] == 1
        long = b - t.end > 60 or "。" in text[t.end : b]
        if t.crossed and some_ticked:
            t.ticked, t.confidence = None, 0.5  # ☑是 ☒否: a "no", or ticked as well
        if text[t.start] in "■◼⬛◾▣" and not empty:
            t.confidence = 0.85 if not long else 0.5
        elif alone_in_line and long and len(boxes) == 1:
            t.confidence = min(t.confidence, 0.5)
        elif len(boxes) == 1 and not some_ticked and t.how == "glyph" and _inside_word(text, t):
            t.confidence = min(t.confidence, 0.5)  # 王□明: a glyph the font did not have
    return tokens


def _inside_word(text: str, t: _Token) -> bool:
    return text[t.start - 1 : t.start].isalnum() and text[t.end : t.end + 1].isalnum()


# ------------------------------------------------------------------ from tokens to boxes


def _lines(text: str) -> list[tuple[int, int]]:
    out, at = [], 0
    for line in text.split("\n"):
        out.append((at, at + len(line)))
        at += len(line) + 1
    return out


def _within(tokens: Sequence[_Token], start: int, end: int) -> list[_Token]:
    """Those that begin in text[start:end], of tokens in order."""
    at = bisect_left(tokens, start, key=lambda t: t.start)
    return list(tokens[at : bisect_left(tokens, end, lo=at, key=lambda t: t.start)])


def _side(text: str, tokens: list[_Token], start: int, end: int) -> float:
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


def _lone(tokens: list[_Token]) -> bool:
    return not any(t.kind == "box" for t in tokens)


def _joined(
    text: str, tokens: list[_Token], start: int, end: int, *, after: bool, lone: bool
) -> list[_Token]:
    """One token per box: each tick or cross joined to its box, or standing in place of one."""
    boxes = [t for t in tokens if t.kind == "box"]
    some_tick = any(t.kind == "tick" or (t.ticked and not t.crossed) for t in tokens)
    out: list[_Token] = list(boxes)
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
    t: _Token,
    prev: _Token | None,
    following: _Token | None,
    start: int,
    end: int,
    *,
    after: bool,
) -> tuple[_Token | None, float]:
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


def _tick_box(box: _Token, t: _Token, sure: float, some_tick: bool) -> None:
    if t.kind == "cross":
        box.ticked, sure = (False, min(sure, 0.8)) if some_tick else (True, min(sure, 0.6))
    else:
        if box.given and box.ticked is False:
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
    boxes: list[_Token],
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
