"""Scans made of digital PDFs: skewed, noisy, with a red seal, as JPEG pages of a PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Scanner:
    """What a scanner does to a page; angles in degrees, noise in grey levels."""

    dpi: int = 200
    skew: float = 0.7
    noise: float = 8.0
    quality: int = 80
    seal: bool = True
    quarters: int = 0
    grey: bool = False

    def picture(self, pdf: Path, page: int) -> Any:
        """The page as a Pillow image out of a JPEG file."""
        import cv2
        import numpy as np
        import pypdfium2 as pdfium
        from PIL import Image

        with pdfium.PdfDocument(pdf) as document:
            drawn = document[page - 1].render(scale=self.dpi / 72).to_numpy()[:, :, :3]
        pixels = drawn.astype(np.float32)
        height, width = pixels.shape[:2]
        random = np.random.default_rng(page)
        if self.seal:
            at = width * random.uniform(0.45, 0.7), height * random.uniform(0.3, 0.6)
            pixels = pixels * _seal(pixels.shape, at, self.dpi / 72) / 255
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), self.skew, 1)
        pixels = cv2.warpAffine(
            pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
        )
        pixels = pixels * 0.95 + 5 + random.normal(0, self.noise, pixels.shape)
        out = np.rot90(np.clip(pixels, 0, 255).astype(np.uint8), self.quarters)
        image = Image.fromarray(np.ascontiguousarray(out[:, :, ::-1]))
        file = io.BytesIO()
        (image.convert("L") if self.grey else image).save(file, "JPEG", quality=self.quality)
        return Image.open(file)

    def pdf(self, source: Path, pages: Sequence[int], out: Path) -> Path:
        """The pages as a PDF of nothing but pictures."""
        first, *rest = [self.picture(source, n).convert("RGB") for n in pages]
        first.save(
            out, save_all=True, append_images=rest, resolution=self.dpi, quality=self.quality
        )
        return out


def _seal(shape: tuple[int, ...], at: tuple[float, float], scale: float) -> Any:
    """A round red seal with a star, on white."""
    import cv2
    import numpy as np

    layer = np.full(shape, 255, np.uint8)
    middle, red = (int(at[0]), int(at[1])), (50, 40, 215)
    cv2.circle(layer, middle, int(58 * scale), red, int(3.2 * scale), cv2.LINE_AA)
    angles = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 8, 20) * scale
    star = np.stack([middle[0] + reach * np.sin(angles), middle[1] - reach * np.cos(angles)], 1)
    cv2.fillPoly(layer, [star.astype(int)], red, cv2.LINE_AA)
    return layer
