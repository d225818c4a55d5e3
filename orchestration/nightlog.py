"""The night's log, `logs/night.log`: counts, ids and rules; no file name, no value of any row."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler

from foundation.files import make_private
from foundation.paths import DataRoot
from orchestration.report import NightReport

_ROTATE_BYTES, _KEPT = 5_000_000, 10
_logger = logging.getLogger("tongchuan")


@contextmanager
def night_log(root: DataRoot) -> Iterator[None]:
    """Write what the rooms log (logger `tongchuan`) into the data root while a night runs."""
    make_private(root.logs)
    handler = RotatingFileHandler(
        root.logs / "night.log", maxBytes=_ROTATE_BYTES, backupCount=_KEPT, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    before, spreads = _logger.level, _logger.propagate
    _logger.addHandler(handler)
    _logger.setLevel(logging.INFO)
    _logger.propagate = False
    try:
        yield
    finally:
        _logger.removeHandler(handler)
        _logger.setLevel(before)
        _logger.propagate = spreads
        handler.close()


def log_report(report: NightReport) -> None:
    """One line for each delivery and each product that is not served as it should be."""
    for d in report.deliveries:
        _logger.info(
            "delivery %s %s %s read=%d accepted=%d rejected=%d duplicate=%d %s",
            d.receipt_id, d.extract, d.status, d.read, d.accepted, d.rejected, d.duplicate,
            d.refused_rule or "",
        )  # fmt: skip
    for v in report.verdicts:
        level = logging.WARNING if v.verdict == "held" else logging.INFO
        _logger.log(level, "product %s %s rows=%s %s", v.product, v.verdict, v.rows, v.because)
    for c in report.objections:
        _logger.info(
            "objections %s opened=%d still=%d resolved=%d",
            c.product, c.opened, c.still, c.resolved,
        )  # fmt: skip
    seconds = " ".join(f"{name}={value:.1f}s" for name, value in report.seconds.items())
    _logger.info(
        "%s %s %s release=%s served=%s %s",
        report.kind, report.business_date, report.status, report.release, report.served, seconds,
    )  # fmt: skip
