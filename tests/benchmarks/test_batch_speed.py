"""A province's year, 64 packages, against reading the same files with python-docx and pdfplumber.

Each package holds the form in Word and in PDF and ten attachments without scans. Both are timed
in one run; `hecha review` works on two processors, which nothing else may be using. Memory is
looked at after every package. Processor time is shown too: it says what a busy machine hides.
"""

from __future__ import annotations

import io
import os
import random
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psutil
import pytest

from extractor.pipeline import review_file
from tests.benchmarks.conftest import Goal, Measured, least

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
PACKAGES = 64
MOST = 1.5
"""Times the readers' own time."""
GROWTH = 1.25
"""Memory in the last quarter of the batch against the second."""
_FILLING = (
    "组织企业开展技术改造，推广先进质量管理方法，引导上下游企业结成长期配套关系，定期召开对接会。",
    "本项目由园区统筹实施，设备共享平台向中小企业开放，预约使用记录按月汇总并向企业公开。",
    "检测中心出具检测报告，覆盖原料、半成品和成品各环节，企业办事更加便利。",
    "根据协议，双方在人才培养、成果转化和市场开拓方面开展合作，合作期限三年。",
)


def _province(folder: Path, count: int, attachments: int, printed: bool = True) -> Path:
    """That many packages, no two of them the same cluster."""
    forms = sorted(p for p in (SAMPLES / "applications").iterdir() if (_printed(p)).is_dir())
    for n in range(count):
        chosen = forms[n % len(forms)]
        package = folder / f"{n:03d}-{chosen.name}"
        (package / "附件").mkdir(parents=True)
        rng = random.Random(n)
        for form in chosen.glob("*.docx"):
            _copy_word(form, package / form.name, n)
        for form in _printed(chosen).glob("*.pdf") if printed else ():
            (package / form.name).write_bytes(form.read_bytes() + f"\n%{n}\n".encode())
        for k in range(attachments // 2):
            _word(package / "附件" / f"附件{k + 1}.docx", rng)
            _pdf(package / "附件" / f"附件{k + 1 + attachments // 2}.pdf", rng)
    return folder


def _printed(application: Path) -> Path:
    return SAMPLES / "printed" / application.name


def _copy_word(source: Path, target: Path, n: int) -> None:
    """The form with other last digits, so that no two packages are the same cluster."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "word/document.xml" and n >= 16:
                text = data.decode("utf-8")
                text = text.replace("特色产业集群</w:t>", f"{_numeral(n // 16)}特色产业集群</w:t>")
                data = text.encode("utf-8")
            new.writestr(info, data)


def _numeral(n: int) -> str:
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(n))


def _text(rng: random.Random, sentences: int) -> str:
    return "".join(rng.choice(_FILLING) for _ in range(sentences))


def _word(path: Path, rng: random.Random) -> None:
    import docx

    document = docx.Document()
    document.add_heading("佐证材料", 1)
    for _ in range(12):
        document.add_paragraph(_text(rng, 4))
    table = document.add_table(rows=30, cols=5)
    for row in table.rows:
        for cell in row.cells:
            cell.text = f"{rng.randrange(10**6)}"
    document.save(str(path))


def _pdf(path: Path, rng: random.Random, pages: int = 3) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for _ in range(pages):
        canvas.setFont("STSong-Light", 11)
        for line in range(38):
            canvas.drawString(60, 780 - 19 * line, _text(rng, 1)[:40])
        canvas.showPage()
    canvas.save()
    path.write_bytes(buffer.getvalue())


def _read_alone(folder: Path) -> float:
    import docx
    import pdfplumber

    began = time.perf_counter()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".docx":
            document = docx.Document(str(path))
            "\n".join(p.text for p in document.paragraphs)
            for table in document.tables:
                for row in table.rows:
                    [cell.text for cell in row.cells]
        elif path.suffix == ".pdf":
            with pdfplumber.open(path) as pdf:
                for page in pdf.pages:
                    page.extract_text()
    return time.perf_counter() - began


def _busy(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _review(folder: Path, home: Path) -> tuple[float, list[int]]:
    """Seconds, and the resident bytes of all processes after each package."""
    command = [sys.executable, "-m", "review_ui.cli", "review", str(folder), "--jobs", "2"]
    environment = {**os.environ, "HECHA_HOME": str(home)}
    began = time.perf_counter()
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    memory = []
    assert running.stderr is not None
    process = psutil.Process(running.pid)
    for line in running.stderr:
        if line.startswith(b"["):
            family = [process, *process.children(recursive=True)]
            memory.append(sum(p.memory_info().rss for p in family if p.is_running()))
    assert running.wait() == 0
    return time.perf_counter() - began, memory


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
def test_a_batch_against_the_readers_alone(tmp_path: Path, measured: Measured) -> None:
    packages = _province(tmp_path / "province", PACKAGES, 10)
    busy = [_busy(resource.RUSAGE_SELF), _busy(resource.RUSAGE_CHILDREN)]
    alone = _read_alone(packages)
    busy[0] = _busy(resource.RUSAGE_SELF) - busy[0]
    taken, memory = _review(packages, tmp_path / "home")
    busy[1] = _busy(resource.RUSAGE_CHILDREN) - busy[1]
    detail = f"{taken:.1f} s on two processors, python-docx and pdfplumber's text {alone:.1f} s"
    measured(f"a batch of {PACKAGES} packages", taken / alone, Goal(1), detail)
    detail = f"{busy[1]:.1f} s, {busy[0]:.1f} s"
    measured("the same, processor time", busy[1] / busy[0], None, detail)
    growth = _growth(memory)
    detail = f"at most {max(memory) >> 20} MB in all processes"
    measured("memory, last quarter against the second", growth, Goal(GROWTH), detail)
    assert len(memory) == PACKAGES
    assert taken / alone <= MOST
    assert growth <= GROWTH


def _growth(memory: list[int]) -> float:
    quarter = len(memory) // 4
    second, last = memory[quarter : 2 * quarter], memory[-quarter:]
    return (sum(last) / len(last)) / (sum(second) / len(second))


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
def test_ten_times_the_packages(tmp_path: Path, measured: Measured) -> None:
    """A national round is ten provinces: the form in Word and two attachments each."""
    small = _province(tmp_path / "64", PACKAGES, 2, printed=False)
    large = _province(tmp_path / "640", 10 * PACKAGES, 2, printed=False)
    one, few = _review(small, tmp_path / "home-64")
    ten, many = _review(large, tmp_path / "home-640")
    detail = f"{one:.1f} s for 64, {ten:.1f} s for 640"
    measured("time of 640 packages against ten times 64", ten / (10 * one), Goal(1.1), detail)
    detail = f"at most {max(few) >> 20} MB and {max(many) >> 20} MB in all processes"
    measured("memory of 640 packages against 64", max(many) / max(few), Goal(GROWTH), detail)
    assert ten / one < 20
    assert max(many) / max(few) < 2


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
def test_evidence_of_two_hundred_pages(tmp_path: Path, measured: Measured) -> None:
    """The first lever is not doing work: what holds no form is looked at, not taken apart."""
    package = next(_province(tmp_path / "one", 1, 2).iterdir())
    rng = random.Random(7)
    for number in range(10):
        _pdf(package / "附件" / f"佐证{number}.pdf", rng, pages=20)
    warm = review_file(package, ocr="off")
    assert sum(f["pages"] for f in warm["files"] if "佐证" in f["file"]) == 200
    assert not any(f["rule"].startswith("file.") for f in warm["findings"])
    evidence = sorted((package / "附件").glob("佐证*.pdf"))
    bare = shutil.copytree(package, tmp_path / "bare", ignore=lambda *_: [p.name for p in evidence])
    whole, alone, pdfium = least(
        lambda: review_file(package, ocr="off"),
        lambda: review_file(bare, ocr="off"),
        lambda: [_pdfium(path) for path in evidence],
        times=3,
    )
    [plumber] = least(lambda: [_plumbed(path) for path in evidence], times=1)
    more = whole - alone
    detail = f"{more:.2f} s more than the package without them, pdfplumber's text {plumber:.2f} s"
    measured("200 pages of evidence", more / plumber, Goal(0.2), detail)
    detail = f"pypdfium2's text {pdfium:.2f} s"
    measured("200 pages of evidence, against pypdfium2", more / pdfium, Goal(2), detail)
    assert more < 0.5 * plumber


def _plumbed(path: Path) -> None:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.close()


def _pdfium(path: Path) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            page.get_textpage().get_text_range()
