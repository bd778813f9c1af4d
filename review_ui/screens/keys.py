"""The keys of the review screen, one place for all of them, and their list under `?`.

Streamlit's own shortcuts do the work; what they cannot do (the key `?`, Esc in a text field,
putting the cursor into one) is a few lines of script.
"""

from __future__ import annotations

import json

import streamlit as st

from review_ui.screens.frame import esc, html, run_script, text

NEXT, PREVIOUS, UNDECIDED = "J", "K", "U"
CONFIRM, DISMISS, ASK, NOTE = "A", "D", "Q", "N"
CORRECT, ZOOM, TURN, PAGE_ON, PAGE_BACK = "E", "Z", "T", "PageDown", "PageUp"
AFTER, BEFORE, QUEUE = "Shift+J", "Shift+K", "B"
TABS = {"findings": "F", "figures": "G", "support": "L", "unchecked": "V", "history": "H"}
OPERANDS = 9
"""The first nine places of a finding answer to 1 … 9."""

_SCRIPT = """<script>(() => {
if (window.hechaKeys) return; window.hechaKeys = true;
const typing = e => e && (e.isContentEditable || ['INPUT','TEXTAREA','SELECT'].includes(e.tagName));
addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.key === '?' && !typing(e.target)) {
    const help = document.querySelector('.st-key-help button');
    if (help) { e.preventDefault(); help.click(); }
  } else if (e.key === 'e' && !typing(e.target)) {
    const it = document.querySelector('.st-key-correct input, .st-key-correct textarea');
    if (it) { e.preventDefault(); it.focus(); if (it.select) it.select(); }
  } else if (e.key === 'Escape' && typing(e.target)) {
    e.target.blur();
    const away = document.querySelector('.st-key-cancel button'); if (away) away.click();
  }
}, true); })()</script>"""


def listen() -> None:
    """Once per page: `?` opens the list, Esc leaves a text field."""
    run_script(_SCRIPT, "keys")


def help_button() -> None:
    if st.button("?", key="help", help=text("Keys"), type="tertiary"):
        _listed()


def _listed() -> None:
    rows = (
        (f"{NEXT} / {PREVIOUS}", text("next, previous finding or figure")),
        (UNDECIDED, text("next one that is still open")),
        ("1 … 9", text("show the place of that number on the paper")),
        (CONFIRM, text("confirm the finding; a figure: it stands so on the paper")),
        (DISMISS, text("dismiss, with a reason")),
        (ASK, text("ask the applicant")),
        (NOTE, text("write a note")),
        (CORRECT, text("correct the figure")),
        ("Enter / Esc", text("save what was typed; leave it")),
        (ZOOM, text("enlarge the paper")),
        (TURN, text("turn the paper round")),
        ("PgDn / PgUp", text("turn the page")),
        ("F G L V H", text("findings, figures, papers and lists, unchecked, history")),
        ("⇧J / ⇧K", text("next, previous application")),
        (QUEUE, text("back to the list")),
        ("?", text("this list")),
    )

    @st.dialog(text("Keys"))
    def show() -> None:
        body = "".join(f"<tr><td><kbd>{esc(k)}</kbd></td><td>{esc(w)}</td></tr>" for k, w in rows)
        html(f'<table class="keys">{body}</table>')

    show()


def focus(selector: str, mark: str) -> None:
    """Puts the cursor into a field once; again only where `mark` has changed."""
    run_script(
        f"<script data-for={json.dumps(mark)}>setTimeout(() => {{"
        f"const it = document.querySelector({json.dumps(selector)});"
        "if (it) { it.focus(); if (it.select) it.select(); } }, 80)</script>",
        "focus",
    )
