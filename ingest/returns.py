"""退回明细: the rejected rows as the department sent them, each with all its reasons.

Every cell is text, so that Excel does not ruin the numbers again; a CSV beyond 100 000 rows or
with a text longer than a cell holds. Its last six columns say which row of which delivery it is:
dropped again, 回执号 and 行号 tell what each corrected row replaces.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from catalog import Catalog
from foundation import clock
from foundation.files import atomic_path
from ingest.headers import RETURN_HEADERS
from ingest.rows import Judged
from ingest.table import Table, shown_lines

MAX_SHEET_ROWS = 100_000
_MAX_CELL = 32_767
NAME = "退回明细"


def returned_rows(table: Table, judged: Judged, catalog: Catalog, receipt_id: str) -> pl.DataFrame:
    """The returned rows in line order: own columns (named by position), then the six of ours."""
    own = [i for i, h in enumerate(table.headers) if h.strip() not in RETURN_HEADERS]
    names = [f"c{i}" for i in own]
    frames = []
    if len(judged.rejected):
        cells = table.cells[judged.rejected].select([pl.col(str(i)).alias(f"c{i}") for i in own])
        reasons = _reasons(judged.problems, catalog)
        frames.append(
            cells.with_columns(
                line=table.lines.gather(judged.rejected),
                row=pl.Series(judged.rejected, dtype=pl.Int64),
            )
            .join(reasons, on="row", how="left")
            .drop("row")
        )
    if table.broken:
        frames.append(_broken_rows(table, catalog, own))
    columns = [*names, "line", "column", "rule_id", "title", "remedy"]
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys([*names, *RETURN_HEADERS], pl.String))
    everything = pl.concat([f.select(columns) for f in frames]).sort("line", maintain_order=True)
    named = everything.with_columns(
        pl.lit(receipt_id).alias("receipt"),
        shown_lines(everything["line"], is_workbook=table.is_workbook).alias("line"),
    )
    order = [*names, "receipt", "line", "column", "rule_id", "title", "remedy"]
    return named.select(order).rename(dict(zip(order[len(names) :], RETURN_HEADERS, strict=True)))


def _reasons(problems: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    used = problems["rule_id"].unique().to_list()
    texts = pl.DataFrame(
        {
            "rule_id": used,
            "title": [catalog.rules[r].title_cn for r in used],
            "remedy": [catalog.rules[r].remedy_cn for r in used],
        },
        schema=dict.fromkeys(("rule_id", "title", "remedy"), pl.String),
    )
    return (
        problems.join(texts, on="rule_id", how="left", maintain_order="left")
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("column")
            .filter(pl.col("column") != "")
            .unique(maintain_order=True)
            .str.join("；"),
            pl.col("rule_id").unique(maintain_order=True).str.join("；"),
            (
                pl.when(pl.col("column") == "")
                .then(pl.col("title"))
                .otherwise(pl.col("column") + "：" + pl.col("title"))
            )
            .unique(maintain_order=True)
            .str.join("；")
            .alias("title"),
            pl.col("remedy").unique(maintain_order=True).str.join("；"),
        )
    )


def _broken_rows(table: Table, catalog: Catalog, own: list[int]) -> pl.DataFrame:
    """Broken lines: their fields in order as far as there are columns, the rest in the last one.

    A line of JSON has no fields by position: it stands whole in the first column.
    """
    delimiter = "\t" if table.delimiter == "tab" else ","
    width = 1 if table.delimiter == "json" else max(len(own), 1)
    broken = pl.DataFrame(
        {
            "line": [b.line for b in table.broken],
            "text": [b.text for b in table.broken],
            "rule_id": [b.rule_id for b in table.broken],
        }
    )
    parts = broken["text"].str.splitn(delimiter, width).struct.unnest()
    parts.columns = [f"c{i}" for i in own[: parts.width]]
    parts = parts.with_columns(
        pl.lit(None, dtype=pl.String).alias(f"c{i}") for i in own[parts.width :]
    )
    rules = {b.rule_id: catalog.rules[b.rule_id] for b in table.broken}
    return (
        broken.select("line", "rule_id")
        .hstack(parts)
        .with_columns(
            pl.lit("").alias("column"),
            pl.col("rule_id")
            .replace_strict({k: r.title_cn for k, r in rules.items()})
            .alias("title"),
            pl.col("rule_id")
            .replace_strict({k: r.remedy_cn for k, r in rules.items()})
            .alias("remedy"),
        )
    )


def write_returns(folder: Path, rows: pl.DataFrame, headers: list[str]) -> str | None:
    """Write 退回明细 into a receipt's folder; returns its file name, or None without rows."""
    if rows.height == 0:
        return None
    titles = [*headers, *RETURN_HEADERS]
    if rows.height > MAX_SHEET_ROWS or _has_long_cell(rows):
        name = f"{NAME}.csv"
        with atomic_path(folder / name) as temporary:
            named = rows.rename(dict(zip(rows.columns, _unique(titles), strict=True)))
            named.write_csv(temporary, include_bom=True, quote_style="always")
        return name
    name = f"{NAME}.xlsx"
    with atomic_path(folder / name) as temporary:
        _write_xlsx(temporary, rows, titles)
    return name


def _has_long_cell(rows: pl.DataFrame) -> bool:
    """Whether a text is longer than a cell of a sheet holds (geometry of many vertices)."""
    longest = rows.select(pl.max_horizontal(pl.all().str.len_chars().max())).item()
    return longest is not None and longest > _MAX_CELL


def _unique(titles: list[str]) -> list[str]:
    return [t if titles.index(t) == i else f"{t}_{i + 1}" for i, t in enumerate(titles)]


def _write_xlsx(path: Path, rows: pl.DataFrame, titles: list[str]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
         "strings_to_urls": False},
    )  # fmt: skip
    book.set_properties({"title": NAME, "created": clock.now()})
    as_text = book.add_format({"num_format": "@"})
    bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
    ours = book.add_format({"num_format": "@", "bg_color": "#FFF2CC"})
    sheet = book.add_worksheet(NAME)
    sheet.freeze_panes(1, 0)
    own = len(titles) - len(RETURN_HEADERS)
    sheet.set_column(0, max(own - 1, 0), 16, as_text)
    sheet.set_column(own, len(titles) - 1, 26, ours)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    formats = [as_text] * own + [ours] * len(RETURN_HEADERS)
    for number, row in enumerate(rows.iter_rows(), start=1):  # the writer takes cells one by one
        for column, value in enumerate(row):
            if value is not None and value != "":
                sheet.write_string(number, column, value[:_MAX_CELL], formats[column])
    book.close()


def own_headers(table: Table) -> list[str]:
    """The delivery's own headers, without those of an earlier 退回明细."""
    return [h for h in table.headers if h.strip() not in RETURN_HEADERS]
