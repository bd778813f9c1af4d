"""Imports never run back: models ← extractor ← review_ui; and nothing heavy at the start."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"models": (), "extractor": ("models",), "review_ui": ("models", "extractor")}
"""What of ours each room may import."""

IMPURE = {
    "os", "time", "sqlite3", "socket", "subprocess", "requests", "urllib", "http", "httpx",
    "random", "threading", "multiprocessing", "tempfile", "shutil", "logging",
}  # fmt: skip
EXCUSED = {("models/wording.py", "os")}
"""The language of the person in front of the screen stands in the environment."""

CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today")}
HEAVY = {
    "streamlit", "pandas", "numpy", "spacy", "openpyxl", "pdfplumber", "pypdfium2", "PIL", "lxml",
    "docx", "rich", "sqlite3", "sqlite_utils", "multiprocessing", "psutil", "yaml", "rapidfuzz",
}  # fmt: skip


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            yield node.module or ""


@pytest.mark.parametrize(
    "path", [p for room in ROOMS for p in sources(room)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_imports_never_run_back(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imported(path)}
    assert tops & {*ROOMS, "samples", "tests"} <= {room, *ROOMS[room]}


@pytest.mark.parametrize("path", sources("models"), ids=lambda p: p.name)
def test_models_are_pure(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path)}
    name = str(path.relative_to(ROOT))
    assert {(name, top) for top in tops & IMPURE} <= EXCUSED
    called = {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert not called & CLOCKS


@pytest.mark.parametrize("arguments", [["--help"], ["review", "--help"], ["nonsense"]])
def test_nothing_heavy_for_help(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from review_ui.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*{m.split('.')[0] for m in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert not HEAVY & set(done.stderr.splitlines()[-1].split())


def test_a_review_loads_no_screen_and_no_worksheet() -> None:
    script = (
        "import sys, review_ui.reviewing, extractor.storing.store\n"
        "print(*{m.split('.')[0] for m in sys.modules})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    unwanted = {"streamlit", "pandas", "numpy", "spacy", "openpyxl", "pdfplumber", "rich", "PIL"}
    assert not unwanted & set(done.stdout.split())


def test_every_file_of_data_is_installed():
    """A file that no pattern names is there in a checkout and missing from the installed tool."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for package, patterns in settings["tool"]["setuptools"]["package-data"].items():
        folder = ROOT / package
        named = {path for pattern in patterns for path in folder.glob(pattern)}
        data = {
            p for p in folder.rglob("*") if p.suffix in (".yaml", ".txt", ".mo", ".css", ".toml")
        }
        assert data <= named, sorted(str(p) for p in data - named)
    finding = settings["tool"]["setuptools"]["packages"]["find"]
    assert finding["include"] == ["models*", "extractor*", "review_ui*", "samples*"]
    for room in ROOMS:
        assert not {p.parent for p in sources(room)} - {
            p.parent for p in (ROOT / room).rglob("__init__.py")
        }, "a folder of modules without __init__.py is not installed"
