"""The release step as a whole: what is made, what is not, and what is said about it."""

from __future__ import annotations

import json
import stat
from datetime import date, timedelta

import duckdb
import frictionless
import pytest
from sharing_world import (
    DAY,
    ENTITIES,
    EXTRACTS,
    MEMBERS,
    PERSONS,
    PRODUCTS,
    World,
    column,
    make_catalog,
)

from foundation.errors import ConfigurationError
from sharing import Store, approve, recover, rollback, verify

MORE = [*ENTITIES, ("e3", "丙公司", 1, None)]


def verdict(world: World, product: str) -> tuple[str, tuple[str, ...]]:
    """The last verdict on a product, from the ledger."""
    run_id = world.ledger.last_verdict_run()
    assert run_id is not None
    found = {v.product: v for v in world.ledger.verdicts(run_id)}[product]
    return found.verdict, found.because


def test_first_release_is_whole_private_and_recorded(world: World) -> None:
    outcome = world.release()
    store = Store(world.root.published)
    assert (outcome.number, store.current_number(), store.numbers()) == (1, 1, [1])
    assert {v.verdict for v in outcome.verdicts} == {"released"}
    assert verify(world.root.published) == []
    [record] = world.ledger.releases()
    assert record.certificate_sha256 == store.release(1).certificate_sha256
    assert record.products["population.person"]["rows"] == 4
    for folder in (store.folder, store.objects, store.releases, store.releases / "1"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    served = store.release(1).products["population.person"]
    assert served.path.samefile(store.object_path(served.sha256))


def test_certificate_names_inputs_code_contracts_gate_and_decisions(released: World) -> None:
    certificate = Store(released.root.published).release(1).certificate
    assert [i["delivery_id"] for i in certificate["inputs"]] == ["d1", "d0"]
    assert certificate["inputs"][0]["file_sha256"] == "f" * 64
    assert certificate["catalog_fingerprint"] == released.catalog.fingerprint
    assert certificate["contracts"]["products"]["population.person"] == "1.0.0"
    assert len(certificate["code_fingerprint"]) == 64
    assert len(certificate["gate"]) == 9
    assert certificate["previous"] is None


def test_nothing_changed_makes_no_release(released: World) -> None:
    outcome = released.release(DAY + timedelta(days=1))
    assert outcome.number is None
    assert {v.verdict for v in outcome.verdicts} == {"unchanged"}
    assert Store(released.root.published).numbers() == [1]


def test_a_change_shares_the_objects_that_did_not_change(world: World) -> None:
    world.release()
    world.build(entities=MORE)
    assert world.release().number == 2
    store = Store(world.root.published)
    one, two = store.release(1).products, store.release(2).products
    assert one["population.person"].path.samefile(two["population.person"].path)
    assert two["legal_entity.legal_entity"].rows == 3
    assert verdict(world, "legal_entity.legal_entity") == ("released", ())
    previous = store.release(2).certificate["previous"]
    assert previous == {
        "number": 1,
        "certificate_sha256": store.release(1).certificate_sha256,
    }


def test_a_defect_in_one_domain_does_not_hold_the_other(world: World) -> None:
    world.release()
    world.gate.fail = {"legal_entity.legal_entity"}
    world.build(persons=PERSONS[:3], entities=MORE)
    assert world.release().number == 2
    assert verdict(world, "legal_entity.legal_entity") == ("held", ("R-GATE-05",))
    because = ("R-GATE-10", "legal_entity.legal_entity")
    assert verdict(world, "legal_entity.objection") == ("held", because)
    assert verdict(world, "population.person") == ("released", ())
    products = Store(world.root.published).release(2).products
    assert products["legal_entity.legal_entity"].rows == 2
    assert products["population.person"].rows == 3


def test_references_are_judged_in_the_composition(released: World) -> None:
    released.build(persons=PERSONS[1:], members=MEMBERS)  # a member of a person who is gone
    assert released.release().number is None
    assert verdict(released, "population.household_member")[0] == "held"
    because = ("R-GATE-04", "population.household_member")
    assert verdict(released, "population.person") == ("held", because)


def test_everything_held_makes_no_release(world: World) -> None:
    world.failed_models = frozenset({f"int_{d}__subjects" for d in ("population", "legal_entity")})
    outcome = world.release()
    assert outcome.number is None
    assert {v.verdict for v in outcome.verdicts} == {"held"}
    assert all("R-GATE-12" in v.because for v in outcome.verdicts)
    assert Store(world.root.published).current_number() is None


@pytest.mark.parametrize("fault", ["raise", "silent", "error"])
def test_a_gate_that_does_not_answer_releases_nothing(world: World, fault: str) -> None:
    world.gate.fault = fault
    outcome = world.release()
    assert outcome.number is None
    assert {v.because for v in outcome.verdicts} >= {("R-GATE-09",)}
    assert {v.verdict for v in outcome.verdicts} == {"held"}
    assert "610203199001010011" not in repr(outcome)


def test_absent_products_come_with_their_first_delivery(world: World) -> None:
    world.came = (EXTRACTS[0],)
    world.build()
    world.release()
    assert verdict(world, "legal_entity.legal_entity") == ("absent", ())
    assert set(Store(world.root.published).release(1).products) == {
        "population.person",
        "population.household_member",
    }
    world.came = EXTRACTS
    world.build()
    assert world.release().number == 2
    assert verdict(world, "legal_entity.legal_entity") == ("released", ())


def test_approve_lets_exactly_that_candidate_out(world: World) -> None:
    world.gate.fail = {"legal_entity.legal_entity"}
    world.release()
    with pytest.raises(ConfigurationError):
        approve(world.root, world.ledger, "population.person", by="王", reason="不需要")
    approve(world.root, world.ledger, "legal_entity.legal_entity", by="王", reason="核实无误")
    assert world.release().number == 2
    assert verdict(world, "legal_entity.legal_entity") == ("released", ())
    run_id = world.ledger.last_verdict_run()
    assert run_id is not None
    gate = world.ledger.gate_results(run_id, "legal_entity.legal_entity")
    assert {r.expectation: r.status for r in gate}["forced"] == "approved"
    overrides = Store(world.root.published).release(2).certificate["overrides"]
    assert [(o["kind"], o["by"], o["reason"]) for o in overrides] == [("approve", "王", "核实无误")]
    world.build(entities=MORE)
    world.release()
    assert verdict(world, "legal_entity.legal_entity") == ("held", ("R-GATE-05",))


def test_rollback_moves_the_pointer_and_is_not_undone_by_the_next_night(released: World) -> None:
    released.build(entities=MORE)
    released.release()
    rollback(
        released.root, released.ledger, released.catalog, released.keys, 1, by="王", reason="有误"
    )
    store = Store(released.root.published)
    assert store.current_number() == 1
    assert recover(released.root, released.ledger, released.catalog, released.keys) == []
    assert released.release().number is None
    assert verdict(released, "legal_entity.legal_entity") == ("held", ("rolled_back:2",))
    assert store.current_number() == 1
    released.build(entities=[*ENTITIES, ("e4", "丁公司", 2, None)])
    assert released.release().number == 3
    assert store.release(3).certificate["base_release"] == 1
    assert store.release(3).certificate["previous"]["number"] == 2
    assert verify(released.root.published) == []
    decision = released.ledger.overrides("rollback")[-1]
    assert (decision.target, decision.by, decision.reason) == ("1", "王", "有误")


def test_rollback_to_nowhere_is_refused(released: World) -> None:
    with pytest.raises(ConfigurationError, match="there is no release 7"):
        rollback(
            released.root,
            released.ledger,
            released.catalog,
            released.keys,
            7,
            by="王",
            reason="有误",
        )


def test_a_contract_with_other_columns_makes_a_new_object(released: World) -> None:
    known = [c for c in PRODUCTS["population.person"] if c["name"] != "known_from"]
    changed = {**PRODUCTS, "population.person": [*known, column("known_until", "TIMESTAMP", 2)]}
    released.catalog = released.gate.catalog = make_catalog(released.catalog.folder, changed)
    with duckdb.connect(str(released.root.warehouse)) as connection:
        connection.execute("ALTER TABLE population.person RENAME known_from TO known_until")
    assert released.release().number == 2
    names = [
        c
        for c, _ in Store(released.root.published).release(2).products["population.person"].columns
    ]
    assert "known_until" in names


def test_datapackage_is_valid_and_its_tables_can_be_read_by_others(released: World) -> None:
    folder = released.root.published / "releases" / "1"
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert not list(frictionless.Package.metadata_validate(told))
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    member = next(r for r in told["resources"] if r["name"] == "population.household_member")
    assert member["schema"]["primaryKey"] == ["household_id", "person_id"]
    [key] = member["schema"]["foreignKeys"]
    assert key["reference"] == {"resource": "population.person", "fields": ["person_id"]}


def test_business_date_is_the_nights_own(world: World) -> None:
    world.release(date(2019, 1, 2))
    assert Store(world.root.published).release(1).business_date == date(2019, 1, 2)
