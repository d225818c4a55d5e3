"""Expectations on the counts: what was delivered, what arrived, what became of it.

Each product is reconciled over the extracts its columns are made from (all of its domain's when
its contract names none). The chain of counts is judged once per domain, on its main product.
"""

from __future__ import annotations

from catalog import ProductContract
from expectations.expected import RECONCILED, Expected, NoRows, no_rows

# The product of a domain that stands for "every record became a subject or is explained".
MAIN_PRODUCTS = (
    "population.person",
    "legal_entity.legal_entity",
    "e_licence.licence_holder",
    "macro_economy.observation",
)

# What must not be so; counts that are NULL are wrong too.
_CHAIN = {
    "current_records": "current_records > raw_rows",
    "mentions": "mentions <> identified + unresolved",
    # Every current record is of somebody: mentions are lost where there are fewer of them.
    "mentions_per_record": "mentions < current_records",
}


def reconciliation(contract: ProductContract) -> list[Expected]:
    """Expectations over `gate.reconciliation` for one product."""
    own = f"FROM gate.reconciliation WHERE domain = '{contract.domain}'"
    extracts = sorted({s.rsplit(".", 1)[0] for c in contract.columns for s in c.sources})
    listed = ", ".join(f"'{extract}'" for extract in extracts)
    only = f" AND extract IN ({listed})" if extracts else ""
    wanted = f" AND told.extract IN ({listed})" if extracts else ""
    result: list[Expected] = [
        no_rows(
            "reconciliation.present",
            RECONCILED,
            "FROM gate.extract AS told ANTI JOIN gate.reconciliation AS counted "
            "ON counted.extract = told.extract AND counted.domain = told.domain "
            f"WHERE told.domain = '{contract.domain}'{wanted}",
        ),
        no_rows(
            "reconciliation.rows",
            RECONCILED,
            # An extract of which the ledger knows no delivery has no count there.
            f"{own}{only} AND (coalesce(ledger_rows, 0) <> raw_rows) IS NOT FALSE",
        ),
    ]
    if contract.id in MAIN_PRODUCTS:
        result.extend(
            no_rows(f"reconciliation.{what}", RECONCILED, f"{own} AND ({wrong}) IS NOT FALSE")
            for what, wrong in _CHAIN.items()
        )
    if contract.name == "unresolved_record":
        result.append(_unresolved(contract))
    return result


def _unresolved(contract: ProductContract) -> NoRows:
    """The rows of the product are, per extract, the records the models could not resolve."""
    return no_rows(
        "reconciliation.unresolved",
        RECONCILED,
        f"FROM (SELECT * FROM gate.reconciliation WHERE domain = '{contract.domain}') AS told "
        f"FULL JOIN (SELECT extract, count(*) AS n FROM {contract.id} GROUP BY extract) AS kept "
        "ON told.extract = kept.extract "
        "WHERE CASE WHEN told.extract IS NULL THEN 0 ELSE told.unresolved END "
        "IS DISTINCT FROM coalesce(kept.n, 0)",
    )
