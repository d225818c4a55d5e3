"""The survivorship matrices: what they say, and what a typo in one ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog import CatalogError, catalog
from catalog.survivorship import Matrix, read_matrices

FOLDER = Path(__file__).resolve().parents[3] / "catalog" / "survivorship"


def read(folder: Path) -> dict[str, Matrix]:
    return read_matrices(folder, catalog().extracts, catalog().products)


def changed(tmp_path: Path, old: str, new: str) -> dict[str, Matrix]:
    """The population's matrix with one text replaced everywhere."""
    text = (FOLDER / "population.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "population.yml").write_text(text.replace(old, new), encoding="utf-8")
    return read(tmp_path)


def order(domain: str, attribute: str) -> list[tuple[int, str]]:
    matrix = catalog().survivorship[domain]
    told = matrix.by_name[attribute]
    return list(zip(matrix.levels(told), [source.extract for source in told.sources], strict=True))


def test_the_order_of_the_domain_reference() -> None:
    assert order("population", "name")[:2] == [
        (1, "population/household_registration"),
        (2, "population/residence_permit"),
    ]
    assert order("population", "death_date") == [
        (1, "population/death_certificate"),
        (1, "population/cremation"),
        (2, "population/household_registration"),
    ]
    assert order("legal_entity", "name")[-1] == (4, "legal_entity/tax_registration")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    reason_cn: 民族以", "    reasn_cn: 民族以", "reasn_cn"),
        ("{extract: population/cremation, column: name}",
         "{extract: population/creamation, column: name}", "no extract"),
        ("column: husband_name", "column: husband_nam", "no column"),
        ("attribute: mobile", "attribute: mobil", "no column 'mobil'"),
        ("role: 男方", "role: 男", "no role"),
        ("when: status = '有效'", "when: staus = '有效'", "no column 'staus'"),
        ("newest_by: cast(updated_at as date)", "newest_by: cast(updated as date)", "'updated'"),
        ("sex_of_number('resident_id')", "sex_of_number('resident_id')", None),
        ("column: education_code", "column: employer_name", "does not say"),
        ("registered_county_code: [registered_division_code]",
         "registered_county_code: [registered_division]", "no attribute"),
        ("attribute: ethnic_code", "attribute: sex_code", "stands twice"),
        ("domain: population", "domain: persons", "named"),
    ],
)  # fmt: skip
def test_a_typo_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str | None
) -> None:
    if said is None:
        assert changed(tmp_path, old, new)
        return
    with pytest.raises(CatalogError, match=said) as raised:
        changed(tmp_path, old, new)
    written = (tmp_path / "population.yml").read_text(encoding="utf-8").splitlines()
    assert raised.value.path == tmp_path / "population.yml"
    assert raised.value.line is not None
    lines = [number for number, line in enumerate(written, start=1) if new.splitlines()[0] in line]
    assert any(abs(raised.value.line - number) <= 4 for number in lines)


def test_a_follower_needs_a_leader_that_stands_before_it(tmp_path: Path) -> None:
    old = "  - attribute: mobile\n"
    with pytest.raises(CatalogError, match="before this one"):
        changed(tmp_path, old, old + "    follows: death_date\n")
    with pytest.raises(CatalogError, match="it cannot follow"):
        changed(tmp_path, old, old + "    follows: registered_address\n")


def test_newest_and_earliest_exclude_each_other(tmp_path: Path) -> None:
    old = "        earliest_by: status_date\n"
    with pytest.raises(CatalogError, match="exclude each other"):
        changed(tmp_path, old, old + "        newest_by: status_date\n")


def test_every_attribute_of_the_city_has_a_reason() -> None:
    for matrix in catalog().survivorship.values():
        assert matrix.attributes
        assert all(attribute.reason_cn for attribute in matrix.attributes)
