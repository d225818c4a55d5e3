"""dbt YAML of the conformed models, made from the product contracts.

dbt enforces names and types of every column when it builds a model (`contract: enforced`). What the
values must be is not said here: that is the gate's.
"""

from __future__ import annotations

from catalog.dbt_sources import dump, model_meta, raw_sources_yaml, sources_yaml, staging_yaml
from catalog.dbt_survivorship import macro_sql
from catalog.store import Catalog

# dbt wants an owner of each group: the platform keeps the models, departments own the data.
GROUP_OWNER = "data-bureau"


def models_yaml(catalog: Catalog, domain: str) -> str:
    """The conformed models of a domain: descriptions, and columns that dbt enforces."""
    models = [
        {
            "name": contract.model,
            "description": contract.purpose,
            "config": {"contract": {"enforced": True}} | model_meta(domain, contract.model),
            "columns": [
                {
                    "name": column.name,
                    "description": f"{column.title_cn}：{column.description}",
                    "data_type": column.sql_type,
                }
                for column in contract.columns
            ],
        }
        for contract in catalog.products.values()
        if contract.domain == domain
    ]
    return dump({"models": models})


def groups_yaml(catalog: Catalog) -> str:
    """The dbt groups: one per domain that has an extract or a product."""
    domains = {extract.domain for extract in catalog.extracts.values()}
    domains |= {product.domain for product in catalog.products.values()}
    return dump(
        {"groups": [{"name": name, "owner": {"name": GROUP_OWNER}} for name in sorted(domains)]}
    )


def generated_files(catalog: Catalog) -> dict[str, str]:
    """Every generated file of the dbt project: text by path below `dbt_project/`."""
    files = {
        "models/_groups.yml": groups_yaml(catalog),
        "models/staging/_raw__sources.yml": raw_sources_yaml(catalog),
        "macros/survivorship_matrix.sql": macro_sql(catalog),
    }
    for domain in sorted({contract.domain for contract in catalog.extracts.values()}):
        folder = f"models/staging/{domain}/_{domain}"
        files[f"{folder}__sources.yml"] = sources_yaml(catalog, domain)
        files[f"{folder}__staging.yml"] = staging_yaml(catalog, domain)
    for domain in sorted({contract.domain for contract in catalog.products.values()}):
        files[f"models/conformed/{domain}/_{domain}__models.yml"] = models_yaml(catalog, domain)
    return files
