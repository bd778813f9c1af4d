"""Which of the papers handed in are one submission: suggested from their names, corrected by hand.

Folders say it by themselves. Loose files are put together where their names, without the words for
kinds of paper (申报表, 推荐函, 清单…), are the same, and no kind of form stands among them twice.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

_KIND_WORDS = """
推荐函 推荐信 推荐意见 推荐表 推荐 汇总表 清单 名单 目录 佐证材料
佐证 证明材料 证明 附件 附表 附录 材料 简介 介绍 规划 发展计划 计划
承诺书 承诺 声明 自评报告 自评 自查 报告 扫描件 扫描 盖章版 盖章
签字版 签字 电子版 电子档 纸质版 打印版 最终版 最终 定稿 修改版 修改
补充 原件 复印件 照片 图片 word pdf excel
"""
FORMS = ("申报表", "申请表", "申报书", "申请书", "评价表", "复核表")
_KINDS = (*FORMS, *_KIND_WORDS.split())
_KIND = re.compile("|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)), re.I)
_EDGE = re.compile(
    r"[\s\d._\-—–－+＋、，,()（）\[\]【】《》#]+|第?[一二三四五六七八九十]+[、.．]|[版之的份]$"
)


def core(name: str) -> str:
    """What of a file's name tells whose it is; empty where it tells only what it is.

    >>> core("1.寿光种苗集群-申报表（盖章版）.pdf"), core("附件2 推荐函.docx")
    ('寿光种苗集群', '')
    """
    stem = name.rsplit(".", 1)[0]
    return _EDGE.sub("", _KIND.sub("", stem)).casefold()


def suggested(names: Sequence[str]) -> list[list[str]]:
    """The loose files that belong together, in groups of two and more."""
    by_core: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_core[core(name)].append(name)
    groups = []
    for told, members in by_core.items():
        # of files with general names only one cluster's can be lying about
        whole = bool(told) or len(by_core) == 1
        if len(members) > 1 and whole and len(told) != 1 and _one_of_each(members):
            groups.append(members)
    return groups


def _one_of_each(names: Sequence[str]) -> bool:
    """One form at least, and none of them twice in the same kind of file."""
    forms = [n for n in names if any(f in n for f in FORMS)]
    endings = [n.rsplit(".", 1)[-1].casefold() for n in forms]
    if not forms:  # 甲.docx and 甲.pdf are one form in two kinds of file
        endings = [n.rsplit(".", 1)[-1].casefold() for n in names]
    return len(set(endings)) == len(endings)


def gather(papers: Path) -> None:
    """Puts loose files that belong together into a folder each."""
    loose = [p.name for p in sorted(papers.iterdir()) if p.is_file() and not _packed(p)]
    for members in suggested(loose):
        first = next((m for m in members if any(f in m for f in FORMS)), members[0])
        target = _free(papers / (_readable(first) or Path(first).stem))
        target.mkdir()
        for name in members:
            (papers / name).rename(target / name)


def together(papers: Path, paths: Sequence[Path]) -> None:
    """Makes one submission of several: all in the first one's folder, folders as sub-folders."""
    inside = [p for p in paths if p.exists() and p.resolve().is_relative_to(papers.resolve())]
    if len(inside) < 2:
        return
    first = next((p for p in inside if p.is_dir()), None)
    if first is None:
        first = _free(papers / inside[0].stem)
        first.mkdir()
    for path in inside:
        if path != first:
            shutil.move(path, _free(first / path.name))


def apart(papers: Path, path: Path) -> None:
    """Each file that lies directly in a submission's folder becomes a submission of its own."""
    if not path.is_dir() or not path.resolve().is_relative_to(papers.resolve()):
        return
    for child in sorted(path.iterdir()):
        name = child.name if core(child.name) else f"{path.name} {child.name}"
        shutil.move(child, _free(papers / name))
    path.rmdir()


def _readable(name: str) -> str:
    stem = name.rsplit(".", 1)[0]
    return _KIND.sub("", stem).strip(" .-_—、（）()0123456789") or stem


def _packed(path: Path) -> bool:
    return path.suffix.lower() in (".zip", ".rar", ".7z")


def _free(path: Path) -> Path:
    free, n = path, 1
    while free.exists():
        n += 1
        free = path.with_name(f"{path.stem} ({n}){path.suffix}")
    return free
