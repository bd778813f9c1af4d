"""The units people write in these forms, and how one of them becomes another, exactly.

Factors are fractions of the kind's base unit, so that a conversion never rounds by itself
(1 亩 = 10000/15 m²; 1500 亩 are exactly 1 km²). The multiples 千 万 亿 belong to the number
(456000万|元), except inside a ratio, where they are the denominator's (件/|万人).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_ATOMS: dict[str, tuple[str, Fraction]] = {
    name: (kind, Fraction(factor))
    for kind, factor, names in (
        ("money", 1, "元人民币 人民币元 人民币 元整 元 圆整 圆 RMB CNY"),
        ("area", 10**6, "平方公里 平方千米 平方km 平方KM km² km2 KM² KM2 Km² Km2 k㎡ K㎡ ㎢ sqkm"),
        ("area", 10**4, "公顷 hm² hm2 ha"),
        ("area", Fraction(10**4, 15), "市亩 亩"),
        ("area", 1, "平方米 平米 ㎡ m² m2 M² M2"),
        ("share", 1, "% 个%"),
        ("share", Fraction(1, 10), "‰"),
        ("person", 1, "人次 人 名 位"),
        ("thing", 1, "家(户) 户(家) 家企业 户企业 个企业 家 户 个 件 项 种 类 座 所 处 条 款"),
        ("thing", 1, "台(套) 套(台) 台/套 台套 台 套 件(套) 件套 枚 份 批 支"),
        ("length", 1000, "公里 千米 km KM"),
        ("length", 1, "米 m"),
        ("energy", 1, "千瓦时 kWh 度"),
        ("foreign", 1, "美元 美金 欧元 英镑 日元 港元 港币 USD EUR HKD JPY"),
        ("mass", 1, "公吨 吨 t T"),
        ("mass", Fraction(1, 1000), "千克 公斤 kg KG Kg"),
        ("mass", Fraction(1, 10**6), "克 g"),
    )
    for name in names.split()
}
_CO2 = r"(?:二氧化碳|CO[2₂²]|co2|Co2)(?:当量|[eE])?"
_COAL = r"(?:标准煤|标煤|ce)"
_ATOM = "|".join(re.escape(name) for name in sorted(_ATOMS, key=len, reverse=True))
_UNIT = re.compile(rf"(?P<atom>{_ATOM})(?:(?P<co2>{_CO2})|(?P<coal>{_COAL}))?")
_PER = re.compile(
    r"(?:/每?|每|÷)(?P<multiple>(?:万亿|[十百千]?[万亿]|[百千])?)(?P<atom>元|人|名)"
    r"(?:工业)?(?:总?产值|GDP)?"
)
_ENGLISH = re.compile(r"(?![A-Za-z])")
"""A Latin unit ends where its letters end: 5t is tons, 5th is not."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`kind` tells what can be converted into what; `factor` is in the kind's base unit."""

    kind: str
    factor: Fraction


def multiple(text: str) -> int:
    """百万 → 1 000 000; the empty text is 1."""
    product = 1
    for character in text:
        product *= MULTIPLES[character]
    return product


def unit_at(text: str, start: int = 0) -> tuple[Unit, int] | None:
    """The longest unit that begins at `start` of a normalised text without white space.

    Returns the unit and where it ends, or None where no known unit stands there.
    """
    found = _UNIT.match(text, start)
    alone = _PER.match(text, start)
    if alone and alone["atom"] != "元":  # 12.5/万人
        return Unit("thing/person", Fraction(1, multiple(alone["multiple"]))), alone.end()
    if not found or (found[0][-1].isascii() and not _ENGLISH.match(text, found.end())):
        return None
    kind, factor = _ATOMS[found["atom"]]
    if found["co2"] or found["coal"]:
        if kind != "mass":
            return None
        kind = "co2" if found["co2"] else "coal"
    end = found.end()
    per = _PER.match(text, end)
    if per and kind in ("thing", "person", "mass", "co2", "coal"):
        below, _ = _ATOMS[per["atom"]]
        return Unit(f"{kind}/{below}", factor / multiple(per["multiple"])), per.end()
    return Unit(kind, factor), end


@lru_cache(maxsize=2000)
def asked(unit: str) -> tuple[Unit, int] | None:
    """A form's own unit and the multiple printed with it: 亿元 → (元, 10⁸); None if unknown."""
    found = re.match(r"(?:万亿|[十百千]?[万亿]|)", unit)
    head = found[0] if found else ""
    at = unit_at(unit, len(head))
    return (at[0], multiple(head)) if at and at[1] == len(unit) else None


def _same(written: str, wanted: str) -> bool:
    """Whether a kind may stand for another. The forms ask tons of CO₂ as plain 吨, with the
    substance in the label, so that plain tons are CO₂ too; coal must be asked as coal."""
    if written == wanted:
        return True
    one, _, below = written.partition("/")
    other, _, beneath = wanted.partition("/")
    return below == beneath and (one, other) in (("mass", "co2"), ("co2", "mass"), ("mass", "coal"))


def factor_between(written: Unit, wanted: Unit, wanted_multiple: int) -> Fraction | None:
    """What a number in `written` is multiplied by to stand in the form's unit.

    None where the two are of another kind (tons where money is asked).
    """
    if not _same(written.kind, wanted.kind):
        return None
    return written.factor / (wanted.factor * wanted_multiple)
