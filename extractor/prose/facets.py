"""What a number says of its subject: the figure itself, a share of it, its growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractor.prose.numbers import Amount
from extractor.prose.scope import Scope
from extractor.prose.subjects import Subject
from models.form import Field
from models.loading.called import Facet
from models.types import Quantity


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that a text states of the cluster."""

    field: str
    period: str | None
    """The form's period; None for a field that is asked once."""
    year: str | None
    """The year the words name, where they name one."""
    quantity: Quantity
    raw: str
    start: int
    end: int
    """Characters of the text: the number with what of its clause stands before it."""
    sure: bool = True
    """Subject, year and unit stand in the sentence itself."""


def has_level(fields: Mapping[str, Field], subject: Subject) -> bool:
    """Whether one of the form's `fields` that are no goals is the subject's own figure."""
    told = [c.field for c in subject.called if c.facet == "level" and c.field in fields]
    return not subject.called or any(not fields[f].columns for f in told)


def facet_of(
    scope: Scope, amount: Amount, words: set[str], subject: Subject, years: tuple[str, ...]
) -> Facet | None:
    """What a number says of its subject, by the words between them."""
    if "to" in words:
        return "level"
    if "increment" in words:
        return None
    if "share" in words:
        if amount.percent:
            return "share"
        return "level" if amount.unit else None  # 其中集群占6家
    if not words & {"up", "down", "yearly", "average"} and not (
        "total" in words and amount.percent
    ):
        return "level"
    if not amount.percent:
        return None  # 增加20件
    if "average" in words:
        return "average"
    if "yearly" in words:
        return "yearly"
    if "down" in words and any(c.facet == "cut" for c in subject.called):
        return "cut"
    whole = scope.kind in ("span", "range") and len(years) != 1
    whole |= not any(c.facet == "yearly" for c in subject.called) and not years
    return "total" if "total" in words or whole else "yearly"


def surest(found: Sequence[Stated]) -> list[Stated]:
    """Of what a sentence states: what is surer goes before (规划面积80平方公里，占地52平方公里),
    and of two that only may be meant neither is (中国名牌产品3个、山东名牌产品8个)."""
    sure = {(s.field, s.period) for s in found if s.sure}
    told: dict[tuple[str, str | None, str | None], set[Decimal]] = {}
    for s in found:
        if not s.quantity.approximate:
            told.setdefault((s.field, s.period, s.year), set()).add(s.quantity.value)
    doubled = {key for key, values in told.items() if len(values) > 1}
    return [
        s for s in found
        if s.sure
        or not ((s.field, s.period) in sure or (s.field, s.period, s.year) in doubled)
    ]  # fmt: skip
