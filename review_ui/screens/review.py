"""One submission: the verdict on top, findings or figures on the left, the paper on the right."""

from __future__ import annotations

import streamlit as st

from extractor.records import Stored
from extractor.store import Store
from models.types import Evidence
from review_ui import verdict
from review_ui.screens import figures, findings, history, papers, queue, unchecked
from review_ui.screens.download import worksheet_button
from review_ui.screens.frame import (
    at,
    esc,
    go,
    html,
    number_at,
    programme_name,
    text,
    turn,
    verdict_html,
)

TABS = ("findings", "figures", "unchecked", "history")


def show(store: Store) -> None:
    id = number_at("submission")
    try:
        stored = store.load_submission(id)
    except KeyError:
        html(f'<div class="empty">{esc(text("There is no such application."))}</div>')
        st.button(text("To the queue"), on_click=go, kwargs={"screen": "queue"})
        return
    _head(store, stored)
    tab = _tabs(stored)
    if tab == "history":
        with st.container(key="history", height=560):
            history.show(store, stored)
        return
    left, right = st.columns([9, 11], gap="small")
    with left, st.container(key="left", height=560, gap="small"):
        if tab == "figures":
            evidences = figures.show(store, stored)
        elif tab == "unchecked":
            evidences = unchecked.show(stored)
        else:
            evidences = findings.show(stored)
    with right:
        papers.show(store, stored, _alone(evidences))


def _alone(evidences: list[Evidence]) -> list[Evidence]:
    """Each place once, in order."""
    return list(dict.fromkeys(evidences))


def _head(store: Store, stored: Stored) -> None:
    s = stored.summary
    ids = [r.summary.id for r in queue.chosen(queue.load_rows(store))]
    before, after = _neighbours(ids, s.id)
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.button("←", key="back", help=text("To the queue"), on_click=go,
                  kwargs={"screen": "queue"})  # fmt: skip
        ran = text("{n} of {all} checks were made", n=s.checks_run, all=s.checks_total)
        html(
            f'<div class="title">{verdict_html(verdict.verdict(stored), big=True)}'
            f"<div><b>{esc(s.name)}</b><i>{esc(programme_name(s.programme))} · {esc(ran)}"
            f" · {esc(text('as of {day}', day=s.on))}</i></div></div>"
        )
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            worksheet_button([s.id], s.name)
            for sign, key, id in (("‹", "previous", before), ("›", "next", after)):
                hint = (
                    text("The application before") if sign == "‹" else text("The next application")
                )
                st.button(
                    sign, key=key, help=hint, disabled=id is None,
                    on_click=go, kwargs={"screen": "review", "submission": str(id)},
                )  # fmt: skip


def _neighbours(ids: list[int], id: int) -> tuple[int | None, int | None]:
    """The submissions before and after this one in the queue as it is filtered.

    One that has left the queue by what was just decided is followed by the queue's first.
    """
    if id not in ids:
        return None, next(iter(ids), None)
    here = ids.index(id)
    return (ids[here - 1] if here else None), (ids[here + 1] if here + 1 < len(ids) else None)


def _tabs(stored: Stored) -> str:
    s = stored.summary
    names = {
        "findings": text("Findings {n}", n=len(stored.findings)),
        "figures": text("Figures ({n} to look at)", n=s.needs_look),
        "unchecked": text("Unchecked {n}", n=s.unchecked),
        "history": text("History"),
    }
    current = at("tab") if at("tab") in TABS else "findings"
    key = f"tab-{s.id}-{current}"
    st.segmented_control(
        text("View"), list(TABS), default=current, key=key,
        format_func=lambda t: names[t], label_visibility="collapsed",
        on_change=_take, args=(key, current),
    )  # fmt: skip
    return current


def _take(key: str, current: str) -> None:
    tab = st.session_state.get(key)
    if tab is None:  # the chosen segment was clicked: it stays chosen
        st.session_state[key] = current
        return
    turn(tab="" if tab == "findings" else tab, e="", page="", file="")
