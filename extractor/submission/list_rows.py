"""What each row of an attached list is: a national standard, led, of 2022; a firm in the park.

Told by the row's own column, the sub-heading above it, a standard's number, or the titles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.locating.labels import fold
from extractor.submission.list_tables import Listed, Row
from models.loading.list_kinds import Attribute, ListKind
from models.writing.list_numbers import (
    Number,
    number_year,
    patent_number,
    standard_level,
    standard_number,
)

YEAR = re.compile(r"(?:19|20)\d\d")
_KIND_HEAD = re.compile(r"级|类|型|别|性质|方式|角色|主持|参与|作用")
_NAME_HEAD = re.compile(r"名称|企业|平台|机构|荣誉|商标|品牌|单位|产品|项目|题目|姓名")
_YEAR_HEADS = (r"年度|年份|^年$", r"发布|公布|颁布", r"批准|认定|获得|授权|立项", r"时间|日期|年")
_YES = re.compile(r"^(?:是|有|y|yes|1|√|✓|✔|☑|●|★|对|true|在园|入园|规上|规模以上)$", re.IGNORECASE)
_NO = re.compile(
    r"^(?:否|无|不是|没有|n|no|0|×|x|✗|☐|□|[-—/]+|false|园外|规下|规模以下|非规上)?$", re.IGNORECASE
)


@dataclass(slots=True)
class Entry:
    row: Row
    number: Number | None
    key: str
    values: dict[str, str] = field(default_factory=dict)
    year: str | None = None
    flags: frozenset[str] = frozenset()
    sure: bool = True


class SortedList:
    """A list with what each of its rows is."""

    def __init__(self, kind: ListKind, listed: Listed, sure: bool) -> None:
        self.kind, self.listed, self.sure = kind, listed, sure
        self.fixed: dict[str, str] = {}
        """What every row is, by the title alone."""
        self.unknown: set[str] = set()
        """What cannot be told of the rows of this list."""
        self._name_column = self._named()
        self._number_column = self._numbered()
        self.entries = [self._entry(row) for row in listed.rows]
        for attribute in kind.attributes:
            self._tell(attribute)
        if kind.years:
            self._years()
        self._flags()

    def _named(self) -> int | None:
        heads = self.listed.heads
        named = [c for c, h in heads.items() if "名称" in h] or [
            c for c, h in heads.items() if _NAME_HEAD.search(h)
        ]
        return named[0] if named else None

    def _numbered(self) -> list[int]:
        words = {
            "patent": "专利号|申请号|授权公告号|公告号|证书号|登记号|编号",
            "standard": "标准号|标准编号|编号|标准代号",
        }
        pattern = words.get(self.kind.number)
        if pattern is None:
            return []
        heads = self.listed.heads
        return [
            c for c, h in heads.items() if re.search(pattern, h) and h not in ("编号", "序号")
        ] or [c for c, h in heads.items() if h == "编号"]

    def _entry(self, row: Row) -> Entry:
        read = {"patent": patent_number, "standard": standard_number}.get(self.kind.number)
        number = None
        if read is not None:
            texts = [row.cells.get(c, "") for c in self._number_column]
            if not self._number_column:
                texts = _inside(row.text, self.kind.number)
            number = next((n for n in map(read, texts) if n is not None), None)
        column = self._name_column
        name = fold(row.cells.get(column, "")) if column is not None else ""
        words = "|".join(
            fold(t) for c, t in row.cells.items() if self.listed.heads.get(c) != "序号"
        )
        return Entry(row, number, number.text if number else name or words)

    def _tell(self, attribute: Attribute) -> None:
        column = self._column_of(attribute)
        titles = [_only(attribute, fold(t).replace("山东省", "")) for t in self.listed.titles]
        fixed = next((v for v in titles if v), None)
        undecided = 0
        for entry in self.entries:
            value = self._ranked(attribute, entry.row)
            if value is None and column is not None:
                value = _value(attribute, fold(entry.row.cells.get(column, "")), default=True)
            if value is None and entry.row.group:
                value = _only(attribute, fold(entry.row.group))
            if value is None and attribute.name == "level" and self.kind.number == "standard":
                value = standard_level(entry.number.text) if entry.number else None
            value = value or fixed
            if value is None and attribute.default:
                value = _value(attribute, fold(entry.row.text), default=True)
                entry.sure = False
            if value is None:
                undecided += 1
            else:
                entry.values[attribute.name] = value
        grouped = any(e.row.group for e in self.entries)
        if undecided == len(self.entries):
            self.unknown.add(attribute.name)
        elif fixed and column is None and not grouped:
            told = {e.values.get(attribute.name) for e in self.entries}
            if told == {fixed}:
                self.fixed[attribute.name] = fixed

    def _column_of(self, attribute: Attribute) -> int | None:
        """The column that says what each row is."""
        best: tuple[float, int] | None = None
        for column, head in self.listed.heads.items():
            texts = [fold(r.cells.get(column, "")) for r in self.listed.rows]
            texts = [t for t in texts if t]
            if not texts or sum(len(t) for t in texts) > 12 * len(texts):
                continue
            told = sum(_value(attribute, t, default=False) is not None for t in texts) / len(texts)
            shaped = bool(_KIND_HEAD.search(head)) and column != self._name_column
            if attribute.default and shaped and told > 0:
                told = 1.0
            score = told + (0.5 if shaped else 0.0)
            if told >= 0.6 and (best is None or score > best[0]):
                best = (score, column)
        return best[1] if best else None

    def _ranked(self, attribute: Attribute, row: Row) -> str | None:
        rank = self.kind.rank
        if rank is None or rank.by != attribute.name:
            return None
        for column, head in self.listed.heads.items():
            if any(w in head for w in rank.columns):
                found = re.search(r"\d+", row.cells.get(column, ""))
                if found:
                    return rank.within if int(found[0]) <= rank.up_to else rank.beyond
        return None

    def _years(self) -> None:
        columns = [c for p in _YEAR_HEADS for c, h in self.listed.heads.items() if re.search(p, h)]
        titled = {y for t in self.listed.titles for y in YEAR.findall(t)}
        for entry in self.entries:
            found = None
            for column in columns:
                found = YEAR.search(entry.row.cells.get(column, ""))
                if found:
                    break
            found = found or YEAR.search(entry.row.group)
            entry.year = found[0] if found else None
            if entry.year is None and entry.number is not None:
                entry.year = number_year(entry.number.text)
            if entry.year is None and len(titled) == 1:
                entry.year = next(iter(titled))
        if not any(e.year for e in self.entries):
            self.unknown.add("year")

    def _flags(self) -> None:
        for name, words in self.kind.flags:
            for column, head in self.listed.heads.items():
                if not any(w in head for w in words):
                    continue
                texts = [r.cells.get(column, "").strip() for r in self.listed.rows]
                if all(_YES.match(t) or _NO.match(t) for t in texts):
                    self.fixed[f"flag {name}"] = "told"
                    for entry, text in zip(self.entries, texts, strict=True):
                        if _YES.match(text):
                            entry.flags |= {name}
                    break
            else:
                self._worded(name, words)

    def _worded(self, name: str, words: tuple[str, ...]) -> None:
        """A column of several words (规上, 规下) instead of a yes and no."""
        for column in self.listed.heads:
            if column == self._name_column:
                continue
            texts = [fold(r.cells.get(column, "")) for r in self.listed.rows]
            said = [any(w in t for w in words) and not re.search("非|以下|未", t) for t in texts]
            if any(said) and max(map(len, texts)) <= 8 and len(set(texts)) <= 4:
                self.fixed[f"flag {name}"] = "told"
                for entry, yes in zip(self.entries, said, strict=True):
                    if yes:
                        entry.flags |= {name}
                return


def _inside(text: str, kind: str) -> list[str]:
    """Numbers in running text, where no column is theirs."""
    patterns = {
        "patent": r"(?:ZL|CN)\s*\d[\d\s.．]{7,16}[\dXx]?[A-Z]?",
        "standard": r"(?:GB(?:/[TZ])?|[A-Z]{2}/T|T/[A-Z]{2,12}|ISO(?:/IEC)?|IEC)\s*[\d.\-—:：]+",
    }
    return re.findall(patterns[kind], text)


def _only(attribute: Attribute, text: str) -> str | None:
    """The one value that a title names; None where it names several (主持或参与)."""
    named = [v for v, words in attribute.values if any(fold(w) in text for w in words)]
    return named[0] if len(named) == 1 else None


def _value(attribute: Attribute, text: str, default: bool) -> str | None:
    """Which of its values a text names; the longest word counts."""
    best: tuple[int, str] | None = None
    for value, words in attribute.values:
        for word in words:
            if fold(word) in text and (best is None or len(word) > best[0]):
                best = (len(word), value)
    if best is not None:
        return best[1]
    return attribute.default if default and text else None
