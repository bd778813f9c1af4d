"""Of when a sentence speaks: a year, several, a span, or what is still to come.

Followed from word to word; `When` holds what has been said of time up to a token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.prose.text import Sentence
from extractor.prose.words import NUMBER, SUBJECT, TIME, Token
from models.form import Field, Form
from models.loading.called import Called

_EVENT = re.compile(
    r"成立|始建|组建|被|获批|列为|评为|授予|入选|命名|启动|出台|印发|投产|发布|揭牌|挂牌|落户|建成投用|认定为|创建于"
)
_AIM = re.compile(r"(?:的|这一|为)?(?:目标|任务|预期)(?!管理)")

_BASE = re.compile(r"基准|基期|基数|基年|为基础年")
_THAT_YEAR = re.compile(r"当年|本年|年内")

_TO = ("到", "至", "为", "达", "达到")
"""What a rise or a fall from something goes to."""
_LIKE = re.compile(r"相比$|持平|相当|相同|一样")
_WITH = ("与", "和", "同", "跟")


class When:
    """What the words of one sentence up to a token say of time."""

    def __init__(
        self, form: Form, latest: str | None, sentence: Sentence,
        tokens: Sequence[Token], carried: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.form, self.latest = form, latest
        self.tokens, self.carried = tokens, carried
        self.ahead = sentence.ahead
        self.first = 0
        """The token the clause begins with."""
        self.target = False
        self.increment = False
        """What follows is an addition: 新增."""
        self.years: tuple[str, ...] = ()
        self.kind = ""
        self.relative = False
        """上年 has been said: what comes after the sentence is not as at then."""
        self.whole: tuple[str, ...] = ()
        """The year of the part of one that has been named: 全年 is all of it."""
        self.left = ""
        """The year behind the last 由."""
        self.ends: tuple[str, ...] = ()
        """The years a 由 … 到 … goes from and to."""
        self.before: tuple[tuple[str, ...], str] | None = None
        """Years and kind before a span that has been said of no figure yet."""
        self.summed = False
        """累计 has been said: what follows is what all years come to."""
        self.vague = False
        """目前 has been said: of the day of writing, maybe not of the form's day."""
        self.inferred = False
        """The years are told by nothing but their number."""
        self.listed: tuple[str, ...] | None = None
        """The years before a list whose own are told by nothing but its number."""
        self.onward = False
        """由目前: what comes after 到 is to come."""
        text = "".join(t.text for t in tokens)
        self.aims = "目标" in text
        self.based = bool(_BASE.search(text))
        """It names the base that goals are measured from."""
        self.reached = False
        """提高到 has been said: of several years, of the last one."""
        self.going = False
        """由 has been said, and not yet 到."""
        self.told: tuple[str, ...] = ()
        """The years that the sentence has named, one after the other."""
        self.steps: tuple[str, ...] = ()
        """The years of several numbers behind 到: 由212家增加到221家、236家."""
        self.lost = False
        """A 由 has been said whose year nobody names."""
        self.against = False
        """An earlier year has been named that a growth or fall is measured against."""
        self.back: tuple[str, ...] | None = None
        """The years before a 由, which come back after 到."""

    def at(self, n: int) -> Token | None:
        return self.tokens[n] if 0 <= n < len(self.tokens) else None

    def kind_at(self, n: int) -> str:
        token = self.at(n)
        return token.kind if token else ""

    def is_(self, n: int, *kinds: str) -> bool:
        return self.kind_at(n) in kinds

    def time(self, n: int) -> str:
        """Takes the year or span at a token: fresh where figures after it are as at then, yearly
        or total where growth is measured against it, or nothing."""
        token = self.tokens[n]
        time, before, behind = token.time, self.at(n - 1), self.at(n + 1)
        assert time
        stands = behind is not None and (behind.kind == NUMBER or behind.text in ("的", "("))
        compared = before is not None and before.kind == "compare" and not stands
        compared |= before is not None and before.kind == "hedge" and not stands
        compared |= self._times(n)
        beside = before is not None and before.text in _WITH and self._against(n)
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
        self.against = self.relative = self.summed = False
        leads = before is not None and before.kind in ("from", "compare", "hedge")
        if (leads or beside) and not self.back:
            self.back = self.years
        if before is not None and before.kind == "from" and time.years:
            self.left, self.going = time.years[0], True
        elif before is not None and before.kind == "to" and time.years and self.left:
            self.ends = (self.left, time.years[-1])
        if time.kind == "ahead":
            self.target, self.years, self.kind = True, (), "ahead"
        elif time.kind == "now":
            self.years, self.kind, self.increment, self.target = (), "now", False, False
            self.vague = not token.text.startswith("现")
            self.onward = before is not None and before.kind == "from"
        elif time.kind == "before":
            written = self._written_after(token)
            last = written or self.current()
            ago = 3 if token.text[0] == "大" else 2 if token.text[0] == "前" else 1
            if not (self.back or self.years or self.carried):
                # of the day of writing, which is in the year after the form's last
                ago, self.inferred = ago - (token.text[0] in "去前大"), True
            self.back = self.years if self.back is None and not written else self.back
            self.years, self.kind = ((str(int(last) - ago),) if last else ()), "years"
            self.relative = True
        elif time.kind == "after":
            last = self.current()
            self.years, self.kind = ((str(int(last) + 1),) if last else ()), "years"
        elif time.kind == "part":
            self.years, self.kind, self.whole = (), "part", time.years or self.whole
        elif time.kind == "span":
            self.before = (self.years, self.kind)
            self.kind = "span"
            count = 3 if re.search("[三3]年", token.text) else 2 if "两年" in token.text else 0
            self.years = self._last_years(count)
        else:
            self.years, self.kind = time.years, time.kind
            self.told = tuple(dict.fromkeys((*self.told, *time.years)))
            if self.latest and time.years and time.years[-1] > self.latest:
                self.target = True
            elif n == self.first:
                self.target = self.increment = False
            self.target |= self._by(n)
        return "fresh"

    def sums(self, n: int, rest: str) -> None:
        """累计: what follows is no year's own where the `rest` of the paragraph tells those apart
        from it (…，2023年当年5项), unless a year has been named that it lies within."""
        until = any(t.kind == TIME and t.text[0] == "截" for t in self.tokens[:n])
        self.summed = (until or not self.years) and bool(_THAT_YEAR.search(rest))

    def _by(self, n: int) -> bool:
        """Whether the year at a token is one to reach, where the form's last year is not known:
        到2023年，营业收入达到150亿元; not 到2020年，…已达到."""
        by = n - 1 == self.first and self.tokens[n - 1].text in ("到", "至")
        if self.latest or not by or self.kind_at(n + 1) != "comma":
            return False
        text = "".join(t.text for t in self.tokens[n:])
        return bool(re.search("达|超|突破|实现", text)) and not re.search("已|了", text)

    def _times(self, n: int) -> bool:
        """Whether a multiple of the year's figure follows: 是2020年的1.6倍."""
        behind, multiple = self.at(n + 1), self.at(n + 2)
        amount = multiple.amount if multiple else None
        return bool(behind and behind.text == "的" and amount and amount.change)

    def leaves(self, n: int) -> None:
        """由: where the years it goes from and to are known, the number behind is of the first."""
        if self.kind_at(n + 1) == TIME:
            return
        self.going, self.lost = True, False
        several = _reached(self.tokens, n)
        row = self.years if len(self.years) > 1 else self.told
        row = tuple(sorted(row))
        if several and len(row) == several + 1:
            self.ends, self.steps = (row[0], row[-1]), row[1:]
        elif several > 1:
            self.lost = True
        elif len(self.years) > 1:
            self.ends = (self.years[0], self.years[-1])
        elif several and not self.ends:
            self.lost = not _dated(self.tokens, n)
        if self.ends and not self.lost:
            self.back, self.years = tuple(filter(None, self.ends[1:])), self.ends[:1]
            self.kind = "years"

    def reaches(self) -> None:
        """到: the years from before 由 again."""
        self.going = self.lost = False
        self.reached = True
        self.target |= self.onward
        if self.back is not None:
            self.years, self.back = self.back, None

    def _last_years(self, count: int) -> tuple[str, ...]:
        last = int(self.latest or 0)
        return tuple(str(y) for y in range(last - count + 1, last + 1)) if last else ()

    def _written_after(self, token: Token) -> str | None:
        """The year of the day of writing, which 去年 is told from where earlier years than the
        form's last lead up to it: 2021年44亿元，2022年50亿元，去年56亿元."""
        rises = bool(self.told) and list(self.told) == sorted(self.told)
        if not (token.text[0] == "去" and "同期" not in token.text and self.latest and rises):
            return None
        if self.told[-1] >= self.latest:
            return None
        self.inferred = True
        return str(int(self.latest) + 1)

    def current(self) -> str | None:
        years = self.back or self.years or self.carried
        return years[-1] if years else self.latest

    def _event(self, n: int) -> bool:
        """Whether the year is that of an event, which figures after it are not as at."""
        before = "".join(t.text for t in self.tokens[max(n - 3, self.first) : n])
        if re.search(rf"(?:{_EVENT.pattern}|建|始|创办|创立|起步)于$", before):
            return True  # 成立于2012年
        for k in range(n + 1, min(n + 6, len(self.tokens))):
            if self.kind_at(k) in ("comma", "semicolon", NUMBER, SUBJECT):
                return False
            if _EVENT.search(self.tokens[k].text):
                return True
        return False

    def _against(self, n: int) -> bool:
        """Whether what the time at a token belongs to is compared with: 与2022年的56.84亿元相比."""
        for k in range(n + 1, min(n + 8, len(self.tokens))):
            if self.kind_at(k) in ("comma", "semicolon"):
                return False
            if self.kind_at(k) == "compare" or _LIKE.search(self.tokens[k].text):
                return True
        return False

    def base(self, years: tuple[str, ...]) -> bool:
        """Whether what a goal is measured from is told: by its name, or as what a target's rise
        or fall goes out from among goals, 由2023年的38.6%提高到55%."""
        leaves = self.target and self.going and len(years) == 1
        return self.based or (leaves and (self.aims or self.ahead))

    def goal(self, field: Field, called: Called, years: tuple[str, ...]) -> str | None:
        """The column of a goal that is still to come; None where no column is of that time."""
        last = max(field.columns, default="")
        named = years or (self.carried if self.kind != "ahead" else ())
        spans = (called.facet == "average" and self.kind == "range") or self.reached
        if self.kind == "ahead" or (named and named[-1] == last and (len(named) == 1 or spans)):
            return last or None
        return None

    def to_come(self, n: int, years: tuple[str, ...]) -> bool:
        """Whether the number at a token is a target: by its words, its year, the heading above."""
        behind = "".join(t.text for t in self.tokens[n + 1 : n + 4])
        if _AIM.match(behind):
            return True
        past = bool(years) and self.latest is not None and years[-1] <= self.latest
        if not years and self.kind != "now" and self.carried[-1:] > (self.latest or "9999",):
            return True
        if self.going and past:
            return False  # 由 what has been 到 what is to come
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
        yearly = field.years or field.year_in_heading or field.columns
        if self.kind == "part":
            return None
        flows = field.years and (field.unit or "").endswith(("项", "元"))
        if self.summed and flows and called.facet == "level":
            return None
        if called.facet in ("average", "total", "cut"):
            past = self.kind == "years" and self.latest and years and years[-1] != self.latest
            one = called.facet != "average" and self.kind == "years" and not self.against
            if self.based and years and years[-1] in field.columns:
                return years[-1], years[-1], True
            # 2023年下降4.1% may be against the year before
            return None if yearly or past else (None, None, not one)
        if not yearly and (self.kind == "span" or (self.kind == "range" and len(years) > 1)):
            years = () if self.kind == "span" or years[-1] == self.latest else years
        if len(years) > 1 and not yearly and self.kind == "years" and years[-1] == self.latest:
            years = years[-1:]  # 2022年、2023年产值分别为…，建成绿色工业园区1个
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
            # the form's own rule: what names no year is as at its last
            return self.latest, None, False
        if (
            year not in field.columns
            if field.columns
            else field.years and year not in self.form.years
        ):
            return None
        return year, year, bool(years)


