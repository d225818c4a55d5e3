"""人工核对.xlsx: pairs of records side by side, to say whether they are one subject."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from catalog import Catalog
from foundation.errors import BusyError, ConfigurationError
from foundation.files import atomic_path
from foundation.paths import DataRoot

if TYPE_CHECKING:
    import duckdb

DOMAINS = ("population", "legal_entity")
ONE, OTHER, DOMAIN, VERDICT = "记录甲", "记录乙", "领域", "结论"
# What a person may answer, and the verdict it stands for.
ANSWERS = {
    "population": {"同一人": "same", "不是同一人": "different", "暂不确定": "unsure"},
    "legal_entity": {"同一主体": "same", "不是同一主体": "different", "暂不确定": "unsure"},
}
_TITLES = {
    "number_text": "号码", "name": "姓名或名称", "former_name": "曾用名", "birth_date": "出生日期",
    "sex_code": "性别", "ethnic_code": "民族", "division_code": "区划",
    "origin_division_code": "户籍地区划", "address": "地址", "mobile": "手机号码",
    "mother_number": "母亲号码", "father_number": "父亲号码", "mother_name": "母亲姓名",
    "father_name": "父亲姓名", "employer_name": "服务处所", "uscc_text": "统一社会信用代码",
    "organisation_code": "组织机构代码", "registration_no": "注册号", "taxpayer_id": "纳税人识别号",
    "legal_representative_name": "法定代表人", "established_date": "成立日期",
}  # fmt: skip
_WIDE = {"address", "name", "employer_name"}


def _warehouse(root: DataRoot) -> duckdb.DuckDBPyConnection:
    import duckdb

    try:
        return duckdb.connect(str(root.warehouse), read_only=True)
    except duckdb.IOException:  # the one writer of the warehouse keeps everybody else out
        raise BusyError(
            "a night is building the warehouse", "ask again when it has ended"
        ) from None


def waiting(root: DataRoot, domain: str) -> pl.DataFrame:
    """The pairs of a domain that wait for a person, the likeliest first.

    Raises:
        ConfigurationError: nothing was built yet.
        BusyError: a night is building.
    """
    if not root.warehouse.exists():
        raise ConfigurationError("nothing was built yet", "run `tongchuan nightly` first")
    with _warehouse(root) as connection:
        name = f"int_{domain}__list_reviews"
        known = connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'intermediate' "
            "AND table_name = $1",
            [name],
        ).fetchone()
        if not known or not known[0]:
            raise ConfigurationError(
                f"the records of {domain} were not compared yet", "run `tongchuan nightly` first"
            )
        return connection.execute(
            f"SELECT * FROM intermediate.{name} "
            "ORDER BY match_probability DESC NULLS FIRST, one_record, other_record"
        ).pl()


def write_sheet(target: Path, root: DataRoot, catalog: Catalog, domains: Sequence[str]) -> int:
    """Write what waits, each domain on a sheet of its own; returns the number of pairs.

    The file is its owner's alone and must not lie where others read.

    Raises:
        ConfigurationError: the target lies in what is published or handed out, is no .xlsx, or
            nothing was built yet.
    """
    place = target.resolve()
    for folder in (root.published, root.packages, root.analysts, root.receipts, root.inbox):
        if place.is_relative_to(folder.resolve()):
            raise ConfigurationError(
                f"{target} lies where others read", "write the sheet to a folder of your own"
            )
    if target.suffix.lower() != ".xlsx":
        raise ConfigurationError("the sheet is a workbook", "give it a name that ends in .xlsx")
    tables = {domain: waiting(root, domain) for domain in domains}
    with atomic_path(target) as temporary:
        temporary.touch(mode=0o600)
        _write(temporary, tables, catalog)
        temporary.chmod(0o600)
    return sum(table.height for table in tables.values())


def _write(path: Path, tables: dict[str, pl.DataFrame], catalog: Catalog) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False},
    )
    plain = book.add_format({"num_format": "@"})
    other = book.add_format({"num_format": "@", "bg_color": "#FCE4D6"})
    bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
    for domain, table in tables.items():
        shown, columns = _shown(table, domain, catalog)
        grid = book.add_worksheet({"population": "人口", "legal_entity": "法人"}[domain])
        grid.freeze_panes(1, 1)
        for at, title in enumerate(shown.columns):
            wide = at > 0 and any(_TITLES[c] in title for c in columns if c in _WIDE)
            grid.set_column(at, at, 30 if wide else 16, plain)
            grid.write_string(0, at, title, bold)
        differing = _differing(table, columns)
        for line, row in enumerate(shown.iter_rows(), start=1):  # the writer takes single cells
            for at, text in enumerate(row):
                style = other if (line - 1, at) in differing else plain
                if text:
                    grid.write_string(line, at, text, style)
        if table.height:
            answers = list(ANSWERS[domain])
            grid.data_validation(
                1, 0, table.height, 0, {"validate": "list", "source": answers,
                 "error_title": "结论", "error_message": "请从下拉列表中选择，或留空"},
            )  # fmt: skip
        grid.autofilter(0, 0, table.height, shown.width - 1)
    book.close()


def _shown(
    table: pl.DataFrame, domain: str, catalog: Catalog
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The sheet's columns as text, and the compared columns of which any row says something."""
    every = [c.removeprefix("one_") for c in table.columns if c.startswith("one_")]
    columns = tuple(
        c
        for c in every
        if c != "record" and table.select(pl.col(f"one_{c}", f"other_{c}").is_not_null().any())
        .transpose().to_series().any()
    )  # fmt: skip
    sources = {c.id: c.title_cn for c in catalog.extracts.values()}

    def source(side: str) -> pl.Expr:
        parts = pl.col(f"{side}_record").str.split("|")
        return parts.list.get(0).replace(sources) + "（" + parts.list.get(-1) + "）"

    pairs = [
        pl.col(f"{side}_{c}").cast(pl.String).alias(f"{_TITLES[c]}（{mark}）")
        for c in columns
        for side, mark in (("one", "甲"), ("other", "乙"))
    ]
    shown = table.select(
        pl.lit("").alias(VERDICT),
        (pl.col("match_probability").cast(pl.Float64) * 100)
        .round(1)
        .cast(pl.String)
        .alias("可能性%"),
        source("one").alias("来源（甲）"),
        source("other").alias("来源（乙）"),
        *pairs,
        pl.col("one_record").alias(ONE),
        pl.col("other_record").alias(OTHER),
        pl.lit(domain).alias(DOMAIN),
    )
    return shown, columns


def _differing(table: pl.DataFrame, columns: Sequence[str]) -> set[tuple[int, int]]:
    """The cells (row, column of the sheet) where both say something, and not the same."""
    found: set[tuple[int, int]] = set()
    for at, column in enumerate(columns):
        unlike = (table[f"one_{column}"] != table[f"other_{column}"]).fill_null(value=False)
        for row in unlike.arg_true():
            found |= {(row, 4 + 2 * at), (row, 5 + 2 * at)}
    return found
