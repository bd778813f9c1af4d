"""What sentences state that are written as people speak: numbers in words, indicators named by
other words than the form's, figures of others beside the cluster's own."""

from __future__ import annotations

import pytest

from tests.extractor.test_prose import read

NUMBERS_IN_WORDS = """
咱们集群去年产值做到63.5个亿，前年是58个亿多一点，大前年才51亿出头。|total_output@2023 63.5? ; total_output@2022 ~58? ; total_output@2021 ~51?
我们集群企业一百八十来家，产值四十七亿左右。|enterprises@2023 ~180? ; total_output@2023 ~47?
采购工业软件去年花掉四百八十万元，前年三百九十万。|software_spend@2023 480? ; software_spend@2022 390?
集群用工九千六百多人，其中研发人员占11.2%。|employees ~9600? ; rd_staff_share 11.2
上云企业占比八成三，工业互联网普及率达到51.2%。|cloud_share ~83 ; industrial_internet_share 51.2
集群高新技术企业二十几家。|hightech_enterprises@2023 ~20?
今年前三个月集群产值17亿元。|
"""

SAID_OF_TWO_AT_ONCE = """
2023年，集群研发投入强度4.05%，研发经费增速12.6%，二者均高于2022年的3.8%和11.2%。|rd_intensity@2023 4.05 ; rd_growth@2023 12.6 ; rd_intensity@2022 3.8 ; rd_growth@2022 11.2
2023年，集群总产值61.3亿元，企业总数152户，两者分别高于上年的58.2亿元和149户。|total_output@2023 61.3 ; enterprises@2023 152 ; total_output@2022 58.2 ; enterprises@2022 149
2023年，集群研发投入强度4.05%，研发经费增速12.6%，两项指标均高于上年的3.8%。|rd_intensity@2023 4.05 ; rd_growth@2023 12.6
2023年集群总产值61亿元，全市营业收入900亿元，两项指标均高于上年的58亿元和880亿元。|total_output@2023 61
2023年集群研发投入强度、研发经费增速分别为3.77%和13.4%。|rd_intensity@2023 3.77 ; rd_growth@2023 13.4
"""

IN_BRACKETS_AND_PARTS_OF_ANOTHER_TRADE = """
和相近的周村区家纺集群（2023年产值180亿元，企业420户）相比，本集群2023年总产值为39.6亿元。|total_output@2023 39.6
周村区家纺集群（2023年产值180亿元）与本集群相比规模更大，本集群2023年总产值39.6亿元。|total_output@2023 39.6
主导产业为轴承制造。其中物流运输企业21户，2023年产值2.6亿元，未纳入主导产业统计。|
集群企业160户，其中建材企业14户，2023年产值5.7亿元，从业人员800人；集群2023年总产值66.2亿元。|enterprises@2023 160? ; total_output@2023 66.2
2023年集群总产值66.2亿元，不计入外地分厂产值。|total_output@2023 66.2
"""

BEHIND_PARTS_AND_COMPARISONS = """
一季度集群产值12.1亿元，前三季度37.5亿元，全年51.8亿元（2023年数据）。|total_output@2023 51.8
2022年集群企业140户，2023年净增9户，达到149户，其中中小企业145户。|enterprises@2022 140 ; enterprises@2023 149 ; smes@2023 145
集群主导产业产值增速2023年为7.15%，虽低于2022年的8.30%，仍好于全市。|leading_output_growth@2023 7.15 ; leading_output_growth@2022 8.3
全县形势平稳。在此形势下，复合材料集群2023年总产值保持在48.2亿元。|total_output@2023 48.2
2023年集群企业平均研发投入强度为3.9%，比全市规上工业企业高1.2个百分点。|
2023年集群中小企业平均研发投入强度为3.9%，比全市规上工业企业高1.2个百分点。|rd_intensity@2023 3.9
"""

