"""The office's letters: what stands in them, and that text from the papers stays text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from extractor.storing.store import Store
from models.types import Finding
from models.wording import Bilingual
from review_ui.console import UsageError
from review_ui.letters.notices import KINDS, notice, template
from tests.test_worksheet import QUOTE, submission

ON = "2024-05-06"


def finding(rule: str, zh: str, severity: str = "error") -> Finding:
    return Finding(rule, severity, (), Bilingual(zh, zh), citation=QUOTE)  # type: ignore[arg-type]


def stored(tmp_path: Path, findings, decided=()):
    """A stored submission with these findings, and (rule, verdict, note) decided about them."""
    with Store(tmp_path / "hecha.db") as store:
        id = store.save_result(replace(submission(), findings=tuple(findings)))
        for rule, verdict, note in decided:
            about = next(r for r in store.load_submission(id).findings if r.finding.rule == rule)
            store.add_decision(id, about.key, verdict, "甲", about.fingerprint, note)
        return store.load_submission(id)


def words(content: bytes) -> str:
    page = Document(io.BytesIO(content))
    cells = [c.text for t in page.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in page.paragraphs] + cells)


FINDINGS = (
    finding("arithmetic.subset", "小于部分"),
    finding("material.missing", "缺少规划"),
    finding("agreement.name", "名称不一", "warning"),
    finding("format.decimals", "小数位", "notice"),
)


def test_the_notice_holds_what_was_confirmed_or_is_asked_and_nothing_else(tmp_path):
    decided = [
        ("arithmetic.subset", "confirm", "请核对"),
        ("material.missing", "ask", ""),
        ("agreement.name", "dismiss", "笔误"),
        ("format.decimals", "confirm", ""),
    ]
    said = words(notice(stored(tmp_path, FINDINGS, decided), "correction", ON))
    assert "以下2项需要补正" in said and "2024年5月6日" in said
    assert "1．小于部分。" in said and "2．缺少规划。" in said
    assert "第四条（一）：“近三年产值均在40亿元以上”" in said and "请核对" in said
    assert "名称不一" not in said and "小数位" not in said
    assert said.index("需要更正") < said.index("小于部分") < said.index("二、需要补充的材料")
    assert not re.search(r"[{}%]", said)


def test_an_undecided_finding_is_not_in_the_notice_but_in_the_opinion(tmp_path):
    one = stored(tmp_path, FINDINGS)
    assert "以下0项" in words(notice(one, "correction", ON))
    opinion = words(notice(one, "opinion", ON))
    assert all(f.message.zh in opinion for f in FINDINGS) and "尚未决定" in opinion


def test_only_materials_are_missing_and_they_are_the_first_part(tmp_path):
    one = stored(tmp_path, FINDINGS[1:2], [("material.missing", "confirm", "")])
    said = words(notice(one, "correction", ON))
    assert "一、需要补充的材料" in said and "需要更正" not in said


@pytest.mark.parametrize(
    "hostile", ["{{ 7*7 }}{% raw %}", "<w:p>&amp;</w:p>", "a\x00\x0bb", "{%p endfor %}", "𠮷]]>"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_text_from_the_papers_stays_text(tmp_path, kind, hostile):
    findings = [finding("arithmetic.subset", hostile)]
    one = stored(tmp_path, findings, [("arithmetic.subset", "confirm", hostile)])
    said = words(notice(one, kind, ON))
    assert re.sub("[\x00-\x1f]", "", hostile) in said.replace("\n", "")


def test_the_office_s_own_template(tmp_path):
    own = Document()
    own.add_paragraph("某市工信局 {{ cluster }}")
    own.add_paragraph("{%p for item in to_supply %}")
    own.add_paragraph("· {{ item.what }}")
    own.add_paragraph("{%p endfor %}")
    own.save(str(tmp_path / "own.docx"))
    one = stored(tmp_path, FINDINGS, [("material.missing", "confirm", "")])
    said = words(notice(one, "correction", ON, tmp_path / "own.docx"))
    assert said.split("\n") == ["某市工信局 某市某县某特色产业集群", "· 缺少规划。"]


@pytest.mark.parametrize(
    "wrong",
    ["{{ cluster", "{% for %}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{%p for x %}"],
)
def test_a_template_that_is_wrong_is_refused_with_a_word(tmp_path, wrong):
    own = Document()
    own.add_paragraph(wrong)
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(UsageError, match="模板"):
        notice(stored(tmp_path, FINDINGS), "correction", ON, tmp_path / "own.docx")


def test_a_template_that_is_no_word_file_is_refused(tmp_path):
    (tmp_path / "own.docx").write_bytes(b"no zip")
    with pytest.raises(UsageError, match="模板"):
        notice(stored(tmp_path, FINDINGS), "correction", ON, tmp_path / "own.docx")


@pytest.mark.parametrize("kind", KINDS)
def test_the_standard_template_given_back_makes_the_same_letter(tmp_path, kind):
    (tmp_path / "own.docx").write_bytes(template(kind))
    one = stored(tmp_path, FINDINGS, [("material.missing", "confirm", "")])
    given_back = words(notice(one, kind, ON, tmp_path / "own.docx"))
    assert given_back == words(notice(one, kind, ON))
