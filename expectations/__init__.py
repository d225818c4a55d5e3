"""The gate: what a product must be before anyone sees it.

Belongs here: one suite per product (the base made from its contract, the rest written in
`suites/<domain>/<product>.py`), the thresholds, the worker process in which Great Expectations
runs, and the reading of its answers. Does not belong here: what a row of an extract must be (its
contract says so, `ingest` checks it), what a model must compute (dbt unit tests), and what follows
from a verdict (`sharing`). Importing this package imports neither Great Expectations nor DuckDB:
only `expectations.worker` does, in a process of its own.
"""

from expectations.gate import Gate
from expectations.request import GateRequest

__all__ = ["Gate", "GateRequest"]
