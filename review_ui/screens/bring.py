"""A worksheet filled in elsewhere comes back: what it would change, then taking it in."""

from __future__ import annotations

import streamlit as st

from extractor.readers.zips import own_room
from extractor.storing.store import Store
from review_ui.console import UsageError
from review_ui.screens.findings import verdict_name
from review_ui.screens.frame import (
    esc,
    go,
    html,
    open_store,
    own_words,
    pick,
    reviewer,
    rule_html,
    tell,
    text,
)
from review_ui.worksheet.taking_in import Import, Row, read_worksheet, take_in

SHOWN = 400


def show(store: Store) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("←", key="back", help=text("To the queue"), on_click=go,
                  kwargs={"screen": "queue"})  # fmt: skip
        html(f"<h1>{esc(text('Take in a worksheet'))}</h1>")
    hint = text(
        "Decisions and notes filled into the findings sheet are taken in. What would change is "
        "shown first; rows whose figures have changed since are refused."
    )
    html(f'<p class="hint">{esc(hint)}</p>')
    own_words(text("or drop it here: .xlsx"))
    with st.container(key="bring"):
        came = st.file_uploader(
            text("Worksheet (Excel)"), type=["xlsx"], key="worksheet-file",
            label_visibility="collapsed",
        )  # fmt: skip
    if came is None:
        return
    with own_room() as folder:
        path = folder / "worksheet.xlsx"
        path.write_bytes(came.getvalue())
        try:
            found = read_worksheet(store, path)
        except UsageError as error:
            st.error(str(error).replace("worksheet.xlsx", came.name))
            return
    sums = text(
        "{n} to take in, {refused} refused, {unchanged} unchanged",
        n=len(found.changes), refused=len(found.refused), unchanged=found.unchanged,
    )  # fmt: skip
    html(f"<h3>{esc(sums)}</h3>")
    st.button(
        text("Take in {n} decisions", n=len(found.changes)), key="take-in", type="primary",
        disabled=not found.changes, on_click=_take, args=(found,),
    )  # fmt: skip
    if found.rows:
        html(_table(found))


def _take(found: Import) -> None:
    if not reviewer():
        tell(text("Please enter your name at the top right first."), "wrong")
        return
    with open_store() as store:
        late = take_in(store, found, reviewer())
    if late:
        tell(text("{n} rows were refused: somebody was faster", n=len(late)), "wrong")
    else:
        tell(text("{n} decisions taken in", n=len(found.changes)))


def _table(found: Import) -> str:
    heads = (
        text("Row"), text("Application"), text("Finding"), text("Until now"), text("Then"),
        text("Note"),
    )  # fmt: skip
    rows = sorted(found.rows, key=lambda r: (r.state != "refused", r.number))
    body = "".join(_line(r) for r in rows[:SHOWN])
    if len(rows) > SHOWN:
        more = text("and {n} more", n=len(rows) - SHOWN)
        body += f'<tr><td colspan="6">{esc(more)}</td></tr>'
    head = "".join(f"<th>{esc(h)}</th>" for h in heads)
    return f'<table class="list brought"><tr>{head}</tr>{body}</table>'


def _line(r: Row) -> str:
    finding = r.finding
    about = f"{rule_html(finding.rule)}<br>{esc(pick(finding.message))}" if finding else esc(r.key)
    then = esc(verdict_name(r.verdict)) if r.verdict else "—"
    note = esc(r.note)
    if r.why is not None:
        then = f'<b class="refused">✕ {esc(text("refused"))}</b>'
        note = f"{esc(pick(r.why))}<br>{note}"
    before = esc(verdict_name(r.before)) if r.before else "—"
    return (
        f'<tr class="{r.state}"><td>{r.number}</td><td>{esc(r.name)}</td><td>{about}</td>'
        f"<td>{before}</td><td>{then}</td><td>{note}</td></tr>"
    )
