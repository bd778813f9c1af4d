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
    with left, st.container(key="left", height=560, gap="xsmall"):
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
    ids = [r.summary.id for r in queue.load_rows(store)]
    here = ids.index(s.id) if s.id in ids else 0
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
            st.button("‹", key="previous", help=text("The application before"), disabled=here == 0,
                      on_click=go, kwargs=_review(ids[here - 1]))  # fmt: skip
            last = here + 1 >= len(ids)
            st.button("›", key="next", help=text("The next application"), disabled=last,
                      on_click=go, kwargs=_review(ids[here if last else here + 1]))  # fmt: skip


def _review(id: int) -> dict[str, str]:
    return {"screen": "review", "submission": str(id)}


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
        text("View"), list(TABS), default=current, required=True, key=key,
        format_func=lambda t: names[t], label_visibility="collapsed",
        on_change=_take, args=(key,),
    )  # fmt: skip
    return current


def _take(key: str) -> None:
    tab = str(st.session_state.get(key) or "findings")
    turn(tab="" if tab == "findings" else tab, e="", page="", file="")
