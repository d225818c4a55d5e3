"""dbt YAML of what ingest leaves for dbt, made from the extract contracts.

The raw tables as sources, and the staging models over them: names, descriptions, types and Dagster
keys come from the contracts, so nothing is typed twice. `dbt_project/regenerate.py` writes the
files; a test fails when they are behind.
"""

from __future__ import annotations

from typing import Any

import yaml

from catalog.contracts import Column, ExtractContract
from catalog.store import ANY_PROVIDER, Catalog

HEADER = "# Generated from the contracts by dbt_project/regenerate.py: do not edit.\n"

# What stands beside the contract's columns in every raw table.
PROVENANCE = {
    "delivery_id": ("VARCHAR", "交付编号"),
    "list_id": ("VARCHAR", "所属名册的交付编号（更正退回行时为原交付）"),
    "line": ("BIGINT", "在原交付中的行号"),
    "business_date": ("DATE", "业务日期"),
    "delivery_order": ("VARCHAR", "同一业务日期内的次序，与到达先后无关"),
    "provider": ("VARCHAR", "提供部门"),
    "as_given": ("VARCHAR", "被置空、告警或升位的单元格的原文（JSON）"),
    "known_at": ("TIMESTAMP", "平台收到（更正撤回后重新计入）的时间；不影响任何取值"),
}

# What stands beside them in the table of rows that count no more.
KNOWN_UNTIL = {"known_until": ("TIMESTAMP", "被更正、退回更正或撤回取代的时间")}

DELIVERY = {
    "delivery_id": "VARCHAR",
    "extract": "VARCHAR",
    "provider": "VARCHAR",
    "file_name": "VARCHAR",
    "business_date": "DATE",
    "delivery_order": "VARCHAR",
    "return_of": "VARCHAR",
    "accepted": "BIGINT",
    "rejected": "BIGINT",
    "received_at": "TIMESTAMP",
}

# What people decided in the review of identity; the keys of records, none of their values.
DECISION = {
    "decision_id": "VARCHAR",
    "domain": "VARCHAR",
    "left_record": "VARCHAR",
    "right_record": "VARCHAR",
    "verdict": "VARCHAR",
    "decided_by": "VARCHAR",
    "decided_at": "TIMESTAMP",
}

# Corrections as data (`catalog/corrections.py`): status open or withdrawn as written; one record
# (extract and record_key), or one subject (subject_id), and the value that was wrong.
CORRECTION = {
    "correction_id": "VARCHAR",
    "domain": "VARCHAR",
    "extract": "VARCHAR",
    "record_key": "VARCHAR",
    "role": "VARCHAR",
    "subject_id": "VARCHAR",
    "attribute": "VARCHAR",
    "wrong_value": "VARCHAR",
    "corrected_value": "VARCHAR",
    "expected_upstream": "VARCHAR",
    "reason_cn": "VARCHAR",
    "provider": "VARCHAR",
    "decided_by": "VARCHAR",
    "decided_date": "DATE",
    "status": "VARCHAR",
}


# Deliveries whose rows came, went or count differently since the last build: what a build that
# makes only touched rows anew begins with (`orchestration/touched.py`).
CHANGED_DELIVERY = {"delivery_id": "VARCHAR", "extract": "VARCHAR"}


def dump(content: dict[str, Any]) -> str:
    """YAML text with the header of generated files; keys in the order given."""
    text: str = yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )
    return HEADER + text


def model_meta(domain: str, name: str) -> dict[str, Any]:
    """What Dagster reads of a model: its key and its group."""
    return {"meta": {"dagster": {"asset_key": ["model", domain, name], "group": domain}}}


def _extract_asset(contract: ExtractContract) -> dict[str, Any]:
    """The Dagster asset that a raw table comes from: its extract's."""
    return {"meta": {"dagster": {"asset_key": ["extract", contract.domain, contract.name]}}}


def raw_columns(contract: ExtractContract) -> dict[str, tuple[str, str]]:
    """Name, type and Chinese description of every column of an extract's raw table, in order."""
    found: dict[str, tuple[str, str]] = {}
    for column in contract.columns:
        found[column.name] = (column.sql_type, column.title_cn)
        found |= {name: ("BOOLEAN", title) for name, title in column.companions.items()}
    return found | PROVENANCE


def past_columns(contract: ExtractContract) -> dict[str, tuple[str, str]]:
    """Columns of the table of an extract's rows that were accepted once and count no more."""
    return raw_columns(contract) | KNOWN_UNTIL


