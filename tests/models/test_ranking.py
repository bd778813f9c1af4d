"""Ranks and orders of clusters: ties, gaps, weights."""

from __future__ import annotations

from decimal import Decimal

import pytest
from applications import SOUND_EVALUATION, application, looked
from hypothesis import given
from hypothesis import strategies as st

from models.form import load_form
from models.rules.ranking import indicators, order

FORM = "shandong-2022-evaluation"


def table(**columns):
    """Clusters A, B, C … with these figures, field by field."""
    count = len(next(iter(columns.values())))
    clusters = []
    for n in range(count):
        figures = {k: v[n] for k, v in columns.items() if v[n] is not None}
        clusters.append((chr(65 + n), application(FORM, figures)))
    return indicators(load_form(FORM), clusters)


def ranks(made, field):
    return [s.rank for i in made if i.field.id == field for s in i.standings]


@pytest.mark.parametrize(
    ("revenues", "expected"),
    [
        (["10", "30", "20"], [3, 1, 2]),
        (["30", "30", "20"], [1, 1, 3]),
        (["10", None, "20"], [2, None, 1]),
        (["10", "无", "20"], [2, None, 1]),
        (["-1", "0", "0.01"], [3, 2, 1]),
    ],
)
def test_rank(revenues, expected):
    assert ranks(table(revenue=revenues), "revenue") == expected


def test_none_of_a_thing_that_is_counted_is_zero():
    assert ranks(table(champions=["2", "无", "0"]), "champions") == [1, 2, 2]


def test_a_figure_to_be_looked_at_has_a_rank_and_says_so():
    made = looked(application(FORM, SOUND_EVALUATION), "revenue", needs_look=True)
    (revenue,) = (i for i in indicators(load_form(FORM), [("A", made)]) if i.ref == "revenue")
    assert (revenue.standings[0].rank, revenue.standings[0].needs_look) == (1, True)


def test_the_order_changes_with_the_weights():
    made = table(revenue=["10", "30", "20"], profit=["3", "1", "2"])
    assert [p.cluster for p in order(made, {"revenue": Decimal(1)})] == ["B", "C", "A"]
    assert [p.cluster for p in order(made, {"profit": Decimal(1)})] == ["A", "C", "B"]
    assert [p.cluster for p in order(made, {})] == ["A", "B", "C"]


def test_a_missing_indicator_is_left_out_not_counted_as_last():
    made = table(revenue=["10", "30", "20"], profit=["3", "1", None])
    places = order(made, {"revenue": Decimal(1), "profit": Decimal(1)})
    third = next(p for p in places if p.cluster == "C")
    assert (third.mean_rank, third.counted, third.of) == (2, 1, 2)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=8), st.integers(1, 9))
def test_the_order_is_that_of_the_figures_whatever_the_one_weight(values, weight):
    made = table(revenue=[str(v) for v in values])
    placed = [ord(p.cluster) - 65 for p in order(made, {"revenue": Decimal(weight)})]
    assert [values[n] for n in placed] == sorted(values, reverse=True)
