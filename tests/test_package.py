"""Paths → submissions, hostile zips included."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.readers import zips
from extractor.readers.opening import LIMITS, ReadError
from extractor.readers.zips import unpack
from extractor.submission.package import PathMissing, Submission, find_submissions, ignored


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"text of " + name.encode())
    return root


def packed(path: Path, **members: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def found(tmp_path: Path, *paths: Path) -> list[Submission]:
    return find_submissions(list(paths), tmp_path / "room")


def shape(submissions: list[Submission]) -> dict[str, list[str]]:
    return {s.name: [f.name for f in s.files] for s in submissions}


# ------------------------------------------------------------------ folders


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["甲/申报表.docx"], {"甲": ["申报表.docx"]}),
        (
            ["甲/申报表.docx", "甲/附件/清单.xlsx", "甲/附件/证书/一.pdf"],
            {"甲": ["申报表.docx", "附件/清单.xlsx", "附件/证书/一.pdf"]},
        ),
        (["甲/a.docx", "乙/b.docx"], {"乙": ["b.docx"], "甲": ["a.docx"]}),
        (["潍坊/甲/a.docx", "聊城/乙/b.docx"], {"甲": ["a.docx"], "乙": ["b.docx"]}),
        (
            ["潍坊/申报/a.docx", "聊城/申报/b.docx"],
            {"潍坊/申报": ["a.docx"], "聊城/申报": ["b.docx"]},
        ),
        (["园区 v1.0/a.docx"], {"园区 v1.0": ["a.docx"]}),
        (
            ["甲/a.docx", "甲/~$a.docx", "甲/.DS_Store", "甲/Thumbs.db", "甲/说明.md", "空/"],
            {"甲": ["a.docx"]},
        ),
        (["甲/a.docx", "脚本/x.py", "脚本/expected.json"], {"甲": ["a.docx"]}),
    ],
)
def test_folders(tmp_path: Path, names: list[str], expected: dict[str, list[str]]) -> None:
    assert shape(found(tmp_path, tree(tmp_path / "in", *names))) == expected


def test_a_folder_with_a_document_is_one_submission(tmp_path: Path) -> None:
    root = tree(tmp_path / "某集群", "申报表.docx", "甲/a.docx", "乙/b.docx")
    assert shape(found(tmp_path, root)) == {"某集群": ["申报表.docx", "乙/b.docx", "甲/a.docx"]}


def test_a_file_is_a_submission_named_without_its_ending(tmp_path: Path) -> None:
    root = tree(tmp_path, "申报表.v2.docx", "x.py")
    submissions = found(tmp_path, root / "申报表.v2.docx", root / "x.py")
    assert shape(submissions) == {"申报表.v2": ["申报表.v2.docx"], "x": ["x.py"]}


def test_the_path_is_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "incoming/甲/a.docx")
    monkeypatch.chdir(tmp_path)
    [s] = find_submissions(["incoming/"], tmp_path / "room")
    assert (s.name, s.path) == ("甲", "incoming/甲")
    assert s.location == str(tmp_path / "incoming/甲")
    [s] = find_submissions(["."], tmp_path / "room")
    assert s.path == "./incoming/甲"


@pytest.mark.parametrize("names", [["空/"], ["空/x.py", "空/子/README.md"]])
def test_a_path_without_documents_says_so(tmp_path: Path, names: list[str]) -> None:
    tree(tmp_path, *names)
    [s] = found(tmp_path, tmp_path / "空")
    assert not s.files and s.problems[0][1].rule == "file.unreadable"


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(PathMissing):
        found(tmp_path, tmp_path / "nowhere")


def test_a_link_that_leads_back_up_ends(tmp_path: Path) -> None:
    tree(tmp_path, "甲/a.docx")
    os.symlink(tmp_path / "甲", tmp_path / "甲" / "loop")
    assert shape(found(tmp_path, tmp_path / "甲")) == {"甲": ["a.docx"]}


def test_three_of_one_name(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "a/申报/x.docx")
    submissions = found(tmp_path, root / "a", root / "a", root / "a")
    assert len({s.name for s in submissions}) == 3


@pytest.mark.parametrize("name", ["~$a.docx", ".x", "._a.docx", "Thumbs.db", "__MACOSX", "a.py"])
def test_ignored(name: str) -> None:
    assert ignored(name)


@pytest.mark.parametrize("name", ["a.docx", "附件.rar", "扫描件.jpg", "a.wps", "没有后缀"])
def test_not_ignored(name: str) -> None:
    assert not ignored(name)


def test_a_gbk_name_on_disk(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    with open(os.path.join(folder, "申报表.docx".encode("gbk")), "wb") as f:
        f.write(b"x")
    [s] = found(tmp_path, tmp_path / "in")
    assert s.files[0].name == "申报表.docx" and s.files[0].path.read_bytes() == b"x"


# ------------------------------------------------------------------ zips


def test_a_zip_is_a_submission_or_a_batch(tmp_path: Path) -> None:
    one = packed(tmp_path / "甲.zip", **{"申报表.docx": b"1", "附件/清单.xlsx": b"2"})
    many = packed(tmp_path / "批.zip", **{"乙/a.docx": b"3", "丙/b.docx": b"4"})
    submissions = found(tmp_path, one, many)
    assert shape(submissions) == {
        "甲": ["申报表.docx", "附件/清单.xlsx"],
        "丙": ["b.docx"],
        "乙": ["a.docx"],
    }
    assert submissions[1].path == f"{many}/丙"
    data = [unpack(f, tmp_path / "out").read_bytes() for f in submissions[0].files]
    assert data == [b"1", b"2"]


def test_zips_in_a_zip(tmp_path: Path) -> None:
    inner = packed(tmp_path / "i.zip", **{"申报表.docx": b"1"}).read_bytes()
    batch = packed(tmp_path / "批.zip", **{"甲.zip": inner, "乙.zip": inner})
    [a, b] = found(tmp_path, batch)
    assert [a.name, b.name] == ["乙", "甲"]
    assert unpack(b.files[0], tmp_path / "out").read_bytes() == b"1"
    attached = packed(tmp_path / "丙.zip", **{"申报表.docx": b"0", "附件.zip": inner})
    assert shape(found(tmp_path, attached)) == {"丙": ["申报表.docx", "附件.zip/申报表.docx"]}


@pytest.mark.parametrize(
    ("member", "shown"),
    [
        ("../../etc/申报表.docx", "etc/申报表.docx"),
        ("/opt/申报表.docx", "opt/申报表.docx"),
        ("C:\\Users\\申报表.docx", "Users/申报表.docx"),
        ("..\\..\\申报表.docx", "申报表.docx"),
        ("a\nb.docx", "ab.docx"),
    ],
)
def test_no_name_leads_out(tmp_path: Path, member: str, shown: str) -> None:
    path = packed(tmp_path / "x.zip", **{member: b"1", "z.docx": b"2"})
    [s] = found(tmp_path, path)
    assert shown in [f.name for f in s.files]
    before = set(tmp_path.rglob("*"))
    out = tmp_path / "out"
    assert all(unpack(f, out).parent == out for f in s.files)
    assert {p for p in set(tmp_path.rglob("*")) - before if out not in (p, *p.parents)} == set()


def test_one_name_twice_in_a_zip(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", **{"a.docx": b"1", "../a.docx": b"2"})
    [s] = found(tmp_path, path)
    assert [f.name for f in s.files] == ["a.docx", "a (2).docx"]
    assert [unpack(f, tmp_path / "out").read_bytes() for f in s.files] == [b"1", b"2"]


def _with_raw_name(path: Path, raw: bytes, extra: bytes = b"") -> Path:
    """A zip whose one member's name is these bytes, without the UTF-8 flag."""
    stand_in = "x" * len(raw)
    info = zipfile.ZipInfo(stand_in)
    info.extra = extra
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, b"1")
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), raw))
    return path


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_names_that_do_not_say_their_encoding(tmp_path: Path, encoding: str) -> None:
    path = _with_raw_name(tmp_path / "x.zip", "佐证材料/申报表.docx".encode(encoding))
    assert shape(found(tmp_path, path)) == {"佐证材料": ["申报表.docx"]}