def rejected_key_columns(contract: ExtractContract) -> dict[str, tuple[str, str]]:
    """Columns of the table of rejected keys that a `full` extract has beside its rows."""
    keys: tuple[Column, ...] = contract.key
    names = ("list_id", "business_date", "delivery_order")
    return {key.name: (key.sql_type, key.title_cn) for key in keys} | {
        name: PROVENANCE[name] for name in names
    }


def sources_yaml(catalog: Catalog, domain: str) -> str:
    """A domain's tables of the dbt source `raw`: one per extract, joined to its Dagster asset."""
    tables = [
        {
            "name": contract.table,
            "description": f"{contract.title_cn}：现行交付中被接受的各行",
            "config": _extract_asset(contract),
            "columns": _columns(raw_columns(contract)),
        }
        for contract in catalog.extracts.values()
        if contract.domain == domain
    ]
    return dump({"sources": [{"name": "raw", "schema": "raw", "tables": tables}]})


def raw_sources_yaml(catalog: Catalog) -> str:
    """The tables of the dbt source `raw` beside extracts: deliveries, and rejected keys."""
    tables: list[dict[str, Any]] = [
        {
            "name": "full_list",
            "description": "整表报送的数据资源的现行交付，每个一行",
            "columns": [{"name": name, "data_type": type_} for name, type_ in DELIVERY.items()],
        },
        {
            "name": "link_decision",
            "description": "人工核对的结论：两条记录是否同一主体，每对取最近的一次",
            "columns": [{"name": name, "data_type": type_} for name, type_ in DECISION.items()],
        },
        {
            "name": "correction",
            "description": "人工更正，每条一行（catalog/corrections 与数据目录下的 corrections）",
            "columns": [{"name": name, "data_type": type_} for name, type_ in CORRECTION.items()],
        },
        {
            "name": "changed_delivery",
            "description": "上次构建以来新到、被取代、撤回或重新计入的交付",
            "columns": [
                {"name": name, "data_type": type_} for name, type_ in CHANGED_DELIVERY.items()
            ],
        },
    ]
    tables += [
        {
            "name": f"past__{contract.table}",
            "description": f"{contract.title_cn}：曾被接受、后被更正或撤回取代的各行",
            "config": _extract_asset(contract),
            "columns": _columns(past_columns(contract)),
        }
        for contract in catalog.extracts.values()
    ]
    tables += [
        {
            "name": f"rejected_key__{contract.table}",
            "description": f"{contract.title_cn}：现行交付中被退回各行的主键",
            "config": _extract_asset(contract),
            "columns": _columns(rejected_key_columns(contract)),
        }
        for contract in catalog.extracts.values()
        if contract.mode == "full"
    ]
    return dump({"sources": [{"name": "raw", "schema": "raw", "tables": tables}]})


def staging_yaml(catalog: Catalog, domain: str) -> str:
    """The staging models of a domain, with a test that each key stands once in the state."""
    states = {
        "incremental": "每个主键的最新操作；最新操作为删除的不在其中",
        "append": "每个主键一行；后来的业务日期更正先前的内容",
        "full": "最新名册；不再列出的保留并标明，最新一行被退回的沿用先前的行",
    }
    models = []
    for contract in catalog.extracts.values():
        if contract.domain != domain:
            continue
        name = f"stg_{contract.table}"
        models.append(
            {
                "name": name,
                "description": f"{contract.title_cn}的现状：{states[contract.mode]}",
                "config": model_meta(domain, name),
                **_key_tests(contract),
            }
        )
    return dump({"models": models})


def _key_tests(contract: ExtractContract) -> dict[str, Any]:
    """That each key stands once (of each department, where several deliver), and whole.

    A column of several that may be empty, in one of the forms at least, may be NULL.
    """
    names = [key.name for key in contract.key]
    columns = ["provider", *names] if contract.provider == ANY_PROVIDER else names
    nullable = [
        key.name
        for key in contract.key
        if len(names) > 1 and not (key.required and all(f.asks(key.name) for f in contract.forms))
    ]
    told = {"columns": columns} | ({"nullable": nullable} if nullable else {})
    return {
        "data_tests": [{"primary_key": {"arguments": told}}],
        "columns": [{"name": name} for name in names],
    }


def _columns(columns: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"name": name, "description": description, "data_type": type_}
        for name, (type_, description) in columns.items()
    ]
