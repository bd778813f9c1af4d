"""The store when things go wrong around it: backups, newer versions, full and locked disks."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.storing import backup as backups
from extractor.storing import migrations
from extractor.storing.backup import back_up, restore
from extractor.storing.migrations import STEPS, StoreError, StoreUnusable, connect
from extractor.storing.store import Store
from review_ui import cli
from tests.test_store import result

ROOT = Path(__file__).parents[1]
PAPER = b"the form as it was handed in"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store with one submission, a decision on it, and its paper."""
    home = tmp_path / "office"
    with Store(home / "hecha.db") as store:
        id = store.save_result(result({"申报表.docx": PAPER}, tmp_path), tool_version="1")
        [finding] = store.load_submission(id).findings
        store.add_decision(id, finding.key, "confirm", "张三", finding.fingerprint, "看过")
    return home


def decided(home: Path) -> list[tuple[str, str, str]]:
    with Store(home / "hecha.db") as store:
        return [
            (s.name, d.verdict, d.note)
            for s in store.list_submissions()
            for f in store.load_submission(s.id).findings
            for d in f.decisions
        ]


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.name.endswith(("-wal", "-shm"))
    }


# ------------------------------------------------------------------ backup and restore


def test_a_backup_brings_back_decisions_and_papers_elsewhere(home: Path, tmp_path: Path) -> None:
    made = back_up(home / "hecha.db", tmp_path / "b.hecha")
    assert (made.submissions, made.files, made.missing) == (1, 1, 0)
    told, kept = restore(tmp_path / "b.hecha", tmp_path / "new" / "hecha.db")
    assert (told, kept) == (made, None)
    assert decided(tmp_path / "new") == [("甲", "confirm", "看过")]
    with Store(tmp_path / "new" / "hecha.db") as store:
        [file] = store.load_submission(1).result.files
        assert store.file_bytes(file.sha256) == PAPER
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_a_backup_is_taken_while_another_writes(home: Path, tmp_path: Path) -> None:
    """What is not committed is not in it; the writer is not disturbed."""
    writer = sqlite3.connect(home / "hecha.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO events (at, what, detail) VALUES ('now', 'half', '')")
    back_up(home / "hecha.db", tmp_path / "b.hecha")
    writer.execute("COMMIT")
    writer.close()
    restore(tmp_path / "b.hecha", tmp_path / "new" / "hecha.db")
    with connect(tmp_path / "new" / "hecha.db") as db:
        assert not db.execute("SELECT 1 FROM events WHERE what = 'half'").fetchall()


def test_what_a_restore_replaces_is_kept_and_its_papers_stay(home: Path, tmp_path: Path) -> None:
    back_up(home / "hecha.db", tmp_path / "b.hecha")
    with Store(home / "hecha.db") as store:
        store.save_result(result({"x.docx": b"later"}, tmp_path, name="乙"))
    papers = everything(home / "files")
    _, kept = restore(tmp_path / "b.hecha", home / "hecha.db")
    assert [name for name, _, _ in decided(home)] == ["甲"]
    assert everything(home / "files") == papers
    assert kept is not None and kept.parent == home
    with Store(kept) as before:
        assert [s.name for s in before.list_submissions()] == ["乙", "甲"]


def test_a_restore_over_a_broken_database_keeps_it(home: Path, tmp_path: Path) -> None:
    back_up(home / "hecha.db", tmp_path / "b.hecha")
    for more in ("", "-wal", "-shm"):
        (home / f"hecha.db{more}").unlink(missing_ok=True)
    (home / "hecha.db").write_bytes(b"power was lost" * 500)
    _, kept = restore(tmp_path / "b.hecha", home / "hecha.db")
    assert decided(home) == [("甲", "confirm", "看过")]
    assert kept is not None and kept.read_bytes().startswith(b"power was lost")


def _flipped(path: Path, inside: bytes) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(inside) + 5] ^= 1
    path.write_bytes(bytes(data))


