"""Names of clusters, counties and operators, brought to what tells one from another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from models.writing.folding import normalise

_KIND = re.compile(
    r"(?:中小企业|中小微企业)?(?:特色|优势|特色优势)?(?:产业|行业)?(?:集群|集聚区)(?:项目)?$"
)
_PROVINCE = re.compile(r"^(?:中国)?(?:山东省?)")
_CITY = re.compile(r"^([^市县区]{2,4})市")
_COUNTY = re.compile(r"^([^市县区]{1,6}(?:开发|高新|经开|示范|度假|保税)?)(?:市|县|区)")
_ZONES = (
    (re.compile(r"高新技术(?:产业)?开发区|高新技术产业区|高新技术开发区"), "高新区"),
    (re.compile(r"经济(?:技术)?开发区"), "经开区"),
)
_MARKS = re.compile(r"[\s“”\"'‘’《》〈〉「」『』()（）\[\]【】,，、.。:：;；·\-_]")


@dataclass(frozen=True, slots=True)
class Name:
    """A cluster's name in its parts."""

    places: tuple[str, ...]
    """City and county, or one of them, without 市, 县, 区 (潍坊, 寿光)."""
    core: str
    """What it makes (蔬菜种苗), without 特色产业集群."""


def folded(text: str) -> str:
    """Without spaces, brackets, quotes and punctuation, in one width and case."""
    return _MARKS.sub("", normalise(text)).lower()


@lru_cache(maxsize=4096)
def region_stem(text: str) -> str:
    """A county or city without province, upper level and 市, 县, 区.

    >>> region_stem("山东省潍坊市寿光市"), region_stem("曹"), region_stem("曹县")
    ('寿光', '曹', '曹')
    """
    text = folded(text)
    for pattern, short in _ZONES:
        text = pattern.sub(short, text)
    text = _PROVINCE.sub("", text)
    city = _CITY.match(text)
    if city and len(text) > city.end():
        text = text[city.end() :]
    return text[:-1] if len(text) > 1 and text[-1] in "市县区" else text


def same_region(a: str, b: str) -> bool:
    """Whether two spellings of a city or county can be the same: 寿光, 寿光市, 潍坊市寿光市."""
    return region_stem(a) == region_stem(b)


@lru_cache(maxsize=4096)
def cluster_name(text: str, known: tuple[str, ...] = ()) -> Name:
    """The parts of a cluster's name; `known` are places (寿光市) that it may begin with, also
    without their 市, 县 or 区.

    >>> cluster_name("山东省潍坊市寿光市蔬菜种苗特色产业集群")
    Name(places=('潍坊', '寿光'), core='蔬菜种苗')
    >>> cluster_name("寿光蔬菜种苗产业集群", ("寿光市",))
    Name(places=('寿光',), core='蔬菜种苗')
    """
    rest = _PROVINCE.sub("", folded(text))
    for pattern, short in _ZONES:
        rest = pattern.sub(short, rest)
    stems = sorted({region_stem(k) for k in known if k}, key=len, reverse=True)
    places: list[str] = []
    while len(places) < 2:
        stem = next((s for s in stems if s and rest.startswith(s)), None)
        if stem is not None:
            after = rest[len(stem) :]
            if after[:1] in ("市", "县", "区") or len(stem) > 1:
                places.append(stem)
                rest = after[1:] if after[:1] in ("市", "县", "区") else after
                continue
        found = _CITY.match(rest) if not places else None
        found = found or _COUNTY.match(rest)
        if found is None or not rest[found.end() :]:
            break
        places.append(found.group(1))
        rest = rest[found.end() :]
    core = _KIND.sub("", rest)
    return Name(tuple(places), core or rest)


def same_cluster_name(a: Name, b: Name) -> bool:
    """Whether two names can be the same: the same product, and no place against another."""
    if a.core != b.core:
        return False
    return not a.places or not b.places or bool(set(a.places) & set(b.places))


def same_operator(a: str, b: str, places: tuple[str, ...]) -> bool:
    """Whether two spellings name the same body, with its province and places or without."""
    stripped = []
    for text in (a, b):
        rest = _PROVINCE.sub("", folded(text))
        for stem in places:
            rest = re.sub(rf"^{re.escape(stem)}[市县区]?", "", rest) if stem else rest
        stripped.append(rest)
    return stripped[0] == stripped[1]
