"""The review screen in a real Chromium: from the upload to the history, refresh included."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from extractor.output import Result
from extractor.storing.store import Store
from models.types import Finding
from models.wording import Bilingual
from tests.test_screen import ROWS, paper, reviewed

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NEAR = 3.0
"""Points between a box on the screen and the figure on the paper."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The screen as `hecha serve` runs it, on an empty database."""
    database = tmp_path_factory.mktemp("screen") / "hecha.db"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HECHA_LANG": "zh"}
    serve = [sys.executable, "-m", "review_ui.cli", "serve"]
    served = subprocess.Popen(
        [*serve, "--db", str(database), "--port", str(port)],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert served.stdout is not None
    try:
        assert str(port) in served.stdout.readline()
        yield f"http://127.0.0.1:{port}/", database
    finally:
        served.terminate()
        served.wait(10)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        opened = browser.new_page(viewport={"width": 1366, "height": 768})
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()


def settle(page: Page) -> None:
    """Until the script has run to its end and drawn what it had to draw."""
    page.wait_for_selector(".brand")
    page.wait_for_timeout(150)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')"
        ".getAttribute('data-test-script-state') === 'notRunning'"
    )
    page.wait_for_timeout(150)


def press(page: Page, key: str) -> None:
    """The button of that Streamlit key, also where it lies unseen over a card."""
    page.locator(f"[class*='st-key-{key}'] button").first.click(force=True)
    settle(page)


AREA_CELL = (320, 841.89 - 694, 540, 841.89 - 668)
"""Where test_screen.paper rules the cell of the area, in points from the top left."""


def drawn_box(page: Page) -> list[float]:
    """The chosen box as it stands over the picture of the page, in points."""
    found: list[float] = page.evaluate(
        """() => {
          const box = document.querySelector('.box.chosen').getBoundingClientRect();
          const img = document.querySelector('.page img').getBoundingClientRect();
          const k = 595.28 / img.width;
          return [(box.left - img.left) * k, (box.top - img.top) * k,
                  (box.right - img.left) * k, (box.bottom - img.top) * k];
        }"""
    )
    return found


def ink_in_box(page: Page) -> list[float]:
    """The dark pixels of the picture inside the chosen box, its rim left out, in points."""
    page.wait_for_function("document.querySelector('.page img').complete")
    found: list[float] = page.evaluate(
        """() => {
          const img = document.querySelector('.page img'), rim = 3;
          const c = document.createElement('canvas');
          c.width = img.naturalWidth; c.height = img.naturalHeight;
          const pen = c.getContext('2d'); pen.drawImage(img, 0, 0);
          const shown = img.getBoundingClientRect(), k = c.width / shown.width;
          const b = document.querySelector('.box.chosen').getBoundingClientRect();
          const p = c.width / 595.28, x0 = (b.left - shown.left) * k + rim * p,
            y0 = (b.top - shown.top) * k + rim * p, w = b.width * k - 2 * rim * p,
            h = b.height * k - 2 * rim * p;
          const data = pen.getImageData(x0, y0, w, h).data;
          let found = [1e9, 1e9, -1, -1];
          for (let y = 0; y < Math.floor(h); y++) for (let x = 0; x < Math.floor(w); x++)
            if (data[4 * (y * Math.floor(w) + x)] < 110)
              found = [Math.min(found[0], x), Math.min(found[1], y),
                       Math.max(found[2], x), Math.max(found[3], y)];
          return [(x0 + found[0]) / p, (y0 + found[1]) / p,
                  (x0 + found[2]) / p, (y0 + found[3]) / p];
        }"""
    )
    return found


def words_at(paper: Path, words: str) -> list[float]:
    """Where the file itself puts these words on its first page, as its own glyphs lie."""
    import pypdfium2

    with pypdfium2.PdfDocument(paper) as pdf:
        height, text = pdf[0].get_height(), pdf[0].get_textpage()
        found = text.search(words).get_next()
        boxes = [text.get_charbox(found[0] + n) for n in range(found[1])]
    left, bottom, right, top = zip(*boxes, strict=True)
    return [min(left), height - max(top), max(right), height - min(bottom)]


def area(database: Path) -> tuple[Any, Any]:
    """The submission, and its finding about the area."""
    with Store(database) as store:
        stored = store.load_submission(store.list_submissions()[0].id)
    return stored, next(
        (r for r in stored.findings if r.finding.rule == "criterion.area-limit"), None
    )