def _without_files(path: Path) -> None:
    with zipfile.ZipFile(path) as old:
        parts = {n: old.read(n) for n in old.namelist() if not n.startswith("files/")}
    _zipped(path, parts)


def _with_about(path: Path, **changes: object) -> None:
    with zipfile.ZipFile(path) as old:
        parts = {n: old.read(n) for n in old.namelist()}
    parts["backup.json"] = json.dumps(json.loads(parts["backup.json"]) | changes).encode()
    _zipped(path, parts)


def _zipped(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda b: b.write_bytes(b.read_bytes()[:-3000]), "no sound backup"),
        (lambda b: _flipped(b, PAPER), "no sound backup"),
        (lambda b: _flipped(b, b"SQLite format 3"), "no sound backup"),
        (_without_files, "no sound backup"),
        (lambda b: b.write_bytes(b"no zip"), "no sound backup"),
        (lambda b: _zipped(b, {"x": b""}), "no sound backup"),
        (lambda b: _with_about(b, version=99), "newer version"),
        (lambda b: _with_about(b, format=99), "newer version"),
        (lambda b: _with_about(b, surprise=1), "no sound backup"),
    ],
)  # fmt: skip
def test_a_broken_or_newer_backup_is_refused_and_changes_nothing(
    home: Path, tmp_path: Path, spoil, said: str
) -> None:  # type: ignore[no-untyped-def]
    back_up(home / "hecha.db", tmp_path / "b.hecha")
    spoil(tmp_path / "b.hecha")
    before = everything(home)
    with pytest.raises(StoreError, match=said):
        restore(tmp_path / "b.hecha", home / "hecha.db")
    assert everything(home) == before
    assert decided(home) == [("甲", "confirm", "看过")]


def test_an_older_backup_is_migrated_when_it_is_opened(home: Path, tmp_path: Path) -> None:
    """Kept as it came, beside what it became."""
    old = tmp_path / "old" / "hecha.db"
    old.parent.mkdir()
    with sqlite3.connect(old) as db:
        migrations.migrate(db, old, STEPS[:2])
    back_up(old, tmp_path / "b.hecha")
    restore(tmp_path / "b.hecha", home / "hecha.db")
    with Store(home / "hecha.db") as store:
        assert store.list_submissions() == []
    assert (home / "hecha.db.version-2").exists()


def test_nothing_is_written_over_what_is_no_backup(home: Path, tmp_path: Path) -> None:
    for target in (home / "hecha.db", tmp_path / "letter.docx"):
        if not target.exists():
            target.write_bytes(b"a letter")
        before = target.read_bytes()
        with pytest.raises(StoreError, match="no backup"):
            back_up(home / "hecha.db", target)
        assert target.read_bytes() == before
    back_up(home / "hecha.db", tmp_path / "b.hecha")
    back_up(home / "hecha.db", tmp_path / "b.hecha")  # last week's may be replaced


