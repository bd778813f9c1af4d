"""What happened to a submission: reviews, decisions and corrections, the newest first."""

from __future__ import annotations

from typing import Any

from extractor.records import Stored
from extractor.store import Store
from models.types import Application
from review_ui.names import rule_name, when
from review_ui.screens.figures import said
from review_ui.screens.findings import verdict_name
from review_ui.screens.frame import esc, field_name, form_of, html, pick, programme_name, text


def show(store: Store, stored: Stored) -> None:
    form = form_of((stored.result.application or Application(form="")).form)
    messages = {r.key: pick(r.finding.message) for r in stored.findings}
    items = []
    for entry in reversed(store.history(stored.summary.id)):
        what, body = _entry(entry, form, messages)
        who = f"<b>{esc(entry['who'])}</b>" if entry["who"] else ""
        items.append(
            f'<li class="{esc(entry["what"])}"><i>{esc(when(entry["at"]))}</i>'
            f"<div><strong>{esc(what)}</strong> {who}{body}</div></li>"
        )
    html(f'<ul class="history">{"".join(items)}</ul>')


def _gone(key: str, form: Any) -> str:
    """What a finding that no longer stands was about: its rule and its fields, from its key."""
    rule, _, fields = key.partition("|")
    names = "、".join(field_name(form, f) for f in fields.partition("|")[0].split(",") if f)
    return f"{pick(rule_name(rule))}：{names}" if names else pick(rule_name(rule))


def _entry(entry: dict[str, Any], form: Any, messages: dict[str, str]) -> tuple[str, str]:
    detail = entry["detail"]
    if entry["what"] == "decided":
        about = messages.get(detail["key"]) or _gone(detail["key"], form)
        note = f"<p>{esc(detail['note'])}</p>" if detail["note"] else ""
        return verdict_name(detail["verdict"]), f"<p>{esc(about)}</p>{note}"
    if entry["what"] == "corrected":
        name = detail["field"] + (f"@{detail['period']}" if detail["period"] else "")
        if detail["after"] is None:
            change = text("taken back")
        else:
            change = f"{said(detail['before']) or text('blank')} → {said(detail['after'])}"
        why = f"<p>{esc(detail['why'])}</p>" if detail["why"] else ""
        title = text("Corrected: {field}", field=field_name(form, name))
        return title, f"<p>{esc(change)}</p>{why}"
    if entry["what"] == "reviewed":
        programme, _, on = str(detail).rpartition(" ")
        words = text("{programme}, as of {day}", programme=programme_name(programme), day=on)
        return text("Reviewed"), f"<p>{esc(words)}</p>"
    return str(entry["what"]), f"<p>{esc(detail)}</p>"
