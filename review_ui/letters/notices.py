"""补正通知书 and 审核意见表: the office's letters about one submission, as .docx.

What a template may use (docxtpl, which is Jinja2 in Word):

correction  addressee, cluster, programme, office, date, count, heading_correct, heading_supply,
            to_correct and to_supply (lists of number, what, place, basis, note)
opinion     cluster, programme, region, operator, checked_on, verdict, total, run, unchecked,
            needs_look, items (number, what, place, basis, decision, note, note_line, who),
            unchecked_items (number, what), office, date

Text from the papers is only ever put in as text: a template cannot be given by an applicant, and
a template is run in Jinja2's sandbox.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date as Date
from pathlib import Path
from typing import Any, Literal

from extractor.storing.records import ReviewedFinding, Stored
from models.types import Finding
from models.wording import say, text
from review_ui import verdict
from review_ui.console import UsageError
from review_ui.letters import templates as notice_templates
from review_ui.names import rule_name
from review_ui.worksheet.cells import clean
from review_ui.worksheet.words import (
    decision_note,
    decision_words,
    form_of,
    place,
    programme_name,
    programme_of,
    stated,
)

Kind = Literal["correction", "opinion"]
KINDS: tuple[Kind, ...] = ("correction", "opinion")

SUPPLIED = ("material.", "evidence.", "blank.")
"""Families of rules whose findings are mended by handing something in."""

Context = dict[str, Any]


def template(kind: Kind) -> bytes:
    """The standard template of a letter, for an office to adapt."""
    return notice_templates.correction() if kind == "correction" else notice_templates.opinion()


def notice(stored: Stored, kind: Kind, on: str, own: Path | None = None) -> bytes:
    """The letter as the bytes of a .docx. `on` is its ISO date; `own` the office's template.

    Raises UsageError where the template cannot be read or is wrong, saying how.
    """
    context = correction_context(stored, on) if kind == "correction" else _opinion(stored, on)
    return _rendered(own.read_bytes() if own else template(kind), context)


# ------------------------------------------------------------------ what is said


def correction_context(stored: Stored, on: str) -> Context:
    """The letter's words: the findings that a person confirmed or asks the applicant about."""
    asked = [r for r in stored.findings if _asked(r)]
    supplied = [r for r in asked if r.finding.rule.startswith(SUPPLIED)]
    corrected = [r for r in asked if r not in supplied]
    return {
        **_common(stored, on),
        "addressee": _said(stored, "county_authority", "applicant", "operator") or "申报单位",
        "count": len(asked),
        "heading_correct": "一、需要更正或说明的事项",
        "heading_supply": "二、需要补充的材料" if corrected else "一、需要补充的材料",
        "to_correct": [_item(n, r) for n, r in enumerate(corrected, 1)],
        "to_supply": [_item(n, r) for n, r in enumerate(supplied, 1 + len(corrected))],
    }


def _opinion(stored: Stored, on: str) -> Context:
    summary = stored.summary
    unchecked = [c for c in stored.result.checks if c.outcome == "unchecked"]
    reasons = dict.fromkeys(
        f"{rule_name(c.rule).zh}：{c.because.zh if c.because else ''}" for c in unchecked
    )
    return {
        **_common(stored, on),
        "region": _said(stored, "region_city") + _said(stored, "region_county"),
        "operator": _said(stored, "operator", "applicant"),
        "checked_on": summary.on,
        "verdict": verdict.words(verdict.verdict(stored)).zh,
        "total": summary.checks_total,
        "run": summary.checks_run,
        "unchecked": summary.unchecked,
        "needs_look": summary.needs_look,
        "items": [_item(n, r) for n, r in enumerate(stored.findings, 1)],
        "unchecked_items": [{"number": n, "what": clean(w)} for n, w in enumerate(reasons, 1)],
    }


def _common(stored: Stored, on: str) -> Context:
    programme = programme_of(stored)
    day = Date.fromisoformat(on)
    return {
        "cluster": clean(_said(stored, "cluster_name") or stored.summary.name),
        "programme": clean(programme_name(stored)),
        "office": clean(programme.office if programme else ""),
        "date": f"{day.year}年{day.month}月{day.day}日",
    }


def _said(stored: Stored, *fields: str) -> str:
    """The first of these texts that the form states."""
    form, application = form_of(stored.result.application), stored.result.application
    for field in fields:
        if form is None or application is None or not form.has(field):
            continue
        answer = application.answer(field)
        if answer is not None and answer.state == "given":
            return clean(stated(application, field))
    return ""


def _asked(reviewed: ReviewedFinding) -> bool:
    last = verdict.ruling(reviewed)
    return (
        last is not None
        and last.verdict in ("confirm", "ask")
        and last.fingerprint == reviewed.fingerprint
        and reviewed.finding.severity != "notice"
    )


def _item(number: int, reviewed: ReviewedFinding) -> Context:
    f = reviewed.finding
    made = verdict.ruling(reviewed)
    note = clean(decision_note(reviewed))
    basis = ""
    if f.citation is not None:
        basis = f"{f.citation.document}{f.citation.article}：“{f.citation.quote}”"
    return {
        "number": number,
        "what": clean(_sentence(f.message.zh)),
        "place": clean(_where(f)),
        "basis": clean(basis),
        "decision": decision_words()[made.verdict] if made else text("not decided yet"),
        "note": note,
        "note_line": f"：{note}" if note else "",
        "who": clean(made.who) if made else "",
    }


def _where(f: Finding) -> str:
    """Each file once, with the places in it: 申报表.docx 表2 行6 列2、表2 行2 列4；…"""
    files: dict[str, dict[str, None]] = {}
    for e in f.evidences:
        files.setdefault(e.file, {}).setdefault(place(e))
    stood = (f"{file} {'、'.join(p for p in where if p)}".strip() for file, where in files.items())
    return "；".join(w for w in stood if w)


def _sentence(words: str) -> str:
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


# ------------------------------------------------------------------ Word


def _rendered(source: bytes, context: Mapping[str, Any]) -> bytes:
    from zipfile import BadZipFile

    from docxtpl import DocxTemplate
    from jinja2.exceptions import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        page = DocxTemplate(io.BytesIO(source))
        page.render(dict(context), SandboxedEnvironment(autoescape=True), autoescape=True)
        out = io.BytesIO()
        page.save(out)
    except (TemplateError, BadZipFile, KeyError, ValueError, OSError) as error:
        why = str(say("the template cannot be used: {why}", why=str(error) or type(error).__name__))
        raise UsageError(why) from error
    return out.getvalue()
