"""Counterexamples of social security: R-SOC, R-ORG."""

from __future__ import annotations

from tests.counterexamples.case import Case
from tests.counterexamples.environment import wrong
from tests.unit.ingest.ingest_world import csv_bytes, row

EMPLOYER, INSURED = "social_security/employer", "social_security/insured_person"
CONTRIBUTION, BENEFIT = "social_security/contribution", "social_security/benefit_payment"


def good(rule: str, name: str, extract: str, **changed: str) -> Case:
    """A row that nearly breaks the rule."""
    return Case(
        rule, name, lambda _city: csv_bytes(extract, [row(extract, 1), row(extract, 2, **changed)]),
        (2, 2, 0, 0), extract=extract,
    )  # fmt: skip


CASES = [
    wrong("R-ORG-01", "wrong-check-character", EMPLOYER, "organisation_code", "blank",
          organisation_code="D2143569-1"),
    good("R-ORG-01", "without-hyphen", EMPLOYER, organisation_code="d2143569x"),
    wrong("R-VAL-09", "ended-before-it-began", INSURED, "end_month", "blank", end_month="201412"),
    good("R-VAL-09", "ended-in-its-first-month", INSURED, end_month="201501"),
    wrong("R-CODE-02", "unknown-insurance", INSURED, "insurance_type_code",
          insurance_type_code="999"),
    good("R-CODE-02", "two-digit-insurance", INSURED, insurance_type_code="11"),
    wrong("R-SOC-01", "covers-a-later-month", CONTRIBUTION, "covered_month",
          covered_month="201803"),
    good("R-SOC-01", "back-payment", CONTRIBUTION, covered_month="201711"),
    wrong("R-VAL-07", "received-nobody-knows-when", CONTRIBUTION, "received_month", "blank",
          received_month=""),
    good("R-VAL-07", "not-received", CONTRIBUTION, received="0", received_month=""),
    wrong("R-VAL-15", "base-of-zero", CONTRIBUTION, "contribution_base", contribution_base="0"),
    wrong("R-SOC-02", "negative-pension", BENEFIT, "amount", amount="-1"),
    good("R-SOC-02", "recovery", BENEFIT, amount="-1", transaction_kind="追回"),
    good("R-SOC-02", "no-kind-is-a-payment", BENEFIT, transaction_kind=""),
]  # fmt: skip
