"""The worksheet as a download, written when it is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from extractor.store import Store
from review_ui.screens.frame import database, short_key, text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def worksheet_button(ids: Sequence[int] | None, name: str = "") -> None:
    """`ids` are the submissions in it; None for all."""
    chosen = None if ids is None else list(ids)
    path = database()
    st.download_button(
        text("Worksheet (Excel)"),
        lambda: make(path, chosen),
        f"{name or text('worksheet')}.xlsx",
        XLSX,
        key=f"worksheet-{short_key(str(chosen))}",
        icon=":material/download:",
        on_click="ignore",
    )


def make(path: Path, ids: Sequence[int] | None) -> bytes:
    """The worksheet's bytes."""
    from review_ui.worksheet import write_worksheet

    with tempfile.TemporaryDirectory(prefix="hecha-") as folder, Store(path) as store:
        out = Path(folder) / "worksheet.xlsx"
        write_worksheet(store, out, ids)
        return out.read_bytes()
