"""The checks that could not be made, and why."""

from __future__ import annotations

import streamlit as st

from extractor.storing.records import Stored
from models.types import Application, Check, Evidence
from review_ui.screens import keys
from review_ui.screens.findings import places_of
from review_ui.screens.frame import (
    at,
    esc,
    field_name,
    form_of,
    html,
    pick,
    plain,
    rule_html,
    scroll_to,
    short_key,
    text,
    turn,
)


def steps(stored: Stored) -> None:
    """The row over the list: how many, and the keys to go on with."""
    names = [_name(c) for c in _due(stored)]
    if not names:
        return
    here = names.index(at("check")) if at("check") in names else 0
    with st.container(horizontal=True, key="steps", vertical_alignment="center", gap="small"):
        words = text("{n} of {all}", n=here + 1, all=len(names))
        html(f'<div class="far"><b>{esc(words)}</b></div>')
        for sign, key, place, hint in (
            ("‹", keys.PREVIOUS, here - 1 if here else None, text("the one before")),
            ("›", keys.NEXT, here + 1 if here + 1 < len(names) else None, text("the next one")),
        ):
            st.button(
                sign, key=f"step-{key}", shortcut=key, help=hint, disabled=place is None,
                on_click=turn, kwargs={"check": "" if place is None else names[place],
                                       "e": "", "page": "", "file": ""},
            )  # fmt: skip


def _due(stored: Stored) -> list[Check]:
    return [c for c in stored.result.checks if c.outcome == "unchecked"]


def show(stored: Stored) -> list[Evidence]:
    """Draws the list; the places of the check that is chosen."""
    application = stored.result.application or Application(form="")
    form = form_of(application.form)
    due = _due(stored)
    if not due:
        every = stored.summary.checks_total
        word = text("Every check was made.") if every else text("No check was due.")
        html(f'<div class="empty">{esc(word)}</div>')
        return []
    evidences: list[Evidence] = []
    names = [_name(c) for c in due]
    wanted = at("check") if at("check") in names else names[0]
    for check, name in zip(due, names, strict=True):
        chosen = name == wanted
        if chosen:
            evidences = [e for e in check.evidences if e.file] or places_of(
                application, check.fields
            )
        fields = "、".join(field_name(form, f) for f in check.fields)
        because = pick(check.because) if check.because is not None else ""
        with st.container(key=f"card-{short_key(name)}", gap=None):
            html(
                f'<div class="card grey{" chosen" if chosen else ""}"><div class="top">'
                f'<span class="sev grey">○</span>{rule_html(check.rule)}</div>'
                f'<div class="message">{esc(because)}</div><div class="about">{esc(fields)}</div>'
                "</div>"
            )
            st.button(
                plain(because or name), key=f"check-{short_key(name)}", width="stretch",
                on_click=turn, kwargs={"check": name, "e": "", "page": "", "file": ""},
            )  # fmt: skip
    if at("check"):
        scroll_to(".st-key-left .card.chosen", wanted)
    return evidences


def _name(check: Check) -> str:
    return f"{check.rule}|{','.join(check.fields) or check.required}"
