"""The whole project built over hand-made raw rows: what only shows when all models run together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from catalog import catalog
from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project.dbt_world import Built


def _failures(built: Built) -> list[str]:
    return [r.node.name for r in built.result.result if r.status not in ("success", "pass")]


def test_everything_builds_and_every_dbt_test_passes(city: Built) -> None:
    assert _failures(city) == []
    kinds = [str(r.node.resource_type) for r in city.result.result]
    assert kinds.count("unit_test") >= 30


def test_an_empty_warehouse_builds_empty_products(empty: Built) -> None:
    assert _failures(empty) == []
    own = [p for p in catalog().products if p != "calendar.day"]  # it is made from no extract
    counts = {p: empty.one(f"SELECT count(*) FROM {p}")[0] for p in own}
    assert set(counts.values()) == {0}
    reconciled = empty.rows("SELECT DISTINCT * EXCLUDE extract FROM "
                            "intermediate.int_population__reconciliation")  # fmt: skip
    assert reconciled == [(0, 0, 0, 0, 0)]


def test_products_have_the_columns_of_their_contracts(empty: Built) -> None:
    for product in catalog().products.values():
        found = [(r[0], r[1]) for r in empty.rows(f"DESCRIBE {product.id}")]
        assert found == [(c.name, c.sql_type) for c in product.columns], product.id


def test_required_columns_are_filled_and_keys_unique(city: Built) -> None:
    filled = 0
    for product in catalog().products.values():
        key = ", ".join(c.name for c in product.key)
        total, distinct = city.one(f"SELECT count(*), count(DISTINCT ({key})) FROM {product.id}")
        assert total == distinct, product.id
        filled += total > 0
        required = [c.name for c in product.columns if c.required]
        counts = city.one(f"SELECT {', '.join(f'count({n})' for n in required)} FROM {product.id}")
        assert dict(zip(required, counts, strict=True)) == dict.fromkeys(required, total), (
            product.id
        )
    assert filled >= 11


def test_a_person_has_the_newest_row_and_the_first_date(city: Built) -> None:
    assert city.one(
        "SELECT name, marital_status_code, is_registered, first_seen_date, sex_code, birth_date "
        f"FROM population.person WHERE resident_id = '{dbt_world.MAN}'"
    ) == ("新名", "20", True, date(2018, 3, 29), "1", date(1990, 1, 1))


def test_a_person_deleted_everywhere_is_gone(city: Built) -> None:
    query = "SELECT count(*) FROM population.{} WHERE {} = '{}'"
    assert city.one(query.format("person", "resident_id", dbt_world.GONE)) == (0,)
    assert city.one(query.format("person_identifier", "identifier_value", "P4")) == (0,)
    assert city.one(query.format("household", "household_no", "H3")) == (0,)


def test_a_dead_person_who_is_still_registered_is_objected_to(city: Built) -> None:
    assert city.one(
        "SELECT p.is_deceased, p.death_date, p.is_registered, o.rule_id, o.provider, o.record_key, "
        "o.opened_date FROM population.person p JOIN population.objection o USING (person_id)"
    ) == (True, date(2018, 3, 1), True, "R-POP-01", "public_security", "P3", date(2018, 3, 30))


def test_who_cannot_be_identified_is_written_down(city: Built) -> None:
    assert city.rows(
        "SELECT record_key, role, reason FROM population.unresolved_record ORDER BY 1"
    ) == [("B123456789", "新生儿", "新生儿尚无号码"), ("M1", "女方", "证件不是居民身份号码")]
    assert city.rows("SELECT reason FROM legal_entity.unresolved_record") == [("自然人纳税人",)]


def test_licences_know_their_holders_and_what_contradicts_them(city: Built) -> None:
    assert city.rows(
        "SELECT h.licence_identifier, p.name, e.name, link_status FROM e_licence.licence_holder h "
        "LEFT JOIN population.person p USING (person_id) "
        "LEFT JOIN legal_entity.legal_entity e USING (entity_id) "
        "ORDER BY h.licence_identifier, holder_position"
    ) == [
        ("L1", "李", None, "已关联"), ("L1", "王芳", None, "已关联"),
        ("L2", None, "甲公司", "已关联"), ("L3", None, "甲公司", "已关联"),
        ("L4", None, "甲公司", "已关联"), ("L5", None, None, "证件种类不能关联"),
    ]  # fmt: skip
    assert city.rows("SELECT rule_id, record_key FROM e_licence.objection ORDER BY 1") == [
        ("R-LIC-04", "L1"), ("R-LIC-07", "L2"),
    ]  # fmt: skip
    assert city.rows(
        "SELECT licence_identifier FROM e_licence.licence WHERE NOT is_current_version"
    ) == [("L3",)]
    assert city.rows(
        "SELECT * EXCLUDE extract FROM intermediate.int_e_licence__reconciliation"
    ) == [(5, 5, 6, 5, 1)]


def test_counts_reconcile(city: Built) -> None:
    for domain in ("population", "legal_entity"):
        table = f"intermediate.int_{domain}__reconciliation"
        broken = city.rows(
            f"SELECT extract FROM {table} WHERE mentions <> identified + unresolved "
            "OR current_records > raw_rows OR mentions < current_records"
        )
        assert broken == []
        told = city.rows(f"SELECT extract, unresolved FROM {table} WHERE unresolved > 0 ORDER BY 1")
        assert told == city.rows(
            f"SELECT extract, count(*) FROM {domain}.unresolved_record GROUP BY 1 ORDER BY 1"
        )


def test_the_same_certificate_twice_is_no_correction(city: Built) -> None:
    # the second copy differs in delivery, line, business date and time of arrival only
    assert city.one("SELECT is_corrected FROM population.marriage") == (False,)


def test_old_numbers_stand_among_the_identifiers(city: Built) -> None:
    assert city.one(
        "SELECT p.name FROM population.person_identifier i JOIN population.person p "
        "USING (person_id) WHERE identifier_kind = 'resident_id_15' "
        "AND identifier_value = '610203920202002'"
    ) == ("王芳",)


def test_an_entity_keeps_the_id_of_its_first_identifier(city: Built) -> None:
    assert city.one(
        "SELECT e.name, e.uscc, e.registration_no, e.industry_section, s.since "
        "FROM legal_entity.legal_entity e JOIN legal_entity.legal_entity_succession s "
        "ON s.new_id = e.entity_id WHERE e.name = '甲公司'"
    ) == ("甲公司", dbt_world.USCC, "610203000000016", "A", date(2018, 3, 30))


def test_an_entity_keeps_its_id_through_a_corrected_code(city: Built) -> None:
    assert city.one(
        "SELECT e.uscc, a.identifier_value, count(i.identifier_value), any_value(s.since) "
        "FROM legal_entity.legal_entity e "
        "JOIN intermediate.int_legal_entity__anchor_subjects a USING (entity_id) "
        "JOIN legal_entity.legal_entity_identifier i USING (entity_id) "
        "JOIN legal_entity.legal_entity_succession s ON s.new_id = e.entity_id "
        "WHERE e.name = '丙公司' AND a.is_anchor AND i.identifier_kind = 'uscc' GROUP BY ALL"
    ) == (dbt_world.MENDED, dbt_world.MISTYPED, 2, date(2018, 3, 30))


def test_a_late_delivery_changes_the_id_and_leaves_a_succession(city: Built, later: Built) -> None:
    (before,) = city.one("SELECT entity_id FROM legal_entity.legal_entity WHERE name = '甲公司'")
    (after,) = later.one("SELECT entity_id FROM legal_entity.legal_entity WHERE name = '甲公司'")
    assert before != after
    assert later.one(
        f"SELECT new_id, since FROM legal_entity.legal_entity_succession WHERE old_id = '{before}'"
    ) == (after, date(2018, 3, 29))


def test_the_order_of_rows_leaves_no_trace(city: Built, later: Built) -> None:
    for product in catalog().products.values():
        if product.domain == "population":
            key = ", ".join(c.name for c in product.key)
            query = f"SELECT * FROM {product.id} ORDER BY {key}"
            assert city.rows(query) == later.rows(query), product.id


def test_the_representative_is_the_person(city: Built) -> None:
    assert city.one(
        "SELECT p.name FROM legal_entity.legal_entity e "
        "JOIN population.person p ON p.person_id = e.legal_representative_person_id"
    ) == ("新名",)


def test_ids_show_nothing_of_what_they_are_made_from(city: Built) -> None:
    ids = city.rows("SELECT person_id FROM population.person UNION ALL "
                    "SELECT objection_id FROM population.objection")  # fmt: skip
    assert len(ids) == 4
    for (made,) in ids:
        assert len(made) == 26
        assert dbt_world.MAN not in made


def test_no_value_stands_in_what_dbt_leaves_behind(city: Built) -> None:
    files = [path for path in city.target.rglob("*") if path.is_file()]
    assert len(files) > 100
    assert [p.name for p in files if dbt_world.DEAD.encode() in p.read_bytes()] == []


def test_raw_columns_are_those_that_ingest_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.dbt_sources import DELIVERY, raw_columns, rejected_key_columns
    from foundation.paths import DataRoot
    from ingest.accepted import expose
    from ledger import Ledger

    monkeypatch.delenv("TONGCHUAN_LEDGER_URL", raising=False)
    root = DataRoot(tmp_path)
    expose(root, Ledger.open(root), catalog())
    with duckdb.connect(str(root.warehouse), read_only=True) as connection:

        def described(table: str) -> list[tuple[str, str]]:
            return [r[:2] for r in connection.execute(f"DESCRIBE raw.{table}").fetchall()]

        for contract in catalog().extracts.values():
            expected = [(n, t) for n, (t, _) in raw_columns(contract).items()]
            assert described(contract.table) == expected, contract.id
            if contract.mode == "full":
                keys = [(n, t) for n, (t, _) in rejected_key_columns(contract).items()]
                assert described(f"rejected_key__{contract.table}") == keys
        assert described("full_list") == list(DELIVERY.items())


def test_three_bulletins_give_three_vintages(city: Built) -> None:
    assert city.rows(
        "SELECT value, released_date, revision_no, is_latest FROM macro_economy.observation "
        "WHERE indicator_code = 'GDP' AND measure = 'level' AND value_kind = 'cumulative' "
        "ORDER BY released_date"
    ) == [
        (Decimal("85.3"), date(2018, 3, 29), 1, False),
        (Decimal("85.9"), date(2018, 3, 30), 2, False),
        (Decimal("84.1"), date(2018, 3, 31), 3, True),
    ]
    assert city.one(
        "SELECT period, value, first_value, revision FROM macro_economy.latest "
        "WHERE indicator_code = 'GDP' AND measure = 'level' AND value_kind = 'cumulative'"
    ) == ("2018Q1", Decimal("84.1"), Decimal("85.3"), Decimal("-1.2"))


def test_a_first_quarter_alone_is_its_total(city: Built) -> None:
    assert city.rows(
        "SELECT period, value, is_derived FROM macro_economy.latest WHERE indicator_code = 'GDP' "
        "AND measure = 'level' AND value_kind = 'current'"
    ) == [("2018Q1", Decimal("84.1"), True)]
    assert city.one(
        "SELECT derived_current_value FROM macro_economy.latest WHERE indicator_code = 'GDP' "
        "AND measure = 'level' AND value_kind = 'cumulative'"
    ) == (Decimal("84.1"),)


def test_a_month_alone_is_derived_across_sources(city: Built) -> None:
    # 85.3 万元 until March (bulletin) less 10 万元 until February (long form), in 亿元
    assert city.rows(
        "SELECT value, is_derived FROM macro_economy.observation WHERE indicator_code = 'RETAIL' "
        "AND value_kind = 'current' ORDER BY released_date"
    ) == [(Decimal(v), True) for v in ("0.00753", "0.00759", "0.00741")]
    assert city.rows(
        "SELECT extract, mentions, identified, unresolved "
        "FROM intermediate.int_macro_economy__reconciliation ORDER BY 1"
    ) == [
        ("macro_economy/fiscal_monthly", 1, 1, 0),
        ("macro_economy/indicator_value", 2, 1, 1),
        ("macro_economy/monthly_bulletin", 6, 6, 0),
    ]