def test_a_gbk_name_that_is_utf8_by_chance(tmp_path: Path) -> None:
    path = _with_raw_name(tmp_path / "x.zip", "平台.docx".encode("gbk"))
    [s] = found(tmp_path, path)
    assert s.files[0].name == "平台.docx"


def test_the_unicode_path_field_counts(tmp_path: Path) -> None:
    raw, name = b"????.docx", "申报表.docx".encode()
    extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    [s] = found(tmp_path, _with_raw_name(tmp_path / "x.zip", raw, extra))
    assert s.files[0].name == "申报表.docx"


def _problem(tmp_path: Path, path: Path) -> str:
    """The rule of what is wrong with a zip, found while listing or unpacking it."""
    [s] = found(tmp_path, path)
    if s.problems:
        return s.problems[0][1].rule
    with pytest.raises(ReadError) as caught:
        for f in s.files:
            unpack(f, tmp_path / "out")
    return caught.value.problem.rule


def test_a_bomb(tmp_path: Path) -> None:
    path = packed(tmp_path / "b.zip", **{"a.docx": bytes(LIMITS.member_ratio_from * 2)})
    assert _problem(tmp_path, path) == "file.too-large"


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = packed(tmp_path / "b.zip", **{"a.docx": bytes(1 << 20)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 1 << 20), struct.pack("<L", 1000)))
    assert _problem(tmp_path, path) in ("file.too-large", "file.damaged")
    written = sum(p.stat().st_size for p in (tmp_path / "out").iterdir())
    assert written <= 1000


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "LIMITS", replace(LIMITS, files=3))
    path = packed(tmp_path / "b.zip", **{f"{i}.docx": b"" for i in range(4)})
    assert _problem(tmp_path, path) == "file.too-large"


