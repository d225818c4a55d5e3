"""Going back lasts: what was rolled away stays away, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from sharing_world import ENTITIES, PERSONS, World
from test_crash import killed

from sharing import Store, approve, recover, rollback, verify

ENTITY, OBJECTION, PERSON = (
    "legal_entity.legal_entity", "legal_entity.objection", "population.person",
)  # fmt: skip
MORE = [*ENTITIES, ("e3", "丙公司", 1, None)]
OTHER = [*ENTITIES, ("e4", "丁公司", 2, None)]


def back(world: World, number: int) -> None:
    """Go back to a release."""
    rollback(world.root, world.ledger, world.catalog, world.keys, number, by="王", reason="有误")


def let_out(world: World, product: str) -> None:
    """Approve the held candidate."""
    approve(world.root, world.ledger, product, by="王", reason="核实无误")


def verdicts(world: World) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The verdicts of the last run."""
    run_id = world.ledger.last_verdict_run()
    assert run_id is not None
    return {v.product: (v.verdict, v.because) for v in world.ledger.verdicts(run_id)}


@pytest.fixture
def left(released: World) -> World:
    """Release 2 brought a third entity; somebody went back to release 1."""
    released.build(entities=MORE)
    assert released.release().number == 2
    back(released, 1)
    return released


def test_an_unrelated_delivery_does_not_bring_back_what_was_rolled_away(left: World) -> None:
    left.build(persons=PERSONS[:3], entities=MORE)
    assert left.release().number == 3
    told = {
        ENTITY: ("held", ("rolled_back:2",)),
        OBJECTION: ("held", ("R-GATE-10", ENTITY)),
        PERSON: ("released", ()),
        "population.household_member": ("unchanged", ()),
    }
    assert verdicts(left) == told
    third = Store(left.root.published).release(3)
    assert (third.products[ENTITY].rows, third.products[PERSON].rows) == (2, 3)
    signed = {v["product"]: (v["verdict"], tuple(v["because"])) for v in
              third.certificate["verdicts"]}  # fmt: skip
    assert signed == told
    assert left.release().number is None
    assert verdicts(left)[ENTITY] == ("held", ("rolled_back:2",))
    assert verify(left.root.published) == []


def test_other_content_is_released_and_the_same_content_stays_away(left: World) -> None:
    left.build(entities=OTHER)
    assert left.release().number == 3
    assert verdicts(left)[ENTITY] == ("released", ())
    left.build(entities=MORE)
    assert left.release().number is None
    assert verdicts(left)[ENTITY] == ("held", ("rolled_back:2",))
    assert Store(left.root.published).current_number() == 3


def test_approval_lets_exactly_that_out_until_somebody_goes_back_again(left: World) -> None:
    assert left.release().number is None
    let_out(left, ENTITY)
    assert left.release().number == 3
    assert verdicts(left)[ENTITY] == ("released", ())
    assert verdicts(left)[OBJECTION] == ("unchanged", ())
    assert Store(left.root.published).release(3).products[ENTITY].rows == 3
    back(left, 1)
    assert left.release().number is None
    assert verdicts(left)[ENTITY] == ("held", ("rolled_back:3",))


def test_an_approval_of_before_does_not_outlast_the_rollback(released: World) -> None:
    released.gate.fail = {ENTITY}
    released.build(entities=MORE)
    released.release()
    let_out(released, ENTITY)
    assert released.release().number == 2
    back(released, 1)
    assert released.release().number is None
    assert verdicts(released)[ENTITY] == ("held", ("rolled_back:2",))


def test_every_release_that_was_passed_stays_away(left: World) -> None:
    left.build(entities=OTHER)
    assert left.release().number == 3
    back(left, 1)
    for entities, number in ((MORE, 2), (OTHER, 3)):
        left.build(entities=entities)
        assert left.release().number is None
        assert verdicts(left)[ENTITY] == ("held", (f"rolled_back:{number}",))


def test_going_forward_again_lifts_what_is_served(left: World) -> None:
    assert left.release().number is None
    back(left, 2)
    assert left.release().number is None
    assert set(verdicts(left).values()) == {("unchanged", ())}
    left.build(persons=PERSONS[:3], entities=MORE)
    assert left.release().number == 3
    assert Store(left.root.published).release(3).products[ENTITY].rows == 3


def test_a_product_that_came_with_the_release_left_is_absent_again(world: World) -> None:
    world.failed_models = frozenset({"int_legal_entity__subjects"})
    world.release()
    world.failed_models = frozenset()
    assert world.release().number == 2
    back(world, 1)
    world.build(persons=PERSONS[:3])
    assert world.release().number == 3
    assert verdicts(world)[ENTITY] == ("held", ("rolled_back:2",))
    assert set(Store(world.root.published).release(3).products) == {
        PERSON,
        "population.household_member",
    }


@pytest.mark.parametrize(
    ("failpoint", "is_committed"),
    [
        ("release.decided", False),
        ("release.before_commit", False),
        ("release.committed", True),
        ("release.recorded", True),
    ],
)
def test_a_night_killed_after_a_rollback_comes_to_the_same(
    left: World, tmp_path: Path, failpoint: str, is_committed: bool
) -> None:
    killed(tmp_path, "other release", failpoint)
    recover(left.root, left.ledger, left.catalog, left.keys)
    store = Store(left.root.published)
    assert store.current_number() == (3 if is_committed else 1)
    assert left.release().number == (None if is_committed else 3)
    assert store.current_number() == 3
    assert verdicts(left)[ENTITY] == ("held", ("rolled_back:2",))
    assert store.release(3).products[ENTITY].rows == 2
