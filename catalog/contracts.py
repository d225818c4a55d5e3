"""Contracts as the code uses them: extracts and products with their columns and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from catalog.vocabulary import WARNING_CHECKS

Mode = Literal["full", "incremental", "append"]
OnFail = Literal["reject", "blank", "warn"]
Grade = Literal[1, 2, 3, 4]
ColumnType = Literal[
    "text", "code", "date", "datetime", "month", "decimal", "integer", "boolean", "geometry"
]  # fmt: skip
Layout = Literal["table", "bulletin"]
Treatment = Literal["as_is", "omit", "year", "county", "township", "pseudonym"]

# Left out of a product's fingerprint: they say how the warehouse came to know, not what is true.
UNFINGERPRINTED = ("delivery_id", "line")
UNFINGERPRINTED_PREFIX = "known_"
# A product with this column leaves out whole rows, where it is true, for the same reason.
UNFINGERPRINTED_ROWS = "known_only"

# How ingest stores each column type in the raw tables; decimals with the column's scale. A geometry
# is WKB (ISO 19125: little-endian, two-dimensional, longitude and latitude of CGCS2000 in degrees),
# valid, and in the canonical order of points and rings.
_SQL_TYPES = {
    "text": "VARCHAR", "code": "VARCHAR", "month": "DATE", "date": "DATE", "datetime": "TIMESTAMP",
    "integer": "BIGINT", "boolean": "BOOLEAN", "geometry": "BLOB",
}  # fmt: skip
DECIMAL_SCALE = 6


@dataclass(frozen=True, eq=False)
class Check:
    """One check of a column: its kind (`vocabulary.CHECK_PARAMETERS`) and parameters."""

    kind: str
    params: Mapping[str, Any]

    @property
    def only_warns(self) -> bool:
        """Whether a failure never changes the value or the row."""
        return self.kind in WARNING_CHECKS


@dataclass(frozen=True, eq=False)
class Column:
    """A column of an extract.

    Attributes:
        headers: accepted Chinese headers, the contract's own first.
        on_fail: what a value that breaks a check does to its row.
        null_words: texts that mean "no value" here, beyond the empty text.
        when_empty: the value that an empty cell stands for, or None.
        long_term: whether words such as 长期 are allowed; they give NULL and `is_long_term`.
        code_length: codes shorter than this lost leading zeros, which are put back (0: never).
        unit: the unit of the numbers as delivered (`万元`), or None.
        scale: how many decimals of a decimal are kept.
        only_in: the form (`Form.name`) that alone has the column; elsewhere nobody misses it.
    """

    name: str
    title_cn: str
    type: ColumnType
    required: bool
    key_position: int | None
    on_fail: OnFail
    grade: Grade
    headers: tuple[str, ...]
    checks: tuple[Check, ...]
    null_words: tuple[str, ...]
    when_empty: str | None = None
    long_term: bool = False
    code_length: int = 0
    unit: str | None = None
    unit_column: str | None = None
    scale: int = DECIMAL_SCALE
    description: str = ""
    only_in: str | None = None

    @property
    def companions(self) -> dict[str, str]:
        """Boolean columns that stand beside this one in the raw rows: Chinese title by name.

        What the texts said and the typed value no longer shows: a long term, and whether an
        identifier fits its standard where that only warns.
        """
        found = {}
        if self.long_term:
            found[f"{self.name}_is_long_term"] = f"{self.title_cn}是否长期"
        if any(check.kind == "licence_identifier" for check in self.checks):
            found[f"{self.name}_is_valid"] = f"{self.title_cn}的结构与校验位是否正确"
        return found

    @property
    def sql_type(self) -> str:
        """The SQL type of its values in the raw tables."""
        return f"DECIMAL(20,{self.scale})" if self.type == "decimal" else _SQL_TYPES[self.type]


@dataclass(frozen=True)
class NotAbove:
    """In each row, `value` may not exceed `maximum` (headers of the form); else `column` is blank.

    What contradicts it is a sign that the form's headers do not stand for what the form says.
    """

    column: str
    value: str
    maximum: str


@dataclass(frozen=True)
class Form:
    """Another layout in which an extract is accepted, recognised by its header line.

    Attributes:
        headers: the form's headers (any one of them) of each contract column it has. A file that
            has all of these columns, but for the optional ones, is of this form.
        left_aside: headers of the form that no contract column takes.
        optional: columns that a file of this form may lack, and whose values may be empty.
    """

    name: str
    headers: Mapping[str, tuple[str, ...]]
    left_aside: tuple[str, ...]
    not_above: tuple[NotAbove, ...]
    optional: frozenset[str] = frozenset()

    def asks(self, column: str) -> bool:
        """Whether the form has the column and asks for its values."""
        return column in self.headers and column not in self.optional


@dataclass(frozen=True)
class Envelope:
    """What a whole delivery must be. Shares are fractions of 1."""

    max_rejected_share: float = 0.5
    min_rows_for_share: int = 20
    max_shrink_share: float | None = None
    min_rows: int | None = None
    max_rows: int | None = None


@dataclass(frozen=True, eq=False)
class ExtractContract:
    """What one extract of one department must be.

    Attributes:
        layout: `table` has one header line; `bulletin` is a wide sheet whose layout is found.
        forms: other header lines that are accepted.
    """

    id: str
    title_cn: str
    purpose: str
    version: str
    provider: str
    mode: Mode
    cycle: str
    formats: tuple[str, ...]
    envelope: Envelope
    columns: tuple[Column, ...]
    metadata: Mapping[str, Any]
    path: Path
    layout: Layout = "table"
    forms: tuple[Form, ...] = ()

    @property
    def domain(self) -> str:
        """`population` of `population/household_registration`."""
        return self.id.split("/")[0]

    @property
    def name(self) -> str:
        """`household_registration` of `population/household_registration`."""
        return self.id.split("/")[1]

    @property
    def table(self) -> str:
        """The name of its raw table in the warehouse: `population__household_registration`."""
        return self.id.replace("/", "__")

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The key columns in order."""
        keyed = [c for c in self.columns if c.key_position is not None]
        return tuple(sorted(keyed, key=lambda c: c.key_position or 0))


