"""The checks that could not be made, and why."""

from __future__ import annotations

import streamlit as st

from extractor.store import Stored
from models.types import Application, Check, Evidence
from review_ui.screens.findings import places_of
from review_ui.screens.frame import (
    at,
    esc,
    family_name,
    field_name,
    form_of,
    html,
    pick,
    plain,
    short_key,
    text,
    turn,
)


def show(stored: Stored) -> list[Evidence]:
    """Draws the list; the places of the check that is chosen."""
    application = stored.result.application or Application(form="")
    form = form_of(application.form)
    due = [c for c in stored.result.checks if c.outcome == "unchecked"]
    if not due:
        every = stored.summary.checks_total
        word = text("Every check was made.") if every else text("No check was due.")
        html(f'<div class="empty">{esc(word)}</div>')
        return []
    evidences: list[Evidence] = []
    for check in due:
        name = _name(check)
        chosen = at("check") == name
        if chosen:
            evidences = [e for e in check.evidences if e.file] or places_of(
                application, check.fields
            )
        fields = "，".join(field_name(form, f) for f in check.fields)
        because = pick(check.because) if check.because is not None else ""
        with st.container(key=f"card-{short_key(name)}", gap=None):
            html(
                f'<div class="card grey{" chosen" if chosen else ""}"><div class="top">'
                f'<span class="sev grey">○ {esc(family_name(check.rule))}</span>'
                f"<small>{esc(check.rule)}</small></div>"
                f'<div class="message">{esc(because)}</div><div class="about">{esc(fields)}</div>'
                "</div>"
            )
            st.button(
                plain(because or name), key=f"check-{short_key(name)}", width="stretch",
                on_click=turn, kwargs={"check": name, "e": "", "page": "", "file": ""},
            )  # fmt: skip
    return evidences


def _name(check: Check) -> str:
    return f"{check.rule}|{','.join(check.fields)}"
