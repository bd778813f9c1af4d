"""Accounts of this installation: names, hashed passwords (argon2), roles; and their logins.

The passwords are asked for at the terminal or come from standard input, never from an argument.
"""

from __future__ import annotations

import getpass
import hashlib
import secrets
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.wording import text
from review_ui.console import UsageError, table

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from extractor.storing.desk import Account, Role
    from extractor.storing.store import Store

SHORTEST = 8
LONGEST = 200
IDLE_SECONDS = 60 * 60.0
LONGEST_SECONDS = 12 * 60 * 60.0
TRIES, TRIES_SECONDS = 5, 300.0
"""So many wrong passwords for a name within so long, and it has to wait."""

_failed: dict[str, list[float]] = {}


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """What the password of an unknown name is held against, so that it takes as long."""
    return _hasher().hash(secrets.token_urlsafe(16))


def add(store: Store, name: str, password: str, role: Role) -> None:
    """Adds the account, or gives it a new password and role. Raises UsageError where the name is
    empty or the password too short."""
    name = " ".join(name.split())
    if not name or len(name) > 40:
        raise UsageError(text("a name has 1 to 40 characters"))
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(text("a password has at least {n} characters", n=SHORTEST))
    store.desk.put_account(name, _hasher().hash(password), role)


def log_in(store: Store, name: str, password: str) -> str | None:
    """A token for the browser, or None where name and password do not belong together."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    name = " ".join(name.split())
    known = store.desk.password_of(name)
    try:
        _hasher().verify(known or _nobody(), password[: LONGEST + 1])
    except (Argon2Error, InvalidHashError):
        known = None
    if known is None:
        _failed.setdefault(name, []).append(time.monotonic())
        return None
    _failed.pop(name, None)
    token = secrets.token_urlsafe(32)
    store.desk.begin_login(_hash(token), name)
    return token


def must_wait(name: str) -> bool:
    """Whether too many wrong passwords were typed for this name of late."""
    now = time.monotonic()
    recent = [t for t in _failed.get(" ".join(name.split()), []) if now - t < TRIES_SECONDS]
    return len(recent) >= TRIES


def whose(store: Store, token: str) -> Account | None:
    """The account of a token; None once it was idle for an hour, or is of half a day ago."""
    return store.desk.login(_hash(token), IDLE_SECONDS, LONGEST_SECONDS) if token else None


def log_out(store: Store, token: str) -> None:
    store.desk.end_login(_hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ------------------------------------------------------------------ the office's own login


def oidc_files(database: Path) -> list[Path]:
    """The secrets files that name an OIDC provider for st.login."""
    places = (database.parent, Path.home())
    return [p for p in (f / ".streamlit" / "secrets.toml" for f in places) if _has_auth(p)]


def _has_auth(path: Path) -> bool:
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    auth = data.get("auth")
    return isinstance(auth, dict) and "cookie_secret" in auth and "redirect_uri" in auth


# ------------------------------------------------------------------ hecha users


def add_from_terminal(database: Path, name: str, role: Role) -> str:
    """Asks for the password (twice at a terminal, a line of standard input else); what was done."""
    from extractor.storing.store import Store

    password = _typed()
    if sys.stdin.isatty() and getpass.getpass(text("the same again:") + " ") != password:
        raise UsageError(text("the two passwords differ"))
    with Store(database) as store:
        add(store, name, password, role)
    return text("{name} can log in", name=name)


def _typed() -> str:
    """A password: asked for at a terminal, else a line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(text("password:") + " ")
    return sys.stdin.readline().rstrip("\r\n")


def vouched(store: Store, name: str) -> str:
    """The name a decision made at the command line carries: where there are accounts, one of
    theirs, whose password is asked for. Raises UsageError where it is not theirs."""
    if not store.desk.accounts():
        return name
    token = log_in(store, name, _typed()) if store.desk.password_of(name) else None
    if token is None:
        raise UsageError(text("{name} could not log in; name an account with --by", name=name))
    log_out(store, token)
    return name


def listed(database: Path) -> str:
    """The accounts, a line each."""
    from extractor.storing.store import Store

    with Store(database) as store:
        accounts = store.desk.accounts()
    words = {"reviewer": text("reviewer"), "lead": text("lead")}
    rows = [[a.name, words.get(a.role, a.role), a.at[:16].replace("T", " ")] for a in accounts]
    return table(rows) if rows else text("there are no accounts")


def remove(database: Path, name: str) -> str:
    """Raises UsageError where there is no such account."""
    from extractor.storing.store import Store

    with Store(database) as store:
        if not store.desk.remove_account(name):
            raise UsageError(text("there is no account {name}", name=name))
    return text("{name} can no longer log in; the decisions made stay", name=name)
