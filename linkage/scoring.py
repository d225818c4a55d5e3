"""How likely two units speak of one subject: all pairs, or only those with a new side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from linkage.known import Change, Previous, find_change, refuse_doubles, remember
from linkage.prepare import copy_units, scratch, weigh
from linkage.settings import splink_settings
from linkage.spec import Spec

if TYPE_CHECKING:
    import duckdb

WEIGHT, PROBABILITY = "DECIMAL(9, 4)", "DECIMAL(9, 8)"
_PAIRS = "SELECT left_id, right_id, match_weight, match_probability, '{version}' AS model_version"
_NOTHING = f"""(SELECT '' AS left_id, '' AS right_id, 0::{WEIGHT} AS match_weight,
    0::{PROBABILITY} AS match_probability, '' AS model_version WHERE false)"""


def score(
    connection: duckdb.DuckDBPyConnection,
    spec: Spec,
    records: str,
    profiles: str,
    previous: Previous | None = None,
) -> str:
    """Score records against profiles and against each other.

    A pair's score depends on the two units and the parameters alone, so scoring what is new and
    keeping the rest is the same as scoring everything.

    Args:
        connection: holds the tables named here; gets the result as a temporary table.
        spec: a trained specification.
        records: table of `unit_id` and the specification's columns: who is it?
        profiles: the same of identified subjects' descriptions. A `unit_id` is the hash of what
            the unit says and whose it is: unique over both tables, other when the unit changes.
        previous: what was scored before; its `units` are brought up to date.

    Returns:
        The name of the table of pairs: `left_id` (a record), `right_id` (a profile or a record;
        of two records the left is the smaller id), `match_weight` (bits, four decimals),
        `match_probability`, `model_version`. Pairs below the lower threshold are not in it.

    Raises:
        ConfigurationError: a unit_id is missing or not unique, or the specification is untrained.
    """
    result, version = f"linkage_pairs_{spec.kind}", spec.learnt.model_version
    parts, kept = _everything(records, profiles), _NOTHING
    if previous is None:
        refuse_doubles(connection, (records, profiles))
    else:
        change = find_change(connection, spec, (records, profiles), previous.units)
        parts, kept = _what_changed(records, profiles, change), _kept(previous, change, version)
    with scratch(connection) as place:
        scored = _score_new(connection, place, spec, parts)
        pairs = place.execute(scored).to_arrow_table() if scored else None
    found = _NOTHING
    if pairs is not None:
        connection.register("linkage_found", pairs)
        found = "linkage_found"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {result} AS {_PAIRS.format(version=version)} FROM "
        f"(FROM {kept} UNION ALL BY NAME FROM {found}) ORDER BY left_id, right_id"
    )
    if pairs is not None:
        connection.unregister("linkage_found")
    if previous is not None:
        remember(connection, previous.units)
    return result


class _Parts(NamedTuple):
    """Relations (SQL) of units, by side, new and known before."""

    new_records: str
    old_records: str
    new_profiles: str
    old_profiles: str


def _everything(records: str, profiles: str) -> _Parts:
    nothing = "(SELECT * FROM {} WHERE false)"
    return _Parts(records, nothing.format(records), profiles, nothing.format(profiles))


def _what_changed(records: str, profiles: str, change: Change) -> _Parts:
    some = "(SELECT * FROM {} SEMI JOIN {} USING (unit_id))"
    return _Parts(
        *(some.format(t, which) for t in (records, profiles) for which in (change.new, change.near))
    )


def _kept(previous: Previous, change: Change, version: str) -> str:
    """Pairs of units that were scored before and are still there."""
    if previous.pairs is None:
        return _NOTHING
    there = f"(SELECT unit_id FROM {previous.units} ANTI JOIN {change.gone} USING (unit_id))"
    return (
        f"(SELECT * FROM {previous.pairs} WHERE model_version = '{version}' "
        f"AND left_id IN {there} AND right_id IN {there})"
    )


def _score_new(
    connection: duckdb.DuckDBPyConnection,
    place: duckdb.DuckDBPyConnection,
    spec: Spec,
    parts: _Parts,
) -> str:
    """Score every pair with a new side; SQL over the scratch database that gives them."""
    sizes = {}
    for name, relation in parts._asdict().items():
        copy_units(connection, place, spec, relation, name)
        row = place.execute(f"SELECT count(*) FROM {name}").fetchone()
        sizes[name] = row[0] if row else 0
    commonness = weigh(place, spec, list(parts._fields))
    place.execute(
        "CREATE VIEW all_profiles AS FROM new_profiles UNION ALL "
        "SELECT * REPLACE (uid + (SELECT count(*) FROM new_profiles) AS uid) FROM old_profiles"
    )
    sizes["all_profiles"] = sizes["new_profiles"] + sizes["old_profiles"]
    wanted = [
        ("new_records", "all_profiles"),
        ("old_records", "new_profiles"),
        ("new_records", "old_records"),
        ("new_records", ""),
    ]
    results = [
        _predict(place, spec, left, right, commonness)
        for left, right in wanted
        if sizes[left] and (not right or sizes[right])
    ]
    return " UNION ALL ".join(f"SELECT * FROM {result}" for result in results)


def _predict(
    place: duckdb.DuckDBPyConnection,
    spec: Spec,
    left: str,
    right: str,
    commonness: dict[str, str],
) -> str:
    """Let Splink block and score one table against another, or against itself."""
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=place)
    # Splink takes the alphabetically first data set as the left one.
    inputs = [api.register(left, dataset_display_name="a")]
    if right:
        inputs.append(api.register(right, dataset_display_name="b"))
    settings = splink_settings(spec, "link_only" if right else "dedupe_only")
    linker = Linker(inputs, settings, log_level=None, validate_settings=False)
    for column, table in commonness.items():
        linker.table_management.register_term_frequency_lookup(api.register(table), column)
    least = math.log2(spec.lower / (1 - spec.lower))
    pairs = linker.inference.predict(threshold_match_weight=least - 0.001, warning_mode="never")
    name = f"scored_{left}_{right or left}"
    one, other = ("l.unit_id", "r.unit_id")
    if left.endswith("records") and (not right or right.endswith("records")):
        one, other = f"least({one}, {other})", f"greatest({one}, {other})"
    apart = " OR ".join(f"{c}_l <> {c}_r" for c in spec.exclusive) or "false"
    place.execute(
        f"CREATE TABLE {name} AS SELECT {one} AS left_id, {other} AS right_id, "
        f"cast(round(match_weight, 4) AS {WEIGHT}) AS match_weight, "
        f"cast(round(match_probability, 8) AS {PROBABILITY}) AS match_probability "
        f"FROM {pairs.physical_name} AS p JOIN {left} AS l ON l.uid = p.uid_l "
        f"JOIN {right or left} AS r ON r.uid = p.uid_r "
        f"WHERE NOT coalesce({apart}, false) AND round(match_weight, 4) >= {least!r}"
    )
    pairs.drop_table_from_database_and_remove_from_cache()
    return name
