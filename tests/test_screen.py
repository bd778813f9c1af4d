"""The review screen without a browser: Streamlit's own AppTest, and the parts beneath it."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from streamlit.testing.v1 import AppTest

from extractor.output import Result
from extractor.pipeline import Options, review_submission
from extractor.storing.store import Store
from extractor.submission.package import find_submissions
from models.programme import programme_ids
from models.types import Cell, Document, Evidence, Finding, Paragraph, Table
from models.wording import Bilingual
from review_ui import inbox, pictures, verdict
from review_ui.pictures import Marked, Picture
from review_ui.screens import frame

APP = Path(__file__).parents[1] / "review_ui" / "app.py"

ROWS = (
    ("产业集群名称", "示例市示范县磁电装备特色产业集群"),
    ("产业集群区域面积", "118.60"),
    ("企业总数", "66"),
    ("其中：规模以上企业", "18"),
    ("进入产业园区企业", "34"),
    ("从业人员数量", "18100"),
    ("主导产品", "磁选机"),
    ("年产量", "1200台"),
    ("国内市场比重", "13.03"),
    ("2021年经济效益 营业收入", "106.46"),
    ("利润", "8.99"),
    ("税金", "2.36"),
    ("省级以上品牌、商标或产业荣誉称号数量", "9"),
    ("其中：名牌产品", "5"),
    ("驰（著）名商标", "2"),
    ("产业荣誉称号", "2"),
    ("公共服务平台数量", "8"),
    ("其中：研发", "4"),
    ("检测", "1"),
    ("物流", "1"),
    ("电子商务", "1"),
    ("其他", "1"),
    ("产业集群简介（3000字以内）", "集群现有相关生产、服务企业66户。"),
)
"""An invented Weifang form: the area is over 100 平方公里, the enterprises are under 70."""


def paper(path: Path, rows: tuple[tuple[str, str], ...] = ROWS) -> Path:
    """The form as a PDF: a cover line and a ruled table of two columns."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=(595.28, 841.89))
    canvas.setFont("STSong-Light", 16)
    canvas.drawString(150, 780, "潍坊市中小企业特色产业集群申请表")
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(60, 755, "申请单位名称：示范县磁电装备产业服务中心")
    canvas.drawString(60, 738, "填报日期：2022年8月5日")
    top = 720.0
    for label, value in rows:
        for x0, x1, words in ((60, 320, label), (320, 540, value)):
            canvas.rect(x0, top - 26, x1 - x0, 26)
            canvas.drawString(x0 + 6, top - 17, words)
        top -= 26
    canvas.save()
    return path


def reviewed(path: Path, room: Path) -> Result:
    submission = find_submissions([path], room)[0]
    return review_submission(submission, Options("weifang-2021", "2022-09-01"), room)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("form")
    return reviewed(paper(folder / "示范磁电.pdf"), folder)


