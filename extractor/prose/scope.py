"""Of whom a sentence speaks: the cluster or somebody else.

Followed from word to word; `Scope` holds what has been said up to a token, of time as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.prose.text import Sentence
from extractor.prose.when import When
from extractor.prose.words import NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.form import Form

_NOT_OWNER = re.compile(
    r"(?:居|占|(?<!所)在|为|是|位列|处于|达|领先|优于|高于|低于|超|跻身|进入|列|至|向|到|对|供|往|辐射|覆盖|面向"
    r"|全面|来自|从|及|和|与|、|被|获|由|经|比|较|享誉|闻名|遍及|遍布|服务|引领|带动|支撑|给|高出|快于|称为|评为"
    r"|作为|外|于)$"
)
"""Before a place: the place is compared with or reached, and owns nothing."""
_HELPED = re.compile(
    r"^(?:先后|陆续|积极|主动|分别|长期|已|还)*(?:依托|以|由|与|和|同|联合|引进|引入|支持|推动|围绕|通过|携手|会同|鼓励|组织|发挥|对|为|向|帮助|引导"
    r"|建立|实施|推进|开展|完成|在)"
)
"""Before a firm: it helps or is helped, and what follows is not its own."""
_REPORTS = re.compile(r"报送?|统计|显示|数据|测算|摸底|核算|介绍|[说称]$")
"""Behind somebody who only tells what follows."""
_STANDS = re.compile(r"位于|坐落|地处|落户|布局[在于]|设在")
_PLACE = re.compile(
    r"(?:[一-鿿]{2,8}(?<!园)(?<!社)(?<!地)(?<!城)|[A-Z甲乙丙丁某][A-Z]?)[省市县区镇]$"
)
_FIRM = re.compile(
    r"[一-鿿]{2,4}(?:[铝木钢纸酒药锁轴塑漆茶糖盐船瓷玻铜锌铁]业|重工|股份|科技|实业|工贸|智造)"
)
"""A firm by its short name."""
_RULED = re.compile(
    r"[一-鿿]{2,4}[市县区](?:现?辖|总人口|人口|常住|是|地区|财政|一般公共|规模以上|完成|每)"
)
_ELSEWHERE = re.compile(
    r"对标|相比|其他|其它|邻|兄弟|外地|先进(?:地区|[省市县区]|的|$)|同类|某|(?:江苏|浙江|广东|河北|河南|安徽|福建|湖南|湖北|四川|辽宁"
    r"|江西|陕西|山西|吉林|黑龙江|广西|云南|贵州|甘肃|上海|北京|天津|重庆|内蒙古|新疆|海南)"
)
_LETTER = re.compile(r"[A-Z甲乙丙丁某][A-Z]?(?:[省市县区镇]|$)")
_NAMED = re.compile(r"[一-鿿]{2,4}[市县区]")
_MODEL = re.compile(r"学习|标杆|对标|榜样|差距|追赶")
"""Of another cluster that is named in the sentence."""
_OURS = ("全县", "全市", "我县", "我市", "本县", "本市", "县域", "区域内", "全区", "我区")
_PRAISED = re.compile(
    r"知名|重要|最|唯一|首|领先|著名|第|较|主要|闻名|同行业|范围|各地|有名|名|优秀|市场"
)
"""Behind 全国, 全省: words about a place in a ranking, not about its figures."""
_WE = ("我县", "我市", "我区", "我省", "本县", "本市", "本区")
"""Before 集群: it is the one that is applied for."""
_REGION = re.compile(r"[一-鿿]{2,4}(?:市|县|(?<![园社聚范])区)[一-鿿]{2,}$")
"""A place and a trade: 潍坊市防水材料, before 企业."""
_TRADE = re.compile(r"[一-鿿]{2,4}[市县区][一-鿿]{2,10}业")
"""A place's whole trade."""
_PLACED = re.compile(r"([一-鿿]{1,3}[市县区])[一-鿿、]{2,12}(?:产业|行业)")
_PLACES = re.compile(r"[一-鿿]{1,3}(?<!开发)(?<!新)(?<!园)(?<!示范)[市县区]")
_PLAIN = re.compile(r"产业|特色|中小|企业|集群")


