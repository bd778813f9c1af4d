"""Papers that stand behind another one in the same file: the lists and the evidence behind a
form, everything bound into one PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.locating.labels import Vocabulary, vocabulary
from extractor.submission.roles import SIGN, Role, role_of, title_roles
from extractor.submission.sections import appendix, is_heading, numbered
from models.types import Block, Document, Paragraph, Table

LABELS = 3
"""A table with so many of the form's own labels is the form's."""
LEAST = 60
"""Characters of a paper without a table."""
SUPPORT = 0.5
"""Behind a form also the title of a certificate, an agreement, a report begins a paper."""
_NUMBER = re.compile(r"^\W*附\s*[件表]\s*[0-9一二三四五六七八九十]*\W*$")


def appended(document: Document, role: Role, form: str) -> Iterator[tuple[Document, Role]]:
    """The papers behind a file's own, each as a document of its own with its role.

    `form` is the form that the file holds filled in, "" where it holds none: then a paper
    begins where a title says so, and the first is the file itself.
    """
    blocks = list(document.blocks)
    if form:
        blocks = blocks[_end_of_form(blocks, vocabulary(form)) + 1 :]
    pieces = list(_pieces(blocks, role.role, SUPPORT if form else SIGN))
    for piece in pieces if form else pieces[1:]:
        if any(isinstance(b, Table) for b in piece) or sum(map(_size, piece)) >= LEAST:
            part = replace(document, blocks=tuple(piece))
            yield part, role_of(part)


def _size(block: Block) -> int:
    if isinstance(block, Paragraph):
        return len(block.text)
    return sum(len(c.text) for c in block.cells)


def _end_of_form(blocks: Sequence[Block], words: Vocabulary) -> int:
    """Where the last block stands that is the form's own."""
    last = -1
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            keys = {
                key
                for cell in block.cells
                if len(cell.text) < 80 and (heading := words.read(cell.text)) is not None
                for key, score in heading.labels
                if score >= 95 and key in words.own
            }
            closing = any(words.section(c.text) is not None for c in block.cells)
            if len(keys) >= LABELS or closing:
                last = at
        elif words.section(block.text) is not None:
            last = at
    return last


def _pieces(blocks: Sequence[Block], own: str, least: float) -> Iterator[list[Block]]:
    piece: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and _begins(block.text, own, least):
            only_number = all(isinstance(b, Paragraph) and _NUMBER.match(b.text) for b in piece)
            if piece and not only_number:
                yield piece
                piece = []
        piece.append(block)
    if piece:
        yield piece


def _begins(text: str, own: str, least: float) -> bool:
    """Whether a line is the title of another paper."""
    line = text.strip()
    if _NUMBER.match(line):
        return True
    if not is_heading(line) or numbered(line):
        return False
    if appendix(line):
        return True
    return any(role != own and strength >= least for role, strength in title_roles(line))
