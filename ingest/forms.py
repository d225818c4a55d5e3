"""Other layouts in which an extract is accepted: recognising them, and what contradicts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from catalog import ExtractContract, Form
from ingest.clean import Evaluated, as_bools, clean, null_where
from ingest.plainvalues import to_decimal
from ingest.table import Table

CONTRADICTED = "R-AIR-02"


def form_of(
    contract: ExtractContract, headers: Iterable[str], plain: Callable[[str], str]
) -> Form | None:
    """The form whose headers all stand among these, or None."""
    found = {plain(header) for header in headers if header}
    own = [c for c in contract.columns if c.required and c.only_in is None]
    if all(any(plain(header) in found for header in column.headers) for column in own):
        return None  # what has every column that the contract asks for is of no other form
    for form in contract.forms:
        asked = [h for column, h in form.headers.items() if form.asks(column)]
        if all(any(plain(header) in found for header in headers) for headers in asked):
            return form
    return None


def check_form(
    form: Form,
    contract: ExtractContract,
    table: Table,
    columns: dict[str, Evaluated],
    plain: Callable[[str], str],
) -> None:
    """Blank what the form's own columns contradict, under R-AIR-02."""
    at = {plain(header): str(position) for position, header in enumerate(table.headers)}
    for limit in form.not_above:
        done, column = columns[limit.column], contract.by_name[limit.column]
        names = [at.get(plain(header)) for header in (limit.value, limit.maximum)]
        if None in names:
            continue  # the file lacks a column that the form may leave out
        now, most = (to_decimal(clean(table.cells[name], column)).values for name in names if name)
        above = as_bools(now > most)
        done.add(CONTRADICTED, above)
        done.values = null_where(done.values, above)
