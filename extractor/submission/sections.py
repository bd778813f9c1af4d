"""A document cut at its headings: what an attachment is about, part by part.

No styles are asked for: a heading is a short line without the end of a sentence. A table of
contents is left out, as it names everything and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.locating.labels import fold
from models.types import Block, Document, Evidence, Paragraph, Table

LONGEST_HEADING = 48
TITLES = 6
"""Short lines at the head of a part that together are its title."""

KEPT = 64
"""Documents whose parts are remembered: about those of one submission."""

_SENTENCE_END = re.compile(r"[。；;！!？?，,、：:]\s*$")
_INSIDE = re.compile(r"[。；！？]")
_CHINESE = re.compile(r"[㐀-鿿]")
_NO_TITLE = re.compile(
    r"^\W*(?:第?\s*\d+\s*页.*|共\s*\d+\s*页|\d{4}\s*年(?:\s*\d+\s*月)?(?:\s*\d+\s*日)?|\d{4}[-/.]\d+.*"
    r"|.{0,20}[(（](?:盖章|公章|签章|章|签字)[)）].*|注[:：].*|备注.*|单位[:：].{0,12}|联系人.*|电话.*)\W*$"
)
_DATE = re.compile(r"^\W*(?:20\d\d|二[〇○零Oo]二[〇○零一二三四五六七八九])\s*[年.\-/].{0,12}$")
_PAPER = re.compile(
    r"(?:记录|合同|协议|总结|通知|报告|说明|证明|方案|制度|办法|清单|名单|纪要|证书|简报|月刊|汇编|章程|手册|意见|批复|函|书|材料)"
    r"(?:[（(《].*)?$"
)
_LABEL = re.compile(
    r"(?:名称|编号|号|日期|时间|地点|单位|人|地址|方|方式|电话|内容|类型|级别|标题)$"
)
_NUMBERED = re.compile(
    r"^\s*(?:[（(]?\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2}(?:\.\d{1,2})*)\s*[)）、.．]"
    r"|第[一二三四五六七八九十]+[章节部]|[①-⑳])"
)
_APPENDIX = re.compile(
    r"^\s*(?:(?:附\s*[件表录]?|材料|佐证(?:材料)?)\s*[0-9一二三四五六七八九十]+(?:[-—.]\d+)*\s*[:：、.]?"
    r"|附\s*件\s*[:：](?!\s*\d))"
)
_CONTENTS = re.compile(r"^\W*(?:目\s*[录次]|材料目录|佐证材料目录|附件目录|申报材料目录)\W*$")
_LEADER = re.compile(r"(?:[.．·]{3,}|…+|\s{2,}|\t)\s*[-—]?\s*\d{1,4}(?:\s*[-—]\s*\d{1,4})?\s*$")


@dataclass(slots=True)
class Section:
    """A heading with what stands below it, up to the next heading."""

    title: str
    evidence: Evidence
    numbered: bool = False
    """一、 or 1. stands before it: a part of something larger."""
    appendix: bool = False
    """附件3 stands before it."""
    first: bool = False
    """It stands at the head of the document."""
    texts: list[tuple[str, Evidence]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self.texts)


_cut: dict[int, tuple[Document, list[Section]]] = {}


def sections(document: Document) -> list[Section]:
    """The document's parts in reading order; the first one may have no title. Not to be changed:
    many ask for the same, and it is worked out once.

    Consecutive short lines are one heading (a title broken in two, a number and a name). Text
    in tables belongs to the part its table stands in.
    """
    known = _cut.get(id(document))
    if known is None or known[0] is not document:
        if len(_cut) >= KEPT:
            _cut.clear()
        known = _cut[id(document)] = document, _sections(document)
    return known[1]


def _sections(document: Document) -> list[Section]:
    found = [Section("", Evidence(file=document.file), first=True)]
    contents = _Contents()
    for block in document.blocks:
        where = place_of(document, block)
        if isinstance(block, Table):
            if block.nested:
                continue
            contents.end()
            found[-1].tables.append(block)
            for cell in block.cells:
                if cell.text.strip():
                    there = Evidence(document.file, cell.page, None, cell.place, "", _how(document))
                    found[-1].texts.append((cell.text, there))
            continue
        for line in block.text.split("\n") if "\n" in block.text else (block.text,):
            text = line.strip()
            if not text:
                continue
            if contents.holds(line, text, block.page):
                continue
            current = found[-1]
            if _DATE.match(text) and _signed(current) and len(found) > 1:
                found.pop()  # 某某局, 2024年3月1日: a signature, no heading
                found[-1].texts.append((current.title, current.evidence))
                current = found[-1]
            if not is_heading(text):
                current.texts.append((text, where))
            elif not current.texts and not current.tables and _joins(current, text):
                current.title = f"{current.title}\n{text}".strip()
                current.appendix = current.appendix or bool(_APPENDIX.match(text))
                if current.evidence == Evidence(file=document.file):
                    current.evidence = where
            else:
                found.append(
                    Section(text, where, bool(_NUMBERED.match(text)), bool(_APPENDIX.match(text)))
                )
    return [s for s in found if s.title or s.texts or s.tables]


def _signed(section: Section) -> bool:
    empty = not section.texts and not section.tables
    return bool(section.title) and empty and len(section.title) < 30


class _Contents:
    """Whether a line belongs to a table of contents, with page numbers or without."""

    def __init__(self) -> None:
        self._open = False
        self._page: int | None = None
        self._numbered = False
        self._listed: set[str] = set()

    def end(self) -> None:
        self._open = False

    def holds(self, line: str, text: str, page: int | None) -> bool:
        if _CONTENTS.match(text):
            self._open, self._page, self._numbered = True, page, False
            self._listed.clear()
            return True
        if len(text) < 80 and _LEADER.search(line):
            self._numbered = True
            return True
        title = fold(bare(text))
        repeated = title in self._listed
        self._listed.add(title)
        over = repeated or self._numbered or page != self._page or not is_heading(text)
        self._open = self._open and not over
        return self._open


def _joins(current: Section, text: str) -> bool:
    lines = current.title.count("\n") + 1 if current.title else 0
    begins = _NUMBERED.match(text) or (current.title and _APPENDIX.match(text))
    return lines < TITLES and not begins and not current.numbered


def is_heading(text: str) -> bool:
    """Whether a line may be a heading: short, no sentence, no date, no seal line."""
    if len(text) > LONGEST_HEADING or _SENTENCE_END.search(text) or _INSIDE.search(text):
        return False
    if len(_CHINESE.findall(text)) < 2 or _NO_TITLE.match(text):
        return False
    label, colon, rest = text.replace(":", "：").partition("：")
    if not colon or not rest.strip() or _APPENDIX.match(text) or len(label) >= 16:
        return True
    # 培训服务：产销对接会总结 is a title, 证书编号：001 is not
    paper = _PAPER.search(label) or _PAPER.search(rest)
    return bool(paper) and not _LABEL.search(label)


def numbered(text: str) -> bool:
    """Whether 一、 or 1. stands before a line."""
    return bool(_NUMBERED.match(text))


def appendix(text: str) -> bool:
    """Whether 附件3 stands before a line."""
    return bool(_APPENDIX.match(text))


def bare(title: str) -> str:
    """A heading without 附件3 or 一、 before it.

    >>> bare("附件3：发展规划"), bare("（二）发展目标")
    ('发展规划', '发展目标')
    """
    return _NUMBERED.sub("", _APPENDIX.sub("", title.strip()), count=1).strip(" ：:、.")


def place_of(document: Document, block: Block) -> Evidence:
    """Where a block stands, with its first words."""
    raw = block.text.strip()[:80] if isinstance(block, Paragraph) else ""
    return Evidence(document.file, block.page, block.bbox, block.place, raw, _how(document))


def _how(document: Document) -> str:
    return "ocr" if document.kind == "image" or document.ocr_pages else "text"


def words(document: Document, limit: int = 200_000) -> str:
    """The text of a document, folded, up to a number of characters."""
    parts: list[str] = []
    size = 0
    for text in _texts(document):
        parts.append(fold(text))
        size += len(text)
        if size > limit:
            break
    return "".join(parts)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif not block.nested:
            for cell in block.cells:
                yield cell.text
