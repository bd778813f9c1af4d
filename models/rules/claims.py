"""Whether a narrative claims the rank that lets a condition be relaxed.

第四条（二）: 主导产业营业收入居全省同行业第一位或居全国同行业前列的产业集群，可适当放宽条件.
A claim says of the cluster's or its leading industry's revenue, as a fact of today, that it
holds that rank or a higher one. Denials, targets, past ranks, and ranks of something else are
no claim.
"""

from __future__ import annotations

import re
import unicodedata

from models.programme import Relaxation

_LEVELS = {
    1: r"全市|市内|我市|本市|[一-鿿]{2}市",
    2: r"全省|省内|我省|本省|山东省?",
    3: r"全国|国内|我国|中国",
    4: r"全球|世界|国际",
}
_RANK_OF = {"全市": 1, "全省": 2, "全国": 3}

_FIRST = (
    r"第(?:一|1)(?:位|名)?(?![0-9一-鿿]|位|名)|第(?:一|1)(?:位|名)"
    r"|第(?:一|1)(?=$|[,。;!，；、的])|首位|榜首|之首|头名|首屈一指|冠军|排名首|居首"
)
_LEADING = (
    r"前列|前茅|领先|第一方阵|第一梯队|前(?:[二三四五六七八九十两]|[2-9]|10)(?:位|名|强)?"
    r"|第(?:二|三|2|3)(?:位|名)?"
)
_REVENUE = re.compile(r"(?:主营业务|营业|营业总|销售)收入|营收|产业收入|集群收入")
# Between the revenue and the rank: another quantity, to which the rank then belongs.
_OTHER = re.compile(
    r"增速|增幅|增长率|利润|税|产量|产值|占有率|市场份额|份额|出口|品牌|知名度|技术|规模以上"
    r"|产能|销量|专利|研发|质量|增加值|效益|实力|水平"
)
_COORDINATED = re.compile(
    r"^(?:总额|总量)?(?:、|和|与|及|以及)[^,，。;；]{1,20}?(?:均|都|分别|双双|同|皆)"
)
_SINGLE_FIRM = re.compile(
    r"公司|集团|龙头|骨干|领军|链主|某企业|该企业|(?<!集群)企业(?!营业|营收|销售|总)"
)
# A target or a past rank anywhere before it in the sentence; a denial in the same clause.
_NOT_NOW = re.compile(
    r"力争|争取|目标|有望|计划|规划|拟|努力|预计|预期|打造|建成|冲刺|迈向|迈进|争创|争当|争做"
    r"|实现.{0,6}后|如果|若|希望|期望|瞄准|对标|奋力|力求|旨在|未来|到20\d\d年|远期|愿景|即将|将[进跃达居位成]"
    r"|为了|曾|过去|原先"
)
_DENIED = re.compile(
    r"未|没有|尚|不是|不能|无法|不在|不属|并非|差距|距|除|仅次于|低于|不及|落后|接近|逼近|有别于"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")


def claimed_rank(text: str, relaxation: Relaxation) -> str | None:
    """The sentence of a narrative that claims such a rank, as written; None where there is none.

    >>> from models.programme import load_programme
    >>> clause = load_programme("weifang-2021").criteria[2].relaxation
    >>> claimed_rank("主导产业营业收入居全省同行业首位。", clause)
    '主导产业营业收入居全省同行业首位'
    >>> claimed_rank("力争三年内营业收入居全省同行业首位。", clause)
    """
    first, leading = _RANK_OF[relaxation.first_in], _RANK_OF[relaxation.leading_in]
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if _claims(re.sub(r"\s+", "", unicodedata.normalize("NFKC", sentence)), first, leading):
            return sentence
    return None


def _claims(sentence: str, first: int, leading: int) -> bool:
    for revenue in _REVENUE.finditer(sentence):
        if _SINGLE_FIRM.search(_clause(sentence, revenue.start())):
            continue
        for level, words in _LEVELS.items():
            for place in re.finditer(words, sentence):
                rank = _rank(sentence, revenue, place)
                if rank is None or _NOT_NOW.search(sentence[: place.end()]):
                    continue
                if _DENIED.search(_clause(sentence, place.end())) or "差距" in sentence:
                    continue
                if (rank == "first" and level >= first) or level >= leading:
                    return True
    return False


def _clause(sentence: str, end: int) -> str:
    """The clause up to a position."""
    return re.split(r"[,:]", sentence[:end])[-1]


def _rank(sentence: str, revenue: re.Match[str], place: re.Match[str]) -> str | None:
    """first or leading, where the revenue holds that rank in that place; else None."""
    if place.start() >= revenue.end():  # 营业收入居全省同行业第一位
        between = sentence[revenue.end() : place.start()]
    elif "," not in sentence[place.end() : revenue.start()]:  # 居全省同行业营业收入第一位
        between = ""
    else:
        return None
    rest = re.split(r"[,:]", sentence[max(place.end(), revenue.end()) :])[0]
    found = [(m.start(), "first") for m in re.finditer(_FIRST, rest)]
    found += [(m.start(), "leading") for m in re.finditer(_LEADING, rest)]
    if not found:
        return None
    start, rank = min(found)
    joined = _COORDINATED.match(between)
    between = between[joined.end() :] if joined else between
    # Another quantity in between, and the rank is that one's.
    other = _OTHER.search(between) or _OTHER.search(rest[:start]) or _REVENUE.search(between)
    return None if other else rank