OTHER_WORDS_FOR_IT = """
主业去年涨了11.6%，前年涨了8.9%。|leading_output_growth@2023 11.6? ; leading_output_growth@2022 8.9?
中小企业的产值占到七成六，主业的占八成二。|sme_output_share@2023 ~76? ; leading_output_share@2023 ~82?
国家级的创新平台2个，省级的9个。|innovation_platforms_national 2 ; innovation_platforms_provincial 9
绿色工厂国家级的2家，省级的5家，一共7家。|green_factories 7
上云的企业达到64.5%。|cloud_share 64.5?
参与制定国家标准18项，其中2023年新增3项，主持制定团体标准6项。|standards_joined_national@2023 18? ; standards_led_association@2023 6
到2026年，集群产值每年增长9%。|target_output_growth@2026 9
以2023年为基数，到2026年，有效发明专利由211件增加到320件。|invention_patents 211 ; target_invention_patents@2023 211 ; target_invention_patents@2026 320
（1）2023年研发投入强度4.12%，高于全省规模以上工业平均水平1.86个百分点；（2）2022年为3.85%。|rd_intensity@2023 4.12 ; rd_intensity@2022 3.85
2021年、2022年、2023年集群总产值分别为40.1亿元、44.8亿元、49.7亿元，建成绿色工业园区1个。|total_output@2021 40.1 ; total_output@2022 44.8 ; total_output@2023 49.7 ; green_parks 1
集群研发投入强度4.2%，比上年的3.9%略有提高。|rd_intensity@2023 4.2? ; rd_intensity@2022 3.9?
解决用工500人。|
"""

ITS_WORDS_IN_ANOTHER_ORDER = """
研发方面，2023年投入强度达到4.6%，2022年为4.2%。|rd_intensity@2023 4.6? ; rd_intensity@2022 4.2?
搞研发的人占用工的9%上下，总用工11200人。|rd_staff_share ~9? ; employees 11200?
应用工业互联网平台的中小企业76家，普及率46.91%。|industrial_internet_share 46.91?
集群企业发明专利里头现在有效的有412件。|invention_patents 412?
集群去年研发花了1.36亿元，占营收的4.1%。|rd_intensity@2023 4.1?
2023年中小企业研发投入2.1亿元，占营业收入的3.45%。|target_rd_spend@2023 21000 ; rd_intensity@2023 3.45
设立境外分支机构16个，在沿线9个国家布局海外仓9个。|overseas_branches 16
骨干企业研发投入强度达5.6%。|
我们这里做电动工具的企业一共有175家，绝大多数是中小企业，有172家。|enterprises@2023 175? ; smes@2023 172?
国家标准：主持3项，参与11项；行业标准：主持2项，参与9项。|standards_led_national@2023 3? ; standards_joined_national@2023 11? ; standards_led_industry@2023 2? ; standards_joined_industry@2023 9?
"""

PARTS_AND_WHOLES = """
截至2023年末，集群企业总数184家，其中主导产业企业48家，中小企业180家。|enterprises@2023 184 ; smes@2023 180
2023年中小企业研发经费投入1.92亿元，较2022年的1.67亿元增长15.0%。|target_rd_spend@2023 19200 ; rd_growth@2023 15
从业人员中，研发人员1120人，占从业人员总数（10850人）的10.3%。|employees 10850 ; rd_staff_share 10.3
主导产业产值增速高于全市平均4.2个百分点，达到13.1%。|
工业互联网平台应用企业88家，占48.9%。|industrial_internet_share 48.9
众创空间、孵化器等载体以外，有3家企业在国外设了分公司。|
"""

BESIDE_OTHERS = """
隔壁区同类企业三百多户，产值不到九十亿；我们集群企业一百八十家。|enterprises@2023 180?
全省小巨人一千多家，咱们集群有7家；全省高新技术企业三万家，咱们集群有52家。|little_giants@2023 7? ; hightech_enterprises@2023 52?
全国做这一行的企业有两千多家，出口额35亿美元。我们集群有230家。|enterprises@2023 230?
A县集群2023年企业数为310家，从业人员2.4万人；本县集群为248家、1.85万人。|enterprises@2023 248? ; employees 18500?
协会统计的数据是：集群企业176户，中小企业171户。|enterprises@2023 176? ; smes@2023 171?
据行业协会统计，2023年全国健身器材产值860亿元，企业3200家。|
集群与山东大学、青岛科技大学等8家院校合作，主导产业产值占比达到89.3%。|leading_output_share@2023 89.3?
全市共有省级特色产业集群18个，总产值2140亿元，集群企业合计6800家。|
占全市轴承行业企业总数（856家）的18%，集群企业154家。|enterprises@2023 154?
浙江永康电动工具集群企业超过1200家，我们集群企业只有175家。|enterprises@2023 175?
与集群企业开展合作的省级创新平台14家。|innovation_platforms_provincial 14
集群所在开发区2023年总产值320亿元，集群总产值68.4亿元。|total_output@2023 68.4
核心企业A公司2023年营业收入21亿元，研发投入占营业收入的5.8%，发明专利112件。|
老板的厂子2023年产值4000万元，用工62人。|
三大行业分别实现产值210亿元、156亿元、88亿元，集群总产值达到73.5亿元。|total_output@2023 73.5?
"""

