"""The vocabulary: contracts of extracts and products, code lists, departments, rules, grants.

Belongs here: YAML and CSV that say what things are called and what they must be, and the code
that reads them strictly. Does not belong here: anything that touches data, a database or a path
outside this folder. Imports no other room.
"""

from catalog.contracts import (
    Check,
    Column,
    Envelope,
    ExtractContract,
    Form,
    ProductColumn,
    ProductContract,
)
from catalog.errors import CatalogError
from catalog.store import ANY_PROVIDER, Catalog, catalog

__all__ = [
    "ANY_PROVIDER",
    "Catalog",
    "CatalogError",
    "Check",
    "Column",
    "Envelope",
    "ExtractContract",
    "Form",
    "ProductColumn",
    "ProductContract",
    "catalog",
]
