"""A handful of raw rows as ingest would leave them, and dbt run over them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from catalog import catalog
from catalog.dbt_sources import (
    CHANGED_DELIVERY,
    CORRECTION,
    DECISION,
    DELIVERY,
    past_columns,
    raw_columns,
    rejected_key_columns,
)
from foundation.paths import PROJECT, DataRoot
from orchestration import dbt_build

FOLDER = PROJECT / "dbt_project"
BUSINESS_DATE = "2018-03-31"
Row = dict[str, Any]

# Two valid resident numbers: a man born on 1990-01-01, a woman born on 1992-02-02.
MAN, WOMAN, DEAD, GONE = (
    "610203199001010011",
    "610203199202020022",
    "610203195003030033",
    "610203196004040044",
)
MISTYPED, MENDED = "91610203MA6X9XX123", "91610203MA6X9YY456"
USCC = "91610203MA0000001X"
LICENCE_TYPE = "11610200016102001X004"


def _row(day: int, line: int, provider: str, **values: Any) -> Row:
    """One raw row of the delivery of a day in March 2018."""
    delivery = f"{provider}-{day}"
    return {
        "delivery_id": delivery,
        "list_id": delivery,
        "line": line,
        "business_date": f"2018-03-{day}",
        "delivery_order": f"order-{day}",
        "provider": provider,
        # when it came says nothing about what is true
        "known_at": f"2018-04-{line:02d} 08:00:00",
        **values,
    }


def _registered(day: int, line: int, operation: str, **values: Any) -> Row:
    told = {
        "registration_status": "正常",
        "updated_at": f"2018-03-{day} 09:00:00",
        "operation": operation,
    }
    return _row(day, line, "public_security", **(told | values))


def rows_of_a_city() -> dict[str, list[Row]]:
    """Raw rows by table: every case that only shows when all models run together."""
    man = {"person_no": "P1", "resident_id": MAN, "household_no": "H1", "sex_code": "1"}
    woman = {"person_no": "P2", "resident_id": WOMAN, "household_no": "H1", "sex_code": "2"}
    as_given = '{"resident_id": "610203920202002"}'
    return {
        "population__household_registration": [
            _registered(29, 2, "I", **man, name="旧名", household_relation_code="02"),
            _registered(30, 2, "U", **man, name="新名", household_relation_code="02"),
            _registered(29, 3, "I", **woman, name="王芳", as_given=as_given),
            _registered(29, 4, "I", person_no="P3", resident_id=DEAD, household_no="H2", name="李"),
            _registered(29, 5, "I", person_no="P4", resident_id=GONE, household_no="H3", name="赵"),
            _registered(30, 3, "D", person_no="P4", registration_status=None),
        ],
        "population__death_certificate": [
            _row(30, 2, "health", certificate_no="D1", resident_id=DEAD, name="李",
                 sex_code="1", death_date="2018-03-01", certificate_status="有效"),
        ],
        "population__birth_certificate": [
            _row(30, 2, "health", certificate_no="B123456789", sex_code="1",
                 born_at="2018-03-20 05:00:00", mother_name="王芳", mother_id_type="居民身份证",
                 mother_resident_id=WOMAN, father_id_type="居民身份证",
                 certificate_status="有效"),
        ],
        "population__marriage_registration": [
            _row(day, 2, "civil_affairs", registration_no="M1", registration_type="结婚",
                 husband_name="新名", husband_id_type="居民身份证", husband_resident_id=MAN,
                 wife_name="某外宾", wife_id_type="护照", wife_resident_id="E1234567",
                 registered_date="2018-03-05")
            for day in (29, 30)  # the same certificate twice
        ],
        "legal_entity__enterprise_registration": [
            _row(29, 2, "market_regulation", entity_no="E1", registration_no="610203000000016",
                 name="甲公司", entity_type_code="1130", registration_status_code="1",
                 updated_at="2018-03-29 09:00:00", operation="I", industry_code="0111",
                 registered_capital="100", legal_representative_name="新名",
                 legal_representative_id=MAN, legal_representative_id_type="居民身份证"),
            _row(30, 2, "market_regulation", entity_no="E1", registration_no="610203000000016",
                 uscc=USCC, name="甲公司", entity_type_code="1130",
                 registration_status_code="1", updated_at="2018-03-30 09:00:00", operation="U",
                 industry_code="0111", registered_capital="100", legal_representative_name="新名",
                 legal_representative_id=MAN, legal_representative_id_type="居民身份证"),
            # closed long before anybody told the warehouse
            _row(29, 3, "market_regulation", entity_no="E9", registration_no="610203000000903",
                 name="乙公司", entity_type_code="1130", registration_status_code="3",
                 closed_date="2018-01-05", updated_at="2018-03-29 09:00:00", operation="I"),
            # its code was mistyped, and mended
            *(_row(day, 4, "market_regulation", entity_no="E8", uscc=code, name="丙公司",
                   entity_type_code="1130", registration_status_code="1",
                   updated_at=f"2018-03-{day} 09:00:00", operation="U")
              for day, code in ((29, MISTYPED), (30, MENDED))),
        ],
        "legal_entity__tax_registration": [
            _row(30, 2, "tax", taxpayer_id=USCC, taxpayer_name="甲有限公司",
                 taxpayer_status="正常", updated_at="2018-03-30 09:00:00", operation="I"),
            _row(30, 3, "tax", taxpayer_id=MAN + "01", taxpayer_name="新名",
                 taxpayer_status="正常", updated_at="2018-03-30 09:00:00", operation="I"),
        ],
        "e_licence__licence": [
            _licence(29, 2, "L1", "111", f"{DEAD}^{WOMAN}", holder_name="李^王芳"),
            _licence(29, 3, "L2", "001", USCC, valid_to="2018-03-30", valid_to_is_long_term=False),
            _licence(29, 4, "L3", "001", USCC),
            _licence(30, 2, "L4", "001", USCC, previous_identifier="L3"),
            _licence(30, 3, "L5", "414", "G1", licence_type_code="T9", licence_name="奇照"),
        ],
        "macro_economy__monthly_bulletin": [
            _row(day, line, "statistics", division_code="610200", period="2018-03-01",
                 released_date=f"2018-03-{day}", indicator_name=name, unit=unit,
                 cumulative_value=value, yoy_percent="7.8")
            for day, value in ((29, "85.3"), (30, "85.9"), (31, "84.1"))
            for line, name, unit in ((6, "地区生产总值", "亿元"), (7, "社会消费品零售总额", "万元"))
        ],
        "macro_economy__indicator_value": [
            _row(29, 2, "statistics", indicator_code="RETAIL", indicator_name="x",
                 division_code="610200", period="2018-02", value_kind="累计", measure="总量",
                 value="10.00", unit="万元", released_date="2018-03-28"),
            _row(29, 3, "statistics", indicator_code="RETAIL", indicator_name="x",
                 division_code="610200", period="2018-01", value_kind="累计", measure="总量",
                 unit="亿元", released_date="2018-03-28"),
        ],
        "macro_economy__fiscal_monthly": [
            _row(30, 2, "finance", budget_item_code="1", budget_item_name="一般公共预算收入合计",
                 flow="收入", division_code="LOCAL-XQ", period="2018-03-01", current_amount="5",
                 cumulative_amount="15", released_date="2018-03-30"),
        ],
        "environment__emission_monitoring": [
            _emitted(2, USCC, "O1", "50.000001"), _emitted(3, USCC, "O2", "50"),
            _emitted(4, USCC, "O3", "500", device_status="故障"), _emitted(5, USCC, "O4", None),
            _emitted(6, "91610200MA00000023", "O5", "90"),
        ],
    }  # fmt: skip


def _emitted(line: int, uscc: str, outlet: str, value: str | None, **told: Any) -> Row:
    values = {
        "uscc": uscc, "entity_name": "某厂", "outlet_code": outlet, "factor_code": "w01018",
        "observed_date": "2018-03-29", "concentration": value, "limit_value": "50",
        "device_status": "正常",
    }  # fmt: skip
    return _row(30, line, "environment", **(values | told))


def _licence(day: int, line: int, identifier: str, kind: str, code: str, **values: Any) -> Row:
    told = {
        "licence_identifier": identifier, "licence_identifier_is_valid": False,
        "licence_name": "排污许可证", "licence_type_code": LICENCE_TYPE, "licence_no": identifier,
        "issuer_name": "市政务办", "issuer_uscc": USCC, "holder_name": "甲公司",
        "holder_code": code,
        "holder_code_type": kind, "issued_date": "2018-01-01", "valid_to_is_long_term": True,
        "status_code": "01", "updated_at": f"2018-03-{day} 09:00:00", "operation": "I",
    }  # fmt: skip
    return _row(day, line, "e_government", **(told | values))


def late_tax_row() -> Row:
    """A delivery of an earlier business date that comes after all others."""
    return _row(
        28,
        2,
        "tax",
        taxpayer_id="610203MA0000001",
        taxpayer_name="甲公司",
        taxpayer_status="正常",
        updated_at="2018-03-28 09:00:00",
        operation="I",
    )


def make_raw(warehouse: Path, rows: Mapping[str, Sequence[Row]]) -> None:
    """Make schema `raw`, typed from the contracts."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("DROP SCHEMA IF EXISTS raw CASCADE")
        connection.execute("CREATE SCHEMA raw")
        tables = {c.table: raw_columns(c) for c in catalog().extracts.values()}
        tables |= {f"past__{c.table}": past_columns(c) for c in catalog().extracts.values()}
        tables |= {
            f"rejected_key__{c.table}": rejected_key_columns(c)
            for c in catalog().extracts.values()
            if c.mode == "full"
        }
        tables["full_list"] = {name: (type_, "") for name, type_ in DELIVERY.items()}
        tables["link_decision"] = {name: (type_, "") for name, type_ in DECISION.items()}
        tables["correction"] = {name: (type_, "") for name, type_ in CORRECTION.items()}
        tables["changed_delivery"] = {name: (type_, "") for name, type_ in CHANGED_DELIVERY.items()}
        for table, columns in tables.items():
            fields = ", ".join(f'"{name}" {type_}' for name, (type_, _) in columns.items())
            connection.execute(f"CREATE TABLE raw.{table} ({fields})")
            for row in rows.get(table, ()):
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT INTO raw.{table} ({names}) VALUES ({marks})", list(row.values())
                )


