"""Figures far off those of the other clusters: to be looked at, no fault by themselves.

The distance is measured on the logarithm, in robust deviations from the median (the median absolute
deviation, Iglewicz and Hoaglin 1993, cut at 3.5), and must be a factor of 3 at least, so that
indicators on which all clusters agree make no outliers of small differences.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from models.rules.ranking import Indicator, Standing

LEAST = 8
"""So many clusters must state the indicator."""
DEVIATIONS = 3.5
FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Outlier:
    indicator: Indicator
    standing: Standing
    median: Decimal
    factor: float
    """How many times the median it is, or (below it) the median is it; at least 1."""


def outliers(table: Sequence[Indicator]) -> Iterator[Outlier]:
    """Of each indicator the figures that are far off, the farthest first. Zeros and negative
    figures are left alone."""
    found: list[Outlier] = []
    for indicator in table:
        stated = [s for s in indicator.standings if s.value is not None and s.value > 0]
        if len(stated) < LEAST:
            continue
        logs = {s.cluster: math.log(float(s.value)) for s in stated if s.value is not None}
        middle = median(logs.values())
        spread = 1.4826 * median(abs(v - middle) for v in logs.values())
        value = median(s.value for s in stated if s.value is not None)
        for s in stated:
            off = abs(logs[s.cluster] - middle)
            if off > math.log(FACTOR) and off > DEVIATIONS * spread:
                found.append(Outlier(indicator, s, Decimal(value), math.exp(off)))
    yield from sorted(found, key=lambda o: -o.factor)
