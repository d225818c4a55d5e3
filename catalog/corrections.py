"""Corrections as data (人工更正): a wrong value of a source, what is right, who decided and why.

`catalog/corrections/*.yml` for what may stand in git, `corrections/*.yml` below the data root for
what is personal; the format is the same (`catalog/corrections/README.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from catalog.contracts import ProductColumn
from catalog.store import Catalog
from catalog.yamlfile import Location, StrictModel, YamlFile

# The highest grade of what may stand in git.
_OPEN_GRADE = 2


class _Told(StrictModel):
    id: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]*$", max_length=40)
    product: str
    extract: str | None = None
    record_key: str | None = Field(None, min_length=1)
    role: str | None = None
    key: str | None = Field(None, min_length=1)
    attribute: str
    wrong_value: str
    corrected_value: str
    expected_upstream: str | None = None
    reason: str = Field(min_length=4)
    provider: str
    by: str = Field(min_length=1)
    date: date
    status: Literal["open", "withdrawn"] = "open"

    @model_validator(mode="after")
    def _one_target(self) -> _Told:
        by_record = self.extract is not None and self.record_key is not None
        if by_record == (self.key is not None) or (self.extract is None) != (
            self.record_key is None
        ):
            raise ValueError("either extract and record_key, or key")
        if self.wrong_value == self.corrected_value:
            raise ValueError("the corrected value is the wrong one")
        return self


class _File(StrictModel):
    corrections: list[_Told]


@dataclass(frozen=True)
class Correction:
    """One correction, as the warehouse has it (`raw.correction`).

    Attributes:
        extract, record_key, role: the record whose statement is wrong, or None of each;
        subject_id: instead, the person or entity whose value is wrong.
        expected_upstream: what the source says once it is mended.
    """

    correction_id: str
    domain: str
    extract: str | None
    record_key: str | None
    role: str | None
    subject_id: str | None
    attribute: str
    wrong_value: str
    corrected_value: str
    expected_upstream: str
    reason_cn: str
    provider: str
    decided_by: str
    decided_date: date
    status: Literal["open", "withdrawn"]

    def row(self) -> tuple[object, ...]:
        """Its values in the order of `dbt_sources.CORRECTION`."""
        return tuple(asdict(self).values())


def read_corrections(catalog: Catalog, private: Path) -> tuple[Correction, ...]:
    """Every correction, of the catalogue and of the folder below the data root, by id.

    Raises:
        CatalogError: a file does not fit, names what does not exist, has an id or a target twice,
            or would put something personal into the catalogue; with file and line.
    """
    found: dict[str, Correction] = {}
    targets: set[tuple[object, ...]] = set()
    for folder, is_open in ((catalog.folder / "corrections", True), (private, False)):
        for path in sorted(folder.glob("*.yml")):
            file = YamlFile(path)
            for position, told in enumerate(file.parse(_File).corrections):
                where: Location = ("corrections", position)
                made = _checked(catalog, file, where, told, is_open)
                if made.correction_id in found:
                    raise file.error((*where, "id"), f"{made.correction_id} stands twice")
                target = (
                    made.extract, made.record_key, made.role, made.subject_id, made.attribute,
                )  # fmt: skip
                if made.status == "open" and target in targets:
                    raise file.error(where, "there is an open correction of the same value")
                if made.status == "open":
                    targets.add(target)
                found[made.correction_id] = made
    return tuple(found[name] for name in sorted(found))


def _checked(
    catalog: Catalog, file: YamlFile, where: Location, told: _Told, is_open: bool
) -> Correction:
    matrix = next((m for m in catalog.survivorship.values() if m.product == told.product), None)
    if matrix is None:
        raise file.error((*where, "product"), f"{told.product} has no survivorship matrix")
    if told.attribute not in matrix.by_name:
        raise file.error((*where, "attribute"), f"{told.product} has no attribute of that name")
    if told.provider not in catalog.departments:
        raise file.error((*where, "provider"), f"unknown provider {told.provider!r}")
    column = catalog.products[told.product].by_name[told.attribute]
    role = told.role
    if told.extract is not None:
        role = _role(catalog, file, where, told)
    for name in ("wrong_value", "corrected_value", "expected_upstream"):
        value = getattr(told, name)
        if value is not None and not _fits(catalog, column, value, name == "corrected_value"):
            raise file.error((*where, name), f"the value does not fit {column.sql_type}")
    if is_open:
        _refuse_personal(catalog, file, where, told, column)
    return Correction(
        correction_id=told.id,
        domain=matrix.domain,
        extract=told.extract,
        record_key=told.record_key,
        role=role,
        subject_id=told.key,
        attribute=told.attribute,
        wrong_value=told.wrong_value,
        corrected_value=told.corrected_value,
        expected_upstream=told.expected_upstream or told.corrected_value,
        reason_cn=told.reason,
        provider=told.provider,
        decided_by=told.by,
        decided_date=told.date,
        status=told.status,
    )


def _role(catalog: Catalog, file: YamlFile, where: Location, told: _Told) -> str:
    """The role that is meant; a record with several needs it said."""
    matrix = next(m for m in catalog.survivorship.values() if m.product == told.product)
    sources = [s for s in matrix.by_name[told.attribute].sources if s.extract == told.extract]
    if not sources:
        raise file.error((*where, "extract"), f"{told.extract} states no {told.attribute}")
    roles = next(r.roles for r in matrix.records if r.extract == told.extract)
    if told.role is None and len(roles) == 1:
        return roles[0]
    if told.role not in roles:
        raise file.error((*where, "role"), f"role must be one of {'、'.join(roles)}")
    return told.role


def _refuse_personal(
    catalog: Catalog, file: YamlFile, where: Location, told: _Told, column: ProductColumn
) -> None:
    keys: Sequence[int]
    if told.extract is not None:
        keys = [key.grade for key in catalog.extracts[told.extract].key]
    else:
        keys = [key.grade for key in catalog.products[told.product].key]
    if max(column.grade, *keys) > _OPEN_GRADE:
        raise file.error(
            where,
            "personal (grade 3 or 4): it belongs into corrections/ below the data root, not in git",
        )


def _fits(catalog: Catalog, column: ProductColumn, value: str, is_checked: bool) -> bool:
    """Whether a text is a value of the column, written as the warehouse prints it."""
    lists = [c.params["list"] for c in column.checks if c.kind == "in_code_list"]
    if is_checked and any(value not in catalog.code_list(name).codes for name in lists):
        return False
    if column.sql_type == "BOOLEAN":
        return value in ("true", "false")
    try:
        return bool(value) and value == _printed(column.sql_type, value)
    except (ValueError, InvalidOperation):
        return False


def _printed(sql_type: str, value: str) -> str:
    """A value as the warehouse prints it."""
    if sql_type == "DATE":
        return date.fromisoformat(value).isoformat()
    if sql_type.startswith("DECIMAL"):
        scale = int(sql_type.rstrip(")").split(",")[1])
        return f"{Decimal(value):.{scale}f}"
    return value
