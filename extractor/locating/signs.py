"""The letters that boxes, ticks and crosses are written with, and what only looks like them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.types import Mark

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


@dataclass(slots=True)
class Sign:
    """Letters that may be a box, or a tick or cross that belongs to one."""

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


def signs(text: str, given: Sequence[Mark]) -> list[Sign]:
    """What stands for a box, a tick or a cross in the text, in order; `given` are the marks of
    the PLACED characters. Whatever only looks like one is left out."""
    return _only_real(text, _tokens(text, given)) if _ANY.search(text) else []


def line_bounds(text: str) -> list[tuple[int, int]]:
    """Start and end of each line of the text."""
    out, at = [], 0
    for line in text.split("\n"):
        out.append((at, at + len(line)))
        at += len(line) + 1
    return out


def within(tokens: Sequence[Sign], start: int, end: int) -> list[Sign]:
    """Those that begin in text[start:end], of tokens in order."""
    at = bisect_left(tokens, start, key=lambda t: t.start)
    return list(tokens[at : bisect_left(tokens, end, lo=at, key=lambda t: t.start)])


def _tokens(text: str, given: Sequence[Mark]) -> list[Sign]:
    spoken = [m.span() for m in _SPOKEN.finditer(text)]
    spoken += [m.span() for m in _SQUARES.finditer(text)]
    spoken += [(a, b) for a, b in line_bounds(text) if _NOTE.match(text[a:b])]
    queue = iter(given)
    out: list[Sign] = []
    for m in _TOKEN.finditer(text):
        s, e = m.span()
        if m["placed"]:
            mark = next(queue, None)
            if mark is not None:
                out.append(Sign(s, e, "box", mark.ticked, mark.how, mark.confidence, given=mark))
            continue
        if any(a <= s < b for a, b in spoken):
            continue
        while e < len(text) and text[e] in "\ufe0e\ufe0f":
            e += 1
        if m["bracket"]:
            out.append(_bracket(s, e, m["inside"]))
        elif m["empty"] or m["boxlike"]:
            out.append(Sign(s, e, "box", False, "glyph", 0.97 if m["empty"] else 0.7))
        elif m["filled"]:
            out.append(Sign(s, e, "box", True, "glyph", 0.97))
        elif m["crossed"]:
            out.append(Sign(s, e, "box", True, "glyph", 0.93, crossed=True))
        elif m["tick"]:
            out.append(Sign(s, e, "tick", True, "replaced", 0.93))
        elif m["weak"]:
            out.append(Sign(s, e, "tick", True, "replaced", 0.8))
        elif m["cross"]:
            out.append(Sign(s, e, "cross", False, "replaced", 0.7))
        else:
            out.append(Sign(s, e, "box", bool(m["on"]), "radio", 0.9))
    return out


def _bracket(start: int, end: int, inside: str) -> Sign:
    if not inside:
        return Sign(start, end, "box", False, "brackets", 0.95, bracket=True)
    if inside in _CROSSES:
        return Sign(start, end, "box", True, "brackets", 0.6, bracket=True, crossed=True)
    sure = 0.95 if inside in _TICKS + _FILLED else 0.85
    return Sign(start, end, "box", True, "brackets", sure, bracket=True)


def _only_real(text: str, tokens: list[Sign]) -> list[Sign]:
    """Without what only looks like a box, seen against the rest of the cell."""
    squares = [t for t in tokens if t.kind == "box" and not t.bracket and t.how != "radio"]
    ticks = [t for t in tokens if t.kind == "tick"]
    keep: list[Sign] = [t for t in tokens if t.how not in ("radio", "brackets")]
    keep = [t for t in keep if t.kind != "cross" or _cross_counts(text, t, squares, ticks)]
    radios = [t for t in tokens if t.how == "radio" and not t.given]
    keep += _real_radios(text, radios, any(t.given and t.ticked for t in tokens))
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


def _cross_counts(text: str, t: Sign, squares: list[Sign], ticks: list[Sign]) -> bool:
    """A × is a mark touching a box, or standing as √ does elsewhere; never between numbers."""
    before, after = text[t.start - 1 : t.start], text[t.end : t.end + 1]
    if any(s.end == t.start or s.start == t.end for s in squares):
        return True
    if before.isdigit() or after.isdigit():
        return False
    return bool(ticks) and (not before.strip() or not after.strip())


def _real_radios(text: str, radios: list[Sign], ticked: bool = False) -> list[Sign]:
    """Circles that are boxes; `ticked` where the reader saw a tick over another of the text."""
    alone = [
        t
        for t in radios
        if text[t.start - 1 : t.start] not in [*_NUMERAL, text[t.start]]
        and text[t.end : t.end + 1] not in [*_NUMERAL, text[t.start]]
    ]
    lines = [(a, b, within(alone, a, b)) for a, b in line_bounds(text)]
    if ticked and not any(t.ticked for t in alone):
        return [
            t
            for a, b, here in lines
            for t in here
            if len(here) >= 2 or not text[a : t.start].strip() or not text[t.end : b].strip()
        ]
    if {t.ticked for t in alone} != {True, False}:
        return [  # ○是 ○否, none of them set; a ● without a ○ is a bullet
            replace(t, confidence=0.7)
            for a, b, here in lines
            if len(here) >= 2 and not any(t.ticked for t in here) and b - a <= 30 * len(here)
            for t in here
        ]
    together = any({t.ticked for t in here} == {True, False} for _, _, here in lines)
    real: list[Sign] = []
    for a, b, here in lines:
        first = [
            t for t in here[:1] if not text[a : t.start].strip() or not text[t.end : b].strip()
        ]
        # one to a line they may be bullets of two levels, the more so before whole sentences
        sure = 0.9 if together else 0.5 if "。" in text[a:b] else 0.8
        real += [replace(t, confidence=sure) for t in (here if len(here) >= 2 else first)]
    return real if {t.ticked for t in real} == {True, False} else []


def _real_brackets(text: str, brackets: list[Sign], squares: bool) -> list[Sign]:
    """（ ） is a box where a sibling holds a tick, or several stand in one short line."""
    ticked = [t for t in brackets if t.ticked]
    if squares:  # □是（√）: the brackets only carry the tick
        return [replace(t, kind="tick", how="replaced") for t in ticked if not t.crossed]
    narrow = [t for t in brackets if t.ticked or t.end - t.start <= 6]
    if ticked:
        if len(brackets) == 1:
            narrow = [replace(t, confidence=min(t.confidence, 0.6)) for t in narrow]
        return narrow
    out: list[Sign] = []
    for a, b in line_bounds(text):
        here = within(narrow, a, b)
        if len(here) >= 2 and b - a <= 24 * len(here):
            out += [replace(t, confidence=0.7) for t in here]
    if out:
        return out
    # one to a line, each before its words: a list of options of which none is ticked
    starts = [t for a, b in line_bounds(text) for t in within(narrow, a, b)[:1]
              if not text[a : t.start].strip() and text[t.end : b].strip()]  # fmt: skip
    return [replace(t, confidence=0.7) for t in starts] if len(starts) >= 2 else []


def _row_of_ticks(text: str, ticks: list[Sign]) -> bool:
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


def _tick_counts(text: str, t: Sign) -> bool:
    """Whether a tick in a text without any box is one: not a root, not in a running sentence."""
    if text[t.end : t.end + 1].isdigit() or text[t.end : t.end + 1] in ("(", "（"):
        return False
    a, b = next((a, b) for a, b in line_bounds(text) if a <= t.start <= b)
    edge = not text[a : t.start].strip() or not text[t.end : b].strip()
    return b - a <= 30 or (edge and b - a <= 80)


def _doubted(text: str, tokens: list[Sign]) -> list[Sign]:
    """Lower confidence where a box may be a bullet or a missing glyph, or signs contradict."""
    boxes = [t for t in tokens if t.kind == "box"]
    some_ticked = any(t.ticked and not t.crossed for t in tokens)
    empty = any(t.ticked is False for t in boxes)
    line_ends = [b for _, b in line_bounds(text)]
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


def _inside_word(text: str, t: Sign) -> bool:
    return text[t.start - 1 : t.start].isalnum() and text[t.end : t.end + 1].isalnum()
