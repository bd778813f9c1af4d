"""One sentence after the other: which number says what of which subject, and as at when.

A number belongs to the subject before it where nothing but known words stands between them, or to
the one right behind it (5家“小巨人”企业). What stands in an unknown context is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractor.prose_numbers import HEDGE_OF, quantity
from extractor.prose_text import Sentence
from extractor.prose_words import NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.called import Called, Facet, Vocabulary
from models.form import Form
from models.types import Quantity

_QUIET = {
    "link",
    "have",
    "own",
    "hedge",
    TIME,
    "which",
    "past",
    "sum",
    "from",
    "to",
    "respectively",
}
_NO_OWNER = re.compile(
    r"(?:居|占|在|为|是|位列|处于|达|领先|优于|高于|低于|超|跻身|进入|列|至|向|到|对|供|销往|辐射|覆盖|面向|全面|来自|从|及|和|与|、"
    r"|被|获|由|经|比|较|享誉|闻名|遍及|遍布|服务|引领|带动|支撑|高出|快于|称为|入选|评为|列入|作为|外|于|起到|比照|约占|占据)$"
)
_WITH = re.compile(
    r"^(?:依托|以|由|与|和|同|联合|引进|引入|支持|推动|围绕|通过|携手|会同|鼓励|组织|发挥|对|为|向|帮助|引导|建立|实施|推进|开展|完成|在)"
)
_PLACE = re.compile(r"(?:^|[0-9年,])[一-鿿]{1,8}(?<!园)(?<!社)(?<!地)(?<!城)(?<!灾)[省市县区镇]$")
_DENIED = re.compile(r"(?:的|这一|为)?(?:目标|任务|预期)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that a text states of the cluster."""

    field: str
    period: str | None
    """The form's period; None for a field that is asked once."""
    year: str | None
    """The year the words name, where they name one."""
    quantity: Quantity
    raw: str
    start: int
    end: int
    """Characters of the text, as those of the number's clause."""
    sure: bool = True


@dataclass(slots=True)
class Subject:
    """A subject as it stands in a sentence, and what has been said of it so far."""

    token: Token
    called: tuple[Called, ...]
    text: str
    foreign: bool = False
    narrowed: bool = False
    """Unknown words stand right before it."""
    blocked: bool = False
    earlier: bool = False
    """It comes from the sentence before."""
    filled: bool = False


@dataclass(slots=True)
class _Carried:
    """What a paragraph's sentences hand on."""

    subject: Subject | None = None
    years: tuple[str, ...] = ()


@dataclass(slots=True)
class _Clause:
    """What has been met since the clause began or its last subject."""

    dirty: bool = False
    words: set[str] = field(default_factory=set)
    hedges: list[str] = field(default_factory=list)
    fresh: bool = False
    """A year stands here."""
    first: int = 0
    owner: bool = False


