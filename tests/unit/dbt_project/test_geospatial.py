"""Divisions in force on any date, places in the real polygons, addresses as people write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.unit.dbt_project import dbt_world, geo_world
from tests.unit.dbt_project.dbt_world import Built
from tests.unit.dbt_project.geo_world import ADDRESSES, WRITTEN, divisions_of, towns


@pytest.fixture(scope="module")
def places(world: Path) -> Built:
    return dbt_world.build(
        world, "places", geo_world.rows_with_places(), "--no-write-json",
        "--exclude-resource-type", "unit_test",
    )  # fmt: skip


def _in_force(places: Built, day: str, level: str = "村社区") -> dict[str, str]:
    rows = places.rows(
        "SELECT division_code, name FROM geospatial.division WHERE "
        f"level = '{level}' AND valid_from <= DATE '{day}' "
        f"AND (valid_to IS NULL OR valid_to > DATE '{day}')"
    )
    assert len(rows) == len({code for code, _ in rows}), "a code twice in force"
    return dict(rows)


def test_everything_builds(places: Built) -> None:
    bad = [r.node.name for r in places.result.result if str(r.status) not in ("success", "pass")]
    assert bad == []


@pytest.mark.parametrize(
    ("day", "year", "villages"),
    [("2018-12-31", "2018", 552), ("2023-12-30", "2018", 552), ("2023-12-31", "2023", 435),
     ("2024-12-31", "2023", 435), ("2030-01-01", "2023", 435)],
)  # fmt: skip
def test_two_real_lists_give_the_codes_in_force_on_any_date(
    places: Built, day: str, year: str, villages: int
) -> None:
    listed = divisions_of(year)
    for level, count in (("市", 1), ("县区", 4), ("乡镇街道", 38), ("村社区", villages)):
        found = _in_force(places, day, level)
        assert len(found) == count
        assert found == {r["division_code"]: r["name"] for r in listed if r["level"] == level}


def test_a_code_given_to_another_village_is_two_rows(places: Built) -> None:
    rows = places.rows(
        "SELECT name, valid_from, valid_to FROM geospatial.division "
        "WHERE division_code = '610202006203' ORDER BY valid_from"
    )
    assert rows == [
        ("店子坡村委会", date(2018, 12, 31), date(2023, 12, 31)),
        ("军台岭村委会", date(2023, 12, 31), None),
    ]


def test_the_change_between_the_lists_is_the_published_one(places: Built) -> None:
    both = f"valid_to = DATE '{geo_world.SECOND}' AND level = '村社区'"
    new = f"valid_from = DATE '{geo_world.SECOND}' AND level = '村社区'"
    query = "SELECT count(*) FROM geospatial.division WHERE "
    again = f"division_code IN (SELECT division_code FROM geospatial.division WHERE {new})"
    assert places.one(f"{query}{both} AND NOT {again}") == (133,)
    assert places.one(f"{query}{both} AND {again}") == (51,)
    assert places.one(f"{query}{new}") == (16 + 51,)


@pytest.mark.parametrize("day", [geo_world.THIRD, geo_world.FOURTH])
def test_an_unchanged_list_changes_nothing(places: Built, day: str) -> None:
    """Not even where it states no parents."""
    assert places.one(
        "SELECT count(*) FROM geospatial.division "
        f"WHERE valid_from = DATE '{day}' OR valid_to = DATE '{day}'"
    ) == (0,)
    stated = [r["parent_code"] for r in geo_world.rows_with_places()["geospatial__division"]
              if r["business_date"] == day]  # fmt: skip
    assert stated.count(None) == {geo_world.THIRD: 19, geo_world.FOURTH: 478}[day]


def test_a_parent_that_no_list_states_is_the_one_by_the_code(places: Built) -> None:
    assert dict(
        places.rows(
            "SELECT division_code, parent_code FROM geospatial.division WHERE valid_to IS NULL"
        )
    ) == {r["division_code"]: r["parent_code"] for r in divisions_of("2023")}


def test_retired_codes_stay_with_their_period(places: Built) -> None:
    rows = places.rows(
        "SELECT division_code, name, valid_from, valid_to, is_listed FROM geospatial.division "
        "WHERE level = '县区' ORDER BY division_code, valid_from"
    )
    assert ("610221", "耀县", date(1980, 12, 31), date(2002, 6, 1), False) in rows
    assert ("612633", "宜君县", date(1980, 12, 31), date(1983, 1, 1), False) in rows
    assert ("610202", "王益区", date(2000, 1, 1), None, True) in rows
    assert ("610204", "耀州区", date(2002, 6, 1), None, True) in rows
    assert len(rows) == 8


def test_totals_by_county_and_by_reporting_unit_equal_the_city(places: Built) -> None:
    both = places.rows(
        "SELECT registered_county_code, registered_reporting_unit_code FROM population.person "
        "WHERE registered_county_code LIKE '6102%'"
    )
    assert len(both) > 10
    units = places.rows(
        "SELECT reporting_unit_code, county_code, count(*) FROM geospatial.division "
        "WHERE valid_to IS NULL AND level = '乡镇街道' GROUP BY ALL ORDER BY ALL"
    )
    assert units == [
        ("610202", "610202", 7), ("610203", "610203", 9), ("610204", "610204", 11),
        ("610222", "610222", 8), ("LOCAL-XQ", "610204", 3),
    ]  # fmt: skip
    names = places.one(
        "SELECT city_name, county_name, township_name, reporting_unit_name "
        "FROM geospatial.division WHERE division_code = '610204003' AND valid_to IS NULL"
    )
    assert names == ("铜川市", "耀州区", "咸丰路街道", "铜川市新区")


def test_the_real_polygons_place_all_towns_in_their_counties(places: Built) -> None:
    rows = places.rows(
        "SELECT division_code, located_division_code, is_division_consistent "
        "FROM geospatial.standard_address WHERE address_code LIKE 'B%' ORDER BY division_code"
    )
    assert rows == [(code, code[:6], True) for code, _, _ in sorted(towns())]
    assert len(rows) == 38
    areas = places.rows("SELECT area_km2 FROM geospatial.division_boundary")
    assert abs(float(sum(row[0] for row in areas)) - 3882) < 3882 * 0.005


def test_a_point_in_another_county_is_objected_to(places: Built) -> None:
    assert places.rows(
        "SELECT rule_id, provider, record_key, value_seen, evidence, counterpart_record_key "
        "FROM geospatial.objection ORDER BY rule_id"
    ) == [
        ("R-GEO-51", "surveying", "A7", "610202001001", "坐标落在区划 610204", "610204"),
        ("R-GEO-52", "land_resources", "610204001001GB00002F00010001", "610204",
         "坐标落在区划 610202", "610202"),
        ("R-GEO-53", "land_resources", "610204001001GB00002F00010001", "证件号码 1 个",
         "权利人 2 个", "610204001001GB00002F00010001"),
    ]  # fmt: skip


def test_right_holders_are_linked_only_where_names_and_numbers_go_together(places: Built) -> None:
    rows = places.rows(
        "SELECT holder_position, holder_name, entity_id IS NOT NULL, person_id IS NOT NULL, "
        "link_state FROM geospatial.land_parcel_holder ORDER BY real_estate_unit_no, 1"
    )
    assert rows == [
        (1, "甲公司", True, False, "已关联"),
        (2, "新名", False, True, "已关联"),
        (1, "王五", False, False, "没有证件号码"),
        (1, "张三", False, False, "权利人与证件号码个数不同"),
        (2, "李四", False, False, "权利人与证件号码个数不同"),
    ]
    assert places.one(
        "SELECT mentions, identified, unresolved FROM intermediate.int_geospatial__reconciliation "
        "WHERE extract = 'geospatial/land_parcel'"
    ) == (5, 2, 3)


@pytest.mark.parametrize(("address", "division", "level", "code"), WRITTEN)
def test_addresses_as_people_write_them(
    places: Built, address: str, division: str, level: str, code: str | None
) -> None:
    found = places.one(
        "SELECT match_level, address_code, longitude, latitude "
        "FROM intermediate.int_geospatial__match_addresses "
        f"WHERE address = '{address}' AND stated_division_code = '{division}'"
    )
    assert found[:2] == (level, code)
    told = {row["address_code"]: (row["longitude"], row["latitude"]) for row in ADDRESSES}
    point = (None, None) if found[2] is None else (f"{found[2]:.2f}", f"{found[3]:.2f}")
    assert point == (told[code] if code else (None, None))


def test_a_person_has_the_coordinates_of_a_matched_house_alone(places: Built) -> None:
    matched = sum(code is not None for *_, code in WRITTEN)
    assert places.one(
        "SELECT count(longitude), count(latitude), "
        "count(*) FILTER (WHERE address_match_level = 'house_number') FROM population.person"
    ) == (matched, matched, matched)
