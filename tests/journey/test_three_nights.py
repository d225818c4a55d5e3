"""The three simulated nights against the truth that the simulator wrote beside them."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import duckdb
import fastexcel
import polars as pl
import pytest

from ingest.table import line_numbers
from simulator.truth import load_damage, load_entities, load_nights, load_persons
from tests.journey.city import NIGHTS, copy

pytestmark = pytest.mark.journey


def _receipts(city):
    for path in sorted(city.root.receipts.glob("**/receipt.json")):
        yield path.parent, json.loads(path.read_text())


def _returned_lines(folder: Path) -> dict[int, set[str]]:
    path = folder / "退回明细.xlsx"
    if not path.exists():
        return {}
    table = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
    rows = zip(line_numbers(table["行号"]).to_list(), table["规则"].to_list(), strict=True)
    return {line: set(rules.split("；")) for line, rules in rows}


def _delivery_key(row) -> tuple:
    return (row["extract"], row["file_name"], row["kind"])


def _natural(key: tuple[str, str, int]) -> dict[tuple[str, str], int]:
    """Warnings that undamaged rows of a file bring: that is how departments write them.

    Each file of permits and penalties has one self-employed without a code; in the third night the
    market office withdraws a permit by telling it again.
    """
    extract, file_name, _ = key
    if not extract.startswith("credit/administrative_"):
        return {}
    told = {("R-USCC-06", "warn"): 1}
    return told | ({("R-ROW-07", "warn"): 1} if file_name == "xzxk_scjg_20180331.csv" else {})


def test_every_night_released_and_nothing_is_held(three_nights):
    _, reports = three_nights
    assert [r["release"] for r in reports] == [1, 2, 3]
    for report in reports:
        assert not [p for p in report["products"] if p["verdict"] == "held"]
        assert not report["failed_deliveries"]
        assert not report["failed_models"]


def test_the_last_night_made_anew_only_what_its_deliveries_touch(three_nights):
    city, _ = three_nights
    with duckdb.connect(str(city.root.warehouse), read_only=True) as warehouse:
        count = {
            table: warehouse.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in (
                "intermediate.int_population__touch_persons",
                "intermediate.int_legal_entity__touch_entities",
                "population.person",
                "legal_entity.legal_entity",
            )
        }
    persons, entities, all_persons, all_entities = count.values()
    assert 0 < persons < all_persons / 4
    assert 0 < entities < all_entities


def test_every_damaged_row_and_no_other_is_treated_under_its_rule(three_nights):
    city, _ = three_nights
    damage = load_damage(city.root)
    assert set(damage["outcome"].unique()) == {"reject", "blank", "warn", "silent", "duplicate"}
    by_file: dict[tuple[str, str, int], list] = {}
    for row in damage.iter_rows(named=True):
        by_file.setdefault((row["extract"], row["file_name"], row["night"]), []).append(row)
    files = {(f["extract"], f["file_name"], f["night"]): f for f in load_nights(city.root)["files"]}
    seen = 0
    arrivals = _by_arrival(city, files)
    for key in files:
        folder, receipt = arrivals[key]
        if receipt["status"] == "duplicate":
            assert key not in by_file
            continue
        hits = by_file.get(key, [])
        expected = {row["line"]: {row["rule_id"]} for row in hits if row["outcome"] == "reject"}
        returned = _returned_lines(folder)
        assert returned.keys() == expected.keys(), (key, receipt["status"])
        for line, rules in expected.items():
            assert rules <= returned[line], (key, line)
        told = {}
        for rule in receipt["rules"]:
            if rule["rule_id"] not in ("R-COL-03", "R-COL-04"):
                name = (rule["rule_id"], rule["severity"])
                told[name] = told.get(name, 0) + rule["rows"]
        wanted: dict[tuple[str, str], int] = {}
        for row in hits:
            if row["outcome"] in ("reject", "blank", "warn"):
                name = (row["rule_id"], row["outcome"])
                wanted[name] = wanted.get(name, 0) + row["columns"]
        for name, rows in _natural(key).items():
            wanted[name] = wanted.get(name, 0) + rows
        assert {k: v for k, v in told.items() if k[1] != "reject"} == {
            k: v for k, v in wanted.items() if k[1] != "reject"
        }, key
        duplicates = sum(row["outcome"] == "duplicate" for row in hits)
        assert receipt["counts"]["duplicate"] == duplicates, key
        seen += len(hits)
    assert seen == damage.height


def _by_arrival(city, files):
    """Receipt of each file of the simulation (a correction has its original's name)."""
    named: dict[tuple[str, str], list] = {}
    for folder, receipt in _receipts(city):
        named.setdefault((receipt["extract"], receipt["file_name"]), []).append((folder, receipt))
    result = {}
    for (extract, name), found in named.items():
        found.sort(key=lambda item: item[1]["received_at"] + item[1]["receipt_id"][-5:])
        nights = sorted(k[2] for k in files if k[:2] == (extract, name))
        assert len(nights) == len(found), (extract, name)
        for night, item in zip(nights, found, strict=True):
            result[(extract, name, night)] = item
    return result


def test_counts_balance_everywhere(three_nights):
    city, _ = three_nights
    for _, receipt in _receipts(city):
        counts = receipt["counts"]
        total = counts["accepted"] + counts["rejected"] + counts["duplicate"]
        assert counts["read"] == total


def _product(city, name: str) -> pl.DataFrame:
    number = (city.root.published / "CURRENT").read_text().strip()
    return pl.read_parquet(city.root.published / "releases" / number / f"{name}.parquet")


@pytest.mark.parametrize(
    ("product", "load", "key", "least"),
    [
        ("population.person", load_persons, "resident_id", 1500),
        ("legal_entity.legal_entity", load_entities, "uscc", 70),
    ],
)
def test_products_equal_the_truth_where_the_rows_allow_it(three_nights, product, load, key, least):
    city, _ = three_nights
    truth = load(city.root, NIGHTS).filter(pl.col("is_fully_delivered") & pl.col(key).is_not_null())
    made = _product(city, product)
    assert truth.height >= least
    shared = [c for c in truth.columns if c in made.columns and c != key]
    assert len(shared) >= 10
    joined = truth.join(made, on=key, how="left", suffix="_made", maintain_order="left")
    present = set(made[key].drop_nulls().to_list())
    assert not [v for v in truth[key].to_list() if v not in present]
    differing = {
        column: count
        for column in shared
        if (
            count := joined.filter(
                pl.col(column).cast(pl.String).ne_missing(pl.col(f"{column}_made").cast(pl.String))
            ).height
        )
    }
    assert "registered_capital_cny" not in differing or _same_numbers(joined)
    differing.pop("registered_capital_cny", None)
    assert differing == {}


def _same_numbers(joined: pl.DataFrame) -> bool:
    left = joined["registered_capital_cny"].cast(pl.Float64)
    return left.eq_missing(joined["registered_capital_cny_made"].cast(pl.Float64)).all()


def _resident_numbers(city) -> list[bytes]:
    numbers = load_persons(city.root, NIGHTS)["resident_id"].unique().sort().to_list()
    written = load_damage(city.root)["written"].drop_nulls().to_list()
    odd = [w for w in written if len(w) in (15, 18) and w[:14].isdigit()]
    return [n.encode() for n in numbers + odd]


def test_no_resident_number_outside_where_it_belongs(three_nights):
    city, _ = three_nights
    numbers = _resident_numbers(city)
    assert len(numbers) > 1900
    root = city.root
    places = [root.logs, root.dagster, root.build / "dbt", root.analysts, root.ledger_url[10:]]
    files = []
    for place in map(Path, places):
        files += [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
    files += [p for p in root.receipts.rglob("*") if p.suffix in (".json", ".html")]
    assert any(p.suffix in {".sqlite", ".db"} for p in files)
    assert root.analysts / "marts.duckdb" in files
    for path in files:
        found = _held(path.read_bytes(), numbers)
        assert found == 0, f"{path.relative_to(root.root)} holds {found} resident numbers"
    with sqlite3.connect(root.root / "ledger.sqlite") as ledger:
        dump = "\n".join(ledger.iterdump()).encode()
    assert _held(dump, numbers) == 0
    # the search itself finds them in the middle of anything
    assert all(_held(b"\x00123" + number + b"45\xff", [number]) == 1 for number in numbers)


def _held(content: bytes, numbers: list[bytes]) -> int:
    """How many of the numbers stand anywhere in the content."""
    runs = set(re.findall(rb"[0-9]{14,}[0-9Xx]?", content))
    pieces = {r[i : i + n] for r in runs for n in (15, 18) for i in range(len(r) - n + 1)}
    plain = {number for number in numbers if re.fullmatch(rb"[0-9]{14,}[0-9Xx]", number)}
    return len(pieces & plain) + sum(n in content for n in numbers if n not in plain)


def test_analysts_file_holds_no_sensitive_value_and_is_commented(three_nights):
    city, _ = three_nights
    with duckdb.connect(str(city.root.analysts / "marts.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()"
            " WHERE NOT internal"
        ).fetchall()
        tables = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal"
        ).fetchall()
        person = connection.execute("SELECT * FROM population.person").pl()
    assert all(comment for *_, comment in columns)
    assert all(comment for _, comment in tables)
    assert "birth_date_year" in person.columns or "birth_year" in person.columns
    for absent in ("resident_id", "name", "registered_address", "mobile", "birth_date"):
        assert absent not in person.columns
    names = set(_product(city, "population.person")["name"].to_list())
    texts = {v for c in person.columns if person[c].dtype == pl.String for v in person[c].to_list()}
    assert not names & texts


def test_packages_hold_exactly_what_was_granted(three_nights, tmp_path):
    city = copy(three_nights[0], tmp_path / "data")
    made = city.json("package", "build")
    assert {p["status"] for p in made} <= {"built", "exists", "not_in_force"}
    folder = next(Path(p["folder"]) for p in made if p["consumer"] == "yaozhou_statistics")
    assert city.json("package", "verify", str(folder))["ok"]
    cut = pl.read_parquet(folder / "data.parquet")
    whole = _product(city, "population.person")
    granted = whole.filter(pl.col("registered_division_code").str.starts_with("610204"))
    assert 0 < cut.height <= granted.height
    hidden = whole.filter(
        ~pl.col("registered_division_code").str.starts_with("610204").fill_null(False)
    )
    secrets = [
        v for c in ("resident_id", "name", "registered_address") for v in hidden[c].drop_nulls()
    ]
    shown = set(cut.columns)
    for path in folder.iterdir():
        content = path.read_bytes()
        assert not any(s.encode() in content for s in secrets), path.name
        if path.suffix in (".parquet", ".csv"):
            assert not any(n.encode() in content for n in set(whole.columns) - shown if len(n) > 9)
    (folder / "data.csv").chmod(0o600)
    tampered = (folder / "data.csv").read_bytes()
    (folder / "data.csv").write_bytes(tampered.replace(b'"1"', b'"2"', 1))
    assert city.call("package", "verify", str(folder))[0] == 1
    (folder / "data.csv").write_bytes(tampered)


def test_release_verifies_with_the_folder_and_the_public_key_alone(three_nights, tmp_path):
    city, _ = three_nights
    import shutil

    shutil.copytree(city.root.published, tmp_path / "copy")
    key = tmp_path / "public.pem"
    key.write_bytes((city.root.published / "public_key.pem").read_bytes())
    words = ("release", "verify", "--published", str(tmp_path / "copy"), "--public-key", str(key))
    other = {
        "TONGCHUAN_DATA": str(tmp_path / "elsewhere"),
        "TONGCHUAN_KEY_DIR": str(tmp_path / "k"),
    }
    assert city.call(*words, **other)[0] == 0
    number = (city.root.published / "CURRENT").read_text().strip()
    victim = tmp_path / "copy" / "releases" / number / "population.person.parquet"
    victim.chmod(0o600)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.unlink()
    victim.write_bytes(content)
    assert city.call(*words, **other)[0] == 1


def test_diff_and_sql_as_of(three_nights):
    city, _ = three_nights
    changes = {d["product"]: d for d in city.json("release", "diff", "1", "3")}
    counted = {
        n: city.json("sql", "SELECT count(*) FROM population.person", "--as-of", str(n))["rows"][0][
            0
        ]
        for n in (1, 3)
    }
    person = changes["population.person"]
    assert person["rows"] == [counted[1], counted[3]]
    assert person["added"] - person["removed"] == counted[3] - counted[1]
    assert person["added"] > 0
    assert person["changed"] > 0
