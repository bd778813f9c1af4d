"""Passages that two texts share: fingerprints of their shingles (winnowing), and the passages.

A text is folded first: numbers count as one sign, punctuation, spaces and the widths of characters
not at all, a heading parts what stands before it from what comes after. Two texts that share
GUARANTEED folded characters share a fingerprint (Schleimer, Wilkerson, Aiken, Winnowing, 2003).
What everybody writes, because the regulation or the form says it, makes no fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from models.writing.folding import normalise

SHINGLE = 10
"""Folded characters in a fingerprint."""
WINDOW = 8
"""Of so many shingles in a row one is kept."""
GUARANTEED = SHINGLE + WINDOW - 1
PIECE = 6
"""Words of so many folded characters that stand in a regulation or form count for nobody."""
GAP = 8
"""So many folded characters may differ inside a shared passage."""

_HEADING = re.compile(
    r"[ \t　]*(?:第?[(（]?[一二三四五六七八九十]{1,3}[)）、.．，：:节章]"
    r"|[(（]?\d{1,2}[)）、.．](?!\d))"
    r"[^，。；,;\n]{0,30}$"
)
_PARTED = "\x00"
_NONE = 1 << 32
"""More than any hash: a shingle that makes no fingerprint."""


@dataclass(frozen=True, slots=True)
class Folded:
    text: str
    places: tuple[int, ...]
    """Where each folded character stands in the text as written."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The same passage in two texts, as spans of the texts as written."""

    one: tuple[int, int]
    other: tuple[int, int]
    length: int
    """Folded characters that are the same in both and are nobody's print."""


def fold(text: str) -> Folded:
    """The characters that are compared, and where they stand."""
    chars: list[str] = []
    places: list[int] = []
    at = 0
    for line in text.split("\n"):
        if _HEADING.match(line):
            chars.append(_PARTED)
            places.append(at)
        else:
            _fold_line(line, at, chars, places)
        at += len(line) + 1
    return Folded("".join(chars), tuple(places))


def _fold_line(line: str, at: int, chars: list[str], places: list[int]) -> None:
    for offset, char in enumerate(line):
        for one in normalise(char) if ord(char) > 0x7F else char:
            if one.isdigit():
                if chars and chars[-1] == "0":
                    continue
                one = "0"
            elif not one.isalnum():
                continue
            chars.append(one.lower())
            places.append(at + offset)


def fingerprints(text: str, known: frozenset[int] = frozenset()) -> str:
    """The text's fingerprints, packed: eight hexadecimal digits of a shingle's hash and four of
    where it stands in the folded text, one after the other. `known` shingles make none."""
    # of the least hashes in a window the last one is kept
    ranked = [
        (_NONE, 0) if h < 0 or h in known else (h, -n)
        for n, h in enumerate(_shingles(fold(text).text))
    ]
    kept: list[str] = []
    last = -1
    for start in range(max(1, len(ranked) - WINDOW + 1)):
        hash, place = min(ranked[start : start + WINDOW], default=(_NONE, 0))
        if hash != _NONE and -place != last:
            last = -place
            kept.append(f"{hash:08x}{last & 0xFFFF:04x}")
    return "".join(kept)


def unpack(prints: str) -> Iterator[tuple[int, int]]:
    """(hash, place in the folded text) of each fingerprint."""
    for at in range(0, len(prints), 12):
        yield int(prints[at : at + 8], 16), int(prints[at + 8 : at + 12], 16)


def _shingles(folded: str, size: int = SHINGLE) -> list[int]:
    """The hash of every shingle; -1 for one that a heading parts."""
    return [
        -1 if _PARTED in piece else crc32(piece.encode())
        for piece in (folded[n : n + size] for n in range(len(folded) - size + 1))
    ]


def known_of(texts: Iterable[str]) -> frozenset[int]:
    """What some texts say, for `known`: the hash of each of their shingles and pieces."""
    folded = [fold(text).text for text in texts]
    return frozenset(h for t in folded for size in (SHINGLE, PIECE) for h in _shingles(t, size))


@lru_cache(maxsize=64)
def _folded(text: str) -> Folded:
    return fold(text)


def shared_passages(
    one: str, other: str, seeds: Iterable[tuple[int, int]], known: frozenset[int], least: int
) -> list[Shared]:
    """The passages of at least `least` folded characters that both texts hold, longest first.

    `seeds` are places in the two folded texts where a fingerprint was the same.
    """
    a, b = _folded(one), _folded(other)
    runs: list[tuple[int, int, int]] = []
    ends: dict[int, int] = {}
    for i, j in sorted(seeds):
        if i < ends.get(j - i, 0) or a.text[i : i + SHINGLE] != b.text[j : j + SHINGLE]:
            continue
        start, stop = _extended(a.text, b.text, i, j)
        ends[j - i] = stop
        runs.append((start, start + j - i, stop - start))
    print_ = _printed(a.text, known)
    passages = []
    for group in _joined(sorted(runs)):
        length = sum(sum(1 for n in range(i, i + k) if not print_[n]) for i, _, k in group)
        if length < least:
            continue
        (i, j, _), (last_i, last_j, k) = group[0], group[-1]
        span_a = (a.places[i], a.places[last_i + k - 1] + 1)
        span_b = (b.places[j], b.places[last_j + k - 1] + 1)
        passages.append(Shared(span_a, span_b, length))
    return sorted(passages, key=lambda p: -p.length)


def _extended(a: str, b: str, i: int, j: int) -> tuple[int, int]:
    start, back = i, j
    while start > 0 and back > 0 and a[start - 1] == b[back - 1] != _PARTED:
        start, back = start - 1, back - 1
    stop, on = i + SHINGLE, j + SHINGLE
    while stop < len(a) and on < len(b) and a[stop] == b[on] != _PARTED:
        stop, on = stop + 1, on + 1
    return start, stop


def _joined(runs: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Runs that follow each other in both texts with little between them, as one passage."""
    group: list[tuple[int, int, int]] = []
    for i, j, k in runs:
        if group:
            last_i, last_j, last_k = group[-1]
            gap_i, gap_j = i - last_i - last_k, j - last_j - last_k
            if i + k <= last_i + last_k:
                continue  # the same words once more
            if 0 <= gap_i <= GAP and 0 <= gap_j <= GAP:
                group.append((i, j, k))
                continue
            yield group
        group = [(i, j, k)]
    if group:
        yield group


def _printed(folded: str, known: frozenset[int]) -> list[bool]:
    """Which folded characters stand in a known piece, or are numbers."""
    flags = [char == "0" for char in folded]
    for n, hash in enumerate(_shingles(folded, PIECE)):
        if hash in known:
            flags[n : n + PIECE] = [True] * PIECE
    return flags
