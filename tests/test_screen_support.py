"""Papers and lists on the review screen: what answers which claim, which rows were counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("streamlit")

from extractor.output import Result
from extractor.storing.store import Store
from models.types import Attached, Evidence, ListedRow, Listing, Paper
from models.wording import Bilingual
from review_ui import support
from tests.test_screen import bodies, form, param, review, screen, store  # noqa: F401

LIST, PROOF, ODD = "清单/专利.xlsx", "佐证/证书.pdf", "佐证/其他.docx"
WHY = Bilingual("号码的校验位不符", "its check digit is wrong")


def row(n: int, **more: object) -> ListedRow:
    where = Evidence(LIST, None, None, f"工作表“清单” 行{n}", f"第{n}行")
    return ListedRow(f"第{n}行<b>", f"ZL{n}", evidence=where, **more)  # type: ignore[arg-type]


def with_papers(result: Result) -> Result:
    """The form with a list of four rows (one doubled, one malformed) and three papers."""
    assert result.application is not None
    rows = (row(2), row(3, status="doubled"), row(4, status="malformed", why=WHY))
    listing = Listing("employees", None, "专利<清单>", rows, rows[0].evidence)
    more = Listing("rd_enterprises", None, "专利<清单>", (row(5), rows[0]), rows[0].evidence)
    attached = (
        Attached("material: plan", Evidence(PROOF, None, None, ""), 0.95),
        Attached("employees", Evidence(ODD, None, None, "段落2", "从业人员"), 0.4, WHY),
        Attached("employees", Evidence(PROOF, 1, None, ""), 0.55),
    )
    papers = (
        Paper(PROOF, "pdf", "evidence", "证书", confidence=0.4),
        Paper(ODD, "docx", "evidence", "其他", confidence=0.4),
        Paper("佐证/坏.pdf", "pdf", "other", read=False),
        Paper("佐证/扫描.pdf", "pdf", "other", unread_pages=(3, 4)),
    )
    application = replace(
        result.application, listings=(listing, more), attached=attached, papers=papers
    )
    return replace(result, application=application)


@pytest.fixture
def packaged(store: Store, form: Result) -> Store:  # noqa: F811
    made = with_papers(form)
    store.save_result(made)
    return store


def test_what_supports_the_form(packaged: Store) -> None:
    stored = packaged.load_submission(1)
    first, second = support.claims(stored)
    assert (first.id, first.sure, str(first.name)) == ("material: plan", True, "申报材料：发展规划")
    assert (second.id, second.sure) == ("employees", False)
    assert [a.strength for a in second.papers] == [0.55, 0.4]  # the surest first
    (found,) = support.lists(stored)  # two figures, one list
    assert [r.number for r in found.rows] == ["ZL2", "ZL3", "ZL4", "ZL5"]
    assert [r.status for r in found.wrong] == ["doubled", "malformed"]
    assert [c.listing.count for c in found.counted] == [2, 2]
    papers = stored.result.application.papers  # type: ignore[union-attr]
    attached = stored.result.application.attached  # type: ignore[union-attr]
    doubt = [support.doubtful(p, attached) for p in papers]
    assert doubt == [False, True, True, True]  # the first surely answers something


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", ["judge", "lists", "claims", "papers", "nonsense"])
def test_every_part_opens(packaged: Store, part: str, lang: str) -> None:
    app = review(tab="support", part=part, lang=lang)
    assert not app.exception and not app.error
    assert "<清单>" not in bodies(app) and "行<b>" not in bodies(app)


def test_faulty_rows_are_shown_and_lead_to_their_place(packaged: Store) -> None:
    app = review(tab="support", part="lists")
    drawn = bodies(app)
    assert "1行重复" in drawn and "1个编号不规范" in drawn and WHY.zh in drawn
    assert drawn.count('<tr class="counted">') == 2
    app.button(key="evidence-1").click().run()
    assert param(app, "e") == "1" and not app.exception


def test_the_tab_says_how_many_are_to_be_judged(packaged: Store) -> None:
    app = review()
    labels = [b.label for b in app.button if (b.key or "").endswith("-support")]
    assert labels == ["佐证与清单（5项待判断）"]  # list, claim, three papers
    app = review(tab="support")
    assert not app.button(key="step-J").disabled
    before = param(app, "item")
    app.button(key="step-J").click().run()
    assert param(app, "item") != before and not app.exception


def test_a_form_alone_says_so(store: Store) -> None:  # noqa: F811
    app = review(tab="support")
    assert not app.exception and "没有" in bodies(app)
