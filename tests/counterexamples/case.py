"""What a counterexample is: a tiny delivery and the exact receipt that it must get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.unit.ingest.ingest_world import HOUSEHOLD, City, csv_bytes, row

Rule = tuple[str, str, str, int]


@dataclass(frozen=True)
class Case:
    """One delivery that breaks one rule.

    Attributes:
        rule: the rule that it is the counterexample of.
        content: makes the bytes; may deliver other files before (a list to shrink from).
        counts: read, accepted, rejected, duplicate.
        refused: the rule of the whole delivery, or None.
        rules: (rule, severity, column, rows) of the receipt, without R-COL-03 of the columns
            that these tiny files leave out.
        returned: (line, column, rule) of each row of 退回明细.
    """

    rule: str
    name: str
    content: Callable[[City], bytes]
    counts: tuple[int, int, int, int]
    extract: str = HOUSEHOLD
    refused: str | None = None
    rules: tuple[Rule, ...] = ()
    returned: tuple[tuple[str, str, str], ...] = ()
    file: str = "data_20180331.csv"
    control: bytes | None = None
    provider: str | None = None
    extra_contract: bool = False

    @property
    def id(self) -> str:
        """The name of the test."""
        return f"{self.rule}-{self.name}"

    @property
    def status(self) -> str:
        """What the receipt must say."""
        if self.refused:
            return "refused"
        return "partly_accepted" if self.counts[2] else "accepted"


def refused(
    rule: str,
    name: str,
    content: bytes | Callable[[City], bytes],
    read: int = 0,
    **told: object,
) -> Case:
    """A delivery that is refused whole: whatever was read went back."""
    make = content if callable(content) else lambda _city: content
    return Case(rule, name, make, (read, 0, read, 0), refused=rule, **told)  # type: ignore[arg-type]


def line(rule: str, name: str, content: bytes, at: int = 2, **told: object) -> Case:
    """A file of one broken line and one good one."""
    return Case(
        rule, name, lambda _city: content, (2, 1, 1, 0),
        rules=((rule, "reject", "", 1),), returned=((str(at), "", rule),), **told,  # type: ignore[arg-type]
    )  # fmt: skip


def value(
    rule: str,
    case_name: str,
    extract: str,
    action: str,
    column: str,
    /,
    *also: Rule,
    extra_contract: bool = False,
    **changed: str,
) -> Case:
    """A file of one good row and one (line 3) in which some values were changed."""

    def make(city: City) -> bytes:
        some = [row(extract, 1), row(extract, 2)]
        some[1].update(changed)
        some[0].update({n: "" for n in changed if n not in some[0]})
        return csv_bytes(extract, some, known=city.catalog)

    rejects = [r for r in ((rule, action, column, 1), *also) if r[1] == "reject"]
    titles = tuple(("3", r[2], r[0]) for r in rejects)
    rejected = int(bool(rejects))
    return Case(
        rule, case_name, make, (2, 2 - rejected, rejected, 0), extract=extract,
        rules=((rule, action, column, 1), *also), returned=titles[:1],
        extra_contract=extra_contract,
    )  # fmt: skip
