"""How the figures of a form hang together, recomputed by interval.

Every stated figure stands for the range of numbers that are written that way; the ranges go
through the formula, and a relation fails only where no numbers within them agree. Which fields
hang together stands in programmes/common/relations.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from itertools import pairwise
from typing import Any

from models.form import Form
from models.interval import Interval, IntervalError, geometric_mean, mean
from models.loading import strict_yaml
from models.programme import PROGRAMMES
from models.rules.figures import Figures, plain, reference, rounded, with_unit
from models.types import Quantity
from models.wording import Bilingual, say

RELATIONS = PROGRAMMES / "common" / "relations.yaml"

Place = tuple[str, str | None]
"""A field and its period."""
Known = Mapping[Place, Quantity]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Whether the figures agree (None: cannot be told), with the working shown for people."""

    agrees: bool | None
    computed: str = ""
    formula: str = ""
    message: Bilingual | None = None


CANNOT_TELL = Recomputed(None)


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation at one place; the first operand is the figure that is recomputed."""

    rule: str
    operands: tuple[Place, ...]
    none_is_zero: bool = False

    @property
    def pins(self) -> bool:
        """Whether it says what a figure must be, rather than only a bound."""
        return True

    def recompute(self, known: Known) -> Recomputed:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Equation(Relation):
    """The first operand is what `compute` makes of the others."""

    unit: str = ""

    def compute(self, values: list[Interval]) -> Interval:
        """Of the other operands, in their order. Raises IntervalError where it has no result."""
        raise NotImplementedError

    def formula(self, values: list[str]) -> str:
        raise NotImplementedError

    def recompute(self, known: Known) -> Recomputed:
        if any(o not in known for o in self.operands):
            return CANNOT_TELL
        stated, *others = (known[o] for o in self.operands)
        try:
            result = self.compute([Interval.from_quantity(q) for q in others])
            value = self.compute([Interval.of(q.value) for q in others]).middle
        except IntervalError:
            return CANNOT_TELL
        exact = isinstance(self, Sum)
        whole = exact and value == value.to_integral_value()
        shown = plain(value.to_integral_value() if whole else value) if exact else rounded(value)
        computed = with_unit(shown, self.unit)
        return Recomputed(
            result.overlaps(Interval.from_quantity(stated)),
            computed,
            f"{self.formula([plain(q.value) for q in others])} = {computed}",
        )


@dataclass(frozen=True, slots=True)
class ProductGrowth(Equation):
    """A year's growth against total × share of that year and of the year before."""

    def compute(self, values: list[Interval]) -> Interval:
        total, share, total_before, share_before = values
        return ((total * share) / (total_before * share_before) - 1) * 100

    def formula(self, values: list[str]) -> str:
        total, share, total_before, share_before = values
        return f"{total} × {share}% ÷ ({total_before} × {share_before}%) − 1"


@dataclass(frozen=True, slots=True)
class Ratio(Equation):
    """The first operand = the second ÷ the third × times."""

    times: Decimal = Decimal(1)

    def compute(self, values: list[Interval]) -> Interval:
        above, below = values
        return above * self.times / below

    def formula(self, values: list[str]) -> str:
        return f"{values[0]} ÷ {values[1]} × {plain(self.times)}"


@dataclass(frozen=True, slots=True)
class Same(Equation):
    """The first operand states what the second states."""

    def compute(self, values: list[Interval]) -> Interval:
        return values[0]

    def formula(self, values: list[str]) -> str:
        return values[0]


@dataclass(frozen=True, slots=True)
class Sum(Equation):
    """The first operand = the sum of the others."""

    def compute(self, values: list[Interval]) -> Interval:
        return reduce(Interval.__add__, values)

    def formula(self, values: list[str]) -> str:
        return " + ".join(values)


@dataclass(frozen=True, slots=True)
class AverageGrowth(Relation):
    """The average rate against the yearly rates, and against the last and the first year.

    Operands: average, last total, last share, first total, first share, yearly rates. Accepted
    are the geometric mean of the rates, the compound rate from first to last year, and the plain
    mean of the rates.
    """

    def recompute(self, known: Known) -> Recomputed:
        stated = known.get(self.operands[0])
        if stated is None:
            return CANNOT_TELL
        found = [m for m in (self._geometric(known), self._ends(known), self._plain(known)) if m]
        computed = ", ".join(value for _, value, _ in found)
        formula = "; ".join(f"{working} = {value}" for _, value, working in found)
        if any(result.overlaps(Interval.from_quantity(stated)) for result, _, _ in found):
            return Recomputed(True, computed, formula)
        if len(found) < 3:
            return Recomputed(None, computed, formula)
        message = say(
            "the geometric mean of the yearly rates is {geometric}, the compound rate from the "
            "first to the last year {compound}, the plain mean of the yearly rates {plain}",
            geometric=found[0][1],
            compound=found[1][1],
            plain=found[2][1],
        )
        return Recomputed(False, computed, formula, message)

    def _geometric(self, known: Known) -> Method | None:
        def compute(rates: list[Interval]) -> Interval:
            return (geometric_mean([r / 100 + 1 for r in rates]) - 1) * 100

        def working(rates: list[str]) -> str:
            factors = " × ".join(f"(1 + {r}%)" for r in rates)
            return f"[{factors}]^(1/{len(rates)}) − 1"

        return _method(known, self.operands[5:], compute, working)

    def _ends(self, known: Known) -> Method | None:
        years = len(self.operands) - 6

        def compute(ends: list[Interval]) -> Interval:
            total, share, total_first, share_first = ends
            ratio = (total * share) / (total_first * share_first)
            return (ratio.root(years) - 1) * 100

        def working(ends: list[str]) -> str:
            return f"[{ends[0]} × {ends[1]}% ÷ ({ends[2]} × {ends[3]}%)]^(1/{years}) − 1"

        return _method(known, self.operands[1:5], compute, working)

    def _plain(self, known: Known) -> Method | None:
        def working(rates: list[str]) -> str:
            return f"({' + '.join(f'{r}%' for r in rates)}) ÷ {len(rates)}"

        return _method(known, self.operands[5:], mean, working)


