"""Each row's fate: accepted, rejected with all its reasons at once, or a duplicate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import ExtractContract
from ingest.clean import Bools, Context, Evaluated, as_bools
from ingest.evaluate import check_between_columns, evaluate_column, polars_type
from ingest.headers import Mapping
from ingest.table import Table
from ledger.records import RuleCount

_THREADS = 2
# What a deletion must carry beside its key.
_OF_A_DELETION = ("updated_at", "operation")


@dataclass(frozen=True)
class Judged:
    """The rows of one file after all checks.

    Attributes:
        typed: every row of the table, typed, with `line` and `as_given`.
        keep: which of them are accepted.
        rejected: positions of rejected rows in the table.
        problems: one row per rejected row and problem: `row`, `column` (title), `rule_id`.
        rejected_keys: `line` and the key columns (NULL where unusable) of every rejected row.
        duplicates: how many rows repeat an earlier row.
        rules: counts by rule, what it did, and column.
    """

    typed: pl.DataFrame
    keep: Bools
    rejected: npt.NDArray[np.int64]
    problems: pl.DataFrame
    rejected_keys: pl.DataFrame
    duplicates: int
    rules: tuple[RuleCount, ...]

    @property
    def accepted(self) -> pl.DataFrame:
        """The accepted rows. This copies them: `stream` does not."""
        return self.typed.filter(pl.Series(self.keep))

    def stream(self) -> pl.LazyFrame:
        """The accepted rows, in order, for who takes them piece by piece."""
        marked = self.typed.with_columns(pl.Series("_keep", self.keep))
        return marked.lazy().filter("_keep").drop("_keep")


@dataclass(frozen=True)
class _Found:
    column: str
    rule_id: str
    action: str
    mask: Bools


def judge(
    table: Table,
    mapping: Mapping,
    contract: ExtractContract,
    context: Context,
    not_returned: Bools | None = None,
) -> Judged:
    """Check every row against the contract.

    Args:
        not_returned: for a corrected return, the rows whose line was never returned (R-RET-02).
    """
    size = table.cells.height
    raw = {name: table.cells[str(position)] for name, position in mapping.positions.items()}
    columns = _evaluate_all(raw, contract, context, size)
    check_between_columns(contract, columns, context)
    found = _actions(columns, contract, context)
    if not_returned is not None and not_returned.any():
        found.append(_Found("", "R-RET-02", "reject", not_returned))
    duplicate, conflict = _repeated(columns, raw, contract, found, size)
    if conflict.any():
        title = "、".join(c.name for c in contract.key)
        found.append(_Found(title, "R-ROW-05", "reject", conflict))
    rejected = np.zeros(size, dtype=bool)
    for item in found:
        if item.action == "reject":
            rejected |= item.mask
    rejected &= ~duplicate
    accepted = ~rejected & ~duplicate
    typed = _typed(columns, contract, table.lines)
    given = _as_given(raw, found, accepted, size)
    return Judged(
        typed=typed.with_columns(as_given=given),
        keep=accepted,
        rejected=np.flatnonzero(rejected),
        problems=_problems(found, rejected, contract),
        rejected_keys=_keys(typed, contract, columns).filter(pl.Series(rejected)),
        duplicates=int(duplicate.sum()),
        rules=_counts(found, duplicate),
    )


def _evaluate_all(
    raw: dict[str, pl.Series], contract: ExtractContract, context: Context, size: int
) -> dict[str, Evaluated]:
    def one(name: str) -> Evaluated:
        column = contract.by_name[name]
        if name in raw:
            return evaluate_column(raw[name], column, context)
        return evaluate_column(pl.Series(name, [None] * size, dtype=pl.String), column, context)

    names = [c.name for c in contract.columns]
    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(zip(names, pool.map(one, names), strict=True))


def _actions(
    columns: dict[str, Evaluated], contract: ExtractContract, context: Context
) -> list[_Found]:
    """Every problem with what it does; missing required values are found here."""
    rules = context.catalog.rules
    is_delete = None
    if contract.mode == "incremental":
        is_delete = as_bools(columns["operation"].values == "D")
    result = []
    for column in contract.columns:
        done = columns[column.name]
        exempt = (
            is_delete is not None
            and column.key_position is None
            and column.name not in _OF_A_DELETION
        )
        found = []
        excused = np.zeros(len(done.values), dtype=bool)
        for rule_id, struck in sorted(done.problems.items()):
            mask = struck & ~is_delete if exempt and is_delete is not None else struck
            if not mask.any():
                continue
            severity = rules[rule_id].severity
            action = column.on_fail if severity == "value" else severity
            found.append(_Found(column.name, rule_id, action, mask))
            if severity != "warn":
                excused |= mask
        if column.required:
            missing = as_bools(done.values.is_null()) & ~excused
            if exempt and is_delete is not None:
                missing &= ~is_delete
            if missing.any():
                found.append(_Found(column.name, "R-VAL-01", column.on_fail, missing))
        result += found
    return result


def _repeated(
    columns: dict[str, Evaluated],
    raw: dict[str, pl.Series],
    contract: ExtractContract,
    found: list[_Found],
    size: int,
) -> tuple[Bools, Bools]:
    """Rows equal to an earlier row, and (full, append) rows whose key stands with other content."""
    duplicate, conflict = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    keys = pl.DataFrame({c.name: columns[c.name].values for c in contract.key})
    hashes = keys[:, 0].hash() if keys.width == 1 else keys.hash_rows()
    in_order = np.sort(hashes.to_numpy())
    again = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(again):
        return duplicate, conflict
    spots = np.flatnonzero(hashes.is_in(pl.Series(again).unique().implode()).to_numpy())
    content = pl.DataFrame({n: e.values.gather(spots) for n, e in columns.items()})
    beside = {f"{n}_{c[0]}": c[1] for n, e in columns.items() if (c := e.companion)}
    content = content.with_columns(pl.Series(n, mask[spots]) for n, mask in beside.items())
    for number, item in enumerate(found):  # unusable cells are compared as they were given
        if item.action != "warn" and item.mask[spots].any() and item.column in raw:
            given = raw[item.column].gather(spots)
            text = pl.select(pl.when(pl.Series(item.mask[spots])).then(given)).to_series()
            content = content.with_columns(text.alias(f"#{number}"))
    content = content.with_columns(spot=pl.Series(spots))
    names = [n for n in content.columns if n != "spot"]
    first = content.unique(subset=names, keep="first", maintain_order=True)
    duplicate[np.setdiff1d(spots, first["spot"].to_numpy())] = True
    if contract.mode in ("full", "append"):
        key_names = [c.name for c in contract.key]
        needed = [c.name for c in contract.key if c.required]  # an optional one may be empty
        usable = first.filter(pl.all_horizontal(pl.col(needed).is_not_null()))
        clash = usable.filter(pl.struct(key_names).is_duplicated())
        conflict[clash["spot"].to_numpy()] = True
    return duplicate, conflict


def _keys(
    typed: pl.DataFrame, contract: ExtractContract, columns: dict[str, Evaluated]
) -> pl.DataFrame:
    """`line` and the key of every row, all of it NULL where a part was given but is unusable."""
    unusable = np.zeros(typed.height, dtype=bool)
    for key in contract.key:
        done = columns[key.name]
        unusable |= done.has_problem() & as_bools(done.values.is_null())
    names = [key.name for key in contract.key]
    usable = pl.lit(pl.Series(~unusable))
    return typed.select("line", *[pl.when(usable).then(n).alias(n) for n in names])


def _typed(
    columns: dict[str, Evaluated], contract: ExtractContract, lines: pl.Series
) -> pl.DataFrame:
    data: dict[str, pl.Series] = {}
    for column in contract.columns:
        done = columns[column.name]
        data[column.name] = done.values.cast(polars_type(column))
        for name in column.companions:
            assert done.companion is not None
            data[name] = pl.Series(done.companion[1])
    return pl.DataFrame({**data, "line": lines.cast(pl.Int64)})


def _json_text(values: pl.Series) -> pl.Series:
    """Each text as a JSON string."""
    encoded = pl.DataFrame({"v": values}).select(pl.struct("v").struct.json_encode()).to_series()
    return encoded.str.slice(5).str.strip_suffix("}")  # {"v":"…"}


def _as_given(
    raw: dict[str, pl.Series], found: list[_Found], accepted: Bools, size: int
) -> pl.Series:
    """For accepted rows: column → text as delivered, of every cell that was blanked or warned."""
    parts = []
    for name in sorted({f.column for f in found if f.column in raw}):
        struck = np.zeros(size, dtype=bool)
        for item in found:
            if item.column == name:
                struck |= item.mask
        spots = np.flatnonzero(struck & accepted)
        if len(spots):
            text = _json_text(raw[name].gather(spots).fill_null(""))
            parts.append(pl.DataFrame({"row": spots, "text": f'"{name}":' + text}))
    empty = pl.Series("as_given", [None], dtype=pl.String).new_from_index(0, size)
    if not parts:
        return empty
    joined = pl.concat(parts).group_by("row", maintain_order=True).agg(pl.col("text").str.join(","))
    return empty.scatter(joined["row"], "{" + joined["text"] + "}")


def _problems(found: list[_Found], rejected: Bools, contract: ExtractContract) -> pl.DataFrame:
    """All problems of the rejected rows, also those that alone would only blank or warn."""
    parts = []
    for item in found:
        spots = np.flatnonzero(item.mask & rejected)
        if len(spots):
            names = item.column.split("、") if item.column else []
            title = "、".join(contract.by_name[n].title_cn for n in names)
            parts.append(
                pl.DataFrame({"row": spots}).with_columns(
                    column=pl.lit(title), rule_id=pl.lit(item.rule_id)
                )
            )
    if not parts:
        return pl.DataFrame(schema={"row": pl.Int64, "column": pl.String, "rule_id": pl.String})
    return pl.concat(parts)


def _counts(found: list[_Found], duplicate: Bools) -> tuple[RuleCount, ...]:
    totals: dict[tuple[str, str, str], int] = {}
    for item in found:
        rows = int((item.mask & ~duplicate).sum())
        if rows:
            key = (item.rule_id, item.action, item.column)
            totals[key] = totals.get(key, 0) + rows
    return tuple(RuleCount(*key, rows) for key, rows in sorted(totals.items()))
