"""Who may use the screen: everybody on this computer, else those with an account or the office's
own login (OIDC through st.login)."""

from __future__ import annotations

import json
import os
import time

import streamlit as st

from extractor.storing.desk import Account
from review_ui import users
from review_ui.screens.frame import html, open_store, run_script, tell, text

COOKIE = "hecha_login"
LOOK_AGAIN = 15.0
"""Seconds after which a login is looked up again; one that has ended is noticed so soon."""


def way() -> str:
    """'' (no login), accounts or oidc, as `hecha serve` was started."""
    return os.environ.get("HECHA_LOGIN", "")


def account() -> Account | None:
    """Whose login this is; None where nobody is logged in (any more)."""
    if way() == "oidc":
        return _oidc_account()
    known = st.session_state.get("account")
    if known is not None and time.monotonic() - known[1] < LOOK_AGAIN:
        return known[0]  # type: ignore[no-any-return]
    token = _token()
    with open_store() as store:
        found = users.whose(store, token)
    st.session_state["account"] = (found, time.monotonic()) if found is not None else None
    return found


def admitted() -> bool:
    """Whether the screen may be shown; else the login is drawn instead."""
    if not way():
        return True
    if (found := account()) is not None:
        st.session_state["who"] = found.name
        return True
    st.session_state.pop("who", None)
    if way() == "oidc":
        _oidc_form()
    else:
        _form()
    return False


def leads() -> bool:
    """Whether this person may move what is on other people's desks."""
    if not way():
        return True
    found = account()
    return found is not None and found.role == "lead"


def leave_button() -> None:
    """The name of the one who is logged in, and the way out."""
    found = account()
    if found is None:
        return
    with st.popover(found.name, key="me"):
        st.button(text("Log out"), key="leave", on_click=_leave)


def remember() -> None:
    """Gives the browser the token of a login just made, or takes it away."""
    if "token-news" not in st.session_state:
        return
    token = st.session_state.pop("token-news")
    age = int(users.LONGEST_SECONDS) if token else 0
    cookie = f"{COOKIE}={token}; path=/; max-age={age}; SameSite=Strict"
    secure = "(location.protocol === 'https:' ? '; Secure' : '')"
    run_script(f"<script>document.cookie = {json.dumps(cookie)} + {secure}</script>", "login")


def _token() -> str:
    if "token" in st.session_state:
        return str(st.session_state["token"])
    cookie = st.context.cookies.get(COOKIE, "")
    return cookie if isinstance(cookie, str) else ""


def _form() -> None:
    with st.container(key="login", horizontal_alignment="center"), st.form("login", width=340):
        html(f"<h2>{text('Log in')}</h2>")
        st.text_input(text("Name"), key="login-name", max_chars=40, autocomplete="username")
        st.text_input(
            text("Password"), key="login-password", type="password",
            autocomplete="current-password",
        )  # fmt: skip
        st.form_submit_button(text("Log in"), type="primary", key="enter", on_click=_enter)


def _enter() -> None:
    name = str(st.session_state.get("login-name", ""))
    password = str(st.session_state.pop("login-password", ""))
    if users.must_wait(name):
        tell(text("Too many wrong passwords; try again in some minutes."), "wrong")
        return
    with open_store() as store:
        token = users.log_in(store, name, password)
    if token is None:
        tell(text("Name and password do not belong together."), "wrong")
        return
    st.session_state["token"] = st.session_state["token-news"] = token
    st.session_state.pop("account", None)


def _leave() -> None:
    if way() == "oidc":
        st.logout()
        return
    with open_store() as store:
        users.log_out(store, _token())
    st.session_state["token"] = st.session_state["token-news"] = ""
    st.session_state.pop("account", None)


# ------------------------------------------------------------------ the office's own login


def _oidc_account() -> Account | None:
    """Named as the office's directory names the person; a lead where an account here says so."""
    if not st.user.get("is_logged_in"):
        return None
    began = st.user.get("iat")  # every ID token says when it was given; the cookie lasts for weeks
    if not isinstance(began, int | float) or time.time() - began > users.LONGEST_SECONDS:
        return None
    name = str(st.user.get("name") or st.user.get("email") or st.user.get("sub") or "")[:40]
    with open_store() as store:
        known = next((a for a in store.desk.accounts() if a.name == name), None)
    return known or (Account(name, "reviewer", "") if name else None)


def _oidc_form() -> None:
    with st.container(key="login", horizontal_alignment="center"):
        html(f"<h2>{text('Log in')}</h2>")
        st.button(text("Log in with the office's account"), key="enter", type="primary",
                  on_click=_to_the_office)  # fmt: skip


def _to_the_office() -> None:
    from streamlit.errors import StreamlitAuthError

    try:
        st.login()
    except StreamlitAuthError as error:
        why = " ".join(str(error).split())
        tell(text("The office's login is not set up rightly: {why}", why=why), "wrong")
