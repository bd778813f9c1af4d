"""What is gathered of a Word story before its grids are laid and its tick boxes told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from models.types import Mark

NUMBER, TYPED = "\ufdd1", "\ufdd2"
"""Stand before and behind a number that Word counts by itself; Unicode non-characters."""


def typed_apart(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without those signs, and where in it the automatic numbers stand."""
    out, spans, start = [], [], -1
    length = 0
    for part in re.split(f"([{NUMBER}{TYPED}])", text):
        if part == NUMBER:
            start = length
        elif part == TYPED:
            if 0 <= start < length:
                spans.append((start, length))
            start = -1
        else:
            out.append(part)
            length += len(part)
    return "".join(out), tuple(spans)


_EDGES = " \t\n\u3000\u00a0\u2002"

STRUCK, CIRCLED = "struck", "circled"
DELETED = "deleted"
"""With changes tracked, and nobody has accepted it yet."""
OVER, TICK, ON = "over", "tick", "on"
"""A small drawing, or one that shows a tick, laid over the line it is anchored in; either of them
placed on the very letter that follows its anchor."""


@dataclass(frozen=True, slots=True)
class Span:
    """How text[start:end] is set off: struck, circled, bold, underlined … `cut` are struck-out
    or deleted words that stood at `start` and are not in the text."""

    start: int
    end: int
    kind: str
    cut: str = ""

    def moved(self, by: int) -> Span:
        """The same span `by` characters further on."""
        return Span(max(self.start + by, 0), max(self.end + by, 0), self.kind, self.cut)


@dataclass(slots=True)
class Remark:
    """What the reviewer must know of a spot: an open change, hidden or struck-out text."""

    kind: str
    """change, hidden or struck."""
    old: str
    new: str = ""
    place: str = ""


@dataclass(slots=True)
class Raw:
    """A paragraph (or more, a line each), PLACED where one of its marks stands."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    bullet: str = ""
    """The picture its list bullet prints."""
    goes_on: bool = False
    """Its paragraph mark is deleted: the next paragraph goes on in the same line."""

    def add(self, other: Raw) -> None:
        """Appends text that goes on in the same line."""
        self.spans += [s.moved(len(self.text)) for s in other.spans]
        self.text += other.text
        self.marks += other.marks
        self.remarks += other.remarks

    def add_line(self, other: Raw, joint: str = "\n") -> None:
        """Appends another paragraph on a line of its own; of an empty one only what is beside
        the text."""
        self.remarks += other.remarks
        if other.text.strip():
            self.text += joint if self.text else ""
            self.spans += [s.moved(len(self.text)) for s in other.spans]
            self.text += other.text
            self.marks += other.marks
        else:
            self.spans += [s.moved(len(self.text)) for s in other.spans if s.start == s.end]

    def trimmed(self) -> Raw:
        """Without white space at either end."""
        begin = len(self.text) - len(self.text.lstrip(_EDGES))
        spans = [s.moved(-begin) for s in self.spans]
        return Raw(self.text.strip(_EDGES), self.marks, self.remarks, spans)


@dataclass(slots=True)
class RawCell:
    """A w:tc with its content and what it says of its place."""

    content: list[Item]
    span: int = 1
    width: int | None = None
    """In twentieths of a point."""
    vertical: str = ""
    """restart, continue or nothing."""
    horizontal: str = ""


@dataclass(slots=True)
class RawRow:
    """A w:tr; `before` and `after` are grid columns it leaves out at its ends."""

    cells: list[RawCell] = field(default_factory=list)
    before: int = 0
    before_width: int = 0
    after: int = 0


@dataclass(slots=True)
class RawTable:
    """A w:tbl without the rows that are deleted or hidden."""

    rows: list[RawRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


Item = Raw | RawTable
