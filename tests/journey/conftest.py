from __future__ import annotations

import fcntl
import json

import pytest

from foundation.paths import DataRoot
from tests.journey.city import NIGHTS, City, copy, drop


@pytest.fixture(scope="session")
def three_nights(tmp_path_factory, worker_id):
    """A city after three nights, one by one; with the report of each night.

    Made once for all processes of pytest-xdist. Tests only read it, and call commands that take no
    lock: whatever changes the city is done to a `copy`.
    """
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    city = City(DataRoot(base / "three_nights" / "data"), base / "three_nights" / "keys")
    told = base / "three_nights.json"
    with (base / "three_nights.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            reports = []
            for number in range(1, NIGHTS + 1):
                drop(city.root, only_night=number)
                reports.append(city.night(number))
                if number == 1:
                    copy(city, base / "first_night")
            told.write_text(json.dumps(reports))
    return city, json.loads(told.read_text())


@pytest.fixture(scope="session")
def first_night(three_nights):
    """That city as it was after its first night; only read, as above."""
    city, _ = three_nights
    return City(DataRoot(city.root.root.parents[1] / "first_night"), city.keys)
