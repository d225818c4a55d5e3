"""Counterexamples of the credit theme: R-CRD, R-ORG, and lengths (R-VAL-21)."""

from __future__ import annotations

from tests.counterexamples.case import Case
from tests.unit.ingest.ingest_world import csv_bytes, row

PERMIT, PENALTY = "credit/administrative_permit", "credit/administrative_penalty"
DEBTOR = "credit/dishonest_judgment_debtor"


def wrong(rule: str, name: str, extract: str, column: str, action: str = "reject", **changed: str
          ) -> Case:  # fmt: skip
    """A good row and one that breaks the rule."""
    goes_back = action == "reject"
    provider = "court" if extract == DEBTOR else "environment"
    return Case(
        rule, name, lambda _city: csv_bytes(extract, [row(extract, 1), row(extract, 2, **changed)]),
        (2, 1, 1, 0) if goes_back else (2, 2, 0, 0), extract=extract, provider=provider,
        rules=((rule, action, column, 1),),
        returned=(("3", column, rule),) if goes_back else (),
    )  # fmt: skip


CASES = [
    wrong("R-CRD-01", "a-group", PERMIT, "xk_xdr_lb", xk_xdr_lb="集团"),
    wrong("R-CRD-02", "a-firm-without-code", PERMIT, "xk_xdr_shxym", "blank", xk_xdr_shxym=""),
    wrong("R-CRD-02", "a-firm-without-head", PENALTY, "cf_frdb", "blank", cf_frdb=""),
    wrong("R-CRD-03", "permit-of-another-class", PERMIT, "xk_xklb", xk_xklb="备案"),
    wrong("R-CRD-04", "unknown-kind", PENALTY, "cf_cflb", cf_cflb="罚款;斥责"),
    wrong("R-CRD-04", "kind-of-a-later-law", PENALTY, "cf_cflb", cf_cflb="罚款;通报批评"),
    wrong("R-CRD-05", "fine-of-nothing", PENALTY, "cf_nr_fk", "blank", cf_nr_fk="0"),
    wrong("R-CRD-05", "fine-without-amount", PENALTY, "cf_nr_fk", "blank", cf_nr_fk=""),
    wrong("R-CRD-16", "fine-of-a-warning", PENALTY, "cf_nr_fk", "warn", cf_cflb="警告"),
    wrong("R-VAL-15", "fine-of-13-digits", PENALTY, "cf_nr_fk", "blank",
          cf_nr_fk="1234567890123"),
    wrong("R-CRD-06", "ends-before-it-begins", PERMIT, "xk_yxqzi", xk_yxqzi="2018/03/25"),
    wrong("R-CRD-08", "status-of-the-other-format", PERMIT, "xk_zt", xk_zt="0"),
    wrong("R-CRD-09", "valid-before-decided", PERMIT, "xk_yxqz", "warn", xk_yxqz="2018/03/25"),
    wrong("R-CRD-14", "number-of-nobody", DEBTOR, "debtor_id", "blank", debtor_id="12345"),
    wrong("R-ORG-01", "wrong-check", PERMIT, "xk_xdr_zzjg", "blank", xk_xdr_zzjg="D2143569-1"),
    wrong("R-VAL-21", "certificate-name", PERMIT, "xk_xkzs", "blank", xk_xkzs="证" * 65),
]  # fmt: skip
