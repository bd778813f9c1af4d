"""What the words round a figure in a table say of it: its day, whose it is, or that it is none."""

from __future__ import annotations

import re
from typing import Literal

from extractor.evaluation.days import Day, day_of
from models.values import read_number
from models.writing.folding import normalise

Whose = Literal["cluster", "other", ""]
"""The whole cluster's, that of a part of it, a firm or a place; the words name nobody."""

_YEAR = r"(?:19|20)\d\d"
_THIS = re.compile(r"(?:本|当|今)(?:年|期)度?.{0,4}|(?:期|年)末.{0,3}|(?:年|年度)?实[际绩].{0,3}")
_BEFORE = re.compile(r"上年|去年|上一?年度|前年|上期|同期|年初|期初|基期|前期|往年")
_PART = re.compile(
    r"\d{1,2}月|[一二三四1-4](?:季度|季)|[一二三四1-4]至[一二三四1-4]季|[上下]半年|前[一二三123]季"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)(?=年(?:度|底|末|全年|数据?|完成|实际)?(?:\(|$))")
_APART = re.compile(
    r"同比|增速|增长|增幅|增减|变动|较上|较20|比上年|环比|占比|比重|占全|排名|位次|得分|分值|评分|权重|满分"
    r"|目标|预计|计划|规划|预期|力争|新增|净增|年均|平均|人均|户均|完成率|达成率"
)
"""Words over a column, or before a figure, that is no amount of the day."""
_ASIDE = re.compile(r"备注|说明|佐证|证明|材料|来源|出处|页码|序号|编号|负责|联系|附件|口径")
"""Words over a column that holds no figures at all."""
_LEVEL = re.compile(
    r"(?:其中[:：,，]?|#)?(国家级?|省级?|市级?|县级?|区级?|其他|国家级和省级|省部级|省级(?:及|和)?以上|市级及?以上"
    r"|国家级及?以上)(?:数量?|个数|家数|户数)?"
)
_LOW = re.compile(r"市|县|区|其他")
_TOTAL = re.compile(
    r"(?:本|全|该|特色|产业)*集群(?!名|所在|外).{0,6}|.{0,8}(?:合|总|共)计(?:数|值)?|汇总|总体|全部|总数|总量"
)
_PLACE = re.compile(
    r"(?:镇|乡|街道|办事处|县|市|区|省|片区|园区|村|社区)(?:合计|小计|水平|平均)?$|^全(?:国|省|市|县|区)|同行业|行业平均"
)
_FIRM = re.compile(r"公司|集团|厂$|合作社|有限|研究院|大学|学院")
_SERIAL = re.compile(r"[（(]?\d{1,3}(?:\.\d{1,2})?[)）]?[.、]?")
_UNIT_LIST = re.compile(r"[（(]([^（）()]{1,16})[)）]")


def plain(text: str) -> str:
    """A heading in one line, with full-width characters and spacing made even."""
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", normalise(text)).strip(":_")


def head_day(text: str, asked: str) -> Day:
    """The day the words over a column or before a row name: as day_of, and 上年, 同期, 一季度
    are other days where no year stands by them; 本年 and 期末 say nothing by themselves.

    >>> head_day("上年同期", "2021-12-31"), head_day("2021年1—12月", "2021-12-31")
    ('other', 'asked')
    """
    said = plain(text)
    said = re.sub(r"(?<!\d)0?1月?[-~至到—–－]+12月(?:份|底|末)?|全年", "", said)
    if _THIS.fullmatch(said):
        return ""
    said = _SHORT_YEAR.sub(r"20\1", said)
    if len(set(re.findall(_YEAR, said))) > 1:
        return "other"  # 2019—2021年累计
    day = day_of(said, asked)
    if not day and (_BEFORE.search(said) or (len(said) <= 12 and _PART.search(said))):
        return "other"
    return day


def is_apart(text: str, *, counted: bool) -> bool:
    """Whether a heading is that of no amount: growth, a share, a target, what was added.

    `counted`: of things that are counted, what was reached in all (累计) is the amount.
    """
    said = plain(text)
    part = said.startswith("其中") and not level_of(said) and whose(said) != "cluster"
    return part or bool(_APART.search(said)) or ("累计" in said and not counted)


def is_aside(text: str) -> bool:
    """Whether a heading stands over words: remarks, papers, numbers of rows."""
    return bool(_ASIDE.search(plain(text)))


def level_of(text: str) -> str:
    """国家级, 省级 … where a heading is nothing but a level, else ""."""
    found = _LEVEL.fullmatch(plain(text))
    if found is None:
        return ""
    said = found.group(1)
    return said if said.endswith(("级", "上", "他")) else said + "级"


def is_low(level: str) -> bool:
    """Whether a level is below the province's, for which no indicator asks."""
    return bool(_LOW.match(level)) and "以上" not in level


def whose(text: str) -> Whose:
    """Whether a heading names the whole cluster or another."""
    said = re.sub(r"[（(][^（）()]*[)）]|^其中:?", "", plain(text))
    if _FIRM.search(said):
        return "other"
    if _TOTAL.fullmatch(said):
        return "cluster"
    return "other" if _PLACE.search(said) else ""


def lists_firms(text: str) -> bool:
    """Whether a heading stands over the names of firms or projects: what the rows below add up
    to is theirs, not the cluster's."""
    return bool(
        re.search(r"(?:企业|单位|公司|项目)(?:名称|简称)|^(?:重点|骨干|龙头)?企业$", plain(text))
    )


def bracketed(text: str) -> list[str]:
    """What stands in the brackets of a heading: (万元，2021年) → 万元, 2021年."""
    return [
        p
        for found in _UNIT_LIST.findall(plain(text))
        for p in re.split(r"[,，、;；/]|单位:", found)
        if p
    ]


def is_number(text: str) -> bool:
    """Whether a cell holds nothing but a figure or the number of a row."""
    said = text.strip()
    return bool(_SERIAL.fullmatch(said)) or read_number(said, None).state in ("given", "none")


def has_figure(text: str) -> bool:
    """Whether a cell is a figure, or short words with one."""
    said = text.strip()
    return bool(said) and (
        read_number(said, None).state in ("given", "none")
        or (len(said) <= 30 and any(c.isdigit() for c in said))
    )
