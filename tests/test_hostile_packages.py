"""Packages that strangers hand in: names, links, pipes, lying lists, files that change, bombs.

Whatever lies beside it, the sound form is read in full, and each odd file is read or named.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractor import pipeline
from extractor.output import Result
from extractor.pipeline import Options, read_all, review_all, review_submission
from extractor.readers import reading, zips
from extractor.readers.losses import unreached
from extractor.readers.opening import LIMITS, digest
from extractor.readers.pdf.reader import PdfLimits, read_pdf
from extractor.readers.reading import read_file
from extractor.readers.zips import SourceFile
from extractor.storing.store import Store
from extractor.submission import dossier
from extractor.submission.package import Submission, find_submissions
from extractor.workers import WorkLimits
from models.types import Document, Finding
from models.wording import Bilingual
from review_ui import cli
from review_ui.letters.notices import notice
from tests.readers.build import docx, p, tbl, tr
from tests.readers.pdf_build import raw, stream
from tests.test_notices import stored, words

ROOT = Path(__file__).parents[1]
FORM = next((ROOT / "samples/applications").glob("诸城*/*.docx"))
OPTIONS = Options(on="2022-06-01", ocr="off")
posix = pytest.mark.skipif(sys.platform == "win32", reason="of POSIX systems")


@pytest.fixture(scope="module")
def figures() -> list[tuple[str, str | None, object]]:
    """What the sound form says where nothing lies beside it."""
    document = read_file(FORM, FORM.name)
    assert document.readable
    room = Path("/nonexistent")
    [submission] = find_submissions([FORM], room)
    return said(review_submission(submission, OPTIONS, room))


def said(result: Result) -> list[tuple[str, str | None, object]]:
    assert result.application is not None
    return [(a.field, a.period, a.value) for a in result.application.answers]


def package(tmp_path: Path, form: str = "申请表.docx") -> Path:
    folder = tmp_path / "某集群"
    folder.mkdir()
    shutil.copy(FORM, folder / form)
    return folder


def reviewed(path: Path, tmp_path: Path) -> Result:
    [submission] = find_submissions([path], tmp_path / "room")
    return review_submission(submission, OPTIONS, tmp_path / "room")


def file_rules(result: Result) -> dict[str, str]:
    return {f.evidences[0].file: f.rule for f in result.findings
            if f.rule.startswith("file.") and f.evidences}  # fmt: skip


# ------------------------------------------------------------------ names

NAMES = {
    "line end": "附\n件.txt", "escape": "\x1b[2J\x1b[31m红.txt", "bell": "\x07.txt",
    "right to left": "清单\u202extcod.txt", "emoji": "👨‍👩‍👧🏭.txt", "long": "长" * 80 + ".txt",
    "dash": "-rf --help.txt", "markup": "[red]<b>*x*.txt", "formula": "=1+1.txt",
    "template": "{{7*7}}.txt", "quotes": "';DROP TABLE runs;--.txt", "percent": "%s%n%00.txt",
    "blank": "   .txt",
}  # fmt: skip


@posix
def test_odd_names_are_told_harmlessly(  # type: ignore[no-untyped-def]
    tmp_path: Path, figures, capfd, monkeypatch
) -> None:
    monkeypatch.setenv("HECHA_LANG", "en")
    folder = package(tmp_path)
    for name in NAMES.values():
        (folder / name).write_text("正文", encoding="utf-8")
    for raw_name in ("清单".encode("gbk") + b".txt", b"\xff\xfe\x81.txt"):
        with open(os.fsencode(folder) + b"/" + raw_name, "wb") as file:
            file.write(b"x")
    db = str(tmp_path / "x.db")
    usual = ["--db", db, "--on", "2022-06-01", "--ocr", "off", "--jobs", "1"]
    assert cli.main(["review", str(folder), *usual, "--json"]) == 0
    out, err = capfd.readouterr()
    [line] = out.splitlines()
    made = json.loads(line)
    assert len(made["files"]) == 1 + len(NAMES) + 2
    assert {"清单.txt", "附件.txt", "清单xtcod.txt", "红.txt".join(["[2J[31m", ""])} <= {
        f["file"] for f in made["files"]
    }
    assert len([f for f in made["figures"] if f["state"] == "given"]) == len(
        [1 for *_, value in figures if value is not None and not isinstance(value, str)]
    )
    for text in (out, err):
        assert not {c for c in text if ord(c) < 32 and c != "\n"} and "\u202e" not in text
    with Store(db) as store:
        assert len(store.load_submission(1).result.files) == 1 + len(NAMES) + 2


@posix
def test_a_folder_whose_name_is_no_text_is_stored_once(tmp_path: Path, capfd) -> None:  # type: ignore[no-untyped-def]
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "某集群".encode("gbk")))
    folder.mkdir()
    (folder / "a.txt").write_text("x", encoding="utf-8")
    usual = ["--db", str(tmp_path / "x.db"), "--on", "2022-06-01", "--jobs", "1"]
    for _ in range(2):
        assert cli.main(["review", str(folder), *usual]) == 0
    capfd.readouterr()
    with Store(tmp_path / "x.db") as store:
        assert [s.name for s in store.list_submissions()] == ["某集群"]


def test_a_name_in_a_zip_may_be_as_long_or_deep_as_it_likes(tmp_path: Path, figures) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "某集群.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(FORM, "申请表.docx")
        archive.writestr("长" * 300 + ".txt", "x")
        archive.writestr("/".join(["层"] * 1200) + "/深.txt", "x")
        archive.writestr("文" * 20_000, "x")
    result = reviewed(path, tmp_path)
    assert said(result) == figures and len(result.files) == 4
    assert all(f.read for f in result.files)


# ------------------------------------------------------------------ what is no file


@posix
def test_links_out_pipes_and_sockets_are_named_and_left(tmp_path: Path, figures) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret", encoding="utf-8")
    folder = package(tmp_path)
    links = {
        "秘密.txt": tmp_path / "outside" / "secret.txt", "外面": tmp_path / "outside",
        "根": Path("/"), "零.docx": Path("/dev/zero"), "无.pdf": tmp_path / "nowhere",
    }  # fmt: skip
    for name, target in links.items():
        os.symlink(target, folder / name)
    os.symlink(folder, folder / "自己")
    os.mkfifo(folder / "证明.pdf")
    os.chdir(folder)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("套接字.docx")
        result = reviewed(folder, tmp_path)
    os.chdir(ROOT)
    assert said(result) == figures
    assert [f.name for f in result.files] == ["申请表.docx"]
    odd = {*links, "证明.pdf", "套接字.docx"}
    assert {
        name: rule for name, rule in file_rules(result).items() if name in odd
    } == dict.fromkeys(odd, "file.unsupported")


@posix
def test_a_link_does_not_make_a_batch_one_submission(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / "批" / name).mkdir(parents=True)
        (tmp_path / "批" / name / "a.txt").write_text("x", encoding="utf-8")
    os.symlink("/", tmp_path / "批" / "丙")
    found = find_submissions([tmp_path / "批"], tmp_path / "room")
    assert {s.name: len(s.files) for s in found} == {"甲": 1, "乙": 1, "丙": 0}


@posix
def test_a_pipe_is_never_opened_even_where_it_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.docx")
    [document] = read_all([(tmp_path / "a.docx", "a.docx")])
    assert [q.rule for q in document.problems] == ["file.unsupported"]
    assert digest(tmp_path / "a.docx") == ""
    [submission] = find_submissions([tmp_path / "a.docx"], tmp_path / "room")
    assert review_submission(submission, OPTIONS, tmp_path).processed is False


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes another user")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    docx(tmp_path / "a.docx", p("甲"))
    (tmp_path / "a.docx").chmod(0)
    read_file(tmp_path / "a.docx", "warm.docx")  # its modules are loaded while they may be
    try:
        os.seteuid(65534)
        document = read_file(tmp_path / "a.docx", "a.docx")
    finally:
        os.seteuid(0)
    assert [q.rule for q in document.problems] == ["file.unreadable"]


# ------------------------------------------------------------------ zips that lie


def test_names_that_are_falsely_called_utf_8(tmp_path: Path, figures) -> None:  # type: ignore[no-untyped-def]
    """zipfile refuses the whole archive."""
    path = tmp_path / "某集群.zip"
    stand_in = "x" * len("申请表.docx".encode("gbk"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(FORM, stand_in)
        archive.writestr("说明.txt", "x")
    data = bytearray(path.read_bytes().replace(stand_in.encode(), "申请表.docx".encode("gbk")))
    for sign, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.index(sign) + at] |= 0x08
    path.write_bytes(b"a letter before the zip" + data)
    result = reviewed(path, tmp_path)
    assert said(result) == figures
    assert sorted(f.name for f in result.files) == ["申请表.docx", "说明.txt"]


def test_a_bomb_in_the_packages_own_zip_costs_itself(tmp_path: Path, figures) -> None:  # type: ignore[no-untyped-def]
    """Sizes that no disk holds are refused one by one, not with the form beside them."""
    path = tmp_path / "某集群.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(FORM, "申请表.docx")
        for n in range(3):
            archive.writestr(f"扫描{n}号.pdf", bytes(1000))
    data = path.read_bytes()
    sizes = (1000).to_bytes(4, "little")
    path.write_bytes(data.replace(sizes, (0xFFFFFFF0).to_bytes(4, "little")))
    result = reviewed(path, tmp_path)
    assert said(result) == figures
    bombs = [rule for name, rule in file_rules(result).items() if name.startswith("扫描")]
    assert bombs == ["file.too-large"] * 3
    assert sum(f.stat().st_size for f in (tmp_path / "room").rglob("*") if f.is_file()) < 1 << 20


def test_zips_in_zips_have_one_limit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen zips in each of sixteen: it is the whole that counts."""
    from extractor.readers import zips

    monkeypatch.setattr(zips, "LIMITS", replace(LIMITS, files=60))
    leaf = tmp_path / "leaf.zip"
    with zipfile.ZipFile(leaf, "w") as archive:
        for n in range(10):
            archive.writestr(f"{n}.txt", "x")
    with zipfile.ZipFile(tmp_path / "众.zip", "w") as archive:
        for n in range(20):
            archive.write(leaf, f"{n:02}/x.zip")
        archive.writestr("a.txt", "x")
    [submission] = find_submissions([tmp_path / "众.zip"], tmp_path / "room")
    assert len(submission.files) <= 60 and submission.problems
    assert {q.rule for _, q in submission.problems} == {"file.too-large"}


