"""Every word for people stands in the catalogue, in both languages."""

from __future__ import annotations

import ast
import gettext
import io
from pathlib import Path
from string import Formatter

import pytest
import yaml
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from models.form import ENGLISH, english_name, form_ids, load_form
from models.wording import LOCALE, Bilingual, say

ROOT = Path(__file__).parents[1]
PO = LOCALE / "zh_CN" / "LC_MESSAGES" / "hecha.po"
SPEAKERS = ("say", "text")
FROM = ("models.wording", "review_ui.screens.frame")


def calls():
    """(file, line, first argument) of every call of say() and text() of models.wording."""
    for room in ("models", "extractor", "review_ui"):
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            known = {
                alias.asname or alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.module in FROM
                for alias in node.names
                if alias.name in SPEAKERS
            }
            if ".".join(path.relative_to(ROOT).with_suffix("").parts) in FROM:
                known |= set(SPEAKERS)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and node.args and speaks(node.func, known):
                    yield path.relative_to(ROOT), node.lineno, node.args[0]


def speaks(function, known):
    if isinstance(function, ast.Attribute):
        owner = function.value
        return (
            function.attr in SPEAKERS
            and isinstance(owner, ast.Name)
            and owner.id in ("frame", "wording")
        )
    return isinstance(function, ast.Name) and function.id in known


def literals(argument):
    """The sentences an argument may be: a literal, or a choice between literals."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return literals(argument.body) + literals(argument.orelse)
    return []


def catalogue():
    with PO.open("rb") as f:
        return read_po(f, locale="zh_CN")


def slots(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_every_sentence_of_the_code_is_translated():
    known = {m.id: m.string for m in catalogue() if m.id}
    missing = [
        f"{path}:{line}: {sentence}"
        for path, line, argument in calls()
        for sentence in literals(argument)
        if not known.get(sentence)
    ]
    assert missing == []


def test_no_sentence_is_left_over():
    spoken = {s for _, _, argument in calls() for s in literals(argument)}
    ours = [m.id for m in catalogue() if m.id and "%(" not in m.id]  # those are argparse's own
    assert [i for i in ours if i not in spoken] == []


def test_translations_have_the_same_blanks():
    wrong = [m.id for m in catalogue() if m.id and slots(m.id) != slots(m.string)]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text():
    fresh = io.BytesIO()
    write_mo(fresh, catalogue())
    fresh.seek(0)
    with PO.with_suffix(".mo").open("rb") as f:
        compiled = gettext.GNUTranslations(f)._catalog
    made = gettext.GNUTranslations(fresh)._catalog
    assert {k: v for k, v in compiled.items() if k} == {k: v for k, v in made.items() if k}


def test_no_entry_stands_twice():
    ids = [
        line for line in PO.read_text(encoding="utf-8").splitlines() if line.startswith("msgid ")
    ]
    doubled = {i for i in ids if ids.count(i) > 1 and i != 'msgid ""'}
    assert doubled == set()


@pytest.mark.parametrize("name", ["zh", "en"])
def test_parameters_speak_the_language_of_the_sentence(name):
    said = say("{field} is blank", field=Bilingual(zh="从业人员数量", en="employees"))
    assert getattr(said, name) == {"zh": "“从业人员数量”未填写", "en": "employees is blank"}[name]


@pytest.mark.parametrize("id", form_ids())
def test_every_field_has_an_english_name(id):
    nameless = [f.id for f in load_form(id).fields if english_name(f.id) == f.id and "_" in f.id]
    assert nameless == []


def test_no_english_name_is_left_over():
    known = {f.id for id in form_ids() for f in load_form(id).fields}
    assert set(yaml.safe_load(ENGLISH.read_text(encoding="utf-8"))) <= known
