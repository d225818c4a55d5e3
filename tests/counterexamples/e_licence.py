"""Counterexamples of electronic licences and of JSON lines: R-LIC, R-JSON."""

from __future__ import annotations

from typing import Any

from tests.counterexamples.case import Case, Rule, refused
from tests.unit.ingest.e_licence_world import LICENCE, MAN, SAMPLE, WOMAN, as_line, jsonl, licence

_FILE = "dzzz_20180331.jsonl"
_TITLE = "电子证照标识"


def value(rule: str, name: str, action: str, column: str, *also: Rule, **changed: Any) -> Case:
    """A file of one good row and one in which some values were changed; both are accepted."""
    content = jsonl(licence(1), licence(2, **changed))
    return Case(
        rule, name, lambda _city: content, (2, 2, 0, 0), extract=LICENCE, file=_FILE,
        rules=((rule, action, column, 1), *also),
    )  # fmt: skip


def broken(rule: str, name: str, line: str) -> Case:
    """A file of one good row and one line that is no record."""
    content = jsonl(licence(1), line)
    return Case(
        rule, name, lambda _city: content, (2, 1, 1, 0), extract=LICENCE, file=_FILE,
        rules=((rule, "reject", "", 1),), returned=(("2", "", rule),),
    )  # fmt: skip


_GOOD = as_line(licence(2))
CASES = [
    refused("R-JSON-01", "array", b"[" + jsonl(licence(1)).strip() + b"]", extract=LICENCE,
            file=_FILE),
    refused("R-JSON-01", "pretty-printed", b'{\n "a": 1\n}\n', extract=LICENCE, file=_FILE),
    broken("R-JSON-02", "comma-at-the-end", _GOOD + ","),
    broken("R-JSON-02", "a-list", "[1, 2]"),
    broken("R-JSON-03", "key-twice", _GOOD[:-1] + f', "{_TITLE}": "{SAMPLE}"}}'),
    broken("R-JSON-04", "object-for-a-text", as_line(licence(2, licence_name={"名称": "驾驶证"}))),
    value("R-LIC-01", "no-structure", "warn", "licence_identifier", licence_identifier="JZ-2018-1"),
    value("R-LIC-02", "check", "warn", "licence_identifier", licence_identifier=SAMPLE[:-1] + "V"),
    value("R-LIC-02", "check-of-the-predecessor", "warn", "previous_identifier",
          previous_identifier=SAMPLE[:-1] + "V"),
    value("R-LIC-03", "two-names-one-code", "blank", "holder_code", holder_name="王小明^李梅"),
    value("R-LIC-03", "one-name-two-codes", "blank", "holder_code", holder_code=f"{MAN}^{WOMAN}"),
]  # fmt: skip
