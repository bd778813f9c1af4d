"""The subjects of sentences: what they may state, whole or said in parts for several.

国家级、省级创新平台 names two; after 主持国际标准1项, 国家标准3项 is what is 主持; of 国家标准10项,
其中主持3项 are a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractor.prose.scope import Scope
from extractor.prose.words import NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.loading.called import Called, Facet, Vocabulary
from models.writing.units import asked

_VERBS = ("实现", "完成", "创造", "贡献", "产出")
_ALL = ("全", "本", "该", "我", "各", "整个", "全体")
"""Words before a subject that do not narrow it: 全集群企业."""

_MARKETS = ("国内", "全国", "省内", "全省")
"""A subject that begins so is the cluster's share of that market."""
_GIVES = re.compile(r"贡献|创造|完成|占")
"""Between a part and its share of the whole."""
_COMES = re.compile(r"(?:均|都|是|就)?(?:来自|来源于|出自|源于|由)")
"""Behind a share of the whole, before the part."""
_DONE = re.compile(r"(?:已经?|均|都|实现|完成|开展|成功)*了?")


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
    tail: str = ""
    """Multiple and unit of the last number."""
    used: bool = False
    """Some number has been said of it."""
    facet: Facet | None = None
    """What the last number said of it."""
    rough: bool = False
    """The last number said about what it is: 超过八成，达81.4%."""
    within: bool = False
    """其中 and unknown words stand right before it: some of what has been named."""
    apart: bool = False
    """Its number stands among the words of a share: 贡献了87.2%的产值, 占企业总数158家的70.9%."""
    unit: str = ""
    """The unit that stands in brackets behind it: 总产值（亿元）."""

    @property
    def counts(self) -> bool:
        """Whether it has a figure of its own, and not only a growth or a share."""
        return any(c.facet == "level" for c in self.called) or not self.called


@dataclass(slots=True)
class Said:
    """What has been met since the clause began or its last subject."""

    dirty: bool = False
    each: bool = False
    fresh: bool = False
    """A year stands here."""
    words: set[str] = field(default_factory=set)
    hedges: list[str] = field(default_factory=list)


