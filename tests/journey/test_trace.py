"""From published values back to the very lines of the files that departments dropped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog import catalog
from foundation.errors import ConfigurationError
from ledger import Ledger
from sharing import as_of
from sharing.trace import Question, trace

pytestmark = pytest.mark.journey

# One person or entity of each kind of sample, in the order of ids: the same ones every time.
_SAMPLE = """SELECT person_id, attribute FROM population.person_attribute
    WHERE is_chosen AND method = 'stated' AND attribute = '{attribute}' ORDER BY 1 LIMIT {limit}"""


# Rows that are made of several records, or of a code list.
MADE = {
    "e_licence.licence_type", "legal_entity.legal_entity_identifier",
    "legal_entity.legal_entity_succession", "macro_economy.indicator", "macro_economy.latest",
    "population.household", "population.person_identifier", "population.person_succession",
}  # fmt: skip


TRACED = {
    "population.person", "population.marriage", "population.household_member",
    "population.unresolved_record", "legal_entity.legal_entity", "e_licence.licence",
    "e_licence.licence_holder", "geospatial.division", "geospatial.division_boundary",
    "geospatial.standard_address", "geospatial.land_parcel", "geospatial.land_parcel_holder",
    "macro_economy.observation", "macro_economy.fiscal",
}  # fmt: skip


@pytest.fixture
def ask(three_nights):
    city, _ = three_nights
    ledger = Ledger.open(city.root)

    def asked(table: str, key: str, column: str | None = None):
        question = Question(table, key, column)
        return trace(city.root, ledger, catalog(), question, by="李工", purpose="核对")

    return asked


def rows(city, sql: str) -> list[tuple]:
    connection = as_of(city.root)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def archived_line(root, told) -> str | None:
    """The physical line that a trace names, of a text file; None of other formats."""
    folder = root.archive / told.provider / told.extract / told.delivery_id
    path = Path(folder / told.file_name)
    if path.suffix not in {".csv", ".txt"}:
        return None
    receipt = root.receipts / told.provider / told.extract / told.delivery_id / "receipt.json"
    document = json.loads(receipt.read_text(encoding="utf-8"))
    if document["return_of"]:
        return None  # the line is that of the file that the return corrects
    text = path.read_bytes().decode(document["encoding"])
    return text.split("\n")[int(told.line) - 1]


@pytest.mark.parametrize("attribute", ["name", "registered_address", "mobile", "death_date"])
def test_the_line_holds_the_record(three_nights, ask, attribute):
    city, _ = three_nights
    looked_at = 0
    for person_id, _ in rows(city, _SAMPLE.format(attribute=attribute, limit=12)):
        answer = ask("population.person", person_id, attribute)
        [chosen] = [told for told in answer.evidence if told.is_chosen]
        assert str(answer.value) == chosen.value
        assert chosen.provider_cn.startswith("铜川市")
        line = archived_line(city.root, chosen)
        if line is not None:
            assert chosen.record_key in line
            looked_at += 1
    assert looked_at > 0


def first_key(city, product: str) -> str | None:
    """The key of a product's first row, as it is written; None of an empty or absent product."""
    views = "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
    if (product,) not in rows(city, views):
        return None
    names = [column.name for column in catalog().products[product].key]
    texts = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
    found = rows(city, f"SELECT {texts} FROM {product} ORDER BY ALL LIMIT 1")
    if not found or None in found[0]:
        return None
    return ",".join(f"{name}={value}" for name, value in zip(names, found[0], strict=True))


def test_products_whose_rows_are_one_record_are_traced(three_nights, ask):
    city, _ = three_nights
    for product in sorted(TRACED):
        key = first_key(city, product)
        assert key is not None, product
        assert any(told.is_chosen and told.line for told in ask(product, key).evidence), product


def test_products_made_of_several_records_say_so(three_nights, ask):
    city, _ = three_nights
    for product in sorted(MADE):
        key = first_key(city, product)
        if key is not None:  # nothing may have succeeded anything
            with pytest.raises(ConfigurationError, match="single origin"):
                ask(product, key)


def test_asking_is_recorded_without_values(three_nights, ask):
    city, _ = three_nights
    [(person_id, _)] = rows(city, _SAMPLE.format(attribute="name", limit=1))
    answer = ask("population.person", person_id, "name")
    last = Ledger.open(city.root).accesses()[-1]
    assert (last.by, last.purpose, last.tables) == ("李工", "核对", ("population.person",))
    assert last.rows == len(answer.evidence)
    assert person_id not in last.request
    assert str(answer.value) not in last.request


def test_a_column_made_of_everything_is_refused(three_nights, ask):
    city, _ = three_nights
    [(person_id, _)] = rows(city, _SAMPLE.format(attribute="name", limit=1))
    with pytest.raises(ConfigurationError, match="single origin"):
        ask("population.person", person_id, "updated_at")
    with pytest.raises(ConfigurationError, match="no such row"):
        ask("population.person", "x" * 26, "name")
