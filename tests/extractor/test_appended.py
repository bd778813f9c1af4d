"""Papers behind another one in the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.readers.reading import read_file
from extractor.submission.appended import appended
from extractor.submission.roles import role_of
from models.types import Block, Document, Paragraph
from samples.make import HERE
from tests.extractor.grids import document

LONG = "双方约定相互支持，按月结算费用，自签字之日起生效，未尽事宜另行协商。" * 3
PATENTS = [["序号", "专利名称", "专利号"]]
PATENTS += [[str(n), f"一种装置的第{n}种加工方法", f"ZL20201{n:07d}.1"] for n in range(1, 5)]
FORM = next(p for p in sorted((HERE / "applications").glob("寿光*/*.docx")))


def roles(made: Document, form: str = "") -> list[tuple[str, str]]:
    return [(r.role, r.title) for _, r in appended(made, role_of(made, bool(form)), form)]


def test_lists_and_evidence_bound_behind_the_form() -> None:
    form = read_file(FORM, "申报材料.docx", "off")
    behind: list[Block] = [
        Paragraph("附件1"),
        *document("有效发明专利清单", PATENTS).blocks,
        *map(Paragraph, ("附件2：集群企业共享用工协议", LONG, "申报材料真实性声明", LONG)),
    ]  # fmt: skip
    whole = Document(form.file, "docx", (*form.blocks, *behind))
    assert [r for r, _ in roles(whole, "shandong-2024")] == ["list", "evidence", "declaration"]


def test_a_form_alone_has_nothing_behind_it() -> None:
    assert roles(read_file(FORM, "申报表.docx", "off"), "shandong-2024") == []


@pytest.mark.parametrize("printed", sorted((HERE / "printed").iterdir())[:3], ids=lambda p: p.name)
def test_nor_has_a_printed_form(printed: Path) -> None:
    from extractor.locating.recognise import form_of

    [pdf] = printed.glob("*.pdf")
    made = read_file(pdf, "申报表.pdf", "off")
    assert roles(made, form_of(made) or "") == []


def test_a_letter_with_its_enclosures() -> None:
    letter = (
        "关于推荐2024年度山东省特色产业集群的函",
        "现推荐乙县丙特色产业集群申报。特此函达。" + LONG,
    )
    made = document(*letter, "真实性声明", LONG, "附件：企业共享用工协议", LONG)
    assert roles(made) == [("declaration", "真实性声明"), ("evidence", "企业共享用工协议")]


def test_the_headings_of_a_plan_begin_no_paper() -> None:
    made = document(
        "乙县丙特色产业集群发展规划",
        "一、总体思路",
        LONG,
        "二、重点企业名单",
        LONG,
        "三、保障措施",
        LONG,
    )
    assert roles(made) == []
