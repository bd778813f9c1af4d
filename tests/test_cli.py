"""The commands as they are typed: options, exit statuses, what goes to stdout and to stderr."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.storing.store import Store
from review_ui import cli

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "samples" / "printed").glob("*/*.pdf"))
FAULTY = next(p for p in SAMPLES if "青州" in str(p))
CLEAN = next(p for p in SAMPLES if "诸城" in str(p))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HECHA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HECHA_LANG", "en")
    yield tmp_path / "home"
    logging.disable(logging.NOTSET)


@pytest.fixture
def hecha(capfd: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs a command in this process: status, stdout, stderr."""

    def run(*argv: object) -> tuple[int, str, str]:
        try:
            status = cli.main([str(a) for a in argv])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfd.readouterr()
        return status, out, err

    return run


def folder(tmp_path: Path, **files: Path | bytes) -> Path:
    """in/<submission>/<file>."""
    for name, content in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    return tmp_path / "in"


# ------------------------------------------------------------------ review


def test_review_prints_a_row_each(hecha, tmp_path: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    batch = folder(tmp_path, **{"甲/申请表.pdf": CLEAN, "乙/申请表.pdf": FAULTY})
    status, out, err = hecha("review", batch)
    heading, second, first = out.splitlines()
    assert status == 0 and heading.split()[:4] == ["submission", "programme", "errors", "warnings"]
    assert first.split()[:3] == ["甲", "weifang-2021", "0"]
    assert second.split()[0] == "乙" and int(second.split()[2]) > 0
    assert sorted(line.split()[1] for line in err.splitlines()) == ["乙", "甲"]
    assert (home / "hecha.db").exists()
    assert hecha("review", batch, "--strict")[0] == 1
    assert hecha("review", batch / "甲", "--strict")[0] == 0
    with Store(home / "hecha.db") as store:
        assert [s.name for s in store.list_submissions()] == ["乙", "甲"]


def test_review_as_json(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    batch = folder(tmp_path, **{"乙/申请表.pdf": FAULTY, "甲/申请表.pdf": CLEAN})
    status, out, _ = hecha("review", batch, "--json", "--db", tmp_path / "x.db", "--jobs", 2)
    first, second = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert (first["submission"], second["submission"]) == ("乙", "甲")
    assert first["path"] == f"{batch}/乙" and first["programme"] == "weifang-2021"
    assert first["files"][0]["role"] == "application_form" and first["files"][0]["kind"] == "pdf"
    assert first["figures"] and first["checks"] and first["findings"]
    assert (tmp_path / "x.db").exists()


def test_a_zip_is_kept_with_its_papers(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with zipfile.ZipFile(tmp_path / "甲.zip", "w") as archive:
        archive.write(CLEAN, "申请表.pdf")
    db = tmp_path / "x.db"
    status, out, _ = hecha("review", tmp_path / "甲.zip", "--json", "--db", db)
    made = json.loads(out)
    assert status == 0 and made["submission"] == "甲" and made["programme"] == "weifang-2021"
    with Store(db) as store:
        assert store.file_bytes(made["files"][0]["sha256"]) == CLEAN.read_bytes()


def test_of_two_versions_the_word_files_figures_count(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    [word] = (ROOT / "samples" / "applications" / CLEAN.parent.name).glob("*.docx")
    batch = folder(
        tmp_path,
        **{"甲/申请表.pdf": CLEAN, "甲/申请表.docx": word, "甲/附件/照片.jpg": b"\xff\xd8\xff"},
    )
    status, out, _ = hecha("review", batch, "--json")
    made = json.loads(out)
    roles = {f["file"]: f["role"] for f in made["files"]}
    assert status == 0 and roles == {
        "申请表.docx": "application_form",
        "申请表.pdf": "application_form",
        "附件/照片.jpg": "evidence",
    }
    assert {f["source"]["file"] for f in made["figures"]} == {"申请表.docx"}
    about = [(f["rule"], f["severity"]) for f in made["findings"] if f["rule"].startswith("file.")]
    assert about == [("file.unsupported", "notice")]


def test_one_bad_submission_is_listed_and_the_others_done(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    batch = folder(tmp_path, **{"坏/申请表.pdf": b"%PDF-1.4 nothing", "甲/申请表.pdf": CLEAN})
    (batch / "锁.zip").write_bytes(b"PK\x03\x04 cut off")
    status, out, err = hecha("review", batch)
    assert status == 3 and len(out.splitlines()) == 4
    listed = [line for line in err.splitlines() if "could not be processed" in line]
    assert len(listed) == 2 and "坏" in err and "锁" in err
    assert "Traceback" not in err


def test_an_unknown_programme_is_stored_with_one_finding(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("reportlab")
    from reportlab.pdfgen import canvas

    page = canvas.Canvas(str(tmp_path / "letter.pdf"))
    page.drawString(100, 700, "A letter about something else altogether")
    page.save()
    status, out, _ = hecha("review", tmp_path / "letter.pdf", "--json")
    made = json.loads(out)
    assert status == 0 and made["programme"] is None and made["checks"] == []
    assert [f["rule"] for f in made["findings"]] == ["file.programme-unknown"]


def test_the_programme_and_the_date_asked_for_count(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    db = tmp_path / "x.db"
    status, out, _ = hecha(
        "review", CLEAN, "--programme", "weifang-2021-growing", "--on", "2021-06-01", "--json",
        "--db", db,
    )  # fmt: skip
    assert status == 0 and json.loads(out)["programme"] == "weifang-2021-growing"
    with Store(db) as store:
        assert [s.on for s in store.list_submissions()] == ["2021-06-01"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "required"),
        (["review"], "PATH"),
        (["review", "nowhere"], "nowhere does not exist"),
        (["review", ".", "--jobs", "0"], "0 is not a whole number"),
        (["review", ".", "--programme", "no-such"], "no-such"),
        (["review", ".", "--on", "gestern"], "gestern"),
        (["review", ".", "--ocr", "maybe"], "maybe"),
        (["review", ".", "--worksheet", "no/such/folder/x.xlsx"], "no/such/folder"),
        (["read", "nowhere.pdf"], "nowhere.pdf does not exist"),
        (["read", "."], "folder"),
        (["worksheet", "--out", "x.xlsx", "--db", "nowhere.db"], "nowhere.db does not exist"),
        (["programmes", "show", "no-such"], "no-such"),
        (["programmes", "check", "nowhere.yaml"], "nowhere.yaml"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_is_one_line_and_2(hecha, argv, said, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    status, out, err = hecha(*argv)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1 and said in err


def test_an_empty_folder_is_told(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "空").mkdir()
    status, _, err = hecha("review", tmp_path / "空")
    assert status == 3 and "holds no documents" in err


def test_a_database_of_no_use_is_one_line(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "x.db").write_bytes(b"not a database, only text" * 100)
    status, out, err = hecha("review", CLEAN, "--db", tmp_path / "x.db")
    assert (status, out) == (3, "") and err.splitlines()[-1].endswith("is not a database")
    assert "Traceback" not in err


# ------------------------------------------------------------------ read, programmes


def test_read(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"")
    status, out, _ = hecha("read", CLEAN, bad, "--json")
    first, second = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert set(first) == {"schema", "file", "kind", "pages", "blocks", "marks", "problems"}
    assert {b["type"] for b in first["blocks"]} == {"paragraph", "table"}
    assert second["blocks"] == [] and second["problems"][0]["rule"] == "file.unreadable"
    assert hecha("read", bad, "--json")[0] == 3
    status, out, _ = hecha("read", CLEAN)
    assert status == 0 and "申请表.pdf" in out and " × " in out


def test_an_empty_document_is_read_all_the_same(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import docx

    docx.Document().save(str(tmp_path / "空.docx"))
    status, out, _ = hecha("read", tmp_path / "空.docx", "--json")
    assert status == 0 and json.loads(out)["problems"] == []
    status, out, _ = hecha("review", tmp_path / "空.docx", "--json")
    assert status == 0
    assert [f["rule"] for f in json.loads(out)["findings"]] == ["file.programme-unknown"]


def test_page_pictures(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = tmp_path / "x.docx"
    word.write_bytes(b"PK")
    status, _, err = hecha("read", CLEAN, word, "--png", tmp_path / "png")
    pictures = sorted(p.name for p in (tmp_path / "png").iterdir())
    assert status == 0 and pictures[0] == "申请表-p001.png"
    assert "x.docx: page pictures are made of PDFs and picture files only" in err


def test_page_pictures_of_a_scan(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from PIL import Image

    frames = [Image.new("RGB", (400, 300), "white"), Image.new("L", (300, 400), "white")]
    frames[0].save(tmp_path / "扫描.tif", save_all=True, append_images=frames[1:], dpi=(144, 144))
    hecha("read", tmp_path / "扫描.tif", "--png", tmp_path / "png")
    drawn = {p.name: Image.open(p).size for p in (tmp_path / "png").iterdir()}
    assert drawn == {"扫描-p001.png": (400, 300), "扫描-p002.png": (300, 400)}


def test_programmes(hecha) -> None:  # type: ignore[no-untyped-def]
    for argv in (["programmes"], ["programmes", "list"]):
        status, out, _ = hecha(*argv)
        assert status == 0 and any(line.startswith("weifang-2021 ") for line in out.splitlines())
    status, out, _ = hecha("programmes", "show", "shandong-2024")
    assert status == 0 and "criterion.output-floor" in out


def test_the_worksheet_command_names_unknown_submissions(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    db = tmp_path / "x.db"
    Store(db).close()
    argv = ["worksheet", "--db", db, "--out", tmp_path / "x.xlsx", "--submission", "无此名"]
    status, _, err = hecha(*argv)
    assert status == 2 and "无此名" in err


# ------------------------------------------------------------------ as a program of its own


def program(*argv: object, **more: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **dict(more.pop("env", {}))}  # type: ignore[call-overload]
    return subprocess.Popen(
        [sys.executable, "-m", "review_ui.cli", *map(str, argv)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=environment, **more,  # type: ignore[call-overload]
    )  # fmt: skip


def test_chinese_unless_asked_otherwise() -> None:
    out, err = program("review", "--help", env={"HECHA_LANG": ""}).communicate(timeout=30)
    assert "用法" in out and "选项" in out and "usage" not in out
    out, err = program("review", env={"HECHA_LANG": ""}).communicate(timeout=30)
    assert out == "" and "缺少参数" in err


def test_chinese_on_a_console_of_another_encoding(tmp_path: Path) -> None:
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "HECHA_LANG": ""}
    out, _ = program("programmes", env=environment).communicate(timeout=30)
    assert "潍坊市" in out


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    running = program("read", *[CLEAN] * 3, "--json")
    assert running.stdout is not None and running.stderr is not None
    running.stdout.read(10)
    running.stdout.close()
    assert running.wait(30) == 0
    assert running.stderr.read() == ""
    running.stderr.close()


def test_ctrl_c_says_what_is_stored(tmp_path: Path) -> None:
    import psutil

    for path in SAMPLES:
        target = tmp_path / "in" / path.parent.name
        target.mkdir(parents=True)
        shutil.copy(path, target)
    db = tmp_path / "x.db"
    running = program(
        "review", tmp_path / "in", "--db", db, "--jobs", 1, start_new_session=True
    )  # fmt: skip
    assert running.stderr is not None
    running.stderr.readline()
    workers = psutil.Process(running.pid).children()
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    with Store(db) as store:
        stored = len(store.list_submissions())
    assert running.returncode == 130 and 1 <= stored < len(SAMPLES)
    assert f"stopped; {stored} of {len(SAMPLES)} are stored" in err and "Traceback" not in err
    assert len(out.splitlines()) == stored + 1
    time.sleep(0.1)
    assert not [w for w in workers if w.is_running()]


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_of_ours_shows_its_trace_only_when_asked(tmp_path: Path, debug: str) -> None:
    script = (
        "import sys, review_ui.reviewing as r\n"
        "from review_ui.cli import main\n"
        "def broken(*a, **k): raise RuntimeError('inner')\n"
        "r.find_submissions = broken\n"
        "sys.exit(main(['review', '.']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "HECHA_DEBUG": debug},
    )  # fmt: skip
    assert ("Traceback" in done.stderr) is bool(debug)
    assert debug or (done.returncode == 3 and len(done.stderr.splitlines()) == 1)


def test_serve_answers_and_ends(tmp_path: Path) -> None:
    pytest.importorskip("streamlit")
    import socket
    import urllib.request

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = program("serve", "--port", port, "--db", tmp_path / "x.db")
    assert running.stdout is not None
    try:
        assert f"http://127.0.0.1:{port}" in running.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
            assert answer.status == 200
        taken = program("serve", "--port", port, "--db", tmp_path / "x.db")
        _, err = taken.communicate(timeout=30)
        assert taken.returncode == 2 and "is taken" in err
    finally:
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 0 and err == ""
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