def _kind(tokens: Sequence[Token], n: int) -> str:
    return tokens[n].kind if n < len(tokens) else ""


def _dated(tokens: Sequence[Token], n: int) -> bool:
    """Whether the number behind the 由 at a token has its year in brackets: 从45.6亿元(2021年)."""
    k = n + 1
    while _kind(tokens, k) not in ("", NUMBER):
        k += 1
    return _kind(tokens, k + 2) == TIME and tokens[k + 1].text == "("


def _reached(tokens: Sequence[Token], n: int) -> int:
    """How many numbers stand behind the 到 of the 由 at a token; 0 where none follows."""
    k = n + 1
    while _kind(tokens, k) not in ("", NUMBER, "semicolon", "comma", "to"):
        k += 1
    if _kind(tokens, k) != NUMBER:
        return 0
    while _kind(tokens, k) not in ("", "semicolon", "to"):
        if tokens[k].kind == "link" and tokens[k].text in _TO:
            break
        if tokens[k].kind in (SUBJECT, "from") or tokens[k].text[0] in "。\n":
            return 0
        k += 1
    count, k = 0, k + 1
    while _kind(tokens, k) in (NUMBER, "and", "link", "hedge", TIME, "to"):
        count += tokens[k].kind == NUMBER
        k += 1
    return count
