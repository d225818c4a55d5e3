"""The base of every suite, made from the product's contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog import Catalog, Check, ProductColumn, ProductContract
from expectations.expected import (
    COLUMNS,
    KEY,
    LISTED,
    RANGE,
    REQUIRED,
    Expected,
    NotNull,
    OneOf,
    Unique,
    matches,
    no_rows,
    not_before,
    not_in_future,
    refers_to,
)
from foundation.errors import ConfigurationError

# Longer lists are compared in SQL with `gate.code`: Great Expectations binds one parameter per
# value and repeats the list in every query.
LONGEST_SET = 40

# The written form only: whether a number is right was decided when its row was taken in.
_FORMS = {
    "resident_id": "[0-9]{17}[0-9X]",
    "uscc": "[0-9A-HJ-NPQRTUWXY]{18}",
    "mobile": "1[0-9]{10}",
    "division": "[0-9]{2,12}",
}

_Maker = Callable[[Catalog, str, str, dict[str, Any]], Expected]


def base(catalog: Catalog, contract: ProductContract) -> list[Expected]:
    """Columns, key, required columns, values and references as the contract states them.

    Raises:
        ConfigurationError: the contract has a check that the gate does not know.
    """
    result: list[Expected] = [
        no_rows(
            "table.columns",
            COLUMNS,
            f"FROM gate.shape WHERE product = '{contract.id}' AND told IS DISTINCT FROM found",
        )
    ]
    for column in contract.columns:
        if column.key_position is not None:
            result.append(NotNull(f"{column.name}.not_null", KEY, column.name))
        elif column.required:
            result.append(NotNull(f"{column.name}.not_null", REQUIRED, column.name))
    names = tuple(column.name for column in contract.key)
    result.append(Unique(f"{'+'.join(names)}.unique", KEY, names))
    for column in contract.columns:
        result.extend(_values(catalog, contract, column))
        result.extend(refers_to(contract.id, column.name, t) for t in column.references)
    return result


def _values(catalog: Catalog, contract: ProductContract, column: ProductColumn) -> list[Expected]:
    """Checks of a column's values; those that only warn do not hold a product."""
    return [
        _value(catalog, contract, column.name, check)
        for check in column.checks
        if not check.only_warns
    ]


def _value(catalog: Catalog, contract: ProductContract, column: str, check: Check) -> Expected:
    maker = _MAKERS.get(check.kind)
    if maker is None:
        raise ConfigurationError(
            f"{contract.id}.{column}: the gate has no check {check.kind!r}",
            "write it in expectations/suites, or teach expectations/base.py",
        )
    return maker(catalog, contract.id, column, dict(check.params))


def _in_code_list(catalog: Catalog, product: str, column: str, params: dict[str, Any]) -> Expected:
    name, id_ = params["list"], f"{column}.in_code_list"
    codes = tuple(sorted(catalog.code_list(name).codes))
    if len(codes) <= LONGEST_SET:
        return OneOf(id_, LISTED, column, codes)
    return no_rows(
        id_,
        LISTED,
        f"FROM {product} AS this ANTI JOIN gate.code AS told "
        f"ON told.code = this.{column} AND told.list = '{name}' WHERE this.{column} IS NOT NULL",
    )


def _in_values(_: Catalog, _product: str, column: str, params: dict[str, Any]) -> Expected:
    return OneOf(f"{column}.in_values", LISTED, column, tuple(map(str, params["values"])))


def _pattern(_: Catalog, product: str, column: str, params: dict[str, Any]) -> Expected:
    rule = params["rule"]
    return matches(
        product, column, params["pattern"], rule if rule.startswith("R-GATE-") else LISTED
    )


def _range(_: Catalog, product: str, column: str, params: dict[str, Any]) -> Expected:
    outside = [f"{column} < {params['min']}"] if params.get("min") is not None else []
    outside += [f"{column} > {params['max']}"] if params.get("max") is not None else []
    return no_rows(f"{column}.range", RANGE, f"FROM {product} WHERE {' OR '.join(outside)}")


def _required_when(_: Catalog, product: str, column: str, params: dict[str, Any]) -> Expected:
    values = ", ".join("'" + str(v).replace("'", "''") + "'" for v in params["values"])
    return no_rows(
        f"{column}.required_when_{params['column']}",
        REQUIRED,
        f"FROM {product} WHERE {column} IS NULL AND {params['column']} IN ({values})",
    )


def _form(pattern: str) -> _Maker:
    return lambda _, product, column, __: matches(product, column, pattern)


_MAKERS: dict[str, _Maker] = {
    "in_code_list": _in_code_list,
    "in_values": _in_values,
    "pattern": _pattern,
    "range": _range,
    "required_when": _required_when,
    "not_before": lambda _, product, column, params: not_before(product, column, params["column"]),
    "not_after_business_date": lambda _, product, column, __: not_in_future(product, column),
    **{kind: _form(pattern) for kind, pattern in _FORMS.items()},
}
