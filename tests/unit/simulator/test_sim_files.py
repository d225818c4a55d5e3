"""The files as they lie in the inbox, read back without the project's own reader."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import fastexcel
import polars as pl
import pyogrio
import pytest
import shapely

from catalog import catalog
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from simulator import simulate
from simulator.habits import Habit, book_of, habit_on
from simulator.statistics import BULLETIN
from simulator.truth import load_damage, load_nights

PROJECT = Path(__file__).resolve().parents[3]


def files_of(root: DataRoot) -> dict[str, bytes]:
    """Everything in the inbox."""
    found = sorted(p for p in root.inbox.rglob("*") if p.is_file())
    return {str(p.relative_to(root.inbox)): p.read_bytes() for p in found}


def _path(root: DataRoot, file: dict[str, object]) -> Path:
    return root.inbox / str(file["provider"]) / str(file["extract"]) / str(file["file_name"])


def _habit(file: dict[str, object]) -> Habit:
    """How that file (or the file of that damaged row) was written."""
    book = book_of(str(file["extract"]), str(file["provider"]))
    return habit_on(book, int(str(file["business_night"])))[1]


def _lines(root: DataRoot, file: dict[str, object]) -> list[str]:
    """Physical lines (or sheet rows joined) of a file, the header included."""
    path, habit = _path(root, file), _habit(file)
    if habit.layers:
        return _layer(path)[1]
    if habit.is_workbook:
        book = fastexcel.read_excel(path.read_bytes())
        sheet = book.load_sheet(0, header_row=None, dtypes="string", skip_rows=0).to_polars()
        return ["\x1f".join(v or "" for v in row) for row in sheet.iter_rows()]
    content = path.read_bytes()
    assert content.startswith(habit.bom)
    text = content[len(habit.bom) :].decode(habit.encoding)
    assert text.endswith(habit.newline + habit.tail)
    return text[: len(text) - len(habit.newline + habit.tail)].split(habit.newline)


def _layer(path: Path) -> tuple[list[str], list[str]]:
    """Names of the attributes of a layer, and each feature's values and WKT joined."""
    if path.suffix == ".geojson":
        features = json.loads(path.read_text(encoding="utf-8"), parse_float=str)["features"]
        lines = []
        for feature in features:
            (ring,) = feature["geometry"]["coordinates"]
            wkt = "POLYGON ((" + ", ".join(" ".join(map(str, point)) for point in ring) + "))"
            lines.append("\x1f".join([*(v or "" for v in feature["properties"].values()), wkt]))
        return list(features[0]["properties"]), lines
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meta, _, shapes, columns = pyogrio.raw.read(path)
    # shapefiles turn every ring their own way
    wkt = shapely.to_wkt(shapely.normalize(shapely.from_wkb(shapes)), rounding_precision=9)
    rows = zip(*columns, wkt, strict=True)
    return list(meta["fields"]), ["\x1f".join(v or "" for v in row) for row in rows]


def _last_versions(root: DataRoot) -> list[dict[str, object]]:
    """Files as they lie there when all nights were written: corrections over the incomplete.

    Bulletins have a layout of their own (test_sim_statistics).
    """
    newest = {(f["extract"], f["file_name"]): f for f in load_nights(root)["files"]}
    return [f for f in newest.values() if f["extract"] != BULLETIN]


def _damage(root: DataRoot, *, all_at_once: bool = False) -> pl.DataFrame:
    """What was done to tables."""
    return load_damage(root, all_at_once=all_at_once).filter(pl.col("extract") != BULLETIN)


def test_all_extracts_are_written_with_an_explicit_date(damaged_city) -> None:
    files = load_nights(damaged_city.root)["files"]
    assert {f["extract"] for f in files} == set(catalog().extracts)
    for file in _last_versions(damaged_city.root):
        day = str(file["business_date"])
        in_name = day.replace("-", "") in str(file["file_name"])
        control = _path(damaged_city.root, file).with_name(f"{file['file_name']}.ok.json")
        assert in_name or json.loads(control.read_text())["business_date"] == day


