"""Makes the blank forms and the invented applications: `python -m samples.make [--check]`.

blank/          the four blank forms
applications/   one folder a submission: the form in Word, expected.json
printed/        the same forms as PDF (LibreOffice from Word, or Chromium from HTML)
packages/       whole packages: the form, its letter, summary table, lists and evidence
made.json       which page each PDF was printed from, so that --check needs no LibreOffice
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from samples.cities import city_form, summary_table
from samples.city_samples import city_samples
from samples.entries import Filled, Habits
from samples.expected import expected_json
from samples.filling import Sample
from samples.packages import FOLDER, packages
from samples.scanned_samples import ScannedSample, scanned_samples
from samples.shandong import shandong
from samples.shandong_samples import shandong_samples
from samples.web import to_html
from samples.word import to_docx

HERE = Path(__file__).parent
MADE = "made.json"
EXPECTED = "expected.json"


def samples() -> list[Sample]:
    return [*shandong_samples(), *city_samples()]


def blanks() -> dict[str, bytes]:
    """The blank forms by file name."""
    empty, habits = Filled(), Habits()
    forms = {
        "山东省特色产业集群申报表.docx": shandong(empty, habits),
        "2024年度山东省特色产业集群推荐汇总表.docx": summary_table(),
        "潍坊市中小企业特色产业集群申请表.docx": city_form("weifang-2021", empty, habits),
        "聊城市特色产业集群申请表.docx": city_form("liaocheng-2021", empty, habits),
    }
    return {name: to_docx(blocks, "blank") for name, blocks in forms.items()}


def plain_files(made: list[Sample]) -> dict[str, bytes]:
    """Every file but the PDFs, by its path below this folder."""
    files = {f"blank/{name}": data for name, data in blanks().items()}
    pages = {}
    for sample in made:
        docx, truth = to_docx(sample.blocks, sample.habits.hand), expected_json(sample).encode()
        files[f"applications/{sample.folder}/{sample.file}.docx"] = docx
        files[f"applications/{sample.folder}/{EXPECTED}"] = truth
        files[f"printed/{sample.folder}/{EXPECTED}"] = truth
        pages[pdf_path(sample)] = hashlib.sha256(page(sample)).hexdigest()
        for scan in scanned_samples():
            if scan.folder == sample.folder:
                files[f"scanned/{sample.folder}/{EXPECTED}"] = truth
                made_of = pages[pdf_path(sample)] + repr(scan)
                pages[scan_path(scan)] = hashlib.sha256(made_of.encode()).hexdigest()
    for package in packages(made):
        files |= {f"{FOLDER}/{package.folder}/{k}": v for k, v in package.files.items()}
    files[MADE] = (json.dumps(pages, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def pdf_path(sample: Sample) -> str:
    return f"printed/{sample.folder}/{sample.file}.pdf"


def scan_path(scan: ScannedSample) -> str:
    """Its file, or of several pictures the folder's own entry."""
    return f"scanned/{scan.folder}/{scan.file}"


def _scan_files(scan: ScannedSample) -> list[str]:
    """The files of a scan that are there: of pictures one for each page."""
    stem, _, ending = scan.file.rpartition(".")
    folder = HERE / "scanned" / scan.folder
    found = [folder / scan.file, *sorted(folder.glob(f"{stem}-*.{ending}"))]
    return [p.relative_to(HERE).as_posix() for p in found if p.is_file()]


def page(sample: Sample) -> bytes:
    """What the PDF is printed from."""
    if sample.printer == "chromium":
        return to_html(sample.blocks, _printed_hand(sample), sample.file).encode()
    # the parts, not the archive, whose bytes depend on the zlib in use
    return b"".join(_parts(to_docx(sample.blocks, _printed_hand(sample))).values())


def _printed_hand(sample: Sample) -> str:
    """Wingdings is seldom installed where this runs, and without it every box prints as one."""
    return "radio" if sample.habits.hand == "symbol" else sample.habits.hand


def _parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _same(name: str, data: bytes, path: Path) -> bool:
    if not path.is_file():
        return False
    there = path.read_bytes()
    if name.endswith((".docx", ".xlsx")):
        return there == data or _parts(there) == _parts(data)
    return there == data