class Scope(When):
    """What the words of one sentence up to a token say of owner and time."""

    def __init__(
        self, form: Form, latest: str | None, own: str, sentence: Sentence,
        tokens: Sequence[Token], carried: tuple[str, ...],
    ) -> None:  # fmt: skip
        super().__init__(form, latest, sentence, tokens, carried)
        self.own = own
        self.text = "".join(t.text for t in tokens)
        self.foreign = False
        """What is said belongs to somebody else."""
        self.owner = False
        """Somebody else has been named in this clause; a subject makes him its owner."""
        self.firm = False
        """It is a firm that has been named."""
        self.many = False
        """Clusters have been counted: 集群 are all of them."""
        self.early = False
        """Somebody else was named where the sentence began."""
        self.brackets: list[tuple[tuple[str, ...], str, bool, bool, bool] | None] = []
        """What held before each bracket that is open; None where a year's own brackets are."""
        self.some = False
        """Some of the cluster's firms are what the clause is about: 其中6家企业."""
        self.doubt = False
        """Some of the firms have been spoken of: what follows may be theirs."""

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
        self.going = self.reached = False
        if self.back is not None:
            self.years, self.back = self.back, None
        if self.before is not None and not alone:
            summed = any(
                t.text.startswith("累计") and self.kind_at(k + 1) not in ("up", "down")
                for k, t in enumerate(self.tokens[: first - 1]) if k >= self.first
            )  # fmt: skip
            if not summed:  # 近三年，累计主持国家标准5项，参与17项
                self.years, self.kind = self.before
            self.before = None
        ended = {self.kind_at(k) for k in range(self.first, first - 1)}
        if (
            self.kind_at(first) == SUBJECT
            and {"which", "increment"} <= ended
            and SUBJECT not in ended
        ):
            self.increment = False  # 国家标准22项，其中新增4项，主持行业标准5项
        if text == ";":
            self.increment = self.lost = self.doubt = False
            self.foreign = self.foreign and self.early
        self.first = first
        later = self.told[-2:-1] > self.told[-1:] == self.years
        if later and self.kind_at(first) in ("up", "down", "yearly", "share"):
            self.years = self.told[-2:-1]  # 2023年50亿元，2022年44亿元，增长11.7%

    def cluster(self, n: int) -> None:
        """集群: what follows is the cluster's, unless another one is named."""
        several = self.several(n)
        self.many = several or (self.many and self.tokens[n].text[0] not in "本我该咱")
        if self.many or self.other(n):
            self.owner = self.foreign = True
            self.early |= self.first == 0
            return
        self.owner = False
        self.doubt &= self.kind_at(n - 1) == "share"
        leading = (TIME, "link", "which", "and", UNKNOWN, "have", "own")
        before = self.tokens[self.first : n]
        part = any(t.text in ("是", "属于", "系") for t in before)  # 某集团…，是集群最大的企业
        if not part and all(t.kind in leading or t.text in _WE for t in before):
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

    def other(self, n: int) -> bool:
        """Whether 集群 at a token is another one than the one that is applied for."""
        if self.tokens[n].text[0] in "本该我全整":
            return False
        k = n
        while k > self.first and self.kind_at(k - 1) in (UNKNOWN, "foreign", "link", "hedge"):
            k -= 1
        if k > self.first and k - 1 == self.first and self.tokens[k - 1].text in "与和同跟比较":
            return True  # 与某地集群相比
        if k < n and self._beside_ours(n):
            return True
        name = "".join(t.text for t in self.tokens[k:n])
        if not name or name in ("我", "在"):
            return False
        if _LETTER.match(name):
            return True
        if _ELSEWHERE.search(name) or (_NAMED.search(name) and _MODEL.search(self.text)):
            return True
        if self.kind_at(n - 1) == "foreign" and self.tokens[n - 1].text not in _OURS:
            return True
        if not self.own or (not _PLACE.search(name[:-1]) and len(name) < 4):
            return False
        told, mine = (_pairs(_PLAIN.sub("", t)) for t in (name, self.own))
        return bool(told) and not told & mine

    def _beside_ours(self, n: int) -> bool:
        """Whether the named 集群 at a token is compared with the own one behind the brackets that
        follow it: 张店区新材料集群（产值210亿元）与本集群相比."""
        k = n + 1
        if not (self.is_(k, "comma") and self.tokens[k].text == "("):
            return False
        while self.at(k) and self.tokens[k].text != ")":
            k += 1
        behind = self.tokens[k + 1 : k + 4]
        ours = any(t.kind == "own" and t.text[0] in "本我" for t in behind)
        return ours and any(t.kind == "compare" or t.text in ("与", "和", "同") for t in behind)

    def somebody(self, n: int) -> bool:
        """A province, a county, a firm: may what follows belong to it? False where the word
        only stands beside something else."""
        token = self.tokens[n]
        own = max((k for k in range(self.first, n) if self.kind_at(k) == "own"), default=-1)
        before = "".join(t.text for t in self.tokens[max(self.first, own + 1) : n])
        counted = self.at(n + 1)
        if counted is not None and token.kind == "foreign" and counted.kind == "firm":
            return False  # 山东大学
        self.early |= self.first == 0
        if token.kind == "rule" or "集群" in token.text:
            self.foreign = self.owner = True
            return True
        if counted is not None and counted.amount is not None and counted.amount.digits != "一":
            return False
        if token.kind == "firm":
            if _STANDS.search(before) or self._reports(n):
                return False
            if self._one(n - 1) and not self.is_(
                n + 1, "and"
            ):  # 其中一家龙头企业年产钢球9万吨，营业收入12.4亿元
                self.foreign = self.owner = self.firm = True
                return True
            led = {self.kind_at(k) for k in range(self.first, n)}
            self.some |= {"which", NUMBER} <= led  # 其中三家上市公司利润合计2.9亿元
            if led & {"have", NUMBER, SUBJECT, "increment", "up"} or _HELPED.match(before):
                return False
            self.foreign = self.owner = self.firm = True
            return True
        if _NOT_OWNER.search(before):
            return False
        self.owner = True
        leads = all(self.kind_at(k) == TIME for k in range(self.first, n))
        if leads and not _PRAISED.match(counted.text if counted else ""):
            self.foreign = True
        return True

    def _one(self, n: int) -> bool:
        before = self.at(n)
        return bool(before and before.amount and before.amount.digits in ("一", "1"))

    def greatest(self, n: int) -> bool:
        """Whether firms at a token are one, the greatest: 最大的粉丝企业年产粉丝8万吨."""
        before = "".join(t.text for t in self.tokens[self.first : n])
        k = n + 1
        while self.is_(k, "link", "hedge"):
            k += 1
        found = bool(re.search(r"最[大高强早]的?", before)) and not self.is_(k, NUMBER)
        self.firm |= found
        self.foreign |= found
        return found

    def _reports(self, n: int) -> bool:
        """Whether somebody only tells what follows: 协会给县里报的数是：…"""
        k = n + 1
        while self.kind_at(k) not in ("", "comma", "semicolon", NUMBER, SUBJECT):
            k += 1
        words = "".join(t.text for t in self.tokens[n + 1 : k])
        return self.is_(k, "comma") and bool(_REPORTS.search(words))

    def helps(self, n: int) -> bool:
        """Whether the cluster at a token is the one for whom something is done: 为集群312家企业."""
        return bool(_HELPED.match("".join(t.text for t in self.tokens[self.first : n])))

    def place(self, n: int) -> bool:
        """Whether unknown words at the clause's beginning are a place that owns what follows."""
        if not all(self.kind_at(k) in (TIME, "foreign") for k in range(self.first, n)):
            return False
        text = self.tokens[n].text
        if n == self.first and _FIRM.fullmatch(text) and self.kind_at(n + 1) in (TIME, SUBJECT):
            self.foreign = self.firm = not self.own or not _pairs(text) & _pairs(self.own)
            return self.foreign
        if text.startswith(("位于", "地处", "坐落", "在", "于")):
            return False
        if n == self.first and self._elsewhere(n):
            self.foreign = True
            return True
        if n == self.first and _TRADE.fullmatch(text) and self.own:
            # 聊城市装备制造业, where the cluster is of another place and another trade
            self.foreign |= not _pairs(text) & _pairs(self.own)
            return self.foreign
        if n == self.first and _RULED.match(text):
            self.foreign = True
        behind = self.at(n + 1)
        if behind is not None and behind.text.endswith("企业") and "集群" not in behind.text:
            return bool(_PLACE.search(text) or _REGION.match(text))
        return bool(_PLACE.search(text))

    def _elsewhere(self, n: int) -> bool:
        """Whether a clause begins with the trade of another place than the cluster's own, one
        around it maybe: 泰安市输变电产业, beside a cluster of 宁阳县."""
        k = n
        while self.is_(k, UNKNOWN, "and", "foreign", "plain"):
            k += 1
        words = "".join(t.text for t in self.tokens[n:k])
        named, mine = _PLACED.match(words), _PLACES.findall(self.own)
        return bool(named and mine and named[1] != mine[-1])


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
