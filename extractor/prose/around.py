"""What stands around a number or a subject in its clause."""

from __future__ import annotations

import re
from collections.abc import Collection

from extractor.prose.scope import Scope
from extractor.prose.words import ENDS, NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.writing.units import asked


def run(scope: Scope, n: int) -> list[int]:
    """The numbers of a list: 45.6、52.3和61.07亿元."""
    run = [n]
    while scope.is_(run[-1] + 1, "and", "comma"):
        k = run[-1] + 2
        k += scope.is_(k, "and")
        if not scope.is_(k, NUMBER):
            break
        run.append(k)
    return run


def beside(scope: Scope, n: int) -> tuple[str, ...]:
    """The year in brackets behind a number: 45.6亿元（2021年）."""
    opens = scope.is_(n + 1, "comma") and scope.tokens[n + 1].text == "("
    closes = n + 3
    closes += scope.is_(closes, "link") and scope.tokens[closes].text in ("数据", "数", "年度")
    if opens and scope.is_(n + 2, TIME) and scope.is_(closes, "comma"):
        if scope.tokens[closes].text not in ")]":
            return ()  # 89.55亿元（2022年：80.71亿元）
        time = scope.tokens[n + 2].time
        return time.years if time and time.kind == "years" else ()
    return ()


def aside(scope: Scope, n: int) -> int:
    """Where the number stands that is said of what something is a share of, 0 for none:
    占企业总数(158家)的70.9%, 占企业总数158家的70.9%."""
    opens = n + 1 + scope.is_(n + 1, "sum", "link")  # 占从业人员总数(10850人)的10.3%
    bracketed = scope.is_(opens, "comma") and scope.tokens[opens].text == "("
    if bracketed and scope.is_(opens + 1, NUMBER) and scope.is_(opens + 2, "comma"):
        return opens + 1
    k = n + 1
    while scope.is_(k, "link", "sum", "hedge"):
        k += 1
    of, share = scope.at(k + 1), scope.at(k + 2)
    said = scope.is_(k, NUMBER) and of is not None and of.text == "的"
    return k if said and share and share.amount and share.amount.percent else 0


def whole_behind(scope: Scope, n: int) -> int:
    """The subject behind the number at a token that is what something is a share of: 占全部231家
    企业的78.4%; 0 where it is none."""
    k = n - 1
    while scope.is_(k, "link", "own"):
        k -= 1
    of, share = scope.at(n + 2), scope.at(n + 3)
    counts = scope.is_(k, "share") and scope.is_(n + 1, SUBJECT) and of and of.text == "的"
    return n + 1 if counts and share and share.amount and share.amount.percent else 0


_ABOVE = re.compile(r"(?:以上|上述|这)[^,;]{0,6}$|[,;(]均[为是]$")


def dated_behind(scope: Scope) -> tuple[str, ...]:
    """The year that the end of a sentence gives to all before it, which names none: （以上均为
    2022年数据）."""
    dates = [k for k, t in enumerate(scope.tokens) if t.kind == TIME]
    last = max((k for k, t in enumerate(scope.tokens) if t.kind == NUMBER), default=-1)
    if len(dates) != 1 or dates[0] < last:
        return ()
    time = scope.tokens[dates[0]].time
    words = "".join(t.text for t in scope.tokens[last + 1 : dates[0]])
    told = last >= 0 and _ABOVE.search(words)
    return time.years if told and time and time.kind == "years" else ()


def of_ten(scope: Scope, n: int) -> int:
    """The second number of 十家有九家, which say a share in words; 0 where there is none."""
    amount, k = scope.tokens[n].amount, n + 1
    if amount is None or amount.digits not in ("十", "百"):
        return 0
    while scope.is_(k, "link", "have"):
        k += 1
    second = scope.at(k)
    counted = second.amount if second and k > n + 1 else None
    return k if counted and counted.tail == amount.tail else 0


def counts_another(scope: Scope, n: int) -> bool:
    """Whether the number at a token counts what stands behind it: 设立企业联络点，开设一个窗口."""
    amount, after = scope.tokens[n].amount, scope.at(n + 1)
    if amount is None or amount.percent or after is None:
        return False
    return after.kind == UNKNOWN and after.text[0] not in (*ENDS, "了")


def describes(scope: Scope, n: int) -> bool:
    """Whether the number describes what is named behind it: 占地1840亩的小镇."""
    after = scope.at(n + 1)
    return after is not None and after.kind == "link" and after.text == "的"


def picks(scope: Scope, n: int) -> bool:
    """Whether it picks some of what is named behind it: 占比超过20%的企业, 5亿元以上的3户,
    1亿元以上的企业."""
    behind, amount = scope.at(n + 1), scope.tokens[n].amount
    if behind and behind.kind == SUBJECT and amount and not amount.tail:
        return behind.text[0] in "亿万千百十"
    return describes(scope, n) and scope.kind_at(n + 2) in (SUBJECT, NUMBER)