def test_too_deep(tmp_path: Path) -> None:
    data = packed(tmp_path / "0.zip", **{"a.docx": b"1"}).read_bytes()
    for i in range(6):
        data = packed(tmp_path / f"{i}.zip", **{"x.zip": data}).read_bytes()
    [s] = found(tmp_path, tmp_path / "5.zip")
    assert [p.rule for _, p in s.problems] == ["file.too-large"] and not s.files


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("秘密.docx")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert _problem(tmp_path, tmp_path / "l.zip") == "file.unsupported"


def test_an_encrypted_zip(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.zip", **{"a.docx": b"12345"})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag in the member's own header, then in the list at the end
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert _problem(tmp_path, path) == "file.encrypted"


@pytest.mark.parametrize("keep", [0, 4, 30, 60])
def test_a_zip_cut_off(tmp_path: Path, keep: int) -> None:
    path = packed(tmp_path / "c.zip", **{"a.docx": b"12345" * 50})
    path.write_bytes(path.read_bytes()[:keep])
    assert _problem(tmp_path, path) == "file.damaged"


def test_a_packing_that_takes_memory_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.docx", b"1" * 1000)
    assert _problem(tmp_path, tmp_path / "l.zip") == "file.unsupported"


def test_one_bad_zip_costs_only_itself(tmp_path: Path) -> None:
    tree(tmp_path, "批/甲/a.docx")
    (tmp_path / "批" / "乙.zip").write_bytes(b"PK no zip")
    submissions = found(tmp_path, tmp_path / "批")
    assert [(s.name, len(s.files), len(s.problems)) for s in submissions] == [
        ("乙", 0, 1),
        ("甲", 1, 0),
    ]


def test_a_word_file_called_zip_is_a_document(tmp_path: Path) -> None:
    path = packed(tmp_path / "表.zip", **{"[Content_Types].xml": b"", "word/document.xml": b""})
    assert shape(found(tmp_path, path)) == {"表": ["表.zip"]}


def test_members_of_one_number_in_zips_within_zips(tmp_path: Path) -> None:
    """Each zip counts its members from nought; their files must not meet."""
    inner = packed(tmp_path / "inner.zip", **{"a.docx": b"inner"}).read_bytes()
    whole = packed(tmp_path / "甲.zip", **{"a.docx": b"outer", "附件.zip": inner})
    room = tmp_path / "room"
    [submission] = find_submissions([whole], room)
    read = {f.name: unpack(f, room).read_bytes() for f in submission.files}
    assert read == {"a.docx": b"outer", "附件.zip/a.docx": b"inner"}
