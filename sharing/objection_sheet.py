"""What one department reads of its objections: which are new, which remain, which are resolved.

What it may see. The record objected to is its own: key and value stand there in full. Of the record
held against it the department always sees whose it is; what that says (`evidence`), only when the
record is its own too, when it supplies that item itself, or when the item is not personal (grade 1
or 2 in the contract). Otherwise the sheet says where to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from catalog import ANY_PROVIDER, Catalog
from foundation.paths import DataRoot
from ingest.whereabouts import newest_lines
from ledger import Ledger, ObjectionLife, ObjectionLives
from sharing.objection_life import COLUMNS, open_objections
from sharing.store import Release, Store

RESOLVED_SHOWN_DAYS = 30
_NOT_PERSONAL = 2
HEADERS = (
    "疑义编号", "规则", "说明", "数据资源", "主键项", "主键", "回执号", "文件名", "行号", "字段",
    "本部门的值", "对照", "首次提出日期", "天数", "处理办法",
)  # fmt: skip
RESOLVED_HEADERS = (*HEADERS, "解决日期", "解决于")
_KIND = ("rule_id", "extract", "attribute", "counterpart_extract")


@dataclass(frozen=True)
class Sheet:
    """One department's objections on a business date; every cell is text, columns in Chinese."""

    provider: str
    title_cn: str
    business_date: date
    release: int
    opened: pl.DataFrame
    still: pl.DataFrame
    resolved: pl.DataFrame


def may_see_evidence(
    catalog: Catalog, provider: str, rule_id: str, extract: str, counterpart_extract: str
) -> bool:
    """Whether a department may read what the other record says (see the module).

    Args:
        provider: the department that the objection is addressed to.
        extract: of the record objected to.
        counterpart_extract: of the record that it is held against.
    """
    other = catalog.extracts[counterpart_extract]
    if other.provider == provider != ANY_PROVIDER:
        return True
    quoted = catalog.rules[rule_id].evidence
    if quoted is None:
        return False
    own = {
        column.name
        for contract in catalog.extracts.values()
        if contract.provider == provider or contract.id == extract
        for column in contract.columns
    }
    return all(
        name == "attribute"
        or name in own
        or (name in other.by_name and other.by_name[name].grade <= _NOT_PERSONAL)
        for name in quoted
    )


def department_sheet(
    root: DataRoot, ledger: Ledger, catalog: Catalog, release: Release, provider: str
) -> Sheet:
    """The sheet of one department as of a release that `follow_objections` has entered.

    Resolved ones are those of the last `RESOLVED_SHOWN_DAYS` days.

    Raises:
        IntegrityError: a release cannot be read.
    """
    day = release.business_date
    since = day - timedelta(days=RESOLVED_SHOWN_DAYS)
    lives = ObjectionLives(ledger).lives(provider=provider, resolved_since=since)
    rows = _explained(_with_lines(root, ledger, catalog, _contents(root, release, lives)), catalog)
    rows = _resolutions(rows, ledger, catalog, provider)
    last = pl.coalesce("resolved_date", pl.lit(day))
    rows = rows.with_columns(days=(last - pl.col("first_date")).dt.total_days()).sort(
        "first_date", "rule_id", "extract", "record_key", "objection_id", "first_release"
    )
    is_open = pl.col("resolved_release").is_null()
    title = catalog.departments[provider].title_cn
    return Sheet(
        provider, title, day, release.number,
        opened=_shown(rows.filter(is_open & (pl.col("first_date") == day)), HEADERS),
        still=_shown(rows.filter(is_open & (pl.col("first_date") != day)), HEADERS),
        resolved=_shown(rows.filter(~is_open), RESOLVED_HEADERS),
    )  # fmt: skip


def _contents(root: DataRoot, release: Release, lives: list[ObjectionLife]) -> pl.DataFrame:
    """The spans with what the newest release that holds each objection says of it."""
    text, number, day = pl.String(), pl.Int64(), pl.Date()
    schema = {
        "objection_id": text, "first_release": number, "first_date": day, "rule_id": text,
        "extract": text, "attribute": text, "resolved_release": number, "resolved_date": day,
        "resolved_by": pl.List(text), "held_in": number, "product": text,
    }  # fmt: skip
    spans = pl.DataFrame(
        [
            (o.objection_id, o.first_release, o.first_date, o.rule_id, o.extract, o.attribute,
             o.resolved_release, o.resolved_date, list(o.resolved_by),
             release.number if o.resolved_release is None else o.last_release, o.product)
            for o in lives
        ],
        schema=pl.Schema(schema), orient="row",
    )  # fmt: skip
    store = Store.of(root)
    said = [c for c in COLUMNS if c not in schema]
    content = pl.Schema([*((c, text) for c in COLUMNS), ("held_in", number)])
    tables = [pl.DataFrame(schema=content)]
    wanted = spans.select("product", "held_in").drop_nulls().unique().sort("product", "held_in")
    for product, held_in in wanted.iter_rows():
        if held_in in store.numbers():
            table = open_objections(store.release(held_in), product)
            tables.append(table.with_columns(pl.lit(held_in, dtype=number).alias("held_in")))
    found = pl.concat(tables).select("objection_id", "held_in", *said)
    return spans.join(found, on=["objection_id", "held_in"], how="left")


