"""The wordings of prose.yaml: their notation, and what a file of them is refused for."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.form import form_ids, load_form
from models.loading.called import (
    SENTENCES,
    WORDINGS,
    Called,
    WordingsError,
    load,
    sentence_words,
    vocabulary,
    written_out,
)


@pytest.mark.parametrize(
    ("wording", "texts"),
    [
        ("总产值", ["总产值"]),
        ("(工业)总产值", ["总产值", "工业总产值"]),
        ("<国家|省>级平台", ["国家级平台", "省级平台"]),
        ("平台(数|数量)", ["平台", "平台数", "平台数量"]),
        ("((有效)发明)专利", ["专利", "发明专利", "有效发明专利"]),
        ("首台（套）", ["首台(套)"]),
        ("“小巨人” 企业", ["小巨人企业"]),
    ],
)
def test_wordings_written_out(wording: str, texts: list[str]) -> None:
    assert written_out(wording) == texts


@pytest.mark.parametrize("wording", ["(工业", "工业)", "<a|b", "a|b", "(a>", "(a)", "()", ""])
def test_brackets_that_do_not_match(wording: str) -> None:
    with pytest.raises(ValueError):
        written_out(wording)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fields:\n  area: {called: [面积], colour: red}\n", 2),
        ("fields:\n  area: {called: 面积}\n", 2),
        ("fields:\n  area:\n    called: [面积, '(面积']\n", 3),
        ("fields:\n  area: {called: [面积]}\n  area: {called: [占地]}\n", 3),
        ("words: []\n", 1),
        ("- 面积\n", 1),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "prose.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WordingsError) as refused:
        load(path)
    assert [f.line for f in refused.value.faults] == [line]


def test_a_kind_of_word_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sentences.yaml"
    path.write_text("colour: [红]\n", encoding="utf-8")
    with pytest.raises(WordingsError):
        sentence_words(path)


def test_our_own_files_are_read() -> None:
    assert load(WORDINGS).wordings and sentence_words(SENTENCES)


def test_every_entry_is_a_field_of_some_form() -> None:
    known = {f.id for id in form_ids() for f in load_form(id).fields}
    named = {c.field for several in load(WORDINGS).wordings.values() for c in several}
    assert named <= known


@pytest.mark.parametrize("id", form_ids())
def test_no_wording_stands_for_two_figures_of_one_form(id: str) -> None:
    form = load_form(id)
    asked = {f.id for f in form.fields}
    known = vocabulary(form)
    for text, several in known.wordings.items():
        for facet in {c.facet for c in several}:
            meant = {c.field for c in several if c.facet == facet and c.field in asked}
            meant -= known.goals
            assert len(meant) < 2, text


def test_the_printed_label_and_the_form_s_own_wordings_count() -> None:
    from dataclasses import replace

    form = load_form("shandong-2024")
    assert vocabulary(form).wordings["集群企业数量"][0] == Called("enterprises", "level", "called")
    fields = tuple(
        replace(f, called=("种苗<企业|公司>",)) if f.id == "smes" else f for f in form.fields
    )
    own = vocabulary(replace(form, fields=fields)).wordings
    assert own["种苗公司"] == (Called("smes", "level", "called"),)
    assert "种苗公司" not in vocabulary(form).wordings


def test_a_form_s_own_wording_with_a_fault_is_refused() -> None:
    from dataclasses import replace

    form = load_form("shandong-2024")
    fields = tuple(replace(f, called=("(种苗",)) if f.id == "smes" else f for f in form.fields)
    with pytest.raises(WordingsError):
        vocabulary(replace(form, fields=fields))
