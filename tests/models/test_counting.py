"""Word's 字数 and 字符数（不计空格）."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.writing.counting import count_characters


@pytest.mark.parametrize(
    ("text", "words", "characters"),
    [
        ("", 0, 0),
        (" \n\t\u3000\u00a0", 0, 0),
        ("集群", 2, 2),
        ("集 群", 2, 2),
        ("集群。", 3, 3),
        ("一,二", 3, 3),
        ("一，二", 3, 3),
        ("61.07", 1, 5),
        ("ISO9001", 1, 7),
        ("12.3%", 1, 5),
        ("1,234.5", 1, 7),
        ("产值61.07亿元", 5, 9),
        ("通过ISO9001认证", 5, 11),
        ("产值61.07亿元，同比增长12.3%。", 12, 20),
        ("(一)建设", 5, 5),
        ("（一）建设", 5, 5),
        ("2021-2023年", 2, 10),
        ("产值≥40亿元", 5, 7),
        ("“好”", 3, 3),
        ("‘好’", 3, 3),
        ("“揭榜挂帅”、“赛马”", 11, 11),
        ("——", 2, 2),
        ("……", 2, 2),
        ("潍坊市·寿光市", 7, 7),
        ("《办法》", 4, 4),
        ("１２３ＡＢＣ", 6, 6),
        ("5％", 2, 2),
        ("☑是 ☐否", 4, 4),
        ("□是√否", 4, 4),
        ("①产业②平台", 6, 6),
        ("①②③", 3, 3),
        ("25℃", 2, 3),
        ("100㎡", 2, 4),
        ("№1", 2, 2),
        ("㈱テスト㈲", 5, 5),
        ("東京2024オリンピック", 9, 12),
        ("안녕하세요", 5, 5),
        ("⼀⼆⼃", 3, 3),
        ("𠀀𪚥", 2, 2),
        ("豈", 1, 1),
        ("Hello World", 2, 10),
        ("Hello、World。", 4, 12),
        ("hello 🙂 world", 3, 11),
        ("👍👎👏", 1, 3),
        ("1️⃣2️⃣3️⃣", 1, 6),
        ("foo\u200bbar", 1, 6),
        ("\ufeff集群", 2, 2),
        ("foo\u200dbar", 1, 7),
        ("नमस्ते दुनिया", 2, 12),
        ("集群\ud800", 3, 3),
        ("第一段\n第二段", 6, 6),
    ],
)
def test_counts_as_word_does(text, words, characters):
    assert count_characters(text) == (words, characters)


@given(st.text())
def test_any_text_has_both_counts(text):
    words, characters = count_characters(text)
    assert 0 <= words <= characters
    assert (words == 0) == (characters == 0)


@given(st.text(), st.text())
def test_white_space_between_texts_adds_nothing(one, other):
    both = count_characters(f"{one} \n{other}")
    assert both == tuple(
        a + b for a, b in zip(count_characters(one), count_characters(other), strict=True)
    )
