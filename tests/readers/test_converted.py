"""Old Word formats through LibreOffice: the same answers, one problem where it is of no use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.pipeline import review_file
from extractor.readers import converted
from extractor.readers.converted import office, read_converted
from extractor.readers.opening import LIMITS
from extractor.readers.reading import read_file
from samples.make import HERE
from tests.readers.build import docx, p

FORM = sorted((HERE / "applications").glob("*/*.docx"))[3]
needs_office = pytest.mark.skipif(office() is None, reason="no LibreOffice here")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="scripts with #!")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory):
    """The sample in an old format, made by LibreOffice."""
    room = tmp_path_factory.mktemp("old")

    def made(suffix: str) -> Path:
        shutil.copyfile(FORM, room / "form.docx")
        subprocess.run(
            [str(office()), f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless",
             "--convert-to", suffix, "--outdir", str(room), str(room / "form.docx")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return room / f"form.{suffix}"

    return made


def said(path: Path) -> tuple[object, object]:
    result = review_file(path, on="2026-01-01")
    figures = {(f["field"], f["period"]): (f["state"], f["value"]) for f in result["figures"]}
    ticks = {t["field"]: [(o["text"], o["ticked"]) for o in t["options"]] for t in result["ticks"]}
    return figures, ticks


@needs_office
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt"])
def test_an_old_format_says_what_the_docx_says(old, suffix: str) -> None:
    path = old(suffix)
    assert said(path) == said(FORM)
    document = read_file(path, "申报表.wps" if suffix == "doc" else path.name)
    assert document.kind == "doc" and document.readable and len(document.sha256) == 64
    assert [(p.rule, p.severity) for p in document.problems] == [("file.unsupported", "notice")]


@needs_office
def test_a_broken_old_file_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "-申报表.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 9)
    document = read_file(path, path.name)
    assert len(document.problems) == 1 and document.problems[0].rule.startswith("file.")
    assert not document.readable and document.problems[0].severity == "error"


def rtf(tmp_path: Path) -> Path:
    (tmp_path / "申报表.rtf").write_bytes(b"{\\rtf1\\ansi 38.20}")
    return tmp_path / "申报表.rtf"


def test_without_libreoffice_one_problem_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(converted.Path, "is_file", lambda path: False)
    document = read_converted(rtf(tmp_path), "申报表.rtf")
    assert [p.rule for p in document.problems] == ["file.unsupported"] and not document.blocks
    assert "LibreOffice" in document.problems[0].message.zh
    assert ".docx" in document.problems[0].message.zh


def fake(tmp_path: Path, monkeypatch, script: str) -> None:
    """A soffice of our own in front of any other."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


@needs_posix
def test_a_libreoffice_that_hangs_is_killed_with_what_it_started(tmp_path, monkeypatch) -> None:
    fake(tmp_path, monkeypatch, f"sleep 97 &\necho $! > {tmp_path}/child\nsleep 97")
    monkeypatch.setattr(converted, "LIMITS", replace(LIMITS, conversion_seconds=0.5))
    began = time.monotonic()
    document = read_converted(rtf(tmp_path), "申报表.rtf")
    assert time.monotonic() - began < 10
    assert [p.rule for p in document.problems] == ["file.unreadable"]
    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    if Path("/proc/self").exists():
        time.sleep(0.2)
        assert not state.exists() or ") Z " in state.read_text()


@needs_posix
def test_a_libreoffice_that_makes_nothing_is_one_problem(tmp_path, monkeypatch) -> None:
    fake(tmp_path, monkeypatch, "exit 1")
    document = read_converted(rtf(tmp_path), "申报表.rtf")
    assert [p.rule for p in document.problems] == ["file.damaged"]


def test_what_is_no_old_file_is_not_handed_over(tmp_path: Path) -> None:
    document = read_converted(docx(tmp_path / "a.docx", p("甲")), "a.docx")
    assert [p.rule for p in document.problems] == ["file.unsupported"]
