"""Settings of all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

import tests.commands  # noqa: F401  (what forked processes have loaded is settled there)

# Nothing is timed in a test: a busy machine is no defect.
settings.register_profile("tongchuan", deadline=None)
settings.load_profile("tongchuan")

# Begun in this order, all others after them: the long ones first, and the one that makes the city
# of three nights (which the others then find) beside one that makes its own.
_FIRST = ("test_three_nights", "test_kills", "test_held", "test_same_result")

# Files of these folders share what costs seconds to make: warehouses, cities, gates. One process
# runs a whole folder; the long ones first.
_SHARING = ("dbt_project", "expectations", "simulator")
# The campaign of `make torture`: an hour in one process.
_ALONE = "::test_many_random_kills["


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: the last test is not begun when all others are done."""

    def rank(item: pytest.Item) -> tuple[int, bool, int]:
        name, folder = item.path.stem, item.path.parent.name
        journey = any(item.iter_markers("journey"))
        first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
        return (first, not journey, _SHARING.index(folder) if folder in _SHARING else len(_SHARING))

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests of one file run in one process, which makes its fixtures once; so do some folders.

    The marks of `--dist loadgroup` reach xdist 3.8 no more from pytest 9.2 on: it wrote them into
    node ids, which are now read-only.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", maxsplit=1)[0]
            if _ALONE in nodeid:
                return nodeid
            return next((folder for folder in _SHARING if f"/{folder}/" in file), file)

    return ByFile(config, log)
