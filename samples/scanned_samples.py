"""Which of the printed samples are scanned, and how each lay on the glass."""

from __future__ import annotations

from dataclasses import dataclass

from samples.scanning import Scanner


@dataclass(frozen=True)
class ScannedSample:
    """`folder` is that of the printed form; `file` is what comes out, under the same folder."""

    folder: str
    file: str
    scanner: Scanner


def scanned_samples() -> list[ScannedSample]:
    return [
        ScannedSample(
            "诸城商用车零部件（清洁）", "申请表.pdf",
            Scanner(dpi=150, skew=1.3, seal=True, quality=50, grey=False, seed=6),
        ),
        ScannedSample(
            "阳谷光电线缆（不规范）", "申请表.jpg",
            Scanner(dpi=170, photo=0.03, shade=0.3, quality=45, seed=7),
        ),
        ScannedSample(
            "冠县金属护栏（有差错）", "申请表.tif",
            Scanner(dpi=150, quarters=2, skew=-2.0, grey=True, folds=1, quality=45, seed=2),
        ),
        ScannedSample(
            "曹县木制品（不规范）", "申报表.pdf",
            Scanner(dpi=150, pen="beyond", grey=True, skew=-0.8, quality=38, noise=4, seed=12),
        ),
    ]  # fmt: skip
