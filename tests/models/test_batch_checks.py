"""Submissions against one another: who is the same, who claims the same, who wrote the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from applications import SOUND, application

from models.form import load_form
from models.loading.known_wording import known_wording
from models.programme import load_programme
from models.rules.batch_checks import batch_findings, earlier_round
from models.rules.digest import Digest
from models.rules.digesting import claims_in, digest_of
from models.rules.shingles import fingerprints, fold, shared_passages, unpack
from models.types import Evidence, ListedRow, Listing

PLAN = (
    "在服务机制上坚持企业点单部门接单的闭环模式，每个园区网格配备一名服务专员，做到企业诉求当天登记三天内回应一周内反馈，"
    "对跨部门的复杂事项由分管负责同志召集现场会集中研判，形成会议纪要后逐条销号，每半年邀请企业代表对各部门打分排名，"
    "排名结果在大会上通报并与评先树优挂钩。"
)  # fmt: skip


def digest(name, cluster="", listings=(), file="", papers="", programme="shandong-2024", **changes):
    """A digest of a sound application with figures of its own."""
    cluster = cluster or f"潍坊市寿光市{name}特色产业集群"
    own = {"area": f"{sum(map(ord, name)) % 9000 / 100 + 1:.2f}", "cluster_name": cluster}
    made = application("shandong-2024", SOUND, **own | changes)
    made = replace(made, listings=tuple(listings))
    rules = load_programme(programme)
    return digest_of(
        rules, load_form(rules.form), made,
        name=name, papers=papers, form_file=file, round=programme, year=2024,
    )  # fmt: skip


def different(name, city="潍坊市", county=None, **changes):
    """One that has nothing in common with the others but the form."""
    seed = sum(ord(c) * (n + 3) for n, c in enumerate(name))
    county = county or f"{name[:2]}县"
    figures = {
        k: [f"{seed % 97 + 13 + n * 7}.{seed % 89 + 10}" for n in range(3)]
        for k in ("total_output", "software_spend", "rd_growth")
    }
    figures |= dict.fromkeys(("invention_patents", "employees"), f"{seed * 7 % 9000 + 1000}")
    figures |= {"invention_patents_per_10k": f"{seed % 800}.37", "leading_output_cagr": "11.11"}
    counted = ("enterprises", "smes", "hightech_enterprises")
    figures |= {k: [str(seed % 300 + 100 + n * 11) for n in range(3)] for k in counted}
    for share in ("sme_output_share", "leading_output_share", "leading_output_growth"):
        figures[share] = [f"{(seed + n * 31) % 20 + 71}.{seed % 83 + 11}" for n in range(3)]
    places = {"region_city": city, "region_county": county}
    return digest(name, f"{city}{county}{name}特色产业集群", **figures | places | changes)


def found(round, texts=None, calls=()):
    def text_of(place, field):
        return (texts or {})[place, field]

    told = batch_findings(round, text_of, calls)
    return sorted((f.rule, n, f.severity) for n, f in told)


def rules(round, **more):
    return {rule for rule, _, _ in found(round, **more)}


PRODUCTS = ("蔬菜种苗", "智能矿山", "针织手套", "医用防护", "专用挂车", "精梳棉纺", "健身器材")


# ------------------------------------------------------------------ quota


@pytest.mark.parametrize(("many", "fires"), [(3, False), (4, False), (5, True), (6, True)])
def test_at_most_four_clusters_from_one_city(many, fires):
    round = [different(p) for p in PRODUCTS[:many]] + [different("别处产品", city="济宁市")]
    told = [f for f in found(round) if f[0] == "quota.exceeded"]
    assert told == ([("quota.exceeded", n, "error") for n in range(many)] if fires else [])


def test_the_city_is_told_by_its_name_however_it_is_written():
    cities = ["潍坊市", "潍坊", "山东省潍坊市", "潍坊市", "潍坊 市"]
    round = [different(p, city=c) for p, c in zip(PRODUCTS, cities, strict=False)]
    assert len([f for f in found(round) if f[0] == "quota.exceeded"]) == 5


def test_one_cluster_handed_in_twice_counts_once():
    round = [different(p) for p in PRODUCTS[:4]]
    round.append(replace(round[0], name="再报"))
    assert "quota.exceeded" not in rules(round)
    assert "duplicate.submission" in rules(round)


def test_a_programme_without_a_quota_has_none():
    round = [replace(different(p), programme="shandong-2023-draft") for p in PRODUCTS]
    assert "quota.exceeded" not in rules(round)


# ------------------------------------------------------------------ the same cluster twice


def test_different_clusters_have_nothing_in_common():
    round = [different(p, city=f"{p[0]}州市") for p in PRODUCTS]
    assert found(round) == []


@pytest.mark.parametrize(
    ("one", "other", "fires"),
    [
        ({"papers": "a"}, {"papers": "a"}, True),
        ({"file": "a"}, {"file": "a"}, True),
        ({"file": ""}, {"file": ""}, False),
        # one name, written in two ways
        ({"cluster": "滨州市博兴县商用厨具特色产业集群"},
         {"cluster": "博兴县商用厨具产业集群"}, True),
        ({"cluster": "滨州市博兴县商用厨具特色产业集群"},
         {"cluster": "滨州市博兴县商用厨房用具特色产业集群"}, True),
        ({"cluster": "滨州市博兴县商用厨具特色产业集群"},
         {"cluster": "滨州市博兴县商用车特色产业集群"}, False),
        ({"cluster": "滨州市博兴县商用厨具特色产业集群", "operator": "博兴县厨都园区管委会"},
         {"cluster": "滨州市博兴县商用厨具装备特色产业集群",
          "operator": "博兴县厨都园区管委会"}, True),
        ({"cluster": "滨州市博兴县商用厨房用具特色产业集群"},
         {"cluster": "滨州市博兴县商用厨房用品特色产业集群"}, True),
        # two of one county
        ({"cluster": "滨州市博兴县粮油加工特色产业集群"},
         {"cluster": "滨州市博兴县新材料特色产业集群"}, False),
    ],
)  # fmt: skip
def test_the_same_cluster(one, other, fires):
    place = {"city": "滨州市", "county": "博兴县"}
    round = [
        replace(different(name, **place), **{RENAMED.get(k, k): v for k, v in told.items()})
        for name, told in (("甲种产品", one), ("乙类物件", other))
    ]
    assert ("duplicate.submission" in rules(round)) is fires


RENAMED = {"file": "form_file"}


def test_the_same_figures_under_another_name_are_the_same_cluster():
    one = different("商用厨具", county="博兴县")
    other = replace(one, name="乙", cluster="滨州市邹平市铝型材特色产业集群", county="邹平市")
    assert found([one, other]) == [
        ("duplicate.submission", 0, "error"), ("duplicate.submission", 1, "error"),
    ]  # fmt: skip


def test_what_came_earlier_and_comes_again_is_a_persons_to_judge():
    pair = [digest("甲", file="x"), digest("乙", file="x")]
    assert {s for _, _, s in found(pair, calls=["b1", ""])} == {"warning"}
    assert {s for _, _, s in found(pair, calls=["", ""])} == {"error"}


# ------------------------------------------------------------------ claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("ZL 2022 1 1370225.7", ["ZL202211370225.7"]),
        ("专利号：ZL202211370225.7，发明", ["ZL202211370225.7"]),
        ("２０２２１１３７０２２５．Ｘ", ["ZL202211370225.X"]),
        ("CN 112233445 B", ["CN112233445B"]),
        ("GB/T 41655-2021 手套", ["GB/T41655-2021"]),
        ("GB／T41655—2021", ["GB/T41655-2021"]),
        ("T/CNHA 1001-2023、DB37/T 4561-2022", ["T/CNHA1001-2023", "DB37/T4561-2022"]),
        ("电话 0531-8612345", []),
        ("序号 12 | 济宁瀚砺精密制造有限公司 | 2021年", ["济宁瀚砺精密制造有限公司"]),
    ],
)
def test_claims_of_a_row(text, claims):
    assert [c.key for c in claims_in(text, "x", Evidence(), listed=True)] == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("培育了寿光绿源种业有限公司等龙头企业。", ["寿光绿源种业有限公司"]),
        ("龙头企业寿光绿源种业有限公司产值5亿元。", ["寿光绿源种业有限公司"]),
        ("与上海某某软件有限公司合作开展诊断。", []),
        ("引进青岛某某数字科技有限公司作为服务商。", []),
    ],
)
def test_claims_of_a_sentence(text, claims):
    assert [c.key for c in claims_in(text, "plan", Evidence())] == claims


def listing(field, *rows):
    return Listing(
        field, None, "清单",
        tuple(ListedRow(r, evidence=Evidence("清单.xlsx")) for r in rows), Evidence("清单.xlsx"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "one", "other", "fires"),
    [
        ("invention_patents", "一种装置 ZL202211370225.7", "某装置 ZL 2022 1 1370225.7", True),
        ("invention_patents", "一种装置 ZL202211370225.7", "某装置 ZL202211370226.7", False),
        ("standards_led_national", "GB/T 41655-2021", "GB/T41655—2021", True),
        ("specialised_smes", "济宁瀚砺精密制造有限公司", "1、济宁瀚砺精密制造有限公司", True),
        # drafters and owners of one thing may be of many places
        ("standards_led_national", "甲乙丙科技有限公司 GB/T 1-2021", "甲乙丙科技有限公司", False),
    ],
)  # fmt: skip
def test_claimed_twice(field, one, other, fires):
    lists = ([listing(field, row)] for row in (one, other))
    round = [different(p, listings=rows) for p, rows in zip(PRODUCTS, lists, strict=False)]
    told = [(n, f) for n, f in batch_findings(round, lambda *_: "") if f.rule == "duplicate.claim"]
    assert [n for n, _ in told] == ([0, 1] if fires else [])
    if fires:
        assert {f.fields for _, f in told} == {(field,)}
        assert [e.file for e in told[0][1].evidences] == ["清单.xlsx", f"{PRODUCTS[1]}/清单.xlsx"]


# ------------------------------------------------------------------ shared passages


def passages(one, other, known=frozenset(), least=20):
    prints = [fingerprints(t, known) for t in (one, other)]
    places = dict(unpack(prints[0]))
    seeds = [(places[h], p) for h, p in unpack(prints[1]) if h in places]
    found = shared_passages(one, other, seeds, known, least)
    return [(one[slice(*p.one)], other[slice(*p.other)]) for p in found]


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (f"甲乙丙。{PLAN}另有他事。", f"丁戊己庚。{PLAN}", PLAN.rstrip("。")),
        # spaces, line breaks, widths and punctuation do not hide it
        (PLAN, PLAN.replace("，", "\n").replace("。", "；"), PLAN.rstrip("。")),
        # nor do other numbers
        ("总产值达到45.6亿元，" + PLAN, "总产值达到99亿元，" + PLAN, None),
        ("两段毫不相干的文字，各写各的，没有一句相同", PLAN, ""),
    ],
)
def test_shared_passages(one, other, shared):
    got = passages(one, other)
    if shared is None:
        assert got and "45.6" in got[0][0] and "99" in got[0][1]
    else:
        assert [a for a, _ in got] == ([shared] if shared else [])


def test_a_word_changed_here_and_there_leaves_one_passage():
    other = PLAN.replace("园区网格", "产业片区").replace("现场会", "专题会")
    ((one, _),) = passages(PLAN, other, least=60)
    assert one == PLAN.rstrip("。")


def test_headings_do_not_count():
    headings = [f"{n}、加快产业链供应链补链强链延链工程建设" for n in "一二三四五"]
    one = "\n".join(f"{h}\n甲乙丙{n}丁戊。" for n, h in enumerate(headings))
    other = "\n".join(f"{h}\n己庚{n}辛壬癸。" for n, h in enumerate(headings))
    assert passages(one, other, least=10) == []


@pytest.mark.parametrize(
    "text",
    [
        "推进集群绿色低碳发展，开展节能诊断，建立节能管控系统、余热余压回收设施等，开展碳排放和碳足迹监测与核算等",
        "以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神，立足新发展阶段，完整、准确、全面贯彻新发展理念，服务和融入新发展格局，以推动高质量发展为主题",
    ],
)
def test_what_the_form_or_everybody_says_is_nobodys(text):
    assert passages(text, text, known_wording(), 20) == []


@pytest.mark.parametrize("length", range(8, 60, 7))
def test_whatever_is_long_enough_leaves_a_common_fingerprint(length):
    from models.rules.shingles import GUARANTEED

    piece = fold(PLAN).text[:length]
    one, other = (
        {h for h, _ in unpack(fingerprints(t))} for t in (f"甲乙丙丁{piece}", f"{piece}戊己")
    )
    if length >= GUARANTEED:
        assert one & other


def with_plan(name, text):
    return different(name, city=f"{name[0]}州市", chain_summary=text)


def test_a_passage_taken_over_stands_at_both_with_both_places():
    texts = [f"甲乙丙丁。{PLAN}", f"{PLAN}戊己庚辛。"]
    round = [with_plan(p, t) for p, t in zip(PRODUCTS, texts, strict=False)]
    told = batch_findings(round, lambda n, field: texts[n])
    assert [(n, f.rule, f.fields) for n, f in told] == [
        (n, "similarity.narrative", ("chain_summary",)) for n in (0, 1)
    ]
    one = told[0][1]
    assert PRODUCTS[1] in one.message.zh and "企业点单" in one.message.zh
    assert [e.raw for e in one.evidences] == [PLAN.rstrip("。")] * 2
    assert one.evidences[1].file.startswith(PRODUCTS[1])


def test_short_passages_are_chance():
    shared = fold(PLAN).text[:60]
    texts = [f"甲乙丙丁。{shared}", f"{shared}。戊己庚辛。"]
    round = [with_plan(p, t) for p, t in zip(PRODUCTS, texts, strict=False)]
    assert batch_findings(round, lambda n, field: texts[n]) == []


def test_one_text_in_many_submissions_is_told_at_each():
    many = 30
    round = [with_plan(f"产{chr(0x4E00 + 37 * n)}品", PLAN) for n in range(many)]
    told = batch_findings(round, lambda n, field: PLAN)
    assert {n for n, f in told if f.rule == "similarity.narrative"} == set(range(many))
    assert sum(f.rule == "similarity.narrative" for _, f in told) == 2 * (many - 1)


# ------------------------------------------------------------------ the round before


@pytest.mark.parametrize(
    ("now", "before", "fires"),
    [
        (["45.60", "51.30", "61.07"], ["45.60", "51.30", "61.07"], []),
        (["45.6", "51.30", "61.07"], ["45.60", "51.30", "61.07"], []),
        (["45.60", "51.30", "61.07"], ["45.60", "53.10", "61.07"], ["total_output@2022"]),
    ],
)
def test_the_round_before(now, before, fires):
    one, other = (different("甲种产品", total_output=v) for v in (now, before))
    found = earlier_round(one, replace(other, year=2023, name="去年"))
    assert [f.fields[0] for f in found] == fires
    assert {f.severity for f in found} <= {"warning"}
    if fires:
        assert found[0].evidences[1].file.startswith("去年/")


def test_the_same_cluster_of_two_rounds_has_one_identity():
    names = ("潍坊市寿光市蔬菜种苗特色产业集群", "寿光市蔬菜种苗产业集群")
    known = {"region_county": "寿光市", "region_city": "潍坊市"}
    assert len({digest("甲", n, **known).identity for n in names}) == 1
    assert digest("甲", "青州市蔬菜种苗产业集群", region_county="青州市").identity not in {
        digest("甲", n, **known).identity for n in names
    }


# ------------------------------------------------------------------ cost


def test_work_grows_with_the_submissions_and_not_with_their_pairs():
    """Counted, not timed: how often two submissions are looked at together."""

    def looked_at(many: int) -> int:
        asked = []
        names = [f"{chr(0x4E00 + 41 * n)}{chr(0x5E00 + 17 * n)}产品" for n in range(many)]
        round = [with_plan(n, f"{n}各有各的打算。" * 9) for n in names]
        batch_findings(round, lambda n, field: asked.append(n) or "")
        return len(asked)

    assert looked_at(60) <= 2 * looked_at(30) + 4


def test_digests_are_small():
    one = different("甲种产品", chain_summary=PLAN * 20)
    assert isinstance(one, Digest) and len(one.prints[0].prints) < 12 * len(PLAN * 20)
    assert all(isinstance(t.value, Decimal) for t in one.figures)
