"""The books of an invented cluster, and the figures a careful clerk would copy out of them.

Every figure of a form comes from unrounded books, so that a clean form agrees with itself as a
real one does: within rounding and never closer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from samples.entries import rounded

D = Decimal
YEARS = ("2021", "2022", "2023")
LEVELS = ("international", "national", "industry", "association")


def between(key: str, low: float, high: float, places: int = 4) -> Decimal:
    """A number from the range, always the same for the same key."""
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:6]) / 2**48
    return D(repr(low + (high - low) * share)).quantize(D(1).scaleb(-places))


def whole(key: str, low: int, high: int) -> int:
    return int(between(key, low, high + 1, 9))


@dataclass(frozen=True)
class Books:
    """Four entries are 2020 to 2023, three are 2021 to 2023, one is 2023 or all three years."""

    output: tuple[Decimal, ...]
    """亿元, as are leading, sme_output and sme_revenue."""
    leading: tuple[Decimal, ...]
    sme_output: tuple[Decimal, ...]
    sme_revenue: tuple[Decimal, ...]
    rd: tuple[Decimal, ...]
    """万元, four years."""
    patents: tuple[int, ...]
    """Four years."""
    co2: tuple[Decimal, ...]
    """吨, three years."""
    counts: dict[str, tuple[int, ...]]
    """Numbers of enterprises and standards by field, three years each."""
    software: tuple[Decimal, ...]
    employees: int
    rd_staff: int
    on_cloud: int
    on_internet: int
    single: dict[str, Decimal | int]
    """Figures asked once that follow from nothing else on the form."""


def keep(key: str, output: str = "45") -> Books:
    """Books of a healthy cluster; `output` is about its output of 2020 in 亿元."""
    total, lead = [D(output) + between(key + "o", 0, 3)], []
    for year in YEARS:
        total.append(
            (total[-1] * (1 + between(key + "g" + year, 0.108, 0.142))).quantize(D("1e-4"))
        )
    share = between(key + "l", 0.76, 0.84)
    for i, value in enumerate(total):
        wobble = between(f"{key}l{i}", 0, 0.004) + D("0.005") * i
        lead.append((value * (share + wobble)).quantize(D("1e-4")))
    sme_share = between(key + "s", 0.75, 0.86)
    smes = [
        value * (sme_share + D("0.004") * i + between(f"{key}s{i}", 0, 0.003))
        for i, value in enumerate(total[1:])
    ]
    revenue = [value * D("0.9413") for value in smes]
    rd = [revenue[0] * 10000 * between(key + "r", 0.029, 0.037)]
    rd.insert(0, rd[0] / (1 + between(key + "r0", 0.115, 0.15)))
    for year in YEARS[1:]:
        rd.append(rd[-1] * (1 + between(key + "r" + year, 0.125, 0.165)))
    employees = whole(key + "e", 9200, 17800)
    patents = [int(employees * between(key + "p", 0.0082, 0.0216))]
    for year in YEARS:
        patents.append(int(patents[-1] * (1 + between(key + "p" + year, 0.18, 0.24))) + 1)
    co2_rate = between(key + "c", 0.36, 0.62)
    co2 = [
        (value * 10000 * co2_rate * (1 - D("0.07") * i)).quantize(D(1))
        for i, value in enumerate(total[1:])
    ]
    counts = _counts(key)
    sme_count = counts["smes"][2]
    software = [between(key + "w", 760, 1380, 2)]
    for year in YEARS[1:]:
        software.append(rounded(software[-1] * (1 + between(key + "w" + year, 0.11, 0.19))))
    return Books(
        output=tuple(total),
        leading=tuple(lead),
        sme_output=tuple(smes),
        sme_revenue=tuple(revenue),
        rd=tuple(rd),
        patents=tuple(patents),
        co2=tuple(co2),
        counts=counts,
        software=tuple(software),
        employees=employees,
        rd_staff=int(employees * between(key + "t", 0.081, 0.137)),
        on_cloud=int(sme_count * between(key + "u", 0.61, 0.83)),
        on_internet=int(sme_count * between(key + "i", 0.23, 0.46)),
        single={
            "area": between(key + "area", 17, 78, 2),
            "fdi_growth": between(key + "fdi", 11, 29, 2),
            "export_growth": between(key + "exp", 14, 38, 2),
            "pct_applications": whole(key + "pct", 3, 19),
            "energy_intensity_cut": between(key + "cut", 8, 14, 2),
            "solid_waste_use": between(key + "waste", 91, 98, 2),
            "water_reuse": between(key + "water", 87, 96, 2),
            "green_factories": whole(key + "gf", 2, 9),
            "green_parks": 1,
            "green_supply_chain_enterprises": whole(key + "gs", 1, 4),
            "green_products": whole(key + "gp", 3, 16),
            "overseas_branches": whole(key + "ob", 1, 6),
        },
    )


def _counts(key: str) -> dict[str, tuple[int, ...]]:
    def rising(field: str, low: int, high: int, step: int) -> tuple[int, ...]:
        first = whole(key + field, low, high)
        second = first + whole(key + field + "2", 1, step)
        return (first, second, second + whole(key + field + "3", 1, step))

    enterprises = rising("enterprises", 142, 236, 14)
    large = whole(key + "large", 3, 7)
    counts = {
        "enterprises": enterprises,
        "smes": tuple(n - large for n in enterprises),
        "specialised_smes": rising("specialised_smes", 9, 21, 5),
        "little_giants": rising("little_giants", 1, 4, 2),
        "champions": rising("champions", 1, 2, 1),
        "hightech_enterprises": rising("hightech_enterprises", 16, 31, 6),
        "innovative_smes": rising("innovative_smes", 22, 41, 8),
    }
    for level, top in zip(LEVELS, (1, 2, 4, 5), strict=True):
        for part in ("led", "joined"):
            field = f"standards_{part}_{level}"
            counts[field] = tuple(whole(f"{key}{field}{year}", 0, top) for year in YEARS)
    return counts


def shandong_figures(books: Books) -> dict[str, Decimal | int]:
    """Every figure of the Shandong form by field or field@period, decimals at two places."""
    b = books
    out: dict[str, Decimal | int] = {}

    def percent(part: Decimal | int, of: Decimal | int) -> Decimal:
        return rounded(D(part) / D(of) * 100)

    for i, year in enumerate(YEARS):
        out[f"total_output@{year}"] = rounded(b.output[i + 1])
        out[f"sme_output_share@{year}"] = percent(b.sme_output[i], b.output[i + 1])
        out[f"leading_output_share@{year}"] = percent(b.leading[i + 1], b.output[i + 1])
        growth = percent(b.leading[i + 1] - b.leading[i], b.leading[i])
        out[f"leading_output_growth@{year}"] = growth
        out[f"rd_intensity@{year}"] = percent(b.rd[i + 1], b.sme_revenue[i] * 10000)
        out[f"rd_growth@{year}"] = percent(b.rd[i + 1] - b.rd[i], b.rd[i])
        out[f"co2_intensity@{year}"] = rounded(b.co2[i] / (b.output[i + 1] * 10000))
        out[f"software_spend@{year}"] = b.software[i]
        for field, values in b.counts.items():
            out[f"{field}@{year}"] = values[i]
    third = D(1) / 3
    out["leading_output_cagr"] = percent((b.leading[3] / b.leading[0]) ** third - 1, 1)
    out["invention_patent_cagr"] = percent((D(b.patents[3]) / b.patents[0]) ** third - 1, 1)
    out["invention_patents"] = b.patents[3]
    out["employees"] = b.employees
    out["invention_patents_per_10k"] = rounded(D(b.patents[3]) / b.employees * 10000)
    out["rd_staff_share"] = percent(b.rd_staff, b.employees)
    out["cloud_share"] = percent(b.on_cloud, b.counts["smes"][2])
    out["industrial_internet_share"] = percent(b.on_internet, b.counts["smes"][2])
    out |= b.single
    return out | _targets(b, out)


def _targets(b: Books, out: dict[str, Decimal | int]) -> dict[str, Decimal | int]:
    quality = b.counts["specialised_smes"][2] + b.counts["innovative_smes"][2]
    share = out["industrial_internet_share"]
    energy = rounded(D(out["co2_intensity@2023"]) * D("0.37"))
    return {
        "target_output_growth@2023": out["leading_output_cagr"],
        "target_output_growth@2026": rounded(D(out["leading_output_cagr"]) + 1),
        "target_quality_smes@2023": quality,
        "target_quality_smes@2026": quality + 25,
        "target_rd_spend@2023": rounded(b.rd[3]),
        "target_rd_spend@2026": rounded(b.rd[3] * D("1.42")),
        "target_invention_patents@2023": b.patents[3],
        "target_invention_patents@2026": int(b.patents[3] * D("1.6")),
        "target_industrial_internet_share@2023": share,
        "target_industrial_internet_share@2026": rounded(D(share) + 20),
        "target_co2@2023": int(b.co2[2]),
        "target_co2@2026": int(b.co2[2] * D("0.94")),
        "target_energy_intensity@2023": energy,
        "target_energy_intensity@2026": rounded(energy * D("0.88")),
    }


def city_figures(
    key: str, floor: int, share: str, year: str, enterprises: int = 0
) -> dict[str, Decimal | int]:
    """Every figure of a city's table, above a floor of `floor` enterprises and 亿元."""
    total = enterprises or whole(key + "n", floor + 14, floor + 70)
    above = int(total * between(key + "above", 0.28, 0.46))
    park = int(total * between(key + "park", 0.55, 0.82))
    revenue = rounded(D(floor) + between(key + "rev", 6, 48))
    parts = {
        "honours_brands": whole(key + "b", 2, 8),
        "honours_trademarks": whole(key + "tm", 1, 6),
        "honours_titles": whole(key + "ti", 1, 4),
    }
    platforms = {
        f"service_platform_{kind}": whole(key + kind, 1, 4)
        for kind in ("rd", "testing", "logistics", "ecommerce", "other")
    }
    return {
        "area": between(key + "area", 9, 86, 2),
        "enterprises": total,
        "enterprises_above_scale": above,
        "enterprises_in_park": park,
        "employees": total * whole(key + "emp", 58, 120),
        share: between(key + "share", 11, 36, 2),
        f"revenue@{year}": revenue,
        f"profit@{year}": rounded(revenue * between(key + "pro", 0.05, 0.09)),
        f"tax@{year}": rounded(revenue * between(key + "tax", 0.025, 0.045)),
        "honours": sum(parts.values()),
        **parts,
        "service_platform_count": sum(platforms.values()),
        **platforms,
    }
