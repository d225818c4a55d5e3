"""credit.disclosure_timeliness."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, no_rows

_TIMELINESS = "credit.disclosure_timeliness"
_RECORDS = (
    "(SELECT count(*) FROM credit.administrative_permit)"
    " + (SELECT count(*) FROM credit.administrative_penalty)"
)

SUITE = (
    no_rows(
        "records.all",
        RECONCILED,
        f"FROM (SELECT coalesce(sum(records), 0) AS n FROM {_TIMELINESS}) WHERE n <> {_RECORDS}",
    ),
    no_rows(
        "within_7_working_days.of_records",
        RANGE,
        f"FROM {_TIMELINESS} WHERE within_7_working_days + not_counted > records "
        "OR (rate IS NULL) <> (not_counted = records) OR month <> date_trunc('month', month)",
    ),
    no_rows(
        "records.late_ones",
        RECONCILED,
        "FROM (SELECT coalesce(sum(records - within_7_working_days - not_counted), 0) AS n "
        f"FROM {_TIMELINESS}) WHERE n <> (SELECT count(*) FROM credit.late_disclosure)",
    ),
)
