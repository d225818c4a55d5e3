"""Corrections as data: what is taken, what a mistake ends with, and what may not stand in git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog import Catalog, CatalogError, catalog
from catalog.corrections import Correction, read_corrections
from catalog.dbt_sources import CORRECTION

PERSONAL = {
    "id": "P-1", "product": "population.person", "extract": "population/household_registration",
    "record_key": "P1", "attribute": "birth_date", "wrong_value": "1900-01-01",
    "corrected_value": "1950-01-01", "reason": "录入有误", "provider": "public_security",
    "by": "李工", "date": "2018-03-31",
}  # fmt: skip
OPEN = PERSONAL | {
    "id": "LE-1", "product": "legal_entity.legal_entity",
    "extract": "legal_entity/public_institution", "record_key": "11610200016102001X",
    "attribute": "division_code", "wrong_value": "610221", "corrected_value": "610204",
    "provider": "establishment",
}  # fmt: skip


def read(folder: Path, *told: dict[str, Any]) -> tuple[Correction, ...]:
    text = yaml.safe_dump({"corrections": list(told)}, allow_unicode=True, sort_keys=False)
    (folder / "some.yml").write_text(text, encoding="utf-8")
    return read_corrections(catalog(), folder)


def without(told: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


def test_a_correction_of_a_record(tmp_path: Path) -> None:
    [made] = read(tmp_path, PERSONAL)
    assert (made.domain, made.role, made.subject_id) == ("population", "本人", None)
    assert made.expected_upstream == "1950-01-01"
    assert len(made.row()) == len(CORRECTION)
    assert dict(zip(CORRECTION, made.row(), strict=True))["decided_by"] == "李工"


def test_a_correction_of_a_person_by_id(tmp_path: Path) -> None:
    [made] = read(tmp_path, without(PERSONAL, "extract", "record_key") | {"key": "a" * 26})
    assert (made.extract, made.role, made.subject_id) == (None, None, "a" * 26)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"atribute": "name"}, "atribute"),
        ({"product": "population.household"}, "no survivorship"),
        ({"attribute": "updated_at"}, "no attribute"),
        ({"attribute": "mobile", "wrong_value": "1", "corrected_value": "2"}, "states no mobile"),
        ({"provider": "nobody"}, "unknown provider"),
        ({"corrected_value": "1950-02-30"}, "does not fit DATE"),
        ({"corrected_value": "1950/01/01"}, "does not fit DATE"),
        ({"corrected_value": "1900-01-01"}, "is the wrong one"),
        ({"key": "abc"}, "either extract and record_key"),
        ({"role": "男方"}, "role must be one of 本人"),
        ({"status": "done"}, "status"),
        ({"attribute": "sex_code", "wrong_value": "1", "corrected_value": "7"}, "does not fit"),
        ({"attribute": "is_deceased", "wrong_value": "true", "corrected_value": "否"},
         "does not fit BOOLEAN"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_file_and_line(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(CatalogError, match=said) as raised:
        read(tmp_path, PERSONAL | changed)
    assert raised.value.path.name == "some.yml"
    assert raised.value.line is not None


def test_a_record_with_two_people_needs_the_role(tmp_path: Path) -> None:
    married = PERSONAL | {
        "extract": "population/marriage_registration", "attribute": "marital_status_code",
        "wrong_value": "20", "corrected_value": "40", "provider": "civil_affairs",
    }  # fmt: skip
    with pytest.raises(CatalogError, match="role must be one of 男方、女方"):
        read(tmp_path, married)
    assert read(tmp_path, married | {"role": "女方"})[0].role == "女方"


def test_an_id_and_an_open_target_stand_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="P-1 stands twice"):
        read(tmp_path, PERSONAL, PERSONAL | {"record_key": "P2"})
    again = PERSONAL | {"id": "P-2"}
    with pytest.raises(CatalogError, match="open correction of the same value"):
        read(tmp_path, PERSONAL, again)
    assert len(read(tmp_path, PERSONAL | {"status": "withdrawn"}, again)) == 2


def test_nothing_personal_stands_in_the_catalogue(tmp_path: Path) -> None:
    """The same file is taken below the data root and refused in git, by attribute or by key."""
    here = catalog().folder
    folder = tmp_path / "catalog"
    folder.mkdir()
    for part in ("extracts", "products", "survivorship", "codes", "rules.yml", "departments.yml"):
        (folder / part).symlink_to(here / part)
    (folder / "corrections").mkdir()
    path = folder / "corrections" / "open.yml"
    private = tmp_path / "private"
    private.mkdir()
    personal_key = OPEN | {
        "extract": "legal_entity/tax_registration", "record_key": "1", "attribute": "name",
        "provider": "tax",
    }  # fmt: skip
    for told, is_open in ((OPEN, True), (PERSONAL, False), (personal_key, False)):
        text = yaml.safe_dump({"corrections": [told]}, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        if is_open:
            assert len(read_corrections(Catalog(folder), private)) == 1
        else:
            with pytest.raises(CatalogError, match="personal"):
                read_corrections(Catalog(folder), private)
    path.unlink()
    assert len(read(private, PERSONAL, personal_key | {"id": "T-1"})) == 2


def test_the_example_in_the_readme_is_one(tmp_path: Path) -> None:
    text = (catalog().folder / "corrections" / "README.md").read_text(encoding="utf-8")
    block = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    (tmp_path / "example.yml").write_text(block, encoding="utf-8")
    [made] = read_corrections(catalog(), tmp_path)
    assert made.provider == "establishment"
