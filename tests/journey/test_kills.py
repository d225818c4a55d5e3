"""Any moment is a safe one to die; two nights do not disturb each other."""

from __future__ import annotations

import json
import random
import time

import pytest

from foundation.paths import DataRoot
from tests.journey.city import NIGHTS, City, words_of_night

pytestmark = pytest.mark.journey
NIGHT = words_of_night(NIGHTS)
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


@pytest.fixture
def again(all_at_once, drop, tmp_path):
    """The same files on another root, where nothing has happened yet."""
    city = City(DataRoot(tmp_path / "data"), all_at_once[0].keys)
    drop(city.root)
    return city


def _check_once(city: City, all_at_once) -> None:
    original, _ = all_at_once
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


def test_killed_at_chosen_places_and_random_moments_then_run_again(all_at_once, again):
    _kill_at(PLACES[:2], again)
    _kill_at_moments(again, seed=3, kills=3, within=12)
    _kill_at(PLACES[2:], again)
    again.night(NIGHTS)
    _check_once(again, all_at_once)


@pytest.mark.torture
def test_killed_at_every_place_then_run_again(all_at_once, again):
    _kill_at(ALL_PLACES, again)
    again.night(NIGHTS)
    _check_once(again, all_at_once)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(12))
def test_many_random_kills(all_at_once, again, seed):
    _kill_at_moments(again, seed=seed, kills=10, within=all_at_once[1]["seconds"])
    again.night(NIGHTS)
    _check_once(again, all_at_once)


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


def test_two_nights_at_once(all_at_once):
    city, told = all_at_once
    (pid, first), (second, out) = told["first"], told["second"]
    assert second == 1
    assert f'"pid": {pid}' in out
    assert first in (0, 1)
    _check_once(city, all_at_once)
