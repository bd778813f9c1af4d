"""Attached lists → the rows that each figure of the form counts.

Which figures a list counts is told by its titles and headings; what a row is (a national
standard, led) by its own column, the sub-heading above it, the sheet's or the list's title, or
a standard's number. Where that cannot be told of a row the listing is not sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractor.locating.labels import fold
from extractor.submission.list_rows import YEAR, Entry, SortedList
from extractor.submission.list_tables import Listed, lists_in
from models.form import Form
from models.loading.list_kinds import ListKind, kinds_of
from models.types import Application, Document, Evidence, ListedRow, Listing
from models.wording import say

_GENERAL = re.compile(
    r"附[件表]?\d*|[一二三四五六七八九十0-9]+|20\d\d年?度?|截[至止]|年底|年末|集群内|本?集群|特色|产业|中小企业|企业"
    r"|清单|名单|名录|一览表?|明细表?|统计表?|汇总表?|目录|台账|登记表?|情况|及|与|和|的|有效|拥有|数量|相关|主导|主要|全部"
    r"|建设|近三年|制修订|制定|修订|主持|参与|国家级?|省级?|市级?|国际|行业|团体|地方|各级|各类|省以上|以上|绿色|境外|设立|研发|检测|物流"
    r"|发明|授权|管理|佐证|材料|序号|表|份|版|终稿|最终|新建|工作|sheet|名称"
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
    form: Form, application: Application, papers: Sequence[Document]
) -> tuple[tuple[Listing, ...], frozenset[str]]:
    """What the lists of the package count, and the names of the files that hold such lists.

    `papers` are all but the form itself. Files with hidden rows give listings that are not sure.
    """
    kinds = kinds_of(form)
    own = application.answer("cluster_name")
    name = fold(str(own.value)) if own is not None and own.value else ""
    tables: dict[str, list[SortedList]] = {}
    files = set()
    for document in papers:
        hidden = any(p.rule == "file.hidden-text" for p in document.problems)
        for listed in lists_in(document):
            found = _kind_of(listed, kinds, name)
            if found is None or not listed.rows:
                continue
            kind, sure = found
            files.add(document.file)
            sure = sure and not hidden and listed.read_through()
            tables.setdefault(kind.id, []).append(SortedList(kind, listed, sure))
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
                    rest = _beyond(folded, _own_words(kind), name)
                    # the nearest title that names a list says which it is, however long
                    # the name of another may be that stands over the whole workbook
                    score = (3.0 if rank + 1 < len(listed.titles) else 2.0) + 0.04 * len(word)
                    score -= 0.9 * min(rank, 3)
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


def _own_words(kind: ListKind) -> tuple[str, ...]:
    """The words of the kind's titles and of what its rows may be, the longest first."""
    values = [w for a in kind.attributes for _, words in a.values for w in words]
    return tuple(sorted({fold(w) for w in (*kind.titles, *values)}, key=len, reverse=True))


def _beyond(title: str, words: tuple[str, ...], name: str) -> int:
    """The characters of a title that are neither a list's own words nor the cluster's name."""
    rest = title
    for word in words:
        rest = rest.replace(word, "|")
    if "集群" in rest.split("|")[0]:
        rest = rest[rest.index("集群") + 2 :]
    for length in range(min(len(name), len(rest)), 1, -1):
        for at in range(len(rest) - length + 1):
            if "|" not in rest[at : at + length] and rest[at : at + length] in name:
                rest = rest[:at] + "|" * length + rest[at + length :]
    return len(_GENERAL.sub("", rest.replace("|", "")))


# ------------------------------------------------------------------ counting


def _once_each(tables: list[SortedList]) -> list[SortedList]:
    """Without lists that stand in another one already: the same list in Word and in PDF."""
    kept: list[SortedList] = []
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

    def __init__(self, form: Form, kind: ListKind, tables: Sequence[SortedList]) -> None:
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
        every_kind = [{a.name: v[a.name] for a in known} for v in self.kind.combinations()]
        covered = all(any(self._covers(t, v) for t in self.tables) for v in every_kind)
        if self.kind.total and covered:
            every = [e for t in self.tables for e in t.entries]
            yield from self._listing([self.kind.total], None, self.tables, every)

    @staticmethod
    def _covers(table: SortedList, told: dict[str, str]) -> bool:
        return all(table.fixed.get(n, value) == value for n, value in told.items())

    def _by_year(
        self, fields: list[str], told: dict[str, str], tables: Sequence[SortedList]
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
            titled = {y for t in tables for title in t.listed.titles for y in YEAR.findall(title)}
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
        tables: Sequence[SortedList],
        entries: Sequence[Entry],
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


def _at(table: SortedList) -> Evidence:
    return table.listed.evidence
