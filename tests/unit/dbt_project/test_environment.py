"""Air, water and emissions: the models against slow references and hand-checked tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.dbt_project import air_reference as slow
from tests.unit.dbt_project.dbt_world import Built
from tests.unit.dbt_project.environment_world import AIR, WATER, Bench, air_row, water_row

COLUMNS = {"SO2": "so2", "NO2": "no2", "PM10": "pm10", "PM2.5": "pm25", "CO": "co", "O3": "o3"}
HOURLY, DAILY, ANNUAL = (
    f"environment__air_quality_{name}" for name in ("hourly", "daily", "annual")
)
Hours = dict[datetime, dict[str, Fraction]]


@pytest.fixture(scope="session")
def bench(city: Built, world: Path) -> Bench:
    return Bench(city, world / "city.duckdb")


def _scaled(value: Fraction | None) -> Decimal | None:
    """As the tables keep means: ten decimals."""
    if value is None:
        return None
    told = slow.half_even(value, 10)
    return Decimal(told.numerator) / Decimal(told.denominator)


def _load(bench: Bench, stations: Mapping[str, Hours]) -> None:
    rows = [
        air_row(station, moment, n, **{COLUMNS[p]: _decimal(v) for p, v in values.items()})
        for station, hours in stations.items()
        for n, (moment, values) in enumerate(hours.items())
    ]
    bench.load("air_quality_hourly", AIR, rows)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


_NEAR = (Fraction(-1, 10**6), Fraction(0), Fraction(1, 10**6))
_EDGES = [
    at + d for points in slow.TABLE_2012.values() for at in points for d in _NEAR if at + d >= 0
]
_VALUES = st.one_of(
    st.integers(0, 60).map(Fraction), st.integers(0, 900).map(Fraction),
    st.integers(0, 3000).map(lambda n: Fraction(n, 10)), st.sampled_from(_EDGES),
)  # fmt: skip


@st.composite
def _stations(draw: st.DrawFn) -> dict[str, Hours]:
    """Stations over some days, with hours and single values missing at random."""
    start = draw(st.sampled_from([datetime(2018, 3, 1), datetime(2026, 2, 28)]))
    found = {}
    for name in "AB"[: draw(st.integers(1, 2))]:
        rng = draw(st.randoms(use_true_random=False))
        gaps, holes = draw(st.sampled_from([0.0, 0.1, 0.3])), draw(st.sampled_from([0.0, 0.05]))
        some = draw(st.lists(_VALUES, min_size=6, max_size=12))
        hours: Hours = {}
        for n in range(1, 24 * draw(st.integers(1, 3)) + 1):
            if rng.random() >= gaps:
                hours[start + n * slow.HOUR] = {
                    p: rng.choice(some) for p in slow.POLLUTANTS if rng.random() >= holes
                }
        if hours:
            found[name] = hours
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_stations().filter(bool))
def test_sliding_means_and_hourly_indices_equal_the_slow_reference(
    bench: Bench, stations: dict[str, Hours]
) -> None:
    _load(bench, stations)
    bench.build(HOURLY)
    made = bench.rows("FROM warehouse.environment.air_quality_hourly")
    assert len(made) == sum(len(h) for h in stations.values())
    for row in made:
        hours, end = stations[row["station_code"]], row["observed_at"]
        for pollutant, column in COLUMNS.items():
            if pollutant != "O3":
                unit = "mg_m3" if pollutant == "CO" else "ug_m3"
                wanted = slow.sliding(hours, end, pollutant, 24, 20)
                assert row[f"{column}_24h_{unit}"] == _scaled(wanted)
        assert row["o3_8h_ug_m3"] == _scaled(slow.sliding(hours, end, "O3", 8, 6))
        known = slow.hour(hours, end)
        assert {p: row[f"iaqi_{c}"] for p, c in COLUMNS.items() if row[f"iaqi_{c}"] is not None} \
            == known  # fmt: skip
        told = (row["aqi"], row["primary_pollutant"])
        assert told == slow.index(known, slow.day_of(end))
        assert row["is_complete"] == (len(hours[end]) == 6)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_stations().filter(bool))
def test_days_of_stations_and_city_equal_the_slow_reference(
    bench: Bench, stations: dict[str, Hours]
) -> None:
    _load(bench, stations)
    bench.build(HOURLY, DAILY)
    made = bench.rows("FROM warehouse.environment.air_quality_daily")
    days = {(s, slow.day_of(m)) for s, hours in stations.items() for m in hours}
    days |= {("610200", day) for _, day in days}
    assert {(r["station_code"], r["observed_date"]) for r in made} == days
    for row in made:
        day = row["observed_date"]
        of_stations = {
            s: slow.averages(h, day) for s, h in stations.items()
            if any(slow.day_of(m) == day for m in h)
        }  # fmt: skip
        if row["is_city"]:
            told: dict[tuple[str, str], Fraction] = {}
            for what in {k for some in of_stations.values() for k in some}:
                there = [some[what] for some in of_stations.values() if what in some]
                told[what] = sum(there, Fraction(0)) / len(there)
            assert row["stations"] == len(of_stations)
        else:
            told = of_stations[row["station_code"]]
            assert row["o3_8h_means"] == slow.ozone(stations[row["station_code"]], day)[1]
        assert row["pm25_ug_m3"] == _scaled(told.get(("PM2.5", "24h")))
        assert row["co_mg_m3"] == _scaled(told.get(("CO", "24h")))
        assert row["o3_8h_max_ug_m3"] == _scaled(told.get(("O3", "8h")))
        known = slow.daily(told, day)
        assert {p: row[f"iaqi_{c}"] for p, c in COLUMNS.items() if row[f"iaqi_{c}"] is not None} \
            == known  # fmt: skip
        assert (row["aqi"], row["primary_pollutants"]) == slow.index(known, day)
        assert row["is_valid"] == (len({p for p, _ in told}) == 6)


@pytest.mark.parametrize(
    ("day", "values", "aqi", "leading", "category"),
    [
        # IAQI 50 to the point, and a millionth above it
        ("2018-03-05", {"pm25": "35"}, 50, None, "优"),
        ("2018-03-05", {"pm25": "35.000001"}, 51, "PM2.5", "良"),
        ("2018-03-05", {"pm25": "75", "pm10": "150"}, 100, "PM10,PM2.5", "良"),
        ("2018-03-05", {"pm25": "75.1"}, 101, "PM2.5", "轻度污染"),
        ("2018-03-05", {"o3": "160", "no2": "100"}, 50, None, "优"),
        ("2018-03-05", {"co": "5.1"}, 51, "CO", "良"),
        ("2018-03-05", {"pm10": "601"}, 500, "PM10", "严重污染"),
        ("2018-03-05", {"so2": "801", "no2": "10"}, 5, None, "优"),
        # before the first edition nothing is known
        ("2015-12-31", {"pm25": "35"}, None, None, None),
        # 2026: narrower, rounded first (35.5 to 36, 34.5 to 34), published above 100 or complete
        ("2026-03-01", {"pm25": "60.4"}, None, None, None),
        ("2026-03-01", {"pm25": "61"}, 101, "PM2.5", "轻度污染"),
        ("2026-02-28", {"pm25": "61"}, 83, "PM2.5", "良"),
        ("2026-03-01", {"pm25": "121", "so2": "801"}, 200, "SO2", "中度污染"),
        ("2026-03-01", {"so2": "1", "no2": "1", "pm10": "1", "co": "1", "o3": "1", "pm25": "34.5"},
         49, None, "优"),
        ("2026-03-01", {"so2": "1", "no2": "1", "pm10": "1", "co": "1", "o3": "1", "pm25": "35.5"},
         52, "PM2.5", "良"),
        ("2026-03-01", {"so2": "1", "no2": "1", "pm10": "120", "co": "1", "o3": "1", "pm25": "60"},
         100, "PM10,PM2.5", "良"),
    ],
)  # fmt: skip
def test_hand_checked_hours(
    bench: Bench, day: str, values: dict[str, str], aqi: int | None, leading: str | None,
    category: str | None,
) -> None:  # fmt: skip
    bench.load("air_quality_hourly", AIR, [air_row("A", f"{day} 12:00:00", 1, **values)])
    bench.build(HOURLY)
    (row,) = bench.rows("FROM warehouse.environment.air_quality_hourly")
    assert (row["aqi"], row["primary_pollutant"], row["aqi_category"]) == (aqi, leading, category)


def test_midnight_belongs_to_the_day_that_ends(bench: Bench) -> None:
    rows = [air_row("A", f"2026-03-01 {h:02d}:00:00", h, pm25="61") for h in (0, 1)]
    bench.load("air_quality_hourly", AIR, rows)
    bench.build(HOURLY)
    made = bench.rows("FROM warehouse.environment.air_quality_hourly ORDER BY observed_at")
    assert [(r["observed_date"], r["aqi_standard"], r["aqi"]) for r in made] == [
        (date(2026, 2, 28), "HJ633-2012", 83), (date(2026, 3, 1), "HJ633-2026", 101),
    ]  # fmt: skip


def test_stations_of_other_cities_are_not_in_the_mean_of_the_city(bench: Bench) -> None:
    rows = [
        air_row(station, datetime(2018, 3, 5) + n * slow.HOUR, n, pm25=value, area_name=area)
        for station, value, area in (("A", 10, "铜川市"), ("B", 21, "铜川市"), ("X", 90, "西安市"))
        for n in range(1, 25)
    ]
    bench.load("air_quality_hourly", AIR, rows)
    bench.build(HOURLY, DAILY)
    made = bench.rows("FROM warehouse.environment.air_quality_daily ORDER BY station_code")
    assert [(r["station_code"], r["pm25_ug_m3"], r["stations"], r["is_valid"]) for r in made] == [
        ("610200", Decimal("15.5"), 2, False), ("A", 10, 1, False), ("B", 21, 1, False),
        ("X", 90, 1, False),
    ]  # fmt: skip


def _year(bench: Bench, year: int, days: int, **values: Any) -> dict[str, dict[str, Any]]:
    rows = []
    for day in range(days):
        start = datetime(year, 1, 1) + timedelta(days=day)
        told = {name: given(day) if callable(given) else given for name, given in values.items()}
        rows += [
            f"('A', TIMESTAMP '{start + n * slow.HOUR}', 'A', '铜川市', 'environment', 'd', {n}, "
            f"false, {', '.join(str(told.get(c, 'NULL')) for c in COLUMNS.values())})"
            for n in range(1, 25)
        ]
    table = "warehouse.staging.stg_environment__air_quality_hourly"
    bench.load("air_quality_hourly", AIR, [air_row("Z", "2001-01-01", 1)])
    bench.connection.execute(
        f"INSERT INTO {table} (station_code, observed_at, station_name, area_name, provider, "
        f"delivery_id, line, is_corrected, {', '.join(COLUMNS.values())}) VALUES {', '.join(rows)}"
    )
    bench.build(HOURLY, DAILY, ANNUAL)
    made = bench.rows(
        f"FROM warehouse.environment.air_quality_annual WHERE observed_year = {year} "
        "AND station_code = 'A'"
    )
    return {row["pollutant"]: row for row in made}


def test_a_year_after_hj_663(bench: Bench) -> None:
    made = _year(
        bench, 2018, 365, so2=lambda d: d % 61, no2=41, pm10=lambda d: 2 * (d % 71), pm25="35.5",
        co=lambda d: f"{d % 45}.0 / 10", o3=lambda d: 5 * (d % 37),
    )  # fmt: skip
    assert {(r["days"], r["valid_months"], r["is_valid"]) for r in made.values()} == {
        (365, 12, True)
    }
    values = {
        "SO2": [Fraction(d % 61) for d in range(365)],
        "PM10": [Fraction(2 * (d % 71)) for d in range(365)],
        "CO": [Fraction(d % 45, 10) for d in range(365)],
        "O3": [Fraction(5 * (d % 37)) for d in range(365)],
    }
    for name, rank in (("SO2", 98), ("PM10", 95), ("CO", 95), ("O3", 90)):
        row, places = made[name], 1 if name == "CO" else 0
        told = slow.percentile(values[name], rank)
        assert (row["percentile_rank"], row["percentile_unrounded"]) == (rank, _scaled(told))
        assert row["percentile_value"] == _decimal(slow.half_even(told, places))
        mean = sum(values[name], Fraction(0)) / 365
        assert row["mean_unrounded"] == _scaled(mean)
        assert row["mean_value"] == _decimal(slow.half_even(mean, places))
    told = {name: (r["mean_limit"], r["percentile_limit"], r["is_compliant"])
            for name, r in made.items()}  # fmt: skip
    assert told == {
        "SO2": (60, 150, True), "NO2": (40, 80, False), "PM10": (70, 150, True),
        "PM2.5": (35, 75, False),  # 35.5 is rounded to the even 36
        "CO": (None, 4, False), "O3": (None, 160, True),
    }  # fmt: skip
    assert {r["is_place_compliant"] for r in made.values()} == {False}


def test_a_year_needs_its_days_and_its_months(bench: Bench) -> None:
    made = _year(bench, 2018, 340, pm25=10)
    row = made["PM2.5"]
    assert (row["days"], row["valid_months"], row["is_valid"], row["is_compliant"]) == (
        340, 11, False, None,
    )  # fmt: skip


def test_limits_follow_the_years_and_unknown_ones_are_not_guessed(bench: Bench) -> None:
    made = _year(bench, 2027, 365, pm25="29.5", pm10=10)
    assert (made["PM2.5"]["mean_value"], made["PM2.5"]["mean_limit"]) == (30, 30)
    assert (made["PM2.5"]["is_compliant"], made["PM10"]["is_compliant"]) == (True, None)
    assert made["PM10"]["is_valid"]
    made = _year(bench, 2031, 365, pm25="29.5")
    assert (made["PM2.5"]["mean_limit"], made["PM2.5"]["is_compliant"]) == (25, False)


# GB 3838-2002 by hand: samples of one section, class, worst items.
CLASSES = [
    ({"溶解氧": "7.5", "氨氮": "0.15"}, "Ⅰ", "溶解氧、氨氮"),
    ({"溶解氧": "7.49", "氨氮": "0.15"}, "Ⅱ", "溶解氧"),
    ({"溶解氧": "8", "氨氮": "0.151"}, "Ⅱ", "氨氮"),
    ({"溶解氧": "5", "高锰酸盐指数": "6"}, "Ⅲ", "溶解氧、高锰酸盐指数"),
    ({"溶解氧": "4.9", "化学需氧量": "15"}, "Ⅳ", "溶解氧"),
    ({"化学需氧量": "40", "氨氮": "2.0"}, "Ⅴ", "化学需氧量、氨氮"),
    ({"化学需氧量": "40.1", "氨氮": "0.1"}, "劣Ⅴ", "化学需氧量"),
    ({"溶解氧": "1.9"}, "劣Ⅴ", "溶解氧"),
    ({"pH值": "6"}, "Ⅰ", "pH值"),
    ({"pH值": "9"}, "Ⅰ", "pH值"),
    ({"pH值": "9.1"}, "劣Ⅴ", "pH值"),
    ({"pH值": "5.99"}, "劣Ⅴ", "pH值"),
    ({"总磷": "0.1"}, "Ⅱ", "总磷"),
    ({"总磷": "0.4"}, "Ⅴ", "总磷"),
    ({"总磷": "0.41"}, "劣Ⅴ", "总磷"),
    # half of the limit of detection stands in for the value
    ({"挥发酚": "<0.004", "石油类": "0.05"}, "Ⅰ", "挥发酚、石油类"),
    ({"挥发酚": "<0.01"}, "Ⅲ", "挥发酚"),
    ({"汞": "0.00005"}, "Ⅰ", "汞"),
    ({"汞": "0.00006"}, "Ⅲ", "汞"),
    ({"镉": "0.005"}, "Ⅱ", "镉"),
    # not assessed
    ({"总氮": "9", "粪大肠菌群": "90000", "水温": "31", "氨氮": "0.5"}, "Ⅱ", "氨氮"),
    ({"总氮": "9"}, None, None),
]


@pytest.mark.parametrize(("samples", "water_class", "worst"), CLASSES)
def test_classes_of_rivers_by_hand(
    bench: Bench, samples: dict[str, str], water_class: str | None, worst: str | None
) -> None:
    units = {"pH值": "无量纲", "水温": "℃", "粪大肠菌群": "个/L"}
    rows = [
        water_row("S", item, text, n, unit=units.get(item, "mg/L"), target_class="Ⅲ")
        for n, (item, text) in enumerate(samples.items())
    ]
    bench.load("surface_water", WATER, rows)
    bench.build("environment__surface_water_sample", "environment__surface_water")
    (row,) = bench.rows("FROM warehouse.environment.surface_water")
    assert (row["water_class"], row["worst_items"]) == (water_class, worst)
    wanted = None if water_class is None else water_class in ("Ⅰ", "Ⅱ", "Ⅲ")
    assert (row["is_on_target"], row["is_complete"]) == (wanted, False)


def test_lakes_have_their_own_phosphorus_and_micrograms_are_converted(bench: Bench) -> None:
    rows = [
        water_row("S", "总磷", "0.05", 1, river_name="桃曲坡水库"),
        water_row("S", "汞", "0.04", 2, river_name="桃曲坡水库", unit="μg/L", target_class="Ⅱ"),
        water_row("T", "总磷(湖库)", "50", 3, unit="μg/L", target_class="Ⅱ"),
        water_row("U", "总磷", "0.05", 4, target_class="Ⅱ"),
        water_row("U", "铜", "<0.002", 5, target_class="Ⅲ"),
    ]
    bench.load("surface_water", WATER, rows)
    bench.build("environment__surface_water_sample", "environment__surface_water")
    made = bench.rows("FROM warehouse.environment.surface_water ORDER BY section_code")
    assert [(r["water_body"], r["water_class"], r["target_class"], r["is_on_target"])
            for r in made] == [
        ("湖库", "Ⅲ", "Ⅱ", False), ("河流", "Ⅲ", "Ⅱ", False), ("河流", "Ⅱ", None, None),
    ]  # fmt: skip
    samples = bench.rows("FROM warehouse.environment.surface_water_sample ORDER BY line")
    assert [(s["value"], s["unit"], s["is_below_detection"], s["detection_limit"])
            for s in samples] == [
        (Decimal("0.05"), "mg/L", False, None), (Decimal("0.00004"), "mg/L", False, None),
        (Decimal("0.05"), "mg/L", False, None), (Decimal("0.05"), "mg/L", False, None),
        (Decimal("0.001"), "mg/L", True, Decimal("0.002")),
    ]  # fmt: skip


def test_exceedances_name_the_entity_or_say_that_there_is_none(city: Built) -> None:
    assert city.rows(
        "SELECT x.outlet_code, e.name, link_status, concentration, times_over "
        "FROM environment.emission_exceedance x LEFT JOIN legal_entity.legal_entity e "
        "USING (entity_id) ORDER BY 1"
    ) == [
        ("O1", "甲公司", "已关联", Decimal("50.000001"), Decimal("0.0000")),
        ("O5", None, "法人库中没有", Decimal(90), Decimal("0.8000")),
    ]  # fmt: skip
    assert city.one("SELECT count(*), count(*) FILTER (WHERE is_valid) "
                    "FROM environment.emission_monitoring") == (5, 3)  # fmt: skip
    assert city.rows(
        "SELECT extract, raw_rows, current_records "
        "FROM intermediate.int_environment__reconciliation WHERE raw_rows > 0"
    ) == [("environment/emission_monitoring", 5, 5)]
