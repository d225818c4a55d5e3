"""Counterexamples of the environment: R-AIR, R-WAT."""

from __future__ import annotations

from tests.counterexamples.case import Case
from tests.unit.ingest.ingest_world import csv_bytes, row

AIR, WATER = "environment/air_quality_hourly", "environment/surface_water"
EMISSION = "environment/emission_monitoring"
_FEED = (
    "timepoint,area,positionname,stationcode,pm2_5,pm10,so2,no2,co,o3,o3_24h\n"
    "2018-03-29T16:00:00,铜川市,甲,A1,1,2,3,4,0.5,150,150\n"
    "2018-03-29T16:00:00,铜川市,乙,A2,1,2,3,4,0.5,149,150\n"
)


def wrong(rule: str, name: str, extract: str, column: str, action: str = "reject", **changed: str
          ) -> Case:  # fmt: skip
    """A good row and one that breaks the rule."""
    goes_back = action == "reject"
    return Case(
        rule, name, lambda _city: csv_bytes(extract, [row(extract, 1), row(extract, 2, **changed)]),
        (2, 1, 1, 0) if goes_back else (2, 2, 0, 0), extract=extract,
        rules=((rule, action, column, 1),),
        returned=(("3", column, rule),) if goes_back else (),
    )  # fmt: skip


CASES = [
    wrong("R-AIR-01", "half-past", AIR, "observed_at", observed_at="2018-03-29 02:30"),
    wrong("R-AIR-03", "coarse-below-fine", AIR, "pm10", "warn", pm10="9", pm25="10"),
    Case("R-AIR-02", "ozone-above-its-maximum", lambda _city: _FEED.encode(), (2, 2, 0, 0),
         extract=AIR, rules=(("R-AIR-02", "blank", "o3", 1),)),
    wrong("R-WAT-01", "not-detected", WATER, "value_text", value_text="未检出"),
    wrong("R-WAT-03", "acid-without-point", WATER, "value_text", item_name="pH值", unit="",
          value_text="70"),
    wrong("R-WAT-02", "unit-of-another-item", WATER, "unit", unit="℃"),
    wrong("R-WAT-02", "no-unit", WATER, "unit", unit=""),
    wrong("R-VAL-15", "limit-of-zero", EMISSION, "limit_value", limit_value="0"),
]  # fmt: skip
