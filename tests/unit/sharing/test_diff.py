"""Two releases compared by key."""

from __future__ import annotations

from datetime import date

import pytest
from sharing_world import PERSONS, World

from foundation.errors import ConfigurationError
from sharing import diff


def test_rows_added_removed_and_changed_with_their_columns(released: World) -> None:
    first, second, third = PERSONS[:3]
    moved = (*second[:5], "610202", second[6], second[7], "13911111111", second[9])
    new = ("p9", None, "吴九", "1", date(1999, 9, 9), None, None, True, None, None)
    # p4 goes; nobody refers to him.
    released.build(persons=[first, moved, third, new])
    assert released.release().number == 2
    found = {d.product: d for d in diff(released.root, 1, 2, rows=True)}
    person = found["population.person"]
    assert (person.status, person.rows) == ("changed", (4, 4))
    assert (person.added, person.removed, person.changed) == (1, 1, 1)
    assert person.columns == {"mobile": 1, "registered_division_code": 1}
    assert person.keys is not None
    assert person.keys.select("change", "person_id").rows() == [
        ("added", "p9"),
        ("changed", "p2"),
        ("removed", "p4"),
    ]
    assert "p9" not in repr(person)
    same = found["legal_entity.legal_entity"]
    assert (same.status, same.added, same.keys) == ("same", 0, None)
    back = {d.product: d for d in diff(released.root, 2, 1)}["population.person"]
    assert (back.added, back.removed, back.changed, back.keys) == (1, 1, 1, None)


def test_products_only_one_release_has(world: World) -> None:
    world.failed_models = frozenset({"int_legal_entity__subjects"})
    world.release()
    world.failed_models = frozenset()
    world.release()
    found = {d.product: (d.status, d.added, d.removed) for d in diff(world.root, 1, 2)}
    assert found["legal_entity.legal_entity"] == ("new", 2, 0)
    found = {d.product: (d.status, d.added, d.removed) for d in diff(world.root, 2, 1)}
    assert found["legal_entity.legal_entity"] == ("gone", 0, 2)


def test_a_release_that_is_not_there(world: World) -> None:
    with pytest.raises(ConfigurationError):
        diff(world.root, 1, 2)
