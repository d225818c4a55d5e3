"""Learning the parameters of a specification: the same step for every kind, nothing set by hand.

The chances of agreement between strangers (u) are counted over random pairs, those between
descriptions of one subject (m) are found by expectation maximisation over several blocking rules.
No one says which pairs are true.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from foundation.files import canonical_json
from linkage.prepare import copy_units, scratch, weigh
from linkage.settings import output_name, splink_settings
from linkage.spec import Parameters, Spec

if TYPE_CHECKING:
    import duckdb

_PAIRS = 1e7  # random pairs for u
_DIGITS = 5  # significant ones that are kept
_LEAST = 1e-7  # no agreement of strangers is rarer
_UNSEEN = 0.002  # the share in true pairs that is given to a level beyond what was seen
_KEPT = 4000  # values of a part that are kept; others count as rare as the rarest of them


def train(
    connection: duckdb.DuckDBPyConnection,
    spec: Spec,
    left: str,
    right: str,
    *,
    seed: int,
    trained: dict[str, Any],
) -> Parameters:
    """Learn the parameters from two tables that describe many of the same subjects.

    Args:
        connection: holds the tables `left` and `right` (`unit_id` and the columns).
        spec: whose parameters, if it has any, are not looked at.
        left: descriptions as records have them.
        right: descriptions as profiles have them; how common values are is counted here.
        seed: of the random pairs.
        trained: what a reader should know of how, when and on what; kept as it is.
    """
    bare = replace(spec, parameters=None)
    with scratch(connection) as place:
        # One thread: the sample of random pairs follows the order of the rows.
        place.execute("SET threads = 1")
        copy_units(connection, place, bare, left, "learnt_left")
        copy_units(connection, place, bare, right, "learnt_right")
        frequencies = _frequencies(place, bare, "learnt_right")
        known = Parameters("", 1e-4, {}, {}, frequencies, {})
        commonness = weigh(place, replace(bare, parameters=known), ["learnt_left", "learnt_right"])
        prior, m, u = _learn(place, bare, commonness, seed)
    learnt = Parameters("", prior, m, u, frequencies, trained)
    return replace(learnt, model_version=version_of(spec, learnt))


def version_of(spec: Spec, learnt: Parameters) -> str:
    """A name for all that a score follows: structure of the specification and parameters."""
    shape = {k: v for k, v in asdict(replace(spec, parameters=None)).items() if k in _SCORED}
    told = canonical_json([shape, learnt.prior, learnt.m, learnt.u, learnt.frequencies])
    return f"{spec.kind}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


_SCORED = ("kind", "forms", "parts", "comparisons", "blocking", "frequencies", "exclusive", "lower")


def _frequencies(
    place: duckdb.DuckDBPyConnection, spec: Spec, table: str
) -> dict[str, dict[str, float]]:
    """For each part of a weighed column the shares of its most frequent values."""
    found = {}
    for part in sorted({part for parts in spec.frequencies.values() for part in parts}):
        rows = place.execute(
            f"SELECT {part}, count(*) / sum(count(*)) OVER () FROM {table} "
            f"WHERE {part} IS NOT NULL GROUP BY {part} ORDER BY count(*) DESC, {part} LIMIT {_KEPT}"
        ).fetchall()
        found[part] = {value: _rounded(share) for value, share in rows}
    return found


def _learn(
    place: duckdb.DuckDBPyConnection, spec: Spec, commonness: dict[str, str], seed: int
) -> tuple[float, dict[str, list[float]], dict[str, list[float]]]:
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=place)
    inputs = [
        api.register("learnt_left", dataset_display_name="a"),
        api.register("learnt_right", dataset_display_name="b"),
    ]
    settings = splink_settings(spec, "link_only")
    linker = Linker(inputs, settings, log_level=None, validate_settings=False)
    for column, table in commonness.items():
        linker.table_management.register_term_frequency_lookup(api.register(table), column)
    linker.training.estimate_probability_two_random_records_match(
        list(spec.deterministic), recall=spec.recall
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_PAIRS, seed=seed, min_count_per_level=None, num_chunks=1
    )
    for sql in spec.sessions:
        linker.training.estimate_parameters_using_expectation_maximisation(
            sql, estimate_without_term_frequencies=True
        )
    model = linker.misc.save_model_to_json()
    seen = float(model["probability_two_random_records_match"])
    by_name = {c["output_column_name"]: c["comparison_levels"] for c in model["comparisons"]}
    m, u = {}, {}
    for comparison in spec.comparisons:
        levels = by_name[output_name(comparison)][1:]
        if len(levels) != len(comparison.levels) + 1:
            raise ValueError(f"{comparison.name} came back with other levels")
        true = [float(level.get("m_probability") or 0.0) for level in levels]
        # Random pairs hold true ones too, as many as the prior says.
        mixed = [float(level.get("u_probability") or 0.0) for level in levels]
        m[comparison.name] = _shares([share + _UNSEEN for share in true])
        strangers = [max(b - seen * a, _LEAST) for a, b in zip(true, mixed, strict=True)]
        # Disagreement never speaks for a pair, however the training city is made.
        strangers[-1] = max(strangers[-1], true[-1] + _UNSEEN)
        u[comparison.name] = _shares(strangers)
    return _rounded(1 / spec.population if spec.population else seen), m, u


def _shares(weights: list[float]) -> list[float]:
    """The weights as shares of one."""
    return [_rounded(weight / sum(weights)) for weight in weights]


def _rounded(share: float) -> float:
    return float(f"{share:.{_DIGITS}g}")