# ------------------------------------------------------------------ files that change


@posix
def test_files_that_change_while_they_are_read(tmp_path: Path) -> None:
    path, sound, rng = tmp_path / "a.docx", FORM.read_bytes(), random.Random(1)
    path.write_bytes(sound)
    stop = threading.Event()

    def meddle() -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            match turn % 4:
                case 0:
                    path.write_bytes(sound[: rng.randrange(len(sound))])
                case 1:
                    path.write_bytes(sound)
                case 2:
                    path.unlink(missing_ok=True)
                case 3:
                    path.write_bytes(b"%PDF-1.7 " + sound[:5000])

    meddler = threading.Thread(target=meddle)
    meddler.start()
    try:
        for _ in range(12):
            document = read_file(path, "a.docx")
            assert document.blocks or document.problems
            assert all(q.rule.startswith("file.") for q in document.problems)
    finally:
        stop.set()
        meddler.join()


def test_half_a_character_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A font or a workbook may name one; nothing that is stored or printed can hold it."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["企业_xD800_名称", "x"])
    book.active.append(["甲", "乙"])
    book.save(tmp_path / "a.xlsx")
    document = read_file(tmp_path / "a.xlsx", "a.xlsx")
    json.dumps([str(b) for b in document.blocks], ensure_ascii=False).encode()


