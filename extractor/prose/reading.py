"""One sentence after the other: which number says what of which subject.

A number belongs to the subject before it where nothing but known words stands between them, or to
the one right behind it (5家“小巨人”企业). What stands among unknown words is left unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.prose import around, renamed, wholes
from extractor.prose.facets import Stated, facet_of, has_level, surest
from extractor.prose.numbers import HEDGE_OF
from extractor.prose.scope import Scope
from extractor.prose.stating import Stating
from extractor.prose.subjects import Said, Subject, Subjects
from extractor.prose.text import Sentence
from extractor.prose.words import ENDS, NUMBER, SUBJECT, UNKNOWN, Token
from models.form import Form
from models.loading.called import Vocabulary

_OWNS = ("共", "拥有", "建有", "设有", "持有", "有", "实现", "完成", "获得", "取得", "投入", "创造")
_SUMS = ("共", "共有", "计", "一共", "一共有", "总共有")
_BOUNDS = {"above", "least", "below", "most"}
_MANY = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_SAME = ("同期", "其中", "同年", "当年")
"""A sentence that begins so is as at the time of the one before, whomever that is about."""


class Reader(Stating):
    """Reads the sentences of one text, in order."""

    def __init__(
        self, form: Form, vocabulary: Vocabulary, text: str, latest: str | None, own: str
    ) -> None:
        super().__init__(form, vocabulary, text, latest, own)
        self.subjects = Subjects(vocabulary)
        self.other = False
        """The sentence before is about somebody else."""
        self.years: tuple[str, ...] = ()
        """Of the sentence before."""

    def sentence(self, sentence: Sentence, tokens: Sequence[Token]) -> list[Stated]:
        """What the sentence of these tokens states."""
        if not sentence.follows:
            self.years, self.other = (), False
        if self.other and not any(t.text.startswith(_SAME) for t in tokens[:1]) and not any(
            t.text in ("全年", "同期") for t in tokens[:2]
        ):  # fmt: skip
            self.years = ()
        self.tokens = tokens
        self.scope = Scope(self.form, self.latest, self.own, sentence, tokens, self.years)
        self.subjects.begin(self.scope, sentence.follows)
        self.scope.carried = around.dated_behind(self.scope) or self.scope.carried
        self.outside: list[Subject | None] = []
        """The subjects at hand where each open bracket began."""
        self.said = Said()
        self.listing = False
        """分别 has been said."""
        found: list[Stated] = []
        self.next = n = 0
        while n < len(tokens):
            if tokens[n].kind == NUMBER and not self._is(n - 1, "these"):  # 上述两项
                self.scope.some |= n > 0 and tokens[n - 1].text.endswith("每")  # 每10家企业有2家
                if whole := around.whole_behind(self.scope, n):
                    found += self._of_whole(whole, n)
                    n = whole + 1
                    continue
                tenth = around.of_ten(self.scope, n)
                if not tenth:
                    renamed.loose(self.subjects, n, self.said, self.fits)
                run = around.run(self.scope, n)
                self.next = (tenth or run[-1]) + 1
                found += self._numbers(run) if not tenth else ()
                n = self.next
                continue
            if tokens[n].kind == SUBJECT:
                if self.subjects.now and around.measure(self.scope, n):
                    self.said.dirty = True
                elif not self.subjects.is_whole(n):
                    self.subjects.take(n, tokens[n].text, self.said)
                elif at := around.aside(self.scope, n):
                    found += self._of_whole(n, at)
                    n = at + (2 if self._is(at + 1, "comma") else 1)
                    continue
            elif not self.subjects.part(n, self.said):
                self._word(n)
            n += 1
        self.other = self.scope.foreign
        if self.other:
            self.subjects.now = None
            framed = len(tokens) > 1 and tokens[0].kind == "time" and tokens[1].text == ","
            self.other = not framed  # 2020年，全市营业收入9500亿元。集群营业收入96.58亿元
        if not self.scope.relative:
            self.years = self.scope.years[-1:] or self.years
        return surest(found)

    def _word(self, n: int) -> None:
        token, said, scope = self.tokens[n], self.said, self.scope
        match token.kind:
            case "comma" | "semicolon":
                said.fresh |= scope.back is not None  # 比2021年的79.8亿元增长8.1%，达86.3亿元
                scope.new_clause(n + 1)
                self._bracket(token.text)
                self.said = said.carried(token.text, self.subjects.waits())
            case "and":
                said.words, said.hedges = set(), []
            case "time":
                measure = scope.time(n)
                if token.text.startswith("连续"):
                    said.words.add("every")
                said.fresh |= measure == "fresh"
                said.words |= {measure} & {"yearly", "total"}
            case "target":
                scope.target = True
            case "total":
                scope.sums(n, self.text[token.end :].split("\n", 1)[0])
                said.words.add("total")
            case "own":
                scope.cluster(n)
                if not scope.foreign:
                    renamed.back(self.subjects, n)
            case "these" | "respectively":
                self.listing = True
                said.words |= {token.kind} & {"respectively"}
                said.count = _MANY.get(token.text[0], said.count)
            case "foreign" | "firm" | "rule":
                if not renamed.swapped(self.subjects, n):
                    said.dirty |= not scope.somebody(n)
            case "increment":
                scope.increment = True
                if token.text != "申请":  # 其中2023年新认定12家
                    said.words.add("increment")
            case "sum":
                scope.increment = False
                said.words.discard("increment")
                now = self.subjects.now
                if now and now.blocked and not now.foreign and not scope.some:
                    now.blocked = now.filled = False
                wholes.total(self.subjects, n, self.fits)
            case "hedge" if not self._is(n + 1, "time"):  # 高于2022年的12.7%
                said.hedges.append(HEDGE_OF[token.text])
            case "which":
                said.words.clear()
            case "from":
                scope.leaves(n)
            case "to":
                scope.reaches()
                said.words, said.fresh = {"to"}, True
            case "each":
                said.each = True
            case "unknown" if token.text in ("而", "但", "则", "虽", "虽然") and n == scope.first:
                pass
            case "unknown" | "plain":
                said.dirty = True
                scope.owner |= scope.place(n)
            case "link" if token.text in _SUMS and (self._opens(n) or self.subjects.listed()):
                wholes.total(self.subjects, n, self.fits)
            case "average" if token.text == "复合" and self._is(n + 1, UNKNOWN):
                said.dirty = True  # 复合肥料, 复合材料
            case "link" if token.text in ("年末", "年底", "期末"):
                scope.increment = False
            case "link" if token.text == "全年" and scope.kind == "part":
                kind = "years" if scope.whole else ""
                scope.years, scope.kind, said.fresh = scope.whole, kind, True
            case "link" if token.text in ("达", "达到") and n == scope.first:
                scope.increment &= not self._is(n + 1, NUMBER)  # 净增11户，达到159户
            case "link" if token.text == "实际" and scope.target and n == scope.first:
                scope.target = False  # 目标为63亿元，实际完成86.06亿元
                self.subjects.anew()
            case "link" if scope.going and token.text in ("到", "至", "为", "达", "达到"):
                scope.reaches()
                said.words, said.fresh = {"to"}, True
            case "link" | "have" | "past" | "compare" | "hedge":
                pass
            case kind:
                said.words.add(kind)
                if kind in ("up", "down") and token.text.endswith(("速", "幅", "率")):
                    said.words.add("rate")

    def _opens(self, n: int) -> bool:
        """Whether nothing but a level stands before a token in its clause: 省级以上一共12个."""
        before = range(self.scope.first, n)
        return n > 0 and all(self.tokens[k].text.endswith(("以上", "的")) for k in before)

    def _bracket(self, mark: str) -> None:
        """What stands in brackets is no subject of what follows them."""
        if mark == "(":
            self.outside.append(self.subjects.now)
        elif mark == ")" and self.outside:
            self.subjects.now = self.outside.pop() or self.subjects.now

    def _of_whole(self, n: int, at: int) -> Iterator[Stated]:
        """What the number at a token says of the whole that a share is taken of."""
        text, said = self.tokens[n].text, self.said
        called = self.subjects.wordings.get(text, ())
        k = n - 1
        while self._is(k, "link", UNKNOWN):
            k -= 1
        theirs = self.scope.foreign or self._is(k, "foreign")  # 占全县工业总产值(265亿元)的31%
        whole = Subject(self.tokens[n], text, called, theirs, apart=True)
        self.said = Said()
        yield from self._number(at, whole, self.scope.years, [at])
        self.said = said

    def _is(self, n: int, *kinds: str) -> bool:
        return self.scope.kind_at(n) in kinds

    def _numbers(self, run: list[int]) -> Iterator[Stated]:
        scope, several = self.scope, len(run) > 1
        if several and "to" in self.said.words and self.subjects.now and not self.listing:
            steps, scope.steps = scope.steps, ()
            for n, year in zip(run, steps, strict=False) if len(steps) == len(run) else ():
                self.said.fresh, self.said.words = True, {"to"}
                yield from self._number(n, self.subjects.now, (year,), run)
            return
        group = [s for s in self.subjects.group if not s.used]
        dated = scope.kind in ("years", "range", "span") or scope.inferred
        dated &= len(scope.years) == len(run)
        as_form = len(run) == len(self.form.years) and len(group) == 1 and self._yearly(group[0])
        as_form &= self.listing or not (scope.years and self.said.fresh)
        if several and as_form and len(scope.years) < 2:
            # a list of as many as the form has years
            scope.inferred = scope.kind not in ("years", "range", "span")
            scope.listed = scope.years if scope.inferred else None
            scope.years, dated = self.form.years, True
        if several and dated and self.subjects.now and len(group) < 2:
            scope.before = None
            for n, year in zip(run, scope.years, strict=True):
                yield from self._number(n, self.subjects.now, (year,), run)
            return
        if self.said.count and len(group) < 2:  # 两项指标均高于上年的3.5%和12.7%
            group = self.subjects.counted(self.said.count)
            if len(group) != len(run):
                return
        elif several and self.listing and len(group) < 2 <= len(run) <= len(self.subjects.spoken):
            group = [self.subjects.again(s) for s in self.subjects.spoken[-len(run) :]]
        if several and not self.listing and not group:
            group = renamed.like(self.subjects, [self.tokens[n].amount for n in run])
        if several and len(group) == len(run):
            words, fresh = self.said.words, self.said.fresh
            for n, subject in zip(run, group, strict=True):
                # 研发投入强度、研发经费增速分别达到3.94%和15.36%: only the last is a growth
                grows = subject is group[-1] or any(c.facet == "yearly" for c in subject.called)
                rates = set() if grows or "rate" not in words else {"rate", "up", "down"}
                self.said.words, self.said.fresh = words - rates, fresh
                yield from self._number(n, subject, scope.years, run)
            self.subjects.spoken[-len(run) :] = group
            return
        if (
            "every" in self.said.words
            and not several
            and self.subjects.behind(run[0], self.said) is None
        ):
            if len(group) > 1:
                for subject in group:
                    yield from self._number(run[0], subject, scope.years, [*run, -1])
                self.said.words, self.said.hedges = set(), []
                return
            if self.subjects.now and len(scope.years) > 1 and self._yearly(self.subjects.now):
                amount = self.tokens[run[0]].amount
                hedges = {*self.said.hedges, *(amount.hedges if amount else ())}
                bound = hedges and hedges <= _BOUNDS
                # 连续三年在3%以上 names no year but the last; 2021-2023年连续三年 all of them
                named = scope.kind != "span" or (scope.before or ((),))[0] == scope.years
                for year in scope.years if named or not bound else scope.years[-1:]:
                    self.said.fresh = True
                    yield from self._number(run[0], self.subjects.now, (year,), [*run, -1])
                return
        if several and ("respectively" in self.said.words or len(group) > 1):
            return
        if not several and (called := wholes.parted(self.subjects, run[0])):
            token = self.tokens[run[0]]
            whole = Subject(token, token.text, called, scope.foreign)
            whole.blocked = "increment" in self.said.words
            self.said.dirty = False
            yield from self._number(run[0], whole, scope.years, run)
            return
        for place, n in enumerate(run):
            if place:
                dirty = self.said.dirty
                for k in range(run[place - 1] + 1, n):
                    self._word(k)
                self.said.dirty = dirty
            if share := wholes.portion(self.subjects, n, self.text):
                subject, last = share
                self.next, self.said.dirty, self.said.words = (
                    max(self.next, last + 1),
                    False,
                    {"share"},
                )
                yield from self._number(n, subject, scope.years, [n])
                continue
            behind = self.subjects.behind(n, self.said)
            if behind is not None:
                self.next = behind + 1
                yield from self._forward(n, behind)
            elif n == run[-1] and (title := around.named(scope, n + 1)) is not None:
                self.next = title + 1  # 5台（套）产品被认定为首台（套）装备
                yield from self._number(n, self.subjects.title(title, self.said), scope.years, [n])
            elif self.subjects.now and len(group) < 2:
                years = around.beside(scope, n) or scope.years
                if scope.listed is not None and years == self.form.years:
                    years = scope.listed  # the list's years are not those of one number behind it
                yield from self._number(n, self.subjects.now, years, [n])

    def _forward(self, n: int, behind: int) -> Iterator[Stated]:
        amount, said = self.tokens[n].amount, self.said
        hedges, words, dirty = said.hedges, said.words, said.dirty
        if self.subjects.now and self.subjects.here(self.subjects.now):
            self.subjects.now.used = True  # 企业拥有5家…: the owner, of which nothing is said
        self.subjects.take(behind, self.tokens[behind].text, said)
        subject = self.subjects.now
        assert subject and amount
        of_list = self._is(n - 1, "link") and self.tokens[n - 1].text == "等"
        subject.narrowed = dirty and not of_list  # 某某之乡等2个荣誉称号
        said.hedges = hedges
        subject.blocked |= bool(words & {"up", "down", "share"})
        # 5家“小巨人”企业拥有发明专利…: the number counts some of them; 一家企业 is any firm
        after = self.scope.at(behind + 1)
        owns = after is not None and after.text.startswith(_OWNS)
        if self.subjects.general(subject):
            # 为86家企业提供担保, but 为集群312家企业提供担保
            helped = self._is(n - 1, "own") and self.scope.helps(n - 1)
            does = after is not None and after.kind in (UNKNOWN, "plain", "have", "every", SUBJECT)
            does |= bool(after and after.text == "在") and self._is(behind + 2, "foreign")
            does &= bool(after and not after.text.startswith((*ENDS, "组成", "构成")))
            owns |= does and not helped
            owns |= self.subjects.some(n) and self.tokens[behind - 1].text not in ("为", "是")
            self.scope.some |= owns and not self._is(n - 1, "own")
        else:
            self.scope.some |= owns
        self.scope.doubt |= owns  # also behind a comma: 5家企业拥有…，从业人员3000人
        named = around.named(self.scope, behind + 1) if owns and not amount.percent else None
        if named is not None and self.subjects.general(subject):  # 5家企业获评“小巨人”
            title = self.subjects.title(named, said)
            yield from self._number(n, title, self.scope.years, [n])
            self.next = named + 1
            return
        if not (amount.digits == "一" or amount.percent or owns or self._is(behind + 1, NUMBER)):
            yield from self._number(n, subject, self.scope.years, [n])
        subject.filled = subject.used = True
        subject.blocked |= amount.digits == "一" or owns

    def _number(
        self, n: int, subject: Subject, years: tuple[str, ...], run: list[int]
    ) -> Iterator[Stated]:
        """What one number says of a subject, as at one year."""
        said = self.said
        amount = self.tokens[n].amount
        assert amount
        words, hedges = set(said.words), tuple(said.hedges)
        if "rate" in words and not amount.percent:
            words -= {"up", "down"}  # 总产值增速放缓，全年完成55.07亿元
        if n == run[-1]:
            said.hedges, said.words = [], set()
        if not amount.tail and len(run) > 1:
            rest = (self.tokens[k].amount for k in run if k > n)
            amount = replace(amount, tail=next((a.tail for a in rest if a and a.tail), ""))
        if not amount.tail and subject.unit:
            amount = replace(amount, tail=subject.unit)
        facet = None if said.dirty else facet_of(self.scope, amount, words, subject, years)
        if facet == "level" and amount.percent and not (subject.used or len(run) > 1):
            facet = self._implied(subject)
        if facet in ("yearly", "average", "total") and self.scope.back:
            years = self.scope.back  # 较2022年的1.67亿元增长15%: of the year that is compared
        subject.used = True
        subject.tail = subject.tail if amount.percent else amount.tail
        if (
            amount.change
            or facet is None
            or (facet == "level" and "total" in words and self.scope.kind == "ahead")
        ):
            return
        if (
            facet == "level"
            and said.fresh
            and subject.facet
            and not has_level(self.fields, subject)
        ):
            facet = subject.facet  # 增速2022年14.27%，2023年13.56%
        if facet == "share" and not any(c.facet == "share" for c in subject.called):
            # 总产值128.6亿元，其中主导产业116.3亿元，占90.4%
            money = not subject.tail or "元" in subject.tail
            share = (
                wholes.of_whole(self.subjects, subject.token, subject.text, n) if money else None
            )
            subject = share[0] if share else subject
        opens = self.scope.at(self.scope.first)
        if facet == "level" and subject.facet == "share" and subject.rough and amount.percent:
            facet = "share" if opens and opens.text in ("达", "达到", "为", "即") else facet
        subject.facet, subject.rough = facet, bool(hedges or amount.hedges or amount.rough)
        before = subject.filled
        if facet == "level":
            if (subject.filled or subject.earlier) and not said.fresh and len(run) == 1:
                return
            if not self.subjects.here(subject) and around.counts_another(self.scope, n):
                return
            # 突破60亿元，达到61.07亿元
            rough = hedges or amount.hedges or around.picks(self.scope, n)
            subject.filled, said.fresh = not rough, False
        several = wholes.aspects(self.subjects, subject, facet, years, before)
        if facet == "level" and several is not subject.called:
            facet = "yearly"
        down = "down" in words and facet in ("yearly", "average", "total")
        for called in several:
            if called.facet == facet and called.field in self.fields:
                one = self._stated(n, amount, subject, called, years, hedges, down)
                if one:
                    yield one
                    if not self.scope.base(years):
                        return
