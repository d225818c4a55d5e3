"""Grants: which consumer may have which columns and rows of which product, why, and until when.

Deny by default: a column that no grant names never leaves. Rows of persons under 14 (grade 4 as a
whole) leave only where the grant says so.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from catalog.contracts import ProductContract
from catalog.yamlfile import StrictModel, YamlFile


class RowFilter(StrictModel):
    """A condition on one column: equal to one of `values`, or beginning with one of them."""

    column: str
    operator: Literal["in", "starts_with"] = "in"
    values: list[str] = Field(min_length=1)


class GrantedColumn(StrictModel):
    """A column, and how it is masked (names of `sharing.masking`); None: as it is."""

    name: str
    mask: Literal["resident_id", "name", "mobile", "year", "county", "township"] | None = None


class Grant(StrictModel):
    """One approval. `approval_no` is the number of the written approval."""

    consumer: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    consumer_title_cn: str
    product: str
    columns: list[GrantedColumn] = Field(min_length=1)
    rows: list[RowFilter] = []
    includes_minors: bool = False
    purpose: str = Field(min_length=4)
    purpose_kind: Literal["行政依据", "工作参考", "数据校核", "业务协同"]
    approval_no: str = Field(min_length=1)
    valid_from: date = Field(alias="from")
    valid_until: date = Field(alias="until")

    @model_validator(mode="after")
    def _period(self) -> Grant:
        if self.valid_until < self.valid_from:
            raise ValueError("until lies before from")
        return self

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on that day (both ends included)."""
        return self.valid_from <= day <= self.valid_until


class _File(StrictModel):
    grants: list[Grant]


def read_grants(folder: Path, products: dict[str, ProductContract]) -> tuple[Grant, ...]:
    """Every grant of `<folder>/*.yml`, checked against the product contracts.

    Raises:
        CatalogError: a grant names what does not exist, or one consumer has a product twice.
    """
    found: list[Grant] = []
    seen: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.yml")):
        file = YamlFile(path)
        for position, grant in enumerate(file.parse(_File).grants):
            where: tuple[str | int, ...] = ("grants", position)
            if grant.product not in products:
                raise file.error(where, f"no product {grant.product!r}")
            known = products[grant.product].by_name
            names = [c.name for c in grant.columns] + [r.column for r in grant.rows]
            if unknown := [name for name in names if name not in known]:
                raise file.error(where, f"{grant.product} has no column {unknown[0]!r}")
            if len({c.name for c in grant.columns}) != len(grant.columns):
                raise file.error(where, "a column is granted twice")
            if (grant.consumer, grant.product) in seen:
                raise file.error(where, f"{grant.consumer} already has a grant on {grant.product}")
            seen.add((grant.consumer, grant.product))
            found.append(grant)
    return tuple(found)
