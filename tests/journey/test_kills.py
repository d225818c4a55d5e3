"""Any moment is a safe one to die; two nights do not disturb each other."""

from __future__ import annotations

import json
import random
import shutil
import time

import pytest

from foundation.paths import DataRoot
from tests.journey.city import City, drop

pytestmark = pytest.mark.journey
PEOPLE = 300
NIGHT = ("nightly", "--business-date", "2018-03-31", "--settle", "0")
# Between any two steps of taking and of releasing, the rooms' own tests kill them
# (test_ingest_crash, test_crash); here whole nights die, early, amid the files and at the end.
PLACES = ("land.receipt:4", "take.finished:2", "release.recorded")
ALL_PLACES = (
    "take.described:2",
    "take.moved:3",
    "land.raw:2",
    "land.receipt:4",
    "land.ledger:5",
    "take.finished:6",
    "release.decided",
    "release.recorded",
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A small city after one night that nothing killed, its inbox before, what became of a second
    night that was started beside it, and how many seconds the first took.
    """
    base = tmp_path_factory.mktemp("clean")
    city = City(DataRoot(base / "data"), base / "keys")
    drop(city.root, people=PEOPLE)
    shutil.copytree(city.root.inbox, base / "inbox", copy_function=shutil.copy2)
    begun = time.monotonic()
    first = city.start(*NIGHT)
    while not (city.root.lock.exists() and city.root.lock.read_text()):
        assert first.poll() is None
        time.sleep(0.02)
    second = city.call(*NIGHT)
    first.communicate(timeout=300)
    return city, base / "inbox", (first, second), time.monotonic() - begun


def _again(clean, target) -> City:
    city, inbox, *_ = clean
    other = City(DataRoot(target), city.keys)
    shutil.copytree(inbox, other.root.inbox, copy_function=shutil.copy2)
    return other


def _check_once(city: City, clean) -> None:
    original, *_ = clean
    assert city.fingerprints() == original.fingerprints()
    own, wanted = _receipts(city), _receipts(original)
    assert own == wanted
    listed = [d["receipt_id"] for d in city.json("delivery", "list")]
    assert sorted(listed) == sorted(i for i, *_ in wanted)
    assert not list((city.root.archive / ".taking").iterdir())
    assert city.json("release", "verify")["ok"]


def _receipts(city: City) -> list[tuple]:
    found = []
    for path in city.root.receipts.glob("**/receipt.json"):
        told = json.loads(path.read_text())
        found.append((told["receipt_id"], told["status"], *told["counts"].values()))
    return sorted(found)


def test_killed_at_chosen_places_and_random_moments_then_run_again(clean, tmp_path):
    city = _again(clean, tmp_path / "data")
    _kill_at(PLACES[:2], city)
    _kill_at_moments(city, seed=3, kills=3, within=12)
    _kill_at(PLACES[2:], city)
    city.night(3)
    _check_once(city, clean)


@pytest.mark.torture
def test_killed_at_every_place_then_run_again(clean, tmp_path):
    city = _again(clean, tmp_path / "data")
    _kill_at(ALL_PLACES, city)
    city.night(3)
    _check_once(city, clean)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(12))
def test_many_random_kills(clean, tmp_path, seed):
    city = _again(clean, tmp_path / "data")
    _kill_at_moments(city, seed=seed, kills=10, within=clean[-1])
    city.night(3)
    _check_once(city, clean)


def _kill_at(places: tuple[str, ...], city: City) -> None:
    """Start the night once for each place, and let it die there."""
    died = []
    for place in places:
        code, _ = city.call(*NIGHT, TONGCHUAN_FAILPOINT=place)
        died.append(code == 137)
    assert all(died), list(zip(places, died, strict=True))


def _kill_at_moments(city: City, *, seed: int, kills: int, within: float) -> None:
    chance = random.Random(seed)
    for _ in range(kills):
        process = city.start(*NIGHT)
        time.sleep(chance.uniform(0.3, within))
        process.kill()
        process.communicate()


def test_two_nights_at_once(clean):
    city, _, (first, (code, out)), _ = clean
    assert code == 1
    assert f'"pid": {first.pid}' in out
    assert first.returncode in (0, 1)
    _check_once(city, clean)
