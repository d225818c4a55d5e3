"""The dbt macro `survivorship(domain)`, made from the survivorship matrices.

It returns plain data for the macros that write SQL (`dbt_project/macros/candidates.sql`), so that
the order of sources is typed in the catalogue and nowhere else.
"""

from __future__ import annotations

import re
from typing import Any

from catalog.store import Catalog
from catalog.survivorship import Attribute, Matrix, Record, Source

_MACRO = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def macro_sql(catalog: Catalog) -> str:
    """The text of the generated macro file."""
    parts = [
        "{# Generated from catalog/survivorship by dbt_project/regenerate.py: do not edit. #}",
        "{% macro survivorship(domain) -%}",
        "    {%- set matrices = {",
    ]
    for domain, matrix in sorted(catalog.survivorship.items()):
        parts += [f"        '{domain}': {{", "            'attributes': ["]
        parts += [f"                {_literal(told)}," for told in _attributes(catalog, matrix)]
        parts += ["            ],", "            'statements': ["]
        parts += [f"                {_literal(told)}," for told in _statements(matrix)]
        parts += ["            ],", "            'fallbacks': ["]
        parts += [f"                {_literal(told)}," for told in _fallbacks(matrix)]
        keys = {r.extract: catalog.extracts[r.extract].key[0].name for r in matrix.records}
        parts += ["            ],", f"            'keys': {_literal(keys)},", "        },"]
    parts += ["    } -%}", "    {{ return(matrices[domain]) }}", "{%- endmacro %}", ""]
    return "\n".join(parts)


def _attributes(catalog: Catalog, matrix: Matrix) -> list[dict[str, Any]]:
    columns = catalog.products[matrix.product].by_name
    return [
        {
            "attribute": attribute.attribute,
            "sql_type": columns[attribute.attribute].sql_type,
            "reason_cn": attribute.reason_cn,
        }
        for attribute in matrix.attributes
    ]


def _statements(matrix: Matrix) -> list[dict[str, Any]]:
    """One entry per attribute, source and role: all that is needed to make and order candidates."""
    records = {record.extract: record for record in matrix.records}
    found = []
    for attribute in matrix.attributes:
        for number, source in enumerate(attribute.sources):
            record = records[source.extract]
            roles = [source.role] if source.role else record.roles
            found += [_statement(matrix, attribute, number, source, record, r) for r in roles]
    return found


def _statement(
    matrix: Matrix, attribute: Attribute, number: int, source: Source, record: Record, role: str
) -> dict[str, Any]:
    levels = matrix.levels(attribute)
    value = source.expression or source.column
    told: dict[str, Any] = {
        "attribute": attribute.attribute,
        "extract": source.extract,
        "role": role,
        "column": source.column,
        "level": levels[number],
        "position": number + 1,
        "value": value,
        "when": source.when,
        # an order of its own is the whole order: the newest counts, in force or not
        "preferred": _unordered(source, record.preferred_when),
        "newest_by": source.newest_by or _unordered(source, record.updated_at),
        "earliest_by": source.earliest_by,
        "updated_at": record.updated_at,
        "valid_from": source.valid_from or record.valid_from,
        "valid_to": source.valid_to,
        "follows": None,
        "leader_value": None,
    }
    if attribute.follows:
        leader = matrix.by_name[attribute.follows]
        pairs = zip(matrix.levels(leader), leader.sources, strict=True)
        level, lead = next(
            (level, s) for level, s in pairs if (s.extract, s.role) == (source.extract, source.role)
        )
        told |= {
            "level": level,
            "when": lead.when,
            "preferred": _unordered(lead, record.preferred_when),
            "newest_by": lead.newest_by or _unordered(lead, record.updated_at),
            "earliest_by": lead.earliest_by,
            "follows": attribute.follows,
            "leader_value": lead.expression or lead.column,
        }
    return told


def _unordered(source: Source, told: str | None) -> str | None:
    """What holds for the record, unless the source says itself which statement counts."""
    return None if source.newest_by or source.earliest_by else told


def _fallbacks(matrix: Matrix) -> list[dict[str, Any]]:
    return [
        {
            "attribute": a.attribute,
            "of": a.fallback.of,
            "value": a.fallback.expression,
            "level": matrix.levels(a)[-1] + 1,
        }
        for a in matrix.attributes
        if a.fallback
    ]


def _literal(told: dict[str, Any]) -> str:
    """A Jinja literal; `{{ macro(…) }}` inside a text becomes a call."""
    fields = ", ".join(f"'{name}': {_value(value)}" for name, value in told.items())
    return "{" + fields + "}"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, int):
        return str(value)
    parts = [
        part.strip() if number % 2 else _quoted(part)
        for number, part in enumerate(_MACRO.split(value))
        if part or number % 2
    ]
    return " ~ ".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
