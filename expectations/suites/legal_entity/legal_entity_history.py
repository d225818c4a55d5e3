"""legal_entity.legal_entity_history."""

from __future__ import annotations

from expectations.expected import current_rows_of, not_in_future, periods

_HISTORY = "legal_entity.legal_entity_history"
# All that the history has beside its periods.
_VALUES = (
    "uscc", "organisation_code", "registration_no", "name", "entity_kind", "entity_type_code",
    "is_legal_person", "legal_representative_name", "legal_representative_person_id",
    "registered_capital_cny", "industry_code", "address", "division_code",
    "registration_status_code", "closed_date", "established_date", "taxpayer_status",
    "tax_credit_rating",
)  # fmt: skip

SUITE = (
    *periods(_HISTORY, "entity_id"),
    not_in_future(_HISTORY, "valid_from"),
    current_rows_of(_HISTORY, "legal_entity.legal_entity", "entity_id", _VALUES),
)
