"""Data Package descriptors (v2): what a table is, in a form that other tools read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog import ProductColumn, ProductContract

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TABLE_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DECIMAL": "number",
    "BLOB": "string",
}
# WKB: bytes in Parquet, and base64 in CSV as the format `binary` of Table Schema has it.
_FORMATS = {"BLOB": "binary"}


@dataclass(frozen=True)
class Content:
    """What a file holds: its hash, size in bytes, rows and fingerprint."""

    sha256: str
    size: int
    rows: int
    fingerprint: str


def field_descriptor(
    column: ProductColumn, sql_type: str | None = None, note: str = ""
) -> dict[str, Any]:
    """One field; `sql_type` and `note` where a reader gets it other than the contract has it."""
    kind = sql_type or column.sql_type
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[kind.split("(")[0]],
        "title": column.title_cn,
        "description": " ".join(part for part in (column.description, note) if part),
        "sqlType": kind,
        "grade": column.grade,
    }
    if kind in _FORMATS:
        field |= {"format": _FORMATS[kind], "encoding": "WKB", "crs": "EPSG:4490"}
    if column.required and not note:
        field["constraints"] = {"required": True}
    return field


def _foreign_keys(contract: ProductContract, present: Collection[str]) -> list[dict[str, Any]]:
    found = []
    for column in contract.columns:
        for target in column.references:
            product, _, name = target.rpartition(".")
            if product in present:
                reference = {"resource": product, "fields": [name]}
                found.append({"fields": [column.name], "reference": reference})
    return found


def table_resource(
    contract: ProductContract, content: Content, present: Collection[str]
) -> dict[str, Any]:
    """The resource of one released table.

    Args:
        contract: the product's contract.
        content: what its file holds.
        present: the products of the release; references to others are left out.
    """
    schema: dict[str, Any] = {
        "$schema": _TABLE_PROFILE,
        "fields": [field_descriptor(column) for column in contract.columns],
        "primaryKey": [column.name for column in contract.key],
    }
    if keys := _foreign_keys(contract, present):
        schema["foreignKeys"] = keys
    return {
        "name": contract.id,
        "path": f"{contract.id}.parquet",
        "title": contract.title_cn,
        "description": contract.purpose,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        # Not `bytes`: frictionless compares that with a count it does not make for Parquet.
        "fileBytes": content.size,
        "hash": f"sha256:{content.sha256}",
        "rows": content.rows,
        "fingerprint": content.fingerprint,
        "contractVersion": contract.version,
        "metadata": dict(contract.metadata),
        "schema": schema,
    }


def package(
    name: str, title: str, created: str, resources: Iterable[Mapping[str, Any]], **more: Any
) -> dict[str, Any]:
    """A whole descriptor."""
    return {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "created": created,
        **more,
        "resources": [dict(resource) for resource in resources],
    }
