"""Parts and wholes: a part's share of what stands elsewhere in the sentence, what several parts add
up to, what a growth is the growth of."""

from __future__ import annotations

import re
from collections.abc import Callable

from extractor.prose.numbers import Amount
from extractor.prose.subjects import Subject, Subjects
from extractor.prose.words import NUMBER, SUBJECT, UNKNOWN, Token
from models.loading.called import Called, Facet

_GIVES = re.compile(r"贡献|创造|完成|占")
"""Between a part and its share of the whole."""
_COMES = re.compile(r"(?:均|都|是|就)?(?:来自|来源于|出自|源于|由)")
"""Behind a share of the whole, before the part."""
_DONE = re.compile(r"(?:已经?|均|都|实现|完成|开展|成功)*了?")
_LEVEL = re.compile(r"^(?:国家|省|市|县|区)级?")
_LABEL = re.compile(r"^集群(?:内)?(?:中小企业)?(?=.{3})")
_GROWTH = re.compile(r"(?:年均|年?平均)?(?:复合)?(?:同比)?(?:增速|增长率|增幅|增长速度)$")


def total(subjects: Subjects, n: int, fits: Callable[[Amount, str], bool]) -> None:
    """合计 at a token behind parts of a figure: the sum is what follows is said of."""
    k = n + 1
    while subjects.scope.is_(k, "link", "hedge"):
        k += 1
    amount = subjects.tokens[k].amount if subjects.scope.is_(k, NUMBER) else None
    if amount is None:
        return
    guessed = _of_all(subjects, amount, fits)
    if called := guessed or _sum(subjects, n):
        token = subjects.tokens[n]
        subjects.now = Subject(token, token.text, called, subjects.scope.foreign)
        subjects.now.guessed = bool(guessed)
        subjects.group = [subjects.now]


def _of_all(
    subjects: Subjects, amount: Amount, fits: Callable[[Amount, str], bool]
) -> tuple[Called, ...]:
    """What the sum over all firms is a sum of, where its unit does not count them:
    营业收入5亿元以上的企业3户，全部企业合计39.86亿元."""
    firms = subjects.now
    if firms is None or not subjects.here(firms) or not subjects.general(firms):
        return ()
    if firms.used or firms.narrowed or "元" not in amount.tail:
        return ()
    here = (s for s in reversed(subjects.spoken) if not s.earlier and not s.foreign)
    for s in here:
        if called := tuple(c for c in s.called if c.facet == "level" and fits(amount, c.field)):
            return called if not s.filled else ()
    return ()


def parted(subjects: Subjects, n: int) -> tuple[Called, ...]:
    """What the number at a token is the whole of, where nothing but the parts behind it says so,
    which add up to it: 品牌商标14个，包括名牌产品8个、著名商标4个、荣誉称号2个."""
    scope, amount = subjects.scope, subjects.tokens[n].amount
    leads = scope.is_(n + 2, "which") or (
        scope.is_(n + 2, SUBJECT) and subjects.tokens[n + 2].text.startswith("其中")
    )
    if not (amount and scope.is_(n + 1, "comma") and leads):
        return ()
    several: list[tuple[set[str], Amount]] = []
    called: tuple[Called, ...] = ()
    for token in subjects.tokens[n + 2 :]:
        if token.kind == SUBJECT:
            called = subjects.wordings.get(token.text, ())
        elif token.kind == NUMBER and token.amount:
            several.append(({c.field for c in called if c.facet == "level"}, token.amount))
        elif token.kind not in ("link", "and", "comma", "which"):
            break
    exact = all(a.digits.isdigit() and not a.hedges for a in (amount, *(a for _, a in several)))
    if (
        len(several) < 2
        or not exact
        or sum(int(a.digits) for _, a in several) != int(amount.digits)
    ):
        return ()
    wholes = (
        f for f, parts in subjects.sums.items() if all(told & {*parts} for told, _ in several)
    )
    return tuple(Called(f, "level", "called") for f in wholes)[:1]


def _sum(subjects: Subjects, n: int) -> tuple[Called, ...]:
    """What the parts of a figure that have been said before a token add up to."""
    here = [
        s for s in subjects.spoken if s.token.start >= subjects.tokens[0].start and not s.foreign
    ]
    used = [s for s in here if s.used]
    if subjects.listed():
        # 众创空间、双创基地加起来4个
        of_all = set.intersection(*({c.field for c in s.called} for s in subjects.group))
        lists = subjects.group[-1].called
        return tuple(c for c in lists if c.facet == "level" and c.field in of_all)[:1]
    told = [{c.field for c in s.called} for s in used]
    last = told[-1] if told else set()
    whole = next((f for f, parts in subjects.sums.items() if last & {*parts}), None)
    if whole and sum(bool(fields & {*subjects.sums[whole]}) for fields in told) > 1:
        return (Called(whole, "level", "called"),)
    if here and here[-1].narrowed:
        # 食品企业38家、包装企业12家，总计84家
        alike = [t for t in subjects.tokens[:n] if t.kind == SUBJECT and t.text == here[-1].text]
        fields = {c.field for c in here[-1].called} & subjects.whole
        return tuple(Called(f, "level", "called") for f in fields if len(alike) > 1)[:1]
    # 规模以上企业中，5亿元以上的6户、其他46户，合计52户
    for s in reversed(here):
        at = next(k for k, t in enumerate(subjects.tokens) if t is s.token)
        if not s.used and s.counts and subjects.heads(at):
            return s.called
    if used and sum(t.kind == NUMBER for t in subjects.tokens[subjects.scope.first : n]) != 1:
        # 国家级绿色工厂2家、省级3家，合计5家
        whole = _LEVEL.sub("", used[-1].text)
        return subjects.wordings.get(whole, ()) if whole != used[-1].text else ()
    return ()


