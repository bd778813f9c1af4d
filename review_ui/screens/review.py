"""One submission: the verdict on top, findings or figures on the left, the paper on the right."""

from __future__ import annotations

import time

import streamlit as st

from extractor.storing.desk import Assignment, What
from extractor.storing.migrations import StoreError
from extractor.storing.records import Stored
from extractor.storing.store import Store
from models.types import Evidence
from review_ui import verdict
from review_ui.names import when
from review_ui.screens import (
    access,
    figures,
    findings,
    history,
    kept,
    keys,
    papers,
    queue,
    support,
    unchecked,
)
from review_ui.screens.download import letters, worksheet_button
from review_ui.screens.frame import (
    at,
    esc,
    go,
    html,
    number_at,
    open_store,
    pick,
    plain,
    programme_name,
    reviewer,
    session_id,
    tell,
    text,
    turn,
    verdict_html,
)

TABS = ("findings", "figures", "support", "unchecked", "history")
PRESENCE_SECONDS = 10.0


def show(store: Store) -> None:
    id = number_at("submission")
    st.session_state["stamp"] = id, store.desk.stamp(id)
    try:
        stored = kept.submission(store, id)
    except KeyError:
        html(f'<div class="empty">{esc(text("There is no such application."))}</div>')
        st.button(text("To the queue"), on_click=go, kwargs={"screen": "queue"})
        return
    keys.listen()
    _head(store, stored)
    tab = _tabs(stored)
    if tab == "history":
        with st.container(key="history", height=560):
            history.show(store, stored)
        return
    left, right = st.columns([9, 11], gap="small")
    with left:
        if tab == "findings":
            findings.steps(stored)
        elif tab == "figures":
            figures.steps(stored)
        elif tab == "support":
            support.steps(stored)
        elif tab == "unchecked":
            unchecked.steps(stored)
        with st.container(key="left", height=560, gap="small"):
            if tab == "figures":
                evidences = figures.show(store, stored)
            elif tab == "support":
                evidences = support.show(stored)
            elif tab == "unchecked":
                evidences = unchecked.show(stored)
            else:
                evidences = findings.show(store, stored)
    with right:
        papers.show(store, stored, _alone(evidences))


def _alone(evidences: list[Evidence]) -> list[Evidence]:
    """Each place once, in order."""
    return list(dict.fromkeys(evidences))


# ------------------------------------------------------------------ the head


def _head(store: Store, stored: Stored) -> None:
    s = stored.summary
    rows = queue.load_rows(store)
    ids = [r.summary.id for r in queue.chosen(rows)]
    before, after = _neighbours(ids, s.id)
    row = next((r for r in rows if r.summary.id == s.id), None)
    cluster = queue.called(row) if row is not None else ""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.button("←", key="back", help=text("To the queue"), shortcut=keys.QUEUE, on_click=go,
                  kwargs={"screen": "queue"})  # fmt: skip
        ran = text("{n} of {all} checks were made", n=s.checks_run, all=s.checks_total)
        html(
            f'<div class="title">{verdict_html(verdict.verdict(stored), big=True)}'
            f"<div><b>{esc(s.name)}<span>{esc(cluster)}</span></b>"
            f"<i>{esc(programme_name(s.programme))} · {esc(ran)}"
            f" · {esc(text('as of {day}', day=s.on))}</i></div></div>"
        )
        with st.container(
            horizontal=True, horizontal_alignment="right", width="content", key="headright",
            vertical_alignment="center", gap="small",
        ):  # fmt: skip
            _others(s.id)
            _desk(row, s.id)
            with st.popover(text("Documents"), key="documents"):
                worksheet_button([s.id], s.name)
                letters(s.id, s.name)
                st.button(
                    text("Compare"), key="compare", icon=":material/bar_chart:", on_click=go,
                    kwargs={"screen": "compare", "cluster": str(s.id)},
                )  # fmt: skip
            for sign, key, id, shortcut in (
                ("‹", "previous", before, keys.BEFORE),
                ("›", "next", after, keys.AFTER),
            ):
                hint = (
                    text("The application before") if sign == "‹" else text("The next application")
                )
                st.button(
                    sign, key=key, help=f"{hint} ({shortcut})", disabled=id is None,
                    on_click=go, kwargs={"screen": "review", "submission": str(id)},
                    shortcut=shortcut,
                )  # fmt: skip


def _neighbours(ids: list[int], id: int) -> tuple[int | None, int | None]:
    """The submissions before and after this one in the queue as it is filtered.

    One that has left the queue by what was just decided is followed by the queue's first.
    """
    if id not in ids:
        return None, next(iter(ids), None)
    here = ids.index(id)
    return (ids[here - 1] if here else None), (ids[here + 1] if here + 1 < len(ids) else None)


