"""What sentences state: tables of sentences of many kinds, each with all it says of the cluster.

`field@period value`, with ~ before a value that is approximate and ? behind one that a person must
judge; several are parted by semicolons.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.prose.mentions import mentions, stated
from models.form import load_form
from models.types import (
    Answer,
    Application,
    Cell,
    Document,
    Evidence,
    Line,
    NarrativeAnswer,
    Paragraph,
    Table,
)

SHANDONG = load_form("shandong-2024")


def read(text: str, form: str = "shandong-2024", **more: str) -> str:
    return " ; ".join(
        f"{s.field}{'@' + s.period if s.period else ''} "
        f"{'~' if s.quantity.approximate else ''}{s.quantity.value.normalize():f}"
        f"{'' if s.sure else '?'}"
        for s in stated(text, load_form(form), **more)
    )


NAMED_BY_REFERENCE = """
2022年末集群有企业142户，中小企业139户。一年后，上述两项指标分别增至158户和154户。|enterprises@2022 142 ; smes@2022 139 ; enterprises@2023 158 ; smes@2023 154?
2021年，集群企业主持行业标准1项，参与行业标准3项。2022年，上述数字变为2项、4项。|standards_led_industry@2021 1 ; standards_joined_industry@2021 3 ; standards_led_industry@2022 2 ; standards_joined_industry@2022 4?
2021年企业134户（中小企业131户），2022年151户（中小企业147户）。|enterprises@2021 134 ; smes@2021 131 ; enterprises@2022 151 ; smes@2022 147
集群上云企业112家，占集群企业总数（158家）的70.9%。|enterprises@2023 158? ; cloud_share 70.9
集群产业依托国家企业技术中心等2家国家级平台和9家省级平台。|innovation_platforms_national 2 ; innovation_platforms_provincial 9
2022年、2023年，集群中小企业研发投入强度均在3%至4%之间。|rd_intensity@2022 ~3.5 ; rd_intensity@2023 ~3.5
2021—2023年，集群总产值连续三年超过40亿元。|total_output@2021 ~40 ; total_output@2022 ~40 ; total_output@2023 ~40
中小企业产值占比、主导产业产值占比均超过80%。|sme_output_share@2023 ~80? ; leading_output_share@2023 ~80?
集群总产值：2021年41.06亿元→2022年47.53亿元→2023年54.88亿元。|total_output@2021 41.06 ; total_output@2022 47.53 ; total_output@2023 54.88
与2022年的56.84亿元相比，集群规模继续扩大。高新技术企业达到39户。|hightech_enterprises@2023 39?
绿色发展成效（2021—2023年）：固废综合利用率98.4%；水重复利用率90.5%。|solid_waste_use 98.4 ; water_reuse 90.5
"""

NOT_THE_CLUSTER_S_FIGURE = """
海岳集团年产值15亿元，是集群最大的企业，拥有国家级创新平台1个。|
2023年中小企业产值占集群总产值的73.15%，高于七成的认定门槛。|sme_output_share@2023 73.15
总产值40亿元以上的方可申报，2023年集群总产值54.2亿元。|total_output@2023 54.2
A县集群2023年总产值88亿元，我县集群66.52亿元。|total_output@2023 66.52
沐栾铝业2023年总产值13.4亿元，研发投入强度5%。|
"""

WORK_REPORTS_AND_NEWS = """
集群2023年总产值82.3亿元，占全县工业总产值（265亿元）的31.1%。|total_output@2023 82.3
2023年中小企业产值在集群总产值中的比重为77.92%。|sme_output_share@2023 77.92
2023年全部企业产值加起来是49.75亿元。|total_output@2023 49.75
至2026年末，我们希望工业互联网普及率能到五成。|target_industrial_internet_share@2026 ~50
2023年，集群又有6家企业升规纳统。|
集群内1家企业获评国家级制造业单项冠军，5家企业获评国家级专精特新“小巨人”。|champions@2023 1? ; little_giants@2023 5?
2023年全部中小企业188户实现产值62.9亿元，占集群总产值的80.3%。|smes@2023 188 ; sme_output_share@2023 80.3
2023年参与制定团体标准8项，参与行业标准修订6项。|standards_joined_association@2023 8 ; standards_joined_industry@2023 6
总产值78.3亿元，完成年度计划的104%；研发投入强度3.61%。|total_output@2023 78.3? ; rd_intensity@2023 3.61?
过去的一年，全县上下坚持项目为王，集群总产值完成58.6亿元，增长9.4%。|total_output@2023 58.6?
坚持项目为王，2023年新引进项目12个，完成投资18亿元；集群企业总数达到143家。|enterprises@2023 143
2023年完成投资6.5亿元，新建标准化厂房，项目占地面积300亩。|
总投资12亿元的智能装备产业园项目，占地面积460亩，建成后年产值可达20亿元。|
集群规划面积80平方公里以内，现占地面积52.30平方公里。|area 52.3
一年来，我们咬定目标不放松，集群总产值突破60亿元，高新技术企业增至39家。|total_output@2023 ~60? ; hightech_enterprises@2023 39?
我们看好该集群：龙头效应突出（单项冠军2家），技术壁垒较高（发明专利431件）。|champions@2023 2? ; invention_patents 431?
短短三年，集群总产值从41亿元跃升到62亿元，企业从120家增加到178家。|total_output@2021 41 ; total_output@2023 62 ; enterprises@2021 120 ; enterprises@2023 178
集群189户企业去年完成总产值74.26亿元。|enterprises@2023 189? ; total_output@2023 74.26?
2023年上半年集群产值27亿元，全年58.3亿元。|total_output@2023 58.3
2023年1—12月，集群累计实现总产值58.3亿元。|total_output@2023 58.3
2023年总产值为上年的1.14倍，达到53.7亿元。|total_output@2023 53.7
主导产业产值2023年为50.11亿元，2022年为44.86亿元，增长11.7%，占总产值的比重由81.35%提高到82.15%。|leading_output_growth@2023 11.7 ; leading_output_share@2022 81.35 ; leading_output_share@2023 82.15
同业对比：A集群总产值120亿元，B集群95亿元，本集群74.26亿元。|total_output@2023 74.26?
全市拥有国家级“小巨人”企业42家，其中该集群占6家。|little_giants@2023 6?
每10家企业就有2家是高新技术企业，集群高新技术企业已有41家。|hightech_enterprises@2023 41?
中小企业产值占集群总产值的比例超过八成，达81.4%。|sme_output_share@2023 ~80? ; sme_output_share@2023 81.4?
2023年新认定高新技术企业8户，有效期内高新技术企业达41户。|hightech_enterprises@2023 41
近三年，累计主持国际标准1项、国家标准5项，参与国家标准17项。|
"""

TABLES_FLATTENED = """
序号 指标 2021年 2022年 2023年｜1 集群企业数量（户） 168 182 196|enterprises@2021 168 ; enterprises@2022 182 ; enterprises@2023 196
集群总产值/亿元：2021 57.2；2022 66.5；2023 78.3|total_output@2021 57.2 ; total_output@2022 66.5 ; total_output@2023 78.3
●规模：2023年总产值67.35亿元 ●企业：173户 ●研发投入强度：3.51%|total_output@2023 67.35 ; enterprises@2023 173 ; rd_intensity@2023 3.51
年份 2021年 2022年 2023年；集群总产值（亿元） 45.12 51.33 58.07；研发投入强度（%） 3.05 3.21 3.4|total_output@2021 45.12 ; total_output@2022 51.33 ; total_output@2023 58.07 ; rd_intensity@2021 3.05 ; rd_intensity@2022 3.21 ; rd_intensity@2023 3.4
研发投入强度三年分别为3.16%、3.37%、3.58%。|rd_intensity@2021 3.16 ; rd_intensity@2022 3.37 ; rd_intensity@2023 3.58
“小巨人”4家（2021年2家）、专精特新29家（2021年18家）。|little_giants@2023 4? ; little_giants@2021 2 ; specialised_smes@2023 29? ; specialised_smes@2021 18
"""

GOALS = """
到2026年，优质中小企业达到120家，研发经费投入达到2.6亿元，有效发明专利达到1500件。|target_quality_smes@2026 120 ; target_rd_spend@2026 26000 ; target_invention_patents@2026 1500
2023年，集群优质中小企业共74家，研发经费投入1.42亿元。|target_quality_smes@2023 74 ; target_rd_spend@2023 14200
到2026年，工业互联网普及率由2023年的38.6%提高到60%，二氧化碳排放量控制在18.5万吨以内。|industrial_internet_share 38.6 ; target_industrial_internet_share@2026 60 ; target_co2@2026 ~185000
未来三年，集群产值年均增速保持在12%以上。|target_output_growth@2026 ~12
到2025年，研发经费投入达到2.2亿元。|
未来三年研发经费投入累计6亿元。|
2023年研发经费投入9850万元，到2026年由9850万元提高到1.6亿元。|target_rd_spend@2023 9850 ; target_rd_spend@2023 9850 ; target_rd_spend@2026 16000
"""

PLAIN = """
2023年集群实现总产值61.07亿元，同比增长12.3%。|total_output@2023 61.07
拥有有效发明专利1286件|invention_patents 1286
专精特新“小巨人”企业5家|little_giants@2023 5?
截至2023年底，集群共有5家国家级专精特新“小巨人”企业。|little_giants@2023 5
主导产业产值近三年年均增长15.8%。|leading_output_cagr 15.8
２０２３年集群总产值６１．０７亿元。|total_output@2023 61.07
2023 年集群总产值 610700 万元。|total_output@2023 61.07
二〇二三年集群总产值61.07亿元。|total_output@2023 61.07
2023年，集群拥有绿色工厂十二家。|green_factories 12
"""

CARRIED_OVER = """
2023年，集群发展态势良好。实现总产值61.07亿元，同比增长12.3%。拥有企业312户。|total_output@2023 61.07? ; enterprises@2023 312?
集群总产值再创新高，2023年达到61.07亿元。|total_output@2023 61.07
集群主导产业产值持续攀升，近三年年均增长15.8%。|leading_output_cagr 15.8
主导产业产值稳步增长。近三年年均增速达15.8%。|leading_output_cagr 15.8?
2022年，集群总产值52.3亿元；2023年增至61.07亿元。|total_output@2022 52.3 ; total_output@2023 61.07
集群总产值2021年45.6亿元、2022年52.3亿元、2023年61.07亿元。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07
2021—2023年，集群总产值分别为45.6亿元、52.3亿元、61.07亿元，主导产业产值占比分别为80.12%、81.3%、82.3%。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07 ; leading_output_share@2021 80.12 ; leading_output_share@2022 81.3 ; leading_output_share@2023 82.3
近三年集群总产值依次为45.6、52.3、61.07亿元。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07
2021年至2023年，集群总产值由45.6亿元增长到61.07亿元。|total_output@2021 45.6 ; total_output@2023 61.07
三年来，集群总产值从45.6亿元跃升至61.07亿元，研发投入强度由3.12%提高到3.45%。|total_output@2021 45.6 ; total_output@2023 61.07 ; rd_intensity@2021 3.12 ; rd_intensity@2023 3.45
2023年集群总产值61.07亿元，较2021年的45.6亿元增长33.9%。|total_output@2023 61.07 ; total_output@2021 45.6
2023年集群总产值达61.07亿元，较上年增长16.8%，比2021年增加15.47亿元。|total_output@2023 61.07
2023年集群总产值为61.07亿元（2022年为52.3亿元）。|total_output@2023 61.07 ; total_output@2022 52.3
集群总产值45.6亿元（2021年）、52.3亿元（2022年）、61.07亿元（2023年）。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07
"""

APPROXIMATE = """
集群现有企业近200家。|enterprises@2023 ~200?
2023年集群总产值突破60亿元。|total_output@2023 ~60
2023年集群总产值超60亿元。|total_output@2023 ~60
拥有有效发明专利1200余件。|invention_patents ~1200
拥有有效发明专利1200多件。|invention_patents ~1200
从业人员1.5万余人。|employees ~15000
从业人员约1.5万人。|employees ~15000
2023年末从业人员15000人左右。|employees ~15000
2023年集群总产值80至90亿元。|total_output@2023 ~85
有效发明专利80-90件。|invention_patents ~85
企业上云比例不低于85%。|cloud_share ~85
工业用水重复利用率达92%以上。|water_reuse ~92
2023年工业软件采购金额不足300万元。|software_spend@2023 ~300
集聚百余家企业。|enterprises@2023 ~100?
集聚企业数百家。|enterprises@2023 ~200?
2023年集群总产值接近61亿元。|total_output@2023 ~61
"""

OF_SOMEBODY_ELSE = """
全省中小企业特色产业集群总产值1500亿元。|
2023年，全县实现工业总产值520亿元，同比增长8.2%。|
2023年，全市拥有国家级专精特新“小巨人”企业120家。|
潍坊市拥有国家级高新技术企业1500家。|
龙头企业某某种业公司2023年实现产值12.6亿元，拥有有效发明专利230件。|
山东甲种业股份有限公司拥有有效发明专利86件，从业人员1200人。|
对标浙江某集群，其总产值达200亿元。|
浙江省永康五金产业集群总产值达900亿元。|
邻县的轴承产业集群2023年总产值90亿元。|
蔬菜种苗智慧工厂项目总投资5亿元，达产后年产值10亿元。|
集群总产值占全市规模以上工业总产值的12.3%。|
集群总产值居全省同行业第3位，2023年达61.07亿元。|total_output@2023 61.07
我县2023年GDP达到520亿元，集群总产值达到61.07亿元。|total_output@2023 61.07
在全市率先建成绿色工厂12家。|green_factories 12
骨干企业研发投入强度达5.6%。|
其中龙头企业实现产值20亿元，占总产值的32%。|
集群内每家企业平均拥有发明专利4件。|
"""

TO_COME = """
到2026年，集群总产值达到90亿元，年均增长12%。|target_output_growth@2026 12
力争2026年有效发明专利突破2000件。|target_invention_patents@2026 ~2000
规划期末，小巨人企业达到10家。|
预计2024年集群总产值将达到68亿元。|
集群总产值由2023年的61.07亿元提高到2026年的90亿元。|total_output@2023 61.07
到2026年，集群总产值在2023年61.07亿元的基础上增长到90亿元。|total_output@2023 61.07
实现总产值90亿元的目标。|
未来三年，主导产业产值年均增长15%以上。|
2024年计划新增专精特新企业10家。|
确保工业用水重复利用率达到95%。|
"""

LISTS = """
集群共有企业312户，其中中小企业300户、高新技术企业45户、创新型中小企业66户。|enterprises@2023 312? ; smes@2023 300? ; hightech_enterprises@2023 45? ; innovative_smes@2023 66?
2023年底，省级专精特新中小企业、国家级专精特新“小巨人”企业、国家级制造业单项冠军企业分别达到86户、5户、2户。|specialised_smes@2023 86 ; little_giants@2023 5 ; champions@2023 2
2023年，集群拥有省级专精特新中小企业86家、国家级“小巨人”5家、国家制造业单项冠军2家。|specialised_smes@2023 86 ; little_giants@2023 5 ; champions@2023 2
2023年集群企业总数及中小企业数分别为312户和300户。|enterprises@2023 312 ; smes@2023 300
建成国家级创新平台2个、省级创新平台8个、其他平台15个。|innovation_platforms_national 2 ; innovation_platforms_provincial 8 ; innovation_platforms_other 15
国家级、省级创新平台分别为2个和8个。|innovation_platforms_national 2 ; innovation_platforms_provincial 8
2023年主持国家标准3项，参与国家标准7项。|standards_led_national@2023 3 ; standards_joined_national@2023 7
2023年，主持、参与国家标准分别为3项、7项。|standards_led_national@2023 3 ; standards_joined_national@2023 7
2023年国家标准10项，其中主持3项、参与7项。|standards_led_national@2023 3 ; standards_joined_national@2023 7
建有绿色工厂12个、绿色工业园区1个、绿色供应链管理企业3户、绿色设计产品26个。|green_factories 12 ; green_parks 1 ; green_supply_chain_enterprises 3 ; green_products 26
"""

UNITS = """
2023年集群总产值610700万元。|total_output@2023 61.07
集群占地面积39000亩。|area 26
集群规划面积26平方公里。|area 26?
从业人员1.556万人。|employees 15560
每万人有效发明专利拥有量82.6件。|invention_patents_per_10k 82.6
2023年单位产值二氧化碳排放量0.42吨/万元。|co2_intensity@2023 0.42
2023年工业软件采购金额0.12亿元。|software_spend@2023 1200
2023年采购工业软件1200万元。|software_spend@2023 1200
研发人员占从业人员比例为12.3%。|rd_staff_share 12.3
研发人员1900人，占从业人员总数的12.3%。|rd_staff_share 12.3
2023年中小企业研发投入占营业收入比重为3.45%。|rd_intensity@2023 3.45
2023年中小企业研发投入2.1亿元，占营业收入的3.45%，同比增长10.2%。|target_rd_spend@2023 21000 ; rd_intensity@2023 3.45 ; rd_growth@2023 10.2
近三年单位工业产值能耗累计下降12.5%。|energy_intensity_cut 12.5
近三年主导产品出口额累计增长23.4%。|export_growth 23.4
近三年外商直接投资额累计增长率为18.2%。|fdi_growth 18.2
有效发明专利近三年年均增长18.6%。|invention_patent_cagr 18.6
2023年主导产业产值同比下降3.2%。|leading_output_growth@2023 -3.2
工业互联网平台应用普及率百分之四十五点六。|industrial_internet_share 45.6
大宗工业固废综合利用率达到98.2%，工业用水重复利用率达到93.5%。|solid_waste_use 98.2 ; water_reuse 93.5
在境外设立分支机构6个。|overseas_branches 6
PCT国际专利申请12件。|pct_applications 12
"""

CHANGES = """
2015年以来，集群企业从60家发展到312家。|enterprises@2023 312?
集群企业从2015年的60家发展到2023年的312家。|enterprises@2023 312
截至2023年末，集群拥有国家级、省级专精特新企业分别为5家、86家。|
研发投入强度（%）：2021年3.12，2022年3.28，2023年3.45。|rd_intensity@2021 3.12 ; rd_intensity@2022 3.28 ; rd_intensity@2023 3.45
2021年以来，集群累计新增省级专精特新企业36家，目前总数86家。|specialised_smes@2023 86?
组织4批企业参加境外专业展会，达成意向订单。|
集群拥有企业312户。设立维权联络点11处。惠企政策实行一张清单公开、一个窗口受理。|enterprises@2023 312?
2023年新增国家级高新技术企业12家，总数达到45家。|hightech_enterprises@2023 45
2023年新增有效发明专利120件。|
2023年总产值增加8.77亿元。|
研发投入强度同比提高0.3个百分点。|
2023年研发投入强度达到3.45%，较上年提高0.3个百分点。|rd_intensity@2023 3.45
有效发明专利数量是2021年的1.5倍。|
2023年底有效发明专利达1286件，较年初增加120件。|invention_patents 1286
"""

DATES = """
“十三五”初期，集群仅有企业25户，总产值不到20亿元。|
上世纪90年代，集群只有企业3家；2023年达到312家。|enterprises@2023 312
截至2023年6月底，集群企业310户。|
2023年上半年，集群实现产值30亿元。|
截至2023年12月31日，集群企业312户。|enterprises@2023 312
集群2019年被认定为省级特色产业集群，现有企业312户。|enterprises@2023 312?
2020年集群总产值40亿元。|
2021年末有效发明专利980件。|
2021年集群总产值45.6亿元，2023年达到61.07亿元。|total_output@2021 45.6 ; total_output@2023 61.07
"""

AS_PLANS_WRITE = """
经过多年培育发展，集群已集聚规模以上企业58家，2023年完成总产值61.07亿元，占全县规上工业总产值的比重达到23.5%。|total_output@2023 61.07
截至2023年年底，集群内共有中小企业300家，占企业总数的96.15%。|smes@2023 300
集群现有国家级专精特新“小巨人”企业5家，省级专精特新企业86家，省级瞪羚企业12家，省级单项冠军8家。|little_giants@2023 5? ; specialised_smes@2023 86?
2023年度集群中小企业研发经费投入2.1亿元，占营业收入比重3.45%，较上年提高0.33个百分点。|target_rd_spend@2023 21000 ; rd_intensity@2023 3.45
2023年，集群主导产业实现产值50.26亿元，占集群总产值的82.30%，较上年增长9.8%。|leading_output_share@2023 82.3 ; leading_output_growth@2023 9.8
近三年，主导产业产值年均增长15.8%，高于全市平均水平4.2个百分点。|leading_output_cagr 15.8
2021年、2022年、2023年主导产业产值增速分别为14.2%、15.6%、17.6%。|leading_output_growth@2021 14.2 ; leading_output_growth@2022 15.6 ; leading_output_growth@2023 17.6
集群中小企业从业人员15560人，其中研发人员1914人，占比12.3%。|employees 15560 ; rd_staff_share 12.3
集群从业人员总数达1.56万人，研发人员占比12.3%。|employees 15600 ; rd_staff_share 12.3
集群累计主持或参与制修订国家标准12项、行业标准20项。|
2023年，集群企业牵头制定国家标准2项、行业标准3项，参与制定国家标准5项、团体标准8项。|standards_led_national@2023 2 ; standards_led_industry@2023 3 ; standards_joined_national@2023 5 ; standards_joined_association@2023 8
现有国家级创新平台2个，省级创新平台8个，其中省级重点实验室2个、省级企业技术中心6个。|innovation_platforms_national 2 ; innovation_platforms_provincial 8
企业上云比例达到86.5%，较2022年提高12.3个百分点，工业互联网平台应用普及率由2021年的28.6%提升至45.6%。|cloud_share 86.5 ; industrial_internet_share 45.6
近三年工业软件采购金额分别为860万元、1020万元和1200万元。|software_spend@2021 860 ; software_spend@2022 1020 ; software_spend@2023 1200
单位产值二氧化碳排放量由2021年的0.51吨/万元下降到2023年的0.42吨/万元。|co2_intensity@2021 0.51 ; co2_intensity@2023 0.42
单位产值二氧化碳排放量连续三年下降，分别为0.51、0.46、0.42吨/万元。|co2_intensity@2021 0.51? ; co2_intensity@2022 0.46? ; co2_intensity@2023 0.42?
近三年单位工业产值能耗降低率为12.5%，大宗工业固废综合利用率98.2%，工业用水重复利用率93.5%，均高于行业平均水平。|energy_intensity_cut 12.5 ; solid_waste_use 98.2 ; water_reuse 93.5
累计建成省级以上绿色工厂12家、绿色工业园区1个，绿色供应链管理企业3家，绿色设计产品26种。|green_factories 12 ; green_parks 1 ; green_supply_chain_enterprises 3 ; green_products 26
近三年外商直接投资额累计增长率18.2%，主导产品出口贸易额累计增长率23.4%。|fdi_growth 18.2 ; export_growth 23.4
集群总占地面积约26平方公里，核心区面积8平方公里。|area ~26
集群规划总面积26平方公里，已开发12平方公里。|area 26?
"""

OF_SOMEBODY_ELSE_TOLD_OTHERWISE = """
寿光市现有规模以上工业企业420家，2023年实现营业收入2100亿元。|
寿光是全国最大的蔬菜种苗繁育基地，年育苗18亿株，集群企业总数达312家。|enterprises@2023 312?
全国种苗市场规模约600亿元，集群2023年总产值61.07亿元，约占十分之一。|total_output@2023 61.07
2023年全省特色产业集群平均产值45亿元，本集群达到61.07亿元。|
集群龙头企业甲种业集团，拥有有效发明专利210件，研发投入强度达6.8%。|
甲公司、乙公司、丙公司3家企业入选国家级专精特新“小巨人”。|
甲公司获评国家级单项冠军，成为集群首家单项冠军企业。|
其中，甲公司2023年产值突破10亿元，乙公司产值8.6亿元。|
与2022年相比，集群企业数量增加18家，达到312家。|enterprises@2023 312?
总投资12亿元的智能种苗工厂项目建成后，可新增产值8亿元、带动就业500人。|
争取到2025年底，有效发明专利拥有量突破1600件。|
“十四五”末，集群总产值力争突破80亿元。|
集群的发展目标是：总产值90亿元，企业400家，有效发明专利2000件。|
2024年一季度，集群实现产值14.2亿元，同比增长9.3%。|
2023年1—6月，集群实现总产值29.8亿元。|
2018年集群总产值仅为22.6亿元，2023年达到61.07亿元，五年增长1.7倍。|total_output@2023 61.07
2023年集群总产值达到61.07亿元，是2018年的2.7倍。|total_output@2023 61.07
"""

APPROXIMATE_OTHERWISE = """
集群企业总数突破300家大关。|enterprises@2023 ~300?
每年培训职工3000余人次，带动就业1.5万多人。|
2023年研发投入强度保持在3%以上。|rd_intensity@2023 ~3
2023年集群总产值60多亿元。|total_output@2023 ~60
2023年总产值近61.1亿元。|total_output@2023 ~61.1
专精特新中小企业八十余家。|specialised_smes@2023 ~80?
有效发明专利达到千余件。|invention_patents ~1000
从业人员一万五千余人。|employees ~15000
"""

WAYS_OF_WRITING = """
2023年集群总产值61．07亿元，企业三百一十二家。|total_output@2023 61.07 ; enterprises@2023 312
2023年集群总产值达到61.07亿元人民币。|total_output@2023 61.07
集群总产值（2023年）：61.07亿元；企业数量：312户；中小企业：300户。|total_output@2023 61.07 ; enterprises@2023 312 ; smes@2023 300
总产值从45.6亿元（2021年）增长到61.07亿元（2023年）。|total_output@2021 45.6 ; total_output@2023 61.07
2021-2023年三年间，集群企业由268户发展到312户。|enterprises@2021 268 ; enterprises@2023 312
2023年，集群总产值、中小企业产值占比、主导产业产值占比分别为61.07亿元、72.31%和82.3%。|total_output@2023 61.07 ; sme_output_share@2023 72.31 ; leading_output_share@2023 82.3
2023年，集群中小企业产值占总产值比例72.31%，主导产业占比82.3%。|sme_output_share@2023 72.31 ; leading_output_share@2023 82.3
创新型中小企业达66家，比上年净增21家。|innovative_smes@2023 66?
截至2023年底，有国家级“小巨人”企业5户，占全市的4.2%。|little_giants@2023 5
PCT国际专利申请量累计达到12件，有效发明专利1286件。|pct_applications 12 ; invention_patents 1286
申请PCT国际专利12件。|pct_applications 12
2023年，集群共有企业三百余家，其中规上企业五十八家。|enterprises@2023 ~300
集群聚集了全县90%以上的种苗企业，企业数量达312户。|enterprises@2023 312?
"""

OF_ALL_KINDS = """
集群汇聚上下游企业312家，其中规上企业58家、“四上”企业66家。|enterprises@2023 312?
集群内登记注册的企业已达312家。|enterprises@2023 312?
截止2023年底，集群入驻企业312家，从业人员突破1.5万人。|enterprises@2023 312? ; employees ~15000
到2023年末，全集群企业户数为312户，同比增加18户。|enterprises@2023 312
2023年，全集群实现工业总产值61.07亿元，同比增长16.8%，其中主导产业产值50.26亿元，占比82.3%。|total_output@2023 61.07 ; leading_output_share@2023 82.3
集群总产值连续三年保持两位数增长，2021年、2022年、2023年分别达到45.6亿元、52.3亿元、61.07亿元。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07
2022年、2023年，集群总产值分别为52.3亿元和61.07亿元，分别增长14.7%和16.8%。|total_output@2022 52.3 ; total_output@2023 61.07
主导产业产值2022年、2023年分别增长15.6%、17.6%。|leading_output_growth@2022 15.6 ; leading_output_growth@2023 17.6
近三年主导产业产值复合增长率15.8%。|leading_output_cagr 15.8
主导产业近三年产值年均增速为15.8%。|leading_output_cagr 15.8
主导产业产值三年平均增长15.8%。|leading_output_cagr 15.8
2023年中小企业产值占集群总产值的比例为72.31%，主导产业产值占集群总产值的比例为82.3%。|sme_output_share@2023 72.31 ; leading_output_share@2023 82.3
2023年，集群中小企业实现产值44.16亿元，占集群总产值72.31%。|sme_output_share@2023 72.31
集群拥有各类创新平台25个，其中国家级2个、省级8个、市级15个。|innovation_platforms_national 2 ; innovation_platforms_provincial 8
建成省级及以上创新平台10个。|
拥有国家级企业技术中心1家、省级企业技术中心6家。|
2021年—2023年，研发投入强度分别为3.12%、3.28%、3.45%，研发经费增速分别为12.1%、13.4%、15.2%。|rd_intensity@2021 3.12 ; rd_intensity@2022 3.28 ; rd_intensity@2023 3.45 ; rd_growth@2021 12.1 ; rd_growth@2022 13.4 ; rd_growth@2023 15.2
2023年集群中小企业研发经费同比增长15.2%。|rd_growth@2023 15.2
集群中小企业R&D投入强度达到3.45%（2023年）。|rd_intensity@2023 3.45
研发人员达1914人，占全部从业人员的12.3%。|rd_staff_share 12.3
有效发明专利拥有量由2021年的914件增长到2023年的1286件，年均增速18.6%。|invention_patents 1286 ; invention_patent_cagr 18.6
拥有有效发明专利1286件、实用新型专利3500件、软件著作权210项。|invention_patents 1286
累计授权专利5200件，其中有效发明专利1286件。|invention_patents 1286
每万名从业人员有效发明专利拥有量达到826.48件。|invention_patents_per_10k 826.48
万人有效发明专利拥有量826.48件。|invention_patents_per_10k 826.48
PCT专利申请量12件，海外商标35件。|pct_applications 12
主持制定国家标准2项，参与制定国际标准1项、国家标准5项、行业标准9项、团体标准12项（均为2023年）。|standards_led_national@2023 2? ; standards_joined_international@2023 1? ; standards_joined_national@2023 5? ; standards_joined_industry@2023 9? ; standards_joined_association@2023 12?
2023年主导或参与制定国际标准1项。|
集群企业上云率达86.5%，工业互联网平台普及率45.6%。|cloud_share 86.5 ; industrial_internet_share 45.6
上云企业256家，上云比例为82.05%。|cloud_share 82.05
规上企业上云率100%。|
三年累计采购工业软件3080万元，其中2023年1200万元。|software_spend@2023 1200
2021年至2023年工业软件采购额由860万元增至1200万元。|software_spend@2021 860 ; software_spend@2023 1200
单位工业产值能耗三年累计下降12.5%，单位产值二氧化碳排放量降至0.42吨/万元。|energy_intensity_cut 12.5 ; co2_intensity@2023 0.42?
2023年万元产值碳排放强度为0.42吨。|co2_intensity@2023 0.42
单位产值能耗降低12.5%，工业固废综合利用率98.2%，水重复利用率93.5%。|energy_intensity_cut 12.5 ; solid_waste_use 98.2 ; water_reuse 93.5
创建国家级绿色工厂3家、省级绿色工厂9家。|
拥有绿色工厂12家，其中国家级3家、省级9家。|green_factories 12
绿色设计产品达到26个，绿色供应链管理企业3家。|green_products 26 ; green_supply_chain_enterprises 3
在“一带一路”沿线国家设立分支机构6个。|
集群规划建设用地26平方公里，现占地面积26平方公里。|area 26
集群坐落于寿光市洛城街道，占地面积2600公顷。|area 26
集群东西长8公里，南北宽3.2公里，总面积约26平方公里。|area ~26?
2023年，实现总产值61.07亿元、同比增长16.8%，税收3.2亿元、同比增长9.1%。|total_output@2023 61.07
总产值、利润、税收分别达到61.07亿元、5.2亿元、3.1亿元。|total_output@2023 61.07?
2023年，集群总产值突破60亿元大关，达到61.07亿元。|total_output@2023 ~60 ; total_output@2023 61.07
全市12个特色产业集群总产值合计达到780亿元，本集群占7.8%。|
作为全县支柱产业，集群贡献了全县12.6%的工业产值。|
全县工业总产值的三分之一来自集群，2023年集群总产值为61.07亿元。|total_output@2023 61.07
相比2021年，企业数量增加44家，有效发明专利增加372件。|
较2021年净增企业44家，总数达到312家。|enterprises@2023 312?
每年为企业培训员工2000人次，组织对接会12场。|
引进高层次人才35人，柔性引进院士2人。|
带动周边农户1.2万户增收。|
协会会员企业120家。|
服务企业450家次，解决问题320个。|
对120家企业开展节能诊断。|
为86家企业提供贷款担保3.2亿元。|
为22家中小企业提供融资服务。|
为集群312家企业提供融资服务。|enterprises@2023 312?
组织58家企业参加中国国际中小企业博览会。|
安全检查覆盖312家企业，整改率100%。|
重点用能企业16家实现能耗在线监测。|
共享车间服务企业65家，设备共享率达40%。|
产品合格率稳定在99.5%以上。|
规模以上企业研发机构覆盖率达到62%。|
举办技术交流会6场，签约项目23个，合同额4.5亿元。|
上市公司2家、新三板挂牌企业5家。|
甲公司牵头制定国家标准2项，拥有发明专利86件，被认定为国家级专精特新“小巨人”企业。|
龙头企业年产值达12亿元，带动配套企业60余家。|
项目达产后预计年新增产值6亿元、利税8000万元。|
三年内培育国家级“小巨人”企业3家以上，新增绿色工厂5家。|
2024年目标：总产值70亿元；2025年目标：总产值80亿元；2026年目标：总产值90亿元。|
到“十四五”末，总产值达到80亿元以上，规上企业达到80家。|
力争用三年时间，把集群建成产值超百亿元的产业高地。|
2026年，集群企业上云比例达到95%以上，工业互联网平台应用普及率达到60%。|target_industrial_internet_share@2026 60
有效发明专利拥有量从目前的1286件提高到2000件以上。|invention_patents 1286?
企业上云比例由2023年的86.5%提高到2026年的95%。|cloud_share 86.5
2023年12月，集群企业312家。|enterprises@2023 312
2023年三季度末，集群企业308家。|
2024年4月，集群企业320家。|
2020年集群总产值38.5亿元，2021年45.6亿元，2022年52.3亿元，2023年61.07亿元。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07
集群总产值（亿元）45.6、52.3、61.07。|total_output@2021 45.6? ; total_output@2022 52.3? ; total_output@2023 61.07?
2023年，“寿光种苗”区域品牌价值达到23.5亿元，集群总产值61.07亿元。|total_output@2023 61.07
现有专精特新企业91家（国家级“小巨人”5家）。|specialised_smes@2023 91? ; little_giants@2023 5?
"""

WHAT_NARRATIVES_COUNT_BESIDE = """
集群对16家重点用能企业开展节能诊断，改造窑炉12座。|
建设共享仓储面积3.2万平方米，服务企业86家。|
绘制产业链图谱1张，梳理断点堵点23个，引进补链企业6家。|
与15家高校院所建立合作关系，组建创新联合体4个。|
发布团体标准3项。|
推动40家企业完成数字化诊断，其中12家完成改造。|
园区光伏装机容量26兆瓦，年发电3000万千瓦时。|
年节约标准煤1.2万吨，减排二氧化碳3.1万吨。|
边角料回收利用率达到90%。|
中水回用率达65%，节水30万吨。|
每年举办招聘会4场，解决用工500人。|
工业互联网平台接入设备3200台，连接企业120家。|
组织质量培训12期1500人次，产品抽检合格率99.2%。|
获批地理标志证明商标1件，注册商标156件。|
主导产品出口32个国家和地区，出口额3.2亿美元。|
设立产业基金5亿元，为企业融资12亿元。|
新建标准厂房20万平方米，入驻率达95%。|
集中采购覆盖企业180家，采购成本降低8%。|
物流共享降低运输成本12%。|
员工持证上岗率100%，高级工占比25%。|
企业平均研发投入强度3.2%。|
骨干企业研发投入占比达5%以上。|
培育省级瞪羚企业12家、省级新型研发机构3家。|
2023年新认定高新技术企业8家、创新型中小企业12家。|
获得国家科技进步奖2项，省级奖励15项。|
参与企业80家，签约金额3亿元。|
设立海外仓6个，境外展厅3处。|
引进境外专家12人，技术合作项目5个。|
建立“白名单”企业库，入库企业60家。|
推行“一企一策”，帮扶企业45家。|
处理企业诉求320件，办结率100%。|
安全生产标准化达标企业150家。|
全县专精特新企业总数达到320家，居全市第2位。|
某龙头企业获批国家级企业技术中心，研发人员320人，占职工总数的18%。|
电商平台年交易额12亿元，入驻商户860家。|
近三年累计实施技改项目56个，完成投资18亿元。|
该公司年销售收入12亿元，利润1.2亿元。|
项目总占地面积320亩，建筑面积18万平方米。|
生物育种产业园占地面积1200亩，入园企业26家。|
智能工厂生产效率提高30%，运营成本降低15%，能耗下降12%。|
骨干企业单位产值能耗比行业平均水平低18%。|
企业用水重复利用率提高5个百分点。|
有35%的企业实现了上云。|cloud_share 35
累计培训从业人员3000人次。|
现有省级技能大师工作室3个，高技能人才1200人。|
按照规划，集群将新增用地2000亩。|
如全部达产，集群总产值可突破百亿元。|
集群总产值每增加1亿元，带动就业260人。|
国家级制造业单项冠军甲公司的产品市场占有率达到35%。|
创建国家级绿色工厂3家。|
"""


WHOSE_AND_WHICH_PART = """
目前，全市9个特色产业集群共有中小企业1.2万家，从业人员31万人。|
全省现有特色产业集群142个，拥有中小企业3.4万家，从业人员175万人。|
全国200个集群拥有有效发明专利14万件，专精特新“小巨人”企业1250家。|
首批认定的21个集群从业人员达到28万人，拥有有效发明专利2600件。|
全省142个特色产业集群之一的我集群拥有中小企业212家。|smes@2023 212?
潍坊市动力装备产业企业超过900户，从业人员12万人。|
潍坊市寿光市功能膜特色产业集群共有企业212家，从业人员21300人。|enterprises@2023 212? ; employees 21300
2023年集群企业总数为312户，其中当年新注册企业11家。|enterprises@2023 312
集群内15家企业建成省级智能工厂，4家企业建成省级绿色工厂。|
2023年末集群企业312家，其中中小企业298家。|enterprises@2023 312 ; smes@2023 298
2023年末集群企业312家，其中年产值1亿元以上的企业41家。|enterprises@2023 312
2023年集群共有企业312家，其中8家企业研发投入强度超过5%，研发投入强度平均为3.4%。|enterprises@2023 312
全市共有专精特新“小巨人”企业62家，其中集群内7家。|little_giants@2023 7?
全市企业上云率为51%，我集群达到72.5%。|cloud_share 72.5
全市工业互联网平台应用普及率平均为28%；我县集群的工业互联网平台应用普及率为36.75%。|industrial_internet_share 36.75
2023年，全县有高新技术企业130家，其中集群主导产业相关的39家。|hightech_enterprises@2023 39
集群工业用水重复利用率为91.2%，全省平均为82%。|water_reuse 91.2
2023年集群总产值预期目标70亿元，实际实现74.2亿元。|total_output@2023 74.2
2024年目标为80亿元，预计实际完成85亿元。|
集群总产值2023年目标70亿元，实际完成74.2亿元，2024年目标80亿元。|total_output@2023 74.2
总产值2021年为45.6亿元，2022年为52.3亿元，2023年为61.07亿元；同期，企业总数由280家增加到296家、312家。|total_output@2021 45.6 ; total_output@2022 52.3 ; total_output@2023 61.07 ; enterprises@2021 280 ; enterprises@2022 296 ; enterprises@2023 312
集群企业由280家增加到296家、312家。|
2023年集群企业总数由280家增加到312家。|enterprises@2023 312
主导产业产值2021年同比增长8.1%，2022年增速放缓至6.5%，2023年增速回升到12.2%。|leading_output_growth@2021 8.1 ; leading_output_growth@2022 6.5 ; leading_output_growth@2023 12.2
集群总产值同比增长9.6%，2023年增速回升至13.1%。|
2022年，主导产业产值占集群总产值的比例为78.2%。集群建成绿色工厂4个、绿色设计产品11个。|leading_output_share@2022 78.2 ; green_factories 4? ; green_products 11?
集群有省级制造业创新中心等省级创新平台6个，县里另有国家级创新平台2个。|innovation_platforms_provincial 6
全县总面积2200平方公里，集群占地面积18.5平方公里。|area 18.5
集群现有高新技术企业45家，其中2023年新认定12家。|hightech_enterprises@2023 45?
5家小巨人企业拥有有效发明专利200件，从业人员3000人。|employees 3000?
集群前十家企业总产值占比达到62%，从业人员8000人。|
单位产值能耗较2020年下降12.3%，2023年下降4.1%。|energy_intensity_cut 12.3 ; energy_intensity_cut 4.1?
集群现有省级创新平台20个，另有市级创新平台30个。|innovation_platforms_provincial 20
全市共有高新技术企业658家。寒亭区总面积1085平方公里，辖13个镇街。|
建成共享检测中心（面积985平方米），服务企业54余家。|
集群占地面积1260万平方米。|area 12.6
"""


PARTS_AND_WHOLES = """
集群现有企业231家，其中224家为中小企业，占比97%。|enterprises@2023 231? ; smes@2023 224?
2023年，中小企业贡献了集群87.2%的产值。|sme_output_share@2023 87.2
2023年集群总产值的90.4%来自主导产业，87.2%由中小企业创造。|leading_output_share@2023 90.4 ; sme_output_share@2023 87.2
2023年集群总产值达到91.7亿元，中小企业贡献了其中的八成以上。|total_output@2023 91.7 ; sme_output_share@2023 ~80
近八成（78.5%）的企业实现上云。|cloud_share 78.5
研发经费增速连续三年保持两位数，2023年为15.2%，2022年12.7%，2021年10.3%。|rd_growth@2023 15.2 ; rd_growth@2022 12.7 ; rd_growth@2021 10.3
2022年集群总产值增速放缓，全年完成55.07亿元。|total_output@2022 55.07
单位产值二氧化碳排放量从2021年的0.42吨/万元降到2023年的0.35吨/万元，单位工业产值能耗三年下降13.6%。|co2_intensity@2021 0.42 ; co2_intensity@2023 0.35 ; energy_intensity_cut 13.6
2023年总产值是2020年的1.6倍，达到128.6亿元。|total_output@2023 128.6
2023年上半年集群实现产值41.2亿元，下半年47.6亿元，全年合计88.8亿元。|total_output@2023 88.8
2023年主导产业产值占比过半，中小企业产值占比超过三分之二。|leading_output_share@2023 ~50 ; sme_output_share@2023 ~66.67
集群里的企业，十家有九家是中小企业。|
集群有食品企业38家、包装企业12家、机械企业9家，其余为物流和商贸企业，总计84家。|enterprises@2023 84?
数据显示：2023年中小企业产值在集群总产值中的比重为77.92%；2022年这一比重为76.57%。|sme_output_share@2023 77.92 ; sme_output_share@2022 76.57
拥有有效发明专利58件，折合每万人20.28件。|invention_patents 58 ; invention_patents_per_10k 20.28?
"""


SAID_OF_WHAT_STANDS_ELSEWHERE = """
集群总产值116.2亿元，其中主导产业103.9亿元，占89.4%；中小企业完成98.5亿元，占比84.8%。|total_output@2023 116.2? ; leading_output_share@2023 89.4? ; sme_output_share@2023 84.8?
上云企业150家，占全部192家企业的78.1%。|enterprises@2023 192? ; cloud_share 78.1
研发经费2023年增长14.1%，高于2022年的11.3%。|rd_growth@2023 14.1 ; rd_growth@2022 11.3
小巨人、单项冠军、高企三类企业2022年末分别有3家、1家、58家。|little_giants@2022 3 ; champions@2022 1? ; hightech_enterprises@2022 58?
总产值84.6亿元、企业201家，以上均为2022年数据。|total_output@2022 84.6? ; enterprises@2022 201?
国家级绿色工厂1家、省级4家，合计5家。|green_factories 5
已在9个国家和地区布局分支机构11个。|overseas_branches 11?
在国家标准制修订中，集群企业2023年主持4项、参与6项；在行业标准中，主持2项、参与9项。|standards_led_national@2023 4 ; standards_joined_national@2023 6 ; standards_led_industry@2023 2 ; standards_joined_industry@2023 9
2023年集群总产值77.5亿元（2022年：70.3亿元；2021年：64.8亿元）。|total_output@2023 77.5 ; total_output@2022 70.3 ; total_output@2021 64.8
主导产业产值年均增速（近三年）为9.85%；分年度看，2021年9.1%，2022年9.9%，2023年10.6%。|leading_output_cagr 9.85 ; leading_output_growth@2021 9.1 ; leading_output_growth@2022 9.9 ; leading_output_growth@2023 10.6
2022年和2023年集群主导产业产值增速分别为7.3%和12.4%，近三年年均增速达到9.7%。|leading_output_growth@2022 7.3 ; leading_output_growth@2023 12.4 ; leading_output_cagr 9.7
中小企业有效发明专利拥有量由2020年末的41件增加到2023年末的66件，年均增长17.2%。|invention_patents 66 ; invention_patent_cagr 17.2
企业A：2023年产值8.8亿元，研发投入强度5.1%；企业B：2023年产值6.9亿元。|
高新技术企业21家/28家/36家，国家级“小巨人”企业1家/2家/5家（依次为2021年/2022年/2023年）。|hightech_enterprises@2021 21? ; hightech_enterprises@2022 28? ; hightech_enterprises@2023 36? ; little_giants@2021 1? ; little_giants@2022 2? ; little_giants@2023 5?
共有中小企业83家，实现产值占集群总产值的69.4%。|smes@2023 83? ; sme_output_share@2023 69.4?
2023年单项冠军企业3家（国家级2家、省级1家）。|champions@2023 3?
以2023年为基准，到2026年有效发明专利由88件增加到150件。|invention_patents 88 ; target_invention_patents@2023 88 ; target_invention_patents@2026 150
入选国家绿色设计产品名录7个。|green_products 7?
"""


NOBODY_S_OR_ANOTHER_S = """
其中，规模最大的三家企业2023年总产值合计42亿元，占集群的四成。|
集群前十强企业总产值达76亿元，研发投入强度4.8%。|
2023年新签约项目12个，总投资56亿元，达产后可新增产值80亿元。|
对照国家级中小企业特色产业集群标准，总产值要在40亿元以上、研发投入强度3%以上。|
2024年1—6月，集群总产值66.3亿元，高新技术企业达到75家。|
县政府对获评“小巨人”企业一次性奖励50万元。|
某院士团队拥有发明专利52件，其中8件在集群企业转化。|
合作银行为43家企业授信6.8亿元。|
单个企业平均产值5600万元，户均缴税210万元。|
江苏某集群企业600家、总产值480亿元，是我们学习的标杆。|
2023年退出企业7家，新注册企业19家。|
"""


def cases(*tables: str) -> list[tuple[str, str]]:
    lines = [line for table in tables for line in table.strip().splitlines()]
    return [(text, said.strip()) for text, _, said in (line.rpartition("|") for line in lines)]


@pytest.mark.parametrize(
    ("text", "said"),
    cases(
        NOBODY_S_OR_ANOTHER_S,
        PARTS_AND_WHOLES,
        NAMED_BY_REFERENCE,
        NOT_THE_CLUSTER_S_FIGURE,
        WORK_REPORTS_AND_NEWS,
        TABLES_FLATTENED,
        GOALS,
        PLAIN,
        CARRIED_OVER,
        APPROXIMATE,
        OF_SOMEBODY_ELSE,
        TO_COME,
        LISTS,
        UNITS,
        CHANGES,
        DATES,
        AS_PLANS_WRITE,
        OF_SOMEBODY_ELSE_TOLD_OTHERWISE,
        APPROXIMATE_OTHERWISE,
        WAYS_OF_WRITING,
        OF_ALL_KINDS,
        WHAT_NARRATIVES_COUNT_BESIDE,
    ),
)
def test_sentences(text: str, said: str) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("集群企业近200家", 160, 200),
        ("集群企业约200家", 160, 240),
        ("集群企业超过200家", 201, 2000),
        ("集群企业200家以上", 200, 2000),
        ("集群企业不低于200家", 200, 2000),
        ("集群企业不足200家", 0, 199),
        ("集群企业不超过200家", 0, 200),
        ("集群企业200余家", 200, 300),
        ("集群企业1200多家", 1200, 1300),
        ("集群企业80至90家", 80, 90),
        ("集群企业八十到九十家", 80, 90),
        ("集群企业200家左右", 160, 240),
        ("集群企业上百家", 100, 999),
        ("集群企业312家", 312, 312),
    ],
)
def test_what_approximate_words_can_mean(text: str, low: int, high: int) -> None:
    (one,) = stated(text, SHANDONG)
    assert (one.quantity.low, one.quantity.high) == (low, high)
    assert one.quantity.approximate == (low != high)


def test_written_places_are_the_range_of_a_figure() -> None:
    (one,) = stated("2023年集群总产值61.1亿元", SHANDONG)
    assert (one.quantity.low, one.quantity.high) == (Decimal("61.05"), Decimal("61.15"))


WEIFANG = """
全区2020年财政收入38亿元，税收收入30亿元。|
计划用三年时间，使集群营业收入达到300亿元，利税30亿元。|
2020年出口额3.6亿美元，进口额0.8亿美元。|
产品在欧洲市场占有率达到15%。|
其中甲公司产品国内市场占有率达60%。|
前三季度集群营业收入152亿元，同比增长9%。|
2020年，甲市规模以上工业实现营业收入9300亿元。集群营业收入95.4亿元，占全市的1%。|revenue@2020 95.4?
集群所在开发区一般公共预算收入6.2亿元。|
到2024年，集群规划实现营业收入120亿元、利润9亿元。|
在规模以上企业中，年营业收入3亿元以上的5户，3亿元以下的31户，合计36户。|enterprises_above_scale 36
进入产业园区企业88户；区域面积29.5平方公里。|enterprises_in_park 88 ; area 29.5
先后获得中国名牌产品2个、山东名牌产品7个。|
三家企业均为专精特新企业。|
2019年营业收入196.6亿元，2020年克服疫情影响，增长到212.5亿元，税金也由7.2亿元增加到7.6亿元。|revenue@2019 196.6 ; revenue@2020 212.5 ; tax@2019 7.2 ; tax@2020 7.6
全集群312家企业里，规上的86家，进了产业园区的203家。|enterprises 312 ; enterprises_above_scale 86 ; enterprises_in_park 203
规模以上企业达47家，占集群企业总数386家的12.2%。|enterprises_above_scale 47 ; enterprises 386
全集群利润总额6.88亿元，其中三家上市公司利润合计2.9亿元。|profit 6.88?
全市规模以上工业企业3800余家；我们这个集群有112家企业，体量并不算大。|enterprises 112
主导产品约占全国市场份额的三分之一，年营业收入过百亿元。|market_share_national ~33.33 ; revenue ~100?
集群现有企业96户，进园企业71户。|enterprises 96 ; enterprises_in_park 71
集群从业人员在8000人到9000人之间。|employees ~8500
拥有驰名商标、著名商标6件，国内市场比重约12%。|honours_trademarks 6 ; market_share_national ~12
我们这个集群有112家企业。|enterprises 112
省级以上名牌产品7个、驰（著）名商标4件，合计11个；研发平台3个、检测平台2个相继建成，总数5个。|honours_brands 7 ; honours_trademarks 4 ; honours 11 ; service_platform_rd 3 ; service_platform_testing 2 ; service_platform_count 5
省级以上名牌产品7个、驰（著）名商标3件、产业荣誉称号2个，共12个。|honours_brands 7 ; honours_trademarks 3 ; honours_titles 2 ; honours 12
国家级、省级产业荣誉称号2个，名牌产品5个，著名商标4个，合计11个。|honours_titles 2 ; honours_brands 5 ; honours_trademarks 4? ; honours 11
公共服务平台七个（研发三个、检测两个、电子商务和物流各一个）。|service_platform_count 7 ; service_platform_rd 3 ; service_platform_testing 2 ; service_platform_ecommerce 1 ; service_platform_logistics 1
规上企业由18户增至22户。|enterprises_above_scale 22
集群共有企业215户，其中规模以上企业42户，进入产业园区企业174户，从业人员29583人。|enterprises 215 ; enterprises_above_scale 42 ; enterprises_in_park 174 ; employees 29583
面积40.62 km²；企业215户；规上42户；入园174户；从业29583人。|area 40.62 ; enterprises 215 ; enterprises_above_scale 42 ; enterprises_in_park 174 ; employees 29583
2020年实现营业收入73.51亿元，利润8.06亿元，税金2.4亿元。|revenue@2020 73.51 ; profit@2020 8.06 ; tax@2020 2.4
营业收入由2019年的62.07亿元增长到2020年的73.51亿元，利润由4.96亿元增长到8.06亿元。|revenue@2019 62.07 ; revenue@2020 73.51 ; profit@2019 4.96 ; profit@2020 8.06
公共服务平台十一个，其中研发1个、检测2个、物流4个、电子商务3个、其他1个。|service_platform_count 11 ; service_platform_rd 1 ; service_platform_testing 2 ; service_platform_logistics 4 ; service_platform_ecommerce 3 ; service_platform_other 1
拥有省级以上名牌产品六个，产业荣誉称号四个。|honours_brands 6 ; honours_titles 4
国内市场占有率12.5%，省内市场占有率35%。|market_share_national 12.5
"""


WEIFANG_OWNERS_AND_PARTS = """
临沂市板材加工企业超过3000户，年营业收入1100亿元。|
寿光市防水材料企业达到300多家，从业人员4万人，其中本集群企业212家、从业人员21300人。|enterprises 212 ; employees 21300
集群企业总数188户，其中9家企业年营业收入过5亿元，规模以上企业46户。|enterprises 188 ; enterprises_above_scale 46
集群现有企业187户，其中年营业收入2亿元以上的7户、规模以上企业39户。|enterprises 187 ; enterprises_above_scale 39
集群企业总数187户，其中营业收入超过1亿元的12户。|enterprises 187
全市同行业从业人员6.7万人，其中本集群18,240人。|employees 18240
本集群从业人员18240人，全市同行业6.7万人。|employees 18240
集群现有生产、服务等企业187户，其中规模以上企业39户。|enterprises 187 ; enterprises_above_scale 39
集群有生产、研发、服务、配套等企业共计187户。|enterprises 187
全市有生产、服务等企业2100户。|
集群有物流、检测等企业12家。|
集群企业户数236户，带动周边上下游企业400户、从业人员3万人。|enterprises 236
47家规模以上企业实现营业收入60亿元，占集群的83%，从业人员9000人。|employees 9000?
营业收入目标为70亿元，实际完成74.2亿元。|revenue 74.2?
"""


@pytest.mark.parametrize(("text", "said"), cases(WEIFANG_OWNERS_AND_PARTS))
def test_owners_and_parts_in_the_form_of_weifang(text: str, said: str) -> None:
    assert read(text, "weifang-2021") == said


@pytest.mark.parametrize(("text", "said"), cases(WEIFANG))
def test_the_form_of_weifang(text: str, said: str) -> None:
    assert read(text, "weifang-2021") == said


EVALUATION = """
截至2021年底，专精特新企业43家、瞪羚企业5家、（准）独角兽企业2家。|specialised_smes 43 ; gazelles 5 ; unicorns 2
亿元以上、10亿元以上工业企业分别为57家、6家。|enterprises_over_100m 57 ; enterprises_over_1bn 6
2020年底，瞪羚企业3家；2021年底达到5家。|gazelles 5
首台（套）重大技术装备12台（套）。|first_of_kind_equipment 12
2022年一季度收入124.05亿元。|
2021年完成固定资产投资45.6亿元，其中技改投资12.3亿元。|fixed_asset_investment 45.6 ; technical_upgrade_investment 12.3
有研发活动的企业占比46.5%，与18家科研院所、院校开展合作。|rd_active_share 46.5 ; academic_partners 18
现有双创载体7个，中小企业公共服务平台12个，行业领域工业互联网平台2个。|incubators 7 ; service_platform_count 12 ; industrial_internet_platforms 2
"""


@pytest.mark.parametrize(("text", "said"), cases(EVALUATION))
def test_an_evaluation_report(text: str, said: str) -> None:
    assert read(text, "shandong-2022-evaluation", latest="2021") == said


# ------------------------------------------------------------------ headings and paragraphs

PLAN = """一、集群基本情况
2023年，集群总产值61.07亿元。
（一）企业情况
集群企业312户。
四、未来三年发展规划
（一）总体思路
坚持创新驱动。
（二）发展目标
集群总产值达到90亿元，有效发明专利2000件，企业上云比例95%。
五、发展成效
有效发明专利1286件。
"""


def test_what_stands_under_the_heading_of_a_plan_is_to_come() -> None:
    assert read(PLAN) == "total_output@2023 61.07 ; enterprises@2023 312? ; invention_patents 1286"


def test_a_paragraph_broken_into_lines_is_one() -> None:
    text = "2023年，在各级党委政府的正确领导和大力支持之下，集群总产值达到61.07亿\n元，企业上云比例86.5%。"
    assert read(text) == "total_output@2023 61.07 ; cloud_share 86.5"


def test_the_year_of_one_paragraph_is_not_that_of_the_next() -> None:
    assert read("2022年集群总产值52.3亿元。\n企业总数312户。") == (
        "total_output@2022 52.3 ; enterprises@2023 312?"
    )


def test_another_cluster_is_told_by_its_name() -> None:
    text = "临朐县磁电装备产业集群2023年总产值61.07亿元。"
    assert read(text, own="潍坊市寿光市蔬菜种苗特色产业集群") == ""
    assert read(text, own="潍坊市临朐县磁电装备特色产业集群") == "total_output@2023 61.07"


def test_the_trade_of_another_place_is_told_by_the_name() -> None:
    text = "2021年营业收入46.85亿元。乙丙市装备制造业同年营业收入约600亿元。"
    found = stated(text, load_form("weifang-2021"), own="甲县精品钣金产业集群")
    assert [str(s.quantity.value) for s in found] == ["46.85"]


def test_nothing_of_nothing() -> None:
    assert read("") == read("。，、") == read("五") == read("（）") == read("2023年") == ""


@pytest.mark.parametrize("text", ["9" * 5000, "（" * 3000, "、".join(["1"] * 2000), "由" * 3000])
def test_strange_texts_end(text: str) -> None:
    assert read(text) == ""


PIECES = [
    "2023年",
    "2021年至2023年",
    "近三年",
    "目前",
    "上年",
    "2026年",
    "集群",
    "全县",
    "某公司",
    "总产值",
    "企业",
    "中小企业",
    "有效发明专利",
    "主导产业产值",
    "国家标准",
    "主持",
    "参与",
    "分别",
    "由",
    "增长到",
    "同比",
    "年均",
    "增长",
    "下降",
    "占",
    "占比",
    "其中",
    "、",
    "和",
    "，",
    "。",
    "；",
    "（",
    "）",
    "61.07亿元",
    "45.6",
    "312户",
    "5家",
    "12.3%",
    "一个",
    "约",
    "近",
    "超过",
    "以上",
    "余",
    "至",
    "力争",
    "新增",
    "分别为",
    "的",
    "为",
    "达到",
    "每万人",
    "七成",
    "百分之五",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_there_its_place_is_right(pieces: list[str]) -> None:
    text = "".join(pieces)
    for one in stated(text, SHANDONG):
        assert text[one.start : one.end].strip() == one.raw
        assert (
            one.quantity.low <= one.quantity.value <= one.quantity.high or one.quantity.approximate
        )
        assert one.period in {None, *SHANDONG.years, "2026"}


def test_blank_lines_move_no_word():
    assert stated("2023年\n\n集群约", SHANDONG) == []
    found = stated("集群情况\n\n\n集群共有企业约120家。", SHANDONG)
    assert [(s.field, s.raw[-6:]) for s in found] == [("enterprises", "业约120家")]


# ------------------------------------------------------------------ mentions with their places


def application(text: str, file: str = "申报表.docx") -> Application:
    where = Evidence(file, place="表9 行1 列1")
    return Application(
        form="shandong-2024",
        answers=(
            Answer(
                "cluster_name",
                None,
                "given",
                "潍坊市寿光市蔬菜种苗特色产业集群",
                "",
                1,
                False,
                where,
            ),
        ),
        narratives=(NarrativeAnswer("plan", "given", text, 0, 0, 3000, where),),
    )


def test_a_narrative_without_its_document() -> None:
    (one,) = mentions(SHANDONG, application("2023年，集群总产值61.07亿元。"), ())
    assert (one.field, one.period, one.within) == ("total_output", "2023", "plan")
    assert one.raw == one.evidence.raw == "集群总产值61.07亿元"
    assert (one.evidence.file, one.evidence.place) == ("申报表.docx", "表9 行1 列1")


def test_a_narrative_s_sentence_is_found_in_the_form() -> None:
    text = "本集群位于县城北部。\n2023年集群总产值61.07\n亿元。"
    lines = (
        Line(0, 10, 3, (70, 100, 500, 112)),
        Line(11, 27, 3, (70, 115, 500, 127)),
        Line(28, 31, 4, (70, 60, 100, 72)),
    )
    cell = Cell(
        1, 1, 1, 1, text, page=3, bbox=(70, 100, 500, 700), place="表9 行1 列1", lines=lines
    )
    document = Document("申报表.pdf", "pdf", (Table(1, 1, (cell,), page=3),))
    found = mentions(SHANDONG, application(text, "申报表.pdf"), [("application_form", document)])
    assert [(m.evidence.page, m.evidence.bbox) for m in found] == [(3, (70, 115, 500, 127))]


def test_the_same_words_elsewhere_are_not_the_narrative_s() -> None:
    line = "2023年集群总产值61.07亿元。"
    blocks = (Paragraph("简介：" + line, place="段落1"), Paragraph(line, place="段落2"))
    document = Document("申报表.docx", "docx", blocks)
    (one,) = mentions(SHANDONG, application(line), [("application_form", document)])
    assert one.evidence.place == "段落2"


def test_a_plan_of_its_own_and_what_is_no_prose() -> None:
    heading = Cell(1, 1, 1, 1, "集群总产值61.07亿元", place="表1 行1 列1")
    prose = Cell(
        1, 2, 1, 1, "2023年，集群有效发明专利1286件，企业上云比例86.5%。", place="表1 行1 列2"
    )
    plan = Document(
        "规划.docx",
        "docx",
        (Paragraph("2023年，集群总产值60亿元。", place="段落1"), Table(1, 2, (heading, prose))),
    )
    found = mentions(SHANDONG, application(""), [("plan", plan), ("evidence", plan)])
    assert [(m.field, m.within, m.evidence.place) for m in found] == [
        ("total_output", "plan", "段落1"),
        ("invention_patents", "plan", "表1 行1 列2"),
        ("cloud_share", "plan", "表1 行1 列2"),
    ]


def test_what_was_recognised_in_a_scan_is_for_a_person() -> None:
    plan = Document("规划.pdf", "pdf", (Paragraph("2023年集群总产值60亿元。"),), ocr_pages=1)
    (one,) = mentions(SHANDONG, application(""), [("plan", plan)])
    assert not one.sure


def test_rows_of_a_table_copied_as_text() -> None:
    text = "指标 2021年 2022年 2023年\n集群总产值（亿元） 58.21 64.30 71.55\n集群企业数量（户） 151 163 178"
    said = read(text)
    assert "total_output@2022 64.3?" in said
    assert "enterprises@2021 151? ; enterprises@2022 163? ; enterprises@2023 178?" in said
