"""Arithmetic on figures known only as they are written: closed intervals of decimals.

A figure written 61.1 stands for every number from 61.05 to 61.15; a formula of such figures
stands for every result they can give. Every operation encloses: for a in A and b in B,
a ∘ b lies in A ∘ B (R. E. Moore, Interval Analysis, 1966; IEEE 1788-2015, "set-based"
flavour). Sum, difference, product and whole powers are exact; quotients and roots, which a
decimal cannot always hold, are rounded outwards. Rounding as an interval is how XBRL
Calculations 1.1 compares reported figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
)
from functools import reduce

from models.types import Quantity

DIGITS = 50
"""Significant digits kept where a result has to be rounded."""

_PLENTY = 2000
"""Sums and products of figures are exact far within this; beyond it they too round outwards."""


def _context(digits: int, rounding: str) -> Context:
    return Context(prec=digits, rounding=rounding, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


_FLOOR, _CEILING = _context(_PLENTY, ROUND_FLOOR), _context(_PLENTY, ROUND_CEILING)
_DOWN, _UP = _context(DIGITS, ROUND_FLOOR), _context(DIGITS, ROUND_CEILING)
_NEAR, _NEARER = _context(DIGITS, ROUND_HALF_EVEN), _context(DIGITS + 10, ROUND_HALF_EVEN)


class IntervalError(ArithmeticError):
    """The operation has no bounded result: a divisor that may be zero, a root of a negative."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from low to high, both included. Raises IntervalError where high < low or an
    end is not finite.

    >>> Interval.of("61.1") * 2
    Interval(low=Decimal('122.2'), high=Decimal('122.2'))
    """

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not (self.low.is_finite() and self.high.is_finite()):
            raise IntervalError("the ends of an interval must be finite")
        if self.high < self.low:
            raise IntervalError(f"{self.low} to {self.high} is no interval")

    @classmethod
    def of(cls, number: Number) -> Interval:
        """A number known exactly (a whole number, a Decimal or a decimal's text)."""
        value = number if isinstance(number, Decimal) else Decimal(number)
        return cls(value, value)

    @classmethod
    def from_quantity(cls, quantity: Quantity) -> Interval:
        """Every number that is written as the quantity is."""
        return cls(quantity.low, quantity.high)

    # -------------------------------------------------------------- exact operations

    def __neg__(self) -> Interval:
        return Interval(self.high.copy_negate(), self.low.copy_negate())

    def __add__(self, other: Operand) -> Interval:
        other = _interval(other)
        return Interval(_FLOOR.add(self.low, other.low), _CEILING.add(self.high, other.high))

    def __sub__(self, other: Operand) -> Interval:
        return self + -_interval(other)

    def __mul__(self, other: Operand) -> Interval:
        other = _interval(other)
        pairs = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(
            min(_FLOOR.multiply(a, b) for a, b in pairs),
            max(_CEILING.multiply(a, b) for a, b in pairs),
        )

    def __radd__(self, other: int | Decimal) -> Interval:
        return _interval(other) + self

    def __rsub__(self, other: int | Decimal) -> Interval:
        return _interval(other) - self

    def __rmul__(self, other: int | Decimal) -> Interval:
        return _interval(other) * self

    def __pow__(self, exponent: int) -> Interval:
        """The power by a whole number from 0 to 100; an even power of a range about 0 begins
        at 0."""
        if not 0 <= exponent <= 100:
            raise IntervalError("the exponent must be from 0 to 100")
        ends = [_power(self.low, exponent), _power(self.high, exponent)]
        straddles = exponent and exponent % 2 == 0 and self.low < 0 < self.high
        return Interval(Decimal(0) if straddles else min(ends), max(ends))

    # -------------------------------------------------------------- outward-rounded operations

    def __truediv__(self, other: Operand) -> Interval:
        """The quotient; IntervalError where the divisor may be zero."""
        other = _interval(other)
        if 0 in other:
            raise IntervalError("the divisor may be zero")
        pairs = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(
            min(_DOWN.divide(a, b) for a, b in pairs), max(_UP.divide(a, b) for a, b in pairs)
        )

    def __rtruediv__(self, other: int | Decimal) -> Interval:
        return _interval(other) / self

    def root(self, degree: int) -> Interval:
        """The degree-th root (compound growth over `degree` years), degree 1 to 100.
        IntervalError where a number of the range is negative."""
        if not 1 <= degree <= 100:
            raise IntervalError("the degree of a root must be from 1 to 100")
        if self.low < 0:
            raise IntervalError("a negative number has no real root here")
        if degree == 1:
            return self
        return Interval(_root(self.low, degree, up=False), _root(self.high, degree, up=True))

    def sqrt(self) -> Interval:
        return self.root(2)

    # -------------------------------------------------------------- questions

    def __contains__(self, number: object) -> bool:
        if isinstance(number, Interval):
            return self.low <= number.low and number.high <= self.high
        return isinstance(number, int | Decimal) and self.low <= number <= self.high

    contains = __contains__

    def overlaps(self, other: Operand) -> bool:
        """Whether some number lies in both: whether two figures can agree."""
        other = _interval(other)
        return self.low <= other.high and other.low <= self.high

    def hull(self, other: Operand) -> Interval:
        """The smallest interval that holds both."""
        other = _interval(other)
        return Interval(min(self.low, other.low), max(self.high, other.high))

    @property
    def middle(self) -> Decimal:
        """A number of the interval to show to people."""
        return _NEAR.multiply(_FLOOR.add(self.low, self.high), Decimal("0.5"))


Number = int | str | Decimal
Operand = Interval | int | Decimal


def mean(intervals: Iterable[Interval]) -> Interval:
    """The plain mean of one or more figures; IntervalError where there is none."""
    several = list(intervals)
    if not several:
        raise IntervalError("there is nothing to take the mean of")
    return reduce(Interval.__add__, several) / len(several)


def geometric_mean(intervals: Iterable[Interval]) -> Interval:
    """The n-th root of the product of one or more figures, none of them negative."""
    several = list(intervals)
    if not several:
        raise IntervalError("there is nothing to take the mean of")
    if any(one.low < 0 for one in several):
        raise IntervalError("a negative number has no real root here")
    return reduce(Interval.__mul__, several).root(len(several))


def _interval(operand: Operand) -> Interval:
    return operand if isinstance(operand, Interval) else Interval.of(operand)


def _power(number: Decimal, exponent: int) -> Decimal:
    """The exact power, whatever its length."""
    sign, digits, scale = number.as_tuple()
    assert isinstance(scale, int)
    whole = Decimal((0, digits, 0))
    product = Decimal(int(whole) ** exponent).as_tuple().digits
    return Decimal((sign if exponent % 2 else 0, product, scale * exponent))


def _root(number: Decimal, degree: int, *, up: bool) -> Decimal:
    """The root where a decimal holds it, else a bound: not above it, or (`up`) not below it.

    The guess is proved by its own exact power, and moved outwards until it holds.
    """
    if number == 0:
        return Decimal(0)
    guess = _NEARER.exp(_NEARER.divide(_NEARER.ln(number), Decimal(degree)))
    near = _NEAR.plus(guess)
    if _power(near, degree) == number:
        return near.normalize(_NEAR)
    bound = (_UP if up else _DOWN).plus(guess)
    while _power(bound, degree) < number if up else _power(bound, degree) > number:
        bound = _UP.next_plus(bound) if up else _DOWN.next_minus(bound)
    return bound
