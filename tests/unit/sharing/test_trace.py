"""Keys as people write them, and lines as departments find them."""

from __future__ import annotations

import pytest

from catalog import catalog
from foundation.errors import ConfigurationError
from ingest.evidence import place
from sharing.trace import parse_key

_MEMBER = catalog().products["population.household_member"]


def test_a_key_of_one_column_is_its_value() -> None:
    person = catalog().products["population.person"]
    assert parse_key(person, "a/b,c") == {"person_id": "a/b,c"}
    assert parse_key(person, "person_id=a") == {"person_id": "a"}


@pytest.mark.parametrize(
    "text", ["H1/p1", "household_no=H1,person_id=p1", "person_id=p1,household_no=H1"]
)
def test_a_composite_key(text: str) -> None:
    assert parse_key(_MEMBER, text) == {"household_no": "H1", "person_id": "p1"}


@pytest.mark.parametrize("text", ["H1", "H1/p1/x", "household_no=H1", ""])
def test_half_a_key_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="household_no"):
        parse_key(_MEMBER, text)


def test_lines_are_named_as_clerks_find_them() -> None:
    assert place(15, "a.csv") == "15"
    assert place(10_000_015, "a.xlsx") == "工作表2!15"
    assert place(10_000_015, "a.csv") == "10000015"
    assert place(None, "a.csv") == ""
