"""Every product contract has a suite that builds and names only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gate_city import City

from catalog import Catalog, catalog
from expectations.base import base
from expectations.expected import REFERENCE, NoRows, NotNull, OneOf, Unique
from expectations.plan import SUITES, plan
from expectations.tables import connect, prepare
from expectations.thresholds import DRIFT
from foundation.errors import ConfigurationError

PRODUCTS = sorted(catalog().products)


def test_every_product_has_a_written_part_and_the_reverse() -> None:
    found = {f"{p.parent.name}.{p.stem}" for p in SUITES.glob("*/*.py") if p.stem != "__init__"}
    assert found == set(PRODUCTS)
    assert set(DRIFT) <= set(PRODUCTS)


def test_suites_name_only_what_exists(city: City, tmp_path: Path) -> None:
    """DuckDB binds every query over the contracts' columns, without rows being read."""
    for product in PRODUCTS:
        city.released_before(product)
    request = city.request()
    files = [*request.composition.values(), *request.previous.values(), city.reconciliation]
    connection = connect(tmp_path, files, spatial=True)
    assert prepare(connection, catalog(), request) == {}
    for product in PRODUCTS:
        columns = set(catalog().products[product].by_name)
        for expected in plan(catalog(), product, request):
            if isinstance(expected, NoRows):
                connection.execute(f"EXPLAIN {expected.query}")
                assert expected.query.startswith(("SELECT 1 AS unexpected", "SELECT unexpected"))
            elif isinstance(expected, Unique):
                assert set(expected.columns) <= columns
            else:
                assert isinstance(expected, NotNull | OneOf)
                assert expected.column in columns


@pytest.mark.parametrize("product", PRODUCTS)
def test_ids_are_readable_and_rules_registered(product: str, city: City) -> None:
    city.previous[product] = city.composition[product]
    suite = plan(catalog(), product, city.request(product))
    for expected in suite:
        assert re.fullmatch(r"[a-z0-9_+]+\.[a-z0-9_.]+", expected.id)
        assert catalog().rules[expected.rule_id].severity == "hold"
        stated = expected.id.partition(".references.")[2]
        assert (expected.rule_id == REFERENCE) == bool(stated)
    assert [e.id for e in suite] == [e.id for e in plan(catalog(), product, city.request(product))]


def test_base_says_what_the_contract_says() -> None:
    ids = {e.id for e in base(catalog(), catalog().products["population.household_member"])}
    assert ids == {
        "table.columns",
        "household_no.not_null",
        "person_id.not_null",
        "updated_at.not_null",
        "household_no+person_id.unique",
        "household_no.references.population.household.household_no",
        "person_id.references.population.person.person_id",
        "household_relation_code.in_code_list",
    }


def test_a_check_the_gate_does_not_know_is_an_error(tmp_path: Path) -> None:
    folder = _copy_of_catalog(tmp_path)
    path = folder / "products/population/marriage.odcs.yml"
    path.write_text(
        path.read_text().replace("check: in_values, values:", "check: person_name}\n# {")
    )
    contract = Catalog(folder).products["population.marriage"]
    with pytest.raises(ConfigurationError, match="person_name"):
        base(Catalog(folder), contract)


def _copy_of_catalog(tmp_path: Path) -> Path:
    """The catalogue in a folder of its own: links to everything but the population products."""
    folder = tmp_path / "catalog"
    (folder / "products/population").mkdir(parents=True)
    source = catalog().folder
    for name in ("extracts", "codes", "rules.yml", "departments.yml"):
        (folder / name).symlink_to(source / name)
    for path in (source / "products/population").glob("*.yml"):
        (folder / "products/population" / path.name).write_text(path.read_text())
    return folder