@st.fragment(run_every=PRESENCE_SECONDS)
def _others(submission: int) -> None:
    """Says that this reviewer is here, and who else is; and whether they changed something."""
    if access.way() and access.account() is None:
        st.rerun()  # the login has ended
    told = (submission, reviewer())
    last, at_ = st.session_state.get("here", (None, 0.0))
    with open_store() as store:
        if told != last or time.monotonic() - at_ > PRESENCE_SECONDS / 2:
            store.desk.here(submission, session_id(), reviewer())
            st.session_state["here"] = told, time.monotonic()
        others = store.desk.others(submission, session_id())
        stamp = store.desk.stamp(submission)
    if others:
        names = "、".join(w or text("somebody") for w in others)
        words = text("{names} is here too", names=names)
        html(f'<span class="others">◉ {esc(words)}</span>', wide=False)
    else:
        html('<span class="others none"></span>', wide=False)
    if st.session_state.get("stamp", (submission, stamp)) != (submission, stamp):
        st.rerun()  # somebody else wrote: what is drawn is old


# ------------------------------------------------------------------ whose desk it is on


def _desk(row: queue.Row | None, submission: int) -> None:
    step = row.step if row is not None else None
    label = {"taken": step.who if step else "", "second": text("second review"),
             "done": text("finished")}.get(row.desk if row else "", text("Take"))  # fmt: skip
    if row is None or row.desk == "free":
        st.button(text("Take"), key="take", help=text("I review this application"),
                  on_click=_assign, args=(submission, "take", step))  # fmt: skip
        return
    assert step is not None
    with st.popover(plain(label), key="desk"):
        by = f"{step.by} " if step.by != step.who else ""
        html(f'<p class="hint">{esc(by)}{esc(when(step.at))} {esc(step.note)}</p>')
        theirs = row.desk == "taken" and step.who != reviewer()
        if row.desk in ("second", "done") or (theirs and access.leads()):
            st.button(text("Take it over"), key="take", on_click=_assign,
                      args=(submission, "take", step))  # fmt: skip
        if theirs and not access.leads():
            html(f'<p class="hint">{esc(text("Only the lead moves it from there."))}</p>')
        elif row.desk == "taken":
            st.button(text("Done; for second review"), key="second", type="primary",
                      on_click=_assign, args=(submission, "second", step))  # fmt: skip
            st.button(text("Finished"), key="finish", on_click=_assign,
                      args=(submission, "done", step))  # fmt: skip
            st.button(text("Put back"), key="release", on_click=_assign,
                      args=(submission, "release", step))  # fmt: skip
            with st.form("handover", border=False):
                st.text_input(text("Hand over to"), key="hand-to", max_chars=40)
                st.text_input(text("Note"), key="hand-note", max_chars=200)
                st.form_submit_button(text("Hand over"), key="hand", on_click=_hand,
                                      args=(submission, step))  # fmt: skip
        elif row.desk == "second":
            st.button(text("Second review done"), key="finish", type="primary",
                      on_click=_assign, args=(submission, "done", step))  # fmt: skip


def _hand(submission: int, step: Assignment | None) -> None:
    to = str(st.session_state.get("hand-to", "")).strip()
    if not to:
        tell(text("Please write to whom."), "wrong")
        return
    note = str(st.session_state.get("hand-note", "")).strip()
    _assign(submission, "hand", step, to, note)


def _assign(
    submission: int, what: What, step: Assignment | None, who: str = "", note: str = ""
) -> None:
    if not reviewer():
        tell(text("Please enter your name at the top right first."), "wrong")
        return
    try:
        with open_store() as store:
            seen = step.id if step is not None else None
            store.desk.assign(submission, what, reviewer(), who, note, seen)
    except StoreError as error:
        tell(pick(error.message), "wrong")
    else:
        tell(text("Noted"))


# ------------------------------------------------------------------ the tabs


def _tabs(stored: Stored) -> str:
    s = stored.summary
    names = {
        "findings": text("Findings {n}", n=len(stored.findings)),
        "figures": text("Figures ({n} to look at)", n=s.needs_look),
        "support": text("Papers and lists ({n} to judge)", n=support.doubts(stored)),
        "unchecked": text("Unchecked {n}", n=s.unchecked),
        "history": text("History"),
    }
    current = at("tab") if at("tab") in TABS else "findings"
    with st.container(key="tabs", horizontal=True, gap=None):
        for tab in TABS:
            on = "on" if tab == current else "off"
            st.button(
                names[tab], key=f"tab-{on}-{tab}", type="tertiary", shortcut=keys.TABS[tab],
                on_click=turn,
                kwargs={"tab": "" if tab == "findings" else tab, "e": "", "page": "", "file": ""},
            )  # fmt: skip
    return current
