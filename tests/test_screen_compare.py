"""Comparing clusters, trying a draft, earlier states: what stands behind these screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("streamlit")

from extractor.output import Result
from extractor.storing.store import Store
from models.form import load_form
from models.programme import PROGRAMMES
from models.rules.outliers import outliers
from models.rules.ranking import indicators
from models.types import Answer, Application, Evidence, Finding
from models.wording import Bilingual
from review_ui import earlier, trial, verdict
from review_ui.letters import report
from tests.test_screen import (  # noqa: F401  (a fixture)
    _nothing_is_smoothed_over,
    area_key,
    bodies,
    form,
    screen,
    store,
)


def cluster(name: str, revenue: str, look: bool = False) -> Application:
    def answer(field: str, value: str) -> Answer:
        return Answer(field, None, "given", Decimal(value), value, 1.0, look, Evidence("a.pdf", 1))

    return Application("weifang-2021", (answer("employees", revenue), answer("area", "60")))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["100", "110", "95", "105", "98", "102", "99", "1000"], ["1000"]),
        (["100", "110", "95", "105", "98", "102", "99", "10"], ["10"]),
        (["100", "110", "95", "105", "98", "102", "99", "250"], []),  # less than three times
        (["100", "110", "95", "105", "98", "102", "1000"], []),  # too few to say
        (["1", "10", "100", "1000", "3", "30", "300", "3000"], []),  # all are far apart
        (["0", "110", "95", "105", "98", "102", "99", "101"], []),  # nothing is not little
    ],
)
def test_outliers(values: list[str], found: list[str]) -> None:
    clusters = [(str(n), cluster(str(n), v)) for n, v in enumerate(values)]
    table = indicators(load_form("weifang-2021"), clusters)
    assert [str(o.standing.value) for o in outliers(table)] == found


@pytest.fixture
def batch(store: Store, form: Result) -> Iterator[Store]:  # noqa: F811
    for n in range(9):
        application = cluster(f"集群{n}", "10000" if n == 4 else f"{100 + n}")
        store.save_result(
            replace(
                form, submission=f"集群{n}", location=f"{n}", application=application, digest=None
            ),
            batch="x",
        )
    yield store


@pytest.mark.parametrize("view", ["", "outliers", "cities", "batch", "versions", "nonsense"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_comparison_opens(batch: Store, view: str, lang: str) -> None:
    app = screen(screen="compare", view=view, lang=lang, w="area*2~nonsense*x", cluster="5")
    if view == "outliers":
        assert "集群4" in bodies(app) and "10000" in bodies(app)


def test_weights_of_the_address_make_an_order(batch: Store) -> None:
    app = screen(screen="compare", w="employees*2")
    body = bodies(app)
    assert 'class="list order"' in body
    first = body.split('class="list order"')[1].split("<tr")[2]
    assert "集群4" in first and "1.00" in first


def found_between(batch: Store, findings: dict[str, Finding]) -> None:
    for name, finding in findings.items():
        kept = batch.load_submission(2).result
        result = replace(kept, submission=name, location=name, findings=(finding,))
        batch.save_result(result, batch="x")


def similar(name: str, *places: Evidence) -> Finding:
    return Finding(
        "similarity.narrative", "warning", (), Bilingual(name, name), evidences=places
    )  # fmt: skip


def test_a_passage_in_two_submissions_is_shown_once(batch: Store) -> None:
    one = Evidence("规划/a.pdf", 1, None, "段落3", "相同的段落")  # in a folder of its own
    other = Evidence("乙/b.pdf", 2, None, "段落5", "相同的段落")
    mine, theirs = replace(one, file="甲/规划/a.pdf"), replace(other, file="b.pdf")
    found_between(batch, {"甲": similar("甲", one, other), "乙": similar("乙", theirs, mine)})
    app = screen(screen="compare", view="batch")
    assert bodies(app).count('class="beside"') == 1
    assert "甲/规划/a.pdf" in bodies(app) and "乙/b.pdf" in bodies(app)
    assert [b.label for b in app.button if "open-" in (b.key or "")] == ["甲", "乙"]


def test_a_quota_is_shown_once_with_those_it_counts(batch: Store) -> None:
    words = Bilingual("某市推荐3个集群，超出名额", "three of a city")
    here = Evidence("a.pdf", 1, None, "段落1", "某市")
    quota = Finding("quota.exceeded", "error", ("region_city",), words, evidences=(here,))
    found_between(batch, dict.fromkeys(("甲", "乙", "丙"), quota))
    app = screen(screen="compare", view="batch")
    assert bodies(app).count(words.zh) == 1
    assert [b.label for b in app.button if "open-" in (b.key or "")] == ["甲", "乙", "丙"]
    assert not screen(screen="compare", view="batch", kind="duplicate.claim").exception


def test_a_place_in_another_application_shows_that_one_s_paper(batch: Store) -> None:
    name = batch.load_submission(1).result.files[0].name
    there = Evidence(f"集群3/{name}", 1, None, "段落1", "相同的段落")
    here = Evidence(name, 1, None, "段落1", "相同的段落")
    found_between(batch, {"甲": similar("甲", here, there)})
    id = str(batch.find("甲")[0])
    own = bodies(screen(screen="review", submission=id, e="0"))
    assert own.count("另一份申报：集群3") == 1  # beside its number in the list, not over the paper
    theirs = bodies(screen(screen="review", submission=id, e="1"))
    assert theirs.count("另一份申报：集群3") == 2


def test_word_and_pdf_stand_side_by_side(batch: Store) -> None:
    kept = batch.load_submission(1).result
    assert kept.application is not None
    other = [
        replace(a, value=Decimal("98.6"), raw="98.6") if a.field == "area"
        else replace(a, value=a.value * Decimal("1.00")) if isinstance(a.value, Decimal) else a
        for a in kept.application.answers
    ]  # fmt: skip
    version = replace(kept.application, answers=tuple(other))
    both = replace(kept.application, versions=(version,))
    batch.save_result(replace(kept, submission="两版", location="两版", application=both))
    assert batch.desk.with_versions() == {batch.find("两版")[0]}
    body = bodies(screen(screen="compare", view="versions"))
    table = body.split('class="both"')[1]
    assert table.count('class="differs"') == 1  # 66.00 and 66 are the same
    first = table.split("<tr")[2]
    assert ">60<" in first and ">98.6<" in first and "≠" in first


# ------------------------------------------------------------------ trying a draft


def draft_of(tmp_path: Path, old: str, new: str) -> Path:
    text = (PROGRAMMES / "weifang-2021" / "programme.yaml").read_text(encoding="utf-8")
    assert old in text
    return trial.lay_out([("草稿.yaml", text.replace(old, new).encode())], tmp_path)


def test_a_draft_is_checked_against_its_regulation(tmp_path: Path) -> None:
    path = draft_of(tmp_path, "at_most: 100", "at_most: 120")
    assert any("100" in str(e.message) for e in trial.faults(path))
    assert trial.faults(draft_of(tmp_path / "x", "", "")) == [] if (tmp_path / "x").mkdir() else 1


def test_a_draft_shows_what_it_would_change(store: Store, tmp_path: Path) -> None:  # noqa: F811
    path = draft_of(tmp_path, "", "")
    stored = store.load_submission(1)
    same = trial.draft(path)
    assert trial.concerned(same, stored) and list(trial.tried(same, stored)) == []
    looser = replace(
        same,
        criteria=tuple(
            replace(
                c, conditions=tuple(replace(k, number=Decimal(200)) for k in c.conditions)
            ) if c.rule == "criterion.area-limit" else c
            for c in same.criteria
        ),
    )  # fmt: skip
    changes = [(c.rule, c.before, c.after) for c in trial.tried(looser, stored)]
    assert changes == [("criterion.area-limit", "not_met", "met")]


# ------------------------------------------------------------------ earlier states


def test_every_earlier_state_can_be_seen(store: Store) -> None:  # noqa: F811
    key = area_key(store)
    r = next(r for r in store.load_submission(1).findings if r.key == key)
    before = store.load_submission(1)
    store.add_decision(1, key, "dismiss", "甲", r.fingerprint, "含水面")
    decided = store.load_submission(1)
    store.add_correction(1, "area", None, "98.60", "乙", "看错")
    now = store.load_submission(1)
    order = [e["what"] for e in store.history(1)]
    places = {what: order.index(what) for what in ("reviewed", "corrected", "decided")}
    first = earlier.as_of(store, now, places["reviewed"]).stored
    assert first.summary.errors == before.summary.errors
    assert [f.finding for f in first.findings] == [f.finding for f in before.findings]
    assert verdict.verdict(first) == verdict.verdict(before)
    last = earlier.as_of(store, now, len(order) - 1).stored
    assert verdict.verdict(last) == verdict.verdict(now) and last.findings == now.findings
    assert decided.findings != now.findings
    then, today = first.result.application, now.result.application
    assert then is not None and today is not None
    assert earlier.differences(then, today) == [("area", "118.60", "98.60")]


def test_the_history_opens_at_an_entry_and_comes_as_csv(store: Store) -> None:  # noqa: F811
    store.add_correction(1, "area", None, "98.60", "乙", "看错")
    entry = [e["what"] for e in store.history(1)].index("reviewed")
    app = screen(screen="review", submission="1", tab="history", asof=str(entry))
    assert "<td><b>118.60</b></td><td>98.60</td>" in bodies(app)
    made = earlier.history_csv([["时间", "=1+1"], ["a,b", "-x"]])
    assert made.startswith(b"\xef\xbb\xbf") and b"'=1+1" in made and b"'-x" in made


def test_the_batch_report_counts(batch: Store, tmp_path: Path) -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(report.batch_report(batch)))
    assert len(book.sheetnames) == 4
    overview = book.worksheets[0]
    assert "9" in str(overview["A1"].value)
    assert sum(c.value for c in overview["B"][4:9] if isinstance(c.value, int)) == 9
    assert sum(len(s._charts) for s in book.worksheets) >= 2
    assert load_workbook(io.BytesIO(report.batch_report(batch, [1]))).worksheets[0]["B5"].value == 1
