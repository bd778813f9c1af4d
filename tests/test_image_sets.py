"""Pictures of one paper's pages as one document, in the order of their numbers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from extractor.readers.opening import ReadError
from extractor.readers.zips import SourceFile, unpack
from extractor.submission.image_sets import gathered
from extractor.submission.package import find_submissions

SETS = {
    "dash": ["申报表-2.jpg", "申报表-10.jpg", "申报表-1.jpg"],
    "full-width brackets": ["申报表（1）.jpg", "申报表（2）.jpg"],
    "brackets and blank": ["申报表 (2).JPG", "申报表 (1).jpeg"],
    "underscore and zero": ["扫描_01.png", "扫描_02.png"],
    "page": ["申报表第2页.jpg", "申报表第1页.jpg"],
    "page in Chinese": ["申报表第十一页.jpg", "申报表 第二页.jpg"],
    "numbers alone": ["2.jpg", "1.jpg", "11.jpg"],
    "number first": ["02_申报表.jpg", "01_申报表.jpg"],
    "camera": ["IMG_20240501_120311.jpg", "IMG_20240501_120302.jpg"],
    "messenger": ["微信图片_20240501103055.jpg", "微信图片_20240501103102.jpg"],
    "number typed to the name": ["申报表1.tif", "申报表2.tif"],
}
ALONE = {
    "no number": ["营业执照.jpg", "申报表.jpg"],
    "other words": ["申报表-1.jpg", "推荐函-2.jpg"],
    "Word files": ["申报表-1.docx", "申报表-2.docx"],
    "other folders": ["a/申报表-1.jpg", "b/申报表-2.jpg"],
    "same number twice": ["申报表-1.jpg", "申报表-01.png"],
}


def _files(names: list[str]) -> list[SourceFile]:
    return [SourceFile(name, Path(name)) for name in names]


@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_numbered_pictures_are_one_document(names: list[str]) -> None:
    import re

    def number(name: str) -> int:
        spelt = {"十一": 11, "二": 2}
        found = re.findall(r"\d+|十一|二", name)[-1 if not name[0].isdigit() else 0]
        return spelt.get(found) or int(found)

    [one] = gathered(_files(names))
    assert [p.name for p in one.parts] == sorted(names, key=number)
    assert one.name.endswith(f"（{len(names)}张图片）.pdf")


@pytest.mark.parametrize("names", ALONE.values(), ids=ALONE)
def test_others_stay_as_they_are(names: list[str]) -> None:
    files = _files(names)
    assert gathered(files) == files


def _picture(colour: str, turn: int = 1, size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, colour)
    exif = image.getexif()
    exif[0x0112] = turn
    image.save(out, "JPEG", dpi=(150, 150), exif=exif)
    return out.getvalue()


def _pages(path: Path) -> list[tuple[float, float, tuple[int, ...]]]:
    with pdfium.PdfDocument(path) as pdf:
        return [
            (*page.get_size(), tuple(int(v) for v in page.render().to_pil().getpixel((5, 5))))
            for page in pdf
        ]


def _zip(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "寿光.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_set_in_a_zip_is_one_file_of_its_pages(tmp_path: Path) -> None:
    members = {"申报表-2.jpg": _picture("red", 6), "申报表-1.jpg": _picture("blue")}
    path = _zip(tmp_path, members)
    [submission] = find_submissions([path], tmp_path)
    [one] = submission.files
    room = tmp_path / "room"
    made = unpack(one, room)
    first, second = _pages(made)
    assert first[:2] == (144, 96) and first[2][2] > 240
    assert second[:2] == (96, 144) and second[2][0] > 240  # turned as the camera said
    once = made.read_bytes()
    assert unpack(one, room).read_bytes() == once
    assert all(data in once for data in members.values())  # the pictures as they were


def test_other_pictures_and_pages_of_one_file(tmp_path: Path) -> None:
    Image.new("1", (300, 200), 1).save(tmp_path / "表1.png")
    frames = [Image.new("L", (300, 200), grey) for grey in (10, 200)]
    frames[0].save(tmp_path / "表2.tif", save_all=True, append_images=frames[1:])
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(tmp_path / "表3.png")
    [submission] = find_submissions([tmp_path], tmp_path / "room")
    pages = _pages(unpack(submission.files[0], tmp_path / "room"))
    assert [p[2][0] for p in pages] == [255, 10, 200, 255]


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    path = _zip(tmp_path, {"申报表-1.jpg": _picture("blue"), "申报表-2.jpg": b"\xff\xd8 broken"})
    [submission] = find_submissions([path], tmp_path)
    with pytest.raises(ReadError) as error:
        unpack(submission.files[0], tmp_path / "room")
    assert "申报表-2.jpg" in error.value.problem.message.zh
