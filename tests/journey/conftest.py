from __future__ import annotations

import pytest

from foundation.paths import DataRoot
from tests.journey.city import NIGHTS, City, drop


@pytest.fixture(scope="session")
def three_nights(tmp_path_factory):
    """A city after three nights, one by one; with the report of each night."""
    base = tmp_path_factory.mktemp("three_nights")
    city = City(DataRoot(base / "data"), base / "keys")
    reports = []
    for number in range(1, NIGHTS + 1):
        drop(city.root, only_night=number)
        reports.append(city.night(number))
    return city, reports
