"""The register of rules: every rule id that a receipt, an objection or a gate may cite."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from catalog.yamlfile import StrictModel, YamlFile


class Rule(StrictModel):
    """One rule.

    Attributes:
        severity: `refuse` the delivery, `reject` or `blank` or `warn` a value (a column's on_fail
            decides between reject and blank where it says `value`), `objection`, or `hold`.
        remedy_cn: what the department (or the engineer) does about it.
        evidence: of an objection, the columns (English names) that its evidence quotes;
            `attribute` stands for the very item objected to, an empty list for evidence without
            any value. Left out, the evidence is never shown to another department.
    """

    id: str = Field(pattern=r"^R-[A-Z]+-\d\d$")
    severity: Literal["refuse", "reject", "value", "warn", "objection", "hold", "principle"]
    title_cn: str
    title_en: str
    remedy_cn: str
    evidence: tuple[str, ...] | None = None


class _File(StrictModel):
    rules: list[Rule]


def read_rules(path: Path) -> dict[str, Rule]:
    """Rules by id.

    Raises:
        CatalogError: the file does not fit, or an id stands twice.
    """
    file = YamlFile(path)
    found: dict[str, Rule] = {}
    for position, rule in enumerate(file.parse(_File).rules):
        if rule.id in found:
            raise file.error(("rules", position), f"{rule.id} stands twice")
        found[rule.id] = rule
    return found