def stale() -> list[str]:
    """Paths that are missing, out of date, or no longer made."""
    made = samples()
    files = plain_files(made)
    wrong = [name for name, data in files.items() if not _same(name, data, HERE / name)]
    pdfs = {pdf_path(sample) for sample in made}
    wrong += [name for name in pdfs if not (HERE / name).is_file()]
    for folder in ("blank", "applications", "printed", FOLDER):
        for path in (HERE / folder).rglob("*"):
            name = path.relative_to(HERE).as_posix()
            if path.is_file() and name not in files and name not in pdfs:
                wrong.append(name)
    return sorted(wrong)


def make(everything: bool = False) -> list[str]:
    """Writes what is not up to date and returns the paths written."""
    made = samples()
    files = plain_files(made)
    old = json.loads((HERE / MADE).read_text()) if (HERE / MADE).is_file() else {}
    new = json.loads(files[MADE])
    to_print = [
        sample
        for sample in made
        if everything
        or old.get(pdf_path(sample)) != new[pdf_path(sample)]
        or not (HERE / pdf_path(sample)).is_file()
    ]
    for name in stale():
        if name not in files and name not in new:
            (HERE / name).unlink()
            if not any((HERE / name).parent.iterdir()):
                (HERE / name).parent.rmdir()
    written = []
    for name, data in files.items():
        if name != MADE and (everything or not _same(name, data, HERE / name)):
            _write(name, data)
            written.append(name)
    for name, data in print_pdfs(to_print).items():
        _write(name, data)
        written.append(name)
    for scan in scanned_samples():
        name = scan_path(scan)
        if everything or old.get(name) != new[name] or not _scan_files(scan):
            for before in _scan_files(scan):
                (HERE / before).unlink()
            source = next((HERE / "printed" / scan.folder).glob("*.pdf"))
            (HERE / name).parent.mkdir(parents=True, exist_ok=True)
            scan.scanner.save(source, HERE / name)
            written.append(name)
    # last: while a PDF is missing or old, the record must not say otherwise
    _write(MADE, files[MADE])
    return written


def _write(name: str, data: bytes) -> None:
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def print_pdfs(made: list[Sample]) -> dict[str, bytes]:
    """The PDFs of these samples. Raises RuntimeError where a printer is not installed."""
    out: dict[str, bytes] = {}
    if not made:
        return out
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        office = []
        for number, sample in enumerate(made):
            ending = "html" if sample.printer == "chromium" else "docx"
            source = work / f"{number}.{ending}"
            if ending == "html":
                source.write_bytes(page(sample))
                _chromium(source)
            else:
                source.write_bytes(to_docx(sample.blocks, _printed_hand(sample)))
                office.append(str(source))
        if office:
            profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
            _run(
                _program("soffice"),
                profile,
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                *office,
            )
        for number, sample in enumerate(made):
            out[pdf_path(sample)] = _without_dates((work / f"{number}.pdf").read_bytes())
    return out


def _chromium(source: Path) -> None:
    target = f"--print-to-pdf={source.with_suffix('.pdf')}"
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    _run(_program("chromium"), *quiet, target, source.as_uri())


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise RuntimeError(f"{name} is needed to print the PDF samples and is not installed")
    return path


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def _without_dates(pdf: bytes) -> bytes:
    """The same file with the moment of printing taken out, byte for byte as long as before."""
    pdf = re.sub(rb"\(D:(\d{14})", b"(D:20240401080000", pdf)

    def zeros(found: re.Match[bytes]) -> bytes:
        return found[1] + re.sub(rb"[0-9A-Fa-f]", b"0", found[2])

    return re.sub(rb"(/ID\s*\[|/DocChecksum /)([^\]\n]*(?:\n<[^\]\n]*)?)", zeros, pdf)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.make", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="only say whether the files are up to date"
    )
    parser.add_argument("--all", action="store_true", help="make everything anew")
    options = parser.parse_args(arguments)
    if options.check:
        wrong = stale()
        for name in wrong:
            print(f"out of date: {name}")
        print("samples: " + (f"{len(wrong)} files out of date" if wrong else "up to date"))
        return 1 if wrong else 0
    for name in make(everything=options.all):
        print(f"made {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
