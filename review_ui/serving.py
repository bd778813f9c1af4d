"""`hecha serve` and `hecha demo`: the screen in a process of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import webbrowser
from importlib.resources import as_file, files
from pathlib import Path

from models.wording import text
from review_ui.console import DONE, FAILED, UsageError

LOCAL = ("127.0.0.1", "localhost", "::1")


def serve(database: Path, host: str, port: int, inbox: Path | None = None) -> int:
    """Runs the screen until Ctrl-C. Nothing is sent anywhere; only `host` can open it.

    Another host than this computer needs a login: accounts, or an OIDC provider in
    .streamlit/secrets.toml beside the database or in the user's home.
    """
    from extractor.storing.store import Store

    with Store(database) as store:  # a database of no use is told here, not on the screen
        accounts = bool(store.desk.accounts())
    if inbox is not None and not inbox.is_dir():
        raise UsageError(text("{path} does not exist", path=inbox))
    login, secrets = ("", []) if host in LOCAL else _login(database, accounts)
    if _answers(host, port):
        raise UsageError(text("port {port} is taken; name another with --port", port=port))
    debug = os.environ.get("HECHA_DEBUG") == "1"
    screen = Path(__file__).parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(screen)]
    settings = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "global.developmentMode": "false",
        "runner.magicEnabled": "false",
        "runner.postScriptGC": "false",  # Python collects by itself; every key would pay for it
        "logger.level": "debug" if debug else "error",
    }
    for name, value in settings.items():
        command += [f"--{name}", str(value)]
    for path in secrets:
        command += ["--secrets.files", str(path)]
    # HECHA_HOME also leads the pages that open the store by default_path
    root = str(screen.parent.parent)  # a checkout that is not installed
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = {
        **os.environ,
        "HECHA_DB": str(database.absolute()),
        "HECHA_LOGIN": login,
        "PYTHONPATH": os.pathsep.join(paths),
    }
    if inbox is not None:
        environment["HECHA_INBOX"] = str(inbox.absolute())
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=screen.parent,
        stdout=None if debug else subprocess.DEVNULL,
    )
    try:
        address = f"http://{_spoken(host)}:{port}"
        while not _answers(host, port):
            if process.poll() is not None:
                print(f"hecha: {text('the screen could not be started')}", file=sys.stderr)
                return FAILED
            time.sleep(0.1)
        print(text("the screen is at {address} (Ctrl-C ends it)", address=address), flush=True)
        if sys.stdout.isatty() and _has_desktop():
            webbrowser.open(address)
        process.wait()
        return DONE if process.returncode in (0, -2) else FAILED
    except KeyboardInterrupt:
        return DONE
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()


def _login(database: Path, accounts: bool) -> tuple[str, list[Path]]:
    """How people log in where others can reach the screen. Raises UsageError where they cannot."""
    from importlib.util import find_spec

    from review_ui.users import oidc_files

    if found := oidc_files(database):
        if find_spec("authlib") is None:
            raise UsageError(text("the office's login needs the package authlib"))
        return "oidc", found
    if accounts:
        return "accounts", []
    raise UsageError(
        text("others could open it: add accounts first (hecha users add NAME), or serve 127.0.0.1")
    )


def demo(version: str, serving: bool) -> int:
    """Reviews the bundled samples into a fresh database and writes their worksheet."""
    from extractor.storing.store import default_path
    from review_ui.reviewing import review_paths

    home = default_path().parent / "demo"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    database, worksheet = home / "hecha.db", home / "worksheet.xlsx"
    with as_file(files("samples") / "applications") as folder:
        samples = sorted(str(p) for p in folder.iterdir()) if folder.is_dir() else []
        if not samples:
            raise UsageError(text("no samples come with this installation"))
        jobs = min(4, os.cpu_count() or 1)
        status = review_paths(samples, database, jobs=jobs, worksheet=worksheet, version=version)
    print(text("database: {path}", path=database))
    print(text("worksheet: {path}", path=worksheet), flush=True)
    return serve(database, "127.0.0.1", _free_port(8501)) if serving else status


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_spoken(host), port), timeout=0.5):
            return True
    except OSError:
        return False


def _spoken(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host


def _free_port(port: int) -> int:
    while _answers("127.0.0.1", port):
        port += 1
    return port


def _has_desktop() -> bool:
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
