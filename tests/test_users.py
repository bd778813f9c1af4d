"""Who gets in: accounts, logins that end, and a screen that shows nothing to anybody else."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("streamlit")
from streamlit.testing.v1 import AppTest

from extractor.storing import desk as desks
from extractor.storing.store import Store
from review_ui import serving, users
from review_ui.cli import main
from review_ui.console import UsageError
from tests.test_desk import result
from tests.test_screen import APP, bodies, screen

PASSWORD = "一个很长的密码 with spaces"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("HECHA_DB", str(tmp_path / "hecha.db"))
    monkeypatch.setenv("HECHA_LANG", "zh")
    monkeypatch.setenv("HECHA_DEBUG", "1")
    monkeypatch.setattr(users, "_failed", {})
    with Store(tmp_path / "hecha.db") as opened:
        opened.save_result(result("示范集群", "criterion.area-limit"))
        users.add(opened, "审核员甲", PASSWORD, "reviewer")
        yield opened


def test_passwords_are_hashed_and_checked(store: Store) -> None:
    kept = store.desk.password_of("审核员甲")
    assert kept is not None and kept.startswith("$argon2id$") and PASSWORD not in kept
    assert users.log_in(store, "审核员甲", PASSWORD + "x") is None
    assert users.log_in(store, "没有此人", PASSWORD) is None
    token = users.log_in(store, " 审核员甲 ", PASSWORD)
    assert token is not None
    found = users.whose(store, token)
    assert found is not None and (found.name, found.role) == ("审核员甲", "reviewer")
    assert users.whose(store, token + "x") is None and users.whose(store, "") is None
    users.log_out(store, token)
    assert users.whose(store, token) is None


@pytest.mark.parametrize(
    ("waits", "known"),
    [
        ([1800.0, 1800.0, 1800.0], True),
        ([3601.0], False),
        ([3000.0] * 15, False),  # always awake, but half a day is over
    ],
)
def test_logins_end(
    store: Store, monkeypatch: pytest.MonkeyPatch, waits: list[float], known: bool
) -> None:
    now = [1e9]
    monkeypatch.setattr(desks.time, "time", lambda: now[0])
    token = users.log_in(store, "审核员甲", PASSWORD)
    assert token is not None
    for wait in waits:
        now[0] += wait
        found = users.whose(store, token)
    assert (found is not None) is known


def test_a_new_password_or_no_account_ends_the_logins(store: Store) -> None:
    token = users.log_in(store, "审核员甲", PASSWORD)
    assert token is not None
    users.add(store, "审核员甲", PASSWORD + "2", "lead")
    assert users.whose(store, token) is None
    token = users.log_in(store, "审核员甲", PASSWORD + "2")
    assert token is not None and store.desk.remove_account("审核员甲")
    assert users.whose(store, token) is None


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("甲", "short"), ("甲" * 41, PASSWORD)]
)
def test_accounts_that_are_none_are_refused(store: Store, name: str, password: str) -> None:
    with pytest.raises(UsageError):
        users.add(store, name, password, "reviewer")


def test_wrong_passwords_have_to_wait(store: Store) -> None:
    for _ in range(users.TRIES):
        assert not users.must_wait("审核员甲")
        users.log_in(store, "审核员甲", "wrong")
    assert users.must_wait("审核员甲") and not users.must_wait("审核员乙")


def test_the_command_line_keeps_accounts(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = ["--db", str(store.path)]
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert main(["users", "add", "审核员乙", "--role", "lead", *db]) == 0
    assert main(["users", "list", *db]) == 0
    assert "审核员乙  负责人" in capsys.readouterr().out
    assert users.log_in(store, "审核员乙", PASSWORD) is not None
    assert main(["users", "remove", "审核员乙", *db]) == 0
    assert main(["users", "remove", "审核员乙", *db]) == 2


@pytest.mark.parametrize(
    ("by", "password", "status"),
    [("审核员甲", PASSWORD, 0), ("审核员甲", "wrong password", 2), ("没有此人", PASSWORD, 2)],
)
def test_a_worksheet_is_taken_in_only_under_one_s_own_account(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str, password: str,
    status: int,
) -> None:  # fmt: skip
    from review_ui.worksheet.words import decision_words
    from tests.test_worksheet_import import decided, fill

    db, sheet = ["--db", str(store.path)], tmp_path / "sheet.xlsx"
    assert main(["worksheet", "--out", str(sheet), *db]) == 0
    fill(sheet, decided((2, decision_words()["confirm"], "属实")))
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    assert main(["worksheet", "--import", str(sheet), "--by", by, *db]) == status
    made = store.load_submission(1).findings[0].decision
    assert (made.who if made else None) == ("审核员甲" if status == 0 else None)


# ------------------------------------------------------------------ serving to others


def test_others_are_let_in_only_with_a_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    database = tmp_path / "data" / "hecha.db"
    with pytest.raises(UsageError):
        serving.serve(database, "0.0.0.0", 8599)
    assert serving._login(database, accounts=True) == ("accounts", [])
    place = database.parent / ".streamlit" / "secrets.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("[other]\nx = 1\n")
    assert users.oidc_files(database) == []
    place.write_text('[auth]\nredirect_uri = "https://x/oauth2callback"\ncookie_secret = "s"\n')
    assert users.oidc_files(database) == [place]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="authlib"):
        serving._login(database, accounts=True)


def logged_in() -> AppTest:
    app = screen(screen="review", submission="1")
    app.text_input(key="login-name").set_value("审核员甲")
    app.text_input(key="login-password").set_value(PASSWORD)
    return app.button(key="enter").click().run()


def test_nothing_is_shown_before_the_login(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HECHA_LOGIN", "accounts")
    app = screen(screen="review", submission="1")
    assert "示范集群" not in bodies(app) and "criterion" not in bodies(app)
    assert {b.key for b in app.button} == {"enter"}
    app.text_input(key="login-name").set_value("审核员甲")
    app.text_input(key="login-password").set_value("wrong password")
    app.button(key="enter").click().run()
    assert app.error and "示范集群" not in bodies(app)


def test_a_decision_carries_the_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HECHA_LOGIN", "accounts")
    app = logged_in()
    assert not app.exception and "示范集群" in bodies(app)
    assert not [t for t in app.text_input if t.key == "who"]  # nobody can be somebody else
    app.button(key="decide-confirm").click().run()
    made = store.load_submission(1).findings[0].decision
    assert made is not None and made.who == "审核员甲"
    app.button(key="leave").click().run()
    assert "示范集群" not in bodies(app)


def test_a_login_that_has_ended_decides_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from review_ui.screens import access

    monkeypatch.setenv("HECHA_LOGIN", "accounts")
    monkeypatch.setattr(access, "LOOK_AGAIN", 0.0)
    app = logged_in()
    store.desk.remove_account("审核员甲")
    app.button(key="decide-confirm").click().run()
    assert not store.load_submission(1).findings[0].decisions
    assert "示范集群" not in bodies(app)


# ------------------------------------------------------------------ the office's own login

AUTH = {
    "redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "s" * 40,
    "client_id": "hecha", "client_secret": "x",
    "server_metadata_url": "http://127.0.0.1:1/.well-known/openid-configuration",
}  # fmt: skip


def office(**user: object) -> AppTest:
    """The screen to somebody whom the office's directory has let in (or not)."""
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params.update({"screen": "review", "submission": "1"})
    app.secrets["auth"] = AUTH
    if user:
        app.user = {"is_logged_in": True, **user}
    return app.run()


