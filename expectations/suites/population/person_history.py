"""population.person_history."""

from __future__ import annotations

from expectations.expected import current_rows_of, not_in_future, periods

_HISTORY = "population.person_history"
# All that the history has beside its periods.
_VALUES = (
    "name", "sex_code", "ethnic_code", "birth_date", "birthplace_division_code",
    "registered_division_code", "registered_address", "registration_status",
    "residence_division_code", "residence_address", "is_registered",
    "is_administrative_resident", "marital_status_code", "education_code", "mobile",
    "is_deceased", "death_date",
)  # fmt: skip

SUITE = (
    *periods(_HISTORY, "person_id"),
    not_in_future(_HISTORY, "valid_from"),
    current_rows_of(_HISTORY, "population.person", "person_id", _VALUES),
)
