"""Which kinds of damage fit which columns of an extract; read off its contract."""

from __future__ import annotations

from functools import lru_cache

from catalog import Check, Column, ExtractContract
from simulator.damage import e_licence_kinds as licences
from simulator.damage import numbers_kinds as ids
from simulator.damage import places_kinds as places
from simulator.damage import rows_kinds as rows
from simulator.damage import values_kinds as values
from simulator.damage.bulletin_kinds import bulletin_kinds
from simulator.damage.model import Entry, Kind
from simulator.habits import Habit, habit_of

# Free text that every extract has at least one of; whole-row damage is done there.
_FREE = ("registered_address", "residence_address", "institution_name", "registry_name", "address",
         "tax_office_name", "supervisor_name", "sponsor_name", "taxpayer_name", "full_address",
         "name", "right_holder_name", "issuer_name", "indicator_name",
         "budget_item_name", "station_name", "section_name", "entity_name", "employer_name",
         "enrolment_no", "xk_nr", "cf_nr", "court_name")  # fmt: skip
_UNTOUCHED = ("operation",)
# What damage would do elsewhere in the file is not foreseen: a key that other rows refer to.
_UNTOUCHED_IN = {"geospatial/division": ("division_code", "parent_code", "level")}
# What is required of one column hangs on others there: damage of one would be judged at several.
_FREE_TEXT_ONLY = ("credit",)

_SIMPLE: dict[str, tuple[Kind, ...]] = {
    "resident_id": ids.RESIDENT,
    "registration_no": ids.REGISTRATION,
    "taxpayer_id": (ids.TAXPAYER,),
    "mobile": (ids.MOBILE,),
    "person_name": values.NAME,
    "in_values": (values.VALUE_UNKNOWN,),
    "licence_identifier": licences.IDENTIFIER,
    "several": (licences.OTHER_SEPARATOR,),
    "holder_codes": licences.HOLDER_CODES,
    "geometry": places.SHAPES,
    "coordinate_system": places.SYSTEMS,
    "point": places.LATITUDE,
    "agrees_with_geometry": (places.AREA_IN_MU,),
    "real_estate_unit_no": (places.UNIT_CUT,),
}


def _of_check(column: Column, check: Check) -> list[Kind]:
    """Damage that breaks one check of a column."""
    params, found = check.params, list(_SIMPLE.get(check.kind, ()))
    match check.kind:
        case "uscc":
            more = ids.USCC_PREFIX if params.get("prefixes") else ids.USCC_PLACEHOLDER
            found += [*ids.USCC, more]
        case "in_code_list" if column.type == "code":
            found += [values.unknown_code(params["list"]), *values.code_names(params["list"])]
        case "not_before" if column.type != "month":
            found.append(values.before(params["column"]))
        case "required_when":
            found.append(values.emptied_when(params["column"], list(params["values"])))
        case "division":
            found.append(values.DIVISION_NEVER)
            if params["scope"] in ("tongchuan", "township") and "digits" not in params:
                found.append(values.DIVISION_ELSEWHERE)
        case "pattern" if params["rule"] in ("R-VAL-11", "R-VAL-12"):
            is_certificate = params["rule"] == "R-VAL-11"
            found.append(ids.CERTIFICATE_NO if is_certificate else values.ICD_BAD)
        case "sex_of_resident_id" if params["sex"] == "1":
            found.append(ids.SPOUSES)
    return found


def _of_type(contract: ExtractContract, column: Column) -> list[Kind]:
    """Damage that breaks what every column of a type must be."""
    kinds: list[Kind] = []
    watched = {c.params.get("column") for o in contract.columns for c in o.checks
               if c.kind == "not_before"}  # fmt: skip
    needed = any(check.kind == "required_when" for check in column.checks)
    if column.type == "date":
        kinds += values.DATE_FORMS
        kinds += [] if needed else [values.DATE_IMPOSSIBLE]
        if not column.required and not needed and not column.long_term:
            kinds.append(values.DATE_SENTINEL)
        future = any(check.kind == "not_after_business_date" for check in column.checks)
        if future and column.name not in watched:
            kinds.append(values.DATE_FUTURE)
        if column.long_term and column.when_empty is not None:
            kinds.append(licences.LONG_TERM_WORD)
    elif column.type == "datetime":
        kinds.append(values.DATETIME_BAD)
    elif column.type == "decimal":
        kinds += [values.AMOUNT_TEXT, values.AMOUNT_COMMAS]
    if column.name == "longitude":
        kinds += places.POINTS
    is_text = column.type != "geometry"
    must = column.required and column.on_fail == "reject" and column.when_empty is None
    if must and column.key_position is None and is_text:
        kinds.append(values.EMPTY)
    plain = column.when_empty is None and not column.long_term and not needed
    if not column.required and plain:
        kinds.append(values.NULL_WORD)
    return kinds


def _of_free_text(contract: ExtractContract, habit: Habit, *, is_jsonl: bool) -> list[Kind]:
    copies = [rows.DUPLICATE] if contract.mode == "incremental" else [rows.DUPLICATE, rows.CONFLICT]
    if habit.layers:
        return [values.PADDED, *copies]
    if habit.is_workbook:
        return [values.PADDED, values.FORMULA_ERROR, values.LINE_BREAK, *copies]
    if is_jsonl:
        return [values.PADDED, values.CONTROL, rows.JSON_QUOTE, *copies]
    quote = [] if habit.quotes_all else [rows.STRAY_QUOTE]
    return [values.PADDED, values.CONTROL, rows.EXTRA_DELIMITER, rows.LOST, *quote, *copies]


def _agreements(column: Column) -> list[tuple[Kind, bool]]:
    parts = {"sex": values.SEX_FLIPPED, "birth_date": values.BIRTH_SHIFTED}
    return [
        (parts[str(check.params["part"])], check.only_warns)
        for check in column.checks
        if check.kind == "agrees_with_resident_id"
    ]


@lru_cache(maxsize=64)
def menu(extract: str, *, is_jsonl: bool = False) -> tuple[Entry, ...]:
    """Every (kind, column) of an extract in one form of its file, in the contract's order."""
    contract, habit = habit_of(extract)
    if contract.layout == "bulletin":
        found = [(kind, column) for column in contract.columns for kind in bulletin_kinds(column)]
        return tuple(Entry(kind, column, kind.outcome(column)) for kind, column in found)
    free = next(c for c in contract.columns if c.name in _FREE)
    entries = []
    for column in contract.columns:
        if column.name in (*_UNTOUCHED, *_UNTOUCHED_IN.get(extract, ())):
            continue
        if contract.domain in _FREE_TEXT_ONLY and column is not free:
            continue
        offered = [(kind, False) for kind in _of_type(contract, column)]
        for check in column.checks:
            offered += [(kind, check.only_warns) for kind in _of_check(column, check)]
        if column.required:  # there a placeholder would also be a missing value
            offered = [one for one in offered if one[0] is not ids.USCC_PLACEHOLDER]
        offered += _agreements(column)
        if column is free:
            offered += [(kind, False) for kind in _of_free_text(contract, habit, is_jsonl=is_jsonl)]
        entries += [Entry(kind, column, kind.outcome(column, warns)) for kind, warns in offered]
    return tuple(entries)