def test_a_restore_waits_for_no_writer_and_changes_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(home / "hecha.db", tmp_path / "b.hecha")
    for module in (backups, migrations):
        monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    writer = sqlite3.connect(home / "hecha.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    before = everything(home)
    with pytest.raises(StoreUnusable, match="in use by another program"):
        restore(tmp_path / "b.hecha", home / "hecha.db")
    writer.close()
    assert everything(home) == before


def test_the_commands(home: Path, tmp_path: Path, capsys, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HECHA_LANG", "en")
    db, file = ["--db", str(home / "hecha.db")], str(tmp_path / "b.hecha")
    assert cli.main(["backup", file, *db]) == 0
    assert cli.main(["restore", file, *db]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{file}: 1 submissions, 1 files", f"{home / 'hecha.db'}: 1 submissions, 1 files",
    ]  # fmt: skip
    assert "before-restore-" in err
    assert cli.main(["restore", str(tmp_path / "none"), *db]) == 2
    assert cli.main(["backup", file, "--db", str(tmp_path / "none.db")]) == 2
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert {"backup", "restore"} <= set(capsys.readouterr().out.split())


# ------------------------------------------------------------------ disks and locks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("no small disk may be made here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_keeps_nothing_by_halves(small_disk: Path, tmp_path: Path) -> None:
    with Store(small_disk / "hecha.db") as store:
        kept = store.save_result(result({"a.docx": b"small"}, tmp_path))
        with pytest.raises(StoreUnusable, match="disk is full"):
            store.save_result(result({"b.docx": os.urandom(2 << 20)}, tmp_path, name="乙"))
        assert [s.id for s in store.list_submissions()] == [kept]
    assert not list(small_disk.rglob(".new-*"))
    with (small_disk / "fill").open("wb", buffering=0) as fill, contextlib.suppress(OSError):
        while True:
            fill.write(bytes(4096))
    with pytest.raises(StoreUnusable, match="disk is full"):
        back_up(small_disk / "hecha.db", small_disk / "b.hecha")
    assert not (small_disk / "b.hecha").exists()
    assert [p for p in small_disk.iterdir() if p.name.startswith(".hecha-")] == []


FULL = """
import resource, sys
from pathlib import Path
from extractor.storing.migrations import StoreError
from extractor.storing.store import Store
from tests.test_store import result
home = Path(sys.argv[1])
with Store(home / "hecha.db") as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (220_000, resource.RLIM_INFINITY))
    for n in range(400):
        try:
            store.save_result(result({f"{n}.docx": str(n).encode()}, home, name=str(n)))
        except StoreError as error:
            print(n, error.message.en)
            break
"""


def test_a_database_that_may_not_grow_says_so_and_stays_whole(tmp_path: Path) -> None:
    """As on a disk that fills up in the middle of a batch, wherever SQLite meets it."""
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    stored, _, why = said.stdout.strip().partition(" ")
    assert "cannot be written" in why or "disk is full" in why
    with Store(tmp_path / "hecha.db") as store:
        assert len(store.list_submissions()) == int(stored) > 0
        assert store._db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_read_only_database_is_read_but_not_written(home: Path, tmp_path: Path) -> None:
    with Store(home / "hecha.db") as store:
        store._db.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreUnusable, match="cannot be written"):
            store.log("x")
        assert len(store.list_submissions()) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes another user")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    shut = Path("/tmp") / f"hecha-shut-{os.getpid()}"
    shut.mkdir(mode=0o555)
    try:
        os.seteuid(65534)
        for path in (shut / "hecha.db", shut / "sub" / "hecha.db"):
            with pytest.raises(StoreUnusable, match="cannot be opened"):
                Store(path)
    finally:
        os.seteuid(0)
        shut.rmdir()


def test_a_locked_database_is_named_and_nothing_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "BUSY_SECONDS", 0.1)
    writer = sqlite3.connect(home / "hecha.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    refused = pytest.raises(StoreUnusable, match="in use by another program")
    with Store(home / "hecha.db") as store, refused:
        store.save_result(result({"x.docx": b"x"}, tmp_path, name="乙"))
    writer.close()
    assert [name for name, _, _ in decided(home)] == ["甲"]


def test_a_newer_database_is_refused_by_every_command(  # type: ignore[no-untyped-def]
    home: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setenv("HECHA_LANG", "en")
    with sqlite3.connect(home / "hecha.db") as db:
        db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    db.close()
    before = everything(home)
    for command in (
        ["worksheet", "--out", str(tmp_path / "x.xlsx")], ["backup", str(tmp_path / "b")],
        ["report", "--out", str(tmp_path / "r.xlsx")], ["review", str(ROOT / "samples/blank")],
    ):  # fmt: skip
        assert cli.main([*command, "--db", str(home / "hecha.db")]) == 3
        assert "newer version of hecha" in capsys.readouterr().err
    assert everything(home) == before
