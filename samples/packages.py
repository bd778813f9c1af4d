"""Whole packages: a form with its letter, summary table, lists and evidence, and their truth.

One is as it should be. In the other the letter is missing, the list of patents is two short and
has a doubled row, the summary table states another number of enterprises, and one ticked action
has no evidence.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal

from models.form import load_form
from models.writing.list_numbers import check_digit
from samples.cities import summary_table
from samples.clusters import CLUSTERS, Cluster
from samples.entries import Filled, Written
from samples.filling import Finding, Sample
from samples.paper import Block, C, Grid, Para, head
from samples.sheet import to_xlsx
from samples.word import to_docx

FOLDER = "packages"
_YEARS = ("2021", "2022", "2023")
_PARTS = {"led": "主持", "joined": "参与"}
_LEVELS = {
    "international": ("国际标准", "ISO {n}:{year}"),
    "national": ("国家标准", "GB/T {n}-{year}"),
    "industry": ("行业标准", "NY/T {n}-{year}"),
    "association": ("团体标准", "T/MMX {n}-{year}"),
}
_GREEN = {
    "green_factories": "绿色工厂",
    "green_parks": "绿色工业园区",
    "green_supply_chain_enterprises": "绿色供应链管理企业",
    "green_products": "绿色设计产品",
}
_COUNTRIES = ("越南", "泰国", "德国", "日本", "巴西", "埃及")
_TITLES = {
    "开展人力资源共享": "集群企业共享用工协议",
    "信息服务": "产业信息服务月报",
    "人员培训": "职工技能培训班签到表",
    "投融资服务": "政银企对接会会议纪要",
    "开展了质量诊断服务": "质量诊断服务报告",
}
"""Where the paper is called otherwise than the option."""


@dataclass
class Package:
    folder: str
    files: dict[str, bytes] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    lists: list[dict[str, object]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, name: str, role: str, data: bytes) -> None:
        self.files[name] = data
        self.roles[name] = role

    def truth(self) -> bytes:
        """expected.json, one line per entry."""
        parts = {
            "roles": [{"file": f, "role": r} for f, r in sorted(self.roles.items())],
            "lists": self.lists,
            "findings": [
                {"rule": f.rule, "severity": f.severity, "fields": list(f.fields)}
                for f in self.findings
            ],
        }
        lines = ['"programme": "shandong-2024"']
        for key, entries in parts.items():
            each = ",\n".join("  " + json.dumps(e, ensure_ascii=False) for e in entries)
            lines.append(f'"{key}": [\n{each}\n]' if each else f'"{key}": []')
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def packages(samples: list[Sample]) -> list[Package]:
    """The packages, made round the forms of two of the samples."""
    clean = next(s for s in samples if s.folder == "寿光蔬菜种苗（清洁）")
    other = next(s for s in samples if s.folder == "莱州石材机械（清洁）")
    return [
        _package("寿光蔬菜种苗（清洁）", clean),
        _package("莱州石材机械（有差错）", other, True),
    ]


def _package(folder: str, sample: Sample, faulty: bool = False) -> Package:
    made = Package(folder)
    cluster = next(c for c in CLUSTERS.values() if c.name == sample.filled.raw("cluster_name"))
    names = _Names(faulty)
    made.add("申报表.docx", "application_form", to_docx(sample.blocks, sample.habits.hand))
    if faulty:
        made.findings.append(Finding("material.missing", "error"))
    else:
        made.add("推荐函.docx", "recommendation_letter", _letter(cluster))
    _summary(made, cluster, sample.filled, names, faulty)
    made.add(names("真实性声明", "docx"), "declaration", _declaration(cluster))
    _patents(made, cluster, sample.filled, names, faulty)
    _standards(made, cluster, sample.filled, names)
    _platforms(made, cluster, sample.filled, names)
    _green(made, cluster, sample.filled, names)
    _branches(made, cluster, sample.filled, names)
    _evidence(made, cluster, sample, names, faulty)
    made.files["expected.json"] = made.truth()
    return made


class _Names:
    """Telling file names, or 附件1, 附件2 …"""

    def __init__(self, vague: bool) -> None:
        self._vague, self._count = vague, 0

    def __call__(self, name: str, ending: str, folder: str = "") -> str:
        self._count += 1
        called = f"附件{self._count}" if self._vague else name
        return f"{folder}{called}.{ending}"


def _number(filled: Filled, key: str) -> int:
    value = filled.cells[key].value
    return int(value) if isinstance(value, Decimal) else 0


def _docx(*blocks: Block) -> bytes:
    return to_docx(list(blocks), "glyph")


def _grid(*rows: tuple[str, ...]) -> Grid:
    heads, *rest = rows
    body = tuple(tuple(C(text) for text in row) for row in rest)
    return Grid((1,) + (3,) * (len(heads) - 1), (tuple(map(head, heads)), *body))


def _letter(cluster: Cluster) -> bytes:
    title = "关于推荐2024年度山东省特色产业集群的函"
    return _docx(
        Para(f"{cluster.city}工业和信息化局文件\n{title}", "heading", "center"),
        Para("山东省工业和信息化厅："),
        Para(f"经初审和实地审查，现推荐{cluster.name}申报2024年度山东省特色产业集群。"),
        Para("特此函达。"),
        Para(f"{cluster.city}工业和信息化局\n2024年4月22日", "body", "right"),
    )


def _declaration(cluster: Cluster) -> bytes:
    return _docx(
        Para("申报材料真实性声明", "heading", "center"),
        Para("本单位声明：此次申报的全部材料真实、合法，如有不实之处，愿承担相应责任。"),
        Para(f"{cluster.authority}（盖章）\n2024年4月18日", "body", "right"),
    )


def _summary(made: Package, cluster: Cluster, filled: Filled, names: _Names, faulty: bool) -> None:
    smes = _number(filled, "smes@2023") + (12 if faulty else 0)
    text = (
        f"集群以{cluster.words['product']}为主导，链条完整。2023年，集群总产值"
        f"{filled.raw('total_output@2023')}亿元，中小企业{smes}家，专精特新“小巨人”企业"
        f"{filled.raw('little_giants@2023')}家。中小企业有效发明专利{filled.raw('invention_patents')}件。"
    )
    cells = {
        "cluster_name": cluster.name,
        "operator": cluster.operator,
        "region_county": cluster.county,
        "leading_industry": cluster.short,
        "established": "2016年5月",
    }
    row = Filled({k: Written(v, v) for k, v in cells.items()}, narratives={"summary": text})
    made.add(names("推荐汇总表", "docx"), "summary_table", to_docx(summary_table((row,)), "glyph"))
    if faulty:
        made.findings.append(Finding("agreement.summary-table", "error", ("smes@2023",)))


def _patents(made: Package, cluster: Cluster, filled: Filled, names: _Names, faulty: bool) -> None:
    stated = _number(filled, "invention_patents")
    count = stated - 2 if faulty else stated
    rows: list[list[str | int]] = [[f"{cluster.name}有效发明专利清单"],
                                   ["序号", "专利名称", "专利号", "专利权人"]]  # fmt: skip
    for n in range(1, count + 1):
        digits = f"{2015 + n % 8}1{10_000 + 37 * n:07d}"
        number = f"ZL{digits}.{check_digit(digits)}"
        rows.append([n, f"一种{cluster.short}加工方法（{n}）", number, f"某某{n % 23 + 1}号企业"])
    if faulty:
        rows.append([count + 1, *rows[4][1:]])
        made.findings.append(Finding("agreement.list-count", "error", ("invention_patents",)))
    rows.append(["合计", "", "", count])
    made.add(names("有效发明专利清单", "xlsx", "附件/"), "list", to_xlsx({"专利": rows}))
    _list(made, "invention_patents", None, count)


def _list(made: Package, name: str, period: str | None, count: int) -> None:
    made.lists.append({"field": name, "period": period, "count": count})


def _standards(made: Package, cluster: Cluster, filled: Filled, names: _Names) -> None:
    heads: list[str | int] = ["序号", "标准名称", "标准号", "标准级别", "主持/参与", "年度"]
    rows: list[list[str | int]] = [[f"{cluster.name}标准制修订清单"], heads]
    for year in _YEARS:
        for part, said in _PARTS.items():
            for level, (called, number) in _LEVELS.items():
                key = f"standards_{part}_{level}"
                count = _number(filled, f"{key}@{year}")
                _list(made, key, year, count)
                for _ in range(count):
                    n = len(rows)
                    code = number.format(n=1000 + 7 * n, year=year)
                    rows.append([n - 1, f"{cluster.short}规范第{n}部分", code, called, said, year])
    made.add(names("标准清单", "xlsx", "附件/"), "list", to_xlsx({"Sheet1": rows}))


def _platforms(made: Package, cluster: Cluster, filled: Filled, names: _Names) -> None:
    rows = [("序号", "平台名称", "级别")]
    for level, said in (("national", "国家级"), ("provincial", "省级"), ("other", "市级")):
        key = f"innovation_platforms_{level}"
        _list(made, key, None, _number(filled, key))
        for name in filled.raw(f"{key}_names").split("、"):
            rows.append((str(len(rows)), name, said))
    title = Para(f"{cluster.name}创新平台清单", "heading", "center")
    made.add(names("创新平台清单", "docx", "附件/"), "list", _docx(title, _grid(*rows)))


def _green(made: Package, cluster: Cluster, filled: Filled, names: _Names) -> None:
    blocks: list[Block] = [Para(f"{cluster.name}绿色制造名单", "heading", "center")]
    for key, called in _GREEN.items():
        count = _number(filled, key)
        _list(made, key, None, count)
        rows = [("序号", "名称", "公布年份")]
        rows += [(str(n), f"某某{called}{n}", str(2019 + n % 5)) for n in range(1, count + 1)]
        blocks += [Para(f"{called}名单", "subheading"), _grid(*rows, ("合计", f"{count}个", ""))]
    made.add(names("绿色制造名单", "docx", "附件/"), "list", _docx(*blocks))


def _branches(made: Package, cluster: Cluster, filled: Filled, names: _Names) -> None:
    count = _number(filled, "overseas_branches")
    _list(made, "overseas_branches", None, count)
    rows = [("序号", "分支机构名称", "所在国家", "设立时间")]
    for n in range(1, count + 1):
        land = _COUNTRIES[n % len(_COUNTRIES)]
        rows.append((str(n), f"某某企业{land}公司（{n}）", land, f"{2015 + n}年"))
    title = Para(f"{cluster.name}境外分支机构清单", "heading", "center")
    made.add(names("境外分支机构清单", "docx", "附件/"), "list", _docx(title, _grid(*rows)))


def _evidence(made: Package, cluster: Cluster, sample: Sample, names: _Names, faulty: bool) -> None:
    """A paper for each question, with a part for each ticked action."""
    missing = "开展了质量诊断服务" if faulty else None
    for question in load_form(sample.form).fields:
        chosen = sample.filled.ticks.get(question.id, ())
        if not question.evidence or not chosen:
            continue
        blocks: list[Block] = []
        for option in chosen:
            if option == missing:
                made.findings.append(Finding("evidence.missing", "error", (question.id,)))
                continue
            title = _TITLES.get(option, f"关于{option}的证明材料")
            blocks += [
                Para(title, "heading", "center"),
                Para(f"上述事项由{cluster.operator}组织实施，有关企业均已参加，情况属实。"),
                Para(f"{cluster.operator}\n2023年9月8日", "body", "right"),
            ]
        name = names(f"{question.path[-1]}佐证材料", "docx", "附件/佐证材料/")
        made.add(name, "evidence", _docx(*blocks))
