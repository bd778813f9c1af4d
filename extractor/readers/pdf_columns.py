"""Tables ruled across only (three lines and no upright one): their columns, from the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractor.readers.pdf_glyphs import Glyph
from extractor.readers.pdf_pages import PageContent, Rule
from extractor.readers.pdf_text import lay_out

RIVER = 0.9
"""A blank strip this wide, in ems, through all lines parts two columns."""


def column_rules(content: PageContent) -> list[Rule]:
    """The lines such tables leave out: between columns and rows, and down both sides.

    Only where it is evident: rules of one length above each other, no upright line near them,
    and strips of blank through every line of text between them.
    """
    out: list[Rule] = []
    for rules in _stacks(content.rules, content.glyphs):
        top, bottom = rules[0].at, rules[-1].at
        left, right = rules[0].start, rules[0].end
        inside = [
            g
            for g in content.glyphs
            if left - 2 <= g.x0 and g.x1 <= right + 2 and top < (g.top + g.bottom) / 2 < bottom
        ]
        out += _between(inside, left, right, top, bottom)
    return out


def _stacks(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[list[Rule]]:
    down = [r for r in rules if not r.horizontal and r.end - r.start > 4]
    stacks: list[list[Rule]] = []
    for rule in sorted((r for r in rules if r.horizontal), key=lambda r: r.at):
        if rule.end - rule.start < 120:
            continue
        alike = (
            s for s in reversed(stacks)
            if abs(s[-1].start - rule.start) <= 3 and abs(s[-1].end - rule.end) <= 3
        )  # fmt: skip
        stack = next(alike, None)
        if stack is not None and rule.at - stack[-1].at <= 4:
            continue  # a double line
        if stack is not None and any(stack[-1].at < g.base <= rule.at for g in glyphs):
            stack.append(rule)
        else:
            stacks.append([rule])
    return [
        s
        for s in stacks
        if len(s) >= 2
        and not any(
            s[0].start - 4 <= d.at <= s[0].end + 4 and d.start < s[-1].at and s[0].at < d.end
            for d in down
        )
    ]


def _between(
    glyphs: list[Glyph], left: float, right: float, top: float, bottom: float
) -> list[Rule]:
    lines = lay_out(glyphs, 0)
    if len(lines) < 2 or any(line.turn for line in lines):
        return []
    size = sorted(line.size for line in lines)[len(lines) // 2]
    inked: list[list[float]] = []
    for glyph in sorted((g for g in glyphs if not g.text.isspace()), key=lambda g: g.x0):
        if inked and glyph.x0 - inked[-1][1] < RIVER * size:
            inked[-1][1] = max(inked[-1][1], glyph.x1)
        else:
            inked.append([glyph.x0, glyph.x1])
    rivers = [(a[1] + b[0]) / 2 for a, b in pairwise(inked)]
    if not rivers:
        return []
    full = 0
    for line in lines:
        middles = [(g.x0 + g.x1) / 2 for g in line.glyphs if g is not None]
        full += len({sum(m > x for x in rivers) for m in middles}) == len(rivers) + 1
    if full < 0.7 * len(lines):
        return []
    bases = [line.base for line in lines]
    cuts = [(a - 0.38 * size + b - 0.38 * size) / 2 for a, b in pairwise(bases)]
    return [Rule(False, x, top, bottom) for x in (left, *rivers, right)] + [
        Rule(True, y, left, right) for y in cuts
    ]
