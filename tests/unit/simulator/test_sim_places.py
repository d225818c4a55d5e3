"""Places of the pretend city: shapes, addresses, layers, and what ingest makes of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from catalog import catalog
from foundation.paths import DataRoot
from ingest.geometry import area_m2
from ingest.service import take_inbox
from ledger import Ledger
from simulator import simulate
from simulator.geography import shapes
from simulator.spellings import _numeral
from simulator.truth import load_address_matches, load_addresses, load_damage, load_nights

GEOSPATIAL = sorted(e for e in catalog().extracts if e.startswith("geospatial/"))


def test_cells_are_a_partition() -> None:
    told = shapes()
    assert [row["level"] for row in told.rows].count("village") == 552
    area = shapely.area(told.polygons)
    place = told.place
    for i, row in enumerate(told.rows):
        children = [place[r["code"]] for r in told.rows if r["parent"] == row["code"]]
        if children:
            assert area[children].sum() == pytest.approx(area[i], rel=1e-9)
            assert shapely.difference(
                shapely.union_all(told.polygons[children]), told.polygons[i]
            ).area == pytest.approx(0, abs=1e-9)
    wkb = pl.Series([shapely.to_wkb(told.polygons[place["610200"]])])
    assert area_m2(wkb)[0] / 1e6 == pytest.approx(3882, rel=0.01)


def test_numerals() -> None:
    told = [_numeral(n) for n in (1, 10, 12, 20, 101, 110, 111, 219, 1005, 1100)]
    assert told == ["一", "十", "十二", "二十", "一百零一", "一百一十", "一百一十一", "二百一十九",
                    "一千零五", "一千一百"]  # fmt: skip


@pytest.fixture(scope="module")
def taken(damaged_city, tmp_path_factory: pytest.TempPathFactory) -> tuple[DataRoot, list]:
    """The layers and lists of the damaged city, taken by ingest."""
    root = DataRoot(tmp_path_factory.mktemp("taken"))
    for file in load_nights(damaged_city.root)["files"]:
        if file["extract"] in GEOSPATIAL:
            folder = Path(file["provider"]) / file["extract"]
            (root.inbox / folder).mkdir(parents=True, exist_ok=True)
            source = damaged_city.root.inbox / folder / file["file_name"]
            (root.inbox / folder / file["file_name"]).write_bytes(source.read_bytes())
    taking = take_inbox(root, Ledger.open(root), catalog(), settle_seconds=0)
    assert taking.failed == ()
    return root, list(taking.deliveries)


def test_damage_of_places_is_judged_as_foreseen(damaged_city, taken) -> None:
    root, deliveries = taken
    assert {d.extract for d in deliveries} == set(GEOSPATIAL)
    hits = load_damage(damaged_city.root)
    seen = set()
    for record in deliveries:
        own = hits.filter(pl.col("file_name") == record.file_name)
        assert own.height > 0
        path = root.raw / record.extract / f"{record.receipt_id}.rejected.parquet"
        back = pl.read_parquet(path)["line"].to_list()
        wanted = own.filter(pl.col("outcome") == "reject")["line"].to_list()
        assert sorted(back) == sorted(wanted), record.file_name
        assert record.duplicate == (own["outcome"] == "duplicate").sum()
        told = Counter[tuple[str, str]]()
        for rule in record.rules:
            if rule.severity != "reject":
                told[rule.rule_id, rule.severity] += rule.rows
        expected = Counter[tuple[str, str]]()
        for hit in own.filter(pl.col("outcome").is_in(["blank", "warn"])).iter_rows(named=True):
            expected[hit["rule_id"], hit["outcome"]] += hit["columns"]
        assert told == expected, record.file_name
        seen |= set(own["rule_id"].drop_nulls().to_list())
    assert {f"R-GEO-{n:02d}" for n in (3, 6, 7, 8, 10, 11, 12, 13, 14, 15, 18)} <= seen


def _accepted(taken, extract: str) -> pl.DataFrame:
    root, deliveries = taken
    frames = [
        pl.read_parquet(root.raw / extract / f"{d.receipt_id}.parquet")
        for d in sorted(deliveries, key=lambda d: d.business_date)
        if d.extract == extract
    ]
    return pl.concat(frames, how="diagonal_relaxed")


def test_addresses_lie_where_the_truth_has_them(damaged_city, taken) -> None:
    made = _accepted(taken, "geospatial/standard_address")
    truth = load_addresses(damaged_city.root, 3)
    joined = made.join(truth, on="address_code", suffix="_true")
    assert joined.height == made.n_unique("address_code") > 500
    for name in ("longitude", "latitude"):
        away = (joined[name].cast(pl.Float64) - joined[f"{name}_true"]).abs().max()
        assert isinstance(away, float)
        assert away < 3e-8  # 108°34′12.3456″ has four decimals of a second
    told = shapes()
    at = [told.place[code] for code in joined["located_division_code"]]
    x, y = (joined[n].cast(pl.Float64).to_numpy() for n in ("longitude", "latitude"))
    assert shapely.contains_xy(told.polygons[at], x, y).all()
    consistent = truth["is_division_consistent"]
    assert 0.9 < consistent.sum() / truth.height < 1


def test_parcels_of_every_layer_lie_at_the_same_place(taken) -> None:
    made = _accepted(taken, "geospatial/land_parcel")
    shapes_ = shapely.centroid(shapely.from_wkb(made["geometry"].to_numpy()))
    points = pl.DataFrame(
        {"key": made["real_estate_unit_no"], "x": shapely.get_x(shapes_),
         "y": shapely.get_y(shapes_)}
    )  # fmt: skip
    spread = points.group_by("key").agg(
        pl.len(), (pl.col("x").max() - pl.col("x").min()).alias("dx"),
        (pl.col("y").max() - pl.col("y").min()).alias("dy"),
    )  # fmt: skip
    assert (spread["len"] == 2).sum() > 20
    assert np.nanmax(spread.select("dx", "dy").to_numpy()) < 2e-6
    assert made["right_holder_id"].str.contains("^", literal=True).sum() > 5


def test_both_lists_of_divisions_are_accepted_whole(tmp_path: Path) -> None:
    root = DataRoot(tmp_path)
    for night in (1, 5):
        simulate(root, people=500, seed=3, nights=5, only_night=night, damage=0.0)
    taking = take_inbox(root, Ledger.open(root), catalog(), settle_seconds=0)
    own = {d.business_date.day: d for d in taking.deliveries if d.extract == "geospatial/division"}
    assert [own[29].status, own[2].status] == ["accepted", "accepted"]
    rows = catalog().code_list("division").rows
    told = {}
    for name, record in (("2018", own[29]), ("2023", own[2])):
        made = pl.read_parquet(root.raw / record.extract / f"{record.receipt_id}.parquet")
        told[name] = dict(made.select("division_code", "name").rows())
        assert told[name] == {
            r["code"]: r["name"] for r in rows if r["first_list"] <= name <= r["last_list"]
        }
        assert made["valid_from"].null_count() == made.height
        assert set(made["parent_code"].to_list()) - set(made["division_code"].to_list()) == {
            "610000"
        }
    villages = {n: {c for c in told[n] if len(c) == 12} for n in told}
    assert len(villages["2018"] - villages["2023"]) == 133
    both = villages["2018"] & villages["2023"]
    assert sum(told["2018"][c] != told["2023"][c] for c in both) == 51


def test_what_addresses_mean_is_told(damaged_city, clean_city) -> None:
    truth = load_address_matches(clean_city.root, 3)
    levels = Counter(truth["level"].to_list())
    assert set(levels) == {"house_number", "street", "village", "township", "none"}
    assert levels["house_number"] > 0.7 * truth.height
    listed = set(load_addresses(clean_city.root, 3)["address_code"].to_list())
    fine = truth.filter(pl.col("level") == "house_number")
    assert set(fine["address_code"].to_list()) <= listed
    files = load_nights(clean_city.root)["files"]
    name = next(f for f in files if f["extract"] == "population/household_registration")
    path = clean_city.root.inbox / name["provider"] / name["extract"] / name["file_name"]
    text = path.read_bytes().decode("gb18030")
    assert "\x1f" not in text
    own = truth.filter((pl.col("extract") == name["extract"]) & (pl.col("night") == 1))
    assert all(address in text for address in own["address"].to_list())
    assert sum(not address.startswith("陕西省铜川市") for address in own["address"].to_list()) > 50


def test_geojson_is_what_other_readers_expect(clean_city) -> None:
    file = next(f for f in load_nights(clean_city.root)["files"]
                if f["extract"] == "geospatial/land_parcel" and f["night"] == 1)  # fmt: skip
    path = clean_city.root.inbox / file["provider"] / file["extract"] / file["file_name"]
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["crs"]["properties"]["name"].endswith("::4545")
    assert len(document["features"]) == file["rows"]
    drawn = [shapely.from_geojson(json.dumps(f["geometry"])) for f in document["features"]]
    assert all(shape.is_valid for shape in drawn)