def test_a_review_from_upload_to_history(
    address: tuple[str, Path], page: Page, tmp_path: Path
) -> None:
    url, database = address
    dialogs: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    nasty = (("产业集群名称", "<img src=x onerror=alert(1)>特色产业集群"), *ROWS[1:])
    form = paper(tmp_path / "示范磁电.pdf", nasty)

    # upload: kept over a refresh before and after it is begun
    page.goto(f"{url}?screen=upload")
    settle(page)
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", str(form))
    page.wait_for_selector("[class*='st-key-start-']")
    page.reload()
    page.wait_for_selector("[class*='st-key-start-']")
    settle(page)
    press(page, "start-")
    page.reload()
    page.wait_for_selector("[class*='st-key-open-']", timeout=60_000)
    page.fill(".st-key-who input", "审核员甲")
    page.keyboard.press("Enter")
    settle(page)

    # queue → review, one click each
    press(page, "nav-off-queue")
    assert page.locator(".qrow .name").inner_text().startswith("示范磁电")
    page.click("[class*='st-key-row-']")
    settle(page)
    assert page.locator(".verdict.big").inner_text().endswith("不符合")

    # select the finding: the box stands where the figure is
    page.locator(".card, .opened").filter(has_text="118.60").first.click(force=True)
    settle(page)
    page.wait_for_selector(".box.chosen[data-n='1'] >> nth=0")
    assert drawn_box(page) == pytest.approx(AREA_CELL, abs=NEAR)
    assert ink_in_box(page) == pytest.approx(words_at(form, "118.60"), abs=NEAR)
    view = page.locator(".st-key-paper").bounding_box()
    box = page.locator(".box.chosen").bounding_box()
    assert view and box and view["y"] <= box["y"] <= view["y"] + view["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # confirm; a refresh of the same address shows the same finding, decided
    press(page, "decide-confirm")
    page.wait_for_selector(".rulings >> text=审核员甲")
    address_of_finding = page.url
    page.reload()
    settle(page)
    assert page.locator(".opened .ruling.confirm").count() == 1
    assert page.input_value(".st-key-who input") == "审核员甲"
    assert "118.60" in page.locator(".opened .message").inner_text()

    # correct the figure: the checks run again at once
    press(page, "misread")
    page.fill("[class*='st-key-to-'] input", "98.60")
    page.fill("[class*='st-key-why-'] input", "原件为98.60")
    press(page, "save-")
    page.wait_for_selector(".flag.person")
    stored, finding = area(database)
    assert finding is None and stored.corrections[0].after == "98.60"

    # history, and everything still there for another visitor with the link
    press(page, "tab-")  # the first tab: findings
    page.get_by_text("处理记录").click()
    page.wait_for_selector(".history >> text=118.60 → 98.60")
    page.reload()
    page.wait_for_selector(".history >> text=原件为98.60")
    page.goto(address_of_finding)
    page.wait_for_selector("text=原打开的问题已不存在")
    assert not dialogs


def twelve(form: Result) -> Result:
    """The form with twelve findings, each about a figure that stands on its page."""
    assert form.application is not None
    answers = [a for a in form.application.answers if a.evidence.bbox and a.state == "given"][:12]
    found = tuple(
        Finding(
            "plausibility.jump", "error" if n < 6 else "warning",
            (f"{a.field}@{a.period}" if a.period else a.field,),
            Bilingual(f"第{n + 1}个问题", f"finding {n + 1}"), actual=a.raw,
            evidences=(a.evidence,),
        )
        for n, a in enumerate(answers)
    )  # fmt: skip
    assert len(found) == 12
    return replace(form, submission="十二个问题", location="x", findings=found, digest=None)


def key(page: Page, name: str) -> None:
    page.keyboard.press(name)
    settle(page)


def test_twelve_findings_by_the_keyboard_alone(
    address: tuple[str, Path], page: Page, tmp_path: Path
) -> None:
    """Then the letter, the worksheet, what was filled into it taken in, and the second look."""
    url, database = address
    form = twelve(reviewed(paper(tmp_path / "十二.pdf"), tmp_path))
    with Store(database) as store:
        id = store.save_result(form)

    def decided() -> list[str]:
        with Store(database) as store:
            found = store.load_submission(id).findings
        return [r.decision.verdict if r.decision else "" for r in found]

    page.goto(f"{url}?screen=review&submission={id}")
    settle(page)
    for n in range(12):
        page.wait_for_selector(f".opened .message >> text=第{n + 1}个问题")
        if n == 5:
            key(page, "d")  # dismiss: the cursor is in the field for the reason
            page.wait_for_selector("[class*='st-key-note-'] input:focus")
            page.keyboard.type("j已核对原件")  # keys are letters here
            page.keyboard.press("Enter")
            page.wait_for_selector(".opened .ruling.dismiss")
        elif n == 7:
            key(page, "q")
            page.wait_for_selector("[class*='st-key-note-'] input:focus")
            page.keyboard.press("Escape")  # thought better of it
            page.wait_for_selector("[class*='st-key-decide-confirm']")
            assert decided()[7] == ""
            key(page, "a")
            page.wait_for_selector(".opened .ruling.confirm")
        else:
            key(page, "a")
            page.wait_for_selector(".opened .ruling.confirm")
        key(page, "u")
    assert decided() == ["dismiss" if n == 5 else "confirm" for n in range(12)]
    page.wait_for_selector(".far .all")

    # its place, the enlarged page, the list of keys
    key(page, "1")
    box = page.locator(".box.chosen").bounding_box()
    key(page, "z")
    page.wait_for_selector(".zoom.z150")
    larger = page.locator(".box.chosen").bounding_box()
    assert box and larger and larger["width"] > 1.3 * box["width"]
    page.keyboard.press("?")
    page.wait_for_selector("table.keys")
    page.keyboard.press("Escape")

    # what leaves it, and what comes back
    page.click(".st-key-documents button")
    with page.expect_download() as coming:
        page.click(".st-key-letter-correction button")
    assert Path(coming.value.path()).read_bytes().startswith(b"PK")
    with page.expect_download() as coming:
        page.click("[class*='st-key-worksheet-'] button")
    sheet = tmp_path / "核查表.xlsx"
    coming.value.save_as(sheet)
    book = load_workbook(sheet)
    findings = book["问题清单"]
    heads = {str(c.value): c.column for c in findings[1]}
    findings.cell(3, heads["审核意见"], "不成立")
    findings.cell(3, heads["备注"], "电话核实无误")
    book.save(sheet)
    page.goto(f"{url}?screen=import")
    settle(page)
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", str(sheet))
    page.wait_for_selector(".brought >> text=电话核实无误")
    settle(page)
    press(page, "take-in")
    page.wait_for_selector("text=未变化12项")
    assert decided().count("dismiss") == 2

    # two reviewers at one submission see each other
    assert page.context.browser is not None
    other = page.context.browser.new_page()
    other.goto(f"{url}?screen=review&submission={id}")
    settle(other)
    page.goto(f"{url}?screen=review&submission={id}")
    page.wait_for_selector(".others:not(.none)", state="attached")
    other.close()


def test_the_language_is_switched_in_place(address: tuple[str, Path], page: Page) -> None:
    page.goto(f"{address[0]}?screen=review&submission=1")
    settle(page)
    press(page, "lang")
    page.wait_for_selector(".verdict.big >> text=/[a-z]/")
    press(page, "lang")
    page.wait_for_selector(".verdict.big >> text=/[一-龥]/")


def test_the_worksheet_comes_down(address: tuple[str, Path], page: Page) -> None:
    page.goto(address[0])
    settle(page)
    with page.expect_download() as coming:
        page.locator("[class*='st-key-worksheet-'] button").click()
    path = coming.value.path()
    assert coming.value.suggested_filename.endswith(".xlsx")
    assert Path(path).read_bytes().startswith(b"PK")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    ["?", "?screen=upload", "?screen=programmes", "?screen=compare", "?screen=review&submission=1",
     "?screen=compare&view=batch", "?screen=review&submission=1&tab=support",
     "?screen=review&submission=1&tab=figures&part=all", "?screen=review&submission=1&tab=history"],
)  # fmt: skip
def test_nothing_runs_over_the_edge(
    address: tuple[str, Path], page: Page, query: str, lang: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    began = time.monotonic()
    page.goto(f"{address[0]}{query}&lang={lang}")
    settle(page)
    assert time.monotonic() - began < 15
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("[data-testid=stException]").count() == 0
    if "screen=review" in query:  # it scrolls in its panes; the page itself stays where it is
        main = "document.querySelector('[data-testid=stMain]')"
        assert page.evaluate(f"{main}.scrollHeight <= {main}.clientHeight")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('button p, .verdict, .sev, .count, .pageno')]
          .filter(e => e.offsetParent && getComputedStyle(e.closest('button') || e).opacity > 0)
          .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline')
          .map(e => e.textContent)"""
    )
    assert cut == []
