from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest

from foundation.keys import KeyRing
from foundation.paths import DataRoot
from tests.commands import fresh
from tests.journey.city import NIGHTS, City, copy, simulated, words_of_night

# Everything that a machine may differ in, and Python's own dice.
ANOTHER_MACHINE = {
    "TZ": "America/St_Johns",
    "LC_ALL": "C",
    "POLARS_MAX_THREADS": "1",
    "PYTHONHASHSEED": "77",
    "TONGCHUAN_THREADS": "1",
}


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id):
    """A folder that all processes of pytest-xdist share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@contextmanager
def _one_at_a_time(lock: Path):
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _made_once(told: Path, make: Callable[..., object], *arguments: object):
    """What the first process that asks makes, as JSON; the others wait for it."""
    with _one_at_a_time(told.with_suffix(".lock")):
        if not told.exists():
            told.write_text(json.dumps(make(*arguments)))
    return json.loads(told.read_text())


@pytest.fixture(scope="session")
def keys(shared):
    """The keys of all cities: ids and signatures come from them."""
    folder = shared / "keys"

    _made_once(shared / "keys.json", lambda: KeyRing(folder).public_pem().decode())
    return folder


@pytest.fixture(scope="session")
def drop(shared):
    """Put the departments' files of these nights (or all), and the truth, into a data root."""

    def put(root: DataRoot, *nights: int) -> None:
        for night in nights or range(1, NIGHTS + 1):
            folder = shared / f"simulated_{night}"
            _made_once(shared / f"simulated_{night}.json", simulated, folder, night)
            shutil.copytree(folder, root.root, copy_function=shutil.copyfile, dirs_exist_ok=True)

    return put


@pytest.fixture(scope="session")
def three_nights(shared, keys, drop):
    """A city after three nights, one by one; with the report of each night.

    Tests only read it, and call commands that take no lock: whatever changes the city is done to a
    `copy`. The second night is run without Dagster, and the city kept as it was before its gate.
    """
    city = City(DataRoot(shared / "three_nights"), keys)

    def make():
        reports = []
        for number in range(1, NIGHTS + 1):
            drop(city.root, number)
            if number == 2:
                reports.append(city.steps(number, built=lambda: copy(city, shared / "built")))
            else:
                reports.append(city.night(number))
        return reports

    return city, _made_once(shared / "three_nights.json", make)


@pytest.fixture(scope="session")
def second_built(three_nights, shared):
    """That city in its second night as far as the gate: taken in and built, not yet published."""
    city, _ = three_nights
    return City(DataRoot(shared / "built"), city.keys)


@pytest.fixture(scope="session")
def all_at_once(shared, keys, drop):
    """The files of all nights taken by one night, in another zone, locale and thread count.

    Only read, as above. With it: how many seconds that took, its process and exit code, and what
    became of a night that was begun beside it.
    """
    city = City(DataRoot(shared / "all_at_once"), keys)

    def make():
        drop(city.root)
        environment = city.env(**ANOTHER_MACHINE)
        begun = time.monotonic()
        first = fresh(words_of_night(NIGHTS), environment)
        while not (city.root.lock.exists() and city.root.lock.read_text()):
            assert first.poll() is None
            time.sleep(0.02)
        second = fresh(words_of_night(NIGHTS), environment)
        out, _ = second.communicate(timeout=60)
        first.communicate(timeout=300)
        return {
            "seconds": time.monotonic() - begun,
            "first": [first.pid, first.returncode],
            "second": [second.returncode, out],
        }

    return city, _made_once(shared / "all_at_once.json", make)