WHICH_YEAR_AND_NONE = """
集群产值从2021年的31.5亿元，到2022年的35.2亿元，去年做到40.6亿元。|total_output@2021 31.5 ; total_output@2022 35.2 ; total_output@2023 40.6?
2021年以来，集群企业从120家发展到2022年的150家，去年达到170家。|enterprises@2021 120 ; enterprises@2022 150 ; enterprises@2023 170?
集群2021年产值40亿元、2022年45亿元，比去年增长12.5%。|total_output@2021 40 ; total_output@2022 45
2022年集群企业总数171户，去年同期为160户。|enterprises@2022 171 ; enterprises@2021 160
2023年总产值52.6亿元，去年47.1亿元。|total_output@2023 52.6 ; total_output@2022 47.1
工业互联网普及率51%，中小企业研发投入强度连续三年不低于4.2%。|industrial_internet_share 51 ; rd_intensity@2023 ~4.2
2021—2023年，集群研发投入强度连续三年高于3.5%。|rd_intensity@2021 ~3.5 ; rd_intensity@2022 ~3.5 ; rd_intensity@2023 ~3.5
近三年研发投入强度均为3.8%。|rd_intensity@2021 3.8 ; rd_intensity@2022 3.8 ; rd_intensity@2023 3.8
集群企业累计主持行业标准16项、团体标准9项。其中2023年当年主持行业标准3项。|standards_led_industry@2023 3
集群企业累计主持行业标准16项。|standards_led_industry@2023 16?
集群始建于2009年，规划面积31.6平方公里。|area 31.6?
"""

GOALS_AND_THEIR_BASE = """
发展目标：到2026年，工业互联网普及率由2023年的41.2%提升到60%，二氧化碳排放量由2023年的9.2万吨降至8.1万吨。|industrial_internet_share 41.2 ; target_industrial_internet_share@2023 41.2 ; target_industrial_internet_share@2026 60 ; target_co2@2023 92000 ; target_co2@2026 81000
规划目标：2024—2026年，有效发明专利从2023年的188件增加到300件，单位工业产值能耗降至0.19吨标准煤/万元。|invention_patents 188 ; target_invention_patents@2023 188 ; target_invention_patents@2026 300 ; target_energy_intensity@2026 0.19
力争2024—2026年每年研发经费投入2.6亿元。|
2023年工业互联网普及率由2022年的35%提高到41.2%。|industrial_internet_share 41.2
以2023年为基准：集群产值年均增速9.75%，二氧化碳排放量9.2万吨。|target_output_growth@2023 9.75 ; target_co2@2023 92000
集群有效发明专利188件，每万人有效发明专利拥有量15.3件，近三年年均增长12.6%。|invention_patents 188 ; invention_patents_per_10k 15.3 ; invention_patent_cagr 12.6?
每万人有效发明专利拥有量15.3件，近三年年均增长12.6%。|invention_patents_per_10k 15.3
集群企业188家，从业人员9300人，近三年年均增长12.6%。|enterprises@2023 188? ; employees 9300
"""

WHOSE_AND_OF_WHAT = """
集群规划占地41.8平方公里，2023年拥有企业122户。|area 41.8? ; enterprises@2023 122
烟台市2023年汽车产业产值达1800亿元。先进材料集群占地面积9.6平方公里，拥有企业77户。|area 9.6? ; enterprises@2023 77?
先进地区集群企业410户。|
截至2024年5月底，集群高新技术企业增至41家；而2023年末为36家。|hightech_enterprises@2023 36
全市高新技术企业900家，而2022年末为800家。|
中小企业产值占比超过七成，具体数值为74.82%（2023年）、73.9%（2022年）。|sme_output_share@2023 74.82 ; sme_output_share@2022 73.9
"""

