"""An application → its digest: who it is, its figures, what it claims, its fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from models.form import Form
from models.loading.known_wording import known_wording
from models.programme import Programme
from models.rules.digest import Claim, Digest, Prints, Told
from models.rules.figures import reference
from models.rules.shingles import fingerprints
from models.types import NOWHERE, Answer, Application, Evidence
from models.writing.folding import normalise
from models.writing.naming import cluster_name, folded

_COMPANY = re.compile(
    r"[A-Za-z0-9\u4e00-\u9fff（）()·]{3,24}?(?:集团股份有限公司|股份有限公司|有限责任公司|集团有限公司"
    r"|有限公司|专业合作社|合作联社)"
)
_BEFORE_COMPANY = re.compile(
    r".*(?:[，。；：、]|由|与|和|及|以|为|对|在|向|如|是|的|了|等|企业|公司|骨干|龙头|支持|推动|培育|依托"
    r"|拥有|包括|其中|带动|引进|围绕)(?=[A-Za-z0-9\u4e00-\u9fff（）()·]{4,})"
)
_PARTNER = re.compile(
    r"(?:与|和|同|向|引进|引入|联合|委托|邀请|对接|借助|依托|采购|供应|合作)[^，。；]{0,12}$"
)
_PATENT = re.compile(
    r"(?<![A-Za-z0-9])(?:ZL\s*)?((?:19|20)\d{2})\s*([1-389])\s*(\d{7})\s*[.．]\s*([0-9Xx])"
)
_PUBLISHED = re.compile(r"(?<![A-Za-z0-9])CN\s*(\d{7,9})\s*([ABCU])(?![A-Za-z0-9])")
_STANDARD = re.compile(
    r"(?<![A-Za-z])((?:GB|GJB|HB|NY|QB|JB|HG|SB|YB|JC|FZ|LY|JT|DL|SJ|DB\s*\d{2}|T/[A-Z]{2,10})(?:/[TZ])?)"
    r"\s*(\d{1,6}(?:\.\d+)?)\s*[-—]\s*((?:19|20)?\d{2})(?!\d)"
)
_COMMON = re.compile(
    r"国家级|国家|省级|市级|县级|山东省?|重点|企业|技术|工程|研究院|研究所|研究|中心|实验室|创新|平台|公共|服务"
    r"|中小|院士|博士后|科研|工作站|示范|检测|检验|设计|工业|制造业|产业|孵化器|众创空间|基地|[省市县区]"
)


def digest_of(
    programme: Programme,
    form: Form,
    application: Application,
    *,
    name: str,
    papers: str,
    form_file: str,
    round: str,
    year: int,
) -> Digest:
    """What is kept of one submission. Nothing that needs a look goes in."""
    told = {a.field: a for a in application.answers if _sure(a) and isinstance(a.value, str)}

    def text(*fields: str) -> str:
        return next((str(told[f].value) for f in fields if f in told), "")

    cluster, city, county = text("cluster_name"), text("region_city"), text("region_county")
    if not city:
        places = cluster_name(cluster, (county,) if county else ()).places
        city = places[0] if len(places) > 1 else ""
    where = told["cluster_name"].evidence if "cluster_name" in told else NOWHERE
    region = next((told[f].evidence for f in ("region_city", "region_county") if f in told), where)
    return Digest(
        name=name,
        programme=programme.id,
        round=round,
        year=year,
        papers=papers,
        form_file=form_file,
        cluster=cluster,
        city=city,
        county=county,
        operator=text("operator", "applicant"),
        industry=text("main_product"),
        where=_short(where),
        where_region=_short(region),
        figures=tuple(_figures(application)),
        claims=tuple(_claims(form, application)),
        prints=tuple(_prints(application)),
    )


def _sure(answer: Answer) -> bool:
    return answer.state == "given" and not answer.needs_look


def _short(evidence: Evidence) -> Evidence:
    return replace(evidence, raw=evidence.raw[:60])


def _figures(application: Application) -> Iterator[Told]:
    for a in application.answers:
        if _sure(a) and isinstance(a.value, Decimal):
            yield Told(reference(a.field, a.period), a.value, a.unit or "", _short(a.evidence))


def _prints(application: Application) -> Iterator[Prints]:
    known = known_wording()
    for n in application.narratives:
        if n.state == "given" and not n.needs_look:
            yield Prints(n.field, fingerprints(n.text, known), replace(n.evidence, raw=""))


# ------------------------------------------------------------------ claims


def _claims(form: Form, application: Application) -> Iterator[Claim]:
    """From the lists attached, the names of platforms, and what the narratives name."""
    seen: set[tuple[str, str]] = set()
    for claim in _all_claims(form, application):
        if (claim.kind, claim.key) not in seen:
            seen.add((claim.kind, claim.key))
            yield claim


def _all_claims(form: Form, application: Application) -> Iterator[Claim]:
    for listing in application.listings:
        # the owners of patents and the drafters of standards come from many places
        firms = form.has(listing.field) and form.field(listing.field).unit == "户"
        for row in listing.rows:
            if row.status != "doubled":
                found = list(claims_in(row.text, listing.field, row.evidence, listed=True))
                firm = [c for c in found if c.kind == "enterprise"][:1]
                yield from (c for c in found if c.kind != "enterprise")
                yield from firm if firms else ()
    for answer in application.answers:
        if answer.field.endswith("_names") and _sure(answer):
            for name in re.split(r"[、，,；;\n]", str(answer.value)):
                key = folded(name)
                if len(_COMMON.sub("", key)) >= 4:
                    where = _short(answer.evidence)
                    yield Claim("platform", key, name.strip(), answer.field, where)
    for narrative in application.narratives:
        if narrative.state == "given":
            for claim in claims_in(narrative.text, narrative.field, narrative.evidence):
                if claim.kind != "standard":  # prose names the standards that everybody follows
                    yield claim


def claims_in(text: str, field: str, evidence: Evidence, listed: bool = False) -> Iterator[Claim]:
    """The patent and standard numbers and the firms that a text names.

    In prose a firm that is only a partner (与…合作) is none of the cluster's.
    """
    text = normalise(text)

    def claim(kind: str, key: str, written: str) -> Claim:
        return Claim(kind, key, written, field, replace(evidence, raw=written), listed)

    for m in _PATENT.finditer(text):
        yield claim("patent", f"ZL{m[1]}{m[2]}{m[3]}.{m[4].upper()}", m[0])
    for m in _PUBLISHED.finditer(text):
        yield claim("patent", f"CN{m[1]}{m[2]}", m[0])
    for m in _STANDARD.finditer(text):
        yield claim("standard", re.sub(r"\s", "", f"{m[1]}{m[2]}-{m[3]}").upper(), m[0])
    for m in _COMPANY.finditer(text):
        name, start = m[0], m.start()
        if not listed:
            lead = _BEFORE_COMPANY.match(name)
            if lead:
                name, start = name[lead.end() :], start + lead.end()
            if _PARTNER.search(text[max(0, start - 20) : start]):
                continue
        key = folded(name)
        if len(key) >= 8:
            yield claim("enterprise", key, name)