@pytest.fixture
def store(
    form: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:  # fmt: skip
    monkeypatch.setenv("HECHA_DB", str(tmp_path / "hecha.db"))
    monkeypatch.setenv("HECHA_LANG", "zh")
    with Store(tmp_path / "hecha.db") as opened:
        opened.save_result(form)
        yield opened


@pytest.fixture(autouse=True)
def _nothing_is_smoothed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HECHA_DEBUG", "1")


def screen(**params: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def review(**params: str) -> AppTest:
    return screen(screen="review", submission="1", **params)


def bodies(app: AppTest) -> str:
    return "\n".join(e.proto.body for e in app.get("html"))


def param(app: AppTest, name: str) -> str:
    value = app.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value


def area_key(store: Store) -> str:
    found = store.load_submission(1).findings
    return next(r.key for r in found if r.finding.rule == "criterion.area-limit")


# ------------------------------------------------------------------ the screens


def test_an_empty_database_asks_for_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("HECHA_DB", str(tmp_path / "new" / "hecha.db"))
    app = screen()
    app.button(key="first-upload").click().run()
    assert param(app, "screen") == "upload" and not app.exception


def test_the_queue_opens_a_submission(store: Store) -> None:
    app = screen()
    assert "示范磁电" in bodies(app) and 'class="verdict unmet"' in bodies(app)
    app.button(key="open-1").click().run()
    assert (param(app, "screen"), param(app, "submission")) == ("review", "1")
    assert "118.60" in bodies(app)


@pytest.mark.parametrize(
    ("show", "there"), [("unmet", True), ("met", False), ("todo", True), ("nonsense", False)]
)
def test_the_queue_is_filtered_by_the_url(store: Store, show: str, there: bool) -> None:
    assert ('class="qrow"><span class="name"' in bodies(screen(show=show))) is there


@pytest.mark.parametrize(("lang", "word"), [("zh", "不符合"), ("en", "Not met")])
def test_the_page_has_its_own_language(store: Store, lang: str, word: str) -> None:
    assert word in bodies(screen(lang=lang))


@pytest.mark.parametrize(
    "params",
    [
        {"screen": "nonsense"},
        {"screen": "review"},
        {"screen": "review", "submission": "999"},
        {"screen": "review", "submission": "²"},
        {"screen": "review", "submission": "1", "finding": "gone|x", "e": "99", "page": "9999"},
        {"screen": "review", "submission": "1", "tab": "figures", "figure": "no@2020", "part": "x"},
        {"screen": "review", "submission": "1", "tab": "unchecked", "check": "<b>"},
        {"screen": "review", "submission": "1", "file": "../../etc/passwd", "zoom": "9"},
        {"screen": "programmes", "programme": "../x"},
        {"sort": "x", "show": "x", "q": "<script>", "page": "-1", "lang": "fr"},
    ],
)
def test_any_address_opens_something(store: Store, params: dict[str, str]) -> None:
    screen(**params)


@pytest.mark.parametrize("tab", ["figures", "unchecked", "history"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_tab_opens(store: Store, tab: str, lang: str) -> None:
    review(tab=tab, lang=lang)


@pytest.mark.parametrize("id", programme_ids())
def test_every_programme_is_shown_with_its_words(store: Store, id: str) -> None:
    assert "<q>" in bodies(screen(screen="programmes", programme=id))


def test_a_finding_shows_its_box_and_its_words(store: Store) -> None:
    app = review(finding=area_key(store))
    body = bodies(app)
    assert "集群区域面积在100平方公里以内" in body
    assert 'class="box chosen"' in body
    assert any(b.key == "evidence-0" for b in app.button)


def test_a_finding_about_nothing_on_the_paper_opens(store: Store, form: Result) -> None:
    gone = Finding("material.missing", "error", (), Bilingual("缺少推荐函", "no letter"))
    id = store.save_result(replace(form, findings=(gone,), on="2023-01-01"))
    assert "缺少推荐函" in bodies(screen(screen="review", submission=str(id), e="3"))


def test_an_evidence_is_chosen_in_the_url(store: Store) -> None:
    app = review(finding=area_key(store))
    app.button(key="evidence-0").click().run()
    assert param(app, "e") == "0" and param(app, "finding") == area_key(store)


def test_a_fault_of_ours_is_told_in_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HECHA_DEBUG")
    monkeypatch.setattr(Store, "list_submissions", lambda self: 1 / 0)
    assert "已保存的内容没有丢失" in screen().error[0].value


# ------------------------------------------------------------------ deciding


def decide(app: AppTest, verdict: str, who: str = "审核员甲", note: str = "") -> AppTest:
    if who:
        app.text_input(key="who").set_value(who)
    app.button(key=f"decide-{verdict}").click().run()
    if verdict != "confirm":  # a reason is asked for
        next(t for t in app.text_input if str(t.key).startswith("note-")).set_value(note)
        app.button(key=f"say-{verdict}").click().run()
    assert not app.exception
    return app


def test_a_decision_needs_a_name(store: Store) -> None:
    app = decide(review(finding=area_key(store)), "confirm", who="")
    assert app.error and not store.load_submission(1).findings[0].decisions


def test_leaving_the_reason_decides_nothing(store: Store) -> None:
    app = review(finding=area_key(store))
    app.button(key="decide-dismiss").click().run()
    app.button(key="cancel").click().run()
    assert app.button(key="decide-dismiss") and not app.error
    assert not any(r.decisions for r in store.load_submission(1).findings)


def test_dismissing_needs_a_reason(store: Store) -> None:
    assert decide(review(finding=area_key(store)), "dismiss").error


def test_decisions_are_kept_and_shown(store: Store) -> None:
    key = area_key(store)
    app = decide(review(finding=key), "dismiss", note="含水面，已核实")
    made = next(r for r in store.load_submission(1).findings if r.key == key).decision
    assert made is not None
    assert (made.verdict, made.who, made.note) == ("dismiss", "审核员甲", "含水面，已核实")
    assert "不予采纳" in bodies(app) and "含水面，已核实" in bodies(review(tab="history"))


def test_two_reviewers_do_not_overrun_each_other(store: Store) -> None:
    key = area_key(store)
    app = review(finding=key)
    r = next(r for r in store.load_submission(1).findings if r.key == key)
    store.add_decision(1, key, "note", "审核员乙", r.fingerprint, "先看到")
    decide(app, "confirm")
    assert app.error
    assert next(r for r in store.load_submission(1).findings if r.key == key).decisions[-1].who == (
        "审核员乙"
    )


def test_a_decision_on_older_evidence_is_told(store: Store) -> None:
    key = area_key(store)
    decide(review(finding=key), "confirm")
    store.add_correction(1, "area", None, "118.70", "审核员甲", "看错")
    assert "作出处理后依据已有变化" in bodies(review(finding=key))


# ------------------------------------------------------------------ correcting


def correct(value: str, why: str) -> AppTest:
    app = review(tab="figures", figure="area")
    app.text_input(key="who").set_value("审核员甲")
    next(t for t in app.text_input if str(t.key).startswith("to-")).set_value(value)
    next(t for t in app.text_input if str(t.key).startswith("why-")).set_value(why)
    next(b for b in app.button if str(b.key).startswith("save-")).click().run()
    assert not app.exception
    return app


def test_a_correction_runs_the_checks_again(store: Store) -> None:
    key = area_key(store)
    correct("98.60", "原件为98.60")
    after = store.load_submission(1)
    assert key not in [r.key for r in after.findings]
    assert "118.60 → 98.60" in bodies(review(tab="history"))
    assert "原件为98.60" in bodies(review(tab="history"))
    app = review(tab="figures", figure="area", part="corrected")
    assert 'class="flag person"' in bodies(app)
    app.text_input(key="who").set_value("审核员甲")
    undo = next(b for b in app.button if str(b.key).startswith("undo-"))
    undo.click().run()
    assert not app.exception
    assert key in [r.key for r in store.load_submission(1).findings]


@pytest.mark.parametrize(("value", "why"), [("很大", "x"), ("98.60", "")])
def test_a_correction_that_is_none_is_refused(store: Store, value: str, why: str) -> None:
    before = store.load_submission(1).summary
    assert correct(value, why).error
    assert store.load_submission(1).summary == before


# ------------------------------------------------------------------ hostile words

NASTY = "<img src=x onerror=alert(1)>**粗** [a](http://x) :red[x] $\\frac$"


def test_words_of_papers_stay_words(store: Store, form: Result) -> None:
    evil = Finding(
        "format.altered", "error", (), Bilingual(NASTY, NASTY), NASTY, NASTY, formula=NASTY,
        evidences=(Evidence("示范磁电.pdf", 1, (60, 100, 200, 120), NASTY, NASTY),),
    )  # fmt: skip
    store.save_result(replace(form, submission=NASTY, findings=(evil,), on="2023-01-01"))
    for app in (screen(), screen(screen="review", submission=str(len(store.list_submissions())))):
        assert "<img src=x" not in bodies(app)
        for button in app.button:
            assert "**" not in button.label and "[a]" not in button.label


def test_plain_text_survives_markdown() -> None:
    from review_ui.screens.frame import plain

    assert "*粗*" not in plain("*粗*") and ":red[" not in plain(":red[x]")
    assert plain("集群总产值 38.20").replace("\\", "") == "集群总产值 38.20"


def test_a_word_table_is_drawn_with_its_spans_and_marks() -> None:
    document = Document(
        "申报表.docx", "docx",
        (
            Paragraph("一、<b>基本情况", place="段落1"),
            Table(2, 2, (
                Cell(1, 1, 1, 2, "年度", place="表1 行1 列1"),
                Cell(2, 1, 1, 1, "☑是 ☐否", place="表1 行2 列1"),
                Cell(2, 2, 1, 1, "38.20<script>", place="表1 行2 列2"),
            ), place="表1"),
        ),
    )  # fmt: skip
    where = Evidence("申报表.docx", None, None, "表1 行2 列2", "38.20")
    drawn = pictures.document_html(document, [Marked(1, where, True)])
    assert 'colspan="2"' in drawn and "<script>" not in drawn and "<b>基本" not in drawn
    assert drawn.count('class="hit chosen"') == 1
    assert '<td class="hit chosen"><b class="badge">1</b><mark>38.20</mark>' in drawn
    assert 'class="hit chosen"' in pictures.row_html(document, where)
    deeper = replace(where, place="表1 行2 列2 段落3")
    assert 'class="hit chosen"' in pictures.document_html(document, [Marked(1, deeper, True)])


def test_the_row_of_a_word_table_stands_under_its_heading() -> None:
    cells = [Cell(1, 1, 1, 3, "年度", place="表1 行1 列1"), Cell(2, 1, 4, 1, "总产值")]
    cells += [
        Cell(r, c, 1, 1, f"{r}-{c}", place=f"表1 行{r} 列{c}") for r in range(2, 6) for c in (2, 3)
    ]
    long = Paragraph("2023年<b>总产值</b>达61.07亿元，增长。", place="段落9")
    document = Document("a.docx", "docx", (Table(5, 3, tuple(cells), place="表1"), long))
    drawn = pictures.row_html(document, Evidence("a.docx", None, None, "表1 行5 列3", "5-3"))
    assert [drawn.count(w) for w in ("年度", "总产值", "4-2", "5-2", "2-2", "3-3")] == [
        1, 1, 1, 1, 0, 0
    ]  # fmt: skip
    assert 'rowspan="2"' in drawn and '<td class="hit chosen">5-3</td>' in drawn
    sentence = Evidence("a.docx", None, None, "段落9", "达61.07亿元")
    drawn = pictures.row_html(document, sentence)
    assert "<mark>达61.07亿元</mark>" in drawn and "<b>总" not in drawn
    assert pictures.row_html(document, Evidence("a.docx", None, None, "表7 行1 列1")) == ""


def test_a_whole_row_of_a_list_is_marked() -> None:
    cells = tuple(
        Cell(r, c, 1, 1, f"{r}-{c}", place=f"工作表“清单” 行{r} 列{c}")
        for r in (1, 2) for c in (1, 2)
    )  # fmt: skip
    document = Document("清单.xlsx", "xlsx", (Table(2, 2, cells, place="工作表“清单”"),))
    where = Evidence("清单.xlsx", None, None, "工作表“清单” 行2", "2-1 2-2")
    drawn = pictures.document_html(document, [Marked(3, where, True)])
    assert drawn.count('class="hit chosen"') == 2 and drawn.count(">3</b>") == 1
    assert "data-chosen" not in drawn


@pytest.mark.parametrize(
    ("bbox", "style"),
    [
        ((50, 100, 150, 200), "left:10.000%;top:10.000%;width:20.000%;height:10.000%"),
        ((150, 200, 50, 100), "left:10.000%;top:10.000%;width:20.000%;height:10.000%"),
    ],
)
def test_a_box_stands_where_the_figure_is(bbox: Any, style: str) -> None:
    marked = Marked(1, Evidence("a.pdf", 1, bbox), True)
    assert style in pictures.page_html(Picture(b"", 500, 1000), [marked], "")


def test_a_page_is_drawn_and_nonsense_is_not(tmp_path: Path) -> None:
    good = paper(tmp_path / "a.pdf")
    made = pictures.page_pictures(good, [1, 2])
    assert len(made) == 1 and made[0].data.startswith(b"\xff\xd8")
    assert (round(made[0].width), round(made[0].height)) == (595, 842)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nonsense")
    assert pictures.page_pictures(tmp_path / "b.pdf", [1]) == []


@pytest.mark.parametrize("turned", ["", "180", "90"])
def test_the_cell_is_cut_out_of_the_page_beside_its_figure(store: Store, turned: str) -> None:
    """For a PDF and a picture alike, however the page was turned."""
    app = review(tab="figures", part="all", figure="area", turn=turned)
    # the cell (320, 147.89, 540, 173.89) with 6 and 4 points around it
    scale = {"90": 180 / 232}.get(turned, 2.0)  # a standing one is not taller than the room
    assert f"left:{-314 * scale:.1f}px;top:{-143.89 * scale:.1f}px" in bodies(app)
    assert f"width:{232 * scale:.1f}px;height:{34 * scale:.1f}px" in bodies(app)
    assert ('class="lies"' in bodies(app)) is (turned == "90")
    assert ("aspect-ratio:1.4143" in bodies(app)) is (turned == "90")


def test_a_database_that_is_put_in_another_s_place_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HECHA_DB", str(tmp_path / "hecha.db"))
    with frame.open_store() as first:
        pass
    with frame.open_store() as again:
        assert again is first  # opening it costs more than what is asked of it
        with frame.open_store() as second:
            assert second is not again
    for left in tmp_path.iterdir():
        left.rename(tmp_path / f"old-{left.name}")
    with frame.open_store() as other:
        assert other is not first and other is not second
        other._db.execute("BEGIN")  # what broke off in the middle is not handed on
    with frame.open_store() as last:
        assert last is not other and not last.busy


# ------------------------------------------------------------------ verdicts


@pytest.mark.parametrize(
    ("rules", "decisions", "word"),
    [
        ([], [], "met"),
        ([("criterion.area-limit", "error")], [], "unmet"),
        ([("criterion.area-limit", "warning")], [], "open"),
        ([("criterion.area-limit", "warning")], ["confirm"], "met"),
        ([("blank.required", "error")], [], "mend"),
        ([("blank.required", "error"), ("deadline.late", "error")], [], "unmet"),
        ([("blank.required", "error")], ["dismiss"], "met"),
        ([("blank.required", "error")], ["dismiss", "note"], "met"),
        ([("blank.required", "error")], ["dismiss", "confirm"], "mend"),
        ([("format.decimals", "notice")], [], "met"),
    ],
)
def test_the_verdict(
    store: Store, form: Result, rules: list[tuple[str, Any]], decisions: list[Any], word: str
) -> None:
    made = tuple(
        Finding(rule, severity, ("area",), Bilingual("甲", "a")) for rule, severity in rules
    )
    checks = tuple(c for c in form.checks if c.outcome == "met")
    id = store.save_result(replace(form, findings=made, checks=checks))
    for d in decisions:
        r = store.load_submission(id).findings[0]
        seen = r.decision.id if r.decision else None
        store.add_decision(id, r.key, d, "甲", r.fingerprint, "因", seen)
    stored = store.load_submission(id)
    if stored.summary.needs_look:
        pytest.fail("the sample form should be read without doubt")
    assert verdict.verdict(stored) == word


# ------------------------------------------------------------------ uploads


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("申报表.docx", "申报表.docx"),
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/a.pdf", "abs/a.pdf"),
        ("C:\\papers\\a.pdf", "C_/papers/a.pdf"),
        ("批次/甲/申报表.docx", "批次/甲/申报表.docx"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("con.pdf", "_con.pdf"),
        (" . ", "_"),
        ("a. ", "a"),
    ],
)
def test_names_of_uploads_are_made_safe(name: str, safe: str) -> None:
    assert inbox.safe_name(name) == safe


def test_long_names_keep_their_ending() -> None:
    name = inbox.safe_name("长" * 300 + ".docx")
    assert name.endswith(".docx") and len(name.encode()) <= 180


def zipped(**files: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in files.items():
            z.writestr(name.replace("__", "/"), data)
    return out


@pytest.mark.parametrize(
    ("uploads", "groups"),
    [
        ([("a.pdf", b"x"), ("b.pdf", b"y")], [("a", 1), ("b", 1)]),
        ([("a.pdf", b"x"), ("a.pdf", b"y")], [("a", 1), ("a (2)", 1)]),
        ([("批/甲/表.pdf", b"x"), ("批/乙/表.pdf", b"y"), ("批/乙/清单/一.pdf", b"z")],
         [("乙", 2), ("甲", 1)]),
        ([("甲/表.pdf", b"x"), ("甲/清单.pdf", b"y")], [("甲", 2)]),
        ([("甲.zip", zipped(**{"表.pdf": b"x", "附件__一.pdf": b"y"}).getvalue())], [("甲", 2)]),
    ],
)  # fmt: skip
def test_uploads_are_grouped_as_the_command_line_groups(
    tmp_path: Path, uploads: list[tuple[str, bytes]], groups: list[tuple[str, int]]
) -> None:
    database = tmp_path / "hecha.db"
    staged = [(name, io.BytesIO(data)) for name, data in uploads]
    job = inbox.stage(database, staged, "2024-05-06T07:08:09+08:00")
    assert sorted(job.groups) == sorted(groups)
    assert inbox.jobs(database) == [job] and job.state == "waiting"
    inbox.discard(database, job.id)
    assert inbox.jobs(database) == []


def wait(database: Path, seconds: float = 60) -> inbox.Job:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = inbox.jobs(database)[0]
        if job.state in ("done", "failed"):
            return job
        time.sleep(0.1)
    raise AssertionError("the work did not end")


def test_an_upload_is_reviewed_in_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "hecha.db"
    monkeypatch.setenv("HECHA_DB", str(database))
    good = paper(tmp_path / "示范.pdf")
    uploads = [("示范.pdf", io.BytesIO(good.read_bytes())), ("坏.pdf", io.BytesIO(b"%PDF-1.4 x"))]
    job = inbox.stage(database, uploads, "2024-05-06T07:08:09+08:00")
    app = screen(screen="upload")
    app.button(key=f"start-{job.id}").click().run()
    assert not app.exception
    done = wait(database)
    assert (done.state, done.done, done.failed) == ("done", 2, ["坏"])
    assert sorted(name for name, _ in done.results) == ["坏", "示范"]
    assert not (inbox.folder_of(database) / job.id / "papers").exists()
    with Store(database) as store:
        shown = {s.name: s for s in store.list_submissions()}
        assert shown["示范"].programme == "weifang-2021" and shown["示范"].path == "示范.pdf"
    assert "坏" in bodies(screen(screen="upload"))


def test_work_that_died_can_be_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    database = tmp_path / "hecha.db"
    monkeypatch.setenv("HECHA_DB", str(database))
    job = inbox.stage(database, [("a.pdf", io.BytesIO(b"x"))], "2024-05-06T07:08:09+08:00")
    dead = replace(job, state="running", programme="weifang-2021", on="2024-05-06", beat=1.0)
    inbox._write(inbox.folder_of(database) / job.id, dead)
    assert inbox.jobs(database)[0].dead
    app = screen(screen="upload")
    app.button(key=f"again-{job.id}").click().run()
    assert wait(database).done == 1


@pytest.mark.parametrize("junk", ["", "{", "[]", '{"id": 1}', '{"groups": 3}'])
def test_a_damaged_job_is_passed_over(tmp_path: Path, junk: str) -> None:
    folder = inbox.folder_of(tmp_path / "hecha.db") / "x"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(junk)
    assert inbox.jobs(tmp_path / "hecha.db") == []


def test_the_worksheet_is_made(store: Store, tmp_path: Path) -> None:
    from review_ui.screens.download import make

    assert make(tmp_path / "hecha.db", [1]).startswith(b"PK")
