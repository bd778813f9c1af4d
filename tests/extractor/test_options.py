"""Tick boxes of a question: which option is ticked, and when a person must look."""

from __future__ import annotations

import pytest

from extractor.locating.marks import normalise_marks
from extractor.locating.options import read_options, removed_options
from models.form import load_form
from models.types import Evidence

FORM = load_form("shandong-2024")
YES_NO = FORM.field("violations")
ENERGY = FORM.field("energy_benchmark")
SHARING = FORM.field("sharing_actions")


def read(field, *cells, pages=None):
    pages = pages or [None] * len(cells)
    pieces = [
        (*normalise_marks(text), Evidence(page=page))
        for text, page in zip(cells, pages, strict=True)
    ]
    options, look, _ = read_options(field, pieces)
    return [o.ticked for o in options], look


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [
        ("□是 □否 ☑非高耗能行业，不适用", [False, False, True]),
        ("是□ 否□ 非高耗能行业，不适用☑", [False, False, True]),
        ("是（ ） 否（ ） 非高耗能行业，不适用（√）", [False, False, True]),
        ("□是\n□否\n√非高耗能行业,不适用", [False, False, True]),
        ("☑是□否□非高耗能行业，不适用", [True, False, False]),
        ("□ 是　□ 否　■ 非高耗能行业", [False, False, True]),
    ],
)
def test_three_options(cell, ticked):
    assert read(ENERGY, cell) == (ticked, False)


def test_every_box_replaced_by_a_tick():
    cell = "√开展通用生产设备共享 √开展物流、仓储、设计等服务资源共享 √开展人力资源共享\n"
    cell += "√开展同类设备和产品的集中采销 √建立共享车间、共享工厂"
    assert read(SHARING, cell) == ([True] * 5, False)


def test_options_cut_by_a_page_break():
    first = "☑开展通用生产设备共享\n□开展物流、仓储、设计等服务资源共享\n☑开展人力资源"
    second = "共享\n□开展同类设备和产品的集中采销\n☑建立共享车间、共享工厂"
    assert read(SHARING, first, second, pages=[4, 5]) == ([True, False, True, False, True], False)


def test_an_option_struck_from_the_form_is_shown():
    cell = "☑开展通用生产设备共享\n□开展物流、仓储、设计等服务资源共享\n"
    cell += "☑开展人力资源共享\n□开展同类设备和产品的集中采销"
    ticked, look = read(SHARING, cell)
    assert ticked == [True, False, True, False, False]
    assert look
    pieces = [(*normalise_marks(cell), Evidence())]
    assert removed_options(SHARING, pieces) == ["建立共享车间、共享工厂"]


def test_an_option_added_by_the_applicant_does_not_disturb_the_others():
    cell = "☑开展通用生产设备共享\n□开展物流、仓储、设计等服务资源共享\n☑开展人力资源共享\n"
    cell += "□开展同类设备和产品的集中采销\n□建立共享车间、共享工厂\n☑其他：共享实验室"
    assert read(SHARING, cell) == ([True, False, True, False, False], False)


def test_no_box_at_all_needs_a_look():
    assert read(YES_NO, "是  否") == ([None, None], True)


def test_a_written_answer_without_a_box_needs_a_look():
    assert read(YES_NO, "否")[1]
