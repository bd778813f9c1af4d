"""Of whom and of when a sentence speaks: the cluster or somebody else, a year or a target.

Both are followed from word to word; `Scope` holds what has been said up to a token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.prose.ranges import dated, reached
from extractor.prose.text import Sentence
from extractor.prose.words import NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.form import Field, Form
from models.loading.called import Called

_NOT_OWNER = re.compile(
    r"(?:居|占|在|为|是|位列|处于|达|领先|优于|高于|低于|超|跻身|进入|列|至|向|到|对|供|往|辐射|覆盖|面向"
    r"|全面|来自|从|及|和|与|、|被|获|由|经|比|较|享誉|闻名|遍及|遍布|服务|引领|带动|支撑|高出|快于|称为|评为"
    r"|作为|外|于)$"
)
"""Before a place: the place is compared with or reached, and owns nothing."""
_HELPED = re.compile(
    r"^(?:依托|以|由|与|和|同|联合|引进|引入|支持|推动|围绕|通过|携手|会同|鼓励|组织|发挥|对|为|向|帮助|引导"
    r"|建立|实施|推进|开展|完成|在)"
)
"""Before a firm: it helps or is helped, and what follows is not its own."""
_STANDS = re.compile(r"位于|坐落|地处|落户|布局[在于]|设在")
_PLACE = re.compile(r"[一-鿿]{2,8}(?<!园)(?<!社)(?<!地)(?<!城)[省市县区镇]$")
_RULED = re.compile(
    r"[一-鿿]{2,4}[市县区](?:现?辖|总人口|人口|常住|是|地区|财政|一般公共|规模以上|完成|每)"
)
_ELSEWHERE = re.compile(
    r"对标|相比|其他|其它|邻|兄弟|外地|先进|同类|某|(?:江苏|浙江|广东|河北|河南|安徽|福建|湖南|湖北|四川|辽宁"
    r"|江西|陕西|山西|吉林|黑龙江|广西|云南|贵州|甘肃|上海|北京|天津|重庆|内蒙古|新疆|海南)"
)
_NAMED = re.compile(r"[一-鿿]{2,4}[市县区]")
_MODEL = re.compile(r"学习|标杆|对标|榜样|差距|追赶")
"""Of another cluster that is named in the sentence."""
_OURS = ("全县", "全市", "我县", "我市", "本县", "本市", "县域", "区域内", "全区", "我区")
_PRAISED = re.compile(
    r"知名|重要|最|唯一|首|领先|著名|第|较|主要|闻名|同行业|范围|各地|有名|名|优秀|市场"
)
"""Behind 全国, 全省: words about a place in a ranking, not about its figures."""
_EVENT = re.compile(
    r"成立|始建|组建|被|获批|列为|评为|授予|入选|命名|启动|出台|印发|投产|发布|揭牌|挂牌|落户|建成投用|认定为|创建于"
)
_WE = ("我县", "我市", "我区", "我省", "本县", "本市", "本区")
"""Before 集群: it is the one that is applied for."""
_REGION = re.compile(r"[一-鿿]{2,4}(?:市|县|(?<![园社聚范])区)[一-鿿]{2,}$")
"""A place and a trade: 潍坊市防水材料, before 企业."""
_AIM = re.compile(r"(?:的|这一|为)?(?:目标|任务|预期)(?!管理)")
_PLAIN = re.compile(r"产业|特色|中小|企业|集群")


class Scope:
    """What the words of one sentence up to a token say of owner and time."""

    def __init__(
        self, form: Form, latest: str | None, own: str, sentence: Sentence,
        tokens: Sequence[Token], carried: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.form, self.latest, self.own = form, latest, own
        self.tokens, self.carried = tokens, carried
        self.text = "".join(t.text for t in tokens)
        self.ahead = sentence.ahead
        self.first = 0
        """The token the clause begins with."""
        self.foreign = False
        """What is said belongs to somebody else."""
        self.owner = False
        """Somebody else has been named in this clause; a subject makes him its owner."""
        self.target = False
        self.increment = False
        """What follows is an addition: 新增."""
        self.years: tuple[str, ...] = ()
        self.kind = ""
        self.left = ""
        """The year behind the last 由."""
        self.ends: tuple[str, ...] = ()
        """The years a 由 … 到 … goes from and to."""
        self.before: tuple[tuple[str, ...], str] | None = None
        """Years and kind before a span that has been said of no figure yet."""
        self.vague = False
        """目前 has been said: of the day of writing, maybe not of the form's day."""
        self.inferred = False
        """The years are told by nothing but their number."""
        self.onward = False
        """由目前: what comes after 到 is to come."""
        self.going = False
        """由 has been said, and not yet 到."""
        self.early = False
        """Somebody else was named where the sentence began."""
        self.brackets: list[tuple[tuple[str, ...], str, bool, bool, bool] | None] = []
        """What held before each bracket that is open; None where a year's own brackets are."""
        self.told: tuple[str, ...] = ()
        """The years that the sentence has named, one after the other."""
        self.steps: tuple[str, ...] = ()
        """The years of several numbers behind 到: 由212家增加到221家、236家."""
        self.lost = False
        """A 由 has been said whose year nobody names."""
        self.some = False
        """Some of the cluster's firms are what the clause is about: 其中6家企业."""
        self.doubt = False
        """Some of the firms have been spoken of: what follows may be theirs."""
        self.against = False
        """An earlier year has been named that a growth or fall is measured against."""
        self.back: tuple[str, ...] | None = None
        """The years before a 由, which come back after 到."""

    def at(self, n: int) -> Token | None:
        return self.tokens[n] if 0 <= n < len(self.tokens) else None

    def kind_at(self, n: int) -> str:
        token = self.at(n)
        return token.kind if token else ""

    def new_clause(self, first: int) -> None:
        """A comma, semicolon, colon or bracket, behind which a clause begins."""
        text = self.tokens[first - 1].text
        alone = all(t.kind == TIME for t in self.tokens[self.first : first - 1])
        self.owner = self.some = False
        if text in "([":
            held = (self.years, self.kind, self.foreign, self.target, self.increment)
            dates = self.kind_at(first) == TIME and self.at(first + 1)
            own = dates and dates.text in ")]" and self.kind_at(first - 2) != NUMBER
            own = own or self.kind_at(first - 2) == TIME
            self.brackets.append(None if own else held)
            self.first = first
            return
        if text in ")]" and self.brackets:
            held_before = self.brackets.pop()
            self.first = first
            if held_before is None:
                return
            self.years, self.kind, self.foreign, self.target, self.increment = held_before
        self.going = False
        if self.back is not None:
            self.years, self.back = self.back, None
        if self.before is not None and not alone:
            (self.years, self.kind), self.before = self.before, None
        if text == ";":
            self.increment = self.lost = self.doubt = False
            self.foreign = self.foreign and self.early
        self.first = first

    # -------------------------------------------------------------- whose

    def cluster(self, n: int) -> None:
        """集群: what follows is the cluster's, unless another one is named."""
        if self.several(n) or self._other(n):
            self.owner = self.foreign = True
            self.early |= self.first == 0
            return
        self.owner = False
        self.doubt &= self.kind_at(n - 1) == "share"
        leading = (TIME, "link", "which", "and", UNKNOWN, "have", "own")
        if all(
            self.kind_at(k) in leading or self.tokens[k].text in _WE for k in range(self.first, n)
        ):
            self.foreign = False

    def several(self, n: int) -> bool:
        """Whether clusters are counted: 全省142个特色产业集群, 特色产业集群7个."""
        behind = self.at(n + 1)
        if behind is not None and behind.text.startswith(("之", "中的")):
            return False
        k = n - 1
        while self.kind_at(k) == "link" and k > self.first:
            k -= 1
        before = self.at(k)
        if before is not None and before.amount is not None and k >= self.first:
            ranked = self.at(k - 1)
            first = ranked is not None and ranked.text.endswith(("前", "第", "首"))
            return before.amount.tail == "个" and not before.amount.chinese_one and not first
        k = n + 1
        while self.kind_at(k) == "link":
            k += 1
        counted, after = self.at(k), self.at(k + 1)
        return (
            counted is not None
            and counted.amount is not None
            and counted.amount.tail == "个"
            and (after is None or after.kind in ("comma", "semicolon") or after.text[0] in "。\n")
        )

    def _other(self, n: int) -> bool:
        if self.tokens[n].text[0] in "本该我全整":
            return False
        k = n
        while k > self.first and self.kind_at(k - 1) in (UNKNOWN, "foreign", "link"):
            k -= 1
        if k > self.first and k - 1 == self.first and self.tokens[k - 1].text in "与和同比较":
            return True  # 与某地集群相比
        name = "".join(t.text for t in self.tokens[k:n])
        if not name or name in ("我", "在"):
            return False
        if _ELSEWHERE.search(name) or (_NAMED.search(name) and _MODEL.search(self.text)):
            return True
        if self.kind_at(n - 1) == "foreign" and self.tokens[n - 1].text not in _OURS:
            return True
        if not self.own or (not _PLACE.search(name[:-1]) and len(name) < 4):
            return False
        told, mine = (_pairs(_PLAIN.sub("", t)) for t in (name, self.own))
        return bool(told) and not told & mine

    def somebody(self, n: int) -> bool:
        """A province, a county, a firm: may what follows belong to it? False where the word
        only stands beside something else."""
        token = self.tokens[n]
        before = "".join(t.text for t in self.tokens[self.first : n])
        counted = self.at(n + 1)
        self.early |= self.first == 0
        if token.kind == "rule" or "集群" in token.text:
            self.foreign = self.owner = True
            return True
        if counted is not None and counted.amount is not None and counted.amount.digits != "一":
            return False
        if token.kind == "firm":
            if _STANDS.search(before):
                return False
            led = {self.kind_at(k) for k in range(self.first, n)}
            if led & {"have", NUMBER, SUBJECT, "increment", "up"} or _HELPED.match(before):
                return False
            self.foreign = self.owner = True
            return True
        if _NOT_OWNER.search(before):
            return False
        self.owner = True
        if n == self.first and not _PRAISED.match(counted.text if counted else ""):
            self.foreign = True
        return True

    def helps(self, n: int) -> bool:
        """Whether the cluster at a token is the one for whom something is done: 为集群312家企业."""
        return bool(_HELPED.match("".join(t.text for t in self.tokens[self.first : n])))

    def place(self, n: int) -> bool:
        """Whether unknown words at the clause's beginning are a place that owns what follows."""
        if not all(self.kind_at(k) in (TIME, "foreign") for k in range(self.first, n)):
            return False
        text = self.tokens[n].text
        if text.startswith(("位于", "地处", "坐落", "在", "于")):
            return False
        if n == self.first and _RULED.match(text):
            self.foreign = True
        behind = self.at(n + 1)
        if behind is not None and behind.text.endswith("企业") and "集群" not in behind.text:
            return bool(_PLACE.search(text) or _REGION.match(text))
        return bool(_PLACE.search(text))

    # -------------------------------------------------------------- when

    def time(self, n: int) -> str:
        """Takes the year or span at a token: fresh where figures after it are as at then, yearly
        or total where growth is measured against it, or nothing."""
        token = self.tokens[n]
        time, before, behind = token.time, self.at(n - 1), self.at(n + 1)
        assert time
        stands = behind is not None and (behind.kind == NUMBER or behind.text in ("的", "("))
        compared = before is not None and before.kind == "compare" and not stands
        if compared or (behind is not None and behind.text == "相比"):
            last = self.current()
            year = int(time.years[-1]) if time.years else None
            direct = time.kind == "before" or (last and year and int(last) - year == 1)
            self.against = True
            return "yearly" if direct else "total"
        if time.kind == "since" and time.years:
            self.ends = (time.years[-1], "")  # 2015年以来从60家发展到312家
        if time.kind == "since" or (time.kind in ("years", "part") and self._event(n)):
            return ""
        self.against = False
        if before is not None and before.kind in ("from", "compare") and self.back is None:
            self.back = self.years
        if before is not None and before.kind == "from" and time.years:
            self.left, self.going = time.years[0], True
        elif before is not None and before.kind == "to" and time.years and self.left:
            self.ends = (self.left, time.years[-1])
        if time.kind == "ahead":
            self.target = True
        elif time.kind == "now":
            self.years, self.kind, self.increment, self.target = (), "now", False, False
            self.vague = not token.text.startswith("现")
            self.onward = before is not None and before.kind == "from"
        elif time.kind == "before":
            last = self.current()
            self.back = self.years if self.back is None else self.back
            ago = 2 if token.text.startswith("前") else 1
            self.years, self.kind = ((str(int(last) - ago),) if last else ()), "years"
        elif time.kind == "after":
            last = self.current()
            self.years, self.kind = ((str(int(last) + 1),) if last else ()), "years"
        elif time.kind == "part":
            self.years, self.kind = (), "part"
        elif time.kind == "span":
            self.before = (self.years, self.kind)
            self.kind = "span"
            self.years = self.form.years if re.search("[三3]年", token.text) else ()
        else:
            self.years, self.kind = time.years, time.kind
            self.told = tuple(dict.fromkeys((*self.told, *time.years)))
            if self.latest and time.years and time.years[-1] > self.latest:
                self.target = True
            elif n == self.first:
                self.target = False
        return "fresh"

    def leaves(self, n: int) -> None:
        """由: where the years it goes from and to are known, the number behind is of the first."""
        if self.kind_at(n + 1) == TIME:
            return
        self.going, self.lost = True, False
        several = reached(self.tokens, n)
        row = self.years if len(self.years) > 1 else self.told
        if several and len(row) == several + 1:
            self.ends, self.steps = (row[0], row[-1]), row[1:]
        elif several > 1:
            self.lost = True
        elif len(self.years) > 1:
            self.ends = (self.years[0], self.years[-1])
        elif several and not self.ends:
            self.lost = not dated(self.tokens, n)
        if self.ends and not self.lost:
            self.back, self.years = tuple(filter(None, self.ends[1:])), self.ends[:1]
            self.kind = "years"

    def reaches(self) -> None:
        """到: the years from before 由 again."""
        self.going = self.lost = False
        self.target |= self.onward
        if self.back is not None:
            self.years, self.back = self.back, None

    def current(self) -> str | None:
        years = self.back or self.years or self.carried
        return years[-1] if years else self.latest

    def _event(self, n: int) -> bool:
        """Whether the year is that of an event, which figures after it are not as at."""
        for k in range(n + 1, min(n + 6, len(self.tokens))):
            if self.kind_at(k) in ("comma", "semicolon", NUMBER, SUBJECT):
                return False
            if _EVENT.search(self.tokens[k].text):
                return True
        return False

    def to_come(self, n: int, years: tuple[str, ...]) -> bool:
        """Whether the number at a token is a target: by its words, its year, the heading above."""
        behind = "".join(t.text for t in self.tokens[n + 1 : n + 4])
        if _AIM.match(behind):
            return True
        past = bool(years) and self.latest is not None and years[-1] <= self.latest
        if self.target:
            k = n - 1
            while self.kind_at(k) in ("link", "hedge"):
                k -= 1
            before = self.at(k)
            time = before.time if before is not None else None
            return not (time and (time.kind == "now" or (past and time.kind == "years")))
        return self.ahead and not (past and self.kind == "years")

    def period(
        self, field: Field, called: Called, years: tuple[str, ...]
    ) -> tuple[str | None, str | None, bool] | None:
        """(the form's period, the year named, whether it is told) of a figure; None where the
        form asks for no figure of that time."""
        yearly = field.years or field.year_in_heading
        if self.kind == "part":
            return None
        if called.facet in ("average", "total", "cut"):
            past = self.kind == "years" and self.latest and years and years[-1] != self.latest
            one = called.facet != "average" and self.kind == "years" and not self.against
            # 2023年下降4.1% may be against the year before
            return None if yearly or past else (None, None, not one)
        if self.kind == "span" and not yearly:
            years = ()
        if len(years) > 1 or (self.kind == "span" and not years and yearly):
            return None
        named = years or (self.carried if self.kind != "now" else ())
        year = named[-1] if named else None
        if not yearly:
            if year and self.latest and year != self.latest:
                # a year of the sentence before may be that of its own figure alone
                return None if years or year > self.latest else (None, None, False)
            return (
                None,
                year,
                not (year and not self.latest) and not (self.kind == "now" and self.vague),
            )
        if year is None:
            return None, None, False
        if field.years and year not in self.form.years:
            return None
        return year, year, bool(years)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