@pytest.fixture
def oidc(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("HECHA_LOGIN", "oidc")
    return store


def test_nobody_gets_in_without_the_office_s_login(oidc: Store) -> None:
    app = office()
    assert not app.exception and "示范集群" not in bodies(app)
    assert [b.key for b in app.button] == ["enter"] and not app.text_input


def test_a_decision_carries_the_name_in_the_directory(oidc: Store) -> None:
    app = office(name="审核员丙", iat=time.time() - 60)
    assert not app.exception and "示范集群" in bodies(app)
    assert not [t for t in app.text_input if t.key == "who"]
    app.button(key="decide-confirm").click().run()
    made = oidc.load_submission(1).findings[0].decision
    assert made is not None and made.who == "审核员丙"


@pytest.mark.parametrize(
    "user",
    [
        {"name": "审核员丙", "iat": time.time() - users.LONGEST_SECONDS - 60},
        {"name": "审核员丙"},  # it does not say since when
        {"iat": time.time()},  # nor who it is
    ],
)
def test_an_office_login_ends_too(oidc: Store, user: dict[str, object]) -> None:
    app = office(**user)
    assert not app.exception and "示范集群" not in bodies(app)


def test_who_leads_is_told_by_the_account_of_that_name(oidc: Store) -> None:
    oidc.desk.assign(1, "take", "审核员乙")
    users.add(oidc, "组长", PASSWORD, "lead")

    def may_move(name: str) -> bool:
        app = office(name=name, iat=time.time())
        return any(b.key == "take" for b in app.button)

    assert may_move("组长") and not may_move("审核员丙")


def test_a_login_that_is_not_set_up_is_told_in_words(
    oidc: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from streamlit import user_info

    monkeypatch.setattr(user_info, "is_authlib_installed", lambda: False)
    app = office().button(key="enter").click().run()
    assert not app.exception
    assert any("Authlib" in e.value for e in app.error)
