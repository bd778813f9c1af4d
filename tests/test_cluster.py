"""A batch on a real Dask cluster of two workers: the same results, and workers that die."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from extractor import cluster as clusters
from extractor.cluster import ClusterUnusable
from extractor.pipeline import Options
from extractor.readers.opening import LIMITS as FILE_LIMITS
from extractor.submission.package import find_submissions
from extractor.workers import LIMITS

pytest.importorskip("distributed")

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / "samples" / "applications").glob("*/*.docx"))


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A scheduler and two workers, each a process as on another machine."""
    room = tmp_path_factory.mktemp("dask")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HECHA_LANG": "en"}
    started: list[subprocess.Popen[str]] = []

    def start(module: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        started.append(
            subprocess.Popen(command, cwd=room, env=env, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    def heard(process: subprocess.Popen[str], pattern: str) -> str:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError(f"{process.args} ended")

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = heard(scheduler, r"tcp://127\.0\.0\.1:\d+")
    workers = [
        start("dask_worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
        for _ in range(2)
    ]
    for worker in workers:
        heard(worker, r"Registered to")
    yield SimpleNamespace(address=address, workers=[w.pid for w in workers], env=env)
    for process in reversed(started):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def incoming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Submissions of every make: folders, a zip in a zip, a broken file."""
    top = tmp_path_factory.mktemp("cluster")
    folder = top / "in"
    for number, form in enumerate(FORMS[:3]):
        (folder / f"{number}").mkdir(parents=True)
        (folder / f"{number}" / "申请表.docx").write_bytes(form.read_bytes())
    inner = top / "材料.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.write(FORMS[4], "申请表.docx")
        archive.writestr("附件/清单.txt", "名单")
    with zipfile.ZipFile(folder / "整套.zip", "w") as archive:
        archive.write(inner, "县/材料.zip")
    (folder / "broken").mkdir()
    (folder / "broken" / "申请表.docx").write_bytes(FORMS[0].read_bytes()[:9000])
    return folder


def review(incoming: Path, home: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "review_ui.cli", "review", str(incoming), "--json"]
    command += ["--ocr", "off", "--on", "2022-06-01", "--db", str(home / "hecha.db"), *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HECHA_LANG": "en", "HECHA_HOME": str(home)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=env, text=True, **streams)  # type: ignore[call-overload]


def kept(home: Path) -> list[str]:
    return sorted(p.name for p in (home / "files").rglob("*") if p.is_file())


@pytest.fixture(scope="module")
def here(incoming: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, list[str]]:
    """What this machine alone makes of them: status, JSON lines, the papers it keeps."""
    home = tmp_path_factory.mktemp("here")
    running = review(incoming, home, "--jobs", "2")
    out, _ = running.communicate()
    assert out.count("\n") == 5
    return running.returncode, out, kept(home)


def test_the_same_results_byte_for_byte_with_the_files_sent(
    dask: SimpleNamespace, incoming: Path, here: tuple[int, str, list[str]], tmp_path: Path
) -> None:
    running = review(incoming, tmp_path, "--cluster", dask.address)
    out, err = running.communicate()
    assert (running.returncode, out, kept(tmp_path)) == here, err


def test_a_worker_that_is_killed_costs_nothing(
    dask: SimpleNamespace, incoming: Path, here: tuple[int, str, list[str]], tmp_path: Path
) -> None:
    """The folder is shared this time; one of the two dies at the first result."""
    running = review(incoming, tmp_path, "--cluster", dask.address, "--shared")
    assert running.stderr is not None
    first = running.stderr.readline()
    assert first.startswith("[1/5]"), first
    victims = psutil.Process(dask.workers[0]).children(recursive=True)
    assert victims
    for victim in victims:  # not the nanny, which starts another worker
        victim.send_signal(signal.SIGKILL)
    out, err = running.communicate()
    assert (running.returncode, out, kept(tmp_path)) == here, err


def test_no_cluster_is_one_clear_word(tmp_path: Path) -> None:
    running = review(FORMS[0], tmp_path, "--cluster", "tcp://127.0.0.1:9")
    out, err = running.communicate()
    assert running.returncode == 3 and out == ""
    assert "no cluster answers at tcp://127.0.0.1:9" in err and "Traceback" not in err


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.get_worker", lambda: SimpleNamespace(address="tcp://a:1"))
    share = clusters._Share("", (), (), {}, {}, Options(), LIMITS, "older")
    with pytest.raises(ClusterUnusable, match=r"tcp://a:1 (runs another|上的计算节点运行的是另一)"):
        clusters._review_share(share)


def test_without_any_worker_it_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster whose workers are all gone: what waits is given up, with a clear word."""
    future = type("Future", (), {"add_done_callback": lambda self, heard: None})()
    client = SimpleNamespace(
        status="running",
        nthreads=dict,
        subscribe_topic=lambda topic, handler: None,
        submit=lambda *share, **how: future,
        cancel=lambda futures, force: None,
        close=lambda timeout: None,
    )
    monkeypatch.setattr(clusters, "_client", lambda address: client)
    [form] = find_submissions([FORMS[0]], tmp_path)
    with pytest.raises(ClusterUnusable):
        for _ in clusters.review_on("tcp://a:1", [form], Options(), tmp_path, patience=0.3):
            pass


def test_each_submission_is_in_one_share(tmp_path: Path) -> None:
    found = find_submissions([ROOT / "samples" / "applications"], tmp_path / "room") * 5
    shares = clusters._shares(found, Options(), tmp_path / "room", False, LIMITS, "topic", 1)
    sizes, places = [], []
    for share in shares:
        assert share.submissions == tuple(found[place] for place in share.places)
        sizes.append(len(share.places))
        places += share.places
    assert places == list(range(len(found))) and 1 < max(sizes) <= clusters.SHARE


def test_what_is_too_large_to_be_read_is_not_sent(tmp_path: Path) -> None:
    package = tmp_path / "集群"
    package.mkdir()
    (package / FORMS[0].name).write_bytes(FORMS[0].read_bytes())
    heavy = package / "大.pdf"
    heavy.write_bytes(b"%PDF-1.7")
    os.truncate(heavy, FILE_LIMITS.file_bytes + 1)
    found = find_submissions([package], tmp_path / "room")
    [share] = clusters._shares(found, Options(), tmp_path / "room", False, LIMITS, "topic", 1)
    assert [Path(p).name for p in share.contents] == [FORMS[0].name]
    assert share.heavy == {str(heavy): FILE_LIMITS.file_bytes + 1}