def test_headers_are_the_contract_or_its_synonyms(damaged_city) -> None:
    extra = Counter()
    for file in _last_versions(damaged_city.root):
        extract = str(file["extract"])
        habit, contract = _habit(file), catalog().extracts[extract]
        if habit.layers:
            cells = [*_layer(_path(damaged_city.root, file))[0], "图形"]
        else:
            line = _lines(damaged_city.root, file)[max(habit.first_line - 2, 0)]
            cells = line.split("\x1f") if habit.is_workbook else line.replace('"', "").split(",")
            cells = list(json.loads(line)) if habit.is_jsonl else cells
        known = {header for column in contract.columns for header in column.headers}
        own = [column.name for column in contract.columns if column.only_in is None]
        form = next((f for f in contract.forms if f.name == habit.form), None)
        if form is not None:
            known = {header for headers in form.headers.values() for header in headers}
            own = list(form.headers)
        assert len(set(cells)) == len(cells)
        extra.update(cell for cell in cells if cell not in known)
        assert len([c for c in cells if c in known]) == len(own)
    assert set(extra) == {"备注"}


def test_control_files_agree(damaged_city) -> None:
    checked = 0
    for file in _last_versions(damaged_city.root):
        path = _path(damaged_city.root, file)
        control = path.with_name(path.name + ".ok.json")
        assert control.exists() == file["has_control_file"]
        if control.exists():
            told = json.loads(control.read_text())
            assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            assert told["rows"] == file["rows"]
            checked += 1
    assert checked >= 8


def test_row_counts_of_the_files_are_those_of_the_index(damaged_city) -> None:
    for file in _last_versions(damaged_city.root):
        habit = _habit(file)
        trailer = 2 if habit.total else 0
        records = len(_lines(damaged_city.root, file)) - (habit.first_line - 1) - trailer
        assert records == file["rows"], file["file_name"]


def test_files_carry_the_time_of_their_evening(damaged_city) -> None:
    shanghai = timezone(timedelta(hours=8))
    for file in _last_versions(damaged_city.root):
        told = _path(damaged_city.root, file).stat().st_mtime
        moment = datetime.fromtimestamp(told, shanghai)
        day = datetime(2018, 3, 29) + timedelta(days=int(str(file["night"])) - 1)
        assert (moment.date(), moment.hour) == (day.date(), 20)


def test_late_repeated_and_corrected_files(damaged_city) -> None:
    files = load_nights(damaged_city.root)["files"]
    kinds = Counter(f["kind"] for f in files)
    assert kinds["late"] == 1
    assert kinds["repeated"] == 2
    assert kinds["incomplete"] == kinds["correction"] == 2
    for file in files:
        assert (file["night"] > file["business_night"]) == (
            file["kind"] in ("late", "repeated", "correction")
        )
        if file["kind"] == "repeated":
            path = _path(damaged_city.root, file)
            original = path.with_name(path.name.replace("(1)", ""))
            assert original.read_bytes() == path.read_bytes()
    pairs = {kind: {(f["extract"], f["file_name"]) for f in files if f["kind"] == kind}
             for kind in ("incomplete", "correction")}  # fmt: skip
    assert pairs["incomplete"] == pairs["correction"]


def _is_written_otherwise(hit: dict[str, object], habit: Habit) -> bool:
    """Broken delimiters, and dates that a workbook shows as cells or serial numbers."""
    if hit["damage"] in ("lost_delimiter", "extra_delimiter"):
        return True
    if hit["damage"] == "control_character" and habit.is_jsonl:  # written as \\u0007
        return True
    told = str(hit["written"])
    looks_like_date = len(told) == 10 and told[4] == "-"
    return looks_like_date and habit.date_form in ("cell", "serial")


def test_the_truth_names_the_right_lines(damaged_city) -> None:
    """What was written stands in that line; the key too, unless the key itself was damaged."""
    root = damaged_city.root
    damage = _damage(root, all_at_once=True)
    lines = {
        (f["night"], f["extract"], f["file_name"]): _lines(root, f) for f in _last_versions(root)
    }
    checked = 0
    for hit in damage.iter_rows(named=True):
        extract = hit["extract"]
        line = lines[hit["night"], extract, hit["file_name"]][hit["line"] - 1]
        for key, told in zip(
            catalog().extracts[extract].key, hit["record_key"].split("|"), strict=True
        ):
            if hit["column"] != key.name:
                assert told in line, hit["damage"]
        told = str(hit["written"]).strip()
        if hit["column"] == "geometry" and not str(hit["file_name"]).endswith(".geojson"):
            told = shapely.to_wkt(shapely.normalize(shapely.from_wkt(told)), rounding_precision=9)
        if not _is_written_otherwise(hit, _habit(hit)):
            assert told in line.replace('""', '"'), hit["damage"]
        checked += 1
    assert checked == damage.height
    assert checked > 700


