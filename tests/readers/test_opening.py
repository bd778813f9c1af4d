"""Files nobody vouches for: what they are, and what of them is refused."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.readers import opening, unpacking
from extractor.readers.opening import (
    LIMITS,
    ReadError,
    check_size,
    kind_name,
    mislabelled,
    refusal,
    sniff,
)
from extractor.readers.unpacking import open_ooxml, parse_xml
from tests.readers.build import docx, p

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def named(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0\0"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"), (b"%PDF-1.7\n", "pdf"), (b"\n\n%PDF-1.4", "pdf"),
        (b"\xff\xd8\xff\xe0", "image"), (b"\x89PNG\r\n\x1a\n", "image"), (b"II*\0", "image"),
        (b"RIFF\0\0\0\0WEBP", "image"), (b"BM\x10\0\0\0\0\0\0\0", "image"),
        (b"Rar!\x1a\x07\x00", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"{\\rtf1\\ansi", "rtf"), (b"<!DOCTYPE html><p>", "html"), (b"MIME-Version: 1.0", "html"),
        (b'<?xml version="1.0"?><a/>', "xml"), ("申报表".encode(), "text"),
        ("申报表".encode("gb18030"), "text"), ("申报表".encode("utf-16"), "text"),
        (("申" * 2000).encode(), "text"), (bytes(range(256)), "other"),
        (named("WordDocument"), "doc"), (named("Workbook"), "xls"),
        (named("PowerPoint Document"), "ppt"), (named("EncryptedPackage"), "encrypted"),
        (OLE, "ole"), (b"PK\x03\x04broken word/document.xml", "docx"), (b"PK\x03\x04", "zip"),
    ],
)  # fmt: skip
def test_what_a_file_is_by_its_content(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "申报表.docx"
    path.write_bytes(data)
    assert sniff(path) == kind
    assert kind_name(sniff(path)).zh


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ({"a.docx": ""}, "zip"), ({"OFD.xml": ""}, "ofd"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "odf"),
        ({"xl/workbook.xml": ""}, "xlsx"), ({"word/document.xml": ""}, "docx"),
        ({"[Content_Types].xml": "presentationml", "_rels/.rels": ""}, "pptx"),
    ],
)  # fmt: skip
def test_the_formats_that_are_zips(tmp_path: Path, entries: dict[str, str], kind: str) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as z:
        for name, text in entries.items():
            z.writestr(name, text)
    assert sniff(tmp_path / "a") == kind


def test_what_is_not_there(tmp_path: Path) -> None:
    for look in (sniff, check_size):
        with pytest.raises(ReadError) as error:
            look(tmp_path / "none.docx")
        assert error.value.problem.rule == "file.unreadable"


def test_a_wrong_name_is_a_notice_and_a_right_one_nothing() -> None:
    found = mislabelled("申报表.docx", "pdf")
    assert found is not None and found.severity == "notice" and "PDF" in found.message.zh
    picture = mislabelled("图.xbm", "text")  # a picture that is written as C
    assert picture is not None and picture.rule == "file.unsupported"
    assert mislabelled("申报表.DOCX", "docx") is None
    assert mislabelled("申报表.docm", "docx") is None
    assert mislabelled("申报表.doc", "encrypted") is None
    assert mislabelled("说明", "text") is None


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("encrypted", "file.encrypted"), ("empty", "file.unreadable"), ("doc", "file.unsupported"),
        ("xls", "file.unsupported"), ("archive", "file.unsupported"), ("ofd", "file.unsupported"),
        ("other", "file.unsupported"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(kind: opening.Kind, rule: str) -> None:
    problem = refusal(kind).problem
    assert (problem.rule, problem.severity) == (rule, "error")
    assert "。" in problem.message.zh and problem.message.zh != problem.message.en


@pytest.mark.parametrize(
    "xml",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a>&b;</a>", b"<a>", b"",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16"),
        b" " * 5000 + b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    ],
)  # fmt: skip
def test_entities_and_broken_xml_are_refused(xml: bytes) -> None:
    with pytest.raises(ReadError) as error:
        parse_xml(xml, "word/document.xml")
    assert error.value.problem.rule == "file.damaged"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("word/document.xml", b"\0" * (LIMITS.ratio_from + 1))
    with pytest.raises(ReadError) as error, open_ooxml(tmp_path / "a.docx", whole=True):
        pass
    assert error.value.problem.rule == "file.too-large"
    with pytest.raises(ReadError) as error, open_ooxml(tmp_path / "a.docx") as package:
        package.xml("word/document.xml")
    assert error.value.problem.rule == "file.too-large"


def test_too_many_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LIMITS", replace(LIMITS, entries=3))
    with pytest.raises(ReadError) as error, open_ooxml(docx(tmp_path / "a.docx", p("甲"))):
        pass
    assert error.value.problem.rule == "file.too-large"


def test_a_size_that_lies_does_not_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = docx(tmp_path / "a.docx", p("甲" * 20_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"word/document.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))
    monkeypatch.setattr(unpacking, "LIMITS", replace(LIMITS, xml_bytes=1000))
    with pytest.raises(ReadError) as error, open_ooxml(path) as package:
        package.xml("word/document.xml")
    assert error.value.problem.rule in ("file.too-large", "file.damaged")


def test_a_part_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LIMITS", replace(LIMITS, xml_bytes=100))
    with (
        pytest.raises(ReadError) as error,
        open_ooxml(docx(tmp_path / "a.docx", p("甲"))) as package,
    ):
        package.xml(package.main_part())
    assert error.value.problem.rule == "file.too-large"


def test_a_file_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LIMITS", replace(LIMITS, file_bytes=10))
    (tmp_path / "a").write_bytes(b"x" * 11)
    with pytest.raises(ReadError) as error:
        check_size(tmp_path / "a")
    assert error.value.problem.rule == "file.too-large"


def test_relations_lead_nowhere_outside(tmp_path: Path) -> None:
    with open_ooxml(docx(tmp_path / "a.docx", p("甲"), styles="<a/>")) as package:
        (styles,) = package.relations("word/document.xml").values()
        assert (styles.type, styles.target, styles.external) == ("styles", "word/styles.xml", False)
        assert "/word/STYLES.xml" in package and "../../etc/passwd" not in package
        with pytest.raises(ReadError):
            package.read("../../etc/passwd")
