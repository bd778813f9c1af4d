"""A batch from end to end: what is done again, what others cause, what goes wrong."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor import workers
from extractor.pipeline import review_file
from extractor.storing.migrations import StoreUnusable
from extractor.storing.store import Store
from review_ui import cli, reviewing

ROOT = Path(__file__).parents[1]
SAMPLES = {p.parent.name[:2]: p for p in sorted((ROOT / "samples/applications").glob("*/*.docx"))}
CLEAN, FAULTY, OTHER = SAMPLES["诸城"], SAMPLES["青州"], SAMPLES["高密"]


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What a worker loads first is loaded once: workers are forked with it."""
    review_file(CLEAN, ocr="off")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HECHA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HECHA_LANG", "en")
    yield tmp_path / "home"
    logging.disable(logging.NOTSET)


@pytest.fixture
def hecha(capfd: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs a review in this process: status, stdout, stderr."""

    def run(*argv: object) -> tuple[int, str, str]:
        usual = ["review", "--ocr", "off", "--on", "2022-06-01", "--jobs", "1"]
        status = cli.main([*usual, *map(str, argv)])
        out, err = capfd.readouterr()
        return status, out, err

    return run


def batch(tmp_path: Path, **submissions: Path | bytes) -> Path:
    for name, content in submissions.items():
        path = tmp_path / "in" / name / "申请表.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    return tmp_path / "in"


def reviewed(err: str) -> list[str]:
    """The submissions that progress was shown for."""
    return sorted(line.split()[1] for line in err.splitlines() if line.startswith("["))


def stored(home: Path) -> dict[str, list[tuple[str, str]]]:
    """(rule, severity) of what each submission has because of others."""
    with Store(home / "hecha.db") as store:
        found = {}
        for summary in store.list_submissions():
            loaded = store.load_submission(summary.id)
            severities = [f.finding.severity for f in loaded.findings]
            assert severities.count("error") == summary.errors
            assert severities.count("warning") == summary.warnings
            found[summary.name] = [
                (f.finding.rule, f.finding.severity)
                for f in loaded.findings
                if f.finding.rule.startswith(("quota", "duplicate", "similarity"))
                or f.finding.rule == "agreement.earlier-round"
            ]
        return found


# ------------------------------------------------------------------ what is done again


def test_what_has_not_changed_is_not_done_again(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = batch(tmp_path, 甲=CLEAN, 乙=FAULTY)
    first = hecha(folder, "--json")
    assert reviewed(first[2]) == ["乙", "甲"]
    status, out, err = hecha(folder, "--json")
    assert (status, out) == first[:2]
    assert reviewed(err) == [] and "2 of 2 were reviewed before" in err


def test_what_is_passed_over_is_shown_as_it_is_named_now(  # type: ignore[no-untyped-def]
    hecha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = batch(tmp_path, 甲=CLEAN)
    hecha(folder)
    monkeypatch.chdir(tmp_path)
    _, out, err = hecha("in", "--json")
    assert json.loads(out)["path"] == "in/甲" and reviewed(err) == []


def test_other_bytes_other_options_and_again_are_done(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = batch(tmp_path, 甲=CLEAN, 乙=FAULTY)
    hecha(folder)
    batch(tmp_path, 乙=OTHER)
    assert reviewed(hecha(folder)[2]) == ["乙"]
    assert reviewed(hecha(folder)[2]) == []
    assert reviewed(hecha(folder, "--programme", "weifang-2021")[2]) == ["乙", "甲"]
    assert reviewed(hecha(folder, "--programme", "weifang-2021", "--again")[2]) == ["乙", "甲"]


@pytest.mark.parametrize("column", ["programme_version", "tool_version", "options"])
def test_another_tool_or_programme_does_it_again(hecha, tmp_path, home, column) -> None:  # type: ignore[no-untyped-def]
    folder = batch(tmp_path, 甲=CLEAN)
    hecha(folder)
    db = sqlite3.connect(home / "hecha.db")
    db.execute(f"UPDATE runs SET {column} = 'older'")
    db.commit()
    db.close()
    assert reviewed(hecha(folder)[2]) == ["甲"]


def test_a_failed_one_is_tried_again(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = batch(tmp_path, 甲=CLEAN, 乙=b"PK\x03\x04 broken")
    assert hecha(folder)[0] == 3
    status, _, err = hecha(folder)
    assert status == 3 and reviewed(err) == ["乙"]


def test_a_stopped_batch_goes_on_where_it_was(  # type: ignore[no-untyped-def]
    hecha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = batch(tmp_path, 甲=CLEAN, 乙=FAULTY, 丙=OTHER)
    whole = reviewing.review_all

    def interrupted(*given, **more):  # type: ignore[no-untyped-def]
        for n, item in enumerate(i for i in whole(*given, **more) if i is not None):
            if n == 2:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(reviewing, "review_all", interrupted)
    status, out, err = hecha(folder, "--json")
    assert status == 130 and len(out.splitlines()) == 2 and "2 of 3 are stored" in err
    monkeypatch.undo()
    monkeypatch.setenv("HECHA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HECHA_LANG", "en")
    status, out, err = hecha(folder, "--json")
    assert status == 0 and len(out.splitlines()) == 3 and len(reviewed(err)) == 1


# ------------------------------------------------------------------ between submissions


def test_the_same_bytes_are_told_at_both(hecha, tmp_path: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    folder = batch(tmp_path, 甲=CLEAN, 乙=CLEAN, 丙=OTHER)
    status, out, _ = hecha(folder, "--json", "--strict")
    found = {
        r["submission"]: [f["rule"] for f in r["findings"] if f["rule"].startswith("duplicate")]
        for r in map(json.loads, out.splitlines())
    }
    both = ["duplicate.submission"]
    assert status == 1 and found == {"甲": both, "乙": both, "丙": []}
    assert {k for k, v in stored(home).items() if v} == {"甲", "乙"}


def test_what_is_stored_of_the_round_counts_and_is_told_too(hecha, tmp_path, home) -> None:  # type: ignore[no-untyped-def]
    hecha(batch(tmp_path / "1", 甲=CLEAN))
    assert stored(home) == {"甲": []}
    hecha(batch(tmp_path / "2", 乙=with_space(CLEAN)))
    told = [("duplicate.submission", "warning")]
    assert stored(home) == {"甲": told, "乙": told}
    # and no more once the other is another cluster's
    batch(tmp_path / "2", 乙=OTHER)
    hecha(tmp_path / "2" / "in")
    assert stored(home) == {"甲": [], "乙": []}


def with_space(path: Path, old: str = "", new: str = "") -> bytes:
    """The same form in other bytes; with other words where told."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as copy:
        for info in source.infolist():
            data = source.read(info)
            if old and info.filename == "word/document.xml":
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            copy.writestr(info.filename, data)
    return out.getvalue()


def test_a_correction_keeps_what_others_cause(hecha, tmp_path: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    hecha(batch(tmp_path, 甲=CLEAN, 乙=CLEAN))
    with Store(home / "hecha.db") as store:
        id = store.find("甲")[0]
        store.add_correction(id, "area", None, "250.00", "某人")
        rules = [f.finding.rule for f in store.load_submission(id).findings]
    assert "duplicate.submission" in rules and "criterion.area-limit" in rules
    assert stored(home)["甲"] == stored(home)["乙"] != []


def test_the_same_cluster_in_the_next_round(hecha, tmp_path: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    with Store(home / "hecha.db"):
        pass
    hecha(batch(tmp_path, 甲=CLEAN))
    db = sqlite3.connect(home / "hecha.db")
    data = json.loads(db.execute("SELECT data FROM digests").fetchone()[0])
    data["year"], data["round"] = data["year"] - 1, "weifang-2021/earlier"
    revenue = next(f for f in data["figures"] if f["ref"].startswith("revenue@"))
    revenue["value"] = {"decimal": "12.34"}
    db.execute(
        "UPDATE digests SET data = ?, round = ?, year = ?",
        [json.dumps(data, ensure_ascii=False), data["round"], data["year"]],
    )
    db.commit()
    db.close()
    hecha(batch(tmp_path / "2", 乙=with_space(CLEAN)))
    assert stored(home) == {"甲": [], "乙": [("agreement.earlier-round", "warning")]}


# ------------------------------------------------------------------ what goes wrong


def test_no_store_is_open_while_workers_are_forked(  # type: ignore[no-untyped-def]
    hecha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now, forked = set[int](), []
    init, close, start = Store.__init__, Store.close, workers._Worker.__post_init__

    def opened(self, *given, **more):  # type: ignore[no-untyped-def]
        init(self, *given, **more)
        open_now.add(id(self))

    def closed(self):  # type: ignore[no-untyped-def]
        open_now.discard(id(self))
        close(self)

    def fork(self):  # type: ignore[no-untyped-def]
        forked.append(len(open_now))
        start(self)

    monkeypatch.setattr(Store, "__init__", opened)
    monkeypatch.setattr(Store, "close", closed)
    monkeypatch.setattr(workers._Worker, "__post_init__", fork)
    hecha(batch(tmp_path, 甲=CLEAN, 乙=FAULTY), "--jobs", 2)
    assert forked and set(forked) == {0}


def test_a_full_disk_is_one_message_and_ends_the_batch(  # type: ignore[no-untyped-def]
    hecha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = batch(tmp_path, 甲=CLEAN, 乙=FAULTY, 丙=OTHER)
    hecha(tmp_path / "in" / "丙")

    def full(self, *_: object, **__: object) -> int:  # type: ignore[no-untyped-def]
        from models.wording import say

        raise StoreUnusable(say("the disk is full; nothing more can be stored"))

    monkeypatch.setattr(Store, "save_result", full)
    status, out, err = hecha(folder, "--json", "--jobs", 1)
    assert status == 3 and err.count("disk is full") == 1
    assert [json.loads(line)["submission"] for line in out.splitlines()]


def test_a_locked_database_is_one_message(hecha, tmp_path, home, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    folder = batch(tmp_path, 甲=CLEAN)
    hecha(folder)
    monkeypatch.setattr("extractor.storing.migrations.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(home / "hecha.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    status, _, err = hecha(folder, "--again")
    other.execute("ROLLBACK")
    other.close()
    assert status == 3 and "Traceback" not in err and "in use by another program" in err


def test_one_that_cannot_be_stored_stops_no_other(  # type: ignore[no-untyped-def]
    hecha, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Store.save_result

    def fault(self, result, *given, **more):  # type: ignore[no-untyped-def]
        if result.submission == "乙":
            raise ValueError("odd")
        return save(self, result, *given, **more)

    monkeypatch.setattr(Store, "save_result", fault)
    status, out, err = hecha(batch(tmp_path, 甲=CLEAN, 乙=FAULTY, 丙=OTHER), "--json")
    assert status == 3 and "乙 could not be processed: ValueError: odd" in err
    assert [json.loads(line)["submission"] for line in out.splitlines()] == ["丙", "乙", "甲"]
    assert set(stored(home)) == {"甲", "丙"}


def test_what_was_reviewed_is_shown_though_it_cannot_be_compared(  # type: ignore[no-untyped-def]
    hecha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(reviewing, "compare", fault)
    status, out, err = hecha(batch(tmp_path, 甲=CLEAN), "--json")
    assert status == 3 and json.loads(out)["submission"] == "甲"
    assert "could not be compared: ValueError: odd" in err


def test_the_time_left_is_said(hecha, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    many = {f"第{n}": CLEAN if n % 2 else OTHER for n in range(5)}
    _, _, err = hecha(batch(tmp_path, **many))
    lines = [line for line in err.splitlines() if line.startswith("[")]
    assert ["left" in line for line in lines] == [False, False, True, True, False]
