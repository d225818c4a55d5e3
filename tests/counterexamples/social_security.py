"""Counterexamples of social security: R-SOC, R-ORG."""

from __future__ import annotations

from tests.counterexamples.environment import wrong

EMPLOYER, INSURED = "social_security/employer", "social_security/insured_person"
CONTRIBUTION, BENEFIT = "social_security/contribution", "social_security/benefit_payment"


CASES = [
    wrong("R-ORG-01", "wrong-check-character", EMPLOYER, "organisation_code", "blank",
          organisation_code="D2143569-1"),
    wrong("R-VAL-09", "ended-before-it-began", INSURED, "end_month", "blank", end_month="201412"),
    wrong("R-CODE-02", "unknown-insurance", INSURED, "insurance_type_code",
          insurance_type_code="999"),
    wrong("R-SOC-01", "covers-a-later-month", CONTRIBUTION, "covered_month",
          covered_month="201803"),
    wrong("R-VAL-07", "received-nobody-knows-when", CONTRIBUTION, "received_month", "blank",
          received_month=""),
    wrong("R-VAL-15", "base-of-zero", CONTRIBUTION, "contribution_base", contribution_base="0"),
    wrong("R-SOC-02", "negative-pension", BENEFIT, "amount", amount="-1"),
    wrong("R-SOC-02", "positive-recovery", BENEFIT, "amount", transaction_kind="追回"),
]  # fmt: skip
