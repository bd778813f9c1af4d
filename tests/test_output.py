"""The contract's JSON, key by key."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.output import FileRecord, Result, document_json, number, submission_json
from models.types import (
    NOWHERE,
    Answer,
    Application,
    Attached,
    Cell,
    Check,
    Citation,
    Document,
    Evidence,
    Finding,
    ListedRow,
    Listing,
    Mark,
    Mention,
    NarrativeAnswer,
    Option,
    Paragraph,
    Problem,
    Quantity,
    Table,
    TickAnswer,
)
from models.wording import Bilingual

WORDS = Bilingual(zh="话", en="words")
WORD = Evidence("申报表.docx", None, None, "表3 行2 列2", "45.60")
PDF = Evidence("申报表.pdf", 3, (71.20000001, 301.5, 523.8, 330.123456), "表2 行8", "")


def answer(field: str, period: str | None, state: str, value: Any, **more: Any) -> Answer:
    return Answer(field, period, state, value, "45.60", 0.99, False, WORD, **more)  # type: ignore[arg-type]


def result(**application: Any) -> Result:
    return Result(
        submission="甲",
        path="incoming/甲",
        location="/incoming/甲",
        programme="shandong-2024",
        on="2024-04-20",
        application=Application(form="shandong-2024", **application),
    )


def test_an_empty_result_has_every_key() -> None:
    bare = Result(submission="甲", path="甲", location="/甲", programme=None, on="2024-04-20")
    assert submission_json(bare) == {
        "schema": 1, "submission": "甲", "path": "甲", "programme": None, "files": [],
        "figures": [], "ticks": [], "texts": [], "narratives": [], "mentions": [],
        "attachments": [], "listings": [], "checks": [], "findings": [],
    }  # fmt: skip


def test_a_figure() -> None:
    a = answer("total_output", "2021", "given", Decimal("45.60"), unit="亿元")
    assert submission_json(result(answers=(a,)))["figures"] == [
        {
            "field": "total_output", "period": "2021", "state": "given", "value": 45.6,
            "unit": "亿元", "raw": "45.60", "confidence": 0.99, "needs_look": False,
            "source": {
                "file": "申报表.docx", "page": None, "bbox": None, "place": "表3 行2 列2"
            },
        }
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["none", "blank", "absent", "unreadable"])
def test_a_value_is_null_unless_given(state: str) -> None:
    made = submission_json(
        result(
            answers=(
                answer("total_output", "2021", state, Decimal(1), unit="亿元"),
                answer("operator", None, state, "某公司"),
            )
        )
    )
    assert made["figures"][0]["value"] is None and made["texts"][0]["value"] is None
    assert made["figures"][0]["state"] == state


def test_texts_and_dates_stand_apart_from_figures() -> None:
    texts = (answer("operator", None, "given", "中心"), answer("filing_date", None, "blank", None))
    made = submission_json(result(answers=texts))
    assert [t["field"] for t in made["texts"]] == ["operator", "filing_date"]
    assert made["figures"] == []
    assert {"field", "period", "state", "value", "confidence", "needs_look", "source"} <= set(
        made["texts"][0]
    )


def test_a_blank_figure_is_still_a_figure() -> None:
    a = replace(answer("employees", None, "blank", None), unit=None)
    assert [f["field"] for f in submission_json(result(answers=(a,)))["figures"]] == ["employees"]


def test_ticks() -> None:
    options = (Option("是", True, 0.99, PDF), Option("否", None, 0.5, PDF))
    tick = TickAnswer("energy_benchmark", "given", options, True, PDF)
    [made] = submission_json(result(ticks=(tick,)))["ticks"]
    assert made["options"] == [
        {"text": "是", "ticked": True, "confidence": 0.99},
        {"text": "否", "ticked": None, "confidence": 0.5},
    ]
    assert made["source"]["bbox"] == [71.2, 301.5, 523.8, 330.12] and made["source"]["page"] == 3


def test_narratives() -> None:
    n = NarrativeAnswer("plan", "given", "规划 2024", 3, 6, 3000, NOWHERE)
    [made] = submission_json(result(narratives=(n,)))["narratives"]
    assert (made["characters"], made["characters_no_spaces"], made["limit"]) == (3, 6, 3000)
    assert made["text"] == "规划 2024" and made["source"]["file"] is None


def test_checks_and_findings() -> None:
    made = submission_json(
        replace(
            result(),
            checks=(
                Check("criterion.output-floor", ("total_output@2022",), "met"),
                Check("arithmetic.patents-per-10k", ("employees",), "unchecked", WORDS),
            ),
            findings=(
                Finding(
                    "criterion.output-floor", "error", ("total_output@2021",), WORDS,
                    "≥ 40 亿元", "38.20 亿元", Citation("办法", "第四条（一）", "均在40亿元以上"),
                    (WORD,), suggestion="45.60",
                ),
                Finding("file.comments", "notice", (), WORDS, suggestion="万元 → 亿元"),
            ),
        )
    )  # fmt: skip
    assert made["checks"] == [
        {"rule": "criterion.output-floor", "fields": ["total_output@2022"], "outcome": "met"},
        {
            "rule": "arithmetic.patents-per-10k", "fields": ["employees"], "outcome": "unchecked",
            "because": {"zh": "话", "en": "words"},
        },
    ]  # fmt: skip
    first, second = made["findings"]
    assert first["citation"] == {
        "document": "办法", "article": "第四条（一）", "quote": "均在40亿元以上"
    }  # fmt: skip
    assert first["sources"][0]["place"] == "表3 行2 列2" and first["suggestion"] == 45.6
    assert second["citation"] is None and second["suggestion"] == "万元 → 亿元"


def test_files() -> None:
    made = submission_json(
        replace(result(), files=(FileRecord("a.ofd", "0" * 64, "other", "ofd", None, 0, 5, False),))
    )
    assert made["files"] == [
        {
            "file": "a.ofd", "sha256": "0" * 64, "role": "other", "kind": "other",
            "pages": None, "ocr_pages": 0,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("45.60", "45.6"), ("45.6", "45.6"), ("70", "70"), ("70.00", "70"), ("0.1", "0.1"),
        ("1E+3", "1000"), ("-3.20", "-3.2"), ("0.00", "0"), ("61.07", "61.07"),
    ],
)  # fmt: skip
def test_numbers_without_artefacts(value: str, written: str) -> None:
    assert json.dumps(number(Decimal(value))) == written


@given(st.decimals(-(10**9), 10**9, places=4))
def test_numbers_are_exact(value: Decimal) -> None:
    assert Decimal(json.dumps(number(value))) == value


def test_a_document() -> None:
    mark = Mark(True, "content-control", 0.99, "是", place="表2 行1 列1")
    cell = Cell(1, 1, 1, 3, "☑是 ☐否", (mark, replace(mark, ticked=None)))
    document = Document(
        "申报表.docx",
        "docx",
        (
            Paragraph("一、基本情况", place="段落3"),
            Table(12, 4, (cell,), place="表2"),
            Table(1, 1, (replace(cell, text="☑"),), nested=True),
        ),
        (Problem("file.tracked-changes", WORDS),),
    )
    made = document_json(document)
    assert json.loads(json.dumps(made)) == made
    assert made["blocks"][0] == {
        "type": "paragraph", "text": "一、基本情况", "page": None, "bbox": None, "place": "段落3",
    }  # fmt: skip
    assert made["blocks"][1]["cells"] == [
        {
            "row": 1, "column": 1, "row_span": 1, "column_span": 3, "text": "☑是 ☐否",
            "page": None, "bbox": None,
        }
    ]  # fmt: skip
    assert [m["ticked"] for m in made["marks"]] == [True, None]
    assert made["marks"][0]["how"] == "content-control"
    assert made["problems"] == [
        {"rule": "file.tracked-changes", "message": {"zh": "话", "en": "words"}}
    ]


def test_mentions() -> None:
    exact = Quantity(Decimal("61.07"), Decimal("61.065"), Decimal("61.075"), "亿元")
    near = Quantity(Decimal(200), Decimal(160), Decimal(200), "户", approximate=True)
    found = (
        Mention("total_output", "2023", exact, "2023年集群总产值达61.07亿元", "plan", WORD),
        Mention("enterprises", None, near, "近200家", "chain_summary", WORD, sure=False),
    )
    where = {"file": "申报表.docx", "page": None, "bbox": None, "place": "表3 行2 列2"}
    assert submission_json(result(mentions=found))["mentions"] == [
        {
            "field": "total_output", "period": "2023", "value": 61.07, "unit": "亿元",
            "raw": "2023年集群总产值达61.07亿元", "in": "plan", "needs_look": False,
            "source": where,
        },
        {
            "field": "enterprises", "period": None, "value": 200, "unit": "户", "raw": "近200家",
            "in": "chain_summary", "needs_look": True, "source": where, "from": 160, "to": 200,
        },
    ]  # fmt: skip


WHERE = {"file": "申报表.docx", "page": None, "bbox": None, "place": "表3 行2 列2"}


def test_which_attachment_answers_which_claim() -> None:
    found = (
        Attached("energy_benchmark: 是", WORD, 0.86, WORDS),
        Attached("invention_patents@2023", WORD, 0.59),
        Attached("material: letter", WORD, 0.6),
    )
    told = submission_json(result(attached=found))["attachments"]
    assert [(a["claim"], a["strength"], a["needs_look"], a["why"]) for a in told] == [
        ("energy_benchmark: 是", 0.86, False, {"zh": "话", "en": "words"}),
        ("invention_patents@2023", 0.59, True, None),
        ("material: letter", 0.6, False, None),
    ]
    assert told[0]["source"] == WHERE


def test_an_attached_list_keeps_every_row() -> None:
    rows = (
        ListedRow("一种轴承 ZL202110000001.X", "ZL202110000001.X", evidence=WORD),
        ListedRow("一种轴承", "ZL202110000001.X", "doubled"),
        ListedRow("一种保持架", "ZL2021", "malformed", why=WORDS),
        ListedRow("无号的一行"),
    )
    listing = Listing("invention_patents", "2023", "发明专利清单", rows, WORD, sure=False)
    (told,) = submission_json(result(listings=(listing,)))["listings"]
    assert (told["field"], told["period"], told["title"]) == (
        "invention_patents", "2023", "发明专利清单"
    )  # fmt: skip
    assert (told["count"], told["fields"], told["needs_look"]) == (3, [], True)
    assert [(r["status"], r["number"], r["why"] is None) for r in told["rows"]] == [
        ("counted", "ZL202110000001.X", True),
        ("doubled", "ZL202110000001.X", True),
        ("malformed", "ZL2021", False),
        ("counted", None, True),
    ]
    assert told["rows"][0]["source"] == told["source"] == WHERE
    assert told["rows"][3]["source"]["file"] is None