def test_damage_touches_nothing_but_the_lines_it_names(damaged_city, clean_city) -> None:
    hits = _damage(damaged_city.root, all_at_once=True)
    untouched = 0
    for file in _last_versions(damaged_city.root):
        if file["kind"] == "repeated":
            continue
        habit = _habit(file)
        clean = Counter(_lines(clean_city.root, file))
        own = hits.filter(
            pl.col("file_name") == file["file_name"], pl.col("extract") == file["extract"],
            pl.col("night") == file["night"],
        )  # fmt: skip
        touched = set(own["line"].to_list())
        lines = _lines(damaged_city.root, file)
        end = len(lines) - (2 if habit.total else 0)
        for number, line in enumerate(lines[:end], start=1):
            if number not in touched:
                assert line in clean, (file["file_name"], number)
                untouched += 1
    assert untouched > 1500


def test_no_damage_at_rate_zero(clean_city) -> None:
    assert load_damage(clean_city.root).is_empty()
    assert clean_city.summary.damaged == 0


def test_the_rate_is_kept_and_no_row_is_hit_twice(damaged_city) -> None:
    damage = load_damage(damaged_city.root)
    per_line = damage.group_by("night", "extract", "file_name", "line").len()
    assert per_line["len"].max() == 1
    first = damage.filter(
        pl.col("extract") == "population/household_registration", pl.col("night") == 1,
        ~pl.col("damage").is_in(["duplicate_row"]),
    ).height  # fmt: skip
    rows = next(
        f["rows"] for f in load_nights(damaged_city.root)["files"]
        if f["extract"] == "population/household_registration" and f["night"] == 1
    )  # fmt: skip
    assert 0.27 < first / rows < 0.31


def test_one_night_alone_is_the_same_night(damaged_city, first_night: Path) -> None:
    root = DataRoot(first_night)
    for night in (2, 3):
        simulate(root, **damaged_city.arguments, only_night=night)
    assert files_of(root) == files_of(damaged_city.root)
    for name in (p.name for p in damaged_city.root.truth.iterdir()):
        assert (root.truth / name).read_bytes() == (damaged_city.root.truth / name).read_bytes()


def test_a_night_does_not_depend_on_the_nights_after_it(damaged_city, tmp_path: Path) -> None:
    root = DataRoot(tmp_path)
    simulate(root, **damaged_city.arguments, nights=2)
    overwritten = {f["file_name"] for f in load_nights(damaged_city.root)["files"]
                   if f["kind"] == "correction" and f["night"] == 3}  # fmt: skip
    long = files_of(damaged_city.root)
    for name, content in files_of(root).items():
        if Path(name).name not in overwritten:
            assert long[name] == content, name


_AGAIN = """
import hashlib, sys
from pathlib import Path
from foundation.paths import DataRoot
from simulator import simulate
root = DataRoot(Path(sys.argv[1]))
simulate(root, people=2000, seed=42, nights=3, damage=0.3)
digest = hashlib.sha256()
for path in sorted(p for p in root.root.rglob("*") if p.is_file()):
    digest.update(str(path.relative_to(root.root)).encode() + path.read_bytes())
print(digest.hexdigest())
"""


def test_same_bytes_whatever_the_environment(damaged_city, tmp_path: Path) -> None:
    digest = hashlib.sha256()
    base = damaged_city.root.root
    for path in sorted(p for p in base.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(base)).encode() + path.read_bytes())
    other = {"PYTHONHASHSEED": "99", "TZ": "America/New_York", "LC_ALL": "C",
             "POLARS_MAX_THREADS": "1"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _AGAIN, str(tmp_path)], cwd=PROJECT, check=True,
        capture_output=True, text=True, env={**os.environ, **other, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    assert done.stdout.strip() == digest.hexdigest()


def test_another_seed_is_another_city(clean_city, tmp_path: Path) -> None:
    simulate(DataRoot(tmp_path), people=2000, seed=43, damage=0.0)
    name = "public_security/population/household_registration/户籍人口_20180329.csv"
    assert files_of(DataRoot(tmp_path))[name] != files_of(clean_city.root)[name]


def test_workbooks_hold_no_time_of_writing(damaged_city) -> None:
    name = next(n for n in files_of(damaged_city.root) if n.endswith(".xlsx"))
    with zipfile.ZipFile(io.BytesIO(files_of(damaged_city.root)[name])) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        assert b"2018-03-" in book.read("docProps/core.xml")


@pytest.mark.parametrize(
    "wrong",
    [{"people": 3}, {"nights": 0}, {"seed": -1}, {"damage": 0.9}, {"only_night": 0}],
)
def test_arguments_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError):
        simulate(DataRoot(tmp_path), **{"people": 2000, "seed": 1, **wrong})
    assert not list(tmp_path.iterdir())