# ------------------------------------------------------------------ bombs


def png(path: Path, width: int, height: int) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    body = zlib.compress(bytes(1 << 20))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) +
                     chunk(b"IEND", b""))  # fmt: skip
    return path


def pdf_bomb(path: Path) -> Path:
    """A content stream of 120 MB, packed twice."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b"q Q " * (1 << 18)) for _ in range(120)) + packer.flush()
    twice = zlib.compress(once, 9).decode("latin-1")
    raw(path, "", [stream("/Filter [/FlateDecode /FlateDecode]", twice)])
    path.write_bytes(path.read_bytes().replace(b"/Contents 4 0 R", b"/Contents 6 0 R"))
    return path


def entities(path: Path) -> Path:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return docx(path, document=f'<!DOCTYPE x [<!ENTITY l0 "ha">{lol}]><x>&l11;</x>')


def deep(path: Path) -> Path:
    return docx(path, "<w:p>" + "<w:r>" * 5000 + "</w:r>" * 5000 + "</w:p>")


def long_list(path: Path) -> Path:
    """A list of patents as honest people hand in."""
    rows = (tr(str(n), f"企业{n}", f"ZL2021{n:08}.1", "发明", "2021") for n in range(1000))
    return docx(path, p("有效发明专利清单"), tbl(tr("序号", "企业", "专利号", "类型", "年"), *rows))


def long_text(path: Path) -> Path:
    return docx(path, p("发展情况简介"), p("2023年总产值61.07亿元，" * 70_000))


BOMBS = {
    "巨图.png": lambda f: png(f, 60_000, 60_000),
    "流.pdf": pdf_bomb,
    "实体.docx": entities,
    "深.docx": deep,
    "专利清单.docx": long_list,
    "发展情况简介.docx": long_text,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_beside_the_form_costs_itself(name: str, tmp_path: Path, figures) -> None:  # type: ignore[no-untyped-def]
    """Within 60 s and 1 GB a file, in a worker as a batch has it."""
    folder = package(tmp_path)
    BOMBS[name](folder / name)
    [submission] = find_submissions([folder], tmp_path / "room")
    options = replace(OPTIONS, ocr="auto")
    [(_, result)] = [r for r in review_all([submission], options, tmp_path) if r is not None]
    assert said(result) == figures
    told = [f for f in result.findings if f.evidences and f.evidences[0].file == name]
    read = {f.name: f.read for f in result.files}
    assert read[name] or any(f.rule.startswith("file.") for f in told)


def test_of_twenty_thousand_pages_the_first_are_read(tmp_path: Path) -> None:
    from tests.readers.pdf_build import Sheet

    sheet = Sheet(tmp_path / "a.pdf")
    for n in range(300):
        sheet.text(50, 50 + n, f"what stands on page {n * 7}", font="Helvetica")
        sheet.page()
    path = sheet.save()
    document = read_pdf(path, "a.pdf", PdfLimits(pages=20, thorough=0))
    assert document.pages == 300 and document.blocks
    assert [q.rule for q in document.problems] == ["file.too-large"]


def test_a_sheet_of_long_cells_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import Workbook

    from extractor.readers import xlsx

    monkeypatch.setattr(xlsx, "LIMITS", replace(LIMITS, characters=10_000))
    book = Workbook()
    assert book.active is not None
    for _ in range(50):
        book.active.append(["长" * 1000])
    book.save(tmp_path / "a.xlsx")
    document = read_file(tmp_path / "a.xlsx", "a.xlsx")
    assert sum(len(c.text) for b in document.blocks for c in b.cells) <= 11_000  # type: ignore[union-attr]
    assert [q.rule for q in document.problems] == ["file.too-large"]


def test_a_file_without_end_is_not_hashed(tmp_path: Path) -> None:
    with (tmp_path / "a.docx").open("wb") as file:
        file.truncate(LIMITS.file_bytes + 1)
    assert digest(tmp_path / "a.docx") == ""
    document = read_file(tmp_path / "a.docx", "a.docx")
    assert [q.rule for q in document.problems] == ["file.too-large"]


# ------------------------------------------------------------------ when the work itself breaks off

BATCH = WorkLimits(step_seconds=20, task_seconds=60)


def results(submissions: list[Submission], tmp_path: Path) -> Iterator[Result]:
    for item in review_all(submissions, OPTIONS, tmp_path / "rooms", 1, BATCH):
        if item is not None:
            yield item[1]


@posix
def test_a_worker_that_somebody_killed_is_no_fault_of_the_file(
    tmp_path: Path, figures, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    whole, once = reading.read_file, tmp_path / "killed"

    def read(path: Path, *more, **options) -> Document:  # type: ignore[no-untyped-def]
        if not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(path, *more, **options)

    monkeypatch.setattr(pipeline, "read_file", read)
    [submission] = find_submissions([FORM], tmp_path / "room")
    [result] = results([submission], tmp_path)
    assert said(result) == figures and not file_rules(result)


def test_where_all_together_break_off_the_form_is_reviewed(
    tmp_path: Path, figures, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    whole = dossier.complete

    def complete(application, programme, documents, *more):  # type: ignore[no-untyped-def]
        if sum(d.readable for d in documents) > 1:
            os._exit(9)
        return whole(application, programme, documents, *more)

    monkeypatch.setattr(dossier, "complete", complete)
    folder = package(tmp_path)
    (folder / "说明.txt").write_text("正文", encoding="utf-8")
    [submission] = find_submissions([folder], tmp_path / "room")
    [result] = results([submission], tmp_path)
    assert said(result) == figures and file_rules(result) == {"说明.txt": "file.unreadable"}


def test_a_package_that_takes_too_long_loses_its_slowest_files(tmp_path: Path) -> None:
    submission = Submission("x", "x", "/x", tuple(
        SourceFile(name, Path("/x")) for name in ("快", "慢", "更慢", "未到")))  # fmt: skip
    left = unreached(submission, {"快": 1.0, "慢": 8.0, "更慢": 30.0}, 10.0)
    assert sorted(left) == ["更慢", "未到"]
    assert {q.rule for q in left.values()} == {"file.unreadable"}


# ------------------------------------------------------------------ words of theirs in our papers


@pytest.mark.parametrize(
    "bad",
    ["{{7*7}}", "{%for x in y%}", "<b>x</b>&amp;", "=1+1", "a\x00b\x1b[31m", "\u202egnol", "%s"],
)
def test_words_of_theirs_stay_words_in_a_letter(bad: str, tmp_path: Path) -> None:
    told = Finding("arithmetic.subset", "error", (), Bilingual(f"甲{bad}乙", bad))
    made = notice(stored(tmp_path, [told], [("arithmetic.subset", "confirm", bad)]), "correction",
                  "2024-05-06")  # fmt: skip
    shown = words(made)
    visible = "".join(c for c in bad if c >= " ")
    assert visible in shown.replace("\x1b", "") and "49" not in shown


@posix
def test_rooms_that_killed_processes_left_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here = zips._here()
    other = f"{int(here, 16) ^ 1:08x}"
    gone = f"hecha-{here}-{ended.pid}-a"
    stay = [f"hecha-{here}-{os.getpid()}-b", f"hecha-{other}-{ended.pid}-c", "hecha-d", "others"]
    for name in (gone, *stay):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "form.docx").write_bytes(b"x")
    link = f"hecha-{here}-{ended.pid}-link"
    (tmp_path / link).symlink_to(tmp_path / "others", target_is_directory=True)
    zips.clear_rooms(os.getpid())
    assert (tmp_path / gone).exists()
    zips.clear_rooms()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*stay, link])
    assert (tmp_path / "others" / "deep" / "form.docx").exists()
