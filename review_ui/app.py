"""The review screen: `hecha serve` runs this file with Streamlit.

What is shown stands in the URL (?screen=review&submission=3&finding=…) and in the database, so
that a refresh, a second tab or a link opens the same place.
"""

from __future__ import annotations

import os
import traceback

import streamlit as st

from extractor.storing.migrations import StoreError
from review_ui.screens import access, bring, compare, frame, keys, programmes, queue, review, upload
from review_ui.screens.frame import at, esc, go, html, open_store, pick, text, turn

SCREENS = ("queue", "upload", "review", "programmes", "import", "compare")


def main() -> None:
    st.set_page_config(
        page_title=text("Hecha review"), page_icon="✅", layout="wide",
        initial_sidebar_state="collapsed",
    )  # fmt: skip
    st.html(frame.STYLE)
    screen = at("screen") if at("screen") in SCREENS else "queue"
    access.remember()
    if not access.admitted():
        frame.show_told()
        return
    _bar(screen)
    frame.remember_reviewer()
    frame.show_told()
    try:
        with open_store() as store:
            if screen == "upload":
                upload.show()
            elif screen == "review":
                review.show(store)
            elif screen == "programmes":
                programmes.show(store)
            elif screen == "compare":
                compare.show(store)
            elif screen == "import":
                bring.show(store)
            else:
                queue.show(store)
    except StoreError as error:
        st.error(frame.plain(pick(error.message)))
    except Exception:  # Streamlit's own stops and reruns are no Exceptions
        if os.environ.get("HECHA_DEBUG") == "1":
            raise
        traceback.print_exc()
        st.error(text("This page could not be shown. Nothing that was stored is lost."))
        st.button(text("To the queue"), key="rescue", on_click=go, kwargs={"screen": "queue"})


def _bar(screen: str) -> None:
    names = {
        "queue": text("Applications"),
        "upload": text("Upload"),
        "programmes": text("Programmes"),
    }
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        brand = f"{esc(text('Hecha'))}<i>{esc(text('SME cluster review'))}</i>"
        html(f'<div class="brand">{brand}</div>', wide=False)
        here = "queue" if screen in ("review", "import", "compare") else screen
        for id, name in names.items():
            on = "on" if id == here else "off"
            st.button(
                name, key=f"nav-{on}-{id}", type="tertiary", on_click=go, kwargs={"screen": id}
            )
        with st.container(
            key="barright", horizontal=True, horizontal_alignment="right",
            vertical_alignment="center", gap="small",
        ):  # fmt: skip
            upload.show_progress()
            if access.way():
                access.leave_button()
            else:
                frame.ask_reviewer()
            keys.help_button()
            other = "en" if frame.language() == "zh" else "zh"
            st.button(
                "English" if other == "en" else "中文", key="lang", type="tertiary",
                on_click=turn, kwargs={"lang": other},
            )  # fmt: skip


main()