OF_THE_FORMS_OF_CITIES = """
weifang-2021|到2024年，集群主营业务收入达到210亿元，规模以上企业达到95户。|
weifang-2021|到2020年底，集群营业收入86亿元。|revenue@2020 86
weifang-2021|到2020年，集群营业收入已达到96亿元。|revenue@2020 96
weifang-2021|截至2020年底，集群营业收入达到96亿元。|revenue@2020 96
weifang-2021|建成各类载体9个，包括研发平台4个、检测平台3个、物流平台2个。|service_platform_count 9 ; service_platform_rd 4 ; service_platform_testing 3 ; service_platform_logistics 2
liaocheng-2021|拥有省级以上各类牌子11个，其中名牌产品6个、驰（著）名商标3个、产业荣誉称号2个。|honours 11 ; honours_brands 6 ; honours_trademarks 3 ; honours_titles 2
liaocheng-2021|拥有省级以上各类牌子12个，其中名牌产品6个、驰（著）名商标3个、产业荣誉称号2个。|honours_brands 6 ; honours_trademarks 3 ; honours_titles 2
liaocheng-2021|新增各类牌子11个，包括名牌产品6个、驰（著）名商标5个。|
liaocheng-2021|2020年营业收入1亿元以上的企业9户，所有企业总计52.7亿元，利润3.1亿元。|revenue@2020 52.7? ; profit@2020 3.1
liaocheng-2021|2020年营业收入63.4亿元，全部企业合计91户。|revenue@2020 63.4 ; enterprises 91?
weifang-2021|2020年集群卖了86.5亿元，赚了5.3亿元，交税2.7亿元。|revenue@2020 86.5? ; profit@2020 5.3? ; tax@2020 2.7
weifang-2021|公共服务平台总数12个：研发4个，检测3个，物流2个，电商2个，其他1个。|service_platform_count 12 ; service_platform_rd 4 ; service_platform_testing 3 ; service_platform_logistics 2 ; service_platform_ecommerce 2 ; service_platform_other 1
weifang-2021|公共服务平台11个，按类型分为研发类4个、检测类3个、其他4个。|service_platform_count 11 ; service_platform_rd 4 ; service_platform_testing 3 ; service_platform_other 4
weifang-2021|全县规上企业260家，本集群占71家；全县税收32亿元，本集群占4.1亿元。|enterprises_above_scale 71 ; tax 4.1?
weifang-2021|名牌产品8个，驰（著）名商标5个，“某某之乡”等2个荣誉称号，省级以上一共15个。|honours_brands 8 ; honours_trademarks 5 ; honours_titles 2? ; honours 15
liaocheng-2021|产品在国内市场占了8%，在省内占到35%。|market_share_provincial 35?
liaocheng-2021|集群落户企业163户，其中园区内118户，园区内有3家检测机构。|enterprises 163 ; enterprises_in_park 118?
liaocheng-2021|集群从业人员8千余人。|employees ~8000
liaocheng-2021|园区里的企业96户，园区外的还有五十来户。|enterprises_in_park 96
shandong-2022-evaluation|集群营收过亿元的38家，过十亿元的3家。|enterprises_over_100m 38? ; enterprises_over_1bn 3?
shandong-2022-evaluation|众创空间、双创基地加起来5个，瞪羚企业8家。|incubators 5 ; gazelles 8
"""


def rows(*tables: str) -> list[list[str]]:
    lines = (line for table in tables for line in table.strip().splitlines())
    return [line.split("|") for line in lines]


@pytest.mark.parametrize(
    "text,said",
    rows(
        NUMBERS_IN_WORDS,
        SAID_OF_TWO_AT_ONCE,
        IN_BRACKETS_AND_PARTS_OF_ANOTHER_TRADE,
        BEHIND_PARTS_AND_COMPARISONS,
        OTHER_WORDS_FOR_IT,
        ITS_WORDS_IN_ANOTHER_ORDER,
        PARTS_AND_WHOLES,
        BESIDE_OTHERS,
        WHICH_YEAR_AND_NONE,
        WHOSE_AND_OF_WHAT,
        GOALS_AND_THEIR_BASE,
    ),
)
def test_spoken_sentences(text: str, said: str) -> None:
    assert read(text) == said


@pytest.mark.parametrize("form,text,said", rows(OF_THE_FORMS_OF_CITIES))
def test_spoken_sentences_of_other_forms(form: str, text: str, said: str) -> None:
    assert read(text, form) == said
