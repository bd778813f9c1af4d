"""Options of the long tests, which run only when their marker is asked for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# how long an example takes says how busy the machine is
settings.register_profile("hecha", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hecha")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz-minutes", type=float, default=5.0, help="how long the fuzzing goes on")
    parser.addoption("--fuzz-seed", type=int, default=None, help="its seed (default: the clock's)")
    parser.addoption("--fuzz-keep", default=None, metavar="DIR", help="keeps what went wrong there")
    parser.addoption("--kills", type=int, default=100, help="processes killed by test_hard_stops")