Method = tuple[Interval, str, str]
"""What a method gives: the range, the figure for people, its working."""


def _method(
    known: Known,
    operands: tuple[Place, ...],
    compute: Callable[[list[Interval]], Interval],
    working: Callable[[list[str]], str],
) -> Method | None:
    if any(o not in known for o in operands):
        return None
    given = [known[o] for o in operands]
    try:
        result = compute([Interval.from_quantity(q) for q in given])
        value = compute([Interval.of(q.value) for q in given]).middle
    except IntervalError:
        return None
    return result, with_unit(rounded(value), "%"), working([plain(q.value) for q in given])


@dataclass(frozen=True, slots=True)
class Part(Relation):
    """The first operand is not larger than the second."""

    @property
    def pins(self) -> bool:
        return False

    def recompute(self, known: Known) -> Recomputed:
        if any(o not in known for o in self.operands):
            return CANNOT_TELL
        part, whole = (known[o] for o in self.operands)
        sign = "≤" if part.value <= whole.value else ">"
        words = f"{plain(part.value)} {sign} {plain(whole.value)}"
        return Recomputed(part.low <= whole.high, "", words)


@dataclass(frozen=True, slots=True)
class Range(Relation):
    """The operand lies between low and high, both included."""

    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def pins(self) -> bool:
        return False

    def recompute(self, known: Known) -> Recomputed:
        figure = known.get(self.operands[0])
        if figure is None:
            return CANNOT_TELL
        below = self.low is not None and figure.high < self.low
        above = self.high is not None and figure.low > self.high
        return Recomputed(not (below or above))

    def bounds(self, unit: str) -> str:
        """0% – 100%, ≥ 0 户, ≤ 100%."""
        if self.low is not None and self.high is not None:
            return f"{with_unit(self.low, unit)} – {with_unit(self.high, unit)}"
        if self.low is not None:
            return f"≥ {with_unit(self.low, unit)}"
        return f"≤ {with_unit(self.high or Decimal(0), unit)}"


def relations(form: Form, figures: Figures) -> tuple[Relation, ...]:
    """Every relation of the form at every place it holds."""
    return tuple(r for entry in entries(form.id) for r in _expand(entry, form, figures))


@lru_cache(maxsize=16)
def entries(form: str) -> tuple[dict[str, Any], ...]:
    """The form's entries of relations.yaml, those of the form it is like included."""
    data = strict_yaml.read(RELATIONS).data.get(form, [])
    if isinstance(data, list):
        return tuple(data)
    replace: dict[str, str] = data.get("replace", {})
    return tuple(_replaced(e, replace) for e in entries(data["like"]))


def _replaced(entry: dict[str, Any], replace: dict[str, str]) -> dict[str, Any]:
    def swap(value: Any) -> Any:
        if isinstance(value, list):
            return [swap(v) for v in value]
        return replace.get(value, value) if isinstance(value, str) else value

    return {key: swap(value) for key, value in entry.items()}


def _expand(entry: dict[str, Any], form: Form, figures: Figures) -> Iterator[Relation]:
    rule, zero = entry["rule"], entry.get("none_is_zero", False)
    if "product_growth" in entry:
        growth, total, share = entry["product_growth"], entry["total"], entry["share"]
        for before, year in pairwise(form.years):
            products = tuple((f, y) for y in (year, before) for f in (total, share))
            yield ProductGrowth(rule, ((growth, year), *products), zero, "%")
    elif "average_growth" in entry:
        total, share, ends = entry["total"], entry["share"], (form.years[-1], form.years[0])
        outer = tuple((f, y) for y in ends for f in (total, share))
        rates = tuple((entry["rates"], y) for y in form.years)
        yield AverageGrowth(rule, ((entry["average_growth"], None), *outer, *rates))
    elif "ratio_of" in entry:
        unit = form.field(entry["field"]).unit or ""
        places = ((entry["field"], None), *((f, None) for f in entry["ratio_of"]))
        yield Ratio(rule, places, zero, unit, Decimal(str(entry["times"])))
    elif "sum_of" in entry:
        unit = form.field(entry["field"]).unit or ""
        places = ((entry["field"], None), *((f, None) for f in entry["sum_of"]))
        yield Sum(rule, places, zero, unit)
    elif "same_as" in entry:
        unit = form.field(entry["field"]).unit or ""
        column, other = str(entry["in"]), (entry["same_as"], _year(entry.get("of")))
        yield Same(rule, ((entry["field"], column), other), zero, unit)
    elif "names" in entry:
        return  # models/rules/agreement.py
    elif "part" in entry:
        for period in figures.periods(entry["part"]):
            yield Part(rule, ((entry["part"], period), (entry["whole"], period)), zero)
    else:
        low, high = (Decimal(str(entry[k])) if k in entry else None for k in ("from", "to"))
        named = entry.get("fields") or [f.id for f in form.fields if f.integer]
        for field in named:
            for period in figures.periods(field):
                yield Range(rule, ((field, period),), zero, low, high)


def _year(written: object) -> str | None:
    return None if written is None else str(written)


def references(relation: Relation) -> tuple[str, ...]:
    """The operands as `field@period`."""
    return tuple(reference(f, p) for f, p in relation.operands)
