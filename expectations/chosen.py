"""That a product holds exactly the chosen candidates of its attribute product, and nothing else."""

from __future__ import annotations

from catalog import Catalog
from expectations.expected import KEY, RECONCILED, Expected, no_rows


def one_source_per_value(catalog: Catalog, domain: str, attributes: str) -> tuple[Expected, ...]:
    """Expect one chosen candidate for each value of the domain's main product, with that value.

    Args:
        catalog: whose survivorship matrix says which columns are attributes.
        domain: `population`.
        attributes: the product with the candidates (`population.person_attribute`).
    """
    matrix = catalog.survivorship[domain]
    key = catalog.products[matrix.product].key[0].name
    told = [
        f"CAST(nullif({a.attribute}, {a.otherwise or 'NULL'}) AS VARCHAR) AS {a.attribute}"
        for a in matrix.attributes
    ]
    names = ", ".join(a.attribute for a in matrix.attributes)
    published = (
        f"(UNPIVOT (SELECT {key}, {', '.join(told)} FROM {matrix.product}) "
        f"ON {names} INTO NAME attribute VALUE attribute_value)"
    )
    chosen = f"(SELECT * FROM {attributes} WHERE is_chosen)"
    same = (
        f"ON this.{key} = that.{key} AND this.attribute = that.attribute "
        "AND this.attribute_value = that.attribute_value"
    )
    return (
        no_rows(
            "is_chosen.once",
            KEY,
            f"FROM {chosen} GROUP BY {key}, attribute HAVING count(*) > 1",
        ),
        no_rows(
            "attribute_value.published",
            RECONCILED,
            f"FROM {chosen} AS this ANTI JOIN {published} AS that {same}",
        ),
        no_rows(
            "table.covers_values",
            RECONCILED,
            f"FROM {published} AS this ANTI JOIN {chosen} AS that {same}",
        ),
        no_rows(
            "chosen_because.when_chosen",
            RECONCILED,
            f"FROM {attributes} WHERE is_chosen <> (chosen_because IS NOT NULL)",
        ),
    )
