"""The programme files: their cases, and what the validator refuses, with the line."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from models.form import form_ids, load_form
from models.loading import strict_yaml
from models.loading.cases import read_cases, run_case
from models.loading.source import article_text
from models.loading.thresholds import dates, thresholds
from models.loading.validation import CITED
from models.programme import (
    PROGRAMMES,
    load_programme,
    programme_ids,
    read_programme,
    validate_programme,
)
from models.rules.arithmetic import RELATIONS, entries
from models.rules.plausibility import LIMITS

IDS = (
    "liaocheng-2021",
    "shandong-2022-evaluation",
    "shandong-2023-draft",
    "shandong-2024",
    "weifang-2021",
)
OWN_CASES = [p.parent.name for p in sorted(PROGRAMMES.glob("*/cases.yaml"))]


def own_cases():
    for id in OWN_CASES:
        programme = load_programme(id)
        for case in read_cases(PROGRAMMES / id / "cases.yaml"):
            for n, criterion in enumerate(programme.criteria):
                if case.concerns(criterion):
                    yield pytest.param(programme, criterion, case, id=f"{id}:{case.line}:{n}")


@pytest.mark.parametrize(("programme", "criterion", "case"), list(own_cases()))
def test_case(programme, criterion, case):
    outcomes, severities = run_case(criterion, load_form(programme.form), case)
    assert outcomes == (case.expect * len(outcomes) if len(case.expect) == 1 else case.expect)
    if case.severity:
        assert set(severities) == set(case.severity)


def test_the_programmes():
    assert programme_ids() == (*IDS, "weifang-2021-growing")
    with pytest.raises(KeyError):
        load_programme("nowhere-1999")


@pytest.mark.parametrize("id", programme_ids())
def test_every_programme_is_good(id):
    assert validate_programme(PROGRAMMES / id / "programme.yaml") == []


def test_what_is_taken_from_another_programme():
    draft, shandong = load_programme("shandong-2023-draft"), load_programme("shandong-2024")
    assert shandong.criteria == draft.criteria
    assert {c.citation.document for c in shandong.criteria} == {draft.title}
    assert str(shandong.deadline.date) == "2024-04-26"
    assert shandong.quota.clusters == 4
    assert shandong.in_force is None and draft.in_force.begin is None
    growing, weifang = load_programme("weifang-2021-growing"), load_programme("weifang-2021")
    assert growing.materials == weifang.materials
    assert growing.in_force == weifang.in_force
    assert [c.conditions[0].number for c in growing.criteria] == [100, 50, 50]
    assert len({load_programme(i).version for i in programme_ids()}) == len(programme_ids())


def test_no_person_stands_in_a_source():
    for file in PROGRAMMES.glob("*/source.txt"):
        text = file.read_text(encoding="utf-8")
        assert not any(word in text for word in ("0531", "@", "联系人：", "前街"))


# ------------------------------------------------------------------ refusals

WEIFANG = PROGRAMMES / "weifang-2021"
DRAFT = PROGRAMMES / "shandong-2023-draft"

# (what is wrong, file, words replaced, by what, a word of the message, words of the line)
REFUSALS = [
    ("unknown key", WEIFANG, "office:", "ofice:", "unknown key “ofice”", "ofice:"),
    ("doubled key", WEIFANG, "office:", "form:", "“form” is doubled", "form: weifang-2021"),
    ("unknown key in a criterion", WEIFANG, "at_most: 100", "at_mots: 100", "at_mots", "at_mots"),
    ("quote", WEIFANG, "营业收入70亿以上", "营业收入70亿元以上", "stand in", "70亿元以上"),
    ("wrong article", WEIFANG, "第四条（二）\n    quote: 年营", "第四条（三）\n    quote: 年营",
     "does not stand in 第四条（三）", "第四条（三）"),
    ("no article", WEIFANG, "第四条（二）\n    quote: 年营", "第九十条\n    quote: 年营",
     "has no 第九十条", "第九十条"),
    ("number", WEIFANG, "field: revenue\n    at_least: 70", "field: revenue\n    at_least: 75",
     "75 cannot be read out", "at_least: 75"),
    ("inclusion", WEIFANG, "at_most: 100", "less_than: 100", "mean at_most", "less_than"),
    ("exclusion", DRAFT, "more_than: 70", "at_least: 70", "“高于70” mean more_than", None),
    ("field", WEIFANG, "field: revenue", "field: revenues", "no field “revenues”", "revenues"),
    ("type of field", WEIFANG, "field: revenue", "field: cluster_name", "of the type", None),
    ("operator", WEIFANG, "at_most: 100", "around: 100", "unknown key “around”", "around: 100"),
    ("two operators", WEIFANG, "at_most: 100", "at_most: 100\n    at_least: 100", "expected", None),
    ("rule", WEIFANG, "rule: criterion.area-limit\n", "rule: area_limit\n", "no rule", None),
    ("years where none", WEIFANG, "at_most: 100", "at_most: 100\n    years: last",
     "not asked for every year", "years: last"),
    ("years missing", DRAFT, "    years: each\n    at_least: 40", "    at_least: 40",
     "“years” is missing", None),
    ("years of a series", DRAFT, "average_of: rd_growth\n    years: all",
     "average_of: rd_growth\n    years: last", "years: all goes with", "years: last"),
    ("no date", WEIFANG, "from: 2021-05-10", "from: 2021-15-10", "is no date", "2021-15-10"),
    ("other date", WEIFANG, "from: 2021-05-10", "from: 2021-05-11", "do not name", "2021-05-11"),
    ("severity", WEIFANG, "severity: error", "severity: grave", "“grave”", "severity: grave"),
    ("option", DRAFT, "ticked: [是]", "ticked: [对]", "no option “对”", "ticked: [对]"),
    ("role", WEIFANG, "role: plan", "role: planning", "“planning”", "role: planning"),
    ("relaxed rule", WEIFANG, "criterion.area-limit, criterion.enterprise-floor",
     "criterion.tax, criterion.enterprise-floor", "no criterion criterion.tax", "applies_to"),
    ("region", WEIFANG, "first_in: 全省", "first_in: 全市", "do not name 全市", "first_in"),
    ("form", WEIFANG, "form: weifang-2021", "form: weifang-1921", "no form", "form: weifang-1921"),
    ("missing key", WEIFANG, "    severity: error\n    article: 第四条（二）\n    quote: 集",
     "    article: 第四条（二）\n    quote: 集", "“severity” is missing", None),
    ("anchor", WEIFANG, "office:", "office: &a", "anchors", "office"),
    ("tag", WEIFANG, "office:", "office: !!python/none", "tag", "office"),
    ("not YAML", WEIFANG, "office:", "office: [", "not YAML", None),
]  # fmt: skip


def copied(
    tmp_path: Path, source: Path, old: str = "", new: str = "", file: str = "programme.yaml"
):
    folder = tmp_path / source.name
    shutil.copytree(source, folder)
    target = folder / file
    text = target.read_text(encoding="utf-8")
    if old and old != new:
        assert old in text
        text = text.replace(old, new, 1)
        target.write_text(text, encoding="utf-8")
    return folder / "programme.yaml", text


@pytest.mark.parametrize(
    ("source", "old", "new", "says", "where"),
    [pytest.param(*row[1:], id=row[0]) for row in REFUSALS],
)
def test_refused_with_file_and_line(tmp_path, source, old, new, says, where):
    path, text = copied(tmp_path, source, old, new)
    errors = validate_programme(path)
    found = [e for e in errors if says in e.message.en]
    assert found, [str(e.message.en) for e in errors]
    assert found[0].file == str(path)
    if where:
        lines = [i for i, line in enumerate(text.splitlines(), 1) if where in line]
        assert found[0].line in lines
    assert all(e.message.zh != e.message.en for e in errors)


@pytest.mark.parametrize(
    ("drop", "says"),
    [
        ("  - {area: 99.99, expect: met}\n", "no case just under 100"),
        ("  - {area: 100.01, expect: not_met, severity: warning}\n", "no case just over 100"),
        ("  - {area: 100, expect: met}\n", "no case at 100"),
        ("  - {violations: 是, expect: not_met, severity: error}\n", "with “是” ticked"),
        ("  - {violations: ~, expect: unchecked}\n", "with nothing ticked"),
        ("  - {co2_intensity: [0.42, 0.35, 0.35], expect: not_met, severity: error}\n", None),
        ("  - {co2_intensity: [0.42, 0.43, 0.40], expect: not_met}\n", "rise of one hundredth"),
        ("  - {invention_patent_cagr: 14.99, expect: not_met, severity: error}\n", "just under 15"),
    ],
)
def test_a_criterion_without_its_cases_is_refused(tmp_path, drop, says):
    path, _ = copied(tmp_path, DRAFT, drop, "", "cases.yaml")
    errors = validate_programme(path)
    if says is None:
        assert errors == [] or "two years alike" in errors[0].message.en
        return
    assert says in errors[0].message.en
    assert path.read_text(encoding="utf-8").splitlines()[errors[0].line - 1].startswith("  - rule:")


def test_a_case_that_comes_out_otherwise_is_refused(tmp_path):
    path, text = copied(
        tmp_path, WEIFANG, "{area: 100, expect: met}", "{area: 100, expect: not_met}", "cases.yaml"
    )
    (error,) = validate_programme(path)
    assert error.file.endswith("cases.yaml") and "comes out as met" in error.message.en
    assert "{area: 100, expect: not_met}" in text.splitlines()[error.line - 1]


def test_cases_with_unknown_fields_or_rules_are_refused(tmp_path):
    path, _ = copied(tmp_path, WEIFANG, "{area: 99.99,", "{aera: 99.99,", "cases.yaml")
    assert "no field “aera”" in validate_programme(path)[0].message.en
    path, _ = copied(
        tmp_path / "b", WEIFANG, "criterion.area-limit:", "criterion.area:", "cases.yaml"
    )
    assert "no criterion criterion.area" in validate_programme(path)[0].message.en


def test_missing_source_and_cases(tmp_path):
    path, _ = copied(tmp_path, WEIFANG)
    (path.parent / "source.txt").unlink()
    assert "source.txt" in validate_programme(path)[0].message.en
    path, _ = copied(tmp_path / "b", WEIFANG)
    (path.parent / "cases.yaml").unlink()
    assert "cases.yaml" in validate_programme(path)[0].message.en


def test_a_programme_like_one_of_the_tools_own(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    path = folder / "programme.yaml"
    path.write_text("id: mine\nname: 我市集群\nlike: weifang-2021\n", encoding="utf-8")
    assert validate_programme(path) == []
    assert read_programme(path).criteria == load_programme("weifang-2021").criteria
    path.write_text("id: mine\nname: 我市集群\nlike: nowhere\n", encoding="utf-8")
    assert [e.line for e in validate_programme(path)] == [3]


def test_a_circle_of_programmes_is_refused(tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / one).mkdir()
        text = f"id: {one}\nname: {one}\nlike: {other}\n"
        (tmp_path / one / "programme.yaml").write_text(text, encoding="utf-8")
    assert validate_programme(tmp_path / "a" / "programme.yaml")


@pytest.mark.parametrize("value", [None, 7, "x", "0.5", True, [], [1], ["a", ["b"]], {}, {"a": 1}])
def test_nothing_in_a_file_raises(tmp_path, value):
    data = yaml.safe_load((DRAFT / "programme.yaml").read_text(encoding="utf-8"))
    data["in_force"] = {"from": "2021-01-01"} | data["in_force"]
    data["deadline"] = dict.fromkeys(("date", "field", "severity", "article", "quote"), "x")
    clause = ("claimed_in", "first_in", "leading_in", "applies_to", "article", "quote")
    data["relaxation"] = dict.fromkeys(clause, "x")
    data["materials"] = [dict.fromkeys(("id", "role", "name", "required", *CITED), "x")]
    # one criterion of each kind
    kinds = ("each", "any_of", "average_of", "ticked", "falls_every_year")
    criteria = data["criteria"]
    data["criteria"] = [next(c for c in criteria if k in c or k in c.values()) for k in kinds]
    places = [(k,) for k in data]
    for section in ("criteria", "materials"):
        places += [(section, i, k) for i, c in enumerate(data[section]) for k in c]
    places += [(s, k) for s in ("in_force", "deadline", "relaxation") for k in data[s]]
    path, _ = copied(tmp_path, DRAFT)
    for place in places:
        changed = yaml.safe_load(yaml.safe_dump(data))
        inner = changed
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value
        path.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
        validate_programme(path)


def test_a_large_or_deep_file_is_refused(tmp_path):
    path = tmp_path / "programme.yaml"
    path.write_text("a: " + "x" * strict_yaml.MAX_BYTES, encoding="utf-8")
    assert "larger" in validate_programme(path)[0].message.en
    path.write_text("[" * 3000, encoding="utf-8")
    assert validate_programme(path)
    path.write_bytes(b"id: \xff\xfe")
    assert "UTF-8" in validate_programme(path)[0].message.en
    assert validate_programme(tmp_path / "none.yaml")


# ------------------------------------------------------------------ words of the law


@pytest.mark.parametrize(
    ("words", "unit", "operator", "number"),
    [
        ("集群区域面积在100平方公里以内", "平方公里", "at_most", "100"),
        ("企业户数在70户以上", "户", "at_least", "70"),
        ("企业户数在 30 户以上", "户", "at_least", "30"),
        ("年营业收入70亿以上", "亿元", "at_least", "70"),
        ("年营业收入7000万元以上", "亿元", "at_least", "0.7"),
        ("占集群总产值70%以上", "%", "at_least", "70"),
        ("高于10%", "%", "more_than", "10"),
        ("不低于15%", "%", "at_least", "15"),
        ("不少于1家", "户", "at_least", "1"),
        ("不超过 4 个集群", "", "at_most", "4"),
        ("一般不超过100平方公里", "平方公里", "at_most", "100"),
        ("超过三十户", "户", "more_than", "30"),
        ("不满一百人", "人", "less_than", "100"),
        ("低于2.5", "", "less_than", "2.5"),
        ("三十户以上", "户", "at_least", "30"),
        ("十二家以下", "户", "at_most", "12"),
    ],
)
def test_thresholds(words, unit, operator, number):
    (found,) = thresholds(words, unit)
    assert (found.operator, found.number) == (operator, Decimal(number))


def test_numbers_that_are_no_thresholds():
    assert thresholds("近三年产值持续增长，有效期为5年") == ()
    assert [t.number for t in thresholds("不少于1家企业，或者不少于10家中小企业")] == [1, 10]
    assert dates("于 2024 年 4 月 26 日前") == ("2024-04-26",)


def test_articles():
    text = (WEIFANG / "source.txt").read_text(encoding="utf-8")
    assert article_text(text, "第四条（二）").startswith("（二）产业规模")
    assert "70亿以上" not in article_text(text, "第四条（三）")
    assert article_text(text, "第十条").startswith("第十条")
    assert article_text(text, "第九十条") is None
    notice = (PROGRAMMES / "shandong-2024" / "source.txt").read_text(encoding="utf-8")
    assert "不超过4个集群" in article_text(notice, "二")


# ------------------------------------------------------------------ the rules' own data


def test_relations_name_fields_of_their_forms():
    data = strict_yaml.read(RELATIONS)
    assert data.faults == ()
    ranges = ("from", "to", "fields", "counts")
    growth = ("product_growth", "average_growth", "rates", "total", "share")
    sums = ("field", "ratio_of", "times", "sum_of", "part", "whole")
    same = ("same_as", "in", "names", "count")
    known = ("rule", "none_is_zero", *ranges, *growth, *sums, *same)
    for form in data.data:
        for entry in entries(form):
            assert set(entry) <= set(known)
            named = [v for k, v in entry.items() if k not in ("rule", "from", "to", "times")]
            flat = [x for v in named for x in (v if isinstance(v, list) else [v])]
            assert all(load_form(form).has(x) for x in flat if isinstance(x, str)), entry


def test_limits_name_fields():
    data = strict_yaml.read(LIMITS)
    assert data.faults == ()
    fields = {f.id for form in form_ids() for f in load_form(form).fields}
    named = [*data.data["limits"], *data.data["compared"]]
    named += [x for r in data.data["against"] for x in (r["part"], r["whole"])]
    named += [x for several in data.data["fractions"].values() for x in several]
    assert set(named) <= fields
