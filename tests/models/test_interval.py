"""The laws of interval arithmetic: every result encloses what its figures can give."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.interval import Interval, IntervalError, geometric_mean, mean
from models.types import Quantity

figures = st.decimals(-(10**9), 10**9, places=4)
positive = st.decimals(Decimal("0.0001"), 10**9, places=4)


@st.composite
def member_of_interval(draw, numbers=figures):
    low, inside, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Interval(low, high), inside


def holds(interval: Interval, number: Fraction) -> bool:
    return Fraction(interval.low) <= number <= Fraction(interval.high)


@given(member_of_interval(), member_of_interval())
def test_every_operation_encloses(one, other):
    (a_range, a), (b_range, b) = one, other
    a, b = Fraction(a), Fraction(b)
    assert holds(a_range + b_range, a + b)
    assert holds(a_range - b_range, a - b)
    assert holds(a_range * b_range, a * b)
    assert holds(-a_range, -a)
    assert holds(mean([a_range, b_range]), (a + b) / 2)
    if 0 in b_range:
        with pytest.raises(IntervalError):
            a_range / b_range
    else:
        assert holds(a_range / b_range, a / b)


@given(member_of_interval(), st.integers(0, 6))
def test_powers_enclose(one, exponent):
    interval, inside = one
    assert holds(interval**exponent, Fraction(inside) ** exponent)


@given(member_of_interval(positive), st.integers(1, 5))
def test_roots_enclose(one, degree):
    interval, inside = one
    root = interval.root(degree)
    assert Fraction(root.low) ** degree <= Fraction(inside) <= Fraction(root.high) ** degree


@given(member_of_interval(), member_of_interval(), figures, figures)
def test_wider_figures_give_wider_results(one, other, below, above):
    (a, _), (b, _) = one, other
    wider = Interval(min(a.low, below), max(a.high, above))
    assert a + b in wider + b
    assert a - b in wider - b
    assert a * b in wider * b
    assert a**2 in wider**2


@given(figures, figures)
def test_exact_figures_stay_exact(a, b):
    assert Interval.of(a) + b == Interval.of(a + b)
    with localcontext() as context:
        context.prec = 60
        assert Interval.of(a) * b == Interval.of(a * b)


@given(positive)
def test_a_root_undoes_a_power_exactly(number):
    assert Interval.of(Interval.of(number).low).__pow__(3).root(3) == Interval.of(number)


@given(positive, st.integers(2, 4))
def test_a_root_is_narrow(number, degree):
    root = Interval.of(number).root(degree)
    assert root.high - root.low <= root.high * Decimal("1e-48")


@pytest.mark.parametrize(
    ("interval", "inside"),
    [
        (Interval(Decimal(-2), Decimal(3)) ** 2, Interval(Decimal(0), Decimal(9))),
        (Interval(Decimal(-3), Decimal(-2)) ** 2, Interval(Decimal(4), Decimal(9))),
        (Interval(Decimal(-2), Decimal(3)) ** 3, Interval(Decimal(-8), Decimal(27))),
        (Interval(Decimal(-2), Decimal(3)) ** 0, Interval.of(1)),
        (Interval.of(4).sqrt(), Interval.of(2)),
        (Interval.of("0.008").root(3), Interval.of("0.2")),
        (Interval.of(0).root(3), Interval.of(0)),
        (1 - Interval(Decimal(1), Decimal(2)), Interval(Decimal(-1), Decimal(0))),
        (6 / Interval(Decimal(2), Decimal(3)), Interval(Decimal(2), Decimal(3))),
        (geometric_mean([Interval.of(2), Interval.of(8)]), Interval.of(4)),
        (mean([Interval.of(2), Interval.of(3)]), Interval.of("2.5")),
    ],
)
def test_known_results(interval, inside):
    assert interval == inside


def test_a_figure_stands_for_what_rounds_to_it():
    stated = Quantity(Decimal("61.1"), Decimal("61.05"), Decimal("61.15"), "%")
    share = Interval.from_quantity(stated)
    assert Decimal("61.05") in share
    assert Decimal("61.16") not in share
    assert share.overlaps(Interval(Decimal("61.15"), Decimal("62")))
    assert not share.overlaps(Interval(Decimal("61.151"), Decimal("62")))
    assert share.middle == Decimal("61.1")
    assert share.hull(Interval.of(62)) == Interval(Decimal("61.05"), Decimal(62))


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Interval(Decimal(2), Decimal(1)),
        lambda: Interval(Decimal("NaN"), Decimal(1)),
        lambda: Interval(Decimal(1), Decimal("Infinity")),
        lambda: Interval.of(1) / 0,
        lambda: Interval.of(-1).sqrt(),
        lambda: Interval.of(2).root(0),
        lambda: Interval.of(2) ** -1,
        lambda: Interval.of(2) ** 1000,
        lambda: mean([]),
        lambda: geometric_mean([]),
        lambda: geometric_mean([Interval.of(-2), Interval.of(-8)]),
        lambda: Interval.of(Decimal("1e999999999999999999")) * Decimal("1e999999999999999999"),
    ],
)
def test_what_has_no_result_is_refused_by_one_error(refused):
    with pytest.raises(IntervalError):
        refused()
