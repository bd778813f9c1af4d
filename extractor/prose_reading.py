"""One sentence after the other: which number says what of which subject.

A number belongs to the subject before it where nothing but known words stands between them, or to
the one right behind it (5家“小巨人”企业). What stands among unknown words is left unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractor.prose_numbers import HEDGE_OF, Amount, quantity
from extractor.prose_scope import Scope
from extractor.prose_text import Sentence
from extractor.prose_words import NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.called import Called, Facet, Vocabulary
from models.form import Form
from models.types import Quantity
from models.units import asked

_SAME = ("同期", "其中", "同年", "当年")
"""A sentence that begins so is as at the time of the one before, whomever that is about."""


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
    """Characters of the text: the number with what of its clause stands before it."""
    sure: bool = True
    """Subject, year and unit stand in the sentence itself."""


@dataclass(slots=True)
class Subject:
    """A subject as it stands in a sentence, and what has been said of it so far."""

    token: Token
    text: str
    """Its wording, completed where the sentence says a part of it once for several."""
    called: tuple[Called, ...]
    foreign: bool = False
    narrowed: bool = False
    """Unknown words stand right before it."""
    blocked: bool = False
    """It is somebody's, an addition or each one's."""
    earlier: bool = False
    """It comes from the sentence before."""
    filled: bool = False
    """Its own figure has been stated."""
    used: bool = False
    """Some number has been said of it."""
    facet: Facet | None = None
    """What the last number said of it."""
    unit: str = ""
    """The unit that stands in brackets behind it: 总产值（亿元）."""

    @property
    def counts(self) -> bool:
        """Whether it has a figure of its own, and not only a growth or a share."""
        return any(c.facet == "level" for c in self.called) or not self.called


@dataclass(slots=True)
class _Said:
    """What has been met since the clause began or its last subject."""

    dirty: bool = False
    each: bool = False
    fresh: bool = False
    """A year stands here."""
    words: set[str] = field(default_factory=set)
    hedges: list[str] = field(default_factory=list)


class Reader:
    """Reads the sentences of one text, in order."""

    def __init__(
        self, form: Form, vocabulary: Vocabulary, text: str, latest: str | None, own: str
    ) -> None:
        self.form, self.text, self.latest, self.own = form, text, latest, own
        self.wordings = vocabulary.wordings
        self.fields = {
            f.id: f for f in form.fields if f.type in ("number", "integer") and not f.columns
        }
        self.whole = vocabulary.whole
        self.subject: Subject | None = None
        self.other = False
        """The sentence before is about somebody else."""
        self.spoken: list[Subject] = []
        """The subjects of the paragraph so far."""
        self.years: tuple[str, ...] = ()
        """Of the sentence before."""

    def sentence(self, sentence: Sentence, tokens: Sequence[Token]) -> Iterator[Stated]:
        """What the sentence of these tokens states."""
        if not sentence.follows:
            self.subject, self.years, self.spoken, self.other = None, (), [], False
        if self.other and tokens and not tokens[0].text.startswith(_SAME):
            self.years = ()
        if self.subject:
            self.subject.earlier = True
        self.tokens = tokens
        self.scope = Scope(self.form, self.latest, self.own, sentence, tokens, self.years)
        self.group: list[Subject] = []
        self.said = _Said()
        self.listing = False
        """分别 has been said."""
        self.next = n = 0
        while n < len(tokens):
            if tokens[n].kind == NUMBER:
                run = self._run(n)
                self.next = run[-1] + 1
                yield from self._numbers(run)
                n = self.next
                continue
            if tokens[n].kind == SUBJECT:
                if not self._whole(n):
                    self._subject(n, tokens[n].text)
            elif not self._part(n):
                self._word(n)
            n += 1
        self.other = self.scope.foreign
        if self.other:
            self.subject = None
        self.years = self.scope.years[-1:] or self.years

    # -------------------------------------------------------------- words

    def _word(self, n: int) -> None:
        token, said, scope = self.tokens[n], self.said, self.scope
        match token.kind:
            case "comma" | "semicolon":
                scope.new_clause(n + 1)
                told = said.words & {"share", "average"} if self._waits() else set()
                self.said = _Said(fresh=said.fresh, words=told)
            case "and":
                said.dirty, said.words, said.hedges = False, set(), []
            case "time":
                measure = scope.time(n)
                said.fresh |= measure == "fresh"
                said.words |= {measure} & {"yearly", "total"}
            case "target":
                scope.target = True
            case "own":
                scope.cluster(n)
            case "respectively":
                self.listing = True
            case "foreign" | "firm" | "rule":
                said.dirty |= not scope.somebody(n)
            case "increment":
                scope.increment = True
            case "sum":
                scope.increment = False
                if self.subject and self.subject.blocked and not self.subject.foreign:
                    self.subject.blocked = self.subject.filled = False
            case "hedge":
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
            case "unknown" | "plain":
                said.dirty = True
                scope.owner |= scope.place(n)
            case "link" if scope.going and token.text in ("到", "至", "为", "达", "达到"):
                scope.reaches()
                said.words, said.fresh = {"to"}, True
            case "link" | "have" | "past" | "compare":
                pass
            case kind:
                said.words.add(kind)

    def _is(self, n: int, *kinds: str) -> bool:
        return self.scope.kind_at(n) in kinds

    def _waits(self) -> bool:
        """Whether nothing has been said yet of the subject at hand."""
        return self.subject is not None and not self.subject.used and not self.subject.earlier

    # -------------------------------------------------------------- subjects

    def _subject(self, n: int, text: str) -> None:
        """Makes the words at a token the subject of what follows."""
        said, scope, previous = self.said, self.scope, self.subject
        text = self._completed(text)
        subject = Subject(self.tokens[n], text, self.wordings.get(text, ()))
        subject.narrowed = self._is(n - 1, UNKNOWN, "plain") and n > scope.first
        if "集群" in subject.token.text and not self._is(n - 1, "foreign", "firm"):
            scope.foreign = scope.owner = False
        before = self.scope.at(n - 1)
        if before and before.kind == UNKNOWN and before.text[-1] in "全我本" and text[0] in "省市":
            scope.owner = True
        scope.foreign |= scope.owner
        subject.foreign = scope.foreign
        stock = text.endswith(("总数", "总量", "拥有量", "保有量"))
        subject.blocked = (scope.increment and not stock) or said.each or "average" in said.words
        subject.blocked |= self._qualified(n)
        subject.unit = self._unit(n)
        subject.blocked |= self._is(n - 1, "up") or (self._is(n - 1, "firm") and n > scope.first)
        joined = self._joined(n)
        open_ = previous is not None and self._here(previous) and not previous.used
        if open_ and previous and previous.counts and not joined and "share" not in said.words:
            # 小巨人企业拥有…
            subject.blocked |= previous.blocked or not self._general(previous)
        self.group = [*self.group, subject] if joined else [*self._listed(n, subject), subject]
        self.subject = subject
        self.spoken = [s for s in self.spoken if s.text != text] + self.group[-1:]
        said.dirty, said.each, said.hedges = False, False, []
        said.words &= {"from"}

    def _general(self, subject: Subject) -> bool:
        """Whether it names the cluster's firms at large, who may own what follows."""
        return any(c.field in self.whole for c in subject.called)

    def _qualified(self, n: int) -> bool:
        """Whether a number describes the subject behind it: 占比超过20%的企业."""
        return self._is(n - 2, NUMBER, "hedge") and self.tokens[n - 1].text == "的" and (
            self._is(n - 2, "hedge") or self.tokens[n - 2].text.endswith(("%", "以上", "以下"))
        )  # fmt: skip

    def _unit(self, n: int) -> str:
        """The unit in brackets behind a subject: 总产值（亿元）."""
        inside = [self.scope.at(k) for k in range(n + 1, n + 6)]
        texts = [t.text if t else "" for t in inside]
        if texts[0] == "(" and ")" in texts:
            unit = "".join(texts[1 : texts.index(")")])
            return unit if asked(unit) else ""
        return ""

    def _here(self, subject: Subject) -> bool:
        """Whether a subject stands in the clause that is being read."""
        first = self.scope.at(self.scope.first)
        return not subject.earlier and first is not None and subject.token.start >= first.start

    def _whole(self, n: int) -> bool:
        """Whether it names what something is a share of: 占集群总产值的72.3%."""
        k = n - 1
        while self._is(k, "own", "link", "foreign", UNKNOWN) and k > self.scope.first:
            k -= 1
        return self._is(k, "share") and self.subject is not None

    def _joined(self, n: int) -> bool:
        """Whether the subject goes on a list of them: A、B和C分别为 …"""
        k = n - 1
        while self._is(k, "link", "have", "own"):
            k -= 1
        return bool(self.group and not self.group[-1].used and self._is(k, "and"))

    def _listed(self, n: int, subject: Subject) -> list[Subject]:
        """What stands before a subject with only a part of its words: 国家级、省级创新平台;
        参与国际、国家、行业标准."""
        parts: list[tuple[Token, str]] = []
        k = n - 1
        while self._is(k, "and"):
            end = k
            k -= 1
            while k >= self.scope.first and self._is(k, UNKNOWN, "link", "have", "hedge", "plain"):
                k -= 1
            if k == end - 1:
                break
            several = self.tokens[k + 1 : end]
            parts.insert(0, (several[0], "".join(t.text for t in several)))
        listed: list[Subject] = []
        for token, part in parts:
            text = self._joint(part, subject.text) or self._joint(part[2:], subject.text)
            before = listed[-1].text if listed else ""
            for i in range(len(before)) if text is None else ():
                text = text or self._joint(before[:i] + part, subject.text)
            if text is None:
                return []
            listed.append(
                replace(subject, token=token, text=text, called=self.wordings[text], narrowed=False)
            )
        if listed:
            subject.narrowed = False
            whole = next(
                (t for i in range(1, len(listed[-1].text))
                 if self.wordings.get(t := listed[-1].text[:i] + subject.text)),
                "",
            )  # fmt: skip
            if whole and not subject.called:
                subject.text, subject.called = whole, self.wordings[whole]
        return listed

    def _joint(self, part: str, whole: str) -> str | None:
        """A wording of the part and the end of the whole: 国家级 and 省级创新平台."""
        for k in range(len(whole) - 1):
            if self.wordings.get(part + whole[k:]):
                return part + whole[k:]
        return whole + part if self.wordings.get(whole + part) else None

    def _completed(self, text: str) -> str:
        """国家标准 after 主持国际标准1项 is 主持国家标准."""
        others = [s.text for s in self.group]
        if self.subject and self.subject.text not in others:
            others.append(self.subject.text)
        for other in others if not self.wordings.get(text) else ():
            for k in range(len(other) - 1, 0, -1):
                if self.wordings.get(other[:k] + text):
                    return other[:k] + text
        return text

    def _part(self, n: int) -> bool:
        """Takes a part of the subject as a subject of its own: 国家标准10项，其中主持3项."""
        token = self.tokens[n]
        kinds = (UNKNOWN, "link", "have", "plain")
        if token.kind not in kinds or self.subject is None or len(token.text) < 2:
            return False
        before = n - 1
        while self._is(before, "own", TIME):
            before -= 1
        k = n + 1
        while self._is(k, "link", "hedge", "have"):
            k += 1
        if not (self._is(before, "which", "comma", "and", "semicolon") and self._is(k, NUMBER)):
            return False
        text = self._joint(token.text, self.subject.text)
        if text is None or (not self.subject.filled and self.subject.called):
            return False
        foreign = self.subject.foreign
        self._subject(n, text)
        self.subject.foreign |= foreign
        self.subject.narrowed = False
        return True

    # -------------------------------------------------------------- numbers

    def _run(self, n: int) -> list[int]:
        """The numbers of a list: 45.6、52.3和61.07亿元."""
        run = [n]
        while self._is(run[-1] + 1, "and", "comma"):
            k = run[-1] + 2
            k += self._is(k, "and")
            if not self._is(k, NUMBER):
                break
            run.append(k)
        return run

    def _numbers(self, run: list[int]) -> Iterator[Stated]:
        scope, several = self.scope, len(run) > 1
        group = [s for s in self.group if not s.used]
        dated = scope.kind in ("years", "range", "span") and len(scope.years) == len(run)
        as_form = len(run) == len(self.form.years) and len(group) == 1 and not self.said.fresh
        if several and as_form and len(scope.years) < 2:
            scope.years, dated = self.form.years, True  # a list of as many as the form has years
        if several and dated and self.subject and len(group) < 2:
            scope.before = None
            for n, year in zip(run, scope.years, strict=True):
                yield from self._number(n, self.subject, (year,), run)
            return
        if several and self.listing and len(group) < 2 and len(self.spoken) >= len(run):
            group = [self._again(s) for s in self.spoken[-len(run) :]]
        if several and len(group) == len(run):
            for n, subject in zip(run, group, strict=True):
                yield from self._number(n, subject, scope.years, run)
            self.spoken[-len(run) :] = group
            return
        if several and ("respectively" in self.said.words or len(group) > 1):
            return
        for place, n in enumerate(run):
            if place:
                dirty = self.said.dirty
                for k in range(run[place - 1] + 1, n):
                    self._word(k)
                self.said.dirty = dirty
            behind = self._behind(n)
            if behind is not None:
                self.next = behind + 1
                yield from self._forward(n, behind)
            elif self.subject and len(group) < 2:
                yield from self._number(n, self.subject, self._beside(n) or scope.years, [n])

    def _again(self, subject: Subject) -> Subject:
        """A subject named before, of which 分别 says something anew."""
        blocked = subject.blocked and not subject.foreign
        fresh = replace(subject, foreign=self.scope.foreign, blocked=blocked, filled=False)
        return replace(fresh, used=False, facet=None)

    def _beside(self, n: int) -> tuple[str, ...]:
        """The year in brackets behind a number: 45.6亿元（2021年）."""
        opens = self._is(n + 1, "comma") and self.tokens[n + 1].text == "("
        if opens and self._is(n + 2, TIME) and self._is(n + 3, "comma"):
            time = self.tokens[n + 2].time
            return time.years if time and time.kind == "years" else ()
        return ()

    def _behind(self, n: int) -> int | None:
        """The subject that stands right behind a number: 5家“小巨人”企业."""
        k = n + 1
        while self._is(k, "own") or (self._is(k, "link") and self.tokens[k].text != "为"):
            k += 1
        if not self._is(k, SUBJECT):
            return None
        own = self.subject
        waits = own is not None and self._here(own) and not own.used and not self.said.dirty
        if waits and own and not self._general(own):
            return None
        while self._is(k + 1, SUBJECT):  # 9649人中小企业从业人员
            k += 1
        return k

    def _forward(self, n: int, behind: int) -> Iterator[Stated]:
        amount, said = self.tokens[n].amount, self.said
        hedges, words, dirty = said.hedges, said.words, said.dirty
        if self.subject and self._here(self.subject):
            self.subject.used = True  # 企业拥有5家…: the owner, of which nothing is said
        self._subject(behind, self.tokens[behind].text)
        subject = self.subject
        assert subject and amount
        subject.narrowed = dirty
        said.hedges = hedges
        subject.blocked |= bool(words & {"up", "down", "share"})
        # 5家“小巨人”企业拥有发明专利…: the number counts some of them; 一家企业 is any firm
        after = self.scope.at(behind + 1)
        owns = after is not None and (after.kind == "have" or after.text in ("实现", "完成"))
        if all(c.strength == "bare" for c in subject.called if c.facet == "level"):
            owns |= (
                after is not None and after.kind == UNKNOWN and after.text[0] not in "。!?！？\n"
            )
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
        if n == run[-1]:
            said.hedges, said.words = [], set()
        if not amount.tail and len(run) > 1:
            rest = (self.tokens[k].amount for k in run if k > n)
            amount = replace(amount, tail=next((a.tail for a in rest if a and a.tail), ""))
        if not amount.tail and subject.unit:
            amount = replace(amount, tail=subject.unit)
        facet = None if said.dirty else self._facet(amount, words, subject)
        subject.used = True
        if facet is None:
            return
        if facet == "level" and said.fresh and subject.facet and not subject.counts:
            facet = subject.facet  # 增速2022年14.27%，2023年13.56%
        subject.facet = facet
        if facet == "level":
            if subject.filled and not said.fresh and len(run) == 1:
                return
            subject.filled, said.fresh = True, False
        down = "down" in words and facet in ("yearly", "average", "total")
        for called in subject.called:
            if called.facet == facet and called.field in self.fields:
                one = self._stated(n, amount, subject, called, years, hedges, down)
                if one:
                    yield one
                    return

    def _facet(self, amount: Amount, words: set[str], subject: Subject) -> Facet | None:
        """What a number says of its subject, by the words between them."""
        if "to" in words:
            return "level"
        if "share" in words:
            return "share" if amount.percent else None
        if not words & {"up", "down", "yearly", "average"} and not (
            "total" in words and amount.percent
        ):
            return "level"
        if not amount.percent:
            return None  # 增加20件
        if "average" in words:
            return "average"
        if "yearly" in words:
            return "yearly"
        if "down" in words and any(c.facet == "cut" for c in subject.called):
            return "cut"
        return "total" if "total" in words or self.scope.kind in ("span", "range") else "yearly"

    def _stated(
        self, n: int, amount: Amount, subject: Subject, called: Called, years: tuple[str, ...],
        hedges: tuple[str, ...], down: bool,
    ) -> Stated | None:  # fmt: skip
        scope, token = self.scope, self.tokens[n]
        if subject.foreign or subject.blocked or scope.foreign or scope.owner:
            return None
        if scope.to_come(n, years) or self._picks(n):
            return None
        if called.strength != "called" and (subject.narrowed or self._describes(n)):
            return None
        if called.strength == "bare" and not self._plain(subject):
            return None
        entry = self.fields[called.field]
        read = quantity(amount, entry, hedges, negative=down)
        when = scope.period(entry, called, years)
        if read is None or when is None:
            return None
        value, with_unit = read
        period, year, told = when
        sure = with_unit and told and called.strength != "vague"
        start = min(self._start(subject, token), token.start)
        return Stated(
            called.field, period, year, value, self.text[start : token.end], start, token.end,
            sure=sure and not (subject.narrowed or subject.earlier),
        )  # fmt: skip

    def _describes(self, n: int) -> bool:
        """Whether the number describes what is named behind it: 占地1840亩的小镇."""
        return self._is(n + 1, "link") and self.tokens[n + 1].text == "的"

    def _picks(self, n: int) -> bool:
        """Whether it picks some of what is named behind it: 占比超过20%的企业."""
        return self._describes(n) and self._is(n + 2, SUBJECT)

    def _plain(self, subject: Subject) -> bool:
        """Whether no unknown word stands in the clause before a subject, but before 集群."""
        clause = [t for t in self.tokens[self.scope.first :] if t.end <= subject.token.start]
        for t in reversed(clause):
            if t.kind == "own":
                return True
            if t.kind in (UNKNOWN, "plain", "firm", "foreign", "up"):
                return False
        return True

    def _start(self, subject: Subject, token: Token) -> int:
        """Where the words begin that state a number: the subject's clause, or its own."""
        start = subject.token.start
        if subject.earlier or start > token.start:
            first = self.scope.at(self.scope.first)
            return first.start if first else token.start
        for t in reversed([t for t in self.tokens if t.end <= start]):
            if t.kind in ("comma", "semicolon", "and"):
                break
            start = t.start
        return start
