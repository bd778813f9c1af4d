"""agreement.narrative: what sentences state against the form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.form import load_form
from models.rules.agreement_prose import RULE, agreement_prose
from models.types import Answer, Application, Evidence, Mention, Quantity

FORM = load_form("shandong-2024")
CELL = Evidence("申报表.docx", place="表2 行1 列3")
LINE = Evidence("申报表.docx", place="段落40")


def answer(field: str, period: str | None, value: str | None, **more: object) -> Answer:
    entry = FORM.field(field)
    settled = {"state": "given" if value else "blank", "needs_look": False, "raw": value or ""}
    settled |= more
    number = Decimal(value) if value else None
    return Answer(
        field, period, value=number, confidence=0.99, evidence=CELL, unit=entry.unit, **settled
    )  # type: ignore[arg-type]


def mention(
    field: str, period: str | None, low: str, high: str = "", sure: bool = True, about: bool = False
) -> Mention:
    quantity = Quantity(Decimal(low), Decimal(low), Decimal(high or low), "", about)
    return Mention(field, period, quantity, "原文", "plan", LINE, sure)


def told(answers: tuple[Answer, ...], *mentions: Mention) -> list[tuple[str, str, str | None]]:
    application = Application("shandong-2024", answers=answers, mentions=mentions)
    return [
        (c.fields[0], c.outcome, f.severity if f else None)
        for c, f in agreement_prose(FORM, application)
        if c is not None
    ]


OUTPUT = (answer("total_output", "2022", "52.30"), answer("total_output", "2023", "61.07"))
ENTERPRISES = (answer("enterprises", "2023", "212"),)


@pytest.mark.parametrize(
    ("said", "outcome", "severity"),
    [
        (mention("total_output", "2023", "61.065", "61.075"), "met", None),
        (mention("total_output", "2023", "60.5", "61.5"), "met", None),
        (mention("total_output", "2023", "61.075", "61.085"), "met", None),  # 61.08, at the edge
        (mention("total_output", "2023", "61.076", "61.084"), "not_met", "error"),
        (mention("total_output", "2022", "61.065", "61.075"), "not_met", "error"),
        (mention("total_output", "2023", "50", "55", sure=False), "not_met", "warning"),
        (mention("total_output", "2023", "50", "55", about=True), "not_met", "warning"),
        (mention("total_output", "2021", "45.6"), "unchecked", None),
    ],
)
def test_one_figure(said: Mention, outcome: str, severity: str | None) -> None:
    assert told(OUTPUT, said) == [(f"total_output@{said.period}", outcome, severity)]


def test_counts_agree_only_as_they_are() -> None:
    assert told(ENTERPRISES, mention("enterprises", "2023", "213"))[0][1:] == ("not_met", "error")
    assert (
        told(ENTERPRISES, mention("enterprises", "2023", "201", "2000", about=True))[0][1] == "met"
    )


def test_without_a_year_the_last_year_is_meant_or_the_one_that_agrees() -> None:
    unsure = mention("total_output", None, "52.3", sure=False)
    assert told(OUTPUT, unsure) == [("total_output@2022", "met", None)]
    unsure = mention("total_output", None, "58", sure=False)
    assert told(OUTPUT, unsure) == [("total_output@2023", "not_met", "warning")]


def test_nothing_to_compare_with_is_unchecked() -> None:
    blank = (answer("area", None, None),)
    looked = (answer("area", None, "26.00", needs_look=True),)
    assert told(blank, mention("area", None, "25"))[0][1] == "unchecked"
    assert told(looked, mention("area", None, "25"))[0][1] == "unchecked"


def test_none_is_no_count() -> None:
    none = (answer("green_parks", None, None, state="none", raw="无"),)
    assert told(none, mention("green_parks", None, "2"))[0][1:] == ("not_met", "error")
    assert told(none, mention("green_parks", None, "0"))[0][1] == "met"


def test_the_finding_shows_both_places() -> None:
    application = Application(
        "shandong-2024", answers=OUTPUT, mentions=(mention("total_output", "2023", "70"),)
    )
    ((check, finding),) = agreement_prose(FORM, application)
    assert check is not None and finding is not None
    assert (finding.rule, finding.expected, finding.actual) == (RULE, "61.07 亿元", "原文")
    assert finding.evidences == check.evidences == (CELL, LINE)
    assert "未来三年特色产业集群发展规划" in finding.message.zh


def test_a_mention_of_another_form_s_field_is_left_out() -> None:
    assert told(OUTPUT, mention("revenue", "2023", "70")) == []


def test_more_than_the_very_number_of_the_form_agrees():
    """A goal of 606 that the plan calls 突破606件: the same number, told in a plan's words."""
    more = Quantity(Decimal("212"), Decimal("213"), Decimal("2120"), "户", True)
    said = Mention("enterprises", "2023", more, "超过212户", "plan", LINE, True)
    assert told(ENTERPRISES, said) == [("enterprises@2023", "met", None)]
    fewer = Quantity(Decimal("230"), Decimal("231"), Decimal("2300"), "户", True)
    said = Mention("enterprises", "2023", fewer, "超过230户", "plan", LINE, True)
    assert told(ENTERPRISES, said) == [("enterprises@2023", "not_met", "warning")]
