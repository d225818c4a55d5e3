"""The truth about places: where each standard address lies, and which house an address means."""

from __future__ import annotations

import polars as pl

from simulator import places
from simulator.arrays import ints
from simulator.firms import ENTERPRISE
from simulator.territory import (
    ADDRESS,
    address_codes,
    is_listed,
    located,
    stated_divisions,
)
from simulator.town import Town

_VILLAGE = places.WAYS * places.HOUSE_STEP


def standard_addresses(town: Town, hits: pl.DataFrame) -> pl.DataFrame:
    """Every house of the library as `geospatial.standard_address` should tell it.

    Args:
        hits: damage of all deliveries.
    """
    rows = town.books.table(ADDRESS).select("address_code", "_night")
    meant = pl.concat(town.books.meant)["spot"].unique().sort()
    spots = meant.filter(is_listed(meant))
    x, y = located(ints(spots.to_numpy()))
    parts = places.describe_spots(ints(spots.to_numpy())).select(
        "street", "house_number", "compound", "full_address",
        address_code=address_codes(spots), division_code=stated_divisions(spots),
        longitude=pl.Series(x), latitude=pl.Series(y), located_division_code="division_code",
    )  # fmt: skip
    bad = hits.filter(pl.col("extract") == ADDRESS, ~pl.col("is_harmless"))["record_key"]
    return (
        rows.join(parts, on="address_code", how="left", validate="1:1", maintain_order="left")
        .with_columns(
            is_division_consistent=pl.col("division_code") == pl.col("located_division_code"),
            is_fully_delivered=~pl.col("address_code").is_in(bad.unique().implode()),
        )
        .rename({"_night": "night"})
    )


def address_matches(town: Town) -> pl.DataFrame:
    """Which house each delivered address means, and how finely the text and the library say it.

    `address_code` is where the subject lives, whether or not that can be known; `level` is the
    finest level at which a careful reader can match the text to the library: house_number, street,
    village, township or none.
    """
    meant = pl.concat(town.books.meant)
    meant = meant.with_columns(
        pl.Series("address_code", address_codes(meant["spot"])),
        pl.Series("is_listed", is_listed(meant["spot"])),
        way=pl.col("spot") // places.HOUSE_STEP % places.WAYS,
        division_code=places.villages().table["code"].gather(meant["spot"] // _VILLAGE),
    )
    known = meant.filter("is_listed").select(pl.col("division_code").str.head(9), "way").unique()
    has_street = (
        meant.select(pl.col("division_code").str.head(9), "way")
        .join(known.with_columns(has_street=True), on=["division_code", "way"], how="left",
              maintain_order="left")["has_street"].fill_null(False)
    )  # fmt: skip
    is_urban = pl.col("way") <= places.FIRST_GROUP
    coarser = pl.when(~is_urban).then(pl.lit("village")).when(pl.Series(has_street)).then(
        pl.lit("street")
    ).otherwise(pl.lit("township"))  # fmt: skip
    level = pl.when((pl.col("said") == "house_number") & ~pl.col("is_listed")).then(coarser)
    numbers = town.people.select(_pid="pid", resident_id="resident_id")
    codes = town.books.table(ENTERPRISE).filter(pl.col("uscc").is_not_null())
    codes = codes.sort("_night").unique("_eid", keep="last", maintain_order=True)
    return (
        meant.with_columns(level=level.otherwise("said"))
        .join(numbers, on="_pid", how="left", maintain_order="left")
        .join(codes.select("_eid", "uscc"), on="_eid", how="left", maintain_order="left")
        .select(
            "extract", "attribute", "resident_id", "uscc", "address", "division_code",
            "address_code", "is_listed", "level", night="_night",
        )
        .unique(maintain_order=True)
        .sort("extract", "night", "resident_id", "uscc", "address", maintain_order=True)
    )  # fmt: skip
