"""A published hour of the national feed, against what a night makes of it.

Not a ratio but a count: the file is dropped as it was published, a night takes it in, and the
released `environment.air_quality_hourly` is compared with the AQI, level and primary pollutants in
the file, station by station. The feed may not be carried in this repository: give its path.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.machine import show
from benchmarks.nightly import night
from foundation.paths import DataRoot

_PROVIDER, _EXTRACT = "environment", "air_quality_hourly"
# The names of the feed; 1 h ozone is what the hourly index takes.
_COMPARED = """
WITH names AS (
    SELECT MAP {'颗粒物(PM10)': 'PM10', '细颗粒物(PM2.5)': 'PM2.5', '臭氧1小时': 'O3',
        '二氧化硫': 'SO2', '二氧化氮': 'NO2', '一氧化碳': 'CO'} AS names
), told AS (
    SELECT stationcode, TRY_CAST(aqi AS INTEGER) AS aqi, quality,
        list_sort(list_transform(
            string_split(nullif(primarypollutant, '-;'), ','), lambda name: names[name]
        )) AS primaries
    FROM read_csv(?, header = true, all_varchar = true), names
), made AS (
    SELECT station_code, aqi, aqi_category,
        list_sort(string_split(primary_pollutant, ',')) AS primaries
    FROM read_parquet(?)
)
SELECT count(*) FILTER (told.aqi IS NOT NULL),
    count(*) FILTER (told.aqi IS NOT NULL AND made.aqi IS NOT DISTINCT FROM told.aqi),
    count(*) FILTER (told.aqi IS NOT NULL AND made.aqi_category IS NOT DISTINCT FROM told.quality),
    count(*) FILTER (told.aqi IS NOT NULL AND made.primaries IS NOT DISTINCT FROM told.primaries),
    count(*) FILTER (len(told.primaries) > 1),
    count(*) FILTER (told.aqi IS NULL), count(*) FILTER (told.aqi IS NULL AND made.aqi IS NOT NULL)
FROM told LEFT JOIN made ON told.stationcode = made.station_code
"""


def run(*, feed: Path) -> None:
    """Drop the file, run the night, print how many stations agree.

    Raises:
        SystemExit: an index, level or primary pollutant is not the published one.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="tongchuan-air-") as place:
        root = DataRoot(Path(place) / "data")
        with duckdb.connect() as connection:
            query = "SELECT min(timepoint)::DATE FROM read_csv(?, header = true)"
            (day,) = connection.execute(query, [str(feed)]).fetchone() or (None,)
        if not isinstance(day, date):
            raise SystemExit(f"{feed}: no timepoint")
        target = root.inbox / _PROVIDER / "environment" / _EXTRACT / f"feed_{day:%Y%m%d}.csv"
        target.parent.mkdir(parents=True)
        shutil.copyfile(feed, target)
        night(root, day)
        number = (root.published / "CURRENT").read_text().strip()
        made = root.published / "releases" / number / f"{_PROVIDER}.{_EXTRACT}.parquet"
        with duckdb.connect() as connection:
            found = connection.execute(_COMPARED, [str(feed), str(made)]).fetchone()
    assert found is not None
    published, indices, levels, primaries, ties, without, invented = map(int, found)
    show(
        f"published air: {feed.name}, {published} stations with an index, {without} without",
        ["", "as published", "of"],
        [
            ["AQI", str(indices), str(published)],
            ["level", str(levels), str(published)],
            [f"primary pollutants ({ties} ties among them)", str(primaries), str(published)],
            ["no index where none was published", str(without - invented), str(without)],
        ],
    )
    if not indices == levels == primaries == published:
        raise SystemExit("not every published value is reproduced")