class Subjects:
    """The subjects of one text's sentences, the one at hand and those before it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.wordings, self.whole = vocabulary.wordings, vocabulary.whole
        self.sums = vocabulary.sums
        self.now: Subject | None = None
        self.group: list[Subject] = []
        """Those of a list that is being read: A、B和C分别为 …"""
        self.spoken: list[Subject] = []
        """The paragraph's so far, the last one last."""

    def begin(self, scope: Scope, follows: bool) -> None:
        """A sentence begins; `follows`: in the same paragraph."""
        self.scope, self.tokens, self.group = scope, scope.tokens, []
        if not follows:
            self.now, self.spoken = None, []
        if self.now:
            self.now.earlier = True

    def _is(self, n: int, *kinds: str) -> bool:
        return self.scope.kind_at(n) in kinds

    def waits(self) -> bool:
        """Whether nothing has been said yet of the subject at hand."""
        return self.now is not None and not self.now.used and not self.now.earlier

    def take(self, n: int, text: str, said: Said) -> None:
        """Makes the words at a token the subject of what follows."""
        scope, previous = self.scope, self.now
        text = self._completed(self._owned(n, self._continued(n, text)))
        subject = Subject(self.tokens[n], text, self.wordings.get(text, ()))
        subject.narrowed = self._is(n - 1, UNKNOWN, "plain") and n > scope.first
        subject.narrowed &= scope.tokens[n - 1].text not in _ALL
        own = "集群" in subject.token.text and not self._is(n - 1, "foreign", "firm")
        if own or (text.startswith(_MARKETS) and not scope.firm):
            scope.foreign = scope.owner = False
        before = self.scope.at(n - 1)
        if before and before.kind == UNKNOWN and before.text[-1] in "全我本" and text[0] in "省市":
            scope.owner = True
        scope.foreign |= scope.owner
        subject.foreign = scope.foreign
        subject.within = subject.narrowed and self._is(n - 2, "which")
        if previous is not None and self.here(previous) and self._is(n - 1, "and"):
            subject.within |= previous.within
        stock = text.endswith(("总数", "总量", "拥有量", "保有量"))
        subject.blocked = (scope.increment and not stock) or said.each or "average" in said.words
        subject.blocked |= self._qualified(n) or scope.some or self._part_of(n, subject)
        subject.unit = self._unit(n)
        subject.blocked |= self._is(n - 1, "up") or (self._is(n - 1, "firm") and n > scope.first)
        joined = self._joined(n)
        open_ = previous is not None and self.here(previous) and not previous.used
        open_ &= not (before is not None and before.text == "等")  # 制造业创新中心等创新平台
        if open_ and previous and previous.counts and not joined and "share" not in said.words:
            # 小巨人企业拥有…
            subject.blocked |= previous.blocked or not self.general(previous)
        self.group = [*self.group, subject] if joined else [*self._listed(n, subject), subject]
        self.now = subject
        self.spoken = [s for s in self.spoken if s.text != text] + self.group[-1:]
        said.dirty, said.each, said.hedges = False, False, []
        said.words &= {"from"}

    def title(self, n: int, said: Said) -> Subject:
        """The subject at a token, of which the number of firms named so is said."""
        self.take(n, self.tokens[n].text, said)
        assert self.now
        self.now.blocked, self.now.narrowed = self.scope.foreign, True
        return self.now

    def some(self, n: int) -> bool:
        """Whether a number of firms counts some of those before: 其中6家企业."""
        before = {self.scope.kind_at(k) for k in range(self.scope.first, n)}
        return "which" in before and "own" not in before

    def _part_of(self, n: int, subject: Subject) -> bool:
        """Whether the same has been counted in the sentence and a part follows: 其中入驻企业7家."""
        mine = {c.field for c in subject.called if c.facet == "level"}
        return self.some(n) and self.general(subject) and any(
            s.filled and not s.foreign and s.token.start >= self.tokens[0].start
            and any(c.field in mine for c in s.called)
            for s in self.spoken
        )  # fmt: skip

    def back(self, n: int) -> None:
        """集群 at a token: what has just been said of somebody else is now said of the cluster:
        全市同行业从业人员9万人，本集群2.4万人."""
        now, k = self.now, n + 1
        while self._is(k, "link", "have", "hedge", "own", "share", TIME):
            k += 1
        if not self._is(k, NUMBER) or self._is(k + 1, SUBJECT):
            return
        if now and now.foreign and now.used and not now.blocked and not now.earlier:
            self.now = replace(self.again(now), token=self.tokens[n])
            self.now.foreign, self.now.narrowed = False, False

    def anew(self) -> None:
        """The subject's own figure is still to come: what has been said was a target."""
        if self.now:
            self.now.filled = False

    def general(self, subject: Subject) -> bool:
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
        if texts[0] == "/" and asked(texts[1]):
            return texts[1]
        if texts[0] == "(" and ")" in texts:
            unit = "".join(texts[1 : texts.index(")")])
            return unit if asked(unit) else ""
        return ""

    def here(self, subject: Subject) -> bool:
        """Whether a subject stands in the clause that is being read."""
        first = self.scope.at(self.scope.first)
        return not subject.earlier and first is not None and subject.token.start >= first.start

    def is_whole(self, n: int) -> bool:
        """Whether it names what something is a share of: 占集群总产值的72.3%."""
        k = n - 1
        while self._is(k, "own", "link", "foreign", UNKNOWN) and k > self.scope.first:
            k -= 1
        return self._is(k, "share") and self.now is not None

    def _joined(self, n: int) -> bool:
        """Whether the subject goes on a list of them: A、B和C分别为 …"""
        k = n - 1
        while self._is(k, "link", "have", "own"):
            k -= 1
        return bool(self.group and not self.group[-1].used and self._is(k, "and"))

    def _listed(self, n: int, subject: Subject) -> list[Subject]:
        """What stands before a subject with only a part of its words: 国家级、省级创新平台;
        参与国际、国家、行业标准."""
        listed: list[Subject] = []
        for several in self._parts(n):
            text = self._fitting([t.text for t in several], listed, subject.text)
            if text is None:
                return []
            listed.append(
                replace(
                    subject, token=several[0], text=text, called=self.wordings[text], narrowed=False
                )
            )
        if listed:
            subject.narrowed = False
            before = listed[-1].text
            whole = (before[:k] + subject.text for k in range(1, len(before)))
            text = next((t for t in whole if self.wordings.get(t)), None)
            if text and not subject.called:
                subject.text, subject.called = text, self.wordings[text]
        return listed

    def _parts(self, n: int) -> list[Sequence[Token]]:
        """The members of the list that ends at a token, as far as no wording knows them."""
        parts: list[Sequence[Token]] = []
        k = n - 1
        while self._is(k, "and"):
            end = k
            k -= 1
            while k >= self.scope.first and self._is(k, UNKNOWN, "link", "have", "hedge", "plain"):
                k -= 1
            if k == end - 1:
                break
            parts.insert(0, self.tokens[k + 1 : end])
        return parts

    def _fitting(self, words: list[str], listed: list[Subject], whole: str) -> str | None:
        """The wording that a member stands for: with the end of the list's last, and the
        beginning of the one before where it is said once."""
        for k in range(len(words)):
            part = "".join(words[k:])
            before = listed[-1].text if listed else ""
            for head in ("", *(before[:i] for i in range(1, len(before)))):
                text = self._joint(head + part, whole)
                if text is not None:
                    return text
        return None

    def _joint(self, part: str, whole: str) -> str | None:
        """A wording of the part and the end of the whole: 国家级 and 省级创新平台."""
        for k in range(len(whole) - 1):
            if self.wordings.get(part + whole[k:]):
                return part + whole[k:]
        return whole + part if self.wordings.get(whole + part) else None

    def _continued(self, n: int, text: str) -> str:
        """产值 of 主导产业近三年产值 is 主导产业产值."""
        k = n - 1
        while self._is(k, TIME) or (self._is(k, "link") and self.tokens[k].text == "的"):
            k -= 1
        before = self.now
        whole = before.text + text if before and before.token is self.scope.at(k) else ""
        return whole if k < n - 1 and self.wordings.get(whole) else text

    def _owned(self, n: int, text: str) -> str:
        """产值 of 中小企业188户实现产值 is 中小企业产值."""
        before, verb = self.now, self.scope.at(n - 1)
        if before is None or verb is None or not (before.used and self.here(before)):
            return text
        own = verb.text in _VERBS and self._is(n - 2, NUMBER) and self.wordings.get(text)
        return before.text + text if own and self.wordings.get(before.text + text) else text

    def _completed(self, text: str) -> str:
        """国家标准 after 主持国际标准1项 is 主持国家标准."""
        others = [s.text for s in self.group]
        if self.now and self.now.text not in others:
            others.append(self.now.text)
        for other in others if not self.wordings.get(text) else ():
            for k in range(len(other) - 1, 0, -1):
                if other[:k] + text in self.wordings:
                    return other[:k] + text
        return text

    def part(self, n: int, said: Said) -> bool:
        """Takes a part of the subject as a subject of its own: 国家标准10项，其中主持3项."""
        token = self.tokens[n]
        kinds = (UNKNOWN, "link", "have", "plain")
        if token.kind not in kinds or self.now is None or len(token.text) < 2:
            return False
        before = n - 1
        while self._is(before, "own", TIME):
            before -= 1
        k = n + 1
        while self._is(k, "link", "hedge", "have", "every"):
            k += 1
        owned = self.waits() and self.general(self.now) and len(self.spoken) > 1
        leads = self._is(before, "which", "comma", "and", "semicolon")
        if not (leads or (owned and self._is(before, SUBJECT))) or not self._is(k, NUMBER):
            return False
        text = self._joint(token.text, self.now.text)
        if text is None and owned:
            # 在国家标准制修订中，集群企业主持3项
            text = self._joint(token.text, self.spoken[-2].text)
        elif not self.now.filled and self.now.called:
            return False
        if text is None:
            return False
        foreign = self.now.foreign
        self.take(n, text, said)
        self.now.foreign |= foreign
        self.now.narrowed = False
        return True

    def total(self, n: int) -> None:
        """合计 at a token behind parts of a figure: the sum is what follows is said of."""
        k = n + 1
        while self._is(k, "link", "hedge"):
            k += 1
        here = [s for s in self.spoken if s.token.start >= self.tokens[0].start and not s.foreign]
        told = [{c.field for c in s.called} for s in here if s.used]
        last = told[-1] if told else set()
        whole = next((f for f, parts in self.sums.items() if last & {*parts}), None)
        if whole and sum(bool(fields & {*self.sums[whole]}) for fields in told) < 2:
            whole = None
        if not whole and here and here[-1].narrowed:
            # 食品企业38家、包装企业12家，总计84家
            alike = [t for t in self.tokens[:n] if t.kind == SUBJECT and t.text == here[-1].text]
            fields = {c.field for c in here[-1].called} & self.whole
            whole = next(iter(fields), None) if len(alike) > 1 else None
        if whole and self._is(k, NUMBER):
            called = (Called(whole, "level", "called"),)
            self.now = Subject(self.tokens[n], self.tokens[n].text, called, self.scope.foreign)

    def again(self, subject: Subject) -> Subject:
        """A subject named before, of which 分别 says something anew."""
        blocked = subject.blocked and not subject.foreign
        fresh = replace(subject, foreign=self.scope.foreign, blocked=blocked, filled=False)
        return replace(fresh, used=False, facet=None)

    # ------------------------------------------------------------------ part and whole apart

    def portion(self, n: int, text: str) -> tuple[Subject, int] | None:
        """The share that the percentage at a token is, where part and whole stand apart, and the
        last token that says so: 中小企业贡献了87.2%的产值; 总产值的90.4%来自主导产业;
        78.5%的企业实现上云."""
        amount, k = self.tokens[n].amount, n + 1
        if amount is None or not amount.percent:
            return None
        while self._is(k, "comma") and self.tokens[k].text == ")":
            k += 1
        first, of = self.tokens[self.scope.first].start, self.scope.at(k)
        gives = _GIVES.search(text, first, self.tokens[n].start)
        part = self.now if gives and self.waits() and self.now and self.here(self.now) else None
        if of is not None and of.text == "的" and self._is(k + 1, SUBJECT):
            whole = self.tokens[k + 1]
            if part:
                return self._share(part.token, part.text, whole.text, k + 1)
            done = _DONE.match(text, whole.end)
            at = done.end() if done else whole.end
            several = (
                self._share(whole, whole.text, text[at:end], k + 1)
                for end in (at, *range(at + 2, at + 5))
            )
            return next(filter(None, several), None)
        named, named_as = (part.token, part.text) if part else (None, "")
        if _COMES.match(text, self.tokens[n].end):
            while self._is(k, UNKNOWN, "link", "from", "foreign", "plain", "own", "have"):
                k += 1
            named = self.tokens[k] if self._is(k, SUBJECT) else None
            named_as, n = named.text if named else "", k
        if named is None:
            return None
        return self.of_whole(named, named_as, n)

    def of_whole(self, part: Token, text: str, last: int) -> tuple[Subject, int] | None:
        """The share of a part in the whole whose figure has been stated last."""
        for whole in reversed(self.spoken):
            mine = whole.token is part or whole.earlier
            mine |= not whole.used and whole is not self.now
            if mine or not whole.counts or (self.general(whole) and "元" in whole.tail):
                continue  # another part of it: 中小企业完成112.1亿元
            return self._share(part, text, whole.text.removeprefix("集群"), last)
        return None

    def _share(self, token: Token, part: str, whole: str, last: int) -> tuple[Subject, int] | None:
        """The subject of a part's share in a whole, where a wording knows it."""
        called = tuple(c for c in self.wordings.get(part + whole, ()) if c.facet == "share")
        share = Subject(token, part + whole, called, self.scope.foreign, apart=True)
        return (share, last) if called else None
