"""The subjects of sentences: what they may state, whole or said in parts for several.

国家级、省级创新平台 names two; after 主持国际标准1项, 国家标准3项 is what is 主持; of 国家标准10项,
其中主持3项 are a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractor.prose import around
from extractor.prose.scope import Scope
from extractor.prose.words import ENDS, NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.loading.called import Called, Facet, Vocabulary

_DOES = ("为", "实现", "完成", "达到", "达")
_VERBS = ("实现", "完成", "创造", "贡献", "产出")
_ALL = ("全", "本", "该", "我", "各", "整个", "全体")
"""Words before a subject that do not narrow it: 全集群企业."""

_COUNTED = re.compile(r"(?<=..)的?(?:总?数量?|总量|拥有量|个数|家数|户数)$")
"""Behind what is counted."""
_DRAFTS = ("制定", "制订", "修订", "制修订", "起草", "编制")
_LEVELS = ("国家级", "省级", "市级", "县级")
_DOING = re.compile(r"^(?:搞|做|干|从事|负责|用于)|(?:方面|类|型|领域|业务)$")
"""Around a part's name: 搞研发 的 2个, 检测类2个."""
_RATIO = re.compile(r"(?:强度|(?<!长)率|占比|比例|比重)$")
"""What is a ratio already, so that the cluster's average is its figure: 平均研发投入强度."""
MARKETS = ("国内", "全国", "省内", "全省")
"""A subject that begins so is the cluster's share of that market."""


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
    added: bool = False
    """What follows of it is an addition: 新增."""
    apart: bool = False
    """Its number stands among the words of a share: 贡献了87.2%的产值, 占企业总数158家的70.9%."""
    guessed: bool = False
    """Nothing but its unit says that it is meant: 全市企业420家…。集群有29家."""
    unit: str = ""
    """The unit that stands in brackets behind it: 总产值（亿元）."""

    @property
    def told_in(self) -> str:
        """The unit of its last number."""
        return self.tail.lstrip("十百千万亿")

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
    count: int = 0
    """How many of the subjects before are meant: 两项指标, 两者."""
    words: set[str] = field(default_factory=set)
    hedges: list[str] = field(default_factory=list)

    def carried(self, mark: str, waits: bool) -> Said:
        """What of it holds behind a comma or its like; `waits`: the subject has no number yet."""
        kept = {"share", "average", *(("rate", "up", "down") if "rate" in self.words else ())}
        words = self.words & kept if waits else set()
        return Said(dirty=self.dirty and mark == "(", fresh=self.fresh, words=words)