@dataclass(frozen=True, eq=False)
class ProductColumn:
    """A column of a product.

    Attributes:
        sql_type: VARCHAR, BOOLEAN, DATE, TIMESTAMP, INTEGER, BIGINT, DECIMAL(p,s), or BLOB:
            geometry as WKB (2D, CGCS2000 longitude and latitude in degrees, EPSG:4490).
        analysts: how analysts see it.
        sources: the extract columns it is made from (`extract.column`); its grade is their highest.
        references: key columns of other products its values stand in (`domain.product.column`).
    """

    name: str
    title_cn: str
    sql_type: str
    required: bool
    key_position: int | None
    grade: Grade
    analysts: Treatment
    sources: tuple[str, ...]
    references: tuple[str, ...]
    checks: tuple[Check, ...]
    description: str = ""


@dataclass(frozen=True)
class Origin:
    """Which record of an extract a product's row is.

    Attributes:
        key: columns of the product to columns of the extract that have the same value.
        subject: where the key leaves several records, the column with the person or entity whose
            record it is.
    """

    extract: str
    key: Mapping[str, str]
    subject: str | None = None


@dataclass(frozen=True, eq=False)
class ProductContract:
    """What one product of the warehouse is. `id` is `domain.product`.

    Attributes:
        origins: the extracts one of whose records each row is; none where a row has no single
            origin.
    """

    id: str
    title_cn: str
    purpose: str
    version: str
    owner: str
    columns: tuple[ProductColumn, ...]
    for_analysts: bool
    origins: tuple[Origin, ...]
    metadata: Mapping[str, Any]
    path: Path

    @property
    def domain(self) -> str:
        """`population` of `population.person`."""
        return self.id.split(".")[0]

    @property
    def name(self) -> str:
        """`person` of `population.person`."""
        return self.id.split(".")[1]

    @property
    def model(self) -> str:
        """The dbt model that makes it: `population__person`."""
        return self.id.replace(".", "__")

    @cached_property
    def by_name(self) -> dict[str, ProductColumn]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def key(self) -> tuple[ProductColumn, ...]:
        """The primary key columns in order."""
        keyed = [c for c in self.columns if c.key_position is not None]
        return tuple(sorted(keyed, key=lambda c: c.key_position or 0))
