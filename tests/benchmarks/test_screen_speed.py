"""How long the next finding takes with 200 submissions and ten sessions at once.

Each session speaks the screen's own protocol (no browser is measured): it opens a submission and
presses the key for the next finding again and again. The peer of the ratio is one session alone.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from extractor.storing.store import Store
from tests.benchmarks.conftest import Goal, Measured
from tests.test_screen import paper, reviewed

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
SUBMISSIONS, SESSIONS, STEPS = 200, 10, 8
THINKING = 1.0
"""Seconds a reviewer looks at a finding before the next key; few look so briefly."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("speed")
    result = reviewed(paper(folder / "示范.pdf"), folder)
    database = folder / "hecha.db"
    with Store(database) as store:
        for n in range(SUBMISSIONS):
            one = replace(result, submission=f"示范 {n:03d}", location=str(n))
            store.save_result(one, batch="x")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "review_ui.cli", "serve"]
    process = subprocess.Popen(
        [*command, "--db", str(database), "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HECHA_LANG": "zh"}, cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert str(port) in process.stdout.readline()
        yield f"ws://127.0.0.1:{port}/_stcore/stream"
    finally:
        process.terminate()
        process.wait(10)


class Session:
    """One reviewer's connection."""

    def __init__(self, socket: Any, query: str) -> None:
        self.socket, self.query = socket, query
        self.buttons: dict[str, str] = {}

    async def run(self, pressed: str = "") -> float:
        """Runs the script, with a button pressed; the seconds until it is done."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if pressed:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        self.buttons = {}
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(await asyncio.wait_for(self.socket.recv(), 60))
            kind = forward.WhichOneof("type")
            if kind == "delta" and forward.delta.WhichOneof("type") == "new_element":
                element = forward.delta.new_element
                if element.WhichOneof("type") == "button" and not element.button.disabled:
                    self.buttons[element.button.id.rsplit("-", 1)[-1]] = element.button.id
            elif kind == "page_info_changed":
                self.query = forward.page_info_changed.query_string
            elif kind == "script_finished":
                return time.perf_counter() - began


async def reviewer(address: str, number: int, think: float) -> list[float]:
    """The seconds of each step to another finding."""
    headers = {"Origin": address.replace("ws://", "http://").removesuffix("/_stcore/stream")}
    async with websockets.connect(
        address, subprotocols=["streamlit"], max_size=1 << 26, additional_headers=headers
    ) as socket:
        session = Session(socket, f"screen=review&submission={number + 1}")
        await session.run()
        times, forth = [], True
        for _ in range(STEPS):
            if think:
                await asyncio.sleep(think * (0.5 + (number * 37 % 100) / 100))
            forth = forth if ("J" if forth else "K") in session.buttons else not forth
            times.append(await session.run(session.buttons["J" if forth else "K"]))
        return times


async def together(address: str, sessions: int, think: float) -> list[float]:
    every = await asyncio.gather(*(reviewer(address, n, think) for n in range(sessions)))
    return [t for times in every for t in times]


def test_the_next_finding(served: str, measured: Measured) -> None:
    asyncio.run(together(served, 1, 0.0))  # pages are drawn, modules imported
    alone = median(asyncio.run(together(served, 1, 0.0)))
    ten = median(asyncio.run(together(served, SESSIONS, THINKING)))
    hammering = median(asyncio.run(together(served, SESSIONS, 0.0)))
    detail = f"{1000 * alone:.0f} ms alone, {1000 * hammering:.0f} ms without a pause between keys"
    what = f"the next finding, median of {SESSIONS} sessions, {SUBMISSIONS} submissions"
    measured(what, 1000 * ten, Goal(150, "ms"), detail)
    assert ten < 8 * alone


def test_the_queue_opens(served: str, measured: Measured) -> None:
    async def opened() -> float:
        headers = {"Origin": served.replace("ws://", "http://").removesuffix("/_stcore/stream")}
        async with websockets.connect(
            served, subprotocols=["streamlit"], max_size=1 << 26, additional_headers=headers
        ) as socket:
            return await Session(socket, "").run()

    times = [asyncio.run(opened()) for _ in range(5)]
    measured(f"the queue of {SUBMISSIONS} submissions", 1000 * median(times), Goal(1000, "ms"))
    assert median(times) < 40 * max(min(times), 0.01)