def _grows(subjects: Subjects, subject: Subject) -> tuple[Called, ...]:
    """What the words of a subject that names a growth say it is the growth of."""
    text = _GROWTH.sub("", _LABEL.sub("", subject.text))
    return subjects.wordings.get(text, ()) if subject.called else ()


def portion(subjects: Subjects, n: int, text: str) -> tuple[Subject, int] | None:
    """The share that the percentage at a token is, where part and whole stand apart, and the
    last token that says so: 中小企业贡献了87.2%的产值; 总产值的90.4%来自主导产业;
    78.5%的企业实现上云."""
    amount, k = subjects.tokens[n].amount, n + 1
    if amount is None or not amount.percent:
        return None
    while subjects.scope.is_(k, "comma") and subjects.tokens[k].text == ")":
        k += 1
    first, of = subjects.tokens[subjects.scope.first].start, subjects.scope.at(k)
    gives = _GIVES.search(text, first, subjects.tokens[n].start)
    part = (
        subjects.now
        if gives and subjects.waits() and subjects.now and subjects.here(subjects.now)
        else None
    )
    if of is not None and of.text == "的" and subjects.scope.is_(k + 1, SUBJECT):
        whole = subjects.tokens[k + 1]
        if part:
            return _share(subjects, part.token, part.text, whole.text, k + 1)
        done = _DONE.match(text, whole.end)
        at = done.end() if done else whole.end
        several = (
            _share(subjects, whole, whole.text, text[at:end], k + 1)
            for end in (at, *range(at + 2, at + 5))
        )
        return next(filter(None, several), None)
    named, named_as = (part.token, part.text) if part else (None, "")
    if _COMES.match(text, subjects.tokens[n].end):
        while subjects.scope.is_(k, UNKNOWN, "link", "from", "foreign", "plain", "own", "have"):
            k += 1
        named = subjects.tokens[k] if subjects.scope.is_(k, SUBJECT) else None
        named_as, n = named.text if named else "", k
    if named is None:
        return None
    return of_whole(subjects, named, named_as, n)


def of_whole(subjects: Subjects, part: Token, text: str, last: int) -> tuple[Subject, int] | None:
    """The share of a part in the whole whose figure has been stated last."""
    for whole in reversed(subjects.spoken):
        mine = whole.token is part or whole.earlier
        mine |= not whole.used and whole is not subjects.now
        if mine or not whole.counts or (subjects.general(whole) and "元" in whole.tail):
            continue  # another part of it: 中小企业完成112.1亿元
        return _share(subjects, part, text, whole.text.removeprefix("集群"), last)
    for told in reversed(subjects.spoken):  # 中小企业的产值占到七成六，主业的占八成二
        shares = told.facet == "share" and not told.foreign and told.token is not part
        for k in range(2, len(told.text) - 1) if shares else ():
            if found := _share(subjects, part, text, told.text[k:], last):
                return found
    return None


def _share(
    subjects: Subjects, token: Token, part: str, whole: str, last: int
) -> tuple[Subject, int] | None:
    """The subject of a part's share in a whole, where a wording knows it."""
    called = tuple(c for c in subjects.wordings.get(part + whole, ()) if c.facet == "share")
    share = Subject(token, part + whole, called, subjects.scope.foreign, apart=True)
    return (share, last) if called else None


def aspects(
    subjects: Subjects, subject: Subject, facet: Facet, years: tuple[str, ...], filled: bool
) -> tuple[Called, ...]:
    """What a number says of a subject; where that names another growth than the number
    states, what it is the growth of: 产值增速13.67%，近三年年均增速11.47%."""
    if facet in ("average", "yearly", "total") and all(c.facet != facet for c in subject.called):
        grows = _grows(subjects, subject)
        if any(c.facet == facet for c in grows):
            return grows
        # 有效发明专利326件，每万人有效发明专利拥有量27.41件，近三年年均增速18.2%
        for s in reversed(subjects.spoken) if facet == "average" and filled else ():
            if s.text in subject.text and not (s is subject or s.foreign or s.earlier):
                subject.guessed = True
                return tuple(c for c in s.called if c.facet == facet)
        return grows
    base = _grows(subjects, subject)
    averages = {c.field for c in base if c.facet == "average"}
    one = subjects.scope.kind == "years" and len(years) == 1 and filled
    # 年均增速10.92%；分年度看，2021年10.15%
    return base if one and {c.field for c in subject.called} <= averages else subject.called
