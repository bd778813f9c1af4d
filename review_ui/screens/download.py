"""What leaves the screen as a file, written when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from extractor.pipeline import today
from extractor.readers.zips import own_room
from extractor.storing.store import Store
from review_ui.letters.notices import Kind, notice
from review_ui.screens.frame import database, short_key, text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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


def report_button(ids: Sequence[int] | None) -> None:
    """The batch report of these submissions; None for all."""
    chosen = None if ids is None else list(ids)
    path = database()
    st.download_button(
        text("Batch report"),
        lambda: report(path, chosen),
        f"{text('batch report')}.xlsx",
        XLSX,
        key=f"report-{short_key(str(chosen))}",
        icon=":material/download:",
        on_click="ignore",
    )


def letters(id: int, name: str) -> None:
    """The two letters about one submission."""
    path = database()
    kinds: tuple[tuple[Kind, str], ...] = (
        ("correction", text("Correction notice (Word)")),
        ("opinion", text("Review opinion (Word)")),
    )
    for kind, label in kinds:
        st.download_button(
            label,
            lambda kind=kind: letter(path, id, kind),
            f"{name} {label}.docx",
            DOCX,
            key=f"letter-{kind}",
            icon=":material/download:",
            on_click="ignore",
        )


def make(path: Path, ids: Sequence[int] | None) -> bytes:
    """The worksheet's bytes."""
    from review_ui.worksheet.book import write_worksheet

    with own_room() as folder, Store(path) as store:
        out = folder / "worksheet.xlsx"
        write_worksheet(store, out, ids)
        return out.read_bytes()


def report(path: Path, ids: Sequence[int] | None) -> bytes:
    """The batch report's bytes."""
    from review_ui.letters.report import batch_report

    with Store(path) as store:
        return batch_report(store, ids)


def letter(path: Path, id: int, kind: Kind) -> bytes:
    """The letter's bytes, dated today."""
    with Store(path) as store:
        return notice(store.load_submission(id), kind, today())
