"""Numbered places on the papers: a click or its number shows one in the pane at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from models.types import Evidence
from review_ui.screens import keys
from review_ui.screens.frame import esc, html, number_at, place_name, plain, text, turn

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A place, what stands there in words, and (else the words of the paper) what to say of it."""

    evidence: Evidence
    name: str
    said: str = ""


def rows(places: Sequence[Place], several_files: bool = True) -> None:
    """One row for each place; the one the URL names (e) is marked."""
    chosen = min(number_at("e"), len(places) - 1)
    with st.container(key="evidences", gap="small"):
        for n, place in enumerate(places[:SHOWN]):
            said = place.said or " ".join(place.evidence.raw.split())[:40]
            where = where_name(place.evidence, several_files)
            with st.container(key=f"card-evidence-{n}", gap=None):
                html(
                    f'<div class="evidence{" chosen" if n == chosen else ""}"><b>{n + 1}</b>'
                    f"<span>{esc(place.name)}</span><strong>{esc(said)}</strong>"
                    f'<i title="{esc(where)}">{esc(where)}</i></div>'
                )
                st.button(
                    plain(f"{n + 1} {where}"), key=f"evidence-{n}", width="stretch",
                    shortcut=str(n + 1) if n < keys.OPERANDS else None,
                    on_click=turn, kwargs={"e": str(n), "page": "", "file": ""},
                )  # fmt: skip
        if len(places) > SHOWN:
            more = text("and {n} more places", n=len(places) - SHOWN)
            html(f'<p class="hint">{esc(more)}</p>')


def where_name(e: Evidence, several_files: bool) -> str:
    """第2页 表2 行5 列4, with the file's name where there are several."""
    place = place_name(e.place) or (text("page {n}", n=e.page) if e.page else text("the file"))
    return f"{e.file.rsplit('/', 1)[-1]} {place}" if several_files else place