class Built:
    """One build: what dbt said, and the warehouse it made."""

    def __init__(self, result: Any, warehouse: Path, target: Path) -> None:
        self.result = result
        self.compiled = compiled(result) if result.result else {}
        self.target = target
        # by the name under which its views know it, whatever the file is called by now
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"ATTACH '{warehouse}' AS warehouse (READ_ONLY)")
        self._connection.execute("USE warehouse")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the warehouse."""
        return self._connection.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The single row of a query."""
        (row,) = self.rows(query)
        return row


@contextmanager
def _environment(folder: Path) -> Iterator[None]:
    told = {
        "TONGCHUAN_DATA": str(folder),
        "TONGCHUAN_KEY_DIR": str(folder / "keys"),  # one key: ids can be compared
        "TONGCHUAN_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TONGCHUAN_TEMP": str(folder / "tmp"),
    }
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def run_dbt(folder: Path, *arguments: str) -> Any:
    """Run dbt over `folder/warehouse.duckdb`; the manifest is left in `folder/target`.

    The project is parsed once in each process, as a night does, without variables.
    """
    variables = ("--vars", f"{{business_date: '{BUSINESS_DATE}'}}")
    return _invoke(folder, _parsed(folder), *arguments, *variables)


def run_dbt_with(folder: Path, variables: Mapping[str, str], *arguments: str) -> Any:
    """The same with other variables."""
    return _invoke(folder, _parsed(folder), *arguments, "--vars", json.dumps(variables))


