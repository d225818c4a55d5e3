"""social_security.payment_after_death."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, no_rows

_AFTER = "social_security.payment_after_death"

SUITE = (
    no_rows("paid_month.after_death", RANGE, f"FROM {_AFTER} WHERE paid_month <= death_date"),
    no_rows(
        "days_after_death.of_dates",
        RANGE,
        f"FROM {_AFTER} WHERE days_after_death <> date_diff('day', death_date, paid_month)",
    ),
    no_rows(
        "is_recovered.of_amounts",
        RANGE,
        f"FROM {_AFTER} WHERE recovered_cny > amount_cny "
        "OR is_recovered <> (recovered_cny = amount_cny)",
    ),
    no_rows(
        "death_date.of_person",
        RECONCILED,
        f"FROM {_AFTER} AS this INNER JOIN population.person AS that "
        "ON this.person_id = that.person_id WHERE this.death_date IS DISTINCT FROM that.death_date",
    ),
)
