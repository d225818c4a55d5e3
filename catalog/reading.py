"""From an ODCS file to a contract, with every inconsistency an error at its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from catalog.contracts import (
    DECIMAL_SCALE,
    Check,
    Column,
    Envelope,
    ExtractContract,
    Form,
    NotAbove,
    Origin,
    ProductColumn,
    ProductContract,
)
from catalog.odcs import CustomProperty, DataContract, Property
from catalog.vocabulary import (
    CATALOGUE_METADATA,
    CHECK_PARAMETERS,
    CYCLES,
    NULL_WORDS,
    WARNING_CHECKS,
)
from catalog.yamlfile import Location, StrictModel, YamlFile

_SQL_TYPE = re.compile(r"VARCHAR|BOOLEAN|DATE|TIMESTAMP|INTEGER|BIGINT|BLOB|DECIMAL\(\d+,\d+\)")
# Parameters of checks that name another column of the same extract.
_NAMING_COLUMNS = (
    "column", "names", "number", "when", "level", "geometry", "longitude", "system", "unit",
    "parent", "period", "current", "cumulative", "growth", "indicator", "measure",
    "released", "value", "series", "item", "in_force_on",
)  # fmt: skip
_LOGICAL = {
    "text": "string", "code": "string", "date": "date", "month": "date",
    "datetime": "timestamp", "decimal": "number", "integer": "integer", "boolean": "boolean",
    "geometry": "string",
    "VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp",
    "INTEGER": "integer", "BIGINT": "integer", "DECIMAL": "number", "BLOB": "string",
}  # fmt: skip


class _EnvelopeFile(StrictModel):
    max_rejected_share: float = Field(0.5, alias="maxRejectedShare", gt=0, le=1)
    min_rows_for_share: int = Field(20, alias="minRowsForShare", ge=1)
    max_shrink_share: float | None = Field(None, alias="maxShrinkShare", gt=0, le=1)
    min_rows: int | None = Field(None, alias="minRows", ge=0)
    max_rows: int | None = Field(None, alias="maxRows", ge=1)


class _NotAboveFile(StrictModel):
    column: str
    value: str
    maximum: str


class _FormFile(StrictModel):
    name: str
    headers: dict[str, str | list[str]]
    left_aside: list[str] = Field(alias="leftAside")
    optional: list[str] = []
    absent: list[str] = []
    not_above: list[_NotAboveFile] = Field([], alias="notAbove")


class _ExtractProperties(StrictModel):
    kind: Literal["extract"]
    provider: str
    mode: Literal["full", "incremental", "append"]
    cycle: str
    formats: list[Literal["csv", "txt", "xlsx", "xls", "jsonl", "geojson", "gpkg", "zip"]]
    envelope: _EnvelopeFile
    layout: Literal["table", "bulletin"] = "table"
    forms: list[_FormFile] = []


class _ExtractColumnProperties(StrictModel):
    on_fail: Literal["reject", "blank", "warn"] = Field(alias="onFail")
    headers: list[str] = []
    null_words: list[str] | None = Field(None, alias="nullWords")
    when_empty: str | None = Field(None, alias="whenEmpty")
    long_term: bool = Field(False, alias="longTerm")
    code_length: int = Field(0, alias="codeLength", ge=0)
    unit: str | None = None
    unit_column: str | None = Field(None, alias="unitColumn")
    scale: int = Field(DECIMAL_SCALE, ge=0, le=12)
    only_in: str | None = Field(None, alias="onlyIn")


class _Origin(StrictModel):
    extract: str
    key: dict[str, str] = Field(min_length=1)
    subject: str | None = None


class _ProductProperties(StrictModel):
    kind: Literal["product"]
    owner: str
    analysts: bool = True
    origin: list[_Origin] = []


class _ProductColumnProperties(StrictModel):
    analysts: Literal["as_is", "omit", "year", "county", "township", "pseudonym"] | None = None
    grade_reason: str | None = Field(None, alias="gradeReason")


def _collect(file: YamlFile, items: list[CustomProperty], where: Location) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for position, item in enumerate(items):
        if item.property in found:
            raise file.error((*where, position), f"the property {item.property!r} stands twice")
        found[item.property] = item.value
    return found


def _checks(file: YamlFile, column: Property, where: Location) -> tuple[Check, ...]:
    result = []
    for position, quality in enumerate(column.quality):
        params = dict(quality.implementation)
        kind = params.pop("check", None)
        spot = (*where, "quality", position, "implementation")
        if kind not in CHECK_PARAMETERS:
            raise file.error(spot, f"no check is called {kind!r}")
        required, optional = CHECK_PARAMETERS[kind]
        if missing := required - params.keys():
            raise file.error(spot, f"the check {kind} needs {', '.join(sorted(missing))}")
        if unknown := params.keys() - required - optional:
            raise file.error(spot, f"the check {kind} has no {', '.join(sorted(unknown))}")
        if (quality.severity == "warning") != (kind in WARNING_CHECKS):
            raise file.error(spot, f"the check {kind} and severity: warning do not go together")
        result.append(Check(kind, params))
    return tuple(result)


def _open(path: Path) -> tuple[YamlFile, DataContract, dict[str, Any]]:
    file = YamlFile(path)
    contract = file.parse(DataContract)
    own = _collect(file, contract.custom_properties, ("customProperties",))
    for name in CATALOGUE_METADATA:
        if own.get(name) is None:
            raise file.error(("customProperties",), f"the catalogue needs the property {name}")
    seen: set[str] = set()
    for position, column in enumerate(contract.schema_[0].properties):
        where: Location = ("schema", 0, "properties", position)
        if column.name in seen:
            raise file.error(where, f"the column {column.name} stands twice")
        seen.add(column.name)
        physical = column.physical_type.split("(")[0]
        if _LOGICAL.get(physical) != column.logical_type:
            raise file.error(
                (*where, "logicalType"),
                f"{column.physical_type} is not a {column.logical_type}",
            )
        if column.primary_key != (column.primary_key_position is not None):
            raise file.error(where, "primaryKey and primaryKeyPosition go together")
    return file, contract, own


def _model(
    file: YamlFile, model: type[StrictModel], own: dict[str, Any], where: Location, extra: bool
) -> Any:
    known = {f.alias or name for name, f in model.model_fields.items()}
    picked = {k: v for k, v in own.items() if k in known or not extra}
    return file.parse(model, picked, where)


def _split(file: YamlFile, own: dict[str, Any], model: type[StrictModel]) -> dict[str, Any]:
    """Catalogue metadata: every property that is neither ours nor unknown."""
    known = {f.alias or name for name, f in model.model_fields.items()}
    rest = {k: v for k, v in own.items() if k not in known}
    if unknown := rest.keys() - set(CATALOGUE_METADATA):
        raise file.error(("customProperties",), f"unknown property {sorted(unknown)[0]!r}")
    return rest


def read_extract(path: Path) -> ExtractContract:
    """Read an extract's contract.

    Raises:
        CatalogError: something in it is wrong; the text names file and line.
    """
    file, contract, own = _open(path)
    if contract.id != f"{path.parent.name}/{path.name.removesuffix('.odcs.yml')}":
        raise file.error(("id",), "the id must be <folder>/<file name>")
    told = _model(file, _ExtractProperties, own, ("customProperties",), extra=True)
    if told.cycle not in CYCLES:
        raise file.error(("customProperties", "cycle"), f"unknown cycle {told.cycle!r}")
    columns = tuple(
        _extract_column(file, column, ("schema", 0, "properties", position))
        for position, column in enumerate(contract.schema_[0].properties)
    )
    result = ExtractContract(
        id=contract.id,
        title_cn=contract.name,
        purpose=contract.description.purpose,
        version=contract.version,
        provider=told.provider,
        mode=told.mode,
        cycle=told.cycle,
        formats=tuple(told.formats),
        envelope=Envelope(**told.envelope.model_dump()),
        columns=columns,
        metadata=_split(file, own, _ExtractProperties),
        path=path,
        layout=told.layout,
        forms=tuple(_form(form) for form in told.forms),
    )
    _cross_check_extract(file, result, told)
    return result


def _form(told: _FormFile) -> Form:
    limits = tuple(NotAbove(**limit.model_dump()) for limit in told.not_above)
    headers = {n: (h,) if isinstance(h, str) else tuple(h) for n, h in told.headers.items()}
    return Form(told.name, headers, tuple(told.left_aside), limits, frozenset(told.optional))


def _extract_column(file: YamlFile, column: Property, where: Location) -> Column:
    own = _collect(file, column.custom_properties, (*where, "customProperties"))
    told = file.parse(_ExtractColumnProperties, own, (*where, "customProperties"))
    if column.physical_type not in _LOGICAL or column.physical_type.isupper():
        raise file.error((*where, "physicalType"), f"no extract type {column.physical_type!r}")
    words = NULL_WORDS if told.null_words is None else tuple(told.null_words)
    return Column(
        name=column.name,
        title_cn=column.business_name,
        type=column.physical_type,  # type: ignore[arg-type]  # checked on the line above
        required=column.required,
        key_position=column.primary_key_position,
        on_fail=told.on_fail,
        grade=int(column.classification),  # type: ignore[arg-type]  # the model allows 1-4 only
        headers=(column.business_name, *told.headers),
        checks=_checks(file, column, where),
        null_words=words,
        when_empty=told.when_empty,
        long_term=told.long_term,
        code_length=told.code_length,
        unit=told.unit,
        unit_column=told.unit_column,
        scale=told.scale,
        description=column.description or "",
        only_in=told.only_in,
    )


def _cross_check_extract(
    file: YamlFile, contract: ExtractContract, told: _ExtractProperties
) -> None:
    headers: dict[str, str] = {}
    for position, column in enumerate(contract.columns):
        where: Location = ("schema", 0, "properties", position)
        for header in column.headers:
            if other := headers.get(header):
                raise file.error(where, f"the header {header} also belongs to {other}")
            headers[header] = column.name
        _check_other_columns(file, contract, column, where)
    if not contract.key:
        raise file.error(("schema",), "an extract needs a key")
    _check_forms(file, contract, told.forms)
    if contract.mode == "incremental":
        for name in ("updated_at", "operation"):
            if name not in contract.by_name:
                raise file.error(("schema",), f"an incremental extract needs {name}")


def _check_forms(file: YamlFile, contract: ExtractContract, told: list[_FormFile]) -> None:
    """Forms have every required column or say that it is absent; what they name exists."""
    names = {form.name for form in contract.forms}
    for position, column in enumerate(contract.columns):
        if column.only_in is not None and (column.only_in not in names or column.required):
            where: Location = ("schema", 0, "properties", position)
            raise file.error(where, f"{column.name} cannot stand in {column.only_in!r} only")
    required = {c.name for c in contract.columns if c.required}
    for form, stated in zip(contract.forms, told, strict=True):
        absent = set(stated.absent)
        named = {limit.column for limit in form.not_above} | absent
        known = {*(h for headers in form.headers.values() for h in headers), *form.left_aside}
        limits = {limit.value for limit in form.not_above} | {x.maximum for x in form.not_above}
        wrong = (
            required - form.headers.keys() - absent
            or absent & form.headers.keys()
            or form.optional - form.headers.keys()
            or (form.headers.keys() | named) - contract.by_name.keys()
            or limits - known
        )
        if wrong:
            where = ("customProperties",)
            raise file.error(where, f"the form {form.name}: {', '.join(sorted(wrong))}")


def _check_other_columns(
    file: YamlFile, contract: ExtractContract, column: Column, where: Location
) -> None:
    for check in column.checks:
        for name in _NAMING_COLUMNS:
            told = check.params.get(name, ())
            for other in (told,) if isinstance(told, str) else told:
                if other not in contract.by_name:
                    raise file.error(where, f"{check.kind}: no column {other!r}")


def read_product(path: Path, grades: dict[str, int]) -> ProductContract:
    """Read a product's contract; `grades` gives the grade of every `extract.column`.

    Raises:
        CatalogError: something in it is wrong, or a grade was lowered without a reason.
    """
    file, contract, own = _open(path)
    name = path.name.removesuffix(".odcs.yml")
    if contract.id != f"{path.parent.name}.{name}":
        raise file.error(("id",), "the id must be <folder>.<file name>")
    told = _model(file, _ProductProperties, own, ("customProperties",), extra=True)
    columns = tuple(
        _product_column(file, column, ("schema", 0, "properties", position), grades)
        for position, column in enumerate(contract.schema_[0].properties)
    )
    if not any(c.key_position for c in columns):
        raise file.error(("schema",), "a product needs a primary key")
    _check_origins(file, told.origin, {c.name for c in columns}, grades)
    return ProductContract(
        id=contract.id,
        title_cn=contract.name,
        purpose=contract.description.purpose,
        version=contract.version,
        owner=told.owner,
        columns=columns,
        for_analysts=told.analysts,
        origins=tuple(Origin(o.extract, o.key, o.subject) for o in told.origin),
        metadata=_split(file, own, _ProductProperties),
        path=path,
    )


def _check_origins(
    file: YamlFile, origins: list[_Origin], columns: set[str], grades: dict[str, int]
) -> None:
    where: Location = ("customProperties", "origin")
    for origin in origins:
        for ours, theirs in origin.key.items():
            if ours not in columns:
                raise file.error(where, f"the product has no column {ours!r}")
            if f"{origin.extract}.{theirs}" not in grades:
                raise file.error(where, f"no contract has {origin.extract}.{theirs}")
        if origin.subject is not None and origin.subject not in columns:
            raise file.error(where, f"the product has no column {origin.subject!r}")


def _product_column(
    file: YamlFile, column: Property, where: Location, grades: dict[str, int]
) -> ProductColumn:
    own = _collect(file, column.custom_properties, (*where, "customProperties"))
    told = file.parse(_ProductColumnProperties, own, (*where, "customProperties"))
    if not _SQL_TYPE.fullmatch(column.physical_type):
        raise file.error((*where, "physicalType"), f"no product type {column.physical_type!r}")
    grade = int(column.classification)
    needed = _needed_grade(file, column.transform_source_objects, where, grades)
    if grade < needed and not told.grade_reason:
        raise file.error(
            (*where, "classification"),
            f"made from columns of grade {needed}; a lower grade needs a gradeReason",
        )
    treatment = told.analysts or ("as_is" if grade <= 2 else "omit")
    if grade >= 3 and treatment == "as_is":
        raise file.error(where, f"a column of grade {grade} cannot go to analysts as it is")
    return ProductColumn(
        name=column.name,
        title_cn=column.business_name,
        sql_type=column.physical_type,
        required=column.required,
        key_position=column.primary_key_position,
        grade=grade,  # type: ignore[arg-type]  # the model allows 1-4 only
        analysts=treatment,
        sources=tuple(column.transform_source_objects),
        references=tuple(r.to for r in column.relationships),
        checks=_checks(file, column, where),
        description=column.description or "",
    )


def _needed_grade(
    file: YamlFile, sources: Iterable[str], where: Location, grades: dict[str, int]
) -> int:
    needed = 1
    for position, source in enumerate(sources):
        if source not in grades:
            spot = (*where, "transformSourceObjects", position)
            raise file.error(spot, f"no contract has {source!r}")
        needed = max(needed, grades[source])
    return needed
