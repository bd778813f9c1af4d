"""Scanned figures that the arithmetic contradicts: what they were taken for, and who is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from applications import SOUND, SOUND_WEIFANG, application

from models.check import check
from models.programme import load_programme
from models.rules.misread import disagreeing, doubted, taken_for

PROGRAMMES = {"shandong-2024": SOUND, "weifang-2021": SOUND_WEIFANG}


def scanned(programme: str, **changes: str):
    made = application(programme, PROGRAMMES[programme], **changes)
    answers = tuple(replace(a, evidence=replace(a.evidence, how="ocr")) for a in made.answers)
    return replace(made, answers=answers)


def report(programme: str, made):
    return check(load_programme(programme), made, "2024-05-01")


def marked(made) -> list[str]:
    return [f"{a.field}@{a.period}" if a.period else a.field for a in made.answers if a.needs_look]


@pytest.mark.parametrize(
    ("written", "read", "may"),
    [
        ("51.30", "57.30", True),
        ("45.60", "45.80", True),
        ("30", "80", True),
        ("15560", "16560", True),
        ("45.60", "4560", True),
        ("45.60", "45.20", False),
        ("51.30", "57.80", False),  # two digits
        ("456", "45.6", False),  # a point is lost, not found
        ("12", "120", False),
    ],
)
def test_what_is_taken_for_what(written: str, read: str, may: bool) -> None:
    assert taken_for(written, read) is may


@pytest.mark.parametrize(
    ("programme", "field", "read", "suggestion"),
    [
        ("shandong-2024", "total_output", ["45.60", "57.30", "61.07"],
         "total_output@2022: 57.30 → 51.30"),
        ("shandong-2024", "employees", "15580", "employees: 15580 → 15560"),
        ("shandong-2024", "total_output", ["45.60", "5130", "61.07"],
         "total_output@2022: 5130 → 51.30"),
        # in a typed form the whole or any part could be the slip
        ("weifang-2021", "honours", "8", "honours: 8 → 6"),
    ],
)  # fmt: skip
def test_the_misreading_is_suggested(
    programme: str, field: str, read: object, suggestion: str
) -> None:
    made = scanned(programme, **{field: read})
    findings = [f for f in report(programme, made).findings if f.rule.startswith("arithmetic.")]
    assert [f.suggestion for f in findings] == [suggestion]
    seen = doubted(made, findings)
    assert marked(seen) == [suggestion.partition(":")[0]]
    # it asks for a look, and the contradiction is said all the same
    again = report(programme, seen)
    assert [f.suggestion for f in again.findings if f.rule.startswith("arithmetic.")] == [
        suggestion
    ]
    assert doubted(seen, again.findings) is seen


def test_where_no_single_figure_explains_it_all_of_them_ask_for_a_look() -> None:
    made = scanned("shandong-2024", total_output=["45.60", "83.92", "61.07"])
    seen = doubted(made, report("shandong-2024", made).findings)
    assert {"total_output@2021", "total_output@2022", "total_output@2023"} <= set(marked(seen))
    assert {a.why_look for a in seen.answers if a.needs_look} == {disagreeing()}


def test_typed_figures_and_sound_ones_are_left_alone() -> None:
    typed = application("shandong-2024", SOUND, total_output=["45.60", "83.92", "61.07"])
    assert doubted(typed, report("shandong-2024", typed).findings) is typed
    sound = scanned("shandong-2024")
    assert doubted(sound, report("shandong-2024", sound).findings) is sound
