"""由 … 到 …: what a rise or a fall goes from and to."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.prose.words import NUMBER, SUBJECT, TIME, Token

_TO = ("到", "至", "为", "达", "达到")


def _kind(tokens: Sequence[Token], n: int) -> str:
    return tokens[n].kind if n < len(tokens) else ""


def dated(tokens: Sequence[Token], n: int) -> bool:
    """Whether the number behind the 由 at a token has its year in brackets: 从45.6亿元(2021年)."""
    k = n + 1
    while _kind(tokens, k) not in ("", NUMBER):
        k += 1
    return _kind(tokens, k + 2) == TIME and tokens[k + 1].text == "("


def reached(tokens: Sequence[Token], n: int) -> int:
    """How many numbers stand behind the 到 of the 由 at a token; 0 where none follows."""
    k = n + 1
    while _kind(tokens, k) not in ("", NUMBER, "semicolon", "comma", "to"):
        k += 1
    if _kind(tokens, k) != NUMBER:
        return 0
    while _kind(tokens, k) not in ("", "semicolon", "to"):
        if tokens[k].kind == "link" and tokens[k].text in _TO:
            break
        if tokens[k].kind in (SUBJECT, "from") or tokens[k].text[0] in "。\n":
            return 0
        k += 1
    count, k = 0, k + 1
    while _kind(tokens, k) in (NUMBER, "and", "link", "hedge", TIME, "to"):
        count += tokens[k].kind == NUMBER
        k += 1
    return count
