"""Settings of all tests."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import settings

# Nothing is timed in a test: a busy machine is no defect.
settings.register_profile("tongchuan", deadline=None)
settings.load_profile("tongchuan")

# Journeys that look at one city of three nights: the night's work is done once.
_ONE_CITY = frozenset(
    f"test_{name}" for name in ("three_nights", "same_result", "statistics", "e_licence", "places")
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests of one file run in one process, which makes its fixtures once; so do `_ONE_CITY`.

    The marks of `--dist loadgroup` reach xdist 3.8 no more from pytest 9.2 on: it wrote them into
    node ids, which are now read-only.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.split("::", maxsplit=1)[0]
            return "one city" if PurePosixPath(path).stem in _ONE_CITY else path

    return ByFile(config, log)
