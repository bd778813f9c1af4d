"""Whatever people (or programs) write: a parser answers, or refuses in its own words. Never a
traceback, never a number that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.locating.inline import labels_inside
from extractor.locating.labels import vocabulary
from extractor.locating.marks import find_marks, normalise_marks, written
from extractor.prose.mentions import stated
from extractor.readers.pdf.device import content_parser
from extractor.readers.text import read_text_file
from extractor.readers.xlsx import shown
from extractor.storing.store import Store
from models.form import form_ids, load_form
from models.loading.strict_yaml import parse
from models.types import Bilingual
from models.values import read_in_unit, read_number, read_text, written_decimals
from models.writing.counting import count_characters
from models.writing.dates import read_date
from models.writing.folding import is_blank, is_none_mark, normalise
from models.writing.list_numbers import patent_number, standard_number
from models.writing.naming import cluster_name
from models.writing.numerals import number_at
from models.writing.stated import NotANumber, figure_of
from models.writing.units import unit_at
from review_ui.console import UsageError, json_line, plain, table
from review_ui.worksheet.book import write_worksheet
from review_ui.worksheet.taking_in import read_worksheet, take_in
from tests.test_desk import result

WORDS = """
61.07 6１．０7 一百二十 壹佰 〇 万 亿元 万元 ％ % ‰ ± - — 负 约 近 不足 以上 至 ~ ( ) （ ） , ， .
。 ； 、 /
2023年 二〇二三年 12月 31日 2023-02-30 去年 累计 年均 增长 同比 其中 总产值 企业 户 家 件 人 无
□ ☑ √ × ■ ○ ① Ⅳ ½ ² ٣ 𝟗 ߀ 1e9999 NaN inf {{7*7}} =1+1 <b> %s
"""
ODD = ("\u202e", "\u200b", "\x00", "\x1b[2J", "\n", "\t", " ", "\u3000", "9" * 60)
PIECES = st.sampled_from([*WORDS.split(), *ODD, "0." + "0" * 60 + "1"])
TEXT = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=60))
UNITS = st.sampled_from([None, "亿元", "万元", "家", "%", "件/万人", "平方公里", "年", "吨", "x"])
FORM = load_form("weifang-2021")


@given(TEXT, UNITS, st.booleans(), st.booleans())
@settings(max_examples=150)
def test_a_figure_is_a_finite_number_or_refused(raw, unit, integer, falling) -> None:  # type: ignore[no-untyped-def]
    told = read_number(raw, unit, integer=integer, falling=falling)
    if told.quantity is not None:
        assert told.quantity.value.is_finite()
        assert told.quantity.low <= told.quantity.value <= told.quantity.high
    read_in_unit(raw, unit, "万元")
    written_decimals(raw)


@given(TEXT, UNITS)
@settings(max_examples=100)
def test_what_is_written_is_a_figure_or_refused(raw: str, unit: str | None) -> None:
    for read in (lambda: figure_of(raw, unit), lambda: number_at(raw, 0)):
        try:
            read()
        except NotANumber as refused:
            assert isinstance(refused.args[0], Bilingual | str)


@given(TEXT)
@settings(max_examples=100)
def test_small_readers_answer(raw: str) -> None:
    read_date(raw)
    read_text(raw)
    normalise(raw)
    is_none_mark(raw)
    is_blank(raw, "家")
    assert all(n >= 0 for n in count_characters(raw))
    cluster_name(raw)
    patent_number(raw)
    standard_number(raw)
    unit_at(raw)


@given(TEXT)
@settings(max_examples=100)
def test_marks_stand_where_they_are_said_to(raw: str) -> None:
    text, marks = normalise_marks(raw)
    assert sum(c in "☑☐" for c in text) >= len(marks)
    again, same = written(raw, find_marks(raw))
    assert (again, len(same)) == (text, len(marks))


@given(TEXT)
@settings(max_examples=20)
def test_labels_are_looked_for_in_anything(raw: str) -> None:
    for form in form_ids():
        labels_inside(raw, vocabulary(form))


@given(st.lists(TEXT, max_size=5).map("".join))
@settings(max_examples=40)
def test_a_sentence_states_what_stands_in_it(raw: str) -> None:
    for one in stated(raw, FORM):
        assert one.quantity.value.is_finite()
        assert one.raw in raw and raw[one.start : one.end] == one.raw


YAML = st.one_of(
    TEXT,
    st.lists(
        st.sampled_from(
            ["a: 1\n", "a:\n", "- x\n", "  - y: [1, 2\n", "&a\n", "*a\n", "!!python/object x\n",
             "? [1]\n: 2\n", "<<: *a\n", "%YAML 1.1\n", "---\n", "...\n", "a: 1_000_000\n", "\t\n",
             "a: .inf\n", "a: 0x1F\n", "a: 2024-02-30\n", "a: |\n", "'\n", '"\\ud800"\n', "{}: 1\n"]
        ),
        max_size=8,
    ).map("".join),
)  # fmt: skip


@given(YAML)
@settings(max_examples=100)
def test_yaml_is_read_or_its_faults_are_told(raw: str) -> None:
    for fault in parse(raw).faults:
        assert fault.line >= 0 and str(fault.message)


@given(
    st.one_of(st.integers(), st.floats(), st.booleans(), st.text(max_size=9), st.datetimes(),
              st.dates(), st.times(), st.none()),
    st.one_of(st.sampled_from(["0.00%", "#,##0.00", "yyyy\"年\"m\"月\"", "[Red]0;[Blue]-0", "@",
                               "0." + "0" * 400, "???/???", "General", "h:mm", '"a']),
              st.text(max_size=12)),
)  # fmt: skip
@settings(max_examples=100)
def test_a_cell_of_a_sheet_is_shown(value: object, number_format: str) -> None:
    assert len(shown(value, number_format)) < 2000


@given(st.binary(max_size=200) | TEXT.map(lambda t: t.encode("utf-8", "surrogatepass")))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_some_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    document = read_text_file(path, "a.txt")
    assert document.kind == "text"


@given(TEXT)
def test_a_console_gets_nothing_that_it_obeys(raw: str) -> None:
    for made in (plain(raw), json_line({"a": raw}), table([[raw, "b"]])):
        assert not {c for c in made if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0}
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(made)
    assert "\n" not in table([[raw, "b"]])


# ------------------------------------------------------------------ a worksheet that comes back


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("sheet")
    with Store(folder / "hecha.db") as store:
        store.save_result(result("一", "criterion.area-limit", "blank.required"))
        write_worksheet(store, folder / "表.xlsx")
    return folder / "hecha.db", folder / "表.xlsx"


CELL = st.one_of(
    st.none(), st.integers(-(2**70), 2**70), st.floats(), st.booleans(), st.dates(),
    TEXT.map(lambda t: "".join(c for c in t if c >= " " and not "\ud800" <= c <= "\udfff")),
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 16), CELL), max_size=6))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_worksheet_filled_in_by_anybody_is_taken_in_or_refused(sheet, tmp_path, cells) -> None:  # type: ignore[no-untyped-def]
    from openpyxl import load_workbook
    from openpyxl.cell.cell import MergedCell

    database, written_sheet = sheet
    book = load_workbook(written_sheet)
    for row, column, value in cells:
        cell = book.worksheets[0 if row % 2 else -1].cell(row, column)
        if not isinstance(cell, MergedCell):
            cell.value = value
    path = tmp_path / "back.xlsx"
    book.save(path)
    with Store(database) as store:
        try:
            found = read_worksheet(store, path)
        except UsageError as refused:
            assert str(refused)
            return
        assert all(r.state != "refused" or str(r.why) for r in found.rows)
        take_in(store, found, "甲")


PDF_PIECES = st.sampled_from(
    b"""0 1 -7 +3 12.5 .5 5. -.5 - . 1.2.3 00012 9999999999999999999 1e5 BT ET Tj TJ T* ' " q Q
    cm re true false null /F1 /A#20B /A.b+c / /\xd6\xd0 (abc) (a(b)c) (\\101\\7x\\)\\d\\\\) (\\777)
    (\\ ( \\( ) <> <4142> <414> <41 42> << >> <</K/V>> [ ] [(a)-12(b)] { } % %c BI /W 1 ID EI BIx
    IDs do Do BDC EMC d0 scn x\x00y \x00""".split(b" ")
)
"""What content streams are made of, well formed or not."""


@given(st.lists(st.lists(st.one_of(PDF_PIECES, st.binary(max_size=3))), max_size=3), st.booleans())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_a_pdf_stream_is_parsed_as_pdfminer_does(streams, apart) -> None:  # type: ignore[no-untyped-def]
    from pdfminer.pdfinterp import PDFContentParser
    from pdfminer.pdftypes import PDFStream

    contents = [(b" " if apart else b"").join(pieces) for pieces in streams]
    told = []
    for parser in (PDFContentParser, content_parser()):
        for size in (4096, 7):  # a token may lie across the buffer's end
            kind = type("Parser", (parser,), {"BUFSIZ": size})
            told.append(_objects(kind, [PDFStream({}, data) for data in contents]))
    assert told[0] == told[2] and told[1] == told[3]


def _objects(kind, streams) -> list[str]:  # type: ignore[no-untyped-def]
    """What a parser finds, and what it raises in the end."""
    found: list[str] = []
    try:
        parser = kind(streams)
        while len(found) < 1000:
            _, one = parser.nextobject()
            found.append(repr(one.rawdata) if hasattr(one, "rawdata") else repr(one))
    except Exception as error:
        found.append(repr(error))
    return found
