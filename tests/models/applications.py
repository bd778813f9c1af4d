"""Applications made from a few figures, for the tests of the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.form import load_form
from models.loading.cases import application_of
from models.types import Answer, Application, Evidence

# A consistent application for the form shandong-2024: nothing in it is to be found fault with.
SOUND: dict[str, Any] = {
    "area": "85.50",
    "total_output": ["45.60", "51.30", "61.07"],
    "sme_output_share": ["75.00", "76.00", "77.00"],
    "leading_output_share": ["72.00", "73.00", "74.00"],
    "leading_output_growth": ["12.00", "14.06", "20.68"],
    "leading_output_cagr": "15.52",
    "enterprises": ["280", "300", "320"],
    "smes": ["270", "290", "310"],
    "specialised_smes": ["20", "25", "30"],
    "little_giants": ["1", "2", "3"],
    "champions": "无",
    "hightech_enterprises": ["30", "35", "40"],
    "innovative_smes": ["40", "50", "60"],
    "rd_growth": ["11.00", "12.00", "13.00"],
    "invention_patent_cagr": "16.00",
    "invention_patents_per_10k": "826.48",
    "invention_patents": "1286",
    "employees": "15560",
    "cloud_share": "85.00",
    "industrial_internet_share": "45.00",
    "software_spend": ["520.00", "610.00", "700.00"],
    "co2_intensity": ["0.42", "0.40", "0.35"],
    "restricted_industry": "否",
    "serious_incidents": "否",
    "violations": "否",
    "energy_benchmark": "是",
    "water_benchmark": "是",
    "software_rate_rising": "是",
    "cluster_name": "潍坊市寿光市蔬菜种苗特色产业集群",
    "filing_date": "2024-04-20",
    "chain_summary": "强链补链。",
}

SOUND_WEIFANG: dict[str, Any] = {
    "area": "85.50",
    "enterprises": "120",
    "enterprises_above_scale": "60",
    "enterprises_in_park": "80",
    "employees": "15560",
    "market_share_national": "12.00",
    "revenue": "85.60",
    "profit": "8.56",
    "tax": "3.20",
    "honours": "6",
    "honours_brands": "3",
    "honours_trademarks": "2",
    "honours_titles": "1",
    "service_platform_count": "5",
    "service_platform_rd": "1",
    "service_platform_testing": "1",
    "service_platform_logistics": "1",
    "service_platform_ecommerce": "1",
    "service_platform_other": "1",
    "introduction": "集群主导产业突出。",
    "filing_date": "2022-03-01",
}

SOUND_EVALUATION: dict[str, Any] = {
    "market_entities": "860",
    "enterprises_above_scale": "96",
    "enterprises_over_100m": "41",
    "enterprises_over_1bn": "6",
    "revenue": "312.60",
    "profit": "18.90",
    "tax": "9.70",
    "industrial_value_added": "71.30",
    "employees": "26800",
    "fixed_asset_investment": "22.40",
    "technical_upgrade_investment": "13.10",
    "specialised_smes": "23",
    "gazelles": "4",
    "unicorns": "1",
    "champions": "3",
    "manufacturing_innovation_centres": "1",
    "first_of_kind_equipment": "5",
    "rd_centres_national": "2",
    "rd_centres_provincial": "11",
    "one_technology_enterprises": "7",
    "rd_active_share": "46.50",
    "academic_partners": "15",
    "incubators": "4",
    "service_platform_count": "9",
    "industrial_internet_platforms": "2",
    "filing_date": "2022-06-15",
}


def application(form: str, values: dict[str, Any], **changes: Any) -> Application:
    """An application with these values; every answer has its own place as evidence."""
    values = values | changes
    texts = {k: v for k, v in values.items() if load_form(form).field(k).type in ("text", "date")}
    rest = {k: v for k, v in values.items() if k not in texts}
    made = application_of(load_form(form), rest)
    answers = tuple(
        replace(a, evidence=Evidence("a.docx", place=f"{a.field} {a.period}")) for a in made.answers
    )
    answers += tuple(
        Answer(
            k,
            None,
            "given" if v else "blank",
            v or None,
            v,
            1.0,
            False,
            Evidence("a.docx", place=k),
        )
        for k, v in texts.items()
    )
    return replace(made, answers=answers)


def looked(
    application: Application, field: str, period: str | None = None, **changes: Any
) -> Application:
    """The application with one answer changed in place (state, needs_look …)."""

    def changed(a: Any) -> Any:
        same = a.field == field and getattr(a, "period", None) == period
        return replace(a, **changes) if same else a

    return replace(
        application,
        answers=tuple(changed(a) for a in application.answers),
        ticks=tuple(changed(t) for t in application.ticks),
        narratives=tuple(changed(n) for n in application.narratives),
    )