def _with_lines(
    root: DataRoot, ledger: Ledger, catalog: Catalog, rows: pl.DataFrame
) -> pl.DataFrame:
    """With `receipt_id`, `file_name` and `line` of each record's newest row."""
    active = ledger.active_deliveries()
    found = [
        pl.DataFrame(
            schema=dict.fromkeys(("extract", "record_key", "receipt_id", "file_name", "line"),
                                 pl.String)
        )
    ]  # fmt: skip
    for (extract,), part in rows.group_by("extract", maintain_order=True):
        own = [d for d in active if d.extract == extract]
        lines = newest_lines(root, catalog.extracts[str(extract)], own, part["record_key"])
        found.append(lines.select(pl.lit(extract).alias("extract"), pl.all()))
    return rows.join(pl.concat(found), on=["extract", "record_key"], how="left")


def _explained(rows: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """With the texts that follow from rule, extract, item and counterpart."""
    kinds = rows.select(*_KIND).unique()
    texts = [_texts(catalog, *kind) for kind in kinds.iter_rows()]
    names = (
        "title",
        "extract_cn",
        "key_cn",
        "attribute_cn",
        "remedy",
        "whose",
        "is_shown",
        "is_own",
    )
    columns = [*_KIND, *names]
    types = {c: pl.Boolean if c in ("is_shown", "is_own") else pl.String for c in columns}
    told = pl.DataFrame(
        [(*kind, *text) for kind, text in zip(kinds.iter_rows(), texts, strict=True)],
        schema=types, orient="row",
    )  # fmt: skip
    joined = rows.join(told, on=list(_KIND), how="left", nulls_equal=True)
    hidden = "（内容按权限不予显示，可联系对方部门核实）"
    said = pl.when(pl.col("is_shown") & pl.col("evidence").is_not_null())
    another = pl.col("is_own") & (pl.col("counterpart_record_key") != pl.col("record_key"))
    which = pl.when(another).then(" " + pl.col("counterpart_record_key")).otherwise(pl.lit(""))
    content = said.then("：" + pl.col("evidence")).otherwise(pl.lit(hidden))
    return joined.with_columns(other=pl.col("whose") + which.fill_null("") + content)


def _texts(
    catalog: Catalog, rule_id: str, extract: str, attribute: str, counterpart: str | None
) -> tuple[str | bool, ...]:
    rule, contract = catalog.rules[rule_id], catalog.extracts[extract]
    named = contract.by_name.get(attribute)
    whose, is_shown, is_own = "", False, False
    if counterpart is not None:
        other = catalog.extracts[counterpart]
        whose = f"{catalog.provider_title(other.provider)}《{other.title_cn}》"
        is_own = other.provider == contract.provider != ANY_PROVIDER
        is_shown = may_see_evidence(catalog, contract.provider, rule_id, extract, counterpart)
    return (
        rule.title_cn, contract.title_cn, contract.key[0].title_cn,
        named.title_cn if named else attribute, rule.remedy_cn, whose, is_shown, is_own,
    )  # fmt: skip


def _resolutions(
    rows: pl.DataFrame, ledger: Ledger, catalog: Catalog, provider: str
) -> pl.DataFrame:
    """With `resolution`: whose delivery resolved it; of the department's own also the receipt."""
    wanted = set(rows["resolved_by"].explode().drop_nulls().to_list())
    told: dict[str, str] = {}
    for d in ledger.deliveries() if wanted else []:
        if d.receipt_id in wanted:
            whose = catalog.departments[d.provider].title_cn
            named = f"{whose}《{catalog.extracts[d.extract].title_cn}》{d.business_date}"
            told[d.receipt_id] = f"{named} 回执 {d.receipt_id}" if d.provider == provider else named
    texts = pl.col("resolved_by").list.eval(
        pl.element().replace_strict(told, default=None, return_dtype=pl.String).drop_nulls()
    )
    joined = texts.list.join("；")
    other = pl.lit("其他数据变化后不再成立")
    return rows.with_columns(resolution=pl.when(joined != "").then(joined).otherwise(other))


def _shown(rows: pl.DataFrame, headers: tuple[str, ...]) -> pl.DataFrame:
    names = (
        "objection_id", "rule_id", "title", "extract_cn", "key_cn", "record_key", "receipt_id",
        "file_name", "line", "attribute_cn", "value_seen", "other", "first_date", "days", "remedy",
        "resolved_date", "resolution",
    )  # fmt: skip
    return rows.select(
        pl.col(name).cast(pl.String).fill_null("").alias(header)
        for name, header in zip(names, headers, strict=False)
    )