_RULED = re.compile(
    r"的?(?:最低|入门|准入|认定|申报|规定|政策|评价|考核|基本)?(?:门槛|标准|要求|条件|红线|底线|基准线|及格线)"
)
_ALLOWS = re.compile(r"方可|方能|才可|才能|可以?申报|即可认定|具备申报|予以认定")


_NAMED = re.compile(
    r"^(?:产品|项目|装备|成果|品牌|平台|单位|工厂|车间|园区)?(?:获评|获|入选|被|评为|列入|成为|跻身|荣获|通过|认定|为|是)"
)


def named(scope: Scope, n: int) -> int | None:
    """The subject that firms have been named, in the words from a token on: 获评…“小巨人”."""
    k = n
    while scope.is_(k, "have", "link", UNKNOWN) and _NAMED.match(scope.tokens[k].text):
        k += 1
    found = k > n and scope.is_(k, SUBJECT) and not scope.is_(k + 1, NUMBER, "link", "hedge")
    return k if found else None


def ruled(scope: Scope, n: int) -> bool:
    """Whether the number at a token is what a rule asks: 高于七成的认定门槛, 70户以上的方可申报."""
    if _RULED.match("".join(t.text for t in scope.tokens[n + 1 : n + 5])):
        return True
    k = n + 1
    while scope.kind_at(k) not in ("", "comma", "semicolon"):
        if _ALLOWS.search(scope.tokens[k].text):
            return True
        k += 1
    return False


_LEFT_OUT = re.compile(
    r"[,;(](?:[均都也但暂故并]|全部|另行)*[不未](?:予)?(?:计入|纳入|列入|算入|计算在|统计在|包含在|包括在)"
    r"(?:$|(?=主导产业|集群|本|上述|总|统计|[^一-鿿]))"
)


def left_out(scope: Scope, n: int) -> bool:
    """Whether the sentence says behind the number at a token that it is not the cluster's:
    产值8.3亿元，不计入主导产业."""
    k = n + 1
    while scope.kind_at(k) not in ("", "own") and scope.tokens[k].text != ";":
        k += 1
    return bool(_LEFT_OUT.search("".join(t.text for t in scope.tokens[n + 1 : k])))


def somebodys(scope: Scope, subject: Token, words: Collection[str]) -> bool:
    """Whether one of the words stands before a subject in its sentence, and 集群 not between."""
    before = [t for t in scope.tokens if t.end <= subject.start]
    own = max((k for k, t in enumerate(before) if t.kind == "own"), default=-1)
    behind = "".join(t.text for t in before[own + 1 :] if t.kind != SUBJECT)
    return any(w in behind for w in words)


_TRADE = re.compile(r"做|搞|干|从事")
"""Before what the cluster's firms make: 我们这里做电动工具的企业."""


def plain(scope: Scope, subject: Token) -> bool:
    """Whether no unknown word stands in the clause before a subject, but before 集群."""
    clause = [t for t in scope.tokens[scope.first :] if t.end <= subject.start]
    for t in reversed(clause):
        if t.kind == "own":
            return True
        trade = t.kind == UNKNOWN and _TRADE.match(t.text)
        if t.kind in (UNKNOWN, "plain", "firm", "foreign", "up") and not trade:
            return False
    return True


def qualified(scope: Scope, n: int) -> bool:
    """Whether a number describes the subject behind it: 占比超过20%的企业."""
    return scope.is_(n - 2, NUMBER, "hedge") and scope.tokens[n - 1].text == "的" and (
        scope.is_(n - 2, "hedge") or scope.tokens[n - 2].text.endswith(("%", "以上", "以下"))
    )  # fmt: skip


def unit(scope: Scope, n: int) -> str:
    """The unit in brackets behind a subject: 总产值（亿元）."""
    inside = [scope.at(k) for k in range(n + 1, n + 6)]
    texts = [t.text if t else "" for t in inside]
    if texts[0] == "/" and asked(texts[1]):
        return texts[1]
    if texts[0] == "(" and ")" in texts:
        written = "".join(texts[1 : texts.index(")")])
        return written if asked(written) else ""
    return ""


def measure(scope: Scope, n: int) -> bool:
    """Whether the subject at a token is what somebody else has, that something is compared with:
    高于全省规模以上工业平均水平1.86个百分点."""
    compared = (scope.is_(k, "hedge", "compare") for k in range(scope.first, n - 1))
    return scope.is_(n - 1, "foreign") and any(compared)


def clause_before(scope: Scope) -> str:
    """The words of the clause before the one that is being read."""
    k = end = max(scope.first - 1, 0)
    while k and not scope.is_(k - 1, "comma", "semicolon"):
        k -= 1
    return "".join(t.text for t in scope.tokens[k:end])


def start(scope: Scope, token: Token, subject: Token, earlier: bool) -> int:
    """Where the words begin that state the number at a token: the clause of its subject, or its
    own where the subject comes from an `earlier` sentence."""
    begins = subject.start
    if earlier or begins > token.start:
        first = scope.at(scope.first)
        return first.start if first else token.start
    for t in reversed([t for t in scope.tokens if t.end <= begins]):
        if t.kind in ("comma", "semicolon", "and"):
            break
        begins = t.start
    return begins
