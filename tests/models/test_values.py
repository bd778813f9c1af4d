"""Figures, dates and texts as county offices write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import (
    is_none_mark,
    normalise,
    read_date,
    read_in_unit,
    read_number,
    read_text,
    written_decimals,
)
from models.writing.numerals import spell

UNITS = [
    *("亿元", "万元", "%", "平方公里", "户", "人", "件", "个", "项", "家", "吨", "吨/万元"),
    *("吨标准煤/万元", "件/万人", "台（套）", "台时", None),
]


def sure(raw, unit, **how):
    """The value of a reading that is given and sure."""
    reading = read_number(raw, unit, **how)
    assert (reading.state, reading.sure, reading.reason) == ("given", True, None), reading
    return reading.quantity


# ------------------------------------------------------------------ read for certain

MONEY = [
    ("45.60", "45.6"), ("１２３．４", "123.4"), ("1,234", "1234"), ("1，234", "1234"),
    ("1 234", "1234"), ("1 234 567.8", "1234567.8"), ("12,345,678.90", "12345678.9"),
    ("45.6亿元", "45.6"), ("45.6 亿", "45.6"), ("￥45.6亿", "45.6"), ("¥ 45.6 亿元", "45.6"),
    ("456000万元", "45.6"), ("456,000万", "45.6"), ("4560000000元", "45.6"),
    ("45.60 亿 元", "45.6"), ("45.6\n亿元", "45.6"), ("45.6亿元。", "45.6"),
    ("45.6亿元人民币", "45.6"), ("人民币45.6亿元", "45.6"), ("RMB 45.6亿", "45.6"),
    ("45.6（亿元）", "45.6"), ("（亿元）45.6", "45.6"), ("亿元：45.6", "45.6"),
    ("（单位：亿元）45.6", "45.6"), ("456000（万元）", "45.6"), ("45.6个亿", "45.6"),
    ("四十五点六亿元", "45.6"), ("45亿6000万元", "45.6"), ("45亿6千万元", "45.6"),
    ("肆拾伍亿陆仟万元整", "45.6"), ("45.6千万元", "4.56"), ("4.5百亿元", "450"),
    ("45.\n60", "45.6"), ("45\n.60", "45.6"), ("4 5 . 6 0", "45.6"), ("1,2\n34", "1234"),
    ("45.60\u200b", "45.6"), ("4\u200b5.6", "45.6"), ("\u00a045.6\u00a0", "45.6"),
    ("\u202a45.6\u202c", "45.6"), ("__45.6__亿元", "45.6"), ("＿45.6＿", "45.6"),
    ("2023年：45.6", "45.6"), ("2023年 45.6亿元", "45.6"), ("2023年度45.6", "45.6"),
    ("截至2023年底：45.6亿元", "45.6"), ("达45.6亿元", "45.6"), ("达到45.6亿元", "45.6"),
    ("为45.6亿元", "45.6"), ("总额：45.6", "45.6"), ("𝟒𝟓.𝟔", "45.6"), ("45﹒6", "45.6"),
    ("⼀百亿元", "100"), ("一百二十三", "123"), ("壹佰贰拾叁", "123"), ("一亿零五百万元", "1.05"),
    ("45.6亿元亿元", "45.6"), ("0", "0"), ("零", "0"), ("0.00", "0"), ("-0.5", "-0.5"),
    ("－3.20亿元", "-3.2"), ("-￥3.2亿元", "-3.2"), ("负3.2亿元", "-3.2"), ("2023", "2023"),
    ("456000", "456000"), ("\ufeff45.6\t", "45.6"), ("45.6；", "45.6"),
]  # fmt: skip

RATES = [
    ("61.5%", "61.5"), ("61.5％", "61.5"), ("６１．５％", "61.5"), ("61.5 %", "61.5"),
    ("6 1 . 5 %", "61.5"), ("百分之六十一点五", "61.5"), ("百分之61.5", "61.5"),
    ("百分之61.5%", "61.5"), ("百分之百", "100"), ("百分之一百", "100"), ("百分之零点五", "0.5"),
    ("0.72", "0.72"), ("5‰", "0.5"), ("千分之五", "0.5"), ("61.5（%）", "61.5"), ("61.5%%", "61.5"),
    ("−3.20", "-3.2"), ("－3.20", "-3.2"), ("–3.20", "-3.2"), ("—3.20", "-3.2"), ("﹣3.20", "-3.2"),
    ("-3.20", "-3.2"), ("‐3.20%", "-3.2"), ("- 3.20 %", "-3.2"), ("下降3.20%", "-3.2"),
    ("减少3.2%", "-3.2"), ("降低3.2%", "-3.2"), ("同比下降3.2%", "-3.2"), ("负增长3.2%", "-3.2"),
    ("较上年下降3.2%", "-3.2"), ("比上年同期减少3.2%", "-3.2"), ("下降了3.2%", "-3.2"),
    ("降幅3.2%", "-3.2"), ("↓3.2%", "-3.2"), ("负百分之三点二", "-3.2"), ("增长-3.2%", "-3.2"),
    ("增长3.2%", "3.2"), ("上升3.2", "3.2"), ("+3.2", "3.2"), ("＋3.2％", "3.2"), ("↑3.2%", "3.2"),
    ("同比增长3.2%", "3.2"), ("增速为3.2%", "3.2"), ("年均增长3.2%", "3.2"),
    ("增长率：3.2%", "3.2"),
    ("同比+3.2%", "3.2"), ("提高百分之三点二", "3.2"), ("2023年：增长3.2%", "3.2"), ("0%", "0"),
]  # fmt: skip

COUNTS = [
    ("60", 60), ("60家", 60), ("60户", 60), ("60 个", 60), ("６０家", 60), ("60家企业", 60),
    ("60（户）", 60), ("60户（家）", 60), ("数量： _3_ 个", 3), ("__5__个", 5), ("1,234户", 1234),
    ("60.00", 60), ("一百二十三户", 123), ("十二家", 12), ("三家", 3), ("两家", 2),
    ("两千户", 2000),
    ("一千零五十", 1050), ("二〇二三", 2023), ("二○二三", 2023), ("贰拾家", 20), ("0家", 0),
    ("2023年末：60户", 60), ("60项", 60), ("3件", 3), ("1台套", 1), ("1套", 1),
]  # fmt: skip

OTHERS = [
    ("3.5平方千米", "平方公里", "3.5"), ("3.5km²", "平方公里", "3.5"),
    ("3.5KM2", "平方公里", "3.5"),
    ("3.5㎢", "平方公里", "3.5"), ("3.5k㎡", "平方公里", "3.5"),
    ("3.5平方\n公里", "平方公里", "3.5"),
    ("350公顷", "平方公里", "3.5"),
    ("1500亩", "平方公里", "1"), ("3500000平方米", "平方公里", "3.5"),
    ("350万㎡", "平方公里", "3.5"),
    ("3.5（平方公里）", "平方公里", "3.5"), ("350万m²", "平方公里", "3.5"),
    ("3.5万人", "人", "35000"), ("35000名", "人", "35000"), ("3万5千人", "人", "35000"),
    ("三万五千人", "人", "35000"), ("两万三千", "人", "23000"), ("三点五万", "人", "35000"),
    ("1.2万件", "件", "12000"), ("0.5亿件", "件", "50000000"),
    ("12.5件/万人", "件/万人", "12.5"), ("12.5 件／万人", "件/万人", "12.5"),
    ("12.5件每万人", "件/万人", "12.5"), ("12.5件/每万人", "件/万人", "12.5"),
    ("每万人拥有12.5件", "件/万人", "12.5"),
    ("0.125件/百人", "件/万人", "12.5"), ("125件/十万人", "件/万人", "12.5"),
    ("12.5/万人", "件/万人", "12.5"), ("12.5项/万人", "件/万人", "12.5"),
    ("0.52吨/万元", "吨/万元", "0.52"), ("0.52tCO2/万元", "吨/万元", "0.52"),
    ("0.52吨CO₂/万元", "吨/万元", "0.52"), ("0.52吨二氧化碳当量/万元", "吨/万元", "0.52"),
    ("5200吨/亿元", "吨/万元", "0.52"), ("520千克/万元", "吨/万元", "0.52"),
    ("0.52万吨/亿元", "吨/万元", "0.52"), ("520kgCO2/万元", "吨/万元", "0.52"),
    ("0.52吨标准煤/万元", "吨标准煤/万元", "0.52"), ("0.52tce/万元", "吨标准煤/万元", "0.52"),
    ("520kgce/万元", "吨标准煤/万元", "0.52"), ("0.52吨标煤/万元产值", "吨标准煤/万元", "0.52"),
    ("520千克标准煤/万元", "吨标准煤/万元", "0.52"), ("0.52吨/万元", "吨标准煤/万元", "0.52"),
    ("3.5万吨", "吨", "35000"), ("35000t", "吨", "35000"), ("3.5万吨二氧化碳", "吨", "35000"),
    ("2.3亿元", "万元", "23000"), ("2300万", "万元", "2300"), ("23000000元", "万元", "2300"),
    ("1台（套）", "台（套）", "1"), ("2台/套", "台（套）", "2"), ("12台时", "台时", "12"),
    ("12", None, "12"), ("1.2万", None, "12000"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), MONEY)
def test_money(raw, value):
    assert sure(raw, "亿元").value == Decimal(value)


@pytest.mark.parametrize(("raw", "value"), RATES)
def test_rates(raw, value):
    assert sure(raw, "%").value == Decimal(value)


@pytest.mark.parametrize(("raw", "value"), COUNTS)
def test_counts_written_out_are_exact(raw, value):
    quantity = sure(raw, "户", integer=True)
    assert quantity.low == quantity.value == quantity.high == value


@pytest.mark.parametrize(("raw", "unit", "value"), OTHERS)
def test_other_units(raw, unit, value):
    quantity = sure(raw, unit)
    assert (quantity.value, quantity.unit) == (Decimal(value), unit or "")


@pytest.mark.parametrize(
    ("raw", "unit", "integer", "low", "high"),
    [
        ("61.1", "%", False, "61.05", "61.15"),
        ("61.10", "%", False, "61.095", "61.105"),
        ("45", "亿元", False, "44.5", "45.5"),
        ("456000万元", "亿元", False, "45.59995", "45.60005"),
        ("4.6亿", "万元", False, "45500", "46500"),
        ("3.5万", "人", True, "34500", "35500"),
        ("3万5千人", "人", True, "34500", "35500"),
        ("两万三千", "人", True, "22500", "23500"),
        ("四十亿元", "亿元", False, "39.5", "40.5"),
        ("三点五万人", "人", True, "34500", "35500"),
        ("约60家", "户", True, "60", "60"),
        ("下降3.2%", "%", False, "-3.25", "-3.15"),
        ("350公顷", "平方公里", False, "3.495", "3.505"),
        ("百分之六十一点五", "%", False, "61.45", "61.55"),
    ],
)
def test_the_range_that_rounds_to_what_is_written(raw, unit, integer, low, high):
    quantity = sure(raw, unit, integer=integer)
    assert (quantity.low, quantity.high) == (Decimal(low), Decimal(high))


def test_a_conversion_no_decimal_can_hold_is_enclosed():
    quantity = sure("1000亩", "平方公里")
    assert quantity.low < quantity.value < quantity.high
    assert quantity.low * 1500 <= Decimal("999.5")
    assert quantity.high * 1500 >= Decimal("1000.5")


@pytest.mark.parametrize(
    "raw",
    ["约45.6亿元", "近45.6", "超45.6亿", "超过45.6亿元", "逾45.6亿元", "45.6亿余元", "45.6亿多",
     "45.6亿元左右", "45.6亿元以上", "大约45.6", "约为45.6", "接近45.6亿元", "突破45.6亿元",
     "45.6亿元上下", "将近45.6亿元", "2023年约45.6亿元", "456000余万元"],
)  # fmt: skip
def test_approximate(raw):
    quantity = sure(raw, "亿元")
    assert (quantity.value, quantity.approximate) == (Decimal("45.6"), True)


# ------------------------------------------------------------------ offered, not sure


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("45.6\n0", "亿元", "45.60"), ("4 5", "亿元", "45"), ("12 34", "亿元", "1234"),
        ("1\n234", "亿元", "1234"), ("1, 234", "亿元", "1234"), ("1. 45", "亿元", "1.45"),
        ("45。6", "亿元", "45.6"), ("45·6", "亿元", "45.6"), ("45.", "亿元", "45"),
        (".5", "%", "0.5"), ("007", "户", "7"), ("12①", "户", "12"), ("12[1]", "户", "12"),
        ("12*", "户", "12"), ("12¹", "户", "12"), ("共5家", "户", "5"),
        ("5家（含新增2家）", "户", "5"), ("国家级5家", "户", "5"), ("5家（详见附件）", "户", "5"),
        ("45.6（2023年）", "亿元", "45.6"), ("45.6亿元（不含税）", "亿元", "45.6"),
        ("总产值45.6亿元", "亿元", "45.6"), ("增加值45.6亿元", "亿元", "45.6"),
        ("(3.20)", "%", "3.2"), ("（5）个", "户", "5"), ("(-3.2%)", "%", "-3.2"),
        ("1.2E+4", "万元", "12000"), ("1.2e-1", "%", "0.12"), ("一", "户", "1"), ("○", "户", "0"),
        ("一百二", "户", "120"), ("两万三", "人", "23000"), ("一二三", "户", "123"),
        ("不足5%", "%", "5"), ("≥40亿元", "亿元", "40"), ("100+", "户", "100"), (">60", "户", "60"),
        ("预计45.6亿元", "亿元", "45.6"), ("降至3.2%", "%", "3.2"), ("3.2个百分点", "%", "3.2"),
        ("1.5倍", "%", "150"), ("三成", "%", "30"), ("近三年年均增长12.5%", "%", "12.5"),
        ("2023年12月45.6亿元", "亿元", "45.6"), ("456000万元亿元", "亿元", "45.6"),
        ("12件", "件/万人", "12"), ("0.5吨", "吨/万元", "0.5"), ("亏损0.5亿元", "亿元", "-0.5"),
        ("2023年—3.2", "%", "-3.2"), ("\u00ad3.2", "%", "-3.2"), ("3.5万", "平方公里", "35000"),
    ],
)  # fmt: skip
def test_offered_but_to_be_verified(raw, unit, value):
    reading = read_number(raw, unit)
    assert (reading.state, reading.sure) == ("given", False)
    assert reading.quantity.value == Decimal(value)
    assert reading.reason.zh and reading.reason.en
    assert reading.reason.zh != reading.reason.en


def test_a_fraction_of_a_firm_is_not_sure():
    reading = read_number("60.5", "户", integer=True)
    assert (reading.quantity.value, reading.sure) == (Decimal("60.5"), False)


@pytest.mark.parametrize(
    ("raw", "value", "certain"),
    [("下降3.2%", "3.2", True), ("3.2%", "3.2", True), ("降低率3.2%", "3.2", True),
     ("-3.2%", "-3.2", False), ("增长3.2%", "-3.2", False), ("+3.2%", "3.2", False)],
)  # fmt: skip
def test_where_the_form_asks_how_much_it_fell(raw, value, certain):
    reading = read_number(raw, "%", falling=True)
    assert (reading.quantity.value, reading.sure) == (Decimal(value), certain)


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("raw", "unit"),
    [(raw, "亿元") for raw in
     ["1,23", "1,5", "1.234,5", "1.2.3", "1.234.567", "0,123", "12,34,567", "1,2345", "45.6吨",
      "45.6亿美元", "61.07%", "4S.6", "l2", "12O", "O", "A12", "0x1F", "10-12", "10~12", "10至12",
      "10—12亿元", "40亿元至45亿元", "10  12", "40.2\n45.6", "2022年40.2 2023年45.6",
      "2023\n45.6", "2021 2022 2023",
      "2021年-2023年45.6", "2024年4月20日", "2024-04-20", "2024/4/20", "2024.4.20", "2023年",
      "2024年4月", "4月20日", "45.6亿元，同比增长3.2%", "下降3亿元", "新增5亿元", "3万5", "5千",
      "两万三千", "三五", "十七八", "两三亿", "3.5万5千", "±3", "--3.2", "下降-3.2", "见附件",
      "详见附件1", "同上", "暂无数据", "未统计", "第5", "45.6亿元/年", "1/2", "12+3", "1'234",
      "1、234", "9" * 40, "1e400", "10:30", "45.6公里", "一般", "一企一技术", "是", "√", "☑",
      "*", "?", "......", "不是5", "5头%", "45..6", "，", "4,5 6"]]
    + [("61.5万", "%"), ("3/4", "%"), ("下降-3.2%", "%"), ("持平", "%"), ("45.6元", "%"),
       ("5人", "户"), ("5吨", "户"), ("5%", "户"), ("5百强", "户"), ("第5家", "户"), ("5年", "户"),
       ("国家级3家，省级5家", "户"), ("新增5家", "户"), ("12家", "人"), ("3.5公里", "平方公里"),
       ("0.52吨标准煤/万元", "吨/万元"), ("0.52吨二氧化碳/万元", "吨标准煤/万元"),
       ("3.5万吨标准煤", "吨"), ("12人/万元", "件/万人"), ("1,5", "%"),
       ("12家", "台时")],
)  # fmt: skip
def test_refused_with_a_reason(raw, unit):
    reading = read_number(raw, unit)
    assert (reading.state, reading.quantity, reading.sure) == ("unreadable", None, False)
    assert reading.reason.zh and reading.reason.zh != reading.reason.en


# ------------------------------------------------------------------ nothing there


@pytest.mark.parametrize(
    "raw",
    ["无", "無", "暂无", "没有", "无此项", "不涉及", "不适用", "/", "／", "\\", "＼", "—", "——",
     "--", "－", "－－", "-", "–", "N/A", "n/a", "NA", "无。", "“无”", "（无）", "【无】", "目前无",
     "尚无", "均无", "无相关情况", "无此类情况", "无该项业务", "未涉及", "未发生", "None", "Nil",
     "//", " 无 ", "__无__", "__/__", "_无_个", "/个", "—%", "无；", "N.A.", "本集群不涉及"],
)  # fmt: skip
def test_none_marks(raw):
    assert is_none_mark(raw)
    assert read_number(raw, "个").state == "none"
    assert read_date(raw).state == "none"


@pytest.mark.parametrize(
    "raw",
    ["0", "零", "一", "45.6", "无锡市", "无人机产业集群", "没有落后产能的集群", "暂无数据", "",
    "个",
     "无变化", "3/4", "-3.2", "——————", "不", "无缝钢管", "*", "~"],
)  # fmt: skip
def test_what_is_no_none_mark(raw):
    assert not is_none_mark(raw)


@pytest.mark.parametrize(
    ("raw", "unit"),
    [("", "个"), (" \n\t\u3000\u200b", "个"), ("____", "个"), ("____个", "个"), ("个", "个"),
     ("（　）", "个"), ("（  ）个", "个"), ("%", "%"), ("（%）", "%"), ("％", "%"),
     ("亿元", "亿元"),
     ("数量：____个", "个"), ("数量：", "个"), ("共____家", "户"), ("家", "户"), ("万元", "亿元"),
     ("____台（套）", "台（套）"), ("件/万人", "件/万人"), ("吨标准煤/万元", "吨标准煤/万元"),
     ("＿＿＿＿", "%"), ("﹍﹍", "%"), ("[ ]", "个"), ("台时", "台时"), ("__台时", "台时")],
)  # fmt: skip
def test_blank(raw, unit):
    assert read_number(raw, unit).state == "blank"


@pytest.mark.parametrize(
    ("raw", "decimals"),
    [("45.60", 2), ("45.6亿元", 1), ("45", 0), ("1,234.50", 2), ("三点五", 1), ("3.5万", 1),
     ("约61.07%", 2), ("", None), ("无", None), ("1,5", None), ("10-12", None), ("45.\n60", 2)],
)  # fmt: skip
def test_written_decimals(raw, decimals):
    assert written_decimals(raw) == decimals


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("raw", "iso"),
    [("2024年4月20日", "2024-04-20"), ("2024年04月", "2024-04"), ("2024-04-20", "2024-04-20"),
     ("2024/4/20", "2024-04-20"), ("2024.4.20", "2024-04-20"), ("2024．4．20", "2024-04-20"),
     ("20240420", "2024-04-20"), ("202404", "2024-04"), ("二〇二四年四月二十日", "2024-04-20"),
     ("二○二四年四月", "2024-04"), ("二零二四年十二月三十一日", "2024-12-31"),
     ("二〇二四年十月十一日", "2024-10-11"), ("二〇二四年五月廿一日", "2024-05-21"),
     ("2024 年 4 月 20 日", "2024-04-20"), ("2024 年\n4 月\n20 日", "2024-04-20"),
     ("20 24 年 4月20日", "2024-04-20"), ("２０２４年４月２０日", "2024-04-20"),
     ("2024年 4月 日", "2024-04"), ("2024年 月 日", "2024"), ("2024", "2024"), ("2024年", "2024"),
     ("2024年4月20号", "2024-04-20"), ("2024年4月份", "2024-04"), ("2024.04", "2024-04"),
     ("2024–04–20", "2024-04-20"), ("__2024__年__4__月__20__日", "2024-04-20"),
     ("申报时间：2024年4月20日", "2024-04-20"), ("2024年4月20日。", "2024-04-20"),
     ("（2024年4月20日）", "2024-04-20"), ("2024年2月29日", "2024-02-29"),
     ("贰零贰肆年肆月贰拾日", "2024-04-20"), ("2024-4", "2024-04"), ("2024年4月20", "2024-04-20"),
     ("2023年度", "2023"), ("公元2024年4月20日", "2024-04-20")],
)  # fmt: skip
def test_dates(raw, iso):
    reading = read_date(raw)
    assert (reading.state, reading.iso, reading.sure) == ("given", iso, True)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [("24年4月20日", "2024-04-20"), ("24.4.20", "2024-04-20"), ("二四年四月二十日", "2024-04-20"),
     ("二O二四年四月二十日", "2024-04-20"), ("2024年4月下旬", "2024-04"),
     ("2024/04/20 10:30", "2024-04-20"), ("2024年4月20日（盖章）", "2024-04-20"),
     ("2024年4月20日 星期六", "2024-04-20"), ("2024年4月底", "2024-04")],
)  # fmt: skip
def test_dates_to_be_verified(raw, iso):
    reading = read_date(raw)
    assert (reading.state, reading.iso, reading.sure) == ("given", iso, False)
    assert reading.reason


@pytest.mark.parametrize(
    "raw",
    ["4月20日", "4月", "2024年2月30日", "2023年2月29日", "2024年13月", "2024年0月", "2024年4月31日",
     "20/4/2024", "04/20/2024", "2024年4月20日至5月1日", "2024.4.20-2024.5.1", "2204年4月20日",
     "1024年", "45402", "4.20", "2024年4月O日", "2O24年4月", "昨日", "2024年20日", "2024,4,20",
     "2024年4月20日2024年5月1日", "2024年四十月", "2024年4月20日前", "20.4.2024", "123456789"],
)  # fmt: skip
def test_dates_refused(raw):
    reading = read_date(raw)
    assert (reading.state, reading.iso, reading.sure) == ("unreadable", None, False)
    assert reading.reason.zh


@pytest.mark.parametrize(
    "raw",
    ["", "年 月 日", "____年__月__日", "20  年  月  日", "202 年 月 日", "年　月　日", "年月",
     "二〇  年  月  日", "申报时间：    年  月  日", "(　　)"],
)  # fmt: skip
def test_dates_blank(raw):
    assert read_date(raw).state == "blank"


# ------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("raw", "state", "text"),
    [("", "blank", ""), ("____", "blank", ""), (" \u3000\n", "blank", ""), ("（  ）", "blank", ""),
     ("无", "none", "无"), ("__/__", "none", "/"), ("寿光市", "given", "寿光市"),
     ("  潍坊市\n寿光市 ", "given", "潍坊市寿光市"), ("ABC\r\nDEF", "given", "ABC DEF"),
     ("张　三", "given", "张 三"), ("__某中心__", "given", "某中心"), ("人", "given", "人"),
     ("蔬菜\u200b种苗", "given", "蔬菜种苗"), ("Ａ类", "given", "Ａ类")],
)  # fmt: skip
def test_texts(raw, state, text):
    assert read_text(raw) == (state, text)


def test_texts_with_a_name_per_line():
    assert read_text(" 甲中心 \n\n 乙中心", lines=True) == ("given", "甲中心\n乙中心")


@pytest.mark.parametrize(
    ("raw", "folded"),
    [("１２．５％", "12.5%"), ("（Ａ）", "(A)"), ("－−–—―‑﹣", "-------"),
    ("a\u00a0\u3000\u2009b", "a   b"),
     ("a\u200b\ufeffb", "ab"), ("￥", "¥"), ("：", ":"), ("⼀⻋", "一车"), ("①²㎡½…", "①²㎡½…"),
     ("\r\n\u2028", "\n\n"), ("一ーO。", "一ーO。"), ("集\u00ad群", "集群"), ("𝟏", "1")],
)  # fmt: skip
def test_normalise(raw, folded):
    assert normalise(raw) == folded


# ------------------------------------------------------------------ laws

alphabet = st.sampled_from(
    "0123456789.,，．。%％亿万千百十元吨家户个人件年月日约近超下降增长-—－~至/／（）()[]①"
    "一二三〇○零两点无不暂 \n\t_＿¥ekmtCO²:：+负百分之每\u00ad\u200b\ud800"
)
messy = st.one_of(st.text(), st.text(alphabet, max_size=14), st.text(alphabet, min_size=100))


@given(messy, st.sampled_from(UNITS), st.booleans(), st.booleans())
def test_nothing_raises_and_ranges_enclose(raw, unit, integer, falling):
    reading = read_number(raw, unit, integer=integer, falling=falling)
    assert (reading.quantity is not None) == (reading.state == "given")
    assert reading.sure == (reading.reason is None)
    if reading.quantity:
        assert reading.quantity.low <= reading.quantity.value <= reading.quantity.high
        assert reading.quantity.unit == (unit or "")
    day = read_date(raw)
    assert (day.iso is not None) == (day.state == "given")
    state, _ = read_text(raw)
    assert state in ("given", "none", "blank")
    assert normalise(normalise(raw)) == normalise(raw)
    written_decimals(raw)


WIDE = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")
WAYS = [
    lambda d: f"{d}", lambda d: f"{d}亿元", lambda d: f" {d} 亿", lambda d: f"{d:,}",
    lambda d: f"{d:,}".translate(WIDE), lambda d: f"￥{d}亿元", lambda d: f"{d * 10000:f}万元",
    lambda d: f"{d * 10000:,f}万", lambda d: f"__{d}__亿元", lambda d: f"2023年：{d}",
    lambda d: f"约{d}亿元", lambda d: f"{d}（亿元）", lambda d: f"{d:,}".replace(",", " "),
    lambda d: f"{d}\u200b", lambda d: f"{d}".replace("-", "−"), lambda d: f"{d}\n亿元。",
]  # fmt: skip


@given(st.decimals(-99999, 99999, places=2), st.sampled_from(WAYS))
def test_however_it_is_written_it_is_the_same_figure(number, way):
    if number == 0:
        number = abs(number)
    assert sure(way(number), "亿元").value == number


@given(st.integers(1, 10**12 - 1))
def test_chinese_numerals_read_back(number):
    assert sure(spell(number) + "户", "户", integer=True).value == number


@given(st.integers(1, 9999))
def test_financial_numerals_read_back(number):
    written = spell(number).translate(
        str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
    )
    assert sure(written, "户", integer=True).value == number


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)),
       st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}",
       "{0.year}.{0.month}.{0.day}",
                        "{0:%Y%m%d}", "{0.year} 年 {0:%m} 月 {0:%d} 日"]))  # fmt: skip
def test_dates_read_back(day, form):
    assert read_date(form.format(day)).iso == day.isoformat()


@pytest.mark.parametrize(
    ("raw", "written", "value"),
    [
        ("456000", "万元", "45.6"),
        ("45.6", "亿元", None),
        ("45.6亿元", "万元", None),
        ("无", "万元", None),
        ("45.6", "吨", None),
        ("", "万元", None),
    ],
)
def test_a_unit_that_stands_beside_the_number(raw, written, value):
    read = read_in_unit(raw, "亿元", written)
    assert (str(read.quantity.value.normalize()) if read else None) == value
