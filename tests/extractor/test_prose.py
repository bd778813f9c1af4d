"""What sentences state: tables of sentences of many kinds, each with all it says of the cluster."""

from __future__ import annotations

import pytest

from extractor.prose import stated
from models.form import load_form

SHANDONG = load_form("shandong-2024")


def read(text: str, form: str = "shandong-2024", **more: str) -> list[str]:
    """field@period value, with ~ before what is approximate and ? behind what is not sure."""
    return [
        f"{s.field}{'@' + s.period if s.period else ''} "
        f"{'~' if s.quantity.approximate else ''}{s.quantity.value.normalize():f}"
        f"{'' if s.sure else '?'}"
        for s in stated(text, load_form(form), **more)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023年集群实现总产值61.07亿元，同比增长12.3%。", ["total_output@2023 61.07"]),
        ("拥有有效发明专利1286件", ["invention_patents 1286"]),
        ("专精特新“小巨人”企业5家", ["little_giants@2023 5?"]),
        ("截至2023年底，集群共有5家国家级专精特新“小巨人”企业。", ["little_giants@2023 5"]),
        ("主导产业产值近三年年均增长15.8%。", ["leading_output_cagr 15.8"]),
        ("２０２３年集群总产值６１．０７亿元。", ["total_output@2023 61.07"]),
        ("2023 年集群总产值 610700 万元。", ["total_output@2023 61.07"]),
        ("二〇二三年集群总产值61.07亿元。", ["total_output@2023 61.07"]),
        ("2023年，集群拥有绿色工厂十二家。", ["green_factories 12"]),
    ],
)
def test_plain(text: str, said: list[str]) -> None:
    assert read(text) == said