class Subjects:
    """The subjects of one text's sentences, the one at hand and those before it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.wordings, self.whole = vocabulary.wordings, vocabulary.whole
        self.sums, self.words = vocabulary.sums, vocabulary.heads
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

    def listed(self) -> bool:
        """Whether several stand here of which nothing has been said yet: 众创空间、孵化器共5个."""
        return len(self.group) > 1 and not self.group[-1].used

    def waits(self) -> bool:
        """Whether nothing has been said yet of the subject at hand."""
        return self.now is not None and not self.now.used and not self.now.earlier

    def take(self, n: int, text: str, said: Said) -> None:
        """Makes the words at a token the subject of what follows."""
        scope, previous = self.scope, self.now
        text = self._owned(n, self._continued(n, text))
        text = text if self.heads(n) else self._completed(text)
        subject = Subject(self.tokens[n], text, self.wordings.get(text, ()))
        subject.narrowed = self._is(n - 1, UNKNOWN, "plain") and n > scope.first
        subject.narrowed &= scope.tokens[n - 1].text not in _ALL
        own = "集群" in text and not (scope.many or self._is(n - 1, "foreign", "firm"))
        if own and self._is(n - 1, UNKNOWN) and scope.other(n):
            scope.foreign = scope.owner = True  # 浙江永康电动工具集群企业
        elif own or (text.startswith(MARKETS) and not scope.firm):
            scope.foreign = scope.owner = False
        before = self.scope.at(n - 1)
        scope.foreign |= scope.owner
        subject.foreign = scope.foreign
        subject.within = subject.narrowed and self._is(n - 2, "which")
        if previous is not None and self.here(previous) and self._is(n - 1, "and"):
            subject.within |= previous.within
        # 其中食品加工企业36户，产值8.3亿元: theirs, until 集群 is named again
        subject.within |= (
            previous is not None and previous.within and previous.used and not previous.earlier
            and not own and not any(
                t.kind in ("own", "semicolon") for t in scope.tokens[:n]
                if t.start > previous.token.start
            )
        )  # fmt: skip
        stock = text.endswith(("总数", "总量", "拥有量", "保有量"))
        subject.added = scope.increment and not stock
        subject.blocked = subject.added or said.each
        ours = any(t.kind == "own" for t in scope.tokens[scope.first : n])
        subject.blocked |= "average" in said.words and not (ours and _RATIO.search(text))
        subject.blocked |= around.qualified(scope, n) or scope.some or self._part_of(n, subject)
        subject.unit = around.unit(scope, n)
        subject.blocked |= self._is(n - 1, "up") or (self._is(n - 1, "firm") and n > scope.first)
        # 主导产业企业48家: a trade's firms are some of the cluster's
        subject.blocked |= self._is(n - 1, SUBJECT) and self.general(subject) and not (
            previous is None or previous.counts or self.general(previous)
        )  # fmt: skip
        if self.general(subject) and scope.greatest(n):
            subject.foreign = True
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

    def anew(self) -> None:
        """The subject's own figure is still to come: what has been said was a target."""
        if self.now:
            self.now.filled = False

    def general(self, subject: Subject) -> bool:
        """Whether it names the cluster's firms at large, who may own what follows."""
        return any(c.field in self.whole for c in subject.called)

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
        whole = _COUNTED.sub("", whole)
        for k in range(len(whole) - 1):
            if self.wordings.get(part + whole[k:]):
                return part + whole[k:]
        for k in range(len(whole), 1, -1):  # 国家标准 of 国家标准主持, and 参与
            known = k == len(whole) or whole[:k] in self.wordings
            if known and self.wordings.get(whole[:k] + part):
                return whole[:k] + part
        return None

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
        if before is None or verb is None or not before.used or before.earlier:
            return text
        if self.here(before):
            own = verb.text in _VERBS and self._is(n - 2, NUMBER) and text in self.wordings
        else:  # 中小企业76家，实现产值占总产值的70.86%
            own = n - 1 == self.scope.first and self._is(n + 1, "share")
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
        if token.text in _LEVELS and self._is(n - 1, SUBJECT) and self._is(n + 1, "link", NUMBER):
            # 绿色工厂省级的3家、市级的6家
            self.now.text = token.text + self.now.text
            self.now.called = self.wordings.get(self.now.text, ())
            return True
        before = n - 1
        while self._is(before, "own", TIME):
            before -= 1
        k = n + 1
        while self._is(k, "link", "hedge", "have", "every") or self._drafts(k):
            k += 1
        owned = self.waits() and self.general(self.now) and len(self.spoken) > 1
        leads = self._is(before, "which", "comma", "and", "semicolon")
        if not (leads or (owned and self._is(before, SUBJECT))) or not self._is(k, NUMBER):
            return False
        text = self._joint(token.text, self.now.text)
        if text is None and leads:
            text = self._joint(_DOING.sub("", token.text), self.now.text)
        if text is None and owned:
            # 在国家标准制修订中，集群企业主持3项
            text = self._joint(token.text, self.spoken[-2].text)
        elif not self.now.filled and self.now.called:
            return False
        if text is None:
            return False
        foreign, fields = self.now.foreign, {c.field for c in self.now.called}
        again = (
            self.now.filled
            and text != self.now.text
            and bool(fields & {c.field for c in self.wordings[text]})
        )
        self.take(n, text, said)
        self.now.blocked |= again  # 单项冠军企业2家（国家级1家、省级1家）
        self.now.foreign |= foreign
        self.now.narrowed = False
        return True

    def _drafts(self, n: int) -> bool:
        """Whether a token only says what is done with a standard: 参与制定1项."""
        token = self.scope.at(n)
        return token is not None and token.text in _DRAFTS

    def behind(self, n: int, said: Said) -> int | None:
        """The subject that stands right behind a number: 5家“小巨人”企业."""
        k = n + 1
        if self._is(k, "own") and self.scope.several(k):
            return None  # 21个集群从业人员28万人
        if self._is(k, "link") and self.tokens[k].text == "为" and self._ends(k + 1):
            k += 1  # 其中224家为中小企业
        while self._is(k, "own") or (self._is(k, "link") and self.tokens[k].text not in _DOES):
            k += 1
        if not self._is(k, SUBJECT):
            return None
        if k > n + 1 and self._is(k + 1, NUMBER) and self.tokens[n + 1].text != "的":
            return None  # 12个国家和地区布局分支机构17个
        own = self.now
        waits = not (self._is(n - 1, "link") and self.tokens[n - 1].text == "等")  # …中心等2家平台
        waits &= own is not None and self.here(own) and not own.used and not said.dirty
        if waits and own and not self.general(own):
            return None
        while self._is(k + 1, SUBJECT):  # 9649人中小企业从业人员
            k += 1
        return k

    def _ends(self, n: int) -> bool:
        """Whether a subject stands at a token and ends its clause."""
        after = self.scope.at(n + 1)
        return self._is(n, SUBJECT) and (
            after is None or after.kind in ("comma", "semicolon") or after.text[0] in ENDS
        )

    def counted(self, several: int) -> list[Subject]:
        """So many subjects that have been told a figure of last, all the cluster's, for
        what is said of them anew; none where there are not so many."""
        last = self.spoken[-several:]
        told = all(s.used and not s.foreign for s in last)
        return [self.again(s) for s in last] if told and len(last) == several else []

    def again(self, subject: Subject) -> Subject:
        """A subject named before, of which 分别 says something anew."""
        blocked = subject.blocked and not subject.foreign
        blocked &= (
            not subject.added or self.scope.increment
        )  # 新增12家、8家，年末分别达到88家、31家
        fresh = replace(subject, foreign=self.scope.foreign, blocked=blocked, filled=False)
        return replace(fresh, used=False)

    def heads(self, n: int) -> bool:
        """Whether a comma parts the subject at a token from what is said of it: 国家标准方面，"""
        k = n + 1
        while self._is(k, "link", UNKNOWN) and self.tokens[k].text in ("中", "上", "里", "方面"):
            k += 1
        return self._is(k, "comma") and self.tokens[k].text in ",:"
