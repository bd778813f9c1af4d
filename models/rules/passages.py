"""Where two versions of one text differ, in words that carry meaning, with a little round them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.writing.folding import normalise

_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])-(?=\d)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?"  # a sign that counts
    r"|(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?"
    r"|[A-Za-z]+|[^\W_]"
)
_COUNTED = re.compile(
    r"(?:^|(?<=[\n。；;：:！]))[ \t　]*"
    r"(?:第?[(（]?[一二三四五六七八九十]{1,3}[)）、.．，]|[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳]"
    r"|[●•▪■◆○·\-—])"
)
_NUMERALS = "%〇零一二两三四五六七八九十百千万亿"
_ROUND = 10
"""Characters shown on either side of a change."""
_LONG = 80
"""A passage is shown to this length."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A change, as it stands in the one text and in the other."""

    one: str
    other: str
    numbers: bool
    """A number is part of the change."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    counted: bool
    """It is a number of a list, which one version types and the other counts by itself."""


def bare(text: str) -> str:
    """A short text's characters that carry meaning, for comparing.

    >>> bare("潍坊市 寿光市（蔬菜）") == bare("潍坊市寿光市(蔬菜）")
    True
    """
    return "".join(w.text for w in _words(text))


def changed_passages(one: str, other: str) -> list[Passage]:
    """The passages that differ, those with a changed number first; none where only spaces,
    line breaks, widths, punctuation, a hyphen or the numbers of lists differ."""
    a, b = _words(one), _words(other)
    left, right = [w.text for w in a], [w.text for w in b]
    if left == right:
        return []
    from rapidfuzz.distance import Indel

    groups: list[list[int]] = []
    for op in Indel.opcodes(left, right):
        if op.tag == "equal":
            continue
        i1, i2, j1, j2 = op.src_start, op.src_end, op.dest_start, op.dest_end
        if all(w.counted for w in (*a[i1:i2], *b[j1:j2])):
            continue
        if groups and i1 - groups[-1][1] <= 2 and j1 - groups[-1][3] <= 2:
            groups[-1][1], groups[-1][3] = i2, j2  # one change with a word or two left alone in it
        else:
            groups.append([i1, i2, j1, j2])
    passages = []
    for i1, i2, j1, j2 in groups:
        words = (*a[i1:i2], *b[j1:j2])
        if _joined(left[i1:i2]) == _joined(right[j1:j2]):
            continue
        number = any(w.text[-1].isdigit() or w.text[-1] in _NUMERALS for w in words)
        passages.append(Passage(_shown(one, a, i1, i2), _shown(other, b, j1, j2), number))
    return sorted(passages, key=lambda p: not p.numbers)


def _joined(words: list[str]) -> str:
    return "".join(words)


def _words(text: str) -> list[_Word]:
    folded, places = _folded(text)
    counted = [m.span() for m in _COUNTED.finditer(folded)]
    words, at = [], 0
    for m in _TOKEN.finditer(folded):
        while at < len(counted) and counted[at][1] <= m.start():
            at += 1
        listed = at < len(counted) and counted[at][0] <= m.start() < counted[at][1]
        word = m.group().replace(",", "").lower()
        words.append(_Word(word, places[m.start()], places[m.end() - 1] + 1, listed))
    return words


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with one form for each sign, and where each of its characters stood."""
    out, places = [], []
    for at, char in enumerate(text):
        for one in normalise(char):
            out.append(one)
            places.append(at)
    return "".join(out), places


def _shown(text: str, words: list[_Word], start: int, end: int) -> str:
    """The words start:end as they stand in the text, with a little round them."""
    if not words:
        return ""
    first = words[start].start if start < len(words) else len(text)
    last = words[end - 1].end if end > start else first
    if end - start and last - first > _LONG:
        middle = f"{text[first : first + _LONG // 2]}……{text[last - _LONG // 2 : last]}"
    else:
        middle = text[first:last]
    before = text[max(0, first - _ROUND) : first]
    after = text[last : last + _ROUND]
    shown = f"{'…' if first > _ROUND else ''}{before}【{middle}】{after}"
    return re.sub(r"\s+", " ", shown + ("…" if last + _ROUND < len(text) else "")).strip()
