"""The form in Word beside the form in PDF: every entry of both, what differs first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from extractor.storing.store import Store
from models.types import Answer, Application, NarrativeAnswer, TickAnswer
from review_ui.screens import kept, pairs, queue
from review_ui.screens.figures import Entry, format_value, name_of, state_name
from review_ui.screens.frame import (
    at,
    esc,
    field_name,
    form_of,
    go,
    html,
    number_at,
    plain,
    text,
    turn,
)


def show(store: Store, rows: Sequence[queue.Row]) -> None:
    """What was found between versions, then one application's versions side by side."""
    several = store.desk.with_versions()
    names = {r.summary.id: r.cluster or r.summary.name for r in rows if r.summary.id in several}
    if not names:
        none = text("No form was handed in both in Word and in PDF.")
        html(f'<div class="empty">{esc(none)}</div>')
        return
    left, right = st.columns([1, 1], gap="medium")
    with left:
        pairs.versions(store, rows)
    own = number_at("cluster")
    chosen = own if own in names else next(iter(names))
    with right:
        ids = list(names)
        st.selectbox(
            text("Application"), ids, index=ids.index(chosen), key=f"versions-{chosen}",
            format_func=lambda i: names[i], on_change=_take, args=(f"versions-{chosen}",),
        )  # fmt: skip
        stored = kept.submission(store, chosen)
        application = stored.result.application
        if application is not None:
            html(_table(application))
        st.button(
            plain(names[chosen]), key="open-versions", icon=":material/arrow_forward:",
            type="tertiary", on_click=go, kwargs={"screen": "review", "submission": str(chosen)},
        )  # fmt: skip


def _take(key: str) -> None:
    turn(cluster=str(st.session_state.get(key) or at("cluster")))


def _entries(application: Application) -> dict[str, Entry]:
    every = (*application.answers, *application.ticks, *application.narratives)
    return {name_of(e): e for e in every if e.state != "absent"}


def _table(application: Application) -> str:
    form = form_of(application.form)
    sides = [_entries(a) for a in (application, *application.versions)]
    files = [next((e.evidence.file for e in s.values() if e.evidence.file), "—") for s in sides]
    lines: list[tuple[bool, str]] = []
    for name in dict.fromkeys(n for side in sides for n in side):
        said = [_said(side.get(name)) for side in sides]
        same = len({"".join(compared.split()) for compared, _ in said}) == 1
        cells = "".join(f"<td>{esc(_short(shown))}</td>" for _, shown in said)
        kind, sign = ("", "✓") if same else (' class="differs"', "≠")
        row = f"<tr{kind}><td>{esc(field_name(form, name))}</td>{cells}<td>{sign}</td></tr>"
        lines.append((same, row))
    lines.sort(key=lambda line: line[0])
    heads = (text("Figure"), *(f.rsplit("/", 1)[-1] for f in files), "")
    head = "".join(f"<th>{esc(h)}</th>" for h in heads)
    body = "".join(row for _, row in lines)
    return f'<div class="both"><table class="list sums"><tr>{head}</tr>{body}</table></div>'


def _said(entry: Entry | None) -> tuple[str, str]:
    """What one version says: to be compared (45.6 and 45.60 are the same), and to be shown."""
    if entry is None:
        return "", "—"
    if entry.state != "given":
        return entry.state, state_name(entry.state)
    if isinstance(entry, TickAnswer):
        ticked = "；".join(o.text for o in entry.options if o.ticked)
        return ticked, ticked or text("nothing ticked")
    if isinstance(entry, NarrativeAnswer):
        return entry.text, entry.text
    assert isinstance(entry, Answer)
    compared = entry.value.normalize() if isinstance(entry.value, Decimal) else entry.value
    return format_value(compared), format_value(entry.value)


def _short(said: str) -> str:
    one_line = " ".join(said.split())
    return one_line if len(one_line) <= 60 else one_line[:60] + "…"
