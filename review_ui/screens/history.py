"""What happened to a submission: reviews, decisions and corrections, the newest first."""

from __future__ import annotations

from typing import Any

import streamlit as st

from extractor.storing.records import Stored
from extractor.storing.store import Store
from models.types import Application
from review_ui import earlier, verdict
from review_ui.names import rule_name, when
from review_ui.screens.figures import said
from review_ui.screens.findings import WEIGHT, verdict_name
from review_ui.screens.frame import (
    esc,
    field_name,
    form_of,
    html,
    number_at,
    pick,
    plain,
    programme_name,
    rule_html,
    severity_html,
    text,
    turn,
    verdict_html,
)


def show(store: Store, stored: Stored) -> None:
    form = form_of((stored.result.application or Application(form="")).form)
    messages = {r.key: pick(r.finding.message) for r in stored.findings}
    entries = store.history(stored.summary.id)
    chosen = number_at("asof", -1)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _download(stored, entries, form, messages)
        for n in reversed(range(len(entries))):
            entry = entries[n]
            what, lines = _entry(entry, form, messages)
            who = f"<b>{esc(entry['who'])}</b>" if entry["who"] else ""
            body = "".join(f"<p>{esc(line)}</p>" for line in lines if line)
            on = " chosen" if n == chosen else ""
            with st.container(key=f"card-entry-{n}", gap=None):
                html(
                    f'<div class="history card grey{on}"><i>{esc(when(entry["at"]))}</i>'
                    f"<div><strong>{esc(what)}</strong> {who}{body}</div></div>"
                )
                st.button(
                    plain(what), key=f"entry-{n}", width="stretch", on_click=turn,
                    kwargs={"asof": "" if n == chosen else str(n)},
                )  # fmt: skip
    with right:
        if 0 <= chosen < len(entries):
            _then(store, stored, chosen, entries[chosen]["at"], form)
        else:
            hint = text("Choose an entry to see the application as it stood then.")
            html(f'<div class="empty">{esc(hint)}</div>')


def _download(
    stored: Stored, entries: list[dict[str, Any]], form: Any, messages: dict[str, str]
) -> None:
    rows = [[text("Time"), text("Reviewer"), text("What"), text("About"), text("Note")]]
    for entry in entries:
        what, lines = _entry(entry, form, messages)
        about, note = [*lines, "", ""][:2]
        rows.append([entry["at"], entry["who"], what, about, note])
    st.download_button(
        text("History (CSV)"), earlier.history_csv(rows),
        f"{stored.summary.name} {text('History')}.csv".replace("/", " "), "text/csv",
        key="history-csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _then(store: Store, stored: Stored, entry: int, at: str, form: Any) -> None:
    """The verdict, the findings and the figures that were others then."""
    then = earlier.as_of(store, stored, entry)
    s = then.stored.summary
    counted = text(
        "{errors} errors, {warnings} warnings, {unchecked} unchecked, {look} to look at",
        errors=s.errors, warnings=s.warnings, unchecked=s.unchecked, look=s.needs_look,
    )  # fmt: skip
    html(
        f"<h3>{esc(text('As it stood at {time}', time=when(at)))}</h3>"
        f'<div class="title">{verdict_html(verdict.verdict(then.stored), big=True)}'
        f"<div><i>{esc(counted)}</i></div></div>"
    )
    if then.other_rules:
        told = text("The programme's file has changed since; the checks are made with today's.")
        html(f'<div class="note">{esc(told)}</div>')
    old = then.stored.result.application or Application(form="")
    now = stored.result.application or Application(form="")
    changed = earlier.differences(old, now)
    if changed:
        body = "".join(
            f"<tr><td>{esc(field_name(form, name))}</td><td><b>{esc(said(was))}</b></td>"
            f"<td>{esc(said(is_now))}</td></tr>"
            for name, was, is_now in changed
        )
        head = "".join(f"<th>{esc(h)}</th>" for h in (text("Figure"), text("Then"), text("Now")))
        html(f'<table class="list"><tr>{head}</tr>{body}</table>')
    rows = []
    for r in sorted(then.stored.findings, key=lambda r: WEIGHT[r.finding.severity]):
        d = r.decision
        ruling = (
            f'<span class="ruling {d.verdict}">{esc(verdict_name(d.verdict))}</span>' if d else ""
        )
        rows.append(
            f'<div class="card {r.finding.severity}"><div class="top">'
            f"{severity_html(r.finding.severity)}{rule_html(r.finding.rule)}{ruling}</div>"
            f'<div class="message">{esc(pick(r.finding.message))}</div></div>'
        )
    html(f'<div class="then">{"".join(rows)}</div>')


def _gone(key: str, form: Any) -> str:
    """What a finding that no longer stands was about: its rule and its fields, from its key."""
    rule, _, fields = key.partition("|")
    names = "、".join(field_name(form, f) for f in fields.partition("|")[0].split(",") if f)
    return f"{pick(rule_name(rule))}：{names}" if names else pick(rule_name(rule))


def _entry(
    entry: dict[str, Any], form: Any, messages: dict[str, str]
) -> tuple[str, list[str]]:  # fmt: skip
    """What happened, what it was about, and the words that went with it."""
    detail = entry["detail"]
    if entry["what"] == "decided":
        about = messages.get(detail["key"]) or _gone(detail["key"], form)
        return verdict_name(detail["verdict"]), [about, detail["note"]]
    if entry["what"] == "corrected":
        name = detail["field"] + (f"@{detail['period']}" if detail["period"] else "")
        if detail["after"] is None:
            change = text("taken back")
        else:
            change = f"{said(detail['before']) or text('blank')} → {said(detail['after'])}"
        title = text("Corrected: {field}", field=field_name(form, name))
        return title, [change, detail["why"]]
    if entry["what"] == "reviewed":
        programme, _, on = str(detail).rpartition(" ")
        words = text("{programme}, as of {day}", programme=programme_name(programme), day=on)
        return text("Reviewed"), [words]
    if entry["what"] == "compared":
        return text("Compared with the batch; its findings have changed"), []
    if entry["what"] == "desk":
        return _desk(detail)
    return str(entry["what"]), [str(detail)]


def _desk(detail: dict[str, str]) -> tuple[str, list[str]]:
    words = {
        "take": text("Taken"),
        "hand": text("Handed over to {name}", name=detail["who"]),
        "second": text("Reviewed; for second review"),
        "done": text("finished"),
        "release": text("Put back"),
    }
    return words.get(detail["what"], detail["what"]), [detail["note"]]
