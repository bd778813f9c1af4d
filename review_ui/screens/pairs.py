"""What stands in two papers, side by side: shared passages, double claims, Word beside PDF."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from extractor.storing.store import Store
from models.types import Finding
from review_ui.screens import queue
from review_ui.screens.frame import esc, go, html, pick, plain, rule_html, severity_html

SHOWN = 200


def show(store: Store, rows: Sequence[queue.Row], rules: tuple[str, ...], none: str) -> None:
    """The findings of these rules at these submissions, each once, its two sides beside it."""
    names = {r.summary.id: r.summary.name for r in rows}
    seen: set[frozenset[tuple[str, str, str]]] = set()
    found: list[tuple[int, Finding]] = []
    for id, f in store.desk.findings(*rules):
        # a finding about two submissions stands at both of them
        own = names.get(id, "")
        ends = frozenset(
            (e.file if "/" in e.file else f"{own}/{e.file}", e.place, e.raw) for e in f.evidences
        )
        if id in names and (not ends or ends not in seen):
            seen.add(ends)
            found.append((id, f))
    if not found:
        html(f'<div class="empty good">{esc(none)}</div>')
        return
    for n, (id, f) in enumerate(found[:SHOWN]):
        with st.container(key=f"card-pair-{n}", gap=None):
            html(_pair(names[id], f))
            st.button(
                plain(names[id]), key=f"pair-{n}", width="stretch", on_click=go,
                kwargs={"screen": "review", "submission": str(id)},
            )  # fmt: skip


def _pair(name: str, f: Finding) -> str:
    """The two places side by side, pair after pair."""
    sides = list(zip(f.evidences[::2], f.evidences[1::2], strict=False))
    body = "".join(
        f'<div class="beside"><div><i>{esc(a.file)} {esc(a.place)}</i>{esc(a.raw)}</div>'
        f"<div><i>{esc(b.file)} {esc(b.place)}</i>{esc(b.raw)}</div></div>"
        for a, b in sides[:6]
    )
    about = f"{severity_html(f.severity)}{rule_html(f.rule)} "
    return (
        f'<div class="card {f.severity}"><div class="top">{about}<b>{esc(name)}</b></div>'
        f'<div class="message">{esc(pick(f.message))}</div>{body}</div>'
    )
