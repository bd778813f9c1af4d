"""The invented applications: made as written down, true to themselves, and read by the tool.

expected.json comes from what was written into each form, never from what the tool read:
`python -m tests.test_samples --update` makes the samples anew, and is refused where CI is set.
"""

from __future__ import annotations

import json
import os
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from models.form import load_form
from samples.counting import characters, characters_no_spaces
from samples.make import HERE, blanks, samples, stale
from tests.scoring import Case, cases, score, score_case

SAMPLES = {sample.folder: sample for sample in samples()}
CASES = [*cases([HERE / "applications"]), *cases([HERE / "printed"])]


def _name(case: Case) -> str:
    return "/".join(case.document.parts[-2:])


# ------------------------------------------------------------------ the files


def test_the_files_are_as_the_script_makes_them() -> None:
    assert stale() == []


def test_every_sample_is_there_in_word_and_in_print() -> None:
    assert len(CASES) == 2 * len(SAMPLES)
    assert {c.document.name for c in CASES} == set(SAMPLES)


def test_the_samples_are_small() -> None:
    kept = [p for p in HERE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(p.stat().st_size for p in kept) < 7_000_000


@pytest.mark.parametrize("name", blanks())
def test_a_blank_form_says_nothing_of_a_cluster(name: str) -> None:
    xml = _document_xml(blanks()[name])
    assert "某某" not in xml and "☑" not in xml
    # officials' names and numbers stay with the notice
    assert not re.search(r"\d{7,}", re.sub(r"<[^>]+>", " ", xml))


def _document_xml(docx: bytes) -> str:
    import io
    import zipfile

    return zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()


# ------------------------------------------------------------------ the truth


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_truth_names_every_field_of_the_form(case: Case) -> None:
    form = load_form(SAMPLES[case.document.name].form)
    named = {e["field"] for part in ("figures", "ticks", "texts", "narratives")
             for e in case.expected[part]}  # fmt: skip
    assert named == {field.id for field in form.fields}
    for entry in case.expected["ticks"]:
        assert set(entry["ticked"]) <= set(form.field(entry["field"]).options)


def _values(expected: dict[str, Any]) -> dict[str, float]:
    return {
        f"{e['field']}@{e['period']}" if e["period"] else e["field"]: e["value"]
        for e in expected["figures"]
    }


_CLEAN = [c for c in CASES if "清洁" in c.document.name]


@pytest.mark.parametrize("case", _CLEAN, ids=_name)
def test_a_clean_sample_meets_every_number_of_its_programme(case: Case) -> None:
    v, programme = _values(case.expected), case.expected["programme"]
    assert case.expected["findings"] == []
    assert v["area"] <= 100
    if not programme.startswith("shandong"):
        floor = {"weifang-2021": 70, "weifang-2021-growing": 50, "liaocheng-2021": 30}[programme]
        revenue = next(value for key, value in v.items() if key.startswith("revenue@"))
        assert v["enterprises"] >= floor and revenue >= floor
        return
    years = ("2021", "2022", "2023")
    assert all(v[f"total_output@{y}"] >= 40 for y in years)
    assert all(v[f"sme_output_share@{y}"] >= 70 for y in years)
    assert all(v[f"leading_output_share@{y}"] > 70 for y in years)
    assert v["leading_output_cagr"] > 10
    assert sum(v[f"rd_growth@{y}"] for y in years) / 3 > 10
    assert v["invention_patent_cagr"] >= 15 and v["invention_patents_per_10k"] >= 15
    assert v["industrial_internet_share"] >= 15
    assert v["co2_intensity@2021"] > v["co2_intensity@2022"] > v["co2_intensity@2023"]
    ratio = v["invention_patents"] / v["employees"] * 10000
    assert ratio == pytest.approx(v["invention_patents_per_10k"], abs=0.00501)
    for before, year in pairwise(years):
        lead = [v[f"total_output@{y}"] * v[f"leading_output_share@{y}"] for y in (before, year)]
        growth = (lead[1] / lead[0] - 1) * 100
        # two figures rounded to two places each: far less than 0.1 apart
        assert growth == pytest.approx(v[f"leading_output_growth@{year}"], abs=0.1)


@pytest.mark.parametrize("name", SAMPLES)
def test_narratives_keep_to_their_limits_unless_they_are_meant_not_to(name: str) -> None:
    case = next(c for c in CASES if c.document.name == name)
    meant = {f for e in case.expected["findings"] for f in e["fields"]
             if e["rule"] == "length.over-limit"}  # fmt: skip
    for entry in case.expected["narratives"]:
        over = entry["characters"] > entry["limit"]
        assert over == (entry["field"] in meant), entry
        if entry["field"] == "plan":
            assert entry["characters"] >= 2000


@pytest.mark.parametrize(
    ("text", "words", "letters"),
    [
        ("", 0, 0),
        ("集群总产值61.07亿元。", 9, 13),
        ("通过ISO9001认证，增长12.5%", 9, 19),
        ("“小巨人”企业  2 户", 9, 9),
        ("(一) 总体思路\n1. 目标", 10, 11),
    ],
)
def test_counting_by_the_contract(text: str, words: int, letters: int) -> None:
    assert (characters(text), characters_no_spaces(text)) == (words, letters)


# ------------------------------------------------------------------ the scoring tool


def test_a_perfect_result_scores_perfectly_and_each_fault_is_told() -> None:
    expected = CASES[0].expected
    result = _perfect(expected)
    assert score(result, expected).differences == []

    result["figures"][0] |= {"value": -1}
    result["figures"][1] |= {"state": "blank", "value": None, "needs_look": True}
    del result["figures"][2]
    result["narratives"][0]["characters"] += 2
    result["findings"].append(
        {"rule": "criterion.area-limit", "severity": "error", "fields": ["employees"],
         "message": {"zh": "…", "en": "…"}}
    )  # fmt: skip
    verdicts = sorted(f"{d.kind} {d.verdict}" for d in score(result, expected).differences)
    assert verdicts == [
        "figure missing",
        "figure silent",
        "figure told",
        "finding false_error",
        "narrative silent",
    ]


def _perfect(expected: dict[str, Any]) -> dict[str, Any]:
    source = {"file": "a.docx", "page": None, "bbox": None, "place": "表1"}
    common = {"needs_look": False, "source": source}
    return {
        "programme": expected["programme"],
        "figures": [e | common | {"raw": ""} for e in expected["figures"]],
        "texts": [e | common for e in expected["texts"]],
        "ticks": [
            {"field": e["field"], "options": [{"text": t, "ticked": True} for t in e["ticked"]]}
            | common
            for e in expected["ticks"]
        ],
        "narratives": [e | common for e in expected["narratives"]],
        "findings": [e | {"message": {"zh": "", "en": ""}} for e in expected["findings"]],
    }


def test_a_tick_is_one_per_option() -> None:
    expected = {"programme": None, "ticks": [{"field": "q", "ticked": ["是"]}]}
    options = [{"text": "是", "ticked": False}, {"text": "否", "ticked": True}]
    result = {"programme": None, "ticks": [{"field": "q", "options": options}]}
    counts = score(result, expected).counts
    assert (counts["tick.wrong"], counts["tick.silent"]) == (2, 2)


# ------------------------------------------------------------------ the tool on the samples


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_tool_finds_what_is_in_the_sample_and_nothing_else(case: Case) -> None:
    assert [str(d) for d in score_case(case).differences] == []


def _update() -> int:
    if os.environ.get("CI", "").lower() == "true":
        print("CI is set: the truth is not made anew here", file=sys.stderr)
        return 2
    from samples.make import make

    for name in make():
        print(name)
    return 0


def test_the_truth_is_not_remade_under_ci(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("CI", "true")
    assert _update() == 2
    assert "CI" in capsys.readouterr().err


def test_expected_json_is_readable_in_a_diff() -> None:
    for path in Path(HERE).rglob("expected.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        entries = sum(len(part) for part in data.values() if isinstance(part, list))
        assert len(path.read_text(encoding="utf-8").splitlines()) > entries


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("usage: python -m tests.test_samples --update")
    sys.exit(_update())
