"""What a number says of its subject: the figure itself, a share of it, its growth."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.prose.numbers import Amount
from extractor.prose.scope import Scope
from extractor.prose.subjects import Subject
from models.form import Field
from models.loading.called import Facet


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
