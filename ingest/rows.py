"""Each row's fate: accepted, rejected with all its reasons at once, or a duplicate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import ExtractContract, Form
from ingest import findings
from ingest.clean import THREADS, Bools, Context, Evaluated, as_bools
from ingest.evaluate import evaluate_column, polars_type
from ingest.findings import Found
from ingest.forms import check_form
from ingest.headers import Mapping, plain
from ingest.pairs import check_between_columns
from ingest.repeats import repeated
from ingest.table import Table
from ledger.records import RuleCount

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
        first_lines: by the same three, the first lines of what was blanked or warned of.
    """

    typed: pl.DataFrame
    keep: Bools
    rejected: npt.NDArray[np.int64]
    problems: pl.DataFrame
    rejected_keys: pl.DataFrame
    duplicates: int
    rules: tuple[RuleCount, ...]
    first_lines: dict[tuple[str, str, str], pl.Series] = field(default_factory=dict)

    @property
    def accepted(self) -> pl.DataFrame:
        """The accepted rows. This copies them: `stream` does not."""
        return self.typed.filter(pl.Series(self.keep))

    def stream(self) -> pl.LazyFrame:
        """The accepted rows, in order, for who takes them piece by piece."""
        marked = self.typed.with_columns(pl.Series("_keep", self.keep))
        return marked.lazy().filter("_keep").drop("_keep")


def judge(
    table: Table,
    mapping: Mapping,
    contract: ExtractContract,
    context: Context,
    original_lines: pl.Series | None = None,
) -> Judged:
    """Check every row against the contract.

    Args:
        original_lines: for a corrected return, the line that each row corrects; NULL where that
            line was never returned (R-RET-02). Of several rows for one none is chosen (R-RET-05).
    """
    size = table.cells.height
    raw = {name: table.cells[str(position)] for name, position in mapping.positions.items()}
    columns = _evaluate_all(raw, contract, context, size)
    check_between_columns(contract, columns, context, mapping.form)
    if mapping.form is not None:
        check_form(mapping.form, contract, table, columns, plain)
    found = _actions(columns, contract, context, mapping.form)
    if original_lines is not None and original_lines.null_count():
        found.append(Found("", "R-RET-02", "reject", as_bools(original_lines.is_null())))
    duplicate, conflict = repeated(columns, raw, contract, found, size, mapping.form)
    if original_lines is not None:
        once = pl.DataFrame({"line": original_lines, "counts": ~duplicate})
        several = once.select(
            pl.col("counts")
            & (pl.col("counts").sum().over("line") > 1)
            & pl.col("line").is_not_null()
        ).to_series()
        if several.any():
            found.append(Found("", "R-RET-05", "reject", as_bools(several)))
    if conflict.any():
        title = "、".join(c.name for c in contract.key)
        found.append(Found(title, "R-ROW-05", "reject", conflict))
    rejected = np.zeros(size, dtype=bool)
    for item in found:
        if item.action == "reject":
            rejected |= item.mask
    rejected &= ~duplicate
    accepted = ~rejected & ~duplicate
    typed = _typed(columns, contract, table.lines)
    given = findings.as_given(raw, found, accepted, size)
    return Judged(
        typed=typed.with_columns(as_given=given),
        keep=accepted,
        rejected=np.flatnonzero(rejected),
        problems=findings.problems(found, rejected, contract),
        rejected_keys=_keys(typed, contract, columns).filter(pl.Series(rejected)),
        duplicates=int(duplicate.sum()),
        rules=findings.counts(found, duplicate),
        first_lines=findings.first_lines(found, duplicate, table.lines),
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
    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(names, pool.map(one, names), strict=True))


def _actions(
    columns: dict[str, Evaluated],
    contract: ExtractContract,
    context: Context,
    form: Form | None = None,
) -> list[Found]:
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
            found.append(Found(column.name, rule_id, action, mask))
            if severity != "warn":
                excused |= mask
        if column.required and (form is None or form.asks(column.name)):
            missing = as_bools(done.values.is_null()) & ~excused
            if done.is_long_term is not None:
                missing &= ~done.is_long_term
            if exempt and is_delete is not None:
                missing &= ~is_delete
            if missing.any():
                found.append(Found(column.name, "R-VAL-01", column.on_fail, missing))
        result += found
    return result


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