class Reader:
    """Reads the sentences of one text. `latest` is the year the form's once-asked figures are
    of; `own` the cluster's name, where it is known."""

    def __init__(
        self, form: Form, vocabulary: Vocabulary, text: str, latest: str | None, own: str
    ) -> None:
        self.form, self.vocabulary, self.text = form, vocabulary, text
        self.latest, self.own = latest, own
        self.fields = {
            f.id: f for f in form.fields if f.type in ("number", "integer") and not f.columns
        }
        self.carried = _Carried()

    # -------------------------------------------------------------- one sentence

    def sentence(self, sentence: Sentence, found: Sequence[Token]) -> Iterator[Stated]:
        """What the sentence states; `found` are its tokens."""
        self.tokens = found
        if not sentence.follows:
            self.carried = _Carried()
        self.subject = self.carried.subject
        if self.subject:
            self.subject.earlier = True
        self.group: list[Subject] = []
        self.years: tuple[str, ...] = ()
        self.kind = ""
        self.back: tuple[str, ...] | None = None
        self.target = False
        self.ahead = sentence.ahead
        self.foreign = False
        self.increment = False
        self.clause = _Clause()
        n = 0
        while n < len(found):
            token = found[n]
            if token.kind == NUMBER:
                run = self._run(n)
                yield from self._numbers(run)
                n = run[-1] + 1
                continue
            if token.kind == SUBJECT:
                if not self._whole(n):
                    self._subject(n)
            elif token.kind == TIME:
                self._time(n)
            else:
                self._word(n)
            n += 1
        self.carried = _Carried(
            None if self.foreign else self.subject, self.years or self.carried.years
        )

    def _at(self, n: int) -> Token | None:
        return self.tokens[n] if 0 <= n < len(self.tokens) else None

    # -------------------------------------------------------------- words

    def _word(self, n: int) -> None:
        token, clause = self.tokens[n], self.clause
        kind = token.kind
        if kind in ("comma", "semicolon"):
            self._new_clause(n + 1)
        elif kind == "and":
            clause.dirty, clause.words, clause.hedges = False, set(), []
        elif kind == "target":
            if not (kind == "target" and token.text == "将" and self._is(n + 1, "own")):
                self.target = True
        elif kind == "own":
            if not self._other_cluster(n):
                clause.owner = False
                if n == clause.first or all(
                    self.tokens[k].kind in (TIME, "link", "which", UNKNOWN)
                    for k in range(clause.first, n)
                ):
                    self.foreign = False
            else:
                clause.owner = self.foreign = True
        elif kind in ("foreign", "firm"):
            self._owner(n)
        elif kind == "increment":
            self.increment = True
        elif kind == "sum":
            self.increment = False
        elif kind == "hedge":
            clause.hedges.append(HEDGE_OF[token.text])
        elif kind == "which":
            clause.words.clear()
        elif kind == "to":
            clause.words = {"to"}
            if self.back is not None:
                self.years, self.back = self.back, None
        elif kind == "each":
            clause.dirty = True
        elif kind in ("link", "have", "past"):
            if token.text in ("累计",):
                clause.words.add("total")
        elif kind == UNKNOWN:
            clause.dirty = True
            if _PLACE.search(token.text) and n - clause.first <= 1:
                self._owner(n)
        elif kind == "each":
            clause.dirty = True
        else:
            clause.words.add(kind)

    def _new_clause(self, first: int) -> None:
        fresh = self.clause.fresh
        self.clause = _Clause(first=first)
        self.clause.fresh = fresh
        if self.back is not None and "from" not in self.clause.words:
            self.years, self.back = self.back, None

    def _is(self, n: int, *kinds: str) -> bool:
        token = self._at(n)
        return token is not None and token.kind in kinds

    def _owner(self, n: int) -> None:
        """A province, a county, a firm: does what follows belong to it?"""
        token, clause = self.tokens[n], self.clause
        before = self.text[self.tokens[clause.first].start : token.start]
        if self._is(n + 1, NUMBER) or (token.kind != "firm" and _NO_OWNER.search(before)):
            clause.dirty = True
            return
        if token.kind == "firm":
            led = [self.tokens[k].kind for k in range(clause.first, n)]
            if any(k in ("have", NUMBER, SUBJECT, "increment") for k in led) or _WITH.match(before):
                clause.dirty = True
                return
            self.foreign = clause.owner = True
        clause.owner = True

    def _other_cluster(self, n: int) -> bool:
        """Whether the words before 集群 name another one."""
        before = self._at(n - 1)
        if before is None or before.kind not in (UNKNOWN, "foreign") or n - 1 < self.clause.first:
            return False
        if self.tokens[n].text[:1] in "本该我":
            return False
        name = before.text
        if re.search(r"对标|相比|其他|其它|邻|兄弟|外地|先进|某", name):
            return True
        if before.kind == "foreign":
            return before.text not in (
                "全县",
                "全市",
                "我县",
                "我市",
                "本县",
                "本市",
                "县域",
                "区域内",
            )
        if not self.own:
            return False
        told = {name[i : i + 2] for i in range(len(name) - 1)}
        mine = {self.own[i : i + 2] for i in range(len(self.own) - 1)}
        told -= {
            name[i : i + 2] for i in range(len(name) - 1) if name[i : i + 2] in "特色产业中小企业"
        }
        return len(name) > 2 and not told & mine

    # -------------------------------------------------------------- times

    def _time(self, n: int) -> None:
        token = self.tokens[n]
        time = token.time
        assert time
        clause = self.clause
        before = self._at(n - 1)
        compared = before is not None and before.kind == "compare"
        behind = self._at(n + 1)
        if compared or (before and before.kind == "yearly"):
            of = behind and (behind.kind == NUMBER or behind.text == "的")
            if not of:
                last = self._current()
                direct = time.kind == "before" or (
                    last and time.years and int(last) - int(time.years[-1]) == 1
                )
                clause.words.add("yearly" if direct else "total")
                return
        if time.kind == "since" or (time.kind == "years" and self._event(n)):
            return
        clause.fresh = True
        if before and before.kind == "from" and self.back is None:
            self.back = self.years
        if time.kind == "ahead":
            self.target = True
        elif time.kind == "now":
            self.years, self.kind = (), "now"
            self.increment = False
        elif time.kind == "before":
            last = self._current()
            if self.back is None:
                self.back = self.years
            self.years = (str(int(last) - 1),) if last else ()
            self.kind = "years"
        elif time.kind == "part":
            self.years, self.kind = (), "part"
        elif time.kind == "span":
            self.kind = "span"
            if "近三年" in token.text or token.text.startswith(("近3", "三年", "3年")):
                self.years = self.form.years
        else:
            self.years, self.kind = time.years, time.kind
            ahead = self.latest and time.years and time.years[-1] > self.latest
            if ahead:
                self.target = True
            elif n == clause.first and not compared:
                self.target = False

    def _event(self, n: int) -> bool:
        """Whether the year is that of an event, which figures after it are not as at."""
        for k in range(n + 1, min(n + 6, len(self.tokens))):
            token = self.tokens[k]
            if token.kind in ("comma", "semicolon", NUMBER, SUBJECT):
                return False
            if re.search(
                r"成立|始建|组建|被|获批|列为|评为|授予|入选|命名|启动|出台|印发|投产|发布|揭牌|挂牌|落户|建成投用|认定为",
                token.text,
            ):
                return True
        return False

    def _current(self) -> str | None:
        years = self.back or self.years or self.carried.years
        return years[-1] if years else self.latest

    # -------------------------------------------------------------- subjects

    def _subject(self, n: int) -> None:
        token, clause = self.tokens[n], self.clause
        before = self._at(n - 1)
        text = self._completed(token.text)
        called = self.vocabulary.wordings.get(text, ())
        subject = Subject(token, called, text)
        subject.narrowed = (
            before is not None and before.kind in (UNKNOWN, "firm", "foreign") and n > clause.first
        ) or (before is not None and before.kind == UNKNOWN and n == clause.first)
        subject.narrowed = before is not None and before.kind == UNKNOWN and n > clause.first
        if before and before.kind == "firm" and n > clause.first:
            subject.blocked = True
        if clause.owner:
            self.foreign = True
        subject.foreign = self.foreign
        subject.blocked |= self.increment or bool(before and before.kind == "up")
        previous = self.subject
        joined = self._joined(n)
        same = previous and not previous.earlier and previous.token.start >= self._start(clause)
        if same and previous and not previous.filled and not joined and "share" not in clause.words:
            subject.blocked |= previous.blocked or not _general(previous)
            subject.foreign |= previous.foreign
        self.group = [*self.group, subject] if joined else [subject]
        self.subject = subject
        keep = clause.words & {"from"}
        clause.dirty, clause.words, clause.hedges = False, set(keep), []

    def _whole(self, n: int) -> bool:
        """Whether it names what something is a share of: 占集群总产值的72.3%."""
        k = n - 1
        while self._is(k, "own", "link"):
            k -= 1
        return self._is(k, "share") and self.subject is not None

    def _start(self, clause: _Clause) -> int:
        token = self._at(clause.first)
        return token.start if token else 0

    def _joined(self, n: int) -> bool:
        """Whether the subject goes on a list of subjects: A、B和C分别为 …"""
        k = n - 1
        while self._is(k, "link", "have", "own"):
            k -= 1
        return bool(self.group and not self.group[-1].filled and self._is(k, "and"))

    def _completed(self, text: str) -> str:
        """国家标准 after 主持国际标准1项 is 主持国家标准; 主持 after 国家标准 likewise."""
        if self.vocabulary.wordings.get(text):
            return text
        others = [s.text for s in self.group]
        if self.subject and self.subject.text not in others:
            others.append(self.subject.text)
        for other in others:
            for k in range(len(other) - 1, 0, -1):
                if self.vocabulary.wordings.get(other[:k] + text):
                    return other[:k] + text
        return text

    # -------------------------------------------------------------- numbers

    def _run(self, n: int) -> list[int]:
        """The numbers of a list: 45.6、52.3和61.07亿元."""
        run, k = [n], n + 1
        while k < len(self.tokens):
            step = k
            while self._is(step, "and", "comma") and step < k + 2:
                step += 1
            if step == k or not self._is(step, NUMBER):
                break
            run.append(step)
            k = step + 1
        return run

    def _numbers(self, run: list[int]) -> Iterator[Stated]:
        group = [s for s in self.group if not s.filled]
        several = len(run) > 1
        dated = self.kind in ("years", "range", "span") and len(self.years) == len(run)
        if several and dated and self.subject and len(group) < 2:
            for n, year in zip(run, self.years, strict=True):
                yield from self._number(n, self.subject, (year,), run)
            return
        if several and len(group) == len(run):
            for n, subject in zip(run, group, strict=True):
                yield from self._number(n, subject, self.years, run)
            return
        if several and ("respectively" in self.clause.words or len(group) > 1):
            return
        for place, n in enumerate(run):
            if place:
                between = self.tokens[run[place - 1] + 1]
                self._word(run[place - 1] + 1) if between.kind != NUMBER else None
            behind = self._behind(n)
            if behind is not None:
                yield from self._forward(n, behind)
            elif place == 0 or self.clause.fresh or self.clause.words:
                if len(group) > 1 and not several:
                    continue  # A、B共5家
                years = self._beside(n) or self.years
                if self.subject:
                    yield from self._number(n, self.subject, years, [n])
            else:
                continue

    def _beside(self, n: int) -> tuple[str, ...]:
        """The year in brackets behind a number: 45.6亿元（2021年）."""
        if self._is(n + 1, "comma") and self.tokens[n + 1].text == "(" and self._is(n + 2, TIME):
            time = self.tokens[n + 2].time
            if time and time.kind == "years" and self._is(n + 3, "comma"):
                return time.years
        return ()

    def _behind(self, n: int) -> int | None:
        """The subject that stands right behind a number: 5家“小巨人”企业."""
        k = n + 1
        while (
            self._is(k, "link") and self.tokens[k].text in ("的", "国家级", "省级", "各类")
        ) or self._is(k, "own"):
            k += 1
        if not self._is(k, SUBJECT):
            return None
        own = self.subject
        open_ = (
            own
            and not own.filled
            and not own.earlier
            and own.token.start >= self._start(self.clause)
        )
        if open_ and not self.clause.dirty and _general(own) is False:  # type: ignore[arg-type]
            return None
        return k

    def _forward(self, n: int, behind: int) -> Iterator[Stated]:
        amount = self.tokens[n].amount
        assert amount
        hedges = tuple(self.clause.hedges)
        dirty = self.clause.dirty
        self._subject(behind)
        subject = self.subject
        assert subject
        subject.narrowed = False
        if amount.chinese_one or amount.percent:
            subject.filled = True
            subject.blocked = True
            return
        self.clause.hedges = list(hedges)
        after = self._at(behind + 1)
        # 5家“小巨人”企业拥有发明专利…: the number counts some of them
        if (after is not None and after.kind in ("have",)) or (
            after and after.text in ("实现", "完成")
        ):
            subject.blocked = True
        if after is not None and after.kind == NUMBER:
            return
        yield from self._number(n, subject, self.years, [n])
        self.clause.dirty = dirty and False

    def _number(
        self, n: int, subject: Subject, years: tuple[str, ...], run: list[int]
    ) -> Iterator[Stated]:
        token, clause = self.tokens[n], self.clause
        amount = token.amount
        assert amount
        words, hedges = set(clause.words), tuple(clause.hedges)
        if len(run) == 1 or n == run[-1]:
            clause.hedges = []
            clause.words = clause.words & {"from"} if len(run) == 1 else set()
        if not amount.tail and len(run) > 1:
            tail = next(
                (a.tail for k in run if k > n and (a := self.tokens[k].amount) and a.tail), ""
            )
            from dataclasses import replace

            amount = replace(amount, tail=tail, share=False)
        if clause.dirty:
            return
        facet = self._facet(amount.percent, words, subject)
        if facet is None:
            return
        if facet == "level":
            if subject.filled and not clause.fresh and len(run) == 1:
                return
            if subject.earlier and not clause.fresh and subject.filled:
                return
        before = subject.filled
        if facet == "level":
            subject.filled = True
            clause.fresh = False
        down = "down" in words and facet not in ("cut", "level")
        for called in subject.called:
            if called.facet != facet or called.field not in self.fields:
                continue
            stated = self._stated(token, amount, subject, called, years, hedges, down)
            if stated:
                yield stated
                return
        del before

    def _facet(self, percent: bool, words: set[str], subject: Subject) -> Facet | None:
        facets = {c.facet for c in subject.called}
        change = words & {"up", "down"}
        if "to" in words:
            return "level"
        if "share" in words:
            return "share" if percent else None
        if change or words & {"yearly", "average"} or ("total" in words and percent):
            if not percent:
                # 累计 is a word of counting too
                return "level" if words <= {"total", "from"} else None
            if "average" in words:
                return "average"
            if "down" in words and "cut" in facets and "yearly" not in words:
                return "cut"
            if "total" in words or self.kind in ("span", "range"):
                return "total"
            return "yearly"
        return "level"

    def _stated(
        self,
        token: Token,
        amount: object,
        subject: Subject,
        called: Called,
        years: tuple[str, ...],
        hedges: tuple[str, ...],
        down: bool,
    ) -> Stated | None:
        from extractor.prose_numbers import Amount

        assert isinstance(amount, Amount)
        if subject.foreign or subject.blocked or self.foreign:
            return None
        if called.strength == "bare" and subject.narrowed:
            return None
        entry = self.fields[called.field]
        if self._to_come(token, years):
            return None
        read = quantity(amount, entry, hedges, negative=down)
        if read is None:
            return None
        value, with_unit = read
        sure = with_unit and called.strength != "vague" and not subject.narrowed
        sure = sure and not subject.earlier
        period, year, told = self._period(called, years)
        if period is False:
            return None
        start = min(self._clause_start(subject, token), token.start)
        return Stated(
            field=called.field,
            period=None if period is None else str(period),
            year=year,
            quantity=value,
            raw=self.text[start : token.end],
            start=start,
            end=token.end,
            sure=sure and told,
        )

    def _clause_start(self, subject: Subject, token: Token) -> int:
        if subject.earlier or subject.token.start > token.start:
            return self._start(self.clause)
        start = subject.token.start
        for t in reversed([t for t in self.tokens if t.end <= start]):
            if t.kind in ("comma", "semicolon", "and"):
                break
            start = t.start
        return start

    def _to_come(self, token: Token, years: tuple[str, ...]) -> bool:
        """Whether the number is a target: by its words, its year or the heading above."""
        at = self.tokens.index(token)
        before = self._at(at - 1)
        if before is not None and before.text == "的":
            before = self._at(at - 2)
        dated = before is not None and before.kind == TIME and before.time is not None
        past = bool(years) and self.latest is not None and years[-1] <= self.latest
        if _DENIED.match(self.text[token.end : token.end + 6]):
            return True
        if self.target:
            return not (dated and past and before and before.time and before.time.years)
        return self.ahead and not (past and self.kind == "years")

    def _period(
        self, called: Called, years: tuple[str, ...]
    ) -> tuple[str | bool | None, str | None, bool]:
        """(period of the form or False for none of its, the year named, whether it is told)."""
        entry = self.fields[called.field]
        yearly = entry.years or entry.year_in_heading
        if self.kind == "part":
            return False, None, False
        if called.facet in ("average", "total", "cut"):
            if yearly or (
                years and self.kind == "years" and self.latest and years[-1] != self.latest
            ):
                return False, None, False
            return None, None, True
        explicit = years or self.carried.years if self.kind != "now" else ()
        told = bool(years)
        if len(years) > 1:
            return False, None, False
        if self.kind == "span" and not years and yearly:
            return False, None, False
        year = explicit[-1] if explicit else None
        if not yearly:
            if year and self.latest and year != self.latest:
                return False, year, False
            return None, year, not (year and not self.latest)
        if year is None:
            return (self.latest or None), None, False
        if entry.years and year not in self.form.years:
            return False, year, False
        return year, year, told


def _general(subject: Subject) -> bool:
    """Whether what the subject names is the cluster's firms at large: 企业, 中小企业."""
    return any(c.strength == "bare" or c.field == "smes" for c in subject.called)
