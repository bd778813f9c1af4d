"""Broken files of every kind go the whole way of a submission: what comes out is a result or a
named `file.*` finding, never a traceback, never a hang, never the machine's memory.

    pytest -m fuzz tests/test_fuzz.py --fuzz-minutes 60 --fuzz-seed 7 --fuzz-keep DIR

goes on for an hour; what fails is kept in DIR, and named by seed and number.
"""

from __future__ import annotations

import functools
import io
import os
import random
import shutil
import time
import traceback
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.output import submission_json
from extractor.pipeline import Options, review_submission
from extractor.readers import reading
from extractor.readers.reading import Scanning
from extractor.submission.package import find_submissions
from extractor.workers import Done, Step, Task, WorkLimits, run
from tests.mutations import mutated

ROOT = Path(__file__).parents[1]
LIMITS = WorkLimits(step_seconds=60, task_seconds=120, memory=3 << 30)
OPTIONS = Options(on="2024-04-20", scanning=Scanning(threads=1))
Case = tuple[str, Path]


# ------------------------------------------------------------------ what is sound


def _docm(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            inner = old.read(info)
            if info.filename == "[Content_Types].xml":
                inner = inner.replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    b"application/vnd.ms-word.document.macroEnabled.main",
                )
            new.writestr(info.filename, inner, zipfile.ZIP_DEFLATED)
        new.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(600))
    return out.getvalue()


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "知识产权清单"
    for row in (("序号", "企业名称", "专利号", "日期"), (1, "甲公司", "ZL202110000001.1", "=1+1")):
        sheet.append(row)
    for n in range(20):
        sheet.append((n, f"企业{n}", 202110000000 + n, f"2023-05-{n + 1:02}"))
    sheet.merge_cells("A30:C31")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _picture(kind: str) -> bytes:
    """A corner of a scanned form."""
    from PIL import Image

    path = next((ROOT / "samples/scanned").glob("*阳谷*/*-1.jpg"))
    image = Image.open(path).crop((100, 200, 700, 500))
    out = io.BytesIO()
    more = [image.resize((300, 150))] if kind == "TIFF" else []
    extra = {"save_all": True, "append_images": more} if more else {}
    image.save(out, kind, **extra)
    return out.getvalue()