def compiled(result: Any) -> dict[str, str]:
    """SQL of each model by its name; dbt's own nodes keep only that of the last run."""
    return {
        r.node.name: r.node.compiled_code
        for r in result.result
        if r.node.resource_type == "model" and r.node.language == "sql"
    }


@lru_cache(maxsize=1)
def _parsed(folder: Path) -> Any:
    return dbt_build._parse(DataRoot(folder / "parsed"))


def _invoke(folder: Path, parsed: Any, *arguments: str) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    (folder / "tmp").mkdir(exist_ok=True)
    places = [
        "--project-dir", str(FOLDER), "--profiles-dir", str(FOLDER),
        "--target-path", str(folder / "target"),
    ]  # fmt: skip
    quiet = ["--quiet", "--log-level-file", "none", "--log-path", str(folder / "logs")]
    with _environment(folder):
        try:
            return dbtRunner(manifest=parsed).invoke([*quiet, *arguments, *places])
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def build(folder: Path, name: str, rows: Mapping[str, Sequence[Row]], *arguments: str) -> Built:
    """Make the raw schema and build everything over it.

    All builds use one path, so that dbt parses the project once; the warehouse is then set aside.
    """
    warehouse = folder / "warehouse.duckdb"
    make_raw(warehouse, rows)
    result = run_dbt(folder, "build", *arguments)
    aside = warehouse.rename(folder / f"{name}.duckdb")
    return Built(result, aside, folder / "target")
