"""What the dbt Python models of identity do: the room `linkage` over dbt's own connection.

Nothing of Splink is loaded when there is no record to link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_NO_PAIRS = """SELECT NULL::VARCHAR AS left_id, NULL::VARCHAR AS right_id,
    NULL::DECIMAL(9, 4) AS match_weight, NULL::DECIMAL(9, 8) AS match_probability,
    NULL::VARCHAR AS model_version WHERE false"""
# What the table of scored units says, as its comment, of the pairs that it belongs to.
_CONTENT = """SELECT concat_ws('-', count(*), sum(hash(left_id, right_id, match_weight,
    match_probability, model_version))) FROM {pairs}"""
_NO_OUTCOMES = """SELECT NULL::VARCHAR AS record_id, NULL::VARCHAR AS unit_id,
    NULL::VARCHAR AS outcome, NULL::VARCHAR AS subject_key, NULL::VARCHAR AS group_id,
    NULL::VARCHAR AS link_kind, NULL::DECIMAL(9, 4) AS match_weight,
    NULL::DECIMAL(9, 8) AS match_probability, NULL::VARCHAR AS model_version,
    NULL::STRUCT(subject_key VARCHAR, other_record_id VARCHAR, match_weight DECIMAL(9, 4),
    match_probability DECIMAL(9, 8))[] AS candidates WHERE false"""
_APART = """DELETE FROM linking_pairs USING
    (SELECT unit_id, {column} FROM {units} UNION ALL SELECT unit_id, {column} FROM {profiles}) AS l,
    (SELECT unit_id, {column} FROM {units} UNION ALL SELECT unit_id, {column} FROM {profiles}) AS r
    WHERE l.unit_id = left_id AND r.unit_id = right_id AND l.{column} <> r.{column}"""
_OUTCOMES = """SELECT o.*, c.candidates FROM {outcomes} AS o LEFT JOIN (
    SELECT record_id, list(struct_pack(subject_key := subject_key,
        other_record_id := other_record_id, match_weight := match_weight,
        match_probability := match_probability)
        ORDER BY match_weight DESC NULLS FIRST, subject_key, other_record_id) AS candidates
    FROM {candidates} GROUP BY record_id) AS c USING (record_id)"""

# One step from mentions that were reached to those that share a number or a decision with them.
_REACH = """INSERT INTO reached SELECT DISTINCT record_id FROM (
    SELECT record_id FROM ({numbers}) WHERE resident_id IN (
        SELECT resident_id FROM ({numbers}) WHERE record_id IN (SELECT record_id FROM reached))
    UNION ALL SELECT right_record FROM ({decisions})
        WHERE left_record IN (SELECT record_id FROM reached)
    UNION ALL SELECT left_record FROM ({decisions})
        WHERE right_record IN (SELECT record_id FROM reached)
    ) WHERE record_id NOT IN (SELECT record_id FROM reached)"""
_REACHED = """SELECT record_id, extract, record_key, resident_id FROM ({numbers})
    WHERE record_id IN (SELECT record_id FROM reached)
    UNION ALL SELECT record_id, extract, record_key, NULL FROM ({keys})
    UNION ALL SELECT record_id, NULL, NULL, NULL FROM reached"""


def score_pairs(
    session: DuckDBPyConnection,
    kind: str,
    units: DuckDBPyRelation,
    profiles: DuckDBPyRelation,
    this: str,
) -> DuckDBPyRelation:
    """Score units against profiles and each other; what the last build scored is kept.

    Args:
        session: dbt's connection, inside the model's transaction.
        kind: of linkage's specifications.
        units: records without a usable identifier.
        profiles: how identified subjects are described.
        this: the model's table, as the last build left it, and beside it `<table>_units`: what was
            scored for it. The two need not change together; units that belong to another table
            (the build was killed between) count for nothing.
    """
    schema, table = (part.strip('"') for part in this.split(".")[-2:])
    known = f'"{schema}"."{table}_units"'
    if not _count(units):
        session.execute(f"DROP TABLE IF EXISTS {known}")
        return session.sql(_NO_PAIRS)
    from linkage import Previous, score, spec

    pairs = f'"{schema}"."{table}"'
    previous = Previous(pairs, known)
    if not (_exist(session, schema, table) and _belongs(session, pairs, known)):
        session.execute(f"DROP TABLE IF EXISTS {known}")
        previous = Previous(None, known)
    else:
        session.execute(f"COMMENT ON TABLE {known} IS NULL")
    given = [f"({side.sql_query()})" for side in (units, profiles)]
    scored = score(session, spec(kind), given[0], given[1], previous)
    (content,) = session.execute(_CONTENT.format(pairs=scored)).fetchone() or (None,)
    session.execute(f"COMMENT ON TABLE {known} IS '{content}'")
    return session.sql(f"SELECT * FROM {scored}")


def decide_links(
    session: DuckDBPyConnection,
    kind: str,
    units: DuckDBPyRelation,
    profiles: DuckDBPyRelation,
    pairs: DuckDBPyRelation,
    decisions: DuckDBPyRelation,
    exclusive: tuple[str, ...] = (),
) -> DuckDBPyRelation:
    """One outcome for each unit, with its candidates when a person has to look.

    Args:
        session: dbt's connection, inside the model's transaction.
        kind: of linkage's specifications.
        units: records without a usable identifier.
        profiles: how identified subjects are described, with their `subject_key`.
        pairs: as `score_pairs` left them.
        decisions: what people decided of the units.
        exclusive: columns of numbers; two sides that have different ones are never one subject.
    """
    if not _count(units):
        return session.sql(_NO_OUTCOMES)
    from linkage import decide, spec

    given = {"units": f"({units.sql_query()})", "profiles": f"({profiles.sql_query()})"}
    session.execute(f"CREATE OR REPLACE TEMP TABLE linking_pairs AS {pairs.sql_query()}")
    for column in exclusive:
        session.execute(_APART.format(column=column, **given))
    decided = decide(
        session,
        spec(kind),
        "linking_pairs",
        given["units"],
        given["profiles"],
        f"({decisions.sql_query()})",
    )
    return session.sql(_OUTCOMES.format(**decided._asdict()))


def reach_records(
    session: DuckDBPyConnection,
    keys: DuckDBPyRelation,
    numbers: DuckDBPyRelation,
    decisions: DuckDBPyRelation,
) -> DuckDBPyRelation:
    """Mentions joined to touched ones by a number that both ever bore, or by a decision of people.

    Whoever is one person by exact links is among them; who is one by likelihood need not be.

    Args:
        session: dbt's connection, inside the model's transaction.
        keys: touched mentions (`record_id`, `extract`, `record_key`).
        numbers: every number that a mention ever bore (the same columns and `resident_id`).
        decisions: `left_record` and `right_record`.

    Returns:
        One row per mention and number of it, one without a number per touched mention.
    """
    told = {"keys": keys.sql_query(), "numbers": numbers.sql_query()}
    told["decisions"] = decisions.sql_query()
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE reached AS SELECT DISTINCT record_id FROM ({told['keys']})"
    )
    while True:
        (more,) = session.execute(_REACH.format(**told)).fetchone() or (0,)
        if not more:
            return session.sql(_REACHED.format(**told))


def _count(relation: DuckDBPyRelation) -> int:
    (rows,) = relation.aggregate("count(*)").fetchone() or (0,)
    return int(rows)


def _belongs(session: DuckDBPyConnection, pairs: str, known: str) -> bool:
    """Whether the scored units are those of these pairs."""
    told = session.execute(
        "SELECT comment FROM duckdb_tables() WHERE format('\"{}\".\"{}\"', schema_name, table_name)"
        " = $1", [known],
    ).fetchall()  # fmt: skip
    return told == session.execute(_CONTENT.format(pairs=pairs)).fetchall()


def _exist(session: DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the last build left both tables."""
    row = session.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = $1 AND table_name IN ($2, $3)",
        [schema, table, f"{table}_units"],
    ).fetchone()
    return row is not None and row[0] == 2
