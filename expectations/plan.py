"""Which expectations a product must meet: base, written part, reconciliation, drift."""

from __future__ import annotations

import importlib
from pathlib import Path

from catalog import Catalog
from expectations.base import base
from expectations.drift import drift
from expectations.expected import Expected
from expectations.reconciliation import reconciliation
from expectations.request import GateRequest
from foundation.errors import ConfigurationError

SUITES = Path(__file__).resolve().parent / "suites"


def written(product: str) -> tuple[Expected, ...]:
    """The written part of a product's suite: `SUITE` of `suites/<domain>/<product>.py`."""
    domain, _, name = product.partition(".")
    if not (SUITES / domain / f"{name}.py").exists():
        return ()
    module = importlib.import_module(f"expectations.suites.{domain}.{name}")
    suite: tuple[Expected, ...] = module.SUITE
    return suite


def plan(catalog: Catalog, product: str, request: GateRequest) -> tuple[Expected, ...]:
    """Everything expected of one product in one request.

    Raises:
        ConfigurationError: no contract or no file for the product, a check that the gate does not
            know, or two expectations with one id.
    """
    contract = catalog.products.get(product)
    if contract is None:
        raise ConfigurationError(f"no contract for the product {product!r}", "add its contract")
    if product not in request.composition:
        raise ConfigurationError(f"{product} is to be judged but not in the composition")
    result = (
        *base(catalog, contract),
        *written(product),
        *reconciliation(contract),
        *(drift(contract) if product in request.previous else ()),
    )
    ids = [expected.id for expected in result]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ConfigurationError(f"{product}: the expectation {twice[0]} stands twice")
    return result