def _zip(form: bytes) -> bytes:
    out, inner = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("清单.csv", "序号,企业\n1,甲\n2,乙\n")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("某集群/申请表.docx", form)
        archive.writestr("某集群/附件/说明.txt", "集群2023年总产值61.07亿元。".encode("gb18030"))
        archive.writestr("某集群/附件/更多.zip", inner.getvalue())
        archive.writestr("某集群/附件/图1.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("某集群/附件/图2.png", b"\x89PNG\r\n\x1a\n")
    return out.getvalue()


@functools.lru_cache(maxsize=1)
def sound() -> dict[str, list[bytes]]:
    """Samples of every kind, small ones."""

    def some(pattern: str) -> list[bytes]:
        return [p.read_bytes() for p in sorted(ROOT.glob(pattern))]

    forms = [*some("samples/blank/*.docx"), *some("samples/applications/*/*.docx")]
    said = "集群2023年总产值61.07亿元，同比增长8.3%。\n企业120家，其中规上企业45家。\n"
    return {
        "docx": forms,
        "docm": [_docm(form) for form in forms[:6]],
        "xlsx": [_xlsx()],
        "pdf": [*some("tests/readers/pdfs/*.pdf"), *some("samples/printed/*/*.pdf")[:4]],
        "png": [_picture("PNG")],
        "jpg": [_picture("JPEG")],
        "tif": [_picture("TIFF")],
        "zip": [_zip(forms[2])],
        "txt": [said.encode(), said.encode("gb18030"), said.encode("utf-16"), b"a,b\n1,2\n" * 9],
    }


CHEAP = ("docx", "docm", "xlsx", "pdf", "zip", "txt")
PICTURES = ("png", "jpg", "tif")


# ------------------------------------------------------------------ the way of a submission


def probe(path: Path, room: Path, step: Step) -> str:
    """Reviews it as the command does; what went wrong, "" where nothing did."""
    step(path.name)
    let_out: list[str] = []
    told = reading._unread

    def unread(error: Exception):  # type: ignore[no-untyped-def]
        """What a reader lets out becomes a finding; it is a fault of the reader all the same."""
        let_out.append("".join(traceback.format_exception(error)))
        return told(error)

    reading._unread = unread
    try:
        for submission in find_submissions([path], room):
            pictured = path.suffix.lstrip(".") in PICTURES  # else all the time goes to recognising
            options = OPTIONS if pictured else replace(OPTIONS, ocr="off")
            result = review_submission(submission, options, room, None, step)
            made = submission_json(result)
            if not (result.processed or any(f["severity"] == "error" for f in made["findings"])):
                return "not read, and no finding says why"
            if not (made["files"] or made["findings"]):
                return "nothing came out"
        return "".join(let_out)
    except Exception:
        return traceback.format_exc()
    finally:
        reading._unread = told
        shutil.rmtree(room, ignore_errors=True)


def cases(folder: Path, seed: int, kinds: tuple[str, ...]) -> Iterator[Case]:
    """(what to call it, the broken file), one after the other, the same for one seed."""
    number = 0
    while True:
        rng = random.Random(f"{seed}-{number}")
        kind = rng.choice(kinds)
        others = sound()[rng.choice(tuple(sound()))]
        data = mutated(rng.choice(sound()[kind]), rng, rng.choice(others))
        path = folder / f"{seed}-{number}.{kind}"
        path.write_bytes(data)
        yield f"{seed}-{number}", path
        number += 1


def failures(tasks: Iterator[Task], jobs: int = 1) -> Iterator[tuple[Path, str]]:
    """The files that made something else than a result or a finding."""
    for done in run(tasks, jobs, LIMITS):
        if done is None:
            continue
        path = done.task.tag
        wrong = _wrong(done)
        if wrong:
            yield path, wrong
        else:
            path.unlink()


def _wrong(done: Done) -> str:
    return f"{done.failure} at {done.step}" if done.failure else str(done.result)


def _tasks(tmp_path: Path, seed: int, kinds: tuple[str, ...], until: float = 0, count: int = 0):  # type: ignore[no-untyped-def]
    for n, (name, path) in enumerate(cases(tmp_path, seed, kinds)):
        if (count and n >= count) or (until and time.monotonic() > until):
            return
        yield Task(probe, (path, tmp_path / f"room-{name}"), path)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What a worker loads first is loaded once: workers are forked with it."""
    import extractor.pipeline as pipeline

    for kind in ("docx", "pdf"):
        pattern = {"docx": "samples/blank/潍坊*.docx", "pdf": "tests/readers/pdfs/*cut.pdf"}[kind]
        pipeline.review_file(next(ROOT.glob(pattern)), ocr="off")


@pytest.mark.parametrize("kind", CHEAP)
def test_broken_files_are_read_or_named(kind: str, tmp_path: Path) -> None:
    count = {"pdf": 12, "txt": 40}.get(kind, 24)
    found = list(failures(_tasks(tmp_path, 1, (kind,), count=count), jobs=2))
    assert not found, "\n\n".join(f"{path.name}: {wrong}" for path, wrong in found)


def test_broken_pictures_are_read_or_named(tmp_path: Path) -> None:
    found = list(failures(_tasks(tmp_path, 1, PICTURES, count=9), jobs=1))
    assert not found, "\n\n".join(f"{path.name}: {wrong}" for path, wrong in found)


@pytest.mark.fuzz
@pytest.mark.timeout(0)
def test_for_a_long_time(tmp_path: Path, pytestconfig, capsys) -> None:  # type: ignore[no-untyped-def]
    seed = pytestconfig.getoption("--fuzz-seed")
    seed = int(time.time()) if seed is None else seed
    kept = Path(pytestconfig.getoption("--fuzz-keep") or tmp_path / "kept")
    kept.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + 60 * pytestconfig.getoption("--fuzz-minutes")
    kinds = (*CHEAP * 5, *PICTURES)
    found: dict[str, int] = {}
    made = 0

    def counted(tasks: Iterator[Task]) -> Iterator[Task]:
        nonlocal made
        for task in tasks:
            made += 1
            yield task

    tasks = counted(_tasks(tmp_path, seed, kinds, until))
    for path, wrong in failures(tasks, int(os.environ.get("FUZZ_JOBS", "1"))):
        last = [line for line in wrong.splitlines() if line.strip()][-4:]
        sort = "\n".join(last)
        found[sort] = found.get(sort, 0) + 1
        if found[sort] <= 3:
            shutil.move(path, kept / path.name)
            (kept / f"{path.name}.txt").write_text(wrong, encoding="utf-8")
        else:
            path.unlink()
    with capsys.disabled():
        print(f"\nseed {seed}: {made} broken files, {sum(found.values())} of them told wrongly")
    told = "\n\n".join(f"{count} times: {sort}" for sort, count in found.items())
    assert not found, f"seed {seed}, kept in {kept}:\n{told}"
