"""Attached lists → the rows that each figure of the form counts.

Which figures a list counts is told by its titles and headings; what a row is (a national
standard, led) by its own column, the sub-heading above it, the sheet's or the list's title, or
a standard's number. Where that cannot be told of a row the listing is not sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractor.labels import fold
from extractor.list_tables import Listed, Row, lists_in
from models.form import Form
from models.list_kinds import Attribute, ListKind, kinds_of
from models.list_numbers import (
    Number,
    number_year,
    patent_number,
    standard_level,
    standard_number,
)
from models.types import Application, Document, Evidence, ListedRow, Listing
from models.wording import say

_YEAR = re.compile(r"(?:19|20)\d\d")
_KIND_HEAD = re.compile(r"级|类|型|别|性质|方式|角色|主持|参与|作用")
_NAME_HEAD = re.compile(r"名称|企业|平台|机构|荣誉|商标|品牌|单位|产品|项目|题目|姓名")
_YEAR_HEADS = (r"年度|年份|^年$", r"发布|公布|颁布", r"批准|认定|获得|授权|立项", r"时间|日期|年")
_YES = re.compile(r"^(?:是|有|y|yes|1|√|✓|✔|☑|●|★|对|true|在园|入园|规上|规模以上)$", re.IGNORECASE)
_NO = re.compile(
    r"^(?:否|无|不是|没有|n|no|0|×|x|✗|☐|□|[-—/]+|false|园外|规下|规模以下|非规上)?$", re.IGNORECASE
)
_GENERAL = re.compile(
    r"附[件表]?\d*|[一二三四五六七八九十0-9]+|20\d\d年?度?|截[至止]|年底|年末|集群内|本?集群|特色|产业|中小企业|企业"
    r"|清单|名单|名录|一览表?|明细表?|统计表?|汇总表?|目录|台账|登记表?|情况|及|与|和|的|有效|拥有|数量|相关|主导|主要|全部"
    r"|建设|近三年|制修订|制定|修订|主持|参与|国家级?|省级?|市级?|国际|行业|团体|地方|各级|省以上|以上|绿色|境外|设立|研发|检测|物流"
    r"|发明|授权|佐证|材料|序号|表|份|版|终稿|最终|新建|工作|sheet|名称"
)
SAID = 1
"""Characters of a title beyond the list's own words and the cluster's name, until it is not sure
that the list is this one."""
LEFTOVER = 8
"""Characters of a title beyond the list's own words and those of any list, until it is a list of
something else."""
SAME_LIST = 0.7
"""A list of which so much stands in another one already is that list again."""


def listings(
    form: Form, application: Application, papers: Sequence[tuple[Document, bool]]
) -> tuple[tuple[Listing, ...], frozenset[str]]:
    """What the lists of the package count, and the names of the files that hold such lists.

    `papers` are (document, whether it holds the form). Files with hidden rows give listings
    that are not sure.
    """
    kinds = kinds_of(form)
    own = application.answer("cluster_name")
    name = fold(str(own.value)) if own is not None and own.value else ""
    tables: dict[str, list[_Sorted]] = {}
    files = set()
    for document, holder in papers:
        hidden = any(p.rule == "file.hidden-text" for p in document.problems)
        for listed in lists_in(document, appended=holder):
            found = _kind_of(listed, kinds, name)
            if found is None or not listed.rows:
                continue
            kind, sure = found
            files.add(document.file)
            tables.setdefault(kind.id, []).append(_Sorted(kind, listed, sure and not hidden))
    result: list[Listing] = []
    for kind in kinds:
        if kind.id in tables:
            result += _Counter(form, kind, _once_each(tables[kind.id])).listings()
    return tuple(result), frozenset(files)


# ------------------------------------------------------------------ which list it is


def _kind_of(listed: Listed, kinds: Iterable[ListKind], name: str) -> tuple[ListKind, bool] | None:
    """The kind of list a table is, and whether that is sure."""
    heads = list(listed.heads.values())
    best: tuple[float, int, ListKind] | None = None
    for kind in kinds:
        columns = max((len(w) for w in map(fold, kind.columns) for h in heads if w in h), default=0)
        title, leftover = 0.0, 99
        for rank, text in enumerate(listed.titles):
            folded = fold(text)
            for word in map(fold, kind.titles):
                if word in folded:
                    rest = _beyond(folded, word, name)
                    score = (3.0 if rank + 1 < len(listed.titles) else 2.0) + 0.1 * len(word)
                    score -= 0.25 * min(rank, 3)
                    if score > title:
                        title, leftover = score, rest
        if not title and (not columns or kind.flags or not kind.number):
            continue
        if title and leftover > (SAID if kind.flags else LEFTOVER) and not columns:
            continue
        score = title + (1.0 if columns else 0.0)
        if best is None or score > best[0]:
            best = (score, leftover if title else 99, kind)
    if best is None:
        return None
    _, leftover, kind = best
    return kind, leftover <= SAID


def _beyond(title: str, word: str, name: str) -> int:
    """The characters of a title that are neither a list's own words nor the cluster's name."""
    rest = title.replace(word, "|")
    if "集群" in rest.split("|")[0]:
        rest = rest[rest.index("集群") + 2 :]
    for length in range(min(len(name), len(rest)), 1, -1):
        for at in range(len(rest) - length + 1):
            if "|" not in rest[at : at + length] and rest[at : at + length] in name:
                rest = rest[:at] + "|" * length + rest[at + length :]
    return len(_GENERAL.sub("", rest.replace("|", "")))


# ------------------------------------------------------------------ what its rows are


@dataclass(slots=True)
class _Entry:
    row: Row
    number: Number | None
    key: str
    values: dict[str, str] = field(default_factory=dict)
    year: str | None = None
    flags: frozenset[str] = frozenset()
    sure: bool = True


class _Sorted:
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

    def _entry(self, row: Row) -> _Entry:
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
        return _Entry(row, number, number.text if number else name or words)

    def _tell(self, attribute: Attribute) -> None:
        column = self._column_of(attribute)
        titles = [_value(attribute, fold(t), default=False) for t in self.listed.titles]
        fixed = next((v for v in titles if v), None)
        undecided = 0
        for entry in self.entries:
            value = self._ranked(attribute, entry.row)
            if value is None and column is not None:
                value = _value(attribute, fold(entry.row.cells.get(column, "")), default=True)
            if value is None and entry.row.group:
                value = _value(attribute, fold(entry.row.group), default=False)
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
        titled = {y for t in self.listed.titles for y in _YEAR.findall(t)}
        for entry in self.entries:
            found = None
            for column in columns:
                found = _YEAR.search(entry.row.cells.get(column, ""))
                if found:
                    break
            found = found or _YEAR.search(entry.row.group)
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


# ------------------------------------------------------------------ counting


def _once_each(tables: list[_Sorted]) -> list[_Sorted]:
    """Without lists that stand in another one already: the same list in Word and in PDF."""
    kept: list[_Sorted] = []
    order = sorted(tables, key=lambda t: (-len(t.entries), t.listed.document.kind == "pdf"))
    for table in order:
        keys = {e.key for e in table.entries}
        others = [t for t in kept if t.listed.document.file != table.listed.document.file]
        if any(_share(keys, {e.key for e in t.entries}) >= SAME_LIST for t in others):
            continue
        kept.append(table)
    return [t for t in tables if t in kept]


def _share(keys: set[str], of: set[str]) -> float:
    return len(keys & of) / len(keys) if keys else 1.0


class _Counter:
    """The listings of all lists of one kind."""

    def __init__(self, form: Form, kind: ListKind, tables: Sequence[_Sorted]) -> None:
        self.form, self.kind, self.tables = form, kind, tables
        self.unknown = {u for t in tables for u in t.unknown}
        self.rows = self._status()

    def _status(self) -> dict[int, ListedRow]:
        """The rows by the id of their entry: doubled ones and malformed numbers told."""
        entries = [e for t in self.tables for e in t.entries]
        checked = [e.number.checked for e in entries if e.number and e.number.checked is not None]
        trusted = sum(checked) >= 0.8 * len(checked)
        seen: Counter[tuple[str, str]] = Counter()
        rows = {}
        for entry in entries:
            number = entry.number
            # one standard is led by one firm and joined by another: both rows count
            key = (entry.key, str(sorted(entry.values.items())))
            row = ListedRow(entry.row.text[:200], number.text if number else "", "counted",
                            entry.row.evidence)  # fmt: skip
            if seen[key]:
                row = replace(row, status="doubled")
            elif number and not number.sound:
                row = replace(row, status="malformed", why=say("not formed as such numbers are"))
            elif number and number.checked is False and trusted:
                row = replace(row, status="malformed", why=say("its check digit is wrong"))
            elif number and not number.invention:
                why = say("the number of a utility model or a design, not of an invention")
                row = replace(row, status="malformed", why=why)
            seen[key] += 1
            rows[id(entry)] = row
        return rows

    def listings(self) -> Iterator[Listing]:
        known = [a for a in self.kind.attributes if a.name not in self.unknown]
        done: set[str] = set()
        for values in self.kind.combinations():
            told = {a.name: values[a.name] for a in known}
            key = str(told)
            if key in done:
                continue
            done.add(key)
            fields = [
                self.kind.field(v)
                for v in self.kind.combinations()
                if all(v[n] == value for n, value in told.items())
            ]
            tables = [t for t in self.tables if self._covers(t, told)]
            if tables:
                yield from self._by_year(fields, told, tables)
        for name, _ in self.kind.flags:
            tables = [t for t in self.tables if f"flag {name}" in t.fixed]
            if tables and len(tables) == len(self.tables):
                yield from self._listing(
                    [name], None, tables, [e for t in tables for e in t.entries if name in e.flags]
                )
        if self.kind.total:
            every = [e for t in self.tables for e in t.entries]
            yield from self._listing([self.kind.total], None, self.tables, every)

    @staticmethod
    def _covers(table: _Sorted, told: dict[str, str]) -> bool:
        return all(table.fixed.get(n, value) == value for n, value in told.items())

    def _by_year(
        self, fields: list[str], told: dict[str, str], tables: Sequence[_Sorted]
    ) -> Iterator[Listing]:
        entries = [
            e
            for t in tables
            for e in t.entries
            if all(e.values.get(n) == value for n, value in told.items())
        ]
        yearly = self.form.has(fields[0]) and self.form.field(fields[0]).years
        if not yearly:
            yield from self._listing(fields, None, tables, entries)
        elif not self.kind.years:
            titled = {y for t in tables for title in t.listed.titles for y in _YEAR.findall(title)}
            years = titled & set(self.form.years) or {self.form.years[-1]}
            if len(years) == 1:
                yield from self._listing(fields, next(iter(years)), tables, entries)
        elif "year" in self.unknown:
            yield from self._listing(fields, None, tables, entries, self.form.years)
        else:
            for year in self.form.years:
                chosen = [e for e in entries if e.year == year]
                undated = [e for e in entries if e.year is None]
                yield from self._listing(fields, year, tables, chosen, doubt=bool(undated))

    def _listing(
        self,
        fields: Sequence[str],
        year: str | None,
        tables: Sequence[_Sorted],
        entries: Sequence[_Entry],
        years: Sequence[str] = (),
        doubt: bool = False,
    ) -> Iterator[Listing]:
        fields = [f for f in fields if self.form.has(f)]
        if not fields:
            return
        table = next((t for t in tables if any(e in t.entries for e in entries)), tables[0])
        refs = [f"{f}@{y}" if y else f for f in fields for y in (years or (year,))]
        yield Listing(
            field=fields[0],
            period=year or (years[0] if years else None),
            title=next((t for t in table.listed.titles if t), ""),
            rows=tuple(self.rows[id(e)] for e in entries),
            evidence=entries[0].row.evidence if entries else _at(table),
            sure=all(t.sure for t in tables) and all(e.sure for e in entries) and not doubt,
            fields=tuple(refs) if len(refs) > 1 else (),
        )


def _at(table: _Sorted) -> Evidence:
    return table.listed.evidence
