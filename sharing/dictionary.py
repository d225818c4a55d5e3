"""Comments and the dictionary inside the analysts' file."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from catalog import ProductColumn, ProductContract
from sharing.duck import ident, literal
from sharing.masking import is_own_id
from sharing.store import Release

_TREATMENT_CN = {
    "as_is": "原值",
    "year": "只保留年份",
    "county": "截至区县（6 位代码），更粗的为空",
    "township": "截至乡镇街道（9 位代码），更粗的为空",
    "pseudonym": "化名（分析库专用，不可与其他读者的数据关联）",
}
_META = {
    "release": (
        "本文件所依据的发布，只有一行",
        {
            "number": "发布编号",
            "business_date": "业务日期",
            "released_at": "发布时间（北京时间）",
            "certificate_sha256": "发布证书的 SHA-256",
            "fingerprints": "各产品的指纹（行数与内容摘要）",
        },
    ),
    "dictionary": (
        "数据字典：每列一行",
        {
            "schema_name": "模式（领域）",
            "table_name": "表名",
            "table_title_cn": "表的中文名",
            "position": "列的次序",
            "column_name": "列名",
            "title_cn": "列的中文名",
            "data_type": "数据类型",
            "treatment_cn": "脱敏处理",
            "grade": "原列的数据级别（1 公开 2 内部 3 敏感 4 高敏感）",
            "code_list": "代码表",
            "description_cn": "说明",
        },
    ),
}
MINORS_CN = "未满 14 周岁人员的行只保留化名与概化值，其余为空。"


@dataclass(frozen=True)
class Shown:
    """A table of the analysts' file: its columns under their names there."""

    contract: ProductContract
    columns: tuple[tuple[str, ProductColumn], ...]


def _treatment(column: ProductColumn) -> str:
    return _TREATMENT_CN["pseudonym" if is_own_id(column) else column.analysts]


def _column_comment(column: ProductColumn) -> str:
    parts = [column.title_cn, column.description]
    if _treatment(column) != _TREATMENT_CN["as_is"]:
        parts.append(_treatment(column))
    return "：".join([parts[0], "；".join(p for p in parts[1:] if p)]).rstrip("：")


def describe(connection: duckdb.DuckDBPyConnection, shown: Shown) -> None:
    """Comment a table and all its columns."""
    contract = shown.contract
    table = f"marts.{ident(contract.domain)}.{ident(contract.name)}"
    text = f"{contract.title_cn}：{contract.purpose}。{MINORS_CN}"
    connection.execute(f"COMMENT ON TABLE {table} IS {literal(text)}")
    for name, column in shown.columns:
        comment = literal(_column_comment(column))
        connection.execute(f"COMMENT ON COLUMN {table}.{ident(name)} IS {comment}")


def _code_list(column: ProductColumn) -> str | None:
    return next((str(c.params["list"]) for c in column.checks if "list" in c.params), None)


def _dictionary_rows(shown: list[Shown]) -> list[tuple[object, ...]]:
    return [
        (
            table.contract.domain,
            table.contract.name,
            table.contract.title_cn,
            position,
            name,
            column.title_cn,
            "INTEGER" if column.analysts == "year" else column.sql_type,
            _treatment(column),
            column.grade,
            _code_list(column),
            column.description,
        )
        for table in shown
        for position, (name, column) in enumerate(table.columns, start=1)
    ]


def write_meta(connection: duckdb.DuckDBPyConnection, release: Release, shown: list[Shown]) -> None:
    """Write `meta.release` and `meta.dictionary`, with their own comments."""
    connection.execute("CREATE SCHEMA marts.meta")
    names = [f"{t.contract.domain}.{t.contract.name}" for t in shown]
    prints = [release.products[name].fingerprint for name in names]
    connection.execute(
        "CREATE TABLE marts.meta.release AS SELECT $1::INTEGER AS number, $2::DATE AS "
        "business_date, $3::TIMESTAMP AS released_at, $4::VARCHAR AS certificate_sha256, "
        "map($5::VARCHAR[], $6::VARCHAR[]) AS fingerprints",
        [
            release.number,
            release.business_date,
            release.released_at,
            release.certificate_sha256,
            names,
            prints,
        ],
    )
    connection.execute(
        "CREATE TABLE marts.meta.dictionary (schema_name VARCHAR, table_name VARCHAR, "
        "table_title_cn VARCHAR, position INTEGER, column_name VARCHAR, title_cn VARCHAR, "
        "data_type VARCHAR, treatment_cn VARCHAR, grade INTEGER, code_list VARCHAR, "
        "description_cn VARCHAR)"
    )
    if rows := _dictionary_rows(shown):
        marks = ", ".join(["?"] * len(rows[0]))
        connection.executemany(f"INSERT INTO marts.meta.dictionary VALUES ({marks})", rows)
    for table, (comment, columns) in _META.items():
        connection.execute(f"COMMENT ON TABLE marts.meta.{table} IS {literal(comment)}")
        for name, text in columns.items():
            connection.execute(
                f"COMMENT ON COLUMN marts.meta.{table}.{ident(name)} IS {literal(text)}"
            )
