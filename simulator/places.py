"""Places: divisions of the city as the list of 2018 has them, addresses, prefixes elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from catalog import catalog
from simulator.arrays import Days, Ints, ints, years_months_days
from simulator.randomness import weighted

CITY = 610200
COUNTIES = {610202: ("王益区", 0.22), 610203: ("印台区", 0.24), 610204: ("耀州区", 0.43),
            610222: ("宜君县", 0.11)}  # fmt: skip
_PROVINCES = {"61": 50.0, "41": 14.0, "51": 9.0, "62": 9.0, "14": 5.0, "42": 4.0, "37": 3.0,
              "34": 2.0, "32": 1.0, "11": 1.0, "44": 1.0, "65": 1.0}  # fmt: skip
_ROADS = ["红旗街", "七一路", "正阳路", "铁诺南路", "朝阳路", "长虹北路", "华原东道", "咸丰路",
          "鸿基路", "川口路", "同官路", "文昌街", "步寿路", "裕丰园路"]  # fmt: skip
_ESTATES = ["阳光小区", "金华佳苑", "锦绣花园", "矿务局家属院", "水泥厂家属院", "新世纪小区"]
# A spot is a house: village, road (or group of a rural village) and number, in one integer.
SPOT_MARK = "\x1f"
HOUSES, GROUPS, FIRST_GROUP, WAYS, HOUSE_STEP = 40, 4, 20, 100, 10_000
_GENERIC = {"市辖区", "县", "郊区", "城区", "矿区", "省直辖县级行政区划"}


@dataclass(frozen=True)
class Villages:
    """Villages and communities of the city, one row each, and the chance of living there."""

    table: pl.DataFrame
    weights: tuple[float, ...]

    def draw(self, rng: np.random.Generator, size: int) -> Ints:
        """Row numbers of villages, as populous as they are."""
        return weighted(rng, list(self.weights), size)


@lru_cache(maxsize=1)
def villages() -> Villages:
    """The villages of the list of 2018."""
    rows = [r for r in catalog().code_list("division").rows if r["first_list"] == "2018"]
    names = {r["code"]: r["name"] for r in rows}
    found = [r for r in rows if r["level"] == "village"]
    table = pl.DataFrame(
        {
            "code": [r["code"] for r in found],
            "county": [int(r["code"][:6]) for r in found],
            "county_name": [COUNTIES[int(r["code"][:6])][0] for r in found],
            "town_name": [names[r["code"][:9]].removesuffix("办事处") for r in found],
            "village_name": [r["name"].removesuffix("委会").removesuffix("居") for r in found],
            # 001-199 are communities of towns, 200-399 villages.
            "is_urban": [r["code"][9:] < "200" for r in found],
        }
    ).with_columns(
        row=pl.int_range(pl.len()),
        # Communities of one town share its two roads, each with house numbers of its own.
        first_road=pl.col("code").str.head(9).rank("dense").cast(pl.Int64) * 2 % len(_ROADS),
        first_house=pl.int_range(pl.len()).over(pl.col("code").str.head(9)) * HOUSES,
    )
    size = table.select(pl.when("is_urban").then(4.0).otherwise(1.0).alias("w"))["w"]
    total = table.with_columns(w=size).with_columns(s=pl.col("w").sum().over("county"))
    share = total["county"].replace_strict({k: v[1] for k, v in COUNTIES.items()})
    return Villages(table, tuple((total["w"] / total["s"] * share).to_list()))


def addresses(rng: np.random.Generator, village: Ints) -> pl.DataFrame:
    """`division_code` (12 digits), `county`, full `address` and `area` of each village drawn.

    The address ends with `SPOT_MARK` and the number of its spot (see `spots`), which the books
    take off when they write a row.
    """
    size = len(village)
    number = ints(rng.integers(1, HOUSES + 1, size))
    which, group = rng.integers(0, 2, size), ints(rng.integers(1, GROUPS + 1, size))
    table = villages().table[village]
    road = (table["first_road"].to_numpy() + which) % len(_ROADS)
    is_urban = table["is_urban"].to_numpy()
    house = np.where(is_urban, table["first_house"].to_numpy() + number, number)
    way = np.where(is_urban, road, FIRST_GROUP + group)
    spot = (table["row"].to_numpy() * WAYS + way) * HOUSE_STEP + house
    frame = table.with_columns(
        road=pl.Series(_ROADS, dtype=pl.String).gather(road),
        estate=pl.Series(_ESTATES, dtype=pl.String).gather((road + village) % len(_ESTATES)),
        house=pl.Series(house).cast(pl.String),
        spot=pl.Series(spot).cast(pl.String),
        block=pl.Series(rng.integers(1, 19, size)).cast(pl.String),
        unit=pl.Series(rng.integers(1, 5, size)).cast(pl.String),
        room=pl.Series(rng.integers(1, 7, size) * 100 + rng.integers(1, 5, size)).cast(pl.String),
        group=pl.Series(group).cast(pl.String),
    )
    head = pl.lit("陕西省铜川市") + pl.col("county_name") + pl.col("town_name")
    urban = pl.concat_str("road", "house", pl.lit("号"), "estate", "block", pl.lit("号楼"),
                          "unit", pl.lit("单元"), "room", pl.lit("室"))  # fmt: skip
    rural = pl.concat_str("village_name", "group", pl.lit("组"), "house", pl.lit("号"))
    place = pl.when("is_urban").then(urban).otherwise(rural)
    return frame.select(
        division_code=pl.col("code"),
        county=pl.col("county"),
        address=head + place + SPOT_MARK + pl.col("spot"),
        area=pl.col("county_name") + pl.col("town_name"),
    )


def describe_spots(spots: Ints) -> pl.DataFrame:
    """The parts of the standard address of each spot, by `spot`.

    Returns:
        `spot`, `division_code` (12 digits), `street`, `house_number`, `compound`, `full_address`,
        and `row` of its village.
    """
    row, rest = np.divmod(spots, WAYS * HOUSE_STEP)
    way, house = np.divmod(rest, HOUSE_STEP)
    table = villages().table[row]
    road = pl.Series(_ROADS, dtype=pl.String).gather(np.minimum(way, len(_ROADS) - 1))
    estate = pl.Series(_ESTATES, dtype=pl.String).gather((way + row) % len(_ESTATES))
    number = pl.Series(house).cast(pl.String) + "号"
    group = pl.Series(np.maximum(way - FIRST_GROUP, 0)).cast(pl.String) + "组"
    frame = table.with_columns(road=road, estate=estate, number=number, group=group)
    is_urban = pl.col("is_urban")
    head = pl.lit("陕西省铜川市") + pl.col("county_name") + pl.col("town_name")
    house_number = pl.when(is_urban).then("number").otherwise(pl.col("group") + pl.col("number"))
    street = pl.when(is_urban).then("road")
    place = pl.when(is_urban).then("road").otherwise("village_name")
    return frame.with_columns(spot=pl.Series(spots), house_number=house_number).select(
        "spot", "row", "house_number", division_code="code", street=street,
        compound=pl.when(is_urban).then("estate"),
        full_address=head + place + pl.col("house_number"),
    )  # fmt: skip


def home_prefixes(rng: np.random.Generator, county: Ints, birth: Days) -> Ints:
    """First six digits of people born here: the code of the county when numbers were given.

    Numbers were first given in 1984; 耀县 was 610221 until 2002, and a few old numbers of 宜君
    still carry 612633, its code before 1983.
    """
    year, month, _ = years_months_days(birth)
    before = (year * 100 + month) < 200206
    prefix = np.where((county == 610204) & before, 610221, county)
    old = (county == 610222) & (year <= 1983) & (rng.random(len(county)) < 0.1)
    return ints(np.where(old, 612633, prefix))


@lru_cache(maxsize=1)
def _elsewhere() -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = catalog().code_list("division_history").rows
    table = pl.DataFrame(list(rows)).filter(
        ~pl.col("code").str.ends_with("00"),
        ~pl.col("code").str.starts_with("6102"),
        ~pl.col("name").is_in(list(_GENERIC)),
        pl.col("code").str.head(2).is_in(list(_PROVINCES)),
    )
    first, last = pl.col("first_revision"), pl.col("last_revision")
    standing = table.filter(first <= "198412", last >= "201804").unique("code").sort("code")
    retired = table.filter(first <= "198412", last.is_between(pl.lit("199001"), pl.lit("201012")))
    gone = retired.filter(~pl.col("code").is_in(standing["code"].to_list()))
    return standing, gone.unique("code").sort("code")


def other_prefixes(rng: np.random.Generator, birth: Days) -> tuple[Ints, pl.Series]:
    """First six digits of people from elsewhere, and the division code valid today or then.

    People born in 1960-1984 may carry a county's code that was retired later.
    """
    standing, retired = _elsewhere()
    weights = standing["code"].str.head(2).replace_strict(_PROVINCES)
    shares = (weights / standing.select(pl.len().over(pl.col("code").str.head(2)))["len"]).to_list()
    size = len(birth)
    year, _, _ = years_months_days(birth)
    index = weighted(rng, shares, size)
    other = rng.integers(0, len(retired), size)
    is_old = (year >= 1960) & (year <= 1984) & (rng.random(size) < 0.15)
    now = ints(standing["code"].cast(pl.Int64).to_numpy())[index]
    then = ints(retired["code"].cast(pl.Int64).to_numpy())[other]
    prefix = ints(np.where(is_old, then, now))
    return prefix, pl.Series(prefix).cast(pl.String)
